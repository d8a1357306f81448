/* SPDX-License-Identifier: BSD-3-Clause */
/* Arbin's .res. The real files against what mdb-export of mdbtools 1.0.0 gives, and their charges against the capacities
 * that Arbin counted. Then a database made here by other code: order, deleted and moved rows, nulls, packed texts,
 * auxiliary inputs, damage. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/cycling.h"
#include "damage.h"
#include "make_res.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- real files ---- */

/* From `mdb-export FILE Channel_Normal_Table`: sums over all rows in doubles, and the last row by Data_Point. It prints
 * floats with 8 digits. All other columns were compared once, row by row, and agreed as far. */
static const struct {
    const char *file;
    size_t rows;
    const char *column;
    double sum, last;
} exported[] = {
    {"be-smith+navani/arbin_example.res", 2150, "Test_Time", 459914369.74763119, 345733.3894574374},
    {"be-smith+navani/arbin_example.res", 2150, "Current", -0.0037530308939999709, 0},
    {"be-smith+navani/arbin_example.res", 2150, "Voltage", 8396.2283158999962, 3.872108},
    {"be-smith+navani/arbin_example.res", 2150, "Charge_Capacity", 0.58937478914732433, 0},
    {"be-smith+navani/arbin_example.res", 2150, "Discharge_Energy", 1.0819285177819833, 0},
    {"be-smith+navani/arbin_example.res", 2150, "dV/dt", 0.62476531853100026, 0},
    {"be-smith+navani/arbin_example.res", 2150, "Cycle_Index", 4510, 5},
    {"jepegit+cellpy/20160805_test001_45_cc_01.res", 10261, "Data_Point", 52649191, 10261},
    {"jepegit+cellpy/20160805_test001_45_cc_01.res", 10261, "Test_Time", 4818678926.7971659,
     859077.2406335169},
    {"jepegit+cellpy/20160805_test001_45_cc_01.res", 10261, "Step_Index", 96802, 10},
    {"jepegit+cellpy/20160805_test001_45_cc_01.res", 10261, "Current", -0.11713837090894101,
     -0.00030420697},
    {"jepegit+cellpy/20160805_test001_45_cc_01.res", 10261, "Voltage", 5506.6440888910292,
     0.2940689},
    {"jepegit+cellpy/20160805_test001_45_cc_01.res", 10261, "Charge_Capacity", 4.8883348819721615,
     0},
    {"jepegit+cellpy/20160805_test001_45_cc_01.res", 10261, "Discharge_Capacity",
     10.324075808275099, 0.00023931315561799802},
    {"jepegit+cellpy/20160805_test001_45_cc_01.res", 10261, "Internal_Resistance",
     291413.59137998597, 13.907901},
    {"battery-data-alliance+battery-data-format/mits7-0.res.gz", 8, "Test_Time", 701.26939200000004,
     141.264096},
    {"battery-data-alliance+battery-data-format/mits7-0.res.gz", 8, "Voltage", 1.04511738,
     0.13092709},
};

static closo_table *open_shared(const char *file, closo_arena *arena)
{
    closo_table *table = NULL;
    closo_error error = {0};
    const char *path = closo_arena_printf(arena, "%s/data/echem/%s", shared_folder(), file);
    if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s: %s", file, error.message);
    return table;
}

static const double *values_of(const closo_table *table, const char *name)
{
    const closo_column *column = closo_table_find_name(table, name);
    double *values = closo_arena_alloc(table->arena, table->row_count, sizeof *values);
    if (column == NULL)
        fail_msg("there is no column %s", name);
    closo_column_read(column, 0, table->row_count, values);
    return values;
}

static void every_sum_equals_the_export(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    for (size_t i = 0; i < sizeof exported / sizeof *exported; i++) {
        closo_arena *arena = closo_arena_new(0);
        const closo_table *table = open_shared(exported[i].file, arena);
        assert_string_equal(table->format, "Arbin .res");
        assert_int_equal(table->row_count, exported[i].rows);
        const double *values = values_of(table, exported[i].column);
        double sum = 0, magnitudes = 0;
        for (size_t row = 0; row < table->row_count; row++) {
            sum += values[row];
            magnitudes += fabs(values[row]);
        }
        assert_near(sum, exported[i].sum, 5e-8 * magnitudes);
        assert_near(values[table->row_count - 1], exported[i].last, 1e-7 * fabs(exported[i].last));
        closo_arena_free(arena);
    }
}

static void what_was_tested_is_known(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    const closo_table *table = open_shared("jepegit+cellpy/20160805_test001_45_cc_01.res", arena);
    double mass_kg;
    assert_true(closo_table_number_si(table, "active_mass", &mass_kg));
    assert_near(mass_kg, 0.00085283798e-3, 1e-13);
    assert_string_equal(closo_table_text(table, "start_time"), "2016-08-05T16:16:23.000");
    assert_string_equal(closo_table_text(table, "channel"), "3"); /* its name ends in -003 */
    assert_string_equal(closo_table_text(table, "setting_file"),
                        "24h_rest_3cyc_C20_100cyc_c10_MR.sdu");
    assert_near(values_of(table, "DateTime")[0], (42587.6815162037 - 25569) * 86400, 1e-5);
    closo_arena_free(arena);
}

/* Arbin integrates more often than it logs: what the logged points give agrees with its own capacities to 0.1 %. */
static void charges_equal_the_capacities(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    static const char *const files[] = {"be-smith+navani/arbin_example.res",
                                        "jepegit+cellpy/20160805_test001_45_cc_01.res"};
    for (size_t f = 0; f < 2; f++) {
        closo_arena *arena = closo_arena_new(0);
        const closo_table *table = open_shared(files[f], arena);
        const closo_cycling_options options = {0};
        closo_cycling *cycling = NULL;
        size_t compared = 0;
        assert_int_equal(closo_cycling_from_table(table, &options, arena, &cycling, NULL),
                         CLOSO_OK);
        for (size_t i = 0; i < cycling->half_cycle_count; i++) {
            const closo_half_cycle *half = &cycling->half_cycles[i];
            if (isnan(half->instrument_C))
                continue;
            assert_near(half->integral_C, half->instrument_C, 1e-3 * half->instrument_C);
            compared++;
        }
        assert_int_equal(compared, f == 0 ? 8 : 35);
        closo_arena_free(arena);
    }
}

/* ---- made here ---- */

static make_res *example(void)
{
    make_res *res = malloc(sizeof *res);
    make_res_example(res);
    return res;
}

static size_t size_of(const make_res *res)
{
    return res->page_count * MAKE_RES_PAGE_BYTES;
}

static bool has_note(const closo_table *table, const char *says)
{
    for (size_t i = 0; i < table->notes.count; i++)
        if (strstr(table->notes.texts[i], says) != NULL)
            return true;
    return false;
}

static void points_are_put_in_order(void **state)
{
    (void)state;
    make_res *res = example();
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = NULL;
    closo_error error = {0};
    if (open_copy(res->bytes, size_of(res), arena, &table, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(table->row_count, 76); /* without the deleted one */
    const double *point = values_of(table, "Data_Point"), *time = values_of(table, "Test_Time");
    for (size_t row = 0; row < 76; row++) {
        assert_near(point[row], (double)row + 1, 0);
        assert_near(time[row], 60.0 * (double)row, 0);
    }
    assert_near(values_of(table, "Voltage")[64], 3.5, 0);
    assert_near(values_of(table, "Current")[75], -0.25, 0);
    assert_near(values_of(table, "Flag")[3], 1, 0);
    assert_near(values_of(table, "Flag")[4], 0, 0);
    assert_true(isnan(values_of(table, "Charge_Capacity")[5]));
    assert_true(closo_table_find(table, CLOSO_QUANTITY_CURRENT)->si_factor == 1);
    assert_true(closo_table_find(table, CLOSO_QUANTITY_CAPACITY_CHARGE)->si_factor == 3600);
    assert_string_equal(closo_table_find_name(table, "dV/dt")->unit, "V/s");
    assert_string_equal(closo_table_text(table, "title"), "first cell");
    assert_string_equal(closo_table_text(table, "start_time"), "2020-11-05T12:00:00.000");
    assert_string_equal(closo_table_text(table, "setting_file"), "cycle.sdu");
    assert_null(closo_table_text(table, "comments"));
    assert_false(has_note(table, "announces"));
    /* The last point, of the second test, was moved to another page. */
    assert_non_null(table->next);
    assert_int_equal(table->next->row_count, 4);
    assert_near(values_of(table->next, "Test_Time")[3], 60 * 79, 0);
    assert_string_equal(closo_table_text(table->next, "title"), "second cell");
    closo_arena_free(arena);
    free(res);
}

static void auxiliary_inputs_are_columns(void **state)
{
    (void)state;
    make_res *res = example();
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = NULL;
    assert_int_equal(open_copy(res->bytes, size_of(res), arena, &table, NULL), CLOSO_OK);
    assert_near(values_of(table, "Aux voltage 4/V")[39], 9.75, 0);
    assert_near(values_of(table, "Aux temperature 4/degC")[39], 19.75, 0);
    assert_near(values_of(table, "Aux input 4 of type 2/kPa")[0], 20, 0);
    assert_true(isnan(values_of(table, "Aux voltage 4/V")[40]));
    double kelvin;
    const closo_column *heat = closo_table_find(table, CLOSO_QUANTITY_TEMPERATURE);
    assert_non_null(heat);
    closo_column_read_si(heat, 0, 1, &kelvin);
    assert_near(kelvin, 283.15, 1e-9);
    assert_true(has_note(table, "casing"));
    closo_arena_free(arena);
    free(res);
}

/* What was copied before its end gives the points whose pages are there. */
static void a_cut_database_gives_what_is_left(void **state)
{
    (void)state;
    make_res *res = example();
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = NULL;
    assert_int_equal(open_copy(res->bytes, 7 * MAKE_RES_PAGE_BYTES, arena, &table, NULL), CLOSO_OK);
    assert_in_range(table->row_count, 20, 70);
    assert_true(has_note(table, "announces 80 points"));
    assert_true(has_note(table, "Global_Table"));
    closo_arena_free(arena);
    free(res);
}

static void other_databases_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t place;
        unsigned char value;
        closo_status status;
        const char *says;
    } changes[] = {{20, 0, CLOSO_UNSUPPORTED, "Access 97"},
                   {20, 3, CLOSO_UNSUPPORTED, "newer Access"},
                   {2 * 4096, 77, CLOSO_UNSUPPORTED, "password"},
                   {2 * 4096 + 45, 0, CLOSO_FORMAT, "'MSysObjects'"}};
    make_res *res = malloc(sizeof *res);
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = NULL;
    closo_error error = {0};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        make_res_example(res);
        res->bytes[changes[i].place] = changes[i].value;
        assert_int_equal(open_copy(res->bytes, size_of(res), arena, &table, &error),
                         changes[i].status);
        assert_non_null(strstr(error.message, changes[i].says));
    }
    make_res_begin(res);
    const make_res_column column = {"Name", MAKE_RES_TEXT};
    (void)make_res_table(res, "Addresses", &column, 1);
    assert_int_equal(open_copy(res->bytes, size_of(res), arena, &table, &error), CLOSO_UNSUPPORTED);
    assert_non_null(strstr(error.message, "no table Channel_Normal_Table"));
    closo_arena_free(arena);
    free(res);
}

/* All bytes of the heads and descriptions, and some of each page of rows. */
static void damaged_databases_do_no_harm(void **state)
{
    (void)state;
    make_res *res = example();
    const size_t size = size_of(res);
    damage_everywhere("res", res->bytes, size, 37);
    for (size_t page = 0; page < res->page_count; page++)
        for (size_t place = 0; place < 320; place++) {
            unsigned char *byte = &res->bytes[page * MAKE_RES_PAGE_BYTES + place];
            const unsigned char before = *byte;
            *byte = (unsigned char)(before ^ (1u << (place % 8)));
            open_damaged("res", res->bytes, size, place);
            *byte = 0xff;
            open_damaged("res", res->bytes, size, place);
            *byte = before;
        }
    exhaust_memory("res", res->bytes, size);
    free(res);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sum_equals_the_export),
        cmocka_unit_test(what_was_tested_is_known),
        cmocka_unit_test(charges_equal_the_capacities),
        cmocka_unit_test(points_are_put_in_order),
        cmocka_unit_test(auxiliary_inputs_are_columns),
        cmocka_unit_test(a_cut_database_gives_what_is_left),
        cmocka_unit_test(other_databases_are_refused),
        cmocka_unit_test(damaged_databases_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
