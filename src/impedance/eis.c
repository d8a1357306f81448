/* SPDX-License-Identifier: BSD-3-Clause */
/* eis.c: spectra in, circuit, parameters and their errors out. */
#include "impedance/fit_internal.h"

#include <math.h>
#include <string.h>

/* ---- one circuit for all spectra ---- */

typedef struct tally {
    const char *circuit;
    double criterion;
    size_t seen, doubtful, misfits, free_count;
} tally;

static tally *tally_of(tally *list, size_t *count, const char *circuit)
{
    for (size_t c = 0; c < *count; c++)
        if (strcmp(list[c].circuit, circuit) == 0)
            return &list[c];
    list[*count].circuit = circuit;
    return &list[(*count)++];
}

/* Counts over all spectra. An exponent of 1 speaks against no circuit here: it may be less in the next spectrum. */
static tally *count_all(const closo_eis *eis, size_t *count, closo_arena *arena)
{
    size_t most = 0;
    for (size_t s = 0; s < eis->spectrum_count; s++)
        most += eis->choices[s]->candidate_count;
    tally *list = closo_arena_alloc(arena, most, sizeof *list);
    *count = 0;
    for (size_t s = 0; s < eis->spectrum_count && list != NULL; s++)
        for (size_t i = 0; i < eis->choices[s]->candidate_count; i++) {
            const closo_circuit_candidate *candidate = &eis->choices[s]->candidates[i];
            tally *one = tally_of(list, count, candidate->circuit);
            one->criterion += candidate->criterion;
            one->seen += candidate->fit != NULL;
            one->misfits += candidate->verdict == CLOSO_CANDIDATE_MISFIT;
            one->doubtful += candidate->verdict == CLOSO_CANDIDATE_WEAK ||
                             candidate->verdict == CLOSO_CANDIDATE_SURPLUS;
            if (candidate->fit != NULL)
                one->free_count = candidate->fit->free_count;
        }
    return list;
}

/* Of the circuits that fit all spectra but a third at most: the lowest sum of the criterion where a third at most finds
 * doubtful parameters; else the simplest. When none fits so many, the lowest sum of all. */
static const char *choose_for_all(closo_eis *eis, closo_arena *arena)
{
    size_t count = 0;
    const size_t spectra = eis->spectrum_count;
    const tally *list = count_all(eis, &count, arena), *best = NULL;
    int step = 0;
    for (; step < 3 && best == NULL; step++)
        for (size_t c = 0; c < count && list != NULL; c++) {
            const tally *one = &list[c];
            bool fits = step == 2 || 3 * one->misfits <= spectra,
                 sound = step >= 1 || 3 * one->doubtful <= spectra;
            if (one->seen != spectra || !isfinite(one->criterion) || !fits || !sound)
                continue;
            bool simpler = best != NULL && one->free_count < best->free_count,
                 same = best == NULL || one->free_count == best->free_count,
                 lower = best == NULL || one->criterion < best->criterion;
            if (step == 1 ? simpler || (same && lower) : lower)
                best = one;
        }
    if (best == NULL)
        return NULL;
    if (step == 2)
        closo_notes_add(&eis->notes, arena,
                        "%s is taken as no circuit with well-known parameters fits all spectra",
                        best->circuit);
    if (step == 3)
        closo_notes_add(&eis->notes, arena,
                        "no circuit fits two thirds of the spectra; %s is the best of them: give "
                        "another with --circuit",
                        best->circuit);
    return best->circuit;
}

/* What the choices of single spectra have against the circuit that all of them get. */
static void note_choices(closo_eis *eis, const char *circuit, closo_arena *arena)
{
    for (size_t s = 0; s < eis->spectrum_count; s++)
        for (size_t i = 0; i < eis->choices[s]->candidate_count; i++) {
            const closo_circuit_candidate *candidate = &eis->choices[s]->candidates[i];
            if (strcmp(candidate->circuit, circuit) == 0 && candidate->reason[0] != '\0')
                closo_notes_add(&eis->notes, arena, "%s, '%.60s': %s", circuit,
                                eis->spectra[s].name != NULL ? eis->spectra[s].name : "spectrum",
                                candidate->reason);
        }
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
    const char *text = eis->choices[0]->candidates[eis->choices[0]->chosen].circuit;
    if (eis->spectrum_count == 1) {
        eis->notes = eis->choices[0]->notes;
    } else {
        text = choose_for_all(eis, arena);
        if (text == NULL)
            return closo_fail(error, CLOSO_NOCONVERGE, "no circuit could be fitted to all spectra");
        note_choices(eis, text, arena);
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

/* The best of the circuits that were tried may still be no good one: the noise is known without any circuit. */
static void warn_of_misfit(closo_circuit_fit *fit, const closo_kk_result *kk, closo_weight weight,
                           closo_arena *arena)
{
    if (weight == CLOSO_WEIGHT_MODULUS && fit->residual_rms > 0.01 &&
        fit->residual_rms > 5 * kk->noise)
        closo_notes_add(&fit->notes, arena,
                        "the residual is %.2g %%, the noise %.2g %%: the circuit that was chosen "
                        "does not describe the spectrum; give another with --circuit",
                        100 * fit->residual_rms, 100 * kk->noise);
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
        else if (made->choices != NULL && made->kk[s].count != 0)
            warn_of_misfit(made->fits[s], &made->kk[s], options->fit.weight, arena);
    }
    return status;
}
