/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a circuit: read, or refused with a place; what was read is printed, reads back the same, and has an
 * impedance. */
#include "base/base_internal.h"
#include "closo/impedance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void read_back(const closo_circuit *circuit, closo_arena *arena)
{
    closo_circuit again;
    closo_error error = {0};
    const char *text = closo_circuit_text(circuit, CLOSO_CIRCUIT_DASHES, arena);
    demand(text != NULL && closo_circuit_parse(text, arena, &again, &error) == CLOSO_OK);
    demand(strcmp(text, closo_circuit_text(&again, CLOSO_CIRCUIT_DASHES, arena)) == 0);
    demand(again.node_count == circuit->node_count &&
           again.parameter_count == circuit->parameter_count);
    const char *boukamp = closo_circuit_text(circuit, CLOSO_CIRCUIT_BOUKAMP, arena);
    demand(boukamp != NULL && closo_circuit_parse(boukamp, arena, &again, &error) == CLOSO_OK);
    demand(strcmp(boukamp, closo_circuit_text(&again, CLOSO_CIRCUIT_BOUKAMP, arena)) == 0);
    double frequency_Hz[3] = {1e6, 1, 1e-3}, re[3], im[3], values[CLOSO_CIRCUIT_PARAMETERS_MAX];
    const closo_spectrum at = {.count = 3, .frequency_Hz = frequency_Hz};
    for (size_t k = 0; k < circuit->parameter_count; k++)
        values[k] = circuit->parameters[k].exponent ? 0.7 : 1e-3 * (double)(k + 1);
    demand(closo_circuit_impedance(circuit, values, &at, re, im, &error) == CLOSO_OK);
    for (size_t i = 0; i < 3; i++)
        demand(isfinite(re[i]) && isfinite(im[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    closo_arena *arena = closo_arena_new((size_t)16 << 20);
    char *text = arena != NULL ? closo_arena_text_n(arena, (const char *)data, size) : NULL;
    if (text != NULL) {
        closo_circuit circuit;
        closo_error error = {0};
        closo_status status = closo_circuit_parse(text, arena, &circuit, &error);
        demand(status == CLOSO_OK || status == CLOSO_FORMAT || status == CLOSO_LIMIT);
        if (status == CLOSO_OK)
            read_back(&circuit, arena);
        else
            demand(circuit.node_count == 0 && error.status == status && error.message[0] != '\0');
        if (status == CLOSO_FORMAT)
            demand(strstr(error.message, "position ") != NULL);
        closo_span shown;
        demand(closo_text_to_utf8(arena, error.message, strlen(error.message), &shown));
        demand(closo_span_equals(shown, error.message));
    }
    closo_arena_free(arena);
    return 0;
}
