/* SPDX-License-Identifier: BSD-3-Clause */
/* closo fit: numbers of a virtual cell from measurements of a real one. */
#define _POSIX_C_SOURCE 200809L
#include "cli.h"

#include "base/base_internal.h"
#include "closo/cell_fit.h"
#include "closo/instrument.h"
#include "closo/report.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { VARIED_MAX = 32 };

/* ---- progress ---- */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* Draws on a terminal, no more often than it changes; stops the work after Ctrl-C. */
static bool report(void *user, double fraction, const char *what)
{
    double *drawn = user;
    if (*drawn >= 0 && fabs(fraction - *drawn) >= 1e-3) {
        fprintf(stderr, "\r%3.0f %% %-60.60s", 100 * fraction, what);
        *drawn = fraction;
    }
    return !interrupted;
}

/* ---- words ---- */

static int read_noise(const cli_call *call, closo_cell_fit_options *fit,
                      closo_fit_data_options *data)
{
    const struct {
        const char *option, *unit;
        double *si;
    } quantities[] = {{"--noise-potential", "V", &data->potential_sigma_V},
                      {"--noise-current", "A", &data->current_sigma_A},
                      {"--noise-impedance", "1", &data->impedance_sigma},
                      {"--noise-capacity", "1", &data->capacity_sigma}};
    int wrong = cli_tolerance(call, &fit->relative_tolerance);
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities && wrong == EXIT_DONE; i++) {
        wrong = cli_quantity(call, quantities[i].option, quantities[i].unit, quantities[i].si);
        if (wrong == EXIT_DONE && cli_given(call, quantities[i].option) && !(*quantities[i].si > 0))
            wrong = cli_say_wrong("%s: it has to be larger than zero", quantities[i].option);
    }
    return wrong;
}

static int read_counts(const cli_call *call, closo_cell_fit_options *fit,
                       closo_fit_data_options *data)
{
    size_t seed = 1;
    int wrong = cli_whole_number(call, "--seed", 0, &seed);
    const struct {
        const char *option;
        size_t *count;
    } counts[] = {{"--starts", &fit->starts},
                  {"--threads", &fit->threads},
                  {"--iterations", &fit->max_iterations},
                  {"--points", &data->points_most}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts && wrong == EXIT_DONE; i++)
        wrong = cli_count(call, counts[i].option, counts[i].count);
    fit->seed = seed;
    return wrong;
}

static int read_windows(const cli_call *call, closo_fit_data_options *data)
{
    closo_error error = {0};
    const struct {
        const char *option, *unit;
        double *from, *to;
    } windows[] = {{"--window", "s", &data->from_s, &data->to_s},
                   {"--frequencies", "Hz", &data->from_Hz, &data->to_Hz}};
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
        if (cli_given(call, windows[i].option) &&
            closo_window_parse(cli_value(call, windows[i].option), windows[i].unit, windows[i].from,
                               windows[i].to, &error) != CLOSO_OK)
            return cli_say_wrong("%s: %s", windows[i].option, error.message);
    return EXIT_DONE;
}

static int read_options(const cli_call *call, closo_cell_fit_options *fit,
                        closo_fit_data_options *data)
{
    const char *control = cli_value(call, "--control"), *moment = cli_value(call, "--eis-at");
    static const char *const moments[] = {"time", "start", "end"};
    size_t which = 0;
    *fit = (closo_cell_fit_options){.threads = 1, .no_fit = cli_given(call, "--no-fit")};
    *data = (closo_fit_data_options){0};
    static const cli_output outputs[] = {{"--output", {NULL}}, {"--csv", {NULL}}, CLI_PLOT};
    int wrong = read_noise(call, fit, data);
    if (wrong == EXIT_DONE)
        wrong = cli_check_before_work(call, outputs, sizeof outputs / sizeof *outputs);
    if (wrong == EXIT_DONE)
        wrong = read_counts(call, fit, data);
    if (wrong == EXIT_DONE)
        wrong = read_windows(call, data);
    if (wrong != EXIT_DONE)
        return wrong;
    while (moment != NULL && which < 3 && strcmp(moment, moments[which]) != 0)
        which++;
    if (which == 3)
        return cli_say_wrong("--eis-at: '%s' is none of time, start and end", moment);
    data->moment = (closo_fit_moment)which;
    if (control != NULL && strcmp(control, "steps") != 0 && strcmp(control, "replay") != 0)
        return cli_say_wrong("--control: '%s' is neither replay (what the instrument controlled) "
                             "nor steps (those of the description)",
                             control);
    if (control != NULL && strcmp(control, "steps") == 0)
        data->control = CLOSO_FIT_PROTOCOL;
    return EXIT_DONE;
}

/* --vary, its entries apart by ';', and the key 'fit' of the description where there is no --vary. */
static int read_parameters(const cli_call *call, closo_cell_description *description,
                           closo_fit_parameter **parameters, size_t *count)
{
    closo_error error = {0};
    const char *words = cli_value(call, "--vary");
    if (words == NULL) {
        if (closo_fit_parameters_of(description, call->arena, parameters, count, &error) !=
            CLOSO_OK)
            return error.line > 0 ? cli_say_wrong("'%s': fit: %s (line %d)", call->inputs[0],
                                                  error.message, (int)error.line)
                                  : cli_say_wrong("'%s': fit: %s", call->inputs[0], error.message);
        return *count != 0
                   ? EXIT_DONE
                   : cli_say_wrong("nothing is to be varied: name it, as in --vary "
                                   "'counter_electrode.resistance 1 to 100 ohm cm2' (';' between "
                                   "several), or under the key 'fit' of %s; --list shows what "
                                   "there is",
                                   call->inputs[0]);
    }
    *parameters = closo_arena_alloc(call->arena, VARIED_MAX, sizeof **parameters);
    if (*parameters == NULL)
        return cli_no_memory();
    closo_span rest = closo_span_of(words), field;
    *count = 0;
    while (closo_span_field(&rest, ';', &field)) {
        field = closo_span_trim(field);
        if (field.length == 0)
            continue;
        if (*count == VARIED_MAX)
            return cli_say_wrong("--vary: more than %d parameters", VARIED_MAX);
        char *text = closo_arena_text_n(call->arena, field.start, field.length);
        if (text == NULL)
            return cli_no_memory();
        if (closo_fit_parameter_parse(description, text, call->arena, &(*parameters)[(*count)++],
                                      &error) != CLOSO_OK)
            return cli_say_wrong("--vary: %s", error.message);
    }
    for (size_t i = 0; i < *count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp((*parameters)[i].path, (*parameters)[k].path) == 0)
                return cli_say_wrong("--vary: %s is named twice; name it once",
                                     (*parameters)[i].path);
    return *count != 0 ? EXIT_DONE : cli_say_wrong("--vary names nothing");
}

static int read_data(const cli_call *call, const closo_fit_data_options *options,
                     closo_fit_data **data)
{
    closo_error error = {0};
    *data = closo_fit_data_new(call->arena);
    if (*data == NULL)
        return cli_no_memory();
    for (size_t i = 1; i < call->input_count; i++) {
        closo_table *table;
        if (closo_file_open(call->inputs[i], NULL, call->arena, &table, &error) != CLOSO_OK ||
            closo_fit_data_add(*data, call->inputs[i], table, options, &error) != CLOSO_OK)
            return cli_fail_in(&error, call->inputs[i]);
    }
    return EXIT_DONE;
}

/* ---- what is said ---- */

static int print_list(const cli_call *call, const closo_cell_description *description)
{
    closo_cell_number *numbers;
    closo_error error = {0};
    size_t count;
    if (closo_cell_description_numbers(description, call->arena, &numbers, &count, &error) !=
        CLOSO_OK)
        return cli_fail(&error);
    for (size_t i = 0; i < count; i++) {
        cli_print_padded(numbers[i].path, 50);
        printf("%s\n", numbers[i].words);
    }
    return EXIT_DONE;
}

/* "(1.234 +- 0.012) 1e-15 m2/s"; "3 ohm cm2, to a factor of 1.8" where a logarithm is known worse than to a third. */
static const char *value_text(const closo_fit_result_parameter *made, closo_arena *arena)
{
    const closo_fit_parameter *parameter = &made->parameter;
    char text[128];
    closo_value value = {(made->value.value - parameter->in.offset) / parameter->in.factor,
                         made->value.sigma / parameter->in.factor};
    bool wide = parameter->logarithmic && made->relative_sigma > 1.0 / 3;
    if (wide)
        value = (closo_value){value.value, NAN};
    closo_value_text(value, parameter->unit, text, sizeof text);
    const char *words =
        !wide ? closo_arena_text(arena, text)
        : made->relative_sigma < 7
            ? closo_arena_printf(arena, "%s, to a factor of %.2g", text, exp(made->relative_sigma))
            : closo_arena_printf(arena, "%s, unknown", text);
    return words != NULL ? words : "";
}

static void print_parameters(const closo_cell_fit *fit, closo_arena *arena)
{
    puts("parameter                                       value                                "
         "start        range");
    for (size_t k = 0; k < fit->parameter_count; k++) {
        const closo_fit_result_parameter *made = &fit->parameters[k];
        const closo_fit_parameter *parameter = &made->parameter;
        double factor = parameter->in.factor, offset = parameter->in.offset;
        cli_print_padded(parameter->path, 45);
        cli_print_padded(value_text(made, arena), 34);
        char integration[64] = "";
        double share = made->integration / made->value.sigma;
        if (share > CLOSO_FIT_INTEGRATION_SEEN)
            snprintf(integration, sizeof integration, "  (%.0f %% of sigma is the integration's)",
                     100 * share);
        printf("%-12.4g %.4g to %.4g%s%s%s\n", (parameter->start - offset) / factor,
               (parameter->low - offset) / factor, (parameter->high - offset) / factor,
               parameter->logarithmic ? ", log" : "",
               made->at_low    ? "  AT ITS LOWER BOUND"
               : made->at_high ? "  AT ITS UPPER BOUND"
               : !made->told   ? "  NOT TOLD"
                               : "",
               integration);
    }
}

static void print_sets(const closo_cell_fit *fit)
{
    static const struct {
        const char *unit;
        double factor;
    } shown[] = {{"mV", 1e3}, {"uA", 1e6}, {"% of |Z|", 100}, {"%", 100}};
    puts("\ndata                                            points  left (rms)          "
         "noise               chi2");
    for (size_t s = 0; s < fit->set_count; s++) {
        const closo_fit_set *set = &fit->sets[s];
        const char *unit = shown[set->quantity].unit, *slash = strrchr(set->name, '/');
        double factor = shown[set->quantity].factor;
        char name[96], left[48], noise[64];
        snprintf(name, sizeof name, "%.60s, %s", slash != NULL ? slash + 1 : set->name,
                 closo_fit_quantity_name(set->quantity));
        snprintf(left, sizeof left, "%.4g %s", factor * set->rms, unit);
        snprintf(noise, sizeof noise, "%.4g %s%s", factor * set->noise, unit,
                 set->noise_given ? "" : " *");
        cli_print_padded(name, 45);
        printf("%-7zu %-19s %-19s %.3g\n", set->count, left, noise, set->chi2_reduced);
    }
    for (size_t s = 0; s < fit->set_count; s++)
        if (!fit->sets[s].noise_given) {
            puts("  * as the fit leaves it");
            break;
        }
}

static void print_profiles(const closo_cell_fit *fit)
{
    if (fit->profile_count == 0)
        return;
    puts("\npotential at the same charge, model less measured (rms; shown, not fitted)");
    for (size_t p = 0; p < fit->profile_count; p++) {
        const char *name = fit->sets[fit->profiles[p].set].name, *slash = strrchr(name, '/');
        char text[96];
        snprintf(text, sizeof text, "%.60s, half cycle %zu", slash != NULL ? slash + 1 : name,
                 fit->profiles[p].half_cycle);
        cli_print_padded(text, 45);
        printf("%.4g mV\n", 1e3 * fit->profiles[p].rms_V);
    }
}

static void print_correlations(const closo_cell_fit *fit)
{
    const size_t n = fit->parameter_count;
    if (n < 2)
        return;
    puts("\ncorrelation");
    for (size_t a = 0; a < n; a++) {
        cli_print_padded(fit->parameters[a].parameter.path, 45);
        for (size_t b = 0; b <= a; b++)
            if (isfinite(fit->correlation[a * n + b]))
                printf("%+7.3f", fit->correlation[a * n + b]);
            else
                fputs("      -", stdout);
        putchar('\n');
    }
}

static void print_sensitivities(const closo_cell_fit *fit)
{
    static const struct {
        const char *unit;
        double factor;
    } shown[] = {{"mV", 1e3}, {"uA", 1e6}, {"% |Z|", 100}, {"%", 100}};
    puts("\none sigma moves the model by (rms), in each of the data above");
    for (size_t k = 0; k < fit->parameter_count; k++) {
        cli_print_padded(fit->parameters[k].parameter.path, 45);
        for (size_t s = 0; s < fit->set_count; s++) {
            const closo_fit_set *set = &fit->sets[s];
            char text[48];
            snprintf(text, sizeof text, "%.3g %s", shown[set->quantity].factor * set->shift[k],
                     shown[set->quantity].unit);
            printf("%-15s", text);
        }
        putchar('\n');
    }
}

static void print_fit(const closo_cell_fit *fit, closo_arena *arena)
{
    print_parameters(fit, arena);
    print_sets(fit);
    print_profiles(fit);
    print_sensitivities(fit);
    print_correlations(fit);
    if (fit->start_count != 0)
        printf("\n%zu of %zu starts came to this minimum; %zu simulations, condition %.3g\n",
               fit->agreeing, fit->start_count, fit->simulations, fit->condition);
    if (fit->weak_count != 0)
        puts("\nnot told by these data");
    for (size_t i = 0; i < fit->weak_count; i++)
        printf("  - %s\n", fit->weak[i].sentence);
    cli_print_notes("notes", &fit->notes);
}

/* ---- outputs ---- */

/* "fit.png", "fit-2.png", ...; with "-potential" behind the number for profiles */
static const char *numbered(const char *path, size_t number, const char *what, closo_arena *arena)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    if (dot == NULL || (slash != NULL && dot < slash))
        return path;
    return number == 1 ? closo_arena_printf(arena, "%.*s%s%s", (int)(dot - path), path, what, dot)
                       : closo_arena_printf(arena, "%.*s-%zu%s%s", (int)(dot - path), path, number,
                                            what, dot);
}

static int draw_set(const cli_call *call, const closo_cell_fit *fit, size_t s)
{
    closo_error error = {0};
    const char *plot = cli_value(call, "--plot");
    const closo_figure *figures[] = {closo_figure_cell_fit(fit, s, NULL, call->arena),
                                     closo_figure_cell_fit_profiles(fit, s, NULL, call->arena)};
    for (size_t f = 0; f < 2; f++) {
        const char *path = numbered(plot, s + 1, f == 0 ? "" : "-potential", call->arena);
        if (path == NULL || (f == 0 && figures[f] == NULL))
            return cli_no_memory();
        if (figures[f] != NULL &&
            closo_figure_write(figures[f], path, call->arena, &error) != CLOSO_OK)
            return cli_fail(&error);
    }
    return EXIT_DONE;
}

static int write_files(const cli_call *call, const closo_cell_description *description,
                       const closo_cell_fit *fit)
{
    closo_error error = {0};
    const char *csv = cli_value(call, "--csv"), *plot = cli_value(call, "--plot"),
               *yaml = cli_value(call, "--output");
    if (csv != NULL && closo_cell_fit_write_csv(fit, csv, call->arena, &error) != CLOSO_OK)
        return cli_fail(&error);
    if (yaml != NULL &&
        closo_cell_fit_write_yaml(description, fit, yaml, call->arena, &error) != CLOSO_OK)
        return cli_fail(&error);
    int wrong = EXIT_DONE;
    for (size_t s = 0; s < fit->set_count && plot != NULL && wrong == EXIT_DONE; s++)
        wrong = draw_set(call, fit, s);
    return wrong;
}

/* ---- the run ---- */

static int run_fit(const cli_call *call, closo_cell_description *description,
                   const closo_cell_fit_options *options, const closo_fit_data_options *with)
{
    closo_fit_parameter *parameters = NULL;
    closo_fit_data *data = NULL;
    closo_cell_fit *fit = NULL;
    closo_error error = {0};
    size_t count = 0;
    int wrong = read_parameters(call, description, &parameters, &count);
    if (wrong == EXIT_DONE)
        wrong = read_data(call, with, &data);
    if (wrong != EXIT_DONE)
        return wrong;
    double drawn = isatty(STDERR_FILENO) != 0 ? 0 : -1;
    const closo_progress progress = {report, &drawn};
    struct sigaction action = {.sa_handler = on_interrupt};
    (void)sigaction(SIGINT, &action, NULL);
    closo_status status = closo_cell_fit_run(description, parameters, count, data, options,
                                             &progress, call->arena, &fit, &error);
    if (drawn >= 0)
        fputs("\r\033[K", stderr);
    if (fit == NULL)
        return cli_fail(&error);
    wrong = write_files(call, description, fit);
    if (cli_given(call, "--json")) {
        const char *json = closo_cell_fit_json(fit, call->arena);
        fputs(json != NULL ? json : "", stdout);
    } else {
        print_fit(fit, call->arena);
    }
    return status == CLOSO_OK ? wrong : cli_fail(&error);
}

static int run(const cli_call *call)
{
    closo_error error = {0};
    closo_cell_description *description;
    closo_cell_fit_options options;
    closo_fit_data_options with;
    int wrong = read_options(call, &options, &with);
    if (wrong != EXIT_DONE)
        return wrong;
    if (closo_cell_description_load(call->inputs[0], call->arena, &description, &error) != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--list"))
        return print_list(call, description);
    if (call->input_count < 2)
        return cli_say_wrong("fit wants measurements behind the description: closo fit CELL.yaml "
                             "DATA...");
    return run_fit(call, description, &options, &with);
}

static const cli_option options[] = {
    CLI_JSON,
    {"--vary", "WORDS", "paths with bounds, ';' between: 'Na.resistance 1 to 100 ohm cm2'"},
    {"--list", NULL, "show the paths and numbers that can be varied, and stop"},
    {"--output", "FILE", "the description with the fitted numbers in it (-o for short)"},
    {"--csv", "FILE", "every point: measured, model, sigma"},
    {"--plot", "FILE", "data, model and residual: .svg, .png, .pdf or .html; one file each"},
    {"--control", "WHICH", "replay what was measured (the rule), or the description's steps"},
    {"--eis-at", "WHEN", "state of spectra: time (of the spectrum, the rule), start, end"},
    {"--noise-potential", "SIGMA", "of the instrument, such as '0.2 mV'; else from the fit"},
    {"--noise-current", "SIGMA", "such as '1 nA'"},
    {"--noise-impedance", "SHARE", "of |Z|, such as '0.5 %'"},
    {"--noise-capacity", "SHARE", "of each capacity (--control steps)"},
    {"--window", "TIMES", "of the tests, such as '0..10 h': only this is compared"},
    {"--frequencies", "WINDOW", "of spectra, such as '0.1..100000 Hz'"},
    {"--points", "N", "at most so many of each test, evenly (600)"},
    {"--starts", "N", "the first from the description, the others from a Latin hypercube (4)"},
    {"--seed", "N", "of the other starts (1)"},
    {"--iterations", "N", "of each start (40)"},
    {"--threads", "N", "simulations at a time (1)"},
    {"--tolerance", "NUMBER", "relative, of the integration (1e-6)"},
    {"--no-fit", NULL, "compare at the start values; sensitivities and what could be told"},
};

const cli_command cli_fit = {
    .name = "fit",
    .summary = "numbers of a virtual cell from cycling, voltammetry and impedance, with errors",
    .inputs = "CELL.yaml DATA...",
    .inputs_min = 1,
    .inputs_max = 100,
    .about =
        "Plays measurements to the virtual cell again (currents, holds and sweeps as they were\n"
        "measured) and varies the numbers that are named until the answers agree: potential where\n"
        "the current was controlled, current where the potential was, impedance at its state.\n"
        "Bounds, several starts, uncertainties, correlations, and in words what the data do not\n"
        "tell. Give tests before the spectra that were measured during them. docs/fit.md.",
    .example = "  closo simulate examples/cells/fit-particle.yaml -o p.mpt --eis p-eis.csv "
               "--noise-potential '0.2 mV' --noise-impedance '0.5 %'\n"
               "  closo fit examples/cells/fit-particle.yaml p.mpt p-eis.csv --vary "
               "'Na3(VOPO4)2F.diffusivity; Na.resistance'",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
