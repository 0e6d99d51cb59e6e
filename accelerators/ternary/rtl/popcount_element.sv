// One element of the popcount array with operand registers, accumulator and drain register of its own: what an array of
// 1 x 1 is but for its control. For synthesis (accelerators/array/synth).
module popcount_element #(
  parameter int LANES = 16,
  parameter int ACTIVATION_BITS = 2,
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
  input  logic weight_codes,
  input  logic top_plane,
  input  logic activation_codes,
  input  logic activation_negative,
  input  logic [$clog2(ACTIVATION_BITS)-1:0] activation_bit,
  input  logic [LANES*2-1:0] weight_word,
  input  logic [LANES*ACTIVATION_BITS-1:0] activation_word,
  output logic [ACCUMULATOR_BITS-1:0] sum
);

  localparam int SUM_BITS = 6 + $clog2((LANES + 15) / 16);

  logic [LANES-1:0] not_zero, negative, x_not_zero, x_negative;
  always_ff @(posedge clk) begin
    if (weight_read)
      for (int lane = 0; lane < LANES; lane++) begin
        not_zero[lane] <= weight_codes ? weight_word[2*lane] : weight_word[lane];
        negative[lane] <= weight_codes ? &weight_word[2*lane+:2] : weight_word[lane] & top_plane;
      end
    if (activation_read)
      for (int lane = 0; lane < LANES; lane++) begin
        x_not_zero[lane] <= activation_word[lane*ACTIVATION_BITS+activation_bit];
        x_negative[lane] <= activation_codes ? activation_word[lane*ACTIVATION_BITS+1] : activation_negative;
      end
  end

  logic [SUM_BITS-1:0] addend;
  popcount_pe #(
    .LANES(LANES),
    .PIPELINE(PIPELINE)
  ) pe (
    .clk,
    .weight_not_zero(not_zero),
    .weight_negative(negative),
    .activation_not_zero(x_not_zero),
    .activation_negative(x_negative),
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
