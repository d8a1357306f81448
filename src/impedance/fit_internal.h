/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_internal.h: a circuit, a spectrum and weights made ready for the solver. */
#ifndef CLOSO_FIT_INTERNAL_H
#define CLOSO_FIT_INTERNAL_H

#include "closo/numeric.h"
#include "impedance/circuit_internal.h"

enum { NOT_FREE = -1 };

/* One spectrum with its model. Coordinates x of the solver: ln(value), a logistic between limits, one for each free
 * parameter. */
typedef struct fit_problem {
    circuit_model model;
    const closo_circuit *circuit;
    const closo_spectrum *spectrum;
    double *target, *weight; /* 2 count: real parts, then imaginary ones */
    double *robust;          /* 2 count factors on the weights, or NULL */
    int free_of
        [CLOSO_CIRCUIT_PARAMETERS_MAX]; /* the coordinate a parameter hangs on, or NOT_FREE */
    size_t parameter_of[CLOSO_CIRCUIT_PARAMETERS_MAX];
    size_t free_count, residual_count;
} fit_problem;

closo_status closo_fit_problem_init(fit_problem *problem, const closo_circuit *circuit,
                                    const closo_spectrum *spectrum, closo_weight weight,
                                    closo_arena *arena, closo_error *error);
/* Values of all parameters from the coordinates, and back from the values of the free ones. */
void closo_fit_values(const fit_problem *problem, const double *x, double *values);
void closo_fit_coordinates(const fit_problem *problem, const double *values, double *x);
double closo_fit_coordinate(const closo_circuit_parameter *parameter, double value);
/* The value at a coordinate, and d value / d x (of an exponent) or d ln value / d x. */
double closo_fit_value_at(const closo_circuit_parameter *parameter, double x, double *slope);
/* Residuals from values; and the Jacobian in d ln value or d exponent, columns by coordinate, unless NULL. */
void closo_fit_residuals(fit_problem *problem, const double *values, double *residuals,
                         double *jacobian);
/* The same for the solver, by coordinates: user is a fit_problem. */
bool closo_fit_evaluate(void *user, const double *x, double *residuals, double *jacobian);
/* Clears the column of a parameter that the residuals push out of its limit. */
void closo_fit_rest_at_limit(const closo_circuit_parameter *parameter, double x,
                             const double *residuals, double *column, size_t count);
bool closo_fit_at_limit(const closo_circuit_parameter *parameter, double value);

/* A start from the data; with use_guess the circuit's own starts and the guess (NULL, or NaN for unknown values) go
 * before. */
void closo_fit_draw_start(const fit_problem *problem, const double *guess, bool use_guess,
                          closo_random *random, double *values);

/* Puts alike arcs in series in the order of their time constants. */
void closo_fit_order_arcs(const closo_circuit *circuit, double *values);
/* Parameters of the first resistance and capacitance of a subtree: indices, or SIZE_MAX. tau where the element has one. */
typedef struct arc_parameters {
    size_t resistance, q, n, tau;
} arc_parameters;
arc_parameters closo_circuit_arc(const closo_circuit *circuit, int node);
double closo_arc_log_time_constant(const arc_parameters *arc, const double *values);

/* The minimum of one problem: values of all parameters and the sum of squares there. */
typedef struct fit_minimum {
    double values[CLOSO_CIRCUIT_PARAMETERS_MAX];
    double sum_of_squares;
    size_t starts, agreeing, evaluations;
    bool settled;
} fit_minimum;
closo_status closo_fit_search(fit_problem *problem, const closo_circuit_fit_options *options,
                              closo_least_squares *solver, closo_arena *passing,
                              fit_minimum *minimum, closo_error *error);

/* Fills in what follows from the minimum: errors, arcs, residuals, notes. */
closo_status closo_fit_report(fit_problem *problem, const closo_circuit_fit_options *options,
                              closo_least_squares *solver, const fit_minimum *minimum,
                              closo_arena *arena, closo_arena *passing, closo_circuit_fit *fit,
                              closo_error *error);
/* Where the profile of the sum of squares has risen by `variance`, on both sides of free parameter k. */
void closo_fit_profile(fit_problem *problem, closo_least_squares *solver,
                       const fit_minimum *minimum, size_t free_index, double variance, double sigma,
                       double limits[2]);
void closo_fit_derive(const closo_circuit_fit_options *options, closo_circuit_fit *fit,
                      closo_arena *arena);
void closo_fit_warn(const closo_circuit_fit_options *options, closo_circuit_fit *fit,
                    closo_arena *arena);

#endif
