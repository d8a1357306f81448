/* SPDX-License-Identifier: BSD-3-Clause */
/* cells.h: a plain virtual cell for tests of its laws, and what several of them do with one. */
#ifndef CLOSO_TESTS_CELLS_H
#define CLOSO_TESTS_CELLS_H

#include "support.h"

#include "cell/cell_internal.h"
#include "closo/cell.h"

/* A cathode of one particle of 40 shells, 0.5 of 20 um, whose potential is 4.1 V - y; 0.6 of it is filled. */
closo_cell plain_cell(void);
/* The same with a salt of 1 mol/L, t+ = 0.3, D = 2e-10 m2/s, on 8 nodes of a separator of 100 um. */
closo_cell salty_cell(void);

/* The plain cell on 4 nodes of 8 shells with carbon, two anions that oxidise above 3.4 and 3.7 V, and the film they leave. */
closo_cell ageing_cell(void);

/* A model and its solver in the arena; fails the test when they cannot be made. */
cell_solver *ready_solver(const closo_cell *cell, double tolerance, closo_arena *arena,
                          cell_model **model);
/* A constant current for a time or until a potential, whichever is first; NaN: none. */
void pass_current(cell_solver *solver, cell_model *model, double current_A_per_m2, double for_s,
                  double until_V);

/* Starts and runs to a limit, through the solver's pauses. */
void run_to_limit(cell_solver *solver, const cell_limits *limits, cell_listener *listener,
                  void *user);

/* A step without limits. */
closo_experiment_step plain_step(closo_experiment_kind kind);
/* Fails the test when the simulation does. */
closo_simulation *simulate_cell(const closo_cell *cell, const closo_experiment *experiment,
                                double tolerance, closo_arena *arena);
/* The same of steps that the test fills. */
closo_simulation *simulate_steps(const closo_cell *cell, closo_experiment_step *steps, size_t count,
                                 double tolerance, closo_arena *arena);
/* The last value of a column, in SI. */
double simulated_end(const closo_simulation *made, closo_quantity quantity);
/* A column of the table in SI, NULL-free, in the arena. */
const double *simulated_column(const closo_simulation *made, closo_quantity quantity,
                               closo_arena *arena);

/* A model, and in the arena a state of it that is nobody's equilibrium, with slopes. */
cell_model *shaken_model(const closo_cell *cell, unsigned seed, closo_arena *arena, double **y,
                         double **slope);
/* How differences are taken: steps of a state and of the temperature, and rounding by the row's largest entry. */
typedef struct cell_differences {
    double step, step_K, rounding;
} cell_differences;
/* Each entry of the Jacobian against a central difference at that state. */
void assert_jacobian_equals_differences_at(cell_model *model, double *y, double *slope,
                                           const cell_differences *by);
/* Each entry of the Jacobian against a central difference, at a state that is nobody's equilibrium. */
void assert_jacobian_equals_differences(const closo_cell *cell, unsigned seed);

#endif
