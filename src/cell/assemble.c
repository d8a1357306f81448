/* SPDX-License-Identifier: BSD-3-Clause */
/* assemble.c: the residual and its Jacobian in one pass. Each equation adds its terms together with their derivatives, so
 * that the two cannot part. Equation numbers are those of docs/cell.md. */
#include "cell_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- entries ---- */

typedef struct assembly {
    const cell_model *model;
    const double *y, *slope;
    double t_s, share;
    double *residual;
    cell_matrix *matrix;
} assembly;

static void add_value(const assembly *work, size_t row, double value)
{
    if (work->residual != NULL)
        work->residual[row] += value;
}

static void record(cell_matrix *matrix, size_t row, size_t column)
{
    if (matrix->failed)
        return;
    if (matrix->recorded == matrix->capacity) {
        size_t more = matrix->capacity == 0 ? 1024 : 2 * matrix->capacity;
        size_t *rows = closo_arena_alloc(matrix->arena, more, sizeof *rows);
        size_t *columns = closo_arena_alloc(matrix->arena, more, sizeof *columns);
        if (rows == NULL || columns == NULL) {
            matrix->failed = true;
            return;
        }
        if (matrix->recorded != 0) {
            memcpy(rows, matrix->rows, matrix->recorded * sizeof *rows);
            memcpy(columns, matrix->columns, matrix->recorded * sizeof *columns);
        }
        matrix->rows = rows;
        matrix->columns = columns;
        matrix->capacity = more;
    }
    matrix->rows[matrix->recorded] = row;
    matrix->columns[matrix->recorded++] = column;
}

/* d residual[row] / d y[column] */
static void add_entry(const assembly *work, size_t row, size_t column, double value)
{
    cell_matrix *matrix = work->matrix;
    if (matrix == NULL)
        return;
    if (matrix->recording)
        record(matrix, row, column);
    else
        matrix->data[matrix->map[matrix->next++]] += value;
}

/* factor * y[column] and factor * y'[column] */
static void add_state(const assembly *work, size_t row, size_t column, double factor)
{
    add_value(work, row, factor * work->y[column]);
    add_entry(work, row, column, factor);
}

static void add_rate(const assembly *work, size_t row, size_t column, double factor)
{
    add_value(work, row, factor * work->slope[column]);
    add_entry(work, row, column, work->share * factor);
}

/* ---- laws ---- */

/* exp, but a straight line above 60: Newton may look far off, and infinity tells it nothing. */
static double bounded_exp(double x, double *derivative)
{
    const double most = 60;
    double value = exp(fmin(x, most));
    *derivative = value;
    return x > most ? value * (1 + x - most) : value;
}

/* Oxidation of anion k at a surface: current density and its derivatives by w and q. Eq. 6. */
typedef struct oxidation {
    double current, by_w, by_q;
} oxidation;

static oxidation oxidise(const cell_model *model, size_t k, double w, double q)
{
    const closo_anion_oxidation *anion = &model->cell->anions[k];
    double slope, rise = anion->transfer * model->thermal_per_V;
    double ease = bounded_exp(rise * (w - anion->onset_V - anion->gamma_V_m2_per_C * q), &slope);
    double left = 1, left_by_q = 0, j0 = model->anion_A_per_m2[k];
    if (anion->reservoir_C_per_m2 > 0) {
        left = 1 - q / anion->reservoir_C_per_m2;
        left_by_q = -1 / anion->reservoir_C_per_m2;
    }
    return (oxidation){j0 * ease * left, j0 * slope * rise * left,
                       j0 * (ease * left_by_q - slope * rise * anion->gamma_V_m2_per_C * left)};
}

/* Resistance of the film on the active material and its derivatives by its charges and R_slow. Eq. 7. */
typedef struct film {
    double ohm_m2, by_first, by_second;
} film;

static film film_of(const assembly *work, const cell_node *node)
{
    const closo_film *law = &work->model->cell->film;
    film made = {work->y[node->slow], 0, 0};
    if (!(law->rho_ohm_m4_per_C > 0) || work->model->cell->anion_count == 0)
        return made;
    size_t first = node->surfaces[0].charge;
    double grown = law->rho_ohm_m4_per_C, by_second = 0;
    if (work->model->cell->anion_count > 1 && work->model->cell->anions[1].reservoir_C_per_m2 > 0) {
        double slope, reservoir = work->model->cell->anions[1].reservoir_C_per_m2;
        grown *= bounded_exp(law->growth * work->y[first + 1] / reservoir, &slope);
        by_second = law->rho_ohm_m4_per_C * slope * law->growth / reservoir;
    }
    made.ohm_m2 += grown * work->y[first];
    made.by_first = grown;
    made.by_second = by_second * work->y[first];
    return made;
}

/* ---- grains ---- */

/* Eq. 1: finite volumes in a sphere; y is the share of filled sites. */
static void diffuse(const assembly *work, const cell_node *node)
{
    const cell_model *model = work->model;
    const closo_active_material *active = &model->cell->active;
    size_t count = model->cell->shell_count;
    double width = 1 / (double)count; /* in radii */
    double rate = model->diffusivity_m2_per_s / (active->radius_m * active->radius_m);
    double outflow = 1 / (CLOSO_FARADAY_C_per_mol * active->sites_mol_per_m3 * active->radius_m);
    for (size_t s = 0; s < count; s++) {
        size_t row = node->shells + s;
        double volume = model->shell_volume[s];
        add_rate(work, row, row, 1);
        if (s > 0) {
            double flow = rate * model->shell_area[s - 1] / (width * volume);
            add_state(work, row, row, flow);
            add_state(work, row, row - 1, -flow);
        }
        if (s + 1 < count) {
            double flow = rate * model->shell_area[s] / (width * volume);
            add_state(work, row, row, flow);
            add_state(work, row, row + 1, -flow);
        } else {
            /* anodic current takes ions out through the surface */
            add_state(work, row, node->current, outflow / volume);
        }
    }
}

/* Eq. 5: j = i0(y_s) [exp(al f eta) - exp(-(1 - al) f eta)], eta = w - U(y_s) - j R_f; y_s half a shell further out than the
 * last shell's middle. */
static void react(const assembly *work, const cell_node *node)
{
    const cell_model *model = work->model;
    const closo_active_material *active = &model->cell->active;
    size_t row = node->current, last = node->shells + model->cell->shell_count - 1;
    double j = work->y[row];
    double reach = model->shell_m / (2 * CLOSO_FARADAY_C_per_mol * active->sites_mol_per_m3 *
                                     model->diffusivity_m2_per_s);
    double filled = work->y[last] - j * reach, by_filled;
    double equilibrium_V = cell_curve_at(&model->equilibrium, filled, &by_filled);
    film cover = film_of(work, node);
    double eta = work->y[node->w] - equilibrium_V - j * cover.ohm_m2;

    /* Beyond the ends of the equilibrium's table its potential is a straight line; an exchange current that went on to fall
     * there would fold the branch of Tafel back, and no solution were left. */
    const cell_curve *curve = &model->equilibrium;
    double inside =
        fmin(fmax(filled, fmax(curve->x[0], 1e-9)), fmin(curve->x[curve->count - 1], 1 - 1e-9));
    double room = 4 * inside * (1 - inside);
    double exchange = model->exchange_A_per_m2 * pow(room, active->filling_exponent);
    double exchange_by_filled =
        inside == filled ? exchange * active->filling_exponent * 4 * (1 - 2 * inside) / room : 0;
    double f = model->thermal_per_V, slope_out, slope_in;
    double out = bounded_exp(active->transfer * f * eta, &slope_out),
           in = bounded_exp(-(1 - active->transfer) * f * eta, &slope_in);
    double by_eta =
        exchange * f * (active->transfer * slope_out + (1 - active->transfer) * slope_in);
    double surface = exchange_by_filled * (out - in) - by_eta * by_filled; /* d j / d y_s */

    add_value(work, row, j - exchange * (out - in));
    add_entry(work, row, row, 1 + surface * reach + by_eta * cover.ohm_m2);
    add_entry(work, row, last, -surface);
    add_entry(work, row, node->w, -by_eta);
    add_entry(work, row, node->slow, by_eta * j);
    if (model->cell->anion_count > 0) {
        add_entry(work, row, node->surfaces[0].charge, by_eta * j * cover.by_first);
        if (model->cell->anion_count > 1)
            add_entry(work, row, node->surfaces[0].charge + 1, by_eta * j * cover.by_second);
    }
}

/* Eq. 7, the slow part. */
static void thicken(const assembly *work, const cell_node *node)
{
    const closo_film *law = &work->model->cell->film;
    size_t row = node->slow;
    add_rate(work, row, row, 1);
    if (!(law->slow_ohm_m2_per_s > 0)) {
        return;
    }
    double slope, rise = law->slow_transfer * work->model->thermal_per_V;
    double ease = bounded_exp(rise * (work->y[node->w] - law->slow_onset_V), &slope);
    double base = 1 + fmax(work->y[row], 0) / law->slow_half_ohm_m2;
    double brake = pow(base, -law->slow_order);
    add_value(work, row, -law->slow_ohm_m2_per_s * ease * brake);
    add_entry(work, row, node->w, -law->slow_ohm_m2_per_s * slope * rise * brake);
    add_entry(work, row, row,
              law->slow_ohm_m2_per_s * ease * brake * law->slow_order /
                  (base * law->slow_half_ohm_m2));
}

/* ---- a node ---- */

/* Eqs. 4 and 6: the double layers of all surfaces take what the electrolyte brings and the reactions leave:
 *   sum a C dw/dt + sum a j - d i_e / dx = 0. */
static void balance(const assembly *work, size_t index)
{
    const cell_model *model = work->model;
    const cell_node *node = &model->nodes[index];
    size_t row = node->w;
    for (size_t s = 0; s < node->surface_count; s++) {
        const cell_surface *surface = &node->surfaces[s];
        add_rate(work, row, row, surface->area_per_m * surface->double_layer_F_per_m2);
        if (surface->active)
            add_state(work, row, node->current, surface->area_per_m);
        for (size_t k = 0; k < model->cell->anion_count; k++) {
            size_t charge = surface->charge + k;
            oxidation made = oxidise(model, k, work->y[row], work->y[charge]);
            add_value(work, row, surface->area_per_m * made.current);
            add_entry(work, row, row, surface->area_per_m * made.by_w);
            add_entry(work, row, charge, surface->area_per_m * made.by_q);
            add_rate(work, charge, charge, 1);
            add_value(work, charge, -made.current);
            add_entry(work, charge, row, -made.by_w);
            add_entry(work, charge, charge, -made.by_q);
        }
    }
}

/* factor * (phi_e of a node), phi_e = phi_s - w */
static void add_electrolyte(const assembly *work, size_t row, const cell_node *node, double factor)
{
    add_state(work, row, node->phi_s, factor);
    add_state(work, row, node->w, -factor);
}

/* Eqs. 2 and 3: what flows between two nodes. The ionic current goes into the balances of both; ionic and electronic
 * current together are the cell's current, -I, which fixes phi_s of the outer node. */
static void conduct(const assembly *work, size_t index)
{
    const cell_model *model = work->model;
    const cell_node *inner = &model->nodes[index], *outer = &model->nodes[index + 1];
    double ions = model->ion_S_per_m * model->cell->ion_path / model->node_m;
    double electrons = model->cell->electron_conductivity_S_per_m / model->node_m;
    /* i_e = -ions (phi_e,outer - phi_e,inner); row w has -(i_e,right - i_e,left) / dx */
    add_electrolyte(work, inner->w, outer, ions / model->node_m);
    add_electrolyte(work, inner->w, inner, -ions / model->node_m);
    add_electrolyte(work, outer->w, outer, -ions / model->node_m);
    add_electrolyte(work, outer->w, inner, ions / model->node_m);
    size_t row = outer->phi_s;
    add_electrolyte(work, row, outer, -ions);
    add_electrolyte(work, row, inner, ions);
    add_state(work, row, outer->phi_s, -electrons);
    add_state(work, row, inner->phi_s, electrons);
    add_state(work, row, model->current, 1);
}

/* ---- the rest of the cell ---- */

/* Eq. 8: the metal's double layer and its interphase; u = R^2 grows evenly where R grows with the root of time. */
static void metal(const assembly *work)
{
    const cell_model *model = work->model;
    size_t row = model->metal, grown = model->interphase;
    double u = fmax(work->y[grown], 0), root = sqrt(u), v = work->y[row];
    double ohm_m2 = model->metal_ohm_m2 + root;
    add_rate(work, row, row, model->cell->metal_double_layer_F_per_m2);
    add_state(work, row, model->current, -1);
    add_value(work, row, v / ohm_m2);
    add_entry(work, row, row, 1 / ohm_m2);
    add_entry(work, row, grown, u > 0 ? -v / (ohm_m2 * ohm_m2) / (2 * root) : 0);
    add_rate(work, grown, grown, 1);
    add_value(work, grown, -model->cell->metal_growth_ohm2_m4_per_s);
}

static void separator(const assembly *work)
{
    static const double vacuum_F_per_m = 8.8541878128e-12;
    const cell_model *model = work->model;
    const closo_cell *cell = model->cell;
    size_t row = model->separator;
    /* v - I R + R C dv/dt = 0: divided by R it would fail without a separator */
    add_state(work, row, row, 1);
    add_state(work, row, model->current, -model->separator_ohm_m2);
    if (model->differential[row] > 0)
        add_rate(work, row, row,
                 model->separator_ohm_m2 * vacuum_F_per_m * cell->separator_permittivity /
                     cell->separator_m);
}

/* V / R of the electrons through the separator. */
static double leak_S_per_m2(const cell_model *model)
{
    return model->cell->separator_m > 0
               ? model->cell->electron_leak_S_per_m / model->cell->separator_m
               : 0;
}

double cell_outer_current(const cell_model *model, const double *y)
{
    return y[model->current] + leak_S_per_m2(model) * y[model->potential];
}

static void circuit(const assembly *work)
{
    const cell_model *model = work->model;
    const closo_cell *cell = model->cell;
    const cell_node *first = &model->nodes[0], *last = &model->nodes[cell->node_count - 1];
    double ions = model->ion_S_per_m * cell->ion_path;
    double leak = leak_S_per_m2(model);
    /* the balance of the first node has the current of the separator on its left: -(0 - (-I)) / dx at x = 0 */
    add_state(work, first->w, model->current, -1 / model->node_m);
    /* phi_e of the first node against the metal */
    add_electrolyte(work, first->phi_s, first, 1);
    add_state(work, first->phi_s, model->metal, -1);
    add_state(work, first->phi_s, model->separator, -1);
    add_state(work, first->phi_s, model->current, -model->node_m / (2 * ions));
    /* V = phi_s at the collector + I R */
    size_t row = model->potential;
    add_state(work, row, row, 1);
    add_state(work, row, last->phi_s, -1);
    add_state(work, row, model->current,
              -model->node_m / (2 * cell->electron_conductivity_S_per_m) -
                  cell->series_resistance_ohm_m2);
    /* charge outside */
    add_rate(work, model->charge, model->charge, 1);
    add_state(work, model->charge, model->current, -1);
    add_state(work, model->charge, model->potential, -leak);
    /* Eq. 11: control. Both kinds have the same entries, so that the pattern stays. */
    row = model->current;
    bool galvanostatic = model->control == CELL_CONTROL_CURRENT;
    add_state(work, row, model->current, galvanostatic ? 1 : 0);
    add_state(work, row, model->potential, galvanostatic ? leak : 1);
    add_value(work, row,
              -model->control_value -
                  (galvanostatic ? 0 : model->control_rate * (work->t_s - model->control_from_s)));
}

void cell_assemble(const cell_model *model, double t_s, const double *y, const double *slope,
                   double share, double *residual, cell_matrix *matrix)
{
    const assembly work = {model, y, slope, t_s, share, residual, matrix};
    if (residual != NULL)
        memset(residual, 0, model->state_count * sizeof *residual);
    if (matrix != NULL && !matrix->recording) {
        memset(matrix->data, 0, matrix->entry_count * sizeof *matrix->data);
        matrix->next = 0;
    }
    for (size_t n = 0; n < model->cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        if (node->shells != SIZE_MAX) {
            diffuse(&work, node);
            react(&work, node);
            thicken(&work, node);
        }
        balance(&work, n);
        if (n + 1 < model->cell->node_count)
            conduct(&work, n);
    }
    metal(&work);
    separator(&work);
    circuit(&work);
}

/* ---- the pattern ---- */

typedef struct place {
    size_t row, column, order;
} place;

static int by_column(const void *one, const void *other)
{
    const place *a = one, *b = other;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

closo_status cell_matrix_make(const cell_model *model, cell_matrix *matrix, closo_error *error)
{
    size_t n = model->state_count;
    double *y = closo_arena_alloc(model->arena, 2 * n, sizeof *y);
    *matrix = (cell_matrix){.row_count = n, .recording = true, .arena = model->arena};
    if (y == NULL)
        return closo_fail_nomem(error);
    cell_model_rest(model, y);
    cell_assemble(model, 0, y, y + n, 1, NULL, matrix);
    size_t count = matrix->recorded;
    place *places = closo_arena_alloc(model->arena, count + 1, sizeof *places);
    matrix->map = closo_arena_alloc(model->arena, count + 1, sizeof *matrix->map);
    matrix->starts = closo_arena_alloc(model->arena, n + 1, sizeof *matrix->starts);
    matrix->indices = closo_arena_alloc(model->arena, count + 1, sizeof *matrix->indices);
    matrix->data = closo_arena_alloc(model->arena, count + 1, sizeof *matrix->data);
    if (matrix->failed || places == NULL || matrix->map == NULL || matrix->starts == NULL ||
        matrix->indices == NULL || matrix->data == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count; i++)
        places[i] = (place){matrix->rows[i], matrix->columns[i], i};
    qsort(places, count, sizeof *places, by_column);
    size_t entries = 0;
    for (size_t i = 0; i < count; i++) {
        bool same =
            i > 0 && places[i].row == places[i - 1].row && places[i].column == places[i - 1].column;
        if (!same) {
            matrix->indices[entries++] = (int64_t)places[i].row;
            matrix->starts[places[i].column + 1]++;
        }
        matrix->map[places[i].order] = entries - 1;
    }
    for (size_t c = 0; c < n; c++)
        matrix->starts[c + 1] += matrix->starts[c];
    matrix->entry_count = entries;
    matrix->recording = false;
    return CLOSO_OK;
}
