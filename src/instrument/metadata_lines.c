/* SPDX-License-Identifier: BSD-3-Clause */
/* metadata_lines.c: lines such as "Electrode surface area : 1.131 cm²" as metadata. */
#include "text_internal.h"

#include <math.h>
#include <string.h>

/* Where a measurement was made is the laboratory's own affair: such keys are not kept. */
static bool is_private(const char *key)
{
    static const char *const words[] = {"host",   "address",    "directory", "ip",      "folder",
                                        "server", "computer",   "user_name", "path",    "email",
                                        "e_mail", "ip_address", "mac",       "hostname"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(key, words[i]) == 0)
            return true;
    return strstr(key, "directory") != NULL || strstr(key, "ip_address") != NULL;
}

bool closo_metadata_key(closo_span words, char key[64])
{
    size_t written = 0;
    bool gap = false;
    for (size_t i = 0; i < words.length && written < 62; i++) {
        char c = words.start[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
            gap = written != 0;
            continue;
        }
        if (gap)
            key[written++] = '_';
        gap = false;
        key[written++] = c;
    }
    key[written] = '\0';
    return written != 0 && !is_private(key);
}

closo_status closo_metadata_keep(closo_table *table, const char *key, closo_span value)
{
    double number;
    char unit[64];
    closo_unit parsed;
    value = closo_span_trim(value);
    if (value.length == 0)
        return CLOSO_OK;
    size_t length = 0;
    while (length < value.length && value.start[length] != ' ')
        length++;
    closo_span digits = {value.start, length};
    closo_span rest = closo_span_trim((closo_span){value.start + length, value.length - length});
    if (rest.length != 0 && rest.length < 24 &&
        (closo_number_parse(digits, '.', &number) || closo_number_parse(digits, ',', &number)) &&
        isfinite(number)) {
        closo_unit_mend(rest, unit);
        if (closo_unit_parse(unit, &parsed, NULL) == CLOSO_OK)
            return closo_table_set_number(table, key, number, unit);
    }
    char *text = closo_text_string(table->arena, value);
    return text != NULL ? closo_table_set_text(table, key, text) : CLOSO_NOMEM;
}
