/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths, bounds and starts in words; the description with the fitted numbers in it. */
#include "fit_cell.h"

#include "cell/fit_internal.h"

#include <stdlib.h>

static closo_arena *arena;
static closo_cell_description *description;

static int set_up(void **state)
{
    (void)state;
    arena = closo_arena_new(0);
    description = fit_description("10", arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    closo_arena_free(arena);
    return 0;
}

/* ---- what is understood ---- */

static void words_become_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *words, *path;
        double start, low, high;
        bool logarithmic;
    } cases[] = {
        {"line.diffusivity", "line.diffusivity", 2e-14, 2e-16, 2e-12, true},
        {"diffusivity 1e-15 to 1e-13 m2/s", "line.diffusivity", 2e-14, 1e-15, 1e-13, true},
        {"diffusivity 1e-11..1e-9 cm2/s", "line.diffusivity", 2e-14, 1e-15, 1e-13, true},
        {"series_resistance 0 to 50 ohm cm2", "series_resistance", 10e-4, 0, 50e-4, false},
        {"diffusivity 1e-15 to 1e-13 m2/s linear", "line.diffusivity", 2e-14, 1e-15, 1e-13, false},
        {"metal.resistance from 5 ohm cm2, 1 to 100 ohm cm2", "metal.resistance", 5e-4, 1e-4, 1e-2,
         true},
        {"metal.resistance from 5 ohm cm2", "metal.resistance", 5e-4, 5e-6, 5e-2, true},
        {"active.usable", "working_electrode.parts.active.usable", 0.9, 0.45, 1, false},
        {"usable 50 to 95 %", "working_electrode.parts.active.usable", 0.9, 0.5, 0.95, false},
        {"usable 0.5 to 0.95", "working_electrode.parts.active.usable", 0.9, 0.5, 0.95, false},
        {"open_circuit.potential.1", "line.open_circuit.potential.1", 4.1, 3.8, 4.4, false},
        {"electrolyte.thickness 0.3 to 0.8 mm log", "electrolyte.thickness", 5e-4, 3e-4, 8e-4,
         true},
        {"counter_electrode.resistance from 7 ohm cm2", "counter_electrode.resistance", 7e-4, 7e-6,
         7e-2, true},
        {"temperature from 25 degC", "temperature", 298.15, 278.15, 318.15, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const closo_fit_parameter made = fit_parameter(description, cases[i].words, arena);
        assert_string_equal(made.path, cases[i].path);
        assert_near(made.start / cases[i].start, 1, 1e-12);
        assert_near(made.low, cases[i].low, 1e-9 * cases[i].start);
        assert_near(made.high / cases[i].high, 1, 1e-9);
        assert_int_equal(made.logarithmic, cases[i].logarithmic);
    }
}

/* Bounds nobody gave end where the cell does not accept them: the exchange current of grains up to 1e6 A/m2. */
static void guessed_bounds_stay_inside(void **state)
{
    (void)state;
    const closo_fit_parameter made =
        fit_parameter(description, "exchange_current from 5e5 A/m2", arena);
    assert_true(made.high <= 1e6 && made.high > 0.99e6);
    assert_near(made.low, 5e3, 1e-9);
}

/* ---- what is refused ---- */

static void slips_are_answered(void **state)
{
    (void)state;
    static const struct {
        const char *words, *sentence;
    } cases[] = {
        {"line.difusivity",
         "the cell has no number 'line.difusivity'; did you mean 'line.diffusivity'"},
        {"line.difusivity 1e-15 to 1e-13 m2/s",
         "the cell has no number 'line.difusivity'; did you mean 'line.diffusivity'"},
        {"Na.resistanc", "the cell has no number 'Na.resistanc'; did you mean 'metal.resistance'"},
        {"xyzzyplugh",
         "the cell has no number 'xyzzyplugh'; 'closo fit CELL.yaml --list' shows those it has"},
        {"density", "'density' is the end of several paths; write 'line.density' or "
                    "'glass.density' in full"},
        {"diffusivity 1 to 2 V",
         "'1 V' measures something else than line.diffusivity, which the cell has in m2/s"},
        {"diffusivity 1e-13 to 1e-15 m2/s",
         "the bounds of line.diffusivity leave no room: the lower one has to be below the upper "
         "one"},
        {"diffusivity 1e-13 to 1e-12 m2/s",
         "line.diffusivity starts at 2e-14 m2/s, which is not within its bounds; widen them or "
         "give another start: 'line.diffusivity from ..., ... to ...'"},
        {"diffusivity up to 3",
         "'up' is no quantity; write for example 'line.diffusivity 1 to 2 m2/s'"},
        {"diffusivity 3 m2/s", "'3 m2/s' behind line.diffusivity is not understood; write bounds "
                               "as '1 to 2 m2/s'"},
        {"usable 50 to 120 %",
         "the upper bound of working_electrode.parts.active.usable: parts, usable: '120 %' cannot "
         "be: a share above 0 and at most 100 %"},
        {"carbon_double_layer",
         "the cell has no number 'carbon_double_layer'; did you mean 'line.double_layer'"},
        {"counter_electrode.resistance",
         "the description does not give counter_electrode.resistance; say where it starts: "
         "'counter_electrode.resistance from 1 UNIT, 0 to 2 UNIT'"},
        {"diffusivity 0 to 1e-13 m2/s log",
         "line.diffusivity cannot be varied by its logarithm down to 0 or below; raise the lower "
         "bound or write 'linear' behind it"},
        {"", "there are no words for a parameter; write its path, such as "
             "'counter_electrode.resistance 1 to 100 ohm cm2'"},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_fit_parameter made;
        closo_error error = {0};
        assert_int_equal(
            closo_fit_parameter_parse(description, cases[i].words, arena, &made, &error),
            CLOSO_ARGUMENT);
        if (strcmp(error.message, cases[i].sentence) != 0) {
            print_message("'%s': %s\n", cases[i].words, error.message);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* ---- the numbers of a description ---- */

static void every_number_has_a_path(void **state)
{
    (void)state;
    closo_cell_number *numbers;
    size_t count, found = 0;
    assert_int_equal(closo_cell_description_numbers(description, arena, &numbers, &count, NULL),
                     CLOSO_OK);
    static const char *const wanted[][2] = {
        {"area", "1 cm2"},
        {"series_resistance", "10 ohm cm2"},
        {"working_electrode.parts.active.filled_at_start", "60 %"},
        {"line.capacity", "100 mAh/g"},
        {"line.open_circuit.filled.2", "1"},
        {"glass.conductivity", "1 mS/cm"},
        {"metal.double_layer", "0.05 F/m2"}};
    for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++)
        for (size_t i = 0; i < count; i++)
            found += strcmp(numbers[i].path, wanted[w][0]) == 0 &&
                     strcmp(numbers[i].words, wanted[w][1]) == 0;
    assert_int_equal(found, sizeof wanted / sizeof *wanted);
}

/* What follows from a number follows: twice the capacity is twice 1 C, and twice the sites. */
static void derived_quantities_follow(void **state)
{
    (void)state;
    const closo_fit_parameter parameters[] = {
        fit_parameter(description, "capacity", arena),
        fit_parameter(description, "parts.active.filled_at_start", arena)};
    const double values[] = {2 * parameters[0].start, 0.25};
    closo_cell_file *before, *after, *again;
    assert_int_equal(closo_cell_description_build(description, NULL, NULL, 0, arena, &before, NULL),
                     CLOSO_OK);
    assert_int_equal(
        closo_cell_description_build(description, parameters, values, 2, arena, &after, NULL),
        CLOSO_OK);
    assert_int_equal(closo_cell_description_build(description, NULL, NULL, 0, arena, &again, NULL),
                     CLOSO_OK);
    assert_near(after->capacity_C_per_m2 / before->capacity_C_per_m2, 2, 1e-12);
    assert_near(after->cell.active.sites_mol_per_m3 / before->cell.active.sites_mol_per_m3, 2,
                1e-12);
    assert_near(after->cell.active.filled_at_start, 0.25, 1e-15);
    assert_true(again->capacity_C_per_m2 == before->capacity_C_per_m2); /* nothing is left behind */
}

/* ---- the key 'fit' ---- */

static void description_says_what_is_varied(void **state)
{
    (void)state;
    const char *text = closo_arena_printf(
        arena, "%sfit:\n  - usable 60 to 100 %%\n  - metal.resistance   # of the interphase\n",
        fit_text("10", arena));
    closo_cell_description *with;
    closo_fit_parameter *parameters;
    size_t count;
    assert_int_equal(
        closo_cell_description_parse("cell.yaml", text, strlen(text), arena, &with, NULL),
        CLOSO_OK);
    assert_int_equal(closo_fit_parameters_of(with, arena, &parameters, &count, NULL), CLOSO_OK);
    assert_int_equal(count, 2);
    assert_string_equal(parameters[0].path, "working_electrode.parts.active.usable");
    assert_near(parameters[0].low, 0.6, 1e-15);
    assert_string_equal(parameters[1].path, "metal.resistance");
    assert_int_equal(closo_fit_parameters_of(description, arena, &parameters, &count, NULL),
                     CLOSO_OK);
    assert_int_equal(count, 0);
}

/* ---- the fitted description ---- */

/* A result without a fit: numbers to be written. */
static closo_cell_fit *result_of(closo_cell_description *of, const char *const *words,
                                 const double *values, size_t count)
{
    closo_cell_fit *made = closo_arena_alloc(arena, 1, sizeof *made);
    made->parameters = closo_arena_alloc(arena, count, sizeof *made->parameters);
    made->parameter_count = count;
    for (size_t k = 0; k < count; k++) {
        made->parameters[k].parameter = fit_parameter(of, words[k], arena);
        made->parameters[k].value = (closo_value){values[k], 0};
    }
    static closo_fit_set set = {.name = "/there/cycles.mpr"};
    made->sets = &set;
    made->set_count = 1;
    return made;
}

static char *written(closo_cell_description *of, const closo_cell_fit *result)
{
    const char *path = temporary_path("fitted.yaml");
    closo_error error = {0};
    unsigned char *bytes;
    size_t size;
    if (closo_cell_fit_write_yaml(of, result, path, arena, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(closo_file_read(path, 1 << 20, arena, &bytes, &size, NULL), CLOSO_OK);
    assert_int_equal(remove(path), 0);
    return (char *)bytes;
}

static void numbers_go_into_their_places(void **state)
{
    (void)state;
    static const char *const words[] = {"series_resistance",
                                        "usable",
                                        "line.diffusivity",
                                        "line.open_circuit.potential.1",
                                        "temperature from 20 degC",
                                        "counter_electrode.resistance from 20 ohm cm2",
                                        "working_electrode.ion_path from 0.2",
                                        "active.particle_diameter from 4 um"};
    static const double values[] = {12.34567891e-4, 0.8512,  3.21e-15, 4.05,
                                    301.15,         18.5e-4, 0.21,     5e-6};
    const char *text = written(description, result_of(description, words, values, 8));
    assert_non_null(strstr(text, "series_resistance: 12.3457 ohm cm2   # fitted: to cycles.mpr\n"));
    assert_non_null(strstr(
        text,
        "usable: 85.12 %, filled_at_start: 60 %, particle_diameter: 5 um}   # fitted: to cycles.mpr\n"));
    assert_non_null(
        strstr(text, "      diffusivity: {value: 3.21e-15 m2/s, fitted: \"to cycles.mpr\"}\n"));
    assert_non_null(
        strstr(text, "        potential: [4.05 V, 3.1 V]\n        fitted: \"to cycles.mpr\"\n"));
    assert_non_null(strstr(text, "area: 1 cm2        # of the pellet\n")); /* comments stay */
    assert_non_null(strstr(text,
                           "counter_electrode: {material: metal, resistance: 18.5 ohm cm2}   # "
                           "fitted: to cycles.mpr\n"));
    assert_non_null(strstr(
        text, "working_electrode:\n  ion_path: 0.21   # fitted: to cycles.mpr\n  mass: 2 mg\n"));
    assert_non_null(strstr(text, "\ntemperature: 28 degC   # fitted: to cycles.mpr\n"));
}

/* A material that is built in is copied, with the rest of its numbers and their sources. */
static void built_in_materials_are_copied(void **state)
{
    (void)state;
    closo_cell_description *of;
    closo_error error = {0};
    const char *path =
        closo_arena_printf(arena, "%s/examples/cells/fit-particle.yaml", CLOSO_SOURCE_DIR);
    if (closo_cell_description_load(path, arena, &of, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    static const char *const words[] = {"Na3(VOPO4)2F.diffusivity", "[CB11H12]-.onset",
                                        "Na4(CB11H12)2(B12H12).film.growth", "Super C65.surface",
                                        "Na.resistance"};
    static const double values[] = {5e-15, 4.25, 3.3, 55e3, 2.5e-3};
    const char *text = written(of, result_of(of, words, values, 5));
    closo_cell_file *file;
    if (closo_cell_parse("fitted.yaml", text, strlen(text), arena, &file, &error) != CLOSO_OK)
        fail_msg("line %d: %s", (int)error.line, error.message);
    assert_near(file->cell.active.diffusivity_m2_per_s.value, 5e-15, 1e-25);
    assert_near(file->cell.film.growth, 3.3, 1e-12);
    assert_near(file->cell.counter.resistance_ohm_m2.value, 2.5e-3, 1e-12);
    const double twice_V = 2 * CLOSO_GAS_J_per_mol_K * 298.15 / (0.606 * CLOSO_FARADAY_C_per_mol);
    bool found = false;
    for (size_t i = 0; i < file->cell.anion_count; i++)
        found = found || fabs(file->cell.anions[i].potential_V - 4.25 - twice_V) < 1e-12;
    assert_true(found);
    assert_non_null(strstr(text, "surface: {value: 55 m2/g, fitted: \"to cycles.mpr\"}"));
    assert_non_null(strstr(text, "10.1039/d0ee01569e")); /* the other sources are there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_become_numbers),
        cmocka_unit_test(guessed_bounds_stay_inside),
        cmocka_unit_test(slips_are_answered),
        cmocka_unit_test(every_number_has_a_path),
        cmocka_unit_test(derived_quantities_follow),
        cmocka_unit_test(description_says_what_is_varied),
        cmocka_unit_test(numbers_go_into_their_places),
        cmocka_unit_test(built_in_materials_are_copied),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
