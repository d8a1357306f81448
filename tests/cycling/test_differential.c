/* SPDX-License-Identifier: BSD-3-Clause */
/* dQ/dV, dV/dQ and plateaus of a cell whose open-circuit curve is known in closed form. */
#include "support.h"

#include "plateau_cell.h"

#include <string.h>

#define LOW_V  3.3 /* lower no site has anything left, to rounding */
#define HIGH_V 4.15

static plateau_cell cell; /* too large for the stack */

static closo_cycling *read_cell(closo_arena *arena)
{
    closo_cycling *cycling;
    closo_error error = {0};
    const closo_cycling_options options = {.role = CLOSO_ROLE_CATHODE, .area_m2 = 1e-4};
    if (closo_cycling_from_table(plateau_table(&cell, arena), &options, arena, &cycling, &error) !=
        CLOSO_OK)
        fail_msg("%s", error.message);
    return cycling;
}

static closo_cycling *analyse(closo_arena *arena)
{
    closo_cycling *cycling = read_cell(arena);
    assert_int_equal(closo_cycling_analyse(cycling, NULL, arena, NULL), CLOSO_OK);
    return cycling;
}

static closo_differential *curve_of(const closo_cycling *cycling, size_t half,
                                    closo_differential_kind kind, double bandwidth,
                                    closo_arena *arena)
{
    closo_differential *curve;
    closo_error error = {0};
    if (closo_differential_make(cycling, half, kind, bandwidth, arena, &curve, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return curve;
}

static void one_cycle(void)
{
    plateau_rest(&cell, 200);
    plateau_run(&cell, 1, HIGH_V);
    plateau_rest(&cell, 200);
    plateau_run(&cell, -1, LOW_V);
    plateau_rest(&cell, 200);
}

/* The closed form as seen with the resolution of the curve: an average over a Gaussian of its width. */
static double blurred_capacitance(double open_V, double sigma_V)
{
    double sum = 0, weights = 0;
    for (int k = -60; k <= 60; k++) {
        double u = k / 12.0, weight = exp(-0.5 * u * u);
        sum += weight * plateau_capacitance(&cell, open_V + u * sigma_V);
        weights += weight;
    }
    return sum / weights;
}

static double integral(const closo_differential *curve)
{
    double sum = 0;
    for (size_t b = 0; b < curve->count; b++)
        sum += curve->y[b] * curve->bin;
    return sum;
}

static void closed_form(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    plateau_start(&cell, 11);
    cell.interval_s = 5;
    one_cycle();
    const closo_cycling *cycling = read_cell(arena);
    for (size_t h = 0; h < 2; h++) {
        const closo_half_cycle *half = &cycling->half_cycles[h];
        const closo_differential *curve =
            curve_of(cycling, h, CLOSO_DIFFERENTIAL_CAPACITY, 0.002, arena);
        double drop_V = half->direction * cell.current_A * cell.resistance_ohm;
        double highest = plateau_capacitance(&cell, 3.6);
        assert_near(integral(curve), half->charge_C, 1e-12 * half->charge_C);
        for (size_t b = 0; b < curve->count; b++) {
            double open_V = curve->x[b] - drop_V;
            /* where rows lie closer than the bandwidth, away from the mirrored ends */
            if (plateau_capacitance(&cell, open_V) > 2 && open_V < 4.1)
                assert_near(curve->y[b], blurred_capacitance(open_V, 0.002), 0.003 * highest);
        }
        assert_int_equal(curve->peak_count, 2);
        for (int k = 0; k < 2; k++) {
            assert_near(curve->peaks[k].position.value, cell.plateau_V[k] + drop_V, 1e-4);
            assert_near(curve->peaks[k].height.value, blurred_capacitance(cell.plateau_V[k], 0.002),
                        0.003 * highest);
            assert_near(curve->peaks[k].area.value, cell.capacity_C[k],
                        cell.current_A * cell.interval_s); /* one row */
            /* width at half height of x(1 - x) in units of the isotherm: 2 ln(3 + sqrt 8) */
            assert_near(curve->peaks[k].half_high - curve->peaks[k].half_low,
                        2 * log(3 + sqrt(8)) * cell.width_V[k], 0.001);
        }
    }
    closo_arena_free(arena);
}

/* With noise the bandwidth is chosen; charge is conserved, and the curve is the closed form within its sigma. */
static void with_noise(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    plateau_start(&cell, 12);
    cell.interval_s = 4;
    cell.noise_V = 3e-4;
    one_cycle();
    const closo_cycling *cycling = read_cell(arena);
    const closo_half_cycle *half = &cycling->half_cycles[0];
    const closo_differential *curve = curve_of(cycling, 0, CLOSO_DIFFERENTIAL_CAPACITY, 0, arena);
    double drop_V = cell.current_A * cell.resistance_ohm;
    assert_near(curve->noise_V, 3e-4, 5e-5);
    assert_in_range((uintmax_t)(1e6 * curve->bandwidth), 600, 6000);
    assert_near(integral(curve), half->charge_C, 1e-12 * half->charge_C);
    double blur_V = hypot(curve->bandwidth, cell.noise_V), squares = 0;
    size_t count = 0;
    for (size_t b = 0; b < curve->count; b++) {
        double open_V = curve->x[b] - drop_V;
        if (plateau_capacitance(&cell, open_V) < 2 || open_V > 4.1)
            continue;
        double off = (curve->y[b] - blurred_capacitance(open_V, blur_V)) / curve->y_sigma[b];
        squares += off * off;
        count++;
    }
    print_message("dQ/dV: %zu bins, rms of deviation over sigma %.2f, bandwidth %.2f mV\n", count,
                  sqrt(squares / (double)count), 1e3 * curve->bandwidth);
    assert_true(sqrt(squares / (double)count) < 1.5);
    assert_true(sqrt(squares / (double)count) > 0.5);
    closo_arena_free(arena);
}

/* A charge at constant potential is no dQ/dV: it is told beside the curve. Digits of 1 mV are noise. */
static void holds_and_digits(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    plateau_start(&cell, 13);
    cell.interval_s = 10;
    plateau_rest(&cell, 200);
    double charge_C = plateau_run(&cell, 1, 3.9), hold_C = 0;
    for (int i = 0; i < 60; i++) {
        double now_A = cell.current_A * exp(-(i + 1) / 20.0);
        cell.now_s += 10;
        plateau_row(&cell, 3.9 - cell.resistance_ohm * now_A, now_A);
    }
    plateau_rest(&cell, 100);
    for (size_t i = 0; i < cell.count; i++)
        cell.potential_V[i] = round(1e3 * cell.potential_V[i]) / 1e3;
    const closo_cycling *cycling = read_cell(arena);
    const closo_differential *curve = curve_of(cycling, 0, CLOSO_DIFFERENTIAL_CAPACITY, 0, arena);
    hold_C = cycling->half_cycles[0].hold_C;
    assert_true(hold_C > 0.05);
    assert_near(curve->hold_C, hold_C, 1e-9);
    assert_near(integral(curve) + curve->hold_C, cycling->half_cycles[0].charge_C, 1e-9);
    assert_near(integral(curve), charge_C, 0.01);
    assert_true(curve->bandwidth >= 0.001);
    assert_int_equal(curve->peak_count, 1);
    assert_near(curve->peaks[0].position.value, 3.62, 1e-3);
    closo_arena_free(arena);
}

/* dV/dQ between the plateaus is the inverse of the closed-form dQ/dV; its integral is the span of potential. */
static void inverse(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    plateau_start(&cell, 14);
    cell.interval_s = 5;
    cell.noise_V = 1e-4;
    one_cycle();
    const closo_cycling *cycling = read_cell(arena);
    for (size_t h = 0; h < 2; h++) {
        const closo_half_cycle *half = &cycling->half_cycles[h];
        const closo_differential *curve =
            curve_of(cycling, h, CLOSO_DIFFERENTIAL_POTENTIAL, 0, arena);
        assert_near(integral(curve), curve->total, 1e-12);
        assert_near(curve->total, half->direction > 0 ? HIGH_V - 3.02 : HIGH_V - 0.04 - LOW_V,
                    0.01);
        assert_int_equal(curve->peak_count, 1); /* between the plateaus */
        assert_near(curve->peaks[0].position.value, 1.8, 0.01);
        double worst = 0;
        double start_C = plateau_charge(&cell, h == 0 ? 3.0 : HIGH_V - 0.02);
        for (size_t b = 0; b < curve->count; b++) {
            double state_C = start_C + half->direction * curve->x[b];
            double open_V = plateau_open_V(&cell, state_C);
            if (state_C < 0.5 || state_C > 3.1 || fabs(state_C - 1.8) < 0.5)
                continue;
            double truth = 1 / plateau_capacitance(&cell, open_V);
            worst = fmax(worst, fabs(curve->y[b] - truth) / hypot(curve->y_sigma[b], 0.01 * truth));
        }
        print_message("dV/dQ: worst deviation %.1f sigma, bandwidth %.4f C\n", worst,
                      curve->bandwidth);
        assert_true(worst < 5);
    }
    closo_arena_free(arena);
}

/* The thesis's Na3(VOPO4)2F: plateaus at 3.6 and 4.0 V (ch5); overpotentials below 30 mV in the first cycles. */
static void thesis_plateaus(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    plateau_start(&cell, 15);
    cell.noise_V = 1e-4;
    one_cycle();
    const closo_cycling_analyses *all = analyse(arena)->analyses;
    double drop_V = cell.current_A * cell.resistance_ohm;
    assert_int_equal(all->plateau_count, 4);
    for (int k = 0; k < 4; k++) {
        const closo_plateau *plateau = &all->plateaus[k];
        int which = k % 2, direction = k < 2 ? 1 : -1;
        assert_int_equal(plateau->direction, direction);
        assert_int_equal(plateau->cycle, 1);
        assert_near(plateau->potential_V.value, cell.plateau_V[which] + direction * drop_V, 1e-3);
        /* above a tenth of the peak: x (1 - x) = 0.025, which 0.9487 of the sites pass */
        assert_near(plateau->charge_C, 0.9487 * 1.8, 0.02);
        assert_near(plateau->share, 0.474, 0.01);
        double middle_C = 0.5 * (plateau->from_C + plateau->to_C);
        assert_near(middle_C, (which == 0) == (direction > 0) ? 0.9 : 2.7, 0.02);
        /* over the middle 0.7 of the sites the isotherm is nearly straight */
        assert_near(plateau->slope_V_per_C.value, direction * 4.3 * cell.width_V[which] / 1.8,
                    0.2 * cell.width_V[which]);
    }
    assert_int_equal(all->overpotential_count, 2);
    for (int k = 0; k < 2; k++) {
        const closo_overpotential *pair = &all->overpotentials[k];
        assert_near(pair->middle_V.value, cell.plateau_V[k], 5e-4);
        assert_near(pair->overpotential_V.value, drop_V, 5e-4);
        assert_near(pair->resistance_ohm.value, cell.resistance_ohm, 1);
    }
    closo_arena_free(arena);
}

static void coverage(void **state)
{
    (void)state;
    enum { DRAWS = 300 };
    int inside[4] = {0};
    for (int draw = 0; draw < DRAWS; draw++) {
        closo_arena *arena = closo_arena_new(0);
        plateau_start(&cell, 88100000 + (uint64_t)draw);
        cell.noise_V = 2e-4;
        cell.interval_s = 10;
        one_cycle();
        const closo_cycling_analyses *all = analyse(arena)->analyses;
        assert_int_equal(all->plateau_count, 4);
        assert_int_equal(all->overpotential_count, 2);
        double drop_V = cell.current_A * cell.resistance_ohm;
        for (int k = 0; k < 2; k++) {
            const closo_value *found = &all->plateaus[k].potential_V;
            inside[k] += fabs(found->value - cell.plateau_V[k] - drop_V) <= found->sigma;
            found = &all->overpotentials[k].resistance_ohm;
            inside[2 + k] += fabs(found->value - cell.resistance_ohm) <= found->sigma;
        }
        closo_arena_free(arena);
    }
    print_message("inside 1 sigma of %d: plateaus %d %d, their resistance %d %d\n", DRAWS,
                  inside[0], inside[1], inside[2], inside[3]);
    for (int k = 0; k < 4; k++)
        assert_in_range(inside[k], 0.60 * DRAWS, 0.76 * DRAWS);
}

static void what_cannot_be(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_differential *curve;
    closo_error error = {0};
    plateau_start(&cell, 16);
    cell.interval_s = 2000;
    one_cycle();
    const closo_cycling *cycling = read_cell(arena);
    assert_int_equal(
        closo_differential_make(cycling, 9, CLOSO_DIFFERENTIAL_CAPACITY, 0, arena, &curve, &error),
        CLOSO_RANGE);
    assert_int_equal(
        closo_differential_make(cycling, 0, CLOSO_DIFFERENTIAL_CAPACITY, 0, arena, &curve, &error),
        CLOSO_RANGE);
    assert_non_null(strstr(error.message, "rows"));
    assert_int_equal(
        closo_differential_make(cycling, 0, CLOSO_DIFFERENTIAL_CAPACITY, -1, arena, &curve, &error),
        CLOSO_ARGUMENT);
    const closo_cycling_analyses *all = analyse(arena)->analyses;
    assert_int_equal(all->capacity_count, 0);
    assert_int_equal(all->plateau_count, 0);
    assert_true(all->notes.count > 0);
    closo_arena_free(arena);
}

static void csv(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    plateau_start(&cell, 17);
    one_cycle();
    const closo_cycling_analyses *all = analyse(arena)->analyses;
    const char *path = temporary_path("dqdv.csv");
    assert_int_equal(
        closo_differential_write_csv(all->capacities, all->capacity_count, path, arena, NULL),
        CLOSO_OK);
    FILE *file = fopen(path, "r");
    char line[256];
    size_t lines = 0;
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_non_null(strstr(line, "potential_V,dqdv_mAh_V,dqdv_mAh_V_sigma"));
    while (fgets(line, sizeof line, file) != NULL)
        lines++;
    fclose(file);
    remove(path);
    assert_int_equal(lines, all->capacities[0]->count + all->capacities[1]->count);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_form),      cmocka_unit_test(with_noise),
        cmocka_unit_test(holds_and_digits), cmocka_unit_test(inverse),
        cmocka_unit_test(thesis_plateaus),  cmocka_unit_test(coverage),
        cmocka_unit_test(what_cannot_be),   cmocka_unit_test(csv)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
