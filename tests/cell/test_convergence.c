/* SPDX-License-Identifier: BSD-3-Clause */
/* A whole cell on finer and finer grids and with tighter and tighter tolerances: potential on the way of a discharge, and
 * its capacity, against the limit that a fine grid extrapolates to. */
#include "cells.h"

#include <math.h>

/* Smooth, with a plateau in the middle and steep ends. */
enum { POINTS = 161 };
static double curve_x[POINTS], curve_V[POINTS];

static int make_curve(void **state)
{
    (void)state;
    for (int i = 0; i < POINTS; i++) {
        double x = curve_x[i] = 0.001 + 0.998 * i / (POINTS - 1);
        curve_V[i] = 3.7 - 0.4 * (x - 0.5) + 0.05 * log((1 - x) / x);
    }
    return 0;
}

/* 80 um thick, so that the reaction is not even across it: 2C. */
static closo_cell thick_cell(size_t nodes, size_t shells)
{
    closo_cell cell = salty_cell();
    cell.thickness_m = 80e-6;
    cell.node_count = nodes;
    cell.shell_count = shells;
    cell.salt.separator_nodes = nodes;
    cell.salt.diffusivity_m2_per_s.value = 3e-10;
    cell.salt.thermodynamic_factor = 1.5;
    cell.ion_conductivity_S_per_m.value = 1;
    cell.electron_conductivity_S_per_m = 5;
    cell.active.diffusivity_m2_per_s.value = 5e-15;
    cell.active.filling_exponent = 0.5;
    cell.active.double_layer_F_per_m2 = 1e-3;
    cell.counter.double_layer_F_per_m2 = 1e-3;
    cell.active.equilibrium = (closo_equilibrium){POINTS, curve_x, curve_V};
    cell.active.filled_at_start = 0.05;
    return cell;
}

/* Half way; and while diffusion in the grains, radius^2 / D = 800 s, has not yet made the parabola that shells have exactly. */
static const double half_s = 1200, early_s = 100;

typedef struct outcome {
    double at_V, capacity_C_per_m2;
    size_t steps;
} outcome;

static outcome discharge(const closo_cell *cell, double tolerance, double at_s)
{
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(cell, tolerance, arena, &model);
    closo_simulation_statistics counts;
    outcome made = {0};
    const double nothing = NAN, current_A_per_m2 = -16;
    pass_current(solver, model, current_A_per_m2, at_s, nothing);
    made.at_V = cell_solver_state(solver)[model->potential];
    pass_current(solver, model, current_A_per_m2, nothing, 3.0);
    made.capacity_C_per_m2 = -cell_solver_state(solver)[model->charge];
    cell_solver_statistics(solver, &counts);
    made.steps = counts.steps;
    cell_solver_free(solver);
    closo_arena_free(arena);
    return made;
}

/* Errors against the limit that the two finest of n, 2n, 4n, 8n extrapolate to; the orders from them. */
static void converge(const char *what, const outcome *of, const size_t *counts)
{
    double limit_V = of[3].at_V + (of[3].at_V - of[2].at_V) / 3;
    double limit_C =
        of[3].capacity_C_per_m2 + (of[3].capacity_C_per_m2 - of[2].capacity_C_per_m2) / 3;
    double off_V[3], off_C[3];
    for (int i = 0; i < 3; i++) {
        off_V[i] = fabs(of[i].at_V - limit_V);
        off_C[i] = fabs(of[i].capacity_C_per_m2 / limit_C - 1);
        print_message("%zu %s: potential off by %.2e V, capacity by %.1e\n", counts[i], what,
                      off_V[i], off_C[i]);
    }
    double order_V = log2(off_V[0] / off_V[1]), order_C = log2(off_C[0] / off_C[1]);
    print_message("order in the %s: %.2f (potential), %.2f (capacity)\n", what, order_V, order_C);
    assert_near(order_V, 2, 0.35);
    assert_near(order_C, 2, 0.35);
}

static void second_order_in_the_nodes(void **state)
{
    (void)state;
    const size_t counts[] = {6, 12, 24, 48};
    outcome of[4];
    for (int i = 0; i < 4; i++) {
        closo_cell cell = thick_cell(counts[i], 8);
        of[i] = discharge(&cell, 1e-9, half_s);
    }
    converge("nodes", of, counts);
    assert_near(of[1].at_V, of[3].at_V, 1e-3);
}

static void second_order_in_the_shells(void **state)
{
    (void)state;
    const size_t counts[] = {8, 16, 32, 64};
    outcome of[4];
    for (int i = 0; i < 4; i++) {
        closo_cell cell = thick_cell(6, counts[i]);
        cell.shell_contrast = 20;
        of[i] = discharge(&cell, 1e-9, early_s);
    }
    converge("shells", of, counts);
    assert_near(of[1].at_V, of[3].at_V, 1e-3);
}

/* Ten times the tolerance is at most some ten times the error, and it is less work. */
static void errors_follow_the_tolerance(void **state)
{
    (void)state;
    closo_cell cell = thick_cell(6, 10);
    outcome exact = discharge(&cell, 2e-10, half_s);
    double first_V = 0, last_V = 0;
    size_t steps_before = 0;
    for (int k = 3; k <= 7; k++) {
        double tolerance = pow(10, -k);
        outcome made = discharge(&cell, tolerance, half_s);
        double off_V = fabs(made.at_V - exact.at_V),
               off_C = fabs(made.capacity_C_per_m2 / exact.capacity_C_per_m2 - 1);
        print_message("tolerance 1e-%d: %zu steps, potential off by %.1e V, capacity by %.1e\n", k,
                      made.steps, off_V, off_C);
        assert_true(off_V < 10 * tolerance && off_C < 10 * tolerance);
        assert_true(made.steps > steps_before);
        steps_before = made.steps;
        first_V = k == 3 ? off_V : first_V;
        last_V = off_V;
    }
    assert_true(last_V < 1e-3 * first_V);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(second_order_in_the_nodes),
        cmocka_unit_test(second_order_in_the_shells),
        cmocka_unit_test(errors_follow_the_tolerance),
    };
    return cmocka_run_group_tests(tests, make_curve, NULL);
}
