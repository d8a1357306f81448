/* SPDX-License-Identifier: BSD-3-Clause */
/* study_simulate.c: a cell in the place of a file: simulated, and read like what an instrument has written. */
#include "study_internal.h"

/* What the cell's description knows need not be said again. */
static void take_cell(closo_study_file *file, const closo_cell_file *made)
{
    const closo_cell *cell = &made->cell;
    double active_kg = made->active_kg_per_m2 * cell->area_m2;
    if (!(file->area_m2 > 0))
        file->area_m2 = cell->area_m2;
    if (!(file->mass_kg > 0) && active_kg > 0)
        file->mass_kg = active_kg;
    if (!(file->capacity_C > 0))
        file->capacity_C = made->capacity_C_per_m2 * cell->area_m2;
    if (!(file->temperature_K > 0))
        file->temperature_K = cell->temperature_K;
}

closo_status closo_study_simulate(const closo_study *study, closo_study_file *file,
                                  const unsigned char *bytes, size_t size)
{
    closo_cell_file *made;
    closo_simulation *simulation = NULL;
    closo_error *error = &file->error;
    closo_status status = closo_cell_parse(file->path, bytes, size, study->arena, &made, error);
    if (status == CLOSO_OK && file->steps != NULL) {
        status = closo_experiment_parse(file->steps, made->capacity_C_per_m2, study->arena,
                                        &made->experiment, error);
        if (status != CLOSO_OK)
            return closo_error_in_file(error, status, "steps");
    }
    if (status == CLOSO_OK && made->experiment.step_count == 0)
        status = closo_error_in_file(
            error,
            closo_fail(
                error, CLOSO_RANGE,
                "it has no steps; give them there or here: 'steps: charge at C/10 until 4 V'"),
            file->path);
    if (status == CLOSO_OK)
        status = closo_cell_simulate(&made->cell, &made->experiment, NULL, NULL, study->arena,
                                     &simulation, error);
    if (status == CLOSO_OK)
        status = closo_simulation_measure(simulation, made, &file->noise, study->arena, error);
    if (status != CLOSO_OK)
        return status;
    take_cell(file, made);
    file->tables = simulation->table;
    return CLOSO_OK;
}
