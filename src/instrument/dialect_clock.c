/* SPDX-License-Identifier: BSD-3-Clause */
/* dialect_clock.c: clocks of cyclers. Some show the time of day and begin anew at midnight, some count each step alone, some
 * run backwards when the computer's clock was set. The first two are mended, the last is told. */
#include "dialect.h"

#include <math.h>
#include <string.h>

static const double day_s = 86400;
static const double most_hidden_s = 3600; /* a midnight may hide so long an interval */

/* True when a clock of the day that showed before_s can have passed midnight to show now_s. */
static bool passes_midnight(double before_s, double now_s)
{
    const double hidden_s = now_s + day_s - before_s;
    return before_s <= day_s && now_s >= 0 && now_s < before_s && hidden_s >= 0 &&
           hidden_s <= most_hidden_s;
}

static double *values_of(const closo_column *column, closo_table *table)
{
    double *values = closo_arena_alloc(table->arena, table->row_count, sizeof *values);
    if (values != NULL)
        closo_column_read(column, 0, table->row_count, values);
    return values;
}

/* Counts on over midnight. Only a column in seconds whose values never pass a day can be a clock of the day. */
static closo_status join_days(closo_table *table, closo_column *column)
{
    size_t midnights = 0;
    double before_s = NAN, days_s = 0;
    double *values = values_of(column, table);
    if (values == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < table->row_count; i++) {
        const double now_s = values[i];
        if (now_s < 0 || now_s > day_s)
            return CLOSO_OK;
        if (passes_midnight(before_s, now_s)) {
            midnights++;
            days_s += day_s;
        }
        before_s = isfinite(now_s) ? now_s : before_s;
        values[i] += days_s;
    }
    if (midnights == 0)
        return CLOSO_OK;
    column->data = (const unsigned char *)values;
    column->stride_bytes = sizeof *values;
    column->storage = CLOSO_STORE_F64;
    closo_table_note(table,
                     "the clock of column '%s' passes midnight %zu time%s; the days are counted on "
                     "from its first row",
                     column->name, midnights, midnights == 1 ? "" : "s");
    return CLOSO_OK;
}

size_t closo_check_time_goes_on(closo_table *table, const closo_column *column)
{
    enum { AT_ONCE = 512 };
    double values[AT_ONCE], highest = -INFINITY;
    size_t back = 0, first_row = 0;
    for (size_t first = 0; first < table->row_count; first += AT_ONCE) {
        const size_t left = table->row_count - first, count = left < AT_ONCE ? left : AT_ONCE;
        closo_column_read(column, first, count, values);
        for (size_t i = 0; i < count; i++) {
            if (values[i] < highest && back++ == 0)
                first_row = first + i + 1;
            highest = values[i] > highest ? values[i] : highest;
        }
    }
    if (back != 0)
        closo_table_note(table,
                         "the time of column '%s' lies before that of an earlier row in %zu rows, "
                         "the first is row %zu; they are left as they are",
                         column->name, back, first_row);
    return back != 0;
}

/* The test's own time where only that of the steps is written: each step begins where the one before has ended, as the
 * cyclers count it themselves. */
static closo_status add_total_time(closo_table *table)
{
    const closo_column *step_time = closo_table_find(table, CLOSO_QUANTITY_STEP_TIME);
    const closo_column *step = closo_table_find(table, CLOSO_QUANTITY_STEP);
    if (step_time == NULL || step_time->labels != NULL || table->row_count == 0)
        return CLOSO_OK;
    double *time_s = closo_column_values_si(step_time, table->row_count, table->arena);
    double before_s = NAN, start_s = 0, number, number_before = NAN;
    if (time_s == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < table->row_count; i++) {
        const double now_s = time_s[i];
        if (!isfinite(now_s))
            continue;
        number = number_before;
        if (step != NULL && step->labels == NULL)
            closo_column_read(step, i, 1, &number);
        if (isfinite(before_s) &&
            (now_s < before_s || (isfinite(number_before) && number != number_before)))
            start_s += before_s;
        time_s[i] = start_s + now_s;
        before_s = now_s;
        number_before = number;
    }
    closo_table_note(table,
                     "the file has no time of the test; it is added up from '%s', so pauses "
                     "between steps have no length",
                     step_time->name);
    closo_column *added =
        closo_table_add_values(table, "test time/s", "s", CLOSO_QUANTITY_TIME, time_s);
    if (added == NULL)
        return CLOSO_NOMEM;
    added->derived = true;
    return CLOSO_OK;
}

/* By the dialect the column is a clock; without a date it has no place in the calendar. */
static bool is_clock(const closo_dialect *dialect, const closo_column *column)
{
    closo_quantity quantity;
    char unit[64];
    if (column->labels != NULL || strcmp(column->unit, "s") != 0)
        return false;
    return column->quantity == CLOSO_QUANTITY_TIME ||
           (column->quantity == CLOSO_QUANTITY_OTHER &&
            closo_dialect_meaning(dialect, column->name, &quantity, unit, NULL) &&
            quantity == CLOSO_QUANTITY_UNIX_TIME);
}

closo_status closo_dialect_mend_clocks(const closo_dialect *dialect, closo_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (is_clock(dialect, &table->columns[i]) &&
            join_days(table, &table->columns[i]) != CLOSO_OK)
            return CLOSO_NOMEM;
    const closo_column *time = closo_table_find(table, CLOSO_QUANTITY_TIME);
    if (time == NULL)
        return add_total_time(table);
    if (time->labels == NULL)
        (void)closo_check_time_goes_on(table, time);
    return CLOSO_OK;
}
