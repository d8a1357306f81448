/* SPDX-License-Identifier: BSD-3-Clause */
/* Loops that end by what the cell does, steps of temperature, and pulses, in a cell simple enough to know the answer. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/cell.h"

#include <math.h>
#include <string.h>

static const double line_x[] = {0, 1}, line_U[] = {4.1, 3.1};
static closo_arena *arena;

/* One grain whose potential is a line; its resistance is that of the separator: 0.5 mm of 0.1 S/m, 5 mohm m2. */
static closo_cell plain_cell(void)
{
    return (closo_cell){.name = "test",
                        .area_m2 = 1e-4,
                        .temperature_K = 298.15,
                        .reference_K = 298.15,
                        .node_count = 1,
                        .shell_count = 8,
                        .thickness_m = 20e-6,
                        .active = {.volume_fraction = 0.5,
                                   .radius_m = 2e-7,
                                   .sites_mol_per_m3 = 15000,
                                   .usable = 1,
                                   .diffusivity_m2_per_s = {1e-14, 0},
                                   .exchange_current_A_per_m2 = {2, 0},
                                   .transfer = 0.5,
                                   .double_layer_F_per_m2 = 0.01,
                                   .equilibrium = {2, line_x, line_U},
                                   .filled_at_start = 0.9},
                        .ion_conductivity_S_per_m = {0.1, 40000},
                        .ion_path = 1,
                        .electron_conductivity_S_per_m = 100,
                        .separator_m = 500e-6,
                        .counter = {.resistance_ohm_m2 = {1e-3, 0}, .double_layer_F_per_m2 = 0.05}};
}

static closo_simulation *simulate(const closo_cell *cell, const char *text)
{
    closo_experiment experiment;
    closo_simulation *made;
    closo_error error = {0};
    if (closo_experiment_parse(text, 0, arena, &experiment, &error) != CLOSO_OK ||
        closo_cell_simulate(cell, &experiment, NULL, NULL, arena, &made, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return made;
}

static const double *column(const closo_simulation *made, closo_quantity quantity)
{
    const closo_column *found = closo_table_find(made->table, quantity);
    return found != NULL ? closo_column_values_si(found, made->table->row_count, arena) : NULL;
}

static double last(const closo_simulation *made, closo_quantity quantity)
{
    return column(made, quantity)[made->table->row_count - 1];
}

static const char *only_note(const closo_simulation *made)
{
    assert_int_equal(made->notes.count, 1);
    return made->notes.texts[0];
}

/* Cut-offs that fall by 60 mV a pass leave 0.06 of the sites out: the n-th pass has 1 - 0.06 (n - 1) of the first, the fifth
 * less than 80 %. The cell goes on behind the loop with the next cycle. */
static void a_loop_ends_at_its_retention(void **state)
{
    (void)state;
    const closo_cell cell = plain_cell();
    const closo_simulation *made = simulate(
        &cell, "discharge at 1 A/m2 until 3.05 V\nrepeat 15 times until capacity below 80 %\n"
               " charge at 1 A/m2 until 4.0 V - 0.06 V each time\n discharge at 1 A/m2 until 3.0 "
               "V\nend\ncharge at 1 A/m2 until 3.2 V");
    assert_non_null(strstr(only_note(made), "line 2 ended behind pass 5 of 15: its capacity is "));
    assert_non_null(strstr(only_note(made), "% of that of pass 1"));
    assert_near(last(made, CLOSO_QUANTITY_CYCLE), 6, 0);
    assert_near(last(made, CLOSO_QUANTITY_STEP), 1 + 30, 0);
    assert_near(last(made, CLOSO_QUANTITY_POTENTIAL), 3.2, 1e-6);
    const double *cycle = column(made, CLOSO_QUANTITY_CYCLE);
    for (size_t row = 1; row < made->table->row_count; row++)
        assert_true(cycle[row] == cycle[row - 1] || cycle[row] == cycle[row - 1] + 1);
}

/* 1 - 0.06 (n - 1) below 80 % of 0.88: the sixth. */
static void the_pass_to_measure_by_can_be_named(void **state)
{
    (void)state;
    const closo_cell cell = plain_cell();
    const closo_simulation *made = simulate(
        &cell,
        "discharge at 1 A/m2 until 3.05 V\nrepeat 15 times until capacity below 80 % of pass "
        "3\n charge at 1 A/m2 until 4.0 V - 0.06 V each time\n discharge at 1 A/m2 until "
        "3.0 V\nend");
    assert_non_null(strstr(only_note(made), "behind pass 6 of 15"));
}

static void loops_end_by_time_and_potential(void **state)
{
    (void)state;
    const closo_cell cell = plain_cell();
    const closo_simulation *made =
        simulate(&cell, "rest 1 h\nrepeat 100 times until time above 10 h: rest 3 h; end");
    assert_near(last(made, CLOSO_QUANTITY_TIME), 13 * 3600, 1e-6);
    made =
        simulate(&cell, "repeat 100 times until potential above 3.5 V: charge at 1 A/m2 for 6 min; "
                        "end; rest 1 s");
    assert_near(last(made, CLOSO_QUANTITY_POTENTIAL), 3.5, 0.03);
    assert_near(fmod(last(made, CLOSO_QUANTITY_TIME) - 1, 360), 0, 1e-6);
    /* the outer loop ends with the inner one, which is its last step */
    made = simulate(&cell,
                    "repeat 3 times until time above 100 min: repeat 10 times until time above 59 "
                    "min: rest 20 min; end; end; rest 1 s");
    assert_near(last(made, CLOSO_QUANTITY_TIME), 6 * 1200 + 1, 1e-6);
    assert_int_equal(made->notes.count, 2);
}

/* Pulses go on until their potential is met; the rest behind it is still there. */
static void pulses_end_at_their_potential(void **state)
{
    (void)state;
    const closo_cell cell = plain_cell();
    const closo_simulation *made =
        simulate(&cell, "pulse 2 A/m2 for 10 min or until 3.6 V, rest 20 min, 1000 times");
    const double *t_s = column(made, CLOSO_QUANTITY_TIME),
                 *current = column(made, CLOSO_QUANTITY_CURRENT),
                 *potential = column(made, CLOSO_QUANTITY_POTENTIAL);
    double most_V = 0;
    for (size_t row = 0; row < made->table->row_count; row++)
        most_V = fmax(most_V, potential[row]);
    assert_near(most_V, 3.6, 1e-6);
    assert_near(current[made->table->row_count - 1], 0, 0);
    /* 0.4 V are 0.4 of 14473 C/m2: the fifth pulse of 1200 */
    assert_true(t_s[made->table->row_count - 1] > 4 * 1800 + 1200);
    assert_true(t_s[made->table->row_count - 1] < 5 * 1800);
    assert_non_null(strstr(only_note(made), "behind pass 5 of 1000: its potential was met"));
}

/* The separator's 5 mohm m2 at 25 degC follow Arrhenius: 40 kJ/mol. Its resistance is the real part at high frequency. */
static void temperature_steps_change_the_laws(void **state)
{
    (void)state;
    const closo_cell cell = plain_cell();
    const closo_simulation *made = simulate(
        &cell, "rest 1 min\nimpedance 1 GHz to 100 MHz, 1 per decade\ntemperature 60 degC\n"
               "impedance 1 GHz to 100 MHz, 1 per decade\nrest 1 min\ntemperature 25 "
               "degC\nimpedance 1 GHz to 100 MHz, 1 per decade\nrest 1 s");
    const double *t_K = column(made, CLOSO_QUANTITY_TEMPERATURE);
    double ratio = exp(40000 / 8.314462618 * (1 / 298.15 - 1 / 333.15));
    assert_int_equal(made->spectrum_count, 3);
    /* the composite's own 10 um have the same conductivity */
    double cold_ohm = made->spectra[0].real_ohm[0], warm_ohm = made->spectra[1].real_ohm[0];
    assert_near(cold_ohm / warm_ohm, ratio, 2e-3 * ratio);
    assert_near(made->spectra[2].real_ohm[0], cold_ohm, 1e-9 * cold_ohm);
    assert_near(made->spectra[1].temperature_K, 333.15, 1e-9);
    assert_non_null(t_K);
    assert_near(t_K[0], 298.15, 1e-9);
    assert_near(t_K[made->table->row_count - 1], 298.15, 1e-9);
    double most_K = 0;
    for (size_t row = 0; row < made->table->row_count; row++)
        most_K = fmax(most_K, t_K[row]);
    assert_near(most_K, 333.15, 1e-9);
    assert_null(column(simulate(&cell, "temperature 25 degC; rest 1 s"),
                       CLOSO_QUANTITY_TEMPERATURE)); /* it did not change */
}

static int set_up(void **state)
{
    (void)state;
    arena = closo_arena_new(0);
    return arena == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    closo_arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_loop_ends_at_its_retention, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_pass_to_measure_by_can_be_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(loops_end_by_time_and_potential, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pulses_end_at_their_potential, set_up, tear_down),
        cmocka_unit_test_setup_teardown(temperature_steps_change_the_laws, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
