/* SPDX-License-Identifier: BSD-3-Clause */
/* cli.h: words to options, results to the terminal. One file a command; a
 * command parses nothing itself: its option table makes the parser and the
 * help. */
#ifndef CLOSO_CLI_H
#define CLOSO_CLI_H

#include "closo/base.h"
#include "closo/instrument.h"
#include "closo/report.h"
#include "closo/voltammetry.h"

#include <stdio.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_WORDS = 2 };

typedef struct cli_option {
    const char *name;     /* "--plot" */
    const char *argument; /* "FILE" in the help; NULL for a yes-or-no option */
    const char *help;
} cli_option;

enum { CLI_OPTIONS_MAX = 32 };

/* The words of one call. values[i] belongs to the command's options[i]: NULL
 * when not given, "" for yes. */
typedef struct cli_call {
    const struct cli_command *command;
    const char *values[CLI_OPTIONS_MAX];
    const char **inputs;
    size_t input_count;
    closo_arena *arena;
} cli_call;

typedef struct cli_command {
    const char *name;
    const char *summary; /* one line, in the list of commands */
    const char *inputs;  /* "FILE..." */
    size_t inputs_min, inputs_max;
    const char *about;   /* a paragraph of the help */
    const char *example; /* lines that run */
    const cli_option *options;
    size_t option_count;
    int (*run)(const cli_call *call);
} cli_command;

/* The commands, in the order of the help: a line here, cmd_<name>.c beside. */
#define CLI_COMMAND_LIST(X) \
    X(info)                 \
    X(convert)              \
    X(onset)                \
    X(cv)                   \
    X(cycles)               \
    X(symmetric)            \
    X(polarise)             \
    X(growth)               \
    X(simulate)             \
    X(fit)                  \
    X(merit)                \
    X(eis)                  \
    X(kk)                   \
    X(drt)                  \
    X(conductivity)         \
    X(arrhenius)            \
    X(relaxation)           \
    X(run)                  \
    X(doctor)

#define X(name) extern const cli_command cli_##name;
CLI_COMMAND_LIST(X)
#undef X

/* The value of an option by its name (asserted to be in the table): NULL when
 * not given. */
const char *cli_value(const cli_call *call, const char *name);
static inline bool cli_given(const cli_call *call, const char *name)
{
    return cli_value(call, name) != NULL;
}

/* Values with units. When the option is not given *si is left alone. On a wrong
 * value: prints the message and returns EXIT_WORDS; else EXIT_DONE. */
int cli_quantity(const cli_call *call, const char *name, const char *unit, double *si);
/* The same of several options, each larger than zero where it is given. */
typedef struct cli_amount {
    const char *option, *unit;
    double *si;
} cli_amount;
int cli_amounts(const cli_call *call, const cli_amount *amounts, size_t count);
/* "2.0..2.4 V" */
int cli_window_V(const cli_call *call, const char *name, double *from_V, double *to_V);
int cli_count(const cli_call *call, const char *name, size_t *count); /* from 1 */
int cli_whole_number(const cli_call *call, const char *name, long least, size_t *count);

/* --tolerance of an integration in time, from 1e-12 to 1e-2. */
int cli_tolerance(const cli_call *call, double *relative);
/* A file that an option names, and the endings its name may have, NULL behind the last; none: any. */
typedef struct cli_output {
    const char *option, *endings[6];
} cli_output;
#define CLI_PLOT                            \
    {                                       \
        "--plot",                           \
        {                                   \
            ".svg", ".png", ".pdf", ".html" \
        }                                   \
    }
/* Before long work: refuses files whose folder is not there or not writable, and unknown endings. */
int cli_check_before_work(const cli_call *call, const cli_output *outputs, size_t count);

/* Refuses outputs that are one of the inputs. */
int cli_check_outputs(const cli_call *call);
/* Says that memory ran out; returns EXIT_FAILED. */
int cli_no_memory(void);

/* Prints "closo: ..." on standard error; returns the exit status that belongs
 * to it. */
int cli_fail(const closo_error *error);
/* The same about a file that the error does not name yet. */
int cli_fail_in(const closo_error *error, const char *path);
int cli_say_wrong(const char *format, ...) CLOSO_PRINTF(1, 2);

/* Prints two spaces, a UTF-8 text and spaces up to a width in characters, at least one. */
void cli_print_padded(const char *text, int width);

/* Prints a space and a number in a column of that width, "-" where there is none. */
void cli_print_number(double value, int width, int decimals);

/* Prints notes under a heading, if there are any. */
void cli_print_notes(const char *heading, const closo_notes *notes);

/* For commands that look at a file in place: should it become shorter meanwhile, the program ends with a sentence. */
void cli_expect_shorter_file(void);

/* Options that several commands share. */
#define CLI_JSON                                                     \
    {                                                                \
        "--json", NULL, "print one JSON object instead of the table" \
    }
#define CLI_VOLTAMMOGRAM_OPTIONS                                                                 \
    {"--reference", "ELECTRODE",                                                                 \
     "what the file's potentials were measured against: Li, Na, SHE, Ag/AgCl, "                  \
     "..., or '0.2 V' vs "                                                                       \
     "SHE"},                                                                                     \
        {"--versus", "ELECTRODE", "convert potentials to this reference"},                       \
        {"--area", "AREA", "electrode area, such as '1.131 cm2': current densities in plots"},   \
        {"--mass", "MASS", "mass of the composite, such as '5 mg': currents per gram in plots"}, \
        {"--carbon-surface", "AREA",                                                             \
         "surface of the carbon in the electrode, such as '292 cm2': currents "                  \
         "per its area"},                                                                        \
    {                                                                                            \
        "--part", "N", "which table of the file, counted from 1 (closo info lists them)"         \
    }

/* Reads a file and its voltammogram with the options above. */
int cli_open_voltammogram(const cli_call *call, const char *path, closo_table **table,
                          closo_voltammogram **voltammogram, closo_normalisation *normalisation);
/* The table of the file that --part asks for. */
int cli_choose_part(const cli_call *call, closo_table **table);

/* Reads the first input, and takes the table that --part asks for. */
int cli_open_table(const cli_call *call, const closo_read_options *options, closo_table **table);
/* What stands over the figure of a file: its name, without the folders. */
const char *cli_title(const char *path);
/* Writes a figure where an option such as --plot says; NULL for the figure says that memory ran out. */
closo_status cli_draw(const cli_call *call, const char *option, const closo_figure *figure,
                      closo_error *error);
/* Prints the JSON of a result; NULL says that memory ran out. */
int cli_print_json(const char *json);

#endif
