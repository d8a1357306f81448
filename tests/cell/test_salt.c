/* SPDX-License-Identifier: BSD-3-Clause */
/* A cell whose electrolyte has a salt that moves: closed forms of concentrated-solution theory, conservation, and PyBaMM's
 * half-cell DFN, whose numbers stand in half_cell_reference.csv. */
#include "cells.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double pi = 3.14159265358979323846;
static const double faraday = 96485.33212, gas = 8.314462618;

/* Columns that bend, so that every derivative is there. */
static const double table_c[] = {200, 600, 1000, 1400, 2000},
                    table_kappa[] = {0.05, 0.09, 0.1, 0.093, 0.07},
                    table_D[] = {3e-10, 2.5e-10, 2e-10, 1.7e-10, 1e-10},
                    table_factor[] = {0.9, 1.2, 1.7, 2.4, 3.1};

static void add_table(closo_cell *cell)
{
    cell->salt.table_count = 5;
    cell->salt.table_mol_per_m3 = table_c;
    cell->salt.table_S_per_m = table_kappa;
    cell->salt.table_m2_per_s = table_D;
    cell->salt.table_factor = table_factor;
}

static void jacobian_of_a_salt(void **state)
{
    (void)state;
    closo_cell cell = salty_cell();
    cell.shell_count = 5;
    cell.active.filling_exponent = 0.3;
    cell.carbon_area_per_m = 1e6;
    cell.carbon_double_layer_F_per_m2 = 0.1;
    cell.separator_permittivity = 10;
    cell.counter.growth_ohm2_m4_per_s = 1e-9;
    cell.anion_count = 1;
    cell.anions[0] = (closo_anion_oxidation){.name = "one",
                                             .potential_V = 3.4,
                                             .transfer = 0.5,
                                             .rate_V_per_s = 1e-5,
                                             .gamma_V_m2_per_C = 2,
                                             .reservoir_C_per_m2 = 0.8};
    assert_jacobian_equals_differences(&cell, 3);
    add_table(&cell);
    assert_jacobian_equals_differences(&cell, 4);
    cell.node_count = 1;
    cell.salt.separator_nodes = 1;
    assert_jacobian_equals_differences(&cell, 5);
}

/* ---- t+ = 1 ---- */

static double end_potential(const closo_cell *cell, closo_arena *arena, size_t *rows)
{
    closo_experiment_step steps[2] = {plain_step(CLOSO_EXPERIMENT_CURRENT),
                                      plain_step(CLOSO_EXPERIMENT_REST)};
    steps[0].current_A_per_m2 = 6;
    steps[0].until_s = 600;
    steps[1].until_s = 300;
    const closo_experiment experiment = {.steps = steps, .step_count = 2};
    closo_simulation *made = simulate_cell(cell, &experiment, 1e-7, arena);
    *rows = made->table->row_count;
    return simulated_column(made, CLOSO_QUANTITY_POTENTIAL, arena)[*rows - 1];
}

/* A salt with t+ = 1 gives the same bits as none; with t+ close to 1 nearly the same numbers. */
static void salt_that_does_not_move(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_cell without = salty_cell(), still = salty_cell(), slow = salty_cell();
    without.salt = (closo_salt){0};
    still.salt.transference = 1;
    slow.salt.transference = 1 - 1e-9;
    slow.salt.separator_path = 1;
    size_t rows, rows_still, rows_slow;
    double V = end_potential(&without, arena, &rows);
    assert_true(V == end_potential(&still, arena, &rows_still));
    assert_int_equal(rows, rows_still);
    assert_near(end_potential(&slow, arena, &rows_slow), V, 1e-6);
    closo_arena_free(arena);
}

/* ---- closed forms ---- */

/* Under a steady current the separator has a straight profile, dc/dx = (1 - t+) I / (F D), and between its ends a potential of
 * I L / kappa + 2 (1 - t+) RT/F ln(c_composite / c_metal). */
static void profile_under_a_steady_current(void **state)
{
    (void)state;
    closo_cell cell = salty_cell();
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver;
    cell_end end;
    closo_error error = {0};
    const double nothing = NAN, current = 4;
    assert_int_equal(cell_model_make(&cell, arena, &model, NULL), CLOSO_OK);
    assert_int_equal(cell_solver_new(model, 1e-9, arena, &solver, NULL), CLOSO_OK);
    model->control_value = current;
    const cell_limits limits = {2000, nothing, nothing, nothing, 0};
    if (cell_solver_start(solver, &error) != CLOSO_OK ||
        cell_solver_run(solver, &limits, NULL, NULL, &end, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    const double *y = cell_solver_state(solver);
    double step = 0.7 * current * 100e-6 / 8 / (faraday * 2e-10 * 0.35 * 1000);
    const double *c = &y[model->salt.separator];
    assert_near((c[0] - y[model->salt.surface]) / (step / 2), 1, 1e-6);
    for (size_t n = 1; n < 8; n++)
        assert_near((c[n] - c[n - 1]) / step, 1, 5e-4); /* the composite's is still moving */
    double half_m = 20e-6 / 4 / 2;
    double ohmic = current * 100e-6 / (0.1 * 0.35) + current * half_m / (0.1 * 0.2);
    double junction =
        2 * 0.7 * gas * 298.15 / faraday * log(y[model->nodes[0].salt] / y[model->salt.surface]);
    assert_near(y[model->separator], ohmic + junction, 1e-9);
    /* the metal's overpotential obeys Butler and Volmer at the concentration beside it */
    double f = faraday / (gas * 298.15), eta = y[model->counter.potential] - current * 1e-3;
    assert_near(20 * pow(y[model->salt.surface], 0.3) * (exp(0.6 * f * eta) - exp(-0.4 * f * eta)),
                current, 1e-6);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* Both ends of the separator take cations alone. Its salt then adds the impedance
 *   4 (1 - t+)^2 (1 + d ln f / d ln c) RT / (F^2 c D_eff k) tanh(k L / 2), k = sqrt(j w fraction / D_eff):
 * a finite Warburg, second order in the nodes. */
static void finite_warburg_of_the_salt(void **state)
{
    (void)state;
    double before = 0;
    for (size_t nodes = 50; nodes <= 200; nodes *= 2) {
        closo_cell cell = salty_cell();
        cell.node_count = 1;
        cell.thickness_m = 1e-9; /* all of the cathode's salt is in no volume */
        cell.active_area_per_m = 1e14;
        cell.active.double_layer_F_per_m2 = 1e-6;
        cell.salt.composite_fraction = 1e-3;
        cell.salt.thermodynamic_factor = 1.7;
        cell.salt.separator_nodes = nodes;
        cell.ion_path = 1;
        closo_arena *arena = closo_arena_new(0);
        cell_model *model;
        closo_error error = {0};
        assert_int_equal(cell_model_make(&cell, arena, &model, NULL), CLOSO_OK);
        double *y = closo_arena_alloc(arena, model->state_count, sizeof *y);
        cell_model_rest(model, y);
        enum { COUNT = 13 };
        double f_Hz[COUNT], with[2][COUNT], without[2][COUNT], worst = 0;
        for (int i = 0; i < COUNT; i++)
            f_Hz[i] = 1e-3 * pow(10, i / 4.0);
        if (cell_small_signal(model, 0, y, f_Hz, COUNT, with[0], with[1], &error) != CLOSO_OK)
            fail_msg("%s", error.message);
        cell.salt.separator_path = 0.35;
        closo_cell still = cell;
        still.salt.transference = 1 - 1e-9; /* all else is the same */
        assert_int_equal(cell_model_make(&still, arena, &model, NULL), CLOSO_OK);
        if (cell_small_signal(model, 0, y, f_Hz, COUNT, without[0], without[1], &error) != CLOSO_OK)
            fail_msg("%s", error.message);
        double largest = 0;
        for (int i = 0; i < COUNT; i++) {
            double D = 2e-10 * 0.35, L = 100e-6;
            double complex k = csqrt(CMPLX(0, 2 * pi * f_Hz[i] * 0.5 / D));
            double complex expected = 4 * 0.7 * 0.7 * 1.7 * gas * 298.15 /
                                      (faraday * faraday * 1000 * D * k) * ctanh(k * L / 2);
            double complex given = CMPLX(with[0][i] - without[0][i], with[1][i] - without[1][i]);
            largest = fmax(largest, cabs(expected));
            worst = fmax(worst, cabs(given - expected) / largest);
        }
        print_message("%zu nodes: Warburg off by %.1e\n", nodes, worst);
        if (nodes > 50)
            assert_near(log2(before / worst), 2, 0.4);
        before = worst;
        closo_arena_free(arena);
    }
    assert_true(before < 1e-3);
}

/* ---- temperature ---- */

/* Re Z where double layers let all pass: that of the ions, 1 / conductivity, but for half a node that the metal's side holds, which
 * on this mesh is 0.7 % of it. */
static double fast_ohm_m2(cell_model *model, const double *y)
{
    const double f_Hz = 1e9;
    double real, imaginary;
    assert_int_equal(cell_small_signal(model, 0, y, &f_Hz, 1, &real, &imaginary, NULL), CLOSO_OK);
    return real;
}

/* A cell that is warmed from 25 to 60 degC is, to the last bit, one that was made at 60: with constants, and with columns against
 * concentration, of which the conductivity's follows the law of the cell's. */
static void warmed_cell_is_a_warm_cell(void **state)
{
    (void)state;
    for (int tables = 0; tables < 2; tables++) {
        closo_arena *arena = closo_arena_new(0);
        closo_cell cell = salty_cell();
        cell_model *warmed, *warm;
        cell_matrix matrix[2] = {0};
        cell.ion_conductivity_S_per_m.energy_J_per_mol = 0.3 * faraday;
        cell.salt.diffusivity_m2_per_s.energy_J_per_mol = 0.2 * faraday;
        cell.counter.double_layer_F_per_m2 = 0.1;
        if (tables == 1)
            add_table(&cell);
        double *y, *slope;
        warmed = shaken_model(&cell, 7, arena, &y, &slope);
        size_t n = warmed->state_count;
        double *rest = closo_arena_alloc(arena, n, sizeof *rest),
               *one = closo_arena_alloc(arena, n, sizeof *one),
               *other = closo_arena_alloc(arena, n, sizeof *other);
        cell_model_rest(warmed, rest);
        double cold_ohm_m2 = fast_ohm_m2(warmed, rest);
        cell_model_set_temperature(warmed, 333.15);
        double factor = exp(0.3 * faraday / gas * (1 / 298.15 - 1 / 333.15));
        assert_near(cold_ohm_m2 / fast_ohm_m2(warmed, rest) / factor, 1, 1e-2);
        cell.temperature_K = 333.15;
        assert_int_equal(cell_model_make(&cell, arena, &warm, NULL), CLOSO_OK);
        warm->control_value = warmed->control_value;
        assert_int_equal(cell_matrix_make(warmed, &matrix[0], NULL), CLOSO_OK);
        assert_int_equal(cell_matrix_make(warm, &matrix[1], NULL), CLOSO_OK);
        cell_assemble(warmed, 0, y, slope, 1, one, &matrix[0]);
        cell_assemble(warm, 0, y, slope, 1, other, &matrix[1]);
        assert_memory_equal(one, other, n * sizeof *one);
        assert_memory_equal(matrix[0].data, matrix[1].data, matrix[0].entry_count * sizeof(double));
        closo_arena_free(arena);
    }
}

/* ---- conservation ---- */

/* Salt is neither made nor lost: what is in the pores changes by what the grains give and the metal takes, and the anions in the
 * double layers. Relative to the cations that went through in 20 cycles. */
static void salt_is_conserved(void **state)
{
    (void)state;
    closo_cell cell = salty_cell();
    add_table(&cell);
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver;
    cell_end end;
    closo_error error = {0};
    const double nothing = NAN;
    assert_int_equal(cell_model_make(&cell, arena, &model, NULL), CLOSO_OK);
    assert_int_equal(cell_solver_new(model, 1e-6, arena, &solver, NULL), CLOSO_OK);
    double through = 0, worst = 0;
    for (int half = 0; half < 40; half++) {
        double *y = cell_solver_state(solver), before = y[model->charge];
        model->control_value = half % 2 == 0 ? 8 : -8;
        const cell_limits limits = {cell_solver_time_s(solver) + 1e6, half % 2 == 0 ? 3.8 : 3.3,
                                    nothing, nothing, before};
        if (cell_solver_start(solver, &error) != CLOSO_OK ||
            cell_solver_run(solver, &limits, NULL, NULL, &end, &error) != CLOSO_OK)
            fail_msg("%s", error.message);
        through += fabs(y[model->charge] - before) / faraday;
        double anions = 0;
        for (size_t n = 0; n < 8; n++)
            anions += 1000 * (y[model->salt.separator + n] - 1) * 0.5 * 100e-6 / 8;
        for (size_t n = 0; n < 4; n++) {
            const cell_node *node = &model->nodes[n];
            anions += 1000 * (y[node->salt] - 1) * 0.3 * 20e-6 / 4;
            anions += 3 * 0.5 / 2e-6 * 0.1 * (y[node->w] - 3.5) * 20e-6 / 4 / faraday;
        }
        worst = fmax(worst, fabs(anions));
    }
    print_message("%.3g mol/m2 through, anions off by %.1e of it\n", through, worst / through);
    assert_true(worst / through < 1e-8);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* ---- PyBaMM ---- */

enum { POINTS_MAX = 400 };

typedef struct reference {
    int kind;
    double rate, time_s, voltage_V;
} reference;

static size_t read_reference(reference *points)
{
    char line[256];
    FILE *file = fopen(CLOSO_SOURCE_DIR "/tests/cell/half_cell_reference.csv", "r");
    size_t count = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL && count < POINTS_MAX) {
        reference *at = &points[count];
        if (sscanf(line, "%d,%lf,%lf,%lf", &at->kind, &at->rate, &at->time_s, &at->voltage_V) == 4)
            count++;
    }
    fclose(file);
    return count;
}

static closo_cell half_cell(closo_arena *arena, size_t nodes)
{
    closo_cell_file *file;
    closo_error error = {0};
    if (closo_cell_load(CLOSO_SOURCE_DIR "/examples/cells/lithium-half-cell.yaml", arena, &file,
                        &error) != CLOSO_OK)
        fail_msg("line %d: %s", (int)error.line, error.message);
    closo_cell cell = file->cell;
    cell.node_count = cell.shell_count = nodes;
    cell.salt.separator_nodes = nodes / 2;
    return cell;
}

static double interpolate(const double *x, const double *y, size_t count, double at)
{
    size_t i = 1;
    while (i + 1 < count && x[i] < at)
        i++;
    return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
}

/* RMS of the difference, V. kind 2: the thermodynamic factor of the reference's second case. */
static double difference_V(const closo_cell *cell, int kind, double rate, const reference *points,
                           size_t count)
{
    closo_arena *arena = closo_arena_new(0);
    double one_C = 0.0024 / 1.54e-4, sum = 0;
    size_t compared = 0;
    closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_CURRENT);
    step.current_A_per_m2 = -rate * one_C;
    step.until_V = 3.4;
    const closo_experiment experiment = {
        .steps = &step, .step_count = 1, .every_s = 5, .every_V = 2e-4};
    closo_simulation *made = simulate_cell(cell, &experiment, 1e-6, arena);
    const double *t = simulated_column(made, CLOSO_QUANTITY_TIME, arena),
                 *V = simulated_column(made, CLOSO_QUANTITY_POTENTIAL, arena);
    for (size_t i = 0; i < count; i++)
        if (points[i].kind == kind && points[i].rate == rate) {
            double off =
                interpolate(t, V, made->table->row_count, points[i].time_s) - points[i].voltage_V;
            sum += off * off;
            compared++;
        }
    assert_int_equal(compared, 61);
    closo_arena_free(arena);
    return sqrt(sum / (double)compared);
}

static void voltage_is_that_of_pybamm(void **state)
{
    (void)state;
    static reference points[POINTS_MAX];
    size_t count = read_reference(points);
    closo_arena *arena = closo_arena_new(0);
    closo_cell cell = half_cell(arena, 40);
    const double rates[] = {0.1, 1, 2};
    for (size_t i = 0; i < 3; i++) {
        double off_V = difference_V(&cell, 1, rates[i], points, count);
        print_message("%g C: %.3f mV RMS from PyBaMM\n", rates[i], 1e3 * off_V);
        assert_true(off_V < 1e-3);
    }
    double factor[100];
    assert_true(cell.salt.table_count < 100);
    for (size_t i = 0; i < cell.salt.table_count; i++) {
        double c = cell.salt.table_mol_per_m3[i] / 1000;
        factor[i] = 0.6 + 0.7 * c + 0.2 * c * c;
    }
    cell.salt.table_factor = factor;
    double off_V = difference_V(&cell, 2, 2, points, count);
    print_message("2 C with a thermodynamic factor: %.3f mV RMS\n", 1e3 * off_V);
    assert_true(off_V < 1e-3);
    /* of the meshes that are usual */
    cell = half_cell(arena, 20);
    off_V = difference_V(&cell, 1, 1, points, count);
    print_message("1 C on 20 x 20: %.3f mV RMS\n", 1e3 * off_V);
    assert_true(off_V < 1e-3);
    closo_arena_free(arena);
}

static void take_double_layers(closo_cell *cell)
{
    cell->active.double_layer_F_per_m2 = cell->counter.double_layer_F_per_m2 = 0;
    cell->carbon_double_layer_F_per_m2 = cell->collector_double_layer_F_per_m2 = 0;
}

/* A double layer of the grains, 0.2 F/m2, is charged within milliseconds: what PyBaMM has with it from 10 s on is what is
 * there without. */
static void voltage_without_double_layers(void **state)
{
    (void)state;
    static reference points[POINTS_MAX];
    size_t count = read_reference(points);
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    closo_cell cell = salty_cell();
    take_double_layers(&cell);
    assert_jacobian_equals_differences(&cell, 5);
    cell = half_cell(arena, 40);
    take_double_layers(&cell);
    assert_int_equal(cell_model_make(&cell, arena, &model, NULL), CLOSO_OK);
    for (size_t n = 0; n < cell.node_count; n++)
        assert_true(model->differential[model->nodes[n].w] == 0);
    const double rates[] = {0.1, 1, 2};
    for (size_t i = 0; i < 3; i++) {
        double off_V = difference_V(&cell, 1, rates[i], points, count);
        print_message("%g C without double layers: %.3f mV RMS\n", rates[i], 1e3 * off_V);
        assert_true(off_V < 5e-5);
    }
    closo_arena_free(arena);
}

/* The impedance at the initial state, 100 kHz to 0.1 mHz. Up to 30 mHz both grids follow all diffusion. At 100 Hz it reaches
 * 4 nm into a grain, and PyBaMM's even shells are 22 nm thick; at 100 kHz 10 nm into the separator, whose nodes are 0.3 um: there
 * the grids decide, and only a loose bound is meant. */
static void impedance_is_that_of_pybamm(void **state)
{
    (void)state;
    char line[256];
    FILE *file = fopen(CLOSO_SOURCE_DIR "/tests/cell/half_cell_impedance.csv", "r");
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    closo_error error = {0};
    closo_cell cell = half_cell(arena, 80);
    size_t compared = 0;
    assert_non_null(file);
    assert_int_equal(cell_model_make(&cell, arena, &model, NULL), CLOSO_OK);
    double *y = closo_arena_alloc(arena, model->state_count, sizeof *y), worst = 0;
    cell_model_rest(model, y);
    while (fgets(line, sizeof line, file) != NULL) {
        double f_Hz, expected[2], made[2];
        if (sscanf(line, "%lf,%lf,%lf", &f_Hz, &expected[0], &expected[1]) != 3)
            continue;
        if (cell_small_signal(model, 0, y, &f_Hz, 1, &made[0], &made[1], &error) != CLOSO_OK)
            fail_msg("%s", error.message);
        double off = hypot(made[0] / 1.54e-4 - expected[0], made[1] / 1.54e-4 - expected[1]) /
                     hypot(expected[0], expected[1]);
        print_message("%8g Hz: off by %.1e\n", f_Hz, off);
        worst = fmax(worst, f_Hz < 0.1 ? off : 0);
        assert_true(off < 0.04);
        compared++;
    }
    fclose(file);
    assert_int_equal(compared, 12);
    assert_true(worst < 5e-4);
    closo_arena_free(arena);
}

/* ---- impossible ---- */

static void salt_runs_out(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_cell cell = salty_cell();
    closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_CURRENT);
    closo_simulation *made;
    closo_error error = {0};
    step.current_A_per_m2 = 400; /* ten times what diffusion through the separator brings */
    step.until_s = 1e4;
    const closo_experiment experiment = {.steps = &step, .step_count = 1};
    assert_int_equal(closo_cell_simulate(&cell, &experiment, NULL, NULL, arena, &made, &error),
                     CLOSO_NOCONVERGE);
    assert_non_null(strstr(error.message, "run out of salt"));
    assert_non_null(strstr(error.message, "step 1 of 1: the solution failed at "));
    assert_true(!made->complete && made->table->row_count > 10); /* what was done before is there */
    cell.salt.transference = 1.2;
    assert_int_equal(closo_cell_simulate(&cell, &experiment, NULL, NULL, arena, &made, &error),
                     CLOSO_RANGE);
    assert_non_null(strstr(error.message, "the transference number cannot be 1.2"));
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jacobian_of_a_salt),
        cmocka_unit_test(salt_that_does_not_move),
        cmocka_unit_test(profile_under_a_steady_current),
        cmocka_unit_test(finite_warburg_of_the_salt),
        cmocka_unit_test(warmed_cell_is_a_warm_cell),
        cmocka_unit_test(salt_is_conserved),
        cmocka_unit_test(voltage_is_that_of_pybamm),
        cmocka_unit_test(voltage_without_double_layers),
        cmocka_unit_test(impedance_is_that_of_pybamm),
        cmocka_unit_test(salt_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
