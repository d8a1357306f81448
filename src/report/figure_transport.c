/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_transport.c: the Arrhenius plot. */
#include "report_internal.h"

#include "base/base_internal.h"
#include "closo/transport.h"

#include <math.h>

enum { CURVE_POINTS = 200, CURVES = 3, GUIDES = 1 };

/* 1000 K / T and conductivity in S/cm. */
typedef struct xy {
    double *x, *y;
} xy;

static bool take(closo_arena *arena, size_t count, xy *made)
{
    made->x = closo_arena_alloc(arena, count + 1, sizeof *made->x);
    made->y = closo_arena_alloc(arena, count + 1, sizeof *made->y);
    return made->x != NULL && made->y != NULL;
}

/* The fitted curve between two temperatures. At a step the two branches are two curves. */
static bool add_curve(const closo_arrhenius_fit *fit, double from_K, double to_K,
                      closo_curve *curve, closo_arena *arena)
{
    xy line;
    if (!take(arena, CURVE_POINTS, &line))
        return false;
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        double inverse = 1 / from_K + (1 / to_K - 1 / from_K) * (double)i / (CURVE_POINTS - 1);
        line.x[i] = 1000 * inverse;
        line.y[i] = 1e-2 * exp(closo_arrhenius_predict(fit, 1 / inverse)) * inverse;
    }
    *curve = (closo_curve){.label = closo_arrhenius_name(fit->model),
                           .x = line.x,
                           .y = line.y,
                           .count = CURVE_POINTS,
                           .mark = CLOSO_MARK_LINE,
                           .colour = 1};
    return true;
}

static const char *energies(const closo_arrhenius_fit *fit, closo_arena *arena)
{
    char cold[128], hot[128];
    if (fit->branch_count == 0)
        return closo_arena_printf(arena, "B = %s, T_{0} = %s",
                                  closo_value_text(fit->vtf_energy_eV, "eV", cold, sizeof cold),
                                  closo_value_text(fit->vtf_T0_K, "K", hot, sizeof hot));
    closo_value_text(fit->branches[0].energy_eV, "eV", cold, sizeof cold);
    if (fit->branch_count == 1)
        return closo_arena_printf(arena, "E_{a} = %s", cold);
    return closo_arena_printf(arena, "E_{a} = %s, %s", cold,
                              closo_value_text(fit->branches[1].energy_eV, "eV", hot, sizeof hot));
}

const closo_figure *closo_figure_arrhenius(const closo_arrhenius_data *data,
                                           const closo_arrhenius_result *result, const char *title,
                                           closo_arena *arena)
{
    const closo_arrhenius_fit *fit = &result->fits[result->chosen];
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curves = closo_arena_alloc(arena, CURVES, sizeof *curves);
    closo_guide *guide = closo_arena_alloc(arena, GUIDES, sizeof *guide);
    double *sigma = closo_arena_alloc(arena, data->count + 1, sizeof *sigma);
    xy points;
    if (figure == NULL || curves == NULL || guide == NULL || sigma == NULL ||
        !take(arena, data->count, &points))
        return NULL;
    double coldest_K = INFINITY, hottest_K = 0;
    for (size_t i = 0; i < data->count; i++) {
        points.x[i] = 1000 / data->temperature_K[i];
        points.y[i] = 1e-2 * data->conductivity_S_per_m[i];
        if (data->conductivity_sigma_S_per_m != NULL)
            sigma[i] = 1e-2 * data->conductivity_sigma_S_per_m[i];
        coldest_K = fmin(coldest_K, data->temperature_K[i]);
        hottest_K = fmax(hottest_K, data->temperature_K[i]);
    }
    curves[0] = (closo_curve){.label = "measured",
                              .x = points.x,
                              .y = points.y,
                              .y_sigma = data->conductivity_sigma_S_per_m != NULL ? sigma : NULL,
                              .count = data->count,
                              .mark = CLOSO_MARK_POINTS};
    double change_K = fit->transition_K.value;
    bool inside = change_K > coldest_K && change_K < hottest_K;
    bool jump = fit->model == CLOSO_ARRHENIUS_JUMP && inside;
    if (!add_curve(fit, coldest_K, jump ? change_K * (1 - 1e-12) : hottest_K, &curves[1], arena) ||
        (jump && !add_curve(fit, change_K * (1 + 1e-12), hottest_K, &curves[2], arena)))
        return NULL;
    curves[2].label = NULL;
    curves[1].label = energies(fit, arena);
    if (inside) {
        char text[128];
        const closo_value celsius = {change_K - 273.15, fit->transition_K.sigma};
        *guide = (closo_guide){
            CLOSO_GUIDE_X_LINE, 1000 / change_K, 1000 / change_K,
            closo_arena_text(arena, closo_value_text(celsius, "°C", text, sizeof text)), 2};
    }
    *figure = (closo_figure){.title = title,
                             .x = {.label = "1000 K / T"},
                             .y = {.label = "Conductivity (S cm^{−1})", .logarithmic = true},
                             .curves = curves,
                             .curve_count = jump ? 3 : 2,
                             .guides = guide,
                             .guide_count = inside ? 1 : 0};
    return curves[1].label != NULL ? figure : NULL;
}
