// ROWS x COLUMNS x LANES lanes for PARALLEL planes at once: accelerators/shift_add/README.md. Output-stationary the tile
// is one sweep, and coefficients meet the sums behind the drain; weight-stationary every sweep is a pass, and
// coefficients meet the sums of the tree.
module sub_filters_array #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int LANES = 4,
  parameter int PARALLEL = 2,
  parameter int ACTIVATION_BITS = 8,
  parameter int WEIGHT_BITS = 8,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int POST_LANES = 4,
  parameter int PIPELINE = array_pkg::EVERY_STEP,
  parameter bit ZERO_GATING = 1,
  parameter bit WEIGHT_STATIONARY = 0,
  parameter int DEPTH = 16,
  parameter int SWEEPS = WEIGHT_STATIONARY ? (WEIGHT_BITS + PARALLEL - 1) / PARALLEL : 1
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
  input  logic [SWEEPS*PARALLEL*2-1:0] alphabets,
  // the buffers
  output logic header_read,
  output logic weight_read,
  output logic activation_read,
  output array_pkg::count_t row_block,
  output array_pkg::count_t column_block,
  output array_pkg::count_t word,
  output array_pkg::count_t pass,
  input  logic [ROWS*LANES*PARALLEL-1:0] weight_word,
  input  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activation_words,
  // the sums
  output logic [POST_LANES-1:0] drain_valid,
  output array_pkg::index_t drain_row_group,
  output array_pkg::index_t drain_column_group,
  output array_pkg::count_t drain_row_block,
  output array_pkg::count_t drain_column_block,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] drain_sums
);

  localparam int SUM_BITS = ACTIVATION_BITS + 1 + $clog2(LANES);
  localparam int PLANE_STEPS = 1 + $clog2(LANES);      // letters, levels of the tree
  localparam int SHIFT_STEPS = 1 + $clog2(PARALLEL);   // shifters, levels of the tree behind them
  // The pipeline ends where sums are kept: behind both, or before the shifters, which have registers of their own then.
  localparam int STEPS = WEIGHT_STATIONARY ? PLANE_STEPS + SHIFT_STEPS : PLANE_STEPS;
  localparam int SUMMED = 2 + array_pkg::registers(PLANE_STEPS, STEPS, PIPELINE);  // buffer read, bits
  localparam int FILL = WEIGHT_STATIONARY ? 2 + array_pkg::registers(STEPS, STEPS, PIPELINE) : SUMMED + SHIFT_STEPS;
  localparam int TABLE_BITS = ROWS * PARALLEL * 4;

  logic [(FILL+1)*array_pkg::CONTROL_BITS-1:0] stages;
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
    .stages,
    .busy
  );
  assign header_read = at.stage_0.header;
  assign weight_read = at.stage_0.weight_read;
  assign activation_read = at.stage_0.activation_read;
  assign row_block = at.stage_0.row_block;
  assign column_block = at.stage_0.column_block;
  assign word = at.stage_0.word;
  assign pass = at.stage_0.pass;

  logic [SWEEPS*TABLE_BITS-1:0] tables;
  plane_table #(
    .ROWS(ROWS),
    .LANES(LANES),
    .PARALLEL(PARALLEL),
    .SWEEPS(SWEEPS)
  ) coefficient_table (
    .clk,
    .reset,
    .header(at.stage_1.header),
    .rows_used(at.stage_1.rows_used),
    .word(weight_word),
    .tables
  );

  logic [PARALLEL*2-1:0] sweep_alphabets;
  always_comb begin
    sweep_alphabets = alphabets[PARALLEL*2-1:0];
    for (int s = 1; s < SWEEPS; s++)
      if (at.stage_2.pass == array_pkg::COUNT_BITS'(s)) sweep_alphabets = alphabets[s*PARALLEL*2+:PARALLEL*2];
  end

  logic [ROWS*PARALLEL*LANES-1:0] present, negative;
  for (genvar row = 0; row < ROWS; row++) begin : g_row
    plane_row #(
      .LANES(LANES),
      .PARALLEL(PARALLEL)
    ) letters (
      .clk,
      .read(at.stage_1.weight_read),
      .word(weight_word[row*LANES*PARALLEL+:LANES*PARALLEL]),
      .alphabets(sweep_alphabets),
      .present(present[row*PARALLEL*LANES+:PARALLEL*LANES]),
      .negative(negative[row*PARALLEL*LANES+:PARALLEL*LANES])
    );
  end

  logic [COLUMNS*LANES*ACTIVATION_BITS-1:0] activations;
  logic [COLUMNS*LANES-1:0] zeros;
  for (genvar column = 0; column < COLUMNS; column++) begin : g_column
    activation_column #(
      .LANES(LANES),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .BESIDE_DIGITS(0)
    ) column_operands (
      .clk,
      .read(at.stage_1.activation_read),
      .word(activation_words[column*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS]),
      .activations(activations[column*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS]),
      .zeros(zeros[column*LANES+:LANES])
    );
  end

  logic [ROWS*COLUMNS*PARALLEL*SUM_BITS-1:0] plane_sums;  // element after element, plane after plane
  for (genvar i = 0; i < ROWS * COLUMNS * PARALLEL; i++) begin : g_plane
    localparam int ROW = i / PARALLEL / COLUMNS;
    localparam int COLUMN = i / PARALLEL % COLUMNS;
    localparam int LETTERS = (ROW * PARALLEL + i % PARALLEL) * LANES;
    plane_pe #(
      .LANES(LANES),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .ZERO_GATING(ZERO_GATING),
      .STEPS(STEPS),
      .PIPELINE(PIPELINE)
    ) pe (
      .clk,
      .activation_signed,
      .activation_zeros(zeros[COLUMN*LANES+:LANES]),
      .activations(activations[COLUMN*LANES*ACTIVATION_BITS+:LANES*ACTIVATION_BITS]),
      .present(present[LETTERS+:LANES]),
      .negative(negative[LETTERS+:LANES]),
      .sum(plane_sums[i*SUM_BITS+:SUM_BITS])
    );
  end

  if (WEIGHT_STATIONARY) begin : g_before_sums
    // The coefficients of the pass, beside the sums of the tree.
    logic [TABLE_BITS-1:0] sweep_table, coefficients;
    always_comb begin
      sweep_table = tables[TABLE_BITS-1:0];
      for (int s = 1; s < SWEEPS; s++)
        if (at.stage_1.pass == array_pkg::COUNT_BITS'(s)) sweep_table = tables[s*TABLE_BITS+:TABLE_BITS];
    end
    delay_line #(
      .BITS(TABLE_BITS),
      .STAGES(SUMMED - 1)
    ) coefficient_delay (
      .clk,
      .reset,
      .now(sweep_table),
      .later(coefficients)
    );

    localparam int ADDEND_BITS = SUM_BITS + 7 + $clog2(PARALLEL);
    logic [ROWS*COLUMNS*ADDEND_BITS-1:0] addends;
    for (genvar i = 0; i < ROWS * COLUMNS; i++) begin : g_element
      plane_shift #(
        .PARALLEL(PARALLEL),
        .BITS(SUM_BITS),
        .STEPS_BEFORE(PLANE_STEPS),
        .STEPS(STEPS),
        .PIPELINE(PIPELINE)
      ) shifters (
        .clk,
        .coefficients(coefficients[i/COLUMNS*PARALLEL*4+:PARALLEL*4]),
        .sums(plane_sums[i*PARALLEL*SUM_BITS+:PARALLEL*SUM_BITS]),
        .sum(addends[i*ADDEND_BITS+:ADDEND_BITS])
      );
    end

    array_sums #(
      .ROWS(ROWS),
      .COLUMNS(COLUMNS),
      .POST_LANES(POST_LANES),
      .ADDEND_BITS(ADDEND_BITS),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
      .WEIGHT_STATIONARY(1'b1),
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
  end else begin : g_behind_drain
    sub_filters_drain #(
      .ROWS(ROWS),
      .COLUMNS(COLUMNS),
      .PARALLEL(PARALLEL),
      .POST_LANES(POST_LANES),
      .SUM_BITS(SUM_BITS),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
      .TABLE_DELAY(SUMMED - 1)
    ) drain (
      .clk,
      .reset,
      .tables,
      .turn_around(at.stage_1.turn_around),
      .lookup_row_group(at.stage_1.drain_row_group),
      .early(stages[(SUMMED-1)*array_pkg::CONTROL_BITS+:array_pkg::CONTROL_BITS]),
      .now(stages[SUMMED*array_pkg::CONTROL_BITS+:array_pkg::CONTROL_BITS]),
      .leaves(at.stage_fill.drain),
      .plane_sums,
      .drain_valid,
      .drain_row_group,
      .drain_column_group,
      .drain_row_block,
      .drain_column_block,
      .drain_sums
    );
  end

endmodule
