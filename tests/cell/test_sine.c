/* SPDX-License-Identifier: BSD-3-Clause */
/* The impedance of the linearised cell against the cell itself under a small sine of current: amplitude and phase of the
 * potential by correlation, once the transient is over. Fresh, with a salt that moves, and aged with films on its grains. */
#include "cells.h"

#include <complex.h>
#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

enum { TERMS = 5, PER_PERIOD = 64 };

/* Normal equations of V(t) by 1, t, t^2, cos, sin. */
typedef struct correlation {
    double matrix[TERMS][TERMS], right[TERMS];
    double from_s, step_s, next_s, angular_Hz, length_s;
    const cell_model *model;
    double *state;
} correlation;

static void take_sample(correlation *made, double t_s, double potential_V)
{
    double s = (t_s - made->from_s) / made->length_s - 0.5, phase = made->angular_Hz * t_s;
    const double terms[TERMS] = {1, s, s * s, cos(phase), sin(phase)};
    for (int i = 0; i < TERMS; i++) {
        made->right[i] += terms[i] * potential_V;
        for (int k = 0; k < TERMS; k++)
            made->matrix[i][k] += terms[i] * terms[k];
    }
}

static bool listen(void *user, cell_solver *solver, double from_s, double to_s)
{
    correlation *made = user;
    (void)from_s;
    for (; made->next_s <= to_s; made->next_s += made->step_s) {
        cell_solver_at(solver, made->next_s, made->state);
        take_sample(made, made->next_s - made->model->control_from_s,
                    made->state[made->model->potential]);
    }
    return true;
}

/* cos part and -sin part: V = Re(Z I exp(i w t)) */
static double complex solve(correlation *made)
{
    for (int i = 0; i < TERMS; i++)
        for (int r = i + 1; r < TERMS; r++) {
            double factor = made->matrix[r][i] / made->matrix[i][i];
            for (int k = i; k < TERMS; k++)
                made->matrix[r][k] -= factor * made->matrix[i][k];
            made->right[r] -= factor * made->right[i];
        }
    for (int i = TERMS - 1; i >= 0; i--) {
        for (int k = i + 1; k < TERMS; k++)
            made->right[i] -= made->matrix[i][k] * made->right[k];
        made->right[i] /= made->matrix[i][i];
    }
    return CMPLX(made->right[3], -made->right[4]);
}

/* V / I of a cell at its present state, under a current of amplitude cos(w t) for some periods, of which the last two count. */
static double complex by_time(cell_solver *solver, cell_model *model, double f_Hz,
                              double amplitude_A_per_m2, int periods)
{
    double period_s = 1 / f_Hz, start_s = cell_solver_time_s(solver);
    closo_arena *arena = closo_arena_new(0);
    const double nothing = NAN;
    correlation made = {.model = model,
                        .angular_Hz = 2 * pi * f_Hz,
                        .from_s = (periods - 2) * period_s,
                        .length_s = 2 * period_s,
                        .step_s = period_s / PER_PERIOD};
    made.next_s = start_s + made.from_s + made.step_s / 2;
    made.state = closo_arena_alloc(arena, model->state_count, sizeof *made.state);
    model->control = CELL_CONTROL_CURRENT;
    model->control_value = 0;
    model->control_from_s = start_s;
    model->control_amplitude_A_per_m2 = amplitude_A_per_m2;
    model->control_angular_Hz = made.angular_Hz;
    const cell_limits limits = {start_s + periods * period_s, nothing, nothing, nothing, 0};
    run_to_limit(solver, &limits, listen, &made);
    model->control_amplitude_A_per_m2 = 0;
    double complex z = solve(&made) / amplitude_A_per_m2;
    closo_arena_free(arena);
    return z;
}

typedef struct tone {
    double f_Hz, amplitude_A_per_m2;
    int periods;
} tone;

/* What is done to the cell before. */
typedef void preparation(cell_solver *solver, cell_model *model);

/* The sine begins at time 0 with the state that the preparation leaves, so that its steps are not lost in the digits of an age. */
static void compare(const closo_cell *cell, preparation *prepare, const tone *tones, size_t count)
{
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *aged = ready_solver(cell, 1e-7, arena, &model);
    closo_error error = {0};
    prepare(aged, model);
    const double *y = cell_solver_state(aged);
    for (size_t i = 0; i < count; i++) {
        cell_model *same;
        cell_solver *solver = ready_solver(cell, 1e-8, arena, &same);
        double real, imaginary;
        memcpy(cell_solver_state(solver), y, model->state_count * sizeof *y);
        if (cell_small_signal(model, 0, y, &tones[i].f_Hz, 1, &real, &imaginary, &error) !=
            CLOSO_OK)
            fail_msg("%s", error.message);
        double complex linear = CMPLX(real, imaginary);
        double complex sine =
            by_time(solver, same, tones[i].f_Hz, tones[i].amplitude_A_per_m2, tones[i].periods);
        double amplitude_off = cabs(sine) / cabs(linear) - 1, phase_off = carg(sine / linear);
        print_message("%8.4g Hz: %.5f%+.5fi ohm cm2, amplitude off by %.1e, phase by %.1e\n",
                      tones[i].f_Hz, 1e4 * real, 1e4 * imaginary, amplitude_off, phase_off);
        assert_true(fabs(amplitude_off) < 1e-3 && fabs(phase_off) < 1e-3);
        cell_solver_free(solver);
    }
    cell_solver_free(aged);
    closo_arena_free(arena);
}

/* At 1 mHz a grain of 2 um with 1e-15 m2/s is followed to its centre: R^2 / (pi^2 D) = 400 s. */
static const tone tones[] = {
    {1e4, 2, 12}, {200, 0.5, 12}, {5, 0.5, 12}, {0.05, 0.1, 12}, {1e-3, 2e-3, 6}};

static void as_made(cell_solver *solver, cell_model *model)
{
    (void)solver, (void)model;
}

static void fresh_cell(void **state)
{
    (void)state;
    closo_cell cell = plain_cell();
    cell.node_count = 4;
    cell.shell_count = 12;
    cell.active.filling_exponent = 0.3;
    cell.carbon_area_per_m = 1e6;
    cell.carbon_double_layer_F_per_m2 = 0.1;
    compare(&cell, as_made, tones, sizeof tones / sizeof *tones);
}

static void cell_with_a_salt(void **state)
{
    (void)state;
    closo_cell cell = salty_cell();
    cell.salt.thermodynamic_factor = 1.6;
    compare(&cell, as_made, tones, sizeof tones / sizeof *tones);
}

/* Five cycles grow films on grains and carbon; then two days of rest. */
static void aged(cell_solver *solver, cell_model *model)
{
    const double nothing = NAN;
    for (int half = 0; half < 10; half++)
        pass_current(solver, model, half % 2 == 0 ? 8 : -8, nothing, half % 2 == 0 ? 3.85 : 3.3);
    pass_current(solver, model, 8, nothing, 3.6);
    pass_current(solver, model, 0, 2 * 86400, nothing);
}

static void aged_cell_with_films(void **state)
{
    (void)state;
    closo_cell cell = ageing_cell();
    cell.counter.growth_ohm2_m4_per_s = 1e-11;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-6, arena, &model);
    double fresh, grown, imaginary;
    const double f_Hz = 1;
    const double *y = cell_solver_state(solver);
    assert_int_equal(cell_small_signal(model, 0, y, &f_Hz, 1, &fresh, &imaginary, NULL), CLOSO_OK);
    aged(solver, model);
    assert_int_equal(cell_small_signal(model, 0, y, &f_Hz, 1, &grown, &imaginary, NULL), CLOSO_OK);
    print_message("at 1 Hz %.3g ohm cm2 when fresh, %.3g when aged\n", 1e4 * fresh, 1e4 * grown);
    assert_true(grown > 1.2 * fresh);
    cell_solver_free(solver);
    closo_arena_free(arena);
    compare(&cell, aged, tones, sizeof tones / sizeof *tones);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fresh_cell),
        cmocka_unit_test(cell_with_a_salt),
        cmocka_unit_test(aged_cell_with_films),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
