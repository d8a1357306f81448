/* SPDX-License-Identifier: BSD-3-Clause */
/* voltammetry_json.c: the room's results as JSON. Keys carry the unit; a number that is not known is null. */
#include "voltammetry_internal.h"

#include <jansson.h>

static const char *direction_name(const closo_sweep *leg)
{
    if (leg->kind == CLOSO_LEG_HOLD)
        return "hold";
    if (leg->kind == CLOSO_LEG_OTHER)
        return "other";
    return leg->direction > 0 ? "anodic" : "cathodic";
}

static json_t *sweep_json(const closo_sweep *leg, size_t index)
{
    json_t *object = json_object();
    bool fine = closo_json_integer(object, "sweep", (int64_t)index + 1) &&
                closo_json_integer(object, "cycle", leg->cycle) &&
                closo_json_text(object, "direction", direction_name(leg)) &&
                closo_json_number(object, "from_V", leg->from_V) &&
                closo_json_number(object, "to_V", leg->to_V) &&
                closo_json_number(object, "rate_V_s", leg->rate_V_per_s) &&
                closo_json_number(object, "duration_s", leg->duration_s) &&
                closo_json_number(object, "anodic_C", leg->anodic_C) &&
                closo_json_number(object, "cathodic_C", leg->cathodic_C) &&
                closo_json_integer(object, "first_row", (int64_t)leg->first_row + 1) &&
                closo_json_integer(object, "rows", (int64_t)leg->row_count);
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static bool add_cycles(json_t *list, const closo_voltammogram_summary *summary)
{
    bool fine = list != NULL;
    for (size_t i = 0; i < summary->cycle_count && fine; i++) {
        const closo_reversibility *cycle = &summary->cycles[i];
        json_t *object = json_object();
        fine = closo_json_integer(object, "cycle", cycle->cycle) &&
               closo_json_number(object, "low_V", cycle->low_V) &&
               closo_json_number(object, "high_V", cycle->high_V) &&
               closo_json_number(object, "anodic_C", cycle->anodic_C) &&
               closo_json_number(object, "cathodic_C", cycle->cathodic_C) &&
               closo_json_number(object, "reversibility", cycle->ratio);
        fine = json_array_append_new(list, object) == 0 && fine;
    }
    return fine;
}

static bool add_steps(json_t *list, const closo_voltammogram_summary *summary)
{
    bool fine = list != NULL;
    for (size_t i = 0; i < summary->step_count && fine; i++) {
        const closo_vertex_step *step = &summary->steps[i];
        json_t *object = json_object();
        closo_value passivation = {step->passivation, step->passivation_sigma};
        fine = closo_json_integer(object, "cycle", step->cycle) &&
               json_object_set_new(object, "complete", json_boolean(step->complete)) == 0 &&
               closo_json_number(object, "vertex_V", step->vertex_V) &&
               closo_json_number(object, "previous_vertex_V", step->previous_vertex_V) &&
               closo_json_number(object, "new_C", step->new_C) &&
               closo_json_number(object, "new_net_C", step->new_net_C) &&
               closo_json_number(object, "repeated_C", step->repeated_C) &&
               closo_json_number(object, "repeated_net_C", step->repeated_net_C) &&
               closo_json_value(object, "passivation", passivation) &&
               closo_json_number(object, "hold_C", step->hold_C) &&
               closo_json_number(object, "sweep_reversibility", step->sweep_reversibility);
        fine = json_array_append_new(list, object) == 0 && fine;
    }
    return fine;
}

const char *closo_voltammogram_json(const closo_voltammogram *voltammogram,
                                    const closo_voltammogram_summary *summary, closo_arena *arena)
{
    json_t *object = json_object(), *sweeps = json_array(), *cycles = json_array(),
           *steps = json_array();
    bool fine = sweeps != NULL;
    for (size_t i = 0; i < voltammogram->sweep_count && fine; i++)
        fine = json_array_append_new(sweeps, sweep_json(&voltammogram->sweeps[i], i)) == 0;
    fine = closo_json_text(object, "reference", voltammogram->reference.name) &&
           closo_json_number(object, "nominal_rate_V_s", voltammogram->nominal_rate_V_per_s) &&
           add_cycles(cycles, summary) && add_steps(steps, summary) && fine;
    fine = json_object_set_new(object, "sweeps", sweeps) == 0 && fine;
    fine = json_object_set_new(object, "cycles", cycles) == 0 && fine;
    fine = json_object_set_new(object, "steps", steps) == 0 && fine;
    fine = closo_json_notes(object, "notes", &voltammogram->notes) && fine;
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return closo_json_finish(object, arena);
}

static bool add_line(json_t *parent, const char *key, const closo_sweep_line *line)
{
    json_t *object = json_object();
    bool fine = closo_json_number(object, "from_V", line->from_V) &&
                closo_json_number(object, "to_V", line->to_V) &&
                closo_json_number(object, "slope_S", line->slope_S) &&
                closo_json_number(object, "slope_S_sigma", line->slope_sigma_S) &&
                closo_json_number(object, "intercept_A", line->intercept_A) &&
                closo_json_number(object, "r2", line->r2) &&
                closo_json_number(object, "residual_A", line->residual_A) &&
                closo_json_integer(object, "points", (int64_t)line->point_count);
    return json_object_set_new(parent, key, object) == 0 && fine;
}

static json_t *onset_json(const closo_onset *onset)
{
    json_t *object = json_object();
    bool fine =
        closo_json_value(object, "onset_V", onset->potential_V) &&
        closo_json_number(object, "onset_A", onset->current_A) &&
        add_line(object, "background", &onset->background) &&
        add_line(object, "rising", &onset->rising) &&
        json_object_set_new(object, "background_flat", json_boolean(onset->background_flat)) == 0 &&
        json_object_set_new(object, "bends_steadily", json_boolean(onset->bends_steadily)) == 0 &&
        closo_json_number(object, "support", onset->support) &&
        json_object_set_new(object, "doubtful", json_boolean(onset->doubtful)) == 0;
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *criteria_json(const closo_onset_criteria *criteria)
{
    json_t *object = json_object();
    bool fine = closo_json_number(object, "departure_sigmas", criteria->departure_sigmas) &&
                closo_json_number(object, "departure_V", criteria->departure_V) &&
                closo_json_number(object, "cutoff_A", criteria->cutoff_A) &&
                closo_json_number(object, "cutoff_V", criteria->cutoff_V) &&
                closo_json_number(object, "tangent_V", criteria->tangent_V) &&
                closo_json_number(object, "tafel_V", criteria->tafel_V) &&
                closo_json_number(object, "tafel_slope_V_decade", criteria->tafel_slope_V);
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return object;
}

const char *closo_onset_json(const closo_voltammogram *voltammogram,
                             const closo_onset_result *result, closo_arena *arena)
{
    const closo_sweep *sweep = &voltammogram->sweeps[result->sweep_index];
    json_t *object = json_object(), *onsets = json_array();
    bool fine = onsets != NULL;
    for (size_t i = 0; i < result->onset_count && fine; i++)
        fine = json_array_append_new(onsets, onset_json(&result->onsets[i])) == 0;
    fine = closo_json_text(object, "reference", voltammogram->reference.name) &&
           closo_json_number(object, "rate_V_s", sweep->rate_V_per_s) &&
           closo_json_number(object, "noise_A", result->noise_A) &&
           closo_json_integer(object, "spikes", (int64_t)result->spike_count) &&
           json_object_set_new(object, "more_onsets", json_boolean(result->more_onsets)) == 0 &&
           fine;
    fine =
        json_object_set_new(object, "sweep", sweep_json(sweep, result->sweep_index)) == 0 && fine;
    fine = json_object_set_new(object, "onsets", onsets) == 0 && fine;
    fine = json_object_set_new(object, "other_criteria", criteria_json(&result->criteria)) == 0 &&
           fine;
    fine = closo_json_notes(object, "warnings", &result->warnings) && fine;
    fine = closo_json_notes(object, "notes", &voltammogram->notes) && fine;
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return closo_json_finish(object, arena);
}
