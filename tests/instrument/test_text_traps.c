/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts that people have made or changed by hand, where a reader that says nothing would give wrong numbers. */
#include "text_samples.h"

#include <jansson.h>
#include <math.h>

static int set_up(void **state)
{
    *state = closo_arena_new(0);
    return *state != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    closo_arena_free(*state);
    return 0;
}

/* ---- EC-Lab ---- */

static void mpt_glued_to_another(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MPT "\r\n" SAMPLE_MPT);
    assert_int_equal(table->row_count, 3);
    assert_near(value_at(table, "Ewe/V", 2), 1.502, 0);
    assert_int_equal(table->notes.count, 1);
    /* 33 lines of header and three rows. */
    assert_note(table, "two files glued: the second begins at line 37 and was left out");
    table = open_text(*state, SAMPLE_MPT_COMMA "BT-Lab ASCII FILE\nNb header lines : 3\n");
    assert_int_equal(table->row_count, 3);
    assert_note(table, "the second begins at line 14");
}

/* ---- what is known about a file, as JSON ---- */

static void json_names_the_file_and_counts_from_one(void **state)
{
    const char *json = closo_table_info_json(open_text(*state, SAMPLE_DTA), *state);
    assert_non_null(json);
    json_t *info = json_loads(json, 0, NULL);
    assert_non_null(info);
    assert_string_equal(json_object_iter_key(json_object_iter(info)), "file");
    assert_string_equal(json_string_value(json_object_get(info, "file")), "sample");
    const json_t *segments = json_object_get(info, "segments");
    assert_int_equal(json_array_size(segments), 2);
    const json_t *first = json_array_get(segments, 0), *second = json_array_get(segments, 1);
    assert_int_equal(json_integer_value(json_object_get(first, "first_row")), 1);
    assert_int_equal(json_integer_value(json_object_get(first, "rows")), 2);
    assert_int_equal(json_integer_value(json_object_get(second, "first_row")), 3);
    assert_null(json_object_get(first, "row_count"));
    json_decref(info);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(mpt_glued_to_another),
        TEST(json_names_the_file_and_counts_from_one),
    };
    return cmocka_run_group_tests_name("text traps", tests, NULL, NULL);
}
