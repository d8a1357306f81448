/* SPDX-License-Identifier: BSD-3-Clause */
/* The curve through an equilibrium's points: the piece that is found, and Hermite's cubic in it. */
#include "support.h"

#include "cell/cell_internal.h"

#include <math.h>

enum { POINTS = 60, LOOKS = 5000 };

/* Value and slope at both ends of a piece make its cubic. */
static double hermite(const cell_curve *curve, size_t low, double x)
{
    double width = curve->x[low + 1] - curve->x[low], t = (x - curve->x[low]) / width;
    double start = (1 + 2 * t) * (1 - t) * (1 - t), end = t * t * (3 - 2 * t);
    return start * curve->y[low] + end * curve->y[low + 1] +
           width * t * (1 - t) * ((1 - t) * curve->slope[low] - t * curve->slope[low + 1]);
}

static void check_curve(const double *x, const double *y)
{
    closo_arena *arena = closo_arena_new(0);
    const closo_equilibrium points = {POINTS, x, y};
    cell_curve curve;
    double slope, up, down;
    assert_true(cell_curve_make(&points, arena, &curve));
    for (size_t i = 0; i < POINTS; i++)
        assert_near(cell_curve_at(&curve, x[i], &slope), y[i], 1e-15);
    for (size_t i = 1; i < LOOKS; i++) {
        double part = (double)i / LOOKS, at = x[0] + part * part * (x[POINTS - 1] - x[0]);
        size_t low = 0;
        while (x[low + 1] <= at)
            low++;
        assert_int_equal(cell_curve_find(&curve, at), low + 1);
        assert_near(cell_curve_at(&curve, at, &slope), hermite(&curve, low, at), 1e-13);
        double step = 1e-4 * (x[low + 1] - x[low]);
        up = cell_curve_at(&curve, at + step, &down);
        down = cell_curve_at(&curve, at - step, &down);
        assert_near(slope * step, (up - down) / 2, 1e-6 * fabs(slope * step) + 1e-12);
    }
    /* straight beyond the ends */
    assert_near(cell_curve_at(&curve, x[0] - 1, &slope), y[0] - curve.slope[0], 1e-12);
    assert_near(slope, curve.slope[0], 0);
    assert_near(cell_curve_at(&curve, x[POINTS - 1] + 1, &slope),
                y[POINTS - 1] + curve.slope[POINTS - 1], 1e-12);
    assert_true(isnan(cell_curve_at(&curve, NAN, &slope)));
    closo_arena_free(arena);
}

static void even_points(void **state)
{
    (void)state;
    double x[POINTS], y[POINTS];
    for (size_t i = 0; i < POINTS; i++) {
        x[i] = (double)i / (POINTS - 1);
        y[i] = 4 - x[i] - 0.2 * sin(4 * x[i]);
    }
    check_curve(x, y);
}

/* Many points in one of the even parts. */
static void crowded_points(void **state)
{
    (void)state;
    double x[POINTS], y[POINTS];
    for (size_t i = 0; i < POINTS; i++) {
        x[i] = pow(10, -6 + 7 * (double)i / (POINTS - 1));
        y[i] = 3 - 0.1 * log(x[i]);
    }
    check_curve(x, y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(even_points),
        cmocka_unit_test(crowded_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
