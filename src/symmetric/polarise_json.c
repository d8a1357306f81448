/* SPDX-License-Identifier: BSD-3-Clause */
/* polarise_json.c: a polarisation as JSON, and its currents with their laws as CSV. */
#include "symmetric_internal.h"

#include "closo/instrument.h"

#include <jansson.h>
#include <math.h>

static closo_value scaled(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * factor};
}

static json_t *models_json(const closo_transient *transient)
{
    json_t *list = json_array();
    bool fine = list != NULL;
    for (int m = 0; m < CLOSO_TRANSIENT_COUNT && fine; m++) {
        const closo_transient_fit *fit = &transient->models[m];
        json_t *object = json_object();
        bool power = m == CLOSO_TRANSIENT_POWER, stretched = m == CLOSO_TRANSIENT_STRETCHED;
        fine = closo_json_text(object, "model",
                               closo_transient_model_name((closo_transient_model)m)) &&
               json_object_set_new(object, "fitted", json_boolean(fit->fitted)) == 0 &&
               closo_json_value(object, "steady_A", fit->steady_A) &&
               closo_json_number(object, "amplitude_A", fit->amplitude_A[0]) &&
               closo_json_number(object, power ? "exponent" : "tau_s", fit->shape[0]) &&
               closo_json_number(object, "delta_aicc", fit->aicc) &&
               closo_json_number(object, "weight", fit->weight);
        if (stretched)
            fine = fine && closo_json_number(object, "stretching", fit->shape[1]);
        if (m == CLOSO_TRANSIENT_TWO_EXPONENTIALS)
            fine = fine && closo_json_number(object, "second_amplitude_A", fit->amplitude_A[1]) &&
                   closo_json_number(object, "second_tau_s", fit->shape[1]);
        fine = json_array_append_new(list, object) == 0 && fine;
    }
    return list;
}

static json_t *step_json(const closo_polarisation *polarisation,
                         const closo_polarisation_step *step)
{
    const closo_transient *transient = &step->transient;
    json_t *object = json_object();
    double density = polarisation->area_m2 > 0 ? 1e-4 / polarisation->area_m2 : (double)NAN;
    bool fine =
        closo_json_number(object, "voltage_V", step->applied_V) &&
        closo_json_number(object, "potential_V", step->potential_V) &&
        closo_json_number(object, "rest_before_V", step->rest_V) &&
        closo_json_integer(object, "row", (int64_t)step->file_row) &&
        closo_json_integer(object, "rows", (int64_t)step->row_count) &&
        closo_json_number(object, "start_h", step->start_s / 3600) &&
        closo_json_number(object, "duration_h", step->duration_s / 3600) &&
        closo_json_number(object, "first_A", step->first_A) &&
        closo_json_number(object, "first_delay_s", step->first_delay_s) &&
        closo_json_value(object, "steady_A", transient->steady_A) &&
        closo_json_value(object, "steady_A_cm2", scaled(transient->steady_A, density)) &&
        closo_json_value(object, "last_A", transient->last_A) &&
        closo_json_value(object, "drift_A_h", scaled(transient->drift_A_per_s, 3600)) &&
        json_object_set_new(object, "settled", json_boolean(transient->settled)) == 0 &&
        closo_json_text(object, "model", closo_transient_model_name(transient->best)) &&
        closo_json_number(object, "noise_A", transient->noise_A) &&
        closo_json_number(object, "neighbour_correlation", transient->correlation) &&
        closo_json_number(object, "misfit", transient->misfit) &&
        closo_json_value(object, "conductance_S", step->conductance_S) &&
        closo_json_value(object, "conductivity_S_cm", scaled(step->conductivity_S_per_m, 0.01)) &&
        closo_json_number(object, "electronic_share", step->electronic_share) &&
        closo_json_number(object, "steady_share_of_first",
                          transient->steady_A.value / step->first_A) &&
        json_object_set_new(object, "models", models_json(transient)) == 0;
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

const char *closo_polarisation_json(const closo_polarisation *polarisation, closo_arena *arena)
{
    json_t *object = json_object(), *steps = json_array();
    bool fine = true;
    for (size_t s = 0; s < polarisation->step_count && fine; s++)
        fine = json_array_append_new(steps, step_json(polarisation, &polarisation->steps[s])) == 0;
    fine = json_object_set_new(object, "steps", steps) == 0 && fine;
    fine =
        closo_json_value(object, "conductivity_S_cm",
                         scaled(polarisation->conductivity_S_per_m, 0.01)) &&
        closo_json_value(object, "slope_S", polarisation->slope_S) &&
        closo_json_value(object, "intercept_A", polarisation->intercept_A) &&
        closo_json_value(object, "zero_current_V", polarisation->zero_V) &&
        json_object_set_new(object, "superlinear", json_boolean(polarisation->superlinear)) == 0 &&
        closo_json_number(object, "area_cm2",
                          polarisation->area_m2 > 0 ? 1e4 * polarisation->area_m2 : (double)NAN) &&
        closo_json_number(object, "thickness_mm",
                          polarisation->thickness_m > 0 ? 1e3 * polarisation->thickness_m
                                                        : (double)NAN) &&
        closo_json_text(object, "rule", polarisation->rule) &&
        closo_json_notes(object, "notes", &polarisation->notes) && fine;
    if (fine)
        return closo_json_finish(object, arena);
    json_decref(object);
    return NULL;
}

closo_status closo_polarisation_write_csv(const closo_polarisation *polarisation, const char *path,
                                          closo_arena *arena, closo_error *error)
{
    enum { STEP, VOLTAGE, TIME, CURRENT, MODEL, COLUMNS };
    static const char *const names[] = {"step", "voltage/V", "time since step/s", "I/A", "model/A"};
    closo_table *table = closo_table_new(arena, path);
    double *values[COLUMNS];
    size_t rows = 0, at = 0;
    if (table == NULL)
        return closo_fail_nomem(error);
    for (size_t s = 0; s < polarisation->step_count; s++)
        rows += polarisation->steps[s].row_count;
    table->row_count = rows;
    for (int k = 0; k < COLUMNS; k++)
        if ((values[k] = closo_arena_alloc(arena, rows, sizeof **values)) == NULL ||
            closo_table_add_values(table, names[k], NULL, CLOSO_QUANTITY_OTHER, values[k]) == NULL)
            return closo_fail_nomem(error);
    for (size_t s = 0; s < polarisation->step_count; s++) {
        const closo_polarisation_step *step = &polarisation->steps[s];
        for (size_t i = step->first_row; i < step->first_row + step->row_count; i++, at++) {
            double since_s = polarisation->time_s[i] - step->start_s;
            values[STEP][at] = (double)(s + 1);
            values[VOLTAGE][at] = step->applied_V;
            values[TIME][at] = since_s;
            values[CURRENT][at] = polarisation->current_A[i];
            values[MODEL][at] = since_s >= step->transient.from_s
                                    ? closo_transient_value(&step->transient, since_s)
                                    : (double)NAN;
        }
    }
    return closo_table_write_csv(table, path, arena, error);
}
