/* SPDX-License-Identifier: BSD-3-Clause */
/* Neware's .ndax, made here: each version with known values, every truncation, four values for every byte, exhausted memory,
 * archives that announce too much. */
#include "neware_buffer.h"

#include "base/base_internal.h"
#include "damage.h"
#include "make_zip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    unsigned char *bytes = make_ndax(17, &size);
    exhaust_memory("ndax", bytes, size);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(archives_of_each_version),
        cmocka_unit_test(an_archive_of_version_6),
        cmocka_unit_test(archives_of_the_oldest_versions),
        cmocka_unit_test(an_archive_of_version_5),
        cmocka_unit_test(archives_that_announce_too_much_are_refused),
        cmocka_unit_test(every_byte_of_ndax_damaged),
        cmocka_unit_test(every_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
