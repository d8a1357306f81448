/* SPDX-License-Identifier: BSD-3-Clause */
/* row_window.c: rows in use, read from the table some at a time. */
#include "cycling_internal.h"

#include <math.h>
#include <string.h>

/* The last of `count` elements of `size` bytes whose first row, which each begins with, is not behind the row. */
static size_t last_up_to(const void *list, size_t count, size_t size, size_t row)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        size_t first_row;
        memcpy(&first_row, (const unsigned char *)list + middle * size, sizeof first_row);
        if (first_row <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t closo_cycling_piece_of(const closo_cycling_source *source, size_t row)
{
    return last_up_to(source->pieces, source->piece_count, sizeof *source->pieces, row);
}

size_t closo_cycling_run_of(const closo_cycling_source *source, size_t row)
{
    return last_up_to(source->runs, source->run_count, sizeof *source->runs, row);
}

static size_t file_row_of(const closo_cycling_source *source, size_t row)
{
    const closo_cycling_piece *piece = &source->pieces[closo_cycling_piece_of(source, row)];
    return piece->file_row + (row - piece->first_row);
}

bool closo_cycling_joined(const closo_cycling_source *source, size_t row)
{
    const closo_cycling_piece *piece = &source->pieces[closo_cycling_piece_of(source, row)];
    return piece->joined && piece->first_row == row;
}

/* ---- filling ---- */

/* The arrays of a window from the element of the first row that is read on. */
typedef struct target {
    size_t row, count;
    double *time_s, *potential_V, *current_A, *own_C, *integral_C;
} target;

static void turn_signs(const closo_cycling_source *source, const target *to)
{
    if (source->turned_count == 0)
        return;
    size_t r = last_up_to(source->turned, source->turned_count, sizeof *source->turned, to->row);
    const size_t end = to->row + to->count;
    for (; r < source->turned_count && source->turned[r].first_row < end; r++) {
        const closo_cycling_range *range = &source->turned[r];
        const size_t first = range->first_row > to->row ? range->first_row : to->row;
        for (size_t row = first; row < range->end_row && row < end; row++) {
            to->current_A[row - to->row] = -to->current_A[row - to->row];
            to->own_C[row - to->row] = -to->own_C[row - to->row];
        }
    }
}

/* The charge of each row by current and time: averaged currents times the interval before the row, else the trapezoid
 * rule within a run of one sign and the row's current where one begins. The first row read needs no charge. */
static void integrate(const closo_cycling_source *source, const target *to)
{
    const size_t end = to->row + to->count;
    to->integral_C[0] = 0;
    const bool trapezoid = !source->averaged && source->run_count != 0;
    for (size_t i = 1; i < to->count; i++) {
        const double mean_A =
            trapezoid ? 0.5 * (to->current_A[i - 1] + to->current_A[i]) : to->current_A[i];
        to->integral_C[i] = mean_A * (to->time_s[i] - to->time_s[i - 1]);
    }
    if (trapezoid)
        for (size_t r = closo_cycling_run_of(source, to->row);
             r < source->run_count && source->runs[r].first_row < end; r++)
            if (source->runs[r].first_row > to->row) {
                const size_t i = source->runs[r].first_row - to->row;
                to->integral_C[i] = to->current_A[i] * (to->time_s[i] - to->time_s[i - 1]);
            }
    for (size_t p = closo_cycling_piece_of(source, to->row);
         p < source->piece_count && source->pieces[p].first_row < end; p++)
        if (source->pieces[p].joined && source->pieces[p].first_row >= to->row)
            to->integral_C[source->pieces[p].first_row - to->row] = 0;
}

/* What one piece of the file gives of the rows. */
static void fill_part(const closo_cycling_source *source, const closo_cycling_piece *piece,
                      const target *part)
{
    const size_t skipped = part->row - piece->first_row, file_row = piece->file_row + skipped;
    closo_trace_read(&source->trace, file_row, part->count, part->time_s, part->potential_V,
                     part->current_A);
    if (source->own.kind != CLOSO_OWN_NONE) {
        closo_own_charge_read(&source->own, file_row, part->count, part->current_A, part->own_C);
        for (size_t i = 0; i < part->count; i++)
            part->own_C[i] = isfinite(part->own_C[i]) ? part->own_C[i] : 0;
        if (skipped == 0)
            part->own_C[0] += piece->carried_C;
    }
    for (size_t i = 0; piece->offset_s != 0 && i < part->count; i++)
        part->time_s[i] += piece->offset_s;
    for (size_t i = 0; isfinite(piece->held_A) && i < part->count; i++)
        part->current_A[i] = piece->held_A;
}

static void fill(const closo_cycling_source *source, const target *to)
{
    size_t p = closo_cycling_piece_of(source, to->row);
    for (size_t done = 0; done < to->count; p++) {
        const closo_cycling_piece *piece = &source->pieces[p];
        const size_t row = to->row + done, left = piece->first_row + piece->row_count - row;
        const target part = {.row = row,
                             .count = left < to->count - done ? left : to->count - done,
                             .time_s = to->time_s + done,
                             .potential_V = to->potential_V + done,
                             .current_A = to->current_A + done,
                             .own_C = to->own_C + done};
        fill_part(source, piece, &part);
        done += part.count;
    }
    turn_signs(source, to);
    integrate(source, to);
}

void closo_row_window_load(closo_row_window *window, size_t row)
{
    const closo_cycling_source *source = window->source;
    const size_t first = row / CLOSO_ROWS_IN_WINDOW * CLOSO_ROWS_IN_WINDOW;
    const size_t left = source->row_count - first, before = first != 0 ? 1 : 0;
    window->first_row = first;
    window->row_count = left < CLOSO_ROWS_IN_WINDOW ? left : CLOSO_ROWS_IN_WINDOW;
    const size_t skipped = 1 - before;
    const target to = {.row = first - before,
                       .count = window->row_count + before,
                       .time_s = window->time_s + skipped,
                       .potential_V = window->potential_V + skipped,
                       .current_A = window->current_A + skipped,
                       .own_C = window->own_C + skipped,
                       .integral_C = window->integral_C + skipped};
    fill(source, &to);
    window->charge_C = source->own.kind != CLOSO_OWN_NONE ? window->own_C : window->integral_C;
    const closo_column *column = &source->trace.time;
    closo_window_move(source->table_arena, &window->pages,
                      column->data + file_row_of(source, first) * column->stride_bytes,
                      window->row_count * column->stride_bytes);
}

/* ---- for everybody ---- */

closo_status closo_cycling_rows_read(const closo_cycling *cycling, size_t first_row,
                                     size_t row_count, closo_arena *arena, closo_cycling_rows *rows,
                                     closo_error *error)
{
    if (first_row > cycling->row_count || row_count > cycling->row_count - first_row)
        return closo_fail(error, CLOSO_RANGE, "rows %zu to %zu are not among the %zu in use",
                          first_row + 1, first_row + row_count, cycling->row_count);
    closo_arena *passing = closo_arena_new(0);
    closo_row_window *window =
        passing != NULL ? closo_arena_alloc(passing, 1, sizeof *window) : NULL;
    double *values[4];
    bool there = window != NULL;
    for (size_t k = 0; k < 4; k++)
        there = (values[k] = closo_arena_alloc(arena, row_count, sizeof **values)) != NULL && there;
    for (size_t done = 0; there && done < row_count;) {
        window->source = cycling->source;
        const size_t at = closo_row_at(window, first_row + done), left = row_count - done;
        const size_t part = window->row_count + 1 - at < left ? window->row_count + 1 - at : left;
        const double *const from[] = {window->time_s, window->potential_V, window->current_A,
                                      window->charge_C};
        for (size_t k = 0; k < 4; k++)
            memcpy(values[k] + done, from[k] + at, part * sizeof **values);
        done += part;
    }
    if (there) /* pages of the file leave memory with the window */
        closo_window_move(cycling->source->table_arena, &window->pages, NULL, 0);
    closo_arena_free(passing);
    if (!there)
        return closo_fail_nomem(error);
    *rows = (closo_cycling_rows){first_row, row_count, values[0], values[1], values[2], values[3]};
    return CLOSO_OK;
}

size_t closo_cycling_file_row(const closo_cycling *cycling, size_t row)
{
    return file_row_of(cycling->source, row);
}
