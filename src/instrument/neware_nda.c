/* SPDX-License-Identifier: BSD-3-Clause */
/* neware_nda.c: Neware's .nda, a head of pointers and then records of one size, told apart by their first bytes. Byte 14 is
 * the version: 8 (BTS 5..6), 22, 26 and 29 (BTS 7..8), 130 (BTS 9, whose two kinds differ in the records). All little
 * endian. Current and charge are integers in units that follow the measuring range, floats in BTS 9. */
#include "neware_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAGIC_BYTES = 6,
    VERSION_PLACE = 14,
    DATA_TAG = 0x55,
    AUX_TAG = 0x65,
    AUX_CHANNELS = 32,
    BTS91_RECORD_LEAST = 52,
    BTS91_RECORD_MOST = 4096
};

typedef struct nda nda;
typedef void record_reader(nda *n, closo_bytes *record, size_t row);

/* A kind of record. */
typedef struct layout {
    const char *program;
    size_t record_bytes, tag_place, index_place;
    unsigned tag;
    record_reader *read;
    bool clock_is_local, has_cycle, has_total_time;
} layout;

struct nda {
    const closo_source *source;
    closo_table *table;
    layout layout;
    unsigned version;
    size_t begin, end; /* of the records */
    int32_t usual_range;
    closo_neware_rows rows;
    float *temperature_C; /* BTS 9.1 */
    size_t unscaled;      /* rows whose range is unknown */
};

static uint32_t u32_at(const closo_source *source, size_t place)
{
    closo_bytes bytes = closo_bytes_of(source->bytes, source->size);
    closo_bytes_seek(&bytes, place);
    return closo_bytes_u32(&bytes);
}

static uint64_t u64(closo_bytes *bytes)
{
    const uint64_t low = closo_bytes_u32(bytes);
    return low | (uint64_t)closo_bytes_u32(bytes) << 32;
}

static double i64(closo_bytes *bytes)
{
    return (double)(int64_t)u64(bytes);
}
static double i32(closo_bytes *bytes)
{
    return (double)(int32_t)closo_bytes_u32(bytes);
}

static void skip(closo_bytes *bytes, size_t count)
{
    closo_bytes_seek(bytes, bytes->position + count);
}

/* Seconds since 1970, unless they are no date. */
static double moment(double seconds)
{
    return seconds > 0 && seconds < 7.3e9 ? seconds : (double)NAN;
}

static double scale(double raw, double multiplier)
{
    return raw == 0 ? 0 : raw * multiplier;
}

/* ---- records ---- */

static void read_v8(nda *n, closo_bytes *b, size_t row)
{
    const closo_neware_rows *r = &n->rows;
    const double multiplier = closo_neware_multiplier(n->usual_range);
    skip(b, 1);
    r->index[row] = closo_bytes_u32(b);
    r->cycle[row] = closo_bytes_u32(b);
    r->step[row] = closo_bytes_u8(b);
    r->type[row] = closo_bytes_u8(b);
    r->step_time_s[row] = closo_bytes_u32(b);
    r->voltage_V[row] = i32(b) / 1e4;
    r->current_mA[row] = scale(i32(b), multiplier);
    skip(b, 8);
    const double charge_mAs = scale(i64(b), multiplier);
    const double energy_mWs = scale(i64(b), multiplier);
    closo_neware_split(r, row, r->current_mA[row], charge_mAs / 3600, energy_mWs / 3600);
    r->clock_s[row] = moment(i64(b));
    n->unscaled += isnan(multiplier) != 0;
}

static void read_86(nda *n, closo_bytes *b, size_t row, bool calendar)
{
    const closo_neware_rows *r = &n->rows;
    skip(b, 2);
    r->index[row] = closo_bytes_u32(b);
    r->cycle[row] = closo_bytes_u32(b) + 1;
    r->step[row] = closo_bytes_u16(b);
    r->type[row] = closo_bytes_u8(b);
    r->jump[row] = closo_bytes_u8(b);
    r->step_time_s[row] = i64(b) / 1e3;
    r->voltage_V[row] = i32(b) / 1e4;
    const double current = i32(b);
    skip(b, 8);
    const double charge = i64(b), discharge = i64(b), energy_in = i64(b), energy_out = i64(b);
    if (calendar) {
        const unsigned year = closo_bytes_u16(b);
        unsigned part[5];
        for (size_t i = 0; i < 5; i++)
            part[i] = closo_bytes_u8(b);
        r->clock_s[row] = closo_neware_clock(year, part[0], part[1], part[2], part[3], part[4]);
        skip(b, 1);
    } else {
        r->clock_s[row] = moment(i64(b));
    }
    const int32_t range = (int32_t)closo_bytes_u32(b);
    const double multiplier = closo_neware_multiplier(range != 0 ? range : n->usual_range);
    r->current_mA[row] = scale(current, multiplier);
    r->charge_mAh[row] = scale(fabs(charge), multiplier) / 3600;
    r->discharge_mAh[row] = scale(fabs(discharge), multiplier) / 3600;
    r->charge_mWh[row] = scale(fabs(energy_in), multiplier) / 3600;
    r->discharge_mWh[row] = scale(fabs(energy_out), multiplier) / 3600;
    n->unscaled += isnan(multiplier) != 0;
}

static void read_v22(nda *n, closo_bytes *b, size_t row)
{
    read_86(n, b, row, false);
}
static void read_v29(nda *n, closo_bytes *b, size_t row)
{
    read_86(n, b, row, true);
}

static void read_bts90(nda *n, closo_bytes *b, size_t row)
{
    const closo_neware_rows *r = &n->rows;
    skip(b, 9);
    r->step[row] = closo_bytes_u8(b);
    r->type[row] = closo_bytes_u8(b);
    skip(b, 5);
    r->index[row] = closo_bytes_u32(b);
    skip(b, 8);
    r->step_time_s[row] = i64(b) / 1e6;
    r->voltage_V[row] = closo_bytes_f32(b);
    r->current_mA[row] = closo_bytes_f32(b);
    skip(b, 16);
    const double charge_mAs = closo_bytes_f32(b), energy_mWs = closo_bytes_f32(b);
    closo_neware_split(r, row, r->current_mA[row], charge_mAs / 3600, energy_mWs / 3600);
    r->clock_s[row] = moment(i64(b) / 1e6);
}

static void read_bts91(nda *n, closo_bytes *b, size_t row)
{
    const closo_neware_rows *r = &n->rows;
    skip(b, 2);
    r->step[row] = closo_bytes_u8(b);
    r->type[row] = closo_bytes_u8(b);
    skip(b, 4);
    r->index[row] = closo_bytes_u32(b);
    const double seconds = closo_bytes_u32(b), nanoseconds = closo_bytes_u32(b);
    r->time_s[row] = seconds + nanoseconds / 1e9;
    r->current_mA[row] = closo_bytes_f32(b);
    r->voltage_V[row] = closo_bytes_f32(b);
    const double charge_mAs = closo_bytes_f32(b), energy_mWs = closo_bytes_f32(b);
    closo_neware_split(r, row, r->current_mA[row], charge_mAs / 3600, energy_mWs / 3600);
    r->cycle[row] = closo_bytes_u32(b) + 1;
    skip(b, 4);
    const double clock_s = closo_bytes_u32(b), clock_ns = closo_bytes_u32(b);
    r->clock_s[row] = moment(clock_s + clock_ns / 1e9);
    if (n->temperature_C != NULL)
        n->temperature_C[row] = (float)closo_bytes_f32(b);
}

static const layout layout_v8 = {"BTS 5", 59, 0, 1, 0, read_v8, .has_cycle = true};
static const layout layout_v22 = {"BTS 7", 86, 0, 2, DATA_TAG, read_v22, .has_cycle = true};
static const layout layout_v29 = {
    "BTS 8", 86, 0, 2, DATA_TAG, read_v29, .clock_is_local = true, .has_cycle = true};
static const layout layout_bts90 = {"BTS 9.0", 88, 4, 16, DATA_TAG, read_bts90, .has_cycle = false};
static const layout layout_bts91 = {
    "BTS 9.1", 0, 0, 8, DATA_TAG, read_bts91, .has_cycle = true, .has_total_time = true};

/* ---- where the records are ---- */

/* The place of these bytes at or behind `from`, SIZE_MAX when they are nowhere. */
static size_t find(const closo_source *source, size_t from, const unsigned char *word,
                   size_t length)
{
    while (from < source->size && source->size - from >= length) {
        const unsigned char *hit =
            memchr(source->bytes + from, word[0], source->size - from - length + 1);
        if (hit == NULL)
            return SIZE_MAX;
        from = (size_t)(hit - source->bytes);
        if (memcmp(hit, word, length) == 0)
            return from;
        from++;
    }
    return SIZE_MAX;
}

static bool is_record(const nda *n, size_t place)
{
    const layout *l = &n->layout;
    return place < n->source->size && n->source->size - place >= l->record_bytes &&
           n->source->bytes[place + l->tag_place] == l->tag &&
           u32_at(n->source, place + l->index_place) != 0;
}

/* A pointer that is wrong must not cost the data: the first record has the number 1. */
static bool find_first_record(nda *n)
{
    static const unsigned char first[2][6] = {{0x55, 0, 1, 0, 0, 0}, {0xaa, 0, 1, 0, 0, 0}};
    const uint32_t begin = u32_at(n->source, 64), length = u32_at(n->source, 68);
    if (begin >= 72 && begin < n->source->size) {
        n->begin = begin;
        n->end = n->source->size;
        if (length != 0 && length < n->end - begin)
            n->end = begin + length;
        for (size_t i = 0; i < 64 && i * n->layout.record_bytes < n->end - begin; i++)
            if (is_record(n, begin + i * n->layout.record_bytes))
                return true;
    }
    size_t found = n->layout.tag == 0 ? SIZE_MAX : find(n->source, 72, first[0], 6);
    const size_t other = n->layout.tag == 0 ? SIZE_MAX : find(n->source, 72, first[1], 6);
    found = other < found ? other : found;
    n->begin = found;
    n->end = n->source->size;
    if (found != SIZE_MAX)
        closo_table_note(n->table,
                         "the head does not say where the records begin; found them at byte 0x%zx",
                         found);
    return found != SIZE_MAX;
}

static bool find_bts90(nda *n)
{
    static const unsigned char first[] = {0x12, 0x50, 0, 7, 0x55, 0x81, 1, 6};
    n->layout = layout_bts90;
    n->begin = find(n->source, 1024, first, sizeof first);
    n->end = n->source->size;
    return n->begin != SIZE_MAX;
}

/* The records of BTS 9.1 are as long as the channel needs: to the next one with the same first two bytes. */
static bool find_bts91(nda *n)
{
    const uint64_t length = u32_at(n->source, 90) | (uint64_t)u32_at(n->source, 94) << 32;
    n->layout = layout_bts91;
    n->begin = 1024;
    n->end = n->source->size;
    const size_t next = find(n->source, n->begin + 2, n->source->bytes + n->begin, 2);
    if (length >= BTS91_RECORD_LEAST && length < n->end - n->begin)
        n->end = n->begin + (size_t)length;
    n->layout.record_bytes = next == SIZE_MAX ? n->end - n->begin : next - n->begin;
    return n->layout.record_bytes >= BTS91_RECORD_LEAST &&
           n->layout.record_bytes <= BTS91_RECORD_MOST;
}

static closo_status find_records(nda *n, closo_error *error)
{
    bool found = false;
    switch (n->version) {
    case 8:
        n->layout = layout_v8;
        found = find_first_record(n);
        break;
    case 22:
    case 23:
        n->layout = layout_v22;
        found = find_first_record(n);
        break;
    case 26:
    case 28:
    case 29:
        n->layout = layout_v29;
        found = find_first_record(n);
        break;
    case 130:
        found = n->source->size > 1026 &&
                (n->source->bytes[1024] == DATA_TAG ? find_bts91(n) : find_bts90(n));
        break;
    default:
        return closo_fail_byte(error, CLOSO_UNSUPPORTED, VERSION_PLACE,
                               "this is a Neware .nda file of version %u; closo reads 8, 22, 23, "
                               "26, 28, 29 and 130; export it as CSV from BTSDA",
                               n->version);
    }
    if (!found)
        return closo_fail(error, CLOSO_FORMAT,
                          "there are no records in this Neware .nda file of version %u; it was cut "
                          "or the test had not begun; copy it again from the instrument's computer",
                          n->version);
    return CLOSO_OK;
}

/* ---- rows ---- */

typedef struct place {
    uint32_t index;
    size_t offset;
} place;

static int by_index(const void *one, const void *other)
{
    const place *a = one, *b = other;
    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* The records in the order of their numbers; of two with the same number the first is kept. */
static closo_status list_records(nda *n, place **list, size_t *count)
{
    const size_t size = n->layout.record_bytes;
    const size_t most = size != 0 ? (n->end - n->begin) / size : 0;
    place *places = closo_arena_alloc(n->source->arena, most + 1, sizeof *places);
    bool sorted = true;
    size_t found = 0, kept = 0;
    if (places == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < most; i++) {
        const size_t offset = n->begin + i * size;
        if (!is_record(n, offset))
            continue;
        places[found] = (place){u32_at(n->source, offset + n->layout.index_place), offset};
        sorted &= found == 0 || places[found - 1].index < places[found].index;
        found++;
    }
    if (!sorted)
        qsort(places, found, sizeof *places, by_index);
    for (size_t i = 0; i < found; i++)
        if (kept == 0 || places[kept - 1].index != places[i].index)
            places[kept++] = places[i];
    if (kept != found)
        closo_table_note(n->table, "%zu records stand in the file twice and were left out once",
                         found - kept);
    if (n->end == n->source->size && n->end - n->begin != most * size)
        closo_table_note(n->table,
                         "the file ends at byte 0x%zx inside a record of %zu bytes, which was left "
                         "out",
                         n->end, size);
    *list = places;
    *count = kept;
    return CLOSO_OK;
}

static closo_status read_rows(nda *n)
{
    place *places;
    size_t count;
    if (list_records(n, &places, &count) != CLOSO_OK ||
        !closo_neware_rows_new(&n->rows, count, false, n->source->arena))
        return CLOSO_NOMEM;
    n->rows.has_cycle = n->layout.has_cycle;
    n->rows.has_total_time = n->layout.has_total_time;
    n->rows.has_step_time = !n->layout.has_total_time;
    n->rows.clock_is_local = n->layout.clock_is_local;
    n->rows.has_clock = true;
    if (n->layout.read == read_bts91 && n->layout.record_bytes >= BTS91_RECORD_LEAST + 4) {
        n->temperature_C = closo_arena_alloc(n->source->arena, count, sizeof(float));
        if (n->temperature_C == NULL)
            return CLOSO_NOMEM;
    }
    for (size_t row = 0; row < count; row++) {
        closo_bytes record =
            closo_bytes_of(n->source->bytes + places[row].offset, n->layout.record_bytes);
        n->layout.read(n, &record, row);
    }
    if (n->unscaled != 0)
        closo_table_note(n->table,
                         "the code of the measuring range is unknown in %zu rows, which have no "
                         "current",
                         n->unscaled);
    if (!n->layout.has_cycle)
        closo_table_note(n->table, "files of BTS 9.0 do not count cycles");
    return CLOSO_OK;
}

/* ---- auxiliary channels ---- */

typedef struct channel {
    unsigned number;
    double *voltage_V, *temperature_C;
    bool has_voltage, has_temperature;
} channel;

typedef struct channels {
    channel list[AUX_CHANNELS];
    size_t count;
} channels;

static channel *channel_of(nda *n, channels *c, unsigned number)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].number == number)
            return &c->list[i];
    if (c->count == AUX_CHANNELS)
        return NULL;
    channel *made = &c->list[c->count];
    made->number = number;
    made->voltage_V = closo_arena_alloc(n->source->arena, n->rows.count, sizeof(double));
    made->temperature_C = closo_arena_alloc(n->source->arena, n->rows.count, sizeof(double));
    if (made->voltage_V == NULL || made->temperature_C == NULL)
        return NULL;
    for (size_t i = 0; i < n->rows.count; i++)
        made->voltage_V[i] = made->temperature_C[i] = (double)NAN;
    c->count++;
    return made;
}

static bool read_aux_record(nda *n, channels *c, size_t offset)
{
    closo_bytes record = closo_bytes_of(n->source->bytes + offset, n->layout.record_bytes);
    skip(&record, 1);
    const unsigned number = closo_bytes_u8(&record);
    const size_t row = closo_neware_row_of(&n->rows, closo_bytes_u32(&record));
    if (row == SIZE_MAX)
        return true;
    channel *to = channel_of(n, c, number);
    if (to == NULL)
        return c->count == AUX_CHANNELS; /* no place for more, or no memory */
    skip(&record, 16);
    to->voltage_V[row] = i32(&record) / 1e4;
    skip(&record, 8);
    to->temperature_C[row] = (int16_t)closo_bytes_u16(&record) / 10.0;
    to->has_voltage |= to->voltage_V[row] != 0;
    to->has_temperature |= to->temperature_C[row] != 0;
    return true;
}

static bool read_aux_records(nda *n, channels *c, size_t begin, size_t end)
{
    const size_t size = n->layout.record_bytes;
    for (size_t at = begin; at < end && end - at >= size; at += size)
        if (n->source->bytes[at] == AUX_TAG && !read_aux_record(n, c, at))
            return false;
    return true;
}

/* They stand among the records or in a part of their own. */
static closo_status read_aux(nda *n)
{
    const uint32_t begin = u32_at(n->source, 72), length = u32_at(n->source, 76);
    channels *c = closo_arena_alloc(n->source->arena, 1, sizeof *c);
    if (c == NULL || !read_aux_records(n, c, n->begin, n->end))
        return CLOSO_NOMEM;
    if (begin >= n->end && begin < n->source->size && length <= n->source->size - begin &&
        !read_aux_records(n, c, begin, begin + (size_t)length))
        return CLOSO_NOMEM;
    for (size_t i = 0; i < c->count; i++) {
        const channel *from = &c->list[i];
        char *voltage = closo_arena_printf(n->source->arena, "Aux %u voltage/V", from->number);
        char *heat = closo_arena_printf(n->source->arena, "Aux %u temperature/degC", from->number);
        if (voltage == NULL || heat == NULL)
            return CLOSO_NOMEM;
        if (from->has_voltage &&
            closo_table_add_values(n->table, voltage, NULL, CLOSO_QUANTITY_OTHER,
                                   from->voltage_V) == NULL)
            return CLOSO_NOMEM;
        if (from->has_temperature &&
            closo_table_add_values(n->table, heat, NULL, CLOSO_QUANTITY_TEMPERATURE,
                                   from->temperature_C) == NULL)
            return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

static closo_status add_temperature(nda *n)
{
    closo_column *column;
    if (n->temperature_C == NULL)
        return CLOSO_OK;
    column = closo_table_add_column(n->table, "Temperature/degC", NULL, CLOSO_QUANTITY_TEMPERATURE);
    if (column == NULL)
        return CLOSO_NOMEM;
    column->storage = CLOSO_STORE_F32;
    column->data = (const unsigned char *)n->temperature_C;
    column->stride_bytes = sizeof *n->temperature_C;
    return CLOSO_OK;
}

/* ---- what is known about the test ---- */

static closo_status set_text(nda *n, const char *key, size_t offset, size_t length)
{
    if (offset > n->source->size || n->source->size - offset < length)
        return CLOSO_OK;
    const char *text = closo_neware_text(n->source->arena, n->source->bytes + offset, length);
    if (text == NULL)
        return CLOSO_NOMEM;
    return *text != '\0' ? closo_table_set_text(n->table, key, text) : CLOSO_OK;
}

/* The head of versions before 130 points to records about the test; the last one counts. */
static closo_status read_test(nda *n)
{
    static const struct {
        unsigned version;
        size_t bytes, start, comments, comment_bytes, file;
    } heads[] = {
        {8, 211, 36, 111, 100, 0}, {22, 383, 37, 227, 100, 0}, {29, 503, 37, 227, 100, 443}};
    const size_t begin = u32_at(n->source, 24), length = u32_at(n->source, 28);
    size_t h = sizeof heads / sizeof *heads - 1;
    while (h > 0 && n->version < heads[h].version)
        h--;
    const uint32_t mass_ug = u32_at(n->source, n->version == 8 ? 144 : 152);
    if (mass_ug != 0 && mass_ug < 1000000000 && n->source->size > 156 &&
        closo_table_set_number(n->table, "active_mass", mass_ug / 1000.0, "mg") != CLOSO_OK)
        return CLOSO_NOMEM;
    if (length < heads[h].bytes || begin >= n->source->size)
        return CLOSO_OK;
    const size_t at = begin + (length / heads[h].bytes - 1) * heads[h].bytes;
    closo_status status = set_text(n, "start_time", at + heads[h].start, 20);
    if (status == CLOSO_OK)
        status = set_text(n, "comments", at + heads[h].comments, heads[h].comment_bytes);
    if (status == CLOSO_OK && heads[h].file != 0)
        status = set_text(n, "setting_file", at + heads[h].file, 60);
    return status;
}

static closo_status read_nda(const closo_source *source, closo_table **table, closo_error *error)
{
    nda n = {.source = source, .table = closo_table_new(source->arena, source->name)};
    if (n.table == NULL)
        return closo_fail_nomem(error);
    n.table->format = "Neware .nda";
    if (source->size <= VERSION_PLACE)
        return closo_fail(error, CLOSO_FORMAT,
                          "this Neware .nda file ends within its head; copy it again from the "
                          "instrument's computer");
    n.version = source->bytes[VERSION_PLACE];
    const uint32_t device = u32_at(source, 16);
    n.usual_range = device < source->size ? (int32_t)u32_at(source, device + (size_t)26) : 0;
    closo_status status = find_records(&n, error);
    if (status != CLOSO_OK)
        return status;
    status = read_rows(&n);
    if (status == CLOSO_OK)
        status = closo_neware_finish(&n.rows, n.table);
    if (status == CLOSO_OK && n.version != 130)
        status = read_test(&n);
    if (status == CLOSO_OK)
        status = n.layout.read == read_v29 || n.layout.read == read_v22 ? read_aux(&n)
                                                                        : add_temperature(&n);
    if (status == CLOSO_OK)
        status = closo_table_set_text(n.table, "software", n.layout.program);
    if (status != CLOSO_OK)
        return closo_fail_nomem(error);
    *table = n.table;
    return CLOSO_OK;
}

static int recognise_nda(const closo_source *source)
{
    return source->size >= MAGIC_BYTES && memcmp(source->bytes, "NEWARE", MAGIC_BYTES) == 0 ? 95
                                                                                            : 0;
}

const closo_format closo_format_nda = {"Neware .nda", recognise_nda, read_nda};
