/* SPDX-License-Identifier: BSD-3-Clause */
/* experiment_parse.c: readable steps, one a line or separated by ';', to an experiment. docs/simulate.md has the grammar. */
#include "experiment_internal.h"

#include <math.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 1 << 20 };

/* Steps of one pass of each loop that is open, and where it began. */
typedef struct loop {
    size_t repeat;
    size_t steps_before;
} loop;

typedef struct reader {
    closo_program *program;
    loop open[CLOSO_EXPERIMENT_DEPTH];
} reader;

static closo_status too_many(const closo_program *program, const closo_statement *statement)
{
    (void)closo_statement_fail(statement, program->error,
                               "the experiment has more than %d steps when its loops are run; make "
                               "it shorter",
                               CLOSO_EXPERIMENT_STEPS);
    if (program->error != NULL)
        program->error->status = CLOSO_LIMIT;
    return CLOSO_LIMIT;
}

static closo_status open_loop(reader *read, const closo_statement *statement)
{
    closo_program *program = read->program;
    if (program->depth == CLOSO_EXPERIMENT_DEPTH)
        return closo_statement_fail(statement, program->error,
                                    "loops stand in each other to a depth of %d, not deeper",
                                    CLOSO_EXPERIMENT_DEPTH);
    read->open[program->depth++] = (loop){program->count - 1, program->step_count};
    program->step_count = 0;
    return CLOSO_OK;
}

static closo_status close_loop(reader *read, const closo_statement *statement)
{
    closo_program *program = read->program;
    if (program->depth == 0)
        return closo_statement_fail(statement, program->error,
                                    "there is no loop to end; 'repeat 10 times' begins one");
    const loop *inner = &read->open[--program->depth];
    const closo_instruction *repeat = &program->instructions[inner->repeat];
    if (program->step_count == 0)
        return closo_statement_fail(statement, program->error,
                                    "the loop of line %zu has no steps; put some before its end",
                                    repeat->line);
    program->instructions[program->count - 1].partner = inner->repeat;
    closo_status status = closo_program_check_rules(program, inner->repeat, program->count - 1);
    if (status != CLOSO_OK)
        return status;
    size_t steps;
    if (__builtin_mul_overflow(program->step_count, repeat->times, &steps) ||
        steps > CLOSO_EXPERIMENT_STEPS)
        return too_many(program, statement);
    program->step_count = inner->steps_before + steps;
    return program->step_count > CLOSO_EXPERIMENT_STEPS ? too_many(program, statement) : CLOSO_OK;
}

static closo_status add_instruction(closo_program *program, const closo_statement *statement,
                                    closo_instruction **instruction)
{
    if (program->count == CLOSO_EXPERIMENT_LINES) {
        (void)closo_statement_fail(statement, program->error,
                                   "the experiment has more than %d lines; write loops",
                                   CLOSO_EXPERIMENT_LINES);
        if (program->error != NULL)
            program->error->status = CLOSO_LIMIT;
        return CLOSO_LIMIT;
    }
    closo_instruction *moved =
        closo_arena_grow(program->arena, program->instructions, program->count, &program->capacity,
                         sizeof *program->instructions);
    if (moved == NULL)
        return closo_fail_nomem(program->error);
    program->instructions = moved;
    *instruction = &moved[program->count];
    **instruction = (closo_instruction){.text = statement->text, .line = statement->line};
    return CLOSO_OK;
}

/* What has been read becomes part of the program. */
static closo_status take_instruction(reader *read, const closo_statement *statement,
                                     const closo_instruction *instruction)
{
    closo_program *program = read->program;
    program->count++;
    if (instruction->kind == CLOSO_INSTRUCTION_REPEAT)
        return open_loop(read, statement);
    if (instruction->kind == CLOSO_INSTRUCTION_END)
        return close_loop(read, statement);
    return ++program->step_count > CLOSO_EXPERIMENT_STEPS ? too_many(program, statement) : CLOSO_OK;
}

static closo_status take_pulse(reader *read, closo_statement *statement)
{
    closo_instruction parts[CLOSO_PULSE_PARTS], *instruction;
    closo_status status = closo_statement_read_pulse(read->program, statement, parts);
    for (size_t i = 0; i < CLOSO_PULSE_PARTS && status == CLOSO_OK; i++) {
        status = add_instruction(read->program, statement, &instruction);
        if (status != CLOSO_OK)
            break;
        *instruction = parts[i];
        status = take_instruction(read, statement, instruction);
    }
    return status;
}

static closo_status take_statement(reader *read, closo_statement *statement)
{
    closo_program *program = read->program;
    closo_instruction *instruction = NULL;
    closo_status status = closo_statement_cut(statement, program->error);
    if (status != CLOSO_OK || statement->count == 0)
        return status;
    if (closo_statement_take(statement, "pulse"))
        return take_pulse(read, statement);
    bool records = closo_statement_is(statement, "record");
    status = add_instruction(program, statement, &instruction);
    if (status == CLOSO_OK)
        status = closo_statement_read(program, statement, instruction);
    return status != CLOSO_OK || records ? status : take_instruction(read, statement, instruction);
}

/* Takes the next statement off a line: up to ';', or to the ':' behind "repeat 10 times". */
static bool next_statement(closo_span *rest, closo_span *text)
{
    if (rest->length == 0)
        return false;
    size_t length = 0;
    while (length < rest->length && rest->start[length] != ';' && rest->start[length] != ':')
        length++;
    *text = closo_span_trim((closo_span){rest->start, length});
    size_t skip = length < rest->length ? length + 1 : length;
    rest->start += skip;
    rest->length -= skip;
    return true;
}

static closo_status read_lines(reader *read, const char *text, size_t lines_before)
{
    closo_span rest = closo_span_of(text), line;
    for (size_t number = lines_before + 1; closo_span_line(&rest, &line); number++) {
        const char *comment = memchr(line.start, '#', line.length);
        if (comment != NULL)
            line.length = (size_t)(comment - line.start);
        closo_statement statement = {.line = number};
        while (next_statement(&line, &statement.text)) {
            closo_status status = take_statement(read, &statement);
            if (status != CLOSO_OK)
                return status;
        }
    }
    return CLOSO_OK;
}

closo_status cell_experiment_parse_at(const char *text, size_t lines_before,
                                      double capacity_C_per_m2, closo_arena *arena,
                                      closo_experiment *experiment, closo_error *error)
{
    *experiment = (closo_experiment){0};
    closo_program program = {
        .capacity_C_per_m2 = capacity_C_per_m2, .arena = arena, .error = error};
    reader read = {.program = &program};
    if (strlen(text) > TEXT_BYTES_MAX)
        return closo_fail(error, CLOSO_LIMIT,
                          "the steps are longer than 1 MiB; write loops: 'repeat 100 times'");
    closo_status status = read_lines(&read, text, lines_before);
    if (status != CLOSO_OK)
        return status;
    if (program.depth != 0) {
        const closo_instruction *repeat =
            &program.instructions[read.open[program.depth - 1].repeat];
        const closo_statement statement = {.text = repeat->text, .line = repeat->line};
        return closo_statement_fail(&statement, error,
                                    "its loop has no end; write 'end' behind "
                                    "the last of its steps");
    }
    if (program.step_count == 0)
        return closo_fail(error, CLOSO_FORMAT,
                          "there are no steps; write for example 'charge at C/10 until 4.15 V'");
    closo_experiment made;
    status = closo_program_unroll(&program, &made);
    if (status == CLOSO_OK)
        *experiment = made;
    return status;
}

closo_status closo_experiment_parse(const char *text, double capacity_C_per_m2, closo_arena *arena,
                                    closo_experiment *experiment, closo_error *error)
{
    return cell_experiment_parse_at(text, 0, capacity_C_per_m2, arena, experiment, error);
}
