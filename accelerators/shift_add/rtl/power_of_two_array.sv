// ROWS x COLUMNS x LANES x TERMS barrel shifters: accelerators/shift_add/README.md. The buffers answer a read of stage 0
// with the word in the next cycle: integers sign-extended to WEIGHT_BITS, other codes zero-extended.
module power_of_two_array #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int LANES = 4,
  parameter int TERMS = 1,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int POST_LANES = 4,
  parameter int PIPELINE = array_pkg::EVERY_STEP,
  parameter bit ZERO_GATING = 1,
  parameter bit WEIGHT_STATIONARY = 0,
  parameter int DEPTH = 16
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
  input  logic [1:0] kind,
  input  logic [3:0] choice_bits,
  input  logic [2*7*3-1:0] exponents,
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

  localparam int SUM_BITS = ACTIVATION_BITS + WEIGHT_BITS + $clog2(LANES * TERMS);
  localparam int STEPS = 2 + $clog2(LANES * TERMS);  // digits, shifters, levels of the tree
  localparam int FILL = 2 + array_pkg::registers(STEPS, STEPS, PIPELINE);  // buffer read, codes
  localparam int INDEX_BITS = WEIGHT_BITS > 4 ? 2 : 1;

  array_pkg::stages_t at;
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
    .stages(),
    .busy
  );
  assign header_read = at.stage_0.header;
  assign weight_read = at.stage_0.weight_read;
  assign activation_read = at.stage_0.activation_read;
  assign row_block = at.stage_0.row_block;
  assign column_block = at.stage_0.column_block;
  assign word = at.stage_0.word;
  assign pass = at.stage_0.pass;

  logic [ROWS*LANES*TERMS*5-1:0] digits;
  for (genvar row = 0; row < ROWS; row++) begin : g_row
    power_of_two_row #(
      .LANES(LANES),
      .TERMS(TERMS),
      .WEIGHT_BITS(WEIGHT_BITS),
      .INDEX_BITS(INDEX_BITS),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) decoders (
      .clk,
      .read(at.stage_1.weight_read),
      .word(weight_word[row*LANES*WEIGHT_BITS+:LANES*WEIGHT_BITS]),
      .first_index(INDEX_BITS'(at.stage_2.pass * array_pkg::COUNT_BITS'(TERMS))),
      .kind,
      .choice_bits,
      .exponents,
      .digits(digits[row*LANES*TERMS*5+:LANES*TERMS*5])
    );
  end

  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activations;
  logic [COLUMNS*LANES-1:0] zeros;
  for (genvar column = 0; column < COLUMNS; column++) begin : g_column
    activation_column #(
      .LANES(LANES),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) column_operands (
      .clk,
      .read(at.stage_1.activation_read),
      .word(activation_words[column*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS]),
      .activations(activations[column*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS]),
      .zeros(zeros[column*LANES+:LANES])
    );
  end

  logic [ROWS*COLUMNS*SUM_BITS-1:0] addends;
  for (genvar i = 0; i < ROWS * COLUMNS; i++) begin : g_element
    power_of_two_pe #(
      .LANES(LANES),
      .TERMS(TERMS),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .WEIGHT_BITS(WEIGHT_BITS),
      .ZERO_GATING(ZERO_GATING),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) pe (
      .clk,
      .activation_signed,
      .activation_zeros(zeros[i%COLUMNS*LANES+:LANES]),
      .activations(activations[i%COLUMNS*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS]),
      .digits(digits[i/COLUMNS*LANES*TERMS*5+:LANES*TERMS*5]),
      .sum(addends[i*SUM_BITS+:SUM_BITS])
    );
  end

  array_sums #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES),
    .ADDEND_BITS(SUM_BITS),
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
