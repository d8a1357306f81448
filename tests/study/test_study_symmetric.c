/* SPDX-License-Identifier: BSD-3-Clause */
/* The example of two metal electrodes as a study: tasks `symmetric`, `polarise` and `growth` from files to the report. */
#include "support.h"

#include "closo/report.h"
#include "closo/study.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void example_study(void **state)
{
    (void)state;
    char report_path[512];
    snprintf(report_path, sizeof report_path, "%s", temporary_path("symmetric.html"));
    closo_arena *arena = closo_arena_new(0);
    closo_study *study;
    closo_error error = {0};
    if (closo_study_load(CLOSO_SOURCE_DIR "/examples/symmetric/study.yaml", arena, &study,
                         &error) != CLOSO_OK ||
        closo_study_run(study, NULL, NULL, &error) != CLOSO_OK ||
        closo_report_write(study, NULL, report_path, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(study->failed_count, 0);
    assert_int_equal(study->result_count, 3);
    /* What tools/make_symmetric_examples.c put in: 0.02 mA/cm2 a step, a short at 0.18 mA/cm2, on 1.131 cm2. */
    const closo_critical_current *critical = &study->results[0].symmetric->critical;
    assert_true(critical->reached && critical->stepped);
    assert_near(critical->last_A, 0.16e-3 * 1.131, 1e-7);
    assert_near(critical->failed_A, 0.18e-3 * 1.131, 1e-7);
    const closo_value conductivity = study->results[1].polarisation->conductivity_S_per_m;
    assert_near(conductivity.value, 5e-7, 3 * conductivity.sigma);
    const closo_value k = study->results[2].growth->laws[CLOSO_GROWTH_PARABOLIC].rate;
    assert_near(60e4 * k.value, 14.6, 3 * 60e4 * k.sigma);
    FILE *file = fopen(report_path, "r");
    char *text = closo_arena_alloc(arena, 8000000, 1);
    assert_non_null(file);
    text[fread(text, 1, 7999999, file)] = '\0';
    fclose(file);
    assert_non_null(strstr(text, "Stripping and plating"));
    assert_non_null(strstr(text, "Growth of a resistance"));
    assert_non_null(strstr(text, "two exponentials"));
    unlink(report_path);
    closo_arena_free(arena);
}

static void wrong_words(void **state)
{
    (void)state;
    static const struct {
        const char *task, *says;
    } cases[] = {
        {"analysis: symmetric\n    soft: 3", "between 0 and 1"},
        {"analysis: polarise\n    thickness: 0 mm", "larger than zero"},
        {"analysis: polarise\n    from_rest: perhaps", "true or false"},
        {"analysis: polarise\n    soft: 0.3", "belongs to 'symmetric'"},
        {"analysis: growth\n    origin: 3", "unit"},
    };
    char data_path[512], study_path[512];
    snprintf(data_path, sizeof data_path, "%s", temporary_path("wrong.csv"));
    snprintf(study_path, sizeof study_path, "%s", temporary_path("wrong.yaml"));
    FILE *data = fopen(data_path, "w");
    assert_non_null(data);
    fputs("time/s,Ewe/V,I/mA\n0,0,0\n", data);
    fclose(data);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *file = fopen(study_path, "w");
        assert_non_null(file);
        fprintf(file,
                "title: Wrong\nfiles:\n  - id: cell\n    path: %s\ntasks:\n  - %s\n"
                "    files: [cell]\n",
                strrchr(data_path, '/') + 1, cases[i].task);
        fclose(file);
        closo_arena *arena = closo_arena_new(0);
        closo_study *study;
        closo_error error = {0};
        assert_int_equal(closo_study_load(study_path, arena, &study, &error), CLOSO_FORMAT);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("'%s' does not say '%s'", error.message, cases[i].says);
        closo_arena_free(arena);
    }
    unlink(study_path);
    unlink(data_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_study),
        cmocka_unit_test(wrong_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
