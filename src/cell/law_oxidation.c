/* SPDX-License-Identifier: BSD-3-Clause */
/* law_oxidation.c: the anions of the electrolyte, oxidised at every surface that conducts electrons. */
#include "assembly.h"

/* Oxidation of anion k at a surface: current density and its derivatives by w, q and what of q is broken. Eqs. 6, 6b. */
typedef struct oxidation {
    double current, by_w, by_q, by_broken;
} oxidation;

static oxidation oxidise(const cell_model *model, size_t k, double w, double q, double broken)
{
    const closo_anion_oxidation *anion = &model->cell->anions[k];
    double slope, rise = anion->transfer * model->thermal_per_V;
    double ease = bounded_exp(
        rise * (w - model->anion_V[k] - anion->gamma_V_m2_per_C * (q - broken)), &slope);
    if (anion->j0_A_per_m2 > 0) {
        /* nothing to reduce below the reversible potential: the products are gone */
        ease = fmax(ease - 1, 0);
        slope = ease > 0 ? slope : 0;
    }
    double left = 1, left_by_q = 0, j0 = model->anion_A_per_m2[k];
    if (anion->reservoir_C_per_m2 > 0) {
        left = 1 - q / anion->reservoir_C_per_m2;
        left_by_q = -1 / anion->reservoir_C_per_m2;
    }
    double protects = j0 * slope * rise * anion->gamma_V_m2_per_C * left;
    return (oxidation){j0 * ease * left, j0 * slope * rise * left, j0 * ease * left_by_q - protects,
                       protects};
}

/* The balance of charge of what a surface's oxidation takes; the surface of grains that have lost contact takes none. */
static void take_from_balance(const assembly *work, const cell_node *node,
                              const cell_surface *surface, size_t k, const oxidation *made)
{
    size_t row = node->w, charge = surface->charge + k;
    bool loosens = surface->active && node->contact != SIZE_MAX;
    double area_per_m = surface->area_per_m * (loosens ? work->y[node->contact] : 1);
    const struct {
        size_t row;
        double factor;
    } balances[] = {{row, 1},
                    {node->salt, node->salt != SIZE_MAX ? cell_salt_share(work->model) : 0}};
    for (size_t i = 0; i < (node->salt != SIZE_MAX ? 2 : 1); i++) {
        /* of the salt: the cation that is left behind is its loss, eq. 13 */
        double factor = balances[i].factor * area_per_m;
        add_value(work, balances[i].row, factor * made->current);
        add_entry(work, balances[i].row, row, factor * made->by_w);
        add_entry(work, balances[i].row, charge, factor * made->by_q);
        if (surface->broken != SIZE_MAX)
            add_entry(work, balances[i].row, surface->broken + k, factor * made->by_broken);
        if (loosens)
            add_entry(work, balances[i].row, node->contact,
                      balances[i].factor * surface->area_per_m * made->current);
    }
}

/* Takes the currents of all anions out of the node's balance of charge and adds them up on the surface. */
void cell_law_oxidation(const assembly *work, const cell_node *node, const cell_surface *surface)
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
