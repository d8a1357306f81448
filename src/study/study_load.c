/* SPDX-License-Identifier: BSD-3-Clause */
/* study_load.c: from YAML to a study whose every word has been understood. */
#include "study_internal.h"

#include <cyaml/cyaml.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the schema: what libcyaml fills ---- */

typedef struct file_yaml {
    char *id, *path, *label, *reference, *versus, *area, *mass, *carbon_surface, *temperature,
        *electrolyte, *role, *capacity;
    unsigned part;
} file_yaml;

typedef struct task_yaml {
    char *analysis, *title, *sweep, *background, *rising, *cutoff;
    char **files;
    unsigned files_count, max_onsets, seed, reference_cycle;
    double min_r2, departure_sigmas;
} task_yaml;

typedef struct study_yaml {
    char *title, *author, *about, *output;
    bool synthetic;
    file_yaml *files;
    unsigned files_count;
    task_yaml *tasks;
    unsigned tasks_count;
} study_yaml;

#define WORDS(structure, key) \
    CYAML_FIELD_STRING_PTR(#key, OPTIONAL, structure, key, 0, CYAML_UNLIMITED)
#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define NEEDED(structure, key) \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, structure, key, 1, CYAML_UNLIMITED)

static const cyaml_schema_field_t file_fields[] = {
    NEEDED(file_yaml, id),
    NEEDED(file_yaml, path),
    WORDS(file_yaml, label),
    WORDS(file_yaml, reference),
    WORDS(file_yaml, versus),
    WORDS(file_yaml, area),
    WORDS(file_yaml, mass),
    WORDS(file_yaml, carbon_surface),
    WORDS(file_yaml, temperature),
    WORDS(file_yaml, electrolyte),
    WORDS(file_yaml, role),
    WORDS(file_yaml, capacity),
    CYAML_FIELD_UINT("part", CYAML_FLAG_OPTIONAL, file_yaml, part),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, file_yaml, file_fields)};

static const cyaml_schema_value_t name_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};
static const cyaml_schema_field_t task_fields[] = {
    NEEDED(task_yaml, analysis),
    CYAML_FIELD_SEQUENCE("files", CYAML_FLAG_POINTER, task_yaml, files, &name_schema, 1, 10000),
    WORDS(task_yaml, title),
    WORDS(task_yaml, sweep),
    WORDS(task_yaml, background),
    WORDS(task_yaml, rising),
    WORDS(task_yaml, cutoff),
    CYAML_FIELD_UINT("max_onsets", CYAML_FLAG_OPTIONAL, task_yaml, max_onsets),
    CYAML_FIELD_UINT("seed", CYAML_FLAG_OPTIONAL, task_yaml, seed),
    CYAML_FIELD_UINT("reference_cycle", CYAML_FLAG_OPTIONAL, task_yaml, reference_cycle),
    CYAML_FIELD_FLOAT("min_r2", CYAML_FLAG_OPTIONAL, task_yaml, min_r2),
    CYAML_FIELD_FLOAT("departure_sigmas", CYAML_FLAG_OPTIONAL, task_yaml, departure_sigmas),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t task_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, task_yaml, task_fields)};

static const cyaml_schema_field_t study_fields[] = {
    NEEDED(study_yaml, title),
    WORDS(study_yaml, author),
    WORDS(study_yaml, about),
    WORDS(study_yaml, output),
    CYAML_FIELD_BOOL("synthetic", CYAML_FLAG_OPTIONAL, study_yaml, synthetic),
    CYAML_FIELD_SEQUENCE("files", CYAML_FLAG_POINTER, study_yaml, files, &file_schema, 1, 10000),
    CYAML_FIELD_SEQUENCE("tasks", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, study_yaml, tasks,
                         &task_schema, 0, 10000),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t study_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, study_yaml, study_fields)};

enum { KEYS_MAX = 64 };

/* Every key of the schema, for "did you mean". */
static size_t list_keys(const char **keys)
{
    const cyaml_schema_field_t *const lists[] = {study_fields, file_fields, task_fields};
    size_t count = 0;
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (const cyaml_schema_field_t *field = lists[l]; field->key != NULL && count < KEYS_MAX;
             field++)
            keys[count++] = field->key;
    return count;
}

/* ---- checking ---- */

typedef struct loader {
    closo_study *study;
    const study_yaml *yaml;
    closo_arena *arena;
    closo_error *error;
} loader;

/* True when a line of YAML says `key: value`, perhaps as the first of a list entry, quoted or with a remark behind it. */
static bool line_says(closo_span line, const char *key, const char *value)
{
    closo_span rest = closo_span_trim(line);
    if (closo_span_starts(rest, "- "))
        rest = closo_span_trim((closo_span){rest.start + 2, rest.length - 2});
    if (!closo_span_starts(rest, key))
        return false;
    rest.start += strlen(key);
    rest.length -= strlen(key);
    if (rest.length == 0 || *rest.start != ':')
        return false;
    rest = closo_span_trim((closo_span){rest.start + 1, rest.length - 1});
    if (rest.length != 0 &&
        strchr("'\"[", *rest.start) != NULL) /* quotes, or a list with the value in it */
        return *rest.start == '['
                   ? closo_span_contains(rest, value)
                   : closo_span_starts((closo_span){rest.start + 1, rest.length - 1}, value);
    if (!closo_span_starts(rest, value))
        return false;
    rest.start += strlen(value);
    rest.length -= strlen(value);
    rest = closo_span_trim(rest);
    return rest.length == 0 || *rest.start == '#';
}

/* The first line of the study file that says `key: value`, 0 when none does (a value over several lines). */
static size_t line_of(const loader *load, const char *key, const char *value)
{
    unsigned char *bytes;
    size_t size, number = 0;
    if (closo_file_read(load->study->path, SIZE_MAX, load->arena, &bytes, &size, NULL) != CLOSO_OK)
        return 0;
    closo_span rest = {(const char *)bytes, size}, line;
    while (closo_span_line(&rest, &line)) {
        number++;
        if (line_says(line, key, value))
            return number;
    }
    return 0;
}

static closo_status wrong(const loader *load, const char *key, const char *value,
                          const char *message)
{
    return closo_fail_line(load->error, CLOSO_FORMAT, line_of(load, key, value), "%s: %s", key,
                           message);
}

/* Reads the value of a key that has a unit; a key that is not there leaves *si alone. */
static closo_status take_quantity(const loader *load, const char *key, const char *value,
                                  const char *unit, double *si)
{
    closo_error reason = {0};
    if (value == NULL || closo_quantity_parse(value, unit, si, &reason) == CLOSO_OK)
        return CLOSO_OK;
    return wrong(load, key, value, reason.message);
}

static closo_status take_window(const loader *load, const char *key, const char *value,
                                double *from_V, double *to_V)
{
    closo_error reason = {0};
    if (value == NULL || closo_window_parse(value, "V", from_V, to_V, &reason) == CLOSO_OK)
        return CLOSO_OK;
    return wrong(load, key, value, reason.message);
}

static closo_status take_reference(const loader *load, const char *key, const char *value)
{
    closo_reference reference;
    closo_error reason = {0};
    if (value == NULL || closo_reference_parse(value, load->arena, &reference, &reason) == CLOSO_OK)
        return CLOSO_OK;
    return wrong(load, key, value, reason.message);
}

static closo_status take_normalisation(const loader *load, const file_yaml *yaml,
                                       closo_normalisation *normalisation)
{
    const struct {
        const char *key, *value, *unit;
        closo_normal kind;
    } ways[] = {{"area", yaml->area, "m2", CLOSO_NORMAL_AREA},
                {"mass", yaml->mass, "kg", CLOSO_NORMAL_MASS},
                {"carbon_surface", yaml->carbon_surface, "m2", CLOSO_NORMAL_CARBON}};
    *normalisation = (closo_normalisation){CLOSO_NORMAL_NONE, 1};
    for (size_t i = sizeof ways / sizeof *ways; i-- > 0;) { /* of several the first counts */
        double amount = 0;
        if (ways[i].value == NULL)
            continue;
        closo_status status =
            take_quantity(load, ways[i].key, ways[i].value, ways[i].unit, &amount);
        if (status != CLOSO_OK)
            return status;
        if (!(amount > 0))
            return wrong(load, ways[i].key, ways[i].value, "it has to be larger than zero");
        *normalisation = (closo_normalisation){ways[i].kind, amount};
    }
    return CLOSO_OK;
}

/* What a task `cycles` needs to know of the cell. Mass and area were checked before. */
static closo_status take_cell(const loader *load, const file_yaml *yaml, closo_study_file *file)
{
    closo_error reason = {0};
    closo_status status = take_quantity(load, "mass", yaml->mass, "kg", &file->mass_kg);
    if (status == CLOSO_OK)
        status = take_quantity(load, "area", yaml->area, "m2", &file->area_m2);
    if (status == CLOSO_OK)
        status = take_quantity(load, "capacity", yaml->capacity, "C", &file->capacity_C);
    if (status == CLOSO_OK && yaml->capacity != NULL && !(file->capacity_C > 0))
        status = wrong(load, "capacity", yaml->capacity, "it has to be larger than zero");
    if (status == CLOSO_OK && yaml->role != NULL &&
        closo_electrode_role_parse(yaml->role, &file->role, &reason) != CLOSO_OK)
        status = wrong(load, "role", yaml->role, reason.message);
    return status;
}

static const char *join(closo_arena *arena, const char *folder, const char *path)
{
    return path[0] == '/' || folder[0] == '\0' ? closo_arena_text(arena, path)
                                               : closo_arena_printf(arena, "%s/%s", folder, path);
}

static closo_status take_electrolyte(const loader *load, const char *formula,
                                     closo_study_file *file)
{
    closo_error reason = {0};
    if (formula == NULL)
        return CLOSO_OK;
    file->electrolyte = formula;
    if (closo_formula_parse(formula, load->arena, &file->electrolyte_formula, &reason) != CLOSO_OK)
        return wrong(load, "electrolyte", formula, reason.message);
    return CLOSO_OK;
}

static closo_status take_file(const loader *load, const file_yaml *yaml, closo_study_file *file)
{
    *file = (closo_study_file){.id = yaml->id,
                               .path = yaml->path,
                               .label = yaml->label != NULL ? yaml->label : yaml->id,
                               .measured_against = yaml->reference,
                               .versus = yaml->versus,
                               .part = yaml->part != 0 ? yaml->part : 1,
                               .temperature_K = NAN};
    file->full_path = join(load->arena, load->study->folder, yaml->path);
    if (file->full_path == NULL)
        return closo_fail_nomem(load->error);
    closo_status status = take_normalisation(load, yaml, &file->normalisation);
    if (status == CLOSO_OK)
        status = take_cell(load, yaml, file);
    if (status == CLOSO_OK)
        status = take_quantity(load, "temperature", yaml->temperature, "K", &file->temperature_K);
    if (status == CLOSO_OK && file->temperature_K <= 0)
        status = wrong(load, "temperature", yaml->temperature, "it lies below absolute zero");
    if (status == CLOSO_OK)
        status = take_reference(load, "reference", yaml->reference);
    if (status == CLOSO_OK)
        status = take_reference(load, "versus", yaml->versus);
    if (status == CLOSO_OK)
        status = take_electrolyte(load, yaml->electrolyte, file);
    if (status == CLOSO_OK && !closo_file_readable(file->full_path))
        status = closo_fail_line(
            load->error, CLOSO_FORMAT, line_of(load, "path", yaml->path),
            "path: there is no file '%s'; paths count from the folder of the study", yaml->path);
    return status;
}

static closo_status take_file_names(const loader *load, const task_yaml *yaml,
                                    closo_study_task *task)
{
    const closo_study *study = load->study;
    task->files = closo_arena_alloc(load->arena, yaml->files_count, sizeof *task->files);
    if (task->files == NULL)
        return closo_fail_nomem(load->error);
    for (unsigned i = 0; i < yaml->files_count; i++) {
        size_t f = 0;
        while (f < study->file_count && strcmp(study->files[f].id, yaml->files[i]) != 0)
            f++;
        if (f == study->file_count)
            return closo_fail_line(load->error, CLOSO_FORMAT,
                                   line_of(load, "files", yaml->files[i]),
                                   "files: no file of this study has the id '%s'", yaml->files[i]);
        task->files[task->file_count++] = f;
    }
    return CLOSO_OK;
}

/* Keys of another analysis are told, not passed over. */
static closo_status check_foreign_keys(const loader *load, const task_yaml *yaml,
                                       const closo_study_task *task)
{
    if (task->analysis != CLOSO_ANALYSIS_ONSET &&
        (yaml->background != NULL || yaml->rising != NULL || yaml->cutoff != NULL ||
         yaml->sweep != NULL))
        return closo_fail(
            load->error, CLOSO_FORMAT,
            "a task '%s' takes no sweep, background, rising or cutoff; these belong to 'onset'",
            closo_analysis_name(task->analysis));
    if (task->analysis != CLOSO_ANALYSIS_CYCLES && yaml->reference_cycle != 0)
        return closo_fail(load->error, CLOSO_FORMAT,
                          "a task '%s' takes no reference_cycle; it belongs to 'cycles'",
                          closo_analysis_name(task->analysis));
    return CLOSO_OK;
}

static closo_status take_task(const loader *load, const task_yaml *yaml, closo_study_task *task)
{
    *task = (closo_study_task){.title = yaml->title, .sweep = yaml->sweep};
    if (strcmp(yaml->analysis, "onset") == 0)
        task->analysis = CLOSO_ANALYSIS_ONSET;
    else if (strcmp(yaml->analysis, "cv") == 0)
        task->analysis = CLOSO_ANALYSIS_CV;
    else if (strcmp(yaml->analysis, "cycles") == 0)
        task->analysis = CLOSO_ANALYSIS_CYCLES;
    else
        return closo_fail_line(load->error, CLOSO_FORMAT, line_of(load, "analysis", yaml->analysis),
                               "analysis: there is no '%s'; there are onset, cv and cycles",
                               yaml->analysis);
    task->onset = (closo_onset_options){.max_onsets = yaml->max_onsets,
                                        .min_r2 = yaml->min_r2,
                                        .departure_sigmas = yaml->departure_sigmas,
                                        .seed = yaml->seed};
    task->reference_cycle = yaml->reference_cycle < 1000000000 ? (int)yaml->reference_cycle : -1;
    closo_status status = take_file_names(load, yaml, task);
    if (status == CLOSO_OK)
        status = take_window(load, "background", yaml->background, &task->onset.background_from_V,
                             &task->onset.background_to_V);
    if (status == CLOSO_OK)
        status = take_window(load, "rising", yaml->rising, &task->onset.rising_from_V,
                             &task->onset.rising_to_V);
    if (status == CLOSO_OK)
        status = take_quantity(load, "cutoff", yaml->cutoff, "A", &task->onset.cutoff_A);
    if (status == CLOSO_OK && yaml->sweep != NULL && !closo_sweep_words_known(yaml->sweep))
        status = wrong(
            load, "sweep", yaml->sweep,
            "write 'first anodic', 'last anodic', 'longest anodic', the same with cathodic, or "
            "the number of a leg");
    if (status == CLOSO_OK)
        status = check_foreign_keys(load, yaml, task);
    if (status == CLOSO_OK && task->onset.cutoff_A < 0)
        status = wrong(load, "cutoff", yaml->cutoff, "it has to be larger than zero");
    if (status == CLOSO_OK && task->onset.departure_sigmas < 0)
        status = closo_fail(load->error, CLOSO_FORMAT,
                            "departure_sigmas: it has to be larger than zero; 3 is usual");
    if (status == CLOSO_OK && (yaml->min_r2 < 0 || yaml->min_r2 >= 1))
        status = closo_fail(load->error, CLOSO_FORMAT,
                            "min_r2: it lies between 0 and 1; the thesis takes 0.99");
    return status;
}

static closo_status take_study(const loader *load)
{
    closo_study *study = load->study;
    const study_yaml *yaml = load->yaml;
    study->title = yaml->title;
    study->author = yaml->author;
    study->about = yaml->about;
    study->output = yaml->output != NULL ? yaml->output : "results";
    study->synthetic = yaml->synthetic;
    study->files = closo_arena_alloc(load->arena, yaml->files_count, sizeof *study->files);
    study->tasks = closo_arena_alloc(load->arena, yaml->tasks_count, sizeof *study->tasks);
    if (study->files == NULL || study->tasks == NULL)
        return closo_fail_nomem(load->error);
    closo_status status = CLOSO_OK;
    for (unsigned i = 0; i < yaml->files_count && status == CLOSO_OK; i++) {
        for (unsigned k = 0; k < i && status == CLOSO_OK; k++)
            if (strcmp(yaml->files[k].id, yaml->files[i].id) == 0)
                status = closo_fail_line(load->error, CLOSO_FORMAT,
                                         line_of(load, "id", yaml->files[i].id),
                                         "id: two files are called '%s'", yaml->files[i].id);
        if (status == CLOSO_OK)
            status = take_file(load, &yaml->files[i], &study->files[study->file_count++]);
    }
    for (unsigned i = 0; i < yaml->tasks_count && status == CLOSO_OK; i++)
        status = take_task(load, &yaml->tasks[i], &study->tasks[study->task_count++]);
    return status;
}

closo_status closo_study_load(const char *path, closo_arena *arena, closo_study **study,
                              closo_error *error)
{
    const char *keys[KEYS_MAX];
    size_t key_count = list_keys(keys);
    void *data = NULL;
    closo_status status =
        closo_yaml_load(path, &study_schema, keys, key_count, arena, &data, error);
    if (status != CLOSO_OK)
        return status;
    closo_study *made = closo_arena_alloc(arena, 1, sizeof *made);
    char *path_copy = closo_arena_text(arena, path);
    const char *slash = strrchr(path, '/');
    char *folder = closo_arena_text_n(arena, path, slash != NULL ? (size_t)(slash - path) : 0);
    unsigned char *bytes;
    size_t size;
    if (made == NULL || path_copy == NULL || folder == NULL)
        return closo_fail_nomem(error);
    status = closo_file_read(path, SIZE_MAX, arena, &bytes, &size, error);
    if (status != CLOSO_OK)
        return status;
    made->arena = arena;
    made->path = path_copy;
    made->folder = slash == path ? "/" : folder;
    closo_sha256(bytes, size, made->sha256);
    loader load = {made, data, arena, error};
    status = take_study(&load);
    if (status != CLOSO_OK)
        return closo_error_in_file(error, status, path);
    *study = made;
    return CLOSO_OK;
}
