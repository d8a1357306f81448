/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_cycling.c: capacity and efficiency against cycle, and potential against capacity. */
#include "figure_cycling.h"
#include "report_internal.h"

#include "base/base_internal.h"
#include "closo/cycling.h"

#include <math.h>

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

/* Range of the efficiency axis: from the lowest of most cycles to a little above 100 %, at least 5 % tall. A first cycle
 * or a broken one may leave the frame. */
static void set_efficiency_range(const closo_cycling *cycling, closo_axis *axis)
{
    double low = 100, high = 100;
    size_t first = cycling->cycle_count > 3 ? 1 : 0;
    for (size_t c = first; c < cycling->cycle_count; c++) {
        double efficiency = 100 * cycling->cycles[c].coulombic_efficiency;
        if (!cycling->cycles[c].complete || !isfinite(efficiency))
            continue;
        low = fmin(low, efficiency);
        high = fmax(high, efficiency);
    }
    low = fmax(low, 0);
    high = fmin(high, 150);
    double margin = fmax(0.08 * (high - low), 0.5);
    axis->low = fmin(low - margin, 95);
    axis->high = high + margin;
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
    for (size_t c = 0; c < count; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
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
    if (count < 3) { /* a lone point wants room on both sides */
        figure->x.low = 0;
        figure->x.high = (double)count + 1;
    }
    figure->y.label = closo_arena_printf(arena, "Capacity (%s)", scale.unit);
    figure->y.low = 0;
    figure->y.high = NAN;
    figure->y_right.label = "Coulombic efficiency (%)";
    set_efficiency_range(cycling, &figure->y_right);
    return figure->y.label != NULL ? figure : NULL;
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
