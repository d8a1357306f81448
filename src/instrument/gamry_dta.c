/* SPDX-License-Identifier: BSD-3-Clause */
/* gamry_dta.c: Gamry's .DTA ("EXPLAIN" text). Lines KEY<tab>TYPE<tab>value<tab>description, and tables: a line
 * NAME<tab>TABLE<tab>points, a line of names, a line of units, and rows that begin with a tab. Decimal commas where the
 * computer has them. Keys may follow a table. The curves of an experiment (CURVE1, CURVE2, ...) become one table. */
#include "text_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CURVES_MAX = 100000, GROUPS_MAX = 50 };

/* A table of the file. */
typedef struct curve {
    closo_span name, names, units;
    closo_text_piece rows;
    size_t told; /* points, 0 when not told */
    size_t line;
    bool joined;
} curve;

typedef struct dta {
    const closo_source *source;
    closo_table *table; /* takes the header; later the first group of curves */
    closo_span rest;
    char line_end;
    size_t line;
    curve *curves;
    size_t count, capacity;
    bool aborted;
    closo_date date;
    bool has_date;
    closo_span time;
} dta;

/* ---- lines ---- */

static bool next_line(dta *d, closo_span *line)
{
    if (!closo_text_line(&d->rest, d->line_end, line))
        return false;
    d->line++;
    return true;
}

static bool is_row(closo_span line)
{
    return line.length != 0 && (line.start[0] == '\t' || line.start[0] == ' ');
}

static closo_span part(closo_span line, size_t number)
{
    closo_span field = {"", 0};
    for (size_t i = 0; i <= number; i++)
        if (!closo_text_field(&line, '\t', false, &field))
            return (closo_span){"", 0};
    return closo_span_trim(field);
}

static bool parse_either(closo_span digits, double *number)
{
    return (closo_number_parse(digits, '.', number) || closo_number_parse(digits, ',', number)) &&
           isfinite(*number);
}

static int recognise(const closo_source *source)
{
    closo_span line,
        rest = {(const char *)source->bytes, source->size < 4096 ? source->size : 4096};
    const char line_end = closo_text_line_end(rest);
    int score = 0;
    for (size_t i = 0; i < 5 && closo_text_line(&rest, line_end, &line); i++) {
        if (i == 0 && closo_span_equals(closo_span_trim(line), "EXPLAIN"))
            score = 90;
        if (closo_span_starts(line, "TAG\t"))
            return 95;
    }
    return score;
}

/* ---- the header ---- */

typedef enum value_kind {
    VALUE_TEXT,
    VALUE_NUMBER,
    VALUE_POTENTIAL,
    VALUE_DATE,
    VALUE_TIME
} value_kind;

static const struct {
    const char *word, *key, *unit;
    value_kind kind;
} keys[] = {
    {"TITLE", "title", "", VALUE_TEXT},
    {"DATE", "", "", VALUE_DATE},
    {"TIME", "", "", VALUE_TIME},
    {"PSTAT", "instrument", "", VALUE_TEXT},
    {"PSTATSERIALNO", "instrument_serial", "", VALUE_TEXT},
    {"INSTRUMENTVERSION", "firmware", "", VALUE_TEXT},
    {"FRAMEWORKVERSION", "software", "", VALUE_TEXT},
    {"SCANRATE", "scan_rate", "mV/s", VALUE_NUMBER},
    {"STEPSIZE", "potential_step", "mV", VALUE_NUMBER},
    {"SAMPLETIME", "sampling_interval", "s", VALUE_NUMBER},
    {"CYCLES", "cycles", "1", VALUE_NUMBER},
    {"AREA", "electrode_area", "cm2", VALUE_NUMBER},
    {"DENSITY", "density", "g/cm3", VALUE_NUMBER},
    {"EQUIV", "equivalent_weight", "g/mol", VALUE_NUMBER},
    {"EOC", "open_circuit_potential", "V", VALUE_NUMBER},
    {"FREQINIT", "frequency_high", "Hz", VALUE_NUMBER},
    {"FREQFINAL", "frequency_low", "Hz", VALUE_NUMBER},
    {"FREQUENCY", "frequency", "Hz", VALUE_NUMBER},
    {"VAC", "amplitude", "mV", VALUE_NUMBER},
    {"CONVENTION", "current_convention", "1", VALUE_NUMBER},
    {"VDC", "applied_potential", "V", VALUE_POTENTIAL},
    {"VINIT", "potential_initial", "V", VALUE_POTENTIAL},
    {"VFINAL", "potential_final", "V", VALUE_POTENTIAL},
    {"VLIMIT1", "potential_limit_1", "V", VALUE_POTENTIAL},
    {"VLIMIT2", "potential_limit_2", "V", VALUE_POTENTIAL},
    {"VSTEP1", "potential_step_1", "V", VALUE_POTENTIAL},
    {"VSTEP2", "potential_step_2", "V", VALUE_POTENTIAL},
};

static closo_status set_text(closo_table *table, const char *key, closo_span value)
{
    char *text = value.length != 0 ? closo_text_string(table->arena, value) : NULL;
    if (value.length == 0)
        return CLOSO_OK;
    return text != NULL ? closo_table_set_text(table, key, text) : CLOSO_NOMEM;
}

/* Gamry writes the date as the computer does: month first with '/', day first with '-' and '.'. */
static void keep_date(dta *d, closo_span value)
{
    const bool slash = value.length != 0 && memchr(value.start, '/', value.length) != NULL;
    d->has_date = closo_date_parse(value, slash ? CLOSO_MONTH_FIRST : CLOSO_DAY_FIRST, &d->date);
}

static closo_status keep_value(dta *d, size_t i, closo_span line)
{
    const closo_span value = part(line, 2);
    double number;
    switch (keys[i].kind) {
    case VALUE_TEXT:
        return set_text(d->table, keys[i].key, value);
    case VALUE_DATE:
        keep_date(d, value);
        return CLOSO_OK;
    case VALUE_TIME:
        d->time = value;
        return CLOSO_OK;
    case VALUE_POTENTIAL:
        /* The toggle behind a potential: T when it is meant against the open circuit. */
        if (closo_span_equals(part(line, 3), "T"))
            return CLOSO_OK;
        /* fall through */
    case VALUE_NUMBER:
        break;
    }
    /* An open circuit of exactly 0 was not measured. */
    if (!parse_either(value, &number) ||
        (number == 0 && strcmp(keys[i].key, "open_circuit_potential") == 0))
        return CLOSO_OK;
    return closo_table_set_number(d->table, keys[i].key, number, keys[i].unit);
}

/* NOTES<tab>n: n lines of text follow, indented. */
static closo_status keep_notes(dta *d, closo_span line)
{
    double told = 0;
    closo_span note;
    if (!parse_either(part(line, 2), &told) || told < 0 || told > 1000)
        told = 0;
    for (size_t i = 0; i < (size_t)told; i++) {
        closo_span before = d->rest;
        if (!next_line(d, &note))
            break;
        /* Notes are indented; a file edited by hand may have fewer of them than it says. */
        if (note.length != 0 && !is_row(note)) {
            d->rest = before;
            d->line--;
            break;
        }
        note = closo_span_trim(note);
        const char *known = closo_table_text(d->table, "comments");
        char *text = closo_text_string(d->table->arena, note);
        char *joined = text == NULL || known == NULL || *text == '\0'
                           ? text
                           : closo_arena_printf(d->table->arena, "%s\n%s", known, text);
        if (joined == NULL || (*joined != '\0' && note.length != 0 &&
                               closo_table_set_text(d->table, "comments", joined) != CLOSO_OK))
            return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

static closo_status keep_key(dta *d, closo_span line)
{
    enum { SETTINGS_MAX = 2000 };
    const closo_span key = part(line, 0), type = part(line, 1), value = part(line, 2);
    if (closo_span_starts(key, "EXPERIMENTABORTED"))
        d->aborted |= type.length == 0 || closo_span_equals(value, "T");
    if (closo_span_equals(key, "TAG"))
        return set_text(d->table, "technique", type);
    if (closo_span_equals(type, "NOTES"))
        return keep_notes(d, line);
    if (type.length == 0 || d->table->setting_count >= SETTINGS_MAX)
        return CLOSO_OK;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (closo_span_equals(key, keys[i].word) && keep_value(d, i, line) != CLOSO_OK)
            return CLOSO_NOMEM;
    char *name = closo_text_string(d->table->arena, key);
    const char *words[3];
    size_t count = 0;
    const bool several = closo_span_equals(type, "TWOPARAM") || closo_span_equals(type, "POTEN");
    for (; count < (closo_span_equals(type, "TWOPARAM") ? 3u : several ? 2u : 1u); count++)
        if ((words[count] = closo_text_string(d->table->arena, part(line, 2 + count))) == NULL)
            return CLOSO_NOMEM;
    if (name == NULL)
        return CLOSO_NOMEM;
    return closo_table_add_setting(d->table, name, words, count);
}

/* ---- tables ---- */

static closo_status keep_curve(dta *d, closo_span line)
{
    curve *list =
        closo_arena_grow(d->source->arena, d->curves, d->count, &d->capacity, sizeof *list);
    if (list == NULL)
        return CLOSO_NOMEM;
    d->curves = list;
    curve *c = &list[d->count];
    memset(c, 0, sizeof *c);
    double told = 0;
    c->name = part(line, 0);
    c->line = d->line;
    if (parse_either(part(line, 2), &told) && told > 0 && told < 1e12)
        c->told = (size_t)told;
    closo_span names, units;
    c->rows.text = (closo_span){"", 0};
    if (d->count < CURVES_MAX)
        d->count++;
    if (!next_line(d, &names))
        return CLOSO_OK; /* cut off behind the title */
    c->names = names;
    const closo_span before_units = d->rest;
    if (next_line(d, &units)) {
        double number;
        /* A row of numbers at once means that the line of units is missing. */
        if (is_row(units) && !parse_either(part(units, 1), &number))
            c->units = units;
        else {
            d->rest = before_units;
            d->line--;
        }
    }
    c->rows.first_line = d->line + 1;
    const char *start = d->rest.start, *end = start;
    closo_span row, before = d->rest;
    while (next_line(d, &row)) {
        if (row.length != 0 && !is_row(row)) {
            d->rest = before;
            d->line--;
            break;
        }
        before = d->rest;
        end = d->rest.start;
    }
    c->rows.text = (closo_span){start, (size_t)(end - start)};
    return CLOSO_OK;
}

static closo_status read_lines(dta *d)
{
    closo_span line;
    while (next_line(d, &line)) {
        const bool table = closo_span_starts(part(line, 1), "TABLE") && !is_row(line);
        closo_status status = table ? keep_curve(d, line) : keep_key(d, line);
        if (status != CLOSO_OK)
            return status;
    }
    return CLOSO_OK;
}

/* ---- columns ---- */

static const struct {
    const char *name;
    closo_quantity quantity;
} quantities[] = {
    {"Pt", CLOSO_QUANTITY_RECORD},
    {"T", CLOSO_QUANTITY_TIME},
    {"Time", CLOSO_QUANTITY_TIME},
    {"Vf", CLOSO_QUANTITY_POTENTIAL},
    {"Voltage", CLOSO_QUANTITY_POTENTIAL},
    {"Im", CLOSO_QUANTITY_CURRENT},
    {"Current", CLOSO_QUANTITY_CURRENT},
    {"Vdc", CLOSO_QUANTITY_POTENTIAL_AVERAGE},
    {"Idc", CLOSO_QUANTITY_CURRENT_AVERAGE},
    {"Freq", CLOSO_QUANTITY_FREQUENCY},
    {"Zreal", CLOSO_QUANTITY_IMPEDANCE_REAL},
    {"Zimag", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY},
    {"Zmod", CLOSO_QUANTITY_IMPEDANCE_MODULUS},
    {"Zphz", CLOSO_QUANTITY_PHASE},
    {"IERange", CLOSO_QUANTITY_RANGE},
    {"Cycle", CLOSO_QUANTITY_CYCLE},
    {"Temp", CLOSO_QUANTITY_TEMPERATURE},
};

static closo_status read_names(closo_arena *arena, const curve *c, closo_text_name **list,
                               size_t *count, closo_error *error)
{
    closo_span rest = closo_span_trim(c->names), field;
    size_t filled = 0;
    for (*count = 0; rest.length != 0 && closo_text_field(&rest, '\t', false, &field);)
        ++*count;
    if (*count > CLOSO_TEXT_COLUMNS_MAX)
        return closo_fail_line(error, CLOSO_LIMIT, c->line, "a table has more than %d columns",
                               CLOSO_TEXT_COLUMNS_MAX);
    *list = closo_arena_alloc(arena, *count, sizeof **list);
    if (*list == NULL)
        return closo_fail_nomem(error);
    rest = closo_span_trim(c->names);
    closo_span units = c->units, unit;
    if (units.length != 0 && units.start[0] == '\t') {
        units.start++;
        units.length--;
    }
    for (; filled < *count && closo_text_field(&rest, '\t', false, &field); filled++) {
        closo_text_name *name = &(*list)[filled];
        char mended[64] = "";
        closo_span text;
        if (c->units.length != 0 && closo_text_field(&units, '\t', false, &unit)) {
            if (!closo_text_to_utf8(arena, unit.start, unit.length, &text))
                return closo_fail_nomem(error);
            closo_unit_mend(text, mended);
        }
        name->name = closo_text_string(arena, closo_span_trim(field));
        name->unit = closo_arena_text(arena, mended);
        if (name->name == NULL || name->unit == NULL)
            return closo_fail_nomem(error);
        for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++)
            if (strcmp(name->name, quantities[i].name) == 0)
                name->quantity = quantities[i].quantity;
    }
    return CLOSO_OK;
}

static bool same_text(closo_span one, closo_span other)
{
    one = closo_span_trim(one);
    other = closo_span_trim(other);
    return one.length == other.length &&
           (one.length == 0 || memcmp(one.start, other.start, one.length) == 0);
}

static bool is_open_circuit(const curve *c)
{
    return closo_span_starts(c->name, "OCV");
}

/* Curves belong together when their columns are the same; an open circuit before the experiment is not part of it. */
static bool belongs(const curve *one, const curve *other)
{
    return !other->joined && is_open_circuit(one) == is_open_circuit(other) &&
           same_text(one->names, other->names) && same_text(one->units, other->units);
}

/* Which curve each row is of, where there are several. */
static closo_status add_curve_numbers(closo_table *table, const curve *curves,
                                      const size_t *members, const closo_text_piece *pieces,
                                      size_t count, closo_error *error)
{
    size_t row = 0;
    double *numbers = closo_arena_alloc(table->arena, table->row_count, sizeof *numbers);
    if (numbers == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count; i++) {
        char *name = closo_text_string(table->arena, curves[members[i]].name);
        if (name == NULL ||
            closo_table_add_segment(table, name, row, pieces[i].row_count) != CLOSO_OK)
            return closo_fail_nomem(error);
        for (size_t r = 0; r < pieces[i].row_count; r++)
            numbers[row++] = (double)(i + 1);
    }
    closo_column *column = closo_table_add_values(table, "curve", "", CLOSO_QUANTITY_LOOP, numbers);
    if (column == NULL)
        return closo_fail_nomem(error);
    column->derived = true;
    return CLOSO_OK;
}

static void note_points(closo_table *table, const curve *c, size_t found)
{
    if (c->told != 0 && c->told != found)
        closo_table_note(table, "%s says that it has %zu points, but %zu are there",
                         closo_text_quote(c->name).text, c->told, found);
}

/* Below absolute zero is what Gamry writes when no sensor is connected. */
static void check_temperature(closo_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        closo_column *column = &table->columns[i];
        double first_K;
        if (column->quantity != CLOSO_QUANTITY_TEMPERATURE || table->row_count == 0)
            continue;
        closo_column_read_si(column, 0, 1, &first_K);
        if (first_K >= 0)
            continue;
        column->quantity = CLOSO_QUANTITY_OTHER;
        closo_table_note(table,
                         "column '%s' lies below absolute zero, so no sensor was connected; it is "
                         "not taken as a temperature",
                         column->name);
    }
}

/* Reads curve `first` and all that belong to it into the table. */
static closo_status read_group(dta *d, closo_table *table, size_t first, closo_error *error)
{
    closo_arena *arena = d->source->arena;
    closo_text_name *names = NULL;
    closo_text_layout layout = {.separator = '\t', .leading = true, .always_ends = true};
    size_t count = 0;
    size_t *members = closo_arena_alloc(arena, d->count, sizeof *members);
    closo_text_piece *pieces = closo_arena_alloc(arena, d->count, sizeof *pieces);
    if (members == NULL || pieces == NULL)
        return closo_fail_nomem(error);
    const curve leader = d->curves[first];
    for (size_t i = first; i < d->count; i++) {
        if (!belongs(&leader, &d->curves[i]))
            continue;
        d->curves[i].joined = true;
        members[count] = i;
        pieces[count++] = d->curves[i].rows;
    }
    closo_status status = read_names(arena, &leader, &names, &layout.name_count, error);
    if (status != CLOSO_OK)
        return status;
    if (layout.name_count == 0)
        return closo_fail_line(error, CLOSO_FORMAT, leader.line,
                               "the table '%s' has no line with the names of its columns; the file "
                               "was cut",
                               closo_text_quote(leader.name).text);
    layout.names = names;
    layout.decimal = '.';
    for (size_t i = 0; i < count && layout.decimal == '.'; i++)
        layout.decimal = closo_text_decimal(pieces[i].text);
    status = closo_text_rows_read(table, &layout, pieces, count, error);
    if (status == CLOSO_OK && count > 1)
        status = add_curve_numbers(table, d->curves, members, pieces, count, error);
    for (size_t i = 0; i < count && status == CLOSO_OK; i++)
        note_points(table, &d->curves[members[i]], pieces[i].row_count);
    check_temperature(table);
    return status;
}

/* ---- the whole ---- */

/* The short word for an experiment that other makers have too. */
static const char *technique_of(const closo_table *table)
{
    static const char *const known[][2] = {{"CHRONOA", "CA"},   {"CHRONOP", "CP"},
                                           {"EISPOT", "PEIS"},  {"EISGALV", "GEIS"},
                                           {"GALVEIS", "GEIS"}, {"CORPOT", "OCV"}};
    const char *tag = closo_table_text(table, "technique");
    for (size_t i = 0; tag != NULL && i < sizeof known / sizeof *known; i++)
        if (strcmp(tag, known[i][0]) == 0)
            return known[i][1];
    return tag != NULL ? tag : "";
}

static closo_status finish_header(dta *d)
{
    closo_table *table = d->table;
    double one, other;
    char text[48];
    closo_span time = d->time;
    const char *version = closo_table_text(table, "software");
    table->technique = technique_of(table);
    if (version != NULL) {
        char *name = closo_arena_printf(table->arena, "Gamry Framework %s", version);
        if (name == NULL)
            return CLOSO_NOMEM;
        for (char *c = name; *c != '\0'; c++)
            *c =
                *c == ',' ? '.' : *c; /* the version is a number with the computer's decimal mark */
        if (closo_table_set_text(table, "software", name) != CLOSO_OK)
            return CLOSO_NOMEM;
    }
    if (d->has_date) {
        char *both = closo_arena_alloc(table->arena, 64, 1);
        closo_date whole;
        if (both == NULL)
            return CLOSO_NOMEM;
        closo_date_print(&d->date, text);
        snprintf(both, 64, "%s %.*s", text, time.length < 32 ? (int)time.length : 0, time.start);
        if (!closo_date_parse(closo_span_of(both), CLOSO_MONTH_FIRST, &whole))
            whole = d->date;
        closo_date_print(&whole, text);
        if (closo_table_set_text(table, "start_time", text) != CLOSO_OK)
            return CLOSO_NOMEM;
    }
    if (closo_table_number_si(table, "potential_limit_1", &one) &&
        closo_table_number_si(table, "potential_limit_2", &other) &&
        (closo_table_set_number(table, "potential_limit_low", one < other ? one : other, "V") !=
             CLOSO_OK ||
         closo_table_set_number(table, "potential_limit_high", one < other ? other : one, "V") !=
             CLOSO_OK))
        return CLOSO_NOMEM;
    /* What 0 means is not documented where closo's authors could find it; the files seen are anodic positive with both. */
    if (closo_table_number_si(table, "current_convention", &one) && one == 0)
        closo_table_note(
            table, "the file names current convention 0 in place of the usual 1; the currents "
                   "are taken as they are, anodic positive");
    if (d->aborted)
        closo_table_note(table, "the measurement was aborted (EXPERIMENTABORTED)");
    return CLOSO_OK;
}

/* The experiment itself comes first, the open circuit before it as a further table. */
static size_t first_group(const dta *d)
{
    for (size_t i = 0; i < d->count; i++)
        if (!is_open_circuit(&d->curves[i]))
            return i;
    return 0;
}

/* Tables with other columns; what is wrong with one of them is no reason to refuse the experiment. */
static closo_status read_further(dta *d)
{
    closo_table *last = d->table;
    size_t groups = 1;
    for (size_t i = 0; i < d->count; i++) {
        closo_error error = {0};
        if (d->curves[i].joined)
            continue;
        if (groups++ >= GROUPS_MAX) {
            closo_table_note(d->table,
                             "the file has more than %d kinds of tables; the further ones "
                             "are left out",
                             GROUPS_MAX);
            return CLOSO_OK;
        }
        closo_table *next = closo_table_new(d->source->arena, d->source->name);
        if (next == NULL)
            return CLOSO_NOMEM;
        next->format = closo_format_dta.name;
        next->technique = is_open_circuit(&d->curves[i]) ? "OCV" : d->table->technique;
        closo_status status = read_group(d, next, i, &error);
        if (status == CLOSO_NOMEM)
            return status;
        if (status != CLOSO_OK) {
            closo_table_note(d->table, "table '%s' is left out: %s",
                             closo_text_quote(d->curves[i].name).text, error.message);
            continue;
        }
        last->next = next;
        last = next;
    }
    return CLOSO_OK;
}

static closo_status read_dta(const closo_source *source, closo_table **result, closo_error *error)
{
    dta d = {
        .source = source, .rest = {(const char *)source->bytes, source->size}, .time = {"", 0}};
    d.line_end = closo_text_line_end(d.rest);
    d.table = closo_table_new(source->arena, source->name);
    if (d.table == NULL)
        return closo_fail_nomem(error);
    d.table->format = closo_format_dta.name;
    if (read_lines(&d) != CLOSO_OK || finish_header(&d) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (d.count == 0)
        return closo_fail_line(
            error, CLOSO_FORMAT, d.line,
            "the header ends without a table of points (CURVE, ZCURVE, ...): the "
            "measurement stopped before its first point, or the file was cut");
    closo_status status = read_group(&d, d.table, first_group(&d), error);
    if (status == CLOSO_OK && read_further(&d) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (status == CLOSO_OK)
        *result = d.table;
    return status;
}

const closo_format closo_format_dta = {"Gamry .DTA", recognise, read_dta};
