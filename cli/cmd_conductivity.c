/* SPDX-License-Identifier: BSD-3-Clause */
/* closo conductivity: the size of a pellet, and a resistance or the spectra of a series, with their errors. */
#include "cli.h"
#include "spectrum_options.h"

#include "base/base_internal.h"
#include "closo/report.h"
#include "closo/transport.h"

#include <jansson.h>
#include <math.h>

/* A value with its unit and, perhaps, "+- sigma". An option that is not given leaves *value alone. */
static int take(const cli_call *call, const char *name, const char *unit, closo_value *value)
{
    closo_error error = {0};
    const char *text = cli_value(call, name);
    if (text == NULL)
        return EXIT_DONE;
    if (closo_value_parse(text, unit, value, &error) != CLOSO_OK)
        return cli_say_wrong("%s: %s", name, error.message);
    return EXIT_DONE;
}

static closo_value times(double factor, closo_value value)
{
    return (closo_value){factor * value.value, factor * value.sigma};
}

static int print_json(const closo_pellet_result *pellet, const closo_value *conductivity,
                      closo_arena *arena)
{
    json_t *object = json_object();
    bool fine =
        closo_json_value(object, "area_cm2", times(1e4, pellet->area_m2)) &&
        closo_json_value(object, "volume_cm3", times(1e6, pellet->volume_m3)) &&
        closo_json_value(object, "cell_constant_1_cm", times(1e-2, pellet->cell_constant_per_m)) &&
        closo_json_value(object, "density_g_cm3", times(1e-3, pellet->density_kg_per_m3)) &&
        closo_json_value(object, "relative_density", pellet->relative_density) &&
        (conductivity == NULL ||
         closo_json_value(object, "conductivity_S_cm", times(1e-2, *conductivity))) &&
        closo_json_notes(object, "warnings", &pellet->warnings);
    if (!fine) {
        json_decref(object);
        return cli_no_memory();
    }
    const char *text = closo_json_finish(object, arena);
    if (text == NULL)
        return cli_no_memory();
    fputs(text, stdout);
    return EXIT_DONE;
}

static void print_value(const char *what, closo_value value, const char *unit)
{
    char text[128];
    if (isfinite(value.value))
        printf("  %-18s %s\n", what, closo_value_text(value, unit, text, sizeof text));
}

/* ---- spectra ---- */

static void print_process(const closo_conductivity_series *series,
                          const closo_conduction_process *process)
{
    char text[128];
    printf("\n%s (%s)", closo_conduction_name(process->kind), process->name);
    if (isfinite(process->capacitance_F_per_m))
        printf(", %.2g F/cm", 1e-2 * process->capacitance_F_per_m);
    putchar('\n');
    for (size_t s = 0; s < series->eis->spectrum_count; s++) {
        double temperature_K = series->eis->spectra[s].temperature_K;
        if (isfinite(temperature_K))
            snprintf(text, sizeof text, "%.1f degC", temperature_K - 273.15);
        else
            snprintf(text, sizeof text, "%.20s", series->eis->spectra[s].name);
        printf("  ");
        cli_print_padded(text, 20);
        cli_print_padded(closo_value_text(process->resistance_ohm[s], "ohm", text, sizeof text),
                         32);
        closo_value conductivity = times(1e-2, process->conductivity_S_per_m[s]);
        puts(isfinite(conductivity.value)
                 ? closo_value_text(conductivity, "S/cm", text, sizeof text)
                 : "-");
    }
    if (process->arrhenius == NULL)
        return;
    const closo_arrhenius_fit *fit = &process->arrhenius->fits[process->arrhenius->chosen];
    printf("  %s:", closo_arrhenius_text(fit->model));
    for (size_t b = 0; b < fit->branch_count; b++)
        printf("%s %s", b != 0 ? "," : "",
               closo_value_text(fit->branches[b].energy_eV, "eV", text, sizeof text));
    snprintf(text, sizeof text, "%.2f degC", process->arrhenius->at_K - 273.15);
    printf("\n  at %s%s: ", text, process->arrhenius->extrapolated ? " (extrapolated)" : "");
    puts(closo_value_text(times(1e-2, process->arrhenius->conductivity_S_per_m), "S/cm", text,
                          sizeof text));
    cli_print_notes("  warnings", &process->arrhenius->warnings);
}

static int read_series_options(const cli_call *call, closo_conductivity_options *options)
{
    closo_circuit circuit;
    closo_error error = {0};
    options->eis.circuit = cli_value(call, "--circuit");
    if (options->eis.circuit != NULL &&
        closo_circuit_parse(options->eis.circuit, call->arena, &circuit, &error) != CLOSO_OK)
        return cli_say_wrong("--circuit: %s", error.message);
    int wrong = cli_quantity(call, "--at", "K", &options->arrhenius.at_K);
    if (wrong == EXIT_DONE && cli_given(call, "--at") && !(options->arrhenius.at_K > 0))
        wrong = cli_say_wrong("--at: it lies below absolute zero");
    if (wrong == EXIT_DONE && cli_given(call, "--resistance"))
        wrong = cli_say_wrong("give either spectra or --resistance");
    return wrong;
}

static int run_series(const cli_call *call, const closo_pellet *pellet)
{
    closo_conductivity_options options = {.pellet = *pellet};
    closo_conductivity_series series;
    cli_spectra list = {0};
    closo_error error = {0};
    int wrong = read_series_options(call, &options);
    if (wrong == EXIT_DONE)
        wrong = cli_open_spectra(call, &list);
    if (wrong != EXIT_DONE)
        return wrong;
    if ((!cli_given(call, "--diameter") || !cli_given(call, "--thickness")) &&
        closo_pellet_from_spectra(list.spectra, list.count, &options.pellet, &error) != CLOSO_OK)
        return cli_say_wrong("%s: --diameter '12 mm' --thickness '0.60 +- 0.02 mm'", error.message);
    const char *csv = cli_value(call, "--csv");
    if (closo_conductivity_series_analyse(list.spectra, list.count, &options, call->arena, &series,
                                          &error) != CLOSO_OK ||
        (csv != NULL &&
         closo_conductivity_series_write_csv(&series, csv, call->arena, &error) != CLOSO_OK))
        return cli_fail(&error);
    if (cli_given(call, "--plot")) {
        const closo_figure *figure = closo_figure_conductivity_series(&series, NULL, call->arena);
        if (figure == NULL)
            return cli_say_wrong("--plot: no conductivity has a temperature; give --temperatures");
        if (cli_draw(call, "--plot", figure, &error) != CLOSO_OK)
            return cli_fail(&error);
    }
    if (cli_given(call, "--json"))
        return cli_print_json(closo_conductivity_series_json(&series, call->arena));
    printf("circuit %s, %zu spectra\n",
           closo_circuit_text(series.eis->circuit, CLOSO_CIRCUIT_DASHES, call->arena),
           series.eis->spectrum_count);
    for (size_t p = 0; p < series.process_count; p++)
        print_process(&series, &series.processes[p]);
    cli_print_notes("notes", &series.notes);
    cli_print_notes("warnings", &series.warnings);
    for (size_t s = 0; s < list.count; s++)
        if (list.spectra[s].notes.count != 0)
            cli_print_notes(list.spectra[s].name, &list.spectra[s].notes);
    return EXIT_DONE;
}

static int run(const cli_call *call)
{
    const double nothing = NAN;
    closo_pellet pellet = {{0, nothing}, {0, nothing}, {0, nothing}, 0};
    closo_value resistance_ohm = {nothing, nothing}, conductivity, density = {0, 0};
    closo_pellet_result result;
    closo_error error = {0};
    int wrong = take(call, "--diameter", "m", &pellet.diameter_m);
    if (wrong == EXIT_DONE)
        wrong = take(call, "--thickness", "m", &pellet.thickness_m);
    if (wrong == EXIT_DONE)
        wrong = take(call, "--mass", "kg", &pellet.mass_kg);
    if (wrong == EXIT_DONE)
        wrong = take(call, "--density", "kg/m3", &density);
    if (wrong == EXIT_DONE)
        wrong = take(call, "--resistance", "ohm", &resistance_ohm);
    if (wrong == EXIT_DONE && call->input_count == 0 &&
        (!cli_given(call, "--diameter") || !cli_given(call, "--thickness")))
        wrong = cli_say_wrong("it wants --diameter and --thickness, such as --diameter '12 mm' "
                              "--thickness '0.60 +- 0.02 mm'");
    if (wrong != EXIT_DONE)
        return wrong;
    pellet.theoretical_density_kg_per_m3 = density.value;
    if (call->input_count != 0)
        return run_series(call, &pellet);
    if (cli_given(call, "--plot") || cli_given(call, "--csv"))
        return cli_say_wrong("--plot and --csv want spectra at several temperatures");
    bool asked = cli_given(call, "--resistance");
    if (closo_pellet_work_out(&pellet, call->arena, &result, &error) != CLOSO_OK ||
        (asked && closo_conductivity_from_resistance(resistance_ohm, &pellet, &conductivity,
                                                     &error) != CLOSO_OK))
        return cli_fail(&error);
    if (cli_given(call, "--json"))
        return print_json(&result, asked ? &conductivity : NULL, call->arena);
    print_value("area", times(1e4, result.area_m2), "cm2");
    print_value("volume", times(1e6, result.volume_m3), "cm3");
    print_value("cell constant", times(1e-2, result.cell_constant_per_m), "1/cm");
    print_value("density", times(1e-3, result.density_kg_per_m3), "g/cm3");
    print_value("relative density", result.relative_density, "");
    if (asked)
        print_value("conductivity", times(1e-2, conductivity), "S/cm");
    cli_print_notes("warnings", &result.warnings);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--resistance", "VALUE", "of the pellet, such as '850 +- 17 ohm'"},
    {"--diameter", "LENGTH", "such as '12 mm' or '12.00 +- 0.05 mm'"},
    {"--thickness", "LENGTH", "such as '0.60 +- 0.02 mm'"},
    {"--mass", "MASS", "such as '117 mg': gives the density"},
    {"--density", "DENSITY", "of the crystal, such as '1.15 g/cm3': gives the relative density"},
    {"--circuit", "CIRCUIT", "of the spectra, such as '(RQ)(RQ)Q'; else it is chosen"},
    CLI_TEMPERATURES,
    {"--at", "TEMPERATURE", "where the conductivity is wanted; 25 degC"},
    {"--csv", "FILE", "temperature and conductivities of the spectra"},
    {"--plot", "FILE", "the Arrhenius plot of the spectra: .svg, .png, .pdf or .html"},
    CLI_SPECTRUM_OPTIONS,
};

const cli_command cli_conductivity = {
    .name = "conductivity",
    .summary = "conductivity of a pellet from its size and a resistance, or from its spectra",
    .inputs = "[FILE...]",
    .inputs_min = 0,
    .inputs_max = 1000,
    .about =
        "Thickness / (area R), with the errors of all three, and the relative density. Says when a\n"
        "diameter looks like a radius. With impedance spectra: fits a circuit to all of them, tells\n"
        "grains from grain boundaries by their capacitance, and gives conductivities and activation\n"
        "energies of both and of their sum. Temperatures are those of the files, else those in their\n"
        "names (60degC, 25C, 333K); the pellet's size is that of the files where they tell it and no\n"
        "option does. For a table of resistances see closo arrhenius.",
    .example =
        "  closo conductivity --resistance '850 +- 17 ohm' --diameter '12 mm' --thickness '0.6 mm'\n"
        "  closo conductivity examples/impedance/series_*.csv --diameter '10 mm' --thickness '1.2 mm' "
        "--plot arrhenius.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
