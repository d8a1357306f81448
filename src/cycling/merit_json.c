/* SPDX-License-Identifier: BSD-3-Clause */
/* merit_json.c: figures of merit as JSON and as CSV. */
#include "merit_internal.h"

#include <jansson.h>
#include <math.h>

static const char *verdict_word(closo_merit_verdict verdict)
{
    switch (verdict) {
    case CLOSO_MERIT_MET:
        return "met";
    case CLOSO_MERIT_NOT_MET:
        return "not met";
    case CLOSO_MERIT_WITHIN_SIGMA:
        return "within one sigma";
    case CLOSO_MERIT_NOT_SHOWN:
        return "not shown for so many cycles";
    case CLOSO_MERIT_NO_TARGET:
        break;
    }
    return NULL;
}

static closo_value scaled(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * factor};
}

static bool add_figures(const closo_merit *merit, json_t *object, json_t *given)
{
    bool fine = true;
    for (int k = 0; k < CLOSO_MERIT_COUNT && fine; k++) {
        closo_merit_name name = closo_merit_figure_name((closo_merit_figure)k);
        fine = closo_json_value(object, name.key, scaled(merit->figures[k], name.key_factor));
        if (merit->given[k] && fine)
            fine = json_array_append_new(given, json_string(name.key)) == 0;
    }
    return fine;
}

static bool add_targets(const closo_merit *merit, json_t *targets)
{
    bool fine = targets != NULL;
    for (int k = 0; k < CLOSO_MERIT_COUNT && fine; k++) {
        const closo_merit_target *target = merit->targets[k];
        if (target == NULL)
            continue;
        closo_merit_name name = closo_merit_figure_name((closo_merit_figure)k);
        json_t *row = json_object();
        fine = closo_json_number(row, target->sense > 0 ? "at_least" : "at_most",
                                 target->value * name.key_factor) &&
               closo_json_text(row, "verdict", verdict_word(merit->verdicts[k])) &&
               closo_json_number(row, "factor_missing", merit->factors[k]);
        if (target->cycles != 0)
            fine = closo_json_integer(row, "after_cycles", (int64_t)target->cycles) && fine;
        fine = json_object_set_new(targets, name.key, row) == 0 && fine;
    }
    return fine;
}

static bool add_changes(const closo_merit *merit, json_t *list)
{
    bool fine = list != NULL;
    for (size_t i = 0; i < merit->step_count && fine; i++) {
        json_t *row = json_object();
        fine = closo_json_text(row, "change", merit->steps[i].words) &&
               closo_json_number(row, "specific_energy_cell_Wh_kg",
                                 merit->steps[i].energy_J_per_kg / 3600) &&
               closo_json_number(row, "gain", merit->steps[i].gain);
        fine = json_array_append_new(list, row) == 0 && fine;
    }
    return fine;
}

static json_t *numbers(const double *values, size_t count, double factor)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, isfinite(values[i]) ? json_real(values[i] * factor)
                                                              : json_null());
    return list;
}

static bool add_curves(const closo_merit *merit, json_t *list)
{
    bool fine = list != NULL;
    for (size_t l = 0; l < merit->loading_count && fine; l++) {
        json_t *row = json_object();
        fine = closo_json_number(row, "loading_mg_cm2", 100 * merit->loading_kg_per_m2[l]) &&
               json_object_set_new(row, "electrolyte_thickness_um",
                                   numbers(merit->thickness_m, merit->thickness_count, 1e6)) == 0 &&
               json_object_set_new(
                   row, "specific_energy_cell_Wh_kg",
                   numbers(merit->energy_J_per_kg[l], merit->thickness_count, 1 / 3600.0)) == 0;
        fine = json_array_append_new(list, row) == 0 && fine;
    }
    return fine;
}

const char *closo_merit_json(const closo_merit *merit, closo_arena *arena)
{
    json_t *object = json_object(), *given = json_array(), *targets = json_object(),
           *changes = json_array(), *curves = json_array();
    bool fine = closo_json_text(object, "cell", merit->cell->name) &&
                closo_json_text(object, "result", merit->cell->result.source) &&
                add_figures(merit, object, given) && add_targets(merit, targets) &&
                add_changes(merit, changes) && add_curves(merit, curves) &&
                closo_json_integer(object, "retention_cycles",
                                   (int64_t)merit->cell->result.retention_cycles);
    fine = json_object_set_new(object, "given", given) == 0 && fine;
    fine = json_object_set_new(object, "targets", targets) == 0 && fine;
    fine = json_object_set_new(object, "changes", changes) == 0 && fine;
    fine = json_object_set_new(object, "what_if", curves) == 0 && fine;
    fine = closo_json_notes(object, "notes", &merit->notes) && fine;
    if (!fine) {
        json_decref(object);
        return NULL;
    }
    return closo_json_finish(object, arena);
}

/* ---- CSV ---- */

static void print_cell(closo_output *output, double value)
{
    char text[32];
    size_t length = isfinite(value) ? closo_number_print(value, text, sizeof text) : 0;
    closo_output_write(output, ",", 1);
    closo_output_write(output, text, length);
}

closo_status closo_merit_write_csv(const closo_merit *merit, const char *path, closo_arena *arena,
                                   closo_error *error)
{
    closo_output *output;
    closo_status status = closo_output_open(path, arena, &output, error);
    if (status != CLOSO_OK)
        return status;
    closo_output_printf(output, "figure,value,sigma,target,verdict,factor_missing,given\n");
    for (int k = 0; k < CLOSO_MERIT_COUNT; k++) {
        closo_merit_name name = closo_merit_figure_name((closo_merit_figure)k);
        const closo_merit_target *target = merit->targets[k];
        const char *verdict = verdict_word(merit->verdicts[k]);
        closo_output_printf(output, "%s", name.key);
        print_cell(output, merit->figures[k].value * name.key_factor);
        print_cell(output, merit->figures[k].sigma * name.key_factor);
        print_cell(output, target != NULL ? target->value * name.key_factor : (double)NAN);
        closo_output_printf(output, ",%s", verdict != NULL ? verdict : "");
        print_cell(output, merit->factors[k]);
        closo_output_printf(output, ",%s\n", merit->given[k] ? "given" : "");
    }
    return closo_output_commit(output, error);
}

closo_status closo_merit_write_what_if(const closo_merit *merit, const char *path,
                                       closo_arena *arena, closo_error *error)
{
    if (merit->thickness_count == 0)
        return closo_fail(error, CLOSO_RANGE,
                          "there is no energy against electrolyte thickness: the cell wants masses "
                          "of cathode and anode, and mass with thickness or density of the "
                          "electrolyte");
    closo_table *table = closo_table_new(arena, path);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->row_count = merit->thickness_count;
    for (size_t l = 0; l <= merit->loading_count; l++) {
        const double *from = l == 0 ? merit->thickness_m : merit->energy_J_per_kg[l - 1];
        double *values = closo_arena_alloc(arena, table->row_count, sizeof *values);
        const char *name =
            l == 0 ? "electrolyte_thickness_um"
                   : closo_arena_printf(arena, "specific_energy_cell_Wh_kg at %.4g mg_cm2",
                                        100 * merit->loading_kg_per_m2[l - 1]);
        if (values == NULL || name == NULL)
            return closo_fail_nomem(error);
        for (size_t i = 0; i < table->row_count; i++)
            values[i] = from[i] * (l == 0 ? 1e6 : 1 / 3600.0);
        if (closo_table_add_values(table, name, "", CLOSO_QUANTITY_OTHER, values) == NULL)
            return closo_fail_nomem(error);
    }
    return closo_table_write_csv(table, path, arena, error);
}
