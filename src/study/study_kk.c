/* SPDX-License-Identifier: BSD-3-Clause */
/* study_kk.c: the analysis `kk` of a study, and how a task comes to its spectrum. */
#include "study_spectrum.h"

closo_status closo_study_spectrum(const closo_study *study, const closo_study_task *task,
                                  closo_study_result *result)
{
    size_t count = 0, wanted = task->spectrum != 0 ? task->spectrum : 1;
    closo_spectrum *spectra;
    closo_status status = closo_spectra_from_table(study->files[result->file].table, NULL,
                                                   study->arena, &spectra, &count, &result->error);
    if (status != CLOSO_OK)
        return status;
    if (wanted > count)
        return closo_fail(&result->error, CLOSO_RANGE,
                          "the file has %zu spectr%s; 'spectrum: %zu' is not there", count,
                          count == 1 ? "um" : "a", wanted);
    result->spectrum = &spectra[wanted - 1];
    return CLOSO_OK;
}

closo_status closo_study_take_spectrum(const char *text, closo_arena *arena, closo_study_task *task,
                                       closo_error *error)
{
    (void)arena;
    closo_status status = closo_study_take_count(text, 1000000, &task->spectrum, error);
    if (status == CLOSO_OK && task->spectrum == 0)
        status = closo_fail(error, CLOSO_FORMAT, "spectra are counted from 1");
    return status;
}

static closo_status take_tolerance(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    closo_status status = closo_quantity_parse(text, "1", &task->kk.tolerance, error);
    if (status == CLOSO_OK && !(task->kk.tolerance > 0))
        status = closo_fail(error, CLOSO_FORMAT, "it has to be larger than zero; 0.5 %% is usual");
    return status;
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    closo_status status = closo_study_spectrum(study, task, result);
    if (status != CLOSO_OK)
        return status;
    result->kk = closo_arena_alloc(study->arena, 1, sizeof *result->kk);
    if (result->kk == NULL)
        return closo_fail_nomem(&result->error);
    status =
        closo_kramers_kronig(result->spectrum, &task->kk, study->arena, result->kk, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_kk_json(result->spectrum, result->kk, study->arena);
    return status;
}

static const study_key keys[] = {{"spectrum", closo_study_take_spectrum},
                                 {"tolerance", take_tolerance}};

const study_analysis closo_study_kk = {
    .name = "kk", .keys = keys, .key_count = sizeof keys / sizeof *keys, .run = run};
