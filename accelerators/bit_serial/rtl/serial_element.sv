// One element with operand registers, accumulator and drain register of its own: what an array of 1 x 1 without
// coefficients is but for its control. For synthesis (accelerators/array/synth).
module serial_element #(
  parameter bit PAIRS = 0,
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int SHIFTS = WEIGHT_BITS + (PAIRS ? ACTIVATION_BITS - 1 : 0),
  parameter int SHIFT_BITS = $clog2(SHIFTS),
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic clear,
  input  logic turn_around,
  input  logic accumulate,
  input  logic weight_read,
  input  logic activation_read,
  input  logic activation_signed,
  input  logic [3:0] plane,
  input  logic [SHIFT_BITS-1:0] shift,
  input  logic negative,
  input  logic [LANES-1:0] weight_word,
  input  logic [LANES*ACTIVATION_BITS-1:0] activation_word,
  output logic [ACCUMULATOR_BITS-1:0] sum
);

  localparam int OPERAND_BITS = PAIRS ? 1 : ACTIVATION_BITS + 1;
  localparam int ADDEND_BITS = $clog2(LANES) + (PAIRS ? 2 : ACTIVATION_BITS + 1) + SHIFTS - 1;

  logic [LANES-1:0] weights;
  always_ff @(posedge clk) if (weight_read) weights <= weight_word;

  logic [LANES*OPERAND_BITS-1:0] operands;
  operand_column #(
    .PAIRS(PAIRS),
    .LANES(LANES),
    .ACTIVATION_BITS(ACTIVATION_BITS)
  ) column_operands (
    .clk,
    .read(activation_read),
    .word(activation_word),
    .activation_signed,
    .decode(1'b0),
    .code_bits('0),
    .levels('0),
    .plane,
    .operands
  );

  logic [ADDEND_BITS-1:0] addend;
  serial_pe #(
    .PAIRS(PAIRS),
    .LANES(LANES),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .WEIGHT_BITS(WEIGHT_BITS),
    .PIPELINE(PIPELINE)
  ) pe (
    .clk,
    .weights,
    .operands,
    .shift,
    .negative,
    .addend
  );

  sum_element #(
    .ADDEND_BITS(ADDEND_BITS),
    .ACCUMULATOR_BITS(ACCUMULATOR_BITS)
  ) sums (
    .clk,
    .clear,
    .turn_around,
    .accumulate,
    .first(1'b0),
    .empty(1'b0),
    .block_before('0),
    .block('0),
    .addend,
    .sum
  );

endmodule
