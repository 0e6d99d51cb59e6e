// What each lane of the drain takes of ROWS x COLUMNS values, row after row: its share of them is fixed, so that a lane is
// a multiplexer over it. Lanes without a share get nothing.
module drain_share #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int POST_LANES = 4,
  parameter int BITS = 32
) (
  input  array_pkg::index_t row_group,
  input  array_pkg::index_t column_group,
  input  logic [ROWS*COLUMNS*BITS-1:0] values,
  output logic [POST_LANES*BITS-1:0] leaving
);

  localparam int ROW_LANES = array_pkg::row_lanes(POST_LANES, ROWS);
  localparam int COLUMN_LANES = array_pkg::column_lanes(POST_LANES, ROWS, COLUMNS);

  for (genvar lane = 0; lane < POST_LANES; lane++) begin : g_lane
    if (lane < ROW_LANES * COLUMN_LANES) begin : g_used
      localparam int ROW = lane % ROW_LANES;
      localparam int COLUMN = lane / ROW_LANES;
      localparam int SHARE_ROWS = (ROWS - ROW + ROW_LANES - 1) / ROW_LANES;
      localparam int SHARE_COLUMNS = (COLUMNS - COLUMN + COLUMN_LANES - 1) / COLUMN_LANES;
      logic [SHARE_ROWS*BITS-1:0] of_rows;
      for (genvar i = 0; i < SHARE_ROWS; i++) begin : g_row
        logic [SHARE_COLUMNS*BITS-1:0] of_columns;
        for (genvar j = 0; j < SHARE_COLUMNS; j++) begin : g_column
          localparam int FROM = (ROW + i * ROW_LANES) * COLUMNS + COLUMN + j * COLUMN_LANES;
          assign of_columns[j*BITS+:BITS] = values[FROM*BITS+:BITS];
        end
        one_of #(
          .INPUTS(SHARE_COLUMNS),
          .BITS(BITS)
        ) column (
          .index(column_group),
          .inputs(of_columns),
          .chosen(of_rows[i*BITS+:BITS])
        );
      end
      one_of #(
        .INPUTS(SHARE_ROWS),
        .BITS(BITS)
      ) row (
        .index(row_group),
        .inputs(of_rows),
        .chosen(leaving[lane*BITS+:BITS])
      );
    end else begin : g_idle
      assign leaving[lane*BITS+:BITS] = '0;
    end
  end

endmodule
