/* SPDX-License-Identifier: BSD-3-Clause */
/* closo cycles, given what people have: spoilt text files made here from a cell whose charges are known (two cycles of
 * 3.0 C in and 2.7 C out). Each is read rightly with a note, or refused with a sentence. */
/* clang-format off */
#include "support.h"
#include "program.h"
/* clang-format on */

#include "../cycling/synthetic_cell.h"
#include "base/base_internal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CURRENT_A 1e-3

static char file_path[1024];
static cell shared;

/* closo cycles FILE --json WORDS */
static outcome cycles(const char *words)
{
    return closo_with("cycles '%s' --json %s", file_path, words);
}

static int set_up(void **state)
{
    snprintf(file_path, sizeof file_path, "%s", temporary_path("cell.csv"));
    return program_set_up(state);
}

static int tear_down(void **state)
{
    unlink(file_path);
    return program_tear_down(state);
}

static void cycle_cell(double rest_s)
{
    cell_start(&shared, 10);
    for (int n = 0; n < 2; n++) {
        cell_pass(&shared, 3.0, CURRENT_A);
        if (rest_s > 0)
            cell_rest(&shared, rest_s);
        cell_pass(&shared, -2.7, CURRENT_A);
        if (rest_s > 0)
            cell_rest(&shared, rest_s);
    }
}

static void write_rows(const char *header, char separator, bool decimal_commas)
{
    closo_output *output;
    assert_int_equal(closo_output_open(file_path, program_arena, &output, NULL), CLOSO_OK);
    closo_output_printf(output, "%s\n", header);
    for (size_t i = 0; i < shared.count; i++) {
        char line[200];
        const double current_mA = 1e3 * shared.current_A[i];
        snprintf(line, sizeof line, "%.6f%c%.6f%c%.6f\n", shared.time_s[i], separator,
                 shared.potential_V[i], separator, current_mA);
        for (char *c = line; decimal_commas && *c != '\0'; c++)
            *c = *c == '.' ? ',' : *c;
        closo_output_printf(output, "%s", line);
    }
    assert_int_equal(closo_output_commit(output, NULL), CLOSO_OK);
}

static void write_cell(void)
{
    write_rows("time/s,Ewe/V,I/mA", ',', false);
}

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

/* Two whole cycles within a share, and the note, if one is wanted. */
static void check(const char *words, double share, const char *note)
{
    const outcome done = cycles(words);
    if (done.status != 0)
        fail_msg("%s", done.complaints);
    assert_string_equal(done.complaints, "");
    json_t *object = json_loads(done.output, 0, NULL);
    const json_t *list = json_object_get(object, "cycles");
    assert_int_equal(json_array_size(list), 2);
    for (size_t c = 0; c < 2; c++) {
        assert_near(number_of(json_array_get(list, c), "charge_mAh"), 3.0 / 3.6, share * 3 / 3.6);
        assert_near(number_of(json_array_get(list, c), "discharge_mAh"), 2.7 / 3.6,
                    share * 3 / 3.6);
    }
    json_decref(object);
    if (note != NULL && strstr(done.output, note) == NULL)
        fail_msg("no note '%s' in %s", note, strstr(done.output, "\"notes\""));
}

/* Exit status 1 or 2 and a sentence. */
static void check_refused(const char *words, int status, const char *says)
{
    const outcome done = cycles(words);
    assert_int_equal(done.status, status);
    assert_string_equal(done.output, "");
    if (strstr(done.complaints, says) == NULL)
        fail_msg("'%s' is not in: %s", says, done.complaints);
}

static void clocks(void **state)
{
    (void)state;
    cycle_cell(300);
    for (size_t i = 100; i + 1 < shared.count; i += 200)
        shared.time_s[i + 1] = shared.time_s[i] - 3;
    write_cell();
    check("", 4e-3, "rows lie before the time of an earlier row");
    cycle_cell(300);
    for (size_t i = 0; i < shared.count; i++) /* the clock of the day, begun at 22 h */
        shared.time_s[i] = fmod(shared.time_s[i] + 79200, 86400);
    write_cell();
    check("", 1e-6, "taken for midnight");
    cycle_cell(300); /* two files glued, cut in the midst of a step */
    const size_t cut = shared.count / 2;
    const double start_s = shared.time_s[cut];
    for (size_t i = cut; i < shared.count; i++)
        shared.time_s[i] -= start_s;
    write_cell();
    check("", 4e-3, "as if glued from several files");
}

static void rows_twice(void **state)
{
    (void)state;
    cycle_cell(300);
    double *columns[] = {shared.time_s, shared.potential_V, shared.current_A};
    const size_t count = shared.count;
    for (size_t k = 0; k < 3; k++)
        for (size_t i = count; i-- > 0;)
            columns[k][2 * i] = columns[k][2 * i + 1] = columns[k][i];
    shared.count *= 2;
    write_cell();
    check("", 1e-6, "rows repeat the row before");
}

static void currents(void **state)
{
    (void)state;
    cycle_cell(300); /* magnitudes alone */
    for (size_t i = 0; i < shared.count; i++)
        shared.current_A[i] = fabs(shared.current_A[i]);
    write_cell();
    check("", 0.01, "have lost their sign");
    cycle_cell(0); /* no rests */
    write_cell();
    check("", 0.01, NULL);
    cell_start(&shared, 10); /* interrupted steps: pauses in the midst of each */
    for (int n = 0; n < 2; n++) {
        cell_pass(&shared, 1.2, CURRENT_A);
        cell_rest(&shared, 100);
        cell_pass(&shared, 1.8, CURRENT_A);
        cell_pass(&shared, -2.0, CURRENT_A);
        cell_rest(&shared, 700);
        cell_pass(&shared, -0.7, CURRENT_A);
    }
    write_cell();
    check("", 0.01, NULL);
}

static void commas(void **state)
{
    (void)state;
    cycle_cell(300);
    write_rows("time/s;Ewe/V;I/mA", ';', true);
    check("", 1e-6, NULL);
    write_rows("time/s\tEwe/V\tI/mA", '\t', true);
    check("--role cathode", 1e-6, NULL);
}

/* Only ever discharged: a cycle without charge has no efficiency. */
static void no_charge(void **state)
{
    (void)state;
    cell_start(&shared, 10);
    cell_rest(&shared, 300);
    cell_pass(&shared, -2.0, CURRENT_A);
    write_cell();
    const outcome done = cycles("");
    assert_int_equal(done.status, 0);
    json_t *object = json_loads(done.output, 0, NULL);
    const json_t *cycle = json_array_get(json_object_get(object, "cycles"), 0);
    assert_near(number_of(cycle, "discharge_mAh"), 2.0 / 3.6, 1e-6);
    assert_true(json_is_null(json_object_get(cycle, "charge_mAh")));
    assert_true(json_is_null(json_object_get(cycle, "coulombic_efficiency")));
    assert_true(json_is_false(json_object_get(cycle, "complete")));
    json_decref(object);
}

static void wrong_amounts(void **state)
{
    (void)state;
    cycle_cell(300);
    write_cell();
    check_refused("--mass '0 mg'", 2, "larger than zero");
    check_refused("--mass '-2 mg'", 2, "larger than zero");
    check_refused("--mass 2", 2, "mg");
    check_refused("--area '0 cm2'", 2, "larger than zero");
    check_refused("--capacity '-1 mAh'", 2, "larger than zero");
    check_refused("--role anodic", 2, "cathode, anode or full cell");
    check_refused("--reference-cycle 9", 1, "2 cycles");
    check_refused("--zero-current '1 A'", 1, "above the mean current");
}

static void hopeless_files(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } files[] = {
        {"time/s,Ewe/V,I/mA\n0,1,nan\n1,1,nan\n2,1,nan\n", "no row has a time"},
        {"time/s,Ewe/V,I/mA\nnan,1,1\nnan,1,1\nnan,1,1\n", "no row has a time"},
        {"time/s,Ewe/V,I/mA\n0,3.1,0.5\n", "one row"},
        {"time/s,Ewe/V,I/mA\n", "stopped before its first point"},
        {"time/s,Ewe/V,I/mA\n50,3.1,1\n40,3.2,1\n30,3.3,1\n20,3.4,1\n10,3.5,1\n",
         "the clock runs backwards from row to row"},
        {"time/s,Ewe/V,I/mA\n0,3.1,0\n10,3.1,0\n20,3.1,0\n", "no current flows"},
        {"time/s,Ewe/V\n0,3.1\n10,3.1\n20,3.1\n", "no column with the current"},
        {"time/s,I/mA\n0,3.1\n10,3.1\n20,3.1\n", "no column with the potential"},
        {"time/s,Ewe/V,I/mA\n0,3.1,high\n10,3.1,low\n20,3.1,off\n",
         "'I/mA' should hold the current but holds words ('high', 'low', 'off')"},
        {"", "empty"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        assert_int_equal(
            closo_file_write(file_path, files[i].text, strlen(files[i].text), program_arena, NULL),
            CLOSO_OK);
        check_refused("", 1, files[i].says);
    }
}

/* A capacity column that adds up to sixty times what the currents pass: the clock counts minutes. */
static void clock_in_minutes(void **state)
{
    (void)state;
    cycle_cell(300);
    closo_output *output;
    double charge_Ah = 0, discharge_Ah = 0;
    assert_int_equal(closo_output_open(file_path, program_arena, &output, NULL), CLOSO_OK);
    closo_output_printf(output, "time/s,Ewe/V,I/mA,Q charge/A.h,Q discharge/A.h\n");
    for (size_t i = 0; i < shared.count; i++) {
        const double elapsed_s = i == 0 ? 0 : shared.time_s[i] - shared.time_s[i - 1];
        charge_Ah += fmax(shared.current_A[i], 0) * elapsed_s / 3600;
        discharge_Ah += fmax(-shared.current_A[i], 0) * elapsed_s / 3600;
        closo_output_printf(output, "%.9f,%.6f,%.6f,%.9f,%.9f\n", shared.time_s[i] / 60,
                            shared.potential_V[i], 1e3 * shared.current_A[i], charge_Ah,
                            discharge_Ah);
    }
    assert_int_equal(closo_output_commit(output, NULL), CLOSO_OK);
    check("", 1e-5, "count minutes?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks),         cmocka_unit_test(rows_twice),
        cmocka_unit_test(currents),       cmocka_unit_test(commas),
        cmocka_unit_test(no_charge),      cmocka_unit_test(wrong_amounts),
        cmocka_unit_test(hopeless_files), cmocka_unit_test(clock_in_minutes),
    };
    return cmocka_run_group_tests_name("cycles_input", tests, set_up, tear_down);
}
