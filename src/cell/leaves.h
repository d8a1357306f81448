/* SPDX-License-Identifier: BSD-3-Clause */
/* leaves.h: states of a system of equations that only one other state touches. */
#ifndef CLOSO_CELL_LEAVES_H
#define CLOSO_CELL_LEAVES_H

#include "cell_internal.h"

/* Taking out state i, of which only state p knows: A_pp -= A_pi A_ip / A_ii. The numbers are places among the entries. */
typedef struct cell_leaf {
    size_t own, to, from, other; /* A_ii, A_pi, A_ip, A_pp */
    size_t state, parent;        /* i, p */
} cell_leaf;

/* What is left when all leaves are taken out, round by round, until there is none: the core, compressed columns again. Leaves of
 * one round do not wait for each other's numbers. */
typedef struct cell_leaves {
    size_t count;
    cell_leaf *leaves;
    size_t core_count, core_entry_count;
    size_t *core_of;           /* of each state; SIZE_MAX: taken out */
    int64_t *starts, *indices; /* of the core */
    size_t *entries;           /* of each entry of the core: its place in the whole */
} cell_leaves;

/* States of which keep is true stay in the core. In the matrix's arena. NOMEM. */
closo_status cell_leaves_find(const cell_matrix *matrix, const bool *keep, cell_leaves *leaves,
                              closo_error *error);
/* entries: real and imaginary part of each in turn; changed in place. */
void cell_leaves_take_out(const cell_leaves *leaves, double *entries);

#endif
