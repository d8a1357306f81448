/* SPDX-License-Identifier: BSD-3-Clause */
/* neware_ndax.c: Neware's .ndax, a zip archive of binary tables (.ndc) and of XML that says what was tested. */
#include "neware_internal.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { AUX_MOST = 32 };

typedef struct aux_channel {
    unsigned number, type;
} aux_channel;

typedef struct ndax {
    const closo_source *source;
    closo_table *table;
    closo_zip_member *members;
    size_t member_count;
    aux_channel told[AUX_MOST]; /* by TestInfo.xml */
    size_t told_count;
    bool no_memory;
} ndax;

static bool ends_with(const char *name, const char *ending)
{
    const size_t length = strlen(name), tail = strlen(ending);
    return length >= tail && strcmp(name + length - tail, ending) == 0;
}

static bool is_wanted(const char *name)
{
    return ends_with(name, ".ndc") || strcmp(name, "TestInfo.xml") == 0 ||
           strcmp(name, "Step.xml") == 0 || strcmp(name, "VersionInfo.xml") == 0;
}

static const closo_zip_member *member_named(const ndax *n, const char *name)
{
    for (size_t i = 0; i < n->member_count; i++)
        if (strcmp(n->members[i].name, name) == 0)
            return &n->members[i];
    return NULL;
}

static const closo_zip_member *table_of_kind(const ndax *n, unsigned kind)
{
    for (size_t i = 0; i < n->member_count; i++)
        if (closo_ndc_kind(&n->members[i]) == kind)
            return &n->members[i];
    return NULL;
}

/* ---- XML ---- */

/* Which attribute of which element is known under which key. Names of persons and addresses are left out. */
static const struct {
    const char *element, *attribute, *key;
} known[] = {
    {"TestInfo", "StartTime", "start_time"},     {"TestInfo", "EndTime", "end_time"},
    {"TestInfo", "Barcode", "barcode"},          {"TestInfo", "StepName", "setting_file"},
    {"TestInfo", "Remark", "comments"},          {"Remark", "Value", "comments"},
    {"ZwjVersion", "CurrClientVer", "software"}, {"ZwjVersion", "SvrVer", "server"},
    {"ZwjVersion", "MainXwjVer", "firmware"},
};

static const char *attribute_of(const XML_Char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(attributes[i], name) == 0)
            return attributes[i + 1];
    return NULL;
}

static unsigned number_of(const char *text)
{
    double number;
    if (text == NULL || !closo_number_parse(closo_span_of(text), '.', &number) ||
        !(number >= 0 && number <= 1e9))
        return 0;
    return (unsigned)number;
}

/* Neware's SCQ is the active mass in micrograms. */
static void keep_mass(ndax *n, const char *text)
{
    double mass_ug;
    if (text != NULL && closo_number_parse(closo_span_of(text), '.', &mass_ug) && mass_ug > 0 &&
        mass_ug < 1e12 &&
        closo_table_set_number(n->table, "active_mass", mass_ug / 1000, "mg") != CLOSO_OK)
        n->no_memory = true;
}

static void XMLCALL begin_element(void *user, const XML_Char *name, const XML_Char **attributes)
{
    ndax *n = user;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const char *value = strcmp(name, known[i].element) == 0
                                ? attribute_of(attributes, known[i].attribute)
                                : NULL;
        const char *copy =
            value != NULL && *value != '\0' ? closo_arena_text(n->source->arena, value) : NULL;
        if (value != NULL && *value != '\0' &&
            (copy == NULL || closo_table_set_text(n->table, known[i].key, copy) != CLOSO_OK))
            n->no_memory = true;
    }
    if (strcmp(name, "SCQ") == 0)
        keep_mass(n, attribute_of(attributes, "Value"));
    if (strncmp(name, "Aux", 3) == 0 && attribute_of(attributes, "ChlType") != NULL &&
        n->told_count < AUX_MOST)
        n->told[n->told_count++] = (aux_channel){number_of(attribute_of(attributes, "AuxID")),
                                                 number_of(attribute_of(attributes, "ChlType"))};
}

static closo_status read_xml(ndax *n, const char *name)
{
    const closo_zip_member *member = member_named(n, name);
    if (member == NULL || member->size == 0)
        return CLOSO_OK;
    const char *text = closo_neware_text(n->source->arena, member->bytes, member->size);
    /* The text is UTF-8 now, whatever its first line says. */
    XML_Parser parser = text != NULL ? XML_ParserCreate("UTF-8") : NULL;
    if (parser == NULL)
        return CLOSO_NOMEM;
    XML_SetUserData(parser, n);
    XML_SetStartElementHandler(parser, begin_element);
    const size_t length = strlen(text);
    const enum XML_Status status =
        XML_Parse(parser, text, length < 1 << 30 ? (int)length : 1 << 30, XML_TRUE);
    if (status != XML_STATUS_OK)
        closo_table_note(n->table, "%s in the archive is damaged at its line %lu: %s", name,
                         (unsigned long)XML_GetCurrentLineNumber(parser),
                         XML_ErrorString(XML_GetErrorCode(parser)));
    XML_ParserFree(parser);
    return n->no_memory ? CLOSO_NOMEM : CLOSO_OK;
}

/* ---- auxiliary channels ---- */

typedef struct aux_file {
    const closo_zip_member *member;
    unsigned long order[3];
} aux_file;

/* "data_AUX_9_3_1.ndc" comes before "data_AUX_10_3_1.ndc"; of other names the last number counts. */
static void order_of(aux_file *file)
{
    const char *name = file->member->name, *found = strstr(name, "AUX_");
    char *end;
    if (found == NULL) {
        const char *last = strrchr(name, '_');
        file->order[0] = last != NULL ? strtoul(last + 1, NULL, 10) : 0;
        return;
    }
    found += 4;
    for (size_t i = 0; i < 3; i++) {
        file->order[i] = strtoul(found, &end, 10);
        found = *end == '_' ? end + 1 : end;
    }
}

static int by_order(const void *one, const void *other)
{
    const aux_file *a = one, *b = other;
    for (size_t i = 0; i < 3; i++)
        if (a->order[i] != b->order[i])
            return a->order[i] < b->order[i] ? -1 : 1;
    return strcmp(a->member->name, b->member->name);
}

/* TestInfo.xml lists the channels in the order of their files. */
static closo_status read_aux(ndax *n, const closo_neware_rows *rows)
{
    aux_file files[AUX_MOST];
    size_t count = 0;
    memset(files, 0, sizeof files);
    for (size_t i = 0; i < n->member_count && count < AUX_MOST; i++) {
        if (closo_ndc_kind(&n->members[i]) != CLOSO_NDC_AUX)
            continue;
        files[count].member = &n->members[i];
        order_of(&files[count++]);
    }
    qsort(files, count, sizeof *files, by_order);
    if (count != n->told_count && count != 0)
        closo_table_note(n->table,
                         "TestInfo.xml tells %zu auxiliary channels, the archive has %zu: what "
                         "they measure is not known",
                         n->told_count, count);
    for (size_t i = 0; i < count; i++) {
        const bool told = count == n->told_count;
        const unsigned number =
            told && n->told[i].number != 0 ? n->told[i].number : (unsigned)i + 1;
        if (closo_ndc_read_aux(files[i].member, rows, number, told ? n->told[i].type : 0,
                               n->table) != CLOSO_OK)
            return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

/* ---- the whole ---- */

static void note_damage(const ndax *n)
{
    for (size_t i = 0; i < n->member_count; i++)
        if (n->members[i].damaged) {
            const closo_quote name = closo_text_quote(closo_span_of(n->members[i].name));
            closo_table_note(n->table,
                             "'%s' in the archive is damaged: its checksum does not fit, or it "
                             "ends early; %zu bytes could be unpacked",
                             name.text, n->members[i].size);
        }
    if (table_of_kind(n, CLOSO_NDC_RUN) == NULL &&
        closo_ndc_version(table_of_kind(n, CLOSO_NDC_DATA)) > 6)
        closo_table_note(n->table, "the archive has no times and charges (data_runInfo.ndc)");
}

static closo_status read_ndax(const closo_source *source, closo_table **table, closo_error *error)
{
    static const char *const texts[] = {"VersionInfo.xml", "Step.xml", "TestInfo.xml"};
    ndax n = {.source = source, .table = closo_table_new(source->arena, source->name)};
    closo_neware_rows rows;
    if (n.table == NULL)
        return closo_fail_nomem(error);
    n.table->format = "Neware .ndax";
    closo_status status = closo_zip_read(source, is_wanted, &n.members, &n.member_count, error);
    if (status != CLOSO_OK)
        return status;
    const closo_zip_member *data = table_of_kind(&n, CLOSO_NDC_DATA);
    if (data == NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "there is no data.ndc in this Neware .ndax file, or it cannot be "
                          "unpacked; export it again from BTSDA");
    note_damage(&n);
    status = closo_ndc_read(data, table_of_kind(&n, CLOSO_NDC_RUN),
                            table_of_kind(&n, CLOSO_NDC_STEP), n.table, &rows, error);
    if (status != CLOSO_OK)
        return status;
    if (rows.count == 0)
        closo_table_note(n.table, "the file holds no measured points: the test had not begun");
    status = closo_neware_finish(&rows, n.table);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == CLOSO_OK; i++)
        status = read_xml(&n, texts[i]);
    if (status == CLOSO_OK)
        status = read_aux(&n, &rows);
    if (status != CLOSO_OK)
        return closo_fail_nomem(error);
    *table = n.table;
    return CLOSO_OK;
}

static bool holds_ndc(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i + 4 <= size; i++)
        if (bytes[i] == '.' && memcmp(bytes + i, ".ndc", 4) == 0)
            return true;
    return false;
}

/* A zip archive with .ndc tables: their names stand before each member and in the list at the end. */
static int recognise_ndax(const closo_source *source)
{
    enum { LOOKED_AT = 1 << 16 };
    const size_t part = source->size < LOOKED_AT ? source->size : LOOKED_AT;
    if (source->size < 30 || memcmp(source->bytes, "PK\x03\x04", 4) != 0)
        return 0;
    return holds_ndc(source->bytes, part) || holds_ndc(source->bytes + source->size - part, part)
               ? 95
               : 0;
}

const closo_format closo_format_ndax = {"Neware .ndax", recognise_ndax, read_ndax};
