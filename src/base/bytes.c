/* SPDX-License-Identifier: BSD-3-Clause */
/* bytes.c: a cursor that cannot leave its bytes. Values are little endian whatever the machine. */
#include "base_internal.h"

#include <string.h>

size_t closo_bytes_left(const closo_bytes *bytes)
{
    return bytes->size - bytes->position;
}

void closo_bytes_seek(closo_bytes *bytes, size_t position)
{
    if (position > bytes->size) {
        bytes->overrun = true;
        position = bytes->size;
    }
    bytes->position = position;
}

static uint64_t take(closo_bytes *bytes, size_t count)
{
    if (closo_bytes_left(bytes) < count) {
        bytes->overrun = true;
        bytes->position = bytes->size;
        return 0;
    }
    uint64_t value = 0;
    for (size_t i = count; i-- > 0;)
        value = value << 8 | bytes->data[bytes->position + i];
    bytes->position += count;
    return value;
}

uint8_t closo_bytes_u8(closo_bytes *bytes)
{
    return (uint8_t)take(bytes, 1);
}

uint16_t closo_bytes_u16(closo_bytes *bytes)
{
    return (uint16_t)take(bytes, 2);
}

uint32_t closo_bytes_u32(closo_bytes *bytes)
{
    return (uint32_t)take(bytes, 4);
}

double closo_bytes_f32(closo_bytes *bytes)
{
    uint32_t bits = closo_bytes_u32(bytes);
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

double closo_bytes_f64(closo_bytes *bytes)
{
    uint64_t bits = take(bytes, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
