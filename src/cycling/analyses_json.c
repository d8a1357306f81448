/* SPDX-License-Identifier: BSD-3-Clause */
/* analyses_json.c: the analyses over cycles as members of the summary. */
#include "analysis_internal.h"

#include <jansson.h>
#include <math.h>

static const double C_per_mAh = 3.6;

static closo_value scaled(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * factor};
}

static double per_gram(const closo_cycling *cycling, double charge_C)
{
    return cycling->mass_kg > 0 ? charge_C / 3600 / cycling->mass_kg : (double)NAN;
}

bool closo_cycling_add_member(json_t *object, const char *key, json_t *member, bool fine)
{
    return json_object_set_new(object, key, member) == 0 && fine;
}

/* ---- knee ---- */

static bool add_knee(const closo_cycling_analyses *analyses, json_t *summary)
{
    static const char *const kinds[] = {"none", "faster", "slower"};
    static const char *const keys[] = {"line", "square_root", "parabola", "two_lines"};
    const closo_knee *knee = &analyses->knee;
    if (!analyses->has_knee)
        return json_object_set_new(summary, "knee", json_null()) == 0;
    json_t *object = json_object(), *laws = json_object();
    bool fine = closo_json_text(object, "kind", kinds[knee->kind]) &&
                closo_json_text(object, "law", closo_fade_law_name(knee->law)) &&
                closo_json_value(object, "cycle", knee->cycle) &&
                closo_json_value(object, "retention", knee->retention) &&
                closo_json_value(object, "before_per_cycle", knee->before_per_cycle) &&
                closo_json_value(object, "after_per_cycle", knee->after_per_cycle) &&
                closo_json_number(object, "residual_correlation", knee->correlation) &&
                closo_json_number(object, "sigma_factor", knee->sigma_factor) &&
                closo_json_integer(object, "cycles_fitted", (int64_t)knee->count);
    for (size_t k = 0; k < CLOSO_FADE_LAW_COUNT; k++) {
        json_t *law = json_object();
        fine = closo_json_number(law, "rms", knee->fits[k].rms) &&
               closo_json_number(law, "aicc", knee->fits[k].aicc) &&
               closo_json_number(law, "bic", knee->fits[k].bic) && fine;
        fine = closo_cycling_add_member(laws, keys[k], law, fine);
    }
    fine = closo_cycling_add_member(object, "laws", laws, fine);
    return closo_cycling_add_member(summary, "knee", object, fine);
}

/* ---- rate test ---- */

static bool add_flags(json_t *object, unsigned flags)
{
    static const struct {
        unsigned flag;
        const char *word;
    } words[] = {{CLOSO_RATE_FEW_CYCLES, "one cycle only"},
                 {CLOSO_RATE_DRIFTING, "capacity still drifting"},
                 {CLOSO_RATE_HELD, "charged in part at constant potential"},
                 {CLOSO_RATE_STARVED, "less than a fifth of the first capacity"}};
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if ((flags & words[i].flag) != 0)
            fine = json_array_append_new(list, json_string(words[i].word)) == 0 && fine;
    return closo_cycling_add_member(object, "flags", list, fine);
}

static json_t *rate_group(const closo_cycling *cycling, const closo_rate_group *group, bool *fine)
{
    json_t *object = json_object();
    double gram = per_gram(cycling, 1);
    *fine = closo_json_integer(object, "first_cycle", group->first_cycle) &&
            closo_json_integer(object, "last_cycle", group->last_cycle) &&
            closo_json_integer(object, "cycles", (int64_t)group->cycle_count) &&
            closo_json_integer(object, "cycles_averaged", (int64_t)group->averaged) &&
            closo_json_number(object, "charge_current_mA", 1e3 * group->charge_A) &&
            closo_json_number(object, "discharge_current_mA", 1e3 * group->discharge_A) &&
            closo_json_number(object, "charge_rate_C", group->charge_rate_per_h) &&
            closo_json_number(object, "discharge_rate_C", group->discharge_rate_per_h) &&
            closo_json_value(object, "capacity_mAh", scaled(group->capacity_C, 1 / C_per_mAh)) &&
            closo_json_value(object, "capacity_mAh_g", scaled(group->capacity_C, gram)) &&
            closo_json_number(object, "spread_mAh", group->spread_C / C_per_mAh) &&
            closo_json_number(object, "first_mAh", group->first_C / C_per_mAh) &&
            closo_json_number(object, "last_mAh", group->last_C / C_per_mAh) &&
            closo_json_value(object, "mAh_per_cycle", scaled(group->per_cycle_C, 1 / C_per_mAh)) &&
            closo_json_number(object, "coulombic_efficiency", group->coulombic_efficiency) &&
            closo_json_number(object, "share_of_first", group->share) &&
            closo_json_value(object, "recovery", group->recovery) && *fine;
    if (group->same_as >= 0)
        *fine = closo_json_integer(object, "same_rate_as_group", group->same_as + 1) && *fine;
    *fine = add_flags(object, group->flags) && *fine;
    return object;
}

static bool add_rate_test(const closo_cycling *cycling, json_t *summary)
{
    const closo_rate_test *test = &cycling->analyses->rate_test;
    json_t *object = json_object(), *groups = json_array();
    bool fine = true;
    for (size_t g = 0; g < test->group_count; g++)
        fine = json_array_append_new(groups, rate_group(cycling, &test->groups[g], &fine)) == 0 &&
               fine;
    fine = closo_json_integer(object, "rates", (int64_t)test->rate_count) &&
           closo_json_integer(object, "return_group", test->return_group + 1) &&
           closo_json_value(object, "recovery", test->recovery) && fine;
    fine = closo_cycling_add_member(object, "groups", groups, fine);
    return closo_cycling_add_member(summary, "rate_test", object, fine);
}

/* ---- formation, resistance, rests ---- */

static bool add_formation(const closo_cycling *cycling, json_t *summary)
{
    const closo_formation *formation = &cycling->analyses->formation;
    json_t *object = json_object();
    bool fine =
        closo_json_integer(object, "cycles", (int64_t)formation->cycle_count) &&
        closo_json_integer(object, "first_cycle", formation->first_cycle) &&
        closo_json_integer(object, "last_cycle", formation->last_cycle) &&
        closo_json_text(object, "chosen_by",
                        formation->given ? "the caller" : "the first rise of the current") &&
        closo_json_number(object, "irreversible_mAh", formation->irreversible_C / C_per_mAh) &&
        closo_json_number(object, "irreversible_mAh_g",
                          per_gram(cycling, formation->irreversible_C)) &&
        closo_json_number(object, "irreversible_share", formation->irreversible_share) &&
        closo_json_number(object, "first_coulombic_efficiency", formation->first_efficiency) &&
        closo_json_number(object, "next_coulombic_efficiency", formation->next_efficiency);
    return closo_cycling_add_member(summary, "formation", object, fine);
}

static bool add_resistance(const closo_cycling *cycling, json_t *summary)
{
    static const char *const keys[] = {"charge", "discharge"};
    json_t *object = json_object();
    double cm2 = cycling->area_m2 > 0 ? cycling->area_m2 * 1e4 : (double)NAN;
    bool fine = object != NULL;
    for (size_t k = 0; k < 2; k++) {
        const closo_resistance_trend *trend = &cycling->analyses->resistance[k];
        json_t *one = json_object();
        fine = closo_json_integer(one, "steps", (int64_t)trend->count) &&
               closo_json_integer(one, "first_cycle", trend->first_cycle) &&
               closo_json_integer(one, "last_cycle", trend->last_cycle) &&
               closo_json_number(one, "delay_s", trend->delay_s) &&
               closo_json_value(one, "start_ohm", trend->start_ohm) &&
               closo_json_value(one, "start_ohm_cm2", scaled(trend->start_ohm, cm2)) &&
               closo_json_value(one, "ohm_per_cycle", trend->ohm_per_cycle) &&
               closo_json_value(one, "ohm_cm2_per_cycle", scaled(trend->ohm_per_cycle, cm2)) &&
               fine;
        fine = closo_cycling_add_member(object, keys[k], one, fine);
    }
    return closo_cycling_add_member(summary, "resistance", object, fine);
}

static bool add_relaxations(const closo_cycling_analyses *analyses, json_t *summary)
{
    static const char *const laws[] = {"none", "exponential", "square root"};
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; i < analyses->relaxation_count && fine; i++) {
        const closo_relaxation *rest = &analyses->relaxations[i];
        bool root = rest->law == CLOSO_RELAXATION_SQUARE_ROOT;
        json_t *object = json_object();
        fine =
            closo_json_integer(object, "cycle", rest->cycle) &&
            closo_json_text(object, "after", rest->direction > 0 ? "charge" : "discharge") &&
            closo_json_text(object, "law", laws[rest->law]) &&
            closo_json_number(object, "step_V", rest->step_V) &&
            closo_json_number(object, "step_resistance_ohm", rest->resistance_ohm) &&
            closo_json_number(object, "step_delay_s", rest->step_delay_s) &&
            closo_json_number(object, "from_V", rest->from_V) &&
            closo_json_number(object, "to_V", rest->to_V) &&
            closo_json_number(object, "duration_s", rest->duration_s) &&
            closo_json_value(object, "end_V", rest->end_V) &&
            closo_json_value(object, root ? "amplitude_V_s_0_5" : "amplitude_V", rest->amplitude) &&
            closo_json_value(object, "time_constant_s", rest->time_constant_s) &&
            closo_json_number(object, "rms_V", rest->rms_V) &&
            closo_json_integer(object, "rows", (int64_t)rest->row_count);
        fine = json_array_append_new(list, object) == 0 && fine;
    }
    return closo_cycling_add_member(summary, "relaxation", list, fine);
}

bool closo_cycling_analyses_to_json(const closo_cycling *cycling, json_t *summary)
{
    const closo_cycling_analyses *analyses = cycling->analyses;
    return add_knee(analyses, summary) && add_rate_test(cycling, summary) &&
           add_formation(cycling, summary) && add_resistance(cycling, summary) &&
           add_relaxations(analyses, summary) &&
           closo_cycling_differentials_to_json(cycling, summary) &&
           closo_cycling_stepwise_to_json(cycling, summary) &&
           closo_json_notes(summary, "notes", &analyses->notes);
}
