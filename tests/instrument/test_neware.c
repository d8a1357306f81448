/* SPDX-License-Identifier: BSD-3-Clause */
/* Neware's .nda, made here: each kind of record with known values, every truncation, four values for every byte, exhausted
 * memory. */
#include "neware_buffer.h"

#include "base/base_internal.h"
#include "damage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static void every_allocation_fails(void **state)
{
    (void)state;
    buffer *b = malloc(sizeof *b);
    make_86(b, 29);
    exhaust_memory("nda", b->bytes, b->size);
    make_bts91(b);
    exhaust_memory("nda", b->bytes, b->size);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_86_bytes),
        cmocka_unit_test(records_of_other_versions),
        cmocka_unit_test(every_byte_of_nda_damaged),
        cmocka_unit_test(every_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
