/* SPDX-License-Identifier: BSD-3-Clause */
#include "make_res.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { PAGE = MAKE_RES_PAGE_BYTES, CATALOG = 2, MAPS = 3 };

static void put(unsigned char *at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static unsigned get16(const unsigned char *at)
{
    return at[0] | (unsigned)at[1] << 8;
}

static unsigned char *page_of(make_res *res, uint32_t number)
{
    return res->bytes + (size_t)number * PAGE;
}

static uint32_t new_page(make_res *res, unsigned kind, uint32_t owner)
{
    assert(res->page_count < MAKE_RES_PAGES);
    const uint32_t number = (uint32_t)res->page_count++;
    unsigned char *page = page_of(res, number);
    put(page, kind | 0x100, 2);
    put(page + 4, owner, 4);
    return number;
}

/* Puts bytes as the next row of a page of data; false when they do not fit. */
static bool put_row(unsigned char *page, const unsigned char *bytes, size_t size, unsigned flags)
{
    const unsigned count = get16(page + 12);
    const size_t end = count == 0 ? PAGE : get16(page + 12 + 2 * (size_t)count) & 0x1fff;
    if (end < size + 14 + 2 * ((size_t)count + 1))
        return false;
    memcpy(page + end - size, bytes, size);
    put(page + 14 + 2 * (size_t)count, (end - size) | flags, 2);
    put(page + 12, count + 1, 2);
    return true;
}

/* The map of a table's pages is a row of the page of maps: kind 0, the first page, a bit for each page. */
static void set_in_map(make_res *res, uint32_t table, uint32_t number)
{
    const unsigned char *description = page_of(res, table);
    unsigned char *maps = page_of(res, MAPS);
    unsigned char *map = maps + (get16(maps + 14 + 2 * (size_t)description[55]) & 0x1fff);
    map[5 + number / 8] |= (unsigned char)(1u << number % 8);
}

static bool is_variable(unsigned type)
{
    return type == MAKE_RES_TEXT;
}

static size_t width_of(unsigned type)
{
    switch (type) {
    case MAKE_RES_BYTE:
        return 1;
    case MAKE_RES_INT16:
        return 2;
    case MAKE_RES_INT32:
    case MAKE_RES_FLOAT:
        return 4;
    case MAKE_RES_DOUBLE:
        return 8;
    default:
        return 0;
    }
}

static void describe(make_res *res, uint32_t table, const make_res_column *columns, size_t count)
{
    unsigned char *page = page_of(res, table), *at = page + 63;
    const unsigned char none[21] = {0};
    unsigned fixed = 0, variable = 0;
    unsigned char *maps = page_of(res, MAPS);
    page[55] = (unsigned char)get16(maps + 12);
    put(page + 56, MAPS, 3);
    assert(put_row(maps, none, sizeof none, 0));
    for (size_t i = 0; i < count; i++, at += 25) {
        const bool varies = is_variable(columns[i].type);
        at[0] = (unsigned char)columns[i].type;
        put(at + 5, i, 2);
        put(at + 7, variable, 2);
        put(at + 9, i, 2);
        at[15] = varies ? 2 : 3;
        put(at + 21, varies ? 0 : fixed, 2);
        variable += varies;
        fixed += varies ? 0 : (unsigned)width_of(columns[i].type);
    }
    for (size_t i = 0; i < count; i++) {
        const size_t length = strlen(columns[i].name);
        put(at, 2 * length, 2);
        for (size_t k = 0; k < length; k++)
            put(at + 2 + 2 * k, (unsigned char)columns[i].name[k], 2);
        at += 2 + 2 * length;
    }
    put(page + 8, (uint64_t)(at - page - 8), 4);
    page[40] = 0x4e;
    put(page + 41, count, 2);
    put(page + 43, variable, 2);
    put(page + 45, count, 2);
}

static const make_res_column catalog_columns[] = {
    {"Id", MAKE_RES_INT32}, {"Name", MAKE_RES_TEXT}, {"Type", MAKE_RES_INT16}};

void make_res_begin(make_res *res)
{
    memset(res, 0, sizeof *res);
    memcpy(res->bytes, "\0\1\0\0Standard Jet DB\0\1", 21);
    res->page_count = 2;
    (void)new_page(res, 2, 0);
    (void)new_page(res, 1, 0);
    describe(res, CATALOG, catalog_columns, 3);
    set_in_map(res, CATALOG, new_page(res, 1, CATALOG));
}

/* The last page of data of a table. */
static unsigned char *last_page(make_res *res, uint32_t table)
{
    for (size_t number = res->page_count; number-- > 0;) {
        unsigned char *page = page_of(res, (uint32_t)number);
        if (page[0] == 1 && get16(page + 4) == table && number != MAPS)
            return page;
    }
    assert(false);
    return NULL;
}

static size_t put_number(unsigned char *at, unsigned type, double number)
{
    const size_t width = width_of(type);
    const float single = (float)number;
    uint32_t bits;
    if (type == MAKE_RES_DOUBLE) {
        memcpy(at, &number, sizeof number);
    } else if (type == MAKE_RES_FLOAT) {
        memcpy(&bits, &single, sizeof bits);
        put(at, bits, 4);
    } else if (width != 0) {
        put(at, (uint64_t)(int64_t)number, width);
    }
    return width;
}

static size_t put_text(unsigned char *at, const char *text)
{
    size_t size = 0;
    const bool packed = text[0] == '<';
    if (packed) {
        put(at, 0xfeff, 2);
        size = 2;
        text++;
    }
    for (; *text != '\0'; text++) {
        at[size++] = (unsigned char)*text;
        if (!packed)
            at[size++] = 0;
    }
    return size;
}

void make_res_row(make_res *res, uint32_t table, const make_res_column *columns, size_t count,
                  const make_res_value *values, unsigned flags)
{
    unsigned char row[2048] = {0}, mask[8] = {0};
    size_t size = 2, places[32], variable = 0;
    put(row, count, 2);
    for (size_t i = 0; i < count; i++) {
        const bool set =
            columns[i].type == MAKE_RES_BOOLEAN ? values[i].number != 0 : !values[i].null;
        mask[i / 8] |= (unsigned char)((set ? 1u : 0u) << i % 8);
        if (!is_variable(columns[i].type))
            size += put_number(row + size, columns[i].type, values[i].number);
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_variable(columns[i].type))
            continue;
        places[variable++] = size;
        if (!values[i].null)
            size += put_text(row + size, values[i].text);
    }
    places[variable] = size;
    for (size_t i = variable + 1; i-- > 0; size += 2)
        put(row + size, places[i], 2);
    put(row + size, variable, 2);
    size += 2;
    memcpy(row + size, mask, (count + 7) / 8);
    size += (count + 7) / 8;
    if (!put_row(last_page(res, table), row, size, flags)) {
        const uint32_t number = new_page(res, 1, table);
        set_in_map(res, table, number);
        assert(put_row(page_of(res, number), row, size, flags));
    }
    unsigned char *announced = page_of(res, table) + 16;
    put(announced, get16(announced) + (flags == 0), 2);
}

uint32_t make_res_table(make_res *res, const char *name, const make_res_column *columns,
                        size_t count)
{
    const uint32_t table = new_page(res, 2, 0);
    describe(res, table, columns, count);
    set_in_map(res, table, new_page(res, 1, table));
    const make_res_value entry[] = {{.number = table}, {.text = name}, {.number = 1}};
    make_res_row(res, CATALOG, catalog_columns, 3, entry, 0);
    return table;
}

void make_res_move_last_row(make_res *res, uint32_t table)
{
    unsigned char *page = last_page(res, table), *place;
    const unsigned count = get16(page + 12);
    place = page + 14 + 2 * ((size_t)count - 1);
    const size_t start = get16(place) & 0x1fff;
    const size_t end = count == 1 ? PAGE : get16(place - 2) & 0x1fff;
    const uint32_t target = new_page(res, 1, 0xffff);
    assert(put_row(page_of(res, target), page + start, end - start, 0x8000));
    put(page + start, target << 8, 4); /* row 0 of that page */
    put(place, start | 0x4000, 2);
}

static void make_points(make_res *res)
{
    static const make_res_column columns[] = {
        {"Test_ID", MAKE_RES_INT32},    {"Data_Point", MAKE_RES_INT32},
        {"Test_Time", MAKE_RES_DOUBLE}, {"DateTime", MAKE_RES_DOUBLE},
        {"Step_Index", MAKE_RES_INT16}, {"Cycle_Index", MAKE_RES_INT32},
        {"Is_FC_Data", MAKE_RES_BYTE},  {"Current", MAKE_RES_FLOAT},
        {"Voltage", MAKE_RES_FLOAT},    {"Charge_Capacity", MAKE_RES_DOUBLE},
        {"dV/dt", MAKE_RES_FLOAT},      {"Flag", MAKE_RES_BOOLEAN}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    const uint32_t table = make_res_table(res, "Channel_Normal_Table", columns, COLUMNS);
    for (int i = 0; i < 80; i++) {
        const int k = i == 3 ? 8 : i == 8 ? 3 : i, test = k < 76 ? 1 : 2; /* out of order */
        const double t = 60.0 * k, ampere = k < 40 ? 0.5 : -0.25;
        const make_res_value row[COLUMNS] = {{.number = test},
                                             {.number = k + 1},
                                             {.number = t},
                                             {.number = 44140 + t / 86400},
                                             {.number = k < 40 ? 1 : 2},
                                             {.number = 1},
                                             {.number = 0},
                                             {.number = ampere},
                                             {.number = 3 + k / 128.0},
                                             {.number = 0.5 * t / 3600, .null = k == 5},
                                             {.number = 1.0 / 7680},
                                             {.number = k % 2}};
        make_res_row(res, table, columns, COLUMNS, row, 0);
        if (i == 20)
            make_res_row(res, table, columns, COLUMNS, row, 0x8000);
    }
    make_res_move_last_row(res, table);
}

static void make_about(make_res *res)
{
    static const make_res_column columns[] = {{"Test_ID", MAKE_RES_INT32},
                                              {"Test_Name", MAKE_RES_TEXT},
                                              {"Channel_Index", MAKE_RES_INT16},
                                              {"Start_DateTime", MAKE_RES_DOUBLE},
                                              {"Creator", MAKE_RES_TEXT},
                                              {"Comments", MAKE_RES_TEXT},
                                              {"Schedule_File_Name", MAKE_RES_TEXT},
                                              {"MASS", MAKE_RES_FLOAT}};
    const uint32_t table = make_res_table(res, "Global_Table", columns, 8);
    for (int test = 1; test <= 2; test++) {
        const make_res_value row[] = {{.number = test},
                                      {.text = test == 1 ? "<first cell" : "second cell"},
                                      {.number = 7},
                                      {.number = 44140.5},
                                      {.text = "a person"},
                                      {.null = true},
                                      {.text = "person\\cycle.sdu"},
                                      {.number = 0.0125}};
        make_res_row(res, table, columns, 8, row, 0);
    }
}

static void make_aux(make_res *res)
{
    static const make_res_column columns[] = {{"Test_ID", MAKE_RES_INT32},
                                              {"Data_Point", MAKE_RES_INT32},
                                              {"Auxiliary_Index", MAKE_RES_INT16},
                                              {"Data_Type", MAKE_RES_INT16},
                                              {"X", MAKE_RES_FLOAT}};
    static const make_res_column names[] = {{"Channel_Index", MAKE_RES_INT16},
                                            {"Auxiliary_Index", MAKE_RES_INT16},
                                            {"Data_Type", MAKE_RES_INT16},
                                            {"Nickname", MAKE_RES_TEXT},
                                            {"Unit", MAKE_RES_TEXT}};
    const uint32_t table = make_res_table(res, "Auxiliary_Table", columns, 5);
    for (int k = 0; k < 40; k++)
        for (int type = 0; type < 3; type++) {
            const make_res_value row[] = {{.number = 1},
                                          {.number = k + 1},
                                          {.number = 4},
                                          {.number = type},
                                          {.number = 10 * type + k / 4.0}};
            make_res_row(res, table, columns, 5, row, 0);
        }
    const uint32_t about = make_res_table(res, "Aux_Global_Data_Table", names, 5);
    const make_res_value heat[] = {
        {.number = 7}, {.number = 4}, {.number = 1}, {.text = "casing"}, {.text = "C"}};
    const make_res_value other[] = {
        {.number = 7}, {.number = 4}, {.number = 2}, {.text = ""}, {.text = "kPa"}};
    make_res_row(res, about, names, 5, heat, 0);
    make_res_row(res, about, names, 5, other, 0);
}

void make_res_example(make_res *res)
{
    make_res_begin(res);
    make_points(res);
    make_about(res);
    make_aux(res);
}
