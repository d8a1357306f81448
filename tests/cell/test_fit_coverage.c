/* SPDX-License-Identifier: BSD-3-Clause */
/* The uncertainties of a fit of the virtual cell, by how often they hold. */
#include "fit_cell.h"

/* Of 100 fits to a pulse and a spectrum with noise of their own, 60 to 76 % of the values lie within one sigma; the noise is
 * given to every other fit. The truth has more shells and a finer tolerance. */
static void one_sigma_covers_two_thirds(void **state)
{
    (void)state;
    enum { PROBLEMS = 100, VARIED = 3 };
    static const double truth[VARIED] = {2e-14, 0.5, 10e-4}, sigma_V = 1e-3, sigma_Z = 0.01;
    closo_arena *truths = closo_arena_new(0);
    closo_simulation *made = fit_simulate(
        "32", "impedance 10 kHz to 2 mHz, 5 per decade; charge at 4C for 20 s", 1e-8, truths);
    size_t inside[VARIED] = {0, 0, 0};
    double bias[VARIED] = {0, 0, 0};
    for (uint64_t problem = 0; problem < PROBLEMS; problem++) {
        closo_arena *arena = closo_arena_new(0);
        closo_cell_description *description = fit_description("16", arena);
        const closo_fit_parameter parameters[VARIED] = {
            fit_parameter(description, "line.diffusivity from 2.3e-14 m2/s", arena),
            fit_parameter(description, "line.exchange_current from 0.45 A/m2", arena),
            fit_parameter(description, "series_resistance from 11 ohm cm2", arena)};
        closo_random random;
        closo_random_seed(&random, 7000 + problem);
        closo_fit_data *data = closo_fit_data_new(arena);
        closo_fit_data_options with = {.points_most = 60};
        if (problem % 2 == 0) {
            with.potential_sigma_V = sigma_V;
            with.impedance_sigma = sigma_Z;
        }
        const closo_table *noisy =
            fit_noisy(made->table, CLOSO_QUANTITY_POTENTIAL, sigma_V, &random, arena);
        const closo_table *spectra = fit_spectra(made, sigma_Z, &random, arena);
        const closo_cell_fit_options options = {.starts = 1, .relative_tolerance = 1e-5};
        closo_cell_fit *result = NULL;
        closo_error error = {0};
        if (closo_fit_data_add(data, "pulse", noisy, &with, &error) != CLOSO_OK ||
            closo_fit_data_add(data, "spectrum", spectra, &with, &error) != CLOSO_OK ||
            closo_cell_fit_run(description, parameters, VARIED, data, &options, NULL, arena,
                               &result, &error) != CLOSO_OK)
            fail_msg("%s", error.message);
        for (size_t k = 0; k < VARIED; k++) {
            const closo_value value = result->parameters[k].value;
            inside[k] += fabs(value.value - truth[k]) <= value.sigma;
            bias[k] += (value.value - truth[k]) / value.sigma / PROBLEMS;
        }
        closo_arena_free(arena);
    }
    closo_arena_free(truths);
    for (size_t k = 0; k < VARIED; k++) {
        print_message("parameter %zu: %.1f %% within one sigma, bias %.2f sigma\n", k + 1,
                      100.0 * (double)inside[k] / PROBLEMS, bias[k]);
        assert_true((double)inside[k] >= 0.60 * PROBLEMS && (double)inside[k] <= 0.76 * PROBLEMS);
        assert_near(bias[k], 0, 0.3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_sigma_covers_two_thirds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
