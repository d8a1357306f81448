/* SPDX-License-Identifier: BSD-3-Clause */
/* clang-format off */
#include "support.h"
#include "damage.h"
/* clang-format on */

#include "base/base_internal.h"

#include <stdlib.h>
#include <string.h>

closo_status open_copy(const unsigned char *bytes, size_t size, closo_arena *arena,
                       closo_table **table, closo_error *error)
{
    unsigned char *copy = closo_arena_alloc(arena, size + 1, 1);
    if (copy == NULL)
        return closo_fail_nomem(error);
    if (size != 0)
        memcpy(copy, bytes, size);
    return closo_file_open_memory("made here", copy, size, NULL, arena, table, error);
}

static void use(const closo_table *table, closo_arena *arena)
{
    for (size_t c = 0; c < table->column_count; c++) {
        const closo_column *column = &table->columns[c];
        const double *values = closo_column_values_si(column, table->row_count, arena);
        for (size_t row = 0; row < table->row_count && column->labels != NULL; row++)
            assert_true(!(values[row] >= 0) || values[row] < (double)column->label_count);
    }
}

void open_damaged(const unsigned char *bytes, size_t size, size_t place)
{
    closo_arena *arena = closo_arena_new(64u << 20);
    closo_table *table = NULL;
    closo_error error = {0};
    unsigned char *copy = malloc(size + 1);
    if (size != 0)
        memcpy(copy, bytes, size);
    copy[size] = 0;
    const closo_status status =
        closo_file_open_memory("damaged", copy, size, NULL, arena, &table, &error);
    if (status == CLOSO_OK) {
        closo_trace trace;
        for (const closo_table *each = table; each != NULL; each = each->next)
            use(each, arena);
        assert_true(closo_trace_from_table(table, arena, &trace, &error) == CLOSO_OK ||
                    error.message[0] != '\0');
        assert_non_null(closo_table_info_json(table, arena));
    } else if (error.message[0] == '\0' || status == CLOSO_NOMEM) {
        fail_msg("byte %zu: status %d '%s'", place, (int)status, error.message);
    }
    free(copy);
    closo_arena_free(arena);
}

void damage_everywhere(unsigned char *bytes, size_t size, size_t stride)
{
    static const unsigned char values[] = {0x00, 0x7f, 0x80, 0xff};
    for (size_t cut = 0; cut < size; cut += stride)
        open_damaged(bytes, cut, cut);
    for (size_t place = 0; place < size; place += stride) {
        const unsigned char before = bytes[place];
        for (size_t v = 0; v < sizeof values; v++) {
            bytes[place] = values[v];
            open_damaged(bytes, size, place);
        }
        bytes[place] = before;
    }
}

void exhaust_memory(const unsigned char *bytes, size_t size)
{
    closo_status status = CLOSO_NOMEM;
    for (size_t k = 0; status != CLOSO_OK; k++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = NULL;
        closo_error error = {0};
        closo_arena_fail_after(arena, k);
        status = open_copy(bytes, size, arena, &table, &error);
        if (status != CLOSO_OK && (status != CLOSO_NOMEM || error.message[0] == '\0'))
            fail_msg("allocation %zu: status %d, '%s'", k, (int)status, error.message);
        closo_arena_free(arena);
        assert_true(k < 10000);
    }
}
