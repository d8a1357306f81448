/* SPDX-License-Identifier: BSD-3-Clause */
/* study_internal.h: what an analysis has to say so that studies can ask for it. A new one is: a line in
 * CLOSO_ANALYSIS_LIST, study_<name>.c here, report_<name>.c in src/report. */
#ifndef CLOSO_STUDY_INTERNAL_H
#define CLOSO_STUDY_INTERNAL_H

#include "base/base_internal.h"
#include "closo/study.h"

/* A key that tasks of the analysis may have. take() reads its text into the task; what it writes into the error is only
 * what is wrong with the text: key and line are added. */
typedef struct study_key {
    const char *key;
    closo_status (*take)(const char *text, closo_arena *arena, closo_study_task *task,
                         closo_error *error);
} study_key;

typedef enum study_scope {
    STUDY_EACH_FILE, /* a result for each file */
    STUDY_TOGETHER   /* one result for all files of the task: a series */
} study_scope;

typedef struct study_analysis {
    const char *name;
    study_scope scope;
    const study_key *keys;
    size_t key_count;
    /* Fills result->json, and what the report draws. Files that could not be read are not given to
     * STUDY_EACH_FILE; STUDY_TOGETHER finds them with table NULL. */
    closo_status (*run)(const closo_study *study, const closo_study_task *task,
                        closo_study_result *result);
} study_analysis;

#define X(code, name) extern const study_analysis closo_study_##name;
CLOSO_ANALYSIS_LIST(X)
#undef X

const study_analysis *closo_study_analysis(closo_analysis analysis);

/* The index of the file called `id`, or study->file_count. */
size_t closo_study_find_file(const closo_study *study, const char *id);

/* ---- study_simulate.c ---- */

/* Simulates the cell that stands in the place of a file; fills its tables and what the study does not say of the cell. */
closo_status closo_study_simulate(const closo_study *study, closo_study_file *file,
                                  const unsigned char *bytes, size_t size);

/* ---- study_expect.c ---- */

/* Reads "2.04", "> 2.14", "< 80" or "700 to 1300". FORMAT. */
closo_status closo_study_take_expected(const char *text, double *low, double *high,
                                       closo_error *error);
/* Looks all expectations up in the results. */
void closo_study_expect(closo_study *study);

/* For take(): a whole number from 0 to most; a number. */
closo_status closo_study_take_count(const char *text, size_t most, size_t *count,
                                    closo_error *error);
closo_status closo_study_take_number(const char *text, double *number, closo_error *error);

/* The key `at` of Arrhenius plots: the temperature where the conductivity is wanted. */
closo_status closo_study_take_at(const char *text, closo_arena *arena, closo_study_task *task,
                                 closo_error *error);

#endif
