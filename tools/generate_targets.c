/* SPDX-License-Identifier: BSD-3-Clause */
/* generate_targets.c: data/targets.csv to the table that src/cycling/merit_targets.c includes. Runs while closo is built. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 512 };

static int generate(FILE *input, const char *name, FILE *output)
{
    char line[LINE_BYTES], key[64], sense[16];
    int number = 0, rows = 0;
    while (fgets(line, sizeof line, input) != NULL) {
        number++;
        if (line[0] == '#')
            continue;
        if (strcmp(line, "figure,sense,value,cycles\n") == 0 && rows++ == 0)
            continue;
        double value = 0;
        unsigned cycles = 0;
        char rest = '\0';
        if (sscanf(line, "%63[a-zA-Z0-9_],%15[a-z_],%lf,%u%c", key, sense, &value, &cycles,
                   &rest) != 5 ||
            rest != '\n' || !(value > 0) ||
            (strcmp(sense, "at_least") != 0 && strcmp(sense, "at_most") != 0)) {
            fprintf(stderr, "%s, line %d: a row is figure,at_least or at_most,value,cycles\n", name,
                    number);
            return EXIT_FAILURE;
        }
        fprintf(output, "TARGET(\"%s\", %d, %.17g, %u)\n", key,
                strcmp(sense, "at_least") == 0 ? 1 : -1, value, cycles);
        rows++;
    }
    return rows > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char **words)
{
    if (count != 3) {
        fputs("usage: generate_targets targets.csv targets_table.inc\n", stderr);
        return EXIT_FAILURE;
    }
    FILE *input = fopen(words[1], "r"), *output = input != NULL ? fopen(words[2], "w") : NULL;
    int outcome = EXIT_FAILURE;
    if (output != NULL)
        outcome = generate(input, words[1], output);
    else
        fprintf(stderr, "%s: cannot be opened\n", words[input == NULL ? 1 : 2]);
    if (input != NULL)
        fclose(input);
    if (output != NULL && fclose(output) != 0)
        outcome = EXIT_FAILURE;
    if (outcome != EXIT_SUCCESS)
        remove(words[2]);
    return outcome;
}
