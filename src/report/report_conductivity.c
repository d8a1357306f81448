/* SPDX-License-Identifier: BSD-3-Clause */
/* report_conductivity.c: conductivities of a pellet's spectra in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

static closo_value in_S_per_cm(closo_value value)
{
    return (closo_value){1e-2 * value.value, 1e-2 * value.sigma};
}

static const closo_arrhenius_fit *chosen(const closo_conduction_process *process)
{
    return process->arrhenius != NULL ? &process->arrhenius->fits[process->arrhenius->chosen]
                                      : NULL;
}

static void energies_table(const report_composer *report, const closo_conductivity_series *series)
{
    static const closo_page_column columns[] = {
        {"Process", NULL, false}, {"Parameter", NULL, false},        {"Capacitance", "F/cm", true},
        {"Model", NULL, false},   {"Activation energy", "eV", true}, {"Conductivity", "S/cm", true},
        {"at", "°C", true}};
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t p = 0; p < series->process_count; p++) {
        const closo_conduction_process *process = &series->processes[p];
        const closo_arrhenius_fit *fit = chosen(process);
        const char *cells[] = {
            closo_conduction_name(process->kind),
            process->name,
            report_number(report, 1e-2 * process->capacitance_F_per_m, 2),
            fit != NULL ? closo_arrhenius_name(fit->model) : NULL,
            fit != NULL && fit->branch_count != 0
                ? closo_page_value(report->page, fit->branches[0].energy_eV)
                : NULL,
            fit != NULL ? closo_page_value(report->page,
                                           in_S_per_cm(process->arrhenius->conductivity_S_per_m))
                        : NULL,
            fit != NULL ? report_number(report, process->arrhenius->at_K - 273.15, 4) : NULL,
        };
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void points_table(const report_composer *report, const closo_conductivity_series *series)
{
    enum { COLUMNS_MOST = 8 };
    closo_page_column columns[COLUMNS_MOST] = {{"Temperature", "°C", true}};
    const char *cells[COLUMNS_MOST];
    size_t count =
        series->process_count < COLUMNS_MOST - 1 ? series->process_count : (size_t)COLUMNS_MOST - 1;
    for (size_t p = 0; p < count; p++)
        columns[p + 1] =
            (closo_page_column){closo_conduction_name(series->processes[p].kind), "S/cm", true};
    closo_page_details_begin(report->page, "Conductivity of each spectrum");
    closo_page_table_begin(report->page, NULL, columns, count + 1);
    for (size_t s = 0; s < series->eis->spectrum_count; s++) {
        cells[0] = report_number(report, series->eis->spectra[s].temperature_K - 273.15, 4);
        for (size_t p = 0; p < count; p++)
            cells[p + 1] = closo_page_value(
                report->page, in_S_per_cm(series->processes[p].conductivity_S_per_m[s]));
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
    closo_page_details_end(report->page);
}

static void write_conductivity(const report_composer *report, const closo_study_result *result)
{
    const closo_conductivity_series *series = result->conductivity;
    const closo_figure *figure = closo_figure_conductivity_series(series, NULL, report->arena);
    closo_page_paragraph(
        report->page, "Circuit: %s.",
        closo_circuit_text(series->eis->circuit, CLOSO_CIRCUIT_DASHES, report->arena));
    closo_page_side_by_side_begin(report->page);
    if (figure != NULL)
        closo_page_figure(report->page, figure, "Conductivities and the model chosen for each.");
    closo_page_figure(report->page, closo_figure_nyquist(series->eis, NULL, report->arena),
                      "Nyquist plot: points measured, lines fitted.");
    closo_page_side_by_side_end(report->page);
    energies_table(report, series);
    points_table(report, series);
    closo_page_callouts(report->page, CLOSO_CALLOUT_WARNING, series->pellet.warnings.texts,
                        series->pellet.warnings.count);
    closo_page_notes(report->page, &series->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    const closo_conductivity_series *series = result->conductivity;
    for (size_t p = 0; p < series->process_count; p++) {
        const closo_conduction_process *process = &series->processes[p];
        const closo_arrhenius_fit *fit = chosen(process);
        char energy[128], conductivity[128];
        if (fit == NULL || fit->branch_count == 0 || process->kind == CLOSO_CONDUCTION_ELECTRODE ||
            process->kind == CLOSO_CONDUCTION_SERIES)
            continue;
        closo_notes_add(lines, arena, "%s: %s, %s at %.1f °C", closo_conduction_name(process->kind),
                        closo_value_text(fit->branches[0].energy_eV, "eV", energy, sizeof energy),
                        closo_value_text(in_S_per_cm(process->arrhenius->conductivity_S_per_m),
                                         "S/cm", conductivity, sizeof conductivity),
                        process->arrhenius->at_K - 273.15);
    }
}

const report_analysis closo_report_conductivity = {
    .title = "Conductivity of a pellet", .write = write_conductivity, .headlines = headlines};
