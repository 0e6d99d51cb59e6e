// STAGES registers in a row.
module delay_line #(
  parameter int BITS = 8,
  parameter int STAGES = 2
) (
  input  logic clk,
  input  logic [BITS-1:0] now,
  output logic [BITS-1:0] later
);

  logic [STAGES*BITS-1:0] delayed;
  always_ff @(posedge clk) delayed <= (STAGES * BITS)'({delayed, now});
  assign later = delayed[(STAGES-1)*BITS+:BITS];

endmodule
