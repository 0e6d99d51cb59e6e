// ROWS x COLUMNS elements that look up tables of GROUP activations with a plane of weight bits per pass, the tables built
// once per column and word: accelerators/lut/README.md. Activations beyond a run are zero.
module lut_tables_array #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int LANES = 8,
  parameter int GROUP = 4,
  parameter bit HALF = 0,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int POST_LANES = 4,
  parameter int PIPELINE = array_pkg::EVERY_STEP
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
  // the buffers
  output logic header_read,
  output logic weight_read,
  output logic activation_read,
  output array_pkg::count_t row_block,
  output array_pkg::count_t column_block,
  output array_pkg::count_t word,
  output array_pkg::count_t pass,
  input  logic [ROWS*LANES-1:0] weight_word,  // a plane
  input  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activation_words,
  // the sums
  output logic [POST_LANES-1:0] drain_valid,
  output array_pkg::index_t drain_row_group,
  output array_pkg::index_t drain_column_group,
  output array_pkg::count_t drain_row_block,
  output array_pkg::count_t drain_column_block,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] drain_sums
);

  localparam int TABLES = LANES / GROUP;
  localparam int LEVELS = $clog2(TABLES);
  localparam int ENTRY_BITS = ACTIVATION_BITS + 1 + $clog2(GROUP);
  localparam int ENTRIES = HALF ? 1 << (GROUP - 1) : (1 << GROUP) - 1;
  localparam int COMBINED_BITS = ENTRY_BITS + LEVELS + WEIGHT_BITS;
  localparam int STEPS = 1 + LEVELS;  // look-ups, levels of the tree
  localparam int FILL = 4 + array_pkg::registers(STEPS, STEPS, PIPELINE);  // buffer read, operands, tables; planes

  logic sequencing;
  array_pkg::stages_t at;
  array_control #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES),
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
    .busy(sequencing)
  );
  assign header_read = at.stage_0.header;
  assign weight_read = at.stage_0.weight_read;
  assign activation_read = at.stage_0.activation_read;
  assign row_block = at.stage_0.row_block;
  assign column_block = at.stage_0.column_block;
  assign word = at.stage_0.word;
  assign pass = at.stage_0.pass;

  // A plane waits one stage for the tables of its word.
  logic [ROWS*LANES-1:0] read_weights, weights;
  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activations;
  always_ff @(posedge clk) begin
    if (at.stage_1.weight_read) read_weights <= weight_word;
    weights <= read_weights;
    if (at.stage_1.activation_read) activations <= activation_words;
  end

  logic [COLUMNS*TABLES*ENTRIES*ENTRY_BITS-1:0] tables;
  for (genvar t = 0; t < COLUMNS * TABLES; t++) begin : g_table
    lut_table #(
      .GROUP(GROUP),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .HALF(HALF)
    ) table_of_group (
      .clk,
      .build(at.stage_2.activation_read),
      .activation_signed,
      .activations(activations[t*GROUP*ACTIVATION_BITS+:GROUP*ACTIVATION_BITS]),
      .entries(tables[t*ENTRIES*ENTRY_BITS+:ENTRIES*ENTRY_BITS])
    );
  end

  logic [ROWS*COLUMNS*COMBINED_BITS-1:0] addends;
  for (genvar row = 0; row < ROWS; row++) begin : g_row
    for (genvar column = 0; column < COLUMNS; column++) begin : g_column
      lut_pe #(
        .TABLES(TABLES),
        .GROUP(GROUP),
        .HALF(HALF),
        .ENTRY_BITS(ENTRY_BITS),
        .WEIGHT_BITS(WEIGHT_BITS),
        .PIPELINE(PIPELINE)
      ) pe (
        .clk,
        .first_plane(at.stage_before.pass == '0),
        .tables(tables[column*TABLES*ENTRIES*ENTRY_BITS+:TABLES*ENTRIES*ENTRY_BITS]),
        .weights(weights[row*LANES+:LANES]),
        .combined(addends[(row*COLUMNS+column)*COMBINED_BITS+:COMBINED_BITS])
      );
    end
  end

  // A word's planes together join the sum when the last of them has.
  array_pkg::control_t now;
  always_comb begin
    now = at.stage_fill;
    now.accumulate = at.stage_fill.accumulate && at.stage_fill.pass + 1'b1 == passes_per_word;
  end

  localparam int STORED_BITS = ACCUMULATOR_BITS + (HALF ? 1 : 0);
  logic [POST_LANES-1:0] valid;
  array_pkg::index_t row_group, column_group;
  array_pkg::count_t of_row_block, of_column_block;
  logic [POST_LANES*STORED_BITS-1:0] stored;
  array_sums #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES),
    .ADDEND_BITS(COMBINED_BITS),
    .ACCUMULATOR_BITS(STORED_BITS)
  ) sums (
    .clk,
    .reset,
    .early(at.stage_before),
    .now,
    .addends,
    .drain_valid(valid),
    .drain_row_group(row_group),
    .drain_column_group(column_group),
    .drain_row_block(of_row_block),
    .drain_column_block(of_column_block),
    .drain_sums(stored)
  );

  if (HALF) begin : g_half
    // A weight w is half of (its planes as signs, less one): so is the sum, with the sum of the column's activations.
    logic [COLUMNS*STORED_BITS-1:0] column_sums;
    for (genvar c = 0; c < COLUMNS; c++) begin : g_column_sum
      logic [TABLES*ENTRY_BITS-1:0] groups;
      for (genvar t = 0; t < TABLES; t++) begin : g_group
        assign groups[t*ENTRY_BITS+:ENTRY_BITS] = tables[((c*TABLES+t+1)*ENTRIES-1)*ENTRY_BITS+:ENTRY_BITS];
      end
      lut_column_sum #(
        .TABLES(TABLES),
        .ENTRY_BITS(ENTRY_BITS),
        .STORED_BITS(STORED_BITS),
        .PIPELINE(PIPELINE)
      ) column_sum (
        .clk,
        .clear(reset | now.turn_around),
        .turn_around(now.turn_around),
        .accumulate(now.accumulate),
        .groups,
        .sum(column_sums[c*STORED_BITS+:STORED_BITS])
      );
    end

    // A lane of the drain has its columns, so it takes their sums as it takes those of a row.
    localparam int ROW_LANES = array_pkg::row_lanes(POST_LANES, ROWS);
    localparam int COLUMN_LANES = array_pkg::column_lanes(POST_LANES, ROWS, COLUMNS);
    logic [COLUMN_LANES*STORED_BITS-1:0] leaving;
    drain_share #(
      .ROWS(1),
      .COLUMNS(COLUMNS),
      .POST_LANES(COLUMN_LANES),
      .BITS(STORED_BITS)
    ) column_share (
      .row_group('0),
      .column_group,
      .values(column_sums),
      .leaving
    );

    logic [POST_LANES*ACCUMULATOR_BITS-1:0] corrected;
    for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_lane
      localparam int COLUMN = lane / ROW_LANES < COLUMN_LANES ? lane / ROW_LANES : 0;
      lut_correct #(
        .STORED_BITS(STORED_BITS)
      ) correct (
        .column_sum(leaving[COLUMN*STORED_BITS+:STORED_BITS]),
        .stored(stored[lane*STORED_BITS+:STORED_BITS]),
        .corrected(corrected[lane*ACCUMULATOR_BITS+:ACCUMULATOR_BITS])
      );
    end

    logic correcting;
    always_ff @(posedge clk) begin
      correcting <= sequencing & ~reset;
      drain_valid <= valid;
      drain_row_group <= row_group;
      drain_column_group <= column_group;
      drain_row_block <= of_row_block;
      drain_column_block <= of_column_block;
      drain_sums <= corrected;
    end
    assign busy = sequencing | correcting;
  end else begin : g_full
    assign busy = sequencing;
    assign drain_valid = valid;
    assign drain_row_group = row_group;
    assign drain_column_group = column_group;
    assign drain_row_block = of_row_block;
    assign drain_column_block = of_column_block;
    assign drain_sums = stored;
  end

endmodule
