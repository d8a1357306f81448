/* SPDX-License-Identifier: BSD-3-Clause */
/* conductivity_json.c: a conductivity series as JSON and as a table. */
#include "transport_internal.h"

#include "closo/instrument.h"

#include <jansson.h>
#include <math.h>

static closo_value times(double factor, closo_value value)
{
    return (closo_value){factor * value.value, factor * value.sigma};
}

static json_t *process_json(const closo_conductivity_series *series,
                            const closo_conduction_process *process)
{
    json_t *object = json_object(), *points = json_array();
    bool fine = closo_json_text(object, "kind", closo_conduction_name(process->kind)) &&
                closo_json_text(object, "name", process->name) &&
                closo_json_number(object, "capacitance_F_cm", 1e-2 * process->capacitance_F_per_m);
    for (size_t s = 0; s < series->eis->spectrum_count && fine; s++) {
        json_t *point = json_object();
        fine = closo_json_text(point, "spectrum", series->eis->spectra[s].name) &&
               closo_json_number(point, "T_K", series->eis->spectra[s].temperature_K) &&
               closo_json_value(point, "resistance_ohm", process->resistance_ohm[s]) &&
               closo_json_value(point, "conductivity_S_cm",
                                times(1e-2, process->conductivity_S_per_m[s]));
        fine = json_array_append_new(points, point) == 0 && fine;
    }
    fine = json_object_set_new(object, "points", points) == 0 && fine;
    if (process->arrhenius != NULL)
        fine = json_object_set_new(object, "arrhenius",
                                   arrhenius_object(&process->data, process->arrhenius)) == 0 &&
               fine;
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

const char *closo_conductivity_series_json(const closo_conductivity_series *series,
                                           closo_arena *arena)
{
    json_t *object = json_object(), *processes = json_array();
    bool fine =
        closo_json_text(object, "circuit",
                        closo_circuit_text(series->eis->circuit, CLOSO_CIRCUIT_DASHES, arena)) &&
        closo_json_value(object, "area_cm2", times(1e4, series->pellet.area_m2)) &&
        closo_json_value(object, "cell_constant_1_cm",
                         times(1e-2, series->pellet.cell_constant_per_m));
    for (size_t p = 0; p < series->process_count && fine; p++)
        fine = json_array_append_new(processes, process_json(series, &series->processes[p])) == 0;
    fine = json_object_set_new(object, "processes", processes) == 0 && fine;
    fine = fine && closo_json_notes(object, "notes", &series->notes) &&
           closo_json_notes(object, "warnings", &series->warnings);
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return closo_json_finish(object, arena);
}

closo_status closo_conductivity_series_write_csv(const closo_conductivity_series *series,
                                                 const char *path, closo_arena *arena,
                                                 closo_error *error)
{
    size_t count = series->eis->spectrum_count;
    closo_table *table = closo_table_new(arena, path);
    double *T_K = closo_arena_alloc(arena, count, sizeof *T_K);
    bool fine = table != NULL && T_K != NULL;
    for (size_t s = 0; s < count && fine; s++)
        T_K[s] = series->eis->spectra[s].temperature_K;
    if (fine) {
        table->row_count = count;
        fine = closo_table_add_values(table, "T/K", "K", CLOSO_QUANTITY_TEMPERATURE, T_K) != NULL;
    }
    for (size_t p = 0; p < series->process_count && fine; p++) {
        const closo_conduction_process *process = &series->processes[p];
        double *columns = closo_arena_alloc(arena, count, 2 * sizeof *columns);
        const char *name =
            closo_arena_printf(arena, "%s sigma/S cm-1", closo_conduction_name(process->kind));
        const char *error_name =
            closo_arena_printf(arena, "%s u(sigma)/S cm-1", closo_conduction_name(process->kind));
        for (size_t s = 0; s < count && columns != NULL; s++) {
            columns[s] = 1e-2 * process->conductivity_S_per_m[s].value;
            columns[count + s] = 1e-2 * process->conductivity_S_per_m[s].sigma;
        }
        fine = columns != NULL && name != NULL && error_name != NULL &&
               closo_table_add_values(table, name, "S/cm", CLOSO_QUANTITY_OTHER, columns) != NULL &&
               closo_table_add_values(table, error_name, "S/cm", CLOSO_QUANTITY_OTHER,
                                      columns + count) != NULL;
    }
    return fine ? closo_table_write_csv(table, path, arena, error) : closo_fail_nomem(error);
}
