/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as what a fit varies: the first line as a parameter's words, the rest as a description, or as the words for a sound
 * one. A refusal has a sentence; what is taken has bounds in order with the start between them, and builds a cell there. */
#include "fuzz_text.h"

#include "closo/cell_fit.h"

#include <math.h>

static const char sound[] =
    "diameter: 12 mm\n"
    "working_electrode:\n"
    "  mass: 2 mg\n"
    "  parts:\n"
    "    - {role: active, material: Na3(VOPO4)2F, share: 70 %, usable: 84 %}\n"
    "    - {role: electrolyte, material: Na4(CB11H12)2(B12H12), share: 20 %}\n"
    "    - {role: carbon, material: Super C65, share: 10 %}\n"
    "electrolyte: {material: Na4(CB11H12)2(B12H12), thickness: 700 um}\n"
    "counter_electrode: {material: Na}\n"
    "fit:\n"
    "  - Na3(VOPO4)2F.diffusivity 1e-16 to 1e-14 m2/s\n"
    "  - usable\n";

static void check_parameter(closo_cell_description *description,
                            const closo_fit_parameter *parameter, closo_arena *arena)
{
    closo_cell_file *file = NULL;
    closo_error error = {0};
    demand(parameter->low < parameter->high && isfinite(parameter->low) &&
           isfinite(parameter->high));
    demand(parameter->start >= parameter->low && parameter->start <= parameter->high);
    demand(!parameter->logarithmic || parameter->low > 0);
    closo_status status = closo_cell_description_build(description, parameter, &parameter->start, 1,
                                                       arena, &file, &error);
    demand(status == CLOSO_OK ? file != NULL : error.message[0] != '\0');
}

static void use_description(const char *text, const char *words, closo_arena *arena)
{
    closo_cell_description *description = NULL;
    closo_fit_parameter parameter, *parameters = NULL;
    closo_cell_number *numbers = NULL;
    size_t count = 0;
    closo_error error = {0};
    closo_status status =
        closo_cell_description_parse("input", text, strlen(text), arena, &description, &error);
    demand(status == CLOSO_OK ? description != NULL : error.message[0] != '\0');
    if (status != CLOSO_OK)
        return;
    status = closo_cell_description_numbers(description, arena, &numbers, &count, &error);
    demand(status == CLOSO_OK || status == CLOSO_NOMEM);
    status = closo_fit_parameter_parse(description, words, arena, &parameter, &error);
    demand(status == CLOSO_OK || error.message[0] != '\0');
    if (status == CLOSO_OK)
        check_parameter(description, &parameter, arena);
    status = closo_fit_parameters_of(description, arena, &parameters, &count, &error);
    demand(status == CLOSO_OK || error.message[0] != '\0');
    for (size_t k = 0; k < count && status == CLOSO_OK; k++)
        check_parameter(description, &parameters[k], arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    closo_arena *arena = closo_arena_new((size_t)512 << 20);
    char *text = arena != NULL ? closo_arena_text_n(arena, (const char *)data, size) : NULL;
    if (text != NULL) {
        char *behind = strchr(text, '\n');
        if (behind != NULL)
            *behind++ = '\0';
        use_description(sound, text, arena);
        if (behind != NULL)
            use_description(behind, text, arena);
    }
    closo_arena_free(arena);
    return 0;
}
