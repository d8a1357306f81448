/* SPDX-License-Identifier: BSD-3-Clause */
/* make_res.h: writes small Access databases of version Jet 4, as Arbin's .res are, for tests. It shares no code with the
 * reader. */
#ifndef CLOSO_MAKE_RES_H
#define CLOSO_MAKE_RES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Types of columns as the format numbers them. */
enum {
    MAKE_RES_BOOLEAN = 1,
    MAKE_RES_BYTE = 2,
    MAKE_RES_INT16 = 3,
    MAKE_RES_INT32 = 4,
    MAKE_RES_FLOAT = 6,
    MAKE_RES_DOUBLE = 7,
    MAKE_RES_TEXT = 10
};

typedef struct make_res_column {
    const char *name;
    unsigned type;
} make_res_column;

/* A number, a text (ASCII; packed as Access does when it begins with '<'), or nothing where both are not there. */
typedef struct make_res_value {
    double number;
    const char *text;
    bool null;
} make_res_value;

enum { MAKE_RES_PAGES = 24, MAKE_RES_PAGE_BYTES = 4096 };

typedef struct make_res {
    unsigned char bytes[MAKE_RES_PAGES * MAKE_RES_PAGE_BYTES + 1];
    size_t page_count;
} make_res;

/* A database without tables. */
void make_res_begin(make_res *res);
/* Adds a table and its first page of data; returns its number, the page that describes it. */
uint32_t make_res_table(make_res *res, const char *name, const make_res_column *columns,
                        size_t count);
/* Adds a row; values in the order of the columns. flags: 0, or 0x8000 for a deleted row. */
void make_res_row(make_res *res, uint32_t table, const make_res_column *columns, size_t count,
                  const make_res_value *values, unsigned flags);
/* Moves the last row of a table to another page and leaves a pointer, as when a row grew too long. */
void make_res_move_last_row(make_res *res, uint32_t table);
/* An Arbin test as the tests want it: two tests, points out of order, one deleted, one moved, auxiliary inputs. */
void make_res_example(make_res *res);

#endif
