/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as an Excel workbook. What does not begin like an archive becomes the parts of one, separated by a byte 0xff,
 * stored without compression and with its checksums: sheet, second sheet, shared strings, styles. */
#include "fuzz_text.h"

#include <zlib.h>

enum { PARTS = 6, FREE_PARTS = 4, ROOM = 1 << 17 };

static const char *const names[PARTS] = {"xl/worksheets/s1.xml", "xl/worksheets/s2.xml",
                                         "xl/sharedStrings.xml", "xl/styles.xml",
                                         "xl/workbook.xml",      "xl/_rels/workbook.xml.rels"};
static const char workbook[] =
    "<workbook><sheets><sheet name=\"one\" id=\"a\"/><sheet name=\"two\" id=\"b\"/></sheets>"
    "</workbook>";
static const char relations[] =
    "<Relationships><Relationship Id=\"a\" Target=\"worksheets/s1.xml\"/><Relationship Id=\"b\" "
    "Target=\"worksheets/s2.xml\"/></Relationships>";

typedef struct archive {
    uint8_t bytes[ROOM];
    size_t size;
} archive;

static void put(archive *a, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        a->bytes[a->size++] = (uint8_t)(i < 4 ? value >> 8 * i : 0);
}

/* What the head of a member and the list at the end have in common. */
static void put_about(archive *a, const char *name, uint32_t sum, uint32_t size)
{
    put(a, 10, 2);
    put(a, 0, 8); /* no flags, stored, no time */
    put(a, sum, 4);
    put(a, size, 4);
    put(a, size, 4);
    put(a, (uint32_t)strlen(name), 2);
    put(a, 0, 2);
}

static void put_bytes(archive *a, const void *bytes, size_t size)
{
    if (size != 0)
        memcpy(a->bytes + a->size, bytes, size);
    a->size += size;
}

static void store(archive *a, const uint8_t *const parts[PARTS], const size_t sizes[PARTS])
{
    size_t places[PARTS];
    uint32_t sums[PARTS];
    for (size_t i = 0; i < PARTS; i++) {
        places[i] = a->size;
        sums[i] = (uint32_t)crc32(0, parts[i], (uInt)sizes[i]);
        put(a, 0x04034b50, 4);
        put_about(a, names[i], sums[i], (uint32_t)sizes[i]);
        put_bytes(a, names[i], strlen(names[i]));
        put_bytes(a, parts[i], sizes[i]);
    }
    const size_t list = a->size;
    for (size_t i = 0; i < PARTS; i++) {
        put(a, 0x02014b50, 4);
        put(a, 10, 2);
        put_about(a, names[i], sums[i], (uint32_t)sizes[i]);
        put(a, 0, 10);
        put(a, (uint32_t)places[i], 4);
        put_bytes(a, names[i], strlen(names[i]));
    }
    const size_t length = a->size - list;
    put(a, 0x06054b50, 4);
    put(a, 0, 4);
    put(a, PARTS | PARTS << 16, 4);
    put(a, (uint32_t)length, 4);
    put(a, (uint32_t)list, 4);
    put(a, 0, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *parts[PARTS];
    size_t sizes[PARTS] = {0};
    if (size > 2 && data[0] == 'P') {
        fuzz_open(data, size);
        return 0;
    }
    size = size < ROOM / 2 ? size : ROOM / 2;
    for (size_t i = 0, at = 0; i < FREE_PARTS; i++) {
        const uint8_t *end = at < size ? memchr(data + at, 0xff, size - at) : NULL;
        parts[i] = data + at;
        sizes[i] = at >= size ? 0 : end != NULL ? (size_t)(end - data) - at : size - at;
        at = at >= size ? size : at + sizes[i] + 1;
    }
    parts[4] = (const uint8_t *)workbook;
    sizes[4] = sizeof workbook - 1;
    parts[5] = (const uint8_t *)relations;
    sizes[5] = sizeof relations - 1;
    archive *a = calloc(1, sizeof *a);
    if (a == NULL)
        return 0;
    store(a, parts, sizes);
    fuzz_open(a->bytes, a->size);
    free(a);
    return 0;
}
