/* SPDX-License-Identifier: BSD-3-Clause */
/* neware_ndc.c: the tables within .ndax. Byte 0 is the kind (1 data, 5 auxiliary channel, 7 steps, 18 times and charges),
 * byte 2 the version. Pages of 4096 bytes, the first one a head; a page has bits that say which rows are valid from byte 4
 * on, and the rows from byte 132 on. Versions to 4 have pages of 512 bytes and no bits; a row there is valid when it has a
 * number. From version 11 on the data hold voltage and current only, and times and charges are stored now and then, so
 * that what lies between is to be added up, as Neware's own export does. */
#include "neware_internal.h"

#include <math.h>
#include <string.h>

/* The rows of one table: pages, and a cursor over them. */
typedef struct pages {
    const closo_zip_member *member;
    size_t page_bytes, start, row_bytes,
        number_place; /* of the row's number, where there are no bits */
    bool has_bits;
    size_t page, slot; /* of the next row */
    uint32_t position; /* of the row that was read, valid or not, counted from 1 */
} pages;

unsigned closo_ndc_kind(const closo_zip_member *member)
{
    const size_t length = strlen(member->name);
    const bool named = length > 4 && strcmp(member->name + length - 4, ".ndc") == 0;
    return named && member->size > 4 ? member->bytes[0] : 0;
}

unsigned closo_ndc_version(const closo_zip_member *member)
{
    return member->bytes[2];
}

static bool has_small_pages(unsigned version)
{
    return version <= 4;
}

static pages pages_of(const closo_zip_member *member, size_t row_bytes)
{
    const bool small = has_small_pages(closo_ndc_version(member));
    return (pages){.member = member,
                   .page_bytes = small ? 512 : 4096,
                   .start = small ? 5 : 132,
                   .row_bytes = row_bytes,
                   .number_place = 8,
                   .has_bits = !small,
                   .page = 1};
}

/* The bytes of the next valid row, NULL at the end. */
static const unsigned char *next_row(pages *p)
{
    const size_t rows = (p->page_bytes - p->start - 1) / p->row_bytes;
    for (;;) {
        const size_t at = p->page * p->page_bytes;
        const size_t row = at + p->start + p->slot * p->row_bytes;
        if (row > p->member->size || p->member->size - row < p->row_bytes)
            return NULL;
        const unsigned char *bytes = p->member->bytes + row;
        bool valid;
        if (p->has_bits) {
            valid = (p->member->bytes[at + 4 + p->slot / 8] >> p->slot % 8 & 1) != 0;
        } else {
            closo_bytes number = closo_bytes_of(bytes + p->number_place, 4);
            valid = closo_bytes_u32(&number) != 0;
        }
        p->position++;
        if (++p->slot == rows) {
            p->slot = 0;
            p->page++;
        }
        if (valid)
            return bytes;
    }
}

static size_t count_rows(pages p)
{
    size_t count = 0;
    while (next_row(&p) != NULL)
        count++;
    return count;
}

static double i64_of(closo_bytes *bytes)
{
    const uint64_t low = closo_bytes_u32(bytes);
    return (double)(int64_t)(low | (uint64_t)closo_bytes_u32(bytes) << 32);
}

/* ---- versions 1 to 5: each row holds everything ---- */

static double read_whole_row(const closo_neware_rows *r, size_t row, closo_bytes *b, size_t gap)
{
    r->index[row] = closo_bytes_u32(b);
    r->cycle[row] = closo_bytes_u32(b) + 1;
    r->step[row] = closo_bytes_u8(b);
    r->type[row] = closo_bytes_u8(b);
    closo_bytes_seek(b, b->position + gap);
    r->step_time_s[row] = i64_of(b) / 1e3;
    r->voltage_V[row] = (int32_t)closo_bytes_u32(b) / 1e4;
    const double current = (int32_t)closo_bytes_u32(b);
    closo_bytes_seek(b, b->position + 4);
    double sums[4];
    for (size_t i = 0; i < 4; i++)
        sums[i] = fabs(i64_of(b));
    const unsigned year = closo_bytes_u16(b);
    unsigned part[5];
    for (size_t i = 0; i < 5; i++)
        part[i] = closo_bytes_u8(b);
    r->clock_s[row] = closo_neware_clock(year, part[0], part[1], part[2], part[3], part[4]);
    const double multiplier = closo_neware_multiplier((int32_t)closo_bytes_u32(b));
    double *const to[] = {r->charge_mAh, r->discharge_mAh, r->charge_mWh, r->discharge_mWh};
    r->current_mA[row] = current == 0 ? 0 : current * multiplier;
    for (size_t i = 0; i < 4; i++)
        to[i][row] = sums[i] == 0 ? 0 : sums[i] * multiplier / 3600;
    return multiplier;
}

static closo_status read_whole_rows(const closo_zip_member *data, closo_table *table,
                                    closo_neware_rows *rows, closo_error *error)
{
    const unsigned version = closo_ndc_version(data);
    const bool oldest = version == 1 || version == 3;
    pages p = pages_of(data, oldest ? 83 : has_small_pages(version) ? 94 : 87);
    const size_t skipped = has_small_pages(version) ? 8 : 1, count = count_rows(p);
    size_t unscaled = 0;
    if (!closo_neware_rows_new(rows, count, false, table->arena))
        return closo_fail_nomem(error);
    rows->has_cycle = rows->has_step_time = rows->has_clock = rows->clock_is_local = true;
    for (size_t row = 0; row < count; row++) {
        closo_bytes bytes = closo_bytes_of(next_row(&p), p.row_bytes);
        closo_bytes_seek(&bytes, skipped);
        unscaled += isnan(read_whole_row(rows, row, &bytes, oldest ? 2 : 5)) != 0;
    }
    if (unscaled != 0)
        closo_table_note(table,
                         "the code of the measuring range is unknown in %zu rows, which have no "
                         "current",
                         unscaled);
    return CLOSO_OK;
}

/* ---- versions 8 to 17: voltage and current; the rest beside them ---- */

/* What differs between these versions. */
typedef struct family {
    size_t run_gap; /* between the sums and the interval of a moment */
    size_t run_bytes, step_bytes;
    unsigned version;
    bool small_units; /* 0.1 mV, mA, mAs and mWs; else V, A, Ah and Wh */
    bool has_ms;      /* the clock of a moment has milliseconds */
} family;

static const family families[] = {{5, 42, 37, 8, false, false},  {8, 45, 37, 9, true, false},
                                  {8, 47, 37, 11, true, true},   {8, 47, 37, 12, false, true},
                                  {8, 55, 37, 13, true, true},   {8, 55, 37, 14, false, true},
                                  {8, 100, 100, 16, true, true}, {8, 100, 100, 17, false, true}};

/* Those of which no file was at hand, and the layout is what others found. */
static bool is_hearsay(unsigned version)
{
    return version != 2 && version != 5 && version != 11 && version != 14 && version != 16 &&
           version != 17;
}

/* A stored moment of the run. */
typedef struct moment {
    double step_time_s, clock_s, interval_s,
        sums[4]; /* charge, discharge in mAh, energies in mWh */
    uint32_t step, number;
} moment;

static moment read_moment(const unsigned char *bytes, const family *f)
{
    closo_bytes b = closo_bytes_of(bytes, f->run_bytes);
    const double unit = f->small_units ? 1 / 3600.0 : 1000;
    moment m;
    m.step_time_s = closo_bytes_u32(&b) / 1e3;
    closo_bytes_seek(&b, b.position + 1);
    for (size_t i = 0; i < 4; i++)
        m.sums[i] = fabs(closo_bytes_f32(&b)) * unit;
    closo_bytes_seek(&b, b.position + f->run_gap);
    m.interval_s = (int32_t)closo_bytes_u32(&b) / 1e3;
    m.clock_s = closo_bytes_u32(&b);
    m.step = closo_bytes_u32(&b);
    m.number = closo_bytes_u32(&b);
    m.clock_s += f->has_ms ? closo_bytes_u16(&b) / 1e3 : 0;
    return m;
}

static closo_status read_floats(const closo_zip_member *data, const family *f, closo_table *table,
                                closo_neware_rows *rows)
{
    pages p = pages_of(data, 8);
    const size_t count = count_rows(p);
    float *voltage = closo_arena_alloc(table->arena, count, sizeof *voltage);
    float *current = closo_arena_alloc(table->arena, count, sizeof *current);
    if (voltage == NULL || current == NULL ||
        !closo_neware_rows_new(rows, count, true, table->arena))
        return CLOSO_NOMEM;
    for (size_t row = 0; row < count; row++) {
        closo_bytes bytes = closo_bytes_of(next_row(&p), p.row_bytes);
        voltage[row] = (float)closo_bytes_f32(&bytes);
        current[row] = (float)closo_bytes_f32(&bytes);
        rows->index[row] = p.position;
        rows->step_time_s[row] = rows->clock_s[row] = (double)NAN;
        rows->charge_mAh[row] = rows->discharge_mAh[row] = (double)NAN;
        rows->charge_mWh[row] = rows->discharge_mWh[row] = (double)NAN;
    }
    rows->voltage_f32 = voltage;
    rows->current_f32 = current;
    rows->voltage_factor = f->small_units ? 1e-4 : 1;
    rows->current_factor = f->small_units ? 1 : 1e3;
    return CLOSO_OK;
}

/* The place of each row's moment among those of the run, counted from 1; 0 where it has none. */
static const unsigned char **place_moments(const closo_zip_member *run, const family *f,
                                           const closo_neware_rows *rows, closo_arena *arena)
{
    const size_t last = rows->count != 0 ? rows->index[rows->count - 1] : 0;
    const unsigned char **of_number = closo_arena_alloc(arena, last + 1, sizeof *of_number);
    pages p = pages_of(run, f->run_bytes);
    for (const unsigned char *at; of_number != NULL && (at = next_row(&p)) != NULL;) {
        const uint32_t number = read_moment(at, f).number;
        if (number != 0 && number <= last && of_number[number] == NULL)
            of_number[number] = at;
    }
    return of_number;
}

/* From one stored moment to the next: the interval is constant, and so the charge grows by current times interval. */
static void fill_row(closo_neware_rows *rows, size_t row, const moment *from, size_t rows_since,
                     double *added_mAh, double *added_mWh)
{
    const double voltage_V = (double)rows->voltage_f32[row] * rows->voltage_factor;
    const double current_mA = (double)rows->current_f32[row] * rows->current_factor;
    const double since_s = (double)rows_since * from->interval_s;
    if (rows_since != 0) {
        *added_mAh += from->interval_s * current_mA / 3600;
        *added_mWh += from->interval_s * current_mA * voltage_V / 3600;
    } else {
        *added_mAh = *added_mWh = 0;
    }
    rows->step_time_s[row] = from->step_time_s + since_s;
    rows->clock_s[row] = from->clock_s + since_s;
    rows->charge_mAh[row] = from->sums[0] + fmax(*added_mAh, 0);
    rows->discharge_mAh[row] = from->sums[1] - fmin(*added_mAh, 0);
    rows->charge_mWh[row] = from->sums[2] + fmax(*added_mWh, 0);
    rows->discharge_mWh[row] = from->sums[3] - fmin(*added_mWh, 0);
}

static closo_status read_run(const closo_zip_member *run, const family *f, closo_table *table,
                             closo_neware_rows *rows)
{
    const unsigned char **of_number = place_moments(run, f, rows, table->arena);
    moment from = {0};
    bool known = false;
    size_t since = 0, missing = 0;
    uint32_t steps = 0, stored_step = 0;
    double added_mAh = 0, added_mWh = 0;
    if (of_number == NULL)
        return CLOSO_NOMEM;
    for (size_t row = 0; row < rows->count; row++) {
        const unsigned char *here = of_number[rows->index[row]];
        since++;
        if (here != NULL) {
            from = read_moment(here, f);
            steps += !known || from.step != stored_step;
            stored_step = from.step;
            since = 0;
            known = true;
        }
        rows->step_count[row] = steps;
        if (known)
            fill_row(rows, row, &from, since, &added_mAh, &added_mWh);
        missing += !known;
    }
    if (missing != 0)
        closo_table_note(table, "the first %zu rows have no time and no charge", missing);
    rows->has_clock = rows->has_step_time = rows->has_step_count = true;
    return CLOSO_OK;
}

static closo_status read_steps(const closo_zip_member *steps, const family *f, closo_table *table,
                               closo_neware_rows *rows)
{
    pages p = pages_of(steps, f->step_bytes);
    const size_t count = count_rows(p);
    size_t beyond = 0;
    const unsigned char **list = closo_arena_alloc(table->arena, count + 1, sizeof *list);
    if (list == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < count; i++)
        list[i] = next_row(&p);
    for (size_t row = 0; row < rows->count; row++) {
        const uint32_t step = rows->step_count[row];
        if (step == 0 || step > count) {
            beyond++;
            continue;
        }
        closo_bytes bytes = closo_bytes_of(list[step - 1], f->step_bytes);
        rows->cycle[row] = closo_bytes_u32(&bytes) + 1;
        rows->step[row] = closo_bytes_u32(&bytes);
        closo_bytes_seek(&bytes, bytes.position + 16);
        rows->type[row] = closo_bytes_u8(&bytes);
    }
    if (beyond != 0)
        closo_table_note(table, "%zu rows belong to a step that the list of steps does not have",
                         beyond);
    rows->has_cycle = true;
    return CLOSO_OK;
}

/* ---- version 6: sums in each row, the kind of each step beside them ---- */

enum { SUMMED_BYTES = 38, SUMMED_STEP_BYTES = 37 };

static bool read_summed_rows(const closo_zip_member *data, closo_table *table,
                             closo_neware_rows *rows)
{
    pages p = pages_of(data, SUMMED_BYTES);
    const size_t count = count_rows(p);
    uint32_t stored_step = 0;
    if (!closo_neware_rows_new(rows, count, false, table->arena))
        return false;
    for (size_t row = 0; row < count; row++) {
        closo_bytes b = closo_bytes_of(next_row(&p), p.row_bytes);
        double *const sums[] = {&rows->charge_mAh[row], &rows->discharge_mAh[row],
                                &rows->charge_mWh[row], &rows->discharge_mWh[row]};
        rows->index[row] = p.position;
        rows->step_time_s[row] = closo_bytes_u32(&b) / 1e3;
        closo_bytes_seek(&b, b.position + 1);
        rows->voltage_V[row] = closo_bytes_f32(&b);
        rows->current_mA[row] = closo_bytes_f32(&b) * 1e3;
        for (size_t i = 0; i < 4; i++)
            *sums[i] = fabs(closo_bytes_f32(&b)) * 1e3;
        closo_bytes_seek(&b, b.position + 1);
        rows->clock_s[row] = closo_bytes_u32(&b);
        const uint32_t step = closo_bytes_u32(&b);
        rows->step_count[row] = row == 0 ? 1 : rows->step_count[row - 1] + (step != stored_step);
        stored_step = step;
    }
    rows->has_clock = rows->has_step_time = rows->has_step_count = true;
    return true;
}

/* ---- any version ---- */

static bool same_version(const closo_zip_member *one, const closo_zip_member *other,
                         closo_table *table, const char *what)
{
    if (other == NULL || closo_ndc_version(one) == closo_ndc_version(other))
        return other != NULL;
    closo_table_note(table, "the %s have version %u, the data version %u; they were left out", what,
                     closo_ndc_version(other), closo_ndc_version(one));
    return false;
}

static const family *family_of(unsigned version)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (families[i].version == version)
            return &families[i];
    return NULL;
}

static closo_status read_summed(const closo_zip_member *data, const closo_zip_member *steps,
                                closo_table *table, closo_neware_rows *rows)
{
    const family summed = {.version = 6, .step_bytes = SUMMED_STEP_BYTES};
    if (!read_summed_rows(data, table, rows))
        return CLOSO_NOMEM;
    return same_version(data, steps, table, "steps") ? read_steps(steps, &summed, table, rows)
                                                     : CLOSO_OK;
}

closo_status closo_ndc_read(const closo_zip_member *data, const closo_zip_member *run,
                            const closo_zip_member *steps, closo_table *table,
                            closo_neware_rows *rows, closo_error *error)
{
    const unsigned version = closo_ndc_version(data);
    const family *f = family_of(version);
    if (f == NULL && (version == 0 || version > 6))
        return closo_fail(error, CLOSO_UNSUPPORTED,
                          "the data in this Neware .ndax file have version %u, whose layout is not "
                          "known; closo reads 1 to 6, 8, 9, 11 to 14, 16 and 17; export it as CSV "
                          "or .xlsx from BTSDA",
                          version);
    if (is_hearsay(version))
        closo_table_note(table,
                         "the data have version %u, which closo reads as others describe it: no "
                         "file of it was at hand to compare; check the values against BTSDA",
                         version);
    if (f == NULL && version != 6)
        return read_whole_rows(data, table, rows, error);
    if (f == NULL && read_summed(data, steps, table, rows) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (f == NULL)
        return CLOSO_OK;
    closo_status status = read_floats(data, f, table, rows);
    if (status == CLOSO_OK && same_version(data, run, table, "times and charges"))
        status = read_run(run, f, table, rows);
    if (status == CLOSO_OK && same_version(data, steps, table, "steps"))
        status = read_steps(steps, f, table, rows);
    return status == CLOSO_OK ? CLOSO_OK : closo_fail_nomem(error);
}

/* ---- auxiliary channels ---- */

enum { AUX_VOLTAGE, AUX_TEMPERATURE, AUX_SETPOINT, AUX_HUMIDITY, AUX_PLAIN, AUX_KINDS };

typedef struct aux_layout {
    size_t row_bytes, number, voltage, temperature, setpoint; /* places in the row, 0: not there */
    bool is_float; /* a row is one float of a kind that TestInfo.xml tells */
    bool voltage_is_float;
} aux_layout;

static bool aux_layout_of(const closo_zip_member *aux, aux_layout *layout)
{
    const size_t first = 4096 + 132;
    const unsigned tag = aux->size > first ? aux->bytes[first] : 0;
    switch (closo_ndc_version(aux)) {
    case 2:
    case 4:
        *layout = (aux_layout){94, 8, 31, 41, 43, false, false};
        return true;
    case 5:
        *layout = (aux_layout){87, 1, 24, 34, 36, false, false};
        return true;
    case 6:
    case 8:
    case 12:
    case 14:
    case 17:
        *layout = (aux_layout){.row_bytes = 4, .is_float = true};
        return true;
    case 9:
    case 11:
    case 13:
    case 16:
        *layout = tag == 0x74 ? (aux_layout){88, 1, 0, 35, 0, false, false}
                              : (aux_layout){7, 0, 1, 5, 0, false, true};
        return tag == 0x74 || tag == 0x65;
    default:
        return false;
    }
}

static double i16_tenths(const unsigned char *row, size_t place)
{
    closo_bytes bytes = closo_bytes_of(row + place, 2);
    return (int16_t)closo_bytes_u16(&bytes) / 10.0;
}

static void read_aux_row(const unsigned char *row, const aux_layout *layout, unsigned type,
                         double values[AUX_KINDS])
{
    closo_bytes bytes = closo_bytes_of(row, layout->row_bytes);
    for (size_t i = 0; i < AUX_KINDS; i++)
        values[i] = (double)NAN;
    if (layout->is_float) {
        const size_t kind = type == 103   ? AUX_TEMPERATURE
                            : type == 335 ? AUX_SETPOINT
                            : type == 345 ? AUX_HUMIDITY
                                          : AUX_PLAIN;
        values[kind] = closo_bytes_f32(&bytes);
        return;
    }
    closo_bytes_seek(&bytes, layout->voltage);
    if (layout->voltage != 0)
        values[AUX_VOLTAGE] = (layout->voltage_is_float ? closo_bytes_f32(&bytes)
                                                        : (int32_t)closo_bytes_u32(&bytes)) /
                              1e4;
    if (layout->temperature != 0)
        values[AUX_TEMPERATURE] = i16_tenths(row, layout->temperature);
    if (layout->setpoint != 0)
        values[AUX_SETPOINT] = i16_tenths(row, layout->setpoint);
}

static closo_status add_aux_column(closo_table *table, unsigned number, size_t kind,
                                   const double *values)
{
    static const struct {
        const char *words;
        closo_quantity quantity;
    } names[AUX_KINDS] = {
        [AUX_VOLTAGE] = {" voltage/V", CLOSO_QUANTITY_OTHER},
        [AUX_TEMPERATURE] = {" temperature/degC", CLOSO_QUANTITY_TEMPERATURE},
        [AUX_SETPOINT] = {" temperature setpoint/degC", CLOSO_QUANTITY_OTHER},
        [AUX_HUMIDITY] = {" humidity/%", CLOSO_QUANTITY_OTHER},
        [AUX_PLAIN] = {"", CLOSO_QUANTITY_OTHER},
    };
    const char *name = closo_arena_printf(table->arena, "Aux %u%s", number, names[kind].words);
    if (name == NULL ||
        closo_table_add_values(table, name, NULL, names[kind].quantity, values) == NULL)
        return CLOSO_NOMEM;
    return CLOSO_OK;
}

/* Almost always the row behind the last one. */
static size_t row_near(const closo_neware_rows *rows, uint32_t index, size_t next)
{
    return next < rows->count && rows->index[next] == index ? next
                                                            : closo_neware_row_of(rows, index);
}

closo_status closo_ndc_read_aux(const closo_zip_member *aux, const closo_neware_rows *rows,
                                unsigned number, unsigned type, closo_table *table)
{
    aux_layout layout;
    double *columns[AUX_KINDS], values[AUX_KINDS];
    bool used[AUX_KINDS] = {false};
    size_t next = 0, strangers = 0;
    if (!aux_layout_of(aux, &layout)) {
        closo_table_note(table, "auxiliary channel %u has an unknown version and was left out",
                         number);
        return CLOSO_OK;
    }
    for (size_t k = 0; k < AUX_KINDS; k++) {
        columns[k] = closo_arena_alloc(table->arena, rows->count, sizeof **columns);
        if (columns[k] == NULL)
            return CLOSO_NOMEM;
        for (size_t i = 0; i < rows->count; i++)
            columns[k][i] = (double)NAN;
    }
    pages p = pages_of(aux, layout.row_bytes);
    for (const unsigned char *at; (at = next_row(&p)) != NULL;) {
        closo_bytes index = closo_bytes_of(at + layout.number, 4);
        const size_t row =
            row_near(rows, layout.number != 0 ? closo_bytes_u32(&index) : p.position, next);
        if (row == SIZE_MAX) {
            strangers++;
            continue;
        }
        next = row + 1;
        read_aux_row(at, &layout, type, values);
        for (size_t k = 0; k < AUX_KINDS; k++) {
            columns[k][row] = values[k];
            /* Integers have no mark for "no sensor" but 0 throughout. */
            used[k] |= layout.is_float ? !isnan(values[k]) : !isnan(values[k]) && values[k] != 0;
        }
    }
    if (strangers != 0)
        closo_table_note(table, "%zu values of auxiliary channel %u belong to no row", strangers,
                         number);
    for (size_t k = 0; k < AUX_KINDS; k++)
        if (used[k] && add_aux_column(table, number, k, columns[k]) != CLOSO_OK)
            return CLOSO_NOMEM;
    return CLOSO_OK;
}
