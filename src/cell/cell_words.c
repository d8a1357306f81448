/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_words.c: quantities of a description and of its materials, and the line on which a slip stands. */
#include "cell_yaml.h"
#include "cycling/merit_yaml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

closo_status closo_cell_wrong(const closo_cell_loader *load, const char *key, const char *format,
                              ...)
{
    char reason[400], place[64] = "";
    va_list list;
    va_start(list, format);
    vsnprintf(reason, sizeof reason, format, list);
    va_end(list);
    if (load->section[0] != '\0')
        snprintf(place, sizeof place, "%s, ", load->section);
    return closo_fail_line(load->error, CLOSO_FORMAT,
                           closo_merit_line(&load->text, load->section, load->index, key),
                           "%s%s: %s", place, key, reason);
}

closo_status closo_cell_take(const closo_cell_loader *load, const char *text,
                             const closo_bounds *bounds, double *si)
{
    closo_error reason = {0};
    if (text == NULL)
        return CLOSO_OK;
    if (closo_quantity_parse(text, bounds->unit, si, &reason) != CLOSO_OK)
        return closo_cell_wrong(load, bounds->key, "%s", reason.message);
    if (!(*si >= bounds->least && *si <= bounds->most))
        return closo_cell_wrong(load, bounds->key, "'%.60s' cannot be: %s", text, bounds->why);
    return CLOSO_OK;
}

/* ---- materials ---- */

/* Behind the line that names the material (SIZE_MAX: names none), the first with the key. */
static size_t line_behind(const closo_yaml_text *text, const char *material, const char *key)
{
    closo_span rest = {text->bytes, text->size}, line;
    char wanted[64];
    size_t named = 0;
    snprintf(wanted, sizeof wanted, "%s:", key);
    for (size_t number = 1; closo_span_line(&rest, &line); number++) {
        if (named == 0 && closo_span_contains(line, "name:") && closo_span_contains(line, material))
            named = number;
        if (named != 0 && closo_span_contains(line, wanted))
            return number;
    }
    return named;
}

static const closo_yaml_text *text_with(const closo_cell_loader *load, const char *material)
{
    for (size_t f = 0; f < load->material_count; f++) {
        const closo_materials_yaml *in = load->materials[f].materials;
        for (unsigned i = 0; i < in->active_materials_count; i++)
            if (strcmp(in->active_materials[i].name, material) == 0)
                return &load->materials[f].text;
        for (unsigned i = 0; i < in->electrolytes_count; i++)
            if (strcmp(in->electrolytes[i].name, material) == 0)
                return &load->materials[f].text;
        for (unsigned i = 0; i < in->carbons_count; i++)
            if (strcmp(in->carbons[i].name, material) == 0)
                return &load->materials[f].text;
        for (unsigned i = 0; i < in->metals_count; i++)
            if (strcmp(in->metals[i].name, material) == 0)
                return &load->materials[f].text;
    }
    return &load->text;
}

closo_status closo_material_wrong(const closo_cell_loader *load, const char *material,
                                  const char *key, const char *format, ...)
{
    char reason[400];
    va_list list;
    va_start(list, format);
    vsnprintf(reason, sizeof reason, format, list);
    va_end(list);
    const closo_yaml_text *text = text_with(load, material);
    closo_status status =
        closo_fail_line(load->error, CLOSO_FORMAT, line_behind(text, material, key),
                        "the material '%.60s', %s: %s", material, key, reason);
    return closo_error_in_file(load->error, status, text->name);
}

static closo_status check_provenance(const closo_cell_loader *load, const closo_material_number *at)
{
    const closo_number_yaml *number = at->number;
    int told = (number->source != NULL) + (number->fitted != NULL) + (number->assumed != NULL);
    if (told == 1)
        return CLOSO_OK;
    return closo_material_wrong(load, at->material, at->bounds.key,
                                told == 0 ? "it does not say where it is from; add 'source', "
                                            "'fitted' (to what) or 'assumed' (why)"
                                          : "give one of source, fitted and assumed, not %d",
                                told);
}

/* An energy of activation in J/mol, from 'kJ/mol' or from 'eV' a particle. */
static closo_status take_energy(const closo_cell_loader *load, const closo_material_number *at,
                                double *energy_J_per_mol)
{
    closo_error reason = {0};
    double each_J;
    if (closo_quantity_parse(at->number->energy, "J", &each_J, NULL) == CLOSO_OK)
        *energy_J_per_mol = each_J * CLOSO_AVOGADRO_per_mol;
    else if (closo_quantity_parse(at->number->energy, "J/mol", energy_J_per_mol, &reason) !=
             CLOSO_OK)
        return closo_material_wrong(load, at->material, at->bounds.key,
                                    "its energy '%.40s' is none; write for example '0.35 eV' or "
                                    "'35 kJ/mol'",
                                    at->number->energy);
    if (!(*energy_J_per_mol >= 0 && *energy_J_per_mol < 1e6))
        return closo_material_wrong(load, at->material, at->bounds.key,
                                    "an energy of '%.40s' cannot be; it lies between 0 and 10 eV",
                                    at->number->energy);
    return CLOSO_OK;
}

/* The number at the reference temperature of the cell, when it says at which it was measured. */
static closo_status bring_to_reference(closo_cell_loader *load, const closo_material_number *at,
                                       double energy_J_per_mol)
{
    const closo_cell *cell = &load->file->cell;
    double measured_K;
    closo_error reason = {0};
    if (at->number->at == NULL)
        return CLOSO_OK;
    if (closo_quantity_parse(at->number->at, "K", &measured_K, &reason) != CLOSO_OK)
        return closo_material_wrong(load, at->material, at->bounds.key, "%s", reason.message);
    if (!(measured_K > 50 && measured_K < 3000))
        return closo_material_wrong(load, at->material, at->bounds.key,
                                    "it cannot have been measured at '%.40s'", at->number->at);
    if (energy_J_per_mol > 0)
        *at->value *= exp(energy_J_per_mol / CLOSO_GAS_J_per_mol_K *
                          (1 / measured_K - 1 / cell->reference_K));
    else if (fabs(measured_K - cell->temperature_K) > 5)
        closo_notes_add(&load->file->notes, load->arena,
                        "the %s of %s was measured at %.0f degC and has no energy of activation: "
                        "at %.0f degC the same number is used",
                        at->bounds.key, at->material, measured_K - 273.15,
                        cell->temperature_K - 273.15);
    return CLOSO_OK;
}

static closo_status take_number(closo_cell_loader *load, const closo_material_number *at)
{
    const closo_bounds *bounds = &at->bounds;
    closo_error reason = {0};
    double energy_J_per_mol = 0;
    if (at->number == NULL)
        return at->optional ? CLOSO_OK
                            : closo_material_wrong(load, at->material, bounds->key,
                                                   "it is missing; add it with its source");
    closo_status status = check_provenance(load, at);
    if (status != CLOSO_OK)
        return status;
    if (closo_quantity_parse(at->number->value, bounds->unit, at->value, &reason) != CLOSO_OK)
        return closo_material_wrong(load, at->material, bounds->key, "%s", reason.message);
    if (!(*at->value >= bounds->least && *at->value <= bounds->most))
        return closo_material_wrong(load, at->material, bounds->key, "'%.60s' cannot be: %s",
                                    at->number->value, bounds->why);
    if (at->number->energy != NULL && at->energy == NULL)
        return closo_material_wrong(load, at->material, bounds->key,
                                    "the model has no dependence on temperature for it; take "
                                    "'energy' out");
    if (at->number->slope != NULL)
        return closo_material_wrong(load, at->material, bounds->key,
                                    "only the onset of an anion has a slope; take it out");
    if (at->number->energy != NULL)
        status = take_energy(load, at, &energy_J_per_mol);
    if (at->energy != NULL)
        *at->energy = energy_J_per_mol;
    return status == CLOSO_OK ? bring_to_reference(load, at, energy_J_per_mol) : status;
}

closo_status closo_material_take(closo_cell_loader *load, const closo_material_number *numbers,
                                 size_t count)
{
    closo_status status = CLOSO_OK;
    for (size_t i = 0; i < count && status == CLOSO_OK; i++)
        status = take_number(load, &numbers[i]);
    return status;
}
