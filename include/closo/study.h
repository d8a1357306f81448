/* SPDX-License-Identifier: BSD-3-Clause */
/* study.h: a study file -> tasks -> results, and the database of results.
 *
 * A study is a YAML file that names raw files, says what is known about their cells, and lists the analyses to make.
 * docs/study.md has every key. */
#ifndef CLOSO_STUDY_H
#define CLOSO_STUDY_H

#include "closo/base.h"
#include "closo/cell.h"
#include "closo/cell_fit.h"
#include "closo/chemistry.h"
#include "closo/cycling.h"
#include "closo/impedance.h"
#include "closo/symmetric.h"
#include "closo/transport.h"
#include "closo/voltammetry.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A raw file and what the study says about its cell. A file called .yaml is no raw file but a cell (docs/simulate.md): it is
 * simulated, and what an instrument would have written of it stands in the place of the file. */
typedef struct closo_study_file {
    const char *id, *path,
        *label; /* path: as the study writes it; label: the id unless the study gives one */
    const char *full_path;                 /* from the folder of the study */
    const char *measured_against, *versus; /* reference electrodes, or NULL */
    closo_normalisation normalisation;
    double mass_kg, area_m2, capacity_C; /* for cycles; 0 when not said */
    closo_electrode_role role;
    double temperature_K;    /* NaN when not said */
    const char *electrolyte; /* formula, or NULL */
    closo_formula electrolyte_formula;
    size_t part; /* which table of the file, from 1; of a simulated cell 2 has the spectra */
    bool simulated;
    const char *steps; /* of a simulated cell, instead of its own; or NULL */
    closo_instrument_noise noise;
    /* filled by closo_study_run(): */
    char sha256[65];
    closo_table *table;  /* NULL when it could not be read */
    closo_table *tables; /* the first of the file */
    closo_error error;   /* then why */
} closo_study_file;

/* name of the analysis as studies write it; each has a file in src/study and one in src/report */
#define CLOSO_ANALYSIS_LIST(X)    \
    X(ONSET, onset)               \
    X(CV, cv)                     \
    X(CYCLES, cycles)             \
    X(SYMMETRIC, symmetric)       \
    X(POLARISE, polarise)         \
    X(GROWTH, growth)             \
    X(MERIT, merit)               \
    X(FIT, fit)                   \
    X(EIS, eis)                   \
    X(KK, kk)                     \
    X(DRT, drt)                   \
    X(ARRHENIUS, arrhenius)       \
    X(CONDUCTIVITY, conductivity) \
    X(RELAXATION, relaxation)

typedef enum closo_analysis {
#define X(code, name) CLOSO_ANALYSIS_##code,
    CLOSO_ANALYSIS_LIST(X)
#undef X
} closo_analysis;

/* "onset", "cv", "cycles"; a constant string. */
CLOSO_API const char *closo_analysis_name(closo_analysis analysis);

/* A key of the task beside analysis, title and files, as the study writes it. */
typedef struct closo_study_option {
    const char *key, *text;
} closo_study_option;

typedef struct closo_study_task {
    closo_analysis analysis;
    const char *title; /* or NULL */
    size_t *files;     /* indices into the study's files */
    size_t file_count;
    closo_study_option *options;
    size_t option_count;
    /* what the options mean, by analysis */
    const char *sweep; /* onset: words for closo_sweep_choose(), or NULL */
    closo_onset_options onset;
    int reference_cycle;                /* cycles: of retention; 0: the first complete one */
    size_t formation_cycles, rate_last; /* cycles: as in closo_cycling_analysis_options */
    const char *merit_cell; /* merit: path of the cell description, from the folder of the study */
    int merit_cycle;        /* merit: whose discharge counts; 0: the first complete one */
    const char *fit_cell,
        *fit_vary; /* fit: path of the cell; what is varied, or as the cell says */
    closo_cell_fit_options fit;
    closo_fit_data_options fit_data;
    closo_symmetric_options symmetric;       /* area: the file's */
    closo_polarisation_options polarisation; /* the same */
    closo_growth_options growth;
    closo_eis_options eis; /* conductivity: too */
    closo_pellet pellet;   /* conductivity */
    size_t spectrum;       /* kk, drt: which sweep of the file, from 1; 0: the first */
    closo_kk_options kk;
    closo_drt_options drt;
    closo_arrhenius_options arrhenius;
    closo_motion_options motion; /* relaxation */
    const char *column;          /* arrhenius: with the conductivity; NULL: the first */
} closo_study_task;

/* What one task found in one file; or in all of its files together, where the analysis is of a series (file is then the
 * first). */
typedef struct closo_study_result {
    size_t task, file;
    bool together;
    /* onset, cv */
    closo_voltammogram *voltammogram;
    closo_voltammogram_summary summary;
    closo_onset_result onset;
    /* cycles */
    closo_cycling *cycling;
    closo_symmetric *symmetric;
    closo_polarisation *polarisation; /* polarise */
    closo_growth *growth;
    closo_merit *merit; /* merit */
    closo_cell_fit *fit;
    closo_eis *eis;
    closo_conductivity_series *conductivity;
    /* arrhenius */
    closo_arrhenius_data *arrhenius_data;
    closo_arrhenius_result *arrhenius;
    closo_motion *motion; /* relaxation */
    /* kk, drt */
    closo_spectrum *spectrum;
    closo_kk_result *kk;
    closo_drt *drt;
    const char *json;  /* the result as one JSON object; NULL when it failed */
    closo_error error; /* then why */
} closo_study_result;

/* What somebody expects of a number of the results: a paper, a law, another program. low and high are equal for a value;
 * one of them is infinite for "> 2.14" or "< 80". */
typedef struct closo_study_expectation {
    const char *name, *source; /* what it is and where it is from; source may be NULL */
    closo_analysis analysis;
    size_t file;
    const char *
        number; /* its path in the JSON of the result: "onsets[0].onset_V", "spectra[-1].parameters[name=R2].value" */
    const char *value; /* as the study writes it */
    double low, high;
    double times;  /* the number is multiplied by it before: an area, 100 for percent */
    double within; /* what a value may be off; NaN: not said */
    /* filled by closo_study_run(): */
    closo_value found; /* NaN when there is no such number */
    double deviation;  /* found - value; from the nearer bound when it lies outside, 0 inside */
    bool judged, met;  /* judged: there is a bound or a tolerance */
} closo_study_expectation;

typedef struct closo_study {
    closo_arena *arena; /* that everything lives in; borrowed */
    const char *path, *folder;
    const char *title, *author, *about;
    const char *output; /* folder for the results, from the folder of the study */
    bool synthetic;     /* the data are made up; every page says so */
    closo_study_file *files;
    size_t file_count;
    closo_study_task *tasks;
    size_t task_count;
    closo_study_expectation *expectations;
    size_t expectation_count;
    closo_study_result *results;
    size_t result_count, failed_count;
    char sha256[65]; /* of the study file */
} closo_study;

/* Reads and checks a study file: keys, units, formulas, and that every raw file is there.
 * IO, NOMEM; FORMAT: the message names the line and what would be right. */
CLOSO_API CLOSO_CHECK closo_status closo_study_load(const char *path, closo_arena *arena,
                                                    closo_study **study, closo_error *error);

/* Reads the raw files and does the tasks. One that fails keeps its error and stops no other. CANCELLED. */
CLOSO_API CLOSO_CHECK closo_status closo_study_run(closo_study *study,
                                                   const closo_progress *progress,
                                                   const closo_log *log, closo_error *error);

/* Writes the results as a SQLite database (tables study, file, result, number, note), and as one JSON file. */
CLOSO_API CLOSO_CHECK closo_status closo_study_write_database(const closo_study *study,
                                                              const char *path, closo_error *error);
CLOSO_API CLOSO_CHECK closo_status closo_study_write_json(const closo_study *study,
                                                          const char *path, closo_error *error);

#ifdef __cplusplus
}
#endif
#endif
