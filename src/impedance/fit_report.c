/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_report.c: what a fit tells besides its values: covariance, intervals, residuals, information criteria. */
#include "impedance/fit_internal.h"

#include <math.h>
#include <string.h>

/* Parameters that moved freely, in the order of the Jacobian's columns. */
typedef struct error_work {
    fit_problem *problem;
    closo_least_squares *solver;
    const fit_minimum *minimum;
    closo_circuit_fit *fit;
    double *residuals, *jacobian, *covariance;   /* in d ln value, or d exponent */
    size_t moving[CLOSO_CIRCUIT_PARAMETERS_MAX]; /* free index of column c */
    size_t moving_count;
    double column_norm[CLOSO_CIRCUIT_PARAMETERS_MAX];
    double variance;
    bool robust;
} error_work;

static closo_status allocate(closo_circuit_fit *fit, size_t points, size_t parameters,
                             closo_arena *arena, closo_error *error)
{
    fit->parameter_count = parameters;
    fit->parameters = closo_arena_alloc(arena, parameters, sizeof *fit->parameters);
    fit->covariance = closo_arena_alloc(arena, parameters * parameters, sizeof *fit->covariance);
    fit->correlation = closo_arena_alloc(arena, parameters * parameters, sizeof *fit->correlation);
    fit->real_ohm = closo_arena_alloc(arena, points, 4 * sizeof *fit->real_ohm);
    if (fit->parameters == NULL || fit->covariance == NULL || fit->correlation == NULL ||
        fit->real_ohm == NULL)
        return closo_fail_nomem(error);
    fit->imaginary_ohm = fit->real_ohm + points;
    fit->residual_real = fit->real_ohm + 2 * points;
    fit->residual_imaginary = fit->real_ohm + 3 * points;
    return CLOSO_OK;
}

/* Correlation of each residual with the next one of the same part. */
static double autocorrelation(const closo_circuit_fit *fit, size_t n)
{
    double square = 0, product = 0;
    for (int part = 0; part < 2; part++) {
        const double *r = part == 0 ? fit->residual_real : fit->residual_imaginary;
        for (size_t i = 0; i < n; i++) {
            square += r[i] * r[i];
            product += i + 1 < n ? r[i] * r[i + 1] : 0;
        }
    }
    return square > 0 ? product / square : 0;
}

/* Huber's covariance is s^2 (J'J)^-1 with s^2 = sum psi^2/(m - p) / (mean psi')^2 and a correction for few points:
 * Huber and Ronchetti, Robust Statistics, 2nd ed. (2009), eq. 7.83. psi is what is left of a residual. */
static double robust_variance(const error_work *w)
{
    const double *factor = w->problem->robust;
    const size_t m = w->problem->residual_count, p = w->moving_count;
    double square = 0, inside = 0;
    for (size_t i = 0; i < m; i++) {
        double psi = w->residuals[i] * factor[i] * factor[i];
        square += psi * psi;
        inside += factor[i] >= 1;
    }
    double mean = fmax(inside / (double)m, 0.1);
    double correction = 1 + (double)p / (double)m * (1 - mean) / mean;
    return correction * correction * square / (double)(m - p) / (mean * mean);
}

/* True when the sum of squares still falls across a limit: a minimum inside has no slope left. */
static bool is_held_by_limit(const error_work *w, size_t j)
{
    const size_t m = w->problem->residual_count, k = w->problem->parameter_of[j];
    const closo_circuit_parameter *p = &w->problem->circuit->parameters[k];
    const double *column = w->jacobian + m * j;
    double slope = 0, square = 0, value = w->minimum->values[k];
    for (size_t i = 0; i < m; i++) {
        slope += column[i] * w->residuals[i];
        square += column[i] * column[i];
    }
    double step = square > 0 ? -slope / square : 0;
    double there = p->exponent ? value + step : value * exp(fmin(step, 1));
    return fabs(closo_fit_coordinate(p, value)) > 4 && (there < p->lower || there > p->upper);
}

/* Residuals and derivatives at the minimum, columns of parameters at a limit left out. */
static void evaluate_at_minimum(error_work *w)
{
    const size_t m = w->problem->residual_count;
    double *factors = w->problem->robust;
    w->robust = factors != NULL;
    w->problem->robust = NULL;
    closo_fit_residuals(w->problem, w->minimum->values, w->residuals, w->jacobian);
    w->problem->robust = factors;
    for (size_t j = 0; j < w->problem->free_count; j++) {
        size_t k = w->problem->parameter_of[j];
        if (closo_fit_at_limit(&w->problem->circuit->parameters[k], w->minimum->values[k]) ||
            is_held_by_limit(w, j)) {
            w->fit->parameters[k].at_limit = true;
            continue;
        }
        if (w->moving_count != j)
            memcpy(w->jacobian + m * w->moving_count, w->jacobian + m * j, m * sizeof *w->jacobian);
        w->moving[w->moving_count++] = j;
    }
}

static void fill_statistics(error_work *w, closo_weight weight)
{
    closo_circuit_fit *fit = w->fit;
    const size_t m = w->problem->residual_count, n = m / 2, p = w->problem->free_count;
    double sum = 0;
    for (size_t i = 0; i < m; i++)
        sum += w->residuals[i] * w->residuals[i];
    memcpy(fit->residual_real, w->residuals, n * sizeof *w->residuals);
    memcpy(fit->residual_imaginary, w->residuals + n, n * sizeof *w->residuals);
    memcpy(fit->real_ohm, w->problem->model.values, n * sizeof *fit->real_ohm);
    memcpy(fit->imaginary_ohm, w->problem->model.values + n, n * sizeof *fit->real_ohm);
    const double count = (double)m, free = (double)p;
    fit->free_count = p;
    fit->chi2 = sum;
    fit->chi2_reduced = sum / (count - free);
    fit->residual_rms = sqrt(sum / count);
    fit->autocorrelation = autocorrelation(fit, n);
    fit->bic = count * log(sum / count) + free * log(count);
    fit->aicc =
        m > p + 1 ? count * log(sum / count) + 2 * free + 2 * free * (free + 1) / (count - free - 1)
                  : (double)INFINITY;
    w->variance = w->robust ? robust_variance(w) : sum / (count - (double)w->moving_count);
    /* Measured sigmas are believed, unless the fit is worse than they allow. */
    if (weight == CLOSO_WEIGHT_MEASURED)
        w->variance = fmax(1, w->variance);
}

/* Covariance of the values of all parameters from that of the columns; tied ones follow. */
static void fill_covariance(error_work *w)
{
    closo_circuit_fit *fit = w->fit;
    const closo_circuit *circuit = w->problem->circuit;
    const size_t count = fit->parameter_count;
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < count; b++) {
            double sum = 0;
            for (size_t c = 0; c < w->moving_count; c++)
                for (size_t d = 0; d < w->moving_count; d++)
                    if (w->problem->free_of[a] == (int)w->moving[c] &&
                        w->problem->free_of[b] == (int)w->moving[d])
                        sum = w->covariance[c * w->moving_count + d];
            const closo_circuit_parameter *p = &circuit->parameters[a],
                                          *q = &circuit->parameters[b];
            double by_a = p->exponent ? p->tie_factor : fit->parameters[a].value;
            double by_b = q->exponent ? q->tie_factor : fit->parameters[b].value;
            fit->covariance[a * count + b] = sum * by_a * by_b;
        }
    for (size_t a = 0; a < count; a++) {
        closo_fitted_parameter *p = &fit->parameters[a];
        bool moves = fit->covariance[a * count + a] > 0;
        p->sigma = moves ? sqrt(fit->covariance[a * count + a]) : (double)NAN;
        /* Of a logarithm: the interval is not symmetric, and never reaches below zero. */
        double ratio = p->sigma / p->value;
        bool log_scale = !circuit->parameters[a].exponent;
        p->low = log_scale ? p->value * exp(-ratio) : fmax(p->value - p->sigma, 0);
        p->high = log_scale ? p->value * exp(ratio) : fmin(p->value + p->sigma, 1);
    }
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < count; b++) {
            double size = fit->parameters[a].sigma * fit->parameters[b].sigma;
            fit->correlation[a * count + b] =
                isfinite(size) && size > 0 ? fit->covariance[a * count + b] / size : 0;
        }
}

/* True when second derivatives cannot matter within one sigma of parameter c: they are at most about as large as the first
 * ones for a logarithm, and ln omega times that for an exponent. Spares the evaluations of quadratic_fails(). */
static bool quadratic_holds(const error_work *w, size_t c)
{
    const size_t p = w->moving_count, n = w->problem->spectrum->count;
    const double *ln_omega = w->problem->model.log_omega;
    const double exponent_reach = fmax(fabs(ln_omega[0]), fabs(ln_omega[n - 1])) + 2;
    const double sigma = sqrt(w->covariance[c * p + c]);
    double first = 0, ratio = 0;
    for (size_t d = 0; d < p; d++) {
        const double step = fabs(w->covariance[d * p + c]) / sigma;
        const size_t k = w->problem->parameter_of[w->moving[d]];
        const closo_circuit_parameter *about = &w->problem->circuit->parameters[k];
        if (!(w->minimum->values[k] * (1 - 3 * step) > about->lower) ||
            !(w->minimum->values[k] * (1 + 3 * step) < about->upper))
            return false;
        first += step * w->column_norm[d];
        ratio += step * (about->exponent ? exponent_reach : 1);
    }
    /* Half of this is what second derivatives add to residuals that the step changes by one sigma. */
    return first * ratio < 0.1 * sqrt(w->variance);
}

/* The sum of squares after a step of one sigma of parameter c along the valley, where the quadratic says it has risen by
 * one variance. */
static bool quadratic_fails(error_work *w, size_t c)
{
    const size_t p = w->moving_count, m = w->problem->residual_count;
    const double sigma = sqrt(w->covariance[c * p + c]);
    double values[CLOSO_CIRCUIT_PARAMETERS_MAX];
    for (int side = -1; side <= 1; side += 2) {
        memcpy(values, w->minimum->values, sizeof values);
        for (size_t d = 0; d < p; d++) {
            size_t k = w->problem->parameter_of[w->moving[d]];
            const closo_circuit_parameter *about = &w->problem->circuit->parameters[k];
            double step = side * w->covariance[d * p + c] / sigma;
            values[k] = about->exponent ? values[k] + step : values[k] * exp(step);
            if (!(values[k] > about->lower) || !(values[k] < about->upper))
                return true;
        }
        for (size_t k = 0; k < w->fit->parameter_count; k++)
            if (w->problem->circuit->parameters[k].tied_to != SIZE_MAX)
                values[k] = w->problem->circuit->parameters[k].tie_factor *
                            values[w->problem->circuit->parameters[k].tied_to];
        closo_fit_residuals(w->problem, values, w->residuals, NULL);
        double sum = 0;
        for (size_t i = 0; i < m; i++)
            sum += w->residuals[i] * w->residuals[i];
        double rise = (sum - w->minimum->sum_of_squares) / w->variance;
        if (!(rise > 0.7 && rise < 1.4))
            return true;
        if (fabs(rise - 1) < 0.1)
            return false; /* the other side differs by the sign of the third derivative only */
    }
    return false;
}

static void fill_profiles(error_work *w)
{
    const size_t p = w->moving_count, m = w->problem->residual_count;
    for (size_t c = 0; c < p; c++) {
        double square = 0;
        for (size_t i = 0; i < m; i++)
            square += w->jacobian[c * m + i] * w->jacobian[c * m + i];
        w->column_norm[c] = sqrt(square);
    }
    for (size_t c = 0; c < p; c++) {
        if (!(w->covariance[c * p + c] > 0) || quadratic_holds(w, c) || !quadratic_fails(w, c))
            continue;
        double limits[2];
        size_t k = w->problem->parameter_of[w->moving[c]];
        closo_fit_profile(w->problem, w->solver, w->minimum, w->moving[c], w->variance,
                          sqrt(w->covariance[c * p + c]), limits);
        w->fit->parameters[k].low = limits[0];
        w->fit->parameters[k].high = limits[1];
        w->fit->parameters[k].profiled = true;
    }
}

static void name_parameters(error_work *w)
{
    for (size_t k = 0; k < w->fit->parameter_count; k++) {
        const closo_circuit_parameter *p = &w->problem->circuit->parameters[k];
        w->fit->parameters[k].name = p->name;
        w->fit->parameters[k].unit = p->unit;
        w->fit->parameters[k].value = w->minimum->values[k];
        w->fit->parameters[k].fixed = p->fixed;
        w->fit->parameters[k].tied = p->tied_to != SIZE_MAX;
    }
}

closo_status closo_fit_report(fit_problem *problem, const closo_circuit_fit_options *options,
                              closo_least_squares *solver, const fit_minimum *minimum,
                              closo_arena *arena, closo_arena *passing, closo_circuit_fit *fit,
                              closo_error *error)
{
    const size_t m = problem->residual_count, p = problem->free_count;
    *fit = (closo_circuit_fit){.circuit = problem->circuit,
                               .spectrum = problem->spectrum,
                               .starts = minimum->starts,
                               .agreeing = minimum->agreeing,
                               .evaluations = minimum->evaluations};
    closo_status status = allocate(fit, m / 2, problem->circuit->parameter_count, arena, error);
    if (status != CLOSO_OK)
        return status;
    error_work w = {.problem = problem, .solver = solver, .minimum = minimum, .fit = fit};
    w.residuals = closo_arena_alloc(passing, m + m * (p + 1) + p * p + 1, sizeof *w.residuals);
    if (w.residuals == NULL)
        return closo_fail_nomem(error);
    w.jacobian = w.residuals + m;
    w.covariance = w.jacobian + m * (p + 1);
    name_parameters(&w);
    evaluate_at_minimum(&w);
    fill_statistics(&w, options->weight);
    bool has_errors =
        w.moving_count != 0 &&
        closo_least_squares_set_jacobian(solver, w.jacobian, m, w.moving_count) &&
        closo_least_squares_covariance(solver, w.variance, w.covariance, NULL) == CLOSO_OK;
    if (!has_errors && p != 0) {
        memset(w.covariance, 0, p * p * sizeof *w.covariance);
        if (w.moving_count != 0)
            closo_notes_add(&fit->notes, arena,
                            "some parameters cannot be told apart by this spectrum, so none has an "
                            "uncertainty; take a simpler circuit");
    }
    fill_covariance(&w);
    if (has_errors && !options->quick && !w.robust)
        fill_profiles(&w);
    closo_fit_derive(options, fit, arena);
    if (!minimum->settled)
        closo_notes_add(&fit->notes, arena,
                        "the fit did not settle: a parameter runs away; take fewer elements");
    if (!options->quick)
        closo_fit_warn(options, fit, arena);
    return CLOSO_OK;
}
