/* SPDX-License-Identifier: BSD-3-Clause */
/* report_growth.c: the law by which a resistance grows, in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

static const char *cell(const report_composer *report, closo_value value, double factor)
{
    return isfinite(value.value)
               ? closo_page_value(report->page,
                                  (closo_value){factor * value.value, factor * value.sigma})
               : NULL;
}

static void write_growth(const report_composer *report, const closo_study_result *result)
{
    const closo_growth *growth = result->growth;
    const double area = growth->per_area ? 1e4 : 1;
    const closo_page_column columns[] = {
        {"Law", NULL, false},      {"R0", growth->per_area ? "Ω cm²" : "Ω", true},
        {"k (hours)", NULL, true}, {"Exponent", NULL, true},
        {"ΔAICc", NULL, true},     {"Weight", NULL, true}};
    closo_page_figure(report->page, closo_figure_growth(growth, NULL, report->arena),
                      closo_arena_printf(report->arena,
                                         "%s: resistance against the square root of time.",
                                         report_file(report, result)->label));
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (int law = 0; law < CLOSO_GROWTH_LAW_COUNT; law++) {
        const closo_growth_fit *fit = &growth->laws[law];
        double per_hours =
            law == CLOSO_GROWTH_LOGARITHMIC ? area : area * pow(3600, fit->exponent.value);
        const char *cells[] = {
            closo_arena_printf(report->arena, "%s%s", closo_growth_law_name((closo_growth_law)law),
                               law == (int)growth->best ? " *" : ""),
            cell(report, fit->initial, area),
            cell(report, fit->rate, per_hours),
            cell(report, fit->exponent, 1),
            report_number(report, fit->aicc, 3),
            report_number(report, fit->fitted ? fit->aicc_weight : (double)NAN, 3)};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
    closo_page_notes(report->page, &growth->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    const closo_growth *growth = result->growth;
    const closo_growth_fit *fit = &growth->laws[CLOSO_GROWTH_PARABOLIC];
    char text[128];
    double factor = (growth->per_area ? 1e4 : 1) * 60;
    if (!fit->fitted)
        return;
    closo_notes_add(
        lines, arena, "%s growth%s; parabolic rate constant %s",
        closo_growth_law_name(growth->best), growth->best == CLOSO_GROWTH_CONSTANT ? " (none)" : "",
        closo_value_text((closo_value){factor * fit->rate.value, factor * fit->rate.sigma},
                         growth->per_area ? "Ω cm² h^−1/2" : "Ω h^−1/2", text, sizeof text));
}

const report_analysis closo_report_growth = {
    .title = "Growth of a resistance", .write = write_growth, .headlines = headlines};
