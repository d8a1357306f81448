/* SPDX-License-Identifier: BSD-3-Clause */
/* half_cycles.c: steps of one direction together, and what each such half cycle says. */
#include "cycling_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double drift_share = 0.1; /* the end of a rest over which its drift is measured */

static size_t step_last(const closo_step *step)
{
    return step->first_row + step->row_count - 1;
}

/* ---- what a half cycle says ---- */

static void sum_steps(const closo_cycling *cycling, closo_half_cycle *half)
{
    double rate_weight_C = 0, rate_A_C = 0;
    for (size_t s = half->first_step; s < half->first_step + half->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        if (step->direction == 0)
            continue;
        double charge_C = step->charge_C * half->direction;
        half->charge_C += charge_C;
        half->energy_J += step->energy_J * half->direction;
        half->duration_s += step->duration_s;
        if (step->kind == CLOSO_STEP_HOLD)
            half->hold_C += charge_C;
        if (step->kind == CLOSO_STEP_CONSTANT_CURRENT && isfinite(step->mean_current_A)) {
            rate_weight_C += charge_C;
            rate_A_C += charge_C * fabs(step->mean_current_A);
        }
    }
    half->mean_V = half->charge_C > 0 ? half->energy_J / half->charge_C : (double)NAN;
    half->rate_A = rate_weight_C > 0 ? rate_A_C / rate_weight_C : (double)NAN;
}

/* Potential when half of the charge has passed, between rows by a straight line. */
static double potential_at_half(const closo_cycling_work *work, const closo_half_cycle *half)
{
    double passed_C = 0, wanted_C = 0.5 * half->charge_C;
    for (size_t i = half->first_row; i < half->first_row + half->row_count; i++) {
        if (work->sign[i] != half->direction)
            continue;
        double charge_C = work->charge_C[i] * half->direction;
        if (passed_C + charge_C >= wanted_C && charge_C > 0) {
            bool inside = i > half->first_row && work->sign[i - 1] == half->direction;
            double before_V = inside ? work->potential_V[i - 1] : work->potential_V[i];
            double share = (wanted_C - passed_C) / charge_C;
            return before_V + share * (work->potential_V[i] - before_V);
        }
        passed_C += charge_C;
    }
    return NAN;
}

static void measure_resistance(const closo_cycling_work *work, closo_half_cycle *half)
{
    half->resistance_ohm = half->resistance_delay_s = NAN;
    size_t first = half->first_row;
    if (first == 0 || work->joined[first])
        return;
    size_t before = first - 1;
    half->resistance_at_reversal = work->sign[before] != 0;
    double before_A = work->current_A[before];
    /* A row that opened the step without current still shows the potential of the current before it. */
    if (half->resistance_at_reversal && fabs(before_A) < work->cycling->zero_current_A &&
        before > 0)
        before_A = work->current_A[before - 1];
    double step_A = work->current_A[first] - before_A;
    if (!(fabs(step_A) > work->cycling->zero_current_A))
        return;
    half->resistance_ohm = (work->potential_V[first] - work->potential_V[before]) / step_A;
    half->resistance_delay_s = work->time_s[first] - work->time_s[before];
}

static void measure_rest(const closo_cycling_work *work, closo_half_cycle *half)
{
    const closo_cycling *cycling = work->cycling;
    half->relaxation_V = half->rest_s = half->rest_end_V = half->rest_drift_V_per_s = NAN;
    size_t next = half->first_step + half->step_count;
    if (next >= cycling->step_count || cycling->steps[next].direction != 0 ||
        cycling->steps[next].after_gap)
        return;
    while (next + 1 < cycling->step_count && cycling->steps[next + 1].direction == 0 &&
           !cycling->steps[next + 1].after_gap)
        next++;
    size_t under_current = half->first_row + half->row_count - 1;
    size_t last = step_last(&cycling->steps[next]);
    half->rest_end_V = work->potential_V[last];
    half->relaxation_V = half->rest_end_V - work->potential_V[under_current];
    half->rest_s = work->time_s[last] - work->time_s[under_current];
    size_t first = last;
    while (first > under_current + 1 &&
           work->time_s[last] - work->time_s[first] < drift_share * half->rest_s)
        first--;
    closo_line line;
    if (closo_line_fit(work->time_s + first, work->potential_V + first, NULL, last - first + 1,
                       &line, NULL) == CLOSO_OK)
        half->rest_drift_V_per_s = line.slope;
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
    for (size_t h = 0; h < count; h++) {
        sum_steps(cycling, &list[h]);
        list[h].half_V = potential_at_half(work, &list[h]);
        measure_resistance(work, &list[h]);
        measure_rest(work, &list[h]);
    }
    cycling->half_cycles = list;
    cycling->half_cycle_count = count;
    return CLOSO_OK;
}
