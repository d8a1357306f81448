/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_metals.c: metal electrodes: the counter electrode, and the working electrode of a cell without a composite. The numbers
 * of a metal are those of the pair it makes with an electrolyte; what the description says of this cell goes before them. */
#include "cell_yaml.h"

#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static closo_status check_kind(const closo_cell_loader *load, const closo_metal_yaml *metal)
{
    if (metal->cation != NULL && load->separator->cation != NULL &&
        strcmp(metal->cation, load->separator->cation) != 0)
        return closo_cell_wrong(load, load->metal_key,
                                "%.40s does not go with an electrolyte that conducts %.20s; its "
                                "potentials are against %.20s",
                                metal->name, load->separator->cation, load->separator->cation);
    if (metal->blocking && (metal->resistance != NULL || metal->growth != NULL ||
                            metal->exchange_current != NULL || metal->open_circuit != NULL))
        return closo_material_wrong(load, metal->name, "blocking",
                                    "no ion passes a metal that blocks; take out its resistance, "
                                    "growth, exchange_current and open_circuit");
    if (metal->potential != NULL && metal->open_circuit != NULL)
        return closo_material_wrong(load, metal->name, "potential",
                                    "give a potential or an open_circuit, not both");
    return CLOSO_OK;
}

static closo_status take_material(closo_cell_loader *load, const closo_metal_yaml *metal,
                                  closo_metal_electrode *electrode)
{
    const char *name = metal->name;
    closo_thermal_law *resistance = &electrode->resistance_ohm_m2,
                      *exchange = &electrode->exchange_current_A_per_m2;
    const closo_material_number numbers[] = {
        {name,
         metal->resistance,
         {"resistance", "ohm m2", 1e-9, 1e6, "above 0; write '31 ohm cm2'"},
         metal->blocking,
         &resistance->value,
         &resistance->energy_J_per_mol},
        {name,
         metal->growth,
         {"growth", "ohm2 m4/s", 0, 1e6, "0 or more; write '3 ohm2 cm4/h'"},
         true,
         &electrode->growth_ohm2_m4_per_s,
         NULL},
        {name,
         metal->exchange_current,
         {"exchange_current", "A/m2", 1e-9, 1e6,
          "it is an area of the cell; leave it out for none"},
         true,
         &exchange->value,
         &exchange->energy_J_per_mol},
        {name,
         metal->transfer,
         {"transfer", "1", 0.01, 0.99, "0.01 to 0.99"},
         true,
         &electrode->transfer,
         NULL},
        {name,
         metal->potential,
         {"potential", "V", -5, 10, "against the metal of the electrolyte's cation, up to 10 V"},
         true,
         &electrode->potential_V,
         NULL},
        {name,
         metal->double_layer,
         {"double_layer", "F/m2", 0, 100, "0 (none; not where it blocks) to 100 F/m2"},
         false,
         &electrode->double_layer_F_per_m2,
         NULL},
        {name,
         metal->double_layer_exponent,
         {"double_layer_exponent", "1", 0.3, 1, "0.3 to 1"},
         true,
         &electrode->double_layer_exponent,
         NULL}};
    electrode->blocking = metal->blocking;
    electrode->transfer = 0.5;
    return closo_material_take(load, numbers, COUNT(numbers));
}

/* What this cell says of its own. */
static closo_status take_words(const closo_cell_loader *load, const closo_metal_words *words,
                               closo_metal_electrode *electrode)
{
    const closo_bounds bounds[] = {
        {"resistance", "ohm m2", 1e-9, 1e6, "above 0; write '31 ohm cm2'"},
        {"growth", "ohm2 m4/s", 0, 1e6, "0 or more; write '3 ohm2 cm4/h'"},
        {"exchange_current", "A/m2", 1e-9, 1e6, "above 0; write '1 mA/cm2'"},
        {"age", "s", 0, 1e10, "0 to 300 years"},
        {"log_growth", "ohm m2", 1e-12, 1e6, "above 0; write '29 ohm cm2'"},
        {"log_time", "s", 1e-3, 1e10, "above 0; write '12 h'"},
        {"capacity", "C/m2", 1e-3, 1e9, "above 0; write '5 mAh/cm2'"},
        {"filled_at_start", "1", 0, 1, "a share from 0 to 100 %"}};
    const char *const texts[] = {words->resistance, words->growth,         words->exchange_current,
                                 words->age,        words->log_growth,     words->log_time,
                                 words->capacity,   words->filled_at_start};
    double *const places[] = {&electrode->resistance_ohm_m2.value,
                              &electrode->growth_ohm2_m4_per_s,
                              &electrode->exchange_current_A_per_m2.value,
                              &electrode->age_s,
                              &electrode->log_growth_ohm_m2,
                              &electrode->log_time_s,
                              &electrode->capacity_C_per_m2,
                              &electrode->filled_at_start};
    bool table = electrode->equilibrium.count > 0;
    for (size_t i = 0; i < COUNT(bounds); i++) {
        if (texts[i] != NULL && (electrode->blocking || (i >= 6 && !table)))
            return closo_cell_wrong(load, bounds[i].key, "this metal %s; take it out",
                                    electrode->blocking
                                        ? "blocks ions; what plates on it stands under "
                                          "'plating'"
                                        : "has no open_circuit");
        closo_status status = closo_cell_take(load, texts[i], &bounds[i], places[i]);
        if (status != CLOSO_OK)
            return status;
    }
    if ((words->log_growth != NULL) != (words->log_time != NULL) ||
        (words->log_growth != NULL && words->growth != NULL))
        return closo_cell_wrong(load, words->log_growth != NULL ? "log_growth" : "log_time",
                                "R = R0 + log_growth ln(1 + t / log_time) wants both, and no "
                                "'growth', which is that of the root of time");
    if (table && !(electrode->capacity_C_per_m2 > 0))
        return closo_cell_wrong(load, "capacity",
                                "it is missing: an alloy whose potential changes wants the charge "
                                "of all its sites; write '5 mAh/cm2'");
    /* what is told is that of this cell, at its temperature */
    if (words->resistance != NULL)
        electrode->resistance_ohm_m2.energy_J_per_mol = 0;
    if (words->exchange_current != NULL)
        electrode->exchange_current_A_per_m2.energy_J_per_mol = 0;
    return CLOSO_OK;
}

static closo_status take_electrode(closo_cell_loader *load, const closo_metal_yaml *metal,
                                   const closo_metal_words *words, closo_metal_electrode *electrode)
{
    closo_status status = check_kind(load, metal);
    if (status == CLOSO_OK)
        status = take_material(load, metal, electrode);
    if (status == CLOSO_OK && metal->open_circuit != NULL) {
        closo_active_yaml alloy = {.name = metal->name, .open_circuit = metal->open_circuit};
        electrode->filled_at_start = 0.5;
        status = closo_open_circuit_take(load, &alloy, &electrode->equilibrium);
    }
    if (status == CLOSO_OK)
        status = take_words(load, words, electrode);
    return status == CLOSO_OK ? closo_plating_take(load, metal->name, words->plating, electrode)
                              : status;
}

/* What potentials are against: "Na", "Li-In (0.62 V against Li)". */
static const char *reference(const closo_cell_loader *load, const closo_metal_yaml *metal,
                             const closo_metal_electrode *electrode)
{
    if (electrode->equilibrium.count > 0 || electrode->potential_V == 0)
        return metal->name;
    return closo_arena_printf(load->arena, "%s (%.3g V against %s)", metal->name,
                              electrode->potential_V, load->separator->cation);
}

closo_status closo_counter_take(closo_cell_loader *load)
{
    const closo_counter_yaml *yaml = load->yaml->counter_electrode;
    const closo_metal_yaml *metal;
    load->section = "counter_electrode";
    load->metal_key = "material";
    closo_status status = closo_find_metal(load, yaml->material, &metal);
    if (status == CLOSO_OK)
        status = take_electrode(load, metal, &yaml->words, &load->file->cell.counter);
    if (status != CLOSO_OK)
        return status;
    load->counter = metal;
    /* the charge of its double layer is soon used up; two blocking electrodes are meant so */
    if (metal->blocking && yaml->words.plating == NULL &&
        (load->active != NULL || load->carbon != NULL))
        closo_notes_add(&load->file->notes, load->arena,
                        "%s blocks ions: as counter electrode it passes no current but that of its "
                        "double layer, and the cell can neither charge nor discharge; is %s meant",
                        metal->name, load->separator->cation);
    load->file->metal = reference(load, metal, &load->file->cell.counter);
    return load->file->metal != NULL ? CLOSO_OK : closo_fail_nomem(load->error);
}

closo_status closo_working_metal_take(closo_cell_loader *load, bool *blocking)
{
    const closo_working_yaml *yaml = load->yaml->working_electrode;
    const closo_metal_yaml *metal;
    load->metal_key = "metal";
    if (yaml->parts_count != 0 || yaml->mass != NULL || yaml->loading != NULL || yaml->foil != NULL)
        return closo_cell_wrong(load, "metal",
                                "an electrode of metal has no parts, no mass and no foil; take "
                                "either the metal or these out");
    if (load->yaml->nodes > 0)
        return closo_cell_wrong(load, "metal", "a metal has no nodes; take 'nodes' out");
    closo_status status = closo_find_metal(load, yaml->metal, &metal);
    if (status != CLOSO_OK)
        return status;
    load->working_metal = metal;
    *blocking = metal->blocking;
    load->file->cell.node_count = 0;
    return take_electrode(load, metal, &yaml->words, &load->file->cell.working_metal);
}
