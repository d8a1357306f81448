/* SPDX-License-Identifier: BSD-3-Clause */
/* delimited_commas.c: rows with more fields than there are names. Where the comma separates, the likely cause is a program
 * that wrote decimal commas as well ("0,5,3,512" for 0.5 and 3.512): read as they stand, such rows give wrong numbers that
 * look right. They are joined where each number has its decimals, and refused where nobody can tell. */
#include "text_internal.h"

#include <string.h>

enum { ROWS_DECIDE = 1000 };

/* What the rows look like when each comma separates. */
typedef struct comma_evidence {
    size_t rows, longer, paired;
    size_t points;   /* numbers with a decimal point: then commas are no decimal marks */
    size_t decimals; /* fields that can only be decimals, such as 001 */
    size_t fields;   /* the most that a row has */
} comma_evidence;

static bool are_digits(closo_span text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.start[i] < '0' || text.start[i] > '9')
            return false;
    return text.length != 0;
}

/* "512", "512E-3": what may follow a decimal comma. */
static bool may_be_decimals(closo_span field)
{
    size_t length = 0;
    double value;
    while (length < field.length && field.start[length] != 'E' && field.start[length] != 'e')
        length++;
    return are_digits((closo_span){field.start, length}) &&
           (length == field.length || closo_number_parse(field, '.', &value));
}

static void look_at_row(closo_span row, char separator, size_t names, comma_evidence *evidence)
{
    closo_span field;
    double value;
    size_t count = 0, filled = 0;
    bool paired = true;
    while (count < CLOSO_TEXT_COLUMNS_MAX && closo_text_field(&row, separator, true, &field)) {
        field = closo_span_trim(field);
        count++;
        if (field.length != 0)
            filled = count;
        evidence->decimals += field.length >= 2 && field.start[0] == '0' && are_digits(field);
        evidence->points += field.length != 0 && memchr(field.start, '.', field.length) != NULL &&
                            closo_number_parse(field, '.', &value);
        if (count % 2 == 0)
            paired &= may_be_decimals(field);
        else if (field.length != 0 && (field.start[0] == '-' || field.start[0] == '+'))
            paired &= are_digits((closo_span){field.start + 1, field.length - 1});
        else
            paired &= are_digits(field);
    }
    if (filled == 0)
        return;
    evidence->rows++;
    evidence->longer += filled > names;
    evidence->paired += paired && count == 2 * names;
    evidence->fields = filled > evidence->fields ? filled : evidence->fields;
}

/* A copy of the rows in which every other comma is a decimal point; its lines are as long as before. */
static closo_status join(closo_arena *arena, closo_delimited *found)
{
    const closo_span rows = found->rows.text;
    char *copy = closo_arena_alloc(arena, rows.length + 1, 1);
    if (copy == NULL)
        return CLOSO_NOMEM;
    bool decimal = true;
    for (size_t i = 0; i < rows.length; i++) {
        const bool comma = rows.start[i] == ',';
        copy[i] = rows.start[i];
        if (comma && decimal)
            copy[i] = '.';
        decimal = comma ? !decimal : decimal || copy[i] == '\n' || copy[i] == '\r';
    }
    found->rows.text.start = copy;
    found->note = "the comma both separates and marks the decimals; each number has its decimals, "
                  "so every other comma is read as the decimal mark";
    return CLOSO_OK;
}

closo_status closo_delimited_mend_commas(closo_arena *arena, closo_delimited *found, size_t names,
                                         size_t *fields, closo_error *error)
{
    comma_evidence evidence = {0};
    closo_span rest = found->rows.text, row;
    const char line_end = closo_text_line_end(rest);
    const char separator = found->layout.separator;
    /* Later rows matter only where all so far have two fields for each name. */
    while (separator != ' ' && (evidence.rows < ROWS_DECIDE || evidence.paired == evidence.rows) &&
           closo_text_line(&rest, line_end, &row))
        look_at_row(row, separator, names, &evidence);
    if (evidence.longer * 2 <= evidence.rows)
        return CLOSO_OK;
    if (separator == ',' && evidence.points == 0) {
        if (evidence.paired == evidence.rows && evidence.decimals != 0) {
            *fields = names;
            return join(arena, found) == CLOSO_OK ? CLOSO_OK : closo_fail_nomem(error);
        }
        if (evidence.decimals != 0 || evidence.fields >= names + 2)
            return closo_fail_line(
                error, CLOSO_FORMAT, found->rows.first_line,
                "the rows have up to %zu fields, but line %zu names %zu columns: decimal commas "
                "and separators are the same sign in this file; export it with ';' or tabs "
                "between the columns, or with decimal points",
                evidence.fields, found->names_line, names);
    }
    found->note = closo_arena_printf(
        arena,
        "the rows have up to %zu fields, but line %zu names only %zu columns; those without a name "
        "are called by their number, such as 'column %zu'%s",
        evidence.fields, found->names_line, names, names + 1,
        separator == ',' && evidence.points == 0
            ? "; if the file has decimal commas, export it with ';' between the columns"
            : "; check that each name stands above its own column");
    return found->note != NULL ? CLOSO_OK : closo_fail_nomem(error);
}
