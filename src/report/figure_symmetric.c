/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_symmetric.c: what cells with two metal electrodes say, drawn. */
#include "report_internal.h"

#include "base/base_internal.h"
#include "closo/symmetric.h"

#include <math.h>

static closo_figure *new_figure(const char *title, size_t curve_count, closo_arena *arena,
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

/* ---- stripping and plating ---- */

enum { EVENTS_MARKED = 12 };

/* The current as steps: two points for each half cycle. False when out of memory. */
static bool add_current(const closo_symmetric *symmetric, closo_curve *curve, closo_arena *arena)
{
    size_t count = 3 * symmetric->half_count;
    double *time_h = closo_arena_alloc(arena, count, sizeof *time_h);
    double *current = closo_arena_alloc(arena, count, sizeof *current);
    if (time_h == NULL || current == NULL)
        return false;
    double factor = symmetric->area_m2 > 0 ? 0.1 / symmetric->area_m2 : 1e3;
    for (size_t i = 0; i < symmetric->half_count; i++) {
        const closo_symmetric_half *half = &symmetric->halves[i];
        time_h[3 * i] = half->start_s / 3600;
        time_h[3 * i + 1] = half->end_s / 3600;
        current[3 * i] = current[3 * i + 1] = factor * half->current_A * half->direction;
        time_h[3 * i + 2] = current[3 * i + 2] = NAN; /* apart from the next one */
    }
    *curve = (closo_curve){.label = symmetric->area_m2 > 0 ? "current density" : "current",
                           .x = time_h,
                           .y = current,
                           .count = count,
                           .mark = CLOSO_MARK_LINE,
                           .width_px = 2.4,
                           .colour = 1,
                           .right_axis = true};
    return true;
}

/* The middle of the currents that held and that did not, across the figure. False when out of memory. */
static bool add_critical(const closo_symmetric *symmetric, closo_curve *curve, closo_arena *arena)
{
    const closo_critical_current *critical = &symmetric->critical;
    bool area = symmetric->area_m2 > 0;
    double factor = area ? 0.1 / symmetric->area_m2 : 1e3;
    double *time_h = closo_arena_alloc(arena, 2, sizeof *time_h);
    double *current = closo_arena_alloc(arena, 2, sizeof *current);
    const char *label =
        closo_arena_printf(arena, "%.4g to %.4g %s: critical", factor * critical->last_A,
                           factor * critical->failed_A, area ? "mA cm^{−2}" : "mA");
    if (time_h == NULL || current == NULL || label == NULL)
        return false;
    time_h[0] = symmetric->halves[0].start_s / 3600;
    time_h[1] = symmetric->halves[symmetric->half_count - 1].end_s / 3600;
    current[0] = current[1] = factor * critical->middle_A.value;
    *curve = (closo_curve){.label = label,
                           .x = time_h,
                           .y = current,
                           .count = 2,
                           .mark = CLOSO_MARK_DASHED,
                           .width_px = 1.2,
                           .colour = 1,
                           .right_axis = true};
    return true;
}

/* The events, as far as a figure can bear them: all shorts first. */
static closo_guide *event_guides(const closo_symmetric *symmetric, size_t *count,
                                 closo_arena *arena)
{
    closo_guide *guides = closo_arena_alloc(arena, EVENTS_MARKED, sizeof *guides);
    *count = 0;
    bool labelled[3] = {false, false, false};
    for (int kind = 0; kind < 3 && guides != NULL; kind++) {
        for (size_t i = 0; i < symmetric->event_count && *count < EVENTS_MARKED; i++) {
            const closo_symmetric_event *event = &symmetric->events[i];
            if ((int)event->kind != kind)
                continue;
            double at_h = event->time_s / 3600;
            guides[(*count)++] =
                (closo_guide){.kind = CLOSO_GUIDE_X_LINE,
                              .low = at_h,
                              .high = at_h,
                              .label = labelled[kind] ? NULL : closo_event_kind_name(event->kind),
                              .colour = kind == 0 ? 2 : 3};
            labelled[kind] = true;
        }
    }
    return guides;
}

const closo_figure *closo_figure_symmetric(const closo_symmetric *symmetric, const char *title,
                                           closo_arena *arena)
{
    closo_curve *curves;
    closo_figure *figure = new_figure(title, 3, arena, &curves);
    const closo_cycling_rows *rows = &symmetric->rows;
    double *time_h = closo_arena_alloc(arena, rows->row_count, sizeof *time_h);
    double *potential_mV = closo_arena_alloc(arena, rows->row_count, sizeof *potential_mV);
    if (figure == NULL || time_h == NULL || potential_mV == NULL ||
        !add_current(symmetric, &curves[0], arena))
        return NULL;
    double largest_mV = 0, largest = 0;
    for (size_t i = 0; i < rows->row_count; i++) {
        time_h[i] = rows->time_s[i] / 3600;
        potential_mV[i] = 1e3 * rows->potential_V[i];
        largest_mV = fmax(largest_mV, fabs(potential_mV[i]));
    }
    for (size_t i = 0; i < curves[0].count; i++)
        largest = isfinite(curves[0].y[i]) ? fmax(largest, fabs(curves[0].y[i])) : largest;
    curves[1] = (closo_curve){.label = "potential",
                              .x = time_h,
                              .y = potential_mV,
                              .count = rows->row_count,
                              .mark = CLOSO_MARK_LINE,
                              .colour = 0};
    figure->curve_count = 2;
    if (symmetric->critical.stepped) {
        if (!add_critical(symmetric, &curves[2], arena))
            return NULL;
        figure->curve_count++;
    }
    figure->guides = event_guides(symmetric, &figure->guide_count, arena);
    figure->x.label = "Time (h)";
    figure->y.label = "Potential (mV)";
    figure->y_right.label =
        symmetric->area_m2 > 0 ? "Current density (mA cm^{−2})" : "Current (mA)";
    /* Zero in the middle of both, the current a little flatter, so that the two do not hide each other. */
    figure->y.low = -1.1 * largest_mV;
    figure->y.high = 1.1 * largest_mV;
    figure->y_right.low = -1.6 * largest;
    figure->y_right.high = 1.6 * largest;
    return figure->guides != NULL ? figure : NULL;
}

/* ---- polarisation ---- */

enum { STEPS_DRAWN = 8, MODEL_POINTS = 120 };

/* The measured current of a step and its law, as magnitudes. False when out of memory. */
static bool add_polarisation(const closo_polarisation *polarisation, size_t index, size_t last,
                             closo_curve curves[2], closo_arena *arena)
{
    const closo_polarisation_step *step = &polarisation->steps[index];
    const closo_transient *transient = &step->transient;
    double *time_h = closo_arena_alloc(arena, step->row_count, sizeof *time_h);
    double *current_A = closo_arena_alloc(arena, step->row_count, sizeof *current_A);
    double *model_h = closo_arena_alloc(arena, MODEL_POINTS, sizeof *model_h);
    double *model_A = closo_arena_alloc(arena, MODEL_POINTS, sizeof *model_A);
    const char *label = closo_arena_printf(arena, "%.4g V", step->applied_V);
    if (time_h == NULL || current_A == NULL || model_h == NULL || model_A == NULL || label == NULL)
        return false;
    double sign = transient->last_A.value < 0 ? -1 : 1;
    for (size_t i = 0; i < step->row_count; i++) {
        time_h[i] = (polarisation->time_s[step->first_row + i] - step->start_s) / 3600;
        current_A[i] = sign * polarisation->current_A[step->first_row + i];
    }
    double ratio = transient->to_s / transient->from_s;
    for (size_t i = 0; i < MODEL_POINTS; i++) {
        double at_s = transient->from_s * pow(ratio, (double)i / (MODEL_POINTS - 1));
        model_h[i] = at_s / 3600;
        model_A[i] = sign * closo_transient_value(transient, at_s);
    }
    curves[0] = (closo_curve){.label = label,
                              .x = time_h,
                              .y = current_A,
                              .count = step->row_count,
                              .mark = CLOSO_MARK_POINTS,
                              .colour = (int)index};
    curves[1] = (closo_curve){.label = index == last ? "law" : NULL,
                              .x = model_h,
                              .y = model_A,
                              .count = MODEL_POINTS,
                              .mark = CLOSO_MARK_LINE,
                              .width_px = 2,
                              .colour = -1};
    return true;
}

const closo_figure *closo_figure_polarisation(const closo_polarisation *polarisation,
                                              const char *title, closo_arena *arena)
{
    closo_curve *curves;
    closo_figure *figure = new_figure(title, (size_t)2 * STEPS_DRAWN, arena, &curves);
    closo_guide *guides = closo_arena_alloc(arena, STEPS_DRAWN, sizeof *guides);
    if (figure == NULL || guides == NULL)
        return NULL;
    size_t drawn = polarisation->step_count < STEPS_DRAWN ? polarisation->step_count : STEPS_DRAWN;
    for (size_t s = 0; s < drawn; s++) {
        if (!add_polarisation(polarisation, s, drawn - 1, &curves[2 * s], arena))
            return NULL;
        const closo_value steady_A = polarisation->steps[s].transient.steady_A;
        double sign = polarisation->steps[s].transient.last_A.value < 0 ? -1 : 1;
        if (sign * steady_A.value - steady_A.sigma > 0)
            guides[figure->guide_count++] =
                (closo_guide){.kind = CLOSO_GUIDE_Y_BAND,
                              .low = sign * steady_A.value - steady_A.sigma,
                              .high = sign * steady_A.value + steady_A.sigma,
                              .colour = (int)s};
    }
    figure->curve_count = 2 * drawn;
    figure->guides = guides;
    figure->x.label = "Time since the step (h)";
    figure->x.logarithmic = true;
    figure->y.label = "|Current| (A)";
    figure->y.logarithmic = true;
    return figure;
}

/* ---- growth ---- */

enum { LAW_POINTS = 200 };

/* "parabolic (weight 0.83)" */
static const char *law_label(const closo_growth *growth, closo_growth_law law, closo_arena *arena)
{
    return closo_arena_printf(arena, "%s (weight %.2f)", closo_growth_law_name(law),
                              growth->laws[law].aicc_weight);
}

/* A law from time 0 to the last point, evenly in the square root of time. False when out of memory. */
static bool add_law(const closo_growth *growth, closo_growth_law law, double last_root_h,
                    closo_curve *curve, closo_arena *arena)
{
    double *root = closo_arena_alloc(arena, LAW_POINTS, sizeof *root);
    double *value = closo_arena_alloc(arena, LAW_POINTS, sizeof *value);
    const char *label = law_label(growth, law, arena);
    if (root == NULL || value == NULL || label == NULL)
        return false;
    for (size_t i = 0; i < LAW_POINTS; i++) {
        root[i] = last_root_h * (double)i / (LAW_POINTS - 1);
        value[i] = (growth->per_area ? 1e4 : 1) *
                   closo_growth_value(growth, law, 3600 * root[i] * root[i]);
    }
    *curve = (closo_curve){.label = label,
                           .x = root,
                           .y = value,
                           .count = LAW_POINTS,
                           .mark = law == growth->best ? CLOSO_MARK_LINE : CLOSO_MARK_DASHED,
                           .width_px = law == growth->best ? 2.2 : 1.3,
                           .colour = (int)law + 1};
    return true;
}

const closo_figure *closo_figure_growth(const closo_growth *growth, const char *title,
                                        closo_arena *arena)
{
    closo_curve *curves;
    closo_figure *figure = new_figure(title, CLOSO_GROWTH_LAW_COUNT + 1, arena, &curves);
    size_t count = growth->point_count;
    double *root = closo_arena_alloc(arena, count, sizeof *root);
    double *value = closo_arena_alloc(arena, count, sizeof *value);
    double *sigma = closo_arena_alloc(arena, count, sizeof *sigma);
    if (figure == NULL || root == NULL || value == NULL || sigma == NULL)
        return NULL;
    const double area = growth->per_area ? 1e4 : 1;
    double last_root_h = 0;
    for (size_t i = 0; i < count; i++) {
        root[i] = sqrt(growth->time_s[i] / 3600);
        value[i] = area * growth->resistance[i];
        sigma[i] = growth->sigma != NULL ? area * growth->sigma[i] * growth->sigma_factor : 0;
        last_root_h = fmax(last_root_h, root[i]);
    }
    curves[figure->curve_count++] = (closo_curve){.label = "measured",
                                                  .x = root,
                                                  .y = value,
                                                  .y_sigma = growth->sigma != NULL ? sigma : NULL,
                                                  .count = count,
                                                  .mark = CLOSO_MARK_POINTS,
                                                  .colour = 0};
    /* A resistance that stays is drawn only where that is the answer: elsewhere the line says nothing. */
    for (int law = 0; law < CLOSO_GROWTH_LAW_COUNT; law++) {
        bool drawn = growth->laws[law].fitted &&
                     (law != CLOSO_GROWTH_CONSTANT || growth->best == CLOSO_GROWTH_CONSTANT);
        if (!drawn)
            continue;
        if (!add_law(growth, (closo_growth_law)law, last_root_h, &curves[figure->curve_count],
                     arena))
            return NULL;
        figure->curve_count++;
    }
    figure->x.label = "Time^{1/2} (h^{1/2})";
    figure->x.low = 0;
    figure->x.high = NAN;
    figure->y.label = growth->per_area ? "Resistance (Ω cm^{2})" : "Resistance (Ω)";
    return figure;
}
