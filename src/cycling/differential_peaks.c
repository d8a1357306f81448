/* SPDX-License-Identifier: BSD-3-Clause */
/* differential_peaks.c: maxima of dQ/dV or dV/dQ that stand out of the noise, with place, height and area. */
#include "analysis_internal.h"

#include <math.h>

static const double least_sigmas = 5;   /* of the noise, that a peak stands out by */
static const double upper = 0.7;        /* of a peak: what its place is taken from */
static const double least_share = 0.03; /* of the highest */

/* The lowest bin on the way from a peak to where the curve is higher again, or to the end. */
static size_t lowest_towards(const closo_differential *curve, size_t peak, int step)
{
    size_t lowest = peak;
    for (size_t at = peak; step > 0 ? at + 1 < curve->count : at > 0;) {
        at = step > 0 ? at + 1 : at - 1;
        if (curve->y[at] > curve->y[peak])
            break;
        if (curve->y[at] < curve->y[lowest])
            lowest = at;
    }
    return lowest;
}

/* Does it rise enough, and beyond its noise, over the higher of the two lowest points beside it? */
static bool stands_out(const closo_differential *curve, size_t peak, double highest)
{
    size_t left = lowest_towards(curve, peak, -1), right = lowest_towards(curve, peak, 1);
    size_t base = curve->y[left] > curve->y[right] ? left : right;
    double rise = curve->y[peak] - curve->y[base];
    return rise > least_share * highest &&
           rise > least_sigmas * hypot(curve->y_sigma[peak], curve->y_sigma[base]);
}

/* The centre of what rises above `upper` of the peak. Unlike the highest bin or a parabola through a window, it changes
 * smoothly with the curve: at the ends of the window nothing rises, so that it does not matter where noise puts them. */
typedef struct centre {
    size_t first, last; /* bins that rise above */
    double place;       /* in bins */
    double excess;      /* sum of what rises above */
} centre;

static centre find_centre(const closo_differential *curve, size_t peak)
{
    centre at = {.first = peak, .last = peak};
    double level = upper * curve->y[peak], moment = 0;
    while (at.first > 0 && curve->y[at.first - 1] > level)
        at.first--;
    while (at.last + 1 < curve->count && curve->y[at.last + 1] > level)
        at.last++;
    for (size_t b = at.first; b <= at.last; b++) {
        at.excess += curve->y[b] - level;
        moment += ((double)b - (double)peak) * (curve->y[b] - level);
    }
    at.place = (double)peak + (at.excess > 0 ? moment / at.excess : 0);
    return at;
}

/* sigma of the centre, in bins. The centre follows the curve linearly, and the curve each row: a row that moves by dV
 * carries its charge along, so that bin b changes by its charge times the slope of the kernel there. mass: the squares of
 * these charges, in bins. */
static double centre_sigma(const closo_differential *curve, const double *mass, const centre *at)
{
    size_t reach = (size_t)ceil(4 * curve->bandwidth / curve->bin);
    size_t low = at->first > reach ? at->first - reach : 0;
    size_t high = at->last + reach < curve->count ? at->last + reach : curve->count - 1;
    double variance = 0, per_bell = curve->bandwidth * curve->bandwidth * sqrt(2 * acos(-1));
    for (size_t j = low; j <= high; j++) {
        if (mass[j] == 0)
            continue;
        double moved = 0;
        size_t begin = j > at->first + reach ? j - reach : at->first;
        for (size_t b = begin; b <= at->last && b <= j + reach; b++) {
            double weight = ((double)b - at->place) / at->excess;
            double u = ((double)b - (double)j) * curve->bin / curve->bandwidth;
            moved += weight * u * exp(-0.5 * u * u) / per_bell;
        }
        variance += mass[j] * moved * moved;
    }
    return curve->noise_V * sqrt(variance);
}

static void fill_top(const closo_differential *curve, size_t peak, const double *mass,
                     closo_differential_peak *found)
{
    centre at = find_centre(curve, peak);
    size_t below = (size_t)fmin(at.place, (double)(curve->count - 2));
    double share = at.place - (double)below;
    found->position = (closo_value){curve->x[0] + at.place * curve->bin,
                                    centre_sigma(curve, mass, &at) * curve->bin};
    found->height = (closo_value){curve->y[below] + share * (curve->y[below + 1] - curve->y[below]),
                                  curve->y_sigma[peak]};
}

static double half_place(const closo_differential *curve, size_t peak, size_t end, int step)
{
    double half = 0.5 * curve->y[peak];
    for (size_t at = peak; at != end;) {
        size_t next = step > 0 ? at + 1 : at - 1;
        if (curve->y[next] <= half) {
            double share = (curve->y[at] - half) / (curve->y[at] - curve->y[next]);
            return curve->x[at] + share * step * curve->bin;
        }
        at = next;
    }
    return NAN;
}

/* The noise carries charge over both ends. The variance of the smoothed charge up to a place is 2 h^2 times that of the
 * smoothed curve there, for a Gaussian of sigma h and rows that lie closer. */
static closo_value area_between(const closo_differential *curve, size_t first, size_t last)
{
    double sum = 0;
    for (size_t b = first; b <= last; b++)
        sum += curve->y[b] * curve->bin;
    double ends = hypot(first > 0 ? curve->y_sigma[first] : 0,
                        last + 1 < curve->count ? curve->y_sigma[last] : 0);
    return (closo_value){sum, sqrt(2) * curve->bandwidth * ends};
}

closo_status closo_differential_peaks(closo_differential *curve, const double *mass,
                                      closo_arena *arena, closo_error *error)
{
    double highest = 0;
    size_t count = 0;
    size_t *places = closo_arena_alloc(arena, curve->count / 2 + 1, sizeof *places);
    if (places == NULL)
        return closo_fail_nomem(error);
    for (size_t b = 0; b < curve->count; b++)
        highest = fmax(highest, curve->y[b]);
    for (size_t b = 1; b + 1 < curve->count; b++)
        if (curve->y[b] > curve->y[b - 1] && curve->y[b] >= curve->y[b + 1] &&
            stands_out(curve, b, highest))
            places[count++] = b;
    curve->peaks = closo_arena_alloc(arena, count + 1, sizeof *curve->peaks);
    if (curve->peaks == NULL)
        return closo_fail_nomem(error);
    curve->peak_count = count;
    size_t start = 0;
    for (size_t k = 0; k < count; k++) {
        closo_differential_peak *found = &curve->peaks[k];
        size_t end = curve->count - 1;
        if (k + 1 < count) {
            end = places[k];
            for (size_t b = places[k]; b <= places[k + 1]; b++)
                end = curve->y[b] < curve->y[end] ? b : end;
        }
        fill_top(curve, places[k], mass, found);
        found->area = area_between(curve, start, end);
        found->from = curve->x[start] - 0.5 * curve->bin;
        found->to = curve->x[end] + 0.5 * curve->bin;
        found->half_low = half_place(curve, places[k], start, -1);
        found->half_high = half_place(curve, places[k], end, 1);
        start = end + 1;
    }
    return CLOSO_OK;
}
