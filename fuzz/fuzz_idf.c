/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as an IviumSoft data set. */
#include "fuzz_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_open(data, size);
    return 0;
}
