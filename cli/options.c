/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "cli.h"

#include "base/base_internal.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *cli_value(const cli_call *call, const char *name)
{
    for (size_t i = 0; i < call->command->option_count; i++)
        if (strcmp(call->command->options[i].name, name) == 0)
            return call->values[i];
    assert(!"the option is in the command's table");
    return NULL;
}

int cli_fail(const closo_error *error)
{
    char text[1200];
    fprintf(stderr, "closo: %s\n", closo_error_text(error, text, sizeof text));
    return error->status == CLOSO_ARGUMENT ? EXIT_WORDS : EXIT_FAILED;
}

int cli_fail_in(const closo_error *error, const char *path)
{
    closo_error named = *error;
    if (named.file[0] == '\0')
        snprintf(named.file, sizeof named.file, "%s", path);
    return cli_fail(&named);
}

int cli_say_wrong(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("closo: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    return EXIT_WORDS;
}

/* An answer to a wrong value whose example is the one of the option's help ("such as '3 mV'"): that of its unit may be far
 * from what the option takes. */
static int say_wrong_value(const cli_call *call, const char *name, const char *message)
{
    static const char offer[] = "write for example ", mark[] = "such as '";
    const char *help = "", *at = strstr(message, offer);
    for (size_t i = 0; i < call->command->option_count; i++)
        if (strcmp(call->command->options[i].name, name) == 0)
            help = call->command->options[i].help;
    const char *example = strstr(help, mark);
    if (at == NULL || example == NULL)
        return cli_say_wrong("%s: %s", name, message);
    example += sizeof mark - 2; /* from the quotation mark on */
    return cli_say_wrong("%s: %.*s%s%.*s'", name, (int)(at - message), message, offer,
                         (int)(1 + strcspn(example + 1, "'")), example);
}

int cli_quantity(const cli_call *call, const char *name, const char *unit, double *si)
{
    const char *text = cli_value(call, name);
    closo_error error = {0};
    if (text == NULL || closo_quantity_parse(text, unit, si, &error) == CLOSO_OK)
        return EXIT_DONE;
    return say_wrong_value(call, name, error.message);
}

int cli_amounts(const cli_call *call, const cli_amount *amounts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int wrong = cli_quantity(call, amounts[i].option, amounts[i].unit, amounts[i].si);
        if (wrong != EXIT_DONE)
            return wrong;
        if (cli_given(call, amounts[i].option) && !(*amounts[i].si > 0))
            return cli_say_wrong("%s: it has to be larger than zero", amounts[i].option);
    }
    return EXIT_DONE;
}

int cli_window_V(const cli_call *call, const char *name, double *from_V, double *to_V)
{
    const char *text = cli_value(call, name);
    closo_error error = {0};
    if (text == NULL || closo_window_parse(text, "V", from_V, to_V, &error) == CLOSO_OK)
        return EXIT_DONE;
    return cli_say_wrong("%s: %s", name, error.message);
}

int cli_whole_number(const cli_call *call, const char *name, long least, size_t *count)
{
    const char *text = cli_value(call, name);
    if (text == NULL)
        return EXIT_DONE;
    char *end;
    long number = strtol(text, &end, 10);
    if (end == text || *end != '\0' || number < least || number > 1000000000)
        return cli_say_wrong("%s: '%s' is not a whole number from %ld on", name, text, least);
    *count = (size_t)number;
    return EXIT_DONE;
}

int cli_count(const cli_call *call, const char *name, size_t *count)
{
    return cli_whole_number(call, name, 1, count);
}

int cli_no_memory(void)
{
    fputs("closo: not enough memory\n", stderr);
    return EXIT_FAILED;
}

int cli_check_outputs(const cli_call *call)
{
    static const char *const outputs[] = {"--output",  "--csv",  "--plot", "--profiles",
                                          "--what-if", "--dqdv", "--dvdq", "--masked"};
    for (size_t i = 0; i < call->command->option_count; i++) {
        bool is_output = false;
        for (size_t k = 0; k < sizeof outputs / sizeof *outputs; k++)
            is_output = is_output || strcmp(call->command->options[i].name, outputs[k]) == 0;
        for (size_t f = 0; is_output && call->values[i] != NULL && f < call->input_count; f++)
            if (closo_file_same(call->values[i], call->inputs[f]))
                return cli_say_wrong("%s: '%s' is the file that is read; name another, so that the "
                                     "measurement stays",
                                     call->command->options[i].name, call->values[i]);
    }
    return EXIT_DONE;
}

void cli_print_padded(const char *text, int width)
{
    int shown = 0;
    for (const char *at = text; *at != '\0'; at++)
        shown += ((unsigned char)*at & 0xc0) != 0x80; /* continuation bytes take no room */
    printf("  %s%*s", text, shown < width ? width - shown + 1 : 1, "");
}

void cli_print_number(double value, int width, int decimals)
{
    if (isfinite(value))
        printf(" %*.*f", width, decimals, value);
    else
        printf(" %*s", width, "-");
}

void cli_print_notes(const char *heading, const closo_notes *notes)
{
    if (notes->count == 0)
        return;
    printf("\n%s\n", heading);
    for (size_t i = 0; i < notes->count; i++)
        printf("  - %s\n", notes->texts[i]);
    if (notes->dropped != 0)
        printf("  - and %zu further ones\n", notes->dropped);
}

/* ---- a table in, files and JSON out ---- */

int cli_choose_part(const cli_call *call, closo_table **table)
{
    size_t part = 1;
    int wrong = cli_count(call, "--part", &part);
    size_t parts = 0;
    closo_table *chosen = NULL;
    for (closo_table *at = *table; at != NULL && wrong == EXIT_DONE; at = at->next)
        if (++parts == part)
            chosen = at;
    if (wrong == EXIT_DONE && chosen == NULL)
        return cli_say_wrong("--part: the file has %zu table%s, not %zu", parts,
                             parts == 1 ? "" : "s", part);
    if (chosen != NULL)
        *table = chosen;
    return wrong;
}

int cli_open_table(const cli_call *call, const closo_read_options *options, closo_table **table)
{
    closo_error error = {0};
    if (closo_file_open(call->inputs[0], options, call->arena, table, &error) != CLOSO_OK)
        return cli_fail(&error);
    return cli_choose_part(call, table);
}

const char *cli_title(const char *path)
{
    return closo_path_name(path);
}

closo_status cli_draw(const cli_call *call, const char *option, const closo_figure *figure,
                      closo_error *error)
{
    if (figure == NULL)
        return closo_fail_nomem(error);
    return closo_figure_write(figure, cli_value(call, option), call->arena, error);
}

int cli_print_json(const char *json)
{
    if (json == NULL)
        return cli_no_memory();
    fputs(json, stdout);
    return EXIT_DONE;
}

/* ---- voltammograms ---- */

static int read_normalisation(const cli_call *call, closo_normalisation *normalisation)
{
    static const struct {
        const char *option, *unit;
        closo_normal kind;
    } kinds[] = {{"--area", "m2", CLOSO_NORMAL_AREA},
                 {"--mass", "kg", CLOSO_NORMAL_MASS},
                 {"--carbon-surface", "m2", CLOSO_NORMAL_CARBON}};
    *normalisation = (closo_normalisation){CLOSO_NORMAL_NONE, 1};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!cli_given(call, kinds[i].option))
            continue;
        if (normalisation->kind != CLOSO_NORMAL_NONE)
            return cli_say_wrong("give one of --area, --mass and --carbon-surface, not two");
        double amount = 0;
        int wrong = cli_quantity(call, kinds[i].option, kinds[i].unit, &amount);
        if (wrong != EXIT_DONE)
            return wrong;
        if (!(amount > 0))
            return cli_say_wrong("%s: it has to be larger than zero", kinds[i].option);
        *normalisation = (closo_normalisation){kinds[i].kind, amount};
    }
    return EXIT_DONE;
}

int cli_open_voltammogram(const cli_call *call, const char *path, closo_table **table,
                          closo_voltammogram **voltammogram, closo_normalisation *normalisation)
{
    closo_error error = {0};
    int wrong = read_normalisation(call, normalisation);
    if (wrong != EXIT_DONE)
        return wrong;
    const closo_voltammogram_options options = {.measured_against = cli_value(call, "--reference"),
                                                .versus = cli_value(call, "--versus")};
    closo_reference reference;
    const char *electrodes[] = {"--reference", "--versus"};
    for (size_t i = 0; i < 2; i++) /* wrong words are told before any file is read */
        if (cli_given(call, electrodes[i]) &&
            closo_reference_parse(cli_value(call, electrodes[i]), call->arena, &reference,
                                  &error) != CLOSO_OK)
            return cli_say_wrong("%s: %s", electrodes[i], error.message);
    if (closo_file_open(path, NULL, call->arena, table, &error) != CLOSO_OK)
        return cli_fail(&error);
    wrong = cli_choose_part(call, table);
    if (wrong != EXIT_DONE)
        return wrong;
    if (closo_voltammogram_from_table(*table, &options, call->arena, voltammogram, &error) !=
        CLOSO_OK)
        return cli_fail(&error);
    return EXIT_DONE;
}
