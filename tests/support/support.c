/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char *shared_folder(void)
{
    static char path[1024];
    const char *named = getenv("CLOSO_SHARED");
    struct stat about;
    if (named != NULL)
        snprintf(path, sizeof path, "%s", named);
    else
        snprintf(path, sizeof path, "%s/../shared", CLOSO_SOURCE_DIR);
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return path;
    return NULL;
}

const char *temporary_path(const char *name)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/test-tmp", CLOSO_BINARY_DIR);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/test-tmp/%ld-%s", CLOSO_BINARY_DIR, (long)getpid(), name);
    return path;
}
