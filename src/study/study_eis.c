/* SPDX-License-Identifier: BSD-3-Clause */
/* study_eis.c: the analysis `eis` of a study: the impedance spectra of its files as one series. */
#include "study_spectrum.h"

closo_status closo_study_take_circuit(const char *text, closo_arena *arena, closo_study_task *task,
                                      closo_error *error)
{
    closo_circuit circuit;
    task->eis.circuit = text;
    return closo_circuit_parse(text, arena, &circuit, error);
}

static closo_status take_global(const char *text, closo_arena *arena, closo_study_task *task,
                                closo_error *error)
{
    (void)arena;
    (void)error;
    task->eis.laws = text;
    return CLOSO_OK;
}

static closo_status take_thickness(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    closo_status status = closo_quantity_parse(text, "m", &task->eis.fit.thickness_m.value, error);
    if (status == CLOSO_OK && !(task->eis.fit.thickness_m.value > 0))
        status = closo_fail(error, CLOSO_FORMAT, "it has to be larger than zero");
    return status;
}

closo_status closo_study_spectra(const closo_study *study, const closo_study_task *task,
                                 closo_spectrum **spectra, size_t *count, closo_error *error)
{
    size_t capacity = 0;
    *spectra = NULL;
    *count = 0;
    for (size_t f = 0; f < task->file_count; f++) {
        const closo_study_file *file = &study->files[task->files[f]];
        closo_spectrum *found;
        size_t found_count;
        if (file->table == NULL)
            return closo_fail(error, file->error.status, "'%.60s' could not be read: %.300s",
                              file->label, file->error.message);
        closo_status status =
            closo_spectra_from_table(file->table, NULL, study->arena, &found, &found_count, error);
        if (status != CLOSO_OK)
            return status;
        for (size_t s = 0; s < found_count; s++) {
            *spectra =
                closo_arena_grow(study->arena, *spectra, *count, &capacity, sizeof **spectra);
            if (*spectra == NULL)
                return closo_fail_nomem(error);
            closo_spectrum *taken = &(*spectra)[(*count)++];
            *taken = found[s];
            taken->name = found_count == 1 ? file->label
                                           : closo_arena_printf(study->arena, "%s, sweep %zu",
                                                                file->label, s + 1);
            if (file->temperature_K > 0)
                taken->temperature_K = file->temperature_K;
            else if (!(taken->temperature_K > 0) &&
                     closo_temperature_from_name(file->path, &taken->temperature_K))
                closo_notes_add(&taken->notes, study->arena,
                                "the temperature, %.2f K, is from the name of the file",
                                taken->temperature_K);
            if (file->area_m2 > 0)
                taken->area_m2 = file->area_m2;
        }
    }
    return CLOSO_OK;
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    closo_spectrum *spectra = NULL;
    size_t count = 0;
    closo_status status = closo_study_spectra(study, task, &spectra, &count, &result->error);
    if (status == CLOSO_OK)
        status = closo_eis_analyse(spectra, count, &task->eis, study->arena, &result->eis,
                                   &result->error);
    if (status == CLOSO_OK)
        result->json = closo_eis_json(result->eis, study->arena);
    return status;
}

static const study_key keys[] = {
    {"circuit", closo_study_take_circuit}, {"global", take_global}, {"thickness", take_thickness}};

const study_analysis closo_study_eis = {.name = "eis",
                                        .scope = STUDY_TOGETHER,
                                        .keys = keys,
                                        .key_count = sizeof keys / sizeof *keys,
                                        .run = run};
