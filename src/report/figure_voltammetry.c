/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_voltammetry.c: figures of voltammograms, onsets and stepwise vertices. */
#include "report_internal.h"

#include "base/base_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- units one would print ---- */

typedef struct scale {
    double factor; /* printed = factor * SI */
    const char *unit;
} scale;

/* The largest prefix with which the largest value is at least one. */
static scale choose_scale(double largest, const scale *scales, size_t count)
{
    size_t best = 0;
    for (size_t i = 0; i < count; i++)
        if (largest * scales[best].factor < 1)
            best = i;
    return scales[best];
}

static scale current_scale(const closo_normalisation *normalisation, double largest)
{
    static const scale plain[] = {{1, "A"}, {1e3, "mA"}, {1e6, "µA"}, {1e9, "nA"}, {1e12, "pA"}};
    static const scale area[] = {{1e-4, "A cm^{−2}"},
                                 {1e-1, "mA cm^{−2}"},
                                 {1e2, "µA cm^{−2}"},
                                 {1e5, "nA cm^{−2}"},
                                 {1e8, "pA cm^{−2}"}};
    static const scale mass[] = {
        {1e-3, "A g^{−1}"}, {1, "mA g^{−1}"}, {1e3, "µA g^{−1}"}, {1e6, "nA g^{−1}"}};
    static const scale carbon[] = {{1e-1, "mA per cm^{2} carbon"},
                                   {1e2, "µA per cm^{2} carbon"},
                                   {1e5, "nA per cm^{2} carbon"},
                                   {1e8, "pA per cm^{2} carbon"}};
    switch (normalisation->kind) {
    case CLOSO_NORMAL_AREA:
        return choose_scale(largest, area, sizeof area / sizeof *area);
    case CLOSO_NORMAL_MASS:
        return choose_scale(largest, mass, sizeof mass / sizeof *mass);
    case CLOSO_NORMAL_CARBON:
        return choose_scale(largest, carbon, sizeof carbon / sizeof *carbon);
    case CLOSO_NORMAL_NONE:
        break;
    }
    return choose_scale(largest, plain, sizeof plain / sizeof *plain);
}

/* "Na+/Na" with its charge raised. */
static const char *potential_label(const closo_voltammogram *voltammogram, closo_arena *arena)
{
    const char *name = voltammogram->reference.name;
    if (name == NULL)
        return "Potential (V)";
    const char *slash = strchr(name, '/');
    const char *plus = strchr(name, '+');
    if (slash == NULL || plus == NULL || plus + 1 != slash)
        return closo_arena_printf(arena, "Potential vs %s (V)", name);
    const char *charge = plus;
    while (charge > name && charge[-1] >= '0' && charge[-1] <= '9')
        charge--;
    return closo_arena_printf(arena, "Potential vs %.*s^{%.*s}%s (V)", (int)(charge - name), name,
                              (int)(slash - charge), charge, slash);
}

static double largest_magnitude(const double *values, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            largest = fmax(largest, fabs(values[i]));
    return largest;
}

static double *scaled(const double *values, size_t count, double factor, closo_arena *arena)
{
    double *copy = closo_arena_alloc(arena, count, sizeof *copy);
    for (size_t i = 0; i < count && copy != NULL; i++)
        copy[i] = factor * values[i];
    return copy;
}

static closo_figure *new_figure(const char *title, size_t curves, size_t guides, closo_arena *arena,
                                closo_curve **curve_list, closo_guide **guide_list)
{
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    *curve_list = closo_arena_alloc(arena, curves, sizeof **curve_list);
    *guide_list = closo_arena_alloc(arena, guides, sizeof **guide_list);
    if (figure == NULL || *curve_list == NULL || *guide_list == NULL)
        return NULL;
    figure->title = title;
    figure->curves = *curve_list;
    figure->guides = *guide_list;
    return figure;
}

/* ---- the voltammogram ---- */

enum { CYCLES_DISTINCT = 6 }; /* more cycles than this share a colour and are not listed */

const closo_figure *closo_figure_voltammogram(const closo_voltammogram *voltammogram,
                                              const closo_normalisation *normalisation,
                                              const char *title, closo_arena *arena)
{
    const closo_trace *trace = &voltammogram->trace;
    size_t cycles = voltammogram->sweep_count != 0
                        ? (size_t)voltammogram->sweeps[voltammogram->sweep_count - 1].cycle
                        : 0;
    closo_curve *curves;
    closo_guide *guides;
    closo_figure *figure = new_figure(title, cycles, 0, arena, &curves, &guides);
    if (figure == NULL)
        return NULL;
    double largest = largest_magnitude(trace->current_A, trace->row_count) / normalisation->amount;
    scale unit = current_scale(normalisation, largest);
    double *current =
        scaled(trace->current_A, trace->row_count, unit.factor / normalisation->amount, arena);
    figure->x.label = potential_label(voltammogram, arena);
    figure->y.label = closo_arena_printf(arena, "Current (%s)", unit.unit);
    if (current == NULL || figure->x.label == NULL || figure->y.label == NULL)
        return NULL;
    for (size_t s = 0, c = 0; c < cycles; c++) {
        size_t first = s < voltammogram->sweep_count ? voltammogram->sweeps[s].first_row : 0;
        size_t count = 0;
        while (s < voltammogram->sweep_count && (size_t)voltammogram->sweeps[s].cycle == c + 1)
            count += voltammogram->sweeps[s++].row_count;
        if (c != 0 && first != 0) { /* joined to the cycle before */
            first--;
            count++;
        }
        bool distinct = cycles <= CYCLES_DISTINCT;
        curves[figure->curve_count++] = (closo_curve){
            .label = cycles > 1 && distinct ? closo_arena_printf(arena, "cycle %zu", c + 1) : NULL,
            .x = trace->potential_V + first,
            .y = current + first,
            .count = count,
            .mark = CLOSO_MARK_LINE,
            .colour = distinct ? (int)c : 0,
            .width_px = distinct ? 0 : 0.8};
    }
    return figure;
}

/* ---- onsets ---- */

/* Two points of a fitted line, from one potential to another, in printed units. */
static bool line_curve(const closo_sweep_line *line, double from_V, double to_V, double factor,
                       const char *label, int colour, closo_arena *arena, closo_curve *curve)
{
    double *x = closo_arena_alloc(arena, 2, sizeof *x), *y = closo_arena_alloc(arena, 2, sizeof *y);
    if (x == NULL || y == NULL)
        return false;
    x[0] = from_V;
    x[1] = to_V;
    for (size_t i = 0; i < 2; i++)
        y[i] = factor * (line->intercept_A + line->slope_S * x[i]);
    *curve = (closo_curve){
        .label = label, .x = x, .y = y, .count = 2, .mark = CLOSO_MARK_DASHED, .colour = colour};
    return true;
}

static bool add_onset(closo_figure *figure, closo_curve *curves, closo_guide *guides,
                      const closo_onset *onset, size_t number, double factor, closo_arena *arena)
{
    double onset_V = onset->potential_V.value;
    const closo_sweep_line *background = &onset->background, *rising = &onset->rising;
    bool first = number == 0;
    /* The background runs a little beyond the crossing, so that one sees where the current leaves it. */
    double beyond_V = onset_V + 0.5 * (rising->to_V - onset_V);
    char text[64];
    closo_value_text(onset->potential_V, "V", text, sizeof text);
    const char *label = closo_arena_text(arena, text);
    if (label == NULL ||
        !line_curve(background, background->from_V, beyond_V, factor,
                    first ? "background line" : NULL, 2, arena, &curves[figure->curve_count++]) ||
        !line_curve(rising, onset_V, rising->to_V, factor, first ? "rising line" : NULL, 1, arena,
                    &curves[figure->curve_count++]))
        return false;
    guides[figure->guide_count++] =
        (closo_guide){CLOSO_GUIDE_X_BAND, fmin(background->from_V, background->to_V),
                      fmax(background->from_V, background->to_V), NULL, 2};
    guides[figure->guide_count++] =
        (closo_guide){CLOSO_GUIDE_X_BAND, fmin(rising->from_V, rising->to_V),
                      fmax(rising->from_V, rising->to_V), NULL, 1};
    guides[figure->guide_count++] = (closo_guide){CLOSO_GUIDE_X_LINE, onset_V, onset_V, label, -1};
    return true;
}

/* The sweep between two potentials with the onsets `first` .. `last` - 1. */
static closo_figure *sweep_figure(const closo_voltammogram *voltammogram,
                                  const closo_onset_result *result, size_t first, size_t last,
                                  double low_V, double high_V,
                                  const closo_normalisation *normalisation, const char *title,
                                  closo_arena *arena)
{
    const closo_sweep *sweep = &voltammogram->sweeps[result->sweep_index];
    closo_curve *curves;
    closo_guide *guides;
    closo_figure *figure =
        new_figure(title, 2 + 2 * (last - first), 3 * (last - first), arena, &curves, &guides);
    if (figure == NULL)
        return NULL;
    double low_A = INFINITY, high_A = -INFINITY;
    for (size_t i = 0; i < result->bin_count; i++) {
        if (result->bin_potential_V[i] < low_V || result->bin_potential_V[i] > high_V)
            continue;
        low_A = fmin(low_A, result->bin_current_A[i]);
        high_A = fmax(high_A, result->bin_current_A[i]);
    }
    double largest = fmax(fabs(low_A), fabs(high_A)) / normalisation->amount;
    scale unit = current_scale(normalisation, isfinite(largest) ? largest : 0);
    double factor = unit.factor / normalisation->amount;
    double *current =
        scaled(voltammogram->trace.current_A + sweep->first_row, sweep->row_count, factor, arena);
    double *bins = scaled(result->bin_current_A, result->bin_count, factor, arena);
    figure->x.label = potential_label(voltammogram, arena);
    figure->y.label = closo_arena_printf(arena, "Current (%s)", unit.unit);
    if (current == NULL || bins == NULL || figure->x.label == NULL || figure->y.label == NULL)
        return NULL;
    curves[figure->curve_count++] =
        (closo_curve){.label = "measured",
                      .x = voltammogram->trace.potential_V + sweep->first_row,
                      .y = current,
                      .count = sweep->row_count,
                      .mark = CLOSO_MARK_LINE,
                      .colour = -1,
                      .width_px = 1};
    curves[figure->curve_count++] = (closo_curve){.label = "without spikes, averaged",
                                                  .x = result->bin_potential_V,
                                                  .y = bins,
                                                  .count = result->bin_count,
                                                  .mark = CLOSO_MARK_LINE,
                                                  .colour = 0};
    for (size_t k = first; k < last; k++)
        if (!add_onset(figure, curves, guides, &result->onsets[k], k - first, factor, arena))
            return NULL;
    figure->x.low = low_V;
    figure->x.high = high_V;
    if (isfinite(low_A) && high_A > low_A) { /* spikes may leave the frame */
        double margin_A = 0.06 * (high_A - low_A);
        figure->y.low = factor * (low_A - margin_A);
        figure->y.high = factor * (high_A + margin_A);
    }
    return figure;
}

const closo_figure *closo_figure_onset(const closo_voltammogram *voltammogram,
                                       const closo_onset_result *result,
                                       const closo_normalisation *normalisation, const char *title,
                                       closo_arena *arena)
{
    const closo_sweep *sweep = &voltammogram->sweeps[result->sweep_index];
    return sweep_figure(voltammogram, result, 0, result->onset_count,
                        fmin(sweep->from_V, sweep->to_V), fmax(sweep->from_V, sweep->to_V),
                        normalisation, title, arena);
}

const closo_figure *closo_figure_onset_near(const closo_voltammogram *voltammogram,
                                            const closo_onset_result *result, size_t onset,
                                            const closo_normalisation *normalisation,
                                            const char *title, closo_arena *arena)
{
    const closo_onset *shown = &result->onsets[onset];
    double first_V = shown->background.from_V, last_V = shown->rising.to_V;
    double margin_V = 0.03 * (last_V - first_V);
    return sweep_figure(voltammogram, result, onset, onset + 1,
                        fmin(first_V - margin_V, last_V + margin_V),
                        fmax(first_V - margin_V, last_V + margin_V), normalisation, title, arena);
}

/* ---- steps of a rising vertex ---- */

const closo_figure *closo_figure_steps(const closo_voltammogram *voltammogram,
                                       const closo_voltammogram_summary *summary, const char *title,
                                       closo_arena *arena)
{
    size_t count = summary->step_count;
    closo_curve *curves;
    closo_guide *guides;
    closo_figure *figure = new_figure(title, 2, 0, arena, &curves, &guides);
    double *vertex = closo_arena_alloc(arena, count, sizeof *vertex);
    double *fresh = closo_arena_alloc(arena, count, sizeof *fresh);
    double *repeated = closo_arena_alloc(arena, count, sizeof *repeated);
    if (figure == NULL || vertex == NULL || fresh == NULL || repeated == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        vertex[i] = summary->steps[i].vertex_V;
        fresh[i] = 1e3 * summary->steps[i].new_net_C;
        repeated[i] = 1e3 * summary->steps[i].repeated_net_C;
    }
    /* In the first step every potential is new; it would dwarf the others. */
    if (count > 1)
        fresh[0] = NAN;
    curves[0] = (closo_curve){.label = "above the last vertex (new)",
                              .x = vertex,
                              .y = fresh,
                              .count = count,
                              .mark = CLOSO_MARK_LINE_POINTS,
                              .colour = 1};
    curves[1] = (closo_curve){.label = "up to the last vertex (repeated)",
                              .x = vertex,
                              .y = repeated,
                              .count = count,
                              .mark = CLOSO_MARK_LINE_POINTS,
                              .colour = 0};
    figure->curve_count = 2;
    figure->x.label = potential_label(voltammogram, arena);
    figure->y.label = "Irreversible charge (mC)";
    return figure->x.label != NULL ? figure : NULL;
}
