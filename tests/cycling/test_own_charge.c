/* SPDX-License-Identifier: BSD-3-Clause */
/* The instrument's own capacity columns, wherever they begin anew, beside currents written with one digit. */
#include "support.h"

#include "synthetic_cell.h"

#include <string.h>

#define CURRENT_A 1.4e-3 /* written as 1 mA: the integral is off by 29 % */

static cell shared;
static double charge_C[CELL_ROWS], discharge_C[CELL_ROWS], magnitude_C[CELL_ROWS];

typedef enum anew { ANEW_NEVER, ANEW_HALF_CYCLE, ANEW_CYCLE } anew;

/* Two cycles of 3.0 C in and 2.7 C out with a pause in each charge, and what an instrument counts meanwhile. */
static void cycle_cell(anew begins, double rest_s)
{
    static double true_A[CELL_ROWS];
    cell_start(&shared, 10);
    for (int n = 0; n < 2; n++) {
        cell_pass(&shared, 1.0, CURRENT_A);
        if (rest_s > 0)
            cell_rest(&shared, rest_s);
        cell_pass(&shared, 2.0, CURRENT_A);
        if (rest_s > 0)
            cell_rest(&shared, rest_s);
        cell_pass(&shared, -2.7, CURRENT_A);
        if (rest_s > 0)
            cell_rest(&shared, rest_s);
    }
    memcpy(true_A, shared.current_A, shared.count * sizeof *true_A);
    double in_C = 0, out_C = 0;
    int before = 0;
    for (size_t i = 0; i < shared.count; i++) {
        const int sign = true_A[i] > 0 ? 1 : true_A[i] < 0 ? -1 : 0;
        if (sign != 0 && sign != before && before != 0) {
            if (begins == ANEW_HALF_CYCLE || (begins == ANEW_CYCLE && sign > 0))
                in_C = out_C = 0;
        }
        before = sign != 0 ? sign : before;
        const double passed_C = i == 0 ? 0 : true_A[i] * (shared.time_s[i] - shared.time_s[i - 1]);
        in_C += passed_C > 0 ? passed_C : 0;
        out_C += passed_C < 0 ? -passed_C : 0;
        charge_C[i] = in_C;
        discharge_C[i] = out_C;
        magnitude_C[i] = in_C + out_C;
        shared.current_A[i] = 1e-3 * round(1e3 * shared.current_A[i]);
    }
}

static const closo_cycling *analyse(const closo_table *table, closo_arena *arena)
{
    closo_cycling *cycling;
    closo_error error = {0};
    if (closo_cycling_from_table(table, NULL, arena, &cycling, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return cycling;
}

static bool has_note(const closo_cycling *cycling, const char *words)
{
    for (size_t i = 0; i < cycling->notes.count; i++)
        if (strstr(cycling->notes.texts[i], words) != NULL)
            return true;
    return false;
}

static closo_table *with_columns(bool two, closo_arena *arena)
{
    closo_table *table = cell_table(&shared, arena);
    if (two) {
        closo_table_add_values(table, "charge", "C", CLOSO_QUANTITY_CAPACITY_CHARGE, charge_C);
        closo_table_add_values(table, "discharge", "C", CLOSO_QUANTITY_CAPACITY_DISCHARGE,
                               discharge_C);
    } else {
        closo_table_add_values(table, "capacity", "C", CLOSO_QUANTITY_CAPACITY, magnitude_C);
    }
    return table;
}

static void columns_that_begin_anew(void **state)
{
    (void)state;
    static const anew ways[] = {ANEW_NEVER, ANEW_HALF_CYCLE, ANEW_CYCLE};
    for (size_t way = 0; way < 3; way++)
        for (int rests = 0; rests < 2; rests++)
            for (int two = 0; two < 2; two++) {
                closo_arena *arena = closo_arena_new(0);
                cycle_cell(ways[way], rests == 1 ? 300 : 0);
                const closo_cycling *cycling = analyse(with_columns(two == 1, arena), arena);
                assert_int_equal(cycling->cycle_count, 2);
                for (size_t h = 0; h < 4; h++) {
                    const closo_half_cycle *half = &cycling->half_cycles[h];
                    const double true_C = half->direction > 0 ? 3.0 : 2.7;
                    assert_near(half->charge_C, true_C, 1e-9);
                    assert_near(half->integral_C, true_C / 1.4, 0.02 * true_C);
                }
                assert_true(has_note(cycling, "by integrating the current"));
                closo_arena_free(arena);
            }
}

/* A column in another unit than its name says, and none at all: the currents count, and the integral is the charge. */
static void columns_that_cannot_be_meant(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    cycle_cell(ANEW_HALF_CYCLE, 300);
    for (size_t i = 0; i < shared.count; i++) {
        charge_C[i] *= 1e-3;
        discharge_C[i] *= 1e-3;
    }
    const closo_cycling *cycling = analyse(with_columns(true, arena), arena);
    assert_true(has_note(cycling, "it is not used"));
    for (size_t h = 0; h < 4; h++)
        assert_near(cycling->half_cycles[h].charge_C, cycling->half_cycles[h].integral_C, 0);
    closo_arena_free(arena);
}

/* Rows that are left out take nothing with them: what passed in them shows in the next. */
static void rows_left_out(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    cycle_cell(ANEW_HALF_CYCLE, 300);
    for (size_t i = 10; i < shared.count; i += 37)
        shared.potential_V[i] = NAN;
    const closo_cycling *cycling = analyse(with_columns(true, arena), arena);
    assert_int_equal(cycling->half_cycle_count, 4);
    for (size_t h = 0; h < 4; h++)
        assert_near(cycling->half_cycles[h].charge_C, h % 2 == 0 ? 3.0 : 2.7, 0.02);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_that_begin_anew),
        cmocka_unit_test(columns_that_cannot_be_meant),
        cmocka_unit_test(rows_left_out),
    };
    return cmocka_run_group_tests_name("own_charge", tests, NULL, NULL);
}
