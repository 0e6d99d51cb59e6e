// The sum of one plane: LANES activations added, subtracted or left out by their letters, the first of STEPS steps, and
// one for each level of the tree.
module plane_pe #(
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter bit ZERO_GATING = 1,
  parameter int SUM_BITS = ACTIVATION_BITS + 1 + $clog2(LANES),
  parameter int STEPS = 1 + $clog2(LANES),
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic activation_signed,
  input  logic [LANES-1:0] activation_zeros,
  input  logic [LANES*ACTIVATION_BITS-1:0] activations,
  input  logic [LANES-1:0] present,
  input  logic [LANES-1:0] negative,
  output logic [SUM_BITS-1:0] sum
);

  localparam int LETTER_BITS = ACTIVATION_BITS + 1;
  logic [LANES*LETTER_BITS-1:0] letters;

  for (genvar lane = 0; lane < LANES; lane++) begin : g_lane
    shift_lane #(
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .EXPONENTS(1),
      .ZERO_GATING(ZERO_GATING),
      .STEP(1),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) letter (
      .clk,
      .activation_signed,
      .activation_zero(activation_zeros[lane]),
      .activation(activations[lane*ACTIVATION_BITS+:ACTIVATION_BITS]),
      .present(present[lane]),
      .negative(negative[lane]),
      .exponent(3'd0),
      .shifted(letters[lane*LETTER_BITS+:LETTER_BITS])
    );
  end

  adder_tree #(
    .INPUTS(LANES),
    .BITS(LETTER_BITS),
    .STEPS_BEFORE(1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE)
  ) tree (
    .clk,
    .operands(letters),
    .sum
  );

endmodule
