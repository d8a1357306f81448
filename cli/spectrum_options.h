/* SPDX-License-Identifier: BSD-3-Clause */
/* spectrum_options.h: what the commands that take one impedance spectrum of a file share. */
#ifndef CLOSO_SPECTRUM_OPTIONS_H
#define CLOSO_SPECTRUM_OPTIONS_H

#include "cli.h"
#include "closo/impedance.h"

#define CLI_SPECTRUM_OPTIONS                                                             \
    {"--spectrum", "N", "which sweep of the file, counted from 1 (the first)"},          \
        {"--electrode", "NAME", "WE, CE or WE-CE of a three-electrode file"},            \
        {"--from", "FREQUENCY", "only from this frequency on, such as '1 Hz'"},          \
        {"--to", "FREQUENCY", "only up to this frequency, such as '1 MHz'"},             \
        {"--turn-imaginary", NULL, "the file's Z'' is -Z''"},                            \
    {                                                                                    \
        "--part", "N", "which table of the file, counted from 1 (closo info lists them)" \
    }

/* Opens a file and picks the spectrum that the options above ask for. */
int cli_open_spectrum(const cli_call *call, const char *path, const closo_table **table,
                      const closo_spectrum **spectrum);

/* The spectra of all input files. */
typedef struct cli_spectra {
    closo_spectrum *spectra;
    size_t count, capacity;
} cli_spectra;

#define CLI_TEMPERATURES                                                             \
    {                                                                                \
        "--temperatures", "LIST",                                                    \
            "of the spectra, where neither files nor their names say: '20, 40 degC'" \
    }

/* Opens all inputs, takes what the options above ask for, and temperatures from --temperatures, else from the files, else
 * from their names. */
int cli_open_spectra(const cli_call *call, cli_spectra *list);
/* "140, 150, 160 degC": one value a spectrum, the unit behind the last counts for all; temperatures for "K", else times. */
int cli_take_list(const cli_call *call, const char *option, const char *unit, cli_spectra *list);

#endif
