/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_identify.c: which combinations of the parameters the data do not tell, in words.
 *
 * J'J in units of the ranges has an eigenvalue 1/s^2 for a direction along which the parameters are known to s of their
 * ranges (singular values of the Jacobian: their roots). Where s is a third or more, or nothing beside the best known
 * direction, the direction is put into words: what may change together without the data noticing, and for two parameters
 * the combination that is told. */
#include "fit_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SWEEPS = 60, MOST = 32 };

/* A direction known to less than a third of the ranges is not told. */
static const double badly = 1.0 / 3;
/* Parts of a direction below this are left out of its words. */
static const double small_part = 0.1;

/* One of Jacobi's rotations: makes element (p, q) zero. Golub, Van Loan, Matrix Computations, 4th ed., section 8.5. */
static void rotate(double *a, double *v, size_t n, size_t p, size_t q)
{
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
    double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    for (size_t k = 0; k < n; k++) {
        double kp = a[k * n + p], kq = a[k * n + q];
        a[k * n + p] = c * kp - s * kq;
        a[k * n + q] = s * kp + c * kq;
    }
    for (size_t k = 0; k < n; k++) {
        double pk = a[p * n + k], qk = a[q * n + k];
        a[p * n + k] = c * pk - s * qk;
        a[q * n + k] = s * pk + c * qk;
    }
    for (size_t k = 0; k < n; k++) {
        double pk = v[p * n + k], qk = v[q * n + k];
        v[p * n + k] = c * pk - s * qk;
        v[q * n + k] = s * pk + c * qk;
    }
}

void fit_eigen(double *matrix, size_t n, double *values, double *vectors)
{
    memset(vectors, 0, n * n * sizeof *vectors);
    for (size_t k = 0; k < n; k++)
        vectors[k * n + k] = 1;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        double off = 0, on = 0;
        for (size_t p = 0; p < n; p++)
            for (size_t q = 0; q < n; q++)
                *(p == q ? &on : &off) += matrix[p * n + q] * matrix[p * n + q];
        if (!(off > 1e-30 * on))
            break;
        for (size_t p = 0; p + 1 < n; p++)
            for (size_t q = p + 1; q < n; q++)
                if (matrix[p * n + q] != 0)
                    rotate(matrix, vectors, n, p, q);
    }
    for (size_t k = 0; k < n; k++)
        values[k] = matrix[k * n + k];
    for (size_t i = 0; i < n; i++) /* falling */
        for (size_t k = i + 1; k < n; k++)
            if (values[k] > values[i]) {
                double value = values[i];
                values[i] = values[k];
                values[k] = value;
                for (size_t j = 0; j < n; j++) {
                    double part = vectors[i * n + j];
                    vectors[i * n + j] = vectors[k * n + j];
                    vectors[k * n + j] = part;
                }
            }
}

/* ---- words ---- */

/* The part of a direction in e-folds of a logarithmic parameter, in SI of a linear one. */
static double natural(const closo_fit_parameter *parameter, double part)
{
    return part * (parameter->logarithmic ? log(parameter->high / parameter->low)
                                          : parameter->high - parameter->low);
}

/* An exponent as people write it: 2, 0.5, -1.37. */
static const char *exponent_text(double exponent, char *text, size_t size)
{
    double whole = round(2 * exponent) / 2;
    snprintf(text, size, "%.3g", fabs(exponent - whole) < 0.06 ? whole : exponent);
    return text;
}

/* Both by their logarithms: along the direction a b^(-of_a / of_b) stays as it is. */
static const char *power_sentence(const fit_work *work, const char *a, const char *b,
                                  double exponent)
{
    char text[32];
    if (fabs(exponent + 1) < 0.06)
        return closo_arena_printf(
            work->arena, "%s and %s cannot be told apart: only %s / %s is told", a, b, a, b);
    if (fabs(exponent - 1) < 0.06)
        return closo_arena_printf(
            work->arena, "%s and %s cannot be told apart: only their product is told", a, b);
    return closo_arena_printf(
        work->arena, "%s and %s cannot be told apart: only %s %s %s^%s is told", a, b, a,
        exponent < 0 ? "/" : "x", b, exponent_text(fabs(exponent), text, sizeof text));
}

/* Along the direction what the one does the other undoes. */
static const char *pair_sentence(const fit_work *work, const double *parts, size_t one,
                                 size_t other)
{
    const closo_fit_parameter *a = &work->parameters[one], *b = &work->parameters[other];
    double of_a = natural(a, parts[one]), of_b = natural(b, parts[other]);
    if (a->logarithmic && b->logarithmic)
        return fabs(of_a) >= fabs(of_b) ? power_sentence(work, a->path, b->path, -of_a / of_b)
                                        : power_sentence(work, b->path, a->path, -of_b / of_a);
    if (b->logarithmic)
        return pair_sentence(work, parts, other, one);
    if (a->logarithmic)
        return closo_arena_printf(work->arena,
                                  "%s and %s cannot be told apart: 10 %% more of the one does what "
                                  "%+.3g %s of the other does",
                                  a->path, b->path, -0.1 * of_b / of_a / b->in.factor, b->unit);
    return closo_arena_printf(work->arena,
                              "%s and %s cannot be told apart: 1 %s of the one does what %+.3g %s "
                              "of the other does",
                              a->path, b->path, a->unit, -of_b / of_a * a->in.factor / b->in.factor,
                              b->unit);
}

/* "A by a factor of 2, B by -0.1 V": a tenth of the ranges along the direction. */
static const char *many_sentence(const fit_work *work, const double *parts)
{
    const char *list = "";
    for (size_t k = 0; k < work->parameter_count && list != NULL; k++) {
        const closo_fit_parameter *parameter = &work->parameters[k];
        double moved = natural(parameter, 0.1 * parts[k]);
        if (fabs(parts[k]) < small_part)
            continue;
        const char *comma = list[0] != '\0' ? ", " : "";
        list = parameter->logarithmic
                   ? closo_arena_printf(work->arena, "%s%s%s by a factor of %.3g", list, comma,
                                        parameter->path, exp(moved))
                   : closo_arena_printf(work->arena, "%s%s%s by %+.3g %s", list, comma,
                                        parameter->path, moved / parameter->in.factor,
                                        parameter->unit);
    }
    return list != NULL ? closo_arena_printf(
                              work->arena, "these change together with hardly any effect: %s", list)
                        : NULL;
}

static const char *sentence_of(const fit_work *work, const double *parts)
{
    size_t large[MOST], count = 0;
    for (size_t k = 0; k < work->parameter_count && count < MOST; k++)
        if (fabs(parts[k]) >= small_part)
            large[count++] = k;
    if (count == 1)
        return closo_arena_printf(work->arena, "%s has hardly any effect on these data",
                                  work->parameters[large[0]].path);
    return count == 2 ? pair_sentence(work, parts, large[0], large[1]) : many_sentence(work, parts);
}

/* ---- the whole ---- */

closo_status fit_identify(const fit_work *work, const double *normal, double variance_factor,
                          closo_cell_fit *fit, closo_error *error)
{
    const size_t n = work->parameter_count;
    double *matrix = closo_arena_copy(work->arena, normal, n * n, sizeof *matrix);
    double *values = closo_arena_alloc(work->arena, n, sizeof *values);
    double *vectors = closo_arena_alloc(work->arena, n * n, sizeof *vectors);
    fit->weak = closo_arena_alloc(work->arena, n, sizeof *fit->weak);
    if (matrix == NULL || values == NULL || vectors == NULL || fit->weak == NULL)
        return closo_fail_nomem(error);
    fit_eigen(matrix, n, values, vectors);
    for (size_t k = 0; k < n; k++)
        values[k] = sqrt(fmax(values[k], 0));
    fit->singular_values = values;
    fit->condition = values[n - 1] > 0 ? values[0] / values[n - 1] : HUGE_VAL;
    for (size_t k = 0; k < n; k++) {
        double known = sqrt(variance_factor) / fmax(values[k], 1e-300);
        if (known < badly)
            continue;
        const double *parts = vectors + k * n;
        const char *sentence = sentence_of(work, parts);
        if (sentence == NULL)
            return closo_fail_nomem(error);
        fit->weak[fit->weak_count++] = (closo_fit_direction){values[k], parts, sentence};
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            if (fabs(fit->correlation[a * n + b]) > 0.98 && fit->weak_count == 0)
                closo_notes_add(&fit->notes, work->arena,
                                "%s and %s are known better together than each (correlation "
                                "%+.3f)",
                                work->parameters[a].path, work->parameters[b].path,
                                fit->correlation[a * n + b]);
    return CLOSO_OK;
}
