/* SPDX-License-Identifier: BSD-3-Clause */
/* half_cycles.c: steps of one direction together, and what each such half cycle says. */
#include "cycling_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double drift_share = 0.1; /* the end of a rest over which its drift is measured */

static const double rounding_share = 1e-9; /* of a sum of charges */

static size_t step_last(const closo_step *step)
{
    return step->first_row + step->row_count - 1;
}

/* ---- what a half cycle says ---- */

/* A capacity column shows what passed between the last row of a step and its end only in the row after, which may be one of
 * a rest. The rests within and after the half cycle, up to the next, so have their part. */
static void add_rests(const closo_cycling_work *work, closo_half_cycle *half)
{
    const closo_cycling *cycling = work->cycling;
    const closo_own_kind kind = work->source->own.kind;
    if (kind != CLOSO_OWN_CAPACITIES && kind != CLOSO_OWN_CAPACITY)
        return;
    const size_t end = half->first_step + half->step_count;
    for (size_t s = half->first_step; s < cycling->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        if (s >= end && step->direction != 0)
            break;
        if (step->direction != 0)
            continue;
        half->charge_C += step->charge_C * half->direction;
        half->energy_J += step->energy_J * half->direction;
    }
}

/* The same where no rest is between two half cycles: the first row of the second shows it, in the column of the first. */
static void give_back_remainder(const closo_cycling_work *work, closo_half_cycle *half)
{
    const closo_own_charge *own = &work->source->own;
    if (own->kind != CLOSO_OWN_CAPACITIES)
        return;
    closo_half_cycle *before = half - 1;
    const double remainder_C =
        closo_own_charge_growth(half->direction > 0 ? &own->discharge : &own->column,
                                closo_cycling_file_row(work->cycling, half->first_row));
    const double remainder_J =
        remainder_C * work->cycling->steps[before->first_step + before->step_count - 1].to_V;
    before->charge_C += remainder_C;
    before->energy_J += remainder_J;
    half->charge_C += remainder_C;
    half->energy_J += remainder_J;
}

static void sum_steps(const closo_cycling_work *work, closo_half_cycle *half)
{
    const closo_cycling *cycling = work->cycling;
    double rate_weight_C = 0, rate_A_C = 0;
    for (size_t s = half->first_step; s < half->first_step + half->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        if (step->direction == 0)
            continue;
        double charge_C = step->charge_C * half->direction;
        half->charge_C += charge_C;
        half->integral_C += step->integral_C * half->direction;
        half->energy_J += step->energy_J * half->direction;
        half->duration_s += step->duration_s;
        if (step->kind == CLOSO_STEP_HOLD)
            half->hold_C += charge_C;
        if (step->kind == CLOSO_STEP_CONSTANT_CURRENT && isfinite(step->mean_current_A)) {
            rate_weight_C += charge_C;
            rate_A_C += charge_C * fabs(step->mean_current_A);
        }
    }
    add_rests(work, half);
    half->rate_A = rate_weight_C > 0 ? rate_A_C / rate_weight_C : (double)NAN;
}

/* What passes in the window of rows that begins at `row`, when it ends within the step and not with all rows; else NaN. */
static double window_charge(const closo_cycling_work *work, const closo_step *step, size_t row)
{
    const size_t end = row + CLOSO_ROWS_IN_WINDOW, k = row / CLOSO_ROWS_IN_WINDOW;
    if (row % CLOSO_ROWS_IN_WINDOW != 0 || end > step->first_row + step->row_count ||
        end >= work->cycling->row_count)
        return NAN;
    return work->charge_before_C[k + 1] - work->charge_before_C[k];
}

/* Potential when half of the charge has passed, between rows by a straight line. */
static double potential_at_half(const closo_cycling_work *work, const closo_half_cycle *half)
{
    const closo_cycling *cycling = work->cycling;
    closo_row_window *window = work->window;
    double passed_C = 0;
    const double wanted_C = 0.5 * half->charge_C;
    for (size_t s = half->first_step; s < half->first_step + half->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        const double step_C = step->charge_C * half->direction;
        if (step->direction == 0)
            continue;
        /* Steps before the one that matters need not be read again. */
        if (passed_C + step_C < wanted_C * (1 - rounding_share)) {
            passed_C += step_C;
            continue;
        }
        for (size_t row = step->first_row; row < step->first_row + step->row_count; row++) {
            const double window_C = window_charge(work, step, row) * half->direction;
            if (passed_C + window_C < wanted_C * (1 - rounding_share)) { /* nor windows of it */
                passed_C += window_C;
                row += CLOSO_ROWS_IN_WINDOW - 1;
                continue;
            }
            const size_t at = closo_row_at(window, row);
            const double charge_C = window->charge_C[at] * half->direction;
            if (passed_C + charge_C >= wanted_C && charge_C > 0) {
                const bool inside =
                    row > half->first_row &&
                    (row > step->first_row || cycling->steps[s - 1].direction == step->direction);
                const double before_V = window->potential_V[inside ? at - 1 : at];
                const double share = (wanted_C - passed_C) / charge_C;
                return before_V + share * (window->potential_V[at] - before_V);
            }
            passed_C += charge_C;
        }
    }
    return NAN;
}

static void measure_resistance(const closo_cycling_work *work, closo_half_cycle *half)
{
    const closo_cycling *cycling = work->cycling;
    const size_t first = half->first_row;
    half->resistance_ohm = half->resistance_delay_s = NAN;
    if (first == 0 || cycling->steps[half->first_step].after_gap)
        return;
    const size_t at = closo_row_at(work->window, first);
    const double first_A = work->window->current_A[at], first_V = work->window->potential_V[at];
    const double before_V = work->window->potential_V[at - 1];
    double before_A = work->window->current_A[at - 1];
    half->resistance_at_reversal = closo_cycling_sign(work->source, first - 1) != 0;
    const double delay_s = work->window->time_s[at] - work->window->time_s[at - 1];
    /* A row that opened the step without current still shows the potential of the current before it. */
    if (half->resistance_at_reversal && fabs(before_A) < cycling->zero_current_A && first > 1)
        before_A = work->window->current_A[closo_row_at(work->window, first - 2)];
    const double step_A = first_A - before_A;
    if (!(fabs(step_A) > cycling->zero_current_A))
        return;
    half->resistance_ohm = (first_V - before_V) / step_A;
    half->resistance_delay_s = delay_s;
}

/* First row of the last tenth of a rest that ends with `last`. */
static size_t drift_start(const closo_cycling_work *work, size_t under_current, size_t last,
                          double rest_s)
{
    closo_row_window *window = work->window;
    const double last_s = window->time_s[closo_row_at(window, last)];
    size_t first = last;
    while (first > under_current + 1 &&
           last_s - window->time_s[closo_row_at(window, first)] < drift_share * rest_s)
        first--;
    return first;
}

static void measure_rest(const closo_cycling_work *work, closo_half_cycle *half)
{
    const closo_cycling *cycling = work->cycling;
    closo_row_window *window = work->window;
    half->relaxation_V = half->rest_s = half->rest_end_V = half->rest_drift_V_per_s = NAN;
    size_t next = half->first_step + half->step_count;
    if (next >= cycling->step_count || cycling->steps[next].direction != 0 ||
        cycling->steps[next].after_gap)
        return;
    while (next + 1 < cycling->step_count && cycling->steps[next + 1].direction == 0 &&
           !cycling->steps[next + 1].after_gap)
        next++;
    const size_t under_current = half->first_row + half->row_count - 1;
    const size_t last = step_last(&cycling->steps[next]);
    size_t at = closo_row_at(window, under_current);
    const double begun_s = window->time_s[at], begun_V = window->potential_V[at];
    at = closo_row_at(window, last);
    half->rest_end_V = window->potential_V[at];
    half->relaxation_V = half->rest_end_V - begun_V;
    half->rest_s = window->time_s[at] - begun_s;
    const size_t first = drift_start(work, under_current, last, half->rest_s);
    closo_cycling_rows rows;
    closo_line line;
    closo_arena *arena = closo_arena_new(0);
    if (arena != NULL &&
        closo_cycling_rows_read(cycling, first, last - first + 1, arena, &rows, NULL) == CLOSO_OK &&
        closo_line_fit(rows.time_s, rows.potential_V, NULL, rows.row_count, &line, NULL) ==
            CLOSO_OK)
        half->rest_drift_V_per_s = line.slope;
    closo_arena_free(arena);
}

closo_status closo_cycling_half_cycles(closo_cycling_work *work, closo_error *error)
{
    closo_cycling *cycling = work->cycling;
    closo_half_cycle *list =
        closo_arena_alloc(work->arena, cycling->step_count, sizeof *cycling->half_cycles);
    if (list == NULL)
        return closo_fail_nomem(error);
    size_t count = 0;
    for (size_t s = 0; s < cycling->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        if (step->direction == 0)
            continue;
        if (count == 0 || list[count - 1].direction != step->direction)
            list[count++] = (closo_half_cycle){
                .direction = step->direction, .first_step = s, .first_row = step->first_row};
        closo_half_cycle *half = &list[count - 1];
        half->step_count = s - half->first_step + 1;
        half->row_count = step_last(step) - half->first_row + 1;
    }
    cycling->half_cycles = list;
    cycling->half_cycle_count = count;
    for (size_t h = 0; h < count; h++)
        sum_steps(work, &list[h]);
    for (size_t h = 1; h < count; h++)
        give_back_remainder(work, &list[h]);
    for (size_t h = 0; h < count; h++) {
        list[h].mean_V = list[h].charge_C > 0 ? list[h].energy_J / list[h].charge_C : (double)NAN;
        list[h].half_V = potential_at_half(work, &list[h]);
        measure_resistance(work, &list[h]);
        measure_rest(work, &list[h]);
    }
    return CLOSO_OK;
}
