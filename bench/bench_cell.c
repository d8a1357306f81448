/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_cell.c: what simulated cycles cost, and how the cost grows with nodes and with cycles. The cell is like that of
 * chapter 5: grains of 3 um with two plateaus, two anions that oxidise, a film, a growing interphase. */
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

static double run(size_t nodes, size_t shells, size_t cycles, closo_simulation_statistics *counts)
{
    const double nothing = NAN;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step *steps = calloc(2 * cycles, sizeof *steps);
    closo_cell cell = chapter_5(nodes, shells);
    double one_C_A_per_m2 = 96485.0 * 15400 * 0.4 * 0.82 * 12e-6 / 3600;
    closo_error error = {0};
    closo_simulation *made;
    if (arena == NULL || steps == NULL)
        exit(1);
    for (size_t i = 0; i < 2 * cycles; i++)
        steps[i] =
            (closo_experiment_step){.kind = CLOSO_EXPERIMENT_CURRENT,
                                    .current_A_per_m2 = (i % 2 == 0 ? 0.2 : -0.2) * one_C_A_per_m2,
                                    .until_V = i % 2 == 0 ? 4.15 : 2.5,
                                    .until_current_A_per_m2 = nothing,
                                    .until_s = nothing,
                                    .until_charge_C_per_m2 = nothing,
                                    .cycle = (int)(i / 2) + 1};
    const closo_experiment experiment = {.steps = steps, .step_count = 2 * cycles};
    double from = now_s();
    if (closo_cell_simulate(&cell, &experiment, NULL, NULL, arena, &made, &error) != CLOSO_OK)
        fprintf(stderr, "bench_cell: %s\n", error.message);
    double took = now_s() - from;
    *counts = made != NULL ? made->statistics : (closo_simulation_statistics){0};
    free(steps);
    closo_arena_free(arena);
    return took;
}

static void print_line(size_t nodes, size_t shells, size_t cycles, double *before, size_t more)
{
    closo_simulation_statistics counts;
    double took = run(nodes, shells, cycles, &counts);
    printf("  %5zu x %-4zu %6zu %8zu %9.3f s %9.2f ms %8.0f %8.0f", nodes, shells, cycles,
           counts.state_count, took, 1e3 * took / (double)cycles,
           (double)counts.steps / (double)cycles, (double)counts.jacobians / (double)cycles);
    if (*before > 0)
        printf("   slope %.2f", log(took / *before) / log((double)more));
    putchar('\n');
    *before = took;
}

int main(void)
{
    make_curve();
    setvbuf(stdout, NULL, _IOLBF, 0);
    double before = 0;
    puts("  nodes x shells cycles  states       time    a cycle    steps  Jacobians");
    for (size_t nodes = 5; nodes <= 40; nodes *= 2)
        print_line(nodes, 20, 10, &before, 2);
    before = 0;
    for (size_t cycles = 8; cycles <= 512; cycles *= 4)
        print_line(1, 20, cycles, &before, 4);
    before = 0;
    print_line(10, 20, 800, &before, 1);
    return 0;
}
