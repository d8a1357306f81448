/* SPDX-License-Identifier: BSD-3-Clause */
/* closo cycles: capacities, efficiencies and retention of charging and discharging. */
#include "cli.h"
#include "cycles_print.h"

#include "closo/cycling.h"

#include <math.h>
#include <string.h>

enum { CYCLES_SHOWN = 40 }; /* of a longer table the first and last half of these */

static void print_cycle(const closo_cycling *cycling, const closo_cycle *cycle)
{
    bool gram = cycling->mass_kg > 0;
    double factor = gram ? 1 / (3600 * cycling->mass_kg) : 1 / 3.6;
    int decimals = gram ? 2 : 5;
    printf("  %5d%c", cycle->cycle, cycle->complete ? ' ' : '*');
    cli_print_number(cycle->charge_C * factor, 10, decimals);
    cli_print_number(cycle->discharge_C * factor, 10, decimals);
    cli_print_number(100 * cycle->coulombic_efficiency, 8, 2);
    cli_print_number(100 * cycle->energy_efficiency, 8, 2);
    cli_print_number(cycle->mean_charge_V, 8, 4);
    cli_print_number(cycle->mean_discharge_V, 8, 4);
    cli_print_number(1e3 * cycle->hysteresis_V, 8, 1);
    cli_print_number(cycling->role == CLOSO_ROLE_ANODE ? cycle->charge_rate_per_h
                                                       : cycle->discharge_rate_per_h,
                     7, 3);
    putchar('\n');
}

static void print_cycles(const closo_cycling *cycling)
{
    printf("  cycle  charge/  discharge/     CE/%%     EE/%%  mean V  mean V  hysteresis  rate/C\n"
           "         %-9s  %-9s                 charge  disch.  /mV\n",
           cycling->mass_kg > 0 ? "(mAh/g)" : "mAh", cycling->mass_kg > 0 ? "(mAh/g)" : "mAh");
    bool all = cycling->cycle_count <= CYCLES_SHOWN, incomplete = false;
    for (size_t c = 0; c < cycling->cycle_count; c++) {
        incomplete = incomplete || !cycling->cycles[c].complete;
        if (all || c < CYCLES_SHOWN / 2 || c + CYCLES_SHOWN / 2 >= cycling->cycle_count)
            print_cycle(cycling, &cycling->cycles[c]);
        else if (c == CYCLES_SHOWN / 2)
            puts("    ...");
    }
    if (incomplete)
        puts("  * not complete");
}

static void print_summary(const closo_cycling *cycling)
{
    const closo_cycling_summary *summary = &cycling->summary;
    const closo_retention *retention = &summary->retention;
    putchar('\n');
    if (retention->reference_cycle != 0 && retention->last_cycle != retention->reference_cycle) {
        printf("  cycle %d against cycle %d: capacity %.2f %%", retention->last_cycle,
               retention->reference_cycle, 100 * retention->capacity);
        if (isfinite(retention->energy))
            printf(", energy %.2f %%", 100 * retention->energy);
        putchar('\n');
        const closo_value *fades[] = {&retention->capacity_per_cycle, &retention->energy_per_cycle};
        static const char *const names[] = {"change of capacity per cycle",
                                            "change of energy per cycle"};
        for (size_t i = 0; i < 2; i++)
            cycles_print_value(names[i],
                               (closo_value){100 * fades[i]->value, 100 * fades[i]->sigma}, "%");
    }
    cycles_print_value("irreversible in the first cycle",
                       (closo_value){summary->irreversible_C / 3.6, NAN}, "mAh");
    cycles_print_value("coulombic efficiency afterwards",
                       (closo_value){100 * summary->mean_coulombic_efficiency.value,
                                     100 * summary->mean_coulombic_efficiency.sigma},
                       "%");
}

static int read_options(const cli_call *call, closo_cycling_options *options)
{
    closo_error error = {0};
    const char *role = cli_value(call, "--role");
    if (role != NULL && closo_electrode_role_parse(role, &options->role, &error) != CLOSO_OK)
        return cli_say_wrong("--role: %s", error.message);
    const cli_amount amounts[] = {{"--mass", "kg", &options->mass_kg},
                                  {"--area", "m2", &options->area_m2},
                                  {"--capacity", "C", &options->capacity_C},
                                  {"--zero-current", "A", &options->zero_current_A}};
    size_t reference = 0;
    int wrong = cli_amounts(call, amounts, sizeof amounts / sizeof *amounts);
    if (wrong == EXIT_DONE)
        wrong = cli_count(call, "--reference-cycle", &reference);
    options->reference_cycle = (int)reference;
    return wrong;
}

typedef enum figure_kind {
    FIGURE_CAPACITY,
    FIGURE_PROFILES,
    FIGURE_DQDV,
    FIGURE_DVDQ,
    FIGURE_RATE,
    FIGURE_STEPWISE,
    FIGURE_DAMAGE,
    FIGURE_KINDS
} figure_kind;

static const char *const figure_names[FIGURE_KINDS] = {"capacity", "profiles", "dqdv",  "dvdq",
                                                       "rate",     "stepwise", "damage"};

static int read_figure_kind(const cli_call *call, figure_kind *kind)
{
    const char *word = cli_value(call, "--figure");
    *kind = FIGURE_CAPACITY;
    if (word == NULL)
        return EXIT_DONE;
    for (int k = 0; k < FIGURE_KINDS; k++)
        if (strcmp(word, figure_names[k]) == 0) {
            *kind = (figure_kind)k;
            return cli_given(call, "--plot")
                       ? EXIT_DONE
                       : cli_say_wrong("--figure says what --plot draws: give --plot FILE too");
        }
    return cli_say_wrong("--figure: '%s' is none of capacity, profiles, dqdv, dvdq, rate, "
                         "stepwise, damage",
                         word);
}

static const closo_figure *make_figure(const closo_cycling *cycling, figure_kind kind,
                                       const closo_cycling_analysis_options *wanted,
                                       const char *title, closo_arena *arena)
{
    switch (kind) {
    case FIGURE_PROFILES:
        return closo_figure_profiles(cycling, wanted->cycles, wanted->cycle_count, title, arena);
    case FIGURE_DQDV:
        return closo_figure_differential(cycling, CLOSO_DIFFERENTIAL_CAPACITY, title, arena);
    case FIGURE_DVDQ:
        return closo_figure_differential(cycling, CLOSO_DIFFERENTIAL_POTENTIAL, title, arena);
    case FIGURE_RATE:
        return closo_figure_rate_test(cycling, title, arena);
    case FIGURE_STEPWISE:
        return closo_figure_stepwise(cycling, title, arena);
    case FIGURE_DAMAGE:
        return closo_figure_damage(cycling, title, arena);
    case FIGURE_CAPACITY:
    case FIGURE_KINDS:
        break;
    }
    return closo_figure_cycles(cycling, title, arena);
}

static closo_status draw(const closo_cycling *cycling, figure_kind kind,
                         const closo_cycling_analysis_options *wanted, const char *title,
                         const char *path, closo_arena *arena, closo_error *error)
{
    const closo_figure *figure = make_figure(cycling, kind, wanted, title, arena);
    if (figure != NULL)
        return closo_figure_write(figure, path, arena, error);
    *error = (closo_error){.status = CLOSO_RANGE};
    snprintf(error->message, sizeof error->message,
             "there is nothing to draw as '%s': the file has no such cycles%s",
             kind < FIGURE_KINDS ? figure_names[kind] : "",
             kind >= FIGURE_STEPWISE ? ", of at least three rising cut-offs" : "");
    return error->status;
}

/* Writes what --csv, --dqdv, --dvdq, --plot and --profiles ask for. */
static closo_status write_files(const cli_call *call, const closo_cycling *cycling,
                                const closo_cycling_analysis_options *wanted, figure_kind kind,
                                const char *title, closo_error *error)
{
    const char *csv = cli_value(call, "--csv"), *dqdv = cli_value(call, "--dqdv"),
               *dvdq = cli_value(call, "--dvdq"), *plot = cli_value(call, "--plot"),
               *profiles = cli_value(call, "--profiles");
    const closo_cycling_analyses *analyses = cycling->analyses;
    closo_status status = CLOSO_OK;
    if (csv != NULL)
        status = closo_cycling_write_csv(cycling, csv, call->arena, error);
    if (dqdv != NULL && status == CLOSO_OK)
        status = closo_differential_write_csv(analyses->capacities, analyses->capacity_count, dqdv,
                                              call->arena, error);
    if (dvdq != NULL && status == CLOSO_OK)
        status = closo_differential_write_csv(analyses->potentials, analyses->potential_count, dvdq,
                                              call->arena, error);
    if (plot != NULL && status == CLOSO_OK)
        status = draw(cycling, kind, wanted, title, plot, call->arena, error);
    if (profiles != NULL && status == CLOSO_OK)
        status = draw(cycling, FIGURE_PROFILES, wanted, title, profiles, call->arena, error);
    return status;
}

/* The cycles of --cycles; with cycle_count 0 only the words are looked at. */
static int read_cycles(const cli_call *call, size_t cycle_count,
                       closo_cycling_analysis_options *wanted)
{
    closo_error error = {0};
    closo_cycle_list list;
    const char *text = cli_value(call, "--cycles");
    if (text == NULL)
        return EXIT_DONE;
    if (closo_cycle_list_parse(text, cycle_count, call->arena, &list, &error) != CLOSO_OK)
        return cli_say_wrong("--cycles: %s", error.message);
    wanted->cycles = list.cycles;
    wanted->cycle_count = list.count;
    return EXIT_DONE;
}

static int read_analysis_options(const cli_call *call, closo_cycling_analysis_options *wanted)
{
    int wrong = cli_count(call, "--formation-cycles", &wanted->formation_cycles);
    if (wrong == EXIT_DONE)
        wrong = cli_count(call, "--rate-last", &wanted->rate_last);
    if (wrong == EXIT_DONE)
        wrong = read_cycles(call, 0, wanted);
    const cli_amount bandwidth = {"--bandwidth", "V", &wanted->bandwidth_V};
    return wrong != EXIT_DONE ? wrong : cli_amounts(call, &bandwidth, 1);
}

/* Is a page of text, with a table of cycles or a figure of them, all that is asked for? */
static bool is_brief(const cli_call *call, figure_kind kind)
{
    static const char *const details[] = {"--json", "--dqdv", "--dvdq", "--cycles"};
    for (size_t i = 0; i < sizeof details / sizeof *details; i++)
        if (cli_given(call, details[i]))
            return false;
    return kind != FIGURE_DQDV && kind != FIGURE_DVDQ;
}

static int run(const cli_call *call)
{
    closo_error error = {0};
    closo_cycling_options given = {0};
    closo_table *table;
    closo_cycling *cycling;
    closo_cycling_analysis_options wanted = {0};
    int wrong = read_options(call, &given);
    figure_kind kind = FIGURE_CAPACITY;
    if (wrong == EXIT_DONE)
        wrong = read_analysis_options(call, &wanted);
    if (wrong == EXIT_DONE)
        wrong = read_figure_kind(call, &kind);
    if (wrong == EXIT_DONE && cli_given(call, "--table") &&
        (kind > FIGURE_PROFILES || cli_given(call, "--dqdv") || cli_given(call, "--dvdq")))
        return cli_say_wrong("--table leaves out what --dqdv, --dvdq and this --figure show");
    if (wrong != EXIT_DONE)
        return wrong;
    wanted.brief = is_brief(call, kind);
    const closo_read_options reading = {.in_place = true, .only_views = true};
    cli_expect_shorter_file();
    wrong = cli_open_table(call, &reading, &table);
    if (wrong != EXIT_DONE)
        return wrong;
    if (closo_cycling_from_table(table, &given, call->arena, &cycling, &error) != CLOSO_OK)
        return cli_fail_in(&error, table->source);
    wrong = read_cycles(call, cycling->cycle_count, &wanted);
    if (wrong != EXIT_DONE)
        return wrong;
    if ((!cli_given(call, "--table") &&
         closo_cycling_analyse(cycling, &wanted, call->arena, &error) != CLOSO_OK) ||
        write_files(call, cycling, &wanted, kind, cli_title(table->source), &error) != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--json"))
        return cli_print_json(closo_cycling_json(cycling, call->arena));
    const char *technique = table->technique != NULL ? table->technique : "";
    printf("%s: %s%s%zu rows, %zu step%s, %zu half cycle%s\n", table->source, technique,
           technique[0] != '\0' ? ", " : "", cycling->row_count, cycling->step_count,
           cycling->step_count == 1 ? "" : "s", cycling->half_cycle_count,
           cycling->half_cycle_count == 1 ? "" : "s");
    print_cycles(cycling);
    print_summary(cycling);
    if (cycling->analyses != NULL)
        cycles_print_analyses(cycling);
    printf("\nrule\n  %s\n", cycling->rule);
    cli_print_notes("notes of the file", &table->notes);
    cli_print_notes("notes", &cycling->notes);
    if (cycling->analyses != NULL)
        cli_print_notes("notes on the cycles together", &cycling->analyses->notes);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--role", "ELECTRODE", "the working electrode: cathode, anode or 'full cell'"},
    {"--mass", "MASS", "mass for capacities per gram, such as '2.1 mg'; else the file's"},
    {"--area", "AREA", "area for capacities per cm2, such as '1.131 cm2'; else the file's"},
    {"--capacity", "CHARGE", "what 1 C charges in an hour, such as '0.27 mAh'; else the file's"},
    {"--reference-cycle", "N", "the cycle that retention is counted from; else the first"},
    {"--formation-cycles", "N", "cycles counted as formation; else those before the current rises"},
    {"--rate-last", "N", "of cycles at one current the last N are averaged; else 3"},
    {"--zero-current", "CURRENT", "below this the cell rests, such as '1 uA'; else from the data"},
    {"--table", NULL,
     "the cycles alone, without what they say together (knee, plateaus, ...): faster"},
    {"--cycles", "LIST",
     "the cycles of --dqdv, --dvdq and --profiles, such as 1-3,10,last; else five"},
    {"--bandwidth", "VOLTAGE",
     "dQ/dV is smoothed by this sigma, such as '3 mV'; else by the noise"},
    {"--csv", "FILE", "the table of cycles"},
    {"--dqdv", "FILE", "dQ/dV of the cycles asked for, as CSV"},
    {"--dvdq", "FILE", "dV/dQ of the cycles asked for, as CSV"},
    {"--plot", "FILE", "capacity and efficiency against cycle: .svg, .png, .pdf or .html"},
    {"--figure", "KIND",
     "what --plot draws: capacity, profiles, dqdv, dvdq, rate, stepwise, damage"},
    {"--profiles", "FILE", "potential against capacity of a few cycles, as a figure"},
    {"--part", "N", "which table of the file, counted from 1 (closo info lists them)"},
};

const cli_command cli_cycles = {
    .name = "cycles",
    .summary = "capacities, efficiencies and retention of charging and discharging",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Splits potential and current against time into steps (constant current, hold, rest),\n"
        "half cycles and cycles, whatever the instrument counted, and says where its counters\n"
        "differ. Anodic current is charge. What the working electrode is decides which half\n"
        "cycle opens a cycle and how the coulombic efficiency is formed: tell it with --role.",
    .example =
        "  closo cycles cell.mpr --role cathode --mass '2.1 mg' --plot cycles.svg\n"
        "  closo cycles cell.mpr --role cathode --cycles 1,2,50 --figure dqdv --plot dqdv.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
