/* SPDX-License-Identifier: BSD-3-Clause */
/* write_bdf.c: a table as CSV of the Battery Data Format: machine-readable names, the units they name, current positive
 * while charging. The current of a table is anodic positive, which is the same thing where the working electrode is the
 * positive electrode of the cell. */
#include "text_internal.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MAX = 32, ROWS_AT_ONCE = 1024 };

/* A column of the output: values in SI, and how the format's unit follows from them. */
typedef struct bdf_column {
    const char *name;
    const double *values_si; /* of all rows, or NULL: read from `source` */
    const closo_column *source;
    double factor, offset; /* SI = factor * value + offset */
} bdf_column;

typedef struct bdf_writer {
    const closo_table *table;
    closo_arena *arena;
    closo_trace trace;
    bdf_column columns[COLUMNS_MAX];
    size_t count;
} bdf_writer;

static void add(bdf_writer *w, const char *name, const char *unit_text, const double *values_si,
                const closo_column *source)
{
    closo_unit unit;
    if (w->count == COLUMNS_MAX || closo_unit_parse(unit_text, &unit, NULL) != CLOSO_OK)
        return;
    w->columns[w->count++] = (bdf_column){name, values_si, source, unit.factor, unit.offset};
}

static void add_quantity(bdf_writer *w, const char *name, const char *unit, closo_quantity quantity)
{
    const closo_column *source = closo_table_find(w->table, quantity);
    if (source != NULL && source->labels == NULL)
        add(w, name, unit, NULL, source);
}

/* The format's plain capacities and energies are never set back; one that is belongs to the schedule. */
static bool never_falls(const closo_table *table, const closo_column *column)
{
    double values[ROWS_AT_ONCE], before = -INFINITY;
    for (size_t first = 0; first < table->row_count; first += ROWS_AT_ONCE) {
        size_t left = table->row_count - first, count = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
        closo_column_read(column, first, count, values);
        for (size_t i = 0; i < count; i++) {
            if (values[i] < before)
                return false;
            before = isnan(values[i]) ? before : values[i];
        }
    }
    return true;
}

static void add_sums(bdf_writer *w)
{
    static const struct {
        closo_quantity quantity;
        const char *steady, *resetting, *unit;
    } sums[] = {
        {CLOSO_QUANTITY_CAPACITY_CHARGE, "charging_capacity_ah", "schedule_charging_capacity_ah",
         "Ah"},
        {CLOSO_QUANTITY_CAPACITY_DISCHARGE, "discharging_capacity_ah",
         "schedule_discharging_capacity_ah", "Ah"},
        {CLOSO_QUANTITY_ENERGY_CHARGE, "charging_energy_wh", "schedule_charging_energy_wh", "Wh"},
        {CLOSO_QUANTITY_ENERGY_DISCHARGE, "discharging_energy_wh", "schedule_discharging_energy_wh",
         "Wh"},
    };
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        const closo_column *source = closo_table_find(w->table, sums[i].quantity);
        if (source != NULL && source->labels == NULL)
            add(w, never_falls(w->table, source) ? sums[i].steady : sums[i].resetting, sums[i].unit,
                NULL, source);
    }
}

/* Unix time is UTC: it is known where the table has it, or where the start time names its zone. */
static closo_status add_unix_time(bdf_writer *w)
{
    closo_date date;
    const closo_column *known = closo_table_find(w->table, CLOSO_QUANTITY_UNIX_TIME);
    const char *start = closo_table_text(w->table, "start_time");
    if (known != NULL) {
        add(w, "unix_time_second", "s", NULL, known);
        return CLOSO_OK;
    }
    if (start == NULL || !closo_date_parse(closo_span_of(start), CLOSO_MONTH_FIRST, &date) ||
        !date.has_zone)
        return CLOSO_OK;
    double *values = closo_arena_alloc(w->arena, w->table->row_count, sizeof *values);
    if (values == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < w->table->row_count; i++)
        values[i] = closo_date_seconds(&date) + w->trace.time_s[i];
    add(w, "unix_time_second", "s", values, NULL);
    return CLOSO_OK;
}

/* The format has the imaginary part as measured, not its negative. */
static closo_status add_imaginary(bdf_writer *w)
{
    if (closo_table_find(w->table, CLOSO_QUANTITY_IMPEDANCE_IMAGINARY) != NULL) {
        add_quantity(w, "imaginary_impedance_ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY);
        return CLOSO_OK;
    }
    const closo_column *turned =
        closo_table_find(w->table, CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY);
    if (turned == NULL || turned->labels != NULL)
        return CLOSO_OK;
    double *values = closo_column_values_si(turned, w->table->row_count, w->arena);
    if (values == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < w->table->row_count; i++)
        values[i] = -values[i];
    add(w, "imaginary_impedance_ohm", "ohm", values, NULL);
    return CLOSO_OK;
}

static closo_status choose_columns(bdf_writer *w)
{
    add(w, "test_time_second", "s", w->trace.time_s, NULL);
    add(w, "voltage_volt", "V", w->trace.potential_V, NULL);
    add(w, "current_ampere", "A", w->trace.current_A, NULL);
    if (add_unix_time(w) != CLOSO_OK)
        return CLOSO_NOMEM;
    add_quantity(w, "cycle_count", "1", CLOSO_QUANTITY_CYCLE);
    add_quantity(w, "step_count", "1", CLOSO_QUANTITY_STEP);
    add_quantity(w, "step_time_second", "s", CLOSO_QUANTITY_STEP_TIME);
    add_quantity(w, "record_index", "1", CLOSO_QUANTITY_RECORD);
    add_sums(w);
    add_quantity(w, "power_watt", "W", CLOSO_QUANTITY_POWER);
    add_quantity(w, "frequency_hertz", "Hz", CLOSO_QUANTITY_FREQUENCY);
    add_quantity(w, "real_impedance_ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_REAL);
    if (add_imaginary(w) != CLOSO_OK)
        return CLOSO_NOMEM;
    add_quantity(w, "absolute_impedance_ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_MODULUS);
    add_quantity(w, "phase_degree", "deg", CLOSO_QUANTITY_PHASE);
    add_quantity(w, "temperature_t1_celsius", "degC", CLOSO_QUANTITY_TEMPERATURE);
    return CLOSO_OK;
}

/* The shortest digits that read back as the same value. */
static void write_cell(closo_output *output, const bdf_column *column, double value_si)
{
    char text[40];
    size_t length;
    if (isnan(value_si))
        return;
    if (column->factor == 1 && column->offset == 0)
        length = closo_number_print(value_si, text, sizeof text);
    else
        length =
            closo_number_print((value_si - column->offset) / column->factor, text, sizeof text);
    closo_output_write(output, text, length);
}

static void write_rows(closo_output *output, const bdf_writer *w, double *values)
{
    for (size_t first = 0; first < w->table->row_count; first += ROWS_AT_ONCE) {
        size_t left = w->table->row_count - first,
               count = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
        for (size_t c = 0; c < w->count; c++) {
            double *to = values + c * ROWS_AT_ONCE;
            if (w->columns[c].values_si != NULL)
                memcpy(to, w->columns[c].values_si + first, count * sizeof *to);
            else
                closo_column_read_si(w->columns[c].source, first, count, to);
        }
        for (size_t r = 0; r < count; r++) {
            for (size_t c = 0; c < w->count; c++) {
                if (c != 0)
                    closo_output_write(output, ",", 1);
                write_cell(output, &w->columns[c], values[c * ROWS_AT_ONCE + r]);
            }
            closo_output_write(output, "\n", 1);
        }
    }
}

closo_status closo_table_write_bdf(const closo_table *table, const char *path, closo_arena *arena,
                                   closo_error *error)
{
    bdf_writer writer = {.table = table, .arena = arena};
    closo_output *output = NULL;
    closo_status status = closo_trace_from_table(table, arena, &writer.trace, error);
    if (status == CLOSO_FORMAT && error != NULL) {
        char why[sizeof error->message];
        memcpy(why, error->message, sizeof why);
        return closo_fail(error, CLOSO_RANGE,
                          "the Battery Data Format needs time, voltage and current; %s", why);
    }
    if (status != CLOSO_OK)
        return status == CLOSO_FORMAT ? CLOSO_RANGE : status;
    double *values = closo_arena_alloc(arena, COLUMNS_MAX * (size_t)ROWS_AT_ONCE, sizeof *values);
    if (values == NULL || choose_columns(&writer) != CLOSO_OK)
        return closo_fail_nomem(error);
    status = closo_output_open(path, arena, &output, error);
    if (status != CLOSO_OK)
        return status;
    for (size_t c = 0; c < writer.count; c++) {
        closo_output_write(output, ",", c != 0);
        closo_output_write(output, writer.columns[c].name, strlen(writer.columns[c].name));
    }
    closo_output_write(output, "\n", 1);
    write_rows(output, &writer, values);
    return closo_output_commit(output, error);
}
