/* SPDX-License-Identifier: BSD-3-Clause */
/* experiment_words.c: the words of one step: cut into words, measured, and complained about. */
#include "experiment_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* ---- cutting ---- */

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\v' || letter == '\f';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "4,15 V": a comma separates limits here, and would make two numbers of one. */
static closo_status check_commas(const closo_statement *statement, closo_error *error)
{
    const closo_span text = statement->text;
    for (size_t i = 1; i + 1 < text.length; i++)
        if (text.start[i] == ',' && is_digit(text.start[i - 1]) && is_digit(text.start[i + 1])) {
            size_t from = i, to = i + 1;
            while (from > 0 && is_digit(text.start[from - 1]))
                from--;
            while (to < text.length && is_digit(text.start[to]))
                to++;
            return closo_statement_fail(
                statement, error, "'%.*s' has a decimal comma; write a point: '%.*s.%.*s'",
                (int)(to - from < 40 ? to - from : 40), text.start + from,
                (int)(i - from < 20 ? i - from : 20), text.start + from,
                (int)(to - i - 1 < 20 ? to - i - 1 : 20), text.start + i + 1);
        }
    return CLOSO_OK;
}

closo_status closo_statement_cut(closo_statement *statement, closo_error *error)
{
    const char *at = statement->text.start, *end = at + statement->text.length;
    statement->count = statement->at = 0;
    closo_status status = check_commas(statement, error);
    if (status != CLOSO_OK)
        return status;
    while (at < end) {
        if (is_blank(*at)) {
            at++;
            continue;
        }
        const char *start = at++;
        if (*start != ',')
            while (at < end && !is_blank(*at) && *at != ',')
                at++;
        if (statement->count == CLOSO_STATEMENT_WORDS)
            return closo_fail_line(error, CLOSO_FORMAT, statement->line,
                                   "'%.60s...' has more than %d words; a step is one sentence, "
                                   "and ';' or a new line begins the next",
                                   statement->text.start, CLOSO_STATEMENT_WORDS);
        statement->words[statement->count++] = (closo_span){start, (size_t)(at - start)};
    }
    return CLOSO_OK;
}

/* ---- complaining ---- */

/* A span as text for a message: short, and clean enough for a terminal. */
static const char *shown(closo_span span, char text[64])
{
    closo_span trimmed = closo_span_trim(span);
    bool longer = trimmed.length > 50;
    snprintf(text, 64, "%.*s%s", longer ? 50 : (int)trimmed.length, trimmed.start,
             longer ? "..." : "");
    closo_text_clean(text);
    return text;
}

closo_status closo_statement_fail(const closo_statement *statement, closo_error *error,
                                  const char *format, ...)
{
    char reason[400], text[64];
    va_list list;
    va_start(list, format);
    vsnprintf(reason, sizeof reason, format, list);
    va_end(list);
    return closo_fail_line(error, CLOSO_FORMAT, statement->line, "'%s': %s",
                           shown(statement->text, text), reason);
}

/* ---- reading ---- */

bool closo_statement_is(const closo_statement *statement, const char *word)
{
    return statement->at < statement->count &&
           closo_span_equals_nocase(statement->words[statement->at], word);
}

bool closo_statement_take(closo_statement *statement, const char *word)
{
    bool is = closo_statement_is(statement, word);
    statement->at += is;
    return is;
}

/* The words that end a measure: no unit is called so. */
static bool ends_measure(closo_span word)
{
    static const char *const words[] = {"until", "to",   "for",  "at",    "or",  ",",
                                        "+",     "-",    "each", "every", "per", "and",
                                        "times", "time", "over", "of"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (closo_span_equals_nocase(word, words[i]))
            return true;
    return false;
}

bool closo_statement_measure(closo_statement *statement, closo_measure *measure)
{
    static const struct {
        const char *word, *unit;
    } spelled[] = {{"second", "s"}, {"seconds", "s"}, {"minute", "min"}, {"minutes", "min"},
                   {"hour", "h"},   {"hours", "h"},   {"day", "d"},      {"days", "d"},
                   {"volt", "V"},   {"volts", "V"}};
    size_t first = statement->at;
    while (statement->at < statement->count && !ends_measure(statement->words[statement->at]) &&
           (statement->at == first || strchr("+-", *statement->words[statement->at].start) == NULL))
        statement->at++;
    if (statement->at == first)
        return false;
    closo_span last = statement->words[statement->at - 1];
    const char *start = statement->words[first].start;
    size_t length = (size_t)(last.start + last.length - start);
    const char *unit = "";
    for (size_t i = 0; i < COUNT(spelled) && statement->at - first > 1; i++)
        if (closo_span_equals_nocase(last, spelled[i].word)) {
            unit = spelled[i].unit;
            length = (size_t)(last.start - start);
        }
    bool fits = length + strlen(unit) < sizeof measure->text;
    snprintf(measure->text, sizeof measure->text, "%.*s%s",
             fits ? (int)length : (int)sizeof measure->text - 1, start, unit);
    closo_text_clean(measure->text);
    return fits;
}

closo_status closo_statement_expected(const closo_statement *statement, closo_error *error,
                                      const char *what)
{
    char text[64];
    closo_statement rest = *statement;
    closo_measure measure;
    if (statement->at >= statement->count)
        return closo_statement_fail(statement, error, "it ends too early; next comes %s", what);
    closo_span said = statement->words[statement->at];
    if (closo_statement_measure(&rest, &measure))
        said = closo_span_of(measure.text);
    return closo_statement_fail(statement, error, "'%s' stands where %s could stand",
                                shown(said, text), what);
}

bool closo_measure_in(const closo_measure *measure, const char *unit, double *si)
{
    return closo_quantity_parse(measure->text, unit, si, NULL) == CLOSO_OK && isfinite(*si);
}

closo_status closo_statement_quantity(closo_statement *statement, const closo_wanted *wanted,
                                      double *si, closo_error *error)
{
    size_t first = statement->at;
    closo_measure measure;
    closo_error reason = {0};
    if (!closo_statement_measure(statement, &measure)) {
        statement->at = first;
        return closo_statement_expected(statement, error, wanted->words);
    }
    if (closo_quantity_parse(measure.text, wanted->unit, si, &reason) != CLOSO_OK)
        return closo_statement_fail(statement, error, "%s wants %s: %.200s", wanted->role,
                                    wanted->words, reason.message);
    if (!(*si >= wanted->least && *si <= wanted->most))
        return closo_statement_fail(statement, error, "%s of '%s' cannot be: %s", wanted->role,
                                    measure.text, wanted->why);
    return CLOSO_OK;
}
