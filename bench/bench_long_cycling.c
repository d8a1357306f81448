/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_long_cycling.c [FOLDER]: the long tests of chapter 5 (R. Asakura et al., Energy Environ. Sci. 13 (2020) 5048,
 * doi:10.1039/d0ee01569e), examples/cells/chapter5-long-*.yaml, every cycle of them, read from the simulated table by the
 * analysis of cycles, each number beside the paper's. Too long for a test. */
#include "closo/cell.h"
#include "closo/cycling.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const closo_cycling *simulate(const char *folder, const char *name, closo_arena *arena)
{
    closo_error error = {0};
    closo_cell_file *file;
    closo_simulation *made;
    closo_cycling *cycling;
    char path[1024];
    snprintf(path, sizeof path, "%s/chapter5-%s.yaml", folder, name);
    /* errors add up over the cycles: with the default of 1e-4 the capacity at cycle 800 is 0.1 % off */
    const closo_simulation_options fine = {.relative_tolerance = 1e-5};
    clock_t begun = clock();
    if (closo_cell_load(path, arena, &file, &error) != CLOSO_OK ||
        closo_cell_simulate(&file->cell, &file->experiment, &fine, NULL, arena, &made, &error) !=
            CLOSO_OK) {
        fprintf(stderr, "%s: %s\n", path, error.message);
        exit(1);
    }
    double passed_s = (double)(clock() - begun) / CLOCKS_PER_SEC;
    const closo_cycling_options options = {.role = CLOSO_ROLE_CATHODE,
                                           .mass_kg = file->active_kg_per_m2 * file->cell.area_m2,
                                           .capacity_C =
                                               file->capacity_C_per_m2 * file->cell.area_m2};
    if (closo_cycling_from_table(made->table, &options, arena, &cycling, &error) != CLOSO_OK) {
        fprintf(stderr, "%s: %s\n", path, error.message);
        exit(1);
    }
    printf("\n%s: %zu cycles, %zu nodes, %.1f s of processor, %zu steps, %zu Jacobians\n", name,
           cycling->cycle_count, file->cell.node_count, passed_s, made->statistics.steps,
           made->statistics.jacobians);
    return cycling;
}

static void line(const char *what, double paper, double tolerance, double value)
{
    printf("  %-52s %8.5g +- %-4.2g %8.4g %s\n", what, paper, tolerance, value,
           fabs(value - paper) <= tolerance ? "" : "MISSED");
}

static double discharge(const closo_cycling *of, int cycle)
{
    return of->cycles[cycle - 1].discharge_C / of->mass_kg / 3600;
}

static double gap_mV(const closo_cycle *cycle)
{
    return 1e3 * (cycle->mean_charge_V - cycle->mean_discharge_V);
}

/* Counted from the first cycle of formation, as in Fig. 4; retention against the first at C/5, which is the third. */
enum { FIRST = 3 };

static double retention_pct(const closo_cycling *of, int cycle)
{
    return 100 * discharge(of, cycle) / discharge(of, FIRST);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "examples/cells";
    closo_arena *arena = closo_arena_new(0);
    printf("%-54s %8s    %8s %8s\n", "", "paper", "", "simulated");
    const closo_cycling *low = simulate(folder, "long-415", arena);
    line("4.15 V: capacity at cycle 400 / %", 91, 2, retention_pct(low, 400));
    line("4.15 V: capacity at cycle 800 / %", 78, 3, retention_pct(low, 800));
    line("4.15 V: energy efficiency at cycle 400 / %", 94.5, 1,
         100 * low->cycles[399].energy_efficiency);
    line("4.15 V: energy efficiency at cycle 800 / %", 92, 1,
         100 * low->cycles[799].energy_efficiency);
    line("4.15 V: energy at cycle 400 / %", 89, 2,
         100 * low->cycles[399].discharge_J / low->cycles[FIRST - 1].discharge_J);
    line("4.15 V: energy at cycle 800 / %", 76, 3,
         100 * low->cycles[799].discharge_J / low->cycles[FIRST - 1].discharge_J);
    line("4.15 V: efficiency at cycle 400, above 99.8 / %", 99.9, 0.1,
         100 * low->cycles[399].coulombic_efficiency);
    line("4.15 V: charge less discharge at cycle 800 / mV", 300, 60, gap_mV(&low->cycles[799]));
    const closo_cycling *high = simulate(folder, "long-430", arena);
    line("4.30 V: capacity at cycle 160 / %", 44, 5, retention_pct(high, 160));
    line("4.30 V: energy at cycle 160 / %", 38, 5,
         100 * high->cycles[159].discharge_J / high->cycles[FIRST - 1].discharge_J);
    line("4.30 V: charge less discharge at 160, above 500 / mV", 750, 250,
         gap_mV(&high->cycles[159]));
    line("4.30 V: efficiency at cycle 100, above 99.7 / %", 99.85, 0.15,
         100 * high->cycles[99].coulombic_efficiency);
    const closo_cycling *rate = simulate(folder, "long-rate", arena);
    size_t last = rate->cycle_count - 1;
    line("rate test, then 150 cycles at C/5 / (mAh/g)", 97, 3,
         rate->cycles[last].discharge_C / rate->mass_kg / 3600);
    closo_arena_free(arena);
    return 0;
}
