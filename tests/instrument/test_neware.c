/* SPDX-License-Identifier: BSD-3-Clause */
/* Neware's .nda and .ndax. The real files against the vendor's own export (BTSDA), every column and every row, within the
 * digits that the export has. Then files made here: each kind of record with known values, every truncation, four values
 * for every byte, exhausted memory, archives that announce too much. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/instrument.h"
#include "damage.h"
#include "make_zip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- against the vendor's export ---- */

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

/* ---- files made here ---- */

typedef struct buffer {
    unsigned char bytes[12288];
    size_t size;
} buffer;

static void put(buffer *b, uint64_t value, size_t count)
{
    for (size_t i = 0; i < count; i++)
        b->bytes[b->size++] = (unsigned char)(i < 8 ? value >> 8 * i : 0);
}

static void put_f32(buffer *b, double value)
{
    const float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    put(b, bits, 4);
}

static void put_head(buffer *b, unsigned version, size_t begin)
{
    memset(b, 0, sizeof *b);
    memcpy(b->bytes, "NEWARE20260101", 14);
    b->size = 14;
    put(b, version, 1);
    b->size = 16;
    put(b, 100, 4);
    b->size = 64;
    put(b, begin, 4);
    b->size = 126;
    put(b, 50, 4); /* the usual range, 26 bytes behind the place that byte 16 names */
    b->size = begin;
}

/* Row 1: rest; rows 2 and 3: charging with 20 mA, 3.5 V; range 50: one unit is 1e-3 mA. */
static void put_86(buffer *b, uint32_t index, unsigned type, double s, int32_t mV_tenths,
                   int32_t current, int64_t charge, bool calendar)
{
    const bool out = current < 0;
    put(b, 0x55, 1);
    put(b, 0, 1);
    put(b, index, 4);
    put(b, 0, 4);
    put(b, type, 2);
    put(b, type, 1);
    put(b, type, 1);
    put(b, (uint64_t)(s * 1000), 8);
    put(b, (uint32_t)mV_tenths, 4);
    put(b, (uint32_t)current, 4);
    put(b, 0, 8);
    put(b, out ? 0 : (uint64_t)charge, 8);
    put(b, out ? (uint64_t)charge : 0, 8);
    put(b, out ? 0 : (uint64_t)charge * 2, 8);
    put(b, out ? (uint64_t)charge * 2 : 0, 8);
    if (calendar) {
        put(b, 2026, 2);
        put(b, 1, 1);
        put(b, 2, 1);
        put(b, 3, 1);
        put(b, 4, 1);
        put(b, index, 2);
    } else {
        put(b, 1767323045 + index, 8);
    }
    put(b, 50, 4);
    put(b, 0, 4);
}

static void make_86(buffer *b, unsigned version)
{
    const bool calendar = version != 22;
    put_head(b, version, 200);
    put_86(b, 1, 4, 1, 30000, 0, 0, calendar);
    put_86(b, 2, 1, 0, 35000, 20000, 0, calendar);
    put_86(b, 3, 1, 1800, 36000, 20000, 36000000, calendar);
    put_86(b, 3, 1, 1800, 36000, 20000, 36000000, calendar); /* twice */
    put_86(b, 4, 2, 3600, 34000, -10000, 36000000, calendar);
    if (calendar) {
        put(b, 0x65, 1);
        put(b, 2, 1);
        put(b, 3, 4);
        put(b, 0, 16);
        put(b, 12345, 4);
        put(b, 0, 8);
        put(b, 251, 2);
        put(b, 0, 50);
    }
}

static void make_v8(buffer *b)
{
    put_head(b, 8, 200);
    for (uint32_t i = 1; i <= 4; i++) {
        put(b, 0, 1);
        put(b, i, 4);
        put(b, 1, 4);
        put(b, i == 1 ? 1 : 2, 1);
        put(b, i == 1 ? 4 : 2, 1);
        put(b, 1800 * i, 4);
        put(b, 35000 - i, 4);
        put(b, i == 1 ? 0 : (uint32_t)-20000, 4);
        put(b, 0, 8);
        put(b, i == 1 ? 0 : 36000000 * (i - 1), 8);
        put(b, i == 1 ? 0 : 72000000 * (i - 1), 8);
        put(b, 1767323045 + i, 8);
        put(b, 0, 4);
    }
}

static void make_bts91(buffer *b)
{
    put_head(b, 130, 1024);
    for (uint32_t i = 1; i <= 4; i++) {
        put(b, 0x0655, 2);
        put(b, i < 3 ? 1 : 2, 1);
        put(b, i < 3 ? 4 : 2, 1);
        put(b, 0, 4);
        put(b, i, 4);
        put(b, 10 * i, 4);
        put(b, 500000000, 4);
        put_f32(b, i < 3 ? 0 : -20);
        put_f32(b, 3.5);
        put_f32(b, i < 3 ? 0 : -3600.0 * i);
        put_f32(b, i < 3 ? 0 : -7200.0 * i);
        put(b, 0, 8);
        put(b, 1767323045 + i, 4);
        put(b, 250000000, 4);
        put_f32(b, 25.5);
    }
}

static void make_bts90(buffer *b)
{
    put_head(b, 130, 1024);
    for (uint32_t i = 1; i <= 3; i++) {
        put(b, 0x8155070050120000 >> 16, 6);
        put(b, 0x0601, 2);
        put(b, 0, 1);
        put(b, 1, 1);
        put(b, 1, 1);
        put(b, 0, 5);
        put(b, i, 4);
        put(b, 0, 8);
        put(b, 1000000 * i, 8);
        put_f32(b, 3.5);
        put_f32(b, 20);
        put(b, 0, 16);
        put_f32(b, 3600.0 * i);
        put_f32(b, 7200.0 * i);
        put(b, 1767323045000000 + i, 8);
        put(b, 0, 12);
    }
}

static closo_table *open_buffer(const buffer *b, closo_arena *arena)
{
    closo_table *table = NULL;
    closo_error error = {0};
    if (open_copy(b->bytes, b->size, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return table;
}

static double at(const closo_table *table, const char *name, size_t row)
{
    double value;
    const closo_column *column = closo_table_find_name(table, name);
    if (column == NULL || row >= table->row_count)
        fail_msg("there is no row %zu of a column %s", row, name);
    closo_column_read(column, row, 1, &value);
    return value;
}

static void records_of_86_bytes(void **state)
{
    (void)state;
    static const unsigned versions[] = {22, 26, 29};
    buffer *b = malloc(sizeof *b);
    for (size_t i = 0; i < 3; i++) {
        closo_arena *arena = closo_arena_new(0);
        make_86(b, versions[i]);
        const closo_table *t = open_buffer(b, arena);
        assert_int_equal(t->row_count, 4);
        assert_near(at(t, "Voltage/V", 2), 3.6, 1e-12);
        assert_near(at(t, "Current/mA", 2), 20, 1e-12);
        assert_near(at(t, "Current/mA", 3), -10, 1e-12);
        assert_near(at(t, "Charge capacity/mA.h", 2), 10, 1e-12);
        assert_near(at(t, "Discharge capacity/mA.h", 3), 10, 1e-12);
        assert_near(at(t, "Discharge energy/mW.h", 3), 20, 1e-12);
        assert_near(at(t, "Time/s", 2), 1801, 1e-12);
        assert_near(at(t, "Step Count", 3), 3, 0);
        /* 2026-01-02T03:04:05 is 1767323045 */
        if (versions[i] == 22) {
            assert_near(at(t, "Timestamp/s", 0), 1767323046, 0);
            assert_non_null(closo_table_find(t, CLOSO_QUANTITY_UNIX_TIME));
        } else {
            assert_near(at(t, "Timestamp/s", 3), 1767323044, 0);
            assert_null(closo_table_find(t, CLOSO_QUANTITY_UNIX_TIME));
            assert_near(at(t, "Aux 2 voltage/V", 2), 1.2345, 1e-12);
            assert_near(at(t, "Aux 2 temperature/degC", 2), 25.1, 1e-12);
            assert_true(isnan(at(t, "Aux 2 temperature/degC", 1)));
        }
        closo_arena_free(arena);
    }
    free(b);
}

static void records_of_other_versions(void **state)
{
    (void)state;
    buffer *b = malloc(sizeof *b);
    closo_arena *arena = closo_arena_new(0);
    make_v8(b);
    const closo_table *t = open_buffer(b, arena);
    assert_int_equal(t->row_count, 4);
    assert_near(at(t, "Discharge capacity/mA.h", 3), 30, 1e-12);
    assert_near(at(t, "Charge capacity/mA.h", 3), 0, 0);
    make_bts91(b);
    t = open_buffer(b, arena);
    assert_int_equal(t->row_count, 4);
    assert_near(at(t, "Time/s", 3), 40.5, 0);
    assert_near(at(t, "Step Time/s", 3), 20, 0);
    assert_near(at(t, "Discharge capacity/mA.h", 3), 4, 1e-9);
    assert_near(at(t, "Temperature/degC", 3), 25.5, 0);
    make_bts90(b);
    t = open_buffer(b, arena);
    assert_int_equal(t->row_count, 3);
    assert_near(at(t, "Charge energy/mW.h", 2), 6, 1e-9);
    assert_null(closo_table_find(t, CLOSO_QUANTITY_CYCLE));
    b->bytes[14] = 77;
    closo_table *none = NULL;
    closo_error error = {0};
    assert_int_equal(open_copy(b->bytes, b->size, arena, &none, &error), CLOSO_UNSUPPORTED);
    assert_non_null(strstr(error.message, "version 77"));
    closo_arena_free(arena);
    free(b);
}

/* ---- archives made here ---- */

/* Versions with 0.1 mV, mA, mAs and mWs; the others have V, A, Ah and Wh. */
static bool has_small_units(unsigned version)
{
    return version == 9 || version == 11 || version == 13 || version == 16;
}

static void begin_page(buffer *b, unsigned kind, unsigned version, unsigned valid)
{
    memset(b, 0, sizeof *b);
    put(b, kind, 2);
    put(b, version, 2);
    b->size = 4096 + 4;
    put(b, valid, 8);
    b->size = 4096 + 132;
}

static void make_data(buffer *b, unsigned version)
{
    const bool small = has_small_units(version);
    begin_page(b, 1, version, 0x0f);
    for (uint32_t i = 0; i < 4; i++) {
        put_f32(b, small ? 35000 : 3.5);
        put_f32(b, small ? 18 : 0.018);
    }
    b->size = 8192;
}

/* Moments at rows 1 and 3; row 2 and 4 lie 10 s behind them. */
static void make_run(buffer *b, unsigned version)
{
    static const size_t run_bytes[] = {
        [8] = 42, [9] = 45, [11] = 47, [12] = 47, [13] = 55, [14] = 55, [16] = 100, [17] = 100};
    begin_page(b, 18, version, 0x03);
    for (uint32_t i = 0; i < 2; i++) {
        const size_t begin = b->size;
        put(b, 20000 * i, 4);
        put(b, 0, 1);
        const double charge_mAh = 0.1 * i, unit = has_small_units(version) ? 3600 : 1e-3;
        put_f32(b, charge_mAh * unit);
        put_f32(b, 0);
        put_f32(b, charge_mAh * 3.5 * unit);
        put_f32(b, 0);
        put(b, 0, version == 8 ? 5 : 8);
        put(b, 10000, 4);
        put(b, 1767323045 + 20 * i, 4);
        put(b, 1, 4);
        put(b, 1 + 2 * i, 4);
        if (version > 9)
            put(b, 500, 2);
        b->size = begin + run_bytes[version];
    }
    b->size = 8192;
}

static void make_step(buffer *b, unsigned version)
{
    begin_page(b, 7, version, 0x01);
    put(b, 2, 4);
    put(b, 7, 4);
    put(b, 0, 16);
    put(b, 1, 1);
    b->size = 8192;
}

static const char test_info[] =
    "<?xml version=\"1.0\" encoding=\"GB2312\"?>\n<root><config><TestInfo StartTime=\"2026-01-02 "
    "03:04:05\" Remark=\"\xb5\xe7\xb3\xd8\"><Aux1 AuxID=\"5\" ChlType=\"103\"/></TestInfo></config>"
    "</root>";

static unsigned char *make_ndax(unsigned version, size_t *size)
{
    buffer *b = calloc(4, sizeof *b);
    make_data(&b[0], version);
    make_run(&b[1], version);
    make_step(&b[2], version);
    begin_page(&b[3], 5, version, 0x0f);
    for (size_t i = 0; i < 4; i++)
        if (has_small_units(version)) {
            put(&b[3], 0x65, 1);
            put_f32(&b[3], 0);
            put(&b[3], 255, 2);
        } else {
            put_f32(&b[3], 25.5);
        }
    b[3].size = 8192;
    const make_zip_part parts[] = {{"data.ndc", b[0].bytes, 8192},
                                   {"data_runInfo.ndc", b[1].bytes, 8192},
                                   {"data_step.ndc", b[2].bytes, 8192},
                                   {"data_AUX_9_3_1.ndc", b[3].bytes, 8192},
                                   {"TestInfo.xml", test_info, sizeof test_info - 1}};
    unsigned char *archive = make_zip(parts, sizeof parts / sizeof *parts, size);
    free(b);
    return archive;
}

static void archives_of_each_version(void **state)
{
    (void)state;
    static const unsigned versions[] = {8, 9, 11, 12, 13, 14, 16, 17};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        closo_arena *arena = closo_arena_new(0);
        size_t size;
        closo_table *t = NULL;
        closo_error error = {0};
        unsigned char *bytes = make_ndax(versions[i], &size);
        assert_int_equal(open_copy(bytes, size, arena, &t, &error), CLOSO_OK);
        assert_int_equal(t->row_count, 4);
        assert_near(at(t, "Voltage/V", 1), 3.5, 1e-7);
        assert_near(at(t, "Current/mA", 1), 18, 1e-5);
        assert_near(at(t, "Time/s", 3), 30, 1e-9);
        assert_near(at(t, "Timestamp/s", 3), 1767323075 + (versions[i] > 9 ? 0.5 : 0), 1e-6);
        assert_near(at(t, "Charge capacity/mA.h", 1), 0.05, 1e-8);
        assert_near(at(t, "Charge capacity/mA.h", 3), 0.15, 1e-8);
        assert_near(at(t, "Charge energy/mW.h", 3), 0.525, 1e-7);
        assert_near(at(t, "Cycle Index", 0), 3, 0);
        assert_near(at(t, "Step Index", 0), 7, 0);
        assert_near(at(t, "Aux 5 temperature/degC", 3), 25.5, 1e-5);
        assert_string_equal(closo_table_text(t, "start_time"), "2026-01-02 03:04:05");
        assert_string_equal(closo_table_text(t, "comments"), "\xe7\x94\xb5\xe6\xb1\xa0");
        free(bytes);
        closo_arena_free(arena);
    }
}

/* Version 6 has the sums in each row, as floats in V, A, Ah and Wh. */
static void an_archive_of_version_6(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    buffer *b = calloc(2, sizeof *b);
    size_t size;
    closo_table *t = NULL;
    begin_page(b, 1, 6, 0x07);
    for (uint32_t i = 0; i < 3; i++) {
        put(b, 1000 * i, 4);
        put(b, 0, 1);
        put_f32(b, 3.5);
        put_f32(b, i < 2 ? 0.02 : -0.01);
        put_f32(b, i < 2 ? 0.5 * i : 0);
        put_f32(b, i < 2 ? 0 : 0.25);
        put_f32(b, 0);
        put_f32(b, 0);
        put(b, 0, 1);
        put(b, 1767323045 + i, 4);
        put(b, i < 2 ? 4 : 5, 4);
    }
    b->size = 8192;
    make_step(&b[1], 6);
    const make_zip_part parts[] = {{"data.ndc", b[0].bytes, 8192},
                                   {"data_step.ndc", b[1].bytes, 8192}};
    unsigned char *bytes = make_zip(parts, 2, &size);
    assert_int_equal(open_copy(bytes, size, arena, &t, NULL), CLOSO_OK);
    assert_int_equal(t->row_count, 3);
    assert_near(at(t, "Current/mA", 1), 20, 1e-5);
    assert_near(at(t, "Charge capacity/mA.h", 1), 500, 1e-3);
    assert_near(at(t, "Discharge capacity/mA.h", 2), 250, 1e-3);
    assert_near(at(t, "Step Count", 2), 2, 0);
    assert_near(at(t, "Cycle Index", 0), 3, 0);
    assert_non_null(strstr(t->notes.texts[0], "version 6"));
    free(bytes);
    free(b);
    closo_arena_free(arena);
}

/* Versions 1 to 4 have pages of 512 bytes; 1 and 3 a shorter row. Those that nobody has described are refused. */
static void archives_of_the_oldest_versions(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    buffer *b = malloc(sizeof *b);
    size_t size;
    for (unsigned version = 1; version <= 4; version++) {
        closo_table *t = NULL;
        memset(b, 0, sizeof *b);
        put(b, 1, 2);
        put(b, version, 2);
        b->size = 512 + 5;
        for (uint32_t i = 1; i <= 3; i++) {
            const size_t begin = b->size;
            put(b, 0, 8);
            put(b, i, 4);
            put(b, 0, 4);
            put(b, 1, 1);
            put(b, 1, 1);
            put(b, 0, version % 2 == 1 ? 2 : 5);
            put(b, 1000 * i, 8);
            put(b, 35000, 4);
            put(b, 2000, 4);
            put(b, 0, 4);
            put(b, 360000, 8);
            b->size = begin + (version % 2 == 1 ? 72 : 75);
            put(b, 2026, 2);
            put(b, 1, 1);
            put(b, 2, 1);
            put(b, 3, 3);
            put(b, (uint32_t)-1000, 4);
            b->size = begin + (version % 2 == 1 ? 83 : 94);
        }
        const make_zip_part data = {"data.ndc", b->bytes, 1024};
        unsigned char *bytes = make_zip(&data, 1, &size);
        assert_int_equal(open_copy(bytes, size, arena, &t, NULL), CLOSO_OK);
        assert_int_equal(t->row_count, 3);
        assert_near(at(t, "Voltage/V", 2), 3.5, 1e-12);
        assert_near(at(t, "Current/mA", 2), 20, 1e-12);
        assert_near(at(t, "Step Time/s", 2), 3, 1e-12);
        assert_near(at(t, "Charge capacity/mA.h", 2), 1, 1e-12);
        free(bytes);
    }
    static const unsigned unknown[] = {7, 15, 18, 19, 21, 22, 23};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        closo_table *t = NULL;
        closo_error error = {0};
        begin_page(b, 1, unknown[i], 1);
        const make_zip_part data = {"data.ndc", b->bytes, 8192};
        unsigned char *bytes = make_zip(&data, 1, &size);
        assert_int_equal(open_copy(bytes, size, arena, &t, &error), CLOSO_UNSUPPORTED);
        assert_non_null(strstr(error.message, "not known"));
        free(bytes);
    }
    free(b);
    closo_arena_free(arena);
}

/* Version 5 holds everything in each row, as integers: three rows of 20 mA by the range of -1000 (0.01 mA). */
static void an_archive_of_version_5(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    buffer *b = malloc(sizeof *b);
    size_t size;
    closo_table *t = NULL;
    closo_error error = {0};
    begin_page(b, 1, 5, 0x0d); /* the second row is not valid */
    for (uint32_t i = 1; i <= 4; i++) {
        put(b, 0, 1);
        put(b, i, 4);
        put(b, 0, 4);
        put(b, 1, 1);
        put(b, i == 4 ? 2 : 1, 1);
        put(b, 0, 5);
        put(b, i == 4 ? 0 : 1000 * i, 8);
        put(b, 35000, 4);
        put(b, i == 4 ? (uint32_t)-2000 : 2000, 4);
        put(b, 0, 4);
        put(b, 360000, 8);
        put(b, 0, 8);
        put(b, 720000, 8);
        put(b, 0, 8);
        put(b, 2026, 2);
        put(b, 0x0504030201, 5);
        put(b, (uint32_t)-1000, 4);
        put(b, 0, 8);
    }
    const make_zip_part parts[] = {{"data.ndc", b->bytes, 8192}};
    unsigned char *bytes = make_zip(parts, 1, &size);
    assert_int_equal(open_copy(bytes, size, arena, &t, &error), CLOSO_OK);
    assert_int_equal(t->row_count, 3);
    assert_near(at(t, "Index", 1), 3, 0);
    assert_near(at(t, "Current/mA", 0), 20, 1e-12);
    assert_near(at(t, "Current/mA", 2), -20, 1e-12);
    assert_near(at(t, "Charge capacity/mA.h", 1), 1, 1e-12);
    assert_near(at(t, "Charge energy/mW.h", 1), 2, 1e-12);
    assert_near(at(t, "Time/s", 2), 3, 1e-12);
    assert_near(at(t, "Timestamp/s", 2), 1767323045, 0);
    free(bytes);
    free(b);
    closo_arena_free(arena);
}

/* 16 MiB of zeros in a few kilobytes, and too many members. */
static void archives_that_announce_too_much_are_refused(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    size_t size;
    closo_table *t = NULL;
    closo_error error = {0};
    void *zeros = calloc(16u << 20, 1);
    const make_zip_part bomb = {"data.ndc", zeros, 16u << 20};
    unsigned char *bytes = make_zip(&bomb, 1, &size);
    assert_int_equal(open_copy(bytes, size, arena, &t, &error), CLOSO_LIMIT);
    assert_non_null(strstr(error.message, "200:1"));
    free(bytes);
    make_zip_part *many = calloc(10001, sizeof *many);
    char *names = calloc(10001, 16);
    for (size_t i = 0; i < 10001; i++) {
        (void)snprintf(names + 16 * i, 16, "%zu.ndc", i);
        many[i] = (make_zip_part){names + 16 * i, "x", 1};
    }
    bytes = make_zip(many, 10001, &size);
    assert_int_equal(open_copy(bytes, size, arena, &t, &error), CLOSO_LIMIT);
    assert_non_null(strstr(error.message, "10000 members"));
    free(bytes);
    free(many);
    free(names);
    free(zeros);
    closo_arena_free(arena);
}

/* ---- damage ---- */

static void every_byte_of_nda_damaged(void **state)
{
    (void)state;
    buffer *b = malloc(sizeof *b);
    make_86(b, 29);
    damage_everywhere("nda", b->bytes, b->size, 1);
    make_v8(b);
    damage_everywhere("nda", b->bytes, b->size, 1);
    make_bts91(b);
    damage_everywhere("nda", b->bytes, b->size, 1);
    make_bts90(b);
    damage_everywhere("nda", b->bytes, b->size, 1);
    free(b);
}

static void every_byte_of_ndax_damaged(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = make_ndax(14, &size);
    damage_everywhere("ndax", bytes, size, 1);
    free(bytes);
}

static void every_allocation_fails(void **state)
{
    (void)state;
    size_t size;
    buffer *b = malloc(sizeof *b);
    make_86(b, 29);
    exhaust_memory("nda", b->bytes, b->size);
    make_bts91(b);
    exhaust_memory("nda", b->bytes, b->size);
    unsigned char *bytes = make_ndax(17, &size);
    exhaust_memory("ndax", bytes, size);
    free(bytes);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_equals_the_export),
        cmocka_unit_test(auxiliary_channels_equal_the_export),
        cmocka_unit_test(other_real_files_are_read),
        cmocka_unit_test(records_of_86_bytes),
        cmocka_unit_test(records_of_other_versions),
        cmocka_unit_test(archives_of_each_version),
        cmocka_unit_test(an_archive_of_version_6),
        cmocka_unit_test(archives_of_the_oldest_versions),
        cmocka_unit_test(an_archive_of_version_5),
        cmocka_unit_test(archives_that_announce_too_much_are_refused),
        cmocka_unit_test(every_byte_of_nda_damaged),
        cmocka_unit_test(every_byte_of_ndax_damaged),
        cmocka_unit_test(every_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
