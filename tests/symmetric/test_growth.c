/* SPDX-License-Identifier: BSD-3-Clause */
/* Laws of growth of resistances whose law is known, and whether the sigmas of k and R0 hold. */
#include "support.h"

#include "closo/instrument.h"
#include "closo/numeric.h"
#include "closo/symmetric.h"

#include <math.h>
#include <string.h>

enum { POINTS_MAX = 60 };

/* The rate and the beginning that the thesis gives for LiB11H14:LiCB11H12 (1:1) on lithium at 60 degC, from impedances
 * every 2 to 80 h (Fig. 6c of chapter 8); the points here are made from them. */
#define THESIS_K_ohm_cm2_h05 14.6
#define THESIS_R0_ohm_cm2    29.6

typedef struct series {
    double time_s[POINTS_MAX], resistance[POINTS_MAX], sigma[POINTS_MAX];
    size_t count;
} series;

/* Points every 2 h, with a scatter of which sigma tells `told` times. */
static series make(size_t count, double (*law)(double hours), double noise, double told,
                   closo_random *random)
{
    series made = {.count = count};
    for (size_t i = 0; i < count; i++) {
        double hours = 2.0 * (double)(i + 1), sigma = noise * (0.5 + closo_random_uniform(random));
        made.time_s[i] = 3600 * hours;
        made.resistance[i] = 1e-4 * (law(hours) + sigma * closo_random_normal(random));
        made.sigma[i] = 1e-4 * sigma * told;
    }
    return made;
}

static double parabolic(double hours)
{
    return THESIS_R0_ohm_cm2 + THESIS_K_ohm_cm2_h05 * sqrt(hours);
}
static double linear(double hours)
{
    return 40 + 1.5 * hours;
}
static double logarithmic(double hours)
{
    return 30 + 25 * log(1 + hours / 0.8);
}
static double cube_root(double hours)
{
    return 20 + 30 * cbrt(hours);
}
static double constant(double hours)
{
    (void)hours;
    return 55;
}

static closo_growth *fit(const series *made, bool with_sigma, closo_arena *arena)
{
    closo_growth *growth;
    closo_error error = {0};
    if (closo_growth_from_points(made->time_s, made->resistance, with_sigma ? made->sigma : NULL,
                                 made->count, arena, &growth, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return growth;
}

static void exact_points_give_the_law_back(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    closo_random random;
    closo_random_seed(&random, 1);
    series made = make(40, parabolic, 0, 1, &random);
    const closo_growth *growth = fit(&made, false, arena);
    const closo_growth_fit *law = &growth->laws[CLOSO_GROWTH_PARABOLIC];
    assert_near(law->initial.value * 1e4, THESIS_R0_ohm_cm2, 1e-9);
    assert_near(law->rate.value * 60 * 1e4, THESIS_K_ohm_cm2_h05, 1e-9);
    assert_near(growth->laws[CLOSO_GROWTH_POWER].exponent.value, 0.5, 1e-6);
    made = make(40, logarithmic, 0, 1, &random);
    growth = fit(&made, false, arena);
    assert_int_equal(growth->best, CLOSO_GROWTH_LOGARITHMIC);
    law = &growth->laws[CLOSO_GROWTH_LOGARITHMIC];
    assert_near(law->tau_s.value / 3600, 0.8, 1e-5);
    assert_near(law->rate.value * 1e4, 25, 1e-4);
    assert_near(closo_growth_value(growth, growth->best, 3600 * 50.0) * 1e4, logarithmic(50), 1e-5);
    closo_arena_free(arena);
    (void)state;
}

/* How often the truth lies within one sigma, of k and of R0. */
static void coverage(double noise, double told, bool with_sigma, uint64_t seed, int *rate,
                     int *initial, int draws)
{
    closo_random random;
    closo_random_seed(&random, seed);
    *rate = *initial = 0;
    for (int draw = 0; draw < draws; draw++) {
        closo_arena *arena = closo_arena_new(0);
        series made = make(40, parabolic, noise, told, &random);
        const closo_growth *growth = fit(&made, with_sigma, arena);
        const closo_growth_fit *law = &growth->laws[CLOSO_GROWTH_PARABOLIC];
        *rate += fabs(law->rate.value * 60e4 - THESIS_K_ohm_cm2_h05) <= law->rate.sigma * 60e4;
        *initial += fabs(law->initial.value * 1e4 - THESIS_R0_ohm_cm2) <= law->initial.sigma * 1e4;
        closo_arena_free(arena);
    }
}

static void sigmas_hold(void **state)
{
    enum { DRAWS = 500 };
    static const struct {
        const char *name;
        double told;
        bool with_sigma;
    } cases[] = {
        {"sigmas given", 1, true}, {"sigmas a third of it", 1.0 / 3, true}, {"without", 1, false}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        int rate, initial;
        coverage(3, cases[c].told, cases[c].with_sigma, 6690210 + c, &rate, &initial, DRAWS);
        print_message("%s: k within one sigma in %d, R0 in %d of %d draws\n", cases[c].name, rate,
                      initial, DRAWS);
        assert_in_range(rate, 60 * DRAWS / 100, 76 * DRAWS / 100);
        assert_in_range(initial, 60 * DRAWS / 100, 76 * DRAWS / 100);
    }
    (void)state;
}

static double cube_root_law(double hours)
{
    return 30 + 20 * cbrt(hours);
}

/* k per hour^n: its exponent is fitted, so that a sigma of k per second^n cannot simply be scaled. */
static void rate_of_a_power_holds_in_hours(void **state)
{
    enum { DRAWS = 400 };
    closo_random random;
    closo_random_seed(&random, 771);
    int within = 0, fitted = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        closo_arena *arena = closo_arena_new(0);
        series made = make(60, cube_root_law, 0.3, 1, &random);
        const closo_growth *growth = fit(&made, false, arena);
        const closo_growth_fit *law = &growth->laws[CLOSO_GROWTH_POWER];
        closo_value rate = closo_growth_rate(growth, CLOSO_GROWTH_POWER, 3600);
        if (law->fitted && !law->at_edge) {
            fitted++;
            within += fabs(rate.value * 1e4 - 20) <= rate.sigma * 1e4;
        }
        closo_arena_free(arena);
    }
    print_message("k of a power law within one sigma in %d of %d draws\n", within, fitted);
    assert_true(fitted > DRAWS * 9 / 10);
    assert_in_range(within, 60 * fitted / 100, 76 * fitted / 100);
    (void)state;
}

/* The law that made the points is the best one, or within 2 of it, in most draws. */
static void laws_are_told_apart(void **state)
{
    enum { DRAWS = 100 };
    static const struct {
        double (*law)(double hours);
        closo_growth_law truth;
    } cases[] = {{parabolic, CLOSO_GROWTH_PARABOLIC},
                 {linear, CLOSO_GROWTH_LINEAR},
                 {logarithmic, CLOSO_GROWTH_LOGARITHMIC},
                 {cube_root, CLOSO_GROWTH_POWER},
                 {constant, CLOSO_GROWTH_CONSTANT}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        closo_random random;
        closo_random_seed(&random, 6777000 + c);
        int near = 0, best = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            closo_arena *arena = closo_arena_new(0);
            series made = make(40, cases[c].law, 1, 1, &random);
            const closo_growth *growth = fit(&made, true, arena);
            best += growth->best == cases[c].truth;
            near += growth->laws[cases[c].truth].aicc < 2;
            closo_arena_free(arena);
        }
        print_message("%s: best in %d, within 2 of the best in %d of %d draws\n",
                      closo_growth_law_name(cases[c].truth), best, near, DRAWS);
        assert_true(near >= 80);
        assert_true(best >= 75);
    }
    (void)state;
}

static void fails_with(const series *made, const double *sigma, size_t count, const char *words)
{
    closo_arena *arena = closo_arena_new(0);
    closo_growth *growth;
    closo_error error = {0};
    assert_int_equal(closo_growth_from_points(made->time_s, made->resistance, sigma, count, arena,
                                              &growth, &error),
                     CLOSO_RANGE);
    assert_null(growth);
    if (strstr(error.message, words) == NULL)
        fail_msg("'%s' does not say '%s'", error.message, words);
    closo_arena_free(arena);
}

static void bad_points_are_said(void **state)
{
    closo_random random;
    closo_random_seed(&random, 5);
    const series made = make(20, parabolic, 1, 1, &random);
    fails_with(&made, NULL, 1, "there is 1");
    fails_with(&made, NULL, 4, "at least 5 points");
    series wrong = made;
    wrong.time_s[3] = -7200;
    fails_with(&wrong, NULL, 20, "point 4 is 2 h before");
    wrong = made;
    wrong.sigma[6] = 0;
    fails_with(&wrong, wrong.sigma, 20, "sigma of point 7");
    wrong = made;
    wrong.resistance[0] = NAN;
    fails_with(&wrong, NULL, 20, "point 1 has no");
    for (size_t i = 0; i < wrong.count; i++)
        wrong.time_s[i] = 60;
    wrong.resistance[0] = 1;
    fails_with(&wrong, NULL, 20, "of the same time");
    (void)state;
}

static closo_table *read_csv(const char *text, closo_arena *arena)
{
    closo_table *table;
    closo_error error = {0};
    if (closo_file_open_memory("r.csv", text, strlen(text), NULL, arena, &table, &error) !=
        CLOSO_OK)
        fail_msg("%s", error.message);
    return table;
}

static void tables_in_every_dress(void **state)
{
    static const char per_area[] = "time/h,R/ohm cm2,sigma/ohm cm2\n2,50,1\n4,59,1\n8,71,1\n"
                                   "16,88,1\n32,112.2,1\n64,146.4,1\n";
    static const char plain[] = "Time (h);R_SEI (Ohm);Rb (Ohm)\n2;50,0;7\n4;59,0;7\n8;71,0;7\n"
                                "16;88,0;7\n32;112,2;7\n64;146,4;8\n";
    closo_arena *arena = closo_arena_new(0);
    closo_growth *first, *second;
    closo_error error = {0};
    assert_int_equal(
        closo_growth_from_table(read_csv(per_area, arena), NULL, arena, &first, &error), CLOSO_OK);
    assert_true(first->per_area);
    assert_non_null(first->sigma);
    closo_growth_options options = {.area_m2 = 1e-4};
    assert_int_equal(
        closo_growth_from_table(read_csv(plain, arena), &options, arena, &second, &error),
        CLOSO_OK);
    assert_null(second->sigma);
    assert_near(second->laws[CLOSO_GROWTH_PARABOLIC].rate.value,
                first->laws[CLOSO_GROWTH_PARABOLIC].rate.value, 1e-9);
    const char *json = closo_growth_json(first, arena);
    assert_non_null(json);
    assert_non_null(strstr(json, "\"k_ohm_cm2_h05\""));
    options.resistance = "Rb (Ohn)";
    assert_int_equal(
        closo_growth_from_table(read_csv(plain, arena), &options, arena, &second, &error),
        CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "did you mean 'Rb (Ohm)'"));
    assert_int_equal(closo_growth_from_table(read_csv("time/h,Ewe/V\n1,2\n2,3\n", arena), NULL,
                                             arena, &second, &error),
                     CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "no column of a resistance"));
    closo_arena_free(arena);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_points_give_the_law_back),
        cmocka_unit_test(sigmas_hold),
        cmocka_unit_test(rate_of_a_power_holds_in_hours),
        cmocka_unit_test(laws_are_told_apart),
        cmocka_unit_test(bad_points_are_said),
        cmocka_unit_test(tables_in_every_dress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
