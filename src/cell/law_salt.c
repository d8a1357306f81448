/* SPDX-License-Identifier: BSD-3-Clause */
/* law_salt.c: an electrolyte whose salt moves: concentrated-solution theory of a binary electrolyte in the separator and in the
 * composite. M. Doyle, T. F. Fuller, J. Newman, J. Electrochem. Soc. 140 (1993) 1526, doi:10.1149/1.2221597. Concentrations are
 * in that at rest. Between the middles of two nodes the halves of both lie in series, which holds for the separator's edge too. */
#include "assembly.h"

typedef struct value {
    double at, slope;
} value;

/* The metal's surface, a node of the separator or of the composite, in this order: where it is, and what depends on its
 * concentration. */
typedef struct cell_salt_place {
    size_t state;
    double half_m, path, width_m; /* half_m 0: the surface */
    value conductivity, diffusivity, factor, logarithm;
} place;

/* ---- checks and curves ---- */

typedef struct check {
    const char *name;
    double value, from, to;
} check;

static closo_status check_salt(const closo_cell *cell, closo_error *error)
{
    const closo_salt *salt = &cell->salt;
    const check checks[] = {
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
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!(checks[i].value >= checks[i].from) || !(checks[i].value <= checks[i].to))
            return closo_fail(error, CLOSO_RANGE, "%s cannot be %g; it lies between %g and %g",
                              checks[i].name, checks[i].value, checks[i].from, checks[i].to);
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

/* A column times factor as a curve; nothing when it is not there. */
static closo_status make_curve(const cell_model *model, const double *column, double factor,
                               cell_curve *curve, closo_error *error)
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
        y[i] = column[i] * factor;
    }
    const closo_equilibrium points = {n, x, y};
    return cell_curve_make(&points, model->arena, curve) ? CLOSO_OK : closo_fail_nomem(error);
}

/* By how much temperature changes what the law describes. */
static double warmth(const closo_thermal_law *law, const closo_cell *cell)
{
    const closo_thermal_law one = {1, law->energy_J_per_mol};
    return cell_at_temperature(&one, cell);
}

static bool make_places(cell_model *model)
{
    const closo_salt *salt = &model->cell->salt;
    size_t count = salt->separator_nodes + model->cell->node_count + 1;
    place *places = closo_arena_alloc(model->arena, count, sizeof *places);
    if (places == NULL)
        return false;
    places[0] = (place){.state = model->salt.surface, .path = 1};
    for (size_t n = 1; n < count; n++)
        places[n] = n <= salt->separator_nodes
                        ? (place){.state = model->salt.separator + n - 1,
                                  .half_m = model->salt.node_m / 2,
                                  .path = salt->separator_path,
                                  .width_m = model->salt.node_m}
                        : (place){.state = model->nodes[n - 1 - salt->separator_nodes].salt,
                                  .half_m = model->node_m / 2,
                                  .path = model->cell->ion_path,
                                  .width_m = model->node_m};
    model->salt.places = places;
    return true;
}

closo_status cell_salt_make(cell_model *model, closo_error *error)
{
    const closo_cell *cell = model->cell;
    const closo_salt *salt = &cell->salt;
    cell_salt *made = &model->salt;
    closo_status status = check_salt(cell, error);
    if (status != CLOSO_OK)
        return status;
    made->node_m = cell->separator_m / (double)salt->separator_nodes;
    if (!make_places(model))
        return closo_fail_nomem(error);
    made->diffusivity_m2_per_s = cell_at_temperature(&salt->diffusivity_m2_per_s, cell);
    status = make_curve(model, salt->table_S_per_m, warmth(&cell->ion_conductivity_S_per_m, cell),
                        &made->conductivity, error);
    if (status == CLOSO_OK)
        status = make_curve(model, salt->table_m2_per_s, warmth(&salt->diffusivity_m2_per_s, cell),
                            &made->diffusivity, error);
    if (status == CLOSO_OK)
        status = make_curve(model, salt->table_factor, 1, &made->factor, error);
    return status;
}

double cell_salt_least(const cell_model *model, const double *y)
{
    double least = 1;
    for (size_t n = 0; model->salt.moves && n < model->cell->node_count; n++)
        least = fmin(least, y[model->nodes[n].salt]);
    for (size_t n = 0; model->salt.moves && n < model->cell->salt.separator_nodes; n++)
        least = fmin(least, y[model->salt.separator + n]);
    return model->salt.moves ? fmin(least, y[model->salt.surface]) : least;
}

/* ---- what depends on concentration ---- */

/* Newton may look below zero: there, lines and constants go on. */
static const double floor_share = 1e-9;

static value property(const cell_curve *curve, double constant, double share)
{
    value made = {constant, 0};
    if (curve->count == 0)
        return made;
    /* beyond its ends the table's last number stands */
    double inside = fmin(fmax(share, curve->x[0]), curve->x[curve->count - 1]);
    made.at = cell_curve_at(curve, inside, &made.slope);
    if (share != inside)
        made.slope = 0;
    return made;
}

static value logarithm(double share)
{
    if (share < floor_share)
        return (value){log(floor_share) + share / floor_share - 1, 1 / floor_share};
    return (value){log(share), 1 / share};
}

double cell_salt_power(const assembly *work, size_t state, double exponent, double *derivative)
{
    double share = fmax(work->y[state], floor_share);
    double power = exponent == 0.5 ? sqrt(share) : pow(share, exponent);
    *derivative = share == work->y[state] ? exponent * power / share : 0;
    return power;
}

void cell_law_salt_prepare(const assembly *work)
{
    const cell_model *model = work->model;
    const cell_salt *salt = &model->salt;
    size_t count = model->cell->salt.separator_nodes + model->cell->node_count + 1;
    for (size_t n = 0; n < count; n++) {
        place *at = &salt->places[n];
        double share = work->y[at->state];
        at->conductivity = property(&salt->conductivity, model->ion_S_per_m, share);
        at->diffusivity = property(&salt->diffusivity, salt->diffusivity_m2_per_s, share);
        at->factor = property(&salt->factor, model->cell->salt.thermodynamic_factor, share);
        at->logarithm = logarithm(share);
    }
}

/* ---- from one node's middle to the next ---- */

/* What lies between two places, 1 / (sum of half widths / path / property), with derivatives by both concentrations. */
typedef struct passage {
    double conducts, by_near, by_far;
} passage;

static passage between(const place *near, const value *a, const place *far, const value *b)
{
    double one = near->half_m / (near->path * a->at), two = far->half_m / (far->path * b->at);
    double conducts = 1 / (one + two);
    return (passage){conducts, conducts * conducts * one * a->slope / a->at,
                     conducts * conducts * two * b->slope / b->at};
}

static passage conductance(const place *near, const place *far)
{
    return between(near, &near->conductivity, far, &far->conductivity);
}

/* The potential a difference of concentration makes, 2 (1 - t+) RT/F (1 + d ln f / d ln c) ln(c_far / c_near); eq. 14. */
static passage liquid_junction(const cell_model *model, const place *near, const place *far)
{
    double scale = (1 - model->cell->salt.transference) / model->thermal_per_V;
    double factor = scale * (near->factor.at + far->factor.at);
    double step = far->logarithm.at - near->logarithm.at;
    return (passage){factor * step,
                     scale * near->factor.slope * step - factor * near->logarithm.slope,
                     scale * far->factor.slope * step + factor * far->logarithm.slope};
}

/* ---- eqs. 12 and 13: the balance of the salt ---- */

static void diffusion(const assembly *work, size_t index)
{
    const cell_model *model = work->model;
    const place *near = &model->salt.places[index + 1], *far = near + 1;
    passage made = between(near, &near->diffusivity, far, &far->diffusivity);
    double step = work->y[far->state] - work->y[near->state];
    double by_near = made.by_near * step - made.conducts,
           by_far = made.by_far * step + made.conducts;
    add_value(work, near->state, -made.conducts * step / near->width_m);
    add_entry(work, near->state, near->state, -by_near / near->width_m);
    add_entry(work, near->state, far->state, -by_far / near->width_m);
    add_value(work, far->state, made.conducts * step / far->width_m);
    add_entry(work, far->state, near->state, by_near / far->width_m);
    add_entry(work, far->state, far->state, by_far / far->width_m);
}

/* Eq. 13 in a node of the composite: insertion makes cations, of which t+ migrate away; what double layers take is anions. */
static void sources(const assembly *work, const cell_node *node)
{
    const closo_salt *salt = &work->model->cell->salt;
    double mol = 1 / (CLOSO_FARADAY_C_per_mol * salt->concentration_mol_per_m3);
    for (size_t s = 0; s < node->surface_count; s++) {
        const cell_surface *surface = &node->surfaces[s];
        add_rate(work, node->salt, node->w,
                 salt->transference * mol * surface->area_per_m * surface->double_layer_F_per_m2);
        if (!surface->active)
            continue;
        double factor = -(1 - salt->transference) * mol * surface->area_per_m;
        add_state(work, node->salt, node->current, factor * cell_contact(work, node));
        if (node->contact != SIZE_MAX)
            add_entry(work, node->salt, node->contact, factor * work->y[node->current]);
    }
}

/* At the metal all current is of cations: D dc/dx = (1 - t+) I / F, which gives the concentration at its surface. */
static void metal_side(const assembly *work)
{
    const cell_model *model = work->model;
    const closo_salt *salt = &model->cell->salt;
    double mol =
        (1 - salt->transference) / (CLOSO_FARADAY_C_per_mol * salt->concentration_mol_per_m3);
    size_t first = model->salt.separator, row = model->salt.surface;
    value at = model->salt.places[1].diffusivity;
    double reach = mol * model->salt.node_m / (2 * salt->separator_path), current;
    current = work->y[model->current];
    add_state(work, first, model->current, mol / model->salt.node_m);
    add_state(work, row, row, 1);
    add_value(work, row, reach * current / at.at - work->y[first]);
    add_entry(work, row, first, -reach * current * at.slope / (at.at * at.at) - 1);
    add_entry(work, row, model->current, reach / at.at);
}

void cell_law_salt(const assembly *work)
{
    const cell_model *model = work->model;
    const closo_salt *salt = &model->cell->salt;
    size_t nodes = salt->separator_nodes + model->cell->node_count;
    for (size_t n = 0; n < salt->separator_nodes; n++)
        add_rate(work, model->salt.separator + n, model->salt.separator + n,
                 salt->separator_fraction);
    for (size_t n = 0; n < model->cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        add_rate(work, node->salt, node->salt, salt->composite_fraction);
        sources(work, node);
    }
    for (size_t n = 0; n + 1 < nodes; n++)
        diffusion(work, n);
    metal_side(work);
}

/* ---- eq. 14: the current ---- */

void cell_law_salt_conduction(const assembly *work, size_t index)
{
    const cell_model *model = work->model;
    const cell_node *inner = &model->nodes[index], *outer = &model->nodes[index + 1];
    const place *near = &model->salt.places[model->cell->salt.separator_nodes + 1 + index],
                *far = near + 1;
    passage ions = conductance(near, far), junction = liquid_junction(model, near, far);
    double electrons = model->cell->electron_conductivity_S_per_m / model->node_m;
    /* i_e = -ions (phi_e,outer - phi_e,inner - junction) */
    double drop = work->y[outer->phi_s] - work->y[outer->w] - work->y[inner->phi_s] +
                  work->y[inner->w] - junction.conducts;
    double by_near = ions.by_near * drop - ions.conducts * junction.by_near,
           by_far = ions.by_far * drop - ions.conducts * junction.by_far;
    const struct {
        size_t row;
        double factor;
    } rows[] = {{inner->w, 1 / model->node_m}, {outer->w, -1 / model->node_m}, {outer->phi_s, -1}};
    for (size_t r = 0; r < 3; r++) {
        size_t row = rows[r].row;
        double factor = rows[r].factor;
        add_electrolyte(work, row, outer, factor * ions.conducts);
        add_electrolyte(work, row, inner, -factor * ions.conducts);
        add_value(work, row, -factor * ions.conducts * junction.conducts);
        add_entry(work, row, near->state, factor * by_near);
        add_entry(work, row, far->state, factor * by_far);
    }
    size_t row = outer->phi_s;
    add_state(work, row, outer->phi_s, -electrons);
    add_state(work, row, inner->phi_s, electrons);
    add_state(work, row, model->current, 1);
}

static void separator_passage(const assembly *work, const place *near, const place *far)
{
    const cell_model *model = work->model;
    size_t row = model->separator;
    double current = work->y[model->current];
    passage ions = conductance(near, far), junction = liquid_junction(model, near, far);
    double by_near = -current * ions.by_near / (ions.conducts * ions.conducts) + junction.by_near,
           by_far = -current * ions.by_far / (ions.conducts * ions.conducts) + junction.by_far;
    add_value(work, row, -current / ions.conducts - junction.conducts);
    add_entry(work, row, model->current, -1 / ions.conducts);
    add_entry(work, row, near->state, -by_near);
    add_entry(work, row, far->state, -by_far);
}

/* From the metal's surface to the middle of the composite's first node. */
void cell_law_salt_separator(const assembly *work)
{
    const place *places = work->model->salt.places;
    for (size_t n = 0; n <= work->model->cell->salt.separator_nodes; n++)
        separator_passage(work, &places[n], &places[n + 1]);
}
