/* SPDX-License-Identifier: BSD-3-Clause */
/* neware_internal.h: what the readers of Neware's .nda and .ndax share. */
#ifndef CLOSO_NEWARE_INTERNAL_H
#define CLOSO_NEWARE_INTERNAL_H

#include "text_internal.h"
#include "zip_internal.h"

/* The rows of a Neware file, column by column, each array with `count` elements. Charges and energies are magnitudes since
 * the start of the step. What a file does not hold stays NaN or 0 and its `has_` flag false. */
typedef struct closo_neware_rows {
    size_t count;
    uint32_t *index, *cycle, *step, *step_count;
    uint8_t *type, *jump; /* type of the step; a counter that changes when a new step begins */
    double *step_time_s, *time_s, *clock_s;
    double *voltage_V, *current_mA;
    double *charge_mAh, *discharge_mAh, *charge_mWh, *discharge_mWh;
    /* Where the file has floats they are kept as such: value = factor * float; voltage_V and current_mA are then NULL. */
    const float *voltage_f32, *current_f32;
    double voltage_factor, current_factor;
    bool has_cycle, has_total_time, has_step_time, has_step_count, has_clock;
    bool clock_is_local; /* the clock of the computer, whose zone the file does not tell */
} closo_neware_rows;

/* NOMEM. with_floats: voltage and current are set by the caller. */
bool closo_neware_rows_new(closo_neware_rows *rows, size_t count, bool with_floats,
                           closo_arena *arena);

/* Milliamperes (or milliampere seconds, milliwatt seconds) of one unit of the stored integers, by the code of the
 * measuring range; NaN for a code that no instrument has. */
double closo_neware_multiplier(int32_t range_code);

/* Seconds from 1970-01-01 of a date and a time of day; NaN when there is no such moment. */
double closo_neware_clock(unsigned year, unsigned month, unsigned day, unsigned hour,
                          unsigned minute, unsigned second);

/* Splits a signed or unsigned amount of charge or energy by the direction of the current. */
void closo_neware_split(const closo_neware_rows *rows, size_t row, double current_mA,
                        double amount_mAh, double amount_mWh);

/* The row with that number, where the numbers go upwards; SIZE_MAX when there is none. */
size_t closo_neware_row_of(const closo_neware_rows *rows, uint32_t index);

/* Counts steps and adds up times where the file does not, then adds the columns to the table. NOMEM. */
closo_status closo_neware_finish(closo_neware_rows *rows, closo_table *table);

/* Neware writes GB2312 or UTF-8: as UTF-8, up to the first 0, without white space at the ends. NULL: out of memory. */
char *closo_neware_text(closo_arena *arena, const void *bytes, size_t length);

/* ---- .ndc, the tables within .ndax (neware_ndc.c) ---- */

enum { CLOSO_NDC_DATA = 1, CLOSO_NDC_AUX = 5, CLOSO_NDC_STEP = 7, CLOSO_NDC_RUN = 18 };

/* 0 when the member is no .ndc. */
unsigned closo_ndc_kind(const closo_zip_member *member);
unsigned closo_ndc_version(const closo_zip_member *member);

/* Voltage, current and, by `run` and `steps` (may be NULL), all the rest. UNSUPPORTED: a version closo does not know. */
closo_status closo_ndc_read(const closo_zip_member *data, const closo_zip_member *run,
                            const closo_zip_member *steps, closo_table *table,
                            closo_neware_rows *rows, closo_error *error);

/* An auxiliary channel: adds columns named "Aux <number> ..." to the table. type is TestInfo's ChlType, 0 unknown.
 * NOMEM. */
closo_status closo_ndc_read_aux(const closo_zip_member *aux, const closo_neware_rows *rows,
                                unsigned number, unsigned type, closo_table *table);

#endif
