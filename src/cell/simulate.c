/* SPDX-License-Identifier: BSD-3-Clause */
/* simulate.c: an experiment step by step, and what an instrument would have written down. */
#include "simulate_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_IN_STEP_MOST = 100000, REPORT_EVERY = 8 };

typedef struct recorder {
    const closo_experiment *experiment;
    cell_model *model;
    cell_solver *solver;
    const closo_progress *progress;
    closo_arena *arena;
    cell_log log;
    cell_checkpoint *checkpoint; /* or NULL */
    cell_moment moment;          /* the last one at which the run could be taken up */
    double *state;               /* room for one */
    size_t step, calls;
    double tolerance; /* relative; 0: the usual */
    double last_s, last_V, every_s, every_V;
    double step_from_s, step_expected_s;
    double lasted_s
        [2]; /* the last step of constant current, oxidation and reduction; for the progress only */
    bool stopped;
} recorder;

/* Cycles that a loop left out are not counted. */
static int cycle_of(const recorder *record)
{
    return record->experiment->steps[record->step].cycle - (int)record->moment.loops.skipped_cycles;
}

static void add_row(recorder *record, double t_s, const double *y)
{
    const cell_model *model = record->model;
    const double area = model->cell->area_m2;
    const closo_experiment_step *step = &record->experiment->steps[record->step];
    bool open = step->kind == CLOSO_EXPERIMENT_REST;
    double potential_V = y[model->potential];
    const cell_entry entry = {
        {CELL_ENTRY_ROW, t_s, potential_V, open ? 0 : 1e3 * area * cell_outer_current(model, y),
         area * y[model->charge] / 3.6, (double)record->step, cycle_of(record),
         potential_V + cell_metal_equilibrium_V(&model->counter, y), cell_temperature_K(model, y)}};
    cell_log_add(&record->log, &entry);
    record->last_s = t_s;
    record->last_V = potential_V;
}

static void tell_progress(recorder *record, double to_s)
{
    if (record->progress == NULL || record->progress->report == NULL ||
        record->calls++ % REPORT_EVERY != 0)
        return;
    double steps = (double)record->experiment->step_count;
    double share = (to_s - record->step_from_s) / record->step_expected_s;
    char what[64];
    snprintf(what, sizeof what, "step %zu of %.0f, %.4f V", record->step + 1, steps,
             record->last_V);
    record->stopped = !record->progress->report(
        record->progress->user, ((double)record->step + fmin(fmax(share, 0), 1)) / steps, what);
}

/* After an internal step: rows at the sampling times within it, more where the potential moves fast. */
static bool listen(void *user, cell_solver *solver, double from_s, double to_s)
{
    recorder *record = user;
    double *y = record->state;
    cell_solver_glance(solver, to_s, y);
    double moved_V = fabs(y[record->model->potential] - record->last_V);
    double every_s = record->every_s;
    bool held = record->experiment->steps[record->step].kind == CLOSO_EXPERIMENT_POTENTIAL;
    if (held && !(record->experiment->every_s > 0)) /* the current falls: 2 % of the time gone by */
        every_s = fmin(every_s, fmax(1, 0.02 * (record->last_s - record->step_from_s)));
    if (moved_V > record->every_V)
        every_s = fmin(every_s, (to_s - record->last_s) * record->every_V / moved_V);
    every_s = fmax(every_s, (to_s - from_s) / 1000);
    double present_s = fmax(record->last_s + every_s, from_s);
    for (; present_s < to_s * (1 - 1e-14) && !record->log.failed; present_s += every_s) {
        cell_solver_glance(solver, present_s, y);
        add_row(record, present_s, y);
    }
    tell_progress(record, to_s);
    return !record->log.failed && !record->stopped;
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
    case CLOSO_EXPERIMENT_TEMPERATURE:
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

static void log_spectrum(recorder *record, const double *frequency_Hz, size_t count,
                         const closo_stationarity *still)
{
    const cell_model *model = record->model;
    const double *real = frequency_Hz + count, *imaginary = real + count;
    const double area = model->cell->area_m2;
    const cell_entry head = {{CELL_ENTRY_SPECTRUM, cell_solver_time_s(record->solver),
                              cell_solver_state(record->solver)[model->potential], (double)count,
                              (double)record->step, cycle_of(record),
                              cell_temperature_K(model, cell_solver_state(record->solver)),
                              still->residual, still->drift_V_per_s}};
    cell_log_add(&record->log, &head);
    for (size_t i = 0; i < count; i++) {
        const cell_entry point = {
            {CELL_ENTRY_POINT, frequency_Hz[i], real[i] / area, imaginary[i] / area}};
        cell_log_add(&record->log, &point);
    }
}

static closo_status measure_impedance(recorder *record, const closo_experiment_step *step,
                                      closo_error *error)
{
    const double ratio = pow(10, 1 / step->per_decade);
    double from_Hz = fmax(step->from_Hz, step->to_Hz), to_Hz = fmin(step->from_Hz, step->to_Hz);
    size_t count = (size_t)(log(from_Hz / to_Hz) / log(ratio) + 1e-9) + 1;
    cell_model *model = record->model;
    closo_arena *own = model->arena, *scratch = closo_arena_new(0);
    double *f = scratch != NULL ? closo_arena_alloc(scratch, 3 * count, sizeof *f) : NULL;
    const double *y = cell_solver_state(record->solver);
    double t_s = cell_solver_time_s(record->solver);
    closo_stationarity still = {0};
    closo_status status = f != NULL ? CLOSO_OK : closo_fail_nomem(error);
    for (size_t i = 0; i < count && f != NULL; i++)
        f[i] = from_Hz * pow(ratio, -(double)i);
    model->arena = scratch; /* or each of a thousand spectra would leave its matrices */
    if (status == CLOSO_OK)
        status = cell_small_signal(model, t_s, y, f, count, f + count, f + 2 * count, error);
    if (status == CLOSO_OK)
        status = cell_stationarity(model, t_s, y, &still, error);
    model->arena = own;
    if (status == CLOSO_OK)
        log_spectrum(record, f, count, &still);
    closo_arena_free(scratch);
    return status;
}

/* ---- moments ---- */

/* The run could be taken up here: the integrator is about to begin anew. */
static void mark(recorder *record, bool within)
{
    cell_moment *moment = &record->moment;
    if (record->checkpoint == NULL || record->log.failed)
        return;
    size_t bytes = moment->state_count * sizeof *moment->y;
    moment->step = record->step;
    moment->within = within;
    moment->t_s = cell_solver_time_s(record->solver);
    moment->last_row_s = record->last_s;
    moment->last_row_V = record->last_V;
    moment->entry_count = record->log.count;
    moment->temperature_K = record->model->cell->temperature_K;
    cell_solver_statistics(record->solver, &moment->statistics);
    memcpy(moment->y, cell_solver_state(record->solver), bytes);
    memcpy(moment->slope, cell_solver_slope(record->solver), bytes);
    cell_checkpoint_keep(record->checkpoint, moment, &record->log, false);
}

static closo_status open_checkpoint(recorder *record, const closo_simulation_options *options,
                                    closo_error *error)
{
    cell_moment *moment = &record->moment;
    bool found = false;
    size_t n = record->model->state_count;
    moment->state_count = n;
    moment->y = closo_arena_alloc(record->arena, 2 * n, sizeof *moment->y);
    if (moment->y == NULL)
        return closo_fail_nomem(error);
    moment->slope = moment->y + n;
    closo_status status =
        cell_digest_model(record->model, options->relative_tolerance, moment->cell_digest, error);
    if (status == CLOSO_OK)
        status = cell_digest_experiment(record->experiment, moment->experiment_digest, error);
    if (status == CLOSO_OK)
        status = cell_checkpoint_open(options, moment, &record->log, record->arena,
                                      &record->checkpoint, &found, error);
    if (status != CLOSO_OK || !found)
        return status;
    cell_solver_restore(record->solver, moment->t_s, &moment->statistics);
    memcpy(cell_solver_state(record->solver), moment->y, n * sizeof *moment->y);
    memcpy(cell_solver_slope(record->solver), moment->slope, n * sizeof *moment->slope);
    cell_model_set_temperature(record->model, moment->temperature_K);
    record->last_s = moment->last_row_s;
    record->last_V = moment->last_row_V;
    return CLOSO_OK;
}

/* ---- a step ---- */

/* How long it will take, for the progress: as the one before of its direction, or what a full charge takes. */
static double expected_s(const recorder *record, const closo_experiment_step *step, double most_s)
{
    const closo_active_material *active = &record->model->cell->active;
    if (step->kind != CLOSO_EXPERIMENT_CURRENT)
        return most_s;
    double before_s = record->lasted_s[step->current_A_per_m2 < 0];
    double full_s = CLOSO_FARADAY_C_per_mol * active->sites_mol_per_m3 * active->volume_fraction *
                    record->model->cell->thickness_m / fabs(step->current_A_per_m2);
    return fmin(most_s, before_s > 0 ? before_s : full_s > 0 ? full_s : most_s);
}

static void begin_rows(recorder *record, const closo_experiment_step *step)
{
    const cell_moment *moment = &record->moment;
    const closo_experiment *experiment = record->experiment;
    double lasts_s = moment->step_to_s - moment->step_from_s;
    record->step_from_s = moment->step_from_s;
    record->step_expected_s = expected_s(record, step, lasts_s);
    record->every_s = experiment->every_s > 0   ? experiment->every_s
                      : isfinite(step->until_s) ? step->until_s / 100
                                                : 60;
    record->every_V = experiment->every_V > 0 ? experiment->every_V : 2e-3;
    if (isfinite(step->until_s) || step->kind != CLOSO_EXPERIMENT_POTENTIAL)
        record->every_s = fmax(record->every_s, lasts_s / ROWS_IN_STEP_MOST);
    else
        record->every_s = fmax(record->every_s, 3600);
}

/* From here, or from a pause within the step, to its end. */
static closo_status integrate(recorder *record, const closo_experiment_step *step, bool within,
                              cell_end *end, closo_error *error)
{
    const cell_moment *moment = &record->moment;
    cell_solver *solver = record->solver;
    const double nothing = NAN;
    const cell_limits limits = {.until_s = moment->step_to_s,
                                .until_V =
                                    step->kind == CLOSO_EXPERIMENT_SWEEP ? nothing : step->until_V,
                                .until_A_per_m2 = step->until_current_A_per_m2,
                                .until_C_per_m2 = step->until_charge_C_per_m2,
                                .charge_C_per_m2 = moment->step_from_C_per_m2};
    closo_status status = CLOSO_OK;
    *end = CELL_END_PAUSE;
    while (status == CLOSO_OK && *end == CELL_END_PAUSE) {
        status = cell_solver_start(solver, error);
        if (status == CLOSO_OK && !within)
            add_row(record, cell_solver_time_s(solver),
                    cell_solver_state(solver)); /* the first row under the new control */
        if (status == CLOSO_OK)
            status = cell_solver_run(solver, &limits, listen, record, end, error);
        within = true;
        if (status == CLOSO_OK && *end == CELL_END_PAUSE)
            mark(record, true);
    }
    return status;
}

/* Ends that a careful eye would want to know of: none of the limits within ten years, or one before the step did anything. */
static void note_end(recorder *record, const closo_experiment_step *step, cell_end end)
{
    const cell_moment *moment = &record->moment;
    const double *y = cell_solver_state(record->solver);
    const double area = record->model->cell->area_m2, potential_V = y[record->model->potential];
    bool swept = step->kind == CLOSO_EXPERIMENT_SWEEP;
    double sweep_s = fabs(step->potential_V - moment->step_from_V) / step->rate_V_per_s;
    const cell_entry never = {{CELL_ENTRY_NOTE, CELL_NOTE_NEVER_ENDED, (double)record->step}};
    if (end == CELL_END_TIME && !isfinite(step->until_s) && (!swept || sweep_s > longest_s))
        cell_log_add(&record->log, &never);
    bool by_current = end == CELL_END_CURRENT;
    const cell_entry at_once = {
        {CELL_ENTRY_NOTE, CELL_NOTE_AT_ONCE, (double)record->step, by_current, potential_V,
         1e3 * area * cell_outer_current(record->model, y),
         by_current ? 1e3 * area * step->until_current_A_per_m2 : step->until_V}};
    if ((by_current || end == CELL_END_POTENTIAL) &&
        !(cell_solver_time_s(record->solver) > moment->step_from_s))
        cell_log_add(&record->log, &at_once);
}

static closo_status run_step(recorder *record, const closo_experiment_step *step, bool within,
                             cell_end *end, closo_error *error)
{
    cell_moment *moment = &record->moment;
    cell_solver *solver = record->solver;
    *end = CELL_END_TIME;
    if (step->kind == CLOSO_EXPERIMENT_IMPEDANCE)
        return measure_impedance(record, step, error);
    if (step->kind == CLOSO_EXPERIMENT_TEMPERATURE) {
        cell_model_set_temperature(record->model, step->temperature_K);
        set_control(record->model, step, cell_solver_time_s(solver), 0);
        return cell_solver_start(solver, error);
    }
    if (!within) {
        const double *y = cell_solver_state(solver);
        moment->step_from_s = cell_solver_time_s(solver);
        moment->step_from_V = y[record->model->potential];
        moment->step_from_C_per_m2 = y[record->model->charge];
        moment->step_to_s = end_of(step, moment->step_from_s, moment->step_from_V);
    }
    set_control(record->model, step, moment->step_from_s, moment->step_from_V);
    begin_rows(record, step);
    closo_status status = integrate(record, step, within, end, error);
    double now_s = cell_solver_time_s(solver);
    if (status == CLOSO_OK && record->log.failed)
        status = closo_fail_nomem(error);
    if (status == CLOSO_OK && *end == CELL_END_STOPPED)
        status = closo_fail(error, CLOSO_CANCELLED, "stopped in step %zu", record->step + 1);
    if (record->last_s < now_s)
        add_row(record, now_s, cell_solver_state(solver));
    if (step->kind == CLOSO_EXPERIMENT_CURRENT)
        record->lasted_s[step->current_A_per_m2 < 0] = now_s - moment->step_from_s;
    if (status == CLOSO_OK)
        note_end(record, step, *end);
    return status;
}

/* A failure names the step and its line, which the solver does not know. With a tolerance that is coarser than usual the first
 * suspect is that: a filling may then be off by more than what is left at its end. */
static closo_status in_step(const recorder *record, closo_status status, closo_error *error)
{
    const closo_experiment *experiment = record->experiment;
    size_t line = experiment->steps[record->step].line;
    if (error == NULL || status == CLOSO_OK || status == CLOSO_CANCELLED || status == CLOSO_NOMEM)
        return status;
    const closo_error reason = *error;
    char place[64] = "";
    if (line != 0)
        snprintf(place, sizeof place, " (line %zu)", line);
    char remedy[96] = "";
    if (status == CLOSO_NOCONVERGE && record->tolerance > 1.001 * CLOSO_SIMULATION_TOLERANCE)
        snprintf(remedy, sizeof remedy,
                 "; the tolerance of %.3g may be too coarse for it: take %g or less",
                 record->tolerance, CLOSO_SIMULATION_TOLERANCE);
    return closo_fail(error, status, "step %zu of %zu%s: %.380s%s", record->step + 1,
                      experiment->step_count, place, reason.message, remedy);
}

/* From where the moment is to the end. */
static closo_status run_all(recorder *record, closo_error *error)
{
    const closo_experiment *experiment = record->experiment;
    cell_loops *loops = &record->moment.loops;
    cell_solver *solver = record->solver;
    closo_status status = CLOSO_OK;
    bool within = record->moment.within;
    size_t next = record->moment.step;
    while (next < experiment->step_count && status == CLOSO_OK) {
        cell_end end;
        record->step = next;
        if (!within) {
            cell_loops_begin_step(loops, experiment, next, cell_solver_time_s(solver));
            mark(record, false);
        }
        double from_C_per_m2 = within ? record->moment.step_from_C_per_m2
                                      : cell_solver_state(solver)[record->model->charge];
        status = run_step(record, &experiment->steps[next], within, &end, error);
        const double *y = cell_solver_state(solver);
        const cell_step_result result = {.step = next,
                                         .t_s = cell_solver_time_s(solver),
                                         .potential_V = y[record->model->potential],
                                         .charge_C_per_m2 =
                                             y[record->model->charge] - from_C_per_m2,
                                         .met_potential = end == CELL_END_POTENTIAL};
        (void)in_step(record, status, error);
        if (status == CLOSO_OK)
            next = cell_loops_end_step(loops, experiment, &result, &record->log);
        within = false;
    }
    if (status == CLOSO_OK) {
        record->step = experiment->step_count;
        mark(record, false);
    }
    if (record->checkpoint != NULL)
        cell_checkpoint_keep(record->checkpoint, &record->moment, &record->log, true);
    return status;
}

/* Without a loss the surroundings have no hold on the cell: a step of their temperature does nothing. */
static void note_adiabatic(const closo_cell *cell, const closo_experiment *experiment,
                           closo_arena *arena, closo_notes *notes)
{
    bool adiabatic = cell->heat.capacity_J_per_m2_K > 0 && !(cell->heat.loss_W_per_m2_K > 0);
    for (size_t i = 0; i < experiment->step_count && adiabatic; i++) {
        const closo_experiment_step *step = &experiment->steps[i];
        if (step->kind != CLOSO_EXPERIMENT_TEMPERATURE)
            continue;
        closo_notes_add(notes, arena,
                        "step %zu sets the surroundings to %.4g degC, which does nothing: the cell "
                        "has a heat balance without a loss; give heat_balance a 'loss', such as "
                        "'50 mW/K', or leave heat_balance out",
                        i + 1, step->temperature_K - 273.15);
        return; /* once will do */
    }
}

/* Laws of Arrhenius carry numbers so far from where they were measured; metals melt on the way. */
static const double far_K = 150;

static void note_far(const closo_cell *cell, const closo_experiment *experiment, closo_arena *arena,
                     closo_notes *notes)
{
    double most_K = cell->temperature_K;
    for (size_t i = 0; i < experiment->step_count; i++) {
        const closo_experiment_step *step = &experiment->steps[i];
        if (step->kind == CLOSO_EXPERIMENT_TEMPERATURE &&
            fabs(step->temperature_K - cell->reference_K) > fabs(most_K - cell->reference_K))
            most_K = step->temperature_K;
    }
    if (fabs(most_K - cell->reference_K) > far_K)
        closo_notes_add(
            notes, arena,
            "%.4g degC is %.0f K from where the materials' numbers hold: all of them are "
            "extrapolated by their laws of Arrhenius, and nothing melts or decomposes",
            most_K - 273.15, fabs(most_K - cell->reference_K));
}

closo_status closo_cell_simulate(const closo_cell *cell, const closo_experiment *experiment,
                                 const closo_simulation_options *options,
                                 const closo_progress *progress, closo_arena *arena,
                                 closo_simulation **simulation, closo_error *error)
{
    static const closo_simulation_options usual = {0};
    closo_simulation *made = closo_arena_alloc(arena, 1, sizeof *made);
    recorder record = {
        .experiment = experiment, .progress = progress, .arena = arena, .log = {.arena = arena}};
    if (made == NULL)
        return closo_fail_nomem(error);
    *simulation = NULL;
    if (options == NULL)
        options = &usual;
    if (experiment->step_count == 0)
        return closo_fail(error, CLOSO_RANGE, "the experiment has no steps");
    record.tolerance = options->relative_tolerance;
    closo_status status = cell_model_make(cell, arena, &record.model, error);
    if (status == CLOSO_OK)
        status = cell_solver_new(record.model, options->relative_tolerance, arena, &record.solver,
                                 error);
    if (status != CLOSO_OK)
        return status;
    record.state = closo_arena_alloc(arena, record.model->state_count, sizeof *record.state);
    if (record.state == NULL)
        status = closo_fail_nomem(error);
    if (status == CLOSO_OK && options->checkpoint != NULL)
        status = open_checkpoint(&record, options, error);
    bool opened = status == CLOSO_OK;
    if (opened)
        status = run_all(&record, error);
    cell_solver_statistics(record.solver, &made->statistics);
    cell_plating_tell(record.model, cell_solver_state(record.solver), made);
    cell_solver_free(record.solver);
    cell_checkpoint_close(record.checkpoint, &made->notes);
    if (!opened)
        return status;
    made->complete = status == CLOSO_OK;
    note_adiabatic(cell, experiment, arena, &made->notes);
    note_far(cell, experiment, arena, &made->notes);
    closo_status told = cell_log_tell(&record.log, cell, made, status == CLOSO_OK ? error : NULL);
    if (told != CLOSO_OK)
        return status == CLOSO_OK ? told : status;
    *simulation = made;
    return status;
}
