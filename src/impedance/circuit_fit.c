/* SPDX-License-Identifier: BSD-3-Clause */
/* circuit_fit.c: one circuit, one spectrum. */
#include "impedance/fit_internal.h"

static closo_status fit_with(fit_problem *problem, const closo_circuit_fit_options *options,
                             closo_arena *arena, closo_arena *passing, closo_circuit_fit *fit,
                             closo_error *error)
{
    const size_t parameters = problem->free_count != 0 ? problem->free_count : 1;
    closo_least_squares *solver =
        closo_least_squares_new(problem->residual_count, parameters, passing);
    fit_minimum *minimum = closo_arena_alloc(passing, 1, sizeof *minimum);
    if (solver == NULL || minimum == NULL)
        return closo_fail_nomem(error);
    closo_status status = closo_fit_search(problem, options, solver, passing, minimum, error);
    if (status == CLOSO_OK)
        status = closo_fit_report(problem, options, solver, minimum, arena, passing, fit, error);
    return status;
}

closo_status closo_circuit_fit_spectrum(const closo_circuit *circuit,
                                        const closo_spectrum *spectrum,
                                        const closo_circuit_fit_options *options,
                                        closo_arena *arena, closo_circuit_fit **fit,
                                        closo_error *error)
{
    static const closo_circuit_fit_options none = {0};
    options = options != NULL ? options : &none;
    *fit = closo_arena_alloc(arena, 1, sizeof **fit);
    closo_arena *passing = closo_arena_new(0);
    closo_status status = CLOSO_NOMEM;
    fit_problem problem = {0};
    if (circuit->node_count == 0)
        status = closo_fail(error, CLOSO_RANGE, "the circuit has no elements");
    else if (*fit == NULL || passing == NULL)
        status = closo_fail_nomem(error);
    else
        status =
            closo_fit_problem_init(&problem, circuit, spectrum, options->weight, passing, error);
    if (status == CLOSO_OK)
        status = fit_with(&problem, options, arena, passing, *fit, error);
    closo_arena_free(passing);
    return status;
}
