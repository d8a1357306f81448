/* SPDX-License-Identifier: BSD-3-Clause */
/* eis.c: spectra in, circuit, parameters and their errors out. */
#include "impedance/fit_internal.h"

#include <math.h>
#include <string.h>

/* ---- one circuit for all spectra ---- */

typedef struct tally {
    const char *circuit;
    double criterion;
    size_t rejected;
} tally;

/* The circuit with the lowest sum of the criterion over all spectra among those that a third of them rejects at most;
 * without such a one, the lowest of all. */
static const char *choose_for_all(const closo_eis *eis, closo_arena *passing)
{
    const size_t count = eis->choices[0]->candidate_count;
    tally *list = closo_arena_alloc(passing, count, sizeof *list);
    const tally *best = NULL;
    if (list == NULL)
        return NULL;
    for (size_t c = 0; c < count; c++)
        list[c].circuit = eis->choices[0]->candidates[c].circuit;
    for (size_t s = 0; s < eis->spectrum_count; s++)
        for (size_t i = 0; i < eis->choices[s]->candidate_count; i++) {
            const closo_circuit_candidate *candidate = &eis->choices[s]->candidates[i];
            for (size_t c = 0; c < count; c++)
                if (strcmp(list[c].circuit, candidate->circuit) == 0) {
                    list[c].criterion += candidate->criterion;
                    list[c].rejected += candidate->rejected;
                }
        }
    for (int strict = 1; strict >= 0 && best == NULL; strict--)
        for (size_t c = 0; c < count; c++) {
            bool allowed = strict == 0 || 3 * list[c].rejected <= eis->spectrum_count;
            if (allowed && isfinite(list[c].criterion) &&
                (best == NULL || list[c].criterion < best->criterion))
                best = &list[c];
        }
    return best != NULL ? best->circuit : NULL;
}

static closo_status choose(closo_eis *eis, const closo_eis_options *options, closo_arena *arena,
                           closo_error *error)
{
    const closo_circuit_choice_options how = {.fit = options->fit};
    eis->choices = closo_arena_alloc(arena, eis->spectrum_count, sizeof *eis->choices);
    if (eis->choices == NULL)
        return closo_fail_nomem(error);
    for (size_t s = 0; s < eis->spectrum_count; s++) {
        closo_status status =
            closo_circuit_choose(&eis->spectra[s], NULL, &how, arena, &eis->choices[s], error);
        if (status != CLOSO_OK)
            return closo_error_in_file(error, status, eis->spectra[s].name);
    }
    const char *text = choose_for_all(eis, arena);
    if (text == NULL)
        return closo_fail(error, CLOSO_NOCONVERGE, "no circuit could be fitted to all spectra");
    if (eis->spectrum_count == 1) {
        text = eis->choices[0]->candidates[eis->choices[0]->chosen].circuit;
        eis->notes = eis->choices[0]->notes;
    }
    return closo_circuit_parse(text, arena, eis->circuit, error);
}

/* ---- "R1 arrhenius, Q1 shared" ---- */

static closo_status read_law(closo_span text, closo_arena *arena, closo_law_of *law,
                             closo_error *error)
{
    static const struct {
        const char *word;
        closo_law law;
    } words[] = {{"shared", CLOSO_LAW_SHARED},
                 {"arrhenius", CLOSO_LAW_ARRHENIUS},
                 {"sqrt-time", CLOSO_LAW_SQRT_TIME}};
    closo_span name;
    text = closo_span_trim(text);
    (void)closo_span_field(&text, ' ', &name);
    closo_span word = text.start != NULL ? closo_span_trim(text) : (closo_span){"", 0};
    law->parameter = closo_arena_text_n(arena, name.start, name.length);
    if (law->parameter == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (closo_span_equals_nocase(word, words[i].word)) {
            law->law = words[i].law;
            return CLOSO_OK;
        }
    return closo_fail(error, CLOSO_FORMAT,
                      "'%.*s' is no law; write such as 'R1 arrhenius, CPE1_Q shared, R2 sqrt-time'",
                      (int)(word.length < 40 ? word.length : 40), word.start);
}

static closo_status fit_laws(closo_eis *eis, const closo_eis_options *options, closo_arena *arena,
                             closo_error *error)
{
    closo_law_of *laws = NULL;
    size_t count = 0, capacity = 0;
    closo_span rest = closo_span_of(options->laws), field;
    while (closo_span_field(&rest, ',', &field)) {
        closo_law_of law;
        closo_status status = read_law(field, arena, &law, error);
        if (status != CLOSO_OK)
            return status;
        laws = closo_arena_grow(arena, laws, count, &capacity, sizeof *laws);
        if (laws == NULL)
            return closo_fail_nomem(error);
        laws[count++] = law;
    }
    const closo_circuit_series series = {eis->spectra, eis->spectrum_count, laws, count};
    closo_status status =
        closo_circuit_fit_global(eis->circuit, &series, &options->fit, arena, &eis->global, error);
    if (status == CLOSO_OK)
        eis->fits = eis->global->fits;
    return status;
}

static closo_status fit_all(closo_eis *eis, const closo_eis_options *options, closo_arena *arena,
                            closo_error *error)
{
    closo_status status = options->circuit != NULL
                              ? closo_circuit_parse(options->circuit, arena, eis->circuit, error)
                              : choose(eis, options, arena, error);
    if (status != CLOSO_OK)
        return status;
    if (options->laws != NULL)
        return fit_laws(eis, options, arena, error);
    const closo_circuit_series series = {.spectra = eis->spectra,
                                         .spectrum_count = eis->spectrum_count};
    return closo_circuit_fit_series(eis->circuit, &series, &options->fit, arena, &eis->fits, error);
}

closo_status closo_eis_analyse(const closo_spectrum *spectra, size_t count,
                               const closo_eis_options *options, closo_arena *arena,
                               closo_eis **eis, closo_error *error)
{
    static const closo_eis_options none = {0};
    options = options != NULL ? options : &none;
    if (count == 0)
        return closo_fail(error, CLOSO_RANGE, "there is no spectrum to fit");
    closo_eis *made = *eis = closo_arena_alloc(arena, 1, sizeof **eis);
    if (made == NULL)
        return closo_fail_nomem(error);
    made->spectra = spectra;
    made->spectrum_count = count;
    made->circuit = closo_arena_alloc(arena, 1, sizeof *made->circuit);
    made->kk = closo_arena_alloc(arena, count, sizeof *made->kk);
    if (made->circuit == NULL || made->kk == NULL)
        return closo_fail_nomem(error);
    closo_status status = fit_all(made, options, arena, error);
    for (size_t s = 0; s < count && status == CLOSO_OK; s++) {
        const closo_kk_options usual = {0};
        closo_error why = {0};
        if (closo_kramers_kronig(&spectra[s], &usual, arena, &made->kk[s], &why) != CLOSO_OK)
            made->kk[s] = (closo_kk_result){0};
        else if (made->kk[s].verdict == CLOSO_KK_INCONSISTENT)
            closo_notes_add(&made->fits[s]->notes, arena, "Kramers-Kronig: %s",
                            made->kk[s].sentence);
    }
    return status;
}
