/* SPDX-License-Identifier: BSD-3-Clause */
/* Files compressed with gzip: they read as what is in them. The compressing is zlib's. */
#include "support.h"

#include "base/base_internal.h"
#include "damage.h"

#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST /* next_in is not written to */
#include <zlib.h>

static const char text[] = "time/s,Ewe/V,I/mA\n0,3.5,1\n1,3.625,1\n2,3.75,-0.5\n";

/* Appends a compressed part to `out`, which has room, and returns the size. */
static size_t compress_to(unsigned char *out, size_t room, const void *bytes, size_t size)
{
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = bytes;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    const size_t written = room - stream.avail_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
    return written;
}

static bool has_note(const closo_table *table, const char *says)
{
    for (size_t i = 0; i < table->notes.count; i++)
        if (strstr(table->notes.texts[i], says) != NULL)
            return true;
    return false;
}

static double last_value(const closo_table *table, size_t column)
{
    double value;
    assert_true(column < table->column_count && table->row_count != 0);
    closo_column_read(&table->columns[column], table->row_count - 1, 1, &value);
    return value;
}

static void what_is_inside_is_read(void **state)
{
    (void)state;
    unsigned char packed[512];
    const size_t size = compress_to(packed, sizeof packed, text, sizeof text - 1);
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = NULL;
    closo_error error = {0};
    assert_int_equal(open_copy(packed, size, arena, &table, &error), CLOSO_OK);
    assert_string_equal(table->format, "delimited text");
    assert_int_equal(table->row_count, 3);
    assert_near(last_value(table, 1), 3.75, 0);
    assert_near(last_value(table, 2), -0.5, 0);
    assert_true(has_note(table, "compressed with gzip"));
    assert_false(has_note(table, "cut or damaged"));
    closo_arena_free(arena);
}

/* `cat a.gz b.gz` is a gzip file too; a tape or a disk image may add zeros. */
static void parts_are_joined(void **state)
{
    (void)state;
    unsigned char packed[1024] = {0};
    size_t size = compress_to(packed, sizeof packed, text, sizeof text - 1);
    size += compress_to(packed + size, sizeof packed - size, "3,4,5\n", 6) + 16;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = NULL;
    assert_int_equal(open_copy(packed, size, arena, &table, NULL), CLOSO_OK);
    assert_int_equal(table->row_count, 4);
    assert_near(last_value(table, 1), 4, 0);
    closo_arena_free(arena);
}

static void a_cut_file_gives_what_is_left(void **state)
{
    (void)state;
    enum { ROWS = 2000 };
    char *many = malloc(ROWS * 16 + 32);
    unsigned char *packed = malloc(ROWS * 16);
    size_t length = (size_t)sprintf(many, "time/s,Ewe/V\n");
    for (int i = 0; i < ROWS; i++)
        length += (size_t)sprintf(many + length, "%d,%d\n", i, i * 7919 % 1000);
    const size_t size = compress_to(packed, ROWS * 16, many, length);
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = NULL;
    assert_int_equal(open_copy(packed, size / 2, arena, &table, NULL), CLOSO_OK);
    assert_in_range(table->row_count, ROWS / 4, ROWS - 1);
    assert_true(has_note(table, "cut or damaged"));
    closo_arena_free(arena);
    free(many);
    free(packed);
}

static void bombs_and_nests_are_refused(void **state)
{
    (void)state;
    enum { MANY = 8 << 20 };
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = NULL;
    closo_error error = {0};
    void *zeros = calloc(MANY, 1);
    unsigned char *packed = malloc(MANY / 16), twice[1024];
    size_t size = compress_to(packed, MANY / 16, zeros, MANY);
    assert_int_equal(open_copy(packed, size, arena, &table, &error), CLOSO_LIMIT);
    assert_non_null(strstr(error.message, "tighter"));
    assert_true(closo_arena_used(arena) < MANY / 8);

    size = compress_to(packed, 512, text, sizeof text - 1);
    const closo_read_options small = {.max_bytes = sizeof text - 5};
    assert_int_equal(closo_file_open_memory("small", packed, size, &small, arena, &table, &error),
                     CLOSO_LIMIT);

    size = compress_to(twice, sizeof twice, packed, size);
    assert_int_equal(open_copy(twice, size, arena, &table, &error), CLOSO_UNSUPPORTED);
    assert_non_null(strstr(error.message, "gunzip"));
    closo_arena_free(arena);
    free(zeros);
    free(packed);
}

static void damaged_files_do_no_harm(void **state)
{
    (void)state;
    unsigned char packed[512];
    const size_t size = compress_to(packed, sizeof packed, text, sizeof text - 1);
    damage_everywhere("gzip", packed, size, 1);
    exhaust_memory("gzip", packed, size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_inside_is_read),
        cmocka_unit_test(parts_are_joined),
        cmocka_unit_test(a_cut_file_gives_what_is_left),
        cmocka_unit_test(bombs_and_nests_are_refused),
        cmocka_unit_test(damaged_files_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
