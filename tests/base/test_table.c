/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include "base/base_internal.h"

#include <math.h>
#include <string.h>

static void columns_are_views(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = closo_table_new(arena, "records");
    /* Three records of 15 bytes, nothing aligned: flags u8, range u16, f32, f64. */
    unsigned char records[45];
    for (size_t i = 0; i < 3; i++) {
        unsigned char *record = records + 15 * i;
        float current_mA = 1.5f * (float)i;
        double time_s = 10.25 * (double)i;
        record[0] = (unsigned char)(0x84 | i);
        record[1] = 0x34;
        record[2] = 0x12;
        memcpy(record + 3, &current_mA, 4);
        memcpy(record + 7, &time_s, 8);
    }
    table->row_count = 3;
    closo_column *column = closo_table_add_column(table, "mode", NULL, CLOSO_QUANTITY_MODE);
    column->storage = CLOSO_STORE_U8;
    column->data = records;
    column->stride_bytes = 15;
    column->bit_mask = 0x03;
    column = closo_table_add_column(table, "ox/red", "", CLOSO_QUANTITY_FLAG);
    column->storage = CLOSO_STORE_U8;
    column->data = records;
    column->stride_bytes = 15;
    column->bit_mask = 0x04;
    column->bit_shift = 2;
    column = closo_table_add_column(table, "I Range", NULL, CLOSO_QUANTITY_RANGE);
    column->storage = CLOSO_STORE_U16;
    column->data = records + 1;
    column->stride_bytes = 15;
    column = closo_table_add_column(table, "I/mA", NULL, CLOSO_QUANTITY_CURRENT);
    column->storage = CLOSO_STORE_F32;
    column->data = records + 3;
    column->stride_bytes = 15;
    column = closo_table_add_column(table, "time/s", NULL, CLOSO_QUANTITY_TIME);
    column->storage = CLOSO_STORE_F64;
    column->data = records + 7;
    column->stride_bytes = 15;

    double values[3];
    closo_column_read(closo_table_find_name(table, "mode"), 0, 3, values);
    assert_near(values[2], 2, 0);
    closo_column_read(closo_table_find(table, CLOSO_QUANTITY_FLAG), 0, 3, values);
    assert_near(values[1], 1, 0);
    closo_column_read(closo_table_find(table, CLOSO_QUANTITY_RANGE), 1, 2, values);
    assert_near(values[1], 0x1234, 0);
    closo_column_read_si(closo_table_find(table, CLOSO_QUANTITY_CURRENT), 0, 3, values);
    assert_near(values[2], 3e-3, 1e-18);
    closo_column_read(closo_table_find(table, CLOSO_QUANTITY_TIME), 2, 1, values);
    assert_near(values[0], 20.5, 0);
    assert_string_equal(closo_table_find(table, CLOSO_QUANTITY_CURRENT)->unit, "mA");
    closo_arena_free(arena);
}

static void a_unit_that_does_not_fit_takes_the_quantity_away(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = closo_table_new(arena, "x");
    const closo_column *column = closo_table_add_column(table, "I/V", NULL, CLOSO_QUANTITY_CURRENT);
    assert_int_equal(column->quantity, CLOSO_QUANTITY_OTHER);
    closo_arena_free(arena);
}

static void metadata_keep_their_units(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = closo_table_new(arena, "x");
    double si = 0;
    assert_int_equal(closo_table_set_number(table, "scan_rate", 0.1, "mV/s"), CLOSO_OK);
    assert_true(closo_table_number_si(table, "scan_rate", &si));
    assert_near(si, 1e-4, 1e-19);
    assert_int_equal(closo_table_set_text(table, "scan_rate", "fast"), CLOSO_OK);
    assert_false(closo_table_number_si(table, "scan_rate", &si));
    assert_string_equal(closo_table_text(table, "scan_rate"), "fast");
    assert_int_equal(table->metadatum_count, 1);
    closo_arena_free(arena);
}

static void settings_and_segments_are_copied(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = closo_table_new(arena, "x");
    char first[] = "1.500", second[] = "5.500", name[] = "E1 (V)";
    const char *values[] = {first, second};
    assert_int_equal(closo_table_add_setting(table, name, values, 2), CLOSO_OK);
    assert_int_equal(closo_table_add_segment(table, name, 10, 20), CLOSO_OK);
    memset(first, 'x', 5);
    memset(name, 'x', 6);
    assert_string_equal(table->settings[0].name, "E1 (V)");
    assert_string_equal(table->settings[0].values[0], "1.500");
    assert_string_equal(table->settings[0].values[1], "5.500");
    assert_string_equal(table->segments[0].name, "E1 (V)");
    assert_int_equal(table->segments[0].first_row, 10);
    assert_int_equal(table->segments[0].row_count, 20);
    closo_arena_free(arena);
}

/* Every quantity has a unit that is known, so that a column of it can become SI. */
static void quantities_have_units(void **state)
{
    (void)state;
    for (int q = 0; q < CLOSO_QUANTITY_COUNT; q++) {
        closo_unit unit;
        assert_int_equal(closo_unit_parse(closo_quantity_unit((closo_quantity)q), &unit, NULL),
                         CLOSO_OK);
        assert_true(strlen(closo_quantity_name((closo_quantity)q)) > 0);
        assert_true(strlen(closo_quantity_text((closo_quantity)q)) > 0);
        assert_near(unit.factor, 1, 0);
    }
    assert_string_equal(closo_quantity_unit(CLOSO_QUANTITY_PHASE), "rad");
    assert_string_equal(closo_status_text(CLOSO_NOMEM), "not enough memory");
    closo_unit volt, ampere_ohm;
    assert_int_equal(closo_unit_parse("mV", &volt, NULL), CLOSO_OK);
    assert_int_equal(closo_unit_parse("A.ohm", &ampere_ohm, NULL), CLOSO_OK);
    assert_true(closo_unit_matches(&volt, &ampere_ohm));
}

static void notes_are_kept_once_and_counted(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = closo_table_new(arena, "x");
    closo_table_note(table, "row %d is odd", 3);
    closo_table_note(table, "row %d is odd", 3);
    assert_int_equal(table->notes.count, 1);
    for (int i = 0; i < 200; i++)
        closo_table_note(table, "row %d is odd", i);
    assert_int_equal(table->notes.count, 100);
    assert_int_equal(table->notes.dropped, 100);
    closo_arena_free(arena);
}

static void the_arena_keeps_its_budget(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(100000);
    assert_non_null(closo_arena_alloc(arena, 50000, 1));
    assert_null(closo_arena_alloc(arena, 60000, 1));
    assert_non_null(closo_arena_alloc(arena, 40000, 1));
    assert_null(closo_arena_alloc(arena, SIZE_MAX / 2, 4));
    assert_true(closo_arena_used(arena) <= 100000);
    unsigned char *zeroed = closo_arena_alloc(arena, 100, 1);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(zeroed[i], 0);
    closo_arena_free(arena);
    closo_arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_views),
        cmocka_unit_test(a_unit_that_does_not_fit_takes_the_quantity_away),
        cmocka_unit_test(metadata_keep_their_units),
        cmocka_unit_test(settings_and_segments_are_copied),
        cmocka_unit_test(quantities_have_units),
        cmocka_unit_test(notes_are_kept_once_and_counted),
        cmocka_unit_test(the_arena_keeps_its_budget),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
