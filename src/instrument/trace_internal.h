/* SPDX-License-Identifier: BSD-3-Clause */
/* trace_internal.h: time, potential and current of a table, some rows at a time. */
#ifndef CLOSO_TRACE_INTERNAL_H
#define CLOSO_TRACE_INTERNAL_H

#include "closo/base.h"

/* The columns that serve best; copies, as adding columns to a table moves its list. */
typedef struct closo_trace_source {
    closo_column time, potential, current;
    bool from_increments; /* current = charge since the row before / time since the row before */
    bool from_charge;     /* the same from a charge that accumulates */
    double start_s;       /* of a clock that counts from 1970 */
} closo_trace_source;

/* FORMAT, RANGE as closo_trace_from_table(). */
closo_status closo_trace_find(const closo_table *table, closo_trace_source *source,
                              closo_error *error);

/* Rows first .. first + count - 1, in SI. */
void closo_trace_read(const closo_trace_source *source, size_t first, size_t count, double *time_s,
                      double *potential_V, double *current_A);

#endif
