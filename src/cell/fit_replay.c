/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_replay.c: a test played again by the virtual cell: the measured control is prescribed, the answer is read off at the very
 * times of the measured rows. A potential that runs away, as it does when the capacity is too small, is held beyond the
 * range of the test until its step is over, so that poor parameters give a large misfit and no failure. */
#include "fit_internal.h"

#include "cell_internal.h"
#include "closo/cycling.h"

#include <math.h>

typedef struct player {
    const fit_replay *replay;
    const fit_run *run;
    cell_model *cell;
    cell_solver *solver;
    double *state; /* room for one */
    double *const *model;
    size_t next, end; /* of the points of the segment */
    size_t next_spectrum;
} player;

static void read_point(player *play, const double *state)
{
    const fit_point *point = &play->run->points[play->next++];
    bool potential = play->replay->data->sets[point->set].quantity == CLOSO_FIT_POTENTIAL;
    play->model[point->set][point->index] =
        potential ? state[play->cell->potential]
                  : play->cell->cell->area_m2 * cell_outer_current(play->cell, state);
}

/* After an internal step: the points within it. */
static bool listen(void *user, cell_solver *solver, double from_s, double to_s)
{
    player *play = user;
    (void)from_s;
    while (play->next < play->end && play->run->points[play->next].at_s <= to_s) {
        cell_solver_glance(solver, play->run->points[play->next].at_s, play->state);
        read_point(play, play->state);
    }
    return play->replay->alive == NULL || play->replay->alive(play->replay->user);
}

/* Points at the present time, or overtaken by it. */
static void read_present(player *play, double until_s)
{
    while (play->next < play->end && play->run->points[play->next].at_s <= until_s)
        read_point(play, cell_solver_state(play->solver));
}

static closo_status control(player *play, bool potential, double value, double rate,
                            closo_error *error)
{
    play->cell->control = potential ? CELL_CONTROL_POTENTIAL : CELL_CONTROL_CURRENT;
    play->cell->control_value = value;
    play->cell->control_rate = rate;
    play->cell->control_from_s = cell_solver_time_s(play->solver);
    return cell_solver_start(play->solver, error);
}

static closo_status go_on(player *play, double until_s, double until_V, cell_end *end,
                          closo_error *error)
{
    const double nothing = NAN;
    const cell_limits limits = {.until_s = until_s,
                                .until_V = until_V,
                                .until_A_per_m2 = nothing,
                                .until_C_per_m2 = nothing};
    closo_status status;
    do
        status = cell_solver_run(play->solver, &limits, listen, play, end, error);
    while (status == CLOSO_OK && *end == CELL_END_PAUSE);
    if (status == CLOSO_OK && *end == CELL_END_STOPPED)
        status = closo_fail(error, CLOSO_CANCELLED, "the fit was stopped");
    return status;
}

static closo_status play_spectrum(player *play, closo_error *error)
{
    const fit_spectrum *spectrum = &play->run->spectra[play->next_spectrum++];
    double *real = play->model[spectrum->set] + spectrum->first;
    double area_m2 = play->cell->cell->area_m2;
    closo_status status = cell_small_signal(play->cell, cell_solver_time_s(play->solver),
                                            cell_solver_state(play->solver), spectrum->frequency_Hz,
                                            spectrum->count, real, real + spectrum->count, error);
    for (size_t i = 0; i < 2 * spectrum->count && status == CLOSO_OK; i++)
        real[i] /= area_m2;
    return status;
}

/* To the end of the segment, or to where a spectrum was measured, or to where the potential is held. */
static closo_status play_segment(player *play, const fit_segment *segment, closo_error *error)
{
    const fit_run *run = play->run;
    bool potential = segment->drive == FIT_POTENTIAL;
    double value = potential                       ? segment->value
                   : segment->drive == FIT_CURRENT ? segment->value / play->cell->cell->area_m2
                                                   : 0;
    double limit_V = NAN;
    if (segment->drive == FIT_CURRENT)
        limit_V = segment->value > 0 ? run->high_V : run->low_V;
    play->next = segment->first_point;
    play->end = segment->first_point + segment->point_count;
    closo_status status = control(play, potential, value, segment->rate, error);
    read_present(play, segment->from_s);
    while (status == CLOSO_OK) {
        bool measured = play->next_spectrum < run->spectrum_count &&
                        run->spectra[play->next_spectrum].at_s < segment->to_s;
        double until_s = measured ? run->spectra[play->next_spectrum].at_s : segment->to_s;
        cell_end end = CELL_END_TIME;
        if (until_s > cell_solver_time_s(play->solver))
            status = go_on(play, until_s, limit_V, &end, error);
        if (status != CLOSO_OK)
            break;
        if (end == CELL_END_POTENTIAL && cell_solver_time_s(play->solver) < until_s) {
            status = control(play, true, limit_V, 0, error);
            limit_V = NAN;
        } else if (measured) {
            status = play_spectrum(play, error);
        } else {
            break;
        }
    }
    read_present(play, HUGE_VAL);
    return status;
}

/* The share of sites at which the open-circuit curve has that potential. */
static double filled_for(const closo_cell *cell, double potential_V, closo_arena *arena)
{
    cell_curve curve;
    double low = 1e-4, high = 1 - 1e-4, slope;
    if (!cell_curve_make(&cell->active.equilibrium, arena, &curve))
        return cell->active.filled_at_start;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        *(cell_curve_at(&curve, middle, &slope) > potential_V ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

static closo_status play_run(const fit_replay *replay, const closo_cell_file *file,
                             const fit_run *run, double *const *model, closo_arena *arena,
                             closo_error *error)
{
    player play = {.replay = replay, .run = run, .model = model};
    closo_cell cell = file->cell;
    if (isfinite(run->start_V) && cell.active.volume_fraction > 0)
        cell.active.filled_at_start = filled_for(&cell, run->start_V, arena);
    closo_status status = cell_model_make(&cell, arena, &play.cell, error);
    if (status == CLOSO_OK)
        status = cell_solver_new(play.cell, replay->relative_tolerance, arena, &play.solver, error);
    if (status != CLOSO_OK)
        return status;
    play.state = closo_arena_alloc(arena, play.cell->state_count, sizeof *play.state);
    if (play.state == NULL)
        status = closo_fail_nomem(error);
    for (size_t s = 0; s < run->segment_count && status == CLOSO_OK; s++) {
        while (play.next_spectrum < run->spectrum_count && status == CLOSO_OK &&
               run->spectra[play.next_spectrum].at_s <= run->segments[s].from_s)
            status = play_spectrum(&play, error);
        if (status == CLOSO_OK)
            status = play_segment(&play, &run->segments[s], error);
    }
    while (play.next_spectrum < run->spectrum_count && status == CLOSO_OK)
        status = play_spectrum(&play, error);
    cell_solver_free(play.solver);
    return status;
}

/* ---- a protocol ---- */

static bool is_alive(void *user, double fraction, const char *what)
{
    const fit_replay *replay = user;
    (void)fraction, (void)what;
    return replay->alive == NULL || replay->alive(replay->user);
}

/* The steps of the description; half cycles and spectra are compared in their order. */
static closo_status play_protocol(const fit_replay *replay, const closo_cell_file *file,
                                  const fit_run *run, double *const *model, closo_arena *arena,
                                  closo_error *error)
{
    const closo_simulation_options options = {.relative_tolerance = replay->relative_tolerance};
    fit_replay listener = *replay;
    const closo_progress progress = {is_alive, &listener};
    closo_simulation *made = NULL;
    closo_cycling *cycling;
    closo_status status = closo_cell_simulate(&file->cell, &file->experiment, &options, &progress,
                                              arena, &made, error);
    if (status == CLOSO_OK)
        status = closo_cycling_from_table(made->table, NULL, arena, &cycling, error);
    if (status != CLOSO_OK)
        return status;
    const fit_set *set = &replay->data->sets[run->set];
    if (cycling->half_cycle_count < set->count)
        return closo_fail(error, CLOSO_RANGE,
                          "the steps of the description make %zu charges and discharges, %s has "
                          "%zu",
                          cycling->half_cycle_count, run->name, set->count);
    for (size_t h = 0; h < set->count; h++)
        model[run->set][h] = cycling->half_cycles[h].charge_C;
    if (made->spectrum_count < run->spectrum_count)
        return closo_fail(error, CLOSO_RANGE,
                          "the steps of the description make %zu spectra, there are %zu to "
                          "compare",
                          made->spectrum_count, run->spectrum_count);
    for (size_t s = 0; s < run->spectrum_count; s++) {
        /* at other frequencies than the step's: of the same states, straight in log f */
        const fit_spectrum *wanted = &run->spectra[s];
        const closo_spectrum *have = &made->spectra[s];
        double *real = model[wanted->set] + wanted->first;
        for (size_t i = 0; i < wanted->count; i++) {
            size_t k = 1;
            while (k + 1 < have->count && have->frequency_Hz[k] > wanted->frequency_Hz[i])
                k++;
            if (have->count < 2)
                return closo_fail(error, CLOSO_RANGE, "a spectrum of one frequency is none");
            double share = log(have->frequency_Hz[k - 1] / wanted->frequency_Hz[i]) /
                           log(have->frequency_Hz[k - 1] / have->frequency_Hz[k]);
            real[i] = have->real_ohm[k - 1] + share * (have->real_ohm[k] - have->real_ohm[k - 1]);
            real[wanted->count + i] = have->imaginary_ohm[k - 1] +
                                      share * (have->imaginary_ohm[k] - have->imaginary_ohm[k - 1]);
        }
    }
    return CLOSO_OK;
}

closo_status fit_replay_all(const fit_replay *replay, const closo_cell_file *file,
                            double *const *model, closo_error *reason)
{
    closo_status worst = CLOSO_OK;
    for (size_t s = 0; s < replay->data->set_count; s++)
        for (size_t i = 0; i < replay->data->sets[s].count; i++)
            model[s][i] = NAN;
    for (size_t r = 0; r < replay->data->run_count && worst == CLOSO_OK; r++) {
        const fit_run *run = &replay->data->runs[r];
        closo_arena *arena = closo_arena_new(0);
        if (arena == NULL)
            return closo_fail_nomem(reason);
        worst = (run->protocol ? play_protocol : play_run)(replay, file, run, model, arena, reason);
        closo_arena_free(arena);
    }
    return worst;
}
