/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as text of Novocontrol. */
#include "fuzz_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_open(data, size);
    return 0;
}
