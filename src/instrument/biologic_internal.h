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
    bool new_header;
    uint8_t technique_id;
    bool has_technique;
    bool is_bt_lab;
    const char *analog_label
        [2]; /* of the device on analog input 1 and 2: "Force/N"; NULL when there is none */
} closo_mpr;

/* Settings of the technique and facts about the sample (biologic_settings.c). NOMEM only: what it cannot read it notes. */
closo_status closo_mpr_read_settings(closo_mpr *mpr, const closo_mpr_module *module);
/* The measured points (biologic_data.c). NOMEM; FORMAT: columns and records do not fit each other. */
closo_status closo_mpr_read_data(closo_mpr *mpr, const closo_mpr_module *module);
/* The Pascal string (a length byte, then Windows-1252) at `offset` of the module, in UTF-8, without blanks at its ends;
 * "" when it lies outside. NULL when out of memory. */
const char *closo_mpr_text(const closo_mpr *mpr, const closo_mpr_module *module, size_t offset);
/* Keeps it under a key unless it is empty. NOMEM. */
closo_status closo_mpr_keep_text(closo_mpr *mpr, const closo_mpr_module *module, size_t offset,
                                 const char *key);
/* The quantity that a device on an analog input measures, by its unit. */
closo_quantity closo_mpr_quantity_of_unit(const char *unit);
/* Device, versions, start time; loops; external devices (biologic_log.c). NOMEM only. */
closo_status closo_mpr_read_log(closo_mpr *mpr, const closo_mpr_module *module);
closo_status closo_mpr_read_loops(closo_mpr *mpr, const closo_mpr_module *module);
closo_status closo_mpr_read_external(closo_mpr *mpr, const closo_mpr_module *module);

#endif
