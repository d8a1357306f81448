/* SPDX-License-Identifier: BSD-3-Clause */
/* The study of examples/relaxation from file to report: what went in stands in it. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/report.h"
#include "closo/study.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static void transport_from_file_to_report(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_study *study;
    closo_error error = {0};
    if (closo_study_load(CLOSO_SOURCE_DIR "/examples/relaxation/study.yaml", arena, &study,
                         &error) != CLOSO_OK ||
        closo_study_run(study, NULL, NULL, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(study->result_count, 4);
    assert_int_equal(study->failed_count, 0);
    /* 0.81 and 0.16 eV with a transition at 112 degC went into the file */
    const closo_arrhenius_fit *fit = &study->results[0].arrhenius->fits[CLOSO_ARRHENIUS_JUMP];
    assert_int_equal(study->results[0].arrhenius->chosen, CLOSO_ARRHENIUS_JUMP);
    assert_near(fit->branches[0].energy_eV.value, 0.81, 3 * fit->branches[0].energy_eV.sigma);
    assert_near(fit->branches[1].energy_eV.value, 0.16, 3 * fit->branches[1].energy_eV.sigma);
    assert_true(fit->gap_from_K < 385.15 && fit->gap_to_K > 385.15);
    assert_int_equal(study->results[2].motion->kind, CLOSO_MOTION_NARROWING);

    closo_notes lines = {0};
    for (size_t i = 0; i < study->result_count; i++)
        closo_report_headlines(study, &study->results[i], arena, &lines);
    assert_int_equal(lines.count, 7);
    assert_non_null(strstr(lines.texts[2], "transition at"));
    assert_non_null(strstr(lines.texts[6], "C3 or C5"));

    char path[1200];
    snprintf(path, sizeof path, "%s", temporary_path("transport.html"));
    assert_int_equal(closo_report_write(study, "2026-01-01", path, &error), CLOSO_OK);
    unsigned char *page;
    size_t size;
    assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &page, &size, &error), CLOSO_OK);
    assert_non_null(strstr((const char *)page, "Activation energy"));
    assert_non_null(strstr((const char *)page, "a step: a phase transition"));
    unlink(path);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(transport_from_file_to_report)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
