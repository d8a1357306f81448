/* SPDX-License-Identifier: BSD-3-Clause */
/* cycling.h: what charging and discharging says about a cell: steps, cycles, capacities, efficiencies, retention.
 *
 * Signs: anodic current of the working electrode is positive and is called charge, whichever electrode it is; cathodic
 * current is discharge. A cathode, and a full cell whose working electrode is the positive one, gives up its ions when
 * charged; an anode against a metal takes them up when discharged. Which is the case is told by the caller
 * (closo_electrode_role), never read out of the data. SI inside: coulombs, joules, volts, seconds. */
#ifndef CLOSO_CYCLING_H
#define CLOSO_CYCLING_H

#include "closo/base.h"
#include "closo/instrument.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the working electrode is. It decides which half cycle opens a cycle and how coulombic efficiency is formed.
 *   CATHODE, FULL_CELL: a cycle is a charge and the discharge after it; efficiency = discharge / charge.
 *   ANODE (against a metal): a discharge (uptake) and the charge (release) after it; efficiency = charge / discharge.
 *   UNSAID: as CATHODE, and a note says that this was assumed. */
typedef enum closo_electrode_role {
    CLOSO_ROLE_UNSAID,
    CLOSO_ROLE_CATHODE,
    CLOSO_ROLE_ANODE,
    CLOSO_ROLE_FULL_CELL
} closo_electrode_role;

/* "cathode", "anode", "full cell" (also "full", "full-cell"). ARGUMENT: another word. */
CLOSO_API CLOSO_CHECK closo_status closo_electrode_role_parse(const char *text,
                                                              closo_electrode_role *role,
                                                              closo_error *error);
/* The word for it; a constant string. */
CLOSO_API const char *closo_electrode_role_name(closo_electrode_role role);

/* ---- steps ------------------------------------------------------------------------------------------------------ */

typedef enum closo_step_kind {
    CLOSO_STEP_REST,             /* no current */
    CLOSO_STEP_CONSTANT_CURRENT, /* within 2 % */
    CLOSO_STEP_HOLD,             /* constant potential, the current dies away */
    CLOSO_STEP_VARYING           /* current of one sign that does neither */
} closo_step_kind;

/* Rows first_row .. first_row + row_count - 1 of the rows in use. */
typedef struct closo_step {
    closo_step_kind kind;
    int direction; /* +1 charge, -1 discharge, 0 rest */
    size_t first_row, row_count;
    double duration_s;         /* from the row before it to its last row */
    double from_V, to_V;       /* first and last potential */
    double mean_current_A;     /* charge / duration; signed */
    double charge_C, energy_J; /* signed */
    double integral_C;         /* the charge by current and time alone; signed */
    bool after_gap;            /* the clock was restarted or paused before it */
} closo_step;

/* ---- cycles ------------------------------------------------------------------------------------------------------ */

/* All steps of one direction until the other comes; rests between them belong to it, and so does the one after it. */
typedef struct closo_half_cycle {
    int direction; /* +1 charge, -1 discharge */
    size_t first_step, step_count;
    size_t first_row, row_count; /* without the rest after it */
    double charge_C;             /* magnitude */
    double energy_J;             /* magnitude */
    double hold_C;               /* part of charge_C in holds */
    double mean_V;               /* energy / charge */
    double half_V;               /* potential when half of the charge has passed */
    double rate_A;     /* mean current of its constant-current steps, weighted by charge */
    double duration_s; /* of its current-carrying steps */
    /* Where it sets in: step of potential / step of current, from the last row before to the first row with current. It
     * holds all that happens within delay_s: ohmic drop and the fast part of polarisation. NaN without a row before. */
    double resistance_ohm, resistance_delay_s;
    bool resistance_at_reversal; /* no rest before it: the current was turned round */
    double instrument_C; /* magnitude by the file's own capacity column; NaN when it has none */
    double integral_C;   /* magnitude by current and time alone, whatever charge_C is from */
    /* The rest after it: last potential - last potential under current, and how fast it still moves. NaN without one. */
    double relaxation_V, rest_s, rest_end_V, rest_drift_V_per_s;
} closo_half_cycle;

/* One cycle. Capacities are of the whole cell; NaN where a half cycle is missing. */
typedef struct closo_cycle {
    int cycle;                          /* 1, 2, ... */
    size_t charge_half, discharge_half; /* indices of half cycles; SIZE_MAX when missing */
    double charge_C, discharge_C;       /* magnitudes */
    double charge_J, discharge_J;       /* magnitudes */
    double coulombic_efficiency;        /* by the electrode's role */
    double energy_efficiency;           /* discharge_J / charge_J; NaN when none comes back */
    double voltage_efficiency;          /* mean_discharge_V / mean_charge_V */
    double mean_charge_V, mean_discharge_V;
    double hysteresis_V; /* potential at half of the charge - at half of the discharge */
    double charge_rate_per_h,
        discharge_rate_per_h; /* C-rates; NaN unless the capacity of 1 C is known */
    bool complete;            /* both half cycles, and none cut off by the end of the data */
} closo_cycle;

/* ---- over cycles ------------------------------------------------------------------------------------------------- */

typedef struct closo_retention {
    int reference_cycle; /* the cycle that counts as 1; 0: there is none */
    int last_cycle;      /* the last complete one */
    double capacity,
        energy; /* of the released charge and of the discharge energy, last / reference */
    /* Straight line through the retention of complete cycles from the reference on, per cycle (negative when it fades);
     * sigma from the scatter about the line. NaN with fewer than 3 cycles. */
    closo_value capacity_per_cycle, energy_per_cycle;
    size_t cycle_count; /* on the line */
} closo_retention;

typedef struct closo_cycling_summary {
    closo_retention retention;
    double irreversible_C;     /* put in minus got back, first complete cycle; NaN without one */
    double irreversible_share; /* of what was put in */
    /* Of complete cycles after the first; sigma of the mean from their scatter, enlarged (and a note says so) where
     * neighbours resemble each other. */
    closo_value mean_coulombic_efficiency;
} closo_cycling_summary;

/* How the instrument's own counter agrees with the rows where closo sees a change. */
typedef struct closo_counter_check {
    const char *column;         /* its name */
    size_t instrument_changes;  /* rows at which it changes */
    size_t own_changes;         /* rows at which closo begins a new step, half cycle or cycle */
    size_t matched;             /* of the instrument's, those within one row of closo's */
    size_t first_unmatched_row; /* of the instrument's, counted from 1 in the file; 0: none */
} closo_counter_check;

typedef struct closo_cycling_options {
    closo_electrode_role role;
    double mass_kg, area_m2; /* 0: as the file says, if it does */
    double capacity_C;       /* charge of 1 C; 0: as the file says */
    double zero_current_A;   /* |I| below is a rest; 0: from the data */
    int reference_cycle;     /* of retention; 0: the first complete one */
} closo_cycling_options;

typedef struct closo_cycling {
    size_t row_count; /* rows in use; closo_cycling_rows_read() gives them */
    const char *time_name, *potential_name, *current_name; /* the columns they come from */
    const struct closo_cycling_source *source;             /* where the rows are; private */
    closo_electrode_role role;
    double mass_kg, area_m2, capacity_C; /* 0: nobody said */
    double zero_current_A;
    bool signs_from_potential; /* the file's currents had no sign */
    closo_step *steps;         /* every row belongs to exactly one */
    size_t step_count;
    closo_half_cycle *half_cycles;
    size_t half_cycle_count;
    closo_cycle *cycles;
    size_t cycle_count;
    closo_counter_check *counters;
    size_t counter_count;
    closo_cycling_summary summary;
    const struct closo_cycling_analyses *analyses; /* NULL until closo_cycling_analyse() */
    const char *rule; /* what was done, with the numbers that were used, in sentences */
    closo_notes notes;
} closo_cycling;

/* Rows in use: with a repaired clock, without missing and repeated rows, currents signed. */
typedef struct closo_cycling_rows {
    size_t first_row, row_count;
    const double *time_s, *potential_V, *current_A;
    const double *charge_C; /* that passed since the row before, signed */
} closo_cycling_rows;

/* Rows first_row .. first_row + row_count - 1 of the cycling, those of a half cycle say, in the arena. They are worked out
 * from the table, which must still be there, and not kept: a cycling of a file of 100 MB takes a few MB.
 * RANGE: there are not so many; NOMEM. O(row_count). */
CLOSO_API CLOSO_CHECK closo_status closo_cycling_rows_read(const closo_cycling *cycling,
                                                           size_t first_row, size_t row_count,
                                                           closo_arena *arena,
                                                           closo_cycling_rows *rows,
                                                           closo_error *error);

/* The row of the file, counted from 0, that a row in use comes from; row < row_count. */
CLOSO_API size_t closo_cycling_file_row(const closo_cycling *cycling, size_t row);

/* Steps and cycles of E(t) and I(t).
 *
 * Rule. Rows: those without time, potential or current and those that repeat the row before are left out; a clock that
 * jumps back by about a day is a midnight; one that starts again is joined on; rows that then repeat what was there are
 * left out. Rest: |I| below zero_current_A, which is the middle (of logarithms) of the widest gap in the distribution of
 * |I| below 1/500 of the mean current (weighted by charge), or 1/1000 of the mean current when there is no gap of a
 * factor 3. Runs of at most two rows that carry less than 1 % of the charge beside them are not a turn. Within a run
 * of one sign a step is constant current while I stays within 2 % (or six times its noise) of where it began, a hold
 * while E stays within 2 mV (or six times its noise) and I falls, else varying. Half cycle: all steps of one direction
 * until the other comes. Cycle: by the electrode's role. Charge: the instrument's own where it has it (an increment for
 * each row, a charge of the half cycle, or columns of capacity that add up to what the currents pass), else averaged currents times the interval before each row, else the trapezoid
 * rule within a step. An impedance whose current runs against that of the half cycle counts as a rest.
 *
 * options may be NULL. The table has to live as long as the cycling. FORMAT, RANGE as closo_trace_from_table(); RANGE: no row is a number, or no current ever flows;
 * ARGUMENT: a mass, area, capacity or reference cycle below 0. O(rows). */
CLOSO_API CLOSO_CHECK closo_status closo_cycling_from_table(const closo_table *table,
                                                            const closo_cycling_options *options,
                                                            closo_arena *arena,
                                                            closo_cycling **cycling,
                                                            closo_error *error);

/* ---- the knee of the retention ------------------------------------------------------------------------------------ */

/* What the retention may follow: a straight line, a + b sqrt(n - n_first), a parabola, or two straight lines that meet. */
typedef enum closo_fade_law {
    CLOSO_FADE_LINE,
    CLOSO_FADE_SQUARE_ROOT,
    CLOSO_FADE_PARABOLA,
    CLOSO_FADE_TWO_LINES,
    CLOSO_FADE_LAW_COUNT
} closo_fade_law;

/* "straight line", "square root", "parabola", "two lines"; a constant string. */
CLOSO_API const char *closo_fade_law_name(closo_fade_law law);

typedef struct closo_fade_fit {
    double rms;       /* of the residuals, each for its degree of freedom */
    double aicc, bic; /* the smaller the better */
} closo_fade_fit;

typedef enum closo_knee_kind {
    CLOSO_KNEE_NONE,   /* another law does as well with fewer parameters */
    CLOSO_KNEE_FASTER, /* the fade is faster after it: a knee */
    CLOSO_KNEE_SLOWER  /* the fade is slower after it: the end of a formation or of a first loss */
} closo_knee_kind;

typedef struct closo_knee {
    closo_knee_kind kind;
    closo_fade_law law;                            /* the one of the smallest criteria */
    closo_value cycle, retention;                  /* where the two lines meet */
    closo_value before_per_cycle, after_per_cycle; /* slopes, negative when it fades */
    closo_fade_fit fits[CLOSO_FADE_LAW_COUNT];
    double correlation;  /* of neighbouring residuals about the two lines */
    double sigma_factor; /* by which sigma was enlarged for it; 1: not */
    size_t count;
} closo_knee;

/* Least-squares fit of two straight lines that meet, over all places where they can (the minimum between neighbouring
 * cycles is in closed form: D. J. Hudson, J. Am. Stat. Assoc. 61 (1966) 1097, doi:10.1080/01621459.1966.10482198), at
 * least 3 points on each side. The laws are compared by AICc and BIC (K. P. Burnham and D. R. Anderson, Sociol. Methods
 * Res. 33 (2004) 261, doi:10.1177/0049124104268644); the place of the knee counts as three parameters, since it was
 * searched for (Y. Ninomiya, Ann. Inst. Stat. Math. 67 (2015) 943, doi:10.1007/s10463-014-0481-x). A knee is only told
 * when both criteria are smallest for the two lines; its place and slopes are given in any case. Neighbouring residuals
 * that resemble each other (r > 2 / sqrt(count)) enlarge sigma by sqrt((1 + r) / (1 - r)) and shrink the number of
 * points that the criteria count by its square.
 * RANGE: fewer than 8 points, cycles that do not rise, or values that are not finite. O(count). */
CLOSO_API CLOSO_CHECK closo_status closo_knee_find(const double *cycle, const double *retention,
                                                   size_t count, closo_arena *arena,
                                                   closo_knee *knee, closo_error *error);

/* ---- the rate test ------------------------------------------------------------------------------------------------ */

enum {
    CLOSO_RATE_FEW_CYCLES = 1, /* one cycle only: no spread */
    CLOSO_RATE_DRIFTING =
        2, /* the capacity still moved: more than 1 % over the cycles averaged, beyond 3 sigma */
    CLOSO_RATE_HELD =
        4, /* more than 5 % of the charge put in came in holds: not of this rate alone */
    CLOSO_RATE_STARVED = 8 /* less than a fifth of the first group's capacity */
};

/* Consecutive complete cycles whose currents, both of charge and of discharge, are within 5 % of the first one's. What is
 * got back counts as capacity: the discharge, for an anode the charge. */
typedef struct closo_rate_group {
    int first_cycle, last_cycle;
    size_t cycle_count, averaged; /* averaged: the last ones, which the capacity is the mean of */
    double charge_A, discharge_A; /* means over the group */
    double charge_rate_per_h, discharge_rate_per_h; /* NaN unless the capacity of 1 C is known */
    closo_value capacity_C;                         /* sigma of the mean */
    double spread_C; /* standard deviation of one cycle among the averaged; NaN with one */
    double first_C, last_C;
    closo_value per_cycle_C;     /* slope over the whole group; NaN with fewer than 3 cycles */
    double coulombic_efficiency; /* mean of the averaged */
    double share;                /* of the first group's capacity */
    int same_as;                 /* index of the first earlier group of the same rate; -1: none */
    closo_value recovery;        /* capacity over that group's; NaN without one */
    unsigned flags;
} closo_rate_group;

typedef struct closo_rate_test {
    closo_rate_group *groups;
    size_t group_count;
    size_t rate_count;    /* different rates */
    int return_group;     /* index of the first group that comes back to a rate; -1: none */
    closo_value recovery; /* of that group */
} closo_rate_test;

/* ---- formation ---------------------------------------------------------------------------------------------------- */

typedef struct closo_formation {
    size_t cycle_count; /* complete cycles counted as formation; 0: there is none */
    int first_cycle, last_cycle;
    bool given;            /* by the caller; else the cycles before the first rise of the current */
    double irreversible_C; /* put in minus got back, over all of them */
    double irreversible_share; /* of what was put in in the first of them */
    double first_efficiency;   /* coulombic, of the first of them */
    double next_efficiency;    /* of the first cycle after it; NaN without one */
} closo_formation;

/* ---- resistance and rest ------------------------------------------------------------------------------------------ */

/* The steps of potential where charge or discharge sets in, over cycles. */
typedef struct closo_resistance_trend {
    int direction;             /* +1 charge, -1 discharge */
    closo_value start_ohm;     /* of the straight line, at its first cycle */
    closo_value ohm_per_cycle; /* its slope; sigma from the scatter */
    double delay_s;            /* median time between the two rows of a step */
    size_t count;
    int first_cycle, last_cycle;
} closo_resistance_trend;

typedef enum closo_relaxation_law {
    CLOSO_RELAXATION_NONE,        /* fewer than 8 rows, or nothing moves beyond the noise */
    CLOSO_RELAXATION_EXPONENTIAL, /* end + amplitude exp(-t / time_constant) */
    CLOSO_RELAXATION_SQUARE_ROOT  /* start + amplitude sqrt(t): diffusion, far from its end */
} closo_relaxation_law;

/* The rest after a half cycle. t counts from its first row. */
typedef struct closo_relaxation {
    size_t half_cycle;
    int cycle;     /* the cycle it belongs to */
    int direction; /* of the half cycle before */
    closo_relaxation_law law;
    double step_V;         /* last under current to first at rest: ohmic, if the rows are close */
    double resistance_ohm; /* step_V / the current before */
    double step_delay_s;
    double from_V, to_V, duration_s;
    closo_value end_V;           /* extrapolated, exponential; NaN else */
    closo_value amplitude;       /* V, or V s^-0.5 */
    closo_value time_constant_s; /* NaN for the square root */
    double rms_V;
    size_t row_count;
} closo_relaxation;

/* ---- dQ/dV and dV/dQ ---------------------------------------------------------------------------------------------- */

typedef enum closo_differential_kind {
    CLOSO_DIFFERENTIAL_CAPACITY, /* dQ/dV against potential */
    CLOSO_DIFFERENTIAL_POTENTIAL /* dV/dQ against charge passed since the start of the half cycle */
} closo_differential_kind;

/* A maximum that stands out by more than five sigma and 3 % of the highest. */
typedef struct closo_differential_peak {
    closo_value position; /* V, or C: the centre of what rises above 70 % of it */
    closo_value height;   /* C/V, or V/C */
    closo_value area; /* C, or V: between the lowest points on both sides, without a base line */
    double from, to;  /* those lowest points */
    double half_low,
        half_high; /* where it has half its height; NaN where it does not fall so far */
} closo_differential_peak;

/* What passes (charge, or potential) over bins of the other, smoothed; magnitudes, whatever the direction. In a half cycle
 * of count bins from x[0] - bin/2 on the sum of y * bin is the charge of the half cycle without its holds to rounding (or
 * the span of potential). */
typedef struct closo_differential {
    closo_differential_kind kind;
    size_t half_cycle;
    int cycle, direction;
    size_t count;
    double *x;           /* V, or C: middles of the bins */
    double *y, *y_sigma; /* C/V, or V/C; sigma from the noise of the potential */
    double bin;          /* V, or C */
    double bandwidth;    /* sigma of the Gaussian it was smoothed with */
    double
        resolution; /* full width at half maximum of an infinitely sharp peak: smoothing, bin and noise together */
    double noise_V; /* of one row: from second differences, at least that of the last digit */
    double total;   /* C, or V */
    double hold_C;  /* charge that passed at constant potential: not in the curve */
    closo_differential_peak *peaks;
    size_t peak_count;
} closo_differential;

/* One half cycle. The charge of each interval between rows is spread evenly over the potentials it spans (for dV/dQ: the
 * other way round), put into bins of a quarter of the bandwidth and smoothed with a Gaussian that is mirrored at both
 * ends, so that nothing is lost. bandwidth 0: from the noise, such that it moves the curve by 1 % where half of the charge
 * passes: h^3 = noise^2 charge_per_row / (4 sqrt(pi) 0.01^2 dQ/dV), at least twice the noise and the step between rows.
 * RANGE: no such half cycle, fewer than 8 rows under current or a potential that does not move; ARGUMENT: a bandwidth
 * below 0. O(rows + bins). */
CLOSO_API CLOSO_CHECK closo_status closo_differential_make(
    const closo_cycling *cycling, size_t half_cycle, closo_differential_kind kind, double bandwidth,
    closo_arena *arena, closo_differential **differential, closo_error *error);

/* Writes curves of one kind, one below the other, as CSV: cycle, direction (1, -1), x, y and its sigma, in mAh and V. */
CLOSO_API CLOSO_CHECK closo_status closo_differential_write_csv(closo_differential *const *curves,
                                                                size_t count, const char *path,
                                                                closo_arena *arena,
                                                                closo_error *error);

/* ---- plateaus ----------------------------------------------------------------------------------------------------- */

/* A peak of dQ/dV at least twice the mean dQ/dV of its half cycle, which holds at least 5 % of the charge. */
typedef struct closo_plateau {
    size_t half_cycle;
    int cycle, direction;
    closo_value potential_V; /* where dQ/dV is highest: the curve is flattest */
    double charge_C,
        share; /* what passes where dQ/dV is above a tenth of the peak, short of the next one */
    double from_V, to_V;       /* there, low to high */
    double from_C, to_C;       /* charge passed since the start of the half cycle */
    closo_value slope_V_per_C; /* straight line through the rows above half of the peak */
} closo_plateau;

/* A plateau of the charge and the one of the discharge of the same cycle that belongs to it: those at the nearest states
 * of charge, in order. */
typedef struct closo_overpotential {
    int cycle;
    size_t charge_plateau, discharge_plateau; /* indices of plateaus */
    closo_value overpotential_V;              /* half of their distance */
    closo_value middle_V;
    closo_value
        resistance_ohm; /* their distance over the sum of both currents; NaN without currents */
} closo_overpotential;

/* ---- stepwise cut-offs -------------------------------------------------------------------------------------------- */

/* What damage shows in. All are the larger the worse. */
typedef enum closo_damage_measure {
    CLOSO_DAMAGE_IRREVERSIBLE, /* share of the charge put in that does not come back */
    CLOSO_DAMAGE_LOSS, /* share of the capacity lost from one cycle to the next at the same cut-off */
    CLOSO_DAMAGE_OVERPOTENTIAL, /* V: of the lowest pair of plateaus, or half the distance of the mean potentials */
    CLOSO_DAMAGE_RESISTANCE, /* ohm: where discharge sets in; in one charge, where charge goes on */
    CLOSO_DAMAGE_HOLD,       /* share of the charge that passes in holds: slow reactions */
    CLOSO_DAMAGE_MEASURES
} closo_damage_measure;

/* "irreversible charge", "loss of capacity", "overpotential", "resistance", "charge in holds"; a constant string. */
CLOSO_API const char *closo_damage_measure_name(closo_damage_measure measure);

/* Cycles of one upper cut-off, or in one charge what lies up to one hold. */
typedef struct closo_cut_off {
    double cut_off_V;
    int first_cycle, last_cycle;
    size_t cycle_count;
    double charge_C, discharge_C; /* means of the cycles after the first at this cut-off */
    double first_efficiency;      /* coulombic, of the first cycle; NaN in one charge */
    double efficiency;            /* mean of the others */
    double irreversible_C;        /* put in minus got back, over all its cycles */
    closo_value
        measure[CLOSO_DAMAGE_MEASURES]; /* mean of the cycles after the first; NaN where unknown */
    closo_value
        expected[CLOSO_DAMAGE_MEASURES]; /* by the trend of the cut-offs before; NaN without one */
    double probability
        [CLOSO_DAMAGE_MEASURES]; /* that the trend and its scatter alone give so much or more */
    bool
        opens; /* the capacity is more than 10 % above that of the cut-off before: the trend begins anew */
} closo_cut_off;

typedef struct closo_stepwise {
    closo_cut_off *cut_offs; /* rising; fewer than 3: not a stepwise test */
    size_t count;
    bool within_one_charge; /* steps with holds in a single charge (thesis ch6, Fig. 3) */
    int damage;             /* index of the first cut-off with damage; -1: none */
    unsigned reasons;       /* bits 1 << measure: those that left their trend there */
    closo_value
        onset_V; /* middle between the last cut-off without and the first with it; sigma of an even
                               distribution between them */
    double confidence; /* 1 - probability by chance, for all tests made */
} closo_stepwise;

/* ---- all of them -------------------------------------------------------------------------------------------------- */

typedef struct closo_cycling_analysis_options {
    size_t formation_cycles; /* 0: those at the lower first rate, else 1 */
    size_t rate_last;        /* cycles of a group that are averaged; 0: 3 */
    const int *cycles;       /* whose dQ/dV and dV/dQ are wanted; NULL: closo_cycling_choose() */
    size_t cycle_count;
    double bandwidth_V; /* of dQ/dV, of the plateaus too; 0: from the noise */
    double bandwidth_C; /* of dV/dQ */
    /* What fits on a page: without dQ/dV, dV/dQ and relaxations, and with the plateaus of two cycles only, the first and the
     * last with a pair among five at each end (of all cycles where cut-offs rise). Five times faster on a long test. */
    bool brief;
} closo_cycling_analysis_options;

enum { CLOSO_CYCLES_CHOSEN = 5 };
/* The first, the second, and the rest spread evenly up to the last. Returns how many. */
CLOSO_API size_t closo_cycling_choose(const closo_cycling *cycling,
                                      int chosen[CLOSO_CYCLES_CHOSEN]);

/* Cycles by their numbers. */
typedef struct closo_cycle_list {
    int *cycles;
    size_t count;
} closo_cycle_list;
/* Reads cycles as people list them, "1,2,50", "1-3,10", "5-last", of cycle_count that there are, in the order given and each
 * once. A range ends with the last cycle; a number beyond it stays, and what takes the list says so. cycle_count 0: only
 * the words are looked at, and the list is empty. ARGUMENT: it is no such list. O(length + cycle_count). */
CLOSO_API CLOSO_CHECK closo_status closo_cycle_list_parse(const char *text, size_t cycle_count,
                                                          closo_arena *arena,
                                                          closo_cycle_list *list,
                                                          closo_error *error);

typedef struct closo_cycling_analyses {
    bool has_knee;
    closo_knee knee; /* of the retention of complete cycles from the reference on */
    closo_rate_test rate_test;
    closo_formation formation;
    closo_resistance_trend resistance[2]; /* charge, discharge */
    closo_relaxation *relaxations;
    size_t relaxation_count;
    closo_differential **capacities, **potentials; /* dQ/dV and dV/dQ of the cycles wanted */
    size_t capacity_count, potential_count;
    closo_plateau *plateaus; /* of all half cycles */
    size_t plateau_count;
    closo_overpotential *overpotentials;
    size_t overpotential_count;
    closo_stepwise stepwise;
    closo_notes notes;
} closo_cycling_analyses;

/* Works out everything above and keeps it in cycling->analyses; what cannot be had is left out, with a note. options may
 * be NULL. NOMEM only. O(rows). */
CLOSO_API CLOSO_CHECK closo_status
closo_cycling_analyse(closo_cycling *cycling, const closo_cycling_analysis_options *options,
                      closo_arena *arena, closo_error *error);

/* {cycles[{cycle, charge_mAh, discharge_mAh, charge_mAh_g, ..., coulombic_efficiency, ...}], summary{retention{...}, ...},
 * steps[...], counters[...], role, rule, notes[]}, in the arena; NULL when out of memory. */
CLOSO_API const char *closo_cycling_json(const closo_cycling *cycling, closo_arena *arena);

/* Writes the table of cycles as CSV. */
CLOSO_API CLOSO_CHECK closo_status closo_cycling_write_csv(const closo_cycling *cycling,
                                                           const char *path, closo_arena *arena,
                                                           closo_error *error);

/* ---- figures of merit ----------------------------------------------------------------------------------------------
 * What a result means for a cell: per active material, per composite, per cell, against research targets. All numbers
 * carry an uncertainty where the inputs do. docs/merit.md has the equations and their sources. */

/* A layer as it was weighed or measured. NaN: not said; what follows from the others is worked out. */
typedef struct closo_merit_layer {
    const char *name; /* or NULL */
    closo_value mass_kg, thickness_m, density_kg_per_m3;
    closo_value area_m2; /* NaN: the cell's */
} closo_merit_layer;

typedef enum closo_merit_role {
    CLOSO_MERIT_ACTIVE,
    CLOSO_MERIT_ELECTROLYTE,
    CLOSO_MERIT_CARBON,
    CLOSO_MERIT_BINDER,
    CLOSO_MERIT_OTHER
} closo_merit_role;

/* A part of the cathode composite, by weight. */
typedef struct closo_merit_part {
    const char *name;
    closo_merit_role role;
    closo_value share;             /* 0..1 of the composite's mass */
    closo_value density_kg_per_m3; /* of the material without pores, or NaN */
} closo_merit_part;

/* What was measured. NaN: not said. */
typedef struct closo_merit_result {
    closo_value capacity_C_per_kg; /* of discharge, per active mass as weighed */
    closo_value charge_C;   /* of discharge, of the whole cell; goes before capacity_C_per_kg */
    closo_value voltage_V;  /* mean of discharge: energy / charge */
    closo_value rate_per_h; /* C-rate */
    closo_value current_A_per_m2; /* goes before the rate */
    closo_value coulombic_efficiency, energy_efficiency;
    closo_value resistance_ohm_m2;
    closo_value capacity_retention, energy_retention;
    size_t retention_cycles; /* after so many; 0: not said */
    const char *source;      /* the file and cycle it was taken from, or NULL: given by hand */
} closo_merit_result;

/* What a figure should be: at least (sense 1) or at most (sense -1) this. */
typedef struct closo_merit_target {
    int figure; /* closo_merit_figure */
    int sense;
    double value;  /* SI */
    size_t cycles; /* of a retention: after so many; else 0 */
} closo_merit_target;

enum { CLOSO_MERIT_PARTS = 8, CLOSO_MERIT_EXTRAS = 8, CLOSO_MERIT_TARGETS = 32 };

typedef struct closo_merit_cell {
    const char *name;
    closo_value area_m2, pressure_Pa;
    closo_electrode_role role;
    closo_merit_layer cathode, electrolyte, anode;
    closo_value
        loading_kg_per_m2; /* active material per area, where the composite's mass is not said */
    closo_value theoretical_C_per_kg;
    closo_merit_part parts[CLOSO_MERIT_PARTS];
    size_t part_count;
    closo_value conductivity_S_per_m; /* of the electrolyte */
    closo_value anode_C_per_kg;       /* charge per mass of anode metal */
    closo_value anode_excess; /* metal at assembly over the metal that one discharge moves */
    closo_merit_layer extras[CLOSO_MERIT_EXTRAS]; /* current collectors, housing */
    size_t extra_count;
    closo_merit_result result;
    closo_value
        reported_J_per_kg; /* somebody's number for the cell, to ask which anode mass it implies */
    closo_merit_target targets[CLOSO_MERIT_TARGETS];
    size_t target_count; /* 0: those of data/targets.csv */
    closo_notes notes;
} closo_merit_cell;

/* A cell of which nothing is said: every value NaN. */
CLOSO_API void closo_merit_cell_clear(closo_merit_cell *cell);

/* Reads a cell description (YAML; docs/merit.md lists the keys) from a file or from memory. FORMAT: an unknown or missing
 * key, a value that is none, a unit missing or of something else, shares that do not add up to 100 %, a layer whose mass,
 * thickness and density contradict each other; the message names the line and what would be right. */
CLOSO_API CLOSO_CHECK closo_status closo_merit_cell_load(const char *path, closo_arena *arena,
                                                         closo_merit_cell **cell,
                                                         closo_error *error);
CLOSO_API CLOSO_CHECK closo_status closo_merit_cell_parse(const char *name, const void *bytes,
                                                          size_t size, closo_arena *arena,
                                                          closo_merit_cell **cell,
                                                          closo_error *error);

/* Takes the result of a cell from the steps and cycles of `table`: discharge charge and mean voltage of one cycle (0: the
 * first complete one), its efficiencies, current, step of potential over step of current, and the energy retention of the
 * last complete cycle. What the cycle does not have stays as it was. RANGE: there is no such cycle, or it is not complete;
 * and as closo_cycling_from_table(). */
CLOSO_API CLOSO_CHECK closo_status closo_merit_take_cycle(closo_merit_cell *cell,
                                                          const closo_table *table, int cycle,
                                                          closo_arena *arena, closo_error *error);

/* code, JSON key, words for people, factor from SI to the key's unit, unit for people, factor from the key's to theirs */
#define CLOSO_MERIT_LIST(X)                                                                        \
    X(VOLTAGE, "cell_voltage_V", "Cell voltage", 1, "V", 1)                                        \
    X(CAPACITY, "specific_capacity_mAh_g", "Specific capacity", 1 / 3600.0, "mAh/g", 1)            \
    X(CAPACITY_SHARE, "capacity_share", "Share of the theoretical capacity", 1, "%", 100)          \
    X(ENERGY_ACTIVE, "specific_energy_active_Wh_kg", "Specific energy (active material)",          \
      1 / 3600.0, "Wh/kg", 1)                                                                      \
    X(ACTIVE_SHARE, "active_share", "Cathode composition: active material", 1, "wt%", 100)         \
    X(ENERGY_COMPOSITE, "specific_energy_composite_Wh_kg", "Specific energy (cathode composite)",  \
      1 / 3600.0, "Wh/kg", 1)                                                                      \
    X(ENERGY_WITHOUT_ANODE, "specific_energy_cathode_electrolyte_Wh_kg",                           \
      "Specific energy (cathode + electrolyte)", 1 / 3600.0, "Wh/kg", 1)                           \
    X(ENERGY_CELL, "specific_energy_cell_Wh_kg",                                                   \
      "Specific energy (cathode + electrolyte + anode)", 1 / 3600.0, "Wh/kg", 1)                   \
    X(ENERGY_ASSEMBLY, "specific_energy_assembly_Wh_kg",                                           \
      "Specific energy (with collectors and housing)", 1 / 3600.0, "Wh/kg", 1)                     \
    X(AREAL_CAPACITY, "areal_capacity_mAh_cm2", "Areal capacity", 1 / 36000.0, "mAh/cm2", 1)       \
    X(AREAL_ENERGY, "areal_energy_mWh_cm2", "Areal energy", 1 / 36000.0, "mWh/cm2", 1)             \
    X(RATE, "rate_C", "Rate", 1, "C", 1)                                                           \
    X(CURRENT_DENSITY, "current_density_mA_cm2", "Current density", 0.1, "mA/cm2", 1)              \
    X(COULOMBIC_EFFICIENCY, "coulombic_efficiency", "Coulombic efficiency", 1, "%", 100)           \
    X(ENERGY_EFFICIENCY, "energy_efficiency", "Energy efficiency", 1, "%", 100)                    \
    X(RESISTANCE, "internal_resistance_ohm_cm2", "Internal resistance", 1e4, "ohm cm2", 1)         \
    X(ELECTROLYTE_RESISTANCE, "electrolyte_resistance_ohm_cm2",                                    \
      "Resistance of the electrolyte layer", 1e4, "ohm cm2", 1)                                    \
    X(CATHODE_THICKNESS, "cathode_thickness_um", "Cathode composite thickness", 1e6, "um", 1)      \
    X(CATHODE_DENSITY, "cathode_density_g_cm3", "Cathode composite density", 1e-3, "g/cm3", 1)     \
    X(CATHODE_POROSITY, "cathode_porosity", "Cathode composite porosity", 1, "%", 100)             \
    X(ELECTROLYTE_THICKNESS, "electrolyte_thickness_um", "Solid electrolyte thickness", 1e6, "um", \
      1)                                                                                           \
    X(ELECTROLYTE_DENSITY, "electrolyte_density_g_cm3", "Solid electrolyte density", 1e-3,         \
      "g/cm3", 1)                                                                                  \
    X(ANODE_THICKNESS, "anode_thickness_um", "Anode thickness", 1e6, "um", 1)                      \
    X(ANODE_EXCESS, "anode_excess", "Anode metal over what one discharge moves", 1, "times", 1)    \
    X(CELL_AREA, "cell_area_cm2", "Cell area", 1e4, "cm2", 1)                                      \
    X(PRESSURE, "pressure_MPa", "Pressure", 1e-6, "MPa", 1)                                        \
    X(ELECTROLYTE_SHARE, "electrolyte_share", "Additives: electrolyte in the cathode", 1, "wt%",   \
      100)                                                                                         \
    X(CARBON_SHARE, "carbon_share", "Additives: carbon", 1, "wt%", 100)                            \
    X(BINDER_SHARE, "binder_share", "Additives: binder", 1, "wt%", 100)                            \
    X(CAPACITY_RETENTION, "capacity_retention", "Capacity retention", 1, "%", 100)                 \
    X(ENERGY_RETENTION, "energy_retention", "Energy retention", 1, "%", 100)                       \
    X(ENERGY_DENSITY_CATHODE, "energy_density_composite_Wh_L",                                     \
      "Energy density (cathode composite)", 1 / 3.6e6, "Wh/L", 1)                                  \
    X(ENERGY_DENSITY_CELL, "energy_density_cell_Wh_L",                                             \
      "Energy density (cathode + electrolyte + anode)", 1 / 3.6e6, "Wh/L", 1)                      \
    X(LOADING, "loading_mg_cm2", "Loading of active material", 100, "mg/cm2", 1)                   \
    X(ACTIVE_MASS, "active_mass_mg", "Mass of active material", 1e6, "mg", 1)                      \
    X(COMPOSITE_MASS, "composite_mass_mg", "Mass of cathode composite", 1e6, "mg", 1)              \
    X(ELECTROLYTE_MASS, "electrolyte_mass_mg", "Mass of electrolyte layer", 1e6, "mg", 1)          \
    X(ANODE_MASS, "anode_mass_mg", "Mass of anode", 1e6, "mg", 1)                                  \
    X(CELL_MASS, "cell_mass_mg", "Mass of the cell (cathode + electrolyte + anode)", 1e6, "mg", 1) \
    X(IMPLIED_ANODE_MASS, "implied_anode_mass_mg", "Anode mass that the reported energy implies",  \
      1e6, "mg", 1)

typedef enum closo_merit_figure {
#define X(code, key, words, factor, unit, shown) CLOSO_MERIT_##code,
    CLOSO_MERIT_LIST(X)
#undef X
        CLOSO_MERIT_COUNT
} closo_merit_figure;

/* The JSON key, the words, the factor from SI to the key's unit, the unit for people and the factor from SI to it. */
typedef struct closo_merit_name {
    const char *key, *words;
    double key_factor;
    const char *unit;
    double shown_factor;
} closo_merit_name;
CLOSO_API closo_merit_name closo_merit_figure_name(closo_merit_figure figure);

/* One thing changed in a cell, all else held. NaN: as it is. A loading keeps the composition, an active share the mass of
 * the composite, both the specific capacity; an anode given by its excess follows the charge, one given by its mass stays. */
typedef struct closo_merit_change {
    double voltage_V, capacity_C_per_kg, active_share, loading_kg_per_m2, electrolyte_thickness_m;
    double anode_excess;
} closo_merit_change;
/* A change of nothing. */
CLOSO_API closo_merit_change closo_merit_no_change(void);
/* Specific energy of cathode + electrolyte + anode after a change, in J/kg; NaN when the cell does not say enough. */
CLOSO_API double closo_merit_energy_J_per_kg(const closo_merit_cell *cell,
                                             const closo_merit_change *change);

/* A change to a target, and what it buys. */
typedef struct closo_merit_step {
    const char *words; /* "electrolyte 50 um instead of 622 um" */
    closo_merit_change change;
    double energy_J_per_kg, gain; /* gain: energy / energy as it is */
} closo_merit_step;

typedef enum closo_merit_verdict {
    CLOSO_MERIT_NO_TARGET,
    CLOSO_MERIT_MET,
    CLOSO_MERIT_NOT_MET,
    CLOSO_MERIT_WITHIN_SIGMA, /* nearer to the target than one sigma */
    CLOSO_MERIT_NOT_SHOWN     /* a retention after fewer cycles than the target asks for */
} closo_merit_verdict;

typedef struct closo_merit {
    const closo_merit_cell *cell;
    closo_value figures
        [CLOSO_MERIT_COUNT]; /* SI; value NaN: the cell does not say enough; sigma NaN: no input has one */
    bool given[CLOSO_MERIT_COUNT]; /* stands in the description or the file as it is here */
    const closo_merit_target *targets[CLOSO_MERIT_COUNT]; /* or NULL */
    closo_merit_verdict verdicts[CLOSO_MERIT_COUNT];
    double factors
        [CLOSO_MERIT_COUNT]; /* by which the target is missed; 1 when met; NaN without a target */
    closo_merit_step
        *steps; /* single changes, the one that buys most first; the last: all together */
    size_t step_count;
    /* Energy of the cell against electrolyte thickness, for each loading; J/kg. */
    const double *thickness_m, *loading_kg_per_m2;
    const double *const *energy_J_per_kg;  /* [loading][thickness] */
    size_t thickness_count, loading_count; /* 0: the cell does not say enough */
    closo_notes notes;
} closo_merit;

/* Works out every figure that the cell says enough for. Uncertainties: each input is moved by one sigma up and down, the
 * halves of the differences are added in squares (JCGM 100:2008, 5.1.3 note 2; inputs independent of each other). A capacity
 * without an uncertainty of its own stands for the charge it was worked out from with the mass as weighed; one with an
 * uncertainty is taken at its word. RANGE: no capacity or no voltage.
 * cell is borrowed as long as the result. */
CLOSO_API CLOSO_CHECK closo_status closo_merit_work_out(const closo_merit_cell *cell,
                                                        closo_arena *arena, closo_merit **merit,
                                                        closo_error *error);

/* One object: the keys of CLOSO_MERIT_LIST with `<key>_sigma`, targets{}, changes[], what_if[], notes[]; in the arena; NULL
 * when out of memory. */
CLOSO_API const char *closo_merit_json(const closo_merit *merit, closo_arena *arena);
/* The table of figures: figure, value, sigma, unit, target, verdict, factor; or the curves of energy against thickness. */
CLOSO_API CLOSO_CHECK closo_status closo_merit_write_csv(const closo_merit *merit, const char *path,
                                                         closo_arena *arena, closo_error *error);
CLOSO_API CLOSO_CHECK closo_status closo_merit_write_what_if(const closo_merit *merit,
                                                             const char *path, closo_arena *arena,
                                                             closo_error *error);

#ifdef __cplusplus
}
#endif
#endif
