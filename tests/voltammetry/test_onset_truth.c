/* SPDX-License-Identifier: BSD-3-Clause */
/* The onset finder against sweeps whose corner is known. The table it prints stands in docs/onset.md. */
#include "support.h"

#include "synthetic_sweep.h"

#include <math.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
enum { DRAWS = 80 }; /* a sanitized build is ten times slower */
#else
enum { DRAWS = 500 };
#endif

/* Never used while the method was shaped. */
static const uint64_t first_seed = 900000;

typedef struct outcome {
    synthetic_recipe recipe;
    bool found;
    double error_V, sigma_V;
} outcome;

static outcome outcomes[DRAWS];

static void run_draws(double signal_to_noise)
{
    for (size_t i = 0; i < DRAWS; i++) {
        closo_arena *arena = closo_arena_new(0);
        synthetic_recipe recipe = synthetic_recipe_draw(first_seed + i, signal_to_noise);
        synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
        closo_voltammogram *voltammogram = synthetic_voltammogram(&sweep, 1, arena);
        assert_non_null(voltammogram);
        closo_onset_result result;
        closo_error error = {0};
        if (closo_onset_find(voltammogram, 0, NULL, arena, &result, &error) != CLOSO_OK)
            fail_msg("seed %zu: %s", (size_t)first_seed + i, error.message);
        outcomes[i] = (outcome){.recipe = recipe, .found = result.onset_count != 0};
        if (outcomes[i].found) {
            closo_value onset_V = result.onsets[0].potential_V;
            outcomes[i].error_V = onset_V.value - sweep.corner_V;
            outcomes[i].sigma_V = onset_V.sigma;
        }
        closo_arena_free(arena);
    }
}

static int compare(const void *one, const void *other)
{
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

typedef struct summary {
    double median_V, within; /* median |error|, a miss counts as infinite; share within one sigma */
} summary;

/* Prints one line of the table for the draws that the filter lets through. */
static summary summarise(const char *name, bool (*lets)(const synthetic_recipe *))
{
    static double sizes_V[DRAWS], sigmas_V[DRAWS], errors_V[DRAWS];
    size_t count = 0, found = 0, within = 0, within_two = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        const outcome *one = &outcomes[i];
        if (!lets(&one->recipe))
            continue;
        sizes_V[count++] = one->found ? fabs(one->error_V) : (double)INFINITY;
        if (!one->found)
            continue;
        errors_V[found] = one->error_V;
        sigmas_V[found++] = one->sigma_V;
        within += fabs(one->error_V) <= one->sigma_V ? 1 : 0;
        within_two += fabs(one->error_V) <= 2 * one->sigma_V ? 1 : 0;
    }
    if (found == 0)
        return (summary){INFINITY, 0};
    qsort(sizes_V, count, sizeof *sizes_V, compare);
    qsort(errors_V, found, sizeof *errors_V, compare);
    qsort(sigmas_V, found, sizeof *sigmas_V, compare);
    summary all = {sizes_V[count / 2], (double)within / (double)found};
    print_message("| %-22s | %3zu | %2zu | %5.2f | %5.1f | %+5.2f | %5.2f | %2.0f | %2.0f |\n",
                  name, count, count - found, 1e3 * all.median_V, 1e3 * sizes_V[count * 9 / 10],
                  1e3 * errors_V[found / 2], 1e3 * sigmas_V[found / 2], 100 * all.within,
                  100 * (double)within_two / (double)found);
    return all;
}

static bool all(const synthetic_recipe *recipe)
{
    (void)recipe;
    return true;
}

static bool few_points(const synthetic_recipe *recipe)
{
    return recipe->point_count < 1000;
}

static bool many_points(const synthetic_recipe *recipe)
{
    return recipe->point_count >= 20000;
}

static bool between(const synthetic_recipe *recipe)
{
    return !few_points(recipe) && !many_points(recipe);
}

static bool charging(const synthetic_recipe *recipe)
{
    return recipe->charging > 0;
}

static bool drifting(const synthetic_recipe *recipe)
{
    return recipe->drift_sigmas > 0;
}

static bool correlated(const synthetic_recipe *recipe)
{
    return recipe->correlation > 0;
}

static bool spiky(const synthetic_recipe *recipe)
{
    return recipe->spike_share > 0;
}

static bool wide(const synthetic_recipe *recipe)
{
    return recipe->width_V > 0.03;
}

static summary print_table(double signal_to_noise)
{
    print_message("signal-to-noise %g, seeds %zu to %zu%s\n", signal_to_noise, (size_t)first_seed,
                  (size_t)first_seed + DRAWS - 1, DRAWS < 500 ? " (fewer: sanitized build)" : "");
    print_message("| sweeps | N | missed | median error/mV | 90 %% | bias | median sigma | in 1 "
                  "sigma/%% | in 2 |\n");
    summary whole = summarise("all", all);
    summarise("200 to 999 points", few_points);
    summarise("1000 to 19,999", between);
    summarise("20,000 to 200,000", many_points);
    summarise("charging at the start", charging);
    summarise("drift", drifting);
    summarise("correlated noise", correlated);
    summarise("spikes", spiky);
    summarise("corner over > 30 mV", wide);
    return whole;
}

static void finds_the_corner(double signal_to_noise, double most_V)
{
    run_draws(signal_to_noise);
    summary whole = print_table(signal_to_noise);
    if (!(whole.median_V < most_V))
        fail_msg("the median error is %g mV, should be below %g mV", 1e3 * whole.median_V,
                 1e3 * most_V);
    /* Of 80 draws the share itself is uncertain by 5 %. */
    double slack = DRAWS < 500 ? 0.1 : 0;
    if (whole.within < 0.60 - slack || whole.within > 0.76 + slack)
        fail_msg("one sigma holds the truth in %.1f %%, should be 60 to 76 %%", 100 * whole.within);
}

static void at_signal_to_noise_50(void **state)
{
    (void)state;
    finds_the_corner(50, 5e-3);
}

static void at_signal_to_noise_10(void **state)
{
    (void)state;
    finds_the_corner(10, 20e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_signal_to_noise_50),
        cmocka_unit_test(at_signal_to_noise_10),
    };
    return cmocka_run_group_tests_name("onset_truth", tests, NULL, NULL);
}
