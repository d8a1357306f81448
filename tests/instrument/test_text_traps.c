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

/* ---- decimal commas between separating commas ---- */

static void assert_refused(closo_arena *arena, const char *text, const char *says)
{
    closo_table *table = NULL;
    closo_error error = {0};
    assert_int_equal(open_bytes("commas", text, strlen(text), arena, &table, &error), CLOSO_FORMAT);
    if (strstr(error.message, says) == NULL)
        fail_msg("'%s' does not say '%s'", error.message, says);
}

static void commas_that_nobody_can_tell_apart_are_refused(void **state)
{
    /* Five fields for three names: 0, 5.001 and 0.001, or 0.5, 1.0 and 1? */
    assert_refused(*state, "time/s,Ewe/V,I/mA\n0,5,001,0,001\n1,5,002,0,002\n2,5,003,0,003\n",
                   "decimal commas and separators are the same sign in this file");
    /* Rows of different lengths: 3 and 3.5 V. */
    assert_refused(*state, "time/s,Ewe/V,I/mA\n0,3,1\n1,3,5,0,7\n2,3,6,0,8\n3,3,7,0,9\n",
                   "export it with ';' or tabs");
}

static void commas_in_pairs_are_joined(void **state)
{
    closo_table *table = open_text(*state, "time/s,Ewe/V,I/mA\r\n0,0,3,512,-0,001\r\n"
                                           "1,0,3,513,0,002\r\n2,5,-3,514,1,5E-3");
    assert_int_equal(table->row_count, 3);
    assert_int_equal(table->column_count, 3);
    assert_near(value_at(table, "Ewe/V", 0), 3.512, 0);
    assert_near(value_at(table, "Ewe/V", 2), -3.514, 0);
    assert_near(value_at(table, "I/mA", 0), -0.001, 0);
    assert_near(value_at(table, "I/mA", 2), 1.5e-3, 0);
    assert_note(table, "every other comma is read as the decimal mark");
}

static void fields_without_a_name_are_told(void **state)
{
    closo_table *table = open_text(*state, "time/s;Ewe/V\n1;3,5;7\n2;3,6;8\n3;3,7;9\n");
    assert_int_equal(table->column_count, 3);
    assert_note(table, "the rows have up to 3 fields, but line 1 names only 2 columns");
    table = open_text(*state, "time/s,Ewe/V\n1,3.5,7,1\n2,3.6,8,2\n");
    assert_near(value_at(table, "Ewe/V", 1), 3.6, 0);
    assert_note(table, "'column 3'");
    assert_int_equal(open_text(*state, "t/s,U/V,\n1,1.5,\n2,2.5,\n")->notes.count, 0);
}

/* ---- quoted numbers ---- */

static void thousands_in_marks_are_read(void **state)
{
    closo_table *table =
        open_text(*state, "time/s,Ewe/V,I/mA\n1,3.5,\"1,000.5\"\n2,3.6,\"-2,000\"\n"
                          "3,3.7,\"1,234,567\"\n4,3.8,999.5\n5,3.9,\"0.5\"\n");
    assert_int_equal(table->row_count, 5);
    assert_near(value_at(table, "I/mA", 0), 1000.5, 0);
    assert_near(value_at(table, "I/mA", 1), -2000, 0);
    assert_near(value_at(table, "I/mA", 2), 1234567, 0);
    assert_near(value_at(table, "I/mA", 3), 999.5, 0);
    assert_near(value_at(table, "I/mA", 4), 0.5, 0);
    assert_int_equal(table->columns[2].quantity, CLOSO_QUANTITY_CURRENT);
    assert_note(table, "column 'I/mA' has separated thousands, the first, '1,000.5', in line 2");
    table = open_text(*state, "time/s;Ewe/V;I/mA\n1;3,5;\"1.000,5\"\n2;3,6;\"2.000,25\"\n");
    assert_near(value_at(table, "I/mA", 1), 2000.25, 0);
    /* Decimal commas in quotation marks stay what they are. */
    table = open_text(*state, "time/s,Ewe/V,I/mA\n1,\"3,512\",\"1,001\"\n2,\"3,6\",\"1,5\"\n");
    assert_near(value_at(table, "Ewe/V", 0), 3.512, 0);
    assert_near(value_at(table, "I/mA", 0), 1.001, 0);
}

static void a_column_of_words_is_told(void **state)
{
    closo_table *table = open_text(*state, "time/s,Ewe/V,I/mA,Note\n1,3.5,\"1 mA\",start\n"
                                           "2,3.6,\"2 mA\",on\n3,3.7,\"3 mA\",on\n");
    assert_note(table, "column 'I/mA' holds text, not numbers, beginning with '1 mA' in line 2");
    assert_false(has_note(table, "'Note'"));
}

/* ---- what the names of columns say ---- */

static void current_density_is_told(void **state)
{
    static const char *const names[] = {"J (mA cm-2)", "j/mA.cm-2", "j / A/m2", "j/mA/cm2"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[100];
        closo_trace trace;
        closo_error error = {0};
        snprintf(text, sizeof text, "t/s;E/V;%s\n1;2;3\n4;5;6\n", names[i]);
        assert_int_equal(closo_trace_from_table(open_text(*state, text), *state, &trace, &error),
                         CLOSO_FORMAT);
        if (strstr(error.message, "the current is a density") == NULL ||
            strstr(error.message, "--area") == NULL || strstr(error.message, names[i]) == NULL)
            fail_msg("%s: %s", names[i], error.message);
    }
}

static void reference_in_the_name_is_kept(void **state)
{
    static const struct {
        const char *name, *reference;
        double factor;
    } cases[] = {
        {"E (mV vs. Li/Li+)", "Li", 1e-3},   {"E (V vs Na+/Na)", "Na", 1},
        {"Potential [V vs. SCE]", "SCE", 1}, {"E (V vs. Ag/AgCl (3 M))", "Ag/AgCl (3 M)", 1},
        {"E (V vs. Ref.)", NULL, 1},         {"E (V)", NULL, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[100];
        snprintf(text, sizeof text, "t/s;%s;I/mA\n1;2;3\n4;5;6\n", cases[i].name);
        closo_table *table = open_text(*state, text);
        const char *reference = closo_table_text(table, "reference");
        const closo_column *potential = closo_table_find(table, CLOSO_QUANTITY_POTENTIAL);
        if (potential == NULL || (reference == NULL) != (cases[i].reference == NULL) ||
            (reference != NULL && strcmp(reference, cases[i].reference) != 0))
            fail_msg("%s: reference '%s'", cases[i].name, reference != NULL ? reference : "");
        assert_near(potential->si_factor, cases[i].factor, 1e-15);
    }
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
        TEST(commas_that_nobody_can_tell_apart_are_refused),
        TEST(commas_in_pairs_are_joined),
        TEST(fields_without_a_name_are_told),
        TEST(current_density_is_told),
        TEST(reference_in_the_name_is_kept),
        TEST(thousands_in_marks_are_read),
        TEST(a_column_of_words_is_told),
        TEST(json_names_the_file_and_counts_from_one),
    };
    return cmocka_run_group_tests_name("text traps", tests, NULL, NULL);
}
