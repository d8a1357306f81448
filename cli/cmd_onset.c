/* SPDX-License-Identifier: BSD-3-Clause */
/* closo onset: where an electrolyte starts to oxidise. */
#include "cli.h"

#include "base/base_internal.h"

#include <math.h>
#include <stdlib.h>

/* A current, or a current density times the area. */
static int read_cutoff(const cli_call *call, double *cutoff_A)
{
    const char *text = cli_value(call, "--cutoff");
    double density_A_per_m2 = 0, area_m2 = 0;
    if (text == NULL || closo_quantity_parse(text, "A/m2", &density_A_per_m2, NULL) != CLOSO_OK) {
        int wrong = cli_quantity(call, "--cutoff", "A", cutoff_A);
        if (wrong == EXIT_DONE && text != NULL && !(*cutoff_A > 0))
            return cli_say_wrong("--cutoff: it has to be larger than zero");
        return wrong;
    }
    int wrong = cli_quantity(call, "--area", "m2", &area_m2);
    if (wrong == EXIT_DONE && !(area_m2 > 0))
        return cli_say_wrong(
            "--cutoff: a current density wants --area, such as --area '1.131 cm2'");
    *cutoff_A = density_A_per_m2 * area_m2;
    return wrong == EXIT_DONE && !(*cutoff_A > 0)
               ? cli_say_wrong("--cutoff: it has to be larger than zero")
               : wrong;
}

static int read_options(const cli_call *call, closo_onset_options *options)
{
    *options = (closo_onset_options){0};
    size_t seed = 0;
    int wrong = cli_count(call, "--max", &options->max_onsets);
    if (wrong == EXIT_DONE)
        wrong = cli_whole_number(call, "--seed", 0, &seed);
    if (wrong == EXIT_DONE)
        wrong = cli_window_V(call, "--background", &options->background_from_V,
                             &options->background_to_V);
    if (wrong == EXIT_DONE)
        wrong = cli_window_V(call, "--rising", &options->rising_from_V, &options->rising_to_V);
    if (wrong == EXIT_DONE)
        wrong = read_cutoff(call, &options->cutoff_A);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--departure", "1", &options->departure_sigmas);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--min-r2", "1", &options->min_r2);
    if (wrong == EXIT_DONE && options->departure_sigmas < 0)
        return cli_say_wrong("--departure: it has to be larger than zero; 3 is usual");
    if (wrong == EXIT_DONE && (options->min_r2 < 0 || options->min_r2 >= 1))
        return cli_say_wrong("--min-r2: it lies between 0 and 1; the thesis takes 0.99");
    options->seed = seed;
    options->straight_only = cli_given(call, "--straight");
    return wrong;
}

static void print_line(const char *name, const closo_sweep_line *line)
{
    printf("    %-10s %.3f to %.3f V, slope %.4g A/V, R2 %.4f, %zu points\n", name, line->from_V,
           line->to_V, line->slope_S, line->r2, line->point_count);
}

static void print_criterion(const char *name, double potential_V)
{
    if (isfinite(potential_V))
        printf("    %-34s %.3f V\n", name, potential_V);
    else
        printf("    %-34s none\n", name);
}

static void print_result(const closo_voltammogram *voltammogram, const closo_onset_result *result)
{
    const closo_sweep *sweep = &voltammogram->sweeps[result->sweep_index];
    const char *versus = voltammogram->reference.name;
    printf("  sweep %zu, %s, %.3f to %.3f V at %.4g uV/s\n", result->sweep_index + 1,
           sweep->direction > 0 ? "anodic" : "cathodic", sweep->from_V, sweep->to_V,
           sweep->rate_V_per_s * 1e6);
    if (result->onset_count == 0)
        puts("\n  no onset: the current does not leave its background in this sweep");
    for (size_t i = 0; i < result->onset_count; i++) {
        const closo_onset *onset = &result->onsets[i];
        char text[128];
        printf("\n  onset %zu    %s%s%s\n", i + 1,
               closo_value_text(onset->potential_V, "V", text, sizeof text),
               versus != NULL ? " vs " : "", versus != NULL ? versus : "");
        print_line(onset->background_flat ? "background (flat)" : "background", &onset->background);
        print_line("rising", &onset->rising);
    }
    const closo_onset_criteria *criteria = &result->criteria;
    char departure[48];
    snprintf(departure, sizeof departure, "departure by %g sigma", criteria->departure_sigmas);
    puts("\n  other criteria");
    print_criterion(departure, criteria->departure_V);
    print_criterion("steepest tangent on background", criteria->tangent_V);
    print_criterion("Tafel line on background's scatter", criteria->tafel_V);
    if (isfinite(criteria->cutoff_A))
        print_criterion("cut-off current", criteria->cutoff_V);
}

static int run(const cli_call *call)
{
    closo_table *table;
    closo_voltammogram *voltammogram;
    closo_normalisation normalisation;
    closo_onset_options onset_options;
    closo_onset_result result;
    closo_error error = {0};
    size_t sweep = 0;
    int wrong = read_options(call, &onset_options);
    if (wrong == EXIT_DONE)
        wrong = cli_open_voltammogram(call, call->inputs[0], &table, &voltammogram, &normalisation);
    if (wrong != EXIT_DONE)
        return wrong;
    if (closo_sweep_choose(voltammogram, cli_value(call, "--sweep"), &sweep, &error) != CLOSO_OK ||
        closo_onset_find(voltammogram, sweep, &onset_options, call->arena, &result, &error) !=
            CLOSO_OK) {
        (void)closo_error_in_file(&error, error.status, table->source);
        return cli_fail(&error);
    }
    const char *csv = cli_value(call, "--csv");
    if (csv != NULL &&
        closo_onset_write_csv(voltammogram, &result, csv, call->arena, &error) != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--plot") &&
        cli_draw(call, "--plot",
                 closo_figure_onset(voltammogram, &result, &normalisation, cli_title(table->source),
                                    call->arena),
                 &error) != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--json"))
        return cli_print_json(closo_onset_json(voltammogram, &result, call->arena));
    printf("%s\n", table->source);
    print_result(voltammogram, &result);
    cli_print_notes("warnings", &result.warnings);
    cli_print_notes("notes of the file", &table->notes);
    cli_print_notes("notes", &voltammogram->notes);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--csv", "FILE", "the sweep with its fitted lines: potential, current, background, rising"},
    {"--plot", "FILE", "the figure: .svg, .png, .pdf or .html"},
    {"--sweep", "WHICH",
     "'first anodic' (default), 'last anodic', 'longest cathodic', ..., or a leg of closo cv"},
    {"--max", "N", "at most so many onsets (3)"},
    {"--background", "WINDOW", "fit the background here, such as '2.0..2.4 V'"},
    {"--rising", "WINDOW", "fit the rising line here, such as '2.6..3.0 V'"},
    {"--min-r2", "R2", "warn below this R2 of a line (0.99)"},
    {"--straight", NULL, "leave out onsets whose rising line keeps less than that"},
    {"--departure", "K", "sigmas of the departure criterion (3)"},
    {"--cutoff", "CURRENT",
     "also say where this is passed, such as '1 uA', or '1 uA/cm2' with --area"},
    {"--seed", "N", "of the random draws behind the uncertainty"},
    CLI_VOLTAMMOGRAM_OPTIONS,
};

const cli_command cli_onset = {
    .name = "onset",
    .summary = "the potential at which an electrolyte starts to oxidise, with its uncertainty",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Finds where the straight background of a linear sweep and the straight rise of the\n"
        "faradaic current meet (Asakura et al. 2019, doi:10.1021/acsaem.9b01487). The windows\n"
        "of both lines are chosen by a rule without random or hidden choices (docs/onset.md)\n"
        "and printed; sigma contains that choice. Beside it stand the other criteria people\n"
        "use, so that their spread is seen.",
    .example =
        "  closo onset examples/onset/data/na2b12h12_10uV.mpr --reference Na --plot onset.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
