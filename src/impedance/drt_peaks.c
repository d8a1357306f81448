/* SPDX-License-Identifier: BSD-3-Clause */
/* drt_peaks.c: the maxima of a distribution, cut apart at the minima between them. */
#include "impedance/drt_internal.h"

#include <math.h>

enum { PEAKS_MOST = 12 };

/* Maximum of the parabola through ln gamma at three neighbours, in grid steps from the middle one. */
static double vertex(const double *gamma_ohm, size_t k)
{
    double a = gamma_ohm[k - 1], b = gamma_ohm[k], c = gamma_ohm[k + 1];
    if (!(a > 0) || !(b > 0) || !(c > 0))
        return a + c > 0 ? (c - a) / (2 * (2 * b - a - c)) : 0;
    double curvature = log(a) - 2 * log(b) + log(c);
    return curvature < 0 ? 0.5 * (log(a) - log(c)) / curvature : 0;
}

/* A maximum, also one at either end of the grid. Flat tops count once, by their first point. */
static bool is_maximum(const double *gamma_ohm, size_t count, size_t k)
{
    if (!(gamma_ohm[k] > 0) || (k > 0 && !(gamma_ohm[k] > gamma_ohm[k - 1])))
        return false;
    size_t next = k + 1;
    while (next < count && gamma_ohm[next] >= gamma_ohm[k] && gamma_ohm[next] <= gamma_ohm[k])
        next++;
    return next == count || gamma_ohm[next] < gamma_ohm[k];
}

/* The lowest point between two maxima. */
static size_t minimum_between(const double *gamma_ohm, size_t from, size_t to)
{
    size_t lowest = from;
    for (size_t k = from; k <= to; k++)
        if (gamma_ohm[k] < gamma_ohm[lowest])
            lowest = k;
    return lowest;
}

typedef struct maximum {
    size_t at, first, last;
} maximum;

/* Joins the maximum that stands out least to its higher neighbour, until each stands out by a tenth and carries more than
 * the noise. Returns how many are left. */
static size_t prune(const drt_system *system, const double *gamma_ohm, double noise, maximum *found,
                    size_t count)
{
    while (count > 1) {
        size_t worst = count;
        double least = 1;
        for (size_t p = 0; p < count; p++) {
            double area = closo_drt_area(system, gamma_ohm, found[p].first, found[p].last);
            double floor_ohm = 0;
            if (p > 0)
                floor_ohm = fmax(floor_ohm, gamma_ohm[found[p].first]);
            if (p + 1 < count)
                floor_ohm = fmax(floor_ohm, gamma_ohm[found[p].last]);
            double stands = (1 - floor_ohm / gamma_ohm[found[p].at]) / 0.1;
            double carries = area / (5 * noise * system->scale_ohm[found[p].at]);
            if (fmin(stands, carries) < least) {
                least = fmin(stands, carries);
                worst = p;
            }
        }
        if (worst == count)
            break;
        size_t into =
            worst == 0 ? 1
            : worst + 1 == count || gamma_ohm[found[worst].first] > gamma_ohm[found[worst].last]
                ? worst - 1
                : worst + 1;
        if (into < worst)
            found[into].last = found[worst].last;
        else
            found[into].first = found[worst].first;
        for (size_t p = worst; p + 1 < count; p++)
            found[p] = found[p + 1];
        count--;
    }
    return count;
}

static closo_drt_peak describe(const drt_system *system, const double *gamma_ohm, maximum found)
{
    const kk_data *data = &system->data;
    double shift = found.at > 0 && found.at + 1 < system->grid ? vertex(gamma_ohm, found.at) : 0;
    double tau_s = system->tau_s[found.at] * exp(shift * system->step);
    double area_ohm = closo_drt_area(system, gamma_ohm, found.first, found.last);
    return (closo_drt_peak){.resistance_ohm = {area_ohm, NAN},
                            .tau_s = {tau_s, NAN},
                            .exponent = {NAN, NAN},
                            .capacitance_F = tau_s / area_ohm,
                            .area_ohm = area_ohm,
                            .from_s = system->tau_s[found.first],
                            .to_s = system->tau_s[found.last],
                            .outside = tau_s * data->omega[0] < 1 ||
                                       tau_s * data->omega[data->count - 1] > 1};
}

closo_status closo_drt_find_peaks(const closo_spectrum *spectrum, const drt_system *system,
                                  closo_arena *arena, closo_drt *drt, closo_error *error)
{
    (void)spectrum;
    size_t grid = system->grid, count = 0;
    maximum *found = closo_arena_alloc(arena, grid, sizeof *found);
    if (found == NULL)
        return closo_fail_nomem(error);
    for (size_t k = 0; k < grid; k++)
        if (is_maximum(drt->gamma_ohm, grid, k))
            found[count++].at = k;
    for (size_t p = 0; p < count; p++) {
        found[p].first = p == 0 ? 0 : minimum_between(drt->gamma_ohm, found[p - 1].at, found[p].at);
        found[p].last = p + 1 == count
                            ? grid - 1
                            : minimum_between(drt->gamma_ohm, found[p].at, found[p + 1].at);
    }
    count = prune(system, drt->gamma_ohm, fmax(drt->noise, 1e-6), found, count);
    drt->peaks = closo_arena_alloc(arena, count, sizeof *drt->peaks);
    if (drt->peaks == NULL && count != 0)
        return closo_fail_nomem(error);
    if (count > PEAKS_MOST)
        closo_notes_add(&drt->warnings, arena,
                        "%zu peaks: the distribution follows the noise; a larger lambda is due",
                        count);
    for (size_t p = 0; p < count; p++) {
        drt->peaks[p] = describe(system, drt->gamma_ohm, found[p]);
        if (!drt->peaks[p].outside)
            drt->polarisation_ohm += drt->peaks[p].area_ohm;
    }
    drt->peak_count = count;
    return CLOSO_OK;
}
