/* SPDX-License-Identifier: BSD-3-Clause */
/* impedance_samples.h: small impedance files of each format, made up for the tests: 10 ohm in series with 100 ohm parallel to
 * 1 uF, from 100 kHz to 1 Hz, Z = 10 + 100 / (1 + j w 1e-4). */
#ifndef CLOSO_TEST_IMPEDANCE_SAMPLES_H
#define CLOSO_TEST_IMPEDANCE_SAMPLES_H

/* clang-format off */
#define SAMPLE_ZPLOT \
    "ZPLOT2 ASCII\n" \
    "  Measured Data, ZPlot:       3.5f\n" \
    "  Experiment Type:            Sweep Frequency, Control Voltage\n" \
    "  Date:                       03-04-2023\n" \
    "  Time:                       10:20:30\n" \
    "  Open Circuit Potential (V): 0.1234\n" \
    "  Begin User Comments:        0\n" \
    "  a pellet\n" \
    "  between gold\n" \
    "  End User Comments:          0\n" \
    "    Potential-DC:             0.25\n" \
    "    Potential-AC:             10\n" \
    "    Surface Area:             0.785\n" \
    "  Data Points:                6\n" \
    "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\n" \
    "End Comments\n" \
    "1.000000E+05\t1.0000E-02\t0.0000E+00\t1.000\t1.002532E+01\t-1.591146E+00\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+04\t1.0000E-02\t0.0000E+00\t2.000\t1.247045E+01\t-1.552231E+01\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+03\t1.0000E-02\t0.0000E+00\t3.000\t8.169568E+01\t-4.504772E+01\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+02\t1.0000E-02\t0.0000E+00\t4.000\t1.096068E+02\t-6.258478E+00\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+01\t1.0000E-02\t0.0000E+00\t5.000\t1.099961E+02\t-6.282937E-01\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+00\t1.0000E-02\t0.0000E+00\t6.000\t1.100000E+02\t-6.283183E-02\t0.0000" \
    "E+00\t0\t3\n"

#define SAMPLE_ZPLOT_OLD \
    "\"ZPlotW Data File: Version 3.2c\"\n" \
    "\"Raw Data\"\n" \
    "\"Sweep Frequency: Control Current\"\n" \
    "Date: 12-17-2019    Time: 16:24:35\n" \
    "hydrogen, 800 C\n" \
    "0,3,0,1,100000,1\n" \
    "6\n" \
    "\"  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\"\n" \
    "1.000000E+05, 1.0000E-02, 0.0000E+00, 1.000, 1.002532E+01, -1.591146E+00, 0.0000" \
    "E+00, 0, 3\n" \
    "1.000000E+04, 1.0000E-02, 0.0000E+00, 2.000, 1.247045E+01, -1.552231E+01, 0.0000" \
    "E+00, 0, 3\n" \
    "1.000000E+03, 1.0000E-02, 0.0000E+00, 3.000, 8.169568E+01, -4.504772E+01, 0.0000" \
    "E+00, 0, 3\n" \
    "1.000000E+02, 1.0000E-02, 0.0000E+00, 4.000, 1.096068E+02, -6.258478E+00, 0.0000" \
    "E+00, 0, 3\n" \
    "1.000000E+01, 1.0000E-02, 0.0000E+00, 5.000, 1.099961E+02, -6.282937E-01, 0.0000" \
    "E+00, 0, 3\n" \
    "1.000000E+00, 1.0000E-02, 0.0000E+00, 6.000, 1.100000E+02, -6.283183E-02, 0.0000" \
    "E+00, 0, 3\n"

#define SAMPLE_ZPLOT_TWO \
    "ZPLOT2 ASCII\n" \
    "  Measured Data, ZPlot:       3.5f\n" \
    "  Experiment Type:            Sweep Frequency, Control Voltage\n" \
    "  Date:                       03-04-2023\n" \
    "  Time:                       10:20:30\n" \
    "  Open Circuit Potential (V): 0.1234\n" \
    "  Begin User Comments:        0\n" \
    "  a pellet\n" \
    "  between gold\n" \
    "  End User Comments:          0\n" \
    "    Potential-DC:             0.25\n" \
    "    Potential-AC:             10\n" \
    "    Surface Area:             0.785\n" \
    "  Data Points:                6\n" \
    "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\n" \
    "End Comments\n" \
    "1.000000E+05\t1.0000E-02\t0.0000E+00\t1.000\t1.002532E+01\t-1.591146E+00\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+04\t1.0000E-02\t0.0000E+00\t2.000\t1.247045E+01\t-1.552231E+01\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+03\t1.0000E-02\t0.0000E+00\t3.000\t8.169568E+01\t-4.504772E+01\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+02\t1.0000E-02\t0.0000E+00\t4.000\t1.096068E+02\t-6.258478E+00\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+01\t1.0000E-02\t0.0000E+00\t5.000\t1.099961E+02\t-6.282937E-01\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+00\t1.0000E-02\t0.0000E+00\t6.000\t1.100000E+02\t-6.283183E-02\t0.0000" \
    "E+00\t0\t3\n" \
    "ZPLOT2 ASCII\n" \
    "  Data Points:                4\n" \
    "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\n" \
    "End Comments\n" \
    "1.000000E+05\t1.0000E-02\t0.0000E+00\t1.000\t1.002532E+01\t-1.591146E+00\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+04\t1.0000E-02\t0.0000E+00\t2.000\t1.247045E+01\t-1.552231E+01\t0.0000" \
    "E+00\t0\t3\n" \
    "1.000000E+03\t1.0000E-02\t0.0000E+00\t3.000\t8.169568E+01\t-4.504772E+01\t0.0000" \
    "E+00\t0\t3\n"

#define SAMPLE_PAR \
    "<Application>\n" \
    "Name=VersaStudio\n" \
    "Version=2.60.6\n" \
    "</Application>\n" \
    "\n" \
    "<Action0>\n" \
    "Measured Open Circuit=12.5 mV\n" \
    "Mass (g)=0\n" \
    "Working Electrode Area (cm2)=0.5\n" \
    "Reference Electrode=(unspecified) (0 Volts)\n" \
    "Name=Common\n" \
    "</Action0>\n" \
    "\n" \
    "<Instrument>\n" \
    "Type=VersaSTAT3\n" \
    "SN=123\n" \
    "</Instrument>\n" \
    "\n" \
    "<Experiment>\n" \
    "TimeAcquired=9:40:30 AM\n" \
    "DateAcquired=Thursday, July 19, 2018\n" \
    "</Experiment>\n" \
    "\n" \
    "<Action1>\n" \
    "Amplitude (mV RMS)=20\n" \
    "End Frequency (Hz)=1\n" \
    "Start Frequency (Hz)=100000\n" \
    "Name=Potentiostatic EIS\n" \
    "</Action1>\n" \
    "\n" \
    "<Segment1>\n" \
    "Type=2\n" \
    "Definition=Segment #, Point #, E(V), I(A), Elapsed Time(s), Frequency(Hz), Z Rea" \
    "l, Z Imag, 0\n" \
    "0,0,0.1,-1e-06,1,100000.0,1.002532E+01,-1.591146E+00\n" \
    "0,1,0.1,-1e-06,2,10000.0,1.247045E+01,-1.552231E+01\n" \
    "0,2,0.1,-1e-06,3,1000.0,8.169568E+01,-4.504772E+01\n" \
    "0,3,0.1,-1e-06,4,100.0,1.096068E+02,-6.258478E+00\n" \
    "0,4,0.1,-1e-06,5,10.0,1.099961E+02,-6.282937E-01\n" \
    "0,5,0.1,-1e-06,6,1.0,1.100000E+02,-6.283183E-02\n" \
    "</Segment1>\n" \
    "\n" \
    "<Graph1>\n" \
    "Grid=True\n" \
    "</Graph1>\n"

#define SAMPLE_IDF \
    "H\001\n" \
    "Peaks=false\n" \
    "Corrosion=false\n" \
    "<\007\001\n" \
    "Method=Impedance\n" \
    "Technique=Constant E\n" \
    "Title=made up\n" \
    "E start=0.5\n" \
    "Frequencies=6\n" \
    "Frequencies.freq[1]=100000\n" \
    "Frequencies.amp[1]=0.01\n" \
    "Data Options.Area=2.5\n" \
    "Report.Remarks=a remark\n" \
    "Report.Process data=instrument  : X1\036channel     : 3\036start time  : 01.02.2" \
    "023 04:05:06\036\n" \
    "Mconfig=0\n" \
    ">\014\001\n" \
    "2         \n" \
    "Data Objects    \n" \
    "0         \n" \
    "primary_data    \n" \
    "3         \n" \
    "6         \n" \
    "1.00253E+01  -1.59115E+00\t1.00000E+05 \n" \
    "1.24705E+01  -1.55223E+01\t1.00000E+04 \n" \
    "8.16957E+01  -4.50477E+01\t1.00000E+03 \n" \
    "1.09607E+02  -6.25848E+00\t1.00000E+02 \n" \
    "1.09996E+02  -6.28294E-01\t1.00000E+01 \n" \
    "1.10000E+02  -6.28318E-02\t1.00000E+00 \n" \
    "7         \n" \
    "osc_data        \n" \
    "1         \n" \
    "3         \n" \
    "2         \n" \
    "1.00000E+05  4.1E-05  3.7E-04 \n" \
    "4.00000E+00  7.4E-05  3.6E-03 \n"

#define SAMPLE_IDS \
    "H\001\n" \
    "Peaks=false\n" \
    "Corrosion=false\n" \
    "<\007\001\n" \
    "Method=Impedance\n" \
    "Technique=Constant E\n" \
    "Title=made up\n" \
    "E start=0.5\n" \
    "Frequencies=6\n" \
    "Frequencies.freq[1]=100000\n" \
    "Frequencies.amp[1]=0.01\n" \
    "Data Options.Area=2.5\n" \
    "Report.Remarks=a remark\n" \
    "Report.Process data=instrument  : X1\036channel     : 3\036start time  : 01.02.2" \
    "023 04:05:06\036\n" \
    "Mconfig=0\n" \
    ">\014\001\n" \
    "2         \n" \
    "Data Objects    \n" \
    "0         \n" \
    "primary_data    \n" \
    "3         \n" \
    "6         \n" \
    "1.00253E+01  -1.59115E+00\t1.00000E+05 \n" \
    "1.24705E+01  -1.55223E+01\t1.00000E+04 \n" \
    "8.16957E+01  -4.50477E+01\t1.00000E+03 \n" \
    "1.09607E+02  -6.25848E+00\t1.00000E+02 \n" \
    "1.09996E+02  -6.28294E-01\t1.00000E+01 \n" \
    "1.10000E+02  -6.28318E-02\t1.00000E+00 \n" \
    "7         \n" \
    "osc_data        \n" \
    "1         \n" \
    "3         \n" \
    "2         \n" \
    "1.00000E+05  4.1E-05  3.7E-04 \n" \
    "4.00000E+00  7.4E-05  3.6E-03 \n" \
    "H\001\n" \
    "Peaks=false\n" \
    "Corrosion=false\n" \
    "<\007\001\n" \
    "Method=Impedance\n" \
    "Technique=Constant E\n" \
    "Title=made up\n" \
    "E start=0.5\n" \
    "Frequencies=6\n" \
    "Frequencies.freq[1]=100000\n" \
    "Frequencies.amp[1]=0.01\n" \
    "Data Options.Area=2.5\n" \
    "Report.Remarks=a remark\n" \
    "Report.Process data=instrument  : X1\036channel     : 3\036start time  : 01.02.2" \
    "023 04:05:06\036\n" \
    "Mconfig=0\n" \
    ">\014\001\n" \
    "2         \n" \
    "Data Objects    \n" \
    "0         \n" \
    "primary_data    \n" \
    "3         \n" \
    "6         \n" \
    "1.00253E+01  -1.59115E+00\t1.00000E+05 \n" \
    "1.24705E+01  -1.55223E+01\t1.00000E+04 \n" \
    "8.16957E+01  -4.50477E+01\t1.00000E+03 \n" \
    "1.09607E+02  -6.25848E+00\t1.00000E+02 \n" \
    "1.09996E+02  -6.28294E-01\t1.00000E+01 \n" \
    "1.10000E+02  -6.28318E-02\t1.00000E+00 \n" \
    "7         \n" \
    "osc_data        \n" \
    "1         \n" \
    "3         \n" \
    "2         \n" \
    "1.00000E+05  4.1E-05  3.7E-04 \n" \
    "4.00000E+00  7.4E-05  3.6E-03 \n"

#define SAMPLE_DFR \
    "VERSION8.0\n" \
    " 6\n" \
    " 1\n" \
    " 100000.0\n" \
    " 1.002532E+01\n" \
    " 1.591146E+00\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.5\n" \
    " 10000.0\n" \
    " 1.247045E+01\n" \
    " 1.552231E+01\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.5\n" \
    " 1000.0\n" \
    " 8.169568E+01\n" \
    " 4.504772E+01\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.5\n" \
    " 100.0\n" \
    " 1.096068E+02\n" \
    " 6.258478E+00\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.5\n" \
    " 10.0\n" \
    " 1.099961E+02\n" \
    " 6.282937E-01\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.5\n" \
    " 1.0\n" \
    " 1.100000E+02\n" \
    " 6.283183E-02\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.0\n" \
    " 0.5\n" \
    " 1.0\n" \
    " 1.0\n" \
    "13.07.2022 22:32:00\n" \
    " 2.0\n"

#define SAMPLE_I2B \
    "made up\n" \
    "with two lines\n" \
    "\n" \
    "6\n" \
    "100000.0 1.002532E+01 -1.591146E+00\n" \
    "10000.0 1.247045E+01 -1.552231E+01\n" \
    "1000.0 8.169568E+01 -4.504772E+01\n" \
    "100.0 1.096068E+02 -6.258478E+00\n" \
    "10.0 1.099961E+02 -6.282937E-01\n" \
    "1.0 1.100000E+02 -6.283183E-02\n"

#define SAMPLE_P00 \
    "Procedure : a title\n" \
    "05.06.2021 07:08:09 - 05.06.2021 08:08:09 i(init)= 183.1nA - i(end)= 7.88nA\n" \
    "Description\n" \
    "t =  736.4 s\n" \
    " f/Hz       \t Z'/Ohm     \t -Z''/Ohm   \t time/s    \t Edc/V     \t Idc/A     \t\n" \
    " 6 \n" \
    " 1.000000E+05\t 1.002532E+01\t 1.591146E+00\t 5.9300e+01\t 3.0981e-01\t 1.8311e-" \
    "07\t\n" \
    " 1.000000E+04\t 1.247045E+01\t 1.552231E+01\t 5.9300e+01\t 3.0981e-01\t 1.8311e-" \
    "07\t\n" \
    " 1.000000E+03\t 8.169568E+01\t 4.504772E+01\t 5.9300e+01\t 3.0981e-01\t 1.8311e-" \
    "07\t\n" \
    " 1.000000E+02\t 1.096068E+02\t 6.258478E+00\t 5.9300e+01\t 3.0981e-01\t 1.8311e-" \
    "07\t\n" \
    " 1.000000E+01\t 1.099961E+02\t 6.282937E-01\t 5.9300e+01\t 3.0981e-01\t 1.8311e-" \
    "07\t\n" \
    " 1.000000E+00\t 1.100000E+02\t 6.283183E-02\t 5.9300e+01\t 3.0981e-01\t 1.8311e-" \
    "07\t\n"

#define SAMPLE_DETA \
    "s1_40deg, 26.02.2025, 15:11\n" \
    "Diameter[mm]: 1.300e+01  Thickness[mm]: 7.500e-01  Spacer Capacity[pF]: 0.000e+00\n" \
    "Fixed value(s) :  AC Volt  [Vrms]=7.1000e-03  \n" \
    "     Freq.[Hz]\t      Zs'[ohm]\t     Zs''[ohm]\n" \
    " 1.000000E+05\t 1.002532E+01\t-1.591146E+00\n" \
    " 1.000000E+04\t 1.247045E+01\t-1.552231E+01\n" \
    " 1.000000E+03\t 8.169568E+01\t-4.504772E+01\n" \
    " 1.000000E+02\t 1.096068E+02\t-6.258478E+00\n" \
    " 1.000000E+01\t 1.099961E+02\t-6.282937E-01\n" \
    " 1.000000E+00\t 1.100000E+02\t-6.283183E-02\n"

#define SAMPLE_DETA_TWO \
    "a series\n" \
    "Fixed value(s) :  AC Volt  [Vrms]=1.0000e-01  Temp. [K]=300.00\n" \
    " Freq. [Hz]\tZs'[ohm]\tZs''[ohm]\n" \
    " 1.000000E+05\t 1.002532E+01\t-1.591146E+00\n" \
    " 1.000000E+04\t 1.247045E+01\t-1.552231E+01\n" \
    " 1.000000E+03\t 8.169568E+01\t-4.504772E+01\n" \
    " 1.000000E+02\t 1.096068E+02\t-6.258478E+00\n" \
    " 1.000000E+01\t 1.099961E+02\t-6.282937E-01\n" \
    " 1.000000E+00\t 1.100000E+02\t-6.283183E-02\n" \
    "\n" \
    "Fixed value(s) :  AC Volt  [Vrms]=1.0000e-01  Temp. [K]=320.00\n" \
    " Freq. [Hz]\tZs'[ohm]\tZs''[ohm]\n" \
    " 1.000000E+05\t 5.012662E+00\t-7.955732E-01\n" \
    " 1.000000E+04\t 6.235226E+00\t-7.761155E+00\n" \
    " 1.000000E+03\t 4.084784E+01\t-2.252386E+01\n" \
    " 1.000000E+02\t 5.480338E+01\t-3.129239E+00\n" \
    " 1.000000E+01\t 5.499803E+01\t-3.141469E-01\n" \
    " 1.000000E+00\t 5.499998E+01\t-3.141591E-02\n"

#define SAMPLE_RELAXIS \
    "RelaxIS 3.0 Spectrum export\n" \
    "Date: 12/16/2025 2:29:15 PM\n" \
    "Data: Frequency\tData: Z'\tData: Z''\tData: |Z|\tData: Theta (Z)\n" \
    "DC=-0.08, TM=25, J=-5E-6\tModel: Unassigned Spectra\tone.mpr_1\t\t\n" \
    "100000.0\t1.002532E+01\t-1.591146E+00\t1.015081E+01\t-9.018348E+00\n" \
    "10000.0\t1.247045E+01\t-1.552231E+01\t1.991116E+01\t-5.122199E+01\n" \
    "1000.0\t8.169568E+01\t-4.504772E+01\t9.329245E+01\t-2.887273E+01\n" \
    "100.0\t1.096068E+02\t-6.258478E+00\t1.097853E+02\t-3.268005E+00\n" \
    "10.0\t1.099961E+02\t-6.282937E-01\t1.099978E+02\t-3.272680E-01\n" \
    "1.0\t1.100000E+02\t-6.283183E-02\t1.100000E+02\t-3.272727E-02\n" \
    "DC=-0.08, TM=45, J=-5E-6\tModel: Unassigned Spectra\ttwo.mpr_1\t\t\n" \
    "100000.0\t1.002532E+01\t-1.591146E+00\t1.015081E+01\t-9.018348E+00\n" \
    "10000.0\t1.247045E+01\t-1.552231E+01\t1.991116E+01\t-5.122199E+01\n" \
    "1000.0\t8.169568E+01\t-4.504772E+01\t9.329245E+01\t-2.887273E+01\n" \
    "100.0\t1.096068E+02\t-6.258478E+00\t1.097853E+02\t-3.268005E+00\n" \
    "10.0\t1.099961E+02\t-6.282937E-01\t1.099978E+02\t-3.272680E-01\n" \
    "1.0\t1.100000E+02\t-6.283183E-02\t1.100000E+02\t-3.272727E-02\n"

#define SAMPLE_SESSION \
    "{\"Type\":\"PalmSens.DataFiles.SessionFile\",\"CoreVersion\":\"5.9\",\"MethodFor" \
    "Measurement\":\"#PSTrace\",\"Measurements\":[{\"Title\":\"first\",\"TimeStamp" \
    "\":638283044195322907,\"DeviceSerial\":\"X1\",\"DataSet\":{\"Type\":\"PalmSens.D" \
    "ata.DataSetEIS\",\"Values\":[{\"Type\":\"PalmSens.Data.DataArray\",\"Description" \
    "\":\"Frequency\",\"Unit\":{\"Type\":\"PalmSens.Units.Hertz\",\"Q\":\"Frequency" \
    "\"},\"DataValues\":[{\"V\":100000.0},{\"V\":10000.0},{\"V\":1000.0},{\"V\":100.0" \
    "},{\"V\":10.0},{\"V\":1.0}]},{\"Type\":\"PalmSens.Data.DataArray\",\"Description" \
    "\":\"ZRe\",\"Unit\":{\"Type\":\"PalmSens.Units.ZRe\",\"Q\":\"Z'\"},\"DataValues" \
    "\":[{\"V\":10.02532},{\"V\":12.47045},{\"V\":81.69568},{\"V\":109.6068},{" \
    "\"V\":109.9961},{\"V\":110.0}]},{\"Type\":\"PalmSens.Data.DataArray\",\"Descript" \
    "ion\":\"ZIm\",\"Unit\":{\"Type\":\"PalmSens.Units.ZIm\",\"Q\":\"-Z''\"},\"DataVa" \
    "lues\":[{\"V\":1.591146},{\"V\":15.52231},{\"V\":45.04772},{\"V\":6.258478},{" \
    "\"V\":0.6282937},{\"V\":0.06283183}]},{\"Type\":\"PalmSens.Data.DataArray" \
    "\",\"Description\":\"Phase\",\"Unit\":{\"Type\":\"PalmSens.Units.Phase" \
    "\",\"Q\":\"-Phase\"},\"DataValues\":[{\"V\":9.018348},{\"V\":51.22199},{\"V\":28" \
    ".87273},{\"V\":3.268005},{\"V\":0.327268},{\"V\":0.03272727}]},{\"Type\":\"PalmS" \
    "ens.Data.DataArray\",\"Description\":\"Idc\",\"Unit\":{\"Type\":\"PalmSens.Units" \
    ".MicroAmpere\",\"Q\":\"Current\"},\"DataValues\":[{\"V\":1},{\"V\":2},{\"V\":3}]" \
    "}]},\"Method\":\"#PSTrace\\r\\nAMPLITUDE=1.000E-002\\r\\nE=2.000E-001\\r\\nMAX_F" \
    "REQ=1.000E+005\\r\\n\"},{\"Title\":\"a CV\",\"DataSet\":{\"Values\":[]}},{\"Titl" \
    "e\":\"second\",\"TimeStamp\":638283044195322907,\"DeviceSerial\":\"X1\",\"DataSe" \
    "t\":{\"Type\":\"PalmSens.Data.DataSetEIS\",\"Values\":[{\"Type\":\"PalmSens.Data" \
    ".DataArray\",\"Description\":\"Frequency\",\"Unit\":{\"Type\":\"PalmSens.Units.H" \
    "ertz\",\"Q\":\"Frequency\"},\"DataValues\":[{\"V\":100000.0},{\"V\":10000.0},{" \
    "\"V\":1000.0},{\"V\":100.0},{\"V\":10.0},{\"V\":1.0}]},{\"Type\":\"PalmSens.Data" \
    ".DataArray\",\"Description\":\"ZRe\",\"Unit\":{\"Type\":\"PalmSens.Units.ZRe" \
    "\",\"Q\":\"Z'\"},\"DataValues\":[{\"V\":10.02532},{\"V\":12.47045},{\"V\":81.695" \
    "68},{\"V\":109.6068},{\"V\":109.9961},{\"V\":110.0}]},{\"Type\":\"PalmSens.Data." \
    "DataArray\",\"Description\":\"ZIm\",\"Unit\":{\"Type\":\"PalmSens.Units.ZIm" \
    "\",\"Q\":\"-Z''\"},\"DataValues\":[{\"V\":1.591146},{\"V\":15.52231},{\"V\":45.0" \
    "4772},{\"V\":6.258478},{\"V\":0.6282937},{\"V\":0.06283183}]},{\"Type\":\"PalmSe" \
    "ns.Data.DataArray\",\"Description\":\"Phase\",\"Unit\":{\"Type\":\"PalmSens.Unit" \
    "s.Phase\",\"Q\":\"-Phase\"},\"DataValues\":[{\"V\":9.018348},{\"V\":51.22199},{" \
    "\"V\":28.87273},{\"V\":3.268005},{\"V\":0.327268},{\"V\":0.03272727}]},{\"Type" \
    "\":\"PalmSens.Data.DataArray\",\"Description\":\"Idc\",\"Unit\":{\"Type\":\"Palm" \
    "Sens.Units.MicroAmpere\",\"Q\":\"Current\"},\"DataValues\":[{\"V\":1},{\"V\":2}," \
    "{\"V\":3}]}]},\"Method\":\"#PSTrace\\r\\nAMPLITUDE=1.000E-002\\r\\nE=2.000E-001" \
    "\\r\\nMAX_FREQ=1.000E+005\\r\\n\"}]}"

#define SAMPLE_PARSTAT \
    "Potential (V)\tCurrent (A)\tElapsed Time (s)\tFrequency (Hz)\tZre (ohms)\tZim (o" \
    "hms)\t|Vac| (V)\t|Iac| (A)\t\n" \
    "3.5\t-0.1\t10\t0\t0\t0\t0\t0\t\n" \
    "3.4\t-0.1\t20\t0\t0\t0\t0\t0\t\n" \
    "3.4\t0.01\t30\t100000.0\t1.002532E+01\t-1.591146E+00\t0.005\t0.1\t\n" \
    "3.4\t0.01\t31\t10000.0\t1.247045E+01\t-1.552231E+01\t0.005\t0.1\t\n" \
    "3.4\t0.01\t32\t1000.0\t8.169568E+01\t-4.504772E+01\t0.005\t0.1\t\n" \
    "3.4\t0.01\t33\t100.0\t1.096068E+02\t-6.258478E+00\t0.005\t0.1\t\n" \
    "3.4\t0.01\t34\t10.0\t1.099961E+02\t-6.282937E-01\t0.005\t0.1\t\n" \
    "3.4\t0.01\t35\t1.0\t1.100000E+02\t-6.283183E-02\t0.005\t0.1\t\n"

#define SAMPLE_POWERSUITE \
    "Frequency\t Zre\t Zimg\r\r\n" \
    "1.0\t 1.100000E+02\t -6.283183E-02\r\r\n" \
    "10.0\t 1.099961E+02\t -6.282937E-01\r\r\n" \
    "100.0\t 1.096068E+02\t -6.258478E+00\r\r\n" \
    "1000.0\t 8.169568E+01\t -4.504772E+01\r\r\n" \
    "10000.0\t 1.247045E+01\t -1.552231E+01\r\r\n" \
    "100000.0\t 1.002532E+01\t -1.591146E+00\r\r\n"

#define SAMPLE_CHI \
    "Feb. 20, 2020   15:55:08\n" \
    "A.C. Impedance\n" \
    "File: x.bin\n" \
    "Instrument Model:  CHI660E\n" \
    "Note: dummy\n" \
    "\n" \
    "Init E (V) = 0.5\n" \
    "High Frequency (Hz) = 1e+5\n" \
    "Low Frequency (Hz) = 1\n" \
    "Amplitude (V) = 0.025\n" \
    "\n" \
    "Freq/Hz, Z'/ohm, Z\"/ohm, Z/ohm, Phase/deg\n" \
    "\n" \
    "1.000000E+05, 1.002532E+01, -1.591146E+00, 1.015081E+01, -9.0\n" \
    "1.000000E+04, 1.247045E+01, -1.552231E+01, 1.991116E+01, -51.2\n" \
    "1.000000E+03, 8.169568E+01, -4.504772E+01, 9.329245E+01, -28.9\n" \
    "1.000000E+02, 1.096068E+02, -6.258478E+00, 1.097853E+02, -3.3\n" \
    "1.000000E+01, 1.099961E+02, -6.282937E-01, 1.099978E+02, -0.3\n" \
    "1.000000E+00, 1.100000E+02, -6.283183E-02, 1.100000E+02, -0.0\n"

#define SAMPLE_BODE \
    "in Sa,Frequency in Hz,Gain in dB,Phase in \302\260,Amplitude in Vpp\n" \
    "1.00E+00,1.000E+01,-3.404E+00,-3.235E-03,1.000E+00\n" \
    "2.00E+00,1.047E+01,-3.403E+00,-1.864E-02,1.000E+00\n"

#define SAMPLE_BARE \
    "1.000000E+05,1.002532E+01,-1.591146E+00\n" \
    "1.000000E+04,1.247045E+01,-1.552231E+01\n" \
    "1.000000E+03,8.169568E+01,-4.504772E+01\n" \
    "1.000000E+02,1.096068E+02,-6.258478E+00\n" \
    "1.000000E+01,1.099961E+02,-6.282937E-01\n" \
    "1.000000E+00,1.100000E+02,-6.283183E-02\n"

#define SAMPLE_BARE_COMMA \
    "# no names\n" \
    "1,000000E+05;1,002532E+01;-1,591146E+00\n" \
    "1,000000E+04;1,247045E+01;-1,552231E+01\n" \
    "1,000000E+03;8,169568E+01;-4,504772E+01\n" \
    "1,000000E+02;1,096068E+02;-6,258478E+00\n" \
    "1,000000E+01;1,099961E+02;-6,282937E-01\n" \
    "1,000000E+00;1,100000E+02;-6,283183E-02\n"

/* clang-format on */

#endif
