/* SPDX-License-Identifier: BSD-3-Clause */
/* report_cv.c: voltammograms in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

static void voltammogram_sweeps(const report_composer *report, const closo_study_result *result)
{
    static const closo_page_column columns[] = {
        {"Leg", NULL, true},    {"Cycle", NULL, true},    {"Kind", NULL, false},
        {"From", "V", true},    {"To", "V", true},        {"Rate", "mV/s", true},
        {"Anodic", "mC", true}, {"Cathodic", "mC", true},
    };
    closo_page_details_begin(report->page, "Sweeps and their charges");
    closo_page_table_begin(report->page, NULL, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < result->voltammogram->sweep_count; i++) {
        const closo_sweep *leg = &result->voltammogram->sweeps[i];
        const char *kind = leg->kind == CLOSO_LEG_HOLD    ? "hold"
                           : leg->kind == CLOSO_LEG_OTHER ? "other"
                           : leg->direction > 0           ? "anodic"
                                                          : "cathodic";
        const char *cells[] = {
            closo_arena_printf(report->arena, "%zu", i + 1),
            closo_arena_printf(report->arena, "%d", leg->cycle),
            kind,
            closo_page_number(report->page, leg->from_V, 4),
            closo_page_number(report->page, leg->to_V, 4),
            closo_page_number(report->page, leg->rate_V_per_s * 1e3, 3),
            closo_page_number(report->page, leg->anodic_C * 1e3, 4),
            closo_page_number(report->page, leg->cathodic_C * 1e3, 4),
        };
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
    closo_page_details_end(report->page);
}

static void voltammogram_cycles(const report_composer *report,
                                const closo_voltammogram_summary *summary)
{
    static const closo_page_column columns[] = {
        {"Cycle", NULL, true},  {"Lowest", "V", true},    {"Highest", "V", true},
        {"Anodic", "mC", true}, {"Cathodic", "mC", true}, {"−cathodic/anodic", NULL, true},
    };
    closo_page_table_begin(report->page, "Charge that went in and charge that came back", columns,
                           sizeof columns / sizeof *columns);
    for (size_t i = 0; i < summary->cycle_count; i++) {
        const closo_reversibility *cycle = &summary->cycles[i];
        const char *cells[] = {
            closo_arena_printf(report->arena, "%d", cycle->cycle),
            closo_page_number(report->page, cycle->low_V, 4),
            closo_page_number(report->page, cycle->high_V, 4),
            closo_page_number(report->page, cycle->anodic_C * 1e3, 4),
            closo_page_number(report->page, cycle->cathodic_C * 1e3, 4),
            isfinite(cycle->ratio) ? closo_page_number(report->page, cycle->ratio, 3) : NULL,
        };
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void voltammogram_steps(const report_composer *report,
                               const closo_voltammogram_summary *summary)
{
    static const closo_page_column columns[] = {
        {"Vertex", "V", true},
        {"New", "mC", true},
        {"Repeated", "mC", true},
        {"Passivation", NULL, true},
    };
    if (summary->step_count == 0)
        return;
    closo_page_table_begin(
        report->page,
        "Steps of the rising vertex: charge above the last vertex, charge up to it (both net "
        "of the double layer), and passivation: 1 when potentials that were new in the step "
        "before take no charge again",
        columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < summary->step_count; i++) {
        const closo_vertex_step *step = &summary->steps[i];
        closo_value passivation = {step->passivation, step->passivation_sigma};
        const char *cells[] = {
            closo_page_number(report->page, step->vertex_V, 4),
            closo_page_number(report->page, step->new_net_C * 1e3, 3),
            i != 0 ? closo_page_number(report->page, step->repeated_net_C * 1e3, 3) : NULL,
            isfinite(step->passivation) ? closo_page_value(report->page, passivation) : NULL,
        };
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void write_voltammogram(const report_composer *report, const closo_study_result *result)
{
    const closo_study_file *file = report_file(report, result);
    closo_page_side_by_side_begin(report->page);
    closo_page_figure(
        report->page,
        closo_figure_voltammogram(result->voltammogram, &file->normalisation, NULL, report->arena),
        closo_arena_printf(report->arena, "%s: voltammogram.", file->label));
    if (result->summary.step_count != 0)
        closo_page_figure(
            report->page,
            closo_figure_steps(result->voltammogram, &result->summary, NULL, report->arena),
            closo_arena_printf(report->arena,
                               "%s: irreversible charge of each step of the "
                               "rising vertex.",
                               file->label));
    closo_page_side_by_side_end(report->page);
    voltammogram_steps(report, &result->summary);
    voltammogram_cycles(report, &result->summary);
    voltammogram_sweeps(report, result);
    closo_page_notes(report->page, &result->voltammogram->notes);
}

const report_analysis closo_report_cv = {.title = "Voltammograms", .write = write_voltammogram};
