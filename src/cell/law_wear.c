/* SPDX-License-Identifier: BSD-3-Clause */
/* law_wear.c: what the breathing of the grains breaks: the films that protect, and contact. Na3(VOPO4)2F shrinks by 2.2 % when
 * two sodium leave it (Y.-U. Park et al., Adv. Funct. Mater. 24 (2014) 4603, as cited in doi:10.1039/d0ee01569e). */
#include "assembly.h"

/* Share of the sites that are emptied or filled in a second, whichever way, and its derivatives. |j| is rounded off within
 * a hundredth of what C/5 is in chapter 5's cells. */
typedef struct strain {
    double rate, by_current, by_contact;
} strain;

static strain strain_at(const assembly *work, const cell_node *node)
{
    static const double round_A_per_m2 = 1e-3;
    const closo_active_material *active = &work->model->cell->active;
    double by_contact, shared = cell_contact_shared(work, node, &by_contact);
    double scale = 3 / (CLOSO_FARADAY_C_per_mol * active->sites_mol_per_m3 * active->radius_m);
    double j = work->y[node->current], size = hypot(j, round_A_per_m2);
    double flow = j * j / size;
    return (strain){scale * shared * flow,
                    scale * shared * j * (1 + round_A_per_m2 * round_A_per_m2 / (size * size)) /
                        size,
                    scale * by_contact * flow};
}

double cell_contact_shared(const assembly *work, const cell_node *node, double *by_contact)
{
    *by_contact = 0;
    if (node->contact == SIZE_MAX)
        return 1;
    double power = 1 - work->model->cell->wear.isolation;
    double contact = fmax(work->y[node->contact], 1e-12), shared = pow(contact, power);
    *by_contact = power * shared / contact;
    return shared;
}

/* db/dt = breaking s' (q - b) */
static void break_films(const assembly *work, const cell_node *node, const cell_surface *surface,
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
static void lose_contact(const assembly *work, const cell_node *node, const strain *s)
{
    const closo_cell *cell = work->model->cell;
    const cell_surface *surface = &node->surfaces[0];
    size_t row = node->contact, last = cell->anion_count - 1;
    double contact = work->y[row], gate = 1, by_charge = 0;
    add_rate(work, row, row, 1);
    if (cell->anion_count > 0 && cell->wear.order > 0 &&
        cell->anions[last].reservoir_C_per_m2 > 0) {
        double whole = work->y[surface->charge + last];
        if (surface->broken != SIZE_MAX)
            whole -= work->y[surface->broken + last];
        double share = fmax(whole / cell->anions[last].reservoir_C_per_m2, 1e-12);
        gate = pow(share, cell->wear.order);
        by_charge = gate * cell->wear.order / (share * cell->anions[last].reservoir_C_per_m2);
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
void cell_law_wear(const assembly *work, const cell_node *node)
{
    if (node->current == SIZE_MAX)
        return;
    const strain s = strain_at(work, node);
    for (size_t i = 0; i < node->surface_count; i++)
        if (node->surfaces[i].broken != SIZE_MAX)
            break_films(work, node, &node->surfaces[i], &s);
    if (node->contact != SIZE_MAX)
        lose_contact(work, node, &s);
}
