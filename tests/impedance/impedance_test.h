/* SPDX-License-Identifier: BSD-3-Clause */
/* impedance_test.h: what the tests of this room share: an arena for the whole program, circuits that have to be right. Spectra
 * of known truth: support/spectra.h (circuits), random_circuits.h (with faults). */
#ifndef CLOSO_TEST_IMPEDANCE_H
#define CLOSO_TEST_IMPEDANCE_H

#include "support.h"

#include "closo/impedance.h"

static closo_arena *arena;

static inline int arena_set_up(void **state)
{
    (void)state;
    arena = closo_arena_new(0);
    return arena == NULL;
}

static inline int arena_tear_down(void **state)
{
    (void)state;
    closo_arena_free(arena);
    return 0;
}

static inline closo_circuit parse(const char *text)
{
    closo_circuit circuit;
    closo_error error = {0};
    if (closo_circuit_parse(text, arena, &circuit, &error) != CLOSO_OK)
        fail_msg("%s: %s", text, error.message);
    return circuit;
}

#endif
