// value >= threshold, signed, as the carry of a subtraction.
module post_reaches #(
  parameter int BITS = 32
) (
  input  logic [BITS-1:0] value,
  input  logic [BITS-1:0] threshold,
  output logic reached
);

  logic [BITS-1:0] shifted_threshold, complement;
  logic [BITS:0] difference;
  assign shifted_threshold = {!threshold[BITS-1], threshold[BITS-2:0]};
  assign complement = {value[BITS-1], ~value[BITS-2:0]};
  assign difference = {1'b0, shifted_threshold} + {1'b0, complement};
  assign reached = !difference[BITS];

endmodule
