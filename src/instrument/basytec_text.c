/* SPDX-License-Identifier: BSD-3-Clause */
/* basytec_text.c: text of Basytec's Battery Test Software: comments that begin with ~, the last of which has the names
 * ("~Time[s]", "U[V]", "Ah-Cyc-Charge"). Current is positive while charging. */
#include "dialect.h"

static const closo_dialect_column columns[] = {
    {"time", CLOSO_QUANTITY_TIME, "s"},
    {"dataset", CLOSO_QUANTITY_RECORD, NULL},
    {"t step", CLOSO_QUANTITY_STEP_TIME, "s"},
    {"t set", CLOSO_QUANTITY_OTHER, "s"},
    {"t cyc", CLOSO_QUANTITY_OTHER, "s"},
    {"line", CLOSO_QUANTITY_STEP, NULL},
    {"u", CLOSO_QUANTITY_POTENTIAL, "V"},
    {"voltage", CLOSO_QUANTITY_POTENTIAL, "V"},
    {"i", CLOSO_QUANTITY_CURRENT, "A"},
    {"current", CLOSO_QUANTITY_CURRENT, "A"},
    {"p", CLOSO_QUANTITY_POWER, "W"},
    {"ah", CLOSO_QUANTITY_CHARGE, "Ah"}, /* charged minus discharged */
    {"ah cyc charge", CLOSO_QUANTITY_CAPACITY_CHARGE, "Ah"},
    {"ah cyc discharge", CLOSO_QUANTITY_CAPACITY_DISCHARGE, "Ah"},
    {"ah cyc charge 0", CLOSO_QUANTITY_OTHER, "Ah"},
    {"ah cyc discharge 0", CLOSO_QUANTITY_OTHER, "Ah"},
    {"ah step", CLOSO_QUANTITY_CHARGE_STEP, "Ah"},
    {"wh", CLOSO_QUANTITY_ENERGY, "Wh"},
    {"wh cyc charge", CLOSO_QUANTITY_ENERGY_CHARGE, "Wh"},
    {"wh cyc discharge", CLOSO_QUANTITY_ENERGY_DISCHARGE, "Wh"},
    {"wh cyc charge 0", CLOSO_QUANTITY_OTHER, "Wh"},
    {"wh cyc discharge 0", CLOSO_QUANTITY_OTHER, "Wh"},
    {"wh step", CLOSO_QUANTITY_OTHER, "Wh"},
    {"t#", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {"r ac", CLOSO_QUANTITY_OTHER, "ohm"},
    {"r dc", CLOSO_QUANTITY_RESISTANCE, "ohm"},
    {"cyc count", CLOSO_QUANTITY_CYCLE, NULL},
    {"count", CLOSO_QUANTITY_OTHER, NULL},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const char *const state_columns[] = {"command", NULL};
static const closo_dialect_state states[] = {{"*discharge", -1}, {"*entlad", -1}, {"*charge", 1},
                                             {"*laden", 1},      {"pause*", 0},   {NULL, 0}};

static const char *const marks[] = {
    "time",          "dataset", "t step", "t set", "t cyc",     "line", "command",
    "ah cyc charge", "ah step", "ah",     "wh",    "cyc count", NULL};

static const closo_dialect dialect = {
    .format = "Basytec text",
    .instrument = "Basytec",
    .columns = columns,
    .state_columns = state_columns,
    .states = states,
    .marks = marks,
    .marks_needed = 5,
};

static int recognise(const closo_source *source)
{
    const closo_span text = {(const char *)source->bytes, source->size < 80 ? source->size : 80};
    return closo_span_starts(text, "~Resultfile from Basytec")
               ? 90
               : closo_dialect_recognise(&dialect, source);
}

static closo_status read_basytec(const closo_source *source, closo_table **table,
                                 closo_error *error)
{
    return closo_delimited_read(source, &dialect, table, error);
}

const closo_format closo_format_basytec = {"Basytec text", recognise, read_basytec};
