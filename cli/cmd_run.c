/* SPDX-License-Identifier: BSD-3-Clause */
/* closo run: a study file becomes a report, a database and JSON. */
#define _POSIX_C_SOURCE 200809L
#include "cli.h"

#include "base/base_internal.h"
#include "closo/report.h"

#include <math.h>
#include <time.h>
#include <unistd.h>

/* A bar on a terminal, nothing in a pipe. */
static bool draw_bar(void *user, double fraction, const char *what)
{
    enum { WIDTH = 30 };
    (void)user;
    int filled = (int)(fraction * WIDTH + 0.5);
    fprintf(stderr, "\r\033[K[%.*s%*s] %s", filled, "##############################",
            WIDTH - filled, "", fraction < 1 ? what : "");
    if (fraction >= 1)
        fputs("\r\033[K", stderr);
    return true;
}

static void write_log(void *user, closo_log_level level, const char *area, const char *text)
{
    (void)user;
    (void)area;
    if (level <= CLOSO_LOG_WARNING)
        fprintf(stderr, "closo: %s\n", text);
}

static void print_headlines(const closo_study *study)
{
    for (size_t i = 0; i < study->result_count; i++) {
        const closo_study_result *result = &study->results[i];
        const closo_study_task *task = &study->tasks[result->task];
        closo_notes lines = {0};
        closo_report_headlines(study, result, study->arena, &lines);
        for (size_t k = 0; k < lines.count; k++) {
            const char *label = study->files[result->file].label;
            if (result->together)
                label = task->title != NULL ? task->title : closo_analysis_name(task->analysis);
            cli_print_padded(k == 0 ? label : "", 44);
            printf("%s\n", lines.texts[k]);
        }
    }
}

/* How much of what was expected came out; what did not, by name. */
static void print_expectations(const closo_study *study)
{
    size_t judged = 0, met = 0;
    for (size_t i = 0; i < study->expectation_count; i++) {
        judged += study->expectations[i].judged ? 1 : 0;
        met += study->expectations[i].met ? 1 : 0;
    }
    if (study->expectation_count == 0)
        return;
    cli_print_padded("expected", 44);
    printf("%zu of %zu met\n", met, judged);
    for (size_t i = 0; i < study->expectation_count; i++) {
        const closo_study_expectation *expected = &study->expectations[i];
        if (expected->met || (!expected->judged && isfinite(expected->found.value)))
            continue;
        cli_print_padded("", 44);
        if (isfinite(expected->found.value))
            printf("missed: %s is %.4g, expected %s\n", expected->name, expected->found.value,
                   expected->value);
        else
            printf("missed: %s: the result has no number %s\n", expected->name, expected->number);
    }
}

static int write_results(closo_study *study, const char *folder, closo_arena *arena)
{
    closo_error error = {0};
    char date[32];
    time_t now = time(NULL);
    struct tm local;
    if (localtime_r(&now, &local) == NULL || strftime(date, sizeof date, "%Y-%m-%d", &local) == 0)
        date[0] = '\0';
    const char *report = closo_arena_printf(arena, "%s/report.html", folder);
    const char *json = closo_arena_printf(arena, "%s/results.json", folder);
    const char *database = closo_arena_printf(arena, "%s/results.sqlite", folder);
    if (report == NULL || json == NULL || database == NULL)
        return cli_no_memory();
    if (closo_folder_make(folder, &error) != CLOSO_OK ||
        closo_study_write_json(study, json, &error) != CLOSO_OK ||
        closo_study_write_database(study, database, &error) != CLOSO_OK ||
        closo_report_write(study, date, report, &error) != CLOSO_OK)
        return cli_fail(&error);
    return EXIT_DONE;
}

static int run(const cli_call *call)
{
    closo_study *study;
    closo_error error = {0};
    if (closo_study_load(call->inputs[0], call->arena, &study, &error) != CLOSO_OK)
        return cli_fail(&error);
    const closo_progress bar = {draw_bar, NULL};
    const closo_log log = {write_log, NULL};
    if (closo_study_run(study, isatty(STDERR_FILENO) ? &bar : NULL, &log, &error) != CLOSO_OK)
        return cli_fail(&error);
    const char *folder = cli_value(call, "--output");
    if (folder == NULL)
        folder = study->output[0] == '/' || study->folder[0] == '\0'
                     ? study->output
                     : closo_arena_printf(call->arena, "%s/%s", study->folder, study->output);
    if (folder == NULL)
        return cli_no_memory();
    int wrong = write_results(study, folder, call->arena);
    if (wrong != EXIT_DONE)
        return wrong;
    if (cli_given(call, "--json")) {
        unsigned char *text;
        size_t size;
        const char *path = closo_arena_printf(call->arena, "%s/results.json", folder);
        if (path == NULL ||
            closo_file_read(path, SIZE_MAX, call->arena, &text, &size, &error) != CLOSO_OK)
            return cli_fail(&error);
        fwrite(text, 1, size, stdout);
    } else {
        printf("%s: %zu file%s, %zu result%s%s\n", study->title, study->file_count,
               study->file_count == 1 ? "" : "s", study->result_count,
               study->result_count == 1 ? "" : "s", study->synthetic ? " (synthetic data)" : "");
        print_headlines(study);
        print_expectations(study);
        printf("report    %s/report.html\ndatabase  %s/results.sqlite\nJSON      %s/results.json\n",
               folder, folder, folder);
    }
    return study->failed_count == 0 ? EXIT_DONE : EXIT_FAILED;
}

static const cli_option options[] = {
    {"--output", "FOLDER",
     "where to put the results (-o for short); without it, where the study says"},
    {"--json", NULL, "print the results as one JSON object"},
};

const cli_command cli_run = {
    .name = "run",
    .summary = "a study file becomes an HTML report, a database of results and JSON",
    .inputs = "STUDY.yaml",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Reads the raw files that a study names, makes the analyses it asks for, and leaves a\n"
        "report in one file, a SQLite database and JSON. What fails is said and stops nothing\n"
        "else; the exit status is then 1. docs/study.md lists every key of a study.",
    .example = "  closo run examples/onset/study.yaml --output /tmp/onset-report",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
