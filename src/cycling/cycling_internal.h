/* SPDX-License-Identifier: BSD-3-Clause */
/* cycling_internal.h: the stages from a table to cycles, in the order in which closo_cycling_from_table() calls them. */
#ifndef CLOSO_CYCLING_INTERNAL_H
#define CLOSO_CYCLING_INTERNAL_H

#include "base/base_internal.h"
#include "closo/cycling.h"

/* Where the rows in use are. */
typedef struct closo_cycling_source {
    const double *time_s, *potential_V, *current_A, *charge_C;
    const size_t *file_rows;
} closo_cycling_source;

/* What the stages share while they work. */
typedef struct closo_cycling_work {
    closo_cycling *cycling;
    const closo_table *table;
    closo_arena *arena;
    closo_arena *passing; /* for what is needed only until the cycles are there */
    double *time_s, *potential_V, *current_A, *charge_C; /* the rows in use; the cycling's arrays */
    size_t *file_rows;
    bool *joined;            /* the clock was restarted, or the test paused, before this row */
    int *sign;               /* +1, 0, -1 of each row */
    double *scratch;         /* row_count doubles */
    bool own_charge;         /* charge_C holds the instrument's increments */
    bool averaged;           /* currents are means over the interval before their row */
    double mean_A;           /* mean |I|, weighted by charge */
    double noise_A, noise_V; /* of one row, while current flows */
    const char *charge_rule, *zero_rule;
} closo_cycling_work;

/* rows.c: the rows in use and a clock that only goes forward. */
closo_status closo_cycling_rows_find(closo_cycling_work *work, closo_error *error);
/* zero_current.c: which rows rest, and the charge of each row. */
closo_status closo_cycling_zero_current(closo_cycling_work *work, closo_error *error);
/* signs.c: currents without a sign, and the sign of each row. */
closo_status closo_cycling_signs(closo_cycling_work *work, closo_error *error);
/* steps.c */
closo_status closo_cycling_steps(closo_cycling_work *work, closo_error *error);
/* half_cycles.c */
closo_status closo_cycling_half_cycles(closo_cycling_work *work, closo_error *error);
/* cycles.c */
closo_status closo_cycling_cycles(closo_cycling_work *work, closo_error *error);
closo_status closo_cycling_summarise(closo_cycling_work *work, closo_error *error);
/* counters.c */
closo_status closo_cycling_counters(closo_cycling_work *work, closo_error *error);

/* Noise of a series from its second differences, in which a straight run cancels; only rows where `use` is not 0.
 * scratch has room for count numbers. */
double closo_cycling_noise(const double *y, const int *use, size_t count, double *scratch);

#endif
