/* SPDX-License-Identifier: BSD-3-Clause */
/* dialect.h: what differs between the cyclers' exports, as tables: how a vendor names its columns, in which unit where the
 * name tells none, and by which words it tells charge from discharge. The same tables serve text and workbooks. */
#ifndef CLOSO_INSTRUMENT_DIALECT_H
#define CLOSO_INSTRUMENT_DIALECT_H

#include "text_internal.h"

typedef struct closo_dialect_column {
    /* The name without its unit in lower case, one blank for each sign: "chg cap" for "Chg. Cap.(mAh)". "aux temperature #"
     * stands for any number at the end. */
    const char *words;
    closo_quantity quantity;
    const char *unit; /* in which the vendor writes where the name tells none; NULL: unknown */
} closo_dialect_column;

/* A word of the column that tells what the cycler does, and the direction of the current: +1 charges, -1 discharges, 0
 * none. "discharge*" stands for all words that begin so, "*dchg" for those that contain it; case does not matter. The first
 * that fits counts. */
typedef struct closo_dialect_state {
    const char *word;
    int direction;
} closo_dialect_state;

typedef struct closo_dialect {
    const char *format;                  /* of the table: "Maccor text" */
    const char *instrument;              /* metadata: "Maccor" */
    const closo_dialect_column *columns; /* words NULL ends the list */
    const char *const *state_columns;    /* their words; NULL ends; NULL: none */
    const closo_dialect_state *states;   /* word NULL ends; NULL: none */
    bool magnitudes;          /* some of the vendor's programs write the current without a sign */
    const char *const *marks; /* beginnings of names, in words, that tell this vendor; NULL ends */
    size_t marks_needed;      /* so many of them in one line are proof */
} closo_dialect;

extern const closo_dialect closo_dialect_arbin; /* arbin_csv.c */
extern const closo_dialect closo_dialect_landt; /* landt_csv.c */

/* What the column is, and its unit ("" when it has none). unit_assumed, which may be NULL: neither the name nor the vendor
 * tells it. False for a name the dialect does not know, or whose unit measures something else. */
bool closo_dialect_meaning(const closo_dialect *dialect, const char *name, closo_quantity *quantity,
                           char unit[64], bool *unit_assumed);

/* Puts what the dialect knows in the place of what was guessed. NOMEM. */
closo_status closo_dialect_name_columns(const closo_dialect *dialect, closo_arena *arena,
                                        closo_text_name *names, size_t count);

/* What separates the fields of a line, one of the first, that has enough of the dialect's marks; 0 when there is none. */
char closo_dialect_separator(const closo_dialect *dialect, const closo_source *source);
/* 90 when there is such a line, else 0. */
int closo_dialect_recognise(const closo_dialect *dialect, const closo_source *source);

/* What a table with the vendor's columns still needs, however it was read: clocks that pass midnight joined, a total time where
 * only that of the steps is there (dialect_clock.c), a signed current where the file has magnitudes and words for the
 * direction (dialect_signs.c), and metadata. Each with a note. What is added is marked derived. NOMEM. */
closo_status closo_dialect_finish(const closo_dialect *dialect, closo_table *table);

/* Its parts; the clocks come first. */
closo_status closo_dialect_sign_current(const closo_dialect *dialect, closo_table *table);
closo_status closo_dialect_mend_clocks(const closo_dialect *dialect, closo_table *table);

/* Both note what they find and return how many notes that were. */
/* A time that lies before that of an earlier row. */
size_t closo_check_time_goes_on(closo_table *table, const closo_column *time);
/* A current that runs against the capacities which the file counts, or has no sign although it counts discharge. */
size_t closo_check_current_against_counters(closo_table *table, const closo_column *current);

/* A text in this dialect; NULL: any table in a text. delimited.c. Errors as closo_file_open(). */
closo_status closo_delimited_read(const closo_source *source, const closo_dialect *dialect,
                                  closo_table **table, closo_error *error);

#endif
