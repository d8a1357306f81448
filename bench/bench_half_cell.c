/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_half_cell.c: the lithium half cell of examples/cells beside PyBaMM (bench/pybamm_half_cell.py): the same equations,
 * mesh, tolerance and experiments, with double layers and without; processor time of one thread, medians, without reading the
 * file but with making the cell ready (PyBaMM's without); the impedance also of a cell that is ready. Prints lines of JSON.
 *
 *     bench_half_cell CELL.yaml NODES SHELLS */
#include "cell/cell_internal.h"
#include "closo/cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TURNS_MOST = 101, CYCLES = 100, FREQUENCIES = 60 };

static double now_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int by_value(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

typedef struct task {
    const char *name, *steps;
    size_t turns;
} task;

static closo_simulation *simulate(const closo_cell *cell, const closo_experiment *experiment,
                                  closo_arena *arena)
{
    const closo_simulation_options options = {.relative_tolerance = 1e-5};
    closo_simulation *made;
    closo_error error = {0};
    if (closo_cell_simulate(cell, experiment, &options, NULL, arena, &made, &error) != CLOSO_OK) {
        fprintf(stderr, "bench_half_cell: %s\n", error.message);
        exit(1);
    }
    return made;
}

static void print_times(const char *what, const char *program, double *took, size_t turns)
{
    qsort(took, turns, sizeof *took, by_value);
    printf("{\"task\": \"%s\", \"program\": \"%s\", \"median_s\": %.6f, \"least_s\": %.6f", what,
           program, took[turns / 2], took[0]);
}

/* 60 frequencies of a model that is there. */
static void run_impedance(const closo_cell *cell)
{
    enum { TURNS = 51 };
    double took[TURNS], f_Hz[FREQUENCIES], real[FREQUENCIES], imaginary[FREQUENCIES];
    cell_model *model;
    closo_error error = {0};
    closo_arena *arena = closo_arena_new(0);
    for (int i = 0; i < FREQUENCIES; i++)
        f_Hz[i] = 2e5 * pow(2.7e-4 / 2e5, (double)i / (FREQUENCIES - 1));
    for (int turn = 0; turn < TURNS; turn++) {
        closo_arena_free(arena);
        arena = closo_arena_new(0);
        if (arena == NULL || cell_model_make(cell, arena, &model, &error) != CLOSO_OK)
            exit(1);
        double *y = closo_arena_alloc(arena, model->state_count, sizeof *y);
        cell_model_rest(model, y);
        double from = now_s();
        if (cell_small_signal(model, 0, y, f_Hz, FREQUENCIES, real, imaginary, &error) != CLOSO_OK)
            exit(1);
        took[turn] = now_s() - from;
    }
    print_times("impedance", "closo", took, TURNS);
    printf(", \"states\": %zu, \"low_ohm\": [%.6f, %.6f]}\n", model->state_count,
           real[FREQUENCIES - 1] / cell->area_m2, imaginary[FREQUENCIES - 1] / cell->area_m2);
    closo_arena_free(arena);
}

static void run(const closo_cell *cell, const task *work, const char *program)
{
    double took[TURNS_MOST];
    closo_experiment experiment;
    closo_simulation_statistics counts = {0};
    closo_error error = {0};
    closo_arena *words = closo_arena_new(0);
    if (words == NULL || closo_experiment_parse(work->steps, 3600 * 0.0024 / 1.54e-4, words,
                                                &experiment, &error) != CLOSO_OK) {
        fprintf(stderr, "bench_half_cell: %s\n", error.message);
        exit(1);
    }
    experiment.every_s = 60;
    experiment.every_V = 0.01;
    for (size_t i = 0; i < work->turns; i++) {
        closo_arena *arena = closo_arena_new(0);
        double from = now_s();
        counts = simulate(cell, &experiment, arena)->statistics;
        took[i] = now_s() - from;
        closo_arena_free(arena);
    }
    closo_arena_free(words);
    print_times(work->name, program, took, work->turns);
    printf(", \"states\": %zu, \"steps\": %zu, \"jacobians\": %zu, \"residuals\": %zu}\n",
           counts.state_count, counts.steps, counts.jacobians, counts.residuals);
}

int main(int argc, char **argv)
{
    closo_cell_file *file;
    closo_error error = {0};
    closo_arena *arena = closo_arena_new(0);
    if (argc != 4 || arena == NULL)
        return 2;
    if (closo_cell_load(argv[1], arena, &file, &error) != CLOSO_OK) {
        fprintf(stderr, "bench_half_cell: %s\n", error.message);
        return 1;
    }
    closo_cell cell = file->cell;
    cell.node_count = strtoul(argv[2], NULL, 10);
    cell.salt.separator_nodes = cell.node_count / 2;
    cell.shell_count = strtoul(argv[3], NULL, 10);
    cell.shell_contrast = 1; /* even, as PyBaMM's */
    const task tasks[] = {
        {"discharge", "discharge at 1C until 3.5 V", 51},
        {"cycles", "repeat 100 times: discharge at 1C until 3.5 V; charge at 1C until 4.2 V; end",
         3},
        {"impedance", "impedance 200 kHz to 0.2702 mHz, 6.652 per decade", 51}};
    run(&cell, &tasks[0], "closo, double layers");
    run(&cell, &tasks[1], "closo, double layers");
    run(&cell, &tasks[2], "closo with building the model");
    run_impedance(&cell);
    cell.active.double_layer_F_per_m2 = cell.counter.double_layer_F_per_m2 = 0;
    cell.collector_double_layer_F_per_m2 = 0;
    run(&cell, &tasks[0], "closo, none");
    run(&cell, &tasks[1], "closo, none");
    closo_arena_free(arena);
    return 0;
}
