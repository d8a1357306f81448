/* SPDX-License-Identifier: BSD-3-Clause */
/* motion_json.c: relaxation, narrowing and EISF as JSON. */
#include "transport_internal.h"

#include <jansson.h>
#include <math.h>

static bool add_rates(json_t *object, const closo_relaxation_result *result)
{
    json_t *fits = json_array();
    const double rate = exp(result->ln_jump_rate.value);
    bool fine =
        closo_json_text(object, "model", closo_spectral_density_name(result->chosen)) &&
        json_object_set_new(object, "maximum_seen", json_boolean(result->maximum_seen)) == 0 &&
        closo_json_number(object, "at_K", result->at_K) &&
        closo_json_value(object, "jump_rate_per_s",
                         (closo_value){rate, rate * result->ln_jump_rate.sigma});
    for (int d = 0; d < CLOSO_DENSITY_COUNT; d++) {
        const closo_relaxation_fit *fit = &result->fits[d];
        json_t *one = json_object();
        fine =
            closo_json_text(one, "model", closo_spectral_density_name((closo_spectral_density)d)) &&
            closo_json_value(one, "energy_eV", fit->energy_eV) &&
            closo_json_value(one, "ln_tau0_s", fit->ln_tau0) &&
            closo_json_value(one, "ln_coupling_per_s2", fit->ln_coupling) &&
            closo_json_value(one, "exponent", fit->exponent) &&
            closo_json_number(one, "bic", fit->bic) &&
            closo_json_number(one, "residual_rms", fit->residual_rms) && fine;
        fine = json_array_append_new(fits, one) == 0 && fine;
    }
    fine = json_object_set_new(object, "fits", fits) == 0 && fine;
    return fine && closo_json_notes(object, "warnings", &result->warnings);
}

static bool add_narrowing(json_t *object, const closo_narrowing *found)
{
    return closo_json_value(object, "energy_eV", found->energy_eV) &&
           closo_json_value(object, "rigid_Hz", found->rigid_Hz) &&
           closo_json_value(object, "narrow_Hz", found->narrow_Hz) &&
           closo_json_value(object, "ln_seed_Hz", found->ln_seed) &&
           closo_json_value(object, "half_K", found->half_K) &&
           closo_json_number(object, "waugh_fedin_eV", found->waugh_fedin_eV) &&
           closo_json_number(object, "residual_rms_Hz", found->residual_rms_Hz) &&
           closo_json_notes(object, "warnings", &found->warnings);
}

static bool add_eisf(json_t *object, const closo_eisf_result *found)
{
    json_t *fits = json_array();
    bool fine = closo_json_text(object, "model", closo_rotation_name(found->chosen)) &&
                closo_json_value(object, "mobile", found->mobile[found->chosen]);
    for (int r = 0; r < CLOSO_ROTATION_COUNT; r++) {
        json_t *one = json_object();
        fine = closo_json_text(one, "model", closo_rotation_name((closo_rotation)r)) &&
               closo_json_value(one, "mobile", found->mobile[r]) &&
               closo_json_number(one, "chi2", found->chi2[r]) &&
               closo_json_number(one, "bic", found->bic[r]) && fine;
        fine = json_array_append_new(fits, one) == 0 && fine;
    }
    fine = json_object_set_new(object, "fits", fits) == 0 && fine;
    return fine && closo_json_notes(object, "warnings", &found->warnings);
}

const char *closo_motion_json(const closo_motion *motion, closo_arena *arena)
{
    static const char *const kinds[] = {"relaxation", "narrowing", "eisf"};
    json_t *object = json_object();
    bool fine = closo_json_text(object, "kind", kinds[motion->kind]) &&
                closo_json_integer(object, "points", (int64_t)motion->count) &&
                closo_json_text(object, "column", motion->column) &&
                (motion->sigma_column == NULL ||
                 closo_json_text(object, "sigma_column", motion->sigma_column)) &&
                closo_json_notes(object, "notes", &motion->notes);
    if (fine && motion->kind == CLOSO_MOTION_RATES)
        fine = add_rates(object, &motion->rates);
    if (fine && motion->kind == CLOSO_MOTION_NARROWING)
        fine = add_narrowing(object, &motion->narrowing);
    if (fine && motion->kind == CLOSO_MOTION_EISF)
        fine = add_eisf(object, &motion->eisf);
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return closo_json_finish(object, arena);
}
