/* SPDX-License-Identifier: BSD-3-Clause */
/* Cycles as people list them. */
#include "support.h"

#include "closo/cycling.h"

#include <string.h>

static void lists_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t cycle_count, count;
        int cycles[8];
    } cases[] = {
        {"7", 50, 1, {7}},
        {"1,2,50", 50, 3, {1, 2, 50}},
        {"1-3,10", 50, 4, {1, 2, 3, 10}},
        {"last", 50, 1, {50}},
        {"1, 48 .. last", 50, 4, {1, 48, 49, 50}},
        {"last-last,1", 50, 2, {50, 1}},
        {"3,1-4,3", 50, 4, {3, 1, 2, 4}},  /* each once, in the order given */
        {"2-1000000000", 3, 2, {2, 3}},    /* a range ends with the last cycle */
        {"1,60,70-90", 5, 3, {1, 60, 70}}, /* a number beyond stays, so that a note can name it */
        {"4-last", 2, 1, {4}},
        {"1-3,last", 0, 0, {0}}, /* the words alone */
    };
    closo_arena *arena = closo_arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_cycle_list list;
        closo_error error = {0};
        if (closo_cycle_list_parse(cases[i].text, cases[i].cycle_count, arena, &list, &error) !=
            CLOSO_OK)
            fail_msg("'%s': %s", cases[i].text, error.message);
        if (list.count != cases[i].count)
            fail_msg("'%s': %zu cycles", cases[i].text, list.count);
        for (size_t k = 0; k < list.count; k++)
            assert_int_equal(list.cycles[k], cases[i].cycles[k]);
    }
    closo_arena_free(arena);
}

static void what_is_no_list_is_answered_with_an_example(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "1-3,10,last"},       {"0", "1-3,10,last"},           {"-3", "1-3,10,last"},
        {"1,,2", "1-3,10,last"},   {"1;2", "1-3,10,last"},         {"first", "1-3,10,last"},
        {"1-", "1-3,10,last"},     {"99999999999", "1-3,10,last"}, {"1.5", "1-3,10,last"},
        {"3-1", "runs backwards"}, {"last-1", "runs backwards"},   {"lastly", "1-3,10,last"},
    };
    closo_arena *arena = closo_arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t count = 0; count < 10; count += 5) {
            closo_cycle_list list;
            closo_error error = {0};
            assert_int_equal(closo_cycle_list_parse(cases[i].text, count, arena, &list, &error),
                             CLOSO_ARGUMENT);
            if (strstr(error.message, cases[i].says) == NULL)
                fail_msg("'%s' says: %s", cases[i].text, error.message);
        }
    closo_arena_free(arena);
}

static void no_memory_is_said(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(64);
    closo_cycle_list list;
    assert_int_equal(closo_cycle_list_parse("1-last", 1000, arena, &list, NULL), CLOSO_NOMEM);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read),
        cmocka_unit_test(what_is_no_list_is_answered_with_an_example),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests_name("cycle_list", tests, NULL, NULL);
}
