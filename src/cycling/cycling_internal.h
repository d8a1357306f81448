/* SPDX-License-Identifier: BSD-3-Clause */
/* cycling_internal.h: the stages from a table to cycles, in the order in which closo_cycling_from_table() calls them.
 *
 * Rows are not kept: a file of 100 MB holds two million of them. Each stage reads them anew, a window at a time, from the
 * columns of the table, and keeps what it found about runs of rows: pieces of the file, runs of one sign, steps. */
#ifndef CLOSO_CYCLING_INTERNAL_H
#define CLOSO_CYCLING_INTERNAL_H

#include "base/base_internal.h"
#include "closo/cycling.h"
#include "instrument/trace_internal.h"

/* ---- where rows come from ---- */

/* The instrument's own charge. It integrates faster than it writes rows, so where a current dies away between two rows, or
 * is written with two digits, it knows better. */
typedef enum closo_own_kind {
    CLOSO_OWN_NONE,
    CLOSO_OWN_INCREMENTS, /* of each row (EC-Lab: dq) */
    CLOSO_OWN_HALF_CYCLE, /* of the half cycle, signed */
    CLOSO_OWN_CAPACITIES, /* charge and discharge in two columns */
    CLOSO_OWN_CAPACITY    /* magnitude in one column, whichever way it flows */
} closo_own_kind;

typedef struct closo_own_charge {
    closo_own_kind kind;
    closo_column column, discharge; /* discharge: of CAPACITIES */
} closo_own_charge;

/* Rows in use that stand one after the other in the file. */
typedef struct closo_cycling_piece {
    size_t first_row, row_count; /* in use */
    size_t file_row;             /* of the first, counted from 0 */
    double offset_s;             /* on the file's clock */
    double carried_C;            /* of rows left out before, by the instrument's own charge */
    double held_A; /* the current of all its rows, where the file has none; else NaN */
    bool joined;   /* the clock was restarted, or the test paused, before it */
} closo_cycling_piece;

/* Rows of one sign. */
typedef struct closo_cycling_run {
    size_t first_row, row_count;
    int sign;
    double charge_C; /* magnitude, roughly */
} closo_cycling_run;

/* Rows first_row .. end_row - 1. */
typedef struct closo_cycling_range {
    size_t first_row, end_row;
} closo_cycling_range;

typedef struct closo_cycling_source {
    closo_arena *table_arena;
    closo_trace_source trace;
    closo_own_charge own;
    bool averaged; /* currents are means over the interval before their row */
    closo_cycling_piece *pieces;
    size_t piece_count, piece_capacity;
    closo_cycling_run *runs; /* once they are known */
    size_t run_count, run_capacity;
    closo_cycling_range *turned; /* currents without a sign that are discharge */
    size_t turned_count, turned_capacity;
    size_t row_count;
} closo_cycling_source;

enum { CLOSO_ROWS_IN_WINDOW = 2048 };

/* Some rows in use. Element 0 of each array is the row before the first, where there is one. */
typedef struct closo_row_window {
    const closo_cycling_source *source;
    size_t first_row, row_count;
    const double *charge_C; /* one of the two below */
    double time_s[CLOSO_ROWS_IN_WINDOW + 1], potential_V[CLOSO_ROWS_IN_WINDOW + 1],
        current_A[CLOSO_ROWS_IN_WINDOW + 1], own_C[CLOSO_ROWS_IN_WINDOW + 1],
        integral_C[CLOSO_ROWS_IN_WINDOW + 1];
    closo_window pages;
} closo_row_window;

void closo_row_window_load(closo_row_window *window, size_t row);

/* The index of a row in the window's arrays; the one before it is there too. */
static inline size_t closo_row_at(closo_row_window *window, size_t row)
{
    if (row - window->first_row >= window->row_count)
        closo_row_window_load(window, row);
    return row - window->first_row + 1;
}

/* Forgets what is loaded, when the source has changed. */
static inline void closo_row_window_clear(closo_row_window *window)
{
    window->row_count = 0;
}

/* The piece a row in use is of, the run it is of (which must be known). */
size_t closo_cycling_piece_of(const closo_cycling_source *source, size_t row);
size_t closo_cycling_run_of(const closo_cycling_source *source, size_t row);

/* The sign of the current of a row. */
static inline int closo_cycling_sign(const closo_cycling_source *source, size_t row)
{
    return source->runs[closo_cycling_run_of(source, row)].sign;
}

/* True when the clock was restarted, or the test paused, before the row. */
bool closo_cycling_joined(const closo_cycling_source *source, size_t row);

/* own_charge.c. Of rows of the file; currents tell the direction of a magnitude. NaN where it is not known. */
void closo_own_charge_find(const closo_table *table, closo_own_charge *own);
void closo_own_charge_read(const closo_own_charge *own, size_t file_row, size_t count,
                           const double *current_A, double *charge_C);

/* What a column of capacity grows by from the row before to this one. */
double closo_own_charge_growth(const closo_column *column, size_t file_row);

/* ---- the stages ---- */

/* The distribution of |I|: a bin an eighth of an octave, each with its extremes and its charge. */
enum { CLOSO_CURRENT_BINS = 2048 * 8 };
typedef struct closo_current_bin {
    double least_A, most_A, charge_C; /* charge -1: empty */
} closo_current_bin;

/* What is found out about all rows while they are gone through for the first time. */
typedef struct closo_row_facts {
    closo_current_bin *bins;
    double sum_C, sum_A_C;            /* |I| dt and |I| |I| dt */
    double own_sum_C, own_least_C;    /* |charge| by the instrument, its smallest change */
    double low_V, high_V, least_A;    /* least_A: the most negative current */
    double most_A_of_negative_charge; /* largest |I| in rows whose own charge is negative */
} closo_row_facts;

/* What the stages share while they work. */
typedef struct closo_cycling_work {
    closo_cycling *cycling;
    const closo_table *table;
    closo_arena *arena;
    closo_arena *passing;         /* for what is needed only until the cycles are there */
    closo_cycling_source *source; /* the cycling's */
    closo_row_window *window;
    closo_row_facts facts;
    double *charge_before_C; /* of each window: what passed before its first row, signed */
    double mean_A;           /* mean |I|, weighted by charge */
    double noise_A, noise_V; /* of one row, while current flows */
    const char *charge_rule, *zero_rule;
} closo_cycling_work;

/* rows.c: the rows in use and a clock that only goes forward. */
closo_status closo_cycling_rows_find(closo_cycling_work *work, closo_error *error);
/* zero_current.c: which rows rest. */
bool closo_row_facts_new(closo_row_facts *facts, closo_arena *arena);
void closo_row_facts_add(closo_row_facts *facts, double elapsed_s, double potential_V,
                         double current_A, double own_C);
closo_status closo_cycling_zero_current(closo_cycling_work *work, closo_error *error);
/* Noise of a series from its second differences, in which a straight run cancels; only rows where `use` is not 0 and the
 * same in both neighbours. scratch has room for count numbers. */
double closo_cycling_noise(const double *y, const int *use, size_t count, double *scratch);

/* unsigned_currents.c */
closo_status closo_cycling_mend_signs(closo_cycling_work *work, closo_error *error);
/* signs.c: runs of one sign, and noise. */
closo_status closo_cycling_signs(closo_cycling_work *work, closo_error *error);
/* steps.c */
closo_status closo_cycling_steps(closo_cycling_work *work, closo_error *error);
/* half_cycles.c */
closo_status closo_cycling_half_cycles(closo_cycling_work *work, closo_error *error);
/* cycles.c */
closo_status closo_cycling_cycles(closo_cycling_work *work, closo_error *error);
closo_status closo_cycling_summarise(closo_cycling_work *work, closo_error *error);
/* remarks.c: notes about what the cycles look like as a whole. */
closo_status closo_cycling_remark(closo_cycling_work *work, closo_error *error);
/* counters.c */
closo_status closo_cycling_counters(closo_cycling_work *work, closo_error *error);

#endif
