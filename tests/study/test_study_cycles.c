/* SPDX-License-Identifier: BSD-3-Clause */
/* A study with a task `cycles`: from a file to the JSON, the database and the report. */
#include "support.h"

#include "closo/report.h"
#include "closo/study.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char data_path[512], study_path[512];

/* Three cycles of 1 mA: 1000 s up, 900 s down, between 3 and 4 V. */
static void write_data(void)
{
    FILE *file = fopen(data_path, "w");
    assert_non_null(file);
    fputs("time/s,Ewe/V,I/mA\n", file);
    double start_s = 0;
    for (int half = 0; half < 6; half++) {
        int rows = half % 2 == 0 ? 100 : 90;
        for (int i = 0; i <= rows; i++) {
            double share = (double)i / rows;
            fprintf(file, "%g,%g,%g\n", start_s + 10.0 * i, half % 2 == 0 ? 3 + share : 4 - share,
                    half % 2 == 0 ? 1.0 : -1.0);
        }
        start_s += 10.0 * rows;
    }
    fclose(file);
}

static void write_study(const char *role, const char *task)
{
    FILE *file = fopen(study_path, "w");
    assert_non_null(file);
    fprintf(file,
            "title: Cycles\nfiles:\n  - id: cell\n    path: %s\n    mass: 2 mg\n"
            "    capacity: 0.25 mAh\n    role: %s\ntasks:\n  - analysis: cycles\n"
            "    files: [cell]\n%s",
            strrchr(data_path, '/') + 1, role, task);
    fclose(file);
}

static void cycles_from_file_to_report(void **state)
{
    (void)state;
    snprintf(data_path, sizeof data_path, "%s", temporary_path("cell.csv"));
    snprintf(study_path, sizeof study_path, "%s", temporary_path("cycles.yaml"));
    char report_path[512];
    snprintf(report_path, sizeof report_path, "%s", temporary_path("cycles.html"));
    write_data();
    write_study("cathode", "    reference_cycle: 2\n");
    closo_arena *arena = closo_arena_new(0);
    closo_study *study;
    closo_error error = {0};
    if (closo_study_load(study_path, arena, &study, &error) != CLOSO_OK ||
        closo_study_run(study, NULL, NULL, &error) != CLOSO_OK ||
        closo_report_write(study, NULL, report_path, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(study->failed_count, 0);
    const closo_cycling *cycling = study->results[0].cycling;
    assert_int_equal(cycling->cycle_count, 3);
    assert_int_equal(cycling->role, CLOSO_ROLE_CATHODE);
    assert_int_equal(cycling->summary.retention.reference_cycle, 2);
    assert_near(cycling->cycles[0].coulombic_efficiency, 0.9, 1e-9);
    assert_near(cycling->cycles[0].charge_rate_per_h, 4.0, 1e-9);
    assert_non_null(strstr(study->results[0].json, "\"discharge_mAh_g\": 125"));
    FILE *file = fopen(report_path, "r");
    char *text = closo_arena_alloc(arena, 4000000, 1);
    assert_non_null(file);
    text[fread(text, 1, 3999999, file)] = '\0';
    fclose(file);
    assert_non_null(strstr(text, "Coulombic efficiency"));
    assert_non_null(strstr(text, "coulombic efficiency afterwards"));
    unlink(report_path);
    unlink(study_path);
    unlink(data_path);
    closo_arena_free(arena);
}

static void wrong_words(void **state)
{
    (void)state;
    static const struct {
        const char *role, *task, *says;
    } cases[] = {
        {"plus", "", "no role of a working electrode"},
        {"cathode", "    sweep: first anodic\n", "belongs to 'onset'"},
        {"cathode", "    reference_cycles: 2\n", "did you mean 'reference_cycle'"},
    };
    snprintf(data_path, sizeof data_path, "%s", temporary_path("cell2.csv"));
    snprintf(study_path, sizeof study_path, "%s", temporary_path("cycles2.yaml"));
    write_data();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_study(cases[i].role, cases[i].task);
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
        cmocka_unit_test(cycles_from_file_to_report),
        cmocka_unit_test(wrong_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
