/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_yaml.h: a cell and its materials as they are written: words, and where a number is from. */
#ifndef CLOSO_CELL_YAML_H
#define CLOSO_CELL_YAML_H

#include "base/base_internal.h"
#include "closo/cell.h"

/* A number with where it is from: exactly one of source, fitted and assumed. */
typedef struct closo_number_yaml {
    char *value, *at, *energy, *slope; /* at: the temperature it was measured at */
    char *source, *fitted, *assumed;
} closo_number_yaml;

typedef struct closo_open_circuit_yaml {
    char **plateaus, **filled, **potential; /* plateaus, or a table of filled and potential */
    unsigned plateaus_count, filled_count, potential_count;
    char *jump_width, *slope, *end;
    char *source, *fitted, *assumed;
} closo_open_circuit_yaml;

typedef struct closo_active_yaml {
    char *name;
    closo_number_yaml *capacity, *density, *particle_diameter, *diffusivity, *exchange_current,
        *transfer, *entropy, *filling_exponent, *double_layer, *double_layer_exponent,
        *salt_exponent;
    closo_open_circuit_yaml *open_circuit;
} closo_active_yaml;

typedef struct closo_anion_yaml {
    char *name;
    unsigned count;           /* in the formula; 0: the reservoir has no end */
    closo_number_yaml *share; /* of it beside one formula, in the place of count: residues */
    closo_number_yaml *electrons, *onset, *transfer, *rate, *film_capacitance, *exchange_current;
} closo_anion_yaml;

typedef struct closo_film_yaml {
    closo_number_yaml *resistivity, *growth, *slow_rate, *slow_transfer, *slow_onset, *slow_half,
        *slow_order;
} closo_film_yaml;

typedef struct closo_wear_yaml {
    closo_number_yaml *breaking, *loosening, *order, *isolation;
} closo_wear_yaml;

/* Columns against the concentration of the salt. */
typedef struct closo_salt_table_yaml {
    char **concentration, **conductivity, **diffusivity, **thermodynamic_factor;
    unsigned concentration_count, conductivity_count, diffusivity_count, thermodynamic_factor_count;
    char *source, *fitted, *assumed;
} closo_salt_table_yaml;

typedef struct closo_salt_yaml {
    closo_number_yaml *concentration, *transference, *diffusivity, *thermodynamic_factor;
    closo_salt_table_yaml *table;
} closo_salt_yaml;

typedef struct closo_contact_yaml {
    closo_number_yaml *share, *pressure, *exponent;
} closo_contact_yaml;

typedef struct closo_reduction_yaml {
    closo_number_yaml *onset, *transfer, *rate, *film_capacitance;
} closo_reduction_yaml;

typedef struct closo_electrolyte_yaml {
    char *name, *cation;
    closo_number_yaml *molar_mass, *density, *conductivity, *conductivity_above, *transition,
        *permittivity, *electron_conductivity;
    closo_anion_yaml *anions;
    unsigned anions_count;
    closo_film_yaml *film;
    closo_wear_yaml *wear;
    closo_salt_yaml *salt;
    closo_contact_yaml *contact;
    closo_reduction_yaml *reduction;
} closo_electrolyte_yaml;

typedef struct closo_carbon_yaml {
    char *name;
    closo_number_yaml *surface, *bulk_density, *density, *conductivity, *double_layer,
        *double_layer_exponent, *percolation_threshold, *contact_exponent, *conductivity_exponent;
} closo_carbon_yaml;

typedef struct closo_metal_yaml {
    char *name, *cation;
    bool blocking;
    closo_number_yaml *resistance, *growth, *exchange_current, *transfer, *salt_exponent,
        *potential, *double_layer, *double_layer_exponent;
    closo_open_circuit_yaml *open_circuit;
} closo_metal_yaml;

typedef struct closo_materials_yaml {
    closo_active_yaml *active_materials;
    closo_electrolyte_yaml *electrolytes;
    closo_carbon_yaml *carbons;
    closo_metal_yaml *metals;
    unsigned active_materials_count, electrolytes_count, carbons_count, metals_count;
} closo_materials_yaml;

typedef struct closo_part_yaml {
    char *role, *material, *share, *mass, *particle_diameter, *usable, *filled_at_start,
        *potential_at_start, *contact;
    closo_anion_yaml *residues; /* of an electrolyte: what its synthesis left in this batch */
    unsigned residues_count;
} closo_part_yaml;

/* What plates on a metal that blocks. */
typedef struct closo_plating_words {
    char *exchange_current, *transfer, *nucleation, *coverage, *loss, *resistance, *growth,
        *plated_at_start;
} closo_plating_words;

/* What a cell says of its own metal electrode, instead of the material's. */
typedef struct closo_metal_words {
    char *resistance, *growth, *exchange_current, *age, *capacity, *filled_at_start, *log_growth,
        *log_time;
    closo_plating_words *plating;
} closo_metal_words;

typedef struct closo_working_yaml {
    char *mass, *loading, *thickness, *porosity, *ion_path, *electron_conductivity, *foil,
        *collector_area, *collector_double_layer, *collector_double_layer_exponent,
        *potential_at_start, *metal;
    closo_metal_words words; /* of the metal */
    closo_part_yaml *parts;
    unsigned parts_count;
} closo_working_yaml;

typedef struct closo_separator_yaml {
    char *material, *mass, *thickness, *fraction, *ion_path;
    unsigned nodes;
} closo_separator_yaml;

typedef struct closo_counter_yaml {
    char *material;
    closo_metal_words words;
} closo_counter_yaml;

typedef struct closo_heat_yaml {
    char *capacity, *loss;
} closo_heat_yaml;

typedef struct closo_cell_yaml {
    char *name, *about, *diameter, *area, *temperature, *pressure, *series_resistance, *steps;
    unsigned nodes, shells;
    char **fit; /* words of parameters, for closo fit */
    unsigned fit_count;
    closo_working_yaml *working_electrode;
    closo_separator_yaml *electrolyte;
    closo_counter_yaml *counter_electrode;
    closo_materials_yaml *materials;
    closo_heat_yaml *heat;
} closo_cell_yaml;

/* cell_schema.c */
closo_status closo_cell_yaml_parse(const closo_yaml_text *text, closo_arena *arena,
                                   closo_cell_yaml **yaml, closo_error *error);
closo_status closo_materials_yaml_parse(const closo_yaml_text *text, closo_arena *arena,
                                        closo_materials_yaml **yaml, closo_error *error);

/* The keys of a cell, of the four lists of materials, and of a number with its source. */
struct cyaml_schema_field;
const struct cyaml_schema_field *closo_cell_yaml_fields(void);
const struct cyaml_schema_field *closo_materials_yaml_fields(void);
const struct cyaml_schema_field *closo_number_yaml_fields(void);

/* ---- loading ---- */

enum { CLOSO_MATERIAL_FILES = 8, CLOSO_CELL_PARTS = 8 };

/* A file with materials: the description itself first, then those that are built in. */
typedef struct closo_material_file {
    closo_yaml_text text;
    closo_materials_yaml *materials;
} closo_material_file;

typedef struct closo_cell_loader {
    closo_yaml_text text;
    closo_cell_yaml *yaml;
    closo_cell_file *file;
    closo_material_file materials[CLOSO_MATERIAL_FILES];
    size_t material_count;
    /* what the words stand for, once found */
    const closo_electrolyte_yaml *separator, *catholyte;
    const closo_part_yaml *catholyte_part;
    const closo_active_yaml *active;
    const closo_carbon_yaml *carbon;
    const closo_metal_yaml *working_metal;
    const char *metal_key; /* under which a metal electrode is named */
    const closo_metal_yaml *counter;
    double catholyte_kg_per_m2, molar_mass_kg_per_mol;
    closo_arena *arena;
    closo_error *error;
    const char *section; /* of the description that is being read, "" at the top */
    size_t index;        /* of its entry, SIZE_MAX where it is no list */
} closo_cell_loader;

/* cell_load.c: reads the words of a description and of the materials; makes a cell of them, as often as one likes. */
closo_status closo_cell_loader_open(closo_cell_loader *load, const closo_yaml_text *text,
                                    closo_arena *arena, closo_error *error);
closo_status closo_cell_loader_build(const closo_cell_loader *opened, closo_arena *arena,
                                     closo_cell_file **file, closo_error *error);

/* What a quantity of the description or of a material may be. */
typedef struct closo_bounds {
    const char *key, *unit;
    double least, most;
    const char *why; /* said when it is outside */
} closo_bounds;

/* cell_words.c: quantities of the description; FORMAT with its line. */
closo_status closo_cell_wrong(const closo_cell_loader *load, const char *key, const char *format,
                              ...) CLOSO_PRINTF(3, 4);
/* Leaves *si alone when text is NULL. */
closo_status closo_cell_take(const closo_cell_loader *load, const char *text,
                             const closo_bounds *bounds, double *si);
/* A number of a material, at the reference temperature; when it is NULL *law is left alone if optional. */
typedef struct closo_material_number {
    const char *material;
    const closo_number_yaml *number;
    closo_bounds bounds;
    bool optional;
    double *value, *energy; /* energy may be NULL: the number does not depend on temperature */
} closo_material_number;
closo_status closo_material_take(closo_cell_loader *load, const closo_material_number *numbers,
                                 size_t count);
closo_status closo_material_wrong(const closo_cell_loader *load, const char *material,
                                  const char *key, const char *format, ...) CLOSO_PRINTF(4, 5);

/* cell_materials.c: the material of that name in one of the four lists, or FORMAT with the nearest name. */
closo_status closo_materials_open(closo_cell_loader *load);
closo_status closo_find_active(closo_cell_loader *load, const char *name,
                               const closo_active_yaml **found);
closo_status closo_find_electrolyte(closo_cell_loader *load, const char *name,
                                    const closo_electrolyte_yaml **found);
closo_status closo_find_carbon(closo_cell_loader *load, const char *name,
                               const closo_carbon_yaml **found);
closo_status closo_find_metal(closo_cell_loader *load, const char *name,
                              const closo_metal_yaml **found);

/* cell_open_circuit.c: the table of the open-circuit curve. */
closo_status closo_open_circuit_take(closo_cell_loader *load, const closo_active_yaml *active,
                                     closo_equilibrium *equilibrium);
/* cell_composite.c: masses to volumes, areas and effective conductivities. */
closo_status closo_composite_take(closo_cell_loader *load);
/* cell_metals.c: the counter electrode, and a metal as working electrode; blocking: it passes no ions. */
closo_status closo_counter_take(closo_cell_loader *load);
closo_status closo_working_metal_take(closo_cell_loader *load, bool *blocking);
/* cell_plating.c: what plates on a metal of that name; NULL: nothing. */
closo_status closo_plating_take(closo_cell_loader *load, const char *metal,
                                const closo_plating_words *words, closo_metal_electrode *electrode);
/* The same file: reduction of the separator's electrolyte. */
closo_status closo_reduction_take(closo_cell_loader *load);
/* cell_contact.c: the share of the grains that pressure brings into contact. */
closo_status closo_contact_take(closo_cell_loader *load);
/* cell_anions.c: oxidation of the anions and the film it leaves. */
closo_status closo_anions_take(closo_cell_loader *load);
/* cell_salt.c: a salt that moves, and what of the separator and the metal depends on it. */
closo_status closo_salt_take(closo_cell_loader *load);

#endif
