// The multipliers of a codebook engine are those of the mac family.
`include "../../mac/rtl/mac_pe.sv"
