// One processing element with operand registers, multiply-accumulate lanes, accumulator and drain register of its own:
// what an array of 1 x 1 is but for its control. For synthesis (accelerators/array/synth).
module mac_element #(
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32
) (
  input  logic clk,
  input  logic clear,
  input  logic turn_around,
  input  logic accumulate,
  input  logic weight_read,
  input  logic activation_read,
  input  logic activation_signed,
  input  logic [LANES*WEIGHT_BITS-1:0] weight_word,
  input  logic [LANES*ACTIVATION_BITS-1:0] activation_word,
  output logic [ACCUMULATOR_BITS-1:0] sum
);

  localparam int SUM_BITS = ACTIVATION_BITS + WEIGHT_BITS + $clog2(LANES);

  logic [LANES*WEIGHT_BITS-1:0] weights;
  logic [LANES*ACTIVATION_BITS-1:0] activations;
  always_ff @(posedge clk) begin
    if (weight_read) weights <= weight_word;
    if (activation_read) activations <= activation_word;
  end

  logic [SUM_BITS-1:0] addend;
  mac_pe #(
    .LANES(LANES),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .WEIGHT_BITS(WEIGHT_BITS)
  ) pe (
    .clk,
    .activation_signed,
    .activations,
    .weights,
    .sum(addend)
  );

  sum_element #(
    .ADDEND_BITS(SUM_BITS),
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
