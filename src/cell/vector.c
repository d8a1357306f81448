/* SPDX-License-Identifier: BSD-3-Clause */
/* vector.c: the sums and norms that IDA makes of vectors of states, two numbers at a time and several vectors in one
 * pass: with a few hundred states more than half of a run's time was theirs. A norm adds up in four strands, whatever the
 * machine, so that its bits are the same everywhere. */
#include "vector.h"

#include <math.h>
#include <stddef.h>

typedef double pair __attribute__((vector_size(16)));

static size_t length_of(N_Vector vector)
{
    return (size_t)N_VGetLength_Serial(vector);
}

static double *data_of(N_Vector vector)
{
    return N_VGetArrayPointer_Serial(vector);
}

/* GCC and clang make one instruction of each of these on any x86-64 or 64-bit ARM. */
static inline pair load(const double *at)
{
    pair made;
    __builtin_memcpy(&made, at, sizeof made);
    return made;
}

static inline void store(double *at, pair value)
{
    __builtin_memcpy(at, &value, sizeof value);
}

static inline pair spread(double value)
{
    return (pair){value, value};
}

/* z = a x + b y */
static void linear_sum(realtype a, N_Vector x_in, realtype b, N_Vector y_in, N_Vector z_in)
{
    const double *x = data_of(x_in), *y = data_of(y_in);
    double *z = data_of(z_in);
    size_t n = length_of(z_in), i = 0;
    for (; i + 2 <= n; i += 2)
        store(z + i, spread(a) * load(x + i) + spread(b) * load(y + i));
    for (; i < n; i++)
        z[i] = a * x[i] + b * y[i];
}

static void set_all(realtype value, N_Vector z_in)
{
    double *z = data_of(z_in);
    size_t n = length_of(z_in);
    for (size_t i = 0; i < n; i++)
        z[i] = value;
}

static void scale(realtype a, N_Vector x_in, N_Vector z_in)
{
    const double *x = data_of(x_in);
    double *z = data_of(z_in);
    size_t n = length_of(z_in), i = 0;
    for (; i + 2 <= n; i += 2)
        store(z + i, spread(a) * load(x + i));
    for (; i < n; i++)
        z[i] = a * x[i];
}

static void absolute(N_Vector x_in, N_Vector z_in)
{
    const double *x = data_of(x_in);
    double *z = data_of(z_in);
    size_t n = length_of(z_in);
    for (size_t i = 0; i < n; i++)
        z[i] = fabs(x[i]);
}

static void invert(N_Vector x_in, N_Vector z_in)
{
    const double *x = data_of(x_in);
    double *z = data_of(z_in);
    size_t n = length_of(z_in), i = 0;
    for (; i + 2 <= n; i += 2)
        store(z + i, spread(1) / load(x + i));
    for (; i < n; i++)
        z[i] = 1 / x[i];
}

/* sqrt(mean of (x w)^2) */
static realtype weighted_norm(N_Vector x_in, N_Vector w_in)
{
    const double *x = data_of(x_in), *w = data_of(w_in);
    size_t n = length_of(x_in), i = 0;
    pair even = spread(0), odd = spread(0);
    double rest = 0;
    for (; i + 4 <= n; i += 4) {
        pair one = load(x + i) * load(w + i), other = load(x + i + 2) * load(w + i + 2);
        even += one * one;
        odd += other * other;
    }
    for (; i < n; i++)
        rest += (x[i] * w[i]) * (x[i] * w[i]);
    return sqrt(((even[0] + even[1]) + (odd[0] + odd[1]) + rest) / (double)n);
}

/* The same of the states whose mask is 1; the others are 0, and counted in the mean as SUNDIALS counts them. */
static realtype masked_norm(N_Vector x_in, N_Vector w_in, N_Vector mask_in)
{
    const double *x = data_of(x_in), *w = data_of(w_in), *mask = data_of(mask_in);
    size_t n = length_of(x_in), i = 0;
    pair even = spread(0), odd = spread(0);
    double rest = 0;
    for (; i + 4 <= n; i += 4) {
        pair one = load(x + i) * load(w + i) * load(mask + i),
             other = load(x + i + 2) * load(w + i + 2) * load(mask + i + 2);
        even += one * one;
        odd += other * other;
    }
    for (; i < n; i++)
        rest += (x[i] * w[i] * mask[i]) * (x[i] * w[i] * mask[i]);
    return sqrt(((even[0] + even[1]) + (odd[0] + odd[1]) + rest) / (double)n);
}

/* z = sum c_k x_k; z may be the first of them. A z that is shorter takes the last states only: IDA interpolates those that a
 * row of the table wants and no others. */
static int linear_combination(int count, realtype *c, N_Vector *x_in, N_Vector z_in)
{
    enum { MOST = 8 };
    const double *x[MOST];
    double *z = data_of(z_in);
    size_t n = length_of(z_in), i = 0;
    if (count < 1 || count > MOST)
        return -1;
    for (int k = 0; k < count; k++)
        x[k] = data_of(x_in[k]) + (length_of(x_in[k]) - n);
    for (; i + 2 <= n; i += 2) {
        pair sum = spread(c[0]) * load(x[0] + i);
        for (int k = 1; k < count; k++)
            sum += spread(c[k]) * load(x[k] + i);
        store(z + i, sum);
    }
    for (; i < n; i++) {
        double sum = c[0] * x[0][i];
        for (int k = 1; k < count; k++)
            sum += c[k] * x[k][i];
        z[i] = sum;
    }
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

void cell_vector_quicken(N_Vector vector)
{
    vector->ops->nvlinearsum = linear_sum;
    vector->ops->nvconst = set_all;
    vector->ops->nvscale = scale;
    vector->ops->nvabs = absolute;
    vector->ops->nvinv = invert;
    vector->ops->nvwrmsnorm = weighted_norm;
    vector->ops->nvwrmsnormmask = masked_norm;
    vector->ops->nvlinearcombination = linear_combination;
    vector->ops->nvlinearsumvectorarray = linear_sums;
    vector->ops->nvscalevectorarray = scales;
}
