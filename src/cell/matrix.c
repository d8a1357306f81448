/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix.c: where the entries of the Jacobian go. They come in the same order at every state, so a map from order to place in
 * the compressed columns, made once, is all that an assembly needs. */
#include "cell_internal.h"

#include <stdlib.h>
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

typedef struct place {
    size_t row, column, order;
} place;

static int by_column(const void *one, const void *other)
{
    const place *a = one, *b = other;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
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
    place *places = closo_arena_alloc(model->arena, count + 1, sizeof *places);
    matrix->map = closo_arena_alloc(model->arena, count + 1, sizeof *matrix->map);
    matrix->starts = closo_arena_alloc(model->arena, n + 1, sizeof *matrix->starts);
    matrix->indices = closo_arena_alloc(model->arena, count + 1, sizeof *matrix->indices);
    matrix->data = closo_arena_alloc(model->arena, count + 1, sizeof *matrix->data);
    if (matrix->failed || places == NULL || matrix->map == NULL || matrix->starts == NULL ||
        matrix->indices == NULL || matrix->data == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count; i++)
        places[i] = (place){matrix->rows[i], matrix->columns[i], i};
    qsort(places, count, sizeof *places, by_column);
    size_t entries = 0;
    for (size_t i = 0; i < count; i++) {
        bool same =
            i > 0 && places[i].row == places[i - 1].row && places[i].column == places[i - 1].column;
        if (!same) {
            matrix->indices[entries++] = (int64_t)places[i].row;
            matrix->starts[places[i].column + 1]++;
        }
        matrix->map[places[i].order] = entries - 1;
    }
    for (size_t c = 0; c < n; c++)
        matrix->starts[c + 1] += matrix->starts[c];
    matrix->entry_count = entries;
    matrix->recording = false;
    return CLOSO_OK;
}
