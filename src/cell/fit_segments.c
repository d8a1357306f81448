/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_segments.c: what an instrument controlled, stretch by stretch, out of what it measured.
 *
 * Constant currents, rests and holds are the steps that closo cycles finds; their current is the charge over the time, so that
 * the charge of the replay is that of the test. Sweeps are the legs that closo cv finds, made to join. */
#include "fit_internal.h"

#include "closo/cycling.h"
#include "closo/voltammetry.h"

#include <math.h>
#include <string.h>

enum { POINTS_MOST = 600, POINTS_OF_A_SEGMENT = 8, PIECES = 40 };

/* How far beyond the potentials of the test a replay may run before it is held there. */
static const double beyond_V = 0.5;

typedef struct taker {
    closo_fit_data *data;
    size_t run; /* the list may move */
    const closo_fit_data_options *options;
    const char *name;
    size_t row_count;
    const double *time_s, *potential_V, *current_A;
    size_t potential_set, current_set; /* SIZE_MAX: not made yet */
    bool failed;
} taker;

static fit_run *run_of(const taker *take)
{
    return &take->data->runs[take->run];
}

/* ---- points ---- */

static void add_point(taker *take, size_t row, bool potential, double prescribed_V)
{
    closo_fit_data *data = take->data;
    fit_run *run = run_of(take);
    size_t *set = potential ? &take->potential_set : &take->current_set;
    if (*set == SIZE_MAX)
        *set = fit_set_new(data, take->name, potential ? CLOSO_FIT_POTENTIAL : CLOSO_FIT_CURRENT,
                           potential ? take->options->potential_sigma_V
                                     : take->options->current_sigma_A);
    fit_point *list = closo_arena_grow(data->arena, run->points, run->point_count,
                                       &run->point_capacity, sizeof *run->points);
    if (*set == SIZE_MAX || list == NULL) {
        take->failed = true;
        return;
    }
    double at_s = take->time_s[row] - run->first_s;
    run->points = list;
    list[run->point_count++] = (fit_point){at_s, *set, data->sets[*set].count};
    if (!fit_set_add(data, *set, at_s, potential ? take->potential_V[row] : take->current_A[row],
                     prescribed_V, 0))
        take->failed = true;
}

/* A segment over rows first..first+count-1, thinned evenly; its time is already in it. */
static void add_segment(taker *take, fit_segment segment, size_t first, size_t count)
{
    fit_run *run = run_of(take);
    const closo_fit_data_options *options = take->options;
    size_t most = options->points_most != 0 ? options->points_most : POINTS_MOST;
    double share = (double)count / (double)take->row_count * (double)most;
    size_t wanted = (size_t)fmax(share, POINTS_OF_A_SEGMENT), last = SIZE_MAX;
    wanted = wanted < count ? wanted : count;
    fit_segment *list = closo_arena_grow(take->data->arena, run->segments, run->segment_count,
                                         &run->segment_capacity, sizeof *run->segments);
    if (list == NULL) {
        take->failed = true;
        return;
    }
    run->segments = list;
    segment.first_point = run->point_count;
    for (size_t i = 0; i < wanted && !take->failed; i++) {
        /* the middle of each share of the rows, and the very last row */
        size_t row = first + (i + 1 == wanted ? count - 1 : (2 * i + 1) * count / (2 * wanted));
        double at_s = take->time_s[row] - run->first_s;
        bool inside =
            options->to_s <= options->from_s || (at_s >= options->from_s && at_s <= options->to_s);
        if (row == last || !inside || at_s < segment.from_s || at_s > segment.to_s)
            continue;
        add_point(take, row, segment.drive != FIT_POTENTIAL,
                  segment.value + segment.rate * (at_s - segment.from_s));
        last = row;
    }
    segment.point_count = run->point_count - segment.first_point;
    list[run->segment_count++] = segment;
}

/* ---- constant currents ---- */

static double mean_of(const double *values, size_t first, size_t count)
{
    double sum = 0;
    for (size_t i = first; i < first + count; i++)
        sum += values[i];
    return sum / (double)count;
}

/* A current that is not constant, in pieces of constant charge rate. */
static void add_varying(taker *take, size_t before, size_t first, size_t count)
{
    const double first_s = run_of(take)->first_s;
    size_t pieces = count < PIECES ? count : PIECES;
    for (size_t p = 0; p < pieces; p++) {
        size_t from = first + p * count / pieces, to = first + (p + 1) * count / pieces;
        size_t left = p == 0 ? before : from - 1;
        double seconds = take->time_s[to - 1] - take->time_s[left], charge_C = 0;
        for (size_t i = left + 1; i < to; i++)
            charge_C += take->current_A[i] * (take->time_s[i] - take->time_s[i - 1]);
        if (seconds > 0)
            add_segment(take,
                        (fit_segment){.drive = FIT_CURRENT,
                                      .from_s = take->time_s[left] - first_s,
                                      .to_s = take->time_s[to - 1] - first_s,
                                      .value = charge_C / seconds},
                        from, to - from);
    }
}

static void add_step(taker *take, const closo_step *step)
{
    size_t before = step->first_row > 0 ? step->first_row - 1 : 0;
    double first_s = run_of(take)->first_s;
    size_t last = step->first_row + step->row_count - 1;
    fit_segment segment = {.from_s = take->time_s[before] - first_s,
                           .to_s = take->time_s[last] - first_s};
    if (!(segment.to_s > segment.from_s))
        return; /* a single row that took no time */
    switch (step->kind) {
    case CLOSO_STEP_REST:
        segment.drive = FIT_REST;
        break;
    case CLOSO_STEP_CONSTANT_CURRENT:
        segment.drive = FIT_CURRENT;
        segment.value = step->mean_current_A;
        break;
    case CLOSO_STEP_HOLD:
        segment.drive = FIT_POTENTIAL;
        segment.value = mean_of(take->potential_V, step->first_row, step->row_count);
        break;
    case CLOSO_STEP_VARYING:
        add_varying(take, before, step->first_row, step->row_count);
        return;
    }
    add_segment(take, segment, step->first_row, step->row_count);
}

/* Share of the rows in steps that are under no constant control. */
static double varying_share(const closo_cycling *cycling)
{
    size_t rows = 0;
    for (size_t s = 0; s < cycling->step_count; s++)
        rows += cycling->steps[s].kind == CLOSO_STEP_VARYING ? cycling->steps[s].row_count : 0;
    return (double)rows / (double)cycling->row_count;
}

static closo_status take_rows(taker *take, const closo_cycling *cycling, closo_error *error)
{
    closo_cycling_rows rows;
    closo_status status =
        closo_cycling_rows_read(cycling, 0, cycling->row_count, take->data->arena, &rows, error);
    if (status != CLOSO_OK)
        return status;
    take->row_count = rows.row_count;
    take->time_s = rows.time_s;
    take->potential_V = rows.potential_V;
    take->current_A = rows.current_A;
    return CLOSO_OK;
}

static void take_steps(taker *take, const closo_cycling *cycling)
{
    run_of(take)->first_s = take->time_s[0];
    for (size_t s = 0; s < cycling->step_count && !take->failed; s++)
        add_step(take, &cycling->steps[s]);
}

/* ---- sweeps ---- */

/* The straight line of a leg, at a time. */
static double on_line_V(const taker *take, const closo_sweep *leg, double at_s)
{
    return mean_of(take->potential_V, leg->first_row, leg->row_count) +
           leg->rate_V_per_s * (at_s - mean_of(take->time_s, leg->first_row, leg->row_count));
}

static void add_leg(taker *take, const closo_voltammogram *voltammogram, size_t index,
                    double *present_V, double usual_A)
{
    const closo_sweep *leg = &voltammogram->sweeps[index];
    double first_s = run_of(take)->first_s, from_s = take->time_s[leg->first_row];
    size_t next = leg->first_row + leg->row_count;
    double to_s = take->time_s[next < take->row_count ? next : take->row_count - 1];
    fit_segment segment = {
        .drive = FIT_POTENTIAL, .from_s = from_s - first_s, .to_s = to_s - first_s};
    if (!(to_s > from_s))
        return;
    double largest_A = 0;
    for (size_t i = leg->first_row; i < next; i++)
        largest_A = fmax(largest_A, fabs(take->current_A[i]));
    if (leg->kind != CLOSO_LEG_SWEEP && largest_A < 1e-3 * usual_A) {
        segment.drive = FIT_REST;
        add_segment(take, segment, leg->first_row, leg->row_count);
        *present_V = NAN;
        return;
    }
    if (leg->kind == CLOSO_LEG_OTHER) { /* straight between a few of its rows */
        size_t pieces = leg->row_count < PIECES ? leg->row_count : PIECES;
        for (size_t p = 0; p < pieces; p++) {
            size_t from = leg->first_row + p * leg->row_count / pieces,
                   to = leg->first_row + (p + 1) * leg->row_count / pieces;
            size_t end = to < take->row_count ? to : take->row_count - 1;
            segment.from_s = take->time_s[from] - first_s;
            segment.to_s = take->time_s[end] - first_s;
            segment.value = take->potential_V[from];
            segment.rate =
                (take->potential_V[end] - segment.value) / (segment.to_s - segment.from_s);
            if (segment.to_s > segment.from_s)
                add_segment(take, segment, from, to - from);
        }
        *present_V = take->potential_V[next < take->row_count ? next : take->row_count - 1];
        return;
    }
    bool sweep = leg->kind == CLOSO_LEG_SWEEP;
    double level_V = mean_of(take->potential_V, leg->first_row, leg->row_count);
    segment.value = sweep ? on_line_V(take, leg, from_s) : level_V;
    double end_V = sweep ? on_line_V(take, leg, to_s) : level_V;
    if (sweep && fabs(*present_V - segment.value) < 5e-3)
        segment.value =
            *present_V; /* legs join: a jump that is only noise would charge the double layers */
    segment.rate = sweep ? (end_V - segment.value) / (to_s - from_s) : 0;
    add_segment(take, segment, leg->first_row, leg->row_count);
    *present_V = end_V;
}

static void take_legs(taker *take, const closo_voltammogram *voltammogram)
{
    const closo_trace *trace = &voltammogram->trace;
    double present_V = NAN, usual_A = 0;
    take->row_count = trace->row_count;
    take->time_s = trace->time_s;
    take->potential_V = trace->potential_V;
    take->current_A = trace->current_A;
    run_of(take)->first_s = trace->time_s[0];
    for (size_t i = 0; i < trace->row_count; i++)
        usual_A = fmax(usual_A, fabs(trace->current_A[i]));
    for (size_t l = 0; l < voltammogram->sweep_count && !take->failed; l++)
        add_leg(take, voltammogram, l, &present_V, usual_A);
}

/* ---- which of the two ----
 * A constant current along a straight open-circuit curve looks like a sweep, the capacitive current of a sweep like a constant
 * one. What was controlled is what keeps better to its line: potential to the straight lines of the legs, over their ranges, or
 * current to the means of the steps, over these. */

typedef struct straightness {
    double share; /* of the rows that are in sweeps, or in steps of constant current */
    double off;   /* rms, relative */
} straightness;

static straightness of_sweeps(const closo_voltammogram *voltammogram)
{
    const closo_trace *trace = &voltammogram->trace;
    double sum = 0, rows = 0;
    for (size_t l = 0; l < voltammogram->sweep_count; l++) {
        const closo_sweep *leg = &voltammogram->sweeps[l];
        double range_V = fabs(leg->to_V - leg->from_V);
        if (leg->kind != CLOSO_LEG_SWEEP || !(range_V > 0))
            continue;
        double middle_V = mean_of(trace->potential_V, leg->first_row, leg->row_count);
        double middle_s = mean_of(trace->time_s, leg->first_row, leg->row_count);
        for (size_t i = leg->first_row; i < leg->first_row + leg->row_count; i++) {
            double off = (trace->potential_V[i] - middle_V -
                          leg->rate_V_per_s * (trace->time_s[i] - middle_s)) /
                         range_V;
            sum += off * off;
        }
        rows += (double)leg->row_count;
    }
    return (straightness){rows / (double)trace->row_count, sqrt(sum / fmax(rows, 1))};
}

static straightness of_steps(const closo_cycling *cycling, const double *current_A)
{
    double sum = 0, rows = 0;
    for (size_t s = 0; s < cycling->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        double mean_A = mean_of(current_A, step->first_row, step->row_count);
        if (step->kind != CLOSO_STEP_CONSTANT_CURRENT || mean_A == 0)
            continue;
        for (size_t i = step->first_row; i < step->first_row + step->row_count; i++)
            sum += (current_A[i] / mean_A - 1) * (current_A[i] / mean_A - 1);
        rows += (double)step->row_count;
    }
    return (straightness){rows / (double)cycling->row_count, sqrt(sum / fmax(rows, 1))};
}

static bool is_swept(const closo_voltammogram *voltammogram, const closo_cycling *cycling,
                     const double *current_A)
{
    if (voltammogram == NULL)
        return false;
    straightness sweeps = of_sweeps(voltammogram);
    if (cycling == NULL)
        return sweeps.share > 0.3;
    straightness steps = of_steps(cycling, current_A);
    if (varying_share(cycling) > 0.3)
        return sweeps.share > 0.3;
    return sweeps.share > 0.3 && sweeps.off < steps.off;
}

closo_status fit_segments_take(closo_fit_data *data, fit_run *run, const closo_table *table,
                               const closo_fit_data_options *options, closo_error *error)
{
    taker take = {.data = data,
                  .run = (size_t)(run - data->runs),
                  .options = options,
                  .name = run->name,
                  .potential_set = SIZE_MAX,
                  .current_set = SIZE_MAX};
    closo_cycling *cycling = NULL;
    closo_voltammogram *voltammogram = NULL;
    closo_error no_steps = {0};
    closo_status status = CLOSO_OK,
                 stepped = closo_cycling_from_table(table, NULL, data->arena, &cycling, &no_steps);
    double varying = stepped == CLOSO_OK ? varying_share(cycling) : 1;
    if (closo_voltammogram_from_table(table, NULL, data->arena, &voltammogram, NULL) != CLOSO_OK)
        voltammogram = NULL;
    if (stepped == CLOSO_OK)
        status = take_rows(&take, cycling, error);
    else
        cycling = NULL;
    if (status != CLOSO_OK)
        return status;
    bool swept = is_swept(voltammogram, cycling, take.current_A);
    if (!swept && stepped != CLOSO_OK)
        return closo_fail(error, no_steps.status, "%s", no_steps.message);
    if (!swept && varying > 0.5)
        return closo_fail(error, CLOSO_RANGE,
                          "neither current, nor potential, nor scan rate is constant in it; a fit "
                          "needs to know what was controlled");
    if (swept)
        take_legs(&take, voltammogram);
    else
        take_steps(&take, cycling);
    if (take.failed)
        return closo_fail_nomem(error);
    run = run_of(&take);
    if (run->segment_count == 0 || run->point_count == 0)
        return closo_fail(error, CLOSO_RANGE,
                          "nothing of it can be compared: it lasts no time, or the window leaves "
                          "none of it");
    run->last_s = take.time_s[take.row_count - 1];
    run->low_V = HUGE_VAL;
    run->high_V = -HUGE_VAL;
    for (size_t i = 0; i < take.row_count; i++) {
        run->low_V = fmin(run->low_V, take.potential_V[i] - beyond_V);
        run->high_V = fmax(run->high_V, take.potential_V[i] + beyond_V);
    }
    return CLOSO_OK;
}
