/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged impedance files: cut anywhere, changed anywhere, without memory; and points that can be trusted before a cut. */
#include "impedance_samples.h"
#include "text_samples.h"

#include "base/base_internal.h"
#include "damage.h"

#include "closo/impedance.h"

static const text_sample samples[] = {
    {"zplot", "ZPlot text", SAMPLE_ZPLOT},
    {"old zplot", "ZPlot text", SAMPLE_ZPLOT_OLD},
    {"two zplots", "ZPlot text", SAMPLE_ZPLOT_TWO},
    {"par", "VersaStudio .par", SAMPLE_PAR},
    {"idf", "IviumSoft .idf", SAMPLE_IDF},
    {"ids", "IviumSoft .idf", SAMPLE_IDS},
    {"dfr", "Autolab .dfr", SAMPLE_DFR},
    {"i2b", ".i2b text", SAMPLE_I2B},
    {"P00", ".P00 text", SAMPLE_P00},
    {"novocontrol", "Novocontrol text", SAMPLE_DETA},
    {"two novocontrols", "Novocontrol text", SAMPLE_DETA_TWO},
    {"relaxis", "RelaxIS text", SAMPLE_RELAXIS},
    {"pssession", "PalmSens .pssession", SAMPLE_SESSION},
    {"parstat", "Parstat text", SAMPLE_PARSTAT},
    {"powersuite", "PowerSuite text", SAMPLE_POWERSUITE},
    {"chi", "CH Instruments text", SAMPLE_CHI},
    {"bare", "impedance without names", SAMPLE_BARE},
    {"bare with commas", "impedance without names", SAMPLE_BARE_COMMA},
};

enum { SAMPLE_COUNT = sizeof samples / sizeof *samples };

static void every_truncation(void **state)
{
    (void)state;
    cut_everywhere(samples, SAMPLE_COUNT);
}

static void every_other_byte_changed(void **state)
{
    (void)state;
    change_everywhere(samples, SAMPLE_COUNT, 2, false);
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

/* Cut behind any line: what is read has the impedances of the whole file, row by row. */
static void a_cut_keeps_the_points_before(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        closo_arena *arena = closo_arena_new(0);
        const char *text = samples[i].text;
        const closo_table *whole = open_text(arena, text);
        assert_string_equal(whole->format, samples[i].format);
        const closo_column *then = closo_table_find(whole, CLOSO_QUANTITY_IMPEDANCE_REAL);
        assert_non_null(then);
        size_t most = 0;
        for (const char *end = text; (end = strchr(end, '\n')) != NULL;) {
            closo_table *table = NULL;
            const size_t size = (size_t)(++end - text);
            if (open_bytes("cut", text, size, arena, &table, NULL) != CLOSO_OK ||
                strcmp(table->format, samples[i].format) != 0)
                continue;
            const closo_column *now = closo_table_find(table, CLOSO_QUANTITY_IMPEDANCE_REAL);
            assert_non_null(now);
            assert_true(table->row_count <= whole->row_count && table->row_count >= most);
            most = table->row_count;
            for (size_t row = 0; row < table->row_count; row++) {
                double one, other;
                closo_column_read_si(now, row, 1, &one);
                closo_column_read_si(then, row, 1, &other);
                if (one != other)
                    fail_msg("%s cut at %zu, row %zu: %g, not %g", samples[i].name, size, row, one,
                             other);
            }
        }
        if (most != whole->row_count && strcmp(samples[i].name, "pssession") != 0)
            fail_msg("%s: at most %zu rows", samples[i].name, most);
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_truncation),
        cmocka_unit_test(every_other_byte_changed),
        cmocka_unit_test(every_allocation_fails),
        cmocka_unit_test(a_cut_head_is_survived),
        cmocka_unit_test(a_cut_keeps_the_points_before),
    };
    return cmocka_run_group_tests_name("damaged impedance files", tests, NULL, NULL);
}
