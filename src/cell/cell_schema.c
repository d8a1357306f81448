/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_schema.c: the keys of a cell and of its materials, for libcyaml. */
#include "cell_yaml.h"

#include <cyaml/cyaml.h>

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define WORDS(structure, key) \
    CYAML_FIELD_STRING_PTR(#key, OPTIONAL, structure, key, 0, CYAML_UNLIMITED)
/* a key of the metal electrode that a structure holds as 'words' */
#define METAL_WORD(structure, key) \
    CYAML_FIELD_STRING_PTR(#key, OPTIONAL, structure, words.key, 0, CYAML_UNLIMITED)
#define METAL_WORDS(structure)                                                   \
    METAL_WORD(structure, resistance), METAL_WORD(structure, growth),            \
        METAL_WORD(structure, exchange_current), METAL_WORD(structure, age),     \
        METAL_WORD(structure, log_growth), METAL_WORD(structure, log_time),      \
        METAL_WORD(structure, capacity), METAL_WORD(structure, filled_at_start), \
        CYAML_FIELD_MAPPING_PTR("plating", OPTIONAL, structure, words.plating, plating_fields)
#define NEEDED(structure, key) \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, structure, key, 1, CYAML_UNLIMITED)
#define NUMBER(structure, key) \
    CYAML_FIELD_MAPPING_PTR(#key, CYAML_FLAG_POINTER, structure, key, number_fields)
#define MAYBE(structure, key) CYAML_FIELD_MAPPING_PTR(#key, OPTIONAL, structure, key, number_fields)
#define LIST(structure, key, schema, most) \
    CYAML_FIELD_SEQUENCE(#key, OPTIONAL, structure, key, schema, 0, most)
#define VALUE(structure, fields)                                   \
    {                                                              \
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, structure, fields) \
    }

static const cyaml_schema_value_t word_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

static const cyaml_schema_field_t number_fields[] = {
    NEEDED(closo_number_yaml, value),  WORDS(closo_number_yaml, at),
    WORDS(closo_number_yaml, energy),  WORDS(closo_number_yaml, slope),
    WORDS(closo_number_yaml, source),  WORDS(closo_number_yaml, fitted),
    WORDS(closo_number_yaml, assumed), CYAML_FIELD_END};
static const cyaml_schema_field_t open_circuit_fields[] = {
    LIST(closo_open_circuit_yaml, plateaus, &word_schema, 1000),
    LIST(closo_open_circuit_yaml, filled, &word_schema, 1000),
    LIST(closo_open_circuit_yaml, potential, &word_schema, 1000),
    WORDS(closo_open_circuit_yaml, jump_width),
    WORDS(closo_open_circuit_yaml, slope),
    WORDS(closo_open_circuit_yaml, end),
    WORDS(closo_open_circuit_yaml, source),
    WORDS(closo_open_circuit_yaml, fitted),
    WORDS(closo_open_circuit_yaml, assumed),
    CYAML_FIELD_END};
static const cyaml_schema_field_t active_fields[] = {
    NEEDED(closo_active_yaml, name),
    NUMBER(closo_active_yaml, capacity),
    NUMBER(closo_active_yaml, density),
    NUMBER(closo_active_yaml, particle_diameter),
    NUMBER(closo_active_yaml, diffusivity),
    NUMBER(closo_active_yaml, exchange_current),
    NUMBER(closo_active_yaml, double_layer),
    MAYBE(closo_active_yaml, double_layer_exponent),
    MAYBE(closo_active_yaml, entropy),
    MAYBE(closo_active_yaml, transfer),
    MAYBE(closo_active_yaml, filling_exponent),
    MAYBE(closo_active_yaml, salt_exponent),
    CYAML_FIELD_MAPPING_PTR("open_circuit", CYAML_FLAG_POINTER, closo_active_yaml, open_circuit,
                            open_circuit_fields),
    CYAML_FIELD_END};
static const cyaml_schema_field_t anion_fields[] = {
    NEEDED(closo_anion_yaml, name),
    CYAML_FIELD_UINT("count", CYAML_FLAG_OPTIONAL, closo_anion_yaml, count),
    NUMBER(closo_anion_yaml, onset),
    NUMBER(closo_anion_yaml, transfer),
    MAYBE(closo_anion_yaml, share),
    MAYBE(closo_anion_yaml, electrons),
    MAYBE(closo_anion_yaml, rate),
    MAYBE(closo_anion_yaml, film_capacitance),
    MAYBE(closo_anion_yaml, exchange_current),
    CYAML_FIELD_END};
static const cyaml_schema_field_t film_fields[] = {
    MAYBE(closo_film_yaml, resistivity), MAYBE(closo_film_yaml, growth),
    MAYBE(closo_film_yaml, slow_rate),   MAYBE(closo_film_yaml, slow_transfer),
    MAYBE(closo_film_yaml, slow_onset),  MAYBE(closo_film_yaml, slow_half),
    MAYBE(closo_film_yaml, slow_order),  CYAML_FIELD_END};
static const cyaml_schema_field_t wear_fields[] = {
    MAYBE(closo_wear_yaml, breaking), MAYBE(closo_wear_yaml, loosening),
    MAYBE(closo_wear_yaml, order), MAYBE(closo_wear_yaml, isolation), CYAML_FIELD_END};
static const cyaml_schema_field_t salt_table_fields[] = {
    LIST(closo_salt_table_yaml, concentration, &word_schema, 1000),
    LIST(closo_salt_table_yaml, conductivity, &word_schema, 1000),
    LIST(closo_salt_table_yaml, diffusivity, &word_schema, 1000),
    LIST(closo_salt_table_yaml, thermodynamic_factor, &word_schema, 1000),
    WORDS(closo_salt_table_yaml, source),
    WORDS(closo_salt_table_yaml, fitted),
    WORDS(closo_salt_table_yaml, assumed),
    CYAML_FIELD_END};
static const cyaml_schema_field_t salt_fields[] = {
    NUMBER(closo_salt_yaml, concentration),
    NUMBER(closo_salt_yaml, transference),
    MAYBE(closo_salt_yaml, diffusivity),
    MAYBE(closo_salt_yaml, thermodynamic_factor),
    CYAML_FIELD_MAPPING_PTR("table", OPTIONAL, closo_salt_yaml, table, salt_table_fields),
    CYAML_FIELD_END};
static const cyaml_schema_value_t anion_schema = VALUE(closo_anion_yaml, anion_fields);
static const cyaml_schema_field_t contact_fields[] = {
    MAYBE(closo_contact_yaml, share), NUMBER(closo_contact_yaml, pressure),
    MAYBE(closo_contact_yaml, exponent), CYAML_FIELD_END};
static const cyaml_schema_field_t reduction_fields[] = {
    NUMBER(closo_reduction_yaml, onset), NUMBER(closo_reduction_yaml, transfer),
    NUMBER(closo_reduction_yaml, film_capacitance), MAYBE(closo_reduction_yaml, rate),
    CYAML_FIELD_END};
static const cyaml_schema_field_t electrolyte_fields[] = {
    NEEDED(closo_electrolyte_yaml, name),
    WORDS(closo_electrolyte_yaml, cation),
    NUMBER(closo_electrolyte_yaml, molar_mass),
    NUMBER(closo_electrolyte_yaml, density),
    NUMBER(closo_electrolyte_yaml, conductivity),
    MAYBE(closo_electrolyte_yaml, conductivity_above),
    MAYBE(closo_electrolyte_yaml, transition),
    MAYBE(closo_electrolyte_yaml, permittivity),
    MAYBE(closo_electrolyte_yaml, electron_conductivity),
    LIST(closo_electrolyte_yaml, anions, &anion_schema, CLOSO_ANIONS_MAX),
    CYAML_FIELD_MAPPING_PTR("film", OPTIONAL, closo_electrolyte_yaml, film, film_fields),
    CYAML_FIELD_MAPPING_PTR("wear", OPTIONAL, closo_electrolyte_yaml, wear, wear_fields),
    CYAML_FIELD_MAPPING_PTR("salt", OPTIONAL, closo_electrolyte_yaml, salt, salt_fields),
    CYAML_FIELD_MAPPING_PTR("contact", OPTIONAL, closo_electrolyte_yaml, contact, contact_fields),
    CYAML_FIELD_MAPPING_PTR("reduction", OPTIONAL, closo_electrolyte_yaml, reduction,
                            reduction_fields),
    CYAML_FIELD_END};
static const cyaml_schema_field_t carbon_fields[] = {
    NEEDED(closo_carbon_yaml, name),
    NUMBER(closo_carbon_yaml, surface),
    NUMBER(closo_carbon_yaml, bulk_density),
    NUMBER(closo_carbon_yaml, density),
    NUMBER(closo_carbon_yaml, conductivity),
    NUMBER(closo_carbon_yaml, double_layer),
    MAYBE(closo_carbon_yaml, double_layer_exponent),
    MAYBE(closo_carbon_yaml, percolation_threshold),
    MAYBE(closo_carbon_yaml, contact_exponent),
    MAYBE(closo_carbon_yaml, conductivity_exponent),
    CYAML_FIELD_END};
static const cyaml_schema_field_t metal_fields[] = {
    NEEDED(closo_metal_yaml, name),
    WORDS(closo_metal_yaml, cation),
    CYAML_FIELD_BOOL("blocking", CYAML_FLAG_OPTIONAL, closo_metal_yaml, blocking),
    MAYBE(closo_metal_yaml, resistance),
    MAYBE(closo_metal_yaml, growth),
    MAYBE(closo_metal_yaml, exchange_current),
    MAYBE(closo_metal_yaml, transfer),
    MAYBE(closo_metal_yaml, salt_exponent),
    MAYBE(closo_metal_yaml, potential),
    NUMBER(closo_metal_yaml, double_layer),
    MAYBE(closo_metal_yaml, double_layer_exponent),
    CYAML_FIELD_MAPPING_PTR("open_circuit", OPTIONAL, closo_metal_yaml, open_circuit,
                            open_circuit_fields),
    CYAML_FIELD_END};
static const cyaml_schema_value_t active_schema = VALUE(closo_active_yaml, active_fields);
static const cyaml_schema_value_t electrolyte_schema =
    VALUE(closo_electrolyte_yaml, electrolyte_fields);
static const cyaml_schema_value_t carbon_schema = VALUE(closo_carbon_yaml, carbon_fields);
static const cyaml_schema_value_t metal_schema = VALUE(closo_metal_yaml, metal_fields);
static const cyaml_schema_field_t materials_fields[] = {
    LIST(closo_materials_yaml, active_materials, &active_schema, 100),
    LIST(closo_materials_yaml, electrolytes, &electrolyte_schema, 100),
    LIST(closo_materials_yaml, carbons, &carbon_schema, 100),
    LIST(closo_materials_yaml, metals, &metal_schema, 100), CYAML_FIELD_END};
static const cyaml_schema_field_t part_fields[] = {
    NEEDED(closo_part_yaml, role),
    NEEDED(closo_part_yaml, material),
    WORDS(closo_part_yaml, share),
    WORDS(closo_part_yaml, potential_at_start),
    WORDS(closo_part_yaml, mass),
    WORDS(closo_part_yaml, particle_diameter),
    WORDS(closo_part_yaml, usable),
    WORDS(closo_part_yaml, filled_at_start),
    WORDS(closo_part_yaml, contact),
    LIST(closo_part_yaml, residues, &anion_schema, CLOSO_ANIONS_MAX),
    CYAML_FIELD_END};
static const cyaml_schema_value_t part_schema = VALUE(closo_part_yaml, part_fields);
static const cyaml_schema_field_t plating_fields[] = {WORDS(closo_plating_words, exchange_current),
                                                      WORDS(closo_plating_words, transfer),
                                                      WORDS(closo_plating_words, nucleation),
                                                      WORDS(closo_plating_words, coverage),
                                                      WORDS(closo_plating_words, loss),
                                                      WORDS(closo_plating_words, resistance),
                                                      WORDS(closo_plating_words, growth),
                                                      WORDS(closo_plating_words, plated_at_start),
                                                      CYAML_FIELD_END};
static const cyaml_schema_field_t working_fields[] = {
    WORDS(closo_working_yaml, mass),
    WORDS(closo_working_yaml, loading),
    WORDS(closo_working_yaml, thickness),
    WORDS(closo_working_yaml, porosity),
    WORDS(closo_working_yaml, ion_path),
    WORDS(closo_working_yaml, electron_conductivity),
    WORDS(closo_working_yaml, foil),
    WORDS(closo_working_yaml, collector_area),
    WORDS(closo_working_yaml, collector_double_layer),
    WORDS(closo_working_yaml, collector_double_layer_exponent),
    WORDS(closo_working_yaml, potential_at_start),
    WORDS(closo_working_yaml, metal),
    METAL_WORDS(closo_working_yaml),
    LIST(closo_working_yaml, parts, &part_schema, CLOSO_CELL_PARTS),
    CYAML_FIELD_END};
static const cyaml_schema_field_t separator_fields[] = {
    NEEDED(closo_separator_yaml, material),
    WORDS(closo_separator_yaml, mass),
    WORDS(closo_separator_yaml, thickness),
    WORDS(closo_separator_yaml, fraction),
    WORDS(closo_separator_yaml, ion_path),
    CYAML_FIELD_UINT("nodes", CYAML_FLAG_OPTIONAL, closo_separator_yaml, nodes),
    CYAML_FIELD_END};
static const cyaml_schema_field_t counter_fields[] = {
    NEEDED(closo_counter_yaml, material), METAL_WORDS(closo_counter_yaml), CYAML_FIELD_END};
static const cyaml_schema_field_t heat_fields[] = {WORDS(closo_heat_yaml, capacity),
                                                   WORDS(closo_heat_yaml, loss), CYAML_FIELD_END};
static const cyaml_schema_field_t cell_fields[] = {
    WORDS(closo_cell_yaml, name),
    WORDS(closo_cell_yaml, about),
    WORDS(closo_cell_yaml, diameter),
    WORDS(closo_cell_yaml, area),
    WORDS(closo_cell_yaml, temperature),
    WORDS(closo_cell_yaml, pressure),
    CYAML_FIELD_UINT("nodes", CYAML_FLAG_OPTIONAL, closo_cell_yaml, nodes),
    CYAML_FIELD_UINT("shells", CYAML_FLAG_OPTIONAL, closo_cell_yaml, shells),
    CYAML_FIELD_MAPPING_PTR("working_electrode", CYAML_FLAG_POINTER, closo_cell_yaml,
                            working_electrode, working_fields),
    CYAML_FIELD_MAPPING_PTR("electrolyte", CYAML_FLAG_POINTER, closo_cell_yaml, electrolyte,
                            separator_fields),
    CYAML_FIELD_MAPPING_PTR("counter_electrode", CYAML_FLAG_POINTER, closo_cell_yaml,
                            counter_electrode, counter_fields),
    CYAML_FIELD_MAPPING_PTR("heat_balance", OPTIONAL, closo_cell_yaml, heat, heat_fields),
    CYAML_FIELD_MAPPING_PTR("materials", OPTIONAL, closo_cell_yaml, materials, materials_fields),
    WORDS(closo_cell_yaml, series_resistance),
    WORDS(closo_cell_yaml, steps),
    LIST(closo_cell_yaml, fit, &word_schema, 32),
    CYAML_FIELD_END};
static const cyaml_schema_value_t cell_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, closo_cell_yaml, cell_fields)};
static const cyaml_schema_value_t materials_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, closo_materials_yaml, materials_fields)};

enum { KEYS_MAX = 200 };

static closo_status parse(const closo_yaml_text *text, const cyaml_schema_value_t *schema,
                          closo_arena *arena, void **data, closo_error *error)
{
    const cyaml_schema_field_t *const lists[] = {
        cell_fields,       working_fields, part_fields,    separator_fields,    counter_fields,
        materials_fields,  active_fields,  anion_fields,   film_fields,         electrolyte_fields,
        carbon_fields,     metal_fields,   number_fields,  open_circuit_fields, salt_fields,
        salt_table_fields, heat_fields,    contact_fields, plating_fields};
    const char *keys[KEYS_MAX];
    size_t count = 0;
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (const cyaml_schema_field_t *field = lists[l]; field->key != NULL && count < KEYS_MAX;
             field++)
            keys[count++] = field->key;
    return closo_yaml_parse(text, schema, keys, count, arena, data, error);
}

closo_status closo_cell_yaml_parse(const closo_yaml_text *text, closo_arena *arena,
                                   closo_cell_yaml **yaml, closo_error *error)
{
    void *data = NULL;
    closo_status status = parse(text, &cell_schema, arena, &data, error);
    *yaml = data;
    return status;
}

closo_status closo_materials_yaml_parse(const closo_yaml_text *text, closo_arena *arena,
                                        closo_materials_yaml **yaml, closo_error *error)
{
    void *data = NULL;
    closo_status status = parse(text, &materials_schema, arena, &data, error);
    *yaml = data;
    return status;
}

const struct cyaml_schema_field *closo_cell_yaml_fields(void)
{
    return cell_fields;
}

const struct cyaml_schema_field *closo_materials_yaml_fields(void)
{
    return materials_fields;
}

const struct cyaml_schema_field *closo_number_yaml_fields(void)
{
    return number_fields;
}
