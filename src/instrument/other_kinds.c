/* SPDX-License-Identifier: BSD-3-Clause */
/* other_kinds.c: files that lie beside measurements and that closo does not read, told by their content, with what to do
 * instead. */
#include "text_internal.h"

#include <string.h>

typedef struct signature {
    size_t offset;
    const char *bytes;
    size_t length;
    const char *what, *remedy;
} signature;

#define BYTES(text) (text), sizeof(text) - 1

/* clang-format off */
static const signature signatures[] = {
    {4, BYTES("Standard ACE DB"), "a Microsoft Access database, which closo does not read yet",
     "export the table as CSV"},
    {0, BYTES("\x1f\x8b"), "compressed with gzip in a way closo does not unpack (twice, or not by deflate)",
     "unpack it first: gunzip FILE"},
    {0, BYTES("BZh"), "compressed with bzip2", "unpack it first: bunzip2 FILE"},
    {0, BYTES("\xfd" "7zXZ"), "compressed with xz", "unpack it first: unxz FILE"},
    {0, BYTES("\x28\xb5\x2f\xfd"), "compressed with zstd", "unpack it first: unzstd FILE"},
    {0, BYTES("7z\xbc\xaf\x27\x1c"), "a 7-Zip archive", "unpack it first"},
    {0, BYTES("Rar!\x1a"), "a RAR archive", "unpack it first"},
    {257, BYTES("ustar"), "a tar archive", "unpack it first: tar xf FILE"},
    {0, BYTES("%PDF-"), "a PDF document", "give the measurement file itself"},
    {0, BYTES("\x89PNG"), "an image (PNG)", "give the measurement file itself, not a picture of it"},
    {0, BYTES("\xff\xd8\xff"), "an image (JPEG)", "give the measurement file itself, not a picture of it"},
    {0, BYTES("GIF8"), "an image (GIF)", "give the measurement file itself, not a picture of it"},
    {0, BYTES("II*\0"), "an image (TIFF)", "give the measurement file itself, not a picture of it"},
    {0, BYTES("MM\0*"), "an image (TIFF)", "give the measurement file itself, not a picture of it"},
    {0, BYTES("\x89HDF\r\n\x1a\n"), "an HDF5 file, which closo does not read", "export its table as CSV"},
    {0, BYTES("CDF\x01"), "a NetCDF file, which closo does not read", "export its table as CSV"},
    {0, BYTES("CDF\x02"), "a NetCDF file, which closo does not read", "export its table as CSV"},
    {0, BYTES("MATLAB 5.0 MAT-file"), "a MATLAB file, which closo does not read",
     "write its table as CSV: writetable(T, 'file.csv')"},
    {0, BYTES("PAR1"), "a Parquet file, which closo does not read", "write it as CSV"},
    {0, BYTES("ARROW1"), "an Arrow file, which closo does not read", "write it as CSV"},
    {0, BYTES("\x93NUMPY"), "a NumPy array, which closo does not read", "save it as CSV with a line of column names"},
    {0, BYTES("SQLite format 3"), "an SQLite database", "export the table as CSV"},
    {0, BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an old Office file such as .xls, which closo does not read",
     "save the sheet as CSV"},
    {0, BYTES("CPYA"), "an Origin project, which closo does not read", "export the worksheet as CSV"},
    {0, BYTES("CPYUA"), "an Origin project, which closo does not read", "export the worksheet as CSV"},
    {0, BYTES("MZ"), "a Windows program", "give the file that the instrument wrote"},
    {0, BYTES("\x7f" "ELF"), "a program", "give the file that the instrument wrote"},
    {0, BYTES("{\\rtf"), "a text document (RTF)", "save the table in it as plain text"},
    {0, BYTES("version https://git-lfs"), "a pointer of Git LFS, not the data themselves",
     "fetch the data: git lfs pull"},
    {0, BYTES("BIO-LOGIC MODULAR FILE"), "a BioLogic .mpr file, but damaged at its start",
     "copy it again from the instrument's computer"},
};
/* clang-format on */

static bool holds(const closo_source *source, const char *word, size_t within)
{
    const size_t length = strlen(word);
    const size_t end = source->size < within ? source->size : within;
    for (size_t i = 0; i + length <= end; i++)
        if (source->bytes[i] == (unsigned char)word[0] &&
            memcmp(source->bytes + i, word, length) == 0)
            return true;
    return false;
}

static closo_status refuse(closo_error *error, const char *what, const char *remedy)
{
    return closo_fail(error, CLOSO_UNSUPPORTED, "this is %s; %s", what, remedy);
}

/* A zip archive tells by the names of its members what it is. */
static closo_status refuse_zip(const closo_source *source, closo_error *error)
{
    enum { LOOKED_AT = 1 << 20 };
    if (holds(source, "VersionInfo.xml", LOOKED_AT))
        return refuse(error, "a Neware .ndax file without its tables (.ndc)",
                      "export it again from BTSDA");
    if (holds(source, "xl/", LOOKED_AT))
        return refuse(error, "an Excel workbook without XML sheets, such as .xlsb",
                      "save it as .xlsx, or the sheet with the data as CSV");
    if (holds(source, "word/", LOOKED_AT) || holds(source, "ppt/", LOOKED_AT))
        return refuse(error, "an Office document", "give the measurement file itself");
    if (holds(source, "opendocument", 200))
        return refuse(error, "an OpenDocument file, which closo does not read",
                      "save the sheet with the data as CSV");
    return refuse(error, "a zip archive", "unpack it first: unzip FILE");
}

static bool starts_nocase(const closo_source *source, const char *word)
{
    closo_span start = {(const char *)source->bytes,
                        source->size < strlen(word) ? source->size : strlen(word)};
    return closo_span_equals_nocase(start, word);
}

static closo_status refuse_markup(const closo_source *source, closo_error *error)
{
    if (starts_nocase(source, "<!doctype html") || starts_nocase(source, "<html"))
        return refuse(error, "a web page (HTML)",
                      "if it was meant to be a download, download the file itself again");
    if (starts_nocase(source, "<?xml"))
        return refuse(error, "an XML file, which closo does not read",
                      "export the measurement as text or CSV");
    closo_span text = {(const char *)source->bytes, source->size < 512 ? source->size : 512};
    text = closo_span_trim(text);
    if (text.length > 1 &&
        (text.start[0] == '{' || (text.start[0] == '[' && text.start[1] == '{')) &&
        memchr(text.start, '"', text.length) != NULL &&
        memchr(text.start, ':', text.length) != NULL)
        return refuse(error, "a JSON file, which closo does not read",
                      "write its table as CSV with a line of column names");
    return CLOSO_OK;
}

/* Text has no NUL, and few other control characters (a badly filled comment may have some). */
static bool is_binary(const closo_source *source)
{
    enum { LOOKED_AT = 1 << 16 };
    const size_t end = source->size < LOOKED_AT ? source->size : LOOKED_AT;
    size_t zeros = 0, controls = 0;
    for (size_t i = 0; i < end; i++) {
        unsigned char c = source->bytes[i];
        zeros += c == 0;
        controls += c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f';
    }
    return zeros * 50 > end || controls * 20 > end;
}

closo_status closo_refuse_other_kinds(const closo_source *source, closo_error *error)
{
    if (starts_nocase(source, "PK\x03\x04") || starts_nocase(source, "PK\x05\x06"))
        return refuse_zip(source, error);
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const signature *s = &signatures[i];
        if (source->size < s->offset + s->length ||
            memcmp(source->bytes + s->offset, s->bytes, s->length) != 0)
            continue;
        /* Two letters are no proof in a text. */
        if (s->length == 2 && s->bytes[0] == 'M' && !is_binary(source))
            continue;
        return refuse(error, s->what, s->remedy);
    }
    if (is_binary(source))
        return refuse(error, "a binary file of a kind closo does not know",
                      "export the measurement as text or CSV from the program that made it");
    return refuse_markup(source, error);
}
