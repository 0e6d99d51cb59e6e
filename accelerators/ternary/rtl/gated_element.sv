// One element of the gated array with operand registers, accumulator and drain register of its own: what an array of 1 x 1
// is but for its control. For synthesis (accelerators/array/synth).
module gated_element #(
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic clear,
  input  logic turn_around,
  input  logic accumulate,
  input  logic doubles,
  input  logic weight_read,
  input  logic activation_read,
  input  logic activation_signed,
  input  logic weight_codes,
  input  logic top_plane,
  input  logic [LANES*2-1:0] weight_word,
  input  logic [LANES*ACTIVATION_BITS-1:0] activation_word,
  output logic [ACCUMULATOR_BITS-1:0] sum
);

  localparam int SUM_BITS = ACTIVATION_BITS + 1 + $clog2(LANES);

  logic [LANES-1:0] not_zero, negative;
  logic [LANES*ACTIVATION_BITS-1:0] activations;
  always_ff @(posedge clk) begin
    if (weight_read)
      for (int lane = 0; lane < LANES; lane++) begin
        not_zero[lane] <= weight_codes ? weight_word[2*lane] : weight_word[lane];
        negative[lane] <= weight_codes ? &weight_word[2*lane+:2] : weight_word[lane] & top_plane;
      end
    if (activation_read) activations <= activation_word;
  end

  logic [SUM_BITS-1:0] addend;
  gated_pe #(
    .LANES(LANES),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .PIPELINE(PIPELINE)
  ) pe (
    .clk,
    .activation_signed,
    .activations,
    .not_zero,
    .negative,
    .sum(addend)
  );

  sum_element #(
    .ADDEND_BITS(SUM_BITS),
    .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
    .DOUBLES(1)
  ) sums (
    .clk,
    .clear,
    .turn_around,
    .accumulate,
    .first(doubles),
    .empty(1'b0),
    .block_before('0),
    .block('0),
    .addend,
    .sum
  );

endmodule
