/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_internal.h: what the files of the fit share: numbers of a description, data ready to be replayed, the replay. */
#ifndef CLOSO_CELL_FIT_INTERNAL_H
#define CLOSO_CELL_FIT_INTERNAL_H

#include "cell_yaml.h"
#include "closo/cell_fit.h"
#include "closo/cycling.h"

/* ---- fit_description.c ---- */

/* A place of the description or of a material it uses where a number can stand. */
typedef struct fit_place {
    const char *path;
    char **text;          /* its words; *text NULL where there are none */
    const char *holder;   /* the material of the lists that it belongs to; NULL: the description */
    const char *material; /* the same, or one of its anions: what the path begins with */
    const char *keys;     /* of the path, those behind that */
} fit_place;

struct closo_cell_description {
    closo_cell_loader load;
    fit_place *places;
    size_t place_count, place_capacity;
    closo_cell_file *file; /* with the numbers as they are written */
    closo_arena *arena;
};

/* The place of a path in full; NULL when there is none. */
const fit_place *fit_place_find(const closo_cell_description *description, const char *path);
/* Splits "1.17e-15 m2/s" into number and unit; false when it is no number with a unit closo knows. */
bool fit_quantity_split(const char *words, double *number, const char **unit_text,
                        closo_unit *unit);
/* The words of a value in SI in that unit, all digits. NULL: no memory. */
char *fit_quantity_words(double si, const char *unit_text, const closo_unit *unit,
                         closo_arena *arena);

/* ---- fit_data.c, fit_segments.c ---- */

typedef enum fit_drive { FIT_CURRENT, FIT_REST, FIT_POTENTIAL } fit_drive;

/* A stretch under one control. Times from the start of the test. */
typedef struct fit_segment {
    fit_drive drive;
    double from_s, to_s;
    double value, rate; /* A, or V at from_s and V/s */
    size_t first_point, point_count;
} fit_segment;

/* A set before it is fitted: what was measured. */
typedef struct fit_set {
    const char *name;
    closo_fit_quantity quantity;
    size_t count, capacity;
    double *at, *measured, *potential_V;
    size_t *spectrum;
    double noise; /* 0: not given */
} fit_set;

/* A moment of a test at which something is compared. */
typedef struct fit_point {
    double at_s;
    size_t set, index;
} fit_point;

/* Spectrum: when, and where its points begin in its set. */
typedef struct fit_spectrum {
    double at_s;
    size_t set, first, count;
    const double *frequency_Hz;
} fit_spectrum;

/* Potential against the charge of a half cycle, thinned. */
typedef struct fit_profile {
    size_t half_cycle; /* from 1 */
    size_t count;
    const double *charge_C, *potential_V;
} fit_profile;

/* One cell from its beginning: a test with the spectra that belong to it, spectra of a fresh cell, or a protocol. */
typedef struct fit_run {
    const char *name;
    fit_segment *segments;
    size_t segment_count, segment_capacity;
    fit_point *points;
    size_t point_count, point_capacity;
    fit_spectrum *spectra; /* in rising time */
    size_t spectrum_count, spectrum_capacity;
    double start_V;       /* equilibrium potential of the cell at the start; NaN: filled_at_start */
    double low_V, high_V; /* where a replay that runs away is held */
    double first_s, last_s; /* the test's own clock */
    bool protocol;
    size_t set;            /* of the capacities of a protocol */
    fit_profile *profiles; /* of some of its half cycles */
    size_t profile_count;
} fit_run;

struct closo_fit_data {
    closo_arena *arena;
    fit_set *sets;
    size_t set_count, set_capacity;
    fit_run *runs;
    size_t run_count, run_capacity;
    closo_notes notes;
};

/* A new set, or SIZE_MAX. Measured values are added one by one. */
size_t fit_set_new(closo_fit_data *data, const char *name, closo_fit_quantity quantity,
                   double noise);
bool fit_set_add(closo_fit_data *data, size_t set, double at, double measured, double potential_V,
                 size_t spectrum);
fit_run *fit_run_new(closo_fit_data *data, const char *name);

/* fit_segments.c: the control of a test. */
closo_status fit_segments_take(closo_fit_data *data, fit_run *run, const closo_table *table,
                               const closo_fit_data_options *options, closo_error *error);

/* ---- fit_replay.c ---- */

/* Says whether to go on; called at each step of the integration. */
typedef bool fit_alive(void *user);

typedef struct fit_replay {
    const closo_fit_data *data;
    double relative_tolerance;
    fit_alive *alive;
    void *user;
} fit_replay;

/* The model at every point of every set: model[set][index]. NaN from where a run could not go on; reason says why. */
closo_status fit_replay_all(const fit_replay *replay, const closo_cell_file *file,
                            double *const *model, closo_error *reason);

/* ---- fit_work.c: the model at many points at once ---- */

/* A point of the parameters, each from 0 (lower bound) to 1 (upper bound), and its residuals. */
typedef struct fit_job {
    const double *u;
    double *
        residuals; /* (model - measured) / sigma, one set after the other; NaN where the model has none */
    bool fine; /* all of them are finite */
} fit_job;

typedef struct fit_worker fit_worker;

typedef struct fit_work {
    const closo_cell_description *description;
    const closo_fit_parameter *parameters;
    size_t parameter_count, residual_count;
    const closo_fit_data *data;
    double *noise; /* of each set: what is used at present */
    double *sigma; /* of each residual */
    double *steps; /* of each parameter, for differences */
    double *
        spread; /* residuals of the points beside, parameter by parameter: 2 n rows of residual_count */
    double *places;      /* their u: 2 n rows of n */
    fit_job *jobs;       /* 2 n + 1 */
    double model_noise;  /* rms of what the integration leaves, in residuals */
    double *model_drift; /* the residuals at this tolerance less those at a finer one */
    bool central;
    fit_worker *workers;
    size_t worker_count;
    double relative_tolerance;
    const closo_progress *progress;
    double fraction; /* for the progress */
    const char *what;
    size_t simulations;
    size_t trials; /* points in a row without derivatives: steps that did not lower the sum */
    bool stopped;
    closo_error reason; /* of the last simulation that failed */
    closo_arena *arena;
} fit_work;

closo_status fit_work_make(fit_work *work, size_t threads, closo_error *error);
/* Runs them all, in parallel. False when stopped. */
bool fit_work_run(fit_work *work, fit_job *jobs, size_t count);
/* Sigma of each residual from the noise of the sets. */
void fit_work_weigh(fit_work *work);
/* Value in SI of u (0 to 1) of a parameter, and back. */
double fit_value_of(const closo_fit_parameter *parameter, double u);
double fit_place_of(const closo_fit_parameter *parameter, double value);
/* Residuals and derivatives for closo_least_squares_fit(); user is the work. Beyond a bound the model is that of the bound. */
bool fit_evaluate(void *user, const double *u, double *residuals, double *jacobian);
/* The noise that a set is taken to have before any fit. */
double fit_first_noise(const fit_set *set);

/* ---- fit_profiles.c ---- */

enum { FIT_PROFILES_MOST = 6 };
/* Half cycles (from 0) whose potentials are shown, out of so many; at most FIT_PROFILES_MOST. */
size_t fit_profile_choice(size_t half_cycles, size_t chosen[FIT_PROFILES_MOST]);
closo_status fit_profile_read(const closo_cycling *cycling, size_t half_cycle, closo_arena *arena,
                              fit_profile *made, closo_error *error);
/* Plays the protocol with the numbers of the solution and puts its potentials beside the measured ones. */
closo_status fit_profiles_make(const fit_work *work, const double *u, closo_cell_fit *fit,
                               closo_error *error);

/* ---- fit_result.c ---- */

/* The solution with its residuals and central derivatives, column by column. */
typedef struct fit_solution {
    const double *u, *residuals, *jacobian;
} fit_solution;

closo_status fit_result_make(const fit_work *work, const fit_solution *solution,
                             closo_cell_fit *fit, closo_error *error);

/* ---- fit_identify.c ---- */

/* Eigenvalues (falling) and eigenvectors (rows) of a symmetric n x n matrix, by Jacobi's rotations; the matrix is used up. */
void fit_eigen(double *matrix, size_t n, double *values, double *vectors);

/* Fills singular values, weak directions and what the data do not tell, from J'J in ranges of the parameters, row by row. */
closo_status fit_identify(const fit_work *work, const double *normal, double variance_factor,
                          closo_cell_fit *fit, closo_error *error);

#endif
