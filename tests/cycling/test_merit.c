/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures of merit against Table S1 of the thesis (chapter 5), against closed forms, a cell of known truth, and chance. */
#include "support.h"

#include "synthetic_cell.h"

#include "base/base_internal.h"
#include "closo/report.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static closo_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = closo_arena_new(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    closo_arena_free(arena);
    return 0;
}

static closo_merit_cell *cell_of(const char *yaml)
{
    closo_merit_cell *described = NULL;
    closo_error error = {0};
    if (closo_merit_cell_parse("cell.yaml", yaml, strlen(yaml), arena, &described, &error) !=
        CLOSO_OK)
        fail_msg("%s (line %ld)", error.message, (long)error.line);
    return described;
}

static closo_merit *work_out(const closo_merit_cell *described)
{
    closo_merit *merit = NULL;
    closo_error error = {0};
    if (closo_merit_work_out(described, arena, &merit, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return merit;
}

static closo_merit *example(const char *name)
{
    closo_merit_cell *described = NULL;
    closo_error error = {0};
    char path[1024];
    snprintf(path, sizeof path, "%s/examples/merit/%s.yaml", CLOSO_SOURCE_DIR, name);
    if (closo_merit_cell_load(path, arena, &described, &error) != CLOSO_OK)
        fail_msg("%s (line %ld)", error.message, (long)error.line);
    return work_out(described);
}

/* In the unit of the JSON key. */
static double figure(const closo_merit *merit, closo_merit_figure which)
{
    return merit->figures[which].value * closo_merit_figure_name(which).key_factor;
}

#define WITHIN(merit, which, expected, share) \
    assert_near(figure(merit, CLOSO_MERIT_##which), expected, (share) * (double)(expected))

static bool noted(const closo_merit *merit, const char *words)
{
    for (size_t i = 0; i < merit->notes.count; i++)
        if (strstr(merit->notes.texts[i], words) != NULL)
            return true;
    return false;
}

/* ---- the thesis ---- */

/* Inputs: masses, diameter, shares, 117 mAh/g and 3.8 V of the text (chapter 5, "Cell assembly" and Fig. S11). Expected:
 * Table S1, which is nowhere an input but for 33 Wh/kg (see the next test). */
static void table_s1_from_the_description(void **state)
{
    (void)state;
    closo_merit *merit = example("pressure-cell");
    WITHIN(merit, ENERGY_ACTIVE, 443, 0.01);
    WITHIN(merit, ENERGY_COMPOSITE, 310, 0.01);
    WITHIN(merit, CAPACITY_SHARE, 0.90, 0.01);
    WITHIN(merit, AREAL_CAPACITY, 0.94,
           0.01); /* "close to 1.0" in the text, 8.0 mg/cm2 x 117 mAh/g */
    WITHIN(merit, LOADING, 8.0, 0.01);
    WITHIN(merit, CELL_AREA, 1.23, 0.01);
    WITHIN(merit, CURRENT_DENSITY, 0.10, 0.05); /* C/10, printed with two digits */
    assert_near(figure(merit, CLOSO_MERIT_PRESSURE), 3.2, 1e-9);
    assert_near(figure(merit, CLOSO_MERIT_CARBON_SHARE), 0.10, 1e-12);
    assert_near(figure(merit, CLOSO_MERIT_BINDER_SHARE), 0, 0);
    /* What was rounded to 443 and 310 lies within the uncertainty that rounded inputs leave. */
    assert_true(fabs(figure(merit, CLOSO_MERIT_ENERGY_ACTIVE) - 443) <
                merit->figures[CLOSO_MERIT_ENERGY_ACTIVE].sigma / 3600);
    assert_true(fabs(figure(merit, CLOSO_MERIT_ENERGY_COMPOSITE) - 310) <
                merit->figures[CLOSO_MERIT_ENERGY_COMPOSITE].sigma / 3600);
    merit = example("pressure-cell-fast");
    WITHIN(merit, CURRENT_DENSITY, 0.74, 0.01); /* 5 C on 1.14 mg/cm2 */
    merit = example("swagelok-cell");
    WITHIN(merit, CELL_AREA, 1.13, 0.01);
    WITHIN(merit, ELECTROLYTE_RESISTANCE, 50, 0.01); /* R0 of Fig. 3, from 600 um and 1.2 mS/cm */
    assert_true(figure(merit, CLOSO_MERIT_ENERGY_EFFICIENCY) > 0.95);
    assert_int_equal(merit->verdicts[CLOSO_MERIT_ENERGY_EFFICIENCY], CLOSO_MERIT_MET);
    assert_int_equal(merit->verdicts[CLOSO_MERIT_ENERGY_RETENTION], CLOSO_MERIT_NOT_MET);
}

/* The thesis does not say how much sodium its cell has. So 33 Wh/kg cannot be predicted; it can be turned round. With the
 * masses that are stated the cell has at most 41.9 Wh/kg, and 33 implies 28 mg: a foil of 0.24 mm on the whole pellet,
 * 0.37 mm on the 10 mm of chapter 5's other foils. The last line closes the loop and proves only the arithmetic. */
static void the_sodium_that_33_wh_kg_implies(void **state)
{
    (void)state;
    static const char stated[] = "diameter: 12.5 mm\n"
                                 "cathode:\n"
                                 "  mass: 14 mg\n"
                                 "  theoretical_capacity: 130 mAh/g\n"
                                 "  composition:\n"
                                 "    - {role: active, share: 70 %}\n"
                                 "    - {role: electrolyte, share: 20 %}\n"
                                 "    - {role: carbon, share: 10 %}\n"
                                 "electrolyte:\n"
                                 "  mass: 90 mg\n"
                                 "result:\n"
                                 "  capacity: 117 mAh/g\n"
                                 "  voltage: 3.8 V\n";
    closo_merit_cell *described = cell_of(stated);
    closo_merit *merit = work_out(described);
    assert_true(isnan(figure(merit, CLOSO_MERIT_ENERGY_CELL)));
    assert_true(noted(merit, "the anode's mass is not said"));
    /* 0.117 Ah/g x 3.8 V x 9.8 mg / 104 mg by hand */
    assert_near(figure(merit, CLOSO_MERIT_ENERGY_WITHOUT_ANODE), 117 * 3.8 * 9.8 / 104, 1e-9);
    described->reported_J_per_kg = (closo_value){33 * 3600.0, 0.5 / sqrt(3) * 3600};
    merit = work_out(described);
    assert_near(figure(merit, CLOSO_MERIT_IMPLIED_ANODE_MASS), 117 * 3.8 * 9.8 / 33 - 104, 1e-9);
    assert_near(figure(merit, CLOSO_MERIT_IMPLIED_ANODE_MASS), 28.0, 0.1);
    assert_near(merit->figures[CLOSO_MERIT_IMPLIED_ANODE_MASS].sigma * 1e6,
                117 * 3.8 * 9.8 / 33 * 0.5 / sqrt(3) / 33, 0.01);
    double foil_um = 28.0e-6 / (968 * 1.2272e-4) * 1e6;
    assert_near(foil_um, 236, 1);
    described->anode.mass_kg = (closo_value){28.0e-6, NAN};
    merit = work_out(described);
    WITHIN(merit, ENERGY_CELL, 33, 0.01);
    assert_true(noted(merit, "is no check"));
}

/* ---- closed forms ---- */

static const char lithium[] = "area: 2 cm2\n"
                              "cathode:\n"
                              "  thickness: 100 um\n"
                              "  density: 2.5 g/cm3\n"
                              "  theoretical_capacity: 200 mAh/g\n"
                              "  composition:\n"
                              "    - {role: active, share: 80 %, density: 4 g/cm3}\n"
                              "    - {role: electrolyte, share: 15 %, density: 1.5 g/cm3}\n"
                              "    - {role: binder, share: 5 %, density: 1 g/cm3}\n"
                              "electrolyte:\n"
                              "  thickness: 50 um\n"
                              "  density: 2 g/cm3\n"
                              "anode:\n"
                              "  name: Li\n"
                              "  excess: 100 %\n"
                              "others:\n"
                              "  - {name: Al, thickness: 10 um, density: 2.7 g/cm3}\n"
                              "  - {name: housing, mass: 1 g}\n"
                              "result:\n"
                              "  capacity: 150 mAh/g\n"
                              "  voltage: 4 V\n"
                              "  energy_retention: 85 %\n"
                              "  cycles: 100\n";

static void by_hand(void **state)
{
    (void)state;
    closo_merit *merit = work_out(cell_of(lithium));
    /* 25 mg/cm2 of composite, 20 mg/cm2 active, 3 mAh/cm2, 12 mWh/cm2; 10 mg/cm2 electrolyte; lithium of 3 mAh/cm2 */
    double lithium_mg_cm2 = 3 / (96485.33212331 / 6.94 / 3600);
    assert_near(figure(merit, CLOSO_MERIT_AREAL_CAPACITY), 3, 1e-9);
    assert_near(figure(merit, CLOSO_MERIT_AREAL_ENERGY), 12, 1e-9);
    assert_near(figure(merit, CLOSO_MERIT_ANODE_MASS), 2 * lithium_mg_cm2, 1e-6);
    assert_near(figure(merit, CLOSO_MERIT_ENERGY_CELL), 12000 / (35 + lithium_mg_cm2), 1e-6);
    assert_near(figure(merit, CLOSO_MERIT_ENERGY_ASSEMBLY),
                12000 / (35 + lithium_mg_cm2 + 2.7 + 500), 1e-6);
    assert_near(figure(merit, CLOSO_MERIT_ANODE_THICKNESS), lithium_mg_cm2 / 0.534 * 10, 1e-4);
    assert_near(figure(merit, CLOSO_MERIT_ENERGY_DENSITY_CATHODE), 1200, 1e-6);
    assert_near(figure(merit, CLOSO_MERIT_ENERGY_DENSITY_CELL),
                12e3 / (100 + 50 + lithium_mg_cm2 / 0.534 * 10) * 10, 1e-3);
    assert_near(figure(merit, CLOSO_MERIT_CATHODE_POROSITY), 1 - 2.5 * (0.2 + 0.1 + 0.05), 1e-12);
    assert_int_equal(merit->verdicts[CLOSO_MERIT_ACTIVE_SHARE], CLOSO_MERIT_MET);
    assert_int_equal(merit->verdicts[CLOSO_MERIT_ENERGY_RETENTION], CLOSO_MERIT_NOT_SHOWN);
    assert_near(merit->factors[CLOSO_MERIT_AREAL_CAPACITY], 5.0 / 3, 1e-12);
}

/* A change is the same as a cell that was made that way. */
static void a_change_is_another_cell(void **state)
{
    (void)state;
    closo_merit_cell *described = cell_of(lithium);
    closo_merit_change change = closo_merit_no_change();
    closo_merit *merit = work_out(described);
    assert_near(closo_merit_energy_J_per_kg(described, &change),
                merit->figures[CLOSO_MERIT_ENERGY_CELL].value, 1e-6);
    change.electrolyte_thickness_m = 20e-6;
    change.loading_kg_per_m2 = 0.4; /* 40 mg/cm2 */
    change.active_share = 0.9;
    change.capacity_C_per_kg = 180 * 3600.0;
    change.voltage_V = 4.2;
    change.anode_excess = 0.5;
    double lithium_mg_cm2 = 0.5 * 40 * 0.18 / (96485.33212331 / 6.94 / 3600);
    assert_near(closo_merit_energy_J_per_kg(described, &change) / 3600,
                40 * 180 * 4.2 / (40 / 0.9 + 4 + lithium_mg_cm2), 1e-6);
    /* what no loading and no thinness can pass */
    for (size_t l = 0; l < merit->loading_count; l++)
        for (size_t t = 0; t < merit->thickness_count; t++) {
            assert_true(merit->energy_J_per_kg[l][t] <
                        merit->figures[CLOSO_MERIT_ENERGY_COMPOSITE].value);
            assert_true(t == 0 || merit->energy_J_per_kg[l][t] < merit->energy_J_per_kg[l][t - 1]);
            assert_true(l == 0 || merit->energy_J_per_kg[l][t] > merit->energy_J_per_kg[l - 1][t]);
        }
}

/* Best first, the last all together. By hand: 14 mg of composite, 28 mg of sodium, 1.18 g/cm3 x 50 um of electrolyte. */
static void what_one_change_buys(void **state)
{
    (void)state;
    closo_merit *merit = example("pressure-cell");
    const closo_merit_step *steps = merit->steps;
    double area_cm2 = 3.14159265358979 / 4 * 1.25 * 1.25, stored = 117 * 3.8 * 9.8;
    double more = 5 * area_cm2 / (0.117 * 9.8); /* times the composite */
    assert_int_equal(merit->step_count, 7);
    assert_non_null(strstr(steps[0].words, "Areal capacity 5 mAh/cm2"));
    assert_near(steps[0].energy_J_per_kg / 3600, stored * more / (14 * more + 118), 1e-6);
    assert_non_null(strstr(steps[1].words, "electrolyte thickness 50 um instead of 621"));
    assert_near(steps[1].energy_J_per_kg / 3600, stored / (42 + 1.18 * area_cm2 * 5), 1e-6);
    assert_non_null(strstr(steps[2].words, "Specific capacity 150"));
    assert_near(steps[2].gain, 150.0 / 117, 1e-9);
    for (size_t i = 1; i + 1 < merit->step_count; i++)
        assert_true(steps[i].energy_J_per_kg <= steps[i - 1].energy_J_per_kg);
    /* 5 mAh/cm2 at 150 mAh/g, 80 %, 4 V, 50 um, and as much sodium as 5 mAh/cm2 move */
    double sodium_mg_cm2 = 5 / (96485.33212331 / 22.989769 / 3600);
    assert_near(steps[6].energy_J_per_kg / 3600,
                20000 / (5 / 0.15 / 0.8 + 1.18 * 5 + sodium_mg_cm2), 0.01);
}

/* ---- a file ---- */

static cell shared; /* too large for the stack */

static void a_cycle_of_a_file(void **state)
{
    (void)state;
    cell_start(&shared, 20);
    for (int n = 0; n < 3; n++) {
        cell_rest(&shared, 200);
        cell_pass(&shared, 3.0, 1e-3);
        cell_rest(&shared, 200);
        cell_pass(&shared, n == 2 ? -2.4 : -2.7, 1e-3);
        shared.state_C = 0;
    }
    cell_rest(&shared, 200);
    closo_table *table = cell_table(&shared, arena);
    closo_merit_cell *described = cell_of(lithium);
    closo_error error = {0};
    double active_kg = 2e-4 * 0.2; /* 2 cm2 of 20 mg/cm2 */
    /* mean of the straight discharge from 3.0 C down by 2.7 C, less the drop over 50 ohm */
    double mean_V = 3.4 + 0.6 * (3.0 - 1.35) / 3.6 - 0.05;
    assert_int_equal(closo_merit_take_cycle(described, table, 1, arena, &error), CLOSO_OK);
    closo_merit *merit = work_out(described);
    assert_near(figure(merit, CLOSO_MERIT_CAPACITY), 2.7 / active_kg / 3600, 1e-6);
    assert_near(figure(merit, CLOSO_MERIT_VOLTAGE), mean_V, 1e-4);
    assert_near(figure(merit, CLOSO_MERIT_ENERGY_ACTIVE), 2.7 * mean_V / active_kg / 3600, 1e-2);
    assert_near(figure(merit, CLOSO_MERIT_COULOMBIC_EFFICIENCY), 0.9, 1e-6);
    assert_near(figure(merit, CLOSO_MERIT_CURRENT_DENSITY), 0.5, 1e-6); /* 1 mA on 2 cm2 */
    assert_near(figure(merit, CLOSO_MERIT_RESISTANCE), 100, 0.5);       /* 50 ohm x 2 cm2 */
    double mean_charge_V = 3.4 + 0.6 * 1.5 / 3.6 + 0.05;
    assert_near(figure(merit, CLOSO_MERIT_ENERGY_EFFICIENCY), 0.9 * mean_V / mean_charge_V, 1e-4);
    assert_near(figure(merit, CLOSO_MERIT_CAPACITY_RETENTION), 2.4 / 2.7, 1e-6);
    assert_int_equal(closo_merit_take_cycle(described, table, 3, arena, &error), CLOSO_OK);
    assert_near(figure(work_out(described), CLOSO_MERIT_CAPACITY), 2.4 / active_kg / 3600, 1e-6);
    assert_int_equal(closo_merit_take_cycle(described, table, 9, arena, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "there is no cycle 9; the file has 3"));
}

/* ---- uncertainty ---- */

static closo_value draw(closo_random *random, double truth, double sigma)
{
    return (closo_value){truth + sigma * closo_random_normal(random), sigma};
}

/* What a cell is in truth. */
static closo_merit_cell true_cell(void)
{
    closo_merit_cell made;
    closo_merit_cell_clear(&made);
    made.part_count = 2;
    made.parts[0] = (closo_merit_part){NULL, CLOSO_MERIT_ACTIVE, {0.7, NAN}, {3200, NAN}};
    made.parts[1] = (closo_merit_part){NULL, CLOSO_MERIT_ELECTROLYTE, {0.3, NAN}, {1200, NAN}};
    made.area_m2.value = 1.2e-4;
    made.cathode.mass_kg.value = 14e-6;
    made.cathode.thickness_m.value = 70e-6;
    made.electrolyte.mass_kg.value = 90e-6;
    made.electrolyte.thickness_m.value = 600e-6;
    made.anode.mass_kg.value = 28e-6;
    made.anode.thickness_m.value = 240e-6;
    made.result.charge_C.value = 4.1;
    made.result.voltage_V.value = 3.8;
    return made;
}

/* What a laboratory knows of it. at_its_word: the capacity per gram comes with its own uncertainty and knows the true mass
 * (a paper with rounded masses); else it is the measured charge over the mass as weighed. */
static closo_merit_cell weigh(const closo_merit_cell *made, bool at_its_word, closo_random *random)
{
    closo_merit_cell weighed = *made;
    weighed.area_m2 = draw(random, 1.2e-4, 0.02e-4);
    weighed.cathode.mass_kg = draw(random, 14e-6, 0.3e-6);
    weighed.cathode.thickness_m = draw(random, 70e-6, 4e-6);
    weighed.electrolyte.mass_kg = draw(random, 90e-6, 2e-6);
    weighed.electrolyte.thickness_m = draw(random, 600e-6, 20e-6);
    weighed.anode.mass_kg = draw(random, 28e-6, 2e-6);
    weighed.anode.thickness_m = draw(random, 240e-6, 10e-6);
    weighed.parts[0].share = draw(random, 0.7, 0.01);
    weighed.result.voltage_V = draw(random, 3.8, 0.02);
    closo_value charge = draw(random, 4.1, 0.05);
    if (at_its_word) {
        weighed.result.charge_C.value = NAN;
        weighed.result.capacity_C_per_kg =
            (closo_value){charge.value / 9.8e-6, charge.sigma / 9.8e-6};
    } else {
        weighed.result.charge_C = charge;
    }
    return weighed;
}

/* The true figures lie within one sigma 68 times of 100. 600 cells of seeds that were not used while this was written;
 * between 64 and 72 % is two sigma of the count. */
static void check_coverage(bool at_its_word, uint64_t seed)
{
    static const closo_merit_figure watched[] = {
        CLOSO_MERIT_CAPACITY,        CLOSO_MERIT_ENERGY_ACTIVE,    CLOSO_MERIT_ENERGY_COMPOSITE,
        CLOSO_MERIT_ENERGY_CELL,     CLOSO_MERIT_AREAL_CAPACITY,   CLOSO_MERIT_ENERGY_DENSITY_CELL,
        CLOSO_MERIT_CATHODE_DENSITY, CLOSO_MERIT_CATHODE_POROSITY, CLOSO_MERIT_LOADING};
    enum { WATCHED = sizeof watched / sizeof *watched, CELLS = 600 };
    size_t held[WATCHED] = {0};
    closo_merit_cell made = true_cell();
    closo_merit *expected = work_out(&made);
    for (size_t n = 0; n < CELLS; n++) {
        closo_random random;
        closo_random_seed(&random, seed + n);
        closo_merit_cell weighed = weigh(&made, at_its_word, &random);
        closo_merit *found = work_out(&weighed);
        for (size_t k = 0; k < WATCHED; k++)
            held[k] +=
                fabs(found->figures[watched[k]].value - expected->figures[watched[k]].value) <=
                found->figures[watched[k]].sigma;
    }
    for (size_t k = 0; k < WATCHED; k++) {
        double share = (double)held[k] / CELLS;
        print_message("%s: one sigma holds %.1f %%\n", closo_merit_figure_name(watched[k]).key,
                      100 * share);
        assert_true(share > 0.62 && share < 0.75);
    }
}

static void one_sigma_holds(void **state)
{
    (void)state;
    check_coverage(false, 5200000);
    check_coverage(true, 7300000);
}

/* A capacity without a sigma carries the mass's; the charge behind it, and what is per area, does not. */
static void a_mass_as_weighed(void **state)
{
    (void)state;
    closo_merit_cell made = true_cell();
    made.result.charge_C.value = NAN;
    made.result.capacity_C_per_kg.value = 117 * 3600.0;
    made.cathode.mass_kg.sigma = 0.14e-6; /* 1 % */
    closo_merit *merit = work_out(&made);
    assert_near(merit->figures[CLOSO_MERIT_CAPACITY].sigma / 3600, 1.17, 1e-3);
    assert_near(merit->figures[CLOSO_MERIT_ENERGY_COMPOSITE].sigma / 3600, 117 * 3.8 * 0.007, 1e-3);
    assert_true(isnan(merit->figures[CLOSO_MERIT_AREAL_CAPACITY].sigma));
    made.result.capacity_C_per_kg.sigma = 3600;
    merit = work_out(&made);
    assert_near(merit->figures[CLOSO_MERIT_CAPACITY].sigma / 3600, 1, 1e-6);
    assert_near(merit->figures[CLOSO_MERIT_AREAL_CAPACITY].sigma /
                    merit->figures[CLOSO_MERIT_AREAL_CAPACITY].value,
                sqrt(0.01 * 0.01 + 1 / (117.0 * 117)), 1e-5);
}

/* ---- outputs ---- */

static void json_csv_and_figure(void **state)
{
    (void)state;
    closo_merit *merit = example("pressure-cell");
    json_t *json = json_loads(closo_merit_json(merit, arena), 0, NULL);
    assert_non_null(json);
    assert_near(json_real_value(json_object_get(json, "specific_energy_composite_Wh_kg")), 311.22,
                1e-6);
    assert_true(json_is_null(json_object_get(json, "energy_retention")));
    const json_t *target =
        json_object_get(json_object_get(json, "targets"), "areal_capacity_mAh_cm2");
    assert_near(json_real_value(json_object_get(target, "at_least")), 5, 1e-9);
    assert_string_equal(json_string_value(json_object_get(target, "verdict")), "not met");
    assert_int_equal(json_array_size(json_object_get(json, "what_if")), 3);
    json_decref(json);
    const closo_figure *drawn = closo_figure_merit(merit, "a cell", arena);
    assert_non_null(drawn);
    assert_int_equal(drawn->curve_count, 5);
    assert_near(drawn->curves[3].y[0], figure(merit, CLOSO_MERIT_ENERGY_CELL), 1e-9);
    assert_non_null(strstr(closo_figure_svg(drawn, false, arena), "target 400"));
    char path[1024];
    snprintf(path, sizeof path, "%s", temporary_path("merit.csv"));
    unsigned char *text;
    size_t size;
    closo_error error = {0};
    assert_int_equal(closo_merit_write_csv(merit, path, arena, &error), CLOSO_OK);
    assert_int_equal(closo_file_read(path, 1 << 20, arena, &text, &size, &error), CLOSO_OK);
    assert_non_null(strstr((char *)text, "\ncell_voltage_V,3.8,0.0"));
    assert_int_equal(closo_merit_write_what_if(merit, path, arena, &error), CLOSO_OK);
    unlink(path);
    merit = example("pressure-cell-fast");
    assert_int_equal(closo_merit_write_what_if(merit, path, arena, &error), CLOSO_RANGE);
    assert_int_equal(closo_figure_merit(merit, NULL, arena)->curve_count, 0);
}

static void want_of_memory(void **state)
{
    (void)state;
    bool done = false;
    for (size_t allowed = 0; !done; allowed++) {
        closo_arena *small = closo_arena_new(0);
        closo_merit_cell *described;
        closo_merit *merit;
        closo_error error = {0};
        closo_arena_fail_after(small, allowed);
        closo_status status = closo_merit_cell_parse("cell.yaml", lithium, strlen(lithium), small,
                                                     &described, &error);
        if (status == CLOSO_OK)
            status = closo_merit_work_out(described, small, &merit, &error);
        done = status == CLOSO_OK && closo_merit_json(merit, small) != NULL &&
               closo_figure_merit(merit, NULL, small) != NULL;
        if (status != CLOSO_OK)
            assert_int_equal(status, CLOSO_NOMEM);
        assert_true(allowed < 1000);
        closo_arena_free(small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_s1_from_the_description),
        cmocka_unit_test(the_sodium_that_33_wh_kg_implies),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(a_change_is_another_cell),
        cmocka_unit_test(what_one_change_buys),
        cmocka_unit_test(a_cycle_of_a_file),
        cmocka_unit_test(one_sigma_holds),
        cmocka_unit_test(a_mass_as_weighed),
        cmocka_unit_test(json_csv_and_figure),
        cmocka_unit_test(want_of_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
