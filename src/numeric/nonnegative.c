/* SPDX-License-Identifier: BSD-3-Clause */
/* nonnegative.c: least squares over numbers that cannot be negative, by block principal pivoting: all unknowns that are
 * on the wrong side change sides at once; only when that stops to help, the last one alone (Murty's rule), which ends for
 * certain. */
#include "numeric/dense_internal.h"

#include <string.h>

enum { PATIENCE = 3, ROUNDS = 400 };

/* Solves for the free unknowns with the others at zero; duals[i] is the slope of the aim at the others. */
static bool solve_free(const double *matrix, const double *right, size_t n, size_t stride,
                       double *x, const bool *free, double *duals, double *factor, double *compact)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!free[i])
            continue;
        double *row = factor + count * n;
        size_t j = 0;
        for (size_t k = 0; k <= i; k++)
            if (free[k])
                row[j++] = matrix[i * stride + k];
        compact[count++] = right[i];
    }
    if (!closo_cholesky(factor, count, n))
        return false;
    closo_cholesky_forward(factor, count, n, compact);
    closo_cholesky_backward(factor, count, n, compact);
    for (size_t i = 0, k = 0; i < n; i++)
        x[i] = free[i] ? compact[k++] : 0;
    for (size_t i = 0; i < n; i++)
        duals[i] = free[i] ? 0 : closo_dot(matrix + i * stride, x, n) - right[i];
    return true;
}

bool closo_nonnegative_solve(const double *matrix, const double *right, size_t n, size_t stride,
                             double *x, bool *free, double *work)
{
    double *factor = work, *duals = work + n * n, *compact = duals + n;
    size_t fewest = n + 1;
    int patience = PATIENCE;
    for (int round = 0; round < ROUNDS; round++) {
        if (!solve_free(matrix, right, n, stride, x, free, duals, factor, compact))
            return false;
        size_t wrong = 0, last = 0;
        for (size_t i = 0; i < n; i++) {
            if (free[i] ? x[i] >= 0 : duals[i] >= 0)
                continue;
            wrong++;
            last = i;
        }
        if (wrong == 0)
            return true;
        if (wrong < fewest) {
            fewest = wrong;
            patience = PATIENCE;
        } else if (patience > 0) {
            patience--;
        } else {
            free[last] = !free[last];
            continue;
        }
        for (size_t i = 0; i < n; i++)
            if (free[i] ? x[i] < 0 : duals[i] < 0)
                free[i] = !free[i];
    }
    return false;
}
