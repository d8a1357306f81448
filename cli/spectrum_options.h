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

#endif
