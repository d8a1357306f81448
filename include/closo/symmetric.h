/* SPDX-License-Identifier: BSD-3-Clause */
/* symmetric.h: what cells with two metal electrodes say: overpotential, short circuits and critical current density under
 * direct current, electronic conductivity from a polarisation at constant voltage, and the law by which a resistance
 * grows.
 *
 * Signs: an overpotential is positive when it opposes the current, whichever way that flows. SI inside: V, A, C, s, m2,
 * and ohm m2 for a resistance times area. */
#ifndef CLOSO_SYMMETRIC_H
#define CLOSO_SYMMETRIC_H

#include "closo/base.h"
#include "closo/cycling.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- stripping and plating at constant current ------------------------------------------------------------------- */

/* A half cycle, or the part of one that ran at one current. Potentials are overpotentials: the cell's potential times the
 * direction of the current. NaN where there are too few rows. */
typedef struct closo_symmetric_half {
    size_t half_cycle;           /* which of the cycling's, counted from 1 */
    int direction;               /* +1: anodic current at the working electrode */
    size_t first_row, row_count; /* of the cycling's trace; with the rests inside */
    double start_s, end_s;
    double current_A;                 /* magnitude, charge over time */
    double charge_C, charge_before_C; /* magnitudes: of this one, and plated by all before it */
    double start_V, middle_V, end_V;  /* at 2, 50 and 98 % of the charge, each over 4 % of it */
    double mean_V;                    /* weighted by charge */
    double peak_V, minimum_V;        /* highest of the first third; lowest between it and the end */
    double noise_V;                  /* of one row, from second differences */
    double ohmic_ohm, ohmic_delay_s; /* step of potential over step of current where it sets in */
    bool arc_start; /* peak_V stands above minimum_V by more than the noise and 2 % */
    bool arc_end;   /* so does end_V */
    int level;      /* index of its current level */
    bool broken;    /* after a short circuit, or with an event: in no trend */
} closo_symmetric_half;

typedef enum closo_event_kind {
    CLOSO_EVENT_SHORT,      /* the overpotential falls below short_share of what it was and stays */
    CLOSO_EVENT_SOFT_SHORT, /* it falls by more than soft_share, partly or for a while */
    CLOSO_EVENT_NOISE       /* it becomes noisy: several times the noise before, above 2 % of it */
} closo_event_kind;

/* "short", "soft short", "noise"; a constant string. */
CLOSO_API const char *closo_event_kind_name(closo_event_kind kind);

typedef struct closo_symmetric_event {
    closo_event_kind kind;
    size_t half;              /* index of the half cycle */
    size_t row;               /* of the cycling's trace: the first one that is low */
    size_t file_row;          /* the same in the file, counted from 1 */
    double time_s, charge_C;  /* charge: magnitude passed until then, both directions */
    double current_A;         /* magnitude */
    double before_V, after_V; /* overpotential before and after it (NOISE: noise of a row) */
    double recovered_s; /* until it is back above 4/5 of what was expected; NaN: it never is */
} closo_symmetric_event;

/* Half cycles of one current (within 2 %), both directions. The overpotential against time is a straight line with an
 * offset between the directions; sigmas are widened for what remains correlated from one half cycle to the next. */
typedef struct closo_symmetric_level {
    double current_A;
    size_t half_count; /* unbroken ones, which the line is through */
    double from_s, to_s;
    closo_value first_V, last_V; /* on the line, at from_s and to_s */
    closo_value slope_V_per_s;   /* NaN with fewer than 5 half cycles */
    closo_value asymmetry_V;     /* anodic - cathodic overpotential */
    closo_value mean_V;          /* of both directions */
    double correlation;          /* of neighbouring residuals */
    bool bent;                   /* a parabola describes it better, by 3 sigma */
} closo_symmetric_level;

/* The critical current density: the current of the last half cycle before a sudden drop of the potential
 * (thesis convention; J. Kasemchainan et al., Nat. Mater. 18 (2019) 1105, doi:10.1038/s41563-019-0438-9, discuss what
 * limits it). Where the current was raised in steps the truth lies between the last step that held and the one that
 * did not; middle is the mean of both and its sigma that of a uniform distribution, width / sqrt(12). */
typedef struct closo_critical_current {
    bool
        reached; /* false: last_A is the highest current that held; the critical one is not below it */
    double
        last_A; /* highest current of a half cycle before the event, not above failed_A; 0: none */
    double failed_A;      /* current at the event; NaN when not reached */
    bool stepped;         /* failed_A is above last_A */
    closo_value middle_A; /* NaN unless stepped */
    size_t event;         /* index; SIZE_MAX when not reached */
} closo_critical_current;

typedef struct closo_symmetric_options {
    double area_m2;        /* 0: as the file says, if it does */
    double zero_current_A; /* as in closo_cycling_options */
    double short_share;    /* 0: 0.5 */
    double soft_share;     /* 0: 0.2 */
} closo_symmetric_options;

typedef struct closo_symmetric {
    const closo_cycling *cycling; /* steps and half cycles that everything is about */
    closo_cycling_rows rows;      /* all of its rows in use */
    double area_m2;               /* 0: nobody said */
    double short_share, soft_share;
    closo_symmetric_half *halves;
    size_t half_count;
    closo_symmetric_event *events; /* in order of time */
    size_t event_count;
    closo_symmetric_level *levels;   /* in order of appearance */
    size_t level_count, main_level;  /* main: that of most charge before any short */
    closo_critical_current critical; /* by the first short */
    closo_critical_current soft;     /* by the first event of any kind */
    double total_C;                  /* magnitude of all charge, both directions */
    double offset_V; /* of the cell's potential: half of anodic less cathodic overpotential */
    const char *rule;
    closo_notes notes;
} closo_symmetric;

/* Half cycles, events, levels and the critical current of E(t) and I(t) of a cell with two equal electrodes.
 *
 * A drop is sudden when it happens within two rows and is larger than twice the spread of the eight rows before it and
 * eight times the noise. It is measured against the lower of the rows just before and the median of its half cycle so far;
 * between half cycles of the same current, against the median of the last three of that current and direction.
 *
 * options may be NULL. FORMAT and RANGE as closo_cycling_from_table(); RANGE: the potential keeps its sign when the
 * current turns round; ARGUMENT: a share outside 0..1 or an area below 0. O(rows). */
CLOSO_API CLOSO_CHECK closo_status
closo_symmetric_from_table(const closo_table *table, const closo_symmetric_options *options,
                           closo_arena *arena, closo_symmetric **symmetric, closo_error *error);

/* {half_cycles[...], events[...], levels[...], critical_current{...}, total_charge_mAh, ..., rule, notes[]}, in the arena;
 * NULL when out of memory. */
CLOSO_API const char *closo_symmetric_json(const closo_symmetric *symmetric, closo_arena *arena);
/* The table of half cycles. */
CLOSO_API CLOSO_CHECK closo_status closo_symmetric_write_csv(const closo_symmetric *symmetric,
                                                             const char *path, closo_arena *arena,
                                                             closo_error *error);

/* ---- polarisation at constant voltage ----------------------------------------------------------------------------- */

/* How the current falls to its steady value; t from the step of voltage on. */
typedef enum closo_transient_model {
    CLOSO_TRANSIENT_CONSTANT,         /* I = Is */
    CLOSO_TRANSIENT_EXPONENTIAL,      /* I = Is + A exp(-t/tau) */
    CLOSO_TRANSIENT_TWO_EXPONENTIALS, /* the sum of two */
    CLOSO_TRANSIENT_STRETCHED,        /* I = Is + A exp(-(t/tau)^beta) */
    CLOSO_TRANSIENT_POWER,            /* I = Is + A (t/T)^-n, T the duration */
    CLOSO_TRANSIENT_COUNT
} closo_transient_model;

/* "constant", "exponential", ...; a constant string. */
CLOSO_API const char *closo_transient_model_name(closo_transient_model model);

typedef struct closo_transient_fit {
    bool fitted; /* false: too few rows, or the shape ran to the edge of what the data can tell */
    closo_value steady_A;
    double amplitude_A[2];
    double shape[2]; /* tau/s; tau, tau/s; tau/s, beta; n */
    size_t parameter_count;
    double chi2;         /* over the points of the fit, by the noise of the rows */
    double aicc, weight; /* difference to the best one; Akaike weight */
} closo_transient_fit;

/* The current at constant voltage, and what it becomes. */
typedef struct closo_transient {
    closo_transient_fit models[CLOSO_TRANSIENT_COUNT];
    closo_transient_model best;
    closo_value
        steady_A; /* mean of the models by their weights; sigma holds what they leave open and disagree in */
    closo_value last_A;          /* mean of the last tenth of the time */
    closo_value drift_A_per_s;   /* over the last third */
    double noise_A, correlation; /* of a row, and of neighbouring rows */
    double
        misfit; /* sqrt(chi2 / degrees of freedom) of the best: sigmas were widened when above 1 */
    size_t point_count;  /* averages of neighbouring rows that were fitted */
    double from_s, to_s; /* the part that was fitted */
    bool
        settled; /* |last - steady| + sigma of steady is below a tenth of last, or 4 sigma of last */
} closo_transient;

/* Steady current of count rows of a hold (time since the step, rising; current), from skip_s on (NaN: the last 98 %). The rows
 * are averaged in steps of 4 % in time and weighted by what their noise, correlated as in a first-order autoregression,
 * leaves of an average. Five models are fitted; the answer is their mean by Akaike weights (Burnham and Anderson,
 * Sociol. Methods Res. 33 (2004) 261, doi:10.1177/0049124104268644), whose sigma holds their disagreement; of a current
 * that decays it is cut to what lies between zero and the last current. RANGE: fewer
 * than 12 rows, a time that does not rise, a value that is not finite. O(count). */
CLOSO_API CLOSO_CHECK closo_status closo_transient_from_points(const double *time_s,
                                                               const double *current_A,
                                                               size_t count, double skip_s,
                                                               closo_transient *transient,
                                                               closo_error *error);
/* The best model at a time; NaN when none was fitted. */
CLOSO_API double closo_transient_value(const closo_transient *transient, double time_s);

/* One voltage that was held. */
typedef struct closo_polarisation_step {
    size_t first_row, row_count; /* of the polarisation's rows */
    size_t file_row;             /* of the first, counted from 1 */
    double start_s, duration_s;  /* start: of the step of voltage */
    double applied_V; /* potential, or what it is above the rest before (options.from_rest) */
    double potential_V, rest_V;    /* median; last of the rest before, NaN without one */
    double first_A, first_delay_s; /* current of the first row, and how late after the step it is */
    closo_transient transient;
    closo_value conductance_S;        /* steady current / voltage */
    closo_value conductivity_S_per_m; /* NaN without thickness and area */
    double electronic_share; /* steady current / (voltage / resistance); NaN without resistance */
} closo_polarisation_step;

typedef struct closo_polarisation_options {
    double area_m2, thickness_m; /* 0: area as the file says, if it does; no conductivity */
    double resistance_ohm;       /* of the cell by impedance, ionic and electronic; 0: not known */
    double skip_s;               /* NaN or 0: 2 % of each step */
    double zero_current_A;       /* |I| up to this is a rest; 0: exact zeros */
    bool from_rest;              /* voltages count from the rest before each step */
} closo_polarisation_options;

typedef struct closo_polarisation {
    size_t row_count;
    const double *time_s, *potential_V, *current_A; /* rows in use */
    double area_m2, thickness_m;                    /* 0: nobody said */
    closo_polarisation_step *steps;
    size_t step_count;
    /* Straight line of steady current over voltage, weighted; NaN with fewer than 2 voltages. */
    closo_value slope_S, intercept_A, zero_V; /* zero_V: where it crosses zero current */
    closo_value conductivity_S_per_m;         /* from the slope, or from the only step */
    bool superlinear; /* the conductance rises with the voltage, by half at least and 3 sigma */
    const char *rule;
    closo_notes notes;
} closo_polarisation;

/* Voltages that were held, their steady currents, and the electronic conductivity.
 *
 * A hold: at least 12 rows under current whose potential stays within 1 mV or eight times its noise of the median of its
 * first rows, and does not move along a straight line, as in a sweep. That it is the electronic conductivity wants electrodes that block ions (M. H. Hebb, J. Chem. Phys. 20
 * (1952) 185, doi:10.1063/1.1700165; C. Wagner, Proc. CITCE 7 (1957) 361) and a voltage below decomposition.
 * options may be NULL. FORMAT as closo_trace_from_table(); RANGE: no row is a number, or no constant voltage;
 * ARGUMENT: an area, thickness, resistance or time below 0. O(rows). */
CLOSO_API CLOSO_CHECK closo_status closo_polarisation_from_table(
    const closo_table *table, const closo_polarisation_options *options, closo_arena *arena,
    closo_polarisation **polarisation, closo_error *error);

/* {steps[{voltage_V, steady_A, ..., models[...]}], slope_S, conductivity_S_cm, ..., rule, notes[]}, in the arena; NULL when out
 * of memory. */
CLOSO_API const char *closo_polarisation_json(const closo_polarisation *polarisation,
                                              closo_arena *arena);
/* Step, time since it, current, and the best model. */
CLOSO_API CLOSO_CHECK closo_status
closo_polarisation_write_csv(const closo_polarisation *polarisation, const char *path,
                             closo_arena *arena, closo_error *error);

/* ---- a resistance that grows ------------------------------------------------------------------------------------ */

typedef enum closo_growth_law {
    CLOSO_GROWTH_CONSTANT,    /* R = R0 */
    CLOSO_GROWTH_LINEAR,      /* R = R0 + k t */
    CLOSO_GROWTH_PARABOLIC,   /* R = R0 + k t^(1/2) */
    CLOSO_GROWTH_LOGARITHMIC, /* R = R0 + k ln(1 + t / tau) */
    CLOSO_GROWTH_POWER,       /* R = R0 + k t^n */
    CLOSO_GROWTH_LAW_COUNT
} closo_growth_law;

/* "constant", "linear", ...; a constant string. */
CLOSO_API const char *closo_growth_law_name(closo_growth_law law);

/* One law fitted. R is in the caller's unit (ohm or ohm m2); k in that unit / s^exponent (logarithmic: that unit). */
typedef struct closo_growth_fit {
    bool fitted;               /* false: too few points for it */
    closo_value initial, rate; /* R0, k; rate is NaN for CONSTANT */
    double covariance;         /* of both */
    closo_value exponent;      /* of t; POWER: fitted, else exact */
    closo_value tau_s;         /* LOGARITHMIC */
    /* POWER: of R0 and k with the exponent; NaN else. k hangs on the unit of time through it: closo_growth_rate() */
    double initial_exponent_covariance, rate_exponent_covariance;
    bool at_edge; /* the shape parameter ran to the edge of what the data can tell */
    size_t parameter_count;
    double chi2;         /* weighted squares of the residuals, with the sigmas given or 1 */
    double residual_rms; /* weighted by the sigmas, in the unit of R */
    double aicc, bic;    /* less those of the best law */
    double aicc_weight, bic_weight;
    double runs_z; /* of the runs test on the signs of residuals: below -2, structure is left */
} closo_growth_fit;

typedef struct closo_growth {
    const double *time_s, *resistance, *sigma; /* the points used; sigma NULL when not given */
    size_t point_count;
    bool per_area; /* resistances are ohm m2, else ohm */
    closo_growth_fit laws[CLOSO_GROWTH_LAW_COUNT];
    closo_growth_law
        best; /* of those within 2 of the lowest AICc the one with the fewest parameters */
    double
        sigma_factor; /* by which given sigmas were widened to agree with the scatter about the best law; 1: not */
    closo_notes notes;
} closo_growth;

/* Least squares of the five laws to count points, with weights 1/sigma^2 (sigma NULL: all equal), compared by Akaike's
 * criterion for few points (AICc: Hurvich and Tsai, Biometrika 76 (1989) 297, doi:10.1093/biomet/76.2.297) and the
 * Bayesian one (Schwarz, Ann. Stat. 6 (1978) 461, doi:10.1214/aos/1176344136). Without sigmas, and where the scatter is
 * larger than the sigmas given, uncertainties come from the scatter of the residuals. Times are since the interphase
 * began to form. RANGE: fewer than 5 points, a time below 0, all times or all resistances equal, a value that is not finite, a sigma that is
 * not above 0. O(count). */
CLOSO_API CLOSO_CHECK closo_status closo_growth_from_points(
    const double *time_s, const double *resistance, const double *sigma, size_t count,
    closo_arena *arena, closo_growth **growth, closo_error *error);

typedef struct closo_growth_options {
    const char *time, *resistance, *sigma; /* names of columns; NULL: by their quantity and unit */
    double area_m2;                        /* multiplies resistances in ohm; 0: they stay */
    double origin_s; /* when the interphase began to form, on the clock of the file */
} closo_growth_options;

/* The same of columns of a table. A column of resistance is in ohm or ohm cm2. FORMAT: a column is missing or measures
 * something else, or the table is an impedance; RANGE as above. options may be NULL. */
CLOSO_API CLOSO_CHECK closo_status closo_growth_from_table(const closo_table *table,
                                                           const closo_growth_options *options,
                                                           closo_arena *arena,
                                                           closo_growth **growth,
                                                           closo_error *error);

/* {laws[{law, R0_ohm_cm2, k_ohm_cm2_h05, ...}], best, ...}, in the arena; NULL when out of memory. */
CLOSO_API const char *closo_growth_json(const closo_growth *growth, closo_arena *arena);
/* Points, the laws at their times and the residuals of the best one. */
CLOSO_API CLOSO_CHECK closo_status closo_growth_write_csv(const closo_growth *growth,
                                                          const char *path, closo_arena *arena,
                                                          closo_error *error);
/* k for times counted in units of unit_s seconds (3600: per hour): rate * unit_s^exponent. Of a power law the exponent is
 * uncertain too, so that sigma is not scaled with k but carried over with its covariance. NaN for the constant law. */
CLOSO_API closo_value closo_growth_rate(const closo_growth *growth, closo_growth_law law,
                                        double unit_s);
/* The value of a law at a time; NaN when it was not fitted. */
CLOSO_API double closo_growth_value(const closo_growth *growth, closo_growth_law law,
                                    double time_s);

#ifdef __cplusplus
}
#endif
#endif
