/* SPDX-License-Identifier: BSD-3-Clause */
/* replay.c: runs a fuzz target over the files of a folder, without a fuzzing engine. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    static uint8_t data[1 << 20];
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    /* A copy of exactly its size lets the sanitizer see a read past the end. */
    uint8_t *copy = malloc(size != 0 ? size : 1);
    if (copy == NULL)
        return 0;
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 1;
}

int main(int count, char **words)
{
    int files = 0;
    for (int i = 1; i < count; i++) {
        DIR *folder = opendir(words[i]);
        if (folder == NULL) {
            files += run_file(words[i]);
            continue;
        }
        for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", words[i], entry->d_name);
            if (entry->d_name[0] != '.')
                files += run_file(path);
        }
        closedir(folder);
    }
    printf("%d inputs replayed\n", files);
    return files > 0 ? 0 : 1;
}
