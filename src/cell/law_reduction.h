/* SPDX-License-Identifier: BSD-3-Clause */
/* law_reduction.h: the electrolyte reduced on an electrode that else blocks, eq. 19: eq. 6 in the mirror, without an end. */
#ifndef CLOSO_LAW_REDUCTION_H
#define CLOSO_LAW_REDUCTION_H

#include "assembly.h"

LAW void law_reduction(const assembly *work, const cell_reduced *reduced)
{
    const cell_model *model = work->model;
    const closo_reduction *of = &model->cell->reduction;
    const cell_interface *at = &reduced->at;
    double fall = of->transfer * model->thermal_per_V, slope;
    double above_V = at->sign * work->y[at->potential] - of->potential_V +
                     of->gamma_V_m2_per_C * work->y[reduced->charge];
    double ease = bounded_exp(-fall * above_V, &slope);
    double by_V = model->reduction_A_per_m2 * fall * slope; /* of the current, which is anodic */
    const struct {
        size_t row;
        double factor;
    } balances[] = {{at->potential, at->sign * at->per_balance}, {reduced->charge, 1}};
    add_rate(work, reduced->charge, reduced->charge, 1);
    for (size_t i = 0; i < 2; i++) {
        size_t row = balances[i].row;
        double factor = balances[i].factor;
        add_value(work, row, -factor * model->reduction_A_per_m2 * ease);
        add_entry(work, row, at->potential, factor * by_V * at->sign);
        add_entry(work, row, reduced->charge, factor * by_V * of->gamma_V_m2_per_C);
    }
}

#endif
