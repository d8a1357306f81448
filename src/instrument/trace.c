/* SPDX-License-Identifier: BSD-3-Clause */
/* trace.c: time, potential and current of a table, from the columns that serve best. */
#include "text_internal.h"

#include <math.h>
#include <string.h>

static const closo_column *first_of(const closo_table *table, const closo_quantity *quantities,
                                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const closo_column *column = closo_table_find(table, quantities[i]);
        if (column != NULL && column->labels == NULL)
            return column;
    }
    return NULL;
}

/* current = charge passed since the row before / time since the row before; the first row has none. EC-Lab derives <I> so
 * when it exports galvanostatic cycling, whose .mpr holds no current. */
static void current_from_charge(double *charge_C, bool cumulative, const double *time_s,
                                size_t count)
{
    double charge_before = count != 0 ? charge_C[0] : 0;
    for (size_t i = 0; i < count; i++) {
        const double charge = charge_C[i];
        const double passed = cumulative ? charge - charge_before : charge;
        const double elapsed_s = i == 0 ? 0 : time_s[i] - time_s[i - 1];
        charge_before = charge;
        if (i == 0 || passed == 0)
            charge_C[i] = 0;
        else
            charge_C[i] = elapsed_s > 0 ? passed / elapsed_s : (double)NAN;
    }
}

/* "time/s, Ewe/V, ...", as far as a message has room. */
static const char *column_names(const closo_table *table, char *text, size_t size)
{
    size_t written = 0;
    text[0] = '\0';
    for (size_t i = 0; i < table->column_count; i++) {
        closo_quote name = closo_text_quote(closo_span_of(table->columns[i].name));
        size_t length = strlen(name.text);
        if (written + length + 6 > size) {
            memcpy(text + written, "...", 4);
            break;
        }
        memcpy(text + written, name.text, length);
        written += length;
        if (i + 1 < table->column_count) {
            memcpy(text + written, ", ", 2);
            written += 2;
        }
        text[written] = '\0';
    }
    return text;
}

static closo_status fail_missing(const closo_table *table, const char *what, closo_error *error)
{
    char names[300];
    if (table->column_count == 0)
        return closo_fail(error, CLOSO_FORMAT,
                          "there is no %s: the file holds settings, no measured points", what);
    return closo_fail(error, CLOSO_FORMAT, "there is no column with the %s; there are %s", what,
                      column_names(table, names, sizeof names));
}

static const closo_column *current_density(const closo_table *table)
{
    closo_unit density, own;
    if (closo_unit_parse("A/m2", &density, NULL) != CLOSO_OK)
        return NULL;
    for (size_t i = 0; i < table->column_count; i++)
        if (closo_unit_parse(table->columns[i].unit, &own, NULL) == CLOSO_OK &&
            closo_unit_matches(&own, &density))
            return &table->columns[i];
    return NULL;
}

static closo_status fail_without_current(const closo_table *table, closo_error *error)
{
    const closo_column *density = current_density(table);
    if (density == NULL)
        return fail_missing(table, "current", error);
    return closo_fail(error, CLOSO_FORMAT,
                      "the current is a density (column '%s'), and closo needs the current itself: "
                      "multiply the column by the electrode area, call it 'I/mA', and give --area "
                      "to have results per area",
                      closo_text_quote(closo_span_of(density->name)).text);
}

static double *time_values(const closo_table *table, closo_arena *arena, const closo_column *column)
{
    double *time_s = closo_column_values_si(column, table->row_count, arena);
    if (time_s == NULL || column->quantity == CLOSO_QUANTITY_TIME)
        return time_s;
    double start_s = time_s[0]; /* seconds since 1970 are counted from the first row */
    for (size_t i = 0; i < table->row_count; i++)
        time_s[i] -= start_s;
    return time_s;
}

closo_status closo_trace_from_table(const closo_table *table, closo_arena *arena,
                                    closo_trace *trace, closo_error *error)
{
    static const closo_quantity times[] = {CLOSO_QUANTITY_TIME, CLOSO_QUANTITY_UNIX_TIME};
    static const closo_quantity potentials[] = {
        CLOSO_QUANTITY_POTENTIAL, CLOSO_QUANTITY_POTENTIAL_AVERAGE, CLOSO_QUANTITY_POTENTIAL_CELL};
    static const closo_quantity currents[] = {
        CLOSO_QUANTITY_CURRENT, CLOSO_QUANTITY_CURRENT_AVERAGE, CLOSO_QUANTITY_CHARGE_INCREMENT,
        CLOSO_QUANTITY_CHARGE};
    const closo_column *time = first_of(table, times, 2);
    const closo_column *potential = first_of(table, potentials, 3);
    const closo_column *current = first_of(table, currents, 4);
    memset(trace, 0, sizeof *trace);
    if (time == NULL)
        return fail_missing(table, "time", error);
    if (potential == NULL)
        return fail_missing(table, "potential", error);
    if (current == NULL)
        return fail_without_current(table, error);
    if (table->row_count == 0)
        return closo_fail(error, CLOSO_RANGE, "the table has columns but no rows");
    double *time_s = time_values(table, arena, time);
    double *potential_V = closo_column_values_si(potential, table->row_count, arena);
    double *current_A = closo_column_values_si(current, table->row_count, arena);
    if (time_s == NULL || potential_V == NULL || current_A == NULL)
        return closo_fail_nomem(error);
    if (current->quantity == CLOSO_QUANTITY_CHARGE_INCREMENT ||
        current->quantity == CLOSO_QUANTITY_CHARGE)
        current_from_charge(current_A, current->quantity == CLOSO_QUANTITY_CHARGE, time_s,
                            table->row_count);
    *trace = (closo_trace){table->row_count, time_s,          potential_V,  current_A,
                           time->name,       potential->name, current->name};
    return CLOSO_OK;
}
