/* SPDX-License-Identifier: BSD-3-Clause */
/* Real files: the capacity of each half cycle against what the instrument itself counted. */
#include "support.h"

#include "closo/cycling.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static closo_cycling *open_cycles(const char *path, closo_electrode_role role, closo_arena *arena,
                                  closo_table **table)
{
    char whole[1024];
    snprintf(whole, sizeof whole, "%s/data/echem/%s", shared_folder(), path);
    closo_error error = {0};
    closo_cycling *cycling;
    const closo_cycling_options options = {.role = role};
    if (closo_file_open(whole, NULL, arena, table, &error) != CLOSO_OK ||
        closo_cycling_from_table(*table, &options, arena, &cycling, &error) != CLOSO_OK)
        fail_msg("%s: %s", path, error.message);
    return cycling;
}

/* Ends of the instrument's own half cycles, by its counter and its charge of the half cycle. */
static size_t instrument_half_cycles(const closo_table *table, closo_arena *arena, double *ends_C,
                                     size_t most)
{
    const closo_column *half = closo_table_find(table, CLOSO_QUANTITY_HALF_CYCLE);
    const closo_column *charge = closo_table_find(table, CLOSO_QUANTITY_CHARGE_HALF_CYCLE);
    assert_non_null(half);
    assert_non_null(charge);
    const double *number = closo_column_values_si(half, table->row_count, arena);
    const double *charge_C = closo_column_values_si(charge, table->row_count, arena);
    size_t count = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        if (i + 1 < table->row_count && number[i + 1] == number[i])
            continue;
        assert_true(count < most);
        ends_C[count++] = charge_C[i];
    }
    return count;
}

static void ec_lab_half_cycles(void **state)
{
    NEEDS_SHARED_DATA();
    static const struct {
        const char *path;
        size_t half_cycles;
    } files[] = {
        {"be-smith+navani/jdb11-1_c3_gcpl_5cycles_2V-3p8V_C-24_data_C09.mpr", 13},
        {"dgbowl+yadg/gcpl.pr_182.1.mpr", 8},
        {"dgbowl+yadg/gcpl.pr_182.2.mpr", 8},
        {"dgbowl+yadg/gcpl.issue_149.mpr", 8},
        {"dgbowl+yadg/gcpl.issue_175.mpr", 10},
        {"dgbowl+yadg/gcpl.issue_211.mpr", 10},
        {"dgbowl+yadg/gcpl.mpr", 32},
        {"dgbowl+yadg/bcd.issue_241.mpr", 2},
        {"dgbowl+yadg/coc.issue_185.mpr", 1},
        {"dgbowl+yadg/cp.issue_61.mpr", 1},
        {"dgbowl+yadg/mb.issue_149.mpr", 1},
        {"dgbowl+yadg/mb.issue_218.mpr", 1},
        {"dgbowl+yadg/mb.mpr", 8},
    };
    double worst = 0;
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table;
        const closo_cycling *cycling =
            open_cycles(files[f].path, CLOSO_ROLE_CATHODE, arena, &table);
        double ends_C[64];
        size_t count = instrument_half_cycles(table, arena, ends_C, 64);
        if (count != files[f].half_cycles || cycling->half_cycle_count != count)
            fail_msg("%s: %zu half cycles, EC-Lab counts %zu", files[f].path,
                     cycling->half_cycle_count, count);
        for (size_t h = 0; h < count; h++) {
            const closo_half_cycle *half = &cycling->half_cycles[h];
            double share = fabs(half->charge_C * half->direction / ends_C[h] - 1);
            worst = fmax(worst, share);
            if (!(share < 1e-3))
                fail_msg("%s: half cycle %zu passes %.9g C, EC-Lab says %.9g C", files[f].path,
                         h + 1, half->charge_C * half->direction, ends_C[h]);
        }
        closo_arena_free(arena);
    }
    print_message("charge of half cycles: within %.2g of EC-Lab's\n", worst);
    (void)state;
}

/* By current and time alone, without the instrument's increments: the columns are taken away. */
static void ec_lab_by_current(void **state)
{
    NEEDS_SHARED_DATA();
    static const char *const files[] = {
        "be-smith+navani/jdb11-1_c3_gcpl_5cycles_2V-3p8V_C-24_data_C09.mpr",
        "dgbowl+yadg/gcpl.pr_182.1.mpr", "dgbowl+yadg/gcpl.pr_182.2.mpr",
        "dgbowl+yadg/gcpl.issue_211.mpr"};
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table;
        const closo_cycling *own = open_cycles(files[f], CLOSO_ROLE_CATHODE, arena, &table), *plain;
        closo_table *bare = closo_table_new(arena, "bare");
        bare->row_count = table->row_count;
        closo_trace trace;
        closo_error error = {0};
        assert_int_equal(closo_trace_from_table(table, arena, &trace, &error), CLOSO_OK);
        closo_table_add_values(bare, "time/s", "s", CLOSO_QUANTITY_TIME, trace.time_s);
        closo_table_add_values(bare, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, trace.potential_V);
        closo_table_add_values(bare, "<I>/A", "A", CLOSO_QUANTITY_CURRENT_AVERAGE, trace.current_A);
        closo_cycling *made;
        assert_int_equal(closo_cycling_from_table(bare, NULL, arena, &made, &error), CLOSO_OK);
        plain = made;
        assert_int_equal(plain->half_cycle_count, own->half_cycle_count);
        for (size_t h = 0; h < own->half_cycle_count; h++)
            assert_near(plain->half_cycles[h].charge_C, own->half_cycles[h].charge_C,
                        1e-3 * own->half_cycles[h].charge_C);
        closo_arena_free(arena);
    }
    (void)state;
}

/* Looked at in place, and without the columns that need memory, a file says the same. */
static void in_place(void **state)
{
    NEEDS_SHARED_DATA();
    static const char *const files[] = {
        "be-smith+navani/jdb11-1_c3_gcpl_5cycles_2V-3p8V_C-24_data_C09.mpr",
        "dgbowl+yadg/gcpl.pr_182.1.mpr", "g-kimbell+fastnda/TestFile.nda",
        "jepegit+cellpy/neware_uio.csv"};
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table;
        const closo_cycling *read = open_cycles(files[f], CLOSO_ROLE_CATHODE, arena, &table);
        char whole[1024];
        snprintf(whole, sizeof whole, "%s/data/echem/%s", shared_folder(), files[f]);
        const closo_read_options reading = {.in_place = true, .only_views = true};
        const closo_cycling_options options = {.role = CLOSO_ROLE_CATHODE};
        closo_cycling *mapped;
        assert_int_equal(closo_file_open(whole, &reading, arena, &table, NULL), CLOSO_OK);
        assert_int_equal(closo_cycling_from_table(table, &options, arena, &mapped, NULL), CLOSO_OK);
        assert_int_equal(mapped->row_count, read->row_count);
        assert_int_equal(mapped->half_cycle_count, read->half_cycle_count);
        assert_int_equal(mapped->counter_count, read->counter_count);
        for (size_t h = 0; h < read->half_cycle_count; h++) {
            assert_near(mapped->half_cycles[h].charge_C, read->half_cycles[h].charge_C, 0);
            assert_near(mapped->half_cycles[h].half_V, read->half_cycles[h].half_V, 0);
        }
        closo_arena_free(arena);
    }
    (void)state;
}

/* EC-Lab counts the half cycles of these files as closo does, row by row. */
static void ec_lab_counters(void **state)
{
    NEEDS_SHARED_DATA();
    static const char *const files[] = {
        "be-smith+navani/jdb11-1_c3_gcpl_5cycles_2V-3p8V_C-24_data_C09.mpr",
        "dgbowl+yadg/gcpl.pr_182.1.mpr", "dgbowl+yadg/gcpl.pr_182.2.mpr",
        "dgbowl+yadg/gcpl.issue_149.mpr", "dgbowl+yadg/gcpl.issue_211.mpr"};
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table;
        const closo_cycling *cycling = open_cycles(files[f], CLOSO_ROLE_CATHODE, arena, &table);
        assert_int_equal(cycling->counter_count, 3);
        for (size_t i = 0; i < 2; i++) { /* steps and half cycles */
            const closo_counter_check *check = &cycling->counters[i];
            if (check->matched != check->instrument_changes)
                fail_msg("%s: %s differs first at row %zu", files[f], check->column,
                         check->first_unmatched_row);
        }
        closo_arena_free(arena);
    }
    (void)state;
}

/* Landt writes currents to 0.1 mA, of 0.2 mA: integrating them is off by up to a seventh. The capacities are those of its
 * own columns; the integral stands beside them, and a note says so. */
static void landt_capacities(void **state)
{
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    closo_table *table;
    const closo_cycling *cycling =
        open_cycles("battery-data-alliance+battery-data-format/"
                    "SINTEF__LiGrR2032__2024-04-30__25degC__Landt.bdf.csv",
                    CLOSO_ROLE_ANODE, arena, &table);
    assert_int_equal(cycling->half_cycle_count, 3);
    static const double expected_Ah[] = {0.0063, 0.0032, 0.0013};
    for (size_t h = 0; h < 3; h++) {
        const closo_half_cycle *half = &cycling->half_cycles[h];
        assert_near(half->instrument_C, 3600 * expected_Ah[h], 1e-6);
        assert_near(half->charge_C, 3600 * expected_Ah[h], 1e-6);
        assert_near(half->integral_C, 3600 * expected_Ah[h], 0.15 * 3600 * expected_Ah[h]);
        assert_true(fabs(half->integral_C / half->charge_C - 1) > 0.1);
    }
    bool noted = false;
    for (size_t i = 0; i < cycling->notes.count; i++)
        noted = noted || strstr(cycling->notes.texts[i], "by integrating the current") != NULL;
    assert_true(noted);
    closo_arena_free(arena);
    (void)state;
}

/* Neware, Arbin and Landt keep charge and discharge capacity in two columns; some begin anew with each step, some with each
 * cycle, some never. What such a column grows by between the first and the last row, found here by its own rises, is what
 * closo's half cycles of that direction add up to. */
static double column_rises(const closo_table *table, closo_quantity quantity, closo_arena *arena)
{
    const closo_column *column = closo_table_find(table, quantity);
    assert_non_null(column);
    const double *capacity_C = closo_column_values_si(column, table->row_count, arena);
    double sum_C = 0;
    for (size_t i = 1; i < table->row_count; i++) {
        const double rise_C = fabs(capacity_C[i]) - fabs(capacity_C[i - 1]);
        sum_C += rise_C >= 0 ? rise_C : fabs(capacity_C[i]);
    }
    return sum_C;
}

static void capacity_columns(void **state)
{
    NEEDS_SHARED_DATA();
    static const char *const files[] = {"g-kimbell+fastnda/TestFile.nda",
                                        "g-kimbell+fastnda/nda_v8.nda",
                                        "g-kimbell+fastnda/new_nda_file.nda",
                                        "g-kimbell+fastnda/nw4-120-1-6-53.ndax",
                                        "g-kimbell+fastnda/test_2.ndax",
                                        "jepegit+cellpy/neware_uio.csv",
                                        "ROVI-org+battery-data-toolkit/arbin_example.csv",
                                        "battery-data-alliance+battery-data-format/"
                                        "SINTEF__LiGrR2032__2024-04-30__25degC__Landt.csv"};
    double worst_integral = 0;
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table;
        const closo_cycling *cycling = open_cycles(files[f], CLOSO_ROLE_UNSAID, arena, &table);
        double sum_C[2] = {0, 0}, integral_C[2] = {0, 0};
        for (size_t h = 0; h < cycling->half_cycle_count; h++) {
            const closo_half_cycle *half = &cycling->half_cycles[h];
            sum_C[half->direction > 0] += half->charge_C;
            integral_C[half->direction > 0] += half->integral_C;
            if (!(fabs(half->instrument_C - half->charge_C) <= 1e-6 * half->charge_C + 1e-12))
                fail_msg("%s: half cycle %zu passes %.9g C, its column says %.9g C", files[f],
                         h + 1, half->charge_C, half->instrument_C);
        }
        const double vendor_C[] = {column_rises(table, CLOSO_QUANTITY_CAPACITY_DISCHARGE, arena),
                                   column_rises(table, CLOSO_QUANTITY_CAPACITY_CHARGE, arena)};
        for (size_t k = 0; k < 2; k++) {
            worst_integral = fmax(worst_integral, fabs(integral_C[k] - vendor_C[k]) /
                                                      fmax(vendor_C[k], 1e-3 * vendor_C[1 - k]));
            if (!(fabs(sum_C[k] - vendor_C[k]) <= 1e-6 * vendor_C[k]))
                fail_msg("%s: %.9g C of the instrument's %.9g C", files[f], sum_C[k], vendor_C[k]);
        }
        closo_arena_free(arena);
    }
    print_message("capacity columns: the integral of the current is within %.2g of them\n",
                  worst_integral);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ec_lab_half_cycles), cmocka_unit_test(ec_lab_by_current),
        cmocka_unit_test(ec_lab_counters),    cmocka_unit_test(landt_capacities),
        cmocka_unit_test(capacity_columns),   cmocka_unit_test(in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
