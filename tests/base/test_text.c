/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include "base/base_internal.h"
#include "closo/numeric.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void lines_end_as_they_may(void **state)
{
    (void)state;
    closo_span rest = closo_span_of("a\nb\r\nc\rd\n\n"), line;
    const char *expected[] = {"a", "b", "c", "d", ""};
    for (size_t i = 0; i < 5; i++) {
        assert_true(closo_span_line(&rest, &line));
        assert_true(closo_span_equals(line, expected[i]));
    }
    assert_false(closo_span_line(&rest, &line));
}

static void fields_keep_empty_ones(void **state)
{
    (void)state;
    closo_span rest = closo_span_of("a\t\tb\t"), field;
    const char *expected[] = {"a", "", "b", ""};
    for (size_t i = 0; i < 4; i++) {
        assert_true(closo_span_field(&rest, '\t', &field));
        assert_true(closo_span_equals(field, expected[i]));
    }
    assert_false(closo_span_field(&rest, '\t', &field));
}

/* Against the C library in the "C" locale, and in one with decimal commas where the machine has it. */
static void numbers_read_as_strtod_does(void **state)
{
    (void)state;
    const char *texts[] = {"0",
                           "-0.0",
                           "1",
                           "+2.5",
                           "3.14159265358979",
                           "1e-7",
                           "1E+05",
                           "4.9e-324",
                           "1.7976931348623157e308",
                           "-2.479601E+000",
                           "1e400",
                           "-1e400",
                           "1e-400",
                           "123456789012345678901234567890",
                           "0.1",
                           " 7 ",
                           "inf",
                           "nan"};
    setlocale(LC_NUMERIC, "de_DE.UTF-8");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double value;
        if (!closo_number_parse(closo_span_of(texts[i]), '.', &value))
            fail_msg("'%s' is not read", texts[i]);
        setlocale(LC_NUMERIC, "C");
        double expected = strtod(texts[i], NULL);
        setlocale(LC_NUMERIC, "de_DE.UTF-8");
        assert_true((isnan(value) && isnan(expected)) || value == expected);
    }
    setlocale(LC_NUMERIC, "C");
    const char *wrong[] = {"", " ", "1,5", "1.5x", "--1", "+-1", "0x10", "1e", "e5", ".", "1 2"};
    double value;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (closo_number_parse(closo_span_of(wrong[i]), '.', &value))
            fail_msg("'%s' is read as %g", wrong[i], value);
    assert_true(closo_number_parse(closo_span_of("-327,75"), ',', &value));
    assert_near(value, -327.75, 0);
    assert_false(closo_number_parse(closo_span_of("327.75"), ',', &value));
}

static void numbers_print_shortest_and_read_back(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 1);
    char text[40];
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = closo_random_next(&random);
        double value, back;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        closo_number_print(value, text, sizeof text);
        assert_true(strlen(text) <= 24);
        assert_true(closo_number_parse(closo_span_of(text), '.', &back));
        assert_true(value == back);
        float single = (float)closo_random_normal(&random);
        closo_number_print_f32(single, text, sizeof text);
        assert_true(strtof(text, NULL) == single);
    }
    closo_number_print(0.1, text, sizeof text);
    assert_string_equal(text, "0.1");
    closo_number_print_f32(3.3f, text, sizeof text);
    assert_string_equal(text, "3.3");
    closo_number_print_e(-2.4796011, 7, text, sizeof text);
    assert_string_equal(text, "-2.4796011e+00");
}

static void text_becomes_utf8(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_span text;
    const char utf8[] = "\xef\xbb\xbfµA", latin[] = "\xb5"
                                                    "A cm\xb2 \x80";
    assert_true(closo_text_to_utf8(arena, utf8, strlen(utf8), &text));
    assert_true(closo_span_equals(text, "µA"));
    assert_true(closo_text_to_utf8(arena, latin, strlen(latin), &text));
    assert_true(closo_span_equals(text, "µA cm² €"));
    const char utf16[] = "\xff\xfe"
                         "V\0\xb5\0\x3d\xd8\x00\xde"; /* V, µ, U+1F600 */
    assert_true(closo_text_to_utf8(arena, utf16, sizeof utf16 - 1, &text));
    assert_true(closo_span_equals(text, "Vµ\xf0\x9f\x98\x80"));
    const char overlong[] = "a\xc0\xaf"; /* not UTF-8: read as Windows-1252 */
    assert_true(closo_text_to_utf8(arena, overlong, 3, &text));
    assert_true(closo_span_equals(text, "aÀ¯"));
    closo_arena_free(arena);
}

static void quoted_bytes_become_text(void **state)
{
    (void)state;
    char text[] = "module 'VM\xff\x01' \xc2\xb5 cut \xe2\x82";
    closo_text_clean(text);
    assert_string_equal(text, "module 'VM?"
                              "?' \xc2\xb5 cut ?"
                              "?");
}

static void the_nearest_word_is_found(void **state)
{
    (void)state;
    const char *words[] = {"reference", "area", "mass", "label"};
    assert_string_equal(closo_text_nearest("refrence", words, 4), "reference");
    assert_string_equal(closo_text_nearest("Area", words, 4), "area");
    assert_string_equal(closo_text_nearest("lable", words, 4), "label");
    assert_null(closo_text_nearest("temperature", words, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_as_they_may),
        cmocka_unit_test(fields_keep_empty_ones),
        cmocka_unit_test(numbers_read_as_strtod_does),
        cmocka_unit_test(numbers_print_shortest_and_read_back),
        cmocka_unit_test(text_becomes_utf8),
        cmocka_unit_test(quoted_bytes_become_text),
        cmocka_unit_test(the_nearest_word_is_found),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
