// ROWS x COLUMNS x LANES multiply-accumulates: accelerators/mac/README.md. The buffers answer a read of stage 0 with the
// word in the next cycle, whatever the codes' width in memory sign- or zero-extended to the array's.
module mac_array #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int POST_LANES = 4,
  parameter int PIPELINE = array_pkg::EVERY_STEP,
  parameter bit WEIGHT_STATIONARY = 0,
  parameter int DEPTH = 16,
  parameter bit DIGITS = 0  // the variant digit_serial
) (
  input  logic clk,
  input  logic reset,
  input  logic start,
  output logic busy,
  // the tile
  input  array_pkg::count_t outputs,
  input  array_pkg::count_t group_outputs,
  input  array_pkg::count_t first_group_outputs,
  input  array_pkg::count_t pixels,
  input  array_pkg::count_t passes_per_word,
  input  array_pkg::count_t header,
  input  array_pkg::count_t words,
  output array_pkg::count_t fetch_row_block,
  input  logic activation_signed,
  input  array_pkg::count_t weight_digits,  // DIGITS: passes_per_word is this times the activation's digits
  // the buffers
  output logic header_read,
  output logic weight_read,
  output logic activation_read,
  output array_pkg::count_t row_block,
  output array_pkg::count_t column_block,
  output array_pkg::count_t word,
  output array_pkg::count_t pass,
  input  logic [ROWS*LANES*WEIGHT_BITS-1:0] weight_word,
  input  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activation_words,
  // the sums
  output logic [POST_LANES-1:0] drain_valid,
  output array_pkg::index_t drain_row_group,
  output array_pkg::index_t drain_column_group,
  output array_pkg::count_t drain_row_block,
  output array_pkg::count_t drain_column_block,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] drain_sums
);

  localparam int FACTOR_BITS = DIGITS ? WEIGHT_BITS + 1 : WEIGHT_BITS;  // a digit may have no sign
  localparam int SUM_BITS = ACTIVATION_BITS + FACTOR_BITS + $clog2(LANES);
  localparam int ADDEND_BITS = DIGITS ? SUM_BITS + 16 - ACTIVATION_BITS - WEIGHT_BITS : SUM_BITS;
  localparam int STEPS = 1 + $clog2(LANES) + (DIGITS ? 1 : 0);  // products, levels of the tree, places of digits
  localparam int PLACE = 2 + array_pkg::registers(STEPS - 1, STEPS, PIPELINE);
  localparam int FILL = 2 + array_pkg::registers(STEPS, STEPS, PIPELINE);  // buffer read, operands
  localparam int MOST_DIGITS = 4;  // 8 bits of 2

  logic [(FILL+1)*array_pkg::CONTROL_BITS-1:0] stages;
  array_pkg::stages_t at;
  array_pkg::control_t stage_place;
  assign stage_place = stages[PLACE*array_pkg::CONTROL_BITS+:array_pkg::CONTROL_BITS];
  array_control #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES),
    .WEIGHT_STATIONARY(WEIGHT_STATIONARY),
    .FILL(FILL)
  ) control (
    .clk,
    .reset,
    .start,
    .outputs,
    .group_outputs,
    .first_group_outputs,
    .pixels,
    .passes_per_word,
    .header,
    .words,
    .fetch_row_block,
    .at,
    .stages,
    .busy
  );
  assign header_read = at.stage_0.header;
  assign weight_read = at.stage_0.weight_read;
  assign activation_read = DIGITS ? at.stage_0.accumulate : at.stage_0.activation_read;
  assign row_block = at.stage_0.row_block;
  assign column_block = at.stage_0.column_block;
  assign word = at.stage_0.word;
  assign pass = at.stage_0.pass;

  logic [ROWS*LANES*WEIGHT_BITS-1:0] weights;
  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activations;
  always_ff @(posedge clk) begin
    if (at.stage_1.weight_read) weights <= weight_word;
    if (DIGITS ? at.stage_1.accumulate : at.stage_1.activation_read) activations <= activation_words;
  end

  // A digit is signed where it is its operand's top one.
  logic activation_top, weight_top;
  logic [$clog2(MOST_DIGITS)-1:0] weight_digit, activation_digit;
  if (DIGITS) begin : g_digits
    digit_walk #(
      .DIGITS(MOST_DIGITS)
    ) multiplied (
      .pass(at.stage_2.pass),
      .passes_per_word,
      .weight_digits,
      .weight_digit(),
      .activation_digit(),
      .weight_top,
      .activation_top
    );
    digit_walk #(
      .DIGITS(MOST_DIGITS)
    ) place (
      .pass(stage_place.pass),
      .passes_per_word,
      .weight_digits,
      .weight_digit,
      .activation_digit,
      .weight_top(),
      .activation_top()
    );
  end else begin : g_whole
    assign activation_top = 1'b1;
    assign weight_top = 1'b1;
    assign weight_digit = '0;
    assign activation_digit = '0;
    logic unused;
    assign unused = &{1'b0, weight_digits, weight_digit, activation_digit, weight_top};
  end

  logic [ROWS*LANES*FACTOR_BITS-1:0] factors;
  for (genvar i = 0; i < ROWS * LANES; i++) begin : g_factor
    if (DIGITS) begin : g_digit
      logic sign;
      assign sign = weight_top & weights[(i+1)*WEIGHT_BITS-1];
      assign factors[i*FACTOR_BITS+:FACTOR_BITS] = {sign, weights[i*WEIGHT_BITS+:WEIGHT_BITS]};
    end else begin : g_whole
      assign factors[i*FACTOR_BITS+:FACTOR_BITS] = weights[i*WEIGHT_BITS+:WEIGHT_BITS];
    end
  end

  logic [ROWS*COLUMNS*ADDEND_BITS-1:0] addends;
  for (genvar row = 0; row < ROWS; row++) begin : g_row
    for (genvar column = 0; column < COLUMNS; column++) begin : g_column
      logic [SUM_BITS-1:0] sum;
      mac_pe #(
        .LANES(LANES),
        .ACTIVATION_BITS(ACTIVATION_BITS),
        .WEIGHT_BITS(FACTOR_BITS),
        .STEPS(STEPS),
        .PIPELINE(PIPELINE)
      ) pe (
        .clk,
        .activation_signed(activation_signed & activation_top),
        .activations(activations[column*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS]),
        .weights(factors[row*LANES*FACTOR_BITS+:LANES*FACTOR_BITS]),
        .sum
      );
      if (DIGITS) begin : g_place
        digit_shift #(
          .DIGITS(MOST_DIGITS),
          .ACTIVATION_BITS(ACTIVATION_BITS),
          .WEIGHT_BITS(WEIGHT_BITS),
          .SUM_BITS(SUM_BITS),
          .STEPS(STEPS),
          .PIPELINE(PIPELINE)
        ) place (
          .clk,
          .weight_digit,
          .activation_digit,
          .sum,
          .shifted(addends[(row*COLUMNS+column)*ADDEND_BITS+:ADDEND_BITS])
        );
      end else begin : g_whole
        assign addends[(row*COLUMNS+column)*ADDEND_BITS+:ADDEND_BITS] = sum;
      end
    end
  end

  array_sums #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES),
    .ADDEND_BITS(ADDEND_BITS),
    .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
    .WEIGHT_STATIONARY(WEIGHT_STATIONARY),
    .DEPTH(DEPTH)
  ) sums (
    .clk,
    .reset,
    .early(at.stage_before),
    .now(at.stage_fill),
    .addends,
    .drain_valid,
    .drain_row_group,
    .drain_column_group,
    .drain_row_block,
    .drain_column_block,
    .drain_sums
  );

endmodule
