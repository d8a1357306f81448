/* SPDX-License-Identifier: BSD-3-Clause */
/* closo simulate: a cell and what is done to it, as the table that an instrument would have written. */
#define _POSIX_C_SOURCE 200809L
#include "cli.h"

#include "base/base_internal.h"
#include "closo/cell.h"
#include "closo/instrument.h"
#include "closo/numeric.h"
#include "closo/report.h"

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

/* ---- progress ---- */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

typedef struct teller {
    bool terminal, lines; /* a bar that is drawn over, or a line now and then */
    double from_s, last_s, first;
} teller;

static double wall_s(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* "3 h 12 min", "12 min 5 s", "5 s" */
static const char *spoken(double seconds, char text[32])
{
    unsigned long whole = seconds < 1e9 ? (unsigned long)(seconds + 0.5) : 1000000000;
    if (whole >= 3600)
        snprintf(text, 32, "%lu h %lu min", whole / 3600, whole / 60 % 60);
    else if (whole >= 60)
        snprintf(text, 32, "%lu min %lu s", whole / 60, whole % 60);
    else
        snprintf(text, 32, "%lu s", whole);
    return text;
}

/* Ten times a second on a terminal, every ten seconds as lines; stops the work after Ctrl-C. */
static bool report(void *user, double fraction, const char *what)
{
    teller *tell = user;
    char left[32] = "";
    if (interrupted || (!tell->terminal && !tell->lines))
        return !interrupted;
    if (tell->first < 0)
        tell->first = fraction; /* a run that is resumed does not begin at nothing */
    double now_s = wall_s(), done = fraction - tell->first;
    if (now_s - tell->last_s < (tell->terminal ? 0.1 : 10))
        return true;
    tell->last_s = now_s;
    if (done > 0 && now_s - tell->from_s > 1)
        spoken((now_s - tell->from_s) * (1 - fraction) / done, left);
    fprintf(stderr, tell->terminal ? "\r%3.0f %% %s%s%.60s\033[K" : "%3.0f %% %s%s%.60s\n",
            100 * fraction, left, left[0] != '\0' ? " left, " : "", what);
    return true;
}

/* ---- noise ---- */

static int read_noise(const cli_call *call, closo_instrument_noise *made)
{
    size_t seed = 1;
    *made = (closo_instrument_noise){0};
    int wrong = cli_quantity(call, "--noise-potential", "V", &made->potential_V);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--noise-current", "A", &made->current_A);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--noise-impedance", "1", &made->impedance);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--resolution-potential", "V", &made->potential_step_V);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--resolution-current", "A", &made->current_step_A);
    if (wrong == EXIT_DONE)
        wrong = cli_whole_number(call, "--seed", 0, &seed);
    if (wrong != EXIT_DONE)
        return wrong;
    if (made->potential_V < 0 || made->current_A < 0 || made->impedance < 0)
        return cli_say_wrong("noise is a standard deviation: it cannot be negative");
    if (made->potential_step_V < 0 || made->current_step_A < 0)
        return cli_say_wrong("a resolution is the step of a converter: it cannot be negative");
    made->seed = seed;
    return EXIT_DONE;
}

/* ---- outputs ---- */

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), tail = strlen(ending);
    return length >= tail && strcasecmp(text + length - tail, ending) == 0;
}

static closo_status write_table(const closo_table *table, const char *path, closo_arena *arena,
                                closo_error *error)
{
    if (ends_with(path, ".mpt"))
        return closo_table_write_mpt(table, path, arena, error);
    if (ends_with(path, ".bdf.csv") || ends_with(path, ".bdf"))
        return closo_table_write_bdf(table, path, arena, error);
    return closo_table_write_csv_with_head(table, path, arena, error);
}

static closo_status no_memory(closo_error *error)
{
    *error = (closo_error){.status = CLOSO_NOMEM};
    snprintf(error->message, sizeof error->message, "not enough memory");
    return CLOSO_NOMEM;
}

/* Current against potential when there are only sweeps, holds and rests; else both against time. */
static closo_status write_figure(const cli_call *call, const closo_cell_file *file,
                                 const closo_simulation *simulation, bool sweeps,
                                 closo_error *error)
{
    const char *title = file->cell.name != NULL ? file->cell.name : cli_title(call->inputs[0]);
    const closo_figure *figure = NULL;
    closo_voltammogram *voltammogram;
    const closo_normalisation normalisation = {CLOSO_NORMAL_NONE, 1};
    if (sweeps && closo_voltammogram_from_table(simulation->table, NULL, call->arena, &voltammogram,
                                                NULL) == CLOSO_OK)
        figure = closo_figure_voltammogram(voltammogram, &normalisation, title, call->arena);
    if (figure == NULL)
        figure = closo_figure_table(simulation->table, title, call->arena);
    return figure != NULL
               ? closo_figure_write(figure, cli_value(call, "--plot"), call->arena, error)
               : no_memory(error);
}

/* Whether potential is swept and current never controlled. */
static bool only_sweeps(const closo_experiment *experiment)
{
    bool swept = false;
    for (size_t i = 0; i < experiment->step_count; i++) {
        if (experiment->steps[i].kind == CLOSO_EXPERIMENT_CURRENT)
            return false;
        swept = swept || experiment->steps[i].kind == CLOSO_EXPERIMENT_SWEEP;
    }
    return swept;
}

/* EC-Lab's word for the technique, by which readers of its exports know it. */
static closo_status write_spectra(closo_table *spectra, const char *path, closo_arena *arena,
                                  closo_error *error)
{
    if (ends_with(path, ".mpt") &&
        closo_table_set_text(spectra, "technique",
                             "Potentio Electrochemical Impedance Spectroscopy") != CLOSO_OK)
        return closo_fail_nomem(error);
    return write_table(spectra, path, arena, error);
}

static closo_status write_files(const cli_call *call, const closo_cell_file *file, bool sweeps,
                                closo_simulation *simulation, const closo_instrument_noise *made,
                                closo_error *error)
{
    const char *output = cli_value(call, "--output"), *eis = cli_value(call, "--eis"),
               *plot = cli_value(call, "--plot");
    closo_table *table = simulation->table;
    closo_status status = closo_simulation_measure(simulation, file, made, call->arena, error);
    if (output != NULL && status == CLOSO_OK)
        status = write_table(table, output, call->arena, error);
    if (eis != NULL && status == CLOSO_OK && table->next != NULL)
        status = write_spectra(table->next, eis, call->arena, error);
    if (plot != NULL && status == CLOSO_OK)
        status = write_figure(call, file, simulation, sweeps, error);
    return status;
}

/* ---- what is said ---- */

static double duration_s(const closo_simulation *simulation)
{
    const closo_column *time = closo_table_find(simulation->table, CLOSO_QUANTITY_TIME);
    size_t rows = simulation->table->row_count;
    double last_s = 0; /* an impedance alone takes no time and writes no rows */
    if (time != NULL && rows != 0)
        closo_column_read_si(time, rows - 1, 1, &last_s);
    return last_s;
}

/* Of an electrode that metal plates on. */
static void add_deposited(json_t *all, const char *key, const closo_deposited *on)
{
    if (isnan(on->metal_C_per_m2) && isnan(on->reduced_C_per_m2))
        return;
    json_t *one = json_object();
    closo_json_number(one, "metal_mAh_cm2", on->metal_C_per_m2 / 3.6e4);
    closo_json_number(one, "lost_mAh_cm2", on->lost_C_per_m2 / 3.6e4);
    closo_json_number(one, "reduced_mAh_cm2", on->reduced_C_per_m2 / 3.6e4);
    json_object_set_new(all, key, one);
}

static void print_deposited(const char *what, const closo_deposited *on)
{
    if (!isnan(on->metal_C_per_m2))
        printf("  %-34s %.4g mAh/cm2 at the end, %.4g mAh/cm2 lost\n", what,
               fmax(0, on->metal_C_per_m2) / 3.6e4, on->lost_C_per_m2 / 3.6e4);
}

static const char *make_json(const closo_cell_file *file, const closo_experiment *experiment,
                             const closo_simulation *simulation, closo_arena *arena)
{
    const closo_cell *cell = &file->cell;
    const closo_simulation_statistics *work = &simulation->statistics;
    json_t *all = json_object(), *solver = json_object();
    closo_json_text(all, "name", cell->name);
    closo_json_text(all, "materials", cell->source);
    closo_json_number(all, "area_cm2", 1e4 * cell->area_m2);
    closo_json_number(all, "temperature_degC", cell->temperature_K - 273.15);
    closo_json_number(all, "composite_mg_cm2", 100 * file->composite_kg_per_m2);
    closo_json_number(all, "active_mg_cm2", 100 * file->active_kg_per_m2);
    closo_json_number(all, "theoretical_capacity_mAh_cm2", file->capacity_C_per_m2 / 3.6e4);
    closo_json_number(all, "thickness_um", 1e6 * cell->thickness_m);
    closo_json_number(all, "active_volume_fraction", cell->active.volume_fraction);
    closo_json_number(all, "electrolyte_volume_fraction", file->electrolyte_fraction);
    closo_json_number(all, "carbon_volume_fraction", file->carbon_fraction);
    closo_json_number(all, "carbon_apparent_fraction", file->carbon_apparent_fraction);
    closo_json_number(all, "carbon_contact", file->carbon_contact);
    closo_json_number(all, "carbon_area_cm2", 1e4 * file->carbon_area_m2);
    closo_json_integer(all, "steps", (int64_t)experiment->step_count);
    closo_json_integer(all, "rows", (int64_t)simulation->table->row_count);
    closo_json_integer(all, "spectra", (int64_t)simulation->spectrum_count);
    json_t *still = json_array();
    for (size_t s = 0; s < simulation->spectrum_count; s++) {
        json_t *one = json_object();
        const closo_stationarity *of = &simulation->spectrum_stationarity[s];
        closo_json_number(one, "potential_V", simulation->spectra[s].potential_V);
        closo_json_number(one, "residual", of->residual);
        closo_json_number(one, "drift_mV_per_s", 1e3 * of->drift_V_per_s);
        json_array_append_new(still, one);
    }
    json_object_set_new(all, "stationarity", still);
    add_deposited(all, "on_working_electrode", &simulation->on_working);
    add_deposited(all, "on_counter_electrode", &simulation->on_counter);
    closo_json_number(all, "duration_h", duration_s(simulation) / 3600);
    json_object_set_new(all, "complete", json_boolean(simulation->complete));
    closo_json_integer(solver, "states", (int64_t)work->state_count);
    closo_json_integer(solver, "steps", (int64_t)work->steps);
    closo_json_integer(solver, "residuals", (int64_t)work->residuals);
    closo_json_integer(solver, "jacobians", (int64_t)work->jacobians);
    closo_json_integer(solver, "newton_iterations", (int64_t)work->newton_iterations);
    json_object_set_new(all, "solver", solver);
    closo_json_notes(all, "notes_of_the_cell", &file->notes);
    closo_json_notes(all, "notes", &simulation->notes);
    return closo_json_finish(all, arena);
}

static void print_table(const closo_cell_file *file, const closo_experiment *experiment,
                        const closo_simulation *simulation)
{
    const closo_cell *cell = &file->cell;
    printf("%s\n%s\n", cell->name != NULL ? cell->name : "cell", cell->source);
    if (file->composite_kg_per_m2 > 0)
        printf("  %-34s %.4g cm2, %.4g um thick, %zu nodes\n", "working electrode",
               1e4 * cell->area_m2, 1e6 * cell->thickness_m, cell->node_count);
    else
        printf("  %-34s %.4g cm2, a %s\n", "working electrode", 1e4 * cell->area_m2,
               cell->node_count == 0 ? "metal" : "foil");
    if (file->capacity_C_per_m2 > 0)
        printf("  %-34s %.4g mg/cm2, %.4g mAh/cm2\n", "active material",
               100 * file->active_kg_per_m2, file->capacity_C_per_m2 / 3.6e4);
    if (file->composite_kg_per_m2 > 0)
        printf("  %-34s %.3g active, %.3g electrolyte, %.3g carbon, %.3g pores\n",
               "volume fractions", cell->active.volume_fraction, file->electrolyte_fraction,
               file->carbon_fraction, file->porosity);
    if (file->carbon_area_m2 > 0)
        printf("  %-34s %.4g cm2, %.0f %% of it in the network\n", "surface of the carbon",
               1e4 * file->carbon_area_m2, 100 * file->carbon_contact);
    printf("  %-34s %zu, %.5g h, %zu rows, %zu spectra%s\n", "steps", experiment->step_count,
           duration_s(simulation) / 3600, simulation->table->row_count, simulation->spectrum_count,
           simulation->complete ? "" : " (not complete)");
    if (simulation->table->row_count == 0)
        printf("  %-34s no step lasted: an impedance takes no time\n", "the table is empty");
    print_deposited("metal on the working electrode", &simulation->on_working);
    print_deposited("metal on the counter electrode", &simulation->on_counter);
    double drift_V_per_s = 0;
    for (size_t s = 0; s < simulation->spectrum_count; s++)
        drift_V_per_s =
            fmax(drift_V_per_s, fabs(simulation->spectrum_stationarity[s].drift_V_per_s));
    if (simulation->spectrum_count != 0)
        printf("  %-34s at most %.3g uV/s\n", "drift while a spectrum is taken",
               1e6 * drift_V_per_s);
    cli_print_notes("notes of the cell", &file->notes);
    cli_print_notes("notes", &simulation->notes);
}

/* ---- the run ---- */

static int choose_experiment(const cli_call *call, closo_cell_file *file,
                             closo_experiment *experiment)
{
    closo_error error = {0};
    const char *steps = cli_value(call, "--steps");
    *experiment = file->experiment;
    if (steps != NULL && closo_experiment_parse(steps, file->capacity_C_per_m2, call->arena,
                                                experiment, &error) != CLOSO_OK)
        return cli_say_wrong("--steps: %s", error.message);
    if (experiment->step_count == 0)
        return cli_say_wrong("%s has no steps; give them in the file (steps: |) or here: --steps "
                             "'charge at C/10 until 4.15 V; discharge at C/10 until 2.5 V'",
                             call->inputs[0]);
    return EXIT_DONE;
}

static int read_words(const cli_call *call, closo_simulation_options *made,
                      closo_instrument_noise *noise)
{
    static const cli_output outputs[] = {{"--output", {".mpt", ".bdf.csv", ".bdf", ".csv"}},
                                         {"--eis", {".mpt", ".csv"}},
                                         CLI_PLOT,
                                         {"--checkpoint", {NULL}}};
    int wrong = read_noise(call, noise);
    if (wrong == EXIT_DONE)
        wrong = cli_check_before_work(call, outputs, sizeof outputs / sizeof *outputs);
    const char *eis = cli_value(call, "--eis");
    if (wrong == EXIT_DONE && eis != NULL && ends_with(eis, ".bdf.csv"))
        wrong = cli_say_wrong("--eis: the Battery Data Format of '%s' has no impedances; name it "
                              ".mpt or .csv alone",
                              eis);
    if (wrong == EXIT_DONE)
        wrong = cli_tolerance(call, &made->relative_tolerance);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--checkpoint-every", "s", &made->checkpoint_every_s);
    if (wrong != EXIT_DONE)
        return wrong;
    made->checkpoint = cli_value(call, "--checkpoint");
    made->resume = cli_given(call, "--resume");
    if (made->checkpoint == NULL && (made->resume || cli_given(call, "--checkpoint-every")))
        return cli_say_wrong("%s wants --checkpoint FILE, the file the run is kept in",
                             made->resume ? "--resume" : "--checkpoint-every");
    if (cli_given(call, "--checkpoint-every") && !(made->checkpoint_every_s > 0))
        return cli_say_wrong("--checkpoint-every wants a time longer than zero, such as '30 s'");
    return EXIT_DONE;
}

/* A file that would not come to be is told before the run, which may last for hours. */
static int check_impedance(const cli_call *call, const closo_experiment *experiment)
{
    const char *eis = cli_value(call, "--eis");
    for (size_t i = 0; eis != NULL && i < experiment->step_count; i++)
        if (experiment->steps[i].kind == CLOSO_EXPERIMENT_IMPEDANCE)
            return EXIT_DONE;
    return eis == NULL ? EXIT_DONE
                       : cli_say_wrong(
                             "--eis: there is no impedance among the steps, and '%s' would have no "
                             "spectrum; add 'impedance 1 MHz to 10 mHz' where one is wanted, or "
                             "leave --eis out",
                             eis);
}

/* Ctrl-C and the polite kill end the work and keep what there is. */
static closo_status simulate(const cli_call *call, const closo_cell *cell,
                             const closo_experiment *experiment,
                             const closo_simulation_options *wanted, closo_simulation **simulation,
                             closo_error *error)
{
    teller tell = {.terminal = isatty(STDERR_FILENO) != 0,
                   .lines = cli_given(call, "--progress"),
                   .from_s = wall_s(),
                   .last_s = wall_s(),
                   .first = -1};
    const closo_progress progress = {report, &tell};
    struct sigaction action = {.sa_handler = on_interrupt};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    closo_status status =
        closo_cell_simulate(cell, experiment, wanted, &progress, call->arena, simulation, error);
    if (tell.terminal)
        fputs("\r\033[K", stderr);
    return status;
}

static int run(const cli_call *call)
{
    closo_error error = {0};
    closo_cell_file *file;
    closo_experiment experiment;
    closo_simulation *simulation = NULL;
    closo_simulation_options wanted = {0};
    closo_instrument_noise made;
    int wrong = read_words(call, &wanted, &made);
    if (wrong != EXIT_DONE)
        return wrong;
    if (closo_cell_load(call->inputs[0], call->arena, &file, &error) != CLOSO_OK)
        return cli_fail(&error);
    wrong = choose_experiment(call, file, &experiment);
    if (wrong != EXIT_DONE)
        return wrong;
    wrong = check_impedance(call, &experiment);
    if (wrong != EXIT_DONE)
        return wrong;
    closo_status status = simulate(call, &file->cell, &experiment, &wanted, &simulation, &error);
    if (simulation == NULL || simulation->table == NULL)
        return status == CLOSO_ARGUMENT
                   ? cli_say_wrong("'%s': there is a checkpoint of this name; say --resume to go "
                                   "on from it, remove it, or choose another name",
                                   wanted.checkpoint)
                   : cli_fail(&error);
    closo_error unwritten = {0};
    if (write_files(call, file, only_sweeps(&experiment), simulation, &made, &unwritten) !=
        CLOSO_OK)
        return cli_fail(&unwritten);
    if (cli_given(call, "--eis") && simulation->spectrum_count == 0)
        fprintf(stderr,
                "closo: there is no impedance among the steps that were run: '%s' is not "
                "written\n",
                cli_value(call, "--eis"));
    if (cli_given(call, "--json")) {
        const char *json = make_json(file, &experiment, simulation, call->arena);
        fputs(json != NULL ? json : "", stdout);
    } else {
        print_table(file, &experiment, simulation);
    }
    /* the results are written: the run needs no keeping any more */
    if (status == CLOSO_OK && wanted.checkpoint != NULL &&
        closo_cell_checkpoint_remove(wanted.checkpoint, call->arena, &error) != CLOSO_OK)
        return cli_fail(&error);
    return status == CLOSO_OK ? EXIT_DONE : cli_fail(&error);
}

static const cli_option options[] = {
    CLI_JSON,
    {"--steps", "WORDS", "what is done to the cell, instead of the file's steps; ';' separates"},
    {"--output", "FILE", "the table (-o for short): .mpt, .bdf.csv or .csv"},
    {"--eis", "FILE", "the impedance spectra, one below the other: .mpt or .csv, for closo eis"},
    {"--plot", "FILE", "against time, or a voltammogram of sweeps: .svg, .png, .pdf or .html"},
    {"--tolerance", "NUMBER", "relative, of the integration in time (1e-4)"},
    {"--noise-potential", "SIGMA", "noise of an instrument, such as '0.1 mV'"},
    {"--noise-current", "SIGMA", "noise of an instrument, such as '1 nA'"},
    {"--resolution-potential", "STEP", "of the instrument's converter, such as '0.05 mV'"},
    {"--resolution-current", "STEP", "the same of the current, such as '1 nA'"},
    {"--noise-impedance", "SHARE", "noise of each part of Z, relative to |Z|, such as '0.3 %'"},
    {"--seed", "N", "of the noise (1)"},
    {"--checkpoint", "FILE", "keep the run in this file (and FILE.rows) until it is done"},
    {"--checkpoint-every", "TIME",
     "by the clock on the wall (2 s, and at most 1 % of the time is spent on it)"},
    {"--resume", NULL, "go on from the checkpoint when there is one"},
    {"--progress", NULL, "where there is no terminal: a line every ten seconds"},
};

const cli_command cli_simulate = {
    .name = "simulate",
    .summary = "a virtual cell: cycling, sweeps and impedance of a cell described in a file",
    .inputs = "CELL.yaml",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Works out what an instrument would have measured: a composite electrode with its grains,\n"
        "carbon and electrolyte, a separator and a metal, through any steps (charge, hold, rest,\n"
        "sweep, impedance, loops). closo cycles, cv, onset and eis read the result as a measured\n"
        "file. docs/simulate.md has every key of the file and every step, docs/cell.md the\n"
        "equations. Ctrl-C ends the run and keeps what there is; with --checkpoint a run that was ended in\n"
        "any way goes on with --resume, to the same bits.",
    .example = "  closo simulate examples/cells/chapter5-swagelok.yaml -o cell.mpt --eis eis.csv",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
