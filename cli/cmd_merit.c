/* SPDX-License-Identifier: BSD-3-Clause */
/* closo merit: what a result means for a cell, against research targets. */
#include "cli.h"

#include "closo/cycling.h"

#include <math.h>

enum { WORDS_WIDTH = 50, VALUE_WIDTH = 26, TARGET_WIDTH = 22 };

static const char *verdict_text(const closo_merit *merit, closo_merit_figure figure, char *text,
                                size_t size)
{
    switch (merit->verdicts[figure]) {
    case CLOSO_MERIT_MET:
        return "met";
    case CLOSO_MERIT_NOT_MET:
        snprintf(text, size, "missed by a factor %.3g", merit->factors[figure]);
        return text;
    case CLOSO_MERIT_WITHIN_SIGMA:
        return "within one sigma";
    case CLOSO_MERIT_NOT_SHOWN:
        return "met, but not for so many cycles";
    case CLOSO_MERIT_NO_TARGET:
        break;
    }
    return "";
}

static void print_figure(const closo_merit *merit, closo_merit_figure figure)
{
    const closo_merit_name name = closo_merit_figure_name(figure);
    const closo_merit_target *target = merit->targets[figure];
    const closo_value value = merit->figures[figure];
    char text[128], wanted[64] = "", verdict[64];
    if (isnan(value.value) && target == NULL)
        return;
    const closo_value shown = {value.value * name.shown_factor, value.sigma * name.shown_factor};
    if (isnan(value.value))
        snprintf(text, sizeof text, "-");
    else if (shown.sigma > 0)
        closo_value_text(shown, name.unit, text, sizeof text);
    else
        snprintf(text, sizeof text, "%.4g %s", shown.value, name.unit);
    if (target != NULL && target->cycles != 0)
        snprintf(wanted, sizeof wanted, "%s %.4g %s, %zu cycles",
                 target->sense > 0 ? ">=" : "<=", target->value * name.shown_factor, name.unit,
                 target->cycles);
    else if (target != NULL)
        snprintf(wanted, sizeof wanted, "%s %.4g %s",
                 target->sense > 0 ? ">=" : "<=", target->value * name.shown_factor, name.unit);
    char words[80];
    snprintf(words, sizeof words, "%s%s", name.words, merit->given[figure] ? " *" : "");
    cli_print_padded(words, WORDS_WIDTH);
    cli_print_padded(text, VALUE_WIDTH);
    cli_print_padded(wanted, TARGET_WIDTH);
    printf("  %s\n", verdict_text(merit, figure, verdict, sizeof verdict));
}

static void print_changes(const closo_merit *merit)
{
    if (merit->step_count == 0)
        return;
    puts("\none change alone, and the specific energy of the cell");
    for (size_t i = 0; i < merit->step_count; i++) {
        cli_print_padded(merit->steps[i].words, 70);
        printf("  %.4g Wh/kg, %.3g times\n", merit->steps[i].energy_J_per_kg / 3600,
               merit->steps[i].gain);
    }
}

/* Specific energy of the cell for thinner electrolytes (columns) and higher loadings (rows). */
static void print_what_if(const closo_merit *merit)
{
    static const double thicknesses_m[] = {20e-6, 50e-6, 100e-6, 200e-6, 500e-6};
    enum { COLUMNS = sizeof thicknesses_m / sizeof *thicknesses_m };
    if (merit->loading_count == 0)
        return;
    printf("\nspecific energy of the cell in Wh/kg, by loading and thickness of the electrolyte\n"
           "  %-24s",
           "");
    for (size_t t = 0; t < COLUMNS; t++)
        printf(" %5.0f um", 1e6 * thicknesses_m[t]);
    putchar('\n');
    for (size_t l = 0; l < merit->loading_count; l++) {
        closo_merit_change change = closo_merit_no_change();
        change.loading_kg_per_m2 = merit->loading_kg_per_m2[l];
        printf("  %6.3g mg/cm2 of active  ", 100 * change.loading_kg_per_m2);
        for (size_t t = 0; t < COLUMNS; t++) {
            change.electrolyte_thickness_m = thicknesses_m[t];
            printf(" %8.1f", closo_merit_energy_J_per_kg(merit->cell, &change) / 3600);
        }
        putchar('\n');
    }
}

static closo_status write_files(const cli_call *call, const closo_merit *merit, closo_error *error)
{
    const char *csv = cli_value(call, "--csv"), *what_if = cli_value(call, "--what-if");
    closo_status status = CLOSO_OK;
    if (csv != NULL)
        status = closo_merit_write_csv(merit, csv, call->arena, error);
    if (what_if != NULL && status == CLOSO_OK)
        status = closo_merit_write_what_if(merit, what_if, call->arena, error);
    if (cli_given(call, "--plot") && status == CLOSO_OK)
        status = cli_draw(call, "--plot", closo_figure_merit(merit, merit->cell->name, call->arena),
                          error);
    return status;
}

static int run(const cli_call *call)
{
    closo_error error = {0};
    closo_merit_cell *cell;
    closo_merit *merit;
    closo_table *table = NULL;
    size_t cycle = 0;
    int wrong = cli_count(call, "--cycle", &cycle);
    if (wrong != EXIT_DONE)
        return wrong;
    if (call->input_count < 2 && (cli_given(call, "--cycle") || cli_given(call, "--part")))
        return cli_say_wrong(
            "--cycle and --part want a file of cycles behind the cell: closo merit "
            "CELL.yaml FILE");
    if (closo_merit_cell_load(call->inputs[0], call->arena, &cell, &error) != CLOSO_OK)
        return cli_fail(&error);
    if (call->input_count > 1) {
        if (closo_file_open(call->inputs[1], NULL, call->arena, &table, &error) != CLOSO_OK)
            return cli_fail(&error);
        wrong = cli_choose_part(call, &table);
        if (wrong != EXIT_DONE)
            return wrong;
        if (closo_merit_take_cycle(cell, table, (int)cycle, call->arena, &error) != CLOSO_OK)
            return cli_fail(&error);
    }
    if (closo_merit_work_out(cell, call->arena, &merit, &error) != CLOSO_OK ||
        write_files(call, merit, &error) != CLOSO_OK)
        return cli_fail(&error);
    if (cli_given(call, "--json"))
        return cli_print_json(closo_merit_json(merit, call->arena));
    printf("%s\n", cell->name != NULL ? cell->name : call->inputs[0]);
    if (cell->result.source != NULL)
        printf("%s\n", cell->result.source);
    cli_print_padded("", WORDS_WIDTH);
    cli_print_padded("achieved", VALUE_WIDTH);
    cli_print_padded("research target", TARGET_WIDTH);
    putchar('\n');
    for (int k = 0; k < CLOSO_MERIT_COUNT; k++)
        print_figure(merit, (closo_merit_figure)k);
    puts("  * as given; all else is worked out");
    print_changes(merit);
    print_what_if(merit);
    cli_print_notes("notes", &merit->notes);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--cycle", "N", "the cycle of FILE whose discharge counts; else the first complete one"},
    {"--part", "N", "which table of FILE, counted from 1 (closo info lists them)"},
    {"--csv", "FILE", "the table of figures with targets"},
    {"--what-if", "FILE", "energy of the cell against electrolyte thickness, as CSV"},
    {"--plot", "FILE", "the same as a figure: .svg, .png, .pdf or .html"},
};

const cli_command cli_merit = {
    .name = "merit",
    .summary = "specific energy and the other figures of merit of a cell, against targets",
    .inputs = "CELL.yaml [FILE]",
    .inputs_min = 1,
    .inputs_max = 2,
    .about =
        "Works out what a result means per active material, per composite and per cell from a\n"
        "description of the cell (masses, thicknesses, composition; docs/merit.md lists the\n"
        "keys), sets it against research targets, and says which single change would lift the\n"
        "specific energy of the cell most. Capacity and voltage stand in the description or\n"
        "are taken from a cycle of FILE. Uncertainties of the inputs are carried through.",
    .example = "  closo merit examples/merit/pressure-cell.yaml --plot merit.svg",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
