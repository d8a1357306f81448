/* SPDX-License-Identifier: BSD-3-Clause */
/* report_kk.c: Kramers-Kronig tests in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

static void summary(const report_composer *report)
{
    const closo_study *study = report->study;
    static const closo_page_column columns[] = {
        {"Spectrum", NULL, false},
        {"Verdict", NULL, false},
        {"Noise", "%", true},
        {"Residual", "%", true},
        {"Change while measured", "%", true},
        {"Bad points", NULL, true},
    };
    bool any = false;
    for (size_t i = 0; i < study->result_count; i++) {
        const closo_study_result *result = &study->results[i];
        if (study->tasks[result->task].analysis != CLOSO_ANALYSIS_KK || result->json == NULL)
            continue;
        if (!any)
            closo_page_table_begin(report->page, "Kramers-Kronig tests", columns,
                                   sizeof columns / sizeof *columns);
        any = true;
        const closo_kk_result *kk = result->kk;
        const closo_value drift = {100 * kk->drift.value, 100 * kk->drift.sigma};
        const char *cells[] = {
            report_file(report, result)->label,
            closo_kk_verdict_name(kk->verdict),
            report_number(report, 100 * kk->noise, 2),
            report_number(report, 100 * kk->residual_rms, 2),
            closo_page_value(report->page, drift),
            closo_arena_printf(report->arena, "%zu of %zu", kk->bad_count, kk->count),
        };
        closo_page_row(report->page, cells);
    }
    if (any)
        closo_page_table_end(report->page);
}

static void write_kk(const report_composer *report, const closo_study_result *result)
{
    const closo_kk_result *kk = result->kk;
    if (kk->verdict == CLOSO_KK_INCONSISTENT)
        closo_page_callout(report->page, CLOSO_CALLOUT_WARNING, "%s", kk->sentence);
    else
        closo_page_paragraph(report->page, "%s", kk->sentence);
    closo_page_figure(report->page, closo_figure_kk(kk, 0, NULL, report->arena),
                      closo_arena_printf(report->arena,
                                         "%s: what the Kramers-Kronig model leaves, and the band "
                                         "of four standard deviations of the noise.",
                                         report_file(report, result)->label));
    closo_page_callouts(report->page, CLOSO_CALLOUT_WARNING, kk->warnings.texts,
                        kk->warnings.count);
    closo_page_notes(report->page, &result->spectrum->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    closo_notes_add(lines, arena, "%s", result->kk->sentence);
}

const report_analysis closo_report_kk = {
    .title = "Kramers-Kronig test", .write = write_kk, .headlines = headlines, .summary = summary};
