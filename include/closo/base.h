/* SPDX-License-Identifier: BSD-3-Clause */
/* base.h: what every room stands on: status and error, arena, values, units, the table.
 *
 * Conventions of the whole library
 *   - Inside the library numbers are SI. A table keeps the instrument's own numbers and units, so that nothing is
 *     lost or rounded on the way through; closo_column_read_si() converts when an analysis asks.
 *   - Anodic (oxidation of the working electrode) current is positive. Z'' is signed as measured.
 *   - Every fallible function returns a closo_status and takes a closo_error * last, which may be NULL.
 *   - Everything a call makes lives in the arena it was given, until closo_arena_free().
 *   - No hidden state: every function may be called from several threads on different objects. */
#ifndef CLOSO_BASE_H
#define CLOSO_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CLOSO_API                 __attribute__((visibility("default")))
#define CLOSO_CHECK               __attribute__((warn_unused_result))
#define CLOSO_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define CLOSO_API
#define CLOSO_CHECK
#define CLOSO_PRINTF(text, first)
#endif

#define CLOSO_VERSION "0.1.0"

/* ---- status and error ------------------------------------------------------------------------------------------ */

/* code, what it means */
#define CLOSO_STATUS_LIST(X)                                            \
    X(OK, "done")                                                       \
    X(NOMEM, "not enough memory")                                       \
    X(IO, "the file could not be read or written")                      \
    X(FORMAT, "the content is not what its format asks for")            \
    X(UNSUPPORTED, "closo cannot do this")                              \
    X(LIMIT, "a limit was reached")                                     \
    X(RANGE, "a value or the data are outside what the method can use") \
    X(NOCONVERGE, "no answer was reached")                              \
    X(CANCELLED, "stopped on request")                                  \
    X(ARGUMENT, "the words of the request are wrong")

typedef enum closo_status {
#define X(code, text) CLOSO_##code,
    CLOSO_STATUS_LIST(X)
#undef X
} closo_status;

/* Where and why a call failed. Owned by the caller; initialise with {0}. */
typedef struct closo_error {
    closo_status status;
    char message
        [512]; /* one sentence: what is wrong and what would be right; lower case, no full stop */
    char file[512];      /* the file it is about, or empty */
    int64_t byte_offset; /* in that file, counted from 0; valid when has_byte */
    int64_t line;        /* in that file, counted from 1; 0 when unknown */
    bool has_byte;
} closo_error;

/* The meaning of a status, a constant string. */
CLOSO_API const char *closo_status_text(closo_status status);

/* Writes "cannot read 'a.mpr': <message> (byte 0x1f0)" and the like into text; always terminated. Returns text. */
CLOSO_API const char *closo_error_text(const closo_error *error, char *text, size_t size);

/* A number and its standard uncertainty (1 sigma); sigma is NaN when it is not known. */
typedef struct closo_value {
    double value, sigma;
} closo_value;

/* ---- arena ------------------------------------------------------------------------------------------------------ */

typedef struct closo_arena closo_arena;

/* A new arena that hands out at most budget_bytes in all; 0 takes the default of 4 GiB. NULL when out of memory. */
CLOSO_API closo_arena *closo_arena_new(size_t budget_bytes);

/* Frees everything the arena holds. NULL is allowed. */
CLOSO_API void closo_arena_free(closo_arena *arena);

/* count * size zeroed bytes aligned for any type; NULL when memory or budget is exhausted or the product overflows. */
CLOSO_API void *closo_arena_alloc(closo_arena *arena, size_t count, size_t size);

/* Bytes handed out so far. */
CLOSO_API size_t closo_arena_used(const closo_arena *arena);

/* ---- progress and log ------------------------------------------------------------------------------------------- */

/* Called now and then by long work. fraction is 0..1, what a few words. Return false to stop: the work then ends with
 * CLOSO_CANCELLED. */
typedef struct closo_progress {
    bool (*report)(void *user, double fraction, const char *what);
    void *user;
} closo_progress;

typedef enum closo_log_level {
    CLOSO_LOG_ERROR,
    CLOSO_LOG_WARNING,
    CLOSO_LOG_INFO,
    CLOSO_LOG_DEBUG
} closo_log_level;

/* Receives what the library has to say while it works. */
typedef struct closo_log {
    void (*write)(void *user, closo_log_level level, const char *area, const char *text);
    void *user;
} closo_log;

/* ---- units ------------------------------------------------------------------------------------------------------ */

/* Exponents of metre, kilogram, second, ampere, kelvin, mole, and of the C-rate (1 C = one capacity in an hour). */
enum { CLOSO_DIMENSION_COUNT = 7 };

/* value_SI = factor * value + offset. */
typedef struct closo_unit {
    double factor, offset;
    int8_t dimension[CLOSO_DIMENSION_COUNT];
} closo_unit;

/* Reads "mA/cm2", "mA.h", "ohm cm2", "uV/s", "degC", "µF", "%", "S cm-1", "1/s". FORMAT: names the unknown part. */
CLOSO_API CLOSO_CHECK closo_status closo_unit_parse(const char *text, closo_unit *unit,
                                                    closo_error *error);

/* True when a value in one unit can be given in the other. */
CLOSO_API bool closo_unit_matches(const closo_unit *one, const closo_unit *other);

/* Reads a number with a unit of the same dimension as `expected`, such as "0.1 mA/cm2" for "A/m2", "60 degC" for "K",
 * "C/10" for "C-rate", and gives it in SI. A bare number is refused unless expected is "1". FORMAT: the text is not a
 * finite number with a unit; RANGE: the unit measures something else (the message says what would be right). */
CLOSO_API CLOSO_CHECK closo_status closo_quantity_parse(const char *text, const char *expected,
                                                        double *si, closo_error *error);

/* The same with a standard uncertainty where one is given: "14.0 +- 0.1 mg", "14.0 mg ± 2 %", "70 ± 1 %" (of a share: one
 * hundredth, not one hundredth of 70); sigma is NaN without one. FORMAT and RANGE as above; RANGE too for an uncertainty
 * that is not larger than zero. */
CLOSO_API CLOSO_CHECK closo_status closo_value_parse(const char *text, const char *expected,
                                                     closo_value *si, closo_error *error);

/* Reads a window such as "2.0..2.4 V": two numbers, the unit behind the second counts for both. FORMAT and RANGE as above;
 * RANGE too when it runs from high to low. */
CLOSO_API CLOSO_CHECK closo_status closo_window_parse(const char *text, const char *expected,
                                                      double *from_si, double *to_si,
                                                      closo_error *error);

/* Physical constants, CODATA 2018 (exact since the SI revision of 2019, but for the atomic mass unit). */
#define CLOSO_FARADAY_C_per_mol   96485.33212331002
#define CLOSO_GAS_J_per_mol_K     8.31446261815324
#define CLOSO_BOLTZMANN_J_per_K   1.380649e-23
#define CLOSO_BOLTZMANN_eV_per_K  8.617333262145179e-5
#define CLOSO_ELEMENTARY_CHARGE_C 1.602176634e-19
#define CLOSO_AVOGADRO_per_mol    6.02214076e23
#define CLOSO_PLANCK_J_s          6.62607015e-34

/* ---- the table ---------------------------------------------------------------------------------------------------
 * The one thing that flows between rooms: named columns of numbers, with what they mean, and what is known about the
 * measurement. Readers make it, the cell makes it, analyses take it, reports draw it. */

/* name, SI unit, what it is */
#define CLOSO_QUANTITY_LIST(X)                                                                    \
    X(OTHER, "", "something closo knows only by name")                                            \
    X(TIME, "s", "time since the start of the test")                                              \
    X(STEP_TIME, "s", "time since the start of the step")                                         \
    X(UNIX_TIME, "s", "seconds since 1970-01-01 UTC")                                             \
    X(POTENTIAL, "V",                                                                             \
      "potential of the working electrode against the reference, or cell voltage of two "         \
      "electrodes")                                                                               \
    X(POTENTIAL_AVERAGE, "V", "the same, averaged over the sampling interval")                    \
    X(POTENTIAL_COUNTER, "V", "potential of the counter electrode against the reference")         \
    X(POTENTIAL_CONTROL, "V", "the potential asked for")                                          \
    X(POTENTIAL_CELL, "V", "working against counter electrode, where there is a reference too")   \
    X(CURRENT, "A", "current, anodic positive")                                                   \
    X(CURRENT_AVERAGE, "A", "current averaged over the sampling interval, anodic positive")       \
    X(CURRENT_CONTROL, "A", "the current asked for")                                              \
    X(CONTROL, "", "potential or current asked for, by mode")                                     \
    X(CHARGE_INCREMENT, "C", "charge passed since the row before")                                \
    X(CHARGE, "C", "charge passed since the start, anodic positive")                              \
    X(CHARGE_STEP, "C", "charge passed since the start of the step")                              \
    X(CHARGE_HALF_CYCLE, "C", "charge passed since the start of the half cycle, anodic positive") \
    X(CAPACITY, "C", "magnitude of the charge of the half cycle")                                 \
    X(CAPACITY_CHARGE, "C", "charge capacity")                                                    \
    X(CAPACITY_DISCHARGE, "C", "discharge capacity")                                              \
    X(ENERGY, "J", "energy")                                                                      \
    X(ENERGY_CHARGE, "J", "energy put in while charging")                                         \
    X(ENERGY_DISCHARGE, "J", "energy taken out while discharging")                                \
    X(POWER, "W", "power")                                                                        \
    X(EFFICIENCY, "1", "coulombic efficiency")                                                    \
    X(CAPACITANCE, "F", "capacitance")                                                            \
    X(RESISTANCE, "ohm", "resistance")                                                            \
    X(FREQUENCY, "Hz", "frequency")                                                               \
    X(IMPEDANCE_REAL, "ohm", "real part of the impedance")                                        \
    X(IMPEDANCE_IMAGINARY, "ohm", "imaginary part of the impedance, as measured")                 \
    X(IMPEDANCE_MINUS_IMAGINARY, "ohm", "imaginary part of the impedance with its sign turned")   \
    X(IMPEDANCE_MODULUS, "ohm", "modulus of the impedance")                                       \
    X(PHASE, "rad", "phase of the impedance")                                                     \
    X(TEMPERATURE, "K", "temperature")                                                            \
    X(PRESSURE, "Pa", "pressure")                                                                 \
    X(FORCE, "N", "force")                                                                        \
    X(CYCLE, "1", "cycle number as the instrument counts")                                        \
    X(HALF_CYCLE, "1", "half cycle number as the instrument counts")                              \
    X(STEP, "1", "step of the protocol (EC-Lab: Ns)")                                             \
    X(LOOP, "1", "loop or curve number")                                                          \
    X(RECORD, "1", "number of the record")                                                        \
    X(MODE, "1", "1 galvanostatic, 2 potentiostatic, 3 rest")                                     \
    X(FLAG, "1", "a yes or no of the instrument")                                                 \
    X(RANGE, "1", "code of a measuring range")

typedef enum closo_quantity {
#define X(code, unit, text) CLOSO_QUANTITY_##code,
    CLOSO_QUANTITY_LIST(X)
#undef X
        CLOSO_QUANTITY_COUNT
} closo_quantity;

/* "POTENTIAL" -> "potential", its SI unit, and the sentence of the list above; constant strings. */
CLOSO_API const char *closo_quantity_name(closo_quantity quantity);
CLOSO_API const char *closo_quantity_unit(closo_quantity quantity);
CLOSO_API const char *closo_quantity_text(closo_quantity quantity);

typedef enum closo_storage {
    CLOSO_STORE_F64,
    CLOSO_STORE_F32,
    CLOSO_STORE_U8,
    CLOSO_STORE_U16,
    CLOSO_STORE_U32
} closo_storage;

/* What is done to a stored value when it is read, so that a column which follows from another one needs no memory. */
typedef enum closo_view {
    CLOSO_VIEW_AS_IS,
    CLOSO_VIEW_MAGNITUDE, /* |v| */
    CLOSO_VIEW_POSITIVE,  /* v where it is positive, else 0 */
    CLOSO_VIEW_NEGATIVE,  /* -v where it is negative, else 0 */
    CLOSO_VIEW_HALF,      /* floor(v / 2) */
    CLOSO_VIEW_LINEAR     /* view_offset + view_factor v */
} closo_view;

/* A column is a view: its values lie little endian in memory, stride_bytes apart, often in the very bytes that were
 * read from the file. Read it with the functions below. NaN means missing. */
typedef struct closo_column {
    const char *name; /* as the instrument has it: "Ewe/V" */
    const char *unit; /* as the instrument has it: "V"; "" when it has none */
    closo_quantity quantity;
    double si_factor, si_offset; /* value_SI = si_factor * value + si_offset */
    closo_storage storage;
    const unsigned char *data; /* of row 0 */
    size_t stride_bytes;
    uint8_t bit_mask,
        bit_shift; /* for flags packed in one byte: (byte & mask) >> shift; mask 0 = the whole value */
    const char *const
        *labels; /* when not NULL the value is an index into these label_count words */
    size_t label_count;
    bool derived; /* closo worked it out from other columns of the file */
    closo_view view;
    double view_factor, view_offset;
} closo_column;

/* Something known about the measurement: a text, or a number with a unit (text NULL). Keys are snake_case without unit:
 * technique, instrument, software, channel, start_time, electrode_area, active_mass, characteristic_mass, reference,
 * counter_electrode, electrode_material, electrolyte, scan_rate, potential_limit_low, temperature, comments, ... */
typedef struct closo_metadatum {
    const char *key;
    const char *text;
    double number;
    const char *unit;
} closo_metadatum;

/* One row of a technique's settings, a value for each sequence (EC-Lab: Ns), as the vendor's software words it. */
typedef struct closo_setting {
    const char *name;
    const char *const *values;
    size_t value_count;
} closo_setting;

/* Rows first_row .. first_row + row_count - 1 belong together: a loop, a curve, a technique. */
typedef struct closo_segment {
    const char *name;
    size_t first_row, row_count;
} closo_segment;

/* What is odd but survivable. */
typedef struct closo_notes {
    const char **texts;
    size_t count, capacity;
    size_t dropped; /* further notes, counted but not kept */
} closo_notes;

typedef struct closo_table closo_table;
struct closo_table {
    closo_arena *arena;    /* that everything below lives in; borrowed */
    const char *source;    /* the file it was read from */
    const char *format;    /* "BioLogic .mpr" */
    const char *technique; /* "CV", or "" */
    size_t row_count;
    closo_column *columns;
    size_t column_count, column_capacity;
    closo_metadatum *metadata;
    size_t metadatum_count, metadatum_capacity;
    closo_setting *settings;
    size_t setting_count, setting_capacity;
    closo_segment *segments;
    size_t segment_count, segment_capacity;
    closo_notes notes;
    closo_table *next; /* a further table of the same file, with other columns; or NULL */
};

/* An empty table in the arena, NULL when out of memory. source is copied. */
CLOSO_API closo_table *closo_table_new(closo_arena *arena, const char *source);

/* Adds a column and returns it for the caller to finish, or NULL when out of memory. The name is copied; unit, quantity
 * and SI conversion are taken from the ending "/unit" of the name, from the unit given (may be NULL). */
CLOSO_API closo_column *closo_table_add_column(closo_table *table, const char *name,
                                               const char *unit, closo_quantity quantity);

/* Adds a dense column of row_count doubles, which must live as long as the table. */
CLOSO_API closo_column *closo_table_add_values(closo_table *table, const char *name,
                                               const char *unit, closo_quantity quantity,
                                               const double *values);

/* The first column of that quantity, or NULL. */
CLOSO_API const closo_column *closo_table_find(const closo_table *table, closo_quantity quantity);

/* The column of that name, or NULL. */
CLOSO_API const closo_column *closo_table_find_name(const closo_table *table, const char *name);

/* Keep a text, or a number with its unit, under a key; a key that is there is replaced. NOMEM. */
CLOSO_API CLOSO_CHECK closo_status closo_table_set_text(closo_table *table, const char *key,
                                                        const char *text);
CLOSO_API CLOSO_CHECK closo_status closo_table_set_number(closo_table *table, const char *key,
                                                          double number, const char *unit);
/* The text under a key, or NULL. */
CLOSO_API const char *closo_table_text(const closo_table *table, const char *key);
/* The number under a key in SI; false when there is none. */
CLOSO_API bool closo_table_number_si(const closo_table *table, const char *key, double *si);

CLOSO_API CLOSO_CHECK closo_status closo_table_add_setting(closo_table *table, const char *name,
                                                           const char *const *values,
                                                           size_t value_count);
CLOSO_API CLOSO_CHECK closo_status closo_table_add_segment(closo_table *table, const char *name,
                                                           size_t first_row, size_t row_count);

/* Adds a note, printf-like. At most 100 are kept, the rest counted. Silent when out of memory. */
CLOSO_API void closo_table_note(closo_table *table, const char *format, ...) CLOSO_PRINTF(2, 3);

/* Values of rows first .. first+count-1, which must exist, in the instrument's unit or in SI. */
CLOSO_API void closo_column_read(const closo_column *column, size_t first, size_t count,
                                 double *values);
CLOSO_API void closo_column_read_si(const closo_column *column, size_t first, size_t count,
                                    double *values);

/* All row_count values in SI, in the arena. NULL when out of memory. */
CLOSO_API double *closo_column_values_si(const closo_column *column, size_t row_count,
                                         closo_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
