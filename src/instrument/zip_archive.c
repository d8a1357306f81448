/* SPDX-License-Identifier: BSD-3-Clause */
/* zip_archive.c: the members of a zip archive in memory, by libzip, within limits: an archive of a few kilobytes may
 * announce terabytes. */
#include "text_internal.h"
#include "zip_internal.h"

#include <string.h>
#include <zip.h>

enum { MEMBERS_MOST = 10000, RATIO_MOST = 200, FREE_BYTES = 1 << 20, PIECE_BYTES = 1 << 14 };
static const uint64_t total_most = (uint64_t)4 << 30;

typedef struct archive {
    const closo_source *source;
    zip_t *zip;
    closo_zip_member *members;
    size_t count, capacity;
    uint64_t total;
} archive;

/* Few kilobytes of zeros pack well; a large member that packs so well was made to fill the memory. */
static closo_status check_size(archive *a, const zip_stat_t *about, closo_error *error)
{
    const closo_quote name = closo_text_quote(closo_span_of(about->name));
    a->total += about->size;
    if (about->size > total_most || a->total > total_most)
        return closo_fail(error, CLOSO_LIMIT, "the archive unpacks to more than 4 GiB");
    if (about->size > FREE_BYTES && about->size / RATIO_MOST > about->comp_size)
        return closo_fail(error, CLOSO_LIMIT,
                          "'%s' in the archive is packed tighter than %d:1, as no measurement is",
                          name.text, RATIO_MOST);
    if (about->comp_size > a->source->size)
        return closo_fail(error, CLOSO_FORMAT,
                          "'%s' in the archive is longer than the archive; copy the file again",
                          name.text);
    return CLOSO_OK;
}

/* What can be unpacked of a damaged member is kept. */
static void unpack(archive *a, uint64_t number, closo_zip_member *member, size_t announced)
{
    zip_file_t *file = zip_fopen_index(a->zip, number, 0);
    char behind;
    member->damaged = file == NULL;
    while (file != NULL && member->size < announced) {
        const zip_int64_t got =
            zip_fread(file, member->bytes + member->size, announced - member->size);
        if (got <= 0) {
            member->damaged = true;
            break;
        }
        member->size += (size_t)got;
    }
    /* Reading the end makes libzip compare the checksum. */
    if (file != NULL && !member->damaged)
        member->damaged = zip_fread(file, &behind, 1) != 0;
    if (file != NULL)
        (void)zip_fclose(file);
}

static closo_status read_member(archive *a, uint64_t number, bool (*wanted)(const char *name),
                                closo_error *error)
{
    zip_stat_t about;
    zip_stat_init(&about);
    const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if (zip_stat_index(a->zip, number, 0, &about) != 0 || (about.valid & needed) != needed ||
        !wanted(about.name))
        return CLOSO_OK;
    closo_status status = check_size(a, &about, error);
    if (status != CLOSO_OK)
        return status;
    closo_zip_member *list =
        closo_arena_grow(a->source->arena, a->members, a->count, &a->capacity, sizeof *list);
    if (list == NULL)
        return closo_fail_nomem(error);
    a->members = list;
    closo_zip_member *member = &list[a->count];
    memset(member, 0, sizeof *member);
    member->name = closo_arena_text(a->source->arena, about.name);
    member->bytes = closo_arena_alloc(a->source->arena, (size_t)about.size + 1, 1);
    if (member->name == NULL || member->bytes == NULL)
        return closo_fail_nomem(error);
    unpack(a, number, member, (size_t)about.size);
    member->bytes[member->size] = '\0';
    a->count++;
    return CLOSO_OK;
}

static closo_status read_members(archive *a, bool (*wanted)(const char *name), closo_error *error)
{
    const zip_int64_t count = zip_get_num_entries(a->zip, 0);
    closo_status status = CLOSO_OK;
    if (count > MEMBERS_MOST)
        return closo_fail(error, CLOSO_LIMIT, "the archive has more than %d members", MEMBERS_MOST);
    for (zip_int64_t i = 0; i < count && status == CLOSO_OK; i++)
        status = read_member(a, (uint64_t)i, wanted, error);
    return status;
}

/* The members are only listed here, not unpacked. */
static closo_status open_archive(archive *a, closo_error *error)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *bytes = zip_source_buffer_create(a->source->bytes, a->source->size, 0, &why);
    a->zip = bytes != NULL ? zip_open_from_source(bytes, ZIP_RDONLY, &why) : NULL;
    const bool no_memory = zip_error_code_zip(&why) == ZIP_ER_MEMORY;
    if (a->zip == NULL)
        zip_source_free(bytes);
    zip_error_fini(&why);
    if (a->zip != NULL)
        return CLOSO_OK;
    if (no_memory)
        return closo_fail_nomem(error);
    return closo_fail(error, CLOSO_FORMAT,
                      "this zip archive is cut or damaged: the list of its members, which stands "
                      "at its end, cannot be read; copy the file again");
}

closo_status closo_zip_read(const closo_source *source, bool (*wanted)(const char *name),
                            closo_zip_member **members, size_t *count, closo_error *error)
{
    archive a = {.source = source};
    closo_status status = open_archive(&a, error);
    if (status != CLOSO_OK)
        return status;
    status = read_members(&a, wanted, error);
    zip_discard(a.zip);
    *members = a.members;
    *count = a.count;
    return status;
}

static void stream(zip_file_t *file, closo_zip_sink *sink, void *user, closo_zip_outcome *outcome)
{
    char piece[PIECE_BYTES];
    for (;;) {
        /* Reading the end makes libzip compare the checksum. */
        const zip_int64_t got = zip_fread(file, piece, sizeof piece);
        outcome->damaged = got < 0;
        if (got <= 0 || !sink(user, piece, (size_t)got))
            return;
    }
}

closo_status closo_zip_stream(const closo_source *source, const char *name, closo_zip_sink *sink,
                              void *user, closo_zip_outcome *outcome, closo_error *error)
{
    archive a = {.source = source};
    zip_stat_t about;
    zip_stat_init(&about);
    memset(outcome, 0, sizeof *outcome);
    closo_status status = open_archive(&a, error);
    if (status != CLOSO_OK)
        return status;
    const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    outcome->found =
        zip_stat(a.zip, name, ZIP_FL_NOCASE, &about) == 0 && (about.valid & needed) == needed;
    if (outcome->found)
        status = check_size(&a, &about, error);
    if (outcome->found && status == CLOSO_OK) {
        zip_file_t *file = zip_fopen_index(a.zip, about.index, 0);
        outcome->damaged = file == NULL;
        if (file != NULL)
            stream(file, sink, user, outcome);
        if (file != NULL)
            (void)zip_fclose(file);
    }
    zip_discard(a.zip);
    return status;
}
