// Accumulators of all elements, and the port through which POST_LANES sums leave per cycle.
module array_sums #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int POST_LANES = 4,
  parameter int ADDEND_BITS = 18,
  parameter int ACCUMULATOR_BITS = 32,
  parameter bit WEIGHT_STATIONARY = 0,
  parameter int DEPTH = 16,
  parameter bit DOUBLES = 0  // sum_element
) (
  input  logic clk,
  input  logic reset,
  input  array_pkg::control_t early,  // stage FILL - 1
  input  array_pkg::control_t now,     // stage FILL
  input  logic [ROWS*COLUMNS*ADDEND_BITS-1:0] addends,  // row after row
  output logic [POST_LANES-1:0] drain_valid,
  output array_pkg::index_t drain_row_group,
  output array_pkg::index_t drain_column_group,
  output array_pkg::count_t drain_row_block,
  output array_pkg::count_t drain_column_block,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] drain_sums
);

  localparam int BLOCK_BITS = $clog2(DEPTH);
  logic [ROWS*COLUMNS*ACCUMULATOR_BITS-1:0] stored;

  for (genvar i = 0; i < ROWS * COLUMNS; i++) begin : g_element
    sum_element #(
      .ADDEND_BITS(ADDEND_BITS),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
      .WEIGHT_STATIONARY(WEIGHT_STATIONARY),
      .DEPTH(DEPTH),
      .DOUBLES(DOUBLES)
    ) element (
      .clk,
      .clear(reset | now.turn_around),
      .turn_around(now.turn_around),
      .accumulate(now.accumulate),
      .first(now.first),
      .empty(now.empty),
      .block_before(early.column_block[BLOCK_BITS-1:0]),
      .block(now.column_block[BLOCK_BITS-1:0]),
      .addend(addends[i*ADDEND_BITS+:ADDEND_BITS]),
      .sum(stored[i*ACCUMULATOR_BITS+:ACCUMULATOR_BITS])
    );
  end

  // The drain registers' sums belong to the block of the turn-around, a memory's to the block it is read for.
  array_pkg::count_t moved_row_block, moved_column_block;
  always_ff @(posedge clk)
    if (now.turn_around) begin
      moved_row_block <= now.row_block;
      moved_column_block <= now.column_block;
    end
  assign drain_row_block = WEIGHT_STATIONARY ? now.row_block : moved_row_block;
  assign drain_column_block = WEIGHT_STATIONARY ? now.column_block : moved_column_block;

  drain_port #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES),
    .BITS(ACCUMULATOR_BITS)
  ) port (
    .now,
    .stored,
    .valid(drain_valid),
    .row_group(drain_row_group),
    .column_group(drain_column_group),
    .sums(drain_sums)
  );

endmodule
