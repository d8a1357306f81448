/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a BioLogic .mpr: refused with a sentence, or a table whose stored columns lie in the file and whose every
 * value can be read. */
#include "base/base_internal.h"
#include "instrument/instrument_internal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static double read_all(const closo_table *table, size_t size)
{
    double sum = 0, values[64];
    for (size_t i = 0; i < table->column_count; i++) {
        const closo_column *column = &table->columns[i];
        demand(column->name != NULL && column->unit != NULL);
        demand(table->row_count == 0 || column->stride_bytes != 0);
        demand(column->derived || table->row_count * column->stride_bytes <= size);
        for (size_t row = 0; row < table->row_count; row += 64) {
            size_t count = table->row_count - row < 64 ? table->row_count - row : 64;
            closo_column_read(column, row, count, values);
            sum += values[count - 1];
        }
    }
    for (size_t i = 0; i < table->metadatum_count; i++)
        demand(table->metadata[i].key != NULL &&
               (table->metadata[i].text != NULL || table->metadata[i].unit != NULL));
    for (size_t i = 0; i < table->setting_count; i++)
        for (size_t s = 0; s < table->settings[i].value_count; s++)
            sum += (double)strlen(table->settings[i].values[s]);
    for (size_t i = 0; i < table->segment_count; i++)
        demand(table->segments[i].first_row <= table->row_count &&
               table->segments[i].row_count <= table->row_count - table->segments[i].first_row);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const closo_read_options options = {0};
    closo_arena *arena = closo_arena_new((size_t)64 << 20);
    unsigned char *copy = arena != NULL ? closo_arena_alloc(arena, size + 1, 1) : NULL;
    if (copy != NULL) {
        if (size != 0)
            memcpy(copy, data, size);
        const closo_source source = {"fuzz.mpr", copy, size, &options, arena};
        closo_table *table = NULL;
        closo_error error = {0};
        /* whatever recognise() thinks of it */
        (void)closo_format_mpr.recognise(&source);
        closo_status status = closo_format_mpr.read(&source, &table, &error);
        demand((status == CLOSO_OK) == (table != NULL));
        demand(status == CLOSO_OK || error.message[0] != '\0');
        volatile double sum = table != NULL ? read_all(table, size) : 0;
        (void)sum;
    }
    closo_arena_free(arena);
    return 0;
}
