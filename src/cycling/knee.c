/* SPDX-License-Identifier: BSD-3-Clause */
/* knee.c: does the retention bend, and at which cycle? Two straight lines that meet, against laws that need no knee. */
#include "analysis_internal.h"

#include "closo/numeric.h"

#include <math.h>

enum { LEAST_POINTS = 8, SIDE_POINTS = 3 };

const char *closo_fade_law_name(closo_fade_law law)
{
    static const char *const names[] = {"straight line", "square root", "parabola", "two lines"};
    return law < CLOSO_FADE_LAW_COUNT ? names[law] : "";
}

/* Sums over points i >= some index; x and y are about their means, so that differences of sums keep their digits. */
typedef struct sums {
    double n, x, xx, y, xy;
} sums;

typedef struct points {
    double *x, *y;
    size_t count;
    double x_mean, y_mean;
    sums *after; /* after[j]: of points j, j + 1, ...; count + 1 of them */
} points;

/* y = intercept + slope x + bend (x - knee)+ */
typedef struct bent_line {
    double intercept, slope, bend, knee;
    double square_sum;
} bent_line;

static sums less(sums all, const sums *part)
{
    return (sums){all.n - part->n, all.x - part->x, all.xx - part->xx, all.y - part->y,
                  all.xy - part->xy};
}

static bool take_points(points *data, const double *x, const double *y, closo_arena *arena)
{
    size_t count = data->count;
    data->x = closo_arena_alloc(arena, count, sizeof *data->x);
    data->y = closo_arena_alloc(arena, count, sizeof *data->y);
    data->after = closo_arena_alloc(arena, count + 1, sizeof *data->after);
    if (data->x == NULL || data->y == NULL || data->after == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        data->x_mean += x[i] / (double)count;
        data->y_mean += y[i] / (double)count;
    }
    for (size_t i = count; i-- > 0;) {
        double dx = data->x[i] = x[i] - data->x_mean;
        double dy = data->y[i] = y[i] - data->y_mean;
        const sums *next = &data->after[i + 1];
        data->after[i] =
            (sums){next->n + 1, next->x + dx, next->xx + dx * dx, next->y + dy, next->xy + dx * dy};
    }
    return true;
}

/* ---- two lines that meet ---- */

/* Matrix of the normal equations of 1, x, (x - knee)+; points first_after and on lie beyond the knee. */
static void bent_matrix(const points *data, double knee, size_t first_after, double matrix[9],
                        double right[3])
{
    const sums *all = &data->after[0], *part = &data->after[first_after];
    double h = part->x - knee * part->n, xh = part->xx - knee * part->x;
    double hh = part->xx - 2 * knee * part->x + knee * knee * part->n;
    const double filled[9] = {all->n, all->x, h, all->x, all->xx, xh, h, xh, hh};
    for (size_t i = 0; i < 9; i++)
        matrix[i] = filled[i];
    right[0] = all->y;
    right[1] = all->xy;
    right[2] = part->xy - knee * part->y;
}

/* Explained sum of squares of the best bent line with that knee; the larger the better. */
static double try_knee(const points *data, double knee, size_t first_after, bent_line *line)
{
    double matrix[9], right[3], moments[3];
    bent_matrix(data, knee, first_after, matrix, right);
    for (size_t i = 0; i < 3; i++)
        moments[i] = right[i];
    if (!closo_cycling_solve(matrix, right, 3))
        return -INFINITY;
    *line = (bent_line){.intercept = right[0], .slope = right[1], .bend = right[2], .knee = knee};
    return right[0] * moments[0] + right[1] * moments[1] + right[2] * moments[2];
}

/* Where the separate lines through both sides meet, or NaN. */
static double meeting_place(const points *data, size_t first_after)
{
    const sums *right = &data->after[first_after];
    const sums left = less(data->after[0], right);
    double left_xx = left.xx - left.x * left.x / left.n,
           right_xx = right->xx - right->x * right->x / right->n;
    if (!(left_xx > 0) || !(right_xx > 0))
        return NAN;
    double left_slope = (left.xy - left.x * left.y / left.n) / left_xx,
           right_slope = (right->xy - right->x * right->y / right->n) / right_xx;
    double left_start = (left.y - left_slope * left.x) / left.n,
           right_start = (right->y - right_slope * right->x) / right->n;
    return left_slope != right_slope ? (right_start - left_start) / (left_slope - right_slope)
                                     : (double)NAN;
}

static double bent_value(const bent_line *line, double x)
{
    return line->intercept + line->slope * x + line->bend * fmax(x - line->knee, 0);
}

/* Between two cycles the minimum is where the separate lines meet, if they meet there, else it is at a cycle. */
static bool fit_bent(const points *data, bent_line *best)
{
    double most = -INFINITY;
    for (size_t j = SIDE_POINTS; j + SIDE_POINTS <= data->count; j++) {
        /* points j and on lie beyond the knee, which is from x[j-1] to x[j] */
        double meeting = meeting_place(data, j);
        const double places[] = {data->x[j - 1], meeting, data->x[j]};
        for (size_t k = 0; k < 3; k++) {
            if (!(places[k] >= data->x[j - 1] && places[k] <= data->x[j]))
                continue;
            bent_line line;
            double explained = try_knee(data, places[k], j, &line);
            if (explained > most) {
                most = explained;
                *best = line;
            }
        }
    }
    if (!isfinite(most))
        return false;
    best->square_sum = 0;
    for (size_t i = 0; i < data->count; i++) {
        double residual = data->y[i] - bent_value(best, data->x[i]);
        best->square_sum += residual * residual;
    }
    return true;
}

/* Covariance of intercept, slope, bend and knee, for residuals of variance 1, by linearisation. */
static bool bent_covariance(const points *data, const bent_line *line, double matrix[16])
{
    for (size_t i = 0; i < 16; i++)
        matrix[i] = 0;
    for (size_t p = 0; p < data->count; p++) {
        double x = data->x[p];
        const double change[4] = {1, x, fmax(x - line->knee, 0), x > line->knee ? -line->bend : 0};
        for (size_t i = 0; i < 4; i++)
            for (size_t j = 0; j < 4; j++)
                matrix[4 * i + j] += change[i] * change[j];
    }
    return closo_cycling_invert(matrix, 4);
}

/* ---- laws without a knee ---- */

static double polynomial_square_sum(const points *data, size_t order)
{
    double matrix[9] = {0}, right[3] = {0}, sum = 0;
    double half_width = fmax(fabs(data->x[0]), fabs(data->x[data->count - 1]));
    for (size_t p = 0; p < data->count; p++) {
        double x = data->x[p] / half_width;
        const double power[3] = {1, x, x * x};
        for (size_t i = 0; i < order; i++) {
            right[i] += power[i] * data->y[p];
            for (size_t j = 0; j < order; j++)
                matrix[order * i + j] += power[i] * power[j];
        }
    }
    if (!closo_cycling_solve(matrix, right, order))
        return NAN;
    for (size_t p = 0; p < data->count; p++) {
        double x = data->x[p] / half_width;
        double residual = data->y[p] - right[0] - right[1] * x - (order > 2 ? right[2] * x * x : 0);
        sum += residual * residual;
    }
    return sum;
}

static double root_square_sum(const points *data, double *scratch)
{
    closo_line line;
    for (size_t i = 0; i < data->count; i++)
        scratch[i] = sqrt(data->x[i] - data->x[0]);
    if (closo_line_fit(scratch, data->y, NULL, data->count, &line, NULL) != CLOSO_OK)
        return NAN;
    return line.residual_rms * line.residual_rms * (double)(data->count - 2);
}

/* ---- which one ---- */

/* Of each residual with its neighbour, about the two lines. */
static double neighbour_correlation(const points *data, const bent_line *line)
{
    double product = 0, before = 0;
    for (size_t i = 0; i < data->count; i++) {
        double residual = data->y[i] - bent_value(line, data->x[i]);
        product += i != 0 ? residual * before : 0;
        before = residual;
    }
    return line->square_sum > 0 ? product / line->square_sum : 0;
}

static void compare_laws(const points *data, const bent_line *line, double *scratch,
                         closo_knee *knee)
{
    /* intercept, slope, variance; the parabola's third; the bend, and the place of the knee counted as three */
    static const double parameters[CLOSO_FADE_LAW_COUNT] = {3, 3, 4, 7};
    static const double degrees[CLOSO_FADE_LAW_COUNT] = {2, 2, 3, 4};
    double n = (double)data->count;
    const double square_sums[CLOSO_FADE_LAW_COUNT] = {
        polynomial_square_sum(data, 2), root_square_sum(data, scratch),
        polynomial_square_sum(data, 3), line->square_sum};
    double r = knee->correlation = neighbour_correlation(data, line);
    knee->sigma_factor = 1;
    if (r > 2 / sqrt(n))
        knee->sigma_factor = sqrt((1 + fmin(r, 0.99)) / (1 - fmin(r, 0.99)));
    double effective = n / (knee->sigma_factor * knee->sigma_factor);
    closo_fade_law by_aicc = CLOSO_FADE_LINE, by_bic = CLOSO_FADE_LINE;
    for (int law = 0; law < CLOSO_FADE_LAW_COUNT; law++) {
        closo_fade_fit *fit = &knee->fits[law];
        *fit = closo_cycling_criteria(square_sums[law], data->count, effective, parameters[law]);
        fit->rms = sqrt(square_sums[law] / (n - degrees[law]));
        by_aicc = fit->aicc < knee->fits[by_aicc].aicc ? (closo_fade_law)law : by_aicc;
        by_bic = fit->bic < knee->fits[by_bic].bic ? (closo_fade_law)law : by_bic;
    }
    /* Where the two disagree, the one with fewer parameters: BIC's for any but the smallest series. */
    knee->law = parameters[by_aicc] < parameters[by_bic] ? by_aicc : by_bic;
}

static void fill_knee(const points *data, const bent_line *line, closo_knee *knee)
{
    double matrix[16];
    bool known = bent_covariance(data, line, matrix);
    double scale =
        line->square_sum / (double)(data->count - 4) * knee->sigma_factor * knee->sigma_factor;
    double at = line->intercept + line->slope * line->knee;
    const double to_retention[4] = {1, line->knee, 0, line->slope}, to_after[4] = {0, 1, 1, 0};
    double retention = 0, after = 0;
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++) {
            retention += to_retention[i] * to_retention[j] * matrix[4 * i + j];
            after += to_after[i] * to_after[j] * matrix[4 * i + j];
        }
    const double variances[] = {matrix[15], retention, matrix[5], after};
    const double values[] = {line->knee + data->x_mean, at + data->y_mean, line->slope,
                             line->slope + line->bend};
    closo_value *const wanted[] = {&knee->cycle, &knee->retention, &knee->before_per_cycle,
                                   &knee->after_per_cycle};
    for (size_t k = 0; k < 4; k++)
        *wanted[k] =
            (closo_value){values[k], known ? sqrt(scale * fmax(variances[k], 0)) : (double)NAN};
    if (knee->law == CLOSO_FADE_TWO_LINES)
        knee->kind = line->bend < 0 ? CLOSO_KNEE_FASTER : CLOSO_KNEE_SLOWER;
}

static closo_status check_points(const double *cycle, const double *retention, size_t count,
                                 closo_error *error)
{
    if (count < LEAST_POINTS)
        return closo_fail(
            error, CLOSO_RANGE,
            "a knee needs at least %d complete cycles to be looked for; there are %zu",
            LEAST_POINTS, count);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(cycle[i]) || !isfinite(retention[i]) || (i != 0 && cycle[i] <= cycle[i - 1]))
            return closo_fail(error, CLOSO_RANGE,
                              "point %zu of the retention is not a number, or its cycle does not "
                              "come after the one before",
                              i + 1);
    return CLOSO_OK;
}

closo_status closo_knee_find(const double *cycle, const double *retention, size_t count,
                             closo_arena *arena, closo_knee *knee, closo_error *error)
{
    *knee = (closo_knee){.cycle = {NAN, NAN},
                         .retention = {NAN, NAN},
                         .before_per_cycle = {NAN, NAN},
                         .after_per_cycle = {NAN, NAN},
                         .sigma_factor = 1,
                         .count = count};
    closo_status status = check_points(cycle, retention, count, error);
    if (status != CLOSO_OK)
        return status;
    points data = {.count = count};
    bent_line line = {0};
    double *scratch = closo_arena_alloc(arena, count, sizeof *scratch);
    if (scratch == NULL || !take_points(&data, cycle, retention, arena))
        return closo_fail_nomem(error);
    if (!fit_bent(&data, &line))
        return closo_fail(error, CLOSO_RANGE, "two lines cannot be laid through the retention");
    compare_laws(&data, &line, scratch, knee);
    fill_knee(&data, &line, knee);
    return CLOSO_OK;
}
