/* SPDX-License-Identifier: BSD-3-Clause */
/* before_work.c: what can be wrong with words and names of files, told before hours of work and not behind them. */
#define _POSIX_C_SOURCE 200809L
#include "cli.h"

#include "base/base_internal.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

int cli_tolerance(const cli_call *call, double *relative)
{
    int wrong = cli_quantity(call, "--tolerance", "1", relative);
    if (wrong != EXIT_DONE || !cli_given(call, "--tolerance"))
        return wrong;
    if (!(*relative >= 1e-12 && *relative <= 1e-2))
        return cli_say_wrong("--tolerance: '%s' is not between 1e-12 and 1e-2; it is what each "
                             "step in time may be off, relative: 1e-4 is usual, 1e-7 is close",
                             cli_value(call, "--tolerance"));
    return EXIT_DONE;
}

static bool ends_in_one_of(const char *path, const char *const *endings)
{
    size_t length = strlen(path);
    for (; *endings != NULL; endings++) {
        size_t tail = strlen(*endings);
        if (length > tail && strcasecmp(path + length - tail, *endings) == 0)
            return true;
    }
    return false;
}

static int check_ending(const cli_output *output, const char *path)
{
    char list[96] = "";
    size_t length = 0;
    if (output->endings[0] == NULL || ends_in_one_of(path, output->endings))
        return EXIT_DONE;
    for (size_t i = 0; output->endings[i] != NULL && length < sizeof list; i++)
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s",
                                   i == 0                           ? ""
                                   : output->endings[i + 1] != NULL ? ", "
                                                                    : " or ",
                                   output->endings[i]);
    return cli_say_wrong("%s: '%s' ends in none of %s, and the ending says what is written",
                         output->option, path, list);
}

/* Two options that name one file: the second would overwrite what the first has written. */
static int check_same(const cli_call *call, const cli_output *outputs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            const char *one = cli_value(call, outputs[k].option),
                       *other = cli_value(call, outputs[i].option);
            struct stat first, second;
            if (one == NULL || other == NULL)
                continue;
            while (strncmp(one, "./", 2) == 0)
                one += 2;
            while (strncmp(other, "./", 2) == 0)
                other += 2;
            bool same = strcmp(one, other) == 0 ||
                        (stat(one, &first) == 0 && stat(other, &second) == 0 &&
                         first.st_dev == second.st_dev && first.st_ino == second.st_ino);
            if (same)
                return cli_say_wrong("%s and %s both name '%s', and one would overwrite the other; "
                                     "give two names",
                                     outputs[k].option, outputs[i].option, other);
        }
    return EXIT_DONE;
}

int cli_check_before_work(const cli_call *call, const cli_output *outputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *path = cli_value(call, outputs[i].option);
        struct stat about;
        if (path == NULL)
            continue;
        bool there = stat(path, &about) == 0;
        if (there && S_ISDIR(about.st_mode))
            return cli_say_wrong("%s: '%s' is a folder; name a file in it", outputs[i].option,
                                 path);
        const char *name = closo_path_name(path);
        const char *folder =
            name == path ? "." : closo_arena_text_n(call->arena, path, (size_t)(name - path));
        if (folder == NULL)
            return cli_no_memory();
        if (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode))
            return cli_say_wrong("%s: there is no folder '%s'; make it first, or name another",
                                 outputs[i].option, folder);
        if (access(folder, W_OK | X_OK) != 0)
            return cli_say_wrong("%s: in the folder '%s' nothing may be written; name another",
                                 outputs[i].option, folder);
        int wrong = check_ending(&outputs[i], path);
        if (wrong != EXIT_DONE)
            return wrong;
    }
    return check_same(call, outputs, count);
}
