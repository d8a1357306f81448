/* SPDX-License-Identifier: BSD-3-Clause */
/* assembly.h: how a law adds its terms to the residual and, beside each, its derivatives to the Jacobian, so that the two
 * cannot part. A law has a file of its own, law_*.c; assemble.c calls them. Equation numbers are those of docs/cell.md. */
#ifndef CLOSO_ASSEMBLY_H
#define CLOSO_ASSEMBLY_H

#include "cell_internal.h"

#include <math.h>

typedef struct assembly {
    const cell_model *model;
    const double *y, *slope;
    double t_s, share;
    double *residual;    /* or NULL */
    cell_matrix *matrix; /* or NULL */
} assembly;

static inline void add_value(const assembly *work, size_t row, double value)
{
    if (work->residual != NULL)
        work->residual[row] += value;
}

/* d residual[row] / d y[column]. Which entries a law adds must not depend on the state: their order is their address. */
static inline void add_entry(const assembly *work, size_t row, size_t column, double value)
{
    cell_matrix *matrix = work->matrix;
    if (matrix == NULL)
        return;
    if (matrix->recording)
        cell_matrix_record(matrix, row, column);
    else
        matrix->data[matrix->map[matrix->next++]] += value;
}

/* factor * y[column] and factor * y'[column] */
static inline void add_state(const assembly *work, size_t row, size_t column, double factor)
{
    add_value(work, row, factor * work->y[column]);
    add_entry(work, row, column, factor);
}

static inline void add_rate(const assembly *work, size_t row, size_t column, double factor)
{
    add_value(work, row, factor * work->slope[column]);
    add_entry(work, row, column, work->share * factor);
}

/* factor * (phi_e of a node), phi_e = phi_s - w */
static inline void add_electrolyte(const assembly *work, size_t row, const cell_node *node,
                                   double factor)
{
    add_state(work, row, node->phi_s, factor);
    add_state(work, row, node->w, -factor);
}

/* exp, but a straight line above 60: Newton may look far off, and infinity tells it nothing. */
static inline double bounded_exp(double x, double *derivative)
{
    const double most = 60;
    double value = exp(fmin(x, most));
    *derivative = value;
    return x > most ? value * (1 + x - most) : value;
}

/* ---- law_grain.c, eqs. 1 and 5 ---- */

void cell_law_diffusion(const assembly *work, const cell_node *node);
void cell_law_insertion(const assembly *work, const cell_node *node);

/* ---- law_film.c, eq. 7 ---- */

/* Resistance of the film on the active material and its derivatives by the charges of the first two oxidations on it; that
 * by R_slow is 1. */
typedef struct cell_film {
    double ohm_m2, by_first, by_second;
} cell_film;

cell_film cell_film_at(const assembly *work, const cell_node *node);
void cell_law_film(const assembly *work, const cell_node *node);

/* ---- law_oxidation.c, eq. 6 ---- */

void cell_law_oxidation(const assembly *work, const cell_node *node, const cell_surface *surface);

/* ---- law_wear.c, eq. 16 ---- */

void cell_law_wear(const assembly *work, const cell_node *node);
/* contact^(1 - isolation): area in contact over the share of the grains that is reached, and its derivative by contact */
double cell_contact_shared(const assembly *work, const cell_node *node, double *by_contact);

/* Contact of a node's grains, 1 where none is lost. */
static inline double cell_contact(const assembly *work, const cell_node *node)
{
    return node->contact != SIZE_MAX ? work->y[node->contact] : 1;
}

/* ---- law_charge.c, eqs. 2 to 4 ---- */

void cell_law_double_layers(const assembly *work, const cell_node *node);
void cell_law_conduction(const assembly *work, size_t index); /* between this node and the next */

/* ---- law_salt.c, eqs. 12 to 14: nothing where the salt does not move ---- */

void cell_law_salt_prepare(const assembly *work); /* what depends on concentration, each once */
void cell_law_salt(const assembly *work);         /* diffusion and sources */
void cell_law_salt_conduction(const assembly *work, size_t index); /* instead of the plain one */
void cell_law_salt_separator(const assembly *work);                /* its drop of potential */
/* (c / c at rest)^exponent of a state, and its derivative */
double cell_salt_power(const assembly *work, size_t state, double exponent, double *derivative);

/* ---- law_metal.c, eq. 8 ---- */

void cell_law_metal(const assembly *work, const cell_metal *metal);
/* factor * (equilibrium potential of the metal electrode) */
void cell_add_metal_equilibrium(const assembly *work, size_t row, const cell_metal *metal,
                                double factor);

/* ---- law_heat.c, eq. 17 ---- */

void cell_law_heat(const assembly *work);

/* ---- law_circuit.c, eqs. 9 and 11 ---- */

/* Of the electrons through the separator. */
static inline double cell_leak_S_per_m2(const closo_cell *cell)
{
    return cell->separator_m > 0 ? cell->electron_leak_S_per_m / cell->separator_m : 0;
}

void cell_law_separator(const assembly *work);
void cell_law_circuit(const assembly *work);

#endif
