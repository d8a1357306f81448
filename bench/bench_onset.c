/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_onset.c: time of closo_onset_find() against the number of points. Sweeps are synthetic (the recipe is here, so
 * that the bench needs no file). Prints the least of five runs, and how the time grows from line to line. */
#include "closo/numeric.h"
#include "closo/voltammetry.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

static double now_ms(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* A background, a corner at 2.75 V, noise of 2 % of the last current. */
static closo_voltammogram *make_sweep(size_t count, closo_arena *arena)
{
    closo_voltammogram *made = closo_arena_alloc(arena, 1, sizeof *made);
    closo_sweep *leg = closo_arena_alloc(arena, 1, sizeof *leg);
    double *time_s = closo_arena_alloc(arena, count, sizeof(double));
    double *potential_V = closo_arena_alloc(arena, count, sizeof(double));
    double *current_A = closo_arena_alloc(arena, count, sizeof(double));
    if (made == NULL || leg == NULL || time_s == NULL || potential_V == NULL || current_A == NULL)
        return NULL;
    closo_random random;
    closo_random_seed(&random, 1);
    for (size_t i = 0; i < count; i++) {
        double along_V = 2.5 * (double)i / (double)(count - 1);
        potential_V[i] = 1.5 + along_V;
        time_s[i] = along_V / 1e-5;
        current_A[i] =
            1e-7 + 0.8e-6 * fmax(along_V - 1.25, 0) + 2e-8 * closo_random_normal(&random);
    }
    made->trace = (closo_trace){
        .row_count = count, .time_s = time_s, .potential_V = potential_V, .current_A = current_A};
    *leg = (closo_sweep){.kind = CLOSO_LEG_SWEEP,
                         .direction = 1,
                         .row_count = count,
                         .from_V = 1.5,
                         .to_V = 4,
                         .rate_V_per_s = 1e-5,
                         .duration_s = 250e3};
    made->sweeps = leg;
    made->sweep_count = 1;
    return made;
}

int main(void)
{
    static const size_t counts[] = {200, 400, 1000, 2000, 20000, 200000, 2000000};
    double before_ms = 0;
    size_t before = 0;
    printf("closo_onset_find: points, ms, time ~ points^p since the line before, onset/V\n");
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        closo_arena *arena = closo_arena_new(0);
        closo_voltammogram *voltammogram = make_sweep(counts[c], arena);
        double least_ms = INFINITY, onset_V = NAN;
        for (int run = 0; run < 5 && voltammogram != NULL; run++) {
            closo_arena *results = closo_arena_new(0);
            closo_onset_result result;
            double start_ms = now_ms();
            closo_status status = closo_onset_find(voltammogram, 0, NULL, results, &result, NULL);
            least_ms = fmin(least_ms, now_ms() - start_ms);
            if (status == CLOSO_OK && result.onset_count != 0)
                onset_V = result.onsets[0].potential_V.value;
            closo_arena_free(results);
        }
        double power = before == 0
                           ? (double)NAN
                           : log(least_ms / before_ms) / log((double)counts[c] / (double)before);
        printf("%8zu %9.2f %6.2f %8.4f\n", counts[c], least_ms, power, onset_V);
        before = counts[c];
        before_ms = least_ms;
        closo_arena_free(arena);
    }
    return 0;
}
