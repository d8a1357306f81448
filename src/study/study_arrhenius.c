/* SPDX-License-Identifier: BSD-3-Clause */
/* study_arrhenius.c: the analysis `arrhenius` of a study. */
#include "study_internal.h"

static closo_status take_model(const char *text, closo_arena *arena, closo_study_task *task,
                               closo_error *error)
{
    (void)arena;
    task->arrhenius.choose_given = true;
    return closo_arrhenius_model_parse(text, &task->arrhenius.model, error);
}

closo_status closo_study_take_at(const char *text, closo_arena *arena, closo_study_task *task,
                                 closo_error *error)
{
    (void)arena;
    closo_status status = closo_quantity_parse(text, "K", &task->arrhenius.at_K, error);
    if (status == CLOSO_OK && !(task->arrhenius.at_K > 0))
        status = closo_fail(error, CLOSO_FORMAT, "it lies below absolute zero");
    return status;
}

static closo_status take_column(const char *text, closo_arena *arena, closo_study_task *task,
                                closo_error *error)
{
    (void)arena;
    (void)error;
    task->column = text;
    return CLOSO_OK;
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    const closo_study_file *file = &study->files[result->file];
    closo_arrhenius_source source = {.column = task->column};
    result->arrhenius = closo_arena_alloc(study->arena, 1, sizeof *result->arrhenius);
    result->arrhenius_data = closo_arena_alloc(study->arena, 1, sizeof *result->arrhenius_data);
    if (result->arrhenius == NULL || result->arrhenius_data == NULL)
        return closo_fail_nomem(&result->error);
    closo_status status = closo_arrhenius_data_from_table(file->table, &source, study->arena,
                                                          result->arrhenius_data, &result->error);
    if (status == CLOSO_OK)
        status = closo_arrhenius_fit_data(result->arrhenius_data, &task->arrhenius, study->arena,
                                          result->arrhenius, &result->error);
    if (status == CLOSO_OK)
        result->json =
            closo_arrhenius_json(result->arrhenius_data, result->arrhenius, study->arena);
    return status;
}

static const study_key keys[] = {
    {"model", take_model}, {"at", closo_study_take_at}, {"column", take_column}};

const study_analysis closo_study_arrhenius = {
    .name = "arrhenius", .keys = keys, .key_count = sizeof keys / sizeof *keys, .run = run};
