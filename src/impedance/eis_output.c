/* SPDX-License-Identifier: BSD-3-Clause */
/* eis_output.c: the analysis as JSON and as a table. */
#include "impedance/fit_internal.h"

#include "closo/instrument.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* Adds a finished item, or gives both up. */
static bool add_item(json_t *list, json_t *item, bool fine)
{
    return json_array_append_new(list, item) == 0 && fine;
}

static json_t *parameters_json(const closo_circuit_fit *fit)
{
    json_t *list = json_array();
    bool whole = list != NULL;
    for (size_t k = 0; k < fit->parameter_count && whole; k++) {
        const closo_fitted_parameter *p = &fit->parameters[k];
        json_t *item = json_object();
        bool fine =
            closo_json_text(item, "name", p->name) && closo_json_number(item, "value", p->value) &&
            closo_json_number(item, "sigma", p->sigma) && closo_json_number(item, "low", p->low) &&
            closo_json_number(item, "high", p->high) && closo_json_text(item, "unit", p->unit) &&
            json_object_set_new(item, "fixed", json_boolean(p->fixed)) == 0 &&
            json_object_set_new(item, "tied", json_boolean(p->tied)) == 0 &&
            json_object_set_new(item, "at_limit", json_boolean(p->at_limit)) == 0 &&
            json_object_set_new(item, "profiled", json_boolean(p->profiled)) == 0;
        whole = add_item(list, item, fine);
    }
    return list;
}

static json_t *correlation_json(const closo_circuit_fit *fit)
{
    json_t *rows = json_array();
    const size_t n = fit->parameter_count;
    bool whole = rows != NULL;
    for (size_t a = 0; a < n && whole; a++) {
        json_t *row = json_array();
        bool fine = row != NULL;
        for (size_t b = 0; b < n && fine; b++)
            fine = json_array_append_new(row,
                                         json_real(a == b ? 1 : fit->correlation[a * n + b])) == 0;
        whole = add_item(rows, row, fine);
    }
    return rows;
}

static closo_value in_S_per_cm(closo_value v)
{
    return (closo_value){v.value / 100, v.sigma / 100};
}

static json_t *arcs_json(const closo_circuit_fit *fit)
{
    json_t *list = json_array();
    bool whole = list != NULL;
    for (size_t a = 0; a < fit->arc_count && whole; a++) {
        const closo_arc *arc = &fit->arcs[a];
        json_t *item = json_object();
        bool fine =
            closo_json_text(item, "name", arc->name) &&
            closo_json_value(item, "resistance_ohm", arc->resistance_ohm) &&
            closo_json_value(item, "capacitance_F", arc->capacitance_F) &&
            closo_json_value(item, "time_constant_s", arc->time_constant_s) &&
            closo_json_value(item, "frequency_Hz", arc->frequency_Hz) &&
            closo_json_value(item, "conductivity_S_cm", in_S_per_cm(arc->conductivity_S_per_m)) &&
            json_object_set_new(item, "inside", json_boolean(arc->inside)) == 0;
        whole = add_item(list, item, fine);
    }
    return list;
}

static json_t *candidates_json(const closo_circuit_choice *choice)
{
    json_t *list = json_array();
    bool whole = list != NULL;
    for (size_t c = 0; c < choice->candidate_count && whole; c++) {
        const closo_circuit_candidate *candidate = &choice->candidates[c];
        const double unknown = NAN;
        const closo_circuit_fit *fit = candidate->fit;
        json_t *item = json_object();
        bool fine =
            closo_json_text(item, "circuit", candidate->circuit) &&
            closo_json_number(item, "bic", fit != NULL ? fit->bic : unknown) &&
            closo_json_number(item, "aicc", fit != NULL ? fit->aicc : unknown) &&
            closo_json_number(item, "residual_rms", fit != NULL ? fit->residual_rms : unknown) &&
            json_object_set_new(item, "rejected", json_boolean(candidate->rejected)) == 0 &&
            closo_json_text(item, "reason", candidate->reason);
        whole = add_item(list, item, fine);
    }
    return list;
}

static json_t *kk_json(const closo_kk_result *kk)
{
    if (kk->count == 0)
        return json_null();
    json_t *object = json_object();
    bool fine = closo_json_text(object, "verdict", closo_kk_verdict_name(kk->verdict)) &&
                closo_json_integer(object, "terms", (int64_t)kk->terms) &&
                closo_json_number(object, "residual_rms", kk->residual_rms) &&
                closo_json_integer(object, "bad_count", (int64_t)kk->bad_count);
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

static bool put(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

static json_t *derived_json(const closo_circuit_fit *fit)
{
    json_t *object = json_object();
    bool fine = closo_json_value(object, "total_resistance_ohm", fit->total_resistance_ohm) &&
                closo_json_value(object, "total_conductivity_S_cm",
                                 in_S_per_cm(fit->total_conductivity_S_per_m)) &&
                put(object, "arcs", arcs_json(fit));
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *spectrum_json(const closo_eis *eis, size_t s, const char *circuit)
{
    const closo_spectrum *spectrum = &eis->spectra[s];
    const closo_circuit_fit *fit = eis->fits[s];
    json_t *object = json_object();
    bool fine = closo_json_text(object, "spectrum", spectrum->name) &&
                closo_json_integer(object, "point_count", (int64_t)spectrum->count) &&
                closo_json_number(object, "temperature_K", spectrum->temperature_K) &&
                closo_json_number(object, "time_s", spectrum->time_s) &&
                closo_json_number(object, "cycle", spectrum->cycle) &&
                closo_json_number(object, "potential_V", spectrum->potential_V) &&
                closo_json_text(object, "circuit", circuit) &&
                put(object, "parameters", parameters_json(fit)) &&
                put(object, "correlation", correlation_json(fit)) &&
                closo_json_number(object, "chi2", fit->chi2) &&
                closo_json_number(object, "chi2_reduced", fit->chi2_reduced) &&
                closo_json_number(object, "residual_rms", fit->residual_rms) &&
                closo_json_number(object, "residual_autocorrelation", fit->autocorrelation) &&
                closo_json_number(object, "bic", fit->bic) &&
                closo_json_number(object, "aicc", fit->aicc) &&
                closo_json_integer(object, "starts", (int64_t)fit->starts) &&
                closo_json_integer(object, "starts_agreeing", (int64_t)fit->agreeing) &&
                put(object, "kk", kk_json(&eis->kk[s])) &&
                put(object, "derived", derived_json(fit)) &&
                put(object, "candidates",
                    eis->choices != NULL ? candidates_json(eis->choices[s]) : json_array()) &&
                closo_json_notes(object, "warnings", &fit->notes) &&
                closo_json_notes(object, "notes", &spectrum->notes);
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *global_json(const closo_global_fit *global)
{
    if (global == NULL)
        return json_null();
    static const char *const names[] = {"shared", "arrhenius", "sqrt-time"};
    json_t *object = json_object(), *laws = json_array();
    bool fine = object != NULL && laws != NULL;
    for (size_t l = 0; l < global->law_count && fine; l++) {
        const closo_law_fit *law = &global->laws[l];
        const closo_circuit_fit *fit = global->fits[0];
        size_t k = 0;
        while (k + 1 < fit->parameter_count && strcmp(fit->parameters[k].name, law->parameter) != 0)
            k++;
        json_t *item = json_object();
        bool whole = closo_json_text(item, "parameter", law->parameter) &&
                     closo_json_text(item, "law", names[law->law]) &&
                     closo_json_text(item, "unit", fit->parameters[k].unit);
        if (law->law == CLOSO_LAW_SHARED)
            whole = whole && closo_json_value(item, "value", law->first);
        else if (law->law == CLOSO_LAW_ARRHENIUS)
            whole = whole && closo_json_value(item, "activation_energy_eV", law->second) &&
                    closo_json_value(item, "value_at_reference", law->first) &&
                    closo_json_number(item, "reference_K", law->reference_K);
        else
            whole = whole && closo_json_value(item, "start", law->first) &&
                    closo_json_value(item, "per_sqrt_s", law->second);
        whole = whole && closo_json_number(item, "correlation", law->correlation);
        fine = add_item(laws, item, whole);
    }
    fine = json_object_set_new(object, "laws", laws) == 0 && fine &&
           closo_json_number(object, "chi2", global->chi2) &&
           closo_json_number(object, "chi2_reduced", global->chi2_reduced) &&
           closo_json_integer(object, "free_parameters", (int64_t)global->free_count) &&
           closo_json_notes(object, "warnings", &global->notes);
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

const char *closo_eis_json(const closo_eis *eis, closo_arena *arena)
{
    json_t *object = json_object(), *spectra = json_array();
    const char *circuit = closo_circuit_text(eis->circuit, CLOSO_CIRCUIT_DASHES, arena);
    bool fine = circuit != NULL && spectra != NULL;
    for (size_t s = 0; s < eis->spectrum_count && fine; s++)
        fine = add_item(spectra, spectrum_json(eis, s, circuit), true);
    fine = closo_json_text(object, "circuit", circuit) && fine;
    fine = json_object_set_new(object, "spectra", spectra) == 0 && fine;
    fine = fine && put(object, "global", global_json(eis->global)) &&
           closo_json_notes(object, "notes", &eis->notes);
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return closo_json_finish(object, arena);
}

closo_status closo_eis_write_csv(const closo_eis *eis, const char *path, closo_arena *arena,
                                 closo_error *error)
{
    enum { COLUMNS = 8 };
    static const struct {
        const char *name, *unit;
        closo_quantity quantity;
    } columns[COLUMNS] = {{"spectrum", "1", CLOSO_QUANTITY_LOOP},
                          {"freq/Hz", "Hz", CLOSO_QUANTITY_FREQUENCY},
                          {"Re(Z)/Ohm", "Ohm", CLOSO_QUANTITY_IMPEDANCE_REAL},
                          {"Im(Z)/Ohm", "Ohm", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY},
                          {"fitted Re(Z)/Ohm", "Ohm", CLOSO_QUANTITY_OTHER},
                          {"fitted Im(Z)/Ohm", "Ohm", CLOSO_QUANTITY_OTHER},
                          {"residual Re", "1", CLOSO_QUANTITY_OTHER},
                          {"residual Im", "1", CLOSO_QUANTITY_OTHER}};
    size_t rows = 0, at = 0;
    for (size_t s = 0; s < eis->spectrum_count; s++)
        rows += eis->spectra[s].count;
    closo_table *table = closo_table_new(arena, path);
    double *values = closo_arena_alloc(arena, rows, COLUMNS * sizeof *values);
    if (table == NULL || values == NULL)
        return closo_fail_nomem(error);
    table->row_count = rows;
    for (size_t s = 0; s < eis->spectrum_count; s++) {
        const closo_spectrum *spectrum = &eis->spectra[s];
        const closo_circuit_fit *fit = eis->fits[s];
        const double *from[COLUMNS] = {
            NULL,          spectrum->frequency_Hz, spectrum->real_ohm, spectrum->imaginary_ohm,
            fit->real_ohm, fit->imaginary_ohm,     fit->residual_real, fit->residual_imaginary};
        for (size_t i = 0; i < spectrum->count; i++, at++)
            for (size_t c = 0; c < COLUMNS; c++)
                values[c * rows + at] = c == 0 ? (double)(s + 1) : from[c][i];
    }
    for (size_t c = 0; c < COLUMNS; c++)
        if (closo_table_add_values(table, columns[c].name, columns[c].unit, columns[c].quantity,
                                   values + c * rows) == NULL)
            return closo_fail_nomem(error);
    return closo_table_write_csv(table, path, arena, error);
}
