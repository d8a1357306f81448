/* SPDX-License-Identifier: BSD-3-Clause */
/* synthetic_cell.h: a cell with a straight open-circuit line and a resistance, so that charge, energy, mean potential,
 * hysteresis and the step of potential are known in closed form. */
#ifndef CLOSO_SYNTHETIC_CELL_H
#define CLOSO_SYNTHETIC_CELL_H

#include "closo/cycling.h"
#include "closo/numeric.h"

#include <assert.h>
#include <math.h>

enum { CELL_ROWS = 200000 };
#define CELL_EMPTY_V        3.4
#define CELL_SLOPE_V        0.6 /* from empty to full */
#define CELL_FULL_C         3.6 /* 1 mAh */
#define CELL_RESISTANCE_ohm 50.0

typedef struct cell {
    double time_s[CELL_ROWS], potential_V[CELL_ROWS], current_A[CELL_ROWS];
    size_t count;
    double now_s, state_C;                 /* state_C: charge in the cell */
    double noise_V, noise_A, rest_noise_A; /* of each row */
    double interval_s;
    closo_random random;
} cell;

static inline void cell_start(cell *c, double interval_s)
{
    c->count = 0;
    c->now_s = c->state_C = c->noise_V = c->noise_A = c->rest_noise_A = 0;
    c->interval_s = interval_s;
    closo_random_seed(&c->random, 7);
}

static inline void cell_row(cell *c, double current_A)
{
    assert(c->count < CELL_ROWS);
    double noise_A = current_A == 0 ? c->rest_noise_A : c->noise_A;
    c->time_s[c->count] = c->now_s;
    c->potential_V[c->count] = CELL_EMPTY_V + CELL_SLOPE_V * c->state_C / CELL_FULL_C +
                               CELL_RESISTANCE_ohm * current_A +
                               c->noise_V * closo_random_normal(&c->random);
    c->current_A[c->count++] = current_A + noise_A * closo_random_normal(&c->random);
}

/* Passes a charge (negative: discharges) at a constant current. The first row stands at the start of the step. */
static inline void cell_pass(cell *c, double charge_C, double current_A)
{
    double duration_s = fabs(charge_C / current_A), start_s = c->now_s, start_C = c->state_C;
    double signed_A = charge_C > 0 ? current_A : -current_A;
    for (size_t i = 0;; i++) {
        double at_s = fmin((double)i * c->interval_s, duration_s);
        c->now_s = start_s + at_s;
        c->state_C = start_C + signed_A * at_s;
        cell_row(c, signed_A);
        if (at_s >= duration_s)
            break;
    }
}

static inline void cell_rest(cell *c, double duration_s)
{
    double start_s = c->now_s;
    for (double at_s = 0; at_s <= duration_s; at_s += c->interval_s) {
        c->now_s = start_s + at_s;
        cell_row(c, 0);
    }
}

/* A hold of constant potential in which the current dies with a time constant, from the current before. */
static inline void cell_hold(cell *c, double current_A, double time_constant_s, double duration_s)
{
    double start_s = c->now_s, start_C = c->state_C;
    double hold_V =
        CELL_EMPTY_V + CELL_SLOPE_V * c->state_C / CELL_FULL_C + CELL_RESISTANCE_ohm * current_A;
    for (double at_s = c->interval_s; at_s <= duration_s; at_s += c->interval_s) {
        c->now_s = start_s + at_s;
        double now_A = current_A * exp(-at_s / time_constant_s);
        cell_row(c, now_A);
        c->potential_V[c->count - 1] = hold_V + c->noise_V * closo_random_normal(&c->random);
    }
    c->state_C = start_C + current_A * time_constant_s * (1 - exp(-duration_s / time_constant_s));
}

static inline closo_table *cell_table(cell *c, closo_arena *arena)
{
    closo_table *table = closo_table_new(arena, "synthetic");
    assert(table != NULL);
    table->row_count = c->count;
    closo_column *time =
        closo_table_add_values(table, "time/s", "s", CLOSO_QUANTITY_TIME, c->time_s);
    closo_column *potential =
        closo_table_add_values(table, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, c->potential_V);
    closo_column *current =
        closo_table_add_values(table, "I/A", "A", CLOSO_QUANTITY_CURRENT, c->current_A);
    assert(time != NULL && potential != NULL && current != NULL);
    (void)time;
    (void)potential;
    (void)current;
    return table;
}

#endif
