/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_cycling.c: capacity and efficiency against cycle, and potential against capacity. */
#include "figure_cycling.h"
#include "report_internal.h"

#include "base/base_internal.h"
#include "closo/cycling.h"

#include <math.h>
#include <stdlib.h>

closo_capacity_scale closo_figure_capacity_scale(const closo_cycling *cycling)
{
    if (cycling->mass_kg > 0)
        return (closo_capacity_scale){1 / (3600 * cycling->mass_kg), "mAh g^{−1}"};
    if (cycling->area_m2 > 0)
        return (closo_capacity_scale){1 / (36000 * cycling->area_m2), "mAh cm^{−2}"};
    double largest_C = 0;
    for (size_t h = 0; h < cycling->half_cycle_count; h++)
        largest_C = fmax(largest_C, cycling->half_cycles[h].charge_C);
    if (largest_C < 0.36)
        return (closo_capacity_scale){1e3 / 3.6, "µAh"};
    return largest_C < 3600 ? (closo_capacity_scale){1 / 3.6, "mAh"}
                            : (closo_capacity_scale){1 / 3600.0, "Ah"};
}

closo_figure *closo_figure_with_curves(const char *title, size_t curve_count, closo_arena *arena,
                                       closo_curve **curves)
{
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    *curves = closo_arena_alloc(arena, curve_count, sizeof **curves);
    if (figure == NULL || *curves == NULL)
        return NULL;
    figure->title = title;
    figure->curves = *curves;
    return figure;
}

static int rising(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* The range that an efficiency may have and be drawn: five times the span of the rest below and above it, the span being that of
 * all but the lowest and the highest tenth (one at least), and 5 % at least. A first cycle of 75 % is within it, the stump of an
 * interrupted one may not be. */
static void efficiency_fences(const double *efficiency, size_t count, double *low, double *high,
                              closo_arena *arena)
{
    double *sorted = closo_arena_alloc(arena, count + 1, sizeof *sorted);
    size_t known = 0;
    *low = -HUGE_VAL;
    *high = HUGE_VAL;
    for (size_t c = 0; c < count && sorted != NULL; c++)
        if (isfinite(efficiency[c]))
            sorted[known++] = efficiency[c];
    if (known < 4)
        return;
    size_t aside = known / 10 > 1 ? known / 10 : 1;
    qsort(sorted, known, sizeof *sorted, rising);
    double least = sorted[aside], most = sorted[known - 1 - aside], span = fmax(most - least, 5);
    *low = least - 5 * span;
    *high = most + 5 * span;
}

bool closo_figure_efficiency_axis(const double *efficiency, size_t count, closo_axis *axis,
                                  closo_arena *arena)
{
    double low = 100, high = 100, least, most, left_out = NAN;
    size_t outside = 0, cycle = 0;
    efficiency_fences(efficiency, count, &least, &most, arena);
    for (size_t c = 0; c < count; c++) {
        if (!isfinite(efficiency[c]))
            continue;
        if (efficiency[c] < least || efficiency[c] > most) {
            outside++;
            cycle = c + 1;
            left_out = efficiency[c];
            continue;
        }
        low = fmin(low, efficiency[c]);
        high = fmax(high, efficiency[c]);
    }
    double margin = fmax(0.08 * (high - low), 0.5);
    axis->low = fmin(low - margin, 95);
    axis->high = high + margin;
    axis->label =
        outside == 0 ? "Coulombic efficiency (%)"
        : outside == 1
            ? closo_arena_printf(arena, "Coulombic efficiency (%%); outside: cycle %zu, %.3g %%",
                                 cycle, left_out)
            : closo_arena_printf(arena, "Coulombic efficiency (%%); outside: %zu of %zu cycles",
                                 outside, count);
    return axis->label != NULL;
}

const closo_figure *closo_figure_cycles(const closo_cycling *cycling, const char *title,
                                        closo_arena *arena)
{
    enum { CHARGE, DISCHARGE, EFFICIENCY, CURVES };
    static const char *const labels[] = {"charge", "discharge", "coulombic efficiency"};
    closo_curve *curves;
    closo_figure *figure = closo_figure_with_curves(title, CURVES, arena, &curves);
    closo_capacity_scale scale = closo_figure_capacity_scale(cycling);
    size_t count = cycling->cycle_count;
    double *number = closo_arena_alloc(arena, count, sizeof *number);
    double *values[CURVES];
    for (size_t k = 0; k < CURVES; k++)
        if ((values[k] = closo_arena_alloc(arena, count, sizeof **values)) == NULL)
            return NULL;
    if (figure == NULL || number == NULL)
        return NULL;
    double largest = 0;
    for (size_t c = 0; c < count; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
        largest = fmax(largest, fmax(cycle->charge_C, cycle->discharge_C) * scale.factor);
        number[c] = cycle->cycle;
        values[CHARGE][c] = cycle->charge_C * scale.factor;
        values[DISCHARGE][c] = cycle->discharge_C * scale.factor;
        values[EFFICIENCY][c] = cycle->complete ? 100 * cycle->coulombic_efficiency : (double)NAN;
    }
    for (size_t k = 0; k < CURVES; k++)
        curves[k] = (closo_curve){.label = labels[k],
                                  .x = number,
                                  .y = values[k],
                                  .count = count,
                                  .mark = CLOSO_MARK_POINTS,
                                  .colour = (int)k,
                                  .right_axis = k == EFFICIENCY};
    figure->curve_count = CURVES;
    figure->x.label = "Cycle";
    if (count < 7) { /* a lone point wants room on both sides; a few, ticks at whole cycles */
        figure->x.low = 0;
        figure->x.high = (double)count + 1;
    }
    figure->y.label = closo_arena_printf(arena, "Capacity (%s)", scale.unit);
    figure->y.low = 0;
    figure->y.high = largest > 0 ? 1.06 * largest : (double)NAN; /* no point on the frame */
    return closo_figure_efficiency_axis(values[EFFICIENCY], count, &figure->y_right, arena) &&
                   figure->y.label != NULL
               ? figure
               : NULL;
}

/* ---- potential against capacity ---- */

/* The curve of one half cycle; false when out of memory. */
static bool add_profile(const closo_cycling *cycling, const closo_half_cycle *half, int colour,
                        const char *label, closo_curve *curve, closo_arena *arena)
{
    double *capacity = closo_arena_alloc(arena, half->row_count, sizeof *capacity);
    double factor = closo_figure_capacity_scale(cycling).factor * half->direction, passed_C = 0;
    closo_cycling_rows rows;
    if (capacity == NULL || closo_cycling_rows_read(cycling, half->first_row, half->row_count,
                                                    arena, &rows, NULL) != CLOSO_OK)
        return false;
    for (size_t s = half->first_step; s < half->first_step + half->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        for (size_t i = step->first_row; i < step->first_row + step->row_count; i++) {
            passed_C += step->direction != 0 ? rows.charge_C[i - rows.first_row] : 0;
            capacity[i - half->first_row] = passed_C * factor;
        }
    }
    *curve = (closo_curve){.label = label,
                           .x = capacity,
                           .y = rows.potential_V,
                           .count = half->row_count,
                           .mark = CLOSO_MARK_LINE,
                           .colour = colour};
    return true;
}

bool closo_figure_cycle_drawn(size_t k, size_t count)
{
    const size_t steps = CLOSO_CYCLES_DRAWN - 1;
    return count <= CLOSO_CYCLES_DRAWN || k * steps % (count - 1) < steps;
}

const char *closo_figure_cycles_label(const char *label, size_t count, closo_arena *arena)
{
    if (label == NULL || count <= CLOSO_CYCLES_DRAWN)
        return label;
    return closo_arena_printf(arena, "%s; %d of %zu cycles", label, CLOSO_CYCLES_DRAWN, count);
}

const closo_figure *closo_figure_profiles(const closo_cycling *cycling, const int *cycles,
                                          size_t count, const char *title, closo_arena *arena)
{
    int chosen[CLOSO_CYCLES_CHOSEN];
    if (cycles == NULL) {
        count = closo_cycling_choose(cycling, chosen);
        cycles = chosen;
    }
    closo_curve *curves;
    closo_figure *figure = closo_figure_with_curves(title, 2 * count, arena, &curves);
    if (figure == NULL)
        return NULL;
    int colour = 0;
    for (size_t k = 0; k < count; k++) {
        if (cycles[k] < 1 || (size_t)cycles[k] > cycling->cycle_count ||
            !closo_figure_cycle_drawn(k, count))
            continue;
        const closo_cycle *cycle = &cycling->cycles[cycles[k] - 1];
        const char *label = closo_arena_printf(arena, "cycle %d", cycle->cycle);
        const size_t halves[] = {cycle->charge_half, cycle->discharge_half};
        for (size_t h = 0; h < 2; h++) {
            if (halves[h] == SIZE_MAX)
                continue;
            if (label == NULL || !add_profile(cycling, &cycling->half_cycles[halves[h]], colour,
                                              h == 0 || halves[0] == SIZE_MAX ? label : NULL,
                                              &curves[figure->curve_count], arena))
                return NULL;
            figure->curve_count++;
        }
        colour++;
    }
    figure->x.label = closo_figure_cycles_label(
        closo_arena_printf(arena, "Capacity (%s)", closo_figure_capacity_scale(cycling).unit),
        count, arena);
    figure->y.label = "Potential (V)";
    figure->x.low = 0;
    figure->x.high = NAN;
    return figure->x.label != NULL ? figure : NULL;
}
