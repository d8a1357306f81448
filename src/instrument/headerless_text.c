/* SPDX-License-Identifier: BSD-3-Clause */
/* headerless_text.c: three columns of numbers without names whose first rises or falls by a factor from row to row, over a
 * decade at least: nothing but a sweep of frequencies looks so, and with it come Z' and Z''. What was assumed is noted. Time,
 * potential and current, which also make three columns, go by equal steps. */
#include "sweep_text.h"

#include <math.h>
#include <string.h>

enum { ROWS_NEEDED = 5, ROWS_LOOKED_AT = 400, LOOKED_AT = 1 << 16 };

static const closo_text_name names[] = {
    {"freq/Hz", "Hz", CLOSO_QUANTITY_FREQUENCY, false},
    {"Z'/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_REAL, false},
    {"Z''/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, false},
};

static bool is_comment(closo_span line)
{
    line = closo_span_trim(line);
    return line.length == 0 || strchr("#%;", line.start[0]) != NULL;
}

/* The first number of a line that has three and nothing else. */
static bool first_of_three(closo_span line, char separator, double *first)
{
    closo_span field;
    size_t count = 0;
    while (closo_text_field(&line, separator, false, &field)) {
        double value;
        field = closo_span_trim(field);
        if (field.length == 0 && count == 3)
            continue;
        if (!closo_number_parse(field, '.', &value) &&
            (separator == ',' || !closo_number_parse(field, ',', &value)) &&
            (count == 0 || !closo_text_is_missing(field) || field.length == 0))
            return false;
        if (count++ == 0)
            *first = value;
        if (count > 3)
            return false;
    }
    return count == 3;
}

/* How unequal steps are: the square of their spread over that of their mean. */
static double unevenness(const double *values, size_t count)
{
    double sum = 0, squares = 0;
    const double steps = (double)(count - 1);
    for (size_t i = 1; i < count; i++) {
        const double step = values[i] - values[i - 1];
        sum += step;
        squares += step * step;
    }
    return squares * steps / (sum * sum) - 1;
}

/* How many steps are as long as the one before; a clock's are, up to a pause. */
static size_t count_equal_steps(const double *values, size_t count)
{
    size_t equal = 0;
    for (size_t i = 2; i < count; i++) {
        const double step = values[i] - values[i - 1], before = values[i - 1] - values[i - 2];
        equal += fabs(step - before) < 1e-3 * fabs(before);
    }
    return equal;
}

static bool is_sweep(const double *hertz, size_t count)
{
    double logs[ROWS_LOOKED_AT];
    size_t end = 1;
    const double direction = count > 1 ? hertz[1] - hertz[0] : 0;
    while (end < count && (hertz[end] - hertz[end - 1]) * direction > 0)
        end++;
    for (size_t i = 0; i < end; i++)
        logs[i] = log(hertz[i]);
    return end >= ROWS_NEEDED && fabs(logs[end - 1] - logs[0]) >= 2.302585 &&
           2 * count_equal_steps(hertz, end) < end &&
           unevenness(logs, end) < unevenness(hertz, end);
}

/* The separator with which the rows are such a sweep, 0 when there is none. first_line: of the rows, from 1. */
static char find_separator(const closo_source *source, size_t *first_line)
{
    static const char separators[] = {'\t', ';', ',', ' '};
    double hertz[ROWS_LOOKED_AT];
    closo_source start = *source;
    start.size = source->size < LOOKED_AT ? source->size : LOOKED_AT;
    for (size_t s = 0; s < sizeof separators; s++) {
        closo_sweep_lines lines = closo_sweep_lines_of(&start);
        closo_span line;
        size_t count = 0;
        bool fits = true;
        while (fits && count < ROWS_LOOKED_AT && closo_sweep_next_line(&lines, &line)) {
            if (is_comment(line))
                continue;
            /* A cut last line may have fewer fields. */
            const bool last = lines.rest.length == 0;
            fits = first_of_three(line, separators[s], &hertz[count]) || (last && count != 0);
            if (fits && !(hertz[count] > 0)) /* a row without a frequency is no row of the sweep */
                continue;
            if (count == 0)
                *first_line = lines.number;
            count += fits && !(last && start.size < source->size);
        }
        if (fits && count >= ROWS_NEEDED && is_sweep(hertz, count))
            return separators[s];
    }
    return '\0';
}

static int recognise(const closo_source *source)
{
    size_t first_line;
    /* A quick look: names begin with a letter. */
    for (size_t i = 0; i < source->size && i < 64; i++) {
        const unsigned char c = source->bytes[i];
        if (c == '#' || c == '%')
            break;
        if (c == 0 || (((c | 32) >= 'a' && (c | 32) <= 'z') && (c | 32) != 'e'))
            return 0;
    }
    return find_separator(source, &first_line) != '\0' ? 60 : 0;
}

static closo_status read_headerless(const closo_source *source, closo_table **result,
                                    closo_error *error)
{
    size_t first_line = 1;
    closo_text_layout layout = {.separator = find_separator(source, &first_line),
                                .names = names,
                                .name_count = sizeof names / sizeof *names};
    closo_table *table = closo_sweep_table(source, closo_format_headerless.name, NULL);
    closo_sweep_lines lines = closo_sweep_lines_of(source);
    closo_sweeps sweeps = {0};
    closo_span line;
    if (table == NULL)
        return closo_fail_nomem(error);
    while (lines.number + 1 < first_line && closo_sweep_next_line(&lines, &line))
        continue;
    if (closo_sweep_take(&sweeps, source->arena, &lines, layout.separator, 0) == NULL)
        return closo_fail_nomem(error);
    closo_table_note(table, "the file does not name its columns; by their shape they are taken as "
                            "frequency in Hz, Z' and Z'' in ohm, Z'' as measured (negative for a "
                            "capacitor)");
    closo_status status = closo_sweeps_read(table, &layout, &sweeps, error);
    if (status == CLOSO_OK && lines.rest.length != 0)
        closo_table_note(table, "line %zu is no row of numbers; what follows is left out",
                         lines.number + 1);
    if (status == CLOSO_OK)
        *result = table;
    return status;
}

const closo_format closo_format_headerless = {"impedance without names", recognise,
                                              read_headerless};
