/* SPDX-License-Identifier: BSD-3-Clause */
/* exponential_internal.h: exponentials of a whole array. */
#ifndef CLOSO_EXPONENTIAL_INTERNAL_H
#define CLOSO_EXPONENTIAL_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* out[i] = exp(factor x[i]), relative error below 5e-16 but for the rounding of the product. out may be x. */
void closo_exponentials(double factor, const double *x, size_t count, double *out);

#ifdef __cplusplus
}
#endif
#endif
