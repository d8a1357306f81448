/* SPDX-License-Identifier: BSD-3-Clause */
/* voltammetry.h: what a voltammogram says about the stability of an electrolyte.
 *
 * Axes and signs: potential_V of the working electrode against the reference of the voltammogram;
 * anodic (oxidation) current positive; scan rates carry the sign of the direction. SI throughout. */
#ifndef CLOSO_VOLTAMMETRY_H
#define CLOSO_VOLTAMMETRY_H

#include "closo/base.h"
#include "closo/instrument.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- reference electrodes -------------------------------------------------------------------- */

/* A reference electrode by the names people use: "Li", "Na+/Na", "SHE", "Ag/AgCl", or "0.25 V" for an
 * offset to the standard hydrogen electrode. */
typedef struct closo_reference {
    const char *name;       /* "Na+/Na"; constant string, or in the arena */
    double potential_SHE_V; /* against the standard hydrogen electrode, aqueous, 25 degC */
} closo_reference;

/* FORMAT: not a known electrode nor a potential; the message lists the names. */
CLOSO_API CLOSO_CHECK closo_status closo_reference_parse(const char *text, closo_arena *arena,
                                                         closo_reference *reference,
                                                         closo_error *error);

/* ---- the voltammogram and its sweeps --------------------------------------------------------- */

typedef enum closo_leg {
    CLOSO_LEG_SWEEP, /* the potential runs linearly with time */
    CLOSO_LEG_HOLD,  /* it rests */
    CLOSO_LEG_OTHER  /* it moves, but not linearly: a jump, a relaxation, a galvanostatic step */
} closo_leg;

/* Rows first_row .. first_row + row_count - 1 of the voltammogram. */
typedef struct closo_sweep {
    closo_leg kind;
    int direction; /* +1 towards positive potentials (anodic), -1 cathodic, 0 for a hold */
    size_t first_row, row_count;
    double from_V, to_V; /* first and last potential */
    double rate_V_per_s; /* measured: slope of a straight line through E(t); signed */
    double duration_s;
    double anodic_C, cathodic_C; /* charge of positive and of negative current; cathodic_C <= 0 */
    int cycle; /* 1, 2, ...: a new one begins when the potential turns as it did first */
} closo_sweep;

typedef struct closo_voltammogram {
    closo_trace trace;
    closo_reference reference; /* of trace.potential_V; name NULL when nobody said */
    closo_sweep *sweeps;       /* every row belongs to exactly one leg */
    size_t sweep_count;
    double nominal_rate_V_per_s; /* of the settings; NaN when they do not say */
    closo_notes notes;
} closo_voltammogram;

typedef struct closo_voltammogram_options {
    const char *measured_against; /* reference electrode of the file; NULL: as the file says */
    const char *versus;           /* convert to this one; NULL: leave */
    double smallest_sweep_V;      /* turns that go back less are noise; 0: from the data */
} closo_voltammogram_options;

/* Splits E(t) into sweeps, holds and other legs.
 *
 * Rule: a vertex is where the potential turns and then goes back by more than the larger of eight times its noise and
 * 1 % of its whole range (at least 2 mV). Between two vertices the scan rate is that between the quarter and the three
 * quarter points; rows before the line through these starts, or after it ends, are a hold. A leg whose potential deviates
 * from its straight line by more than 2 % of the leg's range (rms), or whose middle bends away from it by more than 1 %, is
 * not a sweep, unless up to four corners part it into lines within 0.1 % of their range: sweeps and holds that follow one
 * another in one direction.
 *
 * FORMAT, RANGE as closo_trace_from_table(); RANGE: reference to convert to, but nobody said what it was measured
 * against. O(rows). */
CLOSO_API CLOSO_CHECK closo_status closo_voltammogram_from_table(
    const closo_table *table, const closo_voltammogram_options *options, closo_arena *arena,
    closo_voltammogram **voltammogram, closo_error *error);

/* Which sweep a word means: "first anodic" (the default for NULL), "last anodic", "longest anodic", the same with
 * cathodic, or a number counted from 1. ARGUMENT: not such a word; RANGE: there is none (the message lists the sweeps). */
CLOSO_API CLOSO_CHECK closo_status closo_sweep_choose(const closo_voltammogram *voltammogram,
                                                      const char *words, size_t *index,
                                                      closo_error *error);

/* True when the words are of that kind, whatever sweeps there are. */
CLOSO_API bool closo_sweep_words_known(const char *words);

/* ---- reversibility and stepwise voltammograms ------------------------------------------------- */

/* One cycle of a voltammogram: what of the charge that went in came back. */
typedef struct closo_reversibility {
    int cycle;
    double low_V, high_V;
    double anodic_C, cathodic_C; /* over all legs of the cycle */
    double ratio;                /* -cathodic / anodic; NaN without anodic charge */
} closo_reversibility;

/* One step of a voltammogram whose upper vertex rises from cycle to cycle (thesis chapter 5, Fig. 2b). The anodic sweep
 * to this vertex passes again the potentials up to the vertex before, then new ones. A surface that passivates passes no
 * charge again, only new. Capacitive charging is taken out of the `net` charges by adding the sweep back, in which it
 * flows the other way. */
typedef struct closo_vertex_step {
    int cycle;
    bool
        complete; /* the sweep back is there and reaches down to where the sweep up began; else net charges are NaN */
    double vertex_V, previous_vertex_V; /* previous: NaN in the first step */
    double new_C, new_net_C;            /* above the vertex before */
    double repeated_C, repeated_net_C;  /* up to the vertex before */
    double hold_C;                      /* charge of a hold at the vertex, in none of the others */
    double passivation; /* 1 - charge repeated / charge when these potentials were new, over the
                           potentials that were new in the step before, net of capacitance; 1: fully
                           passivated, 0: not at all; NaN: first steps */
    double passivation_sigma;   /* from the noise of the current alone */
    double sweep_reversibility; /* -cathodic / anodic charge of the two sweeps, without holds */
} closo_vertex_step;

typedef struct closo_voltammogram_summary {
    closo_reversibility *cycles;
    size_t cycle_count;
    closo_vertex_step *steps; /* empty unless the upper vertex rises in at least three cycles */
    size_t step_count;
} closo_voltammogram_summary;

/* NOMEM only. O(rows). */
CLOSO_API CLOSO_CHECK closo_status
closo_voltammogram_summarise(const closo_voltammogram *voltammogram, closo_arena *arena,
                             closo_voltammogram_summary *summary, closo_error *error);

/* ---- onset ------------------------------------------------------------------------------------ */

/* A straight line through part of a sweep: current_A = intercept_A + slope_S * potential_V. */
typedef struct closo_sweep_line {
    double slope_S, intercept_A;
    double slope_sigma_S;
    double residual_A; /* rms deviation of the points from the line */
    double r2; /* of the averaged sweep (bin_current_A), which carries less noise than the points */
    double from_V, to_V; /* the part of the sweep it was fitted to */
    size_t point_count;  /* measured points in that part */
} closo_sweep_line;

/* Onset of a faradaic current: where the background line and the rising line meet. Asakura et al., ACS Appl. Energy
 * Mater. 2 (2019) 6924, doi:10.1021/acsaem.9b01487. */
typedef struct closo_onset {
    closo_value
        potential_V; /* against the voltammogram's reference; how sigma comes about: docs/onset.md */
    double current_A; /* where the lines meet */
    closo_sweep_line background, rising;
    bool
        background_flat; /* too flat for R2 to mean anything; judged by its standard error instead */
    bool bends_steadily; /* the current has no single corner: the onset depends on the windows */
    double support;      /* share of the draws that show this onset; 1 for windows by hand */
    bool doubtful;       /* support < 0.6: as likely as not another reading of the same sweep */
} closo_onset;

typedef struct closo_onset_options {
    size_t max_onsets;  /* 0: 3 */
    double min_r2;      /* 0: 0.99 */
    bool straight_only; /* leave out onsets whose rising line keeps less than min_r2 */
    double background_from_V, background_to_V; /* window by hand; both 0: automatic */
    double rising_from_V, rising_to_V;         /* window by hand; both 0: automatic */
    double departure_sigmas;                   /* of the departure criterion; 0: 3 */
    double cutoff_A;                           /* of the cut-off criterion; 0: left out */
    size_t draws;                              /* ways of cutting the sweep to draw; 0: 400 */
    uint64_t seed;                             /* of the draws */
} closo_onset_options;

/* The other criteria people use, so that a reader sees the spread. NaN where one cannot be had. */
typedef struct closo_onset_criteria {
    double departure_sigmas;
    double
        departure_V; /* where the current leaves the background line by departure_sigmas of its scatter, for good */
    double cutoff_A;  /* NaN when none was asked for */
    double cutoff_V;  /* where the current passes cutoff_A */
    double tangent_V; /* where the steepest tangent of the sweep meets the background line */
    double
        tafel_V; /* where the steepest straight part of log10(current - background), of at least half a decade
                   below the onset, meets the background's scatter */
    double tafel_slope_V; /* V per decade of that part */
} closo_onset_criteria;

typedef struct closo_onset_result {
    size_t sweep_index;
    closo_onset
        *onsets; /* in the order of the sweep; none when the current never leaves its background */
    size_t onset_count;
    bool more_onsets; /* than max_onsets; the last ones are left out */
    closo_onset_criteria
        criteria;         /* of the first onset's background, or the best background there is */
    double noise_A;       /* scatter of one point */
    size_t spike_count;   /* points that were left out as spikes */
    closo_notes warnings; /* where a careful colleague would raise an eyebrow */
    /* The sweep as the search saw it: spikes out, averaged in bins of potential. */
    const double *bin_potential_V, *bin_current_A;
    size_t bin_count;
} closo_onset_result;

/* Finds the onsets of an oxidation in an anodic sweep, of a reduction in a cathodic one (there potential and current are
 * mirrored for the search; what is returned is not). The rule is in docs/onset.md. The same options and seed give the same
 * answer on every machine. options may be NULL.
 *
 * RANGE: fewer than 20 points in the sweep, or a window by hand with fewer than 3; NOCONVERGE: windows by hand whose lines
 * are parallel. O(points + draws * bins^2). */
CLOSO_API CLOSO_CHECK closo_status closo_onset_find(const closo_voltammogram *voltammogram,
                                                    size_t sweep_index,
                                                    const closo_onset_options *options,
                                                    closo_arena *arena, closo_onset_result *result,
                                                    closo_error *error);

/* {sweep{...}, rate_V_s, onsets[{onset_V, onset_V_sigma, background{...}, rising{...}}], other_criteria{...},
 * warnings[]}, in the arena; NULL when out of memory. */
CLOSO_API const char *closo_onset_json(const closo_voltammogram *voltammogram,
                                       const closo_onset_result *result, closo_arena *arena);

/* ---- normalisation ----------------------------------------------------------------------------- */

typedef enum closo_normal {
    CLOSO_NORMAL_NONE,
    CLOSO_NORMAL_AREA,
    CLOSO_NORMAL_MASS,
    CLOSO_NORMAL_CARBON
} closo_normal;

/* What a current is divided by: m2 of electrode or of carbon, or kg. amount 1 and kind NONE: nothing. */
typedef struct closo_normalisation {
    closo_normal kind;
    double amount;
} closo_normalisation;

/* ---- JSON --------------------------------------------------------------------------------------- */

/* {sweeps[{direction, from_V, to_V, rate_V_s, anodic_C, cathodic_C, ...}], cycles[...], steps[...], notes[]}, in the arena;
 * NULL when out of memory. */
CLOSO_API const char *closo_voltammogram_json(const closo_voltammogram *voltammogram,
                                              const closo_voltammogram_summary *summary,
                                              closo_arena *arena);

/* ---- CSV ----------------------------------------------------------------------------------------- */

/* Writes the voltammogram: time, potential, current, (current normalised,) leg, cycle. */
CLOSO_API CLOSO_CHECK closo_status closo_voltammogram_write_csv(
    const closo_voltammogram *voltammogram, const closo_normalisation *normalisation,
    const char *path, closo_arena *arena, closo_error *error);

/* Writes the sweep of a result: potential, current, and the lines of its onsets where they hold. */
CLOSO_API CLOSO_CHECK closo_status closo_onset_write_csv(const closo_voltammogram *voltammogram,
                                                         const closo_onset_result *result,
                                                         const char *path, closo_arena *arena,
                                                         closo_error *error);

#ifdef __cplusplus
}
#endif
#endif
