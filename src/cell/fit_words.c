/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_words.c: what is varied, in words: "Na3(VOPO4)2F.diffusivity 1e-16 to 1e-14 m2/s". */
#include "fit_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 400, HALVINGS = 14, PATHS_MAX = 512 };

typedef struct reader {
    closo_cell_description *description;
    closo_fit_parameter *made;
    closo_arena *arena;
    closo_error *error;
} reader;

/* ---- the path ---- */

static bool ends_in(const char *path, const char *tail)
{
    size_t length = strlen(path), of_tail = strlen(tail);
    return of_tail > 0 && of_tail < length && path[length - of_tail - 1] == '.' &&
           strcmp(path + length - of_tail, tail) == 0;
}

/* The place of a path in full or of its end; *matches tells how many places end so. Those with a number come first. */
static const fit_place *find_place(const closo_cell_description *description, const char *text,
                                   size_t *matches)
{
    const fit_place *found = fit_place_find(description, text);
    *matches = found != NULL;
    for (int with_number = 1; with_number >= 0 && *matches == 0; with_number--)
        for (size_t i = 0; i < description->place_count; i++) {
            const fit_place *place = &description->places[i];
            if ((*place->text != NULL) == (with_number == 1) && ends_in(place->path, text)) {
                found = place;
                ++*matches;
            }
        }
    return *matches == 1 ? found : NULL;
}

static closo_status several(const reader *read, const char *text)
{
    const char *first = NULL, *second = NULL;
    bool any = false; /* has a number */
    for (size_t i = 0; i < read->description->place_count; i++)
        any = any || (*read->description->places[i].text != NULL &&
                      ends_in(read->description->places[i].path, text));
    for (size_t i = 0; i < read->description->place_count; i++)
        if ((*read->description->places[i].text != NULL || !any) &&
            ends_in(read->description->places[i].path, text)) {
            second = first != NULL && second == NULL ? read->description->places[i].path : second;
            first = first == NULL ? read->description->places[i].path : first;
        }
    return closo_fail(read->error, CLOSO_ARGUMENT,
                      "'%.80s' is the end of several paths; write '%.100s' or '%.100s' in full",
                      text, first, second);
}

/* The path whose last key is nearest to that of the text: of the same material, if there is one. */
static const char *nearest_by_end(const char *text, const char *const *paths, size_t count)
{
    const char *ends[PATHS_MAX] = {NULL}, *dot = strrchr(text, '.'), *found = NULL;
    for (size_t k = 0; k < count; k++) {
        const char *last = strrchr(paths[k], '.');
        ends[k] = last != NULL ? last + 1 : paths[k];
    }
    const char *end = closo_text_nearest(dot != NULL ? dot + 1 : text, ends, count);
    size_t before = dot != NULL ? (size_t)(dot - text) + 1 : 0;
    for (size_t k = 0; k < count && end != NULL; k++)
        if (strcmp(ends[k], end) == 0 &&
            (found == NULL || (before > 0 && strncmp(paths[k], text, before) == 0)))
            found = paths[k];
    return found;
}

static closo_status unknown(const reader *read, const char *text)
{
    const char *paths[PATHS_MAX] = {NULL}, *nearest = NULL;
    size_t count = 0;
    for (size_t i = 0; i < read->description->place_count && count < PATHS_MAX; i++)
        paths[count++] = read->description->places[i].path;
    nearest = closo_text_nearest(text, paths, count);
    if (nearest == NULL)
        nearest = nearest_by_end(text, paths, count);
    if (nearest != NULL)
        return closo_fail(read->error, CLOSO_ARGUMENT,
                          "the cell has no number '%.100s'; did you mean '%.100s'", text, nearest);
    return closo_fail(read->error, CLOSO_ARGUMENT,
                      "the cell has no number '%.100s'; 'closo fit CELL.yaml --list' shows those "
                      "it has",
                      text);
}

/* The longest beginning of the words that is a path; *rest is what stands behind it. */
static closo_status take_path(const reader *read, char *words, const fit_place **place,
                              const char **rest)
{
    size_t matches = 0;
    for (size_t length = strlen(words); length > 0; length--) {
        char ahead = words[length];
        if (ahead != '\0' && ahead != ' ' && ahead != ',')
            continue;
        words[length] = '\0';
        *place = find_place(read->description, words, &matches);
        if (matches > 1)
            return several(read, words);
        if (*place != NULL) {
            *rest = ahead == '\0' ? words + length : words + length + 1;
            return CLOSO_OK;
        }
        words[length] = ahead;
    }
    /* what was meant to be the path: up to the first number or 'from' behind a space */
    for (size_t i = 1; words[i] != '\0'; i++)
        if (words[i - 1] == ' ' &&
            (strncmp(words + i, "from ", 5) == 0 || strchr("0123456789+-.", words[i]) != NULL)) {
            words[i - 1] = '\0';
            break;
        }
    return unknown(read, words);
}

/* ---- numbers ---- */

/* A quantity in SI; a bare number takes the unit of the other words. */
static closo_status take_quantity(const reader *read, closo_span span, closo_span other, double *si)
{
    closo_fit_parameter *made = read->made;
    char text[WORDS_MAX], spare[WORDS_MAX];
    double number, ignored;
    const char *unit_text, *other_unit = NULL;
    closo_unit unit;
    snprintf(text, sizeof text, "%.*s", (int)span.length, span.start);
    snprintf(spare, sizeof spare, "%.*s", (int)other.length, other.start);
    if (!fit_quantity_split(text, &number, &unit_text, &unit))
        return closo_fail(read->error, CLOSO_ARGUMENT,
                          "'%.60s' is no quantity; write for example '%s 1 to 2 %s'", text,
                          made->path, made->unit);
    if (unit_text[0] == '\0' && fit_quantity_split(spare, &ignored, &other_unit, &unit))
        unit_text = other_unit;
    if (unit_text[0] == '\0' && !closo_unit_matches(&unit, &made->in))
        unit = made->in;
    if (!closo_unit_matches(&unit, &made->in))
        return closo_fail(
            read->error, CLOSO_ARGUMENT,
            "'%.60s%s%.40s' measures something else than %s, which the cell has in %s", text,
            unit_text == other_unit ? " " : "", unit_text == other_unit ? unit_text : "",
            made->path, made->unit[0] != '\0' ? made->unit : "pure numbers");
    *si = unit.factor * number + unit.offset;
    return CLOSO_OK;
}

static closo_status take_bounds(const reader *read, closo_span words)
{
    closo_fit_parameter *made = read->made;
    closo_span none = {words.start, 0}, low = none, high = none;
    for (size_t i = 1; i + 2 < words.length && high.length == 0; i++) {
        size_t skip = strncmp(words.start + i, " to ", 4) == 0 ? 4
                      : strncmp(words.start + i, "..", 2) == 0 ? 2
                                                               : 0;
        if (skip == 0 || i + skip >= words.length)
            continue;
        low = closo_span_trim((closo_span){words.start, i});
        high = closo_span_trim((closo_span){words.start + i + skip, words.length - i - skip});
    }
    if (high.length == 0)
        return closo_fail(read->error, CLOSO_ARGUMENT,
                          "'%.*s' behind %s is not understood; write bounds as '1 to 2 %s'",
                          (int)(words.length < 80 ? words.length : 80), words.start, made->path,
                          made->unit);
    made->bounds_given = true;
    closo_status status = take_quantity(read, low, high, &made->low);
    return status == CLOSO_OK ? take_quantity(read, high, low, &made->high) : status;
}

/* ---- bounds nobody gave ---- */

static bool measures(const closo_fit_parameter *made, const char *unit_text)
{
    closo_unit unit;
    return closo_unit_parse(unit_text, &unit, NULL) == CLOSO_OK &&
           closo_unit_matches(&unit, &made->in);
}

static void guess_bounds(closo_fit_parameter *made)
{
    double start = made->start, wide = fabs(start);
    if (measures(made, "V")) {
        made->low = start - 0.3;
        made->high = start + 0.3;
    } else if (measures(made, "K")) {
        made->low = start - 20;
        made->high = start + 20;
    } else if (measures(made, "1")) {
        made->low = start - wide / 2;
        made->high = start <= 1 ? fmin(1, 2 * start) : 2 * start;
        if (made->high - start < 1e-9 * wide) /* a share of 100 % */
            made->high = start;
    } else if (measures(made, "J/mol") || measures(made, "J")) {
        made->low = start / 2;
        made->high = 2 * start;
    } else {
        made->low = start / 100;
        made->high = 100 * start;
    }
}

/* Whether the cell can be made with this value; error says why not. */
static bool is_accepted(const reader *read, double value, closo_error *error)
{
    closo_arena *scratch = closo_arena_new(0);
    closo_cell_file *file;
    bool fine =
        scratch != NULL && closo_cell_description_build(read->description, read->made, &value, 1,
                                                        scratch, &file, error) == CLOSO_OK;
    closo_arena_free(scratch);
    return fine;
}

/* Towards the start until the cell accepts it. */
static double draw_in(const reader *read, double bound)
{
    const closo_fit_parameter *made = read->made;
    double inside = made->start, outside = bound;
    if (is_accepted(read, bound, NULL))
        return bound;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = made->logarithmic ? sqrt(inside * outside) : (inside + outside) / 2;
        *(is_accepted(read, middle, NULL) ? &inside : &outside) = middle;
    }
    return inside;
}

static closo_status check_bounds(const reader *read)
{
    closo_fit_parameter *made = read->made;
    if (!made->bounds_given && made->start == 0)
        return closo_fail(read->error, CLOSO_ARGUMENT,
                          "%s is 0, so that its range has to be told; write '%s 0 to 1 %s'",
                          made->path, made->path, made->unit);
    if (!made->bounds_given) {
        made->low = draw_in(read, made->low);
        made->high = draw_in(read, made->high);
    }
    if (!(made->low < made->high))
        return closo_fail(read->error, CLOSO_ARGUMENT,
                          "the bounds of %s leave no room: the lower one has to be below the upper "
                          "one",
                          made->path);
    if (!(made->start >= made->low && made->start <= made->high)) {
        char *words = fit_quantity_words(made->start, made->unit, &made->in, read->arena);
        return closo_fail(read->error, CLOSO_ARGUMENT,
                          "%s starts at %s, which is not within its bounds; widen them or give "
                          "another start: '%s from ..., ... to ...'",
                          made->path, words != NULL ? words : "a value", made->path);
    }
    if (made->logarithmic && !(made->low > 0))
        return closo_fail(read->error, CLOSO_ARGUMENT,
                          "%s cannot be varied by its logarithm down to 0 or below; raise the "
                          "lower bound or write 'linear' behind it",
                          made->path);
    const double ends[] = {made->low, made->high, made->start};
    static const char *const names[] = {"the lower bound", "the upper bound", "the start"};
    for (size_t i = 0; i < 3; i++) {
        closo_error reason = {0};
        if (!is_accepted(read, ends[i], &reason))
            return closo_fail(read->error, CLOSO_ARGUMENT, "%s of %s: %s", names[i], made->path,
                              reason.message);
    }
    return CLOSO_OK;
}

/* ---- the whole ---- */

/* Takes a word off the end. */
static bool take_last(closo_span *words, const char *word)
{
    size_t length = strlen(word);
    if (words->length < length ||
        strncmp(words->start + words->length - length, word, length) != 0 ||
        (words->length > length && words->start[words->length - length - 1] != ' '))
        return false;
    *words = closo_span_trim((closo_span){words->start, words->length - length});
    return true;
}

/* "from START" up to a comma. */
static closo_status take_start(const reader *read, closo_span *rest)
{
    closo_span start = {rest->start + 5, rest->length - 5};
    const char *comma = memchr(start.start, ',', start.length);
    size_t length = comma != NULL ? (size_t)(comma - start.start) : start.length;
    *rest = comma != NULL ? closo_span_trim((closo_span){comma + 1, start.length - length - 1})
                          : (closo_span){start.start, 0};
    start = closo_span_trim((closo_span){start.start, length});
    return take_quantity(read, start, start, &read->made->start);
}

/* The unit: of the number in the description, or of the start where it has none. */
static closo_status take_unit(const reader *read, const fit_place *place, closo_span rest)
{
    closo_fit_parameter *made = read->made;
    char text[WORDS_MAX];
    double number;
    const char *unit_text;
    const char *words = *place->text;
    if (words == NULL && closo_span_starts(rest, "from ")) {
        const char *comma = memchr(rest.start, ',', rest.length);
        snprintf(text, sizeof text, "%.*s",
                 (int)(comma != NULL ? (size_t)(comma - rest.start) - 5 : rest.length - 5),
                 rest.start + 5);
        words = text;
    }
    if (words == NULL)
        return closo_fail(read->error, CLOSO_ARGUMENT,
                          "the description does not give %s; say where it starts: '%s from 1 UNIT, "
                          "0 to 2 UNIT'",
                          made->path, made->path);
    if (!fit_quantity_split(words, &number, &unit_text, &made->in))
        return closo_fail(read->error, CLOSO_ARGUMENT,
                          "'%.60s' is no quantity; %s cannot be varied", words, made->path);
    made->start = made->in.factor * number + made->in.offset;
    made->unit = closo_arena_text(read->arena, unit_text);
    return made->unit != NULL ? CLOSO_OK : closo_fail_nomem(read->error);
}

closo_status closo_fit_parameter_parse(closo_cell_description *description, const char *words,
                                       closo_arena *arena, closo_fit_parameter *parameter,
                                       closo_error *error)
{
    reader read = {description, parameter, arena, error};
    char text[WORDS_MAX];
    const fit_place *place = NULL;
    const char *behind = NULL;
    closo_span all = closo_span_trim(closo_span_of(words));
    *parameter = (closo_fit_parameter){0};
    if (all.length == 0 || all.length >= sizeof text)
        return closo_fail(error, CLOSO_ARGUMENT,
                          "there are no words for a parameter; write its path, such as "
                          "'counter_electrode.resistance 1 to 100 ohm cm2'");
    snprintf(text, sizeof text, "%.*s", (int)all.length, all.start);
    closo_status status = take_path(&read, text, &place, &behind);
    if (status != CLOSO_OK || place == NULL)
        return status;
    parameter->path = place->path;
    closo_span rest = closo_span_trim(closo_span_of(behind));
    status = take_unit(&read, place, rest);
    bool linear = take_last(&rest, "linear");
    bool logarithmic = !linear && (take_last(&rest, "logarithmic") || take_last(&rest, "log"));
    if (status == CLOSO_OK && closo_span_starts(rest, "from "))
        status = take_start(&read, &rest);
    if (status != CLOSO_OK)
        return status;
    guess_bounds(parameter);
    if (rest.length != 0)
        status = take_bounds(&read, rest);
    bool by_factor = !measures(parameter, "V") && !measures(parameter, "K") &&
                     !measures(parameter, "1") && !measures(parameter, "J") &&
                     !measures(parameter, "J/mol") && parameter->low > 0;
    parameter->logarithmic = logarithmic || (by_factor && !linear);
    return status == CLOSO_OK ? check_bounds(&read) : status;
}

/* The line behind the key 'fit' on which words stand; 0 when they are spread over lines. */
static size_t line_of_words(const closo_yaml_text *text, const char *words)
{
    closo_span rest = {text->bytes, text->size}, line;
    bool behind = false;
    for (size_t number = 1; closo_span_line(&rest, &line); number++) {
        behind = behind || closo_span_starts(line, "fit:");
        if (behind && closo_span_contains(line, words))
            return number;
    }
    return 0;
}

closo_status closo_fit_parameters_of(closo_cell_description *description, closo_arena *arena,
                                     closo_fit_parameter **parameters, size_t *count,
                                     closo_error *error)
{
    const closo_cell_yaml *yaml = description->load.yaml;
    closo_status status = CLOSO_OK;
    *count = 0;
    *parameters = closo_arena_alloc(arena, yaml->fit_count + 1, sizeof **parameters);
    if (*parameters == NULL)
        return closo_fail_nomem(error);
    for (unsigned i = 0; i < yaml->fit_count && status == CLOSO_OK; i++) {
        status = closo_fit_parameter_parse(description, yaml->fit[i], arena,
                                           &(*parameters)[(*count)++], error);
        if (status != CLOSO_OK && status != CLOSO_NOMEM && error != NULL)
            error->line = (int64_t)line_of_words(&description->load.text, yaml->fit[i]);
    }
    return status;
}
