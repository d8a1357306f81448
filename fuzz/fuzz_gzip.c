/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes behind the head of a gzip file: deflated data seldom come about by chance, so the head is put before what
 * lacks it. */
#include "fuzz_text.h"

static const uint8_t head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 2 && memcmp(data, head, 3) == 0) {
        fuzz_open(data, size);
        return 0;
    }
    uint8_t *whole = malloc(size + sizeof head);
    if (whole == NULL)
        return 0;
    memcpy(whole, head, sizeof head);
    if (size != 0)
        memcpy(whole + sizeof head, data, size);
    fuzz_open(whole, size + sizeof head);
    free(whole);
    return 0;
}
