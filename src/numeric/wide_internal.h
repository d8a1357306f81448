/* SPDX-License-Identifier: BSD-3-Clause */
/* wide_internal.h: loops that take four numbers at once. They are compiled twice, the wider form for processors that have
 * it. Sums run in four interleaved parts in a fixed order, and there is no fused multiplication: every build and every
 * machine gives the same bits. */
#ifndef CLOSO_WIDE_INTERNAL_H
#define CLOSO_WIDE_INTERNAL_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) && \
    !defined(__SANITIZE_ADDRESS__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif
#define WIDE_INLINE static inline __attribute__((always_inline))

/* In front of a loop none of whose turns reads what another writes. */
#if defined(__GNUC__) && !defined(__clang__)
#define WIDE_LOOP _Pragma("GCC ivdep")
#else
#define WIDE_LOOP
#endif

/* Four neighbours of an array, and the same at any address. */
typedef double four __attribute__((vector_size(32)));
typedef double four_anywhere __attribute__((vector_size(32), aligned(8), may_alias));
#define LOAD_FOUR(address) (*(const four_anywhere *)(address))

#endif
