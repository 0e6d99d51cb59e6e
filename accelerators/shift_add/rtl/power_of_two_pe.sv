// Shifts LANES activations by TERMS digits each and adds them: the second of STEPS steps, and one for each level of the
// tree.
module power_of_two_pe #(
  parameter int LANES = 4,
  parameter int TERMS = 1,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter bit ZERO_GATING = 1,
  parameter int SHIFTED_BITS = ACTIVATION_BITS + WEIGHT_BITS,
  parameter int SUM_BITS = SHIFTED_BITS + $clog2(LANES * TERMS),
  parameter int STEPS = 2 + $clog2(LANES * TERMS),
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic activation_signed,
  input  logic [LANES-1:0] activation_zeros,
  input  logic [LANES*ACTIVATION_BITS-1:0] activations,
  input  logic [LANES*TERMS*5-1:0] digits,  // present, negative, exponent from the top
  output logic [SUM_BITS-1:0] sum
);

  logic [LANES*TERMS*SHIFTED_BITS-1:0] shifted;

  for (genvar i = 0; i < LANES * TERMS; i++) begin : g_shifter
    shift_lane #(
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .EXPONENTS(WEIGHT_BITS),
      .ZERO_GATING(ZERO_GATING),
      .STEP(2),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) shifter (
      .clk,
      .activation_signed,
      .activation_zero(activation_zeros[i/TERMS]),
      .activation(activations[i/TERMS*ACTIVATION_BITS+:ACTIVATION_BITS]),
      .present(digits[5*i+4]),
      .negative(digits[5*i+3]),
      .exponent(digits[5*i+:3]),
      .shifted(shifted[i*SHIFTED_BITS+:SHIFTED_BITS])
    );
  end

  adder_tree #(
    .INPUTS(LANES * TERMS),
    .BITS(SHIFTED_BITS),
    .STEPS_BEFORE(2),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE)
  ) tree (
    .clk,
    .operands(shifted),
    .sum
  );

endmodule
