/* SPDX-License-Identifier: BSD-3-Clause */
/* delimited_find.c: where in a text the table stands, and how its fields are separated. A row is a line of at least two
 * fields of which most are numbers, dates or times; the names stand in the line above the first row, with or without a
 * line of units between. Each separator is tried; the one that gives most numbers is right. */
#include "text_internal.h"

#include <string.h>

enum { LINES_LOOKED_AT = 5000, ROWS_LOOKED_AT = 20 };

static const char separators[] = {'\t', ';', ',', '|', ' '};

/* A table as one separator sees it. */
typedef struct candidate {
    char separator;
    closo_span names, units, rows;
    size_t names_line, rows_line;
    size_t score;         /* numbers in the first rows */
    size_t fields;        /* of most rows */
    size_t nameless_line; /* rows of numbers without names above */
} candidate;

typedef struct line_content {
    size_t fields, filled, data, units;
} line_content;

static closo_span plain(closo_span field)
{
    field = closo_span_trim(field);
    if (field.length >= 2 && field.start[0] == '"' && field.start[field.length - 1] == '"')
        return (closo_span){field.start + 1, field.length - 2};
    return field;
}

static bool is_data(closo_span cell)
{
    double value;
    closo_date date;
    return closo_number_parse(cell, '.', &value) || closo_number_parse(cell, ',', &value) ||
           closo_text_thousands_parse(cell, '.', false, &value) ||
           closo_text_thousands_parse(cell, ',', false, &value) ||
           closo_duration_parse(cell, &value) || closo_date_parse(cell, CLOSO_MONTH_FIRST, &date);
}

/* "s", "[V]", "(mA)", "#" */
static bool is_unit_cell(closo_span cell)
{
    char unit[64];
    closo_unit parsed;
    if (cell.length >= 2 && (cell.start[0] == '(' || cell.start[0] == '['))
        cell = (closo_span){cell.start + 1, cell.length - 2};
    closo_unit_mend(cell, unit);
    return cell.length != 0 && cell.length < 24 &&
           closo_unit_parse(unit, &parsed, NULL) == CLOSO_OK;
}

static line_content look_at(closo_span line, char separator)
{
    line_content content = {0};
    closo_span field;
    while (content.fields < CLOSO_TEXT_COLUMNS_MAX &&
           closo_text_field(&line, separator, true, &field)) {
        closo_span cell = plain(field);
        content.fields++;
        if (cell.length == 0)
            continue;
        content.filled++;
        content.units += is_unit_cell(cell);
        content.data += is_data(cell) || (cell.length < 9 && closo_text_is_missing(cell));
    }
    return content;
}

static bool is_row(const line_content *c)
{
    return c->data >= 2 && c->data * 2 > c->filled;
}

/* Below a line of as many names, a row may also have nothing but one number. */
static bool is_sparse_row(const line_content *c, const line_content *before)
{
    return c->fields >= 2 && c->fields == before->fields && c->data == 1 && c->filled == 1 &&
           before->filled == before->fields;
}

static bool are_names(const line_content *c, const line_content *row, char separator)
{
    if (c->filled < 2 || c->data * 2 >= c->filled)
        return false;
    /* Blanks also stand within names: then both lines must agree. */
    return separator == ' ' ? c->fields == row->fields : c->fields * 2 >= row->fields;
}

static bool are_units(const line_content *c)
{
    return c->filled >= 2 && c->units == c->filled && c->data == 0;
}

/* Up to the last that is not empty. */
static size_t count_fields(closo_span line, char separator)
{
    size_t count = 0, filled = 0;
    closo_span field;
    while (count <= CLOSO_TEXT_COLUMNS_MAX && closo_text_field(&line, separator, true, &field)) {
        count++;
        if (closo_span_trim(field).length != 0)
            filled = count;
    }
    return filled;
}

/* Counts what the separator makes of the first rows. */
static void score_rows(candidate *c, char line_end)
{
    closo_span rest = c->rows, line;
    size_t most = 0;
    for (size_t i = 0; i < ROWS_LOOKED_AT && closo_text_line(&rest, line_end, &line);) {
        if (closo_span_trim(line).length == 0)
            continue;
        line_content content = look_at(line, c->separator);
        i++;
        if (!is_row(&content))
            continue;
        c->score += content.data;
        /* Empty fields at the end of the rows make no column. */
        const size_t fields = count_fields(line, c->separator);
        most = i == 1 || fields < most ? fields : most;
    }
    c->fields = most;
}

static bool find_with(closo_span text, char separator, char line_end, candidate *c)
{
    closo_span rest = text, line, before = {NULL, 0}, before_that = {NULL, 0};
    size_t number = 0, before_line = 0, before_that_line = 0;
    line_content content_before = {0}, content_before_that = {0};
    *c = (candidate){.separator = separator};
    while (number < LINES_LOOKED_AT) {
        const closo_span here = rest;
        if (!closo_text_line(&rest, line_end, &line))
            break;
        number++;
        if (closo_span_trim(line).length == 0)
            continue;
        line_content content = look_at(line, separator);
        const bool row = is_row(&content) || is_sparse_row(&content, &content_before);
        const bool units = row && are_units(&content_before) &&
                           are_names(&content_before_that, &content, separator);
        if (row && (units || are_names(&content_before, &content, separator))) {
            c->names = units ? before_that : before;
            c->names_line = units ? before_that_line : before_line;
            c->units = units ? before : (closo_span){NULL, 0};
            c->rows = here;
            c->rows_line = number;
            score_rows(c, line_end);
            return true;
        }
        /* One line in a text may look like a row by chance. */
        if (row && c->nameless_line == 0 && is_row(&content_before) &&
            content_before.fields == content.fields)
            c->nameless_line = before_line;
        before_that = before;
        before_that_line = before_line;
        content_before_that = content_before;
        before = line;
        before_line = number;
        content_before = content;
    }
    return false;
}

/* ---- a table without rows yet ---- */

/* Names alone, in the first lines: a measurement that has not begun, or a file that was cut. */
static bool find_names_alone(closo_span text, char line_end, candidate *best)
{
    for (size_t i = 0; i < sizeof separators - 1; i++) {
        closo_span rest = text, line, field;
        for (size_t number = 1; number < 200 && closo_text_line(&rest, line_end, &line); number++) {
            size_t known = 0, count = 0;
            closo_span fields = line;
            while (count < CLOSO_TEXT_COLUMNS_MAX &&
                   closo_text_field(&fields, separators[i], true, &field)) {
                char name[64];
                closo_span word = plain(field);
                count++;
                if (word.length == 0 || word.length >= sizeof name)
                    continue;
                memcpy(name, word.start, word.length);
                name[word.length] = '\0';
                known += closo_name_guess_quantity(name).quantity != CLOSO_QUANTITY_OTHER;
            }
            if (known < 3 || known * 2 < count)
                continue;
            *best = (candidate){.separator = separators[i], .names = line, .rows = rest};
            best->names_line = number;
            best->rows_line = number + 1;
            best->score = 1;
            return true;
        }
    }
    return false;
}

/* ---- names ---- */

/* "~Time[s]", "# time": the sign marks a comment and is no part of the name. */
static closo_span without_comment_sign(closo_span names)
{
    closo_span text = closo_span_trim(names);
    if (text.length < 2 || strchr("~#%", text.start[0]) == NULL)
        return names;
    text.start++;
    text.length--;
    closo_span inner = closo_span_trim(text);
    /* "#,time" has a column called #. */
    return inner.length != 0 && strchr(",;\t|", text.start[0]) == NULL ? inner : names;
}

static const char *next_unit(closo_arena *arena, closo_span *units, char separator)
{
    char unit[64] = "";
    closo_span field, text;
    if (closo_text_field(units, separator, true, &field)) {
        closo_span cell = plain(field);
        if (cell.length >= 2 && (cell.start[0] == '(' || cell.start[0] == '['))
            cell = (closo_span){cell.start + 1, cell.length - 2};
        if (!closo_text_to_utf8(arena, cell.start, cell.length, &text))
            return NULL;
        closo_unit_mend(text, unit);
    }
    return closo_arena_text(arena, unit);
}

/* Name, unit and meaning of column `number` (from 0). False when out of memory. */
static bool name_column(closo_arena *arena, closo_span field, const char *unit, size_t number,
                        closo_delimited *found)
{
    closo_text_name *name = &found->names[number];
    closo_span word = closo_span_trim(field), text;
    if (!closo_text_unquote(arena, word, &word) ||
        !closo_text_to_utf8(arena, word.start, word.length, &text))
        return false;
    char *copy = text.length != 0 ? closo_text_string(arena, text)
                                  : closo_arena_printf(arena, "column %zu", number + 1);
    if (copy == NULL)
        return false;
    name->name = copy;
    closo_name_guess guess = closo_name_guess_quantity(copy);
    if (unit != NULL) {
        /* A line of units tells better: the name is asked again with it. */
        char *whole = closo_arena_printf(arena, "%.100s / %s", copy, *unit != '\0' ? unit : "1");
        if (whole == NULL)
            return false;
        guess = closo_name_guess_quantity(whole);
        guess.unit_assumed = false;
        name->unit = unit;
    } else if ((name->unit = closo_arena_text(arena, guess.unit)) == NULL) {
        return false;
    }
    name->quantity = guess.quantity;
    name->unit_assumed = guess.unit_assumed;
    const bool total = strcmp(guess.words, "total time") == 0 ||
                       strcmp(guess.words, "cumulative time") == 0 ||
                       strcmp(guess.words, "test time") == 0;
    found->time_is_total |= total && guess.quantity == CLOSO_QUANTITY_TIME;
    return true;
}

static closo_status read_names(closo_arena *arena, const candidate *c, closo_delimited *found,
                               closo_error *error)
{
    closo_span rest = without_comment_sign(c->names), units = c->units, field;
    size_t count = count_fields(rest, c->separator);
    if (count < c->fields)
        count = c->fields;
    if (count > CLOSO_TEXT_COLUMNS_MAX)
        return closo_fail_line(error, CLOSO_LIMIT, c->names_line, "there are more than %d columns",
                               CLOSO_TEXT_COLUMNS_MAX);
    found->names = closo_arena_alloc(arena, count, sizeof *found->names);
    if (found->names == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count; i++) {
        const char *unit = NULL;
        if (!closo_text_field(&rest, c->separator, true, &field))
            field = (closo_span){"", 0};
        if (c->units.start != NULL && (unit = next_unit(arena, &units, c->separator)) == NULL)
            return closo_fail_nomem(error);
        if (!name_column(arena, field, unit, i, found))
            return closo_fail_nomem(error);
    }
    for (size_t i = 0; i < count && found->time_is_total; i++) {
        closo_name_guess guess = closo_name_guess_quantity(found->names[i].name);
        if (strcmp(guess.words, "time") == 0 && guess.quantity == CLOSO_QUANTITY_TIME)
            found->names[i].quantity = CLOSO_QUANTITY_STEP_TIME;
    }
    found->layout.names = found->names;
    found->layout.name_count = count;
    return CLOSO_OK;
}

/* ---- marks and dates ---- */

/* Looks at whole cells, since a comma may also separate. */
static void learn_cells(closo_span rows, closo_delimited *found)
{
    closo_span line, field;
    const char line_end = closo_text_line_end(rows);
    size_t commas = 0, points = 0, day_first = 0, month_first = 0, dotted = 0, ambiguous = 0;
    for (size_t i = 0; i < 1000 && closo_text_line(&rows, line_end, &line); i++) {
        size_t count = 0;
        while (count++ < CLOSO_TEXT_COLUMNS_MAX &&
               closo_text_field(&line, found->layout.separator, true, &field)) {
            double value;
            closo_date date;
            closo_span cell = plain(field);
            if (cell.length < 2)
                continue;
            if (closo_number_parse(cell, '.', &value)) {
                points += memchr(cell.start, '.', cell.length) != NULL;
            } else if (closo_text_thousands_parse(cell, '.', false, &value)) {
                points++;
            } else if (closo_number_parse(cell, ',', &value) ||
                       closo_text_thousands_parse(cell, ',', false, &value)) {
                commas++;
            } else if (closo_date_parse(cell, CLOSO_MONTH_FIRST, &date)) {
                day_first += date.order_known && date.day_first && date.day > 12;
                month_first += date.order_known && !date.day_first && date.day > 12 &&
                               memchr(cell.start, '/', 3) != NULL;
                dotted += memchr(cell.start, '.', cell.length < 6 ? cell.length : 6) != NULL;
                ambiguous += !date.order_known;
            }
        }
    }
    found->layout.decimal = commas > points ? ',' : '.';
    found->layout.decimal_seen = commas + points != 0;
    found->layout.order = day_first > month_first || (month_first == 0 && dotted != 0)
                              ? CLOSO_DAY_FIRST
                              : CLOSO_MONTH_FIRST;
    found->order_unknown = ambiguous != 0 && day_first == 0 && month_first == 0 && dotted == 0;
}

closo_status closo_delimited_find(const closo_source *source, char separator,
                                  closo_delimited *found, closo_error *error)
{
    const closo_span text = {(const char *)source->bytes, source->size};
    const char line_end = closo_text_line_end(text);
    candidate best = {0};
    size_t nameless_line = 0;
    memset(found, 0, sizeof *found);
    for (size_t i = 0; i < sizeof separators; i++) {
        candidate other;
        if (separator != '\0' && separator != separators[i])
            continue;
        if (find_with(text, separators[i], line_end, &other) && other.score > best.score)
            best = other;
        if (other.nameless_line != 0 && nameless_line == 0)
            nameless_line = other.nameless_line;
    }
    if (best.score == 0 && nameless_line == 0)
        (void)find_names_alone(text, line_end, &best);
    if (best.score == 0 && nameless_line != 0)
        return closo_fail_line(error, CLOSO_FORMAT, nameless_line,
                               "there are rows of numbers, but no line above them that names the "
                               "columns; put one there, such as 'time/s, Ewe/V, I/mA'");
    if (best.score == 0)
        return closo_fail(
            error, CLOSO_FORMAT,
            "closo does not know this kind of text and finds no table in it; it reads " CLOSO_KINDS_READ);
    found->layout.separator = best.separator;
    found->layout.quoted = best.separator != ' ' && memchr(text.start, '"', text.length) != NULL;
    found->rows = (closo_text_piece){best.rows, best.rows_line, 0};
    found->preamble = (closo_span){text.start, (size_t)(best.names.start - text.start)};
    found->names_line = best.names_line;
    const size_t names = count_fields(without_comment_sign(best.names), best.separator);
    closo_status status =
        closo_delimited_mend_commas(source->arena, found, names, &best.fields, error);
    if (status != CLOSO_OK)
        return status;
    learn_cells(found->rows.text, found);
    return read_names(source->arena, &best, found, error);
}
