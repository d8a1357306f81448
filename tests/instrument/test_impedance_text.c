/* SPDX-License-Identifier: BSD-3-Clause */
/* Impedance files of every format, made up here: 10 ohm in series with 100 ohm parallel to 1 uF. Whatever the sign in which
 * a format keeps Z'', the spectrum has that of the closed form; what the head tells is metadata; sweeps are apart. */
#include "impedance_samples.h"
#include "text_samples.h"

#include "base/base_internal.h"
#include "closo/impedance.h"

#include <complex.h>
#include <math.h>

static double complex closed_form(double frequency_Hz)
{
    const double omega = 2 * 3.14159265358979323846 * frequency_Hz;
    return 10 + 100 / CMPLX(1, omega * 100 * 1e-6);
}

static size_t spectra_of(closo_arena *arena, const closo_table *table, closo_spectrum **spectra)
{
    size_t count = 0;
    closo_error error = {0};
    if (closo_spectra_from_table(table, NULL, arena, spectra, &count, &error) != CLOSO_OK)
        fail_msg("%s: %s", table->format, error.message);
    return count;
}

/* Files keep 6 or 7 digits. */
static void expect_spectrum(const char *name, const closo_spectrum *s, size_t count, double factor)
{
    if (s->count != count)
        fail_msg("%s: %zu points in place of %zu", name, s->count, count);
    for (size_t i = 0; i < count; i++) {
        const double complex z = factor * closed_form(s->frequency_Hz[i]);
        const double off = cabs(CMPLX(s->real_ohm[i], s->imaginary_ohm[i]) - z);
        if (!(off < 2e-5 * cabs(z)))
            fail_msg("%s: point %zu, %g Hz: %g %+gj is not %g %+gj", name, i, s->frequency_Hz[i],
                     s->real_ohm[i], s->imaginary_ohm[i], creal(z), cimag(z));
    }
}

static const struct {
    const char *name, *format, *text;
    size_t rows, sweeps;
} samples[] = {
    {"zplot", "ZPlot text", SAMPLE_ZPLOT, 6, 1},
    {"old zplot", "ZPlot text", SAMPLE_ZPLOT_OLD, 6, 1},
    {"two zplots", "ZPlot text", SAMPLE_ZPLOT_TWO, 9, 2},
    {"par", "VersaStudio .par", SAMPLE_PAR, 6, 1},
    {"idf", "IviumSoft .idf", SAMPLE_IDF, 6, 1},
    {"ids", "IviumSoft .idf", SAMPLE_IDS, 12, 2},
    {"dfr", "Autolab .dfr", SAMPLE_DFR, 6, 1},
    {"i2b", ".i2b text", SAMPLE_I2B, 6, 1},
    {"P00", ".P00 text", SAMPLE_P00, 6, 1},
    {"novocontrol", "Novocontrol text", SAMPLE_DETA, 6, 1},
    {"relaxis", "RelaxIS text", SAMPLE_RELAXIS, 12, 2},
    {"pssession", "PalmSens .pssession", SAMPLE_SESSION, 12, 2},
    {"parstat", "Parstat text", SAMPLE_PARSTAT, 8, 1},
    {"powersuite", "PowerSuite text", SAMPLE_POWERSUITE, 6, 1},
    {"chi", "CH Instruments text", SAMPLE_CHI, 6, 1},
    {"bare", "impedance without names", SAMPLE_BARE, 6, 1},
    {"bare with commas", "impedance without names", SAMPLE_BARE_COMMA, 6, 1},
};

static void each_format_gives_the_spectrum(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        closo_arena *arena = closo_arena_new(0);
        const closo_table *table = open_text(arena, samples[i].text);
        closo_spectrum *spectra = NULL;
        assert_string_equal(table->format, samples[i].format);
        if (table->row_count != samples[i].rows)
            fail_msg("%s: %zu rows", samples[i].name, table->row_count);
        const size_t count = spectra_of(arena, table, &spectra);
        if (count != samples[i].sweeps)
            fail_msg("%s: %zu sweeps", samples[i].name, count);
        for (size_t k = 0; k < count; k++)
            expect_spectrum(samples[i].name, &spectra[k], k == 1 && samples[i].rows == 9 ? 3 : 6,
                            1);
        assert_int_equal(table->segment_count, count > 1 ? count : 0);
        closo_arena_free(arena);
    }
}

/* ---- what the head tells ---- */

static void expect_number(const closo_table *table, const char *key, double si)
{
    double value = NAN;
    if (!closo_table_number_si(table, key, &value) || !(fabs(value - si) <= 1e-9 * fabs(si)))
        fail_msg("%s: %s is %g, not %g", table->format, key, value, si);
}

static void expect_text(const closo_table *table, const char *key, const char *text)
{
    const char *found = closo_table_text(table, key);
    if (found == NULL || strcmp(found, text) != 0)
        fail_msg("%s: %s is '%s', not '%s'", table->format, key,
                 found != NULL ? found : "(nothing)", text);
}

static void heads_become_metadata(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    const closo_table *t = open_text(arena, SAMPLE_ZPLOT);
    expect_number(t, "amplitude", 0.01);
    expect_number(t, "electrode_area", 0.785e-4);
    expect_number(t, "open_circuit_potential", 0.1234);
    expect_text(t, "start_time", "2023-03-04T10:20:30");
    expect_text(t, "comments", "a pellet\nbetween gold");
    t = open_text(arena, SAMPLE_ZPLOT_OLD);
    assert_string_equal(t->technique, "GEIS");
    assert_string_equal(closo_table_find_name(t, "Ampl")->unit, "A");
    expect_text(t, "comments", "hydrogen, 800 C");
    expect_text(t, "start_time", "2019-12-17T16:24:35");
    t = open_text(arena, SAMPLE_PAR);
    assert_string_equal(t->technique, "PEIS");
    expect_number(t, "amplitude", 0.02);
    expect_number(t, "electrode_area", 0.5e-4);
    expect_number(t, "open_circuit_potential", 0.0125);
    expect_text(t, "start_time", "2018-07-19T09:40:30");
    assert_null(closo_table_text(t, "reference"));
    t = open_text(arena, SAMPLE_IDS);
    expect_number(t, "amplitude", 0.01);
    expect_number(t, "applied_potential", 0.5);
    expect_number(t, "electrode_area", 2.5e-4);
    expect_text(t, "start_time", "2023-02-01T04:05:06");
    t = open_text(arena, SAMPLE_DETA);
    expect_number(t, "diameter", 0.013);
    expect_number(t, "thickness", 0.75e-3);
    expect_number(t, "amplitude", 0.0071);
    expect_number(t, "temperature", 313.15);
    expect_text(t, "start_time", "2025-02-26T15:11:00");
    t = open_text(arena, SAMPLE_SESSION);
    expect_number(t, "amplitude", 0.01);
    expect_number(t, "applied_potential", 0.2);
    expect_text(t, "title", "first");
    t = open_text(arena, SAMPLE_CHI);
    expect_number(t, "amplitude", 0.025);
    expect_number(t, "applied_potential", 0.5);
    expect_text(t, "start_time", "2020-02-20T15:55:08");
    t = open_text(arena, SAMPLE_P00);
    expect_text(t, "title", "a title");
    expect_text(t, "start_time", "2021-06-05T07:08:09");
    t = open_text(arena, SAMPLE_I2B);
    expect_text(t, "comments", "made up\nwith two lines");
    /* The sixth value of a point is 0.5 in the sample; those that are 0 are left out. */
    t = open_text(arena, SAMPLE_DFR);
    assert_int_equal(t->column_count, 4);
    assert_true(value_at(t, "value 9", 3) == 0.5);
    closo_arena_free(arena);
}

static void blocks_of_several_temperatures(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_spectrum *spectra = NULL;
    const closo_table *table = open_text(arena, SAMPLE_DETA_TWO);
    assert_int_equal(spectra_of(arena, table, &spectra), 2);
    expect_spectrum("300 K", &spectra[0], 6, 1);
    expect_spectrum("320 K", &spectra[1], 6, 0.5);
    assert_true(fabs(spectra[0].temperature_K - 300) < 1e-9);
    assert_true(fabs(spectra[1].temperature_K - 320) < 1e-9);
    table = open_text(arena, SAMPLE_RELAXIS);
    assert_int_equal(spectra_of(arena, table, &spectra), 2);
    assert_true(fabs(spectra[0].temperature_K - 298.15) < 1e-9);
    assert_true(fabs(spectra[1].temperature_K - 318.15) < 1e-9);
    assert_string_equal(table->segments[1].name, "two.mpr_1");
    closo_arena_free(arena);
}

/* ---- CSV ---- */

/* The same point under many names: Z = 30 - 40j ohm. */
static void signs_and_units_are_told_by_the_names(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm\n1000,30,-40\n100,30,-40\n",
        "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,30,40\n100,30,40\n",
        "Frequency (Hz);Z' (\xce\xa9);-Z'' (\xce\xa9);Z (\xce\xa9);-Phase (\xc2\xb0)\n"
        "1000;30;40;50;53,1\n100;30;40;50;53,1\n",
        "f (kHz)\tZre (kOhm)\tZim (kOhm)\n1\t0.03\t-0.04\n0.1\t0.03\t-0.04\n",
        "frequency/hz,zreal/ohm,zimag/ohm\n1000,30,-40\n100,30,-40\n",
        "Freq [Hz], Z\xe2\x80\xb2 [Ohm], \xe2\x88\x92Z\xe2\x80\xb3 [Ohm]\n1000,30,40\n100,30,40\n",
        "freq_Hz,Z_re_ohm,minus_Z_imag_ohm\n1000,30,40\n100,30,40\n",
        "f/Hz;|Z|/Ohm;Phase(Z)/deg\n1000,0;50,0;-53,130102354156\n100,0;50,0;-53,130102354156\n",
        "Frequency (Hz),|Z| (ohm),-Phase (deg)\n1000,50,53.130102354156\n100,50,53.130102354156\n",
        "Frequency (Hz),|Z| (ohm),theta (rad)\n1000,50,-0.927295218001612\n100,50,"
        "-0.927295218001612\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_spectrum *spectra = NULL;
        const closo_table *table = open_text(arena, texts[i]);
        closo_error error = {0};
        size_t count = 0;
        if (closo_spectra_from_table(table, NULL, arena, &spectra, &count, &error) != CLOSO_OK)
            fail_msg("text %zu: %s", i, error.message);
        assert_int_equal(count, 1);
        assert_int_equal(spectra->count, 2);
        for (size_t k = 0; k < 2; k++)
            if (!(fabs(spectra->real_ohm[k] - 30) < 1e-9 &&
                  fabs(spectra->imaginary_ohm[k] + 40) < 1e-9 &&
                  fabs(spectra->frequency_Hz[k] - (k == 0 ? 1000 : 100)) < 1e-9))
                fail_msg("text %zu: %g Hz, %g %+gj", i, spectra->frequency_Hz[k],
                         spectra->real_ohm[k], spectra->imaginary_ohm[k]);
        closo_arena_free(arena);
    }
}

static void three_columns_without_names(void **state)
{
    (void)state;
    /* Equal steps are time, potential and current; a decade is not reached; a column of four. */
    static const char *const others[] = {
        "1,3.0,0.1\n2,3.1,0.1\n3,3.2,0.1\n4,3.3,0.1\n5,3.4,0.1\n6,3.4,0.1\n12,3.4,0.1\n",
        "1,30,-4\n1.2,30,-4\n1.44,30,-4\n1.73,30,-4\n2.07,30,-4\n2.49,30,-4\n",
        "1,30,-4,1\n10,30,-4,1\n100,30,-4,1\n1000,30,-4,1\n10000,30,-4,1\n",
        "-1,30,-4\n-10,30,-4\n-100,30,-4\n-1000,30,-4\n-10000,30,-4\n",
    };
    closo_arena *arena = closo_arena_new(0);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        closo_table *table = NULL;
        closo_error error = {0};
        const closo_status status =
            open_bytes("other", others[i], strlen(others[i]), arena, &table, &error);
        if (status != CLOSO_FORMAT || strstr(error.message, "names the columns") == NULL)
            fail_msg("text %zu: status %d, %s", i, (int)status, error.message);
    }
    const closo_table *table = open_text(arena, SAMPLE_BARE);
    assert_true(has_note(table, "does not name its columns"));
    closo_arena_free(arena);
}

/* ---- bad input ---- */

static void odd_points_are_noted(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_spectrum *spectra = NULL;
    const closo_table *table =
        open_text(arena, "made up\n7\n10000 12 -3\n1000 15 -9\n1000 17 -11\n0 20 0\n-5 20 -1\n"
                         "100 nan -20\n10 60 -30\n");
    assert_int_equal(table->row_count, 7);
    assert_true(has_note(table, "2 of 7 rows have no frequency above zero"));
    assert_true(has_note(table, "1 rows have the frequency of the row before"));
    assert_int_equal(spectra_of(arena, table, &spectra), 1);
    assert_int_equal(spectra->count, 3);
    assert_true(fabs(spectra->real_ohm[1] - 16) < 1e-12);
    /* One point is a spectrum that nothing can be fitted to. */
    table = open_text(arena, "one\n1\n1000 15 -9\n");
    assert_int_equal(spectra_of(arena, table, &spectra), 1);
    assert_int_equal(spectra->count, 1);
    assert_int_equal(spectra->notes.count, 1);
    /* Fewer points than told, and more. */
    table = open_text(arena, "cut\n5\n1000 15 -9\n100 20 -10\n");
    assert_true(has_note(table, "should have 5 points, as the file says, but 2 are there"));
    closo_arena_free(arena);
}

/* Z'' that is positive where only a turned sign explains it is told. */
static void a_turned_sign_is_told(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_spectrum *spectra = NULL;
    const closo_table *table =
        open_text(arena, "100000 11 1\n10000 13 5\n1000 30 40\n100 90 45\n10 108 6\n1 110 0.6\n");
    assert_string_equal(table->format, "impedance without names");
    assert_int_equal(spectra_of(arena, table, &spectra), 1);
    assert_true(spectra->notes.count != 0 &&
                strstr(spectra->notes.texts[0], "turn the sign") != NULL);
    closo_arena_free(arena);
}

/* Sweeps one behind the other without a mark between them. */
static void mixed_sweeps_are_parted(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_spectrum *spectra = NULL;
    const closo_table *table = open_text(
        arena, "1000,30,-4\n100,30,-4\n10,30,-4\n1,30,-4\n0.1,30,-4\n1000,60,-4\n100,60,-4\n"
               "10,60,-4\n1,60,-4\n0.1,60,-4\n");
    assert_int_equal(spectra_of(arena, table, &spectra), 2);
    assert_int_equal(spectra[0].count, 5);
    assert_true(spectra[1].real_ohm[0] == 60);
    closo_arena_free(arena);
}

static void refusals_name_what_is_missing(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
        closo_status status;
    } bad[] = {
        {SAMPLE_BODE, "resistance of the shunt", CLOSO_UNSUPPORTED},
        {"ZPLOT2 ASCII\n  Data Points: 5\n", "no table of points follows", CLOSO_FORMAT},
        {"ZPLOT2 ASCII\n  Freq(Hz)\tAmpl\tZ'(a)\tZ''(b)\nEnd Comments\n", "has no rows",
         CLOSO_FORMAT},
        {"VERSION8.0\n 6\n", "the file was cut", CLOSO_FORMAT},
        {"VERSION8.0\n 2\n 1\n 1000\n 5\n 6\n", "not one of them is whole", CLOSO_FORMAT},
        {"Peaks=false\nCorrosion=false\nMethod=CyclicVoltammetry\nprimary_data    \n3  \n1  \n"
         "1 2 3\n",
         "the method 'CyclicVoltammetry'", CLOSO_UNSUPPORTED},
        {"{\"Type\":\"PalmSens.DataFiles.SessionFile\",\"Measurements\":[{\"Title\":\"CV\"}]}",
         "holds no impedance", CLOSO_UNSUPPORTED},
        {"{\"Type\":\"PalmSens.DataFiles.SessionFile\",\"Measurements\":[{\"Title\"",
         "not whole or was changed", CLOSO_FORMAT},
        {"RelaxIS 3.0 Spectrum export\nDate: 12/16/2025 2:29:15 PM\n", "no table of points",
         CLOSO_FORMAT},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = NULL;
        closo_error error = {0};
        const closo_status status =
            open_bytes("bad", bad[i].text, strlen(bad[i].text), arena, &table, &error);
        if (status != bad[i].status || strstr(error.message, bad[i].words) == NULL)
            fail_msg("text %zu: status %d, '%s'", i, (int)status, error.message);
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_gives_the_spectrum),
        cmocka_unit_test(heads_become_metadata),
        cmocka_unit_test(blocks_of_several_temperatures),
        cmocka_unit_test(signs_and_units_are_told_by_the_names),
        cmocka_unit_test(three_columns_without_names),
        cmocka_unit_test(odd_points_are_noted),
        cmocka_unit_test(a_turned_sign_is_told),
        cmocka_unit_test(mixed_sweeps_are_parted),
        cmocka_unit_test(refusals_name_what_is_missing),
    };
    return cmocka_run_group_tests_name("impedance files", tests, NULL, NULL);
}
