/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_description.c: the numbers of a description by their paths.
 *
 * The paths come from the schema of the YAML, so that a key that is added there can be fitted without a line here. A number is
 * set by putting other words in its place and making the cell again: what follows from it (volumes, surfaces, reservoirs)
 * follows, and what cannot be is refused as in the file. */
#include "fit_internal.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 8, CELL_BYTES_MAX = 1 << 20 };

/* ---- quantities ---- */

bool fit_quantity_split(const char *words, double *number, const char **unit_text, closo_unit *unit)
{
    closo_span all = closo_span_trim(closo_span_of(words));
    /* the longest beginning that is a number: "1e-3" before "1" */
    for (size_t length = all.length < 40 ? all.length : 40; length > 0; length--) {
        if (!closo_number_parse((closo_span){all.start, length}, '.', number))
            continue;
        const char *rest = all.start + length;
        while (*rest == ' ')
            rest++;
        *unit_text = rest;
        return closo_unit_parse(rest, unit, NULL) == CLOSO_OK && *number - *number == 0;
    }
    return false;
}

char *fit_quantity_words(double si, const char *unit_text, const closo_unit *unit,
                         closo_arena *arena)
{
    char digits[40];
    closo_number_print((si - unit->offset) / unit->factor, digits, sizeof digits);
    return closo_arena_printf(arena, "%s%s%s", digits, unit_text[0] != '\0' ? " " : "", unit_text);
}

/* ---- walking through the schema ---- */

typedef struct walk {
    closo_cell_description *description;
    const char *holder, *material; /* of the lists; the same, or one of its anions */
    size_t depth;
    bool failed;
} walk;

/* "material.key", "key" at the top. */
static const char *join(walk *at, const char *prefix, const char *key)
{
    const char *path = closo_arena_printf(at->description->arena, "%s%s%s", prefix,
                                          prefix[0] != '\0' ? "." : "", key);
    at->failed = at->failed || path == NULL;
    return path != NULL ? path : "";
}

static void add_place(walk *at, const char *path, char **text)
{
    closo_cell_description *d = at->description;
    fit_place *list = closo_arena_grow(d->arena, d->places, d->place_count, &d->place_capacity,
                                       sizeof *d->places);
    if (list == NULL) {
        at->failed = true;
        return;
    }
    d->places = list;
    size_t skip = at->material != NULL ? strlen(at->material) + 1 : 0;
    list[d->place_count++] =
        (fit_place){path, text, at->holder, at->material, skip < strlen(path) ? path + skip : path};
}

/* A number, or a place where one can be put. Names, steps and the like are neither. */
static void add_words(walk *at, const char *path, char **text)
{
    double number;
    const char *unit_text;
    closo_unit unit;
    if (*text == NULL || fit_quantity_split(*text, &number, &unit_text, &unit))
        add_place(at, path, text);
}

static void walk_fields(walk *at, const cyaml_schema_field_t *fields, unsigned char *base,
                        const char *prefix);

/* A number of a material: its words, and its energy of activation. */
static void walk_number(walk *at, unsigned char *slot, const char *path)
{
    closo_number_yaml *number;
    memcpy(&number, slot, sizeof number);
    if (number == NULL)
        return;
    add_place(at, path, &number->value);
    if (number->energy != NULL)
        add_place(at, join(at, path, "energy"), &number->energy);
}

static const char *entry_name(const cyaml_schema_value_t *entry, const unsigned char *at)
{
    if (entry->type != CYAML_MAPPING)
        return NULL;
    const char *name = NULL;
    for (const cyaml_schema_field_t *field = entry->mapping.fields; field->key != NULL; field++)
        if (strcmp(field->key, "role") == 0 || (name == NULL && strcmp(field->key, "name") == 0))
            memcpy(&name, at + field->data_offset, sizeof name);
    return name;
}

static void walk_list(walk *at, const cyaml_schema_field_t *field, unsigned char *base,
                      const char *path)
{
    const cyaml_schema_value_t *entry = field->value.sequence.entry;
    unsigned char *entries;
    unsigned count = 0;
    memcpy(&entries, base + field->data_offset, sizeof entries);
    if (field->count_size == sizeof count)
        memcpy(&count, base + field->count_offset, sizeof count);
    size_t size = (entry->flags & CYAML_FLAG_POINTER) != 0 ? sizeof(char *) : entry->data_size;
    for (unsigned i = 0; i < count && entries != NULL; i++) {
        unsigned char *here = entries + i * size;
        const char *name = entry_name(entry, here);
        char number[16];
        snprintf(number, sizeof number, "%u", i + 1);
        /* an anion is known by its name alone */
        const char *longer = name != NULL && at->material != NULL
                                 ? name
                                 : join(at, path, name != NULL ? name : number);
        const char *material = at->material;
        if (name != NULL && at->material != NULL)
            at->material = name;
        if (entry->type == CYAML_MAPPING)
            walk_fields(at, entry->mapping.fields, here, longer);
        else if (entry->type == CYAML_STRING)
            add_words(at, longer, (char **)(void *)here);
        at->material = material;
    }
}

static void walk_fields(walk *at, const cyaml_schema_field_t *fields, unsigned char *base,
                        const char *prefix)
{
    if (++at->depth > DEPTH_MAX)
        return;
    for (const cyaml_schema_field_t *field = fields; field->key != NULL; field++) {
        const char *path = join(at, prefix, field->key);
        unsigned char *slot = base + field->data_offset, *below = NULL;
        if (strcmp(field->key, "materials") == 0 || strcmp(field->key, "fit") == 0 ||
            strcmp(field->key, "steps") == 0)
            continue;
        if (field->value.type == CYAML_STRING)
            add_words(at, path, (char **)(void *)slot);
        else if (field->value.type == CYAML_SEQUENCE)
            walk_list(at, field, base, path);
        else if (field->value.type == CYAML_MAPPING &&
                 field->value.mapping.fields == closo_number_yaml_fields())
            walk_number(at, slot, path);
        else if (field->value.type == CYAML_MAPPING) {
            memcpy(&below, slot, sizeof below);
            if (below != NULL)
                walk_fields(at, field->value.mapping.fields, below, path);
        }
    }
    at->depth--;
}

/* Whether the description uses a material of that name. */
static bool is_used(const closo_cell_yaml *yaml, const char *name)
{
    const closo_working_yaml *working = yaml->working_electrode;
    for (unsigned i = 0; i < working->parts_count; i++)
        if (strcmp(working->parts[i].material, name) == 0)
            return true;
    return strcmp(yaml->electrolyte->material, name) == 0 ||
           strcmp(yaml->counter_electrode->material, name) == 0;
}

/* The numbers of one list of materials. The name is the first member of each kind. */
static void walk_materials(walk *at, closo_materials_yaml *materials)
{
    unsigned char *base = (unsigned char *)materials;
    for (const cyaml_schema_field_t *list = closo_materials_yaml_fields(); list->key != NULL;
         list++) {
        unsigned char *entries;
        unsigned count = 0;
        memcpy(&entries, base + list->data_offset, sizeof entries);
        if (list->count_size == sizeof count)
            memcpy(&count, base + list->count_offset, sizeof count);
        const cyaml_schema_value_t *entry = list->value.sequence.entry;
        for (unsigned i = 0; i < count && entries != NULL; i++) {
            unsigned char *here = entries + (size_t)i * entry->data_size;
            const char *name = entry_name(entry, here);
            bool seen = name == NULL || !is_used(at->description->load.yaml, name);
            for (size_t p = 0; p < at->description->place_count && !seen; p++)
                seen = at->description->places[p].holder != NULL &&
                       strcmp(at->description->places[p].holder, name) == 0;
            at->holder = at->material = name;
            at->depth = 0;
            if (!seen)
                walk_fields(at, entry->mapping.fields, here, name);
        }
    }
    at->holder = at->material = NULL;
}

/* ---- the description ---- */

closo_status closo_cell_description_parse(const char *name, const void *bytes, size_t size,
                                          closo_arena *arena, closo_cell_description **description,
                                          closo_error *error)
{
    closo_cell_description *made = closo_arena_alloc(arena, 1, sizeof *made);
    char *copy = closo_arena_text_n(arena, bytes, size);
    const char *own_name = closo_arena_text(arena, name);
    *description = NULL;
    if (made == NULL || copy == NULL || own_name == NULL)
        return closo_fail_nomem(error);
    const closo_yaml_text text = {own_name, copy, size};
    closo_error own = {0};
    closo_status status =
        closo_cell_loader_open(&made->load, &text, arena, error != NULL ? error : &own);
    made->load.error = NULL; /* the caller's does not outlive this call */
    made->arena = arena;
    if (status == CLOSO_OK)
        status = closo_cell_loader_build(&made->load, arena, &made->file, error);
    if (status != CLOSO_OK)
        return status;
    walk at = {.description = made};
    walk_fields(&at, closo_cell_yaml_fields(), (unsigned char *)made->load.yaml, "");
    for (size_t f = 0; f < made->load.material_count; f++)
        walk_materials(&at, made->load.materials[f].materials);
    if (at.failed)
        return closo_fail_nomem(error);
    *description = made;
    return CLOSO_OK;
}

closo_status closo_cell_description_load(const char *path, closo_arena *arena,
                                         closo_cell_description **description, closo_error *error)
{
    unsigned char *bytes;
    size_t size;
    *description = NULL;
    closo_status status = closo_file_read(path, CELL_BYTES_MAX, arena, &bytes, &size, error);
    return status == CLOSO_OK
               ? closo_cell_description_parse(path, bytes, size, arena, description, error)
               : status;
}

const fit_place *fit_place_find(const closo_cell_description *description, const char *path)
{
    for (size_t i = 0; i < description->place_count; i++)
        if (strcmp(description->places[i].path, path) == 0)
            return &description->places[i];
    return NULL;
}

closo_status closo_cell_description_numbers(const closo_cell_description *description,
                                            closo_arena *arena, closo_cell_number **numbers,
                                            size_t *count, closo_error *error)
{
    *count = 0;
    *numbers = closo_arena_alloc(arena, description->place_count + 1, sizeof **numbers);
    if (*numbers == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < description->place_count; i++)
        if (*description->places[i].text != NULL)
            (*numbers)[(*count)++] =
                (closo_cell_number){description->places[i].path, *description->places[i].text};
    return CLOSO_OK;
}

enum { PARAMETERS_MAX = 32 };

closo_status closo_cell_description_build(closo_cell_description *description,
                                          const closo_fit_parameter *parameters,
                                          const double *values, size_t count, closo_arena *arena,
                                          closo_cell_file **file, closo_error *error)
{
    char **places[PARAMETERS_MAX];
    char *before[PARAMETERS_MAX];
    closo_status status = CLOSO_OK;
    size_t set = 0;
    *file = NULL;
    if (count > PARAMETERS_MAX)
        return closo_fail(error, CLOSO_RANGE, "%zu parameters are more than %d", count,
                          PARAMETERS_MAX);
    for (; set < count && status == CLOSO_OK; set++) {
        const fit_place *place = fit_place_find(description, parameters[set].path);
        char *words =
            fit_quantity_words(values[set], parameters[set].unit, &parameters[set].in, arena);
        if (place == NULL || words == NULL) {
            status = place == NULL ? closo_fail(error, CLOSO_RANGE, "there is no number '%s'",
                                                parameters[set].path)
                                   : closo_fail_nomem(error);
            break;
        }
        places[set] = place->text;
        before[set] = *place->text;
        *place->text = words;
    }
    if (status == CLOSO_OK)
        status = closo_cell_loader_build(&description->load, arena, file, error);
    while (set-- > 0)
        *places[set] = before[set];
    return status;
}
