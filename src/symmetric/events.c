/* SPDX-License-Identifier: BSD-3-Clause */
/* events.c: short circuits and soft shorts.
 *
 * Metal that grows through the electrolyte carries electrons past it: at constant current the potential falls. A filament
 * that burns through or dissolves lets it come back (a soft short). What tells both from the ordinary: a nucleation peak
 * decays over many rows, contact that improves takes many half cycles, and the rise of a half cycle's end is undone by
 * the turn of the current. So a drop has to be sudden, below what the half cycle has shown so far, and last two rows. */
#include "symmetric_internal.h"

#include "closo/numeric.h"

#include <math.h>

enum {
    BEFORE_ROWS = 8,
    LEAST_BEFORE = 3,
    LOW_ROWS = 2,
    REFERENCES = 3,
    NOISE_ROWS = 20,
    NOISE_REFERENCES = 9
};
static const double recovered_share = 0.8; /* of what was expected */
static const double drop_noise = 8;        /* a drop is that many times the noise of a row */
static const double spread_share = 0.5;    /* the rows before spread less than this of the drop */
static const double noise_ratio = 5, noise_share = 0.02;
static const double same_current = 0.05;
/* Half cycles are compared over this part of their charge: the double layers are charged, the metal not yet used up. */
static const double compared_from = 0.3, compared_to = 0.7;

/* The rows of one half cycle under current. */
typedef struct half_rows {
    const double *over_V;
    const size_t *rows;
    size_t count;
} half_rows;

/* What the search carries from one half cycle to the next. */
typedef struct search {
    closo_symmetric_work *work;
    double *over_V, *scratch;
    size_t *rows;
    size_t first_reference; /* half cycles before it say nothing about what is expected now */
    size_t open_event;      /* index of one that has not recovered; SIZE_MAX */
    double expected_ohm;    /* before the open event */
    size_t capacity;
} search;

const char *closo_event_kind_name(closo_event_kind kind)
{
    static const char *const names[] = {"short", "soft short", "noise"};
    return names[kind];
}

static half_rows rows_of(const search *at, const closo_symmetric_half *half)
{
    const closo_symmetric *symmetric = at->work->symmetric;
    size_t count = 0;
    for (size_t row = half->first_row; row < half->first_row + half->row_count; row++) {
        if (!closo_row_under_current(symmetric, half, row))
            continue;
        at->rows[count] = row;
        at->over_V[count++] = closo_overpotential_V(symmetric, half, row);
    }
    return (half_rows){at->over_V, at->rows, count};
}

static double median_of(const double *values, size_t count, double *scratch)
{
    for (size_t i = 0; i < count; i++)
        scratch[i] = values[i];
    return closo_median(scratch, count);
}

/* ---- what is expected of a half cycle ---- */

typedef struct expectation {
    double over_V; /* NaN: nothing is known */
    double spread_V;
    size_t count;
    bool same_current;
} expectation;

/* From up to three half cycles of the same direction and current; else from the last one of the same direction. */
static expectation expect(const search *at, size_t index)
{
    const closo_symmetric *symmetric = at->work->symmetric;
    const closo_symmetric_half *half = &symmetric->halves[index];
    double found_V[REFERENCES], other_V = NAN;
    size_t count = 0;
    for (size_t i = index; i-- > at->first_reference && count < REFERENCES;) {
        const closo_symmetric_half *before = &symmetric->halves[i];
        if (before->broken || before->direction != half->direction)
            continue;
        double plateau_V =
            closo_plateau_V(symmetric, before, compared_from, compared_to, at->scratch);
        double ratio = half->current_A / before->current_A;
        if (fabs(ratio - 1) <= same_current)
            found_V[count++] = plateau_V * ratio;
        else if (isnan(other_V)) /* at a higher current at least as much, at a lower one in
                                    proportion: resistances fall with the current, if they change */
            other_V = plateau_V * fmin(ratio, 1);
        if (count == 0 && index - i > 64)
            break;
    }
    if (count == 0)
        return (expectation){other_V, NAN, 0, false};
    double low_V = found_V[0], high_V = found_V[0];
    for (size_t i = 1; i < count; i++) {
        low_V = fmin(low_V, found_V[i]);
        high_V = fmax(high_V, found_V[i]);
    }
    return (expectation){closo_median(found_V, count), high_V - low_V, count, true};
}

/* ---- events ---- */

static bool add_event(search *at, closo_event_kind kind, size_t half, size_t row, double before_V,
                      double after_V)
{
    closo_symmetric *symmetric = at->work->symmetric;
    closo_symmetric_half *of = &symmetric->halves[half];
    closo_symmetric_event *grown = closo_arena_grow(
        at->work->arena, symmetric->events, symmetric->event_count, &at->capacity, sizeof *grown);
    if (grown == NULL)
        return false;
    symmetric->events = grown;
    double charge_C = of->charge_before_C;
    for (size_t i = of->first_row; i <= row; i++)
        if (closo_row_under_current(symmetric, of, i))
            charge_C += fabs(symmetric->rows.charge_C[i]);
    grown[symmetric->event_count++] =
        (closo_symmetric_event){.kind = kind,
                                .half = half,
                                .row = row,
                                .file_row = closo_cycling_file_row(symmetric->cycling, row) + 1,
                                .time_s = symmetric->rows.time_s[row],
                                .charge_C = charge_C,
                                .current_A = of->current_A,
                                .before_V = before_V,
                                .after_V = after_V,
                                .recovered_s = NAN};
    of->broken = of->broken || kind != CLOSO_EVENT_NOISE;
    return true;
}

/* What a drop fell from: the rows just before, and the lower of these and the median so far. */
typedef struct drop_base {
    double level_V, reference_V;
} drop_base;

/* Opens an event that may recover. Its kind is settled when the data end. */
static bool open_event(search *at, size_t half, size_t row, drop_base before, double after_V)
{
    const closo_symmetric *symmetric = at->work->symmetric;
    bool deep = after_V < symmetric->short_share * before.reference_V;
    if (!add_event(at, deep ? CLOSO_EVENT_SHORT : CLOSO_EVENT_SOFT_SHORT, half, row, before.level_V,
                   after_V))
        return false;
    at->open_event = symmetric->event_count - 1;
    at->expected_ohm = before.reference_V / symmetric->halves[half].current_A;
    return true;
}

static void close_event(search *at, double time_s)
{
    closo_symmetric_event *event = &at->work->symmetric->events[at->open_event];
    event->kind = CLOSO_EVENT_SOFT_SHORT;
    event->recovered_s = time_s - event->time_s;
    at->open_event = SIZE_MAX;
}

/* First row from `from` on with which two rows are back near what is expected; SIZE_MAX when there is none. */
static size_t find_recovery(const half_rows *rows, size_t from, double expected_V)
{
    size_t high = 0;
    for (size_t i = from; i < rows->count; i++) {
        high = rows->over_V[i] >= recovered_share * expected_V ? high + 1 : 0;
        if (high == LOW_ROWS)
            return i + 1 - LOW_ROWS;
    }
    return SIZE_MAX;
}

/* Is rows->over_V[i] the first of two low ones after a level stretch? */
static bool drops_at(const search *at, const half_rows *rows, size_t first, size_t i,
                     double noise_V, drop_base *base)
{
    const closo_symmetric *symmetric = at->work->symmetric;
    double low_factor = 1 - symmetric->soft_share;
    if (i < first + LEAST_BEFORE || i + LOW_ROWS > rows->count ||
        !(rows->over_V[i] < low_factor * rows->over_V[i - 2]) ||
        !(rows->over_V[i] < rows->over_V[i - 1]))
        return false;
    /* The row just before may lie within the fall. */
    size_t end = i - 1, begin = end > first + BEFORE_ROWS ? end - BEFORE_ROWS : first;
    if (end - begin < LEAST_BEFORE - 1)
        return false;
    double level_V = median_of(rows->over_V + begin, end - begin, at->scratch);
    double so_far_V = median_of(rows->over_V + first, end - first, at->scratch);
    *base = (drop_base){level_V, fmin(level_V, so_far_V)};
    for (size_t k = i; k < i + LOW_ROWS; k++)
        if (!(rows->over_V[k] < low_factor * base->reference_V))
            return false;
    double low_V = fmax(rows->over_V[i], rows->over_V[i + 1]), spread_low = INFINITY,
           spread_high = -INFINITY;
    for (size_t k = begin; k < end; k++) {
        spread_low = fmin(spread_low, rows->over_V[k]);
        spread_high = fmax(spread_high, rows->over_V[k]);
    }
    double drop_V = level_V - low_V;
    return drop_V > drop_noise * noise_V && spread_high - spread_low < spread_share * drop_V;
}

/* First row after the double layers are charged: where the overpotential reaches most of its level. */
static size_t first_charged(const search *at, const half_rows *rows)
{
    double level_V = median_of(rows->over_V, rows->count, at->scratch);
    size_t first = 0;
    while (first < rows->count && first < rows->count / 3 &&
           rows->over_V[first] < recovered_share * level_V)
        first++;
    return first;
}

/* Drops within one half cycle, and recoveries from what is open. */
static bool search_within(search *at, size_t index, const half_rows *rows, size_t from)
{
    const closo_symmetric *symmetric = at->work->symmetric;
    const closo_symmetric_half *half = &symmetric->halves[index];
    double noise_V = isfinite(half->noise_V) ? half->noise_V : 0;
    drop_base base = {NAN, NAN};
    size_t first = from;
    for (size_t i = from; i < rows->count; i++) {
        if (at->open_event != SIZE_MAX) {
            size_t back = find_recovery(rows, i, at->expected_ohm * half->current_A);
            if (back == SIZE_MAX)
                return true;
            close_event(at, symmetric->rows.time_s[rows->rows[back]]);
            i = first = back;
        }
        if (!drops_at(at, rows, first, i, noise_V, &base))
            continue;
        size_t low_end = i + BEFORE_ROWS < rows->count ? i + BEFORE_ROWS : rows->count;
        double after_V = median_of(rows->over_V + i, low_end - i, at->scratch);
        if (!open_event(at, index, rows->rows[i], base, fmin(after_V, rows->over_V[i])))
            return false;
        i += LOW_ROWS - 1;
    }
    return true;
}

/* A half cycle that is low from its beginning on, against those before it. */
static bool search_between(search *at, size_t index, const half_rows *rows)
{
    const closo_symmetric *symmetric = at->work->symmetric;
    const closo_symmetric_half *half = &symmetric->halves[index];
    expectation expected = expect(at, index);
    double level_V = closo_plateau_V(symmetric, half, compared_from, compared_to, at->scratch);
    if (!isfinite(level_V) || !(expected.over_V > 0) || rows->count < LEAST_BEFORE)
        return true;
    double noise_V = isfinite(half->noise_V) ? half->noise_V : 0;
    if (expected.over_V - level_V < drop_noise * noise_V)
        return true;
    bool deep = level_V < symmetric->short_share * expected.over_V;
    bool partial = expected.same_current && expected.count >= 2 &&
                   level_V < (1 - symmetric->soft_share) * expected.over_V &&
                   expected.over_V - level_V > 3 * expected.spread_V;
    if (!deep && !partial)
        return true;
    /* It may have begun well: then the fall was too near the turn to be seen as one. */
    size_t first = rows->count / 3;
    while (first > 0 && rows->over_V[first - 1] < recovered_share * expected.over_V)
        first--;
    return open_event(at, index, rows->rows[first], (drop_base){expected.over_V, expected.over_V},
                      level_V);
}

/* While an event is open: has the half cycle come back as a whole, at least from some row on? */
static bool still_low(search *at, size_t index, const half_rows *rows)
{
    closo_symmetric *symmetric = at->work->symmetric;
    closo_symmetric_half *half = &symmetric->halves[index];
    closo_symmetric_event *event = &symmetric->events[at->open_event];
    double expected_V = at->expected_ohm * half->current_A;
    double plateau_V = closo_plateau_V(symmetric, half, 0.1, 0.9, at->scratch);
    half->broken = true;
    if (plateau_V >= recovered_share * expected_V) {
        size_t back = find_recovery(rows, 0, expected_V);
        close_event(at,
                    back == SIZE_MAX ? half->start_s : symmetric->rows.time_s[rows->rows[back]]);
        half->broken = false;
        return false;
    }
    /* Partly back: a soft short that stays. What follows is measured against itself. */
    if (plateau_V >= symmetric->short_share * expected_V || event->kind != CLOSO_EVENT_SHORT) {
        event->kind = CLOSO_EVENT_SOFT_SHORT;
        at->open_event = SIZE_MAX;
        at->first_reference = index;
        half->broken = false;
        return false;
    }
    return true;
}

/* ---- noise ---- */

static double reference_noise_V(const search *at, size_t index)
{
    const closo_symmetric *symmetric = at->work->symmetric;
    double found_V[NOISE_REFERENCES];
    size_t count = 0;
    for (size_t i = index; i-- > 0 && count < NOISE_REFERENCES;) {
        const closo_symmetric_half *before = &symmetric->halves[i];
        if (!before->broken && before->noise_V > 0)
            found_V[count++] =
                before->noise_V * fmax(1, symmetric->halves[index].current_A / before->current_A);
    }
    return count >= 2 ? closo_median(found_V, count) : (double)NAN;
}

static bool search_noise(search *at, size_t index, const half_rows *rows)
{
    closo_symmetric_half *half = &at->work->symmetric->halves[index];
    double usual_V = reference_noise_V(at, index);
    if (half->broken || rows->count < NOISE_ROWS || !(half->noise_V > noise_ratio * usual_V) ||
        !(half->noise_V > noise_share * fabs(half->mean_V)))
        return true;
    size_t at_row = 1;
    while (at_row + 2 < rows->count && fabs(rows->over_V[at_row - 1] - 2 * rows->over_V[at_row] +
                                            rows->over_V[at_row + 1]) < 6 * sqrt(6) * usual_V)
        at_row++;
    return add_event(at, CLOSO_EVENT_NOISE, index, rows->rows[at_row], usual_V, half->noise_V);
}

/* ---- all half cycles ---- */

static bool search_half(search *at, size_t index)
{
    const closo_symmetric *symmetric = at->work->symmetric;
    half_rows rows = rows_of(at, &symmetric->halves[index]);
    if (rows.count < LOW_ROWS)
        return true;
    bool was_open = at->open_event != SIZE_MAX;
    if (was_open && still_low(at, index, &rows))
        return true;
    size_t events = symmetric->event_count;
    if (!search_within(at, index, &rows, first_charged(at, &rows)))
        return false;
    bool nothing_yet = !was_open && symmetric->event_count == events;
    if (nothing_yet && !search_between(at, index, &rows))
        return false;
    return search_noise(at, index, &rows);
}

closo_status closo_symmetric_events(closo_symmetric_work *work, closo_error *error)
{
    closo_symmetric *symmetric = work->symmetric;
    size_t most = 1;
    for (size_t i = 0; i < symmetric->half_count; i++)
        most = symmetric->halves[i].row_count > most ? symmetric->halves[i].row_count : most;
    search at = {.work = work, .open_event = SIZE_MAX};
    at.over_V = closo_arena_alloc(work->passing, most, sizeof *at.over_V);
    at.scratch = closo_arena_alloc(work->passing, most, sizeof *at.scratch);
    at.rows = closo_arena_alloc(work->passing, most, sizeof *at.rows);
    if (at.over_V == NULL || at.scratch == NULL || at.rows == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < symmetric->half_count; i++)
        if (!search_half(&at, i))
            return closo_fail_nomem(error);
    return CLOSO_OK;
}
