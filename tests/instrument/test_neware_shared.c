/* SPDX-License-Identifier: BSD-3-Clause */
/* Real files of Neware against the vendor's own export (BTSDA): every column and every row, within the digits that the
 * export has. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/instrument.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The export rounds: voltage to 0.1 mV, and to so many of each of these. Where a file has a coarser step it stands here. */
static const struct {
    const char *file;
    double current_uA, charge_mAs, energy_mWs; /* half of the export's last digit */
    double clock_s;                            /* closo - export: the export gives local time */
    size_t rows;
} pairs[] = {
    {"nda_v8.nda", 1e-3, 0.0501, 1e-3, -3600, 21},
    {"new_nda_file.nda", 1e-3, 0.0501, 1e-3, 0, 439},
    {"TestFile.nda", 0.15, 0.2501, 0.2501, -7200, 6670},
    {"21_10_7_85.ndax", 0.5, 0.0501, 1e-3, -3600, 141},
    {"Unit27_Example_Corrupt.ndax", 0.5, 1e-3, 1e-3, 0, 301},
    {"Unit27_Example_Data_File.ndax", 0.5, 1e-3, 1e-3, 0, 301},
    {"interp-test.ndax", 0.5, 1e-3, 1e-3, -3600, 333},
    /* Current is exported in whole microamperes; charges are added up in another order of floats. */
    {"nw4-120-1-6-53.ndax", 0.5, 3e-4, 1.1e-3, -3600, 18700},
    {"scrubbed_ndc2.ndax", 1e-3, 1e-3, 1e-3, 0, 28},
};

static closo_table *open_table(closo_arena *arena, const char *path)
{
    closo_table *table = NULL;
    closo_error error = {0};
    if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s: %s", path, error.message);
    return table;
}

static double *values_of(const closo_table *table, const char *name, closo_arena *arena)
{
    const closo_column *column = closo_table_find_name(table, name);
    double *values = closo_arena_alloc(arena, table->row_count, sizeof *values);
    if (column == NULL)
        fail_msg("there is no column %s", name);
    closo_column_read(column, 0, table->row_count, values);
    return values;
}

static void compare(const char *file, const closo_table *ours, const char *name, double factor,
                    const closo_table *theirs, const char *other, double half_digit,
                    closo_arena *arena)
{
    const double *mine = values_of(ours, name, arena);
    const double *vendor = values_of(theirs, other, arena);
    for (size_t row = 0; row < ours->row_count; row++) {
        /* The export went through a float. */
        const double limit = half_digit + 1.2e-7 * fabs(vendor[row]);
        if (!(fabs(mine[row] * factor - vendor[row]) <= limit))
            fail_msg("%s: %s in row %zu is %.12g, the export has %.12g", file, name, row,
                     mine[row] * factor, vendor[row]);
    }
}

/* The export has one magnitude (or signed number) for both directions. */
static void compare_sum(const char *file, const closo_table *ours, const char *in, const char *out,
                        const closo_table *theirs, const char *other, double half_digit,
                        closo_arena *arena)
{
    const double *charge = values_of(ours, in, arena), *discharge = values_of(ours, out, arena);
    const double *vendor = values_of(theirs, other, arena);
    for (size_t row = 0; row < ours->row_count; row++) {
        const double sum = (charge[row] + discharge[row]) * 3600;
        if (!(fabs(sum - fabs(vendor[row])) <= half_digit + 1.2e-7 * fabs(vendor[row])))
            fail_msg("%s: %s in row %zu is %.12g, the export has %.12g", file, in, row, sum,
                     vendor[row]);
        assert_true(charge[row] == 0 || discharge[row] == 0);
    }
}

static void compare_types(const char *file, const closo_table *ours, const closo_table *theirs,
                          closo_arena *arena)
{
    const closo_column *mine = closo_table_find_name(ours, "Step Type");
    const closo_column *vendor = closo_table_find_name(theirs, "Step Type");
    const double *m = values_of(ours, "Step Type", arena);
    const double *v = values_of(theirs, "Step Type", arena);
    assert_non_null(mine->labels);
    assert_non_null(vendor->labels);
    for (size_t row = 0; row < ours->row_count; row++) {
        char word[32];
        (void)snprintf(word, sizeof word, "%s", vendor->labels[(size_t)v[row]]);
        for (char *c = word; *c != '\0'; c++)
            *c = *c == '_' ? ' ' : *c; /* BTSDA of version 9 writes CC_Chg */
        if (strcmp(mine->labels[(size_t)m[row]], word) != 0)
            fail_msg("%s: row %zu is a step %s, the export has %s", file, row,
                     mine->labels[(size_t)m[row]], word);
    }
}

static void compare_clock(const char *file, const closo_table *ours, const closo_table *theirs,
                          double difference_s, closo_arena *arena)
{
    const double *mine = values_of(ours, "Timestamp/s", arena);
    const double *vendor = values_of(theirs, "Date", arena);
    for (size_t row = 0; row < ours->row_count; row++)
        if (!(fabs(mine[row] - vendor[row] - difference_s) <= 1e-3))
            fail_msg("%s: the clock of row %zu is %.3f, the export has %.3f", file, row, mine[row],
                     vendor[row]);
}

static void every_column_equals_the_export(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        closo_arena *arena = closo_arena_new(0);
        const char *file = pairs[i].file;
        const int stem = (int)(strrchr(file, '.') - file);
        const char *folder =
            closo_arena_printf(arena, "%s/data/echem/g-kimbell+fastnda", shared_folder());
        const closo_table *o = open_table(arena, closo_arena_printf(arena, "%s/%s", folder, file));
        const closo_table *t = open_table(
            arena, closo_arena_printf(arena, "%s/%.*s.expected.csv", folder, stem, file));
        assert_int_equal(o->row_count, pairs[i].rows);
        assert_int_equal(t->row_count, pairs[i].rows);
        compare(file, o, "Voltage/V", 1e3, t, "Voltage(mV)", 0.0502, arena);
        compare(file, o, "Current/mA", 1e3, t, "Current(uA)", pairs[i].current_uA, arena);
        compare(file, o, "Step Time/s", 1, t, "Time", 1e-6, arena);
        compare(file, o, "Time/s", 1, t, "Total Time", 1e-6, arena);
        compare(file, o, "Cycle Index", 1, t, "Cycle Index", 0, arena);
        compare(file, o, "Step Index", 1, t, "Step Index", 0, arena);
        compare(file, o, "Step Count", 1, t, "Step Count", 0, arena);
        compare_sum(file, o, "Charge capacity/mA.h", "Discharge capacity/mA.h", t, "Capacity(mAs)",
                    pairs[i].charge_mAs, arena);
        compare_sum(file, o, "Charge energy/mW.h", "Discharge energy/mW.h", t, "Energy(mWs)",
                    pairs[i].energy_mWs, arena);
        compare_types(file, o, t, arena);
        compare_clock(file, o, t, pairs[i].clock_s, arena);
        closo_arena_free(arena);
    }
}

static const closo_table *open_shared(closo_arena *arena, const char *file, const closo_table **csv)
{
    const char *folder =
        closo_arena_printf(arena, "%s/data/echem/g-kimbell+fastnda", shared_folder());
    const int stem = (int)(strrchr(file, '.') - file);
    if (csv != NULL)
        *csv = open_table(arena,
                          closo_arena_printf(arena, "%s/%.*s.expected.csv", folder, stem, file));
    return open_table(arena, closo_arena_printf(arena, "%s/%s", folder, file));
}

static void auxiliary_channels_equal_the_export(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    const closo_table *csv, *t = open_shared(arena, "TestFile.nda", &csv);
    compare("TestFile", t, "Temperature/degC", 1, csv, "T1", 6e-5, arena);
    t = open_shared(arena, "Unit27_Example_Data_File.ndax", &csv);
    compare("Unit27", t, "Aux 1 temperature/degC", 1, csv, "T1(?)", 0.0502, arena);
    compare("Unit27", t, "Aux 2 temperature/degC", 1, csv, "T2(?)", 0.0502, arena);
    t = open_shared(arena, "scrubbed_ndc2.ndax", &csv);
    compare("ndc2", t, "Aux 1 voltage/V", 1e3, csv, "V1(mV)", 1e-3, arena);
    compare("ndc2", t, "Aux 1 temperature/degC", 1, csv, "T1(?)", 1e-4, arena);
    compare("ndc2", t, "Aux 1 temperature setpoint/degC", 1, csv, "t1(?)", 1e-4, arena);
    /* The archive whose TestInfo.xml is damaged: the same numbers, without what they mean. */
    csv = open_shared(arena, "Unit27_Example_Data_File.ndax", NULL);
    t = open_shared(arena, "Unit27_Example_Corrupt.ndax", NULL);
    compare("corrupt", t, "Aux 1", 1, csv, "Aux 1 temperature/degC", 0, arena);
    assert_true(t->notes.count > 0);
    closo_arena_free(arena);
}

static void other_real_files_are_read(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    closo_trace trace;
    const closo_table *empty = open_shared(arena, "empty.ndax", NULL);
    assert_int_equal(empty->row_count, 0);
    assert_string_equal(empty->notes.texts[0],
                        "the file holds no measured points: the test had not begun");
    /* No export lies beside it: the charge that it stores equals its own current over its own time. */
    const closo_table *table = open_shared(arena, "test_2.ndax", NULL);
    assert_true(table->row_count > 100000);
    assert_int_equal(closo_trace_from_table(table, arena, &trace, NULL), CLOSO_OK);
    const double *charge = values_of(table, "Charge capacity/mA.h", arena);
    const double *discharge = values_of(table, "Discharge capacity/mA.h", arena);
    const double *step = values_of(table, "Step Count", arena);
    double sum_mAh = 0, stored_mAh = 0;
    for (size_t row = 1; row < trace.row_count; row++) {
        if (step[row] != step[row - 1])
            continue;
        sum_mAh += (trace.time_s[row] - trace.time_s[row - 1]) *
                   (trace.current_A[row] + trace.current_A[row - 1]) / 2 / 3.6;
        stored_mAh += charge[row] - charge[row - 1] - discharge[row] + discharge[row - 1];
    }
    print_message("test_2.ndax: %zu rows, current over time %.6g mAh, stored %.6g mAh\n",
                  trace.row_count, sum_mAh, stored_mAh);
    assert_near(stored_mAh, sum_mAh, 1e-3 * fabs(sum_mAh) + 1e-3);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_equals_the_export),
        cmocka_unit_test(auxiliary_channels_equal_the_export),
        cmocka_unit_test(other_real_files_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
