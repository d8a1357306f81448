/* SPDX-License-Identifier: BSD-3-Clause */
#include "spectrum_options.h"

#include "base/base_internal.h"

#include <stdio.h>
#include <string.h>

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

/* "140, 150, 160 degC": one value a spectrum, the unit behind the last counts for all. */
int cli_take_list(const cli_call *call, const char *option, const char *unit, cli_spectra *list)
{
    const char *text = cli_value(call, option);
    if (text == NULL)
        return EXIT_DONE;
    closo_span rest = closo_span_of(text), field, last = {text, 0};
    size_t unit_length = 0, at = 0;
    while (closo_span_field(&rest, ',', &field))
        last = closo_span_trim(field);
    while (unit_length < last.length && strchr("0123456789.eE+- ", last.start[unit_length]) != NULL)
        unit_length++;
    rest = closo_span_of(text);
    for (; closo_span_field(&rest, ',', &field); at++) {
        char quantity[96];
        double value;
        closo_error error = {0};
        field = closo_span_trim(field);
        bool bare = field.start != last.start;
        snprintf(quantity, sizeof quantity, "%.*s%s%.*s",
                 (int)(field.length < 40 ? field.length : 40), field.start, bare ? " " : "",
                 bare ? (int)(last.length - unit_length < 40 ? last.length - unit_length : 40) : 0,
                 last.start + unit_length);
        if (closo_quantity_parse(quantity, unit, &value, &error) != CLOSO_OK)
            return cli_say_wrong("%s: %s", option, error.message);
        if (at >= list->count)
            continue;
        if (unit[0] == 'K')
            list->spectra[at].temperature_K = value;
        else
            list->spectra[at].time_s = value;
    }
    if (at != list->count)
        return cli_say_wrong("%s: there are %zu values for %zu spectra", option, at, list->count);
    return EXIT_DONE;
}

int cli_open_spectra(const cli_call *call, cli_spectra *list)
{
    closo_spectra_options options = {.electrode = cli_value(call, "--electrode"),
                                     .turn_imaginary = cli_given(call, "--turn-imaginary")};
    size_t wanted = 0;
    int wrong = cli_quantity(call, "--from", "Hz", &options.from_Hz);
    if (wrong == EXIT_DONE)
        wrong = cli_quantity(call, "--to", "Hz", &options.to_Hz);
    if (wrong == EXIT_DONE)
        wrong = cli_count(call, "--spectrum", &wanted);
    for (size_t f = 0; f < call->input_count && wrong == EXIT_DONE; f++) {
        closo_error error = {0};
        closo_table *table;
        closo_spectrum *spectra;
        size_t count;
        if (closo_file_open(call->inputs[f], NULL, call->arena, &table, &error) != CLOSO_OK)
            return cli_fail(&error);
        wrong = cli_choose_part(call, &table);
        if (wrong != EXIT_DONE)
            return wrong;
        if (closo_spectra_from_table(table, &options, call->arena, &spectra, &count, &error) !=
            CLOSO_OK)
            return cli_fail(&error);
        if (wanted > count)
            return cli_say_wrong("--spectrum: '%s' has %zu sweep%s, not %zu", call->inputs[f],
                                 count, count == 1 ? "" : "s", wanted);
        for (size_t s = 0; s < count; s++) {
            if (wanted != 0 && s + 1 != wanted)
                continue;
            list->spectra = closo_arena_grow(call->arena, list->spectra, list->count,
                                             &list->capacity, sizeof *list->spectra);
            if (list->spectra == NULL)
                return cli_no_memory();
            list->spectra[list->count++] = spectra[s];
        }
    }
    /* Words go before the names of files, and these count only where the files do not say. */
    if (wrong == EXIT_DONE && !cli_given(call, "--temperatures"))
        (void)closo_spectra_take_name_temperatures(list->spectra, list->count, call->arena);
    if (wrong == EXIT_DONE)
        wrong = cli_take_list(call, "--temperatures", "K", list);
    return wrong;
}
