/* SPDX-License-Identifier: BSD-3-Clause */
/* salt.c: an electrolyte whose salt moves, made ready: checks, curves against concentration, places. Its laws: law_salt.h. */
#include "checks.h"

#include <math.h>

/* ---- checks and curves ---- */

closo_status cell_salt_check(const closo_cell *cell, closo_error *error)
{
    const closo_salt *salt = &cell->salt;
    const cell_check checks[] = {
        {"the concentration of the salt / (mol/m3)", salt->concentration_mol_per_m3, 1e-3, 1e5},
        {"the transference number", salt->transference, 0, 1},
        {"the diffusivity of the salt / (m2/s)", salt->diffusivity_m2_per_s.value,
         salt->table_m2_per_s != NULL ? 0 : 1e-20, 1e-3},
        {"the thermodynamic factor", salt->thermodynamic_factor,
         salt->table_factor != NULL ? 0 : 1e-3, 1e3},
        {"the electrolyte's share of the composite", salt->composite_fraction, 1e-4, 1},
        {"the electrolyte's share of the separator", salt->separator_fraction, 1e-4, 1},
        {"the share of the conductivity that is left in the separator", salt->separator_path, 1e-9,
         1},
        {"the number of nodes in the separator", (double)salt->separator_nodes, 1, 1000},
        {"the exponent of the salt in the insertion", salt->insertion_exponent, 0, 3},
        {"the exponent of the salt at the metal", salt->metal_exponent, 0, 3},
        {"the thickness of the separator / m, where a salt moves,", cell->separator_m, 1e-9, 1},
    };
    if (cell_check_numbers(NULL, checks, sizeof checks / sizeof *checks, error) != CLOSO_OK)
        return CLOSO_RANGE;
    if (cell->node_count == 0 || cell->counter.blocking)
        return closo_fail(error, CLOSO_RANGE,
                          "a salt moves between a metal that plates and strips and a composite or "
                          "foil only; make the transference number 1");
    if (salt->table_count == 1)
        return closo_fail(error, CLOSO_RANGE,
                          "a table against concentration wants two lines or more");
    for (size_t i = 1; i < salt->table_count; i++)
        if (!(salt->table_mol_per_m3[i] > salt->table_mol_per_m3[i - 1]))
            return closo_fail(error, CLOSO_RANGE,
                              "concentrations of a table rise; they do not from line %zu to %zu", i,
                              i + 1);
    return CLOSO_OK;
}

/* A column as a curve; nothing when it is not there. */
static closo_status make_curve(const cell_model *model, const double *column, cell_curve *curve,
                               closo_error *error)
{
    const closo_salt *salt = &model->cell->salt;
    size_t n = salt->table_count;
    if (column == NULL || n == 0)
        return CLOSO_OK;
    double *x = closo_arena_alloc(model->arena, n, sizeof *x),
           *y = closo_arena_alloc(model->arena, n, sizeof *y);
    if (x == NULL || y == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < n; i++) {
        if (!(column[i] > 0) || !isfinite(column[i]))
            return closo_fail(error, CLOSO_RANGE,
                              "line %zu of the table against concentration has %g; conductivity, "
                              "diffusivity and thermodynamic factor are above zero",
                              i + 1, column[i]);
        x[i] = salt->table_mol_per_m3[i] / salt->concentration_mol_per_m3;
        y[i] = column[i];
    }
    const closo_equilibrium points = {n, x, y};
    return cell_curve_make(&points, model->arena, curve) ? CLOSO_OK : closo_fail_nomem(error);
}

/* After the cell's conductivity, whose law and transition are those of its column too. */
void cell_salt_set_temperature(cell_model *model)
{
    const closo_cell *cell = model->cell;
    const closo_thermal_law *diffusivity = &cell->salt.diffusivity_m2_per_s,
                            one = {1, diffusivity->energy_J_per_mol};
    model->salt.diffusivity_m2_per_s = cell_at_temperature(diffusivity, cell);
    model->salt.diffusivity_warmth = cell_at_temperature(&one, cell);
    model->salt.conductivity_warmth = model->ion_S_per_m / cell->ion_conductivity_S_per_m.value;
}

static bool make_places(cell_model *model)
{
    const closo_salt *salt = &model->cell->salt;
    size_t count = salt->separator_nodes + model->cell->node_count + 1;
    cell_salt_place *places = closo_arena_alloc(model->arena, count, sizeof *places);
    if (places == NULL)
        return false;
    const double separator_m = model->salt.node_m, node_m = model->node_m;
    places[0].state = model->salt.surface;
    for (size_t n = 1; n < count; n++)
        places[n] =
            n <= salt->separator_nodes
                ? (cell_salt_place){.state = model->salt.separator + n - 1,
                                    .reach_m = separator_m / (2 * salt->separator_path),
                                    .per_width_m = 1 / separator_m}
                : (cell_salt_place){.state = model->nodes[n - 1 - salt->separator_nodes].salt,
                                    .reach_m = node_m / (2 * model->cell->ion_path),
                                    .per_width_m = 1 / node_m};
    model->salt.places = places;
    model->salt.place_count = count;
    return true;
}

closo_status cell_salt_make(cell_model *model, closo_error *error)
{
    const closo_cell *cell = model->cell;
    const closo_salt *salt = &cell->salt;
    cell_salt *made = &model->salt;
    made->node_m = cell->separator_m / (double)salt->separator_nodes;
    if (!make_places(model))
        return closo_fail_nomem(error);
    closo_status status = make_curve(model, salt->table_S_per_m, &made->conductivity, error);
    if (status == CLOSO_OK)
        status = make_curve(model, salt->table_m2_per_s, &made->diffusivity, error);
    if (status == CLOSO_OK)
        status = make_curve(model, salt->table_factor, &made->factor, error);
    const cell_curve *curves[] = {&made->conductivity, &made->diffusivity, &made->factor};
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        if (curves[i]->count > 0)
            made->table = curves[i];
    double per_C = 1 / (CLOSO_FARADAY_C_per_mol * salt->concentration_mol_per_m3);
    made->migrates_m3_per_C = salt->transference * per_C;
    made->stays_m3_per_C = (1 - salt->transference) * per_C;
    return status;
}

double cell_salt_least(const cell_model *model, const double *y)
{
    double least = 1;
    if (!model->salt.moves)
        return least;
    for (size_t n = 0; n < model->salt.place_count; n++) {
        double share = y[model->salt.places[n].state];
        least = share < least ? share : least;
    }
    return least;
}
