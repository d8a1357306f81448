/* SPDX-License-Identifier: BSD-3-Clause */
/* Metal electrodes against closed forms: a symmetric cell, Butler and Volmer behind an interphase, alloys of constant and of
 * changing potential, metals that block; and what the loader makes of their words. */
#include "cells.h"

#include "closo/numeric.h"

#include <math.h>
#include <string.h>

static const double faraday = 96485.33212, gas = 8.314462618, pi = 3.14159265358979323846;

static closo_cell two_metals(void)
{
    const closo_metal_electrode metal = {.resistance_ohm_m2 = {20e-4, 0},
                                         .double_layer_F_per_m2 = 0.01};
    return (closo_cell){.area_m2 = 1e-4,
                        .temperature_K = 333.15,
                        .reference_K = 333.15,
                        .ion_conductivity_S_per_m = {0.02, 0},
                        .separator_m = 800e-6,
                        .counter = metal,
                        .working_metal = metal};
}

/* ---- a symmetric cell ---- */

/* V = I (L / kappa + 2 (R0 + k sqrt(t))), and impedance with one arc of both interphases. */
static void symmetric_cell_has_two_interphases(void **state)
{
    (void)state;
    closo_cell cell = two_metals();
    const double k = 7e-4 / 60, current = 0.5, hours = 50;
    cell.counter.growth_ohm2_m4_per_s = cell.working_metal.growth_ohm2_m4_per_s = k * k;
    cell.series_resistance_ohm_m2 = 3e-4;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step steps[2] = {plain_step(CLOSO_EXPERIMENT_CURRENT),
                                      plain_step(CLOSO_EXPERIMENT_IMPEDANCE)};
    steps[0].current_A_per_m2 = current;
    steps[0].until_s = hours * 3600 - 1; /* a second's worth is there at the start */
    steps[1].from_Hz = 1e6;
    steps[1].to_Hz = 1;
    steps[1].per_decade = 5;
    closo_simulation *made = simulate_steps(&cell, steps, 2, 1e-8, arena);
    double each = 20e-4 + k * sqrt(hours * 3600), bulk = 800e-6 / 0.02 + 3e-4;
    /* the double layers lag by I R' R C, 1e-9 of it */
    assert_near(simulated_end(made, CLOSO_QUANTITY_POTENTIAL) / (current * (bulk + 2 * each)), 1,
                1e-7);
    const closo_spectrum *spectrum = &made->spectra[0];
    for (size_t i = 0; i < spectrum->count; i++) {
        double w = 2 * pi * spectrum->frequency_Hz[i];
        double lag = w * 0.01 * each, share = 2 * each / (1 + lag * lag), size = bulk + share;
        assert_near(spectrum->real_ohm[i] * 1e-4, size, 1e-6 * size);
        assert_near(spectrum->imaginary_ohm[i] * 1e-4, -lag * share, 1e-6 * size);
    }
    closo_arena_free(arena);
}

/* The same with R = R0 + k ln(1 + t / tau) on one side, 3 h old at the start. */
static void interphase_may_grow_with_the_logarithm(void **state)
{
    (void)state;
    closo_cell cell = two_metals();
    const double k = 30e-4, tau_s = 12 * 3600, current = 0.5, end_s = 50 * 3600, age_s = 3 * 3600;
    cell.counter.log_growth_ohm_m2 = k;
    cell.counter.log_time_s = tau_s;
    cell.counter.age_s = age_s;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step steps[2] = {plain_step(CLOSO_EXPERIMENT_CURRENT),
                                      plain_step(CLOSO_EXPERIMENT_IMPEDANCE)};
    steps[0].current_A_per_m2 = current;
    steps[0].until_s = end_s;
    steps[1].from_Hz = 1e6;
    steps[1].to_Hz = 1e-2;
    steps[1].per_decade = 2;
    closo_simulation *made = simulate_steps(&cell, steps, 2, 1e-8, arena);
    double grown = k * log1p((end_s + age_s) / tau_s), whole = 800e-6 / 0.02 + 2 * 20e-4 + grown;
    assert_near(simulated_end(made, CLOSO_QUANTITY_POTENTIAL) / (current * whole), 1, 1e-7);
    const closo_spectrum *spectrum = &made->spectra[0];
    assert_near(spectrum->real_ohm[spectrum->count - 1] * 1e-4 / whole, 1, 1e-4);
    closo_arena_free(arena);
}

/* An interphase that is 100 h old at the start is that of one that was made to wait 100 h. */
static void age_is_time_at_rest(void **state)
{
    (void)state;
    closo_cell cell = two_metals();
    cell.counter.growth_ohm2_m4_per_s = 1e-9;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step steps[2] = {plain_step(CLOSO_EXPERIMENT_REST),
                                      plain_step(CLOSO_EXPERIMENT_CURRENT)};
    steps[0].until_s = 360000 - 1;
    steps[1].current_A_per_m2 = 1;
    steps[1].until_s = 100;
    closo_simulation *waited = simulate_steps(&cell, steps, 2, 1e-8, arena);
    cell.counter.age_s = 360000;
    closo_simulation *aged = simulate_steps(&cell, steps + 1, 1, 1e-8, arena);
    assert_near(simulated_end(aged, CLOSO_QUANTITY_POTENTIAL),
                simulated_end(waited, CLOSO_QUANTITY_POTENTIAL), 1e-8);
    closo_arena_free(arena);
}

/* ---- Butler and Volmer ---- */

/* eta = 2 RT/F asinh(j / 2 i0) at each electrode, behind its resistance; at small signals RT / (F i0). With other transfer
 * coefficients the anodic branch of the working electrode and the cathodic one of the counter electrode add up. */
static void electrodes_follow_butler_and_volmer(void **state)
{
    (void)state;
    closo_cell cell = two_metals();
    const double f = faraday / (gas * 333.15), i0 = 0.8, current = 5;
    cell.counter.exchange_current_A_per_m2.value = i0;
    cell.working_metal.exchange_current_A_per_m2.value = i0;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_CURRENT);
    step.current_A_per_m2 = current;
    step.until_s = 1000;
    double ohmic = current * (800e-6 / 0.02 + 2 * 20e-4);
    closo_simulation *made = simulate_steps(&cell, &step, 1, 1e-8, arena);
    assert_near(simulated_end(made, CLOSO_QUANTITY_POTENTIAL),
                ohmic + 2 * 2 / f * asinh(current / (2 * i0)), 1e-8);
    cell.counter.transfer = cell.working_metal.transfer = 0.3;
    double V =
        simulated_end(simulate_steps(&cell, &step, 1, 1e-8, arena), CLOSO_QUANTITY_POTENTIAL);
    /* the anodic overpotential a and the cathodic one c solve current = i0 (exp(0.3 f a) - exp(-0.7 f a)), current = i0 (exp(0.7 f c) -
     * exp(-0.3 f c)) */
    double branch[2];
    for (int k = 0; k < 2; k++) {
        double forward = k == 0 ? 0.3 : 0.7, low = 0, high = 1;
        for (int turn = 0; turn < 60; turn++) {
            double middle = (low + high) / 2;
            bool more =
                i0 * (exp(forward * f * middle) - exp((forward - 1) * f * middle)) < current;
            *(more ? &low : &high) = middle;
        }
        branch[k] = low;
    }
    assert_near(V, ohmic + branch[0] + branch[1], 1e-8);
    step.current_A_per_m2 = 1e-4;
    V = simulated_end(simulate_steps(&cell, &step, 1, 1e-8, arena), CLOSO_QUANTITY_POTENTIAL);
    assert_near(V / 1e-4, 800e-6 / 0.02 + 2 * 20e-4 + 2 / (f * i0), 1e-4);
    closo_arena_free(arena);
}

/* Against central differences, with every law of a metal. */
static void jacobian_of_metals_equals_differences(void **state)
{
    (void)state;
    static const double x[] = {0, 0.4, 1}, U[] = {0.6, 0.3, 0.1};
    closo_cell cell = two_metals();
    cell.separator_permittivity = 10;
    cell.electron_leak_S_per_m = 1e-6;
    cell.counter.growth_ohm2_m4_per_s = 1e-9;
    cell.counter.exchange_current_A_per_m2.value = 1;
    cell.counter.transfer = 0.4;
    cell.counter.equilibrium = (closo_equilibrium){3, x, U};
    cell.counter.capacity_C_per_m2 = 5;
    cell.working_metal.growth_ohm2_m4_per_s = 1e-9;
    cell.counter.log_growth_ohm_m2 = cell.working_metal.log_growth_ohm_m2 = 0.2;
    for (int law = 0; law < 2; law++) { /* of the root, of the logarithm */
        cell.counter.log_time_s = cell.working_metal.log_time_s = law == 0 ? 0 : 1e4;
        closo_arena *arena = closo_arena_new(0);
        double *y, *slope;
        cell_model *model = shaken_model(&cell, 3, arena, &y, &slope);
        for (size_t i = 0; i < model->state_count; i++)
            y[i] = 0.05 + 0.01 * (double)(i % 5);
        assert_jacobian_equals_differences_at(model, y, slope,
                                              &(cell_differences){1e-6, 1e-2, 1e-9});
        closo_arena_free(arena);
    }
}

/* ---- alloys ---- */

/* Against Li-In everything is 0.62 V lower, and the column against the metal says what it would be against lithium. */
static void alloy_shifts_the_potential(void **state)
{
    (void)state;
    static const double x[] = {0, 1}, U[] = {2.6, 1.6};
    closo_cell cell = two_metals();
    cell.node_count = 2;
    cell.shell_count = 10;
    cell.thickness_m = 20e-6;
    cell.ion_path = 0.2;
    cell.electron_conductivity_S_per_m = 100;
    cell.active = (closo_active_material){.volume_fraction = 0.5,
                                          .radius_m = 1e-6,
                                          .sites_mol_per_m3 = 15000,
                                          .usable = 1,
                                          .diffusivity_m2_per_s = {1e-14, 0},
                                          .exchange_current_A_per_m2 = {2, 0},
                                          .transfer = 0.5,
                                          .double_layer_F_per_m2 = 0.1,
                                          .equilibrium = {2, x, U},
                                          .filled_at_start = 0.8};
    cell.anion_count = 1; /* the oxidation's potential is against the metal, whatever the alloy */
    cell.anions[0] = (closo_anion_oxidation){
        .name = "anion", .potential_V = 2.2, .transfer = 0.5, .j0_A_per_m2 = 1e-4};
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_CURRENT);
    step.current_A_per_m2 = 1;
    step.until_s = 3600;
    closo_simulation *metal = simulate_steps(&cell, &step, 1, 1e-8, arena);
    assert_int_equal(metal->table->column_count, 6);
    cell.counter.potential_V = 0.62;
    closo_simulation *alloy = simulate_steps(&cell, &step, 1, 1e-8, arena);
    double against_metal, V = simulated_end(metal, CLOSO_QUANTITY_POTENTIAL);
    assert_near(simulated_end(alloy, CLOSO_QUANTITY_POTENTIAL), V - 0.62, 1e-7);
    assert_int_equal(alloy->table->column_count, 7);
    closo_column_read_si(&alloy->table->columns[6], alloy->table->row_count - 1, 1, &against_metal);
    assert_near(against_metal, V, 1e-7);
    closo_arena_free(arena);
}

/* An alloy of 36 C/m2 whose potential is a straight line: V falls by the line's slope times the share that was passed. */
static void alloy_fills(void **state)
{
    (void)state;
    static const double x[] = {0, 1}, U[] = {0.5, 0.1};
    closo_cell cell = two_metals();
    cell.counter.equilibrium = (closo_equilibrium){2, x, U};
    cell.counter.capacity_C_per_m2 = 36;
    cell.counter.filled_at_start = 0.25;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_CURRENT);
    const double current = 0.1;
    step.current_A_per_m2 = current;
    step.until_s = 180; /* 18 C/m2: half of the sites more; the double layer keeps 0.2 mV of it */
    closo_simulation *made = simulate_steps(&cell, &step, 1, 1e-8, arena);
    double ohmic = current * (800e-6 / 0.02 + 2 * 20e-4), kept = 0.01 * current * 20e-4;
    double filled = 0.25 + (180 * current - kept) / 36;
    assert_near(simulated_end(made, CLOSO_QUANTITY_POTENTIAL), ohmic - (0.5 - 0.4 * filled), 1e-7);
    closo_arena_free(arena);
}

/* ---- a metal that blocks ---- */

/* Blocking on both sides: the current of a hold becomes sigma_e V / L, the charge of the double layers is C V / 2. */
static void blocking_metals_leave_the_electrons(void **state)
{
    (void)state;
    closo_cell cell = two_metals();
    cell.counter.blocking = cell.working_metal.blocking = true;
    cell.electron_leak_S_per_m = 5e-7;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step hold = plain_step(CLOSO_EXPERIMENT_POTENTIAL);
    hold.potential_V = 0.5;
    hold.until_s = 100;
    closo_simulation *made = simulate_steps(&cell, &hold, 1, 1e-8, arena);
    double leak = 5e-7 * 0.5 / 800e-6;
    assert_near(simulated_end(made, CLOSO_QUANTITY_CURRENT) / 1e-4, leak, 1e-6 * leak);
    assert_near(simulated_end(made, CLOSO_QUANTITY_CHARGE) / 1e-4, leak * 100 + 0.01 * 0.5 / 2,
                1e-6);
    closo_arena_free(arena);
}

/* ---- words ---- */

static const closo_cell_file *parse(const char *working, const char *counter, const char *materials,
                                    closo_arena *arena, closo_error *error)
{
    closo_cell_file *file = NULL;
    const char *text =
        closo_arena_printf(arena,
                           "diameter: 12 mm\ntemperature: 60 degC\nworking_electrode: {%s}\n"
                           "electrolyte: {material: Li2(B11H14)(CB11H12), thickness: 0.8 mm}\n"
                           "counter_electrode: {%s}\n%s",
                           working, counter, materials);
    *error = (closo_error){0};
    closo_status status = closo_cell_parse("cell.yaml", text, strlen(text), arena, &file, error);
    assert_true((status == CLOSO_OK) == (file != NULL));
    return file;
}

static void words_make_metals(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_error error;
    const closo_cell_file *file =
        parse("metal: Li, resistance: 14.8 ohm cm2, growth: 53.29 ohm2 cm4/h, age: 12 h",
              "material: Li-In, exchange_current: 1 mA/cm2", "", arena, &error);
    if (file == NULL)
        fail_msg("%s", error.message);
    const closo_cell *cell = &file->cell;
    assert_int_equal(cell->node_count, 0);
    assert_near(cell->working_metal.resistance_ohm_m2.value, 14.8e-4, 1e-15);
    assert_near(cell->working_metal.growth_ohm2_m4_per_s, pow(7.3e-4, 2) / 3600, 1e-18);
    assert_near(cell->working_metal.age_s, 43200, 0);
    assert_near(cell->counter.potential_V, 0.62, 0);
    assert_near(cell->counter.exchange_current_A_per_m2.value, 10, 1e-12);
    assert_string_equal(file->metal, "Li-In (0.62 V against Li)");
    assert_non_null(strstr(cell->source, "Li | Li2(B11H14)(CB11H12) | Li-In"));
    file = parse("metal: Cu", "material: Li", "", arena, &error);
    assert_non_null(file);
    assert_int_equal(file->cell.node_count, 1); /* a foil: what oxidises on it is the electrolyte */
    assert_near(file->cell.collector_double_layer_F_per_m2, 0.2, 0);
    assert_false(file->cell.counter.blocking);
    file = parse("metal: Pt", "material: Cu", "", arena, &error);
    assert_non_null(file);
    assert_true(file->cell.counter.blocking);
    closo_arena_free(arena);
}

static void slips_are_named(void **state)
{
    (void)state;
    static const char alloy[] =
        "materials:\n  metals:\n    - name: Li-X\n      cation: Li\n"
        "      resistance: {value: 1 ohm cm2, assumed: test}\n"
        "      double_layer: {value: 0.1 F/m2, assumed: test}\n"
        "      open_circuit: {filled: [0, 1], potential: [0.5 V, 0.1 V], assumed: test}\n";
    static const struct {
        const char *working, *counter, *materials, *says;
    } cases[] = {
        {"metal: Li", "material: Na", "", "does not go with an electrolyte that conducts Li"},
        {"metal: Lo", "material: Li", "", "did you mean"},
        {"metal: Li, mass: 2 mg", "material: Li", "", "no parts, no mass and no foil"},
        {"metal: Cu, resistance: 3 ohm cm2", "material: Li", "", "blocks ions"},
        {"metal: Li, capacity: 3 mAh/cm2", "material: Li", "", "has no open_circuit"},
        {"metal: Li", "material: Li-X", alloy, "capacity: it is missing"},
        {"metal: Li", "material: Li, age: -1 h", "", "0 to 300 years"},
        {"metal: Li", "material: Li, log_growth: 29 ohm cm2", "", "wants both"},
        {"metal: Li, log_time: 3 h", "material: Li", "", "wants both"},
        {"metal: Li", "material: Li, log_growth: 29 ohm cm2, log_time: 3 h, growth: 1 ohm2 cm4/h",
         "", "no 'growth'"},
        {"metal: Li", "material: Li, resistance: 3 ohm", "", "resistance"},
    };
    closo_arena *arena = closo_arena_new(0);
    closo_error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(parse(cases[i].working, cases[i].counter, cases[i].materials, arena, &error));
        if (strstr(error.message, cases[i].says) == NULL || error.line == 0)
            fail_msg("case %zu, line %d: %s", i, (int)error.line, error.message);
    }
    assert_non_null(
        parse("metal: Li", "material: Li-X, capacity: 3 mAh/cm2", alloy, arena, &error));
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symmetric_cell_has_two_interphases),
        cmocka_unit_test(interphase_may_grow_with_the_logarithm),
        cmocka_unit_test(age_is_time_at_rest),
        cmocka_unit_test(electrodes_follow_butler_and_volmer),
        cmocka_unit_test(jacobian_of_metals_equals_differences),
        cmocka_unit_test(alloy_shifts_the_potential),
        cmocka_unit_test(alloy_fills),
        cmocka_unit_test(blocking_metals_leave_the_electrons),
        cmocka_unit_test(words_make_metals),
        cmocka_unit_test(slips_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
