/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLOSO_STUDY_INTERNAL_H
#define CLOSO_STUDY_INTERNAL_H

#include "base/base_internal.h"
#include "closo/study.h"

#endif
