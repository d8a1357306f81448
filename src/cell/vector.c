/* SPDX-License-Identifier: BSD-3-Clause */
/* vector.c: the sums and norms that IDA makes of vectors of states, several vectors in one pass and as many numbers at a time as
 * the processor takes: with a few hundred states more than half of a run's time was theirs. A norm adds up in eight strands,
 * whatever the machine, so that its bits are the same everywhere. */
#include "vector.h"

#include "numeric/wide_internal.h"

#include <math.h>
#include <stddef.h>

static size_t length_of(N_Vector vector)
{
    return (size_t)N_VGetLength_Serial(vector);
}

static double *data_of(N_Vector vector)
{
    return N_VGetArrayPointer_Serial(vector);
}

/* z = a x + b y; any two of the three may be one */
WIDE static void add(size_t n, double a, const double *x, double b, const double *y, double *z)
{
    WIDE_LOOP
    for (size_t i = 0; i < n; i++)
        z[i] = a * x[i] + b * y[i];
}

static void linear_sum(realtype a, N_Vector x, realtype b, N_Vector y, N_Vector z)
{
    add(length_of(z), a, data_of(x), b, data_of(y), data_of(z));
}

WIDE static void fill(size_t n, double value, double *z)
{
    for (size_t i = 0; i < n; i++)
        z[i] = value;
}

static void set_all(realtype value, N_Vector z)
{
    fill(length_of(z), value, data_of(z));
}

WIDE static void stretch(size_t n, double a, const double *x, double *z)
{
    WIDE_LOOP
    for (size_t i = 0; i < n; i++)
        z[i] = a * x[i];
}

static void scale(realtype a, N_Vector x, N_Vector z)
{
    stretch(length_of(z), a, data_of(x), data_of(z));
}

enum { STRANDS = 8 };

/* sum of (x w m)^2 */
WIDE static double sum_of_squares(size_t n, const double *x, const double *w, const double *m)
{
    double strands[STRANDS] = {0}, rest = 0;
    size_t i = 0;
    for (; i + STRANDS <= n; i += STRANDS)
        for (size_t k = 0; k < STRANDS; k++) {
            double one = x[i + k] * w[i + k] * m[i + k];
            strands[k] += one * one;
        }
    for (; i < n; i++)
        rest += (x[i] * w[i] * m[i]) * (x[i] * w[i] * m[i]);
    return ((strands[0] + strands[4]) + (strands[1] + strands[5])) +
           ((strands[2] + strands[6]) + (strands[3] + strands[7])) + rest;
}

/* sqrt(mean of (x w)^2) of the states whose mask is 1; the others are 0, and counted in the mean as SUNDIALS counts them. */
static realtype masked_norm(N_Vector x, N_Vector w, N_Vector mask)
{
    size_t n = length_of(x);
    return sqrt(sum_of_squares(n, data_of(x), data_of(w), data_of(mask)) / (double)n);
}

/* The same of all. */
WIDE static double sum_of_all_squares(size_t n, const double *x, const double *w)
{
    double strands[STRANDS] = {0}, rest = 0;
    size_t i = 0;
    for (; i + STRANDS <= n; i += STRANDS)
        for (size_t k = 0; k < STRANDS; k++)
            strands[k] += (x[i + k] * w[i + k]) * (x[i + k] * w[i + k]);
    for (; i < n; i++)
        rest += (x[i] * w[i]) * (x[i] * w[i]);
    return ((strands[0] + strands[4]) + (strands[1] + strands[5])) +
           ((strands[2] + strands[6]) + (strands[3] + strands[7])) + rest;
}

static realtype weighted_norm(N_Vector x, N_Vector w)
{
    size_t n = length_of(x);
    return sqrt(sum_of_all_squares(n, data_of(x), data_of(w)) / (double)n);
}

/* z = sum c_k x_k, the first of which z may be */
WIDE static void combine(size_t n, int count, const double *c, const double *const *x, double *z)
{
    double one = c[0], two = count > 1 ? c[1] : 0, three = count > 2 ? c[2] : 0;
    const double *a = x[0], *b = count > 1 ? x[1] : a, *d = count > 2 ? x[2] : a;
    WIDE_LOOP
    for (size_t i = 0; i < n; i++)
        z[i] = one * a[i] + two * b[i] + three * d[i];
    for (int k = 3; k < count; k += 2) {
        double next = c[k], last = k + 1 < count ? c[k + 1] : 0;
        const double *p = x[k], *q = k + 1 < count ? x[k + 1] : p;
        WIDE_LOOP
        for (size_t i = 0; i < n; i++)
            z[i] += next * p[i] + last * q[i];
    }
}

/* A z that is shorter takes the last states only: IDA interpolates those that a row of the table wants and no others. */
static int linear_combination(int count, realtype *c, N_Vector *x_in, N_Vector z)
{
    enum { MOST = 8 };
    const double *x[MOST];
    size_t n = length_of(z);
    if (count < 1 || count > MOST)
        return -1;
    for (int k = 0; k < count; k++)
        x[k] = data_of(x_in[k]) + (length_of(x_in[k]) - n);
    combine(n, count, c, x, data_of(z));
    return 0;
}

/* ---- the same for several vectors ---- */

static int linear_sums(int count, realtype a, N_Vector *x, realtype b, N_Vector *y, N_Vector *z)
{
    for (int k = 0; k < count; k++)
        linear_sum(a, x[k], b, y[k], z[k]);
    return 0;
}

static int scales(int count, realtype *c, N_Vector *x, N_Vector *z)
{
    for (int k = 0; k < count; k++)
        scale(c[k], x[k], z[k]);
    return 0;
}

WIDE bool cell_vector_is_finite(size_t count, const double *x)
{
    double sum = 0, strands[STRANDS] = {0};
    size_t i = 0;
    for (; i + STRANDS <= count; i += STRANDS)
        for (size_t k = 0; k < STRANDS; k++)
            strands[k] += 0 * x[i + k]; /* NaN where a number is infinite, too */
    for (; i < count; i++)
        sum += 0 * x[i];
    for (size_t k = 0; k < STRANDS; k++)
        sum += strands[k];
    return sum == 0;
}

WIDE void cell_vector_correct(size_t count, const double *x, double factor, const double *y,
                              double *z)
{
    WIDE_LOOP
    for (size_t i = 0; i < count; i++)
        z[i] = factor * x[i] + y[i];
}

WIDE double cell_vector_take_step(size_t count, double share, const double *step,
                                  const double *weight, double *correction)
{
    double strands[STRANDS] = {0}, rest = 0;
    size_t i = 0;
    for (; i + STRANDS <= count; i += STRANDS)
        for (size_t k = 0; k < STRANDS; k++) {
            double part = share * step[i + k], size = part * weight[i + k];
            correction[i + k] -= part;
            strands[k] += size * size;
        }
    for (; i < count; i++) {
        double part = share * step[i], size = part * weight[i];
        correction[i] -= part;
        rest += size * size;
    }
    for (size_t k = 0; k < STRANDS; k++)
        rest += strands[k];
    return sqrt(rest / (double)count);
}

void cell_vector_quicken(N_Vector vector)
{
    vector->ops->nvlinearsum = linear_sum;
    vector->ops->nvconst = set_all;
    vector->ops->nvscale = scale;
    vector->ops->nvwrmsnorm = weighted_norm;
    vector->ops->nvwrmsnormmask = masked_norm;
    vector->ops->nvlinearcombination = linear_combination;
    vector->ops->nvlinearsumvectorarray = linear_sums;
    vector->ops->nvscalevectorarray = scales;
}
