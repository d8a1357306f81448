/* SPDX-License-Identifier: BSD-3-Clause */
/* instrument.h: from an instrument's file to a table, and from a table to a file.
 *
 * The format is told by the content, never by the name. What can be saved of a damaged or running measurement is saved,
 * with a note in the table. Columns keep the instrument's names, units and numbers; see base.h. */
#ifndef CLOSO_INSTRUMENT_H
#define CLOSO_INSTRUMENT_H

#include "closo/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How to read a file; initialise with {0} for the defaults. */
typedef struct closo_read_options {
    size_t max_bytes; /* larger files are refused; 0: 4 GiB */
    bool
        without_derived; /* leave out the columns that the vendor's software derives on export (faster) */
    bool
        only_views; /* of those columns, only the ones that follow from another and need no memory */
    bool in_place;  /* look at the file where it is instead of reading it into memory; see below */
} closo_read_options;

/* Reads a file of any known format. The arena holds the file's bytes and the table. options may be NULL.
 * With in_place the bytes stay in the file, whose pages come into memory as they are looked at: a table of a binary file then
 * needs next to no memory. The price: should another program make the file shorter while it is in use, the operating
 * system ends the program with SIGBUS.
 * IO, NOMEM, LIMIT; FORMAT: not a format closo knows, or damaged beyond use (the message says where and what to do);
 * UNSUPPORTED: a format closo recognises but cannot read. O(bytes). */
CLOSO_API CLOSO_CHECK closo_status closo_file_open(const char *path,
                                                   const closo_read_options *options,
                                                   closo_arena *arena, closo_table **table,
                                                   closo_error *error);

/* The same from memory; name is what messages call it. The bytes must live as long as the arena and be followed by one
 * readable 0 byte. */
CLOSO_API CLOSO_CHECK closo_status closo_file_open_memory(const char *name, const void *bytes,
                                                          size_t size,
                                                          const closo_read_options *options,
                                                          closo_arena *arena, closo_table **table,
                                                          closo_error *error);

/* Potential, current and time of a table in SI, whatever columns they came from: the current itself, else its average,
 * else the charge passed between rows divided by the time. */
typedef struct closo_trace {
    size_t row_count;
    const double *time_s, *potential_V, *current_A;
    const char *time_name, *potential_name, *current_name; /* the columns they come from */
} closo_trace;

/* FORMAT: a column is missing; the message names those that are there. RANGE: no rows. */
CLOSO_API CLOSO_CHECK closo_status closo_trace_from_table(const closo_table *table,
                                                          closo_arena *arena, closo_trace *trace,
                                                          closo_error *error);

/* Writers. All write the file whole or not at all, with full precision: the shortest digits that read back the same.
 * arena is for working memory. */

/* CSV: the first line the names as the instrument has them. */
CLOSO_API CLOSO_CHECK closo_status closo_table_write_csv(const closo_table *table, const char *path,
                                                         closo_arena *arena, closo_error *error);
/* The same below the table's metadata, one "# key: value unit" a line, which closo_file_open() reads back. */
CLOSO_API CLOSO_CHECK closo_status closo_table_write_csv_with_head(const closo_table *table,
                                                                   const char *path,
                                                                   closo_arena *arena,
                                                                   closo_error *error);
/* Battery Data Format CSV (machine-readable names, SI, charge positive). RANGE: time, potential or current is missing. */
CLOSO_API CLOSO_CHECK closo_status closo_table_write_bdf(const closo_table *table, const char *path,
                                                         closo_arena *arena, closo_error *error);
/* EC-Lab text. */
CLOSO_API CLOSO_CHECK closo_status closo_table_write_mpt(const closo_table *table, const char *path,
                                                         closo_arena *arena, closo_error *error);

/* What is known about a file as one JSON object (text in the arena): file, format, technique, rows, columns, metadata,
 * settings, segments (first_row counts from 1), notes. NULL when out of memory. */
CLOSO_API const char *closo_table_info_json(const closo_table *table, closo_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
