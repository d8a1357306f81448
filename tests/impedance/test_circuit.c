/* SPDX-License-Identifier: BSD-3-Clause */
/* Circuits: the grammar both ways, impedances against formulas written down here again with C's own complex functions,
 * and derivatives against differences. */
#include "impedance_test.h"

#include "base/base_internal.h"
#include "closo/impedance.h"
#include "impedance/circuit_internal.h"

#include <complex.h>
#include <math.h>
#include <string.h>

static void reads_every_notation_and_prints_two(void **state)
{
    (void)state;
    static const struct {
        const char *text, *dashes, *boukamp;
    } known[] = {
        {"R0-p(R1,CPE1)-p(R2,CPE2)", "R0-p(R1,CPE1)-p(R2,CPE2)", "R(RQ)(RQ)"},
        {"R(RQ)(RQ)", "R0-p(R1,CPE1)-p(R2,CPE2)", "R(RQ)(RQ)"},
        {"(RQ)(RQ)Q", "p(R1,CPE1)-p(R2,CPE2)-CPE3", "(RQ)(RQ)Q"},
        {"(R1|Q1)+(R2|Q2)+Q3", "p(R1,CPE1)-p(R2,CPE2)-CPE3", "(RQ)(RQ)Q"},
        {"R0-p(R1-W1,CPE1)", "R0-p(R1-W1,CPE1)", "R([RW]Q)"},
        {"R(Q[RW])", "R0-p(CPE1,R1-W1)", "R(Q[RW])"},
        {"R(Q(R(RQ)))", "R0-p(CPE1,R1-p(R2,CPE2))", "R(Q[R(RQ)])"},
        {"LR(RC)(RO)T", "L1-R0-p(R1,C1)-p(R2,Ws1)-Wo1", "LR(RC)(RO)T"},
        {" R0 - [R1,[R2,CPE1]] ", "R0-p(R1,R2,CPE1)", "R(RRQ)"},
        {"R5", "R5", "R"},
        {"((RQ))", "R0-CPE1", "RQ"},
        {"(RQ)R", "p(R1,CPE1)-R0", "(RQ)R"},
        {"TLM-HN2-ZARC-G-TLMDR", "TLM1-HN2-ZARC1-G1-TLMDR1", "TLMHNZARCGTLMDR"},
        {"R0{R=50}-p(R1{R~100,R=1..1e4},CPE1{n=0.5..0.9})-CPE2{Q=2*CPE1_Q,n=n1}",
         "R0{R=50}-p(R1{R=1..10000,R~100},CPE1{n=0.5..0.9})-CPE2{Q=2*CPE1_Q,n=CPE1_n}", "R(RQ)Q"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        closo_circuit circuit = parse(known[i].text);
        const char *dashes = closo_circuit_text(&circuit, CLOSO_CIRCUIT_DASHES, arena);
        assert_string_equal(dashes, known[i].dashes);
        assert_string_equal(closo_circuit_text(&circuit, CLOSO_CIRCUIT_BOUKAMP, arena),
                            known[i].boukamp);
        closo_circuit again = parse(dashes);
        assert_string_equal(closo_circuit_text(&again, CLOSO_CIRCUIT_DASHES, arena), dashes);
    }
}

static void names_parameters_always_alike(void **state)
{
    (void)state;
    closo_circuit circuit = parse("R(RQ)W");
    static const char *const names[] = {"R0", "R1", "CPE1_Q", "CPE1_n", "W1_A"};
    assert_int_equal(circuit.parameter_count, 5);
    for (size_t k = 0; k < 5; k++)
        assert_string_equal(circuit.parameters[k].name, names[k]);
    assert_ptr_equal(closo_circuit_find(&circuit, "Q1"), &circuit.parameters[2]);
    assert_ptr_equal(closo_circuit_find(&circuit, "n1"), &circuit.parameters[3]);
    assert_null(closo_circuit_find(&circuit, "n2"));
    assert_true(circuit.parameters[3].exponent);
    assert_string_equal(circuit.parameters[2].unit, "ohm^-1 s^n");
    assert_null(closo_element_info(CLOSO_CIRCUIT_ELEMENT_COUNT));
    assert_string_equal(closo_element_info(CLOSO_ELEMENT_GERISCHER)->formula,
                        "R/sqrt(1 + j w tau)");
}

static void says_where_a_circuit_is_wrong(void **state)
{
    (void)state;
    char deep[128] = "";
    for (size_t i = 0; i < 50; i++)
        strcat(deep, "(");
    static const struct {
        const char *text, *place, *word;
    } wrong[] = {
        {"", "position 1", "there is none"},
        {"R0-X1", "position 4 ('X1')", "no element begins so"},
        {"R0-p(R1,CPE1", "position 4", "not closed"},
        {"R0-p(R1,CPE1)]", "position 14", "nothing is open"},
        {"R0,R1", "position 3", "p(R1,CPE1)"},
        {"R0-p(R1)", "position 4", "two or more"},
        {"R0-()", "position 4", "nothing between"},
        {"R1-p(R1,C1)", "position 6 ('R1,C1)')", "two elements"},
        {"R0-(R1-C1)", "position 4", "stand in parallel"},
        {"R0-p(R1,C1]", "position 11", "does not close"},
        {"CPE1{n=1.4}", "position 6", "up to 1"},
        {"CPE1{m=1}", "position 6", "no parameter"},
        {"CPE1{n}", "position 6", "a setting is such as"},
        {"CPE1{n=1", "position 6", "brace is not closed"},
        {"R1{R=R1}", "position 4", "another free parameter"},
        {"R1{R=R2}-R2{R=R1}", "position 13", "another free parameter"},
        {"R1{R=-5}", "position 4", "positive number"},
        {"R0-", "position 4", "text ends where"},
        {"R12345", "position 1", "four digits"},
    };
    for (size_t i = 0; i <= sizeof wrong / sizeof *wrong; i++) {
        bool last = i == sizeof wrong / sizeof *wrong;
        const char *text = last ? deep : wrong[i].text;
        closo_circuit circuit;
        closo_error error = {0};
        assert_int_equal(closo_circuit_parse(text, arena, &circuit, &error), CLOSO_FORMAT);
        assert_int_equal(circuit.node_count, 0);
        if (strstr(error.message, last ? "position 33" : wrong[i].place) == NULL ||
            strstr(error.message, last ? "32 deep" : wrong[i].word) == NULL)
            fail_msg("%s: %s", text, error.message);
    }
    char many[400] = "";
    for (size_t i = 0; i < 65; i++)
        strcat(many, "R-");
    strcat(many, "R");
    closo_circuit circuit;
    assert_int_equal(closo_circuit_parse(many, arena, &circuit, NULL), CLOSO_LIMIT);
}

/* ---- impedances ---- */

/* The formulas of docs/circuits.md once more. s = j omega. */
static double complex formula(closo_circuit_element element, const double *p, double omega)
{
    const double complex s = CMPLX(0, omega);
    double complex wall, u;
    double sum;
    switch (element) {
    case CLOSO_ELEMENT_RESISTOR:
        return p[0];
    case CLOSO_ELEMENT_CAPACITOR:
        return 1 / (s * p[0]);
    case CLOSO_ELEMENT_INDUCTOR:
        return s * p[0];
    case CLOSO_ELEMENT_CPE:
        return 1 / (p[0] * cpow(s, p[1]));
    case CLOSO_ELEMENT_WARBURG:
        return p[0] * CMPLX(1, -1) / sqrt(omega);
    case CLOSO_ELEMENT_WARBURG_OPEN:
        return p[0] / (csqrt(s * p[1]) * ctanh(csqrt(s * p[1])));
    case CLOSO_ELEMENT_WARBURG_SHORT:
        return p[0] * ctanh(csqrt(s * p[1])) / csqrt(s * p[1]);
    case CLOSO_ELEMENT_GERISCHER:
        return p[0] / csqrt(1 + s * p[1]);
    case CLOSO_ELEMENT_ZARC:
        return p[0] / (1 + cpow(s * p[1], p[2]));
    case CLOSO_ELEMENT_HAVRILIAK_NEGAMI:
        return p[0] / cpow(1 + cpow(s * p[1], p[2]), p[3]);
    case CLOSO_ELEMENT_LINE:
        wall = 1 / (p[1] * cpow(s, p[2]));
        return csqrt(p[0] * wall) / ctanh(csqrt(p[0] / wall));
    case CLOSO_ELEMENT_LINE_REACTIVE:
        wall = p[1] / (1 + p[1] * p[2] * cpow(s, p[3]));
        return csqrt(p[0] * wall) / ctanh(csqrt(p[0] / wall));
    case CLOSO_ELEMENT_LINE_RAILS:
    case CLOSO_ELEMENT_LINE_RAILS_REACTIVE:
        wall = element == CLOSO_ELEMENT_LINE_RAILS ? 1 / (p[2] * cpow(s, p[3]))
                                                   : p[2] / (1 + p[2] * p[3] * cpow(s, p[4]));
        sum = p[0] + p[1];
        u = csqrt(sum / wall);
        return p[0] * p[1] / sum * (1 + 2 / (u * csinh(u))) +
               (p[0] * p[0] + p[1] * p[1]) / (sum * u * ctanh(u));
    case CLOSO_CIRCUIT_ELEMENT_COUNT:
        break;
    }
    return 0;
}

enum { POINTS = 41 };

static void frequencies(double *f)
{
    for (size_t i = 0; i < POINTS; i++)
        f[i] = pow(10, 6 - 0.2 * (double)i);
}

static const double samples[CLOSO_CIRCUIT_ELEMENT_COUNT][CLOSO_ELEMENT_PARAMETERS_MAX] = {
    {100},
    {1e-6},
    {1e-6},
    {1e-5, 0.83},
    {300},
    {200, 0.3},
    {200, 0.3},
    {150, 0.02},
    {120, 1e-3, 0.8},
    {120, 1e-3, 0.8, 0.6},
    {90, 1e-3, 0.9},
    {90, 40, 1e-3, 0.9},
    {90, 30, 1e-3, 0.9},
    {90, 30, 500, 1e-3, 0.9}};

static void elements_are_their_formulas(void **state)
{
    (void)state;
    double f[POINTS], re[POINTS], im[POINTS];
    frequencies(f);
    closo_spectrum at = {.count = POINTS, .frequency_Hz = f};
    for (size_t e = 0; e < CLOSO_CIRCUIT_ELEMENT_COUNT; e++) {
        closo_circuit circuit = parse(closo_element_info((closo_circuit_element)e)->symbol);
        assert_int_equal(closo_circuit_impedance(&circuit, samples[e], &at, re, im, NULL),
                         CLOSO_OK);
        for (size_t i = 0; i < POINTS; i++) {
            double complex z =
                formula((closo_circuit_element)e, samples[e], 6.283185307179586 * f[i]);
            if (!(cabs(CMPLX(re[i], im[i]) - z) <= 1e-9 * cabs(z)))
                fail_msg("%s at %g Hz: %g %+gj, should be %g %+gj",
                         closo_element_info((closo_circuit_element)e)->symbol, f[i], re[i], im[i],
                         creal(z), cimag(z));
        }
    }
    closo_circuit circuit = parse("R");
    const double negative = -1;
    closo_error error = {0};
    assert_int_equal(closo_circuit_impedance(&circuit, &negative, &at, re, im, &error),
                     CLOSO_RANGE);
}

/* Limits that textbooks give: a line with one rail is that with two and no resistance in the other; direct current through
 * a reactive pore of short length sees Rct + Rion/3; two rails at high frequency are side by side. */
static void lines_have_their_limits(void **state)
{
    (void)state;
    double f[3] = {1e9, 1, 1e-9}, re[3], im[3], re2[3], im2[3];
    closo_spectrum at = {.count = 3, .frequency_Hz = f};
    closo_circuit one = parse("TLMR"), two = parse("TLMDR");
    const double p[] = {3, 1000, 1e-6, 1}, q[] = {3, 1e-9, 1000, 1e-6, 1},
                 r[] = {60, 30, 1e6, 1e-3, 1};
    assert_int_equal(closo_circuit_impedance(&one, p, &at, re, im, NULL), CLOSO_OK);
    assert_near(re[2], 1001, 0.002);
    assert_int_equal(closo_circuit_impedance(&two, q, &at, re2, im2, NULL), CLOSO_OK);
    for (size_t i = 0; i < 3; i++)
        assert_near(hypot(re[i] - re2[i], im[i] - im2[i]), 0, 1e-6);
    assert_int_equal(closo_circuit_impedance(&two, r, &at, re2, im2, NULL), CLOSO_OK);
    assert_near(re2[0], 20, 0.01);
}

static void derivatives_are_differences(void **state)
{
    (void)state;
    static const char *const circuits[] = {
        "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3",
        "L-R-p(R-W,CPE)",
        "p(C,R-p(CPE,R-Wo),L)",
        "p(R,Ws,G)-p(ZARC,C)-HN",
        "TLM-p(TLMR,C)",
        "TLMD-p(TLMDR,CPE-R)",
        "HN",
        "p(HN,R)",
    };
    double f[POINTS];
    frequencies(f);
    for (size_t c = 0; c < sizeof circuits / sizeof *circuits; c++) {
        closo_circuit circuit = parse(circuits[c]);
        circuit_model model;
        assert_true(closo_circuit_model_init(&model, &circuit, f, POINTS, arena));
        double p[CLOSO_CIRCUIT_PARAMETERS_MAX], slopes[2 * POINTS * CLOSO_CIRCUIT_PARAMETERS_MAX],
            low[2 * POINTS];
        for (size_t n = 0; n < circuit.node_count; n++)
            if (circuit.nodes[n].kind == NODE_ELEMENT)
                memcpy(p + circuit.nodes[n].first_parameter, samples[circuit.nodes[n].element],
                       closo_element_info(circuit.nodes[n].element)->parameter_count * sizeof *p);
        closo_circuit_model_run(&model, p, true);
        memcpy(slopes, model.slopes, 2 * POINTS * circuit.parameter_count * sizeof *slopes);
        for (size_t k = 0; k < circuit.parameter_count; k++) {
            const double old = p[k], h = 1e-6;
            bool linear = circuit.parameters[k].exponent;
            p[k] = linear ? old - h : old * exp(-h);
            memcpy(low, closo_circuit_model_run(&model, p, false), sizeof low);
            p[k] = linear ? old + h : old * exp(h);
            const double *high = closo_circuit_model_run(&model, p, false);
            for (size_t i = 0; i < 2 * POINTS; i++) {
                double z = hypot(high[i % POINTS], high[POINTS + i % POINTS]);
                double difference = (high[i] - low[i]) / (2 * h),
                       slope = slopes[2 * POINTS * k + i];
                if (!(fabs(difference - slope) <= 1e-5 * (z + fabs(slope))))
                    fail_msg("%s, %s at %g Hz: %g, differences give %g", circuits[c],
                             circuit.parameters[k].name, f[i % POINTS], slope, difference);
            }
            p[k] = old;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_notation_and_prints_two),
        cmocka_unit_test(names_parameters_always_alike),
        cmocka_unit_test(says_where_a_circuit_is_wrong),
        cmocka_unit_test(elements_are_their_formulas),
        cmocka_unit_test(lines_have_their_limits),
        cmocka_unit_test(derivatives_are_differences),
    };
    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
