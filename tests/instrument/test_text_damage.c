/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged files and exhausted memory: whatever happens, the answer is a status with a sentence, or a table that can be
 * read to its end. Exhaustive: every truncation and four values for every byte of a small file of each format. Run with
 * the sanitizers it also sees reads past the end, since each copy has exactly its size. */
#include "text_samples.h"

#include "base/base_internal.h"

static const struct {
    const char *name, *text;
} samples[] = {
    {"mpt", SAMPLE_MPT}, {"mpt with commas", SAMPLE_MPT_COMMA},
    {"mps", SAMPLE_MPS}, {"dta", SAMPLE_DTA},
    {"bdf", SAMPLE_BDF}, {"csv", SAMPLE_CSV},
};

enum { SAMPLE_COUNT = sizeof samples / sizeof *samples };

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

static void open_damaged(const char *name, const char *bytes, size_t size, size_t place)
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

static void every_truncation(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++)
        for (size_t size = 0; size < strlen(samples[i].text); size++)
            open_damaged(samples[i].name, samples[i].text, size, size);
}

static void every_byte_changed(void **state)
{
    (void)state;
    static const unsigned char values[] = {0x00, 0x7f, 0x80, 0xff, '\t', '\n', '"', ',', '9'};
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        const size_t size = strlen(samples[i].text);
        char *bytes = malloc(size);
        assert_non_null(bytes);
        memcpy(bytes, samples[i].text, size);
        for (size_t place = 0; place < size; place++) {
            for (size_t v = 0; v < sizeof values; v++) {
                bytes[place] = (char)values[v];
                open_damaged(samples[i].name, bytes, size, place);
            }
            bytes[place] = samples[i].text[place];
        }
        free(bytes);
    }
}

/* Cuts loops and says what was lost: a row cut in two keeps what is whole. */
static void truncation_keeps_the_rows_before(void **state)
{
    (void)state;
    const size_t size = strlen(SAMPLE_MPT), last_row = size - 100;
    for (size_t cut = last_row; cut < size; cut++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = NULL;
        assert_int_equal(open_bytes("cut", SAMPLE_MPT, cut, arena, &table, NULL), CLOSO_OK);
        assert_true(table->row_count >= 2);
        assert_near(value_at(table, "Ewe/V", 1), 1.501, 0);
        closo_arena_free(arena);
    }
}

/* The k-th allocation fails, for every k: the answer is NOMEM or a table, never a crash. */
static void every_allocation_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        closo_status status = CLOSO_NOMEM;
        for (size_t k = 0; status != CLOSO_OK; k++) {
            closo_arena *arena = closo_arena_new(0);
            closo_table *table = NULL;
            closo_error error = {0};
            const char *text = samples[i].text;
            closo_arena_fail_after(arena, k);
            status =
                closo_file_open_memory("sample", text, strlen(text), NULL, arena, &table, &error);
            if (status != CLOSO_OK && (status != CLOSO_NOMEM || error.message[0] == '\0'))
                fail_msg("%s, allocation %zu: status %d, '%s'", samples[i].name, k, (int)status,
                         error.message);
            closo_arena_free(arena);
            assert_true(k < 10000);
        }
    }
}

typedef closo_status (*writer)(const closo_table *, const char *, closo_arena *, closo_error *);

static void every_allocation_of_the_writers_fails(void **state)
{
    (void)state;
    static const writer writers[] = {closo_table_write_csv, closo_table_write_bdf,
                                     closo_table_write_mpt};
    closo_arena *kept = closo_arena_new(0);
    closo_table *table = open_text(kept, SAMPLE_MPT);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        closo_status status = CLOSO_NOMEM;
        for (size_t k = 0; status != CLOSO_OK; k++) {
            closo_arena *arena = closo_arena_new(0);
            closo_arena_fail_after(arena, k);
            status = writers[i](table, temporary_path("memory"), arena, NULL);
            assert_true(status == CLOSO_OK || status == CLOSO_NOMEM);
            closo_arena_free(arena);
            assert_true(k < 1000);
        }
    }
    remove(temporary_path("memory"));
    for (size_t k = 0;; k++) {
        closo_arena *arena = closo_arena_new(0);
        closo_arena_fail_after(arena, k);
        const bool made = closo_table_info_json(table, arena) != NULL;
        closo_arena_free(arena);
        assert_true(k < 10000);
        if (made)
            break;
    }
    closo_arena_free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_truncation),
        cmocka_unit_test(every_byte_changed),
        cmocka_unit_test(truncation_keeps_the_rows_before),
        cmocka_unit_test(every_allocation_fails),
        cmocka_unit_test(every_allocation_of_the_writers_fails),
    };
    return cmocka_run_group_tests_name("text damage", tests, NULL, NULL);
}
