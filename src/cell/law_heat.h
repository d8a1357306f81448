/* SPDX-License-Identifier: BSD-3-Clause */
/* law_heat.h: one temperature for the whole cell, eq. 17. What is put in as work and not kept as enthalpy becomes heat:
 *   C dT/dt = I V - dH/dt - loss (T - surroundings).
 * Of a grain dH = -Q (U - T dU/dT) dy in each shell, so that diffusion in it warms as well; for one filling this is the usual
 * I (V - U) + I T dU/dT (D. Bernardi, E. Pawlikowski, J. Newman, J. Electrochem. Soc. 132 (1985) 5, doi:10.1149/1.2113792).
 * Double layers keep C w^2 / 2, an alloy its potential. What an anion is oxidised to keeps the potential of its law times the
 * charge: the middle of the rise, M_k of eq. 6, or the reversible one, E_k of eq. 6b; no enthalpy of it is known better. How
 * these depend on temperature by themselves stands in add_entry of the other columns' laws; dF/dT is taken by differences. */
#ifndef CLOSO_LAW_HEAT_H
#define CLOSO_LAW_HEAT_H

#include "law_metal.h"
#include "law_wear.h"

/* factor * (rate of the state), where factor depends on a state of its own with the derivative by_other. */
LAW void add_heat_of_rate(const assembly *work, size_t column, double factor, size_t other,
                          double by_other)
{
    size_t row = work->model->warmth;
    add_rate(work, row, column, factor);
    add_entry(work, row, other, by_other * work->slope[column]);
}

LAW void add_node_heat(const assembly *work, const cell_node *node)
{
    const cell_model *model = work->model;
    const closo_cell *cell = model->cell;
    const hold held = hold_at(work, node);
    double width = model->node_m, contact = held.contact, shared = held.shared;
    /* the share of the grains that is still reached changes its filling */
    double reached = contact / shared;
    for (size_t s = 0; node->shells != SIZE_MAX && s < cell->shell_count; s++) {
        size_t shell = cell_shell(model, node, s);
        double by_filled, U = cell_curve_at(&model->equilibrium, work->y[shell], &by_filled);
        /* U(T) - T dU/dT is that at T_ref */
        double enthalpy_V = U - cell->reference_K * cell->active.entropy_V_per_K;
        double sites = width * node->surfaces[0].area_per_m * cell->active.radius_m *
                       model->shell_volume[s] * CLOSO_FARADAY_C_per_mol *
                       cell->active.sites_mol_per_m3;
        add_heat_of_rate(work, shell, -reached * sites * enthalpy_V, shell,
                         -reached * sites * by_filled);
        if (node->contact != SIZE_MAX)
            add_entry(work, model->warmth, node->contact,
                      -(1 - contact * held.shared_by_contact / shared) / shared * sites *
                          enthalpy_V * work->slope[shell]);
    }
    for (size_t s = 0; s < node->surface_count; s++) {
        const cell_surface *surface = &node->surfaces[s];
        double area = width * surface->area_per_m, layer = width * surface->layer_F_per_m3;
        add_heat_of_rate(work, node->w, layer * work->y[node->w], node->w, layer);
        bool loosens = surface->active && node->contact != SIZE_MAX;
        for (size_t k = 0; k < cell->anion_count; k++) {
            /* as in law_oxidation.h: grains that have lost contact oxidise nothing */
            double whole = area * model->anion_V[k];
            add_rate(work, model->warmth, surface->charge + k, loosens ? whole * contact : whole);
            if (loosens)
                add_entry(work, model->warmth, node->contact,
                          whole * work->slope[surface->charge + k]);
        }
    }
}

LAW void add_metal_heat(const assembly *work, const cell_metal *metal)
{
    const cell_model *model = work->model;
    size_t row = model->warmth, v = metal->potential;
    double layer = metal->of->double_layer_F_per_m2, current = work->y[model->current];
    add_heat_of_rate(work, v, layer * work->y[v], v, layer);
    add_metal_equilibrium(work, row, metal, metal->sign * current);
    add_entry(work, row, model->current, metal->sign * cell_metal_equilibrium_V(metal, work->y));
}

LAW void law_heat(const assembly *work)
{
    const cell_model *model = work->model;
    const closo_cell *cell = model->cell;
    size_t row = model->warmth;
    add_rate(work, row, row, cell->heat.capacity_J_per_m2_K);
    add_value(work, row,
              cell->heat.loss_W_per_m2_K * (cell->temperature_K - model->surroundings_K));
    /* - I V, I with the electrons of the separator */
    double leak = cell_leak_S_per_m2(cell);
    double V = work->y[model->potential], ions = work->y[model->current];
    add_value(work, row, -(ions + leak * V) * V);
    add_entry(work, row, model->current, -V);
    add_entry(work, row, model->potential, -ions - 2 * leak * V);
    for (size_t n = 0; n < cell->node_count; n++)
        add_node_heat(work, &model->nodes[n]);
    /* metal keeps nothing, its potential is 0; what is reduced gives off its potential, as an anion keeps it */
    for (size_t r = 0; r < model->reduced_count; r++) {
        const cell_reduced *reduced = &model->reduced[r];
        bool foil = reduced->at.sign > 0 && cell->node_count > 0;
        add_rate(work, row, reduced->charge,
                 -(foil ? cell->collector_area : 1) * cell->reduction.potential_V);
    }
    add_metal_heat(work, &model->counter);
    if (cell->node_count == 0)
        add_metal_heat(work, &model->working);
}

#endif
