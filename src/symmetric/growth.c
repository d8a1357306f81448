/* SPDX-License-Identifier: BSD-3-Clause */
/* growth.c: five laws by which a resistance may grow, fitted to the same points and weighed against each other.
 *
 * A layer that has to be crossed by what makes it grow thickens with the square root of time (Wagner's tarnishing law,
 * Z. Phys. Chem. B 21 (1933) 25), and its resistance with it; S. Wenzel et al., Solid State Ionics 318 (2018) 102,
 * doi:10.1016/j.ssi.2017.07.005, use it for sulphides on lithium. A straight line of R over t^(1/2) alone proves little:
 * over a decade of time the other laws look much the same, so all are fitted. */
#include "symmetric_internal.h"

#include <math.h>
#include <string.h>

enum { LEAST_POINTS = 5, GRID = 80, REFINEMENTS = 60, LAW_COLUMNS = 3 };
static const double indifferent = 2; /* a difference of AICc that decides nothing */
static const double exponent_low = 0.02, exponent_high = 4;
static const double tau_low = 0.01, tau_high = 10; /* of the first time above 0 and of the last */

/* The points, and working memory for a fit. */
typedef struct fit_work {
    const double *time_s, *resistance;
    double *root_weight; /* NULL without sigmas */
    size_t count;
    double *columns[LAW_COLUMNS], *work;
    double first_s, last_s; /* first time above 0 */
} fit_work;

const char *closo_growth_law_name(closo_growth_law law)
{
    static const char *const names[] = {"constant", "linear", "parabolic", "logarithmic", "power"};
    return names[law];
}

/* ---- shapes: R = R0 + k shape(t) ---- */

static double shape_at(closo_growth_law law, double time_s, double parameter)
{
    switch (law) {
    case CLOSO_GROWTH_LINEAR:
        return time_s;
    case CLOSO_GROWTH_PARABOLIC:
        return sqrt(time_s);
    case CLOSO_GROWTH_LOGARITHMIC:
        return log1p(time_s / parameter);
    case CLOSO_GROWTH_POWER:
        return time_s > 0 ? pow(time_s, parameter) : 0;
    case CLOSO_GROWTH_CONSTANT:
    case CLOSO_GROWTH_LAW_COUNT:
        break;
    }
    return 0;
}

static bool has_parameter(closo_growth_law law)
{
    return law == CLOSO_GROWTH_LOGARITHMIC || law == CLOSO_GROWTH_POWER;
}

static bool fit_shape(const fit_work *work, closo_growth_law law, double parameter,
                      closo_linear_fit *fit)
{
    size_t columns = law == CLOSO_GROWTH_CONSTANT ? 1 : 2;
    for (size_t i = 0; i < work->count; i++) {
        work->columns[0][i] = 1;
        work->columns[1][i] = shape_at(law, work->time_s[i], parameter);
    }
    const double *list[] = {work->columns[0], work->columns[1]};
    return closo_linear_fit_solve(list, columns, work->resistance, work->root_weight, work->count,
                                  work->work, fit);
}

static double chi2_at(const fit_work *work, closo_growth_law law, double logarithm)
{
    closo_linear_fit fit;
    return fit_shape(work, law, exp(logarithm), &fit) ? fit.chi2 : (double)INFINITY;
}

/* The parameter of least squares between two bounds, on a logarithmic scale: a grid, then golden sections around its best
 * point. */
static double best_parameter(const fit_work *work, closo_growth_law law, double low, double high,
                             bool *at_edge)
{
    double from = log(low), step = (log(high) - from) / GRID, best_chi2 = INFINITY;
    int best = 0;
    for (int g = 0; g <= GRID; g++) {
        double chi2 = chi2_at(work, law, from + g * step);
        if (chi2 < best_chi2) {
            best_chi2 = chi2;
            best = g;
        }
    }
    *at_edge = best == 0 || best == GRID;
    if (*at_edge)
        return exp(from + best * step);
    const double golden = 0.5 * (sqrt(5) - 1);
    double left = from + (best - 1) * step, right = from + (best + 1) * step;
    double one = right - golden * (right - left), two = left + golden * (right - left);
    double one_chi2 = chi2_at(work, law, one), two_chi2 = chi2_at(work, law, two);
    for (int turn = 0; turn < REFINEMENTS && right - left > 1e-9; turn++) {
        if (one_chi2 < two_chi2) {
            right = two;
            two = one;
            two_chi2 = one_chi2;
            one = right - golden * (right - left);
            one_chi2 = chi2_at(work, law, one);
        } else {
            left = one;
            one = two;
            one_chi2 = two_chi2;
            two = left + golden * (right - left);
            two_chi2 = chi2_at(work, law, two);
        }
    }
    return exp(0.5 * (left + right));
}

/* ---- one law ---- */

/* Wald and Wolfowitz' runs test: how many sigmas the number of runs of one sign lies above chance. */
static double runs_z(const fit_work *work, const closo_growth *growth, closo_growth_law law)
{
    size_t above = 0, below = 0, runs = 0;
    int last = 0;
    for (size_t i = 0; i < work->count; i++) {
        double residual = work->resistance[i] - closo_growth_value(growth, law, work->time_s[i]);
        int sign = residual >= 0 ? 1 : -1;
        above += sign > 0;
        below += sign < 0;
        runs += sign != last;
        last = sign;
    }
    double n = (double)work->count, product = 2.0 * (double)above * (double)below;
    double variance = product * (product - n) / (n * n * (n - 1));
    return variance > 0 ? ((double)runs - 1 - product / n) / sqrt(variance) : (double)NAN;
}

/* Uncertainties: with the shape parameter, its derivative stands as a third column (Gauss and Newton's matrix at the
 * optimum), so that k and R0 carry what the parameter leaves open. */
static void set_values(const fit_work *work, closo_growth_law law, double parameter, double scale2,
                       closo_linear_fit *fit, closo_growth_fit *result)
{
    double values[2] = {fit->coefficient[0], fit->coefficient[1]};
    result->exponent = (closo_value){NAN, NAN};
    result->tau_s = (closo_value){NAN, NAN};
    size_t columns = law == CLOSO_GROWTH_CONSTANT ? 1 : 2;
    if (has_parameter(law) && !result->at_edge) {
        const double step = 1e-5;
        for (size_t i = 0; i < work->count; i++)
            work->columns[2][i] = values[1] *
                                  (shape_at(law, work->time_s[i], parameter * (1 + step)) -
                                   shape_at(law, work->time_s[i], parameter * (1 - step))) /
                                  (2 * step * parameter);
        const double *list[] = {work->columns[0], work->columns[1], work->columns[2]};
        closo_linear_fit all;
        if (closo_linear_fit_solve(list, 3, work->resistance, work->root_weight, work->count,
                                   work->work, &all)) {
            memcpy(fit->covariance, all.covariance, sizeof fit->covariance);
            columns = 3;
        }
    }
    result->initial = (closo_value){values[0], sqrt(scale2 * fit->covariance[0][0])};
    result->rate = (closo_value){NAN, NAN};
    result->covariance = columns > 1 ? scale2 * fit->covariance[0][1] : (double)NAN;
    if (columns > 1)
        result->rate = (closo_value){values[1], sqrt(scale2 * fit->covariance[1][1])};
    double parameter_sigma = columns == 3 ? sqrt(scale2 * fit->covariance[2][2]) : (double)NAN;
    if (law == CLOSO_GROWTH_POWER) {
        result->exponent = (closo_value){parameter, parameter_sigma};
        if (columns == 3) {
            result->initial_exponent_covariance = scale2 * fit->covariance[0][2];
            result->rate_exponent_covariance = scale2 * fit->covariance[1][2];
        }
    }
    if (law == CLOSO_GROWTH_LOGARITHMIC)
        result->tau_s = (closo_value){parameter, parameter_sigma};
    if (law == CLOSO_GROWTH_LINEAR || law == CLOSO_GROWTH_PARABOLIC)
        result->exponent = (closo_value){law == CLOSO_GROWTH_LINEAR ? 1 : 0.5, 0};
}

static void fit_law(const fit_work *work, closo_growth_law law, closo_growth *growth)
{
    static const size_t parameters[] = {1, 2, 2, 3, 3};
    closo_growth_fit *result = &growth->laws[law];
    double parameter = NAN;
    *result = (closo_growth_fit){.initial = {NAN, NAN},
                                 .rate = {NAN, NAN},
                                 .exponent = {NAN, NAN},
                                 .tau_s = {NAN, NAN},
                                 .covariance = NAN,
                                 .initial_exponent_covariance = NAN,
                                 .rate_exponent_covariance = NAN,
                                 .aicc = NAN,
                                 .bic = NAN,
                                 .runs_z = NAN,
                                 .parameter_count = parameters[law]};
    /* AICc divides by the points less the parameters, less one for the scatter. */
    if (work->count < parameters[law] + 3)
        return;
    if (law == CLOSO_GROWTH_POWER)
        parameter = best_parameter(work, law, exponent_low, exponent_high, &result->at_edge);
    if (law == CLOSO_GROWTH_LOGARITHMIC)
        parameter = best_parameter(work, law, tau_low * work->first_s, tau_high * work->last_s,
                                   &result->at_edge);
    closo_linear_fit fit;
    if (!fit_shape(work, law, parameter, &fit))
        return;
    result->fitted = true;
    result->chi2 = fit.chi2;
    double scatter2 = fit.chi2 / (double)(work->count - parameters[law]);
    double weights = 0;
    for (size_t i = 0; i < work->count; i++)
        weights += work->root_weight != NULL ? work->root_weight[i] * work->root_weight[i] : 1;
    result->residual_rms = sqrt(scatter2 * (double)work->count / weights);
    set_values(work, law, parameter, work->root_weight != NULL ? fmax(scatter2, 1) : scatter2, &fit,
               result);
    result->runs_z = runs_z(work, growth, law);
}

/* d(k u^n) = u^n (dk + k ln u dn) for a unit u of time. */
closo_value closo_growth_rate(const closo_growth *growth, closo_growth_law law, double unit_s)
{
    const closo_growth_fit *fit = &growth->laws[law];
    if (law == CLOSO_GROWTH_CONSTANT || law == CLOSO_GROWTH_LOGARITHMIC)
        return fit->rate;
    double factor = pow(unit_s, fit->exponent.value), sigma = fit->rate.sigma;
    if (isfinite(fit->rate_exponent_covariance)) {
        double lever = fit->rate.value * log(unit_s), by_exponent = lever * fit->exponent.sigma;
        sigma = sqrt(fmax(0, sigma * sigma + by_exponent * by_exponent +
                                 2 * lever * fit->rate_exponent_covariance));
    }
    return (closo_value){factor * fit->rate.value, factor * sigma};
}

double closo_growth_value(const closo_growth *growth, closo_growth_law law, double time_s)
{
    const closo_growth_fit *fit = &growth->laws[law];
    if (!fit->fitted || !(time_s >= 0))
        return NAN;
    if (law == CLOSO_GROWTH_CONSTANT)
        return fit->initial.value;
    double parameter = law == CLOSO_GROWTH_POWER ? fit->exponent.value : fit->tau_s.value;
    return fit->initial.value + fit->rate.value * shape_at(law, time_s, parameter);
}

/* ---- the laws against each other ---- */

/* Of the laws that AICc does not tell apart, the one with the fewest parameters, of these the lowest. */
static void choose_best(closo_growth *growth)
{
    const closo_growth_fit *best = NULL;
    for (int law = 0; law < CLOSO_GROWTH_LAW_COUNT; law++) {
        const closo_growth_fit *fit = &growth->laws[law];
        if (!fit->fitted || fit->aicc >= indifferent)
            continue;
        if (best == NULL || fit->parameter_count < best->parameter_count ||
            (fit->parameter_count == best->parameter_count && fit->aicc < best->aicc)) {
            best = fit;
            growth->best = (closo_growth_law)law;
        }
    }
}

/* -2 ln(likelihood) but for a constant. Without sigmas the scatter is one more parameter. Given sigmas that are too small
 * are widened for all laws alike by what the best of them leaves over (as in the quasi-likelihood of Lebreton et al.,
 * Ecol. Monogr. 62 (1992) 67, doi:10.2307/2937171): else every bit of structure would speak for the most flexible law. */
static void compare(const fit_work *work, closo_growth *growth)
{
    double n = (double)work->count, widened2 = INFINITY, total = 0;
    for (size_t i = 0; i < work->count; i++)
        total += work->resistance[i] * work->resistance[i];
    for (int law = 0; law < CLOSO_GROWTH_LAW_COUNT; law++) {
        const closo_growth_fit *fit = &growth->laws[law];
        if (fit->fitted)
            widened2 = fmin(widened2, fit->chi2 / (n - (double)fit->parameter_count));
    }
    double lowest_aicc = INFINITY, lowest_bic = INFINITY;
    for (int law = 0; law < CLOSO_GROWTH_LAW_COUNT; law++) {
        closo_growth_fit *fit = &growth->laws[law];
        if (!fit->fitted)
            continue;
        double p = (double)fit->parameter_count + (work->root_weight != NULL ? 0 : 1);
        double deviance = work->root_weight != NULL ? fit->chi2 / fmax(widened2, 1)
                                                    : n * log(fmax(fit->chi2, 1e-26 * total) / n);
        fit->aicc = deviance + 2 * p + 2 * p * (p + 1) / (n - p - 1);
        fit->bic = deviance + p * log(n);
        lowest_aicc = fmin(lowest_aicc, fit->aicc);
        lowest_bic = fmin(lowest_bic, fit->bic);
    }
    double aicc_sum = 0, bic_sum = 0;
    for (int law = 0; law < CLOSO_GROWTH_LAW_COUNT; law++) {
        closo_growth_fit *fit = &growth->laws[law];
        if (!fit->fitted)
            continue;
        fit->aicc -= lowest_aicc;
        fit->bic -= lowest_bic;
        aicc_sum += fit->aicc_weight = exp(-0.5 * fit->aicc);
        bic_sum += fit->bic_weight = exp(-0.5 * fit->bic);
    }
    for (int law = 0; law < CLOSO_GROWTH_LAW_COUNT; law++) {
        growth->laws[law].aicc_weight /= aicc_sum;
        growth->laws[law].bic_weight /= bic_sum;
    }
    choose_best(growth);
    const closo_growth_fit *best = &growth->laws[growth->best];
    growth->sigma_factor = work->root_weight != NULL
                               ? sqrt(fmax(1, best->chi2 / (n - (double)best->parameter_count)))
                               : 1;
}

static void remark(const fit_work *work, closo_growth *growth, closo_arena *arena)
{
    const closo_growth_fit *best = &growth->laws[growth->best];
    const closo_growth_fit *parabolic = &growth->laws[CLOSO_GROWTH_PARABOLIC];
    closo_notes *notes = &growth->notes;
    if (growth->best != CLOSO_GROWTH_PARABOLIC && parabolic->fitted)
        closo_notes_add(notes, arena,
                        "the %s law describes the points better than the parabolic one (AICc "
                        "lower by %.3g%s)",
                        closo_growth_law_name(growth->best), parabolic->aicc - best->aicc,
                        parabolic->aicc - best->aicc < indifferent ? ": not decisive" : "");
    size_t near = 0;
    for (int law = 1; law < CLOSO_GROWTH_LAW_COUNT; law++)
        near += growth->laws[law].fitted && growth->laws[law].aicc < indifferent;
    if (near > 1)
        closo_notes_add(notes, arena,
                        "%zu laws describe the points about equally well: %zu points from %.3g to "
                        "%.3g h cannot tell them apart; longer times would",
                        near, work->count, work->first_s / 3600, work->last_s / 3600);
    if (best->runs_z < -2.5)
        closo_notes_add(notes, arena,
                        "the residuals of the %s law run in one direction for long (runs test: "
                        "%.1f sigma): it leaves structure, and the uncertainties are too small",
                        closo_growth_law_name(growth->best), best->runs_z);
    if (growth->sigma_factor > 1.5)
        closo_notes_add(notes, arena,
                        "the points scatter %.2g times as much as the sigmas given with them: the "
                        "uncertainties were widened by that",
                        growth->sigma_factor);
    if (parabolic->fitted && parabolic->initial.value < -2 * parabolic->initial.sigma)
        closo_notes_add(notes, arena,
                        "the parabolic law begins at a negative resistance: the growth began "
                        "later than time 0, or follows another law");
    if (parabolic->fitted && parabolic->rate.value < -2 * parabolic->rate.sigma)
        closo_notes_add(notes, arena, "the resistance falls: nothing grows here");
}

static closo_status check_points(const double *time_s, const double *resistance,
                                 const double *sigma, size_t count, closo_error *error)
{
    if (count < LEAST_POINTS)
        return closo_fail(error, CLOSO_RANGE,
                          "laws of growth want at least %d points of time and resistance, there "
                          "%s %zu",
                          LEAST_POINTS, count == 1 ? "is" : "are", count);
    bool moves = false, differs = false;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(time_s[i]) || !isfinite(resistance[i]))
            return closo_fail(error, CLOSO_RANGE, "point %zu has no time or no resistance", i + 1);
        if (time_s[i] < 0)
            return closo_fail(error, CLOSO_RANGE,
                              "point %zu is %.4g h before time 0, when growth begins", i + 1,
                              -time_s[i] / 3600);
        if (sigma != NULL && (!(sigma[i] > 0) || !isfinite(sigma[i])))
            return closo_fail(error, CLOSO_RANGE,
                              "the sigma of point %zu is %g; it has to be above 0", i + 1,
                              sigma[i]);
        moves = moves || time_s[i] != time_s[0];
        differs = differs || resistance[i] != resistance[0];
    }
    if (!moves)
        return closo_fail(error, CLOSO_RANGE, "all %zu points are of the same time", count);
    return differs ? CLOSO_OK
                   : closo_fail(error, CLOSO_RANGE,
                                "all %zu resistances are %g: nothing was measured there, or "
                                "nothing grows",
                                count, resistance[0]);
}

static closo_status prepare(const double *time_s, const double *resistance, const double *sigma,
                            size_t count, closo_arena *arena, fit_work *work)
{
    *work = (fit_work){.time_s = time_s, .resistance = resistance, .count = count};
    work->work = closo_arena_alloc(arena, count, (LAW_COLUMNS + 1) * sizeof *work->work);
    bool fine = work->work != NULL;
    for (size_t k = 0; k < LAW_COLUMNS; k++)
        fine =
            (work->columns[k] = closo_arena_alloc(arena, count, sizeof **work->columns)) != NULL &&
            fine;
    if (sigma != NULL)
        fine = (work->root_weight = closo_arena_alloc(arena, count, sizeof *sigma)) != NULL && fine;
    if (!fine)
        return CLOSO_NOMEM;
    work->first_s = INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (sigma != NULL)
            work->root_weight[i] = 1 / sigma[i];
        if (time_s[i] > 0)
            work->first_s = fmin(work->first_s, time_s[i]);
        work->last_s = fmax(work->last_s, time_s[i]);
    }
    return CLOSO_OK;
}

closo_status closo_growth_from_points(const double *time_s, const double *resistance,
                                      const double *sigma, size_t count, closo_arena *arena,
                                      closo_growth **growth, closo_error *error)
{
    *growth = NULL;
    closo_status status = check_points(time_s, resistance, sigma, count, error);
    if (status != CLOSO_OK)
        return status;
    closo_growth *result = closo_arena_alloc(arena, 1, sizeof *result);
    if (result == NULL)
        return closo_fail_nomem(error);
    result->time_s = closo_arena_copy(arena, time_s, count, sizeof *time_s);
    result->resistance = closo_arena_copy(arena, resistance, count, sizeof *resistance);
    result->sigma = sigma != NULL ? closo_arena_copy(arena, sigma, count, sizeof *sigma) : NULL;
    result->point_count = count;
    closo_arena *passing = closo_arena_new(0);
    fit_work work;
    bool fine = result->time_s != NULL && result->resistance != NULL &&
                (sigma == NULL || result->sigma != NULL) && passing != NULL &&
                prepare(result->time_s, result->resistance, result->sigma, count, passing, &work) ==
                    CLOSO_OK;
    if (fine) {
        for (int law = 0; law < CLOSO_GROWTH_LAW_COUNT; law++)
            fit_law(&work, (closo_growth_law)law, result);
        compare(&work, result);
        remark(&work, result, arena);
        *growth = result;
    }
    closo_arena_free(passing);
    return fine ? CLOSO_OK : closo_fail_nomem(error);
}
