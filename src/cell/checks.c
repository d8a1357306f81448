/* SPDX-License-Identifier: BSD-3-Clause */
/* checks.c: a number of a cell that cannot be is named before anything is made of it. Descriptions in YAML are looked at where
 * they are read, with their own words; this is for cells that a program makes, and the last look at all of them. */
#include "checks.h"

#include <math.h>
#include <stdio.h>

closo_status cell_check_numbers(const char *what, const cell_check *checks, size_t count,
                                closo_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!(checks[i].value >= checks[i].from) || !(checks[i].value <= checks[i].to))
            return closo_fail(error, CLOSO_RANGE, "%s%s%s cannot be %g; it lies between %g and %g",
                              what != NULL ? what : "", what != NULL ? ": " : "", checks[i].name,
                              checks[i].value, checks[i].from, checks[i].to);
    return CLOSO_OK;
}

/* A curve that falls while sites fill. */
static closo_status check_equilibrium(const closo_equilibrium *curve, closo_error *error)
{
    if (curve->count < 2)
        return closo_fail(error, CLOSO_RANGE,
                          "the equilibrium potential wants two points or more, there are %zu",
                          curve->count);
    for (size_t i = 1; i < curve->count; i++)
        if (!(curve->filled[i] > curve->filled[i - 1]) ||
            !(curve->potential_V[i] < curve->potential_V[i - 1]))
            return closo_fail(error, CLOSO_RANGE,
                              "the equilibrium potential has to fall while sites fill; it does not "
                              "from point %zu to point %zu",
                              i, i + 1);
    return CLOSO_OK;
}

static closo_status check_metal(const closo_metal_electrode *metal, const char *which,
                                closo_error *error)
{
    closo_error reason = {0};
    const double one = 1;
    const cell_check checks[] = {
        {"its resistance / (ohm m2)", metal->blocking ? one : metal->resistance_ohm_m2.value, 1e-9,
         1e6},
        {"the growth of its interphase", metal->growth_ohm2_m4_per_s, 0, 1e6},
        {"the logarithmic growth of its interphase / (ohm m2)", metal->log_growth_ohm_m2, 0, 1e6},
        {"the time of its logarithmic growth / s", metal->log_time_s, 0, 1e12},
        {"the age of its interphase / s", metal->age_s, 0, 1e12},
        {"its double layer / (F/m2)", metal->double_layer_F_per_m2, metal->blocking ? 1e-9 : 0,
         1e3},
        {"the exponent of its double layer", metal->double_layer_exponent, 0, 1},
        {"its potential / V", metal->potential_V, -20, 20},
        {"its exchange current / (A/m2)", metal->exchange_current_A_per_m2.value, 0, 1e9},
        {"its transfer coefficient", metal->transfer, 0, 0.999},
        {"its capacity / (C/m2)", metal->equilibrium.count > 0 ? metal->capacity_C_per_m2 : one,
         1e-3, 1e12},
        {"its filling at the start", metal->filled_at_start, 0, 1},
    };
    closo_status status = cell_check_numbers(NULL, checks, sizeof checks / sizeof *checks, &reason);
    if (status == CLOSO_OK && metal->equilibrium.count > 0)
        status = check_equilibrium(&metal->equilibrium, &reason);
    return status == CLOSO_OK ? CLOSO_OK
                              : closo_fail(error, status, "the %s: %s", which, reason.message);
}

static closo_status check_active(const closo_active_material *active, const closo_wear *wear,
                                 closo_error *error)
{
    const cell_check checks[] = {
        {"the radius of the grains / m", active->radius_m, 1e-10, 1e-2},
        {"the concentration of sites / (mol/m3)", active->sites_mol_per_m3, 1, 1e6},
        {"the share of material in contact", active->usable, 1e-6, 1},
        {"the diffusivity / (m2/s)", active->diffusivity_m2_per_s.value, 1e-25, 1e-5},
        {"the exchange current / (A/m2)", active->exchange_current_A_per_m2.value, 1e-12, 1e6},
        {"the transfer coefficient", active->transfer, 1e-3, 0.999},
        {"the exponent of the filling", active->filling_exponent, 0, 2},
        {"the double layer of the active material / (F/m2)", active->double_layer_F_per_m2, 0, 1e3},
        /* a little beyond both ends: there the open circuit is a steep line */
        {"the filling at the start", active->filled_at_start, -0.01, 1.01},
        {"the share of films that breathing breaks", wear->breaking, 0, 1e3},
        {"the share of contact that breathing loosens", wear->loosening, 0, 1e6},
        {"the order of the loss of contact", wear->order, 0, 20},
        {"the exponent of isolation", wear->isolation, 0, 1},
    };
    closo_status status = cell_check_numbers(NULL, checks, sizeof checks / sizeof *checks, error);
    if (status != CLOSO_OK)
        return status;
    return check_equilibrium(&active->equilibrium, error);
}

/* Only a surface with a double layer is one: without it nothing would be oxidised there either. */
static closo_status check_surfaces(const closo_cell *cell, closo_error *error)
{
    const struct {
        const char *name;
        double area, layer_F_per_m2;
    } surfaces[] = {{"carbon", cell->carbon_area_per_m, cell->carbon_double_layer_F_per_m2},
                    {"collector", cell->collector_area, cell->collector_double_layer_F_per_m2}};
    for (size_t i = 0; i < sizeof surfaces / sizeof *surfaces; i++)
        if (surfaces[i].area > 0 && cell->anion_count > 0 &&
            !(surfaces[i].layer_F_per_m2 >= 1e-9 && surfaces[i].layer_F_per_m2 <= 1e3))
            return closo_fail(error, CLOSO_RANGE,
                              "the %s oxidises the electrolyte and wants a double layer of 1e-9 to "
                              "1000 F/m2, not %g; or take its surface away",
                              surfaces[i].name, surfaces[i].layer_F_per_m2);
    return CLOSO_OK;
}

static closo_status check_composite(const closo_cell *cell, closo_error *error)
{
    const cell_check checks[] = {
        {"the thickness of the composite / m", cell->thickness_m, 1e-9, 1},
        {"the volume fraction of active material", cell->active.volume_fraction, 0, 1},
        {"the share of the conductivity that is left in the composite", cell->ion_path, 1e-9, 1},
        {"the electronic conductivity / (S/m)", cell->electron_conductivity_S_per_m, 1e-12, 1e9},
        {"the potential at the start / V", cell->rest_potential_V, -100, 100},
        {"the exponent of the carbon's double layer", cell->carbon_double_layer_exponent, 0, 1},
        {"the exponent of the collector's double layer", cell->collector_double_layer_exponent, 0,
         1},
        {"the exponent of the active material's double layer", cell->active.double_layer_exponent,
         0, 1},
        {"the surface of carbon / (1/m)", cell->carbon_area_per_m, 0, 1e12},
        {"the surface of the collector", cell->collector_area, 0, 1e6},
    };
    closo_status status = cell_check_numbers(NULL, checks, sizeof checks / sizeof *checks, error);
    if (status == CLOSO_OK && cell->active.volume_fraction > 0)
        status = check_active(&cell->active, &cell->wear, error);
    if (status == CLOSO_OK && cell->active.volume_fraction > 0 && cell->shell_contrast != 0 &&
        !(cell->shell_contrast >= 1 && cell->shell_contrast <= 1e6))
        status = closo_fail(error, CLOSO_RANGE,
                            "the thickest shell of a grain is 1 to 1e6 times the thinnest, not %g",
                            cell->shell_contrast);
    if (status == CLOSO_OK && cell->active.volume_fraction > 0 &&
        (cell->shell_count < 3 || cell->shell_count > 1000))
        status = closo_fail(error, CLOSO_RANGE, "a grain wants 3 to 1000 shells, not %zu",
                            cell->shell_count);
    bool wet = cell->active.volume_fraction > 0 ||
               (cell->carbon_area_per_m > 0 && cell->carbon_double_layer_F_per_m2 > 0) ||
               (cell->node_count == 1 && cell->collector_area > 0 &&
                cell->collector_double_layer_F_per_m2 > 0);
    if (status == CLOSO_OK && !wet)
        status = closo_fail(error, CLOSO_RANGE,
                            "no surface of the working electrode touches the electrolyte: it wants "
                            "active material, carbon, or a collector, with a double layer");
    return status == CLOSO_OK ? check_surfaces(cell, error) : status;
}

/* One that has no exchange current has that of its sweep, rate / gamma. */
static closo_status check_anion(const closo_anion_oxidation *anion, size_t index,
                                closo_error *error)
{
    char name[96];
    bool own = anion->j0_A_per_m2 > 0;
    const cell_check checks[] = {
        {"its transfer coefficient", anion->transfer, 1e-3, 100},
        {"its potential / V", anion->potential_V, -200, 200},
        {"the slope of its potential / (V/K)", anion->potential_V_per_K, -1, 1},
        {"its exchange current / (A/m2)", anion->j0_A_per_m2, 0, 1e9},
        {own ? "its scan rate / (V/s)" : "its scan rate / (V/s), without an exchange current,",
         anion->rate_V_per_s, own ? 0 : 1e-12, 1e6},
        {own ? "its film's inverse capacitance / (V m2/C)"
             : "its film's inverse capacitance / (V m2/C), without an exchange current,",
         anion->gamma_V_m2_per_C, own ? 0 : 1e-12, 1e12},
        {"its reservoir / (C/m2)", anion->reservoir_C_per_m2, 0, 1e15},
        {"the number of its electrons", anion->electrons, 0, 1e4},
        {"its energy of activation / (J/mol)", anion->energy_J_per_mol, -1e7, 1e7},
    };
    snprintf(name, sizeof name, "anion %zu (%.60s)", index + 1,
             anion->name != NULL ? anion->name : "without a name");
    return cell_check_numbers(name, checks, sizeof checks / sizeof *checks, error);
}

closo_status cell_check_cell(const closo_cell *cell, closo_error *error)
{
    const cell_check checks[] = {
        {"the area / m2", cell->area_m2, 1e-12, 1e4},
        {"the temperature / K", cell->temperature_K, 100, 2000},
        {"the reference temperature / K", cell->reference_K, 100, 2000},
        {"the number of nodes", (double)cell->node_count, 0, 1000},
        {"the number of anions", (double)cell->anion_count, 0, CLOSO_ANIONS_MAX},
        {"the ionic conductivity / (S/m)", cell->ion_conductivity_S_per_m.value, 1e-15, 1e6},
        {"the temperature of the electrolyte's transition / K", cell->ion_transition_K, 0, 3000},
        {"the ionic conductivity above the transition / (S/m)",
         cell->ion_transition_K > 0 ? cell->ion_conductivity_above_S_per_m.value : 1, 1e-15, 1e6},
        {"the thickness of the separator / m", cell->separator_m, 0, 1},
        {"the permittivity", cell->separator_permittivity, 0, 1e6},
        {"the electronic leak / (S/m)", cell->electron_leak_S_per_m, 0, 1e6},
        {"the series resistance / (ohm m2)", cell->series_resistance_ohm_m2, 0, 1e6},
        {"the heat capacity / (J/m2 K)", cell->heat.capacity_J_per_m2_K, 0, 1e12},
        {"the loss of heat / (W/m2 K)", cell->heat.loss_W_per_m2_K, 0, 1e12},
    };
    closo_status status = cell_check_numbers(NULL, checks, sizeof checks / sizeof *checks, error);
    if (status == CLOSO_OK && cell->heat.capacity_J_per_m2_K > 0 && cell_salt_moves(cell))
        status = closo_fail(error, CLOSO_RANGE, "a salt that moves has no heat balance");
    for (size_t k = 0; k < cell->anion_count && status == CLOSO_OK; k++)
        status = check_anion(&cell->anions[k], k, error);
    if (status == CLOSO_OK)
        status = check_metal(&cell->counter, "counter electrode", error);
    if (status == CLOSO_OK)
        status = cell->node_count > 0
                     ? check_composite(cell, error)
                     : check_metal(&cell->working_metal, "working electrode", error);
    if (status == CLOSO_OK)
        status = cell_plating_check(cell, error);
    return status == CLOSO_OK && cell_salt_moves(cell) ? cell_salt_check(cell, error) : status;
}
