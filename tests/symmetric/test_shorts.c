/* SPDX-License-Identifier: BSD-3-Clause */
/* Short circuits and soft shorts at known rows: how many are found, how near, and how many false alarms clean cells give. */
#include "support.h"

#include "synthetic_symmetric.h"

#include <stdlib.h>
#include <string.h>

static synthetic_cell shared; /* too large for the stack */

static closo_symmetric *analyse(closo_arena *arena)
{
    const closo_symmetric_options options = {.area_m2 = SYNTHETIC_AREA_m2};
    closo_symmetric *symmetric;
    closo_error error = {0};
    if (closo_symmetric_from_table(synthetic_table(&shared, arena), &options, arena, &symmetric,
                                   &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return symmetric;
}

static void clean_cells_give_no_alarm(void **state)
{
    enum { CELLS = 200 };
    int alarmed = 0;
    for (uint64_t seed = 0; seed < CELLS; seed++) {
        closo_arena *arena = closo_arena_new(0);
        synthetic_draw(&shared, 8140000 + seed);
        const closo_symmetric *symmetric = analyse(arena);
        assert_false(symmetric->critical.reached && symmetric->event_count == 0);
        if (symmetric->event_count != 0) {
            const closo_symmetric_event *event = &symmetric->events[0];
            print_message("seed %d: %s in half cycle %zu of %zu, row %zu of %zu, %.3g -> %.3g mV\n",
                          (int)seed, closo_event_kind_name(event->kind), event->half + 1,
                          shared.halves, event->row - shared.first_row_of[event->half] + 1,
                          shared.rows_per_half, 1e3 * event->before_V, 1e3 * event->after_V);
            alarmed++;
        }
        closo_arena_free(arena);
    }
    print_message("alarms in %d of %d clean cells\n", alarmed, CELLS);
    assert_int_equal(alarmed, 0);
    (void)state;
}

typedef struct tally {
    int found, near, kind, cells;
} tally;

/* Draws clean cells, puts one drop in, and counts what is found: within two rows, and as what. */
static tally find_drops(bool hard, uint64_t first_seed, int cells)
{
    tally count = {.cells = cells};
    for (int i = 0; i < cells; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_random random;
        closo_random_seed(&random, first_seed + (uint64_t)i);
        synthetic_draw(&shared, first_seed + (uint64_t)i);
        synthetic_drop *drop = &shared.drops[0];
        shared.drop_count = 1;
        drop->half = 2 + closo_random_below(&random, shared.halves - 4);
        /* Anywhere but in the first and last three rows of a half cycle. */
        drop->row = 4 + closo_random_below(&random, shared.rows_per_half - 8);
        size_t most = shared.rows_per_half - drop->row;
        drop->rows = hard ? 0 : 3 + closo_random_below(&random, most - 3);
        drop->share =
            hard ? 0.3 * closo_random_uniform(&random) : 0.1 + 0.55 * closo_random_uniform(&random);
        synthetic_make(&shared);
        const closo_symmetric *symmetric = analyse(arena);
        size_t truth = shared.first_row_of[drop->half] + drop->row;
        bool found = false, near = false, kind = false;
        for (size_t e = 0; e < symmetric->event_count; e++) {
            const closo_symmetric_event *event = &symmetric->events[e];
            if (event->kind == CLOSO_EVENT_NOISE)
                continue;
            found = true;
            if (llabs((long long)event->row - (long long)truth) <= 2) {
                near = true;
                kind = event->kind == (hard ? CLOSO_EVENT_SHORT : CLOSO_EVENT_SOFT_SHORT);
            }
        }
        if (!near && count.found - count.near < 6)
            print_message("  missed: half %zu of %zu, row %zu of %zu for %zu rows to %.2f; noise "
                          "%.3f, peak %.2f, charging %.1f, %zu events\n",
                          drop->half, shared.halves, drop->row, shared.rows_per_half, drop->rows,
                          drop->share, shared.noise_share, shared.peak, shared.charging_rows,
                          symmetric->event_count);
        count.found += found;
        count.near += near;
        count.kind += kind;
        closo_arena_free(arena);
    }
    print_message("%s: found %d, within two rows %d, of the right kind %d of %d\n",
                  hard ? "short circuits" : "soft shorts", count.found, count.near, count.kind,
                  cells);
    return count;
}

static void shorts_are_found(void **state)
{
    tally count = find_drops(true, 8270000, 200);
    assert_true(count.near * 100 >= 95 * count.cells);
    assert_true(count.kind * 100 >= 95 * count.cells);
    (void)state;
}

static void soft_shorts_are_found(void **state)
{
    tally count = find_drops(false, 8390000, 200);
    assert_true(count.near * 100 >= 95 * count.cells);
    assert_true(count.kind * 100 >= 95 * count.cells);
    (void)state;
}

/* A short that falls together with the turn of the current shows only against the half cycles before. */
static void shorts_at_the_turn(void **state)
{
    int found = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        closo_arena *arena = closo_arena_new(0);
        synthetic_draw(&shared, 8420000 + seed);
        shared.drops[0] = (synthetic_drop){.half = 6, .row = 0, .rows = 0, .share = 0.1};
        shared.drop_count = 1;
        synthetic_make(&shared);
        const closo_symmetric *symmetric = analyse(arena);
        found +=
            symmetric->critical.reached && symmetric->events[symmetric->critical.event].half == 6;
        closo_arena_free(arena);
    }
    print_message("at the turn: found %d of 60\n", found);
    assert_true(found >= 57);
    (void)state;
}

/* The current raised in steps: the step that failed and the one before it. */
static void critical_current_is_bracketed(void **state)
{
    int right = 0, inside = 0;
    const int cells = 100;
    for (int i = 0; i < cells; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_random random;
        closo_random_seed(&random, 8550000 + (uint64_t)i);
        synthetic_draw(&shared, 8550000 + (uint64_t)i);
        shared.halves = 24;
        shared.halves_per_current = 2;
        shared.first_mA = 0.02;
        shared.step_mA = 0.02;
        /* The cell fails in the first half cycle above a current between two steps. */
        double critical_mA = 0.06 + 0.15 * closo_random_uniform(&random);
        size_t step = (size_t)floor((critical_mA - 0.02) / 0.02) + 1;
        shared.drops[0] = (synthetic_drop){
            .half = 2 * step, .row = shared.rows_per_half / 2, .rows = 0, .share = 0.05};
        shared.drop_count = 1;
        synthetic_make(&shared);
        const closo_critical_current *critical = &analyse(arena)->critical;
        double last_mA = 0.02 * (double)step, failed_mA = last_mA + 0.02;
        if (critical->reached && critical->stepped &&
            fabs(1e3 * critical->last_A - last_mA) < 1e-3 * last_mA &&
            fabs(1e3 * critical->failed_A - failed_mA) < 1e-3 * failed_mA)
            right++;
        inside +=
            fabs(1e3 * critical->middle_A.value - critical_mA) <= 1e3 * critical->middle_A.sigma;
        closo_arena_free(arena);
    }
    print_message("critical current bracketed in %d, within one sigma of the middle in %d of %d\n",
                  right, inside, cells);
    assert_true(right >= 95);
    assert_in_range(inside, 47, 69); /* of a uniform distribution 57.7 % */
    (void)state;
}

static void not_reached_is_an_answer(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    synthetic_draw(&shared, 3);
    shared.halves = 10;
    shared.halves_per_current = 2;
    shared.first_mA = shared.step_mA = 0.1;
    synthetic_make(&shared);
    const closo_symmetric *symmetric = analyse(arena);
    assert_false(symmetric->critical.reached);
    assert_near(symmetric->critical.last_A, 5e-4, 1e-9);
    assert_true(isnan(symmetric->critical.failed_A));
    closo_arena_free(arena);
    (void)state;
}

/* A cell that becomes noisy, as when filaments come and go faster than rows are written. */
static void noise_is_seen(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    shared = (synthetic_cell){.halves = 20,
                              .rows_per_half = 100,
                              .halves_per_current = 400,
                              .first_mA = 0.1,
                              .half_h = 1,
                              .resistance_ohm = 500,
                              .noise_V = 2e-5,
                              .seed = 9,
                              .peak_width = 0.1};
    synthetic_make(&shared);
    closo_random random;
    closo_random_seed(&random, 4);
    for (size_t i = shared.first_row_of[13]; i < shared.first_row_of[14]; i++)
        shared.potential_V[i] *= 1 - 0.12 * closo_random_uniform(&random);
    const closo_symmetric *symmetric = analyse(arena);
    assert_int_equal(symmetric->event_count, 1);
    assert_int_equal(symmetric->events[0].kind, CLOSO_EVENT_NOISE);
    assert_int_equal(symmetric->events[0].half, 13);
    assert_false(symmetric->critical.reached);
    closo_arena_free(arena);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_cells_give_no_alarm),
        cmocka_unit_test(shorts_are_found),
        cmocka_unit_test(soft_shorts_are_found),
        cmocka_unit_test(shorts_at_the_turn),
        cmocka_unit_test(critical_current_is_bracketed),
        cmocka_unit_test(not_reached_is_an_answer),
        cmocka_unit_test(noise_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
