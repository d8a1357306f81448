/* SPDX-License-Identifier: BSD-3-Clause */
/* law_charge.h: what flows between the nodes of the composite, and what the double layers keep of it. */
#ifndef CLOSO_LAW_CHARGE_H
#define CLOSO_LAW_CHARGE_H

#include "law_salt.h"
#include "law_wear.h"

/* Eq. 4: the double layers of all surfaces take what the electrolyte brings and the reactions leave:
 *   sum a C dw/dt + sum a j - d i_e / dx = 0. */
LAW void law_double_layers(const assembly *work, const cell_node *node)
{
    size_t row = node->w;
    double contact = contact_at(work, node);
    for (size_t s = 0; s < node->surface_count; s++) {
        const cell_surface *surface = &node->surfaces[s];
        add_rate(work, row, row, surface->layer_F_per_m3);
        if (!surface->active)
            continue;
        add_state(work, row, node->current, surface->area_per_m * contact);
        if (node->contact != SIZE_MAX)
            add_entry(work, row, node->contact, surface->area_per_m * work->y[node->current]);
    }
}

/* Eqs. 2, 3 and 14: what flows between two nodes, i_e = -ions (phi_e,outer - phi_e,inner - junction). The ionic current goes
 * into the balances of both, row w has -(i_e,right - i_e,left) / dx; ionic and electronic current together are the cell's
 * current, -I, which fixes phi_s of the outer node. */
LAW void law_conduction(const assembly *work, size_t index)
{
    const cell_model *model = work->model;
    const cell_node *inner = &model->nodes[index], *outer = inner + 1;
    double ions = model->numbers.ions_S_per_m2, electrons = model->numbers.electrons_S_per_m2;
    double drop_V =
        (work->y[outer->phi_s] - work->y[outer->w]) - (work->y[inner->phi_s] - work->y[inner->w]);
    salt_between salt = {0};
    if (model->salt.moves) {
        salt = salt_between_nodes(model, index, drop_V);
        ions = salt.ions_S_per_m2;
        drop_V -= salt.junction_V;
    }
    const struct {
        size_t row;
        double factor;
    } rows[] = {{inner->w, model->numbers.per_node_m},
                {outer->w, -model->numbers.per_node_m},
                {outer->phi_s, -1}};
    for (size_t r = 0; r < 3; r++) {
        size_t row = rows[r].row;
        double factor = rows[r].factor;
        add_value(work, row, factor * ions * drop_V);
        add_entry(work, row, outer->phi_s, factor * ions);
        add_entry(work, row, outer->w, -factor * ions);
        add_entry(work, row, inner->phi_s, -factor * ions);
        add_entry(work, row, inner->w, factor * ions);
        if (model->salt.moves) {
            add_entry(work, row, inner->salt, factor * salt.by_inner);
            add_entry(work, row, outer->salt, factor * salt.by_outer);
        }
    }
    size_t row = outer->phi_s;
    add_state(work, row, outer->phi_s, -electrons);
    add_state(work, row, inner->phi_s, electrons);
    add_state(work, row, model->current, 1);
}

#endif
