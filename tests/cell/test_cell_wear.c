/* SPDX-License-Identifier: BSD-3-Clause */
/* The law of wear by itself: what breathing breaks of films and of contact, against closed forms, and its Jacobian. */
#include "cells.h"

#include "closo/numeric.h"

#include <math.h>

static const double line_x[] = {0, 1}, line_U[] = {4.1, 3.1};
enum { SHELLS = 8 };
static const double sites_C_per_m2 = 96485.33212 * 15000 * 0.5 * 20e-6;

/* A grain that takes and gives; one anion that is never oxidised, so that its film is what the test puts there. */
static closo_cell breathing_cell(void)
{
    return (closo_cell){
        .area_m2 = 1e-4,
        .temperature_K = 298.15,
        .reference_K = 298.15,
        .node_count = 1,
        .shell_count = SHELLS,
        .thickness_m = 20e-6,
        .active = {.volume_fraction = 0.5,
                   .radius_m = 2e-6,
                   .sites_mol_per_m3 = 15000,
                   .usable = 1,
                   .diffusivity_m2_per_s = {1e-14, 0},
                   .exchange_current_A_per_m2 = {2, 0},
                   .transfer = 0.5,
                   .double_layer_F_per_m2 = 1e-5,
                   .equilibrium = {2, line_x, line_U},
                   .filled_at_start = 0.6},
        .ion_conductivity_S_per_m = {0.1, 0},
        .ion_path = 0.2,
        .electron_conductivity_S_per_m = 100,
        .anions = {{.name = "none",
                    .potential_V = 15,
                    .transfer = 0.5,
                    .rate_V_per_s = 1e-5,
                    .gamma_V_m2_per_C = 1,
                    .reservoir_C_per_m2 = 4}},
        .anion_count = 1,
        .separator_m = 500e-6,
        .counter.resistance_ohm_m2 = {1e-3, 0},
        .counter.double_layer_F_per_m2 = 0.05,
    };
}

typedef struct run {
    closo_arena *arena;
    cell_model *model;
    cell_solver *solver;
    double breathed; /* sum of the changes of mean filling */
} run;

static double mean_filling(const run *made)
{
    const double *y = cell_solver_state(made->solver);
    double filled = 0;
    for (size_t s = 0; s < SHELLS; s++)
        filled += 3 * made->model->shell_volume[s] *
                  y[cell_shell(made->model, &made->model->nodes[0], s)];
    return filled;
}

static run begin(const closo_cell *cell, double film_C_per_m2)
{
    run made = {.arena = closo_arena_new(0)};
    assert_int_equal(cell_model_make(cell, made.arena, &made.model, NULL), CLOSO_OK);
    assert_int_equal(cell_solver_new(made.model, 1e-8, made.arena, &made.solver, NULL), CLOSO_OK);
    cell_solver_state(made.solver)[made.model->nodes[0].surfaces[0].charge] = film_C_per_m2;
    return made;
}

/* One half cycle, 4 A/m2 to a potential; the charge that passed. */
static double half_cycle(run *made, double current_A_per_m2, double until_V)
{
    const double nothing = NAN;
    double *y = cell_solver_state(made->solver), before = y[made->model->charge];
    double filled = mean_filling(made);
    closo_error error = {0};
    cell_end end;
    made->model->control = CELL_CONTROL_CURRENT;
    made->model->control_value = current_A_per_m2;
    const cell_limits limits = {cell_solver_time_s(made->solver) + 1e7, until_V, nothing, nothing,
                                before};
    do
        if (cell_solver_start(made->solver, &error) != CLOSO_OK ||
            cell_solver_run(made->solver, &limits, NULL, NULL, &end, &error) != CLOSO_OK)
            fail_msg("%s", error.message);
    while (end == CELL_END_PAUSE);
    assert_int_equal(end, CELL_END_POTENTIAL);
    made->breathed += fabs(mean_filling(made) - filled);
    return y[made->model->charge] - before;
}

static void finish(run *made)
{
    cell_solver_free(made->solver);
    closo_arena_free(made->arena);
}

/* c = exp(-loosening S (q / Q)^order) behind any path of summed changes S, and q - b = q exp(-breaking S). */
static void decays_with_what_is_breathed(void **state)
{
    (void)state;
    closo_cell cell = breathing_cell();
    cell.wear = (closo_wear){.loosening = 0.05, .order = 3, .isolation = 0.5};
    run made = begin(&cell, 3);
    for (int n = 0; n < 20; n++)
        half_cycle(&made, n % 2 == 0 ? 4 : -4, n % 2 == 0 ? 3.8 : 3.3);
    double contact = cell_solver_state(made.solver)[made.model->nodes[0].contact];
    double expected = exp(-0.05 * made.breathed * pow(0.75, 3));
    print_message("contact %.6f after %.3f fillings, closed form %.6f\n", contact, made.breathed,
                  expected);
    assert_true(expected < 0.95);
    assert_near(contact, expected, 1e-5);
    finish(&made);

    cell.wear = (closo_wear){.breaking = 0.3};
    made = begin(&cell, 2);
    for (int n = 0; n < 20; n++)
        half_cycle(&made, n % 2 == 0 ? 4 : -4, n % 2 == 0 ? 3.8 : 3.3);
    double broken = cell_solver_state(made.solver)[made.model->nodes[0].surfaces[0].broken];
    assert_near(broken, 2 * (1 - exp(-0.3 * made.breathed)), 1e-4);
    finish(&made);
}

/* What the cell gives while it loses contact, order 0: the share c^p of the grains is reached, c = exp(-k S), and
 * int c^p dS = (1 - exp(-k p S)) / (k p). What is isolated keeps its charge. */
static void reached_grains_give_the_charge(void **state)
{
    (void)state;
    for (int i = 0; i <= 2; i++) {
        double p = 0.5 * i, k = 0.4;
        closo_cell cell = breathing_cell();
        cell.wear = (closo_wear){.loosening = k, .isolation = p};
        run made = begin(&cell, 0);
        double reached = 1;
        for (int n = 0; n < 6; n++) {
            double before = made.breathed, scale = sites_C_per_m2 * reached;
            double passed = half_cycle(&made, n % 2 == 0 ? 4 : -4, n % 2 == 0 ? 3.8 : 3.3);
            double breathed = made.breathed - before;
            double expected =
                p > 0 ? scale * (1 - exp(-k * p * breathed)) / (k * p) : scale * breathed;
            if (fabs(fabs(passed) / expected - 1) > 1e-4)
                fail_msg("isolation %g: %g C/m2 passed, closed form %g", p, fabs(passed), expected);
            reached *= exp(-k * p * breathed);
        }
        double contact = cell_solver_state(made.solver)[made.model->nodes[0].contact];
        assert_near(pow(contact, p), reached, 1e-4);
        finish(&made);
    }
}

/* A film that breaks is made again: behind many cycles what is oxidised in one is what is broken in it, breaking S (q - b), and
 * not what the logarithm of time had left. */
static void broken_films_are_renewed(void **state)
{
    (void)state;
    closo_cell cell = breathing_cell();
    cell.anions[0].potential_V = 3.4;
    cell.anions[0].gamma_V_m2_per_C = 0.05;
    cell.anions[0].reservoir_C_per_m2 = 0;
    cell.wear = (closo_wear){.breaking = 0.2};
    run made = begin(&cell, 0);
    const cell_surface *surface = &made.model->nodes[0].surfaces[0];
    double charged[40], breathed[40];
    for (int n = 0; n < 40; n++) {
        half_cycle(&made, n % 2 == 0 ? 4 : -4, n % 2 == 0 ? 3.8 : 3.3);
        charged[n] = cell_solver_state(made.solver)[surface->charge];
        breathed[n] = made.breathed;
    }
    const double *y = cell_solver_state(made.solver);
    double whole = y[surface->charge] - y[surface->broken]; /* at its least, before a charge */
    double in_cycle = charged[39] - charged[37];
    double broken = 0.2 * (breathed[39] - breathed[37]) * whole;
    print_message("renewed %.4f C/m2 a cycle, broken %.4f\n", in_cycle, broken);
    assert_near(in_cycle / broken, 1, 0.1);
    cell.wear = (closo_wear){0};
    run plain = begin(&cell, 0);
    for (int n = 0; n < 40; n++) {
        half_cycle(&plain, n % 2 == 0 ? 4 : -4, n % 2 == 0 ? 3.8 : 3.3);
        charged[n] = cell_solver_state(plain.solver)[plain.model->nodes[0].surfaces[0].charge];
    }
    assert_true(charged[39] - charged[37] < 0.2 * in_cycle);
    finish(&made);
    finish(&plain);
}

/* Against central differences, with everything on. */
static void jacobian_equals_differences(void **state)
{
    (void)state;
    closo_cell cell = breathing_cell();
    cell.node_count = 2;
    cell.shell_count = 4;
    cell.anions[0] = (closo_anion_oxidation){"one", 3.4, 0.5, 1e-5, 2, 0, 0.8, 0, 0, 0};
    cell.anions[1] = (closo_anion_oxidation){"two", 3.6, 0.6, 1e-5, 0.5, 0, 1.5, 2.5, 0, 0};
    cell.anion_count = 2;
    cell.carbon_area_per_m = 1e6;
    cell.carbon_double_layer_F_per_m2 = 0.1;
    cell.film = (closo_film){.rho_ohm_m4_per_C = 0.05, .growth = 2};
    cell.wear = (closo_wear){2, 3, 1.5, 0.4};
    closo_arena *arena = closo_arena_new(0);
    double *y, *slope;
    cell_model *model = shaken_model(&cell, 11, arena, &y, &slope);
    for (size_t i = 0; i < 2; i++) {
        const cell_node *node = &model->nodes[i];
        y[node->contact] = 0.7;
        y[node->current] = i == 0 ? 0.3 : -0.2;
        for (size_t s = 0; s < node->surface_count; s++)
            for (size_t k = 0; k < 2; k++) {
                y[node->surfaces[s].charge + k] += 0.4;
                y[node->surfaces[s].broken + k] += 0.1;
            }
    }
    y[model->counter.interphase] = 0.3;
    assert_jacobian_equals_differences_at(model, y, slope, &(cell_differences){1e-5, 1e-2, 1e-8});
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decays_with_what_is_breathed),
        cmocka_unit_test(reached_grains_give_the_charge),
        cmocka_unit_test(broken_films_are_renewed),
        cmocka_unit_test(jacobian_equals_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
