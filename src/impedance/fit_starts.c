/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_starts.c: where to begin a fit, from the data alone.
 *
 * Resistances lie within two decades below the largest real part, time constants anywhere among the measured ones,
 * exponents near 0.85; the capacitance of an arc follows from its resistance and time constant, that of a blocking
 * electrode from the slowest point. Drawn some hundred times, some of it lies in the valley of the best minimum. */
#include "impedance/fit_internal.h"

#include <math.h>

typedef struct scale {
    const closo_spectrum *spectrum;
    closo_random *random;
    double largest_ohm, first_ohm, last_reactance_ohm, first_reactance_ohm;
    double slow_omega, fast_omega;
} scale;

static double between(const scale *s, double low, double high)
{
    return low + (high - low) * closo_random_uniform(s->random);
}

static double decades(const scale *s, double low, double high)
{
    return pow(10, between(s, low, high));
}

static scale measure(const closo_spectrum *spectrum, closo_random *random)
{
    const size_t last = spectrum->count - 1;
    scale s = {.spectrum = spectrum, .random = random};
    for (size_t i = 0; i < spectrum->count; i++)
        s.largest_ohm = fmax(s.largest_ohm, spectrum->real_ohm[i]);
    const double least = 1e-6 * hypot(spectrum->real_ohm[0], spectrum->imaginary_ohm[0]);
    if (!(s.largest_ohm > 0))
        s.largest_ohm = hypot(spectrum->real_ohm[last], spectrum->imaginary_ohm[last]);
    s.first_ohm = fmax(fabs(spectrum->real_ohm[0]), 1e-4 * s.largest_ohm);
    s.first_reactance_ohm = fmax(fabs(spectrum->imaginary_ohm[0]), least);
    s.last_reactance_ohm = fmax(fabs(spectrum->imaginary_ohm[last]), 1e-3 * s.largest_ohm);
    s.slow_omega = 6.283185307179586 * spectrum->frequency_Hz[last];
    s.fast_omega = 6.283185307179586 * spectrum->frequency_Hz[0];
    return s;
}

static double draw_time_constant(const scale *s)
{
    return exp(between(s, -log(s->fast_omega) - 0.5, -log(s->slow_omega) + 0.5));
}

static size_t find_in(const closo_circuit *circuit, int node, bool capacitive)
{
    arc_parameters arc = closo_circuit_arc(circuit, node);
    return capacitive ? arc.q : arc.resistance;
}

/* Q of a CPE or C so that it makes an arc with its resistance, or carries the reactance at an end of the spectrum. */
static void draw_capacitance(const scale *s, const closo_circuit *circuit, int index,
                             double *values)
{
    const circuit_node *node = &circuit->nodes[index];
    double *q = &values[node->first_parameter];
    const bool serial = node->parent == NO_NODE || circuit->nodes[node->parent].kind == NODE_SERIES;
    double exponent = 1;
    if (node->element == CLOSO_ELEMENT_CPE) {
        exponent = serial ? between(s, 0.4, 0.98) : between(s, 0.7, 0.98);
        q[1] = exponent;
    }
    if (serial) {
        *q = decades(s, -0.1, 0.5) / (s->last_reactance_ohm * pow(s->slow_omega, exponent));
        return;
    }
    size_t resistance = find_in(circuit, node->parent, false);
    double ohm = resistance != SIZE_MAX ? values[resistance] : s->largest_ohm;
    *q = pow(draw_time_constant(s), exponent) / ohm;
}

static double draw_resistance(const scale *s, bool first_serial)
{
    if (first_serial && closo_random_uniform(s->random) < 0.7)
        return s->first_ohm * decades(s, -1.5, 0.1);
    return s->largest_ohm * decades(s, -2, 0);
}

static void draw_element(const scale *s, const closo_circuit *circuit, int index, double *values)
{
    const circuit_node *node = &circuit->nodes[index];
    double *p = &values[node->first_parameter];
    const bool serial = node->parent <= 0 && circuit->nodes[0].kind != NODE_PARALLEL;
    const closo_element_description *about = closo_element_info(node->element);
    switch ((int)node->element) {
    case CLOSO_ELEMENT_RESISTOR:
        p[0] = draw_resistance(s, serial);
        return;
    case CLOSO_ELEMENT_INDUCTOR:
        p[0] = s->first_reactance_ohm / s->fast_omega * decades(s, -1.5, 0.1);
        return;
    case CLOSO_ELEMENT_WARBURG:
        p[0] = s->last_reactance_ohm * sqrt(s->slow_omega) * decades(s, -1, 0.2);
        return;
    case CLOSO_ELEMENT_CPE:
    case CLOSO_ELEMENT_CAPACITOR:
        return; /* when the resistances are known */
    default:
        break;
    }
    double time_s = draw_time_constant(s), ohm = draw_resistance(s, false), exponent = 1;
    for (size_t k = about->parameter_count; k-- > 0;) {
        const char *name = about->parameters[k].name;
        if (about->parameters[k].exponent)
            p[k] = exponent = between(s, 0.7, 0.98);
        else if (name[0] == 't')
            p[k] = time_s;
        else if (name[0] == 'Q')
            p[k] = pow(time_s, exponent) / ohm;
        else if (name[0] == 'R' && name[1] == 'e')
            p[k] = ohm * decades(s, -1, 0);
        else if (name[0] == 'R' && name[1] == 'c')
            p[k] = ohm * decades(s, 0, 1);
        else
            p[k] = ohm;
    }
}

/* Between the limits, not at them, where the logistic is flat. */
static double inside_limits(const closo_circuit_parameter *p, double value)
{
    double slope, x = closo_fit_coordinate(p, value);
    if (!p->exponent && !isfinite(p->upper))
        return value;
    return closo_fit_value_at(p, fmin(fmax(x, -3), 3), &slope);
}

void closo_fit_draw_start(const fit_problem *problem, const double *guess, bool use_guess,
                          closo_random *random, double *values)
{
    const closo_circuit *circuit = problem->circuit;
    const scale s = measure(problem->spectrum, random);
    for (size_t i = 0; i < circuit->node_count; i++)
        if (circuit->nodes[i].kind == NODE_ELEMENT)
            draw_element(&s, circuit, (int)i, values);
    for (int turn = 0; turn < 2; turn++) {
        for (size_t k = 0; k < circuit->parameter_count; k++) {
            const closo_circuit_parameter *p = &circuit->parameters[k];
            if (isfinite(p->value) && (p->fixed || use_guess))
                values[k] = p->value;
            else if (use_guess && guess != NULL && isfinite(guess[k]))
                values[k] = guess[k];
            else
                values[k] = inside_limits(p, values[k]);
        }
        if (turn == 0)
            for (size_t i = 0; i < circuit->node_count; i++)
                if (circuit->nodes[i].kind == NODE_ELEMENT &&
                    (circuit->nodes[i].element == CLOSO_ELEMENT_CPE ||
                     circuit->nodes[i].element == CLOSO_ELEMENT_CAPACITOR))
                    draw_capacitance(&s, circuit, (int)i, values);
    }
}
