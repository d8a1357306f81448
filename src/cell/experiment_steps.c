/* SPDX-License-Identifier: BSD-3-Clause */
/* experiment_steps.c: what each verb wants behind it, from "charge" to "end". */
#include "experiment_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* What a person can mean and a cell can bear; outside of it there is a slip of a unit. */
static const closo_wanted a_potential = {
    "the potential", "V", "a potential such as '4.15 V'", -20, 20, "no cell is beyond 20 V"};
static const closo_wanted a_time = {
    "the time", "s",  "a time such as '30 min'",
    1e-6,       1e10, "it has to be longer than zero (and shorter than 300 years)"};
static const closo_wanted a_rate = {
    "the rate",
    "V/s",
    "a rate of a sweep such as '10 uV/s'",
    1e-12,
    1e6,
    "a sweep of that rate never ends; it has to be larger than zero, the vertex tells the direction"};
static const closo_wanted a_frequency = {"the frequency",
                                         "Hz",
                                         "a frequency such as '200 kHz'",
                                         1e-9,
                                         1e12,
                                         "it has to be larger than zero (1 nHz to 1 THz)"};

/* ---- currents ---- */

static const char current_words[] =
    "a rate such as 'C/10' or a current density such as '0.1 mA/cm2'";

/* A measure as a current density, positive. FORMAT: what is wrong with it; `matches` tells whether it is a current at all. */
static closo_status current_of(const closo_program *program, const closo_statement *statement,
                               const closo_measure *measure, bool *matches, double *A_per_m2)
{
    double absolute_A;
    *matches = true;
    if (closo_measure_in(measure, "C-rate", A_per_m2)) {
        if (!(program->capacity_C_per_m2 > 0))
            return closo_statement_fail(
                statement, program->error,
                "'%s' wants a capacity and this electrode has none; write a "
                "current density such as '0.1 mA/cm2'",
                measure->text);
        *A_per_m2 *= program->capacity_C_per_m2 / 3600;
    } else if (closo_measure_in(measure, "A", &absolute_A)) {
        return closo_statement_fail(statement, program->error,
                                    "'%s' is a current; steps are per area: write %s",
                                    measure->text, current_words);
    } else if (!closo_measure_in(measure, "A/m2", A_per_m2)) {
        *matches = false;
        return CLOSO_OK;
    }
    if (*A_per_m2 < 0)
        return closo_statement_fail(
            statement, program->error,
            "the current '%s' is negative; the words charge and discharge tell the direction",
            measure->text);
    if (!(*A_per_m2 > 0 && *A_per_m2 < 1e9))
        return closo_statement_fail(statement, program->error,
                                    "a current of '%s' cannot be; it has to be larger than zero "
                                    "(and below 100 kA/cm2)",
                                    measure->text);
    return CLOSO_OK;
}

closo_status closo_statement_current(const closo_program *program, closo_statement *statement,
                                     double *A_per_m2)
{
    closo_measure measure;
    bool matches = false;
    size_t first = statement->at;
    if (closo_statement_measure(statement, &measure)) {
        closo_status status = current_of(program, statement, &measure, &matches, A_per_m2);
        if (status != CLOSO_OK || matches)
            return status;
    }
    statement->at = first;
    return closo_statement_expected(statement, program->error, current_words);
}

/* ---- ramps ---- */

static closo_status read_ramp_count(const closo_program *program, closo_statement *statement,
                                    closo_ramp *ramp)
{
    static const closo_wanted passes = {
        "the ramp", "1", "a number of times such as 'every 5 times'",
        1,          1e6, "it has to be a whole number from 1 on"};
    double every = 1;
    if (closo_statement_take(statement, "every")) {
        closo_status status = closo_statement_quantity(statement, &passes, &every, program->error);
        if (status != CLOSO_OK)
            return status;
        if (every != floor(every))
            return closo_statement_fail(statement, program->error, "%s", passes.why);
    } else if (!closo_statement_take(statement, "each")) {
        return closo_statement_expected(statement, program->error,
                                        "'each time' or 'every 5 times'");
    }
    while (closo_statement_take(statement, "outer"))
        ramp->outer++;
    ramp->every = (size_t)every;
    if (!closo_statement_take(statement, "time") && !closo_statement_take(statement, "times"))
        return closo_statement_expected(statement, program->error,
                                        "'time' (or 'outer time' for the loop further out)");
    if (ramp->outer >= program->depth)
        return closo_statement_fail(
            statement, program->error,
            program->depth == 0 ? "a ramp wants a loop around it: 'repeat 10 times' before, 'end' "
                                  "behind"
                                : "there are only %zu loops around it",
            program->depth);
    return CLOSO_OK;
}

/* "+ 0.1 V each time", when it is there. */
static closo_status read_ramp(const closo_program *program, closo_statement *statement,
                              closo_ramp *ramp)
{
    if (statement->at >= statement->count ||
        strchr("+-", *statement->words[statement->at].start) == NULL)
        return CLOSO_OK;
    closo_span *word = &statement->words[statement->at];
    double sign = *word->start == '-' ? -1 : 1;
    word->start++;
    word->length--;
    if (word->length == 0)
        statement->at++;
    static const closo_wanted a_step = {
        "the ramp", "V", "a step of potential such as '0.1 V'",
        1e-9,       20,  "it has to be larger than zero; '-' goes down"};
    closo_status status = closo_statement_quantity(statement, &a_step, &ramp->by_V, program->error);
    ramp->by_V *= sign;
    return status == CLOSO_OK ? read_ramp_count(program, statement, ramp) : status;
}

static closo_status read_potential(const closo_program *program, closo_statement *statement,
                                   double *potential_V, closo_ramp *ramp)
{
    closo_status status =
        closo_statement_quantity(statement, &a_potential, potential_V, program->error);
    return status == CLOSO_OK ? read_ramp(program, statement, ramp) : status;
}

/* ---- limits ---- */

static const char limit_words[] =
    "a potential ('4.15 V'), a current ('C/100'), a time ('2 h') or a charge ('0.1 mAh/cm2', '50 %')";

static closo_status set_limit(const closo_program *program, const closo_statement *statement,
                              double *place, double value, double least)
{
    if (!isnan(*place))
        return closo_statement_fail(statement, program->error,
                                    "two limits of the same kind; leave one out");
    if (!(value >= least) || value > 1e12)
        return closo_statement_fail(statement, program->error,
                                    "a limit has to be larger than zero");
    *place = value;
    return CLOSO_OK;
}

/* The kind of limit a measure is, and its value; 0: none. */
static closo_status limit_of(const closo_program *program, const closo_statement *statement,
                             const closo_measure *measure, int *kind, double *value)
{
    bool is_current = false;
    *kind = 0;
    if (closo_measure_in(measure, "V", value))
        *kind = CLOSO_LIMIT_POTENTIAL;
    else if (closo_measure_in(measure, "s", value))
        *kind = CLOSO_LIMIT_TIME;
    else if (closo_measure_in(measure, "C/m2", value))
        *kind = CLOSO_LIMIT_CHARGE;
    else if (strchr(measure->text, '%') != NULL && closo_measure_in(measure, "1", value)) {
        *kind = CLOSO_LIMIT_CHARGE;
        *value *= program->capacity_C_per_m2;
        if (!(program->capacity_C_per_m2 > 0))
            return closo_statement_fail(statement, program->error,
                                        "'%s' of a capacity, and this electrode has none; write a "
                                        "charge such as '0.1 mAh/cm2'",
                                        measure->text);
    }
    if (*kind != 0)
        return CLOSO_OK;
    closo_status status = current_of(program, statement, measure, &is_current, value);
    if (is_current)
        *kind = CLOSO_LIMIT_CURRENT;
    return status;
}

static closo_status read_limit(const closo_program *program, closo_statement *statement,
                               int allowed, closo_instruction *instruction)
{
    closo_experiment_step *step = &instruction->step;
    closo_measure measure;
    double value = 0;
    int kind = 0;
    size_t first = statement->at;
    if (closo_statement_measure(statement, &measure)) {
        closo_status status = limit_of(program, statement, &measure, &kind, &value);
        if (status != CLOSO_OK)
            return status;
    }
    if (kind == 0) {
        statement->at = first;
        return closo_statement_expected(statement, program->error, limit_words);
    }
    if ((kind & allowed) == 0)
        return closo_statement_fail(
            statement, program->error, "'%s' is no limit of this step: %s", measure.text,
            kind == CLOSO_LIMIT_CURRENT
                ? "its current does not change; write a potential, a time or a charge"
                : "its potential is given; write a current, a time or a charge");
    switch (kind) {
    case CLOSO_LIMIT_POTENTIAL:
        statement->at = first;
        if (!isnan(step->until_V))
            return set_limit(program, statement, &step->until_V, value, -20);
        return read_potential(program, statement, &step->until_V, &instruction->until_ramp);
    case CLOSO_LIMIT_TIME:
        return set_limit(program, statement, &step->until_s, value, 1e-6);
    case CLOSO_LIMIT_CHARGE:
        return set_limit(program, statement, &step->until_charge_C_per_m2, value, 1e-12);
    default:
        return set_limit(program, statement, &step->until_current_A_per_m2, value, 1e-12);
    }
}

/* "until 4.15 V or 2 h", "to 4.15 V", "for 2 h or until C/100", any number of them. */
closo_status closo_statement_limits(const closo_program *program, closo_statement *statement,
                                    int allowed, closo_instruction *instruction)
{
    for (size_t read = 0; statement->at < statement->count; read++) {
        size_t first = statement->at;
        bool joined = closo_statement_take(statement, ",");
        joined = closo_statement_take(statement, "or") || joined;
        bool begun = closo_statement_take(statement, "until") ||
                     closo_statement_take(statement, "to") ||
                     closo_statement_take(statement, "for");
        if (read == 0 ? !begun : !joined) {
            statement->at = first;
            return closo_statement_expected(statement, program->error,
                                            read == 0 ? "'until' and a limit" : "'or' and a limit");
        }
        closo_status status = read_limit(program, statement, allowed, instruction);
        if (status != CLOSO_OK)
            return status;
    }
    return CLOSO_OK;
}

closo_status closo_statement_want_end(const closo_program *program,
                                      const closo_statement *statement)
{
    return statement->at < statement->count
               ? closo_statement_expected(statement, program->error, "the end of the step")
               : CLOSO_OK;
}

/* ---- the verbs ---- */

static closo_status read_constant_current(closo_program *program, closo_statement *statement,
                                          closo_instruction *instruction, double sign)
{
    closo_experiment_step *step = &instruction->step;
    step->kind = CLOSO_EXPERIMENT_CURRENT;
    if (!closo_statement_take(statement, "at"))
        return closo_statement_expected(statement, program->error, "'at' and a current");
    closo_status status = closo_statement_current(program, statement, &step->current_A_per_m2);
    step->current_A_per_m2 *= sign;
    if (status == CLOSO_OK)
        status = closo_statement_limits(
            program, statement, CLOSO_LIMIT_POTENTIAL | CLOSO_LIMIT_TIME | CLOSO_LIMIT_CHARGE,
            instruction);
    if (status == CLOSO_OK && isnan(step->until_V) && isnan(step->until_s) &&
        isnan(step->until_charge_C_per_m2))
        return closo_statement_fail(statement, program->error,
                                    "it never ends; say until when: 'until %s', 'for 2 h', or both "
                                    "with 'or' between",
                                    sign > 0 ? "4.15 V" : "2.5 V");
    return status;
}

static closo_status read_charge(closo_program *program, closo_statement *statement,
                                closo_instruction *instruction)
{
    return read_constant_current(program, statement, instruction, 1);
}

static closo_status read_discharge(closo_program *program, closo_statement *statement,
                                   closo_instruction *instruction)
{
    return read_constant_current(program, statement, instruction, -1);
}

static closo_status read_hold(closo_program *program, closo_statement *statement,
                              closo_instruction *instruction)
{
    closo_experiment_step *step = &instruction->step;
    step->kind = CLOSO_EXPERIMENT_POTENTIAL;
    if (!closo_statement_take(statement, "at"))
        return closo_statement_expected(statement, program->error, "'at' and a potential");
    closo_status status =
        read_potential(program, statement, &step->potential_V, &instruction->potential_ramp);
    if (status == CLOSO_OK)
        status = closo_statement_limits(program, statement,
                                        CLOSO_LIMIT_CURRENT | CLOSO_LIMIT_TIME | CLOSO_LIMIT_CHARGE,
                                        instruction);
    if (status == CLOSO_OK && isnan(step->until_current_A_per_m2) && isnan(step->until_s) &&
        isnan(step->until_charge_C_per_m2))
        return closo_statement_fail(statement, program->error,
                                    "it never ends; say until when: 'until C/100', 'for 2 h', or "
                                    "both with 'or' between");
    return status;
}

static closo_status read_rest(closo_program *program, closo_statement *statement,
                              closo_instruction *instruction)
{
    instruction->step.kind = CLOSO_EXPERIMENT_REST;
    if (statement->at >= statement->count)
        return closo_statement_fail(statement, program->error,
                                    "it never ends; say how long, such as 'rest 30 min'");
    (void)closo_statement_take(statement, "for");
    closo_status status =
        closo_statement_quantity(statement, &a_time, &instruction->step.until_s, program->error);
    return status == CLOSO_OK ? closo_statement_want_end(program, statement) : status;
}

static closo_status read_sweep(closo_program *program, closo_statement *statement,
                               closo_instruction *instruction)
{
    closo_experiment_step *step = &instruction->step;
    step->kind = CLOSO_EXPERIMENT_SWEEP;
    if (!closo_statement_take(statement, "to"))
        return closo_statement_expected(statement, program->error,
                                        "'to' and the potential where the sweep ends");
    closo_status status =
        read_potential(program, statement, &step->potential_V, &instruction->potential_ramp);
    if (status == CLOSO_OK && !closo_statement_take(statement, "at"))
        return closo_statement_expected(statement, program->error,
                                        "'at' and a rate such as '10 uV/s'");
    if (status == CLOSO_OK)
        status = closo_statement_quantity(statement, &a_rate, &step->rate_V_per_s, program->error);
    if (status == CLOSO_OK)
        status = closo_statement_limits(program, statement,
                                        CLOSO_LIMIT_CURRENT | CLOSO_LIMIT_TIME | CLOSO_LIMIT_CHARGE,
                                        instruction);
    if (status == CLOSO_OK && !isnan(step->until_current_A_per_m2))
        return closo_statement_fail(statement, program->error,
                                    "a sweep begins with a small current; end it with its "
                                    "potential, a time or a charge");
    return status;
}

/* "200 kHz to 10 mHz, 10 mV, 10 per decade": amplitude and density in any order. The amplitude is read and has no effect:
 * the impedance is that of the linearised cell. */
static closo_status read_impedance(closo_program *program, closo_statement *statement,
                                   closo_instruction *instruction)
{
    static const closo_wanted density = {"the density",
                                         "1",
                                         "a number such as '10 per decade'",
                                         1,
                                         1000,
                                         "1 to 1000 frequencies per decade"};
    static const closo_wanted amplitude = {"the amplitude",
                                           "V",
                                           "an amplitude such as '10 mV'",
                                           1e-9,
                                           1,
                                           "it has to be larger than zero and small"};
    closo_experiment_step *step = &instruction->step;
    double ignored_V;
    step->kind = CLOSO_EXPERIMENT_IMPEDANCE;
    step->per_decade = 10;
    (void)closo_statement_take(statement, "from");
    closo_status status =
        closo_statement_quantity(statement, &a_frequency, &step->from_Hz, program->error);
    if (status == CLOSO_OK && !closo_statement_take(statement, "to"))
        return closo_statement_expected(statement, program->error, "'to' and the last frequency");
    if (status == CLOSO_OK)
        status = closo_statement_quantity(statement, &a_frequency, &step->to_Hz, program->error);
    while (status == CLOSO_OK && statement->at < statement->count) {
        (void)closo_statement_take(statement, ",");
        closo_measure measure;
        size_t first = statement->at;
        bool is_amplitude = closo_statement_measure(statement, &measure) &&
                            closo_measure_in(&measure, "V", &ignored_V);
        statement->at = first;
        if (is_amplitude) {
            status = closo_statement_quantity(statement, &amplitude, &ignored_V, program->error);
            continue;
        }
        status = closo_statement_quantity(statement, &density, &step->per_decade, program->error);
        if (status == CLOSO_OK &&
            !(closo_statement_take(statement, "per") && closo_statement_take(statement, "decade")))
            return closo_statement_expected(statement, program->error, "'per decade'");
    }
    if (status == CLOSO_OK && step->from_Hz == step->to_Hz)
        return closo_statement_fail(statement, program->error,
                                    "both frequencies are the same; write for example '200 kHz to "
                                    "10 mHz'");
    return status;
}

static closo_status read_temperature(closo_program *program, closo_statement *statement,
                                     closo_instruction *instruction)
{
    static const closo_wanted a_temperature = {"the temperature",
                                               "K",
                                               "a temperature such as '60 degC'",
                                               100,
                                               2000,
                                               "a cell is between -173 and 1727 degC"};
    instruction->step.kind = CLOSO_EXPERIMENT_TEMPERATURE;
    closo_status status = closo_statement_quantity(
        statement, &a_temperature, &instruction->step.temperature_K, program->error);
    return status == CLOSO_OK ? closo_statement_want_end(program, statement) : status;
}

static closo_status read_end(closo_program *program, closo_statement *statement,
                             closo_instruction *instruction)
{
    instruction->kind = CLOSO_INSTRUCTION_END;
    return closo_statement_want_end(program, statement);
}

/* "record every 60 s or 5 mV": how often there is a row at least; no step. */
static closo_status read_record(closo_program *program, closo_statement *statement,
                                closo_instruction *instruction)
{
    (void)instruction;
    (void)closo_statement_take(statement, "every");
    for (bool more = true; more;) {
        closo_measure measure;
        size_t first = statement->at;
        double value;
        bool is_potential =
            closo_statement_measure(statement, &measure) && closo_measure_in(&measure, "V", &value);
        static const closo_wanted step_V = {"the step", "V", "a potential such as '5 mV'",
                                            1e-9,       20,  "it has to be larger than zero"};
        statement->at = first;
        closo_status status = closo_statement_quantity(
            statement, is_potential ? &step_V : &a_time,
            is_potential ? &program->every_V : &program->every_s, program->error);
        if (status != CLOSO_OK)
            return status;
        more = closo_statement_take(statement, "or");
    }
    return closo_statement_want_end(program, statement);
}

static const struct {
    const char *word;
    closo_status (*read)(closo_program *, closo_statement *, closo_instruction *);
} verbs[] = {
    {"charge", read_charge}, {"discharge", read_discharge},
    {"hold", read_hold},     {"polarise", read_hold},
    {"polarize", read_hold}, {"rest", read_rest},
    {"sweep", read_sweep},   {"repeat", closo_statement_read_repeat},
    {"end", read_end},       {"impedance", read_impedance},
    {"record", read_record}, {"temperature", read_temperature},
};

void closo_instruction_begin(closo_instruction *instruction, const closo_statement *statement)
{
    *instruction = (closo_instruction){.kind = CLOSO_INSTRUCTION_STEP,
                                       .text = statement->text,
                                       .line = statement->line,
                                       .step = {.until_V = NAN,
                                                .until_current_A_per_m2 = NAN,
                                                .until_s = NAN,
                                                .until_charge_C_per_m2 = NAN,
                                                .line = statement->line}};
}

closo_status closo_statement_read(closo_program *program, closo_statement *statement,
                                  closo_instruction *instruction)
{
    const char *names[COUNT(verbs) + 1] = {"pulse"}; /* which is more than one instruction */
    char word[32];
    closo_instruction_begin(instruction, statement);
    for (size_t i = 0; i < COUNT(verbs); i++) {
        names[i + 1] = verbs[i].word;
        if (closo_statement_take(statement, verbs[i].word))
            return verbs[i].read(program, statement, instruction);
    }
    closo_span first = statement->words[0];
    snprintf(word, sizeof word, "%.*s", first.length < 31 ? (int)first.length : 31, first.start);
    closo_text_clean(word);
    const char *nearest = closo_text_nearest(word, names, COUNT(names));
    if (nearest != NULL)
        return closo_statement_fail(statement, program->error,
                                    "there is no step '%s'; did you mean '%s'", word, nearest);
    return closo_statement_fail(
        statement, program->error,
        "there is no step '%s'; a step begins with charge, discharge, "
        "hold, polarise, rest, sweep, pulse, impedance, temperature, record, "
        "repeat or end",
        word);
}
