/* SPDX-License-Identifier: BSD-3-Clause */
/* symmetric.c: from a table to half cycles, events, levels and the critical current, and what to remark on. */
#include "symmetric_internal.h"

#include "closo/instrument.h"

#include <math.h>

static const double unsigned_share = 0.05; /* of the charge at a potential of the other sign */
static const double decline_share = 0.2;   /* of the overpotential, over a level */

/* ---- currents without a sign ---- */

/* A cell with two equal electrodes turns its potential when the current turns. Where no current is negative although the
 * potential takes both signs, the file holds magnitudes: the sign of the potential is that of the current. */
static bool lost_sign(const closo_trace *trace)
{
    double all_C = 0, other_C = 0;
    for (size_t i = 1; i < trace->row_count; i++) {
        double elapsed_s = trace->time_s[i] - trace->time_s[i - 1];
        double charge_C = trace->current_A[i] * fmin(fmax(elapsed_s, 0), 1e7);
        if (!isfinite(charge_C) || !isfinite(trace->potential_V[i]))
            continue;
        if (charge_C < 0)
            return false;
        all_C += charge_C;
        other_C += trace->potential_V[i] < 0 ? charge_C : 0;
    }
    return other_C > unsigned_share * all_C && other_C < (1 - unsigned_share) * all_C;
}

static closo_status mend_signs(const closo_table *table, closo_arena *arena,
                               const closo_table **mended, closo_error *error)
{
    closo_trace trace;
    *mended = table;
    closo_status status = closo_trace_from_table(table, arena, &trace, error);
    if (status != CLOSO_OK || !lost_sign(&trace))
        return status;
    closo_table *copy = closo_table_new(arena, table->source);
    double *current_A = closo_arena_copy(arena, trace.current_A, trace.row_count, sizeof(double));
    if (copy == NULL || current_A == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < trace.row_count; i++)
        if (trace.potential_V[i] < 0)
            current_A[i] = -current_A[i];
    copy->technique = table->technique;
    copy->row_count = trace.row_count;
    copy->metadata = table->metadata;
    copy->metadatum_count = table->metadatum_count;
    if (closo_table_add_values(copy, "time/s", "s", CLOSO_QUANTITY_TIME, trace.time_s) == NULL ||
        closo_table_add_values(copy, "Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL, trace.potential_V) ==
            NULL ||
        closo_table_add_values(copy, "I/A", "A", CLOSO_QUANTITY_CURRENT, current_A) == NULL)
        return closo_fail_nomem(error);
    *mended = copy;
    return CLOSO_OK;
}

/* ---- remarks ---- */

#define NOTE(symmetric, arena, ...) closo_notes_add(&(symmetric)->notes, arena, __VA_ARGS__)

static void remark_critical(closo_symmetric *symmetric, closo_arena *arena)
{
    const closo_critical_current *critical = &symmetric->critical;
    if (critical->reached) {
        const closo_symmetric_event *event = &symmetric->events[critical->event];
        size_t held = 0, higher = 0;
        for (size_t i = 0; i < event->half; i++) {
            const closo_symmetric_half *half = &symmetric->halves[i];
            held += !half->broken && fabs(half->current_A / critical->failed_A - 1) < 0.02;
            higher += !half->broken && half->current_A > 1.02 * critical->failed_A;
        }
        if (held > 1 || higher > 0)
            NOTE(symmetric, arena,
                 "before the short circuit %zu half cycles held at that current and %zu at higher "
                 "ones: the charge or the time decided as much as the current",
                 held, higher);
        if (!critical->stepped)
            NOTE(symmetric, arena,
                 "no lower current was tried before the short circuit: the critical current is "
                 "only known to be at most that");
        size_t after = symmetric->cycling->row_count - event->row;
        if (after < 10)
            NOTE(symmetric, arena,
                 "only %zu rows follow the short circuit: it may have been a soft one", after);
    }
    if (symmetric->event_count != 0 && symmetric->soft.event != critical->event)
        NOTE(symmetric, arena,
             "a %s comes before any short circuit: by that, the limit is at %.4g %s already",
             closo_event_kind_name(symmetric->events[0].kind),
             (symmetric->area_m2 > 0 ? 0.1 / symmetric->area_m2 : 1e3) *
                 symmetric->events[0].current_A,
             symmetric->area_m2 > 0 ? "mA/cm2" : "mA");
}

static void remark_levels(closo_symmetric *symmetric, closo_arena *arena)
{
    for (size_t i = 0; i < symmetric->level_count; i++) {
        const closo_symmetric_level *level = &symmetric->levels[i];
        double change_V = level->last_V.value - level->first_V.value;
        double change_sigma = level->slope_V_per_s.sigma * (level->to_s - level->from_s);
        if (level->bent)
            NOTE(symmetric, arena,
                 "at %.4g mA the overpotential does not follow a straight line in time: its slope "
                 "is a mean over the experiment (closo growth weighs other laws)",
                 1e3 * level->current_A);
        if (change_V < -decline_share * level->first_V.value && -change_V > 3 * change_sigma)
            NOTE(symmetric, arena,
                 "at %.4g mA the overpotential falls by %.0f %% without a sudden drop: contact "
                 "that improves, or a short circuit that creeps; impedance would tell",
                 1e3 * level->current_A, -100 * change_V / level->first_V.value);
    }
    if (symmetric->level_count == 0)
        return;
    const closo_symmetric_level *main = &symmetric->levels[symmetric->main_level];
    if (fabs(main->asymmetry_V.value) > 0.2 * fabs(main->mean_V.value))
        NOTE(symmetric, arena,
             "anodic and cathodic overpotential differ by %.0f %%: the electrodes are not equal, "
             "or the potential has an offset of %.3g mV",
             100 * fabs(main->asymmetry_V.value / main->mean_V.value), 1e3 * symmetric->offset_V);
}

static void remark(closo_symmetric *symmetric, closo_arena *arena)
{
    bool turns = false;
    size_t few = 0;
    for (size_t i = 0; i < symmetric->half_count; i++) {
        turns = turns || symmetric->halves[i].direction != symmetric->halves[0].direction;
        few += symmetric->halves[i].row_count < 6;
    }
    if (!turns)
        NOTE(symmetric, arena,
             "the current never turns round: there is no asymmetry to be had, and a short circuit "
             "is only seen where the potential falls within the half cycle");
    if (few * 2 > symmetric->half_count)
        NOTE(symmetric, arena,
             "most half cycles have fewer than 6 rows: short circuits within them go unseen; "
             "record more often");
    if (!(symmetric->area_m2 > 0))
        NOTE(symmetric, arena,
             "nobody said how large the electrode is: no current densities and area resistances "
             "(--area)");
    remark_critical(symmetric, arena);
    remark_levels(symmetric, arena);
}

/* ---- all stages ---- */

static closo_status check_options(const closo_symmetric_options *options, closo_error *error)
{
    if (!(options->area_m2 >= 0) || !isfinite(options->area_m2))
        return closo_fail(error, CLOSO_ARGUMENT, "the area has to be larger than zero");
    const double shares[] = {options->short_share, options->soft_share};
    for (size_t i = 0; i < 2; i++)
        if (!(shares[i] >= 0) || shares[i] >= 1)
            return closo_fail(error, CLOSO_ARGUMENT,
                              "the share at which a drop is a %s has to lie between 0 and 1",
                              i == 0 ? "short circuit" : "soft short");
    return CLOSO_OK;
}

static closo_status prepare(closo_symmetric_work *work, const closo_table *table,
                            const closo_symmetric_options *options, closo_error *error)
{
    closo_symmetric *symmetric = work->symmetric;
    const closo_cycling_options for_cycling = {.role = CLOSO_ROLE_FULL_CELL,
                                               .area_m2 = options->area_m2,
                                               .zero_current_A = options->zero_current_A};
    const closo_table *mended;
    closo_cycling *cycling;
    closo_status status = mend_signs(table, work->arena, &mended, error);
    if (status == CLOSO_OK)
        status = closo_cycling_from_table(mended, &for_cycling, work->arena, &cycling, error);
    if (status != CLOSO_OK)
        return status;
    if (mended != table)
        NOTE(symmetric, work->arena,
             "no current is negative although the potential takes both signs: the currents have "
             "lost their sign; it was taken from the potential");
    symmetric->cycling = cycling;
    symmetric->area_m2 = cycling->area_m2;
    symmetric->short_share = options->short_share > 0 ? options->short_share : 0.5;
    symmetric->soft_share = options->soft_share > 0 ? options->soft_share : 0.2;
    work->scratch = closo_arena_alloc(work->passing, cycling->row_count, 2 * sizeof(double));
    if (work->scratch == NULL)
        return closo_fail_nomem(error);
    return closo_cycling_rows_read(cycling, 0, cycling->row_count, work->arena, &symmetric->rows,
                                   error);
}

static const char *rule_text(const closo_symmetric *symmetric, closo_arena *arena)
{
    return closo_arena_printf(
        arena,
        "overpotential: potential times direction of the current; short circuit: a sudden drop "
        "(within two rows, below the median so far, for two rows or more) to less than %.0f %% that "
        "stays to the end; soft short: a sudden drop by more than %.0f %% that is partial or "
        "recovers (to 80 %%); noise: more than five times that of the half cycles before, above "
        "2 %% of the overpotential; trend: straight line in time through the half cycles of one "
        "current, with an offset between the directions; half cycles: %s",
        100 * symmetric->short_share, 100 * symmetric->soft_share, symmetric->cycling->rule);
}

static closo_status run_stages(closo_symmetric_work *work, const closo_table *table,
                               const closo_symmetric_options *options, closo_error *error)
{
    closo_status status = closo_symmetric_check_table(table, error);
    if (status == CLOSO_OK)
        status = prepare(work, table, options, error);
    if (status == CLOSO_OK)
        status = closo_symmetric_halves(work, error);
    if (status == CLOSO_OK)
        status = closo_symmetric_check_cell(work, error);
    if (status == CLOSO_OK)
        status = closo_symmetric_events(work, error);
    if (status == CLOSO_OK)
        status = closo_symmetric_check_events(work->symmetric, error);
    if (status == CLOSO_OK)
        status = closo_symmetric_levels(work, error);
    if (status != CLOSO_OK)
        return status;
    closo_symmetric_critical(work);
    remark(work->symmetric, work->arena);
    work->symmetric->rule = rule_text(work->symmetric, work->arena);
    return work->symmetric->rule != NULL ? CLOSO_OK : closo_fail_nomem(error);
}

closo_status closo_symmetric_from_table(const closo_table *table,
                                        const closo_symmetric_options *options, closo_arena *arena,
                                        closo_symmetric **symmetric, closo_error *error)
{
    const closo_symmetric_options none = {0};
    *symmetric = NULL;
    if (options == NULL)
        options = &none;
    closo_status status = check_options(options, error);
    if (status != CLOSO_OK)
        return status;
    closo_symmetric_work work = {.arena = arena,
                                 .symmetric = closo_arena_alloc(arena, 1, sizeof *work.symmetric),
                                 .passing = closo_arena_new(0)};
    status = work.symmetric != NULL && work.passing != NULL
                 ? run_stages(&work, table, options, error)
                 : closo_fail_nomem(error);
    closo_arena_free(work.passing);
    if (status == CLOSO_OK)
        *symmetric = work.symmetric;
    return status;
}
