/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_mpr.c: EC-Lab's and BT-Lab's binary file: a head of 52 bytes, then modules back to back. Modules are walked by
 * their length, never searched for (a comment may hold the word MODULE); only where a length has been damaged is the next
 * one looked for, and a note says so. */
#include "biologic_internal.h"

#include <stdio.h>
#include <string.h>

static const char magic[] = "BIO-LOGIC MODULAR FILE";
static const char module_mark[] = "MODULE";

enum {
    MAGIC_BYTES = sizeof magic - 1,
    HEAD_BYTES = 52,
    MARK_BYTES = sizeof module_mark - 1,
    SHORT_NAME_BYTES = 10,
    LONG_NAME_BYTES = 25,
    OLD_HEADER_BYTES = 51, /* after the mark: names, length u32, version u32, date[8] */
    NEW_HEADER_BYTES = 59, /* names, 0xffffffff, length, version, newer version, date[8] */
    MODULES_KEPT = 32
};

typedef struct module_list {
    closo_mpr_module modules[MODULES_KEPT];
    size_t count;
} module_list;

/* How many of the 22 letters of the head are right: a flipped bit must not hide a file from its reader. */
static size_t matching_letters(const closo_source *source)
{
    size_t same = 0;
    for (size_t i = 0; i < MAGIC_BYTES && i < source->size; i++)
        same += source->bytes[i] == (unsigned char)magic[i];
    return same;
}

static int recognise_mpr(const closo_source *source)
{
    size_t same = matching_letters(source);
    if (same == MAGIC_BYTES)
        return 100;
    if (same == source->size && same >= 8)
        return 90;                           /* cut within the head */
    return same >= MAGIC_BYTES - 2 ? 85 : 0; /* no other format comes near */
}

/* The names behind the mark are filled up with blanks; the words in a comment are not. */
static bool has_names(const closo_source *source, size_t position)
{
    const size_t names = position + MARK_BYTES;
    if (source->size - position < MARK_BYTES + SHORT_NAME_BYTES + LONG_NAME_BYTES)
        return false;
    for (size_t i = 0; i < SHORT_NAME_BYTES + LONG_NAME_BYTES; i++)
        if (source->bytes[names + i] < ' ')
            return false;
    return true;
}

/* The next place from `position` on where a module of EC-Lab begins, or SIZE_MAX. */
static size_t find_module(const closo_source *source, size_t position)
{
    static const char wanted[] = "MODULEVMP ";
    const size_t length = sizeof wanted - 1;
    while (position < source->size && source->size - position >= length) {
        const unsigned char *found =
            memchr(source->bytes + position, wanted[0], source->size - position - length + 1);
        if (found == NULL)
            return SIZE_MAX;
        position = (size_t)(found - source->bytes);
        if (memcmp(found, wanted, length) == 0 && has_names(source, position))
            return position;
        position++;
    }
    return SIZE_MAX;
}

static bool is_module_at(const closo_source *source, size_t position)
{
    return position <= source->size && source->size - position >= MARK_BYTES &&
           memcmp(source->bytes + position, module_mark, MARK_BYTES) == 0;
}

/* Reads the module header at `position`, where the mark stands. False when it is cut. */
static bool read_header(const closo_source *source, size_t position, closo_mpr_module *module)
{
    closo_bytes bytes = closo_bytes_of(source->bytes, source->size);
    closo_bytes_seek(&bytes, position + MARK_BYTES);
    if (closo_bytes_left(&bytes) < OLD_HEADER_BYTES)
        return false;
    memset(module, 0, sizeof *module);
    memcpy(module->name, bytes.data + bytes.position, SHORT_NAME_BYTES);
    for (size_t end = SHORT_NAME_BYTES; end > 0 && module->name[end - 1] == ' ';)
        module->name[--end] = '\0';
    closo_bytes_seek(&bytes, bytes.position + SHORT_NAME_BYTES + LONG_NAME_BYTES);
    uint32_t length = closo_bytes_u32(&bytes);
    /* The older header has the length here. The newer one has the largest length that is possible, and then the length;
     * a module of 4 GiB less one byte there never was. */
    module->new_header = length == UINT32_MAX;
    if (module->new_header) {
        if (closo_bytes_left(&bytes) < NEW_HEADER_BYTES - SHORT_NAME_BYTES - LONG_NAME_BYTES - 4)
            return false;
        length = closo_bytes_u32(&bytes);
        closo_bytes_u32(&bytes);
    }
    module->version = closo_bytes_u32(&bytes);
    module->offset = position + MARK_BYTES;
    module->offset += module->new_header ? NEW_HEADER_BYTES : OLD_HEADER_BYTES;
    module->data = source->bytes + module->offset;
    module->announced = length;
    module->length =
        source->size - module->offset < length ? source->size - module->offset : length;
    return true;
}

/* What to do where no module begins although one should: the module before has a damaged length, when another begins
 * inside it or further on. Returns where to go on, SIZE_MAX to stop. */
static size_t resume(const closo_source *source, closo_table *table, closo_mpr_module *last,
                     size_t position)
{
    size_t found = find_module(source, last != NULL ? last->offset : MAGIC_BYTES);
    if (found != SIZE_MAX) {
        if (last != NULL) {
            closo_table_note(table,
                             "the length of module '%s' is damaged (%zu bytes announced, the next "
                             "module begins after %zu); went on at byte 0x%zx",
                             last->name, last->announced, found - last->offset, found);
            last->length = last->announced = found - last->offset;
        } else {
            closo_table_note(table, "the head of the file is damaged; went on at byte 0x%zx",
                             found);
        }
        return found;
    }
    if (last != NULL && last->length < last->announced)
        closo_table_note(
            table,
            "the file ends at byte 0x%zx inside module '%s', which announces %zu bytes "
            "and has %zu; it was cut, or the measurement was still running",
            source->size, last->name, last->announced, last->length);
    else if (position < source->size)
        closo_table_note(
            table,
            "the %zu bytes from byte 0x%zx on are not a module of EC-Lab and were left "
            "out",
            source->size - position, position);
    return SIZE_MAX;
}

/* Whether another EC-Lab file follows the last module: two files were glued together. */
static bool is_second_file(const closo_source *source, closo_table *table, size_t position)
{
    if (position >= source->size || source->size - position < MAGIC_BYTES ||
        memcmp(source->bytes + position, magic, MAGIC_BYTES) != 0)
        return false;
    closo_table_note(table,
                     "two files glued: the second begins at byte 0x%zx and was left out; cut them "
                     "apart there to read it",
                     position);
    return true;
}

static void list_modules(const closo_source *source, closo_table *table, module_list *list)
{
    size_t position = HEAD_BYTES;
    closo_mpr_module *last = NULL;
    while (position != SIZE_MAX && position != source->size) {
        if (!is_module_at(source, position)) {
            if (last != NULL && is_second_file(source, table, position))
                return;
            position = resume(source, table, last, position);
            last = NULL;
            if (position == SIZE_MAX)
                return;
        }
        if (list->count == MODULES_KEPT) {
            closo_table_note(table, "more than %d modules; those from byte 0x%zx on were left out",
                             MODULES_KEPT, position);
            return;
        }
        closo_mpr_module *module = &list->modules[list->count];
        if (!read_header(source, position, module)) {
            closo_table_note(table,
                             "the file ends at byte 0x%zx inside the head of a module that begins "
                             "at byte 0x%zx",
                             source->size, position);
            return;
        }
        list->count++;
        last = module;
        position =
            module->length < module->announced ? SIZE_MAX - 1 : module->offset + module->length;
    }
}

static closo_mpr_module *find(module_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->modules[i].name, name) == 0)
            return &list->modules[i];
    return NULL;
}

/* Modules that closo does not read, or reads only once, are named. */
static void note_unused(const module_list *list, closo_table *table)
{
    static const char *const known[] = {"VMP Set", "VMP data", "VMP LOG", "VMP loop", "VMP ExtDev"};
    unsigned seen = 0;
    for (size_t i = 0; i < list->count; i++) {
        const closo_mpr_module *module = &list->modules[i];
        size_t k = 0;
        while (k < sizeof known / sizeof *known && strcmp(known[k], module->name) != 0)
            k++;
        char name[sizeof module->name];
        for (size_t c = 0; c < sizeof name; c++)
            name[c] = module->name[c] >= ' ' || module->name[c] == '\0' ? module->name[c] : '?';
        if (k == sizeof known / sizeof *known)
            closo_table_note(table,
                             "module '%s' at byte 0x%zx (%zu bytes) is unknown and was left out",
                             name, module->offset, module->length);
        else if ((seen & 1u << k) != 0)
            closo_table_note(table, "a second module '%s' at byte 0x%zx was left out", name,
                             module->offset);
        else
            seen |= 1u << k;
    }
}

typedef closo_status module_reader(closo_mpr *mpr, const closo_mpr_module *module);

static closo_status read_modules(closo_mpr *mpr, module_list *list)
{
    static const struct {
        const char *name;
        module_reader *read;
        const char *absent; /* what to say when it is not there */
    } readers[] = {
        {"VMP Set", closo_mpr_read_settings,
         "there is no module 'VMP Set': the settings are not known"},
        {"VMP LOG", closo_mpr_read_log,
         "there is no module 'VMP LOG', which EC-Lab writes at the end: the measurement was still "
         "running, or the file was copied early; device and start time are not known"},
        {"VMP ExtDev", closo_mpr_read_external, NULL},
        {"VMP data", closo_mpr_read_data,
         "there is no module 'VMP data': the file holds no measured points"},
        {"VMP loop", closo_mpr_read_loops, NULL},
    };
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        const closo_mpr_module *module = find(list, readers[i].name);
        if (module == NULL) {
            if (readers[i].absent != NULL)
                closo_table_note(mpr->table, "%s", readers[i].absent);
            continue;
        }
        closo_status status = readers[i].read(mpr, module);
        if (status != CLOSO_OK)
            return status;
    }
    return CLOSO_OK;
}

static closo_status read_mpr(const closo_source *source, closo_table **table, closo_error *error)
{
    closo_table *made = closo_table_new(source->arena, source->name);
    module_list *list = closo_arena_alloc(source->arena, 1, sizeof *list);
    if (made == NULL || list == NULL)
        return closo_fail_nomem(error);
    made->format = "BioLogic .mpr";
    list_modules(source, made, list);
    if (list->count == 0)
        return closo_fail_byte(error, CLOSO_FORMAT,
                               source->size < HEAD_BYTES ? source->size : HEAD_BYTES,
                               "no module follows the head of this EC-Lab file; it was cut or "
                               "never written, copy it again from the instrument's computer");
    closo_mpr mpr = {.source = source, .table = made, .error = error};
    closo_status status = read_modules(&mpr, list);
    if (status == CLOSO_NOMEM)
        return closo_fail_nomem(error);
    if (status != CLOSO_OK)
        return status;
    note_unused(list, made);
    if (!source->options->without_derived) {
        status = source->options->only_views ? closo_eclab_derive_views(made, error)
                                             : closo_eclab_derive(made, error);
        if (status != CLOSO_OK)
            return status;
    }
    *table = made;
    return CLOSO_OK;
}

const closo_format closo_format_mpr = {"BioLogic .mpr", recognise_mpr, read_mpr};
