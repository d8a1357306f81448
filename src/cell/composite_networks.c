/* SPDX-License-Identifier: BSD-3-Clause */
/* composite_networks.c: from the volumes of a composite to what its networks conduct.
 *
 * Ions: effective / bulk = (volume fraction of the electrolyte)^1.5 (D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636,
 * doi:10.1002/andp.19354160705).
 * Electrons: the carbon percolates by its apparent volume fraction p, with its bulk density (Asakura et al., ACS Appl. Energy
 * Mater. 2 (2019) 6924, doi:10.1021/acsaem.9b01487): conductivity = that of the carbon ((p - p_c) / (1 - p_c))^2, share of
 * its surface in the network ((p - p_c) / (1 - p_c))^0.41 (D. Stauffer, Phys. Rep. 54 (1979) 1,
 * doi:10.1016/0370-1573(79)90060-7). */
#include "cell_internal.h"
#include "composite.h"

#include <math.h>

/* Below the threshold the carbon carries no current through the composite; a number that is above zero keeps the equations
 * regular, and a note says so. */
static const double not_percolating_S_per_m = 1e-4;

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

closo_status composite_take_networks(closo_cell_loader *load, const closo_working_yaml *yaml,
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
