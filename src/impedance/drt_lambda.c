/* SPDX-License-Identifier: BSD-3-Clause */
/* drt_lambda.c: how smooth? Without bounds the penalised problem is linear: one decomposition gives its residual, the
 * trace of its smoother and the roughness of its answer at every lambda.
 *
 * Generalised cross-validation GCV = (rss/m) / (1 - tr K/m)^2 (Golub, Heath, Wahba, Technometrics 21 (1979) 215,
 * doi:10.1080/00401706.1979.10489751); modified: tr K times 1.3 below 50 residuals, else 2; robust: times
 * xi + (1 - xi) tr K^2/m, xi 0.2 below 100 residuals, else 0.3; the L-curve's corner (Hansen, SIAM Rev. 34 (1992) 561,
 * doi:10.1137/1034115); cross-validation between real and imaginary part (Saccoccio et al., Electrochim. Acta 147 (2014)
 * 470, doi:10.1016/j.electacta.2014.09.058). All compared by Maradesa et al., J. Electrochem. Soc. 170 (2023) 030502,
 * doi:10.1149/1945-7111/acbca4. */
#include "impedance/drt_internal.h"
#include "numeric/dense_internal.h"

#include <math.h>
#include <string.h>

enum { LAMBDAS = 56, CROSS_LAMBDAS = 25 };
/* Below this lambda what the criteria say is rounding: the eigenvalues are known to 1e-16 of the largest, about 1e7. */
static const double least_lambda = 1e-7, most_lambda = 1e2;

typedef struct moments {
    double squares, trace, trace2, roughness;
} moments;

static moments at_lambda(const drt_spectrum *spectrum, double lambda)
{
    double fixed = (double)spectrum->fixed;
    moments sum = {spectrum->squares, fixed, fixed, 0};
    for (size_t i = 0; i < spectrum->count; i++) {
        double inverse = 1 / (spectrum->eigenvalue[i] + lambda);
        double share = spectrum->eigenvalue[i] * inverse;
        double part = spectrum->part[i] * spectrum->part[i] * inverse;
        sum.squares -= part * (2 - share);
        sum.trace += share;
        sum.trace2 += share * share;
        sum.roughness += part * inverse;
    }
    sum.squares = fmax(sum.squares, 1e-14 * spectrum->squares);
    return sum;
}

double closo_drt_effective_parameters(const drt_spectrum *spectrum, double lambda)
{
    return at_lambda(spectrum, lambda).trace;
}

static double score(const drt_spectrum *spectrum, closo_drt_criterion criterion, double lambda)
{
    moments sum = at_lambda(spectrum, lambda);
    double m = (double)spectrum->rows;
    double penalty = criterion == CLOSO_DRT_MODIFIED_GCV ? (m < 50 ? 1.3 : 2) : 1;
    double left = 1 - penalty * sum.trace / m;
    if (left < 1e-3)
        return INFINITY;
    double xi = m < 100 ? 0.2 : 0.3;
    double robust = criterion == CLOSO_DRT_ROBUST_GCV ? xi + (1 - xi) * sum.trace2 / m : 1;
    return log(sum.squares) - 2 * log(left) + log(robust);
}

static double lambda_of(double position)
{
    return least_lambda * pow(most_lambda / least_lambda, position);
}

/* The least score over a grid, then between its neighbours by golden section. */
static double least_score(const drt_spectrum *spectrum, closo_drt_criterion criterion)
{
    const double golden = 0.61803398874989485, step = 1.0 / (LAMBDAS - 1);
    double best = INFINITY, at = 0;
    for (int k = 0; k < LAMBDAS; k++) {
        double value = score(spectrum, criterion, lambda_of(k * step));
        if (value < best) {
            best = value;
            at = k * step;
        }
    }
    double low = fmax(0, at - step), high = fmin(1, at + step);
    double one = high - golden * (high - low), two = low + golden * (high - low);
    double at_one = score(spectrum, criterion, lambda_of(one));
    double at_two = score(spectrum, criterion, lambda_of(two));
    for (int round = 0; round < 12; round++) {
        if (at_one < at_two) {
            high = two;
            two = one;
            at_two = at_one;
            one = high - golden * (high - low);
            at_one = score(spectrum, criterion, lambda_of(one));
        } else {
            low = one;
            one = two;
            at_one = at_two;
            two = low + golden * (high - low);
            at_two = score(spectrum, criterion, lambda_of(two));
        }
    }
    return lambda_of((low + high) / 2);
}

/* Largest curvature of ln roughness against ln residual. */
static double l_curve_corner(const drt_spectrum *spectrum)
{
    double x[LAMBDAS], y[LAMBDAS], best = -INFINITY;
    int corner = LAMBDAS / 2;
    for (int k = 0; k < LAMBDAS; k++) {
        moments sum = at_lambda(spectrum, lambda_of(k / (LAMBDAS - 1.0)));
        x[k] = log(sum.squares);
        y[k] = log(fmax(sum.roughness, 1e-300));
    }
    for (int k = 2; k + 2 < LAMBDAS; k++) {
        double dx = (x[k + 2] - x[k - 2]) / 4, dy = (y[k + 2] - y[k - 2]) / 4;
        double d2x = (x[k + 2] - 2 * x[k] + x[k - 2]) / 4;
        double d2y = (y[k + 2] - 2 * y[k] + y[k - 2]) / 4;
        double speed = dx * dx + dy * dy;
        double curvature = speed > 0 ? (dx * d2y - dy * d2x) / pow(speed, 1.5) : 0;
        if (curvature > best) {
            best = curvature;
            corner = k;
        }
    }
    return lambda_of(corner / (LAMBDAS - 1.0));
}

/* Squares of what the fit to one part leaves of the other, over CROSS_LAMBDAS lambdas. What the seen part does not know
 * (R, for the imaginary one; L and C, for the real one) is fitted to the other part. */
static closo_status cross_validate(const drt_system *system, bool imaginary, closo_arena *passing,
                                   double *squares, closo_error *error)
{
    size_t grid = system->grid, n = system->unknowns, half = system->data.half;
    size_t rows = system->data.rows, other = imaginary ? 0 : half;
    const drt_window seen =
        closo_drt_window(system, imaginary ? CLOSO_DRT_IMAGINARY : CLOSO_DRT_REAL);
    drt_spectrum part = {0};
    part.factor = closo_arena_alloc(passing, grid, system->factor_most * sizeof(double));
    double *gram = closo_arena_alloc(passing, n, n * sizeof(double));
    double *x = closo_arena_alloc(passing, grid, sizeof(double));
    double *rest = closo_arena_alloc(passing, half, sizeof(double));
    if (part.factor == NULL || gram == NULL || x == NULL || rest == NULL)
        return closo_fail_nomem(error);
    closo_gram(system->columns + seen.first, grid, rows, seen.length, gram, n);
    closo_status status = closo_drt_decompose(system, seen, gram, passing, &part, error);
    if (status != CLOSO_OK)
        return status;
    double *work = closo_arena_alloc(passing, part.count + 1, part.count * sizeof(double));
    if (work == NULL && part.count != 0)
        return closo_fail_nomem(error);
    for (size_t k = 0; k < CROSS_LAMBDAS; k++) {
        squares[k] = INFINITY;
        if (!closo_drt_smooth(&part, lambda_of((double)k / (CROSS_LAMBDAS - 1.0)), work, x))
            continue;
        memcpy(rest, system->data.y + other, half * sizeof *rest);
        for (size_t i = 0; i < grid; i++)
            closo_add_scaled(rest, -x[i], system->columns + i * rows + other, half);
        for (size_t pass = 0; pass < 2; pass++) /* L and C are not quite orthogonal */
            for (size_t i = grid; i < n; i++) {
                const double *column = system->columns + i * rows + other;
                double norm2 = closo_dot(column, column, half);
                if (norm2 > 0)
                    closo_add_scaled(rest, -closo_dot(column, rest, half) / norm2, column, half);
            }
        squares[k] = closo_dot(rest, rest, half);
    }
    return CLOSO_OK;
}

closo_status closo_drt_choose_lambda(const drt_system *system, const drt_spectrum *spectrum,
                                     closo_drt_criterion criterion, closo_arena *passing,
                                     double *lambda, closo_error *error)
{
    if (criterion == CLOSO_DRT_L_CURVE) {
        *lambda = l_curve_corner(spectrum);
        return CLOSO_OK;
    }
    if (criterion != CLOSO_DRT_CROSS_VALIDATION) {
        *lambda = least_score(spectrum, criterion);
        return CLOSO_OK;
    }
    double real[CROSS_LAMBDAS] = {0}, imaginary[CROSS_LAMBDAS] = {0};
    closo_status status = cross_validate(system, false, passing, imaginary, error);
    if (status == CLOSO_OK)
        status = cross_validate(system, true, passing, real, error);
    size_t best = 0;
    for (size_t k = 1; k < CROSS_LAMBDAS && status == CLOSO_OK; k++)
        if (real[k] + imaginary[k] < real[best] + imaginary[best])
            best = k;
    *lambda = lambda_of((double)best / (CROSS_LAMBDAS - 1.0));
    return status;
}
