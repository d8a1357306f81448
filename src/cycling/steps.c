/* SPDX-License-Identifier: BSD-3-Clause */
/* steps.c: runs of one sign become steps of constant current, holds and steps that are neither. */
#include "cycling_internal.h"

#include <math.h>

static const double current_share = 0.02;                  /* of the current a step began with */
static const double least_hold_V = 2e-3;                   /* how far a hold may stray */
static const double noise_multiple = 6, hold_fall = 0.015; /* of the current in a hold, at least */
enum { LEAST_ROWS = 3, LOOK_AHEAD = 64 };

/* First row from `first` on at which the current has left its band for two rows, or `end`. */
static size_t constant_current_end(const closo_cycling_work *work, size_t first, size_t end)
{
    const double *current_A = work->current_A;
    /* The first row of a step may hold a mean over the change: the second one is the measure. */
    double reference_A = current_A[first + 1 < end ? first + 1 : first];
    double band_A = fmax(current_share * fabs(reference_A), noise_multiple * work->noise_A);
    size_t outside = 0;
    for (size_t i = first + 1; i < end; i++) {
        outside = fabs(current_A[i] - reference_A) > band_A ? outside + 1 : 0;
        if (outside == 2)
            return i - 1;
    }
    return outside == 1 && end - first > 2 ? end - 1 : end;
}

static size_t hold_end(const closo_cycling_work *work, size_t first, size_t end)
{
    double reference_V = work->potential_V[first];
    double band_V = fmax(least_hold_V, noise_multiple * work->noise_V);
    size_t i = first + 1;
    while (i < end && fabs(work->potential_V[i] - reference_V) <= band_V)
        i++;
    return i;
}

static bool current_falls(const closo_cycling_work *work, size_t first, size_t end)
{
    double from_A = fabs(work->current_A[first]), to_A = fabs(work->current_A[end - 1]);
    return from_A - to_A > fmax(hold_fall * from_A, noise_multiple * work->noise_A);
}

/* What begins at `first` and where it ends. */
static closo_step_kind judge(const closo_cycling_work *work, size_t first, size_t end,
                             size_t *step_end)
{
    size_t constant = constant_current_end(work, first, end);
    size_t ahead = constant + LOOK_AHEAD < end ? constant + LOOK_AHEAD : end;
    size_t hold = hold_end(work, first, ahead);
    if (hold > constant && hold - first >= LEAST_ROWS && current_falls(work, first, hold)) {
        *step_end = hold_end(work, first, end);
        return CLOSO_STEP_HOLD;
    }
    if (constant - first >= LEAST_ROWS || constant == end) {
        *step_end = constant;
        return CLOSO_STEP_CONSTANT_CURRENT;
    }
    *step_end = first + 1;
    return CLOSO_STEP_VARYING;
}

static void measure(const closo_cycling_work *work, closo_step *step)
{
    size_t last = step->first_row + step->row_count - 1;
    step->from_V = work->potential_V[step->first_row];
    step->to_V = work->potential_V[last];
    for (size_t i = step->first_row; i <= last; i++) {
        step->charge_C += work->charge_C[i];
        /* The mean potential of the interval where both ends are of the step; the row's own otherwise, as before it
         * the cell rested or ran the other way. */
        bool inside = i > step->first_row;
        double mean_V =
            inside ? 0.5 * (work->potential_V[i] + work->potential_V[i - 1]) : work->potential_V[i];
        step->energy_J += work->charge_C[i] * mean_V;
    }
    bool counted = step->first_row != 0 && !work->joined[step->first_row];
    size_t before = counted ? step->first_row - 1 : step->first_row;
    step->duration_s = work->time_s[last] - work->time_s[before];
    step->mean_current_A = step->duration_s > 0 ? step->charge_C / step->duration_s : (double)NAN;
    step->after_gap = work->joined[step->first_row];
}

static bool add_step(closo_cycling_work *work, closo_step_kind kind, size_t first, size_t end,
                     size_t *capacity)
{
    closo_cycling *cycling = work->cycling;
    closo_step *last = cycling->step_count != 0 ? &cycling->steps[cycling->step_count - 1] : NULL;
    if (kind == CLOSO_STEP_VARYING && last != NULL && last->kind == kind &&
        last->first_row + last->row_count == first && last->direction == work->sign[first] &&
        !work->joined[first]) {
        last->row_count += end - first;
        return true;
    }
    closo_step *grown = closo_arena_grow(work->arena, cycling->steps, cycling->step_count, capacity,
                                         sizeof *cycling->steps);
    if (grown == NULL)
        return false;
    cycling->steps = grown;
    cycling->steps[cycling->step_count++] = (closo_step){
        .kind = kind, .direction = work->sign[first], .first_row = first, .row_count = end - first};
    return true;
}

/* A step of constant current gives its last rows, in which the potential already held, to the hold after it. */
static void give_back_rows(const closo_cycling_work *work, closo_step *constant, closo_step *hold)
{
    double hold_V = work->potential_V[hold->first_row + (hold->row_count > 1 ? 1 : 0)];
    while (constant->row_count > LEAST_ROWS) {
        size_t last = constant->first_row + constant->row_count - 1;
        if (fabs(work->potential_V[last] - hold_V) > fmax(least_hold_V / 4, 2 * work->noise_V))
            break;
        constant->row_count--;
        hold->row_count++;
        hold->first_row--;
    }
}

closo_status closo_cycling_steps(closo_cycling_work *work, closo_error *error)
{
    closo_cycling *cycling = work->cycling;
    size_t rows = cycling->row_count, capacity = 0;
    for (size_t first = 0; first < rows;) {
        size_t end = first + 1;
        while (end < rows && work->sign[end] == work->sign[first] && !work->joined[end])
            end++;
        while (first < end) {
            size_t step_end = end;
            closo_step_kind kind =
                work->sign[first] == 0 ? CLOSO_STEP_REST : judge(work, first, end, &step_end);
            if (!add_step(work, kind, first, step_end, &capacity))
                return closo_fail_nomem(error);
            first = step_end;
        }
    }
    for (size_t s = 1; s < cycling->step_count; s++) {
        closo_step *before = &cycling->steps[s - 1], *step = &cycling->steps[s];
        if (step->kind == CLOSO_STEP_HOLD && before->kind == CLOSO_STEP_CONSTANT_CURRENT &&
            before->direction == step->direction && !work->joined[step->first_row])
            give_back_rows(work, before, step);
    }
    for (size_t s = 0; s < cycling->step_count; s++)
        measure(work, &cycling->steps[s]);
    return CLOSO_OK;
}
