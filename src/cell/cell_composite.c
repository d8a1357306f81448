/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_composite.c: what the working electrode is: a composite, a foil or a metal, and the collector behind it. */
#include "cell_internal.h"
#include "composite.h"

#include <math.h>

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

/* The collector behind a composite, or a foil's surface. */
static closo_status take_collector(closo_cell_loader *load, const closo_working_yaml *yaml)
{
    closo_cell *cell = &load->file->cell;
    const closo_bounds area = {"collector_area", "1", 0, 1e4, "0 to 10000 times the cell's"},
                       double_layer = {"collector_double_layer", "F/m2", 1e-5, 100,
                                       "1e-5 to 100 F/m2"},
                       exponent = {"collector_double_layer_exponent", "1", 0.3, 1, "0.3 to 1"},
                       rest = {"potential_at_start", "V", -20, 20, "a potential up to 20 V"};
    cell->collector_area = 1;
    cell->collector_double_layer_F_per_m2 = 0.2; /* bright metals: 0.1 to 0.4 F/m2 */
    closo_status status = closo_cell_take(load, yaml->collector_area, &area, &cell->collector_area);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->collector_double_layer, &double_layer,
                                 &cell->collector_double_layer_F_per_m2);
    if (status == CLOSO_OK)
        status = closo_cell_take(load, yaml->collector_double_layer_exponent, &exponent,
                                 &cell->collector_double_layer_exponent);
    return status == CLOSO_OK
               ? closo_cell_take(load, yaml->potential_at_start, &rest, &cell->rest_potential_V)
               : status;
}

/* Ions, and something that takes them or electrons, are the least. */
static closo_status check_parts(const closo_cell_loader *load, const composite *made)
{
    if (load->catholyte == NULL)
        return closo_cell_wrong(load, "parts",
                                "none is the electrolyte; ions cannot enter the composite without");
    if (made->active == NULL && made->carbon == NULL)
        return closo_cell_wrong(load, "parts",
                                "none is active material or carbon; for bare electrolyte write a "
                                "foil: 'foil: Pt'");
    if (made->active != NULL && load->yaml->working_electrode->potential_at_start != NULL)
        return closo_cell_wrong(
            load, "potential_at_start",
            "the active material sets it; give it among the words of that part");
    return CLOSO_OK;
}

closo_status closo_composite_take(closo_cell_loader *load)
{
    const closo_working_yaml *yaml = load->yaml->working_electrode;
    composite made = {.contact_share = NAN};
    load->section = "working_electrode";
    closo_status status = take_collector(load, yaml);
    if (status != CLOSO_OK)
        return status;
    if (yaml->words.plating != NULL && yaml->metal == NULL)
        return closo_cell_wrong(load, "plating",
                                "it belongs to a metal that blocks; write 'metal: Cu' and take "
                                "foil and parts out");
    if (yaml->metal != NULL || yaml->foil != NULL)
        return yaml->metal != NULL ? take_metal(load) : take_foil(load, yaml);
    if (yaml->parts_count == 0)
        return closo_cell_wrong(load, "parts",
                                "there are none; list the parts of the composite, or name a metal "
                                "or a foil: 'metal: Li', 'foil: Pt'");
    status = composite_take_mass(load, yaml, &made);
    if (status == CLOSO_OK)
        status = check_parts(load, &made);
    if (status == CLOSO_OK)
        status = composite_take_volumes(load, yaml, &made);
    return status == CLOSO_OK ? composite_take_networks(load, yaml, &made) : status;
}
