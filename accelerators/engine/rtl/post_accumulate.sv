// What one lane adds up before post-processing: sums of the array, window values, and words of the accumulator buffer.
// One adder: it also compares, for a maximum.
module post_accumulate #(
  parameter int ACCUMULATOR_BITS = 32
) (
  input  logic clk,
  input  logic load,
  input  logic matrix,      // takes drained, else value
  input  logic maximum,     // never with matrix
  input  logic accumulate,  // starts from held, else from nothing
  input  logic first,       // starts
  input  logic [ACCUMULATOR_BITS-1:0] drained,
  input  logic [15:0] value,
  input  logic [ACCUMULATOR_BITS-1:0] held,
  output logic [ACCUMULATOR_BITS-1:0] total,  // of this cycle
  output logic [ACCUMULATOR_BITS-1:0] sum     // the total that was loaded last
);

  logic signed [ACCUMULATOR_BITS-1:0] start, addend, wide_value;
  logic signed [ACCUMULATOR_BITS:0] operand, result;
  assign wide_value = ACCUMULATOR_BITS'($signed(value));
  assign start = !first ? sum : accumulate ? held : '0;
  assign addend = matrix ? drained : wide_value;
  assign operand = {addend[ACCUMULATOR_BITS-1] ^ maximum, addend ^ {ACCUMULATOR_BITS{maximum}}};
  // start + addend, or start - addend - 1, which is negative where the addend is no less
  assign result = (ACCUMULATOR_BITS + 1)'(start) + operand;

  logic takes;
  assign takes = result[ACCUMULATOR_BITS] || (first && !accumulate);
  assign total = !maximum ? result[ACCUMULATOR_BITS-1:0] : takes ? wide_value : start;

  always_ff @(posedge clk) if (load) sum <= total;

endmodule
