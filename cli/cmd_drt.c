/* SPDX-License-Identifier: BSD-3-Clause */
/* closo drt: which processes are in an impedance spectrum? */
#include "cli.h"
#include "spectrum_options.h"

#include "base/base_internal.h"

#include <math.h>

static int read_options(const cli_call *call, closo_drt_options *options)
{
    *options = (closo_drt_options){.no_inductance = cli_given(call, "--no-inductance"),
                                   .no_capacitance = cli_given(call, "--no-capacitance"),
                                   .no_arcs = cli_given(call, "--no-arcs"),
                                   .basis = cli_given(call, "--gaussian") ? CLOSO_DRT_GAUSSIANS
                                                                          : CLOSO_DRT_HATS};
    const char *criterion = cli_value(call, "--criterion");
    if (criterion != NULL && !closo_drt_criterion_parse(criterion, &options->criterion))
        return cli_say_wrong("--criterion: '%s' is none of mgcv, gcv, rgcv, re-im and l-curve",
                             criterion);
    const char *part = cli_value(call, "--only");
    if (part != NULL && !closo_drt_part_parse(part, &options->part))
        return cli_say_wrong("--only: '%s' is none of both, real and imaginary", part);
    size_t seed = 0;
    int wrong = cli_quantity(call, "--lambda", "1", &options->lambda);
    if (wrong == EXIT_DONE)
        wrong = cli_count(call, "--points", &options->points_per_decade);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--beyond", "1", &options->extension_decades);
    if (wrong == EXIT_DONE)
        wrong = cli_count(call, "--samples", &options->samples);
    if (wrong == EXIT_DONE)
        wrong = cli_whole_number(call, "--seed", 0, &seed);
    options->seed = seed;
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--fwhm", "1", &options->fwhm_steps);
    if (wrong == EXIT_DONE && cli_given(call, "--fwhm") &&
        !(options->fwhm_steps >= 1 && options->fwhm_steps <= 3))
        return cli_say_wrong("--fwhm: from 1 to 3 steps of the time constants");
    if (wrong == EXIT_DONE && cli_given(call, "--lambda") && !(options->lambda > 0))
        return cli_say_wrong("--lambda: it has to be larger than zero; 1e-4 is usual");
    if (wrong == EXIT_DONE && cli_given(call, "--beyond") && !(options->extension_decades > 0))
        return cli_say_wrong("--beyond: a number of decades larger than zero");
    return wrong;
}

/* A value in a column of its own width: the sign of plus and minus is two bytes and one character. */
static void print_value(closo_value value, const char *unit, int width)
{
    char text[128];
    if (!isfinite(value.sigma))
        snprintf(text, sizeof text, "%.4g %s", value.value, unit);
    cli_print_padded(
        isfinite(value.sigma) ? closo_value_text(value, unit, text, sizeof text) : text, width);
}

static void print_peak(const closo_drt_peak *peak)
{
    char text[32];
    print_value(peak->resistance_ohm, "ohm", 22);
    print_value(peak->tau_s, "s", 26);
    snprintf(text, sizeof text, "%.3g Hz", 1 / (6.283185307 * peak->tau_s.value));
    cli_print_padded(text, 11);
    if (peak->fitted)
        print_value(peak->exponent, "", 18);
    else
        cli_print_padded(peak->outside ? "outside" : "area", 18);
    putchar('\n');
}

static void print_peaks(const closo_drt *drt)
{
    size_t needless = 0;
    puts("\n  resistance               time constant                peak          exponent");
    for (size_t p = 0; p < drt->peak_count; p++) {
        needless += drt->peaks[p].needless;
        if (!drt->peaks[p].needless)
            print_peak(&drt->peaks[p]);
    }
    if (needless != 0)
        printf("\n  %zu further peak%s of the distribution that the data do not ask for, near",
               needless, needless == 1 ? "" : "s");
    for (size_t p = 0; p < drt->peak_count; p++)
        if (drt->peaks[p].needless)
            printf(" %.2g s%s", drt->peaks[p].tau_s.value, --needless != 0 ? "," : "\n");
}

static void print_result(const closo_drt *drt)
{
    printf("\n  %-34s %.5g ohm\n", "series resistance", drt->resistance_ohm);
    if (drt->inductance_H > 0)
        printf("  %-34s %.4g H\n", "series inductance", drt->inductance_H);
    if (isfinite(drt->capacitance_F))
        printf("  %-34s %.4g F\n", "series capacitance", drt->capacitance_F);
    printf("  %-34s %.5g ohm\n", "area within the frequencies", drt->polarisation_ohm);
    if (drt->shapes_hold)
        printf("  %-34s %.5g ohm\n", "sum of the arcs", drt->arc_sum_ohm);
    printf("  %-34s %.3g (%s), %.1f effective parameters\n", "lambda", drt->lambda,
           closo_drt_criterion_name(drt->criterion), drt->effective_parameters);
    printf("  %-34s %.3g %% of |Z|, noise %.3g %%\n", "residual (rms)", 100 * drt->residual_rms,
           100 * drt->noise);
    if (drt->part != CLOSO_DRT_BOTH)
        printf("  %-34s %.3g %%\n", "the part that was not fitted", 100 * drt->other_residual_rms);
    if (isfinite(drt->shape_residual_rms))
        printf("  %-34s %.3g %%\n", "arcs in place of the peaks leave",
               100 * drt->shape_residual_rms);
    print_peaks(drt);
}

static int run(const cli_call *call)
{
    closo_drt_options drt_options;
    closo_drt drt;
    closo_error error = {0};
    const closo_table *table;
    const closo_spectrum *spectrum;
    int wrong = read_options(call, &drt_options);
    if (wrong == EXIT_DONE)
        wrong = cli_open_spectrum(call, call->inputs[0], &table, &spectrum);
    if (wrong != EXIT_DONE)
        return wrong;
    if (closo_drt_make(spectrum, &drt_options, call->arena, &drt, &error) != CLOSO_OK) {
        (void)closo_error_in_file(&error, error.status, table->source);
        return cli_fail(&error);
    }
    const char *csv = cli_value(call, "--csv");
    if (csv != NULL && closo_drt_write_csv(&drt, csv, call->arena, &error) != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--plot") &&
        cli_draw(call, "--plot", closo_figure_drt(&drt, spectrum->name, call->arena), &error) !=
            CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--json"))
        return cli_print_json(closo_drt_json(spectrum, &drt, call->arena));
    printf("%s\n", spectrum->name);
    print_result(&drt);
    cli_print_notes("warnings", &drt.warnings);
    cli_print_notes("notes of the spectrum", &spectrum->notes);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--csv", "FILE", "the distribution: time constant, gamma, and its interval"},
    {"--plot", "FILE", "the distribution with its peaks: .svg, .png, .pdf or .html"},
    {"--criterion", "NAME", "how lambda is chosen: mgcv (usual), gcv, rgcv, re-im, l-curve"},
    {"--lambda", "NUMBER", "lambda by hand"},
    {"--only", "PART", "fit one part and test it on the other: real or imaginary"},
    {"--no-arcs", NULL, "fit no arcs: peaks are areas of the distribution, without sigma"},
    {"--gaussian", NULL, "made of Gaussians instead of hats"},
    {"--fwhm", "STEPS", "their full width at half maximum, in steps of the time constants (2)"},
    {"--points", "N", "time constants per decade (10)"},
    {"--beyond", "DECADES", "time constants beyond the frequencies on each side (1)"},
    {"--no-inductance", NULL, "leave the series inductance out"},
    {"--no-capacitance", NULL, "leave the series capacitance out"},
    {"--samples", "N", "draw so many distributions for 95 % credible intervals, such as 1000"},
    {"--seed", "N", "of the draws"},
    CLI_SPECTRUM_OPTIONS,
};

const cli_command cli_drt = {
    .name = "drt",
    .summary = "distribution of relaxation times: the processes in an impedance spectrum",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Non-negative Tikhonov regularisation with inductance and series capacitance (docs/drt.md).\n"
        "Each peak is fitted to the data as a depressed arc; when these arcs describe them as well\n"
        "as the distribution does, resistance and time constant come from there, with their sigma;\n"
        "else they are area and position of the peak. Run closo kk first.",
    .example = "  closo drt examples/impedance/cell.csv --samples 500 --plot drt.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
