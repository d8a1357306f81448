/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a Neware .ndax. What does not begin like an archive becomes the tables within one: checksums and
 * compression would keep changed bytes from their reader. */
#include "fuzz_text.h"
#include "instrument/neware_internal.h"

enum { PART_COUNT = 4, PAGE_BYTES = 4096, PAGES = 3, ROOM = PAGES * PAGE_BYTES };

static const char *const names[PART_COUNT] = {"data.ndc", "data_runInfo.ndc", "data_step.ndc",
                                              "data_1.ndc"};

/* Byte 0 is the version, byte 1 the kind of auxiliary channel; the rest is dealt out as pages behind a head. */
static void read_tables(const uint8_t *data, size_t size)
{
    static const unsigned char kinds[PART_COUNT] = {CLOSO_NDC_DATA, CLOSO_NDC_RUN, CLOSO_NDC_STEP,
                                                    CLOSO_NDC_AUX};
    static const unsigned versions[] = {2, 5, 11, 14, 16, 17, 99, 14, 1, 3, 4, 6, 8, 9, 12, 13};
    static const unsigned types[] = {0, 103, 335, 345};
    closo_arena *arena = closo_arena_new((size_t)64 << 20);
    closo_table *table = closo_table_new(arena, "fuzz.ndax");
    closo_zip_member parts[PART_COUNT];
    closo_neware_rows rows;
    closo_error error = {0};
    const unsigned version = versions[data[0] % 16], head = version <= 4 ? 512 : PAGE_BYTES;
    const size_t share = (size - 2) / PART_COUNT;
    for (size_t i = 0; i < PART_COUNT; i++) {
        const size_t count = share < ROOM - PAGE_BYTES ? share : ROOM - PAGE_BYTES;
        unsigned char *bytes = closo_arena_alloc(arena, ROOM + 1, 1);
        demand(bytes != NULL);
        bytes[0] = kinds[i];
        bytes[2] = (unsigned char)version;
        memcpy(bytes + head + (version <= 4 ? 0 : 4), data + 2 + i * share, count);
        parts[i] = (closo_zip_member){names[i], bytes, ROOM - (data[1] >> 2) * (size_t)64, false};
    }
    closo_status status = closo_ndc_read(&parts[0], &parts[1], &parts[2], table, &rows, &error);
    demand(status == CLOSO_OK || error.message[0] != '\0');
    if (status == CLOSO_OK) {
        demand(closo_neware_finish(&rows, table) == CLOSO_OK);
        demand(closo_ndc_read_aux(&parts[3], &rows, 1, types[data[1] % 4], table) == CLOSO_OK);
        use_table(table, arena);
    }
    closo_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 2 && data[0] != 'P')
        read_tables(data, size);
    else
        fuzz_open(data, size);
    return 0;
}
