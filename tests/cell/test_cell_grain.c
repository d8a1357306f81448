/* SPDX-License-Identifier: BSD-3-Clause */
/* Grains cut into shells of graded thickness: what twenty of them are worth, for the grains of chapter 5 (3 um,
 * 1.17e-15 m2/s, 1C = 130 mAh/g): impedance against the closed form, capacity against many shells. */
#include "support.h"

#include "cell/cell_internal.h"

#include <complex.h>
#include <math.h>

static const double pi = 3.14159265358979323846;
static const double faraday = 96485.33212, gas = 8.314462618;
static const double D_m2_per_s = 1.17e-15, R_m = 3e-6, sites = 15400, exchange = 2.7;

/* A slope of 0.3 V over all sites, in the middle; steep at both ends. */
static const double curve_x[] = {1e-5, 1e-4, 1e-3,  1e-2,   0.1,    0.5,
                                 0.9,  0.99, 0.999, 0.9999, 0.99999};
static const double curve_U[] = {4.32, 4.25, 4.18, 4.11, 4.02, 3.9, 3.78, 3.69, 3.62, 3.55, 3.48};

static closo_cell grains(size_t shells, double contrast)
{
    return (closo_cell){.name = "grains",
                        .area_m2 = 1e-4,
                        .temperature_K = 298.15,
                        .reference_K = 298.15,
                        .node_count = 1,
                        .shell_count = shells,
                        .shell_contrast = contrast,
                        .thickness_m = 8e-6,
                        .active = {.volume_fraction = 0.5,
                                   .radius_m = R_m,
                                   .sites_mol_per_m3 = sites,
                                   .usable = 1,
                                   .diffusivity_m2_per_s = {D_m2_per_s, 0},
                                   .exchange_current_A_per_m2 = {exchange, 0},
                                   .transfer = 0.5,
                                   .filling_exponent = 0,
                                   .double_layer_F_per_m2 = 0.2,
                                   .equilibrium = {11, curve_x, curve_U},
                                   .filled_at_start = 0.5},
                        .ion_conductivity_S_per_m = {0.12, 0},
                        .ion_path = 0.2,
                        .electron_conductivity_S_per_m = 100,
                        .counter.resistance_ohm_m2 = {1e-4, 0},
                        .counter.double_layer_F_per_m2 = 0.01};
}

/* Largest relative error of the impedance of a grain's surface - charge transfer and diffusion beside the double layer,
 * nothing else in series - from 10 mHz to 10 kHz. The double layers of grains and metal are constant phase elements. */
static double impedance_error(size_t shells, double contrast, double exponent)
{
    enum { COUNT = 61 };
    closo_cell cell = grains(shells, contrast);
    cell.active.double_layer_exponent = cell.counter.double_layer_exponent = exponent;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    closo_error error = {0};
    double f[COUNT], real[COUNT], imaginary[COUNT], worst = 0, slope;
    for (int i = 0; i < COUNT; i++)
        f[i] = 1e4 * pow(10, -i / 10.0);
    assert_int_equal(cell_model_make(&cell, arena, &model, NULL), CLOSO_OK);
    double *y = closo_arena_alloc(arena, model->state_count, sizeof *y);
    cell_model_rest(model, y);
    if (cell_small_signal(model, 0, y, f, COUNT, real, imaginary, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    cell_curve_at(&model->equilibrium, 0.5, &slope);
    double area = 3 * 0.5 / R_m * 8e-6, ohms = 8e-6 / 2 / (0.12 * 0.2) + 8e-6 / 2 / 100;
    for (int i = 0; i < COUNT; i++) {
        double complex w = CMPLX(0, 2 * pi * f[i]), s = R_m * csqrt(w / D_m2_per_s);
        double complex th = creal(s) > 20 ? 1 : ctanh(s);
        double complex diffusion = -slope * R_m / (faraday * sites * D_m2_per_s) * th / (s - th);
        double complex transfer = gas * 298.15 / (faraday * exchange);
        double complex expected = 1 / (cpow(w, exponent) * 0.2 + 1 / (transfer + diffusion)) / area;
        double complex rest = ohms + 1 / (cpow(w, exponent) * 0.01 + 1 / 1e-4);
        worst = fmax(worst, cabs(CMPLX(real[i], imaginary[i]) - rest - expected) / cabs(expected));
    }
    closo_arena_free(arena);
    return worst;
}

static void impedance_follows_the_warburg(void **state)
{
    (void)state;
    double twenty = impedance_error(20, 0, 1), even = impedance_error(20, 1, 1), before = 0;
    print_message("20 shells: impedance off by at most %.2g %%; even shells %.0f %%\n",
                  100 * twenty, 100 * even);
    assert_true(twenty < 0.01);
    assert_true(even > 0.5); /* what the grading is for */
    for (size_t shells = 20; shells <= 80; shells *= 2) {
        double off = impedance_error(shells, 0, 1);
        if (shells > 20)
            assert_near(log2(before / off), 2, 0.3);
        before = off;
    }
}

static void double_layers_may_have_a_constant_phase(void **state)
{
    (void)state;
    double off = impedance_error(20, 0, 0.8);
    print_message("constant phase 0.8: impedance off by at most %.2g %%\n", 100 * off);
    assert_true(off < 0.01);
    assert_near(impedance_error(640, 0, 0.8), 0, 2e-5);
}

/* The drift that stands with a spectrum is that of the same cell's next second. */
static void drift_is_that_of_the_potential(void **state)
{
    (void)state;
    const double nothing = NAN;
    closo_cell cell = grains(20, 0);
    closo_experiment_step steps[4];
    for (int i = 0; i < 4; i++)
        steps[i] = (closo_experiment_step){.kind = CLOSO_EXPERIMENT_REST,
                                           .until_V = nothing,
                                           .until_current_A_per_m2 = nothing,
                                           .until_s = i == 0 ? 600 : 30,
                                           .until_charge_C_per_m2 = nothing,
                                           .cycle = 1};
    steps[0].kind = CLOSO_EXPERIMENT_CURRENT;
    steps[0].current_A_per_m2 = 1;
    steps[2].kind = CLOSO_EXPERIMENT_IMPEDANCE;
    steps[2].from_Hz = 1e3;
    steps[2].to_Hz = 0.01;
    steps[2].per_decade = 1;
    steps[3].until_s = 0.1;
    const closo_experiment experiment = {.steps = steps, .step_count = 4};
    const closo_simulation_options options = {.relative_tolerance = 1e-9};
    closo_arena *arena = closo_arena_new(0);
    closo_simulation *made;
    closo_error error = {0};
    if (closo_cell_simulate(&cell, &experiment, &options, NULL, arena, &made, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    size_t last = made->table->row_count - 1;
    double t[2], v[2];
    const closo_column *time = closo_table_find(made->table, CLOSO_QUANTITY_TIME),
                       *potential = closo_table_find(made->table, CLOSO_QUANTITY_POTENTIAL);
    size_t first = last;
    closo_column_read_si(time, last, 1, &t[1]);
    for (t[0] = t[1]; first > 0 && t[1] - t[0] < 0.0999;)
        closo_column_read_si(time, --first, 1, &t[0]);
    closo_column_read_si(potential, first, 1, &v[0]);
    closo_column_read_si(potential, last, 1, &v[1]);
    double drift = made->spectrum_stationarity[0].drift_V_per_s;
    print_message("drift %.4g uV/s, table %.4g uV/s\n", 1e6 * drift,
                  1e6 * (v[1] - v[0]) / (t[1] - t[0]));
    assert_near(drift * (t[1] - t[0]) / (v[1] - v[0]), 1, 0.01);
    assert_int_equal(made->notes.count, 1); /* and somebody is told */
    closo_arena_free(arena);
}

/* Charge of a discharge at 1C from rest near empty sites to 3.5 V, in mAh/g. */
static double capacity_mAh_per_g(size_t shells, double contrast)
{
    const double nothing = NAN, one_C_A_per_m2 = sites * faraday * 0.5 * 8e-6 / 3600;
    closo_cell cell = grains(shells, contrast);
    cell.active.filled_at_start = 0.05;
    closo_experiment_step step = {.kind = CLOSO_EXPERIMENT_CURRENT,
                                  .current_A_per_m2 = -one_C_A_per_m2,
                                  .until_V = 3.5,
                                  .until_current_A_per_m2 = nothing,
                                  .until_s = nothing,
                                  .until_charge_C_per_m2 = nothing,
                                  .cycle = 1};
    const closo_experiment experiment = {.steps = &step, .step_count = 1};
    const closo_simulation_options options = {.relative_tolerance = 1e-7};
    closo_arena *arena = closo_arena_new(0);
    closo_simulation *made;
    closo_error error = {0};
    double time_s;
    if (closo_cell_simulate(&cell, &experiment, &options, NULL, arena, &made, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    closo_column_read_si(closo_table_find(made->table, CLOSO_QUANTITY_TIME),
                         made->table->row_count - 1, 1, &time_s);
    closo_arena_free(arena);
    return 130 * time_s / 3600;
}

static void capacity_needs_few_shells(void **state)
{
    (void)state;
    double many = capacity_mAh_per_g(160, 0);
    assert_near(capacity_mAh_per_g(160, 1), many, 0.05); /* the grading has the same limit */
    double twenty = capacity_mAh_per_g(20, 0), even = capacity_mAh_per_g(20, 1);
    print_message("1C: %.3f mAh/g; 20 shells %+.3f, 20 even shells %+.3f\n", many, twenty - many,
                  even - many);
    assert_near(twenty, many, 0.005);
    assert_true(fabs(even - many) > 0.015); /* what the grading is for */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impedance_follows_the_warburg),
        cmocka_unit_test(double_layers_may_have_a_constant_phase),
        cmocka_unit_test(drift_is_that_of_the_potential),
        cmocka_unit_test(capacity_needs_few_shells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
