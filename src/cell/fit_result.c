/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_result.c: from residuals and derivatives at the solution to values, uncertainties and correlations.
 *
 * With A = sum of A_s, A_s = J_s'J_s over the sets, cov = A^-1 (sum of f_s A_s) A^-1 (P. J. Huber, Proc. 5th Berkeley Symp.
 * 1 (1967) 221, of errors that are not as the weights have them). f_s is 1 where only white noise of the stated size is left;
 * the reduced chi2 of the set where a stated noise is missed; times (1 + r)/(1 - r) where neighbouring residuals resemble
 * each other, r their autocorrelation (the number of independent points is smaller by that factor: G. V. Bayley,
 * J. M. Hammersley, J. R. Stat. Soc. Suppl. 8 (1946) 184, doi:10.2307/2983560). */
#include "fit_internal.h"

#include "numeric/dense_internal.h"

#include <math.h>
#include <string.h>

typedef struct maker {
    const fit_work *work;
    const fit_solution *solution;
    closo_cell_fit *fit;
    size_t n, m;
    bool *free;         /* of each parameter: not at a bound, and with an effect */
    double *normal;     /* A, n x n */
    double *inflated;   /* sum of f_s A_s */
    double *covariance; /* in u; NaN where not free */
    double *factors;    /* f_s of each set */
} maker;

/* ---- sets ---- */

static double autocorrelation(const double *residuals, size_t count)
{
    double sum = 0, product = 0, mean = 0;
    for (size_t i = 0; i < count; i++)
        mean += residuals[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        sum += (residuals[i] - mean) * (residuals[i] - mean);
    for (size_t i = 1; i < count; i++)
        product += (residuals[i] - mean) * (residuals[i - 1] - mean);
    return sum > 0 ? product / sum : 0;
}

static double variance_factor(const fit_set *set, const closo_fit_set *made)
{
    double n = (double)set->count, factor = 1, r = made->autocorrelation;
    if (set->noise > 0 && made->chi2_reduced > 1 + 3 * sqrt(2 / n))
        factor = made->chi2_reduced;
    if (set->count >= 10 && r > 2 / sqrt(n))
        factor *= (1 + r) / (1 - fmin(r, 0.999));
    return factor;
}

static closo_status take_set(const maker *make, size_t index, size_t first, closo_error *error)
{
    const fit_work *work = make->work;
    const fit_set *set = &work->data->sets[index];
    closo_fit_set *made = &make->fit->sets[index];
    const double *residuals = make->solution->residuals + first;
    double *model = closo_arena_alloc(work->arena, set->count + 1, sizeof *model);
    double *sigma = closo_arena_alloc(work->arena, set->count + 1, sizeof *sigma);
    if (model == NULL || sigma == NULL)
        return closo_fail_nomem(error);
    *made =
        (closo_fit_set){.name = set->name,
                        .quantity = set->quantity,
                        .count = set->count,
                        .at = set->at,
                        .potential_V = set->quantity == CLOSO_FIT_CURRENT ? set->potential_V : NULL,
                        .spectrum = set->quantity == CLOSO_FIT_IMPEDANCE ? set->spectrum : NULL,
                        .measured = set->measured,
                        .model = model,
                        .sigma = sigma,
                        .noise = work->noise[index],
                        .noise_given = set->noise > 0};
    double sum = 0;
    for (size_t i = 0; i < set->count; i++) {
        sigma[i] = work->sigma[first + i];
        model[i] = set->measured[i] + sigma[i] * residuals[i];
        sum += residuals[i] * residuals[i];
    }
    made->chi2_reduced = sum / (double)set->count;
    made->rms = sqrt(made->chi2_reduced) * work->noise[index]; /* relative where the noise is */
    made->autocorrelation = autocorrelation(residuals, set->count);
    make->fit->sum_of_squares += sum;
    make->factors[index] = variance_factor(set, made);
    return CLOSO_OK;
}

/* A_s of a set added to A, and f_s A_s to the other. */
static void add_normal(const maker *make, size_t index, size_t first)
{
    const size_t count = make->fit->sets[index].count, n = make->n;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double sum = closo_dot(make->solution->jacobian + a * make->m + first,
                                   make->solution->jacobian + b * make->m + first, count);
            make->normal[a * n + b] += sum;
            make->inflated[a * n + b] += make->factors[index] * sum;
        }
}

/* ---- covariance ---- */

/* Columns of A^-1 over the free parameters, by Cholesky's factor of A scaled to a diagonal of 1. False: singular. */
static bool invert(const maker *make, double *inverse)
{
    const size_t n = make->n;
    double *scaled = closo_arena_alloc(make->work->arena, n * n, sizeof *scaled);
    double *column = closo_arena_alloc(make->work->arena, n, sizeof *column);
    double *scale = closo_arena_alloc(make->work->arena, n, sizeof *scale);
    if (scaled == NULL || column == NULL || scale == NULL)
        return false;
    for (size_t k = 0; k < n; k++)
        scale[k] = make->free[k] ? sqrt(make->normal[k * n + k]) : 1;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            scaled[a * n + b] = make->free[a] && make->free[b]
                                    ? make->normal[a * n + b] / (scale[a] * scale[b])
                                    : (double)(a == b);
    /* a little on the diagonal: rounding does not make a matrix indefinite that is only nearly singular */
    for (size_t k = 0; k < n; k++)
        scaled[k * n + k] += 1e-12;
    if (!closo_cholesky(scaled, n, n))
        return false;
    for (size_t k = 0; k < n; k++) {
        memset(column, 0, n * sizeof *column);
        column[k] = 1;
        closo_cholesky_forward(scaled, n, n, column);
        closo_cholesky_backward(scaled, n, n, column);
        for (size_t a = 0; a < n; a++)
            inverse[a * n + k] = column[a] / (scale[a] * scale[k]);
    }
    return true;
}

/* sum over k of one[a][k] other[k][b], over the free parameters; NaN in rows and columns of the others. */
static void multiply(const maker *make, const double *one, const double *other, double *product)
{
    const size_t n = make->n;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++)
                sum += make->free[k] ? one[a * n + k] * other[k * n + b] : 0;
            product[a * n + b] = make->free[a] && make->free[b] ? sum : (double)NAN;
        }
}

static closo_status find_covariance(const maker *make, closo_error *error)
{
    const size_t n = make->n;
    double *inverse = closo_arena_alloc(make->work->arena, n * n, sizeof *inverse);
    double *half = closo_arena_alloc(make->work->arena, n * n, sizeof *half);
    if (inverse == NULL || half == NULL)
        return closo_fail_nomem(error);
    if (!invert(make, inverse))
        for (size_t i = 0; i < n * n; i++)
            inverse[i] = (double)NAN;
    multiply(make, inverse, make->inflated, half);
    multiply(make, half, inverse, make->covariance);
    double plain = 0, inflated = 0;
    for (size_t k = 0; k < n; k++)
        if (isfinite(make->covariance[k * n + k])) {
            plain += 1;
            inflated += make->covariance[k * n + k] / inverse[k * n + k];
        }
    make->fit->sigma_factor = plain > 0 ? sqrt(inflated / plain) : 1;
    return CLOSO_OK;
}

/* ---- parameters ---- */

/* d value / d u: for a logarithmic parameter of ln(value). */
static double width_of(const closo_fit_parameter *parameter)
{
    return parameter->logarithmic ? log(parameter->high / parameter->low)
                                  : parameter->high - parameter->low;
}

/* By how much of its range the error of the integration moves a parameter: A^-1 J' times what a finer tolerance changes. */
static double moved_by_integration(const maker *make, size_t k)
{
    const size_t n = make->n;
    double sum = 0, f = make->fit->sigma_factor;
    for (size_t b = 0; b < n && make->free[k]; b++)
        if (make->free[b])
            sum +=
                make->covariance[k * n + b] / (f * f) *
                closo_dot(make->solution->jacobian + b * make->m, make->work->model_drift, make->m);
    return fabs(sum);
}

/* Sigma is that of the noise and of the integration together: at the steep end of a charge good data tell a number closer than
 * it can be computed. */
static void take_parameters(const maker *make, double *correlation)
{
    const size_t n = make->n;
    for (size_t k = 0; k < n; k++) {
        const closo_fit_parameter *parameter = &make->work->parameters[k];
        closo_fit_result_parameter *made = &make->fit->parameters[k];
        double u = make->solution->u[k], value = fit_value_of(parameter, u);
        double moved_u = moved_by_integration(make, k);
        double sigma_u = hypot(sqrt(make->covariance[k * n + k]), moved_u);
        double width = width_of(parameter), sigma = sigma_u * width;
        *made = (closo_fit_result_parameter){
            .parameter = *parameter,
            .value = {value, parameter->logarithmic ? sigma * value : sigma},
            .relative_sigma = parameter->logarithmic ? sigma : sigma / fabs(value),
            .integration = moved_u * width * (parameter->logarithmic ? value : 1),
            .at_low = u<1e-6, .at_high = u> 1 - 1e-6,
            .told = sigma_u < 1.0 / 3};
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            correlation[a * n + b] =
                make->covariance[a * n + b] /
                sqrt(make->covariance[a * n + a] * make->covariance[b * n + b]);
    make->fit->correlation = correlation;
}

/* What one sigma of each parameter does to each set. Without a sigma: a hundredth of the range. */
static closo_status take_sensitivities(const maker *make, closo_error *error)
{
    const size_t n = make->n;
    for (size_t s = 0, first = 0; s < make->fit->set_count; s++) {
        closo_fit_set *set = &make->fit->sets[s];
        double *shift = closo_arena_alloc(make->work->arena, 2 * n, sizeof *shift);
        if (shift == NULL)
            return closo_fail_nomem(error);
        for (size_t k = 0; k < n; k++) {
            const double *column = make->solution->jacobian + k * make->m + first;
            double sigma_u = sqrt(make->covariance[k * n + k]);
            if (!isfinite(sigma_u))
                sigma_u = 0.01;
            double moved = sigma_u * sqrt(closo_dot(column, column, set->count));
            shift[k] = set->noise * moved / sqrt((double)set->count);
            shift[n + k] =
                moved *
                moved; /* at the minimum of the whole the linear terms cancel between sets */
        }
        set->shift = shift;
        set->chi2_change = shift + n;
        first += set->count;
    }
    return CLOSO_OK;
}

/* How far the minimum still is, in sigma: sqrt(g'A^-1 g) over the free parameters. */
static double distance(const maker *make)
{
    const size_t n = make->n;
    double sum = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            if (!make->free[a] || !make->free[b])
                continue;
            double ga = closo_dot(make->solution->jacobian + a * make->m, make->solution->residuals,
                                  make->m),
                   gb = closo_dot(make->solution->jacobian + b * make->m, make->solution->residuals,
                                  make->m);
            sum += ga * gb * make->covariance[a * n + b];
        }
    double f = make->fit->sigma_factor;
    return sqrt(fmax(sum, 0)) / (f * f);
}

/* ---- notes ---- */

static void note_sets(const maker *make)
{
    const fit_work *work = make->work;
    closo_cell_fit *fit = make->fit;
    for (size_t i = 0; i < work->data->notes.count; i++)
        closo_notes_add(&fit->notes, work->arena, "%s", work->data->notes.texts[i]);
    for (size_t s = 0; s < fit->set_count; s++) {
        const closo_fit_set *set = &fit->sets[s];
        const char *quantity = closo_fit_quantity_name(set->quantity);
        double n = (double)set->count;
        if (set->noise_given && set->chi2_reduced > 1 + 3 * sqrt(2 / n))
            closo_notes_add(&fit->notes, work->arena,
                            "%s of %s: the model misses it by %.2g times the stated noise; the "
                            "uncertainties are enlarged for it",
                            quantity, set->name, sqrt(set->chi2_reduced));
        if (set->autocorrelation > fmax(0.5, 2 / sqrt(n)) && set->count >= 10)
            closo_notes_add(&fit->notes, work->arena,
                            "%s of %s: neighbouring residuals resemble each other (%.2f): what is "
                            "left is the model's error rather than noise; the uncertainties are "
                            "enlarged for it and still leave out what the model leaves out",
                            quantity, set->name, set->autocorrelation);
    }
}

/* The charge between the fullest and the emptiest state that a test passes through. */
static double excursion_C(const fit_run *run)
{
    double passed_C = 0, least_C = 0, most_C = 0;
    for (size_t s = 0; s < run->segment_count; s++) {
        const fit_segment *segment = &run->segments[s];
        if (segment->drive == FIT_CURRENT)
            passed_C += segment->value * (segment->to_s - segment->from_s);
        least_C = fmin(least_C, passed_C);
        most_C = fmax(most_C, passed_C);
    }
    return most_C - least_C;
}

/* Microampere read as milliampere, or a mass of another cell, make a test that no cell of the description can pass. */
static void note_charges(const maker *make)
{
    const fit_work *work = make->work;
    const closo_cell_file *file = work->description->file;
    const double often = 2, capacity_C = file->capacity_C_per_m2 * file->cell.area_m2;
    for (size_t r = 0; r < work->data->run_count && capacity_C > 0; r++) {
        const fit_run *run = &work->data->runs[r];
        double times = excursion_C(run) / capacity_C;
        if (times > often)
            closo_notes_add(
                &make->fit->notes, work->arena,
                "%s passes %.3g times the capacity of the cell (%.4g mAh): are the unit "
                "of its current, the mass and the area right",
                run->name, times, capacity_C / 3.6);
    }
}

static void note_parameters(const maker *make)
{
    closo_cell_fit *fit = make->fit;
    closo_arena *arena = make->work->arena;
    for (size_t k = 0; k < fit->parameter_count; k++) {
        const closo_fit_result_parameter *made = &fit->parameters[k];
        if (made->at_low || made->at_high)
            closo_notes_add(&fit->notes, arena,
                            "%s stopped at its %s bound: it has no uncertainty, and the others "
                            "are as if it were known",
                            made->parameter.path, made->at_low ? "lower" : "upper");
        else if (!make->free[k])
            closo_notes_add(&fit->notes, arena, "%s has no effect on these data",
                            made->parameter.path);
        else if (!made->told)
            closo_notes_add(&fit->notes, arena,
                            "the data do not tell %s: its uncertainty is as wide as its range",
                            made->parameter.path);
    }
    if (fit->start_count > 1 && fit->agreeing == 1)
        closo_notes_add(&fit->notes, arena,
                        "only one of %zu starts came to the best minimum; take more starts before "
                        "believing it",
                        fit->start_count);
    if (!fit->converged && fit->iterations > 0)
        closo_notes_add(&fit->notes, arena,
                        "the fit did not settle: the minimum may be some sigma away; take more "
                        "iterations or fewer parameters");
}

static void note_integration(const maker *make)
{
    size_t worst = 0;
    double most = 0;
    for (size_t k = 0; k < make->n; k++) {
        const closo_fit_result_parameter *made = &make->fit->parameters[k];
        double share = made->integration / made->value.sigma;
        worst = share > most ? k : worst;
        most = fmax(most, share); /* not NaN */
    }
    if (most > CLOSO_FIT_INTEGRATION_SEEN)
        closo_notes_add(&make->fit->notes, make->work->arena,
                        "the error of the integration is %.0f %% of the sigma of %s: these data "
                        "are better than the tolerance; give a smaller --tolerance than %.1g",
                        100 * most, make->work->parameters[worst].path,
                        make->work->relative_tolerance);
}

/* ---- the whole ---- */

static closo_status make_room(maker *make, closo_error *error)
{
    closo_arena *arena = make->work->arena;
    const size_t n = make->n;
    make->free = closo_arena_alloc(arena, n, sizeof *make->free);
    make->normal = closo_arena_alloc(arena, n * n, sizeof *make->normal);
    make->inflated = closo_arena_alloc(arena, n * n, sizeof *make->inflated);
    make->covariance = closo_arena_alloc(arena, n * n, sizeof *make->covariance);
    make->factors = closo_arena_alloc(arena, make->work->data->set_count, sizeof *make->factors);
    make->fit->parameters = closo_arena_alloc(arena, n, sizeof *make->fit->parameters);
    make->fit->sets =
        closo_arena_alloc(arena, make->work->data->set_count, sizeof *make->fit->sets);
    return make->free != NULL && make->normal != NULL && make->inflated != NULL &&
                   make->covariance != NULL && make->factors != NULL &&
                   make->fit->parameters != NULL && make->fit->sets != NULL
               ? CLOSO_OK
               : closo_fail_nomem(error);
}

closo_status fit_result_make(const fit_work *work, const fit_solution *solution,
                             closo_cell_fit *fit, closo_error *error)
{
    maker make = {.work = work,
                  .solution = solution,
                  .fit = fit,
                  .n = work->parameter_count,
                  .m = work->residual_count};
    const size_t n = make.n;
    double *correlation = closo_arena_alloc(work->arena, n * n, sizeof *correlation);
    closo_status status = correlation != NULL ? make_room(&make, error) : closo_fail_nomem(error);
    fit->parameter_count = n;
    fit->residual_count = make.m;
    fit->set_count = work->data->set_count;
    fit->sum_of_squares = 0;
    for (size_t s = 0, first = 0; s < fit->set_count && status == CLOSO_OK; s++) {
        status = take_set(&make, s, first, error);
        if (status == CLOSO_OK)
            add_normal(&make, s, first);
        first += work->data->sets[s].count;
    }
    for (size_t k = 0; k < n && status == CLOSO_OK; k++) {
        double u = solution->u[k];
        make.free[k] = u >= 1e-6 && u <= 1 - 1e-6 && make.normal[k * n + k] > 0;
    }
    fit->chi2_reduced = fit->sum_of_squares / (double)(make.m - n);
    if (status == CLOSO_OK)
        status = find_covariance(&make, error);
    if (status != CLOSO_OK)
        return status;
    take_parameters(&make, correlation);
    status = take_sensitivities(&make, error);
    double left = distance(&make);
    fit->converged = left < 0.3 || !isfinite(left);
    note_sets(&make);
    note_charges(&make);
    note_parameters(&make);
    note_integration(&make);
    return status == CLOSO_OK
               ? fit_identify(work, make.normal, fit->sigma_factor * fit->sigma_factor, fit, error)
               : status;
}
