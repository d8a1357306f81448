/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_derive.c: what is read off the parameters, with their correlations: d f = sum df/dp dp. */
#include "impedance/fit_internal.h"

#include <math.h>

/* sigma of a function with the given derivatives with respect to the parameters listed. */
static double sigma_of(const closo_circuit_fit *fit, const size_t *at, const double *slopes,
                       size_t count)
{
    double variance = 0;
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < count; b++)
            variance +=
                slopes[a] * slopes[b] * fit->covariance[at[a] * fit->parameter_count + at[b]];
    return variance > 0 ? sqrt(variance) : (double)NAN;
}

closo_value closo_circuit_fit_sum(const closo_circuit_fit *fit, const size_t *indices, size_t count)
{
    double slopes[CLOSO_CIRCUIT_PARAMETERS_MAX] = {0}, value = 0;
    if (count > CLOSO_CIRCUIT_PARAMETERS_MAX)
        count = CLOSO_CIRCUIT_PARAMETERS_MAX;
    for (size_t i = 0; i < count; i++) {
        slopes[i] = 1;
        value += fit->parameters[indices[i]].value;
    }
    return (closo_value){value, sigma_of(fit, indices, slopes, count)};
}

static closo_value conductivity(const closo_circuit_fit_options *options,
                                const closo_circuit_fit *fit, closo_value resistance)
{
    closo_value l = options->thickness_m, a = options->area_m2;
    if (!(l.value > 0))
        l = (closo_value){fit->spectrum->thickness_m, 0};
    if (!(a.value > 0))
        a = (closo_value){fit->spectrum->area_m2, 0};
    closo_value sigma = {(double)NAN, (double)NAN};
    if (!(l.value > 0) || !(a.value > 0) || !(resistance.value > 0))
        return sigma;
    sigma.value = l.value / (a.value * resistance.value);
    double by_l = l.sigma > 0 ? l.sigma / l.value : 0, by_a = a.sigma > 0 ? a.sigma / a.value : 0;
    double by_r = resistance.sigma / resistance.value;
    sigma.sigma = sigma.value * sqrt(by_l * by_l + by_a * by_a + by_r * by_r);
    return sigma;
}

/* R, Q, n: ln tau = ln(RQ)/n; ln C = ((1-n) ln R + ln Q)/n, which is ln tau - ln R. */
static void derive_arc(const closo_circuit_fit_options *options, closo_circuit_fit *fit,
                       const arc_parameters *from, closo_arc *arc)
{
    double values[CLOSO_CIRCUIT_PARAMETERS_MAX];
    for (size_t k = 0; k < fit->parameter_count; k++)
        values[k] = fit->parameters[k].value;
    const double log_tau = closo_arc_log_time_constant(from, values);
    const double tau = exp(log_tau), r = values[from->resistance], capacitance = tau / r;
    size_t at[3] = {from->resistance, from->tau != SIZE_MAX ? from->tau : from->q, from->n};
    const bool has_n = from->n != SIZE_MAX && from->tau == SIZE_MAX;
    const double n = has_n ? values[from->n] : 1;
    double by_tau[3] = {1 / (n * r), 1 / (n * values[at[1]]), -log_tau / n};
    if (from->tau != SIZE_MAX)
        by_tau[0] = 0;
    double slopes[3], slopes_c[3];
    for (size_t i = 0; i < 3; i++) {
        slopes[i] = by_tau[i] * tau;
        slopes_c[i] = (by_tau[i] - (i == 0 ? 1 / r : 0)) * capacitance;
    }
    const size_t count = has_n ? 3 : 2;
    arc->name = fit->parameters[from->resistance].name;
    arc->resistance_ohm = (closo_value){r, fit->parameters[from->resistance].sigma};
    arc->time_constant_s = (closo_value){tau, sigma_of(fit, at, slopes, count)};
    arc->capacitance_F = (closo_value){capacitance, sigma_of(fit, at, slopes_c, count)};
    double frequency = 1 / (6.283185307179586 * tau);
    arc->frequency_Hz = (closo_value){frequency, frequency * arc->time_constant_s.sigma / tau};
    const closo_spectrum *s = fit->spectrum;
    arc->inside = frequency <= s->frequency_Hz[0] && frequency >= s->frequency_Hz[s->count - 1];
    arc->conductivity_S_per_m = conductivity(options, fit, arc->resistance_ohm);
}

/* What a subtree is to direct current: a sum of parameters (perhaps none: a short), a block, or neither. */
typedef enum passage { PASSES, BLOCKS, UNKNOWN } passage;

/* The parameters of the sum are added to the list when it passes. */
static passage add_resistances(const closo_circuit *circuit, int index, size_t *list, size_t *count)
{
    const circuit_node *node = &circuit->nodes[index];
    if (node->kind == NODE_ELEMENT) {
        switch ((int)node->element) {
        case CLOSO_ELEMENT_INDUCTOR:
            return PASSES;
        case CLOSO_ELEMENT_RESISTOR:
        case CLOSO_ELEMENT_WARBURG_SHORT:
        case CLOSO_ELEMENT_GERISCHER:
        case CLOSO_ELEMENT_ZARC:
        case CLOSO_ELEMENT_HAVRILIAK_NEGAMI:
            list[(*count)++] = node->first_parameter;
            return PASSES;
        case CLOSO_ELEMENT_CAPACITOR:
        case CLOSO_ELEMENT_CPE:
        case CLOSO_ELEMENT_WARBURG:
        case CLOSO_ELEMENT_WARBURG_OPEN:
        case CLOSO_ELEMENT_LINE:
        case CLOSO_ELEMENT_LINE_RAILS:
            return BLOCKS;
        default:
            return UNKNOWN;
        }
    }
    const size_t start = *count;
    size_t open = 0, through = 0, unknown = 0;
    bool shorted = false;
    for (int c = node->first_child; c != NO_NODE; c = circuit->nodes[c].next_sibling) {
        size_t before = *count;
        const passage child = add_resistances(circuit, c, list, count);
        if (child != PASSES)
            *count = before;
        through += child == PASSES;
        open += child == BLOCKS;
        unknown += child == UNKNOWN;
        shorted = shorted || (child == PASSES && *count == before);
    }
    if (node->kind == NODE_SERIES)
        return open != 0 ? BLOCKS : unknown != 0 ? UNKNOWN : PASSES;
    if (shorted) {
        *count = start;
        return PASSES;
    }
    if (unknown != 0 || through > 1)
        return UNKNOWN;
    return through == 1 ? PASSES : BLOCKS;
}

/* All that conducts: the sum at zero frequency, a blocking electrode in series left out. Not known when a part in series is
 * neither a sum nor a block: to leave it out would make the cell conduct better than it does. */
static void derive_total(const closo_circuit_fit_options *options, closo_circuit_fit *fit)
{
    const closo_circuit *circuit = fit->circuit;
    size_t list[CLOSO_CIRCUIT_PARAMETERS_MAX], count = 0;
    const circuit_node *root = &circuit->nodes[0];
    closo_value unknown = {(double)NAN, (double)NAN};
    bool whole = true;
    if (root->kind != NODE_SERIES) {
        whole = add_resistances(circuit, 0, list, &count) == PASSES;
    } else {
        for (int c = root->first_child; c != NO_NODE; c = circuit->nodes[c].next_sibling) {
            size_t before = count;
            const passage part = add_resistances(circuit, c, list, &count);
            if (part != PASSES)
                count = before;
            whole = whole && part != UNKNOWN;
        }
    }
    fit->total_resistance_ohm =
        whole && count != 0 ? closo_circuit_fit_sum(fit, list, count) : unknown;
    fit->total_conductivity_S_per_m = conductivity(options, fit, fit->total_resistance_ohm);
}

void closo_fit_derive(const closo_circuit_fit_options *options, closo_circuit_fit *fit,
                      closo_arena *arena)
{
    const closo_circuit *circuit = fit->circuit;
    fit->arcs = closo_arena_alloc(arena, circuit->node_count, sizeof *fit->arcs);
    for (size_t i = 0; fit->arcs != NULL && i < circuit->node_count; i++) {
        const circuit_node *node = &circuit->nodes[i];
        const bool skewed =
            node->kind == NODE_ELEMENT && (node->element == CLOSO_ELEMENT_ZARC ||
                                           node->element == CLOSO_ELEMENT_HAVRILIAK_NEGAMI);
        if (node->kind != NODE_PARALLEL && !skewed)
            continue;
        arc_parameters from = closo_circuit_arc(circuit, (int)i);
        if (from.resistance != SIZE_MAX && (from.q != SIZE_MAX || from.tau != SIZE_MAX))
            derive_arc(options, fit, &from, &fit->arcs[fit->arc_count++]);
    }
    derive_total(options, fit);
}

static void warn_of_parameters(closo_circuit_fit *fit, closo_arena *arena)
{
    for (size_t k = 0; k < fit->parameter_count; k++) {
        const closo_fitted_parameter *p = &fit->parameters[k];
        const bool exponent = fit->circuit->parameters[k].exponent;
        if (p->at_limit && exponent && p->value > 0.9)
            closo_notes_add(&fit->notes, arena,
                            "%s ran to its limit %g: an ideal capacitor would do, or there is an "
                            "inductance that the circuit lacks",
                            p->name, fit->circuit->parameters[k].upper);
        else if (p->at_limit)
            closo_notes_add(&fit->notes, arena, "%s ran into its limit, at %.4g", p->name,
                            p->value);
        else if (p->sigma > 5 * p->value)
            closo_notes_add(&fit->notes, arena, "%s does not show in the spectrum", p->name);
        else if (p->sigma > 0.5 * p->value)
            closo_notes_add(&fit->notes, arena,
                            "%s is known to %.0f %% only: the spectrum hardly shows it", p->name,
                            100 * p->sigma / p->value);
    }
    for (size_t a = 0; a < fit->parameter_count; a++)
        for (size_t b = a + 1; b < fit->parameter_count; b++) {
            double r = fit->correlation[a * fit->parameter_count + b];
            bool pair =
                fit->circuit->parameters[a].exponent != fit->circuit->parameters[b].exponent;
            if (fabs(r) > (pair ? 0.999 : 0.98) && !fit->parameters[a].tied &&
                !fit->parameters[b].tied)
                closo_notes_add(
                    &fit->notes, arena,
                    "%s and %s are correlated by %.4f: their combination is known, each "
                    "of them alone hardly",
                    fit->parameters[a].name, fit->parameters[b].name, r);
        }
}

void closo_fit_warn(const closo_circuit_fit_options *options, closo_circuit_fit *fit,
                    closo_arena *arena)
{
    warn_of_parameters(fit, arena);
    for (size_t a = 0; a < fit->arc_count; a++) {
        const closo_arc *arc = &fit->arcs[a];
        if (!arc->inside)
            closo_notes_add(&fit->notes, arena,
                            "the summit of the arc of %s lies at %.3g Hz, outside the measured "
                            "frequencies: its values are an extrapolation",
                            arc->name, arc->frequency_Hz.value);
    }
    const double count = (double)fit->spectrum->count;
    if (fit->autocorrelation > 0.5 && count >= 15)
        closo_notes_add(
            &fit->notes, arena,
            "neighbouring residuals go together (%.2f): the circuit leaves something of "
            "the spectrum unexplained, and the sigmas are too small",
            fit->autocorrelation);
    if (options->weight != CLOSO_WEIGHT_UNIT && options->weight != CLOSO_WEIGHT_MEASURED &&
        fit->residual_rms > 0.05)
        closo_notes_add(&fit->notes, arena, "the fit is off by %.1f %% on average",
                        100 * fit->residual_rms);
    if (fit->starts > 3 && fit->agreeing < 2 && !options->guess_only)
        closo_notes_add(
            &fit->notes, arena,
            "only one of %zu starts ended in this minimum; ask for more starts to be sure",
            fit->starts);
}
