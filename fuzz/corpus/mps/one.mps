EC-LAB SETTING FILE

Number of linked techniques : 1

Filename : C:\x\y.mps

Technique : 1
Linear Sweep Voltammetry
dE/dt               20,000
dE/dt unit          mV/s
Ei (V)              -0,057
vs.                 Ref
EL (V)              -4,000
vs.                 Ref
