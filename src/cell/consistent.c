/* SPDX-License-Identifier: BSD-3-Clause */
/* consistent.c: states that fit together at one time: Newton's method on F(t, y, y') = 0. Columns of its matrix are dF/dy for
 * the states that are looked for, dF/dy' for the others, whose slopes are looked for. */
#include "cell_internal.h"

#include <klu.h>
#include <math.h>
#include <string.h>

struct cell_newton {
    cell_model *model;
    cell_matrix *matrix;
    klu_l_common common;
    klu_l_symbolic *symbolic;
    double *stiffness, *step, *taken;
    bool *fast; /* potentials of double layers beside a reaction that discharges them */
};

/* A double layer that nothing discharges keeps its charge; its potential does not follow from the other states. */
static void find_fast(const cell_model *model, bool *fast)
{
    for (size_t n = 0; n < model->cell->node_count; n++)
        fast[model->nodes[n].w] = model->nodes[n].shells != SIZE_MAX;
    fast[model->counter.potential] = !model->counter.of->blocking;
    if (model->cell->node_count == 0)
        fast[model->working.potential] = !model->working.of->blocking;
    fast[model->separator] = true;
}

closo_status cell_newton_new(cell_model *model, cell_matrix *matrix, cell_newton **newton,
                             closo_error *error)
{
    size_t n = model->state_count;
    cell_newton *made = closo_arena_alloc(model->arena, 1, sizeof *made);
    if (made == NULL)
        return closo_fail_nomem(error);
    made->model = model;
    made->matrix = matrix;
    made->stiffness = closo_arena_alloc(model->arena, matrix->entry_count, sizeof(double));
    made->step = closo_arena_alloc(model->arena, 2 * n, sizeof *made->step);
    made->taken = made->step != NULL ? made->step + n : NULL;
    made->fast = closo_arena_alloc(model->arena, n, sizeof *made->fast);
    klu_l_defaults(&made->common);
    made->symbolic = klu_l_analyze((int64_t)n, matrix->starts, matrix->indices, &made->common);
    *newton = made;
    if (made->stiffness == NULL || made->step == NULL || made->fast == NULL ||
        made->symbolic == NULL)
        return closo_fail_nomem(error);
    find_fast(model, made->fast);
    return CLOSO_OK;
}

void cell_newton_free(cell_newton *newton)
{
    if (newton != NULL && newton->symbolic != NULL)
        klu_l_free_symbolic(&newton->symbolic, &newton->common);
}

static bool wanted(const cell_newton *newton, size_t state, bool relaxed)
{
    return newton->model->differential[state] == 0 || (relaxed && newton->fast[state]);
}

static bool solve(cell_newton *newton, bool relaxed)
{
    const cell_matrix *matrix = newton->matrix;
    for (size_t c = 0; c < matrix->row_count; c++) {
        bool value = wanted(newton, c, relaxed);
        for (int64_t e = matrix->starts[c]; e < matrix->starts[c + 1]; e++)
            matrix->data[e] = value ? newton->stiffness[e] : matrix->data[e] - newton->stiffness[e];
    }
    klu_l_numeric *numeric = klu_l_factor(matrix->starts, matrix->indices, matrix->data,
                                          newton->symbolic, &newton->common);
    bool fine =
        numeric != NULL && klu_l_solve(newton->symbolic, numeric, (int64_t)matrix->row_count, 1,
                                       newton->step, &newton->common) != 0;
    klu_l_free_numeric(&numeric, &newton->common);
    return fine;
}

/* The residual, its derivatives ready to be solved for; its size, each equation as it is. Infinite or NaN: far off. */
static double assemble(cell_newton *newton, double t_s, const cell_point *at)
{
    cell_matrix *matrix = newton->matrix;
    double sum = 0;
    cell_assemble(newton->model, t_s, at->y, at->slope, 0, newton->step, matrix);
    memcpy(newton->stiffness, matrix->data, matrix->entry_count * sizeof *matrix->data);
    cell_assemble(newton->model, t_s, at->y, at->slope, 1, NULL, matrix);
    for (size_t i = 0; i < newton->model->state_count; i++)
        sum += newton->step[i] * newton->step[i];
    return sqrt(sum);
}

/* Takes a share of the step from the present point; true when it is within what is allowed. */
static bool move(cell_newton *newton, const cell_point *at, bool relaxed, double share)
{
    bool settled = true; /* slopes enter linearly: they are right when the others are */
    for (size_t i = 0; i < newton->model->state_count; i++) {
        bool value = wanted(newton, i, relaxed);
        double *changed = value ? &at->y[i] : &at->slope[i];
        *changed -= share * newton->taken[i];
        settled = settled && (!value || fabs(newton->taken[i]) <= 1e-3 * at->allowed[i]);
    }
    return settled;
}

/* Newton's method takes an exponential for its tangent and goes too far on its flat side: a step behind which the equations
 * are ten times as wrong is halved. */
bool cell_newton_settle(cell_newton *newton, double t_s, const cell_point *at, bool relaxed)
{
    enum { TURNS = 60, HALVINGS = 20 };
    double wrong = assemble(newton, t_s, at);
    for (int turn = 0; turn < TURNS && isfinite(wrong); turn++) {
        if (!solve(newton, relaxed))
            return false;
        memcpy(newton->taken, newton->step, newton->model->state_count * sizeof *newton->step);
        bool settled = move(newton, at, relaxed, 1);
        double share = 1, now = assemble(newton, t_s, at);
        for (int half = 0; half < HALVINGS && !settled && !(now <= 10 * wrong); half++) {
            share /= 2;
            (void)move(newton, at, relaxed, -share);
            now = assemble(newton, t_s, at);
        }
        if (settled && share == 1)
            return isfinite(now);
        wrong = now;
    }
    return false;
}
