/* SPDX-License-Identifier: BSD-3-Clause */
/* rows.c: the rows of a table that can be used, and a clock that only goes forward.
 *
 * Cyclers leave clocks that start again (files glued together, tests resumed), clocks of the day that pass midnight, rows
 * written twice and rows without a value. Each of them is mended in a way that cannot make charge out of nothing: an
 * interval whose length is not known carries none, unless the instrument itself says how much. */
#include "cycling_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double day_s = 86400;
static const double least_midnight_s = 600; /* a midnight may hide so long an interval */
static const double midnight_intervals = 20, jump_intervals = 10;
/* Own charge and the integral of the current may differ so much, by coarse currents; beyond, the column is something else. */
static const double own_share_least = 0.6, own_share_most = 1.6;
static const double longest_s = 1e11; /* three thousand years: no clock says more */
enum {
    BLOCK_ROWS = 2048,
    SAMPLE_BLOCKS = 32, /* from which the usual interval is taken */
    COMPARED_ROWS = 256,
    SEARCHES = 1000, /* jumps of the clock for which repeated rows are looked for */
    EPOCHS = 64      /* stretches of one clock in which they are looked for */
};

typedef struct counts {
    size_t missing, repeated, midnights, restarts, backwards, overlaps;
    size_t first_restart_row, first_backwards_row;
} counts;

/* Some rows as the file has them. */
typedef struct block {
    size_t first, count;
    double time_s[BLOCK_ROWS], potential_V[BLOCK_ROWS], current_A[BLOCK_ROWS], own_C[BLOCK_ROWS];
} block;

/* Where the search through the file stands. */
typedef struct search {
    closo_cycling_work *work;
    closo_cycling_source *source;
    counts found;
    size_t file_rows, searches, overlap_end;
    double interval_s, offset_s, carried_C;
    double last_s, last_V, last_A, last_own_C; /* of the last row in use, as the file has them */
    double held_A;                             /* its current */
    bool restarted;
    size_t epochs[EPOCHS], epoch_count; /* first rows in use of the stretches of one clock */
} search;

/* Median of the positive intervals, of some blocks spread over a large file. */
static double usual_interval(const closo_trace_source *trace, size_t rows, double *scratch)
{
    const size_t blocks = (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    const size_t taken = blocks < SAMPLE_BLOCKS ? blocks : SAMPLE_BLOCKS;
    size_t count = 0;
    for (size_t k = 0; k < taken; k++) {
        const size_t first = blocks * k / taken * BLOCK_ROWS;
        const size_t part = rows - first < BLOCK_ROWS ? rows - first : BLOCK_ROWS;
        double *time_s = scratch + count, before_s;
        closo_column_read_si(&trace->time, first, part, time_s);
        before_s = time_s[0];
        for (size_t i = 1; i < part; i++) { /* in place: fewer are kept than were read */
            const double now_s = time_s[i];
            if (now_s > before_s)
                scratch[count++] = now_s - before_s;
            before_s = now_s;
        }
    }
    const double interval_s = closo_median(scratch, count);
    return interval_s > 0 ? interval_s : 0;
}

/* ---- rows that repeat earlier ones ---- */

typedef struct raw_row {
    double time_s, potential_V, current_A;
} raw_row;

static bool same_row(const raw_row *one, const raw_row *other)
{
    return one->time_s == other->time_s && one->potential_V == other->potential_V &&
           one->current_A == other->current_A;
}

/* A row in use, as the file has it. */
static raw_row kept_row(const closo_cycling_source *source, size_t row)
{
    const closo_cycling_piece *piece = &source->pieces[closo_cycling_piece_of(source, row)];
    raw_row kept;
    closo_trace_read(&source->trace, piece->file_row + (row - piece->first_row), 1, &kept.time_s,
                     &kept.potential_V, &kept.current_A);
    return kept;
}

/* The row in use that is the same as the one given, or SIZE_MAX. Within a stretch of one clock times only grow. */
static size_t find_kept(const search *at, const raw_row *wanted)
{
    const closo_cycling_source *source = at->source;
    size_t end = source->row_count;
    for (size_t e = at->epoch_count; e-- > 0; end = at->epochs[e]) {
        size_t low = at->epochs[e], high = end;
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (kept_row(source, middle).time_s < wanted->time_s)
                low = middle + 1;
            else
                high = middle;
        }
        for (size_t row = low; row < end && row < low + COMPARED_ROWS; row++) {
            const raw_row kept = kept_row(source, row);
            if (same_row(&kept, wanted))
                return row;
            if (kept.time_s != wanted->time_s)
                break;
        }
    }
    return SIZE_MAX;
}

/* How many rows of the file from `file_row` on repeat rows in use, as where two files that overlap were glued. */
static size_t overlap_length(const search *at, size_t file_row, const raw_row *first)
{
    const closo_cycling_source *source = at->source;
    double time_s[2][COMPARED_ROWS], potential_V[2][COMPARED_ROWS], current_A[2][COMPARED_ROWS];
    size_t row = find_kept(at, first), length = 0;
    if (row == SIZE_MAX)
        return 0;
    bool same = true;
    while (same && row < source->row_count && file_row + length < at->file_rows) {
        const closo_cycling_piece *piece = &source->pieces[closo_cycling_piece_of(source, row)];
        const size_t skipped = row - piece->first_row;
        size_t part = piece->row_count - skipped;
        part = part < COMPARED_ROWS ? part : COMPARED_ROWS;
        part = part < at->file_rows - file_row - length ? part : at->file_rows - file_row - length;
        closo_trace_read(&source->trace, piece->file_row + skipped, part, time_s[0], potential_V[0],
                         current_A[0]);
        closo_trace_read(&source->trace, file_row + length, part, time_s[1], potential_V[1],
                         current_A[1]);
        for (size_t i = 0; i < part && same; i++) {
            const raw_row kept = {time_s[0][i], potential_V[0][i], current_A[0][i]};
            const raw_row given = {time_s[1][i], potential_V[1][i], current_A[1][i]};
            same = same_row(&kept, &given);
            length += same ? 1 : 0;
        }
        row += part;
    }
    return length >= 2 ? length : 0;
}

/* ---- the clock ---- */

/* What a clock does that stands before where it was. */
typedef enum jump { JUMP_MIDNIGHT, JUMP_RESTART, JUMP_BACK } jump;

static jump judge_jump(double before_s, double now_s, double interval_s)
{
    double hidden_s = now_s + day_s - before_s;
    if (before_s <= day_s && now_s >= 0 && hidden_s >= 0 &&
        hidden_s <= fmax(least_midnight_s, midnight_intervals * interval_s))
        return JUMP_MIDNIGHT;
    return before_s - now_s > jump_intervals * interval_s ? JUMP_RESTART : JUMP_BACK;
}

static void begin_epoch(search *at)
{
    if (at->epoch_count == EPOCHS) { /* the oldest but the first goes */
        for (size_t e = 1; e + 1 < EPOCHS; e++)
            at->epochs[e] = at->epochs[e + 1];
        at->epoch_count--;
    }
    at->epochs[at->epoch_count++] = at->source->row_count;
}

/* A row whose clock stands before that of the row before. False when it is left out. */
static bool mend_clock(search *at, size_t file_row, const raw_row *row, double own_C)
{
    size_t overlap = at->searches++ < SEARCHES ? overlap_length(at, file_row, row) : 0;
    if (overlap != 0) {
        at->overlap_end = file_row + overlap;
        at->found.overlaps++;
        return false;
    }
    const jump kind = judge_jump(at->last_s, row->time_s, at->interval_s);
    if (kind == JUMP_BACK) {
        if (at->found.backwards++ == 0)
            at->found.first_backwards_row = file_row + 1;
        at->carried_C += own_C;
        return false;
    }
    at->restarted = kind == JUMP_RESTART;
    at->offset_s += kind == JUMP_MIDNIGHT ? day_s : at->last_s + at->interval_s - row->time_s;
    at->found.midnights += kind == JUMP_MIDNIGHT ? 1 : 0;
    if (at->restarted && at->found.restarts++ == 0)
        at->found.first_restart_row = file_row + 1;
    begin_epoch(at);
    return true;
}

/* ---- keeping rows ---- */

/* Appends a row to the last piece, or begins a piece with it. False when out of memory. */
static bool keep(search *at, size_t file_row, double held_A)
{
    closo_cycling_source *source = at->source;
    closo_cycling_piece *last =
        source->piece_count != 0 ? &source->pieces[source->piece_count - 1] : NULL;
    if (last != NULL && file_row == last->file_row + last->row_count &&
        at->offset_s == last->offset_s && !at->restarted &&
        (held_A == last->held_A || (isnan(held_A) && isnan(last->held_A)))) {
        last->row_count++;
        source->row_count++;
        return true;
    }
    last = closo_arena_grow(at->work->arena, source->pieces, source->piece_count,
                            &source->piece_capacity, sizeof *last);
    if (last == NULL)
        return false;
    source->pieces = last;
    last[source->piece_count++] = (closo_cycling_piece){.first_row = source->row_count++,
                                                        .row_count = 1,
                                                        .file_row = file_row,
                                                        .offset_s = at->offset_s,
                                                        .carried_C = at->carried_C,
                                                        .held_A = held_A,
                                                        .joined = at->restarted};
    return true;
}

/* Judges one row of the file. False when out of memory. */
static bool take_row(search *at, const block *rows, size_t i)
{
    const bool own_current = at->source->own.kind == CLOSO_OWN_INCREMENTS ||
                             at->source->own.kind == CLOSO_OWN_HALF_CYCLE;
    const size_t file_row = rows->first + i;
    const raw_row row = {rows->time_s[i], rows->potential_V[i], rows->current_A[i]};
    const bool any = at->source->row_count != 0;
    const double own_C = isfinite(rows->own_C[i]) ? rows->own_C[i] : 0;
    double current_A = row.current_A, held_A = NAN;
    if (!isfinite(current_A) && own_current) /* charge in no time: the current goes on */
        current_A = held_A = any ? at->held_A : 0;
    if (!isfinite(row.time_s + row.potential_V + current_A) || fabs(row.time_s) > longest_s) {
        at->found.missing++;
        at->carried_C += own_C;
        return true;
    }
    if (file_row < at->overlap_end) {
        at->found.overlaps++;
        return true;
    }
    if (any && row.time_s < at->last_s && !mend_clock(at, file_row, &row, own_C))
        return true;
    const raw_row last = {at->last_s, at->last_V, at->last_A};
    if (any && same_row(&last, &row) &&
        (at->source->own.kind == CLOSO_OWN_NONE || at->last_own_C == rows->own_C[i])) {
        at->found.repeated++;
        return true;
    }
    const double elapsed_s = any && !at->restarted ? row.time_s - at->last_s : 0;
    closo_row_facts_add(&at->work->facts, fmax(elapsed_s, 0), row.potential_V, current_A,
                        own_C + at->carried_C);
    if (!keep(at, file_row, held_A))
        return false;
    at->last_s = row.time_s;
    at->last_V = row.potential_V;
    at->last_A = row.current_A;
    at->last_own_C = rows->own_C[i];
    at->held_A = current_A;
    at->carried_C = 0;
    at->restarted = false;
    return true;
}

static closo_status take_rows(search *at, block *rows, closo_error *error)
{
    const closo_cycling_source *source = at->source;
    closo_window pages = {0};
    begin_epoch(at);
    for (rows->first = 0; rows->first < at->file_rows; rows->first += BLOCK_ROWS) {
        const size_t left = at->file_rows - rows->first;
        rows->count = left < BLOCK_ROWS ? left : BLOCK_ROWS;
        closo_trace_read(&source->trace, rows->first, rows->count, rows->time_s, rows->potential_V,
                         rows->current_A);
        closo_own_charge_read(&source->own, rows->first, rows->count, rows->current_A, rows->own_C);
        for (size_t i = 0; i < rows->count; i++)
            if (!take_row(at, rows, i))
                return closo_fail_nomem(error);
        const closo_column *time = &source->trace.time;
        closo_window_move(source->table_arena, &pages,
                          time->data + rows->first * time->stride_bytes,
                          rows->count * time->stride_bytes);
    }
    return CLOSO_OK;
}

static void note_counts(closo_cycling_work *work, const counts *found, size_t rows)
{
    closo_notes *notes = &work->cycling->notes;
    if (found->missing != 0)
        closo_notes_add(notes, work->arena,
                        "%zu of %zu rows lack a time, potential or current and were left out",
                        found->missing, rows);
    if (found->repeated != 0)
        closo_notes_add(notes, work->arena, "%zu rows repeat the row before and were left out",
                        found->repeated);
    if (found->overlaps != 0)
        closo_notes_add(notes, work->arena,
                        "the clock jumps back and %zu rows then repeat earlier ones; they were "
                        "left out",
                        found->overlaps);
    if (found->midnights != 0)
        closo_notes_add(notes, work->arena,
                        "the clock falls by about a day %zu time%s: taken for midnight",
                        found->midnights, found->midnights == 1 ? "" : "s");
    if (found->restarts != 0)
        closo_notes_add(notes, work->arena,
                        "the clock starts again %zu time%s, first at row %zu: joined on as if "
                        "glued from several files; the pause between has no length",
                        found->restarts, found->restarts == 1 ? "" : "s", found->first_restart_row);
    if (found->backwards != 0)
        closo_notes_add(notes, work->arena,
                        "%zu rows lie before the time of an earlier row, the first is row %zu; "
                        "they were left out",
                        found->backwards, found->first_backwards_row);
}

/* ---- the charge ---- */

static bool is_about(double share)
{
    return share > own_share_least && share < own_share_most;
}

/* Whether the instrument's own charge can be meant, beside the integral of the current; and the rule in words. */
static void judge_own_charge(closo_cycling_work *work)
{
    closo_cycling_source *source = work->source;
    const closo_own_charge *own = &source->own;
    const double share = work->facts.own_sum_C / work->facts.sum_C;
    const bool sure = own->kind == CLOSO_OWN_INCREMENTS || own->kind == CLOSO_OWN_HALF_CYCLE;
    const bool minutes = is_about(share / 60), hours = is_about(share / 3600);
    if (own->kind == CLOSO_OWN_NONE || sure || is_about(share)) {
        ;
    } else if (minutes || hours) {
        closo_notes_add(
            &work->cycling->notes, work->arena,
            "the column %s adds up to %.4g times the charge that the currents pass: does "
            "the clock (column %s) count %s? Capacities are the instrument's; times and "
            "rates are not to be trusted",
            own->column.name, share, source->trace.time.name, minutes ? "minutes" : "hours");
    } else {
        closo_notes_add(&work->cycling->notes, work->arena,
                        "the column %s adds up to %.3g times the charge that the currents pass: it "
                        "is not used",
                        own->column.name, share);
        source->own.kind = CLOSO_OWN_NONE;
    }
    if (source->own.kind == CLOSO_OWN_CAPACITIES)
        work->charge_rule = closo_arena_printf(work->arena, "the instrument's own (%s, %s)",
                                               own->column.name, own->discharge.name);
    else if (source->own.kind != CLOSO_OWN_NONE)
        work->charge_rule =
            closo_arena_printf(work->arena, "the instrument's own (%s)", own->column.name);
    else
        work->charge_rule =
            source->averaged ? "averaged current times the interval before each row"
                             : "trapezoid rule within a step, the row's current where one begins";
}

closo_status closo_cycling_rows_find(closo_cycling_work *work, closo_error *error)
{
    closo_cycling_source *source = closo_arena_alloc(work->arena, 1, sizeof *source);
    search *at = closo_arena_alloc(work->passing, 1, sizeof *at);
    block *rows = closo_arena_alloc(work->passing, 1, sizeof *rows);
    double *scratch =
        closo_arena_alloc(work->passing, (size_t)SAMPLE_BLOCKS * BLOCK_ROWS, sizeof *scratch);
    work->window = closo_arena_alloc(work->passing, 1, sizeof *work->window);
    if (source == NULL || at == NULL || rows == NULL || scratch == NULL || work->window == NULL ||
        !closo_row_facts_new(&work->facts, work->passing))
        return closo_fail_nomem(error);
    closo_status status = closo_trace_find(work->table, &source->trace, error);
    if (status != CLOSO_OK)
        return status;
    source->table_arena = work->table->arena;
    source->averaged = source->trace.current.quantity != CLOSO_QUANTITY_CURRENT;
    closo_own_charge_find(work->table, &source->own);
    work->source = source;
    work->window->source = source;
    *at = (search){.work = work, .source = source, .file_rows = work->table->row_count};
    at->interval_s = usual_interval(&source->trace, at->file_rows, scratch);
    status = take_rows(at, rows, error);
    if (status != CLOSO_OK)
        return status;
    work->cycling->source = source;
    work->cycling->row_count = source->row_count;
    work->cycling->time_name = source->trace.time.name;
    work->cycling->potential_name = source->trace.potential.name;
    work->cycling->current_name = source->trace.current.name;
    note_counts(work, &at->found, at->file_rows);
    if (source->row_count == 0)
        return closo_fail(error, CLOSO_RANGE,
                          "no row has a time, a potential and a current that are numbers");
    judge_own_charge(work);
    return work->charge_rule != NULL ? CLOSO_OK : closo_fail_nomem(error);
}
