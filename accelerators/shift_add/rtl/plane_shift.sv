// Shifts the sums of PARALLEL planes by their coefficients and adds them: a register behind the shifters, a register per
// level of the tree. A coefficient is an exponent and, from bit 3, a sign; 7 is nothing.
module plane_shift #(
  parameter int PARALLEL = 2,
  parameter int BITS = 12,
  parameter int SHIFTED_BITS = BITS + 7,
  parameter int SUM_BITS = SHIFTED_BITS + $clog2(PARALLEL)
) (
  input  logic clk,
  input  logic [PARALLEL*4-1:0] coefficients,
  input  logic [PARALLEL*BITS-1:0] sums,
  output logic [SUM_BITS-1:0] sum
);

  logic [PARALLEL*SHIFTED_BITS-1:0] shifted;

  for (genvar plane = 0; plane < PARALLEL; plane++) begin : g_plane
    logic [3:0] coefficient;
    logic signed [BITS-1:0] operand;
    logic signed [SHIFTED_BITS-1:0] magnitude, signed_value;
    assign coefficient = coefficients[4*plane+:4];
    assign operand = sums[plane*BITS+:BITS];
    assign magnitude = SHIFTED_BITS'(operand) <<< coefficient[2:0];
    assign signed_value = (magnitude ^ {SHIFTED_BITS{coefficient[3]}}) + SHIFTED_BITS'(coefficient[3]);
    always_ff @(posedge clk)
      shifted[plane*SHIFTED_BITS+:SHIFTED_BITS] <= coefficient == 4'd7 ? '0 : signed_value;
  end

  adder_tree #(
    .INPUTS(PARALLEL),
    .BITS(SHIFTED_BITS)
  ) tree (
    .clk,
    .operands(shifted),
    .sum
  );

endmodule
