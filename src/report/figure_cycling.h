/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_cycling.h: what the figures of cycling share. */
#ifndef CLOSO_REPORT_FIGURE_CYCLING_H
#define CLOSO_REPORT_FIGURE_CYCLING_H

#include "closo/cycling.h"
#include "closo/report.h"

/* What a charge in coulombs is multiplied with, and the unit it is then in. */
typedef struct closo_capacity_scale {
    double factor;
    const char *unit;
} closo_capacity_scale;

/* mAh/g or mAh/cm2 where mass or area are known, else what suits the cell. */
closo_capacity_scale closo_figure_capacity_scale(const closo_cycling *cycling);

/* More cycles than this are not told apart by their lines, nor named in a legend. */
enum { CLOSO_CYCLES_DRAWN = 12 };

/* Whether the k-th of `count` cycles is drawn: all, or as many spread evenly from the first to the last. */
bool closo_figure_cycle_drawn(size_t k, size_t count);

/* "; 12 of 50 cycles" behind the label of an axis, where not all are drawn. NULL when out of memory. */
const char *closo_figure_cycles_label(const char *label, size_t count, closo_arena *arena);

/* A figure with room for curves; NULL when out of memory. */
closo_figure *closo_figure_with_curves(const char *title, size_t curve_count, closo_arena *arena,
                                       closo_curve **curves);

/* Label and range of an axis of efficiencies in %: from the lowest to a little above 100 %, at least 5 % tall. Where one is so far
 * off that the others would be a line, it leaves the frame, and the label says so. False: out of memory. */
bool closo_figure_efficiency_axis(const double *efficiency, size_t count, closo_axis *axis,
                                  closo_arena *arena);

#endif
