/* SPDX-License-Identifier: BSD-3-Clause */
/* jet_database.c: Microsoft Access databases of version Jet 4, as far as rows of numbers and short texts go. Pages of 4096
 * bytes; byte 0 of a page is its kind. A table is described by a chain of pages of kind 2, its rows stand in pages of kind
 * 1 that name the first of them; a bitmap says which pages are the table's. FORMAT-arbin.md has the layout with its
 * evidence. Read here and not by libmdb: on files with some bytes
 * changed it runs for ever in one of a hundred, and prints; and a reader of measurements needs little of the format. */
#include "jet_internal.h"

#include <math.h>
#include <string.h>

enum {
    PAGE = CLOSO_JET_PAGE_BYTES,
    KIND_DATA = 1,
    KIND_TABLE = 2,
    KIND_BITMAP = 5,
    CATALOG_PAGE = 2,
    COLUMNS_MOST = 255,
    DEFINITION_MOST = 1 << 18, /* bytes; 255 columns and 32 indexes need a tenth */
    COLUMN_BYTES = 25,
    INDEX_BYTES = 12,
    DEFINITION_HEAD = 63,
    DELETED = 0x8000,
    ELSEWHERE = 0x4000,
    PLACE = 0x1fff
};

static const unsigned char *page_of(const closo_source *source, uint32_t number)
{
    return number < source->size / PAGE ? source->bytes + (size_t)number * PAGE : NULL;
}

static uint32_t u16_at(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

static uint32_t u32_at(const unsigned char *bytes)
{
    return u16_at(bytes) | u16_at(bytes + 2) << 16;
}

bool closo_jet_is(const closo_source *source)
{
    static const char words[] = "Standard Jet DB";
    return source->size > 24 && memcmp(source->bytes + 4, words, sizeof words - 1) == 0;
}

/* ---- rows in pages ---- */

/* Row `number` of a page of data: its bytes, and its flags. Rows are put in from the end of the page on. */
static bool row_in_page(const unsigned char *page, unsigned number, closo_jet_row *row,
                        unsigned *flags)
{
    const unsigned count = u16_at(page + 12);
    const size_t places = 14 + (size_t)count * 2;
    if (page[0] != KIND_DATA || number >= count || places > PAGE)
        return false;
    const unsigned place = u16_at(page + 14 + (size_t)number * 2);
    const size_t end = number == 0 ? PAGE : u16_at(page + 12 + (size_t)number * 2) & PLACE;
    const size_t start = place & PLACE;
    if (start < places || start >= end || end > PAGE)
        return false;
    *row = (closo_jet_row){page + start, end - start};
    *flags = place & ~(unsigned)PLACE;
    return true;
}

/* A pointer to a row is the number of the row and three bytes of the page. */
static bool row_at(const closo_source *source, const unsigned char *pointer, closo_jet_row *row)
{
    unsigned flags;
    const unsigned char *page = page_of(source, u32_at(pointer) >> 8);
    return page != NULL && row_in_page(page, pointer[0], row, &flags);
}

/* ---- which pages are a table's ---- */

/* The bitmap of a table, in the row itself (kind 0) or in pages that the row lists (kind 1). */
typedef struct page_map {
    const closo_source *source;
    closo_jet_row row;
    bool known;
} page_map;

static page_map map_of(const closo_source *source, const unsigned char *pointer)
{
    page_map map = {.source = source};
    map.known =
        row_at(source, pointer, &map.row) && map.row.size > 5 && map.row.bytes[0] <= KIND_DATA;
    return map;
}

static bool bit_at(const unsigned char *bits, size_t size, size_t number)
{
    return number / 8 < size && (bits[number / 8] >> number % 8 & 1) != 0;
}

static bool is_mapped(const page_map *map, uint32_t number)
{
    enum { PAGES_EACH = (PAGE - 4) * 8 };
    const unsigned char *bytes = map->row.bytes;
    if (!map->known)
        return true;
    if (bytes[0] == 0) {
        const uint32_t first = u32_at(bytes + 1);
        return number >= first && bit_at(bytes + 5, map->row.size - 5, number - first);
    }
    const size_t entry = 1 + (size_t)(number / PAGES_EACH) * 4;
    const unsigned char *page =
        entry + 4 <= map->row.size ? page_of(map->source, u32_at(bytes + entry)) : NULL;
    return page != NULL && page[0] == KIND_BITMAP &&
           bit_at(page + 4, PAGE - 4, number % PAGES_EACH);
}

/* Goes through the rows of a table; rows is NULL to count only. */
static size_t gather_rows(const closo_source *source, uint32_t definition, const page_map *map,
                          closo_jet_row *rows)
{
    size_t count = 0;
    for (uint32_t number = 0; number < source->size / PAGE; number++) {
        const unsigned char *page = page_of(source, number);
        if (page[0] != KIND_DATA || u32_at(page + 4) != definition || !is_mapped(map, number))
            continue;
        const unsigned in_page = u16_at(page + 12);
        for (unsigned i = 0; i < in_page && i < PAGE / 2; i++) {
            closo_jet_row row;
            unsigned flags;
            if (!row_in_page(page, i, &row, &flags) || (flags & DELETED) != 0)
                continue;
            /* A row that grew too long for its page leaves a pointer. */
            if ((flags & ELSEWHERE) != 0 && (row.size < 4 || !row_at(source, row.bytes, &row)))
                continue;
            if (rows != NULL)
                rows[count] = row;
            count++;
        }
    }
    return count;
}

/* ---- what a table looks like ---- */

typedef struct definition {
    closo_bytes bytes; /* of all its pages, one after the other */
    uint32_t page;
} definition;

static closo_status damaged(const char *name, closo_error *error)
{
    return closo_fail(error, CLOSO_FORMAT,
                      "the description of the table '%s' in this Access database is damaged; copy "
                      "the file again from the instrument's computer",
                      name);
}

static closo_status join_pages(const closo_source *source, uint32_t number, const char *name,
                               definition *d, closo_error *error)
{
    const unsigned char *page = page_of(source, number);
    if (page == NULL || page[0] != KIND_TABLE)
        return damaged(name, error);
    const size_t wanted = u32_at(page + 8);
    if (wanted > DEFINITION_MOST)
        return damaged(name, error);
    unsigned char *bytes = closo_arena_alloc(source->arena, wanted + 2 * (size_t)PAGE, 1);
    if (bytes == NULL)
        return closo_fail_nomem(error);
    memcpy(bytes, page, PAGE);
    size_t size = PAGE;
    while (size < wanted + 8) {
        page = page_of(source, u32_at(page + 4));
        if (page == NULL || page[0] != KIND_TABLE)
            return damaged(name, error);
        memcpy(bytes + size, page + 8, PAGE - 8);
        size += PAGE - 8;
    }
    *d = (definition){closo_bytes_of(bytes, size), number};
    return CLOSO_OK;
}

/* UTF-16 without a mark, little endian, as UTF-8. */
static const char *wide_text(const unsigned char *bytes, size_t size, closo_arena *arena)
{
    closo_span text;
    unsigned char *marked = closo_arena_alloc(arena, size + 4, 1);
    if (marked == NULL)
        return NULL;
    marked[0] = 0xff;
    marked[1] = 0xfe;
    memcpy(marked + 2, bytes, size);
    if (!closo_text_to_utf8(arena, marked, size / 2 * 2 + 2, &text))
        return NULL;
    return closo_arena_text_n(arena, text.start, text.length);
}

static void read_column(closo_bytes *b, closo_jet_column *column)
{
    const size_t begin = b->position;
    column->type = closo_bytes_u8(b);
    closo_bytes_seek(b, begin + 5);
    column->number = closo_bytes_u16(b);
    column->variable = closo_bytes_u16(b);
    closo_bytes_seek(b, begin + 15);
    column->is_fixed = (closo_bytes_u8(b) & 1) != 0;
    closo_bytes_seek(b, begin + 21);
    column->fixed_place = closo_bytes_u16(b);
    closo_bytes_seek(b, begin + COLUMN_BYTES);
}

static closo_status read_columns(const definition *d, const char *name, closo_jet_table *table,
                                 closo_arena *arena, closo_error *error)
{
    closo_bytes b = d->bytes;
    const size_t count = u16_at(b.data + 45), indexes = u32_at(b.data + 51);
    if (count == 0 || count > COLUMNS_MOST || indexes > PAGE)
        return damaged(name, error);
    table->columns = closo_arena_alloc(arena, count, sizeof *table->columns);
    if (table->columns == NULL)
        return closo_fail_nomem(error);
    table->column_count = count;
    closo_bytes_seek(&b, DEFINITION_HEAD + indexes * INDEX_BYTES);
    for (size_t i = 0; i < count; i++)
        read_column(&b, &table->columns[i]);
    for (size_t i = 0; i < count; i++) {
        const size_t length = closo_bytes_u16(&b);
        if (b.overrun || length > closo_bytes_left(&b))
            return damaged(name, error);
        table->columns[i].name = wide_text(b.data + b.position, length, arena);
        if (table->columns[i].name == NULL)
            return closo_fail_nomem(error);
        closo_bytes_seek(&b, b.position + length);
    }
    return CLOSO_OK;
}

static closo_status read_table(const closo_source *source, uint32_t page, const char *name,
                               closo_jet_table **result, closo_error *error)
{
    definition d = {0};
    closo_jet_table *table = closo_arena_alloc(source->arena, 1, sizeof *table);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->name = name;
    closo_status status = join_pages(source, page, name, &d, error);
    if (status != CLOSO_OK || d.bytes.data == NULL)
        return status;
    status = read_columns(&d, name, table, source->arena, error);
    if (status != CLOSO_OK)
        return status;
    const page_map map = map_of(source, d.bytes.data + 55);
    table->without_map = !map.known;
    table->announced = u32_at(d.bytes.data + 16);
    table->row_count = gather_rows(source, page, &map, NULL);
    table->rows = closo_arena_alloc(source->arena, table->row_count, sizeof *table->rows);
    if (table->rows == NULL)
        return closo_fail_nomem(error);
    (void)gather_rows(source, page, &map, table->rows);
    *result = table;
    return CLOSO_OK;
}

/* ---- values ---- */

/* The bytes of a cell; false when it is null or the row is damaged. A row has the number of its columns, the fixed values,
 * the others, and from its end: a bit for each column that has a value, how many others there are, and where they begin. */
static bool cell_of(const closo_jet_row *row, const closo_jet_column *column, closo_bytes *cell)
{
    const size_t columns = row->size >= 2 ? u16_at(row->bytes) : 0, mask = (columns + 7) / 8;
    if (column == NULL || column->number >= columns || mask + 2 > row->size)
        return false;
    const unsigned char *bits = row->bytes + row->size - mask;
    if (!bit_at(bits, mask, column->number))
        return false;
    if (column->is_fixed) {
        const size_t place = 2 + (size_t)column->fixed_place;
        *cell = closo_bytes_of(row->bytes + 2, row->size - mask - 2);
        closo_bytes_seek(cell, place - 2);
        return true;
    }
    const size_t trailer = mask + 2;
    const size_t others = u16_at(row->bytes + row->size - trailer);
    const size_t needed = trailer + (others + 1) * 2;
    if (column->variable >= others || needed > row->size)
        return false;
    const unsigned char *places = row->bytes + row->size - trailer;
    const size_t from = u16_at(places - 2 - 2 * (size_t)column->variable);
    const size_t to = u16_at(places - 4 - 2 * (size_t)column->variable);
    if (from > to || to > row->size - needed)
        return false;
    *cell = closo_bytes_of(row->bytes + from, to - from);
    return true;
}

double closo_jet_number(const closo_jet_row *row, const closo_jet_column *column)
{
    closo_bytes cell;
    double value = (double)NAN;
    if (column != NULL && column->type == CLOSO_JET_BOOLEAN) {
        /* The value is the bit that says for other columns whether they have one. */
        return cell_of(row, column, &cell) ? 1 : 0;
    }
    if (!cell_of(row, column, &cell))
        return value;
    switch (column->type) {
    case CLOSO_JET_BYTE:
        value = closo_bytes_u8(&cell);
        break;
    case CLOSO_JET_INT16:
        value = (int16_t)closo_bytes_u16(&cell);
        break;
    case CLOSO_JET_INT32:
        value = (int32_t)closo_bytes_u32(&cell);
        break;
    case CLOSO_JET_MONEY: {
        const uint64_t low = closo_bytes_u32(&cell);
        value = (double)(int64_t)(low | (uint64_t)closo_bytes_u32(&cell) << 32) / 1e4;
        break;
    }
    case CLOSO_JET_FLOAT:
        value = closo_bytes_f32(&cell);
        break;
    case CLOSO_JET_DOUBLE:
    case CLOSO_JET_DATE:
        value = closo_bytes_f64(&cell);
        break;
    default:
        break;
    }
    return cell.overrun ? (double)NAN : value;
}

/* A text may be packed: behind the mark FF FE a byte is a character, and each 0 turns to two bytes a character and back. */
static size_t unpack_text(const closo_bytes *cell, unsigned char *out)
{
    size_t size = 0;
    bool packed = true;
    for (size_t i = 2; i < cell->size;) {
        if (cell->data[i] == 0) {
            packed = !packed;
            i++;
        } else if (packed) {
            out[size++] = cell->data[i++];
            out[size++] = 0;
        } else if (i + 1 < cell->size) {
            out[size++] = cell->data[i++];
            out[size++] = cell->data[i++];
        } else {
            break;
        }
    }
    return size;
}

const char *closo_jet_text(const closo_jet_row *row, const closo_jet_column *column,
                           closo_arena *arena)
{
    closo_bytes cell;
    if (column == NULL || column->type != CLOSO_JET_TEXT || !cell_of(row, column, &cell))
        return "";
    if (cell.size < 2 || memcmp(cell.data, "\xff\xfe", 2) != 0)
        return wide_text(cell.data, cell.size, arena);
    unsigned char *plain = closo_arena_alloc(arena, cell.size * 2 + 2, 1);
    return plain != NULL ? wide_text(plain, unpack_text(&cell, plain), arena) : NULL;
}

const closo_jet_column *closo_jet_column_named(const closo_jet_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (closo_span_equals_nocase(closo_span_of(table->columns[i].name), name))
            return &table->columns[i];
    return NULL;
}

/* ---- the database ---- */

static closo_status check_version(const closo_source *source, closo_error *error)
{
    const unsigned version = source->bytes[20];
    if (version == 0)
        return closo_fail(error, CLOSO_UNSUPPORTED,
                          "this is a database of Access 97 or older (Jet 3); open it with Access "
                          "and save it as Access 2000 to 2003 (.mdb)");
    if (version != 1)
        return closo_fail(error, CLOSO_UNSUPPORTED,
                          "this is a database of a newer Access than 2003; save it as Access 2000 "
                          "to 2003 (.mdb)");
    const unsigned char *catalog = page_of(source, CATALOG_PAGE);
    if (catalog == NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "this Access database ends within its first pages; copy the file again");
    if (catalog[0] != KIND_TABLE)
        return closo_fail(error, CLOSO_UNSUPPORTED,
                          "the list of tables of this Access database cannot be read: it is "
                          "encrypted with a password, or damaged; save it without a password");
    return CLOSO_OK;
}

closo_status closo_jet_read(const closo_source *source, const char *name, closo_jet_table **table,
                            closo_error *error)
{
    enum { TYPE_TABLE = 1, PAGE_BITS = 0xffffff };
    closo_jet_table *catalog = NULL;
    *table = NULL;
    closo_status status = check_version(source, error);
    if (status == CLOSO_OK)
        status = read_table(source, CATALOG_PAGE, "MSysObjects", &catalog, error);
    if (status != CLOSO_OK)
        return status;
    const closo_jet_column *names = closo_jet_column_named(catalog, "Name");
    const closo_jet_column *types = closo_jet_column_named(catalog, "Type");
    const closo_jet_column *ids = closo_jet_column_named(catalog, "Id");
    for (size_t i = 0; i < catalog->row_count; i++) {
        const closo_jet_row *row = &catalog->rows[i];
        const double type = closo_jet_number(row, types), id = closo_jet_number(row, ids);
        if (type != TYPE_TABLE || !(id >= 0))
            continue;
        const char *text = closo_jet_text(row, names, source->arena);
        if (text == NULL)
            return closo_fail_nomem(error);
        if (closo_span_equals_nocase(closo_span_of(text), name))
            return read_table(source, (uint32_t)id & PAGE_BITS, name, table, error);
    }
    return CLOSO_OK;
}
