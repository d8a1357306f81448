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
        *electrolyte, *role, *capacity, *steps, *noise_potential, *noise_current, *noise_impedance;
    unsigned part, seed;
} file_yaml;

typedef struct expected_yaml {
    char *name, *analysis, *file, *number, *value, *within, *times, *source;
} expected_yaml;

/* Every key that any analysis takes has a place in options, by its number in option_keys(). */
enum { OPTIONS_MAX = 128 };
typedef struct task_yaml {
    char *analysis, *title;
    char **files;
    unsigned files_count;
    char *options[OPTIONS_MAX];
} task_yaml;

typedef struct study_yaml {
    char *title, *author, *about, *output;
    bool synthetic;
    file_yaml *files;
    unsigned files_count;
    task_yaml *tasks;
    unsigned tasks_count;
    expected_yaml *expected;
    unsigned expected_count;
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
    WORDS(file_yaml, steps),
    WORDS(file_yaml, noise_potential),
    WORDS(file_yaml, noise_current),
    WORDS(file_yaml, noise_impedance),
    CYAML_FIELD_UINT("seed", CYAML_FLAG_OPTIONAL, file_yaml, seed),
    CYAML_FIELD_END,
};
static const cyaml_schema_field_t expected_fields[] = {
    WORDS(expected_yaml, name),    NEEDED(expected_yaml, analysis), NEEDED(expected_yaml, file),
    NEEDED(expected_yaml, number), NEEDED(expected_yaml, value),    WORDS(expected_yaml, within),
    WORDS(expected_yaml, times),   WORDS(expected_yaml, source),    CYAML_FIELD_END,
};
static const cyaml_schema_value_t expected_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, expected_yaml, expected_fields)};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, file_yaml, file_fields)};

static const cyaml_schema_value_t name_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};
static const cyaml_schema_field_t task_fields[] = {
    NEEDED(task_yaml, analysis),
    WORDS(task_yaml, title),
    CYAML_FIELD_SEQUENCE("files", CYAML_FLAG_POINTER, task_yaml, files, &name_schema, 1, 10000),
};
enum { TASK_FIELDS = sizeof task_fields / sizeof *task_fields, STUDY_FIELDS = 9, KEYS_MAX = 256 };

/* The keys of all analyses, each once. */
static size_t option_keys(const char **keys)
{
    size_t count = 0;
#define X(code, name)                                                             \
    for (size_t i = 0; i < closo_study_##name.key_count; i++) {                   \
        size_t k = 0;                                                             \
        while (k < count && strcmp(keys[k], closo_study_##name.keys[i].key) != 0) \
            k++;                                                                  \
        if (k == count && count < OPTIONS_MAX)                                    \
            keys[count++] = closo_study_##name.keys[i].key;                       \
    }
    CLOSO_ANALYSIS_LIST(X)
#undef X
    return count;
}

/* The schema as libcyaml wants it; pieces point at each other. */
typedef struct schema {
    const char *options[OPTIONS_MAX];
    size_t option_count;
    cyaml_schema_field_t task_fields[TASK_FIELDS + OPTIONS_MAX + 1];
    cyaml_schema_value_t task;
    cyaml_schema_field_t study_fields[STUDY_FIELDS];
    cyaml_schema_value_t study;
} schema;

static void build_schema(schema *made)
{
    made->option_count = option_keys(made->options);
    memcpy(made->task_fields, task_fields, sizeof task_fields);
    for (size_t i = 0; i < made->option_count; i++) {
        cyaml_schema_field_t field =
            CYAML_FIELD_STRING_PTR("", OPTIONAL, task_yaml, options[0], 0, CYAML_UNLIMITED);
        field.key = made->options[i];
        field.data_offset += (uint32_t)(i * sizeof(char *));
        made->task_fields[TASK_FIELDS + i] = field;
    }
    made->task_fields[TASK_FIELDS + made->option_count] = (cyaml_schema_field_t)CYAML_FIELD_END;
    made->task = (cyaml_schema_value_t){
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, task_yaml, made->task_fields)};
    const cyaml_schema_field_t fields[STUDY_FIELDS] = {
        NEEDED(study_yaml, title),
        WORDS(study_yaml, author),
        WORDS(study_yaml, about),
        WORDS(study_yaml, output),
        CYAML_FIELD_BOOL("synthetic", CYAML_FLAG_OPTIONAL, study_yaml, synthetic),
        CYAML_FIELD_SEQUENCE("files", CYAML_FLAG_POINTER, study_yaml, files, &file_schema, 1,
                             10000),
        CYAML_FIELD_SEQUENCE("tasks", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, study_yaml, tasks,
                             &made->task, 0, 10000),
        CYAML_FIELD_SEQUENCE("expected", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, study_yaml,
                             expected, &expected_schema, 0, 10000),
        CYAML_FIELD_END,
    };
    memcpy(made->study_fields, fields, sizeof fields);
    made->study = (cyaml_schema_value_t){
        CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, study_yaml, made->study_fields)};
}

/* Every key of the schema, for "did you mean". */
static size_t list_keys(const schema *made, const char **keys)
{
    const cyaml_schema_field_t *const lists[] = {made->study_fields, file_fields, made->task_fields,
                                                 expected_fields};
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
    const schema *schema;
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

static bool is_cell(const char *path)
{
    const char *end = strrchr(path, '.');
    return end != NULL && (strcmp(end, ".yaml") == 0 || strcmp(end, ".yml") == 0);
}

/* What only a simulated cell has. */
static closo_status take_simulation(const loader *load, const file_yaml *yaml,
                                    closo_study_file *file)
{
    const struct {
        const char *key, *value, *unit;
        double *sigma;
    } noises[] = {{"noise_potential", yaml->noise_potential, "V", &file->noise.potential_V},
                  {"noise_current", yaml->noise_current, "A", &file->noise.current_A},
                  {"noise_impedance", yaml->noise_impedance, "1", &file->noise.impedance}};
    file->simulated = is_cell(yaml->path);
    file->steps = yaml->steps;
    file->noise.seed = yaml->seed != 0 ? yaml->seed : 1;
    if (yaml->steps != NULL && !file->simulated)
        return wrong(load, "steps", yaml->steps,
                     "only a simulated cell has them: a path that ends in .yaml");
    for (size_t i = 0; i < sizeof noises / sizeof *noises; i++) {
        if (noises[i].value != NULL && !file->simulated)
            return wrong(load, noises[i].key, noises[i].value,
                         "a measured file has noise of its own; only a simulated cell, a path "
                         "that ends in .yaml, takes more");
        closo_status status =
            take_quantity(load, noises[i].key, noises[i].value, noises[i].unit, noises[i].sigma);
        if (status != CLOSO_OK)
            return status;
        if (*noises[i].sigma < 0)
            return wrong(load, noises[i].key, noises[i].value,
                         "it is a standard deviation and cannot be negative");
    }
    return CLOSO_OK;
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
    if (status == CLOSO_OK)
        status = take_simulation(load, yaml, file);
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
        size_t f = closo_study_find_file(study, yaml->files[i]);
        if (f == study->file_count)
            return closo_fail_line(load->error, CLOSO_FORMAT,
                                   line_of(load, "files", yaml->files[i]),
                                   "files: no file of this study has the id '%s'", yaml->files[i]);
        task->files[task->file_count++] = f;
    }
    return CLOSO_OK;
}

/* The analyses' names, "onset, cv and cycles". */
static const char *list_analyses(closo_arena *arena)
{
    static const char *const names[] = {
#define X(code, name) #name,
        CLOSO_ANALYSIS_LIST(X)
#undef X
    };
    const size_t count = sizeof names / sizeof *names;
    const char *text = names[0];
    for (size_t i = 1; i < count && text != NULL; i++)
        text = closo_arena_printf(arena, "%s%s%s", text, i + 1 < count ? ", " : " and ", names[i]);
    return text != NULL ? text : names[0];
}

/* Which analysis takes a key; there is one. */
static const char *owner_of(const char *key)
{
#define X(code, name)                                         \
    for (size_t i = 0; i < closo_study_##name.key_count; i++) \
        if (strcmp(closo_study_##name.keys[i].key, key) == 0) \
            return #name;
    CLOSO_ANALYSIS_LIST(X)
#undef X
    return "";
}

static closo_status take_option(const loader *load, const char *key, const char *text,
                                closo_study_task *task)
{
    const study_analysis *analysis = closo_study_analysis(task->analysis);
    closo_error reason = {0};
    size_t k = 0;
    while (k < analysis->key_count && strcmp(analysis->keys[k].key, key) != 0)
        k++;
    if (k == analysis->key_count)
        return closo_fail_line(load->error, CLOSO_FORMAT, line_of(load, key, text),
                               "a task '%s' takes no %s; it belongs to '%s'", analysis->name, key,
                               owner_of(key));
    if (analysis->keys[k].take(text, load->arena, task, &reason) != CLOSO_OK)
        return wrong(load, key, text, reason.message);
    task->options[task->option_count++] = (closo_study_option){key, text};
    return CLOSO_OK;
}

static closo_status take_analysis(const loader *load, const char *word, closo_analysis *analysis)
{
#define X(code, name)                      \
    if (strcmp(word, #name) == 0) {        \
        *analysis = CLOSO_ANALYSIS_##code; \
        return CLOSO_OK;                   \
    }
    CLOSO_ANALYSIS_LIST(X)
#undef X
    return closo_fail_line(load->error, CLOSO_FORMAT, line_of(load, "analysis", word),
                           "analysis: there is no '%s'; there are %s", word,
                           list_analyses(load->arena));
}

static closo_status take_task(const loader *load, const task_yaml *yaml, closo_study_task *task)
{
    *task = (closo_study_task){.title = yaml->title};
    task->options =
        closo_arena_alloc(load->arena, load->schema->option_count + 1, sizeof *task->options);
    if (task->options == NULL)
        return closo_fail_nomem(load->error);
    closo_status status = take_analysis(load, yaml->analysis, &task->analysis);
    if (status == CLOSO_OK)
        status = take_file_names(load, yaml, task);
    for (size_t i = 0; i < load->schema->option_count && status == CLOSO_OK; i++)
        if (yaml->options[i] != NULL)
            status = take_option(load, load->schema->options[i], yaml->options[i], task);
    return status;
}

static closo_status take_expectation(const loader *load, const expected_yaml *yaml,
                                     closo_study_expectation *expected)
{
    const closo_study *study = load->study;
    closo_error reason = {0};
    const double nothing = NAN;
    *expected = (closo_study_expectation){.name = yaml->name != NULL ? yaml->name : yaml->number,
                                          .source = yaml->source,
                                          .number = yaml->number,
                                          .value = yaml->value,
                                          .within = nothing,
                                          .times = 1,
                                          .file = closo_study_find_file(study, yaml->file)};
    if (expected->file == study->file_count)
        return wrong(load, "file", yaml->file, "no file of this study has this id");
    closo_status status = take_analysis(load, yaml->analysis, &expected->analysis);
    if (status != CLOSO_OK)
        return status;
    if (closo_study_take_expected(yaml->value, &expected->low, &expected->high, &reason) !=
        CLOSO_OK)
        return wrong(load, "value", yaml->value, reason.message);
    if (yaml->within != NULL &&
        closo_study_take_number(yaml->within, &expected->within, &reason) != CLOSO_OK)
        return wrong(load, "within", yaml->within, reason.message);
    if (yaml->times != NULL &&
        closo_study_take_number(yaml->times, &expected->times, &reason) != CLOSO_OK)
        return wrong(load, "times", yaml->times, reason.message);
    return CLOSO_OK;
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
    study->expectations =
        closo_arena_alloc(load->arena, yaml->expected_count, sizeof *study->expectations);
    if (study->files == NULL || study->tasks == NULL || study->expectations == NULL)
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
    for (unsigned i = 0; i < yaml->expected_count && status == CLOSO_OK; i++)
        status = take_expectation(load, &yaml->expected[i],
                                  &study->expectations[study->expectation_count++]);
    return status;
}

closo_status closo_study_load(const char *path, closo_arena *arena, closo_study **study,
                              closo_error *error)
{
    const char *keys[KEYS_MAX];
    schema made_schema = {0};
    build_schema(&made_schema);
    size_t key_count = list_keys(&made_schema, keys);
    void *data = NULL;
    closo_status status =
        closo_yaml_load(path, &made_schema.study, keys, key_count, arena, &data, error);
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
    loader load = {made, data, &made_schema, arena, error};
    status = take_study(&load);
    if (status != CLOSO_OK)
        return closo_error_in_file(error, status, path);
    *study = made;
    return CLOSO_OK;
}
