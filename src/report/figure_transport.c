/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_transport.c: the Arrhenius plot, and what NMR and neutrons see. */
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

/* ---- a pellet's processes ---- */

/* Points and, where there is one, the fit of a process; the number of curves made. */
static size_t draw_process(const closo_conductivity_series *series, size_t which,
                           closo_curve *curves, closo_arena *arena)
{
    const closo_conduction_process *process = &series->processes[which];
    const closo_arrhenius_data *data = &process->data;
    double *sigma = closo_arena_alloc(arena, data->count + 1, sizeof *sigma), coldest_K = INFINITY,
           hottest_K = 0;
    char text[128] = "";
    xy points;
    if (data->count == 0 || sigma == NULL || !take(arena, data->count, &points))
        return 0;
    for (size_t i = 0; i < data->count; i++) {
        points.x[i] = 1000 / data->temperature_K[i];
        points.y[i] = 1e-2 * data->conductivity_S_per_m[i];
        if (data->conductivity_sigma_S_per_m != NULL)
            sigma[i] = 1e-2 * data->conductivity_sigma_S_per_m[i];
        coldest_K = fmin(coldest_K, data->temperature_K[i]);
        hottest_K = fmax(hottest_K, data->temperature_K[i]);
    }
    const closo_arrhenius_fit *fit =
        process->arrhenius != NULL ? &process->arrhenius->fits[process->arrhenius->chosen] : NULL;
    if (fit != NULL && fit->branch_count == 1)
        closo_value_text(fit->branches[0].energy_eV, "eV", text, sizeof text);
    curves[0] = (closo_curve){.label = closo_arena_printf(arena, "%s%s%s",
                                                          closo_conduction_name(process->kind),
                                                          text[0] != '\0' ? ", " : "", text),
                              .x = points.x,
                              .y = points.y,
                              .y_sigma = data->conductivity_sigma_S_per_m != NULL ? sigma : NULL,
                              .count = data->count,
                              .mark = CLOSO_MARK_POINTS,
                              .colour = (int)which};
    if (fit == NULL || !add_curve(fit, coldest_K, hottest_K, &curves[1], arena))
        return 1;
    curves[1].label = NULL;
    curves[1].colour = (int)which;
    return 2;
}

const closo_figure *closo_figure_conductivity_series(const closo_conductivity_series *series,
                                                     const char *title, closo_arena *arena)
{
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curves = closo_arena_alloc(arena, 2 * series->process_count, sizeof *curves);
    if (figure == NULL || curves == NULL)
        return NULL;
    *figure = (closo_figure){.title = title,
                             .x = {.label = "1000 K / T"},
                             .y = {.label = "Conductivity (S cm^{−1})", .logarithmic = true},
                             .curves = curves};
    for (size_t p = 0; p < series->process_count; p++) {
        closo_conduction kind = series->processes[p].kind;
        if (kind != CLOSO_CONDUCTION_ELECTRODE && kind != CLOSO_CONDUCTION_SERIES)
            figure->curve_count += draw_process(series, p, curves + figure->curve_count, arena);
    }
    return figure->curve_count != 0 ? figure : NULL;
}

/* ---- jumps and turns ---- */

enum { MOTION_FREQUENCIES = 6, MOTION_CURVES = 2 * MOTION_FREQUENCIES };

static double width_of(const closo_narrowing *found, double T_K)
{
    double rigid = found->rigid_Hz.value;
    double grown =
        exp(-found->ln_seed.value - found->energy_eV.value / (CLOSO_BOLTZMANN_eV_per_K * T_K)) -
        exp(-found->energy_eV.value / (CLOSO_BOLTZMANN_eV_per_K * T_K)) / rigid;
    return found->narrow_Hz.value + 1 / (1 / rigid + grown);
}

/* One line of CURVE_POINTS between low and high, filled by the caller through the returned arrays. */
static bool add_line(closo_figure *figure, closo_curve *curves, const char *label, int colour,
                     double low, double high, xy *line, closo_arena *arena)
{
    if (!take(arena, CURVE_POINTS, line))
        return false;
    for (size_t i = 0; i < CURVE_POINTS; i++)
        line->x[i] = low + (high - low) * (double)i / (CURVE_POINTS - 1);
    curves[figure->curve_count++] = (closo_curve){.label = label,
                                                  .x = line->x,
                                                  .y = line->y,
                                                  .count = CURVE_POINTS,
                                                  .mark = CLOSO_MARK_LINE,
                                                  .colour = colour};
    return true;
}

static bool draw_rates(const closo_motion *motion, closo_figure *figure, closo_curve *curves,
                       double low, double high, closo_arena *arena)
{
    const closo_relaxation_fit *fit = &motion->rates.fits[motion->rates.chosen];
    double drawn[MOTION_FREQUENCIES];
    size_t count = 0;
    for (size_t i = 0; i < motion->count && count < MOTION_FREQUENCIES; i++) {
        double f_Hz = motion->larmor_Hz[i];
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known = known || drawn[k] == f_Hz;
        if (known)
            continue;
        xy points, line;
        if (!take(arena, motion->count, &points))
            return false;
        size_t own = 0;
        for (size_t k = 0; k < motion->count; k++)
            if (motion->larmor_Hz[k] == f_Hz) {
                points.x[own] = 1000 / motion->x[k];
                points.y[own++] = motion->y[k];
            }
        const char *label = closo_arena_printf(arena, "%.4g MHz", 1e-6 * f_Hz);
        if (label == NULL ||
            !add_line(figure, curves, NULL, (int)count, 1000 / high, 1000 / low, &line, arena))
            return false;
        for (size_t k = 0; k < CURVE_POINTS; k++)
            line.y[k] = exp(closo_relaxation_predict(fit, 1000 / line.x[k], f_Hz));
        curves[figure->curve_count++] = (closo_curve){.label = label,
                                                      .x = points.x,
                                                      .y = points.y,
                                                      .count = own,
                                                      .mark = CLOSO_MARK_POINTS,
                                                      .colour = (int)count};
        drawn[count++] = f_Hz;
    }
    figure->x.label = "1000 K / T";
    figure->y = (closo_axis){.label = "R_{1} (s^{−1})", .logarithmic = true};
    return true;
}

static bool draw_widths(const closo_motion *motion, closo_figure *figure, closo_curve *curves,
                        double low, double high, closo_arena *arena)
{
    xy points, line;
    if (!take(arena, motion->count, &points) ||
        !add_line(figure, curves, "fit", 1, low, high, &line, arena))
        return false;
    for (size_t i = 0; i < CURVE_POINTS; i++)
        line.y[i] = 1e-3 * width_of(&motion->narrowing, line.x[i]);
    for (size_t i = 0; i < motion->count; i++) {
        points.x[i] = motion->x[i];
        points.y[i] = 1e-3 * motion->y[i];
    }
    curves[figure->curve_count++] = (closo_curve){.label = "measured",
                                                  .x = points.x,
                                                  .y = points.y,
                                                  .count = motion->count,
                                                  .mark = CLOSO_MARK_POINTS};
    figure->x.label = "Temperature (K)";
    figure->y = (closo_axis){.label = "Line width (kHz)", .low = 0, .high = (double)NAN};
    return true;
}

static bool draw_eisf(const closo_motion *motion, closo_figure *figure, closo_curve *curves,
                      double high, closo_arena *arena)
{
    xy points;
    if (!take(arena, motion->count, &points))
        return false;
    for (size_t i = 0; i < motion->count; i++) {
        points.x[i] = 1e-10 * motion->x[i];
        points.y[i] = motion->y[i];
    }
    for (int r = 0; r < CLOSO_ROTATION_COUNT; r++) {
        xy line;
        double share = motion->eisf.mobile[r].value;
        if (!add_line(figure, curves, closo_rotation_name((closo_rotation)r), r + 1, 0,
                      1e-10 * high, &line, arena))
            return false;
        for (size_t i = 0; i < CURVE_POINTS; i++)
            line.y[i] =
                1 - share +
                share * closo_rotation_eisf((closo_rotation)r, 1e10 * line.x[i], motion->radius_m);
        curves[figure->curve_count - 1].width_px = r == (int)motion->eisf.chosen ? 2.6 : 1.2;
    }
    curves[figure->curve_count++] = (closo_curve){.label = "measured",
                                                  .x = points.x,
                                                  .y = points.y,
                                                  .count = motion->count,
                                                  .mark = CLOSO_MARK_POINTS};
    figure->x.label = "Q (Å^{−1})";
    figure->y = (closo_axis){.label = "EISF", .low = (double)NAN, .high = 1.02};
    return true;
}

const closo_figure *closo_figure_motion(const closo_motion *motion, const char *title,
                                        closo_arena *arena)
{
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curves = closo_arena_alloc(arena, MOTION_CURVES, sizeof *curves);
    if (figure == NULL || curves == NULL)
        return NULL;
    *figure = (closo_figure){.title = title, .curves = curves};
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < motion->count; i++) {
        low = fmin(low, motion->x[i]);
        high = fmax(high, motion->x[i]);
    }
    bool fine = false;
    switch (motion->kind) {
    case CLOSO_MOTION_RATES:
        fine = draw_rates(motion, figure, curves, low, high, arena);
        break;
    case CLOSO_MOTION_NARROWING:
        fine = draw_widths(motion, figure, curves, low, high, arena);
        break;
    case CLOSO_MOTION_EISF:
        fine = draw_eisf(motion, figure, curves, high, arena);
        break;
    }
    return fine ? figure : NULL;
}
