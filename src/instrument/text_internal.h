/* SPDX-License-Identifier: BSD-3-Clause */
/* text_internal.h: what the readers of text share: rows of fields into columns, dates, names with units. */
#ifndef CLOSO_TEXT_INTERNAL_H
#define CLOSO_TEXT_INTERNAL_H

#include "instrument_internal.h"

/* A table in a text file has at most this many columns; more is some other kind of file. */
enum { CLOSO_TEXT_COLUMNS_MAX = 4096 };

/* ---- pieces of text (text_cells.c) ---- */

/* A text as a message or a note may show it: valid UTF-8, no control characters, at most 60 bytes, "..." where it was
 * longer. */
typedef struct closo_quote {
    char text[68];
} closo_quote;
closo_quote closo_text_quote(closo_span span);

/* The span as a terminated UTF-8 string in the arena, with Windows-1252 converted; NULL when out of memory. */
char *closo_text_string(closo_arena *arena, closo_span span);

/* The next line of a text with that line end, without it and without a \r before it. False at the end. */
bool closo_text_line(closo_span *rest, char line_end, closo_span *line);
/* '\n', or '\r' for a text that has none. */
char closo_text_line_end(closo_span text);

/* A field without its quotation marks; doubled ones inside become one. The result is the span itself or lies in the
 * arena. False when out of memory. */
bool closo_text_unquote(closo_arena *arena, closo_span field, closo_span *plain);

/* The next field: separated by `separator`, or by runs of blanks when it is ' '; a field in quotation marks may hold
 * separators. False when nothing is left. */
bool closo_text_field(closo_span *rest, char separator, bool quoted, closo_span *field);

/* Words that stand for a value that is not there: nothing, XXX, N/A, -, NaN, 1.#QNAN, ... */
bool closo_text_is_missing(closo_span cell);

/* "1,000.5" with '.' as decimal mark, "-1.000.000,25" with ',': a number whose thousands are separated by the other mark. A
 * single group without decimals ("1,000") could be 1 with three decimals; it is taken only where `surely`, which is when
 * the file is known to have the other decimal mark. */
bool closo_text_thousands_parse(closo_span cell, char decimal, bool surely, double *value);

/* ---- words (text_labels.c) ---- */

/* The words of a label column, found again by hash. */
typedef struct closo_text_labels {
    const char **words;
    closo_span *spans;
    size_t count, words_capacity, spans_capacity;
    uint32_t *slots; /* index + 1; 0 is empty */
    size_t slot_count;
} closo_text_labels;

/* The index of a word, which is added when it is new; false when out of memory. Initialise with {0}. */
bool closo_text_label_index(closo_text_labels *words, closo_arena *arena, closo_span word,
                            double *index);

/* ---- dates and times (text_dates.c) ---- */

typedef enum closo_date_order { CLOSO_MONTH_FIRST, CLOSO_DAY_FIRST } closo_date_order;

typedef struct closo_date {
    int year, month, day, hour, minute, second, nanosecond;
    bool has_time, has_fraction, has_zone;
    int zone_minutes;
    bool order_known; /* the date could be read in one order only */
    bool day_first;   /* the day stood before the month, as a number */
} closo_date;

/* Reads 2024-05-27T10:02:53.970Z, 01/10/2018 17:01:24.000, 20.4.2023, 23-Nov-23 3:56:11 PM and the like. order says
 * what 01/10/2018 means; a number above 12 settles it. */
bool closo_date_parse(closo_span text, closo_date_order order, closo_date *date);
/* Seconds from 1970-01-01 by the date's own clock, or UTC when its zone is known. */
double closo_date_seconds(const closo_date *date);
/* A date counted in days since 1899-12-30, as Windows does, to its millisecond; false when it is not of 1954 to 2173. */
bool closo_date_of_days(double days, closo_date *date);
/* ISO 8601, as exact as the date was: "2018-01-10T17:01:24.000". */
void closo_date_print(const closo_date *date, char text[48]);
/* "0:00:10.5", "1d 02:03:04.5", " 12:34" (minutes and hours): seconds. */
bool closo_duration_parse(closo_span text, double *seconds);

/* ---- rows (text_rows.c) ---- */

typedef struct closo_text_name {
    const char *name, *unit;
    closo_quantity quantity;
    bool unit_assumed; /* the file does not tell the unit */
} closo_text_name;

/* A run of rows in the file. */
typedef struct closo_text_piece {
    closo_span text;   /* from the first row to the end of the last */
    size_t first_line; /* of the file, counted from 1 */
    size_t row_count;  /* set by closo_text_rows_read */
} closo_text_piece;

typedef struct closo_text_layout {
    char separator; /* '\t', ',', ';', '|'; ' ' for runs of blanks */
    char decimal;
    bool decimal_seen; /* there are numbers with that mark */
    bool quoted;       /* fields may stand in quotation marks */
    bool leading;      /* rows begin with a separator (Gamry) */
    bool always_ends;  /* the program ends every line, so a last line without an end was cut */
    bool
        fixed_width; /* the numbers of a column are equally long (EC-Lab), so a shorter last one was cut */
    closo_date_order order;
    const closo_text_name *names;
    size_t name_count;
} closo_text_layout;

/* Reads the rows of all pieces, which have the same columns, into table->columns and table->row_count. Cells that are
 * not numbers become NaN with a note; a column of words becomes labels, of dates or durations seconds. Rows with too few
 * or too many fields are kept as far as they go, with a note. FORMAT: far more columns in the header than in the rows. */
closo_status closo_text_rows_read(closo_table *table, const closo_text_layout *layout,
                                  closo_text_piece *pieces, size_t piece_count, closo_error *error);

/* ',' when the rows have decimal commas, else '.'. Only for texts whose separator is not a comma. */
char closo_text_decimal(closo_span rows);

/* ---- finding the table in a text (delimited_find.c) ---- */

typedef struct closo_delimited {
    closo_text_layout layout; /* its names are `names` */
    closo_text_name *names;   /* with quantities and units as far as the names tell them */
    closo_text_piece rows;
    closo_span preamble; /* the lines before the names */
    size_t names_line;
    bool time_is_total; /* beside a total time, "Time" is that of the step */
    bool order_unknown; /* no date tells whether its month or its day comes first */
    const char *note;   /* what is odd about the fields; NULL for nothing */
} closo_delimited;

/* Finds separator, decimal mark, the lines of names and units, and the rows by the content. separator: where it is known, else
 * 0. FORMAT: there are no rows of numbers, or no line with names above them. */
closo_status closo_delimited_find(const closo_source *source, char separator,
                                  closo_delimited *found, closo_error *error);

/* Where most rows have more fields than there are names: joins decimal commas that are told apart from separating ones, or
 * leaves a note. `fields` is how many columns there are, by the rows. FORMAT: nobody can tell the commas apart.
 * delimited_commas.c */
closo_status closo_delimited_mend_commas(closo_arena *arena, closo_delimited *found, size_t names,
                                         size_t *fields, closo_error *error);

/* ---- names (column_names.c) ---- */

/* What a column called `name` most likely is: quantity and unit from names such as "Voltage(V)", "U[V]", "Ewe/V",
 * "Test Time (s)", "current_A", "Amp-hr". unit has room for 64. unit_assumed: the name has no unit, a usual one is
 * taken. */
typedef struct closo_name_guess {
    closo_quantity quantity;
    char unit[64];
    bool unit_assumed;
    char words[64]; /* the name in lower case without its unit, one blank for each sign */
} closo_name_guess;
closo_name_guess closo_name_guess_quantity(const char *name);

/* "-Z''", "-Phase": the column holds the opposite of what its words say. */
bool closo_name_is_turned(closo_span name);

/* The name in lower case, one blank in the place of signs. */
void closo_name_words(closo_span name, char words[64]);
/* The same without the unit, and the unit of "Voltage(V)", "U[V]", "Voltage / V", and with `underscores` "voltage_V".
 * False, with an empty unit, when the name tells none. */
bool closo_name_split(const char *name, bool underscores, char words[64], char unit[64]);
/* The unit that is meant where a name has none, or NULL. */
const char *closo_usual_unit(closo_quantity quantity);

/* A unit as vendors write it ("deg C", "V vs. Ref.", "mAs", "Sec", a damaged micro sign) in the words of base. */
void closo_unit_mend(closo_span written, char unit[64]);

/* ---- header lines as key and value (metadata_lines.c) ---- */

/* "Mass of active material" -> "mass_of_active_material": lower case, ASCII, at most 63 bytes; false when nothing of the
 * words is left or when the value is private (host and network addresses, folders). */
bool closo_metadata_key(closo_span words, char key[64]);
/* Keeps a text or, where it reads as a number with a unit closo knows, a number. Blank values are left out. */
closo_status closo_metadata_keep(closo_table *table, const char *key, closo_span value);

/* ---- EC-Lab (biologic_header.c) ---- */

/* The header of .mpt and .mps, line by line, into metadata and settings. Initialise with {.table = table}. */
typedef struct closo_eclab_header {
    closo_table *table;
    closo_span heading;     /* of the indented lines that follow */
    const char *modified;   /* after "Modify on": when */
    size_t sequence_count;  /* of the parameter block */
    bool in_settings;       /* in the parameter block */
    bool active_mass_unset; /* EC-Lab's default of 0.001 mg */
} closo_eclab_header;
closo_status closo_eclab_header_line(closo_eclab_header *header, closo_span line);
/* "-1.235983972946997E-006": `significant` digits (8 or 16), a sign and three digits in the exponent. Returns the length.
 * eclab_text.c */
size_t closo_eclab_print_number(double value, int significant, char text[40]);
/* Writes a UTF-8 text in Windows-1252; tabs and line ends, which would break the table, become blanks, what the code has
 * not a question mark. Returns the characters written. */
size_t closo_eclab_put_text(closo_output *output, const char *text);

/* Cuts the loops that the header told to the rows that are there. */
void closo_eclab_header_finish(closo_table *table);

#endif
