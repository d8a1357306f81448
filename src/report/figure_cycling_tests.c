/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_cycling_tests.c: dQ/dV and dV/dQ, rate tests, and tests of a rising cut-off. */
#include "figure_cycling.h"
#include "report_internal.h"

#include "base/base_internal.h"
#include "closo/numeric.h"

#include <math.h>

/* ---- dQ/dV and dV/dQ ---- */

static bool add_differential(const closo_differential *from, const closo_capacity_scale *scale,
                             closo_curve *curve, closo_arena *arena)
{
    bool capacity = from->kind == CLOSO_DIFFERENTIAL_CAPACITY;
    double *x = closo_arena_alloc(arena, from->count, sizeof *x);
    double *y = closo_arena_alloc(arena, from->count, sizeof *y);
    if (x == NULL || y == NULL)
        return false;
    double x_factor = capacity ? 1 : scale->factor;
    double y_factor = from->direction * (capacity ? scale->factor : 1 / scale->factor);
    for (size_t b = 0; b < from->count; b++) {
        x[b] = from->x[b] * x_factor;
        y[b] = from->y[b] * y_factor;
    }
    curve->x = x;
    curve->y = y;
    curve->count = from->count;
    curve->mark = CLOSO_MARK_LINE;
    return true;
}

/* dV/dQ runs away at both ends of a half cycle: the axis shows what lies below ten times the median height. */
static void limit_height(closo_figure *figure, closo_arena *arena)
{
    size_t count = 0;
    for (size_t k = 0; k < figure->curve_count; k++)
        count += figure->curves[k].count;
    double *heights = closo_arena_alloc(arena, count + 1, sizeof *heights);
    if (heights == NULL)
        return;
    count = 0;
    for (size_t k = 0; k < figure->curve_count; k++)
        for (size_t b = 0; b < figure->curves[k].count; b++)
            heights[count++] = fabs(figure->curves[k].y[b]);
    double most = 10 * closo_median(heights, count);
    if (!(most > 0))
        return;
    figure->y.low = -most;
    figure->y.high = most;
}

const closo_figure *closo_figure_differential(const closo_cycling *cycling,
                                              closo_differential_kind kind, const char *title,
                                              closo_arena *arena)
{
    const closo_cycling_analyses *analyses = cycling->analyses;
    bool capacity = kind == CLOSO_DIFFERENTIAL_CAPACITY;
    size_t count = analyses == NULL ? 0
                   : capacity       ? analyses->capacity_count
                                    : analyses->potential_count;
    if (count == 0)
        return NULL;
    closo_differential *const *from = capacity ? analyses->capacities : analyses->potentials;
    closo_curve *curves;
    closo_figure *figure = closo_figure_with_curves(title, count, arena, &curves);
    closo_capacity_scale scale = closo_figure_capacity_scale(cycling);
    size_t cycles = 0, drawn = 0, at = 0;
    int colour = -1;
    double widest = 0;
    if (figure == NULL)
        return NULL;
    for (size_t k = 0; k < count; k++)
        cycles += k == 0 || from[k]->cycle != from[k - 1]->cycle;
    for (size_t k = 0; k < count; k++) {
        const bool first = k == 0 || from[k]->cycle != from[k - 1]->cycle;
        at += k != 0 && first;
        if (!closo_figure_cycle_drawn(at, cycles))
            continue;
        colour += first;
        widest = fmax(widest, from[k]->resolution);
        curves[drawn].label = first ? closo_arena_printf(arena, "cycle %d", from[k]->cycle) : NULL;
        curves[drawn].colour = colour;
        if (!add_differential(from[k], &scale, &curves[drawn], arena))
            return NULL;
        figure->curve_count = ++drawn;
    }
    figure->x.label = closo_figure_cycles_label(
        capacity ? closo_arena_printf(arena, "Potential (V), resolution %.2g mV", 1e3 * widest)
                 : closo_arena_printf(arena, "Capacity passed (%s), resolution %.2g", scale.unit,
                                      widest * scale.factor),
        cycles, arena);
    figure->y.label = capacity ? closo_arena_printf(arena, "dQ/dV (%s V^{−1})", scale.unit)
                               : closo_arena_printf(arena, "dV/dQ (V / %s)", scale.unit);
    if (!capacity)
        limit_height(figure, arena);
    return figure->x.label != NULL && figure->y.label != NULL ? figure : NULL;
}

/* ---- rate test ---- */

/* Room above the highest capacity, for the labels of lines. */
static void leave_headroom(closo_figure *figure, const closo_curve *curves)
{
    double highest = 0;
    for (size_t k = 0; k < 2; k++)
        for (size_t c = 0; c < curves[k].count; c++)
            highest = isfinite(curves[k].y[c]) ? fmax(highest, curves[k].y[c]) : highest;
    figure->y.low = 0;
    figure->y.high = highest > 0 ? 1.15 * highest : (double)NAN;
}

/* Both capacities of each cycle, as points; curves[0] charge, curves[1] discharge. */
static bool add_capacities(const closo_cycling *cycling, double factor, closo_curve *curves,
                           closo_arena *arena)
{
    size_t count = cycling->cycle_count;
    double *number = closo_arena_alloc(arena, count + 1, sizeof *number);
    double *values[2] = {closo_arena_alloc(arena, count + 1, sizeof *number),
                         closo_arena_alloc(arena, count + 1, sizeof *number)};
    if (number == NULL || values[0] == NULL || values[1] == NULL)
        return false;
    for (size_t c = 0; c < count; c++) {
        number[c] = cycling->cycles[c].cycle;
        values[0][c] = cycling->cycles[c].charge_C * factor;
        values[1][c] = cycling->cycles[c].discharge_C * factor;
    }
    for (int k = 0; k < 2; k++)
        curves[k] = (closo_curve){.label = k == 0 ? "charge" : "discharge",
                                  .x = number,
                                  .y = values[k],
                                  .count = count,
                                  .mark = CLOSO_MARK_POINTS,
                                  .colour = k};
    return true;
}

static const char *rate_name(const closo_cycling *cycling, const closo_rate_group *group,
                             closo_arena *arena)
{
    bool anode = cycling->role == CLOSO_ROLE_ANODE;
    double per_h = anode ? group->charge_rate_per_h : group->discharge_rate_per_h;
    double current_A = anode ? group->charge_A : group->discharge_A;
    if (isfinite(per_h))
        return per_h < 0.95 ? closo_arena_printf(arena, "C/%.3g", 1 / per_h)
                            : closo_arena_printf(arena, "%.3gC", per_h);
    return current_A < 1e-4 ? closo_arena_printf(arena, "%.3g µA", 1e6 * current_A)
                            : closo_arena_printf(arena, "%.3g mA", 1e3 * current_A);
}

const closo_figure *closo_figure_rate_test(const closo_cycling *cycling, const char *title,
                                           closo_arena *arena)
{
    if (cycling->analyses == NULL || cycling->analyses->rate_test.group_count == 0)
        return NULL;
    const closo_rate_test *test = &cycling->analyses->rate_test;
    closo_curve *curves;
    closo_figure *figure = closo_figure_with_curves(title, 2 + test->group_count, arena, &curves);
    closo_guide *guides = closo_arena_alloc(arena, test->group_count, sizeof *guides);
    closo_capacity_scale scale = closo_figure_capacity_scale(cycling);
    double *ends = closo_arena_alloc(arena, 4 * test->group_count, sizeof *ends);
    if (figure == NULL || guides == NULL || ends == NULL ||
        !add_capacities(cycling, scale.factor, curves, arena))
        return NULL;
    for (size_t g = 0; g < test->group_count; g++) {
        const closo_rate_group *group = &test->groups[g];
        double *end = ends + 4 * g;
        end[0] = group->last_cycle - (double)group->averaged + 0.6;
        end[1] = group->last_cycle + 0.4;
        end[2] = end[3] = group->capacity_C.value * scale.factor;
        curves[2 + g] = (closo_curve){.label = g == 0 ? "mean of the last" : NULL,
                                      .x = end,
                                      .y = end + 2,
                                      .count = 2,
                                      .colour = 2,
                                      .width_px = 2.5,
                                      .mark = CLOSO_MARK_LINE};
        guides[g] = (closo_guide){.kind = CLOSO_GUIDE_X_LINE,
                                  .low = group->first_cycle - 0.5,
                                  .high = group->first_cycle - 0.5,
                                  .label = rate_name(cycling, group, arena),
                                  .colour = -1};
    }
    figure->curve_count = 2 + test->group_count;
    figure->guides = guides;
    figure->guide_count = test->group_count;
    figure->legend = CLOSO_LEGEND_BELOW;
    figure->x.label = "Cycle";
    figure->x.low = 0;
    figure->x.high = (double)cycling->cycle_count + 1;
    figure->y.label = closo_arena_printf(arena, "Capacity (%s)", scale.unit);
    leave_headroom(figure, curves);
    return figure->y.label != NULL ? figure : NULL;
}

/* ---- stepwise cut-offs ---- */

static bool add_efficiency(const closo_cycling *cycling, closo_curve *curve, closo_arena *arena)
{
    size_t count = cycling->cycle_count;
    double *efficiency = closo_arena_alloc(arena, count + 1, sizeof *efficiency);
    if (efficiency == NULL)
        return false;
    for (size_t c = 0; c < count; c++)
        efficiency[c] = 100 * cycling->cycles[c].coulombic_efficiency;
    *curve = (closo_curve){.label = "coulombic efficiency",
                           .x = curve[-1].x,
                           .y = efficiency,
                           .count = count,
                           .mark = CLOSO_MARK_POINTS,
                           .colour = 2,
                           .right_axis = true};
    return true;
}

/* A line where each cut-off begins, and a band from the damage on. */
static bool add_cut_offs(const closo_cycling *cycling, closo_figure *figure, closo_arena *arena)
{
    const closo_stepwise *test = &cycling->analyses->stepwise;
    closo_guide *guides = closo_arena_alloc(arena, test->count + 1, sizeof *guides);
    if (guides == NULL)
        return false;
    for (size_t g = 0; g < test->count; g++) {
        double start = test->cut_offs[g].first_cycle - 0.5;
        guides[g] =
            (closo_guide){.kind = CLOSO_GUIDE_X_LINE,
                          .low = start,
                          .high = start,
                          .label = closo_arena_printf(arena, "%.2f V", test->cut_offs[g].cut_off_V),
                          .colour = -1};
    }
    figure->guides = guides;
    figure->guide_count = test->count;
    if (test->damage < 0)
        return true;
    guides[test->count] = (closo_guide){.kind = CLOSO_GUIDE_X_BAND,
                                        .low = test->cut_offs[test->damage].first_cycle - 0.5,
                                        .high = test->cut_offs[test->count - 1].last_cycle + 0.5,
                                        .label = "damage",
                                        .colour = 1};
    figure->guide_count++;
    return true;
}

const closo_figure *closo_figure_stepwise(const closo_cycling *cycling, const char *title,
                                          closo_arena *arena)
{
    if (cycling->analyses == NULL || cycling->analyses->stepwise.count == 0)
        return NULL;
    if (cycling->analyses->stepwise.within_one_charge)
        return closo_figure_damage(cycling, title, arena);
    closo_curve *curves;
    closo_figure *figure = closo_figure_with_curves(title, 3, arena, &curves);
    closo_capacity_scale scale = closo_figure_capacity_scale(cycling);
    if (figure == NULL || !add_capacities(cycling, scale.factor, curves, arena) ||
        !add_efficiency(cycling, &curves[2], arena) || !add_cut_offs(cycling, figure, arena))
        return NULL;
    figure->curve_count = 3;
    figure->legend = CLOSO_LEGEND_BELOW;
    figure->x.label = "Cycle";
    figure->x.low = 0;
    figure->x.high = (double)cycling->cycle_count + 1;
    figure->y.label = closo_arena_printf(arena, "Capacity (%s)", scale.unit);
    leave_headroom(figure, curves);
    return closo_figure_efficiency_axis(curves[2].y, cycling->cycle_count, &figure->y_right,
                                        arena) &&
                   figure->y.label != NULL
               ? figure
               : NULL;
}

static closo_damage_measure shown_measure(const closo_stepwise *test)
{
    for (int m = 0; m < CLOSO_DAMAGE_MEASURES; m++)
        if ((test->reasons & 1U << m) != 0)
            return (closo_damage_measure)m;
    return test->within_one_charge ? CLOSO_DAMAGE_RESISTANCE : CLOSO_DAMAGE_OVERPOTENTIAL;
}

/* Value (k = 0) or expectation (1) of a measure over the cut-offs, with sigma. */
static bool add_measure(const closo_stepwise *test, closo_damage_measure measure, int k,
                        closo_curve *curve, closo_arena *arena)
{
    double *x = closo_arena_alloc(arena, test->count, sizeof *x);
    double *y = closo_arena_alloc(arena, test->count, sizeof *y);
    double *sigma = closo_arena_alloc(arena, test->count, sizeof *sigma);
    if (x == NULL || y == NULL || sigma == NULL)
        return false;
    for (size_t g = 0; g < test->count; g++) {
        const closo_cut_off *at = &test->cut_offs[g];
        closo_value value = k == 0 ? at->measure[measure] : at->expected[measure];
        x[g] = at->cut_off_V;
        y[g] = value.value;
        sigma[g] = isfinite(value.sigma) ? value.sigma : 0;
    }
    *curve = (closo_curve){.label = k == 0 ? "measured" : "expected by the cut-offs before",
                           .x = x,
                           .y = y,
                           .y_sigma = sigma,
                           .count = test->count,
                           .mark = k == 0 ? CLOSO_MARK_POINTS : CLOSO_MARK_LINE_POINTS,
                           .colour = k};
    return true;
}

const closo_figure *closo_figure_damage(const closo_cycling *cycling, const char *title,
                                        closo_arena *arena)
{
    static const char *const labels[CLOSO_DAMAGE_MEASURES] = {
        "Irreversible share of the charge", "Loss of capacity per cycle", "Overpotential (V)",
        "Resistance (Ω)", "Share of the charge in holds"};
    if (cycling->analyses == NULL || cycling->analyses->stepwise.count == 0)
        return NULL;
    const closo_stepwise *test = &cycling->analyses->stepwise;
    closo_damage_measure measure = shown_measure(test);
    closo_curve *curves;
    closo_figure *figure = closo_figure_with_curves(title, 2, arena, &curves);
    closo_guide *band = closo_arena_alloc(arena, 1, sizeof *band);
    if (figure == NULL || band == NULL || !add_measure(test, measure, 0, &curves[0], arena) ||
        !add_measure(test, measure, 1, &curves[1], arena))
        return NULL;
    figure->curve_count = 2;
    figure->x.label = "Upper cut-off (V)";
    figure->y.label = labels[measure];
    if (test->damage >= 0) {
        *band = (closo_guide){.kind = CLOSO_GUIDE_X_BAND,
                              .low = test->cut_offs[test->damage - 1].cut_off_V,
                              .high = test->cut_offs[test->damage].cut_off_V,
                              .label = "damage begins",
                              .colour = 1};
        figure->guides = band;
        figure->guide_count = 1;
    }
    return figure;
}
