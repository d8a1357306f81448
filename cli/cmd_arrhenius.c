/* SPDX-License-Identifier: BSD-3-Clause */
/* closo arrhenius: activation energies, and whether the plot has a kink, a step or a bend. */
#include "cli.h"

#include "base/base_internal.h"
#include "closo/transport.h"

#include <math.h>
#include <string.h>

static int read_options(const cli_call *call, closo_arrhenius_options *options,
                        closo_pellet *pellet, bool *has_pellet)
{
    closo_error error = {0};
    const char *model = cli_value(call, "--model");
    if (model != NULL) {
        options->choose_given = true;
        if (closo_arrhenius_model_parse(model, &options->model, &error) != CLOSO_OK)
            return cli_say_wrong("--model: %s", error.message);
    }
    size_t seed = 0;
    int wrong = cli_quantity(call, "--at", "K", &options->at_K);
    if (wrong == EXIT_DONE && cli_given(call, "--at") && !(options->at_K > 0))
        wrong = cli_say_wrong("--at: it lies below absolute zero");
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--diameter", "m", &pellet->diameter_m.value);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--thickness", "m", &pellet->thickness_m.value);
    if (wrong == EXIT_DONE)
        wrong = cli_whole_number(call, "--seed", 0, &seed);
    options->seed = seed;
    *has_pellet = cli_given(call, "--diameter") || cli_given(call, "--thickness");
    if (wrong == EXIT_DONE && cli_given(call, "--diameter") != cli_given(call, "--thickness"))
        wrong = cli_say_wrong("a resistance wants both --diameter and --thickness of the pellet");
    return wrong;
}

static void print_value(const char *what, closo_value value, const char *unit)
{
    char text[128];
    printf("  %-30s %s\n", what, closo_value_text(value, unit, text, sizeof text));
}

static void print_branches(const closo_arrhenius_fit *fit)
{
    for (size_t b = fit->branch_count; b-- > 0;) { /* the hot end is on the left of the plot */
        const closo_arrhenius_branch *branch = &fit->branches[b];
        char what[64], text[128];
        snprintf(what, sizeof what, "%.0f to %.0f K, %zu points", branch->from_K, branch->to_K,
                 branch->point_count);
        print_value(what, branch->energy_eV, "eV");
        closo_value prefactor = branch->ln_prefactor;
        prefactor.value -= log(100); /* to S K/cm */
        printf("  %-30s %s, ln(A / (S K/cm))\n", "",
               closo_value_text(prefactor, "", text, sizeof text));
    }
    if (fit->model == CLOSO_ARRHENIUS_VTF) {
        print_value("B", fit->vtf_energy_eV, "eV");
        print_value("T0", fit->vtf_T0_K, "K");
    }
    if (isfinite(fit->transition_K.value)) {
        closo_value celsius = {fit->transition_K.value - 273.15, fit->transition_K.sigma};
        print_value("transition", celsius, "degC");
    }
    if (fit->model == CLOSO_ARRHENIUS_JUMP)
        print_value("step of ln(sigma T)", fit->step, "");
}

static void print_models(const closo_arrhenius_result *result)
{
    puts("\nmodels         parameters     BIC    rms of ln(sigma T)");
    for (int i = 0; i < CLOSO_ARRHENIUS_COUNT; i++) {
        const closo_arrhenius_fit *fit = &result->fits[i];
        const char *name = closo_arrhenius_name(fit->model);
        if (fit->fitted)
            printf("  %-14s %7zu %10.1f %10.4f%s\n", name, fit->parameter_count, fit->bic,
                   fit->residual_rms, fit->model == result->chosen ? "   chosen" : "");
        else
            printf("  %-14s       - not possible with these points\n", name);
    }
    printf("\n%s\n", result->reason);
}

static closo_status write_csv(const char *path, const closo_arrhenius_data *data,
                              const closo_arrhenius_result *result, closo_arena *arena,
                              closo_error *error)
{
    const closo_arrhenius_fit *fit = &result->fits[result->chosen];
    closo_table *table = closo_table_new(arena, path);
    double *fitted = closo_arena_alloc(arena, data->count + 1, sizeof *fitted);
    if (table == NULL || fitted == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < data->count; i++)
        fitted[i] =
            exp(closo_arrhenius_predict(fit, data->temperature_K[i])) / data->temperature_K[i];
    table->row_count = data->count;
    if (closo_table_add_values(table, "T/K", "K", CLOSO_QUANTITY_TEMPERATURE,
                               data->temperature_K) == NULL ||
        closo_table_add_values(table, "sigma/S m-1", "S/m", CLOSO_QUANTITY_OTHER,
                               data->conductivity_S_per_m) == NULL ||
        closo_table_add_values(table, "fit/S m-1", "S/m", CLOSO_QUANTITY_OTHER, fitted) == NULL)
        return closo_fail_nomem(error);
    return closo_table_write_csv(table, path, arena, error);
}

static closo_status write_files(const cli_call *call, const closo_arrhenius_data *data,
                                const closo_arrhenius_result *result, closo_error *error)
{
    const char *csv = cli_value(call, "--csv");
    closo_status status = CLOSO_OK;
    if (csv != NULL)
        status = write_csv(csv, data, result, call->arena, error);
    if (status == CLOSO_OK && cli_given(call, "--plot"))
        status = cli_draw(
            call, "--plot",
            closo_figure_arrhenius(data, result, cli_title(call->inputs[0]), call->arena), error);
    return status;
}

static int run(const cli_call *call)
{
    closo_error error = {0};
    closo_arrhenius_options given = {0};
    closo_pellet pellet = {0};
    bool has_pellet = false;
    closo_table *table;
    closo_arrhenius_data data;
    closo_arrhenius_result result;
    int wrong = read_options(call, &given, &pellet, &has_pellet);
    if (wrong != EXIT_DONE)
        return wrong;
    closo_arrhenius_source source = {cli_value(call, "--column"), has_pellet ? &pellet : NULL, 0};
    if (closo_file_open(call->inputs[0], NULL, call->arena, &table, &error) != CLOSO_OK)
        return cli_fail(&error);
    if (closo_arrhenius_data_from_table(table, &source, call->arena, &data, &error) != CLOSO_OK ||
        closo_arrhenius_fit_data(&data, &given, call->arena, &result, &error) != CLOSO_OK)
        return cli_fail_in(&error, call->inputs[0]);
    closo_status status = write_files(call, &data, &result, &error);
    if (status != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--json"))
        return cli_print_json(closo_arrhenius_json(&data, &result, call->arena));
    const closo_arrhenius_fit *fit = &result.fits[result.chosen];
    printf("%s: %zu points, %s\n", call->inputs[0], data.count, closo_arrhenius_text(fit->model));
    print_branches(fit);
    char what[64];
    snprintf(what, sizeof what, "conductivity at %.2f degC", result.at_K - 273.15);
    print_value(what,
                (closo_value){1e-2 * result.conductivity_S_per_m.value,
                              1e-2 * result.conductivity_S_per_m.sigma},
                "S/cm");
    print_models(&result);
    if (source.left_out != 0)
        closo_table_note(table, "%zu rows without a number were left out", source.left_out);
    cli_print_notes("notes of the file", &table->notes);
    cli_print_notes("warnings", &result.warnings);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--column", "NAME", "the column with the conductivity; else the first in S/cm or S/m"},
    {"--diameter", "LENGTH", "of the pellet, such as '12 mm', when the column is a resistance"},
    {"--thickness", "LENGTH", "of the pellet, such as '0.6 mm'"},
    {"--model", "MODEL", "line, vtf, kink, two-regimes or jump, instead of choosing"},
    {"--at", "TEMPERATURE", "where the conductivity is wanted; 25 degC"},
    {"--seed", "N", "of the simulated sets; 0"},
    {"--csv", "FILE", "points and fitted curve"},
    {"--plot", "FILE", "the Arrhenius plot: .svg, .png, .pdf or .html"},
};

const cli_command cli_arrhenius = {
    .name = "arrhenius",
    .summary = "activation energies and transitions from conductivity against temperature",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Fits ln(sigma T) against 1/T with one activation energy, two that meet (kink), two with\n"
        "a step between (jump), two processes in series, and Vogel-Tammann-Fulcher, and takes the\n"
        "one the points ask for: a richer model only when noise about a simpler one would seldom\n"
        "look as good. The file is any table with a temperature and a conductivity (or resistance)\n"
        "column whose names end in their unit.",
    .example = "  closo arrhenius examples/arrhenius/lib11h14.csv --plot /tmp/arrhenius.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
