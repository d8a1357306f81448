/* SPDX-License-Identifier: BSD-3-Clause */
/* relaxation.c: spin-lattice relaxation rates against temperature, at one or several Larmor frequencies. */
#include "transport_internal.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

enum { PARAMETERS = 4, STARTS = 4, LEAST_POINTS = 5, LEAST_TEMPERATURES = 4 };

const char *closo_spectral_density_name(closo_spectral_density density)
{
    static const char *const names[] = {"bpp", "cole-davidson"};
    return density < CLOSO_DENSITY_COUNT ? names[density] : "";
}

/* J(w), and its logarithmic derivatives with respect to tau and the exponent, times J. */
typedef struct density_at {
    double value, by_ln_tau, by_exponent;
} density_at;

static density_at density_of(double angular_Hz, double tau_s, double exponent)
{
    double turn = angular_Hz * tau_s, angle = atan(turn), square = 1 + turn * turn;
    double size = pow(square, -exponent / 2) / angular_Hz;
    double sine = sin(exponent * angle), cosine = cos(exponent * angle);
    return (density_at){size * sine,
                        size * exponent * (cosine * turn - sine * turn * turn) / square,
                        size * (cosine * angle - sine * log(square) / 2)};
}

static density_at rate_of(double larmor_Hz, double tau_s, double exponent)
{
    density_at one = density_of(2 * pi * larmor_Hz, tau_s, exponent),
               two = density_of(4 * pi * larmor_Hz, tau_s, exponent);
    return (density_at){one.value + 4 * two.value, one.by_ln_tau + 4 * two.by_ln_tau,
                        one.by_exponent + 4 * two.by_exponent};
}

double closo_relaxation_rate(closo_spectral_density density, double larmor_Hz,
                             double correlation_time_s, double exponent)
{
    return rate_of(larmor_Hz, correlation_time_s, density == CLOSO_DENSITY_BPP ? 1 : exponent)
        .value;
}

/* ---- the fit: z = ln C, ln tau at the middle of 1/T, E, logit of the exponent ---- */

typedef struct job {
    const closo_relaxation_data *data;
    const double *x, *y, *root_weight; /* 1 / kT, ln R1 */
    double middle;                     /* of x: where ln tau is taken */
    bool spread;                       /* Cole and Davidson */
} job;

static double exponent_of(const job *work, const double *z)
{
    return work->spread ? 1 / (1 + exp(-z[3])) : 1;
}

static bool residuals(void *user, const double *z, double *residual, double *jacobian)
{
    const job *work = user;
    size_t n = work->data->count;
    double exponent = exponent_of(work, z);
    for (size_t i = 0; i < n; i++) {
        double away = work->x[i] - work->middle, root = work->root_weight[i];
        density_at rate = rate_of(work->data->larmor_Hz[i], exp(z[1] + z[2] * away), exponent);
        residual[i] = root * (z[0] + log(rate.value) - work->y[i]);
        if (jacobian == NULL)
            continue;
        double by_ln_tau = root * rate.by_ln_tau / rate.value;
        jacobian[i] = root;
        jacobian[n + i] = by_ln_tau;
        jacobian[2 * n + i] = by_ln_tau * away;
        if (work->spread)
            jacobian[3 * n + i] = root * rate.by_exponent / rate.value * exponent * (1 - exponent);
    }
    return true;
}

/* The weighted sum of squares with the best ln C, which is put into z[0]. */
static double sum_with_best_coupling(const job *work, double *z)
{
    double sum = 0, weights = 0, squares = 0, exponent = exponent_of(work, z);
    for (size_t i = 0; i < work->data->count; i++) {
        double tau_s = exp(z[1] + z[2] * (work->x[i] - work->middle));
        double off = work->y[i] - log(rate_of(work->data->larmor_Hz[i], tau_s, exponent).value);
        double weight = work->root_weight[i] * work->root_weight[i];
        sum += weight * off;
        squares += weight * off * off;
        weights += weight;
    }
    z[0] = sum / weights;
    return squares - sum * sum / weights;
}

/* The best few points of a grid over everything a solid does. */
static void find_starts(const job *work, double starts[STARTS][PARAMETERS])
{
    double lowest[STARTS];
    double angular_Hz = 2 * pi * work->data->larmor_Hz[0];
    for (int s = 0; s < STARTS; s++)
        lowest[s] = INFINITY;
    for (int e = 0; e < 12; e++)
        for (int t = -12; t <= 12; t++)
            for (int b = 0; b < (work->spread ? 3 : 1); b++) {
                double z[PARAMETERS] = {0, t - log(angular_Hz), 0.03 * exp(0.33 * e), 1.5 * b - 1};
                double sum = sum_with_best_coupling(work, z);
                int at = STARTS;
                while (at > 0 && sum < lowest[at - 1])
                    at--;
                for (int s = STARTS - 1; s > at; s--) {
                    lowest[s] = lowest[s - 1];
                    for (int k = 0; k < PARAMETERS; k++)
                        starts[s][k] = starts[s - 1][k];
                }
                if (at == STARTS)
                    continue;
                lowest[at] = sum;
                for (int k = 0; k < PARAMETERS; k++)
                    starts[at][k] = z[k];
            }
}

static double root_of(double value)
{
    double nothing = NAN;
    return value >= 0 ? sqrt(value) : nothing;
}

/* From the solver's parameters to those of the field, with their sigmas. */
static void take_result(const job *work, const double *z, closo_least_squares *solver,
                        bool weighted, closo_relaxation_fit *fit,
                        double cover[PARAMETERS * PARAMETERS])
{
    size_t p = work->spread ? 4 : 3;
    const double nothing = NAN;
    double variance = weighted ? fmax(solver->variance, 1) : solver->variance;
    if (closo_least_squares_covariance(solver, variance, cover, NULL) != CLOSO_OK)
        for (size_t i = 0; i < p * p; i++)
            cover[i] = nothing;
    double exponent = exponent_of(work, z), middle = work->middle;
    double tau0_variance =
        cover[p + 1] - 2 * middle * cover[p + 2] + middle * middle * cover[2 * p + 2];
    fit->fitted = true;
    fit->ln_coupling = (closo_value){z[0], root_of(cover[0])};
    fit->ln_tau0 = (closo_value){z[1] - z[2] * middle, root_of(tau0_variance)};
    fit->energy_eV = (closo_value){z[2], root_of(cover[2 * p + 2])};
    fit->exponent = (closo_value){exponent, 0};
    if (work->spread)
        fit->exponent.sigma = exponent * (1 - exponent) * root_of(cover[3 * p + 3]);
    double n = (double)work->data->count, squares = 0;
    for (size_t i = 0; i < work->data->count; i++) {
        double off = solver->residuals[i] / work->root_weight[i];
        squares += off * off;
    }
    fit->chi2 = solver->sum_of_squares;
    fit->residual_rms = sqrt(squares / n);
    fit->bic = n * log(fmax(fit->chi2, 1e-300) / n) + (double)p * log(n);
}

static closo_status fit_one(job *work, closo_spectral_density density, bool weighted, double at_x,
                            closo_least_squares *solver, closo_relaxation_fit *fit,
                            closo_value *jump_rate, closo_error *error)
{
    double starts[STARTS][PARAMETERS], best[PARAMETERS] = {0}, lowest = INFINITY;
    work->spread = density == CLOSO_DENSITY_COLE_DAVIDSON;
    size_t p = work->spread ? 4 : 3;
    const closo_least_squares_problem problem = {work->data->count, p, residuals, work};
    find_starts(work, starts);
    for (int s = 0; s <= STARTS; s++) {
        /* the last time from the best, so that the solver holds its Jacobian */
        double *z = s < STARTS ? starts[s] : best;
        if (s == STARTS && !isfinite(lowest))
            return closo_fail(error, CLOSO_NOCONVERGE,
                              "no correlation time explains these relaxation rates");
        closo_status status = closo_least_squares_fit(solver, &problem, NULL, z, NULL);
        if ((status != CLOSO_OK && status != CLOSO_NOCONVERGE) || s == STARTS ||
            !(solver->sum_of_squares < lowest))
            continue;
        lowest = solver->sum_of_squares;
        for (size_t k = 0; k < p; k++)
            best[k] = z[k];
    }
    double cover[PARAMETERS * PARAMETERS];
    *fit = (closo_relaxation_fit){.density = density};
    take_result(work, best, solver, weighted, fit, cover);
    double away = at_x - work->middle;
    *jump_rate =
        (closo_value){-(best[1] + best[2] * away), root_of(cover[p + 1] + 2 * away * cover[p + 2] +
                                                           away * away * cover[2 * p + 2])};
    return CLOSO_OK;
}

double closo_relaxation_predict(const closo_relaxation_fit *fit, double temperature_K,
                                double larmor_Hz)
{
    double tau_s =
        exp(fit->ln_tau0.value + fit->energy_eV.value / (CLOSO_BOLTZMANN_eV_per_K * temperature_K));
    return fit->ln_coupling.value + log(rate_of(larmor_Hz, tau_s, fit->exponent.value).value);
}

/* ---- data and warnings ---- */

static closo_status check(const closo_relaxation_data *data, closo_error *error)
{
    size_t temperatures = 0;
    for (size_t i = 0; i < data->count; i++) {
        double T_K = data->temperature_K[i], rate = data->rate_per_s[i], f = data->larmor_Hz[i];
        double sigma = data->rate_sigma_per_s != NULL ? data->rate_sigma_per_s[i] : 1;
        if (!(T_K > 0) || !(rate > 0) || !(f > 0) || !(sigma > 0) ||
            !isfinite(T_K * rate * f * sigma))
            return closo_fail(error, CLOSO_RANGE,
                              "point %zu: temperature (%g K), rate (%g 1/s), frequency (%g Hz) and "
                              "uncertainty have to be larger than zero; take the point out",
                              i + 1, T_K, rate, f);
        bool seen = false;
        for (size_t k = 0; k < i && temperatures < LEAST_TEMPERATURES && !seen; k++)
            seen = data->temperature_K[k] == T_K;
        temperatures += !seen;
    }
    if (data->count < LEAST_POINTS || temperatures < LEAST_TEMPERATURES)
        return closo_fail(error, CLOSO_RANGE,
                          "relaxation wants %d points at %d temperatures or more, there are %zu",
                          LEAST_POINTS, LEAST_TEMPERATURES, data->count);
    return CLOSO_OK;
}

/* w tau of the largest rate: 0.6158 for BPP; 1.13, 1.75, 2.50 for Cole and Davidson's b = 0.5, 0.3, 0.2. */
static double turn_at_maximum(double exponent)
{
    double low = log(1e-3), high = log(1e6);
    for (int step = 0; step < 60; step++) {
        double middle = (low + high) / 2;
        if (rate_of(1 / (2 * pi), exp(middle), exponent).by_ln_tau > 0)
            low = middle;
        else
            high = middle;
    }
    return exp((low + high) / 2);
}

/* Inside when tau passes the maximum of the fitted density between the points, by a factor of two on each side. */
static bool sees_maximum(const closo_relaxation_data *data, const closo_relaxation_fit *fit)
{
    bool slow = false, fast = false;
    const double top = turn_at_maximum(fit->exponent.value);
    for (size_t i = 0; i < data->count; i++) {
        double tau_s = exp(fit->ln_tau0.value + fit->energy_eV.value / (CLOSO_BOLTZMANN_eV_per_K *
                                                                        data->temperature_K[i]));
        double turn = 2 * pi * data->larmor_Hz[i] * tau_s;
        slow = slow || turn > 2 * top;
        fast = fast || turn < 0.5 * top;
    }
    return slow && fast;
}

static void warn(closo_relaxation_result *result, const closo_relaxation_data *data,
                 closo_arena *arena)
{
    const closo_relaxation_fit *fit = &result->fits[result->chosen],
                               *other = &result->fits[1 - (int)result->chosen];
    result->maximum_seen = sees_maximum(data, fit);
    if (!result->maximum_seen)
        closo_notes_add(&result->warnings, arena,
                        "the rate passes no maximum between these temperatures: one flank gives "
                        "its slope, but no correlation time; measure hotter or colder, or at "
                        "another frequency");
    if (result->chosen == CLOSO_DENSITY_COLE_DAVIDSON && fit->exponent.value < 0.3)
        closo_notes_add(&result->warnings, arena,
                        "an exponent of %.2f is a very wide spread of correlation times: several "
                        "kinds of jumps may overlap",
                        fit->exponent.value);
    if (other->fitted && fabs(other->bic - fit->bic) < 2)
        closo_notes_add(&result->warnings, arena,
                        "these points cannot tell bpp from cole-davidson (BIC %+.1f)",
                        other->bic - fit->bic);
    if (fit->residual_rms > 0.15)
        closo_notes_add(&result->warnings, arena,
                        "the rates lie %.0f %% off the curve: more than one motion, or a phase "
                        "transition between the points",
                        100 * fit->residual_rms);
    double tau0_s = exp(fit->ln_tau0.value);
    if (result->maximum_seen && (tau0_s < 1e-16 || tau0_s > 1e-11))
        closo_notes_add(&result->warnings, arena,
                        "tau0 = %.1e s is not the period of a lattice vibration (1e-14 to 1e-12 s)",
                        tau0_s);
}

closo_status closo_relaxation_fit_data(const closo_relaxation_data *data, double at_K,
                                       closo_arena *arena, closo_relaxation_result *result,
                                       closo_error *error)
{
    *result = (closo_relaxation_result){.at_K = at_K > 0 ? at_K : 298.15};
    closo_status status = check(data, error);
    if (status != CLOSO_OK)
        return status;
    size_t n = data->count;
    bool weighted = data->rate_sigma_per_s != NULL;
    double *numbers = closo_arena_alloc(arena, 3 * n, sizeof *numbers);
    closo_least_squares *solver = closo_least_squares_new(n, PARAMETERS, arena);
    if (numbers == NULL || solver == NULL)
        return closo_fail_nomem(error);
    job work = {data, numbers, numbers + n, numbers + 2 * n, 0, false};
    for (size_t i = 0; i < n; i++) {
        numbers[i] = 1 / (CLOSO_BOLTZMANN_eV_per_K * data->temperature_K[i]);
        numbers[n + i] = log(data->rate_per_s[i]);
        numbers[2 * n + i] = weighted ? data->rate_per_s[i] / data->rate_sigma_per_s[i] : 1;
        work.middle += numbers[i] / (double)n;
    }
    closo_value jump_rate[CLOSO_DENSITY_COUNT];
    double at_x = 1 / (CLOSO_BOLTZMANN_eV_per_K * result->at_K);
    for (int d = 0; d < CLOSO_DENSITY_COUNT; d++) {
        status = fit_one(&work, (closo_spectral_density)d, weighted, at_x, solver, &result->fits[d],
                         &jump_rate[d], error);
        if (status != CLOSO_OK)
            return status;
    }
    result->chosen =
        result->fits[CLOSO_DENSITY_COLE_DAVIDSON].bic < result->fits[CLOSO_DENSITY_BPP].bic
            ? CLOSO_DENSITY_COLE_DAVIDSON
            : CLOSO_DENSITY_BPP;
    result->ln_jump_rate = jump_rate[result->chosen];
    warn(result, data, arena);
    return CLOSO_OK;
}
