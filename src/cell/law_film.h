/* SPDX-License-Identifier: BSD-3-Clause */
/* law_film.h: the film on the active material, which its own anions build. */
#ifndef CLOSO_LAW_FILM_H
#define CLOSO_LAW_FILM_H

#include "assembly.h"

/* Resistance of the film on the active material and its derivatives by the charges of the first two oxidations on it; that
 * by R_slow is 1. */
typedef struct film {
    double ohm_m2, by_first, by_second;
} film;

LAW film film_at(const assembly *work, const cell_node *node)
{
    const cell_model *model = work->model;
    const closo_film *law = &model->cell->film;
    film made = {work->y[node->slow], 0, 0};
    if (!(law->rho_ohm_m4_per_C > 0) || model->cell->anion_count == 0)
        return made;
    size_t first = node->surfaces[0].charge;
    double grown = law->rho_ohm_m4_per_C, by_second = 0;
    double per_reservoir = model->numbers.per_reservoir_m2_per_C[1];
    if (model->cell->anion_count > 1 && per_reservoir > 0) {
        /* electrons are taken at random: an anion that had n of them still has all with (1 - q / Q)^n */
        const closo_anion_oxidation *second = &model->cell->anions[1];
        double slope, electrons = second->electrons > 0 ? second->electrons : 1;
        double left = at_least(1e-9, 1 - work->y[first + 1] * per_reservoir);
        double whole = power(left, electrons);
        grown *= bounded_exp(law->growth * (1 - whole), &slope);
        by_second =
            law->rho_ohm_m4_per_C * slope * law->growth * electrons * whole * per_reservoir / left;
    }
    made.ohm_m2 += grown * work->y[first];
    made.by_first = grown;
    made.by_second = by_second * work->y[first];
    return made;
}

/* Eq. 7, the slow part. */
LAW void law_film(const assembly *work, const cell_node *node)
{
    const closo_film *law = &work->model->cell->film;
    size_t row = node->slow;
    add_rate(work, row, row, 1);
    if (!(law->slow_ohm_m2_per_s > 0))
        return;
    double slope, rise = law->slow_transfer * work->model->thermal_per_V;
    double ease = bounded_exp(rise * (work->y[node->w] - law->slow_onset_V), &slope);
    double base = 1 + at_least(0, work->y[row]) / law->slow_half_ohm_m2;
    double brake = 1 / power(base, law->slow_order);
    add_value(work, row, -law->slow_ohm_m2_per_s * ease * brake);
    add_entry(work, row, node->w, -law->slow_ohm_m2_per_s * slope * rise * brake);
    add_entry(work, row, row,
              law->slow_ohm_m2_per_s * ease * brake * law->slow_order /
                  (base * law->slow_half_ohm_m2));
}

#endif
