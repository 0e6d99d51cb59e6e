// array_sums for elements that keep SUMS sums apart, two at least: what drains is one of each of POST_LANES outputs.
module plane_sums #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int POST_LANES = 4,
  parameter int SUMS = 4,
  parameter int ADDEND_BITS = 18,
  parameter int ACCUMULATOR_BITS = 32,
  parameter int SUM_INDEX_BITS = $clog2(SUMS)
) (
  input  logic clk,
  input  logic reset,
  input  array_pkg::control_t now,  // the accumulators' stage
  input  logic first,
  input  logic [SUM_INDEX_BITS-1:0] index,
  input  logic [ROWS*COLUMNS*ADDEND_BITS-1:0] addends,
  output logic [POST_LANES-1:0] drain_valid,
  output array_pkg::index_t drain_row_group,
  output array_pkg::index_t drain_column_group,
  output array_pkg::count_t drain_row_block,
  output array_pkg::count_t drain_column_block,
  output logic [POST_LANES*ACCUMULATOR_BITS-1:0] drain_sums
);

  logic bank;
  always_ff @(posedge clk)
    if (reset) bank <= 1'b0;
    else if (now.turn_around) begin
      bank <= ~bank;
      drain_row_block <= now.row_block;
      drain_column_block <= now.column_block;
    end

  logic [ROWS*COLUMNS*ACCUMULATOR_BITS-1:0] stored;
  for (genvar i = 0; i < ROWS * COLUMNS; i++) begin : g_element
    plane_sum_memory #(
      .SUMS(SUMS),
      .ADDEND_BITS(ADDEND_BITS),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS)
    ) element (
      .clk,
      .bank,
      .accumulate(now.accumulate),
      .first,
      .index,
      .addend(addends[i*ADDEND_BITS+:ADDEND_BITS]),
      .drain_index(now.drain_sum[SUM_INDEX_BITS-1:0]),
      .sum(stored[i*ACCUMULATOR_BITS+:ACCUMULATOR_BITS])
    );
  end

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
