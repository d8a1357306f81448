/* SPDX-License-Identifier: BSD-3-Clause */
/* What goes in comes out: charge, the mobile ion and the anions over 100 cycles; and a cell that is left alone, for years. */
#include "cells.h"

#include <math.h>

static const double faraday = 96485.33212;

/* Ions that have left the grains, by charge, C/m2 of cell. */
static double left_grains_C_per_m2(const cell_model *model, const double *y)
{
    const closo_cell *cell = model->cell;
    double sites = faraday * cell->active.sites_mol_per_m3 * cell->active.volume_fraction *
                   model->node_m,
           left = 0;
    for (size_t n = 0; n < cell->node_count; n++) {
        double filled = 0;
        for (size_t s = 0; s < cell->shell_count; s++)
            filled += 3 * model->shell_volume[s] * y[cell_shell(model, &model->nodes[n], s)];
        left += sites * (cell->active.filled_at_start - filled);
    }
    return left;
}

/* What the double layers took since w was 3.5 V, and the anions on all surfaces gave. */
static void count_surfaces(const cell_model *model, const double *y, double *layers,
                           double *oxidised)
{
    *layers = *oxidised = 0;
    for (size_t n = 0; n < model->cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        for (size_t s = 0; s < node->surface_count; s++) {
            const cell_surface *surface = &node->surfaces[s];
            double area = surface->area_per_m * model->node_m;
            *layers += area * surface->double_layer_F_per_m2 * (y[node->w] - 3.5);
            for (size_t k = 0; k < model->cell->anion_count; k++)
                *oxidised += area * y[surface->charge + k];
        }
    }
}

/* Alloy as counter electrode, so that it has a book of its own: what it took up is what the composite gave. */
static const double alloy_x[] = {0, 1}, alloy_V[] = {0.7, 0.5};

static void charge_and_mass_over_a_hundred_cycles(void **state)
{
    (void)state;
    closo_cell cell = ageing_cell();
    cell.counter.equilibrium = (closo_equilibrium){2, alloy_x, alloy_V};
    cell.counter.capacity_C_per_m2 = 4e4;
    cell.counter.filled_at_start = 0.3;
    cell.counter.growth_ohm2_m4_per_s = 1e-12;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-5, arena, &model);
    double through = 0, charge_off = 0, mass_off = 0, layers, oxidised, before = 0;
    const double nothing = NAN;
    for (int half = 0; half < 200; half++) {
        pass_current(solver, model, half % 2 == 0 ? 8 : -8, nothing, half % 2 == 0 ? 3.1 : 2.7);
        const double *y = cell_solver_state(solver);
        double passed = y[model->charge];
        through += fabs(passed - before);
        before = passed;
        count_surfaces(model, y, &layers, &oxidised);
        double given = left_grains_C_per_m2(model, y) + layers + oxidised;
        charge_off = fmax(charge_off, fabs(given - passed));
        double taken = 4e4 * (y[model->counter.filled] - 0.3) +
                       cell.counter.double_layer_F_per_m2 * y[model->counter.potential];
        mass_off = fmax(mass_off, fabs(taken - given));
    }
    print_message(
        "%.3g C/m2 through, %.3g C/m2 of anions; charge off by %.1e, ions by %.1e of it\n", through,
        oxidised, charge_off / through, mass_off / through);
    assert_true(oxidised > 1);
    assert_true(charge_off / through < 1e-8);
    assert_true(mass_off / through < 1e-8);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* The anions of a salt that moves: those in the pores and in the double layers are all there are. */
static void salt_over_a_hundred_cycles(void **state)
{
    (void)state;
    closo_cell cell = salty_cell();
    cell.node_count = 3;
    cell.shell_count = 6;
    cell.salt.separator_nodes = 4;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-5, arena, &model);
    double through = 0, worst = 0, before = 0, layers, oxidised;
    const double nothing = NAN;
    for (int half = 0; half < 200; half++) {
        pass_current(solver, model, half % 2 == 0 ? 16 : -16, nothing, half % 2 == 0 ? 3.8 : 3.3);
        const double *y = cell_solver_state(solver);
        through += fabs(y[model->charge] - before);
        before = y[model->charge];
        count_surfaces(model, y, &layers, &oxidised);
        double anions = layers / faraday;
        for (size_t n = 0; n < 4; n++)
            anions += 1000 * (y[model->salt.separator + n] - 1) * 0.5 * model->salt.node_m;
        for (size_t n = 0; n < 3; n++)
            anions += 1000 * (y[model->nodes[n].salt] - 1) * 0.3 * model->node_m;
        worst = fmax(worst, fabs(anions));
    }
    print_message("%.3g mol/m2 through, anions off by %.1e of it\n", through / faraday,
                  worst / (through / faraday));
    assert_true(worst / (through / faraday) < 1e-8);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* ---- left alone ---- */

enum { YEAR_s = 31557600 };

/* Nothing happens to a cell at equilibrium in ten years. */
static void equilibrium_lasts_for_years(void **state)
{
    (void)state;
    closo_cell cells[2] = {plain_cell(), salty_cell()};
    cells[0].node_count = 4;
    for (int i = 0; i < 2; i++) {
        closo_arena *arena = closo_arena_new(0);
        cell_model *model;
        cell_solver *solver = ready_solver(&cells[i], 1e-5, arena, &model);
        const double nothing = NAN;
        pass_current(solver, model, 0, 10.0 * YEAR_s, nothing);
        const double *y = cell_solver_state(solver);
        assert_near(cell_solver_time_s(solver), 10.0 * YEAR_s, 1);
        assert_near(y[model->potential], 3.5, 1e-10);
        assert_near(y[model->charge], 0, 1e-9);
        for (size_t n = 0; n < 4; n++)
            assert_near(y[model->nodes[n].shells], 0.6, 1e-10);
        for (size_t n = 0; i == 1 && n < 8; n++)
            assert_near(y[model->salt.separator + n], 1, 1e-10);
        cell_solver_free(solver);
        closo_arena_free(arena);
    }
}

/* A cell that was charged and is left alone comes to the open circuit of its mean filling, which its charge tells. */
static void relaxes_to_the_open_circuit(void **state)
{
    (void)state;
    closo_cell cells[2] = {plain_cell(), salty_cell()};
    cells[0].node_count = 4;
    for (int i = 0; i < 2; i++) {
        closo_arena *arena = closo_arena_new(0);
        cell_model *model;
        cell_solver *solver = ready_solver(&cells[i], 1e-8, arena, &model);
        const double nothing = NAN, sites = faraday * 15000 * 0.5 * 20e-6;
        const double layers = 3 * 0.5 / 2e-6 * 20e-6 * 0.1; /* F/m2 */
        pass_current(solver, model, 8, 300, nothing);
        double under_current_V = cell_solver_state(solver)[model->potential];
        pass_current(solver, model, 0, 5.0 * YEAR_s, nothing);
        const double *y = cell_solver_state(solver);
        /* V = 4.1 - filled, and 2400 C/m2 = sites (0.6 - filled) + layers (V - 3.5) */
        double expected_V = 3.5 + 2400 / (sites + layers);
        print_message("%.6f V under current, %.9f V after five years, should be %.9f V\n",
                      under_current_V, y[model->potential], expected_V);
        assert_true(under_current_V > expected_V + 1e-2);
        assert_near(y[model->potential], expected_V, 1e-7);
        cell_solver_free(solver);
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charge_and_mass_over_a_hundred_cycles),
        cmocka_unit_test(salt_over_a_hundred_cycles),
        cmocka_unit_test(equilibrium_lasts_for_years),
        cmocka_unit_test(relaxes_to_the_open_circuit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
