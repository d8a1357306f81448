/* SPDX-License-Identifier: BSD-3-Clause */
/* stepwise_json.c: a test of rising cut-offs as JSON. */
#include "analysis_internal.h"

#include <jansson.h>
#include <math.h>

static const double C_per_mAh = 3.6;

static const char *const keys[CLOSO_DAMAGE_MEASURES] = {
    "irreversible_share", "loss_per_cycle", "overpotential_V", "resistance_ohm", "hold_share"};

static json_t *cut_off_object(const closo_cut_off *at, bool *fine)
{
    json_t *object = json_object(), *measures = json_object();
    *fine = closo_json_number(object, "cut_off_V", at->cut_off_V) &&
            closo_json_integer(object, "first_cycle", at->first_cycle) &&
            closo_json_integer(object, "last_cycle", at->last_cycle) &&
            closo_json_number(object, "charge_mAh", at->charge_C / C_per_mAh) &&
            closo_json_number(object, "discharge_mAh", at->discharge_C / C_per_mAh) &&
            closo_json_number(object, "first_coulombic_efficiency", at->first_efficiency) &&
            closo_json_number(object, "coulombic_efficiency", at->efficiency) &&
            closo_json_number(object, "irreversible_mAh", at->irreversible_C / C_per_mAh) && *fine;
    *fine = json_object_set_new(object, "new_capacity", json_boolean(at->opens)) == 0 && *fine;
    for (size_t m = 0; m < CLOSO_DAMAGE_MEASURES; m++) {
        json_t *one = json_object();
        *fine = closo_json_value(one, "value", at->measure[m]) &&
                closo_json_value(one, "expected", at->expected[m]) &&
                closo_json_number(one, "probability_by_chance", at->probability[m]) && *fine;
        *fine = closo_cycling_add_member(measures, keys[m], one, *fine);
    }
    *fine = closo_cycling_add_member(object, "measures", measures, *fine);
    return object;
}

bool closo_cycling_stepwise_to_json(const closo_cycling *cycling, json_t *summary)
{
    const closo_stepwise *test = &cycling->analyses->stepwise;
    if (test->count == 0)
        return json_object_set_new(summary, "stepwise", json_null()) == 0;
    json_t *object = json_object(), *list = json_array(), *reasons = json_array();
    bool found = test->damage >= 0, fine = true;
    for (size_t g = 0; g < test->count; g++)
        fine = json_array_append_new(list, cut_off_object(&test->cut_offs[g], &fine)) == 0 && fine;
    for (int m = 0; m < CLOSO_DAMAGE_MEASURES; m++)
        if ((test->reasons & 1U << m) != 0)
            fine = json_array_append_new(reasons, json_string(closo_damage_measure_name(
                                                      (closo_damage_measure)m))) == 0 &&
                   fine;
    fine = closo_json_text(object, "damage", found ? "found" : "none") &&
           closo_json_number(object, "damage_cut_off_V",
                             found ? test->cut_offs[test->damage].cut_off_V : (double)NAN) &&
           closo_json_value(object, "damage_onset_V", test->onset_V) &&
           closo_json_number(object, "confidence", test->confidence) &&
           json_object_set_new(object, "within_one_charge",
                               json_boolean(test->within_one_charge)) == 0 &&
           fine;
    fine = closo_cycling_add_member(object, "reasons", reasons, fine);
    fine = closo_cycling_add_member(object, "cut_offs", list, fine);
    return closo_cycling_add_member(summary, "stepwise", object, fine);
}
