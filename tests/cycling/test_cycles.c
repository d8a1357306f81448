/* SPDX-License-Identifier: BSD-3-Clause */
/* Cycles of cells whose capacities, efficiencies, fade and resistance are known in closed form. */
#include "support.h"

#include "synthetic_cell.h"

#include <string.h>

#define CURRENT_A  1e-3
#define EFFICIENCY 0.995
#define FADE       0.002 /* of the first capacity, per cycle */

static cell shared; /* too large for the stack; each test starts it anew */

static int free_arena(void **state)
{
    closo_arena_free(*state);
    return 0;
}

static int new_arena(void **state)
{
    *state = closo_arena_new(0);
    return *state == NULL;
}

static closo_cycling *analyse(const closo_table *table, const closo_cycling_options *options,
                              closo_arena *arena)
{
    closo_cycling *cycling;
    closo_error error = {0};
    if (closo_cycling_from_table(table, options, arena, &cycling, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return cycling;
}

static double charged_C(int cycle)
{
    return 3.0 * (1 - FADE * (cycle - 1));
}

/* Cycles of charge, rest, discharge, rest. */
static void cycle_cell(cell *c, int cycles, double rest_s)
{
    cell_rest(c, 600);
    for (int n = 1; n <= cycles; n++) {
        cell_pass(c, charged_C(n), CURRENT_A);
        if (rest_s > 0)
            cell_rest(c, rest_s);
        cell_pass(c, -EFFICIENCY * charged_C(n), CURRENT_A);
        if (rest_s > 0)
            cell_rest(c, rest_s);
    }
}

static void check_cycles(const closo_cycling *cycling, int cycles, double share)
{
    assert_int_equal(cycling->half_cycle_count, 2 * cycles);
    assert_int_equal(cycling->cycle_count, cycles);
    for (int n = 1; n <= cycles; n++) {
        const closo_cycle *cycle = &cycling->cycles[n - 1];
        assert_int_equal(cycle->cycle, n);
        assert_true(cycle->complete);
        assert_near(cycle->charge_C, charged_C(n), share * charged_C(n));
        assert_near(cycle->discharge_C, EFFICIENCY * charged_C(n), share * charged_C(n));
        assert_near(cycle->coulombic_efficiency, EFFICIENCY, 2 * share);
    }
}

static bool has_note(const closo_cycling *cycling, const char *words)
{
    for (size_t i = 0; i < cycling->notes.count; i++)
        if (strstr(cycling->notes.texts[i], words) != NULL)
            return true;
    return false;
}

static void known_cell(void **state)
{
    const closo_cycling_options options = {
        .role = CLOSO_ROLE_FULL_CELL, .mass_kg = 2e-6, .area_m2 = 1e-4, .capacity_C = 3.6};
    cell_start(&shared, 10);
    cycle_cell(&shared, 20, 600);
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), &options, *state);
    check_cycles(cycling, 20, 1e-9);
    assert_int_equal(cycling->step_count, 81);
    const closo_cycle *first = &cycling->cycles[0];
    /* The cell runs from empty to 3.0 C, and back to 0.015 C: straight lines, so means are midpoints. */
    double slope = CELL_SLOPE_V / CELL_FULL_C, drop_V = CURRENT_A * CELL_RESISTANCE_ohm;
    double charge_V = CELL_EMPTY_V + slope * 1.5 + drop_V;
    double discharge_V = CELL_EMPTY_V + slope * (3.0 - EFFICIENCY * 1.5) - drop_V;
    assert_near(first->mean_charge_V, charge_V, 1e-9);
    assert_near(first->mean_discharge_V, discharge_V, 1e-9);
    assert_near(first->hysteresis_V, charge_V - discharge_V, 1e-9);
    assert_near(first->charge_J, 3.0 * charge_V, 1e-8);
    assert_near(first->energy_efficiency, EFFICIENCY * discharge_V / charge_V, 1e-9);
    assert_near(first->voltage_efficiency, discharge_V / charge_V, 1e-9);
    assert_near(first->charge_rate_per_h, 1.0, 1e-9);
    assert_near(first->discharge_rate_per_h, 1.0, 1e-9);
    for (size_t h = 0; h < cycling->half_cycle_count; h++) {
        const closo_half_cycle *half = &cycling->half_cycles[h];
        assert_near(half->resistance_ohm, CELL_RESISTANCE_ohm, 1e-6);
        assert_near(half->relaxation_V, -half->direction * drop_V, 1e-9);
        assert_near(half->rest_drift_V_per_s, 0, 1e-12);
        assert_false(half->resistance_at_reversal);
    }
    const closo_cycling_summary *summary = &cycling->summary;
    assert_near(summary->retention.capacity, 1 - FADE * 19, 1e-9);
    assert_near(summary->retention.capacity_per_cycle.value, -FADE, 1e-9);
    assert_near(summary->irreversible_C, (1 - EFFICIENCY) * 3.0, 1e-8);
    assert_near(summary->irreversible_share, 1 - EFFICIENCY, 1e-9);
    assert_near(summary->mean_coulombic_efficiency.value, EFFICIENCY, 1e-9);
}

/* Without rests between, the current turns round: the resistance comes from the reversal. */
static void missing_rests(void **state)
{
    cell_start(&shared, 10);
    cycle_cell(&shared, 5, 0);
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), NULL, *state);
    check_cycles(cycling, 5, 1e-9);
    assert_int_equal(cycling->step_count, 11);
    assert_true(cycling->half_cycles[1].resistance_at_reversal);
    assert_near(cycling->half_cycles[1].resistance_ohm, CELL_RESISTANCE_ohm, 1e-6);
    assert_true(has_note(cycling, "nobody said what the working electrode is"));
}

static void noisy_cell(void **state)
{
    cell_start(&shared, 10);
    shared.noise_V = 1e-3;
    shared.noise_A = 2e-3 * CURRENT_A;
    shared.rest_noise_A = 2e-5 * CURRENT_A;
    cycle_cell(&shared, 20, 600);
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), NULL, *state);
    check_cycles(cycling, 20, 1e-3);
    assert_int_equal(cycling->step_count, 81);
    const closo_value fade = cycling->summary.retention.capacity_per_cycle;
    assert_near(fade.value, -FADE, 4 * fade.sigma);
    assert_true(fade.sigma < 1e-4);
}

/* Over many draws the sigma of the fade says how far it is off. */
static void fade_sigma_holds(void **state)
{
    closo_random random;
    closo_random_seed(&random, 11);
    int inside = 0;
    for (int draw = 0; draw < 300; draw++) {
        closo_arena *arena = closo_arena_new(0);
        cell_start(&shared, 500);
        cell_rest(&shared, 1000);
        for (int n = 1; n <= 15; n++) {
            double charge_C = charged_C(n) * (1 + 0.003 * closo_random_normal(&random));
            cell_pass(&shared, charge_C, CURRENT_A);
            cell_pass(&shared, -charge_C, CURRENT_A);
        }
        const closo_cycling *cycling = analyse(cell_table(&shared, arena), NULL, arena);
        assert_int_equal(cycling->cycle_count, 15);
        /* Retention is against the first cycle, which scatters too. */
        double truth = -FADE * 3.0 / cycling->cycles[0].discharge_C;
        const closo_value fade = cycling->summary.retention.capacity_per_cycle;
        inside += fabs(fade.value - truth) <= fade.sigma ? 1 : 0;
        closo_arena_free(arena);
    }
    print_message("fade within one sigma in %d of 300 draws\n", inside);
    assert_in_range(inside, 180, 228);
    (void)state;
}

static void holds(void **state)
{
    const double time_constant_s = 600, hold_s = 1800;
    cell_start(&shared, 5);
    cell_rest(&shared, 600);
    for (int n = 0; n < 3; n++) {
        cell_pass(&shared, 2.0, CURRENT_A);
        cell_hold(&shared, CURRENT_A, time_constant_s, hold_s);
        cell_rest(&shared, 600);
        cell_pass(&shared, -2.0, CURRENT_A);
        cell_rest(&shared, 600);
    }
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), NULL, *state);
    assert_int_equal(cycling->cycle_count, 3);
    assert_int_equal(cycling->step_count, 1 + 3 * 5);
    double hold_C = CURRENT_A * time_constant_s * (1 - exp(-hold_s / time_constant_s));
    assert_int_equal(cycling->steps[2].kind, CLOSO_STEP_HOLD);
    assert_int_equal(cycling->steps[1].kind, CLOSO_STEP_CONSTANT_CURRENT);
    assert_near(cycling->cycles[0].charge_C, 2.0 + hold_C, 1e-4 * (2.0 + hold_C));
    assert_near(cycling->half_cycles[0].hold_C, hold_C, 0.02 * hold_C);
    assert_near(cycling->half_cycles[0].rate_A, CURRENT_A, 0.01 * CURRENT_A);
}

static void anode_opens_with_discharge(void **state)
{
    const closo_cycling_options anode = {.role = CLOSO_ROLE_ANODE};
    cell_start(&shared, 10);
    shared.state_C = 3.6;
    cell_rest(&shared, 100);
    for (int n = 0; n < 3; n++) {
        cell_pass(&shared, -2.0, CURRENT_A);
        cell_pass(&shared, 1.6, CURRENT_A);
    }
    const closo_table *table = cell_table(&shared, *state);
    const closo_cycling *cycling = analyse(table, &anode, *state);
    assert_int_equal(cycling->cycle_count, 3);
    assert_near(cycling->cycles[0].coulombic_efficiency, 0.8, 1e-9);
    assert_near(cycling->summary.irreversible_C, 0.4, 1e-9);
    const closo_cycling_options cathode = {.role = CLOSO_ROLE_CATHODE};
    cycling = analyse(table, &cathode, *state);
    assert_int_equal(cycling->cycle_count, 4);
    assert_true(isnan(cycling->cycles[0].coulombic_efficiency));
    assert_false(cycling->cycles[0].complete);
    assert_near(cycling->cycles[1].coulombic_efficiency, 1.25, 1e-9);
    assert_int_equal(cycling->summary.retention.reference_cycle, 2);
    assert_true(has_note(cycling, "begin with a discharge"));
}

/* A charge with pauses (an interrupted step, a titration) is one half cycle. */
static void pauses_do_not_split(void **state)
{
    cell_start(&shared, 10);
    for (int pulse = 0; pulse < 10; pulse++) {
        cell_pass(&shared, 0.3, CURRENT_A);
        cell_rest(&shared, 1800);
    }
    cell_pass(&shared, -2.0, CURRENT_A);
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), NULL, *state);
    assert_int_equal(cycling->half_cycle_count, 2);
    assert_int_equal(cycling->step_count, 21);
    assert_near(cycling->cycles[0].charge_C, 3.0, 1e-9);
}

static void rates(void **state)
{
    cell_start(&shared, 1);
    const double currents_A[] = {0.1e-3, 0.5e-3, 1e-3, 5e-3, 10e-3};
    for (size_t i = 0; i < 5; i++) {
        shared.interval_s = 0.01 / currents_A[i];
        cell_pass(&shared, 2.0, currents_A[i]);
        cell_rest(&shared, 50 * shared.interval_s);
        cell_pass(&shared, -2.0, currents_A[i]);
        cell_rest(&shared, 50 * shared.interval_s);
    }
    const closo_cycling_options options = {.capacity_C = 3.6};
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), &options, *state);
    assert_int_equal(cycling->cycle_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_near(cycling->cycles[i].discharge_rate_per_h, 1e3 * currents_A[i], 1e-9);
}

/* ---- options ---- */

static void wrong_options(void **state)
{
    cell_start(&shared, 10);
    cycle_cell(&shared, 2, 100);
    const closo_table *table = cell_table(&shared, *state);
    closo_cycling *cycling;
    closo_error error = {0};
    closo_cycling_options options = {.mass_kg = -1};
    assert_int_equal(closo_cycling_from_table(table, &options, *state, &cycling, &error),
                     CLOSO_ARGUMENT);
    assert_string_equal(error.message, "the mass has to be larger than zero");
    options = (closo_cycling_options){.reference_cycle = 9};
    assert_int_equal(closo_cycling_from_table(table, &options, *state, &cycling, &error),
                     CLOSO_RANGE);
    closo_electrode_role role;
    assert_int_equal(closo_electrode_role_parse("Full cell", &role, &error), CLOSO_OK);
    assert_int_equal(role, CLOSO_ROLE_FULL_CELL);
    assert_string_equal(closo_electrode_role_name(role), "full cell");
    assert_int_equal(closo_electrode_role_parse("plus", &role, &error), CLOSO_ARGUMENT);
}

static void json_and_csv(void **state)
{
    cell_start(&shared, 10);
    cycle_cell(&shared, 3, 100);
    const closo_cycling_options options = {.mass_kg = 2e-6, .role = CLOSO_ROLE_CATHODE};
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), &options, *state);
    const char *json = closo_cycling_json(cycling, *state);
    assert_non_null(json);
    /* 3.0 C on 2 mg: 3.0 / 3.6 mAh / 2 mg */
    assert_non_null(strstr(json, "\"charge_mAh\": 0.833333333333"));
    assert_non_null(strstr(json, "\"charge_mAh_g\": 416.66666666"));
    assert_non_null(strstr(json, "\"coulombic_efficiency\": 0.995"));
    assert_non_null(strstr(json, "\"charge_mAh_cm2\": null"));
    assert_non_null(strstr(json, "\"retention\": {"));
    closo_error error = {0};
    const char *path = temporary_path("cycles.csv");
    assert_int_equal(closo_cycling_write_csv(cycling, path, *state, &error), CLOSO_OK);
    closo_table *table;
    assert_int_equal(closo_file_open(path, NULL, *state, &table, &error), CLOSO_OK);
    assert_int_equal(table->row_count, 3);
    remove(path);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, new_arena, free_arena)
    const struct CMUnitTest tests[] = {
        TEST(known_cell),          TEST(missing_rests), TEST(noisy_cell),
        TEST(fade_sigma_holds),    TEST(holds),         TEST(anode_opens_with_discharge),
        TEST(pauses_do_not_split), TEST(rates),         TEST(wrong_options),
        TEST(json_and_csv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
