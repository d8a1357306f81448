/* SPDX-License-Identifier: BSD-3-Clause */
/* A study with a task `fit`: the example is run, and what its virtual cell had comes out. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/report.h"
#include "closo/study.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A measurement of the example's cell: a charge, a rest, a discharge. */
static void measure(const char *path, closo_arena *arena)
{
    closo_cell_file *cell;
    closo_experiment experiment;
    closo_simulation *made;
    closo_error error = {0};
    const closo_simulation_options options = {.relative_tolerance = 1e-8};
    if (closo_cell_load(CLOSO_SOURCE_DIR "/examples/cells/fit-particle.yaml", arena, &cell,
                        &error) != CLOSO_OK ||
        closo_experiment_parse("charge at 1C for 10 min; rest 10 min; discharge at 1C for 8 min",
                               cell->capacity_C_per_m2, arena, &experiment, &error) != CLOSO_OK ||
        closo_cell_simulate(&cell->cell, &experiment, &options, NULL, arena, &made, &error) !=
            CLOSO_OK ||
        closo_table_write_mpt(made->table, path, arena, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
}

static closo_study *run_study(const char *lines, closo_arena *arena)
{
    closo_study *study;
    closo_error error = {0};
    char path[1024], data[1024];
    snprintf(data, sizeof data, "%s", temporary_path("fit-study.mpt"));
    snprintf(path, sizeof path, "%s", temporary_path("fit-study.yaml"));
    measure(data, arena);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "title: Fit\nfiles:\n  - {id: test, path: %s, label: the test}\ntasks:\n  - analysis: "
            "fit\n    files: [test]\n%s",
            data, lines);
    fclose(file);
    if (closo_study_load(path, arena, &study, &error) != CLOSO_OK ||
        closo_study_run(study, NULL, NULL, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    unlink(path);
    unlink(data);
    return study;
}

static void a_fit_is_reported(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_error error = {0};
    closo_study *study =
        run_study("    cell: " CLOSO_SOURCE_DIR "/examples/cells/fit-particle.yaml\n"
                  "    vary: counter_electrode.resistance from 40 ohm cm2, 5 to 200 ohm cm2\n"
                  "    starts: 1\n    noise_potential: 0.1 mV\n",
                  arena);
    if (study->failed_count != 0)
        fail_msg("%s", study->results[0].error.message);
    const closo_cell_fit *fit = study->results[0].fit;
    closo_cell_description *description;
    closo_cell_number *numbers;
    size_t count;
    double truth = 0;
    assert_int_equal(closo_cell_description_load(CLOSO_SOURCE_DIR "/examples/cells/"
                                                                  "fit-particle.yaml",
                                                 arena, &description, NULL),
                     CLOSO_OK);
    assert_int_equal(closo_cell_description_numbers(description, arena, &numbers, &count, NULL),
                     CLOSO_OK);
    for (size_t i = 0; i < count; i++)
        if (strcmp(numbers[i].path, "Na.resistance") == 0)
            assert_int_equal(closo_quantity_parse(numbers[i].words, "ohm m2", &truth, NULL),
                             CLOSO_OK);
    assert_near(fit->parameters[0].value.value / truth, 1, 0.02);
    assert_non_null(strstr(study->results[0].json, "\"counter_electrode.resistance\""));
    closo_notes lines = {0};
    closo_report_headlines(study, &study->results[0], arena, &lines);
    assert_non_null(strstr(lines.texts[0], "counter_electrode.resistance "));
    const char *page = temporary_path("fit-study.html");
    if (closo_report_write(study, NULL, page, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    unsigned char *text;
    size_t size;
    assert_int_equal(closo_file_read(page, SIZE_MAX, arena, &text, &size, &error), CLOSO_OK);
    assert_non_null(strstr((char *)text, "the test: potential, measured and of the model."));
    unlink(page);
    closo_arena_free(arena);
}

static void poor_tasks_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *says;
    } cases[] = {{"", "wants 'cell: cell.yaml'"},
                 {"    cell: nowhere.yaml\n", "no such file"},
                 {"    cell: " CLOSO_SOURCE_DIR
                  "/examples/cells/fit-particle.yaml\n    vary: Na.resistanse\n",
                  "did you mean 'Na.resistance'"},
                 {"    cell: " CLOSO_SOURCE_DIR "/examples/cells/chapter4-libh4-superp.yaml\n",
                  "nothing is to be varied"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_arena *arena = closo_arena_new(0);
        const closo_study *study = run_study(cases[i].lines, arena);
        assert_int_equal(study->failed_count, 1);
        if (strstr(study->results[0].error.message, cases[i].says) == NULL)
            fail_msg("says '%s', wanted '%s'", study->results[0].error.message, cases[i].says);
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fit_is_reported),
        cmocka_unit_test(poor_tasks_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
