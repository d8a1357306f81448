/* SPDX-License-Identifier: BSD-3-Clause */
/* overpotential.c: half cycles, or their parts at one current, and the shape of the overpotential within them. */
#include "symmetric_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double same_current = 0.05; /* steps within belong together */
static const double small_charge = 0.05; /* of a half cycle: such a step opens no part of its own */
static const double current_band = 0.3;  /* a row outside is of the turn, or a rest */
static const double window_share = 0.04; /* of the charge, for start, middle and end */
static const double arc_share = 0.02;    /* of the mean overpotential: less is no arc */
static const double arc_noise = 6;       /* the extremes of many noisy rows stand that far apart */

bool closo_row_under_current(const closo_symmetric *symmetric, const closo_symmetric_half *half,
                             size_t row)
{
    double share = half->direction * symmetric->rows.current_A[row] / half->current_A;
    return fabs(share - 1) <= current_band;
}

/* ---- parts at one current ---- */

static void begin_half(const closo_cycling *cycling, size_t h, const closo_step *step,
                       closo_symmetric_half *half)
{
    const closo_half_cycle *of = &cycling->half_cycles[h];
    *half = (closo_symmetric_half){.half_cycle = h + 1,
                                   .direction = of->direction,
                                   .first_row = step->first_row,
                                   .ohmic_ohm = NAN,
                                   .ohmic_delay_s = NAN};
    if (step->first_row == of->first_row) {
        half->ohmic_ohm = of->resistance_ohm;
        half->ohmic_delay_s = of->resistance_delay_s;
    }
}

static double step_current_A(const closo_step *step)
{
    return step->duration_s > 0 ? fabs(step->charge_C) / step->duration_s : (double)NAN;
}

/* Adds the parts of one half cycle; false when out of memory. Holds at another current than what ran before them are left
 * out: their overpotential is prescribed. */
static bool add_parts(closo_symmetric_work *work, size_t h, size_t *capacity)
{
    closo_symmetric *symmetric = work->symmetric;
    const closo_cycling *cycling = symmetric->cycling;
    const closo_half_cycle *of = &cycling->half_cycles[h];
    closo_symmetric_half *half = NULL;
    double seconds = 0;
    for (size_t s = of->first_step; s < of->first_step + of->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        double current_A = step_current_A(step);
        if (step->direction == 0)
            continue;
        bool large = fabs(step->charge_C) >= small_charge * of->charge_C && current_A > 0;
        bool fits = half != NULL && fabs(current_A / half->current_A - 1) <= same_current;
        if (large && !fits) {
            if (step->kind == CLOSO_STEP_HOLD && half != NULL)
                continue;
            closo_symmetric_half *grown = closo_arena_grow(
                work->arena, symmetric->halves, symmetric->half_count, capacity, sizeof *grown);
            if (grown == NULL)
                return false;
            symmetric->halves = grown;
            half = &grown[symmetric->half_count++];
            begin_half(cycling, h, step, half);
            seconds = 0;
        }
        if (half == NULL || (!large && !fits && half->charge_C > 0 && current_A > 0))
            continue;
        half->charge_C += fabs(step->charge_C);
        seconds += step->duration_s > 0 ? step->duration_s : 0;
        half->current_A = seconds > 0 ? half->charge_C / seconds : current_A;
        half->row_count = step->first_row + step->row_count - half->first_row;
    }
    return true;
}

/* ---- the shape of the overpotential ---- */

/* Charge that passed in a row of the half. */
static double row_charge_C(const closo_symmetric *symmetric, size_t row)
{
    return fabs(symmetric->rows.charge_C[row]);
}

/* Mean, weighted by charge, over a window of the half's charge; the nearest row where the window holds none. */
static double window_V(const closo_symmetric *symmetric, const closo_symmetric_half *half,
                       double from_share, double to_share)
{
    double passed_C = 0, sum_C = 0, sum_VC = 0, nearest_V = NAN, nearest = INFINITY;
    double middle_C = 0.5 * (from_share + to_share) * half->charge_C;
    for (size_t row = half->first_row; row < half->first_row + half->row_count; row++) {
        if (!closo_row_under_current(symmetric, half, row))
            continue;
        double charge_C = row_charge_C(symmetric, row);
        double over_V = closo_overpotential_V(symmetric, half, row);
        passed_C += charge_C;
        double at_C = passed_C - 0.5 * charge_C;
        if (charge_C > 0 && fabs(at_C - middle_C) < nearest) {
            nearest = fabs(at_C - middle_C);
            nearest_V = over_V;
        }
        if (at_C < from_share * half->charge_C || at_C > to_share * half->charge_C)
            continue;
        sum_C += charge_C;
        sum_VC += charge_C * over_V;
    }
    return sum_C > 0 ? sum_VC / sum_C : nearest_V;
}

double closo_plateau_V(const closo_symmetric *symmetric, const closo_symmetric_half *half,
                       double from_share, double to_share, double *scratch)
{
    double passed_C = 0;
    size_t count = 0;
    for (size_t row = half->first_row; row < half->first_row + half->row_count; row++) {
        if (!closo_row_under_current(symmetric, half, row))
            continue;
        passed_C += row_charge_C(symmetric, row);
        if (passed_C >= from_share * half->charge_C && passed_C <= to_share * half->charge_C)
            scratch[count++] = closo_overpotential_V(symmetric, half, row);
    }
    return closo_median(scratch, count);
}

static double median_of_three(double one, double two, double three)
{
    return fmax(fmin(one, two), fmin(fmax(one, two), three));
}

/* Overpotentials of the rows under current, each the median of itself and its neighbours: single spikes are no arc. */
static size_t smooth_rows(const closo_symmetric_work *work, const closo_symmetric_half *half,
                          double *noise_V)
{
    const closo_symmetric *symmetric = work->symmetric;
    double *over_V = work->scratch, *second_V = work->scratch + half->row_count;
    size_t count = 0, differences = 0;
    for (size_t row = half->first_row; row < half->first_row + half->row_count; row++)
        if (closo_row_under_current(symmetric, half, row))
            over_V[count++] = closo_overpotential_V(symmetric, half, row);
    for (size_t i = 1; i + 1 < count; i++)
        second_V[differences++] = over_V[i - 1] - 2 * over_V[i] + over_V[i + 1];
    *noise_V =
        differences >= 4 ? closo_robust_sigma(second_V, differences, NULL) / sqrt(6) : (double)NAN;
    double before = count != 0 ? over_V[0] : 0;
    if (count > 2)
        over_V[0] = median_of_three(over_V[0], over_V[1], over_V[2]);
    for (size_t i = 1; i + 1 < count; i++) {
        double here = over_V[i];
        over_V[i] = median_of_three(before, here, over_V[i + 1]);
        before = here;
    }
    return count;
}

static void find_arcs(const closo_symmetric_work *work, closo_symmetric_half *half)
{
    size_t count = smooth_rows(work, half, &half->noise_V), peak = 0;
    const double *over_V = work->scratch;
    half->peak_V = half->minimum_V = NAN;
    if (count < 4)
        return;
    for (size_t i = 0; i <= count / 3; i++)
        if (over_V[i] > over_V[peak])
            peak = i;
    half->peak_V = half->minimum_V = over_V[peak];
    for (size_t i = peak; i < count; i++)
        half->minimum_V = fmin(half->minimum_V, over_V[i]);
    double least_V = fmax(arc_noise * (isfinite(half->noise_V) ? half->noise_V : 0),
                          arc_share * fabs(half->mean_V));
    half->arc_start = half->peak_V - half->minimum_V > least_V;
    half->arc_end = half->end_V - half->minimum_V > least_V;
}

static void measure(const closo_symmetric_work *work, closo_symmetric_half *half)
{
    const closo_symmetric *symmetric = work->symmetric;
    size_t last = half->first_row + half->row_count - 1;
    bool after = half->first_row != 0;
    half->start_s = symmetric->rows.time_s[half->first_row - (after ? 1 : 0)];
    half->end_s = symmetric->rows.time_s[last];
    half->mean_V = window_V(symmetric, half, 0, 1);
    half->start_V = window_V(symmetric, half, 0, window_share);
    half->middle_V = window_V(symmetric, half, 0.5 - window_share / 2, 0.5 + window_share / 2);
    half->end_V = window_V(symmetric, half, 1 - window_share, 1);
    find_arcs(work, half);
}

closo_status closo_symmetric_halves(closo_symmetric_work *work, closo_error *error)
{
    closo_symmetric *symmetric = work->symmetric;
    size_t capacity = 0;
    for (size_t h = 0; h < symmetric->cycling->half_cycle_count; h++)
        if (!add_parts(work, h, &capacity))
            return closo_fail_nomem(error);
    for (size_t i = 0; i < symmetric->half_count; i++) {
        closo_symmetric_half *half = &symmetric->halves[i];
        half->charge_before_C = symmetric->total_C;
        symmetric->total_C += half->charge_C;
        measure(work, half);
    }
    if (symmetric->half_count == 0)
        return closo_fail(error, CLOSO_RANGE,
                          "no half cycle has a duration, so there is no overpotential to speak of");
    return CLOSO_OK;
}
