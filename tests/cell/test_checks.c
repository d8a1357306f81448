/* SPDX-License-Identifier: BSD-3-Clause */
/* Cells that a program makes and that cannot be: each is refused with a sentence that names the number. */
#include "cells.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef void change(closo_cell *cell);

static void refuse(closo_cell cell, change *spoil, const char *says)
{
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    closo_error error = {0};
    if (cell_model_make(&cell, arena, &model, &error) != CLOSO_OK)
        fail_msg("before '%s': %s", says, error.message);
    spoil(&cell);
    assert_int_equal(cell_model_make(&cell, arena, &model, &error), CLOSO_RANGE);
    if (strstr(error.message, says) == NULL)
        fail_msg("it does not say '%s': %s", says, error.message);
    closo_arena_free(arena);
}

#define CHANGE(name, statement)        \
    static void name(closo_cell *cell) \
    {                                  \
        statement;                     \
    }
CHANGE(no_rate, cell->anions[1].rate_V_per_s = 0)
CHANGE(no_rate_no_film, cell->anions[1].rate_V_per_s = cell->anions[1].gamma_V_m2_per_C = 0)
CHANGE(negative_film, cell->anions[1].gamma_V_m2_per_C = -1)
CHANGE(no_transfer, cell->anions[0].transfer = 0)
CHANGE(no_onset, cell->anions[0].potential_V = NAN)
CHANGE(negative_current, cell->anions[0].j0_A_per_m2 = -1)
CHANGE(negative_reservoir, cell->anions[0].reservoir_C_per_m2 = -1)
CHANGE(endless_reservoir, cell->anions[0].reservoir_C_per_m2 = INFINITY)
CHANGE(dry_carbon, cell->carbon_double_layer_F_per_m2 = 0)
CHANGE(dry_collector, cell->collector_area = 1; cell->collector_double_layer_F_per_m2 = 0)
CHANGE(unknown_collector, cell->collector_area = NAN)
CHANGE(many_anions, cell->anion_count = CLOSO_ANIONS_MAX + 1; cell->node_count = 0)
CHANGE(many_separator_nodes, cell->salt.separator_nodes = SIZE_MAX - 8)

static void numbers_that_cannot_be_are_named(void **state)
{
    (void)state;
    const closo_cell cell = ageing_cell();
    refuse(cell, no_rate, "anion 2 (two): its scan rate / (V/s), without an exchange current,");
    refuse(cell, no_rate_no_film, "anion 2 (two): its scan rate");
    refuse(cell, negative_film, "its film's inverse capacitance");
    refuse(cell, no_transfer, "anion 1 (one): its transfer coefficient cannot be 0");
    refuse(cell, no_onset, "its potential / V");
    refuse(cell, negative_current, "its exchange current");
    refuse(cell, negative_reservoir, "its reservoir");
    refuse(cell, endless_reservoir, "its reservoir");
    refuse(cell, dry_carbon, "the carbon oxidises the electrolyte and wants a double layer");
    refuse(cell, dry_collector, "the collector oxidises the electrolyte and wants a double layer");
    refuse(cell, unknown_collector, "the surface of the collector");
    refuse(cell, many_anions, "the number of anions");
    refuse(salty_cell(), many_separator_nodes, "the number of nodes in the separator");
}

/* What is left over from a composite is in no node: the same states and residual as without. */
static void two_metals_have_no_grains(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_cell left_over = plain_cell();
    left_over.node_count = 0;
    left_over.active.equilibrium = (closo_equilibrium){0};
    left_over.shell_count = SIZE_MAX;
    left_over.salt.separator_nodes = SIZE_MAX; /* of a salt that is not there */
    left_over.working_metal = left_over.counter;
    closo_cell none = left_over;
    none.active = (closo_active_material){0};
    none.shell_count = none.salt.separator_nodes = 0;
    double *y, *slope, residual[2][32];
    cell_model *one = shaken_model(&left_over, 3, arena, &y, &slope), *other;
    assert_int_equal(cell_model_make(&none, arena, &other, NULL), CLOSO_OK);
    assert_int_equal(one->state_count, other->state_count);
    assert_true(one->state_count <= 32);
    cell_assemble(one, 0, y, slope, 1, residual[0], NULL);
    cell_assemble(other, 0, y, slope, 1, residual[1], NULL);
    assert_memory_equal(residual[0], residual[1], one->state_count * sizeof(double));
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_that_cannot_be_are_named),
        cmocka_unit_test(two_metals_have_no_grains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
