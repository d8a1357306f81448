/* SPDX-License-Identifier: BSD-3-Clause */
/* study_spectrum.h: what the analyses of one impedance spectrum share. */
#ifndef CLOSO_STUDY_SPECTRUM_H
#define CLOSO_STUDY_SPECTRUM_H

#include "study_internal.h"

/* The spectrum of the result's file that the task asks for, into result->spectrum. */
closo_status closo_study_spectrum(const closo_study *study, const closo_study_task *task,
                                  closo_study_result *result);

/* All spectra of the task's files; the study's temperature goes before the file's, that before the file name's. */
closo_status closo_study_spectra(const closo_study *study, const closo_study_task *task,
                                 closo_spectrum **spectra, size_t *count, closo_error *error);

/* The key `circuit`. */
closo_status closo_study_take_circuit(const char *text, closo_arena *arena, closo_study_task *task,
                                      closo_error *error);

/* The key `spectrum`. */
closo_status closo_study_take_spectrum(const char *text, closo_arena *arena, closo_study_task *task,
                                       closo_error *error);

#endif
