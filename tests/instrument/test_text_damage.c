/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged files and exhausted memory: whatever happens, the answer is a status with a sentence, or a table that can be
 * read to its end. Exhaustive: every truncation and four values for every byte of a small file of each format. Run with
 * the sanitizers it also sees reads past the end, since each copy has exactly its size. */
#include "text_samples.h"

#include "base/base_internal.h"
#include "damage.h"

static const text_sample samples[] = {
    {.name = "mpt", .text = SAMPLE_MPT}, {.name = "mpt with commas", .text = SAMPLE_MPT_COMMA},
    {.name = "mps", .text = SAMPLE_MPS}, {.name = "dta", .text = SAMPLE_DTA},
    {.name = "bdf", .text = SAMPLE_BDF}, {.name = "csv", .text = SAMPLE_CSV},
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
    change_everywhere(samples, SAMPLE_COUNT, 1, true);
}

static void every_allocation_fails(void **state)
{
    (void)state;
    exhaust_memory_of_each(samples, SAMPLE_COUNT);
}

/* Cuts loops and says what was lost: a row cut in two keeps what is whole. */
static void truncation_keeps_the_rows_before(void **state)
{
    (void)state;
    const size_t size = strlen(SAMPLE_MPT), last_row = size - 100;
    for (size_t cut = last_row; cut < size; cut++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = NULL;
        assert_int_equal(open_bytes("cut", SAMPLE_MPT, cut, arena, &table, NULL), CLOSO_OK);
        assert_true(table->row_count >= 2);
        assert_near(value_at(table, "Ewe/V", 1), 1.501, 0);
        closo_arena_free(arena);
    }
}

typedef closo_status (*writer)(const closo_table *, const char *, closo_arena *, closo_error *);

static void every_allocation_of_the_writers_fails(void **state)
{
    (void)state;
    static const writer writers[] = {closo_table_write_csv, closo_table_write_bdf,
                                     closo_table_write_mpt};
    closo_arena *kept = closo_arena_new(0);
    closo_table *table = open_text(kept, SAMPLE_MPT);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        closo_status status = CLOSO_NOMEM;
        for (size_t k = 0; status != CLOSO_OK; k++) {
            closo_arena *arena = closo_arena_new(0);
            closo_arena_fail_after(arena, k);
            status = writers[i](table, temporary_path("memory"), arena, NULL);
            assert_true(status == CLOSO_OK || status == CLOSO_NOMEM);
            closo_arena_free(arena);
            assert_true(k < 1000);
        }
    }
    remove(temporary_path("memory"));
    for (size_t k = 0;; k++) {
        closo_arena *arena = closo_arena_new(0);
        closo_arena_fail_after(arena, k);
        const bool made = closo_table_info_json(table, arena) != NULL;
        closo_arena_free(arena);
        assert_true(k < 10000);
        if (made)
            break;
    }
    closo_arena_free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_truncation),
        cmocka_unit_test(every_byte_changed),
        cmocka_unit_test(truncation_keeps_the_rows_before),
        cmocka_unit_test(every_allocation_fails),
        cmocka_unit_test(every_allocation_of_the_writers_fails),
    };
    return cmocka_run_group_tests_name("text damage", tests, NULL, NULL);
}
