// STAGES registers in a row. The reset is for what must not be seen before it was written; it also keeps them registers
// where a device has shift registers in its memories.
module delay_line #(
  parameter int BITS = 8,
  parameter int STAGES = 2
) (
  input  logic clk,
  input  logic reset,
  input  logic [BITS-1:0] now,
  output logic [BITS-1:0] later
);

  logic [STAGES*BITS-1:0] delayed;
  always_ff @(posedge clk)
    if (reset) delayed <= '0;
    else delayed <= (STAGES * BITS)'({delayed, now});
  assign later = delayed[(STAGES-1)*BITS+:BITS];

endmodule
