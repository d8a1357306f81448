/* SPDX-License-Identifier: BSD-3-Clause */
/* merit.c: figures of merit with their uncertainties, and the result of a cycle taken into a cell. */
#include "merit_internal.h"

#include <math.h>

static const closo_merit_name names[] = {
#define X(code, key, words, factor, unit, shown) {key, words, factor, unit, (factor) * (shown)},
    CLOSO_MERIT_LIST(X)
#undef X
};

closo_merit_name closo_merit_figure_name(closo_merit_figure figure)
{
    return names[figure];
}

static const closo_value unsaid = {NAN, NAN};

static void clear_layer(closo_merit_layer *layer)
{
    *layer = (closo_merit_layer){NULL, unsaid, unsaid, unsaid, unsaid};
}

void closo_merit_cell_clear(closo_merit_cell *cell)
{
    *cell = (closo_merit_cell){.area_m2 = unsaid,
                               .pressure_Pa = unsaid,
                               .loading_kg_per_m2 = unsaid,
                               .theoretical_C_per_kg = unsaid,
                               .conductivity_S_per_m = unsaid,
                               .anode_C_per_kg = unsaid,
                               .anode_excess = unsaid,
                               .reported_J_per_kg = unsaid,
                               .result = {unsaid, unsaid, unsaid, unsaid, unsaid, unsaid, unsaid,
                                          unsaid, unsaid, unsaid, 0, NULL}};
    clear_layer(&cell->cathode);
    clear_layer(&cell->electrolyte);
    clear_layer(&cell->anode);
    for (size_t i = 0; i < CLOSO_MERIT_EXTRAS; i++)
        clear_layer(&cell->extras[i]);
    for (size_t i = 0; i < CLOSO_MERIT_PARTS; i++)
        cell->parts[i] = (closo_merit_part){.share = unsaid, .density_kg_per_m3 = unsaid};
}

/* ---- uncertainty ---- */

enum { INPUTS_MAX = 32 + 2 * CLOSO_MERIT_PARTS + 4 * (CLOSO_MERIT_EXTRAS + 3) };

static size_t add_layer(closo_merit_layer *layer, closo_value **inputs, size_t count)
{
    inputs[count++] = &layer->mass_kg;
    inputs[count++] = &layer->thickness_m;
    inputs[count++] = &layer->density_kg_per_m3;
    inputs[count++] = &layer->area_m2;
    return count;
}

/* Every value of a cell that may carry an uncertainty. */
static size_t list_inputs(closo_merit_cell *cell, closo_value *inputs[INPUTS_MAX])
{
    closo_merit_result *result = &cell->result;
    closo_value *const single[] = {&cell->area_m2,
                                   &cell->pressure_Pa,
                                   &cell->loading_kg_per_m2,
                                   &cell->theoretical_C_per_kg,
                                   &cell->conductivity_S_per_m,
                                   &cell->anode_C_per_kg,
                                   &cell->anode_excess,
                                   &cell->reported_J_per_kg,
                                   &result->capacity_C_per_kg,
                                   &result->charge_C,
                                   &result->voltage_V,
                                   &result->rate_per_h,
                                   &result->current_A_per_m2,
                                   &result->coulombic_efficiency,
                                   &result->energy_efficiency,
                                   &result->resistance_ohm_m2,
                                   &result->capacity_retention,
                                   &result->energy_retention};
    size_t count = 0;
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        inputs[count++] = single[i];
    count = add_layer(&cell->cathode, inputs, count);
    count = add_layer(&cell->electrolyte, inputs, count);
    count = add_layer(&cell->anode, inputs, count);
    for (size_t i = 0; i < cell->extra_count; i++)
        count = add_layer(&cell->extras[i], inputs, count);
    for (size_t i = 0; i < cell->part_count; i++) {
        inputs[count++] = &cell->parts[i].share;
        inputs[count++] = &cell->parts[i].density_kg_per_m3;
    }
    return count;
}

/* JCGM 100:2008, 5.1.3 note 2: u_i(y) = (f(x_i + u) - f(x_i - u)) / 2, added in squares. */
static void spread(closo_merit_cell *cell, closo_value figures[CLOSO_MERIT_COUNT])
{
    closo_value *inputs[INPUTS_MAX];
    double up[CLOSO_MERIT_COUNT], down[CLOSO_MERIT_COUNT], squares[CLOSO_MERIT_COUNT] = {0};
    size_t count = list_inputs(cell, inputs);
    for (size_t i = 0; i < count; i++) {
        const closo_value input = *inputs[i];
        if (isnan(input.value) || !(input.sigma > 0))
            continue;
        inputs[i]->value = input.value + input.sigma;
        closo_merit_figures(cell, up);
        inputs[i]->value = input.value - input.sigma;
        closo_merit_figures(cell, down);
        *inputs[i] = input;
        for (size_t k = 0; k < CLOSO_MERIT_COUNT; k++)
            squares[k] += (up[k] - down[k]) * (up[k] - down[k]) / 4;
    }
    for (size_t k = 0; k < CLOSO_MERIT_COUNT; k++)
        figures[k].sigma = squares[k] > 0 ? sqrt(squares[k]) : (double)NAN;
}

/* Figures that stand in the description as they are. */
static void mark_given(closo_merit *merit)
{
    static const closo_merit_figure always[] = {CLOSO_MERIT_VOLTAGE,
                                                CLOSO_MERIT_RATE,
                                                CLOSO_MERIT_COULOMBIC_EFFICIENCY,
                                                CLOSO_MERIT_ENERGY_EFFICIENCY,
                                                CLOSO_MERIT_RESISTANCE,
                                                CLOSO_MERIT_CAPACITY_RETENTION,
                                                CLOSO_MERIT_ENERGY_RETENTION,
                                                CLOSO_MERIT_CELL_AREA,
                                                CLOSO_MERIT_PRESSURE,
                                                CLOSO_MERIT_ACTIVE_SHARE,
                                                CLOSO_MERIT_ELECTROLYTE_SHARE,
                                                CLOSO_MERIT_CARBON_SHARE,
                                                CLOSO_MERIT_BINDER_SHARE};
    const closo_merit_cell *cell = merit->cell;
    const struct {
        closo_merit_figure figure;
        double said;
    } sometimes[] = {
        {CLOSO_MERIT_CAPACITY, cell->result.capacity_C_per_kg.value},
        {CLOSO_MERIT_CURRENT_DENSITY, cell->result.current_A_per_m2.value},
        {CLOSO_MERIT_CATHODE_THICKNESS, cell->cathode.thickness_m.value},
        {CLOSO_MERIT_ELECTROLYTE_THICKNESS, cell->electrolyte.thickness_m.value},
        {CLOSO_MERIT_ANODE_THICKNESS, cell->anode.thickness_m.value},
        {CLOSO_MERIT_COMPOSITE_MASS, cell->cathode.mass_kg.value},
        {CLOSO_MERIT_ELECTROLYTE_MASS, cell->electrolyte.mass_kg.value},
        {CLOSO_MERIT_ANODE_MASS, cell->anode.mass_kg.value},
        {CLOSO_MERIT_LOADING, cell->loading_kg_per_m2.value},
        {CLOSO_MERIT_ANODE_EXCESS, cell->anode_excess.value},
    };
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        merit->given[always[i]] = !isnan(merit->figures[always[i]].value);
    for (size_t i = 0; i < sizeof sometimes / sizeof *sometimes; i++)
        merit->given[sometimes[i].figure] = !isnan(sometimes[i].said);
    if (!isnan(cell->result.charge_C.value))
        merit->given[CLOSO_MERIT_CAPACITY] = false;
}

closo_status closo_merit_work_out(const closo_merit_cell *cell, closo_arena *arena,
                                  closo_merit **merit, closo_error *error)
{
    closo_merit *made = closo_arena_alloc(arena, 1, sizeof *made);
    if (made == NULL)
        return closo_fail_nomem(error);
    if (isnan(cell->result.charge_C.value) && isnan(cell->result.capacity_C_per_kg.value))
        return closo_fail(error, CLOSO_RANGE,
                          "there is no capacity: give a file of cycles, or 'capacity: 117 mAh/g' "
                          "under 'result' of the cell");
    if (isnan(cell->result.voltage_V.value))
        return closo_fail(error, CLOSO_RANGE,
                          "there is no mean discharge voltage: give a file of cycles, or "
                          "'voltage: 3.8 V' under 'result' of the cell");
    made->cell = cell;
    double values[CLOSO_MERIT_COUNT];
    closo_merit_cell charged = closo_merit_with_charge(cell);
    closo_merit_figures(&charged, values);
    for (size_t k = 0; k < CLOSO_MERIT_COUNT; k++)
        made->figures[k].value = values[k];
    spread(&charged, made->figures);
    mark_given(made);
    closo_merit_judge(made);
    closo_status status = closo_merit_what_if(made, arena, error);
    closo_merit_remarks(made, arena);
    *merit = made;
    return status;
}

/* ---- a cycle of a file ---- */

static closo_status choose_cycle(const closo_cycling *cycling, int wanted, size_t *index,
                                 closo_error *error)
{
    for (size_t c = 0; c < cycling->cycle_count; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
        if (wanted != 0 ? cycle->cycle != wanted : !cycle->complete)
            continue;
        if (cycle->discharge_half == SIZE_MAX || !(cycle->discharge_C > 0))
            return closo_fail(error, CLOSO_RANGE,
                              "cycle %d has no discharge, and figures of merit speak of what comes "
                              "back; choose another of the %zu cycles",
                              wanted, cycling->cycle_count);
        *index = c;
        return CLOSO_OK;
    }
    return wanted != 0
               ? closo_fail(error, CLOSO_RANGE, "there is no cycle %d; the file has %zu", wanted,
                            cycling->cycle_count)
               : closo_fail(error, CLOSO_RANGE,
                            "no cycle of the file is complete (a charge and the discharge after "
                            "it); choose one by its number");
}

static void put(closo_value *place, double value)
{
    if (isfinite(value))
        *place = (closo_value){value, NAN};
}

closo_status closo_merit_take_cycle(closo_merit_cell *cell, const closo_table *table, int cycle,
                                    closo_arena *arena, closo_error *error)
{
    /* The masses that the figures go by: from the description, not the file. */
    double figures[CLOSO_MERIT_COUNT];
    closo_merit_figures(cell, figures);
    double active_kg = figures[CLOSO_MERIT_ACTIVE_MASS];
    double capacity_C = active_kg * cell->theoretical_C_per_kg.value;
    const closo_cycling_options options = {
        .role = cell->role != CLOSO_ROLE_UNSAID ? cell->role : CLOSO_ROLE_FULL_CELL,
        .mass_kg = isnan(active_kg) ? 0 : active_kg,
        .area_m2 = isnan(cell->area_m2.value) ? 0 : cell->area_m2.value,
        .capacity_C = isnan(capacity_C) ? 0 : capacity_C};
    closo_cycling *cycling;
    size_t index = 0;
    closo_status status = closo_cycling_from_table(table, &options, arena, &cycling, error);
    if (status == CLOSO_OK)
        status = choose_cycle(cycling, cycle, &index, error);
    if (status != CLOSO_OK)
        return closo_error_in_file(error, status, table->source);
    const closo_cycle *chosen = &cycling->cycles[index];
    const closo_half_cycle *discharge = &cycling->half_cycles[chosen->discharge_half];
    closo_merit_result *result = &cell->result;
    result->capacity_C_per_kg = unsaid;
    put(&result->charge_C, chosen->discharge_C);
    put(&result->voltage_V, chosen->mean_discharge_V);
    put(&result->rate_per_h, chosen->discharge_rate_per_h);
    put(&result->current_A_per_m2, fabs(discharge->rate_A) / cell->area_m2.value);
    put(&result->coulombic_efficiency, chosen->coulombic_efficiency);
    put(&result->energy_efficiency, chosen->energy_efficiency);
    put(&result->resistance_ohm_m2, discharge->resistance_ohm * cell->area_m2.value);
    const closo_retention *retention = &cycling->summary.retention;
    if (retention->reference_cycle != 0 && retention->last_cycle > retention->reference_cycle) {
        put(&result->capacity_retention, retention->capacity);
        put(&result->energy_retention, retention->energy);
        result->retention_cycles = (size_t)(retention->last_cycle - retention->reference_cycle);
    }
    result->source = closo_arena_printf(arena, "%s, cycle %d", table->source, chosen->cycle);
    if (isfinite(discharge->resistance_ohm) && discharge->resistance_delay_s > 1)
        closo_notes_add(
            &cell->notes, arena,
            "the internal resistance is the step of potential within %.3g s of the "
            "current: it holds more than the ohmic part; record faster, or take it from "
            "an impedance",
            discharge->resistance_delay_s);
    if (!chosen->complete)
        closo_notes_add(&cell->notes, arena, "cycle %d is not complete", chosen->cycle);
    for (size_t i = 0; i < cycling->notes.count; i++)
        closo_notes_add(&cell->notes, arena, "%s", cycling->notes.texts[i]);
    return result->source != NULL ? CLOSO_OK : closo_fail_nomem(error);
}
