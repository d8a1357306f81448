/* SPDX-License-Identifier: BSD-3-Clause */
/* drt_shapes.c: resistance and time constant of each peak with their uncertainty.
 *
 * Regularisation widens peaks and lets neighbours run into each other, so that the area between two minima is off by more
 * than its noise. Each peak within the frequencies is therefore given the shape of a depressed arc,
 *     Z_k = R / (1 + (j omega tau)^n),  gamma = R/(2 pi) sin((1 - n) pi) / (cosh(n ln(t/tau)) - cos((1 - n) pi))
 * (Fuoss, Kirkwood, J. Am. Chem. Soc. 63 (1941) 385, doi:10.1021/ja01847a013), and all arcs are fitted to the impedance
 * itself together with R, L, a tail A/(j omega)^m where there is one, and what of the distribution lies beyond the high end.
 * When they describe the data as well as the distribution does, their values and covariance are those of the peaks. */
#include "impedance/drt_internal.h"

#include "closo/numeric.h"
#include "numeric/dense_internal.h"

#include <complex.h>
#include <math.h>
#include <string.h>

enum {
    ARC_PARAMETERS = 3,
    ARCS_MOST = 8,
    PARAMETERS_MOST = 2 + 2 + 1 + ARC_PARAMETERS * ARCS_MOST
};

/* Parameters: [R/scale], [L/unit], [ln A, m], [factor of the high part], then ln R, ln tau, n of each arc. A part of the
 * impedance that is not fitted has no weight, and what it alone sees is no parameter. */
typedef struct shapes {
    const drt_system *system;
    size_t arcs, first_arc, parameters;
    bool tail, high;
    bool resistance, inductance;
    double real_weight, imaginary_weight; /* 1 or 0 */
    double residual_count;
    double unit[2];          /* of resistance and inductance */
    const double *high_part; /* rows */
    const double *ln_omega;
} shapes;

/* Puts a complex value at point i into a vector of rows. */
static inline void put(const shapes *fit, double *vector, size_t i, double complex value)
{
    const kk_data *data = &fit->system->data;
    vector[i] = creal(value) * data->scale[i] * fit->real_weight;
    vector[data->half + i] = cimag(value) * data->scale[i] * fit->imaginary_weight;
}

static inline void add(const shapes *fit, double *vector, size_t i, double complex value)
{
    const kk_data *data = &fit->system->data;
    vector[i] += creal(value) * data->scale[i] * fit->real_weight;
    vector[data->half + i] += cimag(value) * data->scale[i] * fit->imaginary_weight;
}

static void add_arc(const shapes *fit, const double *x, double *residuals, double *jacobian)
{
    const kk_data *data = &fit->system->data;
    double resistance_ohm = exp(x[0]), quarter = CLOSO_TWO_PI / 4;
    double turn_re = cos(x[2] * quarter), turn_im = sin(x[2] * quarter);
    for (size_t i = 0; i < data->count; i++) {
        double ln = fit->ln_omega[i] + x[1], modulus = exp(x[2] * ln);
        double complex power = CMPLX(modulus * turn_re, modulus * turn_im);
        /* 1/(1 + power) by hand: complex division in C guards against overflow that cannot come here. */
        double re = 1 + creal(power), im = cimag(power), square = re * re + im * im;
        double complex inverse = CMPLX(re / square, -im / square);
        double complex arc = resistance_ohm * inverse, slope = -arc * power * inverse;
        add(fit, residuals, i, arc);
        if (jacobian == NULL)
            continue;
        put(fit, jacobian, i, arc);
        put(fit, jacobian + data->rows, i, slope * x[2]);
        put(fit, jacobian + 2 * data->rows, i, slope * CMPLX(ln, quarter));
    }
}

static void add_tail(const shapes *fit, const double *x, double *residuals, double *jacobian)
{
    const kk_data *data = &fit->system->data;
    double quarter = CLOSO_TWO_PI / 4, re = cos(x[1] * quarter), im = -sin(x[1] * quarter);
    for (size_t i = 0; i < data->count; i++) {
        double ln = fit->ln_omega[i], modulus = exp(x[0] - x[1] * ln);
        double complex tail = CMPLX(modulus * re, modulus * im);
        add(fit, residuals, i, tail);
        if (jacobian == NULL)
            continue;
        put(fit, jacobian, i, tail);
        put(fit, jacobian + data->rows, i, -tail * CMPLX(ln, quarter));
    }
}

static bool evaluate(void *user, const double *x, double *residuals, double *jacobian)
{
    const shapes *fit = user;
    const kk_data *data = &fit->system->data;
    size_t rows = data->rows, half = data->half, at = 0;
    if (jacobian != NULL)
        memset(jacobian, 0, fit->parameters * rows * sizeof *jacobian);
    for (size_t i = 0; i < half; i++) {
        residuals[i] = -data->y[i] * fit->real_weight;
        residuals[half + i] = -data->y[half + i] * fit->imaginary_weight;
    }
    if (fit->resistance) {
        for (size_t i = 0; i < data->count; i++)
            residuals[i] += x[at] * fit->unit[0] * data->scale[i];
        for (size_t i = 0; jacobian != NULL && i < data->count; i++)
            jacobian[at * rows + i] = fit->unit[0] * data->scale[i];
        at++;
    }
    if (fit->inductance) {
        for (size_t i = 0; i < data->count; i++)
            residuals[half + i] += x[at] * fit->unit[1] * data->omega[i] * data->scale[i];
        for (size_t i = 0; jacobian != NULL && i < data->count; i++)
            jacobian[at * rows + half + i] = fit->unit[1] * data->omega[i] * data->scale[i];
        at++;
    }
    if (fit->tail) {
        if (x[at + 1] < 0.2 || x[at + 1] > 1.1)
            residuals[0] = NAN;
        add_tail(fit, x + at, residuals, jacobian != NULL ? jacobian + at * rows : NULL);
        at += 2;
    }
    if (fit->high) {
        closo_add_scaled(residuals, x[at], fit->high_part, rows);
        if (jacobian != NULL)
            memcpy(jacobian + at * rows, fit->high_part, rows * sizeof *jacobian);
        at++;
    }
    for (size_t k = 0; k < fit->arcs; k++, at += ARC_PARAMETERS) {
        if (x[at + 2] < 0.25 || x[at + 2] > 1.15)
            residuals[0] = NAN;
        add_arc(fit, x + at, residuals, jacobian != NULL ? jacobian + at * rows : NULL);
    }
    return true;
}

/* Half width of a peak at half height, as the exponent that an arc of this shape has. */
static double first_exponent(const drt_system *system, const closo_drt *drt,
                             const closo_drt_peak *peak)
{
    size_t at = 0;
    while (at + 1 < system->grid && system->tau_s[at] < peak->tau_s.value)
        at++;
    size_t low = at, high = at;
    double half = drt->gamma_ohm[at] / 2;
    while (low > 0 && drt->gamma_ohm[low] > half)
        low--;
    while (high + 1 < system->grid && drt->gamma_ohm[high] > half)
        high++;
    double width = (double)(high - low) * system->step;
    return width > 4 ? 0.65 : width > 2 ? 0.8 : 0.9;
}

/* What of the distribution belongs to peaks before the first frequency, as a column. */
static double *high_column(const drt_system *system, const double *x, const closo_drt *drt,
                           closo_arena *arena)
{
    size_t rows = system->data.rows;
    const drt_window fitted = closo_drt_window(system, drt->part);
    double *column = closo_arena_alloc(arena, rows, sizeof *column);
    double until_s = 0;
    for (size_t p = 0; p < drt->peak_count; p++)
        if (drt->peaks[p].outside && drt->peaks[p].tau_s.value * system->data.omega[0] < 1)
            until_s = drt->peaks[p].to_s;
    for (size_t k = 0; k < system->grid && column != NULL && system->tau_s[k] <= until_s; k++)
        closo_add_scaled(column + fitted.first, x[k], system->columns + k * rows + fitted.first,
                         fitted.length);
    return column;
}

/* Starts of all parameters; false when there is nothing to fit. */
static bool start(const closo_spectrum *spectrum, const closo_drt *drt, const size_t *peak_of,
                  shapes *fit, double *x)
{
    const drt_system *system = fit->system;
    size_t last = spectrum->count - 1, at = 0;
    double omega = system->data.omega[last];
    double modulus = hypot(spectrum->real_ohm[last], spectrum->imaginary_ohm[last]);
    fit->unit[0] = hypot(spectrum->real_ohm[0], spectrum->imaginary_ohm[0]);
    fit->unit[1] = fit->unit[0] / system->data.omega[0];
    if (fit->resistance)
        x[at++] = drt->resistance_ohm / fit->unit[0];
    if (fit->inductance)
        x[at++] = drt->inductance_H / fit->unit[1];
    double tail_ohm = isfinite(drt->capacitance_F) ? 1 / (omega * drt->capacitance_F) : 0;
    for (size_t p = 0; p < drt->peak_count; p++) {
        if (drt->peaks[p].outside && drt->peaks[p].tau_s.value * omega > 1) {
            double reach = drt->peaks[p].tau_s.value * omega;
            tail_ohm += drt->peaks[p].area_ohm * reach / (1 + reach * reach);
        } else if (drt->peaks[p].outside) {
            fit->high = true;
        }
    }
    fit->tail = tail_ohm > 3 * drt->noise * modulus;
    if (fit->tail) {
        x[at + 1] = 0.85;
        x[at] = log(tail_ohm) + x[at + 1] * log(omega);
        at += 2;
    }
    if (fit->high)
        x[at++] = 1;
    fit->first_arc = at;
    for (size_t k = 0; k < fit->arcs; k++, at += ARC_PARAMETERS) {
        const closo_drt_peak *peak = &drt->peaks[peak_of[k]];
        x[at] = log(peak->area_ohm);
        x[at + 1] = log(peak->tau_s.value);
        x[at + 2] = first_exponent(system, drt, peak);
    }
    fit->parameters = at;
    return fit->arcs != 0 && fit->residual_count > (double)at + 6;
}

/* True when the arcs still stand where their peaks did, in the same order. */
static bool stayed(const shapes *fit, const closo_drt *drt, const double *x, const size_t *peak_of)
{
    double before = -INFINITY;
    for (size_t k = 0; k < fit->arcs; k++) {
        double ln_tau = x[fit->first_arc + ARC_PARAMETERS * k + 1];
        if (!(ln_tau > before) || fabs(ln_tau - log(drt->peaks[peak_of[k]].tau_s.value)) > 2)
            return false;
        before = ln_tau;
    }
    return true;
}

/* The arcs' values become those of their peaks. */
static void take_over(const shapes *fit, const double *x, const double *covariance,
                      const size_t *peak_of, closo_drt *drt)
{
    for (size_t k = 0; k < fit->arcs; k++) {
        closo_drt_peak *peak = &drt->peaks[peak_of[k]];
        size_t at = fit->first_arc + ARC_PARAMETERS * k;
        double sigma[ARC_PARAMETERS];
        for (size_t j = 0; j < ARC_PARAMETERS; j++)
            sigma[j] = sqrt(covariance[(at + j) * fit->parameters + at + j]);
        peak->resistance_ohm = (closo_value){exp(x[at]), exp(x[at]) * sigma[0]};
        peak->tau_s = (closo_value){exp(x[at + 1]), exp(x[at + 1]) * sigma[1]};
        peak->exponent = (closo_value){x[at + 2], sigma[2]};
        peak->capacitance_F = peak->tau_s.value / peak->resistance_ohm.value;
        peak->fitted = true;
    }
}

/* Of made-up data without noise: less says nothing. */
static const double least_variance = 1e-14;

/* One choice of peaks, fitted. */
typedef struct attempt {
    shapes fit;
    size_t peak_of[ARCS_MOST];
    double x[PARAMETERS_MOST], covariance[PARAMETERS_MOST * PARAMETERS_MOST];
    double squares, criterion; /* BIC */
    bool sound;
} attempt;

/* Fits the arcs, unless their criterion stays above `best`. One arc too few shows early: the sum is then far above that of
 * the noise, and the fit is not followed to its end. */
static void try_arcs(const closo_spectrum *spectrum, const closo_drt *drt,
                     closo_least_squares *solver, double best, attempt *made)
{
    static const struct {
        size_t iterations;
        double hopeless; /* times what the noise would leave */
    } stages[] = {{5, 30}, {7, 4}, {28, 0}};
    shapes *fit = &made->fit;
    double residuals = fit->residual_count;
    made->criterion = INFINITY;
    made->sound = false;
    if (!start(spectrum, drt, made->peak_of, fit, made->x))
        return;
    const closo_least_squares_problem problem = {fit->system->data.rows, fit->parameters, evaluate,
                                                 fit};
    closo_status status = CLOSO_NOCONVERGE;
    for (size_t k = 0; k < sizeof stages / sizeof *stages && status == CLOSO_NOCONVERGE; k++) {
        const closo_least_squares_options limits = {.max_iterations = stages[k].iterations,
                                                    .tolerance = 1e-3,
                                                    .enough = residuals * least_variance};
        status = closo_least_squares_fit(solver, &problem, &limits, made->x, NULL);
        if (solver->sum_of_squares > stages[k].hopeless * residuals * drt->noise * drt->noise)
            break;
    }
    if (status != CLOSO_OK)
        return;
    made->squares = solver->sum_of_squares;
    double parameters = (double)fit->parameters;
    made->criterion =
        residuals * log(made->squares / residuals + least_variance) + parameters * log(residuals);
    double variance = made->squares / (residuals - parameters);
    if (!(made->criterion < best))
        return;
    made->sound =
        closo_least_squares_covariance(solver, variance, made->covariance, NULL) == CLOSO_OK &&
        stayed(fit, drt, made->x, made->peak_of);
}

/* Peaks within the frequencies into peak_of, those that carry most beside the impedance they stand on first. Returns how
 * many there are, also where that is more than ARCS_MOST. */
static size_t rank_peaks(const drt_system *system, const closo_drt *drt, size_t *peak_of)
{
    double weight[ARCS_MOST];
    size_t count = 0;
    for (size_t p = 0; p < drt->peak_count; p++) {
        const closo_drt_peak *peak = &drt->peaks[p];
        size_t at = 0;
        if (peak->outside || count++ >= ARCS_MOST)
            continue;
        while (at + 1 < system->grid && system->tau_s[at] < peak->tau_s.value)
            at++;
        double own = peak->area_ohm / system->scale_ohm[at];
        size_t place = count - 1;
        for (; place > 0 && weight[place - 1] < own; place--) {
            weight[place] = weight[place - 1];
            peak_of[place] = peak_of[place - 1];
        }
        weight[place] = own;
        peak_of[place] = p;
    }
    return count;
}

/* Takes one more peak, keeping them in the order of their time constants, which is that of their numbers. */
static void add_peak(attempt *to, size_t peak)
{
    size_t place = to->fit.arcs++;
    for (; place > 0 && to->peak_of[place - 1] > peak; place--)
        to->peak_of[place] = to->peak_of[place - 1];
    to->peak_of[place] = peak;
}

/* True when no arc more can lower the criterion: what is left is hardly more than the noise that the distribution, which
 * has room for all of them, leaves. */
static bool is_noise_left(const attempt *made, const closo_drt *drt, double residuals)
{
    double freedom = residuals - (double)made->fit.parameters - ARC_PARAMETERS;
    double reachable = drt->noise * drt->noise * freedom;
    return made->sound && made->squares < reachable * pow(residuals, ARC_PARAMETERS / residuals);
}

closo_status closo_drt_fit_shapes(const closo_spectrum *spectrum, const drt_system *system,
                                  const double *x, closo_arena *passing, closo_drt *drt,
                                  closo_error *error)
{
    attempt *now = closo_arena_alloc(passing, 1, sizeof *now);
    attempt *best = closo_arena_alloc(passing, 1, sizeof *best);
    size_t ranked[ARCS_MOST], inside = rank_peaks(system, drt, ranked);
    if (inside == 0 || inside > ARCS_MOST)
        return CLOSO_OK;
    closo_least_squares *solver = closo_least_squares_new(
        system->data.rows, PARAMETERS_MOST - ARC_PARAMETERS * (ARCS_MOST - inside), passing);
    double *high = high_column(system, x, drt, passing);
    double *ln_omega = closo_arena_alloc(passing, spectrum->count, sizeof *ln_omega);
    if (now == NULL || best == NULL || solver == NULL || high == NULL || ln_omega == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < spectrum->count; i++)
        ln_omega[i] = log(system->data.omega[i]);
    /* A distribution rings beside sharp peaks. Arcs come in by their size, until the data ask for no more. */
    double residuals = (double)closo_drt_window(system, drt->part).used;
    now->fit = (shapes){.system = system,
                        .high_part = high,
                        .ln_omega = ln_omega,
                        .residual_count = residuals,
                        .resistance = drt->part != CLOSO_DRT_IMAGINARY,
                        .inductance = drt->part != CLOSO_DRT_REAL,
                        .real_weight = drt->part != CLOSO_DRT_IMAGINARY,
                        .imaginary_weight = drt->part != CLOSO_DRT_REAL};
    best->criterion = INFINITY;
    for (size_t k = 0; k < inside; k++) {
        add_peak(now, ranked[k]);
        try_arcs(spectrum, drt, solver, best->criterion, now);
        if (now->sound && now->criterion < best->criterion)
            *best = *now;
        if (is_noise_left(now, drt, residuals))
            break;
    }
    if (!isfinite(best->criterion))
        return CLOSO_OK; /* the peaks keep the values of the distribution */
    double variance = best->squares / (residuals - (double)best->fit.parameters);
    drt->shape_residual_rms = sqrt(best->squares / residuals);
    drt->shapes_hold = sqrt(variance) < 1.15 * drt->noise + 1e-6;
    if (!drt->shapes_hold)
        return CLOSO_OK;
    take_over(&best->fit, best->x, best->covariance, best->peak_of, drt);
    drt->arc_sum_ohm = 0;
    for (size_t k = 0; k < best->fit.arcs; k++)
        drt->arc_sum_ohm += drt->peaks[best->peak_of[k]].resistance_ohm.value;
    for (size_t p = 0; p < drt->peak_count; p++)
        drt->peaks[p].needless = !drt->peaks[p].outside && !drt->peaks[p].fitted;
    return CLOSO_OK;
}
