/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean coulombic efficiency of cells whose efficiency is known, and how often its sigma covers it. */
#include "support.h"

#include "synthetic_cell.h"

#include <string.h>

static cell made; /* too large for the stack */

static const double truth = 0.993;

/* Of half cycles of 20 rows, with noise in each current; the efficiency of a cycle goes with those before it by a share,
 * as in a room that warms and cools. */
static void make_cell(uint64_t seed, int cycles, double share, double scatter)
{
    cell_start(&made, 180);
    closo_random_seed(&made.random, seed);
    made.noise_A = 4e-6; /* of 1 mA */
    double apart = closo_random_normal(&made.random);
    for (int n = 0; n < cycles; n++) {
        cell_pass(&made, 3.6, 1e-3);
        cell_pass(&made, -3.6 * (truth + scatter * apart), 1e-3);
        made.state_C = 0; /* what was lost is not in the cell */
        apart = share * apart + sqrt(1 - share * share) * closo_random_normal(&made.random);
    }
    cell_rest(&made, 600);
}

static closo_value mean_of(bool *told)
{
    closo_arena *arena = closo_arena_new(0);
    const closo_cycling_options options = {.role = CLOSO_ROLE_CATHODE};
    closo_cycling *cycling;
    assert_int_equal(
        closo_cycling_from_table(cell_table(&made, arena), &options, arena, &cycling, NULL),
        CLOSO_OK);
    const closo_value mean = cycling->summary.mean_coulombic_efficiency;
    *told = false;
    for (size_t i = 0; i < cycling->notes.count; i++)
        *told = *told || strstr(cycling->notes.texts[i], "resemble each other") != NULL;
    closo_arena_free(arena);
    return mean;
}

static void coverage(void **state)
{
    (void)state;
    enum { DRAWS = 400 };
    static const struct {
        const char *name;
        int cycles;
        double share, scatter;
    } kinds[] = {{"noise of the current", 12, 0, 0},
                 {"noise of the current", 41, 0, 0},
                 {"cycles that differ", 31, 0, 2e-3},
                 {"cycles that go with their neighbours", 41, 0.4, 4e-3},
                 {"cycles that go with their neighbours", 61, 0.7, 4e-3}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        int inside = 0, told = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            bool resembling;
            make_cell(UINT64_C(5190000) + 1000 * k + (uint64_t)draw, kinds[k].cycles,
                      kinds[k].share, kinds[k].scatter);
            const closo_value mean = mean_of(&resembling);
            inside += fabs(mean.value - truth) <= mean.sigma;
            told += resembling;
        }
        print_message("%s, %d cycles: inside 1 sigma %d of %d, enlarged %d times\n", kinds[k].name,
                      kinds[k].cycles, inside, DRAWS, told);
        assert_in_range(inside, 0.60 * DRAWS, 0.76 * DRAWS);
    }
}

/* Without noise the mean is the truth to rounding. */
static void known(void **state)
{
    (void)state;
    bool told;
    cell_start(&made, 60);
    for (int n = 0; n < 6; n++) {
        cell_pass(&made, 3.6, 1e-3);
        cell_pass(&made, -3.6 * (n == 0 ? 0.8 : truth), 1e-3);
        made.state_C = 0;
    }
    cell_rest(&made, 600);
    const closo_value mean = mean_of(&told);
    assert_near(mean.value, truth, 1e-12); /* the first cycle does not count */
    assert_true(mean.sigma < 1e-12);
    assert_false(told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known), cmocka_unit_test(coverage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
