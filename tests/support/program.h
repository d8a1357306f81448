/* SPDX-License-Identifier: BSD-3-Clause */
/* program.h: the program closo as a person or a script meets it. Include support.h first. */
#ifndef CLOSO_TEST_PROGRAM_H
#define CLOSO_TEST_PROGRAM_H

#include "closo/base.h"

#include <jansson.h>

/* How the program ended, and what stood on its two streams; texts live in program_arena. */
typedef struct outcome {
    int status;
    char *output, *complaints;
} outcome;

/* From program_set_up() to program_tear_down(), which serve as those of a group of tests. */
extern closo_arena *program_arena;
int program_set_up(void **state);
int program_tear_down(void **state);

/* Runs "closo WORDS" in the source folder, words as a shell has them. */
outcome closo(const char *words);
/* The same of printf's words. */
outcome closo_with(const char *format, ...) CLOSO_PRINTF(1, 2);

/* What a program that ended well wrote as JSON; the caller gives it back. Fails the test otherwise. */
json_t *json_of(outcome got);
/* A number of an object; fails the test when there is none. */
double number(const json_t *object, const char *key);

/* A whole file as text, in program_arena. */
char *read_text(const char *path);

#endif
