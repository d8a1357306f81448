/* SPDX-License-Identifier: BSD-3-Clause */
/* dense_internal.h: small dense linear algebra, up to a few hundred unknowns, where a library's blocking does not pay
 * and the same bits on every machine are worth more. Vectors are plain arrays. */
#ifndef CLOSO_DENSE_INTERNAL_H
#define CLOSO_DENSE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* sum a[i] b[i], in four interleaved partial sums. */
double closo_dot(const double *a, const double *b, size_t count);
/* y += factor x */
void closo_add_scaled(double *y, double factor, const double *x, size_t count);

/* Products of all pairs among `count` vectors of `length`, `stride` apart, into out[i * out_stride + j] and its mirror
 * image. The same bits as closo_dot() gives. */
void closo_gram(const double *vectors, size_t count, size_t stride, size_t length, double *out,
                size_t out_stride);

/* Cholesky factor of a symmetric positive definite matrix, rows of `stride`; only the lower triangle is read, and is
 * replaced by L. False when the matrix is not positive definite. O(n^3 / 6) multiplications. */
bool closo_cholesky(double *matrix, size_t n, size_t stride);
/* L y = b and L' x = y, in place. */
void closo_cholesky_forward(const double *factor, size_t n, size_t stride, double *vector);
void closo_cholesky_backward(const double *factor, size_t n, size_t stride, double *vector);

/* Inverse of a symmetric positive definite matrix in place, rows of `stride`. It is scaled to a diagonal of 1 first, so that what is
 * singular does not depend on the units of its columns. False, and the matrix spoilt, when it is singular to rounding.
 * work: n * (n + 1) doubles. O(n^3). */
bool closo_positive_inverse(double *matrix, size_t n, size_t stride, double *work);

/* Householder's reduction of a symmetric matrix (full storage, rows of `stride`) to tridiagonal form T = Q' A Q:
 * diagonal[n], below[n - 1]. The vector is replaced by Q' vector; the matrix is overwritten. O(4 n^3 / 3).
 * Golub, Van Loan, Matrix Computations, 4th ed., section 8.3.1. work: n doubles. */
void closo_tridiagonalise(double *matrix, size_t n, size_t stride, double *diagonal, double *below,
                          double *vector, double *work);

/* Eigenvalues of a symmetric tridiagonal matrix T = V D V' by implicit QL steps; they replace the diagonal, in no order;
 * `below` is used up, the vector is replaced by V' vector. False when an eigenvalue does not settle. O(n^2).
 * Golub, Van Loan, section 8.3.3; Wilkinson's shift. */
bool closo_tridiagonal_eigenvalues(double *diagonal, double *below, size_t n, double *vector);

/* Minimises x'Hx/2 - g'x over x >= 0; H positive definite, rows of `stride`. free tells which unknowns are taken to be
 * above zero at the start, and in the end. work: n * (n + 3) doubles. False when it does not settle.
 * Block principal pivoting: Portugal, Judice, Vicente, Math. Comp. 63 (1994) 625,
 * doi:10.1090/S0025-5718-1994-1250776-4. O(n^3 / 6) for each exchange, of which there are rarely ten. */
bool closo_nonnegative_solve(const double *matrix, const double *right, size_t n, size_t stride,
                             double *x, bool *free, double *work);

#ifdef __cplusplus
}
#endif
#endif
