/* SPDX-License-Identifier: BSD-3-Clause */
/* report_onset.c: onsets in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

static void summary_row(const report_composer *report, const closo_study_result *result,
                        size_t onset)
{
    const closo_sweep *sweep = &result->voltammogram->sweeps[result->onset.sweep_index];
    bool first = onset == 0, found = onset < result->onset.onset_count;
    const char *cells[] = {
        first ? report_file(report, result)->label : "",
        first ? closo_page_number(report->page, fabs(sweep->rate_V_per_s) * 1e6, 3) : "",
        found ? closo_page_value(report->page, result->onset.onsets[onset].potential_V)
              : "none found",
        result->voltammogram->reference.name,
        first ? closo_arena_printf(report->arena, "%zu", result->onset.warnings.count) : "",
    };
    closo_page_row(report->page, cells);
}

static void summary_onsets(const report_composer *report)
{
    const closo_study *study = report->study;
    static const closo_page_column columns[] = {
        {"Sample", NULL, false},  {"Scan rate", "µV/s", true}, {"Onset", "V", true},
        {"Against", NULL, false}, {"Warnings", NULL, true},
    };
    bool any = false;
    for (size_t i = 0; i < study->result_count; i++) {
        const closo_study_result *result = &study->results[i];
        if (study->tasks[result->task].analysis != CLOSO_ANALYSIS_ONSET || result->json == NULL)
            continue;
        if (!any)
            closo_page_table_begin(report->page, "Onset potentials, with one standard uncertainty",
                                   columns, sizeof columns / sizeof *columns);
        any = true;
        summary_row(report, result, 0);
        for (size_t k = 1; k < result->onset.onset_count; k++)
            summary_row(report, result, k);
    }
    if (any)
        closo_page_table_end(report->page);
}

static void onset_lines(const report_composer *report, const closo_study_result *result)
{
    static const closo_page_column columns[] = {
        {"Line", NULL, false},  {"From", "V", true},   {"To", "V", true},
        {"Slope", "A/V", true}, {"R^{2}", NULL, true}, {"Points", NULL, true},
    };
    closo_page_table_begin(report->page, "The fitted lines", columns,
                           sizeof columns / sizeof *columns);
    for (size_t k = 0; k < result->onset.onset_count; k++) {
        const closo_onset *onset = &result->onset.onsets[k];
        const closo_sweep_line *lines[] = {&onset->background, &onset->rising};
        for (size_t l = 0; l < 2; l++) {
            const char *cells[] = {
                closo_arena_printf(report->arena, "%s %zu%s", l == 0 ? "background" : "rise", k + 1,
                                   l == 0 && onset->background_flat ? " (flat)" : ""),
                closo_page_number(report->page, lines[l]->from_V, 4),
                closo_page_number(report->page, lines[l]->to_V, 4),
                closo_page_number(report->page, lines[l]->slope_S, 4),
                closo_page_number(report->page, lines[l]->r2, 4),
                closo_arena_printf(report->arena, "%zu", lines[l]->point_count),
            };
            closo_page_row(report->page, cells);
        }
    }
    closo_page_table_end(report->page);
}

static void onset_criteria(const report_composer *report, const closo_onset_result *onset)
{
    static const closo_page_column columns[] = {{"Other criteria", NULL, false},
                                                {"Potential", "V", true}};
    const closo_onset_criteria *criteria = &onset->criteria;
    const struct {
        const char *name;
        double potential_V;
    } rows[] = {
        {closo_arena_printf(report->arena, "departure from the background by %g sigma",
                            criteria->departure_sigmas),
         criteria->departure_V},
        {"steepest tangent on the background", criteria->tangent_V},
        {"Tafel line on the background's scatter", criteria->tafel_V},
        {closo_arena_printf(report->arena, "cut-off current %.3g µA", criteria->cutoff_A * 1e6),
         criteria->cutoff_V},
    };
    closo_page_table_begin(report->page, "What other criteria would say", columns, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i == 3 && !isfinite(criteria->cutoff_A))
            continue;
        const char *cells[] = {rows[i].name,
                               isfinite(rows[i].potential_V)
                                   ? closo_page_number(report->page, rows[i].potential_V, 4)
                                   : NULL};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

/* An onset that is lost in the scale of the whole sweep gets a figure of its own. */
static bool is_small(const closo_onset_result *result, const closo_onset *onset)
{
    double low_A = INFINITY, high_A = -INFINITY;
    for (size_t i = 0; i < result->bin_count; i++) {
        low_A = fmin(low_A, result->bin_current_A[i]);
        high_A = fmax(high_A, result->bin_current_A[i]);
    }
    double rise_A = fabs(onset->rising.slope_S * (onset->rising.to_V - onset->potential_V.value));
    return rise_A < 0.25 * (high_A - low_A);
}

static void write_onset(const report_composer *report, const closo_study_result *result)
{
    const closo_study_file *file = report_file(report, result);
    const closo_figure *figure = closo_figure_onset(result->voltammogram, &result->onset,
                                                    &file->normalisation, NULL, report->arena);
    closo_page_figure(
        report->page, figure,
        closo_arena_printf(
            report->arena,
            "%s: the sweep, the two lines of each onset and, shaded, the windows they were fitted in.",
            file->label));
    closo_page_side_by_side_begin(report->page);
    for (size_t k = 0; k < result->onset.onset_count; k++) {
        if (!is_small(&result->onset, &result->onset.onsets[k]))
            continue;
        figure = closo_figure_onset_near(result->voltammogram, &result->onset, k,
                                         &file->normalisation, NULL, report->arena);
        closo_page_figure(
            report->page, figure,
            closo_arena_printf(report->arena, "%s: onset %zu, enlarged.", file->label, k + 1));
    }
    closo_page_side_by_side_end(report->page);
    if (result->onset.onset_count == 0)
        closo_page_callout(report->page, CLOSO_CALLOUT_NOTE,
                           "No onset: in this sweep the current does not leave its background.");
    else
        onset_lines(report, result);
    onset_criteria(report, &result->onset);
    closo_page_callouts(report->page, CLOSO_CALLOUT_WARNING, result->onset.warnings.texts,
                        result->onset.warnings.count);
    closo_page_notes(report->page, &result->voltammogram->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    const char *versus = result->voltammogram->reference.name;
    for (size_t k = 0; k < result->onset.onset_count; k++) {
        char text[128];
        closo_notes_add(
            lines, arena, "onset %s%s%s",
            closo_value_text(result->onset.onsets[k].potential_V, "V", text, sizeof text),
            versus != NULL ? " vs " : "", versus != NULL ? versus : "");
    }
    if (result->onset.onset_count == 0)
        closo_notes_add(lines, arena, "no onset");
}

const report_analysis closo_report_onset = {.title = "Onset of oxidation",
                                            .write = write_onset,
                                            .headlines = headlines,
                                            .summary = summary_onsets};
