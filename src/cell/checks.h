/* SPDX-License-Identifier: BSD-3-Clause */
/* checks.h: numbers of a cell that cannot be. */
#ifndef CLOSO_CELL_CHECKS_H
#define CLOSO_CELL_CHECKS_H

#include "cell_internal.h"

/* Both ends belong to it and are finite. */
typedef struct cell_check {
    const char *name;
    double value, from, to;
} cell_check;

/* RANGE names the first that is outside or NaN, behind "what: " unless that is NULL. */
closo_status cell_check_numbers(const char *what, const cell_check *checks, size_t count,
                                closo_error *error);

/* All of a cell but the columns of a salt's table, which cell_salt_make() reads. RANGE. */
closo_status cell_check_cell(const closo_cell *cell, closo_error *error);

#endif
