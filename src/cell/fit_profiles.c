/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_profiles.c: potential against charge of half cycles whose capacities were fitted. It is looked at, not fitted: two cells
 * of one capacity may have very different curves, and only the eye (and the rms beside it) tells. */
#include "fit_internal.h"

#include <math.h>

enum { POINTS = 300 };

/* All of few; else two each of the beginning, the middle and the end, so that both directions are among them. */
size_t fit_profile_choice(size_t half_cycles, size_t chosen[FIT_PROFILES_MOST])
{
    for (size_t k = 0; k < FIT_PROFILES_MOST; k++)
        chosen[k] = k;
    if (half_cycles <= FIT_PROFILES_MOST)
        return half_cycles;
    for (size_t k = 0; k < 2; k++) {
        chosen[2 + k] = half_cycles / 4 * 2 + k;
        chosen[4 + k] = half_cycles - 2 + k;
    }
    return FIT_PROFILES_MOST;
}

closo_status fit_profile_read(const closo_cycling *cycling, size_t half_cycle, closo_arena *arena,
                              fit_profile *made, closo_error *error)
{
    const closo_half_cycle *half = &cycling->half_cycles[half_cycle];
    closo_arena *scratch = closo_arena_new(0);
    closo_cycling_rows rows;
    size_t count = 0, seen = 0, every = half->row_count / POINTS + 1;
    double passed_C = 0;
    *made = (fit_profile){.half_cycle = half_cycle + 1};
    if (scratch == NULL)
        return closo_fail_nomem(error);
    closo_status status =
        closo_cycling_rows_read(cycling, half->first_row, half->row_count, scratch, &rows, error);
    double *values = closo_arena_alloc(arena, 2 * (half->row_count / every + 2), sizeof *values);
    if (status == CLOSO_OK && values == NULL)
        status = closo_fail_nomem(error);
    for (size_t s = half->first_step; s < half->first_step + half->step_count && status == CLOSO_OK;
         s++) {
        const closo_step *step = &cycling->steps[s];
        if (step->direction == 0)
            continue;
        for (size_t i = step->first_row; i < step->first_row + step->row_count; i++, seen++) {
            passed_C += half->direction * rows.charge_C[i - rows.first_row];
            if (seen % every != 0)
                continue;
            values[2 * count] = passed_C;
            values[2 * count++ + 1] = rows.potential_V[i - rows.first_row];
        }
    }
    closo_arena_free(scratch);
    if (status != CLOSO_OK)
        return status;
    double *columns = closo_arena_alloc(arena, 2 * count + 1, sizeof *columns);
    if (columns == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count; i++) {
        columns[i] = values[2 * i];
        columns[count + i] = values[2 * i + 1];
    }
    made->charge_C = columns;
    made->potential_V = columns + count;
    made->count = count;
    return CLOSO_OK;
}

/* Of model - measured at the same charge, as far as both have it. */
static double rms_of(const fit_profile *measured, const fit_profile *model)
{
    double sum = 0;
    size_t count = 0, k = 1;
    for (size_t i = 0; i < measured->count && model->count > 1; i++) {
        double at_C = measured->charge_C[i];
        while (k + 1 < model->count && model->charge_C[k] < at_C)
            k++;
        double from_C = model->charge_C[k - 1], to_C = model->charge_C[k];
        if (at_C < from_C || at_C > to_C || !(to_C > from_C))
            continue;
        double share = (at_C - from_C) / (to_C - from_C);
        double off_V = model->potential_V[k - 1] +
                       share * (model->potential_V[k] - model->potential_V[k - 1]) -
                       measured->potential_V[i];
        sum += off_V * off_V;
        count++;
    }
    return count > 0 ? sqrt(sum / (double)count) : (double)NAN;
}

/* Those of one run beside the same half cycles of its simulation. */
static closo_status add_run(const fit_work *work, const fit_run *run, const closo_cycling *cycling,
                            closo_cell_fit *fit, closo_error *error)
{
    for (size_t k = 0; k < run->profile_count; k++) {
        const fit_profile *measured = &run->profiles[k];
        fit_profile model;
        if (measured->half_cycle > cycling->half_cycle_count)
            continue;
        closo_status status =
            fit_profile_read(cycling, measured->half_cycle - 1, work->arena, &model, error);
        if (status != CLOSO_OK)
            return status;
        fit->profiles[fit->profile_count++] =
            (closo_fit_profile){.set = run->set,
                                .half_cycle = measured->half_cycle,
                                .measured_count = measured->count,
                                .measured_C = measured->charge_C,
                                .measured_V = measured->potential_V,
                                .model_count = model.count,
                                .model_C = model.charge_C,
                                .model_V = model.potential_V,
                                .rms_V = rms_of(measured, &model)};
    }
    return CLOSO_OK;
}

static closo_status build_cell(const fit_work *work, const double *u, closo_arena *arena,
                               closo_cell_file **file, closo_error *error)
{
    const closo_yaml_text *text = &work->description->load.text;
    closo_cell_description *description;
    double values[64];
    closo_status status = closo_cell_description_parse(text->name, text->bytes, text->size, arena,
                                                       &description, error);
    for (size_t k = 0; k < work->parameter_count; k++)
        values[k] = fit_value_of(&work->parameters[k], u[k]);
    return status == CLOSO_OK
               ? closo_cell_description_build(description, work->parameters, values,
                                              work->parameter_count, arena, file, error)
               : status;
}

closo_status fit_profiles_make(const fit_work *work, const double *u, closo_cell_fit *fit,
                               closo_error *error)
{
    size_t count = 0;
    for (size_t r = 0; r < work->data->run_count; r++)
        count += work->data->runs[r].profile_count;
    if (count == 0)
        return CLOSO_OK;
    fit->profiles = closo_arena_alloc(work->arena, count, sizeof *fit->profiles);
    closo_arena *scratch = closo_arena_new(0);
    closo_cell_file *file;
    closo_simulation *made;
    closo_cycling *cycling;
    const closo_simulation_options options = {.relative_tolerance = work->relative_tolerance};
    closo_status status =
        fit->profiles != NULL && scratch != NULL ? CLOSO_OK : closo_fail_nomem(error);
    if (status == CLOSO_OK)
        status = build_cell(work, u, scratch, &file, error);
    if (status == CLOSO_OK)
        status = closo_cell_simulate(&file->cell, &file->experiment, &options, NULL, scratch, &made,
                                     error);
    if (status == CLOSO_OK)
        status = closo_cycling_from_table(made->table, NULL, scratch, &cycling, error);
    for (size_t r = 0; r < work->data->run_count && status == CLOSO_OK; r++)
        status = add_run(work, &work->data->runs[r], cycling, fit, error);
    closo_arena_free(scratch);
    return status;
}
