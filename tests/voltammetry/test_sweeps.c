/* SPDX-License-Identifier: BSD-3-Clause */
/* Splitting E(t) and adding up charge, against waves whose turning points, rates and charges are known in closed form. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/numeric.h"
#include "closo/voltammetry.h"

#include <math.h>
#include <string.h>

enum { ROWS_MAX = 20000 };

/* A measurement that grows by ramps and holds. Current: C dE/dt + (E - 3 V)/R, known in closed form. */
typedef struct wave {
    double time_s[ROWS_MAX], potential_V[ROWS_MAX], current_A[ROWS_MAX];
    size_t count;
    double now_s, now_V, interval_s;
} wave;

static const double capacitance_F = 2e-3, resistance_ohm = 1e6, zero_V = 3;

static void begin(wave *made, double start_V, double interval_s)
{
    made->count = 0;
    made->now_s = 0;
    made->now_V = start_V;
    made->interval_s = interval_s;
}

static void record(wave *made, double rate_V_per_s)
{
    assert_true(made->count < ROWS_MAX);
    made->time_s[made->count] = made->now_s;
    made->potential_V[made->count] = made->now_V;
    made->current_A[made->count++] =
        capacitance_F * rate_V_per_s + (made->now_V - zero_V) / resistance_ohm;
}

static void ramp(wave *made, double to_V, double rate_V_per_s)
{
    double rate = to_V > made->now_V ? rate_V_per_s : -rate_V_per_s;
    size_t steps = (size_t)(fabs(to_V - made->now_V) / rate_V_per_s / made->interval_s + 0.5);
    double from_V = made->now_V;
    for (size_t i = 1; i <= steps; i++) {
        made->now_s += made->interval_s;
        made->now_V = from_V + (to_V - from_V) * (double)i / (double)steps;
        record(made, rate);
    }
}

static void hold(wave *made, double seconds)
{
    for (double until_s = made->now_s + seconds; made->now_s < until_s - 0.5 * made->interval_s;) {
        made->now_s += made->interval_s;
        record(made, 0);
    }
}

static void add_noise(wave *made, double potential_V, double current_A, uint64_t seed)
{
    closo_random random;
    closo_random_seed(&random, seed);
    for (size_t i = 0; i < made->count; i++) {
        made->potential_V[i] += potential_V * closo_random_normal(&random);
        made->current_A[i] += current_A * closo_random_normal(&random);
    }
}

static closo_status split_with(const wave *made, const closo_voltammogram_options *options,
                               closo_arena *arena, closo_voltammogram **voltammogram,
                               closo_error *error)
{
    closo_table *table = closo_table_new(arena, "wave");
    table->row_count = made->count;
    closo_table_add_values(table, "time/s", NULL, CLOSO_QUANTITY_TIME, made->time_s);
    closo_table_add_values(table, "Ewe/V", NULL, CLOSO_QUANTITY_POTENTIAL, made->potential_V);
    closo_table_add_values(table, "I/A", NULL, CLOSO_QUANTITY_CURRENT, made->current_A);
    return closo_voltammogram_from_table(table, options, arena, voltammogram, error);
}

static closo_voltammogram *split(const wave *made, closo_arena *arena)
{
    closo_voltammogram *voltammogram;
    closo_error error = {0};
    if (split_with(made, NULL, arena, &voltammogram, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    size_t next = 0; /* every row belongs to exactly one leg */
    for (size_t i = 0; i < voltammogram->sweep_count; i++) {
        assert_int_equal(voltammogram->sweeps[i].first_row, next);
        next += voltammogram->sweeps[i].row_count;
    }
    assert_int_equal(next, voltammogram->trace.row_count);
    return voltammogram;
}

static wave made;

static void sweeps_holds_and_rates_are_found(void **state)
{
    (void)state;
    static const double noises_V[] = {0, 1e-4, 1e-3};
    for (size_t n = 0; n < 3; n++) {
        closo_arena *arena = closo_arena_new(0);
        begin(&made, 2.4, 10);
        record(&made, 0);
        hold(&made, 2000);
        ramp(&made, 1.5, 1e-4);
        ramp(&made, 4.0, 1e-4);
        hold(&made, 3000);
        ramp(&made, 1.5, 1e-4);
        ramp(&made, 3.0, 2e-4);
        add_noise(&made, noises_V[n], 0, 7 + n);
        closo_voltammogram *voltammogram = split(&made, arena);
        static const struct {
            closo_leg kind;
            double to_V, rate;
            int cycle;
        } expected[] = {{CLOSO_LEG_HOLD, 2.4, 0, 1},      {CLOSO_LEG_SWEEP, 1.5, -1e-4, 1},
                        {CLOSO_LEG_SWEEP, 4.0, 1e-4, 1},  {CLOSO_LEG_HOLD, 4.0, 0, 1},
                        {CLOSO_LEG_SWEEP, 1.5, -1e-4, 2}, {CLOSO_LEG_SWEEP, 3.0, 2e-4, 2}};
        if (voltammogram->sweep_count != 6)
            fail_msg("%zu legs at a noise of %g V", voltammogram->sweep_count, noises_V[n]);
        for (size_t i = 0; i < 6; i++) {
            const closo_sweep *leg = &voltammogram->sweeps[i];
            assert_int_equal(leg->kind, expected[i].kind);
            assert_int_equal(leg->cycle, expected[i].cycle);
            assert_near(leg->to_V, expected[i].to_V, 0.02);
            assert_near(leg->rate_V_per_s, expected[i].rate, 0.005 * fabs(expected[i].rate));
        }
        closo_arena_free(arena);
    }
}

/* Up quickly, held, up slowly: one direction, three legs. A relaxation, which bends everywhere, is no sweep. */
static void sweeps_in_one_direction_are_parted(void **state)
{
    (void)state;
    static const double noises_V[] = {0, 1e-4, 1e-3};
    for (size_t n = 0; n < 3; n++) {
        closo_arena *arena = closo_arena_new(0);
        begin(&made, 0.5, 5);
        record(&made, 0);
        ramp(&made, 1.5, 1e-3);
        hold(&made, 14400);
        ramp(&made, 4.0, 1e-4);
        add_noise(&made, noises_V[n], 0, 17 + n);
        closo_voltammogram *voltammogram = split(&made, arena);
        assert_int_equal(voltammogram->sweep_count, 3);
        assert_int_equal(voltammogram->sweeps[0].kind, CLOSO_LEG_SWEEP);
        assert_near(voltammogram->sweeps[0].rate_V_per_s, 1e-3, 1e-5);
        assert_int_equal(voltammogram->sweeps[1].kind, CLOSO_LEG_HOLD);
        assert_near(voltammogram->sweeps[1].duration_s, 14400, 100);
        assert_int_equal(voltammogram->sweeps[2].kind, CLOSO_LEG_SWEEP);
        assert_near(voltammogram->sweeps[2].rate_V_per_s, 1e-4, 1e-6);
        closo_arena_free(arena);
    }
    for (int law = 0; law < 3; law++) {
        closo_arena *arena = closo_arena_new(0);
        begin(&made, 2, 5);
        for (size_t i = 0; i < 2000; i++) {
            double t = (double)i / 2000;
            double curves_V[] = {1 - exp(-5 * t), sqrt(t), 0.3 * log(1 + 30 * t)};
            made.now_s = 5 * (double)i;
            made.now_V = 2 + curves_V[law];
            record(&made, 0);
        }
        closo_voltammogram *voltammogram = split(&made, arena);
        for (size_t i = 0; i < voltammogram->sweep_count; i++)
            assert_int_not_equal(voltammogram->sweeps[i].kind, CLOSO_LEG_SWEEP);
        closo_arena_free(arena);
    }
}

/* A capacitor: Q = C dE. A resistor from 3 V: Q = +-(1/2) dE^2 / (R v) on either side. */
static void charges_are_those_of_a_capacitor_and_a_resistor(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    begin(&made, 2, 1);
    record(&made, 0);
    ramp(&made, 4, 1e-3);
    ramp(&made, 2, 1e-3);
    for (size_t i = 0; i < made.count; i++) /* the resistor alone */
        made.current_A[i] = (made.potential_V[i] - zero_V) / resistance_ohm;
    closo_voltammogram *voltammogram = split(&made, arena);
    double half_C = 0.5 * 1 * 1 / (resistance_ohm * 1e-3);
    for (size_t i = 0; i < 2; i++) {
        assert_near(voltammogram->sweeps[i].anodic_C, half_C, 1e-6 * half_C);
        assert_near(voltammogram->sweeps[i].cathodic_C, -half_C, 1e-6 * half_C);
    }
    for (size_t i = 0; i < made.count; i++) /* the capacitor alone */
        made.current_A[i] = (i <= 2000 ? 1 : -1) * capacitance_F * 1e-3;
    made.current_A[0] = capacitance_F * 1e-3;
    voltammogram = split(&made, arena);
    closo_voltammogram_summary summary;
    assert_int_equal(closo_voltammogram_summarise(voltammogram, arena, &summary, NULL), CLOSO_OK);
    assert_int_equal(summary.cycle_count, 1);
    assert_near(summary.cycles[0].anodic_C, capacitance_F * 2, 1e-3 * capacitance_F * 2);
    assert_near(summary.cycles[0].ratio, 1, 1e-3);
    assert_int_equal(summary.step_count, 0);
    closo_arena_free(arena);
}

/* Potentials of a staircase, of 16-bit converters, of steps held for minutes. */
static void stairs_are_sweeps_and_steps_are_not(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    begin(&made, 2, 1);
    record(&made, 0);
    ramp(&made, 4, 1e-3);
    ramp(&made, 2, 1e-3);
    for (size_t i = 0; i < made.count; i++)
        made.potential_V[i] = 5e-3 * floor(made.potential_V[i] / 5e-3);
    closo_voltammogram *voltammogram = split(&made, arena);
    assert_int_equal(voltammogram->sweep_count, 2);
    assert_near(voltammogram->sweeps[0].rate_V_per_s, 1e-3, 1e-5);

    begin(&made, 0.1, 10);
    for (int step = 1; step <= 4; step++) {
        made.now_V = 0.1 * step;
        hold(&made, 5000);
    }
    voltammogram = split(&made, arena);
    for (size_t i = 0; i < voltammogram->sweep_count; i++)
        assert_int_not_equal(voltammogram->sweeps[i].kind, CLOSO_LEG_SWEEP);
    size_t index;
    closo_error error = {0};
    assert_int_equal(closo_sweep_choose(voltammogram, NULL, &index, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "no sweep"));
    closo_arena_free(arena);
}

static void odd_measurements_are_borne(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    /* constant potential, one row, two rows */
    for (size_t rows = 1; rows <= 1000; rows = rows < 3 ? rows + 1 : rows * 10) {
        begin(&made, 3, 1);
        record(&made, 0);
        for (size_t i = 1; i < rows; i++) {
            made.now_s += 1;
            record(&made, 0);
        }
        closo_voltammogram *voltammogram = split(&made, arena);
        assert_int_equal(voltammogram->sweep_count, 1);
        assert_int_equal(voltammogram->sweeps[0].kind, CLOSO_LEG_HOLD);
    }
    /* missing numbers are left out and said */
    begin(&made, 2, 1);
    record(&made, 0);
    ramp(&made, 4, 1e-3);
    made.potential_V[100] = NAN;
    made.current_A[200] = INFINITY;
    closo_voltammogram *voltammogram = split(&made, arena);
    assert_int_equal(voltammogram->trace.row_count, made.count - 2);
    assert_non_null(strstr(voltammogram->notes.texts[0], "2 of 2001 rows"));
    /* two files glued together */
    begin(&made, 2, 1);
    record(&made, 0);
    ramp(&made, 4, 1e-3);
    made.now_s = 0;
    ramp(&made, 2, 1e-3);
    voltammogram = split(&made, arena);
    assert_non_null(strstr(voltammogram->notes.texts[0], "clock runs backwards at row 2002"));
    /* nothing usable */
    for (size_t i = 0; i < made.count; i++)
        made.current_A[i] = NAN;
    closo_error error = {0};
    assert_int_equal(split_with(&made, NULL, arena, &voltammogram, &error), CLOSO_RANGE);
    closo_arena_free(arena);
}

static void references_shift_potentials(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    begin(&made, 2, 1);
    record(&made, 0);
    ramp(&made, 4, 1e-3);
    static const struct {
        const char *from, *to;
        double shift_V; /* differences of the standard potentials */
    } cases[] = {{"Na", "Li", 3.0401 - 2.71}, {"Li+/Li", "Na+/Na", 2.71 - 3.0401},
                 {"Li", "SHE", -3.0401},      {"Ag/AgCl", "SHE", 0.197},
                 {"0.5 V", "she", 0.5},       {"K", "K", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const closo_voltammogram_options options = {.measured_against = cases[i].from,
                                                    .versus = cases[i].to};
        closo_voltammogram *voltammogram;
        assert_int_equal(split_with(&made, &options, arena, &voltammogram, NULL), CLOSO_OK);
        assert_near(voltammogram->trace.potential_V[0], 2 + cases[i].shift_V, 1e-12);
    }
    closo_reference reference;
    closo_error error = {0};
    assert_int_equal(closo_reference_parse("Nax", arena, &reference, &error), CLOSO_FORMAT);
    closo_voltammogram *voltammogram;
    const closo_voltammogram_options options = {.versus = "Li"};
    assert_int_equal(split_with(&made, &options, arena, &voltammogram, &error), CLOSO_RANGE);
    closo_arena_free(arena);
}

static void words_choose_sweeps(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    begin(&made, 2, 1);
    record(&made, 0);
    ramp(&made, 3, 1e-3);
    ramp(&made, 1, 1e-3);
    ramp(&made, 4, 1e-3);
    ramp(&made, 3, 1e-3);
    ramp(&made, 3.5, 1e-3);
    closo_voltammogram *voltammogram = split(&made, arena);
    static const struct {
        const char *words;
        size_t index;
    } cases[] = {{NULL, 0},
                 {"first anodic", 0},
                 {"last anodic", 4},
                 {"longest anodic", 2},
                 {"first cathodic", 1},
                 {"last cathodic", 3},
                 {"3", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t index = 99;
        assert_int_equal(closo_sweep_choose(voltammogram, cases[i].words, &index, NULL), CLOSO_OK);
        assert_int_equal(index, cases[i].index);
        assert_true(cases[i].words == NULL || closo_sweep_words_known(cases[i].words));
    }
    static const char *const wrong[] = {
        "", "0", "-1", "anodic", "first", "first anodic please", "next anodic"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(closo_sweep_words_known(wrong[i]));
    size_t index;
    assert_int_equal(closo_sweep_choose(voltammogram, "6", &index, NULL), CLOSO_RANGE);
    assert_int_equal(closo_sweep_choose(voltammogram, "anodic", &index, NULL), CLOSO_ARGUMENT);
    assert_int_equal(closo_sweep_choose(voltammogram, "first anodic please", &index, NULL),
                     CLOSO_ARGUMENT);
    closo_arena_free(arena);
}

/* A film: what was oxidised once takes a known share of its charge again. Over a double layer, with noise. The share that
 * is recovered lies within two of its sigmas in most steps, and within five in all. */
static void passivation_is_recovered_within_its_sigma(void **state)
{
    (void)state;
    static const double shares[] = {0, 0.1, 0.5, 1};
    for (size_t s = 0; s < 4; s++) {
        closo_arena *arena = closo_arena_new(0);
        begin(&made, 2.5, 20);
        record(&made, 0);
        for (double vertex_V = 2.8; vertex_V < 4.05; vertex_V += 0.1) {
            ramp(&made, vertex_V, 1e-4);
            ramp(&made, 2.5, 1e-4);
        }
        double highest_V = 0;
        for (size_t i = 0; i < made.count; i++) {
            double before_V = i != 0 ? made.potential_V[i - 1] : 2.5;
            bool rising = made.potential_V[i] > before_V;
            bool fresh = made.potential_V[i] > highest_V + 1e-3;
            made.current_A[i] = (rising ? 1 : -1) * 1e-3 * 1e-4;
            if (rising && made.potential_V[i] > 3.0)
                made.current_A[i] += (fresh ? 1 : shares[s]) * 1e-7;
            highest_V = fmax(highest_V, made.potential_V[i]);
        }
        add_noise(&made, 0, 2e-9, 11 + s);
        closo_voltammogram *voltammogram = split(&made, arena);
        closo_voltammogram_summary summary;
        assert_int_equal(closo_voltammogram_summarise(voltammogram, arena, &summary, NULL),
                         CLOSO_OK);
        assert_int_equal(summary.step_count, 13);
        size_t inside = 0, known = 0;
        for (size_t i = 4; i < 13; i++) {
            const closo_vertex_step *step = &summary.steps[i];
            assert_true(isfinite(step->passivation));
            double off = fabs(step->passivation - (1 - shares[s]));
            /* a point at the edge of the window is a systematic share of it: 2 mV in 100 mV */
            if (off > 0.03 + 3 * step->passivation_sigma)
                fail_msg("share %g, vertex %.2f V: passivation %.4f +- %.4f", shares[s],
                         step->vertex_V, step->passivation, step->passivation_sigma);
            known++;
            inside += off < 0.02 + 2 * step->passivation_sigma;
        }
        assert_true(inside >= known - 1);
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_holds_and_rates_are_found),
        cmocka_unit_test(sweeps_in_one_direction_are_parted),
        cmocka_unit_test(charges_are_those_of_a_capacitor_and_a_resistor),
        cmocka_unit_test(stairs_are_sweeps_and_steps_are_not),
        cmocka_unit_test(odd_measurements_are_borne),
        cmocka_unit_test(references_shift_potentials),
        cmocka_unit_test(words_choose_sweeps),
        cmocka_unit_test(passivation_is_recovered_within_its_sigma),
    };
    return cmocka_run_group_tests_name("sweeps", tests, NULL, NULL);
}
