// (operand * multiplier + bias) >> shift: a product register; what is behind it belongs to the next cycle, with bias
// and shift. The sum is of 64 bits and wraps.
module post_requantise #(
  parameter int INPUT_BITS = 32,
  parameter int OUTPUT_BITS = 16,
  parameter bit SHIFTS = 0,
  parameter int MULTIPLIER_BITS = 16,
  parameter int FACTOR_BITS = SHIFTS ? 5 : MULTIPLIER_BITS
) (
  input  logic clk,
  input  logic enable,
  input  logic [INPUT_BITS-1:0] operand,
  input  logic [FACTOR_BITS-1:0] factor,  // post_factor
  input  logic [63:0] bias,
  input  logic [5:0] shift,
  output logic [OUTPUT_BITS-1:0] shifted,
  output logic overflow,
  output logic negative
);

  localparam int PRODUCT_BITS = INPUT_BITS + MULTIPLIER_BITS;
  logic signed [INPUT_BITS-1:0] signed_operand;
  logic signed [PRODUCT_BITS-1:0] product;
  assign signed_operand = operand;

  if (SHIFTS) begin : g_shift
    logic signed [INPUT_BITS+2:0] near;
    logic signed [PRODUCT_BITS-1:0] far;
    always_comb begin
      near = (INPUT_BITS + 3)'(signed_operand) <<< factor[1:0];
      far = PRODUCT_BITS'(near) <<< {factor[3:2], 2'b0};
    end
    always_ff @(posedge clk) if (enable) product <= factor[4] ? far : '0;
  end else begin : g_multiply
    logic signed [MULTIPLIER_BITS:0] multiplier;
    assign multiplier = {1'b0, factor};
    always_ff @(posedge clk) if (enable) product <= PRODUCT_BITS'(signed_operand) * PRODUCT_BITS'(multiplier);
  end

  logic signed [63:0] value;
  assign value = 64'(product) + $signed(bias);
  post_shift #(
    .OUTPUT_BITS(OUTPUT_BITS)
  ) align (
    .value,
    .shift,
    .shifted,
    .overflow,
    .negative
  );

endmodule
