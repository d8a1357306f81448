/* SPDX-License-Identifier: BSD-3-Clause */
/* leaves.c: a grain's shells hang on each other like a chain, and only the outermost is known to the current. Elimination from
 * the innermost outwards fills in nothing, whatever else the cell has; nine of ten states go so, each for one division. The
 * leaves are found from the pattern: a law that ties shells to something else takes them off the list. S. Parter, SIAM Rev. 3
 * (1961) 119, doi:10.1137/1003021. */
#include "leaves.h"

#include <string.h>

/* The pattern while it is taken apart: how many other states a state's column and row touch, and the sum of their numbers,
 * which is the number of the one that is left. */
typedef struct pattern {
    const cell_matrix *matrix;
    size_t *in_column, *in_row, *column_sum, *row_sum;
    bool *gone;
    const bool *keep;
} pattern;

static size_t place_of(const cell_matrix *matrix, size_t row, size_t column)
{
    for (int64_t e = matrix->starts[column]; e < matrix->starts[column + 1]; e++)
        if ((size_t)matrix->indices[e] == row)
            return (size_t)e;
    return SIZE_MAX;
}

static void count(pattern *made)
{
    for (size_t c = 0; c < made->matrix->row_count; c++)
        for (int64_t e = made->matrix->starts[c]; e < made->matrix->starts[c + 1]; e++) {
            size_t row = (size_t)made->matrix->indices[e];
            if (row == c)
                continue;
            made->in_column[c]++;
            made->column_sum[c] += row;
            made->in_row[row]++;
            made->row_sum[row] += c;
        }
}

static bool is_leaf(const pattern *made, size_t i)
{
    return !made->gone[i] && !made->keep[i] && made->in_column[i] == 1 && made->in_row[i] == 1 &&
           made->column_sum[i] == made->row_sum[i];
}

/* Takes state i out when it is a leaf; the state it hung on, else SIZE_MAX. */
static size_t take(pattern *made, size_t i, cell_leaves *leaves)
{
    const cell_matrix *matrix = made->matrix;
    if (!is_leaf(made, i))
        return SIZE_MAX;
    size_t p = made->row_sum[i];
    const cell_leaf leaf = {place_of(matrix, i, i),
                            place_of(matrix, p, i),
                            place_of(matrix, i, p),
                            place_of(matrix, p, p),
                            i,
                            p};
    if (leaf.own == SIZE_MAX || leaf.other == SIZE_MAX)
        return SIZE_MAX;
    leaves->leaves[leaves->count++] = leaf;
    made->gone[i] = true;
    made->in_column[p]--;
    made->column_sum[p] -= i;
    made->in_row[p]--;
    made->row_sum[p] -= i;
    return p;
}

static void make_core(const pattern *made, cell_leaves *leaves)
{
    const cell_matrix *matrix = made->matrix;
    for (size_t i = 0; i < matrix->row_count; i++)
        leaves->core_of[i] = made->gone[i] ? SIZE_MAX : leaves->core_count++;
    for (size_t c = 0; c < matrix->row_count; c++) {
        if (made->gone[c])
            continue;
        for (int64_t e = matrix->starts[c]; e < matrix->starts[c + 1]; e++) {
            size_t row = leaves->core_of[matrix->indices[e]];
            if (row == SIZE_MAX)
                continue;
            leaves->indices[leaves->core_entry_count] = (int64_t)row;
            leaves->entries[leaves->core_entry_count++] = (size_t)e;
        }
        leaves->starts[leaves->core_of[c] + 1] = (int64_t)leaves->core_entry_count;
    }
}

closo_status cell_leaves_find(const cell_matrix *matrix, const bool *keep, cell_leaves *leaves,
                              closo_error *error)
{
    size_t n = matrix->row_count, m = matrix->entry_count;
    size_t *room = closo_arena_alloc(matrix->arena, 5 * n, sizeof *room);
    pattern made = {.matrix = matrix,
                    .gone = closo_arena_alloc(matrix->arena, n, sizeof *made.gone),
                    .keep = keep};
    *leaves =
        (cell_leaves){.leaves = closo_arena_alloc(matrix->arena, n, sizeof *leaves->leaves),
                      .core_of = closo_arena_alloc(matrix->arena, n, sizeof *leaves->core_of),
                      .starts = closo_arena_alloc(matrix->arena, n + 1, sizeof *leaves->starts),
                      .indices = closo_arena_alloc(matrix->arena, m, sizeof *leaves->indices),
                      .entries = closo_arena_alloc(matrix->arena, m, sizeof *leaves->entries)};
    if (room == NULL || made.gone == NULL || leaves->leaves == NULL || leaves->core_of == NULL ||
        leaves->starts == NULL || leaves->indices == NULL || leaves->entries == NULL)
        return closo_fail_nomem(error);
    made.in_column = room;
    made.in_row = room + n;
    made.column_sum = room + 2 * n;
    made.row_sum = room + 3 * n;
    count(&made);
    size_t waiting = 0, *round = room + 4 * n;
    for (size_t i = 0; i < n; i++)
        if (is_leaf(&made, i))
            round[waiting++] = i;
    while (waiting > 0) { /* what was no leaf may have become one */
        size_t before = waiting;
        waiting = 0;
        for (size_t i = 0; i < before; i++) {
            size_t parent = take(&made, round[i], leaves);
            if (parent != SIZE_MAX)
                round[waiting++] = parent;
        }
    }
    make_core(&made, leaves);
    return CLOSO_OK;
}

void cell_leaves_take_out(const cell_leaves *leaves, double *entries)
{
    for (size_t i = 0; i < leaves->count; i++) {
        const cell_leaf *leaf = &leaves->leaves[i];
        const double *own = entries + 2 * leaf->own, *to = entries + 2 * leaf->to,
                     *from = entries + 2 * leaf->from;
        double *other = entries + 2 * leaf->other;
        double real = to[0] * from[0] - to[1] * from[1],
               imaginary = to[0] * from[1] + to[1] * from[0];
        double scale = 1 / (own[0] * own[0] + own[1] * own[1]);
        other[0] -= (real * own[0] + imaginary * own[1]) * scale;
        other[1] -= (imaginary * own[0] - real * own[1]) * scale;
    }
}
