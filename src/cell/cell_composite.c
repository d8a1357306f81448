/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_composite.c: from the masses of a composite to its volumes, surfaces and effective conductivities.
 *
 * Volumes: v_i = mass share_i / density_i per area; thickness L = sum v_i / (1 - porosity), or porosity from a thickness.
 * Ions: effective / bulk = (volume fraction of the electrolyte)^1.5 (D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636,
 * doi:10.1002/andp.19354160705).
 * Electrons: the carbon percolates by its apparent volume fraction p, with its bulk density (Asakura et al., ACS Appl. Energy
 * Mater. 2 (2019) 6924, doi:10.1021/acsaem.9b01487): conductivity = that of the carbon ((p - p_c) / (1 - p_c))^2, share of
 * its surface in the network ((p - p_c) / (1 - p_c))^0.41 (D. Stauffer, Phys. Rep. 54 (1979) 1,
 * doi:10.1016/0370-1573(79)90060-7). */
#include "cell_internal.h"
#include "cell_yaml.h"

#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Osmium, the densest of all (CRC Handbook of Chemistry and Physics). */
#define DENSITY "kg/m3", 1, 22590, "nothing is denser than osmium, 22.6 g/cm3; is the unit right"

/* Below the threshold the carbon carries no current through the composite; a number that is above zero keeps the equations
 * regular, and a note says so. */
static const double not_percolating_S_per_m = 1e-4;

typedef enum part_role { PART_ACTIVE, PART_ELECTROLYTE, PART_CARBON } part_role;

typedef struct composite {
    double share[CLOSO_CELL_PARTS], density_kg_per_m3[CLOSO_CELL_PARTS];
    part_role roles[CLOSO_CELL_PARTS];
    const closo_part_yaml *active, *carbon; /* the parts */
    double kg_per_m2;
    double particle_m, sites_C_per_kg, active_density_kg_per_m3;
    double surface_m2_per_kg, bulk_density_kg_per_m3, threshold, contact_exponent,
        conductivity_exponent, carbon_S_per_m;
    double contact_share; /* given, or NaN */
} composite;

/* ---- parts ---- */

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

static closo_status take_active(closo_cell_loader *load, const closo_part_yaml *part,
                                composite *made, double *density_kg_per_m3)
{
    closo_active_material *active = &load->file->cell.active;
    const closo_active_yaml *yaml;
    closo_status status = closo_find_active(load, part->material, &yaml);
    if (status != CLOSO_OK)
        return status;
    load->active = yaml;
    made->active = part;
    active->transfer = 0.5;
    active->filling_exponent = 0.15;
    active->usable = 1;
    active->filled_at_start = 0.999;
    closo_thermal_law *diffusivity = &active->diffusivity_m2_per_s,
                      *exchange = &active->exchange_current_A_per_m2;
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
         NULL},
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
         NULL},
        {yaml->name,
         yaml->double_layer,
         {"double_layer", "F/m2", 1e-5, 100, "1e-5 to 100 F/m2"},
         false,
         &active->double_layer_F_per_m2,
         NULL},
        {yaml->name,
         yaml->double_layer_exponent,
         {"double_layer_exponent", "1", 0.3, 1, "0.3 to 1"},
         true,
         &active->double_layer_exponent,
         NULL}};
    status = closo_material_take(load, numbers, COUNT(numbers));
    if (status == CLOSO_OK)
        status = closo_open_circuit_take(load, yaml, &active->equilibrium);
    made->active_density_kg_per_m3 = *density_kg_per_m3;
    if (status == CLOSO_OK)
        status = take_active_words(load, part, made);
    return status == CLOSO_OK && part->potential_at_start != NULL ? take_rest_potential(load, part)
                                                                  : status;
}

static closo_status take_carbon(closo_cell_loader *load, const closo_part_yaml *part,
                                composite *made, double *density_kg_per_m3)
{
    closo_cell *cell = &load->file->cell;
    const closo_carbon_yaml *yaml;
    closo_status status = closo_find_carbon(load, part->material, &yaml);
    if (status != CLOSO_OK)
        return status;
    load->carbon = yaml;
    made->carbon = part;
    made->threshold = 0.16;
    made->contact_exponent = 0.41;
    made->conductivity_exponent = 2;
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
         NULL},
        {yaml->name,
         yaml->double_layer,
         {"double_layer", "F/m2", 1e-5, 100, "1e-5 to 100 F/m2"},
         false,
         &cell->carbon_double_layer_F_per_m2,
         NULL},
        {yaml->name,
         yaml->double_layer_exponent,
         {"double_layer_exponent", "1", 0.3, 1, "0.3 to 1"},
         true,
         &cell->carbon_double_layer_exponent,
         NULL},
        {yaml->name,
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
    const closo_bounds contact = {"contact", "1", 1e-6, 1, "a share above 0 and at most 100 %"};
    status = closo_material_take(load, numbers, COUNT(numbers));
    return status == CLOSO_OK ? closo_cell_take(load, part->contact, &contact, &made->contact_share)
                              : status;
}

static closo_status take_catholyte(closo_cell_loader *load, const closo_part_yaml *part,
                                   double *density_kg_per_m3)
{
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
        {"contact", part->contact, PART_CARBON, "the carbon"}};
    for (size_t i = 0; i < COUNT(words); i++)
        if (words[i].text != NULL && words[i].role != role)
            return closo_cell_wrong(load, words[i].key, "it belongs to %s; take it out here",
                                    words[i].of);
    return CLOSO_OK;
}

static closo_status take_part(closo_cell_loader *load, const closo_part_yaml *part, size_t index,
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

/* ---- masses ---- */

static const closo_bounds a_mass = {"mass", "kg", 1e-12, 1e3,
                                    "it has to be larger than zero, and no electrode weighs a ton"};

static closo_status take_shares(closo_cell_loader *load, const closo_working_yaml *yaml,
                                composite *made)
{
    const closo_bounds share = {"share", "1", 1e-6, 1,
                                "a share is above 0 and at most 100 %; write for example '70 %'"};
    double sum = 0;
    bool by_mass = yaml->parts[0].mass != NULL;
    for (unsigned i = 0; i < yaml->parts_count; i++) {
        const closo_part_yaml *part = &yaml->parts[i];
        load->index = i;
        if ((part->mass != NULL) == (part->share != NULL) || (part->mass != NULL) != by_mass)
            return closo_cell_wrong(load, "role", "give every part a share, or every part a mass");
        closo_status status = closo_cell_take(load, by_mass ? part->mass : part->share,
                                              by_mass ? &a_mass : &share, &made->share[i]);
        if (status == CLOSO_OK)
            status = take_part(load, part, i, made);
        if (status != CLOSO_OK)
            return status;
        sum += made->share[i];
    }
    load->section = "working_electrode";
    load->index = SIZE_MAX;
    if (!by_mass && fabs(sum - 1) > 2e-3)
        return closo_cell_wrong(load, "parts", "the shares add up to %.4g %%, not 100 %%",
                                100 * sum);
    if (by_mass && yaml->mass == NULL)
        made->kg_per_m2 = sum / load->file->cell.area_m2;
    for (unsigned i = 0; i < yaml->parts_count; i++)
        made->share[i] /= sum;
    double whole_kg = made->kg_per_m2 * load->file->cell.area_m2;
    if (by_mass && fabs(whole_kg / sum - 1) > 0.01)
        return closo_cell_wrong(load, "mass", "'%.40s' is not the sum of its parts, %.4g mg",
                                yaml->mass, 1e6 * sum);
    return CLOSO_OK;
}

/* The mass of the composite per area, from its mass or from the loading with active material. */
static closo_status take_mass(closo_cell_loader *load, const closo_working_yaml *yaml,
                              composite *made)
{
    const closo_bounds loading = {"loading", "kg/m2", 1e-7, 100,
                                  "no electrode has more than 10 g/cm2; is the unit right"};
    double mass_kg = NAN, loading_kg_per_m2 = NAN;
    closo_status status = closo_cell_take(load, yaml->mass, &a_mass, &mass_kg);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->loading, &loading, &loading_kg_per_m2);
    made->kg_per_m2 = mass_kg / load->file->cell.area_m2;
    load->section = "parts";
    if (status == CLOSO_OK)
        status = take_shares(load, yaml, made);
    if (status != CLOSO_OK)
        return status;
    double active_share = 0;
    for (unsigned i = 0; i < yaml->parts_count; i++)
        active_share += made->roles[i] == PART_ACTIVE ? made->share[i] : 0;
    if (yaml->loading != NULL && !(active_share > 0))
        return closo_cell_wrong(load, "loading",
                                "a loading is of active material and there is none; give a mass");
    if (isnan(made->kg_per_m2))
        made->kg_per_m2 = loading_kg_per_m2 / active_share;
    if (isnan(made->kg_per_m2))
        return closo_cell_wrong(load, "mass",
                                "it is missing: give the mass of the composite, the loading with "
                                "active material, or the masses of the parts");
    double weighed = made->kg_per_m2 * active_share;
    if (yaml->loading != NULL && fabs(weighed / loading_kg_per_m2 - 1) > 0.05)
        return closo_cell_wrong(load, "loading",
                                "'%.40s' contradicts the mass, which makes %.4g mg/cm2 of active "
                                "material; leave one out",
                                yaml->loading, 100 * weighed);
    return CLOSO_OK;
}

/* ---- volumes ---- */

/* Pressed electrodes are up to some millimetres thick. */
#define THICKEST_M 1e-2

/* Masses that make a composite that nobody presses: the key they stand under. */
static closo_status refuse_thickness(const closo_cell_loader *load, const closo_working_yaml *yaml)
{
    const char *key = yaml->mass != NULL ? "mass" : yaml->loading != NULL ? "loading" : "parts";
    return closo_cell_wrong(load, key,
                            "on %.4g cm2 it makes a composite %.3g cm thick, and none is thicker "
                            "than 1 cm; are the unit and the area right",
                            1e4 * load->file->cell.area_m2, 100 * load->file->cell.thickness_m);
}

static closo_status take_thickness(closo_cell_loader *load, const closo_working_yaml *yaml,
                                   double solid_m)
{
    closo_cell_file *file = load->file;
    const closo_bounds thickness = {"thickness", "m", 1e-9, THICKEST_M,
                                    "no composite is thicker than 1 cm; is the unit right"},
                       porosity = {"porosity", "1", 0, 0.95, "a share from 0 to 95 %"};
    double thickness_m = NAN;
    closo_status status = closo_cell_take(load, yaml->thickness, &thickness, &thickness_m);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->porosity, &porosity, &file->porosity);
    if (status != CLOSO_OK)
        return status;
    if (yaml->thickness == NULL) {
        file->cell.thickness_m = solid_m / (1 - file->porosity);
        return file->cell.thickness_m <= THICKEST_M ? CLOSO_OK : refuse_thickness(load, yaml);
    }
    if (yaml->porosity != NULL)
        return closo_cell_wrong(load, "porosity",
                                "it follows from masses and thickness; leave one of the two out");
    if (thickness_m < 0.98 * solid_m)
        return closo_cell_wrong(load, "thickness",
                                "'%.40s' has no room for the masses: without any pores they are "
                                "%.3g um thick on %.4g cm2",
                                yaml->thickness, 1e6 * solid_m, 1e4 * file->cell.area_m2);
    file->porosity = fmax(0, 1 - solid_m / thickness_m);
    file->cell.thickness_m = fmax(thickness_m, solid_m);
    if (file->porosity > 0.6)
        closo_notes_add(&file->notes, load->arena,
                        "the composite has %.0f %% of pores; is its thickness right",
                        100 * file->porosity);
    return CLOSO_OK;
}

static void set_active(closo_cell_file *file, const composite *made, double volume_fraction)
{
    closo_active_material *active = &file->cell.active;
    active->volume_fraction = volume_fraction;
    active->radius_m = made->particle_m / 2;
    active->sites_mol_per_m3 =
        made->sites_C_per_kg * made->active_density_kg_per_m3 / CLOSO_FARADAY_C_per_mol;
    file->capacity_C_per_m2 = made->sites_C_per_kg * file->active_kg_per_m2;
}

static closo_status take_volumes(closo_cell_loader *load, const closo_working_yaml *yaml,
                                 const composite *made)
{
    closo_cell_file *file = load->file;
    double solid_m = 0, apparent_m = 0, carbon_apparent_m = 0;
    for (unsigned i = 0; i < yaml->parts_count; i++) {
        double kg_per_m2 = made->kg_per_m2 * made->share[i];
        bool carbon = made->roles[i] == PART_CARBON;
        double apparent =
            kg_per_m2 / (carbon ? made->bulk_density_kg_per_m3 : made->density_kg_per_m3[i]);
        solid_m += kg_per_m2 / made->density_kg_per_m3[i];
        apparent_m += apparent;
        carbon_apparent_m += carbon ? apparent : 0;
    }
    closo_status status = take_thickness(load, yaml, solid_m);
    if (status != CLOSO_OK)
        return status;
    file->composite_kg_per_m2 = made->kg_per_m2;
    file->carbon_apparent_fraction = carbon_apparent_m / apparent_m;
    for (unsigned i = 0; i < yaml->parts_count; i++) {
        double kg_per_m2 = made->kg_per_m2 * made->share[i];
        double fraction = kg_per_m2 / made->density_kg_per_m3[i] / file->cell.thickness_m;
        switch (made->roles[i]) {
        case PART_ACTIVE:
            file->active_kg_per_m2 = kg_per_m2;
            set_active(file, made, fraction);
            break;
        case PART_ELECTROLYTE:
            file->electrolyte_kg_per_m2 = load->catholyte_kg_per_m2 = kg_per_m2;
            file->electrolyte_fraction = fraction;
            break;
        case PART_CARBON:
            file->carbon_kg_per_m2 = kg_per_m2;
            file->carbon_fraction = fraction;
            break;
        }
    }
    return CLOSO_OK;
}

/* ---- networks ---- */

static void set_electrons(closo_cell_loader *load, const composite *made)
{
    closo_cell_file *file = load->file;
    closo_cell *cell = &file->cell;
    double p = file->carbon_apparent_fraction;
    double above = (p - made->threshold) / (1 - made->threshold);
    file->carbon_contact = above > 0 ? pow(above, made->contact_exponent) : 0;
    cell->electron_conductivity_S_per_m =
        above > 0 ? made->carbon_S_per_m * pow(above, made->conductivity_exponent)
                  : not_percolating_S_per_m;
    if (!(above > 0))
        closo_notes_add(&file->notes, load->arena,
                        "%s does not percolate: %.3g of the volume by its bulk density, the "
                        "threshold is %.3g; none of its surface counts",
                        load->carbon->name, p, made->threshold);
    if (!isnan(made->contact_share))
        file->carbon_contact = made->contact_share;
    double carbon_m2_per_m2 = made->surface_m2_per_kg * file->carbon_kg_per_m2;
    file->carbon_area_m2 = carbon_m2_per_m2 * cell->area_m2;
    cell->carbon_area_per_m = file->carbon_contact * carbon_m2_per_m2 / cell->thickness_m;
}

static closo_status take_networks(closo_cell_loader *load, const closo_working_yaml *yaml,
                                  const composite *made)
{
    closo_cell_file *file = load->file;
    closo_cell *cell = &file->cell;
    const closo_bounds path = {"ion_path", "1", 1e-6, 1, "a share above 0 and at most 1"},
                       electrons = {"electron_conductivity", "S/m", 1e-9, 1e8, "1e-9 to 1e8 S/m"};
    cell->ion_path = pow(file->electrolyte_fraction, 1.5);
    if (made->carbon != NULL)
        set_electrons(load, made);
    else if (yaml->electron_conductivity == NULL)
        return closo_cell_wrong(load, "electron_conductivity",
                                "there is no carbon to work it out from; give the composite's");
    closo_status status = closo_cell_take(load, yaml->ion_path, &path, &cell->ion_path);
    return status == CLOSO_OK ? closo_cell_take(load, yaml->electron_conductivity, &electrons,
                                                &cell->electron_conductivity_S_per_m)
                              : status;
}

static void set_bare(closo_cell_loader *load)
{
    closo_cell *cell = &load->file->cell;
    cell->node_count = 1;
    cell->thickness_m = 1e-6;
    cell->ion_path = 1;
    cell->electron_conductivity_S_per_m = 1e6;
    load->catholyte = load->separator;
}

/* A collector alone on the electrolyte: one node, a thin layer of bare electrolyte in front of it. */
static closo_status take_foil(closo_cell_loader *load, const closo_working_yaml *yaml)
{
    if (yaml->parts_count != 0 || yaml->mass != NULL || yaml->loading != NULL)
        return closo_cell_wrong(
            load, "foil", "a foil has no parts and no mass; take either the foil or these out");
    if (load->yaml->nodes > 1)
        return closo_cell_wrong(load, "foil", "a foil is one node; take 'nodes' out");
    set_bare(load);
    return CLOSO_OK;
}

/* A metal: one that plates and strips has no nodes; one that blocks is a foil with the metal's double layer. */
static closo_status take_metal(closo_cell_loader *load)
{
    closo_cell *cell = &load->file->cell;
    bool blocking = false;
    closo_status status = closo_working_metal_take(load, &blocking);
    if (status != CLOSO_OK || !blocking)
        return status;
    if (load->yaml->working_electrode->collector_double_layer == NULL)
        cell->collector_double_layer_F_per_m2 = cell->working_metal.double_layer_F_per_m2;
    set_bare(load);
    return CLOSO_OK;
}

closo_status closo_composite_take(closo_cell_loader *load)
{
    const closo_working_yaml *yaml = load->yaml->working_electrode;
    closo_cell *cell = &load->file->cell;
    composite made = {.contact_share = NAN};
    const closo_bounds area = {"collector_area", "1", 0, 1e4, "0 to 10000 times the cell's"},
                       double_layer = {"collector_double_layer", "F/m2", 1e-5, 100,
                                       "1e-5 to 100 F/m2"},
                       exponent = {"collector_double_layer_exponent", "1", 0.3, 1, "0.3 to 1"},
                       rest = {"potential_at_start", "V", -20, 20, "a potential up to 20 V"};
    load->section = "working_electrode";
    cell->collector_area = 1;
    cell->collector_double_layer_F_per_m2 = 0.2; /* bright metals: 0.1 to 0.4 F/m2 */
    closo_status status = closo_cell_take(load, yaml->collector_area, &area, &cell->collector_area);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->collector_double_layer, &double_layer,
                                 &cell->collector_double_layer_F_per_m2);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->collector_double_layer_exponent, &exponent,
                                 &cell->collector_double_layer_exponent);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->potential_at_start, &rest, &cell->rest_potential_V);
    if (status != CLOSO_OK)
        return status;
    if (yaml->metal != NULL || yaml->foil != NULL)
        return yaml->metal != NULL ? take_metal(load) : take_foil(load, yaml);
    if (yaml->parts_count == 0)
        return closo_cell_wrong(load, "parts",
                                "there are none; list the parts of the composite, or name a metal "
                                "or a foil: 'metal: Li', 'foil: Pt'");
    status = take_mass(load, yaml, &made);
    if (status == CLOSO_OK && load->catholyte == NULL)
        return closo_cell_wrong(load, "parts",
                                "none is the electrolyte; ions cannot enter the composite without");
    if (status == CLOSO_OK && made.active == NULL && made.carbon == NULL)
        return closo_cell_wrong(load, "parts",
                                "none is active material or carbon; for bare electrolyte write a "
                                "foil: 'foil: Pt'");
    if (status == CLOSO_OK && made.active != NULL && yaml->potential_at_start != NULL)
        return closo_cell_wrong(
            load, "potential_at_start",
            "the active material sets it; give it among the words of that part");
    if (status == CLOSO_OK)
        status = take_volumes(load, yaml, &made);
    return status == CLOSO_OK ? take_networks(load, yaml, &made) : status;
}
