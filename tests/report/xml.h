/* SPDX-License-Identifier: BSD-3-Clause */
/* xml.h: asks expat whether a document is well formed, and counts what is in it. */
#ifndef CLOSO_TEST_REPORT_XML_H
#define CLOSO_TEST_REPORT_XML_H

#include <expat.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct xml_census {
    size_t elements, scripts, images, repeated_ids, id_count, number_count;
    bool is_well_formed, has_bad_number, has_event;
    double x_least, x_most, y_least, y_most; /* of the points of paths of class closo-line */
    char message[200];
    char ids[512][64];
} xml_census;

/* The numbers of an attribute are plain: digits, one point, a sign. */
static inline void xml_check_number(xml_census *census, const char *text)
{
    static const char *const words[] = {"nan", "inf", "NaN", "Inf", "e", "E"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]) != NULL)
            census->has_bad_number = true;
    census->number_count++;
}

/* Follows M, L, blank, H, V, h0 of our own paths. */
static inline void xml_follow_path(xml_census *census, const char *path)
{
    double x = 0, y = 0;
    xml_check_number(census, path);
    while (*path != '\0') {
        char command = *path;
        char *end = NULL;
        if (command == 'Z' || command == 'h') {
            path += command == 'h' ? 2 : 1;
            continue;
        }
        path++;
        const double first = strtod(path, &end);
        if (end == path) {
            census->has_bad_number = true;
            return;
        }
        path = end;
        if (command == 'H')
            x = first;
        else if (command == 'V')
            y = first;
        else {
            x = first;
            y = strtod(path, &end);
            path = end;
        }
        census->x_least = x < census->x_least ? x : census->x_least;
        census->x_most = x > census->x_most ? x : census->x_most;
        census->y_least = y < census->y_least ? y : census->y_least;
        census->y_most = y > census->y_most ? y : census->y_most;
    }
}

static inline void xml_note_id(xml_census *census, const char *id)
{
    for (size_t i = 0; i < census->id_count; i++)
        if (strcmp(census->ids[i], id) == 0)
            census->repeated_ids++;
    if (census->id_count < 512) {
        strncpy(census->ids[census->id_count], id, 63);
        census->id_count++;
    }
}

static void xml_start(void *user, const char *name, const char **attributes)
{
    xml_census *census = user;
    bool is_line = false;
    census->elements++;
    census->scripts += strcmp(name, "script") == 0;
    census->images += strcmp(name, "img") == 0;
    static const char *const numbers[] = {"x",       "y",         "x1",    "x2",
                                          "y1",      "y2",        "width", "height",
                                          "viewBox", "font-size", "dy",    "stroke-width"};
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        const char *key = attributes[i], *value = attributes[i + 1];
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            if (strcmp(key, numbers[k]) == 0)
                xml_check_number(census, value);
        if (strncmp(key, "on", 2) == 0)
            census->has_event = true;
        if (strcmp(key, "id") == 0)
            xml_note_id(census, value);
        if (strcmp(key, "class") == 0 && strcmp(value, "closo-line") == 0)
            is_line = true;
        if (strcmp(key, "d") == 0 && is_line)
            xml_follow_path(census, value);
        else if (strcmp(key, "d") == 0)
            xml_check_number(census, value);
    }
}

static inline void xml_read(const char *document, xml_census *census)
{
    *census = (xml_census){.x_least = 1e9, .x_most = -1e9, .y_least = 1e9, .y_most = -1e9};
    XML_Parser parser = XML_ParserCreate(NULL);
    XML_SetUserData(parser, census);
    XML_SetStartElementHandler(parser, xml_start);
    census->is_well_formed = XML_Parse(parser, document, (int)strlen(document), 1) == XML_STATUS_OK;
    if (!census->is_well_formed)
        snprintf(census->message, sizeof census->message, "line %lu: %s",
                 (unsigned long)XML_GetCurrentLineNumber(parser),
                 XML_ErrorString(XML_GetErrorCode(parser)));
    XML_ParserFree(parser);
}

#endif
