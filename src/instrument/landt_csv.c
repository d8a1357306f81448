/* SPDX-License-Identifier: BSD-3-Clause */
/* landt_csv.c: exports of Landt (Wuhan Land) cyclers: CSV with names such as "test_time_s", and the names of the workbooks
 * ("TestTime/Sec", "Current/mA"). Capacities begin anew with each step. */
#include "dialect.h"

static const closo_dialect_column columns[] = {
    {"channel index", CLOSO_QUANTITY_RECORD, NULL}, /* it counts the rows, whatever its name */
    {"record", CLOSO_QUANTITY_RECORD, NULL},
    {"cycle index", CLOSO_QUANTITY_CYCLE, NULL},
    {"step index", CLOSO_QUANTITY_STEP, NULL},
    {"cycle", CLOSO_QUANTITY_CYCLE, NULL},
    {"cycleno", CLOSO_QUANTITY_CYCLE, NULL},
    {"step", CLOSO_QUANTITY_STEP, NULL},
    {"stepno", CLOSO_QUANTITY_STEP, NULL},
    {"date time iso string", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"systime", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"test time", CLOSO_QUANTITY_TIME, "s"},
    {"testtime", CLOSO_QUANTITY_TIME, "s"},
    {"step time", CLOSO_QUANTITY_STEP_TIME, "s"},
    {"steptime", CLOSO_QUANTITY_STEP_TIME, "s"},
    {"current", CLOSO_QUANTITY_CURRENT, NULL},
    {"voltage", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"capacity", CLOSO_QUANTITY_CAPACITY, NULL},
    {"energy", CLOSO_QUANTITY_ENERGY, NULL},
    {"charge capacity", CLOSO_QUANTITY_CAPACITY_CHARGE, NULL},
    {"discharge capacity", CLOSO_QUANTITY_CAPACITY_DISCHARGE, NULL},
    {"charge energy", CLOSO_QUANTITY_ENERGY_CHARGE, NULL},
    {"discharge energy", CLOSO_QUANTITY_ENERGY_DISCHARGE, NULL},
    {"temperature #", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {"pressure", CLOSO_QUANTITY_PRESSURE, NULL},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const char *const state_columns[] = {"step name", "stepstatus", "state", "mode", NULL};
/* CCD and RateD discharge, as CC-D does. */
static const closo_dialect_state states[] = {{"discharge*", -1}, {"charge*", 1}, {"*ccd", -1},
                                             {"rated*", -1},     {"ratec*", 1},  {"D*", -1},
                                             {"C*", 1},          {"R*", 0},      {NULL, 0}};

static const char *const marks[] = {
    "channel index", "cycle index", "step index", "date time iso string",
    "step name",     "testtime",    "steptime",   "systime",
    "speccap",       "specap",      "scapacity",  "stepno",
    "cycleno",       "stepstatus",  NULL};

const closo_dialect closo_dialect_landt = {
    .format = "Landt CSV",
    .instrument = "Landt",
    .columns = columns,
    .state_columns = state_columns,
    .states = states,
    .marks = marks,
    .marks_needed = 4,
};

static int recognise(const closo_source *source)
{
    return closo_dialect_recognise(&closo_dialect_landt, source);
}

static closo_status read_landt(const closo_source *source, closo_table **table, closo_error *error)
{
    return closo_delimited_read(source, &closo_dialect_landt, table, error);
}

const closo_format closo_format_landt = {"Landt CSV", recognise, read_landt};
