/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures of cycles, and want of memory told at every allocation. */
#include "support.h"

#include "synthetic_cell.h"

#include "base/base_internal.h"
#include "closo/report.h"

#include <string.h>

static cell shared; /* too large for the stack */

static void make_cell(void)
{
    cell_start(&shared, 20);
    cell_rest(&shared, 200);
    for (int n = 0; n < 8; n++) {
        cell_pass(&shared, 3.0, 1e-3);
        cell_rest(&shared, 200);
        cell_pass(&shared, -2.7, 1e-3);
        cell_rest(&shared, 200);
    }
}

static void figures(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_cycling *cycling;
    closo_error error = {0};
    const closo_cycling_options options = {.mass_kg = 2e-6};
    make_cell();
    assert_int_equal(
        closo_cycling_from_table(cell_table(&shared, arena), &options, arena, &cycling, &error),
        CLOSO_OK);
    const closo_figure *figure = closo_figure_cycles(cycling, "a cell", arena);
    assert_non_null(figure);
    assert_int_equal(figure->curve_count, 3);
    assert_int_equal(figure->curves[0].count, 8);
    assert_near(figure->curves[0].y[0], 3.0 / 3.6 / 2e-3, 1e-6); /* mAh/g */
    assert_near(figure->curves[2].y[0], 90, 1e-6);
    assert_non_null(strstr(closo_figure_svg(figure, false, arena), "a cell"));
    figure = closo_figure_profiles(cycling, NULL, 0, NULL, arena);
    assert_int_equal(figure->curve_count, 10); /* five cycles, first and last among them */
    assert_string_equal(figure->curves[0].label, "cycle 1");
    assert_string_equal(figure->curves[8].label, "cycle 8");
    const closo_curve *charge = &figure->curves[0];
    assert_near(charge->x[charge->count - 1], 3.0 / 3.6 / 2e-3, 1e-6);
    const int wanted[] = {3, 99, 0};
    figure = closo_figure_profiles(cycling, wanted, 3, NULL, arena);
    assert_int_equal(figure->curve_count, 2);
    /* Of many cycles twelve are drawn, the first and the last among them. */
    int many[40];
    for (int k = 0; k < 40; k++)
        many[k] = k == 39 ? 8 : 1 + k % 7;
    figure = closo_figure_profiles(cycling, many, 40, NULL, arena);
    assert_int_equal(figure->curve_count, 24);
    assert_string_equal(figure->curves[0].label, "cycle 1");
    assert_string_equal(figure->curves[22].label, "cycle 8");
    assert_non_null(strstr(figure->x.label, "12 of 40 cycles"));
    closo_arena_free(arena);
}

/* A poor first cycle is in the frame; the stump of one that was interrupted is not, and the axis says so. */
static void efficiencies_are_seen_or_named(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    static const struct {
        double first, low;
        const char *says;
    } cases[] = {{2.43, 79, "Coulombic efficiency (%)"},
                 {2.985, 95, "Coulombic efficiency (%)"},
                 {1.2, 95, "Coulombic efficiency (%); outside: cycle 1, 40 %"}};
    for (size_t i = 0; i < 3; i++) {
        closo_cycling *cycling;
        closo_error error = {0};
        cell_start(&shared, 20);
        cell_rest(&shared, 200);
        for (int n = 0; n < 8; n++) {
            cell_pass(&shared, 3.0, 1e-3);
            cell_rest(&shared, 200);
            cell_pass(&shared, n == 0 ? -cases[i].first : -2.985, 1e-3);
            cell_rest(&shared, 200);
        }
        assert_int_equal(
            closo_cycling_from_table(cell_table(&shared, arena), NULL, arena, &cycling, &error),
            CLOSO_OK);
        const closo_figure *figure = closo_figure_cycles(cycling, NULL, arena);
        assert_string_equal(figure->y_right.label, cases[i].says);
        assert_near(figure->y_right.low, cases[i].low, 1);
    }
    closo_arena_free(arena);
}

static void want_of_memory(void **state)
{
    (void)state;
    make_cell();
    bool done = false;
    for (size_t allowed = 0; !done; allowed++) {
        closo_arena *arena = closo_arena_new(0);
        const closo_table *table = cell_table(&shared, arena);
        closo_cycling *cycling;
        closo_error error = {0};
        closo_arena_fail_after(arena, allowed);
        closo_status status = closo_cycling_from_table(table, NULL, arena, &cycling, &error);
        done = status == CLOSO_OK && closo_cycling_json(cycling, arena) != NULL &&
               closo_figure_cycles(cycling, NULL, arena) != NULL &&
               closo_figure_profiles(cycling, NULL, 0, NULL, arena) != NULL;
        if (status != CLOSO_OK)
            assert_int_equal(status, CLOSO_NOMEM);
        assert_true(allowed < 1000);
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures),
        cmocka_unit_test(efficiencies_are_seen_or_named),
        cmocka_unit_test(want_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
