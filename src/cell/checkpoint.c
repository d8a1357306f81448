/* SPDX-License-Identifier: BSD-3-Clause */
/* checkpoint.c: a run on disk. FILE holds the moment, always whole: it is written beside its place, synced and renamed.
 * FILE.rows holds the log, to which only is added: synced before the moment that counts its entries, so that a kill at any
 * time leaves a moment all of whose entries are there; what is behind them is cut off when the run is taken up. So the
 * work of keeping grows with the log and not with its square. */
#define _POSIX_C_SOURCE 200809L
#include "simulate_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER_ENTRIES = 1024 };

struct cell_checkpoint {
    const char *path, *rows_path;
    int rows; /* descriptor */
    double every_s, last_s, took_s;
    uint64_t written, check; /* entries that are on disk, their checksum */
    closo_arena *arena;
    closo_error trouble; /* of the last try */
    unsigned char buffer[BUFFER_ENTRIES * CELL_ENTRY_BYTES];
    size_t filled;
};

static double now_s(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static closo_status fail_file(closo_error *error, const char *path, const char *what)
{
    return closo_error_in_file(error, closo_fail(error, CLOSO_IO, "%s: %s", what, strerror(errno)),
                               path);
}

static const char *rows_path_of(const char *path, closo_arena *arena)
{
    return closo_arena_printf(arena, "%s.rows", path);
}

/* ---- opening ---- */

/* One run at a time: the lock goes when the program ends, however it ends. */
static closo_status lock_rows(const cell_checkpoint *made, closo_error *error)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(made->rows, F_SETLK, &whole) == 0 || (errno != EACCES && errno != EAGAIN))
        return CLOSO_OK;
    return closo_error_in_file(
        error,
        closo_fail(error, CLOSO_IO,
                   "another run is writing this checkpoint; wait for its end or choose "
                   "another file"),
        made->path);
}

typedef struct loading {
    const cell_moment *moment;
    cell_checkpoint *made;
    cell_log *log;
} loading;

static closo_status read_rows(const loading *load, closo_error *error)
{
    cell_checkpoint *made = load->made;
    uint64_t left = load->moment->entry_count, check = cell_check_start;
    if (lseek(made->rows, 0, SEEK_SET) != 0)
        return fail_file(error, made->rows_path, "it cannot be read");
    while (left != 0) {
        size_t wanted = (left < BUFFER_ENTRIES ? (size_t)left : BUFFER_ENTRIES) * CELL_ENTRY_BYTES;
        size_t have = 0;
        for (ssize_t count = 1; have < wanted && count != 0; have += (size_t)count) {
            count = read(made->rows, made->buffer + have, wanted - have);
            if (count < 0 && errno == EINTR)
                count = 1, have--;
            else if (count < 0)
                return fail_file(error, made->rows_path, "it cannot be read");
        }
        if (have < wanted)
            return closo_error_in_file(
                error,
                closo_fail(error, CLOSO_FORMAT,
                           "the checkpoint is damaged (rows are missing); remove both files and "
                           "begin anew"),
                made->rows_path);
        check = cell_check(check, made->buffer, wanted);
        for (size_t at = 0; at < wanted; at += CELL_ENTRY_BYTES) {
            const cell_entry entry = cell_entry_read(made->buffer + at);
            cell_log_add(load->log, &entry);
        }
        left -= wanted / CELL_ENTRY_BYTES;
    }
    if (load->log->failed)
        return closo_fail_nomem(error);
    if (check != load->moment->entry_check || !cell_log_is_sound(load->log))
        return closo_error_in_file(
            error,
            closo_fail(error, CLOSO_FORMAT,
                       "the checkpoint is damaged (its rows are not those that were written); "
                       "remove both files and begin anew"),
            made->rows_path);
    made->written = load->moment->entry_count;
    made->check = check;
    return CLOSO_OK;
}

static closo_status same_run(const cell_moment *found, const cell_moment *wanted,
                             closo_error *error)
{
    if (found->state_count != wanted->state_count ||
        strcmp(found->cell_digest, wanted->cell_digest) != 0)
        return closo_fail(error, CLOSO_RANGE,
                          "the checkpoint is of another cell, another tolerance or another version "
                          "of closo; go on with the one it was made with, or remove it");
    if (strcmp(found->experiment_digest, wanted->experiment_digest) != 0)
        return closo_fail(error, CLOSO_RANGE,
                          "the checkpoint is of other steps; go on with the steps it was made "
                          "with, or remove it");
    return CLOSO_OK;
}

static closo_status take_up(const loading *load, cell_moment *moment, closo_error *error)
{
    enum { FILE_MOST = 200000000 };
    unsigned char *bytes;
    size_t size;
    cell_moment found = {0};
    closo_status status =
        closo_file_read(load->made->path, FILE_MOST, load->made->arena, &bytes, &size, error);
    if (status == CLOSO_OK)
        status = cell_moment_read(bytes, size, load->made->arena, &found, error);
    if (status == CLOSO_OK)
        status = same_run(&found, moment, error);
    if (status != CLOSO_OK)
        return closo_error_in_file(error, status, load->made->path);
    *moment = found;
    return read_rows(load, error);
}

static closo_status open_rows(cell_checkpoint *made, bool resume, bool *found, closo_error *error)
{
    struct stat about;
    *found = stat(made->path, &about) == 0;
    if (*found && !resume)
        return closo_error_in_file(
            error,
            closo_fail(error, CLOSO_ARGUMENT,
                       "there is a checkpoint of this name already; say that the run is to be "
                       "resumed from it, or remove it, or choose another name"),
            made->path);
    made->rows = open(made->rows_path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (made->rows < 0)
        return fail_file(error, made->rows_path, "it cannot be written");
    return lock_rows(made, error);
}

closo_status cell_checkpoint_open(const closo_simulation_options *options, cell_moment *moment,
                                  cell_log *log, closo_arena *arena, cell_checkpoint **checkpoint,
                                  bool *found, closo_error *error)
{
    cell_checkpoint *made = closo_arena_alloc(arena, 1, sizeof *made);
    if (made == NULL || (made->path = closo_arena_text(arena, options->checkpoint)) == NULL ||
        (made->rows_path = rows_path_of(options->checkpoint, arena)) == NULL)
        return closo_fail_nomem(error);
    made->rows = -1;
    made->arena = arena;
    made->every_s = options->checkpoint_every_s;
    made->check = cell_check_start;
    const loading load = {moment, made, log};
    closo_status status = open_rows(made, options->resume, found, error);
    if (status == CLOSO_OK && *found)
        status = take_up(&load, moment, error);
    /* what a killed run wrote behind its last moment */
    off_t end = (off_t)(made->written * CELL_ENTRY_BYTES);
    if (status == CLOSO_OK &&
        (ftruncate(made->rows, end) != 0 || lseek(made->rows, end, SEEK_SET) < 0))
        status = fail_file(error, made->rows_path, "it cannot be written");
    made->last_s = now_s();
    if (status != CLOSO_OK && made->rows >= 0)
        close(made->rows);
    else
        *checkpoint = made;
    return status;
}

/* ---- keeping ---- */

static bool flush(cell_checkpoint *checkpoint)
{
    size_t done = 0;
    while (done < checkpoint->filled) {
        ssize_t count =
            write(checkpoint->rows, checkpoint->buffer + done, checkpoint->filled - done);
        if (count < 0 && errno != EINTR)
            return false;
        done += count > 0 ? (size_t)count : 0;
    }
    checkpoint->check = cell_check(checkpoint->check, checkpoint->buffer, checkpoint->filled);
    checkpoint->written += checkpoint->filled / CELL_ENTRY_BYTES;
    checkpoint->filled = 0;
    return true;
}

typedef struct adding {
    cell_checkpoint *checkpoint;
    bool fine;
} adding;

static bool add_entry(void *user, const cell_entry *entry)
{
    adding *add = user;
    cell_checkpoint *checkpoint = add->checkpoint;
    cell_entry_write(entry, checkpoint->buffer + checkpoint->filled);
    checkpoint->filled += CELL_ENTRY_BYTES;
    if (checkpoint->filled == sizeof checkpoint->buffer)
        add->fine = flush(checkpoint);
    return add->fine;
}

static closo_status write_all(cell_checkpoint *checkpoint, cell_moment *moment, const cell_log *log,
                              closo_error *error)
{
    adding add = {checkpoint, true};
    cell_log_visit(log, checkpoint->written, moment->entry_count, add_entry, &add);
    if (!add.fine || !flush(checkpoint) || fsync(checkpoint->rows) != 0) {
        /* what was written of it is written again at the next try */
        closo_status status = fail_file(error, checkpoint->rows_path, "it cannot be written");
        checkpoint->filled = 0;
        (void)lseek(checkpoint->rows, (off_t)(checkpoint->written * CELL_ENTRY_BYTES), SEEK_SET);
        return status;
    }
    moment->entry_check = checkpoint->check;
    closo_arena *scratch = closo_arena_new(0);
    size_t size = cell_moment_size(moment->state_count);
    unsigned char *bytes = scratch != NULL ? closo_arena_alloc(scratch, size, 1) : NULL;
    closo_status status = bytes != NULL ? CLOSO_OK : closo_fail_nomem(error);
    if (status == CLOSO_OK) {
        cell_moment_write(moment, bytes);
        status = closo_file_write(checkpoint->path, bytes, size, scratch, error);
    }
    closo_arena_free(scratch);
    return status;
}

void cell_checkpoint_keep(cell_checkpoint *checkpoint, cell_moment *moment, const cell_log *log,
                          bool now)
{
    /* when nobody says how often, a hundredth of the time at most goes into keeping */
    double from_s = now_s(), waits_s = checkpoint->every_s > 0 ? checkpoint->every_s
                                                               : fmax(2, 100 * checkpoint->took_s);
    if (!now && from_s - checkpoint->last_s < waits_s)
        return;
    closo_error error = {0};
    (void)write_all(checkpoint, moment, log, &error);
    checkpoint->trouble = error;
    checkpoint->last_s = now_s();
    checkpoint->took_s = checkpoint->last_s - from_s;
}

void cell_checkpoint_close(cell_checkpoint *checkpoint, closo_notes *notes)
{
    char text[1200];
    if (checkpoint == NULL)
        return;
    if (checkpoint->trouble.status != CLOSO_OK)
        closo_notes_add(notes, checkpoint->arena, "the last checkpoint could not be written: %s",
                        closo_error_text(&checkpoint->trouble, text, sizeof text));
    close(checkpoint->rows);
}

closo_status closo_cell_checkpoint_remove(const char *path, closo_arena *arena, closo_error *error)
{
    const char *rows = rows_path_of(path, arena);
    if (rows == NULL)
        return closo_fail_nomem(error);
    if (unlink(path) != 0 && errno != ENOENT)
        return fail_file(error, path, "it cannot be removed");
    if (unlink(rows) != 0 && errno != ENOENT)
        return fail_file(error, rows, "it cannot be removed");
    return CLOSO_OK;
}
