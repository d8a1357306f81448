/* SPDX-License-Identifier: BSD-3-Clause */
/* circuit_model.c: the impedance of a circuit and its derivatives at many frequencies.
 *
 * Series and parallel groups alternate. Children of a series group give Z, those of a parallel group Y = 1/Z, so a group
 * only adds up, and takes one inverse to become its parent's kind. The derivatives run backwards from the root: with
 * V = 1/sum, dV = -V^2 d(sum), one factor serves all children of a group. Loops run over frequencies, real and imaginary
 * parts in arrays of their own, so that the compiler may take several at once. */
#include "impedance/circuit_internal.h"
#include "numeric/exponential_internal.h"

#include <math.h>
#include <string.h>

static const double half_pi = 1.57079632679489661923;

bool closo_circuit_model_init(circuit_model *model, const closo_circuit *circuit,
                              const double *frequency_Hz, size_t count, closo_arena *arena)
{
    *model = (circuit_model){.circuit = circuit, .count = count};
    if (count > SIZE_MAX / 64 / CIRCUIT_NODES_MAX)
        return false;
    double *all = closo_arena_alloc(
        arena, count, (2 + 4 * circuit->node_count + 2 * circuit->parameter_count) * sizeof *all);
    if (all == NULL)
        return false;
    model->omega = all;
    model->log_omega = all + count;
    model->values = all + 2 * count;
    model->factors = model->values + 2 * count * circuit->node_count;
    model->slopes = model->factors + 2 * count * circuit->node_count;
    for (size_t i = 0; i < count; i++) {
        model->omega[i] = 4 * half_pi * frequency_Hz[i];
        model->log_omega[i] = log(model->omega[i]);
    }
    return true;
}

static bool is_wanted_as_admittance(const closo_circuit *circuit, size_t node)
{
    int parent = circuit->nodes[node].parent;
    return parent != NO_NODE && circuit->nodes[parent].kind == NODE_PARALLEL;
}

static void invert(double *value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double re = value[i], im = value[n + i], size = 1 / (re * re + im * im);
        value[i] = re * size;
        value[n + i] = -im * size;
    }
}

/* amplitude * (j omega)^power */
static void power_values(const circuit_model *model, double amplitude, double power, double *value)
{
    const size_t n = model->count;
    const double *omega = model->omega, *log_omega = model->log_omega;
    const double cosine = amplitude * cos(half_pi * power), sine = amplitude * sin(half_pi * power);
    double *size = value; /* the real parts become the moduli first */
    if (power == 0)
        for (size_t i = 0; i < n; i++)
            size[i] = 1;
    else if (power == 1)
        memcpy(size, omega, n * sizeof *size);
    else if (power == -1)
        for (size_t i = 0; i < n; i++)
            size[i] = 1 / omega[i];
    else
        closo_exponentials(power, log_omega, n, size);
    for (size_t i = 0; i < n; i++) {
        value[n + i] = sine * size[i];
        value[i] = cosine * size[i];
    }
}

static void element_values(circuit_model *model, size_t index, const double *parameters,
                           bool with_slopes)
{
    const circuit_node *node = &model->circuit->nodes[index];
    const size_t n = model->count;
    const double *p = parameters + node->first_parameter;
    double *value = model->values + 2 * n * index;
    double *slopes = model->slopes + 2 * n * node->first_parameter;
    const bool admittance = is_wanted_as_admittance(model->circuit, index);
    power_law law;
    if (closo_element_power_law(node->element, p, &law)) {
        power_values(model, admittance ? 1 / law.amplitude : law.amplitude,
                     admittance ? -law.power : law.power, value);
        return;
    }
    closo_element_evaluate(node->element, p, model, value, with_slopes ? slopes : NULL);
    if (!admittance)
        return;
    invert(value, n);
    size_t count = with_slopes ? closo_element_info(node->element)->parameter_count : 0;
    for (size_t k = 0; k < count; k++) { /* dY = -Y^2 dZ */
        double *slope = slopes + 2 * k * n;
        for (size_t i = 0; i < n; i++) {
            double re = value[i], im = value[n + i], square_re = im * im - re * re,
                   square_im = -2 * re * im, a = slope[i], b = slope[n + i];
            slope[i] = square_re * a - square_im * b;
            slope[n + i] = square_re * b + square_im * a;
        }
    }
}

static void group_values(circuit_model *model, size_t index)
{
    const circuit_node *node = &model->circuit->nodes[index];
    const size_t n = model->count;
    double *sum = model->values + 2 * n * index;
    int child = node->first_child;
    memcpy(sum, model->values + 2 * n * (size_t)child, 2 * n * sizeof *sum);
    while ((child = model->circuit->nodes[child].next_sibling) != NO_NODE) {
        const double *add = model->values + 2 * n * (size_t)child;
        for (size_t i = 0; i < 2 * n; i++)
            sum[i] += add[i];
    }
    if (node->kind == NODE_PARALLEL || node->parent != NO_NODE)
        invert(sum, n);
}

/* d Z_total / d (sum over the children): the group's own factor times -V^2 when it took the inverse. */
static void group_factor(circuit_model *model, size_t index)
{
    const circuit_node *node = &model->circuit->nodes[index];
    const size_t n = model->count;
    double *factor = model->factors + 2 * n * index;
    const double *value = model->values + 2 * n * index;
    const double *own =
        node->parent != NO_NODE ? model->factors + 2 * n * (size_t)node->parent : NULL;
    const bool own_is_one =
        own == NULL || (model->circuit->nodes[node->parent].parent == NO_NODE &&
                        model->circuit->nodes[node->parent].kind == NODE_SERIES);
    if (node->kind == NODE_SERIES && node->parent == NO_NODE)
        return; /* 1, and never read */
    for (size_t i = 0; i < n; i++) {
        double re = value[i], im = value[n + i];
        factor[i] = im * im - re * re;
        factor[n + i] = -2 * re * im;
    }
    for (size_t i = 0; !own_is_one && i < n; i++) {
        double re = factor[i], im = factor[n + i];
        factor[i] = re * own[i] - im * own[n + i];
        factor[n + i] = re * own[n + i] + im * own[i];
    }
}

/* The parent's factor, or NULL for 1. */
static const double *factor_above(const circuit_model *model, size_t index)
{
    int parent = model->circuit->nodes[index].parent;
    if (parent == NO_NODE || (model->circuit->nodes[parent].parent == NO_NODE &&
                              model->circuit->nodes[parent].kind == NODE_SERIES))
        return NULL;
    return model->factors + 2 * model->count * (size_t)parent;
}

/* slope = factor * of, in place where they are the same. */
static void multiply(const double *factor, const double *of, double *slope, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double a = of[i], b = of[n + i];
        slope[i] = factor != NULL ? factor[i] * a - factor[n + i] * b : a;
        slope[n + i] = factor != NULL ? factor[i] * b + factor[n + i] * a : b;
    }
}

static void element_slopes(circuit_model *model, size_t index, const double *parameters)
{
    const circuit_node *node = &model->circuit->nodes[index];
    const size_t n = model->count;
    const double *factor = factor_above(model, index);
    double *slopes = model->slopes + 2 * n * node->first_parameter;
    power_law law;
    if (!closo_element_power_law(node->element, parameters + node->first_parameter, &law)) {
        size_t count = closo_element_info(node->element)->parameter_count;
        for (size_t k = 0; k < count && factor != NULL; k++)
            multiply(factor, slopes + 2 * k * n, slopes + 2 * k * n, n);
        return;
    }
    const double form = is_wanted_as_admittance(model->circuit, index) ? -1 : 1;
    double *first = slopes, *second = slopes + 2 * n;
    multiply(factor, model->values + 2 * n * index, first, n);
    if (law.power_slope != 0)
        for (size_t i = 0; i < n; i++) { /* times ln(j omega) */
            double re = form * law.power_slope * first[i],
                   im = form * law.power_slope * first[n + i];
            second[i] = re * model->log_omega[i] - im * half_pi;
            second[n + i] = im * model->log_omega[i] + re * half_pi;
        }
    if (form * law.amplitude_sign < 0)
        for (size_t i = 0; i < 2 * n; i++)
            first[i] = -first[i];
}

const double *closo_circuit_model_run(circuit_model *model, const double *values, bool with_slopes)
{
    const closo_circuit *circuit = model->circuit;
    for (size_t i = circuit->node_count; i-- > 0;) {
        if (circuit->nodes[i].kind == NODE_ELEMENT)
            element_values(model, i, values, with_slopes);
        else
            group_values(model, i);
    }
    for (size_t i = 0; with_slopes && i < circuit->node_count; i++) {
        if (circuit->nodes[i].kind == NODE_ELEMENT)
            element_slopes(model, i, values);
        else
            group_factor(model, i);
    }
    return model->values;
}

closo_status closo_circuit_impedance(const closo_circuit *circuit, const double *values,
                                     const closo_spectrum *at, double *real_ohm,
                                     double *imaginary_ohm, closo_error *error)
{
    for (size_t k = 0; k < circuit->parameter_count; k++) {
        const closo_circuit_parameter *p = &circuit->parameters[k];
        if (!(values[k] > 0) || !isfinite(values[k]) || (p->exponent && values[k] > 1))
            return closo_fail(error, CLOSO_RANGE, "%s is %g; it has to be %s", p->name, values[k],
                              p->exponent ? "above 0 and at most 1" : "positive");
    }
    closo_arena *passing = closo_arena_new(0);
    circuit_model model;
    if (passing == NULL ||
        !closo_circuit_model_init(&model, circuit, at->frequency_Hz, at->count, passing)) {
        closo_arena_free(passing);
        return closo_fail_nomem(error);
    }
    const double *z = closo_circuit_model_run(&model, values, false);
    memcpy(real_ohm, z, at->count * sizeof *z);
    memcpy(imaginary_ohm, z + at->count, at->count * sizeof *z);
    closo_arena_free(passing);
    return CLOSO_OK;
}
