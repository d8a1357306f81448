/* SPDX-License-Identifier: BSD-3-Clause */
/* bdf_internal.h: the terms of the Battery Data Format and the check of a table against them. */
#ifndef CLOSO_INSTRUMENT_BDF_INTERNAL_H
#define CLOSO_INSTRUMENT_BDF_INTERNAL_H

#include "text_internal.h"

/* A term that stands alone. The first three are required, the next four recommended. NULL name ends the list. */
typedef struct closo_bdf_name {
    const char *name, *label, *unit;
    closo_quantity quantity;
} closo_bdf_name;
extern const closo_bdf_name closo_bdf_names[];
enum { CLOSO_BDF_REQUIRED = 3, CLOSO_BDF_RECOMMENDED = 4 };

typedef enum closo_bdf_sum {
    CLOSO_BDF_NO_SUM,
    CLOSO_BDF_CHARGING,
    CLOSO_BDF_DISCHARGING,
    CLOSO_BDF_NET,       /* charging - discharging */
    CLOSO_BDF_CUMULATIVE /* charging + discharging */
} closo_bdf_sum;

/* Since when a sum counts. */
typedef enum closo_bdf_scope {
    CLOSO_BDF_TEST, /* never set back */
    CLOSO_BDF_STEP,
    CLOSO_BDF_CYCLE,
    CLOSO_BDF_SCHEDULE /* wherever the author of the schedule put it */
} closo_bdf_scope;

typedef struct closo_bdf_term {
    closo_quantity quantity;
    const char *unit;
    closo_bdf_sum sum;
    closo_bdf_scope scope; /* of a sum */
} closo_bdf_term;

/* False when the name is no term of the ontology. */
bool closo_bdf_find(const char *name, closo_bdf_term *term);

/* Checks a table that was read from such a file: terms, units, order of time, whole and growing counters, sign of the current
 * against the sums, and the sums against each other. A note for each departure, and the metadatum bdf_validation says
 * how many there are. NOMEM. bdf_validate.c; O(rows) */
closo_status closo_bdf_validate(closo_table *table);

#endif
