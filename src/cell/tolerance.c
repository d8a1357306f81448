/* SPDX-License-Identifier: BSD-3-Clause */
/* tolerance.c: how far off a state may be, in units of the relative tolerance, and whose errors are looked at. */
#include "tolerance.h"

#include "numeric/wide_internal.h"

#include <math.h>

/* What only grows keeps its errors, and a thousand cycles add them up. */
static const double growing = 1e-3;

static void set(cell_tolerance *tolerance, size_t state, double share, double least)
{
    tolerance->share[state] = share;
    tolerance->least[state] = least;
}

/* Fillings 1, potentials 0.5 V (at the default of 1e-4 some 0.1 mV; where a step ends by its potential the solver takes that
 * away), others relative to what they are. */
static void set_node(const cell_model *model, const cell_node *node, double relative,
                     cell_tolerance *tolerance)
{
    const closo_cell *cell = model->cell;
    set(tolerance, node->w, 0, 0.5 * relative);
    for (size_t s = 0; node->shells != SIZE_MAX && s < cell->shell_count; s++) {
        set(tolerance, cell_shell(model, node, s), 0, relative);
        tolerance->filling[cell_shell(model, node, s)] = 1;
    }
    if (node->current != SIZE_MAX) {
        set(tolerance, node->current, 100 * relative, relative);
        tolerance->least[node->slow] = 1e-2 * relative;
    }
    for (size_t s = 0; s < node->surface_count; s++)
        for (size_t k = 0; k < cell->anion_count; k++) {
            const cell_surface *surface = &node->surfaces[s];
            set(tolerance, surface->charge + k, growing * relative, 1e-2 * relative);
            if (surface->broken != SIZE_MAX)
                set(tolerance, surface->broken + k, growing * relative, 1e-2 * relative);
        }
}

/* Algebraic states follow from the others, whose errors are looked at; looking at theirs too would cost half the steps. Not so
 * the current: where the potential is given it is what is measured, and much of it the slope of a potential. Those into the
 * grains are looked at from afar, to a hundredth, so that a step does not leap over what makes them change; and so are the
 * potentials that drive them, which follow at once where there is no double layer. */
static void set_tested(const cell_model *model, cell_tolerance *tolerance)
{
    for (size_t i = 0; i < model->state_count; i++)
        tolerance->tested[i] = model->differential[i];
    tolerance->tested[model->current] = 1;
    tolerance->tested[model->counter.potential] = 1;
    for (size_t n = 0; n < model->cell->node_count; n++) {
        tolerance->tested[model->nodes[n].w] = 1;
        if (model->nodes[n].current != SIZE_MAX)
            tolerance->tested[model->nodes[n].current] = 1;
    }
}

closo_status cell_tolerance_make(const cell_model *model, double relative,
                                 cell_tolerance *tolerance, closo_error *error)
{
    const closo_cell *cell = model->cell;
    size_t n = model->state_count;
    double *room = closo_arena_alloc(model->arena, 4 * n, sizeof *room);
    if (room == NULL)
        return closo_fail_nomem(error);
    *tolerance = (cell_tolerance){room, room + n, room + 2 * n, room + 3 * n};
    for (size_t i = 0; i < n; i++)
        set(tolerance, i, relative, 0.1 * relative);
    for (size_t i = 0; i < cell->node_count; i++)
        set_node(model, &model->nodes[i], relative, tolerance);
    tolerance->least[model->charge] = relative;
    const cell_metal *metals[] = {&model->counter, &model->working};
    for (size_t m = 0; m < (cell->node_count == 0 ? 2 : 1); m++) {
        tolerance->least[metals[m]->interphase] = 1e-8 * relative;
        if (metals[m]->reaction != SIZE_MAX)
            tolerance->least[metals[m]->reaction] = 1e-2 * relative;
    }
    for (size_t d = 0; d < model->deposit_count; d++) {
        const cell_deposit *deposit = &model->deposits[d];
        double coverage = deposit->of->coverage_C_per_m2;
        set(tolerance, deposit->plated, growing * relative,
            growing * growing * relative * coverage);
        set(tolerance, deposit->lost, growing * relative, growing * relative * coverage);
        tolerance->least[deposit->interphase] = 1e-8 * relative;
        tolerance->least[deposit->reaction] = 1e-2 * relative;
    }
    for (size_t r = 0; r < model->reduced_count; r++)
        set(tolerance, model->reduced[r].charge, growing * relative, 1e-2 * relative);
    /* the current, of which a voltammogram is made, ten times closer; but it is a difference of potentials over a resistance
     * and has no more digits than that leaves */
    set(tolerance, model->current, 0.1 * relative, fmax(1e-3 * relative, 1e-10));
    set_tested(model, tolerance);
    return CLOSO_OK;
}

/* Fillings closer to empty and full, as the potential goes with ln(y / (1 - y)) there: an error that is nothing half way
 * would fill a grain that is not yet full. */
WIDE_INLINE double allowed_at(const cell_tolerance *tolerance, size_t i, double y)
{
    const double closest = 1e-3;
    double room = 4 * y * (1 - y);
    double narrow = room > closest ? room : closest;
    return (tolerance->share[i] * fabs(y) + tolerance->least[i]) *
           (1 - tolerance->filling[i] * (1 - narrow));
}

WIDE void cell_tolerance_allow(const cell_tolerance *tolerance, size_t count, const double *y,
                               double *allowed)
{
    for (size_t i = 0; i < count; i++)
        allowed[i] = allowed_at(tolerance, i, y[i]);
}

WIDE void cell_tolerance_weigh(const cell_tolerance *tolerance, size_t count, const double *y,
                               double *weight)
{
    for (size_t i = 0; i < count; i++)
        weight[i] = 1 / allowed_at(tolerance, i, y[i]);
}
