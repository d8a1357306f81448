/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_eis.c: impedance spectra and their fits: Nyquist, Bode, residuals. */
#include "report_internal.h"

#include "base/base_internal.h"
#include "closo/impedance.h"

#include <math.h>

enum { SPECTRA_SHOWN = 12, SMOOTH_POINTS = 300 };

/* The i-th of those shown, spread evenly over the series, first and last among them. */
static size_t shown(const closo_eis *eis, size_t i, size_t count)
{
    return count > 1 ? (i * (eis->spectrum_count - 1) + (count - 1) / 2) / (count - 1) : 0;
}

static size_t shown_count(const closo_eis *eis)
{
    return eis->spectrum_count < SPECTRA_SHOWN ? eis->spectrum_count : SPECTRA_SHOWN;
}

static double *scaled(const double *from, double factor, size_t count, closo_arena *arena)
{
    double *values = closo_arena_alloc(arena, count, sizeof *values);
    for (size_t i = 0; values != NULL && i < count; i++)
        values[i] = factor * from[i];
    return values;
}

/* ohm, kohm, Mohm: by the largest value that is drawn. */
static double unit_of(double largest_ohm, const char **unit)
{
    if (largest_ohm >= 2e6)
        return *unit = "MΩ", 1e-6;
    if (largest_ohm >= 2e3)
        return *unit = "kΩ", 1e-3;
    return *unit = "Ω", 1;
}

static double largest_of(const closo_eis *eis)
{
    double largest = 0;
    for (size_t s = 0; s < eis->spectrum_count; s++)
        for (size_t i = 0; i < eis->spectra[s].count; i++)
            largest =
                fmax(largest, hypot(eis->spectra[s].real_ohm[i], eis->spectra[s].imaginary_ohm[i]));
    return largest;
}

/* What tells the spectra of a series apart: temperature, potential or time where it changes; else the name. */
static const char *label_of(const closo_eis *eis, size_t s, closo_arena *arena)
{
    const closo_spectrum *a = &eis->spectra[0], *b = &eis->spectra[eis->spectrum_count - 1],
                         *spectrum = &eis->spectra[s];
    if (fabs(a->temperature_K - b->temperature_K) > 0.5)
        return closo_arena_printf(arena, "%.0f °C", spectrum->temperature_K - 273.15);
    if (fabs(a->cycle - b->cycle) >= 1)
        return closo_arena_printf(arena, "cycle %.0f", spectrum->cycle);
    if (fabs(a->time_s - b->time_s) > 60)
        return closo_arena_printf(arena, "%.3g h", spectrum->time_s / 3600);
    if (fabs(a->potential_V - b->potential_V) > 0.005)
        return closo_arena_printf(arena, "%.2f V", spectrum->potential_V);
    return eis->spectrum_count == 1 ? "measured" : spectrum->name;
}

static closo_figure *new_figure(const closo_eis *eis, const char *title, size_t curves_each,
                                closo_arena *arena, closo_curve **curves)
{
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    *curves = closo_arena_alloc(arena, curves_each * shown_count(eis), sizeof **curves);
    if (figure == NULL || *curves == NULL)
        return NULL;
    figure->title = title;
    figure->curves = *curves;
    return figure;
}

/* The fit at many frequencies, so that an arc is round where the points are few. */
static bool smooth_fit(const closo_circuit_fit *fit, double *frequency_Hz, double *real_ohm,
                       double *imaginary_ohm)
{
    double values[CLOSO_CIRCUIT_PARAMETERS_MAX];
    const closo_spectrum *spectrum = fit->spectrum;
    const double high = spectrum->frequency_Hz[0],
                 low = spectrum->frequency_Hz[spectrum->count - 1];
    for (size_t k = 0; k < fit->parameter_count; k++)
        values[k] = fit->parameters[k].value;
    for (size_t i = 0; i < SMOOTH_POINTS; i++)
        frequency_Hz[i] = high * pow(low / high, (double)i / (SMOOTH_POINTS - 1));
    const closo_spectrum at = {.count = SMOOTH_POINTS, .frequency_Hz = frequency_Hz};
    return closo_circuit_impedance(fit->circuit, values, &at, real_ohm, imaginary_ohm, NULL) ==
           CLOSO_OK;
}

const closo_figure *closo_figure_nyquist(const closo_eis *eis, const char *title,
                                         closo_arena *arena)
{
    closo_curve *curves;
    closo_figure *figure = new_figure(eis, title, 2, arena, &curves);
    const size_t count = shown_count(eis);
    const char *unit;
    const double factor = unit_of(largest_of(eis), &unit);
    for (size_t i = 0; figure != NULL && i < count; i++) {
        const size_t s = shown(eis, i, count);
        const closo_spectrum *spectrum = &eis->spectra[s];
        double *x = scaled(spectrum->real_ohm, factor, spectrum->count, arena);
        double *y = scaled(spectrum->imaginary_ohm, -factor, spectrum->count, arena);
        double *line = closo_arena_alloc(arena, SMOOTH_POINTS, 3 * sizeof *line);
        if (x == NULL || y == NULL || line == NULL)
            return NULL;
        curves[figure->curve_count++] = (closo_curve){.label = label_of(eis, s, arena),
                                                      .x = x,
                                                      .y = y,
                                                      .count = spectrum->count,
                                                      .mark = CLOSO_MARK_POINTS,
                                                      .colour = (int)i};
        if (!smooth_fit(eis->fits[s], line, line + SMOOTH_POINTS, line + (size_t)2 * SMOOTH_POINTS))
            continue;
        for (size_t k = 0; k < SMOOTH_POINTS; k++) {
            line[SMOOTH_POINTS + k] *= factor;
            line[(size_t)2 * SMOOTH_POINTS + k] *= -factor;
        }
        curves[figure->curve_count++] = (closo_curve){.label = count == 1 ? "fit" : NULL,
                                                      .x = line + SMOOTH_POINTS,
                                                      .y = line + (size_t)2 * SMOOTH_POINTS,
                                                      .count = SMOOTH_POINTS,
                                                      .mark = CLOSO_MARK_LINE,
                                                      .colour = count == 1 ? 1 : (int)i};
    }
    if (figure == NULL)
        return NULL;
    figure->x.label = closo_arena_printf(arena, "Z′ (%s)", unit);
    figure->y.label = closo_arena_printf(arena, "−Z″ (%s)", unit);
    figure->equal_aspect = true;
    return figure;
}

const closo_figure *closo_figure_bode(const closo_eis *eis, const char *title, closo_arena *arena)
{
    closo_curve *curves;
    closo_figure *figure = new_figure(eis, title, 4, arena, &curves);
    const size_t count = shown_count(eis);
    for (size_t i = 0; figure != NULL && i < count; i++) {
        const size_t s = shown(eis, i, count);
        const closo_spectrum *spectrum = &eis->spectra[s];
        double *line = closo_arena_alloc(arena, SMOOTH_POINTS, 3 * sizeof *line);
        double *points = closo_arena_alloc(arena, spectrum->count, 2 * sizeof *points);
        if (line == NULL || points == NULL)
            return NULL;
        bool smooth =
            smooth_fit(eis->fits[s], line, line + SMOOTH_POINTS, line + (size_t)2 * SMOOTH_POINTS);
        for (int fitted = 0; fitted <= (int)smooth; fitted++) {
            const size_t n = fitted ? SMOOTH_POINTS : spectrum->count;
            const double *re = fitted ? line + SMOOTH_POINTS : spectrum->real_ohm,
                         *im = fitted ? line + (size_t)2 * SMOOTH_POINTS : spectrum->imaginary_ohm;
            double *modulus = fitted ? line + SMOOTH_POINTS : points,
                   *phase = fitted ? line + (size_t)2 * SMOOTH_POINTS : points + n;
            for (size_t k = 0; k < n; k++) {
                double a = re[k], b = im[k];
                modulus[k] = hypot(a, b);
                phase[k] = -atan2(b, a) * 57.29577951308232;
            }
            for (int right = 0; right < 2; right++)
                curves[figure->curve_count++] =
                    (closo_curve){.label = fitted != 0  ? NULL
                                           : count > 1  ? (right ? NULL : label_of(eis, s, arena))
                                           : right != 0 ? "−phase"
                                                        : "|Z|",
                                  .x = fitted ? line : spectrum->frequency_Hz,
                                  .y = right ? phase : modulus,
                                  .count = n,
                                  .mark = fitted ? CLOSO_MARK_LINE : CLOSO_MARK_POINTS,
                                  .colour = count > 1 ? (int)i : right,
                                  .right_axis = right != 0};
        }
    }
    if (figure == NULL)
        return NULL;
    figure->x = (closo_axis){.label = "Frequency (Hz)", .logarithmic = true};
    figure->y = (closo_axis){.label = "|Z| (Ω)", .logarithmic = true};
    figure->y_right.label = "−Phase (°)";
    return figure;
}

const closo_figure *closo_figure_eis_residuals(const closo_eis *eis, const char *title,
                                               closo_arena *arena)
{
    closo_curve *curves;
    closo_figure *figure = new_figure(eis, title, 2, arena, &curves);
    closo_guide *zero = closo_arena_alloc(arena, 1, sizeof *zero);
    const size_t count = shown_count(eis);
    if (figure == NULL || zero == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const size_t s = shown(eis, i, count);
        const closo_spectrum *spectrum = &eis->spectra[s];
        const closo_circuit_fit *fit = eis->fits[s];
        for (int imaginary = 0; imaginary < 2; imaginary++) {
            double *y = closo_arena_alloc(arena, spectrum->count, sizeof *y);
            if (y == NULL)
                return NULL;
            for (size_t k = 0; k < spectrum->count; k++)
                y[k] = 100 *
                       (imaginary ? fit->imaginary_ohm[k] - spectrum->imaginary_ohm[k]
                                  : fit->real_ohm[k] - spectrum->real_ohm[k]) /
                       hypot(spectrum->real_ohm[k], spectrum->imaginary_ohm[k]);
            curves[figure->curve_count++] =
                (closo_curve){.label = count > 1 ? (imaginary ? NULL : label_of(eis, s, arena))
                                       : imaginary != 0 ? "imaginary part"
                                                        : "real part",
                              .x = spectrum->frequency_Hz,
                              .y = y,
                              .count = spectrum->count,
                              .mark = imaginary ? CLOSO_MARK_POINTS : CLOSO_MARK_LINE_POINTS,
                              .width_px = 0.8,
                              .colour = count > 1 ? (int)i : imaginary};
        }
    }
    *zero = (closo_guide){.kind = CLOSO_GUIDE_Y_LINE, .colour = -1};
    figure->guides = zero;
    figure->guide_count = 1;
    figure->x = (closo_axis){.label = "Frequency (Hz)", .logarithmic = true};
    figure->y.label = "Fit − measured (% of |Z|)";
    return figure;
}
