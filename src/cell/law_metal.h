/* SPDX-License-Identifier: BSD-3-Clause */
/* law_metal.h: a metal electrode: its double layer, the interphase that grows on it, and what plates and strips. */
#ifndef CLOSO_LAW_METAL_H
#define CLOSO_LAW_METAL_H

#include "law_salt.h"

/* What has grown, and its derivative by the interphase's state u: sqrt(u), or k ln(1 + u). */
typedef struct interphase {
    double ohm_m2, by_u;
} interphase;

LAW interphase grown_on(const assembly *work, const cell_metal *metal)
{
    double u = at_least(0, work->y[metal->interphase]);
    if (metal->of->log_time_s > 0)
        return (interphase){metal->of->log_growth_ohm_m2 * log1p(u),
                            metal->of->log_growth_ohm_m2 / (1 + u)};
    double root = sqrt(u);
    return (interphase){root, root > 0 ? 1 / (2 * root) : 0};
}

/* The current through the interphase, where it is no state of its own: j = v / R. */
LAW void add_ohmic(const assembly *work, size_t row, const cell_metal *metal, interphase grown,
                   double factor)
{
    double v = work->y[metal->potential], ohm_m2 = metal->ohm_m2 + grown.ohm_m2;
    add_value(work, row, factor * v / ohm_m2);
    add_entry(work, row, metal->potential, factor / ohm_m2);
    add_entry(work, row, metal->interphase, -factor * v / (ohm_m2 * ohm_m2) * grown.by_u);
}

/* Butler and Volmer behind the interphase: j = i0 [exp(a f eta) - exp(-(1 - a) f eta)], eta = v - j R. */
LAW void add_reaction(const assembly *work, const cell_metal *metal, interphase grown)
{
    double anodic = metal->of->transfer > 0 ? metal->of->transfer : 0.5;
    double forward = metal->sign > 0 ? anodic : 1 - anodic, f = work->model->thermal_per_V;
    size_t row = metal->reaction;
    double j = work->y[row], ohm_m2 = metal->ohm_m2 + grown.ohm_m2;
    double eta = work->y[metal->potential] - j * ohm_m2;
    const two_ways passed = both_ways(forward, f * eta);
    double exchange_A_per_m2 = metal->exchange_A_per_m2;
    const cell_salt *salt = &work->model->salt;
    if (salt->moves) {
        double by_salt, exponent = work->model->cell->salt.metal_exponent;
        exchange_A_per_m2 *= salt_power(work, salt->surface, exponent, &by_salt);
        add_entry(work, row, salt->surface, -exchange_A_per_m2 * by_salt * passed.net);
    }
    double by_eta = exchange_A_per_m2 * f * passed.by_x;
    add_value(work, row, j - exchange_A_per_m2 * passed.net);
    add_entry(work, row, row, 1 + by_eta * ohm_m2);
    add_entry(work, row, metal->potential, -by_eta);
    add_entry(work, row, metal->interphase, by_eta * j * grown.by_u);
}

/* factor * (current through the interphase) */
LAW void add_current(const assembly *work, size_t row, const cell_metal *metal, interphase grown,
                     double factor)
{
    if (metal->reaction != SIZE_MAX)
        add_state(work, row, metal->reaction, factor);
    else if (!metal->of->blocking)
        add_ohmic(work, row, metal, grown, factor);
}

/* Eq. 8: u = R^2 grows evenly where R grows with the root of time, and is a clock where it grows with its logarithm. */
LAW void law_metal(const assembly *work, const cell_metal *metal)
{
    const interphase grown = grown_on(work, metal);
    size_t row = metal->potential;
    add_rate(work, row, row, metal->of->double_layer_F_per_m2);
    add_state(work, row, work->model->current, -1);
    add_current(work, row, metal, grown, 1);
    if (metal->reaction != SIZE_MAX)
        add_reaction(work, metal, grown);
    add_rate(work, metal->interphase, metal->interphase, 1);
    add_value(work, metal->interphase,
              metal->of->log_time_s > 0 ? -1 / metal->of->log_time_s
                                        : -metal->of->growth_ohm2_m4_per_s);
    if (metal->filled != SIZE_MAX) {
        add_rate(work, metal->filled, metal->filled, 1);
        add_current(work, metal->filled, metal, grown, metal->sign / metal->of->capacity_C_per_m2);
    }
}

LAW void add_metal_equilibrium(const assembly *work, size_t row, const cell_metal *metal,
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

#endif
