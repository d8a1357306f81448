/* SPDX-License-Identifier: BSD-3-Clause */
/* Stepwise cut-offs (thesis ch5, Fig. 3; ch6, Fig. 3) of cells whose damage sets in at a known one, or at none. */
#include "support.h"

#include "plateau_cell.h"

#include <string.h>

enum { CYCLES_EACH = 5, CUT_OFFS = 8 };
#define LOW_V   3.3
#define FIRST_V 4.05
#define STEP_V  0.05

static plateau_cell cell; /* too large for the stack */

static closo_cycling *analyse(closo_arena *arena)
{
    closo_cycling *cycling;
    closo_error error = {0};
    const closo_cycling_options options = {.role = CLOSO_ROLE_CATHODE};
    if (closo_cycling_from_table(plateau_table(&cell, arena), &options, arena, &cycling, &error) !=
            CLOSO_OK ||
        closo_cycling_analyse(cycling, NULL, arena, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return cycling;
}

/* 4.05 to 4.40 V in steps of 0.05 V, five cycles each. From the cut-off `damage` on (CUT_OFFS: never) each volt above it
 * costs efficiency and adds resistance with every cycle. The cell ages evenly beside it. */
static void stepwise_cell(uint64_t seed, int damage, double scatter)
{
    plateau_start(&cell, seed);
    closo_random random;
    closo_random_seed(&random, seed + 1000000);
    cell.noise_V = 1e-4;
    cell.interval_s = 60;
    cell.capacity_C[0] = cell.capacity_C[1] = 0.9;
    double grown_ohm = 0;
    plateau_rest(&cell, 600);
    for (int g = 0; g < CUT_OFFS; g++)
        for (int n = 0; n < CYCLES_EACH; n++) {
            double above_V = g < damage ? 0 : FIRST_V + STEP_V * (g - damage + 1) - FIRST_V;
            grown_ohm += 0.2 + 60 * above_V + 0.1 * closo_random_normal(&random);
            cell.resistance_ohm = 40 + grown_ohm;
            cell.efficiency = (g == 0 && n == 0 ? 0.914 : 0.992) - 0.2 * above_V +
                              scatter * closo_random_normal(&random);
            plateau_run(&cell, 1, FIRST_V + STEP_V * g);
            plateau_rest(&cell, 600);
            plateau_run(&cell, -1, LOW_V);
            plateau_rest(&cell, 600);
        }
}

static void thesis_shape(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    stepwise_cell(31, 5, 5e-4); /* damage from 4.30 V on, as in the thesis */
    const closo_cycling *cycling = analyse(arena);
    const closo_stepwise *test = &cycling->analyses->stepwise;
    assert_int_equal(test->count, CUT_OFFS);
    assert_false(test->within_one_charge);
    for (int g = 0; g < CUT_OFFS; g++) {
        const closo_cut_off *at = &test->cut_offs[g];
        assert_near(at->cut_off_V, FIRST_V + STEP_V * g, 1e-3);
        assert_int_equal(at->cycle_count, CYCLES_EACH);
        assert_int_equal(at->first_cycle, 1 + CYCLES_EACH * g);
        assert_near(at->efficiency, 0.992 - (g < 5 ? 0 : 0.01 * (g - 4)), 2e-3);
    }
    assert_near(test->cut_offs[0].first_efficiency, 0.914, 3e-3);
    assert_int_equal(test->damage, 5);
    assert_near(test->onset_V.value, 4.275, 1e-3);
    assert_near(test->onset_V.sigma, 0.05 / sqrt(12), 1e-3);
    assert_true((test->reasons & 1U << CLOSO_DAMAGE_IRREVERSIBLE) != 0);
    assert_true((test->reasons & 1U << CLOSO_DAMAGE_RESISTANCE) != 0);
    assert_true(test->confidence > 0.95);
    assert_non_null(closo_cycling_json(cycling, arena));
    assert_non_null(strstr(closo_cycling_json(cycling, arena), "\"damage\": \"found\""));
    closo_arena_free(arena);
}

/* How often the right cut-off is found, and how often one where there is none. */
static void found_and_not_found(void **state)
{
    (void)state;
    enum { DRAWS = 40 };
    int right = 0, early = 0, wrong = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        closo_arena *arena = closo_arena_new(0);
        int damage = 3 + draw % 4;
        stepwise_cell(88400000 + (uint64_t)draw, damage, 1e-3);
        int found = analyse(arena)->analyses->stepwise.damage;
        right += found == damage;
        early += found >= 0 && found < damage;
        closo_arena_free(arena);
        arena = closo_arena_new(0);
        stepwise_cell(88500000 + (uint64_t)draw, CUT_OFFS, 1e-3);
        wrong += analyse(arena)->analyses->stepwise.damage >= 0;
        closo_arena_free(arena);
    }
    print_message("damage at the right cut-off %d, too early %d, where there is none %d of %d\n",
                  right, early, wrong, DRAWS);
    assert_true(right >= 0.9 * DRAWS);
    assert_true(early <= 0.05 * DRAWS);
    assert_true(wrong <= 0.05 * DRAWS);
}

/* One charge with holds at rising potentials (ch6, Fig. 3): the resistance where charge goes on grows from 3.3 V on. */
static void one_charge(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    plateau_start(&cell, 33);
    cell.noise_V = 1e-5;
    cell.current_A = 1e-4;
    cell.interval_s = 50;
    cell.width_V[0] = cell.width_V[1] = 0.15;
    cell.plateau_V[0] = 3.0;
    cell.plateau_V[1] = 3.3;
    cell.state_C = plateau_charge(&cell, 2.7);
    cell.resistance_ohm = 20;
    plateau_rest(&cell, 300);
    for (int g = 0; g < 10; g++) {
        double cut_off_V = 2.8 + 0.1 * g;
        cell.resistance_ohm = g <= 5 ? 20 + 0.1 * g : 20 * pow(2, g - 5);
        plateau_run(&cell, 1, cut_off_V);
        for (int i = 1; i <= 60; i++) {
            double now_A = cell.current_A * exp(-i / 20.0);
            cell.now_s += cell.interval_s;
            cell.state_C += now_A * cell.interval_s;
            plateau_row(&cell, cut_off_V - cell.resistance_ohm * now_A, now_A);
        }
        cell.state_C = plateau_charge(&cell, cut_off_V);
        plateau_rest(&cell, 300);
    }
    const closo_stepwise *test = &analyse(arena)->analyses->stepwise;
    assert_true(test->within_one_charge);
    assert_int_equal(test->count, 10);
    assert_near(test->cut_offs[4].cut_off_V, 3.2, 2e-3);
    assert_near(test->cut_offs[4].measure[CLOSO_DAMAGE_RESISTANCE].value, 20.4, 1);
    /* the resistance of a step shows where the next one begins */
    assert_int_equal(test->damage, 6);
    assert_true((test->reasons & 1U << CLOSO_DAMAGE_RESISTANCE) != 0);
    closo_arena_free(arena);
}

static void not_stepwise(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    plateau_start(&cell, 34);
    for (int n = 0; n < 6; n++) {
        plateau_run(&cell, 1, 4.15);
        plateau_run(&cell, -1, LOW_V);
    }
    const closo_stepwise *test = &analyse(arena)->analyses->stepwise;
    assert_int_equal(test->count, 0);
    assert_int_equal(test->damage, -1);
    assert_string_equal(closo_damage_measure_name(CLOSO_DAMAGE_RESISTANCE), "resistance");
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thesis_shape), cmocka_unit_test(found_and_not_found),
        cmocka_unit_test(one_charge), cmocka_unit_test(not_stepwise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
