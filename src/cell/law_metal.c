/* SPDX-License-Identifier: BSD-3-Clause */
/* law_metal.c: a metal electrode: its double layer, the interphase that grows on it, and what plates and strips. */
#include "assembly.h"

/* The current through the interphase, where it is no state of its own: j = v / R. */
static void add_ohmic(const assembly *work, size_t row, const cell_metal *metal, double root,
                      double factor)
{
    double v = work->y[metal->potential], ohm_m2 = metal->ohm_m2 + root;
    add_value(work, row, factor * v / ohm_m2);
    add_entry(work, row, metal->potential, factor / ohm_m2);
    add_entry(work, row, metal->interphase,
              root > 0 ? -factor * v / (ohm_m2 * ohm_m2) / (2 * root) : 0);
}

/* Butler and Volmer behind the interphase: j = i0 [exp(a f eta) - exp(-(1 - a) f eta)], eta = v - j R. */
static void add_reaction(const assembly *work, const cell_metal *metal, double root)
{
    double anodic = metal->of->transfer > 0 ? metal->of->transfer : 0.5;
    double forward = metal->sign > 0 ? anodic : 1 - anodic, f = work->model->thermal_per_V;
    size_t row = metal->reaction;
    double j = work->y[row], ohm_m2 = metal->ohm_m2 + root;
    double eta = work->y[metal->potential] - j * ohm_m2, out_slope, in_slope;
    double out = bounded_exp(forward * f * eta, &out_slope),
           in = bounded_exp(-(1 - forward) * f * eta, &in_slope);
    double exchange = metal->exchange_A_per_m2;
    const cell_salt *salt = &work->model->salt;
    if (salt->moves) {
        double by_salt, part = cell_salt_power(work, salt->surface,
                                               work->model->cell->salt.metal_exponent, &by_salt);
        add_entry(work, row, salt->surface, -exchange * by_salt * (out - in));
        exchange *= part;
    }
    double by_eta = exchange * f * (forward * out_slope + (1 - forward) * in_slope);
    add_value(work, row, j - exchange * (out - in));
    add_entry(work, row, row, 1 + by_eta * ohm_m2);
    add_entry(work, row, metal->potential, -by_eta);
    add_entry(work, row, metal->interphase, root > 0 ? by_eta * j / (2 * root) : 0);
}

/* factor * (current through the interphase) */
static void add_current(const assembly *work, size_t row, const cell_metal *metal, double root,
                        double factor)
{
    if (metal->reaction != SIZE_MAX)
        add_state(work, row, metal->reaction, factor);
    else if (!metal->of->blocking)
        add_ohmic(work, row, metal, root, factor);
}

/* Eq. 8: u = R^2 grows evenly where R grows with the root of time. */
void cell_law_metal(const assembly *work, const cell_metal *metal)
{
    double root = sqrt(fmax(work->y[metal->interphase], 0));
    size_t row = metal->potential;
    add_rate(work, row, row, metal->of->double_layer_F_per_m2);
    add_state(work, row, work->model->current, -1);
    add_current(work, row, metal, root, 1);
    if (metal->reaction != SIZE_MAX)
        add_reaction(work, metal, root);
    add_rate(work, metal->interphase, metal->interphase, 1);
    add_value(work, metal->interphase, -metal->of->growth_ohm2_m4_per_s);
    if (metal->filled != SIZE_MAX) {
        add_rate(work, metal->filled, metal->filled, 1);
        add_current(work, metal->filled, metal, root, metal->sign / metal->of->capacity_C_per_m2);
    }
}

void cell_add_metal_equilibrium(const assembly *work, size_t row, const cell_metal *metal,
                                double factor)
{
    if (metal->filled == SIZE_MAX) {
        add_value(work, row, factor * metal->of->potential_V);
        return;
    }
    double by_filled;
    add_value(work, row,
              factor * cell_curve_at(&metal->equilibrium, work->y[metal->filled], &by_filled));
    add_entry(work, row, metal->filled, factor * by_filled);
}
