/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include "closo/numeric.h"
#include "numeric/linear_fit_internal.h"

#include <math.h>
#include <string.h>

enum { NORRIS_COUNT = 36 };

/* NIST StRD, linear regression, data set Norris (calibration of ozone monitors), lower level of difficulty:
 * https://www.itl.nist.gov/div898/strd/lls/data/Norris.shtml; public domain. */
static const double norris_x[NORRIS_COUNT] = {
    0.2, 337.4, 118.2, 884.6, 10.1,  226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4,
    0.6, 775.5, 666.9, 338.0, 447.5, 11.6,  556.0, 228.1, 995.8, 887.6, 120.2, 0.3,
    0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1,  118.3, 229.2, 669.1, 448.9, 0.5};
static const double norris_y[NORRIS_COUNT] = {
    0.1, 338.8, 118.1, 888.0, 9.2,   228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3,
    0.1, 778.1, 668.8, 339.3, 448.9, 10.8,  557.7, 228.3, 998.0, 888.8, 119.6, 0.3,
    0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2,  117.6, 228.9, 668.4, 449.2, 0.2};

/* The certified values, all digits NIST gives. */
#define NORRIS_INTERCEPT       (-0.262323073774029)
#define NORRIS_SLOPE           1.00211681802045
#define NORRIS_INTERCEPT_SIGMA 0.232818234301152
#define NORRIS_SLOPE_SIGMA     0.429796848199937e-03
#define NORRIS_RESIDUAL        0.884796396144373
#define NORRIS_R2              0.999993745883712

static void assert_relative(const char *what, double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance * fabs(expected)))
        fail_msg("%s is %.17g, should be %.17g (relative %g)", what, actual, expected, tolerance);
}

static closo_line fit(const double *x, const double *y, const double *weight, size_t count)
{
    closo_line line;
    closo_error error = {0};
    if (closo_line_fit(x, y, weight, count, &line, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return line;
}

/* The tolerances are what the rounding of the data to double moves: NIST computed with 500 digits from the decimals. */
static void norris_is_as_certified(void **state)
{
    (void)state;
    const closo_line line = fit(norris_x, norris_y, NULL, NORRIS_COUNT);
    assert_relative("intercept", line.intercept, NORRIS_INTERCEPT, 5e-13);
    assert_relative("slope", line.slope, NORRIS_SLOPE, 5e-15);
    assert_relative("sigma of the intercept", line.intercept_sigma, NORRIS_INTERCEPT_SIGMA, 5e-14);
    assert_relative("sigma of the slope", line.slope_sigma, NORRIS_SLOPE_SIGMA, 5e-14);
    assert_relative("residual", line.residual_rms, NORRIS_RESIDUAL, 5e-14);
    assert_relative("R2", line.r2, NORRIS_R2, 2e-15);
    assert_int_equal(line.count, NORRIS_COUNT);
}

/* Values made with numpy 2.4.6:
 *   p, c = numpy.polyfit(x, y, 1, w=1/sigma, cov=True)
 * and, with w = 1/sigma**2, r = y - numpy.polyval(p, x), m = (w*y).sum()/w.sum():
 *   sqrt((w*r*r).sum()/6), 1 - (w*r*r).sum()/(w*(y-m)**2).sum() */
static void weighted_line_is_as_numpy_has_it(void **state)
{
    (void)state;
    static const double x[] = {-3, -1.5, 0, 0.25, 2, 4, 7.5, 11};
    static const double y[] = {1.1, 0.3, -0.2, -0.45, -1.2, -2.6, -4.1, -6.3};
    static const double sigma[] = {.1, .2, .05, .1, .3, .2, .1, .4};
    double weight[8];
    for (size_t i = 0; i < 8; i++)
        weight[i] = 1 / (sigma[i] * sigma[i]);
    const closo_line line = fit(x, y, weight, 8);
    assert_relative("slope", line.slope, -0.509928846378164, 1e-13);
    assert_relative("intercept", line.intercept, -0.2798320307943538, 1e-13);
    assert_relative("sigma of the slope", line.slope_sigma, 0.01433704375292136, 1e-13);
    assert_relative("sigma of the intercept", line.intercept_sigma, 0.04567495314868034, 1e-13);
    assert_relative("covariance", line.covariance, -0.0001683470546006599, 1e-13);
    assert_relative("residual", line.residual_rms, 1.22272986987895, 1e-13);
    assert_relative("R2", line.r2, 0.9952794094779804, 1e-14);
}

/* A weight of 2 is the point written twice, but for the degrees of freedom; a weight of 0 is no point. */
static void weights_count_points(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 4, 5, 9}, y[] = {2, 3.5, 4, 8, 11}, weight[] = {1, 2, 0, 1, 1};
    static const double x_again[] = {1, 2, 2, 5, 9}, y_again[] = {2, 3.5, 3.5, 8, 11};
    const closo_line weighted = fit(x, y, weight, 5), written = fit(x_again, y_again, NULL, 5);
    assert_relative("slope", weighted.slope, written.slope, 1e-14);
    assert_relative("intercept", weighted.intercept, written.intercept, 1e-13);
    assert_relative("R2", weighted.r2, written.r2, 1e-14);
    assert_relative("residual", weighted.residual_rms * sqrt(2.0 / 3), written.residual_rms, 1e-13);
    assert_int_equal(weighted.count, 4);
}

/* Norris again with y in nanoampere and x far from zero: slope, sigma and R2 must follow the scale. The offset itself
 * costs digits of x (its numbers are rounded to 1.2e-7 at 1e9), hence the tolerance. */
static void extreme_scales_keep_their_digits(void **state)
{
    (void)state;
    double x[NORRIS_COUNT], y[NORRIS_COUNT];
    for (size_t i = 0; i < NORRIS_COUNT; i++) {
        x[i] = norris_x[i];
        y[i] = norris_y[i] * 1e-12;
    }
    closo_line line = fit(x, y, NULL, NORRIS_COUNT);
    assert_relative("slope at 1e-9", line.slope, NORRIS_SLOPE * 1e-12, 5e-15);
    assert_relative("R2 at 1e-9", line.r2, NORRIS_R2, 2e-15);
    assert_relative("residual at 1e-9", line.residual_rms, NORRIS_RESIDUAL * 1e-12, 1e-13);
    for (size_t i = 0; i < NORRIS_COUNT; i++)
        x[i] = norris_x[i] + 1e9;
    line = fit(x, y, NULL, NORRIS_COUNT);
    assert_relative("slope at 1e9", line.slope, NORRIS_SLOPE * 1e-12, 1e-10);
    assert_relative("sigma at 1e9", line.slope_sigma, NORRIS_SLOPE_SIGMA * 1e-12, 1e-7);
    for (size_t i = 0; i < NORRIS_COUNT; i++)
        y[i] = norris_y[i] + 1e9;
    line = fit(x, y, NULL, NORRIS_COUNT);
    assert_relative("slope, both at 1e9", line.slope, NORRIS_SLOPE, 1e-10);
    assert_relative("R2, both at 1e9", line.r2, NORRIS_R2, 1e-10);
}

/* An exact line far out: quarters are exact in binary, so is the answer. */
static void exact_lines_are_exact(void **state)
{
    (void)state;
    double x[1000], y[1000];
    for (int i = 0; i < 1000; i++) {
        x[i] = 1e9 + 0.25 * i;
        y[i] = -1e9 - 0.75 * i;
    }
    const closo_line line = fit(x, y, NULL, 1000);
    assert_near(line.slope, -3, 0);
    assert_near(line.intercept, 2e9, 0);
    assert_near(line.r2, 1, 0);
    assert_near(line.residual_rms, 0, 0);
}

static void constant_y_has_no_r2(void **state)
{
    (void)state;
    static const double x[] = {0, 1, 2, 3}, y[] = {0.1, 0.1, 0.1, 0.1};
    const closo_line line = fit(x, y, NULL, 4);
    assert_near(line.slope, 0, 0);
    assert_near(line.r2, 0, 0);
    assert_near(line.intercept, 0.1, 0);
}

static void sigma_covers_what_it_claims(void **state)
{
    (void)state;
    enum { DRAWS = 20000, COUNT = 10 };
    closo_random random;
    closo_random_seed(&random, 1);
    size_t slope_inside = 0;
    double slope_squares = 0, product = 0, covariance = 0, variance = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        double x[COUNT], y[COUNT];
        for (int i = 0; i < COUNT; i++) {
            x[i] = i;
            y[i] = 3 + 2 * x[i] + closo_random_normal(&random);
        }
        const closo_line line = fit(x, y, NULL, COUNT);
        slope_inside += fabs(line.slope - 2) < line.slope_sigma;
        slope_squares += (line.slope - 2) * (line.slope - 2);
        product += (line.slope - 2) * (line.intercept - 3);
        covariance += line.covariance;
        variance += line.slope_sigma * line.slope_sigma;
    }
    /* Student's t with 8 degrees of freedom lies within 1 in 65.34 % of draws (two-sided; sampling error 0.34 %). */
    assert_near((double)slope_inside / DRAWS, 0.6534, 0.012);
    assert_near(variance / slope_squares, 1, 0.04);
    assert_near(covariance / product, 1, 0.04);
}

static void useless_points_are_refused(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 3, 4}, same[] = {0.1, 0.1, 0.1, 0.1};
    static const double gap[] = {1, NAN, 3, 4}, wall[] = {1, INFINITY, 3, 4};
    static const double negative[] = {1, -1, 1, 1}, two[] = {1, 0, 0, 1};
    const struct {
        const double *x, *y, *weight;
        size_t count;
        const char *says;
    } cases[] = {
        {x, x, NULL, 2, "3 points, there are 2"},
        {x, x, NULL, 0, "3 points, there are 0"},
        {same, x, NULL, 4, "the same x, 0.1"},
        {gap, x, NULL, 4, "missing"},
        {x, gap, NULL, 4, "missing"},
        {x, wall, NULL, 4, "infinite"},
        {x, x, negative, 4, "weight of point 2"},
        {x, x, gap, 4, "weight of point 2"},
        {x, x, two, 4, "3 points, there are 2"},
        {x, x, wall, 4, "infinite"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_line line;
        closo_error error = {0};
        assert_int_equal(
            closo_line_fit(cases[i].x, cases[i].y, cases[i].weight, cases[i].count, &line, &error),
            CLOSO_RANGE);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("case %zu says: %s", i, error.message);
    }
}

/* The same data as columns 1 and x; a column that is the sum of both is refused. */
static void norris_as_columns_is_as_certified(void **state)
{
    (void)state;
    double one[NORRIS_COUNT], sum[NORRIS_COUNT], work[NORRIS_COUNT * 4];
    for (size_t i = 0; i < NORRIS_COUNT; i++) {
        one[i] = 1;
        sum[i] = one[i] + norris_x[i];
    }
    const double *const columns[] = {one, norris_x, sum};
    closo_linear_fit fit;
    assert_true(closo_linear_fit_solve(columns, 2, norris_y, NULL, NORRIS_COUNT, work, &fit));
    const double variance = fit.chi2 / (NORRIS_COUNT - 2);
    assert_near(fit.coefficient[0], -0.262323073774029, 1e-12);
    assert_near(fit.coefficient[1], 1.00211681802045, 1e-13);
    assert_near(sqrt(variance * fit.covariance[0][0]), 0.232818234301152, 1e-12);
    assert_near(sqrt(variance * fit.covariance[1][1]), 0.429796848199937e-3, 1e-15);
    assert_near(sqrt(variance), 0.884796396144373, 1e-12);
    assert_false(closo_linear_fit_solve(columns, 3, norris_y, NULL, NORRIS_COUNT, work, &fit));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(norris_is_as_certified),
        cmocka_unit_test(norris_as_columns_is_as_certified),
        cmocka_unit_test(weighted_line_is_as_numpy_has_it),
        cmocka_unit_test(weights_count_points),
        cmocka_unit_test(extreme_scales_keep_their_digits),
        cmocka_unit_test(exact_lines_are_exact),
        cmocka_unit_test(constant_y_has_no_r2),
        cmocka_unit_test(sigma_covers_what_it_claims),
        cmocka_unit_test(useless_points_are_refused),
    };
    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
