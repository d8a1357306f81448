/* SPDX-License-Identifier: BSD-3-Clause */
/* Cells on whose foil metal plates, simulated and read by the ordinary commands: the efficiency of lithium on copper, the onsets of
 * reduction and plating on aluminium. */
/* clang-format off */
#include "support.h"
#include "program.h"
/* clang-format on */

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static char table_path[1024];

static int set_up(void **state)
{
    snprintf(table_path, sizeof table_path, "%s", temporary_path("plating.mpt"));
    return program_set_up(state);
}

static int tear_down(void **state)
{
    unlink(table_path);
    return program_tear_down(state);
}

/* 2 % are lost of what is plated: 98 % come back, in each of the 25 cycles. */
static void cycles_give_the_efficiency(void **state)
{
    (void)state;
    json_t *all = json_of(
        closo_with("simulate examples/cells/lithium-on-copper.yaml -o %s --json", table_path));
    /* 26 times 0.5 mAh/cm2 less what a double layer of 0.2 F/m2 took; the last of them is still there */
    const json_t *foil = json_object_get(all, "on_working_electrode");
    assert_near(number(foil, "lost_mAh_cm2"), 0.02 * 26 * 0.5, 1e-4);
    assert_near(number(foil, "metal_mAh_cm2"), 0.98 * 0.5, 1e-4);
    assert_null(json_object_get(all, "on_counter_electrode"));
    json_decref(all);
    all = json_of(closo_with("cycles %s --role anode --json", table_path));
    const json_t *cycles = json_object_get(all, "cycles");
    assert_true(json_array_size(cycles) >= 25);
    for (size_t c = 0; c < 25; c++)
        assert_near(number(json_array_get(cycles, c), "coulombic_efficiency"), 0.98, 1e-4);
    assert_near(number(json_object_get(all, "summary"), "mean_coulombic_efficiency"), 0.98, 1e-5);
    json_decref(all);
}

static double first_onset_V(const char *words)
{
    json_t *all =
        json_of(closo_with("onset %s --sweep 'first cathodic' %s --json", table_path, words));
    double onset_V = number(json_array_get(json_object_get(all, "onsets"), 0), "onset_V");
    json_decref(all);
    return onset_V;
}

/* What goes in, 0.15 V for the reduction, is read off; sodium begins between the nucleation, -20 mV, and 0 V, to which the straight
 * rise of metal on metal points. */
static void onsets_are_read(void **state)
{
    (void)state;
    static const char simulate[] =
        "simulate examples/cells/chapter7-sodium-on-aluminium.yaml -o %s %s";
    outcome made =
        closo_with(simulate, table_path, "--steps 'record every 1 mV; sweep to 5 mV at 0.05 mV/s'");
    if (made.status != 0)
        fail_msg("%s", made.complaints);
    assert_near(first_onset_V("--background '0.3..1.2 V' --rising '0.08..0.13 V'"), 0.15, 0.01);
    made = closo_with(simulate, table_path, "--noise-current '0.1 nA'");
    if (made.status != 0)
        fail_msg("%s", made.complaints);
    double plating_V = first_onset_V("");
    assert_true(plating_V > -0.025 && plating_V < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cycles_give_the_efficiency),
        cmocka_unit_test(onsets_are_read),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
