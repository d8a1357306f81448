/* SPDX-License-Identifier: BSD-3-Clause */
/* A study of files that the test writes: what goes wrong is told with its line, what goes right stands in the database. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/report.h"
#include "closo/study.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

static const char study_text[] = "title: Try\n"          /* 1 */
                                 "author: me\n"          /* 2 */
                                 "files:\n"              /* 3 */
                                 "  - id: ramp\n"        /* 4 */
                                 "    path: %s\n"        /* 5 */
                                 "    reference: Na\n"   /* 6 */
                                 "    area: 1.131 cm2\n" /* 7 */
                                 "tasks:\n"              /* 8 */
                                 "  - analysis: cv\n"    /* 9 */
                                 "    files: [ramp]\n"   /* 10 */
                                 "  - analysis: onset\n" /* 11 */
                                 "    files: [ramp]\n";  /* 12 */

static char data_path[1024], study_path[1024], folder[1024];

/* 2 V to 4 V and back at 1 mV/s; a resistor of 1 Mohm from 3 V on over a 1 mF double layer. */
static void write_data(void)
{
    FILE *file = fopen(data_path, "w");
    assert_non_null(file);
    fputs("time/s,Ewe/V,I/mA\n", file);
    for (int i = 0; i <= 4000; i++) {
        double potential_V = i <= 2000 ? 2 + 1e-3 * i : 6 - 1e-3 * i;
        double current_mA = (i <= 2000 ? 1e-3 : -1e-3) + fmax(0, potential_V - 3) * 1e-3;
        fprintf(file, "%d,%.4f,%.9g\n", i, potential_V, current_mA);
    }
    fclose(file);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(data_path, sizeof data_path, "%s", temporary_path("ramp.csv"));
    snprintf(study_path, sizeof study_path, "%s", temporary_path("study.yaml"));
    snprintf(folder, sizeof folder, "%s", temporary_path("results"));
    write_data();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(data_path);
    unlink(study_path);
    return 0;
}

/* Writes the study with `from` replaced by `to`. */
static void write_study(const char *from, const char *to)
{
    char text[4096];
    snprintf(text, sizeof text, study_text, strrchr(data_path, '/') + 1);
    FILE *file = fopen(study_path, "w");
    assert_non_null(file);
    char *at = from != NULL ? strstr(text, from) : NULL;
    if (at != NULL)
        fprintf(file, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    else
        fputs(text, file);
    fclose(file);
}

static void wrong_studies_are_explained(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *says;
        int line;
    } cases[] = {
        {"reference:", "refrence:", "did you mean 'reference'", 6},
        {"area:", "qwertz:", "does not belong here", 7},
        {"1.131 cm2", "1.131 V", "'1.131 cm2'", 7},
        {"1.131 cm2", "1.131", "no unit", 7},
        {"1.131 cm2", "0 cm2", "larger than zero", 7},
        {"1.131 cm2", "-1 cm2", "larger than zero", 7},
        {"reference: Na", "reference: Nax", "'Nax' is not a reference electrode", 6},
        {"ramp.csv", "ramb.csv", "there is no file", 5},
        {"[ramp]", "[rump]", "'rump'", 10},
        {"analysis: cv", "analysis: vc", "there are onset, cv", 9},
        {"title: Try\n", "", "'title' is missing", 0},
        {"files:\n", "files: 3\nx:\n", "wants a list", 3},
        {"title: Try", "title: [a, b]", "'title' wants one text", 1},
        {"[ramp]\n  - analysis: onset", "[ramp]\n  - analysis: onset\n    background: 3..2 V",
         "high to low", 12},
        {"[ramp]\n  - analysis: onset", "[ramp]\n  - analysis: onset\n    max_onsets: -1",
         "whole number", 12},
        {"[ramp]\n  - analysis: onset", "[ramp]\n  - analysis: onset\n    min_r2: 1.5",
         "between 0 and 1", 12},
        {"area:", "electrolyte: NaXx\n    area:", "Xx", 7},
        {"title: Try", "\t@", "not YAML", 0},
        {"[ramp]\n  - analysis: onset", "[ramp]\n  - analysis: onset\n    sweep: anodic",
         "first anodic", 12},
        {"[ramp]\n  - analysis: onset", "[ramp]\n    cutoff: 1 uA\n  - analysis: onset",
         "belongs to 'onset'", 11},
        {"area:", "temperature: -500 degC\n    area:", "absolute zero", 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_study *study;
        closo_error error = {0};
        write_study(cases[i].from, cases[i].to);
        assert_int_equal(closo_study_load(study_path, arena, &study, &error), CLOSO_FORMAT);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("'%s' gives: %s", cases[i].to, error.message);
        if (cases[i].line != 0 && error.line != cases[i].line)
            fail_msg("'%s' is said to be on line %d: %s", cases[i].to, (int)error.line,
                     error.message);
        assert_string_equal(error.file, study_path);
        closo_arena_free(arena);
    }
}

static double ask(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement;
    double value = NAN;
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    if (sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_double(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static void results_stand_in_the_database_and_the_report(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_study *study;
    closo_error error = {0};
    write_study(NULL, NULL);
    assert_int_equal(closo_study_load(study_path, arena, &study, &error), CLOSO_OK);
    assert_int_equal(closo_study_run(study, NULL, NULL, &error), CLOSO_OK);
    assert_int_equal(study->failed_count, 0);
    assert_int_equal(study->result_count, 2);
    assert_string_equal(closo_analysis_name(study->tasks[0].analysis), "cv");
    assert_string_equal(closo_analysis_name(study->tasks[1].analysis), "onset");
    /* the reference of the file is the study's */
    assert_string_equal(study->results[0].voltammogram->reference.name, "Na+/Na");

    char path[1200];
    assert_int_equal(closo_folder_make(folder, &error), CLOSO_OK);
    snprintf(path, sizeof path, "%s/results.sqlite", folder);
    assert_int_equal(closo_study_write_database(study, path, &error), CLOSO_OK);
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_near(ask(database, "SELECT count(*) FROM result"), 2, 0);
    assert_near(ask(database, "SELECT row_count FROM file WHERE id = 'ramp'"), 4001, 0);
    /* Charge of the way up: 1 uA for 2000 s and a triangle of 1 uA over 1000 s. */
    assert_near(
        ask(database, "SELECT value FROM number WHERE result = 1 AND name = 'sweeps[0].anodic_C'"),
        2e-3 + 0.5e-3, 5e-6);
    assert_near(
        ask(database, "SELECT value FROM number WHERE result = 2 AND name = 'onsets[0].onset_V'"),
        3.0, 1e-3);
    assert_true(
        ask(database, "SELECT sigma FROM number WHERE result = 2 AND name = 'onsets[0].onset_V'") >=
        0);
    sqlite3_close(database);
    unlink(path);

    snprintf(path, sizeof path, "%s/results.json", folder);
    assert_int_equal(closo_study_write_json(study, path, &error), CLOSO_OK);
    unlink(path);
    snprintf(path, sizeof path, "%s/report.html", folder);
    assert_int_equal(closo_report_write(study, "2026-01-01", path, &error), CLOSO_OK);
    unsigned char *page;
    size_t size;
    assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &page, &size, &error), CLOSO_OK);
    assert_non_null(strstr((char *)page, "<svg"));
    assert_null(strstr((char *)page, "<script"));
    assert_null(strstr((char *)page, "src=\"http"));
    unlink(path);
    rmdir(folder);
    closo_arena_free(arena);
}

static void a_damaged_file_costs_only_its_own_results(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_study *study;
    closo_error error = {0};
    char broken[1024];
    snprintf(broken, sizeof broken, "%s", temporary_path("broken.mpr"));
    FILE *file = fopen(broken, "w");
    fputs("BIO-LOGIC MODULAR FILE\x1a and nothing more", file);
    fclose(file);
    char more[2048];
    snprintf(more, sizeof more, "files:\n  - id: broken\n    path: %s\n", strrchr(broken, '/') + 1);
    write_study("files:\n", more);
    assert_int_equal(closo_study_load(study_path, arena, &study, &error), CLOSO_OK);
    assert_int_equal(closo_study_run(study, NULL, NULL, &error), CLOSO_OK);
    assert_int_equal(study->failed_count, 1);
    assert_null(study->files[0].table);
    assert_true(strlen(study->files[0].error.message) > 10);
    assert_non_null(study->results[0].json);
    unlink(broken);
    closo_arena_free(arena);
}

static bool stop_soon(void *user, double fraction, const char *what)
{
    (void)fraction;
    (void)what;
    return ++*(int *)user < 2;
}

static void a_run_stops_when_asked(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_study *study;
    int calls = 0;
    const closo_progress progress = {stop_soon, &calls};
    write_study(NULL, NULL);
    assert_int_equal(closo_study_load(study_path, arena, &study, NULL), CLOSO_OK);
    assert_int_equal(closo_study_run(study, &progress, NULL, NULL), CLOSO_CANCELLED);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_studies_are_explained),
        cmocka_unit_test(results_stand_in_the_database_and_the_report),
        cmocka_unit_test(a_damaged_file_costs_only_its_own_results),
        cmocka_unit_test(a_run_stops_when_asked),
    };
    return cmocka_run_group_tests_name("study", tests, set_up, tear_down);
}
