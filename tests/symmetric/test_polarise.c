/* SPDX-License-Identifier: BSD-3-Clause */
/* Polarisations whose conductance is known, real ones, and files that are none. */
#include "support.h"

#include "closo/instrument.h"
#include "closo/numeric.h"
#include "closo/report.h"
#include "closo/symmetric.h"

#include <math.h>
#include <string.h>

enum { ROWS_MAX = 20000 };
static double time_s[ROWS_MAX], potential_V[ROWS_MAX], current_A[ROWS_MAX];
static size_t rows;
static closo_random random_state;

/* 5e-9 S/cm, as chapter 8 gives for its electrolyte, in a pellet of 1.131 cm2 and 1 mm. */
#define CONDUCTIVITY_S_cm 5e-9
#define AREA_m2           1.131e-4
#define THICKNESS_m       1e-3
#define CONDUCTANCE_S     (100 * CONDUCTIVITY_S_cm * AREA_m2 / THICKNESS_m)

static void add_row(double at_s, double voltage_V, double now_A)
{
    assert_true(rows < ROWS_MAX);
    time_s[rows] = at_s;
    potential_V[rows] = voltage_V + 2e-5 * closo_random_normal(&random_state);
    current_A[rows++] = now_A;
}

/* Rests of 24 h and holds of 24 h, 400 rows each; the conductance may rise with the voltage, and zero_V may be where no
 * current flows. */
static closo_table *make(const double *voltages, size_t count, double rise, double zero_V,
                         closo_arena *arena)
{
    rows = 0;
    closo_random_seed(&random_state, 12);
    double now_s = 0;
    for (size_t k = 0; k < count; k++) {
        for (int i = 0; i < 24; i++, now_s += 3600)
            add_row(now_s, zero_V + 1e-3 * exp(-i / 5.0), 0);
        double start_s = now_s;
        for (int i = 1; i <= 400; i++) {
            double at_s = 86400.0 * i / 400;
            double over_V = voltages[k] - zero_V;
            double steady_A = CONDUCTANCE_S * over_V * (1 + rise * fabs(over_V));
            add_row(start_s + at_s, voltages[k],
                    steady_A * (1 + 5 * exp(-at_s / 6000)) +
                        0.02 * CONDUCTANCE_S * closo_random_normal(&random_state));
        }
        now_s = start_s + 86400;
    }
    closo_table *table = closo_table_new(arena, "synthetic");
    assert_non_null(table);
    table->row_count = rows;
    closo_table_add_values(table, "time/s", "s", CLOSO_QUANTITY_TIME, time_s);
    closo_table_add_values(table, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, potential_V);
    closo_table_add_values(table, "I/A", "A", CLOSO_QUANTITY_CURRENT, current_A);
    return table;
}

static const closo_polarisation_options pellet = {.area_m2 = AREA_m2, .thickness_m = THICKNESS_m};
static const double thesis_voltages[] = {0.25, 0.5, 0.75, 1};

static closo_polarisation *analyse(const closo_table *table,
                                   const closo_polarisation_options *options, closo_arena *arena)
{
    closo_polarisation *polarisation;
    closo_error error = {0};
    if (closo_polarisation_from_table(table, options, arena, &polarisation, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return polarisation;
}

static bool has_note(const closo_polarisation *polarisation, const char *words)
{
    for (size_t i = 0; i < polarisation->notes.count; i++)
        if (strstr(polarisation->notes.texts[i], words) != NULL)
            return true;
    return false;
}

static void conductivity_of_four_steps(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    const closo_polarisation *polarisation =
        analyse(make(thesis_voltages, 4, 0, 0, arena), &pellet, arena);
    assert_int_equal(polarisation->step_count, 4);
    const closo_value conductivity = polarisation->conductivity_S_per_m;
    assert_near(conductivity.value, 100 * CONDUCTIVITY_S_cm, 3 * conductivity.sigma);
    assert_true(conductivity.sigma < 0.01 * conductivity.value);
    for (size_t s = 0; s < 4; s++) {
        const closo_polarisation_step *step = &polarisation->steps[s];
        assert_near(step->applied_V, thesis_voltages[s], 1e-5);
        assert_int_equal(step->row_count, 400);
        assert_near(step->duration_s, 86400, 250);
        assert_near(step->conductance_S.value, CONDUCTANCE_S, 4 * step->conductance_S.sigma);
        assert_true(step->transient.settled);
    }
    assert_false(polarisation->superlinear);
    assert_near(polarisation->zero_V.value, 0, 3 * polarisation->zero_V.sigma);
    const char *json = closo_polarisation_json(polarisation, arena);
    assert_non_null(json);
    assert_non_null(strstr(json, "\"conductivity_S_cm_sigma\""));
    assert_non_null(closo_figure_polarisation(polarisation, "four steps", arena));
    closo_arena_free(arena);
    (void)state;
}

/* Where no current flows at 0.4 V, steady current over voltage is no conductance; the slope is. */
static void zero_is_elsewhere(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    closo_polarisation_options options = pellet;
    closo_table *table = make(thesis_voltages, 4, 0, 0.4, arena);
    const closo_polarisation *polarisation = analyse(table, &options, arena);
    assert_near(polarisation->zero_V.value, 0.4, 3 * polarisation->zero_V.sigma);
    assert_near(polarisation->conductivity_S_per_m.value, 100 * CONDUCTIVITY_S_cm,
                3 * polarisation->conductivity_S_per_m.sigma);
    assert_true(has_note(polarisation, "not at 0"));
    options.from_rest = true;
    polarisation = analyse(table, &options, arena);
    assert_near(polarisation->steps[3].applied_V, 0.6, 1e-3);
    assert_near(polarisation->steps[3].conductance_S.value, CONDUCTANCE_S, 0.01 * CONDUCTANCE_S);
    closo_arena_free(arena);
    (void)state;
}

static void decomposition_is_said(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    const closo_polarisation *polarisation =
        analyse(make(thesis_voltages, 4, 2, 0, arena), &pellet, arena);
    assert_true(polarisation->superlinear);
    assert_true(has_note(polarisation, "decomposes"));
    closo_arena_free(arena);
    (void)state;
}

static void unsigned_currents(void **state)
{
    static const double voltages[] = {0.5, -0.5, 1, -1};
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = make(voltages, 4, 0, 0, arena);
    for (size_t i = 0; i < rows; i++)
        current_A[i] = fabs(current_A[i]);
    const closo_polarisation *polarisation = analyse(table, &pellet, arena);
    assert_near(polarisation->slope_S.value, CONDUCTANCE_S, 4 * polarisation->slope_S.sigma);
    assert_true(has_note(polarisation, "lost their sign"));
    closo_arena_free(arena);
    (void)state;
}

/* How often the slope over four voltages holds the truth within one sigma. */
static void slope_sigma_holds(void **state)
{
    enum { DRAWS = 120 };
    int inside = 0;
    for (uint64_t draw = 0; draw < DRAWS; draw++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = make(thesis_voltages, 4, 0, 0, arena);
        closo_random_seed(&random_state, 660000 + draw);
        for (size_t i = 0; i < rows; i++)
            if (current_A[i] != 0)
                current_A[i] += 0.05 * CONDUCTANCE_S * closo_random_normal(&random_state);
        const closo_value slope_S = analyse(table, &pellet, arena)->slope_S;
        inside += fabs(slope_S.value - CONDUCTANCE_S) <= slope_S.sigma;
        closo_arena_free(arena);
    }
    print_message("slope within one sigma in %d of %d draws\n", inside, DRAWS);
    assert_in_range(inside, 60 * DRAWS / 100, 80 * DRAWS / 100);
    (void)state;
}

static void fails_with(const closo_table *table, const closo_polarisation_options *options,
                       closo_status status, const char *words, closo_arena *arena)
{
    closo_polarisation *polarisation;
    closo_error error = {0};
    assert_int_equal(closo_polarisation_from_table(table, options, arena, &polarisation, &error),
                     status);
    assert_null(polarisation);
    if (strstr(error.message, words) == NULL)
        fail_msg("'%s' does not say '%s'", error.message, words);
}

static closo_table *text_table(const char *text, closo_arena *arena)
{
    closo_table *table;
    closo_error error = {0};
    if (closo_file_open_memory("a.csv", text, strlen(text), NULL, arena, &table, &error) !=
        CLOSO_OK)
        fail_msg("%s", error.message);
    return table;
}

static void bad_files_are_said(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    closo_polarisation_options options = {.area_m2 = -1};
    closo_table *table = make(thesis_voltages, 2, 0, 0, arena);
    fails_with(table, &options, CLOSO_ARGUMENT, "the area", arena);
    options = (closo_polarisation_options){.thickness_m = NAN};
    fails_with(table, &options, CLOSO_ARGUMENT, "the thickness", arena);
    options = (closo_polarisation_options){.skip_s = 86000};
    fails_with(table, &options, CLOSO_RANGE, "skipped", arena);
    fails_with(text_table("time/s,Ewe/V,I/mA\n30,0.1,1\n20,0.1,1\n10,0.1,1\n", arena), NULL,
               CLOSO_RANGE, "runs backwards in 2 of 3 rows", arena);
    fails_with(text_table("time/s,Ewe/V,I/mA\n0,0.1,0\n10,0.1,0\n20,0.1,0\n", arena), NULL,
               CLOSO_RANGE, "no current flows in the 3 rows", arena);
    fails_with(text_table("time/s,Ewe/V,I/mA\n0,0.1,1\n", arena), NULL, CLOSO_RANGE, "there is 1",
               arena);
    fails_with(text_table("time/s,Ewe/V\n0,0.1\n1,0.1\n", arena), NULL, CLOSO_FORMAT, "current",
               arena);
    /* A sweep slow enough to look like a hold. */
    for (size_t i = 0; i < rows; i++) {
        potential_V[i] = 1e-6 * time_s[i];
        current_A[i] = 1e-6;
    }
    fails_with(table, NULL, CLOSO_RANGE, "no voltage was held", arena);
    closo_arena_free(arena);
    (void)state;
}

static closo_table *shared_table(const char *name, closo_arena *arena)
{
    closo_table *table;
    closo_error error = {0};
    char path[1024];
    snprintf(path, sizeof path, "%s/data/echem/dgbowl+yadg/%s", shared_folder(), name);
    if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return table;
}

/* A galvanostatic charge whose potential stays on a plateau, and impedance at one potential, are no voltages held. */
static void plateaus_and_impedances_are_no_holds(void **state)
{
    enum { COUNT = 300 };
    closo_arena *arena = closo_arena_new(0);
    closo_random_seed(&random_state, 44);
    rows = 0;
    for (int i = 0; i < COUNT; i++) {
        double x = (double)i / COUNT;
        add_row(60.0 * i, 3.9 - 0.4 * exp(-30 * x) + 0.4 * exp(-30 * (1 - x)),
                8.6e-5 * (1 + 2e-5 * closo_random_normal(&random_state)));
    }
    closo_table *table = closo_table_new(arena, "plateau");
    table->row_count = rows;
    closo_table_add_values(table, "time/s", "s", CLOSO_QUANTITY_TIME, time_s);
    closo_table_add_values(table, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, potential_V);
    closo_table_add_values(table, "I/A", "A", CLOSO_QUANTITY_CURRENT, current_A);
    closo_polarisation *polarisation;
    closo_error error = {0};
    assert_int_equal(closo_polarisation_from_table(table, NULL, arena, &polarisation, &error),
                     CLOSO_RANGE);
    assert_non_null(strstr(error.message, "no voltage was held"));
    table = make(thesis_voltages, 1, 0, 0, arena);
    static double frequency_Hz[ROWS_MAX];
    for (size_t i = 0; i < rows; i++)
        frequency_Hz[i] = 1e5 / (double)(1 + i);
    closo_table_add_values(table, "freq/Hz", "Hz", CLOSO_QUANTITY_FREQUENCY, frequency_Hz);
    assert_int_equal(closo_polarisation_from_table(table, NULL, arena, &polarisation, &error),
                     CLOSO_RANGE);
    closo_arena_free(arena);
    (void)state;
}

/* EC-Lab says mode 2 in the rows of a chronopotentiometry; Arbin says nothing. */
static void real_galvanostats_are_refused(void **state)
{
    NEEDS_SHARED_DATA();
    closo_arena *cycled = closo_arena_new(0);
    assert_true(has_note(analyse(shared_table("gcpl.pr_182.1.mpr", cycled), NULL, cycled),
                         "battery is cycled"));
    closo_arena_free(cycled);
    static const char *const names[] = {"dgbowl+yadg/cp.issue_61.mpr", "dgbowl+yadg/peis.mpr",
                                        "be-smith+navani/arbin_example.res"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table;
        closo_polarisation *polarisation;
        closo_error error = {0};
        char path[1024];
        snprintf(path, sizeof path, "%s/data/echem/%s", shared_folder(), names[i]);
        assert_int_equal(closo_file_open(path, NULL, arena, &table, &error), CLOSO_OK);
        assert_int_equal(closo_polarisation_from_table(table, NULL, arena, &polarisation, &error),
                         CLOSO_RANGE);
        closo_arena_free(arena);
    }
    (void)state;
}

/* Mo|Li-B-N-H|Mo at 0.3 V for 12 h: the current still falls, from 3.9 to 3.3 nA over the last tenth (vendor's export). */
static void real_cell_has_not_settled(void **state)
{
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    const closo_polarisation *polarisation = analyse(shared_table("ca.mpr", arena), NULL, arena);
    assert_int_equal(polarisation->step_count, 1);
    const closo_transient *transient = &polarisation->steps[0].transient;
    assert_near(polarisation->steps[0].potential_V, 0.2986, 2e-4);
    assert_near(polarisation->steps[0].duration_s, 43200, 120);
    assert_near(polarisation->area_m2, 1.131e-4, 1e-9);
    assert_near(transient->last_A.value, 3.47e-9, 1.5e-10);
    assert_false(transient->settled);
    assert_true(transient->steady_A.value > 0);
    assert_true(transient->steady_A.value < transient->last_A.value);
    assert_true(has_note(polarisation, "has not settled"));
    closo_arena_free(arena);
    (void)state;
}

/* Steps of 5 mV more each time, up and down from the open circuit, 2 h each (settings of the file). */
static void real_steps_are_found(void **state)
{
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    const closo_polarisation *polarisation =
        analyse(shared_table("mp.issue_183.mpr", arena), NULL, arena);
    assert_int_equal(polarisation->step_count, 8);
    assert_false(has_note(polarisation, "battery is cycled"));
    for (size_t s = 0; s < 8; s++) {
        assert_near(polarisation->steps[s].duration_s, 7200, 10);
        assert_near(polarisation->steps[s].start_s, 900 + 8100.0 * (double)s, 10);
    }
    closo_arena_free(arena);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conductivity_of_four_steps),
        cmocka_unit_test(zero_is_elsewhere),
        cmocka_unit_test(decomposition_is_said),
        cmocka_unit_test(unsigned_currents),
        cmocka_unit_test(slope_sigma_holds),
        cmocka_unit_test(bad_files_are_said),
        cmocka_unit_test(plateaus_and_impedances_are_no_holds),
        cmocka_unit_test(real_galvanostats_are_refused),
        cmocka_unit_test(real_cell_has_not_settled),
        cmocka_unit_test(real_steps_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
