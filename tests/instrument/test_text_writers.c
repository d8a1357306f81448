/* SPDX-License-Identifier: BSD-3-Clause */
/* What is written reads back the same; the trace and the JSON say what the table holds. */
#include "text_samples.h"

#include "base/base_internal.h"

#include <jansson.h>
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

typedef closo_status (*writer)(const closo_table *, const char *, closo_arena *, closo_error *);

static const char *written(const closo_table *table, writer write, closo_arena *arena)
{
    const char *path = temporary_path("written");
    closo_error error = {0};
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (write(table, path, arena, &error) != CLOSO_OK)
        fail_msg("not written: %s", error.message);
    assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &bytes, &size, &error), CLOSO_OK);
    remove(path);
    return (const char *)bytes;
}

/* Every value of one is the same value of the other; words are compared as words. */
static void assert_same_values(const closo_table *one, const closo_table *other)
{
    assert_int_equal(one->row_count, other->row_count);
    assert_int_equal(one->column_count, other->column_count);
    for (size_t c = 0; c < one->column_count; c++) {
        assert_string_equal(one->columns[c].name, other->columns[c].name);
        for (size_t row = 0; row < one->row_count; row++) {
            double first, second;
            closo_column_read(&one->columns[c], row, 1, &first);
            closo_column_read(&other->columns[c], row, 1, &second);
            assert_true((one->columns[c].labels != NULL) == (other->columns[c].labels != NULL));
            if (one->columns[c].labels != NULL && !isnan(first))
                assert_string_equal(one->columns[c].labels[(size_t)first],
                                    other->columns[c].labels[(size_t)second]);
            else if (one->columns[c].storage == CLOSO_STORE_F32)
                assert_true((float)first == (float)second || (isnan(first) && isnan(second)));
            else
                assert_true(memcmp(&first, &second, sizeof first) == 0 ||
                            (isnan(first) && isnan(second)));
        }
    }
}

static void csv_comes_back_exactly(void **state)
{
    static const char *const samples[] = {SAMPLE_MPT, SAMPLE_MPT_COMMA, SAMPLE_DTA, SAMPLE_BDF,
                                          SAMPLE_CSV};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        closo_table *table = open_text(*state, samples[i]);
        closo_table *again = open_text(*state, written(table, closo_table_write_csv, *state));
        assert_same_values(table, again);
    }
}

/* Numbers from a seeded generator with every bit pattern of the exponent, and awkward words. */
static void any_table_comes_back_exactly(void **state)
{
    enum { ROWS = 2000 };
    static const char *const words[] = {"plain",    "with,comma", "with \"marks\"", "two\nlines",
                                        " a blank", "",           "µ and ²",        "a;b"};
    closo_table *table = closo_table_new(*state, "made");
    static double doubles[ROWS], labels[ROWS];
    static float floats[ROWS];
    uint64_t seed = 12345;
    for (size_t i = 0; i < ROWS; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        memcpy(&doubles[i], &seed, sizeof doubles[i]);
        uint32_t high = (uint32_t)(seed >> 32);
        memcpy(&floats[i], &high, sizeof floats[i]);
        labels[i] = i % 9 == 8 ? (double)NAN : (double)(i % 9);
    }
    table->row_count = ROWS;
    assert_non_null(
        closo_table_add_values(table, "Ewe/V", NULL, CLOSO_QUANTITY_POTENTIAL, doubles));
    closo_column *column =
        closo_table_add_column(table, "I, the \"current\"/mA", "mA", CLOSO_QUANTITY_CURRENT);
    column->data = (const unsigned char *)floats;
    column->storage = CLOSO_STORE_F32;
    column->stride_bytes = sizeof *floats;
    column = closo_table_add_values(table, "words", "", CLOSO_QUANTITY_OTHER, labels);
    column->labels = words;
    column->label_count = sizeof words / sizeof *words;
    assert_same_values(table, open_text(*state, written(table, closo_table_write_csv, *state)));
}

static void floats_are_written_short(void **state)
{
    closo_table *table = closo_table_new(*state, "made");
    static const float values[] = {3.3F, 0.1F, 1e-7F};
    closo_column *column = closo_table_add_column(table, "Ewe/V", NULL, CLOSO_QUANTITY_POTENTIAL);
    column->data = (const unsigned char *)values;
    column->storage = CLOSO_STORE_F32;
    column->stride_bytes = sizeof *values;
    table->row_count = 3;
    assert_string_equal(written(table, closo_table_write_csv, *state), "Ewe/V\n3.3\n0.1\n1e-07\n");
}

static void csv_has_the_native_names(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MPT);
    const char *text = written(table, closo_table_write_csv, *state);
    assert_int_equal(strncmp(text,
                             "mode,time/s,Ewe/V,<I>/mA,cycle number,(Q-Qo)/C,Temperature/°C\n"
                             "2,0,1.5,-0.001,1,0,25\n",
                             80),
                     0);
}

/* ---- BDF ---- */

static void bdf_is_written(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MPT);
    const char *text = written(table, closo_table_write_bdf, *state);
    assert_non_null(strstr(text, "test_time_second,voltage_volt,current_ampere,cycle_count,"
                                 "temperature_t1_celsius\n"));
    closo_table *again = open_text(*state, text);
    assert_string_equal(again->format, "Battery Data Format CSV");
    assert_near(value_at(again, "current_ampere", 2), 3.5e-6, 1e-20);
    assert_near(value_at(again, "voltage_volt", 2), 1.502, 0);
    assert_near(value_at(again, "temperature_t1_celsius", 2), 25.2, 1e-12);
    /* What BDF asks for comes back from BDF unchanged. */
    table = open_text(*state, SAMPLE_BDF);
    again = open_text(*state, written(table, closo_table_write_bdf, *state));
    for (size_t row = 0; row < 3; row++)
        for (size_t c = 0; c < 4; c++)
            assert_near(value_at(again, table->columns[c].name, row),
                        value_at(table, table->columns[c].name, row), 0);
}

static void bdf_capacities_that_reset_belong_to_the_schedule(void **state)
{
    closo_table *table = open_text(*state, "time/s,Ewe/V,I/mA,Q charge/mA.h,Q discharge/mA.h\n"
                                           "0,1,1,0,0\n1,2,1,5,0\n2,1,-1,0,3\n");
    const char *text = written(table, closo_table_write_bdf, *state);
    assert_non_null(strstr(text, ",schedule_charging_capacity_ah,discharging_capacity_ah"));
}

static void bdf_impedance_has_its_sign(void **state)
{
    closo_table *table = open_text(*state, "time/s,Ewe/V,I/mA,freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n"
                                           "0,1,1,1000,5,2\n1,2,1,100,6,3\n");
    closo_table *again = open_text(*state, written(table, closo_table_write_bdf, *state));
    assert_near(value_at(again, "imaginary_impedance_ohm", 1), -3, 0);
    assert_near(value_at(again, "frequency_hertz", 0), 1000, 0);
}

static void bdf_needs_three_columns(void **state)
{
    closo_table *table = open_text(*state, "time/s,Ewe/V,n\n0,1,1\n1,2,1\n");
    closo_error error = {0};
    const char *path = temporary_path("never");
    assert_int_equal(closo_table_write_bdf(table, path, *state, &error), CLOSO_RANGE);
    assert_non_null(
        strstr(error.message, "no column with the current; there are time/s, Ewe/V, n"));
    FILE *file = fopen(path, "r");
    assert_null(file); /* whole or not at all */
}

/* ---- .mpt ---- */

static void mpt_comes_back(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MPT);
    const char *text = written(table, closo_table_write_mpt, *state);
    assert_non_null(strstr(text, "\r\n2\t1.000000000000000E+001\t1.501000000000000E+000\t"));
    assert_non_null(strstr(text, "cm\xb2\r\n"));
    closo_table *again = open_text(*state, text);
    assert_same_values(table, again);
    assert_string_equal(again->technique, "CV");
    assert_int_equal(again->setting_count, table->setting_count);
    assert_int_equal(again->metadatum_count, table->metadatum_count);
    for (size_t i = 0; i < table->metadatum_count; i++) {
        const closo_metadatum *entry = &table->metadata[i];
        const char *other = closo_table_text(again, entry->key);
        if (entry->text != NULL)
            assert_string_equal(other, entry->text);
        else
            assert_near(number_si(again, entry->key), number_si(table, entry->key), 0);
    }
    assert_int_equal(again->notes.count, 0);
}

/* The columns of other makers get the names and units of EC-Lab. */
static void mpt_of_other_makers(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_DTA);
    closo_table *again = open_text(*state, written(table, closo_table_write_mpt, *state));
    assert_string_equal(again->format, "BioLogic .mpt");
    assert_near(value_at(again, "I/mA", 2), -7.5e-3, 1e-18);
    assert_near(value_at(again, "Ewe/V", 0), 0.200054, 1e-15);
    assert_near(value_at(again, "time/s", 1), 0.12, 1e-15);
    assert_string_equal(word_at(again, "Over", 0), "..........a");
    assert_near(number_si(again, "scan_rate"), 0.05, 1e-15);
    assert_string_equal(closo_table_text(again, "start_time"), "2023-04-13T15:26:16.000");
}

static void mpt_loops_and_missing_values(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MPT_COMMA);
    const char *text = written(table, closo_table_write_mpt, *state);
    assert_non_null(strstr(text, "\tXXX\t"));
    closo_table *again = open_text(*state, text);
    assert_same_values(table, again);
    assert_int_equal(again->segment_count, 1);
    assert_int_equal(again->segments[0].row_count, 2);
}

/* ---- the trace ---- */

static void trace_takes_the_best_columns(void **state)
{
    closo_trace trace;
    closo_table *table = open_text(*state, SAMPLE_MPT);
    assert_int_equal(closo_trace_from_table(table, *state, &trace, NULL), CLOSO_OK);
    assert_string_equal(trace.current_name, "<I>/mA");
    assert_near(trace.current_A[1], 2e-6, 1e-20);
    assert_near(trace.potential_V[2], 1.502, 0);
    table = open_text(*state, "time/s,<I>/mA,I/mA,Ewe/V\n0,1,2,3\n1,1,2,3\n");
    assert_int_equal(closo_trace_from_table(table, *state, &trace, NULL), CLOSO_OK);
    assert_string_equal(trace.current_name, "I/mA");
}

/* 1 mA.h in 3600 s is 1 mA. */
static void trace_makes_current_from_charge(void **state)
{
    closo_trace trace;
    closo_table *table = open_text(*state, "time/s,Ewe/V,dq/mA.h\n0,1,0.5\n3600,2,1\n3600,2,0\n"
                                           "5400,3,-1\n");
    assert_int_equal(closo_trace_from_table(table, *state, &trace, NULL), CLOSO_OK);
    assert_near(trace.current_A[0], 0, 0);
    assert_near(trace.current_A[1], 1e-3, 1e-18);
    assert_near(trace.current_A[2], 0, 0);
    assert_near(trace.current_A[3], -2e-3, 1e-18);
    table = open_text(*state, "time/s,Ewe/V,(Q-Qo)/mA.h\n0,1,7\n3600,2,8\n7200,2,8\n");
    assert_int_equal(closo_trace_from_table(table, *state, &trace, NULL), CLOSO_OK);
    assert_near(trace.current_A[1], 1e-3, 1e-15);
    assert_near(trace.current_A[2], 0, 0);
}

static void trace_says_what_is_missing(void **state)
{
    closo_trace trace;
    closo_error error = {0};
    closo_table *table = open_text(*state, "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n10,1,2\n5,1,2\n");
    assert_int_equal(closo_trace_from_table(table, *state, &trace, &error), CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "no column with the time; there are freq/Hz, Re(Z)/Ohm"));
    table = open_text(*state, SAMPLE_MPS);
    assert_int_equal(closo_trace_from_table(table, *state, &trace, &error), CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "settings"));
    table = open_text(*state, "EC-Lab ASCII FILE\nNb header lines : 3\ntime/s\tEwe/V\tI/mA\t\n");
    assert_int_equal(closo_trace_from_table(table, *state, &trace, &error), CLOSO_RANGE);
}

/* ---- JSON ---- */

static void json_says_what_is_known(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_DTA);
    const char *text = closo_table_info_json(table, *state);
    assert_non_null(text);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, "format")), "Gamry .DTA");
    assert_int_equal(json_integer_value(json_object_get(object, "rows")), 3);
    const json_t *columns = json_object_get(object, "columns");
    assert_int_equal(json_array_size(columns), table->column_count);
    const json_t *third = json_array_get(columns, 3);
    assert_string_equal(json_string_value(json_object_get(third, "name")), "Im");
    assert_string_equal(json_string_value(json_object_get(third, "quantity")), "current");
    const json_t *metadata = json_object_get(object, "metadata");
    assert_near(json_number_value(json_object_get(metadata, "scan_rate_mV_s")), 50, 1e-12);
    assert_near(json_number_value(json_object_get(metadata, "electrode_area_cm2")), 0.25, 1e-12);
    assert_int_equal(json_array_size(json_object_get(object, "segments")), 2);
    assert_int_equal(json_array_size(json_object_get(object, "notes")), table->notes.count);
    assert_int_equal(json_array_size(json_object_get(object, "further_tables")), 1);
    json_decref(object);
}

/* Found by fuzzing: a note that quotes bytes of a damaged file. */
static void json_stands_any_bytes(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_BDF);
    closo_table_note(table, "module '%s' is damaged", "VMP\xff\xfe");
    assert_int_equal(closo_table_set_text(table, "comments", "half a character \xc2"), CLOSO_OK);
    const char *text = closo_table_info_json(table, *state);
    assert_non_null(text);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    assert_int_equal(json_array_size(json_object_get(object, "notes")), table->notes.count);
    json_decref(object);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(csv_comes_back_exactly),
        TEST(any_table_comes_back_exactly),
        TEST(floats_are_written_short),
        TEST(csv_has_the_native_names),
        TEST(bdf_is_written),
        TEST(bdf_capacities_that_reset_belong_to_the_schedule),
        TEST(bdf_impedance_has_its_sign),
        TEST(bdf_needs_three_columns),
        TEST(mpt_comes_back),
        TEST(mpt_of_other_makers),
        TEST(mpt_loops_and_missing_values),
        TEST(trace_takes_the_best_columns),
        TEST(trace_makes_current_from_charge),
        TEST(trace_says_what_is_missing),
        TEST(json_says_what_is_known),
        TEST(json_stands_any_bytes),
    };
    return cmocka_run_group_tests_name("text writers", tests, NULL, NULL);
}
