/* SPDX-License-Identifier: BSD-3-Clause */
/* rohde_schwarz_csv.c: Bode plots of Rohde & Schwarz oscilloscopes: gain in dB and phase between two channels. With a shunt
 * Z = R (1/H - 1) or R/H - R or whatever the wiring makes of it; the file tells neither R nor the wiring, so no impedance
 * can be had from it alone, and a guess would be wrong by a factor nobody sees. */
#include "text_internal.h"

static int recognise(const closo_source *source)
{
    closo_span start = {(const char *)source->bytes, source->size < 512 ? source->size : 512};
    return closo_span_contains(start, "Frequency in Hz") &&
                   closo_span_contains(start, "Gain in dB") &&
                   closo_span_contains(start, "Phase in ")
               ? 90
               : 0;
}

static closo_status refuse(const closo_source *source, closo_table **table, closo_error *error)
{
    (void)source;
    *table = NULL;
    return closo_fail(error, CLOSO_UNSUPPORTED,
                      "this is a Bode plot of a Rohde & Schwarz oscilloscope, gain and phase "
                      "between two channels; an impedance also takes the resistance of the shunt "
                      "and how the channels were wired, which the file does not tell; work out Z "
                      "and save it as CSV with the names 'freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm'");
}

const closo_format closo_format_bode = {"Rohde & Schwarz Bode plot", recognise, refuse};
