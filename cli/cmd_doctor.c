/* SPDX-License-Identifier: BSD-3-Clause */
/* closo doctor: what this closo was built with and what it finds on the
 * machine. */
#define _POSIX_C_SOURCE 200809L
#include "cli.h"

#include "base/base_internal.h"

#include <cyaml/cyaml.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* True when a program of that name is on the PATH. */
static bool on_path(const char *program)
{
    const char *path = getenv("PATH");
    closo_span rest = closo_span_of(path != NULL ? path : ""), folder;
    while (closo_span_field(&rest, ':', &folder)) {
        char full[4096];
        int length =
            snprintf(full, sizeof full, "%.*s/%s", (int)folder.length, folder.start, program);
        if (length > 0 && (size_t)length < sizeof full && access(full, X_OK) == 0)
            return true;
    }
    return false;
}

static const struct {
    const char *program, *package, *purpose;
} programs[] = {
    {"rsvg-convert", "librsvg2-bin", "figures as .png and .pdf (--plot)"},
};

static int run(const cli_call *call)
{
    const char *libraries[][2] = {{"jansson", jansson_version_str()},
                                  {"libcyaml", cyaml_version_str},
                                  {"sqlite", sqlite3_libversion()}};
    enum {
        LIBRARY_COUNT = sizeof libraries / sizeof *libraries,
        PROGRAM_COUNT = sizeof programs / sizeof *programs
    };
    if (cli_given(call, "--json")) {
        json_t *object = json_object(), *found = json_object(), *built = json_object();
        closo_json_text(object, "closo", CLOSO_VERSION);
        for (size_t i = 0; i < LIBRARY_COUNT; i++)
            closo_json_text(built, libraries[i][0], libraries[i][1]);
        for (size_t i = 0; i < PROGRAM_COUNT; i++)
            json_object_set_new(found, programs[i].program,
                                json_boolean(on_path(programs[i].program)));
        json_object_set_new(object, "libraries", built);
        json_object_set_new(object, "programs", found);
        const char *text = closo_json_finish(object, call->arena);
        fputs(text != NULL ? text : "", stdout);
        return text != NULL ? EXIT_DONE : EXIT_FAILED;
    }
    puts("closo " CLOSO_VERSION "\n\nlibraries");
    for (size_t i = 0; i < LIBRARY_COUNT; i++)
        printf("  %-14s %s\n", libraries[i][0], libraries[i][1]);
    puts("\nprograms that closo calls when it needs them");
    for (size_t i = 0; i < PROGRAM_COUNT; i++) {
        printf("  %-14s %s", programs[i].program, programs[i].purpose);
        if (on_path(programs[i].program))
            puts(": found");
        else
            printf(": not found; apt-get install %s\n", programs[i].package);
    }
    return EXIT_DONE;
}

static const cli_option options[] = {CLI_JSON};

const cli_command cli_doctor = {
    .name = "doctor",
    .summary = "what closo was built with and which optional programs it finds",
    .inputs = "",
    .inputs_min = 0,
    .inputs_max = 0,
    .about = "Lists the libraries with their versions and the programs that some options call. A\n"
             "missing one is named with the Debian package that brings it.",
    .example = "  closo doctor",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
