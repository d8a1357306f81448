/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_problem.c: weights, coordinates and residuals. */
#include "impedance/fit_internal.h"

#include <math.h>
#include <string.h>

/* Beyond this the logistic is at its limit, to 6e-6 of the span. */
static const double logistic_end = 12;
/* A parameter without effect may run away; 1e+-65 is far enough. */
static const double logarithm_end = 150;
/* A part that passes through zero would count without bound. */
static const double least_share = 0.01;

static closo_status set_weights(fit_problem *problem, closo_weight weight, closo_error *error)
{
    const closo_spectrum *s = problem->spectrum;
    const size_t n = s->count;
    if (weight == CLOSO_WEIGHT_MEASURED && s->sigma_ohm == NULL)
        return closo_fail(error, CLOSO_RANGE,
                          "the spectrum has no measured standard deviations to weight by; take "
                          "modulus weights");
    for (size_t i = 0; i < n; i++) {
        double modulus = hypot(s->real_ohm[i], s->imaginary_ohm[i]), re = modulus, im = modulus;
        if (weight == CLOSO_WEIGHT_MEASURED)
            re = im = s->sigma_ohm[i];
        else if (weight == CLOSO_WEIGHT_UNIT)
            re = im = 1;
        else if (weight == CLOSO_WEIGHT_PROPORTIONAL) {
            re = fmax(fabs(s->real_ohm[i]), least_share * modulus);
            im = fmax(fabs(s->imaginary_ohm[i]), least_share * modulus);
        }
        if (!(re > 0) || !(im > 0))
            return closo_fail(error, CLOSO_RANGE,
                              "the standard deviation at %g Hz is not above zero",
                              s->frequency_Hz[i]);
        problem->weight[i] = 1 / re;
        problem->weight[n + i] = 1 / im;
        problem->target[i] = s->real_ohm[i];
        problem->target[n + i] = s->imaginary_ohm[i];
    }
    return CLOSO_OK;
}

static void find_free(fit_problem *problem)
{
    const closo_circuit *circuit = problem->circuit;
    for (size_t k = 0; k < circuit->parameter_count; k++) {
        problem->free_of[k] = NOT_FREE;
        if (circuit->parameters[k].fixed || circuit->parameters[k].tied_to != SIZE_MAX)
            continue;
        problem->parameter_of[problem->free_count] = k;
        problem->free_of[k] = (int)problem->free_count++;
    }
    for (size_t k = 0; k < circuit->parameter_count; k++)
        if (circuit->parameters[k].tied_to != SIZE_MAX)
            problem->free_of[k] = problem->free_of[circuit->parameters[k].tied_to];
}

closo_status closo_fit_problem_init(fit_problem *problem, const closo_circuit *circuit,
                                    const closo_spectrum *spectrum, closo_weight weight,
                                    closo_arena *arena, closo_error *error)
{
    *problem = (fit_problem){.circuit = circuit, .spectrum = spectrum};
    const size_t n = spectrum->count;
    problem->residual_count = 2 * n;
    find_free(problem);
    if (problem->residual_count <= problem->free_count)
        return closo_fail(
            error, CLOSO_RANGE,
            "the spectrum has %zu point%s; a fit of %zu free parameters takes at least "
            "%zu",
            n, n == 1 ? "" : "s", problem->free_count, problem->free_count / 2 + 1);
    if (!closo_circuit_model_init(&problem->model, circuit, spectrum->frequency_Hz, n, arena))
        return closo_fail_nomem(error);
    problem->target = closo_arena_alloc(arena, n, 4 * sizeof *problem->target);
    if (problem->target == NULL)
        return closo_fail_nomem(error);
    problem->weight = problem->target + 2 * n;
    return set_weights(problem, weight, error);
}

static bool has_upper(const closo_circuit_parameter *p)
{
    return p->exponent || isfinite(p->upper);
}

/* Logistic between limits: of the value for exponents and where the lower limit is 0, else of its logarithm. */
static bool is_log_between(const closo_circuit_parameter *p)
{
    return !p->exponent && p->lower > 0;
}

double closo_fit_coordinate(const closo_circuit_parameter *p, double value)
{
    if (!has_upper(p))
        return log(value);
    double low = p->lower, high = p->upper, at = value;
    if (is_log_between(p)) {
        low = log(low);
        high = log(high);
        at = log(at);
    }
    double share = (at - low) / (high - low);
    share = fmin(fmax(share, 1e-6), 1 - 1e-6);
    return log(share / (1 - share));
}

double closo_fit_value_at(const closo_circuit_parameter *p, double x, double *slope)
{
    if (!has_upper(p)) {
        *slope = 1;
        return exp(fmin(fmax(x, -logarithm_end), logarithm_end));
    }
    x = fmin(fmax(x, -logistic_end), logistic_end);
    double share = 1 / (1 + exp(-x)), low = p->lower, high = p->upper;
    if (is_log_between(p)) {
        low = log(low);
        high = log(high);
        *slope = (high - low) * share * (1 - share);
        return exp(low + (high - low) * share);
    }
    double value = low + (high - low) * share;
    *slope = (high - low) * share * (1 - share) / (p->exponent ? 1 : value);
    return value;
}

void closo_fit_values(const fit_problem *problem, const double *x, double *values)
{
    const closo_circuit *circuit = problem->circuit;
    double slope;
    for (size_t k = 0; k < circuit->parameter_count; k++) {
        const closo_circuit_parameter *p = &circuit->parameters[k];
        if (p->tied_to == SIZE_MAX)
            values[k] = p->fixed ? p->value : closo_fit_value_at(p, x[problem->free_of[k]], &slope);
    }
    for (size_t k = 0; k < circuit->parameter_count; k++) {
        const closo_circuit_parameter *p = &circuit->parameters[k];
        if (p->tied_to != SIZE_MAX)
            values[k] = p->tie_factor * values[p->tied_to];
    }
}

void closo_fit_coordinates(const fit_problem *problem, const double *values, double *x)
{
    for (size_t j = 0; j < problem->free_count; j++) {
        size_t k = problem->parameter_of[j];
        x[j] = closo_fit_coordinate(&problem->circuit->parameters[k], values[k]);
    }
}

bool closo_fit_at_limit(const closo_circuit_parameter *p, double value)
{
    double slope, x = closo_fit_coordinate(p, value);
    (void)closo_fit_value_at(p, x, &slope);
    return has_upper(p) && !p->fixed && fabs(x) > 8.5; /* nearer than 2e-4 of the span */
}

void closo_fit_residuals(fit_problem *problem, const double *values, double *residuals,
                         double *jacobian)
{
    const size_t m = problem->residual_count;
    const double *z = closo_circuit_model_run(&problem->model, values, jacobian != NULL);
    const double *weight = problem->weight, *target = problem->target, *robust = problem->robust;
    for (size_t i = 0; i < m; i++)
        residuals[i] = (z[i] - target[i]) * weight[i];
    for (size_t i = 0; robust != NULL && i < m; i++)
        residuals[i] *= robust[i];
    if (jacobian == NULL)
        return;
    bool begun[CLOSO_CIRCUIT_PARAMETERS_MAX] = {false};
    for (size_t k = 0; k < problem->circuit->parameter_count; k++) {
        const closo_circuit_parameter *p = &problem->circuit->parameters[k];
        if (problem->free_of[k] == NOT_FREE)
            continue;
        const double factor = p->exponent ? p->tie_factor : 1;
        const double *slopes = problem->model.slopes + m * k;
        double *column = jacobian + m * (size_t)problem->free_of[k];
        if (begun[problem->free_of[k]])
            for (size_t i = 0; i < m; i++)
                column[i] += factor * slopes[i] * weight[i];
        else
            for (size_t i = 0; i < m; i++)
                column[i] = factor * slopes[i] * weight[i];
        begun[problem->free_of[k]] = true;
    }
    for (size_t j = 0; robust != NULL && j < problem->free_count; j++)
        for (size_t i = 0; i < m; i++)
            jacobian[m * j + i] *= robust[i];
}

/* A column that pushes a parameter out of its limit would be followed for ever, since the logistic flattens there: the
 * parameter rests until the residuals push it back. */
void closo_fit_rest_at_limit(const closo_circuit_parameter *p, double x, const double *residuals,
                             double *column, size_t count)
{
    const double end = has_upper(p) ? logistic_end : logarithm_end;
    if (fabs(x) < end)
        return;
    double slope = 0;
    for (size_t i = 0; i < count; i++)
        slope += column[i] * residuals[i];
    if ((x > 0) == (slope < 0))
        memset(column, 0, count * sizeof *column);
}

bool closo_fit_evaluate(void *user, const double *x, double *residuals, double *jacobian)
{
    fit_problem *problem = user;
    double values[CLOSO_CIRCUIT_PARAMETERS_MAX];
    closo_fit_values(problem, x, values);
    closo_fit_residuals(problem, values, residuals, jacobian);
    for (size_t j = 0; jacobian != NULL && j < problem->free_count; j++) {
        const closo_circuit_parameter *p = &problem->circuit->parameters[problem->parameter_of[j]];
        double slope;
        (void)closo_fit_value_at(p, x[j], &slope);
        double *column = jacobian + problem->residual_count * j;
        if (slope < 1 || slope > 1)
            for (size_t i = 0; i < problem->residual_count; i++)
                column[i] *= slope;
        closo_fit_rest_at_limit(p, x[j], residuals, column, problem->residual_count);
    }
    return true;
}
