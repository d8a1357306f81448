/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_profile.c: the interval of a parameter from the sum of squares itself.
 *
 * One parameter is held, all others are fitted again; where the sum has risen by one variance is the end of the 68 %
 * interval (Bates and Watts, Nonlinear Regression Analysis (1988), ch. 6). The square root of the rise is nearly linear
 * in the parameter, so the secant method on it needs few fits. */
#include "impedance/fit_internal.h"

#include <math.h>
#include <string.h>

enum { TURNS_MAX = 12 };

typedef struct held {
    fit_problem *problem;
    size_t index;                              /* the coordinate that is held */
    double full[CLOSO_CIRCUIT_PARAMETERS_MAX]; /* all coordinates */
    double *jacobian;                          /* with the held column */
} held;

static void fill(held *h, const double *x)
{
    for (size_t j = 0, from = 0; j < h->problem->free_count; j++)
        if (j != h->index)
            h->full[j] = x[from++];
}

static bool evaluate_held(void *user, const double *x, double *residuals, double *jacobian)
{
    held *h = user;
    const size_t m = h->problem->residual_count;
    fill(h, x);
    (void)closo_fit_evaluate(h->problem, h->full, residuals, jacobian != NULL ? h->jacobian : NULL);
    for (size_t j = 0, to = 0; jacobian != NULL && j < h->problem->free_count; j++)
        if (j != h->index)
            memcpy(jacobian + m * to++, h->jacobian + m * j, m * sizeof *jacobian);
    return true;
}

/* Square root of the rise in units of the variance, the others fitted again. */
static double rise_at(held *h, closo_least_squares *solver, double x, double base, double variance,
                      double *others)
{
    h->full[h->index] = x;
    const closo_least_squares_problem task = {h->problem->residual_count,
                                              h->problem->free_count - 1, evaluate_held, h};
    const closo_least_squares_options options = {.max_iterations = 60, .tolerance = 1e-3};
    if (task.parameter_count == 0) {
        double sum = 0;
        double *residuals = h->jacobian; /* free for now */
        (void)closo_fit_evaluate(h->problem, h->full, residuals, NULL);
        for (size_t i = 0; i < h->problem->residual_count; i++)
            sum += residuals[i] * residuals[i];
        return sqrt(fmax(sum - base, 0) / variance);
    }
    closo_status status = closo_least_squares_fit(solver, &task, &options, others, NULL);
    if (status != CLOSO_OK && status != CLOSO_NOCONVERGE)
        return HUGE_VAL;
    return sqrt(fmax(solver->sum_of_squares - base, 0) / variance);
}

static double find_end(held *h, closo_least_squares *solver, const double *start, double base,
                       double variance, double step)
{
    double others[CLOSO_CIRCUIT_PARAMETERS_MAX], at = start[h->index];
    double low = 0, low_rise = 0, high = INFINITY, high_rise = 0, trial = fabs(step);
    const double sign = step < 0 ? -1 : 1;
    for (size_t j = 0, to = 0; j < h->problem->free_count; j++)
        if (j != h->index)
            others[to++] = start[j];
    for (size_t turn = 0; turn < TURNS_MAX; turn++) {
        double rise = rise_at(h, solver, at + sign * trial, base, variance, others);
        if (fabs(rise - 1) < 0.01)
            return at + sign * trial;
        if (rise < 1) {
            low = trial;
            low_rise = rise;
        } else {
            high = trial;
            high_rise = rise;
        }
        if (isfinite(high)) {
            double share = isfinite(high_rise) ? (1 - low_rise) / (high_rise - low_rise) : 0.5;
            trial = low + fmin(fmax(share, 0.1), 0.9) * (high - low);
        } else {
            trial *= fmin(fmax(1 / fmax(rise, 0.1), 1.3), 3);
        }
    }
    /* Never risen: the spectrum sets no bound on this side. */
    return isfinite(high) ? at + sign * trial : sign * (double)INFINITY;
}

void closo_fit_profile(fit_problem *problem, closo_least_squares *solver,
                       const fit_minimum *minimum, size_t free_index, double variance, double sigma,
                       double limits[2])
{
    held h = {.problem = problem, .index = free_index};
    double start[CLOSO_CIRCUIT_PARAMETERS_MAX], slope;
    const size_t k = problem->parameter_of[free_index];
    const closo_circuit_parameter *parameter = &problem->circuit->parameters[k];
    /* The Jacobian of the model has a place for every parameter; what the solver sees is copied out of it. */
    limits[0] = limits[1] = (double)NAN;
    closo_arena *passing = closo_arena_new(0);
    h.jacobian = passing != NULL ? closo_arena_alloc(passing, problem->residual_count,
                                                     problem->free_count * sizeof *h.jacobian)
                                 : NULL;
    if (h.jacobian != NULL) {
        closo_fit_coordinates(problem, minimum->values, start);
        memcpy(h.full, start, sizeof start);
        (void)closo_fit_value_at(parameter, start[free_index], &slope);
        const double step = fmin(sigma / fmax(slope, 1e-6), 3);
        for (int side = 0; side < 2; side++) {
            memcpy(h.full, start, sizeof start);
            double end = find_end(&h, solver, start, minimum->sum_of_squares, variance,
                                  side == 0 ? -step : step);
            if (isfinite(end))
                limits[side] = closo_fit_value_at(parameter, end, &slope);
            else
                limits[side] = side == 0 ? parameter->lower : parameter->upper;
        }
    }
    closo_arena_free(passing);
}
