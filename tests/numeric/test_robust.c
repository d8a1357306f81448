/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include "closo/numeric.h"

#include <math.h>
#include <string.h>

enum { LIST = 12 };
static const double list[LIST] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};

/* numpy 2.4.6: numpy.median(v), numpy.median(abs(v - 4.5)) is 1.5, numpy.quantile(v, q) */
static void small_lists_are_as_numpy_has_them(void **state)
{
    (void)state;
    double values[LIST], median = 0;
    memcpy(values, list, sizeof list);
    assert_near(closo_median(values, LIST), 4.5, 0);
    assert_near(closo_robust_sigma(values, LIST, &median), 1.5 * 1.482602218505602, 1e-15);
    assert_near(median, 4.5, 0);
    assert_near(closo_median(values, 1), values[0], 0);
    static const struct {
        double q, value;
    } cases[] = {{0, 1}, {.1, 1.1}, {.25, 2.75}, {.5, 4.5}, {.9, 7.8}, {.975, 8.725}, {1, 9}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_near(closo_quantile(values, LIST, cases[i].q), cases[i].value, 1e-14);
    for (size_t i = 1; i < LIST; i++)
        assert_true(values[i - 1] <= values[i]);
}

static void nothing_gives_nan_and_missing_values_are_left_out(void **state)
{
    (void)state;
    double none[3] = {NAN, NAN, NAN}, some[5] = {NAN, 3, NAN, 1, 2}, median = 0;
    assert_true(isnan(closo_median(NULL, 0)));
    assert_true(isnan(closo_robust_sigma(none, 3, &median)));
    assert_true(isnan(median));
    assert_true(isnan(closo_quantile(none, 3, 0.5)));
    assert_near(closo_median(some, 5), 2, 0);
    assert_near(closo_robust_sigma(some, 5, NULL), 1.482602218505602, 0);
    assert_near(closo_quantile(some, 5, 0.75), 2.5, 0);
    assert_true(isnan(closo_quantile(some, 5, 1.5)));
    double walls[4] = {-INFINITY, 1, 2, INFINITY};
    assert_near(closo_median(walls, 4), 1.5, 0);
    double mostly[3] = {INFINITY, INFINITY, 1};
    assert_true(isinf(closo_median(mostly, 3)));
    assert_true(isnan(closo_robust_sigma(mostly, 3, NULL)));
}

/* Two ways to the median: selecting, and sorting. Also that no value is lost. */
static void selecting_agrees_with_sorting(void **state)
{
    (void)state;
    enum { MOST = 400 };
    closo_random random;
    closo_random_seed(&random, 2);
    for (int round = 0; round < 3000; round++) {
        const size_t count = 1 + closo_random_below(&random, MOST);
        const size_t kinds = 1 + closo_random_below(&random, round % 2 == 0 ? 5 : 100000);
        double selected[MOST], sorted[MOST], sum = 0, sum_after = 0;
        for (size_t i = 0; i < count; i++) {
            selected[i] = sorted[i] = (double)closo_random_below(&random, kinds);
            sum += selected[i];
        }
        assert_near(closo_median(selected, count), closo_quantile(sorted, count, 0.5), 0);
        double median = 0;
        const double sigma = closo_robust_sigma(selected, count, &median);
        for (size_t i = 0; i < count; i++) {
            sum_after += selected[i];
            sorted[i] = fabs(sorted[i] - median);
        }
        assert_near(sigma, 1.482602218505602 * closo_quantile(sorted, count, 0.5), 0);
        assert_near(sum_after, sum, 0);
    }
}

/* Sorted, reversed, all equal, sawtooth: a quickselect with a bad pivot would take 1e12 steps here and time out. */
static void order_costs_nothing(void **state)
{
    (void)state;
    enum { COUNT = 1000001 };
    static double values[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        values[i] = (double)i;
    assert_near(closo_median(values, COUNT), 500000, 0);
    for (size_t i = 0; i < COUNT; i++)
        values[i] = (double)(COUNT - i);
    assert_near(closo_median(values, COUNT), 500001, 0);
    for (size_t i = 0; i < COUNT; i++)
        values[i] = 7;
    assert_near(closo_robust_sigma(values, COUNT, NULL), 0, 0);
    for (size_t i = 0; i < COUNT; i++)
        values[i] = (double)(i < COUNT / 2 ? i : COUNT - i);
    assert_near(closo_median(values, COUNT), 250000, 0);
}

static void robust_sigma_is_the_sigma_of_a_normal_distribution(void **state)
{
    (void)state;
    enum { COUNT = 400000 };
    static double values[COUNT];
    closo_random random;
    closo_random_seed(&random, 3);
    for (size_t i = 0; i < COUNT; i++)
        values[i] = 10 + 2 * closo_random_normal(&random);
    for (size_t i = 0; i < COUNT; i += 100)
        values[i] = 1e6; /* one spike in a hundred moves it by about a per cent */
    double median = 0;
    assert_near(closo_robust_sigma(values, COUNT, &median), 2, 0.05);
    assert_near(median, 10, 0.05);
    /* 97.5 % of the normal distribution lies below 1.959964 sigma. */
    for (size_t i = 0; i < COUNT; i++)
        if (values[i] > 1e5)
            values[i] = NAN;
    assert_near(closo_quantile(values, COUNT, 0.975), 10 + 2 * 1.959964, 0.03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_lists_are_as_numpy_has_them),
        cmocka_unit_test(nothing_gives_nan_and_missing_values_are_left_out),
        cmocka_unit_test(selecting_agrees_with_sorting),
        cmocka_unit_test(order_costs_nothing),
        cmocka_unit_test(robust_sigma_is_the_sigma_of_a_normal_distribution),
    };
    return cmocka_run_group_tests_name("robust", tests, NULL, NULL);
}
