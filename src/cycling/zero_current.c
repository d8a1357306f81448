/* SPDX-License-Identifier: BSD-3-Clause */
/* zero_current.c: below which current a cell rests. An instrument that rests still shows some current: noise, an offset of
 * its range. Between that and the smallest current that was asked for lies a gap. */
#include "cycling_internal.h"

#include "closo/numeric.h"

#include <math.h>
#include <string.h>

enum { BINS_PER_DECADE = 20, DECADES = 13, BINS = BINS_PER_DECADE * DECADES };
static const double least_gap_ratio = 3;         /* of currents on both sides of the gap */
static const double rest_share_most = 1.0 / 500; /* of the mean current: no rest is above */
static const double rest_share_default = 1e-3;
static const double rest_charge_share = 0.01; /* rests carry less of all charge */

double closo_cycling_noise(const double *y, const int *use, size_t count, double *scratch)
{
    size_t kept = 0;
    for (size_t i = 1; i + 1 < count; i++)
        if (use[i] != 0 && use[i - 1] == use[i] && use[i + 1] == use[i])
            scratch[kept++] = y[i - 1] - 2 * y[i] + y[i + 1];
    if (kept < 3)
        return 0;
    double median;
    return closo_robust_sigma(scratch, kept, &median) / sqrt(6);
}

/* Bin of |I| / mean: 0 holds everything below 10^-(DECADES - 2), the last everything above 100. */
static size_t bin_of(double ratio)
{
    double place = (log10(ratio) + DECADES - 2) * BINS_PER_DECADE;
    if (!(place > 0))
        return 0;
    return place < BINS - 1 ? (size_t)place : BINS - 1;
}

static double bin_ratio(size_t bin)
{
    return pow(10, (double)bin / BINS_PER_DECADE - (DECADES - 2));
}

/* Rough charge of a row, for weights: signs and steps are not known yet. */
static double weight_of(const closo_cycling_work *work, size_t row)
{
    if (row == 0 || work->joined[row])
        return 0;
    double elapsed_s = work->time_s[row] - work->time_s[row - 1];
    return fabs(work->current_A[row]) * fmax(elapsed_s, 0);
}

/* The threshold from the gap, or NaN when there is none that will do. */
static double threshold_from_gap(closo_cycling_work *work, const double *charge_C)
{
    size_t top = bin_of(rest_share_most), gap_start = 0, gap_length = 0, run = 0;
    double below_C = 0, total_C = 0, below_at_gap_C = 0;
    bool seen = false;
    for (size_t b = 0; b < BINS; b++)
        total_C += fmax(charge_C[b], 0);
    /* Bin 0, exact zeros mostly, opens a gap only when nothing else lies below the limit. */
    size_t first = 0;
    for (size_t b = top; b >= 1; b--)
        first = charge_C[b] >= 0 ? 1 : first;
    below_C = first == 1 ? fmax(charge_C[0], 0) : 0;
    for (size_t b = first; b < BINS; b++) {
        bool empty = charge_C[b] < 0;
        if (empty && (seen && (run != 0 || b <= top))) {
            run++;
        } else {
            if (run > gap_length) {
                gap_length = run;
                gap_start = b - run;
                below_at_gap_C = below_C;
            }
            run = 0;
        }
        if (!empty) {
            seen = true;
            below_C += charge_C[b];
        }
    }
    if ((double)gap_length < BINS_PER_DECADE * log10(least_gap_ratio) ||
        below_at_gap_C > rest_charge_share * total_C)
        return NAN;
    return work->mean_A * bin_ratio(gap_start) *
           pow(10, 0.5 * (double)gap_length / BINS_PER_DECADE);
}

/* In each bin the charge its rows carry, -1 in an empty one. */
static void fill_bins(const closo_cycling_work *work, double *charge_C)
{
    for (size_t b = 0; b < BINS; b++)
        charge_C[b] = -1;
    for (size_t i = 0; i < work->cycling->row_count; i++) {
        size_t b = bin_of(fabs(work->current_A[i]) / work->mean_A);
        charge_C[b] = fmax(charge_C[b], 0) + weight_of(work, i);
    }
}

closo_status closo_cycling_zero_current(closo_cycling_work *work, closo_error *error)
{
    closo_cycling *cycling = work->cycling;
    double sum_C = 0, sum_A_C = 0, charge_C[BINS];
    for (size_t i = 0; i < cycling->row_count; i++) {
        double charge = weight_of(work, i);
        sum_C += charge;
        sum_A_C += charge * fabs(work->current_A[i]);
    }
    work->mean_A = sum_C > 0 ? sum_A_C / sum_C : 0;
    if (!(work->mean_A > 0) || !isfinite(work->mean_A))
        return closo_fail(error, CLOSO_RANGE,
                          "no current flows in these %zu rows, so there is nothing that was "
                          "charged or discharged",
                          cycling->row_count);
    if (cycling->zero_current_A > 0) {
        work->zero_rule = "as given";
        if (cycling->zero_current_A < work->mean_A)
            return CLOSO_OK;
        return closo_fail(error, CLOSO_RANGE,
                          "the zero current of %.4g A is above the mean current of %.4g A",
                          cycling->zero_current_A, work->mean_A);
    }
    fill_bins(work, charge_C);
    cycling->zero_current_A = threshold_from_gap(work, charge_C);
    work->zero_rule = "the middle of the gap in the distribution of currents";
    if (!(cycling->zero_current_A > 0)) {
        cycling->zero_current_A = rest_share_default * work->mean_A;
        work->zero_rule = "1/1000 of the mean current: the distribution of currents has no gap";
    }
    return CLOSO_OK;
}
