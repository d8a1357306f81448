/* SPDX-License-Identifier: BSD-3-Clause */
/* law_film.c: the film on the active material, which its own anions build. */
#include "assembly.h"

cell_film cell_film_at(const assembly *work, const cell_node *node)
{
    const closo_film *law = &work->model->cell->film;
    cell_film made = {work->y[node->slow], 0, 0};
    if (!(law->rho_ohm_m4_per_C > 0) || work->model->cell->anion_count == 0)
        return made;
    size_t first = node->surfaces[0].charge;
    double grown = law->rho_ohm_m4_per_C, by_second = 0;
    if (work->model->cell->anion_count > 1 && work->model->cell->anions[1].reservoir_C_per_m2 > 0) {
        /* electrons are taken at random: an anion that had n of them still has all with (1 - q / Q)^n */
        const closo_anion_oxidation *second = &work->model->cell->anions[1];
        double slope, electrons = second->electrons > 0 ? second->electrons : 1;
        double left = fmax(1 - work->y[first + 1] / second->reservoir_C_per_m2, 1e-9);
        double whole = pow(left, electrons);
        grown *= bounded_exp(law->growth * (1 - whole), &slope);
        by_second = law->rho_ohm_m4_per_C * slope * law->growth * electrons * whole /
                    (left * second->reservoir_C_per_m2);
    }
    made.ohm_m2 += grown * work->y[first];
    made.by_first = grown;
    made.by_second = by_second * work->y[first];
    return made;
}

/* Eq. 7, the slow part. */
void cell_law_film(const assembly *work, const cell_node *node)
{
    const closo_film *law = &work->model->cell->film;
    size_t row = node->slow;
    add_rate(work, row, row, 1);
    if (!(law->slow_ohm_m2_per_s > 0)) {
        return;
    }
    double slope, rise = law->slow_transfer * work->model->thermal_per_V;
    double ease = bounded_exp(rise * (work->y[node->w] - law->slow_onset_V), &slope);
    double base = 1 + fmax(work->y[row], 0) / law->slow_half_ohm_m2;
    double brake = pow(base, -law->slow_order);
    add_value(work, row, -law->slow_ohm_m2_per_s * ease * brake);
    add_entry(work, row, node->w, -law->slow_ohm_m2_per_s * slope * rise * brake);
    add_entry(work, row, row,
              law->slow_ohm_m2_per_s * ease * brake * law->slow_order /
                  (base * law->slow_half_ohm_m2));
}
