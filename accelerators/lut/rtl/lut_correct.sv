// Half of what is left of a sum of signs without the sum of its column's activations.
module lut_correct #(
  parameter int COLUMNS = 4,
  parameter int STORED_BITS = 33
) (
  input  logic [array_pkg::INDEX_BITS-1:0] column,
  input  logic [COLUMNS*STORED_BITS-1:0] column_sums,
  input  logic [STORED_BITS-1:0] stored,
  output logic [STORED_BITS-2:0] corrected
);

  localparam int INDEX_BITS = array_pkg::INDEX_BITS;
  logic [STORED_BITS-1:0] column_sum, twice;
  always_comb begin
    column_sum = '0;
    for (int c = 0; c < COLUMNS; c++)
      if (column == INDEX_BITS'(c)) column_sum = column_sums[c*STORED_BITS+:STORED_BITS];
  end
  assign twice = stored - column_sum;
  assign corrected = twice[STORED_BITS-1:1];

  logic unused;
  assign unused = &{1'b0, twice[0]};

endmodule
