/* SPDX-License-Identifier: BSD-3-Clause */
/* kk_tests.c: is what the Kramers-Kronig model leaves more than noise, and what does it look like?
 *
 * Parts. The model ties real and imaginary part to one set of coefficients. Fitted apart, with the same functions, both
 * follow any smooth curve, consistent or not, so that their residual is noise alone. The models are nested and linear:
 * the ratio of what the tie costs to that noise follows an F distribution if the tie is true.
 *
 * Runs. Wald and Wolfowitz, Ann. Math. Stat. 11 (1940) 147, doi:10.1214/aoms/1177731909, of the signs of either part.
 *
 * Drift and non-linearity. One more column, the first-order change of Z under either, and the t test of its factor.
 *   drift         dZ = a Z t, t from 0 to 1 over the measurement. Time per point: two periods and half a second.
 *   non-linearity dZ = b (Z - Z_inf)^2 |(Z - Z_inf) / Z|^2 / R: the resistance of a Butler-Volmer interface beside its
 *                 double layer falls with the square of the interface's share of the amplitude. Kramers-Kronig relations see
 *                 that only where the share changes with frequency (Hirschorn, Orazem, J. Electrochem. Soc. 156 (2009)
 *                 C345, doi:10.1149/1.3190160).
 * What the model of least BIC cannot describe, up to the noise, looks like either at times: on valid spectra it moves t by
 * up to 24. With ten terms more it is less than 2.4, and faults lose little of theirs (320 made-up spectra of each kind). */
#include "impedance/kk_internal.h"
#include "numeric/dense_internal.h"
#include "numeric/distribution_internal.h"

#include <complex.h>
#include <math.h>

static double test_parts(const kk_data *data, const kk_fit *fit)
{
    double freedom = (double)fit->apart_freedom;
    double tied = 2 * (double)data->used - (double)fit->columns - freedom;
    if (!(tied > 0) || !(freedom > 0) || !(fit->apart > 0))
        return 1;
    return closo_f_tail((fit->squares - fit->apart) / tied / (fit->apart / freedom), tied, freedom);
}

/* Counts the runs of one part's signs beside what chance would give. */
static void count_runs(const kk_data *data, const double *residual, double *excess,
                       double *variance)
{
    double plus = 0, minus = 0, runs = 0;
    int before = 0;
    for (size_t i = 0; i < data->count; i++) {
        if (residual[i] == 0.0)
            continue;
        int sign = residual[i] > 0 ? 1 : -1;
        plus += sign > 0;
        minus += sign < 0;
        runs += sign != before;
        before = sign;
    }
    double n = plus + minus;
    if (n < 2 || plus <= 0 || minus <= 0)
        return;
    double expected = 2 * plus * minus / n + 1;
    *excess += runs - expected;
    *variance += (expected - 1) * (expected - 2) / (n - 1);
}

static double test_runs(const kk_data *data, const kk_fit *fit)
{
    double excess = 0, variance = 0;
    count_runs(data, fit->residual, &excess, &variance);
    count_runs(data, fit->residual + data->half, &excess, &variance);
    if (!(variance > 0) || excess >= 0)
        return 1;
    return closo_normal_tails(excess / sqrt(variance)) / 2;
}

static size_t further_columns(const kk_fit *fit)
{
    enum { FURTHER = 10 };
    return fit->reserve < FURTHER ? fit->reserve : FURTHER;
}

/* column = scaled model times a relative change at each point. */
static void change_column(const kk_data *data, const kk_fit *fit, const double complex *change,
                          double *column)
{
    for (size_t i = 0; i < data->count; i++) {
        double complex y = CMPLX(fit->model[i], fit->model[data->half + i]);
        column[i] = creal(y * change[i]);
        column[data->half + i] = cimag(y * change[i]);
    }
}

static void drift_change(const kk_data *data, double complex *change)
{
    double time_s = 0;
    for (size_t i = 0; i < data->count; i++) {
        time_s += 2 * CLOSO_TWO_PI / data->omega[i] + 0.5;
        change[i] = time_s;
    }
    for (size_t i = 0; i < data->count; i++)
        change[i] /= time_s;
}

/* impedance: of the model. */
static void nonlinear_change(const kk_data *data, const double complex *impedance,
                             double complex *change)
{
    double largest = 0, high_ohm = INFINITY;
    for (size_t i = 0; i < data->count; i++)
        high_ohm = fmin(high_ohm, creal(impedance[i]));
    for (size_t i = 0; i < data->count; i++) {
        double complex rest = impedance[i] - high_ohm, share = rest / impedance[i];
        change[i] = rest * share * (creal(share) * creal(share) + cimag(share) * cimag(share));
        largest = fmax(largest, cabs(change[i]));
    }
    for (size_t i = 0; i < data->count && largest > 0; i++)
        change[i] /= largest;
}

/* The factor of one more column, beside the model with ten terms more, and the chance that a spectrum without it gives one
 * so large. rest: the residual of that model. */
static double test_change(const kk_data *data, const kk_fit *fit, const double *rest,
                          double *column, closo_value *factor)
{
    const size_t columns = fit->columns + further_columns(fit);
    double norm = closo_kk_orthonormalise(fit->q, columns, data->rows, column);
    double freedom = 2 * (double)data->used - (double)columns - 1;
    *factor = (closo_value){0, INFINITY};
    if (!(norm > 0) || !(freedom > 0))
        return 1;
    double part = closo_dot(column, rest, data->rows);
    double squares = closo_dot(rest, rest, data->rows) - part * part;
    double sigma = sqrt(fmax(squares, 0) / freedom);
    *factor = (closo_value){part / norm, sigma / norm};
    return sigma > 0 ? closo_t_tails(part / sigma, freedom) : 1;
}

closo_status closo_kk_test(const kk_data *data, const kk_fit *fit, closo_arena *arena,
                           closo_kk_result *result, closo_error *error)
{
    double *column = closo_arena_alloc(arena, data->rows, sizeof *column);
    double *rest = closo_arena_copy(arena, fit->residual, data->rows, sizeof *rest);
    double complex *change = closo_arena_alloc(arena, data->count, sizeof *change);
    double complex *impedance = closo_arena_alloc(arena, data->count, sizeof *impedance);
    if (column == NULL || rest == NULL || change == NULL || impedance == NULL)
        return closo_fail_nomem(error);
    result->p_parts = test_parts(data, fit);
    result->p_runs = test_runs(data, fit);
    for (size_t k = fit->columns; k < fit->columns + further_columns(fit); k++) {
        const double *unit = fit->q + k * data->rows;
        closo_add_scaled(rest, -closo_dot(unit, rest, data->rows), unit, data->rows);
    }
    drift_change(data, change);
    change_column(data, fit, change, column);
    result->p_drift = test_change(data, fit, rest, column, &result->drift);
    for (size_t i = 0; i < data->count; i++)
        impedance[i] = CMPLX(result->real_ohm[i], result->imaginary_ohm[i]);
    nonlinear_change(data, impedance, change);
    /* In an admittance the sign of a relative change turns. */
    for (size_t i = 0; i < data->count && result->form == CLOSO_KK_ADMITTANCE; i++)
        change[i] = -change[i];
    change_column(data, fit, change, column);
    result->p_nonlinear = test_change(data, fit, rest, column, &result->nonlinearity);
    return CLOSO_OK;
}

/* X = -Z'' of the model at an end, its slope d ln X / d ln omega over a third of a decade there. */
static bool slope_at(const closo_kk_result *result, bool low, double *minus_imaginary_ohm,
                     double *slope)
{
    size_t end = low ? result->count - 1 : 0, inner = end;
    while (fabs(log10(result->frequency_Hz[inner] / result->frequency_Hz[end])) < 0.3)
        inner = low ? inner - 1 : inner + 1;
    double at_end = -result->imaginary_ohm[end], at_inner = -result->imaginary_ohm[inner];
    *minus_imaginary_ohm = at_end;
    if (!(at_end > 0) || !(at_inner > 0))
        return false;
    *slope = log(at_end / at_inner) / log(result->frequency_Hz[end] / result->frequency_Hz[inner]);
    return true;
}

void closo_kk_find_ends(closo_kk_result *result)
{
    /* Z'(0) - Z'(omega) = (2/pi) integral of X d ln omega below omega, which for X ~ omega^s is (2/pi) X / s; above
     * likewise with -s. A slope of -1 to -0.4 at the low end is a capacitor, a constant phase element or diffusion:
     * nothing that ends. One beyond 0.5 away from the middle is the flank of an arc whose top has been seen. */
    enum { UNKNOWN = 10 }; /* "many times what was measured" */
    size_t last = result->count - 1;
    double x_ohm = 0, slope = 0;
    double low_ohm = result->real_ohm[last], high_ohm = result->real_ohm[0];
    if (slope_at(result, true, &x_ohm, &slope)) {
        double missing_ohm = slope > 0.02 ? 4 / CLOSO_TWO_PI * x_ohm / slope : UNKNOWN * x_ohm;
        double whole_ohm = fmax(low_ohm - high_ohm, 0) + missing_ohm;
        result->low_missing = slope < -0.4 ? (double)NAN : missing_ohm / whole_ohm;
        result->truncated_low = slope >= -0.4 && slope < 0.5 && result->low_missing > 0.15;
    }
    if (slope_at(result, false, &x_ohm, &slope)) {
        double missing_ohm = slope < -0.02 ? 4 / CLOSO_TWO_PI * x_ohm / -slope : UNKNOWN * x_ohm;
        result->high_missing = fmin(1, missing_ohm / fabs(high_ohm));
        result->truncated_high = slope > -0.5 && result->high_missing > 0.15;
    }
}
