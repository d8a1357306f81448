/* SPDX-License-Identifier: BSD-3-Clause */
/* cycling_json.c: cycles as JSON and as CSV, in the units people use. A number that is not known is null, or empty. */
#include "analysis_internal.h"
#include "cycling_internal.h"

#include <jansson.h>
#include <math.h>

static const double C_per_mAh = 3.6, J_per_mWh = 3.6;

/* ---- columns that JSON and CSV share ---- */

typedef struct column {
    const char *key;
    double (*value)(const closo_cycling *cycling, const closo_cycle *cycle);
} column;

static const closo_half_cycle *half_of(const closo_cycling *cycling, size_t index)
{
    return index == SIZE_MAX ? NULL : &cycling->half_cycles[index];
}

static double per(double value, double amount)
{
    return amount > 0 ? value / amount : (double)NAN;
}

#define COLUMN(name, expression)                                                     \
    static double name(const closo_cycling *cycling, const closo_cycle *cycle)       \
    {                                                                                \
        const closo_half_cycle *charge = half_of(cycling, cycle->charge_half);       \
        const closo_half_cycle *discharge = half_of(cycling, cycle->discharge_half); \
        (void)charge;                                                                \
        (void)discharge;                                                             \
        return expression;                                                           \
    }
#define OF(half, member) ((half) != NULL ? (half)->member : (double)NAN)

COLUMN(charge_mAh, cycle->charge_C / C_per_mAh)
COLUMN(discharge_mAh, cycle->discharge_C / C_per_mAh)
/* 1 C/kg = 1/3600 mAh/g; 1 C/m2 = 1/36000 mAh/cm2 */
COLUMN(charge_mAh_g, per(cycle->charge_C / 3600, cycling->mass_kg))
COLUMN(discharge_mAh_g, per(cycle->discharge_C / 3600, cycling->mass_kg))
COLUMN(charge_mAh_cm2, per(cycle->charge_C / 36000, cycling->area_m2))
COLUMN(discharge_mAh_cm2, per(cycle->discharge_C / 36000, cycling->area_m2))
COLUMN(charge_instrument_mAh, OF(charge, instrument_C) / C_per_mAh)
COLUMN(discharge_instrument_mAh, OF(discharge, instrument_C) / C_per_mAh)
COLUMN(charge_integral_mAh, OF(charge, integral_C) / C_per_mAh)
COLUMN(discharge_integral_mAh, OF(discharge, integral_C) / C_per_mAh)
COLUMN(charge_mWh, cycle->charge_J / J_per_mWh)
COLUMN(discharge_mWh, cycle->discharge_J / J_per_mWh)
COLUMN(coulombic_efficiency, cycle->coulombic_efficiency)
COLUMN(energy_efficiency, cycle->energy_efficiency)
COLUMN(voltage_efficiency, cycle->voltage_efficiency)
COLUMN(mean_charge_V, cycle->mean_charge_V)
COLUMN(mean_discharge_V, cycle->mean_discharge_V)
COLUMN(hysteresis_V, cycle->hysteresis_V)
COLUMN(rate_C,
       cycling->role == CLOSO_ROLE_ANODE ? cycle->charge_rate_per_h : cycle->discharge_rate_per_h)
COLUMN(charge_rate_C, cycle->charge_rate_per_h)
COLUMN(discharge_rate_C, cycle->discharge_rate_per_h)
COLUMN(charge_current_mA, 1e3 * OF(charge, rate_A))
COLUMN(discharge_current_mA, 1e3 * OF(discharge, rate_A))
COLUMN(charge_hold_share, per(OF(charge, hold_C), cycle->charge_C))
COLUMN(discharge_hold_share, per(OF(discharge, hold_C), cycle->discharge_C))
COLUMN(charge_resistance_ohm, OF(charge, resistance_ohm))
COLUMN(charge_resistance_delay_s, OF(charge, resistance_delay_s))
COLUMN(discharge_resistance_ohm, OF(discharge, resistance_ohm))
COLUMN(discharge_resistance_delay_s, OF(discharge, resistance_delay_s))
COLUMN(charge_relaxation_V, OF(charge, relaxation_V))
COLUMN(charge_rest_end_V, OF(charge, rest_end_V))
COLUMN(charge_rest_drift_V_h, 3600 * OF(charge, rest_drift_V_per_s))
COLUMN(discharge_relaxation_V, OF(discharge, relaxation_V))
COLUMN(discharge_rest_end_V, OF(discharge, rest_end_V))
COLUMN(discharge_rest_drift_V_h, 3600 * OF(discharge, rest_drift_V_per_s))

#define ENTRY(name) \
    {               \
#name, name \
    }
static const column columns[] = {
    ENTRY(charge_mAh),
    ENTRY(discharge_mAh),
    ENTRY(charge_mAh_g),
    ENTRY(discharge_mAh_g),
    ENTRY(charge_mAh_cm2),
    ENTRY(discharge_mAh_cm2),
    ENTRY(charge_instrument_mAh),
    ENTRY(discharge_instrument_mAh),
    ENTRY(charge_integral_mAh),
    ENTRY(discharge_integral_mAh),
    ENTRY(charge_mWh),
    ENTRY(discharge_mWh),
    ENTRY(coulombic_efficiency),
    ENTRY(energy_efficiency),
    ENTRY(voltage_efficiency),
    ENTRY(mean_charge_V),
    ENTRY(mean_discharge_V),
    ENTRY(hysteresis_V),
    ENTRY(rate_C),
    ENTRY(charge_rate_C),
    ENTRY(discharge_rate_C),
    ENTRY(charge_current_mA),
    ENTRY(discharge_current_mA),
    ENTRY(charge_hold_share),
    ENTRY(discharge_hold_share),
    ENTRY(charge_resistance_ohm),
    ENTRY(charge_resistance_delay_s),
    ENTRY(discharge_resistance_ohm),
    ENTRY(discharge_resistance_delay_s),
    ENTRY(charge_relaxation_V),
    ENTRY(charge_rest_end_V),
    ENTRY(charge_rest_drift_V_h),
    ENTRY(discharge_relaxation_V),
    ENTRY(discharge_rest_end_V),
    ENTRY(discharge_rest_drift_V_h),
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* ---- JSON ---- */

static bool add_cycles(const closo_cycling *cycling, json_t *list)
{
    bool fine = list != NULL;
    for (size_t c = 0; c < cycling->cycle_count && fine; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
        json_t *object = json_object();
        fine = closo_json_integer(object, "cycle", cycle->cycle) &&
               json_object_set_new(object, "complete", json_boolean(cycle->complete)) == 0;
        for (size_t k = 0; k < COLUMNS && fine; k++)
            fine = closo_json_number(object, columns[k].key, columns[k].value(cycling, cycle));
        fine = json_array_append_new(list, object) == 0 && fine;
    }
    return fine;
}

static const char *kind_name(const closo_step *step)
{
    switch (step->kind) {
    case CLOSO_STEP_REST:
        return "rest";
    case CLOSO_STEP_CONSTANT_CURRENT:
        return "constant current";
    case CLOSO_STEP_HOLD:
        return "hold";
    case CLOSO_STEP_VARYING:
        break;
    }
    return "varying";
}

static bool add_steps(const closo_cycling *cycling, json_t *list)
{
    bool fine = list != NULL;
    for (size_t s = 0; s < cycling->step_count && fine; s++) {
        const closo_step *step = &cycling->steps[s];
        const char *direction = step->direction > 0   ? "charge"
                                : step->direction < 0 ? "discharge"
                                                      : NULL;
        json_t *object = json_object();
        fine = closo_json_integer(object, "step", (int64_t)s + 1) &&
               closo_json_text(object, "kind", kind_name(step)) &&
               closo_json_text(object, "direction", direction) &&
               closo_json_number(object, "duration_s", step->duration_s) &&
               closo_json_number(object, "from_V", step->from_V) &&
               closo_json_number(object, "to_V", step->to_V) &&
               closo_json_number(object, "mean_current_mA", 1e3 * step->mean_current_A) &&
               closo_json_number(object, "charge_mAh", step->charge_C / C_per_mAh) &&
               closo_json_integer(object, "first_row",
                                  (int64_t)closo_cycling_file_row(cycling, step->first_row) + 1) &&
               closo_json_integer(object, "rows", (int64_t)step->row_count);
        fine = json_array_append_new(list, object) == 0 && fine;
    }
    return fine;
}

static bool add_counters(const closo_cycling *cycling, json_t *list)
{
    bool fine = list != NULL;
    for (size_t i = 0; i < cycling->counter_count && fine; i++) {
        const closo_counter_check *check = &cycling->counters[i];
        json_t *object = json_object();
        fine =
            closo_json_text(object, "column", check->column) &&
            closo_json_integer(object, "instrument_changes", (int64_t)check->instrument_changes) &&
            closo_json_integer(object, "closo_changes", (int64_t)check->own_changes) &&
            closo_json_integer(object, "matched", (int64_t)check->matched) &&
            closo_json_integer(object, "first_unmatched_row", (int64_t)check->first_unmatched_row);
        fine = json_array_append_new(list, object) == 0 && fine;
    }
    return fine;
}

static bool add_summary(const closo_cycling *cycling, json_t *summary)
{
    const closo_cycling_summary *from = &cycling->summary;
    const closo_retention *retention = &from->retention;
    json_t *object = json_object();
    bool fine = closo_json_integer(object, "reference_cycle", retention->reference_cycle) &&
                closo_json_integer(object, "last_cycle", retention->last_cycle) &&
                closo_json_number(object, "capacity", retention->capacity) &&
                closo_json_number(object, "energy", retention->energy) &&
                closo_json_value(object, "capacity_per_cycle", retention->capacity_per_cycle) &&
                closo_json_value(object, "energy_per_cycle", retention->energy_per_cycle) &&
                closo_json_integer(object, "cycles_on_line", (int64_t)retention->cycle_count);
    fine = json_object_set_new(summary, "retention", object) == 0 && fine;
    return fine && closo_json_integer(summary, "cycles", (int64_t)cycling->cycle_count) &&
           closo_json_number(summary, "irreversible_mAh", from->irreversible_C / C_per_mAh) &&
           closo_json_number(summary, "irreversible_mAh_g",
                             per(from->irreversible_C / 3600, cycling->mass_kg)) &&
           closo_json_number(summary, "irreversible_share", from->irreversible_share) &&
           closo_json_value(summary, "mean_coulombic_efficiency", from->mean_coulombic_efficiency);
}

static double known(double amount, double factor)
{
    return amount > 0 ? amount * factor : (double)NAN;
}

const char *closo_cycling_json(const closo_cycling *cycling, closo_arena *arena)
{
    json_t *object = json_object(), *cycles = json_array(), *steps = json_array(),
           *counters = json_array(), *summary = json_object();
    bool fine = add_cycles(cycling, cycles) && add_steps(cycling, steps) &&
                add_counters(cycling, counters) && add_summary(cycling, summary) &&
                (cycling->analyses == NULL || closo_cycling_analyses_to_json(cycling, summary));
    fine = json_object_set_new(object, "cycles", cycles) == 0 && fine;
    fine = json_object_set_new(object, "summary", summary) == 0 && fine;
    fine = json_object_set_new(object, "steps", steps) == 0 && fine;
    fine = json_object_set_new(object, "counters", counters) == 0 && fine;
    fine = closo_json_text(object, "role", closo_electrode_role_name(cycling->role)) && fine;
    fine = closo_json_number(object, "mass_mg", known(cycling->mass_kg, 1e6)) &&
           closo_json_number(object, "area_cm2", known(cycling->area_m2, 1e4)) &&
           closo_json_number(object, "capacity_mAh", known(cycling->capacity_C, 1 / C_per_mAh)) &&
           closo_json_number(object, "zero_current_mA", 1e3 * cycling->zero_current_A) &&
           closo_json_text(object, "rule", cycling->rule) && fine;
    fine = closo_json_notes(object, "notes", &cycling->notes) && fine;
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return closo_json_finish(object, arena);
}

/* ---- CSV ---- */

closo_status closo_cycling_write_csv(const closo_cycling *cycling, const char *path,
                                     closo_arena *arena, closo_error *error)
{
    closo_table *table = closo_table_new(arena, path);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->row_count = cycling->cycle_count;
    for (size_t k = 0; k <= COLUMNS; k++) {
        double *values = closo_arena_alloc(arena, cycling->cycle_count, sizeof *values);
        if (values == NULL)
            return closo_fail_nomem(error);
        for (size_t c = 0; c < cycling->cycle_count; c++)
            values[c] = k == 0 ? cycling->cycles[c].cycle
                               : columns[k - 1].value(cycling, &cycling->cycles[c]);
        if (closo_table_add_values(table, k == 0 ? "cycle" : columns[k - 1].key, "",
                                   CLOSO_QUANTITY_OTHER, values) == NULL)
            return closo_fail_nomem(error);
    }
    return closo_table_write_csv(table, path, arena, error);
}
