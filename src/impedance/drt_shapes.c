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

/* Parameters: R/scale, L/unit, [ln A, m], [factor of the high part], then ln R, ln tau, n of each arc. */
typedef struct shapes {
    const drt_system *system;
    size_t arcs, first_arc, parameters;
    bool tail, high;
    double unit[2];          /* of resistance and inductance */
    const double *high_part; /* rows */
    const double *ln_omega;
} shapes;

/* Puts a complex value at point i into a vector of rows. */
static void put(const kk_data *data, double *vector, size_t i, double complex value)
{
    vector[i] = creal(value) * data->scale[i];
    vector[data->half + i] = cimag(value) * data->scale[i];
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
        residuals[i] += creal(arc) * data->scale[i];
        residuals[data->half + i] += cimag(arc) * data->scale[i];
        if (jacobian == NULL)
            continue;
        put(data, jacobian, i, arc);
        put(data, jacobian + data->rows, i, slope * x[2]);
        put(data, jacobian + 2 * data->rows, i, slope * CMPLX(ln, quarter));
    }
}

static void add_tail(const shapes *fit, const double *x, double *residuals, double *jacobian)
{
    const kk_data *data = &fit->system->data;
    double quarter = CLOSO_TWO_PI / 4, re = cos(x[1] * quarter), im = -sin(x[1] * quarter);
    for (size_t i = 0; i < data->count; i++) {
        double ln = fit->ln_omega[i], modulus = exp(x[0] - x[1] * ln);
        double complex tail = CMPLX(modulus * re, modulus * im);
        residuals[i] += creal(tail) * data->scale[i];
        residuals[data->half + i] += cimag(tail) * data->scale[i];
        if (jacobian == NULL)
            continue;
        put(data, jacobian, i, tail);
        put(data, jacobian + data->rows, i, -tail * CMPLX(ln, quarter));
    }
}

static bool evaluate(void *user, const double *x, double *residuals, double *jacobian)
{
    const shapes *fit = user;
    const kk_data *data = &fit->system->data;
    size_t rows = data->rows, at = 2;
    if (jacobian != NULL)
        memset(jacobian, 0, fit->parameters * rows * sizeof *jacobian);
    for (size_t i = 0; i < rows; i++)
        residuals[i] = -data->y[i];
    for (size_t i = 0; i < data->count; i++) {
        residuals[i] += x[0] * fit->unit[0] * data->scale[i];
        residuals[data->half + i] += x[1] * fit->unit[1] * data->omega[i] * data->scale[i];
        if (jacobian == NULL)
            continue;
        jacobian[i] = fit->unit[0] * data->scale[i];
        jacobian[rows + data->half + i] = fit->unit[1] * data->omega[i] * data->scale[i];
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
static double *high_column(const drt_system *system, const closo_drt *drt, closo_arena *arena)
{
    size_t rows = system->data.rows;
    double *column = closo_arena_alloc(arena, rows, sizeof *column);
    double until_s = 0;
    for (size_t p = 0; p < drt->peak_count; p++)
        if (drt->peaks[p].outside && drt->peaks[p].tau_s.value * system->data.omega[0] < 1)
            until_s = drt->peaks[p].to_s;
    for (size_t k = 0; k < system->grid && column != NULL && system->tau_s[k] <= until_s; k++)
        closo_add_scaled(column, drt->gamma_ohm[k] / system->scale_ohm[k],
                         system->columns + k * rows, rows);
    return column;
}

/* Starts of all parameters; false when there is nothing to fit. */
static bool start(const closo_spectrum *spectrum, const closo_drt *drt, const size_t *peak_of,
                  shapes *fit, double *x)
{
    const drt_system *system = fit->system;
    size_t last = spectrum->count - 1, at = 2;
    double omega = system->data.omega[last];
    double modulus = hypot(spectrum->real_ohm[last], spectrum->imaginary_ohm[last]);
    fit->unit[0] = hypot(spectrum->real_ohm[0], spectrum->imaginary_ohm[0]);
    fit->unit[1] = fit->unit[0] / system->data.omega[0];
    x[0] = drt->resistance_ohm / fit->unit[0];
    x[1] = drt->inductance_H / fit->unit[1];
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
    return fit->arcs != 0 && 2 * spectrum->count > at + 6;
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

/* One choice of peaks, fitted. */
typedef struct attempt {
    shapes fit;
    size_t peak_of[ARCS_MOST];
    double x[PARAMETERS_MOST], covariance[PARAMETERS_MOST * PARAMETERS_MOST];
    double squares, criterion; /* BIC */
    bool sound;
} attempt;

static void try_arcs(const closo_spectrum *spectrum, const closo_drt *drt,
                     closo_least_squares *solver, attempt *made)
{
    shapes *fit = &made->fit;
    const closo_least_squares_options limits = {.max_iterations = 40, .tolerance = 1e-3};
    double residuals = 2 * (double)spectrum->count;
    made->criterion = INFINITY;
    made->sound = false;
    if (!start(spectrum, drt, made->peak_of, fit, made->x))
        return;
    const closo_least_squares_problem problem = {fit->system->data.rows, fit->parameters, evaluate,
                                                 fit};
    if (closo_least_squares_fit(solver, &problem, &limits, made->x, NULL) != CLOSO_OK)
        return;
    made->squares = solver->sum_of_squares;
    double parameters = (double)fit->parameters;
    made->criterion =
        residuals * log(made->squares / residuals + 1e-14) + parameters * log(residuals);
    double variance = made->squares / (residuals - parameters);
    made->sound =
        closo_least_squares_covariance(solver, variance, made->covariance, NULL) == CLOSO_OK &&
        stayed(fit, drt, made->x, made->peak_of);
}

/* Takes out the peak that carries least beside the impedance it stands on. */
static void drop_least(const drt_system *system, const closo_drt *drt, attempt *from)
{
    size_t least = 0;
    double smallest = INFINITY;
    for (size_t k = 0; k < from->fit.arcs; k++) {
        const closo_drt_peak *peak = &drt->peaks[from->peak_of[k]];
        size_t at = 0;
        while (at + 1 < system->grid && system->tau_s[at] < peak->tau_s.value)
            at++;
        if (peak->area_ohm / system->scale_ohm[at] < smallest) {
            smallest = peak->area_ohm / system->scale_ohm[at];
            least = k;
        }
    }
    from->fit.arcs--;
    for (size_t k = least; k < from->fit.arcs; k++)
        from->peak_of[k] = from->peak_of[k + 1];
}

closo_status closo_drt_fit_shapes(const closo_spectrum *spectrum, const drt_system *system,
                                  closo_arena *arena, closo_drt *drt, closo_error *error)
{
    attempt *now = closo_arena_alloc(arena, 1, sizeof *now);
    attempt *best = closo_arena_alloc(arena, 1, sizeof *best);
    closo_least_squares *solver =
        closo_least_squares_new(system->data.rows, PARAMETERS_MOST, arena);
    double *high = high_column(system, drt, arena);
    double *ln_omega = closo_arena_alloc(arena, spectrum->count, sizeof *ln_omega);
    drt->shape_residual_rms = NAN;
    drt->arc_sum_ohm = NAN;
    if (now == NULL || best == NULL || solver == NULL || high == NULL || ln_omega == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < spectrum->count; i++)
        ln_omega[i] = log(system->data.omega[i]);
    now->fit = (shapes){.system = system, .high_part = high, .ln_omega = ln_omega};
    size_t inside = 0;
    for (size_t p = 0; p < drt->peak_count; p++) {
        if (drt->peaks[p].outside)
            continue;
        inside++;
        if (now->fit.arcs < ARCS_MOST)
            now->peak_of[now->fit.arcs++] = p;
    }
    /* A distribution rings beside sharp peaks: peaks that the data do not ask for are left out, one after the other. */
    best->criterion = INFINITY;
    for (; now->fit.arcs != 0 && inside <= ARCS_MOST; drop_least(system, drt, now)) {
        try_arcs(spectrum, drt, solver, now);
        if (now->sound && now->criterion < best->criterion)
            *best = *now;
        else if (now->criterion > best->criterion + 100)
            break; /* peaks that are needed have gone */
    }
    if (!isfinite(best->criterion))
        return CLOSO_OK; /* the peaks keep the values of the distribution */
    double residuals = 2 * (double)spectrum->count;
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
