/* SPDX-License-Identifier: BSD-3-Clause */
/* differential.c: dQ/dV and dV/dQ of a half cycle.
 *
 * Differences of neighbouring rows divide noise by noise, and a fit of a smooth curve to them forgets where the charge
 * went. So nothing is differentiated: the charge between two rows is laid over the potentials that it spans, as into a
 * histogram, and the histogram is smoothed with a Gaussian (a kernel density estimate: B. W. Silverman, Density
 * Estimation for Statistics and Data Analysis, 1986, doi:10.1201/9781315140919; mirrored at both ends, section 2.10).
 * Charge is conserved to rounding, a potential that goes back for a moment does no harm, and the resolution is known.
 * dV/dQ is the same with the two exchanged. */
#include "analysis_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double noise_share = 0.01; /* of the curve, that the noise may move */
static const double bins_in_bandwidth = 4;
static const double kernel_reach = 5; /* in bandwidths: 6e-7 of a Gaussian lie beyond */
static const double fwhm_per_sigma = 2.3548200450309493;
static const double root_pi = 1.7724538509055160;
enum { LEAST_ROWS = 8, MOST_BINS = 8000, LEAST_BINS = 32, SEGMENTS = 50 };

/* One interval between two rows under current. */
typedef struct interval {
    double from, to; /* of the axis */
    double amount;   /* of what is laid over it */
    double mass;     /* what a shift of the noisy end moves: the charge about that row */
} interval;

typedef struct intervals {
    interval *list;
    size_t count;
    double noise_V, digit_V;
    double hold_C, charge_C;
} intervals;

/* ---- rows ---- */

/* White noise from second differences, in which a straight run cancels. */
static double white_noise(const double *y, size_t count, double *scratch)
{
    size_t kept = 0;
    for (size_t i = 1; i + 1 < count; i++)
        scratch[kept++] = y[i - 1] - 2 * y[i] + y[i + 1];
    return kept < 3 ? 0 : closo_robust_sigma(scratch, kept, NULL) / sqrt(6);
}

/* Standard deviation of the potential of a row: white noise, or the rounding to a last digit where
 * neighbours are often equal. */
static void measure_noise(const double *potential_V, size_t count, double *scratch, intervals *rows)
{
    size_t steps = 0;
    rows->noise_V = white_noise(potential_V, count, scratch);
    for (size_t i = 1; i < count; i++)
        if (potential_V[i] != potential_V[i - 1])
            scratch[steps++] = fabs(potential_V[i] - potential_V[i - 1]);
    if (10 * (count - 1 - steps) > count) {
        rows->digit_V = closo_quantile(scratch, steps, 0.1);
        rows->digit_V = isfinite(rows->digit_V) ? rows->digit_V : 0;
        rows->noise_V = fmax(rows->noise_V, rows->digit_V / sqrt(12));
    }
}

/* The intervals of a half cycle without its holds, with potentials as the axis. */
static closo_status take_rows(const closo_cycling *cycling, const closo_half_cycle *half,
                              closo_arena *passing, intervals *rows, closo_error *error)
{
    closo_cycling_rows read;
    closo_status status =
        closo_cycling_rows_read(cycling, half->first_row, half->row_count, passing, &read, error);
    if (status != CLOSO_OK)
        return status;
    double *kept_V = closo_arena_alloc(passing, half->row_count, sizeof *kept_V);
    double *scratch = closo_arena_alloc(passing, half->row_count, sizeof *scratch);
    rows->list = closo_arena_alloc(passing, half->row_count, sizeof *rows->list);
    if (kept_V == NULL || scratch == NULL || rows->list == NULL)
        return closo_fail_nomem(error);
    bool under_current = false;
    for (size_t s = half->first_step; s < half->first_step + half->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        size_t first = step->first_row - half->first_row;
        for (size_t i = first; i < first + step->row_count && step->direction != 0; i++) {
            double charge_C = read.charge_C[i] * half->direction;
            if (step->kind == CLOSO_STEP_HOLD) {
                rows->hold_C += charge_C;
                continue;
            }
            /* it continues a row under current, and begins at that one's potential */
            bool inside = i > first || under_current;
            kept_V[rows->count] = read.potential_V[i];
            rows->list[rows->count++] =
                (interval){.from = inside ? read.potential_V[i - 1] : (double)NAN,
                           .to = read.potential_V[i],
                           .amount = charge_C};
            rows->charge_C += charge_C;
        }
        under_current = step->direction != 0;
    }
    measure_noise(kept_V, rows->count, scratch, rows);
    return CLOSO_OK;
}

/* Where current sets in there is no potential under current before: the slope of the next interval is carried on. */
static void close_openings(intervals *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        interval *at = &rows->list[i];
        if (isnan(at->from)) {
            const interval *next = i + 1 < rows->count ? &rows->list[i + 1] : NULL;
            bool known = next != NULL && next->amount > 0 && at->amount > 0 && !isnan(next->from);
            at->from =
                known ? at->to - (next->to - at->to) * fmin(at->amount / next->amount, 1) : at->to;
        }
        double after = i + 1 < rows->count ? rows->list[i + 1].amount : at->amount;
        at->mass = 0.5 * (at->amount + after);
    }
}

/* Exchanges axis and amount: charge passed, and the rise of potential over it. */
static void exchange(intervals *rows, int direction)
{
    double passed_C = 0;
    for (size_t i = 0; i < rows->count; i++) {
        interval *at = &rows->list[i];
        double rise_V = (at->to - at->from) * direction;
        double charge_C = at->amount;
        *at = (interval){passed_C, passed_C + charge_C, rise_V, at->mass};
        passed_C += charge_C;
    }
}

/* ---- how much to smooth ---- */

/* The median over equal pieces of the charge of how steeply the potential changes, in V/C. */
static double typical_slope(const intervals *rows, double scratch[SEGMENTS])
{
    size_t pieces = rows->count / 4 < SEGMENTS ? rows->count / 4 : SEGMENTS, kept = 0, row = 0;
    double passed_C = 0, before_V = NAN, before_C = 0;
    for (size_t k = 0; k < pieces && row < rows->count; k++) {
        double sum_V = 0, sum_C = 0, n = 0;
        double end_C = rows->charge_C * (double)(k + 1) / (double)pieces;
        while (row < rows->count && (passed_C < end_C || n == 0)) {
            passed_C += rows->list[row].amount;
            sum_V += rows->list[row].to;
            sum_C += passed_C;
            n++;
            row++;
        }
        if (k != 0 && sum_C / n > before_C)
            scratch[kept++] = fabs(sum_V / n - before_V) / (sum_C / n - before_C);
        before_V = sum_V / n;
        before_C = sum_C / n;
    }
    return closo_median(scratch, kept);
}

static double median_step(const intervals *rows, double *scratch)
{
    for (size_t i = 0; i < rows->count; i++)
        scratch[i] = fabs(rows->list[i].to - rows->list[i].from);
    return closo_median(scratch, rows->count);
}

/* The variance of a smoothed derivative is noise^2 density / (4 sqrt(pi) h^3), density in rows (squared masses) per unit
 * of the axis; asked to be (share * curve)^2. */
static double bandwidth_from_noise(const intervals *rows, closo_differential_kind kind,
                                   double slope_V_per_C, double *scratch)
{
    double row_C = rows->charge_C / (double)rows->count;
    double noise = rows->noise_V / noise_share;
    if (kind == CLOSO_DIFFERENTIAL_POTENTIAL) {
        double cube = noise * noise * row_C / (4 * root_pi * slope_V_per_C * slope_V_per_C);
        return fmax(cbrt(cube), 2 * row_C);
    }
    double cube = noise * noise * row_C * slope_V_per_C / (4 * root_pi);
    return fmax(fmax(cbrt(cube), 2 * rows->noise_V),
                fmax(rows->digit_V, median_step(rows, scratch)));
}

/* ---- bins ---- */

typedef struct bins {
    double start, width;
    size_t count;
    double *amount;   /* in each */
    double *mass;     /* sum of squares of what a row's noise moves */
    double *variance; /* of the curve, by intervals wider than the kernel */
} bins;

/* Shares an amount between the two bins whose middles are nearest to a place (in bins), so that its centre of mass stays:
 * put into one bin whole, it would follow the noise in jumps. */
static void share_out(double *amounts, size_t count, double place, double amount)
{
    double left = floor(place - 0.5), share = place - 0.5 - left;
    size_t low = left > 0 ? (size_t)left : 0;
    low = low < count ? low : count - 1;
    size_t high = left + 1 > 0 && left + 1 < (double)count ? (size_t)(left + 1) : low;
    amounts[low] += (1 - share) * amount;
    amounts[high] += share * amount;
}

/* Lays an amount evenly over [from, to]. */
static void lay(const bins *into, double *amounts, double from, double to, double amount)
{
    double low = (fmin(from, to) - into->start) / into->width,
           high = (fmax(from, to) - into->start) / into->width;
    double pieces = fmax(ceil(2 * (high - low)), 1);
    for (double piece = 0.5; piece < pieces; piece++)
        share_out(amounts, into->count, low + (high - low) * piece / pieces, amount / pieces);
}

static void fill_bins(const intervals *rows, double bandwidth, bool noisy_axis, bins *into)
{
    for (size_t i = 0; i < rows->count; i++) {
        const interval *at = &rows->list[i];
        double span = fabs(at->to - at->from);
        lay(into, into->amount, at->from, at->to, at->amount);
        if (!noisy_axis || span < bandwidth) {
            lay(into, into->mass, at->to, at->to, at->mass * at->mass);
            continue;
        }
        /* Over an interval wider than the kernel the curve is amount / span: both ends are noisy. */
        double share = at->amount / (span * span);
        size_t first = (size_t)fmax((fmin(at->from, at->to) - into->start) / into->width, 0);
        size_t end = (size_t)fmax((fmax(at->from, at->to) - into->start) / into->width, 0);
        for (size_t b = first; b <= end && b < into->count; b++)
            into->variance[b] += 2 * share * share;
    }
}

/* Index mirrored at both ends of the bins. */
static size_t mirrored(ptrdiff_t index, size_t count)
{
    ptrdiff_t n = (ptrdiff_t)count;
    while (index < 0 || index >= n)
        index = index < 0 ? -1 - index : 2 * n - 1 - index;
    return (size_t)index;
}

/* smooth[b] = sum over k of kernel[|k|] * values[b + k]. The interior needs no mirror. */
static void convolve(const double *values, size_t count, const double *kernel, size_t reach,
                     double *smooth)
{
    for (size_t b = 0; b < count; b++) {
        double sum = kernel[0] * values[b];
        if (b >= reach && b + reach < count)
            for (size_t k = 1; k <= reach; k++)
                sum += kernel[k] * (values[b - k] + values[b + k]);
        else
            for (size_t k = 1; k <= reach; k++)
                sum += kernel[k] * (values[mirrored((ptrdiff_t)b - (ptrdiff_t)k, count)] +
                                    values[mirrored((ptrdiff_t)(b + k), count)]);
        smooth[b] = sum;
    }
}

/* The Gaussian, made to sum up to exactly one so that nothing is lost, or the squares of its slope. */
static void fill_kernel(bool slope_squared, double bandwidth, double width, size_t reach,
                        double *kernel)
{
    double sum = 0;
    for (size_t k = 0; k <= reach; k++) {
        double u = (double)k * width / bandwidth;
        double bell = exp(-0.5 * u * u) / (bandwidth * sqrt(2) * root_pi);
        double slope = u / bandwidth * bell;
        kernel[k] = slope_squared ? slope * slope : bell;
        sum += (k == 0 ? 1 : 2) * kernel[k];
    }
    if (!slope_squared)
        for (size_t k = 0; k <= reach; k++)
            kernel[k] /= sum;
}

/* ---- the curve ---- */

static closo_status make_bins(const intervals *rows, double bandwidth, closo_arena *passing,
                              bins *into, closo_error *error)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < rows->count; i++) {
        low = fmin(low, fmin(rows->list[i].from, rows->list[i].to));
        high = fmax(high, fmax(rows->list[i].from, rows->list[i].to));
    }
    if (!(high > low))
        return closo_fail(error, CLOSO_RANGE,
                          "the potential does not move over the half cycle, or no charge passes");
    double wanted = ceil((high - low) / bandwidth * bins_in_bandwidth);
    into->count = wanted < LEAST_BINS  ? LEAST_BINS
                  : wanted < MOST_BINS ? (size_t)wanted
                                       : MOST_BINS;
    into->start = low;
    into->width = (high - low) / (double)into->count;
    into->amount = closo_arena_alloc(passing, into->count, sizeof *into->amount);
    into->mass = closo_arena_alloc(passing, into->count, sizeof *into->mass);
    into->variance = closo_arena_alloc(passing, into->count, sizeof *into->variance);
    return into->amount != NULL && into->mass != NULL && into->variance != NULL
               ? CLOSO_OK
               : closo_fail_nomem(error);
}

static closo_status smooth_bins(const bins *from, double noise_V, closo_arena *passing,
                                closo_arena *arena, closo_differential *curve, closo_error *error)
{
    size_t count = curve->count = from->count;
    size_t reach = (size_t)fmin(ceil(kernel_reach * curve->bandwidth / from->width), 1e6);
    reach = reach < 1 ? 1 : reach;
    curve->x = closo_arena_alloc(arena, count, sizeof *curve->x);
    curve->y = closo_arena_alloc(arena, count, sizeof *curve->y);
    curve->y_sigma = closo_arena_alloc(arena, count, sizeof *curve->y_sigma);
    double *kernel = closo_arena_alloc(passing, reach + 1, sizeof *kernel);
    if (curve->x == NULL || curve->y == NULL || curve->y_sigma == NULL || kernel == NULL)
        return closo_fail_nomem(error);
    fill_kernel(false, curve->bandwidth, from->width, reach, kernel);
    convolve(from->amount, count, kernel, reach, curve->y);
    fill_kernel(true, curve->bandwidth, from->width, reach, kernel);
    convolve(from->mass, count, kernel, reach, curve->y_sigma);
    for (size_t b = 0; b < count; b++) {
        curve->x[b] = from->start + ((double)b + 0.5) * from->width;
        curve->y[b] /= from->width;
        curve->y_sigma[b] = noise_V * sqrt(curve->y_sigma[b] + from->variance[b]);
    }
    return closo_differential_peaks(curve, from->mass, arena, error);
}

static closo_status make_curve(const closo_cycling *cycling, closo_arena *passing,
                               closo_arena *arena, closo_differential *curve, closo_error *error)
{
    const closo_half_cycle *half = &cycling->half_cycles[curve->half_cycle];
    intervals rows = {0};
    closo_status status = take_rows(cycling, half, passing, &rows, error);
    if (status != CLOSO_OK)
        return status;
    if (rows.count < LEAST_ROWS || !(rows.charge_C > 0))
        return closo_fail(error, CLOSO_RANGE,
                          "half cycle %zu has %zu rows under current besides its holds; dQ/dV "
                          "needs at least %d, and a charge",
                          curve->half_cycle + 1, rows.count, LEAST_ROWS);
    bool capacity = curve->kind == CLOSO_DIFFERENTIAL_CAPACITY;
    double *scratch =
        closo_arena_alloc(passing, rows.count > SEGMENTS ? rows.count : SEGMENTS, sizeof *scratch);
    if (scratch == NULL)
        return closo_fail_nomem(error);
    double slope = typical_slope(&rows, scratch);
    close_openings(&rows);
    if (curve->bandwidth == 0)
        curve->bandwidth = bandwidth_from_noise(&rows, curve->kind, slope, scratch);
    if (!capacity)
        exchange(&rows, half->direction);
    bins into = {0};
    status = isfinite(curve->bandwidth)
                 ? make_bins(&rows, curve->bandwidth, passing, &into, error)
                 : closo_fail(error, CLOSO_RANGE, "the potential does not move");
    if (status != CLOSO_OK)
        return status;
    curve->bandwidth = fmax(curve->bandwidth, 2 * into.width);
    fill_bins(&rows, curve->bandwidth, capacity, &into);
    for (size_t b = 0; b < into.count; b++)
        curve->total += into.amount[b];
    curve->bin = into.width;
    curve->noise_V = rows.noise_V;
    curve->hold_C = rows.hold_C;
    double blur = capacity ? rows.noise_V : 0;
    curve->resolution = fwhm_per_sigma * sqrt(curve->bandwidth * curve->bandwidth + blur * blur +
                                              into.width * into.width / 6);
    return smooth_bins(&into, rows.noise_V, passing, arena, curve, error);
}

closo_status closo_differential_make(const closo_cycling *cycling, size_t half_cycle,
                                     closo_differential_kind kind, double bandwidth,
                                     closo_arena *arena, closo_differential **differential,
                                     closo_error *error)
{
    *differential = NULL;
    if (half_cycle >= cycling->half_cycle_count)
        return closo_fail(error, CLOSO_RANGE, "there is no half cycle %zu; there are %zu",
                          half_cycle + 1, cycling->half_cycle_count);
    if (!(bandwidth >= 0) || !isfinite(bandwidth))
        return closo_fail(error, CLOSO_ARGUMENT, "a bandwidth to smooth with is 0 or larger");
    closo_differential *curve = closo_arena_alloc(arena, 1, sizeof *curve);
    closo_arena *passing = closo_arena_new(0);
    closo_status status = CLOSO_NOMEM;
    if (curve != NULL && passing != NULL) {
        *curve = (closo_differential){.kind = kind,
                                      .half_cycle = half_cycle,
                                      .cycle = closo_cycling_cycle_of(cycling, half_cycle),
                                      .direction = cycling->half_cycles[half_cycle].direction,
                                      .bandwidth = bandwidth};
        status = make_curve(cycling, passing, arena, curve, error);
    } else
        status = closo_fail_nomem(error);
    closo_arena_free(passing);
    if (status == CLOSO_OK)
        *differential = curve;
    return status;
}
