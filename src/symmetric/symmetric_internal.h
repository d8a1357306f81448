/* SPDX-License-Identifier: BSD-3-Clause */
/* symmetric_internal.h: what the files of this room share. */
#ifndef CLOSO_SYMMETRIC_INTERNAL_H
#define CLOSO_SYMMETRIC_INTERNAL_H

#include "base/base_internal.h"
#include "closo/symmetric.h"
#include "numeric/linear_fit_internal.h"

/* ---- suitable.c, overpotential.c, events.c, levels.c: the stages of closo_symmetric_from_table() ---- */

typedef struct closo_symmetric_work {
    closo_symmetric *symmetric;
    closo_arena *arena;
    closo_arena *passing; /* for what is needed only until the answer is there */
    double *scratch;      /* as many numbers as the trace has rows */
} closo_symmetric_work;

/* suitable.c: RANGE with a sentence for what is no cell with two equal electrodes under direct current: by the table, by the
 * overpotentials of its half cycles, by its events */
closo_status closo_symmetric_check_table(const closo_table *table, closo_error *error);
closo_status closo_symmetric_check_cell(const closo_symmetric_work *work, closo_error *error);
closo_status closo_symmetric_check_events(const closo_symmetric *symmetric, closo_error *error);
/* overpotential.c */
closo_status closo_symmetric_halves(closo_symmetric_work *work, closo_error *error);
/* events.c */
closo_status closo_symmetric_events(closo_symmetric_work *work, closo_error *error);
/* levels.c: assigns levels, then their lines, then the critical current */
closo_status closo_symmetric_levels(closo_symmetric_work *work, closo_error *error);
void closo_symmetric_critical(closo_symmetric_work *work);

/* The overpotential of a row in a half cycle. */
static inline double closo_overpotential_V(const closo_symmetric *symmetric,
                                           const closo_symmetric_half *half, size_t row)
{
    return half->direction * symmetric->rows.potential_V[row];
}

/* Median of the overpotential of rows under current between two shares of the half cycle's charge; NaN without rows.
 * scratch has room for the half's rows. */
double closo_plateau_V(const closo_symmetric *symmetric, const closo_symmetric_half *half,
                       double from_share, double to_share, double *scratch);

/* True when current flows in that row in the half cycle's direction at about its current: not a rest inside it. */
bool closo_row_under_current(const closo_symmetric *symmetric, const closo_symmetric_half *half,
                             size_t row);

#endif
