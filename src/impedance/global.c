/* SPDX-License-Identifier: BSD-3-Clause */
/* global.c: all spectra of a series at once, some parameters following a law.
 *
 * The coordinates of the solver are, one after the other, those of the laws (one or two each) and those of the parameters
 * of each spectrum that have no law. A law gives the ln of a parameter (the value of an exponent) in each spectrum and
 * its derivatives; the rest is the fit of one spectrum. */
#include "impedance/fit_internal.h"

#include <math.h>
#include <string.h>

enum { GLOBAL_PARAMETERS_MAX = 2000 };

/* Where a parameter of a spectrum comes from. */
typedef struct source {
    bool free; /* its own coordinate, or that of a law */
    bool by_law;
    closo_law law;
    size_t at; /* its (first) coordinate */
} source;

typedef struct global_work {
    const closo_circuit *circuit;
    const closo_circuit_series *series;
    fit_problem *problems;
    source *sources;              /* spectrum * parameter_count + parameter */
    double *residuals, *jacobian; /* of one spectrum */
    size_t parameter_count, free_count, residual_count;
    double reference_K;
    bool plain; /* Jacobian in ln value or exponent instead of the solver's coordinates */
} global_work;

static double sqrt_time(const closo_spectrum *spectrum)
{
    return sqrt(fmax(spectrum->time_s, 0));
}

/* Value of a parameter of one spectrum, and d (ln value, or exponent) / d its coordinates. */
static double value_of(const global_work *w, size_t s, size_t k, const double *x, double slope[2])
{
    const source *from = &w->sources[s * w->parameter_count + k];
    const closo_circuit_parameter *p = &w->circuit->parameters[k];
    const closo_spectrum *spectrum = &w->series->spectra[s];
    slope[0] = slope[1] = 0;
    if (!from->free)
        return p->value;
    const double *at = x + from->at;
    if (!from->by_law || from->law == CLOSO_LAW_SHARED) {
        double value = closo_fit_value_at(p, at[0], &slope[0]);
        slope[0] = w->plain ? 1 : slope[0];
        return value;
    }
    if (from->law == CLOSO_LAW_ARRHENIUS) {
        const double ratio = w->reference_K / spectrum->temperature_K;
        slope[0] = 1;
        slope[1] = ratio - 1;
        return exp(at[0] + at[1] * slope[1]) / ratio;
    }
    const double root = sqrt_time(spectrum), value = at[0] + at[1] * root;
    slope[0] = 1 / value;
    slope[1] = root / value;
    return value > 0 ? value : (double)NAN;
}

static void values_of(const global_work *w, size_t s, const double *x, double *values)
{
    double slope[2];
    for (size_t k = 0; k < w->parameter_count; k++)
        if (w->circuit->parameters[k].tied_to == SIZE_MAX)
            values[k] = value_of(w, s, k, x, slope);
    for (size_t k = 0; k < w->parameter_count; k++)
        if (w->circuit->parameters[k].tied_to != SIZE_MAX)
            values[k] =
                w->circuit->parameters[k].tie_factor * values[w->circuit->parameters[k].tied_to];
}

static bool evaluate_all(void *user, const double *x, double *residuals, double *jacobian)
{
    global_work *w = user;
    double values[CLOSO_CIRCUIT_PARAMETERS_MAX], slope[2];
    size_t row = 0;
    if (jacobian != NULL)
        memset(jacobian, 0, w->residual_count * w->free_count * sizeof *jacobian);
    for (size_t s = 0; s < w->series->spectrum_count; s++) {
        fit_problem *problem = &w->problems[s];
        const size_t m = problem->residual_count;
        values_of(w, s, x, values);
        closo_fit_residuals(problem, values, residuals + row,
                            jacobian != NULL ? w->jacobian : NULL);
        for (size_t j = 0; jacobian != NULL && j < problem->free_count; j++) {
            const size_t k = problem->parameter_of[j];
            const source *from = &w->sources[s * w->parameter_count + k];
            const size_t columns = from->by_law && from->law != CLOSO_LAW_SHARED ? 2 : 1;
            (void)value_of(w, s, k, x, slope);
            for (size_t c = 0; c < columns; c++) {
                double *column = jacobian + w->residual_count * (from->at + c) + row;
                for (size_t i = 0; i < m; i++)
                    column[i] += slope[c] * w->jacobian[m * j + i];
            }
        }
        row += m;
    }
    for (size_t s = 0; jacobian != NULL && !w->plain && s < w->series->spectrum_count; s++)
        for (size_t k = 0; k < w->parameter_count; k++) {
            const source *from = &w->sources[s * w->parameter_count + k];
            if (from->free && (!from->by_law || (from->law == CLOSO_LAW_SHARED && s == 0)))
                closo_fit_rest_at_limit(&w->circuit->parameters[k], x[from->at], residuals,
                                        jacobian + w->residual_count * from->at, w->residual_count);
        }
    return true;
}

/* ---- layout and start ---- */

static closo_status check_law(const global_work *w, const closo_law_of *law, size_t *k,
                              closo_error *error)
{
    const closo_circuit_parameter *p = closo_circuit_find(w->circuit, law->parameter);
    if (p == NULL)
        return closo_fail(error, CLOSO_FORMAT, "the circuit has no parameter '%.40s'",
                          law->parameter);
    if (p->exponent && law->law != CLOSO_LAW_SHARED)
        return closo_fail(error, CLOSO_FORMAT,
                          "%s is an exponent; it can be shared, but follows no law", p->name);
    if (p->fixed || p->tied_to != SIZE_MAX)
        return closo_fail(error, CLOSO_FORMAT, "%s is held or tied already", p->name);
    if (law->law != CLOSO_LAW_SHARED && isfinite(p->upper))
        return closo_fail(error, CLOSO_FORMAT, "%s has limits; under a law it can have none",
                          p->name);
    for (size_t s = 0; s < w->series->spectrum_count; s++) {
        const closo_spectrum *spectrum = &w->series->spectra[s];
        const char *name = spectrum->name != NULL ? spectrum->name : "?";
        if (law->law == CLOSO_LAW_ARRHENIUS && !(spectrum->temperature_K > 0))
            return closo_fail(error, CLOSO_RANGE,
                              "the temperature of '%.80s' is not known; the Arrhenius law of %s "
                              "needs it",
                              name, p->name);
        if (law->law == CLOSO_LAW_SQRT_TIME && !(spectrum->time_s >= 0))
            return closo_fail(
                error, CLOSO_RANGE,
                "the time of '%.80s' is not known; the square-root law of %s needs it", name,
                p->name);
    }
    *k = (size_t)(p - w->circuit->parameters);
    return CLOSO_OK;
}

static closo_status lay_out(global_work *w, closo_global_fit *fit, closo_error *error)
{
    const size_t count = w->series->spectrum_count;
    for (size_t l = 0; l < w->series->law_count; l++) {
        const closo_law_of *law = &w->series->laws[l];
        size_t k = 0;
        closo_status status = check_law(w, law, &k, error);
        if (status != CLOSO_OK)
            return status;
        if (w->sources[k].by_law)
            return closo_fail(error, CLOSO_FORMAT, "%s has two laws", law->parameter);
        for (size_t s = 0; s < count; s++)
            w->sources[s * w->parameter_count + k] = (source){true, true, law->law, w->free_count};
        fit->laws[l] = (closo_law_fit){.parameter = w->circuit->parameters[k].name,
                                       .law = law->law,
                                       .reference_K = w->reference_K};
        w->free_count += law->law == CLOSO_LAW_SHARED ? 1 : 2;
    }
    for (size_t s = 0; s < count; s++)
        for (size_t j = 0; j < w->problems[s].free_count; j++) {
            source *from = &w->sources[s * w->parameter_count + w->problems[s].parameter_of[j]];
            if (!from->by_law)
                *from = (source){true, false, CLOSO_LAW_SHARED, w->free_count++};
        }
    if (w->free_count > GLOBAL_PARAMETERS_MAX || w->free_count == 0)
        return closo_fail(error, CLOSO_LIMIT,
                          "a global fit takes from 1 to %d parameters, this one has %zu",
                          GLOBAL_PARAMETERS_MAX, w->free_count);
    return CLOSO_OK;
}

/* The laws from straight lines through what the single fits gave. */
static void start_law(const global_work *w, closo_circuit_fit *const *fits, size_t k,
                      const source *from, double *x)
{
    const size_t count = w->series->spectrum_count;
    double xx = 0, xy = 0, mx = 0, my = 0;
    for (int turn = 0; turn < 2; turn++)
        for (size_t s = 0; s < count; s++) {
            const closo_spectrum *spectrum = &w->series->spectra[s];
            double value = fits[s]->parameters[k].value, u = 0, y = value;
            if (from->law == CLOSO_LAW_SHARED)
                y = closo_fit_coordinate(&w->circuit->parameters[k], value);
            else if (from->law == CLOSO_LAW_ARRHENIUS) {
                u = w->reference_K / spectrum->temperature_K - 1;
                y = log(value * w->reference_K / spectrum->temperature_K);
            } else {
                u = sqrt_time(spectrum);
            }
            if (turn == 0) {
                mx += u / (double)count;
                my += y / (double)count;
            } else {
                xx += (u - mx) * (u - mx);
                xy += (u - mx) * (y - my);
            }
        }
    const double slope = xx > 0 ? xy / xx : 0;
    x[from->at] = my - slope * mx;
    if (from->law == CLOSO_LAW_SHARED)
        return;
    x[from->at + 1] = slope;
    if (from->law == CLOSO_LAW_SQRT_TIME && !(x[from->at] > 0)) {
        x[from->at] = 0.1 * my; /* a line through the points may begin below zero */
        x[from->at + 1] = mx > 0 ? 0.9 * my / mx : 0;
    }
}

static void start(const global_work *w, closo_circuit_fit *const *fits, double *x)
{
    for (size_t s = 0; s < w->series->spectrum_count; s++)
        for (size_t k = 0; k < w->parameter_count; k++) {
            const source *from = &w->sources[s * w->parameter_count + k];
            if (from->free && from->by_law && s == 0)
                start_law(w, fits, k, from, x);
            else if (from->free && !from->by_law)
                x[from->at] =
                    closo_fit_coordinate(&w->circuit->parameters[k], fits[s]->parameters[k].value);
        }
}

/* ---- results ---- */

/* Covariance of the values of one spectrum's parameters from that of the coordinates. */
static void fill_errors(const global_work *w, size_t s, const double *x, const double *covariance,
                        closo_circuit_fit *fit)
{
    const size_t n = w->parameter_count, f = w->free_count;
    size_t at[CLOSO_CIRCUIT_PARAMETERS_MAX];
    double slopes[CLOSO_CIRCUIT_PARAMETERS_MAX][2];
    for (size_t k = 0; k < n; k++) {
        const closo_circuit_parameter *p = &w->circuit->parameters[k];
        const size_t root = p->tied_to != SIZE_MAX ? p->tied_to : k;
        const source *from = &w->sources[s * n + root];
        (void)value_of(w, s, root, x, slopes[k]);
        const double scale = p->exponent ? p->tie_factor : fit->parameters[k].value;
        slopes[k][0] *= scale;
        slopes[k][1] *= scale;
        at[k] = from->free ? from->at : SIZE_MAX;
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double sum = 0;
            for (size_t c = 0; c < 2; c++)
                for (size_t d = 0; d < 2; d++)
                    if (at[a] != SIZE_MAX && at[b] != SIZE_MAX && at[a] + c < f && at[b] + d < f &&
                        slopes[a][c] != 0 && slopes[b][d] != 0)
                        sum +=
                            slopes[a][c] * slopes[b][d] * covariance[(at[a] + c) * f + at[b] + d];
            fit->covariance[a * n + b] = sum;
        }
    for (size_t a = 0; a < n; a++) {
        closo_fitted_parameter *p = &fit->parameters[a];
        double variance = fit->covariance[a * n + a];
        p->sigma = variance > 0 ? sqrt(variance) : (double)NAN;
        p->low = p->value - p->sigma;
        p->high = p->value + p->sigma;
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double size = fit->parameters[a].sigma * fit->parameters[b].sigma;
            fit->correlation[a * n + b] = size > 0 ? fit->covariance[a * n + b] / size : 0;
        }
}

static void fill_laws(const global_work *w, const double *x, const double *covariance,
                      closo_global_fit *fit)
{
    const size_t f = w->free_count;
    for (size_t l = 0, at = 0; l < fit->law_count; l++) {
        closo_law_fit *law = &fit->laws[l];
        const closo_circuit_parameter *p = closo_circuit_find(w->circuit, law->parameter);
        const bool pair = law->law != CLOSO_LAW_SHARED;
        double first = sqrt(covariance[at * f + at]), second = NAN, scale = 1;
        law->first.value = x[at];
        if (law->law == CLOSO_LAW_SHARED) {
            double slope;
            law->first.value = closo_fit_value_at(p, x[at], &slope);
            scale = p->exponent ? 1 : law->first.value;
        } else if (law->law == CLOSO_LAW_ARRHENIUS) {
            scale = law->first.value = exp(x[at]);
        }
        law->first.sigma = scale * first;
        law->second = (closo_value){second, second};
        if (pair) {
            second = sqrt(covariance[(at + 1) * f + at + 1]);
            const double unit =
                law->law == CLOSO_LAW_ARRHENIUS ? CLOSO_BOLTZMANN_eV_per_K * w->reference_K : 1;
            law->second = (closo_value){unit * x[at + 1], unit * second};
            law->correlation = covariance[at * f + at + 1] / (first * second);
        }
        at += pair ? 2 : 1;
    }
}

static closo_status finish(global_work *w, const closo_circuit_fit_options *options,
                           const double *x, closo_least_squares *solver, closo_arena *arena,
                           closo_arena *passing, closo_global_fit *fit, closo_error *error)
{
    const size_t m = w->residual_count, f = w->free_count;
    double *covariance = closo_arena_alloc(passing, f * f, sizeof *covariance);
    double *all = closo_arena_alloc(passing, m * (f + 1), sizeof *all);
    if (covariance == NULL || all == NULL)
        return closo_fail_nomem(error);
    fit->chi2 = solver->sum_of_squares;
    fit->chi2_reduced = solver->variance;
    fit->bic = (double)m * log(fit->chi2 / (double)m) + (double)f * log((double)m);
    fit->free_count = f;
    fit->residual_count = m;
    w->plain = true;
    (void)evaluate_all(w, x, all, all + m);
    if (!closo_least_squares_set_jacobian(solver, all + m, m, f) ||
        closo_least_squares_covariance(solver, fit->chi2_reduced, covariance, NULL) != CLOSO_OK) {
        closo_notes_add(&fit->notes, arena,
                        "some parameters cannot be told apart by these spectra, so none has an "
                        "uncertainty");
        memset(covariance, 0, f * f * sizeof *covariance);
    }
    for (size_t s = 0; s < fit->spectrum_count; s++) {
        fit_minimum minimum = {.settled = true};
        const closo_circuit_fit_options quick = {.weight = options->weight,
                                                 .quick = true,
                                                 .thickness_m = options->thickness_m,
                                                 .area_m2 = options->area_m2};
        values_of(w, s, x, minimum.values);
        fit->fits[s] = closo_arena_alloc(arena, 1, sizeof *fit->fits[s]);
        closo_status status = fit->fits[s] == NULL
                                  ? closo_fail_nomem(error)
                                  : closo_fit_report(&w->problems[s], &quick, solver, &minimum,
                                                     arena, passing, fit->fits[s], error);
        if (status != CLOSO_OK)
            return status;
        fill_errors(w, s, x, covariance, fit->fits[s]);
        fit->fits[s]->arc_count = 0;
        fit->fits[s]->notes = (closo_notes){0};
        closo_fit_derive(options, fit->fits[s], arena);
    }
    fill_laws(w, x, covariance, fit);
    return CLOSO_OK;
}

static closo_status prepare(global_work *w, const closo_circuit_fit_options *options,
                            closo_global_fit *fit, closo_arena *arena, closo_arena *passing,
                            closo_error *error)
{
    const size_t count = w->series->spectrum_count;
    double inverse = 0;
    size_t largest = 0, known = 0;
    w->parameter_count = w->circuit->parameter_count;
    w->problems = closo_arena_alloc(passing, count, sizeof *w->problems);
    w->sources = closo_arena_alloc(passing, count * w->parameter_count + 1, sizeof *w->sources);
    fit->fits = closo_arena_alloc(arena, count, sizeof *fit->fits);
    fit->laws = closo_arena_alloc(arena, w->series->law_count, sizeof *fit->laws);
    if (w->problems == NULL || w->sources == NULL || fit->fits == NULL || fit->laws == NULL)
        return closo_fail_nomem(error);
    fit->spectrum_count = count;
    fit->law_count = w->series->law_count;
    for (size_t s = 0; s < count; s++) {
        const closo_spectrum *spectrum = &w->series->spectra[s];
        closo_status status = closo_fit_problem_init(&w->problems[s], w->circuit, spectrum,
                                                     options->weight, passing, error);
        if (status != CLOSO_OK)
            return status;
        w->residual_count += w->problems[s].residual_count;
        if (w->problems[s].residual_count > largest)
            largest = w->problems[s].residual_count;
        if (spectrum->temperature_K > 0) {
            inverse += 1 / spectrum->temperature_K;
            known++;
        }
    }
    w->reference_K = known != 0 ? (double)known / inverse : (double)NAN;
    w->jacobian =
        closo_arena_alloc(passing, largest, (w->parameter_count + 1) * sizeof *w->jacobian);
    return w->jacobian != NULL ? lay_out(w, fit, error) : closo_fail_nomem(error);
}

static closo_status fit_global(global_work *w, const closo_circuit_fit_options *options,
                               closo_arena *arena, closo_arena *passing, closo_global_fit *fit,
                               closo_error *error)
{
    closo_circuit_fit **fits;
    closo_status status = prepare(w, options, fit, arena, passing, error);
    if (status == CLOSO_OK)
        status = closo_circuit_fit_series(w->circuit, w->series, options, passing, &fits, error);
    if (status != CLOSO_OK)
        return status;
    const size_t columns = w->free_count > w->parameter_count ? w->free_count : w->parameter_count;
    double *x = closo_arena_alloc(passing, columns, sizeof *x);
    closo_least_squares *solver = closo_least_squares_new(w->residual_count, columns, passing);
    if (x == NULL || solver == NULL)
        return closo_fail_nomem(error);
    start(w, fits, x);
    const closo_least_squares_problem task = {w->residual_count, w->free_count, evaluate_all, w};
    const closo_least_squares_options how = {.max_iterations = 500, .first_damping = 1e-2};
    status = closo_least_squares_fit(solver, &task, &how, x, error);
    if (status != CLOSO_OK)
        return status;
    return finish(w, options, x, solver, arena, passing, fit, error);
}

closo_status closo_circuit_fit_global(const closo_circuit *circuit,
                                      const closo_circuit_series *series,
                                      const closo_circuit_fit_options *options, closo_arena *arena,
                                      closo_global_fit **fit, closo_error *error)
{
    static const closo_circuit_fit_options none = {0};
    options = options != NULL ? options : &none;
    *fit = closo_arena_alloc(arena, 1, sizeof **fit);
    closo_arena *passing = closo_arena_new(0);
    closo_status status;
    global_work w = {.circuit = circuit, .series = series};
    if (*fit == NULL || passing == NULL)
        status = closo_fail_nomem(error);
    else if (circuit->node_count == 0 || series->spectrum_count == 0)
        status = closo_fail(error, CLOSO_RANGE, "a global fit needs a circuit and spectra");
    else
        status = fit_global(&w, options, arena, passing, *fit, error);
    closo_arena_free(passing);
    return status;
}
