/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_load.c: from YAML to a cell of which every word has been understood and whose masses fit into its volumes. */
#include "cell_yaml.h"
#include "cycling/merit_yaml.h"
#include "experiment_internal.h"

#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define PI          3.14159265358979323846
enum { CELL_BYTES_MAX = 1 << 20, NODES = 10, SHELLS = 20 };

/* ---- the cell as a whole ---- */

static closo_status take_area(closo_cell_loader *load)
{
    const closo_cell_yaml *yaml = load->yaml;
    double diameter_m = NAN, area_m2 = NAN;
    const closo_bounds diameter = {"diameter", "m", 1e-6, 2,
                                   "no cell is wider than 2 m; is the unit right"},
                       area = {"area", "m2", 1e-12, 10,
                               "no cell is larger than 10 m2; is the unit right"};
    closo_status status = closo_cell_take(load, yaml->diameter, &diameter, &diameter_m);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->area, &area, &area_m2);
    if (status != CLOSO_OK)
        return status;
    double from_diameter_m2 = PI / 4 * diameter_m * diameter_m;
    if (yaml->diameter == NULL && yaml->area == NULL)
        return closo_cell_wrong(load, "diameter", "it is missing: give the diameter or the area");
    if (yaml->diameter != NULL && yaml->area != NULL &&
        fabs(area_m2 - from_diameter_m2) > 0.02 * area_m2)
        return closo_cell_wrong(load, "area",
                                "'%.40s' contradicts the diameter, which makes %.4g cm2; leave one "
                                "out",
                                yaml->area, 1e4 * from_diameter_m2);
    load->file->cell.area_m2 = yaml->area != NULL ? area_m2 : from_diameter_m2;
    return CLOSO_OK;
}

static closo_status take_top(closo_cell_loader *load)
{
    const closo_cell_yaml *yaml = load->yaml;
    closo_cell *cell = &load->file->cell;
    const closo_bounds temperature = {"temperature", "K", 100, 1500,
                                      "between -173 and 1200 degC; is the unit right"},
                       resistance = {"series_resistance", "ohm m2", 0, 1e6,
                                     "0 to 1e10 ohm cm2; is the unit right"};
    cell->name = yaml->name;
    load->file->about = yaml->about;
    cell->temperature_K = cell->reference_K = 298.15;
    closo_status status = take_area(load);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->temperature, &temperature, &cell->temperature_K);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->series_resistance, &resistance,
                                 &cell->series_resistance_ohm_m2);
    if (status != CLOSO_OK)
        return status;
    const char *const counts[] = {yaml->nodes == 0 ? "nodes" : NULL,
                                  yaml->shells == 0 ? "shells" : NULL};
    for (size_t i = 0; i < COUNT(counts); i++) /* 0 is what is not written, too */
        if (counts[i] != NULL && closo_merit_line(&load->text, "", SIZE_MAX, counts[i]) != 0)
            return closo_cell_wrong(load, counts[i], "0 of them cannot be; take it out for %d",
                                    i == 0 ? NODES : SHELLS);
    cell->node_count = yaml->nodes != 0 ? yaml->nodes : NODES;
    cell->shell_count = yaml->shells != 0 ? yaml->shells : SHELLS;
    if (cell->node_count > 1000)
        return closo_cell_wrong(load, "nodes", "%u are more than 1000; 1 to 40 is usual",
                                yaml->nodes);
    if (cell->shell_count < 3 || cell->shell_count > 1000)
        return closo_cell_wrong(load, "shells", "%u is not between 3 and 1000; 20 is usual",
                                yaml->shells);
    return CLOSO_OK;
}

/* ---- heat ---- */

static closo_status take_heat(closo_cell_loader *load)
{
    const closo_heat_yaml *yaml = load->yaml->heat;
    closo_cell *cell = &load->file->cell;
    double capacity_J_per_K = 0, loss_W_per_K = 0;
    const closo_bounds capacity = {"capacity", "J/K", 1e-6, 1e9,
                                   "above 0; a coin cell has 2 to 3 J/K, its holder hundreds"},
                       loss = {"loss", "W/K", 0, 1e9, "0 (adiabatic) or more"};
    if (yaml == NULL)
        return CLOSO_OK;
    load->section = "heat_balance";
    if (yaml->capacity == NULL)
        return closo_cell_wrong(load, "capacity",
                                "it is missing: what warms up wants a heat capacity, '25 J/K'; "
                                "without 'heat_balance' the cell is isothermal");
    closo_status status = closo_cell_take(load, yaml->capacity, &capacity, &capacity_J_per_K);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->loss, &loss, &loss_W_per_K);
    if (status != CLOSO_OK)
        return status;
    if (cell->salt.concentration_mol_per_m3 > 0 && cell->salt.transference != 1)
        return closo_cell_wrong(load, "capacity",
                                "a salt that moves is isothermal here; take 'heat_balance' out");
    cell->heat = (closo_heat){capacity_J_per_K / cell->area_m2, loss_W_per_K / cell->area_m2};
    return CLOSO_OK;
}

/* ---- separator ---- */

static closo_status take_pellet(closo_cell_loader *load, double density_kg_per_m3)
{
    const closo_separator_yaml *yaml = load->yaml->electrolyte;
    closo_cell *cell = &load->file->cell;
    double mass_kg = NAN;
    const closo_bounds mass = {"mass", "kg", 1e-12, 1e3,
                               "no pellet weighs a ton; is the unit right"},
                       thickness = {"thickness", "m", 1e-9, 0.1,
                                    "no separator is thicker than 10 cm; is the unit right"};
    cell->separator_m = NAN;
    closo_status status = closo_cell_take(load, yaml->mass, &mass, &mass_kg);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->thickness, &thickness, &cell->separator_m);
    if (status != CLOSO_OK)
        return status;
    double dense_m = mass_kg / cell->area_m2 / density_kg_per_m3;
    if (yaml->mass == NULL && yaml->thickness == NULL)
        return closo_cell_wrong(load, "thickness",
                                "it is missing: give the thickness of the separator or its mass");
    if (yaml->thickness == NULL)
        cell->separator_m = dense_m;
    if (yaml->thickness == NULL && dense_m > thickness.most)
        return closo_cell_wrong(load, "mass",
                                "on %.4g cm2 it makes a separator %.3g cm thick, and none is "
                                "thicker than 10 cm; are the unit and the area right",
                                1e4 * cell->area_m2, 100 * dense_m);
    if (cell->separator_m < 0.95 * dense_m)
        return closo_cell_wrong(load, "thickness",
                                "'%.40s' has no room for '%.40s': without any pores it is %.4g um "
                                "thick",
                                yaml->thickness, yaml->mass, 1e6 * dense_m);
    if (cell->separator_m > 1.5 * dense_m)
        closo_notes_add(&load->file->notes, load->arena,
                        "the separator has %.0f %% of pores; is its thickness right",
                        100 * (1 - dense_m / cell->separator_m));
    return CLOSO_OK;
}

static closo_status take_separator(closo_cell_loader *load)
{
    closo_cell *cell = &load->file->cell;
    double density_kg_per_m3 = NAN;
    load->section = "electrolyte";
    closo_status status =
        closo_find_electrolyte(load, load->yaml->electrolyte->material, &load->separator);
    if (status != CLOSO_OK)
        return status;
    const closo_electrolyte_yaml *yaml = load->separator;
    closo_thermal_law *conductivity = &cell->ion_conductivity_S_per_m;
    const closo_material_number numbers[] = {
        {yaml->name,
         yaml->density,
         {"density", "kg/m3", 1, 22590, "nothing is denser than osmium, 22.6 g/cm3"},
         false,
         &density_kg_per_m3,
         NULL},
        {yaml->name,
         yaml->conductivity,
         {"conductivity", "S/m", 1e-14, 1e5, "up to 1 kS/cm; is the unit right"},
         false,
         &conductivity->value,
         &conductivity->energy_J_per_mol},
        {yaml->name,
         yaml->conductivity_above,
         {"conductivity_above", "S/m", 1e-14, 1e5, "up to 1 kS/cm; is the unit right"},
         yaml->transition == NULL,
         &cell->ion_conductivity_above_S_per_m.value,
         &cell->ion_conductivity_above_S_per_m.energy_J_per_mol},
        {yaml->name,
         yaml->transition,
         {"transition", "K", 50, 3000, "a temperature such as 112 degC"},
         yaml->conductivity_above == NULL,
         &cell->ion_transition_K,
         NULL},
        {yaml->name,
         yaml->permittivity,
         {"permittivity", "1", 0, 1e6, "0 to 1e6"},
         true,
         &cell->separator_permittivity,
         NULL},
        {yaml->name,
         yaml->electron_conductivity,
         {"electron_conductivity", "S/m", 0, 1e5, "0 to 1e5 S/m"},
         true,
         &cell->electron_leak_S_per_m,
         NULL}};
    status = closo_material_take(load, numbers, COUNT(numbers));
    return status == CLOSO_OK ? take_pellet(load, density_kg_per_m3) : status;
}

/* ---- steps ---- */

/* Whether the steps stand in the lines behind their key: "steps: |". */
static bool is_block(const closo_yaml_text *text, size_t key_line)
{
    closo_span rest = {text->bytes, text->size}, line;
    for (size_t number = 1; closo_span_line(&rest, &line); number++)
        if (number == key_line)
            return closo_span_contains(line, "|") || closo_span_contains(line, ">");
    return false;
}

static closo_status take_steps(closo_cell_loader *load)
{
    closo_cell_file *file = load->file;
    closo_error reason = {0};
    if (load->yaml->steps == NULL)
        return CLOSO_OK;
    size_t key_line = closo_merit_line(&load->text, "", SIZE_MAX, "steps");
    size_t before = is_block(&load->text, key_line) ? key_line : key_line - (key_line != 0);
    closo_status status =
        cell_experiment_parse_at(load->yaml->steps, before, file->capacity_C_per_m2, load->arena,
                                 &file->experiment, &reason);
    if (status == CLOSO_OK)
        return status;
    size_t line = reason.line > 0 ? (size_t)reason.line : key_line;
    return closo_fail_line(load->error, status, line, "steps: %.480s", reason.message);
}

/* What the numbers are from, in a sentence for reports. */
static closo_status take_source(closo_cell_loader *load)
{
    closo_cell *cell = &load->file->cell;
    const char *working = load->active != NULL          ? load->active->name
                          : load->carbon != NULL        ? load->carbon->name
                          : load->working_metal != NULL ? load->working_metal->name
                                                        : "foil";
    cell->source = closo_arena_printf(
        load->arena, "%s | %s | %s, materials of %s", working, load->separator->name,
        load->yaml->counter_electrode->material,
        load->yaml->materials != NULL ? "the description and of data/materials" : "data/materials");
    return cell->source != NULL ? CLOSO_OK : closo_fail_nomem(load->error);
}

/* ---- the whole ---- */

closo_status closo_cell_loader_open(closo_cell_loader *load, const closo_yaml_text *text,
                                    closo_arena *arena, closo_error *error)
{
    closo_cell_yaml *yaml = NULL;
    closo_status status = closo_cell_yaml_parse(text, arena, &yaml, error);
    *load = (closo_cell_loader){.text = *text,
                                .yaml = yaml,
                                .arena = arena,
                                .error = error,
                                .section = "",
                                .index = SIZE_MAX};
    return status == CLOSO_OK ? closo_materials_open(load) : status;
}

closo_status closo_cell_loader_build(const closo_cell_loader *opened, closo_arena *arena,
                                     closo_cell_file **file, closo_error *error)
{
    static closo_status (*const stages[])(closo_cell_loader *) = {
        take_top,          take_separator,     closo_composite_take, closo_contact_take,
        closo_anions_take, closo_counter_take, closo_reduction_take, closo_salt_take,
        take_heat,         take_steps,         take_source};
    closo_error own = {0};
    closo_cell_loader load = *opened;
    closo_status status = CLOSO_OK;
    load.file = closo_arena_alloc(arena, 1, sizeof *load.file);
    load.arena = arena;
    load.error = error = error != NULL ? error : &own;
    *file = NULL;
    if (load.file == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < COUNT(stages) && status == CLOSO_OK; i++) {
        load.section = "";
        load.index = SIZE_MAX;
        status = stages[i](&load);
    }
    if (status != CLOSO_OK)
        return closo_error_in_file(error, status, opened->text.name);
    *file = load.file;
    return CLOSO_OK;
}

closo_status closo_cell_parse(const char *name, const void *bytes, size_t size, closo_arena *arena,
                              closo_cell_file **file, closo_error *error)
{
    closo_error own = {0};
    closo_cell_loader load;
    const closo_yaml_text text = {name, bytes, size};
    error = error != NULL ? error : &own;
    *file = NULL;
    closo_status status = closo_cell_loader_open(&load, &text, arena, error);
    return status == CLOSO_OK ? closo_cell_loader_build(&load, arena, file, error) : status;
}

closo_status closo_cell_load(const char *path, closo_arena *arena, closo_cell_file **file,
                             closo_error *error)
{
    unsigned char *bytes;
    size_t size;
    *file = NULL;
    closo_status status = closo_file_read(path, CELL_BYTES_MAX, arena, &bytes, &size, error);
    const char *name = closo_arena_text(arena, path);
    if (status != CLOSO_OK)
        return status;
    if (name == NULL)
        return closo_fail_nomem(error);
    return closo_cell_parse(name, bytes, size, arena, file, error);
}
