// Puts a sum of digit products at its place: the last step of STEPS.
module digit_shift #(
  parameter int DIGITS = 4,
  parameter int ACTIVATION_BITS = 4,
  parameter int WEIGHT_BITS = 4,
  parameter int SUM_BITS = 9,
  parameter int SHIFTED_BITS = SUM_BITS + 16 - ACTIVATION_BITS - WEIGHT_BITS,
  parameter int STEPS = 1,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic [$clog2(DIGITS)-1:0] weight_digit,
  input  logic [$clog2(DIGITS)-1:0] activation_digit,
  input  logic signed [SUM_BITS-1:0] sum,
  output logic signed [SHIFTED_BITS-1:0] shifted
);

  localparam int DIGIT_BITS = $clog2(DIGITS);

  logic signed [SHIFTED_BITS-1:0] placed;
  always_comb begin
    placed = SHIFTED_BITS'(sum);
    for (int a = 0; a * ACTIVATION_BITS < 8; a++)
      for (int w = 0; w * WEIGHT_BITS < 8; w++)
        if (activation_digit == DIGIT_BITS'(a) && weight_digit == DIGIT_BITS'(w))
          placed = SHIFTED_BITS'(sum) <<< (a * ACTIVATION_BITS + w * WEIGHT_BITS);
  end

  stage_register #(
    .STEP(STEPS),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE),
    .BITS(SHIFTED_BITS)
  ) place_register (
    .clk,
    .enable(1'b1),
    .value(placed),
    .staged(shifted)
  );

endmodule
