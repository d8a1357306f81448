/* SPDX-License-Identifier: BSD-3-Clause */
/* law_grain.h: diffusion in the grains of the active material, and insertion at their surface. */
#ifndef CLOSO_LAW_GRAIN_H
#define CLOSO_LAW_GRAIN_H

#include "law_film.h"
#include "law_wear.h"

/* Eq. 1: finite volumes in a sphere; y is the share of filled sites. Most states are these: the residual has a loop without
 * questions. Anodic current takes ions out through the surface that has contact. */
LAW void add_shells(const assembly *work, const cell_node *node, double outflow_per_s)
{
    const cell_model *model = work->model;
    size_t last = model->cell->shell_count - 1;
    const double *restrict inwards = model->shell_inwards, *restrict outwards =
                                                               model->shell_outwards;
    const double *restrict y = work->y + node->shells, *restrict slope = work->slope + node->shells;
    double *restrict out = work->residual + node->shells;
    double rate = model->numbers.diffusion_Hz;
    out[0] = slope[0] - rate * outwards[0] * (y[1] - y[0]);
    for (size_t s = 1; s < last; s++)
        out[s] =
            slope[s] + rate * (inwards[s] * (y[s] - y[s - 1]) - outwards[s] * (y[s + 1] - y[s]));
    out[last] = slope[last] + rate * inwards[last] * (y[last] - y[last - 1]) + outflow_per_s;
}

LAW void law_diffusion(const assembly *work, const cell_node *node, const hold *held)
{
    const cell_model *model = work->model;
    size_t count = model->cell->shell_count, first = node->shells, last = first + count - 1;
    const double *inwards = model->shell_inwards, *outwards = model->shell_outwards;
    double rate = model->numbers.diffusion_Hz, outflow = model->numbers.outflow_m2_per_C;
    double current = work->y[node->current];
    if (work->pass == PASS_VALUES) {
        add_shells(work, node, outflow * held->shared * current);
        return;
    }
    for (size_t s = 0; s < count; s++) {
        size_t row = first + s;
        add_entry(work, row, row, work->share + rate * (inwards[s] + outwards[s]));
        if (s > 0)
            add_entry(work, row, row - 1, -rate * inwards[s]);
        if (s + 1 < count)
            add_entry(work, row, row + 1, -rate * outwards[s]);
    }
    add_entry(work, last, node->current, outflow * held->shared);
    if (node->contact != SIZE_MAX)
        add_entry(work, last, node->contact, outflow * held->shared_by_contact * current);
}

/* The exchange current and the derivatives of its logarithm. */
typedef struct exchange {
    double A_per_m2, by_filled, by_salt;
} exchange;

LAW exchange exchange_at(const assembly *work, const cell_node *node, double filled)
{
    const cell_model *model = work->model;
    double exponent = model->cell->active.filling_exponent;
    double inside =
        at_most(model->numbers.filled_most, at_least(model->numbers.filled_least, filled));
    double room = 4 * inside * (1 - inside);
    exchange made = {.A_per_m2 = model->exchange_A_per_m2 * power(room, exponent)};
    if (inside == filled)
        made.by_filled = exponent * 4 * (1 - 2 * inside) / room;
    if (node->salt != SIZE_MAX)
        made.A_per_m2 *=
            salt_power(work, node->salt, model->cell->salt.insertion_exponent, &made.by_salt);
    return made;
}

/* Eq. 5: j = i0(y_s) [exp(al f eta) - exp(-(1 - al) f eta)], eta = w - U(y_s) - j R_f; y_s a little further out than the
 * mean of the last shell. */
LAW void law_insertion(const assembly *work, const cell_node *node)
{
    const cell_model *model = work->model;
    size_t row = node->current, last = node->shells + model->cell->shell_count - 1;
    double j = work->y[row], reach = model->numbers.reach_m2_per_A;
    double filled = work->y[last] - j * reach, by_filled;
    double equilibrium_V =
        model->entropic_V + cell_curve_at(&model->equilibrium, filled, &by_filled);
    const film cover = film_at(work, node);
    double eta = work->y[node->w] - equilibrium_V - j * cover.ohm_m2;
    const exchange speed = exchange_at(work, node, filled);
    double f = model->thermal_per_V;
    const two_ways passed = both_ways(model->cell->active.transfer, f * eta);
    double net = speed.A_per_m2 * passed.net, by_eta = speed.A_per_m2 * f * passed.by_x;
    double surface = net * speed.by_filled - by_eta * by_filled; /* d j / d y_s */

    add_value(work, row, j - net);
    add_entry(work, row, row, 1 + surface * reach + by_eta * cover.ohm_m2);
    add_entry(work, row, last, -surface);
    add_entry(work, row, node->w, -by_eta);
    add_entry(work, row, node->slow, by_eta * j);
    if (node->salt != SIZE_MAX)
        add_entry(work, row, node->salt, -net * speed.by_salt);
    if (model->cell->anion_count > 0) {
        add_entry(work, row, node->surfaces[0].charge, by_eta * j * cover.by_first);
        if (model->cell->anion_count > 1)
            add_entry(work, row, node->surfaces[0].charge + 1, by_eta * j * cover.by_second);
    }
}

#endif
