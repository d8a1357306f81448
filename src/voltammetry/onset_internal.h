/* SPDX-License-Identifier: BSD-3-Clause */
/* onset_internal.h: the parts of the onset search. The rule, its equations and what it was measured to do: docs/onset.md.
 *
 * The search always sees an oxidation in an anodic sweep: a cathodic sweep is mirrored (potential and current change
 * sign) before and what is found is mirrored back after. Currents are divided by a power of two near their largest, which
 * is exact, so that the answer does not depend on the unit. They are called `current` here, without a unit. */
#ifndef CLOSO_ONSET_INTERNAL_H
#define CLOSO_ONSET_INTERNAL_H

#include "closo/numeric.h"
#include "voltammetry_internal.h"

enum {
    ONSET_LEAST_POINTS = 20, /* of a sweep */
    ONSET_MOST_SLICES = 400,
    ONSET_LEAST_SLICES = 8, /* of a background or a rise: 2 % of a long sweep */
    ONSET_SHORTEST_PIECE = 4
};

/* ---- onset_clean.c: points, spikes, slices and their noise ---- */

typedef struct onset_points {
    size_t count; /* points that are numbers */
    double *potential_V, *current;
    bool *kept;           /* false: a spike */
    size_t missing_count; /* rows of the sweep that were not numbers */
    size_t spike_count;
    double rough_noise; /* rms of a point about the running median */
    double resolution;  /* step in which the current was recorded; 0: finer than the noise */
    double mirror;      /* -1 for a cathodic sweep, else 1 */
    double current_A;   /* what the current was divided by */
} onset_points;

/* Consecutive points averaged. Slice k holds the points first_point[k] .. first_point[k + 1] - 1. */
typedef struct onset_slices {
    size_t count;
    double *potential_V, *current; /* means of the points kept */
    double *kept_count;
    double *sigma, *weight; /* standard deviation of the mean current, 1 / sigma^2 */
    size_t *first_point;
    double span;          /* 2 % to 98 % quantile of the current */
    double correlation;   /* of neighbouring slices */
    double step_variance; /* of the recorded current's steps, which averaging does not lessen */
} onset_slices;

/* RANGE: fewer than 20 points that are numbers. */
closo_status onset_points_take(const closo_voltammogram *voltammogram, size_t sweep_index,
                               closo_arena *arena, onset_points *points, closo_error *error);
bool onset_points_despike(onset_points *points, closo_arena *arena); /* false: no memory */
bool onset_points_resolve(onset_points *points, closo_arena *arena);
/* RANGE: the potential does not advance. */
closo_status onset_slices_make(const onset_points *points, closo_arena *arena, onset_slices *slices,
                               closo_error *error);
bool onset_slices_weigh(onset_slices *slices, const onset_points *points, closo_arena *arena);

/* ---- onset_pieces.c: straight pieces ---- */

/* slow exp(-(E - from_V) / decay_V) + fast exp(-5 (E - from_V) / decay_V) */
typedef struct onset_decay {
    double decay_V; /* 0: no decay */
    bool has_fast;
    double from_V, slow, fast;
} onset_decay;

double onset_decay_current(const onset_decay *decay, double potential_V);

/* A weighted straight line through the slices first .. end - 1:
 * current = mean + slope (potential - mean_V). Its sigmas are scaled up when the slices scatter more than they should. */
typedef struct onset_piece {
    size_t first, end;
    double from_V, to_V, length_V;
    double mean_V, mean, slope;
    double mean_sigma, slope_sigma;
    double r2, reduced_chi2;
    double reach_V,
        reach;         /* where the current stops rising like this, and the line's current there */
    onset_decay decay; /* charging current on top of it; decay_V 0: none */
    bool by_hand;      /* fitted to the points from_V .. to_V */
} onset_piece;

onset_piece onset_piece_fit(const onset_slices *slices, size_t first, size_t end);
double onset_piece_at(const onset_piece *piece, double potential_V);      /* the line */
double onset_piece_current(const onset_piece *piece, double potential_V); /* with its decay */
/* Where two lines meet; the slopes must differ. */
double onset_crossing_V(const onset_piece *background, const onset_piece *rise);

/* All ways to cut the slices 0 .. count - 1 into straight pieces, weighed. */
typedef struct onset_cuttings {
    size_t count;
    double *share;       /* (count + 1)^2: that the piece ending before t begins at s */
    onset_decay *decays; /* count + 1: of a first piece that ends before t */
    size_t *best_ends;   /* the likeliest cutting: ends of its pieces, ascending */
    size_t best_count;
} onset_cuttings;

bool onset_cuttings_weigh(const onset_slices *slices, closo_arena *arena, onset_cuttings *cuttings);
/* Draws one cutting by its weight; ends has room for count + 1. Returns the number of pieces. */
size_t onset_cuttings_draw(const onset_cuttings *cuttings, closo_random *random, size_t *ends);

/* The piece of a cutting that goes from slice first to end - 1, with its charging current if it is a first one. */
onset_piece onset_cuttings_fit(const onset_cuttings *cuttings, const onset_slices *slices,
                               size_t first, size_t end);

/* ---- onset_charging.c: the decaying current at the start ---- */

/* cost: chi2 of a straight first piece that ends before t, or infinity. Where a line with a decay on top of it does
 * better, in spite of its charge, cost and decay_V are set. */
bool onset_charging_weigh(const onset_slices *slices, double charge, closo_arena *arena,
                          double *cost, onset_decay *decays);
/* The line of a first piece with a decay. It begins where the decay is lost in the noise. */
onset_piece onset_charging_fit(const onset_slices *slices, size_t end, const onset_decay *decay);

/* ---- onset_events.c: which pieces are a background and a rise ---- */

typedef struct onset_event {
    onset_piece background, rise;
    double crossing_V;
    bool bends; /* part of a curve that bends steadily: no single corner */
} onset_event;

typedef struct onset_events {
    onset_event *list;
    size_t count, capacity;
} onset_events;

typedef struct onset_rules {
    const onset_slices *slices;
    const onset_cuttings *cuttings;
    double noise;          /* rms of one point */
    onset_piece *pieces;   /* scratch, room for slices->count */
    size_t *chain, *tried; /* the same */
} onset_rules;

bool onset_rules_make(const onset_slices *slices, const onset_cuttings *cuttings, double noise,
                      closo_arena *arena, onset_rules *rules);
/* Adds the onsets of one cutting, in the order of the sweep. False: no memory. */
bool onset_events_find(const onset_rules *rules, const size_t *ends, size_t end_count,
                       closo_arena *arena, onset_events *events);

/* ---- what the parts below work on ---- */

typedef struct onset_sweep {
    onset_points points;
    onset_slices slices;
    double noise;        /* rms of one point about the straight pieces */
    onset_decay decay;   /* of the likeliest cutting */
    onset_piece longest; /* piece of the likeliest cutting */
} onset_sweep;

/* ---- onset_windows.c: lines through windows that were given by hand ---- */

typedef struct onset_windows {
    bool has_background, has_rise;
    onset_piece background, rise; /* least squares through the points, spikes left out */
} onset_windows;

/* RANGE: a window with fewer than three points, or one potential. NOCONVERGE: two windows whose lines are parallel. */
closo_status onset_windows_take(const onset_sweep *sweep, const closo_onset_options *options,
                                closo_arena *arena, onset_windows *windows, closo_error *error);
/* Of the events from `first` on, keeps the one that goes with the line given, and puts that line in. */
void onset_windows_apply(const onset_windows *windows, onset_events *events, size_t first);
/* rms shift of the crossing when an end of a window given by hand moves in by 10 or 20 % of its length. */
double onset_windows_shift_V(const onset_sweep *sweep, const onset_windows *windows,
                             const onset_event *event, closo_arena *arena);

/* ---- onset_criteria.c ---- */

/* event: the first onset, or NULL. */
closo_status onset_criteria_find(const onset_sweep *sweep, const onset_event *event,
                                 const closo_onset_options *options, closo_arena *arena,
                                 closo_onset_criteria *criteria, closo_error *error);

/* ---- onset_lines.c: what is handed out, in volt and ampere, a cathodic sweep mirrored back ---- */

closo_sweep_line onset_line_of(const onset_sweep *sweep, const onset_piece *piece);
closo_status onset_hand_out_slices(const onset_sweep *sweep, closo_arena *arena,
                                   closo_onset_result *result, closo_error *error);

/* ---- onset_warnings.c ---- */

void onset_warn(const closo_voltammogram *voltammogram, const onset_sweep *sweep,
                const closo_onset_options *options, closo_arena *arena, closo_onset_result *result);

#endif
