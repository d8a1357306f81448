/* SPDX-License-Identifier: BSD-3-Clause */
/* xlsx_internal.h: Excel workbooks (ECMA-376, Office Open XML): their sheets as text with tabs, which the readers of text
 * read as any other export. */
#ifndef CLOSO_XLSX_INTERNAL_H
#define CLOSO_XLSX_INTERNAL_H

#include "text_internal.h"
#include "zip_internal.h"

#include <expat.h>

/* A text that grows, in the arena. */
typedef struct closo_xlsx_text {
    char *bytes;
    size_t size, capacity;
} closo_xlsx_text;

/* What a number in a cell of that style is. */
typedef enum closo_xlsx_kind {
    CLOSO_XLSX_NUMBER,
    CLOSO_XLSX_DATE,
    CLOSO_XLSX_TIME
} closo_xlsx_kind;

typedef struct closo_xlsx_sheet {
    const char *name;     /* as the workbook calls it */
    const char *id;       /* of its relation */
    const char *member;   /* of the archive */
    closo_xlsx_text text; /* a line a row, fields separated by tabs */
    size_t columns_left_out;
    bool damaged;
} closo_xlsx_sheet;

typedef struct closo_xlsx {
    const closo_source *source;
    closo_xlsx_sheet *sheets;
    size_t sheet_count, sheet_capacity;
    closo_xlsx_text strings; /* the shared strings, one after the other */
    size_t *string_ends, string_count, string_capacity;
    unsigned char *style_kinds; /* closo_xlsx_kind by the number of the style */
    size_t style_count, style_capacity;
    bool starts_1904; /* dates are counted from 1904-01-01 */
    bool strings_damaged;
    /* While a member is parsed: */
    XML_Parser parser;
    size_t xml_bytes; /* so far */
    closo_status status;
    closo_error *error;
} closo_xlsx;

/* Who hears what expat says; names are without prefix. Any may be NULL. user is the closo_xlsx, for all of them. */
typedef struct closo_xlsx_listener {
    void (*begin)(closo_xlsx *book, void *user, const char *name, const char **attributes);
    void (*end)(closo_xlsx *book, void *user, const char *name);
    void (*characters)(closo_xlsx *book, void *user, const char *bytes, size_t size);
    void *user;
} closo_xlsx_listener;

/* Parses a member of the archive as it is unpacked. *damaged: what was before the damage was heard. A member that is not
 * there says nothing. LIMIT as for archives; FORMAT: it declares entities, as no workbook does; NOMEM; or what a listener
 * failed with. */
closo_status closo_xlsx_parse(closo_xlsx *book, const char *member,
                              const closo_xlsx_listener *listener, bool *damaged);

/* Stops the parsing with a status; for listeners. The message is set before. */
void closo_xlsx_stop(closo_xlsx *book, closo_status status);

/* False when out of memory, which stops the parsing. */
bool closo_xlsx_append(closo_xlsx *book, closo_xlsx_text *text, const char *bytes, size_t size);

/* The value of an attribute, whatever its prefix, or NULL. */
const char *closo_xlsx_attribute(const char **attributes, const char *name);

/* Sheets, styles and shared strings (xlsx_book.c). */
closo_status closo_xlsx_read_book(closo_xlsx *book);

/* Fills sheet->text (xlsx_sheet.c). LIMIT: the text is beyond 64 times its XML, as cells far apart make it. */
closo_status closo_xlsx_read_sheet(closo_xlsx *book, closo_xlsx_sheet *sheet);

#endif
