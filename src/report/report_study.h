/* SPDX-License-Identifier: BSD-3-Clause */
/* report_study.h: what an analysis puts into the report of a study. */
#ifndef CLOSO_REPORT_STUDY_H
#define CLOSO_REPORT_STUDY_H

#include "report_internal.h"

typedef struct report_composer {
    const closo_study *study;
    closo_page *page;
    closo_arena *arena;
} report_composer;

typedef struct report_analysis {
    const char *title; /* of a task that has none */
    /* One result, under a heading with its file's label. Results that failed do not come here. */
    void (*write)(const report_composer *report, const closo_study_result *result);
    /* What one wants to know first, a line each, in plain text; or NULL. */
    void (*headlines)(const closo_study_result *result, closo_arena *arena, closo_notes *lines);
    /* A table of all results of this analysis, at the top of the report; or NULL. */
    void (*summary)(const report_composer *report);
} report_analysis;

#define X(code, name) extern const report_analysis closo_report_##name;
CLOSO_ANALYSIS_LIST(X)
#undef X

/* The file a result is of. */
static inline const closo_study_file *report_file(const report_composer *report,
                                                  const closo_study_result *result)
{
    return &report->study->files[result->file];
}

/* The number, or NULL (a dash in a table) when it is not finite. */
static inline const char *report_number(const report_composer *report, double value, int digits)
{
    return value - value == 0 ? closo_page_number(report->page, value, digits) : NULL;
}

#endif
