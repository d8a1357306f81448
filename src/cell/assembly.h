/* SPDX-License-Identifier: BSD-3-Clause */
/* assembly.h: how a law adds its terms to the residual and, beside each, its derivatives to the Jacobian, so that the two
 * cannot part. A law has a file of its own, law_*.h; assemble.c, which alone includes them, compiles all of them once for each
 * pass, and what a pass does not need falls away there. Equation numbers are those of docs/cell.md. */
#ifndef CLOSO_ASSEMBLY_H
#define CLOSO_ASSEMBLY_H

#include "cell_internal.h"

#include <math.h>

/* Into the pass that calls it, which then is a constant. */
#define LAW static inline __attribute__((always_inline))

/* The residual; the Jacobian; its part by the slopes alone; where the Jacobian's entries are. */
typedef enum pass { PASS_VALUES, PASS_ENTRIES, PASS_RATES, PASS_PLACES } pass;

typedef struct assembly {
    pass pass;
    const cell_model *model;
    const double *y, *slope;
    double t_s, share;
    double *residual;    /* of PASS_VALUES */
    cell_matrix *matrix; /* of the others */
    const size_t **next; /* of PASS_ENTRIES, PASS_RATES: where in the matrix the next entry goes */
} assembly;

LAW void add_value(const assembly *work, size_t row, double value)
{
    if (work->pass == PASS_VALUES)
        work->residual[row] += value;
}

/* d residual[row] / d y[column]. Which entries a law adds must not depend on the state: their order is their address. */
LAW void add_entry(const assembly *work, size_t row, size_t column, double value)
{
    if (work->pass == PASS_PLACES)
        cell_matrix_record(work->matrix, row, column);
    else if (work->pass == PASS_ENTRIES)
        work->matrix->data[*(*work->next)++] += value;
    else if (work->pass == PASS_RATES)
        ++*work->next;
}

/* The same beside d residual[row] / d y'[column]. */
LAW void add_rate_and_entry(const assembly *work, size_t row, size_t column, double rate,
                            double value)
{
    if (work->pass == PASS_RATES)
        work->matrix->data[*(*work->next)++] += rate;
    else
        add_entry(work, row, column, work->share * rate + value);
}

/* factor * y[column] and factor * y'[column] */
LAW void add_state(const assembly *work, size_t row, size_t column, double factor)
{
    add_value(work, row, factor * work->y[column]);
    add_entry(work, row, column, factor);
}

LAW void add_rate(const assembly *work, size_t row, size_t column, double factor)
{
    add_value(work, row, factor * work->slope[column]);
    add_rate_and_entry(work, row, column, factor, 0);
}

/* factor * (phi_e of a node), phi_e = phi_s - w */
LAW void add_electrolyte(const assembly *work, size_t row, const cell_node *node, double factor)
{
    add_state(work, row, node->phi_s, factor);
    add_state(work, row, node->w, -factor);
}

/* Contact of a node's grains, 1 where none is lost. */
LAW double contact_at(const assembly *work, const cell_node *node)
{
    return node->contact != SIZE_MAX ? work->y[node->contact] : 1;
}

/* fmax() and fmin() are calls. */
LAW double at_least(double least, double value)
{
    return value > least ? value : least;
}

LAW double at_most(double most, double value)
{
    return value < most ? value : most;
}

/* base^exponent, base > 0; the exponents that are usual take no logarithm. */
LAW double power(double base, double exponent)
{
    if (exponent == 0.5)
        return sqrt(base);
    if (exponent == 1)
        return base;
    return exponent == 0 ? 1 : pow(base, exponent);
}

static const double exponent_most = 60;

/* exp, but a straight line above 60: Newton may look far off, and infinity tells it nothing. */
LAW double bounded_exp(double x, double *derivative)
{
    double value = exp(at_most(exponent_most, x));
    *derivative = value;
    return x > exponent_most ? value * (1 + x - exponent_most) : value;
}

/* exp(forward x) - exp(-(1 - forward) x), both bounded, and its derivative. */
typedef struct two_ways {
    double net, by_x;
} two_ways;

LAW two_ways both_ways(double forward, double x)
{
    if (forward == 0.5 && fabs(x) < 2 * exponent_most) { /* one is the inverse of the other */
        double out = exp(0.5 * x), in = 1 / out;
        return (two_ways){out - in, 0.5 * (out + in)};
    }
    double out_slope, in_slope;
    double out = bounded_exp(forward * x, &out_slope),
           in = bounded_exp(-(1 - forward) * x, &in_slope);
    return (two_ways){out - in, forward * out_slope + (1 - forward) * in_slope};
}

#endif
