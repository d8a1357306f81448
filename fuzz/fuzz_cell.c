/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as the description of a cell: a refusal has a sentence; what is taken has volumes that fit and numbers that
 * are numbers. */
#include "fuzz_text.h"

#include "closo/cell.h"

#include <math.h>

static void check_cell(const closo_cell_file *file)
{
    const closo_cell *cell = &file->cell;
    double filled =
        cell->active.volume_fraction + file->electrolyte_fraction + file->carbon_fraction;
    demand(filled <= 1.03);
    demand(cell->area_m2 > 0 && isfinite(cell->area_m2));
    bool composite = cell->node_count > 0; /* or a metal as working electrode */
    demand(!composite || (cell->thickness_m > 0 && isfinite(cell->thickness_m)));
    demand(cell->separator_m > 0 && isfinite(cell->separator_m));
    demand(cell->node_count <= 1000);
    demand(cell->anion_count <= CLOSO_ANIONS_MAX);
    demand(isfinite(file->capacity_C_per_m2) && file->capacity_C_per_m2 >= 0);
    demand(isfinite(cell->carbon_area_per_m) && isfinite(cell->ion_path));
    const closo_equilibrium *curves[] = {&cell->active.equilibrium, &cell->counter.equilibrium,
                                         &cell->working_metal.equilibrium};
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 1; i < curves[c]->count; i++)
            demand(curves[c]->filled[i] > curves[c]->filled[i - 1]);
    demand(isfinite(cell->counter.resistance_ohm_m2.value) && isfinite(cell->counter.potential_V));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    closo_arena *arena = closo_arena_new((size_t)512 << 20);
    char *text = arena != NULL ? closo_arena_text_n(arena, (const char *)data, size) : NULL;
    if (text != NULL) {
        closo_cell_file *file = NULL;
        closo_error error = {0};
        closo_status status = closo_cell_parse("input", text, size, arena, &file, &error);
        demand((status == CLOSO_OK) == (file != NULL));
        demand(status == CLOSO_OK || error.message[0] != '\0');
        if (file != NULL)
            check_cell(file);
    }
    closo_arena_free(arena);
    return 0;
}
