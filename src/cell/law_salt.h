/* SPDX-License-Identifier: BSD-3-Clause */
/* law_salt.h: an electrolyte whose salt moves: concentrated-solution theory of a binary electrolyte in the separator and in the
 * composite. M. Doyle, T. F. Fuller, J. Newman, J. Electrochem. Soc. 140 (1993) 1526, doi:10.1149/1.2221597. Concentrations are
 * in that at rest. Between the middles of two nodes the halves of both lie in series, which holds for the separator's edge too. */
#ifndef CLOSO_LAW_SALT_H
#define CLOSO_LAW_SALT_H

#include "assembly.h"

/* ---- what depends on concentration ---- */

/* Newton may look below zero: there, lines and constants go on. */
static const double floor_share = 1e-9;

/* (c / c at rest)^exponent of a state, and the derivative of its logarithm. */
LAW double salt_power(const assembly *work, size_t state, double exponent, double *derivative)
{
    double share = at_least(floor_share, work->y[state]);
    *derivative = share == work->y[state] ? exponent / share : 0;
    return power(share, exponent);
}

/* Where in the tables a concentration is. Beyond their ends their last numbers stand. */
typedef struct table_place {
    double share;
    size_t piece;
    bool inside;
} table_place;

LAW table_place table_place_of(const cell_salt *salt, double share)
{
    if (salt->table == NULL)
        return (table_place){share, 0, false};
    const double *x = salt->table->x;
    double inside = at_most(x[salt->table->count - 1], at_least(x[0], share));
    return (table_place){inside, cell_curve_find(salt->table, inside), inside == share};
}

/* warmth: of the column, which is that at the reference temperature. */
LAW cell_salt_value property(const cell_curve *curve, double warmth, double constant,
                             const table_place *place)
{
    if (curve->count == 0)
        return (cell_salt_value){constant, 0};
    cell_salt_value made;
    made.at = cell_cubic_at(&curve->pieces[place->piece], place->share, &made.slope);
    made.at *= warmth;
    made.slope = place->inside ? made.slope * warmth : 0;
    return made;
}

/* Of a half, by what it conducts. */
LAW cell_salt_value resistance(double reach_m, cell_salt_value conducts)
{
    double per = 1 / conducts.at, at = reach_m * per;
    return (cell_salt_value){at, -at * per * conducts.slope};
}

LAW cell_salt_value logarithm(double share)
{
    if (share < floor_share)
        return (cell_salt_value){log(floor_share) + share / floor_share - 1, 1 / floor_share};
    return (cell_salt_value){log(share), 1 / share};
}

/* The residual has no use for slopes. */
LAW void keep(const assembly *work, cell_salt_value *kept, cell_salt_value made)
{
    kept->at = made.at;
    if (work->pass != PASS_VALUES)
        kept->slope = made.slope;
}

LAW void law_salt_prepare(const assembly *work)
{
    const cell_model *model = work->model;
    const cell_salt *salt = &model->salt;
    for (size_t n = 0; n < salt->place_count; n++) {
        cell_salt_place *at = &salt->places[n];
        double share = work->y[at->state];
        const table_place place = table_place_of(salt, share);
        const cell_salt_value conductivity =
                                  property(&salt->conductivity, salt->conductivity_warmth,
                                           model->ion_S_per_m, &place),
                              diffusivity = property(&salt->diffusivity, salt->diffusivity_warmth,
                                                     salt->diffusivity_m2_per_s, &place);
        keep(work, &at->ions_ohm_m2, resistance(at->reach_m, conductivity));
        keep(work, &at->salt_s_per_m, resistance(at->reach_m, diffusivity));
        keep(work, &at->factor,
             property(&salt->factor, 1, model->cell->salt.thermodynamic_factor, &place));
        keep(work, &at->logarithm, logarithm(share));
    }
}

/* ---- from one node's middle to the next ---- */

typedef struct passage {
    double at, by_near, by_far;
} passage;

/* What two halves in series conduct. */
LAW passage through(cell_salt_value near, cell_salt_value far)
{
    double conducts = 1 / (near.at + far.at), square = conducts * conducts;
    return (passage){conducts, -square * near.slope, -square * far.slope};
}

/* The potential a difference of concentration makes, 2 (1 - t+) RT/F (1 + d ln f / d ln c) ln(c_far / c_near); eq. 14. */
LAW passage liquid_junction(const cell_model *model, const cell_salt_place *near,
                            const cell_salt_place *far)
{
    double scale = model->numbers.junction_V;
    double factor = scale * (near->factor.at + far->factor.at);
    double step = far->logarithm.at - near->logarithm.at;
    return (passage){factor * step,
                     scale * near->factor.slope * step - factor * near->logarithm.slope,
                     scale * far->factor.slope * step + factor * far->logarithm.slope};
}

/* ---- eqs. 12 and 13: the balance of the salt ---- */

LAW void add_diffusion(const assembly *work, const cell_salt_place *near,
                       const cell_salt_place *far)
{
    const passage made = through(near->salt_s_per_m, far->salt_s_per_m);
    double step = work->y[far->state] - work->y[near->state];
    double by_near = made.by_near * step - made.at, by_far = made.by_far * step + made.at;
    add_value(work, near->state, -made.at * step * near->per_width_m);
    add_entry(work, near->state, near->state, -by_near * near->per_width_m);
    add_entry(work, near->state, far->state, -by_far * near->per_width_m);
    add_value(work, far->state, made.at * step * far->per_width_m);
    add_entry(work, far->state, near->state, by_near * far->per_width_m);
    add_entry(work, far->state, far->state, by_far * far->per_width_m);
}

/* Eq. 13 in a node of the composite: insertion makes cations, of which t+ migrate away; what double layers take is anions. */
LAW void add_sources(const assembly *work, const cell_node *node)
{
    const cell_salt *salt = &work->model->salt;
    double contact = contact_at(work, node);
    for (size_t s = 0; s < node->surface_count; s++) {
        const cell_surface *surface = &node->surfaces[s];
        add_rate(work, node->salt, node->w, salt->migrates_m3_per_C * surface->layer_F_per_m3);
        if (!surface->active)
            continue;
        double factor = -salt->stays_m3_per_C * surface->area_per_m;
        add_state(work, node->salt, node->current, factor * contact);
        if (node->contact != SIZE_MAX)
            add_entry(work, node->salt, node->contact, factor * work->y[node->current]);
    }
}

/* At the metal all current is of cations: D dc/dx = (1 - t+) I / F, which gives the concentration at its surface. */
LAW void add_metal_side(const assembly *work)
{
    const cell_model *model = work->model;
    const cell_salt *salt = &model->salt;
    const cell_salt_place *first = &salt->places[1];
    size_t row = salt->surface;
    double current = work->y[model->current], per_C = salt->stays_m3_per_C;
    add_state(work, first->state, model->current, per_C * first->per_width_m);
    add_state(work, row, row, 1);
    add_value(work, row, per_C * first->salt_s_per_m.at * current - work->y[first->state]);
    add_entry(work, row, first->state, per_C * first->salt_s_per_m.slope * current - 1);
    add_entry(work, row, model->current, per_C * first->salt_s_per_m.at);
}

LAW void law_salt(const assembly *work)
{
    const cell_model *model = work->model;
    const closo_salt *salt = &model->cell->salt;
    const cell_salt_place *places = model->salt.places;
    for (size_t n = 0; n < salt->separator_nodes; n++)
        add_rate(work, model->salt.separator + n, model->salt.separator + n,
                 salt->separator_fraction);
    for (size_t n = 0; n < model->cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        add_rate(work, node->salt, node->salt, salt->composite_fraction);
        add_sources(work, node);
    }
    for (size_t n = 1; n + 1 < model->salt.place_count; n++)
        add_diffusion(work, &places[n], &places[n + 1]);
    add_metal_side(work);
}

/* ---- eq. 14: the current ---- */

/* Between the middles of two nodes of the composite: what conducts, the liquid junction, and the derivatives of
 * ions (drop - junction). */
typedef struct salt_between {
    double ions_S_per_m2, junction_V, by_inner, by_outer;
} salt_between;

LAW salt_between salt_between_nodes(const cell_model *model, size_t index, double drop_V)
{
    const cell_salt_place *near =
                              &model->salt.places[model->cell->salt.separator_nodes + 1 + index],
                          *far = near + 1;
    const passage ions = through(near->ions_ohm_m2, far->ions_ohm_m2),
                  junction = liquid_junction(model, near, far);
    double rest_V = drop_V - junction.at;
    return (salt_between){ions.at, junction.at, ions.by_near * rest_V - ions.at * junction.by_near,
                          ions.by_far * rest_V - ions.at * junction.by_far};
}

/* The drop from the metal's surface to the middle of the composite's first node. */
LAW void law_salt_separator(const assembly *work)
{
    const cell_model *model = work->model;
    const cell_salt_place *places = model->salt.places;
    size_t row = model->separator;
    double current = work->y[model->current], ohm_m2 = 0, junction_V = 0;
    for (size_t n = 0; n <= model->cell->salt.separator_nodes; n++) {
        const cell_salt_place *near = &places[n], *far = near + 1;
        const passage junction = liquid_junction(model, near, far);
        ohm_m2 += near->ions_ohm_m2.at + far->ions_ohm_m2.at;
        junction_V += junction.at;
        add_entry(work, row, near->state, -current * near->ions_ohm_m2.slope - junction.by_near);
        add_entry(work, row, far->state, -current * far->ions_ohm_m2.slope - junction.by_far);
    }
    add_value(work, row, -current * ohm_m2 - junction_V);
    add_entry(work, row, model->current, -ohm_m2);
}

#endif
