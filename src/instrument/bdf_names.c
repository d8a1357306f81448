/* SPDX-License-Identifier: BSD-3-Clause */
/* bdf_names.c: the terms of the Battery Data Format (LF Energy, Battery Data Alliance; ontology 1.3.0): machine-readable names
 * ("voltage_volt") and labels ("Voltage / V"). */
#include "bdf_internal.h"

#include <stdio.h>
#include <string.h>

const closo_bdf_name closo_bdf_names[] = {
    {"test_time_second", "Test Time / s", "s", CLOSO_QUANTITY_TIME},
    {"voltage_volt", "Voltage / V", "V", CLOSO_QUANTITY_POTENTIAL},
    {"current_ampere", "Current / A", "A", CLOSO_QUANTITY_CURRENT},
    {"unix_time_second", "Unix Time / s", "s", CLOSO_QUANTITY_UNIX_TIME},
    {"cycle_count", "Cycle Count / 1", "", CLOSO_QUANTITY_CYCLE},
    {"step_count", "Step Count / 1", "", CLOSO_QUANTITY_STEP},
    {"ambient_temperature_celsius", "Ambient Temperature / degC", "degC",
     CLOSO_QUANTITY_TEMPERATURE},
    {"step_id", "Step ID", "", CLOSO_QUANTITY_OTHER},
    {"step_type", "Step Type", "", CLOSO_QUANTITY_OTHER},
    {"record_index", "Record Index / 1", "", CLOSO_QUANTITY_RECORD},
    {"step_record_index", "Step Record Index / 1", "", CLOSO_QUANTITY_OTHER},
    {"step_time_second", "Step Time / s", "s", CLOSO_QUANTITY_STEP_TIME},
    {"power_watt", "Power / W", "W", CLOSO_QUANTITY_POWER},
    {"internal_resistance_ohm", "Internal Resistance / ohm", "ohm", CLOSO_QUANTITY_RESISTANCE},
    {"dc_internal_resistance_ohm", "DC Internal Resistance / ohm", "ohm",
     CLOSO_QUANTITY_RESISTANCE},
    {"ac_internal_resistance_ohm", "AC Internal Resistance / ohm", "ohm", CLOSO_QUANTITY_OTHER},
    {"frequency_hertz", "Frequency / Hz", "Hz", CLOSO_QUANTITY_FREQUENCY},
    {"real_impedance_ohm", "Real Impedance / ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_REAL},
    {"imaginary_impedance_ohm", "Imaginary Impedance / ohm", "ohm",
     CLOSO_QUANTITY_IMPEDANCE_IMAGINARY},
    {"absolute_impedance_ohm", "Absolute Impedance / ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_MODULUS},
    {"phase_degree", "Phase / deg", "deg", CLOSO_QUANTITY_PHASE},
    {"surface_temperature_celsius", "Surface Temperature / degC", "degC",
     CLOSO_QUANTITY_TEMPERATURE},
    {"surface_pressure_pa", "Surface Pressure / Pa", "Pa", CLOSO_QUANTITY_PRESSURE},
    {"applied_pressure_pa", "Applied Pressure / Pa", "Pa", CLOSO_QUANTITY_PRESSURE},
    {"ambient_pressure_pa", "Ambient Pressure / Pa", "Pa", CLOSO_QUANTITY_PRESSURE},
    {NULL, NULL, NULL, CLOSO_QUANTITY_OTHER},
};

/* The sums come as charging, discharging, net and cumulative, each of the test, the step and the cycle; those that a schedule
 * sets back only as the first two. */
static const struct {
    const char *name, *label;
    closo_bdf_scope scope;
} scopes[] = {{"step_", "Step ", CLOSO_BDF_STEP},
              {"cycle_", "Cycle ", CLOSO_BDF_CYCLE},
              {"schedule_", "Schedule ", CLOSO_BDF_SCHEDULE},
              {"", "", CLOSO_BDF_TEST}};

static const struct {
    const char *name, *label;
    closo_bdf_sum sum;
    closo_quantity quantity, of_step; /* of_step: where it is that of a step */
} sums[] = {
    {"charging_capacity_ah", "Charging Capacity / Ah", CLOSO_BDF_CHARGING,
     CLOSO_QUANTITY_CAPACITY_CHARGE, CLOSO_QUANTITY_CAPACITY_CHARGE},
    {"discharging_capacity_ah", "Discharging Capacity / Ah", CLOSO_BDF_DISCHARGING,
     CLOSO_QUANTITY_CAPACITY_DISCHARGE, CLOSO_QUANTITY_CAPACITY_DISCHARGE},
    {"net_capacity_ah", "Net Capacity / Ah", CLOSO_BDF_NET, CLOSO_QUANTITY_CHARGE,
     CLOSO_QUANTITY_CHARGE_STEP},
    {"cumulative_capacity_ah", "Cumulative Capacity / Ah", CLOSO_BDF_CUMULATIVE,
     CLOSO_QUANTITY_OTHER, CLOSO_QUANTITY_OTHER},
    {"charging_energy_wh", "Charging Energy / Wh", CLOSO_BDF_CHARGING, CLOSO_QUANTITY_ENERGY_CHARGE,
     CLOSO_QUANTITY_ENERGY_CHARGE},
    {"discharging_energy_wh", "Discharging Energy / Wh", CLOSO_BDF_DISCHARGING,
     CLOSO_QUANTITY_ENERGY_DISCHARGE, CLOSO_QUANTITY_ENERGY_DISCHARGE},
    {"net_energy_wh", "Net Energy / Wh", CLOSO_BDF_NET, CLOSO_QUANTITY_ENERGY,
     CLOSO_QUANTITY_OTHER},
    {"cumulative_energy_wh", "Cumulative Energy / Wh", CLOSO_BDF_CUMULATIVE, CLOSO_QUANTITY_OTHER,
     CLOSO_QUANTITY_OTHER},
};

static bool find_sum(closo_span name, closo_bdf_term *term)
{
    char known[64];
    for (size_t s = 0; s < sizeof scopes / sizeof *scopes; s++) {
        for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
            snprintf(known, sizeof known, "%s%s", scopes[s].name, sums[i].name);
            bool found = closo_span_equals(name, known);
            snprintf(known, sizeof known, "%s%s", scopes[s].label, sums[i].label);
            found |= closo_span_equals_nocase(name, known);
            if (!found)
                continue;
            const bool schedule = scopes[s].scope == CLOSO_BDF_SCHEDULE;
            if (schedule && sums[i].sum != CLOSO_BDF_CHARGING &&
                sums[i].sum != CLOSO_BDF_DISCHARGING)
                return false;
            const bool whole = scopes[s].scope == CLOSO_BDF_TEST;
            term->quantity = whole ? sums[i].quantity : sums[i].of_step;
            if (scopes[s].scope == CLOSO_BDF_CYCLE && sums[i].sum == CLOSO_BDF_NET)
                term->quantity = CLOSO_QUANTITY_OTHER;
            term->unit = strstr(sums[i].name, "_wh") != NULL ? "Wh" : "Ah";
            term->sum = sums[i].sum;
            term->scope = scopes[s].scope;
            return true;
        }
    }
    return false;
}

/* "temperature_t1_celsius" .. "temperature_tN_celsius" */
static bool is_thermocouple(closo_span name)
{
    static const char *const frames[][2] = {{"temperature_t", "_celsius"},
                                            {"Temperature T", " / degC"}};
    for (size_t i = 0; i < 2; i++) {
        const size_t before = strlen(frames[i][0]), after = strlen(frames[i][1]);
        if (name.length <= before + after || !closo_span_starts(name, frames[i][0]))
            continue;
        bool digits = true;
        for (size_t k = before; k < name.length - after; k++)
            digits &= name.start[k] >= '0' && name.start[k] <= '9';
        if (digits && memcmp(name.start + name.length - after, frames[i][1], after) == 0)
            return true;
    }
    return false;
}

bool closo_bdf_find(const char *name, closo_bdf_term *term)
{
    const closo_span words = closo_span_trim(closo_span_of(name));
    *term = (closo_bdf_term){.unit = "", .sum = CLOSO_BDF_NO_SUM};
    for (const closo_bdf_name *known = closo_bdf_names; known->name != NULL; known++) {
        if (!closo_span_equals(words, known->name) &&
            !closo_span_equals_nocase(words, known->label))
            continue;
        term->quantity = known->quantity;
        term->unit = known->unit;
        return true;
    }
    if (is_thermocouple(words)) {
        term->quantity = CLOSO_QUANTITY_TEMPERATURE;
        term->unit = "degC";
        return true;
    }
    return find_sum(words, term);
}
