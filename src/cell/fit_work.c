/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_work.c: simulations at many points of the parameters, shared among threads, and derivatives from their differences.
 *
 * Each thread has a description of its own; a simulation shares nothing that is written. Points are handed out by an atomic
 * counter, so the results do not depend on the number of threads. */
#define _POSIX_C_SOURCE 200809L
#include "fit_internal.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* Differences in the range of a parameter: at first, and between which they are kept. */
static const double first_step = 2e-3, least_step = 1e-4, most_step = 2e-2;
/* The answer to a difference, in units of what the integration leaves: below, the step grows; above, it shrinks. */
static const double enough_answer = 300, ample_answer = 30000;

static const size_t trials_most = 6;

typedef struct fit_queue {
    fit_work *work;
    fit_job *jobs;
    size_t count;
    atomic_size_t next;
    atomic_bool stopped;
} fit_queue;

struct fit_worker {
    fit_queue *queue;
    closo_cell_description *description;
    double **model;
    bool leads; /* it runs in the caller's thread, and reports */
    pthread_t thread;
    closo_error reason;
};

/* ---- scales ---- */

double fit_value_of(const closo_fit_parameter *parameter, double u)
{
    u = fmin(fmax(u, 0), 1);
    if (u == 0 || u == 1)
        return u == 0 ? parameter->low : parameter->high;
    return parameter->logarithmic ? parameter->low * pow(parameter->high / parameter->low, u)
                                  : parameter->low + u * (parameter->high - parameter->low);
}

double fit_place_of(const closo_fit_parameter *parameter, double value)
{
    return parameter->logarithmic
               ? log(value / parameter->low) / log(parameter->high / parameter->low)
               : (value - parameter->low) / (parameter->high - parameter->low);
}

/* ---- weights ---- */

static double root_mean_square(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] * values[i];
    return count != 0 ? sqrt(sum / (double)count) : 0;
}

double fit_first_noise(const fit_set *set)
{
    switch (set->quantity) {
    case CLOSO_FIT_POTENTIAL:
        return 5e-3;
    case CLOSO_FIT_CURRENT:
        return fmax(0.02 * root_mean_square(set->measured, set->count), 1e-15);
    case CLOSO_FIT_IMPEDANCE:
    case CLOSO_FIT_CAPACITY:
        break;
    }
    return 0.02;
}

void fit_work_weigh(fit_work *work)
{
    size_t r = 0;
    for (size_t s = 0; s < work->data->set_count; s++) {
        const fit_set *set = &work->data->sets[s];
        double noise = work->noise[s];
        for (size_t i = 0; i < set->count; i++) {
            double size = 1;
            if (set->quantity == CLOSO_FIT_CAPACITY)
                size = fmax(fabs(set->measured[i]), 1e-12);
            work->sigma[r++] = noise * size;
        }
    }
    /* both parts of an impedance over its modulus */
    for (size_t run = 0; run < work->data->run_count; run++)
        for (size_t k = 0; k < work->data->runs[run].spectrum_count; k++) {
            const fit_spectrum *spectrum = &work->data->runs[run].spectra[k];
            size_t offset = 0;
            for (size_t s = 0; s < spectrum->set; s++)
                offset += work->data->sets[s].count;
            const double *real = work->data->sets[spectrum->set].measured + spectrum->first;
            for (size_t i = 0; i < spectrum->count; i++) {
                double sigma =
                    work->noise[spectrum->set] * hypot(real[i], real[i + spectrum->count]);
                work->sigma[offset + spectrum->first + i] = sigma;
                work->sigma[offset + spectrum->first + spectrum->count + i] = sigma;
            }
        }
}

/* ---- one simulation ---- */

static bool alive(void *user)
{
    fit_worker *worker = user;
    fit_queue *queue = worker->queue;
    const closo_progress *progress = queue->work->progress;
    if (worker->leads && progress != NULL && progress->report != NULL &&
        !progress->report(progress->user, queue->work->fraction, queue->work->what))
        atomic_store(&queue->stopped, true);
    return !atomic_load(&queue->stopped);
}

static void run_job(fit_worker *worker, fit_job *job)
{
    const fit_work *work = worker->queue->work;
    double values[64];
    closo_cell_file *file = NULL;
    closo_arena *arena = closo_arena_new(0);
    job->fine = false;
    for (size_t k = 0; k < work->parameter_count; k++)
        values[k] = fit_value_of(&work->parameters[k], job->u[k]);
    closo_error reason = {0};
    closo_status status =
        arena != NULL ? closo_cell_description_build(worker->description, work->parameters, values,
                                                     work->parameter_count, arena, &file, &reason)
                      : closo_fail_nomem(&reason);
    fit_replay replay = {work->data, work->relative_tolerance, alive, worker};
    if (status == CLOSO_OK)
        status = fit_replay_all(&replay, file, worker->model, &reason);
    if (status == CLOSO_NOCONVERGE) { /* shorter steps often find a way */
        replay.relative_tolerance /= 10;
        status = fit_replay_all(&replay, file, worker->model, &reason);
    }
    closo_arena_free(arena);
    if (status != CLOSO_OK)
        worker->reason = reason;
    size_t r = 0;
    job->fine = status == CLOSO_OK;
    for (size_t s = 0; s < work->data->set_count; s++)
        for (size_t i = 0; i < work->data->sets[s].count; i++, r++) {
            job->residuals[r] =
                status == CLOSO_OK
                    ? (worker->model[s][i] - work->data->sets[s].measured[i]) / work->sigma[r]
                    : (double)NAN;
            job->fine = job->fine && isfinite(job->residuals[r]);
        }
}

static void *run_worker(void *user)
{
    fit_worker *worker = user;
    fit_queue *queue = worker->queue;
    for (;;) {
        size_t index = atomic_fetch_add(&queue->next, 1);
        if (index >= queue->count || atomic_load(&queue->stopped))
            return NULL;
        run_job(worker, &queue->jobs[index]);
    }
}

bool fit_work_run(fit_work *work, fit_job *jobs, size_t count)
{
    fit_queue queue = {.work = work, .jobs = jobs, .count = count};
    bool started[64] = {false};
    atomic_init(&queue.next, 0);
    atomic_init(&queue.stopped, false);
    size_t helpers = work->worker_count < count ? work->worker_count : count;
    for (size_t w = 0; w < helpers; w++)
        work->workers[w].queue = &queue;
    for (size_t w = 1; w < helpers; w++) /* a thread that cannot be made is done without */
        started[w] =
            pthread_create(&work->workers[w].thread, NULL, run_worker, &work->workers[w]) == 0;
    run_worker(&work->workers[0]);
    for (size_t w = 1; w < helpers; w++)
        if (started[w])
            pthread_join(work->workers[w].thread, NULL);
    for (size_t w = 0; w < helpers; w++)
        if (work->workers[w].reason.status != CLOSO_OK) {
            work->reason = work->workers[w].reason;
            work->workers[w].reason = (closo_error){0};
        }
    work->simulations += count;
    work->stopped = work->stopped || atomic_load(&queue.stopped);
    return !work->stopped;
}

/* ---- making ---- */

static closo_status make_worker(fit_work *work, fit_worker *worker, closo_error *error)
{
    const closo_yaml_text *text = &work->description->load.text;
    const closo_fit_data *data = work->data;
    closo_status status = closo_cell_description_parse(text->name, text->bytes, text->size,
                                                       work->arena, &worker->description, error);
    worker->model = closo_arena_alloc(work->arena, data->set_count, sizeof *worker->model);
    if (status == CLOSO_OK && worker->model == NULL)
        return closo_fail_nomem(error);
    for (size_t s = 0; s < data->set_count && status == CLOSO_OK; s++) {
        worker->model[s] =
            closo_arena_alloc(work->arena, data->sets[s].count + 1, sizeof **worker->model);
        if (worker->model[s] == NULL)
            status = closo_fail_nomem(error);
    }
    return status;
}

closo_status fit_work_make(fit_work *work, size_t threads, closo_error *error)
{
    const size_t n = work->parameter_count;
    closo_status status = CLOSO_OK;
    work->residual_count = 0;
    for (size_t s = 0; s < work->data->set_count; s++)
        work->residual_count += work->data->sets[s].count;
    work->worker_count = threads > 64 ? 64 : threads > 0 ? threads : 1;
    work->workers = closo_arena_alloc(work->arena, work->worker_count, sizeof *work->workers);
    work->noise = closo_arena_alloc(work->arena, work->data->set_count, sizeof *work->noise);
    work->sigma = closo_arena_alloc(work->arena, work->residual_count, sizeof *work->sigma);
    work->steps = closo_arena_alloc(work->arena, n, sizeof *work->steps);
    work->places = closo_arena_alloc(work->arena, 2 * n * n, sizeof *work->places);
    work->jobs = closo_arena_alloc(work->arena, 2 * n + 1, sizeof *work->jobs);
    work->spread =
        closo_arena_alloc(work->arena, 2 * n * work->residual_count, sizeof *work->spread);
    if (work->workers == NULL || work->noise == NULL || work->sigma == NULL ||
        work->steps == NULL || work->places == NULL || work->jobs == NULL || work->spread == NULL)
        return closo_fail_nomem(error);
    for (size_t w = 0; w < work->worker_count && status == CLOSO_OK; w++)
        status = make_worker(work, &work->workers[w], error);
    work->workers[0].leads = true;
    for (size_t k = 0; k < n; k++)
        work->steps[k] = first_step;
    for (size_t s = 0; s < work->data->set_count; s++)
        work->noise[s] = work->data->sets[s].noise > 0 ? work->data->sets[s].noise
                                                       : fit_first_noise(&work->data->sets[s]);
    fit_work_weigh(work);
    return status;
}

/* ---- derivatives ---- */

/* A larger difference where the answer drowns in what the integration leaves, a smaller one where it stands far above. */
static void adapt_step(fit_work *work, size_t k, const double *derivatives)
{
    double answer = root_mean_square(derivatives, work->residual_count) * work->steps[k];
    if (!(work->model_noise > 0))
        return;
    double ratio = answer / work->model_noise;
    if (ratio < enough_answer)
        work->steps[k] *= fmin(10, enough_answer / fmax(ratio, 1e-3));
    else if (ratio > ample_answer)
        work->steps[k] *= fmax(0.1, ample_answer / ratio);
    work->steps[k] = fmin(fmax(work->steps[k], least_step), most_step);
}

/* The column of a parameter from the points beside it, whichever could be simulated. */
static void take_column(const fit_work *work, size_t k, const fit_job *up, const fit_job *down,
                        double *column)
{
    const fit_job *centre = &work->jobs[0];
    const fit_job *high = up != NULL && up->fine ? up : centre;
    const fit_job *low = down != NULL && down->fine ? down : centre;
    double width = high->u[k] - low->u[k];
    for (size_t i = 0; i < work->residual_count; i++)
        column[i] = width > 0 ? (high->residuals[i] - low->residuals[i]) / width : 0;
}

bool fit_evaluate(void *user, const double *u, double *residuals, double *jacobian)
{
    fit_work *work = user;
    const size_t n = work->parameter_count, m = work->residual_count;
    double inside[64];
    size_t count = 1;
    work->trials = jacobian != NULL ? 0 : work->trials + 1;
    if (work->trials > trials_most)
        return false; /* what is left is the integration's noise: no step lowers it */
    fit_job *up[64] = {NULL}, *down[64] = {NULL};
    for (size_t k = 0; k < n; k++)
        inside[k] = fmin(fmax(u[k], 0), 1); /* NaN becomes a bound */
    work->jobs[0] = (fit_job){inside, residuals, false};
    for (size_t k = 0; k < n && jacobian != NULL; k++) {
        if (!(u[k] >= 0 && u[k] <= 1))
            continue; /* held at its bound: no derivative */
        for (int side = 0; side < 2; side++) {
            double to = inside[k] + (side == 0 ? work->steps[k] : -work->steps[k]);
            /* one side only: away from a bound, and while central is not asked for */
            bool needed = to >= 0 && to <= 1 &&
                          (work->central || (side == 0) == (inside[k] + work->steps[k] <= 1));
            if (!needed)
                continue;
            double *place = work->places + (2 * k + (size_t)side) * n;
            memcpy(place, inside, n * sizeof *place);
            place[k] = to;
            fit_job *job = &work->jobs[count++];
            *job = (fit_job){place, work->spread + (2 * k + (size_t)side) * m, false};
            *(side == 0 ? &up[k] : &down[k]) = job;
        }
    }
    if (!fit_work_run(work, work->jobs, count))
        return false;
    for (size_t k = 0; k < n && jacobian != NULL; k++) {
        double *column = jacobian + k * m;
        if (!work->jobs[0].fine) {
            memset(column, 0, m * sizeof *column);
            continue;
        }
        take_column(work, k, up[k], down[k], column);
        adapt_step(work, k, column);
    }
    return true;
}
