// The sums that one element keeps apart, in two banks: one accumulates while the other drains.
module plane_sum_memory #(
  parameter int SUMS = 4,
  parameter int ADDEND_BITS = 18,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int SUM_INDEX_BITS = $clog2(SUMS)
) (
  input  logic clk,
  input  logic bank,
  input  logic accumulate,
  input  logic first,  // of this sum
  input  logic [SUM_INDEX_BITS-1:0] index,
  input  logic signed [ADDEND_BITS-1:0] addend,
  input  logic [SUM_INDEX_BITS-1:0] drain_index,
  output logic [ACCUMULATOR_BITS-1:0] sum
);

  logic [ACCUMULATOR_BITS-1:0] memory[1 << (SUM_INDEX_BITS + 1)];
  logic [ACCUMULATOR_BITS-1:0] old;
  assign old = first ? '0 : memory[{bank, index}];
  always_ff @(posedge clk) if (accumulate) memory[{bank, index}] <= old + ACCUMULATOR_BITS'(addend);
  assign sum = memory[{~bank, drain_index}];

endmodule
