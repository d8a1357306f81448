/* SPDX-License-Identifier: BSD-3-Clause */
/* pellet.c: what a pressed pellet's size and weight say, and the conductivity from its resistance. */
#include "transport_internal.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* The variance that is known: an unknown sigma adds nothing. */
static double relative_variance(closo_value value)
{
    double share = value.sigma / value.value;
    return isfinite(share) ? share * share : 0;
}

static closo_value with_relative(double value, double variance)
{
    return (closo_value){value, fabs(value) * sqrt(variance)};
}

static closo_status check(const closo_pellet *pellet, closo_error *error)
{
    if (!(pellet->diameter_m.value > 0) || !isfinite(pellet->diameter_m.value))
        return closo_fail(error, CLOSO_RANGE,
                          "the diameter of a pellet has to be larger than zero; it is %g mm",
                          1e3 * pellet->diameter_m.value);
    if (!(pellet->thickness_m.value > 0) || !isfinite(pellet->thickness_m.value))
        return closo_fail(error, CLOSO_RANGE,
                          "the thickness of a pellet has to be larger than zero; it is %g mm",
                          1e3 * pellet->thickness_m.value);
    if (!(pellet->mass_kg.value >= 0) || !isfinite(pellet->mass_kg.value))
        return closo_fail(error, CLOSO_RANGE, "a mass cannot be %g mg",
                          1e6 * pellet->mass_kg.value);
    if (!(pellet->theoretical_density_kg_per_m3 >= 0) ||
        !isfinite(pellet->theoretical_density_kg_per_m3))
        return closo_fail(error, CLOSO_RANGE, "a theoretical density cannot be %g g/cm3",
                          1e-3 * pellet->theoretical_density_kg_per_m3);
    return CLOSO_OK;
}

/* Pellets of hydroborates reach 0.65 to 0.95 of the crystal's density. A relative density above 1 is an error of size,
 * weight or structure; one near 4 or 1/4 of something sensible is a radius taken for a diameter, or the other way. */
static void judge_density(closo_pellet_result *result, closo_arena *arena)
{
    double relative = result->relative_density.value;
    double sigma = isfinite(result->relative_density.sigma) ? result->relative_density.sigma : 0;
    if (relative > 2 && relative / 4 <= 1.1)
        closo_notes_add(&result->warnings, arena,
                        "a relative density of %.2f cannot be; were the diameter a radius, it "
                        "would be %.2f",
                        relative, relative / 4);
    else if (relative > 1 + 2 * sigma)
        closo_notes_add(&result->warnings, arena,
                        "a relative density of %.2f cannot be: weigh and measure again, or the "
                        "theoretical density is of another phase",
                        relative);
    else if (relative < 0.3 && relative * 4 > 0.5)
        closo_notes_add(&result->warnings, arena,
                        "a relative density of %.2f is hardly a pellet; were the diameter twice "
                        "too large, it would be %.2f",
                        relative, relative * 4);
    else if (relative < 0.5)
        closo_notes_add(&result->warnings, arena,
                        "a relative density of %.2f leaves more pores than matter: the "
                        "conductivity is that of the contacts between grains",
                        relative);
}

closo_status closo_pellet_work_out(const closo_pellet *pellet, closo_arena *arena,
                                   closo_pellet_result *result, closo_error *error)
{
    const double nan = NAN;
    *result =
        (closo_pellet_result){.density_kg_per_m3 = {nan, nan}, .relative_density = {nan, nan}};
    closo_status status = check(pellet, error);
    if (status != CLOSO_OK)
        return status;
    double diameter_m = pellet->diameter_m.value, thickness_m = pellet->thickness_m.value;
    double diameter = 4 * relative_variance(pellet->diameter_m); /* it counts twice */
    double thickness = relative_variance(pellet->thickness_m);
    double area_m2 = pi / 4 * diameter_m * diameter_m;
    result->area_m2 = with_relative(area_m2, diameter);
    result->volume_m3 = with_relative(area_m2 * thickness_m, diameter + thickness);
    result->cell_constant_per_m = with_relative(thickness_m / area_m2, diameter + thickness);
    if (thickness_m > diameter_m)
        closo_notes_add(&result->warnings, arena,
                        "the pellet is thicker than wide (%g mm, %g mm); have the two been "
                        "exchanged?",
                        1e3 * thickness_m, 1e3 * diameter_m);
    if (!(pellet->mass_kg.value > 0))
        return CLOSO_OK;
    double variance = diameter + thickness + relative_variance(pellet->mass_kg);
    result->density_kg_per_m3 =
        with_relative(pellet->mass_kg.value / result->volume_m3.value, variance);
    if (!(pellet->theoretical_density_kg_per_m3 > 0))
        return CLOSO_OK;
    result->relative_density = with_relative(
        result->density_kg_per_m3.value / pellet->theoretical_density_kg_per_m3, variance);
    judge_density(result, arena);
    return CLOSO_OK;
}

/* The one number that all files tell. */
static closo_status common_number(const closo_spectrum *spectra, size_t count, bool thickness,
                                  double *number, closo_error *error)
{
    const char *what = thickness ? "thickness" : "diameter";
    double first = NAN;
    for (size_t s = 0; s < count; s++) {
        double told = thickness ? spectra[s].thickness_m : spectra[s].area_m2;
        if (!(told > 0) || !isfinite(told))
            return closo_fail(error, CLOSO_RANGE,
                              "'%.80s' does not tell the %s of the pellet; give it",
                              spectra[s].name, what);
        if (s == 0)
            first = told;
        if (fabs(told / first - 1) > 1e-3)
            return closo_fail(error, CLOSO_RANGE,
                              "'%.60s' and '%.60s' tell different sizes of the pellet; give its %s",
                              spectra[0].name, spectra[s].name, what);
    }
    *number = first;
    return CLOSO_OK;
}

closo_status closo_pellet_from_spectra(const closo_spectrum *spectra, size_t count,
                                       closo_pellet *pellet, closo_error *error)
{
    const double unknown = NAN;
    double area_m2 = NAN, thickness_m = NAN;
    closo_status status = CLOSO_OK;
    if (!(pellet->diameter_m.value > 0)) {
        status = common_number(spectra, count, false, &area_m2, error);
        pellet->diameter_m = (closo_value){2 * sqrt(area_m2 / pi), unknown};
    }
    if (status == CLOSO_OK && !(pellet->thickness_m.value > 0)) {
        status = common_number(spectra, count, true, &thickness_m, error);
        pellet->thickness_m = (closo_value){thickness_m, unknown};
    }
    return status;
}

closo_status closo_conductivity_from_resistance(closo_value resistance_ohm,
                                                const closo_pellet *pellet,
                                                closo_value *conductivity_S_per_m,
                                                closo_error *error)
{
    closo_status status = check(pellet, error);
    if (status != CLOSO_OK)
        return status;
    if (!(resistance_ohm.value > 0) || !isfinite(resistance_ohm.value))
        return closo_fail(error, CLOSO_RANGE,
                          "a conductivity wants a resistance larger than zero, not %g ohm",
                          resistance_ohm.value);
    double diameter_m = pellet->diameter_m.value;
    *conductivity_S_per_m = with_relative(
        pellet->thickness_m.value / (pi / 4 * diameter_m * diameter_m * resistance_ohm.value),
        4 * relative_variance(pellet->diameter_m) + relative_variance(pellet->thickness_m) +
            relative_variance(resistance_ohm));
    return CLOSO_OK;
}
