/* SPDX-License-Identifier: BSD-3-Clause */
/* generate_materials.c: the files of data/materials as bytes for src/cell/cell_materials.c, so that the program has them
 * wherever it runs. Runs while closo is built. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int embed(const char *path, FILE *output)
{
    FILE *input = fopen(path, "rb");
    if (input == NULL) {
        fprintf(stderr, "%s: cannot be opened\n", path);
        return EXIT_FAILURE;
    }
    const char *name = strrchr(path, '/');
    fprintf(output, "{\"data/materials/%s\", {", name != NULL ? name + 1 : path);
    int byte;
    size_t size = 0;
    for (; (byte = getc(input)) != EOF; size++)
        fprintf(output, size % 20 == 0 ? "\n%d," : "%d,", byte);
    fprintf(output, "}, %zu},\n", size);
    return fclose(input) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char **words)
{
    if (count < 3) {
        fputs("usage: generate_materials materials_table.inc FILE.yaml...\n", stderr);
        return EXIT_FAILURE;
    }
    FILE *output = fopen(words[1], "w");
    int outcome = output != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
    for (int i = 2; i < count && outcome == EXIT_SUCCESS; i++)
        outcome = embed(words[i], output);
    if (output != NULL && fclose(output) != 0)
        outcome = EXIT_FAILURE;
    if (outcome != EXIT_SUCCESS)
        remove(words[1]);
    return outcome;
}
