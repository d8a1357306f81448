/* SPDX-License-Identifier: BSD-3-Clause */
/* Steady currents behind transients whose law is known, in correlated noise: does the truth lie within one sigma? */
#include "support.h"

#include "closo/numeric.h"
#include "closo/symmetric.h"

#include <math.h>
#include <string.h>

enum { ROWS_MAX = 3000 };
#define DURATION_s 86400.0 /* as in the thesis */
#define STEADY_A   1e-9

typedef enum truth { ONE, TWO, STRETCHED, POWER, FLAT, TRUTHS } truth;
static const char *const truth_names[] = {"one exponential", "two exponentials", "stretched",
                                          "power", "flat"};

typedef struct transient_recipe {
    truth law;
    size_t rows;
    double time_constant; /* share of the duration */
    double noise;         /* of a row, of the steady current */
    double correlation;
    uint64_t seed;
} transient_recipe;

static double time_s[ROWS_MAX], current_A[ROWS_MAX];

static double law_at(truth law, double at_s, double tau_s)
{
    switch (law) {
    case ONE:
        return 8 * exp(-at_s / tau_s);
    case TWO:
        return 3 * exp(-at_s / tau_s) + 10 * exp(-at_s / (0.15 * tau_s));
    case STRETCHED:
        return 8 * exp(-pow(at_s / (0.3 * tau_s), 0.6));
    case POWER:
        return 0.3 * pow(at_s / DURATION_s, -0.8);
    case FLAT:
    case TRUTHS:
        break;
    }
    return 0;
}

static void make(const transient_recipe *recipe)
{
    closo_random random;
    closo_random_seed(&random, recipe->seed);
    double noise = closo_random_normal(&random);
    for (size_t i = 0; i < recipe->rows; i++) {
        time_s[i] = DURATION_s * (double)(i + 1) / (double)recipe->rows;
        noise = recipe->correlation * noise +
                sqrt(1 - recipe->correlation * recipe->correlation) * closo_random_normal(&random);
        current_A[i] =
            STEADY_A * (1 + law_at(recipe->law, time_s[i], recipe->time_constant * DURATION_s) +
                        recipe->noise * noise);
    }
}

static closo_transient fit(size_t rows)
{
    closo_transient transient;
    closo_error error = {0};
    if (closo_transient_from_points(time_s, current_A, rows, NAN, &transient, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return transient;
}

static void without_noise(void **state)
{
    static const closo_transient_model models[] = {
        CLOSO_TRANSIENT_EXPONENTIAL, CLOSO_TRANSIENT_TWO_EXPONENTIALS, CLOSO_TRANSIENT_STRETCHED,
        CLOSO_TRANSIENT_POWER};
    for (truth law = ONE; law <= POWER; law++) {
        make(&(transient_recipe){law, 1000, 0.15, 1e-6, 0, 3});
        const closo_transient transient = fit(1000);
        if (transient.best != models[law])
            fail_msg("%s is taken for %s", truth_names[law],
                     closo_transient_model_name(transient.best));
        assert_near(transient.steady_A.value / STEADY_A, 1, 5e-4);
        assert_near(closo_transient_value(&transient, 20000) / current_A[231], 1, 2e-2);
    }
    make(&(transient_recipe){POWER, 1000, 0.15, 1e-6, 0, 3});
    const closo_transient transient = fit(1000);
    assert_near(transient.models[CLOSO_TRANSIENT_POWER].shape[0], 0.8, 1e-3);
    assert_false(transient.settled);
    (void)state;
}

/* Draws of one law: how often the truth lies within one sigma. */
static int coverage(truth law, double correlation, bool slow, int draws, uint64_t seed)
{
    int inside = 0, settled = 0;
    double sigma_sum = 0;
    for (int draw = 0; draw < draws; draw++) {
        closo_random random;
        closo_random_seed(&random, seed + (uint64_t)draw);
        transient_recipe recipe = {.law = law,
                                   .rows = 300 + closo_random_below(&random, 1500),
                                   .time_constant = (slow ? 5 : 1) *
                                                    (0.05 + 0.15 * closo_random_uniform(&random)),
                                   .noise = 0.01 + 0.04 * closo_random_uniform(&random),
                                   .correlation = correlation,
                                   .seed = seed + 7777 + (uint64_t)draw};
        make(&recipe);
        const closo_transient transient = fit(recipe.rows);
        inside += fabs(transient.steady_A.value - STEADY_A) <= transient.steady_A.sigma;
        settled += transient.settled;
        sigma_sum += transient.steady_A.sigma / STEADY_A;
    }
    print_message(
        "%-17s correlation %.1f: within one sigma %d of %d, settled %d, mean sigma %.3f\n",
        truth_names[law], correlation, inside, draws, settled, sigma_sum / draws);
    return inside;
}

static void steady_sigmas_hold(void **state)
{
    enum { DRAWS = 100 };
    static const double correlations[] = {0, 0.7};
    for (size_t c = 0; c < 2; c++) {
        int inside = 0;
        for (truth law = ONE; law < TRUTHS; law++)
            inside +=
                coverage(law, correlations[c], false, DRAWS, 9310000 + 1000 * c + 100000 * law);
        print_message("all laws, correlation %.1f: %d of %d\n", correlations[c], inside,
                      TRUTHS * DRAWS);
        assert_in_range(inside, 60 * TRUTHS * DRAWS / 100, 76 * TRUTHS * DRAWS / 100);
    }
    (void)state;
}

/* Holds that end while the current still falls. */
static void unsettled_sigmas_hold(void **state)
{
    enum { DRAWS = 100 };
    int inside = 0;
    for (truth law = ONE; law <= STRETCHED; law++)
        inside += coverage(law, 0.5, true, DRAWS, 410000 + 100000 * law);
    print_message("slow ones: %d of %d\n", inside, 3 * DRAWS);
    assert_in_range(inside, 60 * 3 * DRAWS / 100, 76 * 3 * DRAWS / 100);
    (void)state;
}

static void bad_rows_are_said(void **state)
{
    closo_transient transient;
    closo_error error = {0};
    make(&(transient_recipe){ONE, 100, 0.1, 0.01, 0, 3});
    assert_int_equal(closo_transient_from_points(time_s, current_A, 1, NAN, &transient, &error),
                     CLOSO_RANGE);
    assert_non_null(strstr(error.message, "there is 1"));
    assert_int_equal(closo_transient_from_points(time_s, current_A, 100, 80000, &transient, &error),
                     CLOSO_RANGE);
    assert_non_null(strstr(error.message, "are skipped"));
    time_s[50] = time_s[49];
    assert_int_equal(closo_transient_from_points(time_s, current_A, 100, NAN, &transient, &error),
                     CLOSO_RANGE);
    assert_non_null(strstr(error.message, "row 51"));
    current_A[7] = NAN;
    assert_int_equal(closo_transient_from_points(time_s, current_A, 100, NAN, &transient, &error),
                     CLOSO_RANGE);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_noise),
        cmocka_unit_test(steady_sigmas_hold),
        cmocka_unit_test(unsettled_sigmas_hold),
        cmocka_unit_test(bad_rows_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
