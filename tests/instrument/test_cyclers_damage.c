/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged exports of cyclers: cut anywhere, changed anywhere, without memory; and rows that can be trusted before a cut. */
#include "cycler_samples.h"
#include "text_samples.h"

#include "base/base_internal.h"
#include "damage.h"

static const text_sample samples[] = {
    {"maccor", "Maccor text", SAMPLE_MACCOR},
    {"maccor in minutes", "Maccor text", SAMPLE_MACCOR_MINUTES},
    {"arbin", "Arbin CSV", SAMPLE_ARBIN},
    {"landt", "Landt CSV", SAMPLE_LANDT},
    {"basytec", "Basytec text", SAMPLE_BASYTEC},
    {"novonix", "Novonix CSV", SAMPLE_NOVONIX},
    {"neware", "Neware CSV", SAMPLE_NEWARE},
    {"old neware", "Neware CSV", SAMPLE_NEWARE_OLD},
    {"archive", "BatteryArchive CSV", SAMPLE_ARCHIVE},
    {"ivium", "Ivium text", SAMPLE_IVIUM},
};

enum { SAMPLE_COUNT = sizeof samples / sizeof *samples };

static void every_truncation(void **state)
{
    (void)state;
    cut_everywhere(samples, SAMPLE_COUNT);
}

static void every_byte_changed(void **state)
{
    (void)state;
    change_everywhere(samples, SAMPLE_COUNT, 1, false);
}

static void every_allocation_fails(void **state)
{
    (void)state;
    exhaust_memory_of_each(samples, SAMPLE_COUNT);
}

static void a_cut_head_is_survived(void **state)
{
    (void)state;
    cut_heads(samples, SAMPLE_COUNT);
}

/* Cut behind any line of the table: the rows before it are all there, and are what they are in the whole file. */
static void a_cut_keeps_the_lines_before(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        closo_arena *arena = closo_arena_new(0);
        const char *text = samples[i].text;
        const closo_table *whole = open_text(arena, text);
        assert_string_equal(whole->format, samples[i].format);
        assert_true(whole->row_count >= 2);
        size_t end = strlen(text);
        for (size_t lost = 1; lost < whole->row_count; lost++) {
            do
                end--;
            while (text[end - 1] != '\n');
            closo_table *table = NULL;
            closo_error error = {0};
            if (open_bytes("cut", text, end, arena, &table, &error) != CLOSO_OK)
                fail_msg("%s: %s", samples[i].name, error.message);
            assert_string_equal(table->format, samples[i].format);
            if (table->row_count != whole->row_count - lost)
                fail_msg("%s: %zu rows after losing %zu of %zu", samples[i].name, table->row_count,
                         lost, whole->row_count);
            const closo_column *now = closo_table_find(table, CLOSO_QUANTITY_POTENTIAL);
            const closo_column *then = closo_table_find(whole, CLOSO_QUANTITY_POTENTIAL);
            assert_non_null(now);
            for (size_t row = 0; row < table->row_count; row++) {
                double one, other;
                closo_column_read_si(now, row, 1, &one);
                closo_column_read_si(then, row, 1, &other);
                assert_true(one == other);
            }
        }
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_truncation),       cmocka_unit_test(every_byte_changed),
        cmocka_unit_test(every_allocation_fails), cmocka_unit_test(a_cut_keeps_the_lines_before),
        cmocka_unit_test(a_cut_head_is_survived),
    };
    return cmocka_run_group_tests_name("damaged exports of cyclers", tests, NULL, NULL);
}
