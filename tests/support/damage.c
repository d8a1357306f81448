/* SPDX-License-Identifier: BSD-3-Clause */
/* clang-format off */
#include "support.h"
#include "damage.h"
/* clang-format on */

#include "base/base_internal.h"

#include <stdlib.h>
#include <string.h>

closo_status open_copy(const void *bytes, size_t size, closo_arena *arena, closo_table **table,
                       closo_error *error)
{
    unsigned char *copy = closo_arena_alloc(arena, size + 1, 1);
    if (copy == NULL)
        return closo_fail_nomem(error);
    if (size != 0)
        memcpy(copy, bytes, size);
    return closo_file_open_memory("made here", copy, size, NULL, arena, table, error);
}

static bool is_clean(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t')
            return false;
    return true;
}

/* Uses everything that a table offers. */
static void use_table(const closo_table *first, closo_arena *arena)
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

void open_damaged(const char *name, const void *bytes, size_t size, size_t place)
{
    closo_arena *arena = closo_arena_new(64u << 20);
    closo_table *table = NULL;
    closo_error error = {0};
    /* On the heap and exactly as long as it says, with the 0 behind it. */
    char *copy = malloc(size + 1);
    assert_non_null(copy);
    if (size != 0)
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

void damage_everywhere(const char *name, unsigned char *bytes, size_t size, size_t stride)
{
    static const unsigned char values[] = {0x00, 0x7f, 0x80, 0xff};
    for (size_t cut = 0; cut < size; cut += stride)
        open_damaged(name, bytes, cut, cut);
    for (size_t place = 0; place < size; place += stride) {
        const unsigned char before = bytes[place];
        for (size_t v = 0; v < sizeof values; v++) {
            bytes[place] = values[v];
            open_damaged(name, bytes, size, place);
        }
        bytes[place] = before;
    }
}

void exhaust_memory(const char *name, const void *bytes, size_t size)
{
    closo_status status = CLOSO_NOMEM;
    for (size_t k = 0; status != CLOSO_OK; k++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = NULL;
        closo_error error = {0};
        closo_arena_fail_after(arena, k);
        status = open_copy(bytes, size, arena, &table, &error);
        if (status != CLOSO_OK && (status != CLOSO_NOMEM || error.message[0] == '\0'))
            fail_msg("%s, allocation %zu: status %d, '%s'", name, k, (int)status, error.message);
        closo_arena_free(arena);
        assert_true(k < 10000);
    }
}

void cut_everywhere(const text_sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t size = 0; size < strlen(samples[i].text); size++)
            open_damaged(samples[i].name, samples[i].text, size, size);
}

void change_everywhere(const text_sample *samples, size_t count, size_t stride, bool each)
{
    static const unsigned char values[] = {0x00, 0xff, '\t', '\n', '"', ',', '9', 0x7f, 0x80};
    enum { USUAL = 7 };
    for (size_t i = 0; i < count; i++) {
        const size_t size = strlen(samples[i].text);
        char *bytes = malloc(size);
        assert_non_null(bytes);
        memcpy(bytes, samples[i].text, size);
        for (size_t place = i % stride; place < size; place += stride) {
            for (size_t v = each ? 0 : place % USUAL; v < sizeof values; v++) {
                bytes[place] = (char)values[v];
                open_damaged(samples[i].name, bytes, size, place);
                if (!each)
                    break;
            }
            bytes[place] = samples[i].text[place];
        }
        free(bytes);
    }
}

void cut_heads(const text_sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = samples[i].text;
        for (const char *from = text; (from = strchr(from, '\n')) != NULL && *++from != '\0';)
            open_damaged(samples[i].name, from, strlen(from), (size_t)(from - text));
    }
}

void exhaust_memory_of_each(const text_sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        exhaust_memory(samples[i].name, samples[i].text, strlen(samples[i].text));
}
