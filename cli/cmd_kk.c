/* SPDX-License-Identifier: BSD-3-Clause */
/* closo kk: is the spectrum that of one linear system that stood still? */
#include "cli.h"
#include "spectrum_options.h"

#include "base/base_internal.h"

#include <math.h>
#include <string.h>

static int read_options(const cli_call *call, closo_kk_options *options)
{
    *options = (closo_kk_options){0};
    const char *form = cli_value(call, "--form");
    if (form != NULL && strcmp(form, "impedance") == 0)
        options->form = CLOSO_KK_IMPEDANCE;
    else if (form != NULL && strcmp(form, "admittance") == 0)
        options->form = CLOSO_KK_ADMITTANCE;
    else if (form != NULL)
        return cli_say_wrong("--form: '%s' is neither impedance nor admittance", form);
    int wrong = cli_count(call, "--terms", &options->terms);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--sigmas", "1", &options->point_sigmas);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--tolerance", "1", &options->tolerance);
    if (wrong != EXIT_DONE)
        return wrong;
    if (cli_given(call, "--sigmas") && !(options->point_sigmas > 0))
        return cli_say_wrong("--sigmas: it has to be larger than zero; 4 is usual");
    if (cli_given(call, "--tolerance") && !(options->tolerance > 0))
        return cli_say_wrong("--tolerance: it has to be larger than zero, such as '0.5 %%'");
    return EXIT_DONE;
}

static void print_share(const char *what, double share)
{
    if (isfinite(share) && share > 0.005)
        printf("  %-36s %.1f %%\n", what, 100 * share);
}

static void print_result(const closo_kk_result *result)
{
    char text[128];
    printf("\n  %s\n\n", result->sentence);
    printf("  %-36s %zu RC terms in the %s, %zu points\n", "model", result->terms,
           result->form == CLOSO_KK_ADMITTANCE ? "admittance" : "impedance", result->count);
    printf("  %-36s %.3g %%, noise %.3g %%\n", "residual (rms)", 100 * result->residual_rms,
           100 * result->noise);
    printf("  %-36s %.3g %%\n", "beyond noise, five neighbours", 100 * result->systematic);
    printf("  %-36s real and imaginary part %.2g, runs %.2g\n", "p", result->p_parts,
           result->p_runs);
    closo_value drift = {100 * result->drift.value, 100 * result->drift.sigma};
    printf("  %-36s %s, p %.2g\n", "change while measured",
           closo_value_text(drift, "%", text, sizeof text), result->p_drift);
    if (isfinite(result->nonlinearity.sigma) && result->nonlinearity.sigma < 1) {
        closo_value bent = {100 * result->nonlinearity.value, 100 * result->nonlinearity.sigma};
        printf("  %-36s %s, p %.2g\n", "change from too large an amplitude",
               closo_value_text(bent, "%", text, sizeof text), result->p_nonlinear);
    }
    print_share("resistance below the lowest point", result->low_missing);
    print_share("real part that decays above the top", result->high_missing);
    printf("  %-36s %zu of %zu\n", "points that are no good", result->bad_count, result->count);
    for (size_t i = 0; i < result->count; i++)
        if (!result->good[i])
            printf("    %-12.5g Hz   real %+.2f %%, imaginary %+.2f %%, %.1f sigma\n",
                   result->frequency_Hz[i], 100 * result->real_residual[i],
                   100 * result->imaginary_residual[i], result->deviation_sigmas[i]);
}

/* Writes the good points as a file that any closo command reads. */
static closo_status write_masked(const closo_spectrum *spectrum, const closo_kk_result *result,
                                 const char *path, closo_arena *arena, closo_error *error)
{
    closo_spectrum masked;
    closo_status status = closo_kk_mask(spectrum, result, arena, &masked, error);
    closo_table *table = closo_table_new(arena, path);
    if (status != CLOSO_OK)
        return status;
    if (table == NULL)
        return closo_fail_nomem(error);
    table->row_count = masked.count;
    if (closo_table_add_values(table, "freq/Hz", "Hz", CLOSO_QUANTITY_FREQUENCY,
                               masked.frequency_Hz) == NULL ||
        closo_table_add_values(table, "Re(Z)/Ohm", "Ohm", CLOSO_QUANTITY_IMPEDANCE_REAL,
                               masked.real_ohm) == NULL ||
        closo_table_add_values(table, "Im(Z)/Ohm", "Ohm", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY,
                               masked.imaginary_ohm) == NULL)
        return closo_fail_nomem(error);
    return closo_table_write_csv(table, path, arena, error);
}

static int write_files(const cli_call *call, const closo_spectrum *spectrum,
                       const closo_kk_options *options, const closo_kk_result *result)
{
    closo_error error = {0};
    const char *csv = cli_value(call, "--csv");
    const char *masked = cli_value(call, "--masked");
    if (csv != NULL && closo_kk_write_csv(spectrum, result, csv, call->arena, &error) != CLOSO_OK)
        return cli_fail(&error);
    if (masked != NULL && write_masked(spectrum, result, masked, call->arena, &error) != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--plot") &&
        cli_draw(call, "--plot",
                 closo_figure_kk(result, options->point_sigmas, spectrum->name, call->arena),
                 &error) != CLOSO_OK)
        return cli_fail(&error);
    return EXIT_DONE;
}

static int run(const cli_call *call)
{
    closo_kk_options kk_options;
    closo_kk_result result;
    closo_error error = {0};
    const closo_table *table;
    const closo_spectrum *spectrum;
    int wrong = read_options(call, &kk_options);
    if (wrong == EXIT_DONE)
        wrong = cli_open_spectrum(call, call->inputs[0], &table, &spectrum);
    if (wrong != EXIT_DONE)
        return wrong;
    if (closo_kramers_kronig(spectrum, &kk_options, call->arena, &result, &error) != CLOSO_OK) {
        (void)closo_error_in_file(&error, error.status, table->source);
        return cli_fail(&error);
    }
    wrong = write_files(call, spectrum, &kk_options, &result);
    if (wrong != EXIT_DONE)
        return wrong;
    if (cli_given(call, "--json"))
        return cli_print_json(closo_kk_json(spectrum, &result, call->arena));
    printf("%s\n", spectrum->name);
    print_result(&result);
    cli_print_notes("warnings", &result.warnings);
    cli_print_notes("notes of the spectrum", &spectrum->notes);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--csv", "FILE", "each point with model, residuals and verdict"},
    {"--plot", "FILE", "the residual spectrum: .svg, .png, .pdf or .html"},
    {"--masked", "FILE", "the good points as CSV, for a fit without the bad ones"},
    {"--form", "FORM", "impedance or admittance (impedance unless Z' is negative somewhere)"},
    {"--terms", "N", "RC terms (as the Bayesian information criterion says)"},
    {"--sigmas", "K", "a point farther off than this is no good (4)"},
    {"--tolerance", "SHARE", "systematic residuals to let pass, such as '0.5 %' (0.5 %)"},
    CLI_SPECTRUM_OPTIONS,
};

const cli_command cli_kk = {
    .name = "kk",
    .summary = "Kramers-Kronig test: can an impedance spectrum be believed, and where not",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Fits a sum of RC terms with inductance and series capacitance, whose real and imaginary\n"
        "part obey the Kramers-Kronig relations by construction, and asks whether what is left is\n"
        "noise (docs/kk.md). What is not noise is tried as a drift of the cell and as too large\n"
        "an amplitude. Each frequency has its own verdict; --masked writes the good ones.",
    .example = "  closo kk examples/impedance/drifting_cell.csv --plot kk.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
