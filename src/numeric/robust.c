/* SPDX-License-Identifier: BSD-3-Clause */
/* robust.c: median, robust sigma and quantiles. NaN means missing everywhere in closo: such values are left out. */
#include "closo/numeric.h"

#include <math.h>
#include <stdlib.h>

/* sigma of a normal distribution over its median absolute deviation: 1 / Phi^-1(3/4). */
#define SIGMA_PER_MAD 1.482602218505602

static void swap(double *one, double *other)
{
    double kept = *one;
    *one = *other;
    *other = kept;
}

/* Moves the NaN to the end; returns how many numbers there are. */
static size_t numbers_first(double *values, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            swap(&values[kept++], &values[i]);
    return kept;
}

/* What values are ordered by: themselves, or how far they lie from a centre. */
static double key_of(double value, const double *centre)
{
    return centre != NULL ? fabs(value - *centre) : value;
}

/* Reorders so that the value of that rank (from 0, by key) stands in its place, none greater before it. Quickselect
 * (Hoare, Commun. ACM 4 (1961) 321) with two cares that instrument data ask for: keys are parted three ways, because an
 * analog-to-digital converter gives the same number a thousand times; the pivot is random (from a fixed seed, so the
 * outcome is the same every time), because sweeps are sorted, or sorted up and down. Expected time O(count). */
static void select_rank(double *values, size_t count, size_t rank, const double *centre)
{
    closo_random random;
    closo_random_seed(&random, count);
    size_t first = 0, end = count;
    while (end - first > 1) {
        double pivot = key_of(values[first + closo_random_below(&random, end - first)], centre);
        size_t less = first, at = first, more = end; /* [first,less) < pivot, [more,end) > pivot */
        while (at < more) {
            double key = key_of(values[at], centre);
            if (key < pivot)
                swap(&values[less++], &values[at++]);
            else if (key > pivot)
                swap(&values[at], &values[--more]);
            else
                at++;
        }
        if (rank < less)
            end = less;
        else if (rank >= more)
            first = more;
        else
            return;
    }
}

static double median_key(double *values, size_t count, const double *centre)
{
    const size_t middle = count / 2;
    select_rank(values, count, middle, centre);
    const double upper = key_of(values[middle], centre);
    if (count % 2 == 1)
        return upper;
    double lower = key_of(values[0], centre);
    for (size_t i = 1; i < middle; i++)
        lower = fmax(lower, key_of(values[i], centre));
    return lower == upper ? upper : 0.5 * lower + 0.5 * upper;
}

double closo_median(double *values, size_t count)
{
    const size_t kept = numbers_first(values, count);
    return kept != 0 ? median_key(values, kept, NULL) : (double)NAN;
}

double closo_robust_sigma(double *values, size_t count, double *median)
{
    const size_t kept = numbers_first(values, count);
    const double centre = kept != 0 ? median_key(values, kept, NULL) : (double)NAN;
    if (median != NULL)
        *median = centre;
    /* About an infinite median there are no deviations. */
    return isfinite(centre) ? SIGMA_PER_MAD * median_key(values, kept, &centre) : (double)NAN;
}

static int compare(const void *one, const void *other)
{
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

double closo_quantile(double *values, size_t count, double q)
{
    const size_t kept = numbers_first(values, count);
    if (kept == 0 || !(q >= 0 && q <= 1))
        return (double)NAN;
    qsort(values, kept, sizeof *values, compare);
    const double position = q * (double)(kept - 1);
    size_t below = (size_t)position;
    if (below >= kept - 1)
        return values[kept - 1];
    const double share = position - (double)below;
    const double low = values[below], high = values[below + 1];
    return low == high || share == 0 ? low : low + share * (high - low);
}
