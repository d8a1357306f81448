/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_kk.c: the residual spectrum of the Kramers-Kronig test with its verdict. */
#include "report_internal.h"

#include "base/base_internal.h"
#include "closo/impedance.h"

#include <math.h>

/* Residuals of good points, or of bad ones, in percent; NaN elsewhere. */
static double *choose(const closo_kk_result *result, const double *residual, bool good,
                      closo_arena *arena)
{
    double *values = closo_arena_alloc(arena, result->count, sizeof *values);
    for (size_t i = 0; i < result->count && values != NULL; i++)
        values[i] = result->good[i] == good ? 100 * residual[i] : (double)NAN;
    return values;
}

static const char *verdict_line(const closo_kk_result *result, const char *title,
                                closo_arena *arena)
{
    const char *cause = result->drifts           ? ": drift"
                        : result->nonlinear      ? ": non-linear"
                        : result->truncated_low  ? "; ends amid an arc"
                        : result->truncated_high ? "; begins amid an arc"
                                                 : "";
    return closo_arena_printf(arena, "%s%s%s%s", title != NULL ? title : "",
                              title != NULL ? " · " : "", closo_kk_verdict_name(result->verdict),
                              cause);
}

const closo_figure *closo_figure_kk(const closo_kk_result *result, double point_sigmas,
                                    const char *title, closo_arena *arena)
{
    enum { CURVES = 4 };
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curves = closo_arena_alloc(arena, CURVES, sizeof *curves);
    closo_guide *guides = closo_arena_alloc(arena, 2, sizeof *guides);
    if (figure == NULL || curves == NULL || guides == NULL)
        return NULL;
    const struct {
        const char *label;
        const double *residual;
        bool good;
        int colour;
    } wanted[CURVES] = {{"real part", result->real_residual, true, 0},
                        {"imaginary part", result->imaginary_residual, true, 1},
                        {"real part, bad point", result->real_residual, false, 2},
                        {"imaginary part, bad point", result->imaginary_residual, false, 3}};
    double sigmas = point_sigmas > 0 ? point_sigmas : 4;
    double band = 100 * sigmas * result->noise;
    for (size_t k = 0; k < (result->bad_count != 0 ? CURVES : 2); k++) {
        const double *y = choose(result, wanted[k].residual, wanted[k].good, arena);
        if (y == NULL)
            return NULL;
        curves[figure->curve_count++] = (closo_curve){.label = wanted[k].label,
                                                      .x = result->frequency_Hz,
                                                      .y = y,
                                                      .count = result->count,
                                                      .mark = CLOSO_MARK_POINTS,
                                                      .colour = wanted[k].colour};
    }
    guides[0] = (closo_guide){.kind = CLOSO_GUIDE_Y_BAND,
                              .low = -band,
                              .high = band,
                              .label = closo_arena_printf(arena, "%g σ of the noise", sigmas),
                              .colour = -1};
    guides[1] = (closo_guide){.kind = CLOSO_GUIDE_Y_LINE, .colour = -1};
    figure->title = verdict_line(result, title, arena);
    figure->curves = curves;
    figure->guides = guides;
    figure->guide_count = 2;
    figure->x = (closo_axis){.label = "Frequency (Hz)", .logarithmic = true};
    figure->y.label =
        result->form == CLOSO_KK_ADMITTANCE ? "Residual (% of |Y|)" : "Residual (% of |Z|)";
    double largest = 1.15 * band;
    for (size_t i = 0; i < result->count; i++)
        largest = fmax(largest, 105 * fmax(fabs(result->real_residual[i]),
                                           fabs(result->imaginary_residual[i])));
    figure->y.low = -largest;
    figure->y.high = largest;
    return figure->title != NULL ? figure : NULL;
}
