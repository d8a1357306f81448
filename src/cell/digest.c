/* SPDX-License-Identifier: BSD-3-Clause */
/* digest.c: whether a checkpoint belongs to this cell, these steps and this closo. The cell's digest is not of its
 * parameters, of which one could be forgotten, but of what they do: the residual and its Jacobian at states drawn at random. */
#include "closo/numeric.h"
#include "simulate_internal.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 1 << 16, STATES = 4 };

/* SHA-256 of any length by blocks, each with the digest of those before it. */
typedef struct digest {
    unsigned char block[BLOCK];
    size_t filled;
    char text[65];
} digest;

static void close_block(digest *made)
{
    closo_sha256(made->block, made->filled, made->text);
    memcpy(made->block, made->text, 64);
    made->filled = 64;
}

static void take_numbers(digest *made, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (made->filled + sizeof *values > BLOCK)
            close_block(made);
        double value =
            isnan(values[i]) ? (double)NAN : values[i]; /* one NaN is as good as another */
        memcpy(made->block + made->filled, &value, sizeof value);
        made->filled += sizeof value;
    }
}

/* The residual and the Jacobian at states near and far from rest. room: 4 n. */
static void take_residual(digest *made, cell_model *model, cell_matrix *matrix, double *room)
{
    size_t n = model->state_count;
    double *y = room, *rest = y + n, *slope = y + 2 * n, *out = y + 3 * n;
    closo_random random;
    closo_random_seed(&random, 1);
    cell_model_rest(model, rest);
    take_numbers(made, rest, n);
    for (int turn = 0; turn < STATES; turn++) {
        model->control = turn % 2 == 0 ? CELL_CONTROL_CURRENT : CELL_CONTROL_POTENTIAL;
        for (size_t i = 0; i < n; i++) {
            y[i] = rest[i] + 0.5 * (closo_random_uniform(&random) - 0.5);
            slope[i] = closo_random_uniform(&random);
        }
        cell_assemble(model, 100.0 * turn, y, slope, 1, out, matrix);
        take_numbers(made, out, n);
        take_numbers(made, matrix->data, matrix->entry_count);
    }
}

/* What only an impedance sees. */
static closo_status take_impedance(digest *made, cell_model *model, const double *y,
                                   closo_error *error)
{
    enum { COUNT = 3 };
    static const double frequency_Hz[COUNT] = {1e4, 1, 1e-2};
    double real[COUNT], imaginary[COUNT];
    closo_status status =
        cell_small_signal(model, 0, y, frequency_Hz, COUNT, real, imaginary, error);
    if (status == CLOSO_OK) {
        take_numbers(made, real, COUNT);
        take_numbers(made, imaginary, COUNT);
    }
    return status;
}

closo_status cell_digest_model(cell_model *model, double relative_tolerance, char text[65],
                               closo_error *error)
{
    closo_arena *scratch = closo_arena_new(0), *own = model->arena;
    digest *made = scratch != NULL ? closo_arena_alloc(scratch, 1, sizeof *made) : NULL;
    size_t n = model->state_count;
    double *room = scratch != NULL ? closo_arena_alloc(scratch, 4 * n, sizeof *room) : NULL;
    cell_matrix matrix = {0};
    cell_control control = model->control;
    model->arena = scratch;
    closo_status status = made != NULL && room != NULL ? cell_matrix_make(model, &matrix, error)
                                                       : closo_fail_nomem(error);
    if (status == CLOSO_OK) {
        take_numbers(made, &relative_tolerance, 1);
        take_numbers(made, model->differential, n);
        take_residual(made, model, &matrix, room);
        double temperature_K = model->cell->temperature_K;
        cell_model_set_temperature(model, temperature_K + 10);
        take_residual(made, model, &matrix, room);
        cell_model_set_temperature(model, temperature_K);
        status = take_impedance(made, model, room + n, error);
    }
    model->arena = own;
    model->control = control;
    if (status == CLOSO_OK) {
        close_block(made);
        memcpy(text, made->text, sizeof made->text);
    }
    closo_arena_free(scratch);
    return status;
}

/* All of a step but its line, which only sentences name. */
static void take_step(digest *made, const closo_experiment_step *step)
{
    const double values[] = {(double)step->kind, step->current_A_per_m2,
                             step->potential_V,  step->rate_V_per_s,
                             step->until_V,      step->until_current_A_per_m2,
                             step->until_s,      step->until_charge_C_per_m2,
                             step->from_Hz,      step->to_Hz,
                             step->per_decade,   step->temperature_K,
                             step->cycle};
    take_numbers(made, values, sizeof values / sizeof *values);
}

static void take_pass(digest *made, const closo_experiment_pass *pass)
{
    const double values[] = {(double)pass->first_step, (double)pass->last_step,
                             (double)pass->behind,     (double)pass->number,
                             (double)pass->count,      (double)pass->depth,
                             (double)pass->stop_count};
    take_numbers(made, values, sizeof values / sizeof *values);
    for (size_t r = 0; r < pass->stop_count; r++) {
        const closo_experiment_stop *rule = &pass->stops[r];
        const double of_rule[] = {(double)rule->kind, rule->value, (double)rule->of_pass};
        take_numbers(made, of_rule, sizeof of_rule / sizeof *of_rule);
    }
}

closo_status cell_digest_experiment(const closo_experiment *experiment, char text[65],
                                    closo_error *error)
{
    closo_arena *scratch = closo_arena_new(0);
    digest *made = scratch != NULL ? closo_arena_alloc(scratch, 1, sizeof *made) : NULL;
    if (made == NULL) {
        closo_arena_free(scratch);
        return closo_fail_nomem(error);
    }
    const double whole[] = {(double)experiment->step_count, (double)experiment->pass_count,
                            experiment->every_s, experiment->every_V};
    take_numbers(made, whole, sizeof whole / sizeof *whole);
    for (size_t s = 0; s < experiment->step_count; s++)
        take_step(made, &experiment->steps[s]);
    for (size_t p = 0; p < experiment->pass_count; p++)
        take_pass(made, &experiment->passes[p]);
    close_block(made);
    memcpy(text, made->text, sizeof made->text);
    closo_arena_free(scratch);
    return CLOSO_OK;
}
