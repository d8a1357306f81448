/* SPDX-License-Identifier: BSD-3-Clause */
/* The fit of a virtual cell to measurements made by closo_cell_simulate() on a finer grid and with a finer tolerance than the
 * fit has: what was put in comes out, with an uncertainty that holds; what the data cannot tell is called so. */
#include "fit_cell.h"

#include "cell/fit_internal.h"
#include "closo/report.h"

static closo_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = closo_arena_new(0);
    return arena == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    closo_arena_free(arena);
    return 0;
}

static closo_cell_fit *fit(const closo_cell_description *description,
                           const closo_fit_parameter *parameters, size_t count,
                           const closo_fit_data *data, const closo_cell_fit_options *options)
{
    closo_cell_fit *made = NULL;
    closo_error error = {0};
    if (closo_cell_fit_run(description, parameters, count, data, options, NULL, arena, &made,
                           &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return made;
}

static void add(closo_fit_data *data, const char *name, const closo_table *table,
                const closo_fit_data_options *options)
{
    closo_error error = {0};
    if (closo_fit_data_add(data, name, table, options, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
}

static void assert_within_sigmas(const closo_fit_result_parameter *made, double truth,
                                 double sigmas)
{
    if (!(fabs(made->value.value - truth) <= sigmas * made->value.sigma))
        fail_msg("%s is %.6g +- %.3g, the truth is %.6g", made->parameter.path, made->value.value,
                 made->value.sigma, truth);
}

/* ---- a replay is the experiment again ---- */

/* With the right numbers, the same grid and tolerance, a replay gives what the simulation gave: steps, rests, holds, sweeps. */
static void replay_is_the_experiment(void **state)
{
    (void)state;
    static const char *const steps[] = {
        "rest 60 s; charge at 1C for 10 min; rest 5 min; discharge at 2C for 5 min; rest 5 min",
        "charge at 1C until 3.62 V; hold at 3.62 V for 10 min; rest 10 min; discharge at C/2 for 5 "
        "min",
        "sweep to 3.6 V at 0.2 mV/s; sweep to 3.4 V at 0.2 mV/s; sweep to 3.55 V at 0.2 mV/s"};
    /* the hold's level and the rate of a sweep are means over rows of a solution good to 1e-8 */
    static const double close[] = {2e-6, 2e-5, 2e-5}, close_A[] = {0, 2e-6, 2e-6};
    closo_cell_description *description = fit_description("10", arena);
    const closo_fit_parameter parameter = fit_parameter(description, "series_resistance", arena);
    const closo_cell_fit_options options = {.no_fit = true, .relative_tolerance = 1e-8};
    for (size_t i = 0; i < 3; i++) {
        closo_simulation *made = fit_simulate("10", steps[i], 1e-8, arena);
        closo_fit_data *data = closo_fit_data_new(arena);
        add(data, "test", made->table, NULL);
        const closo_cell_fit *result = fit(description, &parameter, 1, data, &options);
        for (size_t s = 0; s < result->set_count; s++) {
            bool potential = result->sets[s].quantity == CLOSO_FIT_POTENTIAL;
            assert_near(result->sets[s].rms, 0, potential ? close[i] : close_A[i]);
        }
        assert_int_equal(result->set_count, i == 1 ? 2 : 1);
    }
}

/* ---- truth comes back ---- */

static const char mixture[] =
    "rest 60 s; impedance 100 kHz to 0.1 Hz, 5 per decade; charge at 2C for 5 min; rest 10 min; "
    "discharge at 4C for 4 min; rest 10 min; impedance 100 kHz to 0.1 Hz, 5 per decade";

/* Potential of pulses and two spectra together tell what neither tells alone; noise nobody gave is found. */
static void mixture_is_recovered(void **state)
{
    (void)state;
    closo_simulation *made = fit_simulate("60", mixture, 1e-8, arena);
    closo_cell_description *description = fit_description("40", arena);
    closo_random random;
    closo_random_seed(&random, 20261123);
    closo_fit_data *data = closo_fit_data_new(arena);
    add(data, "pulses", fit_noisy(made->table, CLOSO_QUANTITY_POTENTIAL, 1e-3, &random, arena),
        NULL);
    add(data, "spectra", fit_spectra(made, 5e-3, &random, arena), NULL);
    const closo_fit_parameter parameters[] = {
        fit_parameter(description, "line.diffusivity from 1e-13 m2/s, 1e-15 to 1e-12 m2/s", arena),
        fit_parameter(description, "metal.resistance from 60 ohm cm2, 1 to 500 ohm cm2", arena),
        fit_parameter(description, "line.exchange_current from 0.1 A/m2, 0.01 to 10 A/m2", arena),
        fit_parameter(description, "usable from 70 %, 50 to 100 %", arena)};
    const closo_cell_fit_options options = {.starts = 2, .seed = 3, .relative_tolerance = 1e-6};
    const closo_cell_fit *result = fit(description, parameters, 4, data, &options);
    const double truth[] = {2e-14, 20e-4, 0.5, 0.9};
    for (size_t k = 0; k < 4; k++) {
        assert_within_sigmas(&result->parameters[k], truth[k], 3);
        assert_true(result->parameters[k].told);
        assert_true(result->parameters[k].value.sigma < 0.05 * truth[k]);
    }
    assert_int_equal(result->set_count, 2);
    assert_near(result->sets[0].noise, 1e-3, 1e-4);
    assert_near(result->sets[1].noise, 5e-3, 8e-4);
    assert_int_equal(result->agreeing, 2);
    assert_int_equal(result->weak_count, 0);
    assert_true(result->converged);
    /* the pulses tell the diffusivity, the spectra the resistance of the metal */
    assert_true(result->sets[0].chi2_change[0] > result->sets[1].chi2_change[0]);
    assert_true(result->sets[1].chi2_change[1] > result->sets[0].chi2_change[1]);
}

/* A sweep and a hold: currents are compared. */
static void sweep_is_recovered(void **state)
{
    (void)state;
    closo_simulation *made =
        fit_simulate("40", "sweep to 3.65 V at 0.5 mV/s; sweep to 3.45 V at 0.5 mV/s", 1e-8, arena);
    closo_cell_description *description = fit_description("25", arena);
    closo_random random;
    closo_random_seed(&random, 11);
    closo_fit_data *data = closo_fit_data_new(arena);
    const closo_fit_data_options with = {.current_sigma_A = 1e-6};
    add(data, "sweeps", fit_noisy(made->table, CLOSO_QUANTITY_CURRENT, 1e-6, &random, arena),
        &with);
    const closo_fit_parameter parameters[] = {
        fit_parameter(description, "diffusivity from 5e-14 m2/s", arena),
        fit_parameter(description, "series_resistance from 40 ohm cm2, 1 to 300 ohm cm2", arena)};
    const closo_cell_fit_options options = {.starts = 1};
    const closo_cell_fit *result = fit(description, parameters, 2, data, &options);
    assert_int_equal(result->sets[0].quantity, CLOSO_FIT_CURRENT);
    assert_within_sigmas(&result->parameters[0], 2e-14, 3);
    assert_within_sigmas(&result->parameters[1], 10e-4, 3);
}

/* ---- what is not told is called so ---- */

/* Where the surface reacts at once and has no double layer, diffusivity and diameter enter as D/R^2. */
static void only_a_ratio_is_told(void **state)
{
    (void)state;
    char *text = fit_text("12", arena);
    char *slow = strstr(text, "exchange_current: {value: 0.5 A/m2");
    memcpy(slow, "exchange_current: {value: 9e5 A/m2", 34);
    char *layer = strstr(text, "double_layer: {value: 0.1 F/m2");
    memcpy(layer, "double_layer: {value: 1e-5F/m2", 30);
    closo_cell_description *description;
    closo_error error = {0};
    if (closo_cell_description_parse("cell.yaml", text, strlen(text), arena, &description,
                                     &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    closo_cell_file *file;
    assert_int_equal(closo_cell_parse("cell.yaml", text, strlen(text), arena, &file, NULL),
                     CLOSO_OK);
    closo_experiment experiment;
    assert_int_equal(closo_experiment_parse("charge at 4C for 2 min; rest 3 min",
                                            file->capacity_C_per_m2, arena, &experiment, NULL),
                     CLOSO_OK);
    closo_simulation *made;
    assert_int_equal(closo_cell_simulate(&file->cell, &experiment, NULL, NULL, arena, &made, NULL),
                     CLOSO_OK);
    closo_random random;
    closo_random_seed(&random, 5);
    closo_fit_data *data = closo_fit_data_new(arena);
    const closo_fit_data_options with = {.potential_sigma_V = 1e-3};
    add(data, "pulse", fit_noisy(made->table, CLOSO_QUANTITY_POTENTIAL, 1e-3, &random, arena),
        &with);
    const closo_fit_parameter parameters[] = {fit_parameter(description, "diffusivity", arena),
                                              fit_parameter(description,
                                                            "particle_diameter 2 to "
                                                            "8 um",
                                                            arena)};
    const closo_cell_fit_options options = {.starts = 1};
    const closo_cell_fit *result = fit(description, parameters, 2, data, &options);
    assert_int_equal(result->weak_count, 1);
    assert_string_equal(result->weak[0].sentence,
                        "line.diffusivity and line.particle_diameter cannot be told apart: only "
                        "line.diffusivity / line.particle_diameter^2 is told");
    /* and the ratio is right */
    double ratio = result->parameters[0].value.value / 2e-14 /
                   pow(result->parameters[1].value.value / 4e-6, 2);
    assert_near(ratio, 1, 0.05);
    assert_true(result->condition > 1e2);
}

/* Two resistances in series, and a number that does nothing. */
static void resistances_in_series_are_one(void **state)
{
    (void)state;
    closo_simulation *made = fit_simulate("10", "charge at 2C for 60 s; rest 60 s", 1e-7, arena);
    closo_cell_description *description = fit_description("10", arena);
    closo_random random;
    closo_random_seed(&random, 6);
    closo_fit_data *data = closo_fit_data_new(arena);
    const closo_fit_data_options with = {.potential_sigma_V = 1e-3};
    add(data, "pulse", fit_noisy(made->table, CLOSO_QUANTITY_POTENTIAL, 1e-3, &random, arena),
        &with);
    const closo_fit_parameter parameters[] = {
        fit_parameter(description, "series_resistance 0 to 30 ohm cm2 linear", arena),
        fit_parameter(description, "electrolyte.thickness 300 to 700 um linear", arena),
        fit_parameter(description, "glass.molar_mass 50 to 200 g/mol", arena)};
    const closo_cell_fit_options options = {.starts = 1};
    const closo_cell_fit *result = fit(description, parameters, 3, data, &options);
    /* 1 mS/cm: 10 um of it are 1 ohm cm2 */
    bool pair = false, nothing = false;
    for (size_t i = 0; i < result->weak_count; i++) {
        pair = pair || strcmp(result->weak[i].sentence,
                              "series_resistance and electrolyte.thickness cannot be told apart: 1 "
                              "ohm cm2 of the one does what +10 um of the other does") == 0;
        nothing = nothing || strcmp(result->weak[i].sentence,
                                    "glass.molar_mass has hardly any effect on these data") == 0;
    }
    assert_true(pair);
    assert_true(nothing);
}

/* ---- bounds ---- */

/* A truth beyond the bound: the value stops there, is said to, and has no uncertainty; the other one has. */
static void bound_holds_and_is_told(void **state)
{
    (void)state;
    closo_simulation *made = fit_simulate("10", "charge at 2C for 60 s; rest 60 s", 1e-7, arena);
    closo_cell_description *description = fit_description("10", arena);
    closo_random random;
    closo_random_seed(&random, 8);
    closo_fit_data *data = closo_fit_data_new(arena);
    const closo_fit_data_options with = {.potential_sigma_V = 1e-3};
    add(data, "pulse", fit_noisy(made->table, CLOSO_QUANTITY_POTENTIAL, 1e-3, &random, arena),
        &with);
    const closo_fit_parameter parameters[] = {
        fit_parameter(description, "series_resistance from 2 ohm cm2, 1 to 5 ohm cm2", arena),
        fit_parameter(description, "diffusivity from 5e-14 m2/s", arena)};
    const closo_cell_fit_options options = {.starts = 2};
    const closo_cell_fit *result = fit(description, parameters, 2, data, &options);
    assert_true(result->parameters[0].at_high);
    assert_false(result->parameters[0].at_low);
    assert_near(result->parameters[0].value.value, 5e-4, 1e-18);
    assert_true(isnan(result->parameters[0].value.sigma));
    assert_true(result->parameters[1].value.sigma > 0);
    assert_true(isnan(result->correlation[1]));
    assert_near(result->correlation[3], 1, 1e-12);
    /* the lost 5 ohm cm2 (2 mV) are seen in the misfit */
    assert_true(result->sets[0].chi2_reduced > 1.2);
}

/* ---- the same from every number of threads ---- */

static void threads_change_nothing(void **state)
{
    (void)state;
    closo_simulation *made = fit_simulate("10", "charge at 2C for 60 s; rest 60 s", 1e-7, arena);
    closo_cell_description *description = fit_description("8", arena);
    closo_fit_data *data = closo_fit_data_new(arena);
    add(data, "pulse", made->table, NULL);
    const closo_fit_parameter parameters[] = {
        fit_parameter(description, "series_resistance", arena),
        fit_parameter(description, "diffusivity from 5e-14 m2/s", arena)};
    const closo_cell_fit_options one = {.starts = 2, .threads = 1, .seed = 9},
                                 three = {.starts = 2, .threads = 3, .seed = 9};
    const closo_cell_fit *alone = fit(description, parameters, 2, data, &one),
                         *together = fit(description, parameters, 2, data, &three);
    for (size_t k = 0; k < 2; k++)
        assert_true(alone->parameters[k].value.value == together->parameters[k].value.value &&
                    alone->parameters[k].value.sigma == together->parameters[k].value.sigma);
    assert_int_equal(alone->simulations, together->simulations);
}

/* ---- capacities of a protocol ---- */

static void capacities_tell_what_is_usable(void **state)
{
    (void)state;
    static const char steps[] =
        "steps: |\n  charge at C/2 until 3.9 V\n  discharge at C/2 until "
        "3.3 V\n  charge at 2C until 3.9 V\n  discharge at 2C until 3.3 V\n";
    closo_simulation *made =
        fit_simulate("30",
                     "charge at C/2 until 3.9 V; discharge at C/2 until 3.3 V; charge at 2C until "
                     "3.9 V; discharge at 2C until 3.3 V",
                     1e-7, arena);
    char *text = closo_arena_printf(arena, "%s%s", fit_text("25", arena), steps);
    closo_cell_description *description;
    assert_int_equal(
        closo_cell_description_parse("cell.yaml", text, strlen(text), arena, &description, NULL),
        CLOSO_OK);
    closo_fit_data *data = closo_fit_data_new(arena);
    const closo_fit_data_options with = {.control = CLOSO_FIT_PROTOCOL, .capacity_sigma = 1e-3};
    add(data, "cycles", made->table, &with);
    const closo_fit_parameter parameters[] = {
        fit_parameter(description, "usable from 75 %, 50 to 100 %", arena),
        fit_parameter(description, "diffusivity from 5e-14 m2/s", arena)};
    const closo_cell_fit_options options = {.starts = 1};
    const closo_cell_fit *result = fit(description, parameters, 2, data, &options);
    assert_int_equal(result->sets[0].quantity, CLOSO_FIT_CAPACITY);
    assert_int_equal(result->sets[0].count, 4);
    /* no noise was put in: the grids differ by 0.1 % */
    assert_near(result->parameters[0].value.value, 0.9, 2e-3);
    assert_near(result->parameters[1].value.value, 2e-14, 0.05 * 2e-14);
    /* their potentials, which are not fitted, lie beside: those of the truth but for the grid */
    assert_int_equal(result->profile_count, 4);
    for (size_t p = 0; p < 4; p++) {
        const closo_fit_profile *profile = &result->profiles[p];
        assert_int_equal(profile->half_cycle, p + 1);
        assert_near(profile->measured_C[profile->measured_count - 1], result->sets[0].measured[p],
                    0.02 * result->sets[0].measured[p]);
        assert_true(profile->rms_V < 2e-3);
        assert_true(profile->measured_V[0] < 3.9 && profile->measured_V[0] > 3.3);
    }
    const closo_figure *figure = closo_figure_cell_fit_profiles(result, 0, NULL, arena);
    assert_int_equal(figure->curve_count, 8);
    assert_string_equal(figure->curves[6].label, "half cycle 4");
}

/* Data without noise, integrated far closer than the fit does: what is left of the numbers is the integration's, which is in
 * sigma and told beside it; without it the truth would lie outside. */
static void integration_is_in_sigma(void **state)
{
    (void)state;
    closo_simulation *made =
        fit_simulate("15", "charge at 2C until 4 V; discharge at 2C until 3.2 V", 1e-10, arena);
    closo_cell_description *description = fit_description("15", arena);
    closo_fit_data *data = closo_fit_data_new(arena);
    const closo_fit_data_options with = {.potential_sigma_V = 2e-7};
    add(data, "charge", made->table, &with);
    const closo_fit_parameter parameters[] = {fit_parameter(description, "diffusivity", arena),
                                              fit_parameter(description, "usable", arena)};
    const closo_cell_fit_options coarse = {.starts = 1, .relative_tolerance = 2e-5},
                                 close = {.starts = 1, .relative_tolerance = 1e-9};
    const closo_cell_fit *result = fit(description, parameters, 2, data, &coarse);
    const double truth[] = {2e-14, 0.9};
    for (size_t k = 0; k < 2; k++)
        assert_within_sigmas(&result->parameters[k], truth[k], 3);
    const closo_fit_result_parameter *diffusivity = &result->parameters[0];
    double off = fabs(diffusivity->value.value - truth[0]);
    assert_true(diffusivity->integration > off / 3 && diffusivity->integration < 3 * off);
    assert_true(diffusivity->integration > CLOSO_FIT_INTEGRATION_SEEN * diffusivity->value.sigma);
    bool told = false;
    for (size_t i = 0; i < result->notes.count; i++)
        told = told || strstr(result->notes.texts[i], "of the sigma of") != NULL;
    assert_true(told);
    const closo_fit_result_parameter *closer =
        &fit(description, parameters, 2, data, &close)->parameters[0];
    assert_true(closer->integration < 0.1 * diffusivity->integration);
}

/* A spectrum of 5 ohm beside one of 1.5 kohm is seen: each is drawn in its own size, which the legend tells; spectra that are
 * alike share their ohms, and of twenty twelve are drawn, which the axis tells. */
static void every_spectrum_is_seen(void **state)
{
    (void)state;
    enum { POINTS = 3, SPECTRA = 20 };
    static const double one[2 * POINTS] = {1, 3, 5, -1, -2, -0.5};
    double numbers[2 * POINTS * SPECTRA];
    size_t of[2 * POINTS * SPECTRA];
    for (size_t s = 0; s < SPECTRA; s++)
        for (size_t i = 0; i < 2 * POINTS; i++) {
            numbers[2 * POINTS * s + i] = (s == 1 ? 300 : 1) * one[i];
            of[2 * POINTS * s + i] = s;
        }
    closo_fit_set set = {.name = "folder/z.csv",
                         .quantity = CLOSO_FIT_IMPEDANCE,
                         .count = 4 * POINTS,
                         .spectrum = of,
                         .measured = numbers,
                         .model = numbers};
    const closo_cell_fit made = {.sets = &set, .set_count = 1};
    const closo_figure *figure = closo_figure_cell_fit(&made, 0, NULL, arena);
    assert_int_equal(figure->curve_count, 4);
    assert_string_equal(figure->curves[0].label, "spectrum 1, in 5 Ω");
    assert_string_equal(figure->curves[2].label, "spectrum 2, in 1500 Ω");
    for (size_t c = 0; c < 4; c++) {
        assert_near(figure->curves[c].x[2], 1, 1e-12);
        assert_near(figure->curves[c].y[1], 0.4, 1e-12);
    }
    set.count = 2 * POINTS * SPECTRA;
    for (size_t i = 0; i < 2 * POINTS; i++)
        numbers[2 * POINTS + i] = one[i];
    figure = closo_figure_cell_fit(&made, 0, NULL, arena);
    assert_int_equal(figure->curve_count, 24);
    assert_string_equal(figure->curves[22].label, "spectrum 20");
    assert_string_equal(figure->x.label, "Z′ (Ω); 12 of 20 spectra");
    assert_near(figure->curves[22].x[2], 5, 1e-12);
}

/* ---- refusals ---- */

static void poor_requests_are_refused(void **state)
{
    (void)state;
    closo_cell_description *description = fit_description("10", arena);
    const closo_fit_parameter parameter = fit_parameter(description, "diffusivity", arena);
    const closo_fit_parameter twice[] = {parameter, parameter};
    closo_fit_data *data = closo_fit_data_new(arena);
    closo_cell_fit *made;
    closo_error error = {0};
    assert_int_equal(
        closo_cell_fit_run(description, &parameter, 1, data, NULL, NULL, arena, &made, &error),
        CLOSO_RANGE);
    assert_non_null(strstr(error.message, "0 points do not tell 1 parameters"));
    add(data, "pulse", fit_simulate("10", "charge at 2C for 60 s", 1e-5, arena)->table, NULL);
    assert_int_equal(
        closo_cell_fit_run(description, twice, 2, data, NULL, NULL, arena, &made, &error),
        CLOSO_RANGE);
    assert_string_equal(error.message, "line.diffusivity is varied twice; name it once");
    assert_int_equal(
        closo_cell_fit_run(description, twice, 0, data, NULL, NULL, arena, &made, &error),
        CLOSO_RANGE);
    assert_string_equal(error.message, "there is nothing to vary; name a parameter");
    closo_table *empty = closo_table_new(arena, "empty");
    assert_int_not_equal(closo_fit_data_add(data, "empty", empty, NULL, &error), CLOSO_OK);
    const closo_fit_data_options late = {.from_s = 1e6, .to_s = 2e6};
    assert_int_equal(
        closo_fit_data_add(data, "late",
                           fit_simulate("10", "charge at 2C for 60 s", 1e-5, arena)->table, &late,
                           &error),
        CLOSO_RANGE);
}

static bool stop_at_once(void *user, double fraction, const char *what)
{
    (void)fraction, (void)what;
    return --*(int *)user > 0;
}

/* Stopped at any moment: CANCELLED, and the best so far where there is one. */
static void stopping_is_heard(void **state)
{
    (void)state;
    closo_cell_description *description = fit_description("10", arena);
    const closo_fit_parameter parameter =
        fit_parameter(description, "series_resistance from 20 ohm cm2", arena);
    closo_fit_data *data = closo_fit_data_new(arena);
    add(data, "pulse", fit_simulate("10", "charge at 2C for 60 s", 1e-5, arena)->table, NULL);
    static const int moments[] = {1, 300, 2000};
    for (size_t i = 0; i < 3; i++) {
        int left = moments[i];
        const closo_progress progress = {stop_at_once, &left};
        closo_cell_fit *made;
        assert_int_equal(closo_cell_fit_run(description, &parameter, 1, data, NULL, &progress,
                                            arena, &made, NULL),
                         CLOSO_CANCELLED);
        assert_true(made == NULL || !made->complete);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replay_is_the_experiment),
        cmocka_unit_test(mixture_is_recovered),
        cmocka_unit_test(sweep_is_recovered),
        cmocka_unit_test(only_a_ratio_is_told),
        cmocka_unit_test(resistances_in_series_are_one),
        cmocka_unit_test(bound_holds_and_is_told),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(capacities_tell_what_is_usable),
        cmocka_unit_test(integration_is_in_sigma),
        cmocka_unit_test(every_spectrum_is_seen),
        cmocka_unit_test(poor_requests_are_refused),
        cmocka_unit_test(stopping_is_heard),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
