/* SPDX-License-Identifier: BSD-3-Clause */
/* arbin_csv.c: Arbin's exports as CSV: MITS Pro 7 and 8 ("Test_Time(s)", "Test Time (s)"), and the same columns without
 * units as battery-data-toolkit and BEEP keep them. Current is positive while charging. The capacities count on until the
 * schedule sets them back, wherever its author put that. */
#include "dialect.h"

static const closo_dialect_column columns[] = {
    {"data point", CLOSO_QUANTITY_RECORD, NULL},
    /* Where it is a number of seconds (BEEP). A date without its zone is local time, as in Arbin's .res. */
    {"date time", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"datetime", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"test time", CLOSO_QUANTITY_TIME, "s"},
    {"step time", CLOSO_QUANTITY_STEP_TIME, "s"},
    {"cycle index", CLOSO_QUANTITY_CYCLE, NULL},
    {"step index", CLOSO_QUANTITY_STEP, NULL},
    {"tc counter#", CLOSO_QUANTITY_LOOP, NULL},
    {"current", CLOSO_QUANTITY_CURRENT, "A"},
    {"voltage", CLOSO_QUANTITY_POTENTIAL, "V"},
    {"power", CLOSO_QUANTITY_POWER, "W"},
    {"charge capacity", CLOSO_QUANTITY_CAPACITY_CHARGE, "Ah"},
    {"discharge capacity", CLOSO_QUANTITY_CAPACITY_DISCHARGE, "Ah"},
    {"charge energy", CLOSO_QUANTITY_ENERGY_CHARGE, "Wh"},
    {"discharge energy", CLOSO_QUANTITY_ENERGY_DISCHARGE, "Wh"},
    /* The schedule decides what this one counts. */
    {"capacity", CLOSO_QUANTITY_OTHER, "Ah"},
    {"internal resistance", CLOSO_QUANTITY_RESISTANCE, "ohm"},
    {"dc internal resistance", CLOSO_QUANTITY_RESISTANCE, "ohm"},
    {"acr", CLOSO_QUANTITY_OTHER, "ohm"},
    {"ac impedance", CLOSO_QUANTITY_IMPEDANCE_MODULUS, "ohm"},
    {"aci phase angle", CLOSO_QUANTITY_PHASE, "deg"},
    {"dv dt", CLOSO_QUANTITY_OTHER, "V/s"},
    {"aux temperature #", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {"temperature", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {"is fc data", CLOSO_QUANTITY_FLAG, NULL},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const char *const marks[] = {"data point",    "test time",        "step index",
                                    "cycle index",   "charge capacity",  "discharge capacity",
                                    "charge energy", "discharge energy", "internal resistance",
                                    "dv dt",         "tc counter1",      "is fc data",
                                    "date time",     "datetime",         NULL};

const closo_dialect closo_dialect_arbin = {
    .format = "Arbin CSV",
    .instrument = "Arbin",
    .columns = columns,
    .marks = marks,
    .marks_needed = 7,
};

static int recognise(const closo_source *source)
{
    return closo_dialect_recognise(&closo_dialect_arbin, source);
}

static closo_status read_arbin(const closo_source *source, closo_table **table, closo_error *error)
{
    return closo_delimited_read(source, &closo_dialect_arbin, table, error);
}

const closo_format closo_format_arbin = {"Arbin CSV", recognise, read_arbin};
