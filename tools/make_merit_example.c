/* SPDX-License-Identifier: BSD-3-Clause */
/* make_merit_example: writes the made-up cycling of examples/merit/data. usage: make_merit_example FOLDER
 *
 * Two cycles at C/10 of a cell with plateaus at 3.6 and 4.0 V and an ohmic resistance, so that `closo merit` has a file to
 * read. Charge, efficiency and resistance are put in; nothing here is a measurement, nor a model of one. */
#include "base/base_internal.h"
#include "closo/instrument.h"
#include "closo/numeric.h"

#include <math.h>
#include <stdio.h>

enum { ROWS_MAX = 4000 };

static const double interval_s = 300, rest_s = 1800;
static const double current_A = 1.274e-4;  /* C/10 of 9.8 mg at 130 mAh/g */
static const double discharge_C = 4.1278;  /* 117 mAh/g of 9.8 mg */
static const double resistance_ohm = 69.3; /* 85 ohm cm2 on 1.227 cm2 */
static const double noise_V = 5e-5;

typedef struct run {
    double time_s[ROWS_MAX], potential_V[ROWS_MAX], current_A[ROWS_MAX];
    size_t count;
    double now_s, state; /* share of the sodium that is out, 0..1 */
    closo_random random;
} run;

/* Two plateaus with a step between them, and ends that fall and rise like a logarithm. */
static double open_circuit_V(double state)
{
    double x = fmin(fmax(state, 1e-3), 1 - 1e-3);
    return 3.6 + 0.4 / (1 + exp(-(x - 0.5) / 0.015)) + 0.025 * log(x / (1 - x));
}

static void row(run *made, double amperes)
{
    if (made->count == ROWS_MAX)
        return;
    double potential_V = open_circuit_V(made->state) + resistance_ohm * amperes +
                         noise_V * closo_random_normal(&made->random);
    made->time_s[made->count] = made->now_s;
    made->potential_V[made->count] = round(potential_V * 1e5) / 1e5;
    made->current_A[made->count++] = amperes;
}

/* The first row under current stands 0.1 s after the last one at rest. */
static void pass(run *made, double charge_C, double amperes, double to)
{
    double start_s = made->now_s + 0.1, from = made->state, length_s = charge_C / fabs(amperes);
    for (size_t i = 0;; i++) {
        double at_s = fmin((double)i * interval_s, length_s);
        made->now_s = start_s + at_s;
        made->state = from + (to - from) * at_s / length_s;
        row(made, amperes);
        if (at_s >= length_s)
            return;
    }
}

static void rest(run *made)
{
    double start_s = made->now_s;
    for (double at_s = made->count == 0 ? 0 : interval_s; at_s <= rest_s; at_s += interval_s) {
        made->now_s = start_s + at_s;
        row(made, 0);
    }
}

int main(int count, char **words)
{
    static run made; /* too large for the stack */
    closo_arena *arena = closo_arena_new(0);
    if (count != 2 || arena == NULL || closo_folder_make(words[1], NULL) != CLOSO_OK) {
        fputs("usage: make_merit_example FOLDER\n", stderr);
        return 2;
    }
    closo_random_seed(&made.random, 5);
    made.state = 0.02;
    rest(&made);
    const double efficiencies[] = {0.914, 0.985}; /* of the first and second cycle */
    for (size_t i = 0; i < 2; i++) {
        /* What the charge puts in beyond the discharge goes elsewhere. */
        pass(&made, discharge_C / efficiencies[i], current_A, 0.98);
        rest(&made);
        pass(&made, discharge_C, -current_A, 0.02);
        rest(&made);
    }
    char path[1024];
    snprintf(path, sizeof path, "%s/pressure_cell_C10.bdf.csv", words[1]);
    closo_table *table = closo_table_new(arena, path);
    if (table == NULL)
        return 1;
    table->row_count = made.count;
    bool fine =
        closo_table_add_values(table, "time/s", "s", CLOSO_QUANTITY_TIME, made.time_s) != NULL &&
        closo_table_add_values(table, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, made.potential_V) !=
            NULL &&
        closo_table_add_values(table, "I/A", "A", CLOSO_QUANTITY_CURRENT, made.current_A) != NULL &&
        closo_table_write_bdf(table, path, arena, NULL) == CLOSO_OK;
    closo_arena_free(arena);
    return fine ? 0 : 1;
}
