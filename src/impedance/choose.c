/* SPDX-License-Identifier: BSD-3-Clause */
/* choose.c: which circuit a spectrum supports. An information criterion says which one fits best for its number of
 * parameters; it does not say that the parameters mean something, so those that do not are rejected with the reason. That
 * counts among circuits that fit about as well: what describes the spectrum with doubtful parameters is worth more than
 * what does not describe it with sharp ones. */
#include "impedance/fit_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Pellets between blocking electrodes (with a tail), cells, and electrodes. */
static const char *const usual[] = {
    "R0",
    "R0-CPE1",
    "p(R1,CPE1)",
    "R0-p(R1,CPE1)",
    "p(R1,CPE1)-CPE2",
    "R0-p(R1,CPE1)-CPE2",
    "R0-p(R1-W1,CPE1)",
    "R0-p(R1,CPE1)-Ws1",
    "p(R1,CPE1)-p(R2,CPE2)",
    "R0-p(R1,CPE1)-p(R2,CPE2)",
    "p(R1,CPE1)-p(R2,CPE2)-CPE3",
    "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3",
    "R0-p(R1,CPE1)-p(R2-W1,CPE2)",
    "p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)",
    "R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)",
    "p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)-CPE4",
};

/* Circuits whose scatter is within this factor of the least describe the spectrum about as well: what is left in between
 * may be a faulty point or a slightly wrong element. Analysers are right to some 0.1 %, cells and leads add to it: below the
 * second number (of |Z|) a residual is no reason to ask for more elements. */
static const double comparable = 2, accuracy = 2.5e-3;

/* The fastest three points or more have Z'' > 0. */
static bool is_inductive(const closo_spectrum *spectrum)
{
    size_t count = 0;
    while (count < spectrum->count && spectrum->imaginary_ohm[count] > 0)
        count++;
    return count >= 3 && 2 * count < spectrum->count;
}

/* The exponent of a CPE that has run to 1: an ideal capacitor. */
static bool is_capacitor(const closo_circuit_fit *fit, size_t k)
{
    const closo_fitted_parameter *p = &fit->parameters[k];
    return p->at_limit && p->value > 0.99 && fit->circuit->parameters[k].exponent &&
           strncmp(p->name, "CPE", 3) == 0;
}

/* Elements that the spectrum does not know at all. */
static const char *find_surplus(const closo_circuit_fit *fit, closo_arena *arena)
{
    size_t without = 0;
    for (size_t k = 0; k < fit->parameter_count; k++) {
        const closo_fitted_parameter *p = &fit->parameters[k];
        if (is_capacitor(fit, k))
            continue;
        if (p->at_limit)
            return closo_arena_printf(arena, "%s runs into its limit, at %.3g", p->name, p->value);
        without += !p->fixed && !p->tied && !isfinite(p->sigma);
        if (p->sigma > 5 * p->value)
            return closo_arena_printf(arena, "%s does not show in the spectrum", p->name);
    }
    return without != 0 ? "its parameters cannot be told apart" : "";
}

/* Parameters that are there, but not well known. */
static const char *find_weakness(const closo_circuit_fit *fit, closo_arena *arena)
{
    const size_t n = fit->parameter_count;
    for (size_t k = 0; k < n; k++) {
        const closo_fitted_parameter *p = &fit->parameters[k];
        if (p->sigma > 0.5 * p->value)
            return closo_arena_printf(arena, "%s is known to %.0f %% only", p->name,
                                      100 * p->sigma / p->value);
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            double r = fit->correlation[a * n + b];
            /* Q and n of one element go together by nature, the more the narrower the window. */
            bool pair =
                fit->circuit->parameters[a].exponent != fit->circuit->parameters[b].exponent;
            if (fabs(r) > (pair ? 0.999 : 0.98))
                return closo_arena_printf(arena, "%s and %s are correlated by %.3f",
                                          fit->parameters[a].name, fit->parameters[b].name, r);
        }
    for (size_t a = 0; a < fit->arc_count; a++)
        if (!fit->arcs[a].inside)
            return closo_arena_printf(arena,
                                      "the summit of the arc of %s, at %.3g Hz, was not measured",
                                      fit->arcs[a].name, fit->arcs[a].frequency_Hz.value);
    return "";
}

/* The worst that can be said of a fit by itself; misfits show beside the others only. */
static void judge(closo_circuit_candidate *candidate, closo_arena *arena)
{
    const closo_circuit_fit *fit = candidate->fit;
    candidate->verdict = CLOSO_CANDIDATE_SURPLUS;
    candidate->reason = find_surplus(fit, arena);
    if (candidate->reason == NULL || candidate->reason[0] != '\0')
        return;
    for (size_t k = 0; k < fit->parameter_count; k++)
        if (is_capacitor(fit, k)) {
            candidate->verdict = CLOSO_CANDIDATE_CAPACITOR;
            candidate->reason =
                closo_arena_printf(arena, "%s is 1: an ideal capacitor takes one parameter less",
                                   fit->parameters[k].name);
            return;
        }
    candidate->reason = find_weakness(fit, arena);
    if (candidate->reason != NULL)
        candidate->verdict =
            candidate->reason[0] != '\0' ? CLOSO_CANDIDATE_WEAK : CLOSO_CANDIDATE_SOUND;
}

/* The circuit with C1 in the place of each CPE1 whose exponent is 1. */
static const char *with_capacitors(const closo_circuit_candidate *candidate, closo_arena *arena)
{
    const closo_circuit_fit *fit = candidate->fit;
    char *text = closo_arena_text(arena, candidate->circuit);
    for (size_t k = 0; k < fit->parameter_count && text != NULL; k++) {
        const char *name = fit->parameters[k].name, *end = strchr(name, '_');
        if (!is_capacitor(fit, k) || end == NULL)
            continue;
        const size_t length = (size_t)(end - name);
        char *found = strstr(text, "CPE");
        while (found != NULL && (strncmp(found, name, length) != 0 ||
                                 (found[length] >= '0' && found[length] <= '9')))
            found = strstr(found + 1, "CPE");
        if (found != NULL)
            memmove(found + 1, found + 3, strlen(found + 3) + 1);
    }
    return text;
}

static int by_criterion(const void *one, const void *other)
{
    double a = ((const closo_circuit_candidate *)one)->criterion,
           b = ((const closo_circuit_candidate *)other)->criterion;
    return (a > b) - (a < b);
}

static closo_status fit_candidate(const char *text, const closo_spectrum *spectrum,
                                  const closo_circuit_choice_options *options, closo_arena *arena,
                                  closo_circuit_candidate *candidate, closo_error *error)
{
    closo_circuit *circuit = closo_arena_alloc(arena, 1, sizeof *circuit);
    if (circuit == NULL)
        return closo_fail_nomem(error);
    closo_status status = closo_circuit_parse(text, arena, circuit, error);
    if (status != CLOSO_OK)
        return status;
    closo_error why = {0};
    closo_circuit_fit *fit = NULL;
    status = closo_circuit_fit_spectrum(circuit, spectrum, &options->fit, arena, &fit, &why);
    candidate->circuit = closo_circuit_text(circuit, CLOSO_CIRCUIT_DASHES, arena);
    candidate->criterion = HUGE_VAL;
    if (status == CLOSO_NOMEM || candidate->circuit == NULL)
        return closo_fail_nomem(error);
    if (status == CLOSO_OK) {
        candidate->fit = fit;
        candidate->criterion = options->by_aicc ? fit->aicc : fit->bic;
        judge(candidate, arena);
    } else {
        candidate->verdict = CLOSO_CANDIDATE_FAILED;
        candidate->reason = closo_arena_text(arena, why.message);
    }
    if (candidate->reason == NULL)
        return closo_fail_nomem(error);
    candidate->rejected = candidate->verdict != CLOSO_CANDIDATE_SOUND;
    return CLOSO_OK;
}

/* Standard deviation of what is left, with the parameters paid for. */
static double scatter(const closo_circuit_candidate *candidate)
{
    return candidate->fit != NULL ? sqrt(candidate->fit->chi2_reduced) : HUGE_VAL;
}

static bool reject_misfits(closo_circuit_choice *choice, closo_weight weight, closo_arena *arena)
{
    const closo_circuit_candidate *best = &choice->candidates[0];
    for (size_t i = 1; i < choice->candidate_count; i++)
        if (scatter(&choice->candidates[i]) < scatter(best))
            best = &choice->candidates[i];
    const double least = scatter(best),
                 limit =
                     comparable * (weight == CLOSO_WEIGHT_MODULUS ? fmax(least, accuracy) : least);
    for (size_t i = 0; i < choice->candidate_count; i++) {
        closo_circuit_candidate *candidate = &choice->candidates[i];
        if (candidate->fit == NULL || scatter(candidate) <= limit)
            continue;
        candidate->verdict = CLOSO_CANDIDATE_MISFIT;
        candidate->rejected = true;
        candidate->reason =
            closo_arena_printf(arena, "it does not fit: %.2g times the residual of %s",
                               scatter(candidate) / least, best->circuit);
        if (candidate->reason == NULL)
            return false;
    }
    return true;
}

/* The lowest criterion of those that are sound; else, as a doubtful parameter says that the circuit has rather too many,
 * the simplest of those that fit. */
static size_t pick(const closo_circuit_choice *choice)
{
    static const closo_candidate_verdict order[] = {CLOSO_CANDIDATE_SOUND, CLOSO_CANDIDATE_WEAK,
                                                    CLOSO_CANDIDATE_CAPACITOR,
                                                    CLOSO_CANDIDATE_SURPLUS};
    for (size_t o = 0; o < sizeof order / sizeof *order; o++) {
        const closo_circuit_candidate *found = NULL;
        for (size_t i = 0; i < choice->candidate_count; i++) {
            const closo_circuit_candidate *candidate = &choice->candidates[i];
            if (candidate->verdict == order[o] &&
                (found == NULL || (o != 0 && candidate->fit->free_count < found->fit->free_count)))
                found = candidate;
        }
        if (found != NULL)
            return (size_t)(found - choice->candidates);
    }
    return 0;
}

static void explain(closo_circuit_choice *choice, closo_arena *arena)
{
    closo_circuit_candidate *list = choice->candidates, *best = &list[choice->chosen];
    if (best->rejected)
        closo_notes_add(&choice->notes, arena,
                        "%s is shown as no circuit without such a flaw fits as well: %s",
                        best->circuit, best->reason);
    best->rejected = false;
    for (size_t i = 0; i < choice->candidate_count; i++)
        if (list[i].verdict == CLOSO_CANDIDATE_CAPACITOR) {
            const char *twin = with_capacitors(&list[i], arena);
            if (twin != NULL && strcmp(twin, best->circuit) == 0)
                closo_notes_add(&choice->notes, arena,
                                "an ideal capacitor stands where the exponent of a CPE is 1");
        }
    if (best->criterion > 10)
        closo_notes_add(&choice->notes, arena, "%s fits better by %.0f, but was rejected: %s",
                        list[0].circuit, best->criterion, list[0].reason);
    for (size_t i = choice->chosen + 1; i < choice->candidate_count; i++)
        if (!list[i].rejected && list[i].criterion < best->criterion + 6)
            closo_notes_add(&choice->notes, arena, "%s is nearly as good (+%.1f)", list[i].circuit,
                            list[i].criterion - best->criterion);
}

static closo_status conclude(closo_circuit_choice *choice, closo_weight weight, closo_arena *arena,
                             closo_error *error)
{
    const size_t count = choice->candidate_count;
    closo_circuit_candidate *list = choice->candidates;
    if (count != 0)
        qsort(list, count, sizeof *list, by_criterion);
    if (count == 0 || list[0].fit == NULL)
        return closo_fail(error, CLOSO_NOCONVERGE, "none of the %zu circuits could be fitted%s%s",
                          count, count != 0 ? ": " : "", count != 0 ? list[0].reason : "");
    const double lowest = list[0].criterion;
    for (size_t i = 0; i < count; i++)
        list[i].criterion -= lowest;
    if (!reject_misfits(choice, weight, arena))
        return closo_fail_nomem(error);
    choice->chosen = pick(choice);
    explain(choice, arena);
    return CLOSO_OK;
}

/* Fits what the exponents of 1 ask for, unless it is among the candidates. */
static closo_status add_twins(const closo_spectrum *spectrum,
                              const closo_circuit_choice_options *options, size_t capacity,
                              closo_arena *arena, closo_circuit_choice *choice, closo_error *error)
{
    closo_circuit_candidate *list = choice->candidates;
    for (size_t i = 0; i < choice->candidate_count && choice->candidate_count < capacity; i++) {
        if (list[i].verdict != CLOSO_CANDIDATE_CAPACITOR)
            continue;
        const char *text = with_capacitors(&list[i], arena);
        if (text == NULL)
            return closo_fail_nomem(error);
        bool there = false;
        for (size_t c = 0; c < choice->candidate_count; c++)
            there = there || strcmp(list[c].circuit, text) == 0;
        if (there)
            continue;
        closo_status status =
            fit_candidate(text, spectrum, options, arena, &list[choice->candidate_count], error);
        if (status != CLOSO_OK)
            return status;
        choice->candidate_count++;
    }
    return CLOSO_OK;
}

closo_status closo_circuit_choose(const closo_spectrum *spectrum, const char *const *candidates,
                                  const closo_circuit_choice_options *options, closo_arena *arena,
                                  closo_circuit_choice **choice, closo_error *error)
{
    static const closo_circuit_choice_options none = {0};
    options = options != NULL ? options : &none;
    const bool own = candidates == NULL, coil = own && is_inductive(spectrum);
    const size_t count = own ? sizeof usual / sizeof *usual : options->candidate_count;
    *choice = closo_arena_alloc(arena, 1, sizeof **choice);
    if (*choice != NULL)
        (*choice)->candidates = closo_arena_alloc(arena, 2 * count, sizeof *(*choice)->candidates);
    if (*choice == NULL || (*choice)->candidates == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count; i++) {
        const char *text = own ? usual[i] : candidates[i];
        if (coil)
            text = closo_arena_printf(arena, "L1-%s", text);
        if (text == NULL)
            return closo_fail_nomem(error);
        closo_status status =
            fit_candidate(text, spectrum, options, arena,
                          &(*choice)->candidates[(*choice)->candidate_count], error);
        if (status != CLOSO_OK)
            return status;
        (*choice)->candidate_count++;
    }
    closo_status status = add_twins(spectrum, options, 2 * count, arena, *choice, error);
    return status == CLOSO_OK ? conclude(*choice, options->fit.weight, arena, error) : status;
}
