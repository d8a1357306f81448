/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_search.c: the best minimum, from many starts.
 *
 * Some hundred starts are drawn and looked at, the best are run for some iterations, and the best of those to the end.
 * The search stops early when enough of them end in the same minimum. */
#include "impedance/fit_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Tuned on the seven spectra of a pellet at 140 to 200 degC, two arcs and a tail with 8 parameters, where the valley of the
 * best minimum is narrow; see docs/eis.md. */
enum { DRAWS_PER_RUN = 5, SHORT_ITERATIONS = 15, LONG_ITERATIONS = 200, ROBUST_TURNS = 15 };

typedef struct trial {
    double sum;
    bool settled;
    double x[CLOSO_CIRCUIT_PARAMETERS_MAX];
} trial;

static int by_sum(const void *one, const void *other)
{
    double a = ((const trial *)one)->sum, b = ((const trial *)other)->sum;
    return (a > b) - (a < b);
}

typedef struct search {
    fit_problem *problem;
    closo_least_squares *solver;
    closo_least_squares_problem task;
    double *residuals;
    fit_minimum *minimum;
} search;

static double sum_at(search *s, const double *x)
{
    (void)closo_fit_evaluate(s->problem, x, s->residuals, NULL);
    double sum = 0;
    for (size_t i = 0; i < s->problem->residual_count; i++)
        sum += s->residuals[i] * s->residuals[i];
    s->minimum->evaluations++;
    return isfinite(sum) ? sum : HUGE_VAL;
}

/* Runs from t->x; the sum is infinite when it came to nothing. True when it settled. */
static bool run(search *s, trial *t, size_t iterations, double damping)
{
    const closo_least_squares_options options = {
        .max_iterations = iterations, .tolerance = 1e-4, .first_damping = damping};
    closo_status status = closo_least_squares_fit(s->solver, &s->task, &options, t->x, NULL);
    s->minimum->evaluations += s->solver->evaluations;
    const bool usable = status == CLOSO_OK || status == CLOSO_NOCONVERGE;
    t->sum = usable ? s->solver->sum_of_squares : HUGE_VAL;
    t->settled = status == CLOSO_OK;
    return t->settled;
}

static bool is_same(double sum, double best)
{
    return sum <= best * (1 + 1e-5) + 1e-300;
}

static bool is_complete(const fit_problem *problem, const double *guess)
{
    for (size_t j = 0; j < problem->free_count; j++) {
        size_t k = problem->parameter_of[j];
        if (!isfinite(problem->circuit->parameters[k].value) &&
            (guess == NULL || !isfinite(guess[k])))
            return false;
    }
    return true;
}

/* Draws `draws` starts and keeps the best `kept` in trials, sorted. */
static void draw_trials(search *s, const closo_circuit_fit_options *options, closo_random *random,
                        trial *trials, size_t draws, size_t kept)
{
    double values[CLOSO_CIRCUIT_PARAMETERS_MAX];
    const bool complete = is_complete(s->problem, options->guess); /* it was run by itself */
    size_t count = 0;
    trial next = {.sum = HUGE_VAL};
    for (size_t d = 0; d < draws; d++) {
        /* A guess may be wrong: every other start does without. */
        closo_fit_draw_start(s->problem, options->guess, d % 2 == 0 && !complete, random, values);
        closo_fit_coordinates(s->problem, values, next.x);
        next.sum = sum_at(s, next.x);
        if (count == kept && !(next.sum < trials[kept - 1].sum))
            continue;
        size_t at = count < kept ? count++ : kept - 1;
        while (at > 0 && trials[at - 1].sum > next.sum) {
            trials[at] = trials[at - 1];
            at--;
        }
        trials[at] = next;
    }
}

/* From the guess; true when it settled. */
static bool run_guess(search *s, const closo_circuit_fit_options *options, trial *best)
{
    double values[CLOSO_CIRCUIT_PARAMETERS_MAX];
    closo_random random;
    closo_random_seed(&random, options->seed);
    closo_fit_draw_start(s->problem, options->guess, true, &random, values);
    closo_fit_coordinates(s->problem, values, best->x);
    s->minimum->starts++;
    return run(s, best, LONG_ITERATIONS, 1e-2);
}

/* Residuals that leave only noise: neighbours do not go together, and no minimum can be better by more than noise. The
 * limit is 1.6 sigma of white noise. */
static bool is_noise(const double *residuals, size_t m)
{
    double square = 0, product = 0;
    for (size_t i = 0; i < m; i++)
        square += residuals[i] * residuals[i];
    for (size_t i = 0; i + 1 < m; i++)
        product += i + 1 != m / 2 ? residuals[i] * residuals[i + 1] : 0;
    return m >= 30 && product < 1.6 / sqrt((double)m) * square;
}

/* Runs trials first .. last-1 some way, sorts them among all before, and the promising ones to the end, until `enough`
 * have met in the best minimum. */
static void run_batch(search *s, trial *trials, size_t first, size_t last, size_t enough,
                      trial *best)
{
    for (size_t i = first; i < last; i++)
        if (isfinite(trials[i].sum))
            (void)run(s, &trials[i], SHORT_ITERATIONS, 0.1);
    qsort(trials, last, sizeof *trials, by_sum);
    size_t agreeing = 0;
    for (size_t i = 0; i < last && isfinite(trials[i].sum) && agreeing < enough; i++) {
        /* A quarter of the runs at least, then only while a run is near the best. */
        if (i >= last / 4 + 1 && trials[i].sum > 3 * best->sum)
            break;
        (void)run(s, &trials[i], LONG_ITERATIONS, 1e-3);
        s->minimum->starts++;
        /* One that creeps on along a valley counts too, but does not agree with others. */
        if (trials[i].sum < best->sum) {
            agreeing = is_same(best->sum, trials[i].sum) ? agreeing : 0;
            *best = trials[i];
        }
        agreeing += trials[i].settled && is_same(trials[i].sum, best->sum);
    }
    s->minimum->agreeing = agreeing;
}

/* The best of many starts into best, if it is better. A third of them are tried first: when several meet in a minimum
 * that leaves only noise, no other can be better by more than noise. */
static void run_many(search *s, const closo_circuit_fit_options *options, size_t runs,
                     trial *trials, trial *best)
{
    enum { ENOUGH_FIRST = 2, ENOUGH = 4 };
    closo_random random;
    closo_random_seed(&random, options->seed + 0x9e3779b97f4a7c15u);
    draw_trials(s, options, &random, trials, runs * DRAWS_PER_RUN, runs);
    const size_t first = runs / 3 + 1;
    run_batch(s, trials, 0, first, ENOUGH_FIRST, best);
    (void)sum_at(s, best->x);
    if (s->minimum->agreeing >= ENOUGH_FIRST && is_noise(s->residuals, s->problem->residual_count))
        return;
    run_batch(s, trials, first, runs, ENOUGH, best);
}

/* Huber's weights: residuals beyond 1.345 sigma count linearly. Huber, Ann. Math. Stat. 35 (1964) 73,
 * doi:10.1214/aoms/1177703732. */
static bool run_robust(search *s, closo_arena *passing, trial *best)
{
    fit_problem *problem = s->problem;
    const size_t m = problem->residual_count;
    double *factors = closo_arena_alloc(passing, m, sizeof *factors);
    double *sizes = closo_arena_alloc(passing, m, sizeof *sizes);
    if (factors == NULL || sizes == NULL)
        return false;
    for (size_t turn = 0; turn < ROBUST_TURNS; turn++) {
        problem->robust = NULL;
        (void)sum_at(s, best->x);
        memcpy(sizes, s->residuals, m * sizeof *sizes);
        for (size_t i = 0; i < m; i++)
            sizes[i] = fabs(sizes[i]);
        const double sigma = 1.4826 * closo_median(sizes, m);
        for (size_t i = 0; i < m; i++) {
            double limit = 1.345 * sigma, size = fabs(s->residuals[i]);
            factors[i] = size > limit && limit > 0 ? sqrt(limit / size) : 1;
        }
        problem->robust = factors;
        double before = best->sum;
        (void)run(s, best, LONG_ITERATIONS, 1e-3);
        if (turn > 2 && fabs(best->sum - before) <= 1e-7 * before)
            break;
    }
    return true;
}

closo_status closo_fit_search(fit_problem *problem, const closo_circuit_fit_options *options,
                              closo_least_squares *solver, closo_arena *passing,
                              fit_minimum *minimum, closo_error *error)
{
    minimum->starts = minimum->agreeing = minimum->evaluations = 0;
    search s = {.problem = problem,
                .solver = solver,
                .task = {problem->residual_count, problem->free_count, closo_fit_evaluate, problem},
                .minimum = minimum};
    const size_t p = problem->free_count;
    const size_t runs = options->starts != 0 ? options->starts : 4 + 5 * p;
    s.residuals = closo_arena_alloc(passing, problem->residual_count, sizeof *s.residuals);
    trial *trials = closo_arena_alloc(passing, runs, sizeof *trials);
    trial *best = closo_arena_alloc(passing, 1, sizeof *best);
    if (s.residuals == NULL || trials == NULL || best == NULL)
        return closo_fail_nomem(error);
    best->sum = HUGE_VAL;
    bool settled = p == 0;
    if (p == 0)
        best->sum = sum_at(&s, best->x);
    else if (is_complete(problem, options->guess))
        settled = run_guess(&s, options, best) &&
                  (options->guess_only || is_noise(solver->residuals, problem->residual_count));
    if (!settled && !(options->guess_only && isfinite(best->sum)))
        run_many(&s, options, runs, trials, best);
    if (!isfinite(best->sum))
        return closo_fail(
            error, CLOSO_NOCONVERGE,
            "no start led to a minimum; take a circuit with fewer elements, or give a "
            "guess");
    if (options->robust && p != 0 && !run_robust(&s, passing, best))
        return closo_fail_nomem(error);
    closo_fit_values(problem, best->x, minimum->values);
    closo_fit_order_arcs(problem->circuit, minimum->values);
    minimum->sum_of_squares = best->sum;
    minimum->settled = best->settled || p == 0;
    return CLOSO_OK;
}
