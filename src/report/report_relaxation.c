/* SPDX-License-Identifier: BSD-3-Clause */
/* report_relaxation.c: NMR and neutrons in the report of a study. */
#include "report_study.h"

#include "base/base_internal.h"

#include <math.h>

static const closo_notes *warnings_of(const closo_motion *motion)
{
    switch (motion->kind) {
    case CLOSO_MOTION_RATES:
        return &motion->rates.warnings;
    case CLOSO_MOTION_NARROWING:
        return &motion->narrowing.warnings;
    case CLOSO_MOTION_EISF:
        break;
    }
    return &motion->eisf.warnings;
}

static void headlines(const closo_study_result *result, closo_arena *arena, closo_notes *lines)
{
    const closo_motion *motion = result->motion;
    const closo_relaxation_fit *fit = &motion->rates.fits[motion->rates.chosen];
    char text[128];
    switch (motion->kind) {
    case CLOSO_MOTION_RATES:
        closo_notes_add(lines, arena, "activation energy %s (%s)",
                        closo_value_text(fit->energy_eV, "eV", text, sizeof text),
                        closo_spectral_density_name(fit->density));
        break;
    case CLOSO_MOTION_NARROWING:
        closo_notes_add(lines, arena, "activation energy %s, narrow half way at %.1f K",
                        closo_value_text(motion->narrowing.energy_eV, "eV", text, sizeof text),
                        motion->narrowing.half_K.value);
        break;
    case CLOSO_MOTION_EISF: {
        closo_value share = motion->eisf.mobile[motion->eisf.chosen];
        share.value *= 100;
        share.sigma *= 100;
        closo_notes_add(lines, arena, "%s: %s of the hydrogen turns",
                        closo_rotation_name(motion->eisf.chosen),
                        closo_value_text(share, "%", text, sizeof text));
        break;
    }
    }
}

static void write_motion(const report_composer *report, const closo_study_result *result)
{
    const closo_notes *warnings = warnings_of(result->motion);
    closo_notes lines = {0};
    closo_page_figure(report->page, closo_figure_motion(result->motion, NULL, report->arena),
                      closo_arena_printf(report->arena, "%s.", report_file(report, result)->label));
    headlines(result, report->arena, &lines);
    for (size_t i = 0; i < lines.count; i++)
        closo_page_paragraph(report->page, "%s.", lines.texts[i]);
    closo_page_callouts(report->page, CLOSO_CALLOUT_WARNING, warnings->texts, warnings->count);
}

const report_analysis closo_report_relaxation = {
    .title = "Jumps and turns", .write = write_motion, .headlines = headlines};
