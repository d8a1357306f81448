/* SPDX-License-Identifier: BSD-3-Clause */
/* closo polarise: steady currents at constant voltage, and the electronic conductivity. */
#include "cli.h"

#include "closo/symmetric.h"

#include <math.h>

static void print_line(const char *what, closo_value value, const char *unit)
{
    char text[128];
    if (isfinite(value.value))
        printf("  %-34s %s\n", what, closo_value_text(value, unit, text, sizeof text));
}

static closo_value times(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * factor};
}

/* The prefix in which the largest current is a handy number. */
typedef struct prefix {
    double factor;
    const char *letter;
} prefix;

static prefix prefix_of(const closo_polarisation *polarisation)
{
    double largest_A = 0;
    for (size_t s = 0; s < polarisation->step_count; s++)
        largest_A = fmax(largest_A, fabs(polarisation->steps[s].transient.last_A.value));
    return largest_A < 1e-5   ? (prefix){1e9, "n"}
           : largest_A < 1e-2 ? (prefix){1e6, "µ"}
                              : (prefix){1e3, "m"};
}

static void print_steps(const closo_polarisation *polarisation, prefix in)
{
    char steady[128], last[128], conductance[128];
    printf(
        "  voltage/V  hours  steady current/%sA       last tenth/%sA           conductance/%sS      "
        "    law\n",
        in.letter, in.letter, in.letter);
    for (size_t s = 0; s < polarisation->step_count; s++) {
        const closo_polarisation_step *step = &polarisation->steps[s];
        closo_value_text(times(step->transient.steady_A, in.factor), "", steady, sizeof steady);
        closo_value_text(times(step->transient.last_A, in.factor), "", last, sizeof last);
        closo_value_text(times(step->conductance_S, in.factor), "", conductance,
                         sizeof conductance);
        printf("  %9.5g %6.4g", step->applied_V, step->duration_s / 3600);
        cli_print_padded(steady, 22);
        cli_print_padded(last, 22);
        cli_print_padded(conductance, 22);
        printf("  %s%s\n", closo_transient_model_name(step->transient.best),
               step->transient.settled ? "" : ", not settled");
    }
}

static void print_polarisation(const closo_polarisation *polarisation)
{
    const prefix in = prefix_of(polarisation);
    char unit[8];
    snprintf(unit, sizeof unit, "%sS", in.letter);
    print_steps(polarisation, in);
    putchar('\n');
    print_line("slope of current over voltage", times(polarisation->slope_S, in.factor), unit);
    print_line("zero current at", times(polarisation->zero_V, 1e3), "mV");
    print_line("conductivity", times(polarisation->conductivity_S_per_m, 0.01), "S/cm");
    for (size_t s = 0; s < polarisation->step_count; s++)
        if (isfinite(polarisation->steps[s].electronic_share))
            printf("  share of the conductance at %.4g V %.3g\n", polarisation->steps[s].applied_V,
                   polarisation->steps[s].electronic_share);
}

static int read_options(const cli_call *call, closo_polarisation_options *options)
{
    const cli_amount amounts[] = {{"--area", "m2", &options->area_m2},
                                  {"--thickness", "m", &options->thickness_m},
                                  {"--resistance", "ohm", &options->resistance_ohm},
                                  {"--skip", "s", &options->skip_s},
                                  {"--zero-current", "A", &options->zero_current_A}};
    int wrong = cli_amounts(call, amounts, sizeof amounts / sizeof *amounts);
    options->from_rest = cli_given(call, "--from-rest");
    return wrong;
}

static int run(const cli_call *call)
{
    closo_error error = {0};
    closo_polarisation_options given = {0};
    closo_table *table;
    closo_polarisation *polarisation;
    int wrong = read_options(call, &given);
    if (wrong != EXIT_DONE)
        return wrong;
    wrong = cli_open_table(call, NULL, &table);
    if (wrong != EXIT_DONE)
        return wrong;
    const char *csv = cli_value(call, "--csv");
    closo_status status =
        closo_polarisation_from_table(table, &given, call->arena, &polarisation, &error);
    if (status == CLOSO_OK && csv != NULL)
        status = closo_polarisation_write_csv(polarisation, csv, call->arena, &error);
    if (status == CLOSO_OK && cli_given(call, "--plot"))
        status = cli_draw(
            call, "--plot",
            closo_figure_polarisation(polarisation, cli_title(table->source), call->arena), &error);
    if (status != CLOSO_OK)
        return cli_fail_in(&error, table->source);
    if (cli_given(call, "--json"))
        return cli_print_json(closo_polarisation_json(polarisation, call->arena));
    const char *technique = table->technique != NULL ? table->technique : "";
    printf("%s: %s%s%zu rows, %zu voltage%s held\n", table->source, technique,
           technique[0] != '\0' ? ", " : "", polarisation->row_count, polarisation->step_count,
           polarisation->step_count == 1 ? "" : "s");
    print_polarisation(polarisation);
    printf("\nrule\n  %s\n", polarisation->rule);
    cli_print_notes("notes of the file", &table->notes);
    cli_print_notes("notes", &polarisation->notes);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--area", "AREA", "of one electrode, such as '1.131 cm2'; else the file's"},
    {"--thickness", "LENGTH", "of the electrolyte, such as '0.8 mm': gives the conductivity"},
    {"--resistance", "RESISTANCE", "of the cell by impedance, such as '900 ohm': electronic share"},
    {"--from-rest", NULL, "voltages count from the rest before each step, not from zero"},
    {"--skip", "TIME", "of each hold, before the law is fitted, such as '10 min'; else 2 %"},
    {"--zero-current", "CURRENT", "up to this the cell rests, such as '1 pA'; else exact zeros"},
    {"--csv", "FILE", "currents and the law of each"},
    {"--plot", "FILE", "currents against time with their laws: .svg, .png, .pdf or .html"},
    {"--part", "N", "which table of the file, counted from 1 (closo info lists them)"},
};

const cli_command cli_polarise = {
    .name = "polarise",
    .summary = "steady currents at constant voltage: electronic conductivity",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Finds the voltages that were held and what the current of each becomes. Several laws\n"
        "are fitted to its decay; their disagreement is part of the uncertainty, and what has\n"
        "not settled is said. The slope over several voltages (or the one there is) gives the\n"
        "conductance and, with area and thickness, the conductivity: electronic where the\n"
        "electrodes block ions.",
    .example = "  closo polarise examples/symmetric/data/polarisation.csv --area '1.131 cm2' "
               "--thickness '1 mm' --plot polarise.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
