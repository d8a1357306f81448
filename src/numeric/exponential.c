/* SPDX-License-Identifier: BSD-3-Clause */
/* exponential.c: exponentials of a whole array. A circuit's constant phase elements need one for each frequency, and calls
 * to exp() one by one are a quarter of a fit.
 *
 * exp(x) = 2^k exp(r), k the integer next to x / ln 2, |r| <= ln 2 / 2, where 13 terms of the series leave 2e-17 (Muller,
 * Elementary Functions, 3rd ed. (2016), section 11.4; ln 2 in two pieces: Cody and Waite (1980)). */
#include "numeric/exponential_internal.h"

#include "numeric/wide_internal.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef int64_t four_integers __attribute__((vector_size(32)));

/* Beyond this 2^k leaves the range of ordinary numbers. */
static const double largest = 700;

/* Four at once, in place. */
WIDE_INLINE void take_exponential(four *value)
{
    const four x = *value;
    /* Adding and taking off 1.5 * 2^52 rounds to an integer, which also stands in the low bits of the sum. */
    const double shifter = 6755399441055744.0, per_ln2 = 1.4426950408889634;
    const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    four shifted = x * per_ln2 + shifter, k = shifted - shifter;
    four r = (x - k * ln2_high) - k * ln2_low;
    four_integers power;
    memcpy(&power, &shifted, sizeof power);
    power = (power << 52) + ((int64_t)1023 << 52);
    four scale;
    memcpy(&scale, &power, sizeof scale);
    four tail = r * (1.0 / 6227020800) + 1.0 / 479001600;
    tail = tail * r + 1.0 / 39916800;
    tail = tail * r + 1.0 / 3628800;
    tail = tail * r + 1.0 / 362880;
    tail = tail * r + 1.0 / 40320;
    tail = tail * r + 1.0 / 5040;
    tail = tail * r + 1.0 / 720;
    tail = tail * r + 1.0 / 120;
    tail = tail * r + 1.0 / 24;
    tail = tail * r + 1.0 / 6;
    tail = tail * r + 0.5;
    *value = scale + scale * (r + r * r * tail);
}

WIDE void closo_exponentials(double factor, const double *x, size_t count, double *out)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        four argument = factor * LOAD_FOUR(x + i);
        const four_integers inside = (argument < largest) & (argument > -largest);
        if (!(inside[0] & inside[1] & inside[2] & inside[3]))
            break;
        take_exponential(&argument);
        *(four_anywhere *)(out + i) = argument;
    }
    for (; i < count; i++)
        out[i] = exp(factor * x[i]);
}
