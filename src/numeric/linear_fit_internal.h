/* SPDX-License-Identifier: BSD-3-Clause */
/* linear_fit_internal.h: least squares with a handful of columns. */
#ifndef CLOSO_LINEAR_FIT_INTERNAL_H
#define CLOSO_LINEAR_FIT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { CLOSO_COLUMNS_MAX = 6 };

typedef struct closo_linear_fit {
    double coefficient[CLOSO_COLUMNS_MAX];
    double covariance[CLOSO_COLUMNS_MAX][CLOSO_COLUMNS_MAX]; /* for weights that are 1/sigma^2 */
    double chi2;
} closo_linear_fit;

/* y = sum of coefficient[k] column[k], row i multiplied by root_weight[i] (1/sigma; NULL: 1). work has room for
 * count * (column_count + 1) numbers. False when columns depend on each other or a value is not finite. */
bool closo_linear_fit_solve(const double *const *columns, size_t column_count, const double *y,
                            const double *root_weight, size_t count, double *work,
                            closo_linear_fit *fit);

#ifdef __cplusplus
}
#endif
#endif
