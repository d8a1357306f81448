/* SPDX-License-Identifier: BSD-3-Clause */
/* transient.c: the steady current behind a transient.
 *
 * Ions drift to blocking electrodes in a spectrum of times: one exponential seldom fits, and what a current has still to
 * lose when the measurement stops depends on the law that is believed. So several laws are fitted, and their disagreement is
 * part of the uncertainty. */
#include "symmetric_internal.h"

#include "closo/numeric.h"

#include <math.h>

enum {
    LEAST_ROWS = 12,
    POINTS_MAX = 100,
    SAMPLES = 5,
    TAUS = 18,
    BETAS = 4,
    ROUNDS = 40,
    BLOCKS = 5
};
static const double point_width = 0.04; /* of the time */
static const double skipped_share = 0.02, last_share = 0.1;
static const double settled_share = 0.1, settled_sigmas = 4;
static const double beta_low = 0.25, beta_high = 1.2, power_low = 0.1, power_high = 4;
static const double tau_high = 1.5; /* of the duration: beyond, an exponential is a straight line */

/* Averages over neighbouring rows, and where within each a law is evaluated. */
typedef struct points {
    double current_A[POINTS_MAX], root_weight[POINTS_MAX];
    double sample_s[POINTS_MAX][SAMPLES];
    size_t sample_count[POINTS_MAX];
    size_t count;
    double from_s, to_s;
    double work[POINTS_MAX * (CLOSO_COLUMNS_MAX + 1)];
} points;

const char *closo_transient_model_name(closo_transient_model model)
{
    static const char *const names[] = {"constant", "exponential", "two exponentials",
                                        "stretched exponential", "power"};
    return names[model];
}

/* ---- the noise of the rows ---- */

typedef struct noise {
    double sigma_A, correlation;
} noise;

/* Adds the residuals of a block of rows about their straight line: squares, and products of neighbours. */
static void add_block(const double *time_s, const double *current_A, size_t count, double sums[3])
{
    closo_line line;
    if (closo_line_fit(time_s, current_A, NULL, count, &line, NULL) != CLOSO_OK)
        return;
    double before = 0;
    for (size_t i = 0; i < count; i++) {
        double residual = current_A[i] - line.intercept - line.slope * time_s[i];
        sums[0] += residual * residual;
        sums[1] += i > 0 ? residual * before : 0;
        before = residual;
    }
    sums[2] += (double)(count - 2);
}

/* Noise of a row and its correlation with the next, from the last half of the rows, in blocks short enough to be straight.
 * Correlations within a block of n rows come out low by about (2 + 4 rho) / n and are mended for that. */
static noise find_noise(const double *time_s, const double *current_A, size_t count)
{
    size_t half = count / 2, blocks = half / 40;
    blocks = blocks < 1 ? 1 : blocks > BLOCKS ? BLOCKS : blocks;
    size_t size = half / blocks;
    double sums[3] = {0, 0, 0};
    for (size_t b = 0; b < blocks; b++) {
        size_t first = count - (b + 1) * size;
        add_block(time_s + first, current_A + first, size, sums);
    }
    if (!(sums[0] > 0) || !(sums[2] > 0))
        return (noise){0, 0};
    double n = (double)size, rho = sums[1] / sums[0];
    rho = (rho + 2 / n) / (1 - 4 / n);
    rho = rho * sqrt((double)half) > 1 ? fmin(rho, 0.98) : 0;
    /* The straight line takes more out of correlated rows than two degrees of freedom. */
    double inflation = (1 + rho) / (1 - rho);
    double left = 1 - fmin(0.7, 2 * inflation / n);
    return (noise){sqrt(sums[0] / ((double)(blocks * size) * left)), rho};
}

/* Variance of a mean of n rows over that of one, of a first-order autoregression. */
static double mean_variance(double n, double rho)
{
    if (!(rho > 0) || n < 2)
        return 1 / n;
    double full = (1 + rho) / (1 - rho), gap = 1 - rho;
    return (full - 2 * rho * (1 - pow(rho, n)) / (n * gap * gap)) / n;
}

/* ---- points ---- */

static void add_point(points *to, const double *time_s, const double *current_A, size_t count,
                      const noise *noise_of)
{
    double sum_A = 0;
    for (size_t i = 0; i < count; i++)
        sum_A += current_A[i] - current_A[0];
    size_t at = to->count++;
    to->current_A[at] = current_A[0] + sum_A / (double)count;
    double sigma_A = noise_of->sigma_A * sqrt(mean_variance((double)count, noise_of->correlation));
    to->root_weight[at] = 1 / sigma_A;
    /* Every row where there are few, else places evenly among them. */
    to->sample_count[at] = count < SAMPLES ? count : SAMPLES;
    for (size_t k = 0; k < to->sample_count[at]; k++) {
        double place = ((double)k + 0.5) * (double)count / (double)to->sample_count[at] - 0.5;
        size_t row = (size_t)place;
        double share = place - (double)row;
        to->sample_s[at][k] =
            share > 0 ? (1 - share) * time_s[row] + share * time_s[row + 1] : time_s[row];
    }
}

static void make_points(points *to, const double *time_s, const double *current_A, size_t count,
                        const noise *row)
{
    to->count = 0;
    to->from_s = time_s[0];
    to->to_s = time_s[count - 1];
    for (size_t first = 0; first < count && to->count < POINTS_MAX;) {
        size_t end = first + 1;
        double width_s =
            fmax(point_width * time_s[first], (to->to_s - to->from_s) / POINTS_MAX / 4);
        bool last = to->count + 1 == POINTS_MAX;
        while (end < count && (last || time_s[end] < time_s[first] + width_s))
            end++;
        add_point(to, time_s + first, current_A + first, end - first, row);
        first = end;
    }
}

/* ---- laws: I = Is + A1 f1(t) [+ A2 f2(t)] ---- */

typedef struct law {
    closo_transient_model model;
    size_t decays; /* number of f */
    size_t shapes; /* number of shape parameters */
} law;

static const law laws[] = {{CLOSO_TRANSIENT_CONSTANT, 0, 0},
                           {CLOSO_TRANSIENT_EXPONENTIAL, 1, 1},
                           {CLOSO_TRANSIENT_TWO_EXPONENTIALS, 2, 2},
                           {CLOSO_TRANSIENT_STRETCHED, 1, 2},
                           {CLOSO_TRANSIENT_POWER, 1, 1}};

static double decay(const law *of, size_t which, const double *shape, double time_s, double to_s)
{
    if (of->model == CLOSO_TRANSIENT_STRETCHED)
        return exp(-pow(time_s / shape[0], shape[1]));
    if (of->model == CLOSO_TRANSIENT_POWER)
        return pow(time_s / to_s, -shape[0]);
    return exp(-time_s / shape[which]);
}

static void fill_decay(const points *at, const law *of, size_t which, const double *shape,
                       double *column)
{
    for (size_t i = 0; i < at->count; i++) {
        double sum = 0;
        for (size_t k = 0; k < at->sample_count[i]; k++)
            sum += decay(of, which, shape, at->sample_s[i][k], at->to_s);
        column[i] = sum / (double)at->sample_count[i];
    }
}

/* Bounds of a shape parameter: false when it is at or beyond one. */
static bool inside(const points *at, const law *of, const double *shape)
{
    double least_s = 0.3 * at->from_s;
    switch (of->model) {
    case CLOSO_TRANSIENT_POWER:
        return shape[0] > power_low && shape[0] < power_high;
    case CLOSO_TRANSIENT_STRETCHED:
        return shape[0] > 0.01 * least_s && shape[0] < tau_high * at->to_s && shape[1] > beta_low &&
               shape[1] < beta_high;
    case CLOSO_TRANSIENT_TWO_EXPONENTIALS:
        return shape[0] > least_s && shape[1] < tau_high * at->to_s && shape[1] > 1.5 * shape[0];
    case CLOSO_TRANSIENT_EXPONENTIAL:
        return shape[0] > least_s && shape[0] < tau_high * at->to_s;
    case CLOSO_TRANSIENT_CONSTANT:
    case CLOSO_TRANSIENT_COUNT:
        break;
    }
    return true;
}

typedef struct columns {
    double one[POINTS_MAX], decay[2][POINTS_MAX], slope[2][POINTS_MAX];
} columns;

/* Amplitudes of least squares at a shape. */
static bool fit_amplitudes(points *at, const law *of, const double *shape, columns *in,
                           closo_linear_fit *fit)
{
    const double *list[] = {in->one, in->decay[0], in->decay[1]};
    for (size_t k = 0; k < of->decays; k++)
        fill_decay(at, of, k, shape, in->decay[k]);
    return closo_linear_fit_solve(list, 1 + of->decays, at->current_A, at->root_weight, at->count,
                                  at->work, fit);
}

static void try_shape(points *at, const law *of, const double *shape, columns *in, double *best,
                      double *best_chi2)
{
    closo_linear_fit fit;
    if (!inside(at, of, shape) || !fit_amplitudes(at, of, shape, in, &fit) ||
        !(fit.chi2 < *best_chi2))
        return;
    *best_chi2 = fit.chi2;
    best[0] = shape[0];
    best[1] = shape[1];
}

/* The best shape of a grid. False when none can be fitted. */
static bool search_grid(points *at, const law *of, columns *in, double *best)
{
    double chi2 = INFINITY, ratio = pow(tau_high * at->to_s / (0.3 * at->from_s), 1.0 / TAUS);
    for (int one = 0; one < TAUS; one++) {
        double tau_s = 0.3 * at->from_s * pow(ratio, one + 0.5);
        if (of->model == CLOSO_TRANSIENT_EXPONENTIAL)
            try_shape(at, of, (double[]){tau_s, 0}, in, best, &chi2);
        if (of->model == CLOSO_TRANSIENT_POWER)
            try_shape(at, of,
                      (double[]){power_low * pow(power_high / power_low, (one + 0.5) / TAUS), 0},
                      in, best, &chi2);
        for (int two = one + 2; of->model == CLOSO_TRANSIENT_TWO_EXPONENTIALS && two < TAUS;
             two += 2)
            try_shape(at, of, (double[]){tau_s, tau_s * pow(ratio, two - one)}, in, best, &chi2);
        for (int beta = 0; of->model == CLOSO_TRANSIENT_STRETCHED && beta < BETAS; beta++)
            try_shape(at, of, (double[]){tau_s, 0.35 + 0.2 * beta}, in, best, &chi2);
    }
    return isfinite(chi2);
}

/* All columns of the linearised law: with the derivatives after the logarithms of the shape. */
static bool linearise(points *at, const law *of, const double *shape, const closo_linear_fit *fit,
                      columns *in, closo_linear_fit *all, const double *residual)
{
    const double step = 1e-4;
    double upper[POINTS_MAX], lower[POINTS_MAX];
    for (size_t s = 0; s < of->shapes && s < 2; s++) {
        double up[2] = {shape[0], shape[1]}, down[2] = {shape[0], shape[1]};
        up[s] *= 1 + step;
        down[s] /= 1 + step;
        size_t which = of->decays == 2 ? s : 0;
        fill_decay(at, of, which, up, upper);
        fill_decay(at, of, which, down, lower);
        for (size_t i = 0; i < at->count; i++)
            in->slope[s][i] = fit->coefficient[1 + which] * (upper[i] - lower[i]) / (2 * step);
    }
    const double *list[CLOSO_COLUMNS_MAX] = {in->one};
    size_t count = 1;
    for (size_t k = 0; k < of->decays; k++)
        list[count++] = in->decay[k];
    for (size_t s = 0; s < of->shapes; s++)
        list[count++] = in->slope[s];
    return closo_linear_fit_solve(list, count, residual, at->root_weight, at->count, at->work, all);
}

/* One step of Gauss and Newton in the shape, halved until it helps. True while it does. */
static bool improve(points *at, const law *of, double *shape, columns *in, closo_linear_fit *fit)
{
    closo_linear_fit all;
    double residual[POINTS_MAX];
    if (!fit_amplitudes(at, of, shape, in, fit))
        return false;
    for (size_t i = 0; i < at->count; i++) {
        residual[i] = at->current_A[i] - fit->coefficient[0];
        for (size_t k = 0; k < of->decays; k++)
            residual[i] -= fit->coefficient[1 + k] * in->decay[k][i];
    }
    if (!linearise(at, of, shape, fit, in, &all, residual))
        return false;
    for (double share = 1; share > 1e-3; share /= 2) {
        double tried[2] = {shape[0], shape[1]};
        closo_linear_fit next;
        for (size_t s = 0; s < of->shapes && s < 2; s++)
            tried[s] *= exp(fmax(-1, fmin(1, share * all.coefficient[1 + of->decays + s])));
        if (!inside(at, of, tried) || !fit_amplitudes(at, of, tried, in, &next) ||
            !(next.chi2 < fit->chi2))
            continue;
        bool further = fit->chi2 - next.chi2 > 1e-8 * next.chi2;
        shape[0] = tried[0];
        shape[1] = tried[1];
        *fit = next;
        return further;
    }
    return false;
}

static void fit_law(points *at, const law *of, columns *in, closo_transient_fit *result)
{
    double shape[2] = {NAN, NAN};
    closo_linear_fit fit, all;
    *result = (closo_transient_fit){.steady_A = {NAN, NAN},
                                    .amplitude_A = {NAN, NAN},
                                    .shape = {NAN, NAN},
                                    .parameter_count = 1 + of->decays + of->shapes,
                                    .chi2 = NAN,
                                    .aicc = NAN};
    if (at->count < result->parameter_count + 3 ||
        (of->shapes != 0 && !search_grid(at, of, in, shape)))
        return;
    for (int round = 0; of->shapes != 0 && round < ROUNDS; round++)
        if (!improve(at, of, shape, in, &fit))
            break;
    if (!fit_amplitudes(at, of, shape, in, &fit) ||
        !linearise(at, of, shape, &fit, in, &all, at->current_A))
        return;
    result->fitted = true;
    result->chi2 = fit.chi2;
    result->steady_A = (closo_value){fit.coefficient[0], sqrt(all.covariance[0][0])};
    for (size_t k = 0; k < 2; k++) {
        if (k < of->decays)
            result->amplitude_A[k] = fit.coefficient[1 + k];
        if (k < of->shapes)
            result->shape[k] = shape[k];
    }
}

/* ---- the mean of the models ---- */

/* A law that is no better by AICc than a simpler one it contains brings parameters that tell nothing, and, at the edge of
 * what can be told, sigmas without bound: it has no say (T. W. Arnold, J. Wildl. Manage. 74 (2010) 1175,
 * doi:10.1111/j.1937-2817.2010.tb01236.x). */
static bool has_say(const closo_transient *transient, int model)
{
    const closo_transient_fit *fit = &transient->models[model];
    const closo_transient_fit *constant = &transient->models[CLOSO_TRANSIENT_CONSTANT];
    const closo_transient_fit *one = &transient->models[CLOSO_TRANSIENT_EXPONENTIAL];
    if (!fit->fitted || model == CLOSO_TRANSIENT_CONSTANT)
        return fit->fitted;
    bool contains_one =
        model == CLOSO_TRANSIENT_TWO_EXPONENTIALS || model == CLOSO_TRANSIENT_STRETCHED;
    return fit->aicc < constant->aicc && !(contains_one && one->fitted && fit->aicc >= one->aicc);
}

static void average_models(const points *at, closo_transient *transient)
{
    double n = (double)at->count, widened = INFINITY, lowest = INFINITY, sum = 0, mean = 0;
    for (int m = 0; m < CLOSO_TRANSIENT_COUNT; m++) {
        const closo_transient_fit *fit = &transient->models[m];
        if (fit->fitted)
            widened = fmin(widened, fit->chi2 / (n - (double)fit->parameter_count));
    }
    transient->misfit = sqrt(widened);
    widened = fmax(widened, 1);
    for (int m = 0; m < CLOSO_TRANSIENT_COUNT; m++) {
        closo_transient_fit *fit = &transient->models[m];
        double p = (double)fit->parameter_count;
        if (!fit->fitted)
            continue;
        fit->steady_A.sigma *= sqrt(widened);
        fit->aicc = fit->chi2 / widened + 2 * p + 2 * p * (p + 1) / (n - p - 1);
        if (fit->aicc < lowest) {
            lowest = fit->aicc;
            transient->best = (closo_transient_model)m;
        }
    }
    for (int m = 0; m < CLOSO_TRANSIENT_COUNT; m++) {
        closo_transient_fit *fit = &transient->models[m];
        fit->weight = has_say(transient, m) ? exp(-0.5 * (fit->aicc - lowest)) : 0;
        sum += fit->weight;
        mean += fit->fitted ? fit->weight * fit->steady_A.value : 0;
    }
    mean /= sum;
    double variance = 0;
    for (int m = 0; m < CLOSO_TRANSIENT_COUNT; m++) {
        closo_transient_fit *fit = &transient->models[m];
        fit->weight /= sum;
        fit->aicc -= lowest;
        if (!fit->fitted)
            continue;
        double off = fit->steady_A.value - mean;
        variance += fit->weight * (fit->steady_A.sigma * fit->steady_A.sigma + off * off);
    }
    transient->steady_A = (closo_value){mean, sqrt(variance)};
}

double closo_transient_value(const closo_transient *transient, double time_s)
{
    const closo_transient_fit *fit = &transient->models[transient->best];
    if (!fit->fitted || !(time_s > 0))
        return NAN;
    double value_A = fit->steady_A.value;
    for (size_t k = 0; k < laws[transient->best].decays; k++)
        value_A += fit->amplitude_A[k] *
                   decay(&laws[transient->best], k, fit->shape, time_s, transient->to_s);
    return value_A;
}

/* ---- what the last rows say by themselves ---- */

static size_t first_after(const double *time_s, size_t count, double from_s)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (time_s[middle] < from_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void measure_end(const double *time_s, const double *current_A, size_t count,
                        const noise *row, closo_transient *transient)
{
    double to_s = time_s[count - 1];
    size_t first = first_after(time_s, count, (1 - last_share) * to_s);
    first = first + 3 > count ? count - 3 : first;
    double sum_A = 0;
    for (size_t i = first; i < count; i++)
        sum_A += current_A[i] - current_A[count - 1];
    double n = (double)(count - first);
    transient->last_A = (closo_value){current_A[count - 1] + sum_A / n,
                                      row->sigma_A * sqrt(mean_variance(n, row->correlation))};
    transient->drift_A_per_s = (closo_value){NAN, NAN};
    first = first_after(time_s, count, to_s * 2 / 3);
    closo_line line;
    if (count - first >= 4 && closo_line_fit(time_s + first, current_A + first, NULL, count - first,
                                             &line, NULL) == CLOSO_OK)
        transient->drift_A_per_s = (closo_value){
            line.slope, line.slope_sigma * sqrt((1 + row->correlation) / (1 - row->correlation))};
}

static double normal_density(double x)
{
    return exp(-0.5 * x * x) / sqrt(2 * acos(-1));
}

static double normal_below(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

/* A current that decays has a steady value between zero and what it last was: a wide answer is cut to that (mean and sigma
 * of the normal distribution between the bounds, each widened by the sigma of the last current). */
static void keep_physical(closo_transient *transient)
{
    double last_A = transient->last_A.value, drift = transient->drift_A_per_s.value;
    double mean = transient->steady_A.value, sigma = transient->steady_A.sigma;
    bool decays = drift * last_A < 0 && fabs(drift) > 3 * transient->drift_A_per_s.sigma;
    if (!decays || !(sigma > 0))
        return;
    double low = (fmin(0, last_A) - transient->last_A.sigma - mean) / sigma;
    double high = (fmax(0, last_A) + transient->last_A.sigma - mean) / sigma;
    double inside_share = normal_below(high) - normal_below(low);
    if (inside_share > 0.999)
        return;
    if (inside_share < 1e-6) { /* far outside: all that is known are the bounds */
        transient->steady_A = (closo_value){0.5 * last_A, fabs(last_A) / sqrt(12)};
        return;
    }
    double shift = (normal_density(low) - normal_density(high)) / inside_share;
    double narrowed = 1 + (low * normal_density(low) - high * normal_density(high)) / inside_share -
                      shift * shift;
    transient->steady_A = (closo_value){mean + sigma * shift, sigma * sqrt(fmax(narrowed, 0))};
}

static closo_status check_rows(const double *time_s, const double *current_A, size_t count,
                               closo_error *error)
{
    if (count < LEAST_ROWS)
        return closo_fail(error, CLOSO_RANGE,
                          "a steady current wants at least %d rows at one voltage, there %s %zu",
                          LEAST_ROWS, count == 1 ? "is" : "are", count);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(time_s[i]) || !isfinite(current_A[i]))
            return closo_fail(error, CLOSO_RANGE, "row %zu has no time or no current", i + 1);
        if (time_s[i] < 0 || (i > 0 && !(time_s[i] > time_s[i - 1])))
            return closo_fail(error, CLOSO_RANGE,
                              "the time of row %zu is not after that of the row before, or before "
                              "the step of voltage",
                              i + 1);
    }
    return CLOSO_OK;
}

closo_status closo_transient_from_points(const double *time_s, const double *current_A,
                                         size_t count, double skip_s, closo_transient *transient,
                                         closo_error *error)
{
    *transient = (closo_transient){0};
    closo_status status = check_rows(time_s, current_A, count, error);
    if (status != CLOSO_OK)
        return status;
    double to_s = time_s[count - 1];
    const double skipped_s = skip_s > 0 ? skip_s : skipped_share * to_s;
    size_t first = first_after(time_s, count, skipped_s);
    if (count - first < LEAST_ROWS)
        return closo_fail(error, CLOSO_RANGE,
                          "it lasts %.4g h, of which %.4g h are skipped: %zu rows are left, and %d "
                          "are wanted",
                          to_s / 3600, skipped_s / 3600, count - first, LEAST_ROWS);
    noise row = find_noise(time_s + first, current_A + first, count - first);
    transient->noise_A = row.sigma_A;
    transient->correlation = row.correlation;
    /* Rows without noise (a simulation): any small number gives all of them the same weight. */
    if (!(row.sigma_A > 0))
        row.sigma_A = fmax(1e-9 * fabs(current_A[count - 1]), 1e-300);
    points at;
    columns in;
    make_points(&at, time_s + first, current_A + first, count - first, &row);
    for (size_t i = 0; i < at.count; i++)
        in.one[i] = 1;
    for (size_t m = 0; m < CLOSO_TRANSIENT_COUNT; m++)
        fit_law(&at, &laws[m], &in, &transient->models[m]);
    transient->point_count = at.count;
    transient->from_s = at.from_s;
    transient->to_s = at.to_s;
    if (!transient->models[CLOSO_TRANSIENT_CONSTANT].fitted)
        return closo_fail(error, CLOSO_NOCONVERGE, "no law could be fitted to the current");
    average_models(&at, transient);
    measure_end(time_s, current_A, count, &row, transient);
    keep_physical(transient);
    double left_A = fabs(transient->last_A.value - transient->steady_A.value);
    transient->settled =
        left_A + transient->steady_A.sigma <= fmax(settled_share * fabs(transient->last_A.value),
                                                   settled_sigmas * transient->last_A.sigma);
    return CLOSO_OK;
}
