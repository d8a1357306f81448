/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_plating.c: the words of what plates on a metal that blocks: "plating: {exchange_current: 1 mA/cm2, loss: 2 %}". Its
 * numbers are those of the cation's metal on this metal in this electrolyte at the temperature of the cell. */
#include "cell_yaml.h"

#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* 50 nm of lithium or 90 nm of sodium make a layer of what began as nuclei; assumed, of the order of nuclei and their distance
 * on copper (A. Pei et al., doi:10.1021/acs.nanolett.6b04755). */
static const double usual_coverage_C_per_m2 = 360;

static closo_status take_numbers(const closo_cell_loader *load, const closo_plating_words *words,
                                 closo_plating *plating)
{
    const struct {
        const char *text;
        closo_bounds bounds;
        double *place;
    } numbers[] = {
        {words->exchange_current,
         {"exchange_current", "A/m2", 1e-9, 1e6, "above 0; write '1 mA/cm2'"},
         &plating->exchange_current_A_per_m2.value},
        {words->transfer, {"transfer", "1", 0.01, 0.99, "0.01 to 0.99"}, &plating->transfer},
        {words->nucleation,
         {"nucleation", "V", 0, 2, "an overpotential, 0 to 2 V, without a sign; write '40 mV'"},
         &plating->nucleation_V},
        {words->coverage,
         {"coverage", "C/m2", 1e-2, 1e7, "1 uC/cm2 to 1 kC/cm2; write '0.01 mAh/cm2'"},
         &plating->coverage_C_per_m2},
        {words->loss, {"loss", "1", 0, 0.999, "a share below 100 %"}, &plating->loss},
        {words->resistance,
         {"resistance", "ohm m2", 0, 1e6, "0 or more; write '31 ohm cm2'"},
         &plating->resistance_ohm_m2.value},
        {words->growth,
         {"growth", "ohm2 m4/s", 0, 1e6, "0 or more; write '3 ohm2 cm4/h'"},
         &plating->growth_ohm2_m4_per_s},
        {words->plated_at_start,
         {"plated_at_start", "C/m2", 0, 1e9, "0 or more; write '5 mAh/cm2'"},
         &plating->plated_at_start_C_per_m2}};
    closo_status status = CLOSO_OK;
    for (size_t i = 0; i < COUNT(numbers) && status == CLOSO_OK; i++)
        status = closo_cell_take(load, numbers[i].text, &numbers[i].bounds, numbers[i].place);
    return status;
}

/* Metals that take the cation up above 0 V, so that what happens there is no plating. Aluminium takes lithium, not sodium;
 * copper neither: binary phase diagrams. */
static bool makes_alloys(const char *metal, const char *cation)
{
    static const char *const with_lithium[] = {"Al", "Pt", "Au", "Ag", "Zn", "Mg", "Sn", "In"},
                             *const with_sodium[] = {"Pt", "Au", "Sn", "In", "Pb"};
    bool lithium = strcmp(cation, "Li") == 0;
    const char *const *list = lithium ? with_lithium : with_sodium;
    size_t count = lithium ? COUNT(with_lithium) : COUNT(with_sodium);
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], metal) == 0)
            return lithium || strcmp(cation, "Na") == 0;
    return false;
}

closo_status closo_plating_take(closo_cell_loader *load, const char *metal,
                                const closo_plating_words *words, closo_metal_electrode *electrode)
{
    closo_plating *plating = &electrode->plating;
    const char *cation = load->separator->cation;
    if (words == NULL)
        return CLOSO_OK;
    if (!electrode->blocking)
        return closo_cell_wrong(load, "plating",
                                "%.40s is a metal that ions enter and leave by itself; take it out",
                                metal);
    if (words->exchange_current == NULL)
        return closo_cell_wrong(load, "plating",
                                "its exchange_current is missing: plating and stripping want one; "
                                "write 'exchange_current: 1 mA/cm2'");
    plating->coverage_C_per_m2 = usual_coverage_C_per_m2;
    closo_status status = take_numbers(load, words, plating);
    if (status != CLOSO_OK)
        return status;
    const char *start = load->yaml->working_electrode->potential_at_start;
    if (plating->plated_at_start_C_per_m2 > 0 && start != NULL &&
        strcmp(load->section, "working_electrode") == 0)
        return closo_cell_wrong(load, "potential_at_start",
                                "an electrode with metal on it rests at 0 V; take either this or "
                                "plated_at_start out");
    if (cation != NULL && makes_alloys(metal, cation))
        closo_notes_add(&load->file->notes, load->arena,
                        "%s makes alloys with %s, which form above 0 V; the model plates on it as "
                        "on a metal that makes none",
                        metal, cation);
    return CLOSO_OK;
}

/* ---- reduction of the electrolyte ---- */

closo_status closo_reduction_take(closo_cell_loader *load)
{
    const closo_reduction_yaml *yaml = load->separator->reduction;
    closo_reduction *reduction = &load->file->cell.reduction;
    const char *name = load->separator->name;
    double capacitance_F_per_m2 = 0, measured_K = load->file->cell.reference_K;
    closo_error reason = {0};
    if (yaml == NULL)
        return CLOSO_OK;
    reduction->rate_V_per_s = 10e-6;
    closo_number_yaml onset = *yaml->onset;
    onset.at = NULL; /* of the sweep, not of a number that follows Arrhenius */
    const closo_material_number numbers[] = {
        {name,
         &onset,
         {"onset", "V", -5, 20, "a potential against the metal, up to 20 V"},
         false,
         &reduction->potential_V,
         NULL},
        {name,
         yaml->transfer,
         {"transfer", "1", 0.001, 10, "0.001 to 10"},
         false,
         &reduction->transfer,
         NULL},
        {name,
         yaml->rate,
         {"rate", "V/s", 1e-9, 1e3, "the scan rate of the onset"},
         true,
         &reduction->rate_V_per_s,
         NULL},
        {name,
         yaml->film_capacitance,
         {"film_capacitance", "F/m2", 1e-6, 1e8, "1e-6 to 1e8 F/m2"},
         false,
         &capacitance_F_per_m2,
         NULL}};
    closo_status status = closo_material_take(load, numbers, COUNT(numbers));
    if (status != CLOSO_OK)
        return status;
    if (yaml->onset->at != NULL &&
        (closo_quantity_parse(yaml->onset->at, "K", &measured_K, &reason) != CLOSO_OK ||
         !(measured_K > 50 && measured_K < 3000)))
        return closo_material_wrong(load, name, "reduction",
                                    "its onset cannot be of a sweep at '%.40s'", yaml->onset->at);
    reduction->gamma_V_m2_per_C = 1 / capacitance_F_per_m2;
    /* from the onset to the middle of the rise, as of an anion */
    reduction->potential_V -=
        2 * CLOSO_GAS_J_per_mol_K * measured_K / (reduction->transfer * CLOSO_FARADAY_C_per_mol);
    return CLOSO_OK;
}
