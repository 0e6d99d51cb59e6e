// Shifts the sums of PARALLEL planes by their coefficients and adds them: a step, and one for each level of the tree,
// behind STEPS_BEFORE others. A coefficient is an exponent and, from bit 3, a sign; 7 is nothing.
module plane_shift #(
  parameter int PARALLEL = 2,
  parameter int BITS = 12,
  parameter int SHIFTED_BITS = BITS + 7,
  parameter int SUM_BITS = SHIFTED_BITS + $clog2(PARALLEL),
  parameter int STEPS_BEFORE = 0,
  parameter int STEPS = STEPS_BEFORE + 1 + $clog2(PARALLEL),
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic [PARALLEL*4-1:0] coefficients,
  input  logic [PARALLEL*BITS-1:0] sums,
  output logic [SUM_BITS-1:0] sum
);

  logic [PARALLEL*SHIFTED_BITS-1:0] placed, shifted;

  for (genvar plane = 0; plane < PARALLEL; plane++) begin : g_plane
    logic [3:0] coefficient;
    logic signed [BITS-1:0] operand;
    logic signed [SHIFTED_BITS-1:0] magnitude, signed_value;
    assign coefficient = coefficients[4*plane+:4];
    assign operand = sums[plane*BITS+:BITS];
    assign magnitude = SHIFTED_BITS'(operand) <<< coefficient[2:0];
    assign signed_value = (magnitude ^ {SHIFTED_BITS{coefficient[3]}}) + SHIFTED_BITS'(coefficient[3]);
    assign placed[plane*SHIFTED_BITS+:SHIFTED_BITS] = coefficient == 4'd7 ? '0 : signed_value;
  end

  stage_register #(
    .STEP(STEPS_BEFORE + 1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE),
    .BITS(PARALLEL * SHIFTED_BITS)
  ) shift_register (
    .clk,
    .enable(1'b1),
    .value(placed),
    .staged(shifted)
  );

  adder_tree #(
    .INPUTS(PARALLEL),
    .BITS(SHIFTED_BITS),
    .STEPS_BEFORE(STEPS_BEFORE + 1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE)
  ) tree (
    .clk,
    .operands(shifted),
    .sum
  );

endmodule
