/* SPDX-License-Identifier: BSD-3-Clause */
/* bdf_csv.c: CSV of the Battery Data Format (LF Energy, Battery Data Alliance; ontology 1.3.0). Names are machine-readable
 * ("voltage_volt") or labels ("Voltage / V"); current is positive while charging. */
#include "bdf_internal.h"

#include <string.h>

/* The unit at the end of a name that only looks like one of the format. */
static const char *unit_of_name(const char *name)
{
    static const char *const endings[][2] = {
        {"_second", "s"},   {"_volt", "V"},       {"_ampere", "A"}, {"_ah", "Ah"},
        {"_wh", "Wh"},      {"_watt", "W"},       {"_ohm", "ohm"},  {"_hertz", "Hz"},
        {"_degree", "deg"}, {"_celsius", "degC"}, {"_pa", "Pa"},
    };
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t ending = strlen(endings[i][0]);
        if (length > ending && strcmp(name + length - ending, endings[i][0]) == 0)
            return endings[i][1];
    }
    return NULL;
}

static void name_columns(closo_delimited *found)
{
    for (size_t i = 0; i < found->layout.name_count; i++) {
        closo_text_name *name = &found->names[i];
        closo_bdf_term term;
        if (closo_bdf_find(name->name, &term)) {
            name->quantity = term.quantity;
            name->unit = term.unit;
            name->unit_assumed = false;
        } else if (strcmp(name->name, "step_index") == 0) { /* before ontology 1.3.0 */
            name->quantity = CLOSO_QUANTITY_STEP;
            name->unit = "";
        } else if (unit_of_name(name->name) != NULL) {
            name->quantity = CLOSO_QUANTITY_OTHER;
            name->unit = unit_of_name(name->name);
        }
    }
}

static int recognise(const closo_source *source)
{
    closo_span text = {(const char *)source->bytes, source->size}, line, field;
    if (!closo_text_line(&text, closo_text_line_end(text), &line) || line.length > 1 << 16)
        return 0;
    static const char separators[] = {',', ';', '\t'};
    for (size_t i = 0; i < sizeof separators; i++) {
        size_t required = 0, count = 0;
        closo_span rest = line;
        while (count++ < CLOSO_TEXT_COLUMNS_MAX &&
               closo_text_field(&rest, separators[i], true, &field)) {
            field = closo_span_trim(field);
            if (field.length >= 2 && field.start[0] == '"')
                field = (closo_span){field.start + 1, field.length - 2};
            for (size_t k = 0; k < CLOSO_BDF_REQUIRED; k++)
                required += closo_span_equals(field, closo_bdf_names[k].name) ||
                            closo_span_equals_nocase(field, closo_bdf_names[k].label);
        }
        if (required >= 2)
            return 90;
    }
    return 0;
}

static closo_status read_bdf(const closo_source *source, closo_table **result, closo_error *error)
{
    closo_delimited found;
    closo_status status = closo_delimited_find(source, '\0', &found, error);
    if (status != CLOSO_OK)
        return status;
    closo_table *table = closo_table_new(source->arena, source->name);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->format = closo_format_bdf.name;
    name_columns(&found);
    if (found.note != NULL)
        closo_table_note(table, "%s", found.note);
    status = closo_text_rows_read(table, &found.layout, &found.rows, 1, error);
    if (status != CLOSO_OK)
        return status;
    if (closo_bdf_validate(table) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (closo_table_set_text(table, "current_sign", "positive while charging") != CLOSO_OK)
        return closo_fail_nomem(error);
    closo_table_note(table,
                     "the current is positive while charging, as the Battery Data Format asks; "
                     "that is anodic where the working electrode is the positive one");
    *result = table;
    return CLOSO_OK;
}

const closo_format closo_format_bdf = {"Battery Data Format CSV", recognise, read_bdf};
