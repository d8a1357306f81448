/* SPDX-License-Identifier: BSD-3-Clause */
/* circuit_text.c: trees back to circuit strings. */
#include "impedance/circuit_internal.h"

#include <math.h>
#include <string.h>

enum { TEXT_SIZE = 16384 };

typedef struct printer {
    char *text;
    size_t used;
    const closo_circuit *circuit;
} printer;

static void put(printer *out, const char *text)
{
    size_t length = strlen(text);
    if (out->used + length + 1 > TEXT_SIZE)
        return; /* 64 parameters with their settings need a third of it */
    memcpy(out->text + out->used, text, length + 1);
    out->used += length;
}

static void put_number(printer *out, double value)
{
    char text[40];
    closo_number_print(value, text, sizeof text);
    put(out, text);
}

/* "{n=0.9,Q~1e-06}" of the parameters that are not as they come. */
static void put_settings(printer *out, const circuit_node *node)
{
    const closo_element_description *about = closo_element_info(node->element);
    const char *separator = "{";
    for (size_t k = 0; k < about->parameter_count; k++) {
        const closo_circuit_parameter *p = &out->circuit->parameters[node->first_parameter + k];
        const char *key =
            about->parameters[k].name[0] != '\0' ? about->parameters[k].name : about->symbol;
        const bool limited = p->lower > 0 || (p->exponent ? p->upper < 1 : isfinite(p->upper));
        for (int turn = 0; turn < 3; turn++) {
            const bool tie = turn == 0 && p->tied_to != SIZE_MAX, limits = turn == 1 && limited,
                       value = turn == 2 && isfinite(p->value);
            if (!tie && !limits && !value)
                continue;
            put(out, separator);
            separator = ",";
            put(out, key);
            put(out, value && !p->fixed ? "~" : "=");
            if (tie && (p->tie_factor < 1 || p->tie_factor > 1)) {
                put_number(out, p->tie_factor);
                put(out, "*");
            }
            if (tie)
                put(out, out->circuit->parameters[p->tied_to].name);
            if (limits) {
                put_number(out, p->lower);
                put(out, "..");
                put_number(out, p->upper);
            }
            if (value)
                put_number(out, p->value);
        }
    }
    if (separator[0] == ',')
        put(out, "}");
}

static void put_element(printer *out, const circuit_node *node, closo_circuit_style style)
{
    const char *symbol = closo_element_info(node->element)->symbol;
    if (style == CLOSO_CIRCUIT_BOUKAMP) {
        if (node->element == CLOSO_ELEMENT_CPE)
            symbol = "Q";
        else if (node->element == CLOSO_ELEMENT_WARBURG_OPEN)
            symbol = "T";
        else if (node->element == CLOSO_ELEMENT_WARBURG_SHORT)
            symbol = "O";
        put(out, symbol);
        return;
    }
    put(out, symbol);
    put_number(out, node->label);
    put_settings(out, node);
}

static void put_node(printer *out, int index, closo_circuit_style style)
{
    const circuit_node *node = &out->circuit->nodes[index];
    if (node->kind == NODE_ELEMENT) {
        put_element(out, node, style);
        return;
    }
    const bool boukamp = style == CLOSO_CIRCUIT_BOUKAMP, parallel = node->kind == NODE_PARALLEL;
    const bool brackets = boukamp && !parallel && node->parent != NO_NODE;
    if (parallel)
        put(out, boukamp ? "(" : "p(");
    else if (brackets)
        put(out, "[");
    for (int c = node->first_child; c != NO_NODE; c = out->circuit->nodes[c].next_sibling) {
        if (c != node->first_child && !boukamp)
            put(out, parallel ? "," : "-");
        put_node(out, c, style);
    }
    if (parallel)
        put(out, ")");
    else if (brackets)
        put(out, "]");
}

const char *closo_circuit_text(const closo_circuit *circuit, closo_circuit_style style,
                               closo_arena *arena)
{
    printer out = {closo_arena_alloc(arena, TEXT_SIZE, 1), 0, circuit};
    if (out.text == NULL)
        return NULL;
    if (circuit->node_count != 0)
        put_node(&out, 0, style);
    return closo_arena_text(arena, out.text);
}
