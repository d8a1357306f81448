/* SPDX-License-Identifier: BSD-3-Clause */
/* arrhenius_table.c: which columns of a table are temperature, conductivity and its sigma. */
#include "transport_internal.h"

#include <math.h>
#include <string.h>

static closo_status find_columns(const closo_table *table, const closo_arrhenius_source *source,
                                 closo_arena *arena, const closo_column *columns[3],
                                 closo_error *error)
{
    closo_unit unit;
    const char *wanted = "S/m";
    columns[0] = transport_column_find(table, "K", false);
    if (source->column != NULL) {
        columns[1] = closo_table_find_name(table, source->column);
        if (columns[1] == NULL)
            return closo_fail(error, CLOSO_FORMAT, "there is no column '%s'; there are %s",
                              source->column, transport_column_list(table, arena));
        if (transport_column_has_unit(columns[1], "ohm", &unit))
            wanted = "ohm";
        else if (!transport_column_has_unit(columns[1], "S/m", &unit))
            return closo_fail(error, CLOSO_FORMAT,
                              "the column '%s' is neither in S/cm nor in ohm by its name",
                              source->column);
    } else {
        columns[1] = transport_column_find(table, wanted, false);
        if (columns[1] == NULL && source->pellet != NULL)
            columns[1] = transport_column_find(table, wanted = "ohm", false);
    }
    if (columns[0] == NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "there is no column with a temperature in K or degC; there are %s",
                          transport_column_list(table, arena));
    if (columns[1] == NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "there is no column with a conductivity in S/cm or S/m%s; there are %s",
                          source->pellet == NULL
                              ? " (resistances want the diameter and thickness of the pellet)"
                              : ", nor one in ohm",
                          transport_column_list(table, arena));
    if (strcmp(wanted, "ohm") == 0 && source->pellet == NULL)
        return closo_fail(
            error, CLOSO_FORMAT,
            "'%s' is a resistance: a conductivity wants the diameter and thickness of "
            "the pellet",
            columns[1]->name);
    columns[2] = transport_column_find(table, wanted, true);
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
    bool ohms = transport_column_has_unit(columns[1], "ohm", &unit);
    size_t rows = table->row_count, count = 0;
    double *T_K = transport_column_values(columns[0], rows, arena),
           *value = transport_column_values(columns[1], rows, arena);
    double *sigma = columns[2] != NULL ? transport_column_values(columns[2], rows, arena) : NULL;
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
