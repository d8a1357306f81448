/* SPDX-License-Identifier: BSD-3-Clause */
/* Exports of cyclers: what each column is, which way the current flows, what clocks do. The samples have 0.36 A for 10 s,
 * which is 1 mAh. */
#include "cycler_samples.h"
#include "text_samples.h"

#include "closo/cycling.h"

#include <math.h>

static int set_up(void **state)
{
    *state = closo_arena_new(0);
    return *state != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    closo_arena_free(*state);
    return 0;
}

static double si_at(const closo_table *table, closo_quantity quantity, size_t row)
{
    double value;
    const closo_column *column = closo_table_find(table, quantity);
    if (column == NULL)
        fail_msg("%s: no column is %s", table->format, closo_quantity_name(quantity));
    closo_column_read_si(column, row, 1, &value);
    return value;
}

/* ---- every dialect ---- */

static void each_sample_has_its_quantities(void **state)
{
    static const struct {
        const char *text, *format;
        double time_s, potential_V, current_A, charge_C,
            discharge_C; /* of the last row; NaN: none */
    } samples[] = {
        {SAMPLE_MACCOR, "Maccor text", 20, 3.888, -0.36, (double)NAN, (double)NAN},
        {SAMPLE_MACCOR_MINUTES, "Maccor text", 180, 0.09, -0.06, (double)NAN, (double)NAN},
        {SAMPLE_ARBIN, "Arbin CSV", 20, 3.5, -1, 9.99972, 9.99972},
        {SAMPLE_LANDT, "Landt CSV", 10, 3.4, -1e-3, (double)NAN, (double)NAN},
        {SAMPLE_BASYTEC, "Basytec text", 20, 3.4, -0.36, 3.6, 3.6},
        {SAMPLE_NOVONIX, "Novonix CSV", 20, 3.7, -0.36, (double)NAN, (double)NAN},
        {SAMPLE_NEWARE, "Neware CSV", 20, 3.5, -1e-4, 0, 1e-3},
        {SAMPLE_NEWARE_OLD, "Neware CSV", 120, 3.4, -1e-3, 0, 0.06012},
        {SAMPLE_ARCHIVE, "BatteryArchive CSV", 20, 3.3, -1.1, 10.8, 10.8},
        {SAMPLE_IVIUM, "Ivium text", 20, 2.9, -1e-4, (double)NAN, (double)NAN},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const closo_table *table = open_text(*state, samples[i].text);
        const size_t last = table->row_count - 1;
        assert_string_equal(table->format, samples[i].format);
        assert_near(si_at(table, CLOSO_QUANTITY_TIME, last), samples[i].time_s, 1e-3);
        assert_near(si_at(table, CLOSO_QUANTITY_POTENTIAL, last), samples[i].potential_V, 1e-12);
        assert_near(si_at(table, CLOSO_QUANTITY_CURRENT, last), samples[i].current_A, 1e-12);
        assert_string_equal(closo_table_text(table, "current_sign"), "positive while charging");
        assert_non_null(closo_table_text(table, "instrument"));
        if (isnan(samples[i].charge_C))
            continue;
        assert_near(si_at(table, CLOSO_QUANTITY_CAPACITY_CHARGE, last), samples[i].charge_C, 1e-9);
        assert_near(si_at(table, CLOSO_QUANTITY_CAPACITY_DISCHARGE, last), samples[i].discharge_C,
                    1e-9);
    }
}

static void heads_become_metadata(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MACCOR);
    assert_string_equal(closo_table_text(table, "start_time"), "2016-11-02");
    assert_string_equal(closo_table_text(table, "file_name"), "cell.041");
    assert_string_equal(closo_table_text(table, "procedure"), "form.000");
    assert_string_equal(closo_table_text(table, "comments"), "LN7");
    table = open_text(*state, SAMPLE_MACCOR_MINUTES);
    assert_string_equal(closo_table_text(table, "channel"), "53");
    assert_string_equal(closo_table_text(table, "procedure"), "CT.000");
    table = open_text(*state, SAMPLE_BASYTEC);
    assert_string_equal(closo_table_text(table, "title"), "test");
    assert_string_equal(closo_table_text(table, "start_time"), "2023-06-19T17:56:53");
    table = open_text(*state, SAMPLE_NOVONIX);
    assert_near(number_si(table, "nominal_capacity"), 18000, 0);
    /* What nobody typed is kept, and is no mass and area of the cell. */
    assert_note(table, "a mass of 1 g and an area of 1 cm2: that is what Novonix writes");
    assert_near(number_si(table, "preset_mass"), 1e-3, 0);
    assert_near(number_si(table, "preset_area"), 1e-4, 0);
    assert_false(closo_table_number_si(table, "active_mass", &(double){0}));
    assert_false(closo_table_number_si(table, "electrode_area", &(double){0}));
}

static void a_renamed_separator_is_no_matter(void **state)
{
    char text[2000];
    snprintf(text, sizeof text, "%s", SAMPLE_ARBIN);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == ',' ? ';' : *c == '.' ? ',' : *c;
    const closo_table *table = open_text(*state, text);
    assert_string_equal(table->format, "Arbin CSV");
    assert_near(si_at(table, CLOSO_QUANTITY_POTENTIAL, 1), 3.6, 0);
    assert_near(si_at(table, CLOSO_QUANTITY_CAPACITY_CHARGE, 1), 9.99972, 1e-9);
}

/* One rule for every export: what names no zone is no Unix time, whether written as a date or as a spreadsheet's number. */
static void local_time_is_no_unix_time(void **state)
{
    const closo_table *table = open_text(*state, SAMPLE_ARBIN);
    assert_null(closo_table_find(table, CLOSO_QUANTITY_UNIX_TIME));
    assert_note(table, "name no time zone");
    assert_near(value_at(table, "Date_Time", 1) - value_at(table, "Date_Time", 0), 10, 0);
#define DATED_NAMES                                                                       \
    "Data_Point,Test_Time(s),Date_Time,Step_Index,Cycle_Index,Current(A),Voltage(V),Char" \
    "ge_Capacity(Ah),Discharge_Capacity(Ah)\n"
    table = open_text(*state, DATED_NAMES "1,0,45293.1278356,1,1,1,3.5,0,0\n"
                                          "2,10,45293.1279514,1,1,1,3.6,0.0027777,0\n"
                                          "3,20,,1,1,1,3.6,0.0027777,0\n");
    assert_null(closo_table_find(table, CLOSO_QUANTITY_UNIX_TIME));
    assert_string_equal(closo_table_find_name(table, "Date_Time")->unit, "d");
    assert_note(table, "days since 1899-12-30");
    table = open_text(*state, DATED_NAMES "1,0,1704164645,1,1,1,3.5,0,0\n"
                                          "2,10,1704164655,1,1,1,3.6,0.0027777,0\n");
    assert_near(si_at(table, CLOSO_QUANTITY_UNIX_TIME, 1), 1704164655, 0); /* BEEP writes these */
}

/* ---- signs ---- */

static void magnitudes_get_the_sign_of_the_state(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MACCOR);
    assert_near(value_at(table, "Amps", 2), 0.36, 0);
    assert_near(value_at(table, "signed current/A", 1), 0.36, 0);
    assert_near(value_at(table, "signed current/A", 2), -0.36, 0);
    assert_int_equal(closo_table_find_name(table, "Amp-hr")->quantity, CLOSO_QUANTITY_CAPACITY);
    assert_int_equal(closo_table_find_name(table, "Amps")->quantity, CLOSO_QUANTITY_OTHER);
    assert_true(closo_table_find(table, CLOSO_QUANTITY_CURRENT)->derived);
    assert_note(table, "sign is made from the words of column 'State'");
}

#define MACCOR_NAMES \
    "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\n"

static void rests_keep_the_zero_of_the_meter(void **state)
{
    closo_table *table = open_text(*state, MACCOR_NAMES "1\t1\t1\t0\t0\t0\t0\t0.00001\t3\tR\n"
                                                        "2\t1\t2\t9\t9\t0\t0\t0.5\t3.1\tC\n"
                                                        "3\t1\t3\t18\t9\t0\t0\t0.5\t3.0\tD\n"
                                                        "4\t1\t4\t27\t9\t0\t0\t0.5\t3.0\tX\n");
    assert_near(value_at(table, "signed current/A", 0), 1e-5, 0);
    assert_near(value_at(table, "signed current/A", 2), -0.5, 0);
    assert_true(isnan(value_at(table, "signed current/A", 3)));
    assert_note(table, "says neither charge nor discharge, in 1 row, the first is row 4");
}

static void signs_that_are_there_are_left(void **state)
{
    closo_table *table = open_text(*state, MACCOR_NAMES "1\t1\t2\t0\t0\t0\t0\t0.5\t3.1\tC\n"
                                                        "2\t1\t3\t9\t9\t0\t0\t-0.5\t3.0\tD\n");
    assert_near(value_at(table, "Amps", 1), -0.5, 0);
    assert_null(closo_table_find_name(table, "signed current/A"));
    assert_false(has_note(table, "sign"));
    /* Discharge positive: told, not turned. */
    table = open_text(*state, MACCOR_NAMES "1\t1\t2\t0\t0\t0\t0\t-0.5\t3.1\tC\n"
                                           "2\t1\t3\t9\t9\t0\t0\t0.5\t3.0\tD\n");
    assert_near(si_at(table, CLOSO_QUANTITY_CURRENT, 1), 0.5, 0);
    assert_note(table, "is against the words of column 'State' in 2 of 2 rows");
}

static void a_direction_nobody_tells_is_said(void **state)
{
    closo_table *table = open_text(
        *state, "Rec,Cycle C,Step,Test Time (sec),Step Time (sec),Capacity,Energy,Current,"
                "Voltage,DPT Time\n1,1,1,0,0,0,0,0.5,3,1/2/24 3:04:05 AM\n"
                "2,1,1,9,9,0.1,0.3,0.5,3.1,1/2/24 3:04:14 AM\n");
    assert_string_equal(table->format, "Maccor text");
    assert_note(table, "no column tells charge from discharge: it may be the magnitude");
    assert_null(closo_table_text(table, "current_sign"));
}

#define ARBIN_NAMES                                                                             \
    "Data_Point,Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V),Charge_Capacity(Ah)," \
    "Discharge_Capacity(Ah),Internal_Resistance(Ohm),dV/dt(V/s)\n"

static void counters_tell_a_wrong_sign(void **state)
{
    closo_table *table =
        open_text(*state, ARBIN_NAMES "1,0,1,1,-1,3,0,0,0,0\n2,9,1,1,-1,3.1,1,0,0,0\n"
                                      "3,18,1,1,-1,3.2,2,0,0,0\n"
                                      "4,27,2,1,1,3.1,2,1,0,0\n");
    assert_note(table, "runs against the counted capacities in 3 of 3 rows, the first is row 2");
    table = open_text(*state, ARBIN_NAMES "1,0,1,1,1,3,0,0,0,0\n2,9,1,1,1,3.1,1,0,0,0\n"
                                          "3,18,2,1,1,3.0,1,1,0,0\n4,27,2,1,1,2.9,1,2,0,0\n");
    assert_note(table, "it is the magnitude of the current, without a sign");
    table = open_text(*state, ARBIN_NAMES "1,0,1,1,1,3,0,0,0,0\n2,9,1,1,1,3.1,1,0,0,0\n"
                                          "3,18,2,1,-1,3.0,1,1,0,0\n4,27,2,1,-1,2.9,1,2,0,0\n");
    assert_int_equal(table->notes.count, 0);
}

/* ---- clocks ---- */

static void minutes_are_told_by_the_clock(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MACCOR_MINUTES);
    assert_near(value_at(table, "TestTime", 3), 3, 0);
    assert_near(si_at(table, CLOSO_QUANTITY_TIME, 3), 180, 0);
    assert_near(si_at(table, CLOSO_QUANTITY_STEP_TIME, 3), 60, 0);
    assert_note(table, "by the clock of column 'DPT Time' it counts minutes");
}

static void midnight_is_passed(void **state)
{
    closo_table *table = open_text(*state, MACCOR_NAMES "1\t1\t1\t23:59:40\t0\t0\t0\t0.1\t3\tC\n"
                                                        "2\t1\t1\t23:59:50\t10\t0\t0\t0.1\t3\tC\n"
                                                        "3\t1\t1\t00:00:00\t20\t0\t0\t0.1\t3\tC\n"
                                                        "4\t1\t1\t00:00:10\t30\t0\t0\t0.1\t3\tC\n");
    assert_near(si_at(table, CLOSO_QUANTITY_TIME, 3) - si_at(table, CLOSO_QUANTITY_TIME, 0), 30, 0);
    assert_note(table, "passes midnight 1 time");
}

static void a_clock_that_goes_back_is_told(void **state)
{
    closo_table *table =
        open_text(*state, ARBIN_NAMES "1,0,1,1,1,3,0,0,0,0\n2,90,1,1,1,3.1,1,0,0,0\n"
                                      "3,50,1,1,1,3.2,2,0,0,0\n"
                                      "4,60,1,1,1,3.3,3,0,0,0\n");
    assert_note(table, "lies before that of an earlier row in 2 rows, the first is row 3");
    assert_near(si_at(table, CLOSO_QUANTITY_TIME, 2), 50, 0);
}

static void step_times_are_added_up(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_NEWARE_OLD);
    static const double expected_s[] = {0, 60, 60, 120};
    for (size_t i = 0; i < 4; i++)
        assert_near(si_at(table, CLOSO_QUANTITY_TIME, i), expected_s[i], 0);
    assert_note(table, "it is added up from 'Time(h:min:s.ms)'");
}

/* ---- holes ---- */

static void holes_are_told_and_kept(void **state)
{
    closo_table *table = open_text(*state, ARBIN_NAMES "1,0,1,1,1,,0,0,,0\n2,9,1,1,nan,3.1,1,0,,0\n"
                                                       "3,18,1,1,1,inf,2,0,,0\n"
                                                       "4,27,1,1,1,3.3");
    assert_int_equal(table->row_count, 4);
    assert_true(isnan(value_at(table, "Voltage(V)", 0)));
    assert_note(table, "column 'Voltage(V)' has no value in 1 rows, the first in line 2");
    assert_note(table, "column 'Current(A)' has no value in 1 rows, the first in line 3");
    assert_note(table, "column 'Voltage(V)' has 1 infinite values, the first in line 4");
    assert_note(table, "line 5, the last, is cut short");
    assert_false(has_note(table, "Internal_Resistance"));
}

static void repeated_rows_pass_no_charge_twice(void **state)
{
    closo_cycling *cycling = NULL;
    closo_error error = {0};
    char text[2000] = ARBIN_NAMES;
    for (int i = 0; i <= 10; i++)
        for (int twice = 0; twice < 2; twice++)
            snprintf(text + strlen(text), sizeof text - strlen(text),
                     "%d,%d,1,1,0.36,3.%d,%g,0,0,0\n", i, 10 * i, i, 0.001 * i);
    const closo_table *table = open_text(*state, text);
    assert_int_equal(table->row_count, 22);
    if (closo_cycling_from_table(table, NULL, *state, &cycling, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(cycling->half_cycle_count, 1);
    assert_near(cycling->half_cycles[0].charge_C, 36, 1e-9);
}

/* ---- the Battery Data Format ---- */

static void bdf_that_keeps_its_word(void **state)
{
    closo_table *table = open_text(
        *state, "test_time_second,voltage_volt,current_ampere,unix_time_second,cycle_count,"
                "step_count,ambient_temperature_celsius,charging_capacity_ah,"
                "discharging_capacity_ah,net_capacity_ah,cumulative_capacity_ah\n"
                "0,3.5,0.36,1700000000,1,1,25,0,0,0,0\n"
                "10,3.6,0.36,1700000010,1,1,25,0.001,0,0.001,0.001\n"
                "20,3.5,-0.36,1700000020,1,2,25,0.001,0.001,0,0.002\n");
    assert_string_equal(closo_table_text(table, "bdf_validation"),
                        "keeps ontology 1.3.0 as far as closo checks it");
    assert_int_equal(table->notes.count, 1); /* what positive means */
}

static void bdf_departures_are_told(void **state)
{
    closo_table *table = open_text(
        *state, "test_time_second,voltage_volt,current_ampere,unix_time_second,cycle_count,"
                "charging_capacity_ah,discharging_capacity_ah,net_capacity_ah,"
                "cumulative_capacity_ah,flux_tesla\n"
                "0,3500,-0.36,1700000000,6.2832,0,0,0,0,1\n"
                "10,3600,-0.36,1700000010,6.2832,0.001,0,0.001,0.001,1\n"
                "20,3600,-0.36,1700000020,6.2832,0.002,0,0.002,0.002,1\n"
                "30,3500,0.36,1699999990,6.2832,0.002,0.001,0.003,0.001,1\n"
                "25,3500,0.36,1700000040,6.2832,0.001,0.002,0.003,-0.001,1\n");
    assert_note(table, "not there: step_count, ambient_temperature_celsius");
    assert_note(table,
                "1 column is no term of the Battery Data Format (ontology 1.3.0), the first is "
                "'flux_tesla'");
    assert_note(table, "reaches 3600 V: is it in millivolts?");
    assert_note(table,
                "'cycle_count' should count in whole numbers, but 5 rows are none, the first "
                "is 6.2832");
    assert_note(table,
                "'charging_capacity_ah' should count over the whole test, but is set back at "
                "row 5");
    assert_note(table, "'cumulative_capacity_ah' should never be negative");
    assert_note(table,
                "'net_capacity_ah' should be charging - discharging, but is not, first at row "
                "4; it is the other of the two, net and cumulative are exchanged");
    assert_note(table, "runs against the counted capacities");
    assert_note(table, "lies before that of an earlier row in 1 rows, the first is row 5");
    assert_note(table, "falls behind 'test_time_second' by 40 s at row 4");
    assert_non_null(
        strstr(closo_table_text(table, "bdf_validation"), "departs from ontology 1.3.0"));
}

static void bdf_labels_in_other_units_are_read(void **state)
{
    closo_table *table = open_text(*state, "Test Time / s,Voltage / mV,Current / A\n0,3500,0.1\n"
                                           "10,3510,0.1\n");
    assert_string_equal(table->format, "Battery Data Format CSV");
    assert_near(si_at(table, CLOSO_QUANTITY_POTENTIAL, 1), 3.51, 1e-12);
    assert_note(table, "column 'Voltage / mV' is read in mV; the Battery Data Format asks for V");
    table = open_text(*state, "test_time_second,voltage_volt,Strom\n0,3.5,0.1\n10,3.51,0.1\n");
    assert_note(table, "asks for a column current_ampere; 'Strom' is taken for it");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_sample_has_its_quantities),
        TEST(heads_become_metadata),
        TEST(a_renamed_separator_is_no_matter),
        TEST(local_time_is_no_unix_time),
        TEST(magnitudes_get_the_sign_of_the_state),
        TEST(rests_keep_the_zero_of_the_meter),
        TEST(signs_that_are_there_are_left),
        TEST(a_direction_nobody_tells_is_said),
        TEST(counters_tell_a_wrong_sign),
        TEST(minutes_are_told_by_the_clock),
        TEST(midnight_is_passed),
        TEST(a_clock_that_goes_back_is_told),
        TEST(step_times_are_added_up),
        TEST(holes_are_told_and_kept),
        TEST(repeated_rows_pass_no_charge_twice),
        TEST(bdf_that_keeps_its_word),
        TEST(bdf_departures_are_told),
        TEST(bdf_labels_in_other_units_are_read),
    };
    return cmocka_run_group_tests_name("exports of cyclers", tests, NULL, NULL);
}
