/* SPDX-License-Identifier: BSD-3-Clause */
/* vector.h: vectors of states whose sums are quick. */
#ifndef CLOSO_CELL_VECTOR_H
#define CLOSO_CELL_VECTOR_H

#include <nvector/nvector_serial.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether none of the numbers is infinite or NaN. */
bool cell_vector_is_finite(size_t count, const double *x);

/* Gives a serial vector the functions of vector.c; those that IDA clones of it have them too. */
void cell_vector_quicken(N_Vector vector);

#endif
