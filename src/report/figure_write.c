/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_write.c: a figure as a file. PNG and PDF are made by rsvg-convert, which is started directly, without a shell,
 * on a temporary file beside the place of the figure; what it made is put in place whole or not at all. */
#define _POSIX_C_SOURCE 200809L
#include "base/base_internal.h"
#include "report/report_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *const converter = "rsvg-convert";
enum { MOST_IMAGE_BYTES = 256 * 1024 * 1024, EXIT_NOT_FOUND = 127 };

static closo_status fail_missing(closo_error *error)
{
    return closo_fail(
        error, CLOSO_UNSUPPORTED,
        "rsvg-convert, which makes PNG and PDF, is not there: install librsvg2-bin, or "
        "write .svg or .html");
}

/* Runs the program with its output and errors thrown away and waits for it; *code is its exit code, 128 when a signal
 * ended it. */
static closo_status run(char *const *arguments, int *code, closo_error *error)
{
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return closo_fail_nomem(error);
    int failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    for (int descriptor = 1; failed == 0 && descriptor <= 2; descriptor++)
        failed = posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0);
    if (failed == 0)
        failed = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed == ENOENT || failed == EACCES)
        return fail_missing(error);
    if (failed != 0)
        return closo_fail(error, CLOSO_IO, "cannot start %s: %s", arguments[0], strerror(failed));
    int state = 0;
    pid_t ended = 0;
    do {
        ended = waitpid(child, &state, 0);
    } while (ended < 0 && errno == EINTR);
    if (ended < 0) /* the program ignores its children (SIGCHLD): the image itself has to tell */
        *code = 0;
    else
        *code = WIFEXITED(state) ? WEXITSTATUS(state) : 128;
    return CLOSO_OK;
}

/* rsvg-convert from one file to the other. */
static closo_status convert(const char *from, const char *to, const char *format,
                            closo_arena *arena, closo_error *error)
{
    /* Twice the pixels: sharp on today's screens and passable in print. A PDF has none. */
    const bool is_png = strcmp(format, "png") == 0;
    char *words[] = {closo_arena_text(arena, converter),
                     closo_arena_printf(arena, "--format=%s", format),
                     closo_arena_printf(arena, "--zoom=%s", is_png ? "2" : "1"),
                     closo_arena_printf(arena, "--output=%s", to),
                     closo_arena_text(arena, "--"),
                     closo_arena_text(arena, from),
                     NULL};
    for (size_t i = 0; i + 1 < sizeof words / sizeof *words; i++)
        if (words[i] == NULL)
            return closo_fail_nomem(error);
    int code = 0;
    closo_status status = run(words, &code, error);
    if (status != CLOSO_OK)
        return status;
    if (code == EXIT_NOT_FOUND) /* what an older C library says of a missing program */
        return fail_missing(error);
    if (code != 0)
        return closo_fail(
            error, CLOSO_IO,
            "rsvg-convert could not draw the figure (exit code %d); write .svg instead", code);
    return CLOSO_OK;
}

static closo_status write_image(const char *svg, const char *path, const char *format,
                                closo_arena *arena, closo_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    const char *drawing = closo_arena_printf(arena, "%s.part-%ld.svg", path, (long)getpid());
    const char *image = closo_arena_printf(arena, "%s.part-%ld.image", path, (long)getpid());
    if (drawing == NULL || image == NULL)
        return closo_fail_nomem(error);
    closo_status status = closo_file_write(drawing, svg, strlen(svg), arena, error);
    if (status != CLOSO_OK) {
        if (error != NULL) /* the file that was asked for, not the one on the way to it */
            snprintf(error->file, sizeof error->file, "%s", path);
        return status;
    }
    status = convert(drawing, image, format, arena, error);
    if (status == CLOSO_OK)
        status = closo_file_read(image, MOST_IMAGE_BYTES, arena, &bytes, &size, error);
    if (status == CLOSO_OK)
        status = closo_file_write(path, bytes, size, arena, error);
    unlink(drawing);
    unlink(image);
    return status;
}

static closo_status write_page(const closo_figure *figure, const char *path, closo_arena *arena,
                               closo_error *error)
{
    const closo_page_about about = {.title = figure->title != NULL ? figure->title : "Figure"};
    closo_figure untitled = *figure;
    untitled.title = NULL; /* it is the page's */
    closo_page *page = closo_page_new(&about, arena);
    size_t length = 0;
    if (page == NULL)
        return closo_fail_nomem(error);
    closo_page_figure(page, &untitled, NULL);
    const char *document = closo_page_finish(page, &length);
    if (document == NULL)
        return closo_fail_nomem(error);
    return closo_file_write(path, document, length, arena, error);
}

static const char *ending_of(const char *path)
{
    const char *dot = strrchr(closo_path_name(path), '.');
    return dot != NULL ? dot : "";
}

closo_status closo_figure_write(const closo_figure *figure, const char *path, closo_arena *arena,
                                closo_error *error)
{
    const char *ending = ending_of(path);
    const bool is_png = strcasecmp(ending, ".png") == 0, is_pdf = strcasecmp(ending, ".pdf") == 0;
    closo_status status = CLOSO_OK;
    if (strcasecmp(ending, ".html") == 0) {
        status = write_page(figure, path, arena, error);
    } else if (is_png || is_pdf || strcasecmp(ending, ".svg") == 0) {
        const char *svg = closo_figure_svg(figure, false, arena);
        if (svg == NULL)
            status = closo_fail_nomem(error);
        else if (is_png || is_pdf)
            status = write_image(svg, path, is_png ? "png" : "pdf", arena, error);
        else
            status = closo_file_write(path, svg, strlen(svg), arena, error);
    } else {
        status =
            closo_fail(error, CLOSO_ARGUMENT, "the name has to end in .svg, .html, .png or .pdf");
    }
    return status == CLOSO_OK ? status : closo_error_in_file(error, status, path);
}
