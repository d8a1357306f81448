/* SPDX-License-Identifier: BSD-3-Clause */
/* ivium_idf.c: IviumSoft's data sets (.idf, one measurement; .ids, several). Lines of text with a few control bytes at the
 * beginnings of parts: "Key=value" lines of the method, then for the data a line "primary_data", the number of columns, the
 * number of rows, and the rows. For impedance the columns are Z', Z'' and the frequency. Z'' is as measured. What follows
 * ("osc_data", the wave forms) is not read. Every part of an .ids has its own method. */
#include "sweep_text.h"

#include <math.h>
#include <string.h>

enum { KEY_MAX = 60, SETTINGS_MAX = 300 };

static const closo_text_name names[] = {
    {"Z'/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_REAL, false},
    {"Z''/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, false},
    {"freq/Hz", "Hz", CLOSO_QUANTITY_FREQUENCY, false},
};

typedef struct idf {
    closo_table *table;
    closo_sweep_lines lines;
    closo_sweeps sweeps;
    closo_span method; /* of the part at hand */
    bool current_control;
    size_t others; /* parts that hold something else */
} idf;

static int recognise(const closo_source *source)
{
    enum { LOOKED_AT = 1 << 16, LINES = 2000 };
    closo_span text = {(const char *)source->bytes,
                       source->size < LOOKED_AT ? source->size : LOOKED_AT};
    closo_span line;
    bool peaks = false, corrosion = false;
    const char line_end = closo_text_line_end(text);
    for (size_t i = 0; i < LINES && closo_text_line(&text, line_end, &line); i++) {
        if (closo_span_starts(line, "primary_data"))
            return 92;
        peaks |= closo_span_starts(line, "Peaks=");
        corrosion |= closo_span_starts(line, "Corrosion=");
    }
    return peaks && corrosion ? 90 : 0;
}

/* ---- the method ---- */

static closo_status keep_process_data(idf *d, closo_span text)
{
    /* "instrument  : X^\^channel : 0^\^...": the signs stand for line ends. */
    static const struct {
        const char *word, *key;
    } words[] = {{"instrument", "instrument"}, {"channel", "channel"},
                 {"software vs", "software"},  {"firmware vs", "firmware"},
                 {"start time", "start_time"}, {"endcondition", "end_condition"}};
    closo_status status = CLOSO_OK;
    for (size_t begin = 0, i = 0; i <= text.length && status == CLOSO_OK; i++) {
        if (i < text.length && (unsigned char)text.start[i] >= ' ')
            continue;
        const closo_span part = {text.start + begin, i - begin};
        begin = i + 1;
        const char *colon = part.length != 0 ? memchr(part.start, ':', part.length) : NULL;
        if (colon == NULL)
            continue;
        const closo_span word =
            closo_span_trim((closo_span){part.start, (size_t)(colon - part.start)});
        const closo_span value = closo_span_trim(
            (closo_span){colon + 1, (size_t)(part.start + part.length - colon - 1)});
        for (size_t w = 0; w < sizeof words / sizeof *words && status == CLOSO_OK; w++) {
            if (!closo_span_equals(word, words[w].word))
                continue;
            status =
                strcmp(words[w].key, "start_time") == 0
                    ? closo_sweep_keep_start(d->table, value, (closo_span){"", 0}, CLOSO_DAY_FIRST)
                    : closo_sweep_keep_text(d->table, words[w].key, value);
        }
    }
    return status;
}

static closo_status keep_setting(idf *d, closo_span word, closo_span value)
{
    /* The lists of frequencies and times have a line for each point. */
    if (value.length == 0 || value.length > 500 || d->table->setting_count >= SETTINGS_MAX ||
        memchr(word.start, '[', word.length) != NULL)
        return CLOSO_OK;
    char *name = closo_text_string(d->table->arena, word);
    const char *text = closo_text_string(d->table->arena, value);
    if (name == NULL || text == NULL)
        return CLOSO_NOMEM;
    return closo_table_add_setting(d->table, name, &text, 1);
}

/* What the first part tells counts for all. */
static closo_status keep_known(idf *d, closo_span word, closo_span value)
{
    const struct {
        const char *word, *key, *unit; /* unit NULL: text */
    } keys[] = {{"Title", "title", NULL},
                {"Report.Remarks", "comments", NULL},
                {"E start", "applied_potential", "V"},
                {"I start", "applied_current", "A"},
                {"Frequencies.amp[1]", "amplitude", d->current_control ? "A" : "V"},
                {"Data Options.Area", "electrode_area", "cm2"}};
    if (closo_span_equals(word, "Report.Process data"))
        return keep_process_data(d, value);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!closo_span_equals(word, keys[i].word))
            continue;
        /* An area of 1 is IviumSoft's default. */
        if (strcmp(keys[i].key, "electrode_area") == 0 && closo_span_equals(value, "1"))
            return CLOSO_OK;
        return keys[i].unit != NULL
                   ? closo_sweep_keep_number(d->table, keys[i].key, value, keys[i].unit)
                   : closo_sweep_keep_text(d->table, keys[i].key, value);
    }
    return CLOSO_OK;
}

static closo_status keep_pair(idf *d, closo_span line)
{
    const char *sign = line.length != 0 ? memchr(line.start, '=', line.length) : NULL;
    if (sign == NULL || sign - line.start > KEY_MAX)
        return CLOSO_OK;
    const closo_span word = {line.start, (size_t)(sign - line.start)};
    const closo_span value =
        closo_span_trim((closo_span){sign + 1, (size_t)(line.start + line.length - sign - 1)});
    if (closo_span_equals(word, "Method"))
        d->method = value;
    else if (closo_span_equals(word, "Technique"))
        d->current_control = closo_span_contains(value, "Constant I");
    if (d->sweeps.count != 0)
        return CLOSO_OK;
    closo_status status = keep_known(d, word, value);
    return status == CLOSO_OK ? keep_setting(d, word, value) : status;
}

/* ---- the data ---- */

static bool next_count(idf *d, double *count)
{
    closo_span line;
    *count = 0;
    return closo_sweep_next_line(&d->lines, &line) &&
           closo_number_parse(closo_span_trim(line), '.', count) && *count >= 0 && *count < 1e9;
}

static closo_status take_data(idf *d, closo_error *error)
{
    double columns, rows;
    const bool impedance = d->method.length == 0 || closo_span_equals(d->method, "Impedance");
    if (!next_count(d, &columns) || !next_count(d, &rows) || rows < 1)
        return CLOSO_OK;
    if (!impedance || (size_t)columns != sizeof names / sizeof *names) {
        d->others++;
        return CLOSO_OK;
    }
    closo_sweep *sweep =
        closo_sweep_take(&d->sweeps, d->table->arena, &d->lines, ' ', (size_t)rows);
    if (sweep == NULL)
        return closo_fail_nomem(error);
    sweep->told = (size_t)rows;
    return CLOSO_OK;
}

static closo_status read_lines(idf *d, closo_error *error)
{
    closo_span line;
    while (closo_sweep_next_line(&d->lines, &line)) {
        closo_status status = CLOSO_OK;
        if (closo_span_starts(line, "primary_data"))
            status = take_data(d, error);
        else if (keep_pair(d, line) != CLOSO_OK)
            status = closo_fail_nomem(error);
        if (status != CLOSO_OK)
            return status;
    }
    return CLOSO_OK;
}

static closo_status read_idf(const closo_source *source, closo_table **result, closo_error *error)
{
    idf d = {.table = closo_sweep_table(source, closo_format_idf.name, "Ivium"),
             .lines = closo_sweep_lines_of(source),
             .method = {"", 0}};
    closo_text_layout layout = {.separator = ' ',
                                .always_ends = true,
                                .names = names,
                                .name_count = sizeof names / sizeof *names};
    if (d.table == NULL)
        return closo_fail_nomem(error);
    closo_status status = read_lines(&d, error);
    if (status != CLOSO_OK)
        return status;
    if (d.sweeps.count == 0 && d.others != 0)
        return closo_fail(error, CLOSO_UNSUPPORTED,
                          "this IviumSoft file holds a measurement by the method '%s'; closo reads "
                          "impedance from .idf and .ids; export the others as text from IviumSoft",
                          closo_text_quote(d.method).text);
    d.table->technique = d.current_control ? "GEIS" : "PEIS";
    status = closo_sweeps_read(d.table, &layout, &d.sweeps, error);
    if (status != CLOSO_OK)
        return status;
    if (d.others != 0)
        closo_table_note(d.table, "%zu measurements by other methods are left out", d.others);
    *result = d.table;
    return CLOSO_OK;
}

const closo_format closo_format_idf = {"IviumSoft .idf", recognise, read_idf};
