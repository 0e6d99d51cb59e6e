// The POST_LANES sums that leave in one cycle: output channels of a pixel, pixel after pixel, from (row, column) on.
module drain_walk #(
  parameter int POST_LANES = 4
) (
  input  array_pkg::index_t row,
  input  array_pkg::index_t column,
  input  array_pkg::index_t rows,     // used by the block
  input  array_pkg::index_t columns,
  output logic [POST_LANES-1:0] valid,
  output logic [POST_LANES*array_pkg::INDEX_BITS-1:0] lane_row,
  output logic [POST_LANES*array_pkg::INDEX_BITS-1:0] lane_column,
  output array_pkg::index_t next_row,
  output array_pkg::index_t next_column,
  output logic   finished  // these are the last
);

  localparam int INDEX_BITS = array_pkg::INDEX_BITS;

  always_comb begin
    next_row = row;
    next_column = column;
    for (int lane = 0; lane < POST_LANES; lane++) begin
      valid[lane] = next_column < columns;
      lane_row[lane*INDEX_BITS+:INDEX_BITS] = next_row;
      lane_column[lane*INDEX_BITS+:INDEX_BITS] = next_column;
      if (valid[lane]) begin
        if (next_row + 1'b1 == rows) begin
          next_row = '0;
          next_column = next_column + 1'b1;
        end else begin
          next_row = next_row + 1'b1;
        end
      end
    end
  end

  assign finished = next_column == columns;

endmodule
