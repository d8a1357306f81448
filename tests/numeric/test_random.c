/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include "closo/numeric.h"

#include <math.h>

/* Output of the authors' C program xoshiro256starstar.c (https://prng.di.unimi.it) from the state 1, 2, 3, 4, as it is
 * also printed in the tests of Rust's rand_xoshiro and others. */
static void words_are_the_published_ones(void **state)
{
    (void)state;
    static const uint64_t published[] = {
        UINT64_C(11520),
        UINT64_C(0),
        UINT64_C(1509978240),
        UINT64_C(1215971899390074240),
        UINT64_C(1216172134540287360),
        UINT64_C(607988272756665600),
        UINT64_C(16172922978634559625),
        UINT64_C(8476171486693032832),
        UINT64_C(10595114339597558777),
        UINT64_C(2904607092377533576),
    };
    closo_random random = {{1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        assert_true(closo_random_next(&random) == published[i]);
}

/* The state is four outputs of splitmix64.c; those for the seed 1234567 are widely printed (Rosetta Code). The words
 * for the seed 42 come from the two C programs joined, as several other implementations test them. */
static void seeding_is_splitmix64(void **state)
{
    (void)state;
    static const uint64_t seeded[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                      UINT64_C(9817491932198370423), UINT64_C(4593380528125082431)};
    closo_random random;
    closo_random_seed(&random, 1234567);
    for (size_t i = 0; i < 4; i++)
        assert_true(random.state[i] == seeded[i]);
    closo_random_seed(&random, 42);
    assert_true(closo_random_next(&random) == UINT64_C(1546998764402558742));
    assert_true(closo_random_next(&random) == UINT64_C(6990951692964543102));
    assert_true(closo_random_next(&random) == UINT64_C(12544586762248559009));
}

/* From a Python program of Kinderman and Monahan's method without Leva's bounds: keep v/u when v^2 <= -4 u^2 ln u. */
static void normal_sequence_is_pinned(void **state)
{
    (void)state;
    static const double expected[] = {-0.22662710424806623, 2.1388880979328371,
                                      0.59924025085058397,  -1.1308974245147989,
                                      -1.5398171640004326,  1.5730280081676733};
    closo_random random;
    closo_random_seed(&random, 42);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_near(closo_random_normal(&random), expected[i], 0);
}

static void uniform_numbers_fill_the_interval(void **state)
{
    (void)state;
    enum { COUNT = 1000000, BINS = 100 };
    closo_random random;
    closo_random_seed(&random, 4);
    size_t bins[BINS] = {0};
    double sum = 0, squares = 0;
    for (size_t i = 0; i < COUNT; i++) {
        const double value = closo_random_uniform(&random);
        assert_true(value >= 0 && value < 1);
        bins[(size_t)(value * BINS)]++;
        sum += value;
        squares += value * value;
    }
    assert_near(sum / COUNT, 0.5, 0.0012); /* four standard errors */
    assert_near(squares / COUNT, 1.0 / 3, 0.0012);
    double chi2 = 0;
    for (size_t i = 0; i < BINS; i++)
        chi2 += pow((double)bins[i] - COUNT / BINS, 2) / (COUNT / BINS);
    assert_near(chi2, 99, 4 * sqrt(2 * 99)); /* chi-square with 99 degrees of freedom */
}

static void below_is_unbiased(void **state)
{
    (void)state;
    enum { COUNT = 300000 };
    closo_random random;
    closo_random_seed(&random, 5);
    size_t bins[3] = {0}, low = 0;
    /* Just above 3/4 of the range: without refusal every third of the low half would come twice. */
    const size_t large = SIZE_MAX / 4 * 3;
    for (size_t i = 0; i < COUNT; i++) {
        bins[closo_random_below(&random, 3)]++;
        const size_t word = closo_random_below(&random, large);
        assert_true(word < large);
        low += word < large / 3;
    }
    for (size_t i = 0; i < 3; i++)
        assert_near((double)bins[i] / COUNT, 1.0 / 3, 0.0035);
    assert_near((double)low / COUNT, 1.0 / 3, 0.0035);
    assert_int_equal(closo_random_below(&random, 1), 0);
    assert_int_equal(closo_random_below(&random, 0), 0);
}

/* Shares below some points against the distribution function, 1/2 erfc(-x/sqrt 2), to four standard errors. */
static void normal_numbers_are_normal(void **state)
{
    (void)state;
    enum { COUNT = 2000000 };
    static const double points[] = {-4, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 4};
    enum { POINTS = sizeof points / sizeof *points };
    closo_random random;
    closo_random_seed(&random, 6);
    size_t below[POINTS] = {0};
    double power[5] = {0};
    for (size_t i = 0; i < COUNT; i++) {
        const double value = closo_random_normal(&random);
        assert_true(isfinite(value));
        for (size_t p = 0; p < POINTS; p++)
            below[p] += value < points[p];
        for (int p = 1; p < 5; p++)
            power[p] += pow(value, p);
    }
    for (size_t p = 0; p < POINTS; p++) {
        const double share = 0.5 * erfc(-points[p] / sqrt(2));
        assert_near((double)below[p] / COUNT, share, 4 * sqrt(share * (1 - share) / COUNT));
    }
    /* Moments 0, 1, 0, 3 with their standard errors sqrt((1, 2, 15, 96) / n). */
    assert_near(power[1] / COUNT, 0, 4 * sqrt(1.0 / COUNT));
    assert_near(power[2] / COUNT, 1, 4 * sqrt(2.0 / COUNT));
    assert_near(power[3] / COUNT, 0, 4 * sqrt(15.0 / COUNT));
    assert_near(power[4] / COUNT, 3, 4 * sqrt(96.0 / COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_the_published_ones),
        cmocka_unit_test(seeding_is_splitmix64),
        cmocka_unit_test(normal_sequence_is_pinned),
        cmocka_unit_test(uniform_numbers_fill_the_interval),
        cmocka_unit_test(below_is_unbiased),
        cmocka_unit_test(normal_numbers_are_normal),
    };
    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
