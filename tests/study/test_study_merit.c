/* SPDX-License-Identifier: BSD-3-Clause */
/* The example study with a task `merit`: what was put into its made-up file comes out, in result and report. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/report.h"
#include "closo/study.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void the_example_makes_a_report(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_study *study;
    closo_error error = {0};
    char path[1024];
    snprintf(path, sizeof path, "%s/examples/merit/study.yaml", CLOSO_SOURCE_DIR);
    if (closo_study_load(path, arena, &study, &error) != CLOSO_OK ||
        closo_study_run(study, NULL, NULL, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(study->failed_count, 0);
    const closo_merit *merit = study->results[1].merit;
    /* tools/make_merit_example.c: 4.1278 C, 98.5 %, 69.3 ohm; 9.8 mg and 12.5 mm in the description */
    assert_near(merit->figures[CLOSO_MERIT_CAPACITY].value * 9.8e-6, 4.1278, 1e-3);
    assert_near(merit->figures[CLOSO_MERIT_COULOMBIC_EFFICIENCY].value, 0.985, 1e-4);
    assert_near(merit->figures[CLOSO_MERIT_RESISTANCE].value, 69.3 * 1.2272e-4, 1.5e-4);
    assert_non_null(strstr(study->results[1].json, "\"specific_energy_cell_Wh_kg\""));
    snprintf(path, sizeof path, "%s", temporary_path("merit.html"));
    if (closo_report_write(study, NULL, path, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    unsigned char *text;
    size_t size;
    assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &text, &size, &error), CLOSO_OK);
    assert_non_null(strstr((char *)text, "Specific energy (cathode composite)"));
    assert_non_null(strstr((char *)text, "missed by a factor"));
    unlink(path);
    closo_arena_free(arena);
}

static void a_task_that_lacks_its_cell(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } cases[] = {{"", "wants 'cell: cell.yaml'"},
                 {"    cell: nowhere.yaml\n", "no such file"},
                 {"    cell: pressure-cell.yaml\n    cycle: 9\n", "there is no cycle 9"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_study *study;
        closo_error error = {0};
        char path[1024];
        snprintf(path, sizeof path, "%s", temporary_path("merit.yaml"));
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file,
                "title: Merit\nfiles:\n  - id: cell\n    path: %s/examples/merit/data/"
                "pressure_cell_C10.bdf.csv\ntasks:\n  - analysis: merit\n    files: [cell]\n",
                CLOSO_SOURCE_DIR);
        if (strstr(cases[i].line, "pressure") != NULL)
            fprintf(file, "    cell: %s/examples/merit/pressure-cell.yaml\n    cycle: 9\n",
                    CLOSO_SOURCE_DIR);
        else
            fputs(cases[i].line, file);
        fclose(file);
        if (closo_study_load(path, arena, &study, &error) != CLOSO_OK ||
            closo_study_run(study, NULL, NULL, &error) != CLOSO_OK)
            fail_msg("%s", error.message);
        assert_int_equal(study->failed_count, 1);
        if (strstr(study->results[0].error.message, cases[i].says) == NULL)
            fail_msg("says '%s', wanted '%s'", study->results[0].error.message, cases[i].says);
        unlink(path);
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_makes_a_report),
        cmocka_unit_test(a_task_that_lacks_its_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
