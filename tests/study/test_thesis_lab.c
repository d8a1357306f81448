/* SPDX-License-Identifier: BSD-3-Clause */
/* The study of the thesis laboratory's own raw files, in examples/thesis-lab, as it stands. */
#include "support.h"

#include "closo/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void the_laboratorys_files_make_a_report(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    char path[1200];
    /* The study looks for shared/ beside the checkout. */
    snprintf(path, sizeof path, "%s/../shared/data/echem", CLOSO_SOURCE_DIR);
    if (access(path, R_OK) != 0) {
        print_message("skipped: shared/ is not beside the checkout but elsewhere\n");
        skip();
    }
    closo_arena *arena = closo_arena_new(0);
    closo_study *study;
    closo_error error = {0};
    snprintf(path, sizeof path, "%s/examples/thesis-lab/study.yaml", CLOSO_SOURCE_DIR);
    if (closo_study_load(path, arena, &study, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(closo_study_run(study, NULL, NULL, &error), CLOSO_OK);
    assert_int_equal(study->failed_count, 0);
    assert_int_equal(study->file_count, 4);
    /* Rows as the notes on these files count them, and as EC-Lab's text has them. */
    static const size_t rows[] = {5103, 1, 721, 12057};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(study->files[i].table->row_count, rows[i]);
    /* The sweep rate is the one in the file's name, 100 uV/s. */
    const closo_study_result *result = &study->results[0];
    const closo_sweep *sweep = &result->voltammogram->sweeps[result->onset.sweep_index];
    assert_near(sweep->rate_V_per_s, 100e-6, 1e-7);
    /* Thesis, chapter 5: the voltammograms of its electrolytes begin to rise at about 2.9 V with a minor current (solvent
     * residues). At 100 uV/s instead of 10 there is no corner, so the uncertainty has to be large and to cover it. */
    assert_true(result->onset.onset_count >= 1);
    closo_value onset_V = result->onset.onsets[0].potential_V;
    assert_true(fabs(onset_V.value - 2.9) < 3 * onset_V.sigma);
    assert_true(onset_V.sigma > 0.02);
    assert_true(result->onset.warnings.count > 0);
    bool unsure = false; /* the steepest tangent is 1.8 V away, and the second onset is doubtful */
    for (size_t i = 0; i < result->onset.warnings.count; i++)
        unsure = unsure || strstr(result->onset.warnings.texts[i], "criteria differ") != NULL;
    assert_true(unsure);

    snprintf(path, sizeof path, "%s", temporary_path("thesis-lab.html"));
    assert_int_equal(closo_report_write(study, NULL, path, &error), CLOSO_OK);
    unlink(path);
    closo_arena_free(arena);
}

/* A symmetric cell is cycled at constant current: whoever asks for its sweeps is told so. */
static void a_galvanostatic_file_is_no_voltammogram(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    char path[1200];
    closo_arena *arena = closo_arena_new(0);
    closo_table *table;
    closo_voltammogram *voltammogram;
    snprintf(path, sizeof path, "%s/data/echem/dgbowl+yadg/gcpl.mpr", shared_folder());
    assert_int_equal(closo_file_open(path, NULL, arena, &table, NULL), CLOSO_OK);
    assert_int_equal(closo_voltammogram_from_table(table, NULL, arena, &voltammogram, NULL),
                     CLOSO_OK);
    assert_true(voltammogram->notes.count > 0);
    assert_non_null(strstr(voltammogram->notes.texts[0], "controlled the current"));
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_laboratorys_files_make_a_report),
                                       cmocka_unit_test(a_galvanostatic_file_is_no_voltammogram)};
    return cmocka_run_group_tests_name("thesis_lab", tests, NULL, NULL);
}
