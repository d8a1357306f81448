/* SPDX-License-Identifier: BSD-3-Clause */
/* dialect.c: a vendor's table of names, applied to the columns of a file. */
#include "dialect.h"

#include <string.h>

/* ---- names ---- */

/* "aux temperature #" fits "aux temperature 12". */
static bool fits(const char *pattern, const char *words)
{
    const size_t length = strlen(pattern);
    if (length == 0 || pattern[length - 1] != '#')
        return strcmp(pattern, words) == 0;
    if (strncmp(pattern, words, length - 1) != 0 || words[length - 1] == '\0')
        return false;
    for (const char *c = words + length - 1; *c != '\0'; c++)
        if (*c < '0' || *c > '9')
            return false;
    return true;
}

/* A specific capacity (mAh/g) is no capacity. */
static bool measures(closo_quantity quantity, const char *unit)
{
    closo_unit own, si;
    if (closo_unit_parse(unit, &own, NULL) != CLOSO_OK ||
        closo_unit_parse(closo_quantity_unit(quantity), &si, NULL) != CLOSO_OK)
        return false;
    return closo_unit_matches(&own, &si);
}

/* The first entry of those words that a column in that unit can be; unit NULL: the name tells none. */
static const closo_dialect_column *find(const closo_dialect *dialect, const char *words,
                                        const char *unit)
{
    for (const closo_dialect_column *c = dialect->columns; c->words != NULL; c++) {
        const bool thermometer =
            unit != NULL && strcmp(unit, "C") == 0 && c->quantity == CLOSO_QUANTITY_TEMPERATURE;
        if (fits(c->words, words) && (unit == NULL || c->quantity == CLOSO_QUANTITY_OTHER ||
                                      thermometer || measures(c->quantity, unit)))
            return c;
    }
    return NULL;
}

bool closo_dialect_meaning(const closo_dialect *dialect, const char *name, closo_quantity *quantity,
                           char unit[64], bool *unit_assumed)
{
    char words[64];
    bool told = closo_name_split(name, false, words, unit);
    const closo_dialect_column *column = find(dialect, words, told ? unit : NULL);
    if (column == NULL) {
        told = closo_name_split(name, true, words, unit);
        column = told ? find(dialect, words, unit) : NULL;
    }
    if (column == NULL)
        return false;
    *quantity = column->quantity;
    const char *known = column->unit;
    bool assumed = false;
    if (told && strcmp(unit, "C") == 0 && column->quantity == CLOSO_QUANTITY_TEMPERATURE) {
        known = "degC"; /* C after a temperature is no coulomb */
    } else if (told) {
        known = NULL;
    } else if (known == NULL) {
        known = closo_usual_unit(column->quantity);
        assumed = known != NULL;
        known = known != NULL ? known : "";
    }
    if (known != NULL)
        memcpy(unit, known, strlen(known) + 1);
    if (unit_assumed != NULL)
        *unit_assumed = assumed;
    return true;
}

closo_status closo_dialect_name_columns(const closo_dialect *dialect, closo_arena *arena,
                                        closo_text_name *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char unit[64];
        closo_quantity quantity;
        bool assumed;
        if (!closo_dialect_meaning(dialect, names[i].name, &quantity, unit, &assumed))
            continue;
        names[i].quantity = quantity;
        names[i].unit_assumed = assumed;
        if ((names[i].unit = closo_arena_text(arena, unit)) == NULL)
            return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

/* ---- whose file it is ---- */

static bool begins(const char *words, const char *mark)
{
    const size_t length = strlen(mark);
    return strncmp(words, mark, length) == 0 && (words[length] == '\0' || words[length] == ' ');
}

/* How many different marks a line has. */
static size_t count_marks(const closo_dialect *dialect, closo_span line, char separator)
{
    size_t found = 0, fields = 0;
    uint64_t seen = 0;
    closo_span field;
    while (fields++ < CLOSO_TEXT_COLUMNS_MAX && closo_text_field(&line, separator, true, &field)) {
        char words[64];
        field = closo_span_trim(field);
        while (field.length != 0 && strchr("\"~", field.start[0]) != NULL) {
            field.start++;
            field.length--;
        }
        if (field.length == 0 || field.length > 60)
            continue;
        closo_name_words(field, words);
        for (size_t i = 0; i < 64 && dialect->marks[i] != NULL; i++) {
            const uint64_t bit = (uint64_t)1 << i;
            if ((seen & bit) != 0 || !begins(words, dialect->marks[i]))
                continue;
            seen |= bit;
            found++;
            break;
        }
    }
    return found;
}

char closo_dialect_separator(const closo_dialect *dialect, const closo_source *source)
{
    enum { LINES = 100, BYTES = 1 << 16 };
    static const char separators[] = {'\t', ',', ';'};
    closo_span text = {(const char *)source->bytes, source->size < BYTES ? source->size : BYTES};
    const char line_end = closo_text_line_end(text);
    closo_span line;
    if (dialect->marks == NULL)
        return '\0';
    for (size_t i = 0; i < LINES && closo_text_line(&text, line_end, &line); i++) {
        closo_span plain = closo_span_trim(line);
        /* Names begin with a letter, a row of numbers does not. */
        if (plain.length < 8 || strchr("0123456789-+.", plain.start[0]) != NULL)
            continue;
        for (size_t s = 0; s < sizeof separators; s++)
            if (memchr(line.start, separators[s], line.length) != NULL &&
                count_marks(dialect, line, separators[s]) >= dialect->marks_needed)
                return separators[s];
    }
    return '\0';
}

int closo_dialect_recognise(const closo_dialect *dialect, const closo_source *source)
{
    return closo_dialect_separator(dialect, source) != '\0' ? 90 : 0;
}

/* ---- the table ---- */

closo_status closo_dialect_finish(const closo_dialect *dialect, closo_table *table)
{
    closo_status status = CLOSO_OK;
    if (closo_table_text(table, "instrument") == NULL)
        status = closo_table_set_text(table, "instrument", dialect->instrument);
    if (status == CLOSO_OK)
        status = closo_dialect_mend_clocks(dialect, table);
    if (status == CLOSO_OK)
        status = closo_dialect_sign_current(dialect, table);
    return status;
}
