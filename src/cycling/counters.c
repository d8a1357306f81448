/* SPDX-License-Identifier: BSD-3-Clause */
/* counters.c: closo's steps, half cycles and cycles beside the instrument's own counters. */
#include "cycling_internal.h"

#include <math.h>
#include <string.h>

/* What a counter counts here. */
typedef enum level { LEVEL_STEP, LEVEL_HALF_CYCLE, LEVEL_CYCLE } level;

/* A counter, or a column of capacity, on its way through the rows. */
typedef struct counter {
    closo_column column;
    level kind;
    closo_counter_check *check;
    size_t boundary,
        boundary_count; /* the next boundary, counted from 1, at which a change may stand */
    size_t from, to;    /* rows around it */
    double before;
} counter;

typedef struct capacity {
    const closo_column *column; /* NULL: the file has none */
    double before_C;
} capacity;

enum { COUNTERS = 3, BLOCK_ROWS = 2048 };

static const double fall_share = 1e-3; /* a capacity that falls by more than this much began anew */

/* ---- boundaries ---- */

static size_t boundary_total(const closo_cycling *cycling, level kind)
{
    return kind == LEVEL_STEP         ? cycling->step_count
           : kind == LEVEL_HALF_CYCLE ? cycling->half_cycle_count
                                      : cycling->cycle_count;
}

/* The rows at which a change may stand: at the boundary, one row beside it, and anywhere in the rest before a half cycle,
 * as instruments differ in where they count the rest. */
static void place_boundary(const closo_cycling *cycling, counter *at)
{
    size_t half = at->boundary;
    at->from = at->to = SIZE_MAX;
    if (at->boundary >= at->boundary_count)
        return;
    if (at->kind == LEVEL_STEP) {
        const size_t row = cycling->steps[at->boundary].first_row;
        at->from = row - 1;
        at->to = row + 1;
        return;
    }
    if (at->kind == LEVEL_CYCLE) {
        const size_t charge = cycling->cycles[half].charge_half,
                     discharge = cycling->cycles[half].discharge_half;
        half = charge < discharge ? charge : discharge;
    }
    const closo_half_cycle *before = &cycling->half_cycles[half - 1];
    at->from = before->first_row + before->row_count - 1;
    at->to = cycling->half_cycles[half].first_row + 1;
}

/* Whether a change at the row is one that closo sees too. Rows come in order. */
static bool allowed(const closo_cycling *cycling, counter *at, size_t row)
{
    while (at->to < row) {
        at->boundary++;
        place_boundary(cycling, at);
    }
    return row >= at->from;
}

static void follow_counter(const closo_cycling_work *work, counter *at, size_t row, double now)
{
    const double before = at->before;
    at->before = now;
    if (row == 0 || now == before || !isfinite(now - before))
        return;
    at->check->instrument_changes++;
    if (allowed(work->cycling, at, row))
        at->check->matched++;
    else if (at->check->first_unmatched_row == 0)
        at->check->first_unmatched_row = closo_cycling_file_row(work->cycling, row) + 1;
}

static void note_counter(closo_cycling_work *work, const counter *at)
{
    static const char *const names[] = {"step", "half cycle", "cycle"};
    const closo_counter_check *check = at->check;
    closo_notes *notes = &work->cycling->notes;
    if (check->first_unmatched_row != 0)
        closo_notes_add(notes, work->arena,
                        "the instrument's %s changes at %zu rows, %zu of them where closo sees a "
                        "new %s; the first other one is row %zu",
                        check->column, check->instrument_changes, check->matched, names[at->kind],
                        check->first_unmatched_row);
    else if (check->instrument_changes < check->own_changes && at->kind != LEVEL_STEP)
        closo_notes_add(
            notes, work->arena, "the instrument's %s changes at %zu rows; closo sees %zu new %ss",
            check->column, check->instrument_changes, check->own_changes, names[at->kind]);
}

/* ---- the instrument's own capacities ---- */

/* Adds what a capacity column grows by to the half cycle of the row, whether it counts on or starts again somewhere. */
static void follow_capacity(closo_half_cycle *half, capacity *at, double now_C)
{
    now_C = fabs(now_C);
    if (!isfinite(now_C))
        return;
    if (isfinite(at->before_C) && half != NULL)
        half->instrument_C +=
            now_C < at->before_C * (1 - fall_share) ? now_C : now_C - at->before_C;
    at->before_C = now_C;
}

/* The half cycle that a row, or the rest it is of, belongs to, in order; NULL before the first. */
static closo_half_cycle *half_cycle_of(const closo_cycling *cycling, size_t *half, size_t row)
{
    while (*half < cycling->half_cycle_count && row >= cycling->half_cycles[*half].first_row)
        ++*half;
    return *half != 0 ? &cycling->half_cycles[*half - 1] : NULL;
}

/* The half cycle in which a capacity of that direction grew: what the first row of the opposite one shows belongs to the
 * half cycle before. */
static closo_half_cycle *grown_in(const closo_cycling *cycling, closo_half_cycle *half,
                                  int direction, size_t row)
{
    if (half == NULL || half->direction == direction)
        return half;
    return half != cycling->half_cycles && row == half->first_row ? half - 1 : NULL;
}

/* ---- both, in one walk through the file ---- */

typedef struct reading {
    counter counters[COUNTERS];
    size_t counter_count, half;
    capacity capacities[2]; /* of discharge, of charge */
    double values[COUNTERS + 2][BLOCK_ROWS];
} reading;

static void follow_rows(closo_cycling_work *work, reading *r, size_t first_row, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t row = first_row + i;
        for (size_t k = 0; k < r->counter_count; k++)
            if (r->values[k][i] != r->counters[k].before)
                follow_counter(work, &r->counters[k], row, r->values[k][i]);
        closo_half_cycle *half = half_cycle_of(work->cycling, &r->half, row);
        for (size_t k = 0; k < 2; k++)
            if (r->capacities[k].column != NULL)
                follow_capacity(grown_in(work->cycling, half, k == 1 ? 1 : -1, row),
                                &r->capacities[k], r->values[COUNTERS + k][i]);
    }
}

static void read_all(closo_cycling_work *work, reading *r)
{
    const closo_cycling_source *source = work->source;
    const closo_column *time = &source->trace.time;
    closo_window pages = {0};
    for (size_t p = 0; p < source->piece_count; p++) {
        const closo_cycling_piece *piece = &source->pieces[p];
        for (size_t done = 0; done < piece->row_count; done += BLOCK_ROWS) {
            const size_t left = piece->row_count - done, file_row = piece->file_row + done;
            const size_t count = left < BLOCK_ROWS ? left : BLOCK_ROWS;
            for (size_t k = 0; k < r->counter_count; k++)
                closo_column_read_si(&r->counters[k].column, file_row, count, r->values[k]);
            for (size_t k = 0; k < 2; k++)
                if (r->capacities[k].column != NULL)
                    closo_column_read_si(r->capacities[k].column, file_row, count,
                                         r->values[COUNTERS + k]);
            follow_rows(work, r, piece->first_row + done, count);
            closo_window_move(source->table_arena, &pages,
                              time->data + file_row * time->stride_bytes,
                              count * time->stride_bytes);
        }
    }
}

static void find_counters(closo_cycling_work *work, reading *r)
{
    static const struct {
        closo_quantity quantity;
        level kind;
    } known[COUNTERS] = {{CLOSO_QUANTITY_STEP, LEVEL_STEP},
                         {CLOSO_QUANTITY_HALF_CYCLE, LEVEL_HALF_CYCLE},
                         {CLOSO_QUANTITY_CYCLE, LEVEL_CYCLE}};
    closo_cycling *cycling = work->cycling;
    for (size_t i = 0; i < COUNTERS; i++) {
        const closo_column *column = closo_table_find(work->table, known[i].quantity);
        if (column == NULL || column->labels != NULL)
            continue;
        const size_t total = boundary_total(cycling, known[i].kind);
        counter *at = &r->counters[r->counter_count++];
        *at = (counter){.column = *column,
                        .kind = known[i].kind,
                        .check = &cycling->counters[cycling->counter_count++],
                        .boundary = 1,
                        .boundary_count = total,
                        .before = NAN};
        *at->check = (closo_counter_check){.column = column->name,
                                           .own_changes = total != 0 ? total - 1 : 0};
        place_boundary(cycling, at);
    }
}

static void find_capacities(closo_cycling_work *work, reading *r)
{
    static const closo_quantity quantities[] = {CLOSO_QUANTITY_CAPACITY_DISCHARGE,
                                                CLOSO_QUANTITY_CAPACITY_CHARGE};
    for (size_t k = 0; k < 2; k++) {
        const closo_column *column = closo_table_find(work->table, quantities[k]);
        r->capacities[k].before_C = NAN;
        if (column != NULL && column->labels == NULL)
            r->capacities[k].column = column;
    }
    for (size_t h = 0; h < work->cycling->half_cycle_count; h++) {
        closo_half_cycle *half = &work->cycling->half_cycles[h];
        half->instrument_C =
            r->capacities[half->direction > 0 ? 1 : 0].column != NULL ? 0 : (double)NAN;
    }
}

/* ---- the integral of the current beside the charge by the instrument ---- */

static const double noted_share = 5e-3; /* differences from here on are noted */

/* Says by how much the worst half cycle differs from another way to its charge. Half cycles of next to no charge do not
 * count. */
static void note_difference(closo_cycling_work *work, bool integral)
{
    const closo_cycling *cycling = work->cycling;
    double worst = 0, most_C = 0;
    size_t worst_half = 0;
    for (size_t h = 0; h < cycling->half_cycle_count; h++)
        most_C = fmax(most_C, cycling->half_cycles[h].charge_C);
    for (size_t h = 0; h < cycling->half_cycle_count; h++) {
        const closo_half_cycle *half = &cycling->half_cycles[h];
        const double other_C = integral ? half->integral_C : half->instrument_C;
        const double share = fabs(other_C - half->charge_C) / fmax(half->charge_C, 0.01 * most_C);
        if (share > worst) {
            worst = share;
            worst_half = h;
        }
    }
    if (!(worst > noted_share))
        return;
    const closo_half_cycle *half = &cycling->half_cycles[worst_half];
    if (integral)
        closo_notes_add(&work->cycling->notes, work->arena,
                        "half cycle %zu passes %.5g mAh by the instrument's own count, which is "
                        "used, and %.5g mAh by integrating the current: currents written with few "
                        "digits, or rows too far apart?",
                        worst_half + 1, half->charge_C / 3.6, half->integral_C / 3.6);
    else
        closo_notes_add(&work->cycling->notes, work->arena,
                        "half cycle %zu passes %.5g mAh by the currents, %.5g mAh by the "
                        "instrument's capacity column: currents written with few digits, or rows "
                        "too far apart?",
                        worst_half + 1, half->charge_C / 3.6, half->instrument_C / 3.6);
}

closo_status closo_cycling_counters(closo_cycling_work *work, closo_error *error)
{
    closo_cycling *cycling = work->cycling;
    reading *r = closo_arena_alloc(work->passing, 1, sizeof *r);
    cycling->counters = closo_arena_alloc(work->arena, COUNTERS, sizeof *cycling->counters);
    if (cycling->counters == NULL || r == NULL)
        return closo_fail_nomem(error);
    find_counters(work, r);
    find_capacities(work, r);
    if (r->counter_count != 0 || r->capacities[0].column != NULL || r->capacities[1].column != NULL)
        read_all(work, r);
    for (size_t k = 0; k < r->counter_count; k++)
        note_counter(work, &r->counters[k]);
    if (work->source->own.kind != CLOSO_OWN_NONE)
        note_difference(work, true);
    if (work->source->own.kind != CLOSO_OWN_CAPACITIES)
        note_difference(work, false);
    return CLOSO_OK;
}
