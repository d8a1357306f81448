/* SPDX-License-Identifier: BSD-3-Clause */
/* plating.c: where metal plates on an electrode that else blocks, made ready: its states, and its numbers at the cell's
 * temperature. The law is in law_plating.h. */
#include "cell_internal.h"

#include <math.h>

static closo_status check_numbers(const closo_plating *plating, const char *which,
                                  closo_error *error)
{
    const struct {
        const char *name;
        double value, from, to;
    } checks[] = {
        {"the exchange current / (A/m2)", plating->exchange_current_A_per_m2.value, 1e-12, 1e9},
        {"the transfer coefficient", plating->transfer, 0, 0.999},
        {"the overpotential of nucleation / V", plating->nucleation_V, 0, 5},
        {"the charge of half a coverage / (C/m2)", plating->coverage_C_per_m2, 1e-6, 1e9},
        {"the share that is lost", plating->loss, 0, 1},
        {"the resistance of the interphase / (ohm m2)", plating->resistance_ohm_m2.value, 0, 1e6},
        {"the growth of the interphase", plating->growth_ohm2_m4_per_s, 0, 1e6},
        {"the metal that is there at the start / (C/m2)", plating->plated_at_start_C_per_m2, 0,
         1e12}};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!(checks[i].value >= checks[i].from && checks[i].value <= checks[i].to))
            return closo_fail(error, CLOSO_RANGE,
                              "plating on the %s: %s cannot be %g; it lies between %g and %g",
                              which, checks[i].name, checks[i].value, checks[i].from, checks[i].to);
    return CLOSO_OK;
}

static bool plates(const closo_metal_electrode *electrode)
{
    return electrode->plating.exchange_current_A_per_m2.value != 0;
}

closo_status cell_plating_check(const closo_cell *cell, closo_error *error)
{
    const closo_metal_electrode *const electrodes[] = {&cell->working_metal, &cell->counter};
    static const char *const names[] = {"working electrode", "counter electrode"};
    for (size_t e = 0; e < 2; e++) {
        if (!plates(electrodes[e]))
            continue;
        closo_status status = check_numbers(&electrodes[e]->plating, names[e], error);
        if (status != CLOSO_OK)
            return status;
        bool foil = e == 0 && cell->node_count == 1;
        if (foil && (cell->active.volume_fraction > 0 || cell->carbon_area_per_m > 0))
            return closo_fail(error, CLOSO_RANGE,
                              "metal plates on a foil or a metal, not in a composite");
        if (!foil && !electrodes[e]->blocking)
            return closo_fail(error, CLOSO_RANGE,
                              "plating on the %s: it is of a metal that takes ions already",
                              names[e]);
        if (cell->salt.concentration_mol_per_m3 > 0 && cell->salt.transference != 1)
            return closo_fail(error, CLOSO_RANGE,
                              "metal does not plate out of a salt that moves here");
    }
    return CLOSO_OK;
}

/* What the balance of charge is per: area of a metal electrode, volume of a foil's node. */
static void set_place(const cell_model *model, bool working, cell_deposit *deposit)
{
    const closo_cell *cell = model->cell;
    deposit->sign = working ? 1 : -1;
    deposit->per_balance = 1;
    deposit->potential = working ? model->working.potential : model->counter.potential;
    if (working && cell->node_count > 0) {
        deposit->potential = model->nodes[0].w;
        deposit->per_balance = cell->collector_area / model->node_m;
    }
}

void cell_plating_make(cell_model *model, size_t take(cell_model *model, bool differential))
{
    const closo_metal_electrode *const electrodes[] = {&model->cell->working_metal,
                                                       &model->cell->counter};
    for (size_t e = 0; e < 2; e++) {
        if (!plates(electrodes[e]))
            continue;
        cell_deposit *deposit = &model->deposits[model->deposit_count++];
        *deposit = (cell_deposit){.of = &electrodes[e]->plating};
        set_place(model, e == 0, deposit);
        deposit->reaction = take(model, false);
        deposit->plated = take(model, true);
        deposit->lost = take(model, true);
        deposit->interphase = take(model, true);
    }
}

void cell_plating_set_temperature(cell_model *model)
{
    for (size_t d = 0; d < model->deposit_count; d++) {
        cell_deposit *deposit = &model->deposits[d];
        deposit->ohm_m2 = cell_at_temperature(&deposit->of->resistance_ohm_m2, model->cell);
        deposit->exchange_A_per_m2 =
            cell_at_temperature(&deposit->of->exchange_current_A_per_m2, model->cell);
    }
}

void cell_plating_rest(const cell_model *model, double *y)
{
    for (size_t d = 0; d < model->deposit_count; d++) {
        const cell_deposit *deposit = &model->deposits[d];
        y[deposit->plated] = deposit->of->plated_at_start_C_per_m2;
        /* a second's worth, as of a metal's interphase */
        y[deposit->interphase] = deposit->of->growth_ohm2_m4_per_s;
    }
}
