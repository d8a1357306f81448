/* SPDX-License-Identifier: BSD-3-Clause */
/* synthetic_symmetric.h: potential and current of a cell with two equal electrodes, with arcs, drift, noise and spikes as real
 * cells have them, and shorts at known rows. It shares nothing with the analysis. */
#ifndef CLOSO_SYNTHETIC_SYMMETRIC_H
#define CLOSO_SYNTHETIC_SYMMETRIC_H

#include "closo/numeric.h"
#include "closo/symmetric.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

enum { SYNTHETIC_ROWS = 40000, SYNTHETIC_STEPS = 400 };
#define SYNTHETIC_AREA_m2 1e-4

/* A drop: from a row of a half cycle on, so many rows, to a share of what it was; 0 rows: to the end of the data. */
typedef struct synthetic_drop {
    size_t half, row, rows;
    double share;
} synthetic_drop;

typedef struct synthetic_cell {
    /* asked for */
    size_t halves, rows_per_half, halves_per_current;
    double first_mA, step_mA; /* at 1 cm2 */
    double half_h, resistance_ohm;
    double growth; /* of the resistance over the experiment, as a share; parabolic or straight */
    bool straight;
    double peak, peak_width; /* nucleation: height over the level, as a share; of the half cycle */
    double rise;             /* end of the half cycle, as a share */
    double improvement;      /* share of resistance lost over the first three half cycles */
    double offset_V, asymmetry; /* asymmetry: share between directions */
    double charging_rows;       /* rows of double layer charging, time constant */
    double noise_V, noise_share;
    double wander, wander_correlation; /* of the half cycles' levels, as a share; autoregressive */
    double spikes;                     /* share of rows that are single-row spikes */
    bool rests;
    synthetic_drop drops[4];
    size_t drop_count;
    uint64_t seed;
    /* made */
    size_t count, first_row_of[SYNTHETIC_STEPS];
    double time_s[SYNTHETIC_ROWS], potential_V[SYNTHETIC_ROWS], current_A[SYNTHETIC_ROWS];
} synthetic_cell;

static inline void synthetic_row(synthetic_cell *cell, double time_s, double potential_V,
                                 double current_A)
{
    assert(cell->count < SYNTHETIC_ROWS);
    cell->time_s[cell->count] = time_s;
    cell->potential_V[cell->count] = potential_V;
    cell->current_A[cell->count++] = current_A;
}

/* What the drops leave of the overpotential in a row, 1 when there is none. */
static inline double synthetic_left(const synthetic_cell *cell, size_t half, size_t row)
{
    double left = 1;
    for (size_t d = 0; d < cell->drop_count; d++) {
        const synthetic_drop *drop = &cell->drops[d];
        bool after = half > drop->half || (half == drop->half && row >= drop->row);
        bool before_end = drop->rows == 0 || (half == drop->half && row < drop->row + drop->rows);
        if (after && before_end)
            left *= drop->share;
    }
    return left;
}

static inline void synthetic_make(synthetic_cell *cell)
{
    closo_random random;
    closo_random_seed(&random, cell->seed);
    cell->count = 0;
    double now_s = 0, wander = 0, all_s = 3600 * cell->half_h * (double)cell->halves;
    assert(cell->halves <= SYNTHETIC_STEPS);
    for (int i = 0; i < 20; i++, now_s += 60)
        synthetic_row(cell, now_s, cell->offset_V + cell->noise_V * closo_random_normal(&random),
                      0);
    now_s -= 60; /* the last row of the rest */
    double before_V = cell->offset_V;
    for (size_t half = 0; half < cell->halves; half++) {
        int direction = half % 2 == 0 ? 1 : -1;
        double current_A =
            1e-3 * (cell->first_mA + cell->step_mA * (double)(half / cell->halves_per_current));
        double interval_s = 3600 * cell->half_h / (double)cell->rows_per_half;
        wander = cell->wander_correlation * wander +
                 sqrt(1 - cell->wander_correlation * cell->wander_correlation) *
                     closo_random_normal(&random);
        cell->first_row_of[half] = cell->count;
        for (size_t row = 0; row < cell->rows_per_half; row++) {
            now_s += interval_s;
            double share = ((double)row + 0.5) / (double)cell->rows_per_half;
            double age = now_s / all_s;
            double factor = 1 + cell->growth * (cell->straight ? age : sqrt(age));
            factor *= 1 + cell->improvement * exp(-((double)half + share) / 1.5);
            factor *= 1 + cell->peak * exp(-share / cell->peak_width) + cell->rise * pow(share, 8);
            factor *= 1 + 0.5 * cell->asymmetry * direction + cell->wander * wander;
            double target_V = cell->offset_V + direction * current_A * cell->resistance_ohm *
                                                   factor * synthetic_left(cell, half, row);
            double gone =
                cell->charging_rows > 0 ? exp(-((double)row + 1) / cell->charging_rows) : 0;
            double noise_V = cell->noise_V + cell->noise_share * current_A * cell->resistance_ohm;
            double potential_V =
                target_V + (before_V - target_V) * gone + noise_V * closo_random_normal(&random);
            if (closo_random_uniform(&random) < cell->spikes)
                potential_V *= 0.2 + 1.5 * closo_random_uniform(&random);
            synthetic_row(cell, now_s, potential_V, direction * current_A);
            if (row + 1 == cell->rows_per_half)
                before_V = target_V;
        }
        for (int i = 0; cell->rests && i < 5; i++) {
            now_s += 60;
            before_V = cell->offset_V;
            synthetic_row(cell, now_s,
                          cell->offset_V + cell->noise_V * closo_random_normal(&random), 0);
        }
    }
}

static inline closo_table *synthetic_table(synthetic_cell *cell, closo_arena *arena)
{
    closo_table *table = closo_table_new(arena, "synthetic");
    assert(table != NULL);
    table->row_count = cell->count;
    closo_table_add_values(table, "time/s", "s", CLOSO_QUANTITY_TIME, cell->time_s);
    closo_table_add_values(table, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, cell->potential_V);
    closo_table_add_values(table, "I/A", "A", CLOSO_QUANTITY_CURRENT, cell->current_A);
    return table;
}

/* A clean cell of every kind: rows, currents, arcs, drift, noise, rests drawn at random. */
static inline void synthetic_draw(synthetic_cell *cell, uint64_t seed)
{
    closo_random random;
    closo_random_seed(&random, seed);
#define BETWEEN(low, high) ((low) + ((high) - (low)) * closo_random_uniform(&random))
    *cell = (synthetic_cell){.seed = seed + 1000003};
    cell->halves = 12 + 2 * closo_random_below(&random, 20);
    cell->rows_per_half = 12 + closo_random_below(&random, 300);
    cell->halves_per_current = closo_random_below(&random, 2) == 0 ? 2 : 400;
    cell->first_mA = BETWEEN(0.02, 0.2);
    cell->step_mA = cell->halves_per_current == 2 ? BETWEEN(0.1, 1) * cell->first_mA : 0;
    cell->half_h = BETWEEN(0.25, 10);
    cell->resistance_ohm = pow(10, BETWEEN(1.5, 4));
    cell->growth = BETWEEN(-0.3, 1);
    cell->straight = closo_random_below(&random, 2) == 0;
    cell->peak = closo_random_below(&random, 2) == 0 ? BETWEEN(0, 0.6) : 0;
    cell->peak_width = BETWEEN(0.03, 0.3);
    cell->rise = closo_random_below(&random, 2) == 0 ? BETWEEN(0, 0.8) : 0;
    cell->improvement = closo_random_below(&random, 3) == 0 ? BETWEEN(0, 0.5) : 0;
    cell->offset_V = BETWEEN(-0.1, 0.1) * 1e-3 * cell->first_mA * cell->resistance_ohm;
    cell->asymmetry = BETWEEN(-0.1, 0.1);
    cell->charging_rows = closo_random_below(&random, 2) == 0 ? BETWEEN(0, 3) : 0;
    cell->noise_V = closo_random_below(&random, 2) == 0 ? 5e-5 : 1e-5;
    cell->noise_share = BETWEEN(0, 0.03);
    cell->wander = BETWEEN(0, 0.02);
    cell->wander_correlation = BETWEEN(0, 0.8);
    cell->spikes = closo_random_below(&random, 3) == 0 ? 0.001 : 0;
    cell->rests = closo_random_below(&random, 2) == 0;
#undef BETWEEN
    synthetic_make(cell);
}

#endif
