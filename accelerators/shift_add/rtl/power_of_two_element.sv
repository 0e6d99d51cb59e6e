// One processing element with the operand registers, decoders, accumulator and drain register of its own: what an array
// of 1 x 1 is but for its control. For synthesis (accelerators/array/synth).
module power_of_two_element #(
  parameter int LANES = 4,
  parameter int TERMS = 1,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32,
  parameter bit ZERO_GATING = 1,
  parameter int INDEX_BITS = WEIGHT_BITS > 4 ? 2 : 1,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic clear,
  input  logic turn_around,
  input  logic accumulate,
  input  logic weight_read,
  input  logic activation_read,
  input  logic activation_signed,
  input  logic [INDEX_BITS-1:0] first_index,
  input  logic [1:0] kind,
  input  logic [3:0] choice_bits,
  input  logic [2*7*3-1:0] exponents,
  input  logic [LANES*WEIGHT_BITS-1:0] weight_word,
  input  logic [LANES*ACTIVATION_BITS-1:0] activation_word,
  output logic [ACCUMULATOR_BITS-1:0] sum
);

  localparam int STEPS = 2 + $clog2(LANES * TERMS);
  localparam int SUM_BITS = ACTIVATION_BITS + WEIGHT_BITS + $clog2(LANES * TERMS);

  logic [LANES*TERMS*5-1:0] digits;
  power_of_two_row #(
    .LANES(LANES),
    .TERMS(TERMS),
    .WEIGHT_BITS(WEIGHT_BITS),
    .INDEX_BITS(INDEX_BITS),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE)
  ) row (
    .clk,
    .read(weight_read),
    .word(weight_word),
    .first_index,
    .kind,
    .choice_bits,
    .exponents,
    .digits
  );

  logic [LANES*ACTIVATION_BITS-1:0] activations;
  logic [LANES-1:0] zeros;
  activation_column #(
    .LANES(LANES),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE)
  ) column (
    .clk,
    .read(activation_read),
    .word(activation_word),
    .activations,
    .zeros
  );

  logic [SUM_BITS-1:0] addend;
  power_of_two_pe #(
    .LANES(LANES),
    .TERMS(TERMS),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .WEIGHT_BITS(WEIGHT_BITS),
    .ZERO_GATING(ZERO_GATING),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE)
  ) pe (
    .clk,
    .activation_signed,
    .activation_zeros(zeros),
    .activations,
    .digits,
    .sum(addend)
  );

  sum_element #(
    .ADDEND_BITS(SUM_BITS),
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
