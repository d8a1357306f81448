/* SPDX-License-Identifier: BSD-3-Clause */
/* text_damage.h: opening damaged files and using whatever comes of it. */
#ifndef CLOSO_TEST_TEXT_DAMAGE_H
#define CLOSO_TEST_TEXT_DAMAGE_H

#include "text_samples.h"

#include "base/base_internal.h"

static inline bool is_clean(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t')
            return false;
    return true;
}

/* Uses everything that a table offers. */
static inline void use_table(const closo_table *first, closo_arena *arena)
{
    for (const closo_table *table = first; table != NULL; table = table->next) {
        double *values = closo_arena_alloc(arena, table->row_count, sizeof *values);
        assert_non_null(values);
        for (size_t c = 0; c < table->column_count; c++) {
            const closo_column *column = &table->columns[c];
            closo_column_read_si(column, 0, table->row_count, values);
            closo_column_read(column, 0, table->row_count, values);
            for (size_t row = 0; row < table->row_count && column->labels != NULL; row++)
                assert_true(!(values[row] >= 0) || values[row] < (double)column->label_count);
        }
        for (size_t s = 0; s < table->segment_count; s++)
            assert_true(table->segments[s].first_row + table->segments[s].row_count <=
                        table->row_count);
    }
    closo_trace trace;
    closo_error error = {0};
    closo_status status = closo_trace_from_table(first, arena, &trace, &error);
    assert_true(status == CLOSO_OK || error.message[0] != '\0');
    assert_non_null(closo_table_info_json(first, arena));
}

static inline void open_damaged(const char *name, const char *bytes, size_t size, size_t place)
{
    closo_arena *arena = closo_arena_new(64u << 20);
    closo_table *table = NULL;
    closo_error error = {0};
    /* On the heap and exactly as long as it says, with the 0 behind it. */
    char *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    closo_status status = closo_file_open_memory(name, copy, size, NULL, arena, &table, &error);
    if (status == CLOSO_OK)
        use_table(table, arena);
    else if (error.message[0] == '\0' || status == CLOSO_NOMEM || !is_clean(error.message))
        fail_msg("%s, place %zu: status %d, '%s'", name, place, (int)status, error.message);
    free(copy);
    closo_arena_free(arena);
}

/* The k-th allocation fails, for every k: the answer is NOMEM or a table, never a crash. */
static inline void fail_each_allocation(const char *name, const char *text)
{
    closo_status status = CLOSO_NOMEM;
    for (size_t k = 0; status != CLOSO_OK; k++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = NULL;
        closo_error error = {0};
        closo_arena_fail_after(arena, k);
        status = closo_file_open_memory("sample", text, strlen(text), NULL, arena, &table, &error);
        if (status != CLOSO_OK && (status != CLOSO_NOMEM || error.message[0] == '\0'))
            fail_msg("%s, allocation %zu: status %d, '%s'", name, k, (int)status, error.message);
        closo_arena_free(arena);
        assert_true(k < 10000);
    }
}

#endif
