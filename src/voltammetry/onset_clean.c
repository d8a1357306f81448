/* SPDX-License-Identifier: BSD-3-Clause */
/* onset_clean.c: a sweep made ready for the onset search: points that are numbers, spikes marked, averaged in slices whose
 * noise is known. */
#include "onset_internal.h"

#include <math.h>
#include <string.h>

/* ---- points ---- */

closo_status onset_points_take(const closo_voltammogram *voltammogram, size_t sweep_index,
                               closo_arena *arena, onset_points *points, closo_error *error)
{
    const closo_sweep *sweep = &voltammogram->sweeps[sweep_index];
    const closo_trace *trace = &voltammogram->trace;
    const double *potential_V = trace->potential_V + sweep->first_row;
    const double *current_A = trace->current_A + sweep->first_row;
    *points = (onset_points){.mirror = sweep->direction < 0 ? -1 : 1, .current_A = 1};
    points->potential_V = closo_arena_alloc(arena, sweep->row_count, sizeof(double));
    points->current = closo_arena_alloc(arena, sweep->row_count, sizeof(double));
    points->kept = closo_arena_alloc(arena, sweep->row_count, sizeof(bool));
    if (points->potential_V == NULL || points->current == NULL || points->kept == NULL)
        return closo_fail_nomem(error);
    double largest_A = 0;
    for (size_t i = 0; i < sweep->row_count; i++) {
        if (!isfinite(potential_V[i]) || !isfinite(current_A[i]))
            continue;
        points->potential_V[points->count] = points->mirror * potential_V[i];
        points->current[points->count] = points->mirror * current_A[i];
        points->kept[points->count++] = true;
        largest_A = fmax(largest_A, fabs(current_A[i]));
    }
    points->missing_count = sweep->row_count - points->count;
    if (points->count < ONSET_LEAST_POINTS)
        return closo_fail(error, CLOSO_RANGE,
                          "the sweep has %zu points; an onset needs at least %d, 200 are good",
                          points->count, ONSET_LEAST_POINTS);
    if (largest_A > 0) {
        int exponent;
        frexp(largest_A, &exponent);
        points->current_A = ldexp(1, exponent);
        for (size_t i = 0; i < points->count; i++)
            points->current[i] = ldexp(points->current[i], -exponent);
    }
    return CLOSO_OK;
}

/* ---- spikes ---- */

enum { HALF_WINDOW = 5, WINDOW = 2 * HALF_WINDOW + 1 };
static const double spike_sigmas = 5;
static const double sigma_per_mad = 1.482602218505602; /* 1 / Phi^-1(3/4) */

/* The values of a running window in order, so that both medians cost no sorting. */
typedef struct sorted_window {
    double values[WINDOW];
    size_t count;
} sorted_window;

static void window_insert(sorted_window *window, double value)
{
    size_t at = window->count++;
    for (; at > 0 && window->values[at - 1] > value; at--)
        window->values[at] = window->values[at - 1];
    window->values[at] = value;
}

static void window_remove(sorted_window *window, double value)
{
    size_t at = 0;
    while (at + 1 < window->count && window->values[at] != value)
        at++;
    window->count--;
    for (; at < window->count; at++)
        window->values[at] = window->values[at + 1];
}

static double window_median(const sorted_window *window)
{
    size_t middle = window->count / 2;
    return window->count % 2 != 0 ? window->values[middle]
                                  : 0.5 * (window->values[middle - 1] + window->values[middle]);
}

/* Median distance from the median: distances grow outwards on both sides, so they are merged up to the middle one. */
static double window_deviation(const sorted_window *window, double median)
{
    size_t above = window->count / 2, below = above, middle = window->count / 2;
    double last = 0, before = 0;
    for (size_t rank = 0; rank <= middle; rank++) {
        double up = above < window->count ? window->values[above] - median : (double)INFINITY;
        double down = below > 0 ? median - window->values[below - 1] : (double)INFINITY;
        before = last;
        last = fmin(up, down);
        if (up <= down)
            above++;
        else
            below--;
    }
    return window->count % 2 != 0 ? last : 0.5 * (before + last);
}

/* A spike lies further from the running median than five times its noise: the larger of that of its surroundings and
 * that of the whole sweep (Hampel's filter). A step or a corner moves the median with it and is left alone. */
bool onset_points_despike(onset_points *points, closo_arena *arena)
{
    size_t count = points->count;
    double *distance = closo_arena_alloc(arena, count, sizeof *distance);
    double *deviation = closo_arena_alloc(arena, count, sizeof *deviation);
    double *scratch = closo_arena_alloc(arena, count, sizeof *scratch);
    if (distance == NULL || deviation == NULL || scratch == NULL)
        return false;
    sorted_window window = {.count = 0};
    for (size_t i = 0; i < HALF_WINDOW && i < count; i++)
        window_insert(&window, points->current[i]);
    for (size_t i = 0; i < count; i++) {
        if (i > HALF_WINDOW)
            window_remove(&window, points->current[i - HALF_WINDOW - 1]);
        if (i + HALF_WINDOW < count)
            window_insert(&window, points->current[i + HALF_WINDOW]);
        double median = window_median(&window);
        distance[i] = fabs(points->current[i] - median);
        deviation[i] = window_deviation(&window, median);
    }
    memcpy(scratch, distance, count * sizeof *scratch);
    double usual = closo_median(scratch, count);
    points->rough_noise = sigma_per_mad * usual;
    points->spike_count = 0;
    for (size_t i = 0; i < count; i++) {
        double limit = spike_sigmas * sigma_per_mad * fmax(deviation[i], usual);
        points->kept[i] = distance[i] <= limit;
        points->spike_count += points->kept[i] ? 0 : 1;
    }
    return true;
}

/* ---- resolution ---- */

/* The step in which the current was recorded, where it is coarser than the noise: there neighbouring points are often
 * the very same, and averaging them gains nothing. 0: the noise is coarser. */
bool onset_points_resolve(onset_points *points, closo_arena *arena)
{
    enum { BLOCKS = 20 };
    double same[BLOCKS], *steps = closo_arena_alloc(arena, points->count, sizeof *steps);
    size_t step_count = 0;
    if (steps == NULL)
        return false;
    for (size_t block = 0; block < BLOCKS; block++) {
        size_t first = block * (points->count - 1) / BLOCKS, equal = 0;
        size_t end = (block + 1) * (points->count - 1) / BLOCKS;
        for (size_t i = first; i < end; i++) {
            double step = fabs(points->current[i + 1] - points->current[i]);
            if (step > 0)
                steps[step_count++] = step;
            else
                equal++;
        }
        same[block] = end > first ? (double)equal / (double)(end - first) : 0;
    }
    /* A quarter of the sweep is enough: its background. */
    if (closo_quantile(same, BLOCKS, 0.75) > 0.5 && step_count != 0)
        points->resolution = closo_quantile(steps, step_count, 0.1);
    return true;
}

/* ---- slices ---- */

static bool slices_alloc(onset_slices *slices, size_t room, closo_arena *arena)
{
    *slices = (onset_slices){0};
    slices->potential_V = closo_arena_alloc(arena, room, sizeof(double));
    slices->current = closo_arena_alloc(arena, room, sizeof(double));
    slices->kept_count = closo_arena_alloc(arena, room, sizeof(double));
    slices->sigma = closo_arena_alloc(arena, room, sizeof(double));
    slices->weight = closo_arena_alloc(arena, room, sizeof(double));
    slices->first_point = closo_arena_alloc(arena, room + 1, sizeof(size_t));
    return slices->potential_V != NULL && slices->current != NULL && slices->kept_count != NULL &&
           slices->sigma != NULL && slices->weight != NULL && slices->first_point != NULL;
}

/* Adds the mean of points first .. end - 1; a slice that does not advance in potential joins those before it. */
static void add_slice(onset_slices *slices, const onset_points *points, size_t first, size_t end)
{
    double count = 0, potential_V = 0, current = 0;
    for (size_t i = first; i < end; i++) {
        if (!points->kept[i])
            continue;
        count++;
        potential_V += points->potential_V[i];
        current += points->current[i];
    }
    if (count == 0)
        return; /* its points join the slice before by first_point */
    potential_V /= count;
    current /= count;
    while (slices->count != 0 && potential_V <= slices->potential_V[slices->count - 1]) {
        size_t before = --slices->count;
        double more = slices->kept_count[before], sum = count + more;
        potential_V = (potential_V * count + slices->potential_V[before] * more) / sum;
        current = (current * count + slices->current[before] * more) / sum;
        count = sum;
        first = slices->first_point[before];
    }
    slices->potential_V[slices->count] = potential_V;
    slices->current[slices->count] = current;
    slices->kept_count[slices->count] = count;
    slices->first_point[slices->count] = slices->count == 0 ? 0 : first;
    slices->count++;
}

closo_status onset_slices_make(const onset_points *points, closo_arena *arena, onset_slices *slices,
                               closo_error *error)
{
    size_t per_slice = (points->count + ONSET_MOST_SLICES - 1) / ONSET_MOST_SLICES;
    size_t room = (points->count + per_slice - 1) / per_slice;
    if (!slices_alloc(slices, room, arena))
        return closo_fail_nomem(error);
    for (size_t first = 0; first < points->count; first += per_slice) {
        size_t end = first + per_slice < points->count ? first + per_slice : points->count;
        add_slice(slices, points, first, end);
    }
    slices->first_point[slices->count] = points->count;
    if (slices->count < ONSET_LEAST_POINTS)
        return closo_fail(error, CLOSO_RANGE,
                          "the potential of the sweep does not advance: its %zu points make %zu "
                          "potentials one after the other, an onset needs %d",
                          points->count, slices->count, ONSET_LEAST_POINTS);
    return CLOSO_OK;
}

/* ---- the noise of a slice ---- */

enum { NOISE_HALF_WINDOW = 30, CORRELATION_WINDOW = 24 };
static const double least_noise_share =
    2e-4; /* of the current's span: rounding to text, digitiser */
static const double point_floor =
    0.12; /* of a point's noise: averaging gains no more than 70 points do, then drift comes */
static const double place_share =
    0.08; /* a slice's potential is known to this part of its width: softens steep curved parts */
static const double most_inflation = 60; /* by correlation: that of rho = 0.9 */

/* Third differences are blind to a parabola; their standard deviation is sqrt(1 + 9 + 9 + 1) that of the values. */
static void local_noise(onset_slices *slices, double *difference, double *scratch)
{
    size_t count = slices->count, differences = count - 3;
    const double *y = slices->current;
    for (size_t i = 0; i < differences; i++)
        difference[i] = fabs(y[i + 3] - 3 * y[i + 2] + 3 * y[i + 1] - y[i]) / sqrt(20);
    memcpy(scratch, difference, differences * sizeof *scratch);
    double everywhere = sigma_per_mad * closo_median(scratch, differences);
    memcpy(scratch, y, count * sizeof *scratch);
    double low = closo_quantile(scratch, count, 0.02);
    slices->span = closo_quantile(scratch, count, 0.98) - low;
    memcpy(scratch, slices->kept_count, count * sizeof *scratch);
    double usual_count = closo_median(scratch, count);
    for (size_t k = 0; k < count; k++) {
        size_t first = k > NOISE_HALF_WINDOW + 2 ? k - NOISE_HALF_WINDOW - 2 : 0;
        size_t end =
            k + NOISE_HALF_WINDOW - 1 < differences ? k + NOISE_HALF_WINDOW - 1 : differences;
        memcpy(scratch, difference + first, (end - first) * sizeof *scratch);
        double here = sigma_per_mad * closo_median(scratch, end - first);
        double sigma = fmax(fmax(here, 0.5 * everywhere), least_noise_share * slices->span);
        slices->sigma[k] = sigma * sqrt(usual_count / slices->kept_count[k]);
    }
}

/* Residuals of a window of slices about their own parabola, by Gram and Schmidt. */
static void parabola_residuals(const double *x, const double *y, double *residual)
{
    enum { N = CORRELATION_WINDOW };
    double p1[N], p2[N], mean_x = 0, mean_y = 0;
    for (size_t i = 0; i < N; i++) {
        mean_x += x[i] / N;
        mean_y += y[i] / N;
    }
    double mean_2 = 0, s11 = 0, s21 = 0, s22 = 0, y1 = 0, y2 = 0;
    for (size_t i = 0; i < N; i++) {
        p1[i] = x[i] - mean_x;
        p2[i] = p1[i] * p1[i];
        mean_2 += p2[i] / N;
        s11 += p1[i] * p1[i];
        s21 += p2[i] * p1[i];
        y1 += (y[i] - mean_y) * p1[i];
    }
    for (size_t i = 0; i < N; i++) {
        residual[i] = y[i] - mean_y - p1[i] * y1 / s11;
        p2[i] -= mean_2 + p1[i] * s21 / s11;
        s22 += p2[i] * p2[i];
        y2 += residual[i] * p2[i];
    }
    for (size_t i = 0; i < N; i++)
        residual[i] -= p2[i] * y2 / s22;
}

/* Correlation of neighbouring slices rho. A parabola takes correlation away; how much was found by simulation: 20,000
 * windows of an autoregressive series for each rho. `excess` is how much larger the scatter about the parabolas is than
 * third differences say, which are blind to slow noise. */
static double neighbour_correlation(const onset_slices *slices, double *scratch, double *excess)
{
    static const double seen[] = {-0.127, -0.051, 0.027, 0.099, 0.171, 0.24,
                                  0.306,  0.363,  0.414, 0.447, 0.452};
    static const double truth[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95};
    enum { N = CORRELATION_WINDOW, ENTRIES = sizeof seen / sizeof *seen };
    double *lag = scratch, *ratio = scratch + slices->count, residual[N];
    size_t windows = 0;
    for (size_t first = 0; first + N <= slices->count; first += N / 2) {
        parabola_residuals(slices->potential_V + first, slices->current + first, residual);
        double square = residual[0] * residual[0], product = 0, noise = 0;
        for (size_t i = 1; i < N; i++) {
            square += residual[i] * residual[i];
            product += residual[i] * residual[i - 1];
        }
        for (size_t i = 0; i < N; i++)
            noise += slices->sigma[first + i] * slices->sigma[first + i] / N;
        if (!(square > 0))
            continue;
        lag[windows] = product / square;
        ratio[windows++] = square / (N - 3) / noise;
    }
    *excess = 1;
    if (windows < 3)
        return 0;
    double typical = closo_median(lag, windows);
    if (typical < seen[0] + 0.25 / sqrt(0.7 * (double)windows))
        return 0; /* within one standard error of none */
    *excess = fmax(1, closo_median(ratio, windows));
    for (size_t i = 1; i < ENTRIES; i++)
        if (typical < seen[i])
            return truth[i - 1] +
                   (truth[i] - truth[i - 1]) * (typical - seen[i - 1]) / (seen[i] - seen[i - 1]);
    return truth[ENTRIES - 1];
}

/* Median size of the slope within three slices of each. */
static void local_slopes(const onset_slices *slices, double *slope, double *size)
{
    size_t last = slices->count - 1;
    for (size_t k = 0; k <= last; k++) {
        size_t before = k > 0 ? k - 1 : 0, after = k < last ? k + 1 : last;
        size[k] = fabs((slices->current[after] - slices->current[before]) /
                       (slices->potential_V[after] - slices->potential_V[before]));
    }
    for (size_t k = 0; k <= last; k++) {
        size_t first = k > 3 ? k - 3 : 0, end = k + 4 <= last + 1 ? k + 4 : last + 1;
        double window[7];
        memcpy(window, size + first, (end - first) * sizeof *window);
        slope[k] = closo_median(window, end - first);
    }
}

bool onset_slices_weigh(onset_slices *slices, const onset_points *points, closo_arena *arena)
{
    size_t count = slices->count;
    double *one = closo_arena_alloc(arena, count, sizeof *one);
    double *two = closo_arena_alloc(arena, 2 * count, sizeof *two);
    if (one == NULL || two == NULL)
        return false;
    slices->step_variance = points->resolution * points->resolution / 12;
    local_noise(slices, one, two);
    /* What a line through many correlated slices feels: the long-run variance of an autoregressive series. */
    double excess, rho = neighbour_correlation(slices, two, &excess), inflation = 1;
    if (rho > 0)
        inflation = fmin((1 + rho) / (1 - rho) * excess, most_inflation);
    slices->correlation = rho;
    local_slopes(slices, one, two);
    double width_V =
        (slices->potential_V[count - 1] - slices->potential_V[0]) / (double)(count - 1);
    double floor = point_floor * points->rough_noise;
    for (size_t k = 0; k < count; k++) {
        double place = place_share * width_V * one[k];
        double variance = slices->sigma[k] * slices->sigma[k] * inflation + floor * floor +
                          place * place + slices->step_variance;
        variance = fmax(variance, 1e-30); /* a current without any scatter at all */
        slices->sigma[k] = sqrt(variance);
        slices->weight[k] = 1 / variance;
    }
    return true;
}
