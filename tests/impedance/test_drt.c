/* SPDX-License-Identifier: BSD-3-Clause */
/* Distributions of relaxation times against closed forms, and the errors of their peaks against many draws of noise. */
#include "impedance_test.h"

#include "random_circuits.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

static const double pi = 3.14159265358979324;
static closo_drt make(const closo_spectrum *spectrum, const closo_drt_options *options)
{
    closo_drt drt;
    closo_error error = {0};
    if (closo_drt_make(spectrum, options, arena, &drt, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return drt;
}

/* R (1 + (j omega tau)^a)^-b in series with 10 ohm, exact. */
static void fill(random_spectrum *made, double resistance_ohm, double tau_s, double a, double b)
{
    for (int i = 0; i < SPECTRUM_POINTS; i++) {
        double f = pow(10, 6 - 8.0 * i / (SPECTRUM_POINTS - 1));
        double complex s = CMPLX(0, 2 * pi * f * tau_s);
        double complex z = 10 + resistance_ohm / cpow(1 + cpow(s, CMPLX(a, 0)), CMPLX(b, 0));
        made->frequency_Hz[i] = f;
        made->real_ohm[i] = creal(z);
        made->imaginary_ohm[i] = cimag(z);
    }
    made->spectrum = (closo_spectrum){.count = SPECTRUM_POINTS,
                                      .frequency_Hz = made->frequency_Hz,
                                      .real_ohm = made->real_ohm,
                                      .imaginary_ohm = made->imaginary_ohm,
                                      .name = "exact"};
}

/* Havriliak and Negami's distribution, which is the depressed arc's for b = 1. Havriliak, Negami, Polymer 8 (1967) 161,
 * doi:10.1016/0032-3861(67)90021-3. */
static double closed_form(double resistance_ohm, double ratio, double a, double b)
{
    double power = pow(ratio, a);
    double angle = atan2(sin(pi * a), power + cos(pi * a));
    return resistance_ohm / pi * pow(ratio, a * b) * sin(b * angle) /
           pow(power * power + 2 * power * cos(pi * a) + 1, b / 2);
}

static void distribution_is_the_closed_form(void **state)
{
    (void)state;
    /* The last one has a cusp, which a grid of ten points per decade rounds off. */
    static const double shapes[][3] = {
        {0.7, 1, 0.04}, {0.8, 1, 0.04}, {0.6, 1, 0.04}, {0.8, 0.7, 0.04}, {0.9, 0.6, 0.1}};
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
        double a = shapes[k][0], b = shapes[k][1], worst = 0, highest = 0;
        random_spectrum made;
        fill(&made, 50, 1e-2, a, b);
        closo_drt drt = make(&made.spectrum, NULL);
        for (size_t i = 0; i < drt.grid_count; i++) {
            double exact = closed_form(50, drt.tau_s[i] / 1e-2, a, b);
            highest = fmax(highest, exact);
            worst = fmax(worst, fabs(drt.gamma_ohm[i] - exact));
        }
        print_message("a %g b %g: largest error of gamma %.2g of its top, area %.4f, R %.4f\n", a,
                      b, worst / highest, drt.polarisation_ohm, drt.resistance_ohm);
        assert_true(worst < shapes[k][2] * highest);
        assert_near(drt.polarisation_ohm, 50, 0.5);
        assert_near(drt.resistance_ohm, 10, 0.1);
    }
}

/* 200 two-arc spectra of an unused seed: the truth lies within one sigma in 60 to 76 % of them. */
static void errors_of_peaks_cover_the_truth(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 20260101);
    int spectra = 0, held = 0, peaks = 0, resistance = 0, tau = 0, exponent = 0, inside3 = 0;
    for (int k = 0; k < 200; k++) {
        random_circuit circuit =
            random_circuit_draw(&random, k % 2 == 0 ? TWO_ARCS : PELLET, 1e6, 1e-2);
        if (circuit.kind == TWO_ARCS && circuit.tau_s[1] < 30 * circuit.tau_s[0])
            continue; /* a decade and a half apart */
        random_spectrum made;
        double noise = pow(10, between(&random, -3, -2.3));
        random_spectrum_fill(&made, &circuit, 1e6, 1e-2, noise, &random, FAULT_NONE, 0);
        closo_arena *own = closo_arena_new(0);
        closo_drt drt;
        assert_int_equal(closo_drt_make(&made.spectrum, NULL, own, &drt, NULL), CLOSO_OK);
        spectra++;
        held += drt.shapes_hold;
        for (int arc = 0; arc < (circuit.kind == TWO_ARCS ? 2 : 1); arc++) {
            for (size_t p = 0; p < drt.peak_count; p++) {
                const closo_drt_peak *peak = &drt.peaks[p];
                if (!peak->fitted || fabs(log(peak->tau_s.value / circuit.tau_s[arc])) > 0.7)
                    continue;
                double off = fabs(peak->resistance_ohm.value - circuit.arc_ohm[arc]) /
                             peak->resistance_ohm.sigma;
                peaks++;
                resistance += off < 1;
                inside3 += off < 3;
                tau += fabs(peak->tau_s.value - circuit.tau_s[arc]) < peak->tau_s.sigma;
                exponent +=
                    fabs(peak->exponent.value - circuit.exponent[arc]) < peak->exponent.sigma;
            }
        }
        closo_arena_free(own);
    }
    print_message("%d spectra, arcs hold in %d, %d peaks: within one sigma R %.1f %%, tau %.1f %%, "
                  "n %.1f %%; R within three %.1f %%\n",
                  spectra, held, peaks, 100.0 * resistance / peaks, 100.0 * tau / peaks,
                  100.0 * exponent / peaks, 100.0 * inside3 / peaks);
    assert_true(held >= 0.9 * spectra);
    assert_true(resistance >= 0.6 * peaks && resistance <= 0.76 * peaks);
    assert_true(tau >= 0.6 * peaks && tau <= 0.76 * peaks);
}

static void every_criterion_gives_a_distribution(void **state)
{
    (void)state;
    static const char *const words[] = {"mgcv", "gcv", "rgcv", "re-im", "l-curve"};
    closo_random random;
    closo_random_seed(&random, 5);
    random_circuit circuit = {.kind = TWO_ARCS,
                              .resistance_ohm = 10,
                              .arc_ohm = {30, 55},
                              .tau_s = {2e-4, 0.09},
                              .exponent = {0.85, 0.8}};
    random_spectrum made;
    random_spectrum_fill(&made, &circuit, 1e6, 1e-2, 0.003, &random, FAULT_NONE, 0);
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        closo_drt_options options = {0};
        assert_true(closo_drt_criterion_parse(words[k], &options.criterion));
        closo_drt drt = make(&made.spectrum, &options);
        print_message("%-22s lambda %.2g, area %.2f, noise %.4f\n",
                      closo_drt_criterion_name(drt.criterion), drt.lambda, drt.polarisation_ohm,
                      drt.noise);
        assert_near(drt.polarisation_ohm, 85, 1.5);
        assert_near(drt.noise, 0.003, 0.0008);
    }
    closo_drt_criterion criterion;
    assert_false(closo_drt_criterion_parse("guess", &criterion));
}

/* Inductance and series capacitance are found, and neither disturbs the arc. */
static void cables_and_capacitors_are_terms(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 6);
    random_circuit circuit = {.kind = SERIES_CAPACITOR,
                              .resistance_ohm = 20,
                              .inductance_H = 2e-6,
                              .arc_ohm = {100, 0},
                              .tau_s = {1e-3, 10},
                              .exponent = {0.9, 1}};
    random_spectrum made;
    random_spectrum_fill(&made, &circuit, 1e6, 1e-2, 0.002, &random, FAULT_NONE, 0);
    closo_drt drt = make(&made.spectrum, NULL);
    assert_near(drt.inductance_H, 2e-6, 3e-8);
    assert_near(drt.capacitance_F, 0.1, 0.003);
    assert_near(drt.arc_sum_ohm, 100, 1);
    const closo_drt_options without = {.no_inductance = true, .no_capacitance = true};
    drt = make(&made.spectrum, &without);
    assert_near(drt.inductance_H, 0, 0);
    assert_true(isinf(drt.capacitance_F));
    assert_true(drt.residual_rms > 0.01);
}

/* Each part of 100 spectra gives the arcs within their errors; the other part then agrees with it. */
static void one_part_gives_the_arcs_and_tests_the_other(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 20260311);
    static const closo_drt_part parts[] = {CLOSO_DRT_REAL, CLOSO_DRT_IMAGINARY};
    int peaks[2] = {0}, covered[2] = {0}, other[2] = {0};
    for (int k = 0; k < 100; k++) {
        random_circuit circuit = random_circuit_draw(&random, TWO_ARCS, 1e6, 1e-2);
        if (circuit.tau_s[1] < 100 * circuit.tau_s[0])
            continue;
        random_spectrum made;
        random_spectrum_fill(&made, &circuit, 1e6, 1e-2, 0.002, &random, FAULT_NONE, 0);
        for (int part = 0; part < 2; part++) {
            const closo_drt_options options = {.part = parts[part]};
            closo_drt drt = make(&made.spectrum, &options);
            other[part] += drt.other_residual_rms > 0.005;
            /* Depressed arcs reach beyond the frequencies, where one part splits them from R less well. */
            assert_near(drt.resistance_ohm, circuit.resistance_ohm,
                        0.1 * (circuit.resistance_ohm + circuit.arc_ohm[0] + circuit.arc_ohm[1]));
            for (size_t p = 0; p < drt.peak_count; p++)
                for (int arc = 0; arc < 2; arc++) {
                    const closo_drt_peak *peak = &drt.peaks[p];
                    if (!peak->fitted || fabs(log(peak->tau_s.value / circuit.tau_s[arc])) > 0.7)
                        continue;
                    peaks[part]++;
                    covered[part] += fabs(peak->resistance_ohm.value - circuit.arc_ohm[arc]) <
                                     peak->resistance_ohm.sigma;
                }
        }
    }
    for (int part = 0; part < 2; part++) {
        print_message("%s part: R of %d peaks within one sigma in %.1f %%\n",
                      closo_drt_part_name(parts[part]), peaks[part],
                      100.0 * covered[part] / peaks[part]);
        print_message("the other part off by more than 0.5 %%: %d\n", other[part]);
        assert_true(peaks[part] > 100);
        assert_true(covered[part] >= 0.6 * peaks[part] && covered[part] <= 0.76 * peaks[part]);
    }
}

/* A spoilt imaginary part leaves the real one's answer as it is, and is told. */
static void a_spoilt_part_is_told(void **state)
{
    (void)state;
    random_spectrum made;
    fill(&made, 50, 1e-2, 0.8, 1);
    for (size_t i = 0; i < made.spectrum.count; i++)
        made.imaginary_ohm[i] *= 1.1;
    const closo_drt_options real = {.part = CLOSO_DRT_REAL},
                            crossed = {.part = CLOSO_DRT_REAL,
                                       .criterion = CLOSO_DRT_CROSS_VALIDATION};
    closo_drt drt = make(&made.spectrum, &real);
    assert_near(drt.polarisation_ohm, 50, 0.5);
    assert_near(drt.resistance_ohm, 10, 0.1);
    assert_true(drt.other_residual_rms > 0.01);
    assert_true(drt.warnings.count != 0);
    assert_true(isnan(make(&made.spectrum, NULL).other_residual_rms));
    closo_error error = {0};
    assert_int_equal(closo_drt_make(&made.spectrum, &crossed, arena, &drt, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "takes both"));
    closo_drt_part part;
    assert_true(closo_drt_part_parse("imaginary", &part) && part == CLOSO_DRT_IMAGINARY);
    assert_false(closo_drt_part_parse("half", &part));
}

/* Gaussians give the same: the closed form, the area, R; wider ones than the peak round it off. */
static void gaussians_give_the_closed_form(void **state)
{
    (void)state;
    static const double shapes[][3] = {
        {0.7, 1, 0.04}, {0.8, 1, 0.04}, {0.6, 1, 0.04}, {0.8, 0.7, 0.04}, {0.9, 0.6, 0.1}};
    const closo_drt_options options = {.basis = CLOSO_DRT_GAUSSIANS};
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
        double a = shapes[k][0], b = shapes[k][1], worst = 0, highest = 0;
        random_spectrum made;
        fill(&made, 50, 1e-2, a, b);
        closo_drt drt = make(&made.spectrum, &options);
        assert_int_equal(drt.basis, CLOSO_DRT_GAUSSIANS);
        for (size_t i = 0; i < drt.grid_count; i++) {
            double exact = closed_form(50, drt.tau_s[i] / 1e-2, a, b);
            highest = fmax(highest, exact);
            worst = fmax(worst, fabs(drt.gamma_ohm[i] - exact));
        }
        print_message("Gaussians, a %g b %g: largest error of gamma %.2g of its top, area %.4f, R "
                      "%.4f\n",
                      a, b, worst / highest, drt.polarisation_ohm, drt.resistance_ohm);
        assert_true(worst < shapes[k][2] * highest);
        assert_near(drt.polarisation_ohm, 50, 0.5);
        assert_near(drt.resistance_ohm, 10, 0.1);
    }
    closo_drt drt;
    const closo_drt_options wide = {.basis = CLOSO_DRT_GAUSSIANS, .fwhm_steps = 9};
    random_spectrum made;
    fill(&made, 50, 1e-2, 0.8, 1);
    closo_error error = {0};
    assert_int_equal(closo_drt_make(&made.spectrum, &wide, arena, &drt, &error), CLOSO_RANGE);
    /* A single relaxation time is a Gaussian of the width that was asked for, or little more. */
    fill(&made, 50, 1e-2, 1, 1);
    double widths_steps[2] = {0};
    for (int k = 0; k < 2; k++) {
        const closo_drt_options narrow = {
            .basis = CLOSO_DRT_GAUSSIANS, .fwhm_steps = 1.5 + k, .lambda = 1e-4};
        drt = make(&made.spectrum, &narrow);
        double top = 0, area = 0;
        for (size_t i = 0; i < drt.grid_count; i++) {
            top = fmax(top, drt.gamma_ohm[i]);
            area += drt.gamma_ohm[i];
        }
        widths_steps[k] = area / top * 0.94; /* area of a Gaussian: 1.064 FWHM times its height */
    }
    print_message("one relaxation time: %.2f and %.2f steps wide\n", widths_steps[0],
                  widths_steps[1]);
    assert_true(widths_steps[0] >= 1.4 && widths_steps[0] <= 6);
    assert_true(widths_steps[1] >= 2.4 && widths_steps[1] <= 6);
}

/* Without arcs the distribution is the same, and its peaks are areas. */
static void without_arcs_peaks_are_areas(void **state)
{
    (void)state;
    random_spectrum made;
    fill(&made, 50, 1e-2, 0.8, 1);
    const closo_drt_options options = {.no_arcs = true};
    closo_drt drt = make(&made.spectrum, &options), whole = make(&made.spectrum, NULL);
    assert_int_equal(drt.peak_count, whole.peak_count);
    double largest_ohm = 0;
    for (size_t p = 0; p < drt.peak_count; p++) {
        assert_true(isnan(drt.peaks[p].resistance_ohm.sigma));
        largest_ohm = fmax(largest_ohm, drt.peaks[p].resistance_ohm.value);
    }
    assert_near(largest_ohm, 50, 0.5);
    assert_near(whole.arc_sum_ohm, 50, 0.5);
    assert_true(isnan(drt.arc_sum_ohm));
}

static void intervals_come_from_seeded_draws(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 7);
    random_circuit circuit = {.kind = TWO_ARCS,
                              .resistance_ohm = 10,
                              .arc_ohm = {30, 55},
                              .tau_s = {2e-4, 0.09},
                              .exponent = {0.75, 0.7}};
    random_spectrum made;
    random_spectrum_fill(&made, &circuit, 1e6, 1e-2, 0.003, &random, FAULT_NONE, 0);
    const closo_drt_options options = {.samples = 200, .seed = 9};
    closo_drt one = make(&made.spectrum, &options), two = make(&made.spectrum, &options);
    size_t covered = 0, judged = 0;
    for (size_t i = 0; i < one.grid_count; i++) {
        assert_near(one.low_ohm[i], two.low_ohm[i], 0);
        assert_true(one.low_ohm[i] >= 0 && one.low_ohm[i] <= one.high_ohm[i]);
        if (one.tau_s[i] < 1e-6 || one.tau_s[i] > 5)
            continue;
        double exact = closed_form(30, one.tau_s[i] / 2e-4, 0.75, 1) +
                       closed_form(55, one.tau_s[i] / 0.09, 0.7, 1);
        judged++;
        covered += exact >= one.low_ohm[i] && exact <= one.high_ohm[i];
    }
    print_message("95 %% interval holds the closed form at %zu of %zu time constants\n", covered,
                  judged);
    assert_true(covered >= 0.8 * (double)judged);
    const closo_drt_options few = {.samples = 3};
    closo_drt drt;
    closo_error error = {0};
    assert_int_equal(closo_drt_make(&made.spectrum, &few, arena, &drt, &error), CLOSO_RANGE);
}

static void bad_input_is_answered(void **state)
{
    (void)state;
    random_spectrum made;
    fill(&made, 50, 1e-2, 0.8, 1);
    closo_drt drt;
    closo_error error = {0};
    const closo_drt_options huge = {.points_per_decade = 41}, negative = {.lambda = -1},
                            fine = {.points_per_decade = 40, .extension_decades = 3};
    assert_int_equal(closo_drt_make(&made.spectrum, &huge, arena, &drt, &error), CLOSO_RANGE);
    assert_int_equal(closo_drt_make(&made.spectrum, &negative, arena, &drt, &error), CLOSO_RANGE);
    assert_int_equal(closo_drt_make(&made.spectrum, &fine, arena, &drt, &error), CLOSO_LIMIT);
    made.spectrum.count = 5;
    assert_int_equal(closo_drt_make(&made.spectrum, NULL, arena, &drt, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "too few"));
}

static void results_become_json_and_csv(void **state)
{
    (void)state;
    random_spectrum made;
    fill(&made, 50, 1e-2, 0.8, 1);
    const closo_drt_options options = {.samples = 50};
    closo_drt drt = make(&made.spectrum, &options);
    json_t *object = json_loads(closo_drt_json(&made.spectrum, &drt, arena), 0, NULL);
    assert_int_equal(json_array_size(json_object_get(object, "peaks")), drt.peak_count);
    json_t *distribution = json_object_get(object, "distribution");
    assert_int_equal(json_array_size(json_object_get(distribution, "low_ohm")), drt.grid_count);
    json_decref(object);
    const char *path = temporary_path("drt.csv");
    assert_int_equal(closo_drt_write_csv(&drt, path, arena, NULL), CLOSO_OK);
    unlink(path);
}

/* pyDRTtools' made-up arc: 10 ohm, then 50 ohm at 10 ms. Its noise is one of ohms, not of |Z|. */
static void an_arc_of_another_program_is_recovered(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    char path[1024];
    snprintf(path, sizeof path, "%s/data/eis/pyDRTtools/zarc_data.txt", shared_folder());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    double f[200], re[200], im[200];
    size_t count = 0;
    while (count < 200 && fscanf(file, "%lf %lf %lf", &f[count], &re[count], &im[count]) == 3)
        count++;
    fclose(file);
    const closo_spectrum spectrum = {
        .count = count, .frequency_Hz = f, .real_ohm = re, .imaginary_ohm = im, .name = "zarc"};
    closo_drt drt = make(&spectrum, NULL);
    closo_drt_peak peak = {.fitted = false};
    for (size_t p = 0; p < drt.peak_count; p++)
        if (drt.peaks[p].fitted)
            peak = drt.peaks[p];
    assert_true(peak.fitted);
    assert_near(peak.resistance_ohm.value, 50, 3 * peak.resistance_ohm.sigma);
    assert_near(peak.tau_s.value, 0.01, 3 * peak.tau_s.sigma);
    assert_near(drt.resistance_ohm, 10, 0.1);
    assert_near(drt.polarisation_ohm, 50, 0.3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distribution_is_the_closed_form),
        cmocka_unit_test(errors_of_peaks_cover_the_truth),
        cmocka_unit_test(every_criterion_gives_a_distribution),
        cmocka_unit_test(cables_and_capacitors_are_terms),
        cmocka_unit_test(one_part_gives_the_arcs_and_tests_the_other),
        cmocka_unit_test(a_spoilt_part_is_told),
        cmocka_unit_test(gaussians_give_the_closed_form),
        cmocka_unit_test(without_arcs_peaks_are_areas),
        cmocka_unit_test(intervals_come_from_seeded_draws),
        cmocka_unit_test(bad_input_is_answered),
        cmocka_unit_test(results_become_json_and_csv),
        cmocka_unit_test(an_arc_of_another_program_is_recovered),
    };
    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
