/* SPDX-License-Identifier: BSD-3-Clause */
/* differential_json.c: dQ/dV, dV/dQ and plateaus as JSON and as CSV, in the units people use. */
#include "analysis_internal.h"

#include <jansson.h>
#include <math.h>

static const double C_per_mAh = 3.6;

static closo_value scaled(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * factor};
}

static const char *direction_name(int direction)
{
    return direction > 0 ? "charge" : "discharge";
}

/* ---- curves ---- */

static json_t *capacity_peak(const closo_differential_peak *peak, bool *fine)
{
    json_t *object = json_object();
    *fine = closo_json_value(object, "potential_V", peak->position) &&
            closo_json_value(object, "height_mAh_V", scaled(peak->height, 1 / C_per_mAh)) &&
            closo_json_value(object, "area_mAh", scaled(peak->area, 1 / C_per_mAh)) &&
            closo_json_number(object, "from_V", peak->from) &&
            closo_json_number(object, "to_V", peak->to) &&
            closo_json_number(object, "width_V", peak->half_high - peak->half_low) && *fine;
    return object;
}

static json_t *potential_peak(const closo_differential_peak *peak, bool *fine)
{
    json_t *object = json_object();
    *fine = closo_json_value(object, "passed_mAh", scaled(peak->position, 1 / C_per_mAh)) &&
            closo_json_value(object, "height_V_mAh", scaled(peak->height, C_per_mAh)) &&
            closo_json_value(object, "area_V", peak->area) &&
            closo_json_number(object, "from_mAh", peak->from / C_per_mAh) &&
            closo_json_number(object, "to_mAh", peak->to / C_per_mAh) && *fine;
    return object;
}

static json_t *curve_object(const closo_differential *curve, bool *fine)
{
    json_t *object = json_object(), *peaks = json_array();
    bool capacity = curve->kind == CLOSO_DIFFERENTIAL_CAPACITY;
    *fine = closo_json_integer(object, "cycle", curve->cycle) &&
            closo_json_text(object, "direction", direction_name(curve->direction)) &&
            closo_json_number(object, capacity ? "resolution_V" : "resolution_mAh",
                              capacity ? curve->resolution : curve->resolution / C_per_mAh) &&
            closo_json_number(object, capacity ? "bandwidth_V" : "bandwidth_mAh",
                              capacity ? curve->bandwidth : curve->bandwidth / C_per_mAh) &&
            closo_json_number(object, "noise_V", curve->noise_V) &&
            closo_json_number(object, capacity ? "integral_mAh" : "integral_V",
                              capacity ? curve->total / C_per_mAh : curve->total) &&
            closo_json_number(object, "hold_mAh", curve->hold_C / C_per_mAh) && *fine;
    for (size_t k = 0; k < curve->peak_count; k++) {
        json_t *peak = capacity ? capacity_peak(&curve->peaks[k], fine)
                                : potential_peak(&curve->peaks[k], fine);
        *fine = json_array_append_new(peaks, peak) == 0 && *fine;
    }
    *fine = closo_cycling_add_member(object, "peaks", peaks, *fine);
    return object;
}

static bool add_curves(closo_differential *const *curves, size_t count, const char *key,
                       json_t *summary)
{
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t k = 0; k < count; k++)
        fine = json_array_append_new(list, curve_object(curves[k], &fine)) == 0 && fine;
    return closo_cycling_add_member(summary, key, list, fine);
}

/* ---- plateaus ---- */

static json_t *plateau_object(const closo_plateau *plateau, bool *fine)
{
    json_t *object = json_object();
    *fine = closo_json_integer(object, "cycle", plateau->cycle) &&
            closo_json_text(object, "direction", direction_name(plateau->direction)) &&
            closo_json_value(object, "potential_V", plateau->potential_V) &&
            closo_json_number(object, "charge_mAh", plateau->charge_C / C_per_mAh) &&
            closo_json_number(object, "share", plateau->share) &&
            closo_json_number(object, "from_V", plateau->from_V) &&
            closo_json_number(object, "to_V", plateau->to_V) &&
            closo_json_number(object, "from_mAh", plateau->from_C / C_per_mAh) &&
            closo_json_number(object, "to_mAh", plateau->to_C / C_per_mAh) &&
            closo_json_value(object, "slope_V_mAh", scaled(plateau->slope_V_per_C, C_per_mAh)) &&
            *fine;
    return object;
}

static json_t *pair_object(const closo_cycling *cycling, const closo_overpotential *pair,
                           bool *fine)
{
    json_t *object = json_object();
    double cm2 = cycling->area_m2 > 0 ? cycling->area_m2 * 1e4 : (double)NAN;
    *fine = closo_json_integer(object, "cycle", pair->cycle) &&
            closo_json_value(object, "middle_V", pair->middle_V) &&
            closo_json_value(object, "overpotential_V", pair->overpotential_V) &&
            closo_json_value(object, "resistance_ohm", pair->resistance_ohm) &&
            closo_json_value(object, "resistance_ohm_cm2", scaled(pair->resistance_ohm, cm2)) &&
            *fine;
    return object;
}

bool closo_cycling_differentials_to_json(const closo_cycling *cycling, json_t *summary)
{
    const closo_cycling_analyses *analyses = cycling->analyses;
    json_t *plateaus = json_array(), *pairs = json_array();
    bool fine = true;
    for (size_t k = 0; k < analyses->plateau_count; k++)
        fine =
            json_array_append_new(plateaus, plateau_object(&analyses->plateaus[k], &fine)) == 0 &&
            fine;
    for (size_t k = 0; k < analyses->overpotential_count; k++)
        fine = json_array_append_new(
                   pairs, pair_object(cycling, &analyses->overpotentials[k], &fine)) == 0 &&
               fine;
    fine = closo_cycling_add_member(summary, "plateaus", plateaus, fine);
    fine = closo_cycling_add_member(summary, "overpotentials", pairs, fine);
    return add_curves(analyses->capacities, analyses->capacity_count, "dqdv", summary) &&
           add_curves(analyses->potentials, analyses->potential_count, "dvdq", summary) && fine;
}

/* ---- CSV ---- */

static void fill_rows(const closo_differential *curve, size_t first, double *const columns[5])
{
    bool capacity = curve->kind == CLOSO_DIFFERENTIAL_CAPACITY;
    double x_factor = capacity ? 1 : 1 / C_per_mAh, y_factor = capacity ? 1 / C_per_mAh : C_per_mAh;
    for (size_t b = 0; b < curve->count; b++) {
        columns[0][first + b] = curve->cycle;
        columns[1][first + b] = curve->direction;
        columns[2][first + b] = curve->x[b] * x_factor;
        columns[3][first + b] = curve->y[b] * y_factor;
        columns[4][first + b] = curve->y_sigma[b] * y_factor;
    }
}

closo_status closo_differential_write_csv(closo_differential *const *curves, size_t count,
                                          const char *path, closo_arena *arena, closo_error *error)
{
    static const char *const names[2][5] = {
        {"cycle", "direction", "potential_V", "dqdv_mAh_V", "dqdv_mAh_V_sigma"},
        {"cycle", "direction", "passed_mAh", "dvdq_V_mAh", "dvdq_V_mAh_sigma"}};
    bool capacity = count == 0 || curves[0]->kind == CLOSO_DIFFERENTIAL_CAPACITY;
    closo_table *table = closo_table_new(arena, path);
    if (table == NULL)
        return closo_fail_nomem(error);
    for (size_t k = 0; k < count; k++)
        table->row_count += curves[k]->count;
    double *columns[5];
    for (size_t k = 0; k < 5; k++) {
        columns[k] = closo_arena_alloc(arena, table->row_count + 1, sizeof **columns);
        if (columns[k] == NULL)
            return closo_fail_nomem(error);
    }
    for (size_t k = 0, first = 0; k < count; first += curves[k++]->count)
        fill_rows(curves[k], first, columns);
    for (size_t k = 0; k < 5; k++)
        if (closo_table_add_values(table, names[capacity ? 0 : 1][k], "", CLOSO_QUANTITY_OTHER,
                                   columns[k]) == NULL)
            return closo_fail_nomem(error);
    return closo_table_write_csv(table, path, arena, error);
}
