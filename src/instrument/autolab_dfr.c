/* SPDX-License-Identifier: BSD-3-Clause */
/* autolab_dfr.c: data files of the frequency response analyser of Eco Chemie's Autolab (.dfr): a line "VERSION8.0", the
 * number of points, a number, and then every value on a line of its own, nine for a point. The first three are frequency,
 * Z' and -Z''; what the others are is not known here, so they are kept only where they are not 0. Further numbers and two
 * dates follow. */
#include "sweep_text.h"

#include <math.h>
#include <string.h>

enum { PER_POINT = 9, MAX_VERSION_LINE = 40 };

static int recognise(const closo_source *source)
{
    closo_span text = {(const char *)source->bytes, source->size < 400 ? source->size : 400};
    const char line_end = closo_text_line_end(text);
    closo_span line;
    double value;
    if (!closo_text_line(&text, line_end, &line) || !closo_span_starts(line, "VERSION") ||
        line.length > MAX_VERSION_LINE)
        return 0;
    closo_span number = {line.start + 7, line.length - 7};
    return closo_number_parse(number, '.', &value) || closo_number_parse(number, ',', &value) ? 90
                                                                                              : 0;
}

static bool next_number(closo_sweep_lines *lines, double *value)
{
    closo_span line;
    *value = NAN;
    if (!closo_sweep_next_line(lines, &line))
        return false;
    line = closo_span_trim(line);
    if (closo_text_is_missing(line))
        return line.length != 0;
    return closo_number_parse(line, '.', value) || closo_number_parse(line, ',', value);
}

static size_t count_lines(closo_sweep_lines lines)
{
    closo_span line;
    size_t count = 0;
    while (closo_sweep_next_line(&lines, &line))
        count++;
    return count;
}

/* Points into columns, one behind the other; how many are whole. */
static size_t read_points(closo_sweep_lines *lines, double *values, size_t capacity)
{
    for (size_t point = 0; point < capacity; point++)
        for (size_t i = 0; i < PER_POINT; i++) {
            double value;
            const closo_sweep_lines before = *lines;
            if (!next_number(lines, &value)) {
                *lines = before;
                return point;
            }
            /* A last number without a line end may be cut. */
            if (lines->rest.length == 0 && lines->rest.start[-1] != lines->line_end)
                return point;
            values[i * capacity + point] = value;
        }
    return capacity;
}

static bool add_columns(closo_table *table, double *values, size_t capacity)
{
    static const struct {
        const char *name, *unit;
        closo_quantity quantity;
    } known[] = {{"freq/Hz", "Hz", CLOSO_QUANTITY_FREQUENCY},
                 {"Z'/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_REAL},
                 {"-Z''/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY}};
    const size_t known_count = sizeof known / sizeof *known;
    for (size_t i = 0; i < PER_POINT; i++) {
        const double *column = values + i * capacity;
        bool filled = false;
        for (size_t row = 0; row < table->row_count; row++)
            filled |= !(column[row] >= 0 && column[row] <= 0);
        const char *name =
            i < known_count ? known[i].name : closo_arena_printf(table->arena, "value %zu", i + 1);
        if (name == NULL)
            return false;
        if (i >= known_count && !filled)
            continue;
        if (closo_table_add_values(table, name, i < known_count ? known[i].unit : "",
                                   i < known_count ? known[i].quantity : CLOSO_QUANTITY_OTHER,
                                   column) == NULL)
            return false;
    }
    return true;
}

static closo_status keep_dates(closo_table *table, closo_sweep_lines lines)
{
    closo_span line;
    const char *all = NULL;
    for (size_t i = 0; i < 20 && closo_sweep_next_line(&lines, &line); i++) {
        closo_date date;
        char text[48];
        line = closo_span_trim(line);
        if (line.length < 8 || !closo_date_parse(line, CLOSO_DAY_FIRST, &date))
            continue;
        closo_date_print(&date, text);
        all = all == NULL ? closo_arena_text(table->arena, text)
                          : closo_arena_printf(table->arena, "%s, %s", all, text);
        if (all == NULL)
            return CLOSO_NOMEM;
    }
    return all != NULL ? closo_table_set_text(table, "dates_in_file", all) : CLOSO_OK;
}

static closo_status read_dfr(const closo_source *source, closo_table **result, closo_error *error)
{
    closo_sweep_lines lines = closo_sweep_lines_of(source);
    closo_table *table = closo_sweep_table(source, closo_format_dfr.name, "Autolab");
    closo_span version;
    double told = 0, second = 0;
    if (table == NULL)
        return closo_fail_nomem(error);
    (void)closo_sweep_next_line(&lines, &version);
    if (!next_number(&lines, &told) || !(told >= 1 && told < 1e9) || !next_number(&lines, &second))
        return closo_fail_line(error, CLOSO_FORMAT, lines.number,
                               "the number of points is missing behind '%s'; the file was cut",
                               closo_text_quote(version).text);
    /* A damaged count must not take memory that the file cannot fill. */
    const size_t most = count_lines(lines) / PER_POINT + 1;
    const size_t capacity = (size_t)told < most ? (size_t)told : most;
    double *values = closo_arena_alloc(source->arena, capacity, PER_POINT * sizeof *values);
    if (values == NULL)
        return closo_fail_nomem(error);
    table->row_count = read_points(&lines, values, capacity);
    if (table->row_count == 0)
        return closo_fail_line(error, CLOSO_FORMAT, lines.number,
                               "the file tells of %zu points, but not one of them is whole: each "
                               "has %d numbers, one a line; the file was cut or changed",
                               (size_t)told, PER_POINT);
    if (!add_columns(table, values, capacity) || keep_dates(table, lines) != CLOSO_OK ||
        closo_sweep_keep_text(table, "software", version) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (table->row_count < (size_t)told)
        closo_table_note(table,
                         "the file tells of %zu points, but %zu whole ones are there: the "
                         "measurement stopped early or the file was cut",
                         (size_t)told, table->row_count);
    closo_sweeps_check(table);
    *result = table;
    return CLOSO_OK;
}

const closo_format closo_format_dfr = {"Autolab .dfr", recognise, read_dfr};
