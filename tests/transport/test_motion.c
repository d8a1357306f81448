/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of NMR and neutron data: which column is which, and the made-up examples give their truth back. */
#include "support.h"

#include "closo/instrument.h"
#include "closo/report.h"
#include "closo/transport.h"

#include <math.h>
#include <string.h>

static closo_motion open_example(const char *name, double radius_m, closo_arena *arena)
{
    char path[1200];
    closo_table *table;
    closo_motion motion;
    closo_error error = {0};
    const closo_motion_options options = {.radius_m = radius_m};
    snprintf(path, sizeof path, "%s/examples/relaxation/%s", CLOSO_SOURCE_DIR, name);
    if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK ||
        closo_motion_from_table(table, &options, arena, &motion, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_non_null(closo_figure_motion(&motion, NULL, arena));
    return motion;
}

static bool within(closo_value value, double truth)
{
    return fabs(value.value - truth) < 3 * value.sigma;
}

static void examples(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_motion motion = open_example("rates.csv", 0, arena);
    assert_int_equal(motion.kind, CLOSO_MOTION_RATES);
    assert_int_equal(motion.count, 42);
    assert_near(motion.larmor_Hz[0], 28e6, 1);
    assert_near(motion.larmor_Hz[41], 90e6, 1);
    const closo_relaxation_fit *fit = &motion.rates.fits[CLOSO_DENSITY_BPP];
    assert_true(within(fit->energy_eV, 0.30) && within(fit->ln_tau0, log(2e-14)) &&
                within(fit->ln_coupling, log(8e9)));
    assert_non_null(strstr(closo_motion_json(&motion, arena), "\"jump_rate_per_s_sigma\""));

    motion = open_example("width.csv", 0, arena);
    assert_int_equal(motion.kind, CLOSO_MOTION_NARROWING);
    assert_true(within(motion.narrowing.energy_eV, 0.42) &&
                within(motion.narrowing.rigid_Hz, 42e3));
    assert_non_null(strstr(closo_motion_json(&motion, arena), "\"half_K\""));

    motion = open_example("eisf.csv", 2.9e-10, arena);
    assert_int_equal(motion.kind, CLOSO_MOTION_EISF);
    assert_int_equal(motion.eisf.chosen, CLOSO_ROTATION_C3_OR_C5);
    assert_true(within(motion.eisf.mobile[CLOSO_ROTATION_C3_OR_C5], 0.9));
    assert_non_null(strstr(closo_motion_json(&motion, arena), "C3 or C5"));
    closo_arena_free(arena);
}

/* T1 in seconds is turned, with its sigma; the frequency comes from the options. */
static void times_become_rates(void **state)
{
    (void)state;
    static const double T_K[] = {250, 270, 290, 310, 330, NAN}, T1_s[] = {2, 1, 0.5, 0.8, 1.6, 3},
                        sigma_s[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = closo_table_new(arena, "made up");
    closo_motion motion;
    closo_error error = {0};
    table->row_count = 6;
    assert_non_null(closo_table_add_values(table, "T/K", "K", CLOSO_QUANTITY_OTHER, T_K));
    assert_int_equal(closo_motion_from_table(table, NULL, arena, &motion, &error), CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "T1 in s"));
    assert_non_null(closo_table_add_values(table, "T1/s", "s", CLOSO_QUANTITY_OTHER, T1_s));
    assert_int_equal(closo_motion_from_table(table, NULL, arena, &motion, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "Larmor"));
    assert_non_null(closo_table_add_values(table, "T1_err/s", "s", CLOSO_QUANTITY_OTHER, sigma_s));
    const closo_motion_options options = {.larmor_Hz = 62.5e6};
    assert_int_equal(closo_motion_from_table(table, &options, arena, &motion, &error), CLOSO_OK);
    assert_int_equal(motion.count, 5);
    assert_int_equal(motion.left_out, 1);
    assert_near(motion.y[2], 2, 1e-12);
    assert_near(motion.sigma[2], 0.4, 1e-12);
    assert_near(motion.larmor_Hz[4], 62.5e6, 0);
    closo_arena_free(arena);
}

/* A column of errors is found by its name, kept in step with its rows, and weighs: a point that is far off counts little
 * when it says so. */
static void errors_of_an_eisf_weigh(void **state)
{
    (void)state;
    enum { COUNT = 12 };
    static const char *const names[] = {"EISF_sigma", "EISF error", "std", "sigma"};
    closo_arena *arena = closo_arena_new(0);
    double q[COUNT], y[COUNT], sigma[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        q[i] = 2e9 + 1.5e9 * (double)i;
        y[i] = 0.25 + 0.75 * closo_rotation_eisf(CLOSO_ROTATION_C3_OR_C5, q[i], 2.9e-10);
        sigma[i] = 0.01;
    }
    y[2] = NAN; /* left out, with its sigma */
    y[7] += 0.3;
    sigma[7] = 1;
    const closo_motion_options options = {.radius_m = 2.9e-10};
    for (size_t k = 0; k <= sizeof names / sizeof *names; k++) {
        closo_table *table = closo_table_new(arena, "made up");
        closo_motion motion;
        table->row_count = COUNT;
        assert_non_null(closo_table_add_values(table, "Q/m-1", "1/m", CLOSO_QUANTITY_OTHER, q));
        if (k > 0)
            assert_non_null(
                closo_table_add_values(table, names[k - 1], "", CLOSO_QUANTITY_OTHER, sigma));
        assert_non_null(closo_table_add_values(table, "EISF", "", CLOSO_QUANTITY_OTHER, y));
        assert_int_equal(closo_motion_from_table(table, &options, arena, &motion, NULL), CLOSO_OK);
        assert_int_equal(motion.count, COUNT - 1);
        double turning = motion.eisf.mobile[CLOSO_ROTATION_C3_OR_C5].value;
        if (k == 0) {
            assert_null(motion.sigma);
            assert_true(fabs(turning - 0.75) > 0.01);
        } else {
            assert_near(motion.sigma[6], 1, 0);
            assert_near(turning, 0.75, 0.002);
        }
    }
    closo_arena_free(arena);
}

/* The clock in the first column is not T1. */
static void the_clock_is_no_relaxation(void **state)
{
    (void)state;
    static const double T_K[] = {250, 270, 290, 310, 330}, clock_s[] = {1, 2, 3, 4, 5},
                        T1_ms[] = {2000, 1000, 500, 800, 1600};
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = closo_table_new(arena, "made up");
    closo_motion motion;
    closo_error error = {0};
    const closo_motion_options options = {.larmor_Hz = 62.5e6};
    table->row_count = 5;
    assert_non_null(closo_table_add_values(table, "time/s", "s", CLOSO_QUANTITY_OTHER, clock_s));
    assert_non_null(closo_table_add_values(table, "T/K", "K", CLOSO_QUANTITY_OTHER, T_K));
    assert_int_equal(closo_motion_from_table(table, &options, arena, &motion, &error),
                     CLOSO_FORMAT);
    assert_non_null(closo_table_add_values(table, "T1/ms", "ms", CLOSO_QUANTITY_OTHER, T1_ms));
    assert_int_equal(closo_motion_from_table(table, &options, arena, &motion, &error), CLOSO_OK);
    assert_string_equal(motion.column, "T1/ms");
    assert_near(motion.y[2], 2, 1e-12);
    assert_non_null(strstr(closo_motion_json(&motion, arena), "\"T1/ms\""));

    table = closo_table_new(arena, "made up");
    table->row_count = 5;
    assert_non_null(closo_table_add_values(table, "T/K", "K", CLOSO_QUANTITY_OTHER, T_K));
    assert_non_null(closo_table_add_values(table, "a/s", "s", CLOSO_QUANTITY_OTHER, clock_s));
    assert_non_null(closo_table_add_values(table, "b/ms", "ms", CLOSO_QUANTITY_OTHER, T1_ms));
    assert_int_equal(closo_motion_from_table(table, &options, arena, &motion, &error),
                     CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "several columns could be T1"));
    closo_arena_free(arena);
}

/* A width that is far off, and says so, counts little; a column of errors without a unit is said not to count. */
static void errors_of_a_width_weigh(void **state)
{
    (void)state;
    enum { COUNT = 24 };
    double T_K[COUNT], width_kHz[COUNT], sigma_kHz[COUNT];
    for (int i = 0; i < COUNT; i++) {
        T_K[i] = 180 + 8 * i;
        width_kHz[i] = 3 + 1 / (1 / 42.0 + (1 / 2e-6 - 1 / 42.0) *
                                               exp(-0.42 / (CLOSO_BOLTZMANN_eV_per_K * T_K[i])));
        sigma_kHz[i] = 0.3;
    }
    width_kHz[10] += 15;
    sigma_kHz[10] = 1000;
    static const char *const names[] = {NULL, "width_sigma_kHz", "width_err"};
    for (size_t k = 0; k < 3; k++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = closo_table_new(arena, "made up");
        closo_motion motion;
        table->row_count = COUNT;
        assert_non_null(closo_table_add_values(table, "T/K", "K", CLOSO_QUANTITY_OTHER, T_K));
        if (names[k] != NULL)
            assert_non_null(
                closo_table_add_values(table, names[k], "", CLOSO_QUANTITY_OTHER, sigma_kHz));
        assert_non_null(
            closo_table_add_values(table, "width_kHz", "", CLOSO_QUANTITY_OTHER, width_kHz));
        assert_int_equal(closo_motion_from_table(table, NULL, arena, &motion, NULL), CLOSO_OK);
        assert_int_equal(motion.kind, CLOSO_MOTION_NARROWING);
        double off_eV = fabs(motion.narrowing.energy_eV.value - 0.42);
        if (k == 1)
            assert_true(off_eV < 1e-3);
        else
            assert_true(off_eV > 1e-3);
        assert_int_equal(motion.notes.count, k == 2);
        closo_arena_free(arena);
    }
}

static void bad_tables(void **state)
{
    (void)state;
    static const double x[] = {1e10, 2e10, 3e10}, y[] = {0.9, 0.7, 0.5};
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = closo_table_new(arena, "made up");
    closo_motion motion;
    closo_error error = {0};
    table->row_count = 3;
    assert_non_null(closo_table_add_values(table, "EISF", "", CLOSO_QUANTITY_OTHER, y));
    assert_int_equal(closo_motion_from_table(table, NULL, arena, &motion, &error), CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "1/ang"));
    assert_non_null(closo_table_add_values(table, "Q/m-1", "1/m", CLOSO_QUANTITY_OTHER, x));
    assert_int_equal(closo_motion_from_table(table, NULL, arena, &motion, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "radius"));
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples),
        cmocka_unit_test(times_become_rates),
        cmocka_unit_test(errors_of_an_eisf_weigh),
        cmocka_unit_test(the_clock_is_no_relaxation),
        cmocka_unit_test(errors_of_a_width_weigh),
        cmocka_unit_test(bad_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
