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

/* ---- holds.c: the first stages of closo_polarisation_from_table() ---- */

enum { CLOSO_HOLD_ROWS = 12 }; /* at least, under current */

/* What is needed only until the answer is there. */
typedef struct closo_hold_work {
    closo_polarisation *polarisation;
    const closo_polarisation_options *options;
    closo_arena *arena, *passing;
    double *time_s, *potential_V, *current_A;
    double *mode;         /* NULL: the file has none */
    double *frequency_Hz; /* of rows of an impedance; NULL: the file has none */
    size_t *file_rows;
    double noise_V;
    size_t capacity;
    size_t backward_rows; /* left out, as the clock does not go forward */
} closo_hold_work;

/* RANGE: a technique that holds currents only; EC-Lab writes mode 2 for its rows all the same. */
closo_status closo_holds_check_technique(const closo_table *table, closo_error *error);
/* Rows that are finite and go forward in time. */
closo_status closo_holds_read(closo_hold_work *work, const closo_table *table, closo_error *error);
/* Fills the steps of the polarisation: rows, voltages, not yet currents. */
closo_status closo_holds_find(closo_hold_work *work, closo_error *error);
/* Currents without a sign take that of the voltage. */
void closo_holds_mend_signs(closo_hold_work *work);
/* By how much a voltage may move and still be held. */
double closo_hold_band_V(const closo_hold_work *work);

#endif
