/* SPDX-License-Identifier: BSD-3-Clause */
/* trace.c: time, potential and current of a table, from the columns that serve best. */
#include "text_internal.h"
#include "trace_internal.h"

#include <math.h>
#include <stdio.h>
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

/* A column that by its name is of the quantity but holds words: that says more than that it is missing. */
static const closo_column *words_instead(const closo_table *table, const closo_quantity *quantities,
                                         size_t count)
{
    for (size_t c = 0; c < table->column_count; c++) {
        const closo_column *column = &table->columns[c];
        if (column->labels == NULL)
            continue;
        const closo_quantity named = closo_name_guess_quantity(column->name).quantity;
        for (size_t i = 0; i < count; i++)
            if (named == quantities[i])
                return column;
    }
    return NULL;
}

static closo_status fail_words(const closo_column *column, const char *what, closo_error *error)
{
    char words[200];
    size_t written = 0;
    words[0] = '\0';
    for (size_t i = 0; i < column->label_count && i < 3; i++) {
        closo_quote word = closo_text_quote(closo_span_of(column->labels[i]));
        int length = snprintf(words + written, sizeof words - written, "%s'%s'", i == 0 ? "" : ", ",
                              word.text);
        if (length < 0 || (size_t)length >= sizeof words - written)
            break;
        written += (size_t)length;
    }
    return closo_fail(
        error, CLOSO_FORMAT,
        "the column '%s' should hold the %s but holds words (%s%s): write it as plain "
        "numbers, with one unit in the name of the column",
        closo_text_quote(closo_span_of(column->name)).text, what, words,
        column->label_count > 3 ? ", ..." : "");
}

static closo_status fail_missing(const closo_table *table, const char *what,
                                 const closo_quantity *quantities, size_t count, closo_error *error)
{
    char names[300];
    const closo_column *words = words_instead(table, quantities, count);
    if (words != NULL)
        return fail_words(words, what, error);
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

static closo_status fail_without_current(const closo_table *table, const closo_quantity *currents,
                                         closo_error *error)
{
    const closo_column *density = current_density(table);
    if (density == NULL)
        return fail_missing(table, "current", currents, 4, error);
    return closo_fail(error, CLOSO_FORMAT,
                      "the current is a density (column '%s'), and closo needs the current itself: "
                      "multiply the column by the electrode area, call it 'I/mA', and give --area "
                      "to have results per area",
                      closo_text_quote(closo_span_of(density->name)).text);
}

/* Of rows first .. first + count - 1 the charges become currents; the file's first row has none. EC-Lab derives <I> so when
 * it exports galvanostatic cycling, whose .mpr holds no current. */
static void current_from_charge(const closo_trace_source *source, size_t first, size_t count,
                                const double *time_s, double *charge_C)
{
    double before_C = 0, before_s = 0;
    if (first != 0) {
        closo_column_read_si(&source->current, first - 1, 1, &before_C);
        closo_column_read_si(&source->time, first - 1, 1, &before_s);
        before_s -= source->start_s;
    }
    for (size_t i = 0; i < count; i++) {
        const double charge_now_C = charge_C[i];
        const double passed_C = source->from_charge ? charge_now_C - before_C : charge_now_C;
        const double elapsed_s = time_s[i] - before_s;
        before_C = charge_now_C;
        before_s = time_s[i];
        if ((first == 0 && i == 0) || passed_C == 0)
            charge_C[i] = 0;
        else
            charge_C[i] = elapsed_s > 0 ? passed_C / elapsed_s : (double)NAN;
    }
}

void closo_trace_read(const closo_trace_source *source, size_t first, size_t count, double *time_s,
                      double *potential_V, double *current_A)
{
    closo_column_read_si(&source->time, first, count, time_s);
    closo_column_read_si(&source->potential, first, count, potential_V);
    closo_column_read_si(&source->current, first, count, current_A);
    for (size_t i = 0; source->start_s != 0 && i < count; i++)
        time_s[i] -= source->start_s;
    if (source->from_increments || source->from_charge)
        current_from_charge(source, first, count, time_s, current_A);
}

closo_status closo_trace_find(const closo_table *table, closo_trace_source *source,
                              closo_error *error)
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
    if (time == NULL)
        return fail_missing(table, "time", times, 2, error);
    if (potential == NULL)
        return fail_missing(table, "potential", potentials, 3, error);
    if (current == NULL)
        return fail_without_current(table, currents, error);
    if (table->row_count == 0)
        return closo_fail(error, CLOSO_RANGE,
                          "there are columns but no rows: the measurement stopped before its "
                          "first point, or the file was cut");
    *source = (closo_trace_source){.time = *time, .potential = *potential, .current = *current};
    source->from_increments = current->quantity == CLOSO_QUANTITY_CHARGE_INCREMENT;
    source->from_charge = current->quantity == CLOSO_QUANTITY_CHARGE;
    if (time->quantity == CLOSO_QUANTITY_UNIX_TIME) /* counted from the first row */
        closo_column_read_si(time, 0, 1, &source->start_s);
    return CLOSO_OK;
}

closo_status closo_trace_from_table(const closo_table *table, closo_arena *arena,
                                    closo_trace *trace, closo_error *error)
{
    closo_trace_source source = {0};
    memset(trace, 0, sizeof *trace);
    closo_status status = closo_trace_find(table, &source, error);
    if (status != CLOSO_OK)
        return status;
    const size_t rows = table->row_count;
    double *time_s = closo_arena_alloc(arena, rows, sizeof *time_s);
    double *potential_V = closo_arena_alloc(arena, rows, sizeof *potential_V);
    double *current_A = closo_arena_alloc(arena, rows, sizeof *current_A);
    if (time_s == NULL || potential_V == NULL || current_A == NULL)
        return closo_fail_nomem(error);
    closo_trace_read(&source, 0, rows, time_s, potential_V, current_A);
    *trace = (closo_trace){rows,
                           time_s,
                           potential_V,
                           current_A,
                           source.time.name,
                           source.potential.name,
                           source.current.name};
    return CLOSO_OK;
}
