/* SPDX-License-Identifier: BSD-3-Clause */
/* study_relaxation.c: the analysis `relaxation` of a study. */
#include "study_internal.h"

static closo_status take_length(const char *text, closo_arena *arena, closo_study_task *task,
                                closo_error *error)
{
    (void)arena;
    return closo_quantity_parse(text, "m", &task->motion.radius_m, error);
}

static closo_status take_frequency(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    return closo_quantity_parse(text, "Hz", &task->motion.larmor_Hz, error);
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    const closo_study_file *file = &study->files[result->file];
    result->motion = closo_arena_alloc(study->arena, 1, sizeof *result->motion);
    if (result->motion == NULL)
        return closo_fail_nomem(&result->error);
    closo_status status = closo_motion_from_table(file->table, &task->motion, study->arena,
                                                  result->motion, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_motion_json(result->motion, study->arena);
    return status;
}

static const study_key keys[] = {{"radius", take_length}, {"frequency", take_frequency}};

const study_analysis closo_study_relaxation = {
    .name = "relaxation", .keys = keys, .key_count = sizeof keys / sizeof *keys, .run = run};
