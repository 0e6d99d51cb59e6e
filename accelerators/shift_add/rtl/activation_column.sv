// What the elements of a column share: the activation register and which activations are zero; with BESIDE_DIGITS both
// go along with the first of STEPS steps, in which a row makes its digits.
module activation_column #(
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter bit BESIDE_DIGITS = 1,
  parameter int STEPS = 1,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic read,
  input  logic [LANES*ACTIVATION_BITS-1:0] word,
  output logic [LANES*ACTIVATION_BITS-1:0] activations,
  output logic [LANES-1:0] zeros
);

  logic [LANES*ACTIVATION_BITS-1:0] operands;
  logic [LANES-1:0] operand_zeros;
  always_ff @(posedge clk) if (read) operands <= word;
  for (genvar lane = 0; lane < LANES; lane++) begin : g_zero
    assign operand_zeros[lane] = operands[lane*ACTIVATION_BITS+:ACTIVATION_BITS] == '0;
  end

  if (BESIDE_DIGITS) begin : g_digits
    stage_register #(
      .STEP(1),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE),
      .BITS(LANES * (ACTIVATION_BITS + 1))
    ) digit_register (
      .clk,
      .enable(1'b1),
      .value({operands, operand_zeros}),
      .staged({activations, zeros})
    );
  end else begin : g_at_once
    assign activations = operands;
    assign zeros = operand_zeros;
  end

endmodule
