/* SPDX-License-Identifier: BSD-3-Clause */
/* narrowing.c: the width of an NMR line that motion narrows. */
#include "transport_internal.h"

#include <math.h>

enum { PARAMETERS = 4, LEAST_POINTS = 6 };

static const double waugh_fedin_eV_per_K = 1.617e-3;

/* z = ln rigid, ln narrow, E, and s = ln(rigid / seed - 1) - E / k middle: where and how fast the line narrows.
 * width = narrow + rigid / (1 + exp(s - E (x - middle))). */
typedef struct job {
    const double *x, *width_Hz;
    const double *sigma_Hz; /* or NULL */
    size_t count;
    double middle;
} job;

static bool residuals(void *user, const double *z, double *residual, double *jacobian)
{
    const job *work = user;
    size_t n = work->count;
    double rigid = exp(z[0]), narrow = exp(z[1]);
    for (size_t i = 0; i < n; i++) {
        double away = work->x[i] - work->middle, share = 1 / (1 + exp(z[3] - z[2] * away));
        double weight = work->sigma_Hz != NULL ? 1 / work->sigma_Hz[i] : 1;
        residual[i] = weight * (narrow + rigid * share - work->width_Hz[i]);
        if (jacobian == NULL)
            continue;
        double slope = weight * rigid * share * (1 - share);
        jacobian[i] = weight * rigid * share;
        jacobian[n + i] = weight * narrow;
        jacobian[2 * n + i] = slope * away;
        jacobian[3 * n + i] = -slope;
    }
    return true;
}

static closo_status take_data(const double *temperature_K, const double *width_Hz,
                              const double *sigma_Hz, size_t count, closo_arena *arena, job *work,
                              closo_error *error)
{
    double *x = closo_arena_alloc(arena, count + 1, sizeof *x);
    if (x == NULL)
        return closo_fail_nomem(error);
    if (count < LEAST_POINTS)
        return closo_fail(error, CLOSO_RANGE, "a narrowing line wants %d temperatures, not %zu",
                          LEAST_POINTS, count);
    for (size_t i = 0; i < count; i++) {
        if (!(temperature_K[i] > 0) || !(width_Hz[i] > 0) ||
            !isfinite(temperature_K[i] * width_Hz[i]))
            return closo_fail(error, CLOSO_RANGE,
                              "point %zu: temperature (%g K) and width (%g Hz) have to be larger "
                              "than zero; take the point out",
                              i + 1, temperature_K[i], width_Hz[i]);
        if (sigma_Hz != NULL && (!(sigma_Hz[i] > 0) || !isfinite(sigma_Hz[i])))
            return closo_fail(
                error, CLOSO_RANGE,
                "point %zu: the uncertainty of the width (%g Hz) has to be larger than "
                "zero; take the point out",
                i + 1, sigma_Hz[i]);
        x[i] = 1 / (CLOSO_BOLTZMANN_eV_per_K * temperature_K[i]);
    }
    *work = (job){x, width_Hz, sigma_Hz, count, 0};
    return CLOSO_OK;
}

/* Starts where the width passes the middle between its ends, with several energies. */
static void find_start(job *work, closo_least_squares *solver, double *best, double *lowest)
{
    const closo_least_squares_problem problem = {work->count, PARAMETERS, residuals, work};
    double wide = 0, slim = INFINITY;
    for (size_t i = 0; i < work->count; i++) {
        wide = fmax(wide, work->width_Hz[i]);
        slim = fmin(slim, work->width_Hz[i]);
    }
    *lowest = INFINITY;
    if (!(wide > 0 && slim > 0))
        return;
    for (int e = 0; e < 8; e++) {
        double z[PARAMETERS] = {log(wide), log(slim), 0.05 * exp(0.4 * e), 0};
        closo_status status = closo_least_squares_fit(solver, &problem, NULL, z, NULL);
        if ((status == CLOSO_OK || status == CLOSO_NOCONVERGE) && z[2] > 0 &&
            solver->sum_of_squares < *lowest) {
            *lowest = solver->sum_of_squares;
            for (int k = 0; k < PARAMETERS; k++)
                best[k] = z[k];
        }
    }
}

closo_status closo_narrowing_fit(const double *temperature_K, const double *width_Hz,
                                 const double *width_sigma_Hz, size_t count, closo_arena *arena,
                                 closo_narrowing *result, closo_error *error)
{
    job work = {0};
    *result = (closo_narrowing){0};
    closo_status status =
        take_data(temperature_K, width_Hz, width_sigma_Hz, count, arena, &work, error);
    if (status != CLOSO_OK)
        return status;
    closo_least_squares *solver = closo_least_squares_new(count, PARAMETERS, arena);
    if (solver == NULL)
        return closo_fail_nomem(error);
    /* x where the width is nearest to halfway */
    double wide = 0, slim = INFINITY, nearest = INFINITY;
    for (size_t i = 0; i < count; i++) {
        wide = fmax(wide, width_Hz[i]);
        slim = fmin(slim, width_Hz[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (fabs(width_Hz[i] - (wide + slim) / 2) < nearest) {
            nearest = fabs(width_Hz[i] - (wide + slim) / 2);
            work.middle = work.x[i];
        }
    double z[PARAMETERS] = {0}, lowest, cover[PARAMETERS * PARAMETERS];
    find_start(&work, solver, z, &lowest);
    const closo_least_squares_problem problem = {count, PARAMETERS, residuals, &work};
    if (!isfinite(lowest) || wide < 1.2 * slim ||
        closo_least_squares_fit(solver, &problem, NULL, z, NULL) == CLOSO_RANGE)
        return closo_fail(error, CLOSO_NOCONVERGE,
                          "this line does not narrow on heating (%.3g to %.3g Hz)", wide, slim);
    const double nothing = NAN;
    double variance = width_sigma_Hz != NULL ? fmax(solver->variance, 1) : solver->variance;
    if (closo_least_squares_covariance(solver, variance, cover, NULL) != CLOSO_OK)
        for (int k = 0; k < PARAMETERS * PARAMETERS; k++)
            cover[k] = nothing;
    double rigid = exp(z[0]), narrow = exp(z[1]), energy = z[2], middle = work.middle;
    result->rigid_Hz = (closo_value){rigid, rigid * sqrt(cover[0])};
    result->narrow_Hz = (closo_value){narrow, narrow * sqrt(cover[5])};
    result->energy_eV = (closo_value){energy, sqrt(cover[10])};
    /* ln(rigid / seed - 1) = s + E middle */
    double ratio = z[3] + energy * middle;
    result->ln_seed =
        (closo_value){z[0] - ratio - log1p(exp(-ratio)),
                      sqrt(cover[15] + 2 * middle * cover[11] + middle * middle * cover[10])};
    double half = middle + z[3] / energy; /* where share = 1/2 */
    double half_K = 1 / (CLOSO_BOLTZMANN_eV_per_K * half);
    double along_s = 1 / energy, along_E = -z[3] / (energy * energy);
    result->half_K = (closo_value){half_K, half_K / half *
                                               sqrt(along_s * along_s * cover[15] +
                                                    2 * along_s * along_E * cover[11] +
                                                    along_E * along_E * cover[10])};
    result->waugh_fedin_eV = waugh_fedin_eV_per_K * half_K;
    result->chi2 = solver->sum_of_squares;
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        double off = solver->residuals[i] * (width_sigma_Hz != NULL ? width_sigma_Hz[i] : 1);
        squares += off * off;
    }
    result->residual_rms_Hz = sqrt(squares / (double)count);
    if (!(result->narrow_Hz.sigma < narrow))
        closo_notes_add(&result->warnings, arena,
                        "the narrow end is not reached or not resolved: its width is not known");
    if (!(result->energy_eV.sigma < 0.2 * energy))
        closo_notes_add(&result->warnings, arena,
                        "the line narrows between too few points to tell its energy");
    return CLOSO_OK;
}
