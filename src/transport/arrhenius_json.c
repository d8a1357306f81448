/* SPDX-License-Identifier: BSD-3-Clause */
/* arrhenius_json.c: the result as JSON. */
#include "transport_internal.h"

#include <math.h>

static json_t *branch_json(const closo_arrhenius_branch *branch)
{
    json_t *object = json_object();
    bool fine = closo_json_value(object, "energy_eV", branch->energy_eV) &&
                closo_json_value(object, "ln_prefactor_S_K_m", branch->ln_prefactor) &&
                closo_json_number(object, "covariance", branch->covariance) &&
                closo_json_number(object, "from_K", branch->from_K) &&
                closo_json_number(object, "to_K", branch->to_K) &&
                closo_json_integer(object, "points", (int64_t)branch->point_count);
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *fit_json(const closo_arrhenius_fit *fit)
{
    json_t *object = json_object(), *branches = json_array();
    bool fine = closo_json_text(object, "model", closo_arrhenius_name(fit->model)) &&
                closo_json_integer(object, "parameters", (int64_t)fit->parameter_count) &&
                json_object_set_new(object, "fitted", json_boolean(fit->fitted)) == 0 &&
                closo_json_number(object, "chi2", fit->chi2) &&
                closo_json_number(object, "residual_rms", fit->residual_rms) &&
                closo_json_number(object, "bic", fit->bic) &&
                closo_json_number(object, "aicc", fit->aicc);
    for (size_t b = 0; b < fit->branch_count && fine; b++)
        fine = json_array_append_new(branches, branch_json(&fit->branches[b])) == 0;
    fine = json_object_set_new(object, "branches", branches) == 0 && fine;
    if (isfinite(fit->transition_K.value))
        fine = fine && closo_json_value(object, "transition_K", fit->transition_K);
    if (fit->model == CLOSO_ARRHENIUS_JUMP)
        fine = fine && closo_json_number(object, "gap_from_K", fit->gap_from_K) &&
               closo_json_number(object, "gap_to_K", fit->gap_to_K) &&
               closo_json_value(object, "step_ln", fit->step);
    if (fit->model == CLOSO_ARRHENIUS_VTF)
        fine = fine && closo_json_value(object, "vtf_energy_eV", fit->vtf_energy_eV) &&
               closo_json_value(object, "vtf_T0_K", fit->vtf_T0_K) &&
               closo_json_value(object, "vtf_ln_prefactor_S_K_m", fit->vtf_ln_prefactor);
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *points_json(const closo_arrhenius_data *data, const closo_arrhenius_fit *fit)
{
    json_t *array = json_array();
    for (size_t i = 0; i < data->count; i++) {
        double T_K = data->temperature_K[i], value = data->conductivity_S_per_m[i];
        json_t *object = json_object();
        bool fine = closo_json_number(object, "T_K", T_K) &&
                    closo_json_number(object, "conductivity_S_cm", 1e-2 * value) &&
                    closo_json_number(object, "fit_S_cm",
                                      1e-2 * exp(closo_arrhenius_predict(fit, T_K)) / T_K) &&
                    (data->conductivity_sigma_S_per_m == NULL ||
                     closo_json_number(object, "conductivity_S_cm_sigma",
                                       1e-2 * data->conductivity_sigma_S_per_m[i]));
        if (json_array_append_new(array, object) != 0 || !fine) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

json_t *arrhenius_object(const closo_arrhenius_data *data, const closo_arrhenius_result *result)
{
    const closo_arrhenius_fit *chosen = &result->fits[result->chosen];
    const closo_value conductivity = {1e-2 * result->conductivity_S_per_m.value,
                                      1e-2 * result->conductivity_S_per_m.sigma};
    json_t *object = json_object(), *fits = json_array();
    bool fine =
        closo_json_text(object, "model", closo_arrhenius_name(result->chosen)) &&
        closo_json_text(object, "reason", result->reason) &&
        closo_json_number(object, "false_alarm", result->false_alarm) &&
        closo_json_number(object, "at_K", result->at_K) &&
        closo_json_value(object, "conductivity_S_cm", conductivity) &&
        json_object_set_new(object, "extrapolated", json_boolean(result->extrapolated)) == 0;
    fine = json_object_set_new(object, "chosen", fit_json(chosen)) == 0 && fine;
    for (int i = 0; i < CLOSO_ARRHENIUS_COUNT && fine; i++)
        fine = json_array_append_new(fits, fit_json(&result->fits[i])) == 0;
    fine = json_object_set_new(object, "fits", fits) == 0 && fine;
    fine = json_object_set_new(object, "points", points_json(data, chosen)) == 0 && fine;
    fine = fine && closo_json_notes(object, "warnings", &result->warnings);
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return object;
}

const char *closo_arrhenius_json(const closo_arrhenius_data *data,
                                 const closo_arrhenius_result *result, closo_arena *arena)
{
    json_t *object = arrhenius_object(data, result);
    return object != NULL ? closo_json_finish(object, arena) : NULL;
}
