/* SPDX-License-Identifier: BSD-3-Clause */
/* The whole analysis: choice, series, Kramers-Kronig, JSON, table, figures; and the command. */
/* clang-format off */
#include "impedance_test.h"
#include "program.h"
/* clang-format on */

#include "base/base_internal.h"
#include "closo/instrument.h"
#include "closo/report.h"
#include "spectra.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int set_up(void **state)
{
    return arena_set_up(state) != 0 || program_set_up(state) != 0;
}

static int tear_down(void **state)
{
    (void)arena_tear_down(state);
    return program_tear_down(state);
}

enum { SERIES = 4 };

/* A pellet at 20, 40, 60, 80 degC whose resistance follows 0.5 eV. */
static void make_series(closo_spectrum *spectra)
{
    closo_random random;
    closo_random_seed(&random, 2021);
    for (size_t i = 0; i < SERIES; i++) {
        double kelvin = 293.15 + 20 * (double)i;
        truth of = {.arcs = 1, .n = {0.92}, .tail_q = 2e-6, .tail_n = 0.8};
        of.r[0] = 1e-4 * kelvin * exp(0.5 / (CLOSO_BOLTZMANN_eV_per_K * kelvin));
        of.q[0] = 1e-10;
        made_spectrum *made = closo_arena_alloc(arena, 1, sizeof *made);
        make_spectrum(&of, 1e7, 1, 57, 0.003, &random, made);
        spectra[i] = made->spectrum;
        spectra[i].temperature_K = kelvin;
        spectra[i].thickness_m = 1e-3;
        spectra[i].area_m2 = 1e-4;
    }
}

static closo_eis *analyse(const closo_spectrum *spectra, const closo_eis_options *options)
{
    closo_eis *eis = NULL;
    closo_error error = {0};
    if (closo_eis_analyse(spectra, SERIES, options, arena, &eis, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return eis;
}

/* A pore that reacts passes direct current, but its resistance is no plain sum: no total. One that blocks is left out, and a
 * coil in parallel shorts its resistor. */
static void the_total_is_whole_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *circuit;
        bool total;
    } cases[] = {{"R0-TLMR1", false},       {"R0-TLM1", true},     {"R0-p(R1,C1)-W1", true},
                 {"R0-p(R1,R2-L1)", false}, {"R0-p(R1,L1)", true}, {"R0-p(R1,TLMR1)", false},
                 {"p(C1,C2)-R0", true},     {"p(R1,R2)", false}};
    closo_spectrum spectra[SERIES];
    make_series(spectra);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        closo_circuit *circuit = closo_arena_alloc(arena, 1, sizeof *circuit);
        closo_circuit_fit *fit;
        closo_error error = {0};
        const closo_circuit_fit_options options = {.guess_only = true, .starts = 2};
        if (closo_circuit_parse(cases[c].circuit, arena, circuit, &error) != CLOSO_OK ||
            closo_circuit_fit_spectrum(circuit, &spectra[0], &options, arena, &fit, &error) !=
                CLOSO_OK)
            fail_msg("%s: %s", cases[c].circuit, error.message);
        if (isfinite(fit->total_resistance_ohm.value) != cases[c].total)
            fail_msg("%s: total resistance %g ohm", cases[c].circuit,
                     fit->total_resistance_ohm.value);
    }
}

static void chooses_one_circuit_for_a_series_and_says_all(void **state)
{
    (void)state;
    closo_spectrum spectra[SERIES];
    make_series(spectra);
    closo_eis *eis = analyse(spectra, NULL);
    assert_string_equal(closo_circuit_text(eis->circuit, CLOSO_CIRCUIT_DASHES, arena),
                        "p(R1,CPE1)-CPE2");
    const char *text = closo_eis_json(eis, arena);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, "circuit")), "p(R1,CPE1)-CPE2");
    const json_t *list = json_object_get(object, "spectra");
    assert_int_equal(json_array_size(list), SERIES);
    const json_t *first = json_array_get(list, 0);
    const json_t *r1 = json_array_get(json_object_get(first, "parameters"), 0);
    assert_string_equal(json_string_value(json_object_get(r1, "name")), "R1");
    assert_string_equal(json_string_value(json_object_get(r1, "unit")), "ohm");
    const double truth_ohm = 1e-4 * 293.15 * exp(0.5 / (CLOSO_BOLTZMANN_eV_per_K * 293.15));
    assert_near(number(r1, "value"), truth_ohm, 4 * number(r1, "sigma"));
    assert_near(number(first, "residual_rms"), 0.003, 0.0006);
    assert_true(number(json_object_get(first, "kk"), "residual_rms") < 0.005);
    const json_t *derived = json_object_get(first, "derived");
    assert_near(number(derived, "total_conductivity_S_cm"), 0.1 / truth_ohm, 0.002 / truth_ohm);
    assert_true(json_array_size(json_object_get(first, "candidates")) > 10);
    assert_true(json_is_null(json_object_get(object, "global")));
    json_decref(object);
    assert_non_null(closo_figure_svg(closo_figure_nyquist(eis, "series", arena), false, arena));
    assert_non_null(closo_figure_svg(closo_figure_bode(eis, NULL, arena), false, arena));
    assert_non_null(closo_figure_svg(closo_figure_eis_residuals(eis, NULL, arena), false, arena));
    /* Resistances against temperature, also when the spectra are in another order. */
    for (int turned = 0; turned < 2; turned++) {
        closo_spectrum falling[SERIES];
        for (size_t s = 0; s < SERIES; s++)
            falling[s] = spectra[turned ? SERIES - 1 - s : s];
        const closo_eis_options options = {.circuit = "(RQ)Q"};
        const closo_figure *figure =
            closo_figure_eis_parameters(analyse(falling, &options), false, NULL, arena);
        assert_string_equal(figure->x.label, "Temperature (\xC2\xB0"
                                             "C)");
        assert_int_equal(figure->curve_count, 1);
        for (size_t s = 0; s < SERIES; s++) {
            double kelvin = 293.15 + 20 * (double)s;
            double ohm = 1e-4 * kelvin * exp(0.5 / (CLOSO_BOLTZMANN_eV_per_K * kelvin));
            assert_near(figure->curves[0].x[s], kelvin - 273.15, 1e-9);
            assert_near(figure->curves[0].y[s], ohm, 5 * figure->curves[0].y_sigma[s]);
        }
    }
    assert_non_null(closo_figure_eis_parameters(eis, true, NULL, arena));
    const char *path = temporary_path("eis.csv");
    closo_error error = {0};
    assert_int_equal(closo_eis_write_csv(eis, path, arena, &error), CLOSO_OK);
    closo_table *table;
    assert_int_equal(closo_file_open(path, NULL, arena, &table, &error), CLOSO_OK);
    assert_int_equal(table->row_count, SERIES * 57);
    unlink(path);
}

static void laws_are_read_and_fitted(void **state)
{
    (void)state;
    closo_spectrum spectra[SERIES];
    make_series(spectra);
    const closo_eis_options options = {.circuit = "(RQ)Q",
                                       .laws = "R1 arrhenius, Q1 shared, n1 shared"};
    closo_eis *eis = analyse(spectra, &options);
    assert_near(eis->global->laws[0].second.value, 0.5, 4 * eis->global->laws[0].second.sigma);
    assert_true(eis->global->laws[0].second.sigma < 0.001);
    json_t *object = json_loads(closo_eis_json(eis, arena), 0, NULL);
    const json_t *law =
        json_array_get(json_object_get(json_object_get(object, "global"), "laws"), 0);
    assert_near(number(law, "activation_energy_eV"), 0.5, 0.004);
    assert_string_equal(json_string_value(json_object_get(law, "unit")), "ohm");
    json_decref(object);
    closo_eis_options wrong = options;
    closo_error error = {0};
    wrong.laws = "R1 linear";
    assert_int_equal(closo_eis_analyse(spectra, SERIES, &wrong, arena, &eis, &error), CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "'linear' is no law"));
    assert_int_equal(closo_eis_analyse(spectra, 0, NULL, arena, &eis, &error), CLOSO_RANGE);
}

/* One spectrum, exported in the formats of many instruments; it was made with R 100, R 200, C 8e-7, R 500 and a Warburg
 * admittance of 4e-4, so that A = 1/(sqrt(2) 4e-4). The files round it to 3 to 7 digits. */
static void every_format_gives_the_same_circuit(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    static const char *const names[] = {"data.dfr", "data.dta", "data.i2b",
                                        "data.idf", "data.ids", "data.mpt",
                                        "data.P00", "data.z",   "data.pssession"};
    static const double truths[] = {100, 200, 8e-7, 500, 1767.766953};
    for (size_t f = 0; f < sizeof names / sizeof *names; f++) {
        char path[512];
        closo_table *table;
        closo_spectrum *spectra;
        closo_eis *eis;
        size_t count;
        closo_error error = {0};
        const closo_eis_options options = {.circuit = "R(RC)(RW)"};
        snprintf(path, sizeof path, "%s/data/eis/pyimpspec/%s", shared_folder(), names[f]);
        if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK ||
            closo_spectra_from_table(table, NULL, arena, &spectra, &count, &error) != CLOSO_OK ||
            closo_eis_analyse(spectra, 1, &options, arena, &eis, &error) != CLOSO_OK)
            fail_msg("%s: %s", names[f], error.message);
        for (size_t k = 0; k < 5; k++)
            if (!(fabs(eis->fits[0]->parameters[k].value / truths[k] - 1) < 1e-3))
                fail_msg("%s: %s is %g", names[f], eis->fits[0]->parameters[k].name,
                         eis->fits[0]->parameters[k].value);
    }
}

/* ---- the command ---- */

static void the_command_answers(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int status;
        const char *says;
    } cases[] = {
        {"eis examples/impedance/pellet.csv --circuit '(RQ)(RQ)Q'", 0, "CPE3_n"},
        {"eis examples/impedance/pellet.csv --circuit '(RQ)(RQ)Q' --thickness '1 mm' --area '1 cm2'",
         0, "S/cm"},
        {"eis examples/impedance/cell.csv --circuit 'R0-p(R1,X)'", 2, "position 9"},
        {"eis examples/impedance/cell.csv --weight heavy", 2, "none of modulus"},
        {"eis examples/impedance/cell.csv --global 'R1 shared'", 2, "--circuit"},
        {"eis examples/impedance/cell.csv --circuit R --global 'R1 shared'", 2,
         "no parameter 'R1'"},
        {"eis examples/impedance/cell.csv --temperatures '20, 40 degC'", 2, "2 values for 1"},
        {"eis examples/impedance/cell.csv --temperatures '20 cm'", 2, "--temperatures"},
        {"eis examples/impedance/cell.csv --to '0.011 Hz' --circuit 'R(RQ)'", 1, "1 point"},
        {"eis examples/onset/data/na2b12h12_10uV.mpr", 1, "there is no impedance"},
        {"eis examples/impedance/cell.csv examples/impedance/pellet.csv --circuit 'R(RQ)(RQ)' --times '0, 2 h' "
         "--json",
         0, "\"time_s\": 7200"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        outcome got = closo(cases[i].words);
        const char *said = got.status == 0 ? got.output : got.complaints;
        if (got.status != cases[i].status || strstr(said, cases[i].says) == NULL)
            fail_msg("closo %s: %d\n%s", cases[i].words, got.status, said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chooses_one_circuit_for_a_series_and_says_all),
        cmocka_unit_test(laws_are_read_and_fitted),
        cmocka_unit_test(the_total_is_whole_or_none),
        cmocka_unit_test(every_format_gives_the_same_circuit),
        cmocka_unit_test(the_command_answers),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
