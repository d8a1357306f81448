/* SPDX-License-Identifier: BSD-3-Clause */
/* closo fit as a person meets it: a cell that was simulated is fitted, written down, and simulated again; wrong words. */
#include "support.h"

#include "program.h"

#include "base/base_internal.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static const char cell[] = "examples/cells/fit-particle.yaml";
static char test_path[1024], spectra_path[1024];

/* A short test of the cell of the example, with noise, and a spectrum. */
static int measure(void **state)
{
    if (program_set_up(state) != 0)
        return 1;
    snprintf(test_path, sizeof test_path, "%s", temporary_path("fit-test.mpt"));
    snprintf(spectra_path, sizeof spectra_path, "%s", temporary_path("fit-spectra.csv"));
    const outcome made = closo_with(
        "simulate %s --steps 'impedance 100 kHz to 1 Hz, 5 per decade; charge at 1C for 10 min; rest "
        "10 min; discharge at 1C for 8 min' -o '%s' --eis '%s' --tolerance 1e-8 --noise-potential '5 mV' "
        "--noise-impedance '0.5 %%'",
        cell, test_path, spectra_path);
    return made.status;
}

static int forget(void **state)
{
    return (unlink(test_path) != 0) + (unlink(spectra_path) != 0) + program_tear_down(state);
}

/* Known numbers come back within three sigma, in the description's units; the files are all there. */
static void simulated_cell_is_fitted(void **state)
{
    (void)state;
    char plot[1024], second[1024], fitted[1024], csv[1024];
    snprintf(plot, sizeof plot, "%s", temporary_path("fit.svg"));
    snprintf(second, sizeof second, "%s", temporary_path("fit-2.svg"));
    snprintf(fitted, sizeof fitted, "%s", temporary_path("fitted.yaml"));
    snprintf(csv, sizeof csv, "%s", temporary_path("fit.csv"));
    const outcome made =
        closo_with("fit %s '%s' '%s' --vary 'Na3(VOPO4)2F.diffusivity from 3e-15 m2/s, 1e-16 to "
                   "1e-14 m2/s; counter_electrode.resistance from 40 ohm cm2, 5 to 200 ohm cm2' "
                   "--starts 1 --plot '%s' -o '%s' --csv '%s' --json",
                   cell, test_path, spectra_path, plot, fitted, csv);
    json_t *all = json_of(made);
    const json_t *parameters = json_object_get(all, "parameters");
    const json_t *diffusivity = json_array_get(parameters, 0),
                 *resistance = json_array_get(parameters, 1);
    /* the truth is in the materials: what closo fit --list says */
    const outcome list = closo_with("fit %s --list", cell);
    const char *line = strstr(list.output, "Na3(VOPO4)2F.diffusivity ");
    double truth = 0, metal = 0;
    assert_non_null(line);
    assert_int_equal(sscanf(line, "Na3(VOPO4)2F.diffusivity %lf m2/s", &truth), 1);
    assert_int_equal(sscanf(strstr(list.output, "Na.resistance"), "Na.resistance %lf", &metal), 1);
    assert_near(number(diffusivity, "value"), truth, 4 * number(diffusivity, "value_sigma"));
    assert_near(number(resistance, "value"), metal, 4 * number(resistance, "value_sigma"));
    assert_string_equal(json_string_value(json_object_get(resistance, "unit")), "ohm cm2");
    assert_int_equal(json_array_size(json_object_get(all, "sets")), 2);
    assert_near(number(json_array_get(json_object_get(all, "sets"), 0), "noise_V"), 5e-3, 1e-3);
    assert_non_null(strstr(read_text(plot), "<svg"));
    assert_non_null(strstr(read_text(second), "<svg"));
    assert_non_null(strstr(read_text(csv), "set,file,quantity,part,at,at_unit,measured,model"));
    assert_non_null(strstr(read_text(fitted), "fitted: \"to "));
    /* the description that was written is one */
    const outcome again = closo_with("fit '%s' '%s' --vary counter_electrode.resistance --no-fit "
                                     "--json",
                                     fitted, test_path);
    json_t *compared = json_of(again);
    assert_near(number(json_array_get(json_object_get(compared, "parameters"), 0), "start"),
                number(resistance, "value"), 1e-3);
    json_decref(compared);
    json_decref(all);
    assert_int_equal(unlink(plot) + unlink(second) + unlink(fitted) + unlink(csv), 0);
}

static void table_is_for_people(void **state)
{
    (void)state;
    const outcome made =
        closo_with("fit %s '%s' --vary 'usable; Na.resistance' --no-fit", cell, test_path);
    assert_int_equal(made.status, 0);
    static const char *const wanted[] = {"working_electrode.parts.active.usable", "range",
                                         "left (rms)", "correlation", "one sigma moves"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (strstr(made.output, wanted[i]) == NULL)
            fail_msg("no '%s' in\n%s", wanted[i], made.output);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
}

static void wrong_words_are_answered(void **state)
{
    (void)state;
    static const struct {
        const char *words, *sentence;
        int status;
    } cases[] = {
        {"--vary Na.resistanse", "did you mean 'Na.resistance'", 2},
        {"--vary 'Na.resistance 5 to 1 ohm cm2'", "leave no room", 2},
        {"--vary 'usable; usable 50 to 90 %'", "usable is named twice", 2},
        {"--vary 'Na.resistance 1 to 100 mV'", "'1 mV' measures something else", 2},
        {"--vary Na.resistance --csv fit.csv -o ./fit.csv", "both name", 2},
        {"--vary ';'", "--vary names nothing", 2},
        {"--control stepped", "--control: 'stepped' is neither replay", 2},
        {"--eis-at noon", "--eis-at: 'noon' is none of time, start and end", 2},
        {"--noise-potential '-1 mV'", "it has to be larger than zero", 2},
        {"--window '5..1 h'", "write for example '0..10 h'", 2},
        {"--tolerance 10", "--tolerance: '10' is not between 1e-12 and 1e-2", 2},
        {"--tolerance 0", "not between", 2},
        {"--plot /nowhere/fit.png", "--plot: there is no folder '/nowhere/'", 2},
        {"--plot fit.jpg", "none of .svg, .png, .pdf or .html", 2},
        {"-o /nowhere/fit.yaml", "--output: there is no folder", 2},
        {"--starts 0", "--starts: '0' is not a whole number from 1 on", 2},
        {"nothing.mpt", "nothing.mpt", 1},
        {"--window '500..600 h'", "nothing of it can be compared", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const outcome made = closo_with("fit %s '%s' %s", cell, test_path, cases[i].words);
        assert_int_equal(made.status, cases[i].status);
        if (strstr(made.complaints, cases[i].sentence) == NULL)
            fail_msg("%s: %s", cases[i].words, made.complaints);
        assert_string_equal(made.output, "");
    }
    const outcome order =
        closo_with("fit %s '%s' '%s' --vary Na.resistance --no-fit", cell, spectra_path, test_path);
    assert_int_equal(order.status, 0);
    assert_non_null(strstr(order.output, "name the test first if they were measured during it"));
    /* a test with its milliamperes read as amperes, and words of the description with their line */
    char *table = read_text(test_path);
    assert_non_null(strstr(table, "I/mA"));
    memcpy(strstr(table, "I/mA"), "I/A ", 4);
    const char *spoilt = temporary_path("fit-spoilt");
    write_text(spoilt, table);
    const outcome amperes = closo_with("fit %s '%s' --vary Na.resistance --no-fit", cell, spoilt);
    assert_non_null(strstr(amperes.output, "times the capacity of the cell"));
    char *text = read_text(CLOSO_SOURCE_DIR "/examples/cells/fit-particle.yaml");
    *strstr(text, "\n  - Na.resistance") = '\0';
    write_text(spoilt, strcat(text, "\n  - Na.resistanse\n"));
    const outcome lines = closo_with("fit '%s' '%s'", spoilt, test_path);
    assert_int_equal(lines.status, 2);
    assert_non_null(strstr(lines.complaints, "did you mean 'Na.resistance' (line "));
    unlink(spoilt);
    assert_int_equal(closo_with("fit %s", cell).status, 2);
    assert_int_equal(closo_with("fit README.md '%s'", test_path).status, 1);
    const outcome no_words =
        closo_with("fit examples/cells/chapter4-libh4-superp.yaml '%s'", test_path);
    assert_int_equal(no_words.status, 2);
    assert_non_null(strstr(no_words.complaints, "nothing is to be varied"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simulated_cell_is_fitted),
        cmocka_unit_test(table_is_for_people),
        cmocka_unit_test(wrong_words_are_answered),
    };
    return cmocka_run_group_tests(tests, measure, forget);
}
