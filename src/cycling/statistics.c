/* SPDX-License-Identifier: BSD-3-Clause */
/* statistics.c: small normal equations, information criteria. */
#include "analysis_internal.h"
#include "numeric/dense_internal.h"

#include <math.h>

bool closo_cycling_invert(double *matrix, size_t order)
{
    double work[CLOSO_SOLVE_MOST * (CLOSO_SOLVE_MOST + 1)];
    return closo_positive_inverse(matrix, order, order, work);
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
