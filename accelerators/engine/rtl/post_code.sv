// A code of a stream value: stages code multiply, and code shift, whose result is the code.
module post_code #(
  parameter bit SHIFTS = 0,
  parameter int MULTIPLIER_BITS = 16,
  parameter int FACTOR_BITS = SHIFTS ? 5 : MULTIPLIER_BITS
) (
  input  logic clk,
  input  logic enable,
  input  logic [FACTOR_BITS-1:0] factor,
  input  logic [63:0] bias,
  input  logic [5:0] shift,
  input  logic [15:0] low,
  input  logic [15:0] high,
  input  logic [15:0] stream,
  output logic [15:0] code
);

  logic [15:0] shifted;
  logic overflow, negative, above, below;
  post_requantise #(
    .INPUT_BITS(16),
    .SHIFTS(SHIFTS),
    .MULTIPLIER_BITS(MULTIPLIER_BITS)
  ) requantise (
    .clk,
    .enable,
    .operand(stream),
    .factor,
    .bias,
    .shift,
    .shifted,
    .overflow,
    .negative
  );
  assign above = overflow ? !negative : $signed(shifted) > $signed(high);
  assign below = overflow ? negative : $signed(shifted) < $signed(low);
  assign code = above ? high : below ? low : shifted;

endmodule
