/* SPDX-License-Identifier: BSD-3-Clause */
/* xlsx_book.c: what the sheets of an Excel workbook share: their list, the strings, and which styles are dates; and the XML
 * of all of it, parsed as it is unpacked. ECMA-376 part 1, chapter 18 (SpreadsheetML). */
#include "xlsx_internal.h"

#include <string.h>

enum { SHEETS_MOST = 1000, STYLES_MOST = 65536, FORMATS_MOST = 4096, PATH_MOST = 200 };

/* ---- XML ---- */

void closo_xlsx_stop(closo_xlsx *book, closo_status status)
{
    if (book->status == CLOSO_OK)
        book->status = status;
    (void)XML_StopParser(book->parser, XML_FALSE);
}

static void stop_nomem(closo_xlsx *book)
{
    closo_xlsx_stop(book, closo_fail_nomem(book->error));
}

bool closo_xlsx_append(closo_xlsx *book, closo_xlsx_text *text, const char *bytes, size_t size)
{
    if (size >= text->capacity - text->size) {
        const size_t wanted = (text->size + size) * 2 + 64;
        char *grown = wanted > size ? closo_arena_alloc(book->source->arena, wanted, 1) : NULL;
        if (grown == NULL) {
            stop_nomem(book);
            return false;
        }
        if (text->size != 0)
            memcpy(grown, text->bytes, text->size);
        text->bytes = grown;
        text->capacity = wanted;
    }
    if (size != 0)
        memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
    return true;
}

/* Some programs write <x:row>, some <row>. */
static const char *without_prefix(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

const char *closo_xlsx_attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(without_prefix(attributes[i]), name) == 0)
            return attributes[i + 1];
    return NULL;
}

/* Between expat and a listener. */
typedef struct relay {
    closo_xlsx *book;
    const closo_xlsx_listener *listener;
    bool damaged;
} relay;

static void XMLCALL on_begin(void *user, const XML_Char *name, const XML_Char **attributes)
{
    const relay *r = user;
    if (r->listener->begin != NULL && r->book->status == CLOSO_OK)
        r->listener->begin(r->book, r->listener->user, without_prefix(name), attributes);
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    const relay *r = user;
    if (r->listener->end != NULL && r->book->status == CLOSO_OK)
        r->listener->end(r->book, r->listener->user, without_prefix(name));
}

static void XMLCALL on_characters(void *user, const XML_Char *bytes, int size)
{
    const relay *r = user;
    if (r->listener->characters != NULL && r->book->status == CLOSO_OK)
        r->listener->characters(r->book, r->listener->user, bytes, (size_t)size);
}

/* A bomb of entities needs a document type, which no workbook has. */
static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public_id, int has_internal)
{
    const relay *r = user;
    (void)name;
    (void)system;
    (void)public_id;
    (void)has_internal;
    closo_xlsx_stop(r->book, closo_fail(r->book->error, CLOSO_FORMAT,
                                        "the XML in this workbook declares a document type, as no "
                                        "program that writes workbooks does"));
}

static bool take_piece(void *user, const void *bytes, size_t size)
{
    relay *r = user;
    r->book->xml_bytes += size;
    const enum XML_Status status = XML_Parse(r->book->parser, bytes, (int)size, XML_FALSE);
    if (status != XML_STATUS_OK && r->book->status == CLOSO_OK) {
        if (XML_GetErrorCode(r->book->parser) == XML_ERROR_NO_MEMORY)
            stop_nomem(r->book);
        r->damaged = true;
    }
    return status == XML_STATUS_OK && r->book->status == CLOSO_OK;
}

closo_status closo_xlsx_parse(closo_xlsx *book, const char *member,
                              const closo_xlsx_listener *listener, bool *damaged)
{
    relay r = {.book = book, .listener = listener};
    closo_zip_outcome outcome;
    book->status = CLOSO_OK;
    book->xml_bytes = 0;
    book->parser = XML_ParserCreate(NULL);
    if (book->parser == NULL)
        return closo_fail_nomem(book->error);
    XML_SetUserData(book->parser, &r);
    XML_SetElementHandler(book->parser, on_begin, on_end);
    XML_SetCharacterDataHandler(book->parser, on_characters);
    XML_SetStartDoctypeDeclHandler(book->parser, on_doctype);
    const closo_status status =
        closo_zip_stream(book->source, member, take_piece, &r, &outcome, book->error);
    /* The end shows whether anything is missing. */
    if (status == CLOSO_OK && outcome.found && book->status == CLOSO_OK && !r.damaged &&
        XML_Parse(book->parser, "", 0, XML_TRUE) != XML_STATUS_OK)
        r.damaged = true;
    XML_ParserFree(book->parser);
    book->parser = NULL;
    *damaged = r.damaged || outcome.damaged;
    return status != CLOSO_OK ? status : book->status;
}

/* ---- the list of sheets ---- */

static const char *copy(closo_xlsx *book, const char *text)
{
    const char *copied = closo_arena_text(book->source->arena, text);
    if (copied == NULL)
        stop_nomem(book);
    return copied;
}

static void begin_in_workbook(closo_xlsx *book, void *user, const char *name,
                              const char **attributes)
{
    (void)user;
    if (strcmp(name, "workbookPr") == 0) {
        const char *from = closo_xlsx_attribute(attributes, "date1904");
        book->starts_1904 = from != NULL && (strcmp(from, "1") == 0 || strcmp(from, "true") == 0);
    }
    const char *title = closo_xlsx_attribute(attributes, "name");
    const char *id = closo_xlsx_attribute(attributes, "id");
    if (strcmp(name, "sheet") != 0 || title == NULL || id == NULL ||
        book->sheet_count == SHEETS_MOST)
        return;
    closo_xlsx_sheet *list = closo_arena_grow(book->source->arena, book->sheets, book->sheet_count,
                                              &book->sheet_capacity, sizeof *list);
    if (list == NULL) {
        stop_nomem(book);
        return;
    }
    book->sheets = list;
    closo_xlsx_sheet *sheet = &list[book->sheet_count++];
    memset(sheet, 0, sizeof *sheet);
    sheet->name = copy(book, title);
    sheet->id = copy(book, id);
}

/* "worksheets/sheet1.xml" beside the workbook, or "/xl/worksheets/sheet1.xml". */
static void begin_in_relations(closo_xlsx *book, void *user, const char *name,
                               const char **attributes)
{
    (void)user;
    const char *id = closo_xlsx_attribute(attributes, "Id");
    const char *target = closo_xlsx_attribute(attributes, "Target");
    if (strcmp(name, "Relationship") != 0 || id == NULL || target == NULL ||
        strlen(target) > PATH_MOST || strstr(target, "worksheets/") == NULL)
        return;
    for (size_t i = 0; i < book->sheet_count; i++) {
        if (book->sheets[i].member != NULL || strcmp(book->sheets[i].id, id) != 0)
            continue;
        book->sheets[i].member = target[0] == '/'
                                     ? copy(book, target + 1)
                                     : closo_arena_printf(book->source->arena, "xl/%s", target);
        if (book->sheets[i].member == NULL)
            stop_nomem(book);
    }
}

/* ---- styles ---- */

/* The formats that a workbook names itself, and what they make of a number. */
typedef struct formats {
    struct {
        unsigned id;
        closo_xlsx_kind kind;
    } list[FORMATS_MOST];
    size_t count;
    bool in_cells; /* within cellXfs, whose entries the cells number */
} formats;

/* A format with a year or a day is a date, with hours or seconds alone a time; m may be either and 0.00E+00 none. Letters in
 * quotation marks, brackets ([Red]; but [h] is a time) or behind a backslash count for nothing. */
static closo_xlsx_kind kind_of_code(const char *code)
{
    bool date = false, time = false;
    for (const char *c = code; *c != '\0'; c++) {
        if (*c == '"') {
            const char *end = strchr(c + 1, '"');
            if (end == NULL)
                break;
            c = end;
        } else if (*c == '\\' && c[1] != '\0') {
            c++;
        } else if (*c == '[' && c[1] != '\0' && c[2] != ']' && !(c[1] == c[2] && c[3] == ']')) {
            const char *end = strchr(c, ']');
            if (end == NULL)
                break;
            c = end;
        } else {
            date |= strchr("yYdD", *c) != NULL;
            time |= strchr("hHsS", *c) != NULL;
        }
    }
    /* "General" and the like are words of numbers. */
    if (strncmp(code, "General", 7) == 0 || strncmp(code, "Standard", 8) == 0)
        return CLOSO_XLSX_NUMBER;
    return date ? CLOSO_XLSX_DATE : time ? CLOSO_XLSX_TIME : CLOSO_XLSX_NUMBER;
}

/* Formats below 164 are those every program has. */
static closo_xlsx_kind kind_of_format(const formats *known, unsigned id)
{
    for (size_t i = 0; i < known->count; i++)
        if (known->list[i].id == id)
            return known->list[i].kind;
    if ((id >= 14 && id <= 17) || id == 22)
        return CLOSO_XLSX_DATE;
    return (id >= 18 && id <= 21) || (id >= 45 && id <= 47) ? CLOSO_XLSX_TIME : CLOSO_XLSX_NUMBER;
}

static unsigned number_of(const char *text)
{
    double number;
    if (text == NULL || !closo_number_parse(closo_span_of(text), '.', &number) ||
        !(number >= 0 && number <= 1e9))
        return 0;
    return (unsigned)number;
}

static void begin_in_styles(closo_xlsx *book, void *user, const char *name, const char **attributes)
{
    formats *known = user;
    if (strcmp(name, "numFmt") == 0 && known->count < FORMATS_MOST) {
        const char *code = closo_xlsx_attribute(attributes, "formatCode");
        known->list[known->count].id = number_of(closo_xlsx_attribute(attributes, "numFmtId"));
        known->list[known->count++].kind = code != NULL ? kind_of_code(code) : CLOSO_XLSX_NUMBER;
    } else if (strcmp(name, "cellXfs") == 0) {
        known->in_cells = true;
    } else if (strcmp(name, "xf") == 0 && known->in_cells && book->style_count < STYLES_MOST) {
        unsigned char *list = closo_arena_grow(book->source->arena, book->style_kinds,
                                               book->style_count, &book->style_capacity, 1);
        if (list == NULL) {
            stop_nomem(book);
            return;
        }
        book->style_kinds = list;
        list[book->style_count++] = (unsigned char)kind_of_format(
            known, number_of(closo_xlsx_attribute(attributes, "numFmtId")));
    }
}

static void end_in_styles(closo_xlsx *book, void *user, const char *name)
{
    formats *known = user;
    (void)book;
    if (strcmp(name, "cellXfs") == 0)
        known->in_cells = false;
}

/* ---- shared strings ---- */

typedef struct strings_state {
    bool in_text;
    size_t in_reading; /* depth within a phonetic reading, which is not part of the text */
} strings_state;

static void begin_in_strings(closo_xlsx *book, void *user, const char *name,
                             const char **attributes)
{
    strings_state *state = user;
    (void)book;
    (void)attributes;
    if (strcmp(name, "rPh") == 0)
        state->in_reading++;
    state->in_text = strcmp(name, "t") == 0 && state->in_reading == 0;
}

static void characters_in_strings(closo_xlsx *book, void *user, const char *bytes, size_t size)
{
    const strings_state *state = user;
    if (state->in_text)
        (void)closo_xlsx_append(book, &book->strings, bytes, size);
}

static void end_in_strings(closo_xlsx *book, void *user, const char *name)
{
    strings_state *state = user;
    state->in_text = false;
    if (strcmp(name, "rPh") == 0 && state->in_reading != 0)
        state->in_reading--;
    if (strcmp(name, "si") != 0)
        return;
    size_t *list = closo_arena_grow(book->source->arena, book->string_ends, book->string_count,
                                    &book->string_capacity, sizeof *list);
    if (list == NULL) {
        stop_nomem(book);
        return;
    }
    book->string_ends = list;
    list[book->string_count++] = book->strings.size;
}

/* ---- the whole ---- */

closo_status closo_xlsx_read_book(closo_xlsx *book)
{
    formats *known = closo_arena_alloc(book->source->arena, 1, sizeof *known);
    strings_state state = {0};
    bool damaged = false;
    if (known == NULL)
        return closo_fail_nomem(book->error);
    const struct {
        const char *member;
        closo_xlsx_listener listener;
    } parts[] = {{"xl/workbook.xml", {.begin = begin_in_workbook}},
                 {"xl/_rels/workbook.xml.rels", {.begin = begin_in_relations}},
                 {"xl/styles.xml", {begin_in_styles, end_in_styles, NULL, known}},
                 {"xl/sharedStrings.xml",
                  {begin_in_strings, end_in_strings, characters_in_strings, &state}}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const closo_status status =
            closo_xlsx_parse(book, parts[i].member, &parts[i].listener, &damaged);
        if (status != CLOSO_OK)
            return status;
        book->strings_damaged |= damaged;
    }
    return CLOSO_OK;
}
