/* SPDX-License-Identifier: BSD-3-Clause */
/* law_oxidation.h: the anions of the electrolyte, oxidised at every surface that conducts electrons. */
#ifndef CLOSO_LAW_OXIDATION_H
#define CLOSO_LAW_OXIDATION_H

#include "assembly.h"

/* Oxidation of anion k at a surface: current density and its derivatives by w, q and what of q is broken. Eqs. 6, 6b. */
typedef struct oxidation {
    double current, by_w, by_q, by_broken;
} oxidation;

LAW oxidation oxidise(const cell_model *model, size_t k, double w, double q, double broken)
{
    double gamma = model->cell->anions[k].gamma_V_m2_per_C, rise = model->numbers.rise_per_V[k];
    double slope, ease = bounded_exp(rise * (w - model->anion_V[k] - gamma * (q - broken)), &slope);
    if (model->cell->anions[k].j0_A_per_m2 > 0) {
        /* nothing to reduce below the reversible potential: the products are gone */
        ease = at_least(0, ease - 1);
        slope = ease > 0 ? slope : 0;
    }
    double j0 = model->anion_A_per_m2[k], per_reservoir = model->numbers.per_reservoir_m2_per_C[k];
    double left = 1 - q * per_reservoir, by_w = j0 * slope * rise * left;
    return (oxidation){j0 * ease * left, by_w, -j0 * ease * per_reservoir - by_w * gamma,
                       by_w * gamma};
}

/* The balance of charge of what a surface's oxidation takes; the surface of grains that have lost contact takes none. */
LAW void take_from_balance(const assembly *work, const cell_node *node, const cell_surface *surface,
                           size_t k, const oxidation *made)
{
    size_t charge = surface->charge + k;
    bool loosens = surface->active && node->contact != SIZE_MAX;
    const struct {
        size_t row;
        double factor;
    } balances[] = {{node->w, 1}, {node->salt, work->model->salt.migrates_m3_per_C}};
    for (size_t i = 0; i < (node->salt != SIZE_MAX ? 2 : 1); i++) {
        /* of the salt: the cation that is left behind is its loss, eq. 13 */
        size_t row = balances[i].row;
        double area_per_m = balances[i].factor * surface->area_per_m;
        double factor = loosens ? area_per_m * contact_at(work, node) : area_per_m;
        add_value(work, row, factor * made->current);
        add_entry(work, row, node->w, factor * made->by_w);
        add_entry(work, row, charge, factor * made->by_q);
        if (surface->broken != SIZE_MAX)
            add_entry(work, row, surface->broken + k, factor * made->by_broken);
        if (loosens)
            add_entry(work, row, node->contact, area_per_m * made->current);
    }
}

/* Takes the currents of all anions out of the node's balance of charge and adds them up on the surface. */
LAW void law_oxidation(const assembly *work, const cell_node *node, const cell_surface *surface)
{
    const cell_model *model = work->model;
    size_t row = node->w;
    for (size_t k = 0; k < model->cell->anion_count; k++) {
        size_t charge = surface->charge + k;
        double broken = surface->broken != SIZE_MAX ? work->y[surface->broken + k] : 0;
        const oxidation made = oxidise(model, k, work->y[row], work->y[charge], broken);
        take_from_balance(work, node, surface, k, &made);
        add_rate(work, charge, charge, 1);
        add_value(work, charge, -made.current);
        add_entry(work, charge, row, -made.by_w);
        add_entry(work, charge, charge, -made.by_q);
        if (surface->broken != SIZE_MAX)
            add_entry(work, charge, surface->broken + k, -made.by_broken);
    }
}

#endif
