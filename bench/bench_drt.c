/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_drt FOLDER: time of closo_drt_make() a spectrum, by criterion. Writes the spectra for the peers, prints lines of
 * JSON. Right: both resistances within 5 % of what was put in. */
#include "impedance_spectra.h"

enum { REPEATS = 16 };

/* How many of the two arcs a peak's resistance comes within 5 % of. */
static int count_right(const bench_spectrum *made, const closo_drt *drt)
{
    int right = 0;
    for (int arc = 0; arc < 2; arc++) {
        bool found = false;
        for (size_t p = 0; p < drt->peak_count; p++)
            found =
                found || (fabs(log(drt->peaks[p].tau_s.value / made->tau_s[arc])) < 0.7 &&
                          fabs(drt->peaks[p].resistance_ohm.value / made->arc_ohm[arc] - 1) < 0.05);
        right += found;
    }
    return right;
}

typedef struct bench_way {
    const char *name;
    closo_drt_options options;
} bench_way;

/* The first three do all that a user gets. The others do what the peers do: no arcs, no errors of peaks; TR-NNLS fits one
 * part alone. */
static const bench_way ways[] = {
    {"closo drt, modified GCV, arcs with sigma", {.criterion = CLOSO_DRT_MODIFIED_GCV}},
    {"closo drt, GCV, arcs with sigma", {.criterion = CLOSO_DRT_GCV}},
    {"closo drt, re-im, arcs with sigma", {.criterion = CLOSO_DRT_CROSS_VALIDATION}},
    {"closo drt --no-arcs --criterion gcv", {.criterion = CLOSO_DRT_GCV, .no_arcs = true}},
    {"closo drt --no-arcs --only real", {.part = CLOSO_DRT_REAL, .no_arcs = true}},
    {"closo drt --no-arcs --only real --lambda 1e-4",
     {.part = CLOSO_DRT_REAL, .no_arcs = true, .lambda = 1e-4}},
};

/* Median over the spectra of the processor time of one distribution. */
static bool measure(const bench_way *way, const bench_spectrum *made)
{
    double ms[SPECTRA];
    int right = 0;
    for (int s = 0; s < SPECTRA; s++) {
        closo_spectrum spectrum = bench_spectrum_view(&made[s]);
        double start_ms = processor_ms();
        for (int k = 0; k < REPEATS; k++) {
            closo_arena *arena = closo_arena_new(0);
            closo_drt drt;
            if (closo_drt_make(&spectrum, &way->options, arena, &drt, NULL) != CLOSO_OK)
                return false;
            right += k == 0 ? count_right(&made[s], &drt) : 0;
            closo_arena_free(arena);
        }
        ms[s] = (processor_ms() - start_ms) / REPEATS;
    }
    printf("{\"program\": \"closo\", \"task\": \"drt\", \"way\": \"%s\", \"ms\": %.5f, "
           "\"figure\": \"%d of %d resistances within 5 %%\"}\n",
           way->name, median_of(ms, SPECTRA), right, 2 * SPECTRA);
    return true;
}

int main(int count, char **words)
{
    static bench_spectrum made[SPECTRA];
    if (count != 2 || !bench_spectra_make(words[1], made)) {
        fputs("usage: bench_drt FOLDER\n", stderr);
        return 2;
    }
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++)
        if (!measure(&ways[w], made))
            return 1;
    return 0;
}
