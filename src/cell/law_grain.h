/* SPDX-License-Identifier: BSD-3-Clause */
/* law_grain.h: diffusion in the grains of the active material, and insertion at their surface. */
#ifndef CLOSO_LAW_GRAIN_H
#define CLOSO_LAW_GRAIN_H

#include "law_film.h"
#include "law_wear.h"
#include "numeric/wide_internal.h"

/* Eq. 1: finite volumes in a sphere; y is the share of filled sites. Most states are these: the residual goes through the same
 * shell of all nodes at a time, before all that adds to these rows. */
WIDE static void set_shells(const cell_model *model, const double *y, const double *slope,
                            double *out)
{
    size_t nodes = model->shell_stride, last = model->cell->shell_count - 1;
    for (size_t s = 0; s <= last; s++) {
        double inwards = model->inwards_Hz[s], outwards = model->outwards_Hz[s];
        const double *here = y + s * nodes, *in = s > 0 ? here - nodes : here,
                     *beyond = s < last ? here + nodes : here, *change = slope + s * nodes;
        double *wrong = out + s * nodes;
        WIDE_LOOP
        for (size_t n = 0; n < nodes; n++)
            wrong[n] = change[n] + (inwards * (here[n] - in[n]) - outwards * (beyond[n] - here[n]));
    }
}

/* Between the shells of all nodes. */
LAW void law_diffusion(const assembly *work)
{
    const cell_model *model = work->model;
    const double *inwards = model->inwards_Hz, *outwards = model->outwards_Hz;
    size_t nodes = model->shell_stride, last = model->cell->shell_count - 1;
    if (work->pass == PASS_VALUES) {
        set_shells(model, work->y, work->slope, work->residual);
        return;
    }
    for (size_t s = 0; s < last; s++)
        for (size_t row = s * nodes; row < (s + 1) * nodes; row++) {
            add_rate_and_entry(work, row, row, 1, inwards[s] + outwards[s]);
            add_entry(work, row, row + nodes, -outwards[s]);
            add_entry(work, row + nodes, row, -inwards[s + 1]);
        }
    for (size_t row = last * nodes; row < (last + 1) * nodes; row++)
        add_rate_and_entry(work, row, row, 1, inwards[last]);
}

/* Anodic current takes ions out through the surface that has contact. */
LAW void law_outflow(const assembly *work, const cell_node *node, const hold *held)
{
    double outflow = work->model->numbers.outflow_m2_per_C;
    size_t last = cell_shell(work->model, node, work->model->cell->shell_count - 1);
    add_state(work, last, node->current, outflow * held->shared);
    if (node->contact != SIZE_MAX)
        add_entry(work, last, node->contact,
                  outflow * held->shared_by_contact * work->y[node->current]);
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
    size_t row = node->current, last = cell_shell(model, node, model->cell->shell_count - 1);
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
