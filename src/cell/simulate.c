/* SPDX-License-Identifier: BSD-3-Clause */
/* simulate.c: an experiment step by step, and what an instrument would have written down. */
#include "cell_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 7, PIECE = 4096, ROWS_IN_STEP_MOST = 100000 };
enum { TIME, POTENTIAL, CURRENT, CHARGE, STEP, CYCLE, AGAINST_METAL };

/* Rows in pieces, joined at the end. */
typedef struct piece {
    struct piece *next;
    size_t count;
    double values[PIECE][COLUMNS];
} piece;

typedef struct recorder {
    const closo_experiment *experiment;
    cell_model *model;
    const closo_progress *progress;
    closo_arena *arena;
    piece *first, *last;
    size_t row_count;
    double *state; /* room for one */
    size_t step;
    double last_s, last_V, every_s, every_V;
    double step_from_s, step_to_s;
    bool failed, stopped;
} recorder;

static void add_row(recorder *record, double t_s, const double *y)
{
    const cell_model *model = record->model;
    if (record->last == NULL || record->last->count == PIECE) {
        piece *more = closo_arena_alloc(record->arena, 1, sizeof *more);
        if (more == NULL) {
            record->failed = true;
            return;
        }
        if (record->last != NULL)
            record->last->next = more;
        else
            record->first = more;
        record->last = more;
    }
    const double area = model->cell->area_m2;
    double *row = record->last->values[record->last->count++];
    row[TIME] = t_s;
    row[POTENTIAL] = y[model->potential];
    bool open = record->experiment->steps[record->step].kind == CLOSO_EXPERIMENT_REST;
    row[CURRENT] = open ? 0 : 1e3 * area * cell_outer_current(model, y);
    row[CHARGE] = area * y[model->charge] / 3.6;
    row[STEP] = (double)record->step;
    row[CYCLE] = record->experiment->steps[record->step].cycle;
    row[AGAINST_METAL] = y[model->potential] + cell_metal_equilibrium_V(&model->counter, y);
    record->row_count++;
    record->last_s = t_s;
    record->last_V = y[model->potential];
}

/* After an internal step: rows at the sampling times within it, more where the potential moves fast. */
static bool listen(void *user, cell_solver *solver, double from_s, double to_s)
{
    recorder *record = user;
    double *y = record->state;
    cell_solver_at(solver, to_s, y);
    double moved_V = fabs(y[record->model->potential] - record->last_V);
    double every_s = record->every_s;
    if (moved_V > record->every_V)
        every_s = fmin(every_s, (to_s - record->last_s) * record->every_V / moved_V);
    every_s = fmax(every_s, (to_s - from_s) / 1000);
    double present_s = fmax(record->last_s + every_s, from_s);
    for (; present_s < to_s * (1 - 1e-14) && !record->failed; present_s += every_s) {
        cell_solver_at(solver, present_s, y);
        add_row(record, present_s, y);
    }
    if (record->progress != NULL && record->progress->report != NULL) {
        double steps = (double)record->experiment->step_count;
        double share = (to_s - record->step_from_s) / (record->step_to_s - record->step_from_s);
        char what[64];
        snprintf(what, sizeof what, "step %zu of %.0f, %.4f V", record->step + 1, steps,
                 record->last_V);
        record->stopped = !record->progress->report(
            record->progress->user, ((double)record->step + fmin(fmax(share, 0), 1)) / steps, what);
    }
    return !record->failed && !record->stopped;
}

/* ---- steps ---- */

/* Nothing lasts for ever: a step whose limits are never met ends after ten years, with a note. */
static const double longest_s = 10 * 365.25 * 86400;

static void set_control(cell_model *model, const closo_experiment_step *step, double t_s,
                        double potential_V)
{
    model->control = CELL_CONTROL_CURRENT;
    model->control_value = 0;
    model->control_rate = 0;
    model->control_from_s = t_s;
    switch (step->kind) {
    case CLOSO_EXPERIMENT_CURRENT:
        model->control_value = step->current_A_per_m2;
        break;
    case CLOSO_EXPERIMENT_POTENTIAL:
        model->control = CELL_CONTROL_POTENTIAL;
        model->control_value = step->potential_V;
        break;
    case CLOSO_EXPERIMENT_SWEEP:
        model->control = CELL_CONTROL_POTENTIAL;
        model->control_value = potential_V;
        model->control_rate =
            step->potential_V > potential_V ? step->rate_V_per_s : -step->rate_V_per_s;
        break;
    case CLOSO_EXPERIMENT_REST:
    case CLOSO_EXPERIMENT_IMPEDANCE:
        break;
    }
}

static double end_of(const closo_experiment_step *step, double t_s, double potential_V)
{
    double lasts_s = isfinite(step->until_s) ? step->until_s : longest_s;
    if (step->kind == CLOSO_EXPERIMENT_SWEEP)
        lasts_s = fmin(lasts_s, fabs(step->potential_V - potential_V) / step->rate_V_per_s);
    return t_s + lasts_s;
}

static closo_status measure_impedance(const recorder *record, cell_solver *solver,
                                      const closo_experiment_step *step, closo_simulation *made,
                                      closo_error *error)
{
    const double ratio = pow(10, 1 / step->per_decade);
    double from_Hz = fmax(step->from_Hz, step->to_Hz), to_Hz = fmin(step->from_Hz, step->to_Hz);
    size_t count = (size_t)(log(from_Hz / to_Hz) / log(ratio) + 1e-9) + 1;
    double *f = closo_arena_alloc(record->arena, 3 * count, sizeof *f);
    if (f == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count; i++)
        f[i] = from_Hz * pow(ratio, -(double)i);
    const double *y = cell_solver_state(solver);
    closo_status status = cell_small_signal(record->model, cell_solver_time_s(solver), y, f, count,
                                            f + count, f + 2 * count, error);
    if (status != CLOSO_OK)
        return status;
    for (size_t i = count; i < 3 * count; i++)
        f[i] /= record->model->cell->area_m2;
    const double nothing = NAN;
    closo_stationarity *still = &made->spectrum_stationarity[made->spectrum_count];
    status = cell_stationarity(record->model, cell_solver_time_s(solver), y, still, error);
    if (status != CLOSO_OK)
        return status;
    made->spectrum_step[made->spectrum_count] = record->step;
    made->spectra[made->spectrum_count++] =
        (closo_spectrum){.count = count,
                         .frequency_Hz = f,
                         .real_ohm = f + count,
                         .imaginary_ohm = f + 2 * count,
                         .name = closo_arena_printf(
                             record->arena, "%s, step %zu",
                             record->model->cell->name != NULL ? record->model->cell->name : "cell",
                             record->step + 1),
                         .temperature_K = record->model->cell->temperature_K,
                         .time_s = cell_solver_time_s(solver),
                         .cycle = step->cycle,
                         .potential_V = y[record->model->potential],
                         .amplitude = nothing,
                         .thickness_m = nothing,
                         .area_m2 = record->model->cell->area_m2};
    return CLOSO_OK;
}

static closo_status run_step(recorder *record, cell_solver *solver,
                             const closo_experiment_step *step, closo_simulation *made,
                             closo_error *error)
{
    cell_model *model = record->model;
    const double *y = cell_solver_state(solver);
    double t_s = cell_solver_time_s(solver), potential_V = y[model->potential];
    if (step->kind == CLOSO_EXPERIMENT_IMPEDANCE)
        return measure_impedance(record, solver, step, made, error);
    set_control(model, step, t_s, potential_V);
    closo_status status = cell_solver_start(solver, error);
    if (status != CLOSO_OK)
        return status;
    const double nothing = NAN;
    const cell_limits limits = {.until_s = end_of(step, t_s, potential_V),
                                .until_V =
                                    step->kind == CLOSO_EXPERIMENT_SWEEP ? nothing : step->until_V,
                                .until_A_per_m2 = step->until_current_A_per_m2,
                                .until_C_per_m2 = step->until_charge_C_per_m2,
                                .charge_C_per_m2 = y[model->charge]};
    record->step_from_s = t_s;
    record->step_to_s = limits.until_s;
    record->every_s = record->experiment->every_s > 0 ? record->experiment->every_s
                      : isfinite(step->until_s)       ? step->until_s / 100
                                                      : 60;
    record->every_V = record->experiment->every_V > 0 ? record->experiment->every_V : 2e-3;
    record->every_s = fmax(record->every_s, (limits.until_s - t_s) / ROWS_IN_STEP_MOST);
    add_row(record, t_s, y); /* the first row under the new control */
    cell_end end;
    status = cell_solver_run(solver, &limits, listen, record, &end, error);
    if (status == CLOSO_OK && record->failed)
        status = closo_fail_nomem(error);
    if (status == CLOSO_OK && end == CELL_END_STOPPED)
        status = closo_fail(error, CLOSO_CANCELLED, "stopped in step %zu", record->step + 1);
    if (record->last_s < cell_solver_time_s(solver) && !record->failed)
        add_row(record, cell_solver_time_s(solver), cell_solver_state(solver));
    if (status == CLOSO_OK && end == CELL_END_TIME && !isfinite(step->until_s) &&
        step->kind != CLOSO_EXPERIMENT_SWEEP)
        closo_notes_add(&made->notes, record->arena,
                        "step %zu met none of its limits within ten years", record->step + 1);
    return status;
}

/* ---- the table ---- */

static closo_status make_table(const recorder *record, closo_simulation *made, closo_error *error)
{
    static const struct {
        const char *name, *unit;
        closo_quantity quantity;
    } columns[COLUMNS] = {{"time/s", "s", CLOSO_QUANTITY_TIME},
                          {"Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL},
                          {"I/mA", "mA", CLOSO_QUANTITY_CURRENT},
                          {"(Q-Qo)/mA.h", "mA.h", CLOSO_QUANTITY_CHARGE},
                          {"Ns", "", CLOSO_QUANTITY_STEP},
                          {"cycle number", "", CLOSO_QUANTITY_CYCLE},
                          {"Ewe vs metal/V", "V", CLOSO_QUANTITY_OTHER}};
    const closo_cell *cell = record->model->cell;
    closo_table *table =
        closo_table_new(record->arena, cell->name != NULL ? cell->name : "simulated cell");
    if (table == NULL)
        return closo_fail_nomem(error);
    table->format = "closo simulation";
    table->technique = "simulation";
    table->row_count = record->row_count;
    bool alloy = cell->counter.potential_V != 0 || cell->counter.equilibrium.count > 0;
    for (size_t c = 0; c < COLUMNS; c++) {
        if (c == AGAINST_METAL && !alloy)
            continue;
        double *values = closo_arena_alloc(record->arena, record->row_count + 1, sizeof *values);
        size_t row = 0;
        if (values == NULL)
            return closo_fail_nomem(error);
        for (const piece *part = record->first; part != NULL; part = part->next)
            for (size_t i = 0; i < part->count; i++)
                values[row++] = part->values[i][c];
        if (closo_table_add_values(table, columns[c].name, columns[c].unit, columns[c].quantity,
                                   values) == NULL)
            return closo_fail_nomem(error);
    }
    if (closo_table_set_number(table, "electrode_area", 1e4 * cell->area_m2, "cm2") != CLOSO_OK ||
        closo_table_set_number(table, "temperature", cell->temperature_K, "K") != CLOSO_OK ||
        (cell->source != NULL && closo_table_set_text(table, "comments", cell->source) != CLOSO_OK))
        return closo_fail_nomem(error);
    made->table = table;
    return CLOSO_OK;
}

/* A drift of a tenth of the usual amplitude of 10 mV in the slowest period is seen in a measured spectrum. */
static void note_drift(const recorder *record, closo_simulation *made)
{
    const double seen_V = 1e-3;
    double most_V = 0, at_Hz = 0;
    size_t step = 0, count = 0;
    for (size_t i = 0; i < made->spectrum_count; i++) {
        const closo_spectrum *spectrum = &made->spectra[i];
        double slowest_Hz = spectrum->frequency_Hz[spectrum->count - 1];
        double moved_V = fabs(made->spectrum_stationarity[i].drift_V_per_s) / slowest_Hz;
        count += moved_V > seen_V;
        if (moved_V > most_V) {
            most_V = moved_V;
            at_Hz = slowest_Hz;
            step = made->spectrum_step[i];
        }
    }
    if (count != 0)
        closo_notes_add(&made->notes, record->arena,
                        "%zu of %zu spectra are of a cell that is not at rest, most in step %zu: "
                        "%.2g mV in a period of %.3g Hz; a measured one would bend there",
                        count, made->spectrum_count, step + 1, 1e3 * most_V, at_Hz);
}

closo_status closo_cell_simulate(const closo_cell *cell, const closo_experiment *experiment,
                                 const closo_simulation_options *options,
                                 const closo_progress *progress, closo_arena *arena,
                                 closo_simulation **simulation, closo_error *error)
{
    cell_model *model;
    cell_solver *solver;
    closo_simulation *made = closo_arena_alloc(arena, 1, sizeof *made);
    recorder record = {.experiment = experiment, .progress = progress, .arena = arena};
    if (made == NULL)
        return closo_fail_nomem(error);
    *simulation = NULL;
    if (experiment->step_count == 0)
        return closo_fail(error, CLOSO_RANGE, "the experiment has no steps");
    made->spectra = closo_arena_alloc(arena, experiment->step_count, sizeof *made->spectra);
    made->spectrum_step =
        closo_arena_alloc(arena, experiment->step_count, sizeof *made->spectrum_step);
    made->spectrum_stationarity =
        closo_arena_alloc(arena, experiment->step_count, sizeof *made->spectrum_stationarity);
    if (made->spectra == NULL || made->spectrum_step == NULL || made->spectrum_stationarity == NULL)
        return closo_fail_nomem(error);
    closo_status status = cell_model_make(cell, arena, &model, error);
    if (status == CLOSO_OK)
        status = cell_solver_new(model, options != NULL ? options->relative_tolerance : 0, arena,
                                 &solver, error);
    if (status != CLOSO_OK)
        return status;
    record.model = model;
    record.state = closo_arena_alloc(arena, model->state_count, sizeof *record.state);
    if (record.state == NULL)
        status = closo_fail_nomem(error);
    for (size_t s = 0; s < experiment->step_count && status == CLOSO_OK; s++) {
        record.step = s;
        status = run_step(&record, solver, &experiment->steps[s], made, error);
    }
    note_drift(&record, made);
    cell_solver_statistics(solver, &made->statistics);
    cell_solver_free(solver);
    made->complete = status == CLOSO_OK;
    closo_status table = make_table(&record, made, status == CLOSO_OK ? error : NULL);
    if (table != CLOSO_OK)
        return status == CLOSO_OK ? table : status;
    *simulation = made;
    return status;
}
