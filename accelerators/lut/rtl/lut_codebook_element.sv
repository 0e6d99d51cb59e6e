// One processing element whose weights a table yields, with operand registers, accumulator and drain register of its own:
// what an array of 1 x 1 is but for its control. For synthesis (accelerators/array/synth).
module lut_codebook_element #(
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int CODEBOOK_BITS = 4,
  parameter int ACCUMULATOR_BITS = 24,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic clear,
  input  logic turn_around,
  input  logic accumulate,
  input  logic fill,
  input  array_pkg::count_t fill_word,
  input  logic from_table,
  input  logic weight_read,
  input  logic activation_read,
  input  logic activation_signed,
  input  logic [(LANES*WEIGHT_BITS+7)/8*8-1:0] weight_word,
  input  logic [LANES*ACTIVATION_BITS-1:0] activation_word,
  output logic [ACCUMULATOR_BITS-1:0] sum
);

  localparam int SUM_BITS = ACTIVATION_BITS + WEIGHT_BITS + $clog2(LANES);

  logic [LANES*WEIGHT_BITS-1:0] read_weights, weights;
  lut_codebook #(
    .CODES(LANES),
    .WEIGHT_BITS(WEIGHT_BITS),
    .CODEBOOK_BITS(CODEBOOK_BITS)
  ) codebook (
    .clk,
    .fill,
    .fill_word,
    .from_table,
    .word(weight_word),
    .weights(read_weights)
  );

  logic [LANES*ACTIVATION_BITS-1:0] activations;
  always_ff @(posedge clk) begin
    if (weight_read) weights <= read_weights;
    if (activation_read) activations <= activation_word;
  end

  logic [SUM_BITS-1:0] addend;
  mac_pe #(
    .LANES(LANES),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .WEIGHT_BITS(WEIGHT_BITS),
    .PIPELINE(PIPELINE)
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
