/* SPDX-License-Identifier: BSD-3-Clause */
/* study_expect.c: what a paper says beside what came out. */
#include "study_internal.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static closo_status not_expected(const char *text, closo_error *error)
{
    return closo_fail(
        error, CLOSO_FORMAT,
        "'%.60s' is no expectation; write a number, '> 2.14', '< 80' or '700 to 1300'", text);
}

closo_status closo_study_take_expected(const char *text, double *low, double *high,
                                       closo_error *error)
{
    char *end;
    bool more = text[0] == '>', less = text[0] == '<';
    double first = strtod(text + (more || less ? 1 : 0), &end), second = first;
    if (end == text + (more || less ? 1 : 0) || !isfinite(first))
        return not_expected(text, error);
    if (strncmp(end, " to ", 4) == 0 && !more && !less) {
        char *from = end + 4;
        second = strtod(from, &end);
        if (end == from || !isfinite(second) || second < first)
            return not_expected(text, error);
    }
    if (end[strspn(end, " \t")] != '\0')
        return not_expected(text, error);
    *low = less ? (double)-INFINITY : first;
    *high = more ? (double)INFINITY : second;
    return CLOSO_OK;
}

/* The member of a list by "[3]", from its end by "[-1]", or by what one of its texts says: "[name=R2]". */
static const json_t *member(const json_t *list, const char *words, size_t length)
{
    char *end;
    long index = strtol(words, &end, 10), count = (long)json_array_size(list);
    if (end == words + length)
        return index < -count ? NULL
                              : json_array_get(list, (size_t)(index < 0 ? count + index : index));
    size_t key_length = strcspn(words, "=");
    for (size_t i = 0; i < json_array_size(list) && key_length < length; i++) {
        const json_t *entry = json_array_get(list, i);
        const char *text = json_string_value(json_object_getn(entry, words, key_length));
        size_t wanted = length - key_length - 1;
        if (text != NULL && strlen(text) == wanted &&
            strncmp(text, words + key_length + 1, wanted) == 0)
            return entry;
    }
    return NULL;
}

/* The value under a path such as "summary.retention[1].capacity", and the object it stands in; NULL: there is none. */
static const json_t *follow(const json_t *value, const char *path, const json_t **holder,
                            const char **last_key)
{
    while (value != NULL && *path != '\0') {
        *holder = value;
        if (*path == '[') {
            size_t length = strcspn(path, "]");
            value = path[length] == ']' ? member(value, path + 1, length - 1) : NULL;
            path += length + (path[length] == ']' ? 1 : 0);
            continue;
        }
        path += *path == '.' ? 1 : 0;
        size_t length = strcspn(path, ".[");
        *last_key = path;
        value = json_object_getn(value, path, length);
        path += length;
    }
    return value;
}

static void look_up(const closo_study_result *result, closo_study_expectation *expected)
{
    json_t *all = json_loads(result->json, 0, NULL);
    const json_t *holder = NULL;
    const char *key = NULL;
    const json_t *found = follow(all, expected->number, &holder, &key);
    if (json_is_number(found)) {
        expected->found.value = expected->times * json_number_value(found);
        char sigma_key[128];
        snprintf(sigma_key, sizeof sigma_key, "%.100s_sigma", key != NULL ? key : "");
        const json_t *sigma = json_object_get(holder, sigma_key);
        if (sigma == NULL && key != NULL && strcmp(key, "value") == 0)
            sigma = json_object_get(holder, "sigma");
        expected->found.sigma =
            json_is_number(sigma) ? fabs(expected->times) * json_number_value(sigma) : (double)NAN;
    }
    json_decref(all);
}

static void judge(closo_study_expectation *expected)
{
    double found = expected->found.value;
    bool exact = !(expected->low < expected->high);
    double off = found < expected->low    ? found - expected->low
                 : found > expected->high ? found - expected->high
                                          : 0;
    expected->deviation = off;
    expected->judged = !exact || expected->within > 0;
    expected->met = expected->judged && isfinite(found) &&
                    fabs(off) <= (expected->within > 0 ? expected->within : 0);
}

void closo_study_expect(closo_study *study)
{
    for (size_t e = 0; e < study->expectation_count; e++) {
        closo_study_expectation *expected = &study->expectations[e];
        const double nothing = NAN;
        expected->found = (closo_value){nothing, nothing};
        for (size_t r = 0; r < study->result_count && isnan(expected->found.value); r++) {
            const closo_study_result *result = &study->results[r];
            const closo_study_task *task = &study->tasks[result->task];
            bool of_file = !result->together && result->file == expected->file;
            for (size_t f = 0; f < task->file_count && result->together; f++)
                of_file = of_file || task->files[f] == expected->file;
            if (of_file && task->analysis == expected->analysis && result->json != NULL)
                look_up(result, expected);
        }
        judge(expected);
    }
}
