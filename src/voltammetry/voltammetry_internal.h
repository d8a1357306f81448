/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLOSO_VOLTAMMETRY_INTERNAL_H
#define CLOSO_VOLTAMMETRY_INTERNAL_H

#include "base/base_internal.h"
#include "closo/voltammetry.h"

/* Charge of positive and of negative current between rows first and last (inclusive), by the trapezoid rule; an interval
 * in which the current changes sign is cut where it is zero. Only potentials low_V .. high_V count: an interval that
 * crosses a limit is cut there. */
void closo_charge_between(const closo_trace *trace, size_t first, size_t last, double low_V,
                          double high_V, double *anodic_C, double *cathodic_C);

#endif
