/* SPDX-License-Identifier: BSD-3-Clause */
/* text_dates.c: dates and durations as instruments print them. */
#include "text_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A cursor over a short text. */
static bool take_char(closo_span *rest, char c)
{
    if (rest->length == 0 || rest->start[0] != c)
        return false;
    rest->start++;
    rest->length--;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes a whole number of at most max_digits digits; 0 digits is a failure. */
static bool take_number(closo_span *rest, size_t max_digits, int *number, size_t *digits)
{
    *number = 0;
    *digits = 0;
    while (rest->length != 0 && *digits < max_digits && is_digit(rest->start[0])) {
        *number = *number * 10 + (rest->start[0] - '0');
        (*digits)++;
        rest->start++;
        rest->length--;
    }
    return *digits != 0;
}

static bool take_month_name(closo_span *rest, int *month)
{
    static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
    closo_span word = {rest->start, rest->length < 3 ? rest->length : 3};
    for (int i = 0; i < 12; i++) {
        if (!closo_span_equals_nocase(word, names[i]))
            continue;
        *month = i + 1;
        while (rest->length != 0 && rest->start[0] != '-' && rest->start[0] != ' ') {
            rest->start++;
            rest->length--;
        }
        return true;
    }
    return false;
}

static bool is_date_separator(char c)
{
    return c == '/' || c == '-' || c == '.' || c == ' ';
}

/* Two digits of a year mean 1970 to 2069. */
static int whole_year(int year, size_t digits)
{
    if (digits > 2)
        return year;
    return year < 70 ? year + 2000 : year + 1900;
}

static bool take_day(closo_span *rest, closo_date_order order, closo_date *date)
{
    int first = 0, second = 0, third = 0;
    size_t first_digits = 0, digits = 0, third_digits = 0;
    if (!take_number(rest, 4, &first, &first_digits) || rest->length == 0 ||
        !is_date_separator(rest->start[0]))
        return false;
    char separator = rest->start[0];
    take_char(rest, separator);
    bool named = take_month_name(rest, &second);
    if ((!named && !take_number(rest, 2, &second, &digits)) || !take_char(rest, separator) ||
        !take_number(rest, 4, &third, &third_digits))
        return false;
    date->order_known = true;
    if (first_digits == 4) {
        date->year = first;
        date->month = second;
        date->day = third;
    } else if (named) {
        date->day = first;
        date->month = second;
        date->year = whole_year(third, third_digits);
    } else {
        bool day_first = first > 12 || (second <= 12 && order == CLOSO_DAY_FIRST);
        date->order_known = first > 12 || second > 12 || first == second;
        date->day_first = day_first;
        date->day = day_first ? first : second;
        date->month = day_first ? second : first;
        date->year = whole_year(third, third_digits);
    }
    return date->month >= 1 && date->month <= 12 && date->day >= 1 && date->day <= 31 &&
           date->year >= 1900 && date->year <= 2200;
}

static void take_fraction(closo_span *rest, closo_date *date)
{
    if (rest->length < 2 || (rest->start[0] != '.' && rest->start[0] != ',') ||
        !is_digit(rest->start[1]))
        return;
    take_char(rest, rest->start[0]);
    int scale = 100000000;
    date->has_fraction = true;
    for (; rest->length != 0 && is_digit(rest->start[0]); rest->start++, rest->length--) {
        date->nanosecond += (rest->start[0] - '0') * scale;
        scale /= 10;
    }
}

static bool take_zone(closo_span *rest, closo_date *date)
{
    size_t digits = 0;
    int hours = 0, minutes = 0;
    if (take_char(rest, 'Z')) {
        date->has_zone = true;
        return true;
    }
    if (rest->length == 0 || (rest->start[0] != '+' && rest->start[0] != '-'))
        return true;
    int sign = rest->start[0] == '-' ? -1 : 1;
    take_char(rest, rest->start[0]);
    if (!take_number(rest, 2, &hours, &digits))
        return false;
    take_char(rest, ':');
    if (rest->length != 0 && !take_number(rest, 2, &minutes, &digits))
        return false;
    date->has_zone = true;
    date->zone_minutes = sign * (hours * 60 + minutes);
    return true;
}

static bool take_time(closo_span *rest, closo_date *date)
{
    size_t digits = 0;
    if (!take_number(rest, 2, &date->hour, &digits) || !take_char(rest, ':') ||
        !take_number(rest, 2, &date->minute, &digits))
        return false;
    if (take_char(rest, ':')) {
        if (!take_number(rest, 2, &date->second, &digits))
            return false;
        take_fraction(rest, date);
    }
    *rest = closo_span_trim(*rest);
    if (closo_span_equals_nocase(*rest, "AM") || closo_span_equals_nocase(*rest, "PM")) {
        bool afternoon = rest->start[0] == 'P' || rest->start[0] == 'p';
        date->hour = date->hour % 12 + (afternoon ? 12 : 0);
        rest->length = 0;
    }
    date->has_time = true;
    return take_zone(rest, date) && date->hour <= 24 && date->minute <= 59 && date->second <= 60;
}

bool closo_date_parse(closo_span text, closo_date_order order, closo_date *date)
{
    memset(date, 0, sizeof *date);
    closo_span rest = closo_span_trim(text);
    if (rest.length < 6 || rest.length > 40 || !is_digit(rest.start[0]) ||
        !take_day(&rest, order, date))
        return false;
    if (rest.length == 0)
        return true;
    if (!take_char(&rest, 'T') && !take_char(&rest, ' '))
        return false;
    rest = closo_span_trim(rest);
    return take_time(&rest, date) && closo_span_trim(rest).length == 0;
}

double closo_date_seconds(const closo_date *date)
{
    /* Days from 1970-01-01 of the Gregorian calendar; the year begins in March, so that the leap day is its last. */
    int year = date->month <= 2 ? date->year - 1 : date->year;
    int month = date->month <= 2 ? date->month + 9 : date->month - 3;
    int days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date->day -
               1 - 719468;
    double seconds = (double)days * 86400 + date->hour * 3600 + date->minute * 60 + date->second -
                     (double)date->zone_minutes * 60;
    return seconds + (double)date->nanosecond * 1e-9;
}

/* Day 0 of 1970 is day 25569 of the count that starts at 1899-12-30. Algorithm for the civil date: a year that begins in
 * March has its leap day at the end; 400 years have 146097 days. */
bool closo_date_of_days(double days, closo_date *date)
{
    if (!(days > 20000 && days < 100000))
        return false;
    const int64_t milliseconds = (int64_t)floor(days * 86400e3 + 0.5);
    const int64_t shifted = milliseconds / 86400000 - 25569 + 719468;
    const int64_t era = shifted / 146097, of_era = shifted % 146097;
    const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const int64_t month = (5 * of_year + 2) / 153;
    const int in_day = (int)(milliseconds % 86400000);
    memset(date, 0, sizeof *date);
    date->day = (int)(of_year - (153 * month + 2) / 5 + 1);
    date->month = (int)(month < 10 ? month + 3 : month - 9);
    date->year = (int)(year + era * 400 + (date->month <= 2 ? 1 : 0));
    date->hour = in_day / 3600000;
    date->minute = in_day / 60000 % 60;
    date->second = in_day / 1000 % 60;
    date->nanosecond = in_day % 1000 * 1000000;
    date->has_time = date->has_fraction = true;
    return true;
}

void closo_date_print(const closo_date *date, char text[48])
{
    size_t size = 48;
    int length = snprintf(text, size, "%04d-%02d-%02d", date->year % 10000, date->month, date->day);
    if (!date->has_time)
        return;
    length += snprintf(text + length, size - (size_t)length, "T%02d:%02d:%02d", date->hour,
                       date->minute, date->second);
    if (date->has_fraction)
        length += snprintf(text + length, size - (size_t)length, ".%03d",
                           date->nanosecond / 1000000 % 1000);
    if (date->has_zone && date->zone_minutes == 0)
        snprintf(text + length, size - (size_t)length, "Z");
    else if (date->has_zone) {
        int minutes = date->zone_minutes < 0 ? -date->zone_minutes : date->zone_minutes;
        snprintf(text + length, size - (size_t)length, "%c%02d:%02d",
                 date->zone_minutes < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
    }
}

bool closo_duration_parse(closo_span text, double *seconds)
{
    closo_span rest = closo_span_trim(text);
    int days = 0, hours = 0, minutes = 0;
    size_t digits = 0;
    bool negative = take_char(&rest, '-');
    const char *day = rest.length != 0 ? memchr(rest.start, 'd', rest.length) : NULL;
    if (day != NULL) {
        if (!take_number(&rest, 6, &days, &digits) || !take_char(&rest, 'd'))
            return false;
        rest = closo_span_trim(rest);
    }
    if (!take_number(&rest, 7, &hours, &digits) || !take_char(&rest, ':') ||
        !take_number(&rest, 2, &minutes, &digits))
        return false;
    double second = 0;
    if (take_char(&rest, ':')) {
        if (rest.length == 0 || !is_digit(rest.start[0]) || rest.length > 20)
            return false;
        char decimal = memchr(rest.start, ',', rest.length) != NULL ? ',' : '.';
        if (!closo_number_parse(rest, decimal, &second))
            return false;
    } else if (rest.length != 0) {
        return false;
    }
    *seconds = ((double)days * 24 + hours) * 3600 + minutes * 60 + second;
    if (negative)
        *seconds = -*seconds;
    return true;
}
