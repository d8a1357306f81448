/* SPDX-License-Identifier: BSD-3-Clause */
/* make_mpr.h: writes BioLogic .mpr files, for tests and examples. It shares no code with the reader. */
#ifndef CLOSO_MAKE_MPR_H
#define CLOSO_MAKE_MPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum make_mpr_type {
    MAKE_MPR_F64,
    MAKE_MPR_F32,
    MAKE_MPR_U32,
    MAKE_MPR_U16,
    MAKE_MPR_U8,
    MAKE_MPR_FLAG /* ids 1, 2, 3, 21, 31, 65, which share one byte; values 0 or 1, of id 1 (mode) 0 to 3 */
} make_mpr_type;

typedef struct make_mpr_column {
    uint16_t id;
    make_mpr_type type;
    const double *values;
} make_mpr_column;

/* The parameters of one sequence of a technique, packed. */
typedef struct make_mpr_record {
    unsigned char bytes[256];
    size_t size;
} make_mpr_record;
void make_mpr_put_float(make_mpr_record *record, double value);
void make_mpr_put_integer(make_mpr_record *record, uint32_t value, size_t bytes);

/* The 21 parameters of a cyclic voltammogram from the open circuit to first_V and second_V against the reference. */
typedef struct make_mpr_cv {
    double rate_mV_per_s, first_V, second_V, range_low_V, range_high_V;
    uint32_t repeats;
} make_mpr_cv;
void make_mpr_put_cv(make_mpr_record *record, const make_mpr_cv *cv, bool new_header);
enum { MAKE_MPR_CV = 0x06, MAKE_MPR_CV_PARAMETERS = 21 };

typedef struct make_mpr {
    int version; /* of the data: 0, 2, 3 with the older module header, 11 with the newer one */
    bool
        compact; /* modules as short as the reader can do with, for tests; false: as long as EC-Lab makes them */
    /* VMP data */
    const make_mpr_column *columns;
    size_t column_count, row_count;
    /* VMP Set */
    uint8_t technique;
    const make_mpr_record *sequences;
    size_t sequence_count;
    uint16_t parameter_count;
    const char *comments, *electrode_material, *electrolyte,
        *reference; /* Windows-1252; NULL is empty */
    double reference_V, area_cm2, active_mass_mg, molar_mass_g, ion_molar_mass_g, active_mass_at_x,
        x_start;
    double characteristic_mass_mg, capacity_mAh;
    uint16_t electrons_per_ion;
    /* VMP LOG; without_log: a running measurement */
    bool without_log;
    uint8_t channel; /* counted from 0 */
    uint32_t channel_serial;
    const char *software, *device_serial, *file_name;
    double start_days; /* since 1899-12-30 */
    double range_low_V, range_high_V;
    uint8_t averaged_points;
    /* VMP loop: boundaries, none when 0 */
    const uint32_t *loops;
    size_t loop_count;
    /* VMP ExtDev, none when both are NULL: "Force/N" */
    const char *analog_label[2];
} make_mpr;

/* Writes the file; returns its size, 0 when it does not fit. */
size_t make_mpr_write(const make_mpr *spec, unsigned char *bytes, size_t capacity);

#endif
