/* SPDX-License-Identifier: BSD-3-Clause */
/* merit_yaml.h: a cell description as it is written: its words, and the lines they stand on. */
#ifndef CLOSO_MERIT_YAML_H
#define CLOSO_MERIT_YAML_H

#include "base/base_internal.h"

typedef struct closo_merit_layer_yaml {
    char *name, *mass, *thickness, *density, *diameter, *area;
} closo_merit_layer_yaml;

typedef struct closo_merit_part_yaml {
    char *role, *name, *share, *density;
} closo_merit_part_yaml;

typedef struct closo_merit_cathode_yaml {
    closo_merit_layer_yaml layer;
    char *loading, *theoretical_capacity;
    closo_merit_part_yaml *composition;
    unsigned composition_count;
} closo_merit_cathode_yaml;

typedef struct closo_merit_electrolyte_yaml {
    closo_merit_layer_yaml layer;
    char *conductivity;
} closo_merit_electrolyte_yaml;

typedef struct closo_merit_anode_yaml {
    closo_merit_layer_yaml layer;
    char *excess, *theoretical_capacity;
} closo_merit_anode_yaml;

typedef struct closo_merit_result_yaml {
    char *capacity, *charge, *voltage, *rate, *current_density, *coulombic_efficiency,
        *energy_efficiency, *internal_resistance, *capacity_retention, *energy_retention;
    unsigned cycles;
} closo_merit_result_yaml;

typedef struct closo_merit_target_yaml {
    char *figure;
    double at_least, at_most;
    unsigned cycles;
} closo_merit_target_yaml;

typedef struct closo_merit_yaml {
    char *name, *about, *diameter, *area, *pressure, *role, *reported_cell_energy;
    closo_merit_cathode_yaml *cathode;
    closo_merit_electrolyte_yaml *electrolyte;
    closo_merit_anode_yaml *anode;
    closo_merit_layer_yaml *others;
    unsigned others_count;
    closo_merit_result_yaml *result;
    closo_merit_target_yaml *targets;
    unsigned targets_count;
} closo_merit_yaml;

/* merit_schema.c */
closo_status closo_merit_yaml_parse(const closo_yaml_text *text, closo_arena *arena,
                                    closo_merit_yaml **yaml, closo_error *error);
/* The line of a key: in a section ("" is the top), in its entry `index` where it is a list (SIZE_MAX: it is none). 0 when
 * it is not found. */
size_t closo_merit_line(const closo_yaml_text *text, const char *section, size_t index,
                        const char *key);

#endif
