/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_text.h: what the targets of the text readers do with any bytes. */
#ifndef CLOSO_FUZZ_TEXT_H
#define CLOSO_FUZZ_TEXT_H

#include "base/base_internal.h"
#include "closo/impedance.h"
#include "closo/instrument.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void demand(bool holds)
{
    if (!holds)
        abort();
}

static inline void use_table(const closo_table *table, closo_arena *arena)
{
    for (size_t c = 0; c < table->column_count; c++) {
        const closo_column *column = &table->columns[c];
        double *values = closo_column_values_si(column, table->row_count, arena);
        for (size_t row = 0; values != NULL && column->labels != NULL && row < table->row_count;
             row++)
            demand(!(values[row] >= 0) || values[row] < (double)column->label_count);
    }
    for (size_t s = 0; s < table->segment_count; s++)
        demand(table->segments[s].first_row <= table->row_count &&
               table->segments[s].row_count <= table->row_count - table->segments[s].first_row);
}

/* Opens a copy that ends in a 0, as closo_file_read makes it. A table must be usable to its end, give JSON, and a trace and spectra or a reason; a refusal must have a sentence. */
static inline void fuzz_open(const uint8_t *data, size_t size)
{
    closo_arena *arena = closo_arena_new((size_t)128 << 20);
    char *copy = malloc(size + 1);
    if (arena == NULL || copy == NULL) {
        free(copy);
        closo_arena_free(arena);
        return;
    }
    if (size != 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    closo_table *table = NULL;
    closo_error error = {0};
    closo_status status = closo_file_open_memory("input", copy, size, NULL, arena, &table, &error);
    if (status == CLOSO_OK) {
        for (const closo_table *each = table; each != NULL; each = each->next)
            use_table(each, arena);
        closo_trace trace;
        status = closo_trace_from_table(table, arena, &trace, &error);
        demand(status == CLOSO_OK || error.message[0] != '\0');
        closo_spectrum *spectra = NULL;
        size_t count = 0;
        status = closo_spectra_from_table(table, NULL, arena, &spectra, &count, &error);
        demand(status == CLOSO_OK ? count != 0 : error.message[0] != '\0');
        demand(closo_table_info_json(table, arena) != NULL || closo_arena_used(arena) > (size_t)64
                                                                                            << 20);
    } else {
        demand(table == NULL && error.message[0] != '\0');
    }
    free(copy);
    closo_arena_free(arena);
}

#endif
