/* SPDX-License-Identifier: BSD-3-Clause */
/* arcs.c: which parameters make an arc, and alike arcs in one order.
 *
 * Two arcs in series may change places without changing the impedance. Which is called the first is a matter of
 * taste; here it is the faster one, always, so that R1 of one spectrum is R1 of the next. */
#include "impedance/fit_internal.h"

#include <math.h>
#include <string.h>

static void look_at_element(const circuit_node *node, arc_parameters *arc)
{
    const closo_element_description *about = closo_element_info(node->element);
    for (size_t k = 0; k < about->parameter_count; k++) {
        const char *name = about->parameters[k].name;
        const size_t at = node->first_parameter + k;
        const bool resistance = (name[0] == 'R') || node->element == CLOSO_ELEMENT_RESISTOR;
        const bool capacitance = name[0] == 'Q' || node->element == CLOSO_ELEMENT_CAPACITOR;
        if (resistance && arc->resistance == SIZE_MAX)
            arc->resistance = at;
        else if (capacitance && arc->q == SIZE_MAX && arc->tau == SIZE_MAX) {
            arc->q = at;
            if (k + 1 < about->parameter_count && about->parameters[k + 1].exponent)
                arc->n = at + 1;
        } else if (name[0] == 't' && arc->tau == SIZE_MAX && arc->q == SIZE_MAX)
            arc->tau = at;
    }
}

arc_parameters closo_circuit_arc(const closo_circuit *circuit, int node)
{
    arc_parameters arc = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    /* The subtree is the nodes from here to the first that is no descendant. The elements right below come first. */
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = (size_t)node; i < circuit->node_count; i++) {
            int above = (int)i;
            while (above > node)
                above = circuit->nodes[above].parent;
            if (above != node)
                break;
            bool direct = (int)i == node || circuit->nodes[i].parent == node;
            if (circuit->nodes[i].kind == NODE_ELEMENT && direct == (turn == 0))
                look_at_element(&circuit->nodes[i], &arc);
        }
    return arc;
}

double closo_arc_log_time_constant(const arc_parameters *arc, const double *values)
{
    if (arc->tau != SIZE_MAX)
        return log(values[arc->tau]);
    double n = arc->n != SIZE_MAX ? values[arc->n] : 1;
    return log(values[arc->resistance] * values[arc->q]) / n;
}

static bool same_shape(const closo_circuit *circuit, int a, int b)
{
    const circuit_node *one = &circuit->nodes[a], *other = &circuit->nodes[b];
    if (one->kind != other->kind || (one->kind == NODE_ELEMENT && one->element != other->element))
        return false;
    int c = one->first_child, d = other->first_child;
    while (c != NO_NODE && d != NO_NODE && same_shape(circuit, c, d)) {
        c = circuit->nodes[c].next_sibling;
        d = circuit->nodes[d].next_sibling;
    }
    return c == NO_NODE && d == NO_NODE;
}

/* First parameter of a subtree and how many; they are contiguous, as nodes are in pre-order. */
static size_t parameter_range(const closo_circuit *circuit, int node, size_t *first)
{
    size_t count = 0;
    *first = SIZE_MAX;
    for (size_t i = (size_t)node; i < circuit->node_count; i++) {
        int above = (int)i;
        while (above > node)
            above = circuit->nodes[above].parent;
        if (above != node)
            break;
        if (circuit->nodes[i].kind == NODE_ELEMENT) {
            if (*first == SIZE_MAX)
                *first = circuit->nodes[i].first_parameter;
            count += closo_element_info(circuit->nodes[i].element)->parameter_count;
        }
    }
    return count;
}

/* Whoever holds, ties or limits a parameter has given the arc its name himself. */
static bool is_unmarked(const closo_circuit *circuit, size_t first, size_t count)
{
    for (size_t k = 0; k < circuit->parameter_count; k++) {
        const closo_circuit_parameter *p = &circuit->parameters[k];
        if (p->tied_to != SIZE_MAX && p->tied_to >= first && p->tied_to < first + count)
            return false;
        if (k < first || k >= first + count)
            continue;
        if (p->fixed || p->tied_to != SIZE_MAX || p->lower > 0 ||
            (p->exponent ? p->upper < 1 : isfinite(p->upper)))
            return false;
    }
    return true;
}

static bool order_pair(const closo_circuit *circuit, int a, int b, double *values)
{
    size_t first, second, count = parameter_range(circuit, a, &first);
    (void)parameter_range(circuit, b, &second);
    arc_parameters one = closo_circuit_arc(circuit, a), other = closo_circuit_arc(circuit, b);
    if ((one.tau == SIZE_MAX && (one.resistance == SIZE_MAX || one.q == SIZE_MAX)) ||
        !is_unmarked(circuit, first, count) || !is_unmarked(circuit, second, count) ||
        !(closo_arc_log_time_constant(&one, values) > closo_arc_log_time_constant(&other, values)))
        return false;
    for (size_t k = 0; k < count; k++) {
        double kept = values[first + k];
        values[first + k] = values[second + k];
        values[second + k] = kept;
    }
    return true;
}

void closo_fit_order_arcs(const closo_circuit *circuit, double *values)
{
    const circuit_node *root = &circuit->nodes[0];
    if (root->kind != NODE_SERIES)
        return;
    bool moved = true;
    for (size_t turn = 0; moved && turn < circuit->node_count; turn++) {
        moved = false;
        for (int a = root->first_child; a != NO_NODE; a = circuit->nodes[a].next_sibling)
            for (int b = circuit->nodes[a].next_sibling; b != NO_NODE;
                 b = circuit->nodes[b].next_sibling)
                if (same_shape(circuit, a, b))
                    moved = order_pair(circuit, a, b, values) || moved;
    }
}
