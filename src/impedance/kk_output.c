/* SPDX-License-Identifier: BSD-3-Clause */
/* kk_output.c: the Kramers-Kronig test as JSON and as a table. Fractions become percent here. */
#include "impedance/kk_internal.h"

#include "closo/instrument.h"

#include <jansson.h>
#include <math.h>

static json_t *points_json(const closo_kk_result *result)
{
    json_t *points = json_array();
    for (size_t i = 0; i < result->count && points != NULL; i++) {
        json_t *point = json_object();
        bool fine =
            closo_json_number(point, "frequency_Hz", result->frequency_Hz[i]) &&
            closo_json_number(point, "real_residual_percent", 100 * result->real_residual[i]) &&
            closo_json_number(point, "imaginary_residual_percent",
                              100 * result->imaginary_residual[i]) &&
            closo_json_number(point, "deviation_sigmas", result->deviation_sigmas[i]) &&
            json_object_set_new(point, "good", json_boolean(result->good[i])) == 0;
        if (json_array_append_new(points, point) != 0 || !fine) {
            json_decref(points);
            return NULL;
        }
    }
    return points;
}

static bool add_flag(json_t *object, const char *key, bool value)
{
    return json_object_set_new(object, key, json_boolean(value)) == 0;
}

static bool add_fit(json_t *object, const closo_kk_result *result)
{
    return closo_json_text(object, "form",
                           result->form == CLOSO_KK_ADMITTANCE ? "admittance" : "impedance") &&
           closo_json_integer(object, "terms", (int64_t)result->terms) &&
           closo_json_integer(object, "point_count", (int64_t)result->count) &&
           closo_json_integer(object, "bad_count", (int64_t)result->bad_count) &&
           closo_json_integer(object, "left_out", (int64_t)result->left_out) &&
           closo_json_number(object, "residual_rms_percent", 100 * result->residual_rms) &&
           closo_json_number(object, "noise_percent", 100 * result->noise) &&
           closo_json_number(object, "systematic_percent", 100 * result->systematic);
}

static bool add_tests(json_t *object, const closo_kk_result *result)
{
    closo_value drift = {100 * result->drift.value, 100 * result->drift.sigma};
    closo_value bent = {100 * result->nonlinearity.value, 100 * result->nonlinearity.sigma};
    return closo_json_number(object, "p_value", result->p_value) &&
           closo_json_number(object, "p_parts", result->p_parts) &&
           closo_json_number(object, "p_runs", result->p_runs) &&
           closo_json_number(object, "p_drift", result->p_drift) &&
           closo_json_number(object, "p_nonlinear", result->p_nonlinear) &&
           closo_json_value(object, "drift_percent", drift) &&
           closo_json_value(object, "nonlinearity_percent", bent) &&
           add_flag(object, "drifts", result->drifts) &&
           add_flag(object, "nonlinear", result->nonlinear);
}

static bool add_ends(json_t *object, const closo_kk_result *result)
{
    return closo_json_number(object, "low_missing_percent", 100 * result->low_missing) &&
           closo_json_number(object, "high_missing_percent", 100 * result->high_missing) &&
           add_flag(object, "truncated_low", result->truncated_low) &&
           add_flag(object, "truncated_high", result->truncated_high);
}

const char *closo_kk_json(const closo_spectrum *spectrum, const closo_kk_result *result,
                          closo_arena *arena)
{
    json_t *object = json_object();
    bool fine = closo_json_text(object, "spectrum", spectrum->name) &&
                closo_json_text(object, "verdict", closo_kk_verdict_name(result->verdict)) &&
                closo_json_text(object, "sentence", result->sentence) && add_fit(object, result) &&
                add_tests(object, result) && add_ends(object, result) &&
                json_object_set_new(object, "points", points_json(result)) == 0 &&
                closo_json_notes(object, "warnings", &result->warnings) &&
                closo_json_notes(object, "notes", &spectrum->notes);
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return closo_json_finish(object, arena);
}

closo_status closo_kk_write_csv(const closo_spectrum *spectrum, const closo_kk_result *result,
                                const char *path, closo_arena *arena, closo_error *error)
{
    size_t count = result->count;
    closo_table *table = closo_table_new(arena, path);
    double *columns = closo_arena_alloc(arena, count, 3 * sizeof *columns);
    if (table == NULL || columns == NULL)
        return closo_fail_nomem(error);
    double *real = columns, *imaginary = columns + count, *good = columns + 2 * count;
    for (size_t i = 0; i < count; i++) {
        real[i] = 100 * result->real_residual[i];
        imaginary[i] = 100 * result->imaginary_residual[i];
        good[i] = result->good[i];
    }
    const struct {
        const char *name, *unit;
        closo_quantity quantity;
        const double *values;
    } wanted[] = {
        {"freq/Hz", "Hz", CLOSO_QUANTITY_FREQUENCY, spectrum->frequency_Hz},
        {"Re(Z)/Ohm", "Ohm", CLOSO_QUANTITY_IMPEDANCE_REAL, spectrum->real_ohm},
        {"Im(Z)/Ohm", "Ohm", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, spectrum->imaginary_ohm},
        {"Re(model)/Ohm", "Ohm", CLOSO_QUANTITY_OTHER, result->real_ohm},
        {"Im(model)/Ohm", "Ohm", CLOSO_QUANTITY_OTHER, result->imaginary_ohm},
        {"real residual/%", "%", CLOSO_QUANTITY_OTHER, real},
        {"imaginary residual/%", "%", CLOSO_QUANTITY_OTHER, imaginary},
        {"deviation/sigma", "", CLOSO_QUANTITY_OTHER, result->deviation_sigmas},
        {"good", "", CLOSO_QUANTITY_FLAG, good},
    };
    table->row_count = count;
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++)
        if (closo_table_add_values(table, wanted[k].name, wanted[k].unit, wanted[k].quantity,
                                   wanted[k].values) == NULL)
            return closo_fail_nomem(error);
    return closo_table_write_csv(table, path, arena, error);
}
