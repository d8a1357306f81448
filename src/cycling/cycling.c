/* SPDX-License-Identifier: BSD-3-Clause */
/* cycling.c: from a table to cycles, stage by stage, and the rule in words. */
#include "cycling_internal.h"

#include <math.h>

/* ---- what the file knows about the electrode ---- */

/* An EC-Lab file whose mass nobody typed says 0.001 mg, as for every field left empty. */
static const double least_mass_kg = 2e-9;

static void take_from_file(closo_cycling_work *work, const char *key, double least, double *si,
                           const char *what)
{
    double number;
    if (*si > 0 || !closo_table_number_si(work->table, key, &number))
        return;
    if (!(number > least) || !isfinite(number)) {
        closo_notes_add(&work->cycling->notes, work->arena,
                        "the file's %s (%.4g in SI units) cannot be meant and is not used", key,
                        number);
        return;
    }
    *si = number;
    closo_notes_add(&work->cycling->notes, work->arena, "%s is the file's %s", what, key);
}

static closo_status check_options(const closo_cycling_options *options, closo_error *error)
{
    const struct {
        double value;
        const char *what;
    } amounts[] = {{options->mass_kg, "mass"},
                   {options->area_m2, "area"},
                   {options->capacity_C, "capacity"},
                   {options->zero_current_A, "zero current"}};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++)
        if (!(amounts[i].value >= 0) || !isfinite(amounts[i].value))
            return closo_fail(error, CLOSO_ARGUMENT, "the %s has to be larger than zero",
                              amounts[i].what);
    if (options->reference_cycle < 0)
        return closo_fail(error, CLOSO_ARGUMENT, "cycles are counted from 1");
    return CLOSO_OK;
}

static void take_options(closo_cycling_work *work, const closo_cycling_options *options)
{
    closo_cycling *cycling = work->cycling;
    cycling->role = options->role;
    cycling->mass_kg = options->mass_kg;
    cycling->area_m2 = options->area_m2;
    cycling->capacity_C = options->capacity_C;
    cycling->zero_current_A = options->zero_current_A;
    cycling->summary.retention.reference_cycle = options->reference_cycle;
    take_from_file(work, "characteristic_mass", least_mass_kg, &cycling->mass_kg,
                   "the mass for capacities per gram");
    if (!(cycling->mass_kg > 0))
        take_from_file(work, "active_mass", least_mass_kg, &cycling->mass_kg,
                       "the mass for capacities per gram");
    take_from_file(work, "electrode_area", 1e-9, &cycling->area_m2,
                   "the area for capacities per cm2");
    take_from_file(work, "battery_capacity", 1e-6, &cycling->capacity_C, "the capacity of 1 C");
    if (options->role == CLOSO_ROLE_UNSAID)
        closo_notes_add(&cycling->notes, work->arena,
                        "nobody said what the working electrode is: taken for a cathode or full "
                        "cell (a cycle begins with the charge, efficiency = discharge / charge); "
                        "tell the role to be sure");
    if (closo_table_find(work->table, CLOSO_QUANTITY_POTENTIAL_COUNTER) != NULL)
        closo_notes_add(&cycling->notes, work->arena,
                        "potentials and energies are of %s; the file also has the counter "
                        "electrode's",
                        cycling->potential_name);
}

static const char *rule_text(const closo_cycling_work *work)
{
    const closo_cycling *cycling = work->cycling;
    return closo_arena_printf(
        work->arena,
        "rest: |I| below %.3g A (%s); constant current: within 2 %% or %.3g A; hold: potential "
        "within %.3g mV while the current falls; half cycle: all steps of one direction until the "
        "other comes; cycle: a %s and the %s after it (%s); charge: %s; anodic current is charge",
        cycling->zero_current_A, work->zero_rule, 6 * work->noise_A,
        1e3 * fmax(2e-3, 6 * work->noise_V),
        cycling->role == CLOSO_ROLE_ANODE ? "discharge" : "charge",
        cycling->role == CLOSO_ROLE_ANODE ? "charge" : "discharge",
        cycling->role == CLOSO_ROLE_UNSAID ? "role not said, assumed"
                                           : closo_electrode_role_name(cycling->role),
        work->charge_rule);
}

static closo_status run_stages(closo_cycling_work *work, const closo_cycling_options *options,
                               closo_error *error)
{
    static closo_status (*const stages[])(closo_cycling_work *, closo_error *) = {
        closo_cycling_zero_current, closo_cycling_signs,   closo_cycling_steps,
        closo_cycling_half_cycles,  closo_cycling_cycles,  closo_cycling_summarise,
        closo_cycling_remark,       closo_cycling_counters};
    closo_status status = closo_cycling_rows_find(work, error);
    if (status == CLOSO_OK)
        take_options(work, options);
    for (size_t i = 0; i < sizeof stages / sizeof *stages && status == CLOSO_OK; i++)
        status = stages[i](work, error);
    if (status != CLOSO_OK)
        return status;
    work->cycling->rule = rule_text(work);
    return work->cycling->rule != NULL ? CLOSO_OK : closo_fail_nomem(error);
}

closo_status closo_cycling_from_table(const closo_table *table,
                                      const closo_cycling_options *options, closo_arena *arena,
                                      closo_cycling **cycling, closo_error *error)
{
    const closo_cycling_options none = {0};
    closo_cycling_work work = {.table = table, .arena = arena};
    *cycling = NULL;
    if (options == NULL)
        options = &none;
    closo_status status = check_options(options, error);
    if (status != CLOSO_OK)
        return status;
    work.cycling = closo_arena_alloc(arena, 1, sizeof *work.cycling);
    work.passing = closo_arena_new(0);
    status = work.cycling != NULL && work.passing != NULL ? run_stages(&work, options, error)
                                                          : closo_fail_nomem(error);
    closo_arena_free(work.passing);
    if (status == CLOSO_OK)
        *cycling = work.cycling;
    return status;
}
