/* SPDX-License-Identifier: BSD-3-Clause */
/* support.h: what the tests share. Include it first. */
#ifndef CLOSO_TEST_SUPPORT_H
#define CLOSO_TEST_SUPPORT_H

/* cmocka wants these before itself, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>
/* clang-format on */

/* The folder with real measurement files that lies beside the checkout (or where CLOSO_SHARED says), or NULL. */
const char *shared_folder(void);

/* At the start of a test that needs it: says in a line that it is skipped, and skips. */
#define NEEDS_SHARED_DATA()                                                                  \
    do {                                                                                     \
        if (shared_folder() == NULL) {                                                       \
            print_message(                                                                   \
                "skipped: the folder shared/ with real files is not beside the checkout\n"); \
            skip();                                                                          \
        }                                                                                    \
    } while (0)

/* A path in the build folder for a file that the test writes and removes. Valid until the next call. */
const char *temporary_path(const char *name);

#define assert_near(actual, expected, tolerance)                                            \
    do {                                                                                    \
        double actual_ = (actual), expected_ = (expected), tolerance_ = (tolerance);        \
        if (!(actual_ - expected_ <= tolerance_ && expected_ - actual_ <= tolerance_))      \
            fail_msg("%s is %.12g, should be %.12g within %g", #actual, actual_, expected_, \
                     tolerance_);                                                           \
    } while (0)

#endif
