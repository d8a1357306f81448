BT-LAB SETTING FILE
Cycle Definition : Charge/Discharge alternance

Technique : 1
Modulo Bat
Ns                  0                   1                   
ctrl_type           CC                  CC                  
ctrl1_val           0.100               3.700               
ctrl1_val_unit      A                   A                   
lim_nb              2                   1                   
lim1_type           Ecell               Ewe                 
lim1_comp           >                   <                   
lim1_value          4.100               3.000               
lim1_value_unit     V                   V                   
