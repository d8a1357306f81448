/* SPDX-License-Identifier: BSD-3-Clause */
/* merit_schema.c: the keys of a cell description, for libcyaml, and the line a key stands on. */
#include "merit_yaml.h"

#include <cyaml/cyaml.h>
#include <string.h>

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define WORDS(structure, key) \
    CYAML_FIELD_STRING_PTR(#key, OPTIONAL, structure, key, 0, CYAML_UNLIMITED)
#define NEEDED(structure, key) \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, structure, key, 1, CYAML_UNLIMITED)
#define LAYER_WORDS(structure, key) \
    CYAML_FIELD_STRING_PTR(#key, OPTIONAL, structure, layer.key, 0, CYAML_UNLIMITED)

static const cyaml_schema_field_t part_fields[] = {
    NEEDED(closo_merit_part_yaml, role), WORDS(closo_merit_part_yaml, name),
    NEEDED(closo_merit_part_yaml, share), WORDS(closo_merit_part_yaml, density), CYAML_FIELD_END};
static const cyaml_schema_value_t part_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, closo_merit_part_yaml, part_fields)};

static const cyaml_schema_field_t cathode_fields[] = {
    LAYER_WORDS(closo_merit_cathode_yaml, name),
    LAYER_WORDS(closo_merit_cathode_yaml, mass),
    LAYER_WORDS(closo_merit_cathode_yaml, thickness),
    LAYER_WORDS(closo_merit_cathode_yaml, density),
    WORDS(closo_merit_cathode_yaml, loading),
    WORDS(closo_merit_cathode_yaml, theoretical_capacity),
    CYAML_FIELD_SEQUENCE("composition", CYAML_FLAG_POINTER, closo_merit_cathode_yaml, composition,
                         &part_schema, 1, 8),
    CYAML_FIELD_END};

static const cyaml_schema_field_t electrolyte_fields[] = {
    LAYER_WORDS(closo_merit_electrolyte_yaml, name),
    LAYER_WORDS(closo_merit_electrolyte_yaml, mass),
    LAYER_WORDS(closo_merit_electrolyte_yaml, thickness),
    LAYER_WORDS(closo_merit_electrolyte_yaml, density),
    LAYER_WORDS(closo_merit_electrolyte_yaml, diameter),
    LAYER_WORDS(closo_merit_electrolyte_yaml, area),
    WORDS(closo_merit_electrolyte_yaml, conductivity),
    CYAML_FIELD_END};

static const cyaml_schema_field_t anode_fields[] = {
    LAYER_WORDS(closo_merit_anode_yaml, name),
    LAYER_WORDS(closo_merit_anode_yaml, mass),
    LAYER_WORDS(closo_merit_anode_yaml, thickness),
    LAYER_WORDS(closo_merit_anode_yaml, density),
    LAYER_WORDS(closo_merit_anode_yaml, diameter),
    LAYER_WORDS(closo_merit_anode_yaml, area),
    WORDS(closo_merit_anode_yaml, excess),
    WORDS(closo_merit_anode_yaml, theoretical_capacity),
    CYAML_FIELD_END};

static const cyaml_schema_field_t layer_fields[] = {WORDS(closo_merit_layer_yaml, name),
                                                    WORDS(closo_merit_layer_yaml, mass),
                                                    WORDS(closo_merit_layer_yaml, thickness),
                                                    WORDS(closo_merit_layer_yaml, density),
                                                    WORDS(closo_merit_layer_yaml, diameter),
                                                    WORDS(closo_merit_layer_yaml, area),
                                                    CYAML_FIELD_END};
static const cyaml_schema_value_t layer_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, closo_merit_layer_yaml, layer_fields)};

static const cyaml_schema_field_t result_fields[] = {
    WORDS(closo_merit_result_yaml, capacity),
    WORDS(closo_merit_result_yaml, charge),
    WORDS(closo_merit_result_yaml, voltage),
    WORDS(closo_merit_result_yaml, rate),
    WORDS(closo_merit_result_yaml, current_density),
    WORDS(closo_merit_result_yaml, coulombic_efficiency),
    WORDS(closo_merit_result_yaml, energy_efficiency),
    WORDS(closo_merit_result_yaml, internal_resistance),
    WORDS(closo_merit_result_yaml, capacity_retention),
    WORDS(closo_merit_result_yaml, energy_retention),
    CYAML_FIELD_UINT("cycles", CYAML_FLAG_OPTIONAL, closo_merit_result_yaml, cycles),
    CYAML_FIELD_END};

static const cyaml_schema_field_t target_fields[] = {
    NEEDED(closo_merit_target_yaml, figure),
    CYAML_FIELD_FLOAT("at_least", CYAML_FLAG_OPTIONAL, closo_merit_target_yaml, at_least),
    CYAML_FIELD_FLOAT("at_most", CYAML_FLAG_OPTIONAL, closo_merit_target_yaml, at_most),
    CYAML_FIELD_UINT("cycles", CYAML_FLAG_OPTIONAL, closo_merit_target_yaml, cycles),
    CYAML_FIELD_END};
static const cyaml_schema_value_t target_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, closo_merit_target_yaml, target_fields)};

static const cyaml_schema_field_t cell_fields[] = {
    WORDS(closo_merit_yaml, name),
    WORDS(closo_merit_yaml, about),
    WORDS(closo_merit_yaml, diameter),
    WORDS(closo_merit_yaml, area),
    WORDS(closo_merit_yaml, pressure),
    WORDS(closo_merit_yaml, role),
    CYAML_FIELD_MAPPING_PTR("cathode", CYAML_FLAG_POINTER, closo_merit_yaml, cathode,
                            cathode_fields),
    CYAML_FIELD_MAPPING_PTR("electrolyte", OPTIONAL, closo_merit_yaml, electrolyte,
                            electrolyte_fields),
    CYAML_FIELD_MAPPING_PTR("anode", OPTIONAL, closo_merit_yaml, anode, anode_fields),
    CYAML_FIELD_SEQUENCE("others", OPTIONAL, closo_merit_yaml, others, &layer_schema, 0, 8),
    CYAML_FIELD_MAPPING_PTR("result", OPTIONAL, closo_merit_yaml, result, result_fields),
    WORDS(closo_merit_yaml, reported_cell_energy),
    CYAML_FIELD_SEQUENCE("targets", OPTIONAL, closo_merit_yaml, targets, &target_schema, 0, 32),
    CYAML_FIELD_END};
static const cyaml_schema_value_t cell_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, closo_merit_yaml, cell_fields)};

enum { KEYS_MAX = 96 };

closo_status closo_merit_yaml_parse(const closo_yaml_text *text, closo_arena *arena,
                                    closo_merit_yaml **yaml, closo_error *error)
{
    const cyaml_schema_field_t *const lists[] = {cell_fields,        cathode_fields, part_fields,
                                                 electrolyte_fields, anode_fields,   layer_fields,
                                                 result_fields,      target_fields};
    const char *keys[KEYS_MAX];
    size_t count = 0;
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (const cyaml_schema_field_t *field = lists[l]; field->key != NULL && count < KEYS_MAX;
             field++)
            keys[count++] = field->key;
    void *data = NULL;
    closo_status status = closo_yaml_parse(text, &cell_schema, keys, count, arena, &data, error);
    *yaml = data;
    return status;
}

/* ---- lines ---- */

/* Whether the line has `key:` as a key: first in it, or in a mapping in braces. */
static bool has_key(closo_span line, const char *key)
{
    size_t length = strlen(key);
    for (size_t i = 0; i + length < line.length; i++) {
        bool begins = i == 0 || strchr(" \t{,-", line.start[i - 1]) != NULL;
        if (line.start[i] == '#' && begins)
            return false;
        if (begins && memcmp(line.start + i, key, length) == 0 && line.start[i + length] == ':')
            return true;
    }
    return false;
}

size_t closo_merit_line(const closo_yaml_text *text, const char *section, size_t index,
                        const char *key)
{
    closo_span rest = {text->bytes, text->size}, line;
    bool inside = section[0] == '\0';
    size_t entry = SIZE_MAX, indent = SIZE_MAX, found = 0;
    for (size_t number = 1; closo_span_line(&rest, &line); number++) {
        size_t column = 0;
        while (column < line.length && line.start[column] == ' ')
            column++;
        closo_span words = closo_span_trim(line);
        if (words.length == 0 || *words.start == '#')
            continue;
        bool dash = closo_span_starts(words, "- ");
        if (section[0] == '\0') {
            if (column == 0 && has_key(words, key))
                return number;
            continue;
        }
        if (has_key(words, section) && !inside) {
            inside = true;
            indent = column;
            entry = SIZE_MAX;
            found = number; /* when the key itself is not found, the section is told */
        } else if (inside && (column < indent || (column == indent && !dash))) {
            inside = false;
        }
        if (inside && dash)
            entry++; /* SIZE_MAX + 1 is 0: the first */
        if (inside && (index == SIZE_MAX || entry == index) && has_key(words, key))
            return number;
    }
    return found;
}
