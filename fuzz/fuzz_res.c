/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as an Arbin .res. A database is mostly empty pages, so an input is a list of patches to such: the page, the
 * place in it (two bytes), the length, and so many bytes. */
#include "fuzz_text.h"

enum { PAGES = 20, PAGE = 4096, HEAD = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *pages = calloc(PAGES, PAGE);
    if (pages == NULL)
        return 0;
    memcpy(pages, "\0\1\0\0Standard Jet DB\0\1", 21);
    while (size > HEAD) {
        const size_t place =
            data[0] % PAGES * (size_t)PAGE + (data[1] | (size_t)data[2] << 8) % PAGE;
        size_t length = data[3];
        length = length < size - HEAD ? length : size - HEAD;
        length = length < (size_t)PAGES * PAGE - place ? length : (size_t)PAGES * PAGE - place;
        memcpy(pages + place, data + HEAD, length);
        data += HEAD + length;
        size -= HEAD + length;
    }
    fuzz_open(pages, (size_t)PAGES * PAGE);
    free(pages);
    return 0;
}
