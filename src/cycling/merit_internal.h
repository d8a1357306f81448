/* SPDX-License-Identifier: BSD-3-Clause */
/* merit_internal.h: the stages of the figures of merit. */
#ifndef CLOSO_MERIT_INTERNAL_H
#define CLOSO_MERIT_INTERNAL_H

#include "base/base_internal.h"
#include "closo/cycling.h"

/* merit_figures.c: every figure of a cell from the values alone, without uncertainties; NaN where the cell does not say
 * enough. */
void closo_merit_figures(const closo_merit_cell *cell, double figures[CLOSO_MERIT_COUNT]);
/* A copy whose result is a charge where the cell's is a capacity without an uncertainty of its own and its active mass is
 * known: such a capacity was worked out from a charge with the mass as weighed. */
closo_merit_cell closo_merit_with_charge(const closo_merit_cell *cell);

/* merit_targets.c: the built-in targets; what each figure is against its own. */
void closo_merit_default_targets(closo_merit_cell *cell);
void closo_merit_judge(closo_merit *merit);

/* merit_what_if.c: single changes, and energy against electrolyte thickness. */
closo_status closo_merit_what_if(closo_merit *merit, closo_arena *arena, closo_error *error);

/* merit_notes.c: what a careful colleague would say. */
void closo_merit_remarks(closo_merit *merit, closo_arena *arena);

#endif
