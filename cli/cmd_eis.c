/* SPDX-License-Identifier: BSD-3-Clause */
/* closo eis: equivalent circuits fitted to impedance spectra, with errors that hold. */
#include "cli.h"
#include "spectrum_options.h"

#include "base/base_internal.h"

#include <math.h>
#include <string.h>

/* ---- words ---- */

static int read_fit_options(const cli_call *call, closo_eis_options *options)
{
    static const struct {
        const char *name;
        closo_weight weight;
    } weights[] = {{"modulus", CLOSO_WEIGHT_MODULUS},
                   {"proportional", CLOSO_WEIGHT_PROPORTIONAL},
                   {"unit", CLOSO_WEIGHT_UNIT}};
    enum { WEIGHTS = sizeof weights / sizeof *weights };
    const char *weight = cli_value(call, "--weight");
    options->circuit = cli_value(call, "--circuit");
    options->laws = cli_value(call, "--global");
    options->fit.robust = cli_given(call, "--robust");
    if (weight != NULL) {
        size_t w = 0;
        while (w < WEIGHTS && strcmp(weight, weights[w].name) != 0)
            w++;
        if (w == WEIGHTS)
            return cli_say_wrong("--weight: '%s' is none of modulus, proportional, unit", weight);
        options->fit.weight = weights[w].weight;
    }
    size_t seed = 0;
    int wrong = cli_count(call, "--starts", &options->fit.starts);
    if (wrong == EXIT_DONE)
        wrong = cli_count(call, "--seed", &seed);
    options->fit.seed = seed;
    const cli_amount size[] = {{"--thickness", "m", &options->fit.thickness_m.value},
                               {"--area", "m2", &options->fit.area_m2.value}};
    if (wrong == EXIT_DONE)
        wrong = cli_amounts(call, size, 2);
    if (wrong != EXIT_DONE)
        return wrong;
    if (cli_given(call, "--global") && options->circuit == NULL)
        return cli_say_wrong("--global names parameters of a circuit: give it with --circuit");
    closo_circuit circuit;
    closo_error error = {0};
    if (options->circuit != NULL &&
        closo_circuit_parse(options->circuit, call->arena, &circuit, &error) != CLOSO_OK)
        return cli_say_wrong("--circuit: %s", error.message);
    return EXIT_DONE;
}

/* Thickness or area alone make no conductivity, unless the file tells the other. */
static int check_size(const cli_call *call, const cli_spectra *list)
{
    const bool thickness = cli_given(call, "--thickness"), area = cli_given(call, "--area");
    for (size_t s = 0; s < list->count && thickness != area; s++)
        if (!((thickness ? list->spectra[s].area_m2 : list->spectra[s].thickness_m) > 0))
            return cli_say_wrong("a conductivity wants both --thickness and --area, such as "
                                 "--thickness '1.2 mm' --area '0.785 cm2'");
    return EXIT_DONE;
}

/* ---- terminal ---- */

static void print_parameters(const closo_circuit_fit *fit)
{
    char text[128];
    for (size_t k = 0; k < fit->parameter_count; k++) {
        const closo_fitted_parameter *p = &fit->parameters[k];
        const char *unit = strcmp(p->unit, "1") == 0 ? "" : p->unit;
        closo_value_text((closo_value){p->value, p->sigma}, unit, text, sizeof text);
        printf("    ");
        cli_print_padded(p->name, 10);
        cli_print_padded(text, 40);
        if (p->fixed)
            printf(" held");
        else if (p->tied)
            printf(" tied");
        else if (p->at_limit)
            printf(" at its limit");
        else if (p->profiled)
            printf(" 68 %%: %.4g to %.4g", p->low, p->high);
        putchar('\n');
    }
}

static void print_derived(const closo_circuit_fit *fit)
{
    char text[128];
    for (size_t a = 0; a < fit->arc_count; a++) {
        const closo_arc *arc = &fit->arcs[a];
        printf("    arc of ");
        cli_print_padded(arc->name, 8);
        cli_print_padded(closo_value_text(arc->capacitance_F, "F", text, sizeof text), 32);
        cli_print_padded(closo_value_text(arc->frequency_Hz, "Hz", text, sizeof text), 30);
        closo_value s = {arc->conductivity_S_per_m.value / 100,
                         arc->conductivity_S_per_m.sigma / 100};
        puts(isfinite(s.value) ? closo_value_text(s, "S/cm", text, sizeof text) : "");
    }
    if (isfinite(fit->total_resistance_ohm.value)) {
        printf("    total      ");
        cli_print_padded(closo_value_text(fit->total_resistance_ohm, "ohm", text, sizeof text), 32);
        closo_value s = {fit->total_conductivity_S_per_m.value / 100,
                         fit->total_conductivity_S_per_m.sigma / 100};
        puts(isfinite(s.value) ? closo_value_text(s, "S/cm", text, sizeof text) : "");
    } else {
        puts("    total      -");
    }
}

static void print_choice(const closo_circuit_choice *choice)
{
    puts("\n  circuits           (difference of BIC, residual, why not)");
    for (size_t c = 0; c < choice->candidate_count; c++) {
        const closo_circuit_candidate *candidate = &choice->candidates[c];
        printf("  %c ", c == choice->chosen ? '*' : ' ');
        cli_print_padded(candidate->circuit, 40);
        if (candidate->fit != NULL)
            printf("%9.1f  %7.3g %%  %s\n", candidate->criterion,
                   100 * candidate->fit->residual_rms, candidate->reason);
        else
            printf("%9s  %9s  %s\n", "-", "-", candidate->reason);
    }
}

/* Of a parameter by its name; "" where it has none. */
static const char *unit_of(const closo_circuit_fit *fit, const char *parameter)
{
    for (size_t k = 0; k < fit->parameter_count; k++)
        if (strcmp(fit->parameters[k].name, parameter) == 0)
            return strcmp(fit->parameters[k].unit, "1") == 0 ? "" : fit->parameters[k].unit;
    return "";
}

static void print_laws(const closo_global_fit *global)
{
    char one[128], two[128], per_root[64];
    printf("\n  all spectra at once: %zu parameters, sum of squares %.6g\n", global->free_count,
           global->chi2);
    for (size_t l = 0; l < global->law_count; l++) {
        const closo_law_fit *law = &global->laws[l];
        const char *unit = unit_of(global->fits[0], law->parameter);
        snprintf(per_root, sizeof per_root, "%s%ss^-1/2", unit, unit[0] != '\0' ? " " : "");
        closo_value_text(law->first, unit, one, sizeof one);
        closo_value_text(law->second, law->law == CLOSO_LAW_ARRHENIUS ? "eV" : per_root, two,
                         sizeof two);
        if (law->law == CLOSO_LAW_SHARED)
            printf("    %-8s %s in all\n", law->parameter, one);
        else if (law->law == CLOSO_LAW_ARRHENIUS)
            printf("    %-8s activation energy %s, %s at %.1f K\n", law->parameter, two, one,
                   law->reference_K);
        else
            printf("    %-8s %s + (%s) sqrt(t)\n", law->parameter, one, two);
    }
    cli_print_notes("notes of the global fit", &global->notes);
}

static void print_result(const closo_eis *eis, closo_arena *arena)
{
    printf("circuit %s\n", closo_circuit_text(eis->circuit, CLOSO_CIRCUIT_DASHES, arena));
    for (size_t s = 0; s < eis->spectrum_count; s++) {
        const closo_spectrum *spectrum = &eis->spectra[s];
        const closo_circuit_fit *fit = eis->fits[s];
        printf("\n  %s: %zu points, %.4g to %.4g Hz", spectrum->name, spectrum->count,
               spectrum->frequency_Hz[0], spectrum->frequency_Hz[spectrum->count - 1]);
        if (isfinite(spectrum->temperature_K))
            printf(", %.2f K", spectrum->temperature_K);
        printf("; residual %.3g %%, chi2 %.6g\n", 100 * fit->residual_rms, fit->chi2);
        print_parameters(fit);
        print_derived(fit);
        cli_print_notes("  warnings", &fit->notes);
        cli_print_notes("  notes of the spectrum", &spectrum->notes);
    }
    if (eis->choices != NULL && eis->spectrum_count == 1)
        print_choice(eis->choices[0]);
    if (eis->global != NULL)
        print_laws(eis->global);
    cli_print_notes("notes", &eis->notes);
}

/* ---- files ---- */

static int write_files(const cli_call *call, const closo_eis *eis)
{
    static const struct {
        const char *option;
        const closo_figure *(*figure)(const closo_eis *, const char *, closo_arena *);
    } plots[] = {{"--plot", closo_figure_nyquist},
                 {"--bode", closo_figure_bode},
                 {"--residuals", closo_figure_eis_residuals}};
    closo_error error = {0};
    const char *csv = cli_value(call, "--csv");
    const char *title = eis->spectrum_count == 1
                            ? eis->spectra[0].name
                            : closo_circuit_text(eis->circuit, CLOSO_CIRCUIT_DASHES, call->arena);
    if (csv != NULL && closo_eis_write_csv(eis, csv, call->arena, &error) != CLOSO_OK)
        return cli_fail(&error);
    for (size_t i = 0; i < sizeof plots / sizeof *plots; i++) {
        if (cli_given(call, plots[i].option) &&
            cli_draw(call, plots[i].option, plots[i].figure(eis, title, call->arena), &error) !=
                CLOSO_OK)
            return cli_fail(&error);
    }
    static const char *const series[] = {"--resistances", "--capacitances"};
    for (size_t i = 0; i < sizeof series / sizeof *series; i++) {
        if (!cli_given(call, series[i]))
            continue;
        const closo_figure *figure = closo_figure_eis_parameters(eis, i == 1, title, call->arena);
        if (figure == NULL)
            return cli_say_wrong("%s: the circuit has none to draw", series[i]);
        if (cli_draw(call, series[i], figure, &error) != CLOSO_OK)
            return cli_fail(&error);
    }
    return EXIT_DONE;
}

static int run(const cli_call *call)
{
    closo_eis_options options = {0};
    cli_spectra list = {0};
    closo_eis *eis;
    closo_error error = {0};
    int wrong = read_fit_options(call, &options);
    if (wrong == EXIT_DONE)
        wrong = cli_open_spectra(call, &list);
    if (wrong == EXIT_DONE)
        wrong = cli_take_list(call, "--times", "s", &list);
    if (wrong == EXIT_DONE)
        wrong = check_size(call, &list);
    if (wrong != EXIT_DONE)
        return wrong;
    closo_status status =
        closo_eis_analyse(list.spectra, list.count, &options, call->arena, &eis, &error);
    if (status == CLOSO_FORMAT && cli_given(call, "--global"))
        return cli_say_wrong("--global: %s", error.message);
    if (status != CLOSO_OK)
        return cli_fail(&error);
    wrong = write_files(call, eis);
    if (wrong != EXIT_DONE)
        return wrong;
    if (cli_given(call, "--json"))
        return cli_print_json(closo_eis_json(eis, call->arena));
    print_result(eis, call->arena);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--circuit", "CIRCUIT", "such as 'R0-p(R1,CPE1)' or 'R(RQ)'; else it is chosen"},
    {"--global", "LAWS", "fit all spectra at once: 'R1 arrhenius, CPE1_Q shared, R2 sqrt-time'"},
    CLI_TEMPERATURES,
    {"--times", "LIST", "of the spectra: '0, 2, 4 h'"},
    {"--thickness", "LENGTH", "of the pellet, for conductivities, such as '1.2 mm'"},
    {"--area", "AREA", "of the pellet, such as '0.785 cm2'"},
    {"--weight", "WEIGHT", "modulus (usual), proportional or unit"},
    {"--robust", NULL, "outliers count less"},
    {"--starts", "N", "tries from the data (as many as the circuit needs)"},
    {"--seed", "N", "of the tries"},
    {"--csv", "FILE", "each point with fit and residuals"},
    {"--plot", "FILE", "Nyquist plot: .svg, .png, .pdf or .html"},
    {"--bode", "FILE", "modulus and phase against frequency"},
    {"--residuals", "FILE", "what the fit leaves"},
    {"--resistances", "FILE",
     "of a series: resistances against temperature, time, cycle, potential"},
    {"--capacitances", "FILE", "the same of the arcs' capacitances"},
    CLI_SPECTRUM_OPTIONS,
};

const cli_command cli_eis = {
    .name = "eis",
    .summary = "fit equivalent circuits to impedance spectra, without a guess",
    .inputs = "FILE...",
    .inputs_min = 1,
    .inputs_max = 1000,
    .about =
        "Fits a circuit to one or many spectra by complex nonlinear least squares. No start values\n"
        "are needed. Errors come with their correlations; where they are not symmetric, with the\n"
        "interval (docs/eis.md). Without --circuit the usual ones are ranked by BIC, and those\n"
        "rejected that say more than the spectrum knows. Several spectra are a series: neighbours\n"
        "help each other, and arcs have the same name in all. docs/circuits.md lists the elements.",
    .example =
        "  closo eis examples/impedance/drifting_cell.csv --circuit 'R(RQ)(RQ)' --plot nyquist.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
