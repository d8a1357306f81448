/* SPDX-License-Identifier: BSD-3-Clause */
/* study_cycles.c: the analysis `cycles` of a study. */
#include "study_internal.h"

static closo_status take_reference_cycle(const char *text, closo_arena *arena,
                                         closo_study_task *task, closo_error *error)
{
    (void)arena;
    size_t cycle = 0;
    closo_status status = closo_study_take_count(text, 1000000000, &cycle, error);
    task->reference_cycle = (int)cycle;
    return status;
}

static closo_status take_formation_cycles(const char *text, closo_arena *arena,
                                          closo_study_task *task, closo_error *error)
{
    (void)arena;
    return closo_study_take_count(text, 1000000000, &task->formation_cycles, error);
}

static closo_status take_rate_last(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    return closo_study_take_count(text, 1000000000, &task->rate_last, error);
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    const closo_study_file *file = &study->files[result->file];
    const closo_cycling_options options = {.role = file->role,
                                           .mass_kg = file->mass_kg,
                                           .area_m2 = file->area_m2,
                                           .capacity_C = file->capacity_C,
                                           .reference_cycle = task->reference_cycle};
    closo_status status = closo_cycling_from_table(file->table, &options, study->arena,
                                                   &result->cycling, &result->error);
    const closo_cycling_analysis_options wanted = {.formation_cycles = task->formation_cycles,
                                                   .rate_last = task->rate_last};
    if (status == CLOSO_OK)
        status = closo_cycling_analyse(result->cycling, &wanted, study->arena, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_cycling_json(result->cycling, study->arena);
    return status;
}

static const study_key keys[] = {{"reference_cycle", take_reference_cycle},
                                 {"formation_cycles", take_formation_cycles},
                                 {"rate_last", take_rate_last}};

const study_analysis closo_study_cycles = {
    .name = "cycles", .keys = keys, .key_count = sizeof keys / sizeof *keys, .run = run};
