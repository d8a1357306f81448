/* SPDX-License-Identifier: BSD-3-Clause */
/* study_fit.c: the analysis `fit` of a study: a virtual cell fitted to all files of the task together. */
#include "study_internal.h"

static closo_status take_text(const char *text, const char *wanted, closo_arena *arena,
                              const char **place, closo_error *error)
{
    if (text[0] == '\0')
        return closo_fail(error, CLOSO_FORMAT, "it wants %s", wanted);
    *place = closo_arena_text(arena, text);
    return *place != NULL ? CLOSO_OK : closo_fail_nomem(error);
}

static closo_status take_cell(const char *text, closo_arena *arena, closo_study_task *task,
                              closo_error *error)
{
    return take_text(text, "the path of a cell description, from the folder of the study", arena,
                     &task->fit_cell, error);
}

static closo_status take_vary(const char *text, closo_arena *arena, closo_study_task *task,
                              closo_error *error)
{
    return take_text(text, "paths with bounds, ';' between, as closo fit --vary", arena,
                     &task->fit_vary, error);
}

static closo_status take_starts(const char *text, closo_arena *arena, closo_study_task *task,
                                closo_error *error)
{
    (void)arena;
    return closo_study_take_count(text, 1000, &task->fit.starts, error);
}

static closo_status take_control(const char *text, closo_arena *arena, closo_study_task *task,
                                 closo_error *error)
{
    (void)arena;
    closo_span word = closo_span_of(text);
    task->fit_data.control =
        closo_span_equals(word, "steps") ? CLOSO_FIT_PROTOCOL : CLOSO_FIT_REPLAY;
    if (task->fit_data.control == CLOSO_FIT_REPLAY && !closo_span_equals(word, "replay"))
        return closo_fail(error, CLOSO_FORMAT, "it wants replay or steps, not '%s'", text);
    return CLOSO_OK;
}

static closo_status take_noise(const char *text, const char *unit, double *sigma,
                               closo_error *error)
{
    closo_status status = closo_quantity_parse(text, unit, sigma, error);
    if (status == CLOSO_OK && !(*sigma > 0))
        status = closo_fail(error, CLOSO_FORMAT, "it has to be larger than zero");
    return status;
}

static closo_status take_potential(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    return take_noise(text, "V", &task->fit_data.potential_sigma_V, error);
}

static closo_status take_current(const char *text, closo_arena *arena, closo_study_task *task,
                                 closo_error *error)
{
    (void)arena;
    return take_noise(text, "A", &task->fit_data.current_sigma_A, error);
}

static closo_status take_impedance(const char *text, closo_arena *arena, closo_study_task *task,
                                   closo_error *error)
{
    (void)arena;
    return take_noise(text, "1", &task->fit_data.impedance_sigma, error);
}

/* ---- the run ---- */

enum { VARIED_MAX = 32 };

/* The task's words, else the description's key 'fit'. */
static closo_status read_varied(closo_cell_description *description, const char *words,
                                closo_arena *arena, closo_fit_parameter **parameters, size_t *count,
                                closo_error *error)
{
    closo_status status = CLOSO_OK;
    if (words == NULL) {
        status = closo_fit_parameters_of(description, arena, parameters, count, error);
        if (status == CLOSO_OK && *count == 0)
            status = closo_fail(error, CLOSO_FORMAT,
                                "nothing is to be varied: name it with 'vary: PATH LOW to HIGH "
                                "UNIT', or under the key 'fit' of the cell");
        return status;
    }
    *parameters = closo_arena_alloc(arena, VARIED_MAX, sizeof **parameters);
    *count = 0;
    if (*parameters == NULL)
        return closo_fail_nomem(error);
    closo_span rest = closo_span_of(words), field;
    while (status == CLOSO_OK && *count < VARIED_MAX && closo_span_field(&rest, ';', &field)) {
        field = closo_span_trim(field);
        char *text = closo_arena_text_n(arena, field.start, field.length);
        if (field.length != 0)
            status = text != NULL ? closo_fit_parameter_parse(description, text, arena,
                                                              &(*parameters)[(*count)++], error)
                                  : closo_fail_nomem(error);
    }
    return status;
}

static closo_status add_files(const closo_study *study, const closo_study_task *task,
                              closo_fit_data *data, closo_error *error)
{
    closo_status status = CLOSO_OK;
    for (size_t i = 0; i < task->file_count && status == CLOSO_OK; i++) {
        const closo_study_file *file = &study->files[task->files[i]];
        if (file->table == NULL)
            return closo_fail(error, CLOSO_FORMAT, "%s could not be read: %s", file->label,
                              file->error.message);
        status = closo_fit_data_add(data, file->label, file->table, &task->fit_data, error);
    }
    return status;
}

static closo_status run(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result)
{
    closo_arena *arena = study->arena;
    closo_cell_description *description;
    closo_fit_parameter *parameters;
    size_t count;
    if (task->fit_cell == NULL)
        return closo_fail(&result->error, CLOSO_FORMAT,
                          "a task 'fit' wants 'cell: cell.yaml', the description of the cell");
    const char *path = task->fit_cell[0] == '/' || study->folder[0] == '\0'
                           ? task->fit_cell
                           : closo_arena_printf(arena, "%s/%s", study->folder, task->fit_cell);
    closo_fit_data *data = closo_fit_data_new(arena);
    if (path == NULL || data == NULL)
        return closo_fail_nomem(&result->error);
    closo_status status = closo_cell_description_load(path, arena, &description, &result->error);
    if (status == CLOSO_OK)
        status =
            read_varied(description, task->fit_vary, arena, &parameters, &count, &result->error);
    if (status == CLOSO_OK)
        status = add_files(study, task, data, &result->error);
    if (status == CLOSO_OK)
        status = closo_cell_fit_run(description, parameters, count, data, &task->fit, NULL, arena,
                                    &result->fit, &result->error);
    if (status == CLOSO_OK)
        result->json = closo_cell_fit_json(result->fit, arena);
    return status;
}

static const study_key keys[] = {{"cell", take_cell},
                                 {"vary", take_vary},
                                 {"starts", take_starts},
                                 {"control", take_control},
                                 {"noise_potential", take_potential},
                                 {"noise_current", take_current},
                                 {"noise_impedance", take_impedance}};

const study_analysis closo_study_fit = {.name = "fit",
                                        .scope = STUDY_TOGETHER,
                                        .keys = keys,
                                        .key_count = sizeof keys / sizeof *keys,
                                        .run = run};
