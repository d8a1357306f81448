/* SPDX-License-Identifier: BSD-3-Clause */
/* Overpotentials, trends and their sigmas, real cells, and files that are none. */
#include "support.h"

#include "synthetic_symmetric.h"

#include "closo/instrument.h"
#include "closo/report.h"

#include <string.h>

static synthetic_cell shared;

static const synthetic_cell plain = {.halves = 20,
                                     .rows_per_half = 60,
                                     .halves_per_current = 400,
                                     .first_mA = 0.1,
                                     .half_h = 1,
                                     .resistance_ohm = 400,
                                     .peak_width = 0.05,
                                     .seed = 1};

static closo_symmetric *analyse(const closo_table *table, const closo_symmetric_options *options,
                                closo_arena *arena)
{
    closo_symmetric *symmetric;
    closo_error error = {0};
    if (closo_symmetric_from_table(table, options, arena, &symmetric, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return symmetric;
}

static bool has_note(const closo_symmetric *symmetric, const char *words)
{
    for (size_t i = 0; i < symmetric->notes.count; i++)
        if (strstr(symmetric->notes.texts[i], words) != NULL)
            return true;
    return false;
}

/* Without noise every number follows from the resistance. */
static void exact_numbers(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    shared = plain;
    shared.offset_V = 1e-3;
    shared.rests = true;
    synthetic_make(&shared);
    const closo_symmetric_options options = {.area_m2 = SYNTHETIC_AREA_m2};
    const closo_symmetric *symmetric = analyse(synthetic_table(&shared, arena), &options, arena);
    assert_int_equal(symmetric->half_count, 20);
    assert_int_equal(symmetric->event_count, 0);
    for (size_t i = 0; i < 20; i++) {
        const closo_symmetric_half *half = &symmetric->halves[i];
        double over_V = 0.04 + half->direction * 1e-3;
        assert_near(half->current_A, 1e-4, 1e-12);
        assert_near(half->charge_C, 0.36, 1e-9);
        assert_near(half->charge_before_C, 0.36 * (double)i, 1e-8);
        assert_near(half->mean_V, over_V, 1e-12);
        assert_near(half->start_V, over_V, 1e-12);
        assert_near(half->end_V, over_V, 1e-12);
        assert_near(half->ohmic_ohm, 400, 1e-6);
        assert_false(half->arc_start || half->arc_end || half->broken);
    }
    const closo_symmetric_level *level = &symmetric->levels[0];
    assert_int_equal(symmetric->level_count, 1);
    assert_near(level->mean_V.value, 0.04, 1e-12);
    assert_near(level->asymmetry_V.value, 2e-3, 1e-12);
    assert_near(symmetric->offset_V, 1e-3, 1e-12);
    assert_near(level->slope_V_per_s.value, 0, 1e-15);
    assert_near(symmetric->total_C, 7.2, 1e-8);
    assert_near(symmetric->critical.last_A, 1e-4, 1e-12);
    assert_false(symmetric->critical.reached);
    closo_arena_free(arena);
    (void)state;
}

static void arcs(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    shared = plain;
    shared.peak = 0.4;
    shared.rise = 0.3;
    shared.noise_V = 1e-4;
    synthetic_make(&shared);
    const closo_symmetric *symmetric = analyse(synthetic_table(&shared, arena), NULL, arena);
    for (size_t i = 0; i < symmetric->half_count; i++) {
        const closo_symmetric_half *half = &symmetric->halves[i];
        assert_true(half->arc_start && half->arc_end);
        assert_near(half->minimum_V, 0.04, 6e-4);
        /* The second row, the highest that has a neighbour on both sides, at a share of 0.025. */
        assert_near(half->peak_V, 0.04 * (1 + 0.4 * exp(-0.5)), 2.5e-3);
        assert_near(half->noise_V, 1e-4, 6e-5);
    }
    assert_int_equal(symmetric->event_count, 0);
    assert_true(has_note(symmetric, "nobody said how large"));
    closo_arena_free(arena);
    (void)state;
}

/* The drift of the overpotential that grows in a straight line, with a scatter from half cycle to half cycle that is
 * white or lasts: does the truth lie within one sigma? */
static void trend_sigmas_hold(void **state)
{
    enum { DRAWS = 600 };
    static const double correlations[] = {0, 0.3, 0.6};
    for (size_t c = 0; c < 3; c++) {
        int slope = 0, first = 0, last = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            closo_arena *arena = closo_arena_new(0);
            shared = plain;
            shared.halves = 60;
            shared.rows_per_half = 8;
            shared.growth = 0.3;
            shared.straight = true;
            shared.wander = 0.02;
            shared.wander_correlation = correlations[c];
            shared.asymmetry = 0.05;
            shared.seed = 7150000 + 1000 * c + (uint64_t)draw;
            synthetic_make(&shared);
            const closo_symmetric *symmetric =
                analyse(synthetic_table(&shared, arena), NULL, arena);
            const closo_symmetric_level *level = &symmetric->levels[0];
            assert_int_equal(level->half_count, 60);
            /* 0.3 of 40 mV in 60 h */
            double truth = 0.3 * 0.04 / (60 * 3600);
            double first_V = 0.04 + truth * level->from_s, last_V = 0.04 + truth * level->to_s;
            slope += fabs(level->slope_V_per_s.value - truth) <= level->slope_V_per_s.sigma;
            first += fabs(level->first_V.value - first_V) <= level->first_V.sigma;
            last += fabs(level->last_V.value - last_V) <= level->last_V.sigma;
            closo_arena_free(arena);
        }
        print_message("correlation %.1f: slope within one sigma in %d, first in %d, last in %d of "
                      "%d draws\n",
                      correlations[c], slope, first, last, DRAWS);
        assert_in_range(slope, 60 * DRAWS / 100, 76 * DRAWS / 100);
        assert_in_range(first, 60 * DRAWS / 100, 76 * DRAWS / 100);
        assert_in_range(last, 60 * DRAWS / 100, 76 * DRAWS / 100);
    }
    (void)state;
}

/* Chapter 8: 22.5 mV that become 30 mV within 620 h at 50 uA/cm2. */
static void thesis_trend(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    shared = plain;
    shared.halves = 310;
    shared.half_h = 2;
    shared.rows_per_half = 12;
    shared.first_mA = 0.05;
    shared.resistance_ohm = 450; /* 22.5 mV */
    shared.growth = 7.5 / 22.5;
    shared.straight = true;
    shared.noise_V = 1e-4;
    synthetic_make(&shared);
    const closo_symmetric_options options = {.area_m2 = SYNTHETIC_AREA_m2};
    const closo_symmetric *symmetric = analyse(synthetic_table(&shared, arena), &options, arena);
    const closo_symmetric_level *level = &symmetric->levels[0];
    assert_near(level->first_V.value, 22.5e-3, 1e-4);
    assert_near(level->last_V.value, 30e-3, 1e-4);
    assert_near(level->slope_V_per_s.value * 1e3 * 360000, 7.5 / 6.2, 0.01);
    const char *json = closo_symmetric_json(symmetric, arena);
    assert_non_null(json);
    assert_non_null(strstr(json, "\"change_mV_per_100_h\": 1.2"));
    assert_non_null(closo_figure_symmetric(symmetric, "thesis", arena));
    closo_arena_free(arena);
    (void)state;
}

/* Magnitudes of current: the potential knows the direction. */
static void unsigned_currents(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    shared = plain;
    shared.noise_V = 1e-5;
    synthetic_make(&shared);
    for (size_t i = 0; i < shared.count; i++)
        shared.current_A[i] = fabs(shared.current_A[i]);
    const closo_symmetric *symmetric = analyse(synthetic_table(&shared, arena), NULL, arena);
    assert_int_equal(symmetric->half_count, 20);
    assert_near(symmetric->levels[0].mean_V.value, 0.04, 1e-4);
    assert_true(has_note(symmetric, "lost their sign"));
    closo_arena_free(arena);
    (void)state;
}

static void fails_with(closo_table *table, const closo_symmetric_options *options,
                       closo_status status, const char *words, closo_arena *arena)
{
    closo_symmetric *symmetric;
    closo_error error = {0};
    assert_int_equal(closo_symmetric_from_table(table, options, arena, &symmetric, &error), status);
    assert_null(symmetric);
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

/* Steps of 1 to 5 mA that never turn round: a potential at no current, and a slow transfer of charge on top. */
static const char *one_way_text(char *text, size_t size, double start_V, double slope_V)
{
    size_t written = (size_t)snprintf(text, size, "time/s,Ewe/V,I/mA\n");
    for (int row = 0; row < 100; row++) {
        const double current_mA = 1 + floor(row / 20.0);
        written += (size_t)snprintf(text + written, size - written, "%d,%.6f,%.3f\n", 10 * row,
                                    start_V + slope_V * asinh(current_mA / 0.2), current_mA);
    }
    return text;
}

static void bad_files_are_said(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    const closo_symmetric_options area = {.area_m2 = -1}, share = {.short_share = 1.5};
    shared = plain;
    synthetic_make(&shared);
    fails_with(synthetic_table(&shared, arena), &area, CLOSO_ARGUMENT, "larger than zero", arena);
    fails_with(synthetic_table(&shared, arena), &share, CLOSO_ARGUMENT, "between 0 and 1", arena);
    fails_with(text_table("time/s,Ewe/V,I/mA\n0,0.1,0\n1,0.1,0\n", arena), NULL, CLOSO_RANGE,
               "no current flows", arena);
    fails_with(text_table("time/s,Ewe/V\n0,0.1\n1,0.1\n", arena), NULL, CLOSO_FORMAT,
               "no column with the current", arena);
    /* One row under current has no duration. */
    fails_with(text_table("time/s,Ewe/V,I/mA\n0,0.1,1\n", arena), NULL, CLOSO_RANGE, "", arena);
    /* A battery: the potential does not turn with the current. */
    for (size_t i = 0; i < shared.count; i++)
        shared.potential_V[i] += 3.4;
    fails_with(synthetic_table(&shared, arena), NULL, CLOSO_RANGE, "no cell with two equal", arena);
    /* The current never turns, and runs against the potential. */
    fails_with(text_table("time/s,Ewe/V,I/mA\n0,3.0,0\n10,3.0,-1\n20,2.9,-1\n30,2.9,-1\n"
                          "40,2.8,-1\n50,2.7,-1\n",
                          arena),
               NULL, CLOSO_RANGE, "runs with the current", arena);
    /* The current never turns, and the potential stays when it stops. */
    fails_with(text_table("time/s,Ewe/V,I/mA\n0,3.5,0\n10,3.5,0\n20,3.7,1\n30,3.7,1\n40,3.8,1\n"
                          "50,3.9,1\n60,3.8,0\n70,3.8,0\n",
                          arena),
               NULL, CLOSO_RANGE, "at rest the potential is still", arena);
    /* A voltage that is held. */
    fails_with(text_table("time/s,Ewe/V,I/mA\n0,0,0\n10,0.1,1\n20,0.1,0.8\n30,0.1,0.6\n40,0.1,0.5\n"
                          "50,0.1,0.4\n60,0.1,0.3\n70,0.1,0.2\n80,0.1,0.15\n90,0.1,0.1\n",
                          arena),
               NULL, CLOSO_RANGE, "the voltage was held", arena);
    /* One pulse of current; the same that ends in a short circuit says something. */
    fails_with(text_table("time/s,Ewe/V,I/mA\n0,0,0\n10,0,0\n20,0.1,1\n30,0.1,1\n40,0.1,1\n"
                          "50,0.1,1\n60,0.1,1\n70,0.1,1\n",
                          arena),
               NULL, CLOSO_RANGE, "flowed in one direction (100 mV, 100 ohm)", arena);
    /* Steps of current one way, of an electrolyser: the potential has a start. */
    char text[8192];
    fails_with(text_table(one_way_text(text, sizeof text, 1.5, 0.1), arena), NULL, CLOSO_RANGE,
               "at no current, not towards none", arena);
    /* An impedance. */
    fails_with(text_table("time/s,freq/Hz,Ewe/V,I/mA\n0,0,0,0\n10,1000,0.1,1\n20,100,0.1,1\n"
                          "30,10,0.1,1\n40,1,0.1,1\n",
                          arena),
               NULL, CLOSO_RANGE, "4 of 5 rows are of an impedance", arena);
    closo_arena_free(arena);
    (void)state;
}

/* The same through equal electrodes whose transfer of charge is slow, without a rest: accepted. */
static void one_way_steps_of_a_bent_law_are_taken(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    char text[8192];
    const closo_symmetric *symmetric =
        analyse(text_table(one_way_text(text, sizeof text, 0, 0.1), arena), NULL, arena);
    assert_int_equal(symmetric->half_count, 5);
    assert_near(symmetric->critical.last_A, 5e-3, 5e-5); /* charge over time, from 4 mA on */
    closo_arena_free(arena);
    (void)state;
}

/* A pause of the clock, missing rows and rows twice over do no harm. */
static void gaps(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    shared = plain;
    shared.noise_V = 1e-5;
    synthetic_make(&shared);
    for (size_t i = 500; i < shared.count; i++)
        shared.time_s[i] += 86400;
    for (size_t i = 700; i < 720; i++)
        shared.potential_V[i] = NAN;
    const closo_symmetric *symmetric = analyse(synthetic_table(&shared, arena), NULL, arena);
    assert_int_equal(symmetric->half_count, 20);
    assert_int_equal(symmetric->event_count, 0);
    assert_near(symmetric->levels[0].mean_V.value, 0.04, 1e-4);
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

/* Li|Li2B12H12|Li at 60 degC, 11 uA, 12 h each way for 384 h. */
static void real_cell_drifts(void **state)
{
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    const closo_symmetric *symmetric = analyse(shared_table("gcpl.mpr", arena), NULL, arena);
    assert_int_equal(symmetric->half_count, 32);
    assert_int_equal(symmetric->event_count, 0);
    assert_false(symmetric->critical.reached);
    assert_near(symmetric->critical.last_A, 11e-6, 1e-8);
    for (size_t i = 0; i < 32; i++) {
        const closo_symmetric_half *half = &symmetric->halves[i];
        assert_near(half->charge_C, 11e-6 * 43200, 1e-4); /* as programmed */
        assert_near(half->end_s - half->start_s, 43200, 30);
    }
    /* By eye in a plot: 103.5 mV in the middle of the second half cycle, 111.7 in the last but one. */
    assert_near(symmetric->halves[1].middle_V, 0.1028, 5e-4);
    assert_near(symmetric->halves[30].middle_V, 0.1117, 5e-4);
    closo_arena_free(arena);
    (void)state;
}

/* Na|NASICON|Na at 0.1 mA/cm2: the potential collapses from 0.59 V to nothing after 2254 s, at row 2256 of the vendor's text
 * export. */
static void real_cell_shorts(void **state)
{
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    const closo_symmetric *symmetric =
        analyse(shared_table("mb.issue_218.mpr", arena), NULL, arena);
    assert_int_equal(symmetric->event_count, 1);
    assert_int_equal(symmetric->events[0].kind, CLOSO_EVENT_SHORT);
    assert_near(symmetric->events[0].time_s, 2254, 2);
    assert_near(symmetric->events[0].before_V, 0.59, 0.01);
    assert_true(symmetric->critical.reached && !symmetric->critical.stepped);
    assert_true(has_note(symmetric, "never turns round"));
    closo_arena_free(arena);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_numbers),
        cmocka_unit_test(arcs),
        cmocka_unit_test(trend_sigmas_hold),
        cmocka_unit_test(thesis_trend),
        cmocka_unit_test(unsigned_currents),
        cmocka_unit_test(bad_files_are_said),
        cmocka_unit_test(one_way_steps_of_a_bent_law_are_taken),
        cmocka_unit_test(gaps),
        cmocka_unit_test(real_cell_drifts),
        cmocka_unit_test(real_cell_shorts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
