/* SPDX-License-Identifier: BSD-3-Clause */
/* parstat_text.c: tables that programs of Princeton Applied Research copy out: PowerSuite (Frequency, Zre, Zimg, no units) and
 * the text of a PARSTAT, where impedance follows rows of direct current whose frequency is 0. Z'' is as measured. */
#include "sweep_text.h"

#include <string.h>

static const closo_dialect_column columns[] = {
    {"frequency", CLOSO_QUANTITY_FREQUENCY, "Hz"},
    {"zre", CLOSO_QUANTITY_IMPEDANCE_REAL, "ohm"},
    {"zim", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "ohm"},
    {"zimg", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "ohm"},
    {"potential", CLOSO_QUANTITY_POTENTIAL, "V"},
    {"current", CLOSO_QUANTITY_CURRENT, "A"},
    {"elapsed time", CLOSO_QUANTITY_TIME, "s"},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const char *const parstat_marks[] = {"elapsed time", "frequency", "zre", "zim", NULL};
static const char *const powersuite_marks[] = {"frequency", "zre", "zimg", NULL};

static const closo_dialect parstat = {.format = "Parstat text",
                                      .instrument = "PARSTAT",
                                      .columns = columns,
                                      .marks = parstat_marks,
                                      .marks_needed = 4};
static const closo_dialect powersuite = {.format = "PowerSuite text",
                                         .instrument = "PARSTAT",
                                         .columns = columns,
                                         .marks = powersuite_marks,
                                         .marks_needed = 3};

static int recognise(const closo_source *source)
{
    const int one = closo_dialect_recognise(&parstat, source);
    return one != 0 ? one : closo_dialect_recognise(&powersuite, source);
}

static closo_status read_parstat(const closo_source *source, closo_table **result,
                                 closo_error *error)
{
    const bool with_time = closo_dialect_recognise(&parstat, source) != 0;
    return closo_sweep_read_delimited(source, with_time ? &parstat : &powersuite, result, error);
}

const closo_format closo_format_parstat = {"Parstat text", recognise, read_parstat};
