/* SPDX-License-Identifier: BSD-3-Clause */
/* study_run.c: reads the files, does the tasks. What fails says why and stops nothing else. */
#include "study_internal.h"

#include <stdio.h>
#include <string.h>

const study_analysis *closo_study_analysis(closo_analysis analysis)
{
    static const study_analysis *const analyses[] = {
#define X(code, name) &closo_study_##name,
        CLOSO_ANALYSIS_LIST(X)
#undef X
    };
    return analyses[analysis];
}

const char *closo_analysis_name(closo_analysis analysis)
{
    return closo_study_analysis(analysis)->name;
}

static void say(const closo_log *log, closo_log_level level, const char *text)
{
    if (log != NULL && log->write != NULL)
        log->write(log->user, level, "study", text);
}

static bool go_on(const closo_progress *progress, size_t done, size_t all, const char *what)
{
    return progress == NULL || progress->report == NULL ||
           progress->report(progress->user, all != 0 ? (double)done / (double)all : 1, what);
}

static bool same_text(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

/* An earlier entry of the study with the same simulation, so that cycling and spectra of a cell are one run; or NULL. */
static const closo_study_file *same_simulation(const closo_study *study,
                                               const closo_study_file *file)
{
    const closo_instrument_noise *noise = &file->noise;
    for (const closo_study_file *other = study->files; other < file; other++) {
        const closo_instrument_noise *theirs = &other->noise;
        if (other->simulated && other->tables != NULL &&
            same_text(other->full_path, file->full_path) && same_text(other->steps, file->steps) &&
            noise->seed == theirs->seed && !(noise->potential_V < theirs->potential_V) &&
            !(noise->potential_V > theirs->potential_V) &&
            !(noise->current_A < theirs->current_A) && !(noise->current_A > theirs->current_A) &&
            !(noise->impedance < theirs->impedance) && !(noise->impedance > theirs->impedance))
            return other;
    }
    return NULL;
}

/* Reads or simulates all tables of the file. */
static closo_status open_file(const closo_study *study, closo_study_file *file)
{
    unsigned char *bytes;
    size_t size;
    closo_status status =
        closo_file_read(file->full_path, SIZE_MAX, study->arena, &bytes, &size, &file->error);
    if (status != CLOSO_OK)
        return status;
    closo_sha256(bytes, size, file->sha256);
    if (!file->simulated)
        return closo_file_open_memory(file->path, bytes, size, NULL, study->arena, &file->tables,
                                      &file->error);
    const closo_study_file *same = same_simulation(study, file);
    if (same == NULL)
        return closo_study_simulate(study, file, bytes, size);
    file->tables = same->tables;
    file->area_m2 = file->area_m2 > 0 ? file->area_m2 : same->area_m2;
    file->mass_kg = file->mass_kg > 0 ? file->mass_kg : same->mass_kg;
    file->capacity_C = file->capacity_C > 0 ? file->capacity_C : same->capacity_C;
    file->temperature_K = file->temperature_K > 0 ? file->temperature_K : same->temperature_K;
    return CLOSO_OK;
}

static closo_status read_file(const closo_study *study, closo_study_file *file)
{
    closo_status status = open_file(study, file);
    file->table = status == CLOSO_OK ? file->tables : NULL;
    for (size_t part = 1; status == CLOSO_OK && part < file->part; part++) {
        if (file->table->next == NULL) {
            file->table = NULL;
            return closo_error_in_file(&file->error,
                                       closo_fail(&file->error, CLOSO_RANGE,
                                                  "it has %zu tables, the study asks for part %zu",
                                                  part, file->part),
                                       file->path);
        }
        file->table = file->table->next;
    }
    return status;
}

static closo_status do_task(const closo_study *study, closo_study_result *result)
{
    const closo_study_task *task = &study->tasks[result->task];
    const closo_study_file *file = &study->files[result->file];
    if (file->table == NULL && !result->together) {
        result->error = file->error;
        return file->error.status;
    }
    closo_status status = closo_study_analysis(task->analysis)->run(study, task, result);
    if (status == CLOSO_OK && result->json == NULL)
        status = closo_fail_nomem(&result->error);
    return closo_error_in_file(&result->error, status, file->path);
}

/* How many results a task has. */
static size_t result_count(const closo_study_task *task)
{
    return closo_study_analysis(task->analysis)->scope == STUDY_TOGETHER ? 1 : task->file_count;
}

closo_status closo_study_run(closo_study *study, const closo_progress *progress,
                             const closo_log *log, closo_error *error)
{
    size_t all = study->file_count, done = 0;
    for (size_t t = 0; t < study->task_count; t++)
        all += result_count(&study->tasks[t]);
    study->failed_count = 0;
    study->result_count = 0;
    study->results =
        closo_arena_alloc(study->arena, all - study->file_count, sizeof *study->results);
    if (study->results == NULL)
        return closo_fail_nomem(error);
    char text[1200];
    for (size_t f = 0; f < study->file_count; f++) {
        if (!go_on(progress, done++, all, study->files[f].path))
            return closo_fail(error, CLOSO_CANCELLED, "stopped while reading the files");
        if (read_file(study, &study->files[f]) != CLOSO_OK) {
            study->failed_count++;
            say(log, CLOSO_LOG_ERROR, closo_error_text(&study->files[f].error, text, sizeof text));
        }
    }
    for (size_t t = 0; t < study->task_count; t++) {
        const closo_study_task *task = &study->tasks[t];
        for (size_t k = 0; k < result_count(task); k++) {
            closo_study_result *result = &study->results[study->result_count++];
            result->task = t;
            result->file = task->files[k];
            result->together = closo_study_analysis(task->analysis)->scope == STUDY_TOGETHER;
            snprintf(text, sizeof text, "%s of %s", closo_analysis_name(task->analysis),
                     study->files[result->file].id);
            if (!go_on(progress, done++, all, text))
                return closo_fail(error, CLOSO_CANCELLED, "stopped before %s", text);
            /* said already */
            bool known = study->files[result->file].table == NULL && !result->together;
            if (do_task(study, result) != CLOSO_OK && !known) {
                study->failed_count++;
                say(log, CLOSO_LOG_ERROR, closo_error_text(&result->error, text, sizeof text));
            }
        }
    }
    closo_study_expect(study);
    (void)go_on(progress, all, all, "done");
    return CLOSO_OK;
}
