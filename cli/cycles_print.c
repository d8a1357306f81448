/* SPDX-License-Identifier: BSD-3-Clause */
/* cycles_print.c: what closo cycles says about many cycles together, for people. */
#include "cycles_print.h"

#include "cli.h"

#include "closo/report.h"

#include <math.h>
#include <stdio.h>

enum { GROUPS_SHOWN = 30 };

void cycles_print_value(const char *what, closo_value value, const char *unit)
{
    char text[128];
    if (isfinite(value.value))
        printf("  %-34s %s\n", what, closo_value_text(value, unit, text, sizeof text));
}

static closo_value scaled(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * factor};
}

static void print_knee(const closo_cycling_analyses *analyses)
{
    const closo_knee *knee = &analyses->knee;
    if (!analyses->has_knee)
        return;
    if (knee->kind == CLOSO_KNEE_NONE) {
        printf("  no knee: the retention follows a %s as well\n", closo_fade_law_name(knee->law));
        return;
    }
    cycles_print_value(knee->kind == CLOSO_KNEE_FASTER ? "knee: bends down at cycle"
                                                       : "fade slows down at cycle",
                       knee->cycle, "");
    cycles_print_value("  change per cycle before", scaled(knee->before_per_cycle, 100), "%");
    cycles_print_value("  change per cycle after", scaled(knee->after_per_cycle, 100), "%");
}

static void print_flags(unsigned flags)
{
    static const struct {
        unsigned flag;
        const char *text;
    } words[] = {{CLOSO_RATE_FEW_CYCLES, "one cycle only"},
                 {CLOSO_RATE_DRIFTING, "still drifting"},
                 {CLOSO_RATE_HELD, "charged in part at constant potential"},
                 {CLOSO_RATE_STARVED, "less than a fifth of the first"}};
    const char *between = "  ";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if ((flags & words[i].flag) != 0) {
            printf("%s%s", between, words[i].text);
            between = ", ";
        }
}

static void print_rate_test(const closo_cycling *cycling)
{
    const closo_rate_test *test = &cycling->analyses->rate_test;
    if (test->rate_count < 2)
        return;
    bool gram = cycling->mass_kg > 0;
    double factor = gram ? 1 / (3600 * cycling->mass_kg) : 1 / 3.6;
    printf("\n  rates: cycles of one current\n"
           "  cycles        rate/C  current/mA  capacity/%-8s spread  %% of first  recovery/%%\n",
           gram ? "(mAh/g)" : "mAh");
    for (size_t g = 0; g < test->group_count && g < GROUPS_SHOWN; g++) {
        const closo_rate_group *group = &test->groups[g];
        printf("  %5d..%-5d", group->first_cycle, group->last_cycle);
        cli_print_number(cycling->role == CLOSO_ROLE_ANODE ? group->charge_rate_per_h
                                                           : group->discharge_rate_per_h,
                         7, 3);
        cli_print_number(
            1e3 * (cycling->role == CLOSO_ROLE_ANODE ? group->charge_A : group->discharge_A), 11,
            5);
        cli_print_number(group->capacity_C.value * factor, 16, gram ? 2 : 5);
        cli_print_number(group->spread_C * factor, 8, gram ? 2 : 5);
        cli_print_number(100 * group->share, 10, 1);
        cli_print_number(100 * group->recovery.value, 11, 1);
        print_flags(group->flags);
        putchar('\n');
    }
    if (test->group_count > GROUPS_SHOWN)
        printf("  ... %zu more groups (--json has them all)\n", test->group_count - GROUPS_SHOWN);
}

static void print_formation(const closo_cycling *cycling)
{
    const closo_formation *formation = &cycling->analyses->formation;
    if (formation->cycle_count < 2)
        return; /* the first cycle alone stands in the summary */
    printf(
        "  formation, cycles %d to %d (%s): %.5g mAh irreversible, %.2f %% of the first charge\n",
        formation->first_cycle, formation->last_cycle,
        formation->given ? "as told" : "before the current rises", formation->irreversible_C / 3.6,
        100 * formation->irreversible_share);
}

static void print_resistance(const closo_cycling *cycling)
{
    static const char *const names[2][2] = {
        {"resistance, charge sets in", "resistance, discharge sets in"},
        {"  its change per cycle", "  its change per cycle"}};
    bool area = cycling->area_m2 > 0;
    double factor = area ? cycling->area_m2 * 1e4 : 1;
    const char *unit = area ? "ohm cm2" : "ohm";
    for (size_t k = 0; k < 2; k++) {
        const closo_resistance_trend *trend = &cycling->analyses->resistance[k];
        cycles_print_value(names[0][k], scaled(trend->start_ohm, factor), unit);
        cycles_print_value(names[1][k], scaled(trend->ohm_per_cycle, factor), unit);
        if (isfinite(trend->start_ohm.value) && trend->delay_s > 1)
            printf("    (taken %.3g s after the change of current: not the ohmic part alone)\n",
                   trend->delay_s);
    }
}

/* Of the first and the last cycle that have any. */
static void print_plateaus(const closo_cycling_analyses *analyses)
{
    char middle[128], over[128];
    size_t count = analyses->overpotential_count;
    if (count == 0)
        return;
    int first = analyses->overpotentials[0].cycle, last = analyses->overpotentials[count - 1].cycle;
    puts("\n  plateaus, charge and discharge: middle and half their distance");
    for (size_t i = 0; i < count; i++) {
        const closo_overpotential *pair = &analyses->overpotentials[i];
        if (pair->cycle != first && pair->cycle != last)
            continue;
        closo_value over_mV = scaled(pair->overpotential_V, 1e3);
        printf("  cycle %-5d  ", pair->cycle);
        cli_print_padded(closo_value_text(pair->middle_V, "V", middle, sizeof middle), 24);
        printf("%s\n", closo_value_text(over_mV, "mV", over, sizeof over));
    }
}

static void print_stepwise(const closo_stepwise *test)
{
    char text[128];
    if (test->count == 0)
        return;
    printf("\n  rising cut-offs%s\n"
           "  cut-off/V   cycles   first CE/%%     CE/%%  irreversible/mAh  overpotential/mV  "
           "resistance/ohm\n",
           test->within_one_charge ? " within one charge" : "");
    for (size_t g = 0; g < test->count; g++) {
        const closo_cut_off *at = &test->cut_offs[g];
        printf("  %9.3f %4d..%-4d", at->cut_off_V, at->first_cycle, at->last_cycle);
        cli_print_number(100 * at->first_efficiency, 10, 2);
        cli_print_number(100 * at->efficiency, 8, 2);
        cli_print_number(at->irreversible_C / 3.6, 17, 5);
        cli_print_number(1e3 * at->measure[CLOSO_DAMAGE_OVERPOTENTIAL].value, 17, 2);
        cli_print_number(at->measure[CLOSO_DAMAGE_RESISTANCE].value, 15, 2);
        puts((int)g == test->damage ? "  damage begins" : at->opens ? "  new capacity" : "");
    }
    if (test->damage < 0) {
        puts("  no damage: every measure stays on the trend of the cut-offs before");
        return;
    }
    printf("  damage begins at %s, by", closo_value_text(test->onset_V, "V", text, sizeof text));
    for (int m = 0; m < CLOSO_DAMAGE_MEASURES; m++)
        if ((test->reasons & 1U << m) != 0)
            printf(" %s;", closo_damage_measure_name((closo_damage_measure)m));
    printf(" by chance: %s%.2g\n", test->confidence < 1 - 1e-6 ? "" : "below ",
           fmax(1 - test->confidence, 1e-6));
}

void cycles_print_analyses(const closo_cycling *cycling)
{
    print_knee(cycling->analyses);
    print_formation(cycling);
    print_resistance(cycling);
    print_rate_test(cycling);
    print_plateaus(cycling->analyses);
    print_stepwise(&cycling->analyses->stepwise);
}
