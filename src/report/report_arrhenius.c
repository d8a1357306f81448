/* SPDX-License-Identifier: BSD-3-Clause */
/* report_arrhenius.c: activation energies in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

static void branches(const report_composer *report, const closo_arrhenius_fit *fit)
{
    static const closo_page_column columns[] = {{"From", "K", true},
                                                {"To", "K", true},
                                                {"Points", NULL, true},
                                                {"Activation energy", "eV", true},
                                                {"ln(A / (S K/cm))", NULL, true}};
    if (fit->branch_count == 0)
        return;
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t b = 0; b < fit->branch_count; b++) {
        const closo_arrhenius_branch *branch = &fit->branches[b];
        const closo_value prefactor = {branch->ln_prefactor.value - log(100),
                                       branch->ln_prefactor.sigma};
        const char *cells[] = {closo_page_number(report->page, branch->from_K, 4),
                               closo_page_number(report->page, branch->to_K, 4),
                               closo_arena_printf(report->arena, "%zu", branch->point_count),
                               closo_page_value(report->page, branch->energy_eV),
                               closo_page_value(report->page, prefactor)};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void models(const report_composer *report, const closo_arrhenius_result *result)
{
    static const closo_page_column columns[] = {{"Model", NULL, false},
                                                {"Parameters", NULL, true},
                                                {"BIC", NULL, true},
                                                {"rms of ln(σT)", NULL, true}};
    closo_page_details_begin(report->page, "The models");
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (int i = 0; i < CLOSO_ARRHENIUS_COUNT; i++) {
        const closo_arrhenius_fit *fit = &result->fits[i];
        const char *cells[] = {closo_arrhenius_text(fit->model),
                               closo_arena_printf(report->arena, "%zu", fit->parameter_count),
                               report_number(report, fit->bic, 4),
                               report_number(report, fit->residual_rms, 3)};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
    closo_page_paragraph(report->page, "%s.", result->reason);
    closo_page_details_end(report->page);
}

static void write_arrhenius(const report_composer *report, const closo_study_result *result)
{
    const closo_arrhenius_result *found = result->arrhenius;
    closo_page_figure(
        report->page, closo_figure_arrhenius(result->arrhenius_data, found, NULL, report->arena),
        closo_arena_printf(report->arena, "%s: conductivity and the chosen model (%s).",
                           report_file(report, result)->label,
                           closo_arrhenius_text(found->fits[found->chosen].model)));
    branches(report, &found->fits[found->chosen]);
    models(report, found);
    closo_page_callouts(report->page, CLOSO_CALLOUT_WARNING, found->warnings.texts,
                        found->warnings.count);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    const closo_arrhenius_result *found = result->arrhenius;
    const closo_arrhenius_fit *fit = &found->fits[found->chosen];
    char text[128];
    for (size_t b = 0; b < fit->branch_count; b++)
        closo_notes_add(lines, arena, "activation energy %s from %.0f to %.0f K",
                        closo_value_text(fit->branches[b].energy_eV, "eV", text, sizeof text),
                        fit->branches[b].from_K, fit->branches[b].to_K);
    if (isfinite(fit->transition_K.value))
        closo_notes_add(lines, arena, "transition at %s",
                        closo_value_text(fit->transition_K, "K", text, sizeof text));
    const closo_value conductivity = {1e-2 * found->conductivity_S_per_m.value,
                                      1e-2 * found->conductivity_S_per_m.sigma};
    closo_notes_add(lines, arena, "%s at %.1f °C",
                    closo_value_text(conductivity, "S/cm", text, sizeof text),
                    found->at_K - 273.15);
}

const report_analysis closo_report_arrhenius = {
    .title = "Conductivity against temperature", .write = write_arrhenius, .headlines = headlines};
