/* SPDX-License-Identifier: BSD-3-Clause */
/* delimited.c: any text with a line of column names above rows of numbers. The last resort: whatever no other reader knows
 * and is no binary file comes here. */
#include "dialect.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PREAMBLE_LINES = 300, PREAMBLE_KEYS = 100 };

static int recognise(const closo_source *source)
{
    return source->size != 0;
}

/* ---- what stands above the table ---- */

/* Words of many programs for the same thing. */
static const struct {
    const char *word, *key;
} same_keys[] = {
    {"mass", "active_mass"},          {"scap", "nominal_capacity"},
    {"capacity", "nominal_capacity"}, {"area", "electrode_area"},
    {"date_of_test", "start_time"},   {"start_of_test", "start_time"},
    {"started", "start_time"},        {"name_of_test", "title"},
    {"testchannel", "channel"},       {"comment_barcode", "comments"},
    {"description", "comments"},      {"material", "electrode_material"},
    {"counter", "counter_electrode"},
};

/* "Mass (g)" with "1.000" becomes "1.000 g". */
static closo_status keep_pair(closo_table *table, closo_span words, closo_span value,
                              closo_date_order order)
{
    char key[64], text[48];
    char *name = closo_text_string(table->arena, closo_span_trim(words));
    char *whole = closo_text_string(table->arena, closo_span_trim(value));
    if (name == NULL || whole == NULL)
        return CLOSO_NOMEM;
    /* A comment of fixed length may end in rubbish; a path tells who and where. */
    for (char *c = whole; *c != '\0'; c++)
        if ((unsigned char)*c < ' ')
            *c = '\0';
    for (size_t end = strlen(whole); end != 0 && whole[end - 1] == ' ';)
        whole[--end] = '\0';
    if (strstr(whole, ":\\") != NULL || strlen(name) > 60)
        return CLOSO_OK;
    const char *bracket = strrchr(name, '(');
    size_t length = strlen(name);
    char unit[64];
    closo_unit parsed;
    double number;
    if (bracket != NULL && bracket != name && name[length - 1] == ')') {
        closo_span inside = {bracket + 1, (size_t)(name + length - 1 - (bracket + 1))};
        closo_unit_mend(inside, unit);
        if (closo_unit_parse(unit, &parsed, NULL) == CLOSO_OK &&
            closo_number_parse(closo_span_of(whole), '.', &number)) {
            length = (size_t)(bracket - name);
            if ((whole = closo_arena_printf(table->arena, "%.40s %s", whole, unit)) == NULL)
                return CLOSO_NOMEM;
        }
    }
    if (*whole == '\0' || !closo_metadata_key((closo_span){name, length}, key))
        return CLOSO_OK;
    const char *kept = key;
    for (size_t i = 0; i < sizeof same_keys / sizeof *same_keys; i++)
        if (strcmp(key, same_keys[i].word) == 0)
            kept = same_keys[i].key;
    closo_date date;
    if (strcmp(kept, "start_time") == 0) {
        if (!closo_date_parse(closo_span_of(whole), order, &date))
            return CLOSO_OK;
        closo_date_print(&date, text);
        return closo_table_set_text(table, kept, text);
    }
    /* A key that needs a unit to be of use, without one, is only a text. */
    if (strlen(whole) > 2000 || closo_table_text(table, kept) != NULL)
        return CLOSO_OK;
    return closo_metadata_keep(table, kept, closo_span_of(whole));
}

/* "Key: value", "Key = value", "Key;value;;;" or "Key<tab>value". */
static bool split_pair(closo_span line, char separator, closo_span *words, closo_span *value)
{
    static const char signs[] = "~#%";
    line = closo_span_trim(line);
    while (line.length != 0 && strchr(signs, line.start[0]) != NULL) {
        line.start++;
        line.length--;
    }
    while (line.length != 0 && strchr(",;\t ", line.start[line.length - 1]) != NULL)
        line.length--;
    for (size_t i = 1; i + 1 < line.length && i < 64; i++) {
        char c = line.start[i];
        const bool ends =
            (c == ':' && (line.start[i + 1] == ' ' || line.start[i + 1] == separator ||
                          line.start[i + 1] == '\t')) ||
            (c == '=' && line.start[i - 1] == ' ') || (separator != ' ' && c == separator);
        if (!ends)
            continue;
        *words = closo_span_trim((closo_span){line.start, i});
        *value = (closo_span){line.start + i + 1, line.length - i - 1};
        while (value->length != 0 && strchr(",;\t: ", value->start[0]) != NULL) {
            value->start++;
            value->length--;
        }
        return words->length != 0 && value->length != 0;
    }
    return false;
}

/* Maccor's first line: "Today's Date 04/04/2016  Date of Test:<tab>03/31/2016<tab> Filename:<tab>..." */
static closo_status read_tabbed(closo_table *table, closo_span line, closo_date_order order)
{
    closo_span field, value;
    while (closo_text_field(&line, '\t', false, &field)) {
        closo_span words = closo_span_trim(field);
        if (words.length < 2 || words.start[words.length - 1] != ':')
            continue;
        words.length--;
        for (size_t i = words.length; i > 1; i--) {
            if (words.start[i - 1] != ' ' || words.start[i - 2] != ' ')
                continue;
            words = (closo_span){words.start + i, words.length - i};
            break;
        }
        if (closo_text_field(&line, '\t', false, &value) &&
            keep_pair(table, words, value, order) != CLOSO_OK)
            return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

static closo_status read_preamble(closo_table *table, const closo_delimited *found)
{
    closo_span rest = found->preamble, line, words, value;
    const char line_end = closo_text_line_end(rest);
    const closo_date_order order = found->layout.order;
    for (size_t i = 0; i < PREAMBLE_LINES && table->metadatum_count < PREAMBLE_KEYS &&
                       closo_text_line(&rest, line_end, &line);
         i++) {
        double number;
        closo_status status = CLOSO_OK;
        if (closo_span_starts(line, "Today's Date") &&
            memchr(line.start, '\t', line.length) != NULL)
            status = read_tabbed(table, line, order);
        else if (split_pair(line, found->layout.separator, &words, &value) &&
                 !closo_number_parse(words, '.', &number))
            status = keep_pair(table, words, value, order);
        if (status != CLOSO_OK)
            return status;
    }
    return CLOSO_OK;
}

/* ---- what the columns tell together ---- */

/* Dates are kept as seconds since 1970. Where no other column counts the time, one is derived from them. */
static closo_status derive_time(closo_table *table)
{
    const closo_column *date = NULL;
    if (closo_table_find(table, CLOSO_QUANTITY_TIME) != NULL || table->row_count == 0)
        return CLOSO_OK;
    for (size_t i = 0; i < table->column_count && date == NULL; i++) {
        const closo_column *column = &table->columns[i];
        double first;
        closo_column_read(column, 0, 1, &first);
        /* Seconds of a date after 1980, which nothing else of that unit reaches. */
        if (column->labels == NULL && strcmp(column->unit, "s") == 0 && first > 3.2e8 &&
            (column->quantity == CLOSO_QUANTITY_OTHER ||
             column->quantity == CLOSO_QUANTITY_UNIX_TIME))
            date = column;
    }
    if (date == NULL)
        return CLOSO_OK;
    double *time_s = closo_arena_alloc(table->arena, table->row_count, sizeof *time_s);
    if (time_s == NULL)
        return CLOSO_NOMEM;
    closo_column_read(date, 0, table->row_count, time_s);
    const double start_s = time_s[0];
    for (size_t i = 0; i < table->row_count; i++)
        time_s[i] -= start_s;
    closo_column *added = closo_table_add_values(table, "time/s", "s", CLOSO_QUANTITY_TIME, time_s);
    if (added == NULL)
        return CLOSO_NOMEM;
    added->derived = true;
    return CLOSO_OK;
}

static const char *const couples[][3] = {{"Li/Li+", "Li+/Li", "Li"},
                                         {"Na/Na+", "Na+/Na", "Na"},
                                         {"K/K+", "K+/K", "K"},
                                         {"Mg/Mg2+", "Mg2+/Mg", "Mg"}};

/* "Li/Li+" of "E (mV vs. Li/Li+)"; nothing of "Ewe/V vs. Ref.", which names no electrode. */
static closo_span reference_in_name(const char *name)
{
    static const char *const nameless[] = {"Ref", "Ref.", "Reference", "RE", "OCP", "OCV", "Eoc"};
    const char *versus = strstr(name, " vs");
    closo_span said = {NULL, 0};
    if (versus == NULL || (versus[3] != '.' && versus[3] != ' '))
        return said;
    said = closo_span_trim(closo_span_of(versus + 4));
    bool opened = false;
    for (size_t i = 0; i < said.length; i++) {
        /* "Ag/AgCl (3 M)" keeps its brackets; the one that was opened before "vs" does not belong to it. */
        const bool closes = said.start[i] == ')' || said.start[i] == ']';
        if (closes && !opened)
            said.length = i;
        opened = said.start[i] == '(' || said.start[i] == '[' || (opened && !closes);
    }
    said = closo_span_trim(said);
    for (size_t i = 0; i < sizeof nameless / sizeof *nameless; i++)
        if (closo_span_equals_nocase(said, nameless[i]))
            said.length = 0;
    return said;
}

/* The head of the file tells better, if it tells. */
static closo_status keep_reference(closo_table *table)
{
    const closo_column *potential = closo_table_find(table, CLOSO_QUANTITY_POTENTIAL);
    if (potential == NULL || closo_table_text(table, "reference") != NULL)
        return CLOSO_OK;
    const closo_span said = reference_in_name(potential->name);
    if (said.length == 0)
        return CLOSO_OK;
    const char *text = closo_text_string(table->arena, said);
    /* The couple of an alkali metal is that metal's electrode. */
    for (size_t i = 0; text != NULL && i < sizeof couples / sizeof *couples; i++)
        if (strcmp(text, couples[i][0]) == 0 || strcmp(text, couples[i][1]) == 0)
            text = couples[i][2];
    return text != NULL ? closo_table_set_text(table, "reference", text) : CLOSO_NOMEM;
}

/* Some programs (Maccor) write the magnitude of the current and a letter for its direction. */
static void check_sign(closo_table *table)
{
    enum { ROWS_AT_ONCE = 512 };
    const closo_column *current = closo_table_find(table, CLOSO_QUANTITY_CURRENT);
    bool discharges = false;
    double values[ROWS_AT_ONCE], largest = 0;
    for (size_t i = 0; i < table->column_count; i++)
        for (size_t k = 0; k < table->columns[i].label_count; k++)
            discharges |= strcmp(table->columns[i].labels[k], "D") == 0;
    if (current == NULL || !discharges)
        return;
    for (size_t first = 0; first < table->row_count; first += ROWS_AT_ONCE) {
        size_t left = table->row_count - first, count = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
        closo_column_read(current, first, count, values);
        for (size_t i = 0; i < count; i++) {
            if (values[i] < 0)
                return;
            largest = values[i] > largest ? values[i] : largest;
        }
    }
    if (largest > 0)
        closo_table_note(
            table,
            "column '%s' has no negative values although the file tells of discharges: "
            "it is the magnitude of the current, without a sign",
            current->name);
}

/* CH Instruments counts cathodic current positive unless told otherwise, and its files do not say which it was. */
static void check_convention(closo_table *table)
{
    const char *model = closo_table_text(table, "instrument_model");
    if (model != NULL && strncmp(model, "CHI", 3) == 0)
        closo_table_note(
            table, "instruments of CH Instruments count cathodic current positive by default; "
                   "closo takes the current as it is, anodic positive, so check the sign");
}

closo_status closo_delimited_read(const closo_source *source, const closo_dialect *dialect,
                                  closo_table **result, closo_error *error)
{
    closo_delimited found;
    const char separator = dialect != NULL ? closo_dialect_separator(dialect, source) : '\0';
    closo_status status = closo_delimited_find(source, separator, &found, error);
    if (status != CLOSO_OK)
        return status;
    closo_table *table = closo_table_new(source->arena, source->name);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->format = dialect != NULL ? dialect->format : closo_format_delimited.name;
    if (dialect != NULL && closo_dialect_name_columns(dialect, source->arena, found.names,
                                                      found.layout.name_count) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (found.order_unknown)
        closo_table_note(table, "dates such as 01/02/2024 are read month first");
    if (found.note != NULL)
        closo_table_note(table, "%s", found.note);
    status = closo_text_rows_read(table, &found.layout, &found.rows, 1, error);
    if (status != CLOSO_OK)
        return status;
    if (read_preamble(table, &found) != CLOSO_OK ||
        (dialect != NULL && closo_dialect_finish(dialect, table) != CLOSO_OK) ||
        derive_time(table) != CLOSO_OK || keep_reference(table) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (dialect == NULL)
        check_sign(table);
    check_convention(table);
    *result = table;
    return CLOSO_OK;
}

static closo_status read_delimited(const closo_source *source, closo_table **table,
                                   closo_error *error)
{
    return closo_delimited_read(source, NULL, table, error);
}

const closo_format closo_format_delimited = {"delimited text", recognise, read_delimited};
