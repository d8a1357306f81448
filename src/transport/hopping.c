/* SPDX-License-Identifier: BSD-3-Clause */
/* hopping.c: what a pre-factor says of the jumps, and the relations of Nernst, Einstein and Haven. */
#include "transport_internal.h"

#include <math.h>

static double geometric(const closo_hopping *hopping)
{
    return hopping->geometric_factor > 0 ? hopping->geometric_factor : 1.0 / 6;
}

/* sigma T = this * effective frequency * exp(-E / kT), in S K/m per Hz */
static double factor_of(const closo_hopping *hopping)
{
    double charge_C = hopping->charge_number * CLOSO_ELEMENTARY_CHARGE_C;
    return geometric(hopping) * hopping->carrier_density_per_m3 * charge_C * charge_C *
           hopping->jump_distance_m * hopping->jump_distance_m / CLOSO_BOLTZMANN_J_per_K;
}

static void judge_frequency(const closo_hopping_result *found, const closo_hopping *hopping,
                            closo_arena *arena, closo_notes *warnings)
{
    /* Lattice vibrations of a light ion lie at 1 to 30 THz; entropies of migration seldom pass 10 k. */
    double frequency_Hz = found->effective_frequency_Hz;
    if (frequency_Hz < 1e9)
        closo_notes_add(warnings, arena,
                        "an effective attempt frequency of %.1e Hz is below any lattice vibration: "
                        "few of the ions are mobile, or grain boundaries rule",
                        frequency_Hz);
    if (frequency_Hz > 1e17)
        closo_notes_add(warnings, arena,
                        "an effective attempt frequency of %.1e Hz is above any lattice vibration: "
                        "the activation energy grows with falling temperature (a phase transition "
                        "under the line), or many ions move together",
                        frequency_Hz);
    if (hopping->attempt_frequency_Hz > 0 &&
        fabs(found->migration_entropy_J_per_K.value) > 12 * CLOSO_BOLTZMANN_J_per_K)
        closo_notes_add(warnings, arena,
                        "a migration entropy of %.1f k per ion is beyond what single jumps have",
                        found->migration_entropy_J_per_K.value / CLOSO_BOLTZMANN_J_per_K);
}

closo_status closo_hopping_from_branch(const closo_arrhenius_branch *branch,
                                       const closo_hopping *hopping, closo_arena *arena,
                                       closo_hopping_result *result, closo_error *error)
{
    const closo_value nothing = {NAN, NAN};
    *result = (closo_hopping_result){.migration_entropy_J_per_K = nothing};
    if (!(hopping->carrier_density_per_m3 > 0) || !(hopping->jump_distance_m > 0) ||
        hopping->charge_number == 0)
        return closo_fail(error, CLOSO_RANGE,
                          "hopping wants a density of ions, a jump distance and a charge number, "
                          "each larger than zero");
    double frequency = branch->ln_prefactor.value - log(factor_of(hopping));
    result->ln_effective_frequency = (closo_value){frequency, branch->ln_prefactor.sigma};
    result->effective_frequency_Hz = exp(frequency);
    if (hopping->attempt_frequency_Hz > 0)
        result->migration_entropy_J_per_K = (closo_value){
            CLOSO_BOLTZMANN_J_per_K * (frequency - log(hopping->attempt_frequency_Hz)),
            CLOSO_BOLTZMANN_J_per_K * branch->ln_prefactor.sigma};
    judge_frequency(result, hopping, arena, &result->warnings);
    return CLOSO_OK;
}

double closo_hopping_conductivity_S_per_m(const closo_hopping *hopping, double energy_eV,
                                          double entropy_J_per_K, double temperature_K)
{
    return factor_of(hopping) * hopping->attempt_frequency_Hz / temperature_K *
           exp(entropy_J_per_K / CLOSO_BOLTZMANN_J_per_K -
               energy_eV / (CLOSO_BOLTZMANN_eV_per_K * temperature_K));
}

closo_value closo_nernst_einstein_m2_per_s(closo_value conductivity_S_per_m,
                                           double carrier_density_per_m3, double charge_number,
                                           double temperature_K)
{
    double charge_C = charge_number * CLOSO_ELEMENTARY_CHARGE_C;
    double factor =
        CLOSO_BOLTZMANN_J_per_K * temperature_K / (carrier_density_per_m3 * charge_C * charge_C);
    return (closo_value){factor * conductivity_S_per_m.value, factor * conductivity_S_per_m.sigma};
}

closo_value closo_haven_ratio(closo_value tracer_m2_per_s, closo_value charge_m2_per_s)
{
    double ratio = tracer_m2_per_s.value / charge_m2_per_s.value;
    return (closo_value){ratio, fabs(ratio) * hypot(tracer_m2_per_s.sigma / tracer_m2_per_s.value,
                                                    charge_m2_per_s.sigma / charge_m2_per_s.value)};
}
