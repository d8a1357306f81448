/* SPDX-License-Identifier: BSD-3-Clause */
/* report_drt.c: distributions of relaxation times in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

static const char *value_or_number(const report_composer *report, closo_value value)
{
    return isfinite(value.sigma) ? closo_page_value(report->page, value)
                                 : report_number(report, value.value, 4);
}

static void peaks_table(const report_composer *report, const closo_drt *drt)
{
    static const closo_page_column columns[] = {
        {"Resistance", "Ω", true}, {"Time constant", "s", true}, {"Frequency", "Hz", true},
        {"Exponent", NULL, true},  {"Capacitance", "F", true},   {"From", NULL, false},
    };
    closo_page_table_begin(report->page, "Processes", columns, sizeof columns / sizeof *columns);
    for (size_t p = 0; p < drt->peak_count; p++) {
        const closo_drt_peak *peak = &drt->peaks[p];
        if (peak->needless)
            continue;
        const char *cells[] = {
            value_or_number(report, peak->resistance_ohm),
            value_or_number(report, peak->tau_s),
            report_number(report, 1 / (6.28318530717958648 * peak->tau_s.value), 3),
            value_or_number(report, peak->exponent),
            report_number(report, peak->capacitance_F, 3),
            peak->fitted    ? "arc fitted to the data"
            : peak->outside ? "area, outside the frequencies"
                            : "area",
        };
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void write_drt(const report_composer *report, const closo_study_result *result)
{
    const closo_drt *drt = result->drt;
    closo_page_figure(report->page, closo_figure_drt(drt, NULL, report->arena),
                      closo_arena_printf(report->arena,
                                         "%s: distribution of relaxation times, λ = %.2g by %s.",
                                         report_file(report, result)->label, drt->lambda,
                                         closo_drt_criterion_name(drt->criterion)));
    peaks_table(report, drt);
    closo_page_callouts(report->page, CLOSO_CALLOUT_WARNING, drt->warnings.texts,
                        drt->warnings.count);
    closo_page_notes(report->page, &result->spectrum->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    for (size_t p = 0; p < result->drt->peak_count; p++) {
        const closo_drt_peak *peak = &result->drt->peaks[p];
        char resistance[128], tau[128];
        if (peak->needless || peak->outside)
            continue;
        closo_notes_add(
            lines, arena, "%s at %s",
            closo_value_text(peak->resistance_ohm, "ohm", resistance, sizeof resistance),
            closo_value_text(peak->tau_s, "s", tau, sizeof tau));
    }
}

const report_analysis closo_report_drt = {
    .title = "Distribution of relaxation times", .write = write_drt, .headlines = headlines};
