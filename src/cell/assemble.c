/* SPDX-License-Identifier: BSD-3-Clause */
/* assemble.c: the residual and its Jacobian in one pass over the laws. With a heat balance the laws are those of the model at the
 * temperature of the state, and the temperature's column of the Jacobian comes from differences. */
#include "assembly.h"

#include <string.h>

static void apply_laws(const assembly *work)
{
    const cell_model *model = work->model;
    if (work->residual != NULL)
        memset(work->residual, 0, model->state_count * sizeof *work->residual);
    if (model->salt.moves)
        cell_law_salt_prepare(work);
    for (size_t n = 0; n < model->cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        if (node->shells != SIZE_MAX) {
            cell_law_diffusion(work, node);
            cell_law_insertion(work, node);
            cell_law_film(work, node);
            cell_law_wear(work, node);
        }
        cell_law_double_layers(work, node);
        for (size_t s = 0; s < node->surface_count; s++)
            cell_law_oxidation(work, node, &node->surfaces[s]);
        if (n + 1 < model->cell->node_count)
            cell_law_conduction(work, n);
    }
    if (model->salt.moves)
        cell_law_salt(work);
    cell_law_metal(work, &model->counter);
    if (model->cell->node_count == 0)
        cell_law_metal(work, &model->working);
    cell_law_separator(work);
    cell_law_circuit(work);
    if (model->warmth != SIZE_MAX)
        cell_law_heat(work);
}

/* The same with all numbers at another temperature. */
static void apply_laws_at(const assembly *work, double temperature_K)
{
    cell_model warm = *work->model;
    warm.cell = &warm.own;
    warm.surroundings_K = work->model->own.temperature_K;
    cell_model_set_temperature(&warm, temperature_K);
    assembly at = *work;
    at.model = &warm;
    apply_laws(&at);
}

/* dF/dT of all rows by central differences, slopes as they are. */
static void add_warmth_column(const assembly *work, double temperature_K)
{
    const double step_K = 1e-2;
    const cell_model *model = work->model;
    size_t n = model->state_count;
    double *up = model->scratch, *down = model->scratch + n;
    assembly at = *work;
    at.matrix = NULL;
    if (!work->matrix->recording) {
        at.residual = up;
        apply_laws_at(&at, temperature_K + step_K);
        at.residual = down;
        apply_laws_at(&at, temperature_K - step_K);
    }
    for (size_t row = 0; row < n; row++)
        add_entry(work, row, model->warmth, (up[row] - down[row]) / (2 * step_K));
}

void cell_assemble(const cell_model *model, double t_s, const double *y, const double *slope,
                   double share, double *residual, cell_matrix *matrix)
{
    const assembly work = {model, y, slope, t_s, share, residual, matrix};
    if (matrix != NULL && !matrix->recording) {
        memset(matrix->data, 0, matrix->entry_count * sizeof *matrix->data);
        matrix->next = 0;
    }
    if (model->warmth == SIZE_MAX) {
        apply_laws(&work);
        return;
    }
    double temperature_K = cell_temperature_K(model, y);
    apply_laws_at(&work, temperature_K);
    if (matrix != NULL)
        add_warmth_column(&work, temperature_K);
}
