/* SPDX-License-Identifier: BSD-3-Clause */
/* law_metal.c: the metal: its double layer and the interphase that grows on it. */
#include "assembly.h"

/* Eq. 8: the metal's double layer and its interphase; u = R^2 grows evenly where R grows with the root of time. */
void cell_law_metal(const assembly *work)
{
    const cell_model *model = work->model;
    size_t row = model->metal, grown = model->interphase;
    double u = fmax(work->y[grown], 0), root = sqrt(u), v = work->y[row];
    double ohm_m2 = model->metal_ohm_m2 + root;
    add_rate(work, row, row, model->cell->metal_double_layer_F_per_m2);
    add_state(work, row, model->current, -1);
    add_value(work, row, v / ohm_m2);
    add_entry(work, row, row, 1 / ohm_m2);
    add_entry(work, row, grown, u > 0 ? -v / (ohm_m2 * ohm_m2) / (2 * root) : 0);
    add_rate(work, grown, grown, 1);
    add_value(work, grown, -model->cell->metal_growth_ohm2_m4_per_s);
}
