/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_write.c: the description with the fitted numbers in their places. The text is changed and nothing else of it, so that
 * comments stay; before it is written it is read again and has to give the fitted numbers. */
#include "fit_internal.h"

#include "cycling/merit_yaml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The text that is being changed. */
typedef struct editor {
    const closo_cell_description *description;
    char *text;
    const char *fitted; /* "to FILE, FILE" */
    closo_arena *arena;
    bool failed; /* no memory */
} editor;

/* Puts words in the place of length bytes. */
static void replace(editor *edit, size_t at, size_t length, const char *words)
{
    char *made = closo_arena_printf(edit->arena, "%.*s%s%s", (int)at, edit->text, words,
                                    edit->text + at + length);
    edit->failed = edit->failed || made == NULL;
    edit->text = made != NULL ? made : edit->text;
}

static size_t line_start(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(const char *text, size_t at)
{
    return at + strcspn(text + at, "\n");
}

static size_t indent_of(const char *text, size_t at)
{
    return strspn(text + line_start(text, at), " ");
}

/* Where "key:" stands from there on, as a key and in no comment; SIZE_MAX when nowhere. */
static size_t find_key(const char *text, size_t from, const char *key)
{
    char wanted[80];
    snprintf(wanted, sizeof wanted, "%s:", key);
    for (const char *at = strstr(text + from, wanted); at != NULL; at = strstr(at + 1, wanted)) {
        size_t here = (size_t)(at - text), start = line_start(text, here);
        const char *comment = memchr(text + start, '#', here - start);
        if ((here == 0 || strchr(" \n{,-", text[here - 1]) != NULL) && comment == NULL)
            return here;
    }
    return SIZE_MAX;
}

/* The line with "name: NAME", quoted or not; SIZE_MAX when there is none. */
static size_t find_name(const char *text, size_t from, const char *name)
{
    for (size_t at = find_key(text, from, "name"); at != SIZE_MAX;
         at = find_key(text, at + 1, "name")) {
        const char *value = text + at + 5;
        value += strspn(value, " \"'");
        size_t length = strlen(name);
        if (strncmp(value, name, length) == 0 && strchr("\"' ,}\n", value[length]) != NULL)
            return at;
    }
    return SIZE_MAX;
}

/* ---- materials that are built in ---- */

/* The entry of a list that has the name at `at`: from its dash to the next line that is indented no more. */
static char *entry_text(const char *text, size_t at, closo_arena *arena)
{
    size_t start = line_start(text, at), indent = indent_of(text, at), end = line_end(text, at);
    while (text[end] != '\0') {
        size_t next = end + 1, own = indent_of(text, next);
        bool blank = text[next + own] == '\n' || text[next + own] == '\0';
        if (!blank && own <= indent)
            break;
        if (text[next] == '\0')
            break;
        end = line_end(text, next);
    }
    return closo_arena_printf(arena, "%.*s\n", (int)(end - start), text + start);
}

/* Copies a material of data/materials into the description under the list it belongs to. */
static void copy_material(editor *edit, const closo_yaml_text *from, const char *material)
{
    static const char *const lists[] = {"active_materials", "electrolytes", "carbons", "metals"};
    size_t at = find_name(from->bytes, 0, material);
    const char *list = NULL;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (find_key(from->bytes, 0, lists[i]) < at)
            list = lists[i];
    char *entry = at != SIZE_MAX ? entry_text(from->bytes, at, edit->arena) : NULL;
    if (entry == NULL || list == NULL) {
        edit->failed = edit->failed || (at != SIZE_MAX && list != NULL);
        return;
    }
    size_t own = find_key(edit->text, 0, "materials");
    size_t there = own != SIZE_MAX ? find_key(edit->text, own, list) : SIZE_MAX;
    size_t length = strlen(edit->text);
    const char *break_line = length > 0 && edit->text[length - 1] != '\n' ? "\n" : "";
    char *words = there != SIZE_MAX
                      ? closo_arena_printf(edit->arena, "\n%.*s", (int)(strlen(entry) - 1), entry)
                  : own != SIZE_MAX ? closo_arena_printf(edit->arena, "\n  %s:\n%.*s", list,
                                                         (int)(strlen(entry) - 1), entry)
                                    : closo_arena_printf(edit->arena, "%smaterials:\n  %s:\n%s",
                                                         break_line, list, entry);
    if (words == NULL) {
        edit->failed = true;
        return;
    }
    size_t place = there != SIZE_MAX ? line_end(edit->text, there)
                   : own != SIZE_MAX ? line_end(edit->text, own)
                                     : length;
    replace(edit, place, 0, words);
}

/* ---- one number ---- */

/* The words of a number, rounded to six digits. */
static char *rounded_words(const closo_fit_result_parameter *made, closo_arena *arena)
{
    const closo_fit_parameter *parameter = &made->parameter;
    char digits[40];
    double value = (made->value.value - parameter->in.offset) / parameter->in.factor;
    size_t length = closo_number_print_e(value, 5, digits, sizeof digits);
    if (closo_number_parse((closo_span){digits, length}, '.', &value))
        closo_number_print(value, digits, sizeof digits);
    return closo_arena_printf(arena, "%s%s%s", digits, parameter->unit[0] != '\0' ? " " : "",
                              parameter->unit);
}

/* 'source: ...' behind a number becomes 'fitted: to FILE', to the end of the text, which may go on in further lines. */
static void mark_fitted(editor *edit, size_t from)
{
    static const char *const words[] = {"source", "fitted", "assumed"};
    size_t at = SIZE_MAX;
    const char *old = "";
    for (size_t i = 0; i < 3; i++) {
        size_t found = find_key(edit->text, from, words[i]);
        old = found < at ? words[i] : old;
        at = found < at ? found : at;
    }
    if (at == SIZE_MAX)
        return;
    const char *text = edit->text;
    size_t start = line_start(text, at), value = at + strlen(old) + 1, end;
    value += strspn(text + value, " ");
    if (text[value] == '"' || text[value] == '\'') { /* to the closing quote */
        end = value + 1;
        while (text[end] != '\0' && text[end] != text[value])
            end++;
        end += text[end] != '\0';
    } else if (memchr(text + start, '{', at - start) != NULL) {
        end = value + strcspn(text + value, "}\n");
    } else {
        size_t indent = at - start;
        end = line_end(text, at);
        while (text[end] != '\0' && indent_of(text, end + 1) > indent)
            end = line_end(text, end + 1);
    }
    char *marked = closo_arena_printf(edit->arena, "fitted: \"%s\"", edit->fitted);
    if (marked == NULL)
        edit->failed = true;
    else
        replace(edit, at, end - at, marked);
}

/* Where the number of a material stands; the material is copied into the description when it is not there. */
static size_t find_material_number(editor *edit, const fit_place *place)
{
    size_t at = find_key(edit->text, 0, "materials");
    if (at == SIZE_MAX || find_name(edit->text, at, place->holder) == SIZE_MAX)
        for (size_t f = 1; f < edit->description->load.material_count; f++)
            if (find_name(edit->description->load.materials[f].text.bytes, 0, place->holder) !=
                SIZE_MAX) {
                copy_material(edit, &edit->description->load.materials[f].text, place->holder);
                break;
            }
    at = find_key(edit->text, 0, "materials");
    if (at != SIZE_MAX)
        at = find_name(edit->text, at, place->holder);
    if (at != SIZE_MAX && strcmp(place->holder, place->material) != 0)
        at = find_name(edit->text, at, place->material);
    closo_span rest = closo_span_of(place->keys), key;
    while (at != SIZE_MAX && closo_span_field(&rest, '.', &key)) {
        char text[80];
        snprintf(text, sizeof text, "%.*s", (int)key.length, key.start);
        if (strspn(text, "0123456789") != key.length) /* the number of an entry is no key */
            at = find_key(edit->text, at, text);
    }
    return at;
}

/* Where a line of the description begins, counted from 1. */
static size_t place_of_line(const char *text, size_t line)
{
    size_t at = 0;
    for (; line > 1; line--)
        at = line_end(text, at) + 1;
    return at;
}

/* A path of the description in section, entry and key, as closo_merit_line() wants them. */
typedef struct own_place {
    char section[80];
    size_t index; /* SIZE_MAX: the section is no list */
    const char *key;
} own_place;

static own_place split_path(const editor *edit, const char *path)
{
    static const char parts[] = "working_electrode.parts.";
    const closo_working_yaml *working = edit->description->load.yaml->working_electrode;
    const char *dot = strrchr(path, '.');
    own_place made = {"", SIZE_MAX, dot != NULL ? dot + 1 : path};
    if (strncmp(path, parts, sizeof parts - 1) != 0) {
        if (dot != NULL)
            snprintf(made.section, sizeof made.section, "%.*s", (int)(dot - path), path);
        return made;
    }
    snprintf(made.section, sizeof made.section, "parts");
    for (unsigned i = 0; i < working->parts_count; i++) {
        size_t length = strlen(working->parts[i].role);
        if (strncmp(path + sizeof parts - 1, working->parts[i].role, length) == 0 &&
            path[sizeof parts - 1 + length] == '.')
            made.index = i;
    }
    return made;
}

static size_t find_own_number(const editor *edit, const char *path)
{
    const closo_yaml_text text = {"", edit->text, strlen(edit->text)};
    const own_place place = split_path(edit, path);
    size_t line = closo_merit_line(&text, place.section, place.index, place.key);
    return line != 0 ? find_key(edit->text, place_of_line(edit->text, line), place.key) : SIZE_MAX;
}

/* At the end of the line: a comment, or more of the one that is there. */
static void add_comment(editor *edit, size_t at)
{
    size_t start = line_start(edit->text, at), end = line_end(edit->text, at);
    bool comment = memchr(edit->text + start, '#', end - start) != NULL;
    const char *said = strstr(edit->text + start, edit->fitted);
    if (comment && said != NULL && said < edit->text + end)
        return; /* of another number on this line */
    char *words =
        closo_arena_printf(edit->arena, "%s fitted: %s", comment ? ";" : "   #", edit->fitted);
    if (words == NULL)
        edit->failed = true;
    else
        replace(edit, end, 0, words);
}

/* A number that the description does not have yet: a key more in its section, on a line of its own or within {}. */
static bool add_number(editor *edit, const char *path, const char *words)
{
    const closo_yaml_text text = {"", edit->text, strlen(edit->text)};
    const own_place place = split_path(edit, path);
    size_t length = text.size;
    if (place.section[0] == '\0') {
        const char *before = length > 0 && edit->text[length - 1] != '\n' ? "\n" : "";
        char *line = closo_arena_printf(edit->arena, "%s%s: %s   # fitted: %s\n", before, path,
                                        words, edit->fitted);
        replace(edit, length, 0, line != NULL ? line : "");
        return line != NULL;
    }
    bool entry = place.index != SIZE_MAX;
    size_t number = entry ? closo_merit_line(&text, place.section, place.index, "role")
                          : closo_merit_line(&text, "", SIZE_MAX, place.section);
    if (number == 0)
        return false;
    size_t start = place_of_line(edit->text, number), end = line_end(edit->text, start);
    size_t brace = end;
    while (brace > start && edit->text[brace] != '}')
        brace--;
    bool inside = brace > start;
    size_t column = entry ? (size_t)(strstr(edit->text + start, "role") - (edit->text + start))
                          : indent_of(edit->text, end + (edit->text[end] != '\0'));
    char *line = inside ? closo_arena_printf(edit->arena, ", %s: %s", place.key, words)
                        : closo_arena_printf(edit->arena, "\n%*s%s: %s   # fitted: %s", (int)column,
                                             "", place.key, words, edit->fitted);
    if (line == NULL)
        return false;
    replace(edit, inside ? brace : end, 0, line);
    if (inside)
        add_comment(edit, start);
    return true;
}

static closo_status set_number(editor *edit, const closo_fit_result_parameter *made,
                               closo_error *error)
{
    const char *path = made->parameter.path;
    const fit_place *place = fit_place_find(edit->description, path);
    char *words = rounded_words(made, edit->arena);
    if (words == NULL)
        return closo_fail_nomem(error);
    if (place != NULL && *place->text == NULL && add_number(edit, path, words))
        return CLOSO_OK;
    size_t at = place == NULL           ? SIZE_MAX
                : place->holder != NULL ? find_material_number(edit, place)
                                        : find_own_number(edit, path);
    const char *old = place != NULL && *place->text != NULL && at != SIZE_MAX
                          ? strstr(edit->text + at, *place->text)
                          : NULL;
    if (old == NULL)
        return closo_fail(error, CLOSO_UNSUPPORTED,
                          "the place of %s in %s was not found; write '%s' there by hand", path,
                          edit->description->load.text.name, words);
    replace(edit, (size_t)(old - edit->text), strlen(*place->text), words);
    if (place->holder != NULL)
        mark_fitted(edit, at);
    else
        add_comment(edit, at);
    return CLOSO_OK;
}

/* The changed text has to make a cell with the fitted numbers. */
static closo_status check_text(const editor *edit, const closo_cell_fit *fit, closo_error *error)
{
    closo_cell_description *again;
    closo_error reason = {0};
    if (closo_cell_description_parse("the fitted description", edit->text, strlen(edit->text),
                                     edit->arena, &again, &reason) != CLOSO_OK)
        return closo_fail(error, CLOSO_UNSUPPORTED,
                          "the fitted numbers could not be put into the text of the description "
                          "(%.300s); write them there by hand",
                          reason.message);
    for (size_t k = 0; k < fit->parameter_count; k++) {
        const closo_fit_result_parameter *made = &fit->parameters[k];
        const fit_place *place = fit_place_find(again, made->parameter.path);
        double number = NAN;
        const char *unit_text;
        closo_unit unit = {0};
        bool fine = place != NULL && *place->text != NULL &&
                    fit_quantity_split(*place->text, &number, &unit_text, &unit);
        double value = unit.factor * number + unit.offset;
        double spread = fmax(fabs(made->value.value), 1e-300);
        if (!fine || !(fabs(value - made->value.value) <= 2e-5 * spread))
            return closo_fail(error, CLOSO_UNSUPPORTED,
                              "%s did not arrive in the text of the description; write it there by "
                              "hand",
                              made->parameter.path);
    }
    return CLOSO_OK;
}

closo_status closo_cell_fit_write_yaml(const closo_cell_description *description,
                                       const closo_cell_fit *fit, const char *path,
                                       closo_arena *arena, closo_error *error)
{
    editor edit = {.description = description, .arena = arena, .fitted = "to"};
    closo_status status = CLOSO_OK;
    for (size_t s = 0; s < fit->set_count; s++) {
        const char *slash = strrchr(fit->sets[s].name, '/');
        const char *name = slash != NULL ? slash + 1 : fit->sets[s].name;
        if (edit.fitted != NULL && strstr(edit.fitted, name) == NULL)
            edit.fitted = closo_arena_printf(arena, "%s%s %s", edit.fitted, s > 0 ? "," : "", name);
    }
    edit.text = closo_arena_text(arena, description->load.text.bytes);
    if (edit.text == NULL || edit.fitted == NULL)
        return closo_fail_nomem(error);
    for (size_t k = 0; k < fit->parameter_count && status == CLOSO_OK; k++)
        status = set_number(&edit, &fit->parameters[k], error);
    if (status == CLOSO_OK && edit.failed)
        status = closo_fail_nomem(error);
    if (status == CLOSO_OK)
        status = check_text(&edit, fit, error);
    return status == CLOSO_OK ? closo_file_write(path, edit.text, strlen(edit.text), arena, error)
                              : status;
}
