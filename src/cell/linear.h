/* SPDX-License-Identifier: BSD-3-Clause */
/* linear.h: the linear equations of a step of Newton's method, A x = b, with the pattern of the Jacobian. */
#ifndef CLOSO_CELL_LINEAR_H
#define CLOSO_CELL_LINEAR_H

#include "cell_internal.h"

typedef struct cell_linear cell_linear;

/* The numbers lie in the matrix's arena. NOMEM. */
closo_status cell_linear_new(const cell_matrix *matrix, cell_linear **linear, closo_error *error);
void cell_linear_free(cell_linear *linear); /* what KLU holds; NULL is allowed */
/* The next matrix finds its pivots afresh: what comes does not depend on what was. */
void cell_linear_forget(cell_linear *linear);
/* A from its entries, in the matrix's order. False: it is singular. */
bool cell_linear_factor(cell_linear *linear, const double *entries);
/* x is b before and the solution behind. */
bool cell_linear_solve(cell_linear *linear, double *x);

#endif
