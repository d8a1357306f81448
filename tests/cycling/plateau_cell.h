/* SPDX-License-Identifier: BSD-3-Clause */
/* plateau_cell.h: a cell whose open-circuit curve has two plateaus in closed form: two kinds of sites, each with Nernst's
 * isotherm of a width of its own, q(E) = sum of capacity_C / (1 + exp(-(E - plateau_V) / width_V)), behind a resistance.
 * So the charge up to a cut-off, dQ/dV at every potential, plateaus and overpotentials are known. */
#ifndef CLOSO_PLATEAU_CELL_H
#define CLOSO_PLATEAU_CELL_H

#include "closo/cycling.h"
#include "closo/numeric.h"

#include <assert.h>
#include <math.h>

enum { PLATEAU_ROWS = 400000 };

typedef struct plateau_cell {
    double plateau_V[2], width_V[2], capacity_C[2];
    double resistance_ohm, current_A, interval_s;
    double efficiency; /* share of the charge current that goes into the electrode */
    double noise_V;
    double relaxation_V, time_constant_s; /* of a rest: amplitude against the current before */
    closo_random random;
    double now_s, state_C;
    int direction; /* of the current before */
    size_t count;
    double time_s[PLATEAU_ROWS], potential_V[PLATEAU_ROWS], current_row_A[PLATEAU_ROWS];
} plateau_cell;

static inline double plateau_charge(const plateau_cell *c, double open_V)
{
    double sum = 0;
    for (int k = 0; k < 2; k++)
        sum += c->capacity_C[k] / (1 + exp(-(open_V - c->plateau_V[k]) / c->width_V[k]));
    return sum;
}

/* dq/dE in closed form. */
static inline double plateau_capacitance(const plateau_cell *c, double open_V)
{
    double sum = 0;
    for (int k = 0; k < 2; k++) {
        double filled = 1 / (1 + exp(-(open_V - c->plateau_V[k]) / c->width_V[k]));
        sum += c->capacity_C[k] * filled * (1 - filled) / c->width_V[k];
    }
    return sum;
}

static inline double plateau_open_V(const plateau_cell *c, double state_C)
{
    double low = 1, high = 6;
    for (int turn = 0; turn < 60; turn++) {
        double middle = 0.5 * (low + high);
        if (plateau_charge(c, middle) < state_C)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

static inline void plateau_row(plateau_cell *c, double open_V, double current_A)
{
    assert(c->count < PLATEAU_ROWS);
    c->time_s[c->count] = c->now_s;
    c->potential_V[c->count] =
        open_V + c->resistance_ohm * current_A + c->noise_V * closo_random_normal(&c->random);
    c->current_row_A[c->count++] = current_A;
}

static inline void plateau_start(plateau_cell *c, uint64_t seed)
{
    /* field by field: a whole one is too large for the stack */
    const double plateau_V[2] = {3.6, 4.0}, width_V[2] = {0.012, 0.016};
    for (int k = 0; k < 2; k++) {
        c->plateau_V[k] = plateau_V[k];
        c->width_V[k] = width_V[k];
        c->capacity_C[k] = 1.8;
    }
    c->resistance_ohm = 40;
    c->current_A = 5e-4;
    c->interval_s = 20;
    c->efficiency = 1;
    c->noise_V = c->relaxation_V = c->time_constant_s = c->now_s = 0;
    c->direction = 0;
    c->count = 0;
    closo_random_seed(&c->random, seed);
    c->state_C = plateau_charge(c, 3.0);
}

/* Charges (direction 1) or discharges (-1) until the cell reaches the cut-off. Gives the charge that passed. */
static inline double plateau_run(plateau_cell *c, int direction, double cut_off_V)
{
    double signed_A = direction * c->current_A, start_s = c->now_s, start_C = c->state_C;
    double end_C = plateau_charge(c, cut_off_V - signed_A * c->resistance_ohm);
    double stored_A = signed_A * (direction > 0 ? c->efficiency : 1);
    double duration_s = (end_C - start_C) / stored_A;
    assert(duration_s > 0);
    for (size_t i = 0;; i++) {
        double at_s = fmin((double)i * c->interval_s, duration_s);
        c->now_s = start_s + at_s;
        c->state_C = start_C + stored_A * at_s;
        plateau_row(c, plateau_open_V(c, c->state_C), signed_A);
        if (at_s >= duration_s)
            break;
    }
    c->direction = direction;
    return duration_s * c->current_A;
}

static inline void plateau_rest(plateau_cell *c, double duration_s)
{
    double start_s = c->now_s, open_V = plateau_open_V(c, c->state_C);
    for (double at_s = 0; at_s <= duration_s; at_s += c->interval_s) {
        c->now_s = start_s + at_s;
        double left_V = c->time_constant_s > 0
                            ? c->direction * c->relaxation_V * exp(-at_s / c->time_constant_s)
                            : 0;
        plateau_row(c, open_V + left_V, 0);
    }
}

static inline closo_table *plateau_table(plateau_cell *c, closo_arena *arena)
{
    closo_table *table = closo_table_new(arena, "plateaus");
    assert(table != NULL);
    table->row_count = c->count;
    const closo_column *columns[] = {
        closo_table_add_values(table, "time/s", "s", CLOSO_QUANTITY_TIME, c->time_s),
        closo_table_add_values(table, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, c->potential_V),
        closo_table_add_values(table, "I/A", "A", CLOSO_QUANTITY_CURRENT, c->current_row_A)};
    assert(columns[0] != NULL && columns[1] != NULL && columns[2] != NULL);
    (void)columns;
    return table;
}

#endif
