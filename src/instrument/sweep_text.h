/* SPDX-License-Identifier: BSD-3-Clause */
/* sweep_text.h: what the readers of impedance files share. Such a file is a head of keys and one block of rows for each
 * sweep; the blocks, which have the same columns, become one table with a segment for each. */
#ifndef CLOSO_INSTRUMENT_SWEEP_TEXT_H
#define CLOSO_INSTRUMENT_SWEEP_TEXT_H

#include "dialect.h"

/* A block of rows. */
typedef struct closo_sweep {
    const char *name;      /* of the segment; NULL: "sweep 1", ... */
    closo_text_piece rows; /* row_count is set by reading */
    size_t told;           /* points that the file tells; 0: it does not */
    double temperature_K;  /* NaN: not told; any differing ones become a column */
} closo_sweep;

typedef struct closo_sweeps {
    closo_sweep *list;
    size_t count, capacity;
} closo_sweeps;

/* The lines of a file, counted. */
typedef struct closo_sweep_lines {
    closo_span rest;
    char line_end;
    size_t number; /* of the line taken last, from 1 */
} closo_sweep_lines;
closo_sweep_lines closo_sweep_lines_of(const closo_source *source);
bool closo_sweep_next_line(closo_sweep_lines *lines, closo_span *line);

/* True when the line's fields, of which there are at least `fields`, are numbers. */
bool closo_sweep_is_row(closo_span line, char separator, size_t fields);

/* Begins a block behind the lines taken so far, and takes its rows: lines of numbers, with empty ones between. At most
 * `most` rows, 0 for any number. NULL when out of memory. */
closo_sweep *closo_sweep_take(closo_sweeps *sweeps, closo_arena *arena, closo_sweep_lines *lines,
                              char separator, size_t most);

/* Names, units and meanings of the columns in a line, by the dialect and else by the name. NOMEM; LIMIT. */
closo_status closo_sweep_names(const closo_dialect *dialect, closo_arena *arena, closo_span line,
                               closo_text_layout *layout, closo_error *error);

/* Reads the blocks into the table: columns, where there are several sweeps a column "sweep" and a segment for each, and
 * notes on what is odd about the frequencies and the number of points. FORMAT: there is no row. */
closo_status closo_sweeps_read(closo_table *table, closo_text_layout *layout, closo_sweeps *sweeps,
                               closo_error *error);

/* A table with names above it, anywhere in the text, by the dialect. Errors as closo_file_open(). */
closo_status closo_sweep_read_delimited(const closo_source *source, const closo_dialect *dialect,
                                        closo_table **result, closo_error *error);

/* Notes frequencies that no spectrum has (0, negative, missing), and values that are repeated within a sweep. */
void closo_sweeps_check(closo_table *table);

/* Keeps the value of a column as metadata when it is the same, and not 0 unless `zero_counts`, in all rows. NOMEM. */
closo_status closo_sweep_keep_constant(closo_table *table, const char *column, const char *key,
                                       const char *unit, bool zero_counts);

/* Keeps a number with that unit under a key, where the text is one; decimal point or comma. NOMEM. */
closo_status closo_sweep_keep_number(closo_table *table, const char *key, closo_span text,
                                     const char *unit);
closo_status closo_sweep_keep_text(closo_table *table, const char *key, closo_span text);
/* Date and time of day, each may be empty, as start_time where they can be read. NOMEM. */
closo_status closo_sweep_keep_start(closo_table *table, closo_span date, closo_span time,
                                    closo_date_order order);
/* The same for "Thursday, July 19, 2018" and "Feb. 20, 2020   15:55:08". */
closo_status closo_sweep_keep_english_start(closo_table *table, closo_span date, closo_span time);

/* A table of that format in the arena, technique "EIS"; NULL when out of memory. */
closo_table *closo_sweep_table(const closo_source *source, const char *format,
                               const char *instrument);

#endif
