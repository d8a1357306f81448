/* SPDX-License-Identifier: BSD-3-Clause */
/* closo cv: sweeps, charges, reversibility, stepwise voltammograms. */
#include "cli.h"

#include "base/base_internal.h"

#include <math.h>

static const char *leg_name(const closo_sweep *leg)
{
    return leg->kind == CLOSO_LEG_HOLD    ? "hold"
           : leg->kind == CLOSO_LEG_OTHER ? "other"
           : leg->direction > 0           ? "anodic"
                                          : "cathodic";
}

static void print_sweeps(const closo_voltammogram *voltammogram)
{
    puts("  leg cycle kind      from/V     to/V   rate/(mV/s)   anodic/mC  cathodic/mC");
    for (size_t i = 0; i < voltammogram->sweep_count; i++) {
        const closo_sweep *leg = &voltammogram->sweeps[i];
        printf("  %3zu %5d %-8s %8.5g %8.5g %13.5g %11.5g %12.5g\n", i + 1, leg->cycle,
               leg_name(leg), leg->from_V, leg->to_V, leg->rate_V_per_s * 1e3, leg->anodic_C * 1e3,
               leg->cathodic_C * 1e3);
    }
}

static void print_summary(const closo_voltammogram_summary *summary)
{
    puts("\n  cycle    low/V   high/V   anodic/mC  cathodic/mC  -cathodic/anodic");
    for (size_t i = 0; i < summary->cycle_count; i++) {
        const closo_reversibility *cycle = &summary->cycles[i];
        printf("  %5d %8.5g %8.5g %11.5g %12.5g %17.4g\n", cycle->cycle, cycle->low_V,
               cycle->high_V, cycle->anodic_C * 1e3, cycle->cathodic_C * 1e3, cycle->ratio);
    }
    if (summary->step_count == 0)
        return;
    puts("\n  steps of a rising vertex (charges net of the double layer)\n"
         "  vertex/V  new/mC  repeated/mC  passivation");
    for (size_t i = 0; i < summary->step_count; i++) {
        const closo_vertex_step *step = &summary->steps[i];
        printf("  %8.4f %9.4g %10.4g", step->vertex_V, step->new_net_C * 1e3,
               step->repeated_net_C * 1e3);
        if (isfinite(step->passivation))
            printf("   %6.3f +- %.3f", step->passivation, step->passivation_sigma);
        if (!step->complete)
            printf("   the sweep back is missing or cut");
        putchar('\n');
    }
}

static int run(const cli_call *call)
{
    closo_table *table;
    closo_voltammogram *voltammogram;
    closo_normalisation normalisation;
    int wrong = cli_open_voltammogram(call, call->inputs[0], &table, &voltammogram, &normalisation);
    if (wrong != EXIT_DONE)
        return wrong;
    closo_error error = {0};
    closo_voltammogram_summary summary;
    if (closo_voltammogram_summarise(voltammogram, call->arena, &summary, &error) != CLOSO_OK)
        return cli_fail(&error);
    const char *csv = cli_value(call, "--csv");
    if (csv != NULL && closo_voltammogram_write_csv(voltammogram, &normalisation, csv, call->arena,
                                                    &error) != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--plot") &&
        cli_draw(call, "--plot",
                 closo_figure_voltammogram(voltammogram, &normalisation, cli_title(table->source),
                                           call->arena),
                 &error) != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--json"))
        return cli_print_json(closo_voltammogram_json(voltammogram, &summary, call->arena));
    const char *reference = voltammogram->reference.name;
    printf("%s%s%s: %zu rows, potentials %s\n", table->source,
           table->technique[0] != '\0' ? ", " : "", table->technique, voltammogram->trace.row_count,
           reference != NULL ? closo_arena_printf(call->arena, "vs %s", reference)
                             : "as measured (reference not said)");
    print_sweeps(voltammogram);
    print_summary(&summary);
    cli_print_notes("notes of the file", &table->notes);
    cli_print_notes("notes", &voltammogram->notes);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--csv", "FILE", "the voltammogram: time, potential, current, leg, cycle"},
    {"--plot", "FILE", "the figure: .svg, .png, .pdf or .html"},
    CLI_VOLTAMMOGRAM_OPTIONS,
};

const cli_command cli_cv = {
    .name = "cv",
    .summary = "sweeps, charges, reversibility and passivation of a voltammogram",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Splits potential and current against time into sweeps, holds and other legs, measures\n"
        "their scan rate and charge, and sets the charge that comes back beside the one that\n"
        "went in. When the upper vertex rises from cycle to cycle it compares the charge that\n"
        "potentials take when they are new with the one they take when they are passed again: 1\n"
        "is a passivated surface.",
    .example = "  closo cv examples/onset/data/na4cb11b12_stepwise.mpr --plot cv.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
