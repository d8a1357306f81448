/* SPDX-License-Identifier: BSD-3-Clause */
/* Chapter 4: sweeps of LiBH4 with each carbon's own surface and volume, and of other electrolytes, simulated with the noise
 * of an instrument and read by closo onset, beside the onsets of R. Asakura et al., ACS Appl. Energy Mater. 2 (2019) 6924,
 * doi:10.1021/acsaem.9b01487. The kinetics of LiBH4 (transfer, exchange current and its energy, slope of the reversible
 * potential, conductivity, leak, double layer of carbon, thresholds of Super P and MCMB, share of the foil: ten numbers) were
 * fitted to ten of these readings, so no line of LiBH4 is a prediction but the seeds and the 50 wt%;
 * the lines hold that one set does it, through the file and the reader. */
/* clang-format off */
#include "support.h"
#include "program.h"
#include "base/base_internal.h"
/* clang-format on */

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static char cell_path[1024], table_path[1024];

static int set_up(void **state)
{
    snprintf(cell_path, sizeof cell_path, "%s", temporary_path("chapter4.yaml"));
    snprintf(table_path, sizeof table_path, "%s", temporary_path("chapter4.mpt"));
    return program_set_up(state);
}

static int tear_down(void **state)
{
    unlink(cell_path);
    unlink(table_path);
    return program_tear_down(state);
}

/* The example with another word in the place of each of some. */
static void write_cell(const char *example, const char *const (*swaps)[2], size_t count)
{
    const char *rest = read_text(closo_arena_printf(
        program_arena, CLOSO_SOURCE_DIR "/examples/cells/chapter4-%s.yaml", example));
    FILE *file = fopen(cell_path, "w");
    assert_non_null(file);
    while (*rest != '\0') {
        size_t s = 0;
        while (s < count && strncmp(rest, swaps[s][0], strlen(swaps[s][0])) != 0)
            s++;
        if (s < count) {
            fputs(swaps[s][1], file);
            rest += strlen(swaps[s][0]);
        } else {
            fputc(*rest++, file);
        }
    }
    assert_int_equal(fclose(file), 0);
}

/* The onset nearest to a potential, as closo onset reads the simulated sweep with these words; NaN: the first. */
static double read_onset(const char *cell, const char *noise, int seed, const char *words,
                         double near_V)
{
    outcome got = closo_with("simulate '%s' -o '%s' --noise-current '%s' --seed %d", cell,
                             table_path, noise, seed);
    if (got.status != 0)
        fail_msg("%s", got.complaints);
    got = closo_with("onset '%s' --sweep 'last anodic' %s --json", table_path, words);
    if (got.status != 0)
        fail_msg("%s", got.complaints);
    json_t *all = json_loads(got.output, 0, NULL);
    assert_non_null(all);
    const json_t *onsets = json_object_get(all, "onsets");
    double nearest_V = NAN;
    for (size_t i = 0; i < json_array_size(onsets); i++) {
        double onset_V = json_number_value(json_object_get(json_array_get(onsets, i), "onset_V"));
        if (isnan(near_V) && i > 0)
            break; /* the first is meant */
        if (isnan(nearest_V) || fabs(onset_V - near_V) < fabs(nearest_V - near_V))
            nearest_V = onset_V;
    }
    json_decref(all);
    return nearest_V;
}

static double first_onset(const char *example, const char *rate, int seed)
{
    char other[64];
    snprintf(other, sizeof other, "V at %s", rate);
    const char *const swaps[][2] = {{"V at 10 uV/s", other}};
    write_cell(example, swaps, 1);
    return read_onset(cell_path, "0.3 nA", seed, "", NAN);
}

static void onsets_of_libh4_are_the_paper_s(void **state)
{
    (void)state;
    static const struct {
        const char *example;
        double onset_V;
    } cases[] = {{"libh4-superp", 2.04},
                 {"libh4-ketjenblack", 2.08},
                 {"libh4-mcmb", 2.61},
                 {"libh4-platinum", 3.10},
                 {"libh4-superp-120degC", 1.96}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int seed = 1; seed <= 2; seed++) {
            double onset_V = first_onset(cases[i].example, "10 uV/s", seed);
            print_message("%-22s %.3f V, the paper %.2f V\n", cases[i].example, onset_V,
                          cases[i].onset_V);
            assert_near(onset_V, cases[i].onset_V, 0.05);
        }
    }
}

/* "Upward by more than 100 and 500 mV" at 100 and 500 uV/s; with Ketjenblack "> 200 mV" at 100 uV/s. */
static void fast_sweeps_push_the_onset_up(void **state)
{
    (void)state;
    double slow_V = first_onset("libh4-superp", "10 uV/s", 1);
    double fast_V = first_onset("libh4-superp", "100 uV/s", 1);
    double faster_V = first_onset("libh4-superp", "500 uV/s", 1);
    double ketjen_V = first_onset("libh4-ketjenblack", "100 uV/s", 1) -
                      first_onset("libh4-ketjenblack", "10 uV/s", 1);
    print_message("Super P: +%.3f V at 100 uV/s, +%.3f V at 500 uV/s; Ketjenblack +%.3f V\n",
                  fast_V - slow_V, faster_V - slow_V, ketjen_V);
    assert_true(fast_V - slow_V > 0.1 && fast_V - slow_V < 0.25);
    assert_true(faster_V - slow_V > 0.5 && faster_V - slow_V < 0.75);
    assert_true(ketjen_V > 0.2 && ketjen_V < 0.4);
}

/* The same 292 cm2 of Super P in 2 mg with 25 wt% and in 5 mg with 10 wt%: more than 100 mV apart, as less of the thinner
 * network is connected. With 50 wt% the onset stays within 150 mV. */
static void percolation_tells_equal_surfaces_apart(void **state)
{
    (void)state;
    double dense_V = first_onset("libh4-superp-2mg", "10 uV/s", 1);
    double sparse_V = first_onset("libh4-superp-10wt", "10 uV/s", 1);
    const char *const swaps[][2] = {{"share: 75 %", "share: 50 %"}, {"share: 25 %", "share: 50 %"}};
    write_cell("libh4-superp", swaps, 2);
    double half_V = read_onset(cell_path, "0.3 nA", 1, "", NAN);
    print_message("2 mg, 25 wt%%: %.3f V; 5 mg, 10 wt%%: %.3f V; 50 wt%%: %.3f V\n", dense_V,
                  sparse_V, half_V);
    assert_true(sparse_V - dense_V > 0.1 && sparse_V - dense_V < 0.2);
    assert_near(half_V, 2.04, 0.15);
}

/* As the paper reads them, rises with R2 > 0.99. One set of numbers for each anion in all electrolytes that have it, but for
 * [CB11H12]- in NaCB11H12 (docs/chapter4.md). GIVEN: the measured onset goes in, and what is held is the way through the law,
 * the electrode, the noise and the reader. FITTED: one number of [B10H10]2- to two electrolytes; NaCB11H12. PREDICTED: [BH4]-
 * from LiBH4 and the computed limit of NaBH4; [CB11H12]- of the mixture from the efficiencies of chapter 5; [B12H12]2- of the
 * mixtures from Na2B12H12 (the paper names no onset); [B11H14]- of the sodium salt from the lithium salt. */
static void onsets_of_other_electrolytes(void **state)
{
    (void)state;
    static const struct {
        const char *example, *noise;
        double onset_V;
        const char *how;
    } cases[] = {{"na3-bh4-b12h12", "2 nA", 1.90, "predicted"},
                 {"na3-bh4-b12h12", "2 nA", 2.41, "given"},
                 {"li2-cb9h10-cb11h12", "2 nA", 2.86, "given"},
                 {"na2b12h12", "2 nA", 3.45, "given"},
                 {"na2b10h10", "20 nA", 3.15, "fitted"},
                 {"nacb11h12", "20 nA", 4.20, "fitted"},
                 {"na4-cb11h12-b12h12", "20 nA", 2.93, "given"},
                 {"na4-cb11h12-b12h12", "20 nA", 4.07, "predicted"},
                 {"na4-b12h12-b10h10", "20 nA", 3.02, "fitted"},
                 {"na4-b12h12-b10h10", "20 nA", 3.22, "fitted"},
                 {"na4-b12h12-b10h10", "20 nA", 3.45, "predicted"},
                 {"li2-b11h14-cb11h12", "20 nA", 2.6, "given"},
                 {"li2-b11h14-cb11h12", "20 nA", 3.2, "given"},
                 {"na5-b11h14-b12h12", "20 nA", 2.6, "predicted"}};
    enum { SEEDS = 9 }; /* the noise decides where weak rises are read: most of nine are meant */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *cell = closo_arena_printf(
            program_arena, CLOSO_SOURCE_DIR "/examples/cells/chapter4-%s.yaml", cases[i].example);
        double sum_V = 0;
        int within = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            double onset_V =
                read_onset(cell, cases[i].noise, seed, "--straight --max 5", cases[i].onset_V);
            bool near = fabs(onset_V - cases[i].onset_V) <= 0.03;
            within += near;
            sum_V += near ? onset_V : 0;
        }
        print_message("%-20s %.3f V in %d of %d, the thesis %.2f V, %s\n", cases[i].example,
                      sum_V / within, within, SEEDS, cases[i].onset_V, cases[i].how);
        assert_true(within > SEEDS / 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(onsets_of_libh4_are_the_paper_s),
        cmocka_unit_test(fast_sweeps_push_the_onset_up),
        cmocka_unit_test(percolation_tells_equal_surfaces_apart),
        cmocka_unit_test(onsets_of_other_electrolytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
