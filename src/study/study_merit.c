/* SPDX-License-Identifier: BSD-3-Clause */
/* study_merit.c: the analysis `merit` of a study: a cycle of the file in the cell that a description names. */
#include "study_internal.h"

static closo_status take_cell(const char *text, closo_arena *arena, closo_study_task *task,
                              closo_error *error)
{
    if (text[0] == '\0')
        return closo_fail(error, CLOSO_FORMAT,
                          "it wants the path of a cell description, from the folder of the study");
    task->merit_cell = closo_arena_text(arena, text);
    return task->merit_cell != NULL ? CLOSO_OK : closo_fail_nomem(error);
}

static closo_status take_cycle(const char *text, closo_arena *arena, closo_study_task *task,
                               closo_error *error)
{
    (void)arena;
    size_t cycle = 0;
    closo_status status = closo_study_take_count(text, 1000000000, &cycle, error);
    task->merit_cycle = (int)cycle;
    return status;
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    const closo_study_file *file = &study->files[result->file];
    closo_merit_cell *cell = NULL;
    if (task->merit_cell == NULL)
        return closo_fail(&result->error, CLOSO_FORMAT,
                          "a task 'merit' wants 'cell: cell.yaml', the description of the cell");
    const char *path =
        task->merit_cell[0] == '/' || study->folder[0] == '\0'
            ? task->merit_cell
            : closo_arena_printf(study->arena, "%s/%s", study->folder, task->merit_cell);
    if (path == NULL)
        return closo_fail_nomem(&result->error);
    closo_status status = closo_merit_cell_load(path, study->arena, &cell, &result->error);
    if (status == CLOSO_OK)
        status = closo_merit_take_cycle(cell, file->table, task->merit_cycle, study->arena,
                                        &result->error);
    if (status == CLOSO_OK)
        status = closo_merit_work_out(cell, study->arena, &result->merit, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_merit_json(result->merit, study->arena);
    return status;
}

static const study_key keys[] = {{"cell", take_cell}, {"cycle", take_cycle}};

const study_analysis closo_study_merit = {
    .name = "merit", .keys = keys, .key_count = sizeof keys / sizeof *keys, .run = run};
