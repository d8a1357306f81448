/* SPDX-License-Identifier: BSD-3-Clause */
/* The program as a person or a script meets it: words, exit status, what stands
 * on which stream. */
#define _POSIX_C_SOURCE 200809L
/* clang-format off */
#include "support.h"
#include "program.h"
/* clang-format on */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char csv_path[1024], other_path[1024];

static int set_up(void **state)
{
    snprintf(csv_path, sizeof csv_path, "%s", temporary_path("a.csv"));
    snprintf(other_path, sizeof other_path, "%s", temporary_path("b.csv"));
    return program_set_up(state);
}

static int tear_down(void **state)
{
    unlink(csv_path);
    unlink(other_path);
    return program_tear_down(state);
}

static void wrong_words_are_answered(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int status;
        const char *says;
    } cases[] = {
        {"", 2, "usage"},
        {"onst x", 2, "did you mean 'onset'"},
        {"frobnicate", 2, "there is no command"},
        {"onset", 2, "wants FILE"},
        {"onset a b", 2, "one more"},
        {"onset --plott x.svg a", 2, "did you mean --plot"},
        {"onset --plot", 2, "wants a value"},
        {"onset --json=yes a", 2, "takes no value"},
        {"onset --background 3..2V a", 2, "high to low"},
        {"onset --background abc a", 2, "not a window"},
        {"onset --cutoff '1 V' a", 2, "'1 V'"},
        {"onset --area '3 kg' a", 2, "1.131 cm2"},
        {"onset --area '1 cm2' --mass '1 mg' a", 2, "not two"},
        {"onset --area '0 cm2' a", 2, "larger than zero"},
        {"onset --max 0 a", 2, "whole number"},
        {"onset --min-r2 2 a", 2, "between 0 and 1"},
        {"cv --reference Nax a", 2, "'Nax' is not a reference"},
        {"convert a", 2, "-o out.csv"},
        {"convert README.md -o ./README.md", 2, "is the file that is read"},
        {"convert a -o out.mpr", 2, "not .mpr"},
        {"convert examples/onset/data/na2b12h12_10uV.mpr -o /dev/null", 1,
         "folder, pipe or device"},
        {"onset --cutoff '1 uA/cm2' a", 2, "wants --area"},
        {"kk a --form conductance", 2, "neither impedance nor admittance"},
        {"drt a --criterion guess", 2, "none of mgcv"},
        {"drt a --lambda 0", 2, "larger than zero"},
        {"drt a --gaussian --fwhm 9", 2, "from 1 to 3"},
        {"drt a --only half", 2, "none of both, real and imaginary"},
        {"drt a --samples none", 2, "whole number"},
        {"drt examples/impedance/cell.csv --samples 3", 1, "intervals need"},
        {"drt examples/impedance/cell.csv --from '1 kHz' --to '2 kHz'", 1, "too few"},
        {"kk a --sigmas -1", 2, "larger than zero"},
        {"kk a --from '1 kHz' --to '10 Hz'", 2, "below --to"},
        {"kk examples/impedance/cell.csv --spectrum 2", 2, "1 sweep"},
        {"kk examples/impedance/cell.csv --to '0.03 Hz'", 1, "too few"},
        {"kk examples/onset/data/na2b12h12_10uV.mpr", 1, "na2b12h12_10uV.mpr"},
        {"onset --cutoff '-1 uA' a", 2, "larger than zero"},
        {"onset --departure -3 a", 2, "larger than zero"},
        {"convert --bdf --mpt a -o b", 2, "not both"},
        {"info /nowhere/x.mpr", 1, "no such file"},
        {"merit", 2, "wants CELL.yaml"},
        {"merit examples/merit/pressure-cell.yaml --cycle 2", 2, "want a file of cycles"},
        {"merit README.md", 1, "README.md"},
        {"info /tmp", 1, "a folder"},
        {"arrhenius examples/arrhenius/lib11h14.csv --model quadratic", 2, "two-regimes"},
        {"arrhenius examples/arrhenius/lib11h14.csv --at '-300 degC'", 2, "absolute zero"},
        {"arrhenius examples/arrhenius/lib11h14.csv --column rho", 1, "sigma/S cm-1"},
        {"arrhenius examples/arrhenius/lib11h14.csv --diameter '12 mm'", 2, "--thickness"},
        {"arrhenius examples/onset/data/na2b12h12_10uV.mpr", 1, "no column with a temperature"},
        {"relaxation examples/relaxation/eisf.csv", 1, "radius"},
        {"relaxation examples/arrhenius/lib11h14.csv", 1, "no relaxation rate"},
        {"relaxation examples/relaxation/rates.csv --frequency '3 m'", 2, "62.5 MHz"},
        {"conductivity", 2, "--diameter"},
        {"conductivity --diameter '12 mm' --thickness '0 mm'", 1, "larger than zero"},
        {"conductivity examples/impedance/cell.csv", 2, "--diameter"},
        {"conductivity examples/impedance/cell.csv --diameter '1 cm' --thickness '1 mm' --circuit 'R(RX)'",
         2, "position 4"},
        {"conductivity examples/impedance/cell.csv --diameter '1 cm' --thickness '1 mm' "
         "--temperatures '20, 30 degC'",
         2, "2 values for 1 spectra"},
        {"conductivity --diameter '1 cm' --thickness '1 mm' --plot x.svg", 2, "want spectra"},
        {"conductivity --diameter '12 kg' --thickness '1 mm'", 2, "12 mm"},
        {"conductivity --diameter '12 mm' --thickness '1 mm' --resistance '-3 ohm'", 1,
         "resistance larger than zero"},
        {"eis examples/impedance/cell.csv --thickness '-1 mm'", 2, "larger than zero"},
        {"eis examples/impedance/cell.csv --circuit 'R(RQ)' --area '1 cm2'", 2, "--thickness"},
        {"eis examples/impedance/cell.csv --weight measured", 2, "none of modulus"},
        {"cv /nowhere/x.mpr", 1, "no such file"},
        {"run /nowhere/x.yaml", 1, "no such file"},
        {"onset README.md", 1, "README.md"},
        {"info LICENSE", 1, "Ivium .idf"},
        {"info LICENSE", 1, "RelaxIS, Rohde & Schwarz, and any text with names"},
        {"onset examples/onset/data/na2b12h12_10uV.mpr --sweep 'second anodic'", 2,
         "'second anodic'"},
        {"onset examples/onset/data/na2b12h12_10uV.mpr --sweep 99", 1, "there are: 1 anodic"},
        {"onset examples/onset/data/na2b12h12_10uV.mpr --versus Li", 1, "--reference Na"},
        {"onset examples/onset/data/na2b12h12_10uV.mpr --part 2", 2, "1 table"},
        {"onset examples/onset/data/na2b12h12_10uV.mpr --plot x.gif", 2, ".svg"},
        {"symmetric examples/symmetric/data/stripping.csv --area '0 cm2'", 2, "larger than zero"},
        {"symmetric examples/symmetric/data/stripping.csv --short 2", 2, "between 0 and 1"},
        {"symmetric examples/symmetric/data/interphase.csv", 1, "no column with the potential"},
        {"growth examples/symmetric/data/interphase.csv --sigma 'time/h'", 1, "ohm cm2"},
        {"polarise examples/symmetric/data/polarisation.csv --thickness '0 mm'", 2,
         "larger than zero"},
        {"polarise examples/symmetric/data/stripping.csv", 1, "no voltage was held"},
        {"polarise examples/symmetric/data/polarisation.csv --area 1", 2, "unit"},
        {"cycles a --bandwidth 3", 2, "--bandwidth: '3' has no unit; write for example '3 mV'"},
        {"cycles a --capacity '3 V'", 2, "something else; write for example '0.27 mAh'"},
        {"cycles a --zero-current x", 2, "write for example '1 uA'"},
        {"cycles a --cycles 1to3", 2, "1-3,10,last"},
        {"growth examples/symmetric/data/stripping.csv", 1, "no column of a resistance"},
        {"convert examples/onset/data/na2b12h12_10uV.mpr -o /nowhere/x.csv", 1, "/nowhere/x.csv"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        outcome got = closo(cases[i].words);
        if (got.status != cases[i].status || strstr(got.complaints, cases[i].says) == NULL)
            fail_msg("closo %s: exit %d, says: %s", cases[i].words, got.status, got.complaints);
        assert_string_equal(got.output, "");
    }
}

static json_t *one_object(const char *text)
{
    json_error_t error;
    json_t *object = json_loads(text, JSON_DISABLE_EOF_CHECK * 0, &error);
    if (object == NULL)
        fail_msg("not one JSON object: %s", error.text);
    assert_true(json_is_object(object));
    return object;
}

static void json_is_one_object_with_the_promised_keys(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        const char *keys[8];
    } cases[] = {
        {"info", {"format", "technique", "rows", "columns", "metadata", "notes"}},
        {"onset", {"sweep", "rate_V_s", "onsets", "other_criteria", "warnings"}},
        {"cv", {"sweeps", "steps", "cycles", "notes"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        outcome got =
            closo_with("%s examples/onset/data/na2b12h12_10uV.mpr --json", cases[i].command);
        assert_int_equal(got.status, 0);
        assert_string_equal(got.complaints, "");
        json_t *object = one_object(got.output);
        for (size_t k = 0; k < 8 && cases[i].keys[k] != NULL; k++)
            if (json_object_get(object, cases[i].keys[k]) == NULL)
                fail_msg("closo %s: no key %s", cases[i].command, cases[i].keys[k]);
        json_decref(object);
    }
}

static void merit_takes_a_cell_and_a_file(void **state)
{
    (void)state;
    outcome got = closo("merit examples/merit/pressure-cell.yaml");
    assert_int_equal(got.status, 0);
    assert_non_null(strstr(got.output, "missed by a factor 12.1"));
    assert_non_null(strstr(got.output, "one change alone"));
    got = closo("merit examples/merit/pressure-cell.yaml "
                "examples/merit/data/pressure_cell_C10.bdf.csv --cycle 2 --json");
    assert_int_equal(got.status, 0);
    json_t *object = one_object(got.output);
    assert_near(json_number_value(json_object_get(object, "specific_capacity_mAh_g")), 117, 0.1);
    json_decref(object);
}

static double onset_V(outcome got)
{
    if (got.status != 0)
        fail_msg("%s", got.complaints);
    json_t *object = one_object(got.output);
    json_t *first = json_array_get(json_object_get(object, "onsets"), 0);
    double value = json_number_value(json_object_get(first, "onset_V"));
    assert_true(json_number_value(json_object_get(first, "onset_V_sigma")) > 0);
    assert_true(json_is_object(json_object_get(first, "background")));
    assert_true(json_is_object(json_object_get(first, "rising")));
    json_decref(object);
    return value;
}

/* The same measurement through three other formats gives the same onset. */
static void csv_goes_round(void **state)
{
    (void)state;
    static const char file[] = "examples/onset/data/na2b12h12_10uV.mpr";
    double from_mpr_V = onset_V(closo_with("onset %s --json", file));
    static const char *const formats[] = {"", "--bdf", "--mpt"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(closo_with("convert %s %s -o '%s'", file, formats[i], csv_path).status, 0);
        assert_near(onset_V(closo_with("onset '%s' --json", csv_path)), from_mpr_V, 1e-4);
    }
    /* CSV of the CSV is the CSV. */
    assert_int_equal(closo_with("convert %s -o '%s'", file, csv_path).status, 0);
    assert_int_equal(closo_with("convert '%s' -o '%s'", csv_path, other_path).status, 0);
    assert_string_equal(read_text(csv_path), read_text(other_path));
    /* The curve of an analysis is a file like any other. */
    assert_int_equal(closo_with("cv %s --csv '%s'", file, csv_path).status, 0);
    assert_near(onset_V(closo_with("onset '%s' --json", csv_path)), from_mpr_V, 1e-4);
    /* So is the curve of the onset. */
    assert_int_equal(closo_with("onset %s --csv '%s'", file, csv_path).status, 0);
    assert_near(onset_V(closo_with("onset '%s' --json", csv_path)), from_mpr_V, 1e-4);
    /* Another reference moves the onset by the difference of the electrodes. */
    assert_near(onset_V(closo_with("onset %s --reference Na --versus Li --json", file)),
                from_mpr_V + 3.0401 - 2.71, 1e-6);
}

/* Over a figure stands the file's name, not the way to it. */
static void figures_are_named_after_the_file(void **state)
{
    (void)state;
    static const struct {
        const char *words, *title;
    } cases[] = {
        {"symmetric examples/symmetric/data/stripping.csv", ">stripping.csv<"},
        {"polarise examples/symmetric/data/polarisation.csv", ">polarisation.csv<"},
        {"growth examples/symmetric/data/interphase.csv", ">interphase.csv<"},
        {"cycles examples/merit/data/pressure_cell_C10.bdf.csv", ">pressure_cell_C10.bdf.csv<"},
        {"cv examples/onset/data/na2b12h12_10uV.mpr", ">na2b12h12_10uV.mpr<"},
        {"arrhenius examples/arrhenius/lib11h14.csv", ">lib11h14.csv<"},
    };
    char figure_path[1024];
    snprintf(figure_path, sizeof figure_path, "%s", temporary_path("figure.svg"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(closo_with("%s --plot '%s'", cases[i].words, figure_path).status, 0);
        const char *figure = read_text(figure_path);
        if (strstr(figure, cases[i].title) == NULL || strstr(figure, "examples/") != NULL)
            fail_msg("closo %s: the title is not %s", cases[i].words, cases[i].title);
    }
    unlink(figure_path);
}

/* Most charge of each half cycle passes in one row, which is at no one current: a dash for its mean, no nan. */
static void what_is_not_known_is_a_dash(void **state)
{
    (void)state;
    char text[4096] = "time/s,Ewe/V,I/mA\n";
    for (int row = 0, time_s = 0; row < 60; row++) {
        const int sign = row / 15 % 2 == 0 ? 1 : -1, level = row % 15 == 10 ? 5 : 1;
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d,%g,%d\n", time_s,
                 0.01 * sign * level, sign * level);
        time_s += level == 5 ? 300 : 10;
    }
    FILE *file = fopen(csv_path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    const outcome got = closo_with("symmetric '%s'", csv_path);
    assert_int_equal(got.status, 0);
    assert_null(strstr(got.output, "nan"));
    assert_non_null(strstr(got.output, "        -        -"));
}

/* Every command explains itself, and the example in its help runs. */
static void help_has_examples_that_run(void **state)
{
    (void)state;
    static const char *const commands[] = {"info",      "convert",  "onset", "cv",    "growth",
                                           "symmetric", "polarise", "run",   "doctor"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        outcome help = closo_with("%s --help", commands[i]);
        assert_int_equal(help.status, 0);
        char *example = strstr(help.output, "\nexample\n");
        assert_non_null(example);
        example = strstr(example, "closo ");
        assert_non_null(example);
        example[strcspn(example, "\n")] = '\0';
        /* Outputs go to a folder of the test. */
        char folder[1024], command[8192];
        snprintf(folder, sizeof folder, "%s", temporary_path("example"));
        snprintf(command, sizeof command,
                 "mkdir -p '%s' && cd '%s' && ln -sfn '%s/examples' examples && "
                 "'%s/closo' %s >/dev/null 2>'%s'",
                 folder, folder, CLOSO_SOURCE_DIR, CLOSO_BINARY_DIR, example + 6, other_path);
        char *fixed = strstr(command, "/tmp/onset-report");
        if (fixed != NULL) /* as long as the path it replaces */
            memcpy(fixed, "./out/onset-repor", 17);
        if (system(command) != 0)
            fail_msg("the example of %s fails: %s", commands[i], read_text(other_path));
        snprintf(command, sizeof command, "rm -rf '%s'", folder);
        assert_int_equal(system(command), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_words_are_answered),
        cmocka_unit_test(json_is_one_object_with_the_promised_keys),
        cmocka_unit_test(merit_takes_a_cell_and_a_file),
        cmocka_unit_test(csv_goes_round),
        cmocka_unit_test(figures_are_named_after_the_file),
        cmocka_unit_test(what_is_not_known_is_a_dash),
        cmocka_unit_test(help_has_examples_that_run),
    };
    return cmocka_run_group_tests_name("commands", tests, set_up, tear_down);
}
