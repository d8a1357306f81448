/* SPDX-License-Identifier: BSD-3-Clause */
/* ivium_text.c: text of IviumSoft: names with a blank before the stroke, "time /s", "I /mA", "E /V". Written from
 * descriptions of such files; no file of an instrument was at hand. */
#include "dialect.h"

#include <string.h>

static const closo_dialect_column columns[] = {
    {"time", CLOSO_QUANTITY_TIME, "s"},           {"e", CLOSO_QUANTITY_POTENTIAL, "V"},
    {"i", CLOSO_QUANTITY_CURRENT, "A"},           {"freq", CLOSO_QUANTITY_FREQUENCY, "Hz"},
    {"z1", CLOSO_QUANTITY_IMPEDANCE_REAL, "ohm"}, {"z2", CLOSO_QUANTITY_OTHER, "ohm"},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const closo_dialect dialect = {
    .format = "Ivium text",
    .instrument = "Ivium",
    .columns = columns,
};

/* How many of the fields are written as Ivium writes names. */
static size_t count_names(closo_span line, char separator)
{
    static const char *const beginnings[] = {"time /", "E /", "I /", "freq. /", "Z1 /", "Z2 /"};
    size_t found = 0, fields = 0;
    closo_span field;
    while (fields++ < 20 && closo_text_field(&line, separator, false, &field)) {
        field = closo_span_trim(field);
        for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
            found += closo_span_starts(field, beginnings[i]);
    }
    return found;
}

static int recognise(const closo_source *source)
{
    enum { LINES = 60, BYTES = 1 << 14 };
    closo_span text = {(const char *)source->bytes, source->size < BYTES ? source->size : BYTES};
    const char line_end = closo_text_line_end(text);
    closo_span line;
    for (size_t i = 0; i < LINES && closo_text_line(&text, line_end, &line); i++)
        if (line.length < 400 && (count_names(line, '\t') >= 2 || count_names(line, ',') >= 2 ||
                                  count_names(line, ';') >= 2))
            return 85;
    return 0;
}

static closo_status read_ivium(const closo_source *source, closo_table **table, closo_error *error)
{
    closo_status status = closo_delimited_read(source, &dialect, table, error);
    if (status != CLOSO_OK)
        return status;
    for (size_t i = 0; i < (*table)->column_count; i++)
        if (closo_span_starts(closo_span_of((*table)->columns[i].name), "Z2 /"))
            closo_table_note(*table,
                             "the file does not say whether column '%s' is Z'' or -Z''; name it "
                             "'Zimag/ohm' or '-Zimag/ohm' in the file if an analysis needs it",
                             (*table)->columns[i].name);
    return CLOSO_OK;
}

const closo_format closo_format_ivium = {"Ivium text", recognise, read_ivium};
