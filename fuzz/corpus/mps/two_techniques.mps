BT-LAB SETTING FILE

Number of linked techniques : 2

Device : BCS-815
Ecell ctrl range : min = 0.00 V, max = 9.00 V
Battery capacity : 200.000 mA.h

Technique : 1
Open Circuit Voltage
tR (h:m:s)          1:00:0.0000         

Technique : 2
Galvanostatic Cycling with Potential Limitation
Ns                  0                   1                   
Set I/C             C / N               C / N               
N                   10.00               10.00               
I sign              > 0                 < 0                 
EM (V)              4.200               2.500               
