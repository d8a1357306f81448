/* SPDX-License-Identifier: BSD-3-Clause */
/* experiment_loops.c: loops that end before their last pass, and pulses, which are loops in one sentence. */
#include "experiment_internal.h"

#include <math.h>

enum { RULES_MOST = 4 };

/* ---- rules ---- */

static closo_status read_of_pass(const closo_program *program, closo_statement *statement,
                                 closo_experiment_stop *rule)
{
    static const closo_wanted a_pass = {"the pass", "1", "the number of a pass such as '3'",
                                        1,          1e6, "passes count from 1"};
    double number = 1;
    if (closo_statement_take(statement, "of")) {
        if (!closo_statement_take(statement, "pass"))
            return closo_statement_expected(statement, program->error, "'pass' and its number");
        closo_status status = closo_statement_quantity(statement, &a_pass, &number, program->error);
        if (status != CLOSO_OK)
            return status;
        if (number != floor(number))
            return closo_statement_fail(statement, program->error, "%s", a_pass.why);
    }
    rule->of_pass = (size_t)number;
    return CLOSO_OK;
}

/* "capacity below 80 % of pass 3", "capacity below 0.1 mAh/cm2" */
static closo_status read_capacity_rule(const closo_program *program, closo_statement *statement,
                                       closo_experiment_stop *rule)
{
    static const char words[] = "a share such as '80 %' or a charge such as '0.1 mAh/cm2'";
    closo_measure measure;
    if (!closo_statement_take(statement, "below"))
        return closo_statement_expected(statement, program->error, "'below' and a share");
    size_t first = statement->at;
    bool read = closo_statement_measure(statement, &measure);
    if (read && closo_measure_in(&measure, "C/m2", &rule->value)) {
        rule->kind = CLOSO_STOP_CAPACITY;
        if (!(rule->value > 0))
            return closo_statement_fail(statement, program->error, "a capacity is never below '%s'",
                                        measure.text);
        return CLOSO_OK;
    }
    if (!read || !closo_measure_in(&measure, "1", &rule->value)) {
        statement->at = first;
        return closo_statement_expected(statement, program->error, words);
    }
    rule->kind = CLOSO_STOP_CAPACITY_SHARE;
    if (!(rule->value > 0 && rule->value < 1))
        return closo_statement_fail(statement, program->error,
                                    "'%s' of a capacity ends the loop %s; write a share between 0 "
                                    "and 100 %%",
                                    measure.text, rule->value > 0 ? "at once" : "never");
    return read_of_pass(program, statement, rule);
}

static closo_status read_rule(const closo_program *program, closo_statement *statement,
                              closo_experiment_stop *rule)
{
    static const closo_wanted a_potential = {
        "the potential", "V", "a potential such as '2.5 V'", -20, 20, "no cell is beyond 20 V"};
    static const closo_wanted a_time = {"the time", "s",  "a time such as '30 d'",
                                        1e-6,       1e10, "it has to be longer than zero"};
    if (closo_statement_take(statement, "capacity"))
        return read_capacity_rule(program, statement, rule);
    bool potential = closo_statement_take(statement, "potential");
    if (!potential && !closo_statement_take(statement, "time"))
        return closo_statement_expected(statement, program->error,
                                        "'capacity below 80 %', 'potential below 2.5 V' or 'time "
                                        "above 30 d'");
    bool below = closo_statement_take(statement, "below");
    if (below ? !potential : !closo_statement_take(statement, "above"))
        return closo_statement_expected(statement, program->error,
                                        potential ? "'below' or 'above'" : "'above' and a time");
    rule->kind = !potential ? CLOSO_STOP_TIME
                 : below    ? CLOSO_STOP_POTENTIAL_BELOW
                            : CLOSO_STOP_POTENTIAL_ABOVE;
    return closo_statement_quantity(statement, potential ? &a_potential : &a_time, &rule->value,
                                    program->error);
}

static closo_status read_times(const closo_program *program, closo_statement *statement,
                               closo_instruction *repeat)
{
    static const closo_wanted times = {
        "the loop", "1", "a number of times such as 'repeat 100 times'",
        1,          1e6, "a loop runs at least once and at most 1000000 times"};
    double count;
    closo_status status = closo_statement_quantity(statement, &times, &count, program->error);
    if (status != CLOSO_OK)
        return status;
    (void)closo_statement_take(statement, "times");
    if (count != floor(count))
        return closo_statement_fail(statement, program->error,
                                    "a loop runs a whole number of times");
    repeat->kind = CLOSO_INSTRUCTION_REPEAT;
    repeat->times = (size_t)count;
    return CLOSO_OK;
}

closo_status closo_statement_read_repeat(closo_program *program, closo_statement *statement,
                                         closo_instruction *instruction)
{
    closo_status status = read_times(program, statement, instruction);
    bool more = status == CLOSO_OK && closo_statement_take(statement, "until");
    if (more) {
        instruction->stops =
            closo_arena_alloc(program->arena, RULES_MOST, sizeof *instruction->stops);
        if (instruction->stops == NULL)
            return closo_fail_nomem(program->error);
    }
    for (; status == CLOSO_OK && more; more = closo_statement_take(statement, "or")) {
        if (instruction->stop_count == RULES_MOST)
            return closo_statement_fail(statement, program->error,
                                        "a loop has at most %d rules that end it", RULES_MOST);
        closo_experiment_stop *rule = &instruction->stops[instruction->stop_count++];
        status = read_rule(program, statement, rule);
        for (size_t i = 0; i + 1 < instruction->stop_count && status == CLOSO_OK; i++)
            if (instruction->stops[i].kind == rule->kind)
                return closo_statement_fail(statement, program->error,
                                            "two rules of the same kind; leave one out");
        if (status == CLOSO_OK && rule->of_pass >= instruction->times)
            return closo_statement_fail(statement, program->error,
                                        "there is nothing behind pass %zu of %zu that could end "
                                        "earlier",
                                        rule->of_pass, instruction->times);
    }
    return status == CLOSO_OK ? closo_statement_want_end(program, statement) : status;
}

closo_status closo_program_check_rules(const closo_program *program, size_t repeat, size_t end)
{
    const closo_instruction *loop = &program->instructions[repeat];
    bool wanted = false, reduces = false;
    for (size_t i = 0; i < loop->stop_count; i++)
        wanted = wanted || loop->stops[i].kind == CLOSO_STOP_CAPACITY ||
                 loop->stops[i].kind == CLOSO_STOP_CAPACITY_SHARE;
    for (size_t i = repeat + 1; i < end; i++) {
        const closo_instruction *at = &program->instructions[i];
        bool free_sign =
            at->step.kind == CLOSO_EXPERIMENT_POTENTIAL || at->step.kind == CLOSO_EXPERIMENT_SWEEP;
        reduces = reduces || (at->kind == CLOSO_INSTRUCTION_STEP &&
                              (free_sign || at->step.current_A_per_m2 < 0));
    }
    const closo_statement statement = {.text = loop->text, .line = loop->line};
    return !wanted || reduces
               ? CLOSO_OK
               : closo_statement_fail(&statement, program->error,
                                      "its passes have no capacity, for none of their steps "
                                      "discharges; end it by potential or time");
}

/* ---- pulses ---- */

/* Where a word stands, from the present one on; the count of words when it is not there. */
static size_t find_word(const closo_statement *statement, const char *word)
{
    closo_statement at = *statement;
    while (at.at < at.count && !closo_statement_is(&at, word))
        at.at++;
    return at.at;
}

static closo_status read_pulse_current(const closo_program *program, closo_statement *statement,
                                       closo_instruction *current)
{
    closo_experiment_step *step = &current->step;
    bool reduces = closo_statement_take(statement, "discharge");
    if (!reduces)
        (void)closo_statement_take(statement, "charge");
    (void)closo_statement_take(statement, "at");
    step->kind = CLOSO_EXPERIMENT_CURRENT;
    closo_status status = closo_statement_current(program, statement, &step->current_A_per_m2);
    if (reduces)
        step->current_A_per_m2 *= -1;
    if (status == CLOSO_OK)
        status = closo_statement_limits(
            program, statement, CLOSO_LIMIT_POTENTIAL | CLOSO_LIMIT_TIME | CLOSO_LIMIT_CHARGE,
            current);
    if (status == CLOSO_OK && isnan(step->until_s) && isnan(step->until_charge_C_per_m2))
        return closo_statement_fail(statement, program->error,
                                    "a pulse has a length: 'for 10 s', or a charge");
    return status;
}

closo_status closo_statement_read_pulse(closo_program *program, closo_statement *statement,
                                        closo_instruction parts[CLOSO_PULSE_PARTS])
{
    static const closo_wanted a_rest = {"the rest", "s",  "a time such as '40 s'",
                                        1e-6,       1e10, "it has to be longer than zero"};
    enum { LOOP, CURRENT, REST, END };
    static const closo_experiment_stop at_potential = {.kind = CLOSO_STOP_LIMIT};
    for (size_t i = 0; i < CLOSO_PULSE_PARTS; i++)
        closo_instruction_begin(&parts[i], statement);
    parts[END].kind = CLOSO_INSTRUCTION_END;
    size_t count = statement->count, rest = find_word(statement, "rest");
    if (rest == count)
        return closo_statement_fail(statement, program->error,
                                    "a pulse has a rest behind it: 'pulse 1C for 10 s, rest 40 s, "
                                    "20 times'");
    /* the limits of the current end before the comma in front of 'rest' */
    statement->count = rest;
    if (closo_span_equals(statement->words[rest - 1], ","))
        statement->count--;
    closo_status status = read_pulse_current(program, statement, &parts[CURRENT]);
    statement->count = count;
    statement->at = rest + 1;
    if (status != CLOSO_OK)
        return status;
    (void)closo_statement_take(statement, "for");
    parts[REST].step.kind = CLOSO_EXPERIMENT_REST;
    status =
        closo_statement_quantity(statement, &a_rest, &parts[REST].step.until_s, program->error);
    (void)closo_statement_take(statement, ",");
    if (status == CLOSO_OK)
        status = read_times(program, statement, &parts[LOOP]);
    if (status == CLOSO_OK && !isnan(parts[CURRENT].step.until_V)) {
        parts[LOOP].stop_count = 1;
        parts[LOOP].stops = closo_arena_copy(program->arena, &at_potential, 1, sizeof at_potential);
        if (parts[LOOP].stops == NULL)
            return closo_fail_nomem(program->error);
    }
    return status == CLOSO_OK ? closo_statement_want_end(program, statement) : status;
}
