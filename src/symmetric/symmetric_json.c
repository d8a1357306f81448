/* SPDX-License-Identifier: BSD-3-Clause */
/* symmetric_json.c: half cycles, events, levels and the critical current as JSON, and the table of half cycles as CSV, in the
 * units people use. A number that is not known is null, or empty. */
#include "symmetric_internal.h"

#include "closo/instrument.h"

#include <jansson.h>
#include <math.h>

static const double C_per_mAh = 3.6, s_per_h = 3600;

/* A/m2 -> mA/cm2 and C/m2 -> mAh/cm2 */
static double density_mA_cm2(const closo_symmetric *symmetric, double current_A)
{
    return symmetric->area_m2 > 0 ? 0.1 * current_A / symmetric->area_m2 : (double)NAN;
}

static double areal_mAh_cm2(const closo_symmetric *symmetric, double charge_C)
{
    return symmetric->area_m2 > 0 ? 1e-4 * charge_C / C_per_mAh / symmetric->area_m2 : (double)NAN;
}

/* ---- columns that JSON and CSV share ---- */

typedef struct column {
    const char *key;
    double (*value)(const closo_symmetric *symmetric, const closo_symmetric_half *half);
} column;

#define COLUMN(name, expression)                                                           \
    static double name(const closo_symmetric *symmetric, const closo_symmetric_half *half) \
    {                                                                                      \
        (void)symmetric;                                                                   \
        return expression;                                                                 \
    }

COLUMN(half_cycle, (double)half->half_cycle)
COLUMN(direction, half->direction)
COLUMN(start_h, half->start_s / s_per_h)
COLUMN(end_h, half->end_s / s_per_h)
COLUMN(current_mA, 1e3 * half->current_A)
COLUMN(current_density_mA_cm2, density_mA_cm2(symmetric, half->current_A))
COLUMN(charge_mAh, half->charge_C / C_per_mAh)
COLUMN(charge_mAh_cm2, areal_mAh_cm2(symmetric, half->charge_C))
COLUMN(overpotential_start_mV, 1e3 * half->start_V)
COLUMN(overpotential_middle_mV, 1e3 * half->middle_V)
COLUMN(overpotential_end_mV, 1e3 * half->end_V)
COLUMN(overpotential_mean_mV, 1e3 * half->mean_V)
COLUMN(overpotential_peak_mV, 1e3 * half->peak_V)
COLUMN(overpotential_minimum_mV, 1e3 * half->minimum_V)
COLUMN(noise_mV, 1e3 * half->noise_V)
COLUMN(resistance_ohm, half->mean_V / half->current_A)
COLUMN(resistance_ohm_cm2, symmetric->area_m2 > 0
                               ? 1e4 * symmetric->area_m2 * half->mean_V / half->current_A
                               : (double)NAN)
COLUMN(step_resistance_ohm, half->ohmic_ohm)
COLUMN(step_resistance_delay_s, half->ohmic_delay_s)
COLUMN(initial_peak, half->arc_start ? 1 : 0)
COLUMN(end_rise, half->arc_end ? 1 : 0)
COLUMN(broken, half->broken ? 1 : 0)

#define ENTRY(name) \
    {               \
#name, name \
    }
static const column columns[] = {
    ENTRY(half_cycle),
    ENTRY(direction),
    ENTRY(start_h),
    ENTRY(end_h),
    ENTRY(current_mA),
    ENTRY(current_density_mA_cm2),
    ENTRY(charge_mAh),
    ENTRY(charge_mAh_cm2),
    ENTRY(overpotential_start_mV),
    ENTRY(overpotential_middle_mV),
    ENTRY(overpotential_end_mV),
    ENTRY(overpotential_mean_mV),
    ENTRY(overpotential_peak_mV),
    ENTRY(overpotential_minimum_mV),
    ENTRY(noise_mV),
    ENTRY(resistance_ohm),
    ENTRY(resistance_ohm_cm2),
    ENTRY(step_resistance_ohm),
    ENTRY(step_resistance_delay_s),
    ENTRY(initial_peak),
    ENTRY(end_rise),
    ENTRY(broken),
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* ---- JSON ---- */

static bool put_flag(json_t *object, const char *key, bool value)
{
    return json_object_set_new(object, key, json_boolean(value)) == 0;
}

static closo_value scaled(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * factor};
}

static json_t *halves_json(const closo_symmetric *symmetric)
{
    enum { FLAGS = 3 }; /* the last columns are yes or no */
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; i < symmetric->half_count && fine; i++) {
        json_t *object = json_object();
        for (size_t k = 0; k < COLUMNS; k++) {
            double value = columns[k].value(symmetric, &symmetric->halves[i]);
            fine = (k + FLAGS >= COLUMNS ? put_flag(object, columns[k].key, value > 0)
                                         : closo_json_number(object, columns[k].key, value)) &&
                   fine;
        }
        fine = json_array_append_new(list, object) == 0 && fine;
    }
    return list;
}

static json_t *events_json(const closo_symmetric *symmetric)
{
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; i < symmetric->event_count && fine; i++) {
        const closo_symmetric_event *event = &symmetric->events[i];
        json_t *object = json_object();
        fine = closo_json_text(object, "kind", closo_event_kind_name(event->kind)) &&
               closo_json_integer(object, "half_cycle",
                                  (int64_t)symmetric->halves[event->half].half_cycle) &&
               closo_json_integer(object, "row", (int64_t)event->file_row) &&
               closo_json_number(object, "time_h", event->time_s / s_per_h) &&
               closo_json_number(object, "charge_mAh", event->charge_C / C_per_mAh) &&
               closo_json_number(object, "charge_mAh_cm2",
                                 areal_mAh_cm2(symmetric, event->charge_C)) &&
               closo_json_number(object, "current_mA", 1e3 * event->current_A) &&
               closo_json_number(object, "current_density_mA_cm2",
                                 density_mA_cm2(symmetric, event->current_A)) &&
               closo_json_number(object, "before_mV", 1e3 * event->before_V) &&
               closo_json_number(object, "after_mV", 1e3 * event->after_V) &&
               closo_json_number(object, "recovered_after_h", event->recovered_s / s_per_h);
        fine = json_array_append_new(list, object) == 0 && fine;
    }
    return list;
}

static json_t *levels_json(const closo_symmetric *symmetric)
{
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; i < symmetric->level_count && fine; i++) {
        const closo_symmetric_level *level = &symmetric->levels[i];
        double per_ohm_cm2 = 1e4 * symmetric->area_m2 / level->current_A;
        json_t *object = json_object();
        fine = closo_json_number(object, "current_mA", 1e3 * level->current_A) &&
               closo_json_number(object, "current_density_mA_cm2",
                                 density_mA_cm2(symmetric, level->current_A)) &&
               closo_json_integer(object, "half_cycles", (int64_t)level->half_count) &&
               closo_json_number(object, "from_h", level->from_s / s_per_h) &&
               closo_json_number(object, "to_h", level->to_s / s_per_h) &&
               closo_json_value(object, "overpotential_mV", scaled(level->mean_V, 1e3)) &&
               closo_json_value(object, "overpotential_first_mV", scaled(level->first_V, 1e3)) &&
               closo_json_value(object, "overpotential_last_mV", scaled(level->last_V, 1e3)) &&
               closo_json_value(object, "change_mV_per_100_h",
                                scaled(level->slope_V_per_s, 1e3 * 100 * s_per_h)) &&
               closo_json_value(object, "asymmetry_mV", scaled(level->asymmetry_V, 1e3)) &&
               closo_json_value(
                   object, "resistance_ohm_cm2",
                   scaled(level->mean_V, symmetric->area_m2 > 0 ? per_ohm_cm2 : (double)NAN)) &&
               closo_json_number(object, "neighbour_correlation", level->correlation) &&
               put_flag(object, "bent", level->bent);
        fine = json_array_append_new(list, object) == 0 && fine;
    }
    return list;
}

static json_t *critical_json(const closo_symmetric *symmetric,
                             const closo_critical_current *critical)
{
    json_t *object = json_object();
    bool fine = put_flag(object, "reached", critical->reached) &&
                put_flag(object, "stepped", critical->stepped) &&
                closo_json_number(object, "last_survived_mA", 1e3 * critical->last_A) &&
                closo_json_number(object, "failed_mA", 1e3 * critical->failed_A) &&
                closo_json_value(object, "middle_mA", scaled(critical->middle_A, 1e3));
    double factor = density_mA_cm2(symmetric, 1);
    fine = fine && closo_json_number(object, "last_survived_mA_cm2", factor * critical->last_A) &&
           closo_json_number(object, "failed_mA_cm2", factor * critical->failed_A) &&
           closo_json_value(object, "middle_mA_cm2", scaled(critical->middle_A, factor));
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

const char *closo_symmetric_json(const closo_symmetric *symmetric, closo_arena *arena)
{
    json_t *object = json_object();
    const struct {
        const char *key;
        json_t *value;
    } members[] = {{"half_cycles", halves_json(symmetric)},
                   {"events", events_json(symmetric)},
                   {"levels", levels_json(symmetric)},
                   {"critical_current", critical_json(symmetric, &symmetric->critical)},
                   {"critical_current_first_event", critical_json(symmetric, &symmetric->soft)}};
    bool fine = true;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        fine = json_object_set_new(object, members[i].key, members[i].value) == 0 && fine;
    const closo_symmetric_level *level =
        symmetric->level_count != 0 ? &symmetric->levels[symmetric->main_level] : NULL;
    fine = closo_json_integer(object, "main_level",
                              level != NULL ? (int64_t)symmetric->main_level : -1) &&
           closo_json_number(object, "total_charge_mAh", symmetric->total_C / C_per_mAh) &&
           closo_json_number(object, "total_charge_mAh_cm2",
                             areal_mAh_cm2(symmetric, symmetric->total_C)) &&
           closo_json_number(object, "offset_mV", 1e3 * symmetric->offset_V) &&
           closo_json_number(object, "area_cm2",
                             symmetric->area_m2 > 0 ? 1e4 * symmetric->area_m2 : (double)NAN) &&
           closo_json_number(object, "short_share", symmetric->short_share) &&
           closo_json_number(object, "soft_share", symmetric->soft_share) &&
           closo_json_text(object, "rule", symmetric->rule) &&
           closo_json_notes(object, "notes", &symmetric->notes) && fine;
    if (fine)
        return closo_json_finish(object, arena);
    json_decref(object);
    return NULL;
}

/* ---- CSV ---- */

closo_status closo_symmetric_write_csv(const closo_symmetric *symmetric, const char *path,
                                       closo_arena *arena, closo_error *error)
{
    closo_table *table = closo_table_new(arena, path);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->row_count = symmetric->half_count;
    for (size_t k = 0; k < COLUMNS; k++) {
        double *values = closo_arena_alloc(arena, symmetric->half_count, sizeof *values);
        if (values == NULL)
            return closo_fail_nomem(error);
        for (size_t i = 0; i < symmetric->half_count; i++)
            values[i] = columns[k].value(symmetric, &symmetric->halves[i]);
        if (closo_table_add_values(table, columns[k].key, "", CLOSO_QUANTITY_OTHER, values) == NULL)
            return closo_fail_nomem(error);
    }
    return closo_table_write_csv(table, path, arena, error);
}
