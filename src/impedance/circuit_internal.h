/* SPDX-License-Identifier: BSD-3-Clause */
/* circuit_internal.h: the tree of a circuit and its evaluation with derivatives. */
#ifndef CLOSO_CIRCUIT_INTERNAL_H
#define CLOSO_CIRCUIT_INTERNAL_H

#include "base/base_internal.h"
#include "closo/impedance.h"

enum { CIRCUIT_DEPTH_MAX = 32, CIRCUIT_NODES_MAX = 256, NO_NODE = -1 };

typedef enum node_kind { NODE_SERIES, NODE_PARALLEL, NODE_ELEMENT } node_kind;

/* Nodes stand in pre-order: parents before their children. A group has at least two children, none of its own kind, so
 * that series and parallel alternate from the root down. */
struct closo_circuit_node {
    node_kind kind;
    closo_circuit_element element;
    int label;  /* the number behind the symbol */
    int parent; /* NO_NODE for the root */
    int first_child, next_sibling;
    size_t first_parameter; /* of an element */
};
typedef struct closo_circuit_node circuit_node;

/* A circuit made ready for a set of frequencies. Values are all parameters in their own units; slopes are derivatives
 * with respect to ln(value), or to the value itself for exponents. Nothing is allocated in evaluation. */
typedef struct circuit_model {
    const closo_circuit *circuit;
    size_t count;
    double *omega, *log_omega;
    double *
        values; /* 2 count a node: real and imaginary part of Z, or of Y where the parent is parallel */
    double *factors; /* 2 count a group: d Z_total / d (sum over its children) */
    double *slopes;  /* 2 count a parameter */
} circuit_model;

bool closo_circuit_model_init(circuit_model *model, const closo_circuit *circuit,
                              const double *frequency_Hz, size_t count, closo_arena *arena);
/* The impedance: count real parts, then count imaginary parts; and, when asked for, model->slopes. */
const double *closo_circuit_model_run(circuit_model *model, const double *values, bool with_slopes);

/* Z of one element that is no power of j omega, and its slopes: slopes[2 k count ..] for parameter k; NULL to skip. */
void closo_element_evaluate(closo_circuit_element element, const double *parameters,
                            const circuit_model *model, double *value, double *slopes);

/* Elements whose impedance is amplitude * (j omega)^power. False for the others. */
typedef struct power_law {
    double amplitude, power;
    int amplitude_sign; /* d ln amplitude / d ln (first parameter): 1 or -1 */
    double power_slope; /* d power / d (second parameter); 0: there is none */
} power_law;
bool closo_element_power_law(closo_circuit_element element, const double *parameters,
                             power_law *law);

#endif
