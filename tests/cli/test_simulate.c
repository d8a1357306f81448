/* SPDX-License-Identifier: BSD-3-Clause */
/* closo simulate as a person meets it: words, exit status, and a table that the other commands read as a measured one. */
/* clang-format off */
#include "support.h"
#include "program.h"
/* clang-format on */

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static char table_path[1024], spectra_path[1024];

static int set_up(void **state)
{
    snprintf(table_path, sizeof table_path, "%s", temporary_path("simulate.mpt"));
    snprintf(spectra_path, sizeof spectra_path, "%s", temporary_path("simulate_eis.csv"));
    return program_set_up(state);
}

static int tear_down(void **state)
{
    unlink(table_path);
    unlink(spectra_path);
    return program_tear_down(state);
}

#define SWAGELOK "examples/cells/chapter5-swagelok.yaml"

static void wrong_words_are_answered(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int status;
        const char *says;
    } cases[] = {
        {"simulate", 2, "wants CELL.yaml"},
        {"simulate " SWAGELOK " --steps 'charge at C/10'", 2, "never ends"},
        {"simulate " SWAGELOK " --steps 'chrage at C/10 until 4 V'", 2, "did you mean 'charge'"},
        {"simulate " SWAGELOK " --noise-potential '1 A'", 2, "something else"},
        {"simulate " SWAGELOK " --noise-current '-1 nA'", 2, "cannot be negative"},
        {"simulate fuzz/corpus/cell/own.yaml", 2, "has no steps"},
        {"simulate README.md", 1, "README.md"},
        {"simulate " SWAGELOK " --resume", 2, "--checkpoint FILE"},
        {"simulate " SWAGELOK " --checkpoint x --checkpoint-every '0 s'", 2, "longer than zero"},
        {"simulate " SWAGELOK " --tolerance 10", 2, "between 1e-12 and 1e-2"},
        {"simulate " SWAGELOK " --tolerance 0", 2, "between 1e-12 and 1e-2"},
        {"simulate " SWAGELOK " --tolerance=-1e-5", 2, "between 1e-12 and 1e-2"},
        {"simulate " SWAGELOK " -o /nowhere/cell.mpt", 2, "no folder '/nowhere/'"},
        {"simulate " SWAGELOK " --eis README.md/eis.csv", 2, "no folder 'README.md/'"},
        {"simulate " SWAGELOK " -o cell.mpr", 2, "none of .mpt, .bdf.csv, .bdf or .csv"},
        {"simulate " SWAGELOK " --eis eis.bdf.csv", 2, "has no impedances"},
        {"simulate " SWAGELOK " -o same.csv --eis ./same.csv", 2, "--output and --eis both name"},
        {"simulate " SWAGELOK " --eis eis", 2, "--eis: 'eis' ends in none"},
        {"simulate " SWAGELOK " --plot cell.jpg", 2, "none of .svg, .png, .pdf or .html"},
        {"simulate " SWAGELOK " -o docs", 2, "is a folder"},
        {"simulate " SWAGELOK " --checkpoint /nowhere/kept", 2, "no folder"},
        {"simulate " SWAGELOK " --eis eis.csv --steps 'rest 1 s'", 2, "or leave --eis out"},
        {"simulate /nowhere.yaml", 1, "no such file"},
        {"simulate examples/merit/pressure-cell.yaml", 1, "pressure-cell.yaml"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        outcome got = closo(cases[i].words);
        if (got.status != cases[i].status || strstr(got.complaints, cases[i].says) == NULL)
            fail_msg("closo %s: exit %d: %s", cases[i].words, got.status, got.complaints);
    }
}

/* Charge, discharge, and an impedance between: closo cycles and closo eis find what was asked for. */
static void other_commands_read_the_result(void **state)
{
    (void)state;
    json_t *run = json_of(closo_with(
        "simulate " SWAGELOK " --json -o '%s' --eis '%s' --steps 'repeat 2 times: charge at C/5 "
        "until 4.15 V; rest 30 min; impedance 200 kHz to 10 mHz, 6 per decade; discharge at C/5 "
        "until 2.5 V; end'",
        table_path, spectra_path));
    assert_true(json_is_true(json_object_get(run, "complete")));
    assert_near(number(run, "spectra"), 2, 0);
    assert_near(number(run, "steps"), 8, 0);
    assert_near(number(run, "theoretical_capacity_mAh_cm2"), 0.161, 1e-3);
    const json_t *still = json_object_get(run, "stationarity");
    assert_int_equal(json_array_size(still), 2);
    for (size_t i = 0; i < 2;
         i++) /* half an hour after the charge: 1 mV in the slowest period is not reached */
        assert_true(fabs(number(json_array_get(still, i), "drift_mV_per_s")) < 0.01);
    json_decref(run);
    json_t *cycles = json_of(closo_with("cycles '%s' --json", table_path));
    const json_t *list = json_object_get(cycles, "cycles");
    assert_int_equal(json_array_size(list), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *cycle = json_array_get(list, i);
        /* less than the 130 mAh/g of the material, and less comes out than goes in */
        assert_true(number(cycle, "discharge_mAh_g") > 60);
        assert_true(number(cycle, "discharge_mAh_g") < 130);
        assert_true(number(cycle, "coulombic_efficiency") < 1);
        assert_true(number(cycle, "coulombic_efficiency") > 0.8);
    }
    json_decref(cycles);
    assert_int_equal(closo_with("kk '%s' --spectrum 2 --json", spectra_path).status, 0);
}

/* Spectra as EC-Lab exports them, and every command reads them. */
static void spectra_as_an_export_of_eclab(void **state)
{
    (void)state;
    const char *path = temporary_path("simulate_eis.mpt");
    json_decref(json_of(closo_with(
        "simulate " SWAGELOK " --json --eis '%s' --steps 'repeat 2 times: impedance 200 kHz to 10 "
        "mHz, 6 per decade; rest 1 s; end'",
        path)));
    const outcome info = closo_with("info '%s' --json", path);
    assert_int_equal(info.status, 0);
    assert_non_null(strstr(info.output, "PEIS"));
    assert_int_equal(closo_with("kk '%s' --spectrum 2 --json", path).status, 0);
    unlink(path);
}

/* Spectra of two metals carry temperature, area and thickness: the conductivity of the description comes out of them, 0.25 mS/cm
 * at 60 degC and with 0.20 eV elsewhere, without a word about the pellet; both as .csv and .mpt. */
static void spectra_tell_their_pellet(void **state)
{
    (void)state;
    static const char *const endings[] = {"csv", "mpt"};
    for (size_t e = 0; e < 2; e++) {
        char path[1024];
        snprintf(path, sizeof path, "%s.%s", temporary_path("simulate_pellet"), endings[e]);
        json_decref(json_of(closo_with(
            "simulate examples/cells/chapter8-li-symmetric.yaml --json --eis '%s' --steps "
            "'temperature 25 degC; impedance 1 MHz to 1 Hz; temperature 60 degC; impedance 1 MHz "
            "to 1 Hz'",
            path)));
        json_t *all = json_of(closo_with("conductivity '%s' --circuit 'R(RC)' --json", path));
        const json_t *processes = json_object_get(all, "processes");
        bool found = false;
        for (size_t p = 0; p < json_array_size(processes); p++) {
            const json_t *process = json_array_get(processes, p), *points;
            if (strcmp(json_string_value(json_object_get(process, "kind")), "grains") != 0)
                continue;
            found = true;
            points = json_object_get(process, "points");
            double k25 = number(json_array_get(points, 0), "conductivity_S_cm"),
                   k60 = number(json_array_get(points, 1), "conductivity_S_cm");
            assert_near(number(json_array_get(points, 0), "T_K"), 298.15, 1e-9);
            assert_near(k60, 0.25e-3, 1e-7);
            assert_near(8.617333e-5 * log(k60 / k25) / (1 / 298.15 - 1 / 333.15), 0.20, 1e-4);
        }
        assert_true(found);
        json_decref(all);
        unlink(path);
    }
    /* the resistance of a composite has not the separator's thickness */
    json_decref(json_of(closo_with("simulate " SWAGELOK
                                   " --json --eis '%s' --steps 'impedance 1 MHz to 1 Hz'",
                                   spectra_path)));
    const outcome none = closo_with("conductivity '%s'", spectra_path);
    assert_int_equal(none.status, 2);
    assert_non_null(strstr(none.complaints, "does not tell the thickness of the pellet"));
}

/* A step of temperature under current: the currents of before do not fit diffusion that is far slower. */
static void temperature_steps_under_current(void **state)
{
    static const char *const steps[] = {
        "charge at C/5 until 4.15 V; temperature -20 degC; discharge at C/20 until 4.0 V",
        "charge at C/5 until 4.15 V; rest 1 s; temperature -20 degC; discharge at C/20 until 4.0 V"};
    double lasted_s[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        json_t *run = json_of(closo_with("simulate " SWAGELOK " --json --steps '%s'", steps[i]));
        assert_true(json_is_true(json_object_get(run, "complete")));
        lasted_s[i] = 3600 * number(run, "duration_h");
        json_decref(run);
    }
    print_message("%.1f and %.1f s\n", lasted_s[0], lasted_s[1]);
    assert_near(lasted_s[0] + 1, lasted_s[1], 1e-3 * lasted_s[1]);
}

/* A sweep far beyond what the electrolyte bears, pauses in it: rates of oxidation of 1e17 beside rates of change of 1. */
static void sweeps_go_on_where_all_is_oxidised(void **state)
{
    (void)state;
    json_t *run =
        json_of(closo_with("simulate " SWAGELOK " --json --steps '%s'", "sweep to 8 V at 1 mV/s"));
    assert_true(json_is_true(json_object_get(run, "complete")));
    json_decref(run);
}

/* A failure with a tolerance that is coarser than usual says which to take; with the usual one that is no remedy. */
static void a_coarse_tolerance_is_named(void **state)
{
    (void)state;
    static const char *const steps[] = {"charge at 1000C until 20 V", "sweep to 20 V at 1 V/s",
                                        "hold at 20 V for 100 h"}; /* what no cell bears */
    size_t failed = 0;
    for (size_t i = 0; i < 3; i++) {
        const char *remedy = "the tolerance of 0.01 may be too coarse for it: take 0.0001 or less";
        const outcome coarse =
            closo_with("simulate " SWAGELOK " --tolerance 1e-2 --steps '%s'", steps[i]);
        assert_int_equal(coarse.status == 1, strstr(coarse.complaints, remedy) != NULL);
        failed += coarse.status == 1;
        const outcome usual = closo_with("simulate " SWAGELOK " --steps '%s'", steps[i]);
        assert_null(strstr(usual.complaints, "too coarse"));
    }
    assert_true(failed > 0);
}

/* Without a loss of heat the surroundings do nothing, and that is said. */
static void adiabatic_cells_have_no_surroundings(void **state)
{
    (void)state;
    const char *path = temporary_path("simulate_adiabatic.yaml");
    char *text = read_text(CLOSO_SOURCE_DIR "/examples/cells/heat-balance.yaml"),
         *loss = strstr(text, ", loss: ");
    assert_non_null(loss);
    memset(loss, ' ', strcspn(loss, "}"));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    const outcome warmed =
        closo_with("simulate '%s' --steps 'rest 1 s; temperature 60 degC; rest 1 s'", path);
    assert_int_equal(warmed.status, 0);
    assert_non_null(
        strstr(warmed.output, "step 2 sets the surroundings to 60 degC, which does nothing"));
    unlink(path);
    const outcome lossy =
        closo("simulate examples/cells/heat-balance.yaml --steps 'temperature 60 degC; rest 1 s'");
    assert_null(strstr(lossy.output, "does nothing"));
}

/* What a run says of steps that did nothing, or that were cut off. */
static void ends_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *steps, *says;
    } cases[] = {
        {"charge at C/10 until 2.0 V; rest 1 s", "step 1 ended as it began: the potential is"},
        {"rest 1 s; hold at 2.5 V for 1 s; hold at 2.5 V until 100C",
         "step 3 ended as it began: the cu"},
        {"sweep to 3 V at 1e-10 V/s", "step 1 met none of its limits within ten years"},
        {"impedance 1 kHz to 1 Hz", "0 h, 0 rows, 1 spectra"},
        {"rest 1 s; discharge at C/10 for 10 h", "in step 2 the potential goes to -"},
        {"temperature 900 degC; rest 1 s", "900 degC is 875 K from where"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const outcome got = closo_with("simulate " SWAGELOK " --steps '%s'", cases[i].steps);
        if (got.status != 0 || strstr(got.output, cases[i].says) == NULL)
            fail_msg("%s: exit %d: %s%s", cases[i].steps, got.status, got.complaints, got.output);
    }
    /* the same hold in each of many cycles is told five times, and then counted */
    const outcome many =
        closo("simulate " SWAGELOK
              " --steps 'hold at 2.5 V for 1 s; repeat 8 times: hold at 2.5 V until 100C; "
              "end'");
    assert_int_equal(many.status, 0);
    assert_non_null(strstr(many.output, "and 3 further steps ended as they began"));
}

/* An impedance right after the current is of a cell that still relaxes, and a note says so. */
static void a_drifting_cell_is_noted(void **state)
{
    (void)state;
    outcome got =
        closo("simulate " SWAGELOK " --steps 'charge at 1C for 10 min; impedance 1 kHz to 10 mHz'");
    assert_int_equal(got.status, 0);
    assert_non_null(strstr(got.output, "drift while a spectrum is taken"));
    assert_non_null(strstr(got.output, "1 of 1 spectra are of a cell that is not at rest"));
}

/* One ampere second is one: charge of the table against current times time, of a constant current. */
static void charge_is_current_times_time(void **state)
{
    (void)state;
    json_t *run = json_of(closo_with(
        "simulate " SWAGELOK " --json -o '%s' --steps 'charge at 0.1 mA/cm2 for 1 h'", table_path));
    assert_near(number(run, "duration_h"), 1, 1e-6);
    json_decref(run);
    json_t *cycles = json_of(closo_with("cycles '%s' --json", table_path));
    const json_t *cycle = json_array_get(json_object_get(cycles, "cycles"), 0);
    /* 0.1 mAh/cm2 on 1.131 cm2 and 1.4 mg */
    assert_near(number(cycle, "charge_mAh_g"), 0.1 * 1.130973 / 1.4e-3, 0.1);
    json_decref(cycles);
}

/* Noise is that of its seed, and of the size that was asked for. */
static void noise_is_seeded(void **state)
{
    (void)state;
    char *first = NULL;
    for (int run = 0; run < 3; run++) {
        json_decref(json_of(closo_with(
            "simulate " SWAGELOK " --json -o '%s' --noise-potential '1 mV' --seed %d --steps 'rest "
            "1 h'",
            table_path, run == 2 ? 8 : 7)));
        char *text = read_text(table_path);
        if (run == 0)
            first = text;
        else
            assert_int_equal(strcmp(first, text) == 0, run == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_words_are_answered),
        cmocka_unit_test(other_commands_read_the_result),
        cmocka_unit_test(spectra_as_an_export_of_eclab),
        cmocka_unit_test(spectra_tell_their_pellet),
        cmocka_unit_test(temperature_steps_under_current),
        cmocka_unit_test(sweeps_go_on_where_all_is_oxidised),
        cmocka_unit_test(a_coarse_tolerance_is_named),
        cmocka_unit_test(adiabatic_cells_have_no_surroundings),
        cmocka_unit_test(ends_are_told),
        cmocka_unit_test(a_drifting_cell_is_noted),
        cmocka_unit_test(charge_is_current_times_time),
        cmocka_unit_test(noise_is_seeded),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
