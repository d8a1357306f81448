/* SPDX-License-Identifier: BSD-3-Clause */
/* choose.c: which circuit a spectrum supports. An information criterion says which one fits best for its number of
 * parameters; it does not say that the parameters mean something, so those that do not are rejected with the reason. */
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

/* The fastest three points or more have Z'' > 0. */
static bool is_inductive(const closo_spectrum *spectrum)
{
    size_t count = 0;
    while (count < spectrum->count && spectrum->imaginary_ohm[count] > 0)
        count++;
    return count >= 3 && 2 * count < spectrum->count;
}

static const char *find_reason(const closo_circuit_fit *fit, closo_arena *arena)
{
    const size_t n = fit->parameter_count;
    size_t without = 0;
    for (size_t k = 0; k < n; k++) {
        const closo_fitted_parameter *p = &fit->parameters[k];
        if (p->at_limit)
            return closo_arena_printf(arena, "%s runs into its limit, at %.3g", p->name, p->value);
        without += !p->fixed && !p->tied && !isfinite(p->sigma);
        if (p->sigma > 5 * p->value)
            return closo_arena_printf(arena, "%s does not show in the spectrum", p->name);
        if (p->sigma > 0.5 * p->value)
            return closo_arena_printf(arena, "%s is known to %.0f %% only", p->name,
                                      100 * p->sigma / p->value);
    }
    if (without != 0)
        return "its parameters cannot be told apart";
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
        candidate->reason = find_reason(fit, arena);
    } else {
        candidate->reason = closo_arena_text(arena, why.message);
    }
    if (candidate->reason == NULL)
        return closo_fail_nomem(error);
    candidate->rejected = candidate->reason[0] != '\0';
    return CLOSO_OK;
}

static closo_status conclude(closo_circuit_choice *choice, closo_arena *arena, closo_error *error)
{
    const size_t count = choice->candidate_count;
    closo_circuit_candidate *list = choice->candidates;
    qsort(list, count, sizeof *list, by_criterion);
    if (count == 0 || list[0].fit == NULL)
        return closo_fail(error, CLOSO_NOCONVERGE, "none of the %zu circuits could be fitted%s%s",
                          count, count != 0 ? ": " : "", count != 0 ? list[0].reason : "");
    const double lowest = list[0].criterion;
    for (size_t i = 0; i < count; i++)
        list[i].criterion -= lowest;
    while (choice->chosen < count && list[choice->chosen].rejected)
        choice->chosen++;
    if (choice->chosen == count) {
        choice->chosen = 0;
        closo_notes_add(&choice->notes, arena,
                        "every circuit was rejected; the best fit is shown, but its parameters are "
                        "not all known");
        return CLOSO_OK;
    }
    const closo_circuit_candidate *best = &list[choice->chosen];
    if (best->criterion > 10)
        closo_notes_add(&choice->notes, arena, "%s fits better by %.0f, but was rejected: %s",
                        list[0].circuit, best->criterion, list[0].reason);
    for (size_t i = choice->chosen + 1; i < count; i++)
        if (!list[i].rejected && list[i].criterion < best->criterion + 6)
            closo_notes_add(&choice->notes, arena, "%s is nearly as good (+%.1f)", list[i].circuit,
                            list[i].criterion - best->criterion);
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
    return conclude(*choice, arena, error);
}
