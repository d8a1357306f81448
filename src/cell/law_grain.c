/* SPDX-License-Identifier: BSD-3-Clause */
/* law_grain.c: diffusion in the grains of the active material, and insertion at their surface. */
#include "assembly.h"

/* Eq. 1: finite volumes in a sphere; y is the share of filled sites. Most states are these: the residual has a loop without
 * questions. */
void cell_law_diffusion(const assembly *work, const cell_node *node)
{
    const cell_model *model = work->model;
    const closo_active_material *active = &model->cell->active;
    size_t count = model->cell->shell_count, first = node->shells, last = first + count - 1;
    const double *inwards = model->shell_inwards, *outwards = model->shell_outwards;
    double rate = model->diffusivity_m2_per_s / (active->radius_m * active->radius_m);
    /* anodic current takes ions out through the surface that has contact */
    double by_contact, shared = cell_contact_shared(work, node, &by_contact);
    double outflow = 1 / (CLOSO_FARADAY_C_per_mol * active->sites_mol_per_m3 * active->radius_m *
                          model->shell_volume[count - 1]);
    if (work->residual != NULL) {
        const double *y = work->y + first, *slope = work->slope + first;
        double *out = work->residual + first;
        out[0] += slope[0] - rate * outwards[0] * (y[1] - y[0]);
        for (size_t s = 1; s + 1 < count; s++)
            out[s] += slope[s] +
                      rate * (inwards[s] * (y[s] - y[s - 1]) - outwards[s] * (y[s + 1] - y[s]));
        out[count - 1] += slope[count - 1] +
                          rate * inwards[count - 1] * (y[count - 1] - y[count - 2]) +
                          outflow * shared * work->y[node->current];
    }
    if (work->matrix == NULL)
        return;
    for (size_t s = 0; s < count; s++) {
        size_t row = first + s;
        add_entry(work, row, row, work->share + rate * (inwards[s] + outwards[s]));
        if (s > 0)
            add_entry(work, row, row - 1, -rate * inwards[s]);
        if (s + 1 < count)
            add_entry(work, row, row + 1, -rate * outwards[s]);
    }
    add_entry(work, last, node->current, outflow * shared);
    if (node->contact != SIZE_MAX)
        add_entry(work, last, node->contact, outflow * by_contact * work->y[node->current]);
}

/* Eq. 5: j = i0(y_s) [exp(al f eta) - exp(-(1 - al) f eta)], eta = w - U(y_s) - j R_f; y_s a little further out than the
 * mean of the last shell. */
void cell_law_insertion(const assembly *work, const cell_node *node)
{
    const cell_model *model = work->model;
    const closo_active_material *active = &model->cell->active;
    size_t row = node->current, last = node->shells + model->cell->shell_count - 1;
    double j = work->y[row];
    double reach =
        model->surface_reach * active->radius_m /
        (CLOSO_FARADAY_C_per_mol * active->sites_mol_per_m3 * model->diffusivity_m2_per_s);
    double filled = work->y[last] - j * reach, by_filled;
    double equilibrium_V =
        model->entropic_V + cell_curve_at(&model->equilibrium, filled, &by_filled);
    cell_film cover = cell_film_at(work, node);
    double eta = work->y[node->w] - equilibrium_V - j * cover.ohm_m2;

    /* Beyond the ends of the equilibrium's table its potential is a straight line; an exchange current that went on to fall
     * there would fold the branch of Tafel back, and no solution were left. */
    const cell_curve *curve = &model->equilibrium;
    double inside =
        fmin(fmax(filled, fmax(curve->x[0], 1e-9)), fmin(curve->x[curve->count - 1], 1 - 1e-9));
    double room = 4 * inside * (1 - inside);
    double exchange = model->exchange_A_per_m2 * pow(room, active->filling_exponent);
    double by_salt = 0; /* of the logarithm of the exchange current */
    if (node->salt != SIZE_MAX) {
        double part =
            cell_salt_power(work, node->salt, model->cell->salt.insertion_exponent, &by_salt);
        exchange *= part;
        by_salt /= part;
    }
    double exchange_by_filled =
        inside == filled ? exchange * active->filling_exponent * 4 * (1 - 2 * inside) / room : 0;
    double f = model->thermal_per_V, slope_out, slope_in;
    double out = bounded_exp(active->transfer * f * eta, &slope_out),
           in = bounded_exp(-(1 - active->transfer) * f * eta, &slope_in);
    double by_eta =
        exchange * f * (active->transfer * slope_out + (1 - active->transfer) * slope_in);
    double surface = exchange_by_filled * (out - in) - by_eta * by_filled; /* d j / d y_s */

    add_value(work, row, j - exchange * (out - in));
    add_entry(work, row, row, 1 + surface * reach + by_eta * cover.ohm_m2);
    add_entry(work, row, last, -surface);
    add_entry(work, row, node->w, -by_eta);
    add_entry(work, row, node->slow, by_eta * j);
    if (node->salt != SIZE_MAX)
        add_entry(work, row, node->salt, -exchange * (out - in) * by_salt);
    if (model->cell->anion_count > 0) {
        add_entry(work, row, node->surfaces[0].charge, by_eta * j * cover.by_first);
        if (model->cell->anion_count > 1)
            add_entry(work, row, node->surfaces[0].charge + 1, by_eta * j * cover.by_second);
    }
}
