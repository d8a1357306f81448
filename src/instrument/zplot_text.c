/* SPDX-License-Identifier: BSD-3-Clause */
/* zplot_text.c: text of Scribner's ZPlot and ZView (.z), which other programs write too. Two layouts are about. The newer
 * begins with "ZPLOT2 ASCII", has "  Key:   value" lines and ends its head with "End Comments"; rows have tabs. The older,
 * also written by Autolab's Nova, begins with "ZPlotW Data File" or "Z60W Data File", has lines of free text, and its rows
 * have commas. In both the line of names holds Freq(Hz) and Z'(a). Z'' is as measured: negative for a capacitor. */
#include "sweep_text.h"

#include <string.h>

/* With "Control Current" the amplitude and the bias are currents. */
#define COLUMNS(amplitude_unit, bias_quantity)                                                \
    {"freq", CLOSO_QUANTITY_FREQUENCY, "Hz"}, {"ampl", CLOSO_QUANTITY_OTHER, amplitude_unit}, \
        {"bias", bias_quantity, amplitude_unit}, {"time", CLOSO_QUANTITY_TIME, "s"},          \
        {"z' a", CLOSO_QUANTITY_IMPEDANCE_REAL, "ohm"},                                       \
        {"z'' b", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "ohm"},                                 \
        {"z'", CLOSO_QUANTITY_IMPEDANCE_REAL, "ohm"},                                         \
        {"z''", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "ohm"}, {"gd", CLOSO_QUANTITY_OTHER, ""}, \
        {"err", CLOSO_QUANTITY_OTHER, ""}, {"range", CLOSO_QUANTITY_RANGE, ""},               \
    {                                                                                         \
        NULL, CLOSO_QUANTITY_OTHER, NULL                                                      \
    }

static const closo_dialect_column potential_columns[] = {
    COLUMNS("V", CLOSO_QUANTITY_POTENTIAL_CONTROL),
};
static const closo_dialect_column current_columns[] = {
    COLUMNS("A", CLOSO_QUANTITY_CURRENT_CONTROL),
};

static const closo_dialect potentiostatic = {.columns = potential_columns};
static const closo_dialect galvanostatic = {.columns = current_columns};

static const struct {
    const char *word, *key, *unit; /* unit NULL: text */
} keys[] = {
    {"Open Circuit Potential (V)", "open_circuit_potential", "V"},
    {"Potential-DC", "applied_potential", "V"},
    {"Potential-AC", "amplitude", "mV"},
    {"vs Freq-Initial", "frequency_high", "Hz"},
    {"vs Freq-Final", "frequency_low", "Hz"},
    {"Surface Area", "electrode_area", "cm2"},
    {"Measured Data, ZPlot", "software", NULL},
    {"Measured Data, Software", "software", NULL},
};

typedef struct zplot {
    closo_table *table;
    closo_sweep_lines lines;
    closo_text_layout layout;
    closo_sweeps sweeps;
    closo_span date, time;
    size_t told;
    bool current_control, in_comments, older;
} zplot;

static bool is_start(closo_span line)
{
    return closo_span_starts(line, "ZPLOT2 ASCII") || closo_span_starts(line, "ZPLOT ASCII") ||
           (line.length != 0 && line.start[0] == '"' &&
            (closo_span_starts(line, "\"ZPlotW Data File") ||
             closo_span_starts(line, "\"Z60W Data File")));
}

static bool are_names(closo_span line)
{
    return line.length < 1000 && closo_span_contains(line, "Freq") &&
           closo_span_contains(line, "Z'(a)") && closo_span_contains(line, "Z''(b)");
}

static int recognise(const closo_source *source)
{
    closo_span text = {(const char *)source->bytes, source->size < 16384 ? source->size : 16384};
    const char line_end = closo_text_line_end(text);
    closo_span line;
    for (size_t i = 0; i < 250 && closo_text_line(&text, line_end, &line); i++)
        if ((i == 0 && is_start(line)) || are_names(line))
            return 92;
    return 0;
}

/* ---- the head ---- */

static bool split_key(closo_span line, closo_span *word, closo_span *value)
{
    const char *colon = line.length != 0 ? memchr(line.start, ':', line.length) : NULL;
    if (colon == NULL)
        return false;
    *word = closo_span_trim((closo_span){line.start, (size_t)(colon - line.start)});
    *value =
        closo_span_trim((closo_span){colon + 1, (size_t)(line.start + line.length - colon - 1)});
    return word->length != 0;
}

/* "Date: 12-17-2019    Time: 16:24:35" of the older layout has both on one line. */
static void take_dates(zplot *z, closo_span word, closo_span value)
{
    if (closo_span_equals(word, "Time"))
        z->time = value;
    if (!closo_span_equals(word, "Date"))
        return;
    z->date = value;
    for (size_t i = 0; i + 5 < value.length; i++)
        if (memcmp(value.start + i, "Time:", 5) == 0) {
            z->date.length = i;
            z->time = (closo_span){value.start + i + 5, value.length - i - 5};
        }
}

static closo_status keep_known(zplot *z, closo_span word, closo_span value)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!closo_span_equals(word, keys[i].word))
            continue;
        /* An area of 1 is what ZPlot writes when nobody gave one. */
        if (strcmp(keys[i].key, "electrode_area") == 0 &&
            (closo_span_equals(value, "1") || closo_span_equals(value, "0")))
            return CLOSO_OK;
        return keys[i].unit != NULL
                   ? closo_sweep_keep_number(z->table, keys[i].key, value, keys[i].unit)
                   : closo_sweep_keep_text(z->table, keys[i].key, value);
    }
    return CLOSO_OK;
}

static closo_status keep_comment(zplot *z, closo_span line)
{
    const char *known = closo_table_text(z->table, "comments");
    line = closo_span_trim(line);
    if (known == NULL || line.length == 0 || strlen(known) > 1000)
        return known == NULL ? closo_sweep_keep_text(z->table, "comments", line) : CLOSO_OK;
    char *text = closo_text_string(z->table->arena, line);
    text = text != NULL ? closo_arena_printf(z->table->arena, "%s\n%s", known, text) : NULL;
    return text != NULL ? closo_sweep_keep_text(z->table, "comments", closo_span_of(text))
                        : CLOSO_NOMEM;
}

/* The older layout has free text among its lines; "0,3,0,1,300000,0.005" is none. */
static bool holds_words(closo_span line)
{
    for (size_t i = 0; i < line.length; i++)
        if ((line.start[i] | 32) >= 'a' && (line.start[i] | 32) <= 'z')
            return !closo_span_equals(line, "Raw Data") && !closo_span_equals(line, "Frequency");
    return false;
}

static void take_points(zplot *z, closo_span text)
{
    double told;
    if (closo_number_parse(text, '.', &told) && told > 0 && told < 1e9)
        z->told = (size_t)told;
}

static closo_status keep_key(zplot *z, closo_span word, closo_span value)
{
    enum { SETTINGS_MAX = 1000 };
    take_dates(z, word, value);
    if (closo_span_equals(word, "Data Points"))
        take_points(z, value);
    if (keep_known(z, word, value) != CLOSO_OK)
        return CLOSO_NOMEM;
    if (value.length == 0 || z->table->setting_count >= SETTINGS_MAX)
        return CLOSO_OK;
    char *name = closo_text_string(z->table->arena, word);
    const char *text = closo_text_string(z->table->arena, value);
    if (name == NULL || text == NULL)
        return CLOSO_NOMEM;
    return closo_table_add_setting(z->table, name, &text, 1);
}

static closo_status keep_head_line(zplot *z, closo_span line)
{
    closo_span word, value;
    line = closo_span_trim(line);
    if (line.length >= 2 && line.start[0] == '"' && line.start[line.length - 1] == '"')
        line = closo_span_trim((closo_span){line.start + 1, line.length - 2});
    if (z->lines.number == 1)
        z->older = closo_span_contains(line, "Data File");
    z->current_control |= closo_span_contains(line, "Control Current");
    if (closo_span_starts(line, "Begin User Comments")) {
        z->in_comments = true;
        return CLOSO_OK;
    }
    if (closo_span_starts(line, "End User Comments"))
        z->in_comments = false;
    if (z->in_comments)
        return keep_comment(z, line);
    if (split_key(line, &word, &value))
        return keep_key(z, word, value);
    take_points(z, line);
    return z->older && holds_words(line) ? keep_comment(z, line) : CLOSO_OK;
}

/* ---- rows ---- */

/* The separator of the first row below; a line "End Comments" may stand between. */
static char find_separator(closo_sweep_lines lines)
{
    closo_span line;
    while (closo_sweep_next_line(&lines, &line)) {
        if (closo_span_trim(line).length == 0 || closo_span_starts(line, "End Comments"))
            continue;
        if (memchr(line.start, '\t', line.length) != NULL)
            return '\t';
        return memchr(line.start, ',', line.length) != NULL ? ',' : ' ';
    }
    return '\t';
}

/* The names stand in a line of tabs, or of blanks. */
static closo_status take_names(zplot *z, closo_span line, closo_error *error)
{
    const char separator = memchr(line.start, '\t', line.length) != NULL ? '\t' : ' ';
    z->layout.separator = separator;
    closo_span names = closo_span_trim(line);
    if (names.length >= 2 && names.start[0] == '"')
        names = closo_span_trim((closo_span){names.start + 1, names.length - 2});
    /* "Freq (Hz)" of the older layout: the blank before the bracket separates nothing. */
    char *plain = closo_text_string(z->table->arena, names);
    if (plain == NULL)
        return closo_fail_nomem(error);
    size_t written = 0;
    for (size_t i = 0; plain[i] != '\0'; i++)
        if (plain[i] != ' ' || plain[i + 1] != '(')
            plain[written++] = plain[i];
    plain[written] = '\0';
    return closo_sweep_names(z->current_control ? &galvanostatic : &potentiostatic, z->table->arena,
                             closo_span_of(plain), &z->layout, error);
}

static closo_status take_sweep(zplot *z, closo_error *error)
{
    const char separator = find_separator(z->lines);
    closo_sweep_lines ahead = z->lines;
    closo_span line;
    while (closo_sweep_next_line(&ahead, &line) &&
           (closo_span_trim(line).length == 0 || closo_span_starts(line, "End Comments")))
        z->lines = ahead;
    if (z->sweeps.count != 0 && separator != z->layout.separator) {
        closo_table_note(z->table,
                         "a further sweep in line %zu has other separators than the first; it is "
                         "left out",
                         z->lines.number);
        return CLOSO_OK;
    }
    z->layout.separator = separator;
    closo_sweep *sweep = closo_sweep_take(&z->sweeps, z->table->arena, &z->lines, separator, 0);
    if (sweep == NULL)
        return closo_fail_nomem(error);
    sweep->told = z->told;
    z->told = 0;
    return CLOSO_OK;
}

static closo_status read_lines(zplot *z, closo_error *error)
{
    closo_span line, word, value;
    while (closo_sweep_next_line(&z->lines, &line)) {
        closo_status status = CLOSO_OK;
        if (are_names(line)) {
            status = z->layout.names == NULL ? take_names(z, line, error) : CLOSO_OK;
            if (status == CLOSO_OK)
                status = take_sweep(z, error);
        } else if (z->sweeps.count == 0) {
            if (keep_head_line(z, line) != CLOSO_OK)
                status = closo_fail_nomem(error);
        } else if (split_key(line, &word, &value) && closo_span_equals(word, "Data Points")) {
            take_points(z, value); /* for the rest, the head of the first sweep tells */
        }
        if (status != CLOSO_OK)
            return status;
    }
    return CLOSO_OK;
}

static closo_status finish(zplot *z)
{
    const char *unit = z->current_control ? "A" : "V";
    z->table->technique = z->current_control ? "GEIS" : "PEIS";
    closo_status status = closo_sweep_keep_start(z->table, z->date, z->time, CLOSO_MONTH_FIRST);
    /* The columns tell what was applied, the head what was asked for, in the units of a potentiostat. */
    for (size_t i = 0; i < z->table->column_count && status == CLOSO_OK; i++) {
        const char *name = z->table->columns[i].name;
        if (strcmp(name, "Ampl") == 0)
            status = closo_sweep_keep_constant(z->table, name, "amplitude", unit, false);
        else if (strcmp(name, "Bias") == 0)
            status = closo_sweep_keep_constant(
                z->table, name, z->current_control ? "applied_current" : "applied_potential", unit,
                false);
    }
    return status;
}

static closo_status read_zplot(const closo_source *source, closo_table **result, closo_error *error)
{
    zplot z = {.table = closo_sweep_table(source, closo_format_zplot.name, "ZPlot"),
               .lines = closo_sweep_lines_of(source),
               .date = {"", 0},
               .time = {"", 0}};
    if (z.table == NULL)
        return closo_fail_nomem(error);
    closo_status status = read_lines(&z, error);
    if (status != CLOSO_OK)
        return status;
    status = closo_sweeps_read(z.table, &z.layout, &z.sweeps, error);
    if (status != CLOSO_OK)
        return status;
    if (finish(&z) != CLOSO_OK)
        return closo_fail_nomem(error);
    *result = z.table;
    return CLOSO_OK;
}

const closo_format closo_format_zplot = {"ZPlot text", recognise, read_zplot};
