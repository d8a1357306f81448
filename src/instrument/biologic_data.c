/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_data.c: the measured points of an .mpr. They stay where they are: a column of the table is a view of the
 * file's bytes. What does not add up is settled by the length of the module, in which all records are equally long. */
#include "biologic_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Where things stand in the module, by its version. */
typedef struct layout {
    uint32_t version;
    bool wide_count; /* the number of columns is a u16, not a u8 */
    bool wide_ids;   /* so are their ids */
    size_t ids, start;
} layout;

static const layout old_layouts[] = {{3, false, true, 5, 406},   /* EC-Lab 11.2x .. 11.4x, BT-Lab */
                                     {2, false, true, 5, 405},   /* EC-Lab 10 .. 11.1x */
                                     {0, false, false, 5, 100}}; /* older; ids of one byte */
static const layout new_layout = {11, true, true, 6, 1007};      /* EC-Lab 11.50 and later */

typedef struct placed_column {
    closo_eclab_column column;
    bool known, placed; /* placed: its offset in the record is known */
    bool shares_byte;   /* a flag that is not the first */
    size_t offset, size;
} placed_column;

typedef struct records {
    uint32_t announced; /* points the file says it has */
    size_t count;       /* points that are there */
    size_t start, record_bytes;
    placed_column *columns;
    size_t column_count;
    size_t unknown_count;
    size_t known_bytes; /* of one record */
    bool fits;          /* all columns are known and the points fill the module exactly */
    bool misfit;        /* all columns are known but the records have another length */
} records;

static size_t storage_bytes(closo_storage storage)
{
    switch (storage) {
    case CLOSO_STORE_F64:
        return 8;
    case CLOSO_STORE_F32:
    case CLOSO_STORE_U32:
        return 4;
    case CLOSO_STORE_U16:
        return 2;
    case CLOSO_STORE_U8:
        break;
    }
    return 1;
}

/* Reads the list of columns. False when the list does not fit before the records, or is cut. */
static bool list_columns(const closo_mpr_module *module, const layout *form, records *found)
{
    closo_bytes bytes = closo_bytes_of(module->data, module->length);
    found->announced = closo_bytes_u32(&bytes);
    found->column_count = form->wide_count ? closo_bytes_u16(&bytes) : closo_bytes_u8(&bytes);
    found->start = form->start;
    closo_bytes_seek(&bytes, form->ids);
    if (found->column_count > (form->start - form->ids) / (form->wide_ids ? 2 : 1))
        return false;
    bool flags_seen = false;
    found->unknown_count = found->known_bytes = 0;
    for (size_t i = 0; i < found->column_count; i++) {
        placed_column *placed = &found->columns[i];
        memset(placed, 0, sizeof *placed);
        uint16_t id = form->wide_ids ? closo_bytes_u16(&bytes) : closo_bytes_u8(&bytes);
        placed->known = closo_eclab_column_by_id(id, &placed->column);
        placed->column.id = id;
        if (!placed->known) {
            found->unknown_count++;
            continue;
        }
        placed->shares_byte = placed->column.is_flag && flags_seen;
        flags_seen = flags_seen || placed->column.is_flag;
        placed->size = placed->shares_byte ? 0 : storage_bytes(placed->column.storage);
        found->known_bytes += placed->size;
    }
    return !bytes.overrun;
}

/* The length of a record from the length of the module, 0 when the two do not go together. */
static size_t measured_record(const closo_mpr_module *module, const records *found)
{
    if (found->announced == 0 || module->announced < found->start)
        return 0;
    size_t bytes = module->announced - found->start;
    return bytes % found->announced == 0 ? bytes / found->announced : 0;
}

/* Gives the unknown columns a size when the length of a record leaves one answer: a single one takes what is left over;
 * several are all f32 or all f64, the only types new columns have had, when that adds up. */
static void solve_unknown(records *found, size_t record_bytes)
{
    if (found->unknown_count == 0 || record_bytes <= found->known_bytes)
        return;
    size_t left = record_bytes - found->known_bytes;
    size_t each = left / found->unknown_count;
    bool one = found->unknown_count == 1 && (each == 1 || each == 2);
    if (left % found->unknown_count != 0 || !(one || each == 4 || each == 8))
        return;
    for (size_t i = 0; i < found->column_count; i++) {
        placed_column *placed = &found->columns[i];
        if (placed->known)
            continue;
        placed->size = each;
        placed->column.storage = each == 8   ? CLOSO_STORE_F64
                                 : each == 4 ? CLOSO_STORE_F32
                                 : each == 2 ? CLOSO_STORE_U16
                                             : CLOSO_STORE_U8;
    }
}

/* Offsets from the start of the record up to the first column whose size is open, and from its end down to the last. */
static void place_columns(records *found)
{
    size_t offset = 0, i = 0, flags_offset = 0;
    for (; i < found->column_count; i++) {
        placed_column *placed = &found->columns[i];
        if (!placed->known && placed->size == 0)
            break;
        if (placed->column.is_flag && !placed->shares_byte)
            flags_offset = offset;
        placed->offset = placed->shares_byte ? flags_offset : offset;
        placed->placed = true;
        offset += placed->size;
    }
    size_t end = found->record_bytes;
    for (size_t k = found->column_count; k > i; k--) {
        placed_column *placed = &found->columns[k - 1];
        if (!placed->known || placed->size > end)
            break;
        end -= placed->size;
        placed->offset = end;
        placed->placed = !placed->shares_byte;
    }
    /* A flag that shares its byte with one that is placed. */
    const placed_column *first = NULL;
    for (size_t k = 0; k < found->column_count; k++)
        if (found->columns[k].column.is_flag && !found->columns[k].shares_byte)
            first = &found->columns[k];
    for (size_t k = 0; k < found->column_count && first != NULL; k++) {
        placed_column *placed = &found->columns[k];
        if (placed->shares_byte && first->placed) {
            placed->offset = first->offset;
            placed->placed = true;
        }
    }
}

/* Reads the module by one layout. False when the list of columns does not even fit it. */
static bool try_layout(const closo_mpr_module *module, const layout *form, records *found)
{
    if (!list_columns(module, form, found))
        return false;
    size_t measured = measured_record(module, found);
    solve_unknown(found, measured);
    size_t bytes = 0;
    bool open = false;
    for (size_t i = 0; i < found->column_count; i++) {
        bytes += found->columns[i].size;
        open = open || (!found->columns[i].known && found->columns[i].size == 0);
    }
    found->record_bytes = open ? measured : bytes;
    found->fits = found->unknown_count == 0 &&
                  (found->announced == 0 ? module->announced == found->start : measured == bytes);
    found->misfit = found->unknown_count == 0 && measured != 0 && measured != bytes;
    if (open && measured < found->known_bytes)
        found->record_bytes = 0;
    return true;
}

/* The layout that the version names, or, when that one does not fit and another does, the other. */
static bool choose_layout(closo_mpr *mpr, const closo_mpr_module *module, records *found)
{
    const layout *named = module->new_header ? &new_layout : NULL;
    const size_t count = sizeof old_layouts / sizeof *old_layouts;
    for (size_t i = 0; named == NULL && i < count; i++)
        if (old_layouts[i].version == module->version)
            named = &old_layouts[i];
    bool read = named != NULL && try_layout(module, named, found);
    if ((read && found->fits) || module->new_header)
        return read;
    for (size_t i = 0; i < count; i++) {
        if (&old_layouts[i] != named && try_layout(module, &old_layouts[i], found) && found->fits) {
            closo_table_note(
                mpr->table, "module 'VMP data' says it has version %u but is written as version %u",
                module->version, old_layouts[i].version);
            return true;
        }
    }
    if (named == NULL) {
        closo_table_note(mpr->table,
                         "module 'VMP data' has version %u, which closo does not know; it is read "
                         "as version 3",
                         module->version);
        named = &old_layouts[0];
    }
    return try_layout(module, named, found);
}

/* How many points are there of those announced. */
static void count_points(closo_mpr *mpr, const closo_mpr_module *module, records *found)
{
    size_t there = module->length > found->start ? module->length - found->start : 0;
    size_t whole = found->record_bytes != 0 ? there / found->record_bytes : 0;
    found->count = whole < found->announced ? whole : found->announced;
    if (found->count < found->announced)
        closo_table_note(mpr->table,
                         "%zu of %u announced points are there, at bytes 0x%zx to 0x%zx of the "
                         "file; the others are missing",
                         found->count, found->announced, module->offset + found->start,
                         module->offset + found->start + found->count * found->record_bytes);
    else if (there > found->count * found->record_bytes && found->record_bytes != 0)
        closo_table_note(mpr->table,
                         "%zu bytes follow the %u announced points, from byte 0x%zx on, and were "
                         "left out",
                         there - found->count * found->record_bytes, found->announced,
                         module->offset + found->start + found->count * found->record_bytes);
}

static closo_status add_column(closo_mpr *mpr, const closo_mpr_module *module, const records *found,
                               const placed_column *placed)
{
    const closo_eclab_column *stored = &placed->column;
    char unknown[32];
    snprintf(unknown, sizeof unknown, "unknown_%u", stored->id);
    const char *name = placed->known ? stored->name : unknown;
    if (stored->id == 6 && mpr->is_bt_lab)
        name = "Ecell/V";
    const char *unit = closo_eclab_column_unit(name);
    closo_quantity quantity = CLOSO_QUANTITY_OTHER;
    (void)closo_eclab_column_quantity(name, &quantity); /* OTHER when it is not known */
    /* An analog input is stored as the quantity of the device it is wired to (162.97 N), not as its voltage. */
    const char *label =
        stored->id == 16 || stored->id == 17 ? mpr->analog_label[stored->id - 16] : NULL;
    if (label != NULL && strrchr(label, '/') != NULL) {
        unit = strrchr(label, '/') + 1;
        quantity = closo_mpr_quantity_of_unit(unit);
    }
    closo_column *column = closo_table_add_column(mpr->table, name, unit, quantity);
    if (column == NULL)
        return CLOSO_NOMEM;
    column->storage = stored->storage;
    column->bit_mask = stored->bit_mask;
    column->bit_shift = stored->bit_shift;
    column->stride_bytes = found->record_bytes;
    column->data = found->count != 0 ? module->data + found->start + placed->offset : module->data;
    if (stored->id == 39)
        column->labels = closo_eclab_current_ranges(&column->label_count);
    return CLOSO_OK;
}

closo_quantity closo_mpr_quantity_of_unit(const char *unit)
{
    static const closo_quantity candidates[] = {CLOSO_QUANTITY_TEMPERATURE, CLOSO_QUANTITY_FORCE,
                                                CLOSO_QUANTITY_PRESSURE};
    closo_unit own, si;
    if (closo_unit_parse(unit, &own, NULL) == CLOSO_OK)
        for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
            if (closo_unit_parse(closo_quantity_unit(candidates[i]), &si, NULL) == CLOSO_OK &&
                closo_unit_matches(&own, &si))
                return candidates[i];
    return CLOSO_QUANTITY_OTHER;
}

/* True when time does not run backwards: the test of a reading of the records that is not sure. */
static bool time_is_sound(const closo_table *table)
{
    const closo_column *time = closo_table_find(table, CLOSO_QUANTITY_TIME);
    double last = 0;
    for (size_t row = 0; time != NULL && row < table->row_count; row++) {
        double now;
        closo_column_read(time, row, 1, &now);
        if (!(now >= last && now < 1e12))
            return false;
        last = now;
    }
    return true;
}

static void note_unknown(closo_mpr *mpr, const records *found)
{
    for (size_t i = 0; i < found->column_count; i++) {
        const placed_column *placed = &found->columns[i];
        if (!placed->known && placed->placed)
            closo_table_note(
                mpr->table,
                "column %u is not known to closo; it is kept as unknown_%u, a number of "
                "%zu bytes by the length of the records",
                placed->column.id, placed->column.id, placed->size);
        else if (!placed->placed)
            closo_table_note(mpr->table,
                             "column %u (%s) is left out: columns closo does not know stand before "
                             "it and their sizes cannot be told",
                             placed->column.id, placed->known ? placed->column.name : "unknown");
    }
}

closo_status closo_mpr_read_data(closo_mpr *mpr, const closo_mpr_module *module)
{
    enum { COLUMNS_MAX = 500 };
    closo_table *table = mpr->table;
    records found = {0};
    found.columns = closo_arena_alloc(table->arena, COLUMNS_MAX + 1, sizeof *found.columns);
    if (found.columns == NULL)
        return CLOSO_NOMEM;
    if (!choose_layout(mpr, module, &found)) {
        closo_table_note(
            table,
            "the list of columns of module 'VMP data' at byte 0x%zx is cut or damaged; "
            "no points can be read",
            module->offset);
        return CLOSO_OK;
    }
    place_columns(&found);
    count_points(mpr, module, &found);
    table->row_count = found.count;
    for (size_t i = 0; i < found.column_count; i++)
        if (found.columns[i].placed &&
            add_column(mpr, module, &found, &found.columns[i]) != CLOSO_OK)
            return CLOSO_NOMEM;
    note_unknown(mpr, &found);
    if (!found.misfit)
        return CLOSO_OK;
    closo_table_note(table,
                     "the columns add up to %zu bytes a point but module 'VMP data' is long enough "
                     "for %zu; the columns are read one after the other all the same",
                     found.record_bytes, measured_record(module, &found));
    if (!time_is_sound(table))
        return closo_fail_byte(mpr->error, CLOSO_FORMAT, module->offset,
                               "module 'VMP data' announces %u points of %zu bytes, which does not "
                               "fit its length of %zu bytes, and read so time runs backwards; the "
                               "file is damaged, export it again from EC-Lab",
                               found.announced, found.record_bytes, module->announced);
    return CLOSO_OK;
}
