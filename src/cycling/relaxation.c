/* SPDX-License-Identifier: BSD-3-Clause */
/* relaxation.c: steps of potential where current sets in and stops, and the law by which the potential relaxes at rest. */
#include "analysis_internal.h"

#include "closo/numeric.h"

#include <math.h>

enum { LEAST_ROWS = 8, TIME_CONSTANTS = 60, REFINEMENTS = 40 };
static const double margin_aicc = 2; /* of a law that moves over a potential that rests */

/* ---- where current sets in, over cycles ---- */

static double median_delay_s(const closo_analysis_work *work, int direction, double *scratch)
{
    const closo_cycling *cycling = work->cycling;
    size_t count = 0;
    for (size_t h = 0; h < cycling->half_cycle_count; h++)
        if (cycling->half_cycles[h].direction == direction)
            scratch[count++] = cycling->half_cycles[h].resistance_delay_s;
    return closo_median(scratch, count);
}

closo_status closo_cycling_resistance(closo_analysis_work *work, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    size_t room = cycling->half_cycle_count > cycling->cycle_count ? cycling->half_cycle_count
                                                                   : cycling->cycle_count;
    double *number = closo_arena_alloc(work->passing, room, sizeof *number);
    double *ohm = closo_arena_alloc(work->passing, room, sizeof *ohm);
    if (number == NULL || ohm == NULL)
        return closo_fail_nomem(error);
    for (size_t k = 0; k < 2; k++) {
        closo_resistance_trend *trend = &work->analyses->resistance[k];
        *trend = (closo_resistance_trend){
            .direction = k == 0 ? 1 : -1, .start_ohm = {NAN, NAN}, .ohm_per_cycle = {NAN, NAN}};
        trend->delay_s = median_delay_s(work, trend->direction, ohm);
        for (size_t c = 0; c < cycling->cycle_count; c++) {
            const closo_cycle *cycle = &cycling->cycles[c];
            size_t half = k == 0 ? cycle->charge_half : cycle->discharge_half;
            if (half == SIZE_MAX || !isfinite(cycling->half_cycles[half].resistance_ohm))
                continue;
            trend->first_cycle = trend->count == 0 ? cycle->cycle : trend->first_cycle;
            trend->last_cycle = cycle->cycle;
            number[trend->count] = cycle->cycle - trend->first_cycle;
            ohm[trend->count++] = cycling->half_cycles[half].resistance_ohm;
        }
        closo_line line;
        if (closo_line_fit(number, ohm, NULL, trend->count, &line, NULL) == CLOSO_OK) {
            trend->start_ohm = (closo_value){line.intercept, line.intercept_sigma};
            trend->ohm_per_cycle = (closo_value){line.slope, line.slope_sigma};
        }
    }
    return CLOSO_OK;
}

/* ---- the law of a rest ---- */

typedef struct rest {
    const double *time_s, *potential_V; /* of its rows */
    size_t count;
    double *scratch;
} rest;

/* Sum of squares about end + amplitude exp(-t / time_constant); the line holds end and amplitude. */
static double exponential_square_sum(const rest *at, double time_constant_s, closo_line *line)
{
    for (size_t i = 0; i < at->count; i++)
        at->scratch[i] = exp(-(at->time_s[i] - at->time_s[0]) / time_constant_s);
    if (closo_line_fit(at->scratch, at->potential_V, NULL, at->count, line, NULL) != CLOSO_OK)
        return INFINITY;
    return line->residual_rms * line->residual_rms * (double)(at->count - 2);
}

/* The best time constant: a search over logarithms, then by the golden section about the best. */
static double best_time_constant(const rest *at, double shortest_s, double longest_s)
{
    closo_line line;
    double step = log(longest_s / shortest_s) / (TIME_CONSTANTS - 1);
    size_t best = 0;
    double least = INFINITY;
    for (size_t k = 0; k < TIME_CONSTANTS; k++) {
        double sum = exponential_square_sum(at, shortest_s * exp(step * (double)k), &line);
        if (sum < least) {
            least = sum;
            best = k;
        }
    }
    double low = log(shortest_s) + step * ((double)best - 1), high = low + 2 * step;
    const double golden = 0.5 * (sqrt(5) - 1);
    for (int turn = 0; turn < REFINEMENTS; turn++) {
        double one = high - golden * (high - low), other = low + golden * (high - low);
        if (exponential_square_sum(at, exp(one), &line) <
            exponential_square_sum(at, exp(other), &line))
            high = other;
        else
            low = one;
    }
    return exp(0.5 * (low + high));
}

/* sigma of end, amplitude and time constant by linearisation. */
static void exponential_sigmas(const rest *at, double time_constant_s, double square_sum,
                               closo_relaxation *found)
{
    double matrix[9] = {0};
    for (size_t i = 0; i < at->count; i++) {
        double share = (at->time_s[i] - at->time_s[0]) / time_constant_s, fall = exp(-share);
        const double change[3] = {1, fall, found->amplitude.value * fall * share / time_constant_s};
        for (size_t j = 0; j < 3; j++)
            for (size_t k = 0; k < 3; k++)
                matrix[3 * j + k] += change[j] * change[k];
    }
    if (!closo_cycling_invert(matrix, 3))
        return;
    double variance = square_sum / (double)(at->count - 3);
    found->end_V.sigma = sqrt(variance * matrix[0]);
    found->amplitude.sigma = sqrt(variance * matrix[4]);
    found->time_constant_s.sigma = sqrt(variance * matrix[8]);
}

static double still_square_sum(const rest *at)
{
    double mean = 0, sum = 0;
    for (size_t i = 0; i < at->count; i++)
        mean += at->potential_V[i] / (double)at->count;
    for (size_t i = 0; i < at->count; i++)
        sum += (at->potential_V[i] - mean) * (at->potential_V[i] - mean);
    return sum;
}

static void fit_rest(const rest *at, closo_relaxation *found)
{
    closo_line fall, root;
    double n = (double)at->count, length_s = at->time_s[at->count - 1] - at->time_s[0];
    if (at->count < LEAST_ROWS || !(length_s > 0))
        return;
    double time_constant_s = best_time_constant(at, length_s / n, 3 * length_s);
    double fall_sum = exponential_square_sum(at, time_constant_s, &fall);
    for (size_t i = 0; i < at->count; i++)
        at->scratch[i] = sqrt(at->time_s[i] - at->time_s[0]);
    if (!isfinite(fall_sum) ||
        closo_line_fit(at->scratch, at->potential_V, NULL, at->count, &root, NULL) != CLOSO_OK)
        return;
    double root_sum = root.residual_rms * root.residual_rms * (n - 2);
    double still = closo_cycling_criteria(still_square_sum(at), at->count, n, 2).aicc,
           by_root = closo_cycling_criteria(root_sum, at->count, n, 3).aicc,
           by_fall = closo_cycling_criteria(fall_sum, at->count, n, 4).aicc;
    if (fmin(by_root, by_fall) > still - margin_aicc)
        return;
    if (by_root < by_fall) {
        found->law = CLOSO_RELAXATION_SQUARE_ROOT;
        found->amplitude = (closo_value){root.slope, root.slope_sigma};
        found->rms_V = root.residual_rms;
        return;
    }
    found->law = CLOSO_RELAXATION_EXPONENTIAL;
    found->end_V.value = fall.intercept;
    found->amplitude.value = fall.slope;
    found->time_constant_s.value = time_constant_s;
    found->rms_V = sqrt(fall_sum / (n - 3));
    exponential_sigmas(at, time_constant_s, fall_sum, found);
}

/* ---- all rests ---- */

/* Rows of the rest after a half cycle; 0 when there is none, or the clock stopped before it. */
static size_t rest_rows(const closo_cycling *cycling, const closo_half_cycle *half)
{
    size_t rows = 0;
    for (size_t s = half->first_step + half->step_count; s < cycling->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        if (step->direction != 0 || step->after_gap)
            break;
        rows += step->row_count;
    }
    return rows;
}

int closo_cycling_cycle_of(const closo_cycling *cycling, size_t half)
{
    for (size_t c = half / 2; c < cycling->cycle_count; c++)
        if (cycling->cycles[c].charge_half == half || cycling->cycles[c].discharge_half == half)
            return cycling->cycles[c].cycle;
    return 0;
}

/* Fills what the rows say: under current the first of them, at rest the others. */
static void fill_relaxation(const closo_cycling_rows *rows, double *scratch,
                            closo_relaxation *found)
{
    const rest at = {.time_s = rows->time_s + 1,
                     .potential_V = rows->potential_V + 1,
                     .count = rows->row_count - 1,
                     .scratch = scratch};
    found->step_V = at.potential_V[0] - rows->potential_V[0];
    found->step_delay_s = at.time_s[0] - rows->time_s[0];
    found->from_V = at.potential_V[0];
    found->to_V = at.potential_V[at.count - 1];
    found->duration_s = at.time_s[at.count - 1] - at.time_s[0];
    found->row_count = at.count;
    found->resistance_ohm =
        rows->current_A[0] != 0 ? -found->step_V / rows->current_A[0] : (double)NAN;
    fit_rest(&at, found);
}

static closo_status relax_after(const closo_cycling *cycling, size_t h, size_t row_count,
                                closo_relaxation *found, closo_error *error)
{
    const closo_half_cycle *half = &cycling->half_cycles[h];
    closo_arena *passing =
        closo_arena_new(0); /* a file's rests together are as large as the file */
    closo_cycling_rows rows = {0};
    *found = (closo_relaxation){.half_cycle = h,
                                .cycle = closo_cycling_cycle_of(cycling, h),
                                .direction = half->direction,
                                .end_V = {NAN, NAN},
                                .amplitude = {NAN, NAN},
                                .time_constant_s = {NAN, NAN},
                                .rms_V = NAN};
    double *scratch =
        passing != NULL ? closo_arena_alloc(passing, row_count, sizeof *scratch) : NULL;
    closo_status status =
        scratch == NULL ? closo_fail_nomem(error)
                        : closo_cycling_rows_read(cycling, half->first_row + half->row_count - 1,
                                                  row_count + 1, passing, &rows, error);
    if (status == CLOSO_OK)
        fill_relaxation(&rows, scratch, found);
    closo_arena_free(passing);
    return status;
}

closo_status closo_cycling_relaxation(closo_analysis_work *work, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    closo_cycling_analyses *analyses = work->analyses;
    analyses->relaxations =
        closo_arena_alloc(work->arena, cycling->half_cycle_count, sizeof *analyses->relaxations);
    if (analyses->relaxations == NULL)
        return closo_fail_nomem(error);
    for (size_t h = 0; h < cycling->half_cycle_count; h++) {
        size_t row_count = rest_rows(cycling, &cycling->half_cycles[h]);
        if (row_count == 0)
            continue;
        closo_status status = relax_after(
            cycling, h, row_count, &analyses->relaxations[analyses->relaxation_count++], error);
        if (status != CLOSO_OK)
            return status;
    }
    return CLOSO_OK;
}
