/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_solve.c: from several starts to the best minimum within the bounds.
 *
 * Bounds: beyond one the model is that of the bound and its derivative there is zero, so that Levenberg and Marquardt's method
 * goes on with the other parameters. After it has settled, a parameter at a bound is let go again when the sum of squares
 * falls inwards. Noise that nobody gave is what the fit leaves of each set: of all weights the likeliest. */
#include "fit_internal.h"

#include "closo/numeric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STARTS = 4, CANDIDATES = 4, ITERATIONS = 40, RELEASES = 4, ROUNDS = 6, MOST = 32 };

/* What the integration leaves in V, and relative to the rest: noise below is none of an instrument. */
static const double least_potential_V = 2e-6, least_relative = 1e-5;
/* Steps that are left at the end of a start and at the end of all, in sigma. */
static const double rough = 0.5, fine_enough = 3e-2;
/* The search integrates by so much more coarsely than the end. */
static const double search_factor = 10;

typedef struct fit_search {
    fit_work work;
    closo_least_squares *solver;
    size_t max_iterations, iterations;
    double *residuals, *jacobian; /* of one point */
    char what[64];                /* is being done */
} fit_search;

/* ---- one start ---- */

/* Whether a parameter at a bound would lower the sum of squares on its way inwards. */
static bool any_wants_inside(const fit_search *search, const double *u)
{
    const size_t m = search->work.residual_count;
    for (size_t k = 0; k < search->work.parameter_count; k++) {
        double slope = 0;
        for (size_t i = 0; i < m; i++)
            slope += search->jacobian[k * m + i] * search->residuals[i];
        if ((u[k] <= 0 && slope < 0) || (u[k] >= 1 && slope > 0))
            return true;
    }
    return false;
}

/* The sum of squares at the minimum reached from u, NaN when there is none; u becomes the minimum. */
static double descend(fit_search *search, double *u, double tolerance)
{
    fit_work *work = &search->work;
    const size_t n = work->parameter_count;
    const closo_least_squares_problem problem = {work->residual_count, n, fit_evaluate, work};
    const closo_least_squares_options options = {
        .max_iterations = search->max_iterations, .tolerance = tolerance, .first_damping = 1e-2};
    double sum = NAN;
    for (int release = 0; release < RELEASES; release++) {
        closo_status status = closo_least_squares_fit(search->solver, &problem, &options, u, NULL);
        search->iterations += search->solver->iterations;
        bool held = false;
        work->trials = 0;
        for (size_t k = 0; k < n; k++) {
            held = held || u[k] <= 0 || u[k] >= 1;
            u[k] = fmin(fmax(u[k], 0), 1);
        }
        if (status == CLOSO_RANGE)
            return sum;
        sum = search->solver->sum_of_squares;
        if (!held || work->stopped || !fit_evaluate(work, u, search->residuals, search->jacobian) ||
            !any_wants_inside(search, u))
            return sum;
    }
    return sum;
}

/* ---- noise ---- */

/* What the integration leaves of the model: the same point with a finer tolerance. */
static bool measure_model_noise(fit_search *search, const double *u)
{
    fit_work *work = &search->work;
    const double tolerance = work->relative_tolerance;
    double sum = 0;
    fit_job coarse = {u, search->residuals, false}, finer = {u, search->jacobian, false};
    bool going = fit_work_run(work, &coarse, 1);
    work->relative_tolerance = tolerance / 4;
    going = going && fit_work_run(work, &finer, 1);
    work->relative_tolerance = tolerance;
    work->model_noise = 0;
    for (size_t i = 0; i < work->residual_count && coarse.fine && finer.fine; i++) {
        work->model_drift[i] = coarse.residuals[i] - finer.residuals[i];
        sum += work->model_drift[i] * work->model_drift[i];
    }
    work->model_noise = sqrt(sum / (double)work->residual_count);
    return going;
}

/* The noise of the sets where none was given, from what is left of them. True when one of them changed by more than 2 %. */
static bool take_noise(fit_search *search, const double *residuals)
{
    fit_work *work = &search->work;
    bool changed = false;
    double spare = 1 - (double)work->parameter_count / (double)work->residual_count;
    for (size_t s = 0, r = 0; s < work->data->set_count; s++) {
        const fit_set *set = &work->data->sets[s];
        double sum = 0;
        for (size_t i = 0; i < set->count; i++, r++)
            sum += residuals[r] * residuals[r];
        if (set->noise > 0 || set->count == 0)
            continue;
        double noise = work->noise[s] * sqrt(sum / (double)set->count / fmax(spare, 0.1));
        double least = set->quantity == CLOSO_FIT_POTENTIAL ? least_potential_V
                       : set->quantity == CLOSO_FIT_CURRENT
                           ? least_relative * fit_first_noise(set) / 0.02
                           : least_relative;
        noise = fmax(noise, least);
        changed = changed || fabs(noise / work->noise[s] - 1) > 0.02;
        work->noise[s] = noise;
    }
    fit_work_weigh(work);
    return changed;
}

/* ---- starts ---- */

/* The u of a start in rank order: a Latin hypercube, each parameter in each of count slices once. */
static void fill_hypercube(double *places, size_t count, size_t n, uint64_t seed)
{
    closo_random random;
    closo_random_seed(&random, seed);
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < count; i++)
            places[i * n + k] = ((double)i + closo_random_uniform(&random)) / (double)count;
        for (size_t i = count; i > 1; i--) {
            size_t other = closo_random_below(&random, i);
            double held = places[(i - 1) * n + k];
            places[(i - 1) * n + k] = places[other * n + k];
            places[other * n + k] = held;
        }
    }
}

static double sum_of_squares(const fit_job *job, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += job->residuals[i] * job->residuals[i];
    return job->fine ? sum : HUGE_VAL;
}

/* Fills starts 1 .. count - 1 with the best points of a hypercube. Fewer where too few can be simulated. */
static closo_status choose_starts(fit_search *search, double *starts, size_t *count, uint64_t seed,
                                  closo_error *error)
{
    fit_work *work = &search->work;
    const size_t n = work->parameter_count, others = *count - 1, tried = CANDIDATES * others;
    if (others == 0)
        return CLOSO_OK;
    double *places = closo_arena_alloc(work->arena, tried * n, sizeof *places);
    double *sums = closo_arena_alloc(work->arena, tried, sizeof *sums);
    if (places == NULL || sums == NULL)
        return closo_fail_nomem(error);
    fill_hypercube(places, tried, n, seed);
    for (size_t i = 0; i < tried; i++) { /* as many at once as there are jobs with room */
        fit_job *jobs = work->jobs;
        size_t batch = 2 * n < tried - i ? 2 * n : tried - i;
        for (size_t b = 0; b < batch; b++)
            jobs[b] =
                (fit_job){places + (i + b) * n, work->spread + b * work->residual_count, false};
        if (!fit_work_run(work, jobs, batch))
            return CLOSO_OK;
        for (size_t b = 0; b < batch; b++)
            sums[i + b] = sum_of_squares(&jobs[b], work->residual_count);
        i += batch - 1;
    }
    *count = 1;
    for (size_t s = 0; s < others; s++) {
        size_t best = 0;
        for (size_t i = 1; i < tried; i++)
            if (sums[i] < sums[best])
                best = i;
        if (!isfinite(sums[best]))
            break;
        memcpy(starts + *count * n, places + best * n, n * sizeof *starts);
        sums[best] = HUGE_VAL;
        ++*count;
    }
    return CLOSO_OK;
}

static bool keep_values(const fit_work *work, const double *u, const double **kept)
{
    double *values = closo_arena_alloc(work->arena, work->parameter_count, sizeof *values);
    for (size_t k = 0; k < work->parameter_count && values != NULL; k++)
        values[k] = fit_value_of(&work->parameters[k], u[k]);
    *kept = values;
    return values != NULL;
}

static closo_status run_starts(fit_search *search, double *u, const closo_cell_fit_options *options,
                               closo_cell_fit *fit, closo_error *error)
{
    fit_work *work = &search->work;
    const size_t n = work->parameter_count;
    size_t count = options->starts != 0 ? options->starts : STARTS, best = 0;
    double *starts = closo_arena_alloc(work->arena, count * n, sizeof *starts);
    fit->starts = closo_arena_alloc(work->arena, count, sizeof *fit->starts);
    if (starts == NULL || fit->starts == NULL)
        return closo_fail_nomem(error);
    memcpy(starts, u, n * sizeof *u);
    work->what = "looking for starts";
    closo_status status = choose_starts(search, starts, &count, options->seed, error);
    for (size_t s = 0; s < count && status == CLOSO_OK && !work->stopped; s++) {
        closo_fit_start *start = &fit->starts[fit->start_count++];
        double *at = starts + s * n;
        snprintf(search->what, sizeof search->what, "start %zu of %zu", s + 1, count);
        work->what = search->what;
        work->fraction = (double)(s + 1) / (double)(count + 2);
        if (!keep_values(work, at, &start->from))
            return closo_fail_nomem(error);
        /* the only one is followed to its end at once */
        start->sum_of_squares = count == 1 ? 0 : descend(search, at, rough);
        if (!keep_values(work, at, &start->to))
            return closo_fail_nomem(error);
        bool better = isfinite(start->sum_of_squares) &&
                      !(fit->starts[best].sum_of_squares <= start->sum_of_squares);
        best = better ? s : best;
    }
    work->what = "";
    for (size_t s = 0; s < fit->start_count; s++) {
        double least = fit->starts[best].sum_of_squares;
        fit->starts[s].agrees =
            fit->starts[s].sum_of_squares <= least + fmax(1, 0.02 * least); /* not NaN */
        fit->agreeing += fit->starts[s].agrees;
    }
    if (fit->start_count != 0 && isfinite(fit->starts[best].sum_of_squares))
        memcpy(u, starts + best * n, n * sizeof *u);
    else if (status == CLOSO_OK && !work->stopped)
        status = closo_fail(error, CLOSO_NOCONVERGE, "no start came to a minimum: %s",
                            work->reason.message[0] != '\0' ? work->reason.message
                                                            : "narrow the bounds");
    return status;
}

/* ---- the whole ---- */

static closo_status check(const closo_fit_parameter *parameters, size_t count,
                          const closo_fit_data *data, closo_error *error)
{
    size_t points = 0;
    for (size_t s = 0; s < data->set_count; s++)
        points += data->sets[s].count;
    if (count == 0 || count > MOST)
        return closo_fail(error, CLOSO_RANGE,
                          count == 0 ? "there is nothing to vary; name a parameter"
                                     : "%zu parameters are more than 32",
                          count);
    if (points <= count)
        return closo_fail(error, CLOSO_RANGE,
                          "%zu points do not tell %zu parameters; give more data, or fewer "
                          "parameters",
                          points, count);
    if (points > 200000)
        return closo_fail(error, CLOSO_RANGE,
                          "%zu points are more than 200000; take fewer of each test", points);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(parameters[i].path, parameters[k].path) == 0)
                return closo_fail(error, CLOSO_RANGE, "%s is varied twice; name it once",
                                  parameters[i].path);
    return CLOSO_OK;
}

/* Minimum and weights in turn until neither moves. */
static void settle(fit_search *search, double *u, bool no_fit)
{
    fit_work *work = &search->work;
    work->central = true;
    work->what = "weights and minimum";
    for (int round = 0; round < ROUNDS && !work->stopped; round++) {
        fit_job job = {u, search->residuals, false};
        work->fraction = 1 - 1.0 / (3 + round);
        if (!no_fit && (!measure_model_noise(search, u) || isnan(descend(search, u, fine_enough))))
            return;
        if (!fit_work_run(work, &job, 1) || !job.fine || !take_noise(search, search->residuals))
            return;
    }
}

static closo_status run_search(fit_search *search, const closo_cell_fit_options *options,
                               closo_cell_fit *fit, closo_error *error)
{
    fit_work *work = &search->work;
    const size_t n = work->parameter_count;
    double u[MOST];
    for (size_t k = 0; k < n; k++)
        u[k] = fit_place_of(&work->parameters[k], work->parameters[k].start);
    work->what = "start";
    fit_job first = {u, search->residuals, false};
    if (!fit_work_run(work, &first, 1))
        return closo_fail(error, CLOSO_CANCELLED, "the fit was stopped before it began");
    if (!first.fine)
        return closo_fail(error, CLOSO_RANGE,
                          "with the numbers of the start the cell cannot be "
                          "simulated: %s",
                          work->reason.message);
    closo_status status = CLOSO_OK;
    const double tolerance = work->relative_tolerance;
    work->relative_tolerance = fmax(tolerance, fmin(search_factor * tolerance, 1e-5));
    if (!options->no_fit && options->starts != 1 && measure_model_noise(search, u))
        status = run_starts(search, u, options, fit, error);
    work->relative_tolerance = tolerance;
    if (status != CLOSO_OK)
        return status;
    settle(search, u, options->no_fit);
    if (fit->start_count == 1 && !keep_values(work, u, &fit->starts[0].to))
        return closo_fail_nomem(error);
    bool stopped = work->stopped;
    work->stopped = false;
    work->progress = NULL; /* what there is, is told even when it was stopped */
    work->central = true;
    if (!fit_evaluate(work, u, search->residuals, search->jacobian))
        return closo_fail_nomem(error);
    fit->complete = !stopped;
    fit->simulations = work->simulations;
    fit->iterations = search->iterations;
    const fit_solution solution = {u, search->residuals, search->jacobian};
    status = fit_result_make(work, &solution, fit, error);
    if (status == CLOSO_OK)
        status = fit_profiles_make(work, u, fit, error);
    if (fit->start_count == 1)
        fit->starts[0].sum_of_squares = fit->sum_of_squares;
    if (status == CLOSO_OK && stopped)
        status = closo_fail(error, CLOSO_CANCELLED, "the fit was stopped; the best so far is told");
    return status;
}

closo_status closo_cell_fit_run(const closo_cell_description *description,
                                const closo_fit_parameter *parameters, size_t count,
                                const closo_fit_data *data, const closo_cell_fit_options *options,
                                const closo_progress *progress, closo_arena *arena,
                                closo_cell_fit **fit, closo_error *error)
{
    const closo_cell_fit_options none = {0};
    options = options != NULL ? options : &none;
    *fit = NULL;
    fit_search search = {
        .work = {.description = description,
                 .parameters = parameters,
                 .parameter_count = count,
                 .data = data,
                 .progress = progress,
                 .what = "",
                 .relative_tolerance =
                     options->relative_tolerance > 0 ? options->relative_tolerance : 1e-6,
                 .arena = arena},
        .max_iterations = options->max_iterations != 0 ? options->max_iterations : ITERATIONS};
    closo_status status = check(parameters, count, data, error);
    if (status == CLOSO_OK)
        status = fit_work_make(&search.work, options->threads, error);
    if (status != CLOSO_OK)
        return status;
    const size_t m = search.work.residual_count;
    closo_cell_fit *made = closo_arena_alloc(arena, 1, sizeof *made);
    search.solver = closo_least_squares_new(m, count, arena);
    search.residuals = closo_arena_alloc(arena, m, sizeof *search.residuals);
    search.jacobian = closo_arena_alloc(arena, m * count, sizeof *search.jacobian);
    search.work.model_drift = closo_arena_alloc(arena, m, sizeof *search.work.model_drift);
    if (made == NULL || search.solver == NULL || search.residuals == NULL ||
        search.jacobian == NULL || search.work.model_drift == NULL)
        return closo_fail_nomem(error);
    made->description = description->load.text.name;
    status = run_search(&search, options, made, error);
    *fit = made->parameters != NULL ? made : NULL;
    return status;
}
