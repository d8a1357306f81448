/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_cell.c: what simulated cycles cost, how the cost grows with nodes and with cycles, and how far off they are beside a
 * run with a tolerance of 1e-8. The cell is like that of chapter 5: grains of 3 um with two plateaus, two anions that
 * oxidise, a film, a growing interphase. */
#include "closo/cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Processor time, so that a busy machine does not count. */
static double now_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

enum { ENDS = 2, MIDDLE = 41, CURVE = MIDDLE + 2 * ENDS };
static double filled[CURVE], potential_V[CURVE];

/* Plateaus at 4.0 and 3.6 V, 0.15 V of slope over all; logarithmic ends, with points close to empty and full. */
static void make_curve(void)
{
    for (int i = 0; i < CURVE; i++) {
        double y = 0.001 + 0.998 * (double)(i - ENDS) / (MIDDLE - 1);
        if (i < ENDS)
            y = 1e-5 * pow(10, i);
        if (i >= MIDDLE + ENDS)
            y = 1 - 1e-5 * pow(10, CURVE - 1 - i);
        filled[i] = y;
        potential_V[i] =
            3.8 + 0.2 * tanh((0.5 - y) / 0.03) + 0.15 * (0.5 - y) + 0.025 * log((1 - y) / y);
    }
}

static closo_cell chapter_5(size_t nodes, size_t shells)
{
    return (closo_cell){.name = "bench",
                        .area_m2 = 1.131e-4,
                        .temperature_K = 298.15,
                        .reference_K = 298.15,
                        .node_count = nodes,
                        .shell_count = shells,
                        .thickness_m = 12e-6,
                        .active = {.volume_fraction = 0.4,
                                   .radius_m = 3e-6,
                                   .sites_mol_per_m3 = 15400,
                                   .usable = 0.82,
                                   .diffusivity_m2_per_s = {1.17e-15, 0},
                                   .exchange_current_A_per_m2 = {2.7, 0},
                                   .transfer = 0.5,
                                   .filling_exponent = 0.3,
                                   .double_layer_F_per_m2 = 0.1,
                                   .equilibrium = {CURVE, filled, potential_V},
                                   .filled_at_start = 0.98},
                        .carbon_area_per_m = 1e6,
                        .carbon_double_layer_F_per_m2 = 0.1,
                        .ion_conductivity_S_per_m = {0.12, 0},
                        .ion_path = 0.1,
                        .electron_conductivity_S_per_m = 10,
                        .anions = {{"B12H12", 3.45, 0.5, 1e-5, 0.5, 0, 5, 0},
                                   {"CB11H12", 4.22, 0.64, 1e-5, 0.05, 0, 10, 0}},
                        .anion_count = 2,
                        .film = {.rho_ohm_m4_per_C = 1e-3, .growth = 4},
                        .separator_m = 600e-6,
                        .counter.resistance_ohm_m2 = {3.1e-3, 0},
                        .counter.growth_ohm2_m4_per_s = 1e-12,
                        .counter.double_layer_F_per_m2 = 0.02};
}

static const double one_C_A_per_m2 = 96485.0 * 15400 * 0.4 * 0.82 * 12e-6 / 3600;

static closo_experiment_step constant_current(double rate, double until_V, int cycle)
{
    const double nothing = NAN;
    return (closo_experiment_step){.kind = CLOSO_EXPERIMENT_CURRENT,
                                   .current_A_per_m2 = rate * one_C_A_per_m2,
                                   .until_V = until_V,
                                   .until_current_A_per_m2 = nothing,
                                   .until_s = nothing,
                                   .until_charge_C_per_m2 = nothing,
                                   .cycle = cycle};
}

/* What a run took, and its result in the arena. */
typedef struct result {
    closo_simulation *made;
    double took_s;
} result;

static result simulate(size_t nodes, const closo_experiment *experiment, double tolerance,
                       closo_arena *arena)
{
    const closo_cell cell = chapter_5(nodes, 20);
    const closo_simulation_options options = {.relative_tolerance = tolerance};
    closo_error error = {0};
    result got = {NULL, 0};
    double from_s = now_s();
    if (closo_cell_simulate(&cell, experiment, &options, NULL, arena, &got.made, &error) !=
        CLOSO_OK) {
        fprintf(stderr, "bench_cell: %s\n", error.message);
        exit(1);
    }
    got.took_s = now_s() - from_s;
    return got;
}

static double run(size_t nodes, size_t cycles, closo_simulation_statistics *counts)
{
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step *steps = calloc(2 * cycles, sizeof *steps);
    if (arena == NULL || steps == NULL)
        exit(1);
    for (size_t i = 0; i < 2 * cycles; i++)
        steps[i] =
            constant_current(i % 2 == 0 ? 0.2 : -0.2, i % 2 == 0 ? 4.15 : 2.5, (int)(i / 2) + 1);
    const closo_experiment experiment = {.steps = steps, .step_count = 2 * cycles};
    const result got = simulate(nodes, &experiment, 0, arena);
    *counts = got.made->statistics;
    free(steps);
    closo_arena_free(arena);
    return got.took_s;
}

static void print_line(size_t nodes, size_t cycles, double *before, size_t more)
{
    closo_simulation_statistics counts;
    double took = run(nodes, cycles, &counts);
    printf("  %5zu x %-4d %6zu %8zu %9.3f s %9.2f ms %8.0f %8.0f", nodes, 20, cycles,
           counts.state_count, took, 1e3 * took / (double)cycles,
           (double)counts.steps / (double)cycles, (double)counts.jacobians / (double)cycles);
    if (*before > 0)
        printf("   slope %.2f", log(took / *before) / log((double)more));
    putchar('\n');
    *before = took;
}

/* ---- how far off ---- */

enum { STEPS = 4 }; /* two cycles */

typedef struct rows {
    size_t count;
    const double *t_s, *V, *C, *step;
} rows;

static rows rows_of(const closo_simulation *made, closo_arena *arena)
{
    static const closo_quantity quantities[] = {CLOSO_QUANTITY_TIME, CLOSO_QUANTITY_POTENTIAL,
                                                CLOSO_QUANTITY_CHARGE, CLOSO_QUANTITY_STEP};
    const double *columns[4];
    for (size_t i = 0; i < 4; i++)
        columns[i] = closo_column_values_si(closo_table_find(made->table, quantities[i]),
                                            made->table->row_count, arena);
    return (rows){made->table->row_count, columns[0], columns[1], columns[2], columns[3]};
}

static void bounds(const rows *of, int step, size_t *first, size_t *last)
{
    for (*first = 0; of->step[*first] < step;)
        ++*first;
    for (*last = *first; *last + 1 < of->count && of->step[*last + 1] <= step;)
        ++*last;
}

/* Potentials at the same time since the start of the step, between rows of the closer run. */
static double squares(const rows *one, const rows *close, int step, size_t *count)
{
    size_t first, last, from, to;
    double sum = 0;
    bounds(one, step, &first, &last);
    bounds(close, step, &from, &to);
    for (size_t i = first + 1, k = from; i <= last; i++) {
        double t_s = one->t_s[i] - one->t_s[first] + close->t_s[from];
        while (k + 2 <= to && close->t_s[k + 1] < t_s)
            k++;
        if (close->t_s[k + 1] < t_s)
            break;
        double share = (t_s - close->t_s[k]) / (close->t_s[k + 1] - close->t_s[k]);
        double off = one->V[i] - close->V[k] - share * (close->V[k + 1] - close->V[k]);
        sum += off * off;
        ++*count;
    }
    return sum;
}

static double step_charge(const rows *of, int step)
{
    size_t first, last;
    bounds(of, step, &first, &last);
    return of->C[last] - of->C[first];
}

static void print_accuracy(size_t nodes)
{
    static const double tolerances[] = {1e-3, 0, 1e-5, 1e-6};
    const double grams = one_C_A_per_m2 * 1.131e-4 / 0.130; /* 130 mAh/g */
    closo_experiment_step steps[STEPS];
    for (int i = 0; i < STEPS; i++)
        steps[i] = constant_current(i % 2 == 0 ? 0.2 : -0.2, i % 2 == 0 ? 4.15 : 2.5, i / 2 + 1);
    const closo_experiment fine = {
        .steps = steps, .step_count = STEPS, .every_s = 5, .every_V = 100};
    closo_experiment coarse = fine;
    coarse.every_s = 20;
    closo_arena *arena = closo_arena_new(0);
    const rows close = rows_of(simulate(nodes, &fine, 1e-8, arena).made, arena);
    for (size_t t = 0; t < sizeof tolerances / sizeof *tolerances; t++) {
        const result got = simulate(nodes, &coarse, tolerances[t], arena);
        const rows one = rows_of(got.made, arena);
        double off_C = 0, sum = 0;
        size_t count = 0;
        for (int s = 0; s < STEPS; s++) {
            off_C = fmax(off_C, fabs(step_charge(&one, s) - step_charge(&close, s)));
            sum += squares(&one, &close, s, &count);
        }
        printf("  %5zu x 20   %7.0e %s %9.2f ms %8.0f steps   %.5f mAh/g  %.4f mV RMS\n", nodes,
               tolerances[t] > 0 ? tolerances[t] : CLOSO_SIMULATION_TOLERANCE,
               tolerances[t] > 0 ? "          " : "(default) ", 1e3 * got.took_s / 2,
               (double)got.made->statistics.steps / 2, off_C / 3.6 / grams,
               1e3 * sqrt(sum / (double)count));
    }
    closo_arena_free(arena);
}

/* ---- single steps ---- */

static void print_single(void)
{
    enum { TIMES = 20 };
    const double nothing = NAN;
    closo_experiment_step steps[] = {constant_current(0.2, 4.15, 1),
                                     constant_current(-1, 2.5, 1),
                                     {.kind = CLOSO_EXPERIMENT_IMPEDANCE,
                                      .until_s = nothing,
                                      .until_V = nothing,
                                      .until_current_A_per_m2 = nothing,
                                      .until_charge_C_per_m2 = nothing,
                                      .from_Hz = 1e5,
                                      .to_Hz = 0.1241,
                                      .per_decade = 10}};
    double took_s[3] = {0};
    for (int i = 0; i < TIMES; i++)
        for (size_t count = 1; count <= 3; count++) {
            closo_arena *arena = closo_arena_new(0);
            const closo_experiment experiment = {.steps = steps, .step_count = count};
            const result got = simulate(10, &experiment, 0, arena);
            took_s[count - 1] += got.took_s / TIMES;
            if (i == 0 && count == 3)
                printf("  %zu frequencies\n", got.made->spectra[0].count);
            closo_arena_free(arena);
        }
    printf("  1C discharge, 10 x 20: %.2f ms; impedance: %.2f ms\n", 1e3 * (took_s[1] - took_s[0]),
           1e3 * (took_s[2] - took_s[1]));
}

int main(void)
{
    make_curve();
    setvbuf(stdout, NULL, _IOLBF, 0);
    double before = 0;
    puts("  nodes x shells cycles  states       time    a cycle    steps  Jacobians");
    for (size_t nodes = 5; nodes <= 40; nodes *= 2)
        print_line(nodes, 10, &before, 2);
    before = 0;
    for (size_t cycles = 8; cycles <= 512; cycles *= 4)
        print_line(1, cycles, &before, 4);
    puts("  single steps");
    print_single();
    puts("  beside a tolerance of 1e-8, largest capacity and potentials of two cycles");
    print_accuracy(1);
    print_accuracy(10);
    puts("  the long runs");
    before = 0;
    print_line(1, 800, &before, 1);
    before = 0;
    print_line(10, 800, &before, 1);
    return 0;
}
