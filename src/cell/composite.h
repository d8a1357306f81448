/* SPDX-License-Identifier: BSD-3-Clause */
/* composite.h: a composite while it is read: its parts (composite_parts.c) become volumes (composite_volumes.c), and these
 * effective conductivities (composite_networks.c). */
#ifndef CLOSO_CELL_COMPOSITE_H
#define CLOSO_CELL_COMPOSITE_H

#include "cell_yaml.h"

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

/* The words and the material of one part. FORMAT: what is wrong with them. */
closo_status composite_take_part(closo_cell_loader *load, const closo_part_yaml *part, size_t index,
                                 composite *made);
/* Shares and the mass per area; takes each part on the way. FORMAT. */
closo_status composite_take_mass(closo_cell_loader *load, const closo_working_yaml *yaml,
                                 composite *made);
/* Thickness, porosity and volume fractions from the masses. FORMAT: no room for them, or a composite that nobody presses. */
closo_status composite_take_volumes(closo_cell_loader *load, const closo_working_yaml *yaml,
                                    const composite *made);
/* Effective conductivities, and the carbon's surface that counts, from the volumes. FORMAT. */
closo_status composite_take_networks(closo_cell_loader *load, const closo_working_yaml *yaml,
                                     const composite *made);

#endif
