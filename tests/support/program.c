/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
/* clang-format off */
#include "support.h"
#include "program.h"
/* clang-format on */

#include "base/base_internal.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

closo_arena *program_arena;
static char output_path[1024], complaints_path[1024];

int program_set_up(void **state)
{
    (void)state;
    program_arena = closo_arena_new(0);
    snprintf(output_path, sizeof output_path, "%s", temporary_path("out"));
    snprintf(complaints_path, sizeof complaints_path, "%s", temporary_path("err"));
    return program_arena == NULL;
}

int program_tear_down(void **state)
{
    (void)state;
    unlink(output_path);
    unlink(complaints_path);
    closo_arena_free(program_arena);
    return 0;
}

char *read_text(const char *path)
{
    unsigned char *data;
    size_t size;
    assert_int_equal(closo_file_read(path, SIZE_MAX, program_arena, &data, &size, NULL), CLOSO_OK);
    return (char *)data;
}

outcome closo(const char *words)
{
    char command[8192];
    snprintf(command, sizeof command, "cd '%s' && '%s/closo' %s >'%s' 2>'%s' </dev/null",
             CLOSO_SOURCE_DIR, CLOSO_BINARY_DIR, words, output_path, complaints_path);
    int status = system(command);
    assert_true(WIFEXITED(status));
    return (outcome){WEXITSTATUS(status), read_text(output_path), read_text(complaints_path)};
}

outcome closo_with(const char *format, ...)
{
    char words[4096];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(words, sizeof words, format, list);
    va_end(list);
    assert_true(length >= 0 && (size_t)length < sizeof words);
    return closo(words);
}

json_t *json_of(outcome got)
{
    if (got.status != 0)
        fail_msg("%s", got.complaints);
    json_t *all = json_loads(got.output, 0, NULL);
    assert_non_null(all);
    return all;
}

double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_number(value))
        fail_msg("no number '%s'", key);
    return json_number_value(value);
}
