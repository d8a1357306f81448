/* SPDX-License-Identifier: BSD-3-Clause */
/* study_database.c: the results as a SQLite database, so that a batch of studies can be asked with SQL.
 * The numbers of a result are found by walking its JSON: what JSON says, the database says. */
#define _POSIX_C_SOURCE 200809L
#include "study_internal.h"

#include <jansson.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char schema[] =
    "CREATE TABLE study(key TEXT PRIMARY KEY, value TEXT);"
    "CREATE TABLE file(id TEXT PRIMARY KEY, path TEXT, label TEXT, sha256 TEXT, format TEXT,"
    " technique TEXT, row_count INTEGER, error TEXT);"
    /* file: NULL for a result of several files */
    "CREATE TABLE result(id INTEGER PRIMARY KEY, task INTEGER, analysis TEXT, title TEXT,"
    " file TEXT REFERENCES file(id), error TEXT, json TEXT);"
    /* name: the path in the JSON, such as onsets[0].onset_V; it ends in the unit */
    "CREATE TABLE number(result INTEGER REFERENCES result(id), name TEXT, value REAL, sigma REAL);"
    /* of a result, or of a file (result NULL) */
    "CREATE TABLE note(result INTEGER REFERENCES result(id), kind TEXT, text TEXT, file TEXT);"
    "CREATE INDEX number_by_name ON number(name);";

typedef struct writer {
    sqlite3 *database;
    sqlite3_stmt *number, *note;
    bool failed;
} writer;

/* Binds texts and runs a statement once. A NULL text becomes NULL. */
static void insert_texts(writer *write, const char *sql, size_t count, const char *const *texts)
{
    sqlite3_stmt *statement = NULL;
    if (write->failed ||
        sqlite3_prepare_v2(write->database, sql, -1, &statement, NULL) != SQLITE_OK) {
        write->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        sqlite3_bind_text(statement, (int)i + 1, texts[i], -1, SQLITE_STATIC);
    if (sqlite3_step(statement) != SQLITE_DONE)
        write->failed = true;
    sqlite3_finalize(statement);
}

static void insert_number(writer *write, int64_t result, const char *name, double value,
                          double sigma)
{
    sqlite3_bind_int64(write->number, 1, result);
    sqlite3_bind_text(write->number, 2, name, -1, SQLITE_STATIC);
    sqlite3_bind_double(write->number, 3, value);
    if (isfinite(sigma))
        sqlite3_bind_double(write->number, 4, sigma);
    else
        sqlite3_bind_null(write->number, 4);
    if (sqlite3_step(write->number) != SQLITE_DONE)
        write->failed = true;
    sqlite3_reset(write->number);
}

/* A note of a result, or, with result 0, of a file. */
static void insert_note(writer *write, int64_t result, const char *file, const char *kind,
                        const char *text)
{
    if (result != 0)
        sqlite3_bind_int64(write->note, 1, result);
    else
        sqlite3_bind_null(write->note, 1);
    sqlite3_bind_text(write->note, 4, file, -1, SQLITE_STATIC);
    sqlite3_bind_text(write->note, 2, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(write->note, 3, text, -1, SQLITE_STATIC);
    if (sqlite3_step(write->note) != SQLITE_DONE)
        write->failed = true;
    sqlite3_reset(write->note);
}

static bool ends_with_sigma(const char *key)
{
    size_t length = strlen(key);
    return length > 6 && strcmp(key + length - 6, "_sigma") == 0;
}

enum { DEEPEST = 8 };

/* Every number of the JSON becomes a row, with the sigma that stands beside it. */
static void insert_numbers(writer *write, int64_t result, const char *path, json_t *value,
                           int depth)
{
    char name[256];
    const char *key;
    json_t *member;
    size_t index;
    if (depth > DEEPEST)
        return;
    json_object_foreach(value, key, member)
    {
        snprintf(name, sizeof name, "%s%s%s", path, path[0] != '\0' ? "." : "", key);
        if (json_is_number(member) && !ends_with_sigma(key)) {
            char sigma_key[128];
            snprintf(sigma_key, sizeof sigma_key, "%s_sigma", key);
            json_t *sigma = json_object_get(value, sigma_key);
            insert_number(write, result, name, json_number_value(member),
                          json_is_number(sigma) ? json_number_value(sigma) : (double)NAN);
        } else if (json_is_array(member) && json_is_string(json_array_get(member, 0))) {
            json_t *text;
            json_array_foreach(member, index, text)
                insert_note(write, result, NULL, key, json_string_value(text));
        } else {
            insert_numbers(write, result, name, member, depth + 1);
        }
    }
    json_array_foreach(value, index, member)
    {
        snprintf(name, sizeof name, "%s[%zu]", path, index);
        insert_numbers(write, result, name, member, depth + 1);
    }
}

static void insert_all(writer *write, const closo_study *study)
{
    const char *about[][2] = {{"title", study->title},
                              {"author", study->author},
                              {"synthetic", study->synthetic ? "yes" : "no"},
                              {"closo_version", CLOSO_VERSION},
                              {"study_sha256", study->sha256}};
    for (size_t i = 0; i < sizeof about / sizeof *about; i++)
        insert_texts(write, "INSERT INTO study VALUES(?,?)", 2, about[i]);
    char number[32], task[32];
    for (size_t i = 0; i < study->file_count; i++) {
        const closo_study_file *file = &study->files[i];
        const closo_table *table = file->table;
        snprintf(number, sizeof number, "%zu", table != NULL ? table->row_count : 0);
        const char *texts[] = {file->id,
                               file->path,
                               file->label,
                               file->sha256,
                               table != NULL ? table->format : NULL,
                               table != NULL ? table->technique : NULL,
                               table != NULL ? number : NULL,
                               table != NULL ? NULL : file->error.message};
        insert_texts(write, "INSERT INTO file VALUES(?,?,?,?,?,?,CAST(? AS INTEGER),?)", 8, texts);
        for (size_t n = 0; table != NULL && n < table->notes.count; n++)
            insert_note(write, 0, file->id, "notes", table->notes.texts[n]);
    }
    for (size_t i = 0; i < study->result_count; i++) {
        const closo_study_result *result = &study->results[i];
        const closo_study_task *done = &study->tasks[result->task];
        snprintf(number, sizeof number, "%zu", i + 1);
        snprintf(task, sizeof task, "%zu", result->task + 1);
        const char *texts[] = {number,
                               task,
                               closo_analysis_name(done->analysis),
                               done->title,
                               result->together ? NULL : study->files[result->file].id,
                               result->json != NULL ? NULL : result->error.message,
                               result->json};
        insert_texts(write, "INSERT INTO result VALUES(?,?,?,?,?,?,?)", 7, texts);
        json_t *json = result->json != NULL ? json_loads(result->json, 0, NULL) : NULL;
        insert_numbers(write, (int64_t)i + 1, "", json, 0);
        json_decref(json);
    }
}

closo_status closo_study_write_database(const closo_study *study, const char *path,
                                        closo_error *error)
{
    /* Written beside its place and renamed, like every result. */
    const char *temporary = closo_arena_printf(study->arena, "%s.part-%ld", path, (long)getpid());
    if (temporary == NULL)
        return closo_fail_nomem(error);
    unlink(temporary);
    writer write = {0};
    char reason[256] = "";
    write.failed = sqlite3_open_v2(temporary, &write.database,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
                   sqlite3_exec(write.database, "PRAGMA journal_mode=OFF; BEGIN;", NULL, NULL,
                                NULL) != SQLITE_OK ||
                   sqlite3_exec(write.database, schema, NULL, NULL, NULL) != SQLITE_OK ||
                   sqlite3_prepare_v2(write.database, "INSERT INTO number VALUES(?,?,?,?)", -1,
                                      &write.number, NULL) != SQLITE_OK ||
                   sqlite3_prepare_v2(write.database, "INSERT INTO note VALUES(?,?,?,?)", -1,
                                      &write.note, NULL) != SQLITE_OK;
    if (!write.failed)
        insert_all(&write, study);
    if (!write.failed)
        write.failed = sqlite3_exec(write.database, "COMMIT;", NULL, NULL, NULL) != SQLITE_OK;
    if (write.failed)
        snprintf(reason, sizeof reason, "%s", sqlite3_errmsg(write.database));
    sqlite3_finalize(write.number);
    sqlite3_finalize(write.note);
    sqlite3_close(write.database);
    if (!write.failed && rename(temporary, path) != 0) {
        write.failed = true;
        snprintf(reason, sizeof reason, "the file could not be put in its place");
    }
    if (write.failed) {
        unlink(temporary);
        return closo_error_in_file(
            error, closo_fail(error, CLOSO_IO, "cannot write the database: %s", reason), path);
    }
    return CLOSO_OK;
}
