/* SPDX-License-Identifier: BSD-3-Clause */
/* levels.c: half cycles of the same current, how their overpotential drifts, and the critical current. */
#include "symmetric_internal.h"

#include <math.h>

static const double same_level = 0.02;
static const double bent_sigmas = 3;
enum { LEAST_HALVES = 5 };

/* ---- levels ---- */

static closo_status assign_levels(closo_symmetric_work *work, closo_error *error)
{
    closo_symmetric *symmetric = work->symmetric;
    size_t capacity = 0;
    for (size_t i = 0; i < symmetric->half_count; i++) {
        closo_symmetric_half *half = &symmetric->halves[i];
        size_t level = 0;
        while (level < symmetric->level_count &&
               fabs(half->current_A / symmetric->levels[level].current_A - 1) > same_level)
            level++;
        if (level == symmetric->level_count) {
            closo_symmetric_level *grown = closo_arena_grow(
                work->arena, symmetric->levels, symmetric->level_count, &capacity, sizeof *grown);
            if (grown == NULL)
                return closo_fail_nomem(error);
            symmetric->levels = grown;
            symmetric->levels[symmetric->level_count++] =
                (closo_symmetric_level){.current_A = half->current_A};
        }
        half->level = (int)level;
    }
    return CLOSO_OK;
}

/* The unbroken half cycles of one level, as columns for a line. */
typedef struct level_points {
    double *one, *time_s, *square, *direction, *over_V, *work;
    size_t count, anodic;
    double centre_s;
} level_points;

static bool make_points(closo_arena *arena, size_t count, level_points *points)
{
    double **columns[] = {&points->one, &points->time_s, &points->square, &points->direction,
                          &points->over_V};
    bool fine = true;
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        fine = (*columns[k] = closo_arena_alloc(arena, count, sizeof(double))) != NULL && fine;
    points->work = closo_arena_alloc(arena, count, 5 * sizeof(double));
    return fine && points->work != NULL;
}

static void fill_points(const closo_symmetric *symmetric, int level, level_points *points)
{
    points->count = points->anodic = 0;
    points->centre_s = 0;
    for (size_t i = 0; i < symmetric->half_count; i++) {
        const closo_symmetric_half *half = &symmetric->halves[i];
        if (half->level != level || half->broken || !isfinite(half->mean_V))
            continue;
        size_t at = points->count++;
        points->one[at] = 1;
        points->time_s[at] = 0.5 * (half->start_s + half->end_s);
        points->direction[at] = half->direction;
        points->over_V[at] = half->mean_V;
        points->anodic += half->direction > 0;
        points->centre_s += points->time_s[at];
    }
    if (points->count != 0)
        points->centre_s /= (double)points->count;
    for (size_t i = 0; i < points->count; i++) {
        points->time_s[i] -= points->centre_s;
        points->square[i] = points->time_s[i] * points->time_s[i];
    }
}

/* Correlation of neighbouring residuals, mended for what the fit of p parameters takes out of few points: its mean is then
 * low by about (p + 3 rho) / n (after Marriott and Pope, Biometrika 41 (1954) 390, doi:10.1093/biomet/41.3-4.390). */
static double neighbour_correlation(const level_points *points, const double *const *columns,
                                    size_t column_count, const closo_linear_fit *fit)
{
    double sum = 0, squares = 0, before = 0;
    for (size_t i = 0; i < points->count; i++) {
        double residual = points->over_V[i];
        for (size_t k = 0; k < column_count; k++)
            residual -= fit->coefficient[k] * columns[k][i];
        squares += residual * residual;
        if (i > 0)
            sum += residual * before;
        before = residual;
    }
    double n = (double)points->count, rho = squares > 0 ? sum / squares : 0;
    rho = (rho + (double)column_count / n) / (1 - 3 / n);
    return rho * sqrt(n) > 1 ? fmin(rho, 0.95) : 0; /* less is chance, and no reason to widen */
}

static closo_value with_sigma(double value, double variance, double factor)
{
    return (closo_value){value, sqrt(fmax(variance, 0) * factor)};
}

static void fit_level(const level_points *points, closo_symmetric_level *level)
{
    const double *columns[] = {points->one, points->time_s, points->direction, points->square};
    closo_linear_fit fit, bent;
    bool both = points->anodic >= 2 && points->count - points->anodic >= 2;
    size_t used = both ? 3 : 2;
    if (!both)
        columns[2] = points->square;
    if (points->count < LEAST_HALVES || !closo_linear_fit_solve(columns, used, points->over_V, NULL,
                                                                points->count, points->work, &fit))
        return;
    double scatter = fit.chi2 / (double)(points->count - used);
    double rho = neighbour_correlation(points, columns, used, &fit);
    /* Of an autoregressive scatter, slow regressors see (1 + rho) / (1 - rho) times the variance. */
    double widened = scatter * (1 + rho) / (1 - rho);
    double from = level->from_s - points->centre_s, to = level->to_s - points->centre_s;
    double(*c)[CLOSO_COLUMNS_MAX] = fit.covariance;
    level->correlation = rho;
    level->mean_V = with_sigma(fit.coefficient[0], c[0][0], widened);
    level->slope_V_per_s = with_sigma(fit.coefficient[1], c[1][1], widened);
    level->first_V = with_sigma(fit.coefficient[0] + from * fit.coefficient[1],
                                c[0][0] + 2 * from * c[0][1] + from * from * c[1][1], widened);
    level->last_V = with_sigma(fit.coefficient[0] + to * fit.coefficient[1],
                               c[0][0] + 2 * to * c[0][1] + to * to * c[1][1], widened);
    if (both)
        level->asymmetry_V = with_sigma(2 * fit.coefficient[2], 4 * c[2][2], scatter);
    if (points->count >= LEAST_HALVES + 3 &&
        closo_linear_fit_solve(columns, used + 1, points->over_V, NULL, points->count, points->work,
                               &bent)) {
        double curved = bent.chi2 / (double)(points->count - used - 1);
        level->bent =
            fabs(bent.coefficient[used]) >
            bent_sigmas * sqrt(bent.covariance[used][used] * curved * ((1 + rho) / (1 - rho)));
    }
}

/* Fewer half cycles than a line needs: means of what is there. */
static void few_halves(const level_points *points, closo_symmetric_level *level)
{
    double sum[2] = {0, 0};
    size_t count[2] = {0, 0};
    for (size_t i = 0; i < points->count; i++) {
        int side = points->direction[i] > 0;
        sum[side] += points->over_V[i];
        count[side]++;
    }
    if (points->count == 0)
        return;
    level->mean_V.value = (sum[0] + sum[1]) / (double)points->count;
    if (count[0] != 0 && count[1] != 0)
        level->asymmetry_V.value = sum[1] / (double)count[1] - sum[0] / (double)count[0];
}

static void measure_level(closo_symmetric *symmetric, int index, level_points *points,
                          double *most_C)
{
    closo_symmetric_level *level = &symmetric->levels[index];
    const closo_value unknown = {NAN, NAN};
    double charge_C = 0, current_sum = 0;
    fill_points(symmetric, index, points);
    level->half_count = points->count;
    level->first_V = level->last_V = level->slope_V_per_s = unknown;
    level->asymmetry_V = level->mean_V = unknown;
    level->correlation = NAN;
    level->from_s = level->to_s = NAN;
    for (size_t i = 0; i < symmetric->half_count; i++) {
        const closo_symmetric_half *half = &symmetric->halves[i];
        if (half->level != index || half->broken)
            continue;
        charge_C += half->charge_C;
        current_sum += half->charge_C * half->current_A;
    }
    if (points->count == 0)
        return;
    level->current_A = current_sum / charge_C;
    level->from_s = points->time_s[0] + points->centre_s;
    level->to_s = points->time_s[points->count - 1] + points->centre_s;
    few_halves(points, level);
    fit_level(points, level);
    if (charge_C > *most_C) {
        *most_C = charge_C;
        symmetric->main_level = (size_t)index;
    }
}

closo_status closo_symmetric_levels(closo_symmetric_work *work, closo_error *error)
{
    closo_symmetric *symmetric = work->symmetric;
    level_points points;
    double most_C = -1;
    closo_status status = assign_levels(work, error);
    if (status != CLOSO_OK)
        return status;
    if (!make_points(work->passing, symmetric->half_count, &points))
        return closo_fail_nomem(error);
    for (size_t level = 0; level < symmetric->level_count; level++)
        measure_level(symmetric, (int)level, &points, &most_C);
    double asymmetry_V = symmetric->levels[symmetric->main_level].asymmetry_V.value;
    symmetric->offset_V = 0.5 * asymmetry_V;
    return CLOSO_OK;
}

/* ---- the critical current ---- */

static closo_critical_current critical_at(const closo_symmetric *symmetric, size_t event)
{
    closo_critical_current found = {.event = event, .failed_A = NAN, .middle_A = {NAN, NAN}};
    size_t end = symmetric->half_count;
    found.reached = event != SIZE_MAX;
    if (found.reached) {
        end = symmetric->events[event].half;
        found.failed_A = symmetric->halves[end].current_A;
    }
    for (size_t i = 0; i < end; i++) {
        const closo_symmetric_half *half = &symmetric->halves[i];
        bool lower = !found.reached || half->current_A < (1 - same_level) * found.failed_A;
        if (!half->broken && lower)
            found.last_A = fmax(found.last_A, half->current_A);
    }
    found.stepped = found.reached && found.last_A > 0;
    if (found.stepped)
        found.middle_A = (closo_value){0.5 * (found.last_A + found.failed_A),
                                       (found.failed_A - found.last_A) / sqrt(12)};
    return found;
}

void closo_symmetric_critical(closo_symmetric_work *work)
{
    closo_symmetric *symmetric = work->symmetric;
    size_t first_short = SIZE_MAX;
    for (size_t i = symmetric->event_count; i-- > 0;)
        if (symmetric->events[i].kind == CLOSO_EVENT_SHORT)
            first_short = i;
    symmetric->critical = critical_at(symmetric, first_short);
    symmetric->soft = critical_at(symmetric, symmetric->event_count != 0 ? 0 : SIZE_MAX);
}
