/* SPDX-License-Identifier: BSD-3-Clause */
/* merit_targets.c: the research targets of data/targets.csv, and how a figure stands against its own. */
#include "merit_internal.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *key;
    int sense;
    double value; /* in the key's unit */
    size_t cycles;
} built_in[] = {
#define TARGET(key, sense, value, cycles) {key, sense, value, cycles},
#include "targets_table.inc"
#undef TARGET
};
_Static_assert(sizeof built_in / sizeof *built_in <= CLOSO_MERIT_TARGETS,
               "data/targets.csv has more rows than a cell has room for");

void closo_merit_default_targets(closo_merit_cell *cell)
{
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
        for (int k = 0; k < CLOSO_MERIT_COUNT; k++)
            if (strcmp(built_in[i].key, closo_merit_figure_name((closo_merit_figure)k).key) == 0)
                cell->targets[cell->target_count++] = (closo_merit_target){
                    .figure = k,
                    .sense = built_in[i].sense,
                    .value = built_in[i].value /
                             closo_merit_figure_name((closo_merit_figure)k).key_factor,
                    .cycles = built_in[i].cycles};
}

static closo_merit_verdict judge(closo_value figure, const closo_merit_target *target,
                                 size_t cycles, double *factor)
{
    double above = target->sense * (figure.value - target->value);
    *factor = target->sense > 0 ? target->value / figure.value : figure.value / target->value;
    *factor = fmax(*factor, 1);
    if (figure.sigma > 0 && fabs(above) < figure.sigma)
        return CLOSO_MERIT_WITHIN_SIGMA;
    if (above < 0)
        return CLOSO_MERIT_NOT_MET;
    return cycles < target->cycles ? CLOSO_MERIT_NOT_SHOWN : CLOSO_MERIT_MET;
}

void closo_merit_judge(closo_merit *merit)
{
    const closo_merit_cell *cell = merit->cell;
    for (size_t k = 0; k < CLOSO_MERIT_COUNT; k++)
        merit->factors[k] = NAN;
    for (size_t i = 0; i < cell->target_count; i++) {
        const closo_merit_target *target = &cell->targets[i];
        merit->targets[target->figure] = target;
        if (!isnan(merit->figures[target->figure].value))
            merit->verdicts[target->figure] =
                judge(merit->figures[target->figure], target, cell->result.retention_cycles,
                      &merit->factors[target->figure]);
    }
}
