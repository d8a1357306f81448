/* SPDX-License-Identifier: BSD-3-Clause */
/* study_cv.c: the analysis `cv` of a study. */
#include "study_voltammogram.h"

closo_status closo_study_voltammogram(const closo_study *study, closo_study_result *result)
{
    const closo_study_file *file = &study->files[result->file];
    const closo_voltammogram_options options = {.measured_against = file->measured_against,
                                                .versus = file->versus};
    closo_status status = closo_voltammogram_from_table(file->table, &options, study->arena,
                                                        &result->voltammogram, &result->error);
    if (status == CLOSO_OK)
        status = closo_voltammogram_summarise(result->voltammogram, study->arena, &result->summary,
                                              &result->error);
    return status;
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    (void)task;
    closo_status status = closo_study_voltammogram(study, result);
    if (status == CLOSO_OK)
        result->json =
            closo_voltammogram_json(result->voltammogram, &result->summary, study->arena);
    return status;
}

const study_analysis closo_study_cv = {.name = "cv", .run = run};
