/* SPDX-License-Identifier: BSD-3-Clause */
/* maccor_text.c: text that Maccor's programs export: MIMS (.001, .041, ... with "Today's Date" in the first line), the text
 * export with a head of key and value, and CSV. Most give the magnitude of the current and a letter for what the channel
 * does; capacities begin anew with each step. Some names have no unit: "TestTime" has been seen in minutes, and as
 * "0d 00:00:10.0". */
#include "dialect.h"

#include "closo/numeric.h"

#include <math.h>
#include <string.h>

static const closo_dialect_column columns[] = {
    {"rec", CLOSO_QUANTITY_RECORD, NULL},
    {"cyc", CLOSO_QUANTITY_CYCLE, NULL},
    {"cycle c", CLOSO_QUANTITY_CYCLE, NULL},
    {"cycle p", CLOSO_QUANTITY_OTHER, NULL}, /* the cycle of the procedure, not of the cell */
    {"step", CLOSO_QUANTITY_STEP, NULL},
    {"step", CLOSO_QUANTITY_STEP_TIME, NULL},
    {"test", CLOSO_QUANTITY_TIME, NULL},
    {"testtime", CLOSO_QUANTITY_TIME, "s"}, /* settled below */
    {"steptime", CLOSO_QUANTITY_STEP_TIME, "s"},
    {"test time", CLOSO_QUANTITY_TIME, "s"},
    {"step time", CLOSO_QUANTITY_STEP_TIME, "s"},
    {"amp hr", CLOSO_QUANTITY_CAPACITY, "Ah"},
    {"watt hr", CLOSO_QUANTITY_ENERGY, "Wh"},
    {"amps", CLOSO_QUANTITY_CURRENT, "A"},
    {"volts", CLOSO_QUANTITY_POTENTIAL, "V"},
    {"cap", CLOSO_QUANTITY_CAPACITY, NULL},
    {"ener", CLOSO_QUANTITY_ENERGY, NULL},
    {"capacity", CLOSO_QUANTITY_CAPACITY, NULL},
    {"energy", CLOSO_QUANTITY_ENERGY, NULL},
    {"current", CLOSO_QUANTITY_CURRENT, NULL},
    {"voltage", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"dpt time", CLOSO_QUANTITY_UNIX_TIME, "s"},
    {"loop#", CLOSO_QUANTITY_LOOP, NULL},
    {"acimp", CLOSO_QUANTITY_OTHER, "ohm"},
    {"dcir", CLOSO_QUANTITY_RESISTANCE, "ohm"},
    {"range", CLOSO_QUANTITY_RANGE, NULL},
    {"temp #", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {"temperature cell", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {"temperature chamber", CLOSO_QUANTITY_TEMPERATURE, "degC"},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const char *const state_columns[] = {"state", "md", NULL};

/* Charge, discharge, rest, suspended, pause, off. */
static const closo_dialect_state states[] = {{"C", 1}, {"D", -1}, {"R", 0}, {"S", 0},
                                             {"P", 0}, {"O", 0},  {NULL, 0}};

static const char *const marks[] = {"rec",      "cyc",   "cycle c",  "cycle p", "step",
                                    "dpt time", "test",  "testtime", "amp hr",  "watt hr",
                                    "steptime", "amps",  "volts",    "state",   "md",
                                    "es",       "acimp", "var1",     NULL};

static const closo_dialect dialect = {
    .format = "Maccor text",
    .instrument = "Maccor",
    .columns = columns,
    .state_columns = state_columns,
    .states = states,
    .magnitudes = true,
    .marks = marks,
    .marks_needed = 5,
};

static int recognise(const closo_source *source)
{
    return closo_dialect_recognise(&dialect, source);
}

/* ---- the unit of the time ---- */

/* Seconds of the clock per unit of `time`, the median over intervals that the clock resolves; NaN when there is none. */
static double clock_per_time(const closo_table *table, const closo_column *time,
                             const closo_column *clock)
{
    enum { MOST = 512 };
    static const double resolved_s = 10; /* the clock shows whole seconds */
    double ratios[MOST], from[2], to[2];
    size_t count = 0;
    closo_column_read(time, 0, 1, &from[0]);
    closo_column_read(clock, 0, 1, &from[1]);
    for (size_t i = 1; i < table->row_count && count < MOST; i++) {
        closo_column_read(time, i, 1, &to[0]);
        closo_column_read(clock, i, 1, &to[1]);
        if (!(fabs(to[1] - from[1]) >= resolved_s) && isfinite(to[0] + to[1] + from[0] + from[1]))
            continue;
        const double ratio = (to[1] - from[1]) / (to[0] - from[0]);
        if (isfinite(ratio) && ratio > 0)
            ratios[count++] = ratio;
        memcpy(from, to, sizeof from);
    }
    return count != 0 ? closo_median(ratios, count) : (double)NAN;
}

static const closo_column *find_clock(const closo_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        char words[64];
        closo_name_words(closo_span_of(table->columns[i].name), words);
        if (strcmp(words, "dpt time") == 0 && table->columns[i].labels == NULL)
            return &table->columns[i];
    }
    return NULL;
}

static bool names_no_unit(const closo_column *column)
{
    char words[64], unit[64];
    return column->labels == NULL && !closo_name_split(column->name, false, words, unit);
}

/* A time without a unit counts what the clock beside it shows. */
static void settle_time_unit(closo_table *table)
{
    static const struct {
        const char *unit, *word;
        double seconds;
    } units[] = {{"s", "seconds", 1}, {"min", "minutes", 60}, {"h", "hours", 3600}};
    const closo_column *time = closo_table_find(table, CLOSO_QUANTITY_TIME);
    const closo_column *clock = find_clock(table);
    if (time == NULL || !names_no_unit(time) || table->row_count == 0)
        return;
    const double ratio = clock != NULL ? clock_per_time(table, time, clock) : (double)NAN;
    size_t best = 3;
    for (size_t i = 0; i < 3; i++)
        if (fabs(ratio / units[i].seconds - 1) < 0.1)
            best = i;
    if (best == 3) {
        closo_table_note(table, "no clock tells the unit of column '%s'; it is read in seconds",
                         time->name);
        return;
    }
    if (best == 0)
        return;
    closo_table_note(table, "column '%s' names no unit; by the clock of column '%s' it counts %s",
                     time->name, clock->name, units[best].word);
    for (size_t i = 0; i < table->column_count; i++) {
        closo_column *column = &table->columns[i];
        if ((column->quantity != CLOSO_QUANTITY_TIME &&
             column->quantity != CLOSO_QUANTITY_STEP_TIME) ||
            !names_no_unit(column))
            continue;
        column->unit = units[best].unit;
        column->si_factor = units[best].seconds;
    }
}

/* ---- the first line ---- */

/* What stands after `key` up to the next tab or the next key; false when it is not there. */
static bool part_after(closo_span line, const char *key, const char *next, closo_span *value)
{
    const size_t length = strlen(key);
    for (size_t i = 0; i + length <= line.length; i++) {
        if (memcmp(line.start + i, key, length) != 0)
            continue;
        closo_span rest = {line.start + i + length, line.length - i - length};
        while (rest.length != 0 && (rest.start[0] == '\t' || rest.start[0] == ' ')) {
            rest.start++;
            rest.length--;
        }
        size_t end = 0;
        const size_t stop = strlen(next);
        while (
            end < rest.length && rest.start[end] != '\t' &&
            !(stop != 0 && end + stop <= rest.length && memcmp(rest.start + end, next, stop) == 0))
            end++;
        *value = closo_span_trim((closo_span){rest.start, end});
        return value->length != 0 && value->length < 500;
    }
    return false;
}

/* "... Filename:<tab>C:\Data\cell.001 Procedure: form.000<tab>Comment/Barcode: LN2086": the folder is left out. */
static closo_status read_first_line(const closo_source *source, closo_table *table)
{
    closo_span text = {(const char *)source->bytes, source->size}, line, value;
    if (!closo_text_line(&text, closo_text_line_end(text), &line) ||
        !closo_span_starts(line, "Today's Date"))
        return CLOSO_OK;
    if (line.length > 4096)
        line.length = 4096;
    closo_status status = CLOSO_OK;
    if (part_after(line, "Filename:", "Procedure:", &value)) {
        for (size_t i = value.length; i > 0; i--)
            if (value.start[i - 1] == '\\' || value.start[i - 1] == '/') {
                value = (closo_span){value.start + i, value.length - i};
                break;
            }
        status = closo_metadata_keep(table, "file_name", value);
    }
    if (status == CLOSO_OK && part_after(line, "Procedure:", "", &value))
        status = closo_metadata_keep(table, "procedure", value);
    if (status == CLOSO_OK && part_after(line, "Comment/Barcode:", "", &value))
        status = closo_metadata_keep(table, "comments", value);
    return status;
}

static closo_status read_maccor(const closo_source *source, closo_table **table, closo_error *error)
{
    closo_status status = closo_delimited_read(source, &dialect, table, error);
    if (status != CLOSO_OK)
        return status;
    settle_time_unit(*table);
    if (read_first_line(source, *table) != CLOSO_OK) {
        *table = NULL;
        return closo_fail_nomem(error);
    }
    return CLOSO_OK;
}

const closo_format closo_format_maccor = {"Maccor text", recognise, read_maccor};
