// ROWS x COLUMNS x LANES multiply-accumulates of weights that a table yields: accelerators/lut/README.md. A code selects
// its weight on the way to the operand register; integers pass by. A header's word brings entries of the table, a byte
// each.
module lut_codebook_array #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int LANES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int CODEBOOK_BITS = 4,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int POST_LANES = 4,
  parameter int PIPELINE = array_pkg::EVERY_STEP,
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
  input  logic from_table,  // weights are codes of the table
  // the buffers
  output logic header_read,
  output logic weight_read,
  output logic activation_read,
  output array_pkg::count_t row_block,
  output array_pkg::count_t column_block,
  output array_pkg::count_t word,
  output array_pkg::count_t pass,
  input  logic [(ROWS*LANES*WEIGHT_BITS+7)/8*8-1:0] weight_word,
  input  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activation_words,
  // the sums
  output logic [POST_LANES-1:0] drain_valid,
  output array_pkg::index_t drain_row_group,
  output array_pkg::index_t drain_column_group,
  output array_pkg::count_t drain_row_block,
  output array_pkg::count_t drain_column_block,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] drain_sums
);

  localparam int SUM_BITS = ACTIVATION_BITS + WEIGHT_BITS + $clog2(LANES);
  localparam int STEPS = 1 + $clog2(LANES);  // products, levels of the tree
  localparam int FILL = 2 + array_pkg::registers(STEPS, STEPS, PIPELINE);  // buffer read, operands

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

  logic [ROWS*LANES*WEIGHT_BITS-1:0] read_weights;
  lut_codebook #(
    .CODES(ROWS * LANES),
    .WEIGHT_BITS(WEIGHT_BITS),
    .CODEBOOK_BITS(CODEBOOK_BITS)
  ) codebook (
    .clk,
    .fill(at.stage_1.header),
    .fill_word(at.stage_1.word),
    .from_table,
    .word(weight_word),
    .weights(read_weights)
  );

  logic [ROWS*LANES*WEIGHT_BITS-1:0] weights;
  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activations;
  always_ff @(posedge clk) begin
    if (at.stage_1.weight_read) weights <= read_weights;
    if (at.stage_1.activation_read) activations <= activation_words;
  end

  logic [ROWS*COLUMNS*SUM_BITS-1:0] addends;
  for (genvar row = 0; row < ROWS; row++) begin : g_row
    for (genvar column = 0; column < COLUMNS; column++) begin : g_column
      mac_pe #(
        .LANES(LANES),
        .ACTIVATION_BITS(ACTIVATION_BITS),
        .WEIGHT_BITS(WEIGHT_BITS),
        .PIPELINE(PIPELINE)
      ) pe (
        .clk,
        .activation_signed,
        .activations(activations[column*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS]),
        .weights(weights[row*LANES*WEIGHT_BITS+:LANES*WEIGHT_BITS]),
        .sum(addends[(row*COLUMNS+column)*SUM_BITS+:SUM_BITS])
      );
    end
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
