/* SPDX-License-Identifier: BSD-3-Clause */
/* Chapter 4: sweeps of LiBH4 with each carbon's own surface and volume, and of other electrolytes, simulated with the noise
 * of an instrument and read by closo onset, beside the onsets of R. Asakura et al., ACS Appl. Energy Mater. 2 (2019) 6924,
 * doi:10.1021/acsaem.9b01487. The kinetics of LiBH4 (transfer, exchange current and its energy, slope of the reversible
 * potential, conductivity, leak, double layer of carbon, thresholds of Super P and MCMB, share of the foil: ten numbers) were
 * fitted to ten of these readings, so no line here is a prediction but the seeds and the 50 wt%;
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

/* The onset nearest to a potential, as closo onset reads the simulated sweep; NaN: none. */
static double read_onset(const char *noise, int seed, double near_V)
{
    outcome got = closo_with("simulate '%s' -o '%s' --noise-current '%s' --seed %d", cell_path,
                             table_path, noise, seed);
    if (got.status != 0)
        fail_msg("%s", got.complaints);
    got = closo_with("onset '%s' --sweep 'last anodic' --json", table_path);
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
    return read_onset("0.3 nA", seed, NAN);
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
    double half_V = read_onset("0.3 nA", 1, NAN);
    print_message("2 mg, 25 wt%%: %.3f V; 5 mg, 10 wt%%: %.3f V; 50 wt%%: %.3f V\n", dense_V,
                  sparse_V, half_V);
    assert_true(sparse_V - dense_V > 0.1 && sparse_V - dense_V < 0.2);
    assert_near(half_V, 2.04, 0.15);
}

/* The onset that goes in is the measured one, as its definition says, and what is held is the way through the law, the noise and
 * the reader; but of [BH4]- the reversible potential and the kinetics of LiBH4 go in, and 1.90 V is PREDICTED. */
static void onsets_of_other_electrolytes(void **state)
{
    (void)state;
    static const struct {
        const char *material, *metal, *from, *to;
        double onset_V;
    } cases[] = {{"Na3(BH4)(B12H12)", "Na", "1.5", "3.0", 1.90},
                 {"Na3(BH4)(B12H12)", "Na", "1.5", "3.0", 2.41},
                 {"Li2(CB9H10)(CB11H12)", "Li", "2.5", "4.0", 2.86},
                 {"NaCB11H12", "Na", "2.5", "5.0", 4.20},
                 {"Na2B10H10", "Na", "2.5", "4.5", 3.15}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char metal[64], hold[64], sweep[64];
        snprintf(metal, sizeof metal, "{material: %s}", cases[i].metal);
        snprintf(hold, sizeof hold, "hold at %s V", cases[i].from);
        snprintf(sweep, sizeof sweep, "sweep to %s V", cases[i].to);
        const char *const swaps[][2] = {{"Na3(BH4)(B12H12)", cases[i].material},
                                        {"{material: Na}", metal},
                                        {"hold at 1.5 V", hold},
                                        {"sweep to 3.0 V", sweep}};
        write_cell("na3-bh4-b12h12", swaps, 4);
        double onset_V = read_onset("2 nA", 1, cases[i].onset_V);
        print_message("%-22s %.3f V, the thesis %.2f V\n", cases[i].material, onset_V,
                      cases[i].onset_V);
        assert_near(onset_V, cases[i].onset_V, 0.03);
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
