/* SPDX-License-Identifier: BSD-3-Clause */
/* relaxis_text.c: text that RelaxIS (rhd instruments) exports: "RelaxIS 3.0 Spectrum export", a date, a line of names
 * ("Data: Frequency", "Data: Z'", ...) and for each spectrum a line of free variables ("DC=0, TM=25, ...", the model, the
 * name) and rows with tabs. TM is the temperature in degC. No units: Hz, ohm and degrees. */
#include "sweep_text.h"

#include <math.h>
#include <string.h>

static const closo_dialect_column columns[] = {
    {"data frequency", CLOSO_QUANTITY_FREQUENCY, "Hz"},
    {"data z'", CLOSO_QUANTITY_IMPEDANCE_REAL, "ohm"},
    {"data z''", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "ohm"},
    {"data |z|", CLOSO_QUANTITY_IMPEDANCE_MODULUS, "ohm"},
    {"data theta z", CLOSO_QUANTITY_PHASE, "deg"},
    {"data theta", CLOSO_QUANTITY_PHASE, "deg"},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const closo_dialect dialect = {.columns = columns};

static int recognise(const closo_source *source)
{
    closo_span start = {(const char *)source->bytes, source->size < 200 ? source->size : 200};
    return closo_span_starts(start, "RelaxIS") && closo_span_contains(start, "export") ? 92 : 0;
}

/* The number of "TM=33.7" in a list separated by commas. */
static bool variable(closo_span list, const char *name, double *value)
{
    closo_span field;
    const size_t length = strlen(name);
    while (closo_span_field(&list, ',', &field)) {
        field = closo_span_trim(field);
        if (closo_span_starts(field, name) && field.length > length + 1 &&
            field.start[length] == '=' &&
            closo_number_parse((closo_span){field.start + length + 1, field.length - length - 1},
                               '.', value))
            return isfinite(*value);
    }
    return false;
}

typedef struct relaxis {
    closo_table *table;
    closo_sweep_lines lines;
    closo_text_layout layout;
    closo_sweeps sweeps;
} relaxis;

/* "DC=..., TM=...\tModel: ...\tname": what is known of the spectrum that follows. */
static closo_status take_spectrum(relaxis *r, closo_span line, closo_error *error)
{
    closo_span rest = line, variables = {"", 0}, model, name = {"", 0}, field;
    (void)closo_text_field(&rest, '\t', false, &variables);
    (void)closo_text_field(&rest, '\t', false, &model);
    if (closo_text_field(&rest, '\t', false, &field))
        name = closo_span_trim(field);
    closo_sweep *sweep = closo_sweep_take(&r->sweeps, r->table->arena, &r->lines, '\t', 0);
    double value;
    if (sweep == NULL)
        return closo_fail_nomem(error);
    if (name.length != 0 && (sweep->name = closo_text_string(r->table->arena, name)) == NULL)
        return closo_fail_nomem(error);
    if (variable(variables, "TM", &value))
        sweep->temperature_K = value + 273.15;
    if (r->sweeps.count != 1)
        return CLOSO_OK;
    if ((variable(variables, "DC", &value) &&
         closo_table_set_number(r->table, "applied_potential", value, "V") != CLOSO_OK) ||
        (name.length != 0 && closo_sweep_keep_text(r->table, "title", name) != CLOSO_OK))
        return closo_fail_nomem(error);
    return CLOSO_OK;
}

static closo_status read_lines(relaxis *r, closo_error *error)
{
    closo_span line;
    while (closo_sweep_next_line(&r->lines, &line)) {
        closo_status status = CLOSO_OK;
        if (r->lines.number == 1) {
            status = closo_sweep_keep_text(r->table, "software", line) == CLOSO_OK
                         ? CLOSO_OK
                         : closo_fail_nomem(error);
        } else if (closo_span_starts(line, "Date:")) {
            if (closo_sweep_keep_start(r->table, (closo_span){line.start + 5, line.length - 5},
                                       (closo_span){"", 0}, CLOSO_MONTH_FIRST) != CLOSO_OK)
                status = closo_fail_nomem(error);
        } else if (closo_span_starts(line, "Data:")) {
            r->layout.separator = '\t';
            if (r->layout.names == NULL)
                status = closo_sweep_names(&dialect, r->table->arena, line, &r->layout, error);
        } else if (r->layout.names != NULL && closo_span_trim(line).length != 0) {
            status = take_spectrum(r, line, error);
        }
        if (status != CLOSO_OK)
            return status;
    }
    return CLOSO_OK;
}

static closo_status read_relaxis(const closo_source *source, closo_table **result,
                                 closo_error *error)
{
    relaxis r = {.table = closo_sweep_table(source, closo_format_relaxis.name, NULL),
                 .lines = closo_sweep_lines_of(source)};
    if (r.table == NULL)
        return closo_fail_nomem(error);
    closo_status status = read_lines(&r, error);
    if (status == CLOSO_OK)
        status = closo_sweeps_read(r.table, &r.layout, &r.sweeps, error);
    if (status == CLOSO_OK)
        *result = r.table;
    return status;
}

const closo_format closo_format_relaxis = {"RelaxIS text", recognise, read_relaxis};
