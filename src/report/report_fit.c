/* SPDX-License-Identifier: BSD-3-Clause */
/* report_fit.c: a virtual cell fitted to measurements, in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

/* In the unit of the description; without sigma where the data do not tell it, which is said beside. */
static closo_value in_unit(const closo_fit_result_parameter *made)
{
    const closo_unit *unit = &made->parameter.in;
    return (closo_value){(made->value.value - unit->offset) / unit->factor,
                         made->told ? made->value.sigma / unit->factor : (double)NAN};
}

static void parameters(const report_composer *report, const closo_cell_fit *fit)
{
    static const closo_page_column columns[] = {{"Number", NULL, false}, {"Value", NULL, true},
                                                {"Unit", NULL, false},   {"Start", NULL, true},
                                                {"Lowest", NULL, true},  {"Highest", NULL, true},
                                                {"Remark", NULL, false}};
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t k = 0; k < fit->parameter_count; k++) {
        const closo_fit_result_parameter *made = &fit->parameters[k];
        const closo_fit_parameter *parameter = &made->parameter;
        const closo_unit *unit = &parameter->in;
        const char *remark = made->at_low || made->at_high ? "at its bound"
                             : !made->told                 ? "not told"
                                                           : "";
        const char *cells[] = {
            parameter->path,
            closo_page_value(report->page, in_unit(made)),
            parameter->unit,
            report_number(report, (parameter->start - unit->offset) / unit->factor, 4),
            report_number(report, (parameter->low - unit->offset) / unit->factor, 4),
            report_number(report, (parameter->high - unit->offset) / unit->factor, 4),
            remark};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void correlations(const report_composer *report, const closo_cell_fit *fit)
{
    static const closo_page_column columns[] = {
        {"One", NULL, false}, {"Other", NULL, false}, {"Correlation", NULL, true}};
    const size_t n = fit->parameter_count;
    if (n < 2)
        return;
    closo_page_details_begin(report->page, "Correlations");
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            const char *cells[] = {fit->parameters[a].parameter.path,
                                   fit->parameters[b].parameter.path,
                                   report_number(report, fit->correlation[a * n + b], 3)};
            closo_page_row(report->page, cells);
        }
    closo_page_table_end(report->page);
    closo_page_details_end(report->page);
}

static void write_fit(const report_composer *report, const closo_study_result *result)
{
    const closo_cell_fit *fit = result->fit;
    parameters(report, fit);
    for (size_t i = 0; i < fit->weak_count; i++)
        closo_page_callout(report->page, CLOSO_CALLOUT_WARNING, "%s.", fit->weak[i].sentence);
    for (size_t s = 0; s < fit->set_count; s++) {
        closo_page_figure(report->page, closo_figure_cell_fit(fit, s, NULL, report->arena),
                          closo_arena_printf(report->arena, "%s: %s, measured and of the model.",
                                             fit->sets[s].name,
                                             closo_fit_quantity_name(fit->sets[s].quantity)));
        const closo_figure *profiles = closo_figure_cell_fit_profiles(fit, s, NULL, report->arena);
        if (profiles != NULL)
            closo_page_figure(report->page, profiles,
                              closo_arena_printf(report->arena,
                                                 "%s: potential of half cycles, measured (points) "
                                                 "and of the model (lines); it was not fitted.",
                                                 fit->sets[s].name));
    }
    correlations(report, fit);
    if (fit->start_count > 1)
        closo_page_paragraph(report->page, "%zu of %zu starts came to this minimum.", fit->agreeing,
                             fit->start_count);
    closo_page_notes(report->page, &fit->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    char text[128];
    for (size_t k = 0; k < result->fit->parameter_count; k++) {
        const closo_fit_result_parameter *made = &result->fit->parameters[k];
        closo_notes_add(lines, arena, "%s %s%s", made->parameter.path,
                        closo_value_text(in_unit(made), made->parameter.unit, text, sizeof text),
                        made->at_low || made->at_high ? ", at its bound"
                        : made->told                  ? ""
                                                      : ", not told");
    }
}

const report_analysis closo_report_fit = {
    .title = "A virtual cell, fitted", .write = write_fit, .headlines = headlines};
