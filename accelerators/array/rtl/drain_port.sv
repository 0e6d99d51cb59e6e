// The port through which the sums of a block leave: those of this cycle, and which they are.
module drain_port #(
  parameter int ROWS = 4,
  parameter int COLUMNS = 4,
  parameter int POST_LANES = 4,
  parameter int BITS = 32
) (
  input  array_pkg::control_t now,
  input  logic [ROWS*COLUMNS*BITS-1:0] stored,  // row after row
  output logic [POST_LANES-1:0] valid,
  output array_pkg::index_t row_group,
  output array_pkg::index_t column_group,
  output logic [POST_LANES*BITS-1:0] sums
);

  logic [POST_LANES-1:0] lane_valid;
  drain_step #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES)
  ) step (
    .rows_left(now.drain_rows_left),
    .columns_left(now.drain_columns_left),
    .valid(lane_valid),
    .last_rows(),
    .last_columns()
  );
  assign valid = now.drain ? lane_valid : '0;
  assign row_group = now.drain_row_group;
  assign column_group = now.drain_column_group;

  drain_share #(
    .ROWS(ROWS),
    .COLUMNS(COLUMNS),
    .POST_LANES(POST_LANES),
    .BITS(BITS)
  ) share (
    .row_group(now.drain_row_group),
    .column_group(now.drain_column_group),
    .values(stored),
    .leaving(sums)
  );

endmodule
