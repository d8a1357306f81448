/* SPDX-License-Identifier: BSD-3-Clause */
/* law_charge.c: what flows between the nodes of the composite, and what the double layers keep of it. */
#include "assembly.h"

/* Eq. 4: the double layers of all surfaces take what the electrolyte brings and the reactions leave:
 *   sum a C dw/dt + sum a j - d i_e / dx = 0. */
void cell_law_double_layers(const assembly *work, const cell_node *node)
{
    size_t row = node->w;
    for (size_t s = 0; s < node->surface_count; s++) {
        const cell_surface *surface = &node->surfaces[s];
        add_rate(work, row, row, surface->area_per_m * surface->double_layer_F_per_m2);
        if (!surface->active)
            continue;
        add_state(work, row, node->current, surface->area_per_m * cell_contact(work, node));
        if (node->contact != SIZE_MAX)
            add_entry(work, row, node->contact, surface->area_per_m * work->y[node->current]);
    }
}

/* Eqs. 2 and 3: what flows between two nodes. The ionic current goes into the balances of both; ionic and electronic
 * current together are the cell's current, -I, which fixes phi_s of the outer node. */
void cell_law_conduction(const assembly *work, size_t index)
{
    const cell_model *model = work->model;
    if (model->salt.moves) {
        cell_law_salt_conduction(work, index);
        return;
    }
    const cell_node *inner = &model->nodes[index], *outer = &model->nodes[index + 1];
    double ions = model->ion_S_per_m * model->cell->ion_path / model->node_m;
    double electrons = model->cell->electron_conductivity_S_per_m / model->node_m;
    /* i_e = -ions (phi_e,outer - phi_e,inner); row w has -(i_e,right - i_e,left) / dx */
    add_electrolyte(work, inner->w, outer, ions / model->node_m);
    add_electrolyte(work, inner->w, inner, -ions / model->node_m);
    add_electrolyte(work, outer->w, outer, -ions / model->node_m);
    add_electrolyte(work, outer->w, inner, ions / model->node_m);
    size_t row = outer->phi_s;
    add_electrolyte(work, row, outer, -ions);
    add_electrolyte(work, row, inner, ions);
    add_state(work, row, outer->phi_s, -electrons);
    add_state(work, row, inner->phi_s, electrons);
    add_state(work, row, model->current, 1);
}
