/* SPDX-License-Identifier: BSD-3-Clause */
/* dense.c: small dense linear algebra. The sums run in four interleaved parts, in a fixed order: compilers turn them into
 * vector instructions without leave to reorder, so every build gives the same bits. */
#include "numeric/dense_internal.h"

#include <math.h>

double closo_dot(const double *a, const double *b, size_t count)
{
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        s0 += a[i] * b[i];
        s1 += a[i + 1] * b[i + 1];
        s2 += a[i + 2] * b[i + 2];
        s3 += a[i + 3] * b[i + 3];
    }
    for (; i < count; i++)
        s0 += a[i] * b[i];
    return (s0 + s2) + (s1 + s3);
}

void closo_add_scaled(double *restrict y, double factor, const double *restrict x, size_t count)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        y[i] += factor * x[i];
        y[i + 1] += factor * x[i + 1];
        y[i + 2] += factor * x[i + 2];
        y[i + 3] += factor * x[i + 3];
    }
    for (; i < count; i++)
        y[i] += factor * x[i];
}

bool closo_cholesky(double *matrix, size_t n, size_t stride)
{
    for (size_t i = 0; i < n; i++) {
        double *row = matrix + i * stride;
        for (size_t j = 0; j < i; j++) {
            const double *above = matrix + j * stride;
            row[j] = (row[j] - closo_dot(row, above, j)) / above[j];
        }
        double pivot = row[i] - closo_dot(row, row, i);
        if (!(pivot > 0))
            return false;
        row[i] = sqrt(pivot);
    }
    return true;
}

void closo_cholesky_forward(const double *factor, size_t n, size_t stride, double *vector)
{
    for (size_t i = 0; i < n; i++) {
        const double *row = factor + i * stride;
        vector[i] = (vector[i] - closo_dot(row, vector, i)) / row[i];
    }
}

void closo_cholesky_backward(const double *factor, size_t n, size_t stride, double *vector)
{
    for (size_t i = n; i-- > 0;) {
        const double *row = factor + i * stride;
        vector[i] /= row[i];
        closo_add_scaled(vector, -vector[i], row, i);
    }
}

/* A -= v w' + w v' on the trailing block that begins at row and column first. */
static void update_rank_two(double *matrix, size_t first, size_t n, size_t stride, const double *v,
                            const double *w)
{
    for (size_t i = first; i < n; i++) {
        double *row = matrix + i * stride;
        closo_add_scaled(row + first, -v[i], w + first, n - first);
        closo_add_scaled(row + first, -w[i], v + first, n - first);
    }
}

void closo_tridiagonalise(double *matrix, size_t n, size_t stride, double *diagonal, double *below,
                          double *vector, double *work)
{
    for (size_t k = 0; k + 2 < n; k++) {
        double *v = matrix + k * stride; /* row k right of the diagonal: the column, by symmetry */
        size_t first = k + 1;
        double tail2 = closo_dot(v + first + 1, v + first + 1, n - first - 1);
        diagonal[k] = v[k];
        if (!(tail2 > 0)) {
            below[k] = v[first];
            continue;
        }
        double norm = sqrt(v[first] * v[first] + tail2);
        double turned = v[first] > 0 ? -norm : norm;
        below[k] = turned;
        v[first] -= turned;
        double beta = 2 / (v[first] * v[first] + tail2);
        for (size_t i = first; i < n; i++)
            work[i] = beta * closo_dot(matrix + i * stride + first, v + first, n - first);
        closo_add_scaled(work + first, -beta / 2 * closo_dot(work + first, v + first, n - first),
                         v + first, n - first);
        update_rank_two(matrix, first, n, stride, v, work);
        closo_add_scaled(vector + first, -beta * closo_dot(vector + first, v + first, n - first),
                         v + first, n - first);
    }
    if (n >= 2) {
        diagonal[n - 2] = matrix[(n - 2) * stride + n - 2];
        below[n - 2] = matrix[(n - 1) * stride + n - 2];
    }
    if (n >= 1)
        diagonal[n - 1] = matrix[(n - 1) * stride + n - 1];
}

/* One implicit QL step on rows first..last. */
static void ql_step(double *d, double *e, size_t first, size_t last, double *vector)
{
    double g = (d[first + 1] - d[first]) / (2 * e[first]);
    double r = hypot(g, 1), s = 1, c = 1, p = 0;
    g = d[last] - d[first] + e[first] / (g + copysign(r, g));
    for (size_t i = last; i-- > first;) {
        double f = s * e[i], b = c * e[i];
        r = hypot(f, g);
        e[i + 1] = r;
        if (!(r > 0)) {
            d[i + 1] -= p;
            e[last] = 0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        double upper = vector[i + 1];
        vector[i + 1] = s * vector[i] + c * upper;
        vector[i] = c * vector[i] - s * upper;
    }
    d[first] -= p;
    e[first] = g;
    e[last] = 0;
}

bool closo_tridiagonal_eigenvalues(double *diagonal, double *below, size_t n, double *vector)
{
    enum { STEPS = 60 };
    if (n == 0)
        return true;
    below[n - 1] = 0;
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(diagonal[i]) + fabs(below[i]));
    for (size_t first = 0; first < n; first++) {
        for (int step = 0;; step++) {
            size_t last = first;
            /* Against the largest one, not the neighbours: the small eigenvalues are rounding anyway. */
            while (last + 1 < n && fabs(below[last]) > 1e-16 * largest)
                last++;
            if (last == first)
                break;
            if (step == STEPS)
                return false;
            ql_step(diagonal, below, first, last, vector);
        }
    }
    return true;
}
