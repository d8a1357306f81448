/* SPDX-License-Identifier: BSD-3-Clause */
/* report_cycles.c: cycling in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

enum { CYCLES_MOST = 200 }; /* rows of the table; a longer one is in the JSON */

static void cycles_table(const report_composer *report, const closo_cycling *cycling)
{
    bool gram = cycling->mass_kg > 0;
    const char *unit = gram ? "mAh/g" : "mAh";
    double factor = gram ? 1 / (3600 * cycling->mass_kg) : 1 / 3.6;
    const closo_page_column columns[] = {
        {"Cycle", NULL, true},         {"Charge", unit, true},     {"Discharge", unit, true},
        {"Coulombic eff.", "%", true}, {"Energy eff.", "%", true}, {"Mean charge", "V", true},
        {"Mean discharge", "V", true}, {"Hysteresis", "mV", true},
    };
    size_t count = cycling->cycle_count < CYCLES_MOST ? cycling->cycle_count : CYCLES_MOST;
    closo_page_details_begin(report->page, "The cycles");
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t c = 0; c < count; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
        const char *cells[] = {
            closo_arena_printf(report->arena, "%d%s", cycle->cycle, cycle->complete ? "" : "*"),
            report_number(report, cycle->charge_C * factor, 5),
            report_number(report, cycle->discharge_C * factor, 5),
            report_number(report, 100 * cycle->coulombic_efficiency, 4),
            report_number(report, 100 * cycle->energy_efficiency, 4),
            report_number(report, cycle->mean_charge_V, 4),
            report_number(report, cycle->mean_discharge_V, 4),
            report_number(report, 1e3 * cycle->hysteresis_V, 4),
        };
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
    closo_page_paragraph(report->page, "%s%s",
                         count < cycling->cycle_count ? "The first 200 cycles; all are in the "
                                                        "JSON file. "
                                                      : "",
                         "* not complete.");
    closo_page_paragraph(report->page, "Rule: %s.", cycling->rule);
    closo_page_details_end(report->page);
}

static void cycles_summary(const report_composer *report, const closo_cycling *cycling)
{
    const closo_cycling_summary *summary = &cycling->summary;
    const closo_retention *retention = &summary->retention;
    static const closo_page_column columns[] = {{"Over the cycles", NULL, false},
                                                {"Value", "%", true}};
    const struct {
        const char *name;
        closo_value share;
    } rows[] = {
        {closo_arena_printf(report->arena, "capacity of cycle %d against cycle %d",
                            retention->last_cycle, retention->reference_cycle),
         {retention->capacity, NAN}},
        {"the same of energy", {retention->energy, NAN}},
        {"change of capacity per cycle (straight line)", retention->capacity_per_cycle},
        {"change of energy per cycle", retention->energy_per_cycle},
        {"irreversible in the first complete cycle", {summary->irreversible_share, NAN}},
        {"coulombic efficiency afterwards", summary->mean_coulombic_efficiency},
    };
    if (retention->reference_cycle == 0)
        return;
    closo_page_table_begin(report->page, NULL, columns, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        closo_value percent = {100 * rows[i].share.value, 100 * rows[i].share.sigma};
        if (!isfinite(percent.value))
            continue;
        const char *cells[] = {rows[i].name, closo_page_value(report->page, percent)};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

/* The figures of the analyses over cycles that the file has something for. */
static void write_tests(const report_composer *report, const closo_cycling *cycling,
                        const char *label)
{
    const closo_cycling_analyses *analyses = cycling->analyses;
    if (analyses == NULL)
        return;
    const struct {
        bool wanted;
        const closo_figure *figure;
        const char *what;
    } figures[] = {
        {analyses->capacity_count != 0,
         closo_figure_differential(cycling, CLOSO_DIFFERENTIAL_CAPACITY, NULL, report->arena),
         "dQ/dV, discharge downward"},
        {analyses->rate_test.rate_count > 1, closo_figure_rate_test(cycling, NULL, report->arena),
         "rate test"},
        {analyses->stepwise.count != 0, closo_figure_stepwise(cycling, NULL, report->arena),
         "rising upper cut-off"}};
    closo_page_side_by_side_begin(report->page);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (figures[i].wanted && figures[i].figure != NULL)
            closo_page_figure(report->page, figures[i].figure,
                              closo_arena_printf(report->arena, "%s: %s.", label, figures[i].what));
    closo_page_side_by_side_end(report->page);
}

static void write_cycles(const report_composer *report, const closo_study_result *result)
{
    const closo_study_file *file = report_file(report, result);
    const closo_cycling *cycling = result->cycling;
    closo_page_side_by_side_begin(report->page);
    closo_page_figure(
        report->page, closo_figure_cycles(cycling, NULL, report->arena),
        closo_arena_printf(report->arena, "%s: capacity and coulombic efficiency.", file->label));
    closo_page_figure(
        report->page, closo_figure_profiles(cycling, NULL, 0, NULL, report->arena),
        closo_arena_printf(report->arena, "%s: potential against capacity.", file->label));
    closo_page_side_by_side_end(report->page);
    write_tests(report, cycling, file->label);
    cycles_summary(report, cycling);
    cycles_table(report, cycling);
    closo_page_notes(report->page, &cycling->notes);
    if (cycling->analyses != NULL)
        closo_page_notes(report->page, &cycling->analyses->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    const closo_cycling *cycling = result->cycling;
    const closo_retention *retention = &cycling->summary.retention;
    if (retention->reference_cycle == 0 || !isfinite(retention->capacity))
        closo_notes_add(lines, arena, "%zu cycle%s, none complete", cycling->cycle_count,
                        cycling->cycle_count == 1 ? "" : "s");
    else
        closo_notes_add(lines, arena,
                        "%zu cycles; cycle %d keeps %.1f %% of the capacity of cycle %d",
                        cycling->cycle_count, retention->last_cycle, 100 * retention->capacity,
                        retention->reference_cycle);
}

const report_analysis closo_report_cycles = {
    .title = "Cycling", .write = write_cycles, .headlines = headlines};
