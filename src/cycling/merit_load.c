/* SPDX-License-Identifier: BSD-3-Clause */
/* merit_load.c: from YAML to a cell whose every word has been understood and whose layers do not contradict themselves. */
#include "merit_internal.h"
#include "merit_yaml.h"

#include "closo/chemistry.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PI 3.14159265358979323846
enum { CELL_BYTES_MAX = 1 << 20 };

typedef struct loader {
    const closo_yaml_text *text;
    const closo_merit_yaml *yaml;
    closo_merit_cell *cell;
    closo_arena *arena;
    closo_error *error;
    const char *section; /* that is being read */
    size_t index;        /* of its entry, SIZE_MAX where it is no list */
} loader;

static closo_status wrong(const loader *load, const char *key, const char *format, ...)
    CLOSO_PRINTF(3, 4);
static closo_status wrong(const loader *load, const char *key, const char *format, ...)
{
    char reason[400], place[64] = "";
    va_list list;
    va_start(list, format);
    vsnprintf(reason, sizeof reason, format, list);
    va_end(list);
    if (load->section[0] != '\0')
        snprintf(place, sizeof place, "%s, ", load->section);
    return closo_fail_line(load->error, CLOSO_FORMAT,
                           closo_merit_line(load->text, load->section, load->index, key),
                           "%s%s: %s", place, key, reason);
}

/* What a value may be: above `above` (NaN: from 0 on), at most `most`. */
typedef struct field {
    const char *key, *text, *unit;
    closo_value *place;
    double most;
    const char *why; /* said when it is above */
} field;

static closo_status take(const loader *load, const field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const field *at = &fields[i];
        closo_error reason = {0};
        if (at->text == NULL)
            continue;
        if (closo_value_parse(at->text, at->unit, at->place, &reason) != CLOSO_OK)
            return wrong(load, at->key, "%s", reason.message);
        if (at->place->value < 0)
            return wrong(load, at->key, "'%.60s' is negative; it has to be larger than zero",
                         at->text);
        if (at->place->value == 0)
            return wrong(load, at->key, "'%.60s' is zero; it has to be larger than zero", at->text);
        if (at->most > 0 && at->place->value > at->most)
            return wrong(load, at->key, "'%.60s' cannot be: %s", at->text, at->why);
    }
    return CLOSO_OK;
}

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Osmium, the densest of all (CRC Handbook of Chemistry and Physics). */
static const double densest_kg_per_m3 = 22590;
static const char densest[] = "nothing is denser than osmium, 22.6 g/cm3; is the unit right";

/* ---- areas and layers ---- */

static closo_status take_area(const loader *load, const char *diameter, const char *area,
                              closo_value *place)
{
    closo_value across = {NAN, NAN}, given = {NAN, NAN};
    const field fields[] = {
        {"diameter", diameter, "m", &across, 2, "no cell is wider than 2 m; is the unit right"},
        {"area", area, "m2", &given, 10, "no cell is larger than 10 m2; is the unit right"}};
    closo_status status = take(load, fields, COUNT(fields));
    if (status != CLOSO_OK || (diameter == NULL && area == NULL))
        return status;
    closo_value from_diameter = {PI / 4 * across.value * across.value,
                                 PI / 2 * across.value * across.sigma};
    *place = area != NULL ? given : from_diameter;
    if (diameter != NULL && area != NULL &&
        fabs(given.value - from_diameter.value) > 0.02 * given.value)
        return wrong(load, "area",
                     "'%.40s' contradicts the diameter of '%.40s', which makes %.4g cm2; leave one "
                     "out",
                     area, diameter, 1e4 * from_diameter.value);
    return CLOSO_OK;
}

static double square(double value)
{
    return value * value;
}

/* Of a value, its part in the relative uncertainty of a product; 0 when it is not known. */
static double relative(closo_value value)
{
    return value.sigma > 0 ? value.sigma / value.value : 0;
}

/* Mass against thickness, density and area, when all are there: apart by more than 5 % and three sigma is a mistake. */
static closo_status check_layer(const loader *load, const closo_merit_layer *layer,
                                const closo_merit_layer_yaml *yaml)
{
    closo_value area = isnan(layer->area_m2.value) ? load->cell->area_m2 : layer->area_m2;
    double volume_m3 = area.value * layer->thickness_m.value;
    double density = layer->mass_kg.value / volume_m3;
    if (isnan(density))
        return CLOSO_OK;
    if (density > densest_kg_per_m3)
        return wrong(load, "thickness",
                     "'%.40s' with a mass of '%.40s' on %.3g cm2 makes %.3g g/cm3; %s",
                     yaml->thickness, yaml->mass, 1e4 * area.value, 1e-3 * density, densest);
    double ratio = density / layer->density_kg_per_m3.value;
    double sigma = sqrt(square(relative(layer->mass_kg)) + square(relative(layer->thickness_m)) +
                        square(relative(area)) + square(relative(layer->density_kg_per_m3)));
    if (fabs(ratio - 1) > fmax(0.05, 3 * sigma))
        return wrong(load, "density",
                     "'%.40s' contradicts mass and thickness, which make %.3g g/cm3 on %.3g cm2; "
                     "leave one of the three out",
                     yaml->density, 1e-3 * density, 1e4 * area.value);
    return CLOSO_OK;
}

static closo_status take_layer(const loader *load, const closo_merit_layer_yaml *yaml,
                               closo_merit_layer *layer)
{
    layer->name = yaml->name;
    const field fields[] = {
        {"mass", yaml->mass, "kg", &layer->mass_kg, 1e4,
         "no layer weighs more than 10 t; is the unit right"},
        {"thickness", yaml->thickness, "m", &layer->thickness_m, 0.1,
         "no layer is thicker than 10 cm; is the unit right"},
        {"density", yaml->density, "kg/m3", &layer->density_kg_per_m3, densest_kg_per_m3, densest}};
    closo_status status = take(load, fields, COUNT(fields));
    if (status == CLOSO_OK)
        status = take_area(load, yaml->diameter, yaml->area, &layer->area_m2);
    if (status == CLOSO_OK)
        status = check_layer(load, layer, yaml);
    return status;
}

/* ---- the cathode ---- */

static closo_status take_role(const loader *load, const char *word, closo_merit_role *role)
{
    static const char *const roles[] = {"active", "electrolyte", "carbon", "binder", "other"};
    for (size_t i = 0; i < COUNT(roles); i++)
        if (strcmp(word, roles[i]) == 0) {
            *role = (closo_merit_role)i;
            return CLOSO_OK;
        }
    const char *nearest = closo_text_nearest(word, roles, COUNT(roles));
    return wrong(load, "role", "there is no '%.40s'; write %s%s", word,
                 nearest != NULL ? nearest : "active, electrolyte, carbon, binder or other",
                 nearest != NULL ? ", or electrolyte, carbon, binder, other" : "");
}

static closo_status take_composition(loader *load, const closo_merit_cathode_yaml *yaml)
{
    closo_merit_cell *cell = load->cell;
    double sum = 0, variance = 0, active = 0;
    load->section = "composition";
    for (unsigned i = 0; i < yaml->composition_count && i < CLOSO_MERIT_PARTS; i++) {
        const closo_merit_part_yaml *from = &yaml->composition[i];
        closo_merit_part *part = &cell->parts[i];
        load->index = i;
        part->name = from->name;
        const field fields[] = {{"share", from->share, "1", &part->share, 1,
                                 "a share is at most 100 %; write for example '70 %'"},
                                {"density", from->density, "kg/m3", &part->density_kg_per_m3,
                                 densest_kg_per_m3, densest}};
        closo_status status = take_role(load, from->role, &part->role);
        if (status == CLOSO_OK)
            status = take(load, fields, COUNT(fields));
        if (status != CLOSO_OK)
            return status;
        sum += part->share.value;
        variance += part->share.sigma > 0 ? square(part->share.sigma) : 0;
        active += part->role == CLOSO_MERIT_ACTIVE ? part->share.value : 0;
        cell->part_count++;
    }
    load->section = "cathode";
    load->index = SIZE_MAX;
    if (fabs(sum - 1) > fmax(2e-3, 3 * sqrt(variance)))
        return wrong(load, "composition", "the shares add up to %.4g %%, not 100 %%", 100 * sum);
    if (!(active > 0))
        return wrong(load, "composition",
                     "none of its parts is the active material; write 'role: active' for it");
    return CLOSO_OK;
}

static closo_status check_loading(const loader *load, const closo_merit_cathode_yaml *yaml)
{
    closo_merit_cell charged = *load->cell;
    closo_value loading = charged.loading_kg_per_m2;
    if (isnan(loading.value))
        return CLOSO_OK;
    if (isnan(charged.area_m2.value))
        return wrong(load, "loading",
                     "a loading wants the area of the cell: give its diameter or area");
    charged.loading_kg_per_m2.value = NAN;
    double figures[CLOSO_MERIT_COUNT];
    closo_merit_figures(&charged, figures);
    double weighed = figures[CLOSO_MERIT_LOADING];
    double sigma = sqrt(square(relative(loading)) + square(relative(charged.cathode.mass_kg)));
    if (fabs(weighed / loading.value - 1) > fmax(0.05, 3 * sigma))
        return wrong(load, "loading",
                     "'%.40s' contradicts the mass of the composite, which makes %.4g mg/cm2 of "
                     "active material; leave one out",
                     yaml->loading, 100 * weighed);
    return CLOSO_OK;
}

static closo_status take_cathode(loader *load)
{
    const closo_merit_cathode_yaml *yaml = load->yaml->cathode;
    closo_merit_cell *cell = load->cell;
    load->section = "cathode";
    const field fields[] = {{"loading", yaml->loading, "kg/m2", &cell->loading_kg_per_m2, 100,
                             "no electrode has more than 10 g/cm2; is the unit right"},
                            {"theoretical_capacity", yaml->theoretical_capacity, "C/kg",
                             &cell->theoretical_C_per_kg, 3.6e7,
                             "no material holds more than 10 Ah/g; is the unit right"}};
    closo_status status = take_layer(load, &yaml->layer, &cell->cathode);
    if (status == CLOSO_OK)
        status = take(load, fields, COUNT(fields));
    if (status == CLOSO_OK)
        status = take_composition(load, yaml);
    return status == CLOSO_OK ? check_loading(load, yaml) : status;
}

/* ---- electrolyte, anode, the rest ---- */

static closo_status take_electrolyte(loader *load)
{
    const closo_merit_electrolyte_yaml *yaml = load->yaml->electrolyte;
    if (yaml == NULL)
        return CLOSO_OK;
    load->section = "electrolyte";
    const field fields[] = {{"conductivity", yaml->conductivity, "S/m",
                             &load->cell->conductivity_S_per_m, 1e4,
                             "no electrolyte conducts 100 S/cm; is the unit right"}};
    closo_status status = take_layer(load, &yaml->layer, &load->cell->electrolyte);
    return status == CLOSO_OK ? take(load, fields, COUNT(fields)) : status;
}

/* Densities at 20 to 25 degC: CRC Handbook of Chemistry and Physics. The capacity follows from the atomic weight: F / M. */
static const struct {
    const char *symbol;
    double density_kg_per_m3;
} metals[] = {{"Li", 534}, {"Na", 968}, {"K", 862}};

static closo_status take_anode(loader *load)
{
    const closo_merit_anode_yaml *yaml = load->yaml->anode;
    closo_merit_cell *cell = load->cell;
    if (yaml == NULL)
        return CLOSO_OK;
    load->section = "anode";
    for (size_t i = 0; i < COUNT(metals); i++) {
        if (yaml->layer.name == NULL || strcmp(yaml->layer.name, metals[i].symbol) != 0)
            continue;
        cell->anode_C_per_kg.value =
            CLOSO_FARADAY_C_per_mol / (1e-3 * closo_element_find(metals[i].symbol)->atomic_weight);
        if (yaml->layer.density == NULL)
            cell->anode.density_kg_per_m3.value = metals[i].density_kg_per_m3;
    }
    const field fields[] = {{"excess", yaml->excess, "1", &cell->anode_excess, 0, ""},
                            {"theoretical_capacity", yaml->theoretical_capacity, "C/kg",
                             &cell->anode_C_per_kg, 3.6e7,
                             "no material holds more than 10 Ah/g; is the unit right"}};
    closo_status status = take_layer(load, &yaml->layer, &cell->anode);
    if (status == CLOSO_OK)
        status = take(load, fields, COUNT(fields));
    if (status == CLOSO_OK && yaml->excess != NULL &&
        (yaml->layer.mass != NULL || yaml->layer.thickness != NULL))
        return wrong(load, "excess", "give the anode's mass, its thickness or its excess, not two");
    if (status == CLOSO_OK && yaml->excess != NULL && isnan(cell->anode_C_per_kg.value))
        return wrong(
            load, "excess",
            "an excess wants the theoretical_capacity of the anode (it is known for Li, Na "
            "and K by their symbols)");
    return status;
}

static closo_status take_others(loader *load)
{
    load->section = "others";
    for (unsigned i = 0; i < load->yaml->others_count && i < CLOSO_MERIT_EXTRAS; i++) {
        const closo_merit_layer_yaml *yaml = &load->yaml->others[i];
        load->index = i;
        closo_status status = take_layer(load, yaml, &load->cell->extras[i]);
        if (status != CLOSO_OK)
            return status;
        if (yaml->mass == NULL && (yaml->thickness == NULL || yaml->density == NULL))
            return wrong(load, "name", "it wants a mass, or a thickness and a density");
        load->cell->extra_count++;
    }
    load->index = SIZE_MAX;
    return CLOSO_OK;
}

/* ---- result and targets ---- */

static closo_status take_result(loader *load)
{
    static const char share[] = "it is at most 100 %";
    const closo_merit_result_yaml *yaml = load->yaml->result;
    closo_merit_result *result = &load->cell->result;
    if (yaml == NULL)
        return CLOSO_OK;
    load->section = "result";
    const field fields[] = {
        {"capacity", yaml->capacity, "C/kg", &result->capacity_C_per_kg, 3.6e7,
         "no material holds more than 10 Ah/g; is the unit right"},
        {"charge", yaml->charge, "C", &result->charge_C, 0, ""},
        {"voltage", yaml->voltage, "V", &result->voltage_V, 10,
         "no cell has more than 10 V; is the unit right"},
        {"rate", yaml->rate, "C-rate", &result->rate_per_h, 1e4, "it is above 10000 C"},
        {"current_density", yaml->current_density, "A/m2", &result->current_A_per_m2, 1e6,
         "it is above 100 A/cm2; is the unit right"},
        {"coulombic_efficiency", yaml->coulombic_efficiency, "1", &result->coulombic_efficiency,
         1.5, "it is above 150 %"},
        {"energy_efficiency", yaml->energy_efficiency, "1", &result->energy_efficiency, 1, share},
        {"internal_resistance", yaml->internal_resistance, "ohm m2", &result->resistance_ohm_m2, 0,
         ""},
        {"capacity_retention", yaml->capacity_retention, "1", &result->capacity_retention, 2,
         "it is above 200 %"},
        {"energy_retention", yaml->energy_retention, "1", &result->energy_retention, 2,
         "it is above 200 %"}};
    closo_status status = take(load, fields, COUNT(fields));
    result->retention_cycles = yaml->cycles;
    if (status == CLOSO_OK && yaml->capacity != NULL && yaml->charge != NULL)
        return wrong(load, "charge", "give the capacity (per active mass) or the charge, not both");
    if (status == CLOSO_OK && yaml->cycles == 0 &&
        (yaml->capacity_retention != NULL || yaml->energy_retention != NULL))
        return wrong(load,
                     yaml->energy_retention != NULL ? "energy_retention" : "capacity_retention",
                     "a retention wants the number of its cycles: 'cycles: 400'");
    return status;
}

static closo_status take_targets(loader *load)
{
    closo_merit_cell *cell = load->cell;
    if (load->yaml->targets == NULL) {
        closo_merit_default_targets(cell);
        return CLOSO_OK;
    }
    load->section = "targets";
    const char *keys[CLOSO_MERIT_COUNT];
    for (size_t k = 0; k < CLOSO_MERIT_COUNT; k++)
        keys[k] = closo_merit_figure_name((closo_merit_figure)k).key;
    for (unsigned i = 0; i < load->yaml->targets_count && i < CLOSO_MERIT_TARGETS; i++) {
        const closo_merit_target_yaml *yaml = &load->yaml->targets[i];
        load->index = i;
        size_t k = 0;
        while (k < CLOSO_MERIT_COUNT && strcmp(keys[k], yaml->figure) != 0)
            k++;
        if (k == CLOSO_MERIT_COUNT) {
            const char *nearest = closo_text_nearest(yaml->figure, keys, CLOSO_MERIT_COUNT);
            return wrong(load, "figure", "there is no '%.60s'; %s%s", yaml->figure,
                         nearest != NULL ? "did you mean " : "closo merit --json lists them",
                         nearest != NULL ? nearest : "");
        }
        if ((yaml->at_least > 0) == (yaml->at_most > 0))
            return wrong(load, "figure",
                         "'%.60s' wants one of at_least and at_most, larger than zero", keys[k]);
        cell->targets[cell->target_count++] =
            (closo_merit_target){(int)k, yaml->at_least > 0 ? 1 : -1,
                                 fmax(yaml->at_least, yaml->at_most) /
                                     closo_merit_figure_name((closo_merit_figure)k).key_factor,
                                 yaml->cycles};
    }
    return CLOSO_OK;
}

/* ---- the whole ---- */

static closo_status take_top(loader *load)
{
    const closo_merit_yaml *yaml = load->yaml;
    closo_merit_cell *cell = load->cell;
    closo_error reason = {0};
    cell->name = yaml->name;
    const field fields[] = {{"pressure", yaml->pressure, "Pa", &cell->pressure_Pa, 0, ""},
                            {"reported_cell_energy", yaml->reported_cell_energy, "J/kg",
                             &cell->reported_J_per_kg, 0, ""}};
    closo_status status = take_area(load, yaml->diameter, yaml->area, &cell->area_m2);
    if (status == CLOSO_OK)
        status = take(load, fields, COUNT(fields));
    if (status == CLOSO_OK && yaml->role != NULL &&
        closo_electrode_role_parse(yaml->role, &cell->role, &reason) != CLOSO_OK)
        return wrong(load, "role", "%s", reason.message);
    if (status == CLOSO_OK && cell->role == CLOSO_ROLE_ANODE)
        return wrong(load, "role",
                     "figures of merit are those of a cell that discharges its cathode; write "
                     "cathode or 'full cell'");
    return status;
}

closo_status closo_merit_cell_parse(const char *name, const void *bytes, size_t size,
                                    closo_arena *arena, closo_merit_cell **cell, closo_error *error)
{
    const closo_yaml_text text = {name, bytes, size};
    closo_merit_yaml *yaml = NULL;
    closo_merit_cell *made = closo_arena_alloc(arena, 1, sizeof *made);
    if (made == NULL)
        return closo_fail_nomem(error);
    closo_status status = closo_merit_yaml_parse(&text, arena, &yaml, error);
    if (status != CLOSO_OK)
        return status;
    closo_merit_cell_clear(made);
    loader load = {&text, yaml, made, arena, error, "", SIZE_MAX};
    static closo_status (*const stages[])(loader *) = {take_top,    take_cathode, take_electrolyte,
                                                       take_anode,  take_others,  take_result,
                                                       take_targets};
    for (size_t i = 0; i < COUNT(stages) && status == CLOSO_OK; i++)
        status = stages[i](&load);
    if (status != CLOSO_OK)
        return closo_error_in_file(error, status, name);
    *cell = made;
    return CLOSO_OK;
}

closo_status closo_merit_cell_load(const char *path, closo_arena *arena, closo_merit_cell **cell,
                                   closo_error *error)
{
    unsigned char *bytes;
    size_t size;
    closo_status status = closo_file_read(path, CELL_BYTES_MAX, arena, &bytes, &size, error);
    const char *name = closo_arena_text(arena, path);
    if (status != CLOSO_OK)
        return status;
    if (name == NULL)
        return closo_fail_nomem(error);
    return closo_merit_cell_parse(name, bytes, size, arena, cell, error);
}
