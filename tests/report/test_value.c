/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include "report/report_internal.h"

#include <math.h>
#include <string.h>

/* Expected texts are rounded by hand. */
static void values_end_where_sigma_does(void **state)
{
    (void)state;
    static const struct {
        double value, sigma;
        const char *unit, *text;
    } cases[] = {
        {2.0412, 0.0123, "V", "2.041 ± 0.012 V"},
        {2.0412, 0.0996, "V", "2.04 ± 0.10 V"}, /* 0.0996 has two digits as 0.10 */
        {2.0412, 0.0994, "V", "2.041 ± 0.099 V"},
        {-2.0412, 0.0123, "V", "−2.041 ± 0.012 V"},
        {12345.6, 1234, "Ω", "12300 ± 1200 Ω"},
        {12345.6, 12, "Ω", "12346 ± 12 Ω"},
        {0.4, 1.2, "V", "0.4 ± 1.2 V"},
        {0, 0.012, "V", "0.000 ± 0.012 V"},
        {-0.0001, 0.012, "V", "0.000 ± 0.012 V"},
        {1.23e-6, 4.5e-8, "A", "(1.230 ± 0.045)×10⁻⁶ A"},
        {-1.23e-12, 4.5e-14, "A", "(−1.230 ± 0.045)×10⁻¹² A"},
        {1.23e-9, 4.5e-8, "A", "(0.1 ± 4.5)×10⁻⁸ A"},
        {6.02214e23, 1.5e19, "", "(6.02214 ± 0.00015)×10²³"},
        {9.99996e5, 30, NULL, "999996 ± 30"},
        {1e-300, 1e-302, "A", "(1.000 ± 0.010)×10⁻³⁰⁰ A"},
        {1e300, 1e298, "A", "(1.000 ± 0.010)×10³⁰⁰ A"},
        {2.041, NAN, "V", "2.041 V"},
        {2.041, 0, "V", "2.041 V"},
        {2.041, -1, "V", "2.041 V"},
        {2.0412345678, NAN, "V", "2.04123 V"},
        {2.041, INFINITY, "V", "2.041 ± ∞ V"},
        {NAN, 0.1, "V", "n/a"},
        {INFINITY, NAN, "V", "∞ V"},
        {0, 0, "V", "0 V"},
        {1.5, 1e-20, "V", "1.5 V"}, /* a scatter that is rounding */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128];
        closo_value value = {cases[i].value, cases[i].sigma};
        assert_string_equal(closo_value_text(value, cases[i].unit, text, sizeof text),
                            cases[i].text);
    }
}

static void numbers_are_readable(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
        const char *text;
    } cases[] = {
        {0.0123, 6, "0.0123"},
        {1.23456789e-6, 3, "1.23×10⁻⁶"},
        {123456, 6, "123456"},
        {999999.9, 6, "1×10⁶"},
        {-42, 3, "−42"},
        {0, 3, "0"},
        {1e6, 3, "1×10⁶"},
        {1e-3, 3, "0.001"},
        {NAN, 3, "n/a"},
        {-INFINITY, 3, "−∞"},
        {5e-324, 3, "4.94×10⁻³²⁴"},
        {1.7e308, 2, "1.7×10³⁰⁸"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128];
        assert_string_equal(closo_number_text(cases[i].value, cases[i].digits, text, sizeof text),
                            cases[i].text);
    }
    char text[16];
    assert_string_equal(closo_number_fixed(-0.25, 3, text, sizeof text), "−0.250");
    assert_string_equal(closo_number_fixed(-0.0001, 2, text, sizeof text), "0.00");
}

static void any_room_is_enough(void **state)
{
    (void)state;
    const closo_value values[] = {{1.7e308, 1e290}, {-123456.789, 0.001}, {3, INFINITY}, {NAN, 1}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        for (size_t size = 1; size < 64; size++) {
            char text[64];
            memset(text, 'x', sizeof text);
            closo_value_text(values[i], "a rather long unit", text, size);
            assert_non_null(memchr(text, '\0', size));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_end_where_sigma_does),
        cmocka_unit_test(numbers_are_readable),
        cmocka_unit_test(any_room_is_enough),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
