/* SPDX-License-Identifier: BSD-3-Clause */
/* vector.h: vectors of states whose sums are quick. */
#ifndef CLOSO_CELL_VECTOR_H
#define CLOSO_CELL_VECTOR_H

#include <nvector/nvector_serial.h>

/* Gives a serial vector the functions of vector.c; those that IDA clones of it have them too. */
void cell_vector_quicken(N_Vector vector);

#endif
