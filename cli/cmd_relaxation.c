/* SPDX-License-Identifier: BSD-3-Clause */
/* closo relaxation: what NMR and neutrons say of jumps and turns. */
#include "cli.h"

#include "closo/transport.h"

#include <math.h>
#include <string.h>

static void print_value(const char *what, closo_value value, const char *unit)
{
    char text[128];
    printf("  %-34s %s\n", what, closo_value_text(value, unit, text, sizeof text));
}

static void print_rates(const closo_relaxation_result *result)
{
    const closo_relaxation_fit *fit = &result->fits[result->chosen];
    printf("spin-lattice relaxation, %s\n", closo_spectral_density_name(fit->density));
    print_value("activation energy", fit->energy_eV, "eV");
    print_value("ln(tau0 / s)", fit->ln_tau0, "");
    print_value("ln(C / s^-2)", fit->ln_coupling, "");
    if (result->chosen == CLOSO_DENSITY_COLE_DAVIDSON)
        print_value("exponent", fit->exponent, "");
    char what[64];
    snprintf(what, sizeof what, "jump rate at %.2f degC", result->at_K - 273.15);
    double rate = exp(result->ln_jump_rate.value);
    print_value(what, (closo_value){rate, rate * result->ln_jump_rate.sigma}, "1/s");
    puts("\nmodels           energy/eV     BIC    rms of ln R1");
    for (int d = 0; d < CLOSO_DENSITY_COUNT; d++)
        printf("  %-14s %9.4f %8.1f %10.4f%s\n",
               closo_spectral_density_name((closo_spectral_density)d),
               result->fits[d].energy_eV.value, result->fits[d].bic, result->fits[d].residual_rms,
               d == (int)result->chosen ? "   chosen" : "");
    cli_print_notes("warnings", &result->warnings);
}

static void print_narrowing(const closo_narrowing *found)
{
    puts("motional narrowing of an NMR line (Hendrickson and Bray)");
    print_value("activation energy", found->energy_eV, "eV");
    print_value("rigid width",
                (closo_value){1e-3 * found->rigid_Hz.value, 1e-3 * found->rigid_Hz.sigma}, "kHz");
    print_value("narrow width",
                (closo_value){1e-3 * found->narrow_Hz.value, 1e-3 * found->narrow_Hz.sigma}, "kHz");
    print_value("half way at", found->half_K, "K");
    printf("  %-34s %.3f eV, a rule of thumb\n", "Waugh and Fedin", found->waugh_fedin_eV);
    cli_print_notes("warnings", &found->warnings);
}

static void print_eisf(const closo_eisf_result *found)
{
    puts("elastic incoherent structure factor\n\nmodels                 turns        BIC");
    for (int r = 0; r < CLOSO_ROTATION_COUNT; r++) {
        char text[128];
        const closo_value percent = {100 * found->mobile[r].value, 100 * found->mobile[r].sigma};
        printf("  %-10s %16s %% %8.1f%s\n", closo_rotation_name((closo_rotation)r),
               closo_value_text(percent, "", text, sizeof text), found->bic[r],
               r == (int)found->chosen ? "   chosen" : "");
    }
    printf("\n%s\n", closo_rotation_text(found->chosen));
    cli_print_notes("warnings", &found->warnings);
}

static closo_status write_plot(const cli_call *call, const closo_motion *motion, closo_error *error)
{
    if (!cli_given(call, "--plot"))
        return CLOSO_OK;
    return cli_draw(call, "--plot",
                    closo_figure_motion(motion, cli_title(call->inputs[0]), call->arena), error);
}

static int run(const cli_call *call)
{
    closo_error error = {0};
    closo_motion_options given = {0};
    closo_table *table;
    closo_motion motion;
    int wrong = cli_quantity(call, "--frequency", "Hz", &given.larmor_Hz);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--radius", "m", &given.radius_m);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--at", "K", &given.at_K);
    if (wrong != EXIT_DONE)
        return wrong;
    if (closo_file_open(call->inputs[0], NULL, call->arena, &table, &error) != CLOSO_OK)
        return cli_fail(&error);
    if (closo_motion_from_table(table, &given, call->arena, &motion, &error) != CLOSO_OK)
        return cli_fail_in(&error, call->inputs[0]);
    closo_status status = write_plot(call, &motion, &error);
    if (status != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--json"))
        return cli_print_json(closo_motion_json(&motion, call->arena));
    printf("%s: %zu points\n", call->inputs[0], motion.count);
    switch (motion.kind) {
    case CLOSO_MOTION_RATES:
        print_rates(&motion.rates);
        break;
    case CLOSO_MOTION_NARROWING:
        print_narrowing(&motion.narrowing);
        break;
    case CLOSO_MOTION_EISF:
        print_eisf(&motion.eisf);
        break;
    }
    printf("\nfrom the column '%s'", motion.column);
    if (motion.sigma_column != NULL)
        printf(", with the uncertainties of '%s'", motion.sigma_column);
    putchar('\n');
    cli_print_notes("notes", &motion.notes);
    cli_print_notes("notes of the file", &table->notes);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--frequency", "FREQUENCY", "Larmor frequency, such as '62.5 MHz', when no column has it"},
    {"--radius", "LENGTH", "of the hydrogen cage, such as '2.9 ang', for an EISF"},
    {"--at", "TEMPERATURE", "where the jump rate is wanted; 25 degC"},
    {"--plot", "FILE", "points and fit: .svg, .png, .pdf or .html"},
};

const cli_command cli_relaxation = {
    .name = "relaxation",
    .summary = "jumps and turns from NMR relaxation, line widths, or neutron EISF",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Reads a table and does what its columns are made for: a relaxation rate in 1/s (or a\n"
        "time T1 in s) against temperature, a line width in Hz (a column whose name holds width),\n"
        "or an EISF against Q in 1/ang or 1/nm.",
    .example = "  closo relaxation examples/relaxation/rates.csv --plot /tmp/rates.svg\n"
               "  closo relaxation examples/relaxation/eisf.csv --radius '2.9 ang'",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
