/* SPDX-License-Identifier: BSD-3-Clause */
/* counted_lists.c: two plain lists of impedances that begin with how many points there are.
 *  .i2b: lines of free text, the number of points, rows "frequency Z' Z''" with blanks; Z'' as measured.
 *  .P00: a head ("Procedure : title", a line with dates, "t = 736.4 s"), a line of names "f/Hz  Z'/Ohm  -Z''/Ohm  time/s
 *  Edc/V  Idc/A", the number of points, rows with tabs. */
#include "sweep_text.h"

#include <string.h>

enum { HEAD_LINES = 200 };

static const closo_text_name plain_names[] = {
    {"freq/Hz", "Hz", CLOSO_QUANTITY_FREQUENCY, false},
    {"Z'/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_REAL, false},
    {"Z''/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, false},
};

static const closo_dialect_column p00_columns[] = {
    {"f", CLOSO_QUANTITY_FREQUENCY, "Hz"},
    {"z'", CLOSO_QUANTITY_IMPEDANCE_REAL, "ohm"},
    {"z''", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, "ohm"},
    {"time", CLOSO_QUANTITY_TIME, "s"},
    {"edc", CLOSO_QUANTITY_POTENTIAL_AVERAGE, "V"},
    {"idc", CLOSO_QUANTITY_CURRENT_AVERAGE, "A"},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const closo_dialect p00 = {.columns = p00_columns};

/* A line of nothing but a whole number of points. */
static bool is_count(closo_span line, size_t *count)
{
    double value;
    line = closo_span_trim(line);
    for (size_t i = 0; i < line.length; i++)
        if (line.start[i] < '0' || line.start[i] > '9')
            return false;
    if (line.length > 9 || !closo_number_parse(line, '.', &value) || value < 1)
        return false;
    *count = (size_t)value;
    return true;
}

static bool are_p00_names(closo_span line)
{
    return line.length < 400 && closo_span_contains(line, "f/Hz") &&
           closo_span_contains(line, "Z'/Ohm") && closo_span_contains(line, "-Z''/Ohm");
}

/* Three numbers, the first above zero. */
static bool is_plain_row(closo_span line)
{
    closo_span field, rest = line;
    size_t count = 0;
    double value = 0;
    while (count < 4 && closo_text_field(&rest, ' ', false, &field)) {
        if (!closo_number_parse(field, '.', &value) && !closo_number_parse(field, ',', &value))
            return false;
        if (count++ == 0 && !(value > 0))
            return false;
    }
    return count == 3;
}

/* The line of the count, with the lines before it taken; names only where the layout has some. */
static bool find_list(closo_sweep_lines *lines, closo_span *names, size_t *told)
{
    closo_span line, next;
    *names = (closo_span){NULL, 0};
    for (size_t i = 0; i < HEAD_LINES && closo_sweep_next_line(lines, &line); i++) {
        closo_sweep_lines ahead = *lines;
        if (are_p00_names(line)) {
            if (!closo_sweep_next_line(&ahead, &next) || !is_count(next, told))
                continue;
            *names = line;
            *lines = ahead;
            return true;
        }
        if (is_count(line, told) && closo_sweep_next_line(&ahead, &next) && is_plain_row(next))
            return true;
    }
    return false;
}

static int recognise(const closo_source *source)
{
    enum { LOOKED_AT = 1 << 14 };
    closo_source start = *source;
    start.size = source->size < LOOKED_AT ? source->size : LOOKED_AT;
    closo_sweep_lines lines = closo_sweep_lines_of(&start);
    closo_span names;
    size_t told;
    if (!find_list(&lines, &names, &told))
        return 0;
    return names.start != NULL ? 90 : 70;
}

/* ---- the head ---- */

static closo_status keep_p00_head(closo_table *table, closo_span head)
{
    closo_span line, rest = head;
    const char line_end = closo_text_line_end(head);
    closo_status status = CLOSO_OK;
    for (size_t i = 0; status == CLOSO_OK && closo_text_line(&rest, line_end, &line); i++) {
        line = closo_span_trim(line);
        if (closo_span_starts(line, "Procedure :"))
            status = closo_sweep_keep_text(table, "title",
                                           (closo_span){line.start + 11, line.length - 11});
        else if (i == 1 && line.length > 19)
            status = closo_sweep_keep_start(table, (closo_span){line.start, 19},
                                            (closo_span){"", 0}, CLOSO_DAY_FIRST);
        else if (i == 2)
            status = closo_sweep_keep_text(table, "comments", line);
    }
    return status;
}

static closo_status keep_head(closo_table *table, closo_span head, bool has_names)
{
    if (has_names)
        return keep_p00_head(table, head);
    return closo_sweep_keep_text(table, "comments", head);
}

/* What the first list tells about the file. head: from its beginning to the names or to behind the count. */
static closo_status begin(closo_table *table, closo_span head, closo_span names,
                          closo_text_layout *layout, closo_error *error)
{
    const bool has_names = names.start != NULL;
    if (has_names) {
        head.length = (size_t)(names.start - head.start);
    } else {
        /* Without the count itself. */
        head = closo_span_trim(head);
        while (head.length != 0 && head.start[head.length - 1] != '\n' &&
               head.start[head.length - 1] != '\r')
            head.length--;
    }
    table->format = has_names ? ".P00 text" : ".i2b text";
    layout->separator = has_names ? '\t' : ' ';
    layout->always_ends = true;
    if (keep_head(table, head, has_names) != CLOSO_OK)
        return closo_fail_nomem(error);
    return has_names ? closo_sweep_names(&p00, table->arena, names, layout, error) : CLOSO_OK;
}

static closo_status read_list(const closo_source *source, closo_table **result, closo_error *error)
{
    closo_sweep_lines lines = closo_sweep_lines_of(source);
    closo_table *table = closo_sweep_table(source, closo_format_counted.name, NULL);
    closo_text_layout layout = {.separator = ' ', .names = plain_names, .name_count = 3};
    closo_sweeps sweeps = {0};
    closo_span names;
    size_t told = 0;
    closo_status status = CLOSO_OK;
    if (table == NULL)
        return closo_fail_nomem(error);
    while (status == CLOSO_OK && find_list(&lines, &names, &told)) {
        const char separator = names.start != NULL ? '\t' : ' ';
        const char *start = (const char *)source->bytes;
        if (sweeps.count == 0)
            status = begin(table, (closo_span){start, (size_t)(lines.rest.start - start)}, names,
                           &layout, error);
        if (status != CLOSO_OK || separator != layout.separator)
            break;
        closo_sweep *sweep = closo_sweep_take(&sweeps, source->arena, &lines, separator, told);
        if (sweep == NULL)
            return closo_fail_nomem(error);
        sweep->told = told;
    }
    if (status == CLOSO_OK)
        status = closo_sweeps_read(table, &layout, &sweeps, error);
    if (status == CLOSO_OK)
        *result = table;
    return status;
}

const closo_format closo_format_counted = {"list of impedances", recognise, read_list};
