/* SPDX-License-Identifier: BSD-3-Clause */
/* cycles.c: half cycles in pairs, by the electrode's role, and what becomes of the capacity over them. */
#include "analysis_internal.h"
#include "cycling_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double short_share = 0.02; /* of the range of potential: a half cycle that stops so
                                           much earlier than the last of its kind was cut off */

/* ---- the role ---- */

static const char *const role_names[] = {"unsaid", "cathode", "anode", "full cell"};

const char *closo_electrode_role_name(closo_electrode_role role)
{
    return role_names[role];
}

closo_status closo_electrode_role_parse(const char *text, closo_electrode_role *role,
                                        closo_error *error)
{
    static const struct {
        const char *word;
        closo_electrode_role role;
    } words[] = {{"cathode", CLOSO_ROLE_CATHODE},
                 {"anode", CLOSO_ROLE_ANODE},
                 {"full cell", CLOSO_ROLE_FULL_CELL},
                 {"full-cell", CLOSO_ROLE_FULL_CELL},
                 {"full", CLOSO_ROLE_FULL_CELL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (closo_span_equals_nocase(closo_span_of(text), words[i].word)) {
            *role = words[i].role;
            return CLOSO_OK;
        }
    }
    return closo_fail(error, CLOSO_ARGUMENT,
                      "'%s' is no role of a working electrode: cathode, anode or full cell", text);
}

/* ---- cycles ---- */

static double ratio(double above, double below)
{
    return below > 0 ? above / below : (double)NAN;
}

static double rate_per_h(const closo_cycling *cycling, double rate_A)
{
    return cycling->capacity_C > 0 ? rate_A * 3600 / cycling->capacity_C : (double)NAN;
}

static void fill_cycle(const closo_cycling *cycling, closo_cycle *cycle)
{
    static const closo_half_cycle none = {
        .charge_C = NAN, .energy_J = NAN, .mean_V = NAN, .half_V = NAN, .rate_A = NAN};
    const closo_half_cycle *charge =
        cycle->charge_half == SIZE_MAX ? &none : &cycling->half_cycles[cycle->charge_half];
    const closo_half_cycle *discharge =
        cycle->discharge_half == SIZE_MAX ? &none : &cycling->half_cycles[cycle->discharge_half];
    cycle->charge_C = charge->charge_C;
    cycle->discharge_C = discharge->charge_C;
    cycle->charge_J = charge->energy_J;
    cycle->discharge_J = discharge->energy_J;
    cycle->coulombic_efficiency = cycling->role == CLOSO_ROLE_ANODE
                                      ? ratio(charge->charge_C, discharge->charge_C)
                                      : ratio(discharge->charge_C, charge->charge_C);
    /* A symmetric cell gives no energy back: it has neither of the two. */
    cycle->energy_efficiency =
        discharge->energy_J > 0 ? ratio(discharge->energy_J, charge->energy_J) : (double)NAN;
    cycle->voltage_efficiency =
        discharge->mean_V > 0 ? ratio(discharge->mean_V, charge->mean_V) : (double)NAN;
    cycle->mean_charge_V = charge->mean_V;
    cycle->mean_discharge_V = discharge->mean_V;
    cycle->hysteresis_V = charge->half_V - discharge->half_V;
    cycle->charge_rate_per_h = rate_per_h(cycling, charge->rate_A);
    cycle->discharge_rate_per_h = rate_per_h(cycling, discharge->rate_A);
    cycle->complete = cycle->charge_half != SIZE_MAX && cycle->discharge_half != SIZE_MAX;
}

static double last_potential(const closo_cycling *cycling, const closo_half_cycle *half)
{
    return cycling->steps[half->first_step + half->step_count - 1].to_V;
}

/* Does the data end in the midst of the last half cycle? Its kind ended further on last time, and no rest follows. */
static bool last_cut_off(const closo_cycling_work *work)
{
    const closo_cycling *cycling = work->cycling;
    if (cycling->half_cycle_count < 3)
        return false;
    const closo_half_cycle *last = &cycling->half_cycles[cycling->half_cycle_count - 1];
    if (isfinite(last->rest_s))
        return false;
    const closo_half_cycle *before = last - 2;
    double end_V = last_potential(cycling, last), usual_V = last_potential(cycling, before),
           other_V = last_potential(cycling, before + 1);
    return (usual_V - end_V) * last->direction > short_share * fabs(usual_V - other_V);
}

closo_status closo_cycling_cycles(closo_cycling_work *work, closo_error *error)
{
    closo_cycling *cycling = work->cycling;
    const int opening = cycling->role == CLOSO_ROLE_ANODE ? -1 : 1;
    closo_cycle *cycles =
        closo_arena_alloc(work->arena, cycling->half_cycle_count, sizeof *cycling->cycles);
    if (cycles == NULL)
        return closo_fail_nomem(error);
    size_t count = 0;
    for (size_t h = 0; h < cycling->half_cycle_count; h++) {
        int direction = cycling->half_cycles[h].direction;
        if (count == 0 || direction == opening) {
            cycles[count] = (closo_cycle){.charge_half = SIZE_MAX, .discharge_half = SIZE_MAX};
            cycles[count].cycle = (int)count + 1;
            count++;
        }
        *(direction > 0 ? &cycles[count - 1].charge_half : &cycles[count - 1].discharge_half) = h;
    }
    for (size_t c = 0; c < count; c++)
        fill_cycle(cycling, &cycles[c]);
    if (count != 0 && last_cut_off(work)) {
        cycles[count - 1].complete = false;
        closo_notes_add(&cycling->notes, work->arena,
                        "the data end in the midst of cycle %d: it is not counted as complete",
                        cycles[count - 1].cycle);
    }
    if (count != 0 && cycling->half_cycles[0].direction != opening)
        closo_notes_add(&cycling->notes, work->arena,
                        "the data begin with a %s: cycle 1 has nothing else, and has no "
                        "coulombic efficiency%s",
                        opening > 0 ? "discharge" : "charge",
                        cycling->role == CLOSO_ROLE_UNSAID
                            ? " (in an anode half cell it would open a cycle: tell the role)"
                            : "");
    cycling->cycles = cycles;
    cycling->cycle_count = count;
    return CLOSO_OK;
}

/* ---- over cycles ---- */

double closo_cycling_put_in(const closo_cycling *cycling, const closo_cycle *cycle)
{
    return cycling->role == CLOSO_ROLE_ANODE ? cycle->discharge_C : cycle->charge_C;
}

double closo_cycling_got_back(const closo_cycling *cycling, const closo_cycle *cycle)
{
    return cycling->role == CLOSO_ROLE_ANODE ? cycle->charge_C : cycle->discharge_C;
}

static closo_value fade(const double *cycle, const double *retention, size_t count)
{
    closo_line line;
    if (closo_line_fit(cycle, retention, NULL, count, &line, NULL) != CLOSO_OK)
        return (closo_value){NAN, NAN};
    return (closo_value){line.slope, line.slope_sigma};
}

static closo_status find_reference(const closo_cycling_work *work, int wanted,
                                   const closo_cycle **reference, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    *reference = NULL;
    for (size_t c = 0; c < cycling->cycle_count && *reference == NULL; c++)
        if (cycling->cycles[c].complete && (wanted == 0 || cycling->cycles[c].cycle == wanted))
            *reference = &cycling->cycles[c];
    if (wanted == 0 || *reference != NULL)
        return CLOSO_OK;
    return closo_fail(error, CLOSO_RANGE,
                      "retention against cycle %d cannot be had: there are %zu cycles, and that "
                      "one is not among the complete ones",
                      wanted, cycling->cycle_count);
}

static closo_status fill_retention(closo_cycling_work *work, const closo_cycle *reference,
                                   closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    closo_retention *retention = &work->cycling->summary.retention;
    double *number = closo_arena_alloc(work->arena, cycling->cycle_count, sizeof *number);
    double *capacity = closo_arena_alloc(work->arena, cycling->cycle_count, sizeof *capacity);
    double *energy = closo_arena_alloc(work->arena, cycling->cycle_count, sizeof *energy);
    if (number == NULL || capacity == NULL || energy == NULL)
        return closo_fail_nomem(error);
    size_t count = 0;
    for (const closo_cycle *at = reference; at < cycling->cycles + cycling->cycle_count; at++) {
        if (!at->complete)
            continue;
        number[count] = at->cycle;
        capacity[count] =
            ratio(closo_cycling_got_back(cycling, at), closo_cycling_got_back(cycling, reference));
        energy[count] = ratio(at->discharge_J, reference->discharge_J);
        retention->last_cycle = at->cycle;
        retention->capacity = capacity[count];
        retention->energy = energy[count];
        count++;
    }
    retention->reference_cycle = reference->cycle;
    retention->cycle_count = count;
    retention->capacity_per_cycle = fade(number, capacity, count);
    retention->energy_per_cycle = fade(number, energy, count);
    return CLOSO_OK;
}

/* By how much the variance of the mean of values that resemble their neighbours exceeds that of values that do not, from
 * the correlation r of neighbours: (1 + r) / (1 - r) for a series in which each remembers the one before (G. V. Bayley and
 * J. M. Hammersley, Suppl. J. R. Stat. Soc. 8 (1946) 184, doi:10.2307/2983560). A short series shows r too small by
 * (1 + 3 r) / n (F. H. C. Marriott and J. A. Pope, Biometrika 41 (1954) 390, doi:10.1093/biomet/41.3-4.390) and its
 * scatter too small as well, since the mean goes with it; both are mended. Values that alternate are taken for
 * independent: sigma is then too large rather than too small. */
static double variance_factor(const double *values, size_t count, double mean, double squares)
{
    enum { LEAST_COUNT = 8 };
    const double n = (double)count;
    if (count < LEAST_COUNT || !(squares > 0))
        return 1;
    double products = 0;
    for (size_t i = 1; i < count; i++)
        products += (values[i] - mean) * (values[i - 1] - mean);
    const double seen = products / squares;
    if (seen < 1 / sqrt(n)) /* what chance alone shows */
        return 1;
    const double r = fmin((seen + 1 / n) / (1 - 3 / n), 1 - 4 / n);
    const double factor = fmin((1 + r) / (1 - r), n / 2);
    return factor * (n - 1) / (n - factor);
}

/* Mean of complete cycles after the first complete one. */
static closo_status fill_mean_efficiency(closo_cycling_work *work, closo_error *error)
{
    closo_cycling *cycling = work->cycling;
    double *values = closo_arena_alloc(work->passing, cycling->cycle_count + 1, sizeof *values);
    if (values == NULL)
        return closo_fail_nomem(error);
    size_t count = 0;
    double mean = 0, squares = 0;
    bool first = true;
    for (size_t c = 0; c < cycling->cycle_count; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
        if (!cycle->complete || !isfinite(cycle->coulombic_efficiency))
            continue;
        if (!first)
            values[count++] = cycle->coulombic_efficiency;
        first = false;
    }
    for (size_t i = 0; i < count; i++)
        mean += values[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    if (count == 0)
        return CLOSO_OK;
    const double n = (double)count, factor = variance_factor(values, count, mean, squares);
    cycling->summary.mean_coulombic_efficiency =
        (closo_value){mean, count > 1 ? sqrt(factor * squares / (n - 1) / n) : (double)NAN};
    if (factor > 1)
        closo_notes_add(&cycling->notes, work->arena,
                        "coulombic efficiencies of neighbouring cycles resemble each other: sigma "
                        "of their mean is enlarged %.1f times",
                        sqrt(factor));
    return CLOSO_OK;
}

closo_status closo_cycling_summarise(closo_cycling_work *work, closo_error *error)
{
    closo_cycling *cycling = work->cycling;
    closo_cycling_summary *summary = &cycling->summary;
    const closo_cycle *reference;
    int wanted = summary->retention.reference_cycle;
    *summary = (closo_cycling_summary){
        .retention = {.capacity = NAN,
                      .energy = NAN,
                      .capacity_per_cycle = {NAN, NAN},
                      .energy_per_cycle = {NAN, NAN}},
        .irreversible_C = NAN,
        .irreversible_share = NAN,
        .mean_coulombic_efficiency = {NAN, NAN},
    };
    closo_status status = fill_mean_efficiency(work, error);
    if (status == CLOSO_OK)
        status = find_reference(work, wanted, &reference, error);
    if (status == CLOSO_OK && reference != NULL)
        status = fill_retention(work, reference, error);
    for (size_t c = 0; c < cycling->cycle_count; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
        if (!cycle->complete)
            continue;
        summary->irreversible_C =
            closo_cycling_put_in(cycling, cycle) - closo_cycling_got_back(cycling, cycle);
        summary->irreversible_share =
            ratio(summary->irreversible_C, closo_cycling_put_in(cycling, cycle));
        break;
    }
    return status;
}
