/* SPDX-License-Identifier: BSD-3-Clause */
/* equilibrium.c: a monotone cubic through the points of an open-circuit curve: no overshoot, a continuous derivative.
 * Fritsch and Carlson, SIAM J. Numer. Anal. 17 (1980) 238, doi:10.1137/0717021. Slopes are those of the cubic spline, with which
 * the second derivative is continuous too: a solver of high order takes steps twice as long as with slopes from neighbours.
 * Where the spline would overshoot, they are the harmonic means of Fritsch and Butland, SIAM J. Sci. Stat. Comput. 5 (1984)
 * 300, doi:10.1137/0905021. */
#include "cell_internal.h"

#include <math.h>

static double slope_inside(double before, double after, double width_before, double width_after)
{
    if (before * after <= 0)
        return 0;
    double one = 2 * width_after + width_before, two = width_after + 2 * width_before;
    return (one + two) / (one / before + two / after);
}

/* Three-point slope at an end, kept monotone. */
static double slope_at_end(double near, double far, double width_near, double width_far)
{
    double slope =
        ((2 * width_near + width_far) * near - width_near * far) / (width_near + width_far);
    if (slope * near <= 0)
        return 0;
    return fabs(slope) > 3 * fabs(near) ? 3 * near : slope;
}

/* The slopes of the cubic spline with the two end slopes as they are: h1 (m0 + 2 m1) + h0 (2 m1 + m2) = 3 (h1 s0 + h0 s1), a
 * tridiagonal system. room: n. */
static void spline_slopes(size_t n, const double *x, const double *steep, double *slope,
                          double *room)
{
    room[0] = 0;
    for (size_t i = 1; i + 1 < n; i++) {
        double before = x[i] - x[i - 1], after = x[i + 1] - x[i];
        double pivot = 2 * (before + after) - after * room[i - 1];
        room[i] = before / pivot;
        slope[i] = (3 * (after * steep[i - 1] + before * steep[i]) - after * slope[i - 1]) / pivot;
    }
    for (size_t i = n - 1; i-- > 1;)
        slope[i] -= room[i] * slope[i + 1];
}

/* Whether a cubic with that slope at its end rises or falls all along on both sides: at most three times each secant. Where the
 * points turn, a slope of half the flatter secant is let pass. */
static bool keeps_shape(double slope, double before, double after)
{
    double flatter = fmin(fabs(before), fabs(after));
    if (before * after <= 0)
        return fabs(slope) <= 0.5 * flatter;
    return slope * before >= 0 && fabs(slope) <= 3 * flatter;
}

static bool make_pieces(cell_curve *curve, closo_arena *arena)
{
    size_t n = curve->count, last = n - 1;
    const double *x = curve->x, *y = curve->y, *slope = curve->slope;
    cell_cubic *pieces = closo_arena_alloc(arena, n + 1, sizeof *pieces);
    if (pieces == NULL)
        return false;
    pieces[0] = (cell_cubic){x[0], y[0], slope[0], 0, 0};
    pieces[n] = (cell_cubic){x[last], y[last], slope[last], 0, 0};
    for (size_t i = 0; i < last; i++) {
        double width = x[i + 1] - x[i], rise = (y[i + 1] - y[i]) / width;
        double bend = 3 * rise - 2 * slope[i] - slope[i + 1];
        double twist = slope[i] + slope[i + 1] - 2 * rise;
        pieces[i + 1] = (cell_cubic){x[i], y[i], slope[i], bend / width, twist / (width * width)};
    }
    curve->pieces = pieces;
    return true;
}

/* Sixteen parts for each piece: where points are even, most have none of them in it. */
static bool make_parts(cell_curve *curve, closo_arena *arena)
{
    enum { PARTS_MOST = 4096 };
    size_t n = curve->count, parts = n < PARTS_MOST / 16 ? 16 * n : PARTS_MOST;
    uint32_t *first = closo_arena_alloc(arena, parts + 1, sizeof *first);
    if (first == NULL)
        return false;
    curve->parts_per_x = (double)parts / (curve->x[n - 1] - curve->x[0]);
    curve->last_part = (double)(parts - 1);
    uint32_t before = 0;
    for (size_t part = 0; part <= parts; part++) {
        while (before + (size_t)2 < n && cell_curve_part(curve, curve->x[before + 1]) < part)
            before++;
        first[part] = before;
    }
    curve->first = first;
    return true;
}

bool cell_curve_make(const closo_equilibrium *points, closo_arena *arena, cell_curve *curve)
{
    size_t n = points->count;
    const double *x = points->filled, *y = points->potential_V;
    double *slope = closo_arena_alloc(arena, n, sizeof *slope);
    double *steep = closo_arena_alloc(arena, n, sizeof *steep);
    double *room = closo_arena_alloc(arena, n, sizeof *room);
    if (slope == NULL || steep == NULL || room == NULL)
        return false;
    for (size_t i = 0; i + 1 < n; i++)
        steep[i] = (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
    if (n == 2) {
        slope[0] = slope[1] = steep[0];
    } else {
        slope[0] = slope_at_end(steep[0], steep[1], x[1] - x[0], x[2] - x[1]);
        slope[n - 1] =
            slope_at_end(steep[n - 2], steep[n - 3], x[n - 1] - x[n - 2], x[n - 2] - x[n - 3]);
    }
    spline_slopes(n, x, steep, slope, room);
    for (size_t i = 1; i + 1 < n; i++)
        if (!keeps_shape(slope[i], steep[i - 1], steep[i]))
            slope[i] = slope_inside(steep[i - 1], steep[i], x[i] - x[i - 1], x[i + 1] - x[i]);
    *curve = (cell_curve){.count = n, .x = x, .y = y, .slope = slope};
    return make_pieces(curve, arena) && make_parts(curve, arena);
}

double cell_curve_inverse(const cell_curve *curve, double y)
{
    size_t last = curve->count - 1;
    double low = curve->x[0], high = curve->x[last], derivative;
    if (y > curve->y[0])
        return low + (y - curve->y[0]) / curve->slope[0];
    if (y < curve->y[last])
        return high + (y - curve->y[last]) / curve->slope[last];
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (cell_curve_at(curve, middle, &derivative) > y)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}
