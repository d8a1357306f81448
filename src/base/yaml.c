/* SPDX-License-Identifier: BSD-3-Clause */
/* yaml.c: a YAML file by its schema, over libcyaml. libcyaml reports errors through its log; the last words before the
 * backtrace are the reason and the backtrace names the line, so both are picked from there. */
#include "base_internal.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { YAML_BYTES_MAX = 16 << 20 };

typedef struct yaml_job {
    closo_arena *arena;
    closo_span text;
    char reason[512];
    char place[256];
    long line;
} yaml_job;

static void listen(cyaml_log_t level, void *user, const char *format, va_list list)
{
    yaml_job *job = user;
    char text[512];
    vsnprintf(text, sizeof text, format, list);
    if (level < CYAML_LOG_ERROR)
        return;
    text[strcspn(text, "\r\n")] = '\0';
    const char *line = strstr(text, "line: ");
    if (line != NULL && job->line == 0) {
        job->line = strtol(line + strlen("line: "), NULL, 10);
        if (strstr(text, "mapping field") != NULL)
            snprintf(job->place, sizeof job->place, "%.*s", (int)strcspn(text, "("), text);
    }
    const char *body = strncmp(text, "Load: ", 6) == 0 ? text + 6 : text;
    if (job->reason[0] == '\0' && strncmp(body, "Backtrace", 9) != 0 && line == NULL)
        snprintf(job->reason, sizeof job->reason, "%s", body);
}

/* libcyaml's allocator over the arena: it grows its lists entry by entry, so pieces have room to double. Their room stands
 * before them. */
static void *allocate(void *user, void *old, size_t size)
{
    yaml_job *job = user;
    size_t room = 16;
    if (size == 0 || size > (size_t)1 << 40)
        return NULL;
    while (room < size)
        room *= 2;
    size_t old_room = 0;
    if (old != NULL) {
        old_room = *(size_t *)(void *)((unsigned char *)old - sizeof(max_align_t));
        if (room <= old_room)
            return old;
    }
    size_t *piece = closo_arena_alloc(job->arena, 1, room + sizeof(max_align_t));
    if (piece == NULL)
        return NULL;
    *piece = room;
    void *data = (unsigned char *)piece + sizeof(max_align_t);
    if (old != NULL)
        memcpy(data, old, old_room);
    return data;
}

/* libcyaml names the line before a key that it does not expect: the line on which it stands, from there on. */
static size_t line_of_key(const yaml_job *job, const char *key, size_t from_line)
{
    closo_span rest = job->text, line;
    for (size_t number = 1; closo_span_line(&rest, &line); number++) {
        closo_span trimmed = closo_span_trim(line);
        if (closo_span_starts(trimmed, "- "))
            trimmed = closo_span_trim((closo_span){trimmed.start + 2, trimmed.length - 2});
        if (number >= from_line && closo_span_starts(trimmed, key))
            return number;
    }
    return from_line;
}

/* A value of another kind than the key wants. */
static closo_status explain_value(const yaml_job *job, size_t line, closo_error *error)
{
    static const struct {
        const char *begins, *wants;
    } kinds[] = {
        {"Expecting SEQUENCE", "a list: lines that begin with '- ', or [one, two]"},
        {"Expecting STRING", "one text; put it in quotes if it has special characters"},
        {"Expecting MAPPING", "lines of the kind 'key: value'"},
        {"Expecting", "one value"},
        {"Invalid UINT", "a whole number from 0 on"},
        {"Invalid uint", "a whole number from 0 on"}, /* libcyaml 1.3 and later */
        {"Invalid FLOAT", "a number"},
        {"Invalid float", "a number"},
        {"Invalid double", "a number"},
        {"Invalid BOOL", "true or false"},
        {"Mapping field already seen", "to stand only once"},
        {"Insufficient entries", "at least one entry"},
        {"Excessive entries", "fewer entries"},
    };
    const char *field = strchr(job->place, '\'');
    int length = field != NULL ? (int)strcspn(field + 1, "'") : 0;
    char key[64];
    snprintf(key, sizeof key, "%.*s:", length, length != 0 ? field + 1 : "");
    if (strncmp(job->reason, "Mapping field already seen", 26) == 0 && length != 0)
        line = line_of_key(job, key, line + 1); /* the second one */
    line = line != 0 ? line : 1;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(job->reason, kinds[i].begins, strlen(kinds[i].begins)) == 0)
            return closo_fail_line(
                error, CLOSO_FORMAT, line, "%s%.*s%s wants %s", length != 0 ? "the key '" : "this",
                length, length != 0 ? field + 1 : "", length != 0 ? "'" : "", kinds[i].wants);
    return closo_fail_line(error, CLOSO_FORMAT, line, "%s", job->reason);
}

/* A place in a text that is no YAML, which libyaml's words do not name as a person would. */
typedef enum yaml_slip { YAML_OTHER, YAML_TAB, YAML_CONTROL, YAML_ENCODING } yaml_slip;

/* What a line has that YAML does not take: a tab before its first word, a control character, bytes that are not UTF-8. */
static yaml_slip slip_of(closo_span line)
{
    char utf8[8];
    size_t left;
    for (size_t i = 0; i < line.length && (line.start[i] == ' ' || line.start[i] == '\t'); i++)
        if (line.start[i] == '\t')
            return YAML_TAB;
    for (size_t i = 0; i < line.length; i++) {
        unsigned char c = (unsigned char)line.start[i];
        if ((c < ' ' && c != '\t' && c != '\r') || c == 0x7f)
            return YAML_CONTROL;
        if (c < 0x80)
            continue;
        /* one character, and the bytes that go on from it */
        for (left = 1; left < 4 && i + left < line.length &&
                       ((unsigned char)line.start[i + left] & 0xc0) == 0x80;)
            left++;
        snprintf(utf8, sizeof utf8, "%.*s", (int)left, line.start + i);
        closo_text_clean(utf8);
        if (strchr(utf8, '?') != NULL)
            return YAML_ENCODING;
        i += left - 1;
    }
    return YAML_OTHER;
}

static closo_status explain_syntax(const yaml_job *job, const char *reason, size_t line,
                                   closo_error *error)
{
    static const char *const sentences[] = {
        [YAML_TAB] =
            "the line begins with a tab, and YAML takes blanks alone; put two blanks in its "
            "place",
        [YAML_CONTROL] = "the line has a control character; is this a text file, and one of YAML",
        [YAML_ENCODING] = "the line has a letter that is not UTF-8; save the file as UTF-8",
    };
    closo_span rest = job->text, text;
    /* a tab deranges what stands behind it, the others are told without a line */
    for (size_t number = 1; closo_span_line(&rest, &text); number++) {
        yaml_slip slip = slip_of(text);
        if (slip == YAML_OTHER || (slip == YAML_TAB && number < line))
            continue;
        return closo_fail_line(error, CLOSO_FORMAT, number, "this is not YAML: %s",
                               sentences[slip]);
    }
    return closo_fail_line(error, CLOSO_FORMAT, line,
                           "this is not YAML: %s; look here and in the next line for blanks at the "
                           "beginning that do not line up, or a ':', ',', quote or bracket that is "
                           "missing",
                           reason);
}

static closo_status explain(const yaml_job *job, cyaml_err_t code, const char *const *keys,
                            size_t key_count, closo_error *error)
{
    size_t line = job->line > 0 ? (size_t)job->line : 0;
    static const char unexpected[] = "Unexpected key: ";
    if (strncmp(job->reason, unexpected, sizeof unexpected - 1) == 0) {
        const char *key = job->reason + sizeof unexpected - 1;
        const char *nearest = closo_text_nearest(key, keys, key_count);
        line = line_of_key(job, key, line);
        return nearest != NULL && strcmp(nearest, key) != 0
                   ? closo_fail_line(error, CLOSO_FORMAT, line,
                                     "there is no key '%s' here; did you mean '%s'", key, nearest)
                   : closo_fail_line(error, CLOSO_FORMAT, line,
                                     "the key '%s' does not belong here; take it out", key);
    }
    static const char missing[] = "Missing required mapping field: ";
    if (strncmp(job->reason, missing, sizeof missing - 1) == 0)
        return closo_fail_line(error, CLOSO_FORMAT, line, "the key '%s' is missing here; add it",
                               job->reason + sizeof missing - 1);
    if (code == CYAML_ERR_OOM)
        return closo_fail_nomem(error);
    static const char yaml[] = "libyaml: ";
    if (strncmp(job->reason, yaml, sizeof yaml - 1) == 0)
        return explain_syntax(job, job->reason + sizeof yaml - 1, line, error);
    if (job->reason[0] == '\0') /* libcyaml 1.3 gives none for "{a: b: c}d: e" */
        return closo_fail_line(
            error, CLOSO_FORMAT, line,
            "this is not YAML; look for a ',', '}', ']' or ':' that is missing or "
            "too much, here or just before");
    return explain_value(job, line, error);
}

closo_status closo_yaml_parse(const closo_yaml_text *text, const struct cyaml_schema_value *schema,
                              const char *const *keys, size_t key_count, closo_arena *arena,
                              void **data, closo_error *error)
{
    closo_status status = CLOSO_OK;
    yaml_job job = {.arena = arena, .text = {text->bytes, text->size}};
    cyaml_config_t config = {
        .log_fn = listen,
        .log_ctx = &job,
        .mem_fn = allocate,
        .mem_ctx = &job,
        .log_level = CYAML_LOG_ERROR,
        .flags = CYAML_CFG_NO_ALIAS,
    };
    cyaml_data_t *loaded = NULL;
    cyaml_err_t code =
        cyaml_load_data((const uint8_t *)text->bytes, text->size, &config, schema, &loaded, NULL);
    if (code == CYAML_OK && loaded == NULL)
        status =
            closo_fail(error, CLOSO_FORMAT, "it is empty, or has comments only; has it been saved");
    else if (code != CYAML_OK)
        status = explain(&job, code, keys, key_count, error);
    if (status != CLOSO_OK)
        return closo_error_in_file(error, status, text->name);
    *data = loaded;
    return CLOSO_OK;
}

closo_status closo_yaml_load(const char *path, const struct cyaml_schema_value *schema,
                             const char *const *keys, size_t key_count, closo_arena *arena,
                             void **data, closo_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    closo_status status = closo_file_read(path, YAML_BYTES_MAX, arena, &bytes, &size, error);
    if (status != CLOSO_OK)
        return status;
    const closo_yaml_text text = {path, (const char *)bytes, size};
    return closo_yaml_parse(&text, schema, keys, key_count, arena, data, error);
}
