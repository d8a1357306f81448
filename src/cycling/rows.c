/* SPDX-License-Identifier: BSD-3-Clause */
/* rows.c: the rows of a table that can be used, and a clock that only goes forward.
 *
 * Cyclers leave clocks that start again (files glued together, tests resumed), clocks of the day that pass midnight, rows
 * written twice and rows without a value. Each of them is mended in a way that cannot make charge out of nothing: an
 * interval whose length is not known carries none, unless the instrument itself says how much. */
#include "cycling_internal.h"

#include "closo/numeric.h"

#include <math.h>
#include <string.h>

static const double day_s = 86400;
static const double least_midnight_s = 600; /* a midnight may hide so long an interval */
static const double midnight_intervals = 20, jump_intervals = 10;
static const double reset_share =
    0.5;                  /* a charge that falls below this much of itself began anew */
enum { SEARCHES = 1000 }; /* jumps of the clock for which repeated rows are looked for */

typedef struct counts {
    size_t missing, repeated, midnights, restarts, backwards, overlaps;
    size_t first_restart_row, first_backwards_row;
} counts;

static closo_status allocate(closo_cycling_work *work, const closo_trace *trace, closo_error *error)
{
    size_t rows = trace->row_count;
    work->time_s = closo_arena_alloc(work->arena, rows, sizeof *work->time_s);
    work->potential_V = closo_arena_alloc(work->arena, rows, sizeof *work->potential_V);
    work->current_A = closo_arena_alloc(work->arena, rows, sizeof *work->current_A);
    work->charge_C = closo_arena_alloc(work->arena, rows, sizeof *work->charge_C);
    work->file_rows = closo_arena_alloc(work->arena, rows, sizeof *work->file_rows);
    work->joined = closo_arena_alloc(work->passing, rows, sizeof *work->joined);
    work->sign = closo_arena_alloc(work->passing, rows, sizeof *work->sign);
    work->scratch = closo_arena_alloc(work->passing, rows, sizeof *work->scratch);
    if (work->time_s == NULL || work->potential_V == NULL || work->current_A == NULL ||
        work->charge_C == NULL || work->file_rows == NULL || work->joined == NULL ||
        work->sign == NULL || work->scratch == NULL)
        return closo_fail_nomem(error);
    return CLOSO_OK;
}

/* Median of the positive intervals. */
static double typical_interval(const closo_trace *trace, double *scratch)
{
    size_t count = 0;
    for (size_t i = 1; i < trace->row_count; i++)
        if (trace->time_s[i] > trace->time_s[i - 1])
            scratch[count++] = trace->time_s[i] - trace->time_s[i - 1];
    double interval_s = closo_median(scratch, count);
    return interval_s > 0 ? interval_s : 0;
}

static bool same_row(const closo_trace *trace, size_t one, size_t other)
{
    return trace->time_s[one] == trace->time_s[other] &&
           trace->potential_V[one] == trace->potential_V[other] &&
           trace->current_A[one] == trace->current_A[other];
}

/* Rows from `row` on that repeat earlier ones, as where two files that overlap were glued. */
static size_t overlap_length(const closo_trace *trace, size_t row)
{
    size_t at = row;
    while (at > 0 && !same_row(trace, at - 1, row))
        at--;
    if (at == 0)
        return 0;
    size_t first = at - 1, length = 0;
    while (first + length < row && row + length < trace->row_count &&
           same_row(trace, first + length, row + length))
        length++;
    return length >= 2 ? length : 0;
}

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

/* Increments of a charge that begins anew with each half cycle. */
static void differences(double *charge_C, size_t count)
{
    double before_C = 0;
    for (size_t i = 0; i < count; i++) {
        double now_C = charge_C[i];
        bool anew = i == 0 || fabs(now_C) < reset_share * fabs(before_C);
        charge_C[i] = i == 0 ? 0 : anew ? now_C : now_C - before_C;
        before_C = now_C;
    }
}

/* The instrument's own charge of each row, or NULL. It integrates faster than it writes rows, so where a current dies away
 * between two rows it knows better. Columns of 32 bits are too short for differences. */
static const double *own_increments(closo_cycling_work *work, closo_error *error,
                                    closo_status *status)
{
    const closo_column *column = closo_table_find(work->table, CLOSO_QUANTITY_CHARGE_INCREMENT);
    bool accumulated = column == NULL;
    if (accumulated)
        column = closo_table_find(work->table, CLOSO_QUANTITY_CHARGE_HALF_CYCLE);
    if (column == NULL || column->labels != NULL ||
        (accumulated && column->storage != CLOSO_STORE_F64))
        return NULL;
    double *charge_C = closo_column_values_si(column, work->table->row_count, work->passing);
    if (charge_C == NULL) {
        *status = closo_fail_nomem(error);
        return NULL;
    }
    if (accumulated)
        differences(charge_C, work->table->row_count);
    work->own_charge = true;
    work->charge_rule = closo_arena_printf(work->arena, "the instrument's own (%s)", column->name);
    return charge_C;
}

/* Copies the rows in use. `given` is the trace as the file has it. */
static void keep_rows(closo_cycling_work *work, const closo_trace *given, const double *own_C,
                      counts *found)
{
    const double interval_s = typical_interval(given, work->scratch);
    double offset_s = 0, carried_C = 0, last_raw_s = 0;
    size_t kept = 0, searches = 0, overlap_end = 0;
    bool restarted = false;
    for (size_t i = 0; i < given->row_count; i++) {
        double raw_s = given->time_s[i], current_A = given->current_A[i];
        double own = own_C != NULL && isfinite(own_C[i]) ? own_C[i] : 0;
        if (!isfinite(current_A) && own_C != NULL) /* charge in no time: the current goes on */
            current_A = kept != 0 ? work->current_A[kept - 1] : 0;
        if (!isfinite(raw_s + given->potential_V[i] + current_A)) {
            found->missing++;
            carried_C += own;
            continue;
        }
        if (i < overlap_end) {
            found->overlaps++;
            continue;
        }
        if (kept != 0 && raw_s < last_raw_s) {
            size_t overlap = searches++ < SEARCHES ? overlap_length(given, i) : 0;
            if (overlap != 0) {
                overlap_end = i + overlap;
                found->overlaps++;
                continue;
            }
            jump kind = judge_jump(last_raw_s, raw_s, interval_s);
            if (kind == JUMP_BACK) {
                if (found->backwards++ == 0)
                    found->first_backwards_row = i + 1;
                carried_C += own;
                continue;
            }
            restarted = kind == JUMP_RESTART;
            offset_s += kind == JUMP_MIDNIGHT ? day_s : last_raw_s + interval_s - raw_s;
            found->midnights += kind == JUMP_MIDNIGHT ? 1 : 0;
            if (restarted && found->restarts++ == 0)
                found->first_restart_row = i + 1;
        }
        size_t before = kept != 0 ? work->file_rows[kept - 1] : 0;
        if (kept != 0 && raw_s == last_raw_s && same_row(given, before, i) &&
            (own_C == NULL || own_C[before] == own_C[i])) {
            found->repeated++;
            continue;
        }
        work->time_s[kept] = raw_s + offset_s;
        work->potential_V[kept] = given->potential_V[i];
        work->current_A[kept] = current_A;
        work->charge_C[kept] = own + carried_C;
        work->file_rows[kept] = i;
        work->joined[kept] = restarted;
        last_raw_s = raw_s;
        carried_C = 0;
        restarted = false;
        kept++;
    }
    work->cycling->row_count = kept;
}

closo_status closo_cycling_rows_find(closo_cycling_work *work, closo_error *error)
{
    closo_trace given;
    closo_cycling_source *source = closo_arena_alloc(work->arena, 1, sizeof *source);
    if (source == NULL)
        return closo_fail_nomem(error);
    closo_status status = closo_trace_from_table(work->table, work->passing, &given, error);
    if (status != CLOSO_OK)
        return status;
    const closo_column *current = closo_table_find_name(work->table, given.current_name);
    work->averaged = current != NULL && current->quantity != CLOSO_QUANTITY_CURRENT;
    work->charge_rule = work->averaged
                            ? "averaged current times the interval before each row"
                            : "trapezoid rule within a step, the row's current where one begins";
    const double *own_C = own_increments(work, error, &status);
    if (status == CLOSO_OK)
        status = allocate(work, &given, error);
    if (status != CLOSO_OK)
        return status;
    counts found = {0};
    keep_rows(work, &given, own_C, &found);
    work->cycling->time_name = given.time_name;
    work->cycling->potential_name = given.potential_name;
    work->cycling->current_name = given.current_name;
    *source = (closo_cycling_source){work->time_s, work->potential_V, work->current_A,
                                     work->charge_C, work->file_rows};
    work->cycling->source = source;
    note_counts(work, &found, given.row_count);
    if (work->cycling->row_count == 0)
        return closo_fail(error, CLOSO_RANGE,
                          "no row has a time, a potential and a current that are numbers");
    return CLOSO_OK;
}

closo_status closo_cycling_rows_read(const closo_cycling *cycling, size_t first_row,
                                     size_t row_count, closo_arena *arena, closo_cycling_rows *rows,
                                     closo_error *error)
{
    (void)arena;
    const closo_cycling_source *source = cycling->source;
    if (first_row > cycling->row_count || row_count > cycling->row_count - first_row)
        return closo_fail(error, CLOSO_RANGE, "rows %zu to %zu are not among the %zu in use",
                          first_row + 1, first_row + row_count, cycling->row_count);
    *rows = (closo_cycling_rows){first_row,
                                 row_count,
                                 source->time_s + first_row,
                                 source->potential_V + first_row,
                                 source->current_A + first_row,
                                 source->charge_C + first_row};
    return CLOSO_OK;
}

size_t closo_cycling_file_row(const closo_cycling *cycling, size_t row)
{
    return cycling->source->file_rows[row];
}
