/* SPDX-License-Identifier: BSD-3-Clause */
/* A study of cells that are simulated, and what is expected of them. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/study.h"
#include "study/study_internal.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static char study_path[1024], json_path[1024];

static int set_up(void **state)
{
    (void)state;
    snprintf(study_path, sizeof study_path, "%s", temporary_path("simulated.yaml"));
    snprintf(json_path, sizeof json_path, "%s", temporary_path("simulated.json"));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(study_path);
    unlink(json_path);
    return 0;
}

/* Two entries of one cell: a slow half cycle and a rest with impedance; more lines of the test behind. */
static closo_status load(const char *more, closo_arena *arena, closo_study **study,
                         closo_error *error)
{
    FILE *file = fopen(study_path, "w");
    assert_non_null(file);
    for (int i = 0; i < 2; i++)
        fprintf(file,
                "%s  - id: %s\n    path: " CLOSO_SOURCE_DIR
                "/examples/cells/chapter5-swagelok.yaml\n    part: %d\n    noise_current: 10 nA\n"
                "    noise_impedance: 0.1 %%\n"
                "    steps: charge at C/5 until 4.15 V; rest 30 min; impedance 200 kHz to 0.1 Hz, "
                "6 per decade; discharge at C/5 until 2.5 V\n",
                i == 0 ? "title: Two\nfiles:\n" : "", i == 0 ? "cell" : "spectra", i + 1);
    fprintf(file,
            "tasks:\n  - {analysis: cycles, files: [cell]}\n  - {analysis: eis, files: [spectra]}\n"
            "%s",
            more);
    fclose(file);
    return closo_study_load(study_path, arena, study, error);
}

static void cells_are_simulated_and_read(void **state)
{
    (void)state;
    static const char expected[] =
        "expected:\n"
        "  - {analysis: cycles, file: cell, number: 'cycles[0].discharge_mAh_g', value: 101, "
        "within: 8, source: the paper}\n"
        "  - {analysis: cycles, file: cell, number: 'cycles[0].coulombic_efficiency', times: 100, "
        "value: '> 99.9'}\n"
        "  - {analysis: eis, file: spectra, number: 'spectra[-1].parameters[name=R0].value', times: "
        "1.131, value: 45 to 55}\n"
        "  - {analysis: eis, file: spectra, number: 'spectra[0].parameters[name=R9].value', value: 1}\n"
        "  - {analysis: cycles, file: cell, number: 'cycles[0].mean_charge_V', value: 3.8}\n";
    closo_arena *arena = closo_arena_new(0);
    closo_study *study;
    closo_error error = {0};
    if (load(expected, arena, &study, &error) != CLOSO_OK ||
        closo_study_run(study, NULL, NULL, &error) != CLOSO_OK ||
        closo_study_write_json(study, json_path, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(study->failed_count, 0);
    assert_ptr_equal(study->files[0].tables, study->files[1].tables); /* one run */
    assert_near(study->files[0].area_m2, 1.131e-4, 1e-7);
    assert_near(study->files[0].mass_kg, 1.4e-6, 1e-8);
    const closo_study_expectation *found = study->expectations;
    assert_true(found[0].judged && found[0].met);
    assert_near(found[0].deviation, found[0].found.value - 101, 1e-12);
    assert_true(found[1].judged && !found[1].met && found[1].deviation < 0);
    assert_true(found[2].judged && found[2].met && found[2].found.sigma > 0);
    assert_near(found[2].deviation, 0, 0);
    assert_true(isnan(found[3].found.value) && !found[3].judged);
    assert_true(!found[4].judged && fabs(found[4].deviation) < 0.1);

    json_t *all = json_load_file(json_path, 0, NULL);
    const json_t *list = json_object_get(all, "expected");
    assert_int_equal(json_array_size(list), 5);
    assert_true(json_is_true(json_object_get(json_array_get(list, 0), "met")));
    assert_true(json_is_null(json_object_get(json_array_get(list, 3), "found")));
    assert_null(json_object_get(json_array_get(list, 4), "met"));
    json_decref(all);
    closo_arena_free(arena);
}

static void slips_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *more, *says;
    } cases[] = {
        {"expected:\n  - {analysis: cycles, file: sell, number: x, value: 1}\n", "no file of this"},
        {"expected:\n  - {analysis: cycle, file: cell, number: x, value: 1}\n",
         "there is no 'cycle'"},
        {"expected:\n  - {analysis: cycles, file: cell, number: x, value: about 4}\n",
         "write a number"},
        {"expected:\n  - {analysis: cycles, file: cell, number: x, value: 5 to 4}\n",
         "write a number"},
        {"expected:\n  - {analysis: cycles, file: cell, number: x, value: 5, within: much}\n",
         "within"},
        {"expected:\n  - {analysis: cycles, fil: cell, number: x, value: 5}\n", "file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_study *study;
        closo_error error = {0};
        if (load(cases[i].more, arena, &study, &error) == CLOSO_OK ||
            strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].more, error.message);
        closo_arena_free(arena);
    }
}

/* Steps and noise are of cells; steps that are wrong cost that cell only. */
static void only_cells_have_steps(void **state)
{
    (void)state;
    static const struct {
        const char *file, *says;
        bool loads;
    } cases[] = {
        {"path: " CLOSO_SOURCE_DIR "/README.md\n    steps: rest 1 h", "only a simulated cell",
         false},
        {"path: " CLOSO_SOURCE_DIR "/README.md\n    noise_current: 1 nA", "noise of its own",
         false},
        {"path: " CLOSO_SOURCE_DIR
         "/examples/cells/chapter5-swagelok.yaml\n    noise_current: -1 nA",
         "cannot be negative", false},
        {"path: " CLOSO_SOURCE_DIR
         "/examples/cells/chapter5-swagelok.yaml\n    steps: chrage at C/5 until 4 V",
         "did you mean 'charge'", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_study *study;
        closo_error error = {0};
        FILE *file = fopen(study_path, "w");
        assert_non_null(file);
        fprintf(
            file,
            "title: One\nfiles:\n  - id: a\n    %s\ntasks:\n  - {analysis: cycles, files: [a]}\n",
            cases[i].file);
        fclose(file);
        closo_status status = closo_study_load(study_path, arena, &study, &error);
        if (cases[i].loads && status == CLOSO_OK) {
            assert_int_equal(closo_study_run(study, NULL, NULL, &error), CLOSO_OK);
            assert_int_equal(study->failed_count, 1);
            error = study->files[0].error;
            status = error.status;
        }
        if (status == CLOSO_OK || strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].file, error.message);
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cells_are_simulated_and_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(slips_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_cells_have_steps, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
