/* SPDX-License-Identifier: BSD-3-Clause */
/* drt_output.c: a distribution of relaxation times as JSON and as a table. */
#include "impedance/drt_internal.h"

#include "closo/instrument.h"

#include <jansson.h>
#include <math.h>

static json_t *peak_json(const closo_drt_peak *peak)
{
    json_t *object = json_object();
    bool fine = closo_json_value(object, "resistance_ohm", peak->resistance_ohm) &&
                closo_json_value(object, "tau_s", peak->tau_s) &&
                closo_json_number(object, "frequency_Hz", 1 / (CLOSO_TWO_PI * peak->tau_s.value)) &&
                closo_json_value(object, "exponent", peak->exponent) &&
                closo_json_number(object, "capacitance_F", peak->capacitance_F) &&
                closo_json_number(object, "area_ohm", peak->area_ohm) &&
                closo_json_number(object, "from_s", peak->from_s) &&
                closo_json_number(object, "to_s", peak->to_s) &&
                json_object_set_new(object, "fitted", json_boolean(peak->fitted)) == 0 &&
                json_object_set_new(object, "needless", json_boolean(peak->needless)) == 0 &&
                json_object_set_new(object, "outside", json_boolean(peak->outside)) == 0;
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

/* Numbers of an array; NULL stays NULL, which json_object_set_new() refuses. */
static json_t *numbers_json(const double *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count && array != NULL; i++) {
        if (json_array_append_new(array, json_real(values[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *distribution_json(const closo_drt *drt)
{
    json_t *object = json_object();
    size_t count = drt->grid_count;
    bool fine =
        json_object_set_new(object, "tau_s", numbers_json(drt->tau_s, count)) == 0 &&
        json_object_set_new(object, "gamma_ohm", numbers_json(drt->gamma_ohm, count)) == 0 &&
        (drt->low_ohm == NULL ||
         (json_object_set_new(object, "low_ohm", numbers_json(drt->low_ohm, count)) == 0 &&
          json_object_set_new(object, "high_ohm", numbers_json(drt->high_ohm, count)) == 0));
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *peaks_json(const closo_drt *drt)
{
    json_t *peaks = json_array();
    for (size_t p = 0; p < drt->peak_count; p++)
        if (json_array_append_new(peaks, peak_json(&drt->peaks[p])) != 0) {
            json_decref(peaks);
            return NULL;
        }
    return peaks;
}

const char *closo_drt_json(const closo_spectrum *spectrum, const closo_drt *drt, closo_arena *arena)
{
    json_t *object = json_object();
    bool fine =
        closo_json_text(object, "spectrum", spectrum->name) &&
        closo_json_number(object, "resistance_ohm", drt->resistance_ohm) &&
        closo_json_number(object, "inductance_H", drt->inductance_H) &&
        closo_json_number(object, "capacitance_F", drt->capacitance_F) &&
        closo_json_number(object, "polarisation_ohm", drt->polarisation_ohm) &&
        closo_json_number(object, "arc_sum_ohm", drt->arc_sum_ohm) &&
        closo_json_text(object, "criterion", closo_drt_criterion_name(drt->criterion)) &&
        closo_json_text(object, "basis", drt->basis == CLOSO_DRT_GAUSSIANS ? "gaussian" : "hats") &&
        closo_json_text(object, "part", closo_drt_part_name(drt->part)) &&
        closo_json_number(object, "lambda", drt->lambda) &&
        closo_json_number(object, "effective_parameters", drt->effective_parameters) &&
        closo_json_number(object, "residual_rms_percent", 100 * drt->residual_rms) &&
        closo_json_number(object, "other_residual_rms_percent", 100 * drt->other_residual_rms) &&
        closo_json_number(object, "noise_percent", 100 * drt->noise) &&
        closo_json_number(object, "shape_residual_rms_percent", 100 * drt->shape_residual_rms) &&
        json_object_set_new(object, "shapes_hold", json_boolean(drt->shapes_hold)) == 0 &&
        closo_json_integer(object, "samples", (int64_t)drt->sample_count) &&
        json_object_set_new(object, "peaks", peaks_json(drt)) == 0 &&
        json_object_set_new(object, "distribution", distribution_json(drt)) == 0 &&
        closo_json_notes(object, "warnings", &drt->warnings) &&
        closo_json_notes(object, "notes", &spectrum->notes);
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return closo_json_finish(object, arena);
}

closo_status closo_drt_write_csv(const closo_drt *drt, const char *path, closo_arena *arena,
                                 closo_error *error)
{
    closo_table *table = closo_table_new(arena, path);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->row_count = drt->grid_count;
    bool fine =
        closo_table_add_values(table, "tau/s", "s", CLOSO_QUANTITY_OTHER, drt->tau_s) != NULL &&
        closo_table_add_values(table, "gamma/Ohm", "Ohm", CLOSO_QUANTITY_OTHER, drt->gamma_ohm) !=
            NULL;
    if (fine && drt->low_ohm != NULL)
        fine = closo_table_add_values(table, "gamma low 2.5 %/Ohm", "Ohm", CLOSO_QUANTITY_OTHER,
                                      drt->low_ohm) != NULL &&
               closo_table_add_values(table, "gamma high 97.5 %/Ohm", "Ohm", CLOSO_QUANTITY_OTHER,
                                      drt->high_ohm) != NULL;
    return fine ? closo_table_write_csv(table, path, arena, error) : closo_fail_nomem(error);
}
