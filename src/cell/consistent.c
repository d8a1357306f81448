/* SPDX-License-Identifier: BSD-3-Clause */
/* consistent.c: states that fit together at one time: Newton's method on F(t, y, y') = 0. Columns of its matrix are dF/dy for
 * the states that are looked for, dF/dy' for the others, whose slopes are looked for. */
#include "linear.h"

#include <math.h>
#include <string.h>

struct cell_newton {
    cell_model *model;
    cell_matrix *matrix;
    cell_linear *linear;
    cell_counts *counts;
    double *stiffness, *step, *taken;
    bool ready, relaxed; /* there are factors, and of what is looked for */
    bool *fast;          /* potentials of double layers beside a reaction that discharges them */
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

closo_status cell_newton_new(cell_model *model, cell_matrix *matrix, cell_counts *counts,
                             cell_newton **newton, closo_error *error)
{
    size_t n = model->state_count;
    cell_newton *made = closo_arena_alloc(model->arena, 1, sizeof *made);
    if (made == NULL)
        return closo_fail_nomem(error);
    made->model = model;
    made->matrix = matrix;
    made->counts = counts;
    made->stiffness = closo_arena_alloc(model->arena, matrix->entry_count, sizeof(double));
    made->step = closo_arena_alloc(model->arena, 2 * n, sizeof *made->step);
    made->taken = made->step != NULL ? made->step + n : NULL;
    made->fast = closo_arena_alloc(model->arena, n, sizeof *made->fast);
    *newton = made;
    if (made->stiffness == NULL || made->step == NULL || made->fast == NULL)
        return closo_fail_nomem(error);
    find_fast(model, made->fast);
    return cell_linear_new(matrix, &made->linear, error);
}

void cell_newton_free(cell_newton *newton)
{
    if (newton != NULL)
        cell_linear_free(newton->linear);
}

void cell_newton_forget(cell_newton *newton)
{
    cell_linear_forget(newton->linear);
    newton->ready = false;
}

static bool wanted(const cell_newton *newton, size_t state, bool relaxed)
{
    return newton->model->differential[state] == 0 || (relaxed && newton->fast[state]);
}

/* The matrix of this point, factorised. False: it is singular. */
static bool factor(cell_newton *newton, double t_s, const cell_point *at, bool relaxed)
{
    const cell_matrix *matrix = newton->matrix;
    cell_assemble(newton->model, t_s, at->y, at->slope, 0, NULL, newton->matrix);
    memcpy(newton->stiffness, matrix->data, matrix->entry_count * sizeof *matrix->data);
    cell_assemble_rates(newton->model, at->y, at->slope, newton->matrix);
    for (size_t c = 0; c < matrix->row_count; c++) {
        bool value = wanted(newton, c, relaxed);
        for (int64_t e = matrix->starts[c]; e < matrix->starts[c + 1]; e++)
            matrix->data[e] = value ? newton->stiffness[e] : matrix->data[e];
    }
    newton->counts->factorisations++;
    newton->ready = cell_linear_factor(newton->linear, matrix->data);
    newton->relaxed = relaxed;
    return newton->ready;
}

/* The residual into the step; its size, each equation as it is. Infinite or NaN: far off. */
static double assemble(cell_newton *newton, double t_s, const cell_point *at)
{
    double sum = 0;
    newton->counts->residuals++;
    cell_assemble(newton->model, t_s, at->y, at->slope, 0, newton->step, NULL);
    for (size_t i = 0; i < newton->model->state_count; i++)
        sum += newton->step[i] * newton->step[i];
    return sqrt(sum);
}

/* Takes a share of the step from the present point; the largest of it beside what is allowed. */
static double move(cell_newton *newton, const cell_point *at, bool relaxed, double share)
{
    double largest = 0; /* slopes enter linearly: they are right when the others are */
    for (size_t i = 0; i < newton->model->state_count; i++) {
        bool value = wanted(newton, i, relaxed);
        double *changed = value ? &at->y[i] : &at->slope[i];
        *changed -= share * newton->taken[i];
        if (value && !(fabs(newton->taken[i]) <= largest * at->allowed[i]))
            largest = fabs(newton->taken[i]) / at->allowed[i];
    }
    return largest;
}

/* A thousandth of what is allowed; or what rounding leaves, when steps no longer become smaller. */
static bool is_settled(double step, double last)
{
    return step <= 1e-3 || (step <= 0.1 && step >= 0.5 * last);
}

/* With the factors of an earlier point, while each step is a tenth of the one before; else with those of the present point.
 * Newton's method takes an exponential for its tangent and goes too far on its flat side: a step behind which the equations
 * are ten times as wrong is halved. */
bool cell_newton_settle(cell_newton *newton, double t_s, const cell_point *at, bool relaxed)
{
    enum { TURNS = 60, HALVINGS = 20 };
    double wrong = assemble(newton, t_s, at), last = HUGE_VAL;
    bool fits = newton->ready && newton->relaxed == relaxed;
    for (int turn = 0; turn < TURNS && isfinite(wrong); turn++) {
        bool fresh = !fits;
        if ((fresh && !factor(newton, t_s, at, relaxed)) ||
            !cell_linear_solve(newton->linear, newton->step))
            return false;
        memcpy(newton->taken, newton->step, newton->model->state_count * sizeof *newton->step);
        double step = move(newton, at, relaxed, 1), share = 1, now = assemble(newton, t_s, at);
        bool settled = is_settled(step, fresh ? last : HUGE_VAL);
        fits = step <= 0.1 * last && now <= 0.1 * wrong;
        if (!settled && !fits && !fresh) { /* the factors are of another place: back */
            (void)move(newton, at, relaxed, -1);
            wrong = assemble(newton, t_s, at);
            continue;
        }
        for (int half = 0; half < HALVINGS && !settled && !(now <= 10 * wrong); half++) {
            share /= 2;
            (void)move(newton, at, relaxed, -share);
            now = assemble(newton, t_s, at);
        }
        if (settled)
            return isfinite(now);
        wrong = now;
        last = step;
    }
    return false;
}
