/* SPDX-License-Identifier: BSD-3-Clause */
/* assemble.c: the residual and its Jacobian in one pass over the laws. */
#include "assembly.h"

#include <string.h>

void cell_assemble(const cell_model *model, double t_s, const double *y, const double *slope,
                   double share, double *residual, cell_matrix *matrix)
{
    const assembly work = {model, y, slope, t_s, share, residual, matrix};
    if (residual != NULL)
        memset(residual, 0, model->state_count * sizeof *residual);
    if (matrix != NULL && !matrix->recording) {
        memset(matrix->data, 0, matrix->entry_count * sizeof *matrix->data);
        matrix->next = 0;
    }
    if (model->salt.moves)
        cell_law_salt_prepare(&work);
    for (size_t n = 0; n < model->cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        if (node->shells != SIZE_MAX) {
            cell_law_diffusion(&work, node);
            cell_law_insertion(&work, node);
            cell_law_film(&work, node);
            cell_law_wear(&work, node);
        }
        cell_law_double_layers(&work, node);
        for (size_t s = 0; s < node->surface_count; s++)
            cell_law_oxidation(&work, node, &node->surfaces[s]);
        if (n + 1 < model->cell->node_count)
            cell_law_conduction(&work, n);
    }
    if (model->salt.moves)
        cell_law_salt(&work);
    cell_law_metal(&work, &model->counter);
    if (model->cell->node_count == 0)
        cell_law_metal(&work, &model->working);
    cell_law_separator(&work);
    cell_law_circuit(&work);
}
