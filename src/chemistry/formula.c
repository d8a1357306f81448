/* SPDX-License-Identifier: BSD-3-Clause */
/* formula.c: what a chemical formula is made of.
 *
 *     formula = species { dot species } [ charge ]
 *     species = [ count ] group                          "75Li2S", "5H2O"
 *     group   = unit { unit }
 *     unit    = ( symbol | bracket group bracket ) [ count ]
 *     charge  = "^" digits sign | "^" sign [ digits ] | sign | superscript digits and sign
 *
 * Refused rather than guessed: what a chemist could have meant in two ways. "Ca2+" is the common way to write calcium's
 * ion, "NH4+" that of ammonium's: the same letters, but the figure belongs once to the charge, once to the atoms. */
#include "base/base_internal.h"
#include "chemistry/formula_characters.h"
#include "closo/chemistry.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LARGEST_COUNT  1e9
#define SMALLEST_COUNT 1e-9
/* Molar mass of the electron, CODATA 2018. */
#define ELECTRON_g_per_mol 5.4857990888e-4

enum {
    LONGEST_TEXT_BYTES = 4096,
    DEEPEST = 64,
    LONGEST_NUMBER = 32,
    SHOWN_CHARACTERS = 60,
    LARGEST_CHARGE = 999
};

/* An element as it is met, with the count of the groups that are closed so far. */
typedef struct entry {
    int atomic_number;
    double count;
} entry;

typedef struct parser {
    const char *text; /* the whole formula, terminated */
    size_t at;        /* bytes read so far */
    entry *entries;
    size_t entry_count, entry_capacity;
    size_t depth;
    size_t unit_count;    /* elements and brackets that stand in no bracket */
    bool has_factor;      /* a count stands before a species */
    size_t number_digits; /* digits of the last count, before it was read away; 0: there was none */
    size_t number_at;     /* where it stood */
    closo_arena *arena;
    closo_error *error;
} parser;

static uint32_t peek(const parser *in, size_t *length)
{
    return decode(in->text + in->at, length);
}

/* ---- failing ---- */

/* A copy that can be shown: at most SHOWN_CHARACTERS characters, what is no text as '?'. */
static void show(const char *text, char shown[4 * SHOWN_CHARACTERS + 4])
{
    size_t used = 0, length;
    for (size_t characters = 0; *text != '\0'; characters++, text += length) {
        if (characters == SHOWN_CHARACTERS) {
            memcpy(shown + used, "...", 3);
            used += 3;
            break;
        }
        if (is_printable(decode(text, &length)))
            memcpy(shown + used, text, length);
        else
            shown[used] = '?';
        used += is_printable(decode(text, &length)) ? length : 1;
    }
    shown[used] = '\0';
}

/* The place of a byte, in characters from 1. */
static size_t position_of(const parser *in, size_t byte)
{
    size_t position = 1, length;
    for (size_t at = 0; at < byte && in->text[at] != '\0'; at += length, position++)
        (void)decode(in->text + at, &length);
    return position;
}

static closo_status wrong(const parser *in, size_t byte, const char *format, ...)
    CLOSO_PRINTF(3, 4);

static closo_status wrong(const parser *in, size_t byte, const char *format, ...)
{
    char shown[4 * SHOWN_CHARACTERS + 4], what[256];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    show(in->text, shown);
    return closo_fail(in->error, CLOSO_FORMAT, "formula '%s', position %zu: %s", shown,
                      position_of(in, byte), what);
}

/* What stands at the place, for a message: 'x', or U+0007. */
static const char *character_at(const parser *in, size_t byte, char text[16])
{
    size_t length;
    const uint32_t point = decode(in->text + byte, &length);
    if (is_printable(point))
        snprintf(text, 16, "'%.*s'", (int)length, in->text + byte);
    else if (point == NOT_TEXT)
        snprintf(text, 16, "byte 0x%02x", (unsigned char)in->text[byte]);
    else
        snprintf(text, 16, "U+%04X", (unsigned)point);
    return text;
}

/* ---- counts ---- */

/* Reads a count if there is one; else gives 1 and number_digits 0. */
static closo_status parse_count(parser *in, double *count)
{
    char digits[LONGEST_NUMBER + 1];
    size_t used = 0, length, dots = 0;
    *count = 1;
    in->number_digits = 0;
    in->number_at = in->at;
    for (;; in->at += length) {
        const uint32_t point = peek(in, &length);
        const int digit = digit_of(point);
        if (digit < 0 && point != '.')
            break;
        if (used == LONGEST_NUMBER)
            return wrong(in, in->number_at, "the number has more than %d digits", LONGEST_NUMBER);
        if (point == '.' && dots++ != 0)
            return wrong(in, in->at, "a second decimal point; for a hydrate write '*' or '·'");
        digits[used++] = digit < 0 ? '.' : (char)('0' + digit);
    }
    if (used == 0)
        return CLOSO_OK;
    if (in->text[in->at] == ',')
        return wrong(in, in->at, "',' is no part of a formula; write fractions with a point, 0.5");
    if (digits[0] == '.' || digits[used - 1] == '.')
        return wrong(in, in->number_at,
                     "a decimal point needs a digit on both sides, as in 0.5; for a hydrate "
                     "write '*' or '·'");
    if (!closo_number_parse((closo_span){digits, used}, '.', count) || !(*count > 0))
        return wrong(in, in->number_at, "a count of zero; leave out what is not there");
    if (*count > LARGEST_COUNT || *count < SMALLEST_COUNT)
        return wrong(in, in->number_at, "the count %g is not between %g and %g", *count,
                     SMALLEST_COUNT, LARGEST_COUNT);
    in->number_digits = used;
    return CLOSO_OK;
}

/* Multiplies what came since `first`; the counts stay inside the limits, however deep the groups. */
static closo_status multiply(parser *in, size_t first, double count)
{
    for (size_t i = first; i < in->entry_count; i++) {
        double *product = &in->entries[i].count;
        *product *= count;
        if (!(*product >= SMALLEST_COUNT && *product <= LARGEST_COUNT))
            return wrong(in, in->number_at,
                         "the counts multiply to %g of %s, not between %g and %g", *product,
                         closo_element_number(in->entries[i].atomic_number)->symbol, SMALLEST_COUNT,
                         LARGEST_COUNT);
    }
    return CLOSO_OK;
}

/* ---- elements ---- */

/* The element of one or two letters (second 0: one), or NULL; with the case put right. */
static const closo_element *element_of(char first, char second)
{
    char symbol[3] = {first, second, '\0'};
    if (is_lower((unsigned char)first))
        symbol[0] = (char)(first - 'a' + 'A');
    if (is_upper((unsigned char)second))
        symbol[1] = (char)(second - 'A' + 'a');
    return closo_element_find(symbol);
}

static bool is_letter(char byte)
{
    return is_upper((unsigned char)byte) || is_lower((unsigned char)byte);
}

/* Says what the letters could have meant: "co" Co, "NA" Na (met at the A), "Hcl" HCl. */
static closo_status unknown_element(const parser *in, size_t letters)
{
    const char *word = in->text + in->at;
    const int shown = letters > 12 ? 12 : (int)letters;
    const closo_element *two = is_letter(word[1]) ? element_of(word[0], word[1]) : NULL;
    const closo_element *one = element_of(word[0], '\0');
    const closo_element *before = NULL, *rest = NULL;
    if (in->at > 0 && is_upper((unsigned char)word[0]) &&
        is_upper((unsigned char)in->text[in->at - 1]))
        before = element_of(in->text[in->at - 1], word[0]);
    if (letters == 2 || letters == 3)
        rest = element_of(word[1], letters == 3 ? word[2] : '\0');
    if (before != NULL)
        return wrong(in, in->at, "there is no element '%.*s'; is '%s' meant?", shown, word,
                     before->symbol);
    if (letters <= 2 && two != NULL)
        return wrong(in, in->at, "there is no element '%.*s'; is '%s' meant?", shown, word,
                     two->symbol);
    if (is_upper((unsigned char)word[0]) && one != NULL && rest != NULL)
        return wrong(in, in->at, "there is no element '%.*s'; is '%s%s' meant?", shown, word,
                     one->symbol, rest->symbol);
    if (one != NULL && is_lower((unsigned char)word[0]))
        return wrong(in, in->at,
                     "there is no element '%.*s'; is '%s' meant? Symbols begin with a "
                     "capital letter",
                     shown, word, one->symbol);
    if (word[0] == 'D' || word[0] == 'T')
        return wrong(in, in->at, "there is no element '%.*s'; isotopes are not told apart, write H",
                     shown, word);
    if (strchr("xyzn", word[letters - 1]) != NULL)
        return wrong(in, in->at,
                     "there is no element '%.*s'; a variable needs a number in its place", shown,
                     word);
    return wrong(in, in->at, "there is no element '%.*s'", shown, word);
}

/* A capital and the small letters after it are one symbol. */
static closo_status parse_element(parser *in)
{
    const char *word = in->text + in->at;
    size_t letters = 1;
    while (is_lower((unsigned char)word[letters]))
        letters++;
    const char symbol[3] = {word[0], letters > 1 ? word[1] : '\0', '\0'};
    const closo_element *found = letters <= 2 ? closo_element_find(symbol) : NULL;
    if (found == NULL)
        return unknown_element(in, letters);
    entry *entries = closo_arena_grow(in->arena, in->entries, in->entry_count, &in->entry_capacity,
                                      sizeof *entries);
    if (entries == NULL)
        return closo_fail_nomem(in->error);
    in->entries = entries;
    entries[in->entry_count++] = (entry){found->atomic_number, 1};
    in->at += letters;
    return CLOSO_OK;
}

/* ---- groups ---- */

static closo_status parse_group(parser *in, char closing, size_t opened);

static closo_status parse_bracket(parser *in, char closing)
{
    const size_t opened = in->at;
    if (in->depth == DEEPEST)
        return closo_fail(in->error, CLOSO_LIMIT,
                          "formula, position %zu: brackets stand in each other deeper than %d",
                          position_of(in, opened), DEEPEST);
    in->depth++;
    in->at++;
    closo_status status = parse_group(in, closing, opened);
    in->depth--;
    return status;
}

/* The end of a group: a closing bracket is its own, or nobody's. */
static closo_status close_group(parser *in, char closing, size_t opened, size_t first)
{
    const char found = in->text[in->at];
    if (closing == '\0' && is_closing((unsigned char)found))
        return wrong(in, in->at, "'%c' closes nothing", found);
    if (closing == '\0')
        return CLOSO_OK;
    if (found != closing && is_closing((unsigned char)found))
        return wrong(in, in->at, "'%c' cannot close the '%c' of position %zu; write '%c'", found,
                     in->text[opened], position_of(in, opened), closing);
    if (found != closing && found != '\0') {
        char shown[16];
        size_t length;
        const uint32_t point = peek(in, &length);
        if (begins_charge(point))
            return wrong(in, in->at,
                         "a charge inside brackets; write the charge of the whole "
                         "formula at its end");
        if (is_dot(point))
            return wrong(in, in->at, "a dot inside brackets; write the hydrate at the end");
        return wrong(in, in->at, "%s is no part of a formula", character_at(in, in->at, shown));
    }
    if (found != closing)
        return wrong(in, opened, "the '%c' is never closed; add '%c'", in->text[opened], closing);
    if (in->entry_count == first)
        return wrong(in, in->at, "there is nothing in the brackets");
    in->at++;
    return CLOSO_OK;
}

/* "CuSO4.5H2O" is the hydrate in many a catalogue, and could be four and a half oxygens. */
static bool is_hydrate_or_fraction(const parser *in)
{
    const char *number = in->text + in->number_at, *end = in->text + in->at;
    const char *point = in->number_digits != 0 ? memchr(number, '.', (size_t)(end - number)) : NULL;
    return point != NULL && !(point == number + 1 && *number == '0') && end[-1] != '0' &&
           strncmp(end, "H2O", 3) == 0 && !is_lower((unsigned char)end[3]);
}

/* Units up to the closing bracket, or (closing 0) up to what is none. */
static closo_status parse_group(parser *in, char closing, size_t opened)
{
    const size_t first = in->entry_count;
    for (;;) {
        size_t length;
        const size_t unit = in->entry_count;
        const uint32_t point = peek(in, &length);
        const char opens = closing_of(point);
        closo_status status = CLOSO_OK;
        double count;
        if (opens != '\0')
            status = parse_bracket(in, opens);
        else if (is_upper(point))
            status = parse_element(in);
        else if (is_lower(point))
            return unknown_element(in, 1 + (size_t)is_lower((unsigned char)in->text[in->at + 1]));
        else if (digit_of(point) >= 0 || point == '.')
            return wrong(in, in->at, "a count stands after its element or bracket");
        else
            return close_group(in, closing, opened, first);
        if (status == CLOSO_OK)
            status = parse_count(in, &count);
        if (status == CLOSO_OK && is_hydrate_or_fraction(in))
            status = wrong(in, in->number_at,
                           "this can be read in two ways; write '*' before the count of a hydrate, "
                           "or a zero after the fraction");
        if (status == CLOSO_OK && in->number_digits != 0)
            status = multiply(in, unit, count);
        if (status != CLOSO_OK)
            return status;
        in->unit_count += in->depth == 0;
    }
}

static closo_status parse_species(parser *in)
{
    double factor;
    const size_t first = in->entry_count;
    closo_status status = parse_count(in, &factor);
    const size_t factor_at = in->number_at;
    const bool has_factor = in->number_digits != 0;
    in->has_factor = in->has_factor || has_factor;
    in->number_digits = 0;
    if (status == CLOSO_OK)
        status = parse_group(in, '\0', in->at);
    if (status != CLOSO_OK)
        return status;
    if (in->entry_count == first) {
        char shown[16];
        if (in->text[in->at] == '\0')
            return wrong(in, in->at, "an element is missing at the end");
        return wrong(in, in->at, "%s stands where an element or a bracket should",
                     character_at(in, in->at, shown));
    }
    if (!has_factor)
        return CLOSO_OK;
    in->number_at = factor_at;
    return multiply(in, first, factor);
}

/* ---- charges ---- */

/* "Ca2+", "[B12H12]2-", "SO42-": could the last digit of the count be the charge's? When the count belongs to the one
 * element or bracket of the whole formula: a single digit above 1 could. Otherwise ("NH4+" is clear): a second or later
 * digit above 1 could, when what is left is a count one would write, not a single 1 ("CB9H10-", "CB11H12-" are clear). */
static bool is_ambiguous(const parser *in, size_t sign_at)
{
    const char *number = in->text + in->number_at;
    const size_t digits = sign_at - in->number_at;
    if (in->number_digits == 0 || number[digits - 1] < '2' || number[digits - 1] > '9' ||
        memchr(number, '.', digits) != NULL)
        return false; /* no count, a charge of 0 or 1, a fraction, or digits below the line */
    if (digits == 1)
        return in->unit_count == 1;
    return !(digits == 2 && number[0] == '1');
}

static closo_status refuse_ambiguous(const parser *in, size_t sign_at, char sign)
{
    /* A formula too long to show is not worth two spellings. */
    if (sign_at >= SHOWN_CHARACTERS)
        return wrong(in, sign_at, "this can be read in two ways; write the charge after '^'");
    return wrong(in, sign_at, "this can be read in two ways; write '%.*s^%c%c' or '%.*s^%c'",
                 (int)(sign_at - 1), in->text, in->text[sign_at - 1], sign, (int)sign_at, in->text,
                 sign);
}

/* After '^' or raised: digits and a sign, in either order; the digits may be left out. */
static closo_status parse_signed(parser *in, size_t start, bool raised, double *charge)
{
    int sign = 0, size = 0;
    size_t length, before = 0, after = 0; /* digits on either side of the sign */
    for (;; in->at += length) {
        const uint32_t point = peek(in, &length);
        const int digit = raised ? raised_digit_of(point) : digit_of(point);
        const int found = raised ? raised_sign_of(point) : sign_of(point);
        if (digit < 0 && found == 0)
            break;
        if (found != 0 && sign != 0)
            return wrong(in, in->at, "a second sign; write two charges as '^2+' or '^2-'");
        if (digit >= 0) {
            *(sign != 0 ? &after : &before) += 1;
            size = size > LARGEST_CHARGE ? size : size * 10 + digit;
        }
        if (before != 0 && after != 0)
            return wrong(in, in->at, "digits on both sides of the sign; write for example '^2-'");
        sign = found != 0 ? found : sign;
    }
    if (sign == 0)
        return wrong(in, in->at, "the charge has no sign; write for example '^2-' or '^+'");
    if (before + after != 0 && size == 0)
        return wrong(in, start, "a charge of zero; leave it out");
    if (size > LARGEST_CHARGE)
        return wrong(in, start, "the charge is above %d", LARGEST_CHARGE);
    *charge = sign * (size != 0 ? size : 1);
    return CLOSO_OK;
}

/* A charge if there is one. */
static closo_status parse_charge(parser *in, double *charge)
{
    size_t length;
    const size_t start = in->at;
    const uint32_t point = peek(in, &length);
    if (!begins_charge(point))
        return CLOSO_OK;
    if (in->has_factor)
        return wrong(in, start,
                     "a charge and a count before the formula cannot stand together; write "
                     "[Na]2^2+ instead of 2Na+");
    if (point == '^') {
        in->at++;
        return parse_signed(in, start, false, charge);
    }
    const int sign = sign_of(point);
    if (sign == 0)
        return parse_signed(in, start, true, charge);
    if (is_ambiguous(in, start))
        return refuse_ambiguous(in, start, sign > 0 ? '+' : '-');
    *charge = sign;
    in->at += length;
    return CLOSO_OK;
}

/* ---- the whole ---- */

static void skip_spaces(parser *in)
{
    while (in->text[in->at] == ' ' || in->text[in->at] == '\t')
        in->at++;
}

static closo_status check_end(parser *in, double charge)
{
    char shown[16];
    size_t length;
    const size_t ended = in->at;
    skip_spaces(in);
    if (in->text[in->at] == '\0')
        return CLOSO_OK;
    const uint32_t point = peek(in, &length);
    if (charge != 0 && begins_charge(point))
        return wrong(in, in->at, "a second charge; write two charges as '^2+' or '^2-'");
    if (charge != 0)
        return wrong(in, in->at, "there is text after the charge, which must come last");
    if (ended != in->at)
        return wrong(in, ended, "a space inside the formula");
    return wrong(in, in->at, "%s is no part of a formula", character_at(in, in->at, shown));
}

static closo_status parse_all(parser *in, double *charge)
{
    size_t length;
    skip_spaces(in);
    if (in->text[in->at] == '\0')
        return closo_fail(in->error, CLOSO_FORMAT,
                          "the formula is empty, position 1; write for example Na2B12H12");
    closo_status status = parse_species(in);
    while (status == CLOSO_OK) {
        const size_t ended = in->at;
        skip_spaces(in);
        if (!is_dot(peek(in, &length))) {
            in->at = ended;
            break;
        }
        in->at += length;
        skip_spaces(in);
        status = parse_species(in);
    }
    if (status == CLOSO_OK)
        status = parse_charge(in, charge);
    return status == CLOSO_OK ? check_end(in, *charge) : status;
}

/* The molar mass: an ion has lost (or taken up) electrons, 5.5e-4 g/mol each. The sigma of an element's weight shifts all
 * its atoms alike, so the counts are summed first; different elements are independent. */
static closo_value molar_mass(const closo_formula *formula)
{
    double sum = -formula->charge * ELECTRON_g_per_mol, variance = 0;
    for (size_t i = 0; i < formula->part_count; i++) {
        const closo_formula_part *part = &formula->parts[i];
        const double sigma = part->count * part->element->atomic_weight_sigma;
        sum += part->count * part->element->atomic_weight;
        variance += sigma * sigma;
    }
    return (closo_value){1e-3 * sum, 1e-3 * sqrt(variance)};
}

/* Each element once, in the order of atomic numbers. */
static closo_status collect_parts(const parser *in, closo_formula *formula)
{
    double counts[CLOSO_ELEMENT_COUNT + 1] = {0};
    size_t kinds = 0;
    for (size_t i = 0; i < in->entry_count; i++) {
        kinds += counts[in->entries[i].atomic_number] == 0;
        counts[in->entries[i].atomic_number] += in->entries[i].count;
    }
    closo_formula_part *parts = closo_arena_alloc(in->arena, kinds, sizeof *parts);
    if (parts == NULL)
        return closo_fail_nomem(in->error);
    for (int number = 1; number <= CLOSO_ELEMENT_COUNT; number++) {
        if (counts[number] > LARGEST_COUNT)
            return wrong(in, 0, "the counts of %s add up to %g, above %g",
                         closo_element_number(number)->symbol, counts[number], LARGEST_COUNT);
        if (counts[number] > 0)
            parts[formula->part_count++] =
                (closo_formula_part){closo_element_number(number), counts[number]};
    }
    formula->parts = parts;
    return CLOSO_OK;
}

closo_status closo_formula_parse(const char *text, closo_arena *arena, closo_formula *formula,
                                 closo_error *error)
{
    *formula = (closo_formula){0};
    if (strlen(text) > LONGEST_TEXT_BYTES)
        return closo_fail(error, CLOSO_LIMIT, "the formula is longer than %d bytes",
                          LONGEST_TEXT_BYTES);
    parser in = {.text = text, .arena = arena, .error = error};
    closo_formula read = {0};
    closo_status status = parse_all(&in, &read.charge);
    if (status == CLOSO_OK)
        status = collect_parts(&in, &read);
    if (status != CLOSO_OK)
        return status;
    read.molar_mass_kg_per_mol = molar_mass(&read);
    *formula = read;
    return CLOSO_OK;
}

double closo_formula_count(const closo_formula *formula, const char *symbol)
{
    for (size_t i = 0; i < formula->part_count; i++)
        if (strcmp(formula->parts[i].element->symbol, symbol) == 0)
            return formula->parts[i].count;
    return 0;
}
