/* SPDX-License-Identifier: BSD-3-Clause */
/* closo symmetric: overpotential, short circuits and critical current density of cells with two equal electrodes. */
#include "cli.h"

#include "closo/symmetric.h"

#include <math.h>
#include <string.h>

enum { HALVES_SHOWN = 30, EVENTS_SHOWN = 20 };

/* Current and resistance as people want them: per area where that is known. */
typedef struct dress {
    double current, resistance;
    const char *current_unit, *resistance_unit;
} dress;

static dress dress_of(const closo_symmetric *symmetric)
{
    if (symmetric->area_m2 > 0)
        return (dress){0.1 / symmetric->area_m2, 1e4 * symmetric->area_m2, "mA/cm2", "ohm cm2"};
    return (dress){1e3, 1, "mA", "ohm"};
}

static void print_half(const closo_symmetric *symmetric, const closo_symmetric_half *half,
                       const dress *in)
{
    const double potentials_V[] = {half->start_V, half->middle_V, half->end_V, half->mean_V};
    printf("  %4zu%c %9.3f  %c%-9.4g %9.4g", half->half_cycle, half->broken ? '!' : ' ',
           half->start_s / 3600, half->direction > 0 ? '+' : '-', half->current_A * in->current,
           half->charge_C / 3.6 / (symmetric->area_m2 > 0 ? 1e4 * symmetric->area_m2 : 1));
    for (size_t i = 0; i < sizeof potentials_V / sizeof *potentials_V; i++)
        cli_print_number(1e3 * potentials_V[i], 8, 2);
    if (isfinite(half->mean_V))
        printf(" %9.4g", in->resistance * half->mean_V / half->current_A);
    else
        printf(" %9s", "-");
    printf("  %s%s\n", half->arc_start ? "peak " : "", half->arc_end ? "rise" : "");
}

static void print_halves(const closo_symmetric *symmetric, const dress *in)
{
    printf("  half     start    current     charge  overpotential/mV                     R/      "
           "  arc\n"
           "           /h      /%-7s /%s    start   middle      end     mean   %s\n",
           in->current_unit, symmetric->area_m2 > 0 ? "(mAh/cm2)" : "mAh      ",
           in->resistance_unit);
    bool broken = false;
    for (size_t i = 0; i < symmetric->half_count; i++) {
        broken = broken || symmetric->halves[i].broken;
        if (symmetric->half_count <= HALVES_SHOWN || i < HALVES_SHOWN / 2 ||
            i + HALVES_SHOWN / 2 >= symmetric->half_count)
            print_half(symmetric, &symmetric->halves[i], in);
        else if (i == HALVES_SHOWN / 2)
            puts("    ...");
    }
    if (broken)
        puts("  ! with a drop, or after a short circuit: in no trend");
}

static void print_value(const char *what, closo_value value, const char *unit)
{
    char text[128];
    if (isfinite(value.value))
        printf("    %-34s %s\n", what, closo_value_text(value, unit, text, sizeof text));
}

static closo_value times(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * factor};
}

static void print_levels(const closo_symmetric *symmetric, const dress *in)
{
    for (size_t i = 0; i < symmetric->level_count; i++) {
        const closo_symmetric_level *level = &symmetric->levels[i];
        if (level->half_count == 0 || (level->half_count < 5 && i != symmetric->main_level))
            continue;
        printf("\n  at %.4g %s: %zu unbroken half cycle%s, ", level->current_A * in->current,
               in->current_unit, level->half_count, level->half_count == 1 ? "" : "s");
        if (level->half_count == 1) /* the time is that of its middle */
            printf("at %.4g h\n", level->from_s / 3600);
        else
            printf("%.4g to %.4g h\n", level->from_s / 3600, level->to_s / 3600);
        print_value("overpotential", times(level->mean_V, 1e3), "mV");
        print_value("at first, on the line", times(level->first_V, 1e3), "mV");
        print_value("at last, on the line", times(level->last_V, 1e3), "mV");
        print_value("change in 100 h", times(level->slope_V_per_s, 1e3 * 360000), "mV");
        print_value("resistance", times(level->mean_V, in->resistance / level->current_A),
                    in->resistance_unit);
        print_value("anodic less cathodic", times(level->asymmetry_V, 1e3), "mV");
    }
}

static void print_events(const closo_symmetric *symmetric, const dress *in)
{
    puts("\n  events");
    if (symmetric->event_count == 0)
        puts("    none: no sudden drop of the potential, no rise of its noise");
    for (size_t i = 0; i < symmetric->event_count && i < EVENTS_SHOWN; i++) {
        const closo_symmetric_event *event = &symmetric->events[i];
        printf("    %-10s at %.5g h (row %zu, half cycle %zu), %.4g mAh, %.4g %s: %.4g -> %.3g mV",
               closo_event_kind_name(event->kind), event->time_s / 3600, event->file_row,
               symmetric->halves[event->half].half_cycle, event->charge_C / 3.6,
               event->current_A * in->current, in->current_unit, 1e3 * event->before_V,
               1e3 * event->after_V);
        if (isfinite(event->recovered_s))
            printf(", back after %.3g h", event->recovered_s / 3600);
        putchar('\n');
    }
    if (symmetric->event_count > EVENTS_SHOWN)
        printf("    ... and %zu more\n", symmetric->event_count - EVENTS_SHOWN);
}

static void print_critical(const closo_symmetric *symmetric, const dress *in)
{
    const closo_critical_current *critical = &symmetric->critical;
    char text[128];
    printf("\n  critical current%s\n    ", symmetric->area_m2 > 0 ? " density" : "");
    if (!critical->reached)
        printf("not reached: at least %.4g %s\n", critical->last_A * in->current, in->current_unit);
    else if (!critical->stepped)
        printf("at most %.4g %s: no lower current was tried\n", critical->failed_A * in->current,
               in->current_unit);
    else
        printf("%.4g %s held, %.4g %s did not; between them %s\n", critical->last_A * in->current,
               in->current_unit, critical->failed_A * in->current, in->current_unit,
               closo_value_text(times(critical->middle_A, in->current), in->current_unit, text,
                                sizeof text));
    printf("\n  total charge %.5g mAh", symmetric->total_C / 3.6);
    if (symmetric->area_m2 > 0)
        printf(", %.5g mAh/cm2", symmetric->total_C / 36000 / symmetric->area_m2);
    puts(" (both directions)");
}

static int read_share(const cli_call *call, const char *name, double *share)
{
    int wrong = cli_quantity(call, name, "1", share);
    if (wrong == EXIT_DONE && cli_given(call, name) && !(*share > 0 && *share < 1))
        return cli_say_wrong("%s: a share lies between 0 and 1, such as 0.5", name);
    return wrong;
}

static int read_options(const cli_call *call, closo_symmetric_options *options)
{
    const cli_amount amounts[] = {{"--area", "m2", &options->area_m2},
                                  {"--zero-current", "A", &options->zero_current_A}};
    int wrong = cli_amounts(call, amounts, sizeof amounts / sizeof *amounts);
    if (wrong == EXIT_DONE)
        wrong = read_share(call, "--short", &options->short_share);
    return wrong != EXIT_DONE ? wrong : read_share(call, "--soft", &options->soft_share);
}

static int run(const cli_call *call)
{
    closo_error error = {0};
    closo_symmetric_options given = {0};
    closo_table *table;
    closo_symmetric *symmetric;
    int wrong = read_options(call, &given);
    if (wrong != EXIT_DONE)
        return wrong;
    wrong = cli_open_table(call, NULL, &table);
    if (wrong != EXIT_DONE)
        return wrong;
    const char *csv = cli_value(call, "--csv");
    closo_status status =
        closo_symmetric_from_table(table, &given, call->arena, &symmetric, &error);
    if (status == CLOSO_OK && csv != NULL)
        status = closo_symmetric_write_csv(symmetric, csv, call->arena, &error);
    if (status == CLOSO_OK && cli_given(call, "--plot"))
        status = cli_draw(call, "--plot",
                          closo_figure_symmetric(symmetric, cli_title(table->source), call->arena),
                          &error);
    if (status != CLOSO_OK)
        return cli_fail_in(&error, table->source);
    if (cli_given(call, "--json"))
        return cli_print_json(closo_symmetric_json(symmetric, call->arena));
    const dress in = dress_of(symmetric);
    const char *technique = table->technique != NULL ? table->technique : "";
    printf("%s: %s%s%zu rows, %zu half cycle%s\n", table->source, technique,
           technique[0] != '\0' ? ", " : "", symmetric->cycling->row_count, symmetric->half_count,
           symmetric->half_count == 1 ? "" : "s");
    print_halves(symmetric, &in);
    print_levels(symmetric, &in);
    print_events(symmetric, &in);
    print_critical(symmetric, &in);
    printf("\nrule\n  %s\n", symmetric->rule);
    cli_print_notes("notes of the file", &table->notes);
    cli_print_notes("notes of the half cycles", &symmetric->cycling->notes);
    cli_print_notes("notes", &symmetric->notes);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--area", "AREA", "of one electrode, such as '1.131 cm2'; else the file's"},
    {"--zero-current", "CURRENT", "below this the cell rests, such as '1 uA'; else from the data"},
    {"--short", "SHARE", "a drop below this share that stays is a short circuit; else 0.5"},
    {"--soft", "SHARE", "a drop by more than this share is a soft short; else 0.2"},
    {"--csv", "FILE", "the table of half cycles"},
    {"--plot", "FILE", "potential against time with its events: .svg, .png, .pdf or .html"},
    {"--part", "N", "which table of the file, counted from 1 (closo info lists them)"},
};

const cli_command cli_symmetric = {
    .name = "symmetric",
    .summary = "stripping and plating: overpotential, short circuits, critical current density",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "For cells with two equal metal electrodes under constant current that turns round:\n"
        "overpotential and area resistance of each half cycle, how they change with time, sudden\n"
        "drops of the potential (short circuits and soft shorts), and the critical current\n"
        "density: the current of the last half cycle before a short circuit, with the step that\n"
        "failed.",
    .example = "  closo symmetric examples/symmetric/data/stripping.csv --area '1.131 cm2' --plot "
               "stripping.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
