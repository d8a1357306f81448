/* SPDX-License-Identifier: BSD-3-Clause */
/* assemble.c: the residual and its Jacobian from the same laws, in a pass for each. With a heat balance the laws are those of
 * the model at the temperature of the state, and the temperature's column of the Jacobian comes from differences. */
#include "law_charge.h"
#include "law_circuit.h"
#include "law_film.h"
#include "law_grain.h"
#include "law_heat.h"
#include "law_metal.h"
#include "law_oxidation.h"
#include "law_plating.h"
#include "law_reduction.h"
#include "law_salt.h"
#include "law_wear.h"

#include <string.h>

LAW void apply_to_grain(const assembly *work, const cell_node *node)
{
    const hold held = hold_at(work, node);
    law_outflow(work, node, &held);
    law_insertion(work, node);
    law_film(work, node);
    law_wear(work, node, &held);
}

LAW void apply_to_node(const assembly *work, size_t index)
{
    const cell_node *node = &work->model->nodes[index];
    law_double_layers(work, node);
    for (size_t s = 0; s < node->surface_count; s++)
        law_oxidation(work, node, &node->surfaces[s]);
    if (index + 1 < work->model->cell->node_count)
        law_conduction(work, index);
}

LAW void apply_laws(const assembly *work)
{
    const cell_model *model = work->model;
    const size_t node_count = model->cell->node_count;
    if (model->cell->active.volume_fraction > 0)
        law_diffusion(work);
    for (size_t n = 0; n < node_count; n++)
        if (model->nodes[n].shells != SIZE_MAX)
            apply_to_grain(work, &model->nodes[n]);
    if (model->salt.moves)
        law_salt_prepare(work);
    for (size_t n = 0; n < node_count; n++)
        apply_to_node(work, n);
    if (model->salt.moves)
        law_salt(work);
    law_metal(work, &model->counter);
    if (node_count == 0)
        law_metal(work, &model->working);
    for (size_t d = 0; d < model->deposit_count; d++)
        law_plating(work, &model->deposits[d]);
    for (size_t r = 0; r < model->reduced_count; r++)
        law_reduction(work, &model->reduced[r]);
    law_separator(work);
    law_circuit(work);
    if (model->warmth != SIZE_MAX)
        law_heat(work);
}

/* ---- the passes: the laws are compiled in each ---- */

typedef struct point {
    const double *y, *slope;
    double t_s;
} point;

static void take_values(const cell_model *model, const point *at, double *residual)
{
    const assembly work = {.pass = PASS_VALUES,
                           .model = model,
                           .y = at->y,
                           .slope = at->slope,
                           .t_s = at->t_s,
                           .residual = residual};
    memset(residual, 0, model->state_count * sizeof *residual);
    apply_laws(&work);
}

static void take_entries(const cell_model *model, const point *at, double share,
                         cell_matrix *matrix)
{
    const size_t *next = matrix->map;
    const assembly work = {.pass = PASS_ENTRIES,
                           .model = model,
                           .y = at->y,
                           .slope = at->slope,
                           .t_s = at->t_s,
                           .share = share,
                           .matrix = matrix,
                           .next = &next};
    memset(matrix->data, 0, matrix->entry_count * sizeof *matrix->data);
    apply_laws(&work);
    matrix->next = (size_t)(next - matrix->map);
}

static void take_rates(const cell_model *model, const point *at, cell_matrix *matrix)
{
    const size_t *next = matrix->map;
    const assembly work = {.pass = PASS_RATES,
                           .model = model,
                           .y = at->y,
                           .slope = at->slope,
                           .matrix = matrix,
                           .next = &next};
    memset(matrix->data, 0, matrix->entry_count * sizeof *matrix->data);
    apply_laws(&work);
}

static void take_places(const cell_model *model, const point *at, cell_matrix *matrix)
{
    const assembly work = {
        .pass = PASS_PLACES, .model = model, .y = at->y, .slope = at->slope, .matrix = matrix};
    apply_laws(&work);
}

static void take(const cell_model *model, const point *at, double share, double *residual,
                 cell_matrix *matrix)
{
    if (residual != NULL)
        take_values(model, at, residual);
    if (matrix != NULL && matrix->recording)
        take_places(model, at, matrix);
    else if (matrix != NULL)
        take_entries(model, at, share, matrix);
}

/* ---- with a heat balance ---- */

/* dF/dT of all rows by central differences, slopes as they are. */
static void add_warmth_column(cell_model *warm, const point *at, cell_matrix *matrix)
{
    const double step_K = 1e-2, temperature_K = warm->own.temperature_K;
    size_t n = warm->state_count;
    double *up = warm->scratch, *down = warm->scratch + n;
    if (!matrix->recording) {
        cell_model_set_temperature(warm, temperature_K + step_K);
        take_values(warm, at, up);
        cell_model_set_temperature(warm, temperature_K - step_K);
        take_values(warm, at, down);
    }
    for (size_t row = 0; row < n; row++)
        if (matrix->recording)
            cell_matrix_record(matrix, row, warm->warmth);
        else
            matrix->data[matrix->map[matrix->next++]] += (up[row] - down[row]) / (2 * step_K);
}

/* The model at the temperature of the state; it points into itself. */
static void warm_up(const cell_model *model, const double *y, cell_model *warm)
{
    *warm = *model;
    warm->cell = &warm->own;
    warm->surroundings_K = model->own.temperature_K;
    cell_model_set_temperature(warm, cell_temperature_K(model, y));
}

void cell_assemble(const cell_model *model, double t_s, const double *y, const double *slope,
                   double share, double *residual, cell_matrix *matrix)
{
    const point at = {y, slope, t_s};
    if (model->warmth == SIZE_MAX) {
        take(model, &at, share, residual, matrix);
        return;
    }
    cell_model warm;
    warm_up(model, y, &warm);
    take(&warm, &at, share, residual, matrix);
    if (matrix != NULL)
        add_warmth_column(&warm, &at, matrix);
}

void cell_assemble_rates(const cell_model *model, const double *y, const double *slope,
                         cell_matrix *matrix)
{
    const point at = {y, slope, 0};
    if (model->warmth == SIZE_MAX) {
        take_rates(model, &at, matrix);
        return;
    }
    cell_model warm;
    warm_up(model, y, &warm);
    take_rates(&warm, &at, matrix);
}
