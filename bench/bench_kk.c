/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_kk FOLDER: time of closo_kramers_kronig() a spectrum, all its tests included. Writes the spectra for the peers,
 * prints a line of JSON. */
#include "impedance_spectra.h"

enum { REPEATS = 40 };

int main(int count, char **words)
{
    static bench_spectrum made[SPECTRA];
    double ms[SPECTRA], residual[SPECTRA];
    if (count != 2 || !bench_spectra_make(words[1], made)) {
        fputs("usage: bench_kk FOLDER\n", stderr);
        return 2;
    }
    int alarms = 0;
    for (int s = 0; s < SPECTRA; s++) {
        closo_spectrum spectrum = bench_spectrum_view(&made[s]);
        closo_kk_result result = {0};
        double start_ms = processor_ms();
        for (int k = 0; k < REPEATS; k++) {
            closo_arena *arena = closo_arena_new(0);
            if (closo_kramers_kronig(&spectrum, NULL, arena, &result, NULL) != CLOSO_OK)
                return 1;
            closo_arena_free(arena);
        }
        ms[s] = (processor_ms() - start_ms) / REPEATS;
        residual[s] = 100 * result.residual_rms;
        alarms += result.verdict == CLOSO_KK_INCONSISTENT;
    }
    printf("{\"program\": \"closo\", \"task\": \"kk\", \"way\": \"closo kk, with all tests\", "
           "\"ms\": %.5f, \"figure\": \"residual %.3f %%, %d alarms of %d\"}\n",
           median_of(ms, SPECTRA), median_of(residual, SPECTRA), alarms, SPECTRA);
    return 0;
}
