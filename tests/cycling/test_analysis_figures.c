/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures of the analyses over cycles, and want of memory told at every allocation. */
#include "support.h"

#include "plateau_cell.h"

#include "base/base_internal.h"
#include "closo/report.h"

#include <string.h>

static plateau_cell cell; /* too large for the stack */

static void make_cell(void)
{
    plateau_start(&cell, 41);
    cell.interval_s = 120;
    plateau_rest(&cell, 600);
    for (int g = 0; g < 4; g++)
        for (int n = 0; n < 3; n++) {
            cell.current_A = g == 1 ? 1e-3 : 5e-4;
            cell.efficiency = g < 3 ? 0.99 : 0.9;
            plateau_run(&cell, 1, 4.15 + 0.05 * g);
            plateau_rest(&cell, 1200);
            plateau_run(&cell, -1, 3.3);
            plateau_rest(&cell, 1200);
        }
}

static void figures(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    const closo_cycling_options options = {.role = CLOSO_ROLE_CATHODE, .mass_kg = 1e-5};
    const int cycles[] = {2, 5, 99};
    const closo_cycling_analysis_options wanted = {.cycles = cycles, .cycle_count = 3};
    closo_cycling *cycling;
    make_cell();
    assert_int_equal(
        closo_cycling_from_table(plateau_table(&cell, arena), &options, arena, &cycling, NULL),
        CLOSO_OK);
    assert_null(closo_figure_rate_test(cycling, NULL, arena)); /* nothing is known yet */
    int chosen[CLOSO_CYCLES_CHOSEN];
    assert_int_equal(closo_cycling_choose(cycling, chosen), CLOSO_CYCLES_CHOSEN);
    assert_int_equal(chosen[0], 1);
    assert_int_equal(chosen[1], 2);
    assert_int_equal(chosen[CLOSO_CYCLES_CHOSEN - 1], 12);
    assert_int_equal(closo_cycling_analyse(cycling, &wanted, arena, NULL), CLOSO_OK);
    const closo_figure *figure =
        closo_figure_differential(cycling, CLOSO_DIFFERENTIAL_CAPACITY, "cell", arena);
    assert_int_equal(figure->curve_count, 4); /* there is no cycle 99 */
    assert_string_equal(figure->curves[0].label, "cycle 2");
    assert_true(figure->curves[0].y[figure->curves[0].count / 2] >= 0);
    double lowest = 0;
    for (size_t b = 0; b < figure->curves[1].count; b++)
        lowest = fmin(lowest, figure->curves[1].y[b]);
    assert_true(lowest < -100); /* mAh/g/V, downward */
    assert_non_null(strstr(figure->x.label, "resolution"));
    figure = closo_figure_differential(cycling, CLOSO_DIFFERENTIAL_POTENTIAL, NULL, arena);
    assert_int_equal(figure->curve_count, 4);
    figure = closo_figure_rate_test(cycling, NULL, arena);
    assert_int_equal(figure->guide_count, 3);
    assert_string_equal(figure->guides[1].label, "1 mA");
    figure = closo_figure_stepwise(cycling, NULL, arena);
    assert_non_null(figure);
    assert_string_equal(figure->guides[0].label, "4.15 V");
    assert_non_null(strstr(closo_figure_svg(figure, false, arena), "4.30 V"));
    assert_non_null(closo_figure_damage(cycling, NULL, arena));
    closo_arena_free(arena);
}

static void want_of_memory(void **state)
{
    (void)state;
    bool done = false;
    make_cell();
    for (size_t count = 0; !done; count = count < 60 ? count + 1 : count + count / 8) {
        closo_arena *table_arena = closo_arena_new(0), *arena = closo_arena_new(0);
        closo_cycling *cycling;
        closo_error error = {0};
        assert_int_equal(closo_cycling_from_table(plateau_table(&cell, table_arena), NULL,
                                                  table_arena, &cycling, NULL),
                         CLOSO_OK);
        closo_arena_fail_after(arena, count);
        closo_status status = closo_cycling_analyse(cycling, NULL, arena, &error);
        done = status == CLOSO_OK;
        if (!done) {
            assert_int_equal(status, CLOSO_NOMEM);
            assert_null(cycling->analyses);
        }
        closo_arena_free(arena);
        closo_arena_free(table_arena);
        assert_true(count < 100000);
    }
}

/* In brief: what a page shows is the same, and what it does not show is not worked out. */
static void in_brief(void **state)
{
    (void)state;
    const closo_cycling_options options = {.role = CLOSO_ROLE_CATHODE};
    const closo_cycling_analysis_options briefly = {.brief = true};
    for (int rising = 0; rising < 2; rising++) {
        closo_arena *arena = closo_arena_new(0);
        closo_cycling *cycling;
        plateau_start(&cell, 43);
        cell.interval_s = 120;
        plateau_rest(&cell, 600);
        for (int n = 0; n < 14; n++) {
            plateau_run(&cell, 1, 4.25 + (rising != 0 ? 0.05 * (double)(n / 4) : 0.0));
            plateau_run(&cell, -1, 3.3);
        }
        assert_int_equal(
            closo_cycling_from_table(plateau_table(&cell, arena), &options, arena, &cycling, NULL),
            CLOSO_OK);
        assert_int_equal(closo_cycling_analyse(cycling, NULL, arena, NULL), CLOSO_OK);
        const closo_cycling_analyses *whole = cycling->analyses;
        assert_int_equal(closo_cycling_analyse(cycling, &briefly, arena, NULL), CLOSO_OK);
        const closo_cycling_analyses *brief = cycling->analyses;
        assert_int_equal(brief->capacity_count + brief->potential_count, 0);
        assert_int_equal(brief->stepwise.count, rising != 0 ? 4 : 0);
        assert_int_equal(brief->stepwise.damage, whole->stepwise.damage);
        assert_int_equal(whole->overpotential_count, 28);
        assert_int_equal(brief->overpotential_count, rising != 0 ? 28 : 4);
        for (size_t k = 0; k < brief->overpotential_count; k++) {
            const size_t same = rising == 0 && k >= 2 ? k + 24 : k;
            assert_int_equal(brief->overpotentials[k].cycle, whole->overpotentials[same].cycle);
            assert_true(brief->overpotentials[k].middle_V.value ==
                        whole->overpotentials[same].middle_V.value);
        }
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(figures), cmocka_unit_test(in_brief),
                                       cmocka_unit_test(want_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
