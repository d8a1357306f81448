/* SPDX-License-Identifier: BSD-3-Clause */
/* small_signal.c: impedance of the cell at a state, from the same residual: (J + i omega M) x = e, where e drives the outer
 * current, Z = x_V / x_I. One symbolic analysis serves all frequencies. */
#include "cell_internal.h"

#include <klu.h>
#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

typedef struct work {
    klu_l_common common;
    klu_l_symbolic *symbolic;
    klu_l_numeric *numeric;
    double *stiffness, *mass, *entries, *solution;
} work;

static closo_status take_matrices(cell_model *model, double t_s, const double *y,
                                  cell_matrix *matrix, work *at, closo_error *error)
{
    closo_status status = cell_matrix_make(model, matrix, error);
    if (status != CLOSO_OK)
        return status;
    size_t n = model->state_count, m = matrix->entry_count;
    double *rest = closo_arena_alloc(model->arena, n, sizeof *rest);
    at->stiffness = closo_arena_alloc(model->arena, m, sizeof *at->stiffness);
    at->mass = closo_arena_alloc(model->arena, m, sizeof *at->mass);
    at->entries = closo_arena_alloc(model->arena, 2 * m, sizeof *at->entries);
    at->solution = closo_arena_alloc(model->arena, 2 * n, sizeof *at->solution);
    if (rest == NULL || at->stiffness == NULL || at->mass == NULL || at->entries == NULL ||
        at->solution == NULL)
        return closo_fail_nomem(error);
    cell_assemble(model, t_s, y, rest, 0, NULL, matrix);
    memcpy(at->stiffness, matrix->data, m * sizeof *at->stiffness);
    cell_assemble(model, t_s, y, rest, 1, NULL, matrix);
    for (size_t i = 0; i < m; i++)
        at->mass[i] = matrix->data[i] - at->stiffness[i];
    return CLOSO_OK;
}

static closo_status solve(cell_model *model, cell_matrix *matrix, work *at, double angular_Hz,
                          double *real, double *imaginary, closo_error *error)
{
    size_t n = model->state_count;
    for (size_t i = 0; i < matrix->entry_count; i++) {
        at->entries[2 * i] = at->stiffness[i];
        at->entries[2 * i + 1] = angular_Hz * at->mass[i];
    }
    if (at->numeric != NULL)
        klu_zl_free_numeric(&at->numeric, &at->common);
    at->numeric =
        klu_zl_factor(matrix->starts, matrix->indices, at->entries, at->symbolic, &at->common);
    memset(at->solution, 0, 2 * n * sizeof *at->solution);
    at->solution[2 * model->current] =
        1; /* the control's row, whose right-hand side is the outer current */
    if (at->numeric == NULL ||
        klu_zl_solve(at->symbolic, at->numeric, (int64_t)n, 1, at->solution, &at->common) == 0)
        return closo_fail(error, CLOSO_NOCONVERGE,
                          "the impedance at %.4g Hz has no solution: the cell has no way for the "
                          "current",
                          angular_Hz / (2 * pi));
    *real = at->solution[2 * model->potential];
    *imaginary = at->solution[2 * model->potential + 1];
    return CLOSO_OK;
}

closo_status cell_small_signal(cell_model *model, double t_s, const double *y,
                               const double *frequency_Hz, size_t count, double *real_ohm_m2,
                               double *imaginary_ohm_m2, closo_error *error)
{
    cell_matrix matrix;
    work at = {0};
    /* the outer current is driven, whatever the cell is doing */
    cell_control control = model->control;
    model->control = CELL_CONTROL_CURRENT;
    closo_status status = take_matrices(model, t_s, y, &matrix, &at, error);
    model->control = control;
    if (status != CLOSO_OK)
        return status;
    klu_l_defaults(&at.common);
    at.symbolic =
        klu_l_analyze((int64_t)model->state_count, matrix.starts, matrix.indices, &at.common);
    if (at.symbolic == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count && status == CLOSO_OK; i++)
        status = solve(model, &matrix, &at, 2 * pi * frequency_Hz[i], &real_ohm_m2[i],
                       &imaginary_ohm_m2[i], error);
    klu_zl_free_numeric(&at.numeric, &at.common);
    klu_l_free_symbolic(&at.symbolic, &at.common);
    return status;
}
