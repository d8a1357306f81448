/* SPDX-License-Identifier: BSD-3-Clause */
/* study_growth.c: the analysis `growth` of a study. */
#include "study_internal.h"

static closo_status take_column(const char *text, closo_arena *arena, closo_study_task *task,
                                closo_error *error)
{
    (void)arena;
    (void)error;
    task->growth.resistance = text;
    return CLOSO_OK;
}

static closo_status take_sigma(const char *text, closo_arena *arena, closo_study_task *task,
                               closo_error *error)
{
    (void)arena;
    (void)error;
    task->growth.sigma = text;
    return CLOSO_OK;
}

static closo_status take_origin(const char *text, closo_arena *arena, closo_study_task *task,
                                closo_error *error)
{
    (void)arena;
    return closo_quantity_parse(text, "s", &task->growth.origin_s, error);
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    const closo_study_file *file = &study->files[result->file];
    closo_growth_options options = task->growth;
    options.area_m2 = file->area_m2;
    closo_status status = closo_growth_from_table(file->table, &options, study->arena,
                                                  &result->growth, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_growth_json(result->growth, study->arena);
    return status;
}

static const study_key keys[] = {
    {"column", take_column}, {"sigma", take_sigma}, {"origin", take_origin}};

const study_analysis closo_study_growth = {
    .name = "growth", .keys = keys, .key_count = sizeof keys / sizeof *keys, .run = run};
