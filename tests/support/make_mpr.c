/* SPDX-License-Identifier: BSD-3-Clause */
#include "make_mpr.h"

#include <stdio.h>
#include <string.h>

typedef struct output {
    unsigned char *bytes;
    size_t size, capacity;
    bool full;
} output;

static unsigned char *take(output *out, size_t count)
{
    if (out->full || out->capacity - out->size < count) {
        out->full = true;
        return NULL;
    }
    unsigned char *at = out->bytes + out->size;
    memset(at, 0, count);
    out->size += count;
    return at;
}

static void put_integer(unsigned char *at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static void put_float(unsigned char *at, double value)
{
    float narrow = (float)value;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    put_integer(at, bits, 4);
}

static void put_double(unsigned char *at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_integer(at, bits, 8);
}

/* A length byte and the text. */
static void put_text(unsigned char *at, const char *text, size_t room)
{
    size_t length = text != NULL ? strlen(text) : 0;
    length = length < room - 1 ? length : room - 1;
    at[0] = (unsigned char)length;
    if (length != 0)
        memcpy(at + 1, text, length);
}

void make_mpr_put_float(make_mpr_record *record, double value)
{
    put_float(record->bytes + record->size, value);
    record->size += 4;
}

void make_mpr_put_integer(make_mpr_record *record, uint32_t value, size_t bytes)
{
    put_integer(record->bytes + record->size, value, bytes);
    record->size += bytes;
}

void make_mpr_put_cv(make_mpr_record *record, const make_mpr_cv *cv, bool new_header)
{
    enum { OPEN_CIRCUIT = 0, REFERENCE = 4, MILLIVOLTS_PER_SECOND = 1, AUTO = 14, UNSET = 123 };
    const size_t wide = new_header ? 4 : 1; /* bytes of "vs." */
    make_mpr_put_float(record, 0);          /* Ei */
    make_mpr_put_integer(record, OPEN_CIRCUIT, wide);
    make_mpr_put_float(record, cv->rate_mV_per_s);
    make_mpr_put_integer(record, MILLIVOLTS_PER_SECOND, 1);
    make_mpr_put_float(record, cv->first_V);
    make_mpr_put_integer(record, REFERENCE, wide);
    make_mpr_put_integer(record, 50, 1); /* step percent */
    make_mpr_put_integer(record, 10, 4); /* N */
    make_mpr_put_float(record, cv->range_low_V);
    make_mpr_put_float(record, cv->range_high_V);
    make_mpr_put_integer(record, AUTO, 1);
    make_mpr_put_integer(record, UNSET, 1);
    make_mpr_put_integer(record, UNSET, 1);
    make_mpr_put_integer(record, UNSET, 1);
    make_mpr_put_integer(record, 5, 1); /* bandwidth */
    make_mpr_put_float(record, cv->second_V);
    make_mpr_put_integer(record, REFERENCE, wide);
    make_mpr_put_integer(record, cv->repeats, 4);
    make_mpr_put_integer(record, 1, wide); /* reverse scan */
    make_mpr_put_float(record, 0);         /* Ef */
    make_mpr_put_integer(record, OPEN_CIRCUIT, wide);
}

/* ---- modules ---- */

static void put_header(output *out, const make_mpr *spec, const char *name, const char *long_name,
                       size_t length, uint32_t version)
{
    const bool newer = spec->version >= 10;
    unsigned char *at = take(out, 6 + (newer ? 59 : 51));
    if (at == NULL)
        return;
    memcpy(at, "MODULE", 6);
    memset(at + 6, ' ', 35);
    memcpy(at + 6, name, strlen(name));
    memcpy(at + 16, long_name, strlen(long_name));
    at += 41;
    if (newer) {
        put_integer(at, UINT32_MAX, 4);
        put_integer(at + 4, length, 4);
        put_integer(at + 8, 0, 4);
        put_integer(at + 12, version, 4);
        at += 16;
    } else {
        put_integer(at, length, 4);
        put_integer(at + 4, version, 4);
        at += 8;
    }
    memcpy(at, "11/22/26", 8);
}

static size_t settings_place(const make_mpr *spec)
{
    if (spec->compact)
        return 0x26c;
    return spec->version == 11 ? 0x1847 : spec->version == 3 ? 0x1846 : 0x0572;
}

static void put_settings(output *out, const make_mpr *spec)
{
    const size_t place = settings_place(spec);
    const size_t record = spec->sequence_count != 0 ? spec->sequences[0].size : 0;
    const size_t length = place + 4 + spec->sequence_count * record + 410;
    put_header(out, spec, "VMP Set", "VMP settings", length, spec->version >= 10 ? 10 : 0);
    unsigned char *at = take(out, length);
    if (at == NULL)
        return;
    at[0] = spec->technique;
    at[2] = 8;
    put_text(at + 0x07, spec->comments, 256);
    put_float(at + 0x107, spec->active_mass_mg);
    put_float(at + 0x10b, spec->active_mass_at_x);
    put_float(at + 0x10f, spec->molar_mass_g);
    put_float(at + 0x113, spec->ion_molar_mass_g);
    put_float(at + 0x117, spec->x_start);
    put_integer(at + 0x11b, spec->electrons_per_ion, 2);
    put_text(at + 0x11e, spec->electrode_material, 81);
    put_text(at + 0x1c0, spec->electrolyte, 81);
    put_float(at + 0x211, spec->area_cm2);
    put_text(at + 0x215, spec->reference != NULL ? spec->reference : "(unspecified)", 51);
    put_float(at + 0x248, spec->reference_V);
    put_float(at + 0x24c, spec->characteristic_mass_mg);
    at[0x250] = 2; /* cm2 */
    at[0x251] = 2; /* mg */
    put_float(at + 0x25c, spec->capacity_mAh);
    at[0x260] = 1; /* mA.h */
    put_integer(at + place, spec->sequence_count, 2);
    put_integer(at + place + 2, spec->parameter_count, 2);
    for (size_t i = 0; i < spec->sequence_count; i++)
        memcpy(at + place + 4 + i * record, spec->sequences[i].bytes, record);
}

static size_t type_bytes(make_mpr_type type)
{
    static const size_t bytes[] = {8, 4, 4, 2, 1, 0};
    return bytes[type];
}

static unsigned flag_bits(uint16_t id, unsigned value)
{
    switch (id) {
    case 1:
        return value & 3;
    case 2:
        return (value & 1) << 2;
    case 3:
        return (value & 1) << 3;
    case 21:
        return (value & 1) << 4;
    case 31:
        return (value & 1) << 5;
    default:
        return (value & 1) << 7;
    }
}

static void put_value(unsigned char *at, make_mpr_type type, double value)
{
    if (type == MAKE_MPR_F64)
        put_double(at, value);
    else if (type == MAKE_MPR_F32)
        put_float(at, value);
    else
        put_integer(at, (uint64_t)value, type_bytes(type));
}

static void put_record(unsigned char *at, const make_mpr *spec, size_t row)
{
    unsigned char *flags = NULL;
    for (size_t i = 0; i < spec->column_count; i++) {
        const make_mpr_column *column = &spec->columns[i];
        if (column->type == MAKE_MPR_FLAG) {
            if (flags == NULL)
                flags = at++;
            *flags = (unsigned char)(*flags | flag_bits(column->id, (unsigned)column->values[row]));
            continue;
        }
        put_value(at, column->type, column->values[row]);
        at += type_bytes(column->type);
    }
}

static void put_data(output *out, const make_mpr *spec)
{
    const bool newer = spec->version >= 10;
    const size_t start = newer ? 1007 : spec->version == 3 ? 406 : spec->version == 2 ? 405 : 100;
    const size_t ids = newer ? 6 : 5, id_bytes = spec->version == 0 ? 1 : 2;
    size_t record = 0;
    bool flags = false;
    for (size_t i = 0; i < spec->column_count; i++) {
        record += type_bytes(spec->columns[i].type);
        flags = flags || spec->columns[i].type == MAKE_MPR_FLAG;
    }
    record += flags;
    const size_t length = start + spec->row_count * record;
    put_header(out, spec, "VMP data", "VMP data", length, (uint32_t)spec->version);
    unsigned char *at = take(out, length);
    if (at == NULL)
        return;
    put_integer(at, spec->row_count, 4);
    put_integer(at + 4, spec->column_count, newer ? 2 : 1);
    for (size_t i = 0; i < spec->column_count; i++)
        put_integer(at + ids + i * id_bytes, spec->columns[i].id, id_bytes);
    for (size_t row = 0; row < spec->row_count; row++)
        put_record(at + start + row * record, spec, row);
}

static void put_log(output *out, const make_mpr *spec)
{
    const size_t length = !spec->compact ? 2894 : spec->averaged_points != 0 ? 0x923 : 0x3e0;
    put_header(out, spec, "VMP LOG", "VMP LOG", length, spec->version >= 10 ? 10 : 0);
    unsigned char *at = take(out, length);
    if (at == NULL)
        return;
    at[2] = spec->technique;
    at[9] = spec->channel;
    put_integer(at + 0xab, spec->channel_serial, 4);
    put_float(at + 0x1f8, spec->range_low_V);
    put_float(at + 0x1fc, spec->range_high_V);
    put_double(at + 0x249, spec->start_days);
    put_text(at + 0x251, spec->file_name, 256);
    put_text(at + 0x3b7, spec->software, 7);
    put_text(at + 0x3be, spec->software, 7);
    put_text(at + 0x3c5, spec->software, 7);
    put_text(at + 0x3cf, spec->device_serial, 13);
    if (length > 0x922)
        at[0x922] = spec->averaged_points;
}

static void put_loops(output *out, const make_mpr *spec)
{
    const size_t length = 4 + 4 * spec->loop_count;
    put_header(out, spec, "VMP loop", "VMP expt. loop indexes", length,
               spec->version >= 10 ? 10 : 0);
    unsigned char *at = take(out, length);
    if (at == NULL)
        return;
    put_integer(at, spec->loop_count, 4);
    for (size_t i = 0; i < spec->loop_count; i++)
        put_integer(at + 4 + 4 * i, spec->loops[i], 4);
}

static void put_external(output *out, const make_mpr *spec)
{
    const size_t length = 443;
    put_header(out, spec, "VMP ExtDev", "VMP Ext. Devices", length, 0);
    unsigned char *at = take(out, length);
    if (at == NULL)
        return;
    put_text(at + 0x36, spec->analog_label[0], 28);
    put_text(at + 0x63, spec->analog_label[1], 28);
}

size_t make_mpr_write(const make_mpr *spec, unsigned char *bytes, size_t capacity)
{
    output out = {bytes, 0, capacity, false};
    unsigned char *head = take(&out, 52);
    if (head != NULL) {
        memset(head, ' ', 48);
        memcpy(head, "BIO-LOGIC MODULAR FILE\x1a", 23);
    }
    put_settings(&out, spec);
    if (spec->analog_label[0] != NULL || spec->analog_label[1] != NULL)
        put_external(&out, spec);
    put_data(&out, spec);
    if (!spec->without_log)
        put_log(&out, spec);
    if (spec->loop_count != 0)
        put_loops(&out, spec);
    return out.full ? 0 : out.size;
}
