/* SPDX-License-Identifier: BSD-3-Clause */
/* The onset finder on curves whose answer is known by construction, and on wrong input. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/numeric.h"
#include "synthetic_sweep.h"

#include <math.h>
#include <string.h>

static const size_t sizes[] = {400, 4000, 40000};

static closo_onset_result find_in(const synthetic_sweep *sweep, int direction,
                                  const closo_onset_options *options, closo_arena *arena)
{
    closo_onset_result result;
    closo_error error = {0};
    closo_voltammogram *voltammogram = synthetic_voltammogram(sweep, direction, arena);
    assert_non_null(voltammogram);
    if (closo_onset_find(voltammogram, 0, options, arena, &result, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return result;
}

static bool warns(const closo_onset_result *result, const char *words)
{
    for (size_t i = 0; i < result->warnings.count; i++)
        if (strstr(result->warnings.texts[i], words) != NULL)
            return true;
    return false;
}

/* ---- curves without an onset ---- */

static void curves_without_an_onset_have_none(void **state)
{
    (void)state;
    static const synthetic_curve curves[] = {
        SYNTHETIC_BACKGROUND, SYNTHETIC_BACKGROUND_CHARGING, SYNTHETIC_BACKGROUND_DRIFT,
        SYNTHETIC_NOISE,      SYNTHETIC_DECREASING,          SYNTHETIC_LINE};
    for (size_t c = 0; c < sizeof curves / sizeof *curves; c++) {
        for (uint64_t seed = 0; seed < 9; seed++) {
            closo_arena *arena = closo_arena_new(0);
            synthetic_sweep sweep =
                synthetic_curve_make(curves[c], sizes[seed % 3], 500 + seed, arena);
            closo_onset_result result = find_in(&sweep, 1, NULL, arena);
            if (result.onset_count != 0)
                fail_msg("%s, %zu points: an onset at %g V", synthetic_curve_name(curves[c]),
                         sweep.count, result.onsets[0].potential_V.value);
            assert_true(warns(&result, "no onset"));
            closo_arena_free(arena);
        }
    }
}

/* Noise that remembers can look like anything when there are few points; with more it is seen for what it is. */
static void slow_noise_is_seen_for_what_it_is(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        closo_arena *arena = closo_arena_new(0);
        synthetic_sweep sweep =
            synthetic_curve_make(SYNTHETIC_NOISE_CORRELATED, sizes[1 + seed % 2], seed, arena);
        assert_int_equal(find_in(&sweep, 1, NULL, arena).onset_count, 0);
        closo_arena_free(arena);
    }
}

/* ---- curves with onsets ---- */

static void a_bending_curve_is_warned_of(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        closo_arena *arena = closo_arena_new(0);
        synthetic_sweep sweep =
            synthetic_curve_make(SYNTHETIC_PARABOLA, sizes[seed % 3], 500 + seed, arena);
        closo_onset_result result = find_in(&sweep, 1, NULL, arena);
        for (size_t i = 0; i < result.onset_count; i++)
            assert_true(result.onsets[i].bends_steadily || result.onsets[i].support < 0.9);
        assert_true(result.onset_count == 0 || warns(&result, "bends steadily"));
        closo_arena_free(arena);
    }
}

/* An exponential of 60 mV per e-fold in series with a resistance has no corner; the lines meet where the resistance takes
 * over, one to two e-folds above E0 = 3.0 V. The Tafel part shows 60 mV ln 10 per decade. */
static void tafel_is_read_before_the_resistance(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        closo_arena *arena = closo_arena_new(0);
        synthetic_sweep sweep =
            synthetic_curve_make(SYNTHETIC_TAFEL, sizes[seed % 3], 500 + seed, arena);
        closo_onset_result result = find_in(&sweep, 1, NULL, arena);
        assert_int_equal(result.onset_count, 1);
        assert_near(result.onsets[0].potential_V.value, 3.08, 0.06);
        assert_near(result.criteria.tafel_slope_V, 0.06 * log(10), 0.04);
        assert_true(result.criteria.tafel_V < result.onsets[0].potential_V.value);
        closo_arena_free(arena);
    }
}

/* A step I = A / (1 + exp(-(E - E0) / s)) on a flat background: the tangent at E0 leaves it at E0 - 2 s. A quiet instrument
 * shows its long foot in pieces that are all too short for a background. */
static void a_rounded_step_has_an_onset(void **state)
{
    (void)state;
    enum { COUNT = 4000 };
    static double potential_V[COUNT], current_A[COUNT], time_s[COUNT];
    static const double noises_A[] = {1e-10, 5e-10, 3e-9};
    for (int n = 0; n < 3; n++) {
        closo_random random;
        closo_random_seed(&random, 40 + (uint64_t)n);
        for (size_t i = 0; i < COUNT; i++) {
            potential_V[i] = 2.5 + 2.5 * (double)i / COUNT;
            time_s[i] = 62.5 * (double)i;
            current_A[i] = 1e-7 + 4e-6 / (1 + exp(-(potential_V[i] - 4.5) / 0.06)) +
                           noises_A[n] * closo_random_normal(&random);
        }
        synthetic_sweep sweep = {
            .count = COUNT, .time_s = time_s, .potential_V = potential_V, .current_A = current_A};
        closo_arena *arena = closo_arena_new(0);
        closo_onset_result result = find_in(&sweep, 1, NULL, arena);
        assert_true(result.onset_count >= 1);
        assert_near(result.onsets[result.onset_count - 1].potential_V.value, 4.38, 0.02);
        const closo_onset_options straight = {.straight_only = true};
        result = find_in(&sweep, 1, &straight, arena);
        for (size_t i = 0; i < result.onset_count; i++)
            assert_true(
                result.onsets[i].rising.r2 > 0.99 &&
                (result.onsets[i].background.r2 > 0.99 || result.onsets[i].background_flat));
        assert_true(result.onset_count >= 1);
        assert_near(result.onsets[result.onset_count - 1].potential_V.value, 4.38, 0.02);
        closo_arena_free(arena);
    }
}

static void two_onsets_are_both_found(void **state)
{
    (void)state;
    static const struct {
        synthetic_curve curve;
        double first_V, second_V;
    } pairs[] = {{SYNTHETIC_TWO_CLOSE, 3.02, 3.22},
                 {SYNTHETIC_TWO_CLOSE_PEAK, 3.02, 3.22},
                 {SYNTHETIC_TWO_FAR, 2.93, 4.07},
                 {SYNTHETIC_TWO_FAR_RAMP, 2.93, 4.07}};
    for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
        for (uint64_t seed = 0; seed < 6; seed++) {
            closo_arena *arena = closo_arena_new(0);
            synthetic_sweep sweep =
                synthetic_curve_make(pairs[p].curve, sizes[1 + seed % 2], seed, arena);
            closo_onset_result result = find_in(&sweep, 1, NULL, arena);
            assert_int_equal(result.onset_count, 2);
            assert_near(result.onsets[0].potential_V.value, pairs[p].first_V, 0.01);
            assert_near(result.onsets[1].potential_V.value, pairs[p].second_V, 0.01);
            closo_onset_options one = {.max_onsets = 1};
            result = find_in(&sweep, 1, &one, arena);
            assert_int_equal(result.onset_count, 1);
            assert_true(result.more_onsets && warns(&result, "more than 1 onset"));
            closo_arena_free(arena);
        }
    }
}

static synthetic_recipe plain_corner(double signal_to_noise)
{
    return (synthetic_recipe){.noise_seed = 7,
                              .point_count = 2000,
                              .start_V = 1.5,
                              .span_V = 2.5,
                              .rate_V_per_s = 1e-5,
                              .corner_share = 0.5,
                              .rise_share = 0.3,
                              .full_A = 1e-6,
                              .offset = 0.1,
                              .slope_per_V = 0.04,
                              .signal_to_noise = signal_to_noise};
}

static void a_corner_without_noise_is_exact(void **state)
{
    (void)state;
    static const size_t counts[] = {200, 2000, 200000};
    for (size_t i = 0; i < 3; i++) {
        closo_arena *arena = closo_arena_new(0);
        synthetic_recipe recipe = plain_corner(0);
        recipe.point_count = counts[i];
        synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
        closo_onset_result result = find_in(&sweep, 1, NULL, arena);
        assert_int_equal(result.onset_count, 1);
        const closo_onset *onset = &result.onsets[0];
        assert_near(onset->potential_V.value, 2.75, 1e-4);
        assert_near(onset->background.slope_S, 0.04e-6, 1e-11);
        assert_near(onset->rising.slope_S, 0.04e-6 + 1e-6 / 1.25, 1e-9);
        assert_near(onset->current_A, 1e-6 * (0.1 + 0.04 * 1.25), 1e-10);
        assert_near(onset->support, 1, 0);
        assert_false(onset->doubtful);
        closo_arena_free(arena);
    }
}

static void a_cathodic_sweep_is_the_mirror_image(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    synthetic_recipe recipe = plain_corner(30);
    synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
    closo_onset_options options = {.cutoff_A = 0.3e-6};
    closo_onset_result anodic = find_in(&sweep, 1, &options, arena);
    closo_onset_result cathodic = find_in(&sweep, -1, &options, arena);
    assert_int_equal(anodic.onset_count, 1);
    assert_int_equal(cathodic.onset_count, 1);
    const closo_onset *one = &anodic.onsets[0], *other = &cathodic.onsets[0];
    assert_near(other->potential_V.value, -one->potential_V.value, 0);
    assert_near(other->potential_V.sigma, one->potential_V.sigma, 0);
    assert_near(other->current_A, -one->current_A, 0);
    assert_near(other->rising.slope_S, one->rising.slope_S, 0);
    assert_near(other->rising.intercept_A, -one->rising.intercept_A, 0);
    assert_near(other->background.from_V, -one->background.from_V, 0);
    assert_near(cathodic.criteria.departure_V, -anodic.criteria.departure_V, 0);
    assert_near(cathodic.criteria.tangent_V, -anodic.criteria.tangent_V, 0);
    assert_near(cathodic.criteria.cutoff_V, -anodic.criteria.cutoff_V, 0);
    assert_near(cathodic.bin_potential_V[0], -anodic.bin_potential_V[0], 0);
    assert_near(cathodic.bin_current_A[9], -anodic.bin_current_A[9], 0);
    closo_arena_free(arena);
}

static void the_seed_decides_and_nothing_else(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    synthetic_recipe recipe = plain_corner(10);
    synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
    closo_onset_options options = {.seed = 5};
    closo_onset_result one = find_in(&sweep, 1, &options, arena);
    closo_onset_result again = find_in(&sweep, 1, &options, arena);
    assert_near(again.onsets[0].potential_V.value, one.onsets[0].potential_V.value, 0);
    assert_near(again.onsets[0].potential_V.sigma, one.onsets[0].potential_V.sigma, 0);
    options.seed = 6; /* other draws: another reading within a small part of sigma */
    closo_onset_result other = find_in(&sweep, 1, &options, arena);
    assert_near(other.onsets[0].potential_V.value, one.onsets[0].potential_V.value,
                0.3 * one.onsets[0].potential_V.sigma);
    closo_arena_free(arena);
}

/* ---- windows by hand ---- */

/* Six points a window, not on a line: the least-squares lines worked out on paper.
 * Background 0,1,2,3,4,5 -> 1 2 1 2 1 2: slope 3/35, mean 1.5 at 2.5. Rise 10..15 -> 20 31 40 51 60 71 : slope 353/35
 * (sum dx dy = 176.5, sum dx^2 = 17.5), mean 45.5 at 12.5. They meet at (44 - 353/35*12.5 + 3/35*2.5) / (3/35 - 353/35). */
static void windows_by_hand_are_a_spreadsheet_s_lines(void **state)
{
    (void)state;
    enum { COUNT = 30 };
    static double potential_V[COUNT], current_A[COUNT], time_s[COUNT];
    static const double background[] = {1, 2, 1, 2, 1, 2}, rise[] = {20, 31, 40, 51, 60, 71};
    for (size_t i = 0; i < COUNT; i++) {
        potential_V[i] = (double)i;
        time_s[i] = 10 * (double)i;
        current_A[i] = i < 6 ? background[i] : i < 10 ? 4 * (double)i : 10 * (double)i - 80;
        if (i >= 10 && i < 16)
            current_A[i] = rise[i - 10];
    }
    synthetic_sweep sweep = {
        .count = COUNT, .time_s = time_s, .potential_V = potential_V, .current_A = current_A};
    closo_arena *arena = closo_arena_new(0);
    closo_onset_options options = {
        .background_from_V = -0.5, .background_to_V = 5.5, .rising_from_V = 10, .rising_to_V = 15};
    closo_onset_result result = find_in(&sweep, 1, &options, arena);
    assert_int_equal(result.onset_count, 1);
    const closo_onset *onset = &result.onsets[0];
    const double b = 3.0 / 35, r = 353.0 / 35;
    assert_near(onset->background.slope_S, b, 1e-12);
    assert_near(onset->background.intercept_A, 1.5 - 2.5 * b, 1e-12);
    assert_near(onset->rising.slope_S, r, 1e-12);
    assert_near(onset->potential_V.value, (1.5 - 2.5 * b - 45.5 + 12.5 * r) / (r - b), 1e-12);
    assert_int_equal(onset->background.point_count, 6);
    assert_true(onset->potential_V.sigma > 0);
    assert_near(onset->support, 1, 0);
    /* The residuals of the background: squares sum to 1.5 - (1.5)^2 / 17.5, four degrees of freedom. */
    assert_near(onset->background.residual_A, sqrt((1.5 - 1.5 * 1.5 / 17.5) / 4), 1e-12);
    closo_arena_free(arena);
}

static void one_window_by_hand_leaves_the_other_to_the_search(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    synthetic_recipe recipe = plain_corner(30);
    synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
    closo_onset_options options = {.background_from_V = 1.8, .background_to_V = 2.6};
    closo_onset_result result = find_in(&sweep, 1, &options, arena);
    assert_int_equal(result.onset_count, 1);
    assert_near(result.onsets[0].potential_V.value, 2.75, 4 * result.onsets[0].potential_V.sigma);
    assert_near(result.onsets[0].potential_V.sigma, 0.01, 0.01);
    assert_near(result.onsets[0].background.from_V, 1.8, 2e-3);
    options = (closo_onset_options){.rising_from_V = 2.9, .rising_to_V = 3.6};
    result = find_in(&sweep, 1, &options, arena);
    assert_int_equal(result.onset_count, 1);
    assert_near(result.onsets[0].potential_V.value, 2.75, 4 * result.onsets[0].potential_V.sigma);
    assert_near(result.onsets[0].rising.to_V, 3.6, 2e-3);
    closo_arena_free(arena);
}

/* ---- the other criteria ---- */

/* Flat background with points that repeat 1, 0, -1 nA (scatter sqrt(2/3) nA), a rise of slope s from E0 on: the current
 * leaves by k times the scatter at E0 + k sqrt(2/3) nA / s and reaches c at E0 + c / s; the tangent is the rise. */
static void other_criteria_are_where_geometry_puts_them(void **state)
{
    (void)state;
    enum { COUNT = 400 };
    static double potential_V[COUNT], current_A[COUNT], time_s[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        double beyond_V = 0.01 * (double)i - 2.005;
        potential_V[i] = 1 + 0.01 * (double)i;
        time_s[i] = 1000 * (double)i;
        current_A[i] = 1e-9 * (1 - (double)(i % 3)) + 1e-7 * fmax(beyond_V, 0);
    }
    synthetic_sweep sweep = {
        .count = COUNT, .time_s = time_s, .potential_V = potential_V, .current_A = current_A};
    closo_arena *arena = closo_arena_new(0);
    closo_onset_options options = {.cutoff_A = 5e-8, .departure_sigmas = 10};
    closo_onset_result result = find_in(&sweep, 1, &options, arena);
    assert_int_equal(result.onset_count, 1);
    const closo_onset_criteria *criteria = &result.criteria;
    assert_near(result.onsets[0].potential_V.value, 3.005, 0.01);
    assert_near(criteria->departure_V, 3.005 + 0.082, 0.015);
    assert_near(criteria->cutoff_V, 3.005 + 0.5, 0.02);
    assert_near(criteria->tangent_V, 3.005, 0.05);
    assert_near(criteria->cutoff_A, 5e-8, 0);
    options.cutoff_A = 1e-3; /* never reached */
    assert_true(isnan(find_in(&sweep, 1, &options, arena).criteria.cutoff_V));
    assert_true(isnan(find_in(&sweep, 1, NULL, arena).criteria.cutoff_A));
    closo_arena_free(arena);
}

/* ---- warnings ---- */

static void warnings_say_what_is_wrong(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    synthetic_recipe recipe = plain_corner(50);
    recipe.rate_V_per_s = 1e-4;
    recipe.spike_share = 0.01;
    recipe.charging = 0.5;
    recipe.charging_share = 0.02;
    synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
    closo_onset_result result = find_in(&sweep, 1, NULL, arena);
    assert_true(warns(&result, "scan rate is 100 uV/s"));
    assert_true(warns(&result, "are spikes"));
    assert_true(warns(&result, "(charging)"));
    assert_true(warns(&result, "ends where the sweep ends, at 4 V"));
    assert_true(result.spike_count >= 10 && result.spike_count <= 40);
    /* A good sweep: slow, no spikes, falls back before its end. */
    recipe = plain_corner(100);
    recipe.end = SYNTHETIC_END_PEAK;
    sweep = synthetic_sweep_make(&recipe, arena);
    result = find_in(&sweep, 1, NULL, arena);
    assert_false(warns(&result, "scan rate"));
    assert_false(warns(&result, "(charging)"));
    assert_false(warns(&result, "ends where"));
    assert_false(warns(&result, "has only"));
    /* Few points before the corner. */
    recipe = plain_corner(0);
    recipe.point_count = 100;
    recipe.corner_share = 0.15;
    sweep = synthetic_sweep_make(&recipe, arena);
    result = find_in(&sweep, 1, NULL, arena);
    assert_int_equal(result.onset_count, 1);
    assert_true(warns(&result, "its background has only"));
    closo_arena_free(arena);
}

/* ---- wrong input ---- */

static void expect_failure(synthetic_sweep sweep, const closo_onset_options *options,
                           closo_status status, const char *words)
{
    closo_arena *arena = closo_arena_new(0);
    closo_onset_result result;
    closo_error error = {0};
    closo_voltammogram *voltammogram = synthetic_voltammogram(&sweep, 1, arena);
    assert_int_equal(closo_onset_find(voltammogram, 0, options, arena, &result, &error), status);
    if (strstr(error.message, words) == NULL)
        fail_msg("'%s' does not say '%s'", error.message, words);
    closo_arena_free(arena);
}

static void wrong_input_is_refused_in_words(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    synthetic_recipe recipe = plain_corner(50);
    recipe.point_count = 100;
    synthetic_sweep good = synthetic_sweep_make(&recipe, arena), bad = good;
    bad.count = 19;
    expect_failure(bad, NULL, CLOSO_RANGE, "the sweep has 19 points");
    bad = good;
    bad.potential_V = closo_arena_alloc(arena, good.count, sizeof(double));
    expect_failure(bad, NULL, CLOSO_RANGE, "does not advance");
    for (size_t i = 0; i < good.count; i++)
        bad.potential_V[i] = NAN;
    expect_failure(bad, NULL, CLOSO_RANGE, "the sweep has 0 points");
    closo_onset_options narrow = {.background_from_V = 1.5,
                                  .background_to_V = 1.5 + 2.5 * 1.5 / 99,
                                  .rising_from_V = 3,
                                  .rising_to_V = 4};
    expect_failure(good, &narrow, CLOSO_RANGE, "the background window 1.5..1.538 V holds 2 points");
    recipe.corner_share = 2; /* a straight line */
    recipe.signal_to_noise = 0;
    recipe.slope_per_V = 0;
    synthetic_sweep line = synthetic_sweep_make(&recipe, arena);
    closo_onset_options parallel = {
        .background_from_V = 1.6, .background_to_V = 2, .rising_from_V = 3, .rising_to_V = 3.5};
    expect_failure(line, &parallel, CLOSO_NOCONVERGE, "are parallel");
    closo_onset_result result;
    closo_error error = {0};
    closo_voltammogram *voltammogram = synthetic_voltammogram(&good, 1, arena);
    assert_int_equal(closo_onset_find(voltammogram, 1, NULL, arena, &result, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "no leg 2"));
    closo_arena_free(arena);
}

static void odd_but_usable_input_is_used(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    synthetic_recipe recipe = plain_corner(50);
    synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
    for (size_t i = 100; i < 1900; i += 100) {
        sweep.current_A[i] = NAN;
        sweep.potential_V[i + 1] = INFINITY;
    }
    closo_onset_result result = find_in(&sweep, 1, NULL, arena);
    assert_int_equal(result.onset_count, 1);
    assert_near(result.onsets[0].potential_V.value, 2.75, 4 * result.onsets[0].potential_V.sigma);
    assert_true(warns(&result, "36 of 2000 rows"));
    /* The same current throughout, or none at all. */
    for (size_t turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < sweep.count; i++) {
            sweep.potential_V[i] = 1 + 1e-3 * (double)i;
            sweep.current_A[i] = turn == 0 ? 1e-6 : 0;
        }
        result = find_in(&sweep, 1, NULL, arena);
        assert_int_equal(result.onset_count, 0);
        assert_true(warns(&result, "no onset"));
    }
    closo_arena_free(arena);
}

/* Numbers no instrument gives, but a damaged file may: the search ends. */
static void absurd_magnitudes_end(void **state)
{
    (void)state;
    static const double factors[] = {1e-322, 1e-300, 1e150, 1e300};
    closo_arena *arena = closo_arena_new(0);
    synthetic_recipe recipe = plain_corner(50);
    recipe.charging = 0.5;
    recipe.charging_share = 0.03;
    synthetic_sweep good = synthetic_sweep_make(&recipe, arena);
    for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
        synthetic_sweep odd = good;
        odd.potential_V = closo_arena_alloc(arena, good.count, sizeof(double));
        odd.current_A = closo_arena_alloc(arena, good.count, sizeof(double));
        for (size_t i = 0; i < good.count; i++) {
            odd.potential_V[i] = good.potential_V[i] * factors[f];
            odd.current_A[i] = good.current_A[i] * factors[f];
        }
        closo_onset_result result;
        closo_error error = {0};
        closo_voltammogram *voltammogram = synthetic_voltammogram(&odd, 1, arena);
        closo_status status = closo_onset_find(voltammogram, 0, NULL, arena, &result, &error);
        assert_true(status == CLOSO_OK || status == CLOSO_RANGE);
    }
    closo_arena_free(arena);
}

static void every_failing_allocation_is_borne(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    synthetic_recipe recipe = plain_corner(50);
    synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
    closo_voltammogram *voltammogram = synthetic_voltammogram(&sweep, 1, arena);
    for (size_t count = 0; count < 40; count++) {
        closo_arena *results = closo_arena_new(0);
        closo_arena_fail_after(results, count);
        closo_onset_result result;
        closo_status status = closo_onset_find(voltammogram, 0, NULL, results, &result, NULL);
        assert_true(status == CLOSO_OK || status == CLOSO_NOMEM);
        if (status == CLOSO_OK)
            count = 40;
        closo_arena_free(results);
    }
    closo_arena_free(arena);
}

static void json_carries_it_all(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    synthetic_recipe recipe = plain_corner(50);
    synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
    closo_voltammogram *voltammogram = synthetic_voltammogram(&sweep, 1, arena);
    closo_onset_result result = find_in(&sweep, 1, NULL, arena);
    const char *json = closo_onset_json(voltammogram, &result, arena);
    assert_non_null(json);
    static const char *const words[] = {"\"onset_V\": 2.7",   "\"onset_V_sigma\": 0.00",
                                        "\"support\": 1",     "\"doubtful\": false",
                                        "\"cutoff_V\": null", "\"departure_V\": 2.",
                                        "\"rate_V_s\": 1e-5", "\"warnings\": ["};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(json, words[i]) == NULL)
            fail_msg("no '%s' in %s", words[i], json);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_without_an_onset_have_none),
        cmocka_unit_test(slow_noise_is_seen_for_what_it_is),
        cmocka_unit_test(a_bending_curve_is_warned_of),
        cmocka_unit_test(tafel_is_read_before_the_resistance),
        cmocka_unit_test(a_rounded_step_has_an_onset),
        cmocka_unit_test(two_onsets_are_both_found),
        cmocka_unit_test(a_corner_without_noise_is_exact),
        cmocka_unit_test(a_cathodic_sweep_is_the_mirror_image),
        cmocka_unit_test(the_seed_decides_and_nothing_else),
        cmocka_unit_test(windows_by_hand_are_a_spreadsheet_s_lines),
        cmocka_unit_test(one_window_by_hand_leaves_the_other_to_the_search),
        cmocka_unit_test(other_criteria_are_where_geometry_puts_them),
        cmocka_unit_test(warnings_say_what_is_wrong),
        cmocka_unit_test(wrong_input_is_refused_in_words),
        cmocka_unit_test(odd_but_usable_input_is_used),
        cmocka_unit_test(absurd_magnitudes_end),
        cmocka_unit_test(every_failing_allocation_is_borne),
        cmocka_unit_test(json_carries_it_all),
    };
    return cmocka_run_group_tests_name("onset_shapes", tests, NULL, NULL);
}
