/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as the description of a cell: a refusal has a sentence, and what is taken can be worked out and written. */
#include "fuzz_text.h"

#include "closo/cycling.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    closo_arena *arena = closo_arena_new((size_t)64 << 20);
    closo_merit_cell *cell = NULL;
    closo_merit *merit = NULL;
    closo_error error = {0};
    if (arena == NULL)
        return 0;
    closo_status status = closo_merit_cell_parse("input", data, size, arena, &cell, &error);
    demand(status == CLOSO_OK || error.message[0] != '\0');
    if (status == CLOSO_OK) {
        status = closo_merit_work_out(cell, arena, &merit, &error);
        demand(status == CLOSO_OK || error.message[0] != '\0');
        if (status == CLOSO_OK)
            demand(closo_merit_json(merit, arena) != NULL);
    }
    closo_arena_free(arena);
    return 0;
}
