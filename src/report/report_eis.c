/* SPDX-License-Identifier: BSD-3-Clause */
/* report_eis.c: impedance spectra in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>
#include <string.h>

static void parameters(const report_composer *report, const closo_eis *eis)
{
    enum { COLUMNS_MAX = CLOSO_CIRCUIT_PARAMETERS_MAX + 2 };
    closo_page_column columns[COLUMNS_MAX];
    const char *cells[COLUMNS_MAX];
    const size_t n = eis->fits[0]->parameter_count;
    columns[0] = (closo_page_column){"Spectrum", NULL, false};
    for (size_t k = 0; k < n; k++) {
        const closo_fitted_parameter *p = &eis->fits[0]->parameters[k];
        columns[k + 1] =
            (closo_page_column){p->name, strcmp(p->unit, "1") == 0 ? NULL : p->unit, true};
    }
    columns[n + 1] = (closo_page_column){"Residual", "%", true};
    closo_page_table_begin(report->page, NULL, columns, n + 2);
    for (size_t s = 0; s < eis->spectrum_count; s++) {
        cells[0] = eis->spectra[s].name;
        for (size_t k = 0; k < n; k++) {
            const closo_fitted_parameter *p = &eis->fits[s]->parameters[k];
            cells[k + 1] = closo_page_value(report->page, (closo_value){p->value, p->sigma});
        }
        cells[n + 1] = report_number(report, 100 * eis->fits[s]->residual_rms, 3);
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static const char *value_or_dash(const report_composer *report, closo_value value, double factor)
{
    if (!isfinite(value.value))
        return NULL;
    return closo_page_value(report->page,
                            (closo_value){factor * value.value, factor * value.sigma});
}

static void derived(const report_composer *report, const closo_eis *eis)
{
    static const closo_page_column columns[] = {
        {"Spectrum", NULL, false},  {"Part", NULL, false},  {"Resistance", "ohm", true},
        {"Capacitance", "F", true}, {"Summit", "Hz", true}, {"Conductivity", "S/cm", true}};
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t s = 0; s < eis->spectrum_count; s++) {
        const closo_circuit_fit *fit = eis->fits[s];
        for (size_t a = 0; a <= fit->arc_count; a++) {
            const bool total = a == fit->arc_count;
            if (total && !isfinite(fit->total_resistance_ohm.value))
                continue;
            const closo_arc *arc = total ? NULL : &fit->arcs[a];
            const char *cells[] = {
                eis->spectra[s].name,
                total ? "total" : closo_arena_printf(report->arena, "arc of %s", arc->name),
                value_or_dash(report, total ? fit->total_resistance_ohm : arc->resistance_ohm, 1),
                total ? NULL : value_or_dash(report, arc->capacitance_F, 1),
                total ? NULL : value_or_dash(report, arc->frequency_Hz, 1),
                value_or_dash(report,
                              total ? fit->total_conductivity_S_per_m : arc->conductivity_S_per_m,
                              0.01)};
            closo_page_row(report->page, cells);
        }
    }
    closo_page_table_end(report->page);
}

static void candidates(const report_composer *report, const closo_circuit_choice *choice)
{
    static const closo_page_column columns[] = {{"Circuit", NULL, false},
                                                {"Difference of BIC", NULL, true},
                                                {"Residual", "%", true},
                                                {"Rejected because", NULL, false}};
    closo_page_details_begin(report->page, "The circuits that were tried");
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t c = 0; c < choice->candidate_count; c++) {
        const closo_circuit_candidate *candidate = &choice->candidates[c];
        const char *cells[] = {candidate->circuit, report_number(report, candidate->criterion, 4),
                               candidate->fit != NULL
                                   ? report_number(report, 100 * candidate->fit->residual_rms, 3)
                                   : NULL,
                               candidate->reason};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
    closo_page_details_end(report->page);
}

static void laws(const report_composer *report, const closo_global_fit *global)
{
    char first[128], second[128];
    for (size_t l = 0; l < global->law_count; l++) {
        const closo_law_fit *law = &global->laws[l];
        closo_value_text(law->first, "", first, sizeof first);
        closo_value_text(law->second, law->law == CLOSO_LAW_ARRHENIUS ? "eV" : "s^-1/2", second,
                         sizeof second);
        if (law->law == CLOSO_LAW_ARRHENIUS)
            closo_page_paragraph(report->page, "%s: activation energy %s, %s at %.1f K.",
                                 law->parameter, second, first, law->reference_K);
        else if (law->law == CLOSO_LAW_SQRT_TIME)
            closo_page_paragraph(report->page, "%s: %s + %s · √t.", law->parameter, first, second);
        else
            closo_page_paragraph(report->page, "%s: %s in all spectra.", law->parameter, first);
    }
}

static void write_eis(const report_composer *report, const closo_study_result *result)
{
    const closo_eis *eis = result->eis;
    closo_page_paragraph(report->page, "Circuit: %s.",
                         closo_circuit_text(eis->circuit, CLOSO_CIRCUIT_DASHES, report->arena));
    closo_page_side_by_side_begin(report->page);
    closo_page_figure(report->page, closo_figure_nyquist(eis, NULL, report->arena),
                      "Nyquist plot: points measured, lines fitted.");
    closo_page_figure(report->page, closo_figure_eis_residuals(eis, NULL, report->arena),
                      "What the fit leaves.");
    closo_page_side_by_side_end(report->page);
    if (eis->spectrum_count > 2) {
        const closo_figure *resistances =
                               closo_figure_eis_parameters(eis, false, NULL, report->arena),
                           *capacitances =
                               closo_figure_eis_parameters(eis, true, NULL, report->arena);
        closo_page_side_by_side_begin(report->page);
        if (resistances != NULL)
            closo_page_figure(report->page, resistances, "Resistances through the series.");
        if (capacitances != NULL)
            closo_page_figure(report->page, capacitances, "Capacitances of the arcs.");
        closo_page_side_by_side_end(report->page);
    }
    parameters(report, eis);
    derived(report, eis);
    if (eis->global != NULL)
        laws(report, eis->global);
    if (eis->choices != NULL)
        candidates(report, eis->choices[0]);
    for (size_t s = 0; s < eis->spectrum_count; s++)
        for (size_t n = 0; n < eis->fits[s]->notes.count; n++)
            closo_page_callout(report->page, CLOSO_CALLOUT_WARNING, "%s: %s", eis->spectra[s].name,
                               eis->fits[s]->notes.texts[n]);
    closo_page_notes(report->page, &eis->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    const closo_eis *eis = result->eis;
    char text[128];
    closo_notes_add(lines, arena, "%zu spectr%s, circuit %s", eis->spectrum_count,
                    eis->spectrum_count == 1 ? "um" : "a",
                    closo_circuit_text(eis->circuit, CLOSO_CIRCUIT_DASHES, arena));
    if (eis->spectrum_count == 1 && isfinite(eis->fits[0]->total_resistance_ohm.value))
        closo_notes_add(
            lines, arena, "total resistance %s",
            closo_value_text(eis->fits[0]->total_resistance_ohm, "ohm", text, sizeof text));
    for (size_t l = 0; eis->global != NULL && l < eis->global->law_count; l++)
        if (eis->global->laws[l].law == CLOSO_LAW_ARRHENIUS)
            closo_notes_add(lines, arena, "activation energy of %s %s",
                            eis->global->laws[l].parameter,
                            closo_value_text(eis->global->laws[l].second, "eV", text, sizeof text));
}

const report_analysis closo_report_eis = {
    .title = "Impedance", .write = write_eis, .headlines = headlines};
