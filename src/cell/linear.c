/* SPDX-License-Identifier: BSD-3-Clause */
/* linear.c: A x = b in two parts: the leaves (leaves.c), which are nine of ten states and go for one division each, and KLU for
 * the core that is left. KLU's pivots of the first matrix serve the next ones while they are good enough. T. A. Davis and
 * E. Palamadai Natarajan, ACM Trans. Math. Softw. 37 (2010) 36, doi:10.1145/1824801.1824814. */
#include "linear.h"

#include "leaves.h"
#include "numeric/wide_internal.h"

#include <float.h>
#include <klu.h>
#include <math.h>
#include <string.h>

/* Neighbours in memory that go in one round and hang on neighbours: loops over them take several at a time. */
typedef struct row {
    size_t first, count; /* leaves */
    size_t state, parent;
} row;

struct cell_linear {
    cell_leaves leaves;
    row *rows;
    size_t row_count;
    double *inverse, *to_parent,
        *factor;     /* of a leaf: b_p -= factor b_i; x_i = (b_i - to_parent x_p) inverse */
    double *entries; /* a copy, of which the leaves' diagonals change */
    double *core, *core_x;
    size_t *state_of; /* of each of the core */
    size_t entry_count;
    klu_l_common common;
    klu_l_symbolic *symbolic;
    klu_l_numeric *numeric;
};

static void find_rows(cell_linear *linear)
{
    const cell_leaf *leaves = linear->leaves.leaves;
    for (size_t i = 0; i < linear->leaves.count; i++) {
        row *last = &linear->rows[linear->row_count - (linear->row_count > 0)];
        bool goes_on = linear->row_count > 0 && leaves[i].state == last->state + last->count &&
                       leaves[i].parent == last->parent + last->count &&
                       leaves[i].state != last->parent && leaves[i].parent != last->state;
        if (goes_on)
            last->count++;
        else
            linear->rows[linear->row_count++] = (row){i, 1, leaves[i].state, leaves[i].parent};
    }
}

closo_status cell_linear_new(const cell_matrix *matrix, cell_linear **linear, closo_error *error)
{
    closo_arena *arena = matrix->arena;
    size_t n = matrix->row_count;
    cell_linear *made = closo_arena_alloc(arena, 1, sizeof *made);
    bool *keep = closo_arena_alloc(arena, n, sizeof *keep); /* none */
    if (made == NULL || keep == NULL)
        return closo_fail_nomem(error);
    *linear = made;
    made->entry_count = matrix->entry_count;
    klu_l_defaults(&made->common);
    closo_status status = cell_leaves_find(matrix, keep, &made->leaves, error);
    if (status != CLOSO_OK)
        return status;
    const cell_leaves *leaves = &made->leaves;
    made->rows = closo_arena_alloc(arena, leaves->count + 1, sizeof *made->rows);
    made->inverse = closo_arena_alloc(arena, 3 * leaves->count + 1, sizeof *made->inverse);
    made->entries = closo_arena_alloc(arena, matrix->entry_count, sizeof *made->entries);
    made->core = closo_arena_alloc(arena, leaves->core_entry_count + 1, sizeof *made->core);
    made->core_x = closo_arena_alloc(arena, leaves->core_count + 1, sizeof *made->core_x);
    made->state_of = closo_arena_alloc(arena, leaves->core_count + 1, sizeof *made->state_of);
    if (made->rows == NULL || made->inverse == NULL || made->entries == NULL ||
        made->core == NULL || made->core_x == NULL || made->state_of == NULL)
        return closo_fail_nomem(error);
    made->to_parent = made->inverse + leaves->count;
    made->factor = made->to_parent + leaves->count;
    find_rows(made);
    for (size_t i = 0; i < n; i++)
        if (leaves->core_of[i] != SIZE_MAX)
            made->state_of[leaves->core_of[i]] = i;
    made->symbolic =
        klu_l_analyze((int64_t)leaves->core_count, leaves->starts, leaves->indices, &made->common);
    return made->symbolic != NULL ? CLOSO_OK : closo_fail_nomem(error);
}

void cell_linear_free(cell_linear *linear)
{
    if (linear == NULL)
        return;
    klu_l_free_numeric(&linear->numeric, &linear->common);
    klu_l_free_symbolic(&linear->symbolic, &linear->common);
}

void cell_linear_forget(cell_linear *linear)
{
    klu_l_free_numeric(&linear->numeric, &linear->common);
}

/* Whether the pivots at hand give a good factor of these numbers: as in SUNDIALS, by the cheap estimate of the condition. */
static bool factor_again(cell_linear *linear)
{
    const cell_leaves *leaves = &linear->leaves;
    const double least = pow(DBL_EPSILON, 2.0 / 3.0);
    return linear->numeric != NULL &&
           klu_l_refactor(leaves->starts, leaves->indices, linear->core, linear->symbolic,
                          linear->numeric, &linear->common) != 0 &&
           klu_l_rcond(linear->symbolic, linear->numeric, &linear->common) != 0 &&
           linear->common.rcond > least;
}

bool cell_linear_factor(cell_linear *linear, const double *entries)
{
    const cell_leaves *leaves = &linear->leaves;
    double *own = linear->entries;
    memcpy(own, entries, linear->entry_count * sizeof *own);
    for (size_t i = 0; i < leaves->count; i++) {
        const cell_leaf *leaf = &leaves->leaves[i];
        linear->inverse[i] = 1 / own[leaf->own];
        linear->to_parent[i] = own[leaf->from];
        linear->factor[i] = own[leaf->to] * linear->inverse[i];
        own[leaf->other] -= linear->factor[i] * linear->to_parent[i];
    }
    for (size_t i = 0; i < leaves->core_entry_count; i++)
        linear->core[i] = own[leaves->entries[i]];
    if (factor_again(linear))
        return true;
    klu_l_free_numeric(&linear->numeric, &linear->common);
    linear->numeric = klu_l_factor(leaves->starts, leaves->indices, linear->core, linear->symbolic,
                                   &linear->common);
    return linear->numeric != NULL;
}

WIDE static void take_leaves_out(const cell_linear *linear, double *x)
{
    for (size_t r = 0; r < linear->row_count; r++) {
        const row *at = &linear->rows[r];
        const double *factor = linear->factor + at->first, *leaf = x + at->state;
        double *parent = x + at->parent;
        WIDE_LOOP
        for (size_t i = 0; i < at->count; i++)
            parent[i] -= factor[i] * leaf[i];
    }
}

WIDE static void put_leaves_back(const cell_linear *linear, double *x)
{
    for (size_t r = linear->row_count; r-- > 0;) {
        const row *at = &linear->rows[r];
        const double *inverse = linear->inverse + at->first,
                     *to_parent = linear->to_parent + at->first, *parent = x + at->parent;
        double *leaf = x + at->state;
        WIDE_LOOP
        for (size_t i = 0; i < at->count; i++)
            leaf[i] = (leaf[i] - to_parent[i] * parent[i]) * inverse[i];
    }
}

bool cell_linear_solve(cell_linear *linear, double *x)
{
    const cell_leaves *leaves = &linear->leaves;
    double *core_x = linear->core_x;
    if (linear->numeric == NULL)
        return false;
    take_leaves_out(linear, x);
    for (size_t i = 0; i < leaves->core_count; i++)
        core_x[i] = x[linear->state_of[i]];
    if (klu_l_solve(linear->symbolic, linear->numeric, (int64_t)leaves->core_count, 1, core_x,
                    &linear->common) == 0)
        return false;
    for (size_t i = 0; i < leaves->core_count; i++)
        x[linear->state_of[i]] = core_x[i];
    put_leaves_back(linear, x);
    return true;
}
