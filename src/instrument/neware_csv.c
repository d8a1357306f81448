/* SPDX-License-Identifier: BSD-3-Clause */
/* neware_csv.c: record tables that Neware's software (BTSDA) exports as CSV, in whatever units its user has chosen, and those
 * of the older BTS. Capacities begin anew with each step; "Time" is that of the step. */
#include "dialect.h"

static const closo_dialect_column columns[] = {
    {"datapoint", CLOSO_QUANTITY_RECORD, NULL},
    {"record id", CLOSO_QUANTITY_RECORD, NULL},
    {"record index", CLOSO_QUANTITY_RECORD, NULL},
    {"cycle index", CLOSO_QUANTITY_CYCLE, NULL},
    {"cycle id", CLOSO_QUANTITY_CYCLE, NULL},
    {"step index", CLOSO_QUANTITY_STEP, NULL},
    {"step id", CLOSO_QUANTITY_STEP, NULL},
    {"step count", CLOSO_QUANTITY_OTHER, NULL},
    {"time", CLOSO_QUANTITY_STEP_TIME, "s"},
    {"time h min s ms", CLOSO_QUANTITY_STEP_TIME, "s"},
    {"relative time", CLOSO_QUANTITY_STEP_TIME, "s"},
    {"relative time h min s ms", CLOSO_QUANTITY_STEP_TIME, "s"},
    {"total time", CLOSO_QUANTITY_TIME, "s"},
    {"cumulative time", CLOSO_QUANTITY_TIME, "s"},
    {"test time", CLOSO_QUANTITY_TIME, "s"},
    {"date", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"datetime", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"realtime", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"absolute time", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"current", CLOSO_QUANTITY_CURRENT, NULL},
    {"cur", CLOSO_QUANTITY_CURRENT, NULL},
    {"voltage", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"capacity", CLOSO_QUANTITY_CAPACITY, NULL},
    {"chg cap", CLOSO_QUANTITY_CAPACITY_CHARGE, NULL},
    {"dchg cap", CLOSO_QUANTITY_CAPACITY_DISCHARGE, NULL},
    {"capacitance chg", CLOSO_QUANTITY_CAPACITY_CHARGE, NULL},
    {"capacitance dchg", CLOSO_QUANTITY_CAPACITY_DISCHARGE, NULL},
    {"energy", CLOSO_QUANTITY_ENERGY, NULL},
    {"chg energy", CLOSO_QUANTITY_ENERGY_CHARGE, NULL},
    {"dchg energy", CLOSO_QUANTITY_ENERGY_DISCHARGE, NULL},
    {"engy chg", CLOSO_QUANTITY_ENERGY_CHARGE, NULL},
    {"engy dchg", CLOSO_QUANTITY_ENERGY_DISCHARGE, NULL},
    {"power", CLOSO_QUANTITY_POWER, NULL},
    {"temperature", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const char *const state_columns[] = {"step type", "status", "state", "step name", NULL};
static const closo_dialect_state states[] = {{"*dchg", -1},  {"*discharge", -1}, {"*chg", 1},
                                             {"*charge", 1}, {"rest", 0},        {"pause", 0},
                                             {"ocv", 0},     {NULL, 0}};

static const char *const marks[] = {
    "datapoint", "step type",       "chg cap",          "dchg cap",  "spec cap",
    "dqm dv",    "cycle index",     "step index",       "record id", "cycle id",
    "step id",   "capacitance chg", "capacitance dchg", "realtime",  "module start stop switch",
    NULL};

static const closo_dialect dialect = {
    .format = "Neware CSV",
    .instrument = "Neware",
    .columns = columns,
    .state_columns = state_columns,
    .states = states,
    .marks = marks,
    .marks_needed = 4,
};

static int recognise(const closo_source *source)
{
    return closo_dialect_recognise(&dialect, source);
}

static closo_status read_neware(const closo_source *source, closo_table **table, closo_error *error)
{
    return closo_delimited_read(source, &dialect, table, error);
}

const closo_format closo_format_neware = {"Neware CSV", recognise, read_neware};
