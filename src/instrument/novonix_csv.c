/* SPDX-License-Identifier: BSD-3-Clause */
/* novonix_csv.c: CSV of Novonix' UHPC cyclers: the sections [Summary], [Protocol] and [Data], each closed by [End ...]. Times
 * are hours, current is positive while charging, and "Capacity" is charge put in minus charge taken out. */
#include "dialect.h"

#include <string.h>

static const closo_dialect_column columns[] = {
    {"date and time", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"cycle number", CLOSO_QUANTITY_CYCLE, NULL},
    {"step type", CLOSO_QUANTITY_OTHER,
     NULL}, /* a code: 0 rest, 7 and 8 charge, 9 and 10 discharge */
    {"run time", CLOSO_QUANTITY_TIME, "h"},
    {"step time", CLOSO_QUANTITY_STEP_TIME, "h"},
    {"current", CLOSO_QUANTITY_CURRENT, "A"},
    {"potential", CLOSO_QUANTITY_POTENTIAL, "V"},
    {"capacity", CLOSO_QUANTITY_CHARGE, "Ah"},
    {"temperature", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {"circuit temperature", CLOSO_QUANTITY_OTHER, "degC"},
    {"energy", CLOSO_QUANTITY_ENERGY, "Wh"},
    {"dvdt", CLOSO_QUANTITY_OTHER, "V/h"},
    {"didt", CLOSO_QUANTITY_OTHER, "A/h"},
    {"step number", CLOSO_QUANTITY_STEP, NULL},
    {"step position", CLOSO_QUANTITY_OTHER, NULL},
    {"power", CLOSO_QUANTITY_POWER, "W"},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const char *const marks[] = {"date and time",       "run time",    "step type",
                                    "circuit temperature", "step number", "step position",
                                    "cycle number",        "potential",   NULL};

static const closo_dialect dialect = {
    .format = "Novonix CSV",
    .instrument = "Novonix",
    .columns = columns,
    .marks = marks,
    .marks_needed = 5,
};

static int recognise(const closo_source *source)
{
    const closo_span head = {(const char *)source->bytes,
                             source->size < 4096 ? source->size : 4096};
    return closo_span_starts(head, "[Summary]") && closo_span_contains(head, "Novonix")
               ? 90
               : closo_dialect_recognise(&dialect, source);
}

/* Gives a number of the head another key, where it is what the program writes when nobody sets it. */
static bool set_aside(closo_table *table, const char *key, double preset_si, const char *other_key)
{
    double value_si = 0;
    if (!closo_table_number_si(table, key, &value_si) || value_si != preset_si)
        return false;
    for (size_t i = 0; i < table->metadatum_count; i++)
        if (strcmp(table->metadata[i].key, key) == 0)
            table->metadata[i].key = other_key;
    return true;
}

/* 1.000 g and 1.000 cm2 stand in files of cells that weigh something else: nobody had set them, so that they are no mass
 * and area of the cell. */
static void set_presets_aside(closo_table *table)
{
    const bool mass = set_aside(table, "active_mass", 1e-3, "preset_mass");
    const bool area = set_aside(table, "electrode_area", 1e-4, "preset_area");
    if (mass || area)
        closo_table_note(table,
                         "the head says %s%s%s: that is what Novonix writes when nobody sets it, "
                         "and it is not used; give the right value with the analysis",
                         mass ? "a mass of 1 g" : "", mass && area ? " and " : "",
                         area ? "an area of 1 cm2" : "");
}

static closo_status read_novonix(const closo_source *source, closo_table **table,
                                 closo_error *error)
{
    closo_status status = closo_delimited_read(source, &dialect, table, error);
    if (status == CLOSO_OK)
        set_presets_aside(*table);
    return status;
}

const closo_format closo_format_novonix = {"Novonix CSV", recognise, read_novonix};
