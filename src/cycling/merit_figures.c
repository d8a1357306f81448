/* SPDX-License-Identifier: BSD-3-Clause */
/* merit_figures.c: the equations. One pass from a cell's values to every figure; a missing input is NaN and makes the
 * figures that hang on it NaN. Uncertainties are the business of merit.c, which calls this with inputs moved. */
#include "merit_internal.h"

#include <math.h>

/* A layer with what could be worked out: m = rho d A. */
typedef struct layer {
    double mass_kg, thickness_m, density_kg_per_m3;
} layer;

static double first_known(double one, double other)
{
    return isnan(one) ? other : one;
}

static layer complete(const closo_merit_layer *said, double mass_kg, double cell_area_m2)
{
    double area_m2 = first_known(said->area_m2.value, cell_area_m2);
    double thickness_m = said->thickness_m.value, density = said->density_kg_per_m3.value;
    layer made;
    made.mass_kg = first_known(mass_kg, thickness_m * density * area_m2);
    made.thickness_m = first_known(thickness_m, made.mass_kg / (density * area_m2));
    /* Weighed and measured go before a density from elsewhere: it is this layer's own. */
    made.density_kg_per_m3 = first_known(made.mass_kg / (thickness_m * area_m2), density);
    return made;
}

static double share_of(const closo_merit_cell *cell, closo_merit_role role)
{
    double sum = cell->part_count == 0 ? (double)NAN : 0;
    for (size_t i = 0; i < cell->part_count; i++)
        sum += cell->parts[i].role == role ? cell->parts[i].share.value : 0;
    return sum;
}

/* The cathode's mass: weighed, or from the loading, or (in complete()) from thickness and density. */
static double cathode_mass(const closo_merit_cell *cell, double active_share)
{
    return first_known(cell->cathode.mass_kg.value,
                       cell->loading_kg_per_m2.value * cell->area_m2.value / active_share);
}

/* 1 - rho / rho_0 with the density without pores 1 / rho_0 = sum w_i / rho_i. */
static double porosity(const closo_merit_cell *cell, double density_kg_per_m3)
{
    double volume_m3_per_kg = cell->part_count == 0 ? (double)NAN : 0;
    for (size_t i = 0; i < cell->part_count; i++)
        volume_m3_per_kg += cell->parts[i].share.value / cell->parts[i].density_kg_per_m3.value;
    return 1 - density_kg_per_m3 * volume_m3_per_kg;
}

closo_merit_cell closo_merit_with_charge(const closo_merit_cell *cell)
{
    closo_merit_cell made = *cell;
    double share = share_of(cell, CLOSO_MERIT_ACTIVE);
    layer cathode = complete(&cell->cathode, cathode_mass(cell, share), cell->area_m2.value);
    closo_value capacity = cell->result.capacity_C_per_kg;
    double active_kg = cathode.mass_kg * share;
    if (isnan(made.result.charge_C.value) && !isnan(active_kg) && !(capacity.sigma > 0))
        made.result.charge_C.value = capacity.value * active_kg;
    return made;
}

static void fill_result(const closo_merit_cell *cell, double *figures)
{
    const closo_merit_result *result = &cell->result;
    figures[CLOSO_MERIT_VOLTAGE] = result->voltage_V.value;
    figures[CLOSO_MERIT_RATE] = result->rate_per_h.value;
    figures[CLOSO_MERIT_COULOMBIC_EFFICIENCY] = result->coulombic_efficiency.value;
    figures[CLOSO_MERIT_ENERGY_EFFICIENCY] = result->energy_efficiency.value;
    figures[CLOSO_MERIT_RESISTANCE] = result->resistance_ohm_m2.value;
    figures[CLOSO_MERIT_CAPACITY_RETENTION] = result->capacity_retention.value;
    figures[CLOSO_MERIT_ENERGY_RETENTION] = result->energy_retention.value;
    figures[CLOSO_MERIT_CELL_AREA] = cell->area_m2.value;
    figures[CLOSO_MERIT_PRESSURE] = cell->pressure_Pa.value;
    figures[CLOSO_MERIT_ACTIVE_SHARE] = share_of(cell, CLOSO_MERIT_ACTIVE);
    figures[CLOSO_MERIT_ELECTROLYTE_SHARE] = share_of(cell, CLOSO_MERIT_ELECTROLYTE);
    figures[CLOSO_MERIT_CARBON_SHARE] = share_of(cell, CLOSO_MERIT_CARBON);
    figures[CLOSO_MERIT_BINDER_SHARE] = share_of(cell, CLOSO_MERIT_BINDER);
}

/* What one discharge moves is charge_C / anode_C_per_kg of metal; the excess is what was there besides. */
static layer anode_of(const closo_merit_cell *cell, double charge_C)
{
    double moved_kg = charge_C / cell->anode_C_per_kg.value;
    return complete(&cell->anode,
                    first_known(cell->anode.mass_kg.value, cell->anode_excess.value * moved_kg),
                    cell->area_m2.value);
}

void closo_merit_figures(const closo_merit_cell *cell, double figures[CLOSO_MERIT_COUNT])
{
    for (size_t i = 0; i < CLOSO_MERIT_COUNT; i++)
        figures[i] = NAN;
    fill_result(cell, figures);
    const double area_m2 = cell->area_m2.value, share = figures[CLOSO_MERIT_ACTIVE_SHARE];
    const double voltage_V = cell->result.voltage_V.value;
    const layer cathode = complete(&cell->cathode, cathode_mass(cell, share), area_m2);
    const layer electrolyte =
        complete(&cell->electrolyte, cell->electrolyte.mass_kg.value, area_m2);
    const double active_kg = cathode.mass_kg * share;
    /* per active mass */
    const double capacity =
        first_known(cell->result.charge_C.value / active_kg, cell->result.capacity_C_per_kg.value);
    const double charge_C =
        first_known(cell->result.charge_C.value, cell->result.capacity_C_per_kg.value * active_kg);
    const layer anode = anode_of(cell, charge_C);
    const double energy_J = charge_C * voltage_V;
    figures[CLOSO_MERIT_CAPACITY] = capacity;
    figures[CLOSO_MERIT_CAPACITY_SHARE] = capacity / cell->theoretical_C_per_kg.value;
    figures[CLOSO_MERIT_ENERGY_ACTIVE] = capacity * voltage_V;
    figures[CLOSO_MERIT_ENERGY_COMPOSITE] = capacity * voltage_V * share;
    figures[CLOSO_MERIT_AREAL_CAPACITY] = charge_C / area_m2;
    figures[CLOSO_MERIT_AREAL_ENERGY] = energy_J / area_m2;
    figures[CLOSO_MERIT_LOADING] = active_kg / area_m2;
    /* per cell */
    const double without_anode_kg = cathode.mass_kg + electrolyte.mass_kg;
    const double cell_kg = without_anode_kg + anode.mass_kg;
    double assembly_kg = cell->extra_count == 0 ? (double)NAN : cell_kg;
    for (size_t i = 0; i < cell->extra_count; i++)
        assembly_kg += complete(&cell->extras[i], cell->extras[i].mass_kg.value, area_m2).mass_kg;
    figures[CLOSO_MERIT_ENERGY_WITHOUT_ANODE] = energy_J / without_anode_kg;
    figures[CLOSO_MERIT_ENERGY_CELL] = energy_J / cell_kg;
    figures[CLOSO_MERIT_ENERGY_ASSEMBLY] = energy_J / assembly_kg;
    figures[CLOSO_MERIT_ACTIVE_MASS] = active_kg;
    figures[CLOSO_MERIT_COMPOSITE_MASS] = cathode.mass_kg;
    figures[CLOSO_MERIT_ELECTROLYTE_MASS] = electrolyte.mass_kg;
    figures[CLOSO_MERIT_ANODE_MASS] = anode.mass_kg;
    figures[CLOSO_MERIT_CELL_MASS] = cell_kg;
    figures[CLOSO_MERIT_ANODE_EXCESS] = anode.mass_kg * cell->anode_C_per_kg.value / charge_C;
    figures[CLOSO_MERIT_IMPLIED_ANODE_MASS] =
        energy_J / cell->reported_J_per_kg.value - without_anode_kg;
    /* current: 1 C is the theoretical capacity in an hour */
    figures[CLOSO_MERIT_CURRENT_DENSITY] =
        first_known(cell->result.current_A_per_m2.value, cell->result.rate_per_h.value / 3600 *
                                                             cell->theoretical_C_per_kg.value *
                                                             active_kg / area_m2);
    /* thicknesses */
    figures[CLOSO_MERIT_CATHODE_THICKNESS] = cathode.thickness_m;
    figures[CLOSO_MERIT_CATHODE_DENSITY] = cathode.density_kg_per_m3;
    figures[CLOSO_MERIT_CATHODE_POROSITY] = porosity(cell, cathode.density_kg_per_m3);
    figures[CLOSO_MERIT_ELECTROLYTE_THICKNESS] = electrolyte.thickness_m;
    figures[CLOSO_MERIT_ELECTROLYTE_DENSITY] = electrolyte.density_kg_per_m3;
    figures[CLOSO_MERIT_ANODE_THICKNESS] = anode.thickness_m;
    figures[CLOSO_MERIT_ELECTROLYTE_RESISTANCE] =
        electrolyte.thickness_m / cell->conductivity_S_per_m.value;
    /* The volume of the cell counts every layer over the cell's area: a smaller anode leaves a ring empty. */
    figures[CLOSO_MERIT_ENERGY_DENSITY_CATHODE] = energy_J / (area_m2 * cathode.thickness_m);
    figures[CLOSO_MERIT_ENERGY_DENSITY_CELL] =
        energy_J / (area_m2 * (cathode.thickness_m + electrolyte.thickness_m + anode.thickness_m));
}
