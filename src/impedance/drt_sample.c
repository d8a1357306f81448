/* SPDX-License-Identifier: BSD-3-Clause */
/* drt_sample.c: credible intervals. With normal noise and the smoothness penalty as a prior the posterior of the unknowns
 * is a normal distribution cut off at zero (Ciucci, Chen, Electrochim. Acta 167 (2015) 439,
 * doi:10.1016/j.electacta.2015.03.123). It is sampled by exact Hamiltonian Monte Carlo: a point moves on an ellipse about
 * the mean and is thrown back by the walls (Pakman, Paninski, J. Comput. Graph. Stat. 23 (2014) 518,
 * doi:10.1080/10618600.2013.788448). In the coordinates of the unknowns a reflection at wall i changes the velocity along
 * column i of the covariance, so that it costs O(n). */
#include "impedance/drt_internal.h"

#include "closo/numeric.h"
#include "numeric/dense_internal.h"

#include <math.h>
#include <string.h>

enum { BURN_IN = 20, BOUNCES_MOST = 20000 };

typedef struct sampler {
    size_t n;
    double *factor;     /* of the precision */
    double *covariance; /* n x n */
    double *mean, *place, *velocity;
    closo_random random;
} sampler;

static bool prepare(const drt_system *system, double noise, closo_arena *arena, sampler *made)
{
    size_t n = system->unknowns;
    made->n = n;
    made->factor = closo_arena_alloc(arena, n, n * sizeof(double));
    made->covariance = closo_arena_alloc(arena, n, n * sizeof(double));
    made->mean = closo_arena_alloc(arena, n, sizeof(double));
    made->place = closo_arena_alloc(arena, n, sizeof(double));
    made->velocity = closo_arena_alloc(arena, n, sizeof(double));
    if (made->factor == NULL || made->covariance == NULL || made->mean == NULL ||
        made->place == NULL || made->velocity == NULL)
        return false;
    double precision = 1 / (noise * noise);
    for (size_t i = 0; i < n * n; i++)
        made->factor[i] = system->gram[i] * precision;
    if (!closo_cholesky(made->factor, n, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        made->mean[i] = system->right[i] * precision;
        double *column = made->covariance + i * n;
        column[i] = 1;
        closo_cholesky_forward(made->factor, n, n, column);
        closo_cholesky_backward(made->factor, n, n, column);
    }
    closo_cholesky_forward(made->factor, n, n, made->mean);
    closo_cholesky_backward(made->factor, n, n, made->mean);
    return true;
}

/* The next wall that is met, and when; SIZE_MAX when none before `left`. */
static size_t next_wall(const sampler *at, size_t just_left, double left, double *when)
{
    size_t wall = SIZE_MAX;
    *when = left;
    for (size_t i = 0; i < at->n; i++) {
        double a = at->place[i] - at->mean[i], b = at->velocity[i];
        double reach2 = a * a + b * b, mean = at->mean[i];
        if (reach2 <= mean * mean)
            continue;
        /* mean + a cos t + b sin t falls through zero */
        double time = atan2(b, a) + acos(-mean / sqrt(reach2));
        if (time < 0)
            time += CLOSO_TWO_PI;
        if (time >= CLOSO_TWO_PI)
            time -= CLOSO_TWO_PI;
        if (i == just_left && (time < 1e-9 || time > CLOSO_TWO_PI - 1e-9))
            continue;
        if (time < *when) {
            *when = time;
            wall = i;
        }
    }
    return wall;
}

static void move(sampler *at, double time)
{
    double c = cos(time), s = sin(time);
    for (size_t i = 0; i < at->n; i++) {
        double a = at->place[i] - at->mean[i], b = at->velocity[i];
        at->place[i] = fmax(0, at->mean[i] + a * c + b * s);
        at->velocity[i] = b * c - a * s;
    }
}

/* One trajectory of a quarter turn. False when it met too many walls. */
static bool draw(sampler *at)
{
    for (size_t i = 0; i < at->n; i++)
        at->velocity[i] = closo_random_normal(&at->random);
    closo_cholesky_backward(at->factor, at->n, at->n, at->velocity);
    double left = CLOSO_TWO_PI / 4, when = 0;
    size_t wall = SIZE_MAX;
    for (int bounce = 0; bounce < BOUNCES_MOST; bounce++) {
        wall = next_wall(at, wall, left, &when);
        move(at, when);
        left -= when;
        if (wall == SIZE_MAX)
            return true;
        const double *column = at->covariance + wall * at->n;
        closo_add_scaled(at->velocity, -2 * at->velocity[wall] / column[wall], column, at->n);
        at->place[wall] = 0;
    }
    return false;
}

closo_status closo_drt_sample(const drt_system *system, const double *best,
                              const closo_drt_options *options, closo_arena *arena, closo_drt *drt,
                              closo_error *error)
{
    size_t grid = system->grid, samples = options->samples;
    sampler at;
    double *draws = closo_arena_alloc(arena, grid, samples * sizeof(double));
    double *gamma = closo_arena_alloc(arena, grid, sizeof(double));
    double *low = closo_arena_alloc(arena, grid, sizeof(double));
    double *high = closo_arena_alloc(arena, grid, sizeof(double));
    if (draws == NULL || gamma == NULL || low == NULL || high == NULL)
        return closo_fail_nomem(error);
    if (!prepare(system, fmax(drt->noise, 1e-6), arena, &at))
        return closo_fail(error, CLOSO_NOCONVERGE,
                          "the posterior cannot be sampled: lambda is too small for its precision");
    closo_random_seed(&at.random, options->seed);
    for (size_t i = 0; i < at.n; i++)
        at.place[i] = best[i] > 0 ? best[i] : 1e-3 * sqrt(at.covariance[i * at.n + i]);
    for (size_t s = 0; s < samples + BURN_IN; s++) {
        if (!draw(&at))
            return closo_fail(error, CLOSO_NOCONVERGE,
                              "the posterior cannot be sampled: a trajectory does not end");
        if (s < BURN_IN)
            continue;
        closo_drt_gamma(system, at.place, gamma);
        for (size_t k = 0; k < grid; k++)
            draws[k * samples + s - BURN_IN] = gamma[k];
    }
    for (size_t k = 0; k < grid; k++) {
        low[k] = closo_quantile(draws + k * samples, samples, 0.025);
        high[k] = closo_quantile(draws + k * samples, samples, 0.975);
    }
    drt->low_ohm = low;
    drt->high_ohm = high;
    drt->sample_count = samples;
    return CLOSO_OK;
}
