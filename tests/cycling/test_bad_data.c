/* SPDX-License-Identifier: BSD-3-Clause */
/* What cyclers leave in their files: clocks that run back, midnights, rows twice, currents without a sign, holes. */
#include "support.h"

#include "synthetic_cell.h"

#include <string.h>

#define CURRENT_A 1e-3

static cell shared; /* too large for the stack; each test starts it anew */

static int free_arena(void **state)
{
    closo_arena_free(*state);
    return 0;
}

static int new_arena(void **state)
{
    *state = closo_arena_new(0);
    return *state == NULL;
}

static closo_cycling *analyse(const closo_table *table, closo_arena *arena)
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

/* Four cycles of 3.0 C in and 2.7 C out, with rests. */
static void cycle_cell(void)
{
    cell_start(&shared, 10);
    cell_rest(&shared, 300);
    for (int n = 0; n < 4; n++) {
        cell_pass(&shared, 3.0, CURRENT_A);
        cell_rest(&shared, 300);
        cell_pass(&shared, -2.7, CURRENT_A);
        cell_rest(&shared, 300);
    }
}

static void check(const closo_cycling *cycling, double share)
{
    assert_int_equal(cycling->cycle_count, 4);
    for (size_t c = 0; c < 4; c++) {
        assert_near(cycling->cycles[c].charge_C, 3.0, 3.0 * share);
        assert_near(cycling->cycles[c].discharge_C, 2.7, 2.7 * share);
        assert_near(cycling->cycles[c].coulombic_efficiency, 0.9, 2 * share);
    }
}

/* What is not wrong with the numbers, but with what they are taken for. */
static void a_good_cell_is_not_remarked_on(void **state)
{
    static const char *const words[] = {"opposite sign", "equal electrodes", "got back", "sweep",
                                        "the retention between"};
    cycle_cell();
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_false(has_note(cycling, words[i]));
}

static void turned_currents(void **state)
{
    cycle_cell();
    for (size_t i = 0; i < shared.count; i++)
        shared.current_A[i] = -shared.current_A[i];
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    assert_true(has_note(cycling, "opposite sign"));
    assert_true(has_note(cycling, "got back")); /* 3.0 C after 2.7 C */
}

static void equal_electrodes(void **state)
{
    cycle_cell();
    for (size_t i = 0; i < shared.count; i++)
        shared.potential_V[i] = 200 * shared.current_A[i];
    assert_true(has_note(analyse(cell_table(&shared, *state), *state), "equal electrodes"));
}

static void a_sweep_is_no_cycling(void **state)
{
    cycle_cell();
    for (size_t i = 0; i < shared.count; i++)
        shared.current_A[i] *= 1 + 0.8 * sin((double)i / 30);
    assert_true(has_note(analyse(cell_table(&shared, *state), *state), "sweep"));
}

static void retention_between_two_currents(void **state)
{
    cell_start(&shared, 10);
    for (int n = 0; n < 3; n++) {
        double current_A = n == 2 ? 2 * CURRENT_A : CURRENT_A;
        cell_pass(&shared, 3.0, current_A);
        cell_rest(&shared, 300);
        cell_pass(&shared, -2.9, current_A);
        cell_rest(&shared, 300);
    }
    assert_true(has_note(analyse(cell_table(&shared, *state), *state), "the retention between"));
}

static void midnight(void **state)
{
    cycle_cell(); /* about 24,000 s; the clock of the day starts at 20 h */
    for (size_t i = 0; i < shared.count; i++)
        shared.time_s[i] = fmod(shared.time_s[i] + 72000, 86400);
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    check(cycling, 1e-9);
    assert_true(has_note(cycling, "taken for midnight"));
}

/* A second file of the same test, whose clock starts at zero again. */
static void glued_files(void **state)
{
    cycle_cell();
    size_t half = 0;
    while (shared.time_s[half] < 12400) /* in the midst of a charge or discharge */
        half++;
    double start_s = shared.time_s[half];
    for (size_t i = half; i < shared.count; i++)
        shared.time_s[i] -= start_s;
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    check(cycling, 0.004); /* the interval between the files has no length: 10 s of 3000 */
    assert_true(has_note(cycling, "the clock starts again 1 time, first at row"));
    closo_cycling_rows rows;
    assert_int_equal(closo_cycling_rows_read(cycling, 0, cycling->row_count, *state, &rows, NULL),
                     CLOSO_OK);
    assert_int_equal(closo_cycling_rows_read(cycling, 1, cycling->row_count, *state, &rows, NULL),
                     CLOSO_RANGE);
    assert_int_equal(closo_cycling_file_row(cycling, rows.row_count - 1), shared.count - 1);
    for (size_t i = 1; i < rows.row_count; i++)
        assert_true(rows.time_s[i] >= rows.time_s[i - 1]);
}

/* The second file repeats the last rows of the first. */
static void overlapping_files(void **state)
{
    cycle_cell();
    size_t from = shared.count / 2, repeated = 40;
    size_t tail = shared.count - from;
    double *arrays[] = {shared.time_s, shared.potential_V, shared.current_A};
    for (size_t a = 0; a < 3; a++)
        memmove(arrays[a] + from, arrays[a] + from - repeated,
                (tail + repeated) * sizeof *arrays[a]);
    shared.count += repeated;
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    check(cycling, 1e-9);
    assert_true(has_note(cycling, "40 rows then repeat earlier ones"));
}

static void clock_jitters(void **state)
{
    cycle_cell();
    for (size_t i = 100; i + 1 < shared.count; i += 500)
        shared.time_s[i + 1] = shared.time_s[i] - 3;
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    check(cycling, 1e-3);
    assert_true(has_note(cycling, "lie before the time of an earlier row"));
}

static void rows_twice(void **state)
{
    cycle_cell();
    size_t count = shared.count;
    double *arrays[] = {shared.time_s, shared.potential_V, shared.current_A};
    for (size_t a = 0; a < 3; a++)
        for (size_t i = count; i-- > 0;)
            arrays[a][2 * i] = arrays[a][2 * i + 1] = arrays[a][i];
    shared.count = 2 * count;
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    check(cycling, 1e-9);
    assert_true(has_note(cycling, "repeat the row before"));
}

static void missing_values(void **state)
{
    cycle_cell();
    for (size_t i = 7; i < shared.count; i += 50)
        (i % 3 == 0 ? shared.time_s : i % 3 == 1 ? shared.potential_V : shared.current_A)[i] = NAN;
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    check(cycling, 0.01);
    assert_true(has_note(cycling, "lack a time, potential or current"));
}

static void unsigned_currents(void **state)
{
    for (int rests = 0; rests < 2; rests++) {
        cycle_cell();
        if (rests == 0) { /* without rests: only the potential tells where it turns */
            cell_start(&shared, 10);
            for (int n = 0; n < 4; n++) {
                cell_pass(&shared, 3.0, CURRENT_A);
                cell_pass(&shared, -2.7, CURRENT_A);
            }
        }
        for (size_t i = 0; i < shared.count; i++)
            shared.current_A[i] = fabs(shared.current_A[i]);
        const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
        assert_true(cycling->signs_from_potential);
        assert_true(has_note(cycling, "have lost their sign"));
        check(cycling, 0.01);
    }
}

/* Only ever charged: nothing is turned round. */
static void charge_alone(void **state)
{
    cell_start(&shared, 10);
    cell_rest(&shared, 300);
    cell_pass(&shared, 3.0, CURRENT_A);
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    assert_false(cycling->signs_from_potential);
    assert_int_equal(cycling->cycle_count, 1);
    assert_true(isnan(cycling->cycles[0].coulombic_efficiency));
    assert_true(isnan(cycling->cycles[0].discharge_C));
    assert_int_equal(cycling->summary.retention.reference_cycle, 0);
    assert_non_null(closo_cycling_json(cycling, *state));
}

static void cut_off(void **state)
{
    cycle_cell();
    shared.count -= 150; /* into the last discharge */
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    assert_int_equal(cycling->cycle_count, 4);
    assert_false(cycling->cycles[3].complete);
    assert_true(has_note(cycling, "end in the midst of cycle 4"));
    assert_int_equal(cycling->summary.retention.last_cycle, 3);
}

/* A spike of one row against the current is no half cycle. */
static void spikes(void **state)
{
    cycle_cell();
    for (size_t i = 60; i < shared.count; i += 400)
        shared.current_A[i] = shared.current_A[i] > 0 ? -CURRENT_A : CURRENT_A;
    const closo_cycling *cycling = analyse(cell_table(&shared, *state), *state);
    check(cycling, 0.03);
    assert_true(has_note(cycling, "are not taken for a turn"));
}

static void no_current(void **state)
{
    cell_start(&shared, 10);
    cell_rest(&shared, 1000);
    closo_cycling *cycling;
    closo_error error = {0};
    const closo_table *table = cell_table(&shared, *state);
    assert_int_equal(closo_cycling_from_table(table, NULL, *state, &cycling, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "no current flows"));
    for (size_t i = 0; i < shared.count; i++)
        shared.current_A[i] = NAN;
    assert_int_equal(closo_cycling_from_table(table, NULL, *state, &cycling, &error), CLOSO_RANGE);
    assert_null(cycling);
}

static void one_row(void **state)
{
    cell_start(&shared, 10);
    cell_rest(&shared, 0);
    shared.current_A[0] = 1;
    closo_cycling *cycling;
    closo_error error = {0};
    assert_int_equal(
        closo_cycling_from_table(cell_table(&shared, *state), NULL, *state, &cycling, &error),
        CLOSO_RANGE);
}

/* Whatever the numbers, an answer or a sentence. */
static void wild_numbers(void **state)
{
    closo_random random;
    closo_random_seed(&random, 3);
    static const double odd[] = {NAN, INFINITY, -INFINITY, 0, 1e300, -1e300, 1e-300, -0.0};
    for (int draw = 0; draw < 400; draw++) {
        closo_arena *arena = closo_arena_new(0);
        cell_start(&shared, 1);
        size_t rows = 1 + closo_random_below(&random, 60);
        for (size_t i = 0; i < rows; i++) {
            double *arrays[] = {shared.time_s, shared.potential_V, shared.current_A};
            for (size_t a = 0; a < 3; a++)
                arrays[a][i] = closo_random_below(&random, 4) == 0
                                   ? odd[closo_random_below(&random, 8)]
                                   : (a == 0 ? (double)i : closo_random_normal(&random));
        }
        shared.count = rows;
        closo_cycling *cycling;
        closo_error error = {0};
        closo_status status =
            closo_cycling_from_table(cell_table(&shared, arena), NULL, arena, &cycling, &error);
        if (status == CLOSO_OK)
            assert_non_null(closo_cycling_json(cycling, arena));
        else
            assert_true(error.message[0] != '\0');
        closo_arena_free(arena);
    }
    (void)state;
}

/* Decimal commas come through the reader. */
static void decimal_commas(void **state)
{
    static const char head[] = "Time (s);Voltage (V);Current (A)\n";
    char *text = closo_arena_alloc(*state, 400000, 1);
    cycle_cell();
    size_t length = (size_t)sprintf(text, "%s", head);
    for (size_t i = 0; i < shared.count; i++) {
        char line[100];
        int written = snprintf(line, sizeof line, "%.3f;%.6f;%.6f\n", shared.time_s[i],
                               shared.potential_V[i], shared.current_A[i]);
        for (int k = 0; k < written; k++)
            text[length++] = line[k] == '.' ? ',' : line[k];
    }
    text[length] = '\0';
    closo_table *table;
    closo_error error = {0};
    if (closo_file_open_memory("commas.csv", text, length, NULL, *state, &table, &error) !=
        CLOSO_OK)
        fail_msg("%s", error.message);
    check(analyse(table, *state), 1e-6);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, new_arena, free_arena)
    const struct CMUnitTest tests[] = {
        TEST(a_good_cell_is_not_remarked_on),
        TEST(turned_currents),
        TEST(equal_electrodes),
        TEST(a_sweep_is_no_cycling),
        TEST(retention_between_two_currents),
        TEST(midnight),
        TEST(glued_files),
        TEST(overlapping_files),
        TEST(clock_jitters),
        TEST(rows_twice),
        TEST(missing_values),
        TEST(unsigned_currents),
        TEST(charge_alone),
        TEST(cut_off),
        TEST(spikes),
        TEST(no_current),
        TEST(one_row),
        TEST(wild_numbers),
        TEST(decimal_commas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
