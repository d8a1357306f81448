/* SPDX-License-Identifier: BSD-3-Clause */
/* law_circuit.h: the separator, the leads, and what is controlled from outside. */
#ifndef CLOSO_LAW_CIRCUIT_H
#define CLOSO_LAW_CIRCUIT_H

#include "law_metal.h"
#include "law_salt.h"

/* Eq. 9, the electrolyte alone. */
LAW void law_separator(const assembly *work)
{
    static const double vacuum_F_per_m = 8.8541878128e-12;
    const cell_model *model = work->model;
    const closo_cell *cell = model->cell;
    size_t row = model->separator;
    /* v - I R + R C dv/dt = 0: divided by R it would fail without a separator */
    add_state(work, row, row, 1);
    if (model->salt.moves)
        law_salt_separator(work);
    else
        add_state(work, row, model->current, -model->separator_ohm_m2);
    if (model->differential[row] > 0)
        add_rate(work, row, row,
                 model->separator_ohm_m2 * vacuum_F_per_m * cell->separator_permittivity /
                     cell->separator_m);
}

/* Potential and reference of a composite: V = phi_s at the collector + I R. */
LAW void add_composite(const assembly *work)
{
    const cell_model *model = work->model;
    const closo_cell *cell = model->cell;
    const cell_node *first = &model->nodes[0], *last = &model->nodes[cell->node_count - 1];
    /* the balance of the first node has the current of the separator on its left: -(0 - (-I)) / dx at x = 0 */
    add_state(work, first->w, model->current, -model->numbers.per_node_m);
    /* phi_e of the first node against the counter electrode */
    size_t row = first->phi_s;
    add_electrolyte(work, row, first, 1);
    add_state(work, row, model->counter.potential, -1);
    add_metal_equilibrium(work, row, &model->counter, 1);
    add_state(work, row, model->separator, -1);
    if (!model->salt.moves) /* else the separator's drop reaches to the node's middle */
        add_state(work, row, model->current, -0.5 / model->numbers.ions_S_per_m2);
    row = model->potential;
    add_state(work, row, row, 1);
    add_state(work, row, last->phi_s, -1);
    add_state(work, row, model->current,
              -0.5 / model->numbers.electrons_S_per_m2 - cell->series_resistance_ohm_m2);
}

/* The same between two metals. */
LAW void add_metals(const assembly *work)
{
    const cell_model *model = work->model;
    size_t row = model->potential;
    add_state(work, row, row, 1);
    add_state(work, row, model->working.potential, -1);
    add_metal_equilibrium(work, row, &model->working, -1);
    add_state(work, row, model->counter.potential, -1);
    add_metal_equilibrium(work, row, &model->counter, 1);
    add_state(work, row, model->separator, -1);
    add_state(work, row, model->current, -model->cell->series_resistance_ohm_m2);
}

LAW void law_circuit(const assembly *work)
{
    const cell_model *model = work->model;
    double leak = cell_leak_S_per_m2(model->cell);
    if (model->cell->node_count == 0)
        add_metals(work);
    else
        add_composite(work);
    /* charge outside */
    add_rate(work, model->charge, model->charge, 1);
    add_state(work, model->charge, model->current, -1);
    add_state(work, model->charge, model->potential, -leak);
    /* Eq. 11: control. Both kinds have the same entries, so that the pattern stays. */
    size_t row = model->current;
    bool galvanostatic = model->control == CELL_CONTROL_CURRENT;
    add_state(work, row, model->current, galvanostatic ? 1 : 0);
    add_state(work, row, model->potential, galvanostatic ? leak : 1);
    double since_s = work->t_s - model->control_from_s;
    add_value(work, row,
              -model->control_value - (galvanostatic ? 0 : model->control_rate * since_s));
    if (galvanostatic && model->control_amplitude_A_per_m2 != 0)
        add_value(work, row,
                  -model->control_amplitude_A_per_m2 * cos(model->control_angular_Hz * since_s));
}

#endif
