/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_internal.h: what the parts of the BioLogic readers share. The bytes are described in FORMAT-biologic.md. */
#ifndef CLOSO_BIOLOGIC_INTERNAL_H
#define CLOSO_BIOLOGIC_INTERNAL_H

#include "instrument_internal.h"

/* ---- columns (biologic_ids.c) ---- */

/* A column as it is stored. */
typedef struct closo_eclab_column {
    uint16_t id;
    const char *name;
    closo_storage storage;
    bool is_flag; /* a few bits of the one byte that all flags share */
    uint8_t bit_mask, bit_shift;
} closo_eclab_column;

/* False when the number is not known. */
bool closo_eclab_column_by_id(uint16_t id, closo_eclab_column *column);

/* Words for the codes of the column "I Range". */
const char *const *closo_eclab_current_ranges(size_t *count);

/* ---- techniques (biologic_techniques.c) ---- */

/* How the value of a parameter is worded. */
typedef enum closo_eclab_word {
    CLOSO_WORD_INTEGER,
    CLOSO_WORD_DECIMALS_0, /* a float with so many decimals, and more where it has them */
    CLOSO_WORD_DECIMALS_1,
    CLOSO_WORD_DECIMALS_2,
    CLOSO_WORD_DECIMALS_3,
    CLOSO_WORD_DECIMALS_4,
    CLOSO_WORD_DURATION, /* a float in seconds, as 1:30:0.0000 */
    CLOSO_WORD_DATE,     /* a float, days since 1899-12-30 */
    CLOSO_WORD_TIME_OF_DAY,
    CLOSO_WORD_RANGE,       /* code of "I Range", less one */
    CLOSO_WORD_RANGE_LIMIT, /* the same, but 123 is Unset */
    CLOSO_WORD_MB_VALUE,    /* Modulo Bat: blank where the kind of control does not use it */
    CLOSO_WORD_MB_UNIT,
    CLOSO_WORD_MB_VS,
    CLOSO_WORD_MB_LIMIT_UNIT, /* by the kind of the limit */
    CLOSO_WORD_LISTS,         /* from here on: a code with a list of words */
    CLOSO_WORD_VS_POTENTIAL = CLOSO_WORD_LISTS,
    CLOSO_WORD_VS_CURRENT,
    CLOSO_WORD_UNIT_CURRENT,
    CLOSO_WORD_UNIT_CHARGE,
    CLOSO_WORD_UNIT_FREQUENCY,
    CLOSO_WORD_UNIT_SCAN,
    CLOSO_WORD_UNIT_CURRENT_SCAN,
    CLOSO_WORD_SET_CURRENT,
    CLOSO_WORD_SIGN,
    CLOSO_WORD_RECORD_CURRENT,
    CLOSO_WORD_RECORD_POTENTIAL,
    CLOSO_WORD_EIS_MODE,
    CLOSO_WORD_EIS_POINTS,
    CLOSO_WORD_EIS_SPACING,
    CLOSO_WORD_EIS_AMPLITUDE,
    CLOSO_WORD_BCD_LIMIT,
    CLOSO_WORD_ZIR_MODE,
    CLOSO_WORD_MB_CONTROL,
    CLOSO_WORD_MB_WHAT,
    CLOSO_WORD_MB_DIRECTION,
    CLOSO_WORD_MB_TRIGGER,
    CLOSO_WORD_MB_TIMEOUT,
    CLOSO_WORD_MB_TYPE,
    CLOSO_WORD_MB_COMPARE,
    CLOSO_WORD_MB_CHARGE,
    CLOSO_WORD_MB_ACTION,
    CLOSO_WORD_COUNT
} closo_eclab_word;

enum { CLOSO_ECLAB_LAYOUTS_MAX = 5, CLOSO_ECLAB_PARAMETERS_MAX = 80 };

typedef struct closo_eclab_parameter {
    const char *name;
    uint8_t word;                           /* a closo_eclab_word */
    uint8_t bytes[CLOSO_ECLAB_LAYOUTS_MAX]; /* in each layout, 0 when it has no such parameter */
} closo_eclab_parameter;

typedef enum closo_eclab_header_kind {
    CLOSO_ECLAB_BOTH,
    CLOSO_ECLAB_OLD,
    CLOSO_ECLAB_NEW
} closo_eclab_header_kind;

typedef struct closo_eclab_technique_layout {
    uint8_t id;
    const char *short_name, *name;
    const closo_eclab_parameter *parameters;
    size_t parameter_count;
    struct {
        uint16_t parameter_count, record_bytes;
        closo_eclab_header_kind header;
    } layouts[CLOSO_ECLAB_LAYOUTS_MAX];
    size_t layout_count;
} closo_eclab_technique_layout;

/* NULL when closo does not know it. */
const closo_eclab_technique_layout *closo_eclab_technique_by_id(uint8_t id);

/* ---- the parts of an .mpr ---- */

typedef struct closo_mpr_module {
    char name[11];             /* "VMP data" */
    const unsigned char *data; /* after the header */
    size_t offset;             /* of data in the file */
    size_t length;             /* bytes of data that are there */
    size_t announced;          /* bytes of data the header announces */
    bool new_header;           /* EC-Lab 11.50 and later */
    uint32_t version;          /* of the data module: 0, 2, 3; with a new header 10 or 11 */
} closo_mpr_module;

/* What is learned about the measurement on the way, for the parts that are read later. */
typedef struct closo_mpr {
    const closo_source *source;
    closo_table *table;
    closo_error *error; /* of the caller, may be NULL */
    bool is_bt_lab;
    const char *analog_label
        [2]; /* of the device on analog input 1 and 2: "Force/N"; NULL when there is none */
} closo_mpr;

/* Settings of the technique and facts about the sample (biologic_settings.c). NOMEM only: what it cannot read it notes. */
closo_status closo_mpr_read_settings(closo_mpr *mpr, const closo_mpr_module *module);
/* The technique's parameters as settings and metadata (biologic_parameters.c). NOMEM. */
closo_status closo_mpr_read_parameters(closo_mpr *mpr, const closo_mpr_module *module,
                                       const closo_eclab_technique_layout *technique);
/* The charge that changes x by 1, from the facts about the sample. */
bool closo_mpr_charge_per_x(const closo_mpr_module *module, double *charge_mAh);
/* The measured points (biologic_data.c). NOMEM; FORMAT: columns and records do not fit each other. */
closo_status closo_mpr_read_data(closo_mpr *mpr, const closo_mpr_module *module);
/* The Pascal string (a length byte, then Windows-1252) at `offset` of the module, in UTF-8, without blanks at its ends;
 * "" when it lies outside. NULL when out of memory. */
const char *closo_mpr_text(const closo_mpr *mpr, const closo_mpr_module *module, size_t offset);
/* Keeps it under a key unless it is empty. NOMEM. */
closo_status closo_mpr_keep_text(closo_mpr *mpr, const closo_mpr_module *module, size_t offset,
                                 const char *key);
/* The float at `offset` of the module; false when it lies outside or is not finite. */
bool closo_mpr_f32(const closo_mpr_module *module, size_t offset, double *value);
/* A float to the seven digits it can hold: 90.93, not 90.9300003. It is what was typed in. */
double closo_mpr_as_typed(double value);
/* A date counted in days since 1899-12-30, in milliseconds from its midnight on; false when it is not one of 1954 to
 * 2173. */
typedef struct closo_mpr_date {
    int year, month, day, millisecond;
} closo_mpr_date;
bool closo_mpr_date_of(double days, closo_mpr_date *date);
/* The quantity that a device on an analog input measures, by its unit. */
closo_quantity closo_mpr_quantity_of_unit(const char *unit);
/* Device, versions, start time; loops; external devices (biologic_log.c). NOMEM only. */
closo_status closo_mpr_read_log(closo_mpr *mpr, const closo_mpr_module *module);
closo_status closo_mpr_read_loops(closo_mpr *mpr, const closo_mpr_module *module);
closo_status closo_mpr_read_external(closo_mpr *mpr, const closo_mpr_module *module);

#endif
