/* SPDX-License-Identifier: BSD-3-Clause */
/* bdf_csv.c: CSV of the Battery Data Format (LF Energy, Battery Data Alliance; ontology 1.3.0). Names are machine-readable
 * ("voltage_volt") or labels ("Voltage / V"); current is positive while charging. */
#include "text_internal.h"

#include <string.h>

/* What the ontology names, as far as it is more than a number with a unit. */
const closo_bdf_name closo_bdf_names[] = {
    {"test_time_second", "Test Time / s", "s", CLOSO_QUANTITY_TIME},
    {"voltage_volt", "Voltage / V", "V", CLOSO_QUANTITY_POTENTIAL},
    {"current_ampere", "Current / A", "A", CLOSO_QUANTITY_CURRENT},
    {"unix_time_second", "Unix Time / s", "s", CLOSO_QUANTITY_UNIX_TIME},
    {"cycle_count", "Cycle Count / 1", "", CLOSO_QUANTITY_CYCLE},
    {"step_count", "Step Count / 1", "", CLOSO_QUANTITY_STEP},
    {"step_index", "Step Index / 1", "", CLOSO_QUANTITY_STEP},
    {"record_index", "Record Index / 1", "", CLOSO_QUANTITY_RECORD},
    {"step_time_second", "Step Time / s", "s", CLOSO_QUANTITY_STEP_TIME},
    {"charging_capacity_ah", "Charging Capacity / Ah", "Ah", CLOSO_QUANTITY_CAPACITY_CHARGE},
    {"discharging_capacity_ah", "Discharging Capacity / Ah", "Ah",
     CLOSO_QUANTITY_CAPACITY_DISCHARGE},
    {"schedule_charging_capacity_ah", NULL, "Ah", CLOSO_QUANTITY_CAPACITY_CHARGE},
    {"schedule_discharging_capacity_ah", NULL, "Ah", CLOSO_QUANTITY_CAPACITY_DISCHARGE},
    {"cycle_charging_capacity_ah", NULL, "Ah", CLOSO_QUANTITY_CAPACITY_CHARGE},
    {"cycle_discharging_capacity_ah", NULL, "Ah", CLOSO_QUANTITY_CAPACITY_DISCHARGE},
    {"net_capacity_ah", "Net Capacity / Ah", "Ah", CLOSO_QUANTITY_CHARGE},
    {"charging_energy_wh", "Charging Energy / Wh", "Wh", CLOSO_QUANTITY_ENERGY_CHARGE},
    {"discharging_energy_wh", "Discharging Energy / Wh", "Wh", CLOSO_QUANTITY_ENERGY_DISCHARGE},
    {"schedule_charging_energy_wh", NULL, "Wh", CLOSO_QUANTITY_ENERGY_CHARGE},
    {"schedule_discharging_energy_wh", NULL, "Wh", CLOSO_QUANTITY_ENERGY_DISCHARGE},
    {"power_watt", "Power / W", "W", CLOSO_QUANTITY_POWER},
    {"internal_resistance_ohm", "Internal Resistance / ohm", "ohm", CLOSO_QUANTITY_RESISTANCE},
    {"frequency_hertz", "Frequency / Hz", "Hz", CLOSO_QUANTITY_FREQUENCY},
    {"real_impedance_ohm", "Real Impedance / ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_REAL},
    {"imaginary_impedance_ohm", "Imaginary Impedance / ohm", "ohm",
     CLOSO_QUANTITY_IMPEDANCE_IMAGINARY},
    {"absolute_impedance_ohm", "Absolute Impedance / ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_MODULUS},
    {"phase_degree", "Phase / deg", "deg", CLOSO_QUANTITY_PHASE},
    {"temperature_t1_celsius", "Temperature T1 / degC", "degC", CLOSO_QUANTITY_TEMPERATURE},
    {"ambient_temperature_celsius", "Ambient Temperature / degC", "degC",
     CLOSO_QUANTITY_TEMPERATURE},
    {"applied_pressure_pa", "Applied Pressure / Pa", "Pa", CLOSO_QUANTITY_PRESSURE},
    {NULL, NULL, NULL, CLOSO_QUANTITY_OTHER},
};

/* The unit at the end of every machine-readable name. */
static const char *unit_of_name(const char *name)
{
    static const char *const endings[][2] = {
        {"_second", "s"},   {"_volt", "V"},       {"_ampere", "A"}, {"_ah", "Ah"},
        {"_wh", "Wh"},      {"_watt", "W"},       {"_ohm", "ohm"},  {"_hertz", "Hz"},
        {"_degree", "deg"}, {"_celsius", "degC"}, {"_pa", "Pa"},
    };
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t ending = strlen(endings[i][0]);
        if (length > ending && strcmp(name + length - ending, endings[i][0]) == 0)
            return endings[i][1];
    }
    return NULL;
}

static bool find_name(const char *name, closo_quantity *quantity, const char **unit)
{
    for (const closo_bdf_name *known = closo_bdf_names; known->name != NULL; known++) {
        const closo_span words = closo_span_of(name);
        if (strcmp(name, known->name) != 0 &&
            (known->label == NULL || !closo_span_equals_nocase(words, known->label)))
            continue;
        *quantity = known->quantity;
        *unit = known->unit;
        return true;
    }
    *quantity = CLOSO_QUANTITY_OTHER;
    *unit = unit_of_name(name);
    return *unit != NULL;
}

static int recognise(const closo_source *source)
{
    closo_span text = {(const char *)source->bytes, source->size}, line, field;
    if (!closo_text_line(&text, closo_text_line_end(text), &line) || line.length > 1 << 16)
        return 0;
    static const char separators[] = {',', ';', '\t'};
    for (size_t i = 0; i < sizeof separators; i++) {
        size_t required = 0, count = 0;
        closo_span rest = line;
        while (count++ < CLOSO_TEXT_COLUMNS_MAX &&
               closo_text_field(&rest, separators[i], true, &field)) {
            field = closo_span_trim(field);
            if (field.length >= 2 && field.start[0] == '"')
                field = (closo_span){field.start + 1, field.length - 2};
            for (size_t k = 0; k < 3; k++)
                required += closo_span_equals(field, closo_bdf_names[k].name) ||
                            closo_span_equals_nocase(field, closo_bdf_names[k].label);
        }
        if (required >= 2)
            return 90;
    }
    return 0;
}

static closo_status read_bdf(const closo_source *source, closo_table **result, closo_error *error)
{
    closo_delimited found;
    closo_status status = closo_delimited_find(source, &found, error);
    if (status != CLOSO_OK)
        return status;
    closo_table *table = closo_table_new(source->arena, source->name);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->format = closo_format_bdf.name;
    for (size_t i = 0; i < found.layout.name_count; i++) {
        const char *unit = NULL;
        closo_quantity quantity;
        if (!find_name(found.names[i].name, &quantity, &unit))
            continue;
        found.names[i].quantity = quantity;
        found.names[i].unit = unit;
    }
    if (found.note != NULL)
        closo_table_note(table, "%s", found.note);
    status = closo_text_rows_read(table, &found.layout, &found.rows, 1, error);
    if (status != CLOSO_OK)
        return status;
    for (size_t i = 0; i < 3; i++)
        if (closo_table_find(table, closo_bdf_names[i].quantity) == NULL)
            closo_table_note(table, "the Battery Data Format asks for a column %s; there is none",
                             closo_bdf_names[i].name);
    if (closo_table_set_text(table, "current_sign", "positive while charging") != CLOSO_OK)
        return closo_fail_nomem(error);
    closo_table_note(table,
                     "the current is positive while charging, as the Battery Data Format asks; "
                     "that is anodic where the working electrode is the positive one");
    *result = table;
    return CLOSO_OK;
}

const closo_format closo_format_bdf = {"Battery Data Format CSV", recognise, read_bdf};
