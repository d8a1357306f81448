/* SPDX-License-Identifier: BSD-3-Clause */
/* closo convert: a file of any known format as CSV, BDF or EC-Lab text. */
#include "cli.h"

#include <string.h>

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), tail = strlen(ending);
    return length >= tail && strcmp(text + length - tail, ending) == 0;
}

typedef closo_status writer(const closo_table *, const char *, closo_arena *, closo_error *);

static int run(const cli_call *call)
{
    const char *path = cli_value(call, "--output");
    if (path == NULL)
        return cli_say_wrong("convert wants to know where to write: -o out.csv");
    bool bdf = cli_given(call, "--bdf"), mpt = cli_given(call, "--mpt");
    if (bdf && mpt)
        return cli_say_wrong("give one of --bdf and --mpt, not both");
    static const char *const others[] = {".mpr", ".mps",  ".dta",  ".DTA",
                                         ".nda", ".ndax", ".xlsx", ".res"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (ends_with(path, others[i]))
            return cli_say_wrong("convert writes .csv, .bdf.csv and .mpt, not %s", others[i]);
    writer *write = closo_table_write_csv;
    if (bdf || (!mpt && (ends_with(path, ".bdf.csv") || ends_with(path, ".bdf"))))
        write = closo_table_write_bdf;
    else if (mpt || ends_with(path, ".mpt"))
        write = closo_table_write_mpt;
    const closo_read_options options = {.without_derived = cli_given(call, "--as-stored")};
    closo_table *table;
    closo_error error = {0};
    if (closo_file_open(call->inputs[0], &options, call->arena, &table, &error) != CLOSO_OK)
        return cli_fail(&error);
    const closo_table *first = table;
    int wrong = cli_choose_part(call, &table);
    if (wrong != EXIT_DONE)
        return wrong;
    size_t parts = 0;
    for (const closo_table *at = first; at != NULL; at = at->next)
        parts++;
    if (parts > 1)
        fprintf(stderr, "note: the file has %zu tables, one is written; choose it with --part\n",
                parts);
    if (write(table, path, call->arena, &error) != CLOSO_OK)
        return cli_fail(&error);
    for (size_t i = 0; i < table->notes.count; i++)
        fprintf(stderr, "note: %s\n", table->notes.texts[i]);
    return EXIT_DONE;
}

static const cli_option options[] = {
    {"--output", "FILE", "where to write (-o for short); .mpt and .bdf.csv choose that format"},
    {"--bdf", NULL, "Battery Data Format: machine-readable names, SI, charge positive"},
    {"--mpt", NULL, "EC-Lab text"},
    {"--as-stored", NULL, "only what the file holds, without the columns EC-Lab derives"},
    {"--part", "N", "which table of the file, counted from 1 (closo info lists them)"},
};

const cli_command cli_convert = {
    .name = "convert",
    .summary = "a raw file as CSV, Battery Data Format or EC-Lab text",
    .inputs = "FILE",
    .inputs_min = 1,
    .inputs_max = 1,
    .about =
        "Writes the table of a file with full precision: the first line of a CSV holds the\n"
        "names as the instrument has them, and every number reads back as the same number. The\n"
        "output is written beside its place and renamed, so that it is there whole or not at\n"
        "all.",
    .example = "  closo convert examples/onset/data/na2b12h12_10uV.mpr -o sweep.csv",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
