/* SPDX-License-Identifier: BSD-3-Clause */
/* study_json.c: all results of a study in one JSON file, with what went in. */
#include "study_internal.h"

#include <jansson.h>
#include <string.h>

/* What the study says of the cell. */
static json_t *cell_json(const closo_study_file *file)
{
    static const struct {
        closo_normal kind;
        const char *key;
        double factor; /* printed = factor * SI */
    } amounts[] = {{CLOSO_NORMAL_AREA, "area_cm2", 1e4},
                   {CLOSO_NORMAL_MASS, "mass_mg", 1e6},
                   {CLOSO_NORMAL_CARBON, "carbon_surface_cm2", 1e4}};
    json_t *object = json_object();
    bool fine = closo_json_text(object, "reference", file->measured_against) &&
                closo_json_text(object, "versus", file->versus) &&
                closo_json_number(object, "temperature_K", file->temperature_K) &&
                closo_json_text(object, "electrolyte", file->electrolyte);
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts && fine; i++)
        if (file->normalisation.kind == amounts[i].kind)
            fine = closo_json_number(object, amounts[i].key,
                                     amounts[i].factor * file->normalisation.amount);
    if (file->role != CLOSO_ROLE_UNSAID)
        fine = fine && closo_json_text(object, "role", closo_electrode_role_name(file->role));
    if (file->capacity_C > 0)
        fine = fine && closo_json_number(object, "capacity_mAh", file->capacity_C / 3.6);
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

/* What the task asked for, in the study's own words. */
static json_t *options_json(const closo_study_task *task)
{
    json_t *object = json_object();
    bool fine = closo_json_text(object, "title", task->title);
    for (size_t i = 0; i < task->option_count && fine; i++)
        fine = closo_json_text(object, task->options[i].key, task->options[i].text);
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

/* The ids of all files of a task. */
static json_t *files_json(const closo_study *study, const closo_study_task *task)
{
    json_t *array = json_array();
    for (size_t i = 0; i < task->file_count; i++)
        if (json_array_append_new(array, json_string(study->files[task->files[i]].id)) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *file_json(const closo_study_file *file)
{
    json_t *object = json_object();
    bool fine = closo_json_text(object, "id", file->id) &&
                closo_json_text(object, "path", file->path) &&
                closo_json_text(object, "label", file->label) &&
                closo_json_text(object, "sha256", file->sha256) &&
                closo_json_integer(object, "part", (int64_t)file->part);
    fine = json_object_set_new(object, "cell", cell_json(file)) == 0 && fine;
    if (file->table != NULL)
        fine = fine && closo_json_text(object, "format", file->table->format) &&
               closo_json_text(object, "technique", file->table->technique) &&
               closo_json_integer(object, "rows", (int64_t)file->table->row_count) &&
               closo_json_notes(object, "notes", &file->table->notes);
    else
        fine = fine && closo_json_text(object, "error", file->error.message);
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *result_json(const closo_study *study, const closo_study_result *result)
{
    const closo_study_task *task = &study->tasks[result->task];
    json_t *object = json_object();
    bool fine =
        closo_json_integer(object, "task", (int64_t)result->task + 1) &&
        closo_json_text(object, "analysis", closo_analysis_name(task->analysis)) &&
        (result->together || closo_json_text(object, "file", study->files[result->file].id));
    if (result->together)
        fine = json_object_set_new(object, "files", files_json(study, task)) == 0 && fine;
    fine = json_object_set_new(object, "options", options_json(task)) == 0 && fine;
    if (result->json != NULL)
        fine = json_object_set_new(object, closo_analysis_name(task->analysis),
                                   json_loads(result->json, 0, NULL)) == 0 &&
               fine;
    else
        fine = fine && closo_json_text(object, "error", result->error.message);
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *expectation_json(const closo_study *study, const closo_study_expectation *expected)
{
    json_t *object = json_object();
    bool fine =
        closo_json_text(object, "name", expected->name) &&
        closo_json_text(object, "analysis", closo_analysis_name(expected->analysis)) &&
        closo_json_text(object, "file", study->files[expected->file].id) &&
        closo_json_text(object, "number", expected->number) &&
        closo_json_text(object, "expected", expected->value) &&
        closo_json_text(object, "source", expected->source) &&
        closo_json_number(object, "found", expected->found.value) &&
        closo_json_number(object, "found_sigma", expected->found.sigma) &&
        closo_json_number(object, "deviation", expected->deviation) &&
        (!expected->judged || json_object_set_new(object, "met", json_boolean(expected->met)) == 0);
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

closo_status closo_study_write_json(const closo_study *study, const char *path, closo_error *error)
{
    json_t *object = json_object(), *files = json_array(), *results = json_array(),
           *expected = json_array();
    bool fine = closo_json_text(object, "title", study->title) &&
                closo_json_text(object, "author", study->author) &&
                closo_json_text(object, "closo_version", CLOSO_VERSION) &&
                closo_json_text(object, "study_sha256", study->sha256) &&
                json_object_set_new(object, "synthetic", json_boolean(study->synthetic)) == 0;
    for (size_t i = 0; i < study->file_count && fine; i++)
        fine = json_array_append_new(files, file_json(&study->files[i])) == 0;
    for (size_t i = 0; i < study->result_count && fine; i++)
        fine = json_array_append_new(results, result_json(study, &study->results[i])) == 0;
    for (size_t i = 0; i < study->expectation_count && fine; i++)
        fine =
            json_array_append_new(expected, expectation_json(study, &study->expectations[i])) == 0;
    fine = json_object_set_new(object, "files", files) == 0 && fine;
    fine = json_object_set_new(object, "results", results) == 0 && fine;
    fine = json_object_set_new(object, "expected", expected) == 0 && fine;
    if (!fine) {
        json_decref(object);
        return closo_fail_nomem(error);
    }
    const char *text = closo_json_finish(object, study->arena);
    if (text == NULL)
        return closo_fail_nomem(error);
    return closo_file_write(path, text, strlen(text), study->arena, error);
}
