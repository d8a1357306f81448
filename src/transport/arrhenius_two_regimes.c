/* SPDX-License-Identifier: BSD-3-Clause */
/* arrhenius_two_regimes.c: two activated processes in series, which has no closed form. */
#include "transport_internal.h"

#include <math.h>
#include <string.h>

enum { PARAMETERS = 4 };

/* ln A and E of a branch go together so closely that the solver gets the branch's height at two ends of the plot instead:
 * z[0] cold end, z[1] middle of the cold branch; z[2], z[3] of the hot one. */
typedef struct job {
    const arrhenius_points *points;
    double cold_x, hot_x;
} job;

static void curve_of(const job *work, const double *z, arrhenius_curve *curve)
{
    double width = work->cold_x - work->hot_x;
    double *p = curve->parameters;
    p[1] = (z[1] - z[0]) / width; /* y at the hot x less y at the cold x */
    p[0] = z[0] + p[1] * work->cold_x;
    p[3] = (z[3] - z[2]) / width;
    p[2] = z[2] + p[3] * work->cold_x;
}

static bool residuals(void *user, const double *z, double *residual, double *jacobian)
{
    const job *work = user;
    const arrhenius_points *points = work->points;
    arrhenius_curve curve = {.model = CLOSO_ARRHENIUS_TWO_REGIMES};
    size_t n = points->count;
    curve_of(work, z, &curve);
    for (size_t i = 0; i < n; i++) {
        double x = points->x[i], root = sqrt(points->weight[i]);
        residual[i] = root * (arrhenius_curve_at(&curve, x) - points->y[i]);
        if (jacobian == NULL)
            continue;
        double gradient[PARAMETERS_MAX];
        arrhenius_curve_gradient(&curve, x, gradient);
        double along = (work->cold_x - x) / (work->cold_x - work->hot_x);
        jacobian[i] = root * gradient[0] * (1 - along);
        jacobian[n + i] = root * gradient[0] * along;
        jacobian[2 * n + i] = root * gradient[2] * (1 - along);
        jacobian[3 * n + i] = root * gradient[2] * along;
    }
    return true;
}

bool arrhenius_fit_two_regimes(const arrhenius_points *points, arrhenius_curve *curve)
{
    arrhenius_curve start;
    if (!arrhenius_fit_curve(points, CLOSO_ARRHENIUS_KINK, &start))
        return false;
    const double *p = start.parameters;
    if (!(p[1] > p[3])) /* in series the steeper process rules the cold end */
        return false;
    job work = {points, points->x[points->count - 1], points->x[0]};
    double z[PARAMETERS] = {p[0] - p[1] * work.cold_x, p[0] - p[1] * work.hot_x,
                            p[2] - p[3] * work.cold_x, p[2] - p[3] * work.hot_x};
    const closo_least_squares_problem problem = {points->count, PARAMETERS, residuals, &work};
    closo_status status = closo_least_squares_fit(points->solver, &problem, NULL, z, NULL);
    if (status != CLOSO_OK && status != CLOSO_NOCONVERGE)
        return false;
    curve->model = CLOSO_ARRHENIUS_TWO_REGIMES;
    curve_of(&work, z, curve);
    curve->chi2 = points->solver->sum_of_squares;
    return isfinite(curve->chi2) && curve->parameters[1] > curve->parameters[3];
}
