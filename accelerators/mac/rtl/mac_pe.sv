// Multiplies LANES pairs and adds the products: a step, and one for each level of the tree.
module mac_pe #(
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int PRODUCT_BITS = ACTIVATION_BITS + WEIGHT_BITS,
  parameter int SUM_BITS = PRODUCT_BITS + $clog2(LANES),
  parameter int STEPS = 1 + $clog2(LANES),
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic activation_signed,
  input  logic [LANES*ACTIVATION_BITS-1:0] activations,
  input  logic [LANES*WEIGHT_BITS-1:0] weights,
  output logic [SUM_BITS-1:0] sum
);

  logic [LANES*PRODUCT_BITS-1:0] multiplied, products;

  for (genvar lane = 0; lane < LANES; lane++) begin : g_lane
    logic guard;
    logic signed [ACTIVATION_BITS:0] activation;
    logic signed [WEIGHT_BITS-1:0] weight;
    assign guard = activation_signed & activations[(lane+1)*ACTIVATION_BITS-1];
    assign activation = {guard, activations[lane*ACTIVATION_BITS+:ACTIVATION_BITS]};
    assign weight = weights[lane*WEIGHT_BITS+:WEIGHT_BITS];
    assign multiplied[lane*PRODUCT_BITS+:PRODUCT_BITS] = PRODUCT_BITS'(activation) * PRODUCT_BITS'(weight);
  end

  stage_register #(
    .STEP(1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE),
    .BITS(LANES * PRODUCT_BITS)
  ) product_register (
    .clk,
    .enable(1'b1),
    .value(multiplied),
    .staged(products)
  );

  adder_tree #(
    .INPUTS(LANES),
    .BITS(PRODUCT_BITS),
    .STEPS_BEFORE(1),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE)
  ) tree (
    .clk,
    .operands(products),
    .sum
  );

endmodule
