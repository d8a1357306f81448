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
    closo_value
        mean_coulombic_efficiency; /* of complete cycles after the first; sigma of the mean */
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
 * each row, or a charge of the half cycle), else averaged currents times the interval before each row, else the trapezoid
 * rule within a step. An impedance whose current runs against that of the half cycle counts as a rest.
 *
 * options may be NULL. The table has to live as long as the cycling. FORMAT, RANGE as closo_trace_from_table(); RANGE: no row is a number, or no current ever flows;
 * ARGUMENT: a mass, area, capacity or reference cycle below 0. O(rows). */
CLOSO_API CLOSO_CHECK closo_status closo_cycling_from_table(const closo_table *table,
                                                            const closo_cycling_options *options,
                                                            closo_arena *arena,
                                                            closo_cycling **cycling,
                                                            closo_error *error);

/* {cycles[{cycle, charge_mAh, discharge_mAh, charge_mAh_g, ..., coulombic_efficiency, ...}], summary{retention{...}, ...},
 * steps[...], counters[...], role, rule, notes[]}, in the arena; NULL when out of memory. */
CLOSO_API const char *closo_cycling_json(const closo_cycling *cycling, closo_arena *arena);

/* Writes the table of cycles as CSV. */
CLOSO_API CLOSO_CHECK closo_status closo_cycling_write_csv(const closo_cycling *cycling,
                                                           const char *path, closo_arena *arena,
                                                           closo_error *error);

#ifdef __cplusplus
}
#endif
#endif
