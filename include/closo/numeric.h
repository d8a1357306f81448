/* SPDX-License-Identifier: BSD-3-Clause */
/* numeric.h: straight lines, nonlinear least squares, robust statistics, random numbers. No units here: x and y are the caller's. */
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

/* ---- nonlinear least squares ---- */

/* The residuals r(x) and, unless jacobian is NULL, their derivatives column by column: d r_i / d x_k stands at
 * jacobian[k * residual_count + i]. Weights are the caller's: r = (model - measured) / sigma. Values that are not finite
 * mean that x is outside the model's domain, and a smaller step is tried. Returns false to stop the fit (CANCELLED). */
typedef bool closo_residuals(void *user, const double *x, double *residuals, double *jacobian);

typedef struct closo_least_squares_problem {
    size_t residual_count, parameter_count; /* residual_count >= parameter_count */
    closo_residuals *evaluate;
    void *user;
} closo_least_squares_problem;

typedef struct closo_least_squares_options {
    size_t max_iterations; /* 0: 200 */
    double
        tolerance; /* the fit ends when the step that is left is this small against the sigma of the parameters;
                              0: 1e-5 */
    double first_damping; /* 0: 1e-3; 1 and more for a poor start */
    double enough;        /* the fit ends early below this sum of squares; 0: never */
} closo_least_squares_options;

/* What a fit did and where it ended. Made once, used for any number of fits of its size or smaller: nothing is
 * allocated while it runs. */
typedef struct closo_least_squares {
    size_t residual_count, parameter_count; /* of the last fit */
    double sum_of_squares;                  /* at the solution */
    double
        variance; /* sum_of_squares / (residuals - parameters); NaN when there are none to spare */
    double
        condition; /* set by closo_least_squares_covariance: about that of the normal matrix of columns scaled to
                             1, from the factor R; infinite when a parameter has no effect or follows from the others */
    size_t iterations, evaluations, jacobians;
    bool converged;
    const double *residuals, *jacobian; /* at the solution, valid until the next fit */
    struct closo_least_squares_work *work;
} closo_least_squares;

/* A solver for at most so many residuals and parameters, in the arena; NULL when out of memory. */
CLOSO_API closo_least_squares *closo_least_squares_new(size_t residual_count,
                                                       size_t parameter_count, closo_arena *arena);

/* Minimises sum r_i^2 from x, which becomes the solution: Levenberg and Marquardt's method with the damping of Nielsen;
 * normal equations, and Householder's QR where these are ill-conditioned. options may be NULL. RANGE: sizes do not fit,
 * or the residuals at the start are not finite. NOCONVERGE: max_iterations reached; x is the best point found.
 * Levenberg, Q. Appl. Math. 2 (1944) 164; Marquardt, J. SIAM 11 (1963) 431, doi:10.1137/0111030; Nielsen, IMM-REP-1999-05
 * (DTU). O(iterations * residuals * parameters^2) and the calls of evaluate. */
CLOSO_API CLOSO_CHECK closo_status
closo_least_squares_fit(closo_least_squares *solver, const closo_least_squares_problem *problem,
                        const closo_least_squares_options *options, double *x, closo_error *error);

/* Takes residual_count x parameter_count derivatives, column by column, in place of those of the last fit, for a
 * covariance in other coordinates. False when they are too many. */
CLOSO_API bool closo_least_squares_set_jacobian(closo_least_squares *solver, const double *jacobian,
                                                size_t residual_count, size_t parameter_count);

/* variance * (J'J)^-1 of the last fit, row by row. Give solver->variance, or 1 where the residuals were divided by known
 * sigmas. RANGE: a parameter has no effect, or follows from the others (condition above 1e28); covariance is then NaN. */
CLOSO_API CLOSO_CHECK closo_status closo_least_squares_covariance(closo_least_squares *solver,
                                                                  double variance,
                                                                  double *covariance,
                                                                  closo_error *error);

/* ---- robust statistics and random numbers ---- */

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
