/* SPDX-License-Identifier: BSD-3-Clause */
/* plating.c: what an electrode that else blocks does below 0 V and a little above, made ready: metal that plates on it, and the
 * electrolyte that is reduced. The laws are in law_plating.h and law_reduction.h. */
#include "checks.h"

#include <math.h>

static closo_status check_plating(const closo_plating *plating, const char *what,
                                  closo_error *error)
{
    const cell_check checks[] = {
        {"the exchange current / (A/m2)", plating->exchange_current_A_per_m2.value, 1e-12, 1e9},
        {"the transfer coefficient", plating->transfer, 0, 0.999},
        {"the overpotential of nucleation / V", plating->nucleation_V, 0, 5},
        {"the charge of half a coverage / (C/m2)", plating->coverage_C_per_m2, 1e-6, 1e9},
        {"the share that is lost", plating->loss, 0, 1},
        {"the resistance of the interphase / (ohm m2)", plating->resistance_ohm_m2.value, 0, 1e6},
        {"the growth of the interphase", plating->growth_ohm2_m4_per_s, 0, 1e6},
        {"the metal that is there at the start / (C/m2)", plating->plated_at_start_C_per_m2, 0,
         1e12}};
    return cell_check_numbers(what, checks, sizeof checks / sizeof *checks, error);
}

static closo_status check_reduction(const closo_reduction *reduction, closo_error *error)
{
    const cell_check checks[] = {
        {"the potential / V", reduction->potential_V, -20, 20},
        {"the transfer coefficient", reduction->transfer, 1e-3, 100},
        {"the scan rate / (V/s)", reduction->rate_V_per_s, 1e-12, 1e6},
        {"the film's inverse capacitance / (V m2/C)", reduction->gamma_V_m2_per_C, 1e-12, 1e12}};
    return cell_check_numbers("reduction of the electrolyte", checks,
                              sizeof checks / sizeof *checks, error);
}

static bool plates(const closo_metal_electrode *electrode)
{
    return electrode->plating.exchange_current_A_per_m2.value != 0;
}

closo_status cell_plating_check(const closo_cell *cell, closo_error *error)
{
    const closo_metal_electrode *const electrodes[] = {&cell->working_metal, &cell->counter};
    static const char *const names[] = {"plating on the working electrode",
                                        "plating on the counter electrode"};
    if (cell->reduction.transfer != 0 && check_reduction(&cell->reduction, error) != CLOSO_OK)
        return CLOSO_RANGE;
    for (size_t e = 0; e < 2; e++) {
        if (!plates(electrodes[e]))
            continue;
        closo_status status = check_plating(&electrodes[e]->plating, names[e], error);
        if (status != CLOSO_OK)
            return status;
        bool foil = e == 0 && cell->node_count == 1;
        if (foil && (cell->active.volume_fraction > 0 || cell->carbon_area_per_m > 0))
            return closo_fail(error, CLOSO_RANGE,
                              "metal plates on a foil or a metal, not in a composite");
        if (!foil && !electrodes[e]->blocking)
            return closo_fail(error, CLOSO_RANGE, "%s: it is of a metal that takes ions already",
                              names[e]);
        if (cell->salt.concentration_mol_per_m3 > 0 && cell->salt.transference != 1)
            return closo_fail(error, CLOSO_RANGE,
                              "metal does not plate out of a salt that moves here");
    }
    return CLOSO_OK;
}

/* The balance of charge is per area of a metal electrode, per volume of a foil's node. */
static cell_interface interface_of(const cell_model *model, bool working)
{
    const closo_cell *cell = model->cell;
    if (working && cell->node_count > 0)
        return (cell_interface){1, cell->collector_area / model->node_m, model->nodes[0].w};
    return working ? (cell_interface){1, 1, model->working.potential}
                   : (cell_interface){-1, 1, model->counter.potential};
}

/* A foil or a metal, of which the electrolyte sees nothing but its double layer. */
static bool blocks(const closo_cell *cell, bool working)
{
    if (working && cell->node_count > 0)
        return cell->node_count == 1 && !(cell->active.volume_fraction > 0) &&
               !(cell->carbon_area_per_m > 0);
    return working ? cell->working_metal.blocking : cell->counter.blocking;
}

void cell_plating_make(cell_model *model, size_t take(cell_model *model, bool differential))
{
    const closo_cell *cell = model->cell;
    for (int e = 0; e < 2; e++) {
        bool working = e == 0;
        const closo_metal_electrode *electrode = working ? &cell->working_metal : &cell->counter;
        if (plates(electrode)) {
            cell_deposit *deposit = &model->deposits[model->deposit_count++];
            *deposit =
                (cell_deposit){.of = &electrode->plating, .at = interface_of(model, working)};
            deposit->reaction = take(model, false);
            deposit->plated = take(model, true);
            deposit->lost = take(model, true);
            deposit->interphase = take(model, true);
        }
        /* what a counter electrode's potential is that only blocks nobody knows */
        if (cell->reduction.transfer > 0 && blocks(cell, working) &&
            (working || plates(electrode))) {
            cell_reduced *reduced = &model->reduced[model->reduced_count++];
            *reduced = (cell_reduced){interface_of(model, working), take(model, true)};
        }
    }
}

static const double stripping_most_A_per_m2 = 1e6;

void cell_plating_set_temperature(cell_model *model)
{
    const closo_reduction *reduction = &model->cell->reduction;
    if (reduction->transfer > 0)
        model->reduction_A_per_m2 = reduction->rate_V_per_s / reduction->gamma_V_m2_per_C;
    for (size_t d = 0; d < model->deposit_count; d++) {
        cell_deposit *deposit = &model->deposits[d];
        deposit->ohm_m2 = cell_at_temperature(&deposit->of->resistance_ohm_m2, model->cell);
        deposit->exchange_A_per_m2 =
            cell_at_temperature(&deposit->of->exchange_current_A_per_m2, model->cell);
        deposit->exponent_most =
            fmin(fmax(log(stripping_most_A_per_m2 / deposit->exchange_A_per_m2), 0), 60);
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
    /* where an electrode rests below the middle of the rise it has the film that a sweep to there leaves */
    const closo_reduction *reduction = &model->cell->reduction;
    for (size_t r = 0; r < model->reduced_count; r++) {
        const cell_interface *at = &model->reduced[r].at;
        y[model->reduced[r].charge] =
            fmax(0, reduction->potential_V - at->sign * y[at->potential]) /
            reduction->gamma_V_m2_per_C;
    }
}

void cell_plating_tell(const cell_model *model, const double *y, closo_simulation *made)
{
    const closo_deposited nothing = {NAN, NAN, NAN};
    double foil = model->cell->node_count > 0 ? model->cell->collector_area : 1;
    made->on_working = made->on_counter = nothing;
    for (size_t d = 0; d < model->deposit_count; d++) {
        const cell_deposit *deposit = &model->deposits[d];
        bool working = deposit->at.sign > 0;
        closo_deposited *on = working ? &made->on_working : &made->on_counter;
        on->metal_C_per_m2 = (working ? foil : 1) * y[deposit->plated];
        on->lost_C_per_m2 = (working ? foil : 1) * y[deposit->lost];
    }
    for (size_t r = 0; r < model->reduced_count; r++) {
        const cell_reduced *reduced = &model->reduced[r];
        bool working = reduced->at.sign > 0;
        closo_deposited *on = working ? &made->on_working : &made->on_counter;
        on->reduced_C_per_m2 = (working ? foil : 1) * y[reduced->charge];
    }
}
