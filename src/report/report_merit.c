/* SPDX-License-Identifier: BSD-3-Clause */
/* report_merit.c: figures of merit in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

static const char *verdict_of(const report_composer *report, const closo_merit *merit, int figure)
{
    switch (merit->verdicts[figure]) {
    case CLOSO_MERIT_MET:
        return "met";
    case CLOSO_MERIT_NOT_MET:
        return closo_arena_printf(report->arena, "missed by a factor %.3g", merit->factors[figure]);
    case CLOSO_MERIT_WITHIN_SIGMA:
        return "within one sigma";
    case CLOSO_MERIT_NOT_SHOWN:
        return "met, but not for so many cycles";
    case CLOSO_MERIT_NO_TARGET:
        break;
    }
    return "";
}

static const char *target_of(const report_composer *report, const closo_merit_target *target,
                             double factor)
{
    if (target == NULL)
        return "";
    return target->cycles != 0
               ? closo_arena_printf(report->arena, "%s %.4g, %zu cycles",
                                    target->sense > 0 ? "≥" : "≤", target->value * factor,
                                    target->cycles)
               : closo_arena_printf(report->arena, "%s %.4g", target->sense > 0 ? "≥" : "≤",
                                    target->value * factor);
}

static void figures_table(const report_composer *report, const closo_merit *merit)
{
    static const closo_page_column columns[] = {{"Figure", NULL, false},
                                                {"Achieved", NULL, true},
                                                {"Unit", NULL, false},
                                                {"Target", NULL, false},
                                                {"", NULL, false}};
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (int k = 0; k < CLOSO_MERIT_COUNT; k++) {
        const closo_merit_name name = closo_merit_figure_name((closo_merit_figure)k);
        const closo_value value = {merit->figures[k].value * name.shown_factor,
                                   merit->figures[k].sigma * name.shown_factor};
        if (isnan(value.value) && merit->targets[k] == NULL)
            continue;
        const char *words =
            merit->given[k] ? closo_arena_printf(report->arena, "%s *", name.words) : name.words;
        const char *cells[] = {words,
                               value.sigma > 0 ? closo_page_value(report->page, value)
                                               : report_number(report, value.value, 4),
                               name.unit, target_of(report, merit->targets[k], name.shown_factor),
                               verdict_of(report, merit, k)};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
    closo_page_paragraph(report->page, "* as given; all else is worked out.");
}

static void changes_table(const report_composer *report, const closo_merit *merit)
{
    static const closo_page_column columns[] = {{"One change alone", NULL, false},
                                                {"Energy of the cell", "Wh/kg", true},
                                                {"Gain", "times", true}};
    if (merit->step_count == 0)
        return;
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < merit->step_count; i++) {
        const char *cells[] = {merit->steps[i].words,
                               report_number(report, merit->steps[i].energy_J_per_kg / 3600, 4),
                               report_number(report, merit->steps[i].gain, 3)};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void write_merit(const report_composer *report, const closo_study_result *result)
{
    const closo_merit *merit = result->merit;
    figures_table(report, merit);
    if (merit->thickness_count != 0)
        closo_page_figure(report->page, closo_figure_merit(merit, NULL, report->arena),
                          "Specific energy of the cell against the thickness of its electrolyte.");
    changes_table(report, merit);
    closo_page_notes(report->page, &merit->notes);
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    const closo_merit *merit = result->merit;
    const closo_value *figures = merit->figures;
    closo_notes_add(lines, arena, "%.4g Wh/kg of active material, %.4g of composite",
                    figures[CLOSO_MERIT_ENERGY_ACTIVE].value / 3600,
                    figures[CLOSO_MERIT_ENERGY_COMPOSITE].value / 3600);
    if (isfinite(figures[CLOSO_MERIT_ENERGY_CELL].value))
        closo_notes_add(lines, arena, "%.4g Wh/kg of cathode, electrolyte and anode",
                        figures[CLOSO_MERIT_ENERGY_CELL].value / 3600);
    if (merit->step_count != 0)
        closo_notes_add(lines, arena, "most would buy: %s (%.3g times)", merit->steps[0].words,
                        merit->steps[0].gain);
}

const report_analysis closo_report_merit = {
    .title = "Figures of merit", .write = write_merit, .headlines = headlines};
