/* SPDX-License-Identifier: BSD-3-Clause */
/* sweep_text.c: blocks of rows, one for each sweep of frequencies, into one table. */
#include "sweep_text.h"

#include <math.h>
#include <string.h>

/* ---- lines ---- */

closo_sweep_lines closo_sweep_lines_of(const closo_source *source)
{
    closo_sweep_lines lines = {{(const char *)source->bytes, source->size}, '\n', 0};
    lines.line_end = closo_text_line_end(lines.rest);
    return lines;
}

bool closo_sweep_next_line(closo_sweep_lines *lines, closo_span *line)
{
    if (!closo_text_line(&lines->rest, lines->line_end, line))
        return false;
    lines->number++;
    return true;
}

bool closo_sweep_is_row(closo_span line, char separator, size_t fields)
{
    closo_span field;
    size_t numbers = 0, others = 0;
    while (numbers + others < CLOSO_TEXT_COLUMNS_MAX &&
           closo_text_field(&line, separator, false, &field)) {
        double value;
        field = closo_span_trim(field);
        if (field.length == 0)
            continue;
        const bool number = closo_number_parse(field, '.', &value) ||
                            (separator != ',' && closo_number_parse(field, ',', &value)) ||
                            closo_text_is_missing(field);
        numbers += number;
        others += !number;
    }
    return numbers >= fields && others <= numbers / 2;
}

closo_sweep *closo_sweep_take(closo_sweeps *sweeps, closo_arena *arena, closo_sweep_lines *lines,
                              char separator, size_t most)
{
    closo_sweep *list =
        closo_arena_grow(arena, sweeps->list, sweeps->count, &sweeps->capacity, sizeof *list);
    if (list == NULL)
        return NULL;
    sweeps->list = list;
    closo_sweep *sweep = &list[sweeps->count++];
    *sweep = (closo_sweep){.temperature_K = NAN};
    sweep->rows.first_line = lines->number + 1;
    const char *start = lines->rest.start, *end = start;
    closo_sweep_lines before = *lines;
    closo_span line;
    for (size_t taken = 0; (most == 0 || taken < most) && closo_sweep_next_line(lines, &line);) {
        const bool blank = closo_span_trim(line).length == 0;
        if (!blank && !closo_sweep_is_row(line, separator, 1)) {
            *lines = before;
            break;
        }
        taken += !blank;
        before = *lines;
        end = lines->rest.start;
    }
    sweep->rows.text = (closo_span){start != NULL ? start : "", (size_t)(end - start)};
    return sweep;
}

/* ---- names ---- */

closo_status closo_sweep_names(const closo_dialect *dialect, closo_arena *arena, closo_span line,
                               closo_text_layout *layout, closo_error *error)
{
    closo_span rest = closo_span_trim(line), field;
    size_t count = 0, filled = 0;
    if (rest.length >= 2 && rest.start[0] == '"' && rest.start[rest.length - 1] == '"')
        rest = closo_span_trim((closo_span){rest.start + 1, rest.length - 2});
    const closo_span plain = rest;
    while (count <= CLOSO_TEXT_COLUMNS_MAX &&
           closo_text_field(&rest, layout->separator, false, &field))
        count++;
    if (count > CLOSO_TEXT_COLUMNS_MAX)
        return closo_fail(error, CLOSO_LIMIT, "there are more than %d columns",
                          CLOSO_TEXT_COLUMNS_MAX);
    closo_text_name *names = closo_arena_alloc(arena, count + 1, sizeof *names);
    if (names == NULL)
        return closo_fail_nomem(error);
    rest = plain;
    for (; filled < count && closo_text_field(&rest, layout->separator, false, &field); filled++) {
        char *name = closo_text_string(arena, closo_span_trim(field));
        if (name == NULL)
            return closo_fail_nomem(error);
        const closo_name_guess guess = closo_name_guess_quantity(name);
        char *unit = closo_arena_text(arena, guess.unit);
        if (unit == NULL)
            return closo_fail_nomem(error);
        names[filled] = (closo_text_name){name, unit, guess.quantity, guess.unit_assumed};
    }
    if (closo_dialect_name_columns(dialect, arena, names, filled) != CLOSO_OK)
        return closo_fail_nomem(error);
    layout->names = names;
    layout->name_count = filled;
    return CLOSO_OK;
}

/* ---- the table ---- */

static void check_points(closo_table *table, const closo_sweep *sweep, const char *name)
{
    if (sweep->told == 0 || sweep->told == sweep->rows.row_count)
        return;
    closo_table_note(table, "%s should have %zu points, as the file says, but %zu are there%s",
                     name, sweep->told, sweep->rows.row_count,
                     sweep->rows.row_count < sweep->told
                         ? ": the measurement stopped early or the file was cut"
                         : "");
}

static bool add_column(closo_table *table, const char *name, const char *unit,
                       closo_quantity quantity, const double *values)
{
    closo_column *column = closo_table_add_values(table, name, unit, quantity, values);
    if (column == NULL)
        return false;
    column->derived = true;
    return true;
}

/* Which sweep each row is of, and its temperature where the head of each sweep tells one. */
static closo_status add_segments(closo_table *table, closo_sweeps *sweeps, closo_error *error)
{
    double *number = closo_arena_alloc(table->arena, table->row_count, sizeof *number);
    double *kelvin = closo_arena_alloc(table->arena, table->row_count, sizeof *kelvin);
    size_t row = 0;
    bool temperature = false;
    if (number == NULL || kelvin == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < sweeps->count; i++) {
        const closo_sweep *sweep = &sweeps->list[i];
        const char *name = sweep->name != NULL
                               ? sweep->name
                               : closo_arena_printf(table->arena, "sweep %zu", i + 1);
        if (name == NULL ||
            closo_table_add_segment(table, name, row, sweep->rows.row_count) != CLOSO_OK)
            return closo_fail_nomem(error);
        check_points(table, sweep, closo_text_quote(closo_span_of(name)).text);
        temperature |= isfinite(sweep->temperature_K);
        for (size_t r = 0; r < sweep->rows.row_count && row < table->row_count; r++, row++) {
            number[row] = (double)(i + 1);
            kelvin[row] = sweep->temperature_K;
        }
    }
    if (!add_column(table, "sweep", "", CLOSO_QUANTITY_LOOP, number))
        return closo_fail_nomem(error);
    if (temperature && closo_table_find(table, CLOSO_QUANTITY_TEMPERATURE) == NULL &&
        !add_column(table, "temperature/K", "K", CLOSO_QUANTITY_TEMPERATURE, kelvin))
        return closo_fail_nomem(error);
    return CLOSO_OK;
}

void closo_sweeps_check(closo_table *table)
{
    const closo_column *frequency = closo_table_find(table, CLOSO_QUANTITY_FREQUENCY);
    size_t unusable = 0, repeated = 0;
    double before = NAN;
    for (size_t i = 0; frequency != NULL && i < table->row_count; i++) {
        double value;
        closo_column_read(frequency, i, 1, &value);
        unusable += !(value > 0) || !isfinite(value);
        repeated += value > 0 && value >= before && value <= before;
        before = value;
    }
    /* An experiment at direct current has the column, and 0 in all rows. */
    if (unusable != 0 && unusable < table->row_count)
        closo_table_note(table,
                         "%zu of %zu rows have no frequency above zero; analyses leave them out",
                         unusable, table->row_count);
    if (repeated != 0)
        closo_table_note(table,
                         "%zu rows have the frequency of the row before; analyses take the mean",
                         repeated);
}

closo_status closo_sweeps_read(closo_table *table, closo_text_layout *layout, closo_sweeps *sweeps,
                               closo_error *error)
{
    closo_text_piece *pieces = closo_arena_alloc(table->arena, sweeps->count + 1, sizeof *pieces);
    if (pieces == NULL)
        return closo_fail_nomem(error);
    layout->decimal = '.';
    for (size_t i = 0; i < sweeps->count; i++) {
        pieces[i] = sweeps->list[i].rows;
        if (layout->separator != ',' && layout->decimal == '.')
            layout->decimal = closo_text_decimal(pieces[i].text);
    }
    if (sweeps->count == 0 || layout->name_count == 0)
        return closo_fail(error, CLOSO_FORMAT,
                          "the head of the file is there, but no table of points follows: the "
                          "measurement stopped before its first point, or the file was cut");
    closo_status status = closo_text_rows_read(table, layout, pieces, sweeps->count, error);
    if (status != CLOSO_OK)
        return status;
    for (size_t i = 0; i < sweeps->count; i++)
        sweeps->list[i].rows = pieces[i];
    if (table->row_count == 0)
        return closo_fail_line(error, CLOSO_FORMAT, pieces[0].first_line,
                               "the head of the file is there, but its table has no rows: the "
                               "measurement stopped before its first point, or the file was cut");
    if (sweeps->count > 1)
        status = add_segments(table, sweeps, error);
    else
        check_points(table, &sweeps->list[0], "the table");
    if (status == CLOSO_OK && sweeps->count == 1 && isfinite(sweeps->list[0].temperature_K) &&
        closo_table_set_number(table, "temperature", sweeps->list[0].temperature_K, "K") !=
            CLOSO_OK)
        status = closo_fail_nomem(error);
    closo_sweeps_check(table);
    return status;
}

closo_status closo_sweep_read_delimited(const closo_source *source, const closo_dialect *dialect,
                                        closo_table **result, closo_error *error)
{
    closo_delimited found;
    closo_status status =
        closo_delimited_find(source, closo_dialect_separator(dialect, source), &found, error);
    if (status != CLOSO_OK)
        return status;
    closo_table *table = closo_sweep_table(source, dialect->format, dialect->instrument);
    if (table == NULL || closo_dialect_name_columns(dialect, source->arena, found.names,
                                                    found.layout.name_count) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (found.note != NULL)
        closo_table_note(table, "%s", found.note);
    status = closo_text_rows_read(table, &found.layout, &found.rows, 1, error);
    if (status != CLOSO_OK)
        return status;
    closo_sweeps_check(table);
    *result = table;
    return CLOSO_OK;
}

/* ---- what is known about the measurement ---- */

closo_table *closo_sweep_table(const closo_source *source, const char *format,
                               const char *instrument)
{
    closo_table *table = closo_table_new(source->arena, source->name);
    if (table == NULL)
        return NULL;
    table->format = format;
    table->technique = "EIS";
    if (instrument != NULL && closo_table_set_text(table, "instrument", instrument) != CLOSO_OK)
        return NULL;
    return table;
}

closo_status closo_sweep_keep_constant(closo_table *table, const char *column, const char *key,
                                       const char *unit, bool zero_counts)
{
    const closo_column *found = closo_table_find_name(table, column);
    double first, value;
    if (found == NULL || found->labels != NULL || table->row_count == 0)
        return CLOSO_OK;
    closo_column_read(found, 0, 1, &first);
    if (!isfinite(first) || (!zero_counts && first == 0))
        return CLOSO_OK;
    for (size_t i = 1; i < table->row_count; i++) {
        closo_column_read(found, i, 1, &value);
        if (!(value >= first && value <= first))
            return CLOSO_OK;
    }
    return closo_table_set_number(table, key, first, unit);
}

closo_status closo_sweep_keep_number(closo_table *table, const char *key, closo_span text,
                                     const char *unit)
{
    double value;
    if ((!closo_number_parse(text, '.', &value) && !closo_number_parse(text, ',', &value)) ||
        !isfinite(value))
        return CLOSO_OK;
    return closo_table_set_number(table, key, value, unit);
}

closo_status closo_sweep_keep_text(closo_table *table, const char *key, closo_span text)
{
    text = closo_span_trim(text);
    if (text.length == 0 || text.length > 2000)
        return CLOSO_OK;
    char *kept = closo_text_string(table->arena, text);
    if (kept == NULL)
        return CLOSO_NOMEM;
    for (char *c = kept; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' && *c != '\n' && *c != '\t')
            *c = ' ';
    return closo_table_set_text(table, key, kept);
}

closo_status closo_sweep_keep_start(closo_table *table, closo_span date, closo_span time,
                                    closo_date_order order)
{
    closo_date parsed;
    char text[48];
    date = closo_span_trim(date);
    time = closo_span_trim(time);
    if (date.length + time.length > 80)
        return CLOSO_OK;
    char *both = closo_arena_printf(table->arena, "%.*s %.*s", (int)date.length, date.start,
                                    (int)time.length, time.start);
    if (both == NULL)
        return CLOSO_NOMEM;
    if (!closo_date_parse(closo_span_trim(closo_span_of(both)), order, &parsed) &&
        !closo_date_parse(date, order, &parsed))
        return CLOSO_OK;
    closo_date_print(&parsed, text);
    return closo_table_set_text(table, "start_time", text);
}

/* "Thursday, July 19, 2018" and "Feb. 20, 2020   15:55:08": the day stands behind the month. */
static bool find_month(closo_span text, size_t *month, closo_span *behind)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (size_t i = 0; i + 3 < text.length; i++)
        for (size_t m = 0; m < sizeof months / sizeof *months; m++) {
            if (memcmp(text.start + i, months[m], 3) != 0)
                continue;
            size_t end = i + 3;
            while (end < text.length && (text.start[end] < '0' || text.start[end] > '9'))
                end++;
            *month = m + 1;
            *behind = (closo_span){text.start + end, text.length - end};
            return true;
        }
    return false;
}

closo_status closo_sweep_keep_english_start(closo_table *table, closo_span date, closo_span time)
{
    closo_span rest = {"", 0}, day_text;
    size_t month = 0, digits = 0;
    double day = 0, year = 0;
    if (date.length > 80 || !find_month(date, &month, &rest) ||
        !closo_span_field(&rest, ',', &day_text) || rest.start == NULL)
        return closo_sweep_keep_start(table, date, time, CLOSO_MONTH_FIRST);
    rest = closo_span_trim(rest);
    while (digits < rest.length && rest.start[digits] >= '0' && rest.start[digits] <= '9')
        digits++;
    const closo_span after = {rest.start + digits, rest.length - digits};
    if (!closo_number_parse(closo_span_trim(day_text), '.', &day) || !(day >= 1 && day < 32) ||
        !closo_number_parse((closo_span){rest.start, digits}, '.', &year) ||
        !(year > 1900 && year < 2200))
        return CLOSO_OK;
    char *text =
        closo_arena_printf(table->arena, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    if (text == NULL)
        return CLOSO_NOMEM;
    return closo_sweep_keep_start(table, closo_span_of(text), time.length != 0 ? time : after,
                                  CLOSO_MONTH_FIRST);
}
