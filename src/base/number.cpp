// SPDX-License-Identifier: BSD-3-Clause
// number.cpp: text to number and back, exact, shortest and whatever the locale. C's strtod and printf follow the
// locale of the program that links closo; the standard C++ library has the well-kept algorithms (fast_float, Ryu)
// behind std::from_chars and std::to_chars, so this one file is C++. It uses nothing else of C++: no exceptions, no
// allocation.
#include "base_internal.h"

#include <charconv>
#include <cstring>
#include <system_error>

namespace
{
// A decimal comma, or a leading '+', needs a private copy of the digits.
constexpr std::size_t longest_number = 64;

bool parse(const char *first, const char *last, double *value)
{
    const std::from_chars_result result = std::from_chars(first, last, *value);
    if (result.ec == std::errc::result_out_of_range && result.ptr == last) {
        // 1e-400 or 1e400: from_chars leaves the value alone; the nearest double is zero or infinity.
        const bool negative = *first == '-';
        const void *exponent = std::memchr(first, 'e', std::size_t(last - first));
        if (exponent == nullptr)
            exponent = std::memchr(first, 'E', std::size_t(last - first));
        const bool tiny = exponent != nullptr && static_cast<const char *>(exponent)[1] == '-';
        const double magnitude = tiny ? 0.0 : __builtin_inf();
        *value = negative ? -magnitude : magnitude;
        return true;
    }
    return result.ec == std::errc() && result.ptr == last;
}

template <typename T> std::size_t finish(std::to_chars_result result, T *text)
{
    *result.ptr = '\0';
    return std::size_t(result.ptr - text);
}
} // namespace

extern "C" bool closo_number_parse(closo_span span, char decimal, double *value)
{
    const closo_span digits = closo_span_trim(span);
    if (digits.length == 0)
        return false;
    const char *first = digits.start;
    const char *last = digits.start + digits.length;
    if (*first == '+') {
        ++first;
        if (first == last || *first == '-' || *first == '+')
            return false;
    }
    char copy[longest_number];
    if (decimal != '.') {
        const std::size_t length = std::size_t(last - first);
        if (length > sizeof copy || std::memchr(first, '.', length) != nullptr)
            return false;
        std::memcpy(copy, first, length);
        if (void *comma = std::memchr(copy, decimal, length))
            *static_cast<char *>(comma) = '.';
        first = copy;
        last = copy + length;
    }
    return parse(first, last, value);
}

extern "C" std::size_t closo_number_print(double value, char *text, std::size_t size)
{
    return finish(std::to_chars(text, text + size - 1, value), text);
}

extern "C" std::size_t closo_number_print_f32(float value, char *text, std::size_t size)
{
    return finish(std::to_chars(text, text + size - 1, value), text);
}

extern "C" std::size_t closo_number_print_e(double value, int digits, char *text, std::size_t size)
{
    return finish(
        std::to_chars(text, text + size - 1, value, std::chars_format::scientific, digits), text);
}
