/* SPDX-License-Identifier: BSD-3-Clause */
/* law_oxidation.c: the anions of the electrolyte, oxidised at every surface that conducts electrons. */
#include "assembly.h"

/* Oxidation of anion k at a surface: current density and its derivatives by w and q. Eq. 6. */
typedef struct oxidation {
    double current, by_w, by_q;
} oxidation;

static oxidation oxidise(const cell_model *model, size_t k, double w, double q)
{
    const closo_anion_oxidation *anion = &model->cell->anions[k];
    double slope, rise = anion->transfer * model->thermal_per_V;
    double ease = bounded_exp(rise * (w - model->anion_V[k] - anion->gamma_V_m2_per_C * q), &slope);
    if (!(anion->gamma_V_m2_per_C > 0)) {
        /* nothing to reduce below the reversible potential: the products are gone */
        ease = fmax(ease - 1, 0);
        slope = ease > 0 ? slope : 0;
    }
    double left = 1, left_by_q = 0, j0 = model->anion_A_per_m2[k];
    if (anion->reservoir_C_per_m2 > 0) {
        left = 1 - q / anion->reservoir_C_per_m2;
        left_by_q = -1 / anion->reservoir_C_per_m2;
    }
    return (oxidation){j0 * ease * left, j0 * slope * rise * left,
                       j0 * (ease * left_by_q - slope * rise * anion->gamma_V_m2_per_C * left)};
}

/* Takes the currents of all anions out of the node's balance of charge and adds them up on the surface. */
void cell_law_oxidation(const assembly *work, const cell_node *node, const cell_surface *surface)
{
    const cell_model *model = work->model;
    size_t row = node->w;
    for (size_t k = 0; k < model->cell->anion_count; k++) {
        size_t charge = surface->charge + k;
        oxidation made = oxidise(model, k, work->y[row], work->y[charge]);
        add_value(work, row, surface->area_per_m * made.current);
        add_entry(work, row, row, surface->area_per_m * made.by_w);
        add_entry(work, row, charge, surface->area_per_m * made.by_q);
        if (node->salt != SIZE_MAX) { /* the cation it leaves behind is the salt's loss: eq. 13 */
            double share = cell_salt_share(model) * surface->area_per_m;
            add_value(work, node->salt, share * made.current);
            add_entry(work, node->salt, row, share * made.by_w);
            add_entry(work, node->salt, charge, share * made.by_q);
        }
        add_rate(work, charge, charge, 1);
        add_value(work, charge, -made.current);
        add_entry(work, charge, row, -made.by_w);
        add_entry(work, charge, charge, -made.by_q);
    }
}
