/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a Neware .nda: as it is, and with the head that makes it one. */
#include "fuzz_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char magic[] = "NEWARE";
    enum { MAGIC_BYTES = sizeof magic - 1 };
    if (size < MAGIC_BYTES) {
        fuzz_open(data, size);
        return 0;
    }
    uint8_t *copy = malloc(size);
    if (copy == NULL)
        return 0;
    memcpy(copy, data, size);
    memcpy(copy, magic, MAGIC_BYTES);
    fuzz_open(copy, size);
    free(copy);
    return 0;
}
