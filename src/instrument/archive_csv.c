/* SPDX-License-Identifier: BSD-3-Clause */
/* archive_csv.c: CSV of batteryarchive.org: the records of a cell ("..._timeseries.csv"), and its table of cycles
 * ("..._cycle_data.csv"). The archive has unified what many laboratories gave it; capacities begin anew with each cycle, and
 * the current is positive while charging. */
#include "dialect.h"

static const closo_dialect_column columns[] = {
    {"date time", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"test time", CLOSO_QUANTITY_TIME, "s"},
    {"cycle index", CLOSO_QUANTITY_CYCLE, NULL},
    {"current", CLOSO_QUANTITY_CURRENT, "A"},
    {"voltage", CLOSO_QUANTITY_POTENTIAL, "V"},
    {"charge capacity", CLOSO_QUANTITY_CAPACITY_CHARGE, "Ah"},
    {"discharge capacity", CLOSO_QUANTITY_CAPACITY_DISCHARGE, "Ah"},
    {"charge energy", CLOSO_QUANTITY_ENERGY_CHARGE, "Wh"},
    {"discharge energy", CLOSO_QUANTITY_ENERGY_DISCHARGE, "Wh"},
    {"environment temperature", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {"cell temperature", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const char *const marks[] = {"environment temperature",
                                    "cell temperature",
                                    "min current",
                                    "max current",
                                    "min voltage",
                                    "max voltage",
                                    NULL};

static const closo_dialect dialect = {
    .format = "BatteryArchive CSV",
    .instrument = "unknown (batteryarchive.org)",
    .columns = columns,
    .marks = marks,
    .marks_needed = 2,
};

static int recognise(const closo_source *source)
{
    return closo_dialect_recognise(&dialect, source);
}

static closo_status read_archive(const closo_source *source, closo_table **table,
                                 closo_error *error)
{
    closo_status status = closo_delimited_read(source, &dialect, table, error);
    if (status == CLOSO_OK && closo_table_find(*table, CLOSO_QUANTITY_POTENTIAL) == NULL)
        closo_table_note(*table,
                         "this is the archive's table of cycles; the curves are in the file "
                         "whose name ends in _timeseries.csv");
    return status;
}

const closo_format closo_format_archive = {"BatteryArchive CSV", recognise, read_archive};
