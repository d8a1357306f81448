/* SPDX-License-Identifier: BSD-3-Clause */
/* cycler_samples.h: small exports of each cycler, made up for the tests: 0.36 A for 10 s are 1 mAh. */
#ifndef CLOSO_TEST_CYCLER_SAMPLES_H
#define CLOSO_TEST_CYCLER_SAMPLES_H

#define SAMPLE_MACCOR                                                                          \
    "Today's Date 03/07/2018  Date of Test:\t11/02/2016\t Filename:\tC:\\Data\\Backup\\cell.0" \
    "41 Procedure: form.000\t\tComment/Barcode: LN7\r\n"                                       \
    "Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time"  \
    "\tACImp/Ohms\tWF Chg Cap\r\n"                                                             \
    "1\t0\t1\t  0d 00:00:00.0000\t  0d 00:00:00.0000\t0.0000\t0.0000\t0.0000\t3.9080"          \
    "\tR\t0\t11/02/2016 15:57:53\t0.00000\tN/A\r\n"                                            \
    "2\t0\t2\t  0d 00:00:10.0000\t  0d 00:00:10.0000\t0.0010\t0.0039\t0.3600\t3.9280"          \
    "\tC\t1\t11/02/2016 15:58:03\t0.00000\tN/A\r\n"                                            \
    "3\t0\t3\t  0d 00:00:20.0000\t  0d 00:00:10.0000\t0.0010\t0.0039\t0.3600\t3.8880"          \
    "\tD\t1\t11/02/2016 15:58:13\t0.00000\tN/A\r\n"

#define SAMPLE_MACCOR_MINUTES                                                                  \
    "Name:\tcell.053\r\n"                                                                      \
    "Channel:\t53\r\n"                                                                         \
    "Procedure\tCT.000\r\n"                                                                    \
    "Started\t5/11/2021 3:40:24 PM\r\n"                                                        \
    "\r\n"                                                                                     \
    "Rec\tCycle P\tCycle C\tStep\tTestTime\tStepTime\tCap. [Ah]\tEner. [Wh]\tCurrent [A]\tVol" \
    "tage [V]\tMd\tES\tDPT Time\tVAR1\r\n"                                                     \
    "\r\n"                                                                                     \
    "1\t0\t1\t1\t0.00\t0.00\t0.000\t0.000\t0.000\t0.17\tR\t0\t5/11/2021 3:40:24 PM\t0.0\t\r\n" \
    "2\t0\t1\t1\t1.00\t1.00\t0.000\t0.000\t0.000\t0.06\tR\t1\t5/11/2021 3:41:24 PM\t0.0\t\r\n" \
    "3\t1\t1\t4\t2.00\t1.00\t0.001\t0.001\t0.060\t0.10\tC\t1\t5/11/2021 3:42:24 PM\t0.0\t\r\n" \
    "4\t1\t1\t5\t3.00\t1.00\t0.001\t0.001\t0.060\t0.09\tD\t1\t5/11/2021 3:43:24 PM\t0.0\t\r\n"

#define SAMPLE_ARBIN                                                                           \
    "Data_Point,Test_Time(s),Date_Time,Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage" \
    "(V),Charge_Capacity(Ah),Discharge_Capacity(Ah),Charge_Energy(Wh),Discharge_Energy(Wh),dV" \
    "/dt(V/s),Internal_Resistance(Ohm)\r\n"                                                    \
    "1,0,01/02/2024 03:04:05,0,1,1,0,3.5,0,0,0,0,0,0\r\n"                                      \
    "2,10,01/02/2024 03:04:15,10,2,1,1,3.6,0.0027777,0,0.01,0,0,0\r\n"                         \
    "3,20,01/02/2024 03:04:25,10,3,1,-1,3.5,0.0027777,0.0027777,0.01,0.0097,0,0\r\n"

#define SAMPLE_LANDT                                                                        \
    "Record\tCycle-Index\tStep-Index\tTestTime/Sec\tStepTime/Sec\tCurrent/mA\tCapacity/mAh" \
    "\tVoltage/V\tSysTime\tState\n"                                                         \
    "1\t1\t1\t0\t0\t1\t0\t3.5\t2024-01-02 03:04:05\tC_CC\n"                                 \
    "2\t1\t2\t10\t0\t1\t0.0027\t3.4\t2024-01-02 03:04:15\tD_CC\n"

#define SAMPLE_BASYTEC                                                                         \
    "~Resultfile from Basytec Battery Test System\r\n"                                         \
    "~Name of Test: test\r\n"                                                                  \
    "~Testchannel: 7 CH1\r\n"                                                                  \
    "~Start of Test: 19.06.2023 17:56:53\r\n"                                                  \
    "~\r\n"                                                                                    \
    "~Time[s]\tDataSet\tt-Step[s]\tLine\tCommand\tU[V]\tI[A]\tAh[Ah]\tAh-Cyc-Charge\tAh-Cyc-D" \
    "ischarge\tAh-Step\tT1[\260C]\tCyc-Count\r\n"                                              \
    "0\t1\t0\t3\tPause\t3.5\t0\t0\t0\t0\t0\t25\t0\r\n"                                         \
    "10\t2\t10\t4\tCharge\t3.6\t0.36\t0.001\t0.001\t0\t0.001\t25\t1\r\n"                       \
    "20\t3\t10\t5\tDischarge\t3.4\t-0.36\t0\t0.001\t0.001\t-0.001\t25\r\n"

#define SAMPLE_NOVONIX                                                                         \
    "[Summary]\n"                                                                              \
    "Novonix UHPC data file\n"                                                                 \
    "Channel: 01\n"                                                                            \
    "Mass (g): 1.000\n"                                                                        \
    "Capacity (Ah): 5\n"                                                                       \
    "Area (cm2): 1.000\n"                                                                      \
    "Started: 2025-07-19 15:26:20\n"                                                           \
    "[End Summary]\n"                                                                          \
    "[Protocol]\n"                                                                             \
    "{\"Version\":\"UHPC Control: 2.13.0\"}\n"                                                 \
    "[End Protocol]\n"                                                                         \
    "[Data]\n"                                                                                 \
    "Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V" \
    "),Capacity (Ah),Temperature (\302\260C),Step Number,Step position\n"                      \
    "2025-07-19 15:26:20,1,7,0,0,0.36,3.8,0,24.6,1,1\n"                                        \
    "2025-07-19 15:26:30,1,7,0.00277778,0.00277778,0.36,3.81,0.001,24.6,1,0\n"                 \
    "2025-07-19 15:26:40,1,9,0.00555556,0.00277778,-0.36,3.7,0,24.6,2,1\n"

#define SAMPLE_NEWARE                                                                          \
    "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(\265A),Voltage(mV),Ca" \
    "pacity(mAs),Spec. Cap.(mAh/g),Chg. Cap.(mAs),DChg. Cap.(mAs),Date,dQm/dV(mAh/V.g)\r\n"    \
    "1,1,1,Rest,00:00:00.000,00:00:00.000,0,3500.2,0,0,0,0,2025-06-17 09:26:39.383,0\r\n"      \
    "2,1,2,CC Chg,00:00:10.000,00:00:10.000,100,3600,1,0,1,0,2025-06-17 09:26:49.383,0\r\n"    \
    "3,1,3,CC DChg,00:00:10.000,00:00:20.000,-100,3500,1,0,0,1,2025-06-17 09:26:59.383,0\r\n"

#define SAMPLE_NEWARE_OLD                                                                      \
    "Cycle ID,Step ID,Record ID,Step Name,Time(h:min:s.ms),Voltage(V),Current(mA),Temperature" \
    "(C),Capacity(mAh),Capacitance_Chg(mAh),Capacitance_DChg(mAh),Realtime\n"                  \
    "1,1,1,CC_Chg,0:00:00.000,3.5,1.0,25,0,0,0,2020-01-02 03:04:05\n"                          \
    "1,1,2,CC_Chg,0:01:00.000,3.6,1.0,25,0.0167,0.0167,0,2020-01-02 03:05:05\n"                \
    "1,2,3,CC_DChg,0:00:00.000,3.5,1.0,25,0,0,0,2020-01-02 03:05:05\n"                         \
    "1,2,4,CC_DChg,0:01:00.000,3.4,1.0,25,0.0167,0,0.0167,2020-01-02 03:06:05\n"

#define SAMPLE_ARCHIVE                                                                         \
    "Date_Time,Test_Time (s),Cycle_Index,Current (A),Voltage (V),Charge_Capacity (Ah),Dischar" \
    "ge_Capacity (Ah),Charge_Energy (Wh),Discharge_Energy (Wh),Environment_Temperature (C),Ce" \
    "ll_Temperature (C)\n"                                                                     \
    "2017-04-21 14:31:29,0,1,0,3.3,0,0,0,0,25,25.1\n"                                          \
    "2017-04-21 14:31:39,10,1,1.1,3.4,0.003,0,0.01,0,,25.2\n"                                  \
    "2017-04-21 14:31:49,20,1,-1.1,3.3,0.003,0.003,0.01,0.01,25,25.3\n"

#define SAMPLE_IVIUM         \
    "time /s\tI /mA\tE /V\n" \
    "0.00\t0.0\t2.95\n"      \
    "10.0\t0.1\t3.01\n"      \
    "20.0\t-0.1\t2.90\n"

#endif
