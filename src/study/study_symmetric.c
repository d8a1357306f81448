/* SPDX-License-Identifier: BSD-3-Clause */
/* study_symmetric.c: the analysis `symmetric` of a study. */
#include "study_internal.h"

static closo_status take_share(const char *text, double *share, closo_error *error)
{
    closo_status status = closo_study_take_number(text, share, error);
    if (status == CLOSO_OK && !(*share > 0 && *share < 1))
        status = closo_fail(error, CLOSO_FORMAT, "a share lies between 0 and 1, not at %s", text);
    return status;
}

static closo_status take_short(const char *text, closo_arena *arena, closo_study_task *task,
                               closo_error *error)
{
    (void)arena;
    return take_share(text, &task->symmetric.short_share, error);
}

static closo_status take_soft(const char *text, closo_arena *arena, closo_study_task *task,
                              closo_error *error)
{
    (void)arena;
    return take_share(text, &task->symmetric.soft_share, error);
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    const closo_study_file *file = &study->files[result->file];
    closo_symmetric_options options = task->symmetric;
    options.area_m2 = file->area_m2;
    closo_status status = closo_symmetric_from_table(file->table, &options, study->arena,
                                                     &result->symmetric, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_symmetric_json(result->symmetric, study->arena);
    return status;
}

static const study_key keys[] = {{"short", take_short}, {"soft", take_soft}};

const study_analysis closo_study_symmetric = {
    .name = "symmetric", .keys = keys, .key_count = sizeof keys / sizeof *keys, .run = run};
