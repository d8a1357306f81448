/* SPDX-License-Identifier: BSD-3-Clause */
/* study_onset.c: the analysis `onset` of a study. */
#include "study_voltammogram.h"

#include <string.h>

static closo_status take_sweep(const char *text, closo_arena *arena, closo_study_task *task,
                               closo_error *error)
{
    (void)arena;
    if (!closo_sweep_words_known(text))
        return closo_fail(
            error, CLOSO_FORMAT,
            "write 'first anodic', 'last anodic', 'longest anodic', the same with cathodic, or "
            "the number of a leg");
    task->sweep = text;
    return CLOSO_OK;
}

static closo_status take_background(const char *text, closo_arena *arena, closo_study_task *task,
                                    closo_error *error)
{
    (void)arena;
    return closo_window_parse(text, "V", &task->onset.background_from_V,
                              &task->onset.background_to_V, error);
}

static closo_status take_rising(const char *text, closo_arena *arena, closo_study_task *task,
                                closo_error *error)
{
    (void)arena;
    return closo_window_parse(text, "V", &task->onset.rising_from_V, &task->onset.rising_to_V,
                              error);
}

static closo_status take_cutoff(const char *text, closo_arena *arena, closo_study_task *task,
                                closo_error *error)
{
    (void)arena;
    closo_status status = closo_quantity_parse(text, "A", &task->onset.cutoff_A, error);
    if (status == CLOSO_OK && !(task->onset.cutoff_A > 0))
        status = closo_fail(error, CLOSO_FORMAT, "it has to be larger than zero");
    return status;
}

static closo_status take_max_onsets(const char *text, closo_arena *arena, closo_study_task *task,
                                    closo_error *error)
{
    (void)arena;
    return closo_study_take_count(text, 1000, &task->onset.max_onsets, error);
}

static closo_status take_seed(const char *text, closo_arena *arena, closo_study_task *task,
                              closo_error *error)
{
    (void)arena;
    size_t seed = 0;
    closo_status status = closo_study_take_count(text, UINT32_MAX, &seed, error);
    task->onset.seed = seed;
    return status;
}

static closo_status take_min_r2(const char *text, closo_arena *arena, closo_study_task *task,
                                closo_error *error)
{
    (void)arena;
    closo_status status = closo_study_take_number(text, &task->onset.min_r2, error);
    if (status == CLOSO_OK && !(task->onset.min_r2 >= 0 && task->onset.min_r2 < 1))
        status = closo_fail(error, CLOSO_FORMAT, "it lies between 0 and 1; the thesis takes 0.99");
    return status;
}

static closo_status take_straight(const char *text, closo_arena *arena, closo_study_task *task,
                                  closo_error *error)
{
    (void)arena;
    task->onset.straight_only = strcmp(text, "true") == 0;
    return task->onset.straight_only || strcmp(text, "false") == 0
               ? CLOSO_OK
               : closo_fail(error, CLOSO_FORMAT, "it is true or false");
}

static closo_status take_departure(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    closo_status status = closo_study_take_number(text, &task->onset.departure_sigmas, error);
    if (status == CLOSO_OK && !(task->onset.departure_sigmas > 0))
        status = closo_fail(error, CLOSO_FORMAT, "it has to be larger than zero; 3 is usual");
    return status;
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    size_t sweep = 0;
    closo_status status = closo_study_voltammogram(study, result);
    if (status == CLOSO_OK)
        status = closo_sweep_choose(result->voltammogram, task->sweep, &sweep, &result->error);
    if (status == CLOSO_OK)
        status = closo_onset_find(result->voltammogram, sweep, &task->onset, study->arena,
                                  &result->onset, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_onset_json(result->voltammogram, &result->onset, study->arena);
    return status;
}

static const study_key keys[] = {
    {"sweep", take_sweep},   {"background", take_background},      {"rising", take_rising},
    {"cutoff", take_cutoff}, {"max_onsets", take_max_onsets},      {"min_r2", take_min_r2},
    {"seed", take_seed},     {"departure_sigmas", take_departure}, {"straight", take_straight},
};

const study_analysis closo_study_onset = {
    .name = "onset", .keys = keys, .key_count = sizeof keys / sizeof *keys, .run = run};
