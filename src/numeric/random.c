/* SPDX-License-Identifier: BSD-3-Clause */
/* random.c: xoshiro256** seeded through splitmix64, and what is drawn from it. */
#include "closo/numeric.h"

#include <math.h>

static uint64_t rotate_left(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

/* splitmix64: Steele, Lea and Flood, SIGPLAN Not. 49 (2014) 453, doi:10.1145/2714064.2660195, with Stafford's
 * thirteenth mixer. Its inventors of xoshiro advise it for seeding: similar seeds give unlike states. */
static uint64_t splitmix_next(uint64_t *state)
{
    uint64_t word = *state += UINT64_C(0x9e3779b97f4a7c15);
    word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
    return word ^ word >> 31;
}

void closo_random_seed(closo_random *random, uint64_t seed)
{
    for (size_t i = 0; i < 4; i++)
        random->state[i] = splitmix_next(&seed);
}

uint64_t closo_random_next(closo_random *random)
{
    uint64_t *state = random->state;
    const uint64_t result = rotate_left(state[1] * 5, 7) * 9;
    const uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate_left(state[3], 45);
    return result;
}

/* The upper 53 bits: every multiple of 2^-53 below 1 with the same chance. */
double closo_random_uniform(closo_random *random)
{
    return (double)(closo_random_next(random) >> 11) * 0x1p-53;
}

/* 2^64 is seldom a multiple of bound; the first 2^64 mod bound words are drawn again, so no remainder is favoured. */
size_t closo_random_below(closo_random *random, size_t bound)
{
    if (bound == 0)
        return 0;
    const uint64_t refused = (UINT64_MAX - bound + 1) % bound;
    uint64_t word;
    do
        word = closo_random_next(random);
    while (word < refused);
    return (size_t)(word % bound);
}

/* Ratio of uniforms (Kinderman and Monahan, ACM Trans. Math. Softw. 3 (1977) 257, doi:10.1145/355744.355750) with Leva's
 * quadratic bounds (ibid. 18 (1992) 449, doi:10.1145/138351.138364). Chosen over the polar method, whose result passes
 * through log(): here the number itself takes only + - * /, and the logarithm only decides, once in 80 draws, whether
 * it is kept. So two mathematics libraries that differ in the last bit still give the same sequence. */
double closo_random_normal(closo_random *random)
{
    for (;;) {
        const double u = 1 - closo_random_uniform(random); /* in (0, 1] */
        const double v = 1.7156 * (closo_random_uniform(random) - 0.5);
        const double x = u - 0.449871;
        const double y = fabs(v) + 0.386595;
        const double q = x * x + y * (0.19600 * y - 0.25472 * x);
        if (q < 0.27597 || (q <= 0.27846 && v * v <= -4 * log(u) * u * u))
            return v / u;
    }
}
