/* SPDX-License-Identifier: BSD-3-Clause */
/* law_wear.h: what the breathing of the grains breaks: the films that protect, and contact. Na3(VOPO4)2F shrinks by 2.2 % when
 * two sodium leave it (Y.-U. Park et al., Adv. Funct. Mater. 24 (2014) 4603, as cited in doi:10.1039/d0ee01569e). */
#ifndef CLOSO_LAW_WEAR_H
#define CLOSO_LAW_WEAR_H

#include "assembly.h"

/* Contact, and contact^(1 - isolation): area in contact over the share of the grains that is reached. */
typedef struct hold {
    double contact, shared, shared_by_contact;
} hold;

LAW hold hold_at(const assembly *work, const cell_node *node)
{
    if (node->contact == SIZE_MAX)
        return (hold){1, 1, 0};
    double exponent = 1 - work->model->cell->wear.isolation;
    double contact = at_least(1e-12, contact_at(work, node)), shared = power(contact, exponent);
    return (hold){contact_at(work, node), shared, exponent * shared / contact};
}

/* Share of the sites that are emptied or filled in a second, whichever way, and its derivatives. |j| is rounded off within
 * a hundredth of what C/5 is in chapter 5's cells. */
typedef struct strain {
    double rate, by_current, by_contact;
} strain;

LAW strain strain_at(const assembly *work, const cell_node *node, const hold *held)
{
    static const double round_A_per_m2 = 1e-3;
    double scale = work->model->numbers.strain_m2_per_C, j = work->y[node->current];
    double square = j * j + round_A_per_m2 * round_A_per_m2, size = sqrt(square);
    double flow = j * j / size;
    return (strain){scale * held->shared * flow,
                    scale * held->shared * j * (1 + round_A_per_m2 * round_A_per_m2 / square) /
                        size,
                    scale * held->shared_by_contact * flow};
}

/* db/dt = breaking s' (q - b) */
LAW void break_films(const assembly *work, const cell_node *node, const cell_surface *surface,
                     const strain *s)
{
    double breaking = work->model->cell->wear.breaking;
    for (size_t k = 0; k < work->model->cell->anion_count; k++) {
        size_t row = surface->broken + k, charge = surface->charge + k;
        double whole = work->y[charge] - work->y[row];
        add_rate(work, row, row, 1);
        add_value(work, row, -breaking * s->rate * whole);
        add_entry(work, row, charge, -breaking * s->rate);
        add_entry(work, row, row, breaking * s->rate);
        add_entry(work, row, node->current, -breaking * s->by_current * whole);
        if (node->contact != SIZE_MAX)
            add_entry(work, row, node->contact, -breaking * s->by_contact * whole);
    }
}

/* dc/dt = -loosening s' c ((q - b) / Q)^order, of the last anion on the grains */
LAW void lose_contact(const assembly *work, const cell_node *node, const strain *s)
{
    const cell_model *model = work->model;
    const closo_cell *cell = model->cell;
    const cell_surface *surface = &node->surfaces[0];
    size_t row = node->contact, last = cell->anion_count - 1;
    double contact = work->y[row], gate = 1;
    add_rate(work, row, row, 1);
    if (cell->anion_count > 0 && cell->wear.order > 0 &&
        model->numbers.per_reservoir_m2_per_C[last] > 0) {
        double per_reservoir = model->numbers.per_reservoir_m2_per_C[last];
        double whole = work->y[surface->charge + last];
        if (surface->broken != SIZE_MAX)
            whole -= work->y[surface->broken + last];
        double share = at_least(1e-12, whole * per_reservoir);
        gate = power(share, cell->wear.order);
        double by_charge = gate * cell->wear.order * per_reservoir / share;
        double factor = cell->wear.loosening * s->rate * contact * by_charge;
        add_entry(work, row, surface->charge + last, factor);
        if (surface->broken != SIZE_MAX)
            add_entry(work, row, surface->broken + last, -factor);
    }
    double loss = cell->wear.loosening * gate;
    add_value(work, row, loss * s->rate * contact);
    add_entry(work, row, row, loss * (s->rate + s->by_contact * contact));
    add_entry(work, row, node->current, loss * s->by_current * contact);
}

/* Eq. 16 */
LAW void law_wear(const assembly *work, const cell_node *node, const hold *held)
{
    const closo_wear *wear = &work->model->cell->wear;
    if (!(wear->breaking > 0) && !(wear->loosening > 0))
        return;
    const strain s = strain_at(work, node, held);
    for (size_t i = 0; i < node->surface_count; i++)
        if (node->surfaces[i].broken != SIZE_MAX)
            break_films(work, node, &node->surfaces[i], &s);
    if (node->contact != SIZE_MAX)
        lose_contact(work, node, &s);
}

#endif
