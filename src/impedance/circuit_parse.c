/* SPDX-License-Identifier: BSD-3-Clause */
/* circuit_parse.c: circuit strings to trees.
 *
 *   chain    := item { ['-' | '+'] item }
 *   item     := element | ['p'] '(' content ')' | '[' content ']'
 *   content  := chain { (',' | '|') chain }
 *   element  := symbol [number] ['{' setting { ',' setting } '}']
 * A content with commas or bars is parallel. Without: brackets are in series; parentheses are the opposite of what is
 * around them, as in Boukamp's code. */
#include "impedance/circuit_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 4096, SETTINGS_MAX = 128 };

/* A setting in braces, kept until all parameters have their names. */
typedef struct setting {
    size_t element_node; /* in the raw tree */
    size_t position;
    closo_span key, value;
    char kind; /* '=' or '~' */
} setting;

typedef struct raw_node {
    node_kind kind;
    closo_circuit_element element;
    int label; /* -1: none given */
    int first_child, last_child, next_sibling;
    size_t position;
} raw_node;

typedef struct parser {
    const char *text;
    size_t at, length;
    raw_node nodes[CIRCUIT_NODES_MAX];
    int node_count;
    setting settings[SETTINGS_MAX];
    size_t setting_count;
    closo_error *error;
    closo_status status;
} parser;

/* ---- failing ---- */

static int fail_at(parser *p, size_t position, const char *what)
{
    if (p->status == CLOSO_OK) {
        char shown[48];
        snprintf(shown, sizeof shown, "%.40s", p->text + position);
        closo_text_clean(shown);
        p->status = closo_fail(p->error, CLOSO_FORMAT, "the circuit, at position %zu ('%s'): %s",
                               position + 1, shown, what);
    }
    return NO_NODE;
}

static int fail_limit(parser *p, const char *what)
{
    if (p->status == CLOSO_OK)
        p->status = closo_fail(p->error, CLOSO_LIMIT, "the circuit has more than %s", what);
    return NO_NODE;
}

/* ---- the raw tree ---- */

static char peek(parser *p)
{
    while (p->at < p->length && strchr(" \t\r\n", p->text[p->at]) != NULL)
        p->at++;
    return p->at < p->length ? p->text[p->at] : '\0';
}

static int new_node(parser *p, node_kind kind, size_t position)
{
    if (p->node_count == CIRCUIT_NODES_MAX)
        return fail_limit(p, "256 elements and groups");
    p->nodes[p->node_count] = (raw_node){.kind = kind,
                                         .label = -1,
                                         .first_child = NO_NODE,
                                         .last_child = NO_NODE,
                                         .next_sibling = NO_NODE,
                                         .position = position};
    return p->node_count++;
}

static void append(parser *p, int parent, int child)
{
    raw_node *group = &p->nodes[parent];
    if (group->first_child == NO_NODE)
        group->first_child = child;
    else
        p->nodes[group->last_child].next_sibling = child;
    group->last_child = child;
}

/* The element whose symbol is the longest that the text begins with; its length, or 0. */
static size_t find_symbol(const char *text, size_t length, closo_circuit_element *element)
{
    static const struct {
        const char *symbol;
        closo_circuit_element element;
    } others[] = {{"Q", CLOSO_ELEMENT_CPE},
                  {"O", CLOSO_ELEMENT_WARBURG_SHORT},
                  {"T", CLOSO_ELEMENT_WARBURG_OPEN}};
    size_t best = 0;
    for (size_t e = 0; e < (size_t)CLOSO_CIRCUIT_ELEMENT_COUNT + 3; e++) {
        const size_t other = e - (size_t)CLOSO_CIRCUIT_ELEMENT_COUNT;
        const bool own = e < (size_t)CLOSO_CIRCUIT_ELEMENT_COUNT;
        const char *symbol =
            own ? closo_element_info((closo_circuit_element)e)->symbol : others[other].symbol;
        size_t size = strlen(symbol);
        if (size > best && size <= length && memcmp(text, symbol, size) == 0) {
            best = size;
            *element = own ? (closo_circuit_element)e : others[other].element;
        }
    }
    return best;
}

static bool read_settings(parser *p, int node)
{
    p->at++; /* { */
    for (;;) {
        peek(p);
        size_t start = p->at, end = start;
        while (end < p->length && strchr(",}", p->text[end]) == NULL)
            end++;
        if (end == p->length)
            return fail_at(p, start, "the brace is not closed"), false;
        size_t sign = start;
        while (sign < end && strchr("=~", p->text[sign]) == NULL)
            sign++;
        if (sign == end)
            return fail_at(p, start,
                           "a setting is such as n=0.9 (held), n~0.9 (start), n=0.5..1 (limits)"),
                   false;
        if (p->setting_count == SETTINGS_MAX)
            return fail_limit(p, "128 settings in braces"), false;
        p->settings[p->setting_count++] = (setting){
            (size_t)node, start, closo_span_trim((closo_span){p->text + start, sign - start}),
            closo_span_trim((closo_span){p->text + sign + 1, end - sign - 1}), p->text[sign]};
        p->at = end + 1;
        if (p->text[end] == '}')
            return true;
    }
}

static int read_element(parser *p)
{
    peek(p);
    const size_t position = p->at;
    closo_circuit_element element = CLOSO_ELEMENT_RESISTOR;
    size_t size = find_symbol(p->text + position, p->length - position, &element);
    if (size == 0 && position >= p->length)
        return fail_at(p, position, "the text ends where an element is wanted");
    if (size == 0)
        return fail_at(
            p, position,
            "no element begins so; they are R, C, L, CPE (or Q), W, Wo, Ws, G, ZARC, HN, "
            "TLM, TLMR, TLMD, TLMDR");
    int node = new_node(p, NODE_ELEMENT, position);
    if (node == NO_NODE)
        return NO_NODE;
    p->nodes[node].element = element;
    p->at += size;
    size_t digits = 0;
    int label = 0;
    while (p->at < p->length && p->text[p->at] >= '0' && p->text[p->at] <= '9') {
        if (++digits > 4)
            return fail_at(p, position, "the number of an element has up to four digits");
        label = 10 * label + (p->text[p->at++] - '0');
    }
    if (digits != 0)
        p->nodes[node].label = label;
    if (peek(p) == '{' && !read_settings(p, node))
        return NO_NODE;
    return node;
}

static int read_group(parser *p, bool inside_parallel, size_t depth);

static int read_item(parser *p, bool inside_parallel, size_t depth)
{
    char c = peek(p);
    bool function = c == 'p' && p->at + 1 < p->length && p->text[p->at + 1] == '(';
    if (c == '(' || c == '[' || function)
        return read_group(p, inside_parallel, depth);
    return read_element(p);
}

/* Items up to a comma, a bar or the end of the group. Their signs '-' and '+' are counted. */
static int read_chain(parser *p, bool inside_parallel, size_t depth, size_t *signs)
{
    const size_t position = p->at;
    int chain = new_node(p, NODE_SERIES, position);
    while (chain != NO_NODE) {
        int item = read_item(p, inside_parallel, depth);
        if (item == NO_NODE)
            return NO_NODE;
        append(p, chain, item);
        char c = peek(p);
        if (c == '-' || c == '+') {
            p->at++;
            (*signs)++;
        } else if (c == '\0' || strchr(",|)]", c) != NULL) {
            return chain;
        }
    }
    return NO_NODE;
}

static int read_group(parser *p, bool inside_parallel, size_t depth)
{
    const size_t position = p->at;
    const bool function = p->text[p->at] == 'p';
    p->at += function;
    const char opening = p->text[p->at++], closing = opening == '[' ? ']' : ')';
    if (depth == CIRCUIT_DEPTH_MAX)
        return fail_at(p, position, "parentheses are more than 32 deep");
    if (peek(p) == closing)
        return fail_at(p, position, "there is nothing between the parentheses");
    /* Whether the items are side by side in parallel is known only at a comma or at the end; what is inside of them
     * needs to know before. A comma inside turns nothing that Boukamp's code could mean. */
    const bool plain_parallel = opening == '(' && !function && !inside_parallel;
    int group = new_node(p, NODE_PARALLEL, position);
    size_t signs = 0, chains = 0;
    while (group != NO_NODE) {
        int chain = read_chain(p, plain_parallel, depth + 1, &signs);
        if (chain == NO_NODE)
            return NO_NODE;
        append(p, group, chain);
        chains++;
        char c = peek(p);
        if (c == closing)
            break;
        if (c != ',' && c != '|')
            return fail_at(p, c == '\0' ? position : p->at,
                           c == '\0' ? "the parenthesis is not closed"
                                     : "this bracket does not close what was opened");
        p->at++;
    }
    if (group == NO_NODE)
        return NO_NODE;
    p->at++;
    if (chains > 1)
        return group;
    int only = p->nodes[group].first_child;
    if (function)
        return fail_at(p, position, "p() takes two or more branches, with commas between");
    if (plain_parallel) {
        if (signs != 0)
            return fail_at(
                p, position,
                "elements in parentheses stand in parallel; write p(R1,CPE1), or brackets "
                "for elements in series");
        p->nodes[only].kind = NODE_PARALLEL;
    }
    return only;
}

/* ---- the tidy tree: no group of one, no group in a group of its kind ---- */

typedef struct builder {
    parser *p;
    circuit_node *nodes;
    size_t raw_of[CIRCUIT_NODES_MAX];
    int count;
} builder;

/* The node that stands for raw: groups of one child are their child. */
static int skip_single(const parser *p, int raw)
{
    while (p->nodes[raw].kind != NODE_ELEMENT &&
           p->nodes[raw].first_child == p->nodes[raw].last_child)
        raw = p->nodes[raw].first_child;
    return raw;
}

static int emit(builder *b, int raw, int parent);

/* Children of raw become children of node; those of the same kind as the node give it their own children. */
static void emit_children(builder *b, int raw, int node, int *last)
{
    for (int c = b->p->nodes[raw].first_child; c != NO_NODE; c = b->p->nodes[c].next_sibling) {
        int child = skip_single(b->p, c);
        if (b->p->nodes[child].kind == b->nodes[node].kind) {
            emit_children(b, child, node, last);
            continue;
        }
        int made = emit(b, child, node);
        if (*last == NO_NODE)
            b->nodes[node].first_child = made;
        else
            b->nodes[*last].next_sibling = made;
        *last = made;
    }
}

static int emit(builder *b, int raw, int parent)
{
    raw = skip_single(b->p, raw);
    const raw_node *from = &b->p->nodes[raw];
    int node = b->count++;
    b->raw_of[node] = (size_t)raw;
    b->nodes[node] = (circuit_node){.kind = from->kind,
                                    .element = from->element,
                                    .label = from->label,
                                    .parent = parent,
                                    .first_child = NO_NODE,
                                    .next_sibling = NO_NODE};
    int last = NO_NODE;
    if (from->kind != NODE_ELEMENT)
        emit_children(b, raw, node, &last);
    return node;
}

/* ---- numbers and names ---- */

/* Among the nodes before `end`. */
static bool is_taken(const builder *b, closo_circuit_element element, int label, int end)
{
    for (int i = 0; i < end; i++)
        if (b->nodes[i].kind == NODE_ELEMENT && b->nodes[i].element == element &&
            b->nodes[i].label == label)
            return true;
    return false;
}

static bool number_elements(builder *b)
{
    for (int i = 0; i < b->count; i++)
        if (b->nodes[i].kind == NODE_ELEMENT && b->nodes[i].label >= 0 &&
            is_taken(b, b->nodes[i].element, b->nodes[i].label, i)) {
            size_t position = b->p->nodes[b->raw_of[i]].position;
            fail_at(b->p, position, "there are two elements of this name");
            return false;
        }
    for (int i = 0; i < b->count; i++) {
        circuit_node *node = &b->nodes[i];
        if (node->kind != NODE_ELEMENT || node->label >= 0)
            continue;
        bool serial =
            node->parent == NO_NODE || (node->parent == 0 && b->nodes[0].kind == NODE_SERIES);
        int label = node->element == CLOSO_ELEMENT_RESISTOR && serial ? 0 : 1;
        while (is_taken(b, node->element, label, b->count))
            label++;
        node->label = label;
    }
    return true;
}

static closo_status make_parameters(builder *b, closo_circuit *circuit, closo_arena *arena)
{
    size_t count = 0;
    for (int i = 0; i < b->count; i++)
        if (b->nodes[i].kind == NODE_ELEMENT)
            count += closo_element_info(b->nodes[i].element)->parameter_count;
    if (count > CLOSO_CIRCUIT_PARAMETERS_MAX) {
        fail_limit(b->p, "64 parameters");
        return b->p->status;
    }
    circuit->parameters = closo_arena_alloc(arena, count, sizeof *circuit->parameters);
    if (circuit->parameters == NULL)
        return closo_fail_nomem(b->p->error);
    for (int i = 0; i < b->count; i++) {
        if (b->nodes[i].kind != NODE_ELEMENT)
            continue;
        const closo_element_description *about = closo_element_info(b->nodes[i].element);
        b->nodes[i].first_parameter = circuit->parameter_count;
        for (size_t k = 0; k < about->parameter_count; k++) {
            const closo_element_parameter *kind = &about->parameters[k];
            const char *name =
                closo_arena_printf(arena, "%s%d%s%s", about->symbol, b->nodes[i].label,
                                   kind->name[0] != '\0' ? "_" : "", kind->name);
            if (name == NULL)
                return closo_fail_nomem(b->p->error);
            circuit->parameters[circuit->parameter_count++] =
                (closo_circuit_parameter){.name = name,
                                          .unit = kind->unit,
                                          .value = (double)NAN,
                                          .upper = kind->exponent ? 1 : (double)INFINITY,
                                          .exponent = kind->exponent,
                                          .tied_to = SIZE_MAX,
                                          .tie_factor = 1};
        }
    }
    return CLOSO_OK;
}

/* ---- settings ---- */

static closo_circuit_parameter *find_setting_target(const builder *b, closo_circuit *circuit,
                                                    const setting *s)
{
    for (int i = 0; i < b->count; i++) {
        if (b->raw_of[i] != s->element_node || b->nodes[i].kind != NODE_ELEMENT)
            continue;
        const closo_element_description *about = closo_element_info(b->nodes[i].element);
        for (size_t k = 0; k < about->parameter_count; k++) {
            const char *key = about->parameters[k].name;
            if (closo_span_equals(s->key, key[0] != '\0' ? key : about->symbol))
                return &circuit->parameters[b->nodes[i].first_parameter + k];
        }
    }
    return NULL;
}

static bool in_range(const closo_circuit_parameter *parameter, double value)
{
    return isfinite(value) && value > 0 && (!parameter->exponent || value <= 1);
}

/* "2*R1" or "R1" */
static bool read_tie(closo_circuit *circuit, closo_circuit_parameter *parameter, closo_span text)
{
    double factor = 1;
    for (size_t i = 0; i < text.length; i++)
        if (text.start[i] == '*') {
            if (!closo_number_parse((closo_span){text.start, i}, '.', &factor))
                return false;
            text = closo_span_trim((closo_span){text.start + i + 1, text.length - i - 1});
            break;
        }
    char name[64];
    snprintf(name, sizeof name, "%.*s", text.length < 60 ? (int)text.length : 60, text.start);
    const closo_circuit_parameter *other = closo_circuit_find(circuit, name);
    if (other == NULL || other == parameter || other->exponent != parameter->exponent ||
        !(factor > 0) || !isfinite(factor) || other->tied_to != SIZE_MAX)
        return false;
    parameter->tied_to = (size_t)(other - circuit->parameters);
    parameter->tie_factor = factor;
    return true;
}

/* "10..1e4" */
static bool read_limits(closo_circuit_parameter *parameter, closo_span text, bool *is_limits)
{
    for (size_t i = 0; i + 1 < text.length; i++) {
        if (text.start[i] != '.' || text.start[i + 1] != '.')
            continue;
        *is_limits = true;
        double low = 0, high = 0;
        if (!closo_number_parse((closo_span){text.start, i}, '.', &low) ||
            !closo_number_parse((closo_span){text.start + i + 2, text.length - i - 2}, '.',
                                &high) ||
            !(low >= 0) || !(low < high) || !isfinite(high) || (parameter->exponent && high > 1))
            return false;
        parameter->lower = low;
        parameter->upper = high;
        return true;
    }
    return false;
}

static bool apply_setting(closo_circuit *circuit, closo_circuit_parameter *parameter,
                          const setting *s)
{
    double value;
    bool is_limits = false;
    if (closo_number_parse(s->value, '.', &value)) {
        parameter->value = value;
        parameter->fixed = s->kind == '=';
        return in_range(parameter, value);
    }
    if (s->kind == '~')
        return false;
    if (read_limits(parameter, s->value, &is_limits))
        return true;
    return !is_limits && read_tie(circuit, parameter, s->value);
}

static void apply_settings(const builder *b, closo_circuit *circuit)
{
    for (size_t i = 0; i < b->p->setting_count && b->p->status == CLOSO_OK; i++) {
        const setting *s = &b->p->settings[i];
        closo_circuit_parameter *parameter = find_setting_target(b, circuit, s);
        if (parameter == NULL)
            fail_at(b->p, s->position, "the element has no parameter of this name");
        else if (!apply_setting(circuit, parameter, s))
            fail_at(
                b->p, s->position,
                "the value is a positive number (up to 1 for an exponent), limits such as 1..10, "
                "or another free parameter of the kind, such as R1 or 2*R1");
    }
    /* A tie leads to a parameter that stands on its own: so no circles. */
    for (size_t k = 0; k < circuit->parameter_count && b->p->status == CLOSO_OK; k++) {
        const closo_circuit_parameter *parameter = &circuit->parameters[k];
        if (parameter->tied_to != SIZE_MAX &&
            circuit->parameters[parameter->tied_to].tied_to != SIZE_MAX)
            b->p->status =
                closo_fail(b->p->error, CLOSO_FORMAT,
                           "the circuit, at position 1: %s is tied to %s, which is tied "
                           "itself; tie both to the same parameter",
                           parameter->name, circuit->parameters[parameter->tied_to].name);
        if (isfinite(parameter->value) &&
            !(parameter->value >= parameter->lower && parameter->value <= parameter->upper))
            b->p->status = closo_fail(b->p->error, CLOSO_FORMAT,
                                      "the circuit, at position 1: the value of %s is outside its "
                                      "limits",
                                      parameter->name);
    }
}

closo_circuit_parameter *closo_circuit_find(const closo_circuit *circuit, const char *name)
{
    char full[80];
    for (size_t k = 0; k < circuit->parameter_count; k++)
        if (strcmp(circuit->parameters[k].name, name) == 0)
            return &circuit->parameters[k];
    if ((name[0] != 'Q' && name[0] != 'n') || strlen(name) > 40)
        return NULL;
    snprintf(full, sizeof full, "CPE%s_%c", name + 1, name[0]);
    for (size_t k = 0; k < circuit->parameter_count; k++)
        if (strcmp(circuit->parameters[k].name, full) == 0)
            return &circuit->parameters[k];
    return NULL;
}

static closo_status build(parser *p, int root, closo_arena *arena, closo_circuit *circuit)
{
    builder b = {.p = p, .count = 0};
    b.nodes = closo_arena_alloc(arena, (size_t)p->node_count, sizeof *b.nodes);
    if (b.nodes == NULL)
        return closo_fail_nomem(p->error);
    (void)emit(&b, root, NO_NODE);
    circuit->nodes = b.nodes;
    circuit->node_count = (size_t)b.count;
    if (!number_elements(&b))
        return p->status;
    closo_status status = make_parameters(&b, circuit, arena);
    if (status != CLOSO_OK)
        return status;
    apply_settings(&b, circuit);
    return p->status;
}

closo_status closo_circuit_parse(const char *text, closo_arena *arena, closo_circuit *circuit,
                                 closo_error *error)
{
    *circuit = (closo_circuit){0};
    parser *p = closo_arena_alloc(arena, 1, sizeof *p);
    if (p == NULL)
        return closo_fail_nomem(error);
    p->text = text;
    p->length = strlen(text);
    p->error = error;
    if (p->length > TEXT_MAX)
        return closo_fail(error, CLOSO_LIMIT, "the circuit has more than %d characters", TEXT_MAX);
    if (peek(p) == '\0')
        return closo_fail(error, CLOSO_FORMAT,
                          "the circuit, at position 1: there is none; write one such as "
                          "R0-p(R1,CPE1)");
    size_t signs = 0;
    int root = read_chain(p, false, 0, &signs);
    if (root != NO_NODE && peek(p) != '\0')
        root = fail_at(p, p->at,
                       p->text[p->at] == ',' || p->text[p->at] == '|'
                           ? "parallel branches stand in parentheses: p(R1,CPE1)"
                           : "nothing is open that this could close");
    closo_status status = root != NO_NODE ? build(p, root, arena, circuit) : p->status;
    if (status != CLOSO_OK)
        *circuit = (closo_circuit){0};
    return status;
}
