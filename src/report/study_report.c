/* SPDX-License-Identifier: BSD-3-Clause */
/* study_report.c: a study as one would send it to a supervisor: the numbers first, then how each came about, then the
 * data. */
#include "report_internal.h"

#include "base/base_internal.h"

#include <math.h>
#include <string.h>

typedef struct composer {
    const closo_study *study;
    closo_page *page;
    closo_arena *arena;
} composer;

static const closo_study_file *file_of(const composer *report, const closo_study_result *result)
{
    return &report->study->files[result->file];
}

static closo_analysis analysis_of(const composer *report, const closo_study_result *result)
{
    return report->study->tasks[result->task].analysis;
}

/* ---- the numbers ---- */

static void summary_row(const composer *report, const closo_study_result *result, size_t onset)
{
    const closo_sweep *sweep = &result->voltammogram->sweeps[result->onset.sweep_index];
    bool first = onset == 0, found = onset < result->onset.onset_count;
    const char *cells[] = {
        first ? file_of(report, result)->label : "",
        first ? closo_page_number(report->page, fabs(sweep->rate_V_per_s) * 1e6, 3) : "",
        found ? closo_page_value(report->page, result->onset.onsets[onset].potential_V)
              : "none found",
        result->voltammogram->reference.name,
        first ? closo_arena_printf(report->arena, "%zu", result->onset.warnings.count) : "",
    };
    closo_page_row(report->page, cells);
}

static void summary_onsets(const composer *report)
{
    const closo_study *study = report->study;
    static const closo_page_column columns[] = {
        {"Sample", NULL, false},  {"Scan rate", "µV/s", true}, {"Onset", "V", true},
        {"Against", NULL, false}, {"Warnings", NULL, true},
    };
    bool any = false;
    for (size_t i = 0; i < study->result_count; i++) {
        const closo_study_result *result = &study->results[i];
        if (analysis_of(report, result) != CLOSO_ANALYSIS_ONSET || result->json == NULL)
            continue;
        if (!any)
            closo_page_table_begin(report->page, "Onset potentials, with one standard uncertainty",
                                   columns, sizeof columns / sizeof *columns);
        any = true;
        summary_row(report, result, 0);
        for (size_t k = 1; k < result->onset.onset_count; k++)
            summary_row(report, result, k);
    }
    if (any)
        closo_page_table_end(report->page);
}

/* ---- an onset ---- */

static void onset_lines(const composer *report, const closo_study_result *result)
{
    static const closo_page_column columns[] = {
        {"Line", NULL, false},  {"From", "V", true},   {"To", "V", true},
        {"Slope", "A/V", true}, {"R^{2}", NULL, true}, {"Points", NULL, true},
    };
    closo_page_table_begin(report->page, "The fitted lines", columns,
                           sizeof columns / sizeof *columns);
    for (size_t k = 0; k < result->onset.onset_count; k++) {
        const closo_onset *onset = &result->onset.onsets[k];
        const closo_sweep_line *lines[] = {&onset->background, &onset->rising};
        for (size_t l = 0; l < 2; l++) {
            const char *cells[] = {
                closo_arena_printf(report->arena, "%s %zu%s", l == 0 ? "background" : "rise", k + 1,
                                   l == 0 && onset->background_flat ? " (flat)" : ""),
                closo_page_number(report->page, lines[l]->from_V, 4),
                closo_page_number(report->page, lines[l]->to_V, 4),
                closo_page_number(report->page, lines[l]->slope_S, 4),
                closo_page_number(report->page, lines[l]->r2, 4),
                closo_arena_printf(report->arena, "%zu", lines[l]->point_count),
            };
            closo_page_row(report->page, cells);
        }
    }
    closo_page_table_end(report->page);
}

static void onset_criteria(const composer *report, const closo_onset_result *onset)
{
    static const closo_page_column columns[] = {{"Other criteria", NULL, false},
                                                {"Potential", "V", true}};
    const closo_onset_criteria *criteria = &onset->criteria;
    const struct {
        const char *name;
        double potential_V;
    } rows[] = {
        {closo_arena_printf(report->arena, "departure from the background by %g sigma",
                            criteria->departure_sigmas),
         criteria->departure_V},
        {"steepest tangent on the background", criteria->tangent_V},
        {"Tafel line on the background's scatter", criteria->tafel_V},
        {closo_arena_printf(report->arena, "cut-off current %.3g µA", criteria->cutoff_A * 1e6),
         criteria->cutoff_V},
    };
    closo_page_table_begin(report->page, "What other criteria would say", columns, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i == 3 && !isfinite(criteria->cutoff_A))
            continue;
        const char *cells[] = {rows[i].name,
                               isfinite(rows[i].potential_V)
                                   ? closo_page_number(report->page, rows[i].potential_V, 4)
                                   : NULL};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

/* An onset that is lost in the scale of the whole sweep gets a figure of its own. */
static bool is_small(const closo_onset_result *result, const closo_onset *onset)
{
    double low_A = INFINITY, high_A = -INFINITY;
    for (size_t i = 0; i < result->bin_count; i++) {
        low_A = fmin(low_A, result->bin_current_A[i]);
        high_A = fmax(high_A, result->bin_current_A[i]);
    }
    double rise_A = fabs(onset->rising.slope_S * (onset->rising.to_V - onset->potential_V.value));
    return rise_A < 0.25 * (high_A - low_A);
}

static void write_onset(const composer *report, const closo_study_result *result)
{
    const closo_study_file *file = file_of(report, result);
    const closo_figure *figure = closo_figure_onset(result->voltammogram, &result->onset,
                                                    &file->normalisation, NULL, report->arena);
    closo_page_figure(
        report->page, figure,
        closo_arena_printf(
            report->arena,
            "%s: the sweep, the two lines of each onset and, shaded, the windows they were fitted in.",
            file->label));
    closo_page_side_by_side_begin(report->page);
    for (size_t k = 0; k < result->onset.onset_count; k++) {
        if (!is_small(&result->onset, &result->onset.onsets[k]))
            continue;
        figure = closo_figure_onset_near(result->voltammogram, &result->onset, k,
                                         &file->normalisation, NULL, report->arena);
        closo_page_figure(
            report->page, figure,
            closo_arena_printf(report->arena, "%s: onset %zu, enlarged.", file->label, k + 1));
    }
    closo_page_side_by_side_end(report->page);
    if (result->onset.onset_count == 0)
        closo_page_callout(report->page, CLOSO_CALLOUT_NOTE,
                           "No onset: in this sweep the current does not leave its background.");
    else
        onset_lines(report, result);
    onset_criteria(report, &result->onset);
    closo_page_callouts(report->page, CLOSO_CALLOUT_WARNING, result->onset.warnings.texts,
                        result->onset.warnings.count);
}

/* ---- a voltammogram ---- */

static void voltammogram_sweeps(const composer *report, const closo_study_result *result)
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

static void voltammogram_cycles(const composer *report, const closo_voltammogram_summary *summary)
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

static void voltammogram_steps(const composer *report, const closo_voltammogram_summary *summary)
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

static void write_voltammogram(const composer *report, const closo_study_result *result)
{
    const closo_study_file *file = file_of(report, result);
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
}

/* ---- cycles ---- */

enum { CYCLES_MOST = 200 }; /* rows of the table; a longer one is in the JSON */

static const char *or_nothing(const composer *report, double value, int digits)
{
    return isfinite(value) ? closo_page_number(report->page, value, digits) : NULL;
}

static void cycles_table(const composer *report, const closo_cycling *cycling)
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
            or_nothing(report, cycle->charge_C * factor, 5),
            or_nothing(report, cycle->discharge_C * factor, 5),
            or_nothing(report, 100 * cycle->coulombic_efficiency, 4),
            or_nothing(report, 100 * cycle->energy_efficiency, 4),
            or_nothing(report, cycle->mean_charge_V, 4),
            or_nothing(report, cycle->mean_discharge_V, 4),
            or_nothing(report, 1e3 * cycle->hysteresis_V, 4),
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

static void cycles_summary(const composer *report, const closo_cycling *cycling)
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

static void write_cycles(const composer *report, const closo_study_result *result)
{
    const closo_study_file *file = file_of(report, result);
    const closo_cycling *cycling = result->cycling;
    closo_page_side_by_side_begin(report->page);
    closo_page_figure(
        report->page, closo_figure_cycles(cycling, NULL, report->arena),
        closo_arena_printf(report->arena, "%s: capacity and coulombic efficiency.", file->label));
    closo_page_figure(
        report->page, closo_figure_profiles(cycling, NULL, 0, NULL, report->arena),
        closo_arena_printf(report->arena, "%s: potential against capacity.", file->label));
    closo_page_side_by_side_end(report->page);
    cycles_summary(report, cycling);
    cycles_table(report, cycling);
    closo_page_notes(report->page, &cycling->notes);
}

/* ---- tasks and files ---- */

static void write_task(const composer *report, size_t task)
{
    const closo_study *study = report->study;
    const closo_study_task *done = &study->tasks[task];
    const char *title = done->title;
    if (title == NULL)
        title = done->analysis == CLOSO_ANALYSIS_ONSET ? "Onset of oxidation"
                : done->analysis == CLOSO_ANALYSIS_CV  ? "Voltammograms"
                                                       : "Cycling";
    closo_page_heading(report->page, 1, title);
    for (size_t i = 0; i < study->result_count; i++) {
        const closo_study_result *result = &study->results[i];
        if (result->task != task)
            continue;
        closo_page_heading(report->page, 2, file_of(report, result)->label);
        if (result->json == NULL) {
            char text[1200];
            closo_page_callout(report->page, CLOSO_CALLOUT_ERROR, "This could not be done: %s",
                               closo_error_text(&result->error, text, sizeof text));
            continue;
        }
        if (done->analysis == CLOSO_ANALYSIS_CYCLES) {
            write_cycles(report, result);
            continue;
        }
        if (done->analysis == CLOSO_ANALYSIS_ONSET)
            write_onset(report, result);
        else
            write_voltammogram(report, result);
        closo_page_notes(report->page, &result->voltammogram->notes);
    }
}

static void file_metadata(const composer *report, const closo_study_file *file)
{
    enum { MOST = 40 };
    const closo_table *table = file->table;
    const char *names[MOST + 6], *values[MOST + 6];
    size_t count = 0;
    names[count] = "file";
    values[count++] = file->path;
    names[count] = "SHA-256";
    values[count++] = file->sha256;
    names[count] = "format";
    values[count++] = table->format;
    names[count] = "rows";
    values[count++] = closo_arena_printf(report->arena, "%zu", table->row_count);
    if (file->electrolyte != NULL) {
        names[count] = "electrolyte";
        values[count++] =
            closo_arena_printf(report->arena, "%s, %.3f g/mol", file->electrolyte,
                               file->electrolyte_formula.molar_mass_kg_per_mol.value * 1e3);
    }
    for (size_t i = 0; i < table->metadatum_count && i < MOST; i++) {
        const closo_metadatum *entry = &table->metadata[i];
        names[count] = entry->key;
        values[count++] = entry->text != NULL ? entry->text
                                              : closo_arena_printf(report->arena, "%.6g %s",
                                                                   entry->number, entry->unit);
    }
    for (size_t i = 0; i < count; i++)
        if (values[i] == NULL)
            values[i] = "";
    closo_page_metadata(report->page, names, values, count);
}

enum { ROWS_IN_FULL = 5 }; /* a file of so few rows is shown as numbers */

static void file_rows(const composer *report, const closo_table *table)
{
    static const closo_page_column columns[] = {{"Column", NULL, false}, {"Values", NULL, true}};
    closo_page_table_begin(report->page, "What the file holds", columns, 2);
    for (size_t c = 0; c < table->column_count; c++) {
        double values[ROWS_IN_FULL];
        closo_column_read(&table->columns[c], 0, table->row_count, values);
        const char *text = "";
        for (size_t i = 0; i < table->row_count && text != NULL; i++)
            text = closo_arena_printf(report->arena, "%s%s%s", text, i != 0 ? ", " : "",
                                      closo_page_number(report->page, values[i], 7));
        const char *cells[] = {table->columns[c].name, text};
        closo_page_row(report->page, cells);
    }
    closo_page_table_end(report->page);
}

static void write_file(const composer *report, const closo_study_file *file)
{
    closo_page_heading(report->page, 2, file->label);
    if (file->table == NULL) {
        char text[1200];
        closo_page_callout(report->page, CLOSO_CALLOUT_ERROR, "%s",
                           closo_error_text(&file->error, text, sizeof text));
        return;
    }
    closo_page_notes(report->page, &file->table->notes);
    const closo_figure *figure = closo_figure_table(file->table, NULL, report->arena);
    if (figure != NULL)
        closo_page_figure(
            report->page, figure,
            closo_arena_printf(report->arena, "%s: what the file holds.", file->label));
    else if (file->table->row_count != 0 && file->table->row_count <= ROWS_IN_FULL)
        file_rows(report, file->table);
    closo_page_details_begin(report->page, "What is known about the measurement");
    file_metadata(report, file);
    closo_page_details_end(report->page);
}

static void write_origin(const composer *report)
{
    const closo_study *study = report->study;
    closo_page_heading(report->page, 1, "How this report was made");
    closo_page_paragraph(report->page,
                         "closo " CLOSO_VERSION
                         " run on the study below (SHA-256 %s). The same files and the "
                         "same study give the same numbers on every machine.",
                         study->sha256);
    unsigned char *bytes;
    size_t size;
    if (closo_file_read(study->path, SIZE_MAX, report->arena, &bytes, &size, NULL) != CLOSO_OK)
        return;
    closo_page_details_begin(report->page, "The study file");
    closo_page_code(report->page, (const char *)bytes);
    closo_page_details_end(report->page);
}

closo_status closo_report_write(const closo_study *study, const char *date, const char *path,
                                closo_error *error)
{
    const closo_page_about about = {.title = study->title, .author = study->author, .date = date};
    composer report = {study, closo_page_new(&about, study->arena), study->arena};
    if (study->synthetic)
        closo_page_callout(
            report.page, CLOSO_CALLOUT_WARNING,
            "Synthetic data: the files of this study come from a seeded generator, not from an "
            "instrument.");
    if (study->failed_count != 0)
        closo_page_callout(
            report.page, CLOSO_CALLOUT_ERROR,
            "%zu part%s of this study could not be done; the reason stands in its place.",
            study->failed_count, study->failed_count == 1 ? "" : "s");
    if (study->about != NULL)
        closo_page_paragraph(report.page, "%s", study->about);
    summary_onsets(&report);
    for (size_t t = 0; t < study->task_count; t++)
        write_task(&report, t);
    closo_page_heading(report.page, 1, "The data");
    for (size_t f = 0; f < study->file_count; f++)
        write_file(&report, &study->files[f]);
    write_origin(&report);
    size_t length = 0;
    const char *text = closo_page_finish(report.page, &length);
    if (text == NULL)
        return closo_fail_nomem(error);
    return closo_file_write(path, text, length, study->arena, error);
}
