// What each lane of the drain takes of a table with an entry per row: that of the row whose sum it takes.
module row_share #(
  parameter int ROWS = 4,
  parameter int POST_LANES = 4,
  parameter int BITS = 4
) (
  input  array_pkg::index_t row_group,
  input  logic [ROWS*BITS-1:0] entries,
  output logic [POST_LANES*BITS-1:0] taken
);

  localparam int ROW_LANES = array_pkg::row_lanes(POST_LANES, ROWS);

  logic [ROW_LANES*BITS-1:0] of_rows;
  drain_share #(
    .ROWS(ROWS),
    .COLUMNS(1),
    .POST_LANES(ROW_LANES),
    .BITS(BITS)
  ) rows (
    .row_group,
    .column_group('0),
    .values(entries),
    .leaving(of_rows)
  );

  for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_lane
    assign taken[lane*BITS+:BITS] = of_rows[lane%ROW_LANES*BITS+:BITS];
  end

endmodule
