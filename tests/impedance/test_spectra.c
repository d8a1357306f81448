/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables split into sweeps: made-up tables with known boundaries, and instrument files whose sweeps are known. */
#include "impedance_test.h"

#include "base/base_internal.h"
#include "closo/impedance.h"
#include "closo/instrument.h"

#include <math.h>
#include <string.h>

enum { ROWS = 64 };

typedef struct made {
    double frequency[ROWS], real[ROWS], imaginary[ROWS], cycle[ROWS];
    size_t count;
} made;

/* R = 10 ohm in series with C = 1 uF, -3 steps a decade from 1e5 Hz. */
static void add(made *rows, double frequency, double cycle)
{
    size_t i = rows->count++;
    rows->frequency[i] = frequency;
    rows->real[i] = 10;
    rows->imaginary[i] = -1 / (6.283185307179586 * frequency * 1e-6);
    rows->cycle[i] = cycle;
}

static void add_sweep(made *rows, double from, double factor, size_t count, double cycle)
{
    for (size_t i = 0; i < count; i++)
        add(rows, from * pow(factor, (double)i), cycle);
}

static closo_table *table_of(const made *rows, bool with_cycle)
{
    closo_table *table = closo_table_new(arena, "folder/made.txt");
    assert_non_null(table);
    table->row_count = rows->count;
    assert_non_null(
        closo_table_add_values(table, "freq/Hz", NULL, CLOSO_QUANTITY_FREQUENCY, rows->frequency));
    assert_non_null(closo_table_add_values(table, "Re(Z)/Ohm", NULL, CLOSO_QUANTITY_IMPEDANCE_REAL,
                                           rows->real));
    assert_non_null(closo_table_add_values(table, "Im(Z)/Ohm", NULL,
                                           CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, rows->imaginary));
    if (with_cycle)
        assert_non_null(
            closo_table_add_values(table, "cycle number", NULL, CLOSO_QUANTITY_CYCLE, rows->cycle));
    return table;
}

static size_t split(const closo_table *table, const closo_spectra_options *options,
                    closo_spectrum **spectra)
{
    size_t count = 0;
    closo_error error = {0};
    if (closo_spectra_from_table(table, options, arena, spectra, &count, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    for (size_t s = 0; s < count; s++)
        for (size_t i = 1; i < (*spectra)[s].count; i++)
            assert_true((*spectra)[s].frequency_Hz[i] < (*spectra)[s].frequency_Hz[i - 1]);
    return count;
}

static bool has_note(const closo_notes *notes, const char *word)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strstr(notes->texts[i], word) != NULL)
            return true;
    return false;
}

static void splits_where_the_frequency_jumps_back(void **state)
{
    (void)state;
    made rows = {.count = 0};
    add_sweep(&rows, 1e5, 0.5, 12, 1);
    add_sweep(&rows, 1e5, 0.5, 7, 1);
    add_sweep(&rows, 1e5, 0.5, 12, 1);
    closo_spectrum *spectra;
    assert_int_equal(split(table_of(&rows, false), NULL, &spectra), 3);
    assert_int_equal(spectra[0].count, 12);
    assert_int_equal(spectra[1].count, 7);
    assert_int_equal(spectra[2].count, 12);
    assert_int_equal(spectra[1].first_row, 12);
    assert_string_equal(spectra[1].name, "made.txt, sweep 2");
    assert_int_equal(spectra[0].notes.count, 0);
}

static void splits_where_the_frequency_turns_round(void **state)
{
    (void)state;
    made rows = {.count = 0};
    add_sweep(&rows, 1e5, 0.5, 12, 1);
    add_sweep(&rows, 2e5 * pow(0.5, 11), 2, 11, 1);
    closo_spectrum *spectra;
    assert_int_equal(split(table_of(&rows, false), NULL, &spectra), 2);
    assert_int_equal(spectra[0].count, 12);
    assert_int_equal(spectra[1].count, 11);
    assert_near(spectra[1].frequency_Hz[0], 1e5 * 2 * 0.5, 1e-6);
}

static void keeps_a_sweep_with_a_step_back_whole(void **state)
{
    (void)state;
    made rows = {.count = 0};
    add_sweep(&rows, 1e5, 0.5, 8, 1);
    add(&rows, 1e5 * pow(0.5, 6.5), 1); /* measured again in the next current range */
    add_sweep(&rows, 1e5 * pow(0.5, 8), 0.5, 6, 1);
    closo_spectrum *spectra;
    assert_int_equal(split(table_of(&rows, false), NULL, &spectra), 1);
    assert_int_equal(spectra[0].count, 15);
    assert_string_equal(spectra[0].name, "made.txt");
}

static void splits_by_the_instruments_words(void **state)
{
    (void)state;
    /* A loop of one frequency range that continues the other: only the counter tells. */
    made rows = {.count = 0};
    add_sweep(&rows, 1e5, 0.5, 6, 1);
    add_sweep(&rows, 1e3, 0.5, 6, 2);
    closo_spectrum *spectra;
    closo_table *table = table_of(&rows, true);
    assert_int_equal(split(table, NULL, &spectra), 2);
    assert_near(spectra[1].cycle, 2, 0);
    table = table_of(&rows, false);
    assert_int_equal(split(table, NULL, &spectra), 1);
    assert_int_equal(closo_table_add_segment(table, "loop 0", 0, 6), CLOSO_OK);
    assert_int_equal(closo_table_add_segment(table, "loop 1", 6, 6), CLOSO_OK);
    assert_int_equal(split(table, NULL, &spectra), 2);
    assert_true(isnan(spectra[1].cycle));
}

static void leaves_out_what_is_no_point(void **state)
{
    (void)state;
    made rows = {.count = 0};
    add_sweep(&rows, 1e5, 0.5, 10, 1);
    rows.frequency[2] = 0;
    rows.real[4] = NAN;
    rows.frequency[6] = -3;
    rows.imaginary[7] = INFINITY;
    rows.frequency[9] = rows.frequency[8]; /* repeated: the mean is taken */
    rows.real[9] = 14;
    closo_spectrum *spectra;
    assert_int_equal(split(table_of(&rows, false), NULL, &spectra), 1);
    assert_int_equal(spectra[0].count, 5);
    assert_near(spectra[0].real_ohm[4], 12, 1e-12);
    assert_true(has_note(&spectra[0].notes, "2 points without a finite"));
    assert_true(has_note(&spectra[0].notes, "2 points of no or negative frequency"));
    assert_true(has_note(&spectra[0].notes, "1 point at a frequency that was there"));
}

static void refuses_what_holds_nothing(void **state)
{
    (void)state;
    made rows = {.count = 0};
    add_sweep(&rows, 1e5, 0.5, 3, 1);
    for (size_t i = 0; i < 3; i++)
        rows.frequency[i] = 0;
    closo_spectrum *spectra;
    size_t count = 7;
    closo_error error = {0};
    assert_int_equal(
        closo_spectra_from_table(table_of(&rows, false), NULL, arena, &spectra, &count, &error),
        CLOSO_RANGE);
    assert_int_equal(count, 0);
    assert_non_null(strstr(error.message, "none of the 3 rows"));
    closo_table *table = closo_table_new(arena, "cv.txt");
    table->row_count = 3;
    assert_non_null(
        closo_table_add_values(table, "Ewe/V", NULL, CLOSO_QUANTITY_POTENTIAL, rows.real));
    assert_int_equal(closo_spectra_from_table(table, NULL, arena, &spectra, &count, &error),
                     CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "'Ewe/V'"));
    closo_spectra_options counter = {.electrode = "CE"};
    assert_int_equal(
        closo_spectra_from_table(table_of(&rows, false), &counter, arena, &spectra, &count, &error),
        CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "electrode 'CE'"));
}

static void takes_a_single_point_with_a_note(void **state)
{
    (void)state;
    made rows = {.count = 0};
    add(&rows, 1000, 1);
    closo_spectrum *spectra;
    assert_int_equal(split(table_of(&rows, false), NULL, &spectra), 1);
    assert_int_equal(spectra[0].count, 1);
    assert_true(has_note(&spectra[0].notes, "one point"));
}

static void takes_modulus_and_phase_and_either_sign(void **state)
{
    (void)state;
    double frequency[3] = {100, 10, 1}, modulus[3] = {2, 3, 5}, phase[3] = {-90, -45, -60};
    double minus[3] = {1, 2, 3};
    closo_table *table = closo_table_new(arena, "polar.csv");
    table->row_count = 3;
    closo_table_add_values(table, "f/Hz", NULL, CLOSO_QUANTITY_FREQUENCY, frequency);
    closo_table_add_values(table, "|Z|/Ohm", NULL, CLOSO_QUANTITY_IMPEDANCE_MODULUS, modulus);
    closo_table_add_values(table, "Phase(Z)/deg", NULL, CLOSO_QUANTITY_PHASE, phase);
    closo_spectrum *spectra;
    assert_int_equal(split(table, NULL, &spectra), 1);
    assert_near(spectra[0].real_ohm[1], 3 * sqrt(0.5), 1e-12);
    assert_near(spectra[0].imaginary_ohm[1], -3 * sqrt(0.5), 1e-12);
    assert_near(spectra[0].imaginary_ohm[0], -2, 1e-12);
    closo_table_add_values(table, "Z'/kOhm", NULL, CLOSO_QUANTITY_IMPEDANCE_REAL, modulus);
    closo_table_add_values(table, "-Z''/kOhm", NULL, CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY,
                           minus);
    assert_int_equal(split(table, NULL, &spectra), 1);
    assert_near(spectra[0].real_ohm[2], 5000, 1e-9);
    assert_near(spectra[0].imaginary_ohm[2], -3000, 1e-9);
    const closo_spectra_options window = {.from_Hz = 5, .turn_imaginary = true};
    assert_int_equal(split(table, &window, &spectra), 1);
    assert_int_equal(spectra[0].count, 2);
    assert_near(spectra[0].imaginary_ohm[1], 2000, 1e-9);
}

static void warns_of_a_turned_sign_but_not_of_a_coil(void **state)
{
    (void)state;
    made rows = {.count = 0};
    /* An arc of 100 ohm and 1 uF, its Z'' stored positive. */
    for (double f = 1e6; f > 1; f /= 2) {
        double wt = 6.283185307179586 * f * 100 * 1e-6;
        add(&rows, f, 1);
        rows.real[rows.count - 1] = 100 / (1 + wt * wt);
        rows.imaginary[rows.count - 1] = 100 * wt / (1 + wt * wt);
    }
    closo_spectrum *spectra;
    assert_int_equal(split(table_of(&rows, false), NULL, &spectra), 1);
    assert_true(has_note(&spectra[0].notes, "turn the sign"));
    closo_spectra_options turn = {.turn_imaginary = true};
    assert_int_equal(split(table_of(&rows, false), &turn, &spectra), 1);
    assert_int_equal(spectra[0].notes.count, 0);
    for (size_t i = 0; i < rows.count; i++) /* a resistor with a long lead */
        rows.imaginary[i] = 6.283185307179586 * rows.frequency[i] * 1e-4;
    assert_int_equal(split(table_of(&rows, false), NULL, &spectra), 1);
    assert_int_equal(spectra[0].notes.count, 0);
}

static void tells_what_the_file_knows(void **state)
{
    (void)state;
    made rows = {.count = 0};
    add_sweep(&rows, 1e5, 0.5, 6, 1);
    closo_table *table = table_of(&rows, false);
    assert_int_equal(closo_table_set_number(table, "temperature", 25, "degC"), CLOSO_OK);
    assert_int_equal(closo_table_set_number(table, "amplitude", 10, "mV"), CLOSO_OK);
    assert_int_equal(closo_table_set_number(table, "thickness", 0.75, "mm"), CLOSO_OK);
    assert_int_equal(closo_table_set_number(table, "diameter", 13, "mm"), CLOSO_OK);
    closo_spectrum *spectra;
    assert_int_equal(split(table, NULL, &spectra), 1);
    assert_near(spectra[0].temperature_K, 298.15, 1e-9);
    assert_near(spectra[0].amplitude, 0.01, 1e-12);
    assert_false(spectra[0].galvanostatic);
    assert_near(spectra[0].thickness_m, 7.5e-4, 1e-12);
    assert_near(spectra[0].area_m2, 1.32732e-4, 1e-8);
    assert_true(isnan(spectra[0].potential_V));
}

static void splits_the_files_of_instruments(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    static const struct {
        const char *file;
        size_t sweeps, points;
    } known[] = {{"yadg/peis.issue_149.mpt", 4, 21},
                 {"yadg/geis.issue_149.mpr", 4, 21},
                 {"yadg/peis.issue_225.no_ece.mpr", 1, 32},
                 {"PyEIS/ex1.mpt", 2, 59},
                 {"PyEIS/ex2.mpt", 2, 59},
                 {"impedance.py/exampleDataGamry.DTA", 1, 72},
                 {"hybrid-drt/EISGALV_EISTest3.DTA", 1, 71}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        char path[512];
        snprintf(path, sizeof path, "%s/data/eis/%s", shared_folder(), known[k].file);
        closo_table *table;
        closo_error error = {0};
        assert_int_equal(closo_file_open(path, NULL, arena, &table, &error), CLOSO_OK);
        while (table->next != NULL && closo_table_find(table, CLOSO_QUANTITY_FREQUENCY) == NULL)
            table = table->next;
        closo_spectrum *spectra;
        size_t count = split(table, NULL, &spectra);
        if (count != known[k].sweeps || spectra[0].count != known[k].points)
            fail_msg("%s: %zu sweeps, the first of %zu points", known[k].file, count,
                     spectra[0].count);
    }
}

static bool is_noted(const closo_spectrum *spectrum, const char *words)
{
    for (size_t i = 0; i < spectrum->notes.count; i++)
        if (strstr(spectrum->notes.texts[i], words) != NULL)
            return true;
    return false;
}

/* Rows in no order are one sweep; the same frequencies twice, in order, are two. */
static void shuffled_rows_are_one_sweep(void **state)
{
    (void)state;
    made rows = {.count = 0};
    closo_spectrum *spectra;
    for (size_t i = 0; i < 30; i++)
        add(&rows, 1e5 * pow(0.7, (double)(i * 11 % 30)), 1);
    assert_int_equal(split(table_of(&rows, false), NULL, &spectra), 1);
    assert_int_equal(spectra[0].count, 30);
    assert_true(is_noted(&spectra[0], "in no order"));
    rows.count = 0;
    for (int sweep = 0; sweep < 5; sweep++)
        add_sweep(&rows, 1e5, 0.1, 4, 1);
    assert_int_equal(split(table_of(&rows, false), NULL, &spectra), 5);
    assert_false(is_noted(&spectra[0], "in no order"));
}

/* Impedances that nothing has are left out, before their squares leave the range of numbers. */
static void absurd_impedances_are_left_out(void **state)
{
    (void)state;
    made rows = {.count = 0};
    closo_spectrum *spectra;
    add_sweep(&rows, 1e5, 0.5, 12, 1);
    rows.real[3] = 1e200;
    rows.real[4] = rows.imaginary[4] = 1e-200;
    assert_int_equal(split(table_of(&rows, false), NULL, &spectra), 1);
    assert_int_equal(spectra[0].count, 10);
    assert_true(is_noted(&spectra[0], "2 points whose impedance is beyond"));
}

static void a_negative_real_part_is_noted(void **state)
{
    (void)state;
    made rows = {.count = 0};
    closo_spectrum *spectra;
    add_sweep(&rows, 1e5, 0.5, 12, 1);
    (void)split(table_of(&rows, false), NULL, &spectra);
    assert_false(is_noted(&spectra[0], "Z' is negative"));
    for (size_t i = 0; i < rows.count; i++)
        rows.real[i] *= -1;
    (void)split(table_of(&rows, false), NULL, &spectra);
    assert_true(is_noted(&spectra[0], "Z' is negative"));
}

static void an_empty_table_is_told(void **state)
{
    (void)state;
    made rows = {.count = 0};
    closo_spectrum *spectra;
    size_t count;
    closo_error error = {0};
    assert_int_equal(
        closo_spectra_from_table(table_of(&rows, false), NULL, arena, &spectra, &count, &error),
        CLOSO_RANGE);
    assert_non_null(strstr(error.message, "no rows"));
    add(&rows, 100, 1);
    closo_table *table = table_of(&rows, false);
    static const char *const labels[] = {"many"};
    table->columns[1].labels = labels;
    table->columns[1].label_count = 1;
    table->columns[1].quantity = CLOSO_QUANTITY_OTHER;
    assert_int_equal(closo_spectra_from_table(table, NULL, arena, &spectra, &count, &error),
                     CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "'Re(Z)/Ohm' (words, no numbers)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_where_the_frequency_jumps_back),
        cmocka_unit_test(splits_where_the_frequency_turns_round),
        cmocka_unit_test(keeps_a_sweep_with_a_step_back_whole),
        cmocka_unit_test(splits_by_the_instruments_words),
        cmocka_unit_test(leaves_out_what_is_no_point),
        cmocka_unit_test(refuses_what_holds_nothing),
        cmocka_unit_test(takes_a_single_point_with_a_note),
        cmocka_unit_test(takes_modulus_and_phase_and_either_sign),
        cmocka_unit_test(warns_of_a_turned_sign_but_not_of_a_coil),
        cmocka_unit_test(tells_what_the_file_knows),
        cmocka_unit_test(splits_the_files_of_instruments),
        cmocka_unit_test(shuffled_rows_are_one_sweep),
        cmocka_unit_test(absurd_impedances_are_left_out),
        cmocka_unit_test(a_negative_real_part_is_noted),
        cmocka_unit_test(an_empty_table_is_told),
    };
    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
