/* SPDX-License-Identifier: BSD-3-Clause */
#include "cells.h"

#include "closo/numeric.h"

#include <math.h>
#include <string.h>

/* A line, so that dU/dy is a number. */
static const double line_x[] = {0, 1}, line_U[] = {4.1, 3.1};

closo_cell plain_cell(void)
{
    return (closo_cell){.name = "test",
                        .area_m2 = 1e-4,
                        .temperature_K = 298.15,
                        .reference_K = 298.15,
                        .node_count = 1,
                        .shell_count = 40,
                        .thickness_m = 20e-6,
                        .active = {.volume_fraction = 0.5,
                                   .radius_m = 2e-6,
                                   .sites_mol_per_m3 = 15000,
                                   .usable = 1,
                                   .diffusivity_m2_per_s = {1e-15, 0},
                                   .exchange_current_A_per_m2 = {2, 0},
                                   .transfer = 0.5,
                                   .filling_exponent = 0,
                                   .double_layer_F_per_m2 = 0.1,
                                   .equilibrium = {2, line_x, line_U},
                                   .filled_at_start = 0.6},
                        .ion_conductivity_S_per_m = {0.1, 0},
                        .ion_path = 0.2,
                        .electron_conductivity_S_per_m = 100,
                        .separator_m = 500e-6,
                        .counter = {.resistance_ohm_m2 = {1e-3, 0}, .double_layer_F_per_m2 = 0.05}};
}

closo_cell salty_cell(void)
{
    closo_cell cell = plain_cell();
    cell.node_count = 4;
    cell.shell_count = 10;
    cell.separator_m = 100e-6;
    cell.counter.exchange_current_A_per_m2.value = 20;
    cell.counter.transfer = 0.4;
    cell.salt = (closo_salt){.concentration_mol_per_m3 = 1000,
                             .transference = 0.3,
                             .diffusivity_m2_per_s = {2e-10, 0},
                             .thermodynamic_factor = 1,
                             .composite_fraction = 0.3,
                             .separator_fraction = 0.5,
                             .separator_path = 0.35,
                             .separator_nodes = 8,
                             .insertion_exponent = 0.5,
                             .metal_exponent = 0.3};
    return cell;
}

closo_cell ageing_cell(void)
{
    closo_cell cell = plain_cell();
    cell.node_count = 4;
    cell.shell_count = 8;
    cell.carbon_area_per_m = 1e6;
    cell.carbon_double_layer_F_per_m2 = 0.1;
    cell.anion_count = 2;
    cell.anions[0] = (closo_anion_oxidation){.name = "one",
                                             .potential_V = 3.4,
                                             .transfer = 0.5,
                                             .rate_V_per_s = 1e-5,
                                             .gamma_V_m2_per_C = 2,
                                             .reservoir_C_per_m2 = 0.8};
    cell.anions[1] = (closo_anion_oxidation){.name = "two",
                                             .potential_V = 3.7,
                                             .transfer = 0.6,
                                             .rate_V_per_s = 1e-5,
                                             .gamma_V_m2_per_C = 0.5,
                                             .reservoir_C_per_m2 = 1.5};
    cell.film = (closo_film){.rho_ohm_m4_per_C = 0.05,
                             .growth = 2,
                             .slow_ohm_m2_per_s = 1e-9,
                             .slow_transfer = 0.4,
                             .slow_onset_V = 3.5,
                             .slow_half_ohm_m2 = 0.01,
                             .slow_order = 1};
    return cell;
}

cell_solver *ready_solver(const closo_cell *cell, double tolerance, closo_arena *arena,
                          cell_model **model)
{
    cell_solver *solver;
    closo_error error = {0};
    if (cell_model_make(cell, arena, model, &error) != CLOSO_OK ||
        cell_solver_new(*model, tolerance, arena, &solver, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return solver;
}

void run_to_limit(cell_solver *solver, const cell_limits *limits, cell_listener *listener,
                  void *user)
{
    cell_end end = CELL_END_PAUSE;
    closo_error error = {0};
    while (end == CELL_END_PAUSE)
        if (cell_solver_start(solver, &error) != CLOSO_OK ||
            cell_solver_run(solver, limits, listener, user, &end, &error) != CLOSO_OK)
            fail_msg("%s", error.message);
}

void pass_current(cell_solver *solver, cell_model *model, double current_A_per_m2, double for_s,
                  double until_V)
{
    const double nothing = NAN;
    const cell_limits limits = {cell_solver_time_s(solver) + (isfinite(for_s) ? for_s : 1e8),
                                until_V, nothing, nothing,
                                cell_solver_state(solver)[model->charge]};
    model->control = CELL_CONTROL_CURRENT;
    model->control_value = current_A_per_m2;
    run_to_limit(solver, &limits, NULL, NULL);
}

closo_experiment_step plain_step(closo_experiment_kind kind)
{
    const double nothing = NAN;
    return (closo_experiment_step){.kind = kind,
                                   .until_V = nothing,
                                   .until_current_A_per_m2 = nothing,
                                   .until_s = nothing,
                                   .until_charge_C_per_m2 = nothing,
                                   .cycle = 1};
}

closo_simulation *simulate_cell(const closo_cell *cell, const closo_experiment *experiment,
                                double tolerance, closo_arena *arena)
{
    const closo_simulation_options options = {.relative_tolerance = tolerance};
    closo_simulation *made;
    closo_error error = {0};
    if (closo_cell_simulate(cell, experiment, &options, NULL, arena, &made, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return made;
}

closo_simulation *simulate_steps(const closo_cell *cell, closo_experiment_step *steps, size_t count,
                                 double tolerance, closo_arena *arena)
{
    const closo_experiment experiment = {.steps = steps, .step_count = count};
    return simulate_cell(cell, &experiment, tolerance, arena);
}

double simulated_end(const closo_simulation *made, closo_quantity quantity)
{
    double value;
    const closo_column *column = closo_table_find(made->table, quantity);
    assert_non_null(column);
    closo_column_read_si(column, made->table->row_count - 1, 1, &value);
    return value;
}

const double *simulated_column(const closo_simulation *made, closo_quantity quantity,
                               closo_arena *arena)
{
    size_t rows = made->table->row_count;
    double *values = closo_arena_alloc(arena, rows, sizeof *values);
    assert_non_null(values);
    closo_column_read_si(closo_table_find(made->table, quantity), 0, rows, values);
    return values;
}

/* ---- the Jacobian ---- */

static void compare_column(const cell_model *model, const double *dense, size_t c, const double *up,
                           const double *down, const cell_differences *by)
{
    size_t n = model->state_count;
    double h = c == model->warmth ? by->step_K : by->step;
    for (size_t r = 0; r < n; r++) {
        double difference = (up[r] - down[r]) / (2 * h), given = dense[r * n + c];
        double size = fmax(fabs(difference), fabs(given)), largest = 0;
        for (size_t k = 0; k < n; k++) /* rounding is of the row's largest terms */
            largest = fmax(largest, fabs(dense[r * n + k]));
        if (!(fabs(difference - given) <= 1e-5 * size + by->rounding * largest))
            fail_msg("row %zu, column %zu: %g, differences say %g", r, c, given, difference);
    }
}

/* The residual is linear in the slopes: a difference of two gives the Jacobian by one of them. */
static void assert_rates(cell_model *model, const double *y, double *slope, cell_matrix *matrix,
                         double *room)
{
    size_t n = model->state_count;
    double *up = room, *down = room + n, *given = room + 2 * n;
    cell_assemble_rates(model, y, slope, matrix);
    for (size_t c = 0; c < n; c++) {
        memset(given, 0, n * sizeof *given);
        for (int64_t e = matrix->starts[c]; e < matrix->starts[c + 1]; e++)
            given[matrix->indices[e]] = matrix->data[e];
        double was = slope[c];
        slope[c] = was + 1;
        cell_assemble(model, 10, y, slope, 0, up, NULL);
        slope[c] = was - 1;
        cell_assemble(model, 10, y, slope, 0, down, NULL);
        slope[c] = was;
        for (size_t r = 0; r < n; r++) {
            double difference = (up[r] - down[r]) / 2, size = fabs(up[r]) + fabs(down[r]);
            if (!(fabs(difference - given[r]) <= 1e-12 * (size + fabs(given[r]))))
                fail_msg("row %zu, slope %zu: %g, differences say %g", r, c, given[r], difference);
        }
    }
}

void assert_jacobian_equals_differences_at(cell_model *model, double *y, double *slope,
                                           const cell_differences *by)
{
    closo_arena *arena = closo_arena_new(0);
    cell_matrix matrix;
    assert_int_equal(cell_matrix_make(model, &matrix, NULL), CLOSO_OK);
    size_t n = model->state_count;
    double *up = closo_arena_alloc(arena, n, sizeof *y),
           *down = closo_arena_alloc(arena, n, sizeof *y),
           *dense = closo_arena_alloc(arena, n * n, sizeof *dense);
    const double share = 3.7;
    cell_assemble(model, 10, y, slope, share, NULL, &matrix);
    assert_int_equal(matrix.next, matrix.recorded);
    for (size_t c = 0; c < n; c++)
        for (int64_t e = matrix.starts[c]; e < matrix.starts[c + 1]; e++)
            dense[(size_t)matrix.indices[e] * n + c] = matrix.data[e];
    for (size_t c = 0; c < n; c++) {
        double h = c == model->warmth ? by->step_K : by->step;
        double was = y[c], was_slope = slope[c];
        y[c] = was + h;
        slope[c] = was_slope + share * h;
        cell_assemble(model, 10, y, slope, 0, up, NULL);
        y[c] = was - h;
        slope[c] = was_slope - share * h;
        cell_assemble(model, 10, y, slope, 0, down, NULL);
        y[c] = was;
        slope[c] = was_slope;
        compare_column(model, dense, c, up, down, by);
    }
    assert_rates(model, y, slope, &matrix, closo_arena_alloc(arena, 3 * n, sizeof *y));
    closo_arena_free(arena);
}

cell_model *shaken_model(const closo_cell *cell, unsigned seed, closo_arena *arena, double **y,
                         double **slope)
{
    cell_model *model;
    closo_error error = {0};
    if (cell_model_make(cell, arena, &model, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    size_t n = model->state_count;
    *y = closo_arena_alloc(arena, n, sizeof **y);
    *slope = closo_arena_alloc(arena, n, sizeof **slope);
    closo_random random;
    closo_random_seed(&random, seed);
    cell_model_rest(model, *y);
    for (size_t i = 0; i < n; i++) {
        (*y)[i] += 0.05 * closo_random_uniform(&random);
        (*slope)[i] = 0.1 * closo_random_normal(&random);
    }
    return model;
}

void assert_jacobian_equals_differences(const closo_cell *cell, unsigned seed)
{
    closo_arena *arena = closo_arena_new(0);
    double *y, *slope;
    cell_model *model = shaken_model(cell, seed, arena, &y, &slope);
    y[model->counter.interphase] = 0.3;
    assert_jacobian_equals_differences_at(model, y, slope, &(cell_differences){1e-4, 1e-2, 1e-10});
    closo_arena_free(arena);
}
