/* SPDX-License-Identifier: BSD-3-Clause */
/* The knee of a retention whose bend, slopes and scatter are known; laws without a knee; sigma by coverage. */
#include "support.h"

#include "closo/cycling.h"
#include "closo/numeric.h"

#include <math.h>

enum { CYCLES = 200, DRAWS = 400 };
#define KNEE_CYCLE 121.4
#define BEFORE     (-2.0e-4)
#define AFTER      (-9.0e-4)
#define SCATTER    4e-3

static double cycle[CYCLES], kept[CYCLES];

static void add_scatter(closo_random *random, double scatter)
{
    for (int i = 0; i < CYCLES; i++)
        kept[i] += scatter * closo_random_normal(random);
}

static void bent(double after)
{
    for (int i = 0; i < CYCLES; i++) {
        cycle[i] = i + 1;
        kept[i] = 1 + BEFORE * (cycle[i] - 1) + (after - BEFORE) * fmax(cycle[i] - KNEE_CYCLE, 0);
    }
}

static closo_knee find(closo_arena *arena)
{
    closo_knee knee;
    closo_error error = {0};
    if (closo_knee_find(cycle, kept, CYCLES, arena, &knee, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return knee;
}

static void exact_without_scatter(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    bent(AFTER);
    closo_knee knee = find(arena);
    assert_int_equal(knee.kind, CLOSO_KNEE_FASTER);
    assert_int_equal(knee.law, CLOSO_FADE_TWO_LINES);
    assert_near(knee.cycle.value, KNEE_CYCLE, 1e-6);
    assert_near(knee.retention.value, 1 + BEFORE * (KNEE_CYCLE - 1), 1e-9);
    assert_near(knee.before_per_cycle.value, BEFORE, 1e-12);
    assert_near(knee.after_per_cycle.value, AFTER, 1e-11);
    bent(BEFORE / 4);
    assert_int_equal(find(arena).kind, CLOSO_KNEE_SLOWER);
    closo_arena_free(arena);
}

static void coverage(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_random random;
    closo_random_seed(&random, 88011);
    int inside[4] = {0}, told = 0;
    const double truth[4] = {KNEE_CYCLE, 1 + BEFORE * (KNEE_CYCLE - 1), BEFORE, AFTER};
    for (int draw = 0; draw < DRAWS; draw++) {
        bent(AFTER);
        add_scatter(&random, SCATTER);
        closo_knee knee = find(arena);
        const closo_value found[4] = {knee.cycle, knee.retention, knee.before_per_cycle,
                                      knee.after_per_cycle};
        told += knee.kind == CLOSO_KNEE_FASTER;
        for (int k = 0; k < 4; k++)
            inside[k] += fabs(found[k].value - truth[k]) <= found[k].sigma;
    }
    print_message("knee told %d, inside 1 sigma %d %d %d %d of %d\n", told, inside[0], inside[1],
                  inside[2], inside[3], DRAWS);
    assert_true(told >= 0.98 * DRAWS);
    for (int k = 0; k < 4; k++) {
        assert_true(inside[k] >= 0.60 * DRAWS);
        assert_true(inside[k] <= 0.76 * DRAWS);
    }
    closo_arena_free(arena);
}

/* No knee is an answer: a straight fade, sqrt(n) and a parabola, each with scatter. */
static void no_knee(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_random random;
    closo_random_seed(&random, 88012);
    int wrong[3] = {0}, right[3] = {0};
    for (int draw = 0; draw < DRAWS; draw++)
        for (int law = 0; law < 3; law++) {
            for (int i = 0; i < CYCLES; i++) {
                double n = i;
                cycle[i] = i + 1;
                kept[i] = law == 0   ? 1 - 5e-4 * n
                          : law == 1 ? 1 - 0.012 * sqrt(n)
                                     : 1 - 2.5e-6 * n * n;
            }
            add_scatter(&random, SCATTER);
            closo_knee knee = find(arena);
            wrong[law] += knee.kind != CLOSO_KNEE_NONE;
            right[law] += knee.law == (closo_fade_law)law;
        }
    print_message("false knees %d %d %d, laws right %d %d %d of %d\n", wrong[0], wrong[1], wrong[2],
                  right[0], right[1], right[2], DRAWS);
    for (int law = 0; law < 3; law++) {
        assert_true(wrong[law] <= 0.02 * DRAWS);
        assert_true(right[law] >= 0.9 * DRAWS);
    }
    closo_arena_free(arena);
}

/* Cycles that deviate alike (a room that warms and cools) look like a bend to white-noise statistics. */
static void slow_scatter(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_random random;
    closo_random_seed(&random, 88013);
    int wrong = 0, enlarged = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        double slow = 0;
        for (int i = 0; i < CYCLES; i++) {
            slow = 0.8 * slow + 0.6 * SCATTER * closo_random_normal(&random);
            cycle[i] = i + 1;
            kept[i] = 1 - 5e-4 * i + slow;
        }
        closo_knee knee = find(arena);
        wrong += knee.kind != CLOSO_KNEE_NONE;
        enlarged += knee.sigma_factor > 2;
    }
    print_message("false knees %d, sigma enlarged %d of %d\n", wrong, enlarged, DRAWS);
    assert_true(wrong <= 0.06 * DRAWS);
    assert_true(enlarged >= 0.9 * DRAWS);
    closo_arena_free(arena);
}

static void what_cannot_be(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_knee knee;
    closo_error error = {0};
    bent(AFTER);
    assert_int_equal(closo_knee_find(cycle, kept, 7, arena, &knee, &error), CLOSO_RANGE);
    assert_true(isnan(knee.cycle.value));
    kept[5] = NAN;
    assert_int_equal(closo_knee_find(cycle, kept, CYCLES, arena, &knee, &error), CLOSO_RANGE);
    bent(AFTER);
    cycle[5] = cycle[4];
    assert_int_equal(closo_knee_find(cycle, kept, CYCLES, arena, &knee, NULL), CLOSO_RANGE);
    for (int i = 0; i < CYCLES; i++) {
        cycle[i] = i + 1;
        kept[i] = 1;
    }
    assert_int_equal(closo_knee_find(cycle, kept, CYCLES, arena, &knee, &error), CLOSO_OK);
    assert_int_equal(knee.kind, CLOSO_KNEE_NONE);
    assert_string_equal(closo_fade_law_name(knee.law), "straight line");
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(exact_without_scatter),
                                       cmocka_unit_test(coverage), cmocka_unit_test(no_knee),
                                       cmocka_unit_test(slow_scatter),
                                       cmocka_unit_test(what_cannot_be)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
