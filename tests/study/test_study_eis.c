/* SPDX-License-Identifier: BSD-3-Clause */
/* The example study with tasks `eis`: what its made-up spectra hold comes out in results and report. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/report.h"
#include "closo/study.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void the_example_makes_a_report(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_study *study;
    closo_error error = {0};
    char path[1024];
    snprintf(path, sizeof path, "%s/examples/eis/study.yaml", CLOSO_SOURCE_DIR);
    if (closo_study_load(path, arena, &study, &error) != CLOSO_OK ||
        closo_study_run(study, NULL, NULL, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    assert_int_equal(study->failed_count, 0);
    const closo_circuit_fit *pellet = study->results[0].eis->fits[0];
    assert_near(pellet->spectrum->temperature_K, 298.15, 1e-9);
    /* The made-up pellet: 900 and 2600 ohm; 1 mm, 0.785 cm2 */
    assert_near(pellet->total_resistance_ohm.value, 3500, 10);
    assert_near(pellet->total_conductivity_S_per_m.value, 1e-3 / 0.785e-4 / 3500, 2e-5);
    assert_int_equal(study->results[1].eis->fits[0]->parameter_count, 8);
    assert_non_null(strstr(study->results[1].json, "\"CPE2_n\""));
    /* The series was made with 0.35 and 0.52 eV; its temperatures are in the names of the files. */
    assert_int_equal(study->result_count, 4);
    const closo_conductivity_series *series = study->results[3].conductivity;
    static const double energies_eV[] = {0.35, 0.52};
    for (size_t p = 0; p < 2; p++) {
        closo_value energy_eV =
            series->processes[p].arrhenius->fits[CLOSO_ARRHENIUS_LINE].branches[0].energy_eV;
        assert_near(energy_eV.value, energies_eV[p], 3 * energy_eV.sigma);
    }
    snprintf(path, sizeof path, "%s", temporary_path("eis.html"));
    if (closo_report_write(study, NULL, path, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    unsigned char *text;
    size_t size;
    assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &text, &size, &error), CLOSO_OK);
    assert_non_null(strstr((char *)text, "arc of R2"));
    assert_non_null(strstr((char *)text, "The circuits that were tried"));
    assert_non_null(strstr((char *)text, "Resistances through the series"));
    assert_non_null(strstr((char *)text, "grain boundaries"));
    unlink(path);
    closo_arena_free(arena);
}

static void wrong_words_are_told_before_work(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } cases[] = {{"    circuit: R(RX)\n", "position 4"}, {"    thickness: 1 V\n", "thickness"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_study *study;
        closo_error error = {0};
        char path[1024];
        snprintf(path, sizeof path, "%s", temporary_path("eis.yaml"));
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file,
                "title: Wrong\nfiles:\n  - id: cell\n    path: %s/examples/impedance/cell.csv\n"
                "tasks:\n  - analysis: eis\n    files: [cell]\n%s",
                CLOSO_SOURCE_DIR, cases[i].line);
        fclose(file);
        assert_int_equal(closo_study_load(path, arena, &study, &error), CLOSO_FORMAT);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s", error.message);
        unlink(path);
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_makes_a_report),
        cmocka_unit_test(wrong_words_are_told_before_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
