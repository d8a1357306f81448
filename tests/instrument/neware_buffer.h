/* SPDX-License-Identifier: BSD-3-Clause */
/* neware_buffer.h: bytes of a file of Neware's, put one after another, and values of the table that comes of it. */
#ifndef CLOSO_TEST_NEWARE_BUFFER_H
#define CLOSO_TEST_NEWARE_BUFFER_H

#include "support.h"

#include "closo/instrument.h"

#include <string.h>

typedef struct buffer {
    unsigned char bytes[12288];
    size_t size;
} buffer;

static inline void put(buffer *b, uint64_t value, size_t count)
{
    for (size_t i = 0; i < count; i++)
        b->bytes[b->size++] = (unsigned char)(i < 8 ? value >> 8 * i : 0);
}

static inline void put_f32(buffer *b, double value)
{
    const float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    put(b, bits, 4);
}

static inline double at(const closo_table *table, const char *name, size_t row)
{
    double value;
    const closo_column *column = closo_table_find_name(table, name);
    if (column == NULL || row >= table->row_count)
        fail_msg("there is no row %zu of a column %s", row, name);
    closo_column_read(column, row, 1, &value);
    return value;
}

#endif
