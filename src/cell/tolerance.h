/* SPDX-License-Identifier: BSD-3-Clause */
/* tolerance.h: how far off a state may be. */
#ifndef CLOSO_CELL_TOLERANCE_H
#define CLOSO_CELL_TOLERANCE_H

#include "cell_internal.h"

/* Of each state: share |y| + least is allowed; fillings less of it where filling says 1. tested: 1 where an error is looked
 * at, else 0. */
typedef struct cell_tolerance {
    double *share, *least, *filling, *tested;
} cell_tolerance;

/* In units of the relative tolerance. The arrays lie in the model's arena. NOMEM. */
closo_status cell_tolerance_make(const cell_model *model, double relative,
                                 cell_tolerance *tolerance, closo_error *error);
/* What is allowed of each of count states. */
void cell_tolerance_allow(const cell_tolerance *tolerance, size_t count, const double *y,
                          double *allowed);
/* One over it. */
void cell_tolerance_weigh(const cell_tolerance *tolerance, size_t count, const double *y,
                          double *weight);

#endif
