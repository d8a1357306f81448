/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures of results, drawn from the files of examples/: what has to be in them, and that want of memory is told. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/report.h"

#include <math.h>
#include <string.h>

static const closo_normalisation plain = {CLOSO_NORMAL_NONE, 1};

static closo_voltammogram *open_example(const char *name, closo_arena *arena, closo_table **table)
{
    char path[1200];
    closo_voltammogram *voltammogram;
    const closo_voltammogram_options options = {.measured_against = "Na"};
    closo_error error = {0};
    snprintf(path, sizeof path, "%s/examples/onset/data/%s", CLOSO_SOURCE_DIR, name);
    if (closo_file_open(path, NULL, arena, table, &error) != CLOSO_OK ||
        closo_voltammogram_from_table(*table, &options, arena, &voltammogram, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return voltammogram;
}

static void an_onset_is_drawn_with_its_value(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table;
    closo_voltammogram *voltammogram = open_example("na4cb11b12_10uV.bdf.csv", arena, &table);
    closo_onset_result result;
    size_t sweep;
    assert_int_equal(closo_sweep_choose(voltammogram, NULL, &sweep, NULL), CLOSO_OK);
    assert_int_equal(closo_onset_find(voltammogram, sweep, NULL, arena, &result, NULL), CLOSO_OK);
    assert_int_equal(result.onset_count, 2);
    /* The steepest tangent belongs to the second onset, so it is no sign that the first is unsure. */
    for (size_t i = 0; i < result.warnings.count; i++)
        assert_null(strstr(result.warnings.texts[i], "criteria differ"));
    const closo_normalisation area = {CLOSO_NORMAL_AREA, 1.131e-4};
    const closo_figure *figure =
        closo_figure_onset(voltammogram, &result, &area, "title <&>", arena);
    assert_string_equal(figure->x.label, "Potential vs Na^{+}/Na (V)");
    const char *svg = closo_figure_svg(figure, false, arena);
    char value[128];
    closo_value_text(result.onsets[1].potential_V, "V", value, sizeof value);
    assert_non_null(strstr(svg, value));
    assert_non_null(strstr(svg, "title &lt;&amp;&gt;"));
    /* 4 uA over 1.131 cm2 is some uA/cm2 */
    assert_non_null(strstr(figure->y.label, "µA cm"));
    figure = closo_figure_onset_near(voltammogram, &result, 0, &plain, NULL, arena);
    assert_true(figure->x.high < 3.3); /* the second onset is out of it */
    closo_arena_free(arena);
}

static void a_rising_vertex_is_drawn_and_a_table_too(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table;
    closo_voltammogram *voltammogram = open_example("na4cb11b12_stepwise.mpr", arena, &table);
    closo_voltammogram_summary summary;
    assert_int_equal(closo_voltammogram_summarise(voltammogram, arena, &summary, NULL), CLOSO_OK);
    assert_true(summary.step_count > 20);
    /* The generator lets 6 % of an oxidation flow again, up and down: 1 - 0.12 / 1.06 of the charge stays away. */
    const closo_vertex_step *last = &summary.steps[summary.step_count - 1];
    assert_near(last->passivation, 1 - 0.12 / 1.06, 0.01);
    const closo_figure *figures[] = {
        closo_figure_steps(voltammogram, &summary, NULL, arena),
        closo_figure_voltammogram(voltammogram, &plain, NULL, arena),
        closo_figure_table(table, NULL, arena),
    };
    for (size_t i = 0; i < 3; i++) {
        assert_non_null(figures[i]);
        const char *svg = closo_figure_svg(figures[i], true, arena);
        assert_non_null(strstr(svg, "<path"));
        assert_null(strstr(svg, "nan"));
    }
    closo_arena_free(arena);
}

static void want_of_memory_is_told(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table;
    closo_voltammogram *voltammogram = open_example("na4cb11b12_stepwise.mpr", arena, &table);
    closo_voltammogram_summary summary;
    assert_int_equal(closo_voltammogram_summarise(voltammogram, arena, &summary, NULL), CLOSO_OK);
    bool done = false;
    for (size_t allowed = 0; !done && allowed < 200; allowed++) {
        closo_arena *small = closo_arena_new(0);
        closo_arena_fail_after(small, allowed);
        const closo_figure *one = closo_figure_steps(voltammogram, &summary, NULL, small);
        const closo_figure *two = closo_figure_voltammogram(voltammogram, &plain, NULL, small);
        const closo_figure *three = closo_figure_table(table, NULL, small);
        done = one != NULL && two != NULL && three != NULL;
        closo_arena_free(small);
    }
    assert_true(done);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_onset_is_drawn_with_its_value),
        cmocka_unit_test(a_rising_vertex_is_drawn_and_a_table_too),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("results", tests, NULL, NULL);
}
