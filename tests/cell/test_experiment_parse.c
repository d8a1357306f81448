/* SPDX-License-Identifier: BSD-3-Clause */
/* Readable steps: every sentence of the grammar against numbers worked out by hand, every slip against its sentence. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static closo_arena *arena;
/* 130 mAh/g on 1.2 mg/cm2: 0.156 mAh/cm2. */
static const double capacity_C_per_m2 = 0.156e-3 * 3600 * 1e4;
static const double one_C_A_per_m2 = 1.56;

static int set_up(void **state)
{
    (void)state;
    arena = closo_arena_new(0);
    return arena == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    closo_arena_free(arena);
    return 0;
}

static closo_experiment parse(const char *text)
{
    closo_experiment experiment;
    closo_error error = {0};
    if (closo_experiment_parse(text, capacity_C_per_m2, arena, &experiment, &error) != CLOSO_OK)
        fail_msg("'%s': %s (line %d)", text, error.message, (int)error.line);
    return experiment;
}

/* What a step is, as one line; NaN limits are left out. */
static const char *told(const closo_experiment_step *step)
{
    static const char *const kinds[] = {"current", "potential", "sweep",
                                        "rest",    "impedance", "temperature"};
    char *text = closo_arena_printf(arena, "%s", kinds[step->kind]);
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"I", step->current_A_per_m2},
                   {"E", step->potential_V},
                   {"v", step->rate_V_per_s},
                   {"V", step->until_V},
                   {"i", step->until_current_A_per_m2},
                   {"t", step->until_s},
                   {"q", step->until_charge_C_per_m2},
                   {"f1", step->from_Hz},
                   {"f2", step->to_Hz},
                   {"n", step->per_decade},
                   {"T", step->temperature_K}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!isnan(numbers[i].value) && numbers[i].value != 0)
            text = closo_arena_printf(arena, "%s %s=%.6g", text, numbers[i].name, numbers[i].value);
    return text;
}

static void every_step_is_understood(void **state)
{
    (void)state;
    static const struct {
        const char *words, *means;
    } cases[] = {
        {"charge at C/10 until 4.15 V", "current I=0.156 V=4.15"},
        {"Charge at C/10 to 4.15 V", "current I=0.156 V=4.15"},
        {"charge at 0.1 mA/cm2 to 4.15 V", "current I=1 V=4.15"},
        {"discharge at 2C until 2.5 V", "current I=-3.12 V=2.5"},
        {"discharge at 32.2 uA/cm2 for 5 h", "current I=-0.322 t=18000"},
        {"charge at C/10 until 4.15 V or 12 h", "current I=0.156 V=4.15 t=43200"},
        {"charge at C/10 for 12 hours or until 4.15 volts", "current I=0.156 V=4.15 t=43200"},
        {"charge at C/10 until 4.15 V, 12 h or 0.2 mAh/cm2",
         "current I=0.156 V=4.15 t=43200 q=7200"},
        {"charge at C/20 until 50 %", "current I=0.078 q=2808"},
        {"hold at 4.15 V until C/100", "potential E=4.15 i=0.0156"},
        {"hold at 4.15 V for 2 h", "potential E=4.15 t=7200"},
        {"hold at 4.15 V until 5 uA/cm2 or 1 d", "potential E=4.15 i=0.05 t=86400"},
        {"polarise at 0.5 V for 24 h", "potential E=0.5 t=86400"},
        {"polarize at -20 mV for 90 min", "potential E=-0.02 t=5400"},
        {"rest 30 min", "rest t=1800"},
        {"Rest for 1 hour", "rest t=3600"},
        {"sweep to 4.5 V at 10 uV/s", "sweep E=4.5 v=1e-05"},
        {"sweep to 4.5 V at 0.1 mV/s until 1 h", "sweep E=4.5 v=0.0001 t=3600"},
        {"impedance 200 kHz to 10 mHz, 10 per decade", "impedance f1=200000 f2=0.01 n=10"},
        {"impedance from 1 MHz to 1 Hz, 10 mV, 6 per decade", "impedance f1=1e+06 f2=1 n=6"},
        {"impedance 10 mHz to 200 kHz", "impedance f1=0.01 f2=200000 n=10"},
        {"  rest\t30 min   # to relax", "rest t=1800"},
        {"temperature 60 degC", "temperature T=333.15"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const closo_experiment experiment = parse(cases[i].words);
        assert_int_equal(experiment.step_count, 1);
        assert_string_equal(told(&experiment.steps[0]), cases[i].means);
        assert_int_equal(experiment.steps[0].line, 1);
        assert_int_equal(experiment.steps[0].cycle, 1);
    }
    /* The current that belongs to a rate, once more from first principles: 1 C empties the capacity in an hour. */
    const closo_experiment experiment = parse("charge at 1C until 4 V");
    assert_near(experiment.steps[0].current_A_per_m2 * 3600, capacity_C_per_m2, 1e-9);
    assert_near(experiment.steps[0].current_A_per_m2, one_C_A_per_m2, 1e-12);
}

static void lines_semicolons_and_comments_separate(void **state)
{
    (void)state;
    const closo_experiment experiment =
        parse("# formation\n\ncharge at C/10 until 4.15 V; rest 30 min\r\n"
              "discharge at C/10 until 2.5 V # and back\n;;\nimpedance 1 MHz to 1 Hz");
    static const size_t lines[] = {3, 3, 4, 6};
    assert_int_equal(experiment.step_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(experiment.steps[i].line, lines[i]);
}

static void sampling_is_read(void **state)
{
    (void)state;
    closo_experiment experiment = parse("record every 60 s or 5 mV\nrest 1 h");
    assert_int_equal(experiment.step_count, 1);
    assert_near(experiment.every_s, 60, 0);
    assert_near(experiment.every_V, 5e-3, 1e-15);
    experiment = parse("rest 1 h");
    assert_near(experiment.every_s, 0, 0);
    assert_near(experiment.every_V, 0, 0);
}

static void loops_are_run(void **state)
{
    (void)state;
    const closo_experiment experiment =
        parse("charge at C/10 until 4.15 V\ndischarge at C/10 until 2.5 V\n"
              "repeat 3 times\n charge at C/5 until 4.15 V\n discharge at C/5 until 2.5 V\n"
              " repeat 2 times: rest 1 min; rest 2 min; end\nend\nrest 1 h");
    assert_int_equal(experiment.step_count, 2 + 3 * (2 + 2 * 2) + 1);
    static const int cycles[] = {1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4};
    for (size_t i = 0; i < experiment.step_count; i++)
        assert_int_equal(experiment.steps[i].cycle, cycles[i]);
    assert_near(experiment.steps[5].until_s, 120, 0);
    assert_int_equal(experiment.steps[5].line, 6);
    /* A cell that begins with a discharge has its cycles begin there. */
    const closo_experiment other =
        parse("repeat 2 times; discharge at C/5 until 1.6 V; charge at C/5 until 2.5 V; end");
    assert_int_equal(other.steps[1].cycle, 1);
    assert_int_equal(other.steps[2].cycle, 2);
    /* A cyclic voltammogram: the first sweep has no direction that is known. */
    const closo_experiment sweeps = parse(
        "sweep to 2.5 V at 50 uV/s\nrepeat 2 times\nsweep to 4 V at 50 uV/s\nsweep to 2.5 V at 50 "
        "uV/s\nend");
    assert_int_equal(sweeps.steps[0].cycle, 1);
    assert_int_equal(sweeps.steps[2].cycle, 1);
    assert_int_equal(sweeps.steps[3].cycle, 2);
}

/* The stepwise test of chapter 5: from 4.05 V in steps of 0.05 V every 5 cycles up to 4.40 V. */
static void cut_offs_climb(void **state)
{
    (void)state;
    const char *const ways[] = {
        "repeat 40 times\n charge at C/10 until 4.05 V + 0.05 V every 5 times\n"
        " discharge at C/10 until 2.5 V\nend",
        "repeat 8 times\n repeat 5 times\n  charge at C/10 until 4.05 V + 0.05 V each outer time\n"
        "  discharge at C/10 until 2.5 V\n end\nend",
        "repeat 8 times; repeat 5 times; charge at C/10 to 4.05 V +0.05 V each outer time; "
        "discharge at C/10 to 2.5 V; end; end"};
    for (size_t w = 0; w < 3; w++) {
        const closo_experiment experiment = parse(ways[w]);
        assert_int_equal(experiment.step_count, 80);
        for (size_t i = 0; i < 40; i++) {
            assert_near(experiment.steps[2 * i].until_V, 4.05 + 0.05 * (double)(i / 5), 1e-12);
            assert_near(experiment.steps[2 * i + 1].until_V, 2.5, 0);
            assert_int_equal(experiment.steps[2 * i].cycle, (int)i + 1);
        }
    }
    const closo_experiment down =
        parse("repeat 3 times; sweep to 2.0 V - 0.1 V each time at 1 mV/s; "
              "hold at 1 V + 0.5 V each time for 1 s; end");
    assert_near(down.steps[4].potential_V, 1.8, 1e-12);
    assert_near(down.steps[5].potential_V, 2.0, 1e-12);
}

/* A pulse and its rest, as many times as it says; with a potential the loop has a rule. */
static void pulses_are_loops(void **state)
{
    (void)state;
    static const struct {
        const char *words, *pulse, *rest;
        size_t times, rules;
    } cases[] = {
        {"pulse 1C for 10 s, rest 40 s, 20 times", "current I=1.56 t=10", "rest t=40", 20, 0},
        {"pulse discharge at C/10 for 10 min or until 2.5 V, rest 1 h, 100 times",
         "current I=-0.156 V=2.5 t=600", "rest t=3600", 100, 1},
        {"Pulse charge at 1 mA/cm2 until 4 V or 10 s rest for 40 s, 2 times",
         "current I=10 V=4 t=10", "rest t=40", 2, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const closo_experiment experiment = parse(cases[i].words);
        assert_int_equal(experiment.step_count, 2 * cases[i].times);
        for (size_t k = 0; k < cases[i].times; k++) {
            assert_string_equal(told(&experiment.steps[2 * k]), cases[i].pulse);
            assert_string_equal(told(&experiment.steps[2 * k + 1]), cases[i].rest);
        }
        assert_int_equal(experiment.pass_count, cases[i].rules * cases[i].times);
        if (cases[i].rules != 0)
            assert_int_equal(experiment.passes[0].stops[0].kind, CLOSO_STOP_LIMIT);
    }
}

/* Passes of loops with rules: where they begin, end, and what is behind them, with other loops before, in and around. */
static void rules_know_their_passes(void **state)
{
    (void)state;
    const closo_experiment experiment = parse(
        "rest 1 min\nrepeat 3 times until capacity below 80 % of pass 2 or time above 30 d\n charge at "
        "C/5 until 4.15 V\n repeat 2 times until potential below 2.4 V\n  discharge at C/5 until 2.5 "
        "V\n end\nend\nrepeat 2 times: rest 1 min; end\nrest 1 h");
    assert_int_equal(experiment.step_count, 1 + 3 * 3 + 2 + 1);
    static const struct {
        size_t first, last, behind, number, depth;
    } passes[] = {{1, 3, 10, 1, 0}, {2, 2, 4, 1, 1},  {3, 3, 4, 2, 1},
                  {4, 6, 10, 2, 0}, {5, 5, 7, 1, 1},  {6, 6, 7, 2, 1},
                  {7, 9, 10, 3, 0}, {8, 8, 10, 1, 1}, {9, 9, 10, 2, 1}};
    assert_int_equal(experiment.pass_count, sizeof passes / sizeof *passes);
    for (size_t i = 0; i < experiment.pass_count; i++) {
        const closo_experiment_pass *pass = &experiment.passes[i];
        assert_int_equal(pass->first_step, passes[i].first);
        assert_int_equal(pass->last_step, passes[i].last);
        assert_int_equal(pass->behind, passes[i].behind);
        assert_int_equal(pass->number, passes[i].number);
        assert_int_equal(pass->depth, passes[i].depth);
        assert_int_equal(pass->line, passes[i].depth == 0 ? 2 : 4);
    }
    const closo_experiment_stop *stops = experiment.passes[0].stops;
    assert_int_equal(experiment.passes[0].stop_count, 2);
    assert_int_equal(stops[0].kind, CLOSO_STOP_CAPACITY_SHARE);
    assert_near(stops[0].value, 0.8, 1e-15);
    assert_int_equal(stops[0].of_pass, 2);
    assert_int_equal(stops[1].kind, CLOSO_STOP_TIME);
    assert_near(stops[1].value, 30 * 86400, 0);
    const closo_experiment other = parse("repeat 9 times until capacity below 0.1 mAh/cm2 or "
                                         "potential above 3 V: discharge at C/5 for 1 h; end");
    assert_int_equal(other.passes[0].stops[0].kind, CLOSO_STOP_CAPACITY);
    assert_near(other.passes[0].stops[0].value, 3600, 1e-9);
    assert_int_equal(other.passes[8].stops[1].kind, CLOSO_STOP_POTENTIAL_ABOVE);
}

static void deep_and_long_experiments_fit(void **state)
{
    (void)state;
    char *text = closo_arena_printf(arena, "%s", "");
    for (int i = 0; i < 8; i++)
        text = closo_arena_printf(arena, "%srepeat 2 times\n", text);
    text = closo_arena_printf(arena, "%srest 1 s\n", text);
    for (int i = 0; i < 8; i++)
        text = closo_arena_printf(arena, "%send\n", text);
    assert_int_equal(parse(text).step_count, 256);
    assert_int_equal(parse("repeat 1000000 times; rest 1 s; end").step_count, 1000000);
}

static void slips_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int line;
        const char *says[3];
    } cases[] = {
        {"", 0, {"there are no steps"}},
        {"# nothing\n", 0, {"there are no steps"}},
        {"chrage at C/10 until 4 V", 1, {"'chrage'", "did you mean 'charge'"}},
        {"rest 1 s\nfrobnicate", 2, {"'frobnicate'", "charge, discharge, hold"}},
        {"charge", 1, {"ends too early", "'at'"}},
        {"charge C/10", 1, {"'C/10' stands where 'at'"}},
        {"charge at", 1, {"ends too early", "C/10"}},
        {"charge at C/10", 1, {"never ends", "until 4.15 V"}},
        {"charge at C/0 until 4 V", 1, {"C/0"}},
        {"charge at 0C until 4 V", 1, {"larger than zero"}},
        {"charge at -C/10 until 4 V", 1, {"-C/10"}},
        {"charge at -0.1 mA/cm2 until 4 V", 1, {"negative", "charge and discharge tell"}},
        {"charge at 0.1 mA until 4 V", 1, {"per area", "0.1 mA/cm2"}},
        {"charge at 0.1 V until 4 V", 1, {"'0.1 V' stands where a rate such as 'C/10'"}},
        {"charge at C/10 until 4.15", 1, {"'4.15'", "a potential ('4.15 V')"}},
        {"charge at C/10 until C/100", 1, {"no limit of this step", "does not change"}},
        {"charge at C/10 until 4 V 2 h", 1, {"'4 V 2 h'"}},
        {"charge at C/10 until 4 V or", 1, {"ends too early"}},
        {"charge at C/10 until 4 V until 2 h", 1, {"'until' stands where 'or'"}},
        {"charge at C/10 until 4 V or 5 V", 1, {"two limits of the same kind"}},
        {"charge at C/10 until 40 V", 1, {"beyond 20 V"}},
        {"charge at C/10 until 0 s", 1, {"larger than zero"}},
        {"charge at C/10 until 4,15 V", 1, {"decimal comma; write a point: '4.15'"}},
        {"hold at 4.15 V", 1, {"never ends", "until C/100"}},
        {"hold at 4.15 V until 4.2 V", 1, {"its potential is given"}},
        {"hold at C/10 until 2 h", 1, {"potential", "4.15 V"}},
        {"rest", 1, {"never ends", "rest 30 min"}},
        {"rest 30", 1, {"no unit", "30 min"}},
        {"rest 30 mV", 1, {"something else", "30 min"}},
        {"rest 0 min", 1, {"longer than zero"}},
        {"rest 30 min or 1 h", 1, {"the end of the step"}},
        {"sweep to 4 V", 1, {"ends too early", "10 uV/s"}},
        {"sweep to 4 V at 0 V/s", 1, {"never ends"}},
        {"sweep to 4 V at -1 mV/s", 1, {"larger than zero", "vertex"}},
        {"sweep to 4 V at 10 mV", 1, {"something else", "10 uV/s"}},
        {"sweep at 10 mV/s", 1, {"'to'"}},
        {"impedance", 1, {"ends too early", "200 kHz"}},
        {"impedance 200 kHz", 1, {"'to'"}},
        {"impedance 0 Hz to 1 Hz", 1, {"larger than zero"}},
        {"impedance 1 Hz to 1 Hz", 1, {"the same"}},
        {"impedance 1 MHz to 1 Hz, 10", 1, {"'per decade'"}},
        {"impedance 1 MHz to 1 Hz, 0 per decade", 1, {"1 to 1000"}},
        {"repeat 0 times; rest 1 s; end", 1, {"at least once"}},
        {"repeat -1 times; rest 1 s; end", 1, {"at least once"}},
        {"repeat 1.5 times; rest 1 s; end", 1, {"whole number"}},
        {"repeat times", 1, {"'times' stands where"}},
        {"rest 1 s\nrepeat 2 times\nrest 1 s", 2, {"has no end"}},
        {"rest 1 s\nend", 2, {"no loop to end"}},
        {"repeat 2 times\nend", 2, {"line 1 has no steps"}},
        {"repeat 1000 times\nrepeat 1001 times\nrest 1 s\nend\nend", 5, {"1000000 steps"}},
        {"repeat 2: repeat 2: repeat 2: repeat 2: repeat 2: repeat 2: repeat 2: repeat 2: repeat 2",
         1,
         {"depth of 8"}},
        {"charge at C/10 until 4 V + 0.1 V each time", 1, {"wants a loop around it"}},
        {"repeat 2; charge at C/10 until 4 V + 0.1 V each outer time; end", 1, {"only 1 loops"}},
        {"repeat 2; charge at C/10 until 4 V + 0.1 V; end", 1, {"'each time'"}},
        {"repeat 2; charge at C/10 until 4 V + 0.1 s each time; end", 1, {"something else"}},
        {"repeat 500; sweep to 4 V + 0.1 V each time at 1 V/s; end", 1, {"beyond 20 V", "162"}},
        {"record every 0 s; rest 1 s", 1, {"longer than zero"}},
        {"temperature 60", 1, {"no unit", "60 degC"}},
        {"temperature -200 degC", 1, {"cannot be", "-173"}},
        {"temperature 60 degC or 70 degC", 1, {"the end of the step"}},
        {"pulse 1C for 10 s, 20 times", 1, {"has a rest behind it", "rest 40 s"}},
        {"pulse 1C, rest 40 s, 20 times", 1, {"has a length", "'for 10 s'"}},
        {"pulse 1C until 4 V, rest 40 s, 20 times", 1, {"has a length"}},
        {"pulse for 10 s, rest 40 s, 20 times", 1, {"'for' stands where a rate"}},
        {"pulse 1C for 10 s, rest 40 s", 1, {"ends too early", "number of times"}},
        {"rest 1 s\npulse 1C for 10 s, rest 40 s, 0 times", 2, {"at least once"}},
        {"pulse 1C for 10 s, rest 40 mV, 2 times", 1, {"something else"}},
        {"plse 1C for 10 s, rest 40 s, 2 times", 1, {"did you mean 'pulse'"}},
        {"repeat 9 times until; rest 1 s; end", 1, {"ends too early", "capacity below 80 %"}},
        {"repeat 9 times until capacity above 80 %", 1, {"'below'"}},
        {"repeat 9 times until capacity below 120 %", 1, {"at once", "0 and 100 %"}},
        {"repeat 9 times until capacity below 0 %", 1, {"never"}},
        {"repeat 9 times until capacity below 3 V", 1, {"'80 %'"}},
        {"repeat 9 times until capacity below 80 % of pass 9", 1, {"behind pass 9 of 9"}},
        {"repeat 9 times until capacity below 80 % of 3", 1, {"'pass'"}},
        {"repeat 9 times until time below 3 h", 1, {"'above'"}},
        {"repeat 9 times until time above 3 V", 1, {"something else"}},
        {"repeat 9 times until time above 3 h or time above 4 h", 1, {"same kind"}},
        {"rest 1 s\nrepeat 9 times until capacity below 80 %\ncharge at C/5 until 4 V\nend",
         2,
         {"have no capacity", "discharges"}},
        {"record every 5", 1, {"no unit"}},
        /* steps that end as they begin */
        {"discharge at C/10 until 2.5 V\nrest 1 h\ncharge at C/10 until 2.4 V",
         3,
         {"out of order", "2.5 V or more", "line 1"}},
        {"charge at C/10 until 4.15 V\ndischarge at C/10 until 4.2 V",
         2,
         {"out of order", "4.15 V or less", "line 1"}},
        {"hold at 4.15 V for 1 h\ncharge at C/10 until 4.1 V", 2, {"out of order", "line 1"}},
        {"repeat 3 times\ncharge at C/10 until 4 V - 1 V each time\ndischarge at C/10 until 2.5 V\nend",
         2,
         {"out of order", "a charge until 2 V"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_experiment experiment;
        closo_error error = {0};
        closo_status status =
            closo_experiment_parse(cases[i].words, capacity_C_per_m2, arena, &experiment, &error);
        if (status != CLOSO_FORMAT && status != CLOSO_LIMIT)
            fail_msg("'%s' gave %s", cases[i].words, closo_status_text(status));
        assert_int_equal(error.status, status);
        assert_int_equal(experiment.step_count, 0);
        if (error.line != cases[i].line)
            fail_msg("'%s': line %d: %s", cases[i].words, (int)error.line, error.message);
        for (size_t k = 0; k < 3 && cases[i].says[k] != NULL; k++)
            if (strstr(error.message, cases[i].says[k]) == NULL)
                fail_msg("'%s': does not say \"%s\": %s", cases[i].words, cases[i].says[k],
                         error.message);
    }
}

/* What looks alike but is right. */
static void sound_orders_pass(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "charge at C/10 until 4.15 V\nrest 1 h\ncharge at C/10 until 4.15 V",
        "discharge at C/5 until 3.9 V\ndischarge at C/5 for 5 h\ncharge at C/5 until 3.8 V",
        "hold at 4.15 V for 1 h\nrest 1 h\ncharge at C/10 until 4.1 V",
        "sweep to 4 V at 1 mV/s for 10 s\ncharge at C/10 until 3.5 V",
        "charge at C/10 until 4.05 V\nhold at 4.05 V until C/100\ndischarge at C/10 until 2.5 V"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true(parse(texts[i]).step_count >= 2);
}

static void electrode_without_capacity_has_no_rates(void **state)
{
    (void)state;
    closo_experiment experiment;
    closo_error error = {0};
    assert_int_equal(
        closo_experiment_parse("charge at C/10 until 4 V", 0, arena, &experiment, &error),
        CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "0.1 mA/cm2"));
    assert_int_equal(
        closo_experiment_parse("charge at 1 mA/cm2 until 50 %", NAN, arena, &experiment, &error),
        CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "0.1 mAh/cm2"));
    assert_int_equal(
        closo_experiment_parse("charge at 30 uA/cm2 until 4 V", 0, arena, &experiment, NULL),
        CLOSO_OK);
}

static void no_memory_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < 20; i++) {
        closo_arena *small = closo_arena_new(0);
        closo_experiment experiment;
        closo_arena_fail_after(small, i);
        closo_status status = closo_experiment_parse("repeat 9; rest 1 s; rest 2 s; rest 3 s; end",
                                                     1, small, &experiment, NULL);
        assert_true(status == CLOSO_OK || status == CLOSO_NOMEM);
        closo_arena_free(small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_is_understood),
        cmocka_unit_test(lines_semicolons_and_comments_separate),
        cmocka_unit_test(sampling_is_read),
        cmocka_unit_test(loops_are_run),
        cmocka_unit_test(cut_offs_climb),
        cmocka_unit_test(pulses_are_loops),
        cmocka_unit_test(rules_know_their_passes),
        cmocka_unit_test(deep_and_long_experiments_fit),
        cmocka_unit_test(slips_are_named),
        cmocka_unit_test(sound_orders_pass),
        cmocka_unit_test(electrode_without_capacity_has_no_rates),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
