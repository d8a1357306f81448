/* SPDX-License-Identifier: BSD-3-Clause */
/* study_conductivity.c: the analysis `conductivity` of a study: a pellet's spectra at several temperatures as one series. */
#include "study_spectrum.h"

static closo_status take_length(const char *text, closo_value *length_m, closo_error *error)
{
    closo_status status = closo_value_parse(text, "m", length_m, error);
    if (status == CLOSO_OK && !(length_m->value > 0))
        status = closo_fail(error, CLOSO_FORMAT, "it has to be larger than zero");
    return status;
}

static closo_status take_diameter(const char *text, closo_arena *arena, closo_study_task *task,
                                  closo_error *error)
{
    (void)arena;
    return take_length(text, &task->pellet.diameter_m, error);
}

static closo_status take_thickness(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    return take_length(text, &task->pellet.thickness_m, error);
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    closo_spectrum *spectra;
    size_t count;
    closo_conductivity_options options = {
        .eis = task->eis, .pellet = task->pellet, .arrhenius = task->arrhenius};
    result->conductivity = closo_arena_alloc(study->arena, 1, sizeof *result->conductivity);
    if (result->conductivity == NULL)
        return closo_fail_nomem(&result->error);
    closo_status status = closo_study_spectra(study, task, &spectra, &count, &result->error);
    if (status == CLOSO_OK) {
        status = closo_pellet_from_spectra(spectra, count, &options.pellet, &result->error);
        if (status != CLOSO_OK) {
            const closo_error reason = result->error;
            return closo_fail(&result->error, CLOSO_FORMAT,
                              "%.300s: write diameter and thickness, such as 12 mm and 0.6 mm",
                              reason.message);
        }
    }
    if (status == CLOSO_OK)
        status = closo_conductivity_series_analyse(spectra, count, &options, study->arena,
                                                   result->conductivity, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_conductivity_series_json(result->conductivity, study->arena);
    return status;
}

static const study_key keys[] = {{"circuit", closo_study_take_circuit},
                                 {"diameter", take_diameter},
                                 {"thickness", take_thickness},
                                 {"at", closo_study_take_at}};

const study_analysis closo_study_conductivity = {.name = "conductivity",
                                                 .scope = STUDY_TOGETHER,
                                                 .keys = keys,
                                                 .key_count = sizeof keys / sizeof *keys,
                                                 .run = run};
