/* SPDX-License-Identifier: BSD-3-Clause */
/* composite_parts.c: active material, carbon and electrolyte of a composite: which material, and what the description says about
 * it in this electrode. */
#include "cell_internal.h"
#include "composite.h"

#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Osmium, the densest of all (CRC Handbook of Chemistry and Physics). */
#define DENSITY "kg/m3", 1, 22590, "nothing is denser than osmium, 22.6 g/cm3; is the unit right"

/* ---- active material ---- */

static const char particles[] = "a grain is 1 nm to 1 cm across";

/* What the description says about the grains in this electrode. */
static closo_status take_active_words(const closo_cell_loader *load, const closo_part_yaml *part,
                                      composite *made)
{
    closo_active_material *active = &load->file->cell.active;
    const closo_bounds particle = {"particle_diameter", "m", 1e-9, 1e-2, particles},
                       usable = {"usable", "1", 1e-3, 1, "a share above 0 and at most 100 %"},
                       filled = {"filled_at_start", "1", 1e-5, 0.99999,
                                 "a share between 0.001 % and 99.999 %"};
    closo_status status =
        closo_cell_take(load, part->particle_diameter, &particle, &made->particle_m);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, part->usable, &usable, &active->usable);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, part->filled_at_start, &filled, &active->filled_at_start);
    return status;
}

/* Fresh cells rest below the plateau of what they were made with: 2.4 V, a volt below the table of Na3(VOPO4)2F. Further away
 * the line that goes on from the last point of the table says nothing. */
static const double beyond_table_V = 1.5;

/* The filling at which the grains stand at a potential. */
static closo_status take_rest_potential(const closo_cell_loader *load, const closo_part_yaml *part)
{
    closo_active_material *active = &load->file->cell.active;
    const closo_bounds rest = {"potential_at_start", "V", -20, 20, "a potential up to 20 V"};
    double potential_V = NAN;
    cell_curve curve;
    if (part->filled_at_start != NULL)
        return closo_cell_wrong(load, "potential_at_start",
                                "filled_at_start says the same; leave one of the two out");
    closo_status status = closo_cell_take(load, part->potential_at_start, &rest, &potential_V);
    if (status != CLOSO_OK)
        return status;
    if (!cell_curve_make(&active->equilibrium, load->arena, &curve))
        return closo_fail_nomem(load->error);
    active->filled_at_start = cell_curve_inverse(&curve, potential_V);
    double least_V = curve.y[curve.count - 1], most_V = curve.y[0];
    if (!(active->filled_at_start > -0.01 && active->filled_at_start < 1.01) ||
        potential_V < least_V - beyond_table_V || potential_V > most_V + beyond_table_V)
        return closo_cell_wrong(load, "potential_at_start",
                                "'%.40s' is none that the open circuit has: it goes from %.3g to "
                                "%.3g V",
                                part->potential_at_start, least_V, most_V);
    return CLOSO_OK;
}

/* How much the grains hold, and how large they are. */
static closo_status take_grains(closo_cell_loader *load, composite *made, double *density_kg_per_m3)
{
    const closo_active_yaml *yaml = load->active;
    const closo_material_number numbers[] = {
        {yaml->name,
         yaml->capacity,
         {"capacity", "C/kg", 3600, 3.6e7, "1 to 10000 mAh/g; is the unit right"},
         false,
         &made->sites_C_per_kg,
         NULL},
        {yaml->name, yaml->density, {"density", DENSITY}, false, density_kg_per_m3, NULL},
        {yaml->name,
         yaml->particle_diameter,
         {"particle_diameter", "m", 1e-9, 1e-2, particles},
         false,
         &made->particle_m,
         NULL}};
    closo_status status = closo_material_take(load, numbers, COUNT(numbers));
    made->active_density_kg_per_m3 = *density_kg_per_m3;
    return status;
}

/* Diffusion and insertion. */
static closo_status take_kinetics(closo_cell_loader *load, closo_active_material *active)
{
    const closo_active_yaml *yaml = load->active;
    closo_thermal_law *diffusivity = &active->diffusivity_m2_per_s,
                      *exchange = &active->exchange_current_A_per_m2;
    const closo_material_number numbers[] = {
        {yaml->name,
         yaml->diffusivity,
         {"diffusivity", "m2/s", 1e-24, 1e-6, "1e-24 to 1e-6 m2/s"},
         false,
         &diffusivity->value,
         &diffusivity->energy_J_per_mol},
        {yaml->name,
         yaml->exchange_current,
         {"exchange_current", "A/m2", 1e-12, 1e6, "it is an area of the grains' surface"},
         false,
         &exchange->value,
         &exchange->energy_J_per_mol},
        {yaml->name,
         yaml->transfer,
         {"transfer", "1", 0.01, 0.99, "0.01 to 0.99"},
         true,
         &active->transfer,
         NULL},
        {yaml->name,
         yaml->entropy,
         {"entropy", "V/K", -0.01, 0.01, "dU/dT, at most 10 mV/K"},
         true,
         &active->entropy_V_per_K,
         NULL},
        {yaml->name,
         yaml->filling_exponent,
         {"filling_exponent", "1", 0, 2, "0 to 2"},
         true,
         &active->filling_exponent,
         NULL}};
    return closo_material_take(load, numbers, COUNT(numbers));
}

static closo_status take_double_layer(closo_cell_loader *load, const char *name,
                                      const closo_number_yaml *capacitance,
                                      const closo_number_yaml *exponent, double least,
                                      double made[2])
{
    const closo_material_number numbers[] = {
        {name,
         capacitance,
         {"double_layer", "F/m2", least, 100,
          least > 0 ? "1e-5 to 100 F/m2" : "0 (none) to 100 F/m2"},
         false,
         &made[0],
         NULL},
        {name, exponent, {"double_layer_exponent", "1", 0.3, 1, "0.3 to 1"}, true, &made[1], NULL}};
    return closo_material_take(load, numbers, COUNT(numbers));
}

static closo_status take_active(closo_cell_loader *load, const closo_part_yaml *part,
                                composite *made, double *density_kg_per_m3)
{
    closo_active_material *active = &load->file->cell.active;
    closo_status status = closo_find_active(load, part->material, &load->active);
    if (status != CLOSO_OK)
        return status;
    made->active = part;
    active->transfer = 0.5;
    active->filling_exponent = 0.15;
    active->usable = 1;
    active->filled_at_start = 0.999;
    const closo_active_yaml *yaml = load->active;
    double layer[2] = {0, 0};
    status = take_grains(load, made, density_kg_per_m3);
    if (status == CLOSO_OK)
        status = take_kinetics(load, active);
    if (status == CLOSO_OK)
        status = take_double_layer(load, yaml->name, yaml->double_layer,
                                   yaml->double_layer_exponent, 0, layer);
    active->double_layer_F_per_m2 = layer[0];
    active->double_layer_exponent = layer[1];
    if (status == CLOSO_OK)
        status = closo_open_circuit_take(load, yaml, &active->equilibrium);
    if (status == CLOSO_OK)
        status = take_active_words(load, part, made);
    return status == CLOSO_OK && part->potential_at_start != NULL ? take_rest_potential(load, part)
                                                                  : status;
}

/* ---- carbon ---- */

/* What its network needs to exist, and what it conducts then. */
static closo_status take_percolation(closo_cell_loader *load, composite *made)
{
    const closo_carbon_yaml *yaml = load->carbon;
    made->threshold = 0.16;
    made->contact_exponent = 0.41;
    made->conductivity_exponent = 2;
    const closo_material_number numbers[] = {{yaml->name,
                                              yaml->percolation_threshold,
                                              {"percolation_threshold", "1", 0, 0.9, "0 to 0.9"},
                                              true,
                                              &made->threshold,
                                              NULL},
                                             {yaml->name,
                                              yaml->contact_exponent,
                                              {"contact_exponent", "1", 0, 10, "0 to 10"},
                                              true,
                                              &made->contact_exponent,
                                              NULL},
                                             {yaml->name,
                                              yaml->conductivity_exponent,
                                              {"conductivity_exponent", "1", 0, 10, "0 to 10"},
                                              true,
                                              &made->conductivity_exponent,
                                              NULL}};
    return closo_material_take(load, numbers, COUNT(numbers));
}

static closo_status take_carbon(closo_cell_loader *load, const closo_part_yaml *part,
                                composite *made, double *density_kg_per_m3)
{
    closo_cell *cell = &load->file->cell;
    closo_status status = closo_find_carbon(load, part->material, &load->carbon);
    if (status != CLOSO_OK)
        return status;
    const closo_carbon_yaml *yaml = load->carbon;
    made->carbon = part;
    const closo_material_number numbers[] = {
        {yaml->name,
         yaml->surface,
         {"surface", "m2/kg", 1, 4e6, "up to 4000 m2/g"},
         false,
         &made->surface_m2_per_kg,
         NULL},
        {yaml->name,
         yaml->bulk_density,
         {"bulk_density", DENSITY},
         false,
         &made->bulk_density_kg_per_m3,
         NULL},
        {yaml->name, yaml->density, {"density", DENSITY}, false, density_kg_per_m3, NULL},
        {yaml->name,
         yaml->conductivity,
         {"conductivity", "S/m", 1e-6, 1e8, "1e-6 to 1e8 S/m"},
         false,
         &made->carbon_S_per_m,
         NULL}};
    const closo_bounds contact = {"contact", "1", 1e-6, 1, "a share above 0 and at most 100 %"};
    double layer[2] = {0, 0};
    status = closo_material_take(load, numbers, COUNT(numbers));
    if (status == CLOSO_OK)
        status = take_double_layer(load, yaml->name, yaml->double_layer,
                                   yaml->double_layer_exponent, 1e-5, layer);
    cell->carbon_double_layer_F_per_m2 = layer[0];
    cell->carbon_double_layer_exponent = layer[1];
    if (status == CLOSO_OK)
        status = take_percolation(load, made);
    return status == CLOSO_OK ? closo_cell_take(load, part->contact, &contact, &made->contact_share)
                              : status;
}

/* ---- electrolyte ---- */

static closo_status take_catholyte(closo_cell_loader *load, const closo_part_yaml *part,
                                   double *density_kg_per_m3)
{
    load->catholyte_part = part;
    closo_status status = closo_find_electrolyte(load, part->material, &load->catholyte);
    if (status != CLOSO_OK)
        return status;
    if (load->catholyte != load->separator)
        return closo_cell_wrong(load, "material",
                                "'%.60s' is another electrolyte than the separator's '%.60s'; the "
                                "model has one",
                                part->material, load->separator->name);
    const closo_material_number number = {load->catholyte->name, load->catholyte->density,
                                          {"density", DENSITY},  false,
                                          density_kg_per_m3,     NULL};
    return closo_material_take(load, &number, 1);
}

/* ---- a part ---- */

/* A word that belongs to another role. */
static closo_status check_words(const closo_cell_loader *load, const closo_part_yaml *part,
                                part_role role)
{
    const struct {
        const char *key, *text;
        part_role role;
        const char *of;
    } words[] = {
        {"particle_diameter", part->particle_diameter, PART_ACTIVE, "the active material"},
        {"usable", part->usable, PART_ACTIVE, "the active material"},
        {"filled_at_start", part->filled_at_start, PART_ACTIVE, "the active material"},
        {"potential_at_start", part->potential_at_start, PART_ACTIVE, "the active material"},
        {"residues", part->residues_count != 0 ? part->role : NULL, PART_ELECTROLYTE,
         "the electrolyte"},
        {"contact", part->contact, PART_CARBON, "the carbon"}};
    for (size_t i = 0; i < COUNT(words); i++)
        if (words[i].text != NULL && words[i].role != role)
            return closo_cell_wrong(load, words[i].key, "it belongs to %s; take it out here",
                                    words[i].of);
    return CLOSO_OK;
}

closo_status composite_take_part(closo_cell_loader *load, const closo_part_yaml *part, size_t index,
                                 composite *made)
{
    static const char *const roles[] = {"active", "electrolyte", "carbon"};
    size_t role = 0;
    while (role < COUNT(roles) && strcmp(part->role, roles[role]) != 0)
        role++;
    if (role == COUNT(roles)) {
        const char *nearest = closo_text_nearest(part->role, roles, COUNT(roles));
        return closo_cell_wrong(load, "role", "there is no '%.40s'; write %s", part->role,
                                nearest != NULL ? nearest : "active, electrolyte or carbon");
    }
    made->roles[index] = (part_role)role;
    for (size_t i = 0; i < index; i++)
        if (made->roles[i] == (part_role)role)
            return closo_cell_wrong(load, "role",
                                    "there are two parts that are %s; the model has one of each",
                                    roles[role]);
    closo_status status = check_words(load, part, (part_role)role);
    double *density_kg_per_m3 = &made->density_kg_per_m3[index];
    if (status != CLOSO_OK)
        return status;
    if (role == PART_ACTIVE)
        return take_active(load, part, made, density_kg_per_m3);
    return role == PART_CARBON ? take_carbon(load, part, made, density_kg_per_m3)
                               : take_catholyte(load, part, density_kg_per_m3);
}
