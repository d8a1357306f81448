/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include "base/base_internal.h"

#include <string.h>
#include <unistd.h>

static void what_is_written_is_read(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    char path[1024];
    snprintf(path, sizeof path, "%s", temporary_path("whole"));
    closo_output *output;
    assert_int_equal(closo_output_open(path, arena, &output, NULL), CLOSO_OK);
    for (int i = 0; i < 30000; i++)
        closo_output_printf(output, "%d\n", i);
    assert_int_equal(access(path, F_OK), -1); /* not there before it is whole */
    assert_int_equal(closo_output_commit(output, NULL), CLOSO_OK);
    unsigned char *data;
    size_t size;
    assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &data, &size, NULL), CLOSO_OK);
    assert_int_equal(size, 10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5 + 20000 * 6);
    assert_string_equal((char *)data + size - 6, "29999\n");
    assert_int_equal(closo_file_read(path, 1000, arena, &data, &size, NULL), CLOSO_LIMIT);
    unlink(path);
    closo_arena_free(arena);
}

static void an_abandoned_file_leaves_the_old_one(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    char path[1024];
    snprintf(path, sizeof path, "%s", temporary_path("old"));
    assert_int_equal(closo_file_write(path, "old", 3, arena, NULL), CLOSO_OK);
    closo_output *output;
    assert_int_equal(closo_output_open(path, arena, &output, NULL), CLOSO_OK);
    closo_output_write(output, "new", 3);
    closo_output_abandon(output);
    unsigned char *data;
    size_t size;
    assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &data, &size, NULL), CLOSO_OK);
    assert_string_equal((char *)data, "old");
    unlink(path);
    closo_arena_free(arena);
}

static void wrong_paths_are_explained(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    unsigned char *data;
    size_t size;
    static const struct {
        const char *path, *says;
    } cases[] = {{"/nowhere/at/all", "no such file"},
                 {"/tmp", "a folder"},
                 {"/dev/null", "not a regular file"}};
    for (size_t i = 0; i < 3; i++) {
        closo_error error = {0};
        char text[1200];
        assert_int_equal(closo_file_read(cases[i].path, SIZE_MAX, arena, &data, &size, &error),
                         CLOSO_IO);
        closo_error_text(&error, text, sizeof text);
        assert_non_null(strstr(text, cases[i].says));
        assert_non_null(strstr(text, cases[i].path));
    }
    closo_error error = {0};
    assert_int_equal(closo_file_write("/nowhere/x", "x", 1, arena, &error), CLOSO_IO);
    closo_arena_free(arena);
}

static void the_hash_is_sha256(void **state)
{
    (void)state;
    char text[65]; /* NIST FIPS 180-4, the example "abc" */
    closo_sha256("abc", 3, text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* A file looked at in place: its bytes, a 0 behind them whatever its size, and again after its pages were given back. */
static void a_mapped_file_is_the_file(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 4095, 4096, 4097, 65536, (5 << 20) + 17};
    char path[1024];
    snprintf(path, sizeof path, "%s", temporary_path("mapped"));
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        closo_arena *arena = closo_arena_new(0);
        unsigned char *written = closo_arena_alloc(arena, sizes[s], 1);
        for (size_t i = 0; i < sizes[s]; i++)
            written[i] = (unsigned char)(1 + i % 251);
        assert_int_equal(closo_file_write(path, written, sizes[s], arena, NULL), CLOSO_OK);
        const unsigned char *data;
        size_t size;
        assert_int_equal(closo_file_map(path, SIZE_MAX, arena, &data, &size, NULL), CLOSO_OK);
        assert_int_equal(size, sizes[s]);
        assert_int_equal(data[size], 0);
        closo_window window = {0}, own = {0};
        for (int turn = 0; turn < 2; turn++)
            for (size_t i = 0; i < size; i += 1000) {
                const size_t part = size - i < 1000 ? size - i : 1000;
                closo_window_move(arena, &window, data + i, part);
                assert_memory_equal(data + i, written + i, part);
                /* What is not of a mapped file stays as it is. */
                closo_window_move(arena, &own, written + i, part);
            }
        assert_memory_equal(data, written, size);
        closo_arena_free(arena);
    }
    closo_arena *arena = closo_arena_new(0);
    const unsigned char *data;
    size_t size;
    closo_error error = {0};
    assert_int_equal(closo_file_map(path, 1000, arena, &data, &size, &error), CLOSO_LIMIT);
    assert_int_equal(closo_file_map("/tmp", 1000, arena, &data, &size, &error), CLOSO_IO);
    assert_int_equal(closo_file_write(path, "", 0, arena, NULL), CLOSO_OK);
    assert_int_equal(closo_file_map(path, 1000, arena, &data, &size, &error), CLOSO_OK);
    assert_int_equal(size, 0);
    assert_int_equal(data[0], 0);
    closo_arena_free(arena);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(an_abandoned_file_leaves_the_old_one),
        cmocka_unit_test(wrong_paths_are_explained),
        cmocka_unit_test(a_mapped_file_is_the_file),
        cmocka_unit_test(the_hash_is_sha256),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
