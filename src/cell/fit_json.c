/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_json.c: a fit as JSON and as a table of points. */
#include "fit_internal.h"

#include <jansson.h>
#include <math.h>

/* ---- parameters ---- */

static double in_unit(const closo_fit_parameter *parameter, double si)
{
    return (si - parameter->in.offset) / parameter->in.factor;
}

static json_t *parameter_json(const closo_fit_result_parameter *made)
{
    const closo_fit_parameter *parameter = &made->parameter;
    json_t *object = json_object();
    closo_json_text(object, "path", parameter->path);
    closo_json_text(object, "unit", parameter->unit);
    closo_json_value(object, "value",
                     (closo_value){in_unit(parameter, made->value.value),
                                   made->value.sigma / parameter->in.factor});
    closo_json_number(object, "relative_sigma", made->relative_sigma);
    closo_json_number(object, "integration_error", made->integration / parameter->in.factor);
    closo_json_number(object, "value_SI", made->value.value);
    closo_json_number(object, "start", in_unit(parameter, parameter->start));
    closo_json_number(object, "low", in_unit(parameter, parameter->low));
    closo_json_number(object, "high", in_unit(parameter, parameter->high));
    closo_json_text(object, "scale", parameter->logarithmic ? "logarithmic" : "linear");
    json_object_set_new(object, "bounds_given", json_boolean(parameter->bounds_given));
    closo_json_text(object, "at_bound", made->at_low ? "lower" : made->at_high ? "upper" : NULL);
    json_object_set_new(object, "told", json_boolean(made->told));
    return object;
}

static json_t *numbers_json(const double *values, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, isfinite(values[i]) ? json_real(values[i]) : json_null());
    return list;
}

/* ---- sets ---- */

static const char *unit_key(closo_fit_quantity quantity, bool noise)
{
    switch (quantity) {
    case CLOSO_FIT_POTENTIAL:
        return noise ? "noise_V" : "rms_V";
    case CLOSO_FIT_CURRENT:
        return noise ? "noise_A" : "rms_A";
    case CLOSO_FIT_IMPEDANCE:
    case CLOSO_FIT_CAPACITY:
        break;
    }
    return noise ? "noise_relative" : "rms_relative";
}

static json_t *set_json(const closo_cell_fit *fit, const closo_fit_set *set)
{
    json_t *object = json_object(), *list = json_array();
    closo_json_text(object, "file", set->name);
    closo_json_text(object, "quantity", closo_fit_quantity_name(set->quantity));
    closo_json_integer(object, "points", (int64_t)set->count);
    closo_json_number(object, unit_key(set->quantity, false), set->rms);
    closo_json_number(object, unit_key(set->quantity, true), set->noise);
    json_object_set_new(object, "noise_given", json_boolean(set->noise_given));
    closo_json_number(object, "chi2_reduced", set->chi2_reduced);
    closo_json_number(object, "autocorrelation", set->autocorrelation);
    for (size_t k = 0; k < fit->parameter_count; k++) {
        json_t *one = json_object();
        closo_json_text(one, "path", fit->parameters[k].parameter.path);
        closo_json_number(one, "shift_of_one_sigma", set->shift[k]);
        closo_json_number(one, "chi2_of_one_sigma", set->chi2_change[k]);
        json_array_append_new(list, one);
    }
    json_object_set_new(object, "sensitivities", list);
    return object;
}

static json_t *profiles_json(const closo_cell_fit *fit)
{
    json_t *list = json_array();
    for (size_t p = 0; p < fit->profile_count; p++) {
        json_t *object = json_object();
        closo_json_text(object, "file", fit->sets[fit->profiles[p].set].name);
        closo_json_integer(object, "half_cycle", (int64_t)fit->profiles[p].half_cycle);
        closo_json_number(object, "rms_V", fit->profiles[p].rms_V);
        json_array_append_new(list, object);
    }
    return list;
}

/* ---- the whole ---- */

static json_t *weak_json(const closo_cell_fit *fit)
{
    json_t *list = json_array();
    for (size_t i = 0; i < fit->weak_count; i++) {
        json_t *object = json_object();
        closo_json_text(object, "sentence", fit->weak[i].sentence);
        closo_json_number(object, "singular_value", fit->weak[i].singular_value);
        json_object_set_new(object, "parts_of_ranges",
                            numbers_json(fit->weak[i].parts, fit->parameter_count));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *starts_json(const closo_cell_fit *fit)
{
    json_t *list = json_array();
    for (size_t s = 0; s < fit->start_count; s++) {
        const closo_fit_start *start = &fit->starts[s];
        json_t *object = json_object(), *from = json_array(), *to = json_array();
        for (size_t k = 0; k < fit->parameter_count; k++) {
            const closo_fit_parameter *parameter = &fit->parameters[k].parameter;
            json_array_append_new(from, json_real(in_unit(parameter, start->from[k])));
            json_array_append_new(to, json_real(in_unit(parameter, start->to[k])));
        }
        json_object_set_new(object, "from", from);
        json_object_set_new(object, "to", to);
        closo_json_number(object, "sum_of_squares", start->sum_of_squares);
        json_object_set_new(object, "agrees", json_boolean(start->agrees));
        json_array_append_new(list, object);
    }
    return list;
}

const char *closo_cell_fit_json(const closo_cell_fit *fit, closo_arena *arena)
{
    const size_t n = fit->parameter_count;
    json_t *all = json_object(), *parameters = json_array(), *rows = json_array(),
           *sets = json_array();
    closo_json_text(all, "description", fit->description);
    for (size_t k = 0; k < n; k++)
        json_array_append_new(parameters, parameter_json(&fit->parameters[k]));
    json_object_set_new(all, "parameters", parameters);
    for (size_t k = 0; k < n; k++)
        json_array_append_new(rows, numbers_json(fit->correlation + k * n, n));
    json_object_set_new(all, "correlation", rows);
    for (size_t s = 0; s < fit->set_count; s++)
        json_array_append_new(sets, set_json(fit, &fit->sets[s]));
    json_object_set_new(all, "sets", sets);
    json_object_set_new(all, "profiles", profiles_json(fit));
    closo_json_number(all, "sum_of_squares", fit->sum_of_squares);
    closo_json_number(all, "chi2_reduced", fit->chi2_reduced);
    closo_json_integer(all, "residuals", (int64_t)fit->residual_count);
    closo_json_number(all, "sigma_factor", fit->sigma_factor);
    json_object_set_new(all, "singular_values", numbers_json(fit->singular_values, n));
    closo_json_number(all, "condition", fit->condition);
    json_object_set_new(all, "not_told", weak_json(fit));
    json_object_set_new(all, "starts", starts_json(fit));
    closo_json_integer(all, "starts_agreeing", (int64_t)fit->agreeing);
    closo_json_integer(all, "simulations", (int64_t)fit->simulations);
    closo_json_integer(all, "iterations", (int64_t)fit->iterations);
    json_object_set_new(all, "converged", json_boolean(fit->converged));
    json_object_set_new(all, "complete", json_boolean(fit->complete));
    closo_json_notes(all, "notes", &fit->notes);
    return closo_json_finish(all, arena);
}

closo_status closo_cell_fit_write_csv(const closo_cell_fit *fit, const char *path,
                                      closo_arena *arena, closo_error *error)
{
    static const char *const at_names[] = {"s", "s", "Hz", "half cycle"};
    static const char *const units[] = {"V", "A", "ohm", "C"};
    closo_output *output;
    closo_status status = closo_output_open(path, arena, &output, error);
    if (status != CLOSO_OK)
        return status;
    closo_output_printf(output, "set,file,quantity,part,at,at_unit,measured,model,sigma,unit\n");
    for (size_t s = 0; s < fit->set_count; s++) {
        const closo_fit_set *set = &fit->sets[s];
        for (size_t i = 0; i < set->count; i++) {
            /* real parts of a spectrum stand before its imaginary parts, in falling frequency */
            static const char *const parts[] = {"", "real", "imaginary"};
            size_t part = 0;
            if (set->quantity == CLOSO_FIT_IMPEDANCE) {
                size_t first = i;
                while (first > 0 && set->spectrum[first - 1] == set->spectrum[i])
                    first--;
                part = 1;
                for (size_t k = first + 1; k <= i; k++)
                    part = set->at[k] > set->at[k - 1] ? 2 : part;
            }
            closo_output_printf(output, "%zu,\"%s\",%s,%s", s + 1, set->name,
                                closo_fit_quantity_name(set->quantity), parts[part]);
            const double values[] = {set->at[i], set->measured[i], set->model[i], set->sigma[i]};
            for (size_t v = 0; v < 4; v++) {
                char text[40];
                closo_number_print(values[v], text, sizeof text);
                closo_output_printf(output, ",%s%s%s", text, v == 0 ? "," : "",
                                    v == 0 ? at_names[set->quantity] : "");
            }
            closo_output_printf(output, ",%s\n", units[set->quantity]);
        }
    }
    return closo_output_commit(output, error);
}
