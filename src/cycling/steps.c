/* SPDX-License-Identifier: BSD-3-Clause */
/* steps.c: runs of one sign become steps of constant current, holds and steps that are neither. */
#include "cycling_internal.h"

#include <math.h>

static const double current_share = 0.02;                  /* of the current a step began with */
static const double least_hold_V = 2e-3;                   /* how far a hold may stray */
static const double noise_multiple = 6, hold_fall = 0.015; /* of the current in a hold, at least */
enum { LEAST_ROWS = 3, LOOK_AHEAD = 64 };

static double current(const closo_cycling_work *work, size_t row)
{
    return work->window->current_A[closo_row_at(work->window, row)];
}

static double potential(const closo_cycling_work *work, size_t row)
{
    return work->window->potential_V[closo_row_at(work->window, row)];
}

/* ---- where a step ends ---- */

/* One walk forward from where a step begins: how long the current, and how long the potential, stays where it was. */
typedef struct walk {
    size_t first, end, at; /* the run, and how far the walk has come */
    double reference_A, band_A, reference_V, band_V;
    size_t outside;                /* rows in a row with a current outside its band */
    size_t constant_end, hold_end; /* SIZE_MAX: not yet known */
} walk;

static walk begin_walk(const closo_cycling_work *work, size_t first, size_t end)
{
    walk w = {.first = first, .end = end, .at = first + 1};
    /* The first row of a step may hold a mean over the change: the second one is the measure. */
    w.reference_A = current(work, first + 1 < end ? first + 1 : first);
    w.band_A = fmax(current_share * fabs(w.reference_A), noise_multiple * work->noise_A);
    w.reference_V = potential(work, first);
    w.band_V = fmax(least_hold_V, noise_multiple * work->noise_V);
    w.constant_end = w.hold_end = SIZE_MAX;
    return w;
}

/* The next row. The current leaves its band with the first of two rows outside. */
static void go_on(const closo_cycling_work *work, walk *w)
{
    const size_t at = closo_row_at(work->window, w->at);
    if (w->constant_end == SIZE_MAX) {
        const double away_A = fabs(work->window->current_A[at] - w->reference_A);
        w->outside = away_A > w->band_A ? w->outside + 1 : 0;
        if (w->outside == 2)
            w->constant_end = w->at - 1;
    }
    if (w->hold_end == SIZE_MAX &&
        !(fabs(work->window->potential_V[at] - w->reference_V) <= w->band_V))
        w->hold_end = w->at;
    w->at++;
}

/* At the end of the run both end. */
static void end_walk(walk *w)
{
    if (w->constant_end == SIZE_MAX)
        w->constant_end = w->outside == 1 && w->end - w->first > 2 ? w->end - 1 : w->end;
    if (w->hold_end == SIZE_MAX)
        w->hold_end = w->end;
}

static bool current_falls(const closo_cycling_work *work, size_t first, size_t end)
{
    double from_A = fabs(current(work, first)), to_A = fabs(current(work, end - 1));
    return from_A - to_A > fmax(hold_fall * from_A, noise_multiple * work->noise_A);
}

/* What begins at `first` and where it ends. Whether it is a hold is judged some rows behind the end of the constant
 * current, and only if it is one the walk goes on to its end. */
static closo_step_kind judge(const closo_cycling_work *work, size_t first, size_t end,
                             size_t *step_end)
{
    walk w = begin_walk(work, first, end);
    while (w.at < end && (w.constant_end == SIZE_MAX ||
                          (w.hold_end == SIZE_MAX && w.at < w.constant_end + LOOK_AHEAD)))
        go_on(work, &w);
    if (w.at == end)
        end_walk(&w);
    const size_t hold = w.hold_end < w.at ? w.hold_end : w.at, constant = w.constant_end;
    if (hold > constant && hold - first >= LEAST_ROWS && current_falls(work, first, hold)) {
        while (w.at < end && w.hold_end == SIZE_MAX)
            go_on(work, &w);
        end_walk(&w);
        *step_end = w.hold_end;
        return CLOSO_STEP_HOLD;
    }
    if (constant - first >= LEAST_ROWS || constant == end) {
        *step_end = constant;
        return CLOSO_STEP_CONSTANT_CURRENT;
    }
    *step_end = first + 1;
    return CLOSO_STEP_VARYING;
}

/* ---- what a step says ---- */

/* sum_C: what passed before the step. */
static void measure(const closo_cycling_work *work, closo_step *step, double sum_C)
{
    closo_row_window *window = work->window;
    const size_t first = step->first_row, end = first + step->row_count;
    double begun_s = 0, ended_s = 0;
    for (size_t row = first; row < end;) {
        size_t at = closo_row_at(window, row);
        const size_t left = end - row, there = window->row_count + 1 - at;
        const size_t stop = at + (left < there ? left : there);
        if (row == window->first_row)
            work->charge_before_C[row / CLOSO_ROWS_IN_WINDOW] = sum_C + step->charge_C;
        if (row == first) {
            const bool counted = first != 0 && !step->after_gap;
            begun_s = window->time_s[counted ? at - 1 : at];
            step->from_V = window->potential_V[at];
            step->charge_C += window->charge_C[at];
            step->integral_C += window->integral_C[at];
            /* The row's own potential: before it the cell rested or ran the other way. */
            step->energy_J += window->charge_C[at] * window->potential_V[at];
            at++;
        }
        for (; at < stop; at++) { /* the mean potential of the interval, both ends of the step */
            const double mean_V = 0.5 * (window->potential_V[at] + window->potential_V[at - 1]);
            step->charge_C += window->charge_C[at];
            step->integral_C += window->integral_C[at];
            step->energy_J += window->charge_C[at] * mean_V;
        }
        ended_s = window->time_s[stop - 1];
        step->to_V = window->potential_V[stop - 1];
        row += left < there ? left : there;
    }
    step->duration_s = ended_s - begun_s;
    step->mean_current_A = step->duration_s > 0 ? step->charge_C / step->duration_s : (double)NAN;
}

/* joined: a pause or a restart of the clock is before the step. */
static bool add_step(closo_cycling_work *work, const closo_step *step, size_t *capacity)
{
    closo_cycling *cycling = work->cycling;
    closo_step *last = cycling->step_count != 0 ? &cycling->steps[cycling->step_count - 1] : NULL;
    if (step->kind == CLOSO_STEP_VARYING && last != NULL && last->kind == step->kind &&
        last->first_row + last->row_count == step->first_row &&
        last->direction == step->direction && !step->after_gap) {
        last->row_count += step->row_count;
        return true;
    }
    closo_step *grown = closo_arena_grow(work->arena, cycling->steps, cycling->step_count, capacity,
                                         sizeof *cycling->steps);
    if (grown == NULL)
        return false;
    cycling->steps = grown;
    cycling->steps[cycling->step_count++] = *step;
    return true;
}

/* A step of constant current gives its last rows, in which the potential already held, to the hold after it. */
static void give_back_rows(const closo_cycling_work *work, closo_step *constant, closo_step *hold)
{
    double hold_V = potential(work, hold->first_row + (hold->row_count > 1 ? 1 : 0));
    while (constant->row_count > LEAST_ROWS) {
        size_t last = constant->first_row + constant->row_count - 1;
        if (fabs(potential(work, last) - hold_V) > fmax(least_hold_V / 4, 2 * work->noise_V))
            break;
        constant->row_count--;
        hold->row_count++;
        hold->first_row--;
    }
}

/* Where the next joint of the clock behind `row` is, or the end of all rows. piece: where to look on from. */
static size_t next_joint(const closo_cycling_source *source, size_t row, size_t *piece)
{
    while (*piece < source->piece_count &&
           (source->pieces[*piece].first_row <= row || !source->pieces[*piece].joined))
        ++*piece;
    return *piece < source->piece_count ? source->pieces[*piece].first_row : source->row_count;
}

/* Splits a stretch of one sign and one clock into steps. */
static bool split(closo_cycling_work *work, int sign, size_t first, size_t end, bool after_gap,
                  size_t *capacity)
{
    while (first < end) {
        closo_step step = {.direction = sign, .first_row = first, .after_gap = after_gap};
        size_t step_end = end;
        step.kind = sign == 0 ? CLOSO_STEP_REST : judge(work, first, end, &step_end);
        step.row_count = step_end - first;
        if (!add_step(work, &step, capacity))
            return false;
        first = step_end;
        after_gap = false;
    }
    return true;
}

closo_status closo_cycling_steps(closo_cycling_work *work, closo_error *error)
{
    closo_cycling *cycling = work->cycling;
    const closo_cycling_source *source = work->source;
    size_t capacity = 0, piece = 0, joint = 0;
    for (size_t r = 0; r < source->run_count; r++) {
        const closo_cycling_run *run = &source->runs[r];
        const size_t run_end = run->first_row + run->row_count;
        for (size_t first = run->first_row; first < run_end;) {
            const bool after_gap = first != 0 && first == joint;
            joint = next_joint(source, first, &piece);
            const size_t end = joint < run_end ? joint : run_end;
            if (!split(work, run->sign, first, end, after_gap, &capacity))
                return closo_fail_nomem(error);
            first = end;
        }
    }
    for (size_t s = 1; s < cycling->step_count; s++) {
        closo_step *before = &cycling->steps[s - 1], *step = &cycling->steps[s];
        if (step->kind == CLOSO_STEP_HOLD && before->kind == CLOSO_STEP_CONSTANT_CURRENT &&
            before->direction == step->direction && !step->after_gap)
            give_back_rows(work, before, step);
    }
    work->charge_before_C = closo_arena_alloc(
        work->passing, cycling->row_count / CLOSO_ROWS_IN_WINDOW + 1, sizeof(double));
    if (work->charge_before_C == NULL)
        return closo_fail_nomem(error);
    double sum_C = 0;
    for (size_t s = 0; s < cycling->step_count; s++) {
        measure(work, &cycling->steps[s], sum_C);
        sum_C += cycling->steps[s].charge_C;
    }
    return CLOSO_OK;
}
