// One processing element with operand registers, multiply-accumulate lanes, accumulator and drain register of its own:
// what an array of 1 x 1 is but for its control. For synthesis (accelerators/array/synth).
module mac_element #(
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32,
  parameter bit DIGITS = 0,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic clear,
  input  logic turn_around,
  input  logic accumulate,
  input  logic weight_read,
  input  logic activation_read,
  input  logic activation_signed,
  input  logic weight_signed,
  input  logic [1:0] weight_digit,
  input  logic [1:0] activation_digit,
  input  logic [LANES*WEIGHT_BITS-1:0] weight_word,
  input  logic [LANES*ACTIVATION_BITS-1:0] activation_word,
  output logic [ACCUMULATOR_BITS-1:0] sum
);

  localparam int STEPS = 1 + $clog2(LANES) + (DIGITS ? 1 : 0);
  localparam int FACTOR_BITS = DIGITS ? WEIGHT_BITS + 1 : WEIGHT_BITS;
  localparam int SUM_BITS = ACTIVATION_BITS + FACTOR_BITS + $clog2(LANES);
  localparam int ADDEND_BITS = DIGITS ? SUM_BITS + 16 - ACTIVATION_BITS - WEIGHT_BITS : SUM_BITS;

  logic [LANES*WEIGHT_BITS-1:0] weights;
  logic [LANES*ACTIVATION_BITS-1:0] activations;
  always_ff @(posedge clk) begin
    if (weight_read) weights <= weight_word;
    if (activation_read) activations <= activation_word;
  end

  logic [LANES*FACTOR_BITS-1:0] factors;
  for (genvar lane = 0; lane < LANES; lane++) begin : g_factor
    logic sign;
    assign sign = (!DIGITS | weight_signed) & weights[(lane+1)*WEIGHT_BITS-1];
    assign factors[lane*FACTOR_BITS+:FACTOR_BITS] = FACTOR_BITS'({sign, weights[lane*WEIGHT_BITS+:WEIGHT_BITS]});
  end

  logic [SUM_BITS-1:0] products;
  mac_pe #(
    .LANES(LANES),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .WEIGHT_BITS(FACTOR_BITS),
    .STEPS(STEPS),
    .PIPELINE(PIPELINE)
  ) pe (
    .clk,
    .activation_signed,
    .activations,
    .weights(factors),
    .sum(products)
  );

  logic [ADDEND_BITS-1:0] addend;
  if (DIGITS) begin : g_place
    digit_shift #(
      .DIGITS(4),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .WEIGHT_BITS(WEIGHT_BITS),
      .SUM_BITS(SUM_BITS),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) place (
      .clk,
      .weight_digit,
      .activation_digit,
      .sum(products),
      .shifted(addend)
    );
  end else begin : g_whole
    assign addend = products;
  end

  sum_element #(
    .ADDEND_BITS(ADDEND_BITS),
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
