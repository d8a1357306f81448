/* SPDX-License-Identifier: BSD-3-Clause */
/* numeric.h: straight lines, robust statistics, random numbers. No units here: x and y are the caller's. */
#ifndef CLOSO_NUMERIC_H
#define CLOSO_NUMERIC_H

#include "closo/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Least-squares line y = intercept + slope x. Given weights 1/sigma^2 or none. */
typedef struct closo_line {
    double intercept, slope;
    double intercept_sigma, slope_sigma, covariance; /* from the scatter of the residuals */
    double residual_rms; /* sqrt(sum of squares / (n - 2)); with weights, of weighted squares */
    double r2;           /* 1 - residual / total sum of squares; 0 for a constant y */
    size_t count;        /* points used: those of weight above 0 */
} closo_line;

/* Fits count points (x, y, and weight unless NULL). RANGE: fewer than 3 points of weight above 0, all x equal, a negative
 * weight, or a value that is not finite. O(count), three passes. */
CLOSO_API CLOSO_CHECK closo_status closo_line_fit(const double *x, const double *y,
                                                  const double *weight, size_t count,
                                                  closo_line *line, closo_error *error);

/* Median, and 1.4826 times the median absolute deviation about it (the sigma of a normal distribution). values are
 * reordered. NaN among them are left out; NaN when nothing is left. median may be NULL. O(count). */
CLOSO_API double closo_median(double *values, size_t count);
CLOSO_API double closo_robust_sigma(double *values, size_t count, double *median);
/* Quantile q (0..1) by linear interpolation between order statistics (Hyndman and Fan's type 7); values are sorted,
 * NaN left out and last. NaN when nothing is left or q is outside. O(count log count). */
CLOSO_API double closo_quantile(double *values, size_t count, double q);

/* Random numbers: xoshiro256** (Blackman and Vigna, ACM Trans. Math. Softw. 47 (2021) 36, doi:10.1145/3460772), seeded
 * through splitmix64. The same seed gives the same numbers on every machine. */
typedef struct closo_random {
    uint64_t state[4];
} closo_random;
CLOSO_API void closo_random_seed(closo_random *random, uint64_t seed);
CLOSO_API uint64_t closo_random_next(closo_random *random);
CLOSO_API double closo_random_uniform(closo_random *random); /* in [0, 1) */
CLOSO_API size_t closo_random_below(closo_random *random,
                                    size_t bound);          /* in [0, bound), unbiased; 0 for 0 */
CLOSO_API double closo_random_normal(closo_random *random); /* mean 0, sigma 1 */

#ifdef __cplusplus
}
#endif
#endif
