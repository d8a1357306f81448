/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_model.c: from the numbers of a cell to its states. */
#include "checks.h"

#include <math.h>
#include <string.h>

/* ---- states ---- */

double cell_at_temperature(const closo_thermal_law *law, const closo_cell *cell)
{
    return law->value * exp(law->energy_J_per_mol / CLOSO_GAS_J_per_mol_K *
                            (1 / cell->reference_K - 1 / cell->temperature_K));
}

double cell_active_area_per_m(const closo_cell *cell)
{
    const closo_active_material *active = &cell->active;
    double area = cell->active_area_per_m;
    if (!(area > 0) && active->volume_fraction > 0)
        area = 3 * active->volume_fraction / active->radius_m;
    return area * active->usable;
}

static size_t take(cell_model *model, bool differential)
{
    model->differential[model->state_count] = differential;
    return model->state_count++;
}

static void add_surface(cell_model *model, cell_node *node, const cell_surface *made)
{
    if (!(made->area_per_m > 0) || (!(made->double_layer_F_per_m2 > 0) && !made->active))
        return;
    cell_surface *surface = &node->surfaces[node->surface_count++];
    *surface = *made;
    surface->charge = model->state_count;
    surface->layer_F_per_m3 = surface->area_per_m * surface->double_layer_F_per_m2;
    if (surface->exponent == 0)
        surface->exponent = 1;
    for (size_t k = 0; k < model->cell->anion_count; k++)
        take(model, true);
    surface->broken =
        node->current != SIZE_MAX && model->cell->wear.breaking > 0 ? model->state_count : SIZE_MAX;
    for (size_t k = 0; surface->broken != SIZE_MAX && k < model->cell->anion_count; k++)
        take(model, true);
}

static void add_node(cell_model *model, size_t index)
{
    const closo_cell *cell = model->cell;
    cell_node *node = &model->nodes[index];
    *node = (cell_node){.shells = SIZE_MAX,
                        .current = SIZE_MAX,
                        .slow = SIZE_MAX,
                        .salt = SIZE_MAX,
                        .contact = SIZE_MAX};
    if (cell->active.volume_fraction > 0) {
        node->shells = index;
        node->current = take(model, false);
        node->slow = take(model, true);
        if (cell->wear.loosening > 0)
            node->contact = take(model, true);
    }
    node->w = take(model, true);
    node->phi_s = take(model, false);
    const cell_surface active = {.area_per_m =
                                     node->shells != SIZE_MAX ? cell_active_area_per_m(cell) : 0,
                                 .double_layer_F_per_m2 = cell->active.double_layer_F_per_m2,
                                 .exponent = cell->active.double_layer_exponent,
                                 .active = true},
                       carbon = {.area_per_m = cell->carbon_area_per_m,
                                 .double_layer_F_per_m2 = cell->carbon_double_layer_F_per_m2,
                                 .exponent = cell->carbon_double_layer_exponent},
                       collector = {.area_per_m = cell->collector_area / model->node_m,
                                    .double_layer_F_per_m2 = cell->collector_double_layer_F_per_m2,
                                    .exponent = cell->collector_double_layer_exponent};
    if (model->salt.moves)
        node->salt = take(model, true);
    add_surface(model, node, &active);
    add_surface(model, node, &carbon);
    if (index + 1 == cell->node_count)
        add_surface(model, node, &collector);
    /* without a double layer the balance of charge has no rate */
    double layers = 0;
    for (size_t s = 0; s < node->surface_count; s++)
        layers += node->surfaces[s].layer_F_per_m3;
    model->differential[node->w] = layers > 0;
}

static bool add_metal(cell_model *model, const closo_metal_electrode *electrode, double sign,
                      cell_metal *metal)
{
    *metal = (cell_metal){.of = electrode, .sign = sign, .reaction = SIZE_MAX, .filled = SIZE_MAX};
    metal->potential = take(model, electrode->double_layer_F_per_m2 > 0);
    metal->interphase = take(model, true);
    if (!electrode->blocking && electrode->exchange_current_A_per_m2.value > 0)
        metal->reaction = take(model, false);
    if (electrode->blocking || electrode->equilibrium.count == 0)
        return true;
    metal->filled = take(model, true);
    return cell_curve_make(&electrode->equilibrium, model->arena, &metal->equilibrium);
}

static void take_grain_numbers(cell_model *model)
{
    const closo_active_material *active = &model->cell->active;
    const cell_curve *curve = &model->equilibrium;
    cell_numbers *numbers = &model->numbers;
    double D_m2_per_s = model->diffusivity_m2_per_s, r_m = active->radius_m;
    double per_C = 1 / (CLOSO_FARADAY_C_per_mol * active->sites_mol_per_m3 * r_m);
    for (size_t s = 0; s < model->cell->shell_count; s++) {
        model->inwards_Hz[s] = D_m2_per_s / (r_m * r_m) * model->shell_inwards[s];
        model->outwards_Hz[s] = D_m2_per_s / (r_m * r_m) * model->shell_outwards[s];
    }
    numbers->reach_m2_per_A = model->surface_reach * per_C * r_m * r_m / D_m2_per_s;
    numbers->outflow_m2_per_C = per_C / model->shell_volume[model->cell->shell_count - 1];
    numbers->strain_m2_per_C = 3 * per_C;
    /* Beyond the ends of the equilibrium's table its potential is a straight line; an exchange current that went on to fall
     * there would fold the branch of Tafel back, and no solution were left. */
    numbers->filled_least = fmax(curve->x[0], 1e-9);
    numbers->filled_most = fmin(curve->x[curve->count - 1], 1 - 1e-9);
}

/* What the laws need again and again. */
static void take_numbers(cell_model *model)
{
    const closo_cell *cell = model->cell;
    cell_numbers *numbers = &model->numbers;
    if (cell->node_count > 0) {
        numbers->per_node_m = 1 / model->node_m;
        numbers->ions_S_per_m2 = model->ion_S_per_m * cell->ion_path / model->node_m;
        numbers->electrons_S_per_m2 = cell->electron_conductivity_S_per_m / model->node_m;
    }
    numbers->junction_V = (1 - cell->salt.transference) / model->thermal_per_V;
    if (cell->node_count > 0 && cell->active.volume_fraction > 0)
        take_grain_numbers(model);
    for (size_t k = 0; k < cell->anion_count; k++) {
        double reservoir = cell->anions[k].reservoir_C_per_m2;
        numbers->rise_per_V[k] = cell->anions[k].transfer * model->thermal_per_V;
        numbers->per_reservoir_m2_per_C[k] = reservoir > 0 ? 1 / reservoir : 0;
    }
}

static void take_temperature(cell_model *model)
{
    const closo_cell *cell = model->cell;
    model->entropic_V = cell->active.entropy_V_per_K * (cell->temperature_K - cell->reference_K);
    model->thermal_per_V = CLOSO_FARADAY_C_per_mol / (CLOSO_GAS_J_per_mol_K * cell->temperature_K);
    model->diffusivity_m2_per_s = cell_at_temperature(&cell->active.diffusivity_m2_per_s, cell);
    model->exchange_A_per_m2 = cell_at_temperature(&cell->active.exchange_current_A_per_m2, cell);
    bool disordered = cell->ion_transition_K > 0 && cell->temperature_K >= cell->ion_transition_K;
    model->ion_S_per_m = cell_at_temperature(
        disordered ? &cell->ion_conductivity_above_S_per_m : &cell->ion_conductivity_S_per_m, cell);
    cell_metal *const metals[] = {&model->counter, &model->working};
    for (size_t m = 0; m < 2; m++) {
        metals[m]->ohm_m2 = cell_at_temperature(&metals[m]->of->resistance_ohm_m2, cell);
        metals[m]->exchange_A_per_m2 =
            cell_at_temperature(&metals[m]->of->exchange_current_A_per_m2, cell);
    }
    cell_plating_set_temperature(model);
    model->separator_ohm_m2 = cell->separator_m / model->ion_S_per_m;
    if (model->salt.moves) {
        model->separator_ohm_m2 /= cell->salt.separator_path;
        cell_salt_set_temperature(model);
    }
    for (size_t k = 0; k < cell->anion_count; k++) {
        const closo_anion_oxidation *anion = &cell->anions[k];
        double value = anion->j0_A_per_m2 > 0 ? anion->j0_A_per_m2
                                              : anion->rate_V_per_s / anion->gamma_V_m2_per_C;
        const closo_thermal_law law = {value, anion->energy_J_per_mol};
        model->anion_A_per_m2[k] = cell_at_temperature(&law, cell);
        model->anion_V[k] = anion->potential_V +
                            anion->potential_V_per_K * (cell->temperature_K - cell->reference_K);
    }
    take_numbers(model);
}

size_t cell_model_first_common(const cell_model *model)
{
    return model->counter.potential;
}

void cell_model_set_temperature(cell_model *model, double temperature_K)
{
    model->own.temperature_K = temperature_K;
    take_temperature(model);
}

/* The cell's own copy, without what is in no node and what does not move, and room. NULL when out of memory. */
static cell_model *new_model(const closo_cell *cell, closo_arena *arena)
{
    cell_model *made = closo_arena_alloc(arena, 1, sizeof *made);
    if (made == NULL)
        return NULL;
    closo_cell *own = &made->own;
    *own = *cell;
    made->cell = own;
    made->arena = arena;
    made->salt.moves = cell_salt_moves(cell);
    if (own->node_count == 0)
        own->active = (closo_active_material){0};
    if (!(own->active.volume_fraction > 0))
        own->shell_count = 0;
    size_t most =
        own->node_count * (own->shell_count + 6 + 2 * (size_t)SURFACES_MAX * CLOSO_ANIONS_MAX) +
        24 + (made->salt.moves ? own->salt.separator_nodes : 0);
    made->nodes = closo_arena_alloc(arena, own->node_count + 1, sizeof *made->nodes);
    made->differential = closo_arena_alloc(arena, most, sizeof *made->differential);
    bool warms = own->heat.capacity_J_per_m2_K > 0;
    if (warms)
        made->scratch = closo_arena_alloc(arena, 2 * most, sizeof *made->scratch);
    bool whole = made->nodes != NULL && made->differential != NULL;
    return whole && (!warms || made->scratch != NULL) ? made : NULL;
}

static closo_status add_nodes(cell_model *made, closo_error *error)
{
    const closo_cell *cell = made->cell;
    bool active = cell->active.volume_fraction > 0;
    if (cell->node_count > 0)
        made->node_m = cell->thickness_m / (double)cell->node_count;
    if (!cell_shells_make(made) ||
        (active && !cell_curve_make(&cell->active.equilibrium, made->arena, &made->equilibrium)))
        return closo_fail_nomem(error);
    made->shell_stride = cell->node_count;
    for (size_t s = 0; active && s < cell->node_count * cell->shell_count; s++)
        take(made, true);
    for (size_t n = 0; n < cell->node_count; n++) {
        add_node(made, n);
        if (made->nodes[n].surface_count == 0)
            return closo_fail(error, CLOSO_RANGE,
                              "node %zu of the composite has no double layer: give the carbon or "
                              "the active material one",
                              n + 1);
    }
    return CLOSO_OK;
}

/* What belongs to no node: metals, separator, circuit, heat, the salt outside the composite. */
static closo_status add_common(cell_model *made, closo_error *error)
{
    const closo_cell *cell = made->cell;
    made->working.of = &cell->working_metal;
    if (!add_metal(made, &cell->counter, -1, &made->counter) ||
        (cell->node_count == 0 && !add_metal(made, &cell->working_metal, 1, &made->working)))
        return closo_fail_nomem(error);
    made->separator = take(made, cell->separator_permittivity > 0 && cell->separator_m > 0);
    made->current = take(made, false);
    made->potential = take(made, false);
    made->charge = take(made, true);
    made->warmth = cell->heat.capacity_J_per_m2_K > 0 ? take(made, true) : SIZE_MAX;
    if (made->salt.moves) {
        made->salt.surface = take(made, false);
        made->salt.separator = made->state_count;
        for (size_t n = 0; n < cell->salt.separator_nodes; n++)
            take(made, true);
    }
    cell_plating_make(made, take);
    return CLOSO_OK;
}

closo_status cell_model_make(const closo_cell *cell, closo_arena *arena, cell_model **model,
                             closo_error *error)
{
    closo_status status = cell_check_cell(cell, error);
    if (status != CLOSO_OK)
        return status;
    cell_model *made = new_model(cell, arena);
    if (made == NULL)
        return closo_fail_nomem(error);
    status = add_nodes(made, error);
    if (status == CLOSO_OK)
        status = add_common(made, error);
    if (status != CLOSO_OK)
        return status;
    take_temperature(made);
    *model = made;
    return made->salt.moves ? cell_salt_make(made, error) : CLOSO_OK;
}

double cell_metal_equilibrium_V(const cell_metal *metal, const double *y)
{
    double derivative;
    if (metal->filled == SIZE_MAX)
        return metal->of->potential_V;
    return cell_curve_at(&metal->equilibrium, y[metal->filled], &derivative);
}

double cell_outer_current(const cell_model *model, const double *y)
{
    return y[model->current] + cell_leak_S_per_m2(model->cell) * y[model->potential];
}

double cell_temperature_K(const cell_model *model, const double *y)
{
    return model->warmth != SIZE_MAX ? model->cell->reference_K + y[model->warmth]
                                     : model->cell->temperature_K;
}

/* Sets the states of a metal at rest; its equilibrium potential. */
static double rest_metal(const cell_metal *metal, double *y)
{
    double age_s = metal->of->age_s;
    /* at least a second's worth of interphase, as a square root grows without bound at its start */
    y[metal->interphase] = metal->of->log_time_s > 0
                               ? age_s / metal->of->log_time_s
                               : metal->of->growth_ohm2_m4_per_s * fmax(age_s, 1);
    if (metal->filled != SIZE_MAX)
        y[metal->filled] = metal->of->filled_at_start;
    return cell_metal_equilibrium_V(metal, y);
}

void cell_model_rest(const cell_model *model, double *y)
{
    const closo_cell *cell = model->cell;
    double derivative, potential_V = cell->rest_potential_V;
    memset(y, 0, model->state_count * sizeof *y);
    double counter_V = rest_metal(&model->counter, y);
    if (cell->node_count == 0)
        potential_V = rest_metal(&model->working, y);
    else if (cell->active.volume_fraction > 0)
        potential_V = model->entropic_V +
                      cell_curve_at(&model->equilibrium, cell->active.filled_at_start, &derivative);
    if (model->warmth != SIZE_MAX)
        y[model->warmth] = cell->temperature_K - cell->reference_K;
    for (size_t n = 0; n < cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        for (size_t s = 0; node->shells != SIZE_MAX && s < cell->shell_count; s++)
            y[cell_shell(model, node, s)] = cell->active.filled_at_start;
        if (node->contact != SIZE_MAX)
            y[node->contact] = 1;
        y[node->w] = potential_V;
        y[node->phi_s] = potential_V - counter_V;
    }
    y[model->potential] = potential_V - counter_V;
    for (size_t n = 0; model->salt.moves && n < cell->node_count; n++)
        y[model->nodes[n].salt] = 1;
    for (size_t n = 0; model->salt.moves && n < cell->salt.separator_nodes; n++)
        y[model->salt.separator + n] = 1;
    if (model->salt.moves)
        y[model->salt.surface] = 1;
    cell_plating_rest(model, y);
}
