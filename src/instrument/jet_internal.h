/* SPDX-License-Identifier: BSD-3-Clause */
/* jet_internal.h: the tables of a Microsoft Access database of version Jet 4 (Access 2000 to 2003), read from memory. */
#ifndef CLOSO_JET_INTERNAL_H
#define CLOSO_JET_INTERNAL_H

#include "instrument_internal.h"

enum { CLOSO_JET_PAGE_BYTES = 4096 };

/* Types of columns. */
enum {
    CLOSO_JET_BOOLEAN = 1,
    CLOSO_JET_BYTE = 2,
    CLOSO_JET_INT16 = 3,
    CLOSO_JET_INT32 = 4,
    CLOSO_JET_MONEY = 5,
    CLOSO_JET_FLOAT = 6,
    CLOSO_JET_DOUBLE = 7,
    CLOSO_JET_DATE = 8,
    CLOSO_JET_TEXT = 10
};

typedef struct closo_jet_column {
    const char *name;
    unsigned type, number, variable, fixed_place;
    bool is_fixed;
} closo_jet_column;

/* A row lies within one page. */
typedef struct closo_jet_row {
    const unsigned char *bytes;
    size_t size;
} closo_jet_row;

typedef struct closo_jet_table {
    const char *name;
    closo_jet_column *columns;
    size_t column_count;
    closo_jet_row *rows; /* in the order of their pages */
    size_t row_count;
    uint32_t announced; /* how many rows the table says it has */
    bool
        without_map; /* the list of its pages could not be read: deleted pages may be among the rows */
} closo_jet_table;

/* True when the bytes begin like a Jet database of any version. */
bool closo_jet_is(const closo_source *source);

/* Reads the table of that name with its rows; *table is NULL when the database has none of that name. UNSUPPORTED: another
 * version of Jet, or encrypted; FORMAT: the list of tables cannot be read; NOMEM. O(pages) */
closo_status closo_jet_read(const closo_source *source, const char *name, closo_jet_table **table,
                            closo_error *error);

/* The column of that name, whatever its case, or NULL. */
const closo_jet_column *closo_jet_column_named(const closo_jet_table *table, const char *name);

/* A number, a date in days since 1899-12-30, or a boolean as 0 or 1; NaN when there is none. column may be NULL. */
double closo_jet_number(const closo_jet_row *row, const closo_jet_column *column);

/* A text in the arena, "" when there is none; NULL when out of memory. column may be NULL. */
const char *closo_jet_text(const closo_jet_row *row, const closo_jet_column *column,
                           closo_arena *arena);

#endif
