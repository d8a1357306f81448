/* SPDX-License-Identifier: BSD-3-Clause */
/* simulate_internal.h: what a run writes down, and what the rest of a run depends on, in memory and on disk. */
#ifndef CLOSO_SIMULATE_INTERNAL_H
#define CLOSO_SIMULATE_INTERNAL_H

#include "cell_internal.h"

/* ---- log.c: one stream of entries of the same width, so that a file of them can be cut anywhere and appended to ---- */

enum { CELL_ENTRY_VALUES = 9 };

typedef enum cell_entry_kind {
    CELL_ENTRY_ROW, /* time, potential, current, charge, step, cycle, potential against the metal,
                            temperature */
    CELL_ENTRY_SPECTRUM, /* time, potential, count, step, cycle, temperature, residual and drift of
                            its closo_stationarity; its points follow */
    CELL_ENTRY_POINT,    /* frequency, real, imaginary */
    CELL_ENTRY_NOTE,     /* cell_note, step, and what it wants */
    CELL_ENTRY_KINDS
} cell_entry_kind;

typedef enum cell_note {
    CELL_NOTE_NEVER_ENDED, /* a step met none of its limits */
    CELL_NOTE_LOOP_ENDED, /* line, pass, of how many, kind of rule, what it saw, pass it is measured by */
    CELL_NOTE_AT_ONCE, /* a limit was met as the step began: 0 potential, 1 current; V, mA; the limit */
    CELL_NOTE_KINDS
} cell_note;

/* values[0] is the kind; the list above names what follows. Units of the table: s, V, mA, mAh, K; Hz, ohm. */
typedef struct cell_entry {
    double values[CELL_ENTRY_VALUES];
} cell_entry;

typedef struct cell_log_piece cell_log_piece;
typedef struct cell_log {
    closo_arena *arena;
    cell_log_piece *first, *last;
    size_t count, rows, spectra;
    bool failed; /* out of memory: what came later is lost */
} cell_log;

void cell_log_add(cell_log *log, const cell_entry *entry);
/* Entries from .. to - 1, one after the other; false from the visitor ends it. */
typedef bool cell_log_visitor(void *user, const cell_entry *entry);
void cell_log_visit(const cell_log *log, size_t from, size_t to, cell_log_visitor *visit,
                    void *user);
/* Whether the stream is one that a run can have written: kinds, finite numbers, points behind their spectrum. */
bool cell_log_is_sound(const cell_log *log);
/* Table, spectra and notes of all that stands in the log. There is a column of the temperature when it changes. */
closo_status cell_log_tell(const cell_log *log, const closo_cell *cell, closo_simulation *made,
                           closo_error *error);

/* ---- loops.c: loops that end by what the cell does ---- */

typedef struct cell_loop {
    uint64_t pass; /* of the experiment's */
    uint64_t met;  /* a step of the pass ended at its potential */
    double from_s, discharged_C_per_m2, reference_C_per_m2;
} cell_loop;

typedef struct cell_loops {
    uint64_t next; /* pass that begins next */
    uint64_t depth, skipped_cycles;
    cell_loop open[CLOSO_EXPERIMENT_DEPTH];
} cell_loops;

typedef struct cell_step_result {
    size_t step;
    double t_s, potential_V, charge_C_per_m2; /* at its end; the charge is that of the step */
    bool met_potential;
} cell_step_result;

void cell_loops_begin_step(cell_loops *loops, const closo_experiment *experiment, size_t step,
                           double t_s);
/* The step that is next; a note when a loop ended early. */
size_t cell_loops_end_step(cell_loops *loops, const closo_experiment *experiment,
                           const cell_step_result *result, cell_log *log);

/* ---- moment.c: where a run can be taken up again ---- */

/* All that the rest of a run depends on, at a time when the integrator begins anew: the start of a step, or a pause that
 * every run makes after the same number of integrator steps. So a run that is taken up here does what the other one did,
 * to the last bit. */
typedef struct cell_moment {
    char cell_digest[65], experiment_digest[65];
    uint64_t step; /* the one that is next, or under way */
    bool within;   /* under way */
    double t_s, last_row_s, last_row_V;
    double step_from_s, step_from_V, step_from_C_per_m2, step_to_s;
    double temperature_K;
    cell_loops loops;
    uint64_t entry_count, entry_check; /* of the log: count, checksum */
    closo_simulation_statistics statistics;
    size_t state_count;
    double *y, *slope;
} cell_moment;

/* A checksum that goes on: FNV-1a, 64 bits; begin with cell_check_start. A changed byte always changes it. */
extern const uint64_t cell_check_start;
uint64_t cell_check(uint64_t so_far, const void *bytes, size_t size);

/* As bytes: little endian, with version, length and checksum. */
size_t cell_moment_size(size_t state_count);
void cell_moment_write(const cell_moment *moment, unsigned char *bytes);
/* FORMAT: what is wrong. y and slope come from the arena. */
closo_status cell_moment_read(const void *bytes, size_t size, closo_arena *arena,
                              cell_moment *moment, closo_error *error);
/* The entries of a log as bytes, and back; little-endian doubles each. */
void cell_entry_write(const cell_entry *entry, unsigned char *bytes);
cell_entry cell_entry_read(const unsigned char *bytes);
enum { CELL_ENTRY_BYTES = 8 * CELL_ENTRY_VALUES };

/* ---- digest.c: is it the same run? ---- */

/* Of the residual itself, at states that mean nothing: any parameter, law or version of it that is not the same shows. */
closo_status cell_digest_model(cell_model *model, double relative_tolerance, char text[65],
                               closo_error *error);
closo_status cell_digest_experiment(const closo_experiment *experiment, char text[65],
                                    closo_error *error);

/* ---- checkpoint.c: moments and the log on disk ---- */

typedef struct cell_checkpoint cell_checkpoint;

/* Takes the place, and when resume is asked for and something is there, the moment and the log from it (*found).
 * ARGUMENT: there is a checkpoint and no word of going on. FORMAT: damaged; RANGE: of another cell, of other steps. IO. */
closo_status cell_checkpoint_open(const closo_simulation_options *options, cell_moment *moment,
                                  cell_log *log, closo_arena *arena, cell_checkpoint **checkpoint,
                                  bool *found, closo_error *error);
/* Writes the moment, and the entries that are new, when it is time or when it must be. A failure is kept: the work goes on
 * without, and the next time it is tried again. */
void cell_checkpoint_keep(cell_checkpoint *checkpoint, cell_moment *moment, const cell_log *log,
                          bool now);
/* Lets go of the files, which stay. What could not be written at the last try: a note. */
void cell_checkpoint_close(cell_checkpoint *checkpoint, closo_notes *notes);

#endif
