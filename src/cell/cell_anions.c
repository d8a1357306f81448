/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_anions.c: how the anions of the electrolyte are oxidised, how much of each there is for each area of surface, and the
 * film that is left on the active material, and how breathing grains break it.
 *
 * reservoir = count electrons F (electrolyte of the composite / molar mass) / surface, all per area of cell; the surface is
 * that of active material in contact, of carbon in contact, and of the collector. */
#include "cell_internal.h"
#include "cell_yaml.h"

#include <math.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static double surface_m2_per_m2(const closo_cell *cell)
{
    return (cell_active_area_per_m(cell) + cell->carbon_area_per_m) * cell->thickness_m +
           cell->collector_area;
}

/* The temperature of the sweep that an onset is from. */
static closo_status take_sweep_temperature(closo_cell_loader *load, const char *name,
                                           const closo_anion_yaml *yaml, double *measured_K)
{
    const closo_cell *cell = &load->file->cell;
    closo_error reason = {0};
    *measured_K = cell->reference_K;
    if (yaml->onset->at == NULL)
        return yaml->onset->slope == NULL
                   ? CLOSO_OK
                   : closo_material_wrong(
                         load, name, "onset",
                         "its slope wants the temperature it starts from: 'at: 60 degC'");
    if (closo_quantity_parse(yaml->onset->at, "K", measured_K, &reason) != CLOSO_OK)
        return closo_material_wrong(load, name, "onset", "%s", reason.message);
    if (!(*measured_K > 50 && *measured_K < 3000))
        return closo_material_wrong(load, name, "onset", "it cannot have been measured at '%.40s'",
                                    yaml->onset->at);
    if (yaml->onset->slope == NULL && fabs(*measured_K - cell->temperature_K) > 5)
        closo_notes_add(&load->file->notes, load->arena,
                        "the onset of %s in %s is from a sweep at %.0f degC and has no slope: at "
                        "%.0f degC the same reaction is taken to stay where it is",
                        yaml->name, load->catholyte->name, *measured_K - 273.15,
                        cell->temperature_K - 273.15);
    return CLOSO_OK;
}

/* The potential of the law at the reference temperature, from the onset that is given. Without an exchange current the onset is
 * that of a sweep at its rate and temperature, where the steepest tangent meets zero; the law wants the middle of the rise,
 * which lies 2 RT / (transfer F) above. With one it is the reversible potential. With a slope it moves in a straight line from
 * where it was measured. */
static closo_status take_onset(closo_cell_loader *load, const char *name,
                               const closo_anion_yaml *yaml, closo_anion_oxidation *anion)
{
    closo_number_yaml plain = *yaml->onset;
    const char *slope = plain.slope;
    plain.slope = plain.at = NULL;
    const closo_material_number number = {
        name,
        &plain,
        {"onset", "V", -20, 20, "a potential against the metal, up to 20 V"},
        false,
        &anion->potential_V,
        NULL};
    double measured_K;
    closo_error reason = {0};
    closo_status status = closo_material_take(load, &number, 1);
    if (status == CLOSO_OK)
        status = take_sweep_temperature(load, name, yaml, &measured_K);
    if (status != CLOSO_OK)
        return status;
    if (!(anion->j0_A_per_m2 > 0))
        anion->potential_V +=
            2 * CLOSO_GAS_J_per_mol_K * measured_K / (anion->transfer * CLOSO_FARADAY_C_per_mol);
    if (slope == NULL)
        return CLOSO_OK;
    if (closo_quantity_parse(slope, "V/K", &anion->potential_V_per_K, &reason) != CLOSO_OK)
        return closo_material_wrong(load, name, "onset", "%s", reason.message);
    if (!(fabs(anion->potential_V_per_K) < 0.02))
        return closo_material_wrong(
            load, name, "onset", "a slope of '%.40s' cannot be: reactions have at most some mV/K",
            slope);
    anion->potential_V += anion->potential_V_per_K * (load->file->cell.reference_K - measured_K);
    return CLOSO_OK;
}

/* Words that contradict each other, or of which one would not be heard. */
static closo_status check_words(const closo_cell_loader *load, const char *name,
                                const closo_anion_yaml *yaml)
{
    if (yaml->share != NULL && yaml->count != 0)
        return closo_material_wrong(load, name, "anions", "%.40s has a count or a share, not both",
                                    yaml->name);
    if (yaml->film_capacitance == NULL && yaml->exchange_current == NULL)
        return closo_material_wrong(load, name, "anions",
                                    "%.40s wants a film_capacitance, when it passivates, an "
                                    "exchange_current, when it does not, or both, when it "
                                    "passivates and its onset is the reversible potential",
                                    yaml->name);
    if (yaml->exchange_current == NULL)
        return CLOSO_OK;
    if (yaml->film_capacitance != NULL && yaml->film_capacitance->energy != NULL)
        return closo_material_wrong(load, name, "film_capacitance",
                                    "beside an exchange_current it does not depend on temperature; "
                                    "the energy belongs to the exchange_current of %.40s",
                                    yaml->name);
    if (yaml->rate != NULL)
        return closo_material_wrong(
            load, name, "rate",
            "%.40s has an exchange_current, and its onset is the reversible "
            "potential, which has no scan rate; take one of the two out",
            yaml->name);
    return CLOSO_OK;
}

/* name: of the material it belongs to, or a residue's own. */
static closo_status take_anion(closo_cell_loader *load, const char *name,
                               const closo_anion_yaml *yaml, closo_anion_oxidation *anion)
{
    double electrons = 1, capacitance_F_per_m2 = 0, amount = yaml->count;
    *anion = (closo_anion_oxidation){.name = yaml->name, .rate_V_per_s = 10e-6};
    const closo_material_number numbers[] = {
        {name,
         yaml->share,
         {"share", "1", 1e-9, 100, "what lies beside one formula, such as 0.5 %"},
         true,
         &amount,
         NULL},
        {name,
         yaml->electrons,
         {"electrons", "1", 1e-3, 100, "0.001 to 100"},
         true,
         &electrons,
         NULL},
        {name,
         yaml->transfer,
         {"transfer", "1", 0.001, 10, "0.001 to 10"},
         false,
         &anion->transfer,
         NULL},
        {name,
         yaml->rate,
         {"rate", "V/s", 1e-9, 1e3, "the scan rate of the onset"},
         true,
         &anion->rate_V_per_s,
         NULL},
        {name,
         yaml->film_capacitance,
         {"film_capacitance", "F/m2", 1e-6, 1e8, "1e-6 to 1e8 F/m2"},
         true,
         &capacitance_F_per_m2,
         &anion->energy_J_per_mol},
        {name,
         yaml->exchange_current,
         {"exchange_current", "A/m2", 1e-20, 1e6, "up to 1e6 A/m2"},
         true,
         &anion->j0_A_per_m2,
         &anion->energy_J_per_mol}};
    closo_status status = check_words(load, name, yaml);
    if (status == CLOSO_OK)
        status = closo_material_take(load, numbers, COUNT(numbers));
    if (status == CLOSO_OK)
        status = take_onset(load, name, yaml, anion);
    if (capacitance_F_per_m2 > 0)
        anion->gamma_V_m2_per_C = 1 / capacitance_F_per_m2;
    double molecules_mol_per_m2 = load->catholyte_kg_per_m2 / load->molar_mass_kg_per_mol;
    anion->electrons = electrons;
    anion->reservoir_C_per_m2 = amount * electrons * CLOSO_FARADAY_C_per_mol *
                                molecules_mol_per_m2 / load->file->surface_m2_per_m2;
    return status;
}

static closo_status take_film(closo_cell_loader *load, const closo_film_yaml *yaml)
{
    closo_film *film = &load->file->cell.film;
    const char *name = load->catholyte->name;
    if (yaml == NULL)
        return CLOSO_OK;
    *film = (closo_film){.slow_transfer = 0.5, .slow_half_ohm_m2 = 1, .slow_order = 1};
    const closo_material_number numbers[] = {
        {name,
         yaml->resistivity,
         {"resistivity", "ohm m4/C", 0, 1e12, "0 to 1e12 ohm m4/C"},
         true,
         &film->rho_ohm_m4_per_C,
         NULL},
        {name, yaml->growth, {"growth", "1", 0, 100, "0 to 100"}, true, &film->growth, NULL},
        {name,
         yaml->slow_rate,
         {"slow_rate", "ohm m2/s", 0, 1e6, "0 to 1e6 ohm m2/s"},
         true,
         &film->slow_ohm_m2_per_s,
         NULL},
        {name,
         yaml->slow_transfer,
         {"slow_transfer", "1", 0, 10, "0 to 10"},
         true,
         &film->slow_transfer,
         NULL},
        {name,
         yaml->slow_onset,
         {"slow_onset", "V", -20, 20, "up to 20 V"},
         true,
         &film->slow_onset_V,
         NULL},
        {name,
         yaml->slow_half,
         {"slow_half", "ohm m2", 1e-12, 1e12, "above zero"},
         true,
         &film->slow_half_ohm_m2,
         NULL},
        {name,
         yaml->slow_order,
         {"slow_order", "1", 0, 10, "0 to 10"},
         true,
         &film->slow_order,
         NULL}};
    return closo_material_take(load, numbers, COUNT(numbers));
}

static closo_status take_wear(closo_cell_loader *load, const closo_wear_yaml *yaml)
{
    closo_wear *wear = &load->file->cell.wear;
    const char *name = load->catholyte->name;
    if (yaml == NULL)
        return CLOSO_OK;
    const struct {
        const char *key;
        const closo_number_yaml *number;
        double most, *value;
        const char *why;
    } keys[] = {{"breaking", yaml->breaking, 10, &wear->breaking, "0 to 10 for a full charge"},
                {"loosening", yaml->loosening, 1e4, &wear->loosening, "0 to 10000"},
                {"order", yaml->order, 20, &wear->order, "0 to 20"},
                {"isolation", yaml->isolation, 1, &wear->isolation, "0 (area only) to 1 (grains)"}};
    closo_status status = CLOSO_OK;
    for (size_t i = 0; i < COUNT(keys) && status == CLOSO_OK; i++) {
        const closo_material_number number = {
            name, keys[i].number, {keys[i].key, "1", 0, keys[i].most, keys[i].why},
            true, keys[i].value,  NULL};
        status = closo_material_take(load, &number, 1);
    }
    return status;
}

/* Behind the anions. On grains the film is made by the first two, and wear asks for the last. */
static closo_status take_residues(closo_cell_loader *load)
{
    closo_cell *cell = &load->file->cell;
    const closo_part_yaml *part = load->catholyte_part;
    if (part == NULL || part->residues_count == 0)
        return CLOSO_OK;
    load->section = "parts"; /* where a sentence about them belongs */
    load->index = (size_t)(part - load->yaml->working_electrode->parts);
    if (load->active != NULL && (cell->anion_count < 2 || load->catholyte->wear != NULL))
        return closo_cell_wrong(load, "residues",
                                "beside an active material they want an electrolyte with two "
                                "anions and without wear; take them out");
    if (cell->anion_count + part->residues_count > CLOSO_ANIONS_MAX)
        return closo_cell_wrong(load, "residues", "with the anions of the electrolyte at most %d",
                                CLOSO_ANIONS_MAX);
    load->section = "";
    load->index = SIZE_MAX;
    closo_status status = CLOSO_OK;
    for (unsigned i = 0; i < part->residues_count && status == CLOSO_OK; i++)
        status = take_anion(load, part->residues[i].name, &part->residues[i],
                            &cell->anions[cell->anion_count++]);
    return status;
}

closo_status closo_anions_take(closo_cell_loader *load)
{
    closo_cell *cell = &load->file->cell;
    const closo_electrolyte_yaml *yaml = load->catholyte;
    if (yaml == NULL) /* a metal as working electrode: nothing oxidises the electrolyte */
        return CLOSO_OK;
    load->file->surface_m2_per_m2 = surface_m2_per_m2(cell);
    const closo_material_number mass = {
        yaml->name,
        yaml->molar_mass,
        {"molar_mass", "kg/mol", 1e-3, 100, "1 g/mol to 100 kg/mol; is the unit right"},
        false,
        &load->molar_mass_kg_per_mol,
        NULL};
    closo_status status = closo_material_take(load, &mass, 1);
    if (status == CLOSO_OK && yaml->anions_count != 0 && !(load->file->surface_m2_per_m2 > 0))
        return closo_cell_wrong(load, "collector_area",
                                "no surface is left that could oxidise the electrolyte");
    for (unsigned i = 0; i < yaml->anions_count && i < CLOSO_ANIONS_MAX && status == CLOSO_OK; i++)
        status = take_anion(load, yaml->name, &yaml->anions[i], &cell->anions[cell->anion_count++]);
    if (status == CLOSO_OK)
        status = take_residues(load);
    if (status == CLOSO_OK)
        status = take_film(load, yaml->film);
    return status == CLOSO_OK ? take_wear(load, yaml->wear) : status;
}
