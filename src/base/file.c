/* SPDX-License-Identifier: BSD-3-Clause */
/* file.c: reading a file whole, and writing one so that it is there whole or not at all.
 * A file is read, not mapped, unless the caller asks for it: a mapped file that shrinks kills the program. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "base_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static closo_status fail_errno(closo_error *error, const char *path, const char *action, int code)
{
    closo_status status = closo_fail(error, CLOSO_IO, "cannot %s: %s", action, strerror(code));
    return closo_error_in_file(error, status, path);
}

/* Reads until the end or until size bytes are there; a file that shrinks while it is read just gives fewer. */
static bool read_all(int descriptor, unsigned char *data, size_t size, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t count = read(descriptor, data + *got, size - *got);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        if (count == 0)
            break;
        *got += (size_t)count;
    }
    return true;
}

/* Opens a regular file of at most max_bytes. */
static closo_status open_regular(const char *path, size_t max_bytes, int *descriptor, size_t *size,
                                 closo_error *error)
{
    struct stat about;
    *descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hang */
    if (*descriptor < 0)
        return errno == ENOENT
                   ? closo_error_in_file(
                         error,
                         closo_fail(error, CLOSO_IO, "there is no such file; check the path"), path)
                   : fail_errno(error, path, "open it", errno);
    closo_status status = CLOSO_OK;
    if (fstat(*descriptor, &about) != 0)
        status = fail_errno(error, path, "look at it", errno);
    else if (S_ISDIR(about.st_mode))
        status = closo_fail(error, CLOSO_IO, "it is a folder; name a file in it");
    else if (!S_ISREG(about.st_mode))
        status = closo_fail(error, CLOSO_IO, "it is not a regular file; save it to disk first");
    else if ((uintmax_t)about.st_size > max_bytes)
        status = closo_fail(error, CLOSO_LIMIT, "it has %jd bytes, more than the limit of %zu",
                            (intmax_t)about.st_size, max_bytes);
    *size = (size_t)about.st_size;
    if (status != CLOSO_OK)
        close(*descriptor);
    return closo_error_in_file(error, status, path);
}

closo_status closo_file_read(const char *path, size_t max_bytes, closo_arena *arena,
                             unsigned char **data, size_t *size, closo_error *error)
{
    int descriptor;
    size_t announced = 0, got = 0;
    unsigned char *bytes = NULL;
    closo_status status = open_regular(path, max_bytes, &descriptor, &announced, error);
    if (status != CLOSO_OK)
        return status;
    if ((bytes = closo_arena_alloc(arena, announced + 1, 1)) == NULL)
        status = closo_fail_nomem(error);
    else if (!read_all(descriptor, bytes, announced, &got))
        status = fail_errno(error, path, "read it", errno);
    close(descriptor);
    if (status != CLOSO_OK)
        return closo_error_in_file(error, status, path);
    bytes[got] = 0;
    *data = bytes;
    *size = got;
    return CLOSO_OK;
}

closo_status closo_file_map(const char *path, size_t max_bytes, closo_arena *arena,
                            const unsigned char **data, size_t *size, closo_error *error)
{
    int descriptor;
    unsigned char *read = NULL;
    closo_status status = open_regular(path, max_bytes, &descriptor, size, error);
    if (status != CLOSO_OK)
        return status;
    *data = closo_arena_map(arena, descriptor, *size);
    close(descriptor); /* the mapping stays */
    if (*data != NULL)
        return CLOSO_OK;
    status = closo_file_read(path, max_bytes, arena, &read, size, error);
    *data = read;
    return status;
}

const char *closo_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

bool closo_file_readable(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && access(path, R_OK) == 0;
}

/* ---- writing ---- */

enum { OUTPUT_BUFFER = 1 << 16, PATH_BYTES = 4096 /* PATH_MAX of Linux, as realpath wants */ };

struct closo_output {
    const char *path, *temporary;
    int descriptor, saved_errno; /* saved_errno: of the first write that failed */
    size_t filled;
    char buffer[OUTPUT_BUFFER];
};

/* Where a file of that path is to be written: behind a symbolic link its target. What is there and is no regular file (a
 * pipe, a device, a folder) is not replaced. */
static closo_status find_place(const char *path, closo_arena *arena, char **place,
                               closo_error *error)
{
    struct stat about;
    char resolved[PATH_BYTES];
    bool linked = false;
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode))
        return closo_error_in_file(
            error,
            closo_fail(error, CLOSO_IO,
                       "there is a folder, pipe or device of this name; choose another"),
            path);
    if (lstat(path, &about) == 0 && S_ISLNK(about.st_mode))
        linked = realpath(path, resolved) != NULL;
    *place = closo_arena_text(arena, linked ? resolved : path);
    return *place != NULL ? CLOSO_OK : closo_fail_nomem(error);
}

bool closo_file_same(const char *one, const char *other)
{
    struct stat first, second;
    return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

closo_status closo_output_open(const char *path, closo_arena *arena, closo_output **output,
                               closo_error *error)
{
    closo_output *opened = closo_arena_alloc(arena, 1, sizeof *opened);
    char *place = NULL;
    closo_status status = find_place(path, arena, &place, error);
    if (status != CLOSO_OK)
        return status;
    char *temporary = closo_arena_printf(arena, "%s.part-%ld", place, (long)getpid());
    if (opened == NULL || temporary == NULL)
        return closo_fail_nomem(error);
    struct stat about;
    mode_t mode = stat(place, &about) == 0 ? about.st_mode & 0777 : 0666;
    opened->path = place;
    opened->temporary = temporary;
    unlink(temporary); /* of an earlier program that was killed and had the same number */
    opened->descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (opened->descriptor < 0)
        return errno == ENOENT
                   ? closo_error_in_file(
                         error,
                         closo_fail(error, CLOSO_IO,
                                    "the folder it should go to is not there; make it first"),
                         path)
                   : fail_errno(error, path, "write it", errno);
    *output = opened;
    return CLOSO_OK;
}

static void flush(closo_output *output)
{
    size_t done = 0;
    while (done < output->filled && output->saved_errno == 0) {
        ssize_t count = write(output->descriptor, output->buffer + done, output->filled - done);
        if (count >= 0)
            done += (size_t)count;
        else if (errno != EINTR)
            output->saved_errno = errno;
    }
    output->filled = 0;
}

void closo_output_write(closo_output *output, const void *data, size_t size)
{
    const char *from = data;
    while (size != 0) {
        size_t room = OUTPUT_BUFFER - output->filled;
        size_t part = size < room ? size : room;
        memcpy(output->buffer + output->filled, from, part);
        output->filled += part;
        from += part;
        size -= part;
        if (output->filled == OUTPUT_BUFFER)
            flush(output);
    }
}

void closo_output_printf(closo_output *output, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (length > 0)
        closo_output_write(output, text,
                           (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

/* The rename is durable only when the folder is synced too. */
static void sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        snprintf(folder, sizeof folder, ".");
    else
        snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        close(descriptor);
    }
}

closo_status closo_output_commit(closo_output *output, closo_error *error)
{
    flush(output);
    if (output->saved_errno == 0 && fsync(output->descriptor) != 0)
        output->saved_errno = errno;
    if (close(output->descriptor) != 0 && output->saved_errno == 0)
        output->saved_errno = errno;
    if (output->saved_errno == 0 && rename(output->temporary, output->path) != 0)
        output->saved_errno = errno;
    if (output->saved_errno != 0) {
        unlink(output->temporary);
        return fail_errno(error, output->path, "write it", output->saved_errno);
    }
    sync_folder(output->path);
    return CLOSO_OK;
}

void closo_output_abandon(closo_output *output)
{
    if (output == NULL)
        return;
    close(output->descriptor);
    unlink(output->temporary);
}

closo_status closo_file_write(const char *path, const void *data, size_t size, closo_arena *arena,
                              closo_error *error)
{
    closo_output *output = NULL;
    closo_status status = closo_output_open(path, arena, &output, error);
    if (status != CLOSO_OK)
        return status;
    closo_output_write(output, data, size);
    return closo_output_commit(output, error);
}

closo_status closo_folder_make(const char *path, closo_error *error)
{
    char part[4096];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part)
        return closo_fail(error, CLOSO_IO, "'%.200s' cannot be the name of a folder", path);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return fail_errno(error, part, "make this folder", errno);
    }
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return closo_error_in_file(
            error, closo_fail(error, CLOSO_IO, "a file of that name is there, not a folder"), path);
    return CLOSO_OK;
}

void closo_sha256(const void *data, size_t size, char text[65])
{
    SHA2_CTX context;
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256Init(&context);
    SHA256Update(&context, data, size);
    SHA256Final(digest, &context);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
}
