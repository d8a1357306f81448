/* SPDX-License-Identifier: BSD-3-Clause */
/* Pellets of the thesis, closed forms of hopping and diffusion, and a Meyer-Neldel line with a known slope. */
#include "support.h"

#include "closo/numeric.h"
#include "closo/transport.h"

#include <math.h>
#include <string.h>

/* Table S6 of chapter 7. Its column "Diameter" is the radius: pi (0.6 cm)^2 times the thickness is its volume. */
static void pellets_of_chapter_7(void **state)
{
    (void)state;
    static const struct {
        double mass_g, thickness_cm, volume_cm3, density_g_cm3, theory_g_cm3, relative;
    } pellets[] = {
        {0.1035, 0.082, 0.093, 1.116, 1.03, 1.083},
        {0.1175, 0.134, 0.152, 0.775, 1.15, 0.67},
        {0.1033, 0.111, 0.126, 0.822, 1.14, 0.72},
        {0.1195, 0.132, 0.149, 0.801, 1.18, 0.67},
    };
    closo_arena *arena = closo_arena_new(0);
    for (size_t i = 0; i < 4; i++) {
        closo_pellet pellet = {.diameter_m = {0.012, 0},
                               .thickness_m = {1e-2 * pellets[i].thickness_cm, 0},
                               .mass_kg = {1e-3 * pellets[i].mass_g, 0},
                               .theoretical_density_kg_per_m3 = 1e3 * pellets[i].theory_g_cm3};
        closo_pellet_result result;
        assert_int_equal(closo_pellet_work_out(&pellet, arena, &result, NULL), CLOSO_OK);
        assert_near(1e6 * result.volume_m3.value, pellets[i].volume_cm3, 6e-4);
        assert_near(1e-3 * result.density_kg_per_m3.value, pellets[i].density_g_cm3, 7e-3);
        assert_near(result.relative_density.value, pellets[i].relative, 1.1e-2);
        /* only the commercial sample is denser than its structure */
        assert_int_equal(result.warnings.count, i == 0);

        pellet.diameter_m.value = 0.006; /* as the table has it */
        assert_int_equal(closo_pellet_work_out(&pellet, arena, &result, NULL), CLOSO_OK);
        assert_int_equal(result.warnings.count, 1);
        assert_non_null(strstr(result.warnings.texts[0], "were the diameter a radius"));
    }
    closo_arena_free(arena);
}

/* A size that the files tell is taken where none is given; files that do not agree are asked about. */
static void size_from_the_files(void **state)
{
    (void)state;
    const double area_m2 = 1.130973355e-4; /* 12 mm across */
    closo_spectrum spectra[] = {{.name = "a", .area_m2 = area_m2, .thickness_m = 6e-4},
                                {.name = "b", .area_m2 = area_m2, .thickness_m = 6e-4}};
    closo_pellet pellet = {0};
    closo_error error = {0};
    assert_int_equal(closo_pellet_from_spectra(spectra, 2, &pellet, &error), CLOSO_OK);
    assert_near(pellet.diameter_m.value, 0.012, 1e-9);
    assert_near(pellet.thickness_m.value, 6e-4, 0);
    spectra[1].thickness_m = 7e-4;
    pellet = (closo_pellet){.diameter_m = {0.01, 0}};
    assert_int_equal(closo_pellet_from_spectra(spectra, 2, &pellet, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "different sizes"));
    assert_near(pellet.diameter_m.value, 0.01, 0); /* what is given stands */
    spectra[1].thickness_m = NAN;
    assert_int_equal(closo_pellet_from_spectra(spectra, 2, &pellet, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "'b' does not tell the thickness"));
}

/* Errors of diameter (twice), thickness and resistance, against draws. */
static void sigma_of_a_conductivity(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    const closo_pellet truth = {.diameter_m = {0.012, 5e-5}, .thickness_m = {6e-4, 1.5e-5}};
    const closo_value resistance = {850, 17};
    closo_value found;
    assert_int_equal(closo_conductivity_from_resistance(resistance, &truth, &found, NULL),
                     CLOSO_OK);
    closo_random random;
    closo_random_seed(&random, 4711);
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double d = 0.012 + 5e-5 * closo_random_normal(&random),
               l = 6e-4 + 1.5e-5 * closo_random_normal(&random),
               r = 850 + 17 * closo_random_normal(&random);
        double conductivity = 4 * l / (3.14159265358979 * d * d * r);
        sum += conductivity / DRAWS;
        squares += conductivity * conductivity / DRAWS;
    }
    assert_near(found.value / sum, 1, 2e-3);
    assert_near(found.sigma / sqrt(squares - sum * sum), 1, 0.03);
}

static void bad_pellets(void **state)
{
    (void)state;
    static const struct {
        closo_pellet pellet;
        const char *says;
    } cases[] = {
        {{.diameter_m = {0, 0}, .thickness_m = {1e-3, 0}}, "diameter"},
        {{.diameter_m = {0.01, 0}, .thickness_m = {-1e-3, 0}}, "thickness"},
        {{.diameter_m = {NAN, 0}, .thickness_m = {1e-3, 0}}, "diameter"},
        {{.diameter_m = {0.01, 0}, .thickness_m = {1e-3, 0}, .mass_kg = {-1, 0}}, "mass"},
        {{.diameter_m = {0.01, 0},
          .thickness_m = {1e-3, 0},
          .theoretical_density_kg_per_m3 = INFINITY},
         "density"},
    };
    closo_arena *arena = closo_arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_pellet_result result;
        closo_error error = {0};
        assert_int_equal(closo_pellet_work_out(&cases[i].pellet, arena, &result, &error),
                         CLOSO_RANGE);
        assert_non_null(strstr(error.message, cases[i].says));
    }
    closo_value found;
    closo_error error = {0};
    const closo_pellet fine = {.diameter_m = {0.01, 0}, .thickness_m = {1e-3, 0}};
    assert_int_equal(closo_conductivity_from_resistance((closo_value){0, 0}, &fine, &found, &error),
                     CLOSO_RANGE);
    closo_arena_free(arena);
}

/* The equation of chapter 2 written out with its own numbers, and back. */
static void hopping_there_and_back(void **state)
{
    (void)state;
    const double n = 1.2e28, a0 = 3.1e-10, nu0 = 3e12, entropy = 4 * 1.380649e-23, energy_eV = 0.35,
                 T = 310;
    const closo_hopping hopping = {n, 1, a0, 0, nu0};
    double e = 1.602176634e-19, k = 1.380649e-23;
    double expected =
        n * e * e * a0 * a0 * nu0 / (6 * k * T) * exp(entropy / k) * exp(-energy_eV * e / (k * T));
    double given = closo_hopping_conductivity_S_per_m(&hopping, energy_eV, entropy, T);
    assert_near(given / expected, 1, 1e-12);

    /* a branch that has this pre-factor */
    closo_arrhenius_branch branch = {
        .energy_eV = {energy_eV, 0.01},
        .ln_prefactor = {log(expected * T) + energy_eV * e / (k * T), 0.3}};
    closo_arena *arena = closo_arena_new(0);
    closo_hopping_result result;
    assert_int_equal(closo_hopping_from_branch(&branch, &hopping, arena, &result, NULL), CLOSO_OK);
    assert_near(result.effective_frequency_Hz / (nu0 * exp(4)), 1, 1e-9);
    assert_near(result.migration_entropy_J_per_K.value / entropy, 1, 1e-9);
    assert_near(result.migration_entropy_J_per_K.sigma / (0.3 * k), 1, 1e-9);
    assert_int_equal(result.warnings.count, 0);
    branch.ln_prefactor.value += 25;
    assert_int_equal(closo_hopping_from_branch(&branch, &hopping, arena, &result, NULL), CLOSO_OK);
    assert_int_equal(result.warnings.count, 2);
    closo_error error = {0};
    const closo_hopping none = {0, 1, a0, 0, nu0};
    assert_int_equal(closo_hopping_from_branch(&branch, &none, arena, &result, &error),
                     CLOSO_RANGE);
    closo_arena_free(arena);

    /* For uncorrelated jumps D = a0^2 nu / 6, and Nernst and Einstein bring it back from the conductivity. */
    double jumps_Hz = nu0 * exp(4) * exp(-energy_eV * e / (k * T));
    closo_value charge =
        closo_nernst_einstein_m2_per_s((closo_value){expected, 0.1 * expected}, n, 1, T);
    assert_near(charge.value / (a0 * a0 * jumps_Hz / 6), 1, 1e-12);
    assert_near(charge.sigma / charge.value, 0.1, 1e-12);
    closo_value haven = closo_haven_ratio((closo_value){0.3 * charge.value, 0}, charge);
    assert_near(haven.value, 0.3, 1e-12);
    assert_near(haven.sigma, 0.03, 1e-12);
}

enum { SAMPLES = 8 };

/* Samples on ln A = 2 + 20 E (or, with slope 0, of one pre-factor), each measured with its own, correlated, error. */
static void draw_samples(double slope, uint64_t seed, closo_arrhenius_branch branches[SAMPLES])
{
    closo_random random;
    closo_random_seed(&random, seed);
    for (int i = 0; i < SAMPLES; i++) {
        /* as fits about 330 K have it: ln A = y + E / kT with y well known */
        const double thermal = 35, energy_sigma = 0.012, level_sigma = 0.04;
        double energy = 0.3 + 0.05 * i, ln_prefactor = 2 + slope * energy;
        double error = energy_sigma * closo_random_normal(&random);
        branches[i] = (closo_arrhenius_branch){
            .energy_eV = {energy + error, energy_sigma},
            .ln_prefactor = {ln_prefactor + thermal * error +
                                 level_sigma * closo_random_normal(&random),
                             hypot(thermal * energy_sigma, level_sigma)},
            .covariance = thermal * energy_sigma * energy_sigma};
    }
}

static void meyer_neldel_line(void **state)
{
    (void)state;
    enum { SETS = 300 };
    int held = 0, artefacts = 0;
    for (uint64_t set = 0; set < SETS; set++) {
        closo_arrhenius_branch branches[SAMPLES];
        closo_meyer_neldel found;
        draw_samples(20, 910000 + set, branches);
        assert_int_equal(closo_meyer_neldel_fit(branches, SAMPLES, &found, NULL), CLOSO_OK);
        held += fabs(found.slope_per_eV.value - 20) <= found.slope_per_eV.sigma;
        artefacts += found.may_be_artefact;
        assert_near(found.isokinetic_K.value * found.slope_per_eV.value, 1 / 8.617333262e-5, 1e-3);
    }
    print_message("slope within one sigma in %.0f %%, called an artefact in %.0f %%\n",
                  100.0 * held / SETS, 100.0 * artefacts / SETS);
    /* sigma is scaled by the scatter only upwards, which makes it a little wide */
    assert_true(held >= 0.60 * SETS && held <= 0.78 * SETS);
    assert_true(artefacts <= 0.05 * SETS);

    /* one material measured eight times: the line through the errors is the artefact */
    closo_arrhenius_branch same[SAMPLES];
    closo_meyer_neldel found;
    draw_samples(20, 77, same);
    for (int i = 0; i < SAMPLES; i++) {
        same[i].ln_prefactor.value -= 20 * 0.05 * i;
        same[i].energy_eV.value -= 0.05 * i;
    }
    assert_int_equal(closo_meyer_neldel_fit(same, SAMPLES, &found, NULL), CLOSO_OK);
    assert_true(found.may_be_artefact);
    assert_near(found.artefact_slope_per_eV, 35, 1e-9);

    closo_error error = {0};
    assert_int_equal(closo_meyer_neldel_fit(same, 2, &found, &error), CLOSO_RANGE);
    same[1].energy_eV.sigma = NAN;
    assert_int_equal(closo_meyer_neldel_fit(same, SAMPLES, &found, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "sample 2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pellets_of_chapter_7),    cmocka_unit_test(size_from_the_files),
        cmocka_unit_test(sigma_of_a_conductivity), cmocka_unit_test(bad_pellets),
        cmocka_unit_test(hopping_there_and_back),  cmocka_unit_test(meyer_neldel_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
