/* SPDX-License-Identifier: BSD-3-Clause */
/* kk_fit.c: the measurement model of the linear Kramers-Kronig test,
 *
 *     Z = R + j omega L + 1 / (j omega C) + sum_k R_k / (1 + j omega tau_k),
 *
 * linear in everything but the fixed tau_k (Boukamp, J. Electrochem. Soc. 142 (1995) 1885, doi:10.1149/1.2044210;
 * Schoenleber, Klotz, Ivers-Tiffee, Electrochim. Acta 131 (2014) 20, doi:10.1016/j.electacta.2014.01.034). For an
 * admittance the same functions serve: 1 / (R_k + 1 / (j omega C_k)) = (1 - 1 / (1 + j omega tau_k)) / R_k.
 *
 * How many terms? Instead of a new fit for each number, the time constants come from one dense grid in the order in which
 * pivoted orthogonalisation takes them: each one is the farthest from what the ones before can describe. That order
 * depends on the frequencies and moduli, not on what the data look like, the models are nested, and one pass gives the
 * residual of each. The number is the largest of least BIC = m ln(S/m) + p ln m (Schwarz, Ann. Stat. 6 (1978) 461,
 * doi:10.1214/aos/1176344136; for this test Yrjaenae, Bobacka, Electrochim. Acta 504 (2024) 144951,
 * doi:10.1016/j.electacta.2024.144951). */
#include "impedance/kk_internal.h"
#include "numeric/dense_internal.h"

#include <math.h>
#include <string.h>

enum { PATIENCE = 14 }; /* terms without a better BIC before the search ends */

/* A column is spent when orthogonalisation has left less of it than this: it is then rounding. */
static const double spent = 1e-7;

/* Models whose BIC differs by less are equally good (Kass, Raftery, J. Am. Stat. Assoc. 90 (1995) 773,
 * doi:10.1080/01621459.1995.10476572); the larger one is taken, which leaves nothing of the spectrum to the residual. */
static const double indifferent = 2;

bool closo_kk_data_make(const closo_spectrum *spectrum, bool admittance, const bool *kept,
                        closo_arena *arena, kk_data *data)
{
    size_t count = spectrum->count, half = (count + 3) / 4 * 4;
    double *omega = closo_arena_alloc(arena, count, sizeof *omega);
    *data = (kk_data){.count = count, .half = half, .rows = 2 * half, .omega = omega};
    data->scale = closo_arena_alloc(arena, count, sizeof(double));
    data->y = closo_arena_alloc(arena, data->rows, sizeof(double));
    if (omega == NULL || data->scale == NULL || data->y == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        double re = spectrum->real_ohm[i], im = spectrum->imaginary_ohm[i];
        double modulus = hypot(re, im);
        omega[i] = CLOSO_TWO_PI * spectrum->frequency_Hz[i];
        bool out = kept != NULL && !kept[i];
        double weight = out ? KK_LEFT_OUT_WEIGHT : 1;
        data->used += !out;
        data->scale[i] = weight * (admittance ? modulus : 1 / modulus);
        data->y[i] = weight * re / modulus;
        data->y[half + i] = weight * (admittance ? -im : im) / modulus;
    }
    return true;
}

/* Fills a column from its real and imaginary part at each point, and makes its length 1. */
static void finish_column(const kk_data *data, double *column)
{
    for (size_t i = 0; i < data->count; i++) {
        column[i] *= data->scale[i];
        column[data->half + i] *= data->scale[i];
    }
    double norm = sqrt(closo_dot(column, column, data->rows));
    for (size_t i = 0; norm > 0 && i < data->rows; i++)
        column[i] /= norm;
}

static void fixed_column(const kk_data *data, int which, double *column)
{
    for (size_t i = 0; i < data->count; i++) {
        column[i] = which == 0 ? 1 : 0;
        column[data->half + i] = which == 1 ? data->omega[i] : which == 2 ? -1 / data->omega[i] : 0;
    }
    finish_column(data, column);
}

static void debye_column(const kk_data *data, double tau_s, double *column)
{
    for (size_t i = 0; i < data->count; i++) {
        double x = data->omega[i] * tau_s, real = 1 / (1 + x * x);
        column[i] = real;
        column[data->half + i] = -x * real;
    }
    finish_column(data, column);
}

/* The candidates that are left while terms are taken in. */
typedef struct grid {
    size_t count;
    double *tau_s, *columns, *norm2;
} grid;

static bool make_grid(const kk_data *data, double extension_decades, closo_arena *arena, grid *made)
{
    double fastest = -log10(data->omega[0]) - extension_decades;
    double slowest = -log10(data->omega[data->count - 1]) + extension_decades;
    size_t steps = (size_t)fmax(1, ceil((slowest - fastest) * KK_GRID_PER_DECADE));
    made->count = steps + 1;
    made->tau_s = closo_arena_alloc(arena, made->count, sizeof(double));
    made->norm2 = closo_arena_alloc(arena, made->count, sizeof(double));
    made->columns = closo_arena_alloc(arena, made->count, data->rows * sizeof(double));
    if (made->tau_s == NULL || made->norm2 == NULL || made->columns == NULL)
        return false;
    for (size_t k = 0; k < made->count; k++) {
        made->tau_s[k] =
            pow(10, fastest + (slowest - fastest) * (double)k / (double)(made->count - 1));
        debye_column(data, made->tau_s[k], made->columns + k * data->rows);
        made->norm2[k] = 1;
    }
    return true;
}

/* Takes a unit vector out of every candidate. */
static void project_out(grid *from, const double *unit, size_t rows)
{
    for (size_t k = 0; k < from->count; k++) {
        double *column = from->columns + k * rows;
        if (!(from->norm2[k] > 0))
            continue;
        double part = closo_dot(unit, column, rows);
        closo_add_scaled(column, -part, unit, rows);
        from->norm2[k] -= part * part;
        if (from->norm2[k] < 1e-3) /* the difference has lost digits: the length afresh */
            from->norm2[k] = closo_dot(column, column, rows);
    }
}

double closo_kk_orthonormalise(const double *q, size_t columns, size_t rows, double *vector)
{
    for (size_t c = 0; c < columns; c++)
        closo_add_scaled(vector, -closo_dot(q + c * rows, vector, rows), q + c * rows, rows);
    double norm = sqrt(closo_dot(vector, vector, rows));
    for (size_t i = 0; norm > spent && i < rows; i++)
        vector[i] /= norm;
    return norm > spent ? norm : 0;
}

/* Takes the farthest candidate over into q. False when all are spent. */
static bool take_next(grid *from, kk_fit *fit, size_t rows)
{
    size_t best = 0;
    for (size_t k = 1; k < from->count; k++)
        if (from->norm2[k] > from->norm2[best])
            best = k;
    if (!(from->norm2[best] > spent * spent))
        return false;
    double *column = fit->q + fit->columns * rows;
    memcpy(column, from->columns + best * rows, rows * sizeof *column);
    double norm = sqrt(from->norm2[best]);
    for (size_t i = 0; i < rows; i++)
        column[i] /= norm;
    if (closo_kk_orthonormalise(fit->q, fit->columns, rows, column) <= 0)
        return false;
    from->norm2[best] = 0;
    fit->tau_s[fit->terms++] = from->tau_s[best];
    fit->columns++;
    return true;
}

/* Sum of squares of the residual, updated by one more orthonormal column; the residual is changed in place. */
static double take_part(const double *unit, double *residual, size_t rows)
{
    closo_add_scaled(residual, -closo_dot(unit, residual, rows), unit, rows);
    return closo_dot(residual, residual, rows);
}

static double bayes_criterion(double squares, size_t used, size_t parameters)
{
    double m = 2 * (double)used;
    /* Below rounding no model is better than another. */
    return m * log(fmax(squares / m, 1e-28)) + (double)parameters * log(m);
}

/* Model, residual and leverage of the first fit->columns columns. */
static void describe(const kk_data *data, kk_fit *fit)
{
    size_t rows = data->rows;
    memset(fit->model, 0, rows * sizeof(double));
    memset(fit->leverage, 0, rows * sizeof(double));
    memcpy(fit->residual, data->y, rows * sizeof(double));
    for (size_t c = 0; c < fit->columns; c++) {
        const double *unit = fit->q + c * rows;
        double part = closo_dot(unit, fit->residual, rows);
        closo_add_scaled(fit->model, part, unit, rows);
        closo_add_scaled(fit->residual, -part, unit, rows);
        for (size_t i = 0; i < rows; i++)
            fit->leverage[i] += unit[i] * unit[i];
    }
    fit->squares = closo_dot(fit->residual, fit->residual, rows);
}

/* Sum of squares when one half of the data, real or imaginary, is fitted by the same functions alone. */
static closo_status fit_half(const kk_data *data, const kk_fit *fit, bool imaginary,
                             closo_arena *arena, double *squares, size_t *parameters)
{
    size_t half = data->half, most = fit->terms + KK_FIXED;
    double *q = closo_arena_alloc(arena, most, half * sizeof(double));
    double *whole = closo_arena_alloc(arena, data->rows, sizeof(double));
    double *rest = closo_arena_alloc(arena, half, sizeof(double));
    if (q == NULL || whole == NULL || rest == NULL)
        return CLOSO_NOMEM;
    memcpy(rest, data->y + (imaginary ? half : 0), half * sizeof(double));
    size_t columns = 0;
    *squares = closo_dot(rest, rest, half);
    for (size_t k = 0; k < most; k++) {
        if (k < KK_FIXED)
            fixed_column(data, (int)k, whole);
        else
            debye_column(data, fit->tau_s[k - KK_FIXED], whole);
        double *column = q + columns * half;
        memcpy(column, whole + (imaginary ? half : 0), half * sizeof(double));
        if (closo_kk_orthonormalise(q, columns, half, column) <= 0)
            continue;
        *squares = take_part(column, rest, half);
        columns++;
    }
    *parameters = columns;
    return CLOSO_OK;
}

/* Room for everything, and the columns that are always there. */
static closo_status begin(const kk_data *data, double extension_decades, grid *candidates,
                          closo_arena *arena, kk_fit *fit)
{
    size_t rows = data->rows;
    if (!make_grid(data, extension_decades, arena, candidates))
        return CLOSO_NOMEM;
    /* Real and imaginary part fitted apart must leave some degrees of freedom. */
    size_t limit = data->used > 7 ? data->used - 5 - data->used / 8 : 2;
    fit->term_limit = limit < candidates->count ? limit : candidates->count;
    fit->q = closo_arena_alloc(arena, fit->term_limit + KK_FIXED, rows * sizeof(double));
    fit->tau_s = closo_arena_alloc(arena, fit->term_limit, sizeof(double));
    fit->model = closo_arena_alloc(arena, rows, sizeof(double));
    fit->residual = closo_arena_alloc(arena, rows, sizeof(double));
    fit->leverage = closo_arena_alloc(arena, rows, sizeof(double));
    if (fit->q == NULL || fit->tau_s == NULL || fit->model == NULL || fit->residual == NULL ||
        fit->leverage == NULL)
        return CLOSO_NOMEM;
    memcpy(fit->residual, data->y, rows * sizeof(double));
    for (int k = 0; k < KK_FIXED; k++) {
        double *column = fit->q + fit->columns * rows;
        fixed_column(data, k, column);
        if (closo_kk_orthonormalise(fit->q, fit->columns, rows, column) <= 0)
            continue;
        project_out(candidates, column, rows);
        take_part(column, fit->residual, rows);
        fit->columns++;
    }
    return CLOSO_OK;
}

/* Real and imaginary part fitted apart. */
static closo_status fit_apart(const kk_data *data, closo_arena *arena, kk_fit *fit)
{
    size_t real_parameters = 0, imaginary_parameters = 0;
    double real_squares = 0, imaginary_squares = 0;
    if (fit_half(data, fit, false, arena, &real_squares, &real_parameters) != CLOSO_OK ||
        fit_half(data, fit, true, arena, &imaginary_squares, &imaginary_parameters) != CLOSO_OK)
        return CLOSO_NOMEM;
    fit->apart = real_squares + imaginary_squares;
    fit->apart_freedom = 2 * data->used - real_parameters - imaginary_parameters;
    return CLOSO_OK;
}

closo_status closo_kk_fit_make(const kk_data *data, size_t terms, double extension_decades,
                               closo_arena *arena, kk_fit *fit, closo_error *error)
{
    size_t rows = data->rows, best_terms = 0;
    grid candidates;
    *fit = (kk_fit){.criterion = INFINITY};
    if (begin(data, extension_decades, &candidates, arena, fit) != CLOSO_OK)
        return closo_fail_nomem(error);
    size_t fixed = fit->columns, wanted = terms < fit->term_limit ? terms : fit->term_limit;
    while (fit->terms < fit->term_limit &&
           fit->terms < (wanted != 0 ? wanted : best_terms) + PATIENCE) {
        if (!take_next(&candidates, fit, rows))
            break;
        const double *column = fit->q + (fit->columns - 1) * rows;
        project_out(&candidates, column, rows);
        double squares = take_part(column, fit->residual, rows);
        double criterion = bayes_criterion(squares, data->used, fit->columns);
        if (wanted != 0 ? fit->terms <= wanted : criterion < fit->criterion + indifferent)
            best_terms = fit->terms;
        fit->criterion = fmin(fit->criterion, criterion);
    }
    fit->reserve = fit->terms - best_terms;
    fit->terms = best_terms;
    fit->columns = fixed + best_terms;
    describe(data, fit);
    return fit_apart(data, arena, fit) == CLOSO_OK ? CLOSO_OK : closo_fail_nomem(error);
}
