/* SPDX-License-Identifier: BSD-3-Clause */
/* study_polarise.c: the analysis `polarise` of a study. */
#include "study_internal.h"

static closo_status take_positive(const char *text, const char *unit, double *value,
                                  closo_error *error)
{
    closo_status status = closo_quantity_parse(text, unit, value, error);
    if (status == CLOSO_OK && !(*value > 0))
        status = closo_fail(error, CLOSO_FORMAT, "it has to be larger than zero");
    return status;
}

static closo_status take_thickness(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    return take_positive(text, "m", &task->polarisation.thickness_m, error);
}

static closo_status take_skip(const char *text, closo_arena *arena, closo_study_task *task,
                              closo_error *error)
{
    (void)arena;
    return take_positive(text, "s", &task->polarisation.skip_s, error);
}

static closo_status take_cell_resistance(const char *text, closo_arena *arena,
                                         closo_study_task *task, closo_error *error)
{
    (void)arena;
    return take_positive(text, "ohm", &task->polarisation.resistance_ohm, error);
}

static closo_status take_from_rest(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    closo_span word = closo_span_of(text);
    task->polarisation.from_rest = closo_span_equals(word, "true");
    if (!task->polarisation.from_rest && !closo_span_equals(word, "false"))
        return closo_fail(error, CLOSO_FORMAT, "it wants true or false, not '%s'", text);
    return CLOSO_OK;
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    const closo_study_file *file = &study->files[result->file];
    closo_polarisation_options options = task->polarisation;
    options.area_m2 = file->area_m2;
    closo_status status = closo_polarisation_from_table(file->table, &options, study->arena,
                                                        &result->polarisation, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_polarisation_json(result->polarisation, study->arena);
    return status;
}

static const study_key keys[] = {{"thickness", take_thickness},
                                 {"skip", take_skip},
                                 {"cell_resistance", take_cell_resistance},
                                 {"from_rest", take_from_rest}};

const study_analysis closo_study_polarise = {
    .name = "polarise", .keys = keys, .key_count = sizeof keys / sizeof *keys, .run = run};
