/* SPDX-License-Identifier: BSD-3-Clause */
/* dense.c: small dense linear algebra. */
#include "numeric/dense_internal.h"

#include "numeric/wide_internal.h"

#include <math.h>

WIDE_INLINE double sum_four(const four *parts)
{
    return ((*parts)[0] + (*parts)[2]) + ((*parts)[1] + (*parts)[3]);
}

/* Products of two vectors (neighbours, `stride` apart) with four others: eight sums for six reads. */
WIDE_INLINE void dot_two_four(const double *a, const double *b, size_t stride, size_t count,
                              double *out, double *out_next)
{
    const double *a1 = a + stride;
    const double *b0 = b, *b1 = b + stride, *b2 = b + 2 * stride, *b3 = b + 3 * stride;
    four s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, t0 = {0}, t1 = {0}, t2 = {0}, t3 = {0};
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        four left = LOAD_FOUR(a + i), next = LOAD_FOUR(a1 + i), right = LOAD_FOUR(b0 + i);
        s0 += left * right;
        t0 += next * right;
        right = LOAD_FOUR(b1 + i);
        s1 += left * right;
        t1 += next * right;
        right = LOAD_FOUR(b2 + i);
        s2 += left * right;
        t2 += next * right;
        right = LOAD_FOUR(b3 + i);
        s3 += left * right;
        t3 += next * right;
    }
    four *sums[8] = {&s0, &s1, &s2, &s3, &t0, &t1, &t2, &t3};
    for (size_t k = 0; k < 8; k++) {
        const double *one = k < 4 ? a : a1, *other = b + k % 4 * stride;
        for (size_t j = i; j < count; j++)
            (*sums[k])[0] += one[j] * other[j];
        (k < 4 ? out : out_next)[k % 4] = sum_four(sums[k]);
    }
}

WIDE double closo_dot(const double *a, const double *b, size_t count)
{
    four sum = {0};
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        sum += LOAD_FOUR(a + i) * LOAD_FOUR(b + i);
    for (; i < count; i++)
        sum[0] += a[i] * b[i];
    return sum_four(&sum);
}

WIDE void closo_add_scaled(double *restrict y, double factor, const double *restrict x,
                           size_t count)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        *(four_anywhere *)(y + i) += factor * LOAD_FOUR(x + i);
    for (; i < count; i++)
        y[i] += factor * x[i];
}

WIDE void closo_gram(const double *vectors, size_t count, size_t stride, size_t length, double *out,
                     size_t out_stride)
{
    for (size_t i = 0; i < count; i += 2) {
        const bool pair = i + 1 < count;
        const double *vector = vectors + i * stride;
        double *row = out + i * out_stride, *next = row + out_stride;
        size_t j = 0;
        for (; j + 4 <= i + 1 && pair; j += 4)
            dot_two_four(vector, vectors + j * stride, stride, length, row + j, next + j);
        for (size_t k = j; k <= i; k++)
            row[k] = closo_dot(vector, vectors + k * stride, length);
        for (size_t k = j; k <= i + 1 && pair; k++)
            next[k] = closo_dot(vector + stride, vectors + k * stride, length);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            out[j * out_stride + i] = out[i * out_stride + j];
}

/* Columns j .. j + 3 of a row of the factor: what the columns before take of them is known, then the four among themselves.
 * The diagonal holds the inverses, as divisions cost more than all the rest. */
WIDE_INLINE void finish_four(double *row, const double *taken, const double *above, size_t stride,
                             size_t j)
{
    for (size_t k = 0; k < 4; k++) {
        double rest = row[j + k] - taken[k];
        for (size_t l = 0; l < k; l++)
            rest -= row[j + l] * above[k * stride + j + l];
        row[j + k] = rest * above[k * stride + j + k];
    }
}

/* Columns from j on, and the inverse of the diagonal. */
WIDE_INLINE bool finish_row(double *matrix, size_t i, size_t j, size_t stride)
{
    double *row = matrix + i * stride;
    for (; j < i; j++) {
        const double *above = matrix + j * stride;
        row[j] = (row[j] - closo_dot(row, above, j)) * above[j];
    }
    double pivot = row[i] - closo_dot(row, row, i);
    if (!(pivot > 0))
        return false;
    row[i] = 1 / sqrt(pivot);
    return true;
}

/* Two rows at a time, four columns at a time. */
WIDE bool closo_cholesky(double *matrix, size_t n, size_t stride)
{
    for (size_t i = 0; i < n; i += 2) {
        const bool pair = i + 1 < n;
        double *row = matrix + i * stride, *next = row + stride, taken[4], taken_next[4];
        size_t j = 0;
        for (; j + 4 <= i && pair; j += 4) {
            const double *above = matrix + j * stride;
            dot_two_four(row, above, stride, j, taken, taken_next);
            finish_four(row, taken, above, stride, j);
            finish_four(next, taken_next, above, stride, j);
        }
        if (!finish_row(matrix, i, j, stride) || (pair && !finish_row(matrix, i + 1, j, stride)))
            return false;
    }
    for (size_t i = 0; i < n; i++)
        matrix[i * stride + i] = 1 / matrix[i * stride + i];
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

bool closo_positive_inverse(double *matrix, size_t n, size_t stride, double *work)
{
    static const double least_pivot = 1e-13; /* of a diagonal of 1 */
    double *factor = work, *scale = work + n * n;
    for (size_t i = 0; i < n; i++) {
        if (!(matrix[i * stride + i] > 0) || !isfinite(matrix[i * stride + i]))
            return false;
        scale[i] = 1 / sqrt(matrix[i * stride + i]);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            factor[i * n + j] = matrix[i * stride + j] * scale[i] * scale[j];
    if (!closo_cholesky(factor, n, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!(factor[i * n + i] * factor[i * n + i] > least_pivot))
            return false;
    for (size_t row = 0; row < n; row++) { /* of the inverse, which is symmetric: a column */
        double *column = matrix + row * stride;
        for (size_t i = 0; i < n; i++)
            column[i] = i == row ? 1 : 0;
        closo_cholesky_forward(factor, n, n, column);
        closo_cholesky_backward(factor, n, n, column);
        for (size_t i = 0; i < n; i++)
            column[i] *= scale[i] * scale[row];
    }
    return true;
}

/* A -= v w' + w v' on the trailing block that begins at row and column first. */
WIDE static void update_rank_two(double *matrix, size_t first, size_t n, size_t stride,
                                 const double *v, const double *w)
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
        r = sqrt(f * f + g * g); /* both far from overflow: eigenvalues of scaled data */
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
