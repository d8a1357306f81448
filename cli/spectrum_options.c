/* SPDX-License-Identifier: BSD-3-Clause */
#include "spectrum_options.h"

#include "base/base_internal.h"

static int read_limits(const cli_call *call, closo_spectra_options *options)
{
    int wrong = cli_quantity(call, "--from", "Hz", &options->from_Hz);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--to", "Hz", &options->to_Hz);
    if (wrong != EXIT_DONE)
        return wrong;
    if ((cli_given(call, "--from") && !(options->from_Hz > 0)) ||
        (cli_given(call, "--to") && !(options->to_Hz > 0)))
        return cli_say_wrong("--from and --to: a frequency has to be larger than zero");
    if (options->to_Hz > 0 && options->from_Hz >= options->to_Hz)
        return cli_say_wrong("--from has to be below --to");
    return EXIT_DONE;
}

int cli_open_spectrum(const cli_call *call, const char *path, const closo_table **table,
                      const closo_spectrum **spectrum)
{
    closo_spectra_options options = {.electrode = cli_value(call, "--electrode"),
                                     .turn_imaginary = cli_given(call, "--turn-imaginary")};
    closo_error error = {0};
    size_t wanted = 1, count = 0;
    int wrong = read_limits(call, &options);
    if (wrong == EXIT_DONE)
        wrong = cli_count(call, "--spectrum", &wanted);
    if (wrong != EXIT_DONE)
        return wrong;
    closo_table *opened;
    if (closo_file_open(path, NULL, call->arena, &opened, &error) != CLOSO_OK)
        return cli_fail(&error);
    wrong = cli_choose_part(call, &opened);
    if (wrong != EXIT_DONE)
        return wrong;
    closo_spectrum *spectra;
    if (closo_spectra_from_table(opened, &options, call->arena, &spectra, &count, &error) !=
        CLOSO_OK) {
        (void)closo_error_in_file(&error, error.status, path);
        return cli_fail(&error);
    }
    if (wanted > count)
        return cli_say_wrong("--spectrum: the file has %zu sweep%s, not %zu", count,
                             count == 1 ? "" : "s", wanted);
    if (count > 1 && !cli_given(call, "--spectrum"))
        closo_notes_add(&spectra[0].notes, call->arena,
                        "the file has %zu sweeps, and this is the first; --spectrum 2 takes the "
                        "next",
                        count);
    *table = opened;
    *spectrum = &spectra[wanted - 1];
    return EXIT_DONE;
}
