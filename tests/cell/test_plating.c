/* SPDX-License-Identifier: BSD-3-Clause */
/* Metal that plates on an electrode that else blocks, against closed forms: its overpotentials, the spike of nucleation, what
 * comes back of it, its impedance, and its books. */
#include "cells.h"

#include "closo/numeric.h"

#include <math.h>
#include <string.h>

static const double faraday = 96485.33212, gas = 8.314462618;

enum { CONDUCTANCE_S_PER_M2 = 25 }; /* of the separator */

/* Lithium | 800 um | a foil, at 60 degC. */
static closo_cell foil_cell(void)
{
    const closo_metal_electrode lithium = {.resistance_ohm_m2 = {20e-4, 0},
                                           .double_layer_F_per_m2 = 0.01};
    return (closo_cell){.area_m2 = 1e-4,
                        .temperature_K = 333.15,
                        .reference_K = 333.15,
                        .node_count = 1,
                        .thickness_m = 1e-6,
                        .ion_path = 1,
                        .electron_conductivity_S_per_m = 1e6,
                        .collector_area = 1,
                        .collector_double_layer_F_per_m2 = 1e-3,
                        .ion_conductivity_S_per_m = {0.02, 0},
                        .separator_m = 800e-6,
                        .counter = lithium,
                        .working_metal = {.blocking = true,
                                          .plating = {.exchange_current_A_per_m2 = {2, 0},
                                                      .nucleation_V = 0.04,
                                                      .coverage_C_per_m2 = 300,
                                                      .loss = 0.03,
                                                      .resistance_ohm_m2 = {5e-4, 0}}}};
}

/* Across separator, lithium, half the foil's node and interphase; per current. */
static double ohmic(const closo_cell *cell)
{
    return 1.0 / CONDUCTANCE_S_PER_M2 + 0.5e-6 / 0.02 + 0.5e-12 + 20e-4 +
           cell->working_metal.plating.resistance_ohm_m2.value;
}

static const cell_deposit *deposit_of(const cell_model *model)
{
    assert_int_equal(model->deposit_count, 1);
    return &model->deposits[0];
}

/* ---- overpotentials ---- */

/* eta = -2 RT/F asinh(j / (2 i0 theta)) when what is bare no longer takes part; theta = x / (x + x0) with x = (1 - loss) j t. */
static void plating_follows_butler_and_volmer(void **state)
{
    (void)state;
    closo_cell cell = foil_cell();
    const double f = faraday / (gas * 333.15), current = 1, nothing = NAN;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-8, arena, &model);
    for (int turn = 1; turn <= 5; turn++) {
        pass_current(solver, model, -current, 1000, nothing);
        double x = 0.97 * current * 1000 * turn, theta = x / (x + 300);
        double expected = -ohmic(&cell) - 2 / f * asinh(current / (2 * 2 * theta));
        const double *y = cell_solver_state(solver);
        assert_near(y[deposit_of(model)->plated], x, 1e-4);
        assert_near(y[model->potential], expected, 1e-6);
    }
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* The deepest potential of a plating at constant current is that of the bare electrode, nucleation + 2 RT/F asinh(j / 2 i0) below
 * 0 V and what is ohmic; with another transfer coefficient too. */
static void nucleation_makes_a_spike(void **state)
{
    (void)state;
    const double f = faraday / (gas * 333.15), current = 50;
    static const double transfers[] = {0.5, 0.35};
    for (int i = 0; i < 2; i++) {
        closo_cell cell = foil_cell();
        cell.collector_double_layer_F_per_m2 = 1e-7;
        cell.counter.double_layer_F_per_m2 = 1e-7;
        cell.working_metal.plating.transfer = transfers[i];
        cell.working_metal.plating.coverage_C_per_m2 = 3000;
        closo_arena *arena = closo_arena_new(0);
        closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_CURRENT);
        step.current_A_per_m2 = -current;
        step.until_s = 600;
        const closo_experiment experiment = {.steps = &step, .step_count = 1, .every_V = 1e-4};
        closo_simulation *made = simulate_cell(&cell, &experiment, 1e-7, arena);
        const double *V = simulated_column(made, CLOSO_QUANTITY_POTENTIAL, arena);
        double deepest = 0, low = 0, high = 1;
        for (size_t r = 0; r < made->table->row_count; r++)
            deepest = fmin(deepest, V[r]);
        for (int turn = 0; turn < 60; turn++) {
            double eta = (low + high) / 2;
            bool more =
                2 * (exp((1 - transfers[i]) * f * eta) - exp(-transfers[i] * f * eta)) > current;
            *(more ? &high : &low) = eta;
        }
        assert_near(deepest, -0.04 - low - current * ohmic(&cell), 2e-4);
        assert_true(V[made->table->row_count - 1] > deepest + 0.03);
        closo_arena_free(arena);
    }
}

/* In a sweep nothing but the double layer answers above -nucleation; below it is the bare electrode's law. */
static void voltammogram_begins_at_the_nucleation(void **state)
{
    (void)state;
    closo_cell cell = foil_cell();
    const double f = faraday / (gas * 333.15), rate = 1e-5, layer = 1e-3;
    cell.rest_potential_V = 1.3;
    cell.working_metal.plating.coverage_C_per_m2 = 1e9; /* it stays bare */
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_SWEEP);
    step.potential_V = -0.06;
    step.rate_V_per_s = rate;
    closo_experiment experiment = {.steps = &step, .step_count = 1, .every_V = 1e-3};
    closo_simulation *made = simulate_cell(&cell, &experiment, 1e-6, arena);
    const double *V = simulated_column(made, CLOSO_QUANTITY_POTENTIAL, arena);
    const double *I = simulated_column(made, CLOSO_QUANTITY_CURRENT, arena);
    size_t above = 0, below = 0;
    for (size_t r = 0; r < made->table->row_count; r++) {
        double j = I[r] / 1e-4, eta = V[r] - j * ohmic(&cell);
        double expected = -layer * rate;
        if (eta < -0.04)
            expected += 4 * sinh(f / 2 * (eta + 0.04));
        above += V[r] < 1.25 && eta > -0.039;
        below += eta < -0.041;
        if (V[r] < 1.25 && fabs(eta + 0.04) > 1e-3)
            assert_near(j, expected, 2e-9 + 1e-3 * fabs(expected));
    }
    assert_true(above > 1000 && below > 10);
    closo_arena_free(arena);
}

/* ---- what comes back ---- */

/* A cycle's efficiency is 1 - loss, whatever the depth; what is left at 1 V is nothing. */
static void stripped_is_plated_without_the_loss(void **state)
{
    (void)state;
    closo_cell cell = foil_cell();
    const double nothing = NAN;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-6, arena, &model);
    const double *y = cell_solver_state(solver);
    pass_current(solver, model, -1, 100, nothing);
    pass_current(solver, model, 1, nothing, 1); /* from now on it begins and ends at 1 V */
    double lost = y[deposit_of(model)->lost];
    for (int cycle = 0; cycle < 4; cycle++) {
        double seconds = 500 * pow(4, cycle), from = y[model->charge];
        pass_current(solver, model, -1, seconds, nothing);
        double plated = from - y[model->charge], turned = y[model->charge];
        pass_current(solver, model, 1, nothing, 1);
        double stripped = y[model->charge] - turned;
        /* of both the double layer of the foil took 1 mC/m2, which plated nothing */
        assert_near(stripped / plated, 0.97, 1e-6 + 3e-3 / plated);
        assert_near(y[deposit_of(model)->lost] - lost, 0.03 * plated, 1e-4);
        assert_near(y[deposit_of(model)->plated], 0, 1e-4);
        lost = y[deposit_of(model)->lost];
    }
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* A slow stripping reaction on little metal: its potential leaps where the metal ends, by 2 V within a millionth of the metal. What
 * the solver tries there must not strip what is not there. */
static void little_metal_ends(void **state)
{
    (void)state;
    closo_cell cell = foil_cell();
    const double nothing = NAN, layer = 0.2;
    closo_plating *plating = &cell.working_metal.plating;
    cell.collector_double_layer_F_per_m2 = layer;
    *plating = (closo_plating){.exchange_current_A_per_m2 = {80.8, 0},
                               .transfer = 0.13,
                               .nucleation_V = 0.028,
                               .coverage_C_per_m2 = 13.9,
                               .loss = 0.00683,
                               .plated_at_start_C_per_m2 = 9.5};
    cell.reduction = (closo_reduction){
        .potential_V = 0.1, .transfer = 0.93, .rate_V_per_s = 1e-5, .gamma_V_m2_per_C = 1.2};
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-4, arena, &model);
    const double *y = cell_solver_state(solver);
    double plated = 9.5;
    for (int cycle = 0; cycle < 3; cycle++) {
        double reduced = y[model->reduced[0].charge], w = y[model->nodes[0].w],
               lost = y[deposit_of(model)->lost];
        pass_current(solver, model, -0.292, 28404, nothing);
        double taken = 0.292 * 28404 + layer * (y[model->nodes[0].w] - w) -
                       (y[model->reduced[0].charge] - reduced);
        assert_near(y[deposit_of(model)->lost] - lost, 0.00683 * taken, 1e-6 * taken);
        assert_near(y[deposit_of(model)->plated], plated + 0.99317 * taken, 1e-6 * taken);
        pass_current(solver, model, 0.292, nothing, 4);
        assert_near(y[model->potential], 4, 1e-6);
        plated = y[deposit_of(model)->plated];
        assert_near(plated, 0, 1e-3);
    }
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* The protocol with a reservoir: n cycles of q_c on top of q_t, then all is stripped, q_s. (n q_c + q_s) / (n q_c + q_t) is the
 * efficiency: B. D. Adams et al., Adv. Energy Mater. 8 (2018) 1702097, doi:10.1002/aenm.201702097. */
static void reservoir_protocol_gives_the_loss(void **state)
{
    (void)state;
    closo_cell cell = foil_cell();
    const double nothing = NAN, q_t = 10000, q_c = 2000;
    enum { CYCLES = 10 };
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-6, arena, &model);
    const double *y = cell_solver_state(solver);
    pass_current(solver, model, -2, q_t / 2, nothing);
    for (int cycle = 0; cycle < CYCLES; cycle++) {
        pass_current(solver, model, 2, q_c / 2, nothing);
        pass_current(solver, model, -2, q_c / 2, nothing);
    }
    double before = y[model->charge];
    pass_current(solver, model, 2, nothing, 1);
    double q_s = y[model->charge] - before;
    assert_near((CYCLES * q_c + q_s) / (CYCLES * q_c + q_t), 0.97, 1e-6);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* Counter electrode, an alloy so that it has a book of its own; foil; what is dead: all there is stays, over 100 half cycles. */
static void books_of_the_metal(void **state)
{
    (void)state;
    static const double x[] = {0, 1}, U[] = {0.7, 0.5};
    closo_cell cell = foil_cell();
    const double nothing = NAN;
    cell.counter.equilibrium = (closo_equilibrium){2, x, U};
    cell.counter.capacity_C_per_m2 = 4e4;
    cell.counter.filled_at_start = 0.8;
    cell.working_metal.plating.growth_ohm2_m4_per_s = 1e-12;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-5, arena, &model);
    const double *y = cell_solver_state(solver);
    double through = 0, before = 0, worst_metal = 0, worst_charge = 0;
    for (int half = 0; half < 100; half++) {
        pass_current(solver, model, half % 2 == 0 ? -3 : 3, half % 2 == 0 ? 1000 : nothing,
                     half % 2 == 0 ? nothing : 0.3);
        double layers = 1e-3 * y[model->nodes[0].w];
        double on_foil = y[deposit_of(model)->plated] + y[deposit_of(model)->lost];
        /* its double layer holds what the alloy has yet to take */
        double alloy = 4e4 * (y[model->counter.filled] - 0.8) + 0.01 * y[model->counter.potential];
        worst_metal = fmax(worst_metal, fabs(alloy + on_foil - layers));
        worst_charge = fmax(worst_charge, fabs(y[model->charge] + on_foil - layers));
        through += fabs(y[model->charge] - before);
        before = y[model->charge];
    }
    print_message("%.3g C/m2 through, %.3g C/m2 lost; metal off by %.1e, charge by %.1e of it\n",
                  through, y[deposit_of(model)->lost], worst_metal / through,
                  worst_charge / through);
    assert_true(y[deposit_of(model)->lost] > 4000);
    assert_true(worst_metal / through < 1e-10);
    assert_true(worst_charge / through < 1e-10);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* ---- limits ---- */

/* With a great deal of metal on it the foil is a metal: potential and impedance of a cell with that metal, growth and all. */
static void much_metal_is_a_metal(void **state)
{
    (void)state;
    closo_cell plated = foil_cell(), plain = foil_cell();
    const double growth = 1e-10;
    plated.node_count = plain.node_count = 0;
    plated.working_metal.double_layer_F_per_m2 = 0.02;
    plated.working_metal.plating.plated_at_start_C_per_m2 = 1e11;
    plated.working_metal.plating.growth_ohm2_m4_per_s = growth;
    plated.working_metal.plating.loss = 0;
    plain.working_metal =
        (closo_metal_electrode){.resistance_ohm_m2 = plated.working_metal.plating.resistance_ohm_m2,
                                .growth_ohm2_m4_per_s = growth,
                                .exchange_current_A_per_m2 = {2, 0},
                                .double_layer_F_per_m2 = 0.02};
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step steps[3] = {plain_step(CLOSO_EXPERIMENT_CURRENT),
                                      plain_step(CLOSO_EXPERIMENT_CURRENT),
                                      plain_step(CLOSO_EXPERIMENT_IMPEDANCE)};
    steps[0].current_A_per_m2 = -3;
    steps[1].current_A_per_m2 = 2;
    steps[0].until_s = steps[1].until_s = 3600;
    steps[2].from_Hz = 1e5;
    steps[2].to_Hz = 0.01;
    steps[2].per_decade = 5;
    closo_simulation *one = simulate_steps(&plated, steps, 3, 1e-8, arena),
                     *other = simulate_steps(&plain, steps, 3, 1e-8, arena);
    assert_near(simulated_end(one, CLOSO_QUANTITY_POTENTIAL),
                simulated_end(other, CLOSO_QUANTITY_POTENTIAL), 1e-8);
    const closo_spectrum *a = &one->spectra[0], *b = &other->spectra[0];
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        double size = hypot(b->real_ohm[i], b->imaginary_ohm[i]);
        assert_near(a->real_ohm[i], b->real_ohm[i], 1e-6 * size);
        assert_near(a->imaginary_ohm[i], b->imaginary_ohm[i], 1e-6 * size);
    }
    closo_arena_free(arena);
}

/* A foil that has been stripped at 2 V has the impedance it had before anything plated: a double layer. */
static void stripped_foil_blocks_again(void **state)
{
    (void)state;
    closo_cell cell = foil_cell();
    cell.rest_potential_V = 1;
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step steps[5] = {
        plain_step(CLOSO_EXPERIMENT_IMPEDANCE), plain_step(CLOSO_EXPERIMENT_CURRENT),
        plain_step(CLOSO_EXPERIMENT_IMPEDANCE), plain_step(CLOSO_EXPERIMENT_CURRENT),
        plain_step(CLOSO_EXPERIMENT_IMPEDANCE)};
    for (int s = 0; s < 5; s += 2) {
        steps[s].from_Hz = 1e5;
        steps[s].to_Hz = 0.01;
        steps[s].per_decade = 3;
    }
    steps[1].current_A_per_m2 = -2;
    steps[1].until_s = 7200;
    steps[3].current_A_per_m2 = 2;
    steps[3].until_V = 2;
    closo_simulation *made = simulate_steps(&cell, steps, 5, 1e-6, arena);
    const closo_spectrum *fresh = &made->spectra[0], *plated = &made->spectra[1],
                         *again = &made->spectra[2];
    size_t last = fresh->count - 1;
    assert_true(-fresh->imaginary_ohm[last] > 1e7);
    assert_true(hypot(plated->real_ohm[last], plated->imaginary_ohm[last]) < 1000);
    for (size_t i = 0; i < fresh->count; i++) {
        double size = hypot(fresh->real_ohm[i], fresh->imaginary_ohm[i]);
        assert_near(again->real_ohm[i], fresh->real_ohm[i], 1e-6 * size);
        assert_near(again->imaginary_ohm[i], fresh->imaginary_ohm[i], 1e-6 * size);
    }
    closo_arena_free(arena);
}

/* A cell without an anode: a composite against a bare foil, on which all that leaves the grains is found. */
static void anode_is_plated(void **state)
{
    (void)state;
    closo_cell cell = plain_cell();
    const double nothing = NAN, foil_layer = 0.05;
    cell.counter = foil_cell().working_metal;
    cell.counter.double_layer_F_per_m2 = foil_layer;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-6, arena, &model);
    const double *y = cell_solver_state(solver);
    pass_current(solver, model, 2, 1000, nothing);
    double taken = y[deposit_of(model)->plated] + y[deposit_of(model)->lost];
    assert_near(taken + foil_layer * y[model->counter.potential], 2000, 1e-6);
    pass_current(solver, model, -2, nothing, 1.5); /* no metal is left before the grains are full */
    assert_near(y[deposit_of(model)->plated], 0, 1e-3);
    assert_near(y[model->charge], 0.03 * 2000, 0.2);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* Nothing makes up for what is lost: each discharge of a cell without an anode gives 1 - loss of the one before. */
static void without_an_anode_capacity_falls_by_the_loss(void **state)
{
    (void)state;
    closo_cell cell = plain_cell();
    const double nothing = NAN;
    cell.counter = foil_cell().working_metal;
    cell.counter.double_layer_F_per_m2 = 1e-3;
    cell.counter.plating.coverage_C_per_m2 = 1;
    closo_arena *arena = closo_arena_new(0);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-7, arena, &model);
    const double *y = cell_solver_state(solver);
    double before = 0;
    for (int cycle = 0; cycle < 10; cycle++) {
        pass_current(solver, model, 0.5, nothing, 3.7);
        double full = y[model->charge];
        pass_current(solver, model, -0.5, nothing, 2);
        double given = full - y[model->charge];
        if (cycle > 0)
            assert_near(given / before, 0.97, 1e-4);
        before = given;
    }
    assert_true(before > 100);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* ---- solver ---- */

static void jacobian_of_plating_equals_differences(void **state)
{
    (void)state;
    closo_cell cells[2] = {foil_cell(), foil_cell()};
    cells[0].working_metal.plating.growth_ohm2_m4_per_s = 1e-9;
    cells[0].working_metal.plating.coverage_C_per_m2 = 0.1;
    cells[0].anion_count = 1;
    cells[0].anions[0] = (closo_anion_oxidation){
        .name = "anion", .potential_V = 0.1, .transfer = 0.5, .j0_A_per_m2 = 1e-4};
    cells[1].counter = cells[0].working_metal;
    cells[1].counter.double_layer_F_per_m2 = 0.01;
    cells[1].working_metal.plating.transfer = 0.3;
    cells[0].reduction = cells[1].reduction = (closo_reduction){
        .potential_V = 0.05, .transfer = 0.7, .rate_V_per_s = 1e-3, .gamma_V_m2_per_C = 2};
    for (int i = 0; i < 2; i++)
        for (int side = 0; side < 3;
             side++) { /* of the kinks: strips, plates, has less than nothing */
            closo_arena *arena = closo_arena_new(0);
            double *y, *slope;
            cell_model *model = shaken_model(&cells[i], 3, arena, &y, &slope);
            for (size_t n = 0; n < model->state_count; n++)
                y[n] = 0.05 + 0.01 * (double)(n % 5);
            y[model->nodes[0].w] = y[model->counter.potential] = side == 0 ? 0.06 : -0.08;
            for (size_t d = 0; d < model->deposit_count; d++) {
                y[model->deposits[d].reaction] = side == 0 ? 0.5 : -0.5;
                if (side == 2)
                    y[model->deposits[d].plated] = -0.03;
            }
            assert_jacobian_equals_differences_at(model, y, slope,
                                                  &(cell_differences){1e-6, 1e-2, 1e-9});
            closo_arena_free(arena);
        }
}

/* Bare and plated foils that are left alone. */
static void nothing_plates_at_rest(void **state)
{
    (void)state;
    closo_cell cell = foil_cell();
    static const struct {
        double potential_V, plated_C_per_m2;
    } cases[] = {{0, 0}, {1.3, 0}, {-0.03, 0}, {0, 5000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double nothing = NAN;
        cell.rest_potential_V = cases[i].potential_V;
        cell.working_metal.plating.plated_at_start_C_per_m2 = cases[i].plated_C_per_m2;
        closo_arena *arena = closo_arena_new(0);
        cell_model *model;
        cell_solver *solver = ready_solver(&cell, 1e-6, arena, &model);
        pass_current(solver, model, 0, 1e7, nothing);
        const double *y = cell_solver_state(solver);
        assert_near(y[model->potential], cases[i].potential_V, 1e-9);
        assert_near(y[deposit_of(model)->plated], cases[i].plated_C_per_m2, 1e-9);
        cell_solver_free(solver);
        closo_arena_free(arena);
    }
}

static void what_cannot_plate_is_refused(void **state)
{
    (void)state;
    closo_cell cells[4] = {foil_cell(), foil_cell(), foil_cell(), plain_cell()};
    static const char *const says[] = {"the share that is lost cannot be 2", "takes ions already",
                                       "a salt that moves", "not in a composite"};
    cells[0].working_metal.plating.loss = 2;
    cells[1].counter.plating = cells[1].working_metal.plating;
    cells[2].salt = (closo_salt){.concentration_mol_per_m3 = 1000, .transference = 0.3};
    cells[3].working_metal.plating = cells[0].counter.plating;
    cells[3].working_metal.plating = foil_cell().working_metal.plating;
    closo_arena *arena = closo_arena_new(0);
    for (size_t i = 0; i < 4; i++) {
        cell_model *model;
        closo_error error = {0};
        assert_int_equal(cell_model_make(&cells[i], arena, &model, &error), CLOSO_RANGE);
        if (strstr(error.message, says[i]) == NULL)
            fail_msg("case %zu: %s", i, error.message);
    }
    closo_arena_free(arena);
}

/* ---- reduction of the electrolyte ---- */

/* A sweep at -v: j = -v/gamma / (1 + exp(a f (E - M))) beside the double layer's, and what is reduced is its integral; all of
 * the electrodes' charge is in double layer, metal and film. */
static void reduction_follows_its_sweep(void **state)
{
    (void)state;
    closo_cell cell = foil_cell();
    const double f = faraday / (gas * 333.15), rate = 5e-5, layer = 1e-3, capacitance = 0.8;
    cell.rest_potential_V = 1;
    cell.reduction = (closo_reduction){.potential_V = 0.2,
                                       .transfer = 0.7,
                                       .rate_V_per_s = 1e-5,
                                       .gamma_V_m2_per_C = 1 / capacitance};
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step step = plain_step(CLOSO_EXPERIMENT_SWEEP);
    step.potential_V = 0.02;
    step.rate_V_per_s = rate;
    closo_experiment experiment = {.steps = &step, .step_count = 1, .every_V = 1e-3};
    closo_simulation *made = simulate_cell(&cell, &experiment, 1e-7, arena);
    const double *V = simulated_column(made, CLOSO_QUANTITY_POTENTIAL, arena);
    const double *I = simulated_column(made, CLOSO_QUANTITY_CURRENT, arena);
    /* at another rate than that of the pre-factor the middle is RT/(aF) ln(v / rate) lower */
    double middle = 0.2 - log(rate / 1e-5) / (0.7 * f);
    size_t compared = 0;
    for (size_t r = 0; r < made->table->row_count; r++) {
        double expected = -rate * layer - rate * capacitance / (1 + exp(0.7 * f * (V[r] - middle)));
        if (V[r] > 0.95)
            continue;
        assert_near(I[r] / 1e-4, expected, 2e-4 * fabs(expected) + 1e-10);
        compared++;
    }
    assert_true(compared > 500);
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-5, arena, &model);
    const double *y = cell_solver_state(solver), nothing = NAN;
    pass_current(solver, model, -1, 1000, nothing);
    pass_current(solver, model, 1, 300, nothing);
    double reduced = y[model->reduced[0].charge];
    assert_true(reduced > 0.1);
    assert_near(y[model->charge] - layer * (y[model->nodes[0].w] - 1) +
                    y[deposit_of(model)->plated] + y[deposit_of(model)->lost] + reduced,
                0, 1e-7);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* First law of a thermally closed cell that plates and strips: C dT is the work less what the double layers keep and the
 * reduction takes. */
static void heat_of_plating_is_the_work(void **state)
{
    (void)state;
    closo_cell cell = foil_cell();
    const double layer = 0.2, capacity = 2e3, nothing = NAN;
    cell.collector_double_layer_F_per_m2 = layer;
    cell.heat.capacity_J_per_m2_K = capacity;
    cell.rest_potential_V = 1;
    cell.reduction = (closo_reduction){
        .potential_V = 0.3, .transfer = 0.7, .rate_V_per_s = 1e-5, .gamma_V_m2_per_C = 0.5};
    closo_arena *arena = closo_arena_new(0);
    closo_experiment_step steps[2] = {plain_step(CLOSO_EXPERIMENT_CURRENT),
                                      plain_step(CLOSO_EXPERIMENT_CURRENT)};
    steps[0].current_A_per_m2 = -20;
    steps[0].until_s = 500;
    steps[1].current_A_per_m2 = 20;
    steps[1].until_s = 400;
    closo_experiment experiment = {.steps = steps, .step_count = 2, .every_V = 2e-4};
    closo_simulation *made = simulate_cell(&cell, &experiment, 1e-7, arena);
    const double *V = simulated_column(made, CLOSO_QUANTITY_POTENTIAL, arena);
    const double *I = simulated_column(made, CLOSO_QUANTITY_CURRENT, arena);
    const double *t = simulated_column(made, CLOSO_QUANTITY_TIME, arena);
    double work = 0;
    for (size_t r = 1; r < made->table->row_count; r++)
        if (I[r] * I[r - 1] > 0)
            work += (V[r] + V[r - 1]) / 2 * I[r] / 1e-4 * (t[r] - t[r - 1]);
    double rise = simulated_end(made, CLOSO_QUANTITY_TEMPERATURE) - 333.15;
    cell_model *model;
    cell_solver *solver = ready_solver(&cell, 1e-7, arena, &model);
    const double *y = cell_solver_state(solver);
    pass_current(solver, model, -20, 500, nothing);
    pass_current(solver, model, 20, 400, nothing);
    double w = y[model->nodes[0].w], v = y[model->counter.potential];
    double kept = layer / 2 * (w * w - 1) + 0.01 / 2 * v * v - 0.3 * y[model->reduced[0].charge];
    assert_true(rise > 2);
    assert_near(capacity * rise, work - kept, 1e-4 * work);
    assert_near(made->on_working.reduced_C_per_m2, y[model->reduced[0].charge], 1e-3);
    cell_solver_free(solver);
    closo_arena_free(arena);
}

/* ---- words ---- */

static const closo_cell_file *parse(const char *working, const char *counter, closo_arena *arena,
                                    closo_error *error)
{
    const char *text = closo_arena_printf(arena,
                                          "area: 1 cm2\ntemperature: 60 degC\n"
                                          "working_electrode: {%s}\n"
                                          "electrolyte: {material: LiBH4, thickness: 1 mm}\n"
                                          "counter_electrode: {%s}\n",
                                          working, counter);
    closo_cell_file *file;
    closo_status status = closo_cell_parse("cell.yaml", text, strlen(text), arena, &file, error);
    assert_true((status == CLOSO_OK) == (file != NULL));
    return file;
}

static void words_make_plating(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_error error;
    const closo_cell_file *file =
        parse("metal: Cu, plating: {exchange_current: 2 mA/cm2, transfer: 0.4, nucleation: 40 mV, "
              "coverage: 9 mC/cm2, loss: 2 %, resistance: 3 ohm cm2, growth: 1 ohm2 cm4/h, "
              "plated_at_start: 1 mAh/cm2}",
              "material: Li", arena, &error);
    if (file == NULL)
        fail_msg("%s", error.message);
    const closo_plating *plating = &file->cell.working_metal.plating;
    assert_int_equal(file->cell.node_count, 1);
    assert_near(plating->exchange_current_A_per_m2.value, 20, 1e-12);
    assert_near(plating->transfer, 0.4, 0);
    assert_near(plating->nucleation_V, 0.04, 1e-15);
    assert_near(plating->coverage_C_per_m2, 90, 1e-12);
    assert_near(plating->loss, 0.02, 1e-15);
    assert_near(plating->resistance_ohm_m2.value, 3e-4, 1e-17);
    assert_near(plating->growth_ohm2_m4_per_s, 1e-8 / 3600, 1e-20);
    assert_near(plating->plated_at_start_C_per_m2, 36000, 1e-9);
    assert_int_equal(file->notes.count, 0);
    /* a composite's counter electrode, and a metal that would make an alloy */
    file = parse("foil: C", "material: Pt, plating: {exchange_current: 2 mA/cm2}", arena, &error);
    assert_non_null(file);
    assert_near(file->cell.counter.plating.exchange_current_A_per_m2.value, 20, 1e-12);
    assert_near(file->cell.working_metal.plating.exchange_current_A_per_m2.value, 0, 0);
    assert_int_equal(file->notes.count, 1);
    assert_non_null(strstr(file->notes.texts[0], "makes alloys with Li"));
    closo_arena_free(arena);
}

static void words_make_reduction(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_error error;
    closo_cell_file *file;
    if (closo_cell_load(CLOSO_SOURCE_DIR "/examples/cells/chapter7-sodium-on-aluminium.yaml", arena,
                        &file, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    const closo_reduction *reduction = &file->cell.reduction;
    assert_near(reduction->potential_V, 0.15 - 2 * gas * 333.15 / faraday, 1e-9);
    assert_near(reduction->transfer, 1, 0);
    assert_near(reduction->rate_V_per_s, 5e-5, 1e-18);
    assert_near(reduction->gamma_V_m2_per_C, 1, 1e-12);
    assert_true(file->cell.working_metal.plating.loss > 0);
    closo_arena_free(arena);
}

static void slips_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *working, *says;
    } cases[] = {
        {"metal: Cu, plating: {loss: 2 %}", "exchange_current is missing"},
        {"metal: Li, plating: {exchange_current: 1 mA/cm2}", "enter and leave by itself"},
        {"metal: Cu, plating: {exchange_current: 1 mA}", "exchange_current"},
        {"metal: Cu, plating: {exchange_current: 1 mA/cm2, loss: 100 %}", "a share below 100 %"},
        {"metal: Cu, plating: {exchange_current: 1 mA/cm2, nucleation: -40 mV}", "without a sign"},
        {"metal: Cu, plating: {exchange_curent: 1 mA/cm2}", "exchange_current"},
        {"metal: Cu, exchange_current: 1 mA/cm2", "stands under 'plating'"},
        {"metal: Cu, potential_at_start: 1 V, plating: {exchange_current: 1 mA/cm2, "
         "plated_at_start: 1 mAh/cm2}",
         "rests at 0 V"},
        {"foil: Cu, plating: {exchange_current: 1 mA/cm2}", "'metal: Cu'"},
    };
    closo_arena *arena = closo_arena_new(0);
    closo_error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(parse(cases[i].working, "material: Li", arena, &error));
        if (strstr(error.message, cases[i].says) == NULL || error.line == 0)
            fail_msg("case %zu, line %d: %s", i, (int)error.line, error.message);
    }
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plating_follows_butler_and_volmer),
        cmocka_unit_test(nucleation_makes_a_spike),
        cmocka_unit_test(voltammogram_begins_at_the_nucleation),
        cmocka_unit_test(stripped_is_plated_without_the_loss),
        cmocka_unit_test(little_metal_ends),
        cmocka_unit_test(reservoir_protocol_gives_the_loss),
        cmocka_unit_test(books_of_the_metal),
        cmocka_unit_test(much_metal_is_a_metal),
        cmocka_unit_test(stripped_foil_blocks_again),
        cmocka_unit_test(anode_is_plated),
        cmocka_unit_test(without_an_anode_capacity_falls_by_the_loss),
        cmocka_unit_test(jacobian_of_plating_equals_differences),
        cmocka_unit_test(nothing_plates_at_rest),
        cmocka_unit_test(what_cannot_plate_is_refused),
        cmocka_unit_test(reduction_follows_its_sweep),
        cmocka_unit_test(heat_of_plating_is_the_work),
        cmocka_unit_test(words_make_plating),
        cmocka_unit_test(words_make_reduction),
        cmocka_unit_test(slips_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
