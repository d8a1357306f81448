/* SPDX-License-Identifier: BSD-3-Clause */
/* line.c: the least-squares straight line.
 *
 * The textbook sums (n sum xy - sum x sum y) lose every digit when a sweep of a few millivolt sits on an offset, or
 * when x is a Unix time. So both axes are centred first, the sums of the centred values are corrected for what
 * rounding left of the mean (the corrected two-pass algorithm: Chan, Golub and LeVeque, Am. Stat. 37 (1983) 242,
 * doi:10.1080/00031305.1983.10483115), and the residuals are summed themselves instead of being got as a difference
 * of two nearly equal sums. */
#include "base/base_internal.h"
#include "closo/numeric.h"

#include <math.h>

typedef struct points {
    const double *x, *y;
    const double *weight; /* NULL: all 1 */
    size_t count;
} points;

/* Where the points lie: their (weighted) centre and the second moments about it. */
typedef struct moments {
    double weight_sum;
    size_t used; /* points whose weight is not 0 */
    double x_mean, y_mean;
    double xx, xy, yy;
} moments;

static double weight_of(const points *data, size_t i)
{
    return data->weight != NULL ? data->weight[i] : 1;
}

/* The first centre: a mean of differences to the first point, which are exact for values that lie close together. */
static void find_centre(const points *data, moments *about)
{
    double x_sum = 0, y_sum = 0;
    for (size_t i = 0; i < data->count; i++) {
        double weight = weight_of(data, i);
        about->weight_sum += weight;
        about->used += weight != 0;
        x_sum += weight * (data->x[i] - data->x[0]);
        y_sum += weight * (data->y[i] - data->y[0]);
    }
    about->x_mean = data->x[0] + x_sum / about->weight_sum;
    about->y_mean = data->y[0] + y_sum / about->weight_sum;
}

static void find_moments(const points *data, moments *about)
{
    double x_left = 0, y_left = 0;
    for (size_t i = 0; i < data->count; i++) {
        double weight = weight_of(data, i);
        double dx = data->x[i] - about->x_mean;
        double dy = data->y[i] - about->y_mean;
        x_left += weight * dx;
        y_left += weight * dy;
        about->xx += weight * dx * dx;
        about->xy += weight * dx * dy;
        about->yy += weight * dy * dy;
    }
    about->xx -= x_left * x_left / about->weight_sum;
    about->xy -= x_left * y_left / about->weight_sum;
    about->yy -= y_left * y_left / about->weight_sum;
    about->x_mean += x_left / about->weight_sum;
    about->y_mean += y_left / about->weight_sum;
}

static double residual_sum(const points *data, const moments *about, double slope)
{
    double sum = 0;
    for (size_t i = 0; i < data->count; i++) {
        double residual = data->y[i] - about->y_mean - slope * (data->x[i] - about->x_mean);
        sum += weight_of(data, i) * residual * residual;
    }
    return sum;
}

static closo_status check_weights(const points *data, closo_error *error)
{
    if (data->weight == NULL)
        return CLOSO_OK;
    for (size_t i = 0; i < data->count; i++)
        if (!(data->weight[i] >= 0))
            return closo_fail(error, CLOSO_RANGE,
                              "the weight of point %zu is %g; weights are 1/sigma^2, 0 or more",
                              i + 1, data->weight[i]);
    return CLOSO_OK;
}

static closo_status too_few(size_t used, closo_error *error)
{
    return closo_fail(error, CLOSO_RANGE, "a line with an uncertainty needs 3 points, there %s %zu",
                      used == 1 ? "is" : "are", used);
}

closo_status closo_line_fit(const double *x, const double *y, const double *weight, size_t count,
                            closo_line *line, closo_error *error)
{
    *line = (closo_line){0};
    if (count < 3)
        return too_few(count, error);
    const points data = {x, y, weight, count};
    closo_status status = check_weights(&data, error);
    if (status != CLOSO_OK)
        return status;
    moments about = {0};
    find_centre(&data, &about);
    if (about.used < 3)
        return too_few(about.used, error);
    find_moments(&data, &about);
    /* One value that is not finite spoils every sum it enters, so the sums tell. */
    if (!isfinite(about.xx) || !isfinite(about.yy) || !isfinite(about.xy))
        return closo_fail(error, CLOSO_RANGE,
                          "a line cannot be fitted: values are missing, infinite or above 1e150");
    if (!(about.xx > 0))
        return closo_fail(error, CLOSO_RANGE,
                          "a line cannot be fitted: all %zu points have the same x, %g", about.used,
                          about.x_mean);
    const double slope = about.xy / about.xx;
    const double residuals = residual_sum(&data, &about, slope);
    const double variance = residuals / (double)(about.used - 2);
    line->slope = slope;
    line->intercept = about.y_mean - slope * about.x_mean;
    line->slope_sigma = sqrt(variance / about.xx);
    line->intercept_sigma =
        sqrt(variance * (1 / about.weight_sum + about.x_mean * about.x_mean / about.xx));
    line->covariance = -variance * about.x_mean / about.xx;
    line->residual_rms = sqrt(variance);
    line->r2 = about.yy > 0 ? fmax(0, 1 - residuals / about.yy) : 0;
    line->count = about.used;
    return CLOSO_OK;
}
