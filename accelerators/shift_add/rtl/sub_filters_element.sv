// One processing element with the operand registers, letters, accumulators, drain registers, coefficients and shifters of
// its own: what an output-stationary array of 1 x 1 is but for its control. For synthesis (accelerators/array/synth).
module sub_filters_element #(
  parameter int LANES = 4,
  parameter int PARALLEL = 2,
  parameter int ACTIVATION_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32,
  parameter bit ZERO_GATING = 1,
  parameter int PIPELINE = array_pkg::EVERY_STEP
) (
  input  logic clk,
  input  logic reset,
  input  logic clear,
  input  logic turn_around,
  input  logic accumulate,
  input  logic weight_read,
  input  logic activation_read,
  input  logic header,
  input  logic table_turn_around,
  input  logic activation_signed,
  input  logic [PARALLEL*2-1:0] alphabets,
  input  logic [LANES*PARALLEL-1:0] weight_word,
  input  logic [PARALLEL*4-1:0] table_word,
  input  logic [LANES*ACTIVATION_BITS-1:0] activation_word,
  output logic [ACCUMULATOR_BITS+$clog2(PARALLEL)-1:0] sum
);

  localparam int SUM_BITS = ACTIVATION_BITS + 1 + $clog2(LANES);
  localparam int STEPS = 1 + $clog2(LANES);
  localparam int TABLE_DELAY = 1 + array_pkg::registers(STEPS, STEPS, PIPELINE);

  logic [PARALLEL*4-1:0] accumulating, drained, coefficients;
  always_ff @(posedge clk) begin
    if (header) accumulating <= table_word;
    if (table_turn_around) drained <= accumulating;
  end
  delay_line #(
    .BITS(PARALLEL * 4),
    .STAGES(TABLE_DELAY)
  ) coefficient_delay (
    .clk,
    .reset,
    .now(drained),
    .later(coefficients)
  );

  logic [PARALLEL*LANES-1:0] present, negative;
  plane_row #(
    .LANES(LANES),
    .PARALLEL(PARALLEL)
  ) row (
    .clk,
    .read(weight_read),
    .word(weight_word),
    .alphabets,
    .present,
    .negative
  );

  logic [LANES*ACTIVATION_BITS-1:0] activations;
  logic [LANES-1:0] zeros;
  activation_column #(
    .LANES(LANES),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .BESIDE_DIGITS(0)
  ) column (
    .clk,
    .read(activation_read),
    .word(activation_word),
    .activations,
    .zeros
  );

  logic [PARALLEL*ACCUMULATOR_BITS-1:0] sums;
  for (genvar plane = 0; plane < PARALLEL; plane++) begin : g_plane
    logic [SUM_BITS-1:0] addend;
    plane_pe #(
      .LANES(LANES),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .ZERO_GATING(ZERO_GATING),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) pe (
      .clk,
      .activation_signed,
      .activation_zeros(zeros),
      .activations,
      .present(present[plane*LANES+:LANES]),
      .negative(negative[plane*LANES+:LANES]),
      .sum(addend)
    );
    sum_element #(
      .ADDEND_BITS(SUM_BITS),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS)
    ) plane_sum (
      .clk,
      .clear,
      .turn_around,
      .accumulate,
      .first(1'b0),
      .empty(1'b0),
      .block_before('0),
      .block('0),
      .addend,
      .sum(sums[plane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS])
    );
  end

  plane_shift #(
    .PARALLEL(PARALLEL),
    .BITS(ACCUMULATOR_BITS),
    .SHIFTED_BITS(ACCUMULATOR_BITS)
  ) shifters (
    .clk,
    .coefficients,
    .sums,
    .sum
  );

endmodule
