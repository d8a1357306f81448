/* SPDX-License-Identifier: BSD-3-Clause */
/* merit_what_if.c: the same cell with one thing changed: which target, once reached, lifts the specific energy of the cell
 * most, and how it falls with the thickness of the electrolyte. */
#include "merit_internal.h"

#include <math.h>
#include <stdlib.h>

closo_merit_change closo_merit_no_change(void)
{
    return (closo_merit_change){NAN, NAN, NAN, NAN, NAN, NAN};
}

static void set(closo_value *value, double to)
{
    *value = (closo_value){to, NAN};
}

static double or_else(double wanted, double present)
{
    return isnan(wanted) ? present : wanted;
}

/* The share of active material becomes `share`; the others shrink or grow in their proportion. */
static void change_share(closo_merit_cell *cell, double present, double share)
{
    for (size_t i = 0; i < cell->part_count; i++) {
        closo_merit_part *part = &cell->parts[i];
        part->share.value *=
            part->role == CLOSO_MERIT_ACTIVE ? share / present : (1 - share) / (1 - present);
    }
}

double closo_merit_energy_J_per_kg(const closo_merit_cell *cell, const closo_merit_change *change)
{
    double now[CLOSO_MERIT_COUNT];
    closo_merit_cell changed = closo_merit_with_charge(cell);
    closo_merit_figures(&changed, now);
    const double share = or_else(change->active_share, now[CLOSO_MERIT_ACTIVE_SHARE]);
    double composite_kg = now[CLOSO_MERIT_COMPOSITE_MASS];
    if (!isnan(change->loading_kg_per_m2))
        composite_kg = change->loading_kg_per_m2 * cell->area_m2.value / share;
    if (share != now[CLOSO_MERIT_ACTIVE_SHARE])
        change_share(&changed, now[CLOSO_MERIT_ACTIVE_SHARE], share);
    set(&changed.cathode.mass_kg, composite_kg);
    set(&changed.result.charge_C,
        or_else(change->capacity_C_per_kg, now[CLOSO_MERIT_CAPACITY]) * composite_kg * share);
    set(&changed.result.voltage_V, or_else(change->voltage_V, now[CLOSO_MERIT_VOLTAGE]));
    if (!isnan(change->electrolyte_thickness_m)) {
        set(&changed.electrolyte.mass_kg, NAN);
        set(&changed.electrolyte.thickness_m, change->electrolyte_thickness_m);
        set(&changed.electrolyte.density_kg_per_m3, now[CLOSO_MERIT_ELECTROLYTE_DENSITY]);
    }
    if (!isnan(change->anode_excess)) {
        set(&changed.anode.mass_kg, NAN);
        set(&changed.anode.thickness_m, NAN);
        set(&changed.anode_excess, change->anode_excess);
    }
    closo_merit_figures(&changed, now);
    return now[CLOSO_MERIT_ENERGY_CELL];
}

/* ---- single changes ---- */

enum { STEPS_MAX = 8 };

static int by_energy(const void *one, const void *other)
{
    double a = ((const closo_merit_step *)one)->energy_J_per_kg;
    double b = ((const closo_merit_step *)other)->energy_J_per_kg;
    return (a < b) - (a > b);
}

static double target_of(const closo_merit *merit, closo_merit_figure figure)
{
    const closo_merit_target *target = merit->targets[figure];
    bool missed = target != NULL && merit->factors[figure] > 1;
    return missed ? target->value : (double)NAN;
}

/* "Specific capacity 150 mAh/g instead of 117 mAh/g" */
static const char *describe(const closo_merit *merit, closo_merit_figure figure, double value,
                            closo_arena *arena)
{
    closo_merit_name name = closo_merit_figure_name(figure);
    return closo_arena_printf(arena, "%s %.4g %s instead of %.4g %s", name.words,
                              value * name.shown_factor, name.unit,
                              merit->figures[figure].value * name.shown_factor, name.unit);
}

static bool add_step(closo_merit *merit, const char *words, const closo_merit_change *change)
{
    double energy = closo_merit_energy_J_per_kg(merit->cell, change);
    if (isnan(energy))
        return true;
    merit->steps[merit->step_count++] = (closo_merit_step){
        words, *change, energy, energy / merit->figures[CLOSO_MERIT_ENERGY_CELL].value};
    return words != NULL;
}

static bool add_steps(closo_merit *merit, closo_arena *arena)
{
    closo_merit_change all = closo_merit_no_change(), one;
    const struct {
        closo_merit_figure figure;
        double *in_all, *in_one;
    } changes[] = {
        {CLOSO_MERIT_VOLTAGE, &all.voltage_V, &one.voltage_V},
        {CLOSO_MERIT_CAPACITY, &all.capacity_C_per_kg, &one.capacity_C_per_kg},
        {CLOSO_MERIT_ACTIVE_SHARE, &all.active_share, &one.active_share},
        {CLOSO_MERIT_ELECTROLYTE_THICKNESS, &all.electrolyte_thickness_m,
         &one.electrolyte_thickness_m},
        {CLOSO_MERIT_AREAL_CAPACITY, &all.loading_kg_per_m2, &one.loading_kg_per_m2},
    };
    bool fine = true;
    for (size_t i = 0; i < sizeof changes / sizeof *changes && fine; i++) {
        double wanted = target_of(merit, changes[i].figure);
        if (isnan(wanted))
            continue;
        const char *words = describe(merit, changes[i].figure, wanted, arena);
        one = closo_merit_no_change();
        /* An areal capacity is reached by more active material, alone at the present capacity per gram. */
        bool areal = changes[i].figure == CLOSO_MERIT_AREAL_CAPACITY;
        double per_kg = merit->figures[CLOSO_MERIT_CAPACITY].value;
        *changes[i].in_one = areal ? wanted / per_kg : wanted;
        *changes[i].in_all = areal ? wanted / or_else(all.capacity_C_per_kg, per_kg) : wanted;
        fine = add_step(merit, words, &one);
    }
    if (merit->figures[CLOSO_MERIT_ANODE_EXCESS].value > 1 && fine) {
        one = closo_merit_no_change();
        one.anode_excess = all.anode_excess = 1;
        fine = add_step(
            merit,
            closo_arena_printf(arena,
                               "Anode metal 1 times what one discharge moves instead of %.3g times",
                               merit->figures[CLOSO_MERIT_ANODE_EXCESS].value),
            &one);
    }
    qsort(merit->steps, merit->step_count, sizeof *merit->steps, by_energy);
    return fine && (merit->step_count < 2 || add_step(merit, "All of these together", &all));
}

/* ---- energy against electrolyte thickness ---- */

enum { THICKNESSES = 100, LOADINGS = 3 };

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* The loading as it is, two and five times it, and the one of the target areal capacity. */
static size_t choose_loadings(const closo_merit *merit, double loadings[LOADINGS])
{
    double now = merit->figures[CLOSO_MERIT_LOADING].value;
    double areal = target_of(merit, CLOSO_MERIT_AREAL_CAPACITY);
    size_t count = 0;
    loadings[count++] = now;
    loadings[count++] = 2 * now;
    if (isnan(areal))
        loadings[count++] = 5 * now;
    else
        loadings[count++] = areal / merit->figures[CLOSO_MERIT_CAPACITY].value;
    qsort(loadings, count, sizeof *loadings, by_size);
    return count;
}

static closo_status add_curves(closo_merit *merit, closo_arena *arena, closo_error *error)
{
    double loadings[LOADINGS];
    size_t count = choose_loadings(merit, loadings);
    double *thickness_m = closo_arena_alloc(arena, THICKNESSES, sizeof *thickness_m);
    double **energies = closo_arena_alloc(arena, count, sizeof *energies);
    merit->loading_kg_per_m2 = closo_arena_copy(arena, loadings, count, sizeof *loadings);
    if (thickness_m == NULL || energies == NULL || merit->loading_kg_per_m2 == NULL)
        return closo_fail_nomem(error);
    double thickest_m = fmax(1e-3, 1.2 * merit->figures[CLOSO_MERIT_ELECTROLYTE_THICKNESS].value);
    for (size_t t = 0; t < THICKNESSES; t++) /* from 10 um on, evenly on a logarithmic scale */
        thickness_m[t] = 1e-5 * pow(thickest_m / 1e-5, (double)t / (THICKNESSES - 1));
    for (size_t l = 0; l < count; l++) {
        energies[l] = closo_arena_alloc(arena, THICKNESSES, sizeof **energies);
        if (energies[l] == NULL)
            return closo_fail_nomem(error);
        for (size_t t = 0; t < THICKNESSES; t++) {
            closo_merit_change change = closo_merit_no_change();
            change.loading_kg_per_m2 = loadings[l];
            change.electrolyte_thickness_m = thickness_m[t];
            energies[l][t] = closo_merit_energy_J_per_kg(merit->cell, &change);
        }
    }
    merit->thickness_m = thickness_m;
    merit->energy_J_per_kg = (const double *const *)energies;
    merit->thickness_count = THICKNESSES;
    merit->loading_count = count;
    return CLOSO_OK;
}

closo_status closo_merit_what_if(closo_merit *merit, closo_arena *arena, closo_error *error)
{
    if (isnan(merit->figures[CLOSO_MERIT_ENERGY_CELL].value))
        return CLOSO_OK;
    merit->steps = closo_arena_alloc(arena, STEPS_MAX, sizeof *merit->steps);
    if (merit->steps == NULL || !add_steps(merit, arena))
        return closo_fail_nomem(error);
    if (isnan(merit->figures[CLOSO_MERIT_ELECTROLYTE_DENSITY].value) ||
        isnan(merit->figures[CLOSO_MERIT_LOADING].value))
        return CLOSO_OK;
    return add_curves(merit, arena, error);
}
