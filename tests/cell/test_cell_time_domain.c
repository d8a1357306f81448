/* SPDX-License-Identifier: BSD-3-Clause */
/* Impedance against the same cell run in time: its answer to a small step of current, transformed. */
#include "support.h"

#include "cell/cell_internal.h"

#include <complex.h>
#include <math.h>

static const double pi = 3.14159265358979323846;

/* A line, so that dU/dy is a number and the answer ends in a straight line. */
static const double line_x[] = {0, 1}, line_U[] = {4.1, 3.1};

/* Everything that an impedance shows: three nodes, grains, carbon, collector, electrolyte, separator, metal. */
static closo_cell whole_cell(void)
{
    return (closo_cell){
        .name = "whole",
        .area_m2 = 1e-4,
        .temperature_K = 298.15,
        .reference_K = 298.15,
        .node_count = 3,
        .shell_count = 20,
        .thickness_m = 60e-6,
        .active = {.volume_fraction = 0.5,
                   .radius_m = 1e-6,
                   .sites_mol_per_m3 = 15000,
                   .usable = 0.8,
                   .diffusivity_m2_per_s = {1e-15, 0},
                   .exchange_current_A_per_m2 = {0.5, 0},
                   .transfer = 0.5,
                   .filling_exponent = 0,
                   .double_layer_F_per_m2 = 0.2,
                   .equilibrium = {2, line_x, line_U},
                   .filled_at_start = 0.6},
        .carbon_area_per_m = 1e6,
        .carbon_double_layer_F_per_m2 = 0.15,
        .collector_area = 1,
        .collector_double_layer_F_per_m2 = 0.2,
        .ion_conductivity_S_per_m = {0.05, 0},
        .ion_path = 0.1,
        .electron_conductivity_S_per_m = 1,
        .separator_m = 500e-6,
        .counter = {.resistance_ohm_m2 = {50e-4, 0}, .double_layer_F_per_m2 = 0.01}};
}

enum { PER_DECADE = 250, DECADES = 10, SAMPLES = PER_DECADE * DECADES + 1 };

/* The potential after the step at times evenly spaced in their logarithm, from 1 us on. */
typedef struct answer {
    size_t count, potential;
    double *state;
    double t_s[SAMPLES], potential_V[SAMPLES];
} answer;

static double time_of(size_t sample)
{
    return 1e-6 * pow(10, (double)sample / PER_DECADE);
}

static bool take_samples(void *user, cell_solver *solver, double from_s, double to_s)
{
    answer *taken = user;
    (void)from_s;
    for (; taken->count < SAMPLES && time_of(taken->count) <= to_s; taken->count++) {
        cell_solver_at(solver, time_of(taken->count), taken->state);
        taken->t_s[taken->count] = time_of(taken->count);
        taken->potential_V[taken->count] = taken->state[taken->potential];
    }
    return true;
}

/* Z = v(0) + sum of slopes (exp(-i w t0) - exp(-i w t1)) / (i w) for an answer v(t) per current of straight pieces, the last of
 * them going on for ever. */
static double complex transform(const answer *taken, double rest_V, double start_V, double step,
                                double angular_Hz)
{
    double complex iw = CMPLX(0, angular_Hz), sum = (start_V - rest_V) / step;
    double t_s = 0, v = start_V;
    for (size_t i = 0; i < taken->count; i++) {
        double slope = (taken->potential_V[i] - v) / (taken->t_s[i] - t_s) / step;
        bool last = i + 1 == taken->count;
        sum += slope * (cexp(-iw * t_s) - (last ? 0 : cexp(-iw * taken->t_s[i]))) / iw;
        t_s = taken->t_s[i];
        v = taken->potential_V[i];
    }
    return sum;
}

static void impedance_is_that_of_a_run_in_time(void **state)
{
    (void)state;
    static answer taken;
    const double nothing = NAN, step_A_per_m2 = 1e-3;
    closo_cell cell = whole_cell();
    closo_arena *arena = closo_arena_new(0);
    closo_error error = {0};
    cell_model *model;
    cell_solver *solver;
    cell_end end;
    assert_int_equal(cell_model_make(&cell, arena, &model, NULL), CLOSO_OK);
    assert_int_equal(cell_solver_new(model, 1e-9, arena, &solver, NULL), CLOSO_OK);
    taken.potential = model->potential;
    taken.state = closo_arena_alloc(arena, model->state_count, sizeof *taken.state);
    enum { COUNT = 22 };
    double f[COUNT], real[COUNT], imaginary[COUNT];
    for (int i = 0; i < COUNT; i++)
        f[i] = 1e4 * pow(10, -i / 3.0);
    double *y = cell_solver_state(solver), rest_V = y[model->potential];
    if (cell_small_signal(model, 0, y, f, COUNT, real, imaginary, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    model->control = CELL_CONTROL_CURRENT;
    model->control_value = step_A_per_m2;
    const cell_limits limits = {time_of(SAMPLES - 1) * 1.001, nothing, nothing, nothing, 0};
    if (cell_solver_start(solver, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    double start_V = cell_solver_state(solver)[model->potential], worst = 0;
    if (cell_solver_run(solver, &limits, take_samples, &taken, &end, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(taken.count, SAMPLES);
    for (int i = 0; i < COUNT; i++) {
        double complex z = transform(&taken, rest_V, start_V, step_A_per_m2, 2 * pi * f[i]);
        double off = cabs(z - CMPLX(real[i], imaginary[i])) / cabs(z);
        worst = fmax(worst, off);
        if (off > 1e-3)
            print_message("%.3g Hz: %g%+gi, in time %g%+gi ohm m2\n", f[i], real[i], imaginary[i],
                          creal(z), cimag(z));
    }
    print_message("10 kHz to 1 mHz: impedance and time differ by at most %.1e\n", worst);
    assert_true(worst < 5e-4);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(impedance_is_that_of_a_run_in_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
