/* SPDX-License-Identifier: BSD-3-Clause */
/* statistics.c: small normal equations, information criteria, Student's distribution. */
#include "analysis_internal.h"

#include <math.h>

/* Cholesky without square roots would do as well; Gauss-Jordan inverts in place, and orders are at most 4. */
bool closo_cycling_invert(double *matrix, size_t order)
{
    double scale[CLOSO_SOLVE_MOST];
    for (size_t i = 0; i < order; i++) {
        /* Scaled to a unit diagonal, so that "singular" does not depend on the units of the columns. */
        if (!(matrix[i * order + i] > 0) || !isfinite(matrix[i * order + i]))
            return false;
        scale[i] = 1 / sqrt(matrix[i * order + i]);
    }
    for (size_t i = 0; i < order; i++)
        for (size_t j = 0; j < order; j++)
            matrix[i * order + j] *= scale[i] * scale[j];
    for (size_t k = 0; k < order; k++) {
        double pivot = matrix[k * order + k];
        if (!(pivot > 1e-13))
            return false;
        matrix[k * order + k] = 1;
        for (size_t j = 0; j < order; j++)
            matrix[k * order + j] /= pivot;
        for (size_t i = 0; i < order; i++) {
            if (i == k)
                continue;
            double factor = matrix[i * order + k];
            matrix[i * order + k] = 0;
            for (size_t j = 0; j < order; j++)
                matrix[i * order + j] -= factor * matrix[k * order + j];
        }
    }
    for (size_t i = 0; i < order; i++)
        for (size_t j = 0; j < order; j++)
            matrix[i * order + j] *= scale[i] * scale[j];
    return true;
}

bool closo_cycling_solve(double *matrix, double *right, size_t order)
{
    double solution[CLOSO_SOLVE_MOST] = {0};
    if (!closo_cycling_invert(matrix, order))
        return false;
    for (size_t i = 0; i < order; i++)
        for (size_t j = 0; j < order; j++)
            solution[i] += matrix[i * order + j] * right[j];
    for (size_t i = 0; i < order; i++)
        right[i] = solution[i];
    return true;
}

closo_fade_fit closo_cycling_criteria(double square_sum, size_t count, double effective,
                                      double parameters)
{
    double n = (double)count;
    /* A fit that leaves nothing (made-up data without noise) would have a logarithm of minus infinity. */
    double mean_square = fmax(square_sum / n, 1e-24);
    double likelihood = effective * log(mean_square);
    double left = effective - parameters - 1;
    return (closo_fade_fit){.rms = NAN,
                            .aicc = left > 0 ? likelihood + 2 * parameters +
                                                   2 * parameters * (parameters + 1) / left
                                             : (double)INFINITY,
                            .bic = likelihood + parameters * log(fmax(effective, 2))};
}

/* ---- Student's distribution ---- */

/* Continued fraction of the incomplete beta function by Lentz's method (NIST Digital Library of Mathematical Functions,
 * 8.17.22; I. J. Thompson and A. R. Barnett, J. Comput. Phys. 64 (1986) 490, doi:10.1016/0021-9991(86)90046-X). */
static double beta_fraction(double a, double b, double x)
{
    enum { TERMS = 300 };
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double value = d;
    for (int m = 1; m <= TERMS; m++) {
        for (int odd = 0; odd < 2; odd++) {
            double k = m;
            double term = odd == 0 ? k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
                                   : -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
            d = 1 + term * d;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = 1 + term / c;
            c = fabs(c) < tiny ? tiny : c;
            value *= d * c;
        }
        if (fabs(d * c - 1) < 1e-15)
            break;
    }
    return value;
}

static double incomplete_beta(double a, double b, double x)
{
    if (!(x > 0))
        return 0;
    if (x >= 1)
        return 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a
                                     : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double closo_cycling_student_above(double t, double degrees)
{
    if (!(degrees > 0) || isnan(t))
        return NAN;
    double both = incomplete_beta(0.5 * degrees, 0.5, degrees / (degrees + t * t));
    return t > 0 ? 0.5 * both : 1 - 0.5 * both;
}
