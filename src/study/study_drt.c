/* SPDX-License-Identifier: BSD-3-Clause */
/* study_drt.c: the analysis `drt` of a study. */
#include "study_spectrum.h"

#include <string.h>

static closo_status take_criterion(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    if (!closo_drt_criterion_parse(text, &task->drt.criterion))
        return closo_fail(error, CLOSO_FORMAT, "write mgcv, gcv, rgcv, re-im or l-curve");
    return CLOSO_OK;
}

static closo_status take_part(const char *text, closo_arena *arena, closo_study_task *task,
                              closo_error *error)
{
    (void)arena;
    if (!closo_drt_part_parse(text, &task->drt.part))
        return closo_fail(error, CLOSO_FORMAT, "write both, real or imaginary");
    return CLOSO_OK;
}

static closo_status take_basis(const char *text, closo_arena *arena, closo_study_task *task,
                               closo_error *error)
{
    (void)arena;
    const bool gaussian = strcmp(text, "gaussian") == 0;
    if (!gaussian && strcmp(text, "hats") != 0)
        return closo_fail(error, CLOSO_FORMAT, "write hats or gaussian");
    task->drt.basis = gaussian ? CLOSO_DRT_GAUSSIANS : CLOSO_DRT_HATS;
    return CLOSO_OK;
}

static closo_status take_lambda(const char *text, closo_arena *arena, closo_study_task *task,
                                closo_error *error)
{
    (void)arena;
    closo_status status = closo_study_take_number(text, &task->drt.lambda, error);
    if (status == CLOSO_OK && !(task->drt.lambda > 0))
        status = closo_fail(error, CLOSO_FORMAT, "it has to be larger than zero; 1e-4 is usual");
    return status;
}

static closo_status take_samples(const char *text, closo_arena *arena, closo_study_task *task,
                                 closo_error *error)
{
    (void)arena;
    return closo_study_take_count(text, 20000, &task->drt.samples, error);
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    closo_status status = closo_study_spectrum(study, task, result);
    if (status != CLOSO_OK)
        return status;
    result->drt = closo_arena_alloc(study->arena, 1, sizeof *result->drt);
    if (result->drt == NULL)
        return closo_fail_nomem(&result->error);
    status =
        closo_drt_make(result->spectrum, &task->drt, study->arena, result->drt, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_drt_json(result->spectrum, result->drt, study->arena);
    return status;
}

static const study_key keys[] = {{"spectrum", closo_study_take_spectrum},
                                 {"criterion", take_criterion},
                                 {"only", take_part},
                                 {"basis", take_basis},
                                 {"lambda", take_lambda},
                                 {"samples", take_samples}};

const study_analysis closo_study_drt = {
    .name = "drt", .keys = keys, .key_count = sizeof keys / sizeof *keys, .run = run};
