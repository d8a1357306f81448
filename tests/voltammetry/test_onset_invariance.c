/* SPDX-License-Identifier: BSD-3-Clause */
/* What must not move an onset: the scale of the current, thinning the points, another file format. */
#include "support.h"

#include "synthetic_sweep.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
enum { SWEEPS = 12 }; /* a sanitized build is ten times slower */
#else
enum { SWEEPS = 100 };
#endif

/* The onset nearest to the corner; infinitely far when there is none. */
static closo_value onset_of(const closo_voltammogram *voltammogram, size_t sweep, double corner_V,
                            closo_arena *arena)
{
    closo_onset_result result;
    closo_error error = {0};
    if (closo_onset_find(voltammogram, sweep, NULL, arena, &result, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    closo_value nearest = {INFINITY, NAN};
    for (size_t i = 0; i < result.onset_count; i++)
        if (fabs(result.onsets[i].potential_V.value - corner_V) < fabs(nearest.value - corner_V))
            nearest = result.onsets[i].potential_V;
    return nearest;
}

static closo_value onset_in(const synthetic_sweep *sweep, closo_arena *arena)
{
    return onset_of(synthetic_voltammogram(sweep, 1, arena), 0, sweep->corner_V, arena);
}

static void scaling_the_current_moves_nothing(void **state)
{
    (void)state;
    static const double factors[] = {1e-9, 1e-3, 0.37, 7, 1e9};
    double largest_V = 0;
    for (uint64_t seed = 0; seed < SWEEPS / 4; seed++) {
        closo_arena *arena = closo_arena_new(0);
        synthetic_recipe recipe = synthetic_recipe_draw(910000 + seed, 50);
        recipe.point_count = recipe.point_count % 5000 + 500;
        synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
        closo_value before = onset_in(&sweep, arena);
        double *current_A = sweep.current_A;
        sweep.current_A = closo_arena_alloc(arena, sweep.count, sizeof(double));
        for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
            for (size_t i = 0; i < sweep.count; i++)
                sweep.current_A[i] = current_A[i] * factors[f];
            closo_value after = onset_in(&sweep, arena);
            largest_V = fmax(largest_V, fabs(after.value - before.value));
            assert_near(after.sigma, before.sigma, 1e-9);
        }
        closo_arena_free(arena);
    }
    print_message("scaled by 1e-9 to 1e9: moves at most %.2g mV\n", 1e3 * largest_V);
    assert_near(largest_V, 0, 1e-9);
}

static synthetic_sweep thinned(const synthetic_sweep *sweep, size_t by, closo_arena *arena)
{
    synthetic_sweep thin = *sweep;
    thin.count = (sweep->count + by - 1) / by;
    thin.time_s = closo_arena_alloc(arena, thin.count, sizeof(double));
    thin.potential_V = closo_arena_alloc(arena, thin.count, sizeof(double));
    thin.current_A = closo_arena_alloc(arena, thin.count, sizeof(double));
    for (size_t i = 0; i < thin.count; i++) {
        thin.time_s[i] = sweep->time_s[i * by];
        thin.potential_V[i] = sweep->potential_V[i * by];
        thin.current_A[i] = sweep->current_A[i * by];
    }
    return thin;
}

static int compare(const void *one, const void *other)
{
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

typedef struct moves {
    double median_V, ninety_five_V, below_2_mV, within_sigma;
} moves;

/* Every fourth point of sweeps of low to high points. */
static moves thin_by_four(double low, double high, double signal_to_noise)
{
    static double moved_V[SWEEPS];
    moves seen = {0};
    for (size_t i = 0; i < SWEEPS; i++) {
        closo_arena *arena = closo_arena_new(0);
        synthetic_recipe recipe = synthetic_recipe_draw(920000 + i, signal_to_noise);
        recipe.point_count = (size_t)(low * pow(high / low, ((double)i + 0.5) / SWEEPS));
        synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
        synthetic_sweep thin = thinned(&sweep, 4, arena);
        closo_value before = onset_in(&sweep, arena), after = onset_in(&thin, arena);
        moved_V[i] = before.value == after.value ? 0 : fabs(before.value - after.value);
        seen.below_2_mV += moved_V[i] < 2e-3 ? 1.0 / SWEEPS : 0;
        seen.within_sigma += moved_V[i] <= after.sigma ? 1.0 / SWEEPS : 0;
        closo_arena_free(arena);
    }
    qsort(moved_V, SWEEPS, sizeof *moved_V, compare);
    seen.median_V = moved_V[SWEEPS / 2];
    seen.ninety_five_V = moved_V[(size_t)(0.95 * SWEEPS)];
    print_message("| %.0f to %.0f | %s | %6.3f | %5.2f | %3.0f | %3.0f |\n", low, high,
                  signal_to_noise > 0 ? "50" : "no noise", 1e3 * seen.median_V,
                  1e3 * seen.ninety_five_V, 100 * seen.below_2_mV, 100 * seen.within_sigma);
    return seen;
}

static void thinning_moves_nothing_that_noise_does_not(void **state)
{
    (void)state;
    static const double limits[] = {800, 2000, 6000, 20000, 200000};
    print_message("every fourth point\n| points | signal-to-noise | median move/mV | 95 %% | "
                  "< 2 mV/%% | within the thinned sigma/%% |\n");
    for (size_t i = 0; i < 4; i++) {
        moves clean = thin_by_four(limits[i], limits[i + 1], 0);
        assert_true(clean.ninety_five_V < 2e-3);
    }
    for (size_t i = 0; i < 4; i++) {
        moves noisy = thin_by_four(limits[i], limits[i + 1], 50);
        /* A quarter of the points scatters twice as much as all of them, of which it is a part: if both use their points
         * well the move has the variance sigma^2 - (sigma / 2)^2, and 75 % lie within sigma. Far fewer would be an
         * instability. A sanitized build sees too few sweeps to tell. */
        if (SWEEPS < 100)
            continue;
        assert_true(noisy.within_sigma > 0.6 && noisy.within_sigma < 0.9);
        if (limits[i] >= 6000)
            assert_true(noisy.median_V < 2e-3);
        if (limits[i] >= 20000)
            assert_true(noisy.below_2_mV >= 0.85);
    }
}

/* ---- through files ---- */

typedef closo_status (*writer)(const closo_table *, const char *, closo_arena *, closo_error *);

static closo_table *table_of(const synthetic_sweep *sweep, closo_arena *arena)
{
    closo_table *table = closo_table_new(arena, "synthetic");
    assert_non_null(table);
    table->row_count = sweep->count;
    table->technique = "CV";
    assert_non_null(
        closo_table_add_values(table, "time/s", "s", CLOSO_QUANTITY_TIME, sweep->time_s));
    assert_non_null(
        closo_table_add_values(table, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, sweep->potential_V));
    double *current_mA = closo_arena_alloc(arena, sweep->count, sizeof *current_mA);
    for (size_t i = 0; i < sweep->count; i++)
        current_mA[i] = sweep->current_A[i] * 1e3;
    assert_non_null(
        closo_table_add_values(table, "I/mA", "mA", CLOSO_QUANTITY_CURRENT, current_mA));
    return table;
}

static double onset_through(writer write, const char *name, const synthetic_sweep *sweep,
                            closo_arena *arena)
{
    closo_error error = {0};
    char text[2048];
    const char *path = temporary_path(name);
    closo_table *table;
    closo_voltammogram *voltammogram;
    size_t index;
    if (write(table_of(sweep, arena), path, arena, &error) != CLOSO_OK ||
        closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK ||
        closo_voltammogram_from_table(table, NULL, arena, &voltammogram, &error) != CLOSO_OK ||
        closo_sweep_choose(voltammogram, "longest anodic", &index, &error) != CLOSO_OK)
        fail_msg("%s: %s", name, closo_error_text(&error, text, sizeof text));
    unlink(path);
    return onset_of(voltammogram, index, sweep->corner_V, arena).value;
}

static double seven_digits(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.7g", value);
    return strtod(text, NULL);
}

static void files_and_digits_move_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        writer write;
    } formats[] = {{"onset.csv", closo_table_write_csv},
                   {"onset.bdf.csv", closo_table_write_bdf},
                   {"onset.mpt", closo_table_write_mpt}};
    double largest_V = 0, rounded_V = 0;
    for (uint64_t seed = 0; seed < SWEEPS / 4; seed++) {
        closo_arena *arena = closo_arena_new(0);
        synthetic_recipe recipe = synthetic_recipe_draw(930000 + seed, 50);
        recipe.point_count = recipe.point_count % 5000 + 500;
        synthetic_sweep sweep = synthetic_sweep_make(&recipe, arena);
        double before_V = onset_in(&sweep, arena).value;
        for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
            double after_V = onset_through(formats[f].write, formats[f].name, &sweep, arena);
            largest_V = fmax(largest_V, fabs(after_V - before_V));
        }
        for (size_t i = 0; i < sweep.count; i++) {
            sweep.potential_V[i] = seven_digits(sweep.potential_V[i]);
            sweep.current_A[i] = seven_digits(sweep.current_A[i]);
        }
        rounded_V = fmax(rounded_V, fabs(onset_in(&sweep, arena).value - before_V));
        closo_arena_free(arena);
    }
    print_message("through .csv, .bdf.csv and .mpt: moves at most %.2g mV; seven digits: %.2g mV\n",
                  1e3 * largest_V, 1e3 * rounded_V);
    assert_near(largest_V, 0, 2e-3);
    assert_near(rounded_V, 0, 2e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scaling_the_current_moves_nothing),
        cmocka_unit_test(thinning_moves_nothing_that_noise_does_not),
        cmocka_unit_test(files_and_digits_move_nothing),
    };
    return cmocka_run_group_tests_name("onset_invariance", tests, NULL, NULL);
}
