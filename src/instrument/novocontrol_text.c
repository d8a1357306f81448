/* SPDX-License-Identifier: BSD-3-Clause */
/* novocontrol_text.c: text of Novocontrol's WinDETA and NEISYS: a title, where it is set "Diameter[mm]: ... Thickness[mm]:
 * ...", a line "Fixed value(s) :  AC Volt  [Vrms]=7.1e-03  Temp. [°C]=25.0", names with units in brackets, and rows with
 * tabs. A file of several temperatures has such a block for each, or a column of temperatures. Z'' (Zs'') is as measured.
 * The temperature stands only in the title where it was not among the fixed values. */
#include "sweep_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const closo_dialect_column columns[] = {
    {"freq", CLOSO_QUANTITY_FREQUENCY, "Hz"},
    {"zs'", CLOSO_QUANTITY_IMPEDANCE_REAL, "ohm"},
    {"zs''", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "ohm"},
    {"|zs|", CLOSO_QUANTITY_IMPEDANCE_MODULUS, "ohm"},
    {"temp", CLOSO_QUANTITY_TEMPERATURE, NULL},
    {"time", CLOSO_QUANTITY_TIME, "s"},
    {"ac volt", CLOSO_QUANTITY_OTHER, "V"},
    {"dc volt", CLOSO_QUANTITY_POTENTIAL_CONTROL, "V"},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const closo_dialect dialect = {.columns = columns};

typedef struct deta {
    closo_table *table;
    closo_sweep_lines lines;
    closo_text_layout layout;
    closo_sweeps sweeps;
    closo_span names;
    double temperature_K; /* of the block at hand */
    size_t left_out;
} deta;

static bool are_names(closo_span line)
{
    closo_span plain = closo_span_trim(line);
    return closo_span_starts(plain, "Freq") && plain.length < 2000 &&
           memchr(plain.start, '[', plain.length) != NULL &&
           memchr(plain.start, '\t', plain.length) != NULL;
}

static bool are_fixed_values(closo_span line)
{
    return closo_span_starts(closo_span_trim(line), "Fixed value(s)");
}

static int recognise(const closo_source *source)
{
    closo_span text = {(const char *)source->bytes, source->size < 8192 ? source->size : 8192};
    const char line_end = closo_text_line_end(text);
    closo_span line;
    bool fixed = false;
    for (size_t i = 0; i < 40 && closo_text_line(&text, line_end, &line); i++) {
        fixed |= are_fixed_values(line) || closo_span_starts(closo_span_trim(line), "Diameter[mm]");
        if (are_names(line) && (fixed || closo_span_contains(line, "Zs'[")))
            return 90;
    }
    return 0;
}

/* ---- the head ---- */

/* The number behind a word and its sign: 13 for "Diameter[mm]" in "Diameter[mm]: 1.300e+01  Thickness...". */
static bool number_behind(closo_span line, const char *word, double *value)
{
    const size_t length = strlen(word);
    for (size_t i = 0; i + length < line.length; i++) {
        if (memcmp(line.start + i, word, length) != 0)
            continue;
        closo_span rest = {line.start + i + length, line.length - i - length}, field;
        while (rest.length != 0 && strchr(" :=\t", rest.start[0]) != NULL) {
            rest.start++;
            rest.length--;
        }
        if (closo_text_field(&rest, ' ', false, &field) &&
            (closo_number_parse(field, '.', value) || closo_number_parse(field, ',', value)))
            return isfinite(*value);
    }
    return false;
}

static closo_status keep_geometry(deta *d, closo_span line)
{
    static const struct {
        const char *word, *key, *unit;
    } keys[] = {{"Diameter[mm]", "diameter", "mm"},
                {"Thickness[mm]", "thickness", "mm"},
                {"Spacer Capacity[pF]", "spacer_capacitance", "pF"},
                {"Spacer Area[mm^2]", "spacer_area", "mm2"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        double value;
        if (number_behind(line, keys[i].word, &value) && value > 0 &&
            closo_table_set_number(d->table, keys[i].key, value, keys[i].unit) != CLOSO_OK)
            return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

static closo_status keep_fixed(deta *d, closo_span line)
{
    static const struct {
        const char *word;
        double factor, offset;
    } temperatures[] = {{"Temp. [K]", 1, 0},
                        {"Temp. [°C]", 1, 273.15},
                        {"Temp. [\xb0"
                         "C]",
                         1, 273.15},
                        {"Temp. [C]", 1, 273.15},
                        {"Temp.[K]", 1, 0},
                        {"Temp.[°C]", 1, 273.15},
                        {"Temp.[C]", 1, 273.15}};
    static const char *const volts[] = {"AC Volt  [Vrms]", "AC Volt [Vrms]", "AC Volt[Vrms]"};
    static const char *const biases[] = {"DC Volt  [V]", "DC Volt [V]", "DC Volt[V]"};
    double value;
    for (size_t i = 0; i < sizeof temperatures / sizeof *temperatures; i++)
        if (number_behind(line, temperatures[i].word, &value))
            d->temperature_K = value * temperatures[i].factor + temperatures[i].offset;
    for (size_t i = 0; i < sizeof volts / sizeof *volts; i++)
        if (number_behind(line, volts[i], &value) &&
            closo_table_set_number(d->table, "amplitude", value, "V") != CLOSO_OK)
            return CLOSO_NOMEM;
    for (size_t i = 0; i < sizeof biases / sizeof *biases; i++)
        if (number_behind(line, biases[i], &value) &&
            closo_table_set_number(d->table, "applied_potential", value, "V") != CLOSO_OK)
            return CLOSO_NOMEM;
    return CLOSO_OK;
}

/* "s05751_25deg, 26.02.2025, 15:11" */
static closo_status keep_title(deta *d, closo_span line)
{
    closo_span rest = line, title, date = {"", 0}, time = {"", 0};
    if (!closo_span_field(&rest, ',', &title) || closo_span_trim(title).length == 0)
        return CLOSO_OK;
    if (rest.start != NULL && closo_span_field(&rest, ',', &date) && rest.start != NULL)
        (void)closo_span_field(&rest, ',', &time);
    if (closo_sweep_keep_text(d->table, "title", title) != CLOSO_OK ||
        (date.length != 0 &&
         closo_sweep_keep_start(d->table, date, time, CLOSO_DAY_FIRST) != CLOSO_OK))
        return CLOSO_NOMEM;
    return CLOSO_OK;
}

/* "s04147-140deg": 140; people keep the temperature in the name of the sample. Digits only: a sign could be a hyphen. */
static bool temperature_in_title(const char *title, double *celsius)
{
    const char *end = title != NULL ? strstr(title, "deg") : NULL;
    if (end == NULL)
        return false;
    const char *start = end;
    while (start > title && ((start[-1] >= '0' && start[-1] <= '9') || start[-1] == '.'))
        start--;
    return start < end &&
           closo_number_parse((closo_span){start, (size_t)(end - start)}, '.', celsius) &&
           *celsius < 2000;
}

/* ---- rows ---- */

static bool same_names(closo_span one, closo_span other)
{
    one = closo_span_trim(one);
    other = closo_span_trim(other);
    return one.length == other.length && memcmp(one.start, other.start, one.length) == 0;
}

static closo_status take_block(deta *d, closo_span names, closo_error *error)
{
    if (d->layout.names == NULL) {
        d->layout.separator = '\t';
        d->names = names;
        closo_status status =
            closo_sweep_names(&dialect, d->table->arena, names, &d->layout, error);
        if (status != CLOSO_OK)
            return status;
    } else if (!same_names(names, d->names)) {
        d->left_out++;
        return CLOSO_OK;
    }
    closo_sweep *sweep = closo_sweep_take(&d->sweeps, d->table->arena, &d->lines, '\t', 0);
    if (sweep == NULL)
        return closo_fail_nomem(error);
    sweep->temperature_K = d->temperature_K;
    return CLOSO_OK;
}

static closo_status read_lines(deta *d, closo_error *error)
{
    closo_span line;
    while (closo_sweep_next_line(&d->lines, &line)) {
        closo_status status = CLOSO_OK;
        if (are_names(line)) {
            status = take_block(d, line, error);
            if (status != CLOSO_OK)
                return status;
            continue;
        }
        if (are_fixed_values(line))
            status = keep_fixed(d, line);
        else if (closo_span_contains(line, "[mm]"))
            status = keep_geometry(d, line);
        else if (d->lines.number == 1)
            status = keep_title(d, line);
        if (status != CLOSO_OK)
            return closo_fail_nomem(error);
    }
    return CLOSO_OK;
}

static closo_status finish(deta *d)
{
    const char *title = closo_table_text(d->table, "title");
    double celsius;
    if (d->left_out != 0)
        closo_table_note(d->table, "%zu blocks with other columns than the first are left out",
                         d->left_out);
    if (isfinite(d->temperature_K) || d->sweeps.count != 1 ||
        closo_table_find(d->table, CLOSO_QUANTITY_TEMPERATURE) != NULL ||
        !temperature_in_title(title, &celsius))
        return CLOSO_OK;
    closo_table_note(d->table,
                     "the temperature, %g degC, is taken from the title '%s', since the file does "
                     "not tell it otherwise",
                     celsius, closo_text_quote(closo_span_of(title)).text);
    return closo_table_set_number(d->table, "temperature", celsius, "degC");
}

static closo_status read_deta(const closo_source *source, closo_table **result, closo_error *error)
{
    deta d = {.table = closo_sweep_table(source, closo_format_novocontrol.name, "Novocontrol"),
              .lines = closo_sweep_lines_of(source),
              .names = {"", 0},
              .temperature_K = NAN};
    if (d.table == NULL)
        return closo_fail_nomem(error);
    closo_status status = read_lines(&d, error);
    if (status == CLOSO_OK)
        status = closo_sweeps_read(d.table, &d.layout, &d.sweeps, error);
    if (status != CLOSO_OK)
        return status;
    if (finish(&d) != CLOSO_OK)
        return closo_fail_nomem(error);
    *result = d.table;
    return CLOSO_OK;
}

const closo_format closo_format_novocontrol = {"Novocontrol text", recognise, read_deta};
