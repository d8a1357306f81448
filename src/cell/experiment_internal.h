/* SPDX-License-Identifier: BSD-3-Clause */
/* experiment_internal.h: from readable steps to a program with loops, and from that to the steps one after the other. */
#ifndef CLOSO_EXPERIMENT_INTERNAL_H
#define CLOSO_EXPERIMENT_INTERNAL_H

#include "base/base_internal.h"
#include "closo/cell.h"

/* ---- one step as words (experiment_words.c) ---- */

enum {
    CLOSO_STATEMENT_WORDS = 64,
    CLOSO_EXPERIMENT_LINES = 10000,
    CLOSO_EXPERIMENT_STEPS = 1000000
};

typedef struct closo_statement {
    closo_span text;
    size_t line;
    closo_span words[CLOSO_STATEMENT_WORDS]; /* a comma is a word of its own */
    size_t count, at;                        /* at: the next word */
} closo_statement;

/* "0.1 mA/cm2", "30 min": a number with its unit, as closo_quantity_parse() takes it. */
typedef struct closo_measure {
    char text[96];
} closo_measure;

/* What a quantity has to be, and the words for it. */
typedef struct closo_wanted {
    const char *role, *unit, *words;
    double least, most;
    const char *why; /* said when it is outside */
} closo_wanted;

closo_status closo_statement_cut(closo_statement *statement, closo_error *error);
/* FORMAT with the line: "'the step': reason". */
closo_status closo_statement_fail(const closo_statement *statement, closo_error *error,
                                  const char *format, ...) CLOSO_PRINTF(3, 4);
/* The next word is not what could stand there. */
closo_status closo_statement_expected(const closo_statement *statement, closo_error *error,
                                      const char *what);
bool closo_statement_is(const closo_statement *statement, const char *word);
bool closo_statement_take(closo_statement *statement, const char *word); /* when it is the next */
/* The words up to the next word of the grammar; false when there is none. */
bool closo_statement_measure(closo_statement *statement, closo_measure *measure);
bool closo_measure_in(const closo_measure *measure, const char *unit, double *si);
closo_status closo_statement_quantity(closo_statement *statement, const closo_wanted *wanted,
                                      double *si, closo_error *error);

/* ---- the program with its loops ---- */

/* "+ 0.1 V each time": by_V at every `every`-th pass of the loop that is `outer` loops further out than the innermost. */
typedef struct closo_ramp {
    double by_V;
    size_t every, outer;
} closo_ramp;

typedef enum closo_instruction_kind {
    CLOSO_INSTRUCTION_STEP,
    CLOSO_INSTRUCTION_REPEAT,
    CLOSO_INSTRUCTION_END
} closo_instruction_kind;

typedef struct closo_instruction {
    closo_instruction_kind kind;
    closo_span text; /* for messages */
    size_t line;
    closo_experiment_step step;
    closo_ramp potential_ramp, until_ramp;
    size_t times; /* of a repeat */
    closo_experiment_stop *stops;
    size_t stop_count;
    size_t partner; /* of an end: its repeat */
} closo_instruction;

typedef struct closo_program {
    closo_instruction *instructions;
    size_t count, capacity;
    size_t step_count; /* when unrolled */
    size_t depth;      /* loops that are open at the end of what has been read */
    double every_s, every_V;
    double capacity_C_per_m2;
    closo_arena *arena;
    closo_error *error;
} closo_program;

/* experiment_steps.c: reads one statement behind its verb into an instruction. FORMAT: the verb is none. */
closo_status closo_statement_read(closo_program *program, closo_statement *statement,
                                  closo_instruction *instruction);
/* What a step may end with, and its reader: "until 4.15 V or 2 h", to the end of the statement. */
enum {
    CLOSO_LIMIT_POTENTIAL = 1,
    CLOSO_LIMIT_CURRENT = 2,
    CLOSO_LIMIT_TIME = 4,
    CLOSO_LIMIT_CHARGE = 8
};
closo_status closo_statement_limits(const closo_program *program, closo_statement *statement,
                                    int allowed, closo_instruction *instruction);
/* "C/10", "0.1 mA/cm2": positive. */
closo_status closo_statement_current(const closo_program *program, closo_statement *statement,
                                     double *A_per_m2);
closo_status closo_statement_want_end(const closo_program *program,
                                      const closo_statement *statement);
/* experiment_loops.c: "1000 times until capacity below 80 %", behind repeat. */
closo_status closo_statement_read_repeat(closo_program *program, closo_statement *statement,
                                         closo_instruction *instruction);
/* "pulse 1C for 10 s, rest 40 s, 20 times", behind pulse: the loop, its two steps. */
enum { CLOSO_PULSE_PARTS = 4 }; /* repeat, current, rest, end */
closo_status closo_statement_read_pulse(closo_program *program, closo_statement *statement,
                                        closo_instruction parts[CLOSO_PULSE_PARTS]);
/* Whether the rules of a repeat can be met by the steps between it and its end. */
closo_status closo_program_check_rules(const closo_program *program, size_t repeat, size_t end);
void closo_instruction_begin(closo_instruction *instruction, const closo_statement *statement);

/* experiment_unroll.c: the steps one after the other, checked against each other. */
closo_status closo_program_unroll(const closo_program *program, closo_experiment *experiment);

/* closo_experiment_parse() of steps that stand in a file behind so many lines: lines are those of the file. */
closo_status cell_experiment_parse_at(const char *text, size_t lines_before,
                                      double capacity_C_per_m2, closo_arena *arena,
                                      closo_experiment *experiment, closo_error *error);

#endif
