// Half of what is left of a sum of signs without the sum of its column's activations.
module lut_correct #(
  parameter int STORED_BITS = 33
) (
  input  logic [STORED_BITS-1:0] column_sum,
  input  logic [STORED_BITS-1:0] stored,
  output logic [STORED_BITS-2:0] corrected
);

  logic [STORED_BITS-1:0] twice;
  assign twice = stored - column_sum;
  assign corrected = twice[STORED_BITS-1:1];

  logic unused;
  assign unused = &{1'b0, twice[0]};

endmodule
