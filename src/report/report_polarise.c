/* SPDX-License-Identifier: BSD-3-Clause */
/* report_polarise.c: polarisation at constant voltage in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

static closo_value scaled(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * factor};
}

static const char *cell(const report_composer *report, closo_value value)
{
    return isfinite(value.value) ? closo_page_value(report->page, value) : NULL;
}

static void write_polarise(const report_composer *report, const closo_study_result *result)
{
    const closo_polarisation *polarisation = result->polarisation;
    static const closo_page_column columns[] = {
        {"Voltage", "V", true},     {"Time", "h", true},         {"Steady current", "nA", true},
        {"Last tenth", "nA", true}, {"Conductance", "nS", true}, {"Law", NULL, false},
        {"Settled", NULL, false}};
    closo_page_figure(report->page, closo_figure_polarisation(polarisation, NULL, report->arena),
                      closo_arena_printf(report->arena,
                                         "%s: current after each step of voltage, and its law.",
                                         report_file(report, result)->label));
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t s = 0; s < polarisation->step_count; s++) {
        const closo_polarisation_step *step = &polarisation->steps[s];
        const char *cells[] = {report_number(report, step->applied_V, 5),
                               report_number(report, step->duration_s / 3600, 4),
                               cell(report, scaled(step->transient.steady_A, 1e9)),
                               cell(report, scaled(step->transient.last_A, 1e9)),
                               cell(report, scaled(step->conductance_S, 1e9)),
                               closo_transient_model_name(step->transient.best),
                               step->transient.settled ? "yes" : "no"};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
    closo_page_details_begin(report->page, "The rule");
    closo_page_paragraph(report->page, "%s.", polarisation->rule);
    closo_page_details_end(report->page);
    closo_page_notes(report->page, &polarisation->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    const closo_polarisation *polarisation = result->polarisation;
    char text[128];
    if (isfinite(polarisation->conductivity_S_per_m.value))
        closo_notes_add(lines, arena, "conductivity %s, from %zu voltage%s",
                        closo_value_text(scaled(polarisation->conductivity_S_per_m, 0.01), "S/cm",
                                         text, sizeof text),
                        polarisation->step_count, polarisation->step_count == 1 ? "" : "s");
    else
        closo_notes_add(
            lines, arena, "steady current at %.4g V: %s", polarisation->steps[0].applied_V,
            closo_value_text(polarisation->steps[0].transient.steady_A, "A", text, sizeof text));
}

const report_analysis closo_report_polarise = {
    .title = "Polarisation", .write = write_polarise, .headlines = headlines};
