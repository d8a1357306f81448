/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include "closo/base.h"

#include <string.h>

/* Expected values are the definitions of the SI units, written out. */
static void quantities_become_si(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
        double si;
    } cases[] = {
        {"0.1 mA/cm2", "A/m2", 1.0},
        {"10 uV/s", "V/s", 1e-5},
        {"10 µV/s", "V/s", 1e-5},
        {"50 µV s-1", "V/s", 5e-5},
        {"60 degC", "K", 333.15},
        {"-20 °C", "K", 253.15},
        {"C/10", "C-rate", 0.1},
        {"2C", "C-rate", 2},
        {"0.5 C", "C-rate", 0.5},
        {"12 mm", "m", 0.012},
        {"1.131 cm2", "m2", 1.131e-4},
        {"1.131cm²", "m2", 1.131e-4},
        {"130 mAh/g", "C/kg", 468000},
        {"130 mA.h/g", "C/kg", 468000},
        {"85 ohm cm2", "ohm m2", 85e-4},
        {"85 Ω.cm²", "ohm m2", 85e-4},
        {"1.2e-3 S/cm", "S/m", 0.12},
        {"1.2e-3 S cm-1", "S/m", 0.12},
        {"58 m2/g", "m2/kg", 58000},
        {"30 min", "s", 1800},
        {"1 eV", "J", 1.602176634e-19},
        {"1e3 V", "V", 1000},
        {"97 %", "1", 0.97},
        {"0.5", "1", 0.5},
        {"3.2 MPa", "Pa", 3.2e6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double si = 0;
        closo_error error = {0};
        closo_status status = closo_quantity_parse(cases[i].text, cases[i].expected, &si, &error);
        if (status != CLOSO_OK)
            fail_msg("'%s': %s", cases[i].text, error.message);
        assert_near(si, cases[i].si, 1e-12 * cases[i].si * (cases[i].si < 0 ? -1 : 1));
    }
}

static void wrong_quantities_are_explained(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected, *says;
    } cases[] = {
        {"3 A", "V", "something else"},
        {"3", "V", "no unit"},
        {"3 Volt", "V", "'Volt'"},
        {"", "V", "2.5 V"},
        {"C/0", "C-rate", "C/10"},
        {"C/x", "C-rate", "C/10"},
        {"1e999 V", "V", "2.5 V"},
        {"nan V", "V", "2.5 V"},
        {"fast", "V/s", "10 uV/s"},
        {"10 uV", "V/s", "10 uV/s"},
        {"8.3 J/mol K", "J/mol/K", "two ways"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double si = 0;
        closo_error error = {0};
        assert_int_not_equal(closo_quantity_parse(cases[i].text, cases[i].expected, &si, &error),
                             CLOSO_OK);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("'%s' gives: %s", cases[i].text, error.message);
    }
}

static void instrument_units_are_known(void **state)
{
    (void)state;
    static const char *const units[] = {"mA", "V", "mA.h", "W.h",  "µF", "Ohm", "deg", "Hz",
                                        "s",  "%", "°C",   "µF-2", "W",  "A",   "S",   "mA.h/g"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        closo_unit unit;
        assert_int_equal(closo_unit_parse(units[i], &unit, NULL), CLOSO_OK);
    }
}

static void windows_share_their_unit(void **state)
{
    (void)state;
    double from = 0, to = 0;
    closo_error error = {0};
    assert_int_equal(closo_window_parse("2000..2400 mV", "V", &from, &to, &error), CLOSO_OK);
    assert_near(from, 2.0, 1e-12);
    assert_near(to, 2.4, 1e-12);
    assert_int_equal(closo_window_parse("-0.5..0.5 V", "V", &from, &to, &error), CLOSO_OK);
    assert_near(from, -0.5, 1e-12);
    assert_int_equal(closo_window_parse("2.4..2.0 V", "V", &from, &to, &error), CLOSO_RANGE);
    assert_int_equal(closo_window_parse("2.4-2.0 V", "V", &from, &to, &error), CLOSO_FORMAT);
    assert_int_equal(closo_window_parse("1..2", "V", &from, &to, &error), CLOSO_RANGE);
}

/* The example in the answer to a wrong value is a right one. */
static void examples_are_right(void **state)
{
    (void)state;
    static const char *const units[] = {
        "V",    "V/s", "m2",     "m", "kg",  "K",   "s",  "A",    "A/m2",  "C-rate", "m2/kg",
        "C/kg", "Hz",  "ohm m2", "C", "ohm", "S/m", "Pa", "J/kg", "kg/m3", "J/mol",  "kg/m2"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        closo_error error = {0};
        double si = 0;
        char example[64] = "";
        assert_int_equal(closo_quantity_parse("x", units[i], &si, &error), CLOSO_FORMAT);
        const char *at = strstr(error.message, "write for example '");
        assert_non_null(at);
        assert_int_equal(sscanf(at, "write for example '%63[^']'", example), 1);
        if (strcmp(example, units[i]) == 0 ||
            closo_quantity_parse(example, units[i], &si, &error) != CLOSO_OK)
            fail_msg("'%s' is no example of %s", example, units[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_are_right),
        cmocka_unit_test(quantities_become_si),
        cmocka_unit_test(wrong_quantities_are_explained),
        cmocka_unit_test(instrument_units_are_known),
        cmocka_unit_test(windows_share_their_unit),
    };
    return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
