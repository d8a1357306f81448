/* SPDX-License-Identifier: BSD-3-Clause */
/* vector.h: vectors of states whose sums are quick. */
#ifndef CLOSO_CELL_VECTOR_H
#define CLOSO_CELL_VECTOR_H

#include <nvector/nvector_serial.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether none of the numbers is infinite or NaN. */
bool cell_vector_is_finite(size_t count, const double *x);

/* z = factor x + y */
void cell_vector_correct(size_t count, const double *x, double factor, const double *y, double *z);
/* correction -= share step; the norm of share step, sqrt(mean of (share step weight)^2) */
double cell_vector_take_step(size_t count, double share, const double *step, const double *weight,
                             double *correction);

/* Gives a serial vector the functions of vector.c; those that IDA clones of it have them too. */
void cell_vector_quicken(N_Vector vector);

#endif
