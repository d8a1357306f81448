/* SPDX-License-Identifier: BSD-3-Clause */
/* arrhenius_errors.c: how sure the parameters are. Curves that are smooth in their parameters take the covariance of least
 * squares; a break does not, since it moves from gap to gap: there the residual bootstrap counts (Efron and Tibshirani, An
 * Introduction to the Bootstrap, 1993, section 9.4), and a step lies anywhere in its gap. */
#include "transport_internal.h"

#include "numeric/dense_internal.h"

#include <math.h>
#include <string.h>

double arrhenius_scale(const arrhenius_points *points, const arrhenius_curve *curve)
{
    size_t parameters = arrhenius_parameter_count(curve->model);
    if (points->count <= parameters) {
        double unknown = NAN;
        return points->weighted ? 1 : unknown;
    }
    double scale = curve->chi2 / (double)(points->count - parameters);
    return points->weighted ? fmax(scale, 1) : scale;
}

static double temperature_of(double x)
{
    return 1 / (CLOSO_BOLTZMANN_eV_per_K * x);
}

/* ---- draws ---- */

static void draw_normal(const arrhenius_points *points, const arrhenius_curve *curve, double scale,
                        closo_random *random, double *y)
{
    for (size_t i = 0; i < points->count; i++)
        y[i] = arrhenius_curve_at(curve, points->x[i]) +
               sqrt(scale / points->weight[i]) * closo_random_normal(random);
}

/* residuals: of the fit times the root of their weight, made as large as the noise is (a fit takes some of it). */
static void draw_residuals(const arrhenius_points *points, const arrhenius_curve *curve,
                           const double *residuals, closo_random *random, double *y)
{
    for (size_t i = 0; i < points->count; i++)
        y[i] = arrhenius_curve_at(curve, points->x[i]) +
               residuals[closo_random_below(random, points->count)] / sqrt(points->weight[i]);
}

static void noise_of(const arrhenius_points *points, const arrhenius_curve *curve,
                     double *residuals)
{
    double squares = 0, mean = 0, n = (double)points->count;
    for (size_t i = 0; i < points->count; i++) {
        residuals[i] =
            sqrt(points->weight[i]) * (points->y[i] - arrhenius_curve_at(curve, points->x[i]));
        mean += residuals[i] / n;
    }
    for (size_t i = 0; i < points->count; i++) {
        residuals[i] -= mean;
        squares += residuals[i] * residuals[i];
    }
    double wanted = arrhenius_scale(points, curve);
    double factor = squares > 0 ? sqrt(wanted * n / squares) : 0;
    for (size_t i = 0; i < points->count; i++)
        residuals[i] *= factor;
}

/* Half of the range that holds the middle 68.3 %: one sigma of a normal distribution, and deaf to a few wild draws. */
static double half_range(double *values, size_t count)
{
    double low = closo_quantile(values, count, 0.1587);
    return (closo_quantile(values, count, 0.8413) - low) / 2;
}

/* ---- smooth curves ---- */

enum { SMOOTH_MOST = 4 };

static bool covariance_of(const arrhenius_points *points, const arrhenius_curve *curve,
                          double covariance[SMOOTH_MOST][SMOOTH_MOST])
{
    size_t n = arrhenius_parameter_count(curve->model);
    memset(covariance, 0, sizeof(double[SMOOTH_MOST][SMOOTH_MOST]));
    for (size_t i = 0; i < points->count; i++) {
        double gradient[PARAMETERS_MAX];
        arrhenius_curve_gradient(curve, points->x[i], gradient);
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                covariance[a][b] += points->weight[i] * gradient[a] * gradient[b];
    }
    double scale = arrhenius_scale(points, curve);
    double work[SMOOTH_MOST * (SMOOTH_MOST + 1)];
    bool fine = closo_positive_inverse(&covariance[0][0], n, SMOOTH_MOST, work);
    double nothing = NAN;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            covariance[a][b] = fine ? covariance[a][b] * scale : nothing;
    return fine;
}

/* sqrt(g' C g) */
static double sigma_along(double covariance[SMOOTH_MOST][SMOOTH_MOST], const double *gradient,
                          size_t n)
{
    double variance = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            variance += gradient[a] * covariance[a][b] * gradient[b];
    return sqrt(variance);
}

static void fill_branch(const arrhenius_points *points, const arrhenius_curve *curve, size_t which,
                        closo_arrhenius_branch *branch)
{
    const double *p = curve->parameters;
    size_t n = points->count, first = 0, last = n; /* of the points, the hot end first */
    if (curve->model == CLOSO_ARRHENIUS_KINK || curve->model == CLOSO_ARRHENIUS_JUMP) {
        first = which == 0 ? curve->split : 0;
        last = which == 0 ? n : curve->split;
    }
    double nothing = NAN;
    branch->ln_prefactor = (closo_value){p[2 * which], nothing};
    branch->energy_eV = (closo_value){p[2 * which + 1], nothing};
    branch->covariance = nothing;
    branch->from_K = temperature_of(points->x[last - 1]);
    branch->to_K = temperature_of(points->x[first]);
    branch->point_count = last - first;
}

static void report_smooth(const arrhenius_points *points, const arrhenius_curve *curve, double at_x,
                          closo_arrhenius_fit *fit, closo_value *at)
{
    double covariance[SMOOTH_MOST][SMOOTH_MOST], gradient[PARAMETERS_MAX] = {0};
    const double *p = curve->parameters;
    size_t n = arrhenius_parameter_count(curve->model);
    covariance_of(points, curve, covariance);
    for (size_t b = 0; b < fit->branch_count; b++) {
        closo_arrhenius_branch *branch = &fit->branches[b];
        branch->ln_prefactor.sigma = sqrt(covariance[2 * b][2 * b]);
        branch->energy_eV.sigma = sqrt(covariance[2 * b + 1][2 * b + 1]);
        branch->covariance = covariance[2 * b][2 * b + 1];
    }
    if (curve->model == CLOSO_ARRHENIUS_VTF) {
        fit->vtf_ln_prefactor = (closo_value){p[0], sqrt(covariance[0][0])};
        fit->vtf_energy_eV = (closo_value){p[1], sqrt(covariance[1][1])};
        fit->vtf_T0_K = (closo_value){p[2] / CLOSO_BOLTZMANN_eV_per_K,
                                      sqrt(covariance[2][2]) / CLOSO_BOLTZMANN_eV_per_K};
    }
    if (curve->model == CLOSO_ARRHENIUS_TWO_REGIMES) {
        /* x = (ln A1 - ln A2) / (E1 - E2), where both processes are equally slow */
        double energy = p[1] - p[3], x = (p[0] - p[2]) / energy;
        double along[SMOOTH_MOST] = {1 / energy, -x / energy, -1 / energy, x / energy};
        double T_K = temperature_of(x);
        fit->transition_K = (closo_value){T_K, T_K / x * sigma_along(covariance, along, n)};
    }
    arrhenius_curve_gradient(curve, at_x, gradient);
    *at = (closo_value){arrhenius_curve_at(curve, at_x), sigma_along(covariance, gradient, n)};
}

/* ---- breaks ---- */

enum { KEPT = 7 }; /* per draw: ln A and E cold, hot; transition / K; step; ln(sigma T) at at_x */

static double step_at(const arrhenius_curve *curve)
{
    const double *p = curve->parameters;
    return (p[2] - p[3] * p[4]) - (p[0] - p[1] * p[4]);
}

/* Where the step lies in its gap is not known: halfway, or anywhere, by share 0..1. */
static double transition_of(const arrhenius_points *points, const arrhenius_curve *curve,
                            double share)
{
    if (curve->model == CLOSO_ARRHENIUS_KINK)
        return temperature_of(curve->parameters[4]);
    double from_K = temperature_of(points->x[curve->split]),
           to_K = temperature_of(points->x[curve->split - 1]);
    return from_K + share * (to_K - from_K);
}

static double covariance_of_draws(const double *one, const double *other, size_t count)
{
    double sum_one = 0, sum_other = 0, sum = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) {
        sum_one += one[i] / n;
        sum_other += other[i] / n;
    }
    for (size_t i = 0; i < count; i++)
        sum += (one[i] - sum_one) * (other[i] - sum_other);
    return sum / (n - 1);
}

static bool report_break(const arrhenius_points *points, const arrhenius_curve *curve,
                         const arrhenius_draws *draws, double at_x, closo_arrhenius_fit *fit,
                         closo_value *at)
{
    size_t n = points->count, made = 0;
    double *y = closo_arena_alloc(draws->arena, n, sizeof *y);
    double *residuals = closo_arena_alloc(draws->arena, n, sizeof *residuals);
    double *kept = closo_arena_alloc(draws->arena, KEPT * draws->count, sizeof *kept);
    if (y == NULL || residuals == NULL || kept == NULL)
        return false;
    noise_of(points, curve, residuals);
    closo_random random;
    closo_random_seed(&random, draws->seed);
    for (size_t d = 0; d < draws->count; d++) {
        arrhenius_points drawn = *points;
        arrhenius_curve one;
        draw_residuals(points, curve, residuals, &random, y);
        drawn.y = y;
        double share = closo_random_uniform(&random);
        if (!arrhenius_fit_curve(&drawn, curve->model, &one))
            continue;
        for (size_t k = 0; k < 4; k++)
            kept[k * draws->count + made] = one.parameters[k];
        kept[4 * draws->count + made] = transition_of(points, &one, share);
        kept[5 * draws->count + made] = step_at(&one);
        kept[6 * draws->count + made] = arrhenius_curve_at(&one, at_x);
        made++;
    }
    *at = (closo_value){arrhenius_curve_at(curve, at_x), NAN};
    fit->transition_K.value = transition_of(points, curve, 0.5);
    if (curve->model == CLOSO_ARRHENIUS_JUMP) {
        fit->gap_from_K = transition_of(points, curve, 0);
        fit->gap_to_K = transition_of(points, curve, 1);
        fit->step.value = step_at(curve);
    }
    if (made < draws->count / 2)
        return true;
    for (size_t b = 0; b < 2; b++) {
        double *ln_prefactor = kept + 2 * b * draws->count, *energy = ln_prefactor + draws->count;
        double together = covariance_of_draws(ln_prefactor, energy, made);
        double apart = sqrt(covariance_of_draws(ln_prefactor, ln_prefactor, made) *
                            covariance_of_draws(energy, energy, made));
        closo_arrhenius_branch *branch = &fit->branches[b];
        branch->ln_prefactor.sigma = half_range(ln_prefactor, made);
        branch->energy_eV.sigma = half_range(energy, made);
        branch->covariance =
            together / apart * branch->ln_prefactor.sigma * branch->energy_eV.sigma;
    }
    fit->transition_K.sigma = half_range(kept + 4 * draws->count, made);
    if (curve->model == CLOSO_ARRHENIUS_JUMP)
        fit->step.sigma = half_range(kept + 5 * draws->count, made);
    at->sigma = half_range(kept + 6 * draws->count, made);
    return true;
}

/* ---- all ---- */

bool arrhenius_report_fit(const arrhenius_points *points, const arrhenius_curve *curve,
                          const arrhenius_draws *draws, double at_x, closo_arrhenius_fit *fit,
                          closo_value *at)
{
    double n = (double)points->count, p = (double)fit->parameter_count, squares = 0;
    fit->fitted = true;
    fit->chi2 = curve->chi2;
    fit->bic = arrhenius_bic(points, curve->model, curve->chi2);
    fit->aicc = fit->bic - p * log(n) + 2 * p + (n > p + 1 ? 2 * p * (p + 1) / (n - p - 1) : 1e9);
    for (size_t i = 0; i < points->count; i++) {
        double off = points->y[i] - arrhenius_curve_at(curve, points->x[i]);
        squares += off * off;
    }
    fit->residual_rms = sqrt(squares / n);
    memcpy(fit->parameters, curve->parameters, sizeof fit->parameters);
    fit->branch_count = curve->model == CLOSO_ARRHENIUS_VTF    ? 0
                        : curve->model == CLOSO_ARRHENIUS_LINE ? 1
                                                               : 2;
    for (size_t b = 0; b < fit->branch_count; b++)
        fill_branch(points, curve, b, &fit->branches[b]);
    if (curve->model == CLOSO_ARRHENIUS_KINK || curve->model == CLOSO_ARRHENIUS_JUMP)
        return report_break(points, curve, draws, at_x, fit, at);
    report_smooth(points, curve, at_x, fit, at);
    return true;
}

/* The largest gain of BIC that a model of more parameters makes over `simple` in one set of points. */
static double best_gain(const arrhenius_points *points, closo_arrhenius_model simple)
{
    arrhenius_curve curve;
    double best = -INFINITY;
    if (!arrhenius_fit_curve(points, simple, &curve))
        return best;
    double bic = arrhenius_bic(points, simple, curve.chi2);
    for (int i = 0; i < CLOSO_ARRHENIUS_COUNT; i++) {
        closo_arrhenius_model model = (closo_arrhenius_model)i;
        if (arrhenius_parameter_count(model) > arrhenius_parameter_count(simple) &&
            points->count > arrhenius_parameter_count(model) &&
            arrhenius_fit_curve(points, model, &curve))
            best = fmax(best, bic - arrhenius_bic(points, model, curve.chi2));
    }
    return best;
}

double arrhenius_false_alarm(const arrhenius_points *points, const arrhenius_curve *simple,
                             double gain, const arrhenius_draws *draws)
{
    double *y = closo_arena_alloc(draws->arena, points->count, sizeof *y);
    if (y == NULL)
        return -1;
    double scale = arrhenius_scale(points, simple);
    arrhenius_points drawn = *points;
    size_t as_good = 0;
    closo_random random;
    closo_random_seed(&random, draws->seed + 1);
    drawn.y = y;
    for (size_t d = 0; d < draws->count; d++) {
        draw_normal(points, simple, scale, &random, y);
        as_good += best_gain(&drawn, simple->model) >= gain;
    }
    return (1 + (double)as_good) / (1 + (double)draws->count);
}
