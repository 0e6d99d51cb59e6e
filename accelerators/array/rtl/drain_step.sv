// The sums that leave in one cycle: accelerators/array/README.md, "Drain". Lane r of the first ROW_LANES takes row r of
// what is left, the next ROW_LANES the same rows of the next column, and so on.
module drain_step #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int POST_LANES = 4
) (
  input  array_pkg::index_t rows_left,     // of the block, with those that leave now
  input  array_pkg::index_t columns_left,
  output logic [POST_LANES-1:0] valid,
  output logic last_rows,                  // of these columns
  output logic last_columns
);

  localparam int INDEX_BITS = array_pkg::INDEX_BITS;
  localparam int ROW_LANES = array_pkg::row_lanes(POST_LANES, ROWS);
  localparam int COLUMN_LANES = array_pkg::column_lanes(POST_LANES, ROWS, COLUMNS);

  for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_lane
    if (lane < ROW_LANES * COLUMN_LANES) begin : g_used
      assign valid[lane] = rows_left > INDEX_BITS'(lane % ROW_LANES) && columns_left > INDEX_BITS'(lane / ROW_LANES);
    end else begin : g_idle
      assign valid[lane] = 1'b0;
    end
  end
  assign last_rows = ROW_LANES == ROWS || rows_left <= INDEX_BITS'(ROW_LANES);
  assign last_columns = COLUMN_LANES == COLUMNS || columns_left <= INDEX_BITS'(COLUMN_LANES);

endmodule
