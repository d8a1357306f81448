/* SPDX-License-Identifier: BSD-3-Clause */
/* closo growth: by which law a resistance grows. */
#include "cli.h"

#include "closo/symmetric.h"

#include <math.h>
#include <stdlib.h>

static void print_value(double value, double sigma)
{
    char text[128];
    printf("  %-20s", closo_value_text((closo_value){value, sigma}, "", text, sizeof text));
}

static void print_law(const closo_growth *growth, closo_growth_law law)
{
    const closo_growth_fit *fit = &growth->laws[law];
    const double area = growth->per_area ? 1e4 : 1;
    printf("  %c %-12s", law == growth->best ? '*' : ' ', closo_growth_law_name(law));
    if (!fit->fitted) {
        puts("  too few points");
        return;
    }
    cli_print_padded("", 0);
    print_value(area * fit->initial.value, area * fit->initial.sigma);
    closo_value rate = closo_growth_rate(growth, law, 3600);
    if (law != CLOSO_GROWTH_CONSTANT)
        print_value(area * rate.value, area * rate.sigma);
    else
        printf("  %-20s", "");
    char text[128];
    closo_value shape = law == CLOSO_GROWTH_POWER
                            ? fit->exponent
                            : (closo_value){fit->tau_s.value / 3600, fit->tau_s.sigma / 3600};
    bool shaped = law == CLOSO_GROWTH_POWER || law == CLOSO_GROWTH_LOGARITHMIC;
    printf("  %-18s %7.2f %7.3f%s\n",
           shaped ? closo_value_text(shape, law == CLOSO_GROWTH_POWER ? "" : "h", text, sizeof text)
                  : "",
           fit->aicc, fit->aicc_weight, fit->at_edge ? "  (shape at the edge)" : "");
}

static void print_growth(const char *source, const closo_growth *growth)
{
    const char *unit = growth->per_area ? "ohm cm2" : "ohm";
    printf("%s: %zu points, R in %s, t in h%s\n\n", source, growth->point_count, unit,
           growth->sigma != NULL ? ", each with its sigma" : "");
    puts("    law              R0                    k                     n or tau            "
         "dAICc  weight");
    for (int law = 0; law < CLOSO_GROWTH_LAW_COUNT; law++)
        print_law(growth, (closo_growth_law)law);
    const closo_growth_fit *parabolic = &growth->laws[CLOSO_GROWTH_PARABOLIC];
    const double area = growth->per_area ? 1e4 : 1;
    char text[128], label[64];
    if (!parabolic->fitted)
        return;
    snprintf(label, sizeof label, "%s h^-1/2", unit);
    printf("\n  parabolic rate constant  %s\n",
           closo_value_text(
               (closo_value){60 * area * parabolic->rate.value, 60 * area * parabolic->rate.sigma},
               label, text, sizeof text));
    printf("  at time 0                %s\n",
           closo_value_text(
               (closo_value){area * parabolic->initial.value, area * parabolic->initial.sigma},
               unit, text, sizeof text));
}

static int run(const cli_call *call)
{
    closo_error error = {0};
    closo_growth_options given = {.time = cli_value(call, "--time"),
                                  .resistance = cli_value(call, "--resistance"),
                                  .sigma = cli_value(call, "--sigma")};
    closo_table *table;
    closo_growth *growth;
    int wrong = cli_quantity(call, "--area", "m2", &given.area_m2);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--origin", "s", &given.origin_s);
    if (wrong != EXIT_DONE)
        return wrong;
    if (cli_given(call, "--area") && !(given.area_m2 > 0))
        return cli_say_wrong("--area: it has to be larger than zero");
    wrong = cli_open_table(call, NULL, &table);
    if (wrong != EXIT_DONE)
        return wrong;
    const char *csv = cli_value(call, "--csv");
    closo_status status = closo_growth_from_table(table, &given, call->arena, &growth, &error);
    if (status == CLOSO_OK && csv != NULL)
        status = closo_growth_write_csv(growth, csv, call->arena, &error);
    if (status == CLOSO_OK && cli_given(call, "--plot"))
        status =
            cli_draw(call, "--plot",
                     closo_figure_growth(growth, cli_title(table->source), call->arena), &error);
    if (status != CLOSO_OK)
        return cli_fail_in(&error, table->source);
    if (cli_given(call, "--json"))
        return cli_print_json(closo_growth_json(growth, call->arena));
    print_growth(table->source, growth);
    cli_print_notes("notes of the file", &table->notes);
    cli_print_notes("notes", &growth->notes);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--time", "COLUMN", "the column of time; else the first one"},
    {"--resistance", "COLUMN", "the column of the resistance, in ohm or ohm cm2; else the first"},
    {"--sigma", "COLUMN", "its uncertainty; else a column named sigma or error, if there is one"},
    {"--area", "AREA", "of the electrode, such as '1.131 cm2': resistances in ohm become ohm cm2"},
    {"--origin", "TIME", "when growth began on the clock of the file, such as '2 h'; else 0"},
    {"--csv", "FILE", "points, laws and residuals"},
    {"--plot", "FILE", "R against the square root of time: .svg, .png, .pdf or .html"},
    {"--part", "N", "which table of the file, counted from 1 (closo info lists them)"},
};

const cli_command cli_growth = {
    .name = "growth",
    .summary = "by which law a resistance grows: parabolic, linear, logarithmic, power",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about = "Takes a table of time and resistance, such as that of an interphase fitted to\n"
             "impedances, and fits five laws to it: constant, linear, parabolic (R0 + k t^1/2),\n"
             "logarithmic and a power of time with a free exponent. They are weighed against each\n"
             "other by Akaike's criterion (AICc): a difference below 2 decides nothing.",
    .example = "  closo growth examples/symmetric/data/interphase.csv --plot growth.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
