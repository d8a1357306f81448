/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a formula: read, or refused with a place; what was read is printed and read back the same. */
#include "base/base_internal.h"
#include "closo/chemistry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void read_back(const closo_formula *formula, closo_arena *arena)
{
    closo_formula again;
    closo_error error = {0};
    const char *text = closo_formula_text(formula, arena);
    demand(text != NULL && formula->part_count != 0);
    demand(closo_formula_parse(text, arena, &again, &error) == CLOSO_OK);
    demand(again.part_count == formula->part_count && !(fabs(again.charge - formula->charge) > 0));
    for (size_t i = 0; i < formula->part_count; i++) {
        const closo_formula_part *part = &formula->parts[i];
        demand(again.parts[i].element == part->element);
        demand(fabs(again.parts[i].count - part->count) <= 1e-11 * part->count);
    }
    demand(strcmp(closo_formula_text(&again, arena), text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    closo_arena *arena = closo_arena_new((size_t)16 << 20);
    char *text = arena != NULL ? closo_arena_text_n(arena, (const char *)data, size) : NULL;
    if (text != NULL) {
        closo_formula formula;
        closo_error error = {0};
        closo_status status = closo_formula_parse(text, arena, &formula, &error);
        demand(status == CLOSO_OK || status == CLOSO_FORMAT || status == CLOSO_LIMIT);
        if (status == CLOSO_OK)
            read_back(&formula, arena);
        else
            demand(formula.part_count == 0 && error.status == status && error.message[0] != '\0');
        if (status == CLOSO_FORMAT)
            demand(strstr(error.message, "position ") != NULL);
        /* The message must be text, whatever the formula was: no byte may need another encoding. */
        closo_span shown;
        demand(closo_text_to_utf8(arena, error.message, strlen(error.message), &shown));
        demand(closo_span_equals(shown, error.message));
    }
    closo_arena_free(arena);
    return 0;
}
