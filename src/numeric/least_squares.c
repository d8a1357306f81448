/* SPDX-License-Identifier: BSD-3-Clause */
/* least_squares.c: nonlinear least squares by Levenberg and Marquardt.
 *
 * Each step solves (J'J + mu D^2) d = -J'r, D the norms of the columns of J (Marquardt's scaling), so that the units of
 * the parameters do not matter. The normal equations are formed because for a hundred residuals and some ten parameters
 * they cost a third of a QR factorisation; where their Cholesky factor shows that the squared condition eats up the
 * digits, the step is solved again by Householder's QR. */
#include "base/base_internal.h"
#include "closo/numeric.h"
#include "numeric/dense_internal.h"

#include <math.h>
#include <string.h>

enum { DEFAULT_ITERATIONS = 200, GROWTHS_MAX = 60 };

/* Below this the pivot of a column scaled to 1 has lost about half of the digits of a double. */
static const double small_pivot = 1e-7;
/* Damping that does not change a well-conditioned step any more. */
static const double no_damping = 1e-9;

struct closo_least_squares_work {
    size_t residual_capacity, parameter_capacity;
    double *residuals, *jacobian;
    double *trial_residuals, *trial_jacobian, *trial_x;
    double *scale;    /* D: the norms of the columns; 1 for a column of zeros */
    double *normal;   /* J'J scaled by D, row by row */
    double *factor;   /* its damped Cholesky factor */
    double *gradient; /* J'r scaled by D */
    double *step;     /* scaled by D */
    double *tall;     /* (residuals + parameters) x parameters, by columns, for the QR */
    double *tall_side;
};

closo_least_squares *closo_least_squares_new(size_t residual_count, size_t parameter_count,
                                             closo_arena *arena)
{
    const size_t m = residual_count, n = parameter_count;
    if (n == 0 || n > 10000 || m > SIZE_MAX / 64 / n)
        return NULL;
    closo_least_squares *solver = closo_arena_alloc(arena, 1, sizeof *solver);
    struct closo_least_squares_work *work = closo_arena_alloc(arena, 1, sizeof *work);
    const size_t sizes[] = {m, m * n, m, m * n, n, n, n * n, n * n, n, n, (m + n) * n, m + n};
    size_t total = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        total += sizes[i];
    double *values = closo_arena_alloc(arena, total, sizeof *values);
    if (solver == NULL || work == NULL || values == NULL)
        return NULL;
    double **places[] = {&work->residuals,      &work->jacobian, &work->trial_residuals,
                         &work->trial_jacobian, &work->trial_x,  &work->scale,
                         &work->normal,         &work->factor,   &work->gradient,
                         &work->step,           &work->tall,     &work->tall_side};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        *places[i] = values;
        values += sizes[i];
    }
    work->residual_capacity = m;
    work->parameter_capacity = n;
    solver->work = work;
    solver->residuals = work->residuals;
    solver->jacobian = work->jacobian;
    return solver;
}

/* Scaled normal matrix and gradient. False when a value is not finite. */
static bool form_normal(closo_least_squares *s)
{
    struct closo_least_squares_work *w = s->work;
    const size_t m = s->residual_count, n = s->parameter_count;
    closo_gram(w->jacobian, n, m, m, w->normal, n);
    for (size_t k = 0; k < n; k++) {
        w->gradient[k] = closo_dot(w->jacobian + k * m, w->residuals, m);
        double norm = sqrt(w->normal[k * n + k]);
        if (!isfinite(norm) || !isfinite(w->gradient[k]))
            return false;
        w->scale[k] = norm > 0 ? norm : 1;
    }
    for (size_t k = 0; k < n; k++) {
        for (size_t j = 0; j <= k; j++)
            w->normal[k * n + j] /= w->scale[k] * w->scale[j];
        w->gradient[k] /= w->scale[k];
    }
    return true;
}

/* Lower Cholesky factor of the normal matrix with mu on its diagonal; the smallest pivot (squared), 0 or less when it
 * is not positive definite. */
static double factorise(const double *normal, double mu, double *factor, size_t n)
{
    double smallest = HUGE_VAL;
    for (size_t k = 0; k < n; k++) {
        for (size_t j = 0; j <= k; j++) {
            double sum = normal[k * n + j] + (j == k ? mu : 0);
            for (size_t i = 0; i < j; i++)
                sum -= factor[k * n + i] * factor[j * n + i];
            if (j < k) {
                factor[k * n + j] = sum / factor[j * n + j];
                continue;
            }
            smallest = fmin(smallest, sum);
            if (!(sum > 0))
                return 0;
            factor[k * n + k] = sqrt(sum);
        }
    }
    return smallest;
}

/* Solves L L' x = -g. */
static void solve_factored(const double *factor, const double *gradient, double *x, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double sum = -gradient[k];
        for (size_t j = 0; j < k; j++)
            sum -= factor[k * n + j] * x[j];
        x[k] = sum / factor[k * n + k];
    }
    for (size_t k = n; k-- > 0;) {
        double sum = x[k];
        for (size_t j = k + 1; j < n; j++)
            sum -= factor[j * n + k] * x[j];
        x[k] = sum / factor[k * n + k];
    }
}

/* R of the QR factorisation of the scaled Jacobian with sqrt(mu) times the unit matrix below, left in the upper part
 * of work->tall (columns of m + n); Q'(-r, 0) in work->tall_side. Returns the smallest |R_kk|. */
static double factorise_tall(closo_least_squares *s, double mu)
{
    struct closo_least_squares_work *w = s->work;
    const size_t m = s->residual_count, n = s->parameter_count, rows = m + n;
    double smallest = HUGE_VAL;
    for (size_t k = 0; k < n; k++) {
        double *column = w->tall + k * rows;
        for (size_t i = 0; i < m; i++)
            column[i] = w->jacobian[k * m + i] / w->scale[k];
        memset(column + m, 0, n * sizeof *column);
        column[m + k] = sqrt(mu);
    }
    for (size_t i = 0; i < rows; i++)
        w->tall_side[i] = i < m ? -w->residuals[i] : 0;
    for (size_t k = 0; k < n; k++) {
        double *v = w->tall + k * rows + k;
        const size_t length = rows - k;
        double norm = sqrt(closo_dot(v, v, length));
        smallest = fmin(smallest, norm);
        if (!(norm > 0))
            return 0;
        double alpha = v[0] > 0 ? -norm : norm;
        double head = v[0] - alpha, beta = -1 / (alpha * head); /* 2 / v'v */
        v[0] = head;
        for (size_t j = k + 1; j <= n; j++) {
            double *other = j < n ? w->tall + j * rows + k : w->tall_side + k;
            double factor = beta * closo_dot(v, other, length);
            closo_add_scaled(other, -factor, v, length);
        }
        v[0] = alpha;
    }
    return smallest;
}

static void solve_tall(closo_least_squares *s)
{
    struct closo_least_squares_work *w = s->work;
    const size_t n = s->parameter_count, rows = s->residual_count + n;
    for (size_t k = n; k-- > 0;) {
        double sum = w->tall_side[k];
        for (size_t j = k + 1; j < n; j++)
            sum -= w->tall[j * rows + k] * w->step[j];
        w->step[k] = sum / w->tall[k * rows + k];
    }
}

/* The damped step; false when even the QR finds no pivot. */
static bool find_step(closo_least_squares *s, double mu)
{
    struct closo_least_squares_work *w = s->work;
    const size_t n = s->parameter_count;
    if (factorise(w->normal, mu, w->factor, n) > small_pivot) {
        solve_factored(w->factor, w->gradient, w->step, n);
        return true;
    }
    if (!(factorise_tall(s, mu) > 0))
        return false;
    solve_tall(s);
    return true;
}

/* By how much the linear model says that the step lowers the sum of squares: mu |d|^2 - g.d, for scaled d. */
static double predicted_gain(const closo_least_squares *s, double mu)
{
    const struct closo_least_squares_work *w = s->work;
    double gain = 0;
    for (size_t k = 0; k < s->parameter_count; k++)
        gain += w->step[k] * (mu * w->step[k] - w->gradient[k]);
    return gain;
}

/* True when the minimum of the linear model is nearer than tolerance sigma: gain / variance is the square of the distance.
 * Damping shortens a step, so a short one proves nothing until it is tried without. */
static bool is_near(closo_least_squares *s, double gain, double mu, double tolerance)
{
    const size_t m = s->residual_count, n = s->parameter_count;
    double limit = tolerance * tolerance * s->sum_of_squares / (m > n ? (double)(m - n) : 1);
    if (gain > limit || mu <= no_damping)
        return gain <= limit;
    if (find_step(s, no_damping) && predicted_gain(s, no_damping) <= limit)
        return true;
    (void)find_step(s, mu); /* the damped step again: it was found a moment ago */
    return false;
}

static bool evaluate(closo_least_squares *s, const closo_least_squares_problem *problem,
                     const double *x, double *residuals, double *jacobian)
{
    s->evaluations++;
    s->jacobians += jacobian != NULL;
    return problem->evaluate(problem->user, x, residuals, jacobian);
}

typedef enum ending { GOES_ON, CONVERGED, STUCK, STOPPED } ending;

/* The trial point becomes the point; its derivatives are found unless they are there. */
static bool accept(closo_least_squares *s, const closo_least_squares_problem *problem, double *x,
                   double sum, bool with_jacobian)
{
    struct closo_least_squares_work *w = s->work;
    double *residuals = w->residuals, *jacobian = w->jacobian;
    w->residuals = w->trial_residuals;
    w->trial_residuals = residuals;
    w->jacobian = w->trial_jacobian;
    w->trial_jacobian = jacobian;
    s->residuals = w->residuals;
    s->jacobian = w->jacobian;
    s->sum_of_squares = sum;
    memcpy(x, w->trial_x, s->parameter_count * sizeof *x);
    return with_jacobian || evaluate(s, problem, x, w->residuals, w->jacobian);
}

/* One accepted step from x, trying more damping until the sum falls; and whether to end. */
static ending iterate(closo_least_squares *s, const closo_least_squares_problem *problem,
                      const closo_least_squares_options *options, double *x, double damping[2])
{
    struct closo_least_squares_work *w = s->work;
    const size_t m = s->residual_count, n = s->parameter_count;
    double *mu = &damping[0], *grow = &damping[1];
    for (size_t growth = 0; growth < GROWTHS_MAX; growth++) {
        bool solved = find_step(s, *mu), with_jacobian = growth == 0;
        double gain = solved ? predicted_gain(s, *mu) : 0, sum = HUGE_VAL;
        bool last = solved && is_near(s, gain, *mu, options->tolerance);
        for (size_t k = 0; k < n && solved; k++)
            w->trial_x[k] = x[k] + w->step[k] / w->scale[k];
        /* The first try is mostly good, so its derivatives are found along with it. */
        if (solved && !evaluate(s, problem, w->trial_x, w->trial_residuals,
                                with_jacobian ? w->trial_jacobian : NULL))
            return STOPPED;
        if (solved)
            sum = closo_dot(w->trial_residuals, w->trial_residuals, m);
        if (isfinite(sum) && sum < s->sum_of_squares) {
            double ratio = (s->sum_of_squares - sum) / gain, t = 2 * ratio - 1;
            *mu *= fmax(1.0 / 3, 1 - t * t * t);
            if (ratio > 0.9)
                *mu *=
                    0.1; /* the model is nearly linear here: straight to Gauss and Newton's step */
            *grow = 2;
            if (!accept(s, problem, x, sum, with_jacobian))
                return STOPPED;
            return last || sum <= options->enough ? CONVERGED : GOES_ON;
        }
        if (last)
            return CONVERGED;
        *mu = fmax(*mu, 1e-12) * *grow;
        *grow *= 2;
    }
    return STUCK; /* no step lowers the sum: the gradient is rounding noise, or the Jacobian is wrong */
}

static closo_status begin(closo_least_squares *s, const closo_least_squares_problem *problem,
                          const double *x, closo_error *error)
{
    struct closo_least_squares_work *w = s->work;
    const size_t m = problem->residual_count, n = problem->parameter_count;
    if (n == 0 || n > w->parameter_capacity || m > w->residual_capacity || m < n)
        return closo_fail(error, CLOSO_RANGE,
                          "a fit of %zu parameter%s to %zu residual%s is not possible; it takes at "
                          "least as many residuals as parameters",
                          n, n == 1 ? "" : "s", m, m == 1 ? "" : "s");
    s->residual_count = m;
    s->parameter_count = n;
    s->iterations = s->evaluations = s->jacobians = 0;
    s->converged = false;
    if (!evaluate(s, problem, x, w->residuals, w->jacobian))
        return closo_fail(error, CLOSO_CANCELLED, "the fit was stopped");
    s->sum_of_squares = closo_dot(w->residuals, w->residuals, m);
    if (!isfinite(s->sum_of_squares) || !form_normal(s))
        return closo_fail(
            error, CLOSO_RANGE,
            "the residuals or their derivatives at the start of the fit are not finite");
    return CLOSO_OK;
}

closo_status closo_least_squares_fit(closo_least_squares *solver,
                                     const closo_least_squares_problem *problem,
                                     const closo_least_squares_options *options, double *x,
                                     closo_error *error)
{
    closo_least_squares_options o = options != NULL ? *options : (closo_least_squares_options){0};
    const size_t limit = o.max_iterations != 0 ? o.max_iterations : DEFAULT_ITERATIONS;
    o.tolerance = o.tolerance > 0 ? o.tolerance : 1e-5;
    double damping[2] = {o.first_damping > 0 ? o.first_damping : 1e-3, 2};
    closo_status status = begin(solver, problem, x, error);
    if (status != CLOSO_OK)
        return status;
    ending end = solver->sum_of_squares > 0 ? GOES_ON : CONVERGED;
    while (end == GOES_ON && solver->iterations < limit) {
        solver->iterations++;
        end = iterate(solver, problem, &o, x, damping);
        if (end == STOPPED)
            return closo_fail(error, CLOSO_CANCELLED, "the fit was stopped");
        if (!form_normal(solver))
            return closo_fail(error, CLOSO_RANGE,
                              "the derivatives of the model are not finite at a point of the fit");
        if (!(solver->sum_of_squares > 0))
            end = CONVERGED;
    }
    const struct closo_least_squares_work *w = solver->work;
    const size_t m = solver->residual_count, n = solver->parameter_count;
    double spare = m > n ? (double)(m - n) : (double)NAN;
    solver->variance = solver->sum_of_squares / spare;
    /* Stuck on rounding: at the minimum the gradient is as small as its own rounding errors. */
    double slope = sqrt(closo_dot(w->gradient, w->gradient, n));
    solver->converged =
        end == CONVERGED || (end == STUCK && slope <= 1e-6 * sqrt(solver->sum_of_squares));
    if (!solver->converged)
        return closo_fail(error, CLOSO_NOCONVERGE,
                          "the fit did not settle in %zu iterations; start nearer, or take fewer "
                          "parameters",
                          solver->iterations);
    return CLOSO_OK;
}

bool closo_least_squares_set_jacobian(closo_least_squares *solver, const double *jacobian,
                                      size_t residual_count, size_t parameter_count)
{
    struct closo_least_squares_work *w = solver->work;
    if (residual_count > w->residual_capacity || parameter_count > w->parameter_capacity)
        return false;
    solver->residual_count = residual_count;
    solver->parameter_count = parameter_count;
    memmove(w->jacobian, jacobian, residual_count * parameter_count * sizeof *jacobian);
    return true;
}

/* The scale of the covariance is that of the columns at the solution, not the largest met on the way. */
static bool rescale(closo_least_squares *s)
{
    struct closo_least_squares_work *w = s->work;
    const size_t m = s->residual_count;
    for (size_t k = 0; k < s->parameter_count; k++) {
        w->scale[k] = sqrt(closo_dot(w->jacobian + k * m, w->jacobian + k * m, m));
        if (!(w->scale[k] > 0) || !isfinite(w->scale[k]))
            return false;
    }
    return true;
}

closo_status closo_least_squares_covariance(closo_least_squares *solver, double variance,
                                            double *covariance, closo_error *error)
{
    struct closo_least_squares_work *w = solver->work;
    const size_t n = solver->parameter_count, rows = solver->residual_count + n;
    for (size_t i = 0; i < n * n; i++)
        covariance[i] = (double)NAN;
    double smallest = rescale(solver) ? factorise_tall(solver, 0) : 0;
    solver->condition = smallest > 0 ? 1 / (smallest * smallest) : HUGE_VAL;
    if (!(smallest > 1e-14))
        return closo_fail(
            error, CLOSO_RANGE,
            "a parameter has no effect on the fit or follows from the others, so that "
            "no uncertainty can be given");
    /* R^-1 column by column into work->normal, then (R^-1)(R^-1)'. */
    double *inverse = w->normal;
    for (size_t c = 0; c < n; c++)
        for (size_t k = n; k-- > 0;) {
            double sum = k == c ? 1 : 0;
            for (size_t j = k + 1; j <= c && j < n; j++)
                sum -= w->tall[j * rows + k] * inverse[j * n + c];
            inverse[k * n + c] = k <= c ? sum / w->tall[k * rows + k] : 0;
        }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double sum = 0;
            for (size_t j = a > b ? a : b; j < n; j++)
                sum += inverse[a * n + j] * inverse[b * n + j];
            covariance[a * n + b] = variance * sum / (w->scale[a] * w->scale[b]);
        }
    return CLOSO_OK;
}
