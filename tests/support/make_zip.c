/* SPDX-License-Identifier: BSD-3-Clause */
/* clang-format off */
#include "support.h"
#include "make_zip.h"
/* clang-format on */

#include <stdlib.h>
#include <zip.h>

unsigned char *make_zip(const make_zip_part *parts, size_t count, size_t *size)
{
    zip_error_t error;
    zip_stat_t about;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *archive = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    assert_non_null(archive);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *bytes = zip_source_buffer(archive, parts[i].bytes, parts[i].size, 0);
        const zip_int64_t number = zip_file_add(archive, parts[i].name, bytes, 0);
        assert_true(number >= 0);
        assert_int_equal(zip_file_set_mtime(archive, (zip_uint64_t)number, 1767323045, 0), 0);
    }
    zip_source_keep(source);
    assert_int_equal(zip_close(archive), 0);
    assert_int_equal(zip_source_stat(source, &about), 0);
    unsigned char *copy = malloc(about.size);
    assert_int_equal(zip_source_open(source), 0);
    assert_int_equal(zip_source_read(source, copy, about.size), (zip_int64_t)about.size);
    (void)zip_source_close(source);
    zip_source_free(source);
    *size = about.size;
    return copy;
}
