/* SPDX-License-Identifier: BSD-3-Clause */
/* arrhenius_table.c: which columns of a table are temperature, conductivity and its sigma. */
#include "transport_internal.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* The unit of a column: its own, or what its name ends in after an underscore, as in "sigma_S_cm", the way closo names
 * its own results. False when there is none. */
static bool unit_of(const closo_column *column, closo_unit *unit)
{
    static const struct {
        const char *ending, *unit;
    } endings[] = {{"_S_cm", "S/cm"}, {"_mS_cm", "mS/cm"}, {"_S_m", "S/m"}, {"_K", "K"},
                   {"_degC", "degC"}, {"_C", "degC"},      {"_ohm", "ohm"}};
    if (column->unit[0] != '\0')
        return closo_unit_parse(column->unit, unit, NULL) == CLOSO_OK;
    const char *name = column->name;
    size_t length = strlen(name);
    static const char sigma[] = "_sigma";
    if (length > sizeof sigma && strcmp(name + length - (sizeof sigma - 1), sigma) == 0)
        length -= sizeof sigma - 1;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i].ending);
        if (length > ending && strncmp(name + length - ending, endings[i].ending, ending) == 0)
            return closo_unit_parse(endings[i].unit, unit, NULL) == CLOSO_OK;
    }
    return false;
}

static bool has_unit(const closo_column *column, const char *wanted, closo_unit *unit)
{
    closo_unit other;
    return unit_of(column, unit) && closo_unit_parse(wanted, &other, NULL) == CLOSO_OK &&
           closo_unit_matches(unit, &other);
}

static bool names_a_sigma(const char *name)
{
    char lower[64];
    size_t i = 0;
    for (; name[i] != '\0' && i + 1 < sizeof lower; i++)
        lower[i] = (char)tolower((unsigned char)name[i]);
    lower[i] = '\0';
    /* "sigma/S cm-1" is the conductivity itself; "sigma_S_cm_sigma", "std", "u(sigma)" are not */
    const char *last = strstr(lower, "_sigma");
    return (last != NULL && last != lower) || strstr(lower, "std") != NULL ||
           strstr(lower, "err") != NULL || strncmp(lower, "u(", 2) == 0 ||
           strstr(lower, "uncert") != NULL || strstr(lower, "+-") != NULL ||
           strstr(lower, "±") != NULL;
}

static const char *list_columns(const closo_table *table, closo_arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < table->column_count && text != NULL; i++)
        text =
            closo_arena_printf(arena, "%s%s%s", text, i != 0 ? ", " : "", table->columns[i].name);
    return text != NULL ? text : "";
}

static const closo_column *find(const closo_table *table, const char *unit, bool sigma)
{
    closo_unit found;
    for (size_t i = 0; i < table->column_count; i++)
        if (has_unit(&table->columns[i], unit, &found) &&
            names_a_sigma(table->columns[i].name) == sigma)
            return &table->columns[i];
    return NULL;
}

/* Values in SI by the unit of the column or of its name. A sigma has no offset. */
static double *values_of(const closo_column *column, size_t count, closo_arena *arena)
{
    closo_unit unit;
    double *values = closo_arena_alloc(arena, count + 1, sizeof *values);
    if (values == NULL || !unit_of(column, &unit))
        return NULL;
    closo_column_read(column, 0, count, values);
    for (size_t i = 0; i < count; i++)
        values[i] = unit.factor * values[i] + unit.offset;
    return values;
}

static closo_status find_columns(const closo_table *table, const closo_arrhenius_source *source,
                                 closo_arena *arena, const closo_column *columns[3],
                                 closo_error *error)
{
    closo_unit unit;
    const char *wanted = "S/m";
    columns[0] = find(table, "K", false);
    if (source->column != NULL) {
        columns[1] = closo_table_find_name(table, source->column);
        if (columns[1] == NULL)
            return closo_fail(error, CLOSO_FORMAT, "there is no column '%s'; there are %s",
                              source->column, list_columns(table, arena));
        if (has_unit(columns[1], "ohm", &unit))
            wanted = "ohm";
        else if (!has_unit(columns[1], "S/m", &unit))
            return closo_fail(error, CLOSO_FORMAT,
                              "the column '%s' is neither in S/cm nor in ohm by its name",
                              source->column);
    } else {
        columns[1] = find(table, wanted, false);
        if (columns[1] == NULL && source->pellet != NULL)
            columns[1] = find(table, wanted = "ohm", false);
    }
    if (columns[0] == NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "there is no column with a temperature in K or degC; there are %s",
                          list_columns(table, arena));
    if (columns[1] == NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "there is no column with a conductivity in S/cm or S/m%s; there are %s",
                          source->pellet == NULL
                              ? " (resistances want the diameter and thickness of the pellet)"
                              : ", nor one in ohm",
                          list_columns(table, arena));
    if (strcmp(wanted, "ohm") == 0 && source->pellet == NULL)
        return closo_fail(
            error, CLOSO_FORMAT,
            "'%s' is a resistance: a conductivity wants the diameter and thickness of "
            "the pellet",
            columns[1]->name);
    columns[2] = find(table, wanted, true);
    return CLOSO_OK;
}

closo_status closo_arrhenius_data_from_table(const closo_table *table,
                                             closo_arrhenius_source *source, closo_arena *arena,
                                             closo_arrhenius_data *data, closo_error *error)
{
    const closo_column *columns[3] = {0};
    closo_unit unit;
    closo_status status = find_columns(table, source, arena, columns, error);
    if (status != CLOSO_OK)
        return status;
    bool ohms = has_unit(columns[1], "ohm", &unit);
    size_t rows = table->row_count, count = 0;
    double *T_K = values_of(columns[0], rows, arena), *value = values_of(columns[1], rows, arena);
    double *sigma = columns[2] != NULL ? values_of(columns[2], rows, arena) : NULL;
    if (T_K == NULL || value == NULL || (columns[2] != NULL && sigma == NULL))
        return closo_fail_nomem(error);
    for (size_t i = 0; i < rows; i++) {
        if (!isfinite(T_K[i]) || !isfinite(value[i]))
            continue;
        closo_value one = {value[i], NAN};
        if (sigma != NULL)
            one.sigma = sigma[i];
        if (ohms) {
            /* the size of the pellet is common to all points and moves ln A, not the energy */
            closo_pellet exact = *source->pellet;
            exact.diameter_m.sigma = exact.thickness_m.sigma = 0;
            status = closo_conductivity_from_resistance(one, &exact, &one, error);
            if (status != CLOSO_OK)
                return status;
        }
        T_K[count] = T_K[i];
        value[count] = one.value;
        if (sigma != NULL)
            sigma[count] = one.sigma;
        count++;
    }
    source->left_out = rows - count;
    *data = (closo_arrhenius_data){count, T_K, value, sigma};
    return CLOSO_OK;
}
