/* SPDX-License-Identifier: BSD-3-Clause */
/* chi_text.c: impedance in text of CH Instruments: a date, "A.C. Impedance", "Instrument Model:  CHI660E", lines
 * "Amplitude (V) = 0.025", names "Freq/Hz, Z'/ohm, Z"/ohm, Z/ohm, Phase/deg" and rows with commas. Z'' is as measured. */
#include "sweep_text.h"

#include <string.h>

static const closo_dialect_column columns[] = {
    {"freq", CLOSO_QUANTITY_FREQUENCY, "Hz"},
    {"z'", CLOSO_QUANTITY_IMPEDANCE_REAL, "ohm"},
    {"z\"", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "ohm"},
    {"z''", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "ohm"},
    {"z", CLOSO_QUANTITY_IMPEDANCE_MODULUS, "ohm"},
    {"phase", CLOSO_QUANTITY_PHASE, "deg"},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const closo_dialect dialect = {
    .format = "CH Instruments text", .instrument = "CH Instruments", .columns = columns};

enum { HEAD_LINES = 60 };

static int recognise(const closo_source *source)
{
    closo_span text = {(const char *)source->bytes, source->size < 4096 ? source->size : 4096};
    closo_span line;
    const char line_end = closo_text_line_end(text);
    bool technique = false, model = false;
    for (size_t i = 0; i < HEAD_LINES && closo_text_line(&text, line_end, &line); i++) {
        technique |=
            closo_span_starts(line, "A.C. Impedance") || closo_span_starts(line, "Impedance - ");
        model |= closo_span_starts(line, "Instrument Model:");
        if (technique && model)
            return 90;
    }
    return 0;
}

/* Words of CH Instruments for what others call otherwise. */
static closo_status keep_head(const closo_source *source, closo_table *table)
{
    static const struct {
        const char *word, *key, *unit;
    } keys[] = {{"Init E (V)", "applied_potential", "V"},
                {"Amplitude (V)", "amplitude", "V"},
                {"High Frequency (Hz)", "frequency_high", "Hz"},
                {"Low Frequency (Hz)", "frequency_low", "Hz"}};
    closo_sweep_lines lines = closo_sweep_lines_of(source);
    closo_span line;
    closo_status status = CLOSO_OK;
    while (status == CLOSO_OK && lines.number < HEAD_LINES &&
           closo_sweep_next_line(&lines, &line)) {
        const char *sign = line.length != 0 ? memchr(line.start, '=', line.length) : NULL;
        if (lines.number == 1)
            status = closo_sweep_keep_english_start(table, line, (closo_span){"", 0});
        if (closo_span_starts(line, "Instrument Model:"))
            status = closo_sweep_keep_text(table, "instrument_model",
                                           (closo_span){line.start + 17, line.length - 17});
        else if (closo_span_starts(line, "Note:"))
            status = closo_sweep_keep_text(table, "comments",
                                           (closo_span){line.start + 5, line.length - 5});
        if (sign == NULL)
            continue;
        const closo_span word =
            closo_span_trim((closo_span){line.start, (size_t)(sign - line.start)});
        const closo_span value = {sign + 1, (size_t)(line.start + line.length - sign - 1)};
        for (size_t i = 0; i < sizeof keys / sizeof *keys && status == CLOSO_OK; i++)
            if (closo_span_equals(word, keys[i].word))
                status = closo_sweep_keep_number(table, keys[i].key, value, keys[i].unit);
    }
    return status;
}

static closo_status read_chi(const closo_source *source, closo_table **table, closo_error *error)
{
    closo_status status = closo_sweep_read_delimited(source, &dialect, table, error);
    if (status != CLOSO_OK)
        return status;
    if (keep_head(source, *table) != CLOSO_OK) {
        *table = NULL;
        return closo_fail_nomem(error);
    }
    return CLOSO_OK;
}

const closo_format closo_format_chi = {"CH Instruments text", recognise, read_chi};
