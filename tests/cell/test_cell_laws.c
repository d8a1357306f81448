/* SPDX-License-Identifier: BSD-3-Clause */
/* The virtual cell against closed forms: each law by itself, in a cell that has nothing else. */
#include "cells.h"

#include "closo/numeric.h"

#include <complex.h>
#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;
static const double faraday = 96485.33212, gas = 8.314462618;

/* ---- the Jacobian ---- */

/* Against central differences, at a state that is nobody's equilibrium. */
static void jacobian_equals_differences(void **state)
{
    (void)state;
    closo_cell cell = plain_cell();
    cell.node_count = 3;
    cell.shell_count = 5;
    cell.active.filling_exponent = 0.3;
    cell.carbon_area_per_m = 1e6;
    cell.carbon_double_layer_F_per_m2 = 0.1;
    cell.collector_area = 1;
    cell.collector_double_layer_F_per_m2 = 0.2;
    cell.separator_permittivity = 10;
    cell.electron_leak_S_per_m = 1e-6;
    cell.counter.growth_ohm2_m4_per_s = 1e-9;
    cell.anion_count = 2;
    cell.anions[0] = (closo_anion_oxidation){"one", 3.4, 0.5, 1e-5, 2, 0, 0.8, 0, 0, 0};
    cell.anions[1] = (closo_anion_oxidation){"two", 3.6, 0.6, 1e-5, 0, 1e-3, 1.5, 0, 0, 0};
    cell.film = (closo_film){.rho_ohm_m4_per_C = 0.05,
                             .growth = 2,
                             .slow_ohm_m2_per_s = 1e-4,
                             .slow_transfer = 0.4,
                             .slow_onset_V = 3.5,
                             .slow_half_ohm_m2 = 0.01,
                             .slow_order = 1};
    assert_jacobian_equals_differences(&cell, 7);
}

/* ---- rest and balances ---- */

static void rest_stays_at_rest(void **state)
{
    (void)state;
    closo_cell cell = plain_cell();
    cell.node_count = 4;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step rest = plain_step(CLOSO_EXPERIMENT_REST);
    rest.until_s = 1e6;
    closo_simulation *made = simulate_steps(&cell, &rest, 1, 1e-6, arena);
    assert_near(simulated_end(made, CLOSO_QUANTITY_POTENTIAL), 4.1 - 0.6, 1e-9);
    assert_near(simulated_end(made, CLOSO_QUANTITY_TIME), 1e6, 1e-6);
    closo_arena_free(arena);
}

/* What passed outside is what left the grains and what the double layers took, over 20 cycles. */
static void charge_is_conserved(void **state)
{
    (void)state;
    closo_cell cell = plain_cell();
    cell.node_count = 5;
    cell.shell_count = 10;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver;
    assert_int_equal(cell_model_make(&cell, arena, &model, NULL), CLOSO_OK);
    assert_int_equal(cell_solver_new(model, 1e-6, arena, &solver, NULL), CLOSO_OK);
    closo_error error = {0};
    double throughput = 0, worst = 0;
    const double site_C_per_m2 = faraday * 15000 * 0.5 * 20e-6;
    for (int half = 0; half < 40; half++) {
        double *y = cell_solver_state(solver), before = y[model->charge];
        model->control = CELL_CONTROL_CURRENT;
        model->control_value = half % 2 == 0 ? 3 : -3;
        const double nothing = NAN;
        const cell_limits limits = {cell_solver_time_s(solver) + 1e7, half % 2 == 0 ? 3.8 : 3.3,
                                    nothing, nothing, before};
        cell_end end;
        if (cell_solver_start(solver, &error) != CLOSO_OK ||
            cell_solver_run(solver, &limits, NULL, NULL, &end, &error) != CLOSO_OK)
            fail_msg("%s", error.message);
        assert_int_equal(end, CELL_END_POTENTIAL);
        throughput += fabs(y[model->charge] - before);
        double inside = 0;
        for (size_t n = 0; n < 5; n++) {
            const cell_node *node = &model->nodes[n];
            double filled = 0;
            for (size_t s = 0; s < 10; s++)
                filled += 3 * model->shell_volume[s] * y[cell_shell(model, node, s)];
            inside += site_C_per_m2 / 5 * (0.6 - filled);
            inside += 3 * 0.5 / 2e-6 * 0.1 * 20e-6 / 5 * (y[node->w] - 3.5);
        }
        worst = fmax(worst, fabs(inside - y[model->charge]));
    }
    print_message("%.3g C/m2 through, balance off by %.1e of it\n", throughput, worst / throughput);
    assert_true(worst / throughput < 1e-8);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* ---- diffusion in a sphere ---- */

/* How far the surface is ahead of the mean at t under a constant flux, in j R / (F c D): 1/5 - 2 sum exp(-a^2 Dt/R^2) / a^2
 * over the roots of tan a = a: Crank, The Mathematics of Diffusion (1975), eq. 6.45. */
static double surface_lead(double share)
{
    double lead = 0.2;
    for (int k = 1; k <= 60; k++) {
        double a = (k + 0.5) * pi;
        for (int i = 0; i < 20; i++)
            a = (k * pi) + atan(a);
        lead -= 2 * exp(-a * a * share) / (a * a);
    }
    return lead;
}

/* The same of the model, over the closed form; D t / R^2 = t / 4000 s. */
static double lead_of_shells(size_t shells, double t_s)
{
    closo_cell cell = plain_cell();
    cell.shell_count = shells;
    cell.active.double_layer_F_per_m2 = 1e-6;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver;
    assert_int_equal(cell_model_make(&cell, arena, &model, NULL), CLOSO_OK);
    assert_int_equal(cell_solver_new(model, 1e-9, arena, &solver, NULL), CLOSO_OK);
    const double nothing = NAN;
    model->control_value = 0.2;
    const cell_limits limits = {t_s, nothing, nothing, nothing, 0};
    cell_end end;
    closo_error error = {0};
    if (cell_solver_start(solver, &error) != CLOSO_OK ||
        cell_solver_run(solver, &limits, NULL, NULL, &end, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    const double *y = cell_solver_state(solver);
    const cell_node *node = &model->nodes[0];
    double j = y[node->current], mean = 0;
    for (size_t s = 0; s < shells; s++)
        mean += 3 * model->shell_volume[s] * y[cell_shell(model, node, s)];
    double unit = j * 2e-6 / (faraday * 15000 * 1e-15);
    double surface = y[cell_shell(model, node, shells - 1)] - unit * model->surface_reach;
    cell_solver_free(solver);
    closo_arena_free(arena);
    return (mean - surface) / (unit * surface_lead(t_s / 4e3));
}

/* Finite volumes of n shells approach it as 1/n^2 while the profile is on its way into the grain; the parabola that is left
 * in the end they have exactly. */
static void sphere_under_constant_flux(void **state)
{
    (void)state;
    double error_before = 0;
    for (size_t shells = 10; shells <= 80; shells *= 2) {
        double off = fabs(lead_of_shells(shells, 100) - 1);
        print_message("%zu shells: off by %.2e\n", shells, off);
        if (shells > 20)
            assert_near(log2(error_before / off), 2, 0.3); /* second order */
        error_before = off;
    }
    assert_true(error_before < 2e-3);
    assert_near(lead_of_shells(10, 8e3), 1, 1e-5);
}

/* ---- impedance ---- */

static void impedance_at(const closo_cell *cell, const double *f, size_t count,
                         double complex *z_ohm_m2)
{
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    closo_error error = {0};
    double real[64], imaginary[64];
    assert_int_equal(cell_model_make(cell, arena, &model, NULL), CLOSO_OK);
    double *y = closo_arena_alloc(arena, model->state_count, sizeof *y);
    cell_model_rest(model, y);
    if (cell_small_signal(model, 0, y, f, count, real, imaginary, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < count; i++)
        z_ohm_m2[i] = CMPLX(real[i], imaginary[i]);
    closo_arena_free(arena);
}

/* One grain: separator + metal arc + [double layer | charge transfer + diffusion in a sphere]. The last is
 * -(dU/dy) R / (F c D) tanh(s) / (s - tanh s), s = R sqrt(j w / D). */
static void impedance_of_a_grain(void **state)
{
    (void)state;
    closo_cell cell = plain_cell();
    cell.shell_count = 400;
    cell.active.diffusivity_m2_per_s.value = 1e-13; /* shells have to be thinner than sqrt(D / w) */
    enum { COUNT = 25 };
    double f[COUNT];
    double complex z[COUNT];
    for (int i = 0; i < COUNT; i++)
        f[i] = 1e5 * pow(10, -(double)i / 3);
    impedance_at(&cell, f, COUNT, z);
    double area = 3 * 0.5 / 2e-6 * 20e-6; /* of grains per area of cell */
    double worst = 0;
    for (int i = 0; i < COUNT; i++) {
        double complex w = CMPLX(0, 2 * pi * f[i]), s = 2e-6 * csqrt(w / 1e-13);
        double complex th = creal(s) > 20 ? 1 : ctanh(s);
        double complex diffusion = 1.0 * 2e-6 / (faraday * 15000 * 1e-13) * th / (s - th);
        double complex transfer = gas * 298.15 / (faraday * 2);
        double complex grain = 1 / (w * 0.1 + 1 / (transfer + diffusion)) / area;
        double complex metal = 1 / (w * 0.05 + 1 / 1e-3);
        double complex half = 20e-6 / 2 / (0.1 * 0.2) + 20e-6 / 2 / 100;
        double complex expected = 500e-6 / 0.1 + metal + grain + half;
        worst = fmax(worst, cabs(z[i] - expected) / cabs(expected));
    }
    print_message("grain: impedance off by at most %.1e\n", worst);
    assert_true(worst < 1e-6);
}

/* A blocking electrode of carbon: a transmission line, sqrt(R / (j w C)) coth(sqrt(j w R C)), whose real part tends to R / 3:
 * de Levie, Electrochim. Acta 8 (1963) 751, doi:10.1016/0013-4686(63)80042-0. */
static void impedance_of_a_transmission_line(void **state)
{
    (void)state;
    closo_cell cell = plain_cell();
    cell.active.volume_fraction = 0;
    cell.carbon_area_per_m = 1e7;
    cell.carbon_double_layer_F_per_m2 = 0.1;
    cell.electron_conductivity_S_per_m = 1e6;
    cell.ion_path = 1e-3;
    double error_before = 0;
    for (size_t nodes = 20; nodes <= 80; nodes *= 2) {
        cell.node_count = nodes;
        const double f[] = {1e-3, 0.1, 1, 3, 10};
        double complex z[5];
        impedance_at(&cell, f, 5, z);
        double R = 20e-6 / (0.1 * 1e-3), C = 1e7 * 0.1 * 20e-6, worst = 0;
        for (int i = 0; i < 5; i++) {
            double complex w = CMPLX(0, 2 * pi * f[i]), x = csqrt(w * R * C);
            double complex expected =
                csqrt(R / (w * C)) / ctanh(x) + 500e-6 / 0.1 + 1 / (w * 0.05 + 1 / 1e-3);
            worst = fmax(worst, cabs(z[i] - expected) / cabs(expected));
        }
        assert_near(creal(z[0]) - 500e-6 / 0.1 - 1e-3, R / 3, 1e-3 * R);
        print_message("%zu nodes: line off by %.1e\n", nodes, worst);
        if (nodes > 20)
            assert_near(log2(error_before / worst), 2, 0.35);
        error_before = worst;
    }
    assert_true(error_before <
                5e-3); /* at 10 Hz, where the line is used to a twentieth of its depth */
}

/* ---- oxidation ---- */

/* A smooth surface that oxidises, nothing in series. */
static closo_cell bare_collector(double gamma)
{
    closo_cell cell = plain_cell();
    cell.active.volume_fraction = 0;
    cell.collector_area = 1;
    cell.collector_double_layer_F_per_m2 = 1e-3;
    cell.separator_m = 0;
    cell.electron_conductivity_S_per_m = 1e8;
    cell.ion_path = 1;
    cell.ion_conductivity_S_per_m.value = 1e5;
    cell.counter.resistance_ohm_m2.value = 1e-6;
    cell.counter.double_layer_F_per_m2 = 1e-3;
    cell.series_resistance_ohm_m2 = 1e-6;
    cell.anion_count = 1;
    const double j0_A_per_m2 = gamma > 0 ? 0 : 1e-4;
    cell.anions[0] =
        (closo_anion_oxidation){"anion", 2.0, 0.5, 1e-5, gamma, j0_A_per_m2, 0, 0, 0, 0};
    return cell;
}

/* Hold at 2.2 V: gamma = 0 keeps the current; gamma > 0 passivates as q = ln(1 + a t) / (al f gamma), a = al f gamma j(0). */
static void film_grows_with_the_logarithm(void **state)
{
    (void)state;
    const double f = faraday / (gas * 298.15), rise = 0.5 * f;
    for (int k = 0; k < 2; k++) {
        double gamma = k == 0 ? 0 : 0.05;
        closo_cell cell = bare_collector(gamma);
        closo_arena *arena = closo_arena_new(0);
        closo_experiment_step hold = plain_step(CLOSO_EXPERIMENT_POTENTIAL);
        hold.potential_V = 2.2;
        hold.until_s = 1e5;
        closo_simulation *made = simulate_steps(&cell, &hold, 1, 1e-8, arena);
        double j = k == 0 ? 1e-4 * (exp(rise * 0.2) - 1) : 1e-5 / gamma * exp(rise * 0.2);
        double expected = k == 0 ? j * 1e5 : log(1 + rise * gamma * j * 1e5) / (rise * gamma);
        double passed = simulated_end(made, CLOSO_QUANTITY_CHARGE) / 1e-4 - 1e-3 * 2.2;
        print_message("gamma %g: %.6g C/m2, should be %.6g\n", gamma, passed, expected);
        assert_near(passed / expected, 1, 2e-5);
        closo_arena_free(arena);
    }
}

/* Hold with a film and a reversible potential: with u = al f (V - E - gamma q), 1 - exp(-u) falls as exp(-al f gamma j0 t), and
 * the film stops at q = (V - E) / gamma, which the logarithm does not. */
static void film_stops_at_the_reversible_potential(void **state)
{
    (void)state;
    const double rise = 0.5 * faraday / (gas * 298.15), gamma = 0.05, j0 = 1e-4;
    static const double ends_s[] = {1e4, 1e5, 1e7};
    for (size_t k = 0; k < 3; k++) {
        closo_cell cell = bare_collector(gamma);
        cell.anions[0].j0_A_per_m2 = j0;
        closo_arena *arena = closo_arena_new(0);
        closo_experiment_step hold = plain_step(CLOSO_EXPERIMENT_POTENTIAL);
        hold.potential_V = 2.2;
        hold.until_s = ends_s[k];
        closo_simulation *made = simulate_steps(&cell, &hold, 1, 1e-8, arena);
        double u = rise * 0.2, left = (1 - exp(-u)) * exp(-rise * gamma * j0 * ends_s[k]);
        double expected = (u + log(1 - left)) / (rise * gamma);
        double passed = simulated_end(made, CLOSO_QUANTITY_CHARGE) / 1e-4 - 1e-3 * 2.2;
        print_message("%g s: %.6g C/m2, should be %.6g\n", ends_s[k], passed, expected);
        assert_near(passed / expected, 1, 2e-5);
        closo_arena_free(arena);
    }
}

/* Sweep with a film and no reversible potential: j / j_end = 1 / (1 + exp(-al f (V - E))), so that the steepest tangent meets zero
 * 2 / (al f) below E: the onset that descriptions give. The double layer's charging is taken off. */
static void sweep_climbs_from_its_onset(void **state)
{
    (void)state;
    closo_cell cell = bare_collector(0.05);
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step steps[2] = {plain_step(CLOSO_EXPERIMENT_POTENTIAL),
                                      plain_step(CLOSO_EXPERIMENT_SWEEP)};
    steps[0].potential_V = 1;
    steps[0].until_s = 10;
    steps[1].potential_V = 3;
    steps[1].rate_V_per_s = 1e-5;
    closo_simulation *made = simulate_steps(&cell, steps, 2, 1e-8, arena);
    const double *V = simulated_column(made, CLOSO_QUANTITY_POTENTIAL, arena),
                 *A = simulated_column(made, CLOSO_QUANTITY_CURRENT, arena);
    double steepest = 0, onset_V = NAN, plateau_A = 1e-4 * 1e-5 / 0.05;
    for (size_t i = 1; i < made->table->row_count; i++) {
        double slope = (A[i] - A[i - 1]) / (V[i] - V[i - 1]);
        double middle_A = (A[i] + A[i - 1]) / 2 - 1e-4 * 1e-3 * 1e-5;
        if (V[i - 1] > 1.5 && slope > steepest) {
            steepest = slope;
            onset_V = (V[i] + V[i - 1]) / 2 - middle_A / slope;
        }
    }
    const double rise = 0.5 * faraday / (gas * 298.15);
    print_message("steepest tangent meets zero at %.5f V, should %.5f V\n", onset_V, 2 - 2 / rise);
    assert_near(onset_V, 2 - 2 / rise, 5e-4);
    assert_near(steepest / (plateau_A * rise / 4), 1, 2e-3);
    closo_arena_free(arena);
}

/* Sweep with gamma = 0, through the reversible potential E: nothing below it, then the charge up to V is
 *   j0 ((exp(al f (V - E)) - 1) / (al f v) - (V - E) / v). */
static void sweep_follows_tafel(void **state)
{
    (void)state;
    const double f = faraday / (gas * 298.15), rise = 0.5 * f, v = 1e-4;
    closo_cell cell = bare_collector(0);
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step steps[2] = {plain_step(CLOSO_EXPERIMENT_SWEEP),
                                      plain_step(CLOSO_EXPERIMENT_SWEEP)};
    steps[0].potential_V = 1.5;
    steps[0].rate_V_per_s = 0.1;
    steps[1].potential_V = 2.2;
    steps[1].rate_V_per_s = v;
    closo_simulation *made = simulate_steps(&cell, steps, 2, 1e-8, arena);
    assert_near(simulated_end(made, CLOSO_QUANTITY_POTENTIAL), 2.2, 1e-7);
    double j = 1e-4 * (exp(rise * 0.2) - 1);
    double expected = j / (rise * v) - 1e-4 * 0.2 / v + 1e-3 * 2.2 /* double layer */;
    assert_near(simulated_end(made, CLOSO_QUANTITY_CHARGE) / 1e-4 / expected, 1, 1e-4);
    assert_near(simulated_end(made, CLOSO_QUANTITY_CURRENT) / 1e-4 / (j + 1e-3 * v), 1, 1e-4);
    closo_arena_free(arena);
}

/* A finite reservoir: all of it goes, and no more. */
static void reservoir_is_finite(void **state)
{
    (void)state;
    closo_cell cell = bare_collector(0);
    cell.anions[0].reservoir_C_per_m2 = 3;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step hold = plain_step(CLOSO_EXPERIMENT_POTENTIAL);
    hold.potential_V = 2.4;
    hold.until_s = 1e7;
    closo_simulation *made = simulate_steps(&cell, &hold, 1, 1e-7, arena);
    assert_near(simulated_end(made, CLOSO_QUANTITY_CHARGE) / 1e-4 - 1e-3 * 2.4, 3, 1e-3);
    closo_arena_free(arena);
}

/* ---- the metal ---- */

/* k = 14.6 ohm cm2 h^-0.5 on 29.6 ohm cm2 (chapter 8): R after 80 h of rest, by impedance. */
static void interphase_grows_with_the_root(void **state)
{
    (void)state;
    closo_cell cell = plain_cell();
    const double k = 14.6e-4 / 60, R0 = 29.6e-4; /* ohm m2 s^-0.5 */
    cell.counter.resistance_ohm_m2.value = R0;
    cell.counter.growth_ohm2_m4_per_s = k * k;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step steps[2] = {plain_step(CLOSO_EXPERIMENT_REST),
                                      plain_step(CLOSO_EXPERIMENT_IMPEDANCE)};
    steps[0].until_s = 80 * 3600 - 1; /* a second's worth is there at the start */
    steps[1].from_Hz = 1e6;
    steps[1].to_Hz = 1;
    steps[1].per_decade = 10;
    closo_simulation *made = simulate_steps(&cell, steps, 2, 1e-7, arena);
    assert_int_equal(made->spectrum_count, 1);
    const closo_spectrum *spectrum = &made->spectra[0];
    assert_int_equal(spectrum->count, 61);
    /* the metal's arc stands alone between 1 MHz and the electrode's: R C = 0.07 ms */
    double expected = R0 + k * sqrt(80 * 3600.0);
    cell.counter.resistance_ohm_m2.value = expected;
    cell.counter.growth_ohm2_m4_per_s = 0;
    double complex z[61];
    impedance_at(&cell, spectrum->frequency_Hz, 61, z);
    for (size_t i = 0; i < 61; i++) {
        assert_near(spectrum->real_ohm[i] * 1e-4 / creal(z[i]), 1, 1e-6);
        assert_near(spectrum->imaginary_ohm[i] * 1e-4, cimag(z[i]), 1e-6 * cabs(z[i]));
    }
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jacobian_equals_differences),
        cmocka_unit_test(rest_stays_at_rest),
        cmocka_unit_test(charge_is_conserved),
        cmocka_unit_test(sphere_under_constant_flux),
        cmocka_unit_test(impedance_of_a_grain),
        cmocka_unit_test(impedance_of_a_transmission_line),
        cmocka_unit_test(film_grows_with_the_logarithm),
        cmocka_unit_test(film_stops_at_the_reversible_potential),
        cmocka_unit_test(sweep_climbs_from_its_onset),
        cmocka_unit_test(sweep_follows_tafel),
        cmocka_unit_test(reservoir_is_finite),
        cmocka_unit_test(interphase_grows_with_the_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
