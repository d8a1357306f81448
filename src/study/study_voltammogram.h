/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLOSO_STUDY_VOLTAMMOGRAM_H
#define CLOSO_STUDY_VOLTAMMOGRAM_H

#include "study_internal.h"

/* The voltammogram of the result's file and its summary, which `onset` and `cv` begin with. */
closo_status closo_study_voltammogram(const closo_study *study, closo_study_result *result);

#endif
