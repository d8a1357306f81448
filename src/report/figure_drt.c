/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_drt.c: the distribution of relaxation times with its interval and its peaks. */
#include "report_internal.h"

#include "base/base_internal.h"
#include "closo/impedance.h"

#include <math.h>

/* The highest point within the frequencies: the tail of a blocking electrode, thousands of times the arcs, may leave the
 * frame. */
static double tallest_inside(const closo_drt *drt, double from_s, double to_s)
{
    double tallest = 0;
    const double *values = drt->high_ohm != NULL ? drt->high_ohm : drt->gamma_ohm;
    for (size_t p = 0; p < drt->peak_count; p++) {
        if (drt->peaks[p].outside || drt->peaks[p].needless)
            continue;
        for (size_t k = 0; k < drt->grid_count; k++)
            if (drt->tau_s[k] >= drt->peaks[p].from_s && drt->tau_s[k] <= drt->peaks[p].to_s &&
                drt->tau_s[k] >= from_s && drt->tau_s[k] <= to_s)
                tallest = fmax(tallest, values[k]);
    }
    return tallest;
}

static const char *peak_label(const closo_drt_peak *peak, closo_arena *arena)
{
    char text[128];
    return closo_arena_printf(arena, "%s",
                              closo_value_text(peak->resistance_ohm, "Ω", text, sizeof text));
}

const closo_figure *closo_figure_drt(const closo_drt *drt, const char *title, closo_arena *arena)
{
    enum { CURVES = 3 };
    const double two_pi = 6.28318530717958648;
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curves = closo_arena_alloc(arena, CURVES, sizeof *curves);
    closo_guide *guides = closo_arena_alloc(arena, drt->peak_count + 2, sizeof *guides);
    if (figure == NULL || curves == NULL || guides == NULL || drt->count == 0)
        return NULL;
    double from_s = 1 / (two_pi * drt->frequency_Hz[0]);
    double to_s = 1 / (two_pi * drt->frequency_Hz[drt->count - 1]);
    const double *values[CURVES] = {drt->gamma_ohm, drt->low_ohm, drt->high_ohm};
    static const char *const labels[CURVES] = {"γ(ln τ)", "95 % credible interval", NULL};
    for (size_t k = 0; k < CURVES; k++)
        if (values[k] != NULL)
            curves[figure->curve_count++] =
                (closo_curve){.label = labels[k],
                              .x = drt->tau_s,
                              .y = values[k],
                              .count = drt->grid_count,
                              .mark = k == 0 ? CLOSO_MARK_LINE : CLOSO_MARK_DASHED,
                              .colour = k == 0 ? 0 : 1,
                              .width_px = k == 0 ? 2 : 1};
    for (size_t p = 0; p < drt->peak_count; p++) {
        const closo_drt_peak *peak = &drt->peaks[p];
        if (peak->outside || peak->needless)
            continue;
        const char *label = peak_label(peak, arena);
        if (label == NULL)
            return NULL;
        guides[figure->guide_count++] = (closo_guide){.kind = CLOSO_GUIDE_X_LINE,
                                                      .low = peak->tau_s.value,
                                                      .high = peak->tau_s.value,
                                                      .label = label,
                                                      .colour = -1};
    }
    guides[figure->guide_count++] = (closo_guide){
        .kind = CLOSO_GUIDE_X_BAND, .low = drt->tau_s[0], .high = from_s, .colour = -1};
    guides[figure->guide_count++] = (closo_guide){.kind = CLOSO_GUIDE_X_BAND,
                                                  .low = to_s,
                                                  .high = drt->tau_s[drt->grid_count - 1],
                                                  .label = "extrapolated",
                                                  .colour = -1};
    figure->title = title;
    figure->curves = curves;
    figure->guides = guides;
    figure->x = (closo_axis){.label = "Time constant τ (s)",
                             .logarithmic = true,
                             .low = drt->tau_s[0],
                             .high = drt->tau_s[drt->grid_count - 1]};
    figure->y.label = "γ(ln τ) (Ω)";
    double tallest = tallest_inside(drt, from_s, to_s);
    if (tallest > 0) {
        figure->y.low = 0;
        figure->y.high = 1.15 * tallest;
    }
    return figure;
}
