/* SPDX-License-Identifier: BSD-3-Clause */
/* study_report.c: a study as one would send it to a supervisor: the numbers first, then how each came about, then the
 * data. What belongs to an analysis stands in report_<analysis>.c. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>
#include <string.h>

static const report_analysis *analysis_of(closo_analysis analysis)
{
    static const report_analysis *const analyses[] = {
#define X(code, name) &closo_report_##name,
        CLOSO_ANALYSIS_LIST(X)
#undef X
    };
    return analyses[analysis];
}

void closo_report_headlines(const closo_study *study, const closo_study_result *result,
                            closo_arena *arena, closo_notes *lines)
{
    const report_analysis *analysis = analysis_of(study->tasks[result->task].analysis);
    if (result->json != NULL && analysis->headlines != NULL)
        analysis->headlines(result, arena, lines);
}

/* Each analysis' own table of all its results, once, before the tasks. */
static void write_summaries(const report_composer *report)
{
#define X(code, name)                        \
    if (closo_report_##name.summary != NULL) \
        closo_report_##name.summary(report);
    CLOSO_ANALYSIS_LIST(X)
#undef X
}

/* What was expected of the numbers, beside what came out. */
static void write_expectations(const report_composer *report)
{
    static const closo_page_column columns[] = {{"Quantity", NULL, false}, {"Here", NULL, true},
                                                {"Expected", NULL, true},  {"Off by", NULL, true},
                                                {"", NULL, false},         {"From", NULL, false}};
    const closo_study *study = report->study;
    if (study->expectation_count == 0)
        return;
    closo_page_table_begin(report->page, "Beside what was expected", columns, 6);
    for (size_t i = 0; i < study->expectation_count; i++) {
        const closo_study_expectation *expected = &study->expectations[i];
        double sigma = expected->found.sigma;
        const char *here = report_number(report, expected->found.value, 4);
        if (here != NULL && sigma > 0)
            here = closo_page_value(report->page, expected->found);
        const char *cells[] = {expected->name,
                               here,
                               expected->value,
                               here != NULL ? report_number(report, expected->deviation, 2) : NULL,
                               !expected->judged ? ""
                               : expected->met   ? "met"
                                                 : "missed",
                               expected->source != NULL ? expected->source : ""};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void write_task(const report_composer *report, size_t task)
{
    const closo_study *study = report->study;
    const closo_study_task *done = &study->tasks[task];
    const report_analysis *analysis = analysis_of(done->analysis);
    closo_page_heading(report->page, 1, done->title != NULL ? done->title : analysis->title);
    for (size_t i = 0; i < study->result_count; i++) {
        const closo_study_result *result = &study->results[i];
        if (result->task != task)
            continue;
        if (!result->together)
            closo_page_heading(report->page, 2, study->files[result->file].label);
        if (result->json == NULL) {
            char text[1200];
            closo_page_callout(report->page, CLOSO_CALLOUT_ERROR, "This could not be done: %s",
                               closo_error_text(&result->error, text, sizeof text));
            continue;
        }
        analysis->write(report, result);
    }
}

static void file_metadata(const report_composer *report, const closo_study_file *file)
{
    enum { MOST = 40 };
    const closo_table *table = file->table;
    const char *names[MOST + 6], *values[MOST + 6];
    size_t count = 0;
    names[count] = "file";
    values[count++] = file->path;
    names[count] = "SHA-256";
    values[count++] = file->sha256;
    names[count] = "format";
    values[count++] = table->format;
    names[count] = "rows";
    values[count++] = closo_arena_printf(report->arena, "%zu", table->row_count);
    if (file->electrolyte != NULL) {
        names[count] = "electrolyte";
        values[count++] =
            closo_arena_printf(report->arena, "%s, %.3f g/mol", file->electrolyte,
                               file->electrolyte_formula.molar_mass_kg_per_mol.value * 1e3);
    }
    for (size_t i = 0; i < table->metadatum_count && i < MOST; i++) {
        const closo_metadatum *entry = &table->metadata[i];
        names[count] = entry->key;
        values[count++] = entry->text != NULL ? entry->text
                                              : closo_arena_printf(report->arena, "%.6g %s",
                                                                   entry->number, entry->unit);
    }
    for (size_t i = 0; i < count; i++)
        if (values[i] == NULL)
            values[i] = "";
    closo_page_metadata(report->page, names, values, count);
}

enum { ROWS_IN_FULL = 5 }; /* a file of so few rows is shown as numbers */

static void file_rows(const report_composer *report, const closo_table *table)
{
    static const closo_page_column columns[] = {{"Column", NULL, false}, {"Values", NULL, true}};
    closo_page_table_begin(report->page, "What the file holds", columns, 2);
    for (size_t c = 0; c < table->column_count; c++) {
        double values[ROWS_IN_FULL];
        closo_column_read(&table->columns[c], 0, table->row_count, values);
        const char *text = "";
        for (size_t i = 0; i < table->row_count && text != NULL; i++)
            text = closo_arena_printf(report->arena, "%s%s%s", text, i != 0 ? ", " : "",
                                      closo_page_number(report->page, values[i], 7));
        const char *cells[] = {table->columns[c].name, text};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void write_file(const report_composer *report, const closo_study_file *file)
{
    closo_page_heading(report->page, 2, file->label);
    if (file->table == NULL) {
        char text[1200];
        closo_page_callout(report->page, CLOSO_CALLOUT_ERROR, "%s",
                           closo_error_text(&file->error, text, sizeof text));
        return;
    }
    closo_page_notes(report->page, &file->table->notes);
    const closo_figure *figure = closo_figure_table(file->table, NULL, report->arena);
    if (figure != NULL)
        closo_page_figure(
            report->page, figure,
            closo_arena_printf(report->arena, "%s: what the file holds.", file->label));
    else if (file->table->row_count != 0 && file->table->row_count <= ROWS_IN_FULL)
        file_rows(report, file->table);
    closo_page_details_begin(report->page, "What is known about the measurement");
    file_metadata(report, file);
    closo_page_details_end(report->page);
}

static void write_origin(const report_composer *report)
{
    const closo_study *study = report->study;
    closo_page_heading(report->page, 1, "How this report was made");
    closo_page_paragraph(report->page,
                         "closo " CLOSO_VERSION
                         " run on the study below (SHA-256 %s). The same files and the "
                         "same study give the same numbers on every machine.",
                         study->sha256);
    unsigned char *bytes;
    size_t size;
    if (closo_file_read(study->path, SIZE_MAX, report->arena, &bytes, &size, NULL) != CLOSO_OK)
        return;
    closo_page_details_begin(report->page, "The study file");
    closo_page_code(report->page, (const char *)bytes);
    closo_page_details_end(report->page);
}

closo_status closo_report_write(const closo_study *study, const char *date, const char *path,
                                closo_error *error)
{
    const closo_page_about about = {.title = study->title, .author = study->author, .date = date};
    report_composer report = {study, closo_page_new(&about, study->arena), study->arena};
    if (study->synthetic)
        closo_page_callout(
            report.page, CLOSO_CALLOUT_WARNING,
            "Synthetic data: the files of this study come from a seeded generator or a simulated "
            "cell, not from an instrument.");
    if (study->failed_count != 0)
        closo_page_callout(
            report.page, CLOSO_CALLOUT_ERROR,
            "%zu part%s of this study could not be done; the reason stands in its place.",
            study->failed_count, study->failed_count == 1 ? "" : "s");
    if (study->about != NULL)
        closo_page_paragraph(report.page, "%s", study->about);
    write_expectations(&report);
    write_summaries(&report);
    for (size_t t = 0; t < study->task_count; t++)
        write_task(&report, t);
    closo_page_heading(report.page, 1, "The data");
    for (size_t f = 0; f < study->file_count; f++)
        write_file(&report, &study->files[f]);
    write_origin(&report);
    size_t length = 0;
    const char *text = closo_page_finish(report.page, &length);
    if (text == NULL)
        return closo_fail_nomem(error);
    return closo_file_write(path, text, length, study->arena, error);
}
