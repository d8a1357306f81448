/* SPDX-License-Identifier: BSD-3-Clause */
/* report_symmetric.c: stripping and plating in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

enum { LEVELS_MOST = 40, EVENTS_MOST = 40 };

/* Current (density, where the area is known) in the report's unit. */
static double current(const closo_symmetric *symmetric, double current_A)
{
    return symmetric->area_m2 > 0 ? 0.1 * current_A / symmetric->area_m2 : 1e3 * current_A;
}

static const char *current_unit(const closo_symmetric *symmetric)
{
    return symmetric->area_m2 > 0 ? "mA/cm²" : "mA";
}

static closo_value scaled(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * factor};
}

/* A value, or NULL (a dash) when it is not known. */
static const char *cell(const report_composer *report, closo_value value)
{
    return isfinite(value.value) ? closo_page_value(report->page, value) : NULL;
}

static void levels_table(const report_composer *report, const closo_symmetric *symmetric)
{
    const closo_page_column columns[] = {
        {"Current", current_unit(symmetric), true},
        {"Half cycles", NULL, true},
        {"Overpotential", "mV", true},
        {"Change", "mV/100 h", true},
        {"Resistance", symmetric->area_m2 > 0 ? "Ω cm²" : "Ω", true},
        {"Asymmetry", "mV", true}};
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < symmetric->level_count && i < LEVELS_MOST; i++) {
        const closo_symmetric_level *level = &symmetric->levels[i];
        double per_V = (symmetric->area_m2 > 0 ? 1e4 * symmetric->area_m2 : 1) / level->current_A;
        const char *cells[] = {report_number(report, current(symmetric, level->current_A), 4),
                               closo_arena_printf(report->arena, "%zu", level->half_count),
                               cell(report, scaled(level->mean_V, 1e3)),
                               cell(report, scaled(level->slope_V_per_s, 3.6e8)),
                               cell(report, scaled(level->mean_V, per_V)),
                               cell(report, scaled(level->asymmetry_V, 1e3))};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void events_table(const report_composer *report, const closo_symmetric *symmetric)
{
    const closo_page_column columns[] = {
        {"Event", NULL, false},     {"Time", "h", true},
        {"Half cycle", NULL, true}, {"Current", current_unit(symmetric), true},
        {"Before", "mV", true},     {"After", "mV", true},
        {"Back after", "h", true}};
    if (symmetric->event_count == 0) {
        closo_page_paragraph(report->page,
                             "No sudden drop of the potential, no rise of its noise.");
        return;
    }
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < symmetric->event_count && i < EVENTS_MOST; i++) {
        const closo_symmetric_event *event = &symmetric->events[i];
        const char *cells[] = {
            closo_event_kind_name(event->kind),
            report_number(report, event->time_s / 3600, 5),
            closo_arena_printf(report->arena, "%zu", symmetric->halves[event->half].half_cycle),
            report_number(report, current(symmetric, event->current_A), 4),
            report_number(report, 1e3 * event->before_V, 4),
            report_number(report, 1e3 * event->after_V, 3),
            report_number(report, event->recovered_s / 3600, 3)};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void write_symmetric(const report_composer *report, const closo_study_result *result)
{
    const closo_symmetric *symmetric = result->symmetric;
    closo_page_figure(report->page, closo_figure_symmetric(symmetric, NULL, report->arena),
                      closo_arena_printf(report->arena, "%s: potential and current, with events.",
                                         report_file(report, result)->label));
    levels_table(report, symmetric);
    events_table(report, symmetric);
    closo_page_details_begin(report->page, "The rule");
    closo_page_paragraph(report->page, "%s.", symmetric->rule);
    closo_page_details_end(report->page);
    closo_page_notes(report->page, &symmetric->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    const closo_symmetric *symmetric = result->symmetric;
    const closo_critical_current *critical = &symmetric->critical;
    const char *unit = current_unit(symmetric);
    double last = current(symmetric, critical->last_A);
    double failed = current(symmetric, critical->failed_A);
    if (!critical->reached)
        closo_notes_add(lines, arena,
                        "no short circuit in %zu half cycles: critical current at least %.4g %s",
                        symmetric->half_count, last, unit);
    else if (critical->stepped)
        closo_notes_add(lines, arena, "critical current: %.4g %s held, %.4g did not", last, unit,
                        failed);
    else
        closo_notes_add(lines, arena, "short circuit at %.4g %s; no lower current was tried",
                        failed, unit);
}

const report_analysis closo_report_symmetric = {
    .title = "Stripping and plating", .write = write_symmetric, .headlines = headlines};
