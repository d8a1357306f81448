/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_fit.c: a virtual cell beside the measurement it was fitted to. */
#include "figure_cycling.h"
#include "report_internal.h"

#include "base/base_internal.h"
#include "closo/cell_fit.h"

#include <math.h>
#include <string.h>

enum { CURVES = 24 };

static double *scaled(const double *from, double factor, size_t count, closo_arena *arena)
{
    double *values = closo_arena_alloc(arena, count + 1, sizeof *values);
    for (size_t i = 0; values != NULL && i < count; i++)
        values[i] = factor * from[i];
    return values;
}

/* The name of the file without its folder. */
static const char *title_of(const closo_fit_set *set)
{
    const char *slash = strrchr(set->name, '/');
    return slash != NULL ? slash + 1 : set->name;
}

/* A power of a thousand and its prefix for a number of that size. */
static const char *prefix_of(double size, double *factor)
{
    static const char *const prefixes[] = {"p", "n", "µ", "m", "", "k", "M"};
    int at = 4;
    *factor = 1;
    while (at > 0 && size * *factor < 1) {
        *factor *= 1e3;
        at--;
    }
    while (at < 6 && size * *factor >= 2e3) {
        *factor /= 1e3;
        at++;
    }
    return prefixes[at];
}

static double largest_of(const double *values, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(values[i]));
    return largest;
}

/* ---- against time, potential or number ---- */

/* What the axes of a set are, and what its numbers are multiplied with. */
typedef struct course_scale {
    const double *x;
    double factor, residual_factor; /* of the values; of the residuals */
    bool share;                     /* residuals are a share of the value, in percent */
    const char *x_label, *y_label, *residual_label;
} course_scale;

static const char *unit_label(const char *name, const char *prefix, const char *unit,
                              closo_arena *arena)
{
    return closo_arena_printf(arena, "%s (%s%s)", name, prefix, unit);
}

static bool scale_of(const closo_fit_set *set, double largest_residual, course_scale *made,
                     closo_arena *arena)
{
    static const char residual[] = "Model − measured";
    const char *prefix = prefix_of(8 * fmax(largest_residual, 1e-15), &made->residual_factor);
    bool hours = set->count > 0 && set->at[set->count - 1] > 7200;
    made->factor = 1;
    made->x_label = hours ? "Time (h)" : "Time (s)";
    made->x = scaled(set->at, hours ? 1 / 3600.0 : 1, set->count, arena);
    if (set->quantity == CLOSO_FIT_CAPACITY) {
        made->factor = 1 / 3.6;
        made->residual_factor = 100;
        made->share = true;
        made->x = set->at;
        made->x_label = "Half cycle";
        made->y_label = "Capacity (mAh)";
        made->residual_label = "Model − measured (%)";
    } else if (set->quantity == CLOSO_FIT_CURRENT) {
        made->residual_label = unit_label(residual, prefix, "A", arena);
        prefix = prefix_of(largest_of(set->measured, set->count), &made->factor);
        made->x = set->potential_V;
        made->x_label = "Potential (V)";
        made->y_label = unit_label("Current", prefix, "A", arena);
    } else {
        made->y_label = "Potential (V)";
        made->residual_label = unit_label(residual, prefix, "V", arena);
    }
    return made->x != NULL && made->y_label != NULL && made->residual_label != NULL;
}

/* Measured points, the model's line over them, their difference on the right axis in the lower quarter. */
static const closo_figure *draw_course(const closo_fit_set *set, closo_figure *figure,
                                       closo_curve *curves, closo_arena *arena)
{
    double *left = closo_arena_alloc(arena, set->count + 1, sizeof *left);
    course_scale scale = {0};
    for (size_t i = 0; i < set->count && left != NULL; i++)
        left[i] = set->model[i] - set->measured[i];
    if (left == NULL || !scale_of(set, largest_of(left, set->count), &scale, arena))
        return NULL;
    double *measured = scaled(set->measured, scale.factor, set->count, arena);
    double *model = scaled(set->model, scale.factor, set->count, arena);
    if (measured == NULL || model == NULL)
        return NULL;
    for (size_t i = 0; i < set->count; i++)
        left[i] *= scale.share ? scale.residual_factor / set->measured[i] : scale.residual_factor;
    double span = 1.15 * largest_of(left, set->count);
    bool swept = set->quantity == CLOSO_FIT_CURRENT;
    curves[0] = (closo_curve){.label = "residual",
                              .x = scale.x,
                              .y = left,
                              .count = set->count,
                              .mark = swept ? CLOSO_MARK_POINTS : CLOSO_MARK_LINE,
                              .colour = -1,
                              .width_px = 1,
                              .right_axis = true};
    curves[1] = (closo_curve){.label = "measured",
                              .x = scale.x,
                              .y = measured,
                              .count = set->count,
                              .mark = CLOSO_MARK_POINTS,
                              .colour = 0};
    curves[2] = (closo_curve){.label = "model",
                              .x = scale.x,
                              .y = model,
                              .count = set->count,
                              .mark = CLOSO_MARK_LINE,
                              .width_px = 2,
                              .colour = 1};
    figure->curve_count = 3;
    figure->x.label = scale.x_label;
    figure->y.label = scale.y_label;
    figure->y_right.label = scale.residual_label;
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 0; i < set->count; i++) {
        low = fmin(low, fmin(measured[i], model[i]));
        high = fmax(high, fmax(measured[i], model[i]));
    }
    if (span > 0 &&
        high > low) { /* each has its part of the height: residuals the lowest quarter */
        figure->y_right.low = -span;
        figure->y_right.high = 7 * span;
        figure->y.low = low - 0.38 * (high - low);
        figure->y.high = high + 0.05 * (high - low);
    }
    return figure;
}

/* ---- Nyquist ---- */

/* One spectrum of a set: real parts from first, imaginary ones behind them. */
typedef struct part {
    size_t first, count;
    double size; /* largest of all its numbers */
} part;

static part *parts_of(const closo_fit_set *set, size_t *count, closo_arena *arena)
{
    part *parts = closo_arena_alloc(arena, set->count + 1, sizeof *parts);
    *count = 0;
    for (size_t first = 0, end; first < set->count && parts != NULL; first = end) {
        end = first;
        while (end < set->count && set->spectrum[end] == set->spectrum[first])
            end++;
        parts[(*count)++] =
            (part){first, (end - first) / 2, largest_of(set->measured + first, end - first)};
    }
    return parts;
}

/* Spectra that differ more than this are drawn each in its own size, or the small ones would be a dot. */
static const double alike = 3;

static bool sizes_differ(const part *parts, size_t count)
{
    double least = HUGE_VAL, most = 0;
    for (size_t k = 0; k < count; k++) {
        least = fmin(least, parts[k].size);
        most = fmax(most, parts[k].size);
    }
    return most > alike * least;
}

/* "spectrum 3", and by what it is divided: "spectrum 3, in 156 ohm". */
static const char *label_of(const closo_fit_set *set, const part *of, bool each, closo_arena *arena)
{
    double factor;
    size_t number = set->spectrum[of->first] + 1;
    if (!each)
        return closo_arena_printf(arena, "spectrum %zu", number);
    const char *prefix = prefix_of(of->size, &factor);
    return closo_arena_printf(arena, "spectrum %zu, in %.4g %sΩ", number, factor * of->size,
                              prefix);
}

static bool add_spectrum(const closo_fit_set *set, const part *of, double factor, closo_curve *pair,
                         closo_arena *arena)
{
    const double *numbers[] = {set->measured, set->model};
    for (size_t c = 0; c < 2; c++) {
        pair[c].x = scaled(numbers[c] + of->first, factor, of->count, arena);
        pair[c].y = scaled(numbers[c] + of->first + of->count, -factor, of->count, arena);
        pair[c].count = of->count;
        if (pair[c].x == NULL || pair[c].y == NULL)
            return false;
    }
    pair[0].mark = CLOSO_MARK_POINTS;
    pair[1].mark = CLOSO_MARK_LINE;
    pair[1].width_px = 2;
    return true;
}

/* Nyquist, at most twelve spectra, the first and the last among them. */
static const closo_figure *draw_spectra(const closo_fit_set *set, closo_figure *figure,
                                        closo_curve *curves, closo_arena *arena)
{
    double factor;
    size_t count;
    const char *prefix = prefix_of(largest_of(set->measured, set->count), &factor);
    const part *parts = parts_of(set, &count, arena);
    if (parts == NULL)
        return NULL;
    bool each = sizes_differ(parts, count);
    int colour = 0;
    for (size_t k = 0; k < count; k++) {
        closo_curve *pair = &curves[figure->curve_count];
        if (!closo_figure_cycle_drawn(k, count))
            continue;
        if (!add_spectrum(set, &parts[k], each ? 1 / parts[k].size : factor, pair, arena))
            return NULL;
        pair[0].label = count == 1 ? "measured" : label_of(set, &parts[k], each, arena);
        pair[1].label = count == 1 ? "model" : k == 0 ? "lines: model" : NULL;
        pair[0].colour = colour;
        pair[1].colour = count == 1 ? 1 : colour;
        figure->curve_count += 2;
        colour++;
    }
    const char *left_out =
        count > CLOSO_CYCLES_DRAWN
            ? closo_arena_printf(arena, "; %d of %zu spectra", (int)CLOSO_CYCLES_DRAWN, count)
            : "";
    if (left_out == NULL)
        return NULL;
    figure->x.label = each ? closo_arena_printf(arena, "Z′ / largest of the spectrum%s", left_out)
                           : closo_arena_printf(arena, "Z′ (%sΩ)%s", prefix, left_out);
    figure->y.label =
        each ? "−Z″ / largest of the spectrum" : closo_arena_printf(arena, "−Z″ (%sΩ)", prefix);
    figure->equal_aspect = true;
    return figure->x.label != NULL && figure->y.label != NULL ? figure : NULL;
}

const closo_figure *closo_figure_cell_fit(const closo_cell_fit *fit, size_t set, const char *title,
                                          closo_arena *arena)
{
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curves = closo_arena_alloc(arena, CURVES, sizeof *curves);
    if (figure == NULL || curves == NULL || set >= fit->set_count)
        return NULL;
    figure->curves = curves;
    figure->title = title != NULL ? title : title_of(&fit->sets[set]);
    return fit->sets[set].quantity == CLOSO_FIT_IMPEDANCE
               ? draw_spectra(&fit->sets[set], figure, curves, arena)
               : draw_course(&fit->sets[set], figure, curves, arena);
}

/* ---- profiles ---- */

const closo_figure *closo_figure_cell_fit_profiles(const closo_cell_fit *fit, size_t set,
                                                   const char *title, closo_arena *arena)
{
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curves = closo_arena_alloc(arena, 2 * fit->profile_count, sizeof *curves);
    double largest_C = 0, factor;
    if (figure == NULL || curves == NULL || set >= fit->set_count)
        return NULL;
    for (size_t p = 0; p < fit->profile_count; p++)
        if (fit->profiles[p].set == set)
            largest_C = fmax(largest_C, largest_of(fit->profiles[p].measured_C,
                                                   fit->profiles[p].measured_count));
    const char *prefix = prefix_of(largest_C / 3600, &factor);
    factor /= 3600;
    for (size_t p = 0; p < fit->profile_count; p++) {
        const closo_fit_profile *profile = &fit->profiles[p];
        if (profile->set != set)
            continue;
        int colour = (int)figure->curve_count / 2;
        const char *label = closo_arena_printf(arena, "half cycle %zu", profile->half_cycle);
        double *measured = scaled(profile->measured_C, factor, profile->measured_count, arena),
               *model = scaled(profile->model_C, factor, profile->model_count, arena);
        if (label == NULL || measured == NULL || model == NULL)
            return NULL;
        curves[figure->curve_count++] = (closo_curve){.label = label,
                                                      .x = measured,
                                                      .y = profile->measured_V,
                                                      .count = profile->measured_count,
                                                      .mark = CLOSO_MARK_POINTS,
                                                      .colour = colour};
        curves[figure->curve_count++] = (closo_curve){.label = colour == 0 ? "lines: model" : NULL,
                                                      .x = model,
                                                      .y = profile->model_V,
                                                      .count = profile->model_count,
                                                      .mark = CLOSO_MARK_LINE,
                                                      .width_px = 2,
                                                      .colour = colour};
    }
    figure->curves = curves;
    figure->title = title != NULL ? title : title_of(&fit->sets[set]);
    figure->x.label = unit_label("Charge", prefix, "Ah", arena);
    figure->y.label = "Potential (V)";
    return figure->curve_count != 0 && figure->x.label != NULL ? figure : NULL;
}
