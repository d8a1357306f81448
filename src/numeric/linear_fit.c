/* SPDX-License-Identifier: BSD-3-Clause */
/* linear_fit.c: least squares with a handful of columns by modified Gram-Schmidt, each column made orthogonal twice, which
 * keeps it so to rounding (Giraud, Langou, Rozloznik, Comput. Math. Appl. 50 (2005) 1069,
 * doi:10.1016/j.camwa.2005.08.009). */
#include "numeric/linear_fit_internal.h"

#include "numeric/dense_internal.h"

#include <math.h>

static const double dependent_share =
    1e-10; /* of a column's length left: it depends on the others */

/* Takes the first `made` orthonormal columns out of `column`, adding what they held to held[]. */
static void make_orthogonal(double *column, const double *work, size_t made, size_t count,
                            double *held)
{
    for (int turn = 0; turn < 2; turn++) {
        for (size_t k = 0; k < made; k++) {
            double share = closo_dot(work + k * count, column, count);
            held[k] += share;
            closo_add_scaled(column, -share, work + k * count, count);
        }
    }
}

/* inverse of the upper triangle r, then (R^T R)^-1 = R^-1 R^-T */
static void covariance_of(double r[CLOSO_COLUMNS_MAX][CLOSO_COLUMNS_MAX], size_t n,
                          double covariance[CLOSO_COLUMNS_MAX][CLOSO_COLUMNS_MAX])
{
    double inverse[CLOSO_COLUMNS_MAX][CLOSO_COLUMNS_MAX] = {{0}};
    for (size_t column = 0; column < n; column++) {
        inverse[column][column] = 1 / r[column][column];
        for (size_t row = column; row-- > 0;) {
            double sum = 0;
            for (size_t k = row + 1; k <= column; k++)
                sum += r[row][k] * inverse[k][column];
            inverse[row][column] = -sum / r[row][row];
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            covariance[i][j] = 0;
            for (size_t k = 0; k < n; k++)
                covariance[i][j] += inverse[i][k] * inverse[j][k];
        }
}

bool closo_linear_fit_solve(const double *const *columns, size_t column_count, const double *y,
                            const double *root_weight, size_t count, double *work,
                            closo_linear_fit *fit)
{
    double r[CLOSO_COLUMNS_MAX][CLOSO_COLUMNS_MAX] = {{0}}, held[CLOSO_COLUMNS_MAX] = {0};
    *fit = (closo_linear_fit){0};
    if (column_count > CLOSO_COLUMNS_MAX || count < column_count)
        return false;
    for (size_t k = 0; k <= column_count; k++) {
        double *column = work + k * count;
        const double *from = k < column_count ? columns[k] : y;
        for (size_t i = 0; i < count; i++)
            column[i] = from[i] * (root_weight != NULL ? root_weight[i] : 1);
        if (k == column_count)
            break;
        double length = sqrt(closo_dot(column, column, count));
        double parts[CLOSO_COLUMNS_MAX] = {0};
        make_orthogonal(column, work, k, count, parts);
        for (size_t j = 0; j < k; j++)
            r[j][k] = parts[j];
        r[k][k] = sqrt(closo_dot(column, column, count));
        if (!(r[k][k] > dependent_share * length) || !isfinite(r[k][k]))
            return false;
        for (size_t i = 0; i < count; i++)
            column[i] /= r[k][k];
    }
    double *rest = work + column_count * count;
    make_orthogonal(rest, work, column_count, count, held);
    fit->chi2 = closo_dot(rest, rest, count);
    for (size_t row = column_count; row-- > 0;) {
        double sum = held[row];
        for (size_t k = row + 1; k < column_count; k++)
            sum -= r[row][k] * fit->coefficient[k];
        fit->coefficient[row] = sum / r[row][row];
    }
    covariance_of(r, column_count, fit->covariance);
    return isfinite(fit->chi2);
}
