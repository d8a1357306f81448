EC-LAB SETTING FILE
Technique : 1
Potentio Electrochemical Impedance Spectroscopy
Mode                Single sine
E (V)               0.0000
vs.                 Ref
fi                  200.000
unit fi             kHz
ff                  1.000
unit ff             Hz
Va (mV)             10.0

Technique : 2
Loop
goto Ne             1
nt times            99
