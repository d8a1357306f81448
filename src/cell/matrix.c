/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix.c: where the entries of the Jacobian go. They come in the same order at every state, so a map from order to place in
 * the compressed columns, made once, is all that an assembly needs. */
#include "cell_internal.h"

#include <string.h>

void cell_matrix_record(cell_matrix *matrix, size_t row, size_t column)
{
    if (matrix->failed)
        return;
    if (matrix->recorded == matrix->capacity) {
        size_t more = matrix->capacity == 0 ? 1024 : 2 * matrix->capacity;
        size_t *rows = closo_arena_alloc(matrix->arena, more, sizeof *rows);
        size_t *columns = closo_arena_alloc(matrix->arena, more, sizeof *columns);
        if (rows == NULL || columns == NULL) {
            matrix->failed = true;
            return;
        }
        if (matrix->recorded != 0) {
            memcpy(rows, matrix->rows, matrix->recorded * sizeof *rows);
            memcpy(columns, matrix->columns, matrix->recorded * sizeof *columns);
        }
        matrix->rows = rows;
        matrix->columns = columns;
        matrix->capacity = more;
    }
    matrix->rows[matrix->recorded] = row;
    matrix->columns[matrix->recorded++] = column;
}

/* ---- the places ---- */

/* The numbers of the recorded entries by column and, within it, by row: by row first and then by column, each a count of how
 * many there are, which keeps the order of the other. */
static bool order_entries(const cell_matrix *matrix, size_t *order)
{
    size_t n = matrix->row_count, count = matrix->recorded;
    size_t *first = closo_arena_alloc(matrix->arena, n + 1, sizeof *first);
    size_t *by_row = closo_arena_alloc(matrix->arena, count + 1, sizeof *by_row);
    if (first == NULL || by_row == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        first[matrix->rows[i] + 1]++;
    for (size_t r = 0; r < n; r++)
        first[r + 1] += first[r];
    for (size_t i = 0; i < count; i++)
        by_row[first[matrix->rows[i]]++] = i;
    memset(first, 0, (n + 1) * sizeof *first);
    for (size_t i = 0; i < count; i++)
        first[matrix->columns[i] + 1]++;
    for (size_t c = 0; c < n; c++)
        first[c + 1] += first[c];
    for (size_t i = 0; i < count; i++)
        order[first[matrix->columns[by_row[i]]]++] = by_row[i];
    return true;
}

closo_status cell_matrix_make(const cell_model *model, cell_matrix *matrix, closo_error *error)
{
    size_t n = model->state_count;
    double *y = closo_arena_alloc(model->arena, 2 * n, sizeof *y);
    *matrix = (cell_matrix){.row_count = n, .recording = true, .arena = model->arena};
    if (y == NULL)
        return closo_fail_nomem(error);
    cell_model_rest(model, y);
    cell_assemble(model, 0, y, y + n, 1, NULL, matrix);
    size_t count = matrix->recorded;
    size_t *order = closo_arena_alloc(model->arena, count + 1, sizeof *order);
    matrix->map = closo_arena_alloc(model->arena, count + 1, sizeof *matrix->map);
    matrix->starts = closo_arena_alloc(model->arena, n + 1, sizeof *matrix->starts);
    matrix->indices = closo_arena_alloc(model->arena, count + 1, sizeof *matrix->indices);
    matrix->data = closo_arena_alloc(model->arena, count + 1, sizeof *matrix->data);
    if (matrix->failed || order == NULL || matrix->map == NULL || matrix->starts == NULL ||
        matrix->indices == NULL || matrix->data == NULL || !order_entries(matrix, order))
        return closo_fail_nomem(error);
    size_t entries = 0;
    for (size_t i = 0; i < count; i++) {
        size_t row = matrix->rows[order[i]], column = matrix->columns[order[i]];
        bool same =
            i > 0 && row == matrix->rows[order[i - 1]] && column == matrix->columns[order[i - 1]];
        if (!same) {
            matrix->indices[entries++] = (int64_t)row;
            matrix->starts[column + 1]++;
        }
        matrix->map[order[i]] = entries - 1;
    }
    for (size_t c = 0; c < n; c++)
        matrix->starts[c + 1] += matrix->starts[c];
    matrix->entry_count = entries;
    matrix->recording = false;
    return CLOSO_OK;
}
