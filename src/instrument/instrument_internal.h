/* SPDX-License-Identifier: BSD-3-Clause */
/* instrument_internal.h: what the readers share. */
#ifndef CLOSO_INSTRUMENT_INTERNAL_H
#define CLOSO_INSTRUMENT_INTERNAL_H

#include "base/base_internal.h"
#include "closo/instrument.h"

/* The bytes of a file on their way into a table. */
typedef struct closo_source {
    const char *name;
    const unsigned char *bytes; /* followed by a 0 byte */
    size_t size;
    const closo_read_options *options; /* never NULL */
    closo_arena *arena;
} closo_source;

/* A format: how sure it is that the file is its own (0 no .. 100 certain; by content), and how it is read. Readers are
 * listed in open.c; adding one is adding a line there. Both functions must stand any bytes. */
typedef struct closo_format {
    const char *name;
    int (*recognise)(const closo_source *source);
    closo_status (*read)(const closo_source *source, closo_table **table, closo_error *error);
} closo_format;

/* What closo reads, for a sentence about a file that it does not. */
#define CLOSO_KINDS_READ                                                                         \
    "BioLogic .mpr, .mpt, .mps, Gamry .DTA, Neware .nda, .ndax, Arbin .res, Excel .xlsx, "       \
    "Ivium .idf, PalmSens .pssession, Autolab .dfr, VersaStudio .par, text of Maccor, Arbin, "   \
    "Landt, Basytec, Novonix, Neware, Ivium, Parstat, CH Instruments, BatteryArchive, Battery "  \
    "Data Format, impedance of ZPlot, Novocontrol, RelaxIS, Rohde & Schwarz, and any text with " \
    "names such as 'time/s, Ewe/V, I/mA' above rows of numbers"

/* From this score on nobody asks whether the file could be something else. */
enum { CLOSO_CERTAIN = 80 };

/* UNSUPPORTED, with a sentence, for a file that closo recognises as something it does not read (other_kinds.c). */
closo_status closo_refuse_other_kinds(const closo_source *source, closo_error *error);

/* Reads a source by its content (open.c): also what was within another file, whose text or bytes it then is. The source's
 * bytes may be decoded on the way. Errors as closo_file_open(). */
closo_status closo_source_read(closo_source *source, closo_table **table, closo_error *error);

/* A file compressed with gzip (gzip.c): the source becomes what is in it. *damaged: it ends early or its checksum does not
 * fit, and what could be unpacked is there. LIMIT: more than options->max_bytes or 4 GiB, or more than 1 MiB packed
 * tighter than 200:1; FORMAT: nothing can be unpacked. O(bytes) */
bool closo_gzip_is(const closo_source *source);
closo_status closo_gzip_unpack(closo_source *source, bool *damaged, closo_error *error);

extern const closo_format closo_format_mpr;  /* biologic_mpr.c */
extern const closo_format closo_format_mpt;  /* biologic_mpt.c */
extern const closo_format closo_format_mps;  /* biologic_mps.c */
extern const closo_format closo_format_dta;  /* gamry_dta.c */
extern const closo_format closo_format_bdf;  /* bdf_csv.c */
extern const closo_format closo_format_nda;  /* neware_nda.c */
extern const closo_format closo_format_ndax; /* neware_ndax.c */
extern const closo_format closo_format_res;  /* arbin_res.c */
extern const closo_format closo_format_xlsx; /* xlsx.c */
extern const closo_format
    closo_format_delimited; /* delimited.c: any text with a header line; the last resort */

/* Exports of cyclers, by their dialects (dialect.h): maccor_text.c, basytec_text.c, novonix_csv.c, neware_csv.c,
 * landt_csv.c, archive_csv.c, arbin_csv.c, ivium_text.c */
extern const closo_format closo_format_maccor;
extern const closo_format closo_format_basytec;
extern const closo_format closo_format_novonix;
extern const closo_format closo_format_neware;
extern const closo_format closo_format_landt;
extern const closo_format closo_format_archive;
extern const closo_format closo_format_arbin;
extern const closo_format closo_format_ivium;

/* Impedance: zplot_text.c, versastudio_par.c, ivium_idf.c, autolab_dfr.c, counted_lists.c, novocontrol_text.c,
 * relaxis_text.c, palmsens_session.c, parstat_text.c, chi_text.c, rohde_schwarz_csv.c, headerless_text.c */
extern const closo_format closo_format_zplot;
extern const closo_format closo_format_par;
extern const closo_format closo_format_idf;
extern const closo_format closo_format_dfr;
extern const closo_format closo_format_counted;
extern const closo_format closo_format_novocontrol;
extern const closo_format closo_format_relaxis;
extern const closo_format closo_format_pssession;
extern const closo_format closo_format_parstat;
extern const closo_format closo_format_chi;
extern const closo_format closo_format_bode; /* refuses */
extern const closo_format closo_format_headerless;

/* What EC-Lab's column names mean, shared by .mpr, .mpt and text that came from them. True when the name is known. */
bool closo_eclab_column_quantity(const char *name, closo_quantity *quantity);

/* The unit in such a name: "mA.h" of "Q charge/discharge/mA.h", "mS/cm" of "|Conductivity|/mS/cm", "V" of "<Ewe/V>", ""
 * of "ox/red". Points into the name or to a constant. */
const char *closo_eclab_column_unit(const char *name);

/* "Cyclic Voltammetry" -> "CV"; NULL when it is not the name of a technique. */
const char *closo_eclab_technique(closo_span name);

/* What an analysis needs of the technique's settings (table->settings, worded as in EC-Lab's text files) as metadata:
 * scan_rate, potential_limit_low, potential_limit_high, c_rate, applied_current, applied_potential, frequency_high,
 * frequency_low, amplitude. biologic_settings_metadata.c; NOMEM. */
closo_status closo_eclab_settings_metadata(closo_table *table);

/* Adds the columns that EC-Lab derives when it exports (I from dq, cycle number, energies, ...), marked derived.
 * biologic_derived.c; a column that is there already is left alone. */
closo_status closo_eclab_derive(closo_table *table, closo_error *error);
/* Of these, those that are a view of one stored column. */
closo_status closo_eclab_derive_views(closo_table *table, closo_error *error);

#endif
