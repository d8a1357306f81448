/* SPDX-License-Identifier: BSD-3-Clause */
/* small_signal.c: impedance of the cell at a state, from the same residual: (J + i omega M) x = e, where e drives the outer
 * current, Z = x_V / x_I. One symbolic analysis serves all frequencies, and so do the pivots of the first while what they give
 * is a solution. Double layers with an exponent below 1 have
 * C (i omega)^n in place of C i omega: C. H. Hsu and F. Mansfeld, Corrosion 57 (2001) 747, doi:10.5006/1.3280607. */
#include "leaves.h"

#include <klu.h>
#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/* A constant phase element in the place of a capacitor: entry += C ((i omega)^n - i omega). */
typedef struct dispersion {
    size_t entry;
    double capacitance, exponent;
} dispersion;

typedef struct work {
    klu_l_common common;
    klu_l_symbolic *symbolic;
    klu_l_numeric *numeric;
    double *stiffness, *mass, *entries, *solution, *left, *sizes;
    cell_leaves leaves; /* what follows is of the core */
    double *core;
    dispersion *dispersions;
    size_t dispersion_count;
} work;

static size_t entry_at(const cell_matrix *matrix, size_t row, size_t column)
{
    int64_t e = matrix->starts[column];
    while (e + 1 < matrix->starts[column + 1] && (size_t)matrix->indices[e] != row)
        e++;
    return (size_t)e;
}

static void add_dispersion(work *at, size_t entry, double capacitance, double exponent)
{
    if (exponent > 0 && exponent < 1)
        at->dispersions[at->dispersion_count++] = (dispersion){entry, capacitance, exponent};
}

static closo_status take_dispersions(const cell_model *model, const cell_matrix *matrix, work *at,
                                     closo_error *error)
{
    const closo_cell *cell = model->cell;
    at->dispersions = closo_arena_alloc(model->arena, 2 * cell->node_count * SURFACES_MAX + 2,
                                        sizeof *at->dispersions);
    if (at->dispersions == NULL)
        return closo_fail_nomem(error);
    for (size_t n = 0; n < cell->node_count; n++)
        for (size_t s = 0; s < model->nodes[n].surface_count; s++) {
            const cell_node *node = &model->nodes[n];
            const cell_surface *surface = &node->surfaces[s];
            double capacitance = surface->area_per_m * surface->double_layer_F_per_m2;
            add_dispersion(at, entry_at(matrix, node->w, node->w), capacitance, surface->exponent);
            if (node->salt != SIZE_MAX) /* what the double layer takes are anions of the salt */
                add_dispersion(at, entry_at(matrix, node->salt, node->w),
                               cell_salt_share(model) * capacitance, surface->exponent);
        }
    const cell_metal *metals[] = {&model->counter, &model->working};
    for (size_t m = 0; m < (cell->node_count == 0 ? 2 : 1); m++)
        add_dispersion(at, entry_at(matrix, metals[m]->potential, metals[m]->potential),
                       metals[m]->of->double_layer_F_per_m2, metals[m]->of->double_layer_exponent);
    return CLOSO_OK;
}

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
    at->core = closo_arena_alloc(model->arena, 2 * m, sizeof *at->core);
    at->left = closo_arena_alloc(model->arena, 2 * n, sizeof *at->left);
    at->sizes = closo_arena_alloc(model->arena, n, sizeof *at->sizes);
    if (rest == NULL || at->stiffness == NULL || at->mass == NULL || at->entries == NULL ||
        at->solution == NULL || at->left == NULL || at->sizes == NULL || at->core == NULL)
        return closo_fail_nomem(error);
    cell_assemble(model, t_s, y, rest, 0, NULL, matrix);
    memcpy(at->stiffness, matrix->data, m * sizeof *at->stiffness);
    cell_assemble_rates(model, y, rest, matrix);
    memcpy(at->mass, matrix->data, m * sizeof *at->mass);
    return take_dispersions(model, matrix, at, error);
}

/* All but the current and the potential, which drive and answer, may be taken out where only one other state knows of them. */
static closo_status find_leaves(const cell_model *model, const cell_matrix *matrix, work *at,
                                closo_error *error)
{
    bool *keep = closo_arena_alloc(model->arena, model->state_count, sizeof *keep);
    if (keep == NULL)
        return closo_fail_nomem(error);
    keep[model->current] = keep[model->potential] = true;
    return cell_leaves_find(matrix, keep, &at->leaves, error);
}

/* The solution for e = 1 in a row, which the factors at hand may or may not give. */
static bool solve_with_factors(work *at, size_t driven)
{
    size_t n = at->leaves.core_count;
    if (at->numeric == NULL)
        return false;
    memset(at->solution, 0, 2 * n * sizeof *at->solution);
    at->solution[2 * driven] = 1;
    return klu_zl_solve(at->symbolic, at->numeric, (int64_t)n, 1, at->solution, &at->common) != 0;
}

/* Whether each row is right to 1e-10 of its largest terms: the backward error by components, W. Oettli and W. Prager, Numer.
 * Math. 6 (1964) 405, doi:10.1007/BF01386090. */
static bool is_solution(const work *at, size_t driven)
{
    const cell_leaves *leaves = &at->leaves;
    size_t n = leaves->core_count;
    memset(at->left, 0, 2 * n * sizeof *at->left);
    memset(at->sizes, 0, n * sizeof *at->sizes);
    at->left[2 * driven] = -1;
    for (size_t c = 0; c < n; c++) {
        double x = at->solution[2 * c], y = at->solution[2 * c + 1], size = fabs(x) + fabs(y);
        for (int64_t e = leaves->starts[c]; e < leaves->starts[c + 1]; e++) {
            size_t row = (size_t)leaves->indices[e];
            double a = at->core[2 * e], b = at->core[2 * e + 1];
            at->left[2 * row] += a * x - b * y;
            at->left[2 * row + 1] += a * y + b * x;
            at->sizes[row] += (fabs(a) + fabs(b)) * size;
        }
    }
    for (size_t i = 0; i < n; i++)
        if (!(fabs(at->left[2 * i]) + fabs(at->left[2 * i + 1]) <= 1e-10 * at->sizes[i]))
            return false;
    return true;
}

static closo_status take_impedance(const cell_model *model, const work *at, double *real,
                                   double *imaginary)
{
    size_t answer = at->leaves.core_of[model->potential];
    *real = at->solution[2 * answer];
    *imaginary = at->solution[2 * answer + 1];
    return CLOSO_OK;
}

static closo_status solve(cell_model *model, cell_matrix *matrix, work *at, double angular_Hz,
                          double *real, double *imaginary, closo_error *error)
{
    for (size_t i = 0; i < matrix->entry_count; i++) {
        at->entries[2 * i] = at->stiffness[i];
        at->entries[2 * i + 1] = angular_Hz * at->mass[i];
    }
    for (size_t i = 0; i < at->dispersion_count; i++) {
        const dispersion *one = &at->dispersions[i];
        double size = one->capacitance * pow(angular_Hz, one->exponent);
        at->entries[2 * one->entry] += size * cos(pi / 2 * one->exponent);
        at->entries[2 * one->entry + 1] +=
            size * sin(pi / 2 * one->exponent) - one->capacitance * angular_Hz;
    }
    const cell_leaves *leaves = &at->leaves;
    cell_leaves_take_out(leaves, at->entries);
    for (size_t i = 0; i < leaves->core_entry_count; i++) {
        at->core[2 * i] = at->entries[2 * leaves->entries[i]];
        at->core[2 * i + 1] = at->entries[2 * leaves->entries[i] + 1];
    }
    /* the control's row has the outer current on its right-hand side */
    size_t driven = leaves->core_of[model->current];
    if (at->numeric != NULL &&
        klu_zl_refactor(leaves->starts, leaves->indices, at->core, at->symbolic, at->numeric,
                        &at->common) != 0 &&
        solve_with_factors(at, driven) && is_solution(at, driven))
        return take_impedance(model, at, real, imaginary);
    klu_zl_free_numeric(&at->numeric, &at->common);
    at->numeric =
        klu_zl_factor(leaves->starts, leaves->indices, at->core, at->symbolic, &at->common);
    if (!solve_with_factors(at, driven))
        return closo_fail(error, CLOSO_NOCONVERGE,
                          "the impedance at %.4g Hz has no solution: the cell has no way for the "
                          "current",
                          angular_Hz / (2 * pi));
    return take_impedance(model, at, real, imaginary);
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
    if (status == CLOSO_OK)
        status = find_leaves(model, &matrix, &at, error);
    if (status != CLOSO_OK)
        return status;
    klu_l_defaults(&at.common);
    at.symbolic = klu_l_analyze((int64_t)at.leaves.core_count, at.leaves.starts, at.leaves.indices,
                                &at.common);
    if (at.symbolic == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count && status == CLOSO_OK; i++)
        status = solve(model, &matrix, &at, 2 * pi * frequency_Hz[i], &real_ohm_m2[i],
                       &imaginary_ohm_m2[i], error);
    klu_zl_free_numeric(&at.numeric, &at.common);
    klu_l_free_symbolic(&at.symbolic, &at.common);
    return status;
}

/* ---- does the cell stand still ---- */

/* y' of a state whose current stays: M y' = -F where a state has a rate, J y' = 0 where it follows the others. */
static closo_status solve_rates(const cell_model *model, cell_matrix *matrix, const work *at,
                                double *rates, closo_error *error)
{
    klu_l_common common;
    klu_l_defaults(&common);
    for (size_t c = 0; c < model->state_count; c++)
        for (int64_t e = matrix->starts[c]; e < matrix->starts[c + 1]; e++)
            matrix->data[e] =
                model->differential[matrix->indices[e]] > 0 ? at->mass[e] : at->stiffness[e];
    klu_l_symbolic *symbolic =
        klu_l_analyze((int64_t)model->state_count, matrix->starts, matrix->indices, &common);
    klu_l_numeric *numeric = symbolic != NULL ? klu_l_factor(matrix->starts, matrix->indices,
                                                             matrix->data, symbolic, &common)
                                              : NULL;
    bool solved = numeric != NULL &&
                  klu_l_solve(symbolic, numeric, (int64_t)model->state_count, 1, rates, &common);
    klu_l_free_numeric(&numeric, &common);
    klu_l_free_symbolic(&symbolic, &common);
    return solved ? CLOSO_OK
                  : closo_fail(error, CLOSO_NOCONVERGE,
                               "the rates of change of the cell have no solution at this state");
}

closo_status cell_stationarity(cell_model *model, double t_s, const double *y,
                               closo_stationarity *stationarity, closo_error *error)
{
    cell_matrix matrix;
    work at = {0};
    size_t n = model->state_count;
    double *residual = closo_arena_alloc(model->arena, 2 * n, sizeof *residual);
    if (residual == NULL)
        return closo_fail_nomem(error);
    cell_control control = model->control;
    model->control = CELL_CONTROL_CURRENT;
    closo_status status = take_matrices(model, t_s, y, &matrix, &at, error);
    cell_assemble(model, t_s, y, residual + n, 0, residual, NULL);
    model->control = control;
    if (status != CLOSO_OK)
        return status;
    *stationarity = (closo_stationarity){0};
    for (size_t i = 0; i < n; i++) {
        bool moves = model->differential[i] > 0 && i != model->charge;
        stationarity->residual = fmax(stationarity->residual, moves ? fabs(residual[i]) : 0);
        residual[i] = model->differential[i] > 0 ? -residual[i] : 0;
    }
    status = solve_rates(model, &matrix, &at, residual, error);
    stationarity->drift_V_per_s = residual[model->potential];
    return status;
}
