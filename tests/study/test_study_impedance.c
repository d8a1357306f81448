/* SPDX-License-Identifier: BSD-3-Clause */
/* The example study of impedance: what was put into its made-up spectra comes out, in JSON and in the report. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/report.h"
#include "closo/study.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void the_example_finds_what_was_put_in(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_error error = {0};
    closo_study *study = NULL;
    const char *path = CLOSO_SOURCE_DIR "/examples/spectra/study.yaml";
    if (closo_study_load(path, arena, &study, &error) != CLOSO_OK ||
        closo_study_run(study, NULL, NULL, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(study->failed_count, 0);
    assert_int_equal(study->result_count, 5);
    static const closo_kk_verdict verdicts[] = {CLOSO_KK_CONSISTENT, CLOSO_KK_CONSISTENT,
                                                CLOSO_KK_INCONSISTENT};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(study->results[i].kk->verdict, verdicts[i]);
    assert_true(study->results[2].kk->drifts);
    assert_near(study->results[2].kk->drift.value, 0.15, 3 * study->results[2].kk->drift.sigma);
    static const double arcs_ohm[2][2] = {{900, 2600}, {30, 55}};
    for (size_t i = 0; i < 2; i++) {
        const closo_drt *drt = study->results[3 + i].drt;
        assert_non_null(study->results[3 + i].json);
        assert_non_null(drt->low_ohm);
        size_t arc = 0;
        for (size_t p = 0; p < drt->peak_count; p++) {
            if (!drt->peaks[p].fitted)
                continue;
            assert_true(arc < 2);
            assert_near(drt->peaks[p].resistance_ohm.value, arcs_ohm[i][arc],
                        3 * drt->peaks[p].resistance_ohm.sigma);
            arc++;
        }
        assert_int_equal(arc, 2);
    }
    const char *report = temporary_path("impedance-report.html");
    if (closo_report_write(study, NULL, report, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    unsigned char *page = NULL;
    size_t size = 0;
    assert_int_equal(closo_file_read(report, SIZE_MAX, arena, &page, &size, NULL), CLOSO_OK);
    assert_non_null(strstr((const char *)page, "Kramers-Kronig tests"));
    assert_non_null(strstr((const char *)page, "Distribution of relaxation times"));
    assert_non_null(strstr((const char *)page, "the cell changed while it was measured"));
    unlink(report);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_example_finds_what_was_put_in)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
