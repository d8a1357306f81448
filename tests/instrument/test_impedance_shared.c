/* SPDX-License-Identifier: BSD-3-Clause */
/* Real and control impedance files (shared/data/eis): the control spectrum equals its closed form to the digits of each file,
 * the cells equal what strtod makes of the text, pairs in two formats are equal, and of the others rows, sweeps and sums are
 * what another program found. */
#define _POSIX_C_SOURCE 200809L
#include "text_samples.h"

#include "base/base_internal.h"
#include "closo/impedance.h"

#include <complex.h>
#include <math.h>

static closo_table *open_shared(closo_arena *arena, const char *name)
{
    char path[4096];
    closo_table *table = NULL;
    closo_error error = {0};
    snprintf(path, sizeof path, "%s/data/eis/%s", shared_folder(), name);
    if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s: %s", path, error.message);
    return table;
}

static size_t spectra_of(closo_arena *arena, const char *name, closo_spectrum **spectra)
{
    size_t count = 0;
    closo_error error = {0};
    if (closo_spectra_from_table(open_shared(arena, name), NULL, arena, spectra, &count, &error) !=
        CLOSO_OK)
        fail_msg("%s: %s", name, error.message);
    return count;
}

/* ---- the control spectrum ---- */

/* R + R||C + R||W with R 100, R 200 C 8e-7, R 500 Y 4e-4: what the files of pyimpspec were made with. */
static double complex control(double frequency_Hz)
{
    const double omega = 2 * 3.14159265358979323846 * frequency_Hz;
    return 100 + 1 / CMPLX(1 / 200.0, omega * 8e-7) +
           1 / (1 / 500.0 + 4e-4 * csqrt(CMPLX(0, omega)));
}

/* relative: half a unit in the last digit that the file keeps, frequency included. */
static const struct {
    const char *name;
    double relative;
    size_t sweeps;
} controls[] = {
    {"data-comma-decimal-separator.csv", 1e-13, 1},
    {"data.dfr", 1e-13, 1},
    {"data.i2b", 1e-13, 1},
    {"data.pssession", 1e-13, 1},
    {"data.z", 5e-7, 1},
    {"data.idf", 5e-6, 1},
    {"data.ids", 5e-6, 2},
    {"data.dta", 1e-13, 1},
    {"data.mpt", 5e-8, 1},
    {"data-metadata.mpt", 5e-8, 1},
    {"case-multiple-spectra.mpt", 5e-8, 3},
    {"data.P00", 5e-4, 1},
};

static void control_spectra_equal_their_closed_form(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_spectrum *spectra = NULL;
        char name[100];
        snprintf(name, sizeof name, "pyimpspec/%s", controls[i].name);
        const size_t count = spectra_of(arena, name, &spectra);
        if (count != controls[i].sweeps)
            fail_msg("%s: %zu sweeps", name, count);
        double worst = 0;
        for (size_t s = 0; s < count; s++) {
            assert_int_equal(spectra[s].count, 29);
            for (size_t k = 0; k < 29; k++) {
                const double complex z = control(spectra[s].frequency_Hz[k]);
                const double complex found =
                    CMPLX(spectra[s].real_ohm[k], spectra[s].imaginary_ohm[k]);
                worst = fmax(worst, cabs(found - z) / cabs(z));
            }
        }
        print_message("%-34s off by %.1e\n", controls[i].name, worst);
        if (!(worst <= controls[i].relative))
            fail_msg("%s: off by %g, more than %g", name, worst, controls[i].relative);
        closo_arena_free(arena);
    }
}

/* The same by closo's own fit, which is told nothing but the circuit: Y_W is that of Ws or of a CPE with n = 1/2. */
static void control_spectra_give_their_parameters(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    static const char *const names[] = {"data.dfr", "data.i2b", "data.pssession", "data.z",
                                        "data.idf"};
    static const double truth[] = {100, 200, 8e-7, 500, 4e-4};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_spectrum *spectra = NULL;
        closo_circuit circuit;
        closo_circuit_fit *fit = NULL;
        closo_error error = {0};
        const closo_circuit_fit_options quick = {.quick = true, .seed = 1};
        char name[100];
        snprintf(name, sizeof name, "pyimpspec/%s", names[i]);
        (void)spectra_of(arena, name, &spectra);
        assert_int_equal(
            closo_circuit_parse("R0-p(R1,C1)-p(R2,CPE2{n=0.5})", arena, &circuit, NULL), CLOSO_OK);
        if (closo_circuit_fit_spectrum(&circuit, spectra, &quick, arena, &fit, &error) != CLOSO_OK)
            fail_msg("%s: %s", name, error.message);
        for (size_t k = 0; k < sizeof truth / sizeof *truth; k++) {
            const double found = fit->parameters[k].value;
            if (!(fabs(found - truth[k]) < 1e-5 * truth[k]))
                fail_msg("%s: parameter %zu is %.9g, not %g", name, k, found, truth[k]);
        }
        closo_arena_free(arena);
    }
}

/* ---- cell by cell ---- */

typedef struct text_file {
    const char *name;
    size_t skip; /* lines before the first row, to the table's first row */
    char separator;
    size_t columns;
} text_file;

static const text_file text_files[] = {
    {"EISFitpython/Example2a.txt", 4, '\t', 3},
    {"EISFitpython/s04147-140deg.txt", 3, '\t', 3},
    {"EISFitpython/s04147-150deg.txt", 3, '\t', 3},
    {"EISFitpython/s04147-160deg.txt", 3, '\t', 3},
    {"EISFitpython/s04147-170deg.txt", 3, '\t', 3},
    {"EISFitpython/s04147-180deg.txt", 3, '\t', 3},
    {"EISFitpython/s04147-190deg.txt", 3, '\t', 3},
    {"EISFitpython/s04147-200deg.txt", 3, '\t', 3},
    {"eis_analysis/example_eis_data.csv", 7, ',', 3},
    {"eis_analysis/example_eis_data_eu.csv", 7, ';', 3},
    {"impedance.py/Circuit1_EIS_1.z", 123, '\t', 9},
    {"impedance.py/Circuit2_EIS_1.z", 123, '\t', 9},
    {"impedance.py/Circuit3_EIS_1.z", 123, '\t', 9},
    {"impedance.py/exampleDataZPlot.z", 123, '\t', 9},
    {"impedance.py/exampleDataZPlot_noComments.z", 10, ',', 9},
    {"impedance.py/exampleDataAutolab.txt", 11, ',', 9},
    {"impedance.py/exampleData.csv", 0, ',', 3},
    {"impedance.py/exampleDataCHInstruments.txt", 18, ',', 5},
    {"impedance.py/exampleDataParstat.txt", 1, '\t', 8},
    {"impedance.py/exampleDataPowersuite.txt", 1, '\t', 3},
    {"impedance.py/exampleDataVersaStudio.par", 116, ',', 24},
    {"pyDRTtools/LIB_data.txt", 0, '\t', 3},
    {"pyDRTtools/LIB_data_2.txt", 0, '\t', 3},
    {"pyDRTtools/zarc_data.txt", 0, ' ', 3},
    {"pyimpspec/data.z", 4, '\t', 9},
    {"pyimpspec/data.i2b", 6, ' ', 3},
    {"pyimpspec/data.P00", 6, '\t', 6},
    {"pyimpspec/data-comma-decimal-separator.csv", 1, '\t', 3},
};

/* The text of a field, with a decimal point. */
static const char *next_field(const char *line, char separator, char field[64])
{
    size_t length = 0;
    while (separator == ' ' && *line == ' ')
        line++;
    while (*line != '\0' && *line != separator && length < 63)
        field[length++] = *line++;
    field[length] = '\0';
    for (char *c = field; separator != ',' && *c != '\0'; c++)
        *c = *c == ',' ? '.' : *c;
    return *line == separator ? line + 1 : line;
}

static size_t check_cells(const text_file *file, const closo_table *table, char *text)
{
    size_t row = 0, cells = 0, number = 0;
    for (char *line = text; line != NULL; number++) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        line[strcspn(line, "\r")] = '\0';
        const char *rest = line;
        const bool is_row = number >= file->skip && line[strspn(line, " \t")] != '\0' &&
                            line[0] != '<' && row < table->row_count;
        for (size_t c = 0; is_row && c < file->columns; c++) {
            char field[64], *stop = NULL;
            double value;
            rest = next_field(rest, file->separator, field);
            const double expected = strtod(field, &stop);
            closo_column_read(&table->columns[c], row, 1, &value);
            if (stop == field || !(value <= expected && value >= expected))
                fail_msg("%s, line %zu, column %zu: '%s' became %.17g", file->name, number + 1,
                         c + 1, field, value);
            cells++;
        }
        row += is_row;
        line = end != NULL ? end + 1 : NULL;
    }
    if (row != table->row_count)
        fail_msg("%s: %zu rows in the text, %zu in the table", file->name, row, table->row_count);
    return cells;
}

static void cells_equal_strtod(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    size_t cells = 0;
    for (size_t i = 0; i < sizeof text_files / sizeof *text_files; i++) {
        closo_arena *arena = closo_arena_new(0);
        unsigned char *bytes = NULL;
        size_t size = 0;
        char path[4096];
        snprintf(path, sizeof path, "%s/data/eis/%s", shared_folder(), text_files[i].name);
        assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &bytes, &size, NULL), CLOSO_OK);
        cells += check_cells(&text_files[i], open_shared(arena, text_files[i].name), (char *)bytes);
        closo_arena_free(arena);
    }
    print_message("%zu cells equal strtod\n", cells);
    assert_true(cells > 5000);
}

/* ---- pairs ---- */

static const struct {
    const char *binary, *text;
    size_t sweeps;
} pairs[] = {
    {"hybrid-drt/PEIS_LPSCl_IonBlocking_-25C.mpr", "hybrid-drt/PEIS_LPSCl_IonBlocking_-25C.txt", 1},
    {"yadg/peis.issue_149.mpr", "yadg/peis.issue_149.mpt", 4},
    {"yadg/geis.issue_149.mpr", "yadg/geis.issue_149.mpt", 4},
    {"yadg/peis.issue_225.no_ece.mpr", "yadg/peis.issue_225.no_ece.mpt", 1},
};

static double last_digit(double value)
{
    return 6e-8 * fabs(value); /* the text has 8 digits of a single */
}

static void pairs_are_equal(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_spectrum *one = NULL, *other = NULL;
        assert_int_equal(spectra_of(arena, pairs[i].binary, &one), pairs[i].sweeps);
        assert_int_equal(spectra_of(arena, pairs[i].text, &other), pairs[i].sweeps);
        for (size_t s = 0; s < pairs[i].sweeps; s++) {
            assert_int_equal(one[s].count, other[s].count);
            for (size_t k = 0; k < one[s].count; k++) {
                assert_near(one[s].frequency_Hz[k], other[s].frequency_Hz[k],
                            last_digit(other[s].frequency_Hz[k]));
                assert_near(one[s].real_ohm[k], other[s].real_ohm[k],
                            last_digit(other[s].real_ohm[k]));
                assert_near(one[s].imaginary_ohm[k], other[s].imaginary_ohm[k],
                            last_digit(other[s].imaginary_ohm[k]));
            }
        }
        closo_arena_free(arena);
    }
}

/* The same data in American and European dress. */
static void decimal_commas_change_nothing(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    closo_spectrum *one = NULL, *other = NULL;
    assert_int_equal(spectra_of(arena, "eis_analysis/example_eis_data.csv", &one), 1);
    assert_int_equal(spectra_of(arena, "eis_analysis/example_eis_data_eu.csv", &other), 1);
    assert_int_equal(one->count, 106);
    assert_int_equal(other->count, 106);
    for (size_t k = 0; k < one->count; k++)
        assert_true(one->frequency_Hz[k] == other->frequency_Hz[k] &&
                    one->real_ohm[k] == other->real_ohm[k] &&
                    one->imaginary_ohm[k] == other->imaginary_ohm[k]);
    closo_arena_free(arena);
}

/* ---- the others: points, sweeps and sums ---- */

/* Points, sweeps, and sums of log10 f, Z' and Z'' over all points, made by a Python script that splits the lines of the text
 * and takes the columns by their place or name; the sweeps as data/eis/SOURCES.txt tells them. */
static const struct {
    const char *name;
    size_t sweeps, points;
    double log_frequency, real_ohm, imaginary_ohm;
} sums[] = {
    {"eis_analysis/EISPOT-test1.DTA", 1, 72, 75.5855810344, 1441807.72183, -5569440.41176},
    {"hybrid-drt/EISGALV_EISTest3.DTA", 1, 71, 177.525310509, 2.606193, 0.557468991},
    {"impedance.py/exampleDataGamry.DTA", 1, 72, 126.06070733, 375919.5774, -89675.9714},
    {"impedance.py/exampleDataGamryABORT.DTA", 1, 72, 126.06070733, 375919.5774, -89675.9714},
    {"EISFitting/MPT_example.mpt", 1, 70, 105.003162305, 5429.4073052, -1825.2734442},
    {"PyEIS/ex1.mpt", 2, 118, 194.775472609, 1266964.52528, -671032.079082},
    {"PyEIS/ex2.mpt", 2, 118, 194.775472609, 1159543.33041, -640491.899969},
    {"impedance.py/exampleDataBioLogic.mpt", 1, 43, 26.3900627741, 3335.735896, -285.88543438},
    {"yadg/peis.issue_149.mpt", 4, 84, 306.642786948, 3016.398389, -1150.61110923},
    {"yadg/geis.issue_149.mpt", 4, 84, 306.642786948, 2895.8436491, -1211.77739036},
    {"yadg/peis.issue_225.no_ece.mpt", 1, 32, 87.307275147, 382.2464654, -161.28308219},
    {"EISFitpython/s04147-140deg.txt", 1, 42, 94.0195835874, 68906199.2, -14624222.6},
    {"EISFitpython/s04147-200deg.txt", 1, 40, 96.8818529553, 4633910.6, -1037789.09},
    {"impedance.py/Circuit1_EIS_1.z", 1, 48, 112.751591687, 2595.766, -312.48461},
    {"impedance.py/exampleDataZPlot_noComments.z", 1, 31, 123.290759098, 30882.72, -4569.951},
    {"impedance.py/exampleDataAutolab.txt", 1, 41, 61.5000303593, 0.934117186752, -0.0941893857576},
    {"impedance.py/exampleDataCHInstruments.txt", 1, 73, 145.982488482, 61529.38, -120906.0441},
    {"impedance.py/exampleDataParstat.txt", 1, 31, 77.4999991189, 0.648558700166, 0.0133234907064},
    {"impedance.py/exampleDataPowersuite.txt", 1, 30, 79.5154499479, 6364423.52357, -1150869.39888},
    {"impedance.py/exampleDataVersaStudio.par", 1, 61, 101.66666886, 23565.73218, -8720.96623027},
    {"impedance.py/exampleData.csv", 1, 66, 49.5001012982, 1.8027416097, -0.243247267294},
    {"pyDRTtools/LIB_data.txt", 1, 107, 37.3943494205, 13.714261478, -0.528101126893},
    {"pyDRTtools/zarc_data.txt", 1, 81, 162.000015026, 2434.758937, -341.227264},
};

static void sums_are_those_of_another_program(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_spectrum *spectra = NULL;
        const size_t count = spectra_of(arena, sums[i].name, &spectra);
        size_t points = 0;
        double logs = 0, real = 0, imaginary = 0;
        for (size_t s = 0; s < count; s++)
            for (size_t k = 0; k < spectra[s].count; k++, points++) {
                logs += log10(spectra[s].frequency_Hz[k]);
                real += spectra[s].real_ohm[k];
                imaginary += spectra[s].imaginary_ohm[k];
            }
        if (count != sums[i].sweeps || points != sums[i].points)
            fail_msg("%s: %zu sweeps, %zu points", sums[i].name, count, points);
        if (!(fabs(logs - sums[i].log_frequency) < 1e-9 * (double)points &&
              fabs(real - sums[i].real_ohm) <= 1e-9 * fabs(sums[i].real_ohm) &&
              fabs(imaginary - sums[i].imaginary_ohm) <= 1e-9 * fabs(sums[i].imaginary_ohm)))
            fail_msg("%s: sums %.12g %.12g %.12g", sums[i].name, logs, real, imaginary);
        closo_arena_free(arena);
    }
}

/* ---- what cannot be a spectrum ---- */

static void what_is_missing_is_named(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    closo_spectrum *spectra = NULL;
    closo_error error = {0};
    size_t count = 0;
    const closo_table *table =
        open_shared(arena, "impedance.py/exampleDataBioLogic_MissingFreq.mpt");
    assert_int_equal(closo_spectra_from_table(table, NULL, arena, &spectra, &count, &error),
                     CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "no frequency"));
    char path[4096];
    closo_table *bode = NULL;
    snprintf(path, sizeof path, "%s/data/eis/ImpedanceFitter/RohdeSchwarz_47R_100R_shunt.csv",
             shared_folder());
    assert_int_equal(closo_file_open(path, NULL, arena, &bode, &error), CLOSO_UNSUPPORTED);
    assert_non_null(strstr(error.message, "resistance of the shunt"));
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_spectra_equal_their_closed_form),
        cmocka_unit_test(control_spectra_give_their_parameters),
        cmocka_unit_test(cells_equal_strtod),
        cmocka_unit_test(pairs_are_equal),
        cmocka_unit_test(decimal_commas_change_nothing),
        cmocka_unit_test(sums_are_those_of_another_program),
        cmocka_unit_test(what_is_missing_is_named),
    };
    return cmocka_run_group_tests_name("shared impedance files", tests, NULL, NULL);
}
