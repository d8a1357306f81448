/* SPDX-License-Identifier: BSD-3-Clause */
/* The Kramers-Kronig test against spectra whose validity is known because they were made. Seeds here are not those the
 * thresholds were set with. */
#include "impedance_test.h"

#include "random_circuits.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

static closo_kk_result test(const closo_spectrum *spectrum, const closo_kk_options *options)
{
    closo_kk_result result;
    closo_error error = {0};
    if (closo_kramers_kronig(spectrum, options, arena, &result, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return result;
}

/* 200 circuits of eight kinds, 0.1 to 1 % noise: no alarm, and the residual is not larger than the noise. */
static void valid_spectra_pass(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 20260001);
    double sum = 0, worst = 0;
    size_t bad = 0, truncated = 0;
    for (int k = 0; k < 200; k++) {
        random_circuit circuit =
            random_circuit_draw(&random, (enum circuit_kind)(k % CIRCUIT_KINDS), 1e6, 1e-2);
        random_spectrum made;
        double noise = pow(10, between(&random, -3, -2));
        random_spectrum_fill(&made, &circuit, 1e6, 1e-2, noise, &random, FAULT_NONE, 0);
        closo_kk_result result = test(&made.spectrum, NULL);
        if (result.verdict == CLOSO_KK_INCONSISTENT || result.drifts || result.nonlinear)
            fail_msg("circuit %d, kind %d, noise %g: %s", k, k % CIRCUIT_KINDS, noise,
                     result.sentence);
        double ratio = result.residual_rms / made.drawn_noise;
        sum += ratio / 200;
        worst = fmax(worst, ratio);
        bad += result.bad_count;
        truncated += result.truncated_low || result.truncated_high;
    }
    print_message("residual / noise: mean %.3f, largest %.3f; %zu of 13000 points called bad\n",
                  sum, worst, bad);
    assert_true(sum < 1);
    assert_true(worst < 1.1);
    assert_true(bad <= 20);
    assert_true(truncated <= 2);
}

static double alarm_rate(fault kind, double size, double noise, bool *pointed, uint64_t seed)
{
    closo_random random;
    closo_random_seed(&random, seed);
    int alarms = 0, right = 0;
    for (int k = 0; k < 80; k++) {
        random_circuit circuit =
            random_circuit_draw(&random, (enum circuit_kind)(k % CIRCUIT_KINDS), 1e6, 1e-2);
        if (kind == FAULT_NONLINEAR) /* the share of the interface changes with frequency */
            circuit.resistance_ohm = circuit.arc_ohm[0] * between(&random, 0.2, 1);
        random_spectrum made;
        random_spectrum_fill(&made, &circuit, 1e6, 1e-2, noise, &random, kind, size);
        closo_kk_result result = test(&made.spectrum, NULL);
        alarms += result.verdict == CLOSO_KK_INCONSISTENT;
        right += kind == FAULT_DRIFT ? result.drifts : result.nonlinear;
    }
    *pointed = 10 * right >= 8 * alarms;
    print_message("%s %g at %g noise: alarm on %d of 80, right cause named for %d\n",
                  kind == FAULT_DRIFT ? "drift" : "amplitude/V", size, noise, alarms, right);
    return alarms / 80.0;
}

static void drift_is_seen_and_named(void **state)
{
    (void)state;
    bool pointed = false;
    assert_true(alarm_rate(FAULT_DRIFT, 0.2, 0.003, &pointed, 11) >= 0.9);
    assert_true(pointed);
    assert_true(alarm_rate(FAULT_DRIFT, -0.1, 0.002, &pointed, 12) >= 0.8);
    assert_true(pointed);
    /* Who knows the noise and the shape of the drift, but not the circuit, would find a quarter: docs/kk.md. */
    assert_true(alarm_rate(FAULT_DRIFT, 0.1, 0.01, &pointed, 13) >= 0.15);
    assert_true(alarm_rate(FAULT_DRIFT, 0.4, 0.01, &pointed, 14) >= 0.9);
}

static void nonlinearity_is_seen_where_it_can_be(void **state)
{
    (void)state;
    bool pointed = false;
    assert_true(alarm_rate(FAULT_NONLINEAR, 0.15, 0.002, &pointed, 21) >= 0.9);
    assert_true(alarm_rate(FAULT_NONLINEAR, 0.1, 0.002, &pointed, 22) >= 0.85); /* at most 94 % */
    /* An amplitude within the linear range is no fault. */
    assert_near(alarm_rate(FAULT_NONLINEAR, 0.01, 0.002, &pointed, 23), 0, 0);
}

/* The lowest frequency lies about the top of the slow arc, down to a third of it. (Well before its top an arc looks like
 * the tail of a blocking electrode.) */
static void truncation_is_seen(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 31);
    int seen = 0, consistent = 0;
    for (int k = 0; k < 60; k++) {
        random_circuit circuit = random_circuit_draw(&random, TWO_ARCS, 1e6, 1e-2);
        circuit.arc_ohm[1] = circuit.arc_ohm[0] * between(&random, 0.5, 3);
        double low_Hz = between(&random, 0.33, 1.2) / (6.2832 * circuit.tau_s[1]);
        random_spectrum made;
        random_spectrum_fill(&made, &circuit, 1e6, low_Hz, 0.003, &random, FAULT_NONE, 0);
        closo_kk_result result = test(&made.spectrum, NULL);
        seen += result.truncated_low;
        consistent += result.verdict != CLOSO_KK_INCONSISTENT;
    }
    print_message("truncated: seen in %d of 60, %d of them consistent as far as they go\n", seen,
                  consistent);
    assert_true(seen >= 57);
    assert_int_equal(consistent, 60);
}

/* Single points thrown 10 % off at noise 0.3 %: they, and nearly no others, are called bad; the rest stays consistent. */
static void lone_outliers_are_masked(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 41);
    size_t found = 0, other = 0;
    for (int k = 0; k < 40; k++) {
        random_circuit circuit = random_circuit_draw(&random, TWO_ARCS, 1e6, 1e-2);
        random_spectrum made;
        random_spectrum_fill(&made, &circuit, 1e6, 1e-2, 0.003, &random, FAULT_NONE, 0);
        size_t spoilt = 5 + closo_random_below(&random, 55);
        double modulus = hypot(made.real_ohm[spoilt], made.imaginary_ohm[spoilt]);
        made.real_ohm[spoilt] += 0.1 * modulus;
        closo_kk_result result = test(&made.spectrum, NULL);
        found += !result.good[spoilt];
        other += result.bad_count - !result.good[spoilt];
        assert_int_not_equal(result.verdict, CLOSO_KK_INCONSISTENT);
        assert_near(result.real_residual[spoilt], 0.1 / 1.1, 0.05);
        closo_spectrum masked;
        assert_int_equal(closo_kk_mask(&made.spectrum, &result, arena, &masked, NULL), CLOSO_OK);
        assert_int_equal(masked.count, SPECTRUM_POINTS - result.bad_count);
    }
    assert_int_equal(found, 40);
    assert_true(other <= 4);
}

/* Without noise the model still describes the closed forms to far better than any instrument. */
static void exact_spectra_are_described(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 51);
    for (int k = 0; k < 16; k++) {
        random_circuit circuit =
            random_circuit_draw(&random, (enum circuit_kind)(k % CIRCUIT_KINDS), 1e6, 1e-2);
        random_spectrum made;
        random_spectrum_fill(&made, &circuit, 1e6, 1e-2, 0, &random, FAULT_NONE, 0);
        closo_kk_result result = test(&made.spectrum, NULL);
        assert_true(result.residual_rms < 2e-5);
        assert_int_not_equal(result.verdict, CLOSO_KK_INCONSISTENT);
        const closo_kk_options admittance = {.form = CLOSO_KK_ADMITTANCE};
        result = test(&made.spectrum, &admittance);
        assert_int_equal(result.form, CLOSO_KK_ADMITTANCE);
        /* An inductor or a tail in series gives Y complex poles, which sums of RC terms only approach. */
        assert_true(result.residual_rms < 1e-3);
        assert_near(result.real_ohm[30], made.real_ohm[30],
                    3e-3 * hypot(made.real_ohm[30], made.imaginary_ohm[30]));
    }
}

/* A negative resistance at low frequency: stable under controlled potential only, so that Y alone is consistent. */
static void negative_resistance_passes_as_admittance(void **state)
{
    (void)state;
    double f[50], re[50], im[50];
    closo_random random;
    closo_random_seed(&random, 61);
    for (int i = 0; i < 50; i++) {
        f[i] = pow(10, 5 - 7.0 * i / 49);
        double complex s = CMPLX(0, 6.28318530717958648 * f[i]);
        double complex z = 10 + 1 / (-1 / 100.0 + s * 1e-4);
        re[i] = creal(z) + 0.003 * cabs(z) * closo_random_normal(&random);
        im[i] = cimag(z) + 0.003 * cabs(z) * closo_random_normal(&random);
    }
    const closo_spectrum spectrum = {
        .count = 50, .frequency_Hz = f, .real_ohm = re, .imaginary_ohm = im, .name = "negative"};
    closo_kk_result result = test(&spectrum, NULL);
    assert_int_equal(result.form, CLOSO_KK_ADMITTANCE);
    assert_int_equal(result.verdict, CLOSO_KK_CONSISTENT);
}

static void bad_input_is_answered(void **state)
{
    (void)state;
    double f[20], re[20], im[20], zero[20] = {0};
    for (int i = 0; i < 20; i++) {
        f[i] = pow(10, 4 - i / 4.0);
        re[i] = 100 + 50 / (1 + f[i] * f[i]);
        im[i] = -50 * f[i] / (1 + f[i] * f[i]);
    }
    double not_finite[20], rising[20], same[20];
    memcpy(not_finite, re, sizeof re);
    not_finite[3] = NAN;
    memcpy(same, f, sizeof f);
    same[5] = same[4];
    for (int i = 0; i < 20; i++)
        rising[i] = f[19 - i];
    const struct {
        closo_spectrum spectrum;
        const char *says;
    } cases[] = {
        {{.count = 7, .frequency_Hz = f, .real_ohm = re, .imaginary_ohm = im}, "at least 8"},
        {{.count = 0, .frequency_Hz = f, .real_ohm = re, .imaginary_ohm = im}, "at least 8"},
        {{.count = 20, .frequency_Hz = f, .real_ohm = re, .imaginary_ohm = zero}, "zero at every"},
        {{.count = 20, .frequency_Hz = f, .real_ohm = not_finite, .imaginary_ohm = im}, "point 4"},
        {{.count = 20, .frequency_Hz = same, .real_ohm = re, .imaginary_ohm = im}, "point 6"},
        {{.count = 20, .frequency_Hz = rising, .real_ohm = re, .imaginary_ohm = im},
         "have to fall"},
        {{.count = 20, .frequency_Hz = zero, .real_ohm = re, .imaginary_ohm = im}, "point 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_kk_result result;
        closo_error error = {0};
        assert_int_equal(closo_kramers_kronig(&cases[i].spectrum, NULL, arena, &result, &error),
                         CLOSO_RANGE);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("case %zu says: %s", i, error.message);
    }
    double narrow[20];
    for (int i = 0; i < 20; i++)
        narrow[i] = 1000 - 10 * i;
    const closo_spectrum octave = {
        .count = 20, .frequency_Hz = narrow, .real_ohm = re, .imaginary_ohm = im};
    closo_kk_result result;
    closo_error error = {0};
    assert_int_equal(closo_kramers_kronig(&octave, NULL, arena, &result, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "decades"));
    /* 8 points are judged, with a warning. */
    const closo_spectrum few = {
        .count = 8, .frequency_Hz = f, .real_ohm = re, .imaginary_ohm = im, .name = ""};
    assert_int_equal(closo_kramers_kronig(&few, NULL, arena, &result, NULL), CLOSO_OK);
    assert_true(result.warnings.count >= 1);
}

static void results_become_json_and_csv(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 71);
    random_circuit circuit = random_circuit_draw(&random, PELLET, 1e6, 1e-2);
    random_spectrum made;
    random_spectrum_fill(&made, &circuit, 1e6, 1e-2, 0.003, &random, FAULT_NONE, 0);
    closo_kk_result result = test(&made.spectrum, NULL);
    const char *json = closo_kk_json(&made.spectrum, &result, arena);
    assert_non_null(json);
    json_t *object = json_loads(json, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(object, "verdict")),
                        closo_kk_verdict_name(result.verdict));
    assert_int_equal(json_array_size(json_object_get(object, "points")), SPECTRUM_POINTS);
    json_decref(object);
    const char *path = temporary_path("kk.csv");
    assert_int_equal(closo_kk_write_csv(&made.spectrum, &result, path, arena, NULL), CLOSO_OK);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_spectra_pass),
        cmocka_unit_test(drift_is_seen_and_named),
        cmocka_unit_test(nonlinearity_is_seen_where_it_can_be),
        cmocka_unit_test(truncation_is_seen),
        cmocka_unit_test(lone_outliers_are_masked),
        cmocka_unit_test(exact_spectra_are_described),
        cmocka_unit_test(negative_resistance_passes_as_admittance),
        cmocka_unit_test(bad_input_is_answered),
        cmocka_unit_test(results_become_json_and_csv),
    };
    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
