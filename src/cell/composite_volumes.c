/* SPDX-License-Identifier: BSD-3-Clause */
/* composite_volumes.c: from the masses of a composite to its volumes. v_i = mass share_i / density_i per area; thickness L = sum
 * v_i / (1 - porosity), or porosity from a thickness. */
#include "cell_internal.h"
#include "composite.h"

#include <math.h>

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
            status = composite_take_part(load, part, i, made);
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
closo_status composite_take_mass(closo_cell_loader *load, const closo_working_yaml *yaml,
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

closo_status composite_take_volumes(closo_cell_loader *load, const closo_working_yaml *yaml,
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
