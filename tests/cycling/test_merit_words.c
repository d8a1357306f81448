/* SPDX-License-Identifier: BSD-3-Clause */
/* Cell descriptions that are wrong are answered with the line and what would be right. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/cycling.h"

#include <math.h>
#include <string.h>

/* The lines of a good description; a case puts another text in the place of one. */
static const char *const good[] = {"diameter: 12.5 mm",
                                   "pressure: 3.2 MPa",
                                   "cathode:",
                                   "  mass: 14 mg",
                                   "  theoretical_capacity: 130 mAh/g",
                                   "  composition:",
                                   "    - {role: active, share: 70 %}",
                                   "    - {role: electrolyte, share: 20 %}",
                                   "    - {role: carbon, share: 10 %}",
                                   "electrolyte:",
                                   "  mass: 90 mg",
                                   "anode:",
                                   "  name: Na",
                                   "  mass: 28 mg",
                                   "result:",
                                   "  capacity: 117 mAh/g",
                                   "  voltage: 3.8 V"};
enum { LINES = sizeof good / sizeof *good };

static const struct {
    int line; /* from 1; what stands there */
    const char *put, *says;
    int told; /* the line the message names */
} cases[] = {
    {1, "diameter: 12.5", "has no unit; write for example '12 mm'", 1},
    {1, "diameter: 12,5 mm", "has a decimal comma; write a point: '12.5 mm'", 1},
    {1, "diameter: 12.5 mg", "has a unit of something else", 1},
    {1, "diameter: -12.5 mm", "is negative", 1},
    {1, "diameter: 12.5 m", "no cell is wider than 2 m", 1},
    {1, "diameter: 12.5 mm\narea: 2 cm2", "contradicts the diameter", 2},
    {1, "diametre: 12.5 mm", "did you mean 'diameter'", 1},
    {1, "diameter: 12.5 mm\nrole: anode", "discharges its cathode", 2},
    {2, "pressure: 0 MPa", "is zero", 2},
    {4, "  mass: 0 mg", "cathode, mass: '0 mg' is zero; it has to be larger than zero", 4},
    {4, "  mass: 14", "has no unit", 4},
    {4, "  mass: 14 mgg", "is not a unit closo knows", 4},
    {4, "  mass: fourteen mg", "is not a number with a unit", 4},
    {4, "  mass: 14 +- 0 mg", "the uncertainty in", 4},
    {4, "  mass: 14 mg +- 1 mm", "has another unit than its value", 4},
    {4, "  thickness: -50 um", "cathode, thickness: '-50 um' is negative", 4},
    {4, "  thickness: 5 m", "no layer is thicker than 10 cm", 4},
    {4, "  mass: 14 mg\n  thickness: 1 nm", "nothing is denser than osmium", 5},
    {4, "  mass: 14 mg\n  density: 30 g/cm3", "nothing is denser than osmium", 5},
    {4, "  mass: 14 mg\n  thickness: 70 um\n  density: 3 g/cm3", "contradicts mass and thickness",
     6},
    {4, "  mass: 14 mg\n  loading: 9 mg/cm2", "which makes 7.986 mg/cm2", 5},
    {4, "  masss: 14 mg", "did you mean 'mass'", 4},
    {7, "    - {role: active, share: 75 %}", "the shares add up to 105 %, not 100 %", 6},
    {7, "    - {role: active, share: 70}", "a share is at most 100 %; write for example '70 %'", 7},
    {7, "    - {role: aktive, share: 70 %}", "write active", 7},
    {7, "    - {role: other, share: 70 %}", "none of its parts is the active material", 6},
    {9, "    - {role: carbon, share: -10 %}", "is negative", 9},
    {9, "    - {role: carbon: 1}x: 2", "this is not YAML", 9},
    {9, "    - {role: carbon}", "the key 'share' is missing", 9},
    {11, "  mass: 90 m", "electrolyte, mass: '90 m' has a unit of something else", 11},
    {11, "  mass: 90 mg\n  conductivity: 1.2 mS", "has a unit of something else", 12},
    {13, "  name: graphite\n  excess: 50 %", "give the anode's mass, its thickness or its excess",
     14},
    {14, "  mass: 28 mg\nothers:\n  - {name: Al, thickness: 10 um}", "it wants a mass, or", 16},
    {16, "  capacity: 117 mAh/g\n  charge: 1 mAh", "not both", 17},
    {17, "  voltage: 38 V", "no cell has more than 10 V", 17},
    {17, "  voltage: 3.8 V\n  energy_efficiency: 104 %", "it is at most 100 %", 18},
    {17, "  voltage: 3.8 V\n  energy_retention: 76 %", "a retention wants the number of its cycles",
     18},
    {17, "  voltage: 3.8 V\n  cycles: many", "wants a whole number", 18},
    {17, "  voltage: 3.8 V\ntargets:\n  - {figure: cell_voltage, at_least: 4}",
     "did you mean cell_voltage_V", 19},
    {17, "  voltage: 3.8 V\ntargets:\n  - {figure: cell_voltage_V, at_least: four}",
     "wants a number", 19},
    {17, "  voltage: 3.8 V\ntargets:\n  - {figure: cell_voltage_V}", "wants one of at_least", 19},
};

static closo_status parse(size_t which, closo_arena *arena, closo_error *error)
{
    char text[2048] = "";
    for (int i = 0; i < LINES; i++) {
        bool here = which < sizeof cases / sizeof *cases && cases[which].line == i + 1;
        strncat(text, here ? cases[which].put : good[i], sizeof text - strlen(text) - 2);
        strncat(text, "\n", sizeof text - strlen(text) - 1);
    }
    closo_merit_cell *cell;
    return closo_merit_cell_parse("cell.yaml", text, strlen(text), arena, &cell, error);
}

static void wrong_words(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_error error = {0};
    assert_int_equal(parse(SIZE_MAX, arena, &error), CLOSO_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        error = (closo_error){0};
        assert_int_equal(parse(i, arena, &error), CLOSO_FORMAT);
        if (strstr(error.message, cases[i].says) == NULL || error.line != cases[i].told)
            fail_msg("'%s' gave '%s' (line %ld), wanted '%s' (line %d)", cases[i].put,
                     error.message, (long)error.line, cases[i].says, cases[i].told);
        assert_string_equal(error.file, "cell.yaml");
    }
    closo_arena_free(arena);
}

static void a_cell_without_a_result(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_merit_cell cell;
    closo_merit *merit;
    closo_error error = {0};
    closo_merit_cell_clear(&cell);
    assert_int_equal(closo_merit_work_out(&cell, arena, &merit, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "there is no capacity"));
    cell.result.charge_C.value = 1;
    assert_int_equal(closo_merit_work_out(&cell, arena, &merit, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "there is no mean discharge voltage"));
    closo_arena_free(arena);
}

static void values_with_uncertainty(void **state)
{
    (void)state;
    static const struct {
        const char *text, *unit;
        double value, sigma;
    } fine[] = {{"14 mg", "kg", 14e-6, NAN},
                {"14.0 +- 0.1 mg", "kg", 14e-6, 1e-7},
                {"14.0 mg +- 100 ug", "kg", 14e-6, 1e-7},
                {"14.0 mg ± 2 %", "kg", 14e-6, 2.8e-7},
                {"70 +- 1 %", "1", 0.7, 0.01},
                {"70 % ± 1 %", "1", 0.7, 0.01},
                {"60 +- 1 degC", "K", 333.15, 1},
                {"1e3 +/- 1e1 ohm cm2", "ohm m2", 0.1, 1e-3},
                {"-2.0+-0.5 V", "V", -2, 0.5}};
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        closo_value value;
        closo_error error = {0};
        if (closo_value_parse(fine[i].text, fine[i].unit, &value, &error) != CLOSO_OK)
            fail_msg("%s", error.message);
        assert_near(value.value, fine[i].value, 1e-12);
        if (isnan(fine[i].sigma))
            assert_true(isnan(value.sigma));
        else
            assert_near(value.sigma, fine[i].sigma, 1e-12);
    }
    static const char *const wrong[] = {
        "+- 0.1 mg",     "14 +- mg",     "14 +- 0.1",           "14 mg +- 0.1",
        "14 +- -0.1 mg", "14 +- inf mg", "14 +- 0.1 +- 0.2 mg", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        closo_value value;
        closo_error error = {0};
        assert_int_not_equal(closo_value_parse(wrong[i], "kg", &value, &error), CLOSO_OK);
        assert_true(error.message[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_words),
        cmocka_unit_test(a_cell_without_a_result),
        cmocka_unit_test(values_with_uncertainty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
