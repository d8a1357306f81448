/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_log.c: what stands around the points of an .mpr: the log (device, versions, start), loops, external devices. */
#include "biologic_internal.h"
#include "text_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Offsets in the module 'VMP LOG', the same in all versions met, 10.40 to 11.61 and BT-Lab 1.79. */
enum {
    LOG_TECHNIQUE = 0x02,      /* u8 */
    LOG_CHANNEL = 0x09,        /* u8, counted from 0 */
    LOG_CHANNEL_SERIAL = 0xab, /* u32 */
    LOG_RANGE_LOW = 0x1f8,     /* f32, V */
    LOG_RANGE_HIGH = 0x1fc,
    LOG_START = 0x249, /* f64, days since 1899-12-30 */
    LOG_FILE = 0x251,  /* Pascal strings */
    LOG_SOFTWARE = 0x3b7,
    LOG_FIRMWARE = 0x3be,
    LOG_DEVICE_SERIAL = 0x3cf,
    LOG_SMOOTHING = 0x922 /* u8, points averaged */
};

const char *closo_mpr_text(const closo_mpr *mpr, const closo_mpr_module *module, size_t offset)
{
    if (offset >= module->length || module->data[offset] > module->length - offset - 1)
        return "";
    closo_span text = {(const char *)module->data + offset + 1, module->data[offset]};
    const char *end = text.length != 0 ? memchr(text.start, '\0', text.length) : NULL;
    if (end != NULL)
        text.length = (size_t)(end - text.start);
    if (!closo_text_to_utf8(mpr->table->arena, text.start, text.length, &text))
        return NULL;
    text = closo_span_trim(text);
    return closo_arena_text_n(mpr->table->arena, text.start, text.length);
}

closo_status closo_mpr_keep_text(closo_mpr *mpr, const closo_mpr_module *module, size_t offset,
                                 const char *key)
{
    const char *text = closo_mpr_text(mpr, module, offset);
    if (text == NULL)
        return CLOSO_NOMEM;
    return text[0] != '\0' ? closo_table_set_text(mpr->table, key, text) : CLOSO_OK;
}

bool closo_mpr_date_of(double days, closo_mpr_date *date)
{
    closo_date civil;
    if (!closo_date_of_days(days, &civil))
        return false;
    const int seconds = (civil.hour * 60 + civil.minute) * 60 + civil.second;
    *date = (closo_mpr_date){civil.year, civil.month, civil.day,
                             seconds * 1000 + civil.nanosecond / 1000000};
    return true;
}

static bool date_text(double days, char text[64])
{
    closo_mpr_date date;
    if (!closo_mpr_date_of(days, &date))
        return false;
    const int second = date.millisecond / 1000;
    snprintf(text, 64, "%04d-%02d-%02dT%02d:%02d:%02d.%03d", date.year, date.month, date.day,
             second / 3600, second / 60 % 60, second % 60, date.millisecond % 1000);
    return true;
}

/* The version without the letter before it. NULL when out of memory. */
static const char *version_at(const closo_mpr *mpr, const closo_mpr_module *module, size_t offset)
{
    const char *version = closo_mpr_text(mpr, module, offset);
    return version != NULL && (version[0] == 'v' || version[0] == 'V') ? version + 1 : version;
}

/* "11.50" or "v11.50" is EC-Lab; BT-Lab is at 1.x. */
static closo_status keep_software(closo_mpr *mpr, const closo_mpr_module *module)
{
    const char *version = version_at(mpr, module, LOG_SOFTWARE);
    const char *firmware = version_at(mpr, module, LOG_FIRMWARE);
    if (version == NULL || firmware == NULL)
        return CLOSO_NOMEM;
    if (firmware[0] != '\0' && closo_table_set_text(mpr->table, "firmware", firmware) != CLOSO_OK)
        return CLOSO_NOMEM;
    size_t digits = strspn(version, "0123456789");
    double number = 0;
    if (digits == 0 || !closo_number_parse((closo_span){version, digits}, '.', &number))
        return CLOSO_OK;
    mpr->is_bt_lab = mpr->is_bt_lab || number < 5;
    char *text =
        closo_arena_printf(mpr->table->arena, "%s %s", number < 5 ? "BT-Lab" : "EC-Lab", version);
    return text != NULL ? closo_table_set_text(mpr->table, "software", text) : CLOSO_NOMEM;
}

/* The name the file had when it was measured, without its folder. */
static closo_status keep_file_name(closo_mpr *mpr, const closo_mpr_module *module)
{
    const char *path = closo_mpr_text(mpr, module, LOG_FILE);
    if (path == NULL)
        return CLOSO_NOMEM;
    const char *name = path;
    for (; *path != '\0'; path++)
        if (*path == '\\' || *path == '/')
            name = path + 1;
    return *name != '\0' ? closo_table_set_text(mpr->table, "original_file", name) : CLOSO_OK;
}

/* The channel as people call it, and serial numbers. */
static closo_status keep_instrument(closo_mpr *mpr, const closo_mpr_module *module)
{
    closo_table *table = mpr->table;
    char text[16];
    if (module->length > LOG_CHANNEL) {
        const unsigned channel = module->data[LOG_CHANNEL];
        if (mpr->is_bt_lab) /* A1..A8, B1..B8, ... */
            snprintf(text, sizeof text, "%c%u", 'A' + channel / 8, channel % 8 + 1);
        else
            snprintf(text, sizeof text, "%u", channel + 1);
        if (closo_table_set_text(table, "channel", text) != CLOSO_OK)
            return CLOSO_NOMEM;
    }
    closo_bytes bytes = closo_bytes_of(module->data, module->length);
    closo_bytes_seek(&bytes, LOG_CHANNEL_SERIAL);
    const uint32_t serial = closo_bytes_u32(&bytes);
    snprintf(text, sizeof text, "%04u", serial);
    if (!bytes.overrun && serial != 0 &&
        closo_table_set_text(table, "channel_serial", text) != CLOSO_OK)
        return CLOSO_NOMEM;
    return closo_mpr_keep_text(mpr, module, LOG_DEVICE_SERIAL, "instrument_serial");
}

static closo_status keep_start(closo_mpr *mpr, const closo_mpr_module *module)
{
    char start[64];
    closo_bytes bytes = closo_bytes_of(module->data, module->length);
    closo_bytes_seek(&bytes, LOG_START);
    const double days = closo_bytes_f64(&bytes);
    if (bytes.overrun)
        return CLOSO_OK;
    if (date_text(days, start))
        return closo_table_set_text(mpr->table, "start_time", start);
    closo_table_note(mpr->table, "the start time at byte 0x%zx is not a date and was left out",
                     module->offset + LOG_START);
    return CLOSO_OK;
}

static closo_status keep_range(closo_mpr *mpr, const closo_mpr_module *module)
{
    double low, high;
    if (!closo_mpr_f32(module, LOG_RANGE_LOW, &low) ||
        !closo_mpr_f32(module, LOG_RANGE_HIGH, &high) || !(low < high) || fabs(low) > 1000 ||
        fabs(high) > 1000)
        return CLOSO_OK;
    low = closo_mpr_as_typed(low);
    high = closo_mpr_as_typed(high);
    if (closo_table_set_number(mpr->table, "control_range_low", low, "V") != CLOSO_OK)
        return CLOSO_NOMEM;
    return closo_table_set_number(mpr->table, "control_range_high", high, "V");
}

closo_status closo_mpr_read_log(closo_mpr *mpr, const closo_mpr_module *module)
{
    static closo_status (*const parts[])(closo_mpr *, const closo_mpr_module *) = {
        keep_software, keep_instrument, keep_file_name, keep_start, keep_range};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i](mpr, module) != CLOSO_OK)
            return CLOSO_NOMEM;
    if (module->length > LOG_SMOOTHING && module->data[LOG_SMOOTHING] > 1)
        return closo_table_set_number(mpr->table, "averaged_points", module->data[LOG_SMOOTHING],
                                      "1");
    return CLOSO_OK;
}

/* n boundaries: loop i goes from boundary i to before boundary i + 1; the last is the number of points. */
closo_status closo_mpr_read_loops(closo_mpr *mpr, const closo_mpr_module *module)
{
    closo_bytes bytes = closo_bytes_of(module->data, module->length);
    uint32_t boundaries = closo_bytes_u32(&bytes);
    size_t there = closo_bytes_left(&bytes) / 4;
    if (boundaries > there) {
        closo_table_note(mpr->table, "module 'VMP loop' announces %u boundaries and has %zu",
                         boundaries, there);
        boundaries = (uint32_t)there;
    }
    uint32_t first = boundaries != 0 ? closo_bytes_u32(&bytes) : 0;
    for (uint32_t i = 1; i < boundaries; i++) {
        uint32_t next = closo_bytes_u32(&bytes);
        if (next < first) {
            closo_table_note(mpr->table,
                             "loop %u begins at point %u and ends before it, at %u; this loop and "
                             "those after it are left out",
                             i - 1, first, next);
            break;
        }
        size_t rows = mpr->table->row_count;
        size_t from = first < rows ? first : rows, to = next < rows ? next : rows;
        if (next > rows)
            closo_table_note(mpr->table, "loop %u ends at point %u, but there are %zu points",
                             i - 1, next, rows);
        char name[24];
        snprintf(name, sizeof name, "loop %u", i - 1);
        if (closo_table_add_segment(mpr->table, name, from, to - from) != CLOSO_OK)
            return CLOSO_NOMEM;
        first = next;
    }
    return CLOSO_OK;
}

/* The devices on the two analog inputs. Known only for the older header; the newer layout has not been worked out. */
closo_status closo_mpr_read_external(closo_mpr *mpr, const closo_mpr_module *module)
{
    static const size_t labels[2] = {0x36, 0x63};
    static const char *const keys[2] = {"analog_input_1", "analog_input_2"};
    if (module->new_header) {
        closo_table_note(mpr->table,
                         "what is wired to the analog inputs is written in a way closo does not "
                         "know (module 'VMP ExtDev' at byte 0x%zx); their columns may be another "
                         "quantity than volts",
                         module->offset);
        return CLOSO_OK;
    }
    for (size_t i = 0; i < 2; i++) {
        const char *label = closo_mpr_text(mpr, module, labels[i]);
        if (label == NULL)
            return CLOSO_NOMEM;
        if (label[0] == '\0')
            continue;
        mpr->analog_label[i] = label;
        if (closo_table_set_text(mpr->table, keys[i], label) != CLOSO_OK)
            return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}
