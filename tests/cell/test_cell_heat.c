/* SPDX-License-Identifier: BSD-3-Clause */
/* The heat balance: adiabatic and isothermal limits in closed form, reversible heat, and the first law over cycles of a cell with
 * every law in it. */
#include "cells.h"

#include "closo/numeric.h"

#include <math.h>
#include <string.h>

static const double faraday = 96485.33212, nothing = NAN;
static const double line_x[] = {0, 1}, line_U[] = {4.1, 3.1}, alloy_U[] = {0.72, 0.52};

static closo_cell two_metals(void)
{
    const closo_metal_electrode metal = {.resistance_ohm_m2 = {20e-4, 0},
                                         .double_layer_F_per_m2 = 0.01};
    return (closo_cell){.area_m2 = 1e-4,
                        .temperature_K = 333.15,
                        .reference_K = 298.15,
                        .ion_conductivity_S_per_m = {0.02, 0},
                        .separator_m = 800e-6,
                        .counter = metal,
                        .working_metal = metal};
}

static closo_cell composite_cell(void)
{
    closo_cell cell = two_metals();
    cell.node_count = 3;
    cell.shell_count = 8;
    cell.thickness_m = 20e-6;
    cell.ion_path = 0.2;
    cell.electron_conductivity_S_per_m = 100;
    cell.temperature_K = 298.15;
    cell.active = (closo_active_material){.volume_fraction = 0.5,
                                          .radius_m = 2e-6,
                                          .sites_mol_per_m3 = 15000,
                                          .usable = 0.9,
                                          .diffusivity_m2_per_s = {1e-14, 30e3},
                                          .exchange_current_A_per_m2 = {2, 50e3},
                                          .transfer = 0.5,
                                          .double_layer_F_per_m2 = 0.1,
                                          .equilibrium = {2, line_x, line_U},
                                          .filled_at_start = 0.6};
    return cell;
}

/* ---- limits ---- */

/* Joule heat alone: adiabatic T = T0 + I^2 R t / C; with a loss T - T0 = I^2 R / h (1 - exp(-h t / C)); a large loss is isothermal. */
static void a_resistor_warms(void **state)
{
    (void)state;
    closo_cell cell = two_metals();
    const double I = 10, R = 800e-6 / 0.02 + 2 * 20e-4, C = 5e3;
    cell.heat.capacity_J_per_m2_K = C;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_CURRENT);
    step.current_A_per_m2 = I;
    step.until_s = 10000;
    double rise =
        simulated_end(simulate_steps(&cell, &step, 1, 1e-8, arena), CLOSO_QUANTITY_TEMPERATURE) -
        333.15;
    assert_near(rise / (I * I * R * 1e4 / C), 1, 1e-6);
    cell.heat.loss_W_per_m2_K = 0.7;
    rise = simulated_end(simulate_steps(&cell, &step, 1, 1e-8, arena), CLOSO_QUANTITY_TEMPERATURE) -
           333.15;
    assert_near(rise / (I * I * R / 0.7 * (1 - exp(-0.7 * 1e4 / C))), 1, 1e-6);
    cell.heat.loss_W_per_m2_K = 1e7;
    rise = simulated_end(simulate_steps(&cell, &step, 1, 1e-8, arena), CLOSO_QUANTITY_TEMPERATURE) -
           333.15;
    assert_near(rise, I * I * R / 1e7, 1e-8);
    closo_arena_free(arena);
}

/* A conductivity with an energy of activation: the potential falls as the cell warms, and is that of Arrhenius at the temperature
 * which the table tells. */
static void laws_follow_the_temperature(void **state)
{
    (void)state;
    closo_cell cell = two_metals();
    cell.ion_conductivity_S_per_m.energy_J_per_mol = 40e3;
    cell.heat.capacity_J_per_m2_K = 2e3;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_CURRENT);
    step.current_A_per_m2 = 20;
    step.until_s = 5000;
    const closo_simulation *made = simulate_steps(&cell, &step, 1, 1e-8, arena);
    double T = simulated_end(made, CLOSO_QUANTITY_TEMPERATURE);
    double kappa = 0.02 * exp(40e3 / 8.314462618 * (1 / 298.15 - 1 / T));
    assert_true(T > 335);
    assert_near(simulated_end(made, CLOSO_QUANTITY_POTENTIAL), 20 * (800e-6 / kappa + 2 * 20e-4),
                1e-6);
    closo_arena_free(arena);
}

/* C dT/dt = I T dU/dT + what is lost, which is the same in both directions: ln(T charged / T discharged) = 2 Q (dU/dT) / C. */
static void entropy_warms_and_cools(void **state)
{
    (void)state;
    closo_cell cell = composite_cell();
    cell.active.entropy_V_per_K = 0.4e-3;
    cell.heat.capacity_J_per_m2_K = 800;
    closo_arena *arena = closo_arena_new(0);
    double T[2];
    for (int k = 0; k < 2; k++) {
        closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_CURRENT);
        step.current_A_per_m2 = k == 0 ? 0.05 : -0.05;
        step.until_s = 2e4; /* 1000 C/m2 */
        T[k] =
            simulated_end(simulate_steps(&cell, &step, 1, 1e-7, arena), CLOSO_QUANTITY_TEMPERATURE);
    }
    assert_true(T[0] > 298.25 && T[1] < 298.05);
    assert_near(log(T[0] / T[1]) / (2 * 1000 * 0.4e-3 / 800), 1, 2e-4);
    closo_arena_free(arena);
}

/* ---- the first law ---- */

typedef struct sums {
    const cell_model *model;
    double work_J, lost_J, leaked_C, leak_S, loss_W_per_K, surroundings_K;
    double *y;
} sums;

/* Work, heat lost and electrons through the separator, by Simpson's rule over each step of the solver. */
static bool add_up(void *user, cell_solver *solver, double from_s, double to_s)
{
    sums *made = user;
    enum { PARTS = 4 };
    double h = (to_s - from_s) / (2 * PARTS);
    for (int i = 0; i <= 2 * PARTS; i++) {
        cell_solver_at(solver, i == 2 * PARTS ? to_s : from_s + h * i, made->y);
        const cell_model *model = made->model;
        double weight = h / 3 * (i == 0 || i == 2 * PARTS ? 1 : i % 2 == 1 ? 4 : 2);
        double V = made->y[model->potential];
        made->work_J += weight * cell_outer_current(model, made->y) * V;
        made->leaked_C += weight * made->leak_S * V;
        made->lost_J += weight * made->loss_W_per_K *
                        (cell_temperature_K(model, made->y) - made->surroundings_K);
    }
    return true;
}

/* What the cell has kept, from its end states and the charge of ions that passed: integrals of U over the fillings of grains and
 * alloy, double layers, and what is oxidised. That is what of the charge went neither into fillings nor double layers: the
 * states' own charges are per area of grains in contact when they were made. */
static double enthalpy_J_per_m2(const cell_model *model, const double *y, double leaked_C)
{
    const closo_cell *cell = model->cell;
    double sum = 0, oxidised_C = y[model->charge] - leaked_C;
    for (size_t n = 0; n < cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        double sites = model->node_m * node->surfaces[0].area_per_m * cell->active.radius_m / 3 *
                       faraday * cell->active.sites_mol_per_m3;
        for (size_t s = 0; s < cell->shell_count; s++) {
            double f = y[cell_shell(model, node, s)]; /* U = 4.1 V - f: integral 4.1 f - f^2 / 2 */
            double part = sites * 3 * model->shell_volume[s];
            sum -=
                part * (4.1 * f - f * f / 2 - cell->reference_K * cell->active.entropy_V_per_K * f);
            oxidised_C += part * f;
        }
        for (size_t s = 0; s < node->surface_count; s++) {
            double layer_F = model->node_m * node->surfaces[s].area_per_m *
                             node->surfaces[s].double_layer_F_per_m2;
            sum += layer_F * y[node->w] * y[node->w] / 2;
            oxidised_C -= layer_F * y[node->w];
        }
    }
    sum += cell->anions[0].potential_V * oxidised_C;
    double v = y[model->counter.potential], x = y[model->counter.filled];
    sum += cell->counter.double_layer_F_per_m2 * v * v / 2;
    return sum - cell->counter.capacity_C_per_m2 *
                     (alloy_U[0] * x + (alloy_U[1] - alloy_U[0]) * x * x / 2);
}

/* Heat kept + heat lost + enthalpy kept = electrical work, over three cycles and two rests, to 1e-7 of the work that went through:
 * with oxidation, a film, wear of film and contact, an alloy that fills and electrons through the separator. All grains stay
 * reached (isolation 0), else what is isolated would have to be summed too. */
static void energy_is_conserved(void **state)
{
    (void)state;
    closo_cell cell = composite_cell();
    cell.active.entropy_V_per_K = -0.2e-3;
    cell.carbon_area_per_m = 1e6;
    cell.carbon_double_layer_F_per_m2 = 0.1;
    cell.counter.equilibrium = (closo_equilibrium){2, line_x, alloy_U};
    cell.counter.capacity_C_per_m2 = 2e4;
    cell.counter.filled_at_start = 0.5;
    cell.electron_leak_S_per_m = 1e-7;
    cell.anion_count = 1;
    cell.anions[0] = (closo_anion_oxidation){.name = "anion",
                                             .potential_V = 3.5,
                                             .transfer = 0.5,
                                             .rate_V_per_s = 1e-5,
                                             .gamma_V_m2_per_C = 2,
                                             .reservoir_C_per_m2 = 5,
                                             .energy_J_per_mol = 40e3};
    cell.film.rho_ohm_m4_per_C = 0.05;
    cell.wear = (closo_wear){.breaking = 0.3, .loosening = 0.6, .order = 0, .isolation = 0};
    cell.heat = (closo_heat){600, 0.5};
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver;
    closo_error error = {0};
    assert_int_equal(cell_model_make(&cell, arena, &model, NULL), CLOSO_OK);
    assert_int_equal(cell_solver_new(model, 1e-9, arena, &solver, NULL), CLOSO_OK);
    double *y = cell_solver_state(solver);
    sums made = {.model = model,
                 .leak_S = cell.electron_leak_S_per_m / cell.separator_m,
                 .loss_W_per_K = 0.5,
                 .surroundings_K = 298.15,
                 .y = closo_arena_alloc(arena, model->state_count, sizeof *y)};
    double through_J = 0, warmest_K = 0;
    bool begun = false;
    double enthalpy = 0, temperature_K = 0;
    for (int half = 0; half < 8; half++) {
        static const double currents[] = {5, 0, -5, 5, -5, 5, -5, 0};
        double current = currents[half], before_J = made.work_J;
        model->control = CELL_CONTROL_CURRENT;
        model->control_value = current;
        const cell_limits limits = {cell_solver_time_s(solver) + (current == 0 ? 1000 : 1e6),
                                    current == 0 ? nothing : (current > 0 ? 3.9 : 3.1) - 0.62,
                                    nothing, nothing, 0};
        cell_end end;
        if (cell_solver_start(solver, &error) != CLOSO_OK)
            fail_msg("%s", error.message);
        if (!begun) {
            enthalpy = enthalpy_J_per_m2(model, y, made.leaked_C);
            temperature_K = cell_temperature_K(model, y);
            begun = true;
        }
        if (cell_solver_run(solver, &limits, add_up, &made, &end, &error) != CLOSO_OK)
            fail_msg("%s", error.message);
        through_J += fabs(made.work_J - before_J);
        warmest_K = fmax(warmest_K, cell_temperature_K(model, y));
    }
    double kept_J = 600 * (cell_temperature_K(model, y) - temperature_K),
           stored_J = enthalpy_J_per_m2(model, y, made.leaked_C) - enthalpy;
    print_message(
        "work %.6g J/m2 of %.6g through, heat kept %.4g, lost %.4g, stored %.4g, warmest %.2f K\n",
        made.work_J, through_J, kept_J, made.lost_J, stored_J, warmest_K);
    print_message("contact %.3f, leaked %.3g C/m2\n", y[model->nodes[0].contact], made.leaked_C);
    assert_true(y[model->nodes[0].contact] < 0.5 && made.leaked_C > 1);
    assert_true(warmest_K > 299 && made.lost_J > 100);
    double open = (made.work_J - kept_J - made.lost_J - stored_J) / through_J;
    print_message("first law closes to %.2g of the work\n", open);
    assert_near(open, 0, 1e-7);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* ---- the Jacobian ---- */

static void jacobian_with_heat_equals_differences(void **state)
{
    (void)state;
    closo_cell cell = composite_cell();
    cell.active.entropy_V_per_K = -0.2e-3;
    cell.electron_leak_S_per_m = 1e-5;
    cell.counter.potential_V = 0.62;
    cell.counter.exchange_current_A_per_m2 = (closo_thermal_law){5, 40e3};
    cell.counter.resistance_ohm_m2.energy_J_per_mol = 30e3;
    cell.anion_count = 1;
    cell.anions[0] = (closo_anion_oxidation){.name = "anion",
                                             .potential_V = 3.5,
                                             .potential_V_per_K = -1e-3,
                                             .transfer = 0.5,
                                             .rate_V_per_s = 1e-5,
                                             .gamma_V_m2_per_C = 2};
    cell.wear = (closo_wear){.breaking = 0.3, .loosening = 0.5, .order = 0, .isolation = 0.4};
    cell.heat = (closo_heat){600, 0.5};
    closo_arena *arena = closo_arena_new(0);
    double *y, *slope;
    cell_model *model = shaken_model(&cell, 11, arena, &y, &slope);
    y[model->warmth] = 7;
    assert_jacobian_equals_differences_at(model, y, slope, &(cell_differences){2e-5, 1e-2, 1e-8});
    closo_arena_free(arena);
}

/* ---- words ---- */

static const closo_cell_file *parse(const char *heat, closo_arena *arena, closo_error *error)
{
    closo_cell_file *file = NULL;
    const char *text =
        closo_arena_printf(arena,
                           "area: 1 cm2\nworking_electrode: {metal: Li}\n"
                           "electrolyte: {material: Li2(B11H14)(CB11H12), thickness: 0.8 mm}\n"
                           "counter_electrode: {material: Li}\n%s",
                           heat);
    *error = (closo_error){0};
    assert_true(closo_cell_parse("cell.yaml", text, strlen(text), arena, &file, error) ==
                    CLOSO_OK ||
                file == NULL);
    return file;
}

static void words_of_heat(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_error error;
    const closo_cell_file *file =
        parse("heat_balance: {capacity: 2.5 J/K, loss: 20 mW/K}\n", arena, &error);
    if (file == NULL)
        fail_msg("%s", error.message);
    assert_near(file->cell.heat.capacity_J_per_m2_K, 25000, 1e-9);
    assert_near(file->cell.heat.loss_W_per_m2_K, 200, 1e-9);
    assert_null(parse("heat_balance: {loss: 20 mW/K}\n", arena, &error));
    assert_non_null(strstr(error.message, "heat_balance, capacity: it is missing"));
    assert_null(parse("heat_balance: {capacity: 20 J}\n", arena, &error));
    assert_null(parse("heat_balance: {capacity: -1 J/K}\n", arena, &error));
    assert_non_null(strstr(error.message, "above 0"));
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resistor_warms),
        cmocka_unit_test(laws_follow_the_temperature),
        cmocka_unit_test(entropy_warms_and_cools),
        cmocka_unit_test(energy_is_conserved),
        cmocka_unit_test(jacobian_with_heat_equals_differences),
        cmocka_unit_test(words_of_heat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
