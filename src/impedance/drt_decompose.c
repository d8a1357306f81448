/* SPDX-License-Identifier: BSD-3-Clause */
/* drt_decompose.c: the penalised problem without bounds, made small.
 *
 * With u = L x (L the second difference) and the fixed columns taken out, the problem at every lambda is
 * (M + lambda) u = p, M = L^-1 A'A L^-1. The kernel smooths and L^-1 smooths again: of a hundred eigenvalues of M some
 * thirty-five stand above the rounding of the largest. A Cholesky factorisation with pivots, stopped there, gives M = F F'
 * with as many columns (Higham, Wiley Interdiscip. Rev. Comput. Stat. 1 (2009) 251, doi:10.1002/wics.18), and all that
 * follows is done with the small matrix F'F, which has the same eigenvalues. */
#include "impedance/drt_internal.h"
#include "numeric/dense_internal.h"

#include <math.h>
#include <string.h>

/* rhs <- L^-1 rhs, L symmetric: -1, 2, -1 with 1 at the end. The inverse of the second difference is integration twice:
 * first from the end, then from the start. */
static void solve_difference(double *vector, size_t n)
{
    double sum = 0;
    for (size_t k = n; k-- > 0;) {
        sum += vector[k];
        vector[k] = sum;
    }
    sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += vector[k];
        vector[k] = sum;
    }
}

/* The same for all columns of a matrix at once. With Gaussians L is the transposed Cholesky factor C of their penalty, and
 * the matrix becomes C^-1 matrix. */
static void solve_columns(const double *factor, double *matrix, size_t n)
{
    for (size_t k = 0; factor != NULL && k < n; k++) {
        double *row = matrix + k * n;
        for (size_t j = 0; j < k; j++)
            closo_add_scaled(row, -factor[k * n + j], matrix + j * n, n);
        for (size_t j = 0; j < n; j++)
            row[j] /= factor[k * n + k];
    }
    if (factor != NULL)
        return;
    for (size_t k = n - 1; k-- > 0;)
        closo_add_scaled(matrix + k * n, 1, matrix + (k + 1) * n, n);
    for (size_t k = 1; k < n; k++)
        closo_add_scaled(matrix + k * n, 1, matrix + (k - 1) * n, n);
}

/* The part of the rows that is fitted, without the fixed columns, which are free of penalty. */
typedef struct reduced {
    double *matrix; /* M, grid x grid */
    double *right;  /* p */
} reduced;

static bool reduce(const drt_system *system, drt_window window, const double *gram,
                   closo_arena *arena, drt_spectrum *spectrum, reduced *made)
{
    size_t grid = system->grid, n = system->unknowns, rows = system->data.rows, fixed = 0;
    size_t length = window.length;
    made->matrix = system->work;
    made->right = closo_arena_alloc(arena, grid, sizeof(double));
    double *q = closo_arena_alloc(arena, DRT_FIXED + 1, length * sizeof(double));
    double *shares = closo_arena_alloc(arena, DRT_FIXED, grid * sizeof(double));
    if (made->right == NULL || q == NULL || shares == NULL)
        return false;
    double *rest = q + DRT_FIXED * length;
    memcpy(rest, system->data.y + window.first, length * sizeof *rest);
    for (size_t k = 0; k < DRT_FIXED; k++) {
        double *unit = q + fixed * length;
        memcpy(unit, system->columns + (grid + k) * rows + window.first, length * sizeof *unit);
        if (closo_kk_orthonormalise(q, fixed, length, unit) <= 0)
            continue;
        closo_add_scaled(rest, -closo_dot(unit, rest, length), unit, length);
        for (size_t i = 0; i < grid; i++)
            shares[fixed * grid + i] =
                closo_dot(unit, system->columns + i * rows + window.first, length);
        fixed++;
    }
    for (size_t i = 0; i < grid; i++) {
        double *row = made->matrix + i * grid;
        made->right[i] = closo_dot(rest, system->columns + i * rows + window.first, length);
        memcpy(row, gram + i * n, grid * sizeof *row);
        for (size_t k = 0; k < fixed; k++)
            closo_add_scaled(row, -shares[k * grid + i], shares + k * grid, grid);
    }
    /* L^-1 from both sides: by columns, which are independent, before and after a transposition. */
    solve_columns(system->penalty, made->matrix, grid);
    for (size_t i = 0; i < grid; i++)
        for (size_t j = 0; j < i; j++) {
            double kept = made->matrix[i * grid + j];
            made->matrix[i * grid + j] = made->matrix[j * grid + i];
            made->matrix[j * grid + i] = kept;
        }
    solve_columns(system->penalty, made->matrix, grid);
    if (system->penalty != NULL)
        closo_cholesky_forward(system->penalty, grid, grid, made->right);
    else
        solve_difference(made->right, grid);
    spectrum->fixed = fixed;
    spectrum->squares = closo_dot(rest, rest, length);
    return true;
}

/* Cholesky with pivots until only rounding is left: columns of F, and with them the solution of F q = p. Returns their
 * number. The matrix keeps only its diagonal's remainder. */
static size_t factorise(const reduced *problem, size_t grid, size_t most, double *diagonal,
                        drt_spectrum *into)
{
    const double rounding = 4e-16;
    double first = 0;
    size_t count = 0;
    double *factor = into->factor, *start = into->start;
    double *rest = problem->right; /* p less what the columns so far take of it */
    for (size_t i = 0; i < grid; i++)
        diagonal[i] = problem->matrix[i * grid + i];
    for (; count < most; count++) {
        double *column = factor + count * grid;
        size_t pivot = 0;
        for (size_t i = 1; i < grid; i++)
            if (diagonal[i] > diagonal[pivot])
                pivot = i;
        first = count == 0 ? diagonal[pivot] : first;
        if (!(diagonal[pivot] > rounding * first))
            break;
        memcpy(column, problem->matrix + pivot * grid, grid * sizeof *column);
        for (size_t k = 0; k < count; k++)
            closo_add_scaled(column, -factor[k * grid + pivot], factor + k * grid, grid);
        double scale = 1 / sqrt(diagonal[pivot]);
        for (size_t i = 0; i < grid; i++) {
            column[i] *= scale;
            diagonal[i] -= column[i] * column[i];
        }
        start[count] = rest[pivot] * scale;
        closo_add_scaled(rest, -start[count], column, grid);
        diagonal[pivot] = -INFINITY; /* done with */
    }
    return count;
}

closo_status closo_drt_decompose(const drt_system *system, drt_window window, const double *gram,
                                 closo_arena *arena, drt_spectrum *spectrum, closo_error *error)
{
    size_t grid = system->grid;
    reduced problem;
    double *diagonal = closo_arena_alloc(arena, grid, sizeof(double));
    spectrum->start = closo_arena_alloc(arena, system->factor_most, sizeof(double));
    if (diagonal == NULL || spectrum->start == NULL ||
        !reduce(system, window, gram, arena, spectrum, &problem))
        return closo_fail_nomem(error);
    size_t count = factorise(&problem, grid, system->factor_most, diagonal, spectrum);
    spectrum->grid = grid;
    spectrum->count = count;
    spectrum->rows = window.used;
    spectrum->penalty = system->penalty;
    spectrum->unit = system->penalty != NULL ? 1 : system->step * system->step * system->step;
    spectrum->inner = closo_arena_alloc(arena, count, count * sizeof(double));
    if (spectrum->inner == NULL && count != 0)
        return closo_fail_nomem(error);
    closo_gram(spectrum->factor, count, grid, grid, spectrum->inner, count);
    return CLOSO_OK;
}

closo_status closo_drt_eigenvalues(drt_spectrum *spectrum, closo_arena *arena, closo_error *error)
{
    size_t count = spectrum->count;
    double *matrix = closo_arena_alloc(arena, count, count * sizeof(double));
    double *work = closo_arena_alloc(arena, count, 2 * sizeof(double));
    spectrum->eigenvalue = closo_arena_alloc(arena, count, sizeof(double));
    spectrum->part = closo_arena_alloc(arena, count, sizeof(double));
    if (count != 0 &&
        (matrix == NULL || work == NULL || spectrum->eigenvalue == NULL || spectrum->part == NULL))
        return closo_fail_nomem(error);
    if (count == 0)
        return CLOSO_OK;
    memcpy(matrix, spectrum->inner, count * count * sizeof *matrix);
    memcpy(spectrum->part, spectrum->start, count * sizeof *spectrum->part);
    closo_tridiagonalise(matrix, count, count, spectrum->eigenvalue, work, spectrum->part,
                         work + count);
    if (!closo_tridiagonal_eigenvalues(spectrum->eigenvalue, work, count, spectrum->part))
        return closo_fail(error, CLOSO_NOCONVERGE, "the eigenvalues of the problem do not settle");
    for (size_t i = 0; i < count; i++) {
        /* In the units of lambda; what rounding made negative is zero. p = F q, so its part in an eigenvector of F F' is
         * that of q in the one of F'F, times the root of the eigenvalue. */
        spectrum->eigenvalue[i] = fmax(0, spectrum->eigenvalue[i] * spectrum->unit);
        spectrum->part[i] *= sqrt(spectrum->eigenvalue[i]);
    }
    return CLOSO_OK;
}

bool closo_drt_smooth(const drt_spectrum *spectrum, double lambda, double *work, double *x)
{
    size_t count = spectrum->count, grid = spectrum->grid;
    double *w = work + count * count;
    memcpy(work, spectrum->inner, count * count * sizeof *work);
    memcpy(w, spectrum->start, count * sizeof *w);
    for (size_t k = 0; k < count; k++)
        work[k * count + k] += lambda / spectrum->unit;
    if (!closo_cholesky(work, count, count))
        return false;
    closo_cholesky_forward(work, count, count, w);
    closo_cholesky_backward(work, count, count, w);
    memset(x, 0, grid * sizeof *x);
    for (size_t k = 0; k < count; k++)
        closo_add_scaled(x, w[k], spectrum->factor + k * grid, grid);
    if (spectrum->penalty != NULL)
        closo_cholesky_backward(spectrum->penalty, grid, grid, x);
    else
        solve_difference(x, grid);
    return true;
}
