/* SPDX-License-Identifier: BSD-3-Clause */
/* json.c: the few things every room says in JSON, over jansson. */
#include "base_internal.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 12 digits: more than any instrument has, and no 0.10000000000000001. */
enum { SIGNIFICANT_DIGITS = 12 };

bool closo_json_number(json_t *object, const char *key, double value)
{
    return object != NULL &&
           json_object_set_new(object, key, isfinite(value) ? json_real(value) : json_null()) == 0;
}

bool closo_json_integer(json_t *object, const char *key, int64_t value)
{
    return object != NULL && json_object_set_new(object, key, json_integer(value)) == 0;
}

bool closo_json_text(json_t *object, const char *key, const char *text)
{
    return object != NULL &&
           json_object_set_new(object, key, text != NULL ? json_string(text) : json_null()) == 0;
}

bool closo_json_value(json_t *object, const char *key, closo_value value)
{
    char sigma_key[128];
    snprintf(sigma_key, sizeof sigma_key, "%s_sigma", key);
    return closo_json_number(object, key, value.value) &&
           closo_json_number(object, sigma_key, value.sigma);
}

bool closo_json_notes(json_t *object, const char *key, const closo_notes *notes)
{
    json_t *list = json_array();
    bool fine = object != NULL && list != NULL;
    for (size_t i = 0; i < notes->count && fine; i++)
        fine = json_array_append_new(list, json_string(notes->texts[i])) == 0;
    if (fine && notes->dropped != 0) {
        char text[64];
        snprintf(text, sizeof text, "and %zu further notes", notes->dropped);
        fine = json_array_append_new(list, json_string(text)) == 0;
    }
    if (!fine) {
        json_decref(list);
        return false;
    }
    return json_object_set_new(object, key, list) == 0;
}

char *closo_json_finish(json_t *object, closo_arena *arena)
{
    if (object == NULL)
        return NULL;
    char *dumped = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(SIGNIFICANT_DIGITS));
    json_decref(object);
    if (dumped == NULL)
        return NULL;
    char *text = closo_arena_printf(arena, "%s\n", dumped);
    free(dumped);
    return text;
}
