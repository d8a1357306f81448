/* SPDX-License-Identifier: BSD-3-Clause */
/* voltammetry_csv.c: the curves behind the figures. They are tables like any other, written by the room instrument. */
#include "voltammetry_internal.h"

#include <math.h>
#include <stdio.h>

static const char *normal_name(closo_normal kind)
{
    switch (kind) {
    case CLOSO_NORMAL_AREA:
        return "I/(A/m2)";
    case CLOSO_NORMAL_MASS:
        return "I/(A/kg)";
    case CLOSO_NORMAL_CARBON:
        return "I/(A/m2 of carbon)";
    case CLOSO_NORMAL_NONE:
        break;
    }
    return "I/A";
}

static bool add(closo_table *table, const char *name, const char *unit, closo_quantity quantity,
                const double *values)
{
    return values != NULL && closo_table_add_values(table, name, unit, quantity, values) != NULL;
}

closo_status closo_voltammogram_write_csv(const closo_voltammogram *voltammogram,
                                          const closo_normalisation *normalisation,
                                          const char *path, closo_arena *arena, closo_error *error)
{
    const closo_trace *trace = &voltammogram->trace;
    closo_table *table = closo_table_new(arena, path);
    double *normal = closo_arena_alloc(arena, trace->row_count, sizeof *normal);
    double *leg = closo_arena_alloc(arena, trace->row_count, sizeof *leg);
    double *cycle = closo_arena_alloc(arena, trace->row_count, sizeof *cycle);
    if (table == NULL || normal == NULL || leg == NULL || cycle == NULL)
        return closo_fail_nomem(error);
    table->row_count = trace->row_count;
    for (size_t s = 0; s < voltammogram->sweep_count; s++) {
        const closo_sweep *sweep = &voltammogram->sweeps[s];
        for (size_t i = sweep->first_row; i < sweep->first_row + sweep->row_count; i++) {
            leg[i] = (double)(s + 1);
            cycle[i] = sweep->cycle;
            normal[i] = trace->current_A[i] / normalisation->amount;
        }
    }
    bool fine = add(table, "time/s", "s", CLOSO_QUANTITY_TIME, trace->time_s) &&
                add(table, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, trace->potential_V) &&
                add(table, "I/A", "A", CLOSO_QUANTITY_CURRENT, trace->current_A) &&
                (normalisation->kind == CLOSO_NORMAL_NONE ||
                 add(table, normal_name(normalisation->kind), "", CLOSO_QUANTITY_OTHER, normal)) &&
                add(table, "leg", "", CLOSO_QUANTITY_HALF_CYCLE, leg) &&
                add(table, "cycle", "", CLOSO_QUANTITY_CYCLE, cycle);
    return fine ? closo_table_write_csv(table, path, arena, error) : closo_fail_nomem(error);
}

/* Values of a line over its window and on to `reach_V`; NaN elsewhere. */
static double *line_values(const closo_sweep_line *line, double reach_V, const double *potential_V,
                           size_t count, closo_arena *arena)
{
    double *values = closo_arena_alloc(arena, count, sizeof *values);
    double low_V = fmin(fmin(line->from_V, line->to_V), reach_V);
    double high_V = fmax(fmax(line->from_V, line->to_V), reach_V);
    for (size_t i = 0; i < count && values != NULL; i++) {
        values[i] = NAN;
        if (potential_V[i] >= low_V && potential_V[i] <= high_V)
            values[i] = line->intercept_A + line->slope_S * potential_V[i];
    }
    return values;
}

closo_status closo_onset_write_csv(const closo_voltammogram *voltammogram,
                                   const closo_onset_result *result, const char *path,
                                   closo_arena *arena, closo_error *error)
{
    const closo_sweep *sweep = &voltammogram->sweeps[result->sweep_index];
    const double *time_s = voltammogram->trace.time_s + sweep->first_row;
    const double *potential_V = voltammogram->trace.potential_V + sweep->first_row;
    const double *current_A = voltammogram->trace.current_A + sweep->first_row;
    closo_table *table = closo_table_new(arena, path);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->row_count = sweep->row_count;
    bool fine = add(table, "time/s", "s", CLOSO_QUANTITY_TIME, time_s) &&
                add(table, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, potential_V) &&
                add(table, "I/A", "A", CLOSO_QUANTITY_CURRENT, current_A);
    for (size_t k = 0; k < result->onset_count && fine; k++) {
        const closo_onset *onset = &result->onsets[k];
        const closo_sweep_line *lines[] = {&onset->background, &onset->rising};
        for (size_t l = 0; l < 2 && fine; l++) {
            char name[48];
            snprintf(name, sizeof name, "%s %zu/A", l == 0 ? "background" : "rising", k + 1);
            fine = add(table, name, "A", CLOSO_QUANTITY_OTHER,
                       line_values(lines[l], onset->potential_V.value, potential_V,
                                   sweep->row_count, arena));
        }
    }
    return fine ? closo_table_write_csv(table, path, arena, error) : closo_fail_nomem(error);
}
